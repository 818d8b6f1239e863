/* The widgets without any screen: input in, picture out. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ui/keymap.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/form.h"
#include "ui/widgets/palette.h"
#include "ui/widgets/table.h"
#include "ui/widgets/text_pane.h"

static void assert_picture(struct cells *cells, const char *expected)
{
    struct buf out = BUF_INIT(BUF_SMALL);
    cells_print(cells, &out);
    assert_string_equal(buf_cstr(&out), expected);
    buf_free(&out);
    cells_clear(cells);
}

static struct ui_input act(enum action action)
{
    return (struct ui_input){ .kind = INPUT_ACTION, .action = action };
}

static struct ui_input typed(const char *text)
{
    return (struct ui_input){ .kind = INPUT_TEXT, .text = str_of(text) };
}

/* --- line_edit --- */

static void edit_keys(struct line_edit *edit, const char *keys)
{
    struct str rest = str_of(keys);
    struct offer offer = { .typing = true };
    struct key key;
    char text[5];
    while (key_parse(&rest, &key)) {
        enum action action = keymap_action(key, &offer);
        struct ui_input input = action != ACTION_NONE ? act(action) : typed(keymap_is_text(key, text) ? text : "");
        line_edit_input(edit, &input);
    }
}

static void a_line_is_edited(void **state)
{
    (void)state;
    static const struct { const char *keys, *text; size_t cursor; } rows[] = {
        { "abc", "abc", 3 },
        { "abc<Left><Left>x", "axbc", 2 },
        { "abc<Home><Delete>", "bc", 0 },
        { "abc<Backspace><Backspace>", "a", 1 },
        { "one two<C-w>", "one ", 4 },
        { "one two<C-w><C-y><C-y>", "one twotwo", 10 },
        { "one two<M-b><C-k>", "one ", 4 },
        { "one two<C-u>", "", 0 },
        { "one two<Home><M-f>x", "onex two", 4 },
        { "e\xCC\x81日<Backspace>", "e\xCC\x81", 3 },
        { "e\xCC\x81日<Left><Left>x", "xe\xCC\x81日", 1 },
        { "<Backspace><Delete><C-w><C-k><C-y>", "", 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_edit edit;
        line_edit_init(&edit, 0);
        edit_keys(&edit, rows[i].keys);
        assert_true(str_is(line_edit_text(&edit), rows[i].text));
        assert_int_equal(edit.cursor, rows[i].cursor);
        line_edit_free(&edit);
    }
}

static void a_paste_is_cleaned_and_capped(void **state)
{
    (void)state;
    struct line_edit edit;
    struct ui_input input = { .kind = INPUT_PASTE, .text = STR("a\nb\033c") };
    line_edit_init(&edit, 0);
    line_edit_input(&edit, &input);
    assert_true(str_is(line_edit_text(&edit), "a b\xEF\xBF\xBD" "c"));
    line_edit_free(&edit);
    line_edit_init(&edit, 5);
    input.text = STR("日本語");
    line_edit_input(&edit, &input);
    assert_true(str_is(line_edit_text(&edit), "日"));
    line_edit_input(&edit, &input);
    assert_true(str_is(line_edit_text(&edit), "日"));
    line_edit_free(&edit);
}

static void a_long_line_scrolls_with_its_cursor(void **state)
{
    (void)state;
    struct cells *cells = cells_new(1, 10);
    struct line_edit edit;
    line_edit_init(&edit, 0);
    line_edit_draw(&edit, cells, 0, 0, 8, true, "a name");
    assert_picture(cells, "a name\n");
    edit_keys(&edit, "0123456789");
    line_edit_draw(&edit, cells, 0, 0, 8, true, NULL);
    assert_int_equal(cells->cursor_column, 7);
    assert_picture(cells, "…456789\n");
    edit_keys(&edit, "<Home>");
    line_edit_draw(&edit, cells, 0, 0, 8, true, NULL);
    assert_int_equal(cells->cursor_column, 0);
    assert_picture(cells, "0123456…\n");
    line_edit_free(&edit);
    edit.secret = true;
    edit_keys(&edit, "0123456789<Home>");
    line_edit_draw(&edit, cells, 0, 0, 8, false, NULL);
    assert_picture(cells, "•••••••…\n");
    line_edit_free(&edit);
    cells_free(cells);
}

/* --- list --- */

static void a_list_keeps_its_selection_in_view(void **state)
{
    (void)state;
    struct list list = { .selected = -1 };
    struct ui_input down = act(ACTION_DOWN), page = act(ACTION_PAGE_DOWN), end = act(ACTION_END), up = act(ACTION_UP);
    list_resize(&list, 4);
    assert_true(list_input(&list, &down));
    assert_int_equal(list.selected, -1);
    list_set_count(&list, 10);
    assert_int_equal(list.selected, 0);
    list_input(&list, &up);
    assert_int_equal(list.selected, 0);
    list_input(&list, &page);
    assert_int_equal(list.selected, 3);
    assert_int_equal(list.top, 3);
    list_input(&list, &end);
    assert_int_equal(list.selected, 9);
    assert_int_equal(list.top, 6);
    list_set_count(&list, 2);
    assert_int_equal(list.selected, 1);
    assert_int_equal(list.top, 0);
    list_resize(&list, 0);
    list_resize(&list, 100);
    assert_int_equal(list.top, 0);
    list_set_count(&list, 0);
    assert_int_equal(list.selected, -1);
}

/* --- table --- */

static void cell(const void *context, int64_t row, size_t source, struct buf *text, enum style *style)
{
    (void)context;
    if (source == 2)
        *style = STYLE_NUMBER;
    buf_format(text, source == 2 ? "%ld" : source == 1 ? "wide text %ld" : "Name %ld", (long)row * (source == 2 ? 1000 : 1));
}

static struct table make_table(void)
{
    struct table table;
    table_init(&table);
    table_set_column(&table, 0, "Name", 6, false);
    table_set_column(&table, 1, "Description", 11, false);
    table_set_column(&table, 2, "Size", 5, true);
    table_set_count(&table, 5);
    return table;
}

static void draw_table(const struct table *table, struct cells *cells)
{
    table_draw(table, cells, cells_area(cells), true, cell, NULL, NULL);
}

static void a_table_shows_what_fits(void **state)
{
    (void)state;
    struct table table = make_table();
    struct cells *cells = cells_new(4, 32);
    struct ui_input down = act(ACTION_DOWN);
    table_resize(&table, 4, 32);
    table_input(&table, &down);
    draw_table(&table, cells);
    assert_int_equal(cells->cursor_row, 2);
    assert_picture(cells, "  Name    Description   Size\n"
                          "  Name 0  wide text 0      0\n"
                          "▸ Name 1  wide text 1   1000\n"
                          "  Name 2  wide text 2   2000\n");
    table_free(&table);
    cells_free(cells);
}

static void columns_scroll_behind_the_pinned_one(void **state)
{
    (void)state;
    struct table table = make_table();
    struct cells *cells = cells_new(3, 22);
    struct ui_input right = act(ACTION_RIGHT), first = act(ACTION_FIRST_COLUMN);
    table_resize(&table, 3, 22);
    draw_table(&table, cells);
    assert_picture(cells, "  Name    Description›\n▸ Name 0  wide text 0\n  Name 1  wide text 1\n");
    table_input(&table, &right);
    table_input(&table, &right);
    assert_int_equal(table_current(&table), 2);
    draw_table(&table, cells);
    assert_picture(cells, "  Name     Size     ‹\n▸ Name 0      0\n  Name 1   1000\n");
    table_input(&table, &right);
    assert_int_equal(table_current(&table), 2);
    table_input(&table, &first);
    assert_int_equal(table_current(&table), 0);
    table_free(&table);
    cells_free(cells);
}

static void sort_marks_and_matches_show(void **state)
{
    (void)state;
    struct table table = make_table();
    struct cells *cells = cells_new(2, 40);
    struct buf styles = BUF_INIT(BUF_SMALL);
    table_resize(&table, 2, 40);
    table_set_sort(&table, 2, TABLE_DESCENDING, 1);
    table_set_sort(&table, 0, TABLE_ASCENDING, 2);
    table_set_match(&table, STR("TEXT"));
    draw_table(&table, cells);
    cells_print_styles(cells, &styles);
    assert_string_equal(buf_cstr(&styles), "HHCCCCCCCHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH\n                MMMM          n\n");
    assert_picture(cells, "  Name ▲2  Description  Size ▼1\n▸ Name 0   wide text 0        0\n");
    buf_free(&styles);
    table_free(&table);
    cells_free(cells);
}

static void columns_can_be_hidden_and_widened(void **state)
{
    (void)state;
    struct table table = make_table();
    struct cells *cells = cells_new(2, 40);
    table_resize(&table, 2, 40);
    table_hide(&table, 0, true);
    assert_int_equal(table_current(&table), 1);
    table_widen(&table, 4);
    draw_table(&table, cells);
    assert_picture(cells, "  Description       Size\n▸ wide text 0          0\n");
    table_widen(&table, -100);
    draw_table(&table, cells);
    assert_picture(cells, "  De…   Size\n▸ wi…      0\n");
    table_move_column(&table, 1);
    draw_table(&table, cells);
    assert_picture(cells, "   Size  De…\n▸     0  wi…\n");
    table_free(&table);
    cells_free(cells);
}

static void any_size_and_count_is_survived(void **state)
{
    (void)state;
    struct table empty, table = make_table();
    table_init(&empty);
    for (int columns = 0; columns < 40; columns++) {
        for (int rows = 0; rows < 6; rows++) {
            struct cells *cells = cells_new(rows, columns);
            table_resize(&table, rows, columns);
            table_resize(&empty, rows, columns);
            for (enum action action = ACTION_UP; action <= ACTION_LAST_COLUMN; action++) {
                struct ui_input input = act(action);
                table_input(&table, &input);
                table_input(&empty, &input);
                draw_table(&table, cells);
                draw_table(&empty, cells);
            }
            cells_free(cells);
        }
    }
    table_free(&table);
    table_free(&empty);
}

/* --- form --- */

static void check(void *context, const struct form_field *field, char *error, size_t size)
{
    (void)context;
    if (str_is(form_value(field), "bad"))
        snprintf(error, size, "Not that.");
}

static struct form make_form(void)
{
    struct form form;
    form_init(&form);
    form.check = check;
    form_add(&form, FIELD_HEADING, "", "Case");
    struct form_field *name = form_add(&form, FIELD_TEXT, "Name", "Name");
    name->required = true;
    form_field_help(name, "The name of the case.", "any text");
    struct form_field *type = form_add(&form, FIELD_CHOICE, "CaseType", "Case type");
    form_field_choice(type, "");
    form_field_choice(type, "eDiscovery");
    form_field_choice(type, "DSI");
    form_add(&form, FIELD_SWITCH, "Force", "Force");
    form_add(&form, FIELD_NUMBER, "Size", "Size");
    form_add(&form, FIELD_BUTTON, "run", "Run");
    form_resize(&form, 10, 40);
    return form;
}

/* Presses keys as the app would, and returns the last result. */
static enum form_result press(struct form *form, const char *keys)
{
    struct str rest = str_of(keys);
    struct key key;
    char text[5];
    enum form_result result = FORM_IGNORED;
    while (key_parse(&rest, &key)) {
        struct offer offer = { 0 };
        form_offer(form, &offer);
        enum action action = keymap_action(key, &offer);
        struct ui_input input = act(action);
        if (action == ACTION_NONE)
            input = typed(keymap_is_text(key, text) ? text : "");
        result = form_input(form, &input);
    }
    return result;
}

static void a_form_is_filled(void **state)
{
    (void)state;
    struct form form = make_form();
    struct cells *cells = cells_new(10, 40);
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      any text\n"
                          "Case type  (not set) ▾\n"
                          "Force      [ ]\n"
                          "Size\n"
                          "           [ Run ]\n"
                          "\n\n\n"
                          "The name of the case.\n");
    assert_int_equal(press(&form, "HR<Tab><Right><Tab><Space><Tab>1x2<Tab>"), FORM_USED);
    assert_true(str_is(form_value(form_find(&form, "CaseType")), "eDiscovery"));
    assert_true(str_is(form_value(form_find(&form, "Force")), "true"));
    assert_true(str_is(form_value(form_find(&form, "Size")), "12"));
    assert_string_equal(form_focused(&form)->name, "run");
    assert_int_equal(press(&form, "<Enter>"), FORM_ENTER);
    assert_true(form_check(&form));
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      HR\n"
                          "Case type  eDiscovery ▾\n"
                          "Force      [✓]\n"
                          "Size       12\n"
                          "           [ Run ]\n"
                          "\n\n\n\n");
    form_free(&form);
    cells_free(cells);
}

