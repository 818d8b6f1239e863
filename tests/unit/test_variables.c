/* What -OutVariable and its kin keep. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "pipeline/variables.h"

static struct invocation *call_with(const char *parameter, const char *name)
{
    struct invocation *invocation = invocation_new("Get-Label");
    invocation_set(invocation, parameter, ARG_TEXT, TYPE_STRING, json_new_string(str_of(name)));
    return invocation;
}

static void keep(struct variables *variables, const struct invocation *invocation, const char *json)
{
    struct json *value = json_parse(str_of(json), NULL);
    struct object object;
    object_init(&object);
    object_from_json(&object, value);
    variables_keep(variables, invocation, "OutVariable", &object);
    object_free(&object);
    json_free(value);
}

static void assert_kept(const struct variables *variables, const char *name, const char *expected)
{
    struct buf lines = BUF_INIT(VARIABLE_MOST);
    struct err err = { 0 };
    assert_true(variables_read(variables, name, &lines, &err));
    assert_string_equal(buf_cstr(&lines), expected);
    buf_free(&lines);
}

static void a_cmdlet_that_begins_empties_its_variable(void **state)
{
    (void)state;
    struct variables *variables = variables_new();
    struct invocation *plain = call_with("OutVariable", "Labels"), *adds = call_with("OutVariable", "+labels"), *none = invocation_new("Get-Label");
    variables_begin(variables, plain);
    assert_kept(variables, "labels", "");
    keep(variables, plain, "{\"Name\":\"a\"}");
    keep(variables, none, "{\"Name\":\"nowhere\"}");
    variables_begin(variables, adds);
    keep(variables, adds, "{\"Name\":\"b\"}");
    assert_kept(variables, "LABELS", "{\"Name\":\"a\"}\n{\"Name\":\"b\"}\n");
    variables_begin(variables, plain);
    assert_kept(variables, "labels", "");
    invocation_free(plain);
    invocation_free(adds);
    invocation_free(none);
    variables_free(variables);
}

static void annotations_are_kept_and_an_object_is_one_line(void **state)
{
    (void)state;
    struct variables *variables = variables_new();
    struct invocation *call = call_with("OutVariable", "x");
    struct object object;
    variables_begin(variables, call);
    object_init(&object);
    object.raw = STR("{\n \"When@data.type\": \"System.DateTime\",\r\n \"When\": \"2026-01-05\\n\"}");
    variables_keep(variables, call, "OutVariable", &object);
    assert_kept(variables, "x", "{  \"When@data.type\": \"System.DateTime\",   \"When\": \"2026-01-05\\n\"}\n");
    object_free(&object);
    invocation_free(call);
    variables_free(variables);
}

static void errors_are_records_and_warnings_texts(void **state)
{
    (void)state;
    struct variables *variables = variables_new();
    struct invocation *errors = call_with("ErrorVariable", "e"), *warnings = call_with("WarningVariable", "w");
    struct err err = { 0 };
    err_set(&err, ERR_SERVER, "It is not there.");
    err_advise(&err, "Look.");
    err_code(&err, "NotFound");
    variables_begin(variables, errors);
    variables_begin(variables, warnings);
    variables_keep_error(variables, errors, &err);
    variables_keep_text(variables, warnings, "WarningVariable", STR("Slow \"today\""));
    assert_kept(variables, "e", "{\"Exception\":{\"Message\":\"It is not there.\"},\"FullyQualifiedErrorId\":\"NotFound\",\"Advice\":\"Look.\"}\n");
    assert_kept(variables, "w", "\"Slow \\\"today\\\"\"\n");
    invocation_free(errors);
    invocation_free(warnings);
    variables_free(variables);
}

static void what_is_not_there_or_too_large_is_refused(void **state)
{
    (void)state;
    struct variables *variables = variables_new();
    struct invocation *call = call_with("OutVariable", "big");
    struct buf lines = BUF_INIT(VARIABLE_MOST);
    struct err err = { 0 };
    assert_false(variables_read(variables, "nope", &lines, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_string_equal(err.text, "no cmdlet before this keeps anything as $nope");
    variables_begin(variables, call);
    enum { PIECE = 1024 * 1024 };
    char *piece = mem_array(PIECE, 1);
    memset(piece, 'x', PIECE);
    for (size_t i = 0; i <= VARIABLE_MOST / PIECE; i++)
        variables_keep_text(variables, call, "OutVariable", (struct str){ piece, PIECE });
    assert_false(variables_read(variables, "big", &lines, &err));
    assert_string_equal(err.text, "$big is larger than 64 MiB, which is all that a variable may keep");
    variables_begin(variables, call);
    assert_true(variables_read(variables, "big", &lines, &err));
    buf_free(&lines);
    free(piece);
    invocation_free(call);
    variables_free(variables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cmdlet_that_begins_empties_its_variable),
        cmocka_unit_test(annotations_are_kept_and_an_object_is_one_line),
        cmocka_unit_test(errors_are_records_and_warnings_texts),
        cmocka_unit_test(what_is_not_there_or_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
