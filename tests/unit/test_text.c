/* Text for a terminal: what is replaced, how wide it is, where it is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>

#include "base/text.h"

#define FFFD "\xEF\xBF\xBD"
#define E_ACUTE "e\xCC\x81"
#define FAMILY "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
#define THUMB_BROWN "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"
#define RED_HEART "\xE2\x9D\xA4\xEF\xB8\x8F"
#define FLAG "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"
#define ENGLAND "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xBF"
#define KA_AA "\xE0\xA4\x95\xE0\xA4\xBE"

static void assert_clean(struct str dirty, bool keep_lines, const char *clean)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    buf_text(&out, "<");
    text_clean(&out, dirty, keep_lines);
    assert_string_equal(buf_cstr(&out) + 1, clean);
    bool same = str_is(dirty, clean);
    if (!keep_lines) {
        assert_int_equal(text_is_clean(dirty), same);
        assert_true(text_is_clean(str_from(buf_str(&out), 1)));
    }
    buf_free(&out);
}

static void good_text_stays(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "plain ~!", "Zo\xC3\xAB \xE6\x97\xA5\xE6\x9C\xAC \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", E_ACUTE, FAMILY, THUMB_BROWN,
        RED_HEART, FLAG, KA_AA, FFFD, "\xF3\xA0\x84\x80", "\xEF\xBF\xBC", "\xC2\xA0", "\xF4\x8F\xBF\xBD",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_clean(str_of(texts[i]), false, texts[i]);
        assert_clean(str_of(texts[i]), true, texts[i]);
    }
}

static void controls_are_replaced(void **state)
{
    (void)state;
    assert_clean(STR("a\x1b[2Jb"), false, "a" FFFD "[2Jb");
    assert_clean(STR("a\0b"), false, "a" FFFD "b");
    assert_clean(STR("\x07\x7f"), false, FFFD FFFD);
    assert_clean(STR("\xC2\x80\xC2\x9B\xC2\x9F"), false, FFFD FFFD FFFD);
    assert_clean(STR("\x1b\xC2\x9B"), true, FFFD FFFD);
}

static void line_ends_become_blanks_or_stay(void **state)
{
    (void)state;
    assert_clean(STR("a\r\nb\nc\td\re"), false, "a b c d e");
    assert_clean(STR("a\r\nb\nc\td\re"), true, "a\nb\nc\td e");
    assert_clean(STR("\r"), false, " ");
    assert_clean(STR("\n\r"), true, "\n ");
    assert_clean(STR("a\xE2\x80\xA8" "b\xE2\x80\xA9"), true, "a" FFFD "b" FFFD);
}

static void every_listed_character_and_no_neighbour(void **state)
{
    (void)state;
    static const struct { uint32_t point; bool clean; } rows[] = {
        { 0x61B, true }, { 0x61C, false }, { 0x61D, true }, { 0x200D, true }, { 0x200E, false }, { 0x200F, false },
        { 0x2010, true }, { 0x2027, true }, { 0x2028, false }, { 0x2029, false }, { 0x202A, false }, { 0x202B, false },
        { 0x202C, false }, { 0x202D, false }, { 0x202E, false }, { 0x202F, true }, { 0x2065, true }, { 0x2066, false },
        { 0x2067, false }, { 0x2068, false }, { 0x2069, false }, { 0x206A, true }, { 0xFDCF, true }, { 0xFDD0, false },
        { 0xFDEF, false }, { 0xFDF0, true }, { 0xFEFE, true }, { 0xFEFF, false }, { 0xFFFD, true }, { 0xFFFE, false },
        { 0xFFFF, false }, { 0x1FFFE, false }, { 0x10FFFF, false }, { 0x10FFFD, true }, { 0xE0001, false },
        { 0xE0041, false }, { 0xE007F, false }, { 0xE0100, true }, { 0x9F, false }, { 0xA0, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t point = rows[i].point;
        char text[5] = { 0 };
        size_t at = 0;
        if (point >= 0x10000) {
            text[at++] = (char)(0xF0 | point >> 18);
            text[at++] = (char)(0x80 | (point >> 12 & 0x3F));
        } else if (point >= 0x800) {
            text[at++] = (char)(0xE0 | point >> 12);
        }
        text[at++] = (char)(point >= 0x800 ? 0x80 | (point >> 6 & 0x3F) : 0xC0 | point >> 6);
        text[at++] = (char)(0x80 | (point & 0x3F));
        assert_clean(str_of(text), false, rows[i].clean ? text : FFFD);
    }
}

static void invalid_bytes_one_by_one(void **state)
{
    (void)state;
    static const struct { const char *dirty, *clean; } rows[] = {
        { "a\xFFz", "a" FFFD "z" },
        { "\x80", FFFD },
        { "\xC0\x80", FFFD FFFD },              /* overlong NUL */
        { "\xE0\x80\xAF", FFFD FFFD FFFD },     /* overlong slash */
        { "\xED\xA0\x80", FFFD FFFD FFFD },     /* half a surrogate pair */
        { "\xF4\x90\x80\x80", FFFD FFFD FFFD FFFD },
        { "x\xE6\x97", "x" FFFD FFFD },         /* cut off */
        { "\xE6\x97z", FFFD FFFD "z" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_clean(str_of(rows[i].dirty), false, rows[i].clean);
        assert_false(text_is_utf8(str_of(rows[i].dirty)));
        assert_true(text_is_utf8(str_of(rows[i].clean)));
    }
    assert_true(text_is_utf8(STR("\xF4\x8F\xBF\xBF")));
    assert_true(text_is_utf8((struct str){ NULL, 0 }));
}

