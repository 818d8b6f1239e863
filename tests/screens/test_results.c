/* The results screen over a real store: keys on one side, the picture beside. The test plays the engine. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "results/store.h"
#include "tests/screens/harness.h"
#include "ui/screens.h"

#define CMDLETS                                           \
    "Get-ComplianceCase Identity CaseType\n"              \
    "Get-RoleGroupMember Identity\n"                      \
    "Set-ComplianceCase Identity! Description\n"

struct fixture {
    char root[32];
    struct store *store;
    struct harness *h;
};

static int set_up(void **state)
{
    struct err err;
    struct fixture *fixture = MEM_NEW(struct fixture);
    snprintf(fixture->root, sizeof fixture->root, "/tmp/purvey-test-XXXXXX");
    if (!mkdtemp(fixture->root))
        return -1;
    fixture->store = store_create(fixture->root, 1, &err);
    *state = fixture;
    return fixture->store ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    harness_free(fixture->h);
    store_close(fixture->store);
    int left = rmdir(fixture->root);
    free(fixture);
    return left;
}

/* Starts with a line typed at the browser's prompt; the command has been taken out. */
static struct harness *start(struct fixture *fixture, int rows, int columns, const char *line)
{
    fixture->h = harness_new(rows, columns);
    uint64_t connection = harness_connect(fixture->h, harness_catalogue(CMDLETS));
    harness_push(fixture->h, browser_screen(harness_state(fixture->h), connection));
    harness_keys(fixture->h, ":");
    harness_keys(fixture->h, line);
    harness_keys(fixture->h, "<Enter>");
    message_free(harness_expect_sent(fixture->h, COMMAND_RUN));
    assert_string_equal(harness_screen(fixture->h), "Results");
    return fixture->h;
}

static void add_property(struct object *object, const char *name, enum value_kind kind, const char *text)
{
    object_add(object, (struct property){ .name = str_of(name), .kind = kind, .text = str_of(text) });
}

/* Case 3, in the order in which the service has them: not the one for reading. */
static void add_case(struct store *store, int number, const char *name)
{
    struct object object;
    struct err err;
    char digits[16], guid[40];
    snprintf(digits, sizeof digits, "%d", number * 7);
    snprintf(guid, sizeof guid, "%08d-0812-40a2-b820-b22ebd02bce3", number);
    object_init(&object);
    add_property(&object, "Guid", VALUE_STRING, guid);
    add_property(&object, "ObjectState", VALUE_STRING, "Unchanged");
    add_property(&object, "Priority", VALUE_NUMBER, digits);
    add_property(&object, "Status", VALUE_STRING, number % 3 ? "Active" : "Closed");
    add_property(&object, "Name", VALUE_STRING, name);
    add_property(&object, "Enabled", number % 2 ? VALUE_TRUE : VALUE_FALSE, "");
    add_property(&object, "ClosedBy", VALUE_NULL, "");
    add_property(&object, "Members", VALUE_NESTED, "[\"anna\",\"ben\"]");
    assert_true(store_add(store, &object, &err));
    object_free(&object);
}

static void add_cases(struct fixture *fixture, int from, int to)
{
    struct err err;
    char name[32];
    for (int i = from; i <= to; i++) {
        snprintf(name, sizeof name, "Case %d", i);
        add_case(fixture->store, i, name);
    }
    assert_true(store_commit(fixture->store, &err));
}

static void begin(struct fixture *fixture)
{
    harness_event(fixture->h, harness_job_started(1, store_path(fixture->store)));
}

static void finish(struct fixture *fixture)
{
    harness_event(fixture->h, harness_job_done(1, store_count(fixture->store)));
}

static void complete_table(struct fixture *fixture, int rows, int columns, int count)
{
    start(fixture, rows, columns, "Get-ComplianceCase");
    add_cases(fixture, 1, count);
    begin(fixture);
    finish(fixture);
}

/* The engine's part: does what was asked and says so. */
static void arrange(struct fixture *fixture)
{
    struct err err = { 0 };
    struct message *command = harness_expect_sent(fixture->h, COMMAND_ARRANGE), *event = message_new(EVENT_ARRANGED);
    event->job = command->job;
    event->view = command->view;
    event->number = store_arrange(fixture->store, command->arrangement, command->view, &err);
    message_set_err(event, event->number < 0 ? &err : NULL);
    message_free(command);
    harness_event(fixture->h, event);
}

