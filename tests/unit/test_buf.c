/* Buffers: growing, the cap, what stays after overflow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/buf.h"

static void an_empty_one_is_usable(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(10);
    assert_string_equal(buf_cstr(&buf), "");
    assert_int_equal(buf_str(&buf).len, 0);
    assert_non_null(buf_str(&buf).data);
    buf_drop_front(&buf, 3);
    buf_clear(&buf);
    char *text = buf_take(&buf);
    assert_string_equal(text, "");
    free(text);
    buf_free(&buf);
}

static void it_grows_and_stays_terminated(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(BUF_SMALL);
    for (size_t i = 0; i < 5000; i++) {
        assert_true(buf_char(&buf, (char)('a' + i % 26)));
        assert_int_equal(buf.data[buf.len], '\0');
    }
    assert_int_equal(buf.len, 5000);
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(buf.data[i], 'a' + i % 26);
    }
    assert_false(buf.overflowed);
    buf_free(&buf);
}

static void the_cap_itself_still_fits(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(5);
    assert_true(buf_text(&buf, "abcde"));
    assert_false(buf.overflowed);
    assert_true(buf_text(&buf, ""));
    assert_false(buf.overflowed);
    assert_false(buf_char(&buf, 'f'));
    assert_true(buf.overflowed);
    assert_string_equal(buf_cstr(&buf), "abcde");
    buf_free(&buf);
}

static void the_excess_is_dropped_and_remembered(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(5);
    buf_text(&buf, "abc");
    assert_false(buf_text(&buf, "defg"));
    assert_string_equal(buf_cstr(&buf), "abcde");
    buf_clear(&buf);
    assert_true(buf_text(&buf, "x"));
    assert_true(buf.overflowed);
    assert_false(buf_repeat(&buf, '-', SIZE_MAX));
    assert_string_equal(buf_cstr(&buf), "x----");
    buf_free(&buf);
    assert_false(buf.overflowed);
    assert_int_equal(buf.cap, 5);
}

static void no_cap_is_no_place(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(0);
    assert_false(buf_text(&buf, "a"));
    assert_true(buf.overflowed);
    assert_string_equal(buf_cstr(&buf), "");
    buf_free(&buf);
}

static void memory_stays_within_the_cap(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(1000);
    buf_repeat(&buf, 'x', 999);
    assert_true(buf.capacity <= 1001);
    buf_repeat(&buf, 'x', 999);
    assert_true(buf.capacity <= 1001);
    assert_int_equal(buf.len, 1000);
    buf_free(&buf);
}

/* 255 and 256 bytes lie on either side of the small array that formats first. */
static void formatting_of_any_length(void **state)
{
    (void)state;
    static const int widths[] = { 1, 254, 255, 256, 257, 4000 };
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct buf buf = BUF_INIT(BUF_SMALL);
        assert_true(buf_format(&buf, "%*d|", widths[i], 7));
        assert_int_equal(buf.len, widths[i] + 1);
        assert_int_equal(buf.data[buf.len - 2], '7');
        assert_int_equal(buf.data[buf.len - 1], '|');
        buf_free(&buf);
    }
    struct buf small = BUF_INIT(3);
    assert_false(buf_format(&small, "%d", 12345));
    assert_string_equal(buf_cstr(&small), "123");
    buf_free(&small);
}

static void consumed_bytes_go_from_the_front(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(10);
    buf_text(&buf, "abcdef");
    buf_drop_front(&buf, 2);
    assert_string_equal(buf_cstr(&buf), "cdef");
    buf_drop_front(&buf, 0);
    assert_string_equal(buf_cstr(&buf), "cdef");
    buf_drop_front(&buf, 99);
    assert_int_equal(buf.len, 0);
    assert_string_equal(buf_cstr(&buf), "");
    assert_true(buf_text(&buf, "0123456789"));
    buf_free(&buf);
}

static void nul_bytes_are_bytes(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(10);
    buf_add(&buf, STR("a\0b"));
    buf_add(&buf, (struct str){ NULL, 0 });
    assert_int_equal(buf.len, 3);
    assert_memory_equal(buf.data, "a\0b", 4);
    buf_free(&buf);
}

static void taking_leaves_an_empty_one(void **state)
{
    (void)state;
    struct buf buf = BUF_INIT(10);
    buf_text(&buf, "abc");
    char *text = buf_take(&buf);
    assert_string_equal(text, "abc");
    assert_int_equal(buf.len, 0);
    buf_text(&buf, "new");
    assert_string_equal(text, "abc");
    assert_string_equal(buf_cstr(&buf), "new");
    free(text);
    buf_free(&buf);
}

/* Whether it is also out of core dumps is seen end to end, in the memory of the program. */
static void what_is_secret_is_wiped_where_it_leaves(void **state)
{
    struct buf buf = BUF_INIT_SECRET(100000);
    (void)state;
    assert_true(buf_text(&buf, "hunter2 and more"));
    assert_true(buf.capacity >= 1024);
    buf_drop_front(&buf, 8);
    assert_string_equal(buf_cstr(&buf), "and more");
    for (size_t i = buf.len; i < 16; i++) {
        assert_int_equal(buf.data[i], 0);
    }
    buf_clear(&buf);
    for (size_t i = 0; i < 16; i++) {
        assert_int_equal(buf.data[i], 0);
    }
    assert_true(buf_repeat(&buf, 'x', 50000));
    assert_int_equal(buf.len, 50000);
    assert_int_equal(buf.data[49999], 'x');
    buf_free(&buf);
    assert_true(buf.secret);
    assert_null(buf.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_is_usable),
        cmocka_unit_test(it_grows_and_stays_terminated),
        cmocka_unit_test(the_cap_itself_still_fits),
        cmocka_unit_test(the_excess_is_dropped_and_remembered),
        cmocka_unit_test(no_cap_is_no_place),
        cmocka_unit_test(memory_stays_within_the_cap),
        cmocka_unit_test(formatting_of_any_length),
        cmocka_unit_test(consumed_bytes_go_from_the_front),
        cmocka_unit_test(nul_bytes_are_bytes),
        cmocka_unit_test(taking_leaves_an_empty_one),
        cmocka_unit_test(what_is_secret_is_wiped_where_it_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
