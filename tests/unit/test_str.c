/* Slices: comparing, cutting, numbers at their limits, copies into fixed arrays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/str.h"

#define NOTHING ((struct str){ NULL, 0 })

static void null_is_the_empty_slice(void **state)
{
    (void)state;
    assert_int_equal(str_of(NULL).len, 0);
    assert_true(str_eq(str_of(NULL), NOTHING));
    assert_true(str_is(NOTHING, ""));
    assert_int_equal(str_from(NOTHING, 3).len, 0);
    assert_int_equal(str_trim(NOTHING).len, 0);
    assert_true(str_contains_nocase(NOTHING, NOTHING));
    assert_false(str_contains_nocase(NOTHING, STR("a")));
    char *copy = str_dup(NOTHING);
    assert_string_equal(copy, "");
    free(copy);
}

static void equal_means_every_byte(void **state)
{
    (void)state;
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("Ab"), STR("ab")));
    assert_false(str_is(STR("abc"), "ab"));
    assert_true(str_is(str_take(STR("abc"), 2), "ab"));
}

static void case_is_ascii_only(void **state)
{
    (void)state;
    assert_true(str_eq_nocase(STR("Get-LABEL"), STR("gEt-label")));
    assert_true(str_is_nocase(STR("ID"), "id"));
    /* '@' and '`', '[' and '{' differ by the same bit as letters do. */
    assert_false(str_eq_nocase(STR("@["), STR("`{")));
    assert_false(str_eq_nocase(STR("\xC3\x89"), STR("\xC3\xA9")));
}

static void order_ignores_case_and_counts_length(void **state)
{
    (void)state;
    assert_true(str_compare_nocase(STR("abc"), STR("ABD")) < 0);
    assert_true(str_compare_nocase(STR("B"), STR("a")) > 0);
    assert_int_equal(str_compare_nocase(STR("same"), STR("SAME")), 0);
    assert_true(str_compare_nocase(STR("ab"), STR("ABC")) < 0);
    assert_true(str_compare_nocase(STR("abc"), STR("AB")) > 0);
    assert_true(str_compare_nocase(STR("\xFF"), STR("z")) > 0);
}

static void starts_ends_contains(void **state)
{
    (void)state;
    assert_true(str_starts(STR("Get-Label"), STR("Get-")));
    assert_false(str_starts(STR("Get-Label"), STR("get-")));
    assert_false(str_starts(STR("Get"), STR("Get-")));
    assert_true(str_starts_nocase(STR("Get-Label"), STR("GET-")));
    assert_true(str_ends_nocase(STR("a.Outlook.COM"), STR(".outlook.com")));
    assert_false(str_ends_nocase(STR("com"), STR(".com")));
    assert_true(str_contains_nocase(STR("xxAbC"), STR("aBc")));
    assert_false(str_contains_nocase(STR("xxAb"), STR("abc")));
    assert_true(str_contains_nocase(STR("x"), STR("")));
}

static void blanks_come_off_both_sides(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t\r\n a b \v\f\n")), "a b"));
    assert_true(str_is(str_trim(STR("  ")), ""));
    assert_true(str_is(str_trim(STR("\xC2\xA0x")), "\xC2\xA0x"));
}

static void heads_and_tails_stay_inside(void **state)
{
    (void)state;
    assert_true(str_is(str_from(STR("abc"), 1), "bc"));
    assert_true(str_is(str_from(STR("abc"), 3), ""));
    assert_true(str_is(str_from(STR("abc"), SIZE_MAX), ""));
    assert_true(str_is(str_take(STR("abc"), SIZE_MAX), "abc"));
    assert_true(str_is(str_take(STR("abc"), 0), ""));
}

static void cutting_gives_every_part_once(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), head;
    assert_true(str_cut(&rest, ',', &head));
    assert_true(str_is(head, "a"));
    assert_true(str_cut(&rest, ',', &head));
    assert_true(str_is(head, ""));
    assert_false(str_cut(&rest, ',', &head));
    assert_true(str_is(head, "b"));
    assert_int_equal(rest.len, 0);
    assert_false(str_cut(&rest, ',', &head));
    assert_int_equal(head.len, 0);
    rest = STR("end,");
    assert_true(str_cut(&rest, ',', &head));
    assert_int_equal(rest.len, 0);
}