static void find(struct fixture *fixture)
{
    struct err err = { 0 };
    struct message *command = harness_expect_sent(fixture->h, COMMAND_FIND), *event = message_new(EVENT_FOUND);
    event->job = command->job;
    event->view = command->view;
    event->text = mem_text(command->text);
    event->position =
        store_find(fixture->store, command->view, str_of(command->text), command->position, command->flag, &err);
    event->flag = store_count_hits(fixture->store, command->view, event->position, &event->number, &event->total);
    message_free(command);
    harness_event(fixture->h, event);
}

static void fail_job(struct fixture *fixture, enum err_kind kind)
{
    struct message *event = harness_job_done(1, store_count(fixture->store));
    struct err err;
    event->progress.complete = false;
    err_set(&err, kind, "The operation couldn't be performed because object 'Q3' couldn't be found on 'EURPR01'.");
    err_advise(&err, "Check the spelling of the Identity.");
    err_code(&err, "ManagementObjectNotFoundException");
    err_correlation(&err, "request 7d3c 1f00");
    message_set_err(event, &err);
    harness_event(fixture->h, event);
}

static void rows_appear_as_they_come(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase -CaseType eDiscovery");
    harness_expect(h, " Get-ComplianceCase                 1 running · contoso.com · token until 09:00\n"
                      " Get-ComplianceCase -CaseType eDiscovery\n"
                      "\n"
                      " Asking the service...\n"
                      "\n"
                      " Tenant: contoso.com\n"
                      "\n"
                      "\n"
                      " no rows yet · 0.0 s\n"
                      " ^C Cancel  p Pause  y Copy report  Esc Back  : Command                  ? Help\n");
    begin(fixture);
    add_cases(fixture, 1, 3);
    harness_event(h, harness_job_progress(1, 3));
    harness_expect(h, " Get-ComplianceCase                 1 running · contoso.com · token until 09:00\n"
                      "  Name    Status  Enabled  Priority  Guid                                  Memb›\n"
                      "▸ Case 1  Active  true            7  00000001-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 2  Active  false          14  00000002-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 3  Closed  true           21  00000003-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "\n"
                      "\n"
                      "\n"
                      " row 1 of 3 · 3 from the service, more to come · 0.0 s\n"
                      " ^C Cancel  p Pause  Enter Open  s Sort  f Filter  / Search  Esc Back    ? Help\n");
    add_cases(fixture, 4, 1204);
    harness_event(h, harness_job_progress(1, 1204));
    harness_keys(h, "G");
    harness_expect_text(h, "row 1,204 of 1,204 · 1,204 from the service, more to come");
    finish(fixture);
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name       Status  Enabled  Priority  Guid                                   ›\n"
                      "  Case 1199  Active  true         8393  00001199-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 1200  Closed  false        8400  00001200-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 1201  Active  true         8407  00001201-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 1202  Active  false        8414  00001202-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 1203  Closed  true         8421  00001203-0812-40a2-b820-b22ebd02bce3\n"
                      "▸ Case 1204  Active  false        8428  00001204-0812-40a2-b820-b22ebd02bce3\n"
                      " row 1,204 of 1,204 · complete · 0.0 s\n"
                      " Enter Open  s Sort  f Filter  / Search  d Details  y Copy  Esc Back     ? Help\n");
}

static void a_small_screen_and_a_large_one(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 40, 9);
    struct harness *h = fixture->h;
    harness_expect(h, " Get-ComplianceCase         contoso.com\n"
                      "  Name    Status  Enabled  Priority  Gu›\n"
                      "▸ Case 1  Active  true            7  00…\n"
                      "  Case 2  Active  false          14  00…\n"
                      "  Case 3  Closed  true           21  00…\n"
                      "  Case 4  Active  false          28  00…\n"
                      "  Case 5  Active  true           35  00…\n"
                      "  Case 6  Closed  false          42  00…\n"
                      "row 1 of 9 · complete · 0.0 s\n"
                      " Enter Open  s Sort  Esc Back    ? Help\n");
    harness_keys(h, "$");
    harness_expect(h, " Get-ComplianceCase         contoso.com\n"
                      "  Name    ClosedBy  ObjectState       ‹\n"
                      "▸ Case 1            Unchanged\n"
                      "  Case 2            Unchanged\n"
                      "  Case 3            Unchanged\n"
                      "  Case 4            Unchanged\n"
                      "  Case 5            Unchanged\n"
                      "  Case 6            Unchanged\n"
                      "row 1 of 9 · complete · 0.0 s\n"
                      " Enter Open  s Sort  Esc Back    ? Help\n");
    harness_resize(h, 14, 200);
    harness_expect(h, " Get-ComplianceCase                                                                                                                              contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name    Status  Enabled  Priority  Guid                                  Members    ClosedBy  ObjectState\n"
                      "▸ Case 1  Active  true            7  00000001-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 2  Active  false          14  00000002-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 3  Closed  true           21  00000003-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 4  Active  false          28  00000004-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 5  Active  true           35  00000005-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 6  Closed  false          42  00000006-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 7  Active  true           49  00000007-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 8  Active  false          56  00000008-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "  Case 9  Closed  true           63  00000009-0812-40a2-b820-b22ebd02bce3  anna, ben            Unchanged\n"
                      "\n"
                      " row 1 of 9 · complete · 0.0 s\n"
                      " Enter Open  s Sort  f Filter  / Search  d Details  y Copy  Esc Back  R Again  : Command  S Then by  n Next hit  N Previous hit  + Wider  - Narrower  J Column right  K Column left              ? Help\n");
    harness_resize(h, 10, 40);
    harness_keys(h, "0");
    harness_expect_text(h, "Name    Status  Enabled");
}