static void errors_stand_below_their_field(void **state)
{
    (void)state;
    struct form form = make_form();
    struct cells *cells = cells_new(10, 40);
    press(&form, "bad<Tab>");
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      bad\n"
                          "           Not that.\n"
                          "Case type  (not set) ▾\n"
                          "Force      [ ]\n"
                          "Size\n"
                          "           [ Run ]\n"
                          "\n\n\n");
    assert_int_equal(press(&form, "<S-Tab>x"), FORM_CHANGED);
    assert_string_equal(form_find(&form, "Name")->error, "");
    press(&form, "<C-u>");
    assert_false(form_check(&form));
    assert_string_equal(form_find(&form, "Name")->error, "This one is needed.");
    assert_string_equal(form_focused(&form)->name, "Name");
    form_free(&form);
    cells_free(cells);
}

static void long_errors_are_wrapped(void **state)
{
    (void)state;
    struct form form = make_form();
    struct cells *cells = cells_new(10, 40);
    form_set_error(form_find(&form, "Name"), "The password does not open the file. Give the one that it was exported with.");
    form_set_error(form_find(&form, "Size"), "One sentence, and another, and one more, until nobody reads it any longer, and on.");
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      any text\n"
                          "           The password does not open\n"
                          "           the file. Give the one that\n"
                          "           it was exported with.\n"
                          "Case type  (not set) ▾\n"
                          "Force      [ ]\n"
                          "Size\n"
                          "           One sentence, and another, …↓\n"
                          "The name of the case.\n");
    press(&form, "<Up><Up>");
    assert_string_equal(form_focused(&form)->name, "Size");
    form_draw(&form, cells, cells_area(cells), true);
    assert_int_equal(form.top, 3);      /* all of its error is in view */
    form_free(&form);
    cells_free(cells);
}

