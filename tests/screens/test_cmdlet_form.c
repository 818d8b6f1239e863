/* The form of a cmdlet: keys on one side, the picture beside. */
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

#define CMDLETS                                                                                             \
    "Get-ComplianceCase Identity CaseType=eDiscovery|DSI|InsiderRisk -RecentOnly PageSize# -WhatIf\n"       \
    "New-ComplianceCase Name! CaseType=eDiscovery|DSI Description -Force\n"                                 \
    "Remove-ComplianceCase Identity!\n"                                                                     \
    "Get-Thing\n"

/* A cmdlet with two sets and the types that the harness has no sign for. */
static void add_typed(struct catalogue *catalogue)
{
    char by_id[] = "ById", by_name[] = "ByName", everywhere[] = ALL_PARAMETER_SETS;
    static const struct { const char *name; enum parameter_type type; } others[] = {
        { "Locations", TYPE_STRING_LIST }, { "Enabled", TYPE_BOOL }, { "Start", TYPE_DATETIME },
        { "Settings", TYPE_HASHTABLE },    { "Secret", TYPE_SECURE_STRING },
    };
    struct cmdlet *cmdlet = catalogue_add(catalogue, STR("Set-Thing"));
    struct parameter *id = cmdlet_add_parameter(cmdlet, STR("Id"));
    id->type = TYPE_GUID;
    parameter_add_use(id, (struct parameter_use){ .set = by_id, .mandatory = true, .position = 0 });
    struct parameter *name = cmdlet_add_parameter(cmdlet, STR("Name"));
    name->type = TYPE_STRING;
    parameter_add_use(name, (struct parameter_use){ .set = by_name, .mandatory = true, .position = 0 });
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct parameter *parameter = cmdlet_add_parameter(cmdlet, str_of(others[i].name));
        parameter->type = others[i].type;
        parameter_add_use(parameter, (struct parameter_use){ .set = everywhere, .position = -1 });
    }
    free(cmdlet->default_set);
    cmdlet->default_set = mem_text("ById");
    cmdlet->should_process = true;
}

/* Harness catalogues are sealed already: adding to one and sealing again keeps what is there. */
static struct harness *start(int rows, int columns, const char *cmdlet)
{
    struct harness *h = harness_new(rows, columns);
    struct catalogue *catalogue = harness_catalogue(CMDLETS);
    add_typed(catalogue);
    catalogue_seal(catalogue);
    uint64_t connection = harness_connect(h, catalogue);
    const struct session_view *session = app_state_session(harness_state(h), connection);
    const struct cmdlet *found = catalogue_find(session->catalogue, str_of(cmdlet));
    harness_push(h, cmdlet_form_screen(harness_state(h), connection, found, NULL));
    return h;
}

/* The line of the next COMMAND_RUN. */
static void expect_run(struct harness *h, const char *line)
{
    message_free(harness_expect_sent(h, COMMAND_RUN));
    const struct app_state *app = harness_state(h);
    assert_string_equal(app->jobs[app->job_count - 1]->line, line);
    assert_string_equal(harness_screen(h), "Results");
}

static void a_reading_cmdlet_runs_at_once(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " CaseType    (not given) ▾\n"
                      " Identity\n"
                      " PageSize\n"
                      " RecentOnly  [ ]\n"
                      " Common parameters are folded away, 1 not offered to this account\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " text; one of eDiscovery, DSI, InsiderRisk; default eDiscovery\n"
                      " ─ PowerShell ─────────────────────────────────────────────────────────────────\n"
                      " Get-ComplianceCase\n"
                      "\n"
                      " F5 Run  F4 Values  i Edit line  Esc Back  ^E Common  y Copy line        ? Help\n");
    harness_keys(h, "<Right><Tab>Secret one<Tab>20<Tab><Space>");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " CaseType    eDiscovery ▾\n"
                      " Identity    Secret one\n"
                      " PageSize    20\n"
                      " RecentOnly  [✓]\n"
                      " Common parameters are folded away, 1 not offered to this account\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " switch\n"
                      " ─ PowerShell ─────────────────────────────────────────────────────────────────\n"
                      " Get-ComplianceCase -CaseType eDiscovery -Identity 'Secret one' -PageSize 20\n"
                      " -RecentOnly\n"
                      " F5 Run  i Edit line  Esc Back  ^E Common  y Copy line                   ? Help\n");
    harness_keys(h, "<F5>");
    expect_run(h, "Get-ComplianceCase -CaseType eDiscovery -Identity 'Secret one' -PageSize 20 -RecentOnly");
    /* The form is as it was. */
    harness_event(h, harness_job_done(1, 0));
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "Secret one");
    harness_expect_text(h, "eDiscovery");
    harness_free(h);
}