static void columns_are_sorted_and_back(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 9);
    struct harness *h = fixture->h;
    harness_keys(h, "ls");
    harness_expect_text(h, "arranging");
    arrange(fixture);
    harness_expect_text(h, "Status ▲");
    harness_keys(h, "hS");
    arrange(fixture);
    harness_keys(h, "S");
    arrange(fixture);
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name ▼2  Status ▲1  Enabled  Priority  Guid                                  ›\n"
                      "▸ Case 8   Active     false          56  00000008-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 7   Active     true           49  00000007-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 5   Active     true           35  00000005-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 4   Active     false          28  00000004-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 2   Active     false          14  00000002-0812-40a2-b820-b22ebd02bce3\n"
                      "  Case 1   Active     true            7  00000001-0812-40a2-b820-b22ebd02bce3\n"
                      " row 1 of 9 · complete · 0.0 s\n"
                      " Enter Open  s Sort  f Filter  / Search  d Details  y Copy  Esc Back     ? Help\n");
    harness_keys(h, "ls");
    arrange(fixture);
    harness_expect_text(h, "Status ▼");
    /* Off again: the order of arrival needs no engine. */
    harness_keys(h, "s");
    assert_null(harness_sent(h));
    harness_expect_no_text(h, "▼");
    harness_expect_text(h, "▸ Case 1");
}

static void a_filter_narrows(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 40);
    struct harness *h = fixture->h;
    harness_keys(h, "fstat=closed Priority>100<Enter>");
    arrange(fixture);
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name     Status  Enabled  Priority  Guid                                  Mem›\n"
                      "▸ Case 15  Closed  true          105  00000015-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 18  Closed  false         126  00000018-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 21  Closed  true          147  00000021-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 24  Closed  false         168  00000024-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 27  Closed  true          189  00000027-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 30  Closed  false         210  00000030-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      " row 1 of 9 · 40 from the service · complete · filter stat=closed Priority>100\n"
                      " Enter Open  s Sort  f Filter  / Search  d Details  y Copy  Esc Back     ? Help\n");
    harness_keys(h, "f<C-u>nothing like it<Enter>");
    arrange(fixture);
    harness_expect_text(h, "No row matches nothing like it. f changes the filter.");
    harness_keys(h, "f<C-u><Enter>");
    harness_expect_text(h, "row 1 of 40 · complete");
}

static void a_wrong_filter_stays_to_be_mended(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 3);
    struct harness *h = fixture->h;
    harness_keys(h, "fColour=red<Enter>");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name    Status  Enabled  Priority  Guid                                  Memb›\n"
                      "▸ Case 1  Active  true            7  00000001-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 2  Active  false          14  00000002-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 3  Closed  true           21  00000003-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "\n"
                      " No column is named \"Colour\". Write the column's name as the table shows it;\n"
                      " put text that holds such a sign in quotes.\n"
                      "Filter Colour=red\n"
                      " Enter Accept  Esc Give up                                              F1 Help\n");
    assert_null(harness_sent(h));
    harness_keys(h, "<C-u>Status=Active<Enter>");
    arrange(fixture);
    harness_expect_text(h, "row 1 of 2");
}