static void numbers_at_their_limits(void **state)
{
    (void)state;
    int64_t value = 77;
    assert_true(str_to_int64(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &value));
    assert_true(value == INT64_MAX);
    assert_true(str_to_int64(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &value));
    assert_true(value == INT64_MIN);
    assert_true(str_to_int64(STR("+007"), 0, 7, &value));
    assert_int_equal(value, 7);
    assert_true(str_to_int64(STR("-0"), 0, 0, &value));
    assert_int_equal(value, 0);
    value = 77;
    assert_false(str_to_int64(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &value));
    assert_false(str_to_int64(STR("-9223372036854775809"), INT64_MIN, INT64_MAX, &value));
    assert_false(str_to_int64(STR("99999999999999999999999999"), INT64_MIN, INT64_MAX, &value));
    assert_false(str_to_int64(STR("8"), 0, 7, &value));
    assert_false(str_to_int64(STR("-1"), 0, 7, &value));
    assert_int_equal(value, 77);
}

static void what_is_no_number(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "-", "+", "--1", "+-1", "1 ", " 1", "1.0", "1e3", "0x10", "\xD9\xA1", "1-" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t value = 77;
        assert_false(str_to_int64(str_of(texts[i]), INT64_MIN, INT64_MAX, &value));
        assert_int_equal(value, 77);
    }
    int64_t value;
    assert_false(str_to_int64(STR("1\0" "2"), 0, 100, &value));
    assert_false(str_to_int64(NOTHING, 0, 100, &value));
}

static void copies_are_cut_at_a_character(void **state)
{
    (void)state;
    char to[6] = "?????";
    str_copy(to, sizeof to, "abcde");
    assert_string_equal(to, "abcde");
    str_copy(to, sizeof to, "abcdef");
    assert_string_equal(to, "abcde");
    str_copy(to, sizeof to, "abcd\xC3\xA9");
    assert_string_equal(to, "abcd");
    str_copy(to, sizeof to, "ab\xF0\x9F\x98\x80");
    assert_string_equal(to, "ab");
    str_copy(to, sizeof to, "a\xF0\x9F\x98\x80");
    assert_string_equal(to, "a\xF0\x9F\x98\x80");
    str_copy(to, sizeof to, NULL);
    assert_string_equal(to, "");
    str_copy(to, 1, "x");
    assert_string_equal(to, "");
    to[0] = 'z';
    str_copy(to, 0, "x");
    assert_int_equal(to[0], 'z');
}

/* Continuation bytes alone are no characters: going back to the start of "one" would lose everything. */
static void copies_of_garbage_lose_little(void **state)
{
    (void)state;
    char to[9];
    str_copy(to, sizeof to, "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80");
    assert_in_range(strlen(to), 5, 8);
}

static void a_copy_ends_in_nul(void **state)
{
    (void)state;
    char *copy = str_dup(str_take(STR("abcdef"), 3));
    assert_string_equal(copy, "abc");
    free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_the_empty_slice),
        cmocka_unit_test(equal_means_every_byte),
        cmocka_unit_test(case_is_ascii_only),
        cmocka_unit_test(order_ignores_case_and_counts_length),
        cmocka_unit_test(starts_ends_contains),
        cmocka_unit_test(blanks_come_off_both_sides),
        cmocka_unit_test(heads_and_tails_stay_inside),
        cmocka_unit_test(cutting_gives_every_part_once),
        cmocka_unit_test(numbers_at_their_limits),
        cmocka_unit_test(what_is_no_number),
        cmocka_unit_test(copies_are_cut_at_a_character),
        cmocka_unit_test(copies_of_garbage_lose_little),
        cmocka_unit_test(a_copy_ends_in_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
