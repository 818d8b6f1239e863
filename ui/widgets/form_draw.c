#include "ui/widgets/form_draw.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { MAX_INPUT = 80, MAX_LABEL = 44, NEED_HELP_ROWS = 4, NEED_LONG_HELP_ROWS = 6, ROOMY_ROWS = 12, LONG_HELP_ROWS = 3 };

/* Labels share one column, as wide as the widest, but never so wide that no room is left for values. */
static int label_width(const struct form *form, int columns)
{
    int width = 0;
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *field = form->fields[i];
        bool counts = !field->hidden && field->kind != FIELD_HEADING && field->kind != FIELD_NOTE && field->kind != FIELD_BUTTON;
        int own = counts ? text_width(str_of(field->label)) + 2 : 0;
        width = own > width ? own : width;
    }
    int limit = columns * 2 / 5 < MAX_LABEL ? columns * 2 / 5 : MAX_LABEL;
    return width < limit ? width : limit;
}

enum { ERROR_ROWS = 3, ERROR_INDENT = 2 };

static int wrapped_rows(const char *text, int columns, int most)
{
    struct str rest = str_of(text), line;
    int rows = 0;
    while (rows < most && text_wrap(&rest, columns > 1 ? columns : 1, &line))
        rows++;
    return rows;
}

/* An error is read whole beside its field: where one only passes by as far as a few rows take it, where one mends it as
   far as the form does. Where even that is too little it begins further to the left. */
static struct error_place { int rows, indent; } error_place(const struct form *form, const struct form_field *field)
{
    int columns = form->columns - 1, labels = label_width(form, columns), room = ERROR_ROWS;
    if (field == form_focused(form) && form_visible_rows(form, form->rows, form->columns) > room)
        room = form_visible_rows(form, form->rows, form->columns) - 1;
    bool fits = wrapped_rows(field->error, columns - labels, room + 1) <= room || field != form_focused(form);
    int indent = fits || labels < ERROR_INDENT ? labels : ERROR_INDENT;
    return (struct error_place){ wrapped_rows(field->error, columns - indent, room), indent };
}

static int field_lines(const struct form *form, const struct form_field *field)
{
    if (field->hidden)
        return 0;
    return field->error[0] ? 1 + error_place(form, field).rows : 1;
}

int form_field_line(const struct form *form, size_t index)
{
    int line = 0;
    for (size_t i = 0; i < index && i < form->count; i++)
        line += field_lines(form, form->fields[i]);
    return line;
}

/* What is said of the field with the focus, with its name where that is cut. The caller frees it. */
static char *help_text(const struct form *form, int columns)
{
    const struct form_field *field = form_focused(form);
    int labels = label_width(form, columns - 1);
    if (!field)
        return mem_text("");
    bool cut = field->kind != FIELD_BUTTON && text_width(str_of(field->label)) > labels - 2;
    return cut && *field->help ? mem_format("%s: %s", field->label, field->help) : mem_text(cut ? field->label : field->help);
}

/* One row, and more for a text that needs them where there is room: an error has more to say. */
static int help_rows(const struct form *form, int rows, int columns)
{
    const struct form_field *field = form_focused(form);
    bool room = rows >= NEED_LONG_HELP_ROWS && !form->list_open && !(field && field->error[0] && rows < ROOMY_ROWS);
    int needed, most = room ? LONG_HELP_ROWS : 1;
    if (rows < NEED_HELP_ROWS)
        return 0;
    char *text = help_text(form, columns);
    needed = wrapped_rows(text, columns, most);
    free(text);
    return needed > 1 ? needed : 1;
}

int form_visible_rows(const struct form *form, int rows, int columns)
{
    return rows - help_rows(form, rows, columns);
}

static void draw_text(const struct form_field *field, struct cells *cells, struct area area, bool focused)
{
    int columns = area.columns < MAX_INPUT ? area.columns : MAX_INPUT;
    bool more = field->choice_count > 0 && columns > 12;
    line_edit_draw(&field->edit, cells, area.row, area.column, more ? columns - 2 : columns, focused, field->placeholder);
    if (more)
        cells_put_glyph(cells, area.row, area.column + columns - 1, STYLE_DIM, GLYPH_CHOICE);
}

static struct str choice_text(const struct form_field *field, size_t choice)
{
    if (choice < field->choice_count && *field->choices[choice])
        return str_of(field->choices[choice]);
    return *field->placeholder ? str_of(field->placeholder) : STR("(not set)");
}

static void draw_choice(const struct form_field *field, struct cells *cells, struct area area, bool focused)
{
    enum style style = focused ? STYLE_SELECTED : STYLE_TEXT;
    struct str value = form_value(field);
    int columns = area.columns < MAX_INPUT ? area.columns : MAX_INPUT, used;
    if (value.len > 0)
        used = cells_put(cells, area.row, area.column, columns - 2, style, value);
    else
        used = cells_put(cells, area.row, area.column, columns - 2, focused ? style : STYLE_DIM, choice_text(field, field->choice_count));
    cells_put_glyph(cells, area.row, area.column + used + 1, STYLE_DIM, GLYPH_CHOICE);
}

static void draw_switch(const struct form_field *field, struct cells *cells, struct area area, bool focused)
{
    enum style style = focused ? STYLE_SELECTED : STYLE_TEXT;
    cells_format(cells, area.row, area.column, area.columns, style, "[%s]",
                 cells_glyph(cells, field->on ? GLYPH_ON : GLYPH_OFF));
}

