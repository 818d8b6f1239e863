/* The line and the mark under an error's place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/cli/error_place.h"

static void expect(const char *source, const char *message, const char *lines)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    error_place_print(str_of(source), str_of(message), &out);
    assert_string_equal(buf_cstr(&out), lines);
    buf_free(&out);
}

static void test_marks(void **state)
{
    (void)state;
    expect("Get-Lable", "column 1: no", "  Get-Lable\n  ^\n");
    expect("a\r\nGet-Label |\r\n  x", "line 2, column 11: no", "  Get-Label |\n            ^\n");
    expect("Get-Label", "column 10: behind the end", "  Get-Label\n           ^\n");
    /* Characters are counted, and columns marked. */
    expect("'社外秘' x", "column 7: no", "  '社外秘' x\n           ^\n");
    expect("a\tb\x1b[31m", "column 3: no", "  a b\xef\xbf\xbd[31m\n    ^\n");
}

static void test_cuts(void **state)
{
    (void)state;
    const char *digits = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
    expect(digits, "column 1: no", "  012345678901234567890123456789012345678901234567890123456789012345678901...\n  ^\n");
    expect(digits, "column 100: no", "  ...901234567890123456789012345678901234567890123456789\n                                                       ^\n");
}

static void test_says_nothing(void **state)
{
    (void)state;
    expect("Get-Label", "Get-Label failed", "");
    expect("Get-Label", "column x: no", "");
    expect("", "column 1: no", "");
    expect("Get-Label", "line 7, column 1: no", "");
    expect("New-X -Password open-sesame -Y", "column 29: no", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
