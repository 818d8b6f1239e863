#include "tests/unit/catalogue_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "catalogue/invocation.h"

struct world {
    struct catalogue *catalogue;
    const struct cmdlet *thing, *cases, *label;
    struct invocation *invocation;
    struct err err;
};

static int open_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    world->catalogue = fixture_catalogue();
    world->thing = catalogue_find(world->catalogue, STR("Set-Thing"));
    world->cases = catalogue_find(world->catalogue, STR("Get-ComplianceCase"));
    world->label = catalogue_find(world->catalogue, STR("Get-Label"));
    world->invocation = invocation_new("Set-Thing");
    *state = world;
    return 0;
}

static int close_world(void **state)
{
    struct world *world = *state;
    invocation_free(world->invocation);
    catalogue_free(world->catalogue);
    free(world);
    return 0;
}

/* What the value became, as JSON; "-" when it was refused, "" when it was removed. */
static const char *after(struct world *world, const char *name, const char *text)
{
    static char result[512];
    const struct parameter *parameter = cmdlet_parameter(world->thing, str_of(name), NULL);
    assert_non_null(parameter);
    memset(&world->err, 0, sizeof world->err);
    if (!invocation_set_text(world->invocation, parameter, str_of(text), &world->err)) {
        assert_int_equal(world->err.kind, ERR_INPUT);
        assert_string_equal(world->err.field, name);
        assert_true(world->err.text[0] != '\0');
        return "-";
    }
    const struct argument *argument = invocation_get(world->invocation, name);
    if (argument == NULL)
        return "";
    struct buf out = BUF_INIT(sizeof result - 1);
    json_print(argument->value, false, &out);
    snprintf(result, sizeof result, "%s", buf_cstr(&out));
    buf_free(&out);
    return result;
}

static enum argument_kind kind_after(struct world *world, const char *name)
{
    return invocation_get(world->invocation, name)->kind;
}

