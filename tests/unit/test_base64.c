/* RFC 4648 section 10, and what real answers do with padding and alphabets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64.h"

static void check_both(struct str bytes, const char *standard, const char *url)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    base64_encode(bytes, &out);
    assert_string_equal(buf_cstr(&out), standard);
    buf_clear(&out);
    base64url_encode(bytes, &out);
    assert_string_equal(buf_cstr(&out), url);
    buf_clear(&out);
    assert_true(base64_decode(str_of(standard), &out));
    assert_true(str_eq(buf_str(&out), bytes));
    buf_clear(&out);
    assert_true(base64_decode(str_of(url), &out));
    assert_true(str_eq(buf_str(&out), bytes));
    buf_free(&out);
}

static void the_vectors_of_the_rfc_hold(void **state)
{
    (void)state;
    check_both(STR(""), "", "");
    check_both(STR("f"), "Zg==", "Zg");
    check_both(STR("fo"), "Zm8=", "Zm8");
    check_both(STR("foo"), "Zm9v", "Zm9v");
    check_both(STR("foob"), "Zm9vYg==", "Zm9vYg");
    check_both(STR("fooba"), "Zm9vYmE=", "Zm9vYmE");
    check_both(STR("foobar"), "Zm9vYmFy", "Zm9vYmFy");
    check_both(STR("\xfb\xff\xbf\x00\x10"), "+/+/ABA=", "-_-_ABA");
}

static void what_is_none_is_refused(void **state)
{
    static const char *const bad[] = { "A", "Zg=x", "Zm 9v", "Zm9v\n", "Zm9vY", "\xc3\xa4" };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf out = BUF_INIT(BUF_SMALL);
        assert_false(base64_decode(str_of(bad[i]), &out));
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_hold),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
