#include "tests/unit/catalogue_fixture.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/mem.h"

static const struct parameter *parameter_of(const struct cmdlet *cmdlet, const char *name)
{
    assert_non_null(cmdlet);
    const struct parameter *parameter = cmdlet_parameter(cmdlet, str_of(name), NULL);
    assert_non_null(parameter);
    return parameter;
}

static struct catalogue *parse(const char *text, const char *exported)
{
    struct err err = { 0 };
    return module_file_parse(str_of(text), str_of(exported), &err);
}

static void test_reads_heads_of_functions(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    assert_int_equal(catalogue->count, 3);
    const struct cmdlet *thing = catalogue_find(catalogue, STR("set-thing"));
    assert_non_null(thing);
    assert_string_equal(thing->name, "Set-Thing");
    assert_true(str_is(thing->verb, "Set"));
    assert_true(str_is(thing->noun, "Thing"));
    assert_string_equal(thing->default_set, "ById");
    assert_true(thing->should_process);
    assert_int_equal(thing->impact, 3);
    assert_int_equal(thing->parameter_count, 32);
    assert_int_equal(thing->set_count, 3);
    assert_string_equal(thing->sets[0], "ById");
    assert_string_equal(catalogue->public_key, "<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>");
    catalogue_free(catalogue);
}

static void test_reads_attributes(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    const struct cmdlet *thing = catalogue_find(catalogue, STR("Set-Thing"));
    const struct parameter *name = parameter_of(thing, "nick");
    assert_string_equal(name->name, "Name");
    assert_string_equal(name->help, "It's a name");
    assert_int_equal(name->min_length, 2);
    assert_int_equal(name->max_length, 20);
    assert_int_equal(name->use_count, 2);
    assert_true(parameter_use_in(name, "ByName")->mandatory);
    assert_int_equal(parameter_use_in(name, "ByName")->position, -1);
    assert_int_equal(parameter_use_in(name, "byboth")->position, 0);
    assert_null(parameter_use_in(name, "ById"));
    const struct parameter *colour = parameter_of(thing, "Colour");
    assert_int_equal(colour->value_count, 3);
    assert_true(colour->values_closed);
    assert_string_equal(colour->values[2], "Blue");
    const struct parameter *count = parameter_of(thing, "Count");
    assert_true(count->has_range);
    assert_int_equal(count->min, 1);
    assert_int_equal(count->max, 100);
    const struct parameter *identity = parameter_of(catalogue_find(catalogue, STR("Get-ComplianceCase")), "Identity");
    assert_true(identity->uses[0].from_pipeline);
    assert_true(identity->uses[0].from_pipeline_by_name);
    assert_true(parameter_of(catalogue_find(catalogue, STR("Get-Label")), "Identity")->not_null_or_empty);
    catalogue_free(catalogue);
}

static void test_maps_types(void **state)
{
    (void)state;
    static const struct { const char *name; enum parameter_type type; } expected[] = {
        { "Name", TYPE_STRING }, { "Enabled", TYPE_BOOL }, { "Force", TYPE_SWITCH }, { "Count", TYPE_INT },
        { "Big", TYPE_LONG }, { "Ratio", TYPE_DOUBLE }, { "Id", TYPE_GUID }, { "When", TYPE_DATETIME },
        { "Span", TYPE_TIMESPAN }, { "Link", TYPE_URI }, { "Language", TYPE_CULTURE }, { "Release", TYPE_VERSION },
        { "FileData", TYPE_BYTES }, { "Files", TYPE_BYTES_LIST }, { "Body", TYPE_BYTES }, { "Password", TYPE_SECURE_STRING }, { "Words", TYPE_STRING_LIST },
        { "Things", TYPE_OBJECT_LIST }, { "Lines", TYPE_STRING_LIST }, { "Settings", TYPE_HASHTABLE },
        { "Conditions", TYPE_HASHTABLE_LIST }, { "Maybe", TYPE_BOOL }, { "Strange", TYPE_OTHER },
        { "Anything", TYPE_UNTYPED }, { "StartDate", TYPE_DATETIME }, { "ExchangeLocation", TYPE_UNTYPED },
    };
    struct catalogue *catalogue = fixture_catalogue();
    const struct cmdlet *thing = catalogue_find(catalogue, STR("Set-Thing"));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(parameter_of(thing, expected[i].name)->type, expected[i].type);
    assert_string_equal(parameter_of(thing, "Things")->type_name, "System.Object[]");
    assert_string_equal(parameter_of(thing, "StartDate")->type_name, "");
    assert_true(parameter_of(thing, "ExchangeLocation")->many);
    catalogue_free(catalogue);
}

static void test_known_values_fill_untyped_enums(void **state)
{
    (void)state;
    struct catalogue *catalogue = fixture_catalogue();
    const struct parameter *type = parameter_of(catalogue_find(catalogue, STR("Get-ComplianceCase")), "CaseType");
    assert_true(type->value_count > 5);
    assert_true(type->values_closed);
    catalogue_free(catalogue);
}

static void test_exported_list_chooses(void **state)
{
    (void)state;
    struct catalogue *catalogue = parse(fixture_text, "get-label,, SET-THING ,Get-Nothing");
    assert_non_null(catalogue);
    assert_int_equal(catalogue->count, 2);
    assert_null(catalogue_find(catalogue, STR("Get-ComplianceCase")));
    catalogue_free(catalogue);
}

