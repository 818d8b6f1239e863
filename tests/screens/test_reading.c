/* What people read beside the tables: one object, the log of requests, the help. Keys on one side, the picture beside. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "results/store.h"
#include "tests/screens/harness.h"
#include "ui/screens.h"

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
    if (!mkdtemp(fixture->root)) {
        return -1;
    }
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

static void add_property(struct object *object, const char *name, enum value_kind kind, const char *text)
{
    object_add(object, (struct property){ .name = str_of(name), .kind = kind, .text = str_of(text) });
}

static void add_object(struct store *store, const char *name, const char *description)
{
    struct object object;
    struct err err;
    object_init(&object);
    add_property(&object, "Name", VALUE_STRING, name);
    add_property(&object, "Description", VALUE_STRING, description);
    add_property(&object, "Size", VALUE_NUMBER, "9007199254740993");
    add_property(&object, "Enabled", VALUE_TRUE, "");
    add_property(&object, "ClosedBy", VALUE_NULL, "");
    add_property(&object, "Members", VALUE_NESTED, "[\"anna\",{\"Name\":\"ben\",\"Roles\":[\"Reader\",\"Owner\"]}]");
    assert_true(store_add(store, &object, &err));
    object_free(&object);
}

/* Two objects in a table, the first one opened. */
static struct harness *opened(struct fixture *fixture, int rows, int columns)
{
    struct err err;
    struct harness *h = fixture->h = harness_new(rows, columns);
    uint64_t connection = harness_connect(h, harness_catalogue("Get-ComplianceCase Identity\n"));
    harness_push(h, browser_screen(harness_state(h), connection));
    harness_keys(h, ":Get-ComplianceCase<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    add_object(fixture->store, "One", "First line\nsecond line with \xe2\x80\xaeoverride, \x1b[31mescape and \xc2\x9b" "control");
    add_object(fixture->store, "Two", "A description that is much longer than any line of a small terminal and has to go on below, whole.");
    assert_true(store_commit(fixture->store, &err));
    harness_event(h, harness_job_started(1, store_path(fixture->store)));
    harness_event(h, harness_job_done(1, 2));
    harness_keys(h, "<Enter>");
    assert_string_equal(harness_screen(h), "Object");
    return h;
}

static void an_object_shows_everything(void **state)
{
    struct harness *h = opened(*state, 20, 80);
    harness_expect(h, " Object                  contoso.com · michelle@contoso.com · token until 09:00\n"
                   "Name        : One\n"
                   "Description : First line\n"
                   "second line with �override, �[31mescape and �control\n"
                   "Size        : 9007199254740993\n"
                   "Enabled     : true\n"
                   "ClosedBy    :\n"
                   "Members\n"
                   "  anna\n"
                   "  Name: ben\n"
                   "  Roles\n"
                   "    Reader\n"
                   "    Owner\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "row 1 of 2, 6 properties\n"
                   " J Next row  K Previous row  / Search  d As JSON  y Copy  Esc Back       ? Help\n");
    harness_keys(h, "J");
    harness_expect(h, " Object                  contoso.com · michelle@contoso.com · token until 09:00\n"
                   "Name        : Two\n"
                   "Description : A description that is much longer than any line of a small\n"
                   "terminal and has to go on below, whole.\n"
                   "Size        : 9007199254740993\n"
                   "Enabled     : true\n"
                   "ClosedBy    :\n"
                   "Members\n"
                   "  anna\n"
                   "  Name: ben\n"
                   "  Roles\n"
                   "    Reader\n"
                   "    Owner\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "row 2 of 2, 6 properties\n"
                   " J Next row  K Previous row  / Search  d As JSON  y Copy  Esc Back       ? Help\n");
    harness_resize(h, 10, 40);
    harness_expect(h, " Object     contoso · token until 09:00\n"
                   "Name        : Two\n"
                   "Description : A description that is\n"
                   "much longer than any line of a small\n"
                   "terminal and has to go on below, whole.\n"
                   "Size        : 9007199254740993\n"
                   "Enabled     : true\n"
                   "ClosedBy    :                          ↓\n"
                   "row 2 of 2, 6 properties\n"
                   " J Next row  / Search  Esc Back  ? Help\n");
    harness_keys(h, "G");
    harness_expect_text(h, "Owner");
    harness_keys(h, "<Esc>");
    assert_string_equal(harness_screen(h), "Results");
}

/* Dictionaries within dictionaries, and texts that hold JSON, also in lists: the forms of the service (rest.md section 5). */
static void nested_forms_open(void **state)
{
    static const struct { const char *name; enum value_kind kind; const char *text; } properties[] = {
        { "Conditions", VALUE_NESTED, "[[{\"_key\":\"operator\",\"_value\":\"And\"},{\"_key\":\"types\",\"_value@odata.type\":\"#C\",\"_value\":"
          "[[{\"_key\":\"name\",\"_value\":\"Card\"},{\"_key\":\"min\",\"_value\":1}],[{\"_key\":\"name\",\"_value\":null}]]}]]" },
        { "LabelActions", VALUE_NESTED, "[\"{\\\"Type\\\":\\\"encrypt\\\",\\\"Settings\\\":[{\\\"Key\\\":\\\"a\\\",\\\"Value\\\":\\\"b\\\"}]}\","
          "\"{\\\"Type\\\":\\\"mark\\\"}\"]" },
        { "Stamps", VALUE_STRING, " {\"Start\":\"2026-01-02\",\"x@odata.type\":\"#Int64\",\"x\":9007199254740993}" },
        { "Empty", VALUE_STRING, "{}" },
        { "Broken", VALUE_STRING, "{not: json}" },
    };
    struct fixture *fixture = *state;
    struct harness *h = opened(fixture, 23, 80);
    struct object object;
    struct err err;
    object_init(&object);
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        add_property(&object, properties[i].name, properties[i].kind, properties[i].text);
    }
    assert_true(store_add(fixture->store, &object, &err));
    assert_true(store_commit(fixture->store, &err));
    object_free(&object);
    harness_event(h, harness_job_done(1, 3));
    harness_keys(h, "JJ");
    harness_expect(h, " Object                  contoso.com · michelle@contoso.com · token until 09:00\n"
                   "Conditions\n"
                   "  operator: And\n"
                   "  types\n"
                   "    1\n"
                   "      name: Card\n"
                   "      min: 1\n"
                   "    2\n"
                   "      name:\n"
                   "LabelActions\n"
                   "  1\n"
                   "    Type: encrypt\n"
                   "    Settings\n"
                   "      a: b\n"
                   "  2\n"
                   "    Type: mark\n"
                   "Stamps\n"
                   "  Start: 2026-01-02\n"
                   "  x: 9007199254740993\n"
                   "Empty        : {}\n"
                   "Broken       : {not: json}\n"
                   "row 3 of 3, 5 properties\n"
                   " J Next row  K Previous row  / Search  d As JSON  y Copy  Esc Back       ? Help\n");
}

static void an_object_is_searched_and_copied(void **state)
{
    struct harness *h = opened(*state, 12, 80);
    harness_keys(h, "/owner<Enter>");
    harness_expect_text(h, "Owner");
    harness_keys(h, "y");
    assert_non_null(strstr(harness_copied(h), "9007199254740993"));
    harness_keys(h, "/nowhere at all<Enter>");
    harness_expect_text(h, "nowhere at all");
}

static struct message *exchange(int status, const char *url, const char *error)
{
    struct message *event = message_new(EVENT_EXCHANGE);
    event->exchange = MEM_NEW(struct exchange_record);
    *event->exchange = (struct exchange_record){
        .started_unix = 1795420800, .elapsed_ms = 42, .status = status, .sent_bytes = 120, .received_bytes = 34567,
        .method = "POST", .url = mem_text(url), .client_request_id = mem_text("6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10"),
        .request_id = mem_text("36ee4c6c-0812-40a2-b820-b22ebd02bce3"),
        .request_headers = mem_text("Authorization: ***\nX-CmdletName: Get-Label\n"),
        .response_headers = mem_text("request-id: 36ee4c6c-0812-40a2-b820-b22ebd02bce3\nx-note: \x1b[31mred\n") };
    str_copy(event->exchange->error, sizeof event->exchange->error, error);
    return event;
}

/* All requests of a remote shell go to one address, and say themselves what they are for. */
static void the_log_tells_the_requests_of_a_shell_apart(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = fixture->h = harness_new(12, 80);
    struct message *event = exchange(200, "https://nam13b.ps.compliance.protection.outlook.com/Powershell-LiveId?PSVersion=5.1", "");
    event->exchange->purpose = mem_text("Receive Get-Label");
    harness_push(h, log_screen(harness_state(h)));
    harness_event(h, event);
    harness_expect_text(h, "34567 B Receive Get-Label");
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "for Receive Get-Label");
}

