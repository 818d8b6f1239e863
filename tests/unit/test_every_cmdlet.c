/* Each cmdlet of a list through what people do with it: fields, a line of PowerShell and back, the body of the request. What
   goes out has to be of the JSON type that the parameter's type asks for (rest.md section 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/guid.h"
#include "base/mem.h"
#include "catalogue/command_line.h"
#include "catalogue/module_file.h"
#include "catalogue/value.h"
#include "demo/public_key.h"
#include "session/rest/rest_encode.h"

#define SMALL "tests/data/cmdlets.jsonl"
#define REAL "../shared/catalog/service.jsonl"
#define LIST_MOST ((size_t)8 * 1024 * 1024)
#define ROUNDS 6

/* ---- the list as a module file ---- */

static void add_use(const struct json *use, struct buf *out)
{
    int64_t position;
    const struct json *name = json_first(use), *mandatory = json_next(name), *at = json_next(mandatory), *value = json_next(at);
    const struct json *numbers[] = { mandatory, value, json_next(value) };
    bool flags[3];
    for (size_t i = 0; i < 3; i++) {
        int64_t number = 0;
        flags[i] = json_bool(numbers[i], json_int64(numbers[i], &number) && number != 0);
    }
    buf_text(out, "    [Parameter(");
    if (!str_is(json_string(name), "__AllParameterSets"))
        buf_format(out, "ParameterSetName='%s', ", json_cstr(name, ""));
    if (flags[0])
        buf_text(out, "Mandatory=$true, ");
    if (json_int64(at, &position))
        buf_format(out, "Position=%d, ", (int)position);
    buf_format(out, "ValueFromPipeline=$%s, ValueFromPipelineByPropertyName=$%s)]\n", flags[1] ? "true" : "false", flags[2] ? "true" : "false");
}

static void add_parameter(const struct json *parameter, struct buf *out)
{
    const char *type = json_cstr(json_get(parameter, "t"), "");
    const struct json *values = json_get(parameter, "v");
    for (const struct json *use = json_first(json_get(parameter, "s")); use; use = json_next(use))
        add_use(use, out);
    if (json_first(values)) {
        buf_text(out, "    [ValidateSet(");
        for (const struct json *value = json_first(values); value; value = json_next(value))
            buf_format(out, "%s'%s'", value == json_first(values) ? "" : ",", json_cstr(value, ""));
        buf_text(out, ")]\n");
    }
    if (strcmp(type, "System.Object") != 0)
        buf_format(out, "    [%s]\n", type);
    buf_format(out, "    ${%s}", json_cstr(json_get(parameter, "n"), ""));
}

static void add_cmdlet(const struct json *cmdlet, struct buf *out)
{
    buf_format(out, "# .ExternalHelp Help.xml\nfunction script:%s\n{\n    [CmdletBinding(", json_cstr(json_get(cmdlet, "c"), ""));
    if (json_kind(json_get(cmdlet, "d")) == JSON_STRING)
        buf_format(out, "DefaultParameterSetName='%s'", json_cstr(json_get(cmdlet, "d"), ""));
    buf_text(out, ")]\n    param(\n    \n");
    for (const struct json *p = json_first(json_get(cmdlet, "p")); p; p = json_next(p)) {
        add_parameter(p, out);
        buf_text(out, json_next(p) ? ",\n\n" : "\n");
    }
    buf_text(out, "    )\n    Begin {\n    }\n    Process {\n    }\n    End {\n    }\n}\n\n");
}

static struct catalogue *read_list(const char *path)
{
    struct buf text = BUF_INIT(LIST_MOST);
    struct err err = { 0 };
    char line[65536];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct str trimmed = str_trim(str_of(line));
        struct json *cmdlet = trimmed.len ? json_parse(trimmed, &err) : NULL;
        if (cmdlet)
            add_cmdlet(cmdlet, &text);
        json_free(cmdlet);
    }
    fclose(file);
    assert_string_equal(err.text, "");
    struct catalogue *catalogue = module_file_parse(buf_str(&text), STR(""), &err);
    if (!catalogue)
        fail_msg("%s", err.text);
    buf_free(&text);
    return catalogue;
}

/* ---- plausible values ---- */

static uint64_t random_state;

static unsigned any(unsigned below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(random_state >> 33) % below;
}

#define WORDS 7