static void a_search_goes_to_the_hit(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 500);
    struct harness *h = fixture->h;
    harness_keys(h, "n");
    harness_expect_text(h, "Nothing has been searched for yet");
    harness_keys(h, "/case 33<Enter>");
    harness_expect_text(h, "searching");
    find(fixture);
    harness_expect_text(h, "row 33 of 500");
    harness_expect_text(h, "▸ Case 33");
    harness_expect_text(h, "hit 1 of 11");
    harness_keys(h, "<Down>");
    harness_expect_no_text(h, "hit 1");
    harness_keys(h, "<Up>");
    harness_keys(h, "n");
    find(fixture);
    harness_expect_text(h, "row 330 of 500");
    harness_expect_text(h, "hit 2 of 11");
    harness_keys(h, "N");
    find(fixture);
    harness_expect_text(h, "row 33 of 500");
    harness_keys(h, "/nobody<Enter>");
    find(fixture);
    harness_expect_text(h, "\"nobody\" is nowhere in the table.");
}

static void a_row_opens_as_an_object(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 24, 80, 9);
    struct harness *h = fixture->h;
    harness_keys(h, "jj<Enter>");
    assert_string_equal(harness_screen(h), "Object");
    harness_expect_text(h, "Case 3");
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "row 3 of 9");
}

static void cells_and_rows_are_copied(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 9);
    struct harness *h = fixture->h;
    harness_keys(h, "jy");
    assert_string_equal(harness_copied(h), "Case 2");
    harness_expect_text(h, "Copied the cell; once more for the row as JSON");
    harness_keys(h, "y");
    assert_non_null(strstr(harness_copied(h), "\"Name\": \"Case 2\""));
    harness_keys(h, "y");
    assert_string_equal(harness_copied(h), "00000002-0812-40a2-b820-b22ebd02bce3\tUnchanged\t14\tActive\tCase 2\tfalse\t\tanna, ben");
    harness_keys(h, "ly");
    assert_string_equal(harness_copied(h), "Active");
}

static void empty_is_not_failed(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 12, 80, "Get-ComplianceCase -Identity nobody");
    struct message *event = harness_job_done(1, 0);
    begin(fixture);
    snprintf(event->progress.request_id, sizeof event->progress.request_id, "5f0e-11");
    harness_event(h, event);
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Get-ComplianceCase -Identity nobody\n"
                      "\n"
                      " The service answered at 08:00:00: no objects.\n"
                      " Some objects are listed only when -CaseType is given.\n"
                      "\n"
                      " Request id: 5f0e-11\n"
                      " Tenant: contoso.com\n"
                      " Took 0.0 s, 0 pages\n"
                      "\n"
                      " no rows · complete · 0.0 s\n"
                      " y Copy report  Esc Back  R Again  : Command                             ? Help\n");
}

static void a_failure_says_all_there_is_to_say(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase -Identity Q3");
    begin(fixture);
    fail_job(fixture, ERR_NOT_FOUND);
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Get-ComplianceCase -Identity Q3\n"
                      "\n"
                      " Get-ComplianceCase failed at 08:00:00.\n"
                      " The operation couldn't be performed because object 'Q3' couldn't be found on\n"
                      " 'EURPR01'.\n"
                      " Check the spelling of the Identity.\n"
                      " Code: ManagementObjectNotFoundException\n"
                      " For support: request 7d3c 1f00\n"
                      "\n"
                      " Tenant: contoso.com\n"
                      " Took 0.0 s, 0 pages\n"
                      " no rows · failed: not found · 0.0 s\n"
                      " y Copy report  Esc Back  R Again  : Command                             ? Help\n");
    harness_keys(h, "y");
    assert_non_null(strstr(harness_copied(h), "request 7d3c 1f00"));
    harness_resize(h, 10, 40);
    harness_expect(h, " Get-ComplianceCase         contoso.com\n"
                      "Get-ComplianceCase -Identity Q3\n"
                      "\n"
                      "Get-ComplianceCase failed at 08:00:00.\n"
                      "The operation couldn't be performed\n"
                      "because object 'Q3' couldn't be found\n"
                      "on 'EURPR01'.\n"
                      "Check the spelling of the Identity.    ↓\n"
                      "no rows · failed: not found · 0.0 s\n"
                      " Copied the report\n");
}

static void rows_before_a_failure_stay(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase");
    begin(fixture);
    add_cases(fixture, 1, 5);
    fail_job(fixture, ERR_SERVER);
    harness_expect_text(h, "row 1 of 5 · broke off, partial (d says why)");
    harness_keys(h, "d");
    harness_expect_text(h, "5 objects came before that. The table is not complete.");
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "▸ Case 1");
}

