#include "tests/unit/catalogue_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "catalogue/command_line.h"

static const char *const names[] = {
    "Get-ComplianceCase", "Get-ComplianceCaseMember", "Get-ComplianceSearch", "Get-DlpComplianceRule", "Get-Label",
    "Get-LabelPolicy", "New-ComplianceCase", "Remove-ComplianceCase", "Set-AutoSensitivityLabelPolicy", "Set-Label",
    "Get-QuarantineMessage", "Get-RetentionCompliancePolicy", "Get-ProtectionAlert", "Get-RoleGroup", "Get-CaseHoldPolicy",
    "Get-UnifiedAuditLogRetentionPolicy", "Get-InformationBarrierPolicy", "Get-DeviceTenantRule", "Get-FeatureConfiguration",
    "Get-DlpSensitiveInformationType", "Get-SupervisoryReviewRule",
};

static struct catalogue *named_catalogue(void)
{
    struct catalogue *catalogue = catalogue_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        catalogue_add(catalogue, str_of(names[i]));
    catalogue_seal(catalogue);
    return catalogue;
}

static size_t place_of(const struct catalogue *catalogue, const char *pattern, const char *name)
{
    struct ranked ranked[64];
    size_t count = catalogue_rank(catalogue, str_of(pattern), ranked);
    for (size_t i = 0; i < count; i++)
        if (strcmp(ranked[i].cmdlet->name, name) == 0)
            return i;
    return SIZE_MAX;
}

static void test_is_sorted_and_found_in_any_case(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    for (size_t i = 1; i < catalogue->count; i++)
        assert_true(str_compare_nocase(str_of(catalogue->cmdlets[i - 1].name), str_of(catalogue->cmdlets[i].name)) < 0);
    assert_non_null(catalogue_find(catalogue, STR("GET-LABEL")));
    assert_null(catalogue_find(catalogue, STR("Get-Labe")));
    catalogue_free(catalogue);
}

/* rest.md section 7.3: the prefix stands before the noun, and only names change. */
static void test_takes_names_with_a_prefix(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    assert_null(catalogue_meant(catalogue, STR("Get-CCLabel")));
    catalogue_set_prefix(catalogue, "CC");
    assert_string_equal(catalogue_meant(catalogue, STR("get-cclabel"))->name, "Get-Label");
    assert_string_equal(catalogue_meant(catalogue, STR("Get-Label"))->name, "Get-Label");
    assert_string_equal(catalogue_meant(catalogue, STR("Get-Label"))->shown, "Get-CCLabel");
    assert_null(catalogue_meant(catalogue, STR("Get-CC")));
    assert_null(catalogue_meant(catalogue, STR("GetCCLabel")));
    catalogue_set_prefix(catalogue, "");
    assert_string_equal(catalogue_find(catalogue, STR("Get-Label"))->shown, "Get-Label");
    catalogue_free(catalogue);
}

/* PowerShell knows the shown name only, so that is what the text means when it could be both. */
static void test_a_shown_name_wins_over_a_real_one(void **state)
{
    (void)state;
    struct catalogue *catalogue = catalogue_new();
    catalogue_add(catalogue, STR("Get-Policy"));
    catalogue_add(catalogue, STR("Get-LabelPolicy"));
    catalogue_seal(catalogue);
    catalogue_set_prefix(catalogue, "Label");
    assert_string_equal(catalogue_meant(catalogue, STR("Get-LabelPolicy"))->name, "Get-Policy");
    assert_string_equal(catalogue_meant(catalogue, STR("Get-LabelLabelPolicy"))->name, "Get-LabelPolicy");
    assert_string_equal(catalogue_find(catalogue, STR("Get-LabelPolicy"))->name, "Get-LabelPolicy");
    catalogue_free(catalogue);
}

/* The line that is shown has the prefix, and comes back as the call that it was. */
static void test_calls_are_shown_with_the_prefix(void **state)
{
    (void)state;
    struct err err = { 0 };
    struct buf line = BUF_INIT(BUF_SMALL);
    struct catalogue *catalogue = named_catalogue();
    catalogue_set_prefix(catalogue, "Contoso");
    struct invocation *invocation = command_line_parse(STR("get-label"), catalogue, &err), *copy = invocation_copy(invocation);
    command_line_print(copy, &line);
    assert_string_equal(buf_cstr(&line), "Get-ContosoLabel");
    assert_string_equal(copy->cmdlet, "Get-Label");
    assert_null(command_line_parse(STR("Get-ContosoLabel -Nothing 1"), catalogue, &err));
    assert_non_null(strstr(err.text, "Get-ContosoLabel has no parameter"));
    assert_null(catalogue_require(catalogue, STR("Get-ContosoLabl"), &err));
    assert_non_null(strstr(err.advice, "Get-ContosoLabel"));
    invocation_free(copy);
    invocation_free(invocation);
    buf_free(&line);
    catalogue_free(catalogue);
}

