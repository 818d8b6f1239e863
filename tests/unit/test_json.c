/* JSON: numbers with their digits, strings that no C string holds, refusals, building, printing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/text.h"

#define FFFD "\xEF\xBF\xBD"

static struct json *parsed(struct str text)
{
    struct err err = { 0 };
    struct json *value = json_parse(text, &err);
    assert_string_equal(err.text, "");
    assert_non_null(value);
    return value;
}

static void assert_prints(const struct json *value, bool pretty, const char *text)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    json_print(value, pretty, &out);
    assert_string_equal(buf_cstr(&out), text);
    buf_free(&out);
}

/* Through the parser and out again. */
static void assert_becomes(struct str text, const char *printed)
{
    struct json *value = parsed(text);
    assert_prints(value, false, printed);
    json_free(value);
}

static void assert_refused(struct str text, const char *message)
{
    struct err err = { 0 };
    assert_null(json_parse(text, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    assert_string_equal(err.text, message);
    assert_null(json_parse(text, NULL));
}

static void every_kind_is_told_apart(void **state)
{
    (void)state;
    static const struct { const char *text; enum json_kind kind; } rows[] = {
        { "null", JSON_NULL }, { "true", JSON_BOOL }, { "false", JSON_BOOL }, { "7", JSON_NUMBER }, { "7.5", JSON_NUMBER },
        { "\"\"", JSON_STRING }, { "[]", JSON_ARRAY }, { "{}", JSON_OBJECT },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json *value = parsed(str_of(rows[i].text));
        assert_int_equal(json_kind(value), rows[i].kind);
        json_free(value);
    }
    assert_int_equal(json_kind(NULL), JSON_NULL);
}

static void numbers_keep_their_digits(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "0", "-0", "-1", "15", "999999999999999", "-999999999999999", "1000000000000000", "9007199254740993",
        "-9007199254740993", "9223372036854775807", "18446744073709551616", "1e400", "-1E-400", "1.0", "1.50", "0.1",
        "123456789012345678901234567890", "1e5", "1E+5", "0e0", "0.30000000000000004", "-0.0", "100000000000000000000.000",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct json *value = parsed(str_of(numbers[i]));
        assert_int_equal(json_kind(value), JSON_NUMBER);
        assert_true(str_is(json_string(value), numbers[i]));
        assert_prints(value, false, numbers[i]);
        json_free(value);
    }
}

/* The tree and the text are walked side by side: texts that look like numbers must not put them out of step. */
static void digits_find_their_nodes(void **state)
{
    (void)state;
    const char *text = "{\"1.5\":[1,2.50,\"3.5\",{\"-7\":9007199254740993,\"a\\\\\":4,\"\\\"9\":true}],\"x\":-0,"
                       "\"\\\\\\\"8\":null,\"y\":[[],{},1e400],\"z\":12}";
    assert_becomes(str_of(text), text);
    struct json *value = parsed(str_of(text));
    int64_t number = 0;
    const struct json *nested = json_next(json_next(json_next(json_first(json_get(value, "1.5")))));
    assert_true(json_int64(json_get(nested, "-7"), &number));
    assert_true(number == 9007199254740993);
    assert_true(json_int64(json_get(value, "z"), &number));
    assert_int_equal(number, 12);
    json_free(value);
}

static void integers_are_exact_or_refused(void **state)
{
    (void)state;
    static const struct { const char *text; bool good; int64_t number; } rows[] = {
        { "9007199254740993", true, 9007199254740993 }, { "-9223372036854775808", true, INT64_MIN },
        { "\"42\"", true, 42 }, { "-0", true, 0 }, { "9223372036854775808", false, 0 }, { "1.0", false, 0 }, { "1e3", false, 0 },
        { "\"\"", false, 0 }, { "\"4 2\"", false, 0 }, { "true", false, 0 }, { "null", false, 0 }, { "[1]", false, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json *value = parsed(str_of(rows[i].text));
        int64_t number = 0;
        assert_int_equal(json_int64(value, &number), rows[i].good);
        assert_true(number == rows[i].number);
        json_free(value);
    }
}

static void doubles(void **state)
{
    (void)state;
    struct json *value = parsed(STR("[1.5,12,\"3\",9007199254740993]"));
    const struct json *child = json_first(value);
    assert_true(json_double(child, 0) > 1.4 && json_double(child, 0) < 1.6);
    child = json_next(child);
    assert_true(json_double(child, 0) > 11.9 && json_double(child, 0) < 12.1);
    assert_true(str_is(json_string(child), "12"));
    assert_true(json_double(child, 0) > 11.9 && json_double(child, 0) < 12.1);
    child = json_next(child);
    assert_true(json_double(child, -1) < 0);
    assert_true(json_double(json_next(child), 0) > 9e15);
    assert_true(json_double(NULL, -1) < 0);
    json_free(value);
}

static void what_is_not_json_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused(STR(""), "There is no JSON: the text is empty.");
    assert_refused((struct str){ NULL, 0 }, "There is no JSON: the text is empty.");
    assert_refused(STR("\xEF\xBB\xBF"), "There is no JSON: the text is empty.");
    assert_refused(STR("{} x"), "This is not JSON (at byte 2).");
    assert_refused(STR("\xEF\xBB\xBF{} x"), "This is not JSON (at byte 5).");
    assert_refused(STR("1 2"), "This is not JSON (at byte 1).");
    assert_refused(STR("[1,01]"), "This is not JSON (at byte 5).");
    assert_refused(STR("{\"a\":\"b\0c\"}"), "This is not JSON (at byte 7).");
    static const char *const texts[] = {
        " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "\"abc", "nul", "truex", "[1 2]", "1.", ".5", "-", "-.5", "+1", "1e", "1e+", "0x10",
        "-01", "1-2", "--1", "<html>", "'a'", "{\"a\"}", "[\"\\x\"]", "\"\\u12\"", "]", "NaN", "Infinity", "{\"a\":1}}",
        "1.5.5", "[-]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err err = { 0 };
        assert_null(json_parse(str_of(texts[i]), &err));
        assert_int_equal(err.kind, ERR_PROTOCOL);
        assert_non_null(strstr(err.text, "This is not JSON (at byte "));
    }
}

static void every_cut_of_a_value_is_refused(void **state)
{
    (void)state;
    struct str text = STR("{\"a\":[1.5,\"\\ud83d\\ude00\",{\"b\":null}],\"c\":true}");
    for (size_t length = 0; length < text.len; length++) {
        /* Out of a block of just that size, so that reading on would be seen. */
        char *exact = malloc(length ? length : 1);
        assert_non_null(exact);
        memcpy(exact, text.data, length);
        assert_null(json_parse((struct str){ exact, length }, NULL));
        free(exact);
    }
    struct json *value = parsed(text);
    json_free(value);
}

static void blanks_and_a_mark_may_stand_around(void **state)
{
    (void)state;
    assert_becomes(STR(" \t\r\n[ 1 , 2 ] \r\n"), "[1,2]");
    assert_becomes(STR("\xEF\xBB\xBF{}"), "{}");
}

static char *nested(size_t depth)
{
    char *text = malloc(2 * depth + 1);
    assert_non_null(text);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    text[2 * depth] = '\0';
    return text;
}

static void depth_is_capped(void **state)
{
    (void)state;
    static const struct { size_t depth; bool good; } rows[] = { { 500, true }, { 999, true }, { 1001, false }, { 2000, false }, { 200000, false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = nested(rows[i].depth);
        struct json *value = json_parse(str_of(text), NULL);
        assert_int_equal(value != NULL, rows[i].good);
        if (value) {
            struct json *copy = json_copy(value);
            assert_prints(copy, false, text);
            json_free(copy);
        }
        json_free(value);
        free(text);
    }
}

static void strings_lose_nothing(void **state)
{
    (void)state;
    assert_becomes(STR("\"\\u00e9\\/\\b\\f\\n\\r\\t\\\"\\\\\""), "\"\xC3\xA9/\\b\\f\\n\\r\\t\\\"\\\\\"");
    assert_becomes(STR("\"\\ud83d\\ude00\""), "\"\xF0\x9F\x98\x80\"");
    assert_becomes(STR("\"a\\u0000b\""), "\"a" FFFD "b\"");
    assert_becomes(STR("{\"a\\u0000b\":\"\\u0000\\u0000\"}"), "{\"a" FFFD "b\":\"" FFFD FFFD "\"}");
    /* An escaped backslash in front: no escape at all. */
    assert_becomes(STR("\"\\\\u0000\""), "\"\\\\u0000\"");
    assert_becomes(STR("\"\\\\\\u0000\""), "\"\\\\" FFFD "\"");
}

/* Texts cut by length end in half an emoji; one of them must not cost the whole answer. */
static void half_surrogates_become_replacements(void **state)
{
    (void)state;
    assert_becomes(STR("\"x\\ud83d\""), "\"x" FFFD "\"");
    assert_becomes(STR("\"\\uD83Dx\""), "\"" FFFD "x\"");
    assert_becomes(STR("\"\\ude00x\""), "\"" FFFD "x\"");
    assert_becomes(STR("\"\\ud83d\\ud83d\\ude00\""), "\"" FFFD "\xF0\x9F\x98\x80\"");
    assert_becomes(STR("\"\\ud83d\\u0041\""), "\"" FFFD "A\"");
    assert_becomes(STR("\"\\ud83d\\\\ude00\""), "\"" FFFD "\\\\ude00\"");
    assert_becomes(STR("[\"\\ud83d\",9007199254740993]"), "[\"" FFFD "\",9007199254740993]");
}

static void members_are_found_in_order(void **state)
{
    (void)state;
    struct json *value = parsed(STR("{\"b\":1,\"A\":2,\"a\":3,\"b\":4,\"\":5}"));
    const struct json *child = json_first(value);
    static const char *const names[] = { "b", "A", "a", "b", "" };
    for (size_t i = 0; i < 5; i++, child = json_next(child)) {
        assert_string_equal(json_name(child), names[i]);
    }
    assert_null(child);
    assert_int_equal(json_count(value), 5);
    assert_true(str_is(json_string(json_get(value, "b")), "1"));
    assert_true(str_is(json_string(json_get(value, "a")), "3"));
    assert_true(str_is(json_string(json_get_nocase(value, "a")), "2"));
    assert_true(str_is(json_string(json_get(value, "")), "5"));
    assert_null(json_get(value, "B"));
    assert_null(json_get_nocase(value, "c"));
    json_free(value);
}

static void look_ups_chain_over_nothing(void **state)
{
    (void)state;
    struct json *value = parsed(STR("[\"x\"]"));
    assert_null(json_get(json_get(NULL, "a"), "b"));
    assert_null(json_get(value, "a"));
    assert_null(json_get_nocase(value, ""));
    assert_null(json_get_nocase(json_first(value), "a"));
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_string_equal(json_name(NULL), "");
    assert_string_equal(json_name(json_first(value)), "");
    assert_int_equal(json_count(NULL), 0);
    assert_int_equal(json_string(NULL).len, 0);
    assert_string_equal(json_cstr(NULL, "other"), "other");
    assert_string_equal(json_cstr(value, "other"), "other");
    assert_string_equal(json_cstr(json_first(value), "other"), "x");
    assert_true(json_bool(NULL, true));
    assert_false(json_bool(value, false));
    json_free(value);
    json_free(NULL);
    assert_null(json_copy(NULL));
    assert_prints(NULL, false, "null");
}

static void building(void **state)
{
    (void)state;
    struct json *object = json_new_object(), *array = json_new_array();
    json_add_text(object, "text", "a\"b");
    json_add_text(object, "nothing", NULL);
    json_add(object, "list", array);
    json_add(array, NULL, json_new_int(INT64_MIN));
    json_add(array, NULL, json_new_number(str_take(STR("1.50xx"), 4)));
    json_free(json_new_null());
    json_add(array, NULL, json_new_bool(true));
    json_add(array, NULL, json_new_string(STR("a\0b\0")));
    json_add(array, NULL, json_new_string((struct str){ NULL, 0 }));
    json_add(object, "text", json_new_null());
    assert_prints(object, false, "{\"text\":\"a\\\"b\",\"nothing\":null,\"list\":[-9223372036854775808,1.50,true,\"a" FFFD "b" FFFD
                                 "\",\"\"],\"text\":null}");
    json_free(object);
}

static void a_copy_is_its_own(void **state)
{
    (void)state;
    struct json *value = parsed(STR("{\"a\":[9007199254740993,5]}"));
    json_string(json_next(json_first(json_get(value, "a"))));
    struct json *copy = json_copy(value);
    json_free(value);
    assert_prints(copy, false, "{\"a\":[9007199254740993,5]}");
    json_free(copy);
}

static void pretty_printing(void **state)
{
    (void)state;
    struct json *value = parsed(STR("{\"a\":1,\"b\":[],\"c\":{},\"d\":[1,{\"e\":null}]}"));
    assert_prints(value, true, "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    1,\n    {\n      \"e\": null\n    }\n  ]\n}");
    json_free(value);
}

static void strings_are_escaped(void **state)
{
    (void)state;
    static const struct { struct str text; const char *literal; } rows[] = {
        { { "", 0 }, "\"\"" },
        { { NULL, 0 }, "\"\"" },
        { { "a\0b", 3 }, "\"a\\u0000b\"" },
        { { "\x1f\x01\b\f\n\r\t", 7 }, "\"\\u001f\\u0001\\b\\f\\n\\r\\t\"" },
        { { "\"\\/", 3 }, "\"\\\"\\\\/\"" },
        { { "caf\xC3\xA9 \xF0\x9F\x98\x80!", 11 }, "\"caf\xC3\xA9 \xF0\x9F\x98\x80!\"" },
        { { "\xFFz", 2 }, "\"" FFFD "z\"" },
        { { "\xC3", 1 }, "\"" FFFD "\"" },
        { { "\xC0\x80", 2 }, "\"" FFFD FFFD "\"" },
        { { "\xE0\x80\xAF", 3 }, "\"" FFFD FFFD FFFD "\"" },
        { { "\xED\xA0\x80", 3 }, "\"" FFFD FFFD FFFD "\"" },
        { { "\xF0\x80\x80\xAF", 4 }, "\"" FFFD FFFD FFFD FFFD "\"" },
        { { "\xF4\x90\x80\x80", 4 }, "\"" FFFD FFFD FFFD FFFD "\"" },
        { { "\xF4\x8F\xBF\xBF", 4 }, "\"\xF4\x8F\xBF\xBF\"" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = BUF_INIT(BUF_SMALL);
        json_print_string(rows[i].text, &out);
        assert_string_equal(buf_cstr(&out), rows[i].literal);
        buf_free(&out);
    }
}

/* Both decoders of the project must agree on what UTF-8 is. */
static void printed_strings_are_always_utf8(void **state)
{
    (void)state;
    unsigned seed = 12345;
    for (int round = 0; round < 20000; round++) {
        static const unsigned char often[] = { 0x80, 0xBF, 0xC2, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 'a', '"', '\\', 0, 0xFF };
        char bytes[6];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245u + 12345u;
            bytes[i] = (char)often[seed >> 16 & 15];
        }
        struct buf out = BUF_INIT(BUF_SMALL);
        struct str text = { bytes, sizeof bytes };
        json_print_string(text, &out);
        assert_true(text_is_utf8(buf_str(&out)));
        assert_int_equal(strstr(buf_cstr(&out), FFFD) == NULL, text_is_utf8(text));
        struct json *value = parsed(buf_str(&out));
        json_free(value);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_told_apart),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(digits_find_their_nodes),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(doubles),
        cmocka_unit_test(what_is_not_json_is_refused_with_its_place),
        cmocka_unit_test(every_cut_of_a_value_is_refused),
        cmocka_unit_test(blanks_and_a_mark_may_stand_around),
        cmocka_unit_test(depth_is_capped),
        cmocka_unit_test(strings_lose_nothing),
        cmocka_unit_test(half_surrogates_become_replacements),
        cmocka_unit_test(members_are_found_in_order),
        cmocka_unit_test(look_ups_chain_over_nothing),
        cmocka_unit_test(building),
        cmocka_unit_test(a_copy_is_its_own),
        cmocka_unit_test(pretty_printing),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(printed_strings_are_always_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
