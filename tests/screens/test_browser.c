/* The cmdlet browser: keys on one side, the picture beside. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "tests/screens/harness.h"
#include "ui/screens.h"

#define CMDLETS                                                                       \
    "Get-ComplianceCase Identity CaseType=eDiscovery|DSI -RecentOnly PageSize#\n"     \
    "New-ComplianceCase Name! CaseType=eDiscovery|DSI -Force\n"                       \
    "Remove-ComplianceCase Identity! -WhatIf\n"                                       \
    "Get-ComplianceSearch Identity Case\n"                                            \
    "Get-Label Identity\n"                                                            \
    "Set-Label Identity! DisplayName\n"                                               \
    "Get-DlpCompliancePolicy Identity\n"                                              \
    "Get-Thing\n"

static struct harness *start(int rows, int columns)
{
    struct harness *h = harness_new(rows, columns);
    uint64_t connection = harness_connect(h, harness_catalogue(CMDLETS));
    harness_push(h, browser_screen(harness_state(h), connection));
    return h;
}

static void all_cmdlets_stand_in_groups(void **state)
{
    (void)state;
    struct harness *h = start(24, 80);
    harness_expect(h, " Cmdlets                 contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Type a few letters to find a cmdlet; : for a line of PowerShell          8 of 8\n"
                      "eDiscovery                              │ Get-ComplianceCase\n"
                      " Get-ComplianceCase                     │ eDiscovery, only reads\n"
                      " New-ComplianceCase                     │\n"
                      " Remove-ComplianceCase                  │ Parameters (* mandatory)\n"
                      " Get-ComplianceSearch                   │   Identity  text\n"
                      "Labels                                  │   CaseType  text\n"
                      " Get-Label                              │     eDiscovery, DSI\n"
                      " Set-Label                              │   RecentOnly  switch\n"
                      "DLP                                     │   PageSize  whole number\n"
                      " Get-DlpCompliancePolicy                │\n"
                      "Other                                   │ Not offered to this account\n"
                      " Get-Thing                              │   RoleGroup  text\n"
                      "Not offered to this account             │\n"
                      " Add-ComplianceCaseMember               │\n"
                      " Add-eDiscoveryCaseAdmin                │\n"
                      " Add-RoleGroupMember                    │\n"
                      " Cancel-DlpEdmSession                   │\n"
                      " Cancel-SensitiveInformationScan        │\n"
                      " Check-PurviewConfig                    │\n"
                      " Create-FilePlanFirstRunLabels          │\n"
                      " Delete-QuarantineMessage              ↓│\n"
                      " Enter Open  Tab Details  Esc Disconnect  ^O Other tenant               F1 Help\n");
    harness_free(h);
}

static void typing_narrows_at_once(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, "gcc");
    harness_expect(h, " Cmdlets                 contoso.com · michelle@contoso.com · token until 09:00\n"
                      " gcc                                                                      3 of 8\n"
                      " Get-ComplianceCase         eDiscovery  │ Get-ComplianceCase\n"
                      " Get-ComplianceSearch       eDiscovery  │ eDiscovery, only reads\n"
                      " Get-DlpCompliancePolicy           DLP  │\n"
                      "Not offered to this account             │ Parameters (* mandatory)\n"
                      " Get-ComplianceCustodian    eDiscovery  │   Identity  text\n"
                      " Get-ComplianceCaseMember               │   CaseType  text\n"
                      " Get-ComplianceCaseStatistics           │     eDiscovery, DSI\n"
                      " Get-ComplianceCaseMemberCandidate      │   RecentOnly  switch\n"
                      " Get-ComplianceTag           Retention ↓│   PageSize  whole number             ↓\n"
                      " Enter Open  Tab Details  Esc Clear  ^O Other tenant  ^X Disconnect     F1 Help\n");
    harness_expect_styles(h, "tTTTTTTTtttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt\n"
                             " IIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIIII dddddd\n"
                             "sMsssMsssssssssMsssssssssssssssssssssss b HHHHHHHHHHHHHHHHHH\n"
                             " M   M       M              dddddddddd  b dddddddddddddddddddddd\n"
                             " M      M       M                  ddd  b\n"
                             "HHHHHHHHHHHHHHHHHHHHHHHHHHH             b HHHHHHHHHHHHHHHHHHHHHHHH\n"
                             " MdddMdddddddddMdddddddd    dddddddddd  b\n"
                             " MdddMdddddddddMddddddddd               b\n"
                             " MdddMdddddddddMddddddddddddd           b     ddddddddddddddd\n"
                             " MdddMdddddddddMdddddddddddddddddd      b\n"
                             " MdddMdddddddMdddd           ddddddddd db                                      d\n"
                             "KkkkkkKKKKKKKkkkKKKKKKKKKKkkkKKKKKKKKkkKKKKKKKKKKKKKKKkkKKKKKKKKKKKKKKKKkkKKKKKK\n");
    /* Esc empties the line first. */
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "8 of 8");
    harness_keys(h, "zzz");
    harness_expect_text(h, "No cmdlet matches.");
    harness_expect_text(h, "None that this service is known to have.");
    harness_keys(h, "<Enter>");
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_free(h);
}