/* Its letters are in every name: they find, but behind what has the letters of its own. */
static void test_ranks_with_and_without_the_prefix(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    struct ranked *ranked = calloc(catalogue->count, sizeof *ranked);
    catalogue_set_prefix(catalogue, "Contoso");
    assert_int_equal(place_of(catalogue, "get-contosolabel", "Get-Label"), 0);
    assert_int_equal(place_of(catalogue, "label", "Get-Label"), 0);
    assert_int_equal(place_of(catalogue, "com", "Get-ComplianceCase"), 0);
    assert_int_equal(catalogue_rank(catalogue, STR("contoso"), ranked), catalogue->count);
    assert_true(catalogue_rank(catalogue, STR("get-label"), ranked) > 0);
    /* What is underlined is where it stands in the name that is shown. */
    assert_int_equal(ranked[0].matched, 0xfu | 0x1fu << strlen("Get-Contoso"));
    free(ranked);
    catalogue_free(catalogue);
}

static void test_ranks_what_people_type(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    assert_int_equal(place_of(catalogue, "gcc", "Get-ComplianceCase"), 0);
    assert_int_equal(place_of(catalogue, "label", "Get-Label"), 0);
    assert_true(place_of(catalogue, "label", "Set-AutoSensitivityLabelPolicy") > place_of(catalogue, "label", "Get-LabelPolicy"));
    assert_int_equal(place_of(catalogue, "dlprule", "Get-DlpComplianceRule"), 0);
    assert_int_equal(place_of(catalogue, "LABEL set", "Set-Label"), 0);
    assert_int_equal(place_of(catalogue, "  set   label ", "Set-Label"), 0);
    assert_int_equal(place_of(catalogue, "get-compliancecase", "Get-ComplianceCase"), 0);
    assert_int_equal(place_of(catalogue, "label xyz", "Get-Label"), SIZE_MAX);
    assert_int_equal(place_of(catalogue, "", "Get-CaseHoldPolicy"), 0);
    catalogue_free(catalogue);
}

static void test_marks_the_letters_that_matched(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    struct ranked ranked[64];
    assert_true(catalogue_rank(catalogue, STR("gcc"), ranked) > 0);
    assert_true(ranked[0].matched == (1u | 1u << 4 | 1u << 14));
    assert_true(catalogue_rank(catalogue, STR("lab get"), ranked) > 0);
    assert_string_equal(ranked[0].cmdlet->name, "Get-Label");
    assert_true(ranked[0].matched == (7u | 7u << 4));
    catalogue_free(catalogue);
}

static void test_long_patterns_and_names_stay_in_bounds(void **state)
{
    (void)state;
    struct catalogue *catalogue = catalogue_new();
    char name[400], pattern[400];
    memset(name, 'a', sizeof name);
    memset(pattern, 'a', sizeof pattern);
    name[3] = '-';
    catalogue_add(catalogue, (struct str){ name, sizeof name });
    catalogue_add(catalogue, STR(""));
    catalogue_add(catalogue, STR("-"));
    catalogue_seal(catalogue);
    struct ranked ranked[3];
    assert_int_equal(catalogue_rank(catalogue, (struct str){ pattern, sizeof pattern }, ranked), 1);
    assert_int_equal(catalogue_rank(catalogue, STR("a a a a a a a a a a a a"), ranked), 1);
    assert_int_equal(catalogue_rank(catalogue, STR(""), ranked), 3);
    catalogue_free(catalogue);
}

/* The frame allows 1 ms; the sanitizers and a busy machine are given ten times that. The best of many runs counts. */
static void test_ranks_fast_enough_for_a_key(void **state)
{
    (void)state;
    struct catalogue *catalogue = catalogue_new();
    char name[64];
    for (int i = 0; i < 1400; i++) {
        snprintf(name, sizeof name, "Get-%s%04dRule", names[(size_t)i % 20] + 4, i);
        catalogue_add(catalogue, str_of(name));
    }
    catalogue_seal(catalogue);
    struct ranked *ranked = mem_array(catalogue->count, sizeof *ranked);
    int64_t best = INT64_MAX;
    for (int run = 0; run < 20; run++) {
        int64_t start = clock_ms();
        catalogue_rank(catalogue, STR("compcaserule"), ranked);
        int64_t took = clock_ms() - start;
        best = took < best ? took : best;
    }
    assert_true(best <= 10);
    free(ranked);
    catalogue_free(catalogue);
}

static void test_unknown_cmdlet_names_the_nearest(void **state)
{
    (void)state;
    struct catalogue *catalogue = named_catalogue();
    struct err err = { 0 };
    assert_null(catalogue_require(catalogue, STR("Get-ComplianceCsae"), &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.text, "Get-ComplianceCsae"));
    assert_non_null(strstr(err.advice, "Get-ComplianceCase"));
    assert_null(catalogue_require(catalogue, STR("Zzz"), &err));
    assert_null(strstr(err.advice, "Did you mean"));
    catalogue_free(catalogue);
}

