/* The app core: the stack, routing, effects, the frame around a screen. Uses a small screen of its own. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/screens/harness.h"
#include "ui/screens.h"

/* A screen that shows what it was given and does what it is told by letters. */
struct probe {
    const struct app_state *app;
    int number, rows, columns, events, ticks;
    uint64_t connection, job;
    bool typing, tick;
    char text[32];
};

static struct screen probe_screen(const struct app_state *app, int number);

static struct pipeline *some_pipeline(void)
{
    return pipeline_of(invocation_new("Get-ComplianceCase"), NULL);
}

static void probe_action(struct probe *probe, enum action action, struct effects *effects)
{
    struct options options;
    options_init(&options);
    switch (action) {
    case ACTION_OPEN: effect_push(effects, probe_screen(probe->app, probe->number + 1)); break;
    case ACTION_NEXT: effect_replace(effects, probe_screen(probe->app, probe->number + 10)); break;
    case ACTION_BACK: effect_pop(effects); break;
    case ACTION_COPY: effect_copy(effects, STR("some text"), "the text"); break;
    case ACTION_CONNECT: probe->connection = effect_connect(effects, &options); break;
    case ACTION_RUN: probe->job = effect_run(effects, 1, some_pipeline()); break;
    case ACTION_CANCEL: effect_cancel(effects, probe->job); break;
    case ACTION_DETAILS: probe->tick = !probe->tick; break;
    case ACTION_EDIT: probe->typing = true; break;
    default: break;
    }
    options_free(&options);
}

static void probe_update(void *model, const struct ui_input *input, struct effects *effects)
{
    struct probe *probe = model;
    switch (input->kind) {
    case INPUT_ACTION: probe_action(probe, input->action, effects); break;
    case INPUT_TEXT:
    case INPUT_PASTE: snprintf(probe->text, sizeof probe->text, "%.*s", STR_ARG(input->text)); break;
    case INPUT_EVENT: probe->events++; break;
    case INPUT_RESIZE: probe->rows = input->rows; probe->columns = input->columns; break;
    case INPUT_TICK: probe->ticks++; break;
    }
}

static void probe_draw(const void *model, struct cells *cells, struct area area)
{
    const struct probe *probe = model;
    const struct job_view *job = app_state_job(probe->app, probe->job);
    cells_format(cells, area.row, 0, area.columns, STYLE_TEXT, "screen %d is %dx%d", probe->number, probe->columns,
                 probe->rows);
    cells_format(cells, area.row + 1, 0, area.columns, STYLE_TEXT, "%d events, %d ticks, text \"%s\"", probe->events,
                 probe->ticks, probe->text);
    if (job)
        cells_format(cells, area.row + 2, 0, area.columns, STYLE_TEXT, "%s: state %d, %ld rows", job->line, job->state,
                     (long)job->progress.rows);
}

static void probe_offer(const void *model, struct offer *offer)
{
    static const enum action actions[] = { ACTION_OPEN, ACTION_NEXT, ACTION_COPY, ACTION_RUN, ACTION_CANCEL,
                                           ACTION_CONNECT, ACTION_DETAILS, ACTION_EDIT };
    const struct probe *probe = model;
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        offer_add(offer, actions[i], NULL);
    offer->typing = probe->typing;
    offer->tick = probe->tick;
}

static const struct screen_class probe_class = {
    .name = "Probe", .free = free, .update = probe_update, .draw = probe_draw, .offer = probe_offer,
};

static struct screen probe_screen(const struct app_state *app, int number)
{
    struct probe *probe = MEM_NEW(struct probe);
    probe->app = app;
    probe->number = number;
    return (struct screen){ &probe_class, probe };
}

static struct harness *start(int rows, int columns)
{
    struct harness *harness = harness_new(rows, columns);
    harness_push(harness, probe_screen(harness_state(harness), 1));
    return harness;
}

static void a_frame_stands_around_a_screen(void **state)
{
    (void)state;
    struct harness *h = start(10, 40);
    harness_expect(h, " Probe\n"
                      "screen 1 is 40x8\n"
                      "0 events, 0 ticks, text \"\"\n"
                      "\n\n\n\n\n\n"
                      " o Open  J Next  y Copy  F5 Run  ? Help\n");
    harness_connect(h, harness_catalogue("Get-ComplianceCase Identity CaseType"));
    harness_resize(h, 12, 90);
    harness_expect(h, " Probe                             contoso.com · michelle@contoso.com · token until 09:00\n"
                      "screen 1 is 90x10\n"
                      "1 events, 0 ticks, text \"\"\n"
                      "\n\n\n\n\n\n\n\n"
                      " o Open  J Next  y Copy  F5 Run  ^C Cancel  ^O Connect  d Details  i Edit          ? Help\n");
    harness_resize(h, 9, 39);
    harness_expect(h, "Too small: 39x9\npurvey needs 40x10\n");
    harness_resize(h, 10, 40);
    harness_expect_text(h, "screen 1 is 40x8");
    harness_free(h);
}

