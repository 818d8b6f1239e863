/* The engine stepped by hand, with no thread, against the real demo tenant; one test runs it on its thread. Also built
   with ThreadSanitizer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "catalogue/command_line.h"
#include "engine/demo_process.h"
#include "engine/engine.h"
#include "results/rowset.h"

#define LIMIT_MS 60000

struct fixture {
    struct demo_process *demo;
    struct engine *engine;
    struct catalogue *catalogue;
    bool threaded;
};

static void post(struct fixture *fixture, struct message *message)
{
    mailbox_post(engine_commands(fixture->engine), message);
}

static struct message *command(enum message_kind kind, uint64_t job)
{
    struct message *message = message_new(kind);
    message->connection = 1;
    message->job = job;
    return message;
}

/* The next event of that kind; others are freed on the way. A failure event that is not asked for fails the test. */
static struct message *wait_event(struct fixture *fixture, enum message_kind kind)
{
    struct mailbox *events = engine_events(fixture->engine);
    int64_t limit = clock_ms() + LIMIT_MS;
    while (clock_ms() < limit) {
        struct message *event;
        while ((event = mailbox_take(events))) {
            if (event->kind == kind) {
                return event;
            }
            if (event->kind == EVENT_CONNECT_FAILED || event->kind == EVENT_ENGINE_FAILED) {
                fail_msg("%s: %s", message_kind_name(event->kind), event->err ? event->err->text : "");
            }
            message_free(event);
        }
        if (fixture->threaded) {
            struct pollfd wait = { .fd = mailbox_fd(events), .events = POLLIN };
            poll(&wait, 1, 1000);
        } else {
            engine_turn(fixture->engine, 50);
        }
    }
    fail_msg("no %s came", message_kind_name(kind));
    return NULL;
}

static struct message *demo_connect_command(const struct fixture *fixture)
{
    const struct demo_place *place = demo_process_place(fixture->demo);
    struct message *connect = command(COMMAND_CONNECT, 0);
    connect->options = MEM_NEW(struct options);
    options_init(connect->options);
    options_set(connect->options, OPT_CONNECTION_URI, str_of(place->connection_uri));
    options_set(connect->options, OPT_AZURE_AD_AUTHORIZATION_ENDPOINT_URI, str_of(place->authority));
    options_set(connect->options, OPT_USER_PRINCIPAL_NAME, str_of(place->user));
    return connect;
}

static void finish_connect(struct fixture *fixture)
{
    const struct demo_place *place = demo_process_place(fixture->demo);
    message_free(wait_event(fixture, EVENT_DEVICE_PROMPT));
    post(fixture, command(COMMAND_DEMO_APPROVE, 0));
    struct message *connected = wait_event(fixture, EVENT_CONNECTED);
    assert_string_equal(connected->account->upn, place->user);
    assert_string_equal(connected->account->tenant_id, place->tenant_id);
    assert_string_equal(connected->account->cloud, "demo");
    fixture->catalogue = connected->catalogue;
    connected->catalogue = NULL;
    message_free(connected);
}

static void connect_demo(struct fixture *fixture)
{
    post(fixture, demo_connect_command(fixture));
    finish_connect(fixture);
}

static struct fixture start(const char *users, bool threaded)
{
    const char *const arguments[] = { "--users", users, "--interval", "0", NULL };
    struct fixture fixture = { .threaded = threaded };
    struct err err = { 0 };
    fixture.demo = demo_process_start(NULL, arguments, &err);
    if (!fixture.demo) {
        fail_msg("%s", err.text);
    }
    const struct demo_place *place = demo_process_place(fixture.demo);
    const struct engine_config config = {
        .ca_file = place->ca_file, .proxy = "", .demo_control = place->control, .demo_key = place->control_key, .locale = "C",
    };
    fixture.engine = engine_new(&config, &err);
    assert_non_null(fixture.engine);
    if (threaded) {
        assert_true(engine_start(fixture.engine, &err));
    }
    connect_demo(&fixture);
    return fixture;
}

static void stop(struct fixture *fixture)
{
    catalogue_free(fixture->catalogue);
    engine_free(fixture->engine);
    demo_process_stop(fixture->demo);
}