static void enter_goes_on_and_runs_at_the_end(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    harness_keys(h, "<Enter>abc<Enter><Enter><Enter>");
    expect_run(h, "Get-ComplianceCase -Identity abc");
    harness_free(h);
}

static void without_parameters_enter_runs(void **state)
{
    (void)state;
    struct harness *h = start(10, 40, "Get-Thing");
    harness_expect_text(h, "This cmdlet takes no parameters.");
    harness_keys(h, "<Enter>");
    expect_run(h, "Get-Thing");
    harness_free(h);
}

static void a_change_asks_with_the_tenant_and_the_line(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "New-ComplianceCase");
    harness_keys(h, "Q3 audit<F5>");
    harness_expect(h, " New-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Name*        Q3 audit\n"
                      " CaseType     (not given) ▾\n"
                      " Description\n"
                      " Force        [ ]\n"
                      " Common parameters are folded away, 1 not offered to this account\n"
                      "\n"
                      "\n"
                      "\n"
                      "    ┌ Change contoso.com? ─────────────────────────────────────────────────┐\n"
                      "    │ In contoso.com:                                                      │\n"
                      "    │ New-ComplianceCase -Name 'Q3 audit'                                  │\n"
                      "    │                                                                      │\n"
                      "    │ [ Run it ]  [ Do not run ]                                           │\n"
                      "    └──────────────────────────────────────────────────────────────────────┘\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " text; at most 64 characters\n"
                      " ─ PowerShell ─────────────────────────────────────────────────────────────────\n"
                      " New-ComplianceCase -Name 'Q3 audit'\n"
                      "\n"
                      " Enter Accept  Tab Other choice  Esc Give up                             ? Help\n");
    harness_resize(h, 10, 40);
    harness_expect(h, " New-ComplianceCase         contoso.com\n"
                      "N┌ Change contoso.com? ───────────────┐\n"
                      "C│ In contoso.com:                    │\n"
                      "D│ New-ComplianceCase -Name 'Q3       │\n"
                      "F│ audit'                             │\n"
                      "C│                                    │\n"
                      "t│ [ Run it ]  [ Do not run ]         │\n"
                      "N└────────────────────────────────────┘\n"
                      "\n"
                      " Enter Accept  Esc Give up       ? Help\n");
    /* Enter alone is the safe answer. */
    harness_keys(h, "<Enter>");
    assert_null(harness_sent(h));
    assert_string_equal(harness_screen(h), "Form");
    harness_keys(h, "<F5><Tab><Enter>");
    expect_run(h, "New-ComplianceCase -Name 'Q3 audit'");
    harness_free(h);
}

static void what_destroys_wants_a_word(void **state)
{
    (void)state;
    struct harness *h = start(10, 40, "Remove-ComplianceCase");
    harness_keys(h, "Case 7<Enter>");
    harness_expect(h, " Remove-ComplianceCase      contoso.com\n"
                      "I┌ Destroy something in contoso.com? ─┐\n"
                      "C│ For good, in contoso.com:          │\n"
                      " │ Remove-ComplianceCase -Identity    │\n"
                      " │ 'Case 7'                           │\n"
                      " │                                    │\n"
                      "t│ Type Remove:                       │\n"
                      "R└────────────────────────────────────┘'\n"
                      "\n"
                      " Enter Accept  Esc Give up      F1 Help\n");
    harness_keys(h, "<Enter>remov<Enter>");
    assert_null(harness_sent(h));
    harness_keys(h, "<C-u>Remove<Enter>");
    expect_run(h, "Remove-ComplianceCase -Identity 'Case 7'");
    harness_free(h);
}

