#include "ui/widgets/text_pane.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { SIDE_STEP = 8 };

void text_pane_init(struct text_pane *pane)
{
    *pane = (struct text_pane){ .wrap = true, .columns = 80 };
}

void text_pane_clear(struct text_pane *pane)
{
    for (size_t i = 0; i < pane->count; i++)
        free(pane->lines[i].text);
    pane->count = pane->shown_count = pane->top = pane->found = 0;
    pane->left = 0;
}

void text_pane_free(struct text_pane *pane)
{
    text_pane_clear(pane);
    free(pane->lines);
    free(pane->shown);
    free(pane->find);
    text_pane_init(pane);
}

static void add_line(struct text_pane *pane, enum style style, int indent, struct str text)
{
    struct buf clean = BUF_INIT(BUF_LARGE);
    if (pane->count >= TEXT_PANE_MAX_LINES)
        return;
    text_clean(&clean, text, false);
    MEM_ROOM(pane->lines, pane->count, pane->capacity);
    size_t length = clean.len;
    pane->lines[pane->count++] = (struct text_line){ buf_take(&clean), length, style, indent, 0 };
}

void text_pane_add(struct text_pane *pane, enum style style, int indent, struct str text)
{
    struct str line;
    bool more = true;
    while (more) {
        more = str_cut(&text, '\n', &line);
        if (line.len > 0 && line.data[line.len - 1] == '\r')
            line.len--;
        add_line(pane, style, indent, line);
        more = more && text.len > 0;
    }
}

void text_pane_hang(struct text_pane *pane, int further)
{
    if (pane->count > 0)
        pane->lines[pane->count - 1].hang = further;
}

void text_pane_format(struct text_pane *pane, enum style style, int indent, const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    text_pane_add(pane, style, indent, str_of(text));
}

/* --- rows --- */

static void add_row(struct text_pane *pane, size_t line, size_t start, size_t length)
{
    MEM_ROOM(pane->shown, pane->shown_count, pane->shown_capacity);
    pane->shown[pane->shown_count++] = (struct text_row){ line, start, length };
}

static void wrap_line(struct text_pane *pane, size_t index)
{
    const struct text_line *line = &pane->lines[index];
    struct str rest = { line->text, line->length }, part;
    int room = pane->columns - 1 - line->indent, further = line->hang;
    if (!pane->wrap || line->length == 0) {
        add_row(pane, index, 0, line->length);
        return;
    }
    while (text_wrap(&rest, room > 8 ? room : 8, &part)) {
        add_row(pane, index, (size_t)(part.data - line->text), part.len);
        room -= further;
        further = 0;
    }
}

static size_t last_top(const struct text_pane *pane)
{
    size_t rows = pane->rows > 0 ? (size_t)pane->rows : 1;
    return pane->shown_count > rows ? pane->shown_count - rows : 0;
}

static void scroll_to(struct text_pane *pane, size_t row)
{
    size_t last = last_top(pane);
    pane->top = row < last ? row : last;
}

/* Wraps anew and keeps the line that stood at the top there; of a text that was made anew, the row. */
static void rewrap(struct text_pane *pane)
{
    bool anew = pane->shown_count == 0;
    size_t row = pane->top, line = pane->top < pane->shown_count ? pane->shown[pane->top].line : 0, top = 0;
    pane->shown_count = 0;
    for (size_t i = 0; i < pane->count; i++) {
        if (i == line)
            top = pane->shown_count;
        wrap_line(pane, i);
    }
    scroll_to(pane, anew ? row : top);
}

void text_pane_resize(struct text_pane *pane, int rows, int columns)
{
    pane->rows = rows;
    pane->columns = columns;
    rewrap(pane);
}

void text_pane_set_wrap(struct text_pane *pane, bool wrap)
{
    pane->wrap = wrap;
    pane->left = 0;
    rewrap(pane);
}

/* --- search --- */