/* At 40 columns too: a table that looks whole and is not would be believed. What leads on is on the bottom line. */
static void a_part_is_called_a_part_at_any_width(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 40, "Get-ComplianceCase");
    struct message *end = harness_job_done(1, 1204);
    struct err err;
    begin(fixture);
    add_cases(fixture, 1, 1204);
    end->progress.complete = false;
    end->progress.can_go_on = true;
    err_set(&err, ERR_NETWORK, "The connection was lost.");
    message_set_err(end, &err);
    harness_event(h, end);
    harness_expect_text(h, "row 1 of 1,204 · broke off (d)");
    harness_expect_text(h, "p Go on");
    harness_keys(h, "d");
    harness_expect_text(h, "R Again");
}

static void what_is_cancelled_is_called_so_at_any_width(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 40, "Get-ComplianceCase");
    begin(fixture);
    add_cases(fixture, 1, 1204);
    harness_event(h, harness_job_progress(1, 1204));
    harness_keys(h, "<C-c>j");
    message_free(harness_expect_sent(h, COMMAND_CANCEL));
    harness_expect_text(h, "row 2 of 1,204 · cancelled");
}

/* Whether a change can have happened is known where it was sent, and said in the advice: not once more, and not of a
   server that could not be reached. */
static void a_change_that_was_never_sent_is_not_feared(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase");
    struct message *failed = harness_job_done(2, 0);
    struct err err;
    finish(fixture);
    harness_keys(h, "<Esc>:Set-ComplianceCase -Identity Q3<Enter><Tab><Enter>");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    message_free(harness_expect_sent(h, COMMAND_RUN));
    err_set(&err, ERR_NETWORK, "The server refuses the connection.");
    message_set_err(failed, &err);
    harness_event(h, failed);
    harness_expect_text(h, "Set-ComplianceCase failed at");
    harness_expect_no_text(h, "carried out all the same");
}

static void warnings_are_counted_and_shown(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 12, 80, 3);
    struct harness *h = fixture->h;
    struct message *warning = message_new(EVENT_JOB_WARNING), *error = message_new(EVENT_JOB_ERROR);
    struct err err;
    warning->job = error->job = 1;
    warning->text = mem_text("More results are available.");
    err_set(&err, ERR_SERVER, "One mailbox could not be read.");
    message_set_err(error, &err);
    harness_event(h, warning);
    harness_event(h, error);
    harness_expect_text(h, "1 error (d) · 1 warning (d)");
    harness_keys(h, "d");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Get-ComplianceCase\n"
                      "\n"
                      " The service answered at 08:00:00: 3 objects.\n"
                      "\n"
                      " Warnings (1)\n"
                      "   More results are available.\n"
                      "\n"
                      " Errors (1)\n"
                      " One mailbox could not be read.                                               ↓\n"
                      " row 1 of 3 · complete · 1 error (d) · 1 warning (d) · 0.0 s\n"
                      " y Copy report  Esc Back  d Table  : Command                             ? Help\n");
}

/* Remote PowerShell reports what ends a cmdlet as an error of its stream, and then that it is done. */
static void errors_and_no_objects_are_a_failure(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase -Identity nobody");
    struct message *event = message_new(EVENT_JOB_ERROR);
    struct err err;
    begin(fixture);
    err_set(&err, ERR_NOT_FOUND, "The case 'nobody' is not there.");
    event->job = 1;
    message_set_err(event, &err);
    harness_event(h, event);
    finish(fixture);
    harness_expect_text(h, "Get-ComplianceCase failed at 08:00:00: errors, and no objects.");
    harness_expect_text(h, "The case 'nobody' is not there.");
    harness_expect_text(h, "no rows · failed · 1 error");
    harness_expect_no_text(h, "The service answered");
}

/* Nobody is to wonder whether it was done. */
static void a_preview_says_that_nothing_was_sent(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Set-ComplianceCase -Identity x -Description x -WhatIf");
    struct message *event = message_new(EVENT_JOB_INFORMATION);
    event->job = 1;
    event->text = mem_text("What if: Performing the operation \"Set-ComplianceCase\" on target \"x\".");
    add_cases(fixture, 1, 1);
    begin(fixture);
    finish(fixture);
    harness_event(h, event);
    harness_expect_text(h, " Set-ComplianceCase  ");
    harness_expect_no_text(h, "What if");
    harness_expect_text(h, " Nothing was changed: this is what would be.");
    harness_expect_text(h, "row 1 of 1 · preview");
}

