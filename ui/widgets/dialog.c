#include "ui/widgets/dialog.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/widgets/pages.h"

enum { MAX_COLUMNS = 72, MARGIN = 2 };

void dialog_free(struct dialog *dialog)
{
    free(dialog->title);
    free(dialog->text);
    free(dialog->yes);
    free(dialog->no);
    free(dialog->word);
    line_edit_free(&dialog->edit);
    *dialog = (struct dialog){ 0 };
}

bool dialog_open(const struct dialog *dialog)
{
    return dialog->kind != DIALOG_NONE;
}

bool dialog_typing(const struct dialog *dialog)
{
    return dialog->kind == DIALOG_TYPE_WORD || dialog->kind == DIALOG_PROMPT || dialog->kind == DIALOG_PROMPT_LINE
        || dialog->kind == DIALOG_CHOICE;
}

static void open_dialog(struct dialog *dialog, enum dialog_kind kind, const char *title, const char *text)
{
    int tag = dialog->tag;
    dialog_free(dialog);
    dialog->tag = tag;
    dialog->kind = kind;
    dialog->title = mem_text(title);
    dialog->text = mem_text(text);
    line_edit_init(&dialog->edit, 0);
}

void dialog_message(struct dialog *dialog, const char *title, const char *text)
{
    open_dialog(dialog, DIALOG_MESSAGE, title, text);
}

static void add_part(struct buf *out, const char *label, const char *text)
{
    if (*text)
        buf_format(out, "%s%s%s", out->len > 0 ? "\n" : "", label, text);
}

void dialog_error(struct dialog *dialog, const char *title, const struct err *err)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    add_part(&text, "", err->text);
    add_part(&text, "", err->advice);
    add_part(&text, "Code: ", err->code);
    add_part(&text, "For support: ", err->correlation);
    dialog_message(dialog, title, buf_cstr(&text));
    buf_free(&text);
}

void dialog_confirm(struct dialog *dialog, const char *title, const char *text, const char *yes, const char *no)
{
    open_dialog(dialog, DIALOG_CONFIRM, title, text);
    dialog->yes = mem_text(yes);
    dialog->no = mem_text(no);
}

void dialog_choose(struct dialog *dialog, const char *title, const char *text, const struct dialog_choice *choices, size_t count, size_t safe)
{
    open_dialog(dialog, DIALOG_CHOICE, title, text);
    for (size_t i = 0; i < count && i < DIALOG_MAX_CHOICES; i++)
        dialog->choices[dialog->choice_count++] = choices[i];
    dialog->chosen = dialog->safe = safe;
}

void dialog_type_word(struct dialog *dialog, const char *title, const char *text, const char *word)
{
    open_dialog(dialog, DIALOG_TYPE_WORD, title, text);
    dialog->word = mem_text(word);
}

void dialog_prompt(struct dialog *dialog, enum dialog_kind kind, const char *title, struct str initial)
{
    open_dialog(dialog, kind, title, "");
    line_edit_set(&dialog->edit, initial);
}

struct str dialog_value(const struct dialog *dialog)
{
    return line_edit_text(&dialog->edit);
}

/* --- input --- */

static enum dialog_result close_with(struct dialog *dialog, enum dialog_result result)
{
    dialog->kind = DIALOG_NONE;
    return result;
}

static enum dialog_result accept(struct dialog *dialog)
{
    if (dialog->kind == DIALOG_CONFIRM)
        return close_with(dialog, dialog->yes_chosen ? DIALOG_YES : DIALOG_NO);
    if (dialog->kind == DIALOG_TYPE_WORD && !str_is(str_trim(dialog_value(dialog)), dialog->word))
        return DIALOG_STAYS;
    return close_with(dialog, DIALOG_YES);
}

static enum dialog_result choose(struct dialog *dialog, enum action action)
{
    if (dialog->kind != DIALOG_CONFIRM)
        return DIALOG_STAYS;
    if (action == ACTION_LEFT)
        dialog->yes_chosen = true;
    else if (action == ACTION_RIGHT)
        dialog->yes_chosen = false;
    else if (action == ACTION_NEXT_FIELD || action == ACTION_PREVIOUS_FIELD)
        dialog->yes_chosen = !dialog->yes_chosen;
    return DIALOG_STAYS;
}

static enum dialog_result choose_among(struct dialog *dialog, const struct ui_input *input)
{
    size_t count = dialog->choice_count;
    if (input->kind == INPUT_ACTION) {
        bool on = input->action == ACTION_DOWN || input->action == ACTION_RIGHT || input->action == ACTION_NEXT_FIELD;
        bool back = input->action == ACTION_UP || input->action == ACTION_LEFT || input->action == ACTION_PREVIOUS_FIELD;
        dialog->chosen = (dialog->chosen + (on ? 1 : back ? count - 1 : 0)) % count;
        return DIALOG_STAYS;
    }
    for (size_t i = 0; i < count && input->text.len == 1; i++) {
        if (toupper((unsigned char)input->text.data[0]) == dialog->choices[i].letter) {
            dialog->chosen = i;
            return close_with(dialog, DIALOG_YES);
        }
    }
    return DIALOG_STAYS;
}