static void widths(void **state)
{
    (void)state;
    static const struct { const char *text; int width; } rows[] = {
        { "", 0 }, { "abc", 3 }, { "Zo\xC3\xAB", 3 }, { "\xE6\x97\xA5\xE6\x9C\xAC", 4 }, { E_ACUTE E_ACUTE, 2 },
        { FAMILY, 2 }, { THUMB_BROWN, 2 }, { FLAG, 2 }, { KA_AA, 2 }, { "\xE2\x80\x8B", 0 },
        /* as wide as what stands for them */
        { "a\nb", 3 }, { "a\r\nb", 3 }, { "\x1b[m", 3 }, { "a\xFF\xFF", 3 }, { "\xE2\x80\xAE", 1 }, { ENGLAND, 5 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(text_width(str_of(rows[i].text)), rows[i].width);
        struct buf clean = BUF_INIT(BUF_SMALL);
        text_clean(&clean, str_of(rows[i].text), false);
        assert_int_equal(text_width(buf_str(&clean)), rows[i].width);
        buf_free(&clean);
    }
}

static void clusters(void **state)
{
    (void)state;
    static const struct { const char *cluster; int width; } rows[] = {
        { "a", 1 }, { E_ACUTE, 1 }, { FAMILY, 2 }, { THUMB_BROWN, 2 }, { RED_HEART, 1 }, { "\xE6\x97\xA5", 2 },
        { "\xE0\xA4\x95", 1 }, { "\xE0\xA4\xBE", 1 }, { "\r\n", 1 }, { "\n", 1 }, { "b", 1 },
    };
    struct buf all = BUF_INIT(BUF_SMALL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_text(&all, rows[i].cluster);
    }
    struct str rest = buf_str(&all), cluster;
    int width;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(text_next(&rest, &cluster, &width));
        assert_true(str_is(cluster, rows[i].cluster));
        assert_int_equal(width, rows[i].width);
    }
    assert_false(text_next(&rest, &cluster, &width));
    buf_free(&all);
    rest = STR("\xE6\x97x");
    assert_true(text_next(&rest, &cluster, &width));
    assert_true(str_is(cluster, FFFD));
    assert_int_equal(rest.len, 2);
}

static void a_cluster_of_many_marks_is_one(void **state)
{
    (void)state;
    struct buf text = BUF_INIT(BUF_SMALL);
    buf_char(&text, 'a');
    for (int i = 0; i < 10000; i++) {
        buf_text(&text, "\xCC\x81");
    }
    struct str rest = buf_str(&text), cluster;
    int width;
    assert_true(text_next(&rest, &cluster, &width));
    assert_int_equal(width, 1);
    assert_int_equal(rest.len, 0);
    buf_free(&text);
}

static void assert_fit(const char *text, int columns, const char *head, int expected)
{
    int width = -1;
    assert_true(str_is(text_fit(str_of(text), columns, &width), head));
    assert_int_equal(width, expected);
}

static void fitting_never_cuts_a_cluster(void **state)
{
    (void)state;
    assert_fit("abc", 5, "abc", 3);
    assert_fit("abc", 3, "abc", 3);
    assert_fit("abc", 2, "ab", 2);
    assert_fit("abc", 0, "", 0);
    assert_fit("abc", -1, "", 0);
    assert_fit("a\xE6\x97\xA5", 2, "a", 1);
    assert_fit("a\xE6\x97\xA5", 3, "a\xE6\x97\xA5", 3);
    assert_fit("x" E_ACUTE E_ACUTE, 2, "x" E_ACUTE, 2);
    assert_fit(FAMILY "z", 2, FAMILY, 2);
    assert_fit(FAMILY "z", 1, "", 0);
}