static void headings_are_never_selected(void **state)
{
    (void)state;
    struct harness *h = start(24, 80);
    harness_keys(h, "<Down><Down><Down><Down>");        /* over a heading to Get-Label */
    harness_expect_text(h, "Labels, only reads");
    harness_keys(h, "<Up>");
    harness_expect_text(h, "eDiscovery, only reads");
    harness_keys(h, "<Up><Up><Up><Up><Up><Up>");
    harness_expect_text(h, "│ Get-ComplianceCase");
    harness_keys(h, "<Down><Down><Down><Down><Down><Down><Down>");
    harness_expect_text(h, "Other, only reads");
    harness_free(h);
}

/* 40x10: the pane has no room of its own. */
static void a_small_screen_shows_one_thing_at_a_time(void **state)
{
    (void)state;
    struct harness *h = start(10, 40);
    harness_keys(h, "case");
    harness_expect(h, " Cmdlets    contoso · token until 09:00\n"
                      " case                             4 of 8\n"
                      " Get-ComplianceCase         eDiscovery\n"
                      " New-ComplianceCase         eDiscovery\n"
                      " Remove-ComplianceCase      eDiscovery\n"
                      " Get-ComplianceSearch       eDiscovery\n"
                      "Not offered to this account\n"
                      " Get-CaseHoldRule           eDiscovery\n"
                      " Get-CaseHoldPolicy         eDiscovery ↓\n"
                      " Enter Open  Esc Clear          F1 Help\n");
    harness_keys(h, "<F3>");
    harness_expect(h, " Cmdlets    contoso · token until 09:00\n"
                      " case                             4 of 8\n"
                      "Get-ComplianceCase\n"
                      "eDiscovery, only reads\n"
                      "\n"
                      "Parameters (* mandatory)\n"
                      "  Identity  text\n"
                      "  CaseType  text\n"
                      "    eDiscovery, DSI                    ↓\n"
                      " Enter Open  Esc Back  / Search  ? Help\n");
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "Remove-ComplianceCase");
    harness_resize(h, 24, 60);
    harness_expect(h, " Cmdlets                    contoso.com · token until 09:00\n"
                      " case                                                 4 of 8\n"
                      " Get-ComplianceCase                             eDiscovery\n"
                      " New-ComplianceCase                             eDiscovery\n"
                      " Remove-ComplianceCase                          eDiscovery\n"
                      " Get-ComplianceSearch                           eDiscovery\n"
                      "Not offered to this account\n"
                      " Get-CaseHoldRule                               eDiscovery\n"
                      " Get-CaseHoldPolicy                             eDiscovery\n"
                      " New-CaseHoldRule                               eDiscovery\n"
                      " Set-CaseHoldRule                               eDiscovery\n"
                      " New-CaseHoldPolicy                             eDiscovery ↓\n"
                      "────────────────────────────────────────────────────────────\n"
                      "Get-ComplianceCase\n"
                      "eDiscovery, only reads\n"
                      "\n"
                      "Parameters (* mandatory)\n"
                      "  Identity  text\n"
                      "  CaseType  text\n"
                      "    eDiscovery, DSI\n"
                      "  RecentOnly  switch\n"
                      "  PageSize  whole number\n"
                      "                                                           ↓\n"
                      " Enter Open  Tab Details  Esc Clear  ^X Disconnect  F1 Help\n");
    harness_resize(h, 9, 39);
    harness_expect_text(h, "Too small");
    harness_free(h);
}

static void what_if_is_never_shown(void **state)
{
    (void)state;
    struct harness *h = start(24, 80);
    harness_keys(h, "remove");
    harness_expect_text(h, "* Identity  text");
    harness_expect_text(h, "changes the tenant");
    harness_expect_no_text(h, "WhatIf");
    harness_free(h);
}

