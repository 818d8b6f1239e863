/* Request bodies, byte for byte (rest.md section 4). */
#include "session/rest/rest_encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "auth/public_key.h"
#include "demo/public_key.h"

static struct json *parsed(const char *json)
{
    struct err err = { 0 };
    struct json *value = json_parse(str_of(json), &err);
    if (!value)
        fail_msg("%s: %s", json, err.text);
    return value;
}

struct row {
    const char *name;
    enum argument_kind kind;
    enum parameter_type type;
    const char *value, *expected;
};

static const struct row rows[] = {
    { "Comment", ARG_NULL, TYPE_STRING, "null", "\"Comment\":null" },
    { "Force", ARG_SWITCH, TYPE_SWITCH, "true", "\"Force\":true" },
    { "Force", ARG_SWITCH, TYPE_SWITCH, "false", "\"Force\":false" },
    { "Enabled", ARG_BOOL, TYPE_BOOL, "false", "\"Enabled\":false" },
    { "Confirm", ARG_SWITCH, TYPE_SWITCH, "false", "\"Confirm\":false" },
    { "Count", ARG_NUMBER, TYPE_LONG, "9007199254740993", "\"Count\":9007199254740993" },
    { "Ratio", ARG_NUMBER, TYPE_DOUBLE, "1.50", "\"Ratio\":1.50" },
    { "Identity", ARG_TEXT, TYPE_UNTYPED, "\"a \\\"b\\\" \\\\ \xC3\xA9\\n\"", "\"Identity\":\"a \\\"b\\\" \\\\ \xC3\xA9\\n\"" },
    { "ResultSize", ARG_TEXT, TYPE_UNTYPED, "\"Unlimited\"", "\"ResultSize\":\"Unlimited\"" },
    { "StartDate", ARG_TEXT, TYPE_DATETIME, "\"2026-01-02T03:04:05\"", "\"StartDate\":\"2026-01-02T03:04:05\"" },
    { "Users", ARG_LIST, TYPE_STRING_LIST, "[\"a\",\"b\"]", "\"Users\":[\"a\",\"b\"]" },
    { "Numbers", ARG_LIST, TYPE_OBJECT_LIST, "[1,2.0]", "\"Numbers\":[1,2.0]" },
    { "Empty", ARG_LIST, TYPE_STRING_LIST, "[]", "\"Empty\":[]" },
    { "AdvancedSettings", ARG_HASHTABLE, TYPE_UNTYPED, "{\"k\":\"v\"}",
      "\"AdvancedSettings\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"k\":\"v\"}" },
    { "Settings", ARG_HASHTABLE, TYPE_HASHTABLE, "{\"a\":{\"b\":{\"c\":1}},\"d\":[{\"e\":2}],\"f\":null}",
      "\"Settings\":{\"@odata.type\":\"#Exchange.GenericHashTable\","
      "\"a\":{\"@odata.type\":\"#Exchange.GenericHashTable\",\"b\":{\"c\":1}},\"d\":[{\"e\":2}],\"f\":null}" },
    { "Empty", ARG_HASHTABLE, TYPE_HASHTABLE, "{}", "\"Empty\":{\"@odata.type\":\"#Exchange.GenericHashTable\"}" },
    { "Rows", ARG_HASHTABLE_LIST, TYPE_HASHTABLE_LIST, "[{\"a\":1},{\"b\":{\"c\":2}}]",
      "\"Rows@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"Rows\":[{\"a\":1},{\"b\":{\"c\":2}}]" },
    { "NoRows", ARG_LIST, TYPE_HASHTABLE_LIST, "[]", "\"NoRows@odata.type\":\"#Collection(Exchange.GenericHashTable)\",\"NoRows\":[]" },
    { "ContentContainsSensitiveInformation", ARG_HASHTABLE_LIST, TYPE_UNTYPED, "[{\"name\":\"x\"}]",
      "\"ContentContainsSensitiveInformation\":[{\"name\":\"x\"}]" },
    { "FileData", ARG_BYTES, TYPE_BYTES, "\"PD94\"",
      "\"FileData\":{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[60,63,120]}" },
    { "FileData", ARG_BYTES, TYPE_BYTES, "\"/wA=\"",
      "\"FileData\":{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[255,0]}" },
    { "Files", ARG_BYTES_LIST, TYPE_BYTES_LIST, "[\"PD94\",\"\",\"/wA=\"]",
      "\"Files@odata.type\":\"#Collection(Exchange.ByteArrayType)\",\"Files\":[{\"Data\":[60,63,120]},{\"Data\":[]},{\"Data\":[255,0]}]" },
    { "Files", ARG_BYTES_LIST, TYPE_BYTES_LIST, "[]", "\"Files@odata.type\":\"#Collection(Exchange.ByteArrayType)\",\"Files\":[]" },
    { "FileData", ARG_BYTES, TYPE_BYTES, "\"\"", "\"FileData\":{\"@odata.type\":\"#Exchange.ByteArrayType\",\"Data\":[]}" },
    { "Filter", ARG_TEXT, TYPE_STRING, "\"Enabled -eq $true -and X -ne $FALSE\"",
      "\"Filter\":\"Enabled -eq 'True' -and X -ne 'False'\"" },
    { "recipientfilter", ARG_TEXT, TYPE_STRING, "\"$trueish $true\"", "\"recipientfilter\":\"$trueish 'True'\"" },
    { "Filtered", ARG_TEXT, TYPE_STRING, "\"$true\"", "\"Filtered\":\"$true\"" },
    { "OutBuffer", ARG_NUMBER, TYPE_INT, "5", "\"OutBuffer\":\"5\"" },
    { "ErrorAction", ARG_TEXT, TYPE_UNTYPED, "\"Stop\"", "\"ErrorAction\":\"Stop\"" },
    { "progressaction", ARG_TEXT, TYPE_UNTYPED, "\"SilentlyContinue\"", "" },
    { "Verbose", ARG_SWITCH, TYPE_SWITCH, "true", "\"Verbose\":true" },
};