static void containing_without_case(void **state)
{
    (void)state;
    static const struct { const char *haystack, *needle; bool found; } rows[] = {
        { "", "", true }, { "abc", "", true }, { "", "a", false }, { "ab", "abc", false }, { "abc", "abc", true },
        { "xxGet-LABELxx", "get-label", true }, { "aab", "AB", true }, { "[", "{", false },
        { "Z\xC3\x96" "E", "z\xC3\xB6" "e", true }, { "\xD0\x9F\xD0\x95\xD0\xA2\xD0\xA0", "\xD0\xB5\xD1\x82", true },
        { "\xCE\xA3\xCE\x9F\xCE\xA6\xCE\x9F\xCE\xA3", "\xCF\x83\xCE\xBF\xCF\x86\xCE\xBF\xCF\x82", true },
        { "Caf" E_ACUTE, "CAF\xC3\x89", true }, { "caf\xC3\xA9", E_ACUTE, true },
        { "Stra\xC3\x9F" "e", "STRASSE", true }, { "strasse", "stra\xC3\x9F" "e", true }, { "stase", "sta\xC3\x9F" "e", false },
        { "\xE6\x97\xA5\xE6\x9C\xAC", "\xE6\x9C\xAC", true }, { "plain", "\xC3\xA9", false },
        { "caf\xC3\xA9 bar", "BAR", true }, { "caf\xC3\xA9 bar", "baz", false }, { "bad\xFF\xC3\xA9", "\xC3\xA9", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(text_contains(str_of(rows[i].haystack), str_of(rows[i].needle)), rows[i].found);
    }
}

static void assert_wrapped(const char *text, int columns, const char *lines)
{
    struct str rest = str_of(text), line;
    struct buf out = BUF_INIT(BUF_SMALL);
    while (text_wrap(&rest, columns, &line)) {
        buf_add(&out, line);
        buf_char(&out, '|');
        assert_true(out.len < 1000);
    }
    assert_string_equal(buf_cstr(&out), lines);
    buf_free(&out);
}

static void wrapping(void **state)
{
    (void)state;
    assert_wrapped("", 5, "");
    assert_wrapped("abc", 5, "abc|");
    assert_wrapped("abc def", 7, "abc def|");
    assert_wrapped("abc def", 6, "abc|def|");
    assert_wrapped("abc def", 3, "abc|def|");
    assert_wrapped("abc   def", 3, "abc|def|");
    assert_wrapped("abcdefgh ij", 3, "abc|def|gh|ij|");
    assert_wrapped("a\nb", 5, "a|b|");
    assert_wrapped("abc\n\ndef\n", 3, "abc||def|");
    assert_wrapped("abc  \ndef", 3, "abc|def|");
    assert_wrapped("a\n  b", 5, "a|  b|");
    assert_wrapped("\xE6\x97\xA5\xE6\x9C\xAC", 3, "\xE6\x97\xA5|\xE6\x9C\xAC|");
    assert_wrapped("\xE6\x97\xA5\xE6\x9C\xAC", 1, "\xE6\x97\xA5|\xE6\x9C\xAC|");
    assert_wrapped("ab", 0, "a|b|");
    assert_wrapped("   abcdef", 4, "  |abcd|ef|");
}

/* Without locale data wcwidth knows ASCII only; the widths of names must not collapse to nothing. */
static void widths_in_the_c_locale(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C");
    int japanese = text_width(STR("\xE6\x97\xA5\xE6\x9C\xAC")), umlaut = text_width(STR("Zo\xC3\xAB"));
    int marked = text_width(STR(E_ACUTE));
    setlocale(LC_ALL, "C.UTF-8");
    assert_int_equal(japanese, 4);
    assert_int_equal(umlaut, 3);
    assert_int_equal(marked, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_text_stays),
        cmocka_unit_test(controls_are_replaced),
        cmocka_unit_test(line_ends_become_blanks_or_stay),
        cmocka_unit_test(every_listed_character_and_no_neighbour),
        cmocka_unit_test(invalid_bytes_one_by_one),
        cmocka_unit_test(widths),
        cmocka_unit_test(clusters),
        cmocka_unit_test(a_cluster_of_many_marks_is_one),
        cmocka_unit_test(fitting_never_cuts_a_cluster),
        cmocka_unit_test(containing_without_case),
        cmocka_unit_test(wrapping),
        cmocka_unit_test(widths_in_the_c_locale),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