static void parameter_sets_are_told_apart(void **state)
{
    (void)state;
    struct harness *h = harness_new(24, 80);
    struct catalogue *catalogue = harness_catalogue("Set-Thing Comment");
    char by_name[] = "ByName", by_id[] = "ById";
    struct cmdlet *cmdlet = catalogue_add(catalogue, STR("Get-Case"));
    struct parameter *name = cmdlet_add_parameter(cmdlet, STR("Name"));
    parameter_add_use(name, (struct parameter_use){ .set = by_name, .mandatory = true, .position = 0 });
    struct parameter *id = cmdlet_add_parameter(cmdlet, STR("Id"));
    id->type = TYPE_GUID;
    parameter_add_use(id, (struct parameter_use){ .set = by_id, .mandatory = true, .position = -1 });
    cmdlet_add_parameter(cmdlet, STR("Detailed"))->type = TYPE_SWITCH;
    free(cmdlet->default_set);
    cmdlet->default_set = mem_text("ById");
    catalogue_seal(catalogue);
    uint64_t connection = harness_connect(h, catalogue);
    harness_push(h, browser_screen(harness_state(h), connection));
    harness_expect(h, " Cmdlets                 contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Type a few letters to find a cmdlet; : for a line of PowerShell          2 of 2\n"
                      "Other                                   │ Get-Case\n"
                      " Get-Case                               │ Other, only reads\n"
                      " Set-Thing                              │\n"
                      "Not offered to this account             │ In all 2 parameter sets\n"
                      " Add-ComplianceCaseMember               │   Detailed  switch\n"
                      " Add-eDiscoveryCaseAdmin                │\n"
                      " Add-RoleGroupMember                    │ Only in set ById (the default)\n"
                      " Cancel-DlpEdmSession                   │ * Id  GUID\n"
                      " Cancel-SensitiveInformationScan        │\n"
                      " Check-PurviewConfig                    │ Only in set ByName\n"
                      " Create-FilePlanFirstRunLabels          │ * Name  value, position 0\n"
                      " Delete-QuarantineMessage               │\n"
                      " Enable-AdaptiveScopeStorage            │\n"
                      " Enable-ComplianceFeature               │\n"
                      " Enable-ComplianceTagStorage            │\n"
                      " Enable-ServiceDomainGroupStorage       │\n"
                      " Execute-AzureADLabelSync               │\n"
                      " Execute-UnifiedPolicyCmdletBatch       │\n"
                      " Export-ActivityExplorerData            │\n"
                      " Export-ContentExplorerData             │\n"
                      " Export-FilePlanProperty               ↓│\n"
                      " Enter Open  Tab Details  Esc Disconnect  ^O Other tenant               F1 Help\n");
    harness_free(h);
}

static void enter_opens_the_form(void **state)
{
    (void)state;
    struct harness *h = start(24, 80);
    harness_keys(h, "newcase<Enter>");
    assert_string_equal(harness_screen(h), "Form");
    harness_keys(h, "My case<Esc>");
    harness_expect_text(h, "Kept: open New-ComplianceCase again and your values are there.");
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "New-ComplianceCase -Name 'My case'");
    harness_free(h);
}

