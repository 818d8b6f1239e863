/* A pipeline at work, with a session that answers from a table: what is sent, in which order, and what is not. */
#include "catalogue_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timers.h"
#include "catalogue/command_line.h"
#include "engine/flow.h"
#include "pipeline/local_cmdlets.h"
#include "pipeline/statement.h"

/* What the service says to one call: objects parted by blanks ("{...} {...}"), an error, or a question. */
struct reply { const char *objects, *error, *question; const char *progress, *information; };

struct session_run { struct run_listener listener; struct reply reply; struct fixture *fixture; };

struct fixture {
    struct session session;
    struct timers *timers;
    struct variables *variables;
    struct catalogue *service, *local;
    const struct reply *replies;
    size_t next;
    struct session_run *run;
    struct buf sent, log;
    struct flow *flow;
    enum flow_answer answer;
    bool done;
    struct err err;
};

static void give_objects(struct session_run *run)
{
    struct str rest = str_of(run->reply.objects ? run->reply.objects : ""), text;
    struct fixture *fixture = run->fixture;
    while (rest.len > 0 && fixture->run == run) {
        str_cut(&rest, ' ', &text);
        struct json *tree = json_parse(text, NULL);
        struct object object;
        object_init(&object);
        object_from_json(&object, tree);
        run->listener.object(run->listener.context, &object);
        object_free(&object);
        json_free(tree);
    }
}

static void answer(void *context)
{
    struct session_run *run = context;
    struct fixture *fixture = run->fixture;
    struct err err;
    if (run->reply.progress)
        run->listener.information(run->listener.context, RUN_PROGRESS, str_of(run->reply.progress));
    if (run->reply.information)
        run->listener.information(run->listener.context, RUN_INFORMATION, str_of(run->reply.information));
    give_objects(run);
    if (fixture->run != run) {
        free(run);      /* cancelled from inside */
        return;
    }
    fixture->run = NULL;
    const struct run_summary summary = { .complete = !run->reply.error, .pages = 1, .request_id = "", .question = run->reply.question };
    if (run->reply.error)
        err_set(&err, ERR_SERVER, "%s", run->reply.error);
    run->listener.done(run->listener.context, &summary, run->reply.error ? &err : NULL);
    free(run);
}

static struct session_run *invoke(struct session *session, const struct invocation *invocation, const struct run_listener *listener, struct err *err)
{
    struct fixture *fixture = (struct fixture *)session;
    struct session_run *run = MEM_NEW(struct session_run);
    (void)err;
    buf_text(&fixture->sent, fixture->sent.len ? "; " : "");
    command_line_print(invocation, &fixture->sent);
    *run = (struct session_run){ *listener, fixture->replies[fixture->next++], fixture };
    fixture->run = run;
    timers_after(fixture->timers, 0, answer, run);
    return run;
}

static void cancel(struct session_run *run)
{
    run->fixture->run = NULL;
}

static void pause_run(struct session_run *run, bool paused)
{
    (void)run;
    (void)paused;
}

static bool on_object(void *context, const struct object *object, struct err *err)
{
    struct fixture *fixture = context;
    (void)err;
    buf_text(&fixture->log, "object ");
    object_print_json(object, false, &fixture->log);
    buf_text(&fixture->log, "; ");
    return true;
}

static void say(struct fixture *fixture, const char *what, struct str text)
{
    buf_format(&fixture->log, "%s(%.*s); ", what, STR_ARG(str_take(text, 60)));
}

static void on_warning(void *context, struct str text)
{
    say(context, "warning", text);
}

static void on_information(void *context, enum run_stream stream, struct str text)
{
    (void)stream;
    say(context, "information", text);
}

static void on_error(void *context, const struct err *err)
{
    say(context, "error", str_of(err->text));
}

static void on_waiting(void *context, int seconds, const struct err *why)
{
    (void)context;
    (void)seconds;
    (void)why;
}

static void on_question(void *context, struct str text, bool more)
{
    struct fixture *fixture = context;
    say(fixture, more ? "question and more" : "question", text);
    flow_answer(fixture->flow, fixture->answer);
}

static void on_done(void *context, const struct run_summary *summary, const struct err *err)
{
    struct fixture *fixture = context;
    fixture->done = true;
    fixture->err = err ? *err : (struct err){ 0 };
    buf_text(&fixture->log, err ? "failed" : summary->complete ? "complete" : "done");
}

static struct cmdlet *cmdlet_named(struct fixture *fixture, const char *name)
{
    const struct cmdlet *found = catalogue_find(fixture->service, str_of(name));
    return &fixture->service->cmdlets[found - fixture->service->cmdlets];
}

/* The fixture's Set-Thing takes no objects; ours does. */
static void let_take_objects(struct cmdlet *cmdlet)
{
    struct err err;
    const struct parameter *identity = cmdlet_parameter(cmdlet, STR("Identity"), &err);
    for (size_t i = 0; i < identity->use_count; i++)
        cmdlet->parameters[identity - cmdlet->parameters].uses[i].from_pipeline = true;
}

struct ways { bool plain; bool unasked; };     /* Set-Thing: no -Confirm at all; one that asks by the service's own mind */

