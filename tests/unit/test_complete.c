/* What can follow on a command line, without a shell: words, options, values, cmdlets and their parameters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "connect/options.h"
#include "ui/cli/complete.h"

/* The texts with one blank between, behind the kind; descriptions are left out. */
static void collect(const char *line, const char *replaced, struct buf *texts)
{
    struct buf out = BUF_INIT(BUF_LARGE);
    complete_line(str_of(line), str_of(replaced), &out);
    struct str rest = buf_str(&out), one, text;
    for (bool first = true; rest.len > 0; first = false) {
        str_cut(&rest, '\n', &one);
        str_cut(&one, '\t', &text);
        buf_format(texts, "%s%.*s", first ? "" : ",", STR_ARG(text));
    }
    buf_free(&out);
}

static void expect(const char *line, const char *replaced, const char *expected)
{
    struct buf texts = BUF_INIT(BUF_LARGE);
    collect(line, replaced, &texts);
    assert_string_equal(buf_cstr(&texts), expected);
    buf_free(&texts);
}

static void expect_among(const char *line, const char *replaced, const char *text, bool there)
{
    struct buf texts = BUF_INIT(BUF_LARGE);
    collect(line, replaced, &texts);
    buf_char(&texts, ',');
    char wanted[128];
    snprintf(wanted, sizeof wanted, ",%s,", text);
    assert_int_equal(strstr(buf_cstr(&texts), wanted) != NULL, there);
    buf_free(&texts);
}

static void test_commands(void **state)
{
    (void)state;
    expect("purvey r", "r", "words,run");
    expect("purvey --demo  cmd", "cmd", "words,cmdlets");
    expect("purvey run  --demo Get-Labe", "Get-Labe",
           "open,Get-Label,Get-LabelExplorerConfig,Get-LabelPolicy,Get-LabelPolicyRule");
    expect("purvey completion ", "", "words,bash,zsh");
    expect("purvey", "purvey", "words");
    expect_among("purvey ", "", "sign-out", true);
    expect("purvey sign-out r", "r", "words");
    expect("purvey help Where", "Where", "words,Where-Object");
}

static void test_options(void **state)
{
    (void)state;
    expect("purvey run --outp", "--outp", "words,--output");
    expect("purvey -userpr", "-userpr", "words,-UserPrincipalName");
    expect_among("purvey -", "-", "--demo", true);
    expect_among("purvey -", "-", "-AppId", true);
    expect_among("purvey -", "-", "-WhatIf", false);            /* accepted, and without effect */
    expect("purvey run --output js", "js", "words,json,jsonl");
    expect("purvey run --output=js", "js", "words,json,jsonl");
    expect("purvey run --output=js", "--output=js", "words,--output=json,--output=jsonl");
    expect("purvey --sign-in ", "", "words,auto,browser,device");
    expect("purvey --cloud g", "g", "words,gcc-high");
    expect("purvey --file ", "", "files");
    expect("purvey -CertificateFilePath ", "", "files");
    expect("purvey -CertificateFilePath:/et", "/et", "files");
    expect("purvey -Credential ", "", "open,prompt,file:,env:,cmd:,fd:");
    expect("purvey -Credential file:/et", "/et", "files");
    expect("purvey -AppId ", "", "words");
    /* A switch takes nothing, so what follows is a word again. */
    expect("purvey run --demo get-labelpolicyr", "get-labelpolicyr", "open,Get-LabelPolicyRule");
}