static void test_parameters_by_prefix_and_alias(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    const struct cmdlet *thing = catalogue_find(catalogue, STR("Set-Thing"));
    struct err err = { 0 };
    assert_string_equal(cmdlet_parameter(thing, STR("rat"), &err)->name, "Ratio");
    assert_string_equal(cmdlet_parameter(thing, STR("NICK"), &err)->name, "Name");
    assert_string_equal(cmdlet_parameter(thing, STR("id"), &err)->name, "Id");
    assert_null(cmdlet_parameter(thing, STR("co"), &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.text, "ambiguous"));
    assert_non_null(strstr(err.advice, "-Count"));
    assert_null(cmdlet_parameter(thing, STR("Colur"), &err));
    assert_non_null(strstr(err.advice, "-Colour"));
    assert_null(cmdlet_parameter(thing, STR(""), &err));
    catalogue_free(catalogue);
}

static void test_areas_and_reading(void **state)
{
    (void)state;
    static const struct { const char *name, *area; } expected[] = {
        { "Get-ComplianceCase", "eDiscovery" }, { "Get-CaseHoldPolicy", "eDiscovery" }, { "Get-Label", "Labels" },
        { "Get-DlpComplianceRule", "DLP" }, { "Get-RetentionCompliancePolicy", "Retention" },
        { "Get-ProtectionAlert", "Alerts" }, { "Get-RoleGroup", "Roles and users" },
        { "Get-QuarantineMessage", "Quarantine" }, { "Get-UnifiedAuditLogRetentionPolicy", "Audit" },
        { "Get-InformationBarrierPolicy", "Information barriers" }, { "Get-DeviceTenantRule", "Devices" },
        { "Get-DlpSensitiveInformationType", "Data classification" }, { "Get-FeatureConfiguration", "Other" },
        { "Get-SupervisoryReviewRule", "Insider risk and supervision" },
    };
    struct catalogue *catalogue = named_catalogue();
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_string_equal(catalogue_find(catalogue, str_of(expected[i].name))->area, expected[i].area);
    assert_true(cmdlet_is_read(catalogue_find(catalogue, STR("Get-Label"))));
    assert_false(cmdlet_is_read(catalogue_find(catalogue, STR("Set-Label"))));
    assert_false(cmdlet_is_read(catalogue_find(catalogue, STR("Remove-ComplianceCase"))));
    catalogue_free(catalogue);
}

static void test_edit_distance(void **state)
{
    (void)state;
    assert_int_equal(edit_distance(STR(""), STR("")), 0);
    assert_int_equal(edit_distance(STR("abc"), STR("ABC")), 0);
    assert_int_equal(edit_distance(STR("abc"), STR("acb")), 1);
    assert_int_equal(edit_distance(STR("abc"), STR("")), 3);
    assert_int_equal(edit_distance(STR("kitten"), STR("sitting")), 3);
}

/* As a remote session may send it. */
static void test_keeps_the_first_of_one_name(void **state)
{
    (void)state;
    struct catalogue *catalogue = catalogue_new();
    cmdlet_add_parameter(catalogue_add(catalogue, STR("Get-Label")), STR("First"));
    catalogue_add(catalogue, STR("Get-Case"));
    for (int i = 0; i < 20; i++)
        cmdlet_add_parameter(catalogue_add(catalogue, i % 2 ? STR("get-LABEL") : STR("Get-Label")), STR("Second"));
    catalogue_seal(catalogue);
    assert_int_equal(catalogue->count, 2);
    assert_string_equal(catalogue->cmdlets[1].name, "Get-Label");
    assert_string_equal(catalogue->cmdlets[1].parameters[0].name, "First");
    catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_sorted_and_found_in_any_case),
        cmocka_unit_test(test_keeps_the_first_of_one_name),
        cmocka_unit_test(test_takes_names_with_a_prefix),
        cmocka_unit_test(test_a_shown_name_wins_over_a_real_one),
        cmocka_unit_test(test_calls_are_shown_with_the_prefix),
        cmocka_unit_test(test_ranks_with_and_without_the_prefix),
        cmocka_unit_test(test_ranks_what_people_type),
        cmocka_unit_test(test_marks_the_letters_that_matched),
        cmocka_unit_test(test_long_patterns_and_names_stay_in_bounds),
        cmocka_unit_test(test_ranks_fast_enough_for_a_key),
        cmocka_unit_test(test_unknown_cmdlet_names_the_nearest),
        cmocka_unit_test(test_parameters_by_prefix_and_alias),
        cmocka_unit_test(test_areas_and_reading),
        cmocka_unit_test(test_edit_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