enum dialog_result dialog_input(struct dialog *dialog, const struct ui_input *input)
{
    if (input->kind == INPUT_ACTION && input->action == ACTION_ENTER)
        return accept(dialog);
    if (input->kind == INPUT_ACTION && (input->action == ACTION_BACK || input->action == ACTION_CANCEL)) {
        dialog->chosen = dialog->safe;
        return close_with(dialog, dialog->kind == DIALOG_MESSAGE || dialog->kind == DIALOG_CHOICE ? DIALOG_YES : DIALOG_NO);
    }
    if (pages_turn(&dialog->page, input))
        return DIALOG_STAYS;
    if (dialog->kind == DIALOG_CHOICE)
        return choose_among(dialog, input);
    if (!dialog_typing(dialog))
        return input->kind == INPUT_ACTION ? choose(dialog, input->action) : DIALOG_STAYS;
    return line_edit_input(&dialog->edit, input) == LINE_EDIT_CHANGED ? DIALOG_CHANGED : DIALOG_STAYS;
}

void dialog_offer(const struct dialog *dialog, struct offer *offer)
{
    offer->typing = dialog_typing(dialog);
    offer_add(offer, ACTION_ENTER, dialog->kind == DIALOG_MESSAGE ? "Close" : "Accept");
    if (dialog->kind == DIALOG_CONFIRM || dialog->kind == DIALOG_CHOICE) {
        offer_add(offer, ACTION_NEXT_FIELD, "Other choice");
    }
    if (dialog->kind != DIALOG_MESSAGE)
        offer_add(offer, ACTION_BACK, "Give up");
}

/* --- drawing --- */

static int put_button(struct cells *cells, int row, int column, int columns, bool chosen, const char *label)
{
    enum style style = chosen ? STYLE_SELECTED : STYLE_TEXT;
    return cells_format(cells, row, column, columns, style, "[ %s ]", label);
}

static void draw_buttons(const struct dialog *dialog, struct cells *cells, struct area row)
{
    int used = put_button(cells, row.row, row.column, row.columns, dialog->yes_chosen, dialog->yes) + 2;
    put_button(cells, row.row, row.column + used, row.columns - used, !dialog->yes_chosen, dialog->no);
    cells_cursor(cells, row.row, dialog->yes_chosen ? row.column : row.column + used);
}

/* The letter stands before the words, as PowerShell shows it. Two on a row where the text needs the room. */
static void draw_choices(const struct dialog *dialog, struct cells *cells, struct area area)
{
    int across = area.rows < (int)dialog->choice_count ? 2 : 1, columns = area.columns / across;
    for (size_t i = 0; i < dialog->choice_count && (int)i < area.rows * across; i++) {
        int row = area.row + (int)i / across, column = area.column + (int)i % across * columns;
        bool chosen = i == dialog->chosen;
        cells_format(cells, row, column, columns, chosen ? STYLE_SELECTED : STYLE_TEXT, "[%c] %s ", dialog->choices[i].letter,
                     dialog->choices[i].label);
        if (chosen)
            cells_cursor(cells, row, column);
    }
}

static void draw_last_row(const struct dialog *dialog, struct cells *cells, struct area row)
{
    if (dialog->kind == DIALOG_CONFIRM) {
        draw_buttons(dialog, cells, row);
    } else if (dialog->kind == DIALOG_MESSAGE) {
        put_button(cells, row.row, row.column, row.columns, true, "OK");
        cells_cursor(cells, row.row, row.column);
    } else if (dialog->kind == DIALOG_TYPE_WORD) {
        int used = cells_format(cells, row.row, row.column, row.columns / 2, STYLE_DANGER, "Type %s:", dialog->word) + 1;
        line_edit_draw(&dialog->edit, cells, row.row, row.column + used, row.columns - used, true, NULL);
    } else {
        line_edit_draw(&dialog->edit, cells, row.row, row.column, row.columns, true, NULL);
    }
}

static void draw_prompt_line(const struct dialog *dialog, struct cells *cells, struct area area)
{
    struct area row = area_cut_bottom(&area, 1);
    cells_fill(cells, row, STYLE_TEXT);
    int used = cells_put_text(cells, row.row, row.column, row.columns / 2, STYLE_KEY, dialog->title) + 1;
    line_edit_draw(&dialog->edit, cells, row.row, row.column + used, row.columns - used, true, NULL);
}

void dialog_draw(const struct dialog *dialog, struct cells *cells, struct area area)
{
    if (dialog->kind == DIALOG_NONE)
        return;
    if (dialog->kind == DIALOG_PROMPT_LINE) {
        draw_prompt_line(dialog, cells, area);
        return;
    }
    int columns = area.columns - 2 < MAX_COLUMNS ? area.columns - 2 : MAX_COLUMNS;
    int rows = pages_rows(dialog->text, columns - 2 * MARGIN);
    int last_rows = dialog->kind == DIALOG_CHOICE ? (int)dialog->choice_count : 1;
    if (dialog->kind == DIALOG_CHOICE && rows + 3 + last_rows > area.rows)
        last_rows = (last_rows + 1) / 2;
    struct area box = area_centered(area, rows + (rows > 0 ? 3 : 2) + last_rows, columns);
    cells->cursor_visible = false;
    cells_fill(cells, box, STYLE_TEXT);
    cells_box(cells, box, STYLE_BORDER, dialog->title);
    struct area inner = area_inset(box, 1, MARGIN), last = area_cut_bottom(&inner, last_rows);
    pages_draw(cells, inner, STYLE_TEXT, dialog->text, dialog->page);
    if (dialog->kind == DIALOG_CHOICE)
        draw_choices(dialog, cells, last);
    else
        draw_last_row(dialog, cells, last);
}
