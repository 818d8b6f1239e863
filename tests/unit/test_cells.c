/* The grid: cutting, cleaning, wide characters, pictures. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ui/cells.h"

static void assert_picture(const struct cells *cells, const char *expected)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    cells_print(cells, &out);
    assert_string_equal(buf_cstr(&out), expected);
    buf_free(&out);
}

static void assert_put(int columns, const char *text, const char *expected)
{
    struct cells *cells = cells_new(1, 12);
    cells_put_text(cells, 0, 0, columns, STYLE_TEXT, text);
    assert_picture(cells, expected);
    cells_free(cells);
}

static void text_is_cut_with_a_mark(void **state)
{
    (void)state;
    assert_put(5, "12345", "12345\n");
    assert_put(5, "123456", "1234…\n");
    assert_put(1, "12", "…\n");
    assert_put(0, "12", "\n");
    assert_put(40, "123456789012", "123456789012\n");
    assert_put(40, "1234567890123", "12345678901…\n");
}

static void wide_text_is_cut_at_cluster_borders(void **state)
{
    (void)state;
    assert_put(6, "日本語", "日本語\n");
    assert_put(5, "日本語", "日本…\n");
    assert_put(4, "日本語", "日 …\n");
    assert_put(5, "e\xCC\x81" "e\xCC\x81", "e\xCC\x81" "e\xCC\x81\n");
}

static void data_cannot_control_the_terminal(void **state)
{
    (void)state;
    assert_put(12, "a\033[31mb", "a\xEF\xBF\xBD[31mb\n");
    assert_put(12, "a\tb\nc", "a b c\n");
    assert_put(12, "a\xE2\x80\xAE" "b", "a\xEF\xBF\xBD" "b\n");
    assert_put(12, "a\xFF" "b", "a\xEF\xBF\xBD" "b\n");
}

static void overwriting_half_a_wide_character_blanks_the_other(void **state)
{
    (void)state;
    struct cells *cells = cells_new(1, 6);
    cells_put_text(cells, 0, 0, 6, STYLE_TEXT, "日本");
    cells_put_text(cells, 0, 1, 1, STYLE_TEXT, "x");
    assert_picture(cells, " x本\n");
    cells_put_text(cells, 0, 2, 1, STYLE_TEXT, "y");
    assert_picture(cells, " xy\n");
    cells_put_text(cells, 0, 0, 6, STYLE_TEXT, "abcdef");
    cells_put_text(cells, 0, 5, 1, STYLE_TEXT, "語");
    assert_picture(cells, "abcde…\n");
    cells_free(cells);
}

static void a_megabyte_costs_no_more_than_its_head(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    memset(text, 'x', 1 << 20);
    struct cells *cells = cells_new(1, 4);
    assert_int_equal(cells_put(cells, 0, 0, 4, STYLE_TEXT, (struct str){ text, 1 << 20 }), 4);
    assert_picture(cells, "xxx…\n");
    cells_free(cells);
    free(text);
}

static void nothing_is_written_outside(void **state)
{
    (void)state;
    struct cells *cells = cells_new(2, 4);
    cells_put_text(cells, -1, 0, 4, STYLE_TEXT, "xxxx");
    cells_put_text(cells, 2, 0, 4, STYLE_TEXT, "xxxx");
    cells_put_text(cells, 0, -2, 4, STYLE_TEXT, "abcd");
    cells_put_text(cells, 1, 3, 9, STYLE_TEXT, "yz");
    cells_fill(cells, (struct area){ -5, -5, 3, 3 }, STYLE_ERROR);
    cells_box(cells, (struct area){ 0, 0, 90, 90 }, STYLE_TEXT, "title that is long");
    cells_cursor(cells, 5, 5);
    assert_false(cells->cursor_visible);
    cells_free(cells);
}

static void boxes_have_an_ascii_form(void **state)
{
    (void)state;
    struct cells *cells = cells_new(3, 12);
    cells_box(cells, cells_area(cells), STYLE_BORDER, "Sign");
    assert_picture(cells, "┌ Sign ────┐\n│          │\n└──────────┘\n");
    cells_clear(cells);
    cells->ascii = true;
    cells_box(cells, cells_area(cells), STYLE_BORDER, "Sign");
    cells_put_text(cells, 1, 1, 10, STYLE_TEXT, "Zoë 日本");
    assert_picture(cells, "+ Sign ----+\n|Zo? ??    |\n+----------+\n");
    cells_free(cells);
}

static void matches_are_highlighted(void **state)
{
    (void)state;
    struct cells *cells = cells_new(1, 16);
    struct buf out = BUF_INIT(BUF_SMALL);
    cells_put_text(cells, 0, 0, 16, STYLE_TEXT, "Case CASE École");
    cells_highlight(cells, cells_area(cells), STR("case"), STYLE_MATCH);
    cells_highlight(cells, cells_area(cells), STR("éc"), STYLE_ERROR);
    cells_print_styles(cells, &out);
    assert_string_equal(buf_cstr(&out), "MMMM MMMM EE\n");
    buf_free(&out);
    cells_free(cells);
}

static void areas_are_cut_and_never_negative(void **state)
{
    (void)state;
    struct area area = { 0, 0, 10, 40 };
    struct area top = area_cut_top(&area, 2), bottom = area_cut_bottom(&area, 1), right = area_cut_right(&area, 50);
    assert_int_equal(top.rows, 2);
    assert_int_equal(bottom.row, 9);
    assert_int_equal(area.row, 2);
    assert_int_equal(area.rows, 7);
    assert_int_equal(right.columns, 40);
    assert_int_equal(area.columns, 0);
    assert_int_equal(area_inset(area, 9, 9).rows, 0);
    assert_int_equal(area_cut_left(&area, -3).columns, 0);
}

static void text_stands_at_the_right(void **state)
{
    (void)state;
    struct cells *cells = cells_new(2, 8);
    cells_put_right(cells, 0, 0, 8, STYLE_NUMBER, STR("1,204"));
    cells_put_right(cells, 1, 2, 4, STYLE_NUMBER, STR("123456"));
    assert_picture(cells, "   1,204\n  123…\n");
    cells_free(cells);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_cut_with_a_mark),
        cmocka_unit_test(wide_text_is_cut_at_cluster_borders),
        cmocka_unit_test(data_cannot_control_the_terminal),
        cmocka_unit_test(overwriting_half_a_wide_character_blanks_the_other),
        cmocka_unit_test(a_megabyte_costs_no_more_than_its_head),
        cmocka_unit_test(nothing_is_written_outside),
        cmocka_unit_test(boxes_have_an_ascii_form),
        cmocka_unit_test(matches_are_highlighted),
        cmocka_unit_test(areas_are_cut_and_never_negative),
        cmocka_unit_test(text_stands_at_the_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