/* What the dialog has no room for is counted. */
static void a_long_line_is_not_cut_in_silence(void **state)
{
    (void)state;
    struct harness *h = start(10, 40, "New-ComplianceCase");
    harness_keys(h, "A name that goes on and on until it needs several rows<Tab><Tab>");
    harness_keys(h, "and a description that is long too<F5>");
    harness_expect(h, " New-ComplianceCase         contoso.com\n"
                      "N┌ Change contoso.com? ───────────────┐\n"
                      "C│ In contoso.com:                    │\n"
                      "D│ New-ComplianceCase -Name 'A name   │\n"
                      "F│ that goes on and on until i ...    │\n"
                      "C│ and 71 more bytes                  │\n"
                      "t│                                    │\n"
                      "N│ [ Run it ]  [ Do not run ]         │\n"
                      "g└────────────────────────────────────┘…\n"
                      " Enter Accept  Esc Give up       ? Help\n");
    harness_free(h);
}

static void a_missing_value_gets_the_focus(void **state)
{
    (void)state;
    struct harness *h = start(12, 60, "New-ComplianceCase");
    harness_keys(h, "<Tab><Tab><F5>");
    harness_expect(h, " New-ComplianceCase         contoso.com · token until 09:00\n"
                      " Name*\n"
                      "              This one is needed.\n"
                      " CaseType     (not given) ▾\n"
                      " Description\n"
                      " Force        [ ]\n"
                      " Common parameters are folded away, 1 not offered to this…\n"
                      "\n"
                      " text; at most 64 characters\n"
                      " New-ComplianceCase\n"
                      "\n"
                      " Not run: see what stands at Name.\n");
    assert_null(harness_sent(h));
    /* A blank identity would mean "all of them" to the service. */
    harness_free(h);
    h = start(12, 60, "Get-ComplianceCase");
    harness_keys(h, "<Tab>   <F5>");
    harness_expect_text(h, "-Identity is empty");
    assert_null(harness_sent(h));
    harness_free(h);
}

static void a_wrong_value_is_said_on_leaving(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Set-Thing");
    harness_keys(h, "123<Tab>");
    harness_expect_text(h, "Id*        123");
    harness_expect_text(h, " \"123\" is not a GUID");
    harness_expect_no_text(h, "-Id: \"123\"");
    harness_keys(h, "<Tab><Tab><Tab><Tab>soon<Tab>");
    harness_expect_text(h, "is not a date that is clear in every country");
    harness_free(h);
}

static void sets_are_tabs_and_keep_values(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Set-Thing");
    harness_keys(h, "36ee4c6c-0812-40a2-b820-b22ebd02bce3<Tab><Tab>one, 'two, three'<F8>");
    harness_keys(h, "Case");
    harness_expect(h, " Set-Thing               contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  ById   ByName\n"
                      " Name*      Case\n"
                      " Enabled    (not given) ▾\n"
                      " Locations  one, 'two, three'\n"
                      " Secret\n"
                      " Settings   @{name='value'}\n"
                      " Start      2026-01-31 14:00 (UTC), 7d, today\n"
                      " Common parameters are folded away\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " text; position 0\n"
                      " ─ PowerShell ─────────────────────────────────────────────────────────────────\n"
                      " Set-Thing -Name Case -Locations one,'two, three'\n"
                      "\n"
                      " F5 Run  Alt-n Next set  Alt-p Previous set  F2 Edit line  Esc Back     F1 Help\n");
    harness_keys(h, "<F7>");
    harness_expect_text(h, "Set-Thing -Id '36ee4c6c-0812-40a2-b820-b22ebd02bce3'");
    harness_keys(h, "<F7>");
    harness_expect_text(h, "Set-Thing -Name Case");
    harness_resize(h, 10, 40);
    harness_expect(h, " Set-Thing  contoso · token until 09:00\n"
                      " ById   ByName\n"
                      "Name*      Case\n"
                      "Enabled    (not given) ▾\n"
                      "Locations  one, 'two, three'\n"
                      "Secret                                 ↓\n"
                      "text; position 0\n"
                      "Set-Thing -Name Case -Locations\n"
                      "one,'two, three'\n"
                      " F5 Run  Esc Back  ^T Common    F1 Help\n");
    harness_free(h);
}