static void a_line_can_be_typed_whole(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Get-ComplianceCase -CaseTyp eDiscovry<Enter>");
    harness_expect(h, " Cmdlets                 contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Type a few letters to find a cmdlet; : for a line of PowerShell          8 of 8\n"
                      "eDiscovery                              │ Get-ComplianceCase\n"
                      " Get-ComplianceCase                     │ eDiscovery, only reads\n"
                      " New-ComplianceCase                     │\n"
                      " Remove-ComplianceCase                  │ Parameters (* mandatory)\n"
                      " Get-ComplianceSearch                   │   Identity  text\n"
                      "Labels                                 ↓│   CaseType  text                     ↓\n"
                      "column 29: -CaseType does not take \"eDiscovry\". Did you mean eDiscovery?\n"
                      "                             ▾\n"
                      ":Get-ComplianceCase -CaseTyp eDiscovry\n"
                      " Enter Run  Tab Complete  ↑ Earlier  Esc Close                          F1 Help\n");
    /* The line is still there, also after Esc. */
    harness_keys(h, "<Esc>:<Backspace><Backspace>ery<Enter>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_string_equal(run->pipeline->stages[0].invocation->cmdlet, "Get-ComplianceCase");
    assert_string_equal(json_string(invocation_get(run->pipeline->stages[0].invocation, "CaseType")->value).data, "eDiscovery");
    message_free(run);
    assert_string_equal(harness_screen(h), "Results");
    harness_free(h);
}

/* What is wrong, and what to do, can be read to its end on a small screen. */
static void a_long_error_of_a_line_is_shown_in_pages(void **state)
{
    (void)state;
    struct harness *h = start(10, 40);
    harness_keys(h, ":if ($true) { Get-ComplianceCase }<Enter>");
    harness_expect_text(h, "column 1: 'if' is not possible here:");
    harness_expect_text(h, "PgDn: more, page 1 of 2");
    harness_keys(h, "<PageDown>");
    harness_expect_text(h, "run a cmdlet for each. A shell can do");
    harness_keys(h, "<PageUp>");
    harness_expect_text(h, "column 1: 'if' is not possible here:");
    harness_free(h);
}

static void a_pasted_line_goes_to_the_prompt(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_paste(h, "Get-ComplianceCase -CaseType DSI\n");
    harness_expect_text(h, ":Get-ComplianceCase -CaseType DSI");
    harness_keys(h, "<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_free(h);
}

static void a_line_is_completed(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":get-compl<Tab>");
    harness_expect_text(h, "Get-ComplianceCase  Get-ComplianceSearch");
    harness_expect_text(h, ":Get-Compliance");
    harness_keys(h, "c<Tab>-ca<Tab>ed<Tab>-r<Tab>");
    harness_expect_text(h, ":Get-ComplianceCase -CaseType eDiscovery -RecentOnly");
    harness_keys(h, "-q<Tab>");
    harness_expect_text(h, "Nothing known starts like this.");
    harness_free(h);
}

static void a_pipeline_runs_from_the_prompt(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Get-ComplianceCase | sel<Tab>Name -fi<Tab>3<Enter>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_string_equal(run->pipeline->text, "Get-ComplianceCase | Select-Object Name -First 3");
    assert_int_equal(run->pipeline->count, 2);
    message_free(run);
    harness_event(h, harness_job_done(1, 0));
    harness_keys(h, "<Esc>:Get-ComplianceCase | Where-Object Name -eq<Enter>");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    harness_expect_text(h, "column 22: Where-Object: the operator needs a value");
    assert_null(harness_sent(h));
    harness_free(h);
}

static void a_variable_begins_a_line(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":$cases.Name<Enter>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_string_equal(run->pipeline->stages[0].variable, "cases");
    message_free(run);
    harness_expect_text(h, " $cases  ");
    harness_free(h);
}

static void what_if_of_a_line_asks_nothing(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Remove-ComplianceCase -Identity x -WhatIf<Enter>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_true(run->pipeline->stages[0].invocation->what_if);
    message_free(run);
    harness_free(h);
}

static void a_line_connects_and_disconnects(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Connect-IPPSSession -UserPrincipalName b@fabrikam.com<Enter>");
    struct message *connect = harness_expect_sent(h, COMMAND_CONNECT);
    assert_string_equal(options_get(connect->options, OPT_USER_PRINCIPAL_NAME), "b@fabrikam.com");
    message_free(connect);
    harness_free(h);
    h = start(12, 80);
    harness_keys(h, ":Connect-IPPSSession -UserPrincipalNam b@fabrikam.com -Nonsense x<Enter>");
    harness_expect_text(h, "-Nonsense");
    assert_null(harness_sent(h));
    harness_free(h);
    h = start(12, 80);
    harness_keys(h, ":Disconnect-ExchangeOnline<Enter>");
    harness_expect_text(h, "Disconnect from contoso.com?");
    harness_free(h);
}

static void a_changing_line_asks_and_is_not_lost(void **state)
{
    (void)state;
    struct harness *h = start(16, 80);
    harness_keys(h, ":Remove-ComplianceCase -Identity 'Case 7'<Enter>");
    harness_expect(h, " Cmdlets                 contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Type a few letters to find a cmdlet; : for a line of PowerShell          8 of 8\n"
                      "eDiscovery                              │ Get-ComplianceCase\n"
                      " Get-ComplianceCase                     │ eDiscovery, only reads\n"
                      " New-ComplianceCase                     │\n"
                      " Rem┌ Destroy something in contoso.com? ───────────────────────────────────┐\n"
                      " Get│ For good, in contoso.com:                                            │\n"
                      "Labe│ Remove-ComplianceCase -Identity 'Case 7'                             │\n"
                      " Get│                                                                      │\n"
                      " Set│ Type Remove:                                                         │\n"
                      "DLP └──────────────────────────────────────────────────────────────────────┘\n"
                      " Get-DlpCompliancePolicy                │\n"
                      "Other                                   │ Not offered to this account\n"
                      " Get-Thing                              │   RoleGroup  text\n"
                      "Not offered to this account            ↓│\n"
                      " Enter Accept  Esc Give up                                              F1 Help\n");
    /* Another word does not do; Esc gives the line back. */
    harness_keys(h, "yes<Enter>");
    harness_expect_text(h, "Type Remove:");
    harness_keys(h, "<Esc>");
    harness_expect_text(h, ":Remove-ComplianceCase -Identity 'Case 7'");
    assert_null(harness_sent(h));
    harness_keys(h, "<Enter>Remove<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    assert_string_equal(harness_screen(h), "Results");
    harness_free(h);
}

static void what_was_used_comes_first(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Get-Label -Identity Secret<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_event(h, harness_job_started(1, "/nonexistent"));
    /* It still runs: its table can be opened again. */
    harness_keys(h, "<Esc>");
    harness_event(h, harness_job_progress(1, 1204));
    harness_expect(h, " Cmdlets     1 running · contoso.com · michelle@contoso.com · token until 09:00\n"
                      " Type a few letters to find a cmdlet; : for a line of PowerShell          8 of 8\n"
                      "Open results                            │ Get-ComplianceCase\n"
                      " Get-Label -Identity Sec… 1,204 so far  │ eDiscovery, only reads\n"
                      "Used before                             │\n"
                      " Get-Label                              │ Parameters (* mandatory)\n"
                      "eDiscovery                              │   Identity  text\n"
                      " Get-ComplianceCase                     │   CaseType  text\n"
                      " New-ComplianceCase                     │     eDiscovery, DSI\n"
                      " Remove-ComplianceCase                  │   RecentOnly  switch\n"
                      " Get-ComplianceSearch                  ↓│   PageSize  whole number             ↓\n"
                      " Get-Label goes on; its table stands first in the list of cmdlets.\n");
    harness_keys(h, "<Up><Up><Up><Enter>");
    assert_string_equal(harness_screen(h), "Results");
    harness_event(h, harness_job_done(1, 0));
    harness_keys(h, "<Esc>");
    message_free(harness_expect_sent(h, COMMAND_DISCARD));
    harness_expect_no_text(h, "Open results");
    /* The line is in the history of the prompt. */
    harness_keys(h, ":<Up>");
    harness_expect_text(h, ":Get-Label -Identity Secret");
    harness_keys(h, "<Down>");
    harness_expect_no_text(h, ":Get-Label");
    harness_free(h);
}

static void leaving_means_disconnecting(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, "<Esc>");
    harness_expect_text(h, "Disconnect from contoso.com?");
    harness_keys(h, "<Enter>");                 /* the safe choice is the first */
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_keys(h, "<C-x><Tab><Enter>");
    message_free(harness_expect_sent(h, COMMAND_DISCONNECT));
    assert_true(harness_ended(h));
    harness_free(h);
}

static void leaving_may_forget_the_sign_in(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, "<C-x>");
    harness_expect_text(h, "[o] Sign out");
    harness_keys(h, "<Tab><Tab><Enter>");
    struct message *out = harness_expect_sent(h, COMMAND_SIGN_OUT);
    assert_string_equal(options_get(out->options, OPT_USER_PRINCIPAL_NAME), "michelle@contoso.com");
    message_free(out);
    message_free(harness_expect_sent(h, COMMAND_DISCONNECT));
    harness_free(h);
    h = start(10, 40);
    harness_keys(h, "<C-x>");
    harness_expect_text(h, "[o] Sign out");
    harness_keys(h, "s");
    assert_null(harness_sent(h));
    harness_free(h);
}