/* A job of a remote session that waits for another one says so again when one comes back to it. */
static void who_comes_back_reads_what_it_waits_for(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 90, "Get-ComplianceCase");
    struct message *event = message_new(EVENT_JOB_INFORMATION);
    event->job = 1;
    event->flag = true;
    event->text = mem_text("Waits for Get-Label: a remote session runs one cmdlet at a time");
    harness_expect_text(h, "Asking the service...");
    harness_event(h, event);
    harness_keys(h, "<Esc>");
    harness_expect_no_text(h, "Waits for");
    harness_keys(h, "<Up><Up><Up><Up><Up><Up><Enter>");
    assert_string_equal(harness_screen(h), "Results");
    harness_expect_text(h, "Waits for Get-Label: a remote session runs one cmdlet at a time");
    harness_expect_no_text(h, "Asking the service");
}

static void cancel_keeps_what_came(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase");
    begin(fixture);
    add_cases(fixture, 1, 5);
    harness_event(h, harness_job_progress(1, 5));
    harness_keys(h, "<C-c>");
    message_free(harness_expect_sent(h, COMMAND_CANCEL));
    /* Rows that were on their way come without an event. */
    add_cases(fixture, 6, 6);
    harness_keys(h, "j");
    harness_expect_text(h, "row 2 of 6 · cancelled, partial");
    harness_keys(h, "<Esc>");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    assert_string_equal(harness_screen(h), "Cmdlets");
}

static void pause_and_go_on(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase");
    begin(fixture);
    harness_keys(h, "p");
    struct message *pause = harness_expect_sent(h, COMMAND_PAUSE);
    assert_true(pause->flag);
    message_free(pause);
    harness_expect_text(h, "paused");
    harness_expect_text(h, "p Go on");
    harness_keys(h, "p");
    pause = harness_expect_sent(h, COMMAND_PAUSE);
    assert_false(pause->flag);
    message_free(pause);
}

static void a_wait_counts_down(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase");
    struct message *event = message_new(EVENT_JOB_WAITING);
    struct err err;
    err_set(&err, ERR_THROTTLED, "The service has too much to do.");
    event->job = 1;
    event->number = 30;
    message_set_err(event, &err);
    begin(fixture);
    harness_event(h, event);
    harness_expect_text(h, "Waiting for the service; the next try is in 30 s.");
    harness_wait(h, 5);
    harness_expect_text(h, "Waiting for the service; the next try is in 25 s.");
    harness_expect_text(h, "next try in 25 s");
    finish(fixture);
    assert_int_equal(app_tick_ms(harness_app(h)), -1);      /* no wake-up once it is done */
}

/* What it waits for is worth more than how many rows came before. */
static void a_wait_counts_down_at_any_width(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 40, "Get-ComplianceCase");
    struct message *event = message_new(EVENT_JOB_WAITING);
    struct err err;
    err_set(&err, ERR_THROTTLED, "The service has too much to do.");
    event->job = 1;
    event->number = 30;
    message_set_err(event, &err);
    begin(fixture);
    add_cases(fixture, 1, 1204);
    harness_event(h, harness_job_progress(1, 1204));
    harness_event(h, event);
    harness_expect_text(h, "row 1 of 1,204 · retry in 30 s");
}

static void a_wait_can_be_cancelled(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase");
    struct message *event = message_new(EVENT_JOB_WAITING);
    begin(fixture);
    event->job = 1;
    event->number = 30;
    harness_event(h, event);
    harness_wait(h, 3);
    harness_keys(h, "<C-c>");
    message_free(harness_expect_sent(h, COMMAND_CANCEL));
    /* At once, not when the next key is pressed. */
    harness_expect_text(h, "Cancelled by you at ");
    harness_expect_text(h, "Nothing had come yet.");
    harness_expect_text(h, "no rows · cancelled · 3.0 s");
    harness_expect_no_text(h, "next try");
}

static void reading_again_runs_changing_again_asks(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 14, 80, 3);
    struct harness *h = fixture->h;
    harness_keys(h, "R");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_event(h, harness_job_done(2, 0));
    harness_keys(h, "<Esc>:Set-ComplianceCase -Identity x<Enter><Tab><Enter>");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_event(h, harness_job_done(3, 0));
    harness_expect_text(h, "Done at 08:00:00. The service returned no object for it.");
    harness_keys(h, "R");
    harness_expect_text(h, "Change contoso.com?");
    harness_keys(h, "<Enter>");
    assert_null(harness_sent(h));
}

static struct message *question(uint64_t job, const char *text, bool more)
{
    struct message *message = message_new(EVENT_JOB_QUESTION);
    message->job = job;
    message->text = mem_text(text);
    message->flag = more;
    return message;
}

static int64_t answer_of(struct harness *h)
{
    struct message *answer = harness_expect_sent(h, COMMAND_ANSWER);
    int64_t number = answer->number;
    message_free(answer);
    return number;
}