static void test_carriage_returns_and_letter_case(void **state)
{
    (void)state;
    static const char text[] =
        "FUNCTION SCRIPT:get-Odd\r\n{\r\n    [cmdletbinding(SupportsShouldProcess)]\r\n    PARAM (\r\n"
        "    [parameter(mandatory, position = 2)] [Unknown('a)b',\"]\")] [ValidateSet('a''b', \"c\")][STRING] $One = 'x,)',\r\n"
        "    # a comment, with ) and ${No}\r\n"
        "    [Parameter(Mandatory=$false)]\r\n    [System.Int32]\r\n    ${Two}\r\n    )\r\n}\r\n";
    struct catalogue *catalogue = parse(text, "");
    assert_non_null(catalogue);
    const struct cmdlet *odd = catalogue_find(catalogue, STR("Get-Odd"));
    assert_non_null(odd);
    assert_string_equal(odd->shown, "Get-Odd");
    assert_true(odd->should_process);
    assert_int_equal(odd->parameter_count, 2);
    const struct parameter *one = parameter_of(odd, "One");
    assert_int_equal(one->type, TYPE_STRING);
    assert_true(one->uses[0].mandatory);
    assert_int_equal(one->uses[0].position, 2);
    assert_int_equal(one->value_count, 2);
    assert_string_equal(one->values[0], "a'b");
    const struct parameter *two = parameter_of(odd, "Two");
    assert_int_equal(two->type, TYPE_INT);
    assert_false(two->uses[0].mandatory);
    catalogue_free(catalogue);
}

/* Cut anywhere, the file gives the whole cmdlets before the cut and none that is half. */
static void test_truncated_file_keeps_what_is_whole(void **state)
{
    (void)state;
    struct catalogue *whole = fixture_catalogue();
    struct str text = STR(fixture_text);
    size_t last_count = 0;
    for (size_t length = 0; length <= text.len; length += 7) {
        struct err err = { 0 };
        char *copy = str_dup(str_take(text, length));
        struct catalogue *catalogue = module_file_parse((struct str){ copy, length }, STR(""), &err);
        size_t count = catalogue != NULL ? catalogue->count : 0;
        assert_true(count >= last_count);
        assert_true(catalogue != NULL || err.kind == ERR_PROTOCOL);
        for (size_t i = 0; i < count; i++) {
            const struct cmdlet *original = catalogue_find(whole, str_of(catalogue->cmdlets[i].name));
            assert_int_equal(original->parameter_count, catalogue->cmdlets[i].parameter_count);
        }
        last_count = count;
        catalogue_free(catalogue);
        free(copy);
    }
    assert_int_equal(last_count, 3);
    catalogue_free(whole);
}

static void test_refuses_what_is_no_module(void **state)
{
    (void)state;
    struct err err = { 0 };
    assert_null(module_file_parse(STR("<html><body>Proxy</body></html>"), STR(""), &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_non_null(strstr(err.text, "web page"));
    assert_null(module_file_parse(STR(""), STR(""), &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_null(module_file_parse(STR("function script:Get-Half\n{\n param(\n [string]\n ${A}"), STR(""), &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    char *huge = mem_new(MODULE_FILE_MAX + 2);
    assert_null(module_file_parse((struct str){ huge, MODULE_FILE_MAX + 1 }, STR(""), &err));
    assert_non_null(strstr(err.text, "larger"));
    free(huge);
}

static void test_reads_the_answer_around_the_file(void **state)
{
    (void)state;
    struct buf body = BUF_INIT(BUF_LARGE);
    struct err err = { 0 };
    buf_text(&body, "{\"@odata.context\":\"x\",\"VALUE\":[{\"FileName\":\"a.ps1xml\",\"fileContent\":\"<x/>\"},"
                    "{\"filename\":\"ExchangeOnline.PSM1\",\"FILECONTENT\":");
    struct json *content = json_new_string(STR(fixture_text));
    json_print(content, false, &body);
    json_free(content);
    buf_text(&body, "},{\"exportedcmdlets\":\"Get-Label,,Set-Thing\"}]}");
    struct catalogue *catalogue = module_file_parse_answer(buf_str(&body), &err);
    assert_non_null(catalogue);
    assert_int_equal(catalogue->count, 2);
    catalogue_free(catalogue);
    assert_null(module_file_parse_answer(STR("{\"value\":[]}"), &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_null(module_file_parse_answer(STR("{\"value\":"), &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_null(module_file_parse_answer(STR("  <!DOCTYPE html>"), &err));
    assert_non_null(strstr(err.text, "web page"));
    buf_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_heads_of_functions),
        cmocka_unit_test(test_reads_attributes),
        cmocka_unit_test(test_maps_types),
        cmocka_unit_test(test_known_values_fill_untyped_enums),
        cmocka_unit_test(test_exported_list_chooses),
        cmocka_unit_test(test_carriage_returns_and_letter_case),
        cmocka_unit_test(test_truncated_file_keeps_what_is_whole),
        cmocka_unit_test(test_refuses_what_is_no_module),
        cmocka_unit_test(test_reads_the_answer_around_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