static void run_in(struct ways ways, const char *line, const struct reply *replies, enum flow_answer given, const char *sent, const char *log)
{
    static const struct session_vtable vtable = { .invoke = invoke, .cancel = cancel, .pause = pause_run };
    struct fixture fixture = { .session = { &vtable }, .timers = timers_new(), .variables = variables_new(), .service = fixture_catalogue(), .local = local_catalogue_new(),
                               .replies = replies, .sent = BUF_INIT(BUF_SMALL), .log = BUF_INIT(BUF_SMALL), .answer = given };
    const struct flow_listener listener = { .object = on_object, .warning = on_warning, .information = on_information, .error = on_error,
                                            .waiting = on_waiting, .question = on_question, .done = on_done, .context = &fixture };
    struct cmdlet *set_thing = cmdlet_named(&fixture, "Set-Thing");
    let_take_objects(set_thing);
    set_thing->should_process = !ways.plain;
    set_thing->impact = ways.plain || ways.unasked ? 2 : set_thing->impact;
    let_take_objects(cmdlet_named(&fixture, "Get-Label"));
    const struct language language = { .catalogue = fixture.service, .local = fixture.local };
    struct pipeline *pipeline = statement_pipeline(str_of(line), &language, &fixture.err);
    if (!pipeline)
        fail_msg("%s: %s", line, fixture.err.text);
    struct session *sessions[8];
    for (size_t i = 0; i < sizeof sessions / sizeof *sessions; i++)
        sessions[i] = &fixture.session;
    const struct flow_context context = { fixture.timers, fixture.variables };
    fixture.flow = flow_start(sessions, &context, pipeline, &listener);
    for (int i = 0; !fixture.done && i < 1000; i++)
        timers_run(fixture.timers);
    assert_true(fixture.done);
    assert_string_equal(buf_cstr(&fixture.sent), sent);
    assert_string_equal(buf_cstr(&fixture.log), log);
    flow_free(fixture.flow);
    timers_free(fixture.timers);
    variables_free(fixture.variables);
    catalogue_free(fixture.service);
    catalogue_free(fixture.local);
    buf_free(&fixture.sent);
    buf_free(&fixture.log);
}

static void run(const char *line, const struct reply *replies, enum flow_answer given, const char *sent, const char *log)
{
    run_in((struct ways){ 0 }, line, replies, given, sent, log);
}

static void objects_become_calls(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"}" }, { 0 }, { .objects = "{\"Name\":\"b\"}" } };
    run("Get-Label | Set-Thing -Count 5 -Confirm:$false", replies, FLOW_NO,
        "Get-Label; Set-Thing -Count 5 -Confirm:$false -Identity a; Set-Thing -Count 5 -Confirm:$false -Identity b",
        "object {\"Name\":\"b\"}; complete");
}

/* A service that answers with everything must not get it all changed (pains 5). */
static void a_foreign_answer_is_handed_to_nobody(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .objects = "{\"Name\":\"wanted\"} {\"Name\":\"other\"}" } };
    run("Get-Label wanted | Set-Thing -Count 5 -Confirm:$false", replies, FLOW_NO, "Get-Label -Identity wanted", "failed");
}

static void an_incomplete_list_changes_nothing(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .objects = "{\"Name\":\"a\"}", .error = "broke" } };
    run("Get-Label | Set-Thing -Count 5 -Confirm:$false", replies, FLOW_NO, "Get-Label", "failed");
}

static void the_service_is_asked_in_two_calls(void **state)
{
    (void)state;
    static const struct reply replies[] = {
        { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"} {\"Name\":\"c\"}" }, { .question = "a?" }, { 0 }, { .question = "b?" }, { 0 }, { .question = "c?" }, { 0 },
    };
    run("Get-Label | Set-Thing -Count 5", replies, FLOW_YES,
        "Get-Label; Set-Thing -Count 5 -Identity a -Confirm; Set-Thing -Count 5 -Identity a -Confirm:$false; "
        "Set-Thing -Count 5 -Identity b -Confirm; Set-Thing -Count 5 -Identity b -Confirm:$false; "
        "Set-Thing -Count 5 -Identity c -Confirm; Set-Thing -Count 5 -Identity c -Confirm:$false",
        "question and more(a?); question and more(b?); question(c?); complete");
    static const struct reply all[] = { { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"}" }, { .question = "a?" }, { 0 }, { 0 } };
    run("Get-Label | Set-Thing -Count 5", all, FLOW_YES_TO_ALL,
        "Get-Label; Set-Thing -Count 5 -Identity a -Confirm; Set-Thing -Count 5 -Identity a -Confirm:$false; Set-Thing -Count 5 -Identity b -Confirm:$false",
        "question and more(a?); complete");
    run("Get-Label | Set-Thing -Count 5", all, FLOW_NO_TO_ALL, "Get-Label; Set-Thing -Count 5 -Identity a -Confirm",
        "question and more(a?); information(Answered no: 2 calls were not made.); complete");
    static const struct reply no[] = { { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"}" }, { .question = "a?" }, { .question = "b?" } };
    run("Get-Label | Set-Thing -Count 5", no, FLOW_NO, "Get-Label; Set-Thing -Count 5 -Identity a -Confirm; Set-Thing -Count 5 -Identity b -Confirm",
        "question and more(a?); question(b?); information(Answered no: 2 calls were not made.); complete");
}