static void a_closed_connection_says_so(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    struct message *event = message_new(EVENT_DISCONNECTED);
    event->connection = 1;
    harness_event(h, event);
    harness_expect_text(h, "connection closed");
    harness_keys(h, ":Get-Label<Enter>");
    harness_expect_text(h, "The connection is closed. Connect again to run this.");
    assert_null(harness_sent(h));
    harness_free(h);
}

/* All 400 cmdlets of a tenant are ranked well within a frame, sanitizers included. */
static void ranking_takes_less_than_a_frame(void **state)
{
    (void)state;
    struct buf lines = BUF_INIT(BUF_LARGE);
    for (int i = 0; i < 418; i++)
        buf_format(&lines, "Get-ComplianceRetentionPolicyThing%03d Identity Name\n", i);
    struct harness *h = harness_new(24, 80);
    uint64_t connection = harness_connect(h, harness_catalogue(buf_cstr(&lines)));
    harness_push(h, browser_screen(harness_state(h), connection));
    int64_t begin = clock_ms();
    for (int i = 0; i < 10; i++)
        harness_keys(h, "gcrpt<C-u>");
    assert_true((clock_ms() - begin) / 60 < 100);
    harness_keys(h, "thing417");
    harness_expect_text(h, "1 of 418");
    buf_free(&lines);
    harness_free(h);
}

/* ---- the ':' line from everywhere ---- */