static void screens_are_pushed_replaced_and_popped(void **state)
{
    (void)state;
    struct harness *h = start(10, 40);
    harness_keys(h, "o");
    harness_expect_text(h, "screen 2 is 40x8");
    harness_keys(h, "J");
    harness_expect_text(h, "screen 12 is 40x8");
    harness_resize(h, 20, 50);
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "screen 1 is 50x18");
    assert_false(harness_ended(h));
    harness_keys(h, "<Esc>");
    assert_true(harness_ended(h));
    harness_free(h);
}

static void text_goes_to_the_field_only_while_typing(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    harness_paste(h, "lost");
    harness_expect_text(h, "Nothing here takes pasted text");
    harness_keys(h, "i");
    harness_keys(h, "J");
    harness_expect_text(h, "text \"J\"");
    harness_expect_no_text(h, "Nothing here");
    harness_paste(h, "pasted");
    harness_expect_text(h, "text \"pasted\"");
    harness_free(h);
}

static void a_job_is_followed_until_it_is_cancelled(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    harness_keys(h, "<F5>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_int_equal(run->job, 1);
    assert_string_equal(run->pipeline->stages[0].invocation->cmdlet, "Get-ComplianceCase");
    harness_event(h, harness_job_started(run->job, "/nowhere"));
    harness_event(h, harness_job_progress(run->job, 1200));
    harness_expect_text(h, "Get-ComplianceCase: state 1, 1200 rows");
    harness_expect_text(h, "1 running");
    harness_keys(h, "<C-c>");
    message_free(harness_expect_sent(h, COMMAND_CANCEL));
    harness_event(h, harness_job_progress(run->job, 9999));
    harness_event(h, harness_job_done(run->job, 9999));
    harness_expect_text(h, "Get-ComplianceCase: state 5, 1200 rows");
    harness_expect_text(h, "2 events");
    harness_expect_no_text(h, "running");
    message_free(run);
    harness_free(h);
}

static void a_refusal_teaches_the_values(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    uint64_t connection = harness_connect(h, harness_catalogue("Get-ComplianceCase Identity CaseType"));
    const struct catalogue *catalogue = app_state_session(harness_state(h), connection)->catalogue;
    harness_keys(h, "<F5>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN), *done = harness_job_done(run->job, 0);
    struct err err;
    err_set(&err, ERR_INPUT, "Parameter 'CaseType' does not take the value \"x\". Valid names are: eDiscovery, DSI.");
    message_set_err(done, &err);
    harness_event(h, done);
    const struct parameter *type = cmdlet_parameter(catalogue_find(catalogue, STR("Get-ComplianceCase")), STR("CaseType"), &err);
    assert_int_equal(type->value_count, 2);
    assert_string_equal(type->values[1], "DSI");
    message_free(run);
    harness_free(h);
}

static void leaving_asks_while_something_runs(void **state)
{
    (void)state;
    struct harness *h = start(12, 60);
    harness_keys(h, "<F5>Q");
    harness_expect_text(h, "1 cmdlet is still running.");
    harness_keys(h, "<Enter>");
    assert_false(harness_ended(h));
    harness_expect_no_text(h, "still running");
    harness_keys(h, "Q<Left><Enter>");
    assert_true(harness_ended(h));
    harness_free(h);
    h = start(12, 60);
    harness_keys(h, "Q");
    assert_true(harness_ended(h));
    harness_free(h);
}

static void a_connection_is_known_to_every_screen(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    harness_keys(h, "<C-o>");
    struct message *connect = harness_expect_sent(h, COMMAND_CONNECT);
    const struct session_view *session = app_state_session(harness_state(h), connect->connection);
    assert_non_null(session);
    assert_int_equal(session->state, SESSION_CONNECTING);
    struct message *prompt = message_new(EVENT_DEVICE_PROMPT);
    prompt->connection = connect->connection;
    prompt->prompt = MEM_NEW(struct oauth_device_prompt);
    prompt->prompt->expires_in_s = 900;
    harness_event(h, prompt);
    assert_non_null(session->prompt);
    assert_int_equal(session->prompt_ends_ms - harness_state(h)->now_ms, 900000);
    struct message *failed = message_new(EVENT_CONNECT_FAILED);
    struct err err;
    err_set(&err, ERR_AUTH_DENIED, "Declined.");
    failed->connection = connect->connection;
    message_set_err(failed, &err);
    harness_event(h, failed);
    assert_int_equal(session->state, SESSION_FAILED);
    assert_string_equal(session->err.text, "Declined.");
    assert_null(session->prompt);
    message_free(connect);
    harness_free(h);
}

static void send_step(struct harness *h, uint64_t connection, const char *title, int step_state)
{
    struct message *event = message_new(EVENT_STEP);
    event->connection = connection;
    event->text = mem_text(title);
    event->number = step_state;
    harness_event(h, event);
}

/* The steps vanish with the screen of the sign-in: what was warned of is still there, until a key is pressed. */
static void a_warning_outlives_the_sign_in(void **state)
{
    struct harness *h = harness_new(24, 80);
    (void)state;
    struct options options;
    options_init(&options);
    options_set(&options, OPT_USER_PRINCIPAL_NAME, STR("michelle@contoso.com"));
    harness_push(h, connect_screen(harness_state(h), &options, false));
    harness_keys(h, "<C-o>");
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT), *event = message_new(EVENT_CONNECTED);
    uint64_t connection = event->connection = command->connection;
    message_free(command);
    options_free(&options);
    send_step(h, connection, "The certificate ends on 2026-12-01.", OAUTH_STEP_WARNING);
    event->catalogue = harness_catalogue("Get-ComplianceCase Identity CaseType");
    event->account = MEM_NEW(struct account);
    harness_event(h, event);
    harness_expect_text(h, "The certificate ends on 2026-12-01.");
    send_step(h, connection, "Welcome.", OAUTH_STEP_DONE);
    harness_expect_text(h, "The certificate ends on 2026-12-01.");
    harness_keys(h, "<Down>");
    harness_expect_no_text(h, "The certificate ends");
    send_step(h, connection, "Welcome.", OAUTH_STEP_DONE);
    harness_expect_text(h, "Welcome.");
    harness_free(h);
}

/* Nothing renews it, so that what is left of it is in view at every width, and runs down by itself. */
static void a_token_that_was_handed_in_runs_down(void **state)
{
    struct harness *h = harness_new(24, 80);
    (void)state;
    uint64_t connection = harness_connect_with_token(h, harness_catalogue("Get-ComplianceCase Identity CaseType"));
    harness_push(h, browser_screen(harness_state(h), connection));
    harness_expect_text(h, "token: 60 min left");
    harness_wait(h, 60);
    harness_expect_text(h, "token: 59 min left");
    harness_resize(h, 10, 40);
    harness_expect_text(h, "token: 59 min left");
    /* Where there is no room for it, the tenant is still said. */
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "Get-ComplianceCase             contoso");
    harness_keys(h, "<Esc>");
    harness_wait(h, 58 * 60 + 1);
    harness_expect_text(h, "token: 59 s left");
    harness_wait(h, 60);
    harness_expect_text(h, "token expired 09:00");
    harness_free(h);
}