static void every_type_has_its_field(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Set-Thing");
    harness_keys(h, "36ee4c6c-0812-40a2-b820-b22ebd02bce3<Tab><Right><Tab>a,b<Tab>");
    harness_keys(h, "<Tab>@{Mode='Keep'; Days=30}<Tab>2026-01-31 14:00");
    harness_expect_text(h, "-Enabled $true");
    harness_expect_text(h, "2026-01-31T14:00:00");
    harness_keys(h, "<C-t>");
    harness_expect(h, " Set-Thing               contoso.com · michelle@contoso.com · token until 09:00\n"
                      "  ById   ByName\n"
                      " Id*            36ee4c6c-0812-40a2-b820-b22ebd02bce3\n"
                      " Enabled        true ▾\n"
                      " Locations      a,b\n"
                      " Secret\n"
                      " Settings       @{Mode='Keep'; Days=30}\n"
                      " Start          2026-01-31 14:00\n"
                      " Common parameters\n"
                      " Confirm        (not given) ▾\n"
                      " ErrorAction    (not given) ▾\n"
                      " WarningAction  (not given) ▾\n"
                      " Verbose        [ ]\n"
                      " Debug          [ ]\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " date\n"
                      " ─ PowerShell ─────────────────────────────────────────────────────────────────\n"
                      " Set-Thing -Id '36ee4c6c-0812-40a2-b820-b22ebd02bce3' -Enabled $true -Locations\n"
                      " a,b -Settings @{'Mode'='Keep'; 'Days'=30} -Start '2026-01-31T14:00:00'\n"
                      " F5 Run  Alt-n Next set  Alt-p Previous set  F2 Edit line  Esc Back     F1 Help\n");
    harness_free(h);
}

static void choices_open_as_a_list(void **state)
{
    (void)state;
    struct harness *h = start(12, 50, "Get-ComplianceCase");
    harness_keys(h, "<F4>");
    harness_expect(h, " Get-ComplianceCase   contoso · token until 09:00\n"
                      "CaseType    (not given) ▾\n"
                      "Identity    ┌─────────────┐\n"
                      "PageSize    │ (not given) │\n"
                      "RecentOnly  │ eDiscovery  │\n"
                      "Common param│ DSI         │d away, 1 not offered…\n"
                      "            │ InsiderRisk │\n"
                      "            └─────────────┘\n"
                      "text; one of eDiscovery, DSI, InsiderRisk; defaul…\n"
                      "Get-ComplianceCase\n"
                      "\n"
                      " Enter Choose  Esc Close the list          ? Help\n");
    harness_keys(h, "<Esc><F4><Down><Down><Enter>");
    harness_expect_text(h, "Get-ComplianceCase -CaseType DSI");
    harness_free(h);
}