static void the_service_asks_and_is_answered(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase");
    begin(fixture);
    harness_event(h, question(1, "Removing the case \"A\x1b[31m\" cannot be undone.", true));
    harness_expect(h, " Get-ComplianceCase                 1 running · contoso.com · token until 09:00\n"
                      " Get-ComplianceCase\n"
                      "    ┌ The service asks ────────────────────────────────────────────────────┐\n"
                      " The│ Removing the case \"A\uFFFD[31m\" cannot be undone.                         │\n"
                      "    │ Get-ComplianceCase, in contoso.com                                   │\n"
                      " Ten│                                                                      │\n"
                      "    │ [Y] Yes                                                              │\n"
                      "    │ [A] Yes to all                                                       │\n"
                      "    │ [N] No                                                               │\n"
                      "    │ [L] No to all                                                        │\n"
                      "    └──────────────────────────────────────────────────────────────────────┘\n"
                      "\n"
                      " no rows yet · 0.0 s\n"
                      " Enter Accept  Tab Other choice  Esc Give up                            F1 Help\n");
    /* Enter takes the safe answer; the letters are PowerShell's. */
    harness_keys(h, "<Enter>");
    assert_int_equal(answer_of(h), FLOW_NO);
    harness_event(h, question(1, "Second?", true));
    harness_keys(h, "y");
    assert_int_equal(answer_of(h), FLOW_YES);
    harness_event(h, question(1, "Third?", true));
    harness_keys(h, "<Up><Enter>");
    assert_int_equal(answer_of(h), FLOW_YES_TO_ALL);
    harness_event(h, question(1, "Fourth?", true));
    harness_keys(h, "<Esc>");
    assert_int_equal(answer_of(h), FLOW_NO);
    /* The last one, after the screen was left and opened again: "all" would be nobody. */
    harness_event(h, question(1, "Last?", false));
    harness_expect_no_text(h, "Yes to all");
    harness_keys(h, "<Down><Down>y");
    assert_int_equal(answer_of(h), FLOW_YES);
    harness_event(h, harness_job_done(1, 0));
    harness_expect_no_text(h, "Last?");
    harness_expect_text(h, "Ended at 08:00:00. What was answered with no was not done.");
    harness_expect_text(h, "no rows · answered no");
    harness_expect_no_text(h, "complete");
}

static void a_broken_read_can_go_on(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 14, 80, "Get-ComplianceCase");
    begin(fixture);
    add_cases(fixture, 1, 3);
    struct message *done = harness_job_done(1, 3);
    struct err err;
    err_set(&err, ERR_NETWORK, "The connection broke.");
    message_set_err(done, &err);
    done->progress.can_go_on = true;
    harness_event(h, done);
    harness_keys(h, "d");
    harness_expect_text(h, "p goes on where it broke");
    harness_keys(h, "p");
    struct message *command = harness_expect_sent(h, COMMAND_CONTINUE);
    assert_int_equal(command->job, 1);
    message_free(command);
    add_cases(fixture, 4, 5);
    harness_event(h, harness_job_progress(1, 5));
    harness_event(h, harness_job_done(1, 5));
    harness_expect_text(h, "5 objects");
    harness_expect_no_text(h, "goes on where it broke");
}

static void reading_again_keeps_the_arrangement(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 14, 80, 9);
    struct harness *h = fixture->h;
    harness_keys(h, "lss");
    arrange(fixture);
    arrange(fixture);
    harness_keys(h, "fCase<Enter>");
    arrange(fixture);
    harness_keys(h, "R");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    message_free(harness_expect_sent(h, COMMAND_RUN));
    assert_null(harness_sent(h));       /* nothing to arrange before there are rows */
    harness_event(h, harness_job_started(2, store_path(fixture->store)));
    harness_event(h, harness_job_done(2, 9));
    struct message *command = harness_expect_sent(h, COMMAND_ARRANGE);
    assert_int_equal(command->job, 2);
    assert_string_equal(command->arrangement->filter, "Case");
    assert_int_equal(command->arrangement->key_count, 1);
    assert_true(command->arrangement->keys[0].descending);
    message_free(command);
    harness_expect_text(h, "Status ▼");
}