/* Three rows of it where one only passes by; where one mends it, all of it, as long as there are rows. */
static void the_error_of_the_focused_field_is_whole(void **state)
{
    (void)state;
    struct form form = make_form();
    struct cells *cells = cells_new(10, 40);
    form_set_error(form_find(&form, "Name"), "\"gestern\" is not a date that is clear in every country. Write 2026-01-31, "
                                             "2026-01-31 14:00 (UTC), 7d (seven days ago), today or yesterday.");
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      any text\n"
                          "           \"gestern\" is not a date that\n"
                          "           is clear in every country.\n"
                          "           Write 2026-01-31, 2026-01-31\n"
                          "           14:00 (UTC), 7d (seven days\n"
                          "           ago), today or yesterday.\n"
                          "Case type  (not set) ▾\n"
                          "Force      [ ]                         ↓\n"
                          "The name of the case.\n");
    press(&form, "<Down>");
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      any text\n"
                          "           \"gestern\" is not a date that\n"
                          "           is clear in every country.\n"
                          "           Write 2026-01-31, 2026-01-3…\n"
                          "Case type  (not set) ▾\n"
                          "Force      [ ]\n"
                          "Size\n"
                          "           [ Run ]\n"
                          "\n");
    /* Neither is it cut before: a list of accepted values may be long. */
    char values[600];
    memset(values, 'v', sizeof values - 1);
    values[sizeof values - 1] = '\0';
    form_set_error(form_find(&form, "Size"), values);
    assert_string_equal(form_find(&form, "Size")->error, values);
    /* Too few rows of that width: it takes wider ones. */
    press(&form, "<Up>");
    form_resize(&form, 6, 40);
    cells_resize(cells, 6, 40);
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Name*      any text                    ↑\n"
                          "  \"gestern\" is not a date that is clear\n"
                          "  in every country. Write 2026-01-31,\n"
                          "  2026-01-31 14:00 (UTC), 7d (seven\n"
                          "  days ago), today or yesterday.       ↓\n"
                          "The name of the case.\n");
    form_free(&form);
    cells_free(cells);
}