/* As people type them into fields, the awkward ones of each type among them. */
static const struct { enum parameter_type type; const char *texts[WORDS]; } samples[] = {
    { TYPE_UNTYPED, { "Contoso", "It's (a) \"$name\"; -x", "$true", "12", "5 GB", "@{Add='a','b'; Remove=@('c')}", "Unlimited" } },
    { TYPE_STRING, { "Contoso", "a 'b' \"c\" `$d, {e} | f", "-Force", "007", "\xC3\xA4 \xE2\x80\x99 \xE4\xB8\xAD", "@(x)", "$null" } },
    { TYPE_STRING_LIST, { "a", "a, b", "'a, b', c", "$x, 1, -y", "@('it''s')", "\xE2\x80\x9C, b", "1KB" } },
    { TYPE_BOOL, { "true", "$false", "yes", "no", "1", "0", "off" } },
    { TYPE_SWITCH, { "true", "false", "yes", "on", "1", "$true", "0" } },
    { TYPE_INT, { "7", "1", "0x10", "100", "2", "1KB", "42" } },
    { TYPE_LONG, { "7", "9007199254740993", "2GB", "1", "2", "3", "4" } },
    { TYPE_DOUBLE, { "1.5", "0", "-2", "1e3", ".5", "10", "1KB" } },
    { TYPE_GUID, { "36ee4c6c-0812-40a2-b820-b22ebd02bce3", "{36EE4C6C-0812-40a2-b820-b22ebd02bce3}", "36ee4c6c081240a2b820b22ebd02bce3",
                   "00000000-0000-0000-0000-000000000000", "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
                   "36ee4c6c-0812-40a2-b820-b22ebd02bce3", "36ee4c6c-0812-40a2-b820-b22ebd02bce3" } },
    { TYPE_DATETIME, { "2026-01-31", "2026-01-31 14:00", "7d", "today", "2026-01-31T14:00:05+02:00", "+2h", "2024-02-29" } },
    { TYPE_TIMESPAN, { "1:00", "7.00:00:00", "90m", "-0:00:01", "0.1:2:3.4", "2w", "23:59:59" } },
    { TYPE_URI, { "https://a.b/?c=d&e=%20", "x", "a b", "urn:x", "/", "http://x", "https://y" } },
    { TYPE_CULTURE, { "de-DE", "en", "zh-Hans-CN", "en-US", "fr", "ja-JP", "es-ES" } },
    { TYPE_BYTES_LIST, { SMALL, SMALL ", " SMALL, SMALL, SMALL, SMALL, SMALL, SMALL } },
    { TYPE_BYTES, { SMALL, SMALL, SMALL, SMALL, SMALL, SMALL, SMALL } },
    { TYPE_HASHTABLE, { "@{a='b'}", "@{}", "@{a=@{b=@{c=1}}}", "@{'a b'=$null}", "@{a=1,2}", "@{a=$true;b=1.50}", "@{x='it''s'}" } },
    { TYPE_HASHTABLE_LIST, { "@{a='b'}", "@(@{a=1},@{b=2})", "@{a=@{b='c'}}", "@{a=1}", "@{b=1}", "@{c=1}", "@{d=1}" } },
    { TYPE_OBJECT_LIST, { "a, b", "1, $true, x", "@(@{operator='And'; groups=@(@{name='x'})})", "one", "@('a','b')", "'a, b'", "2" } },
    { TYPE_VERSION, { "1.0", "15.20.4.1", "1", "2.0", "3.0", "4.0.0.0", "5.1" } },
    { TYPE_OTHER, { "x", "{a -eq 'b'}", "a, b", "$x", "it's", "1", "true" } },
};

static const char *sample(const struct parameter *parameter)
{
    if (parameter->value_count)
        return parameter->values[any((unsigned)parameter->value_count)];
    if (parameter_is_identity(parameter))
        return any(2) ? "Contoso" : "12";
    if (str_is_nocase(str_of(parameter->name), "ResultSize"))
        return any(2) ? "Unlimited" : "7";
    if (str_is_nocase(str_of(parameter->type_name), "guid[]"))
        return "36ee4c6c081240a2b820b22ebd02bce3, {36ee4c6c-0812-40a2-b820-b22ebd02bce3}";
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (samples[i].type == parameter->type)
            return samples[i].texts[any(WORDS)];
    fail_msg("-%s: no sample for %s", parameter->name, parameter->type_name);
    return "";
}

static void fill(struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, unsigned round)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        const struct parameter_use *use = parameter_use_in(parameter, set);
        struct err err = { 0 };
        bool wanted = use && (use->mandatory || round == 0 || any(3) == 0);
        const char *text = wanted && !parameter_is_secret(parameter->type) ? sample(parameter) : "";
        if (!invocation_set_text(invocation, parameter, str_of(text), &err))
            fail_msg("%s -%s \"%s\": %s", cmdlet->name, parameter->name, text, err.text);
    }
}

