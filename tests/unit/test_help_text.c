/* Help of a cmdlet: syntax in PowerShell's notation, sets, values, what was not offered. */
#include "base/buf.h"
#include "catalogue/known_cmdlets.h"
#include "catalogue/syntax.h"
#include "tests/unit/catalogue_fixture.h"
#include "ui/cli/help_text.h"

static void expect_syntax(const struct catalogue *catalogue, const char *cmdlet, const char *set, const char *expected)
{
    struct buf line = BUF_INIT(BUF_SMALL);
    cmdlet_syntax(catalogue_find(catalogue, str_of(cmdlet)), set, &line);
    buf_text(&line, "\n");
    /* The beginning is enough: Set-Thing takes two dozen more. */
    assert_true(line.len >= strlen(expected));
    assert_memory_equal(buf_cstr(&line), expected, strlen(expected));
    buf_free(&line);
}

static void test_syntax(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    expect_syntax(catalogue, "Get-Label", ALL_PARAMETER_SETS, "Get-Label [[-Identity] <value>] [-IncludeDetailedLabelActions] [-ResultSize <value>]\n");
    /* By position, not by name; then what must be given; then the rest. */
    expect_syntax(catalogue, "Set-Thing", "ByBoth", "Set-Thing [-Name] <string> [-Identity] <value> [");
    expect_syntax(catalogue, "Set-Thing", "ByName", "Set-Thing -Name <string> [");
    struct buf line = BUF_INIT(BUF_SMALL);
    cmdlet_syntax(catalogue_find(catalogue, STR("Set-Thing")), "ById", &line);
    assert_true(str_starts(buf_str(&line), STR("Set-Thing [-Identity] <value> [")));
    assert_null(strstr(buf_cstr(&line), "-Name"));
    assert_non_null(strstr(buf_cstr(&line), " [-WhatIf] [-Confirm]"));
    buf_free(&line);
    catalogue_free(catalogue);
}

static bool has_line(const struct buf *text, const char *line)
{
    struct str rest = buf_str(text), one;
    while (rest.len > 0) {
        str_cut(&rest, '\n', &one);
        if (str_is(one, line))
            return true;
    }
    return false;
}

static void test_help(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    struct buf text = BUF_INIT(BUF_LARGE);
    help_text(catalogue_find(catalogue, STR("Set-Thing")), 0, &text);
    assert_true(has_line(&text, "  ById (the default set)"));
    assert_true(has_line(&text, "    Other: changes something that is there. It asks before it acts; -Confirm:$false answers yes beforehand."));
    assert_true(has_line(&text, "    -Colour <string>"));
    assert_true(has_line(&text, "        text; one of Red, Green, Blue"));
    assert_true(has_line(&text, "    -Identity <value>  (mandatory; only in ById, ByBoth)"));
    assert_true(has_line(&text, "    -Force"));
    assert_non_null(strstr(buf_cstr(&text), "It's a name"));
    assert_non_null(strstr(buf_cstr(&text), "[<CommonParameters>]"));
    assert_non_null(strstr(buf_cstr(&text), "-ErrorAction"));
    buf_free(&text);
    /* Nothing is wider than what was asked for, but for words that are wider by themselves. */
    help_text(catalogue_find(catalogue, STR("Set-Thing")), 60, &text);
    struct str rest = buf_str(&text), line;
    while (rest.len > 0) {
        str_cut(&rest, '\n', &line);
        assert_true(line.len <= 60);
    }
    buf_free(&text);
    catalogue_free(catalogue);
}

static void test_what_was_not_offered(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct catalogue *catalogue = module_file_parse(
        STR(HEAD("New-ComplianceSearchAction", "") "    ${SearchName},\n\n    [switch]\n    ${Report}" TAIL), STR(""), &err);
    struct buf text = BUF_INIT(BUF_LARGE);
    help_text(catalogue_find(catalogue, STR("New-ComplianceSearchAction")), 0, &text);
    assert_true(has_line(&text, "NOT OFFERED TO THIS ACCOUNT"));
    assert_true(has_line(&text, "    -Purge, -PurgeType  (with the role Search and Purge)"));
    assert_non_null(strstr(buf_cstr(&text), "It can delete or purge data."));
    buf_free(&text);
    struct known_cmdlet known;
    assert_true(known_cmdlet_find(STR("New-RoleGroup"), &known));
    help_text_not_offered(&known, "New-CCRoleGroup", 0, &text);
    assert_true(has_line(&text, "    New-CCRoleGroup"));
    assert_true(has_line(&text, "    Not offered to this account."));
    assert_non_null(strstr(buf_cstr(&text), "\n    -Members"));
    buf_free(&text);
    catalogue_free(catalogue);
}

static void test_effects(void **state)
{
    (void)state;
    assert_string_equal(help_effect(STR("Get-Label")), "reads");
    assert_string_equal(help_effect(STR("New-Label")), "creates");
    assert_string_equal(help_effect(STR("Remove-Unheard")), "deletes");
    assert_string_equal(help_effect(STR("Invoke-Unheard")), "acts");
    assert_string_equal(help_effect(STR("Nonsense")), "acts");
    /* What only reads has answered with its answer, however long that took. */
    for (size_t i = 0; i < known_cmdlet_count(); i++) {
        struct str traits = known_cmdlet_at(i).traits;
        assert_false(str_starts(traits, STR("r")) && str_contains_nocase(traits, STR("w")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax),
        cmocka_unit_test(test_help),
        cmocka_unit_test(test_what_was_not_offered),
        cmocka_unit_test(test_effects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