static void a_list_of_choices_opens(void **state)
{
    (void)state;
    struct form form = make_form();
    struct cells *cells = cells_new(10, 40);
    press(&form, "<Down><F4><Down>");
    assert_false(form_typing(&form));
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Case\n"
                          "Name*      any text\n"
                          "Case type  (not set) ▾\n"
                          "Force      ┌────────────┐\n"
                          "Size       │ (not set)  │\n"
                          "           │ eDiscovery │\n"
                          "           │ DSI        │\n"
                          "           └────────────┘\n"
                          "\n\n");
    assert_int_equal(press(&form, "<Esc>"), FORM_USED);
    assert_true(str_is(form_value(form_find(&form, "CaseType")), ""));
    assert_int_equal(press(&form, "<F4><End><Enter>"), FORM_CHANGED);
    assert_true(str_is(form_value(form_find(&form, "CaseType")), "DSI"));
    form_free(&form);
    cells_free(cells);
}

static void a_high_form_scrolls(void **state)
{
    (void)state;
    struct form form;
    form_init(&form);
    for (int i = 0; i < 30; i++) {
        char name[24];
        snprintf(name, sizeof name, "Field%d", i);
        form_add(&form, i % 2 ? FIELD_SWITCH : FIELD_TEXT, name, name);
    }
    struct cells *cells = cells_new(4, 20);
    form_resize(&form, 4, 20);
    press(&form, "<Up>");
    assert_string_equal(form_focused(&form)->name, "Field29");
    form_draw(&form, cells, cells_area(cells), true);
    assert_picture(cells, "Fiel…  [ ]         ↑\nFiel…\nFiel…  [ ]\nField29\n");
    form_find(&form, "Field29")->hidden = true;
    press(&form, "<Down>");
    assert_non_null(form_focused(&form));
    form_free(&form);
    cells_free(cells);
}

