/* The table of facts: whole, sorted, readable; what it gives to parameters; what is said of names that were not offered. */
#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/known_cmdlets.h"
#include "tests/unit/catalogue_fixture.h"

static struct known_parameter parameter_known(const char *cmdlet, const char *name)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    assert_true(known_cmdlet_find(str_of(cmdlet), &known));
    assert_true(known_parameter_find(&known, str_of(name), &parameter));
    return parameter;
}

static struct catalogue *parse_module(const char *text)
{
    struct err err = { 0 };
    struct catalogue *catalogue = module_file_parse(str_of(text), STR(""), &err);
    assert_non_null(catalogue);
    return catalogue;
}

/* A wrong order would hide rows from the search by halves; a row that cannot be read would hide its parameters. */
static void test_table_is_sorted_and_readable(void **state)
{
    (void)state;
    size_t parameters = 0, with_values = 0;
    assert_true(known_cmdlet_count() > 400);
    for (size_t i = 0; i < known_cmdlet_count(); i++) {
        struct known_cmdlet known = known_cmdlet_at(i), found;
        if (i > 0)
            assert_true(str_compare_nocase(known_cmdlet_at(i - 1).name, known.name) < 0);
        assert_true(known_cmdlet_find(known.name, &found));
        assert_ptr_equal(found.name.data, known.name.data);
        assert_true(known.traits.len > 0 && known.noun.len > 0);
        assert_non_null(memchr("racgdx", known.traits.data[0], 6));
        size_t words = 0, read = 0;
        struct str rest = known.parameters, word;
        for (; rest.len > 0; words++)
            str_cut(&rest, ' ', &word);
        struct known_parameter parameter;
        for (rest = known.parameters; known_parameter_next(&rest, &parameter); read++) {
            assert_true(parameter.form != FORM_UNKNOWN);
            with_values += parameter.values.len > 0;
        }
        assert_int_equal(read, words);
        parameters += read;
    }
    assert_true(parameters > 2000);
    assert_true(with_values > 200);
}

static void test_parts_of_a_parameter(void **state)
{
    (void)state;
    struct known_parameter parameter = parameter_known("export-activityexplorerdata", "pagesize");
    assert_int_equal(parameter.form, FORM_INT);
    assert_int_equal(parameter.min, 1);
    assert_int_equal(parameter.max, 5000);
    assert_true(str_is(parameter.fallback, "100"));
    parameter = parameter_known("New-ComplianceCase", "Name");
    assert_int_equal(parameter.max_length, 64);
    assert_int_equal(parameter.min, -1);
    parameter = parameter_known("New-ComplianceSearchAction", "PurgeType");
    assert_string_equal(parameter.role, "Search and Purge");
    assert_true(parameter.facts & FACT_IRREVERSIBLE);
    assert_true(str_is(parameter.values, "SoftDelete|HardDelete"));
    assert_true(parameter.values_closed);
    parameter = parameter_known("Get-ComplianceCase", "Identity");
    assert_true(parameter.facts & FACT_NULL_MEANS_ALL);
    parameter = parameter_known("Get-ComplianceCase", "DomainController");
    assert_true(parameter.facts & FACT_RESERVED);
    assert_true(parameter_known("New-ComplianceSearch", "ContentMatchQuery").facts & FACT_KQL);
    assert_false(parameter_known("New-DlpComplianceRule", "NotifyUser").values_closed);
}

static void test_traits(void **state)
{
    (void)state;
    assert_true(known_cmdlet_needs_search_session(STR("start-compliancesearch")));
    assert_false(known_cmdlet_needs_search_session(STR("Get-ComplianceSearch")));
    assert_false(known_cmdlet_needs_search_session(STR("Get-Nothing")));
    assert_string_equal(known_cmdlet_role(STR("New-RoleGroup")), "Role Management");
    assert_string_equal(known_cmdlet_role(STR("New-Nothing")), "");
}

static void test_facts_reach_the_catalogue(void **state)
{
    (void)state;
    struct catalogue *catalogue = parse_module(
        HEAD("Get-DlpDetectionsReport", "") "    ${EventType},\n\n    ${StartDate},\n\n    ${PageSize}" TAIL
        HEAD("New-Label", "") "    ${TeamsProtectionEnabled},\n\n    ${MigrationId},\n\n    [ValidateSet('One')]\n    [string]\n"
        "    ${ContentType}" TAIL
        HEAD("Get-DlpRuleThing", "") "    ${Mode}" TAIL
        HEAD("Import-Label", "") "    ${SiteAndGroupProtectionPrivacy}" TAIL);
    struct err err = { 0 };
    const struct cmdlet *report = catalogue_find(catalogue, STR("Get-DlpDetectionsReport"));
    const struct parameter *type = cmdlet_parameter(report, STR("EventType"), &err);
    assert_int_equal(type->values_from, VALUES_OF_REFERENCE);
    assert_true(type->values_closed && type->value_count > 10 && type->many);
    assert_int_equal(cmdlet_parameter(report, STR("StartDate"), &err)->type, TYPE_DATETIME);
    assert_true(str_is(cmdlet_parameter(report, STR("PageSize"), &err)->fallback, "1000"));
    assert_int_equal(cmdlet_parameter(report, STR("PageSize"), &err)->known_max, 5000);
    const struct cmdlet *label = catalogue_find(catalogue, STR("New-Label"));
    const struct parameter *truth = cmdlet_parameter(label, STR("TeamsProtectionEnabled"), &err);
    assert_int_equal(truth->value_count, 2);
    assert_string_equal(truth->values[0], "$true");
    assert_true(cmdlet_parameter(label, STR("MigrationId"), &err)->facts & FACT_RESERVED);
    /* What the module says itself stays. */
    const struct parameter *content = cmdlet_parameter(label, STR("ContentType"), &err);
    assert_int_equal(content->value_count, 1);
    assert_int_equal(content->values_from, VALUES_OF_MODULE);
    /* A cmdlet without a row takes values from its sisters of the same noun, and from nobody else. */
    assert_int_equal(catalogue_find(catalogue, STR("Get-DlpRuleThing"))->parameters[0].value_count, 0);
    assert_int_equal(catalogue_find(catalogue, STR("Import-Label"))->parameters[0].value_count, 2);
    catalogue_free(catalogue);
}