static void test_cmdlet_lines(void **state)
{
    (void)state;
    expect("purvey run 'get-labelpolicyr", "get-labelpolicyr", "open,Get-LabelPolicyRule");
    expect("purvey run 'Get-ComplianceCase -CaseT", "Get-ComplianceCase -CaseT", "open,Get-ComplianceCase -CaseType");
    expect("purvey run 'Get-ComplianceCase -CaseType eD", "Get-ComplianceCase -CaseType eD",
           "open,Get-ComplianceCase -CaseType eDiscovery");
    /* A shell that replaces the last word only gets that alone. */
    expect("purvey run 'Get-ComplianceCase -CaseType eD", "eD", "open,eDiscovery");
    expect("purvey run \"Get-Label | sel", "Get-Label | sel", "open,Get-Label | Select-Object");
    expect("purvey run 'Get-Label | Select-Object -Fi", "-Fi", "open,-First");
    expect("purvey run 'Get-ComplianceCase | % { Get-CaseHoldPolicy -Ca", "-Ca", "open,-Case");
    expect("purvey run '(Get-LabelPolicyR", "Get-LabelPolicyR", "open,Get-LabelPolicyRule");
    expect("purvey run 'Get-Label; Get-LabelPolicyR", "Get-LabelPolicyR", "open,Get-LabelPolicyRule");
    expect("purvey run 'Get-Label -Identity \"a | b\" -IncludeD", "-IncludeD", "open,-IncludeDetailedLabelActions");
    expect("purvey run 'Set-Label -ErrorA", "-ErrorA", "open,-ErrorAction");
    expect("purvey run 'Get-Label -ErrorAction St", "St", "open,Stop");
    expect("purvey run 'Export-ActivityExplorerData -OutputFormat J", "J", "open,json");
    expect_among("purvey run 'Set-Label -", "-", "-Confirm", true);
    expect_among("purvey run 'Get-Label -", "-", "-Confirm", false);
    expect("purvey run 'Nothing-Known -", "-", "open");
}

/* A connection with -Prefix has other names. */
static void test_prefix(void **state)
{
    (void)state;
    expect("purvey run -Prefix CC Get-CCLabelPolicyR", "Get-CCLabelPolicyR", "open,Get-CCLabelPolicyRule");
    expect("purvey run -Prefix:CC Get-LabelPolicyR", "Get-LabelPolicyR", "open");
    expect("purvey run --prefix=CC 'Get-CCComplianceCase -CaseType eD", "eD", "open,eDiscovery");
    expect("purvey run --prefix CC 'Get-ComplianceCase -CaseT", "-CaseT", "open,-CaseType");
    expect("purvey help -prefix CC Get-CCLabelPolicyR", "Get-CCLabelPolicyR", "words,Get-CCLabelPolicyRule");
    expect("purvey cmdlets -Pref CC Get-CCLabelPolicyR", "Get-CCLabelPolicyR", "words,Get-CCLabelPolicyRule");
    expect("purvey run -Prefix CC Select-O", "Select-O", "open,Select-Object");
    expect("purvey run -Prefix ", "", "words");
}

/* A value in quotes of its own, inside of the shell's. */
static void test_quoted_values(void **state)
{
    (void)state;
    expect("purvey run 'Get-ComplianceCase -CaseType \"eD", "\"eD", "open,\"eDiscovery\"");
    expect("purvey run \"Get-ComplianceCase -CaseType 'eD", "'eD", "open,'eDiscovery'");
    expect("purvey run 'Get-ComplianceCase -CaseType \"DSI\",\"eD", "\"DSI\",\"eD", "open,\"DSI\",\"eDiscovery\"");
    expect("purvey run 'Set-Label -ErrorAction \"St", "\"St", "open,\"Stop\"");
    /* It cannot be told from the shell's own. */
    expect("purvey run \"Get-ComplianceCase -CaseType \\\"eD", "eD", "open");
}

static void test_any_bytes(void **state)
{
    (void)state;
    expect("", "", "words");
    expect("purvey run 'a\nb", "b", "words");
    expect("purvey run \\", "\\", "open");
    expect("purvey \x1b[31m", "", "words");
    char long_line[5000] = "purvey run ";
    memset(long_line + 11, 'x', sizeof long_line - 12);
    expect(long_line, "", "open");
    for (size_t i = 11; i + 1 < sizeof long_line; i += 2)
        long_line[i] = ' ';
    expect_among(long_line, "x", "Get-Label", false);
}

/* The list that completion offers is the one that is accepted. */
static void test_option_values_are_accepted(void **state)
{
    (void)state;
    int lists = 0;
    for (int i = 0; i < OPTION_COUNT; i++) {
        struct str names = str_of(option_values((enum option_id)i)), name;
        struct err err = { 0 };
        lists += names.len > 0;
        while (names.len > 0) {
            str_cut(&names, '|', &name);
            assert_true(options_check_value((enum option_id)i, name, &err));
        }
    }
    assert_true(lists >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_cmdlet_lines),
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_quoted_values),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_option_values_are_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