static void test_text_to_value_by_type(void **state)
{
    struct world *world = *state;
    static const struct { const char *name, *text, *json; } cases[] = {
        { "Count", "42", "42" }, { "Count", " 7 ", "7" }, { "Count", "0x10", "16" }, { "Count", "101", "-" },
        { "Count", "0", "-" }, { "Count", "x", "-" }, { "Count", "1.5", "-" },
        { "Big", "9007199254740993", "9007199254740993" }, { "Big", "9223372036854775808", "-" }, { "Big", "1KB", "1024" },
        { "Ratio", "2.5", "2.5" }, { "Ratio", ".5", "0.5" }, { "Ratio", "-1e3", "-1e3" }, { "Ratio", "two", "-" },
        { "Enabled", "yes", "true" }, { "Enabled", "$False", "false" }, { "Enabled", "maybe", "-" },
        { "Force", "true", "true" }, { "Force", "no", "false" },
        { "Id", "36EE4C6C-0812-40a2-b820-b22ebd02bce3", "\"36ee4c6c-0812-40a2-b820-b22ebd02bce3\"" },
        { "Id", "{36ee4c6c-0812-40a2-b820-b22ebd02bce3}", "\"36ee4c6c-0812-40a2-b820-b22ebd02bce3\"" },
        { "Id", "36ee4c6c081240a2b820b22ebd02bce3", "\"36ee4c6c-0812-40a2-b820-b22ebd02bce3\"" },
        { "Id", "36ee4c6c", "-" }, { "Id", "36ee4c6c-0812-40a2-b820-b22ebd02bceg", "-" },
        { "When", "2026-01-31", "\"2026-01-31T00:00:00\"" }, { "When", "2026-01-31 14:00", "\"2026-01-31T14:00:00\"" },
        { "When", "2026-01-31T14:00:05Z", "\"2026-01-31T14:00:05\"" },
        { "When", "2026-01-31T14:00:05+02:00", "\"2026-01-31T12:00:05\"" }, { "When", "31.01.2026", "-" },
        { "When", "01/02/2026", "-" }, { "When", "2026-02-30", "-" }, { "StartDate", "2026-01-31", "\"2026-01-31T00:00:00\"" },
        { "Span", "7.00:00:00", "\"7.00:00:00\"" }, { "Span", "soon", "-" }, { "Span", "1:30", "\"01:30:00\"" },
        { "Span", "-0.5:4:3.25", "\"-05:04:03.2500000\"" }, { "Span", "90m", "\"01:30:00\"" }, { "Span", "-2w", "\"-14.00:00:00\"" },
        { "Span", "7", "-" }, { "Span", "24:00", "-" }, { "Span", "1:60", "-" }, { "Span", "1:2:3:4", "-" }, { "Span", "1:2:3.", "\"01:02:03\"" },
        { "Span", "1.2.3", "-" }, { "Span", ":", "-" }, { "Span", "1:-2", "-" }, { "Span", "1:2:3.12345678", "-" }, { "Span", "--1:00", "-" },
        { "Ids", "{36ee4c6c-0812-40a2-b820-b22ebd02bce3}", "[\"36ee4c6c-0812-40a2-b820-b22ebd02bce3\"]" }, { "Ids", "36ee4c6c081240a2b820b22ebd02bce3, x", "-" },
        { "Days", "2026-01-31 14:00, 2026-02-01", "[\"2026-01-31T14:00:00\",\"2026-02-01T00:00:00\"]" }, { "Days", "@('01/02/2026')", "-" },
        { "Ports", "0x10, 65535", "[16,65535]" }, { "Ports", "65536", "-" }, { "Ports", "@(1,'2',3)", "[1,2,3]" }, { "Ports", "@('a')", "-" },
        { "Language", "de-DE", "\"de-DE\"" }, { "Language", "d", "-" }, { "Release", "1.2.3", "\"1.2.3\"" },
        { "Release", "one", "-" }, { "Colour", "green", "\"Green\"" }, { "Colour", "Gren", "-" },
        { "Name", "It's (a) \"name\"", "\"It's (a) \\\"name\\\"\"" }, { "Name", "x", "-" },
        { "Name", "a text that is longer than twenty", "-" },
        { "Words", "a, b\nc", "[\"a\",\"b\",\"c\"]" }, { "Words", "one", "[\"one\"]" },
        { "Words", "'a, b', \"c\"\"d\"", "[\"a, b\",\"c\\\"d\"]" }, { "Words", "@('x','y')", "[\"x\",\"y\"]" },
        { "Things", "1, b", "[1,\"b\"]" }, { "Lines", "x\r\ny", "[\"x\",\"y\"]" },
        { "Settings", "@{a='b';c=@(1,2)}", "{\"a\":\"b\",\"c\":[1,2]}" }, { "Settings", "a=b", "-" },
        { "Settings", "@{a='b'", "-" }, { "Conditions", "@{a='b'}", "[{\"a\":\"b\"}]" }, { "Conditions", "1,2", "-" },
        { "Password", "hunter2", "\"hunter2\"" }, { "Anything", "12", "12" }, { "Anything", "007", "\"007\"" },
        { "Anything", "$true", "true" }, { "Anything", "a, b", "\"a, b\"" }, { "Anything", "@{x=1}", "{\"x\":1}" },
        { "ExchangeLocation", "a@b.c, d@e.f", "[\"a@b.c\",\"d@e.f\"]" }, { "ExchangeLocation", "All", "\"All\"" },
        { "Identity", "12", "\"12\"" }, { "Identity", "Contoso, Inc", "\"Contoso, Inc\"" }, { "FileData", "/nonexistent/x", "-" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *json = after(world, cases[i].name, cases[i].text);
        if (strcmp(json, cases[i].json) != 0)
            fail_msg("-%s \"%s\": %s instead of %s (%s)", cases[i].name, cases[i].text, json, cases[i].json, world->err.text);
    }
}

static void test_kinds(void **state)
{
    struct world *world = *state;
    static const struct { const char *name, *text; enum argument_kind kind; } cases[] = {
        { "Force", "true", ARG_SWITCH }, { "Enabled", "true", ARG_BOOL }, { "Count", "5", ARG_NUMBER }, { "Name", "ab", ARG_TEXT },
        { "Words", "a", ARG_LIST }, { "Settings", "@{a=1}", ARG_HASHTABLE }, { "Conditions", "@{a=1}", ARG_HASHTABLE_LIST },
        { "Anything", "$null", ARG_NULL }, { "Things", "@(@{a=1},@{b=2})", ARG_HASHTABLE_LIST },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_not_equal(after(world, cases[i].name, cases[i].text), "-");
        assert_int_equal(kind_after(world, cases[i].name), cases[i].kind);
    }
}

static void test_relative_dates(void **state)
{
    struct world *world = *state;
    static const struct { const char *text; int64_t seconds; } cases[] = {
        { "7d", -7 * 86400 }, { "+2h", 7200 }, { "-1w", -7 * 86400 }, { "now", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t before = clock_unix(), moment;
        assert_string_not_equal(after(world, "When", cases[i].text), "-");
        int64_t latest = clock_unix();
        assert_true(clock_parse_iso(json_string(invocation_get(world->invocation, "When")->value), &moment));
        assert_in_range(moment - cases[i].seconds, before, latest);
    }
    assert_string_not_equal(after(world, "When", "yesterday"), "-");
    struct str day = json_string(invocation_get(world->invocation, "When")->value);
    assert_int_equal(day.len, 19);
    assert_true(str_ends_nocase(day, STR("T00:00:00")));
}

static void test_empty_unsets_but_not_an_identity_on_purpose(void **state)
{
    struct world *world = *state;
    assert_string_equal(after(world, "Name", "abc"), "\"abc\"");
    assert_string_equal(after(world, "Name", ""), "");
    assert_string_equal(after(world, "Anything", "''"), "\"\"");
    assert_string_equal(after(world, "Identity", "x"), "\"x\"");
    assert_string_equal(after(world, "Identity", ""), "");
    assert_string_equal(after(world, "Identity", "  "), "-");
    assert_string_equal(after(world, "Identity", "''"), "-");
    assert_string_equal(after(world, "Identity", "$null"), "-");
    assert_non_null(strstr(world->err.advice, "every object"));
}

static void test_file_becomes_base64(void **state)
{
    struct world *world = *state;
    char path[] = "/tmp/purvey-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "\x00\xff" "A\n", 4), 4);
    assert_string_equal(after(world, "FileData", path), "\"AP9BCg==\"");
    assert_int_equal(kind_after(world, "FileData"), ARG_BYTES);
    char both[2 * sizeof path + 2];
    snprintf(both, sizeof both, "%s, %s", path, path);
    assert_string_equal(after(world, "Files", both), "[\"AP9BCg==\",\"AP9BCg==\"]");
    assert_int_equal(kind_after(world, "Files"), ARG_BYTES_LIST);
    assert_string_equal(after(world, "Files", "/nonexistent/x"), "-");
    assert_string_equal(world->err.field, "Files");
    assert_int_equal(ftruncate(fd, 32 * 1024 * 1024 + 1), 0);
    assert_string_equal(after(world, "FileData", path), "-");
    assert_string_equal(after(world, "FileData", "/dev/zero"), "-");
    close(fd);
    unlink(path);
}

static void test_choice_names_the_nearest(void **state)
{
    struct world *world = *state;
    assert_string_equal(after(world, "Colour", "Gren"), "-");
    assert_non_null(strstr(world->err.advice, "Green"));
    assert_string_equal(after(world, "Colour", "zzz"), "-");
    assert_non_null(strstr(world->err.advice, "Red, Green, Blue"));
}

static void set(struct world *world, const char *name, const char *text)
{
    assert_string_not_equal(after(world, name, text), "-");
}

static bool valid(struct world *world, const char *parameter_set)
{
    memset(&world->err, 0, sizeof world->err);
    return invocation_validate(world->invocation, world->thing, parameter_set, &world->err);
}

static void test_finds_the_parameter_set(void **state)
{
    struct world *world = *state;
    assert_false(valid(world, NULL));
    assert_string_equal(world->err.field, "Identity");
    assert_non_null(strstr(world->err.text, "ById"));
    set(world, "Identity", "one");
    assert_true(valid(world, NULL));
    assert_true(valid(world, "ById"));
    assert_false(valid(world, "ByBoth"));
    assert_string_equal(world->err.field, "Name");
    set(world, "Name", "two");
    assert_true(valid(world, NULL));
    assert_false(valid(world, "ByName"));
    assert_string_equal(world->err.field, "Identity");
    invocation_unset(world->invocation, "identity");
    assert_true(valid(world, "ByName"));
    assert_true(valid(world, NULL));
}

static void test_validation_refuses_what_was_set_past_the_form(void **state)
{
    struct world *world = *state;
    set(world, "Identity", "one");
    invocation_set(world->invocation, "Count", ARG_NUMBER, TYPE_INT, json_new_int(1000));
    assert_false(valid(world, NULL));
    assert_string_equal(world->err.field, "Count");
    invocation_unset(world->invocation, "Count");
    invocation_set(world->invocation, "Colour", ARG_TEXT, TYPE_STRING, json_new_string(STR("Pink")));
    assert_false(valid(world, NULL));
    invocation_unset(world->invocation, "Colour");
    invocation_set(world->invocation, "WhatIf", ARG_SWITCH, TYPE_SWITCH, json_new_bool(true));
    assert_false(valid(world, NULL));
    assert_string_equal(world->err.field, "WhatIf");
    invocation_unset(world->invocation, "WhatIf");
    invocation_set(world->invocation, "Nonsense", ARG_TEXT, TYPE_STRING, json_new_string(STR("x")));
    assert_false(valid(world, NULL));
    invocation_unset(world->invocation, "Nonsense");
    invocation_set(world->invocation, "Confirm", ARG_SWITCH, TYPE_SWITCH, json_new_bool(false));
    assert_true(valid(world, NULL));
    invocation_set(world->invocation, "Identity", ARG_TEXT, TYPE_UNTYPED, json_new_string(STR("")));
    assert_false(valid(world, NULL));
    assert_string_equal(world->err.field, "Identity");
}

static void test_copy_is_independent(void **state)
{
    struct world *world = *state;
    set(world, "Words", "a,b");
    struct invocation *copy = invocation_copy(world->invocation);
    invocation_unset(world->invocation, "Words");
    assert_null(invocation_get(world->invocation, "Words"));
    assert_int_equal(json_count(invocation_get(copy, "WORDS")->value), 2);
    assert_string_equal(copy->cmdlet, "Set-Thing");
    assert_false(copy->read_only);
    invocation_free(copy);
    struct invocation *read = invocation_new("get-Label");
    assert_true(read->read_only);
    invocation_free(read);
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_text_to_value_by_type),
        IN_WORLD(test_kinds),
        IN_WORLD(test_relative_dates),
        IN_WORLD(test_empty_unsets_but_not_an_identity_on_purpose),
        IN_WORLD(test_file_becomes_base64),
        IN_WORLD(test_choice_names_the_nearest),
        IN_WORLD(test_finds_the_parameter_set),
        IN_WORLD(test_validation_refuses_what_was_set_past_the_form),
        IN_WORLD(test_copy_is_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