static void the_log_lists_every_request(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = fixture->h = harness_new(12, 80);
    harness_push(h, log_screen(harness_state(h)));
    harness_expect_text(h, "request");
    harness_event(h, exchange(200, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token", ""));
    harness_event(h, exchange(503, "https://nam13b.ps.compliance.protection.outlook.com/adminapi/beta/6f1dd1a5/InvokeCommand", ""));
    harness_event(h, exchange(0, "https://nam13b.ps.compliance.protection.outlook.com/adminapi/beta/6f1dd1a5/InvokeCommand", "The connection broke."));
    harness_expect(h, " Log\n"
                   "Time     St. Verb      Time    Received  What for\n"
                   "08:00:00 -   POST     42 ms     34567 B InvokeCommand Get-Label\n"
                   "08:00:00 503 POST     42 ms     34567 B InvokeCommand Get-Label\n"
                   "08:00:00 200 POST     42 ms     34567 B token Get-Label\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " Enter Details  y Copy ids  Esc Back                                     ? Help\n");
    harness_keys(h, "<Down><Enter>");
    harness_expect(h, " Log\n"
                   "POST\n"
                   "https://nam13b.ps.compliance.protection.outlook.com/adminapi/beta/6f1dd1a5/Invo\n"
                   "keCommand\n"
                   "2026-11-23T08:00:00Z  status 503  42 ms  sent 120 bytes, received 34567 bytes\n"
                   "client-request-id 6f1dd1a5-6d3c-4c1e-9a53-3f2f1b8d7c10\n"
                   "request-id 36ee4c6c-0812-40a2-b820-b22ebd02bce3\n"
                   "\n"
                   "Request headers\n"
                   "  Authorization: ***\n"
                   "  X-CmdletName: Get-Label                                                      ↓\n"
                   " w Wrap  y Copy ids  Esc Back to the log                                 ? Help\n");
    harness_expect_no_text(h, "\x1b");
    harness_keys(h, "<Esc>y");
    assert_non_null(strstr(harness_copied(h), "36ee4c6c-0812-40a2-b820-b22ebd02bce3"));
    harness_resize(h, 10, 40);
    harness_expect(h, " Log\n"
                   "Time     St. Verb What for\n"
                   "08:00:00 -   POST InvokeCommand Get-Lab…\n"
                   "08:00:00 503 POST InvokeCommand Get-Lab…\n"
                   "08:00:00 200 POST token Get-Label\n"
                   "\n"
                   "\n"
                   "\n"
                   "\n"
                   " Copied the request's ids\n");
}

static void help_lists_what_can_be_done_and_does_it(void **state)
{
    struct fixture *fixture = *state;
    struct harness *h = fixture->h = harness_new(16, 80);
    harness_helpers(h, help_screen, log_screen);
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_keys(h, "<F1><F1>");                /* help on help stays help on the form */
    assert_string_equal(harness_screen(h), "Help");
    harness_expect(h, " Help: Connect\n"
                   " Type to search\n"
                   "\n"
                   " ^O        Connect           Connect, also to another tenant\n"
                   " Enter     Next              Open or accept what the cursor is on\n"
                   " ^T        All options       Show every option, or the usual ones\n"
                   " Esc       Leave             Go back\n"
                   " F5        Connect           Run it\n"
                   " ↑         Up                Go one row up\n"
                   " ↓         Down              Go one row down\n"
                   " ←         Left              Go one column or value to the left\n"
                   " →         Right             Go one column or value to the right\n"
                   " PgUp      Page up           Go one page up\n"
                   " PgDn      Page down         Go one page down\n"
                   " Home      First             Go to the first row, or the start of the field    ↓\n"
                   " Enter Do it  Esc Close                                                 F1 Help\n");
    harness_resize(h, 10, 40);
    harness_expect(h, " Help: Connect\n"
                   " Type to search\n"
                   " Connect, also to another tenant\n"
                   "\n"
                   " ^O        Connect           Connect, …\n"
                   " Enter     Next              Open or a…\n"
                   " ^T        All options       Show ever…\n"
                   " Esc       Leave             Go back\n"
                   " F5        Connect           Run it    ↓\n"
                   " Enter Do it  Esc Close         F1 Help\n");
    /* What its column cuts can be read above. */
    harness_keys(h, "<Down><Down>");
    harness_expect_text(h, " Show every option, or the usual ones");
    harness_keys(h, "<Esc>");
    assert_string_equal(harness_screen(h), "Connect");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_object_shows_everything), TEST(nested_forms_open), TEST(an_object_is_searched_and_copied), TEST(the_log_lists_every_request),
        TEST(an_object_shows_everything), TEST(nested_forms_open), TEST(an_object_is_searched_and_copied), TEST(the_log_tells_the_requests_of_a_shell_apart),
        TEST(help_lists_what_can_be_done_and_does_it),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