static void run(struct fixture *fixture, uint64_t job, const char *line)
{
    struct err err = { 0 };
    struct message *message = command(COMMAND_RUN, job);
    struct invocation *invocation = command_line_parse(str_of(line), fixture->catalogue, &err);
    if (!invocation) {
        fail_msg("%s: %s", line, err.text);
    }
    message->pipeline = pipeline_of(invocation, NULL);
    post(fixture, message);
}

static void test_run_sort_filter_find(void **state)
{
    struct fixture fixture = start("2500", false);
    struct err err = { 0 };
    (void)state;
    run(&fixture, 7, "Get-User -ResultSize Unlimited");
    struct message *started = wait_event(&fixture, EVENT_JOB_STARTED);
    assert_int_equal(started->job, 7);
    struct rowset *rowset = rowset_open(started->text, &err);
    assert_non_null(rowset);
    assert_int_equal(access(started->text, R_OK), 0);
    char *path = mem_text(started->text);
    message_free(started);
    struct message *done = wait_event(&fixture, EVENT_JOB_DONE);
    assert_null(done->err);
    assert_int_equal(done->progress.rows, 2500);
    assert_int_equal(done->progress.pages, 3);
    assert_true(done->progress.complete);
    message_free(done);
    assert_true(rowset_refresh(rowset, &err));
    assert_int_equal(rowset_count(rowset), 2500);

    struct message *arrange = command(COMMAND_ARRANGE, 7);
    arrange->view = 1;
    arrange->arrangement = MEM_NEW(struct arrangement);
    arrange->arrangement->key_count = 1;
    arrange->arrangement->keys[0].descending = true;
    post(&fixture, arrange);
    struct message *arranged = wait_event(&fixture, EVENT_ARRANGED);
    assert_null(arranged->err);
    assert_int_equal(arranged->number, 2500);
    message_free(arranged);
    rowset_use_view(rowset, 1);
    assert_true(rowset_refresh(rowset, &err));
    assert_true(rowset_load(rowset, 0, 2, &err));
    assert_int_equal(rowset_loaded(rowset), 2);

    struct message *find = command(COMMAND_FIND, 7);
    find->text = mem_text("no such text anywhere");
    post(&fixture, find);
    struct message *found = wait_event(&fixture, EVENT_FOUND);
    assert_int_equal(found->position, -1);
    assert_false(found->flag);
    message_free(found);
    find = command(COMMAND_FIND, 7);
    find->text = mem_text("@");
    post(&fixture, find);
    found = wait_event(&fixture, EVENT_FOUND);
    assert_true(found->flag);
    assert_int_equal(found->number, 1);
    assert_int_equal(found->total, 2500);
    message_free(found);

    rowset_close(rowset);
    post(&fixture, command(COMMAND_DISCARD, 7));
    while (access(path, F_OK) == 0) {
        engine_turn(fixture.engine, 10);
    }
    free(path);
    stop(&fixture);
}

static void test_bad_filter_is_told(void **state)
{
    struct fixture fixture = start("10", false);
    (void)state;
    run(&fixture, 1, "Get-User");
    message_free(wait_event(&fixture, EVENT_JOB_DONE));
    struct message *arrange = command(COMMAND_ARRANGE, 1);
    arrange->view = 1;
    arrange->arrangement = MEM_NEW(struct arrangement);
    str_copy(arrange->arrangement->filter, sizeof arrange->arrangement->filter, "NoSuchColumn=1");
    post(&fixture, arrange);
    struct message *arranged = wait_event(&fixture, EVENT_ARRANGED);
    assert_non_null(arranged->err);
    assert_int_equal(arranged->err->kind, ERR_INPUT);
    message_free(arranged);
    stop(&fixture);
}

static void test_cancel_keeps_rows(void **state)
{
    struct fixture fixture = start("3000000", false);
    (void)state;
    run(&fixture, 1, "Get-User -ResultSize Unlimited");
    message_free(wait_event(&fixture, EVENT_JOB_PROGRESS));
    post(&fixture, command(COMMAND_CANCEL, 1));
    struct message *done = wait_event(&fixture, EVENT_JOB_DONE);
    assert_int_equal(done->err->kind, ERR_CANCELLED);
    assert_true(done->progress.rows > 0 && done->progress.rows < 3000000);
    message_free(done);
    stop(&fixture);
}

