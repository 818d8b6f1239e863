/* Objects: from the wire's JSON with annotations, to clean JSON, to a table cell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/object.h"

/* An object made of JSON text, with the tree that its slices point into. */
struct sample {
    struct json *value;
    struct object object;
};

static struct sample sample(const char *text)
{
    struct sample made = { .value = json_parse(str_of(text), NULL) };
    assert_non_null(made.value);
    object_init(&made.object);
    object_from_json(&made.object, made.value);
    return made;
}

static void sample_free(struct sample *sample)
{
    object_free(&sample->object);
    json_free(sample->value);
}

static void assert_property(const struct object *object, size_t index, const char *name, const char *type,
                            enum value_kind kind, const char *text)
{
    assert_true(index < object->count);
    const struct property *property = &object->properties[index];
    assert_true(str_is(property->name, name));
    assert_true(str_is(property->type, type));
    assert_int_equal(property->kind, kind);
    assert_true(str_is(property->text, text));
}

static void assert_json(const char *text, bool pretty, const char *printed)
{
    struct sample made = sample(text);
    struct buf out = BUF_INIT(BUF_LARGE);
    object_print_json(&made.object, pretty, &out);
    assert_string_equal(buf_cstr(&out), printed);
    buf_free(&out);
    sample_free(&made);
}

static void assert_shown(const char *value, const char *shown)
{
    struct sample made;
    struct buf text = BUF_INIT(BUF_LARGE), out = BUF_INIT(BUF_LARGE);
    buf_format(&text, "{\"p\":%s}", value);
    made = sample(buf_cstr(&text));
    property_display(&made.object.properties[0], &out);
    assert_string_equal(buf_cstr(&out), shown);
    buf_free(&text);
    buf_free(&out);
    sample_free(&made);
}

static void the_shape_of_the_wire(void **state)
{
    (void)state;
    struct sample made = sample("{\"Name\":\"Demo\",\"Enabled\":true,\"Hidden\":false,"
                                "\"Guid@data.type\":\"System.Guid\",\"Guid@odata.type\":\"#Guid\",\"Guid\":\"1111\","
                                "\"Priority@data.type\":\"System.Int32\",\"Priority\":0,\"Size\":9007199254740993,"
                                "\"Labels@odata.type\":\"#Collection(String)\",\"Labels\":[\"a\", \"b\"],\"Comment\":null,"
                                "\"Rule\":{\"x@data.type\":\"T\",\"x\":1.50}}");
    const struct object *object = &made.object;
    assert_int_equal(object->count, 9);
    assert_property(object, 0, "Name", "", VALUE_STRING, "Demo");
    assert_property(object, 1, "Enabled", "", VALUE_TRUE, "");
    assert_property(object, 2, "Hidden", "", VALUE_FALSE, "");
    assert_property(object, 3, "Guid", "System.Guid", VALUE_STRING, "1111");
    assert_property(object, 4, "Priority", "System.Int32", VALUE_NUMBER, "0");
    assert_property(object, 5, "Size", "", VALUE_NUMBER, "9007199254740993");
    assert_property(object, 6, "Labels", "", VALUE_NESTED, "[\"a\",\"b\"]");
    assert_property(object, 7, "Comment", "", VALUE_NULL, "");
    assert_property(object, 8, "Rule", "", VALUE_NESTED, "{\"x@data.type\":\"T\",\"x\":1.50}");
    sample_free(&made);
}

static void a_type_is_for_its_own_property_only(void **state)
{
    (void)state;
    struct sample made = sample("{\"@odata.id\":\"x\",\"A@data.type\":\"T\",\"B\":1,\"A\":2,\"C\":3}");
    assert_int_equal(made.object.count, 3);
    assert_property(&made.object, 0, "B", "", VALUE_NUMBER, "1");
    assert_property(&made.object, 1, "A", "T", VALUE_NUMBER, "2");
    assert_property(&made.object, 2, "C", "", VALUE_NUMBER, "3");
    sample_free(&made);
}