/* The top line that runs down draws the screen anew each second: what is being read must stay. */
static void a_report_stays_where_it_was_scrolled(void **state)
{
    struct harness *h = harness_new(10, 40);
    (void)state;
    harness_push(h, browser_screen(harness_state(h), harness_connect_with_token(h, harness_catalogue("Get-ComplianceCase Identity"))));
    harness_keys(h, ":Get-ComplianceCase<Enter>");
    struct message *command = harness_expect_sent(h, COMMAND_RUN), *done = message_new(EVENT_JOB_DONE);
    struct err err = { 0 };
    err_set(&err, ERR_SERVER, "A text of some length, so that it takes several of the lines that there are on a small screen");
    err_advise(&err, "And an advice behind it, which is as long as the text and stands below it; with it there is more than fits.");
    done->job = command->job;
    message_set_err(done, &err);
    message_free(command);
    harness_event(h, done);
    harness_expect_text(h, "Get-ComplianceCase failed at");
    harness_keys(h, "<Down><Down><Down><Down>");
    harness_expect_no_text(h, "Get-ComplianceCase failed at");
    char *before = mem_text(strchr(harness_picture(h), '\n'));
    harness_wait(h, 2);
    assert_string_equal(strchr(harness_picture(h), '\n'), before);
    free(before);
    harness_free(h);
}