static void a_colon_leads_to_the_prompt_from_forms_and_tables(void **state)
{
    (void)state;
    struct harness *h = start(12, 80);
    harness_keys(h, ":Get-Label<Enter>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    harness_event(h, harness_job_done(run->job, 0));
    message_free(run);
    assert_string_equal(harness_screen(h), "Results");
    harness_keys(h, ":Set-Label");
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_expect_text(h, ":Set-Label");
    harness_keys(h, "<Esc>");
    /* The table has stayed. */
    harness_expect_text(h, "Open results");
    assert_null(harness_sent(h));
    /* So does what was filled in. */
    harness_keys(h, "gcc<Enter>");
    assert_string_equal(harness_screen(h), "Form");
    harness_keys(h, "<Space>:");
    harness_expect_text(h, ":Set-Label");
    harness_keys(h, "<Esc><Enter>");
    harness_expect_text(h, "Get-ComplianceCase -CaseType eDiscovery");
    harness_free(h);
}

static void pasted_lines_stay_lines(void **state)
{
    (void)state;
    struct harness *h = start(12, 90);
    harness_keys(h, ":");
    harness_paste(h, "Get-Label\n");
    harness_expect_text(h, ":Get-Label");
    harness_expect_no_text(h, ":Get-Label⏎");
    harness_paste(h, "\nGet-Thing\n");
    harness_keys(h, "<C-u>");
    harness_paste(h, "Get-Label\nGet-Thing\n");
    harness_expect_text(h, ":Get-Label⏎Get-Thing");
    harness_keys(h, "<Enter>");
    harness_expect_text(h, "line 2, column 1: a second statement: one at a time here. Run them one after the other;");
    harness_expect_text(h, "           ▾");
    assert_null(harness_sent(h));
    harness_keys(h, "<C-u>");
    harness_paste(h, "Get-Label `\n  -Identity Secret\n");
    harness_keys(h, "<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_free(h);
}

/* ---- what the account lacks ---- */

static void what_was_not_offered_stands_back_with_its_role(void **state)
{
    struct harness *h = harness_new(24, 90);
    (void)state;
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("New-ComplianceSearchAction SearchName"))));
    harness_keys(h, "csaction");
    harness_expect_text(h, "1 of 1");
    harness_expect_text(h, "Not offered to this account");
    harness_expect_text(h, "  Export  switch  (with the role");
    /* One that cannot be run is found all the same; Enter says why not. */
    harness_keys(h, "<C-u>Get-QuarantineMessage");
    harness_expect_text(h, "0 of 1");
    harness_expect_text(h, "│ The role Quarantine usually includes it.");
    harness_expect_text(h, "Parameters that are known");
    harness_expect_text(h, "Enter Why not");
    harness_keys(h, "<Enter>");
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_expect_text(h, " Get-QuarantineMessage is a cmdlet of Security & Compliance, but it was not offered");
    harness_keys(h, "<Down>");
    harness_expect_styles(h, "~\n~\nHHHHHHHHHHHHHHHHHHHHHHHHHHH                  b HHHHHHHHHHHHHHHHHHHHHHHHHHH\n"
                             " MMMMMMMMMMMMMMMMMMMMM            dddddddddd b dddddddddddddddddddddd\n"
                             "~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n~\n");
    harness_resize(h, 10, 40);
    harness_keys(h, "<Up><Enter>");
    harness_expect_text(h, "offered to this account.");
    harness_expect_text(h, "Esc Back");
    harness_free(h);
}

/* ---- several connections ---- */

/* Answers the connect form's command as the engine would. */
static void answer_connected(struct harness *h, const char *tenant)
{
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT), *event = message_new(EVENT_CONNECTED);
    event->connection = command->connection;
    event->catalogue = harness_catalogue("Get-Label Identity");
    event->account = MEM_NEW(struct account);
    str_copy(event->account->tenant, sizeof event->account->tenant, tenant);
    message_free(command);
    harness_event(h, event);
}

static void the_form_for_another_tenant_leads_back(void **state)
{
    struct harness *h = harness_new(24, 80);
    (void)state;
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("Get-Label Identity"))));
    harness_keys(h, "lab<C-o>");
    assert_string_equal(harness_screen(h), "Connect");
    harness_expect_text(h, "contoso.com stays connected; Esc goes back to it.");
    harness_expect_text(h, "Esc Back");
    harness_keys(h, "someone@fabrikam.com<Esc>");
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_expect_text(h, "1 of 1");
    harness_expect_text(h, " lab ");
    assert_false(harness_ended(h));
    harness_free(h);
}