static void the_type_of_odata_stands_in(void **state)
{
    (void)state;
    struct sample made = sample("{\"A@odata.type\":\"#Int64\",\"A\":1,\"B@odata.type\":\"#Guid\",\"B@data.type\":\"My.Id\",\"B\":2,"
                                "\"C@data.type\":\"My.Id\",\"C@odata.type\":\"#Guid\",\"C\":3,\"D@odata.type\":\"#Collection(String)\",\"D\":[],"
                                "\"@odata.type\":\"#Guid\",\"E\":4}");
    assert_int_equal(made.object.count, 5);
    assert_property(&made.object, 0, "A", "System.Int64", VALUE_NUMBER, "1");
    assert_property(&made.object, 1, "B", "My.Id", VALUE_NUMBER, "2");
    assert_property(&made.object, 2, "C", "My.Id", VALUE_NUMBER, "3");
    assert_property(&made.object, 3, "D", "", VALUE_NESTED, "[]");
    assert_property(&made.object, 4, "E", "", VALUE_NUMBER, "4");
    sample_free(&made);
}

static void elements_that_are_no_objects(void **state)
{
    (void)state;
    static const struct { const char *json; enum value_kind kind; const char *text; } rows[] = {
        { "\"text\"", VALUE_STRING, "text" }, { "12", VALUE_NUMBER, "12" }, { "null", VALUE_NULL, "" },
        { "true", VALUE_TRUE, "" }, { "[1,2]", VALUE_NESTED, "[1,2]" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sample made = sample(rows[i].json);
        assert_int_equal(made.object.count, 1);
        assert_property(&made.object, 0, "Value", "", rows[i].kind, rows[i].text);
        sample_free(&made);
    }
    struct sample made = sample("{}");
    assert_int_equal(made.object.count, 0);
    sample_free(&made);
}

static void one_object_after_another(void **state)
{
    (void)state;
    struct sample made = sample("{\"A\":[1,2,3],\"B\":[4]}");
    struct json *second = json_parse(STR("{\"C\":[\"x\"]}"), NULL);
    object_from_json(&made.object, second);
    assert_int_equal(made.object.count, 1);
    assert_property(&made.object, 0, "C", "", VALUE_NESTED, "[\"x\"]");
    object_clear(&made.object);
    assert_int_equal(made.object.count, 0);
    json_free(second);
    sample_free(&made);
}

static void names_are_found_whatever_their_case(void **state)
{
    (void)state;
    struct sample made = sample("{\"Name\":\"first\",\"name\":\"second\",\"Name2\":3}");
    assert_true(str_is(object_find(&made.object, STR("NAME"))->text, "first"));
    assert_true(str_is(object_find(&made.object, STR("name2"))->text, "3"));
    assert_null(object_find(&made.object, STR("Nam")));
    assert_null(object_find(&made.object, STR("")));
    sample_free(&made);
}

static void printing_drops_annotations_at_every_depth(void **state)
{
    (void)state;
    assert_json("{\"A@data.type\":\"T\",\"A\":1,\"N\":{\"x@odata.type\":\"#Int64\",\"x\":9007199254740993,"
                "\"l\":[{\"@odata.type\":\"q\"},{\"y@data.type\":[1,{\"a\":2}],\"y\":-0}]}}",
                false, "{\"A\":1,\"N\":{\"x\":9007199254740993,\"l\":[{},{\"y\":-0}]}}");
    assert_json("{}", false, "{}");
    assert_json("{}", true, "{}");
}

/* An '@' in a value is an address, not an annotation. */
static void addresses_are_no_annotations(void **state)
{
    (void)state;
    assert_json("{\"To\":[\"a@b.c\",\"d@e.f: x\"],\"M\":{\"k\":\"x@y\",\"l\":\"\\\"@\\\":\"}}", false,
                "{\"To\":[\"a@b.c\",\"d@e.f: x\"],\"M\":{\"k\":\"x@y\",\"l\":\"\\\"@\\\":\"}}");
    assert_json("{\"M\":{\"k\":\"x@y\",\"l@z\":1,\"m\":2}}", false, "{\"M\":{\"k\":\"x@y\",\"m\":2}}");
    assert_json("{\"M\":{\"q\\\"@z\":1,\"m\":2}}", false, "{\"M\":{\"m\":2}}");
}

static void pretty_printing(void **state)
{
    (void)state;
    assert_json("{\"A\":\"x\\ny\",\"B\":null,\"N\":{\"x@t\":1,\"x\":[1,{}],\"y\":[]}}", true,
                "{\n  \"A\": \"x\\ny\",\n  \"B\": null,\n  \"N\": {\n    \"x\": [\n      1,\n      {}\n    ],\n    \"y\": []\n  }\n}");
}

/* Conditions of a rule as New-DlpComplianceRule takes them back. */
static void dictionaries_become_objects(void **state)
{
    (void)state;
    static const struct { const char *text, *printed; } cases[] = {
        { "{\"C\":[[{\"_key\":\"operator\",\"_value@data.type\":\"System.String\",\"_value\":\"And\"},"
          "{\"_key\":\"groups\",\"_value\":[[{\"_key\":\"n\",\"_value\":5}]]}]]}",
          "{\"C\":[{\"operator\":\"And\",\"groups\":[{\"n\":5}]}]}" },
        { "{\"C\":[{\"_key\":\"a\",\"_value\":1},{\"_key\":\"a\",\"_value\":2}]}",
          "{\"C\":[{\"_key\":\"a\",\"_value\":1},{\"_key\":\"a\",\"_value\":2}]}" },
        { "{\"C\":[{\"_key\":\"a\",\"_value\":1},5]}", "{\"C\":[{\"_key\":\"a\",\"_value\":1},5]}" },
        { "{\"C\":[],\"D\":{\"_key\":\"a\",\"_value\":1}}", "{\"C\":[],\"D\":{\"_key\":\"a\",\"_value\":1}}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sample made = sample(cases[i].text);
        struct buf out = BUF_INIT(BUF_LARGE);
        object_print_data(&made.object, false, &out);
        assert_string_equal(buf_cstr(&out), cases[i].printed);
        buf_free(&out);
        sample_free(&made);
    }
}

static void what_is_printed_is_the_same_object(void **state)
{
    (void)state;
    const char *text = "{\"A\":\"\\u0001\\\"\",\"B\":1e400,\"C\":[true,null,{\"d\":\"\\ud83d\\ude00\"}],\"A\":-0.0}";
    struct sample made = sample(text);
    struct buf out = BUF_INIT(BUF_LARGE), again = BUF_INIT(BUF_LARGE);
    object_print_json(&made.object, true, &out);
    struct sample other = sample(buf_cstr(&out));
    assert_int_equal(other.object.count, made.object.count);
    for (size_t i = 0; i < made.object.count; i++) {
        assert_true(str_eq(made.object.properties[i].name, other.object.properties[i].name));
        assert_true(str_eq(made.object.properties[i].text, other.object.properties[i].text));
        assert_int_equal(made.object.properties[i].kind, other.object.properties[i].kind);
    }
    buf_clear(&out);
    object_print_json(&made.object, false, &out);
    object_print_json(&other.object, false, &again);
    assert_string_equal(buf_cstr(&out), buf_cstr(&again));
    buf_free(&out);
    buf_free(&again);
    sample_free(&made);
    sample_free(&other);
}

static void cells(void **state)
{
    (void)state;
    assert_shown("null", "");
    assert_shown("true", "true");
    assert_shown("false", "false");
    assert_shown("-12.50", "-12.50");
    assert_shown("\"a, \\\"b\\\"\"", "a, \"b\"");
    assert_shown("[]", "");
    assert_shown("[\"a\",2,true,null,\"\"]", "a, 2, true, null, ");
    assert_shown("[9007199254740993]", "9007199254740993");
    assert_shown("{}", "{}");
    assert_shown("{\"a@t\":\"T\",\"a\":[1,2]}", "{\"a\":[1,2]}");
    assert_shown("[{\"a\":1},\"x\"]", "{\"a\":1}, x");
}

static void dictionaries(void **state)
{
    (void)state;
    assert_shown("[{\"_key\":\"a\",\"_value\":1},{\"_key\":\"b\",\"_value\":\"x\"}]", "{a=1; b=x}");
    assert_shown("[{\"_key@data.type\":\"T\",\"_key\":\"a\",\"_value@data.type\":\"T\",\"_value\":[\"x\",\"y\"]}]", "{a=x, y}");
    assert_shown("[{\"_key\":\"a\",\"_value\":[{\"_key\":\"b\",\"_value\":null}]}]", "{a={b=null}}");
    /* One that is no pair makes it a list of objects. */
    assert_shown("[{\"_key\":\"a\",\"_value\":1},{\"_key\":\"b\"}]", "{\"_key\":\"a\",\"_value\":1}, {\"_key\":\"b\"}");
    assert_shown("[{\"_key\":7,\"_value\":1}]", "{\"_key\":7,\"_value\":1}");
}

/* What comes out of a store may be damaged; it is shown and printed as it is rather than lost. */
static void damaged_nested_text_is_shown_as_it_is(void **state)
{
    (void)state;
    struct property broken = { .name = STR("P"), .kind = VALUE_NESTED, .text = STR("[\"a@b\":") };
    struct buf out = BUF_INIT(BUF_SMALL);
    property_display(&broken, &out);
    assert_string_equal(buf_cstr(&out), "[\"a@b\":");
    buf_free(&out);
}

static void a_wide_object_takes_linear_time(void **state)
{
    (void)state;
    enum { MANY = 200000 };
    struct buf text = BUF_INIT(BUF_LARGE);
    buf_text(&text, "{\"a\":[0");
    for (int i = 1; i < MANY; i++) {
        buf_format(&text, ",%d", i);
    }
    buf_text(&text, "]");
    for (int i = 0; i < MANY; i++) {
        buf_format(&text, ",\"p%d\":[%d]", i, i);
    }
    buf_text(&text, "}");
    struct sample made = sample(buf_cstr(&text));
    assert_int_equal(made.object.count, MANY + 1);
    assert_true(str_is(made.object.properties[MANY].text, "[199999]"));
    struct buf out = BUF_INIT(BUF_LARGE);
    object_print_json(&made.object, false, &out);
    assert_true(str_eq(buf_str(&out), buf_str(&text)));
    buf_clear(&out);
    property_display(&made.object.properties[0], &out);
    assert_true(str_ends_nocase(buf_str(&out), STR(", 199999")));
    buf_free(&out);
    buf_free(&text);
    sample_free(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shape_of_the_wire),
        cmocka_unit_test(a_type_is_for_its_own_property_only),
        cmocka_unit_test(the_type_of_odata_stands_in),
        cmocka_unit_test(elements_that_are_no_objects),
        cmocka_unit_test(one_object_after_another),
        cmocka_unit_test(names_are_found_whatever_their_case),
        cmocka_unit_test(printing_drops_annotations_at_every_depth),
        cmocka_unit_test(addresses_are_no_annotations),
        cmocka_unit_test(pretty_printing),
        cmocka_unit_test(dictionaries_become_objects),
        cmocka_unit_test(what_is_printed_is_the_same_object),
        cmocka_unit_test(cells),
        cmocka_unit_test(dictionaries),
        cmocka_unit_test(damaged_nested_text_is_shown_as_it_is),
        cmocka_unit_test(a_wide_object_takes_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