static void the_line_is_edited_both_ways(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    harness_keys(h, "<F2> -CaseType DSI -Foo 1<Enter>");
    harness_expect(h, " Get-ComplianceCase      contoso.com · michelle@contoso.com · token until 09:00\n"
                      " CaseType    (not given) ▾\n"
                      " Identity\n"
                      " PageSize\n"
                      " RecentOnly  [ ]\n"
                      " Common parameters are folded away, 1 not offered to this account\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      "\n"
                      " text; one of eDiscovery, DSI, InsiderRisk; default eDiscovery\n"
                      " ─ PowerShell: Enter takes it over, empty clears the form ─────────────────────\n"
                      " Get-ComplianceCase -CaseType DSI -Foo 1\n"
                      "                                  ▲\n"
                      " column 34: Get-ComplianceCase has no parameter -Foo for this account. Look at\n"
                      " the cmdlet's parameters; some appear only with a further role.\n"
                      " Enter Take over  Esc Fields                                            F1 Help\n");
    /* Back in the fields nothing has changed, and the line waits as it was. */
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "(not given)");
    harness_keys(h, "<F2>");
    harness_expect_text(h, "-Foo 1");
    harness_keys(h, "<C-w><C-w>Pag 5 -ErrorAction Stop -OutVariable x<Enter>");
    harness_expect_text(h, "Get-ComplianceCase -CaseType DSI -PageSize 5 -ErrorAction Stop -OutVariable x");
    harness_keys(h, "<F5>");
    expect_run(h, "Get-ComplianceCase -CaseType DSI -PageSize 5 -ErrorAction Stop -OutVariable x");
    harness_keys(h, "<Esc><F2><C-u><Enter>");
    harness_expect_no_text(h, "-CaseType DSI");
    harness_free(h);
}

/* What cannot be written in a field survives as long as its field is left alone. */
static void a_line_gives_values_that_are_no_text(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Set-Thing");
    harness_keys(h, "<F2><C-u>Set-Thing -Name 'it''s' -Locations 'a,b',' c ' ");
    harness_keys(h, "-Enabled:$false -Start $null -Confirm:$false<Enter>");
    harness_expect_text(h, "Set-Thing -Name 'it''s' -Enabled $false -Locations 'a,b',' c ' -Start $null");
    harness_keys(h, "<F5><Tab><Enter>");
    expect_run(h, "Set-Thing -Name 'it''s' -Enabled $false -Locations 'a,b',' c ' -Start $null -Confirm:$false");
    harness_free(h);
}

static void what_if_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Remove-ComplianceCase");
    harness_keys(h, "<F2> -Identity x -WhatIf<Enter>");
    harness_expect_text(h, "-WhatIf is never sent");
    assert_null(harness_sent(h));
    harness_free(h);
    h = start(24, 80, "Get-ComplianceCase");
    harness_keys(h, "<C-t>");
    harness_expect_no_text(h, "WhatIf");
    harness_free(h);
}

static void a_line_for_another_cmdlet_opens_its_form(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    harness_keys(h, "<F2><C-u>New-ComplianceCase -Name x<Enter>");
    harness_expect_text(h, " New-ComplianceCase ");
    harness_expect_text(h, "New-ComplianceCase -Name x");
    harness_free(h);
}

static void leaving_a_filled_form_asks(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    harness_keys(h, "<Tab>x<Esc>");
    harness_expect_text(h, "Leave this form?");
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "Get-ComplianceCase -Identity x");
    harness_keys(h, "<Esc><Tab><Enter>");
    assert_true(harness_ended(h));
    harness_free(h);
}

static void nothing_runs_without_a_connection(void **state)
{
    (void)state;
    struct harness *h = start(24, 80, "Get-ComplianceCase");
    struct message *event = message_new(EVENT_DISCONNECTED);
    event->connection = 1;
    harness_event(h, event);
    harness_keys(h, "<Tab>x<F5>");
    harness_expect_text(h, "The connection is closed.");
    harness_expect_text(h, "Get-ComplianceCase -Identity x");
    assert_null(harness_sent(h));
    harness_free(h);
}