static const char no_key[] = "";

static void every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct invocation *invocation = invocation_new("Set-Thing");
        struct buf out = BUF_INIT(REST_ENCODE_MAX), expected = BUF_INIT(BUF_SMALL);
        struct err err = { 0 };
        invocation_set(invocation, rows[i].name, rows[i].kind, rows[i].type, parsed(rows[i].value));
        buf_format(&expected, "{\"CmdletInput\":{\"CmdletName\":\"Set-Thing\",\"Parameters\":{%s}}}", rows[i].expected);
        assert_true(rest_encode(invocation, no_key, &out, &err));
        assert_string_equal(buf_cstr(&out), buf_cstr(&expected));
        json_free(parsed(buf_cstr(&out)));
        buf_free(&out);
        buf_free(&expected);
        invocation_free(invocation);
    }
}

static void parameters_are_always_an_object(void **state)
{
    (void)state;
    struct invocation *invocation = invocation_new("Get-Label");
    struct buf out = BUF_INIT(REST_ENCODE_MAX);
    struct err err = { 0 };
    assert_true(rest_encode(invocation, no_key, &out, &err));
    assert_string_equal(buf_cstr(&out), "{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":{}}}");
    buf_clear(&out);
    invocation_set(invocation, "ProgressAction", ARG_TEXT, TYPE_UNTYPED, parsed("\"Ignore\""));
    invocation_set(invocation, "A", ARG_NUMBER, TYPE_INT, parsed("1"));
    invocation_set(invocation, "B", ARG_TEXT, TYPE_STRING, parsed("\"x\""));
    assert_true(rest_encode(invocation, no_key, &out, &err));
    assert_string_equal(buf_cstr(&out),
                        "{\"CmdletInput\":{\"CmdletName\":\"Get-Label\",\"Parameters\":{\"A\":1,\"B\":\"x\"}}}");
    buf_free(&out);
    invocation_free(invocation);
}