static void test_errors_of_cmdlets(void **state)
{
    struct fixture fixture = start("10", false);
    (void)state;
    run(&fixture, 1, "Get-ComplianceCase -Identity 'no such case'");
    struct message *done = wait_event(&fixture, EVENT_JOB_DONE);
    assert_non_null(done->err);
    assert_true(done->err->kind == ERR_NOT_FOUND || done->err->kind == ERR_SERVER);
    assert_true(*done->err->correlation);
    message_free(done);
    stop(&fixture);
}

static void test_unknown_connection(void **state)
{
    struct fixture fixture = start("10", false);
    (void)state;
    post(&fixture, command(COMMAND_DISCONNECT, 0));
    message_free(wait_event(&fixture, EVENT_DISCONNECTED));
    run(&fixture, 1, "Get-Label");
    struct message *done = wait_event(&fixture, EVENT_JOB_DONE);
    assert_int_equal(done->err->kind, ERR_AUTH_REQUIRED);
    message_free(done);
    stop(&fixture);
}

/* A sign-in that failed leaves no place taken: the sixteenth failure is not the last connection of this program. */
static void test_failures_take_no_place(void **state)
{
    struct fixture fixture = start("0", false);
    (void)state;
    for (uint64_t i = 0; i < 40; i++) {
        struct message *connect = command(COMMAND_CONNECT, 0);
        connect->connection = 100 + i;
        connect->options = MEM_NEW(struct options);
        options_init(connect->options);
        options_set(connect->options, OPT_ACCESS_TOKEN, STR("file:/nonexistent"));
        post(&fixture, connect);
        struct message *failed = wait_event(&fixture, EVENT_CONNECT_FAILED);
        assert_int_equal(failed->connection, 100 + i);
        assert_string_equal(failed->err->field, "AccessToken");
        message_free(failed);
    }
    stop(&fixture);
}

static void wait_done(struct fixture *fixture, uint64_t job, enum err_kind kind)
{
    struct message *done = wait_event(fixture, EVENT_JOB_DONE);
    assert_int_equal(done->job, job);
    assert_int_equal(done->err ? done->err->kind : ERR_NONE, kind);
    message_free(done);
}

/* Connecting again under the same number ends what ran over the old connection. */
static void test_connecting_again_ends_jobs(void **state)
{
    struct fixture fixture = start("200000", false);
    (void)state;
    run(&fixture, 5, "Get-User -ResultSize Unlimited");
    message_free(wait_event(&fixture, EVENT_JOB_PROGRESS));
    struct catalogue *old = fixture.catalogue;
    struct message *connect = demo_connect_command(&fixture);
    post(&fixture, connect);
    wait_done(&fixture, 5, ERR_CANCELLED);
    finish_connect(&fixture);
    catalogue_free(old);
    post(&fixture, command(COMMAND_DISCARD, 5));
    run(&fixture, 6, "Get-Label");
    wait_done(&fixture, 6, ERR_NONE);
    stop(&fixture);
}

static void test_on_its_thread(void **state)
{
    struct fixture fixture = start("5000", true);
    (void)state;
    run(&fixture, 1, "Get-User -ResultSize Unlimited");
    run(&fixture, 2, "Get-Label");
    int left = 2;
    while (left) {
        struct message *done = wait_event(&fixture, EVENT_JOB_DONE);
        assert_null(done->err);
        left--;
        message_free(done);
    }
    stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_sort_filter_find), cmocka_unit_test(test_bad_filter_is_told),
        cmocka_unit_test(test_cancel_keeps_rows),    cmocka_unit_test(test_errors_of_cmdlets),
        cmocka_unit_test(test_unknown_connection),   cmocka_unit_test(test_failures_take_no_place),
        cmocka_unit_test(test_connecting_again_ends_jobs), cmocka_unit_test(test_on_its_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
