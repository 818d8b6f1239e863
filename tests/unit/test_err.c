/* Errors: kind, texts, cleaning, cutting at a character, exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

static void setting_clears_what_was_there(void **state)
{
    (void)state;
    struct err err;
    memset(&err, 'x', sizeof err);
    assert_false(err_set(&err, ERR_SERVER, "%s has %d faults", "Get-Label", 3));
    assert_int_equal(err.kind, ERR_SERVER);
    assert_string_equal(err.text, "Get-Label has 3 faults");
    assert_int_equal(err.retry_after_s, 0);
    assert_string_equal(err.advice, "");
    assert_string_equal(err.code, "");
    assert_string_equal(err.field, "");
    assert_string_equal(err.correlation, "");
}

static void every_part_can_be_set(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_INPUT, "wrong");
    err_advise(&err, "Try %s.", "again");
    err_code(&err, "AADSTS50126");
    err_correlation(&err, "a b");
    err_field(&err, "UserPrincipalName");
    assert_string_equal(err.text, "wrong");
    assert_string_equal(err.advice, "Try again.");
    assert_string_equal(err.code, "AADSTS50126");
    assert_string_equal(err.correlation, "a b");
    assert_string_equal(err.field, "UserPrincipalName");
    err_code(&err, NULL);
    assert_string_equal(err.code, "");
}

static void nobody_has_to_care(void **state)
{
    (void)state;
    assert_false(err_set(NULL, ERR_TLS, "x %d", 1));
    assert_false(err_errno(NULL, "x"));
    err_advise(NULL, "x");
    err_code(NULL, "x");
    err_correlation(NULL, "x");
    err_field(NULL, "x");
}

static void texts_are_cleaned(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_SERVER, "one\r\ntwo\t\x1b[31mred\xE2\x80\xAE\xFF");
    assert_string_equal(err.text, "one two \xEF\xBF\xBD[31mred\xEF\xBF\xBD\xEF\xBF\xBD");
    err_advise(&err, "%s", "a\nb");
    assert_string_equal(err.advice, "a b");
    err_field(&err, "a\x7f");
    assert_string_equal(err.field, "a\xEF\xBF\xBD");
}

/* The text is full of two-byte characters that start at odd offsets: the byte before the NUL would be half of one. */
static void long_texts_are_cut_at_a_character(void **state)
{
    (void)state;
    struct err err;
    char text[3000] = "x";
    for (size_t i = 1; i + 2 < sizeof text; i += 2) {
        memcpy(text + i, "\xC3\xA9", 3);
    }
    err_set(&err, ERR_SERVER, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_true(text_is_utf8(str_of(err.text)));
    err_set(&err, ERR_SERVER, "x%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 2);
    assert_true(text_is_utf8(str_of(err.text)));
}

static void an_error_may_quote_itself(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_NETWORK, "no route");
    err_set(&err, err.kind, "cannot connect: %s", err.text);
    assert_string_equal(err.text, "cannot connect: no route");
    assert_int_equal(err.kind, ERR_NETWORK);
}

static void the_system_says_why(void **state)
{
    (void)state;
    struct err err;
    errno = ENOENT;
    assert_false(err_errno(&err, "cannot open %s", "f.ps1"));
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_string_equal(err.text, "cannot open f.ps1: No such file or directory");
}

static void kinds_have_names_and_exit_codes(void **state)
{
    (void)state;
    static const struct { enum err_kind kind; int code; } rows[] = {
        { ERR_NONE, 0 }, { ERR_CANCELLED, 130 }, { ERR_NETWORK, 4 }, { ERR_TLS, 4 }, { ERR_AUTH_REQUIRED, 3 },
        { ERR_AUTH_DENIED, 3 }, { ERR_THROTTLED, 6 }, { ERR_SERVER, 1 }, { ERR_FORBIDDEN, 5 }, { ERR_PROTOCOL, 7 }, { ERR_INPUT, 2 },
        { ERR_NOT_FOUND, 1 }, { ERR_STORE, 8 }, { ERR_SYSTEM, 8 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(err_exit_code(rows[i].kind), rows[i].code);
        assert_true(strlen(err_kind_name(rows[i].kind)) > 2);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(err_kind_name(rows[i].kind), err_kind_name(rows[j].kind));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_clears_what_was_there),
        cmocka_unit_test(every_part_can_be_set),
        cmocka_unit_test(nobody_has_to_care),
        cmocka_unit_test(texts_are_cleaned),
        cmocka_unit_test(long_texts_are_cut_at_a_character),
        cmocka_unit_test(an_error_may_quote_itself),
        cmocka_unit_test(the_system_says_why),
        cmocka_unit_test(kinds_have_names_and_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