/* --- text pane, dialog, palette --- */

static void text_wraps_scrolls_and_is_searched(void **state)
{
    (void)state;
    struct text_pane pane;
    struct cells *cells = cells_new(3, 16);
    struct ui_input down = act(ACTION_DOWN), end = act(ACTION_END);
    text_pane_init(&pane);
    text_pane_add(&pane, STYLE_HEADER, 0, STR("Title"));
    text_pane_add(&pane, STYLE_TEXT, 2, STR("the quick brown fox\njumps"));
    text_pane_resize(&pane, 3, 16);
    text_pane_draw(&pane, cells, cells_area(cells));
    assert_picture(cells, "Title\n  the quick\n  brown fox    ↓\n");
    text_pane_input(&pane, &down);
    text_pane_input(&pane, &end);
    text_pane_draw(&pane, cells, cells_area(cells));
    assert_picture(cells, "  the quick    ↑\n  brown fox\n  jumps\n");
    assert_true(text_pane_find(&pane, STR("TITLE"), false));
    assert_int_equal(pane.top, 0);
    assert_false(text_pane_find(&pane, STR("nowhere"), false));
    text_pane_set_wrap(&pane, false);
    text_pane_draw(&pane, cells, cells_area(cells));
    assert_picture(cells, "Title\n  the quick br…\n  jumps\n");
    text_pane_free(&pane);
    cells_free(cells);
}

static void the_safe_answer_comes_first(void **state)
{
    (void)state;
    struct dialog dialog = { 0 };
    struct cells *cells = cells_new(7, 30);
    struct ui_input enter = act(ACTION_ENTER), left = act(ACTION_LEFT), back = act(ACTION_BACK);
    dialog_confirm(&dialog, "Leave?", "Two cmdlets are still running.", "Leave", "Stay");
    dialog_draw(&dialog, cells, cells_area(cells));
    assert_picture(cells, " ┌ Leave? ──────────────────┐\n"
                          " │ Two cmdlets are still    │\n"
                          " │ running.                 │\n"
                          " │                          │\n"
                          " │ [ Leave ]  [ Stay ]      │\n"
                          " └──────────────────────────┘\n"
                          "\n");
    assert_int_equal(dialog_input(&dialog, &enter), DIALOG_NO);
    assert_false(dialog_open(&dialog));
    dialog_confirm(&dialog, "Leave?", "", "Leave", "Stay");
    dialog_input(&dialog, &left);
    assert_int_equal(dialog_input(&dialog, &enter), DIALOG_YES);
    dialog_confirm(&dialog, "Leave?", "", "Leave", "Stay");
    dialog_input(&dialog, &left);
    assert_int_equal(dialog_input(&dialog, &back), DIALOG_NO);
    dialog_free(&dialog);
    cells_free(cells);
}

