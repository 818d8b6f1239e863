#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "results/filter.h"

static char column_names[][16] = { "Name", "Status", "StatusText", "Size", "WhenCreated", "Flag", "Tags", "Gone",
                                   "Display Name", "Digits", "Total", "Nil" };
#define COLUMNS (sizeof column_names / sizeof *column_names)

static const struct property row[COLUMNS] = {
    { .kind = VALUE_STRING, .text = { "Case of Zo\xc3\xab \"x\"", 16 } },
    { .kind = VALUE_STRING, .text = { "Active", 6 } },
    { .kind = VALUE_STRING, .text = { "Waiting", 7 } },
    { .kind = VALUE_NUMBER, .text = { "9007199254740993", 16 } },
    { .kind = VALUE_STRING, .text = { "2026-11-23T07:45:00.0000000Z", 28 } },
    { .kind = VALUE_TRUE },
    { .kind = VALUE_NESTED, .text = { "[\"red\",\"green\"]", 15 } },
    { .kind = VALUE_NULL },     /* absent, see value_of */
    { .kind = VALUE_STRING, .text = { "shown", 5 } },
    { .kind = VALUE_STRING, .text = { "007", 3 } },
    { .kind = VALUE_STRING, .text = { "1.5 KB (1,536 bytes)", 20 } },
    { .kind = VALUE_NULL },
};

static bool value_of(void *context, int column, struct property *value)
{
    (void)context;
    *value = row[column];
    return column != 7;
}

static bool parse(struct filter *filter, const char *text, struct err *err)
{
    struct column columns[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct column){ .name = column_names[i] };
    return filter_parse(filter, str_of(text), columns, COLUMNS, err);
}

static bool matches(const char *text)
{
    struct err err;
    struct filter filter;
    if (!parse(&filter, text, &err)) {
        print_error("%s: %s\n", text, err.text);
        fail();
    }
    bool result = filter_matches(&filter, value_of, NULL, (int)COLUMNS);
    filter_free(&filter);
    return result;
}

static void check(const char *const *texts, bool expected)
{
    for (; *texts; texts++)
        if (matches(*texts) != expected) {
            print_error("%s\n", *texts);
            fail();
        }
}

static void what_matches(void **state)
{
    static const char *const texts[] = {
        "", "  ", "active", "ACT wait", "\"case of\"", "\"\"\"x\"\"\"", "zo\xc3\x8b", "true", "1,536",
        "Status=active", "status:CTI", "STATUS!=waiting", "statust=waiting", "Name:\"of Z\"", "\"display name\"=SHOWN",
        "Size=9007199254740993", "Size>9007199254740992", "Size<9007199254740994", "Size>=9007199254740993.0",
        "Size<=9007199254740993", "Size>1e10", "Size!=9007199254740992",
        "WhenCreated>2026-11-22", "WhenCreated=2026-11-23", "WhenCreated<2026-11-24", "WhenCreated>=2026-11-23",
        "WhenCreated<=2026-11-23", "WhenCreated=2026-11-23T08:45:00+01:00", "WhenCreated<2026-11-23T07:45:01Z",
        "WhenCreated:11-23T07", "Flag=true", "Flag=TRUE", "Flag!=false", "Flag:ru", "Tags:red", "Tags:\"red, green\"",
        "Tags=\"red, green\"", "Digits=007", "Digits>=7", "Digits!=7", "Total>1535", "Total=1536", "Total<1537",
        "Name>b", "Name<d", "Nil=", "Name!=", "-nowhere", "-\"no where\"", "-Status=waiting", "-Gone=x", "-Gone:x",
        NULL };
    (void)state;
    check(texts, true);
}

static void what_does_not(void **state)
{
    static const char *const texts[] = {
        "nowhere", "active nowhere", "-active", "false", "Status=activ", "Status:wait", "Status!=ACTIVE",
        "Size=9007199254740992", "Size>9007199254740993", "Size<9007199254740993", "Size>=9007199254740993.5",
        "WhenCreated>2026-11-23", "WhenCreated<2026-11-23", "WhenCreated=2026-11-22", "WhenCreated!=2026-11-23",
        "Flag=false", "Digits=7", "Digits>7", "Gone=x", "Gone!=x", "Gone:x", "Gone=", "Gone>1", "Nil!=", "Nil<5",
        "Nil:x", "-Flag=true", "Name=\"Case of Zoe \"\"x\"\"\"", NULL };
    (void)state;
    check(texts, false);
}

static void what_cannot_be_read(void **state)
{
    static const struct { const char *text, *says; } bad[] = {
        { "\"open", "not closed" }, { "Name:\"open", "not closed" }, { "Nope=1", "\"Nope\"" }, { "=1", "No column" },
        { "Stat=1", "Several columns" }, { "-", "nothing behind" }, { "a - b", "nothing behind" },
        { "Name:", "nothing" }, { "Size>", "nothing" }, { "\"a\"b", "blank" }, { "Name:\"a\"b", "blank" },
        { "a b c d e f g h i j k l m n o p q", "16" }, { "http://x", "\"http\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err;
        struct filter filter;
        if (parse(&filter, bad[i].text, &err)) {
            print_error("%s\n", bad[i].text);
            fail();
        }
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.text, bad[i].says));
        assert_int_equal(filter.count, 0);
    }
}

static void terms_are_read_as_written(void **state)
{
    struct err err;
    struct filter filter;
    (void)state;
    assert_true(parse(&filter, " word  -Size>=5\tName:\"two  words\" \"a \"\"b\"\"\" -x", &err));
    assert_int_equal(filter.count, 5);
    assert_int_equal(filter.terms[0].op, FILTER_ANYWHERE);
    assert_string_equal(filter.terms[0].text, "word");
    assert_true(filter.terms[1].negated);
    assert_int_equal(filter.terms[1].op, FILTER_GREATER_EQUAL);
    assert_int_equal(filter.terms[1].column, 3);
    assert_string_equal(filter.terms[1].text, "5");
    assert_int_equal(filter.terms[2].column, 0);
    assert_string_equal(filter.terms[2].text, "two  words");
    assert_string_equal(filter.terms[3].text, "a \"b\"");
    assert_true(filter.terms[4].negated);
    filter_free(&filter);
    assert_int_equal(filter.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_matches),
        cmocka_unit_test(what_does_not),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(terms_are_read_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