static void f6_goes_from_one_connection_to_the_next(void **state)
{
    struct harness *h = harness_new(24, 90);
    (void)state;
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("Get-ComplianceCase Identity"))));
    harness_keys(h, "<F6>");
    harness_expect_text(h, "No other connection is open.");
    harness_keys(h, "<C-o>you@fabrikam.com<C-o>");
    answer_connected(h, "fabrikam.com");
    harness_expect_text(h, "fabrikam.com · 2 of 2 (F6)");
    harness_expect_text(h, "Get-Label");
    harness_keys(h, "<F6>");
    harness_expect_text(h, "contoso.com · 1 of 2 (F6)");
    harness_keys(h, "<Enter>half done");
    assert_string_equal(harness_screen(h), "Form");
    harness_keys(h, "<F6>");
    harness_expect_text(h, "fabrikam.com · 2 of 2 (F6)");
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_keys(h, "<F6>");
    assert_string_equal(harness_screen(h), "Form");
    harness_expect_text(h, "half done");
    harness_keys(h, "<Esc><C-x><Tab><Enter>");
    struct message *command = harness_expect_sent(h, COMMAND_DISCONNECT);
    struct message *gone = message_new(EVENT_DISCONNECTED);
    gone->connection = command->connection;
    message_free(command);
    harness_event(h, gone);
    harness_expect_text(h, "Get-Label");
    harness_expect_text(h, "fabrikam.com");
    harness_expect_no_text(h, "(F6)");
    harness_free(h);
}

/* Its rows lie over its own list, and the question before a change names its tenant. */
static void a_prefix_leads_to_its_connection(void **state)
{
    struct harness *h = harness_new(24, 90);
    (void)state;
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("Get-ComplianceCase Identity"))));
    harness_keys(h, "<C-o>you@fabrikam.com<C-o>");
    struct message *command = harness_expect_sent(h, COMMAND_CONNECT), *event = message_new(EVENT_CONNECTED);
    uint64_t fabrikam = event->connection = command->connection;
    event->catalogue = harness_catalogue("Get-Label Identity\nSet-Label Identity Comment");
    catalogue_set_prefix(event->catalogue, "FAB");
    event->account = MEM_NEW(struct account);
    str_copy(event->account->tenant, sizeof event->account->tenant, "fabrikam.com");
    message_free(command);
    harness_event(h, event);
    harness_keys(h, "<F6>:set-fabl<Tab>");
    harness_expect_text(h, ":Set-FABLabel");
    harness_keys(h, "-Identity x -Comment y<Enter>");
    harness_expect_text(h, "Change fabrikam.com?");
    harness_expect_text(h, "contoso.com · 1 of 2 (F6)");
    harness_keys(h, "<Tab><Enter>");
    command = harness_expect_sent(h, COMMAND_RUN);
    assert_int_equal(command->connection, fabrikam);
    message_free(command);
    harness_expect_text(h, "fabrikam.com · 2 of 2 (F6)");
    assert_string_equal(harness_screen(h), "Results");
    harness_keys(h, "<F6>:<Up>");
    harness_expect_text(h, ":Set-FABLabel -Identity x -Comment y");
    harness_keys(h, "<C-u>Disconnect-ExchangeOnline -ModulePrefix nope<Enter>");
    harness_expect_text(h, "No open connection has the prefix nope.");
    harness_keys(h, ":Disconnect-ExchangeOnline -ModulePrefix fab<Enter>");
    harness_expect_text(h, "fabrikam.com · 2 of 2 (F6)");
    /* Its table lies over its list: whoever disconnects sees first what goes with it. */
    assert_string_equal(harness_screen(h), "Results");
    harness_free(h);
}

/* One Esc, one question: the form that made the second connection is not met on the way back. */
static void leaving_the_second_connection_leads_to_the_first(void **state)
{
    struct harness *h = harness_new(24, 90);
    (void)state;
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("Get-ComplianceCase Identity"))));
    harness_keys(h, "<C-o>you@fabrikam.com<C-o><Esc>");
    message_free(harness_expect_sent(h, COMMAND_CONNECT));
    message_free(harness_expect_sent(h, COMMAND_CONNECT_CANCEL));
    /* Not when nothing came of it: what was typed is mended there. */
    assert_string_equal(harness_screen(h), "Connect");
    harness_keys(h, "<C-o>");
    answer_connected(h, "fabrikam.com");
    harness_keys(h, "<C-x><Tab><Enter>");
    message_free(harness_expect_sent(h, COMMAND_DISCONNECT));
    assert_string_equal(harness_screen(h), "Cmdlets");
    harness_expect_text(h, "Get-ComplianceCase");
    harness_expect_text(h, "Disconnected from fabrikam.com.");
    harness_keys(h, "<C-x><Tab><Enter>");
    assert_string_equal(harness_screen(h), "Connect");
    assert_false(harness_ended(h));
    harness_free(h);
}