static void ascii_terminals_see_plain_signs(void **state)
{
    (void)state;
    struct harness *h = harness_new(10, 40);
    harness_ascii(h);
    uint64_t connection = harness_connect(h, harness_catalogue(CMDLETS));
    const struct catalogue *catalogue = app_state_session(harness_state(h), connection)->catalogue;
    const struct cmdlet *cmdlet = catalogue_find(catalogue, STR("Get-ComplianceCase"));
    harness_push(h, cmdlet_form_screen(harness_state(h), connection, cmdlet, NULL));
    harness_keys(h, "<Tab><Tab><Tab><Space>");
    harness_expect(h, " Get-ComplianceCase         contoso.com\n"
                      "CaseType    (not given) v\n"
                      "Identity\n"
                      "PageSize\n"
                      "RecentOnly  [x]\n"
                      "Common parameters are folded away, 1 n~\n"
                      "switch\n"
                      "Get-ComplianceCase -RecentOnly\n"
                      "\n"
                      " F5 Run  i Edit line  Esc Back   ? Help\n");
    harness_free(h);
}

/* Behind the common ones, with the role that brings each; all of it can be read although nothing there has the focus. */
static void a_long_error_is_read_beside_its_field(void **state)
{
    (void)state;
    struct harness *h = harness_new(24, 80);
    uint64_t connection = harness_connect(h, harness_catalogue("Export-ActivityExplorerData StartTime Filter1"));
    struct catalogue *catalogue = app_state_session(harness_state(h), connection)->catalogue;
    catalogue->cmdlets[0].parameters[0].type = TYPE_DATETIME;
    harness_push(h, cmdlet_form_screen(harness_state(h), connection, &catalogue->cmdlets[0], NULL));
    harness_keys(h, "<Down>31/12/2025<Up>");
    harness_expect_text(h, "is not a date that is clear in every");
    harness_expect_text(h, "yesterday.");
    harness_expect_no_text(h, "…");
    harness_free(h);
}

static void what_was_not_offered_is_unfolded_too(void **state)
{
    (void)state;
    struct harness *h = harness_new(24, 80);
    uint64_t connection = harness_connect(h, harness_catalogue("New-ComplianceSearchAction SearchName"));
    const struct catalogue *catalogue = app_state_session(harness_state(h), connection)->catalogue;
    harness_push(h, cmdlet_form_screen(harness_state(h), connection, &catalogue->cmdlets[0], NULL));
    harness_expect_text(h, "Common parameters are folded away, ");
    harness_expect_text(h, " not offered to this account");
    harness_keys(h, "<C-t>");
    harness_expect_text(h, "Not offered to this account");
    harness_keys(h, "<Up>");
    harness_expect_text(h, "Export  switch  (with the role");
    harness_keys(h, "<C-e>");
    harness_expect_text(h, "SearchName");
    harness_free(h);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_cmdlet_runs_at_once),
        cmocka_unit_test(enter_goes_on_and_runs_at_the_end),
        cmocka_unit_test(without_parameters_enter_runs),
        cmocka_unit_test(a_change_asks_with_the_tenant_and_the_line),
        cmocka_unit_test(what_destroys_wants_a_word),
        cmocka_unit_test(a_long_line_is_not_cut_in_silence),
        cmocka_unit_test(a_missing_value_gets_the_focus),
        cmocka_unit_test(a_wrong_value_is_said_on_leaving),
        cmocka_unit_test(sets_are_tabs_and_keep_values),
        cmocka_unit_test(every_type_has_its_field),
        cmocka_unit_test(choices_open_as_a_list),
        cmocka_unit_test(the_line_is_edited_both_ways),
        cmocka_unit_test(a_line_gives_values_that_are_no_text),
        cmocka_unit_test(what_if_is_refused_with_the_reason),
        cmocka_unit_test(a_line_for_another_cmdlet_opens_its_form),
        cmocka_unit_test(leaving_a_filled_form_asks),
        cmocka_unit_test(nothing_runs_without_a_connection),
        cmocka_unit_test(a_long_error_is_read_beside_its_field),
        cmocka_unit_test(what_was_not_offered_is_unfolded_too),
        cmocka_unit_test(ascii_terminals_see_plain_signs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