static void too_many_for_one_identity_is_said(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase -Identity Cse1");
    begin(fixture);
    add_cases(fixture, 1, 1);
    finish(fixture);
    harness_expect_text(h, "This object does not carry the Identity that was asked for");
    add_cases(fixture, 2, 14);
    harness_event(h, harness_job_progress(1, 14));
    harness_expect_text(h, "One Identity was asked for and 14 objects came");
    harness_keys(h, "GGk");
    harness_expect(h, " Get-ComplianceCase                 1 running · contoso.com · token until 09:00\n"
                      "  Name     Status  Enabled  Priority  Guid                                  Mem›\n"
                      "  Case 10  Active  false          70  00000010-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 11  Active  true           77  00000011-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 12  Closed  false          84  00000012-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "▸ Case 13  Active  true           91  00000013-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      "  Case 14  Active  false          98  00000014-0812-40a2-b820-b22ebd02bce3  ann…\n"
                      " One Identity was asked for and 14 objects came: check how it is spelled.\n"
                      " row 13 of 14 · 14 from the service, more to come · 0.0 s\n"
                      " ^C Cancel  p Pause  Enter Open  s Sort  f Filter  / Search  Esc Back    ? Help\n");
}

static void members_of_one_group_are_no_surprise(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = start(fixture, 10, 80, "Get-RoleGroupMember -Identity Admins");
    begin(fixture);
    add_cases(fixture, 1, 9);
    finish(fixture);
    harness_expect_no_text(h, "Identity was asked for");
}

static void columns_hide_move_and_grow(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 10, 80, 3);
    struct harness *h = fixture->h;
    harness_keys(h, "lC");
    harness_expect_text(h, "Hid Status; C on the last column left shows all again.");
    harness_expect_text(h, "Name    Enabled");
    harness_keys(h, "J0++");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  Name            Priority  Enabled  Guid                                  Memb›\n"
                      "▸ Case 1                 7  true     00000001-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 2                14  false    00000002-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "  Case 3                21  true     00000003-0812-40a2-b820-b22ebd02bce3  anna…\n"
                      "\n"
                      "\n"
                      "\n"
                      " row 1 of 3 · complete · 0.0 s\n"
                      " Enter Open  s Sort  f Filter  / Search  d Details  y Copy  Esc Back     ? Help\n");
}

static void data_cannot_reach_the_terminal_raw(void **state)
{
    struct fixture *fixture = *state;
    struct err err;
    struct harness *h = start(fixture, 10, 80, "Get-ComplianceCase");
    add_case(fixture->store, 1, "red\033[31m \342\200\256gnp.exe \xff end");
    assert_true(store_commit(fixture->store, &err));
    begin(fixture);
    finish(fixture);
    assert_null(strstr(harness_picture(h), "\033"));
    assert_null(strstr(harness_picture(h), "\342\200\256"));
    harness_expect_text(h, "red");
}

/* A jump in a long table loads one window: the time does not depend on the number of rows. */
static void a_long_table_stays_quick(void **state)
{
    struct fixture *fixture = *state;
    complete_table(fixture, 24, 80, 20000);
    int64_t begin_ms = clock_ms();
    for (int i = 0; i < 20; i++)
        harness_keys(fixture->h, "G<PageUp>gl");
    assert_true((clock_ms() - begin_ms) / 80 < 50);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(rows_appear_as_they_come),
        TEST(a_small_screen_and_a_large_one),
        TEST(columns_are_sorted_and_back),
        TEST(a_filter_narrows),
        TEST(a_wrong_filter_stays_to_be_mended),
        TEST(a_search_goes_to_the_hit),
        TEST(a_row_opens_as_an_object),
        TEST(cells_and_rows_are_copied),
        TEST(empty_is_not_failed),
        TEST(a_failure_says_all_there_is_to_say),
        TEST(rows_before_a_failure_stay),
        TEST(a_part_is_called_a_part_at_any_width),
        TEST(what_is_cancelled_is_called_so_at_any_width),
        TEST(a_change_that_was_never_sent_is_not_feared),
        TEST(warnings_are_counted_and_shown),
        TEST(errors_and_no_objects_are_a_failure),
        TEST(a_preview_says_that_nothing_was_sent),
        TEST(who_comes_back_reads_what_it_waits_for),
        TEST(cancel_keeps_what_came),
        TEST(pause_and_go_on),
        TEST(a_wait_counts_down),
        TEST(a_wait_counts_down_at_any_width),
        TEST(a_wait_can_be_cancelled),
        TEST(reading_again_runs_changing_again_asks),
        TEST(the_service_asks_and_is_answered),
        TEST(a_broken_read_can_go_on),
        TEST(reading_again_keeps_the_arrangement),
        TEST(too_many_for_one_identity_is_said),
        TEST(members_of_one_group_are_no_surprise),
        TEST(columns_hide_move_and_grow),
        TEST(data_cannot_reach_the_terminal_raw),
        TEST(a_long_table_stays_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