static void draw_button(const struct form_field *field, struct cells *cells, struct area area, bool focused)
{
    cells_format(cells, area.row, area.column, area.columns, focused ? STYLE_SELECTED : STYLE_KEY, "[ %s ]", field->label);
}

static void draw_value(const struct form_field *field, struct cells *cells, struct area area, bool focused)
{
    static void (*const draw[])(const struct form_field *, struct cells *, struct area, bool) = {
        [FIELD_TEXT] = draw_text,     [FIELD_NUMBER] = draw_text,     [FIELD_LIST] = draw_text, [FIELD_SECRET] = draw_text,
        [FIELD_SWITCH] = draw_switch, [FIELD_CHOICE] = draw_choice,   [FIELD_BUTTON] = draw_button,
    };
    draw[field->kind](field, cells, area, focused);
}

static void draw_error(const struct form *form, const struct form_field *field, struct cells *cells, struct area lines)
{
    area_cut_left(&lines, error_place(form, field).indent);
    cells_wrap(cells, lines, STYLE_ERROR, field->error);
}

static void draw_field(const struct form_field *field, struct cells *cells, struct area line, int labels, bool focused)
{
    if (field->kind == FIELD_HEADING || field->kind == FIELD_NOTE) {
        cells_put_text(cells, line.row, line.column, line.columns, field->kind == FIELD_NOTE ? STYLE_DIM : STYLE_HEADER, field->label);
        return;
    }
    struct area label = area_cut_left(&line, labels);
    if (field->kind != FIELD_BUTTON) {
        int used = cells_put_text(cells, label.row, label.column, label.columns - 2, focused ? STYLE_KEY : STYLE_LABEL,
                                  field->label);
        if (field->required)
            cells_put_text(cells, label.row, label.column + used, 1, STYLE_WARNING, "*");
    }
    draw_value(field, cells, line, focused);
    bool no_cursor_yet = focused && !cells->cursor_visible;
    if (no_cursor_yet)
        cells_cursor(cells, line.row, line.column);
}

static void draw_list(const struct form *form, struct cells *cells, struct area area, int line, int labels)
{
    const struct form_field *field = form_focused(form);
    int width = 10, rows = (int)field->choice_count < FORM_LIST_ROWS ? (int)field->choice_count : FORM_LIST_ROWS;
    for (size_t i = 0; i < field->choice_count; i++) {
        int own = text_width(choice_text(field, i)) + 4;
        width = own > width ? own : width;
    }
    struct area box = { area.row + line + 1, area.column + labels, rows + 2, width };
    if (box.columns > area.columns - labels)
        box.columns = area.columns - labels;
    if (box.rows > area.rows)
        box.rows = area.rows;
    if (line + 1 + box.rows > area.rows)
        box.row = line >= box.rows ? area.row + line - box.rows : area.row + area.rows - box.rows;
    cells_fill(cells, box, STYLE_TEXT);
    cells_box(cells, box, STYLE_BORDER, NULL);
    struct area inner = area_inset(box, 1, 1);
    int first = (int)form->list_selected - inner.rows + 1;
    first = first > 0 ? first : 0;
    for (int i = 0; i < inner.rows && first + i < (int)field->choice_count; i++) {
        struct area row = area_row(inner, i);
        enum style style = first + i == (int)form->list_selected ? STYLE_SELECTED : STYLE_TEXT;
        cells_fill(cells, row, style);
        cells_put(cells, row.row, row.column + 1, row.columns - 2, style, choice_text(field, (size_t)(first + i)));
    }
    if (first > 0)
        cells_put_glyph(cells, box.row, box.column + box.columns - 2, STYLE_DIM, GLYPH_MORE_UP);
    if (first + inner.rows < (int)field->choice_count)
        cells_put_glyph(cells, box.row + box.rows - 1, box.column + box.columns - 2, STYLE_DIM, GLYPH_MORE_DOWN);
    cells_cursor(cells, inner.row + (int)form->list_selected - first, inner.column);
}

static void draw_more(const struct form *form, struct cells *cells, struct area area)
{
    int right = area.column + area.columns - 1;
    if (form->top > 0)
        cells_put_glyph(cells, area.row, right, STYLE_DIM, GLYPH_MORE_UP);
    if (form_field_line(form, form->count) > form->top + area.rows)
        cells_put_glyph(cells, area.row + area.rows - 1, right, STYLE_DIM, GLYPH_MORE_DOWN);
}

void form_draw(const struct form *form, struct cells *cells, struct area area, bool focused)
{
    struct area help = area_cut_bottom(&area, help_rows(form, area.rows, area.columns));
    const struct form_field *current = form_focused(form);
    struct area inner = area;
    area_cut_right(&inner, 1);
    int labels = label_width(form, inner.columns), focus_line = 0, line = -form->top;
    for (size_t i = 0; i < form->count; i++) {
        const struct form_field *field = form->fields[i];
        bool has_focus = focused && field == current;
        if (has_focus)
            focus_line = line;
        if (!field->hidden && line >= 0 && line < area.rows)
            draw_field(field, cells, area_row(inner, line), labels, has_focus);
        if (!field->hidden && field->error[0] && line + 1 >= 0 && line + 1 < area.rows) {
            struct area rest = inner;
            area_cut_top(&rest, line + 1);
            draw_error(form, field, cells, area_cut_top(&rest, field_lines(form, field) - 1));
        }
        line += field_lines(form, field);
    }
    draw_more(form, cells, area);
    if (!current)
        return;
    if (focused && form->list_open)
        draw_list(form, cells, area, focus_line, labels);
    char *text = help_text(form, help.columns);
    cells_wrap(cells, help, STYLE_DIM, text);
    free(text);
}