/* ---- types of what goes out ---- */

static bool tagged(const struct json *json, const char *type)
{
    return str_is(json_string(json_get(json, "@odata.type")), type);
}

static bool is_number_array(const struct json *json)
{
    int64_t number;
    for (const struct json *item = json_first(json); item; item = json_next(item))
        if (!json_int64(item, &number) || number < 0 || number > 255)
            return false;
    return json_kind(json) == JSON_ARRAY && json_count(json) > 0;
}

/* yyyy-MM-ddTHH:mm:ss, no Z. */
static bool is_wire_date(struct str text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    bool good = text.len == sizeof form - 1;
    for (size_t i = 0; good && i < text.len; i++)
        good = form[i] == 'd' ? text.data[i] >= '0' && text.data[i] <= '9' : text.data[i] == form[i];
    return good;
}

static bool all_texts(const struct json *json)
{
    for (const struct json *item = json_first(json); item; item = json_next(item))
        if (json_kind(item) != JSON_STRING)
            return false;
    return json_kind(json) == JSON_ARRAY;
}

static bool fits_type(enum parameter_type type, const struct json *json)
{
    int64_t number;
    switch (type) {
    case TYPE_BOOL: case TYPE_SWITCH: return json_kind(json) == JSON_BOOL;
    case TYPE_INT: case TYPE_LONG: return json_int64(json, &number);
    case TYPE_DOUBLE: return json_kind(json) == JSON_NUMBER;
    case TYPE_GUID: return guid_valid(json_string(json));
    case TYPE_DATETIME: return is_wire_date(json_string(json));
    case TYPE_STRING: case TYPE_TIMESPAN: case TYPE_URI: case TYPE_CULTURE: case TYPE_VERSION: case TYPE_OTHER:
        return json_kind(json) == JSON_STRING;
    case TYPE_STRING_LIST: return all_texts(json);
    case TYPE_BYTES: return tagged(json, "#Exchange.ByteArrayType") && is_number_array(json_get(json, "Data"));
    case TYPE_BYTES_LIST: return json_kind(json) == JSON_ARRAY;
    case TYPE_HASHTABLE: return tagged(json, "#Exchange.GenericHashTable");
    case TYPE_HASHTABLE_LIST: case TYPE_OBJECT_LIST: return json_kind(json) == JSON_ARRAY && json_count(json) > 0;
    case TYPE_UNTYPED: return json_kind(json) != JSON_OBJECT || tagged(json, "#Exchange.GenericHashTable");
    case TYPE_SECURE_STRING: case TYPE_CREDENTIAL: break;
    }
    struct buf clear = BUF_INIT(BUF_SMALL);
    bool good = demo_unseal(json_string(json), &clear) && strstr(buf_cstr(&clear), "hidden") != NULL;
    buf_free(&clear);
    return good;
}

static bool fits(const struct argument *argument, const struct json *parameters, const struct json *json)
{
    bool good = true;
    char *sibling = mem_format("%s@odata.type", argument->name);
    const struct json *tag = json_get(parameters, sibling);
    free(sibling);
    if ((argument->type == TYPE_HASHTABLE_LIST) != str_is(json_string(tag), "#Collection(Exchange.GenericHashTable)") ||
        (argument->type == TYPE_BYTES_LIST) != str_is(json_string(tag), "#Collection(Exchange.ByteArrayType)"))
        return false;
    /* Of a list whose items want more than text, the type is that of the items. */
    if (argument->kind != ARG_LIST || argument->type == TYPE_STRING_LIST || argument->type == TYPE_OBJECT_LIST || argument->type == TYPE_UNTYPED)
        return fits_type(argument->type, json);
    for (const struct json *item = json_first(json); item; item = json_next(item))
        good = good && fits_type(argument->type, item);
    return good && json_kind(json) == JSON_ARRAY && json_count(json) > 0;
}

static void encode(const struct invocation *invocation, struct buf *body)
{
    struct err err = { 0 };
    if (!rest_encode(invocation, demo_public_key, body, &err))
        fail_msg("%s: %s", invocation->cmdlet, err.text);
}

static void check_types(const struct invocation *invocation)
{
    struct buf body = BUF_INIT(REST_ENCODE_MAX);
    encode(invocation, &body);
    struct json *tree = json_parse(buf_str(&body), NULL);
    const struct json *input = json_get(tree, "CmdletInput"), *parameters = json_get(input, "Parameters");
    assert_true(str_is(json_string(json_get(input, "CmdletName")), invocation->cmdlet));
    assert_int_equal(json_kind(parameters), JSON_OBJECT);
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        if (!fits(argument, parameters, json_get(parameters, argument->name)))
            fail_msg("%s -%s, of type %d: %s", invocation->cmdlet, argument->name, (int)argument->type, buf_cstr(&body));
    }
    json_free(tree);
    buf_free(&body);
}