/* What the token says of its end is not shown once the service refuses it, nor once there is a newer one. */
static void the_top_line_follows_the_sign_in(void **state)
{
    struct harness *h = harness_new(24, 80);
    (void)state;
    uint64_t connection = harness_connect(h, harness_catalogue("Get-ComplianceCase Identity CaseType"));
    harness_push(h, browser_screen(harness_state(h), connection));
    harness_expect_text(h, "token until 09:00");
    harness_keys(h, ":Get-ComplianceCase<Enter>");
    struct message *command = harness_expect_sent(h, COMMAND_RUN), *done = message_new(EVENT_JOB_DONE), *renewed = message_new(EVENT_RENEWED);
    struct err err = { 0 };
    err_set(&err, ERR_AUTH_REQUIRED, "The service does not accept the sign-in");
    done->job = command->job;
    message_set_err(done, &err);
    message_free(command);
    harness_event(h, done);
    harness_expect_text(h, "sign-in refused");
    harness_expect_no_text(h, "token until");
    renewed->connection = connection;
    renewed->number = 1795428000;       /* 2026-11-23T10:00:00Z */
    harness_event(h, renewed);
    harness_expect_text(h, "token until 10:00");
    harness_expect_no_text(h, "sign-in refused");
    harness_free(h);
}

static void ticks_come_only_when_asked_for(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    harness_wait(h, 3);
    assert_int_equal(app_tick_ms(harness_app(h)), -1);
    harness_expect_text(h, "0 ticks");
    harness_keys(h, "d");
    assert_int_equal(app_tick_ms(harness_app(h)), 1000);
    harness_wait(h, 3);
    harness_expect_text(h, "3 ticks");
    harness_picture(h);
    assert_false(app_dirty(harness_app(h)));
    harness_keys(h, "d");
    assert_int_equal(app_tick_ms(harness_app(h)), -1);
    harness_free(h);
}

static void copying_says_so(void **state)
{
    (void)state;
    struct harness *h = start(10, 60);
    harness_keys(h, "y");
    assert_string_equal(harness_copied(h), "some text");
    harness_expect_text(h, "Copied the text");
    harness_keys(h, "<Up>");
    harness_expect_no_text(h, "Copied the text");
    harness_free(h);
}

/* The help screen's part: sees what is offered below, pops itself and has the action done there. */
static void help_update(void *model, const struct ui_input *input, struct effects *effects)
{
    (void)model;
    if (input->kind == INPUT_ACTION && input->action == ACTION_ENTER) {
        effect_pop(effects);
        effect_action(effects, ACTION_OPEN);
    }
}

static void help_draw(const void *model, struct cells *cells, struct area area)
{
    const struct probe *probe = model;
    cells_format(cells, area.row, 0, area.columns, STYLE_TEXT, "%zu actions of %s", probe->app->offer->count,
                 probe->app->offer_screen);
}

static struct screen help(const struct app_state *app)
{
    static const struct screen_class class = { .name = "Help", .free = free, .update = help_update, .draw = help_draw };
    struct screen screen = probe_screen(app, 0);
    screen.class = &class;
    return screen;
}

static void help_does_what_is_chosen_below(void **state)
{
    (void)state;
    struct harness *h = harness_new(10, 40);
    harness_helpers(h, help, NULL);
    harness_push(h, probe_screen(harness_state(h), 1));
    harness_keys(h, "?");
    harness_expect_text(h, "8 actions of Probe");
    harness_keys(h, "?");
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "screen 2 is");
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "screen 1 is");
    harness_free(h);
}

/* Half a message says nothing: what does not fit in the last row lies over those above it. */
static void a_long_message_is_shown_whole(void **state)
{
    struct harness *h = start(10, 40);
    struct message *event = message_new(EVENT_JOB_INFORMATION);
    (void)state;
    harness_keys(h, "<F5>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    event->job = run->job;
    message_free(run);
    event->text = mem_text("The search session could not be opened: login.microsoftonline.com refuses the connection. The server may "
                           "be down, or a firewall is in the way; a proxy may be needed (https_proxy or --proxy).");
    harness_event(h, event);
    harness_expect_text(h, " The search session could not be");
    harness_expect_text(h, "--proxy).");
    harness_keys(h, "<F1>");
    harness_expect_no_text(h, "The search session");
    harness_free(h);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_stands_around_a_screen),
        cmocka_unit_test(screens_are_pushed_replaced_and_popped),
        cmocka_unit_test(text_goes_to_the_field_only_while_typing),
        cmocka_unit_test(a_job_is_followed_until_it_is_cancelled),
        cmocka_unit_test(a_refusal_teaches_the_values),
        cmocka_unit_test(leaving_asks_while_something_runs),
        cmocka_unit_test(a_connection_is_known_to_every_screen),
        cmocka_unit_test(a_token_that_was_handed_in_runs_down), cmocka_unit_test(the_top_line_follows_the_sign_in),
        cmocka_unit_test(a_report_stays_where_it_was_scrolled), cmocka_unit_test(a_warning_outlives_the_sign_in), cmocka_unit_test(ticks_come_only_when_asked_for),
        cmocka_unit_test(copying_says_so),
        cmocka_unit_test(a_long_message_is_shown_whole),
        cmocka_unit_test(help_does_what_is_chosen_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