/* Remote PowerShell does not tell what has a high impact: the service asks where nobody asked it to. */
static void a_question_that_was_not_wanted_is_answered_once(void **state)
{
    (void)state;
    static const struct reply one[] = { { .question = "a?" }, { 0 } };
    run_in((struct ways){ .unasked = true }, "Set-Thing a -Count 5", one, FLOW_YES, "Set-Thing -Count 5 -Identity a; Set-Thing -Count 5 -Identity a -Confirm:$false",
           "question(a?); complete");
    static const struct reply all[] = { { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"}" }, { .question = "a?" }, { 0 }, { 0 } };
    run_in((struct ways){ .unasked = true }, "Get-Label | Set-Thing -Count 5", all, FLOW_YES_TO_ALL,
           "Get-Label; Set-Thing -Count 5 -Identity a; Set-Thing -Count 5 -Identity a -Confirm:$false; Set-Thing -Count 5 -Identity b -Confirm:$false",
           "question and more(a?); complete");
    run_in((struct ways){ .plain = true }, "Set-Thing a -Count 5", one, FLOW_YES, "Set-Thing -Count 5 -Identity a", "failed");
}

static void errors_follow_error_action(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .error = "no a" }, { .objects = "{\"Name\":\"b\"}" } };
    run("'a','b' | Get-Label", replies, FLOW_NO, "Get-Label -Identity a; Get-Label -Identity b",
        "error(Get-Label a: no a); object {\"Name\":\"b\"}; done");
    run("'a','b' | Get-Label -ErrorAction SilentlyContinue", replies, FLOW_NO,
        "Get-Label -ErrorAction SilentlyContinue -Identity a; Get-Label -ErrorAction SilentlyContinue -Identity b", "object {\"Name\":\"b\"}; complete");
    run("'a','b' | Get-Label -ea Stop", replies, FLOW_NO, "Get-Label -ErrorAction Stop -Identity a", "failed");
}

static void streams_follow_their_actions(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .progress = "half", .information = "note" } };
    run("Get-Label", replies, FLOW_NO, "Get-Label", "information(half); information(note); complete");
    run("Get-Label -ProgressAction SilentlyContinue", replies, FLOW_NO, "Get-Label -ProgressAction SilentlyContinue", "information(note); complete");
    run("Get-Label -InformationAction Ignore", replies, FLOW_NO, "Get-Label -InformationAction Ignore", "information(half); complete");
}

static void what_is_enough_ends_the_reading(void **state)
{
    (void)state;
    static const struct reply replies[] = { { .objects = "{\"Name\":\"a\"} {\"Name\":\"b\"} {\"Name\":\"c\"}" } };
    run("Get-Label | select -first 2", replies, FLOW_NO, "Get-Label", "object {\"Name\":\"a\"}; object {\"Name\":\"b\"}; complete");
    run("Get-Label | sort Name -Descending | select -first 1", replies, FLOW_NO, "Get-Label", "object {\"Name\":\"c\"}; complete");
}

static void what_if_sends_no_change(void **state)
{
    (void)state;
    run("Set-Thing x -Count 5 -WhatIf", NULL, FLOW_NO, "",
        "information(-WhatIf: nothing is sent, because the service would carry it); "
        "information(What if: Performing the operation \"Set-Thing\" on target \"x\".); "
        "object {\"Cmdlet\":\"Set-Thing\",\"Target\":\"x\",\"Parameter\":\"Count\",\"Before\":null,\"After\":\"5\"}; complete");
    run("Set-Thing x -Count 5 -WhatIf | measure", NULL, FLOW_NO, "",
        "information(-WhatIf: nothing is sent, because the service would carry it); "
        "information(What if: Performing the operation \"Set-Thing\" on target \"x\".); "
        "object {\"Cmdlet\":\"Set-Thing\",\"Target\":\"x\",\"Parameter\":\"Count\",\"Before\":null,\"After\":\"5\"}; complete");
    /* What would be is nothing that the next cmdlet could act on. */
    run("Set-Thing x -Count 5 -WhatIf | Get-Label", NULL, FLOW_NO, "",
        "information(-WhatIf: nothing is sent, because the service would carry it); "
        "information(What if: Performing the operation \"Set-Thing\" on target \"x\".); complete");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_become_calls),
        cmocka_unit_test(a_foreign_answer_is_handed_to_nobody),
        cmocka_unit_test(an_incomplete_list_changes_nothing),
        cmocka_unit_test(the_service_is_asked_in_two_calls),
        cmocka_unit_test(a_question_that_was_not_wanted_is_answered_once),
        cmocka_unit_test(errors_follow_error_action),
        cmocka_unit_test(streams_follow_their_actions),
        cmocka_unit_test(what_is_enough_ends_the_reading),
        cmocka_unit_test(what_if_sends_no_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