static void passwords_are_sealed(void **state)
{
    (void)state;
    static const struct { enum argument_kind kind; enum parameter_type type; const char *value, *clear; } cases[] = {
        { ARG_TEXT, TYPE_SECURE_STRING, "\"p\\u00e4ss \\\"w\"", "p\xc3\xa4ss \"w" },
        { ARG_HASHTABLE, TYPE_CREDENTIAL, "{\"Password\":\"p\\\"\",\"UserName\":\"u@x\"}", "{\"UserName\":\"u@x\",\"Password\":\"p\\\"\"}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct invocation *invocation = invocation_new("Set-Thing");
        struct buf out = BUF_INIT(REST_ENCODE_MAX), clear = BUF_INIT(BUF_SMALL);
        struct err err = { 0 };
        invocation_set(invocation, "Password", cases[i].kind, cases[i].type, parsed(cases[i].value));
        if (!rest_encode(invocation, demo_public_key, &out, &err))
            fail_msg("%s", err.text);
        struct json *tree = parsed(buf_cstr(&out));
        struct str sealed = json_string(json_get(json_get(json_get(tree, "CmdletInput"), "Parameters"), "Password"));
        assert_int_equal(sealed.len, 344);
        assert_true(demo_unseal(sealed, &clear));
        assert_string_equal(buf_cstr(&clear), cases[i].clear);
        json_free(tree);
        buf_free(&clear);
        buf_free(&out);
        invocation_free(invocation);
    }
    struct buf out = BUF_INIT(BUF_SMALL);
    struct err err = { 0 };
    char long_one[300];
    memset(long_one, 'x', sizeof long_one);
    assert_true(public_key_seal(demo_public_key, (struct str){ long_one, 245 }, &out, &err));
    assert_false(public_key_seal(demo_public_key, (struct str){ long_one, 246 }, &out, &err));
    assert_non_null(strstr(err.text, "longer than 245 bytes"));
    assert_false(public_key_seal("<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>", STR("x"), &out, &err));
    assert_int_equal(err.kind, ERR_PROTOCOL);
    buf_free(&out);
}

static void assert_refused(const char *name, enum argument_kind kind, enum parameter_type type, const char *value)
{
    struct invocation *invocation = invocation_new("Remove-Thing");
    struct buf out = BUF_INIT(REST_ENCODE_MAX);
    struct err err = { 0 };
    invocation_set(invocation, name, kind, type, parsed(value));
    assert_false(rest_encode(invocation, no_key, &out, &err));
    assert_true(err.kind == ERR_INPUT || err.kind == ERR_PROTOCOL);
    assert_string_equal(err.field, name);
    buf_free(&out);
    invocation_free(invocation);
}

static void what_must_not_be_sent(void **state)
{
    (void)state;
    assert_refused("WhatIf", ARG_SWITCH, TYPE_SWITCH, "true");
    assert_refused("whatif", ARG_SWITCH, TYPE_SWITCH, "false");
    assert_refused("Password", ARG_TEXT, TYPE_SECURE_STRING, "\"secret\"");
    assert_refused("Credential", ARG_HASHTABLE, TYPE_CREDENTIAL, "{\"UserName\":\"u\",\"Password\":\"p\"}");
    assert_refused("FileData", ARG_BYTES, TYPE_BYTES, "\"not base64!\"");
    assert_refused("FileData", ARG_BYTES, TYPE_BYTES, "\"AAAAA\"");
    assert_refused("Files", ARG_BYTES_LIST, TYPE_BYTES_LIST, "[\"AAAA\",\"not base64!\"]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind),
        cmocka_unit_test(parameters_are_always_an_object),
        cmocka_unit_test(passwords_are_sealed),
        cmocka_unit_test(what_must_not_be_sent),
    };
    return cmocka_run_group_tests_name("rest_encode", tests, NULL, NULL);
}