static void show_line(struct text_pane *pane, size_t line)
{
    size_t row = 0;
    while (row < pane->shown_count && pane->shown[row].line < line)
        row++;
    if (row < pane->top || row >= pane->top + (size_t)(pane->rows > 0 ? pane->rows : 1))
        scroll_to(pane, row > 2 ? row - 2 : 0);
}

bool text_pane_find(struct text_pane *pane, struct str text, bool backwards)
{
    bool again = pane->find && str_is(text, pane->find);
    char *find = text.len > 0 ? str_dup(text) : NULL;
    free(pane->find);
    pane->find = find;
    if (!find || pane->count == 0)
        return false;
    /* A new text may stand where the last one was found; the same one is looked for behind it. */
    size_t start = again ? (backwards ? pane->found + pane->count - 1 : pane->found + 1) : pane->found;
    for (size_t i = 0; i < pane->count; i++) {
        size_t line = (backwards ? start + pane->count - i : start + i) % pane->count;
        if (text_contains((struct str){ pane->lines[line].text, pane->lines[line].length }, str_of(find))) {
            pane->found = line;
            show_line(pane, line);
            return true;
        }
    }
    return false;
}

/* --- input and drawing --- */

static void scroll_by(struct text_pane *pane, int by)
{
    size_t step = (size_t)(by < 0 ? -by : by);
    if (by < 0)
        scroll_to(pane, pane->top > step ? pane->top - step : 0);
    else
        scroll_to(pane, pane->top + step);
}

static bool side_scroll(struct text_pane *pane, int by)
{
    if (pane->wrap)
        return false;
    pane->left = pane->left + by > 0 ? pane->left + by : 0;
    return true;
}

bool text_pane_input(struct text_pane *pane, const struct ui_input *input)
{
    int page = pane->rows > 2 ? pane->rows - 1 : 1;
    if (input->kind != INPUT_ACTION)
        return false;
    switch (input->action) {
    case ACTION_UP: scroll_by(pane, -1); return true;
    case ACTION_DOWN: scroll_by(pane, 1); return true;
    case ACTION_PAGE_UP: scroll_by(pane, -page); return true;
    case ACTION_PAGE_DOWN: scroll_by(pane, page); return true;
    case ACTION_HOME: scroll_to(pane, 0); return true;
    case ACTION_END: scroll_to(pane, pane->shown_count); return true;
    case ACTION_LEFT: return side_scroll(pane, -SIDE_STEP);
    case ACTION_RIGHT: return side_scroll(pane, SIDE_STEP);
    default: return false;
    }
}

static void draw_row(const struct text_pane *pane, const struct text_row *row, struct cells *cells, struct area line)
{
    const struct text_line *source = &pane->lines[row->line];
    struct str text = { source->text + row->start, row->length }, cluster;
    int skip = pane->left, width;
    area_cut_left(&line, source->indent + (row->start > 0 ? source->hang : 0));
    while (skip > 0 && text_next(&text, &cluster, &width))
        skip -= width;
    cells_put(cells, line.row, line.column, line.columns, source->style, text);
    if (pane->find)
        cells_highlight(cells, line, str_of(pane->find), STYLE_MATCH);
}

void text_pane_draw(const struct text_pane *pane, struct cells *cells, struct area area)
{
    struct area inner = area, marks = area_cut_right(&inner, 1);
    for (int i = 0; i < inner.rows && pane->top + (size_t)i < pane->shown_count; i++)
        draw_row(pane, &pane->shown[pane->top + (size_t)i], cells, area_row(inner, i));
    if (pane->top > 0)
        cells_put_glyph(cells, marks.row, marks.column, STYLE_DIM, GLYPH_MORE_UP);
    if (pane->top + (size_t)inner.rows < pane->shown_count)
        cells_put_glyph(cells, marks.row + marks.rows - 1, marks.column, STYLE_DIM, GLYPH_MORE_DOWN);
}