/* A sign-in that ends while another connection is looked at takes nothing of that one away. */
static void a_sign_in_behind_takes_nothing_away(void **state)
{
    struct harness *h = harness_new(24, 90);
    (void)state;
    harness_push(h, connect_screen(harness_state(h), NULL, false));
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, harness_catalogue("Get-ComplianceCase Identity"))));
    harness_keys(h, "<C-o>you@fabrikam.com<C-o>");
    answer_connected(h, "fabrikam.com");
    harness_keys(h, "<C-o>you@northwind.com<C-o>");
    assert_string_equal(harness_screen(h), "Sign in");
    harness_keys(h, "<F6><Enter>half done");
    assert_string_equal(harness_screen(h), "Form");
    answer_connected(h, "northwind.com");
    assert_string_equal(harness_screen(h), "Form");
    harness_expect_text(h, "half done");
    harness_expect_text(h, "contoso.com · 1 of 3 (F6)");
    harness_keys(h, "<F6>");
    harness_expect_text(h, "fabrikam.com · 2 of 3 (F6)");
    harness_keys(h, "<F6>");
    harness_expect_text(h, "northwind.com · 3 of 3 (F6)");
    harness_expect_text(h, "Get-Label");
    harness_free(h);
}

/* With -Prefix the names that are shown are the ones that PowerShell would have; both are taken. */
static void a_prefix_stands_in_every_name(void **state)
{
    (void)state;
    struct harness *h = harness_new(24, 90);
    struct catalogue *catalogue = harness_catalogue(CMDLETS);
    catalogue_set_prefix(catalogue, "Contoso");
    harness_push(h, browser_screen(harness_state(h), harness_connect(h, catalogue)));
    harness_expect_text(h, "│ Get-ContosoComplianceCase");
    harness_expect_text(h, " New-ContosoComplianceCase  ");
    harness_expect_text(h, " Add-ContosoRoleGroupMember  ");
    harness_keys(h, "label");
    harness_expect_text(h, " Get-ContosoLabel  ");
    harness_keys(h, "<Enter><Down>");
    harness_expect_text(h, " Get-ContosoLabel  ");
    harness_expect_no_text(h, "Get-Label");
    harness_keys(h, "<F5>");
    struct message *run = harness_expect_sent(h, COMMAND_RUN);
    assert_string_equal(pipeline_main(run->pipeline)->invocation->cmdlet, "Get-Label");
    message_free(run);
    assert_string_equal(harness_screen(h), "Results");
    harness_expect_text(h, " Get-ContosoLabel  ");
    harness_keys(h, "<Esc><Esc><C-u>:get-contosola<Tab>");
    harness_expect_text(h, ":Get-ContosoLabel");
    harness_keys(h, "<C-u>get-label -Identity x<Enter>");
    message_free(harness_expect_sent(h, COMMAND_RUN));
    harness_expect_text(h, " Get-ContosoLabel  ");
    harness_free(h);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cmdlets_stand_in_groups),
        cmocka_unit_test(typing_narrows_at_once),
        cmocka_unit_test(headings_are_never_selected),
        cmocka_unit_test(a_small_screen_shows_one_thing_at_a_time),
        cmocka_unit_test(what_if_is_never_shown),
        cmocka_unit_test(parameter_sets_are_told_apart),
        cmocka_unit_test(enter_opens_the_form),
        cmocka_unit_test(a_line_can_be_typed_whole),
        cmocka_unit_test(a_long_error_of_a_line_is_shown_in_pages),
        cmocka_unit_test(a_pasted_line_goes_to_the_prompt),
        cmocka_unit_test(a_line_is_completed),
        cmocka_unit_test(a_pipeline_runs_from_the_prompt),
        cmocka_unit_test(a_variable_begins_a_line),
        cmocka_unit_test(what_if_of_a_line_asks_nothing),
        cmocka_unit_test(a_line_connects_and_disconnects),
        cmocka_unit_test(a_changing_line_asks_and_is_not_lost),
        cmocka_unit_test(what_was_used_comes_first),
        cmocka_unit_test(leaving_means_disconnecting),
        cmocka_unit_test(leaving_may_forget_the_sign_in),
        cmocka_unit_test(a_closed_connection_says_so),
        cmocka_unit_test(a_colon_leads_to_the_prompt_from_forms_and_tables),
        cmocka_unit_test(pasted_lines_stay_lines),
        cmocka_unit_test(what_was_not_offered_stands_back_with_its_role),
        cmocka_unit_test(the_form_for_another_tenant_leads_back),
        cmocka_unit_test(f6_goes_from_one_connection_to_the_next),
        cmocka_unit_test(a_sign_in_behind_takes_nothing_away),
        cmocka_unit_test(a_prefix_leads_to_its_connection),
        cmocka_unit_test(leaving_the_second_connection_leads_to_the_first),
        cmocka_unit_test(a_prefix_stands_in_every_name),
        cmocka_unit_test(ranking_takes_less_than_a_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