/* The line gives the same body as the fields it was printed from. */
static void check_line(const struct catalogue *catalogue, const struct invocation *invocation)
{
    struct buf line = BUF_INIT(COMMAND_LINE_MAX), before = BUF_INIT(REST_ENCODE_MAX), after = BUF_INIT(REST_ENCODE_MAX);
    struct err err = { 0 };
    command_line_print(invocation, &line);
    struct invocation *again = command_line_parse(buf_str(&line), catalogue, &err);
    if (!again)
        fail_msg("%s\n%s", buf_cstr(&line), err.text);
    encode(invocation, &before);
    encode(again, &after);
    if (!str_eq(buf_str(&before), buf_str(&after)))
        fail_msg("%s\n%s\n%s", buf_cstr(&line), buf_cstr(&before), buf_cstr(&after));
    invocation_free(again);
    buf_free(&line);
    buf_free(&before);
    buf_free(&after);
}

/* ---- all of it ---- */

static size_t add_secrets(struct invocation *invocation, const struct cmdlet *cmdlet)
{
    size_t count = 0;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &cmdlet->parameters[i];
        if (!parameter_is_secret(parameter->type))
            continue;
        bool both = parameter->type == TYPE_CREDENTIAL;
        invocation_set(invocation, parameter->name, both ? ARG_HASHTABLE : ARG_TEXT, parameter->type,
                       json_parse(both ? STR("{\"UserName\":\"u\",\"Password\":\"hidden\"}") : STR("\"hidden\""), NULL));
        count++;
    }
    return count;
}

static bool needs_secret(const struct cmdlet *cmdlet, const char *set)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter_use *use = parameter_use_in(&cmdlet->parameters[i], set);
        if (use && use->mandatory && parameter_is_secret(cmdlet->parameters[i].type))
            return true;
    }
    return false;
}

/* Sets that ask for the same parameters cannot be told apart in a line; PowerShell refuses that as well. */
static bool one_set(const struct invocation *invocation, const struct cmdlet *cmdlet)
{
    struct err err = { 0 };
    bool good = invocation_validate(invocation, cmdlet, NULL, &err);
    if (!good && !strstr(err.text, "the parameter set cannot be resolved"))
        fail_msg("%s: %s", cmdlet->name, err.text);
    return good;
}

struct tally {
    size_t secrets, lines, ambiguous;
};

static void check_cmdlet(const struct catalogue *catalogue, const struct cmdlet *cmdlet, struct tally *tally)
{
    for (unsigned i = 0; i < cmdlet->set_count * ROUNDS; i++) {
        const char *set = cmdlet->sets[i / ROUNDS];
        struct invocation *invocation = invocation_new(cmdlet->name);
        fill(invocation, cmdlet, set, i % ROUNDS);
        if (!needs_secret(cmdlet, set)) {
            bool one = one_set(invocation, cmdlet);
            tally->lines++;
            tally->ambiguous += !one;
            if (one)
                check_line(catalogue, invocation);
        }
        tally->secrets += add_secrets(invocation, cmdlet);
        check_types(invocation);
        invocation_free(invocation);
    }
}

static void check_list(const char *path, size_t cmdlets, size_t least_secrets)
{
    struct catalogue *catalogue = read_list(path);
    struct tally tally = { 0 };
    random_state = 20260823;
    assert_int_equal(catalogue->count, cmdlets);
    for (size_t i = 0; i < catalogue->count; i++)
        check_cmdlet(catalogue, &catalogue->cmdlets[i], &tally);
    assert_true(tally.secrets >= least_secrets);
    assert_true(tally.ambiguous * 5 < tally.lines);

    print_message("# %zu lines, %zu of them ambiguous\n", tally.lines, tally.ambiguous);
    catalogue_free(catalogue);
}

static void the_small_list(void **state)
{
    (void)state;
    check_list(SMALL, 8, 0);
}

static void the_real_list(void **state)
{
    (void)state;
    if (access(REAL, R_OK) != 0) {
        print_message("# skip: %s is not on this machine\n", REAL);
        return;
    }
    check_list(REAL, 418, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_small_list),
        cmocka_unit_test(the_real_list),
    };
    return cmocka_run_group_tests_name("every_cmdlet", tests, NULL, NULL);
}