/* Nobody shall agree to what he could not read: a small terminal shows a long question in pages. */
static void a_long_question_has_pages(void **state)
{
    (void)state;
    static const struct dialog_choice choices[] = { { 'Y', "Yes" }, { 'N', "No" } };
    struct dialog dialog = { 0 };
    struct cells *cells = cells_new(7, 20);
    struct ui_input on = act(ACTION_PAGE_DOWN), back = act(ACTION_PAGE_UP), enter = act(ACTION_ENTER);
    dialog_choose(&dialog, "Ask", "Remove the label that is named Personal?", choices, 2, 1);
    dialog_draw(&dialog, cells, cells_area(cells));
    assert_picture(cells, " ┌ Ask ───────────┐\n"
                          " │ Remove the     │\n"
                          " │ label that is  │\n"
                          " │ named          │\n"
                          " │ Personal?      │\n"
                          " │ [Y] Ye…[N] No  │\n"
                          " └────────────────┘\n");
    dialog_choose(&dialog, "Ask", "Remove the label that is named Personal, for good?", choices, 2, 1);
    dialog_draw(&dialog, cells, cells_area(cells));
    assert_picture(cells, " ┌ Ask ───────────┐\n"
                          " │ Remove the     │\n"
                          " │ label that is  │\n"
                          " │ named          │\n"
                          " │ PgDn: more, p… │\n"
                          " │ [Y] Ye…[N] No  │\n"
                          " └────────────────┘\n");
    assert_int_equal(dialog_input(&dialog, &on), DIALOG_STAYS);
    dialog_draw(&dialog, cells, cells_area(cells));
    assert_picture(cells, " ┌ Ask ───────────┐\n"
                          " │ Personal, for  │\n"
                          " │ good?          │\n"
                          " │                │\n"
                          " │ PgDn: more, p… │\n"
                          " │ [Y] Ye…[N] No  │\n"
                          " └────────────────┘\n");
    for (int i = 0; i < 3; i++)
        dialog_input(&dialog, &back);
    dialog_draw(&dialog, cells, cells_area(cells));
    assert_true(dialog_open(&dialog));
    assert_int_equal(dialog_input(&dialog, &enter), DIALOG_YES);
    assert_int_equal(dialog.chosen, 1);
    dialog_free(&dialog);
    cells_free(cells);
}

static void a_word_must_be_typed_in_full(void **state)
{
    (void)state;
    struct dialog dialog = { 0 };
    struct ui_input enter = act(ACTION_ENTER), word = typed("contoso"), more = typed(".com");
    dialog_type_word(&dialog, "Remove 3 cases", "In the tenant contoso.com", "contoso.com");
    assert_true(dialog_typing(&dialog));
    dialog_input(&dialog, &word);
    assert_int_equal(dialog_input(&dialog, &enter), DIALOG_STAYS);
    dialog_input(&dialog, &more);
    assert_int_equal(dialog_input(&dialog, &enter), DIALOG_YES);
    dialog_free(&dialog);
}

static void a_palette_filters(void **state)
{
    (void)state;
    struct palette palette;
    struct cells *cells = cells_new(5, 50);
    struct ui_input enter = act(ACTION_ENTER), text = typed("so col"), nothing = typed("zzz");
    palette_init(&palette);
    palette_add(&palette, "Filter", "f", "Show only the rows that match", 1);
    palette_add(&palette, "Sort", "s", "Sort by the current column", 2);
    palette_resize(&palette, 5, 50);
    palette_draw(&palette, cells, cells_area(cells));
    assert_picture(cells, " Type to search\n Show only the rows that match\n f         Filter            Show only the rows t…\n"
                          " s         Sort              Sort by the current …\n\n");
    palette_input(&palette, &text);
    assert_int_equal(palette_input(&palette, &enter), PALETTE_CHOSEN);
    assert_int_equal(palette_selected(&palette)->tag, 2);
    palette_input(&palette, &nothing);
    assert_int_equal(palette_input(&palette, &enter), PALETTE_STAYS);
    assert_null(palette_selected(&palette));
    palette_free(&palette);
    cells_free(cells);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_edited),
        cmocka_unit_test(a_paste_is_cleaned_and_capped),
        cmocka_unit_test(a_long_line_scrolls_with_its_cursor),
        cmocka_unit_test(a_list_keeps_its_selection_in_view),
        cmocka_unit_test(a_table_shows_what_fits),
        cmocka_unit_test(columns_scroll_behind_the_pinned_one),
        cmocka_unit_test(sort_marks_and_matches_show),
        cmocka_unit_test(columns_can_be_hidden_and_widened),
        cmocka_unit_test(any_size_and_count_is_survived),
        cmocka_unit_test(a_form_is_filled),
        cmocka_unit_test(errors_stand_below_their_field),
        cmocka_unit_test(long_errors_are_wrapped),
        cmocka_unit_test(the_error_of_the_focused_field_is_whole),
        cmocka_unit_test(a_list_of_choices_opens),
        cmocka_unit_test(a_high_form_scrolls),
        cmocka_unit_test(text_wraps_scrolls_and_is_searched),
        cmocka_unit_test(the_safe_answer_comes_first),
        cmocka_unit_test(a_long_question_has_pages),
        cmocka_unit_test(a_word_must_be_typed_in_full),
        cmocka_unit_test(a_palette_filters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
