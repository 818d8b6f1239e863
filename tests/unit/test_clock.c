/* Time as people and services write it, and the GUIDs that go with every request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/guid.h"

static void monotonic_time_does_not_go_back(void **state)
{
    (void)state;
    int64_t last = clock_ms();
    assert_true(last > 0);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_ms();
        assert_true(now >= last);
        last = now;
    }
    assert_true(llabs(clock_unix() - (int64_t)time(NULL)) <= 1);
}

static void iso_text(void **state)
{
    (void)state;
    static const struct { int64_t unix_s; const char *text; } rows[] = {
        { 0, "1970-01-01T00:00:00Z" }, { -1, "1969-12-31T23:59:59Z" }, { 951782400, "2000-02-29T00:00:00Z" },
        { 4102444799, "2099-12-31T23:59:59Z" }, { 253402300799, "9999-12-31T23:59:59Z" },
        /* a year of five digits has no room, and this one no calendar */
        { 253402300800, "" }, { INT64_MAX, "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[21] = "????????????????????";
        clock_iso(rows[i].unix_s, out);
        assert_string_equal(out, rows[i].text);
    }
}

static void local_text(void **state)
{
    (void)state;
    char out[9];
    setenv("TZ", "TEST-05:30", 1);
    tzset();
    clock_hms(3661, out);
    assert_string_equal(out, "06:31:01");
    clock_hms(INT64_MAX, out);
    assert_string_equal(out, "");
    setenv("TZ", "UTC", 1);
    tzset();
    clock_hms(3661, out);
    assert_string_equal(out, "01:01:01");
}

static void good_dates_are_read(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t unix_s; } rows[] = {
        { "1970-01-01", 0 }, { "1970-01-01T00:00:01", 1 }, { "1970-01-01 00:01", 60 }, { "1970-01-01T00:00:00Z", 0 },
        { "2000-02-29T00:00:00.1234567Z", 951782400 }, { "2000-02-29T01:00:00+01:00", 951782400 },
        { "2000-02-28T18:30:00-0530", 951782400 }, { "2000-02-29t00:00:00,5z", 951782400 }, { "2000-02-29T02:00:00+02", 951782400 },
        { "1969-12-31T23:59:59Z", -1 }, { "9999-12-31T23:59:59Z", 253402300799 }, { "1972-06-30T23:59:60Z", 78796800 },
        { "0001-01-01T00:00:00Z", -62135596800 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t unix_s = 42;
        assert_true(clock_parse_iso(str_of(rows[i].text), &unix_s));
        assert_true(unix_s == rows[i].unix_s);
    }
}

static void bad_dates_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "2026", "2026-1-01", "2026-13-01", "2026-00-10", "2026-02-29", "2026-04-31", "2026-01-32", "0000-01-01", "+026-01-01",
        "2026-01-01T", "2026-01-01T24:00", "2026-01-01T10", "2026-01-01T10:60", "2026-01-01T10:00:61", "2026-01-01T10:00:00.",
        "2026-01-01T10:00:00x", "2026-01-01T10:00:00+", "2026-01-01T10:00:00+05:", "2026-01-01T10:00:00+05:60",
        "2026-01-01T10:00:00ZZ", "2026-01-01 ", " 2026-01-01", "2026/01/01", "01.02.2026", "2026-01-01T-1:00", "tomorrow",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t unix_s = 42;
        assert_false(clock_parse_iso(str_of(texts[i]), &unix_s));
        assert_int_equal(unix_s, 42);
    }
    int64_t unix_s;
    assert_false(clock_parse_iso(STR("2026\0" "01-01"), &unix_s));
    assert_false(clock_parse_iso((struct str){ NULL, 0 }, &unix_s));
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    for (int64_t when = -2000000000; when < 4000000000; when += 86400 * 37 + 12347) {
        char text[21];
        int64_t again = 0;
        clock_iso(when, text);
        assert_true(clock_parse_iso(str_of(text), &again));
        assert_true(again == when);
    }
}

static void new_guids_are_valid_and_differ(void **state)
{
    (void)state;
    struct guid last = guid_new();
    for (int i = 0; i < 200; i++) {
        struct guid guid = guid_new();
        assert_true(guid_valid(str_of(guid.text)));
        assert_int_equal(guid.text[14], '4');
        assert_non_null(strchr("89ab", guid.text[19]));
        for (const char *c = guid.text; *c; c++) {
            assert_false(*c >= 'A' && *c <= 'F');
        }
        assert_string_not_equal(guid.text, last.text);
        last = guid;
    }
}

static void what_is_a_guid(void **state)
{
    (void)state;
    assert_true(guid_valid(STR("01234567-89ab-CDEF-0123-456789abcdef")));
    assert_false(guid_valid(STR("")));
    assert_false(guid_valid(STR("01234567-89ab-cdef-0123-456789abcde")));
    assert_false(guid_valid(STR("01234567-89ab-cdef-0123-456789abcdef0")));
    assert_false(guid_valid(STR("{1234567-89ab-cdef-0123-456789abcde}")));
    assert_false(guid_valid(STR("0123456789ab-cdef-0123-456789-abcdef")));
    assert_false(guid_valid(STR("g1234567-89ab-cdef-0123-456789abcdef")));
    assert_false(guid_valid(STR("01234567-89ab-cdef-0123-456789abcde\0")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(monotonic_time_does_not_go_back),
        cmocka_unit_test(iso_text),
        cmocka_unit_test(local_text),
        cmocka_unit_test(good_dates_are_read),
        cmocka_unit_test(bad_dates_are_refused),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(new_guids_are_valid_and_differ),
        cmocka_unit_test(what_is_a_guid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