static void test_cmdlets_that_were_not_offered(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    struct err err = { 0 };
    assert_null(catalogue_require(catalogue, STR("new-rolegroup"), &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_string_equal(err.text, "New-RoleGroup is a cmdlet of Security & Compliance, but it was not offered to this account");
    assert_non_null(strstr(err.advice, "Role Management"));
    /* Without a known role, and in the undocumented part of the table. */
    assert_null(catalogue_require(catalogue, STR("Enable-AdaptiveScopeStorage"), &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(err.advice, "role group"));
    /* With the prefix of the connection. */
    catalogue_set_prefix(catalogue, "CC");
    assert_null(catalogue_require(catalogue, STR("New-CCRoleGroup"), &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(err.text, "New-CCRoleGroup is a cmdlet"));
    /* A connection that asked for some cmdlets only says nothing of roles. */
    catalogue_set_chosen(catalogue, "*");
    assert_null(catalogue->chosen);
    catalogue_set_chosen(catalogue, "Get-Label,Get-Compliance*");
    assert_null(catalogue_require(catalogue, STR("New-RoleGroup"), &err));
    assert_non_null(strstr(err.advice, "-CommandName Get-Label,Get-Compliance*"));
    assert_null(catalogue_require(catalogue, STR("New-RoleGrop"), &err));
    assert_int_equal(err.kind, ERR_INPUT);
    catalogue_free(catalogue);
    /* A service that sends more than was asked for does not widen the choice. */
    catalogue = parse_module(HEAD("Get-Label", "") "    ${Identity}" TAIL HEAD("Set-Label", "") "    ${Identity}" TAIL
                             HEAD("Get-LabelPolicy", "") "    ${Identity}" TAIL);
    catalogue_set_chosen(catalogue, "set-*, Get-Label");
    assert_int_equal(catalogue->count, 2);
    assert_non_null(catalogue_find(catalogue, STR("Get-Label")));
    assert_non_null(catalogue_find(catalogue, STR("Set-Label")));
    assert_null(catalogue_find(catalogue, STR("Get-LabelPolicy")));
    catalogue_free(catalogue);
}

static void test_parameters_that_were_not_offered(void **state)
{
    (void)state;
    struct catalogue *catalogue = parse_module(
        HEAD("New-ComplianceSearchAction", "") "    ${SearchName},\n\n    [switch]\n    ${Report}" TAIL);
    const struct cmdlet *action = catalogue_find(catalogue, STR("New-ComplianceSearchAction"));
    struct err err = { 0 };
    assert_null(cmdlet_parameter(action, STR("export"), &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(err.text, "-Export of New-ComplianceSearchAction needs the role Export"));
    assert_null(cmdlet_parameter(action, STR("RetryOnError"), &err));
    assert_int_equal(err.kind, ERR_FORBIDDEN);
    assert_non_null(strstr(err.text, "not offered to this account"));
    assert_null(cmdlet_parameter(action, STR("Exprt"), &err));
    assert_int_equal(err.kind, ERR_INPUT);
    struct known_parameter missing[64];
    size_t count = known_parameters_not_offered(action, missing, 64), exports = 0;
    for (size_t i = 0; i < count; i++) {
        assert_false(str_is(missing[i].name, "SearchName") || str_is(missing[i].name, "JobOptions"));
        exports += strcmp(missing[i].role, "Export") == 0;
    }
    assert_int_equal(exports, 6);
    assert_int_equal(known_parameters_not_offered(action, missing, 3), 3);
    catalogue_free(catalogue);
}

static void test_list_of_what_is_missing(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    struct str *names = mem_array(known_cmdlet_count(), sizeof *names);
    size_t count = known_cmdlets_not_offered(catalogue, names);
    /* Two of the fixture's three are known. */
    assert_int_equal(count, known_cmdlet_count() - 2);
    for (size_t i = 0; i < count; i++)
        assert_null(catalogue_find(catalogue, names[i]));
    free(names);
    catalogue_free(catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_sorted_and_readable),
        cmocka_unit_test(test_parts_of_a_parameter),
        cmocka_unit_test(test_traits),
        cmocka_unit_test(test_facts_reach_the_catalogue),
        cmocka_unit_test(test_cmdlets_that_were_not_offered),
        cmocka_unit_test(test_parameters_that_were_not_offered),
        cmocka_unit_test(test_list_of_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
