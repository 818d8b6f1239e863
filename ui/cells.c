#include "ui/cells.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

static int at_least(int value, int limit)
{
    return value > limit ? value : limit;
}

/* --- areas --- */

struct area area_cut_top(struct area *area, int rows)
{
    struct area cut = *area;
    cut.rows = at_least(at_most(rows, area->rows), 0);
    area->row += cut.rows;
    area->rows -= cut.rows;
    return cut;
}

struct area area_cut_bottom(struct area *area, int rows)
{
    struct area cut = *area;
    cut.rows = at_least(at_most(rows, area->rows), 0);
    area->rows -= cut.rows;
    cut.row = area->row + area->rows;
    return cut;
}

struct area area_cut_left(struct area *area, int columns)
{
    struct area cut = *area;
    cut.columns = at_least(at_most(columns, area->columns), 0);
    area->column += cut.columns;
    area->columns -= cut.columns;
    return cut;
}

struct area area_cut_right(struct area *area, int columns)
{
    struct area cut = *area;
    cut.columns = at_least(at_most(columns, area->columns), 0);
    area->columns -= cut.columns;
    cut.column = area->column + area->columns;
    return cut;
}

struct area area_inset(struct area area, int rows, int columns)
{
    area.row += rows;
    area.column += columns;
    area.rows = at_least(area.rows - 2 * rows, 0);
    area.columns = at_least(area.columns - 2 * columns, 0);
    return area;
}

struct area area_centered(struct area area, int rows, int columns)
{
    struct area inner = { .rows = at_most(rows, area.rows), .columns = at_most(columns, area.columns) };
    inner.row = area.row + (area.rows - inner.rows) / 2;
    inner.column = area.column + (area.columns - inner.columns) / 2;
    return inner;
}

struct area area_row(struct area area, int row)
{
    bool inside = row >= 0 && row < area.rows;
    return (struct area){ area.row + row, area.column, inside ? 1 : 0, area.columns };
}

/* --- the grid --- */

static const struct cell blank = { .text = " ", .length = 1, .width = 1, .style = STYLE_TEXT };

struct cells *cells_new(int rows, int columns)
{
    struct cells *cells = MEM_NEW(struct cells);
    cells_resize(cells, rows, columns);
    return cells;
}

void cells_free(struct cells *cells)
{
    if (!cells)
        return;
    free(cells->cell);
    free(cells);
}

void cells_resize(struct cells *cells, int rows, int columns)
{
    rows = at_least(rows, 0);
    columns = at_least(columns, 0);
    if (rows != cells->rows || columns != cells->columns) {
        free(cells->cell);
        cells->cell = mem_array((size_t)rows * (size_t)columns + 1, sizeof *cells->cell);
        cells->rows = rows;
        cells->columns = columns;
    }
    cells_clear(cells);
}

void cells_clear(struct cells *cells)
{
    size_t count = (size_t)cells->rows * (size_t)cells->columns;
    for (size_t i = 0; i < count; i++)
        cells->cell[i] = blank;
    cells->cursor_visible = false;
}

struct area cells_area(const struct cells *cells)
{
    return (struct area){ 0, 0, cells->rows, cells->columns };
}

static bool inside(const struct cells *cells, int row, int column)
{
    return row >= 0 && row < cells->rows && column >= 0 && column < cells->columns;
}

static struct cell *place(const struct cells *cells, int row, int column)
{
    return &cells->cell[(size_t)row * (size_t)cells->columns + (size_t)column];
}

const struct cell *cells_at(const struct cells *cells, int row, int column)
{
    return inside(cells, row, column) ? place(cells, row, column) : &blank;
}

static void make_blank(struct cell *cell)
{
    uint8_t style = cell->style;
    *cell = blank;
    cell->style = style;
}

/* Half a wide character cannot be shown: when one half is overwritten the other becomes a blank. */
static void release(struct cells *cells, int row, int column)
{
    struct cell *cell = place(cells, row, column);
    if (cell->width == 0 && column > 0)
        make_blank(cell - 1);
    if (cell->width == 2 && column + 1 < cells->columns)
        make_blank(cell + 1);
}

/* The head of the cluster that fits into a cell, never a part of a code point. */
static uint8_t cluster_head(struct str cluster)
{
    size_t length = cluster.len < CELL_BYTES ? cluster.len : CELL_BYTES;
    while (length > 0 && length < cluster.len && ((unsigned char)cluster.data[length] & 0xC0) == 0x80)
        length--;
    return (uint8_t)length;
}

static void set_cell(struct cells *cells, int row, int column, enum style style, struct str cluster, int width)
{
    if (!inside(cells, row, column))
        return;
    if (width == 2 && column + 1 >= cells->columns) {
        cluster = STR(" ");
        width = 1;
    }
    release(cells, row, column);
    struct cell *cell = place(cells, row, column);
    if (width == 2) {
        release(cells, row, column + 1);
        cell[1] = (struct cell){ .style = (uint8_t)style };
    }
    cell->length = cluster_head(cluster);
    memcpy(cell->text, cluster.data, cell->length);
    cell->width = (uint8_t)width;
    cell->style = (uint8_t)style;
}

/* --- text --- */

/* A lone combining mark joins the cell before it as long as there is room. */
static void append_mark(struct cells *cells, int row, int column, struct str mark)
{
    if (!inside(cells, row, column))
        return;
    struct cell *cell = place(cells, row, column);
    if (cell->width == 0 && column > 0)
        cell--;
    if (cell->length + mark.len > CELL_BYTES)
        return;
    memcpy(cell->text + cell->length, mark.data, mark.len);
    cell->length = (uint8_t)(cell->length + mark.len);
}

static bool plain_ascii(struct str s)
{
    unsigned char c = (unsigned char)s.data[0];
    return c >= 0x20 && c < 0x7F && (s.len == 1 || (unsigned char)s.data[1] < 0x80);
}

/* utf8proc is only asked when a byte of this cluster or the next is not ASCII. */
static bool next_cluster(const struct cells *cells, struct str *text, struct str *cluster, int *width)
{
    if (text->len > 0 && plain_ascii(*text)) {
        *cluster = str_take(*text, 1);
        *text = str_from(*text, 1);
        *width = 1;
        return true;
    }
    if (!text_next(text, cluster, width))
        return false;
    if (cells->ascii && *width > 0 && (unsigned char)cluster->data[0] >= 0x80) {
        *cluster = STR("?");
        *width = 1;
    } else if (cells->ascii && *width == 0) {
        *cluster = STR("");
    }
    return true;
}

static int put_clean(struct cells *cells, int row, int column, int columns, enum style style, struct str text, bool more)
{
    struct str cluster;
    int used = 0, width;
    while (next_cluster(cells, &text, &cluster, &width)) {
        if (width == 0) {
            append_mark(cells, row, column + used - 1, cluster);
            continue;
        }
        if (used + width > columns) {
            more = true;
            break;
        }
        set_cell(cells, row, column + used, style, cluster, width);
        used += width;
    }
    if (!more)
        return used;
    const char *mark = cells_glyph(cells, GLYPH_CUT);
    used = at_most(used, columns - 1);
    set_cell(cells, row, column + used, style, str_of(mark), 1);
    return used + 1;
}

/* No visible character needs more bytes than this on the average; what is behind is cut without looking at it, so that
   a cell of a megabyte costs no more than a short one. */
static struct str bounded(struct str text, int columns, bool *more)
{
    size_t limit = (size_t)columns * 32 + 64;
    *more = text.len > limit;
    if (*more) {
        while (limit > 0 && ((unsigned char)text.data[limit] & 0xC0) == 0x80)
            limit--;
        text.len = limit;
    }
    return text;
}

int cells_put(struct cells *cells, int row, int column, int columns, enum style style, struct str text)
{
    columns = at_most(columns, cells->columns - column);
    if (columns <= 0 || text.len == 0 || row < 0 || row >= cells->rows)
        return 0;
    bool more;
    text = bounded(text, columns, &more);
    if (text_is_clean(text))
        return put_clean(cells, row, column, columns, style, text, more);
    struct buf clean = BUF_INIT(BUF_LARGE);
    text_clean(&clean, text, false);
    int used = put_clean(cells, row, column, columns, style, buf_str(&clean), more);
    buf_free(&clean);
    return used;
}

int cells_put_text(struct cells *cells, int row, int column, int columns, enum style style, const char *text)
{
    return cells_put(cells, row, column, columns, style, str_of(text));
}

int cells_format(struct cells *cells, int row, int column, int columns, enum style style, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return cells_put_text(cells, row, column, columns, style, text);
}

int cells_wrap(struct cells *cells, struct area area, enum style style, const char *text)
{
    struct str rest = str_of(text), line;
    int row = 0;
    for (; row < area.rows && rest.len > 0; row++) {
        struct str before = rest;
        bool last = row == area.rows - 1 || !text_wrap(&rest, area.columns, &line);
        cells_put(cells, area.row + row, area.column, area.columns, style, last ? before : line);
        if (last)
            rest = str_from(rest, rest.len);
    }
    return row;
}

void cells_copy(struct cells *cells, struct area area, const struct cells *from, int from_row)
{
    for (int row = 0; row < area.rows; row++) {
        for (int column = 0; column < area.columns; column++) {
            bool inside = from_row + row < from->rows && column < from->columns && area.row + row < cells->rows &&
                          area.column + column < cells->columns;
            if (inside)
                cells->cell[(area.row + row) * cells->columns + area.column + column] = *cells_at(from, from_row + row, column);
        }
    }
}

int cells_put_right(struct cells *cells, int row, int column, int columns, enum style style, struct str text)
{
    struct buf clean = BUF_INIT(BUF_SMALL);
    text_clean(&clean, str_take(text, (size_t)at_least(columns, 0) * 32 + 64), false);
    int skip = at_least(columns - text_width(buf_str(&clean)), 0);
    int used = cells_put(cells, row, column + skip, columns - skip, style, text);
    buf_free(&clean);
    return used;
}

/* --- areas of the grid --- */

static struct area clip(const struct cells *cells, struct area area)
{
    int bottom = at_most(area.row + area.rows, cells->rows), right = at_most(area.column + area.columns, cells->columns);
    area.row = at_least(area.row, 0);
    area.column = at_least(area.column, 0);
    area.rows = at_least(bottom - area.row, 0);
    area.columns = at_least(right - area.column, 0);
    return area;
}

void cells_fill(struct cells *cells, struct area area, enum style style)
{
    area = clip(cells, area);
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int column = area.column; column < area.column + area.columns; column++)
            set_cell(cells, row, column, style, STR(" "), 1);
}

void cells_restyle(struct cells *cells, struct area area, enum style style)
{
    area = clip(cells, area);
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int column = area.column; column < area.column + area.columns; column++)
            place(cells, row, column)->style = (uint8_t)style;
}

/* Two clusters are the same letter when each folded one contains the other. */
static bool same_letter(struct str a, struct str b)
{
    if (a.len == 1 && b.len == 1)
        return tolower((unsigned char)a.data[0]) == tolower((unsigned char)b.data[0]);
    return str_eq(a, b) || (text_contains(a, b) && text_contains(b, a));
}

/* Columns that the needle takes when it stands at (row, column); 0 when it does not. */
static int match_at(const struct cells *cells, int row, int column, int end, struct str needle)
{
    struct str cluster;
    int width, here = column;
    while (text_next(&needle, &cluster, &width)) {
        if (here >= end)
            return 0;
        const struct cell *cell = place(cells, row, here);
        if (!same_letter((struct str){ cell->text, cell->length }, cluster))
            return 0;
        here += at_least(cell->width, 1);
    }
    return here - column;
}

void cells_highlight(struct cells *cells, struct area area, struct str needle, enum style style)
{
    area = clip(cells, area);
    if (needle.len == 0)
        return;
    for (int row = area.row; row < area.row + area.rows; row++) {
        int end = area.column + area.columns;
        for (int column = area.column; column < end; column++) {
            int columns = match_at(cells, row, column, end, needle);
            if (columns > 0) {
                cells_restyle(cells, (struct area){ row, column, 1, columns }, style);
                column += columns - 1;
            }
        }
    }
}

/* --- glyphs, lines, cursor --- */

static const char *const glyphs[GLYPH_COUNT][2] = {
    [GLYPH_HORIZONTAL] = { "─", "-" },  [GLYPH_VERTICAL] = { "│", "|" },     [GLYPH_TOP_LEFT] = { "┌", "+" },
    [GLYPH_TOP_RIGHT] = { "┐", "+" },   [GLYPH_BOTTOM_LEFT] = { "└", "+" },  [GLYPH_BOTTOM_RIGHT] = { "┘", "+" },
    [GLYPH_TEE_LEFT] = { "├", "+" },    [GLYPH_TEE_RIGHT] = { "┤", "+" },    [GLYPH_CUT] = { "…", "~" },
    [GLYPH_SORT_UP] = { "▲", "^" },     [GLYPH_SORT_DOWN] = { "▼", "v" },    [GLYPH_ON] = { "✓", "x" },
    [GLYPH_OFF] = { " ", " " },         [GLYPH_SECRET] = { "•", "*" },       [GLYPH_OPEN] = { "▾", "v" },
    [GLYPH_CLOSED] = { "▸", ">" },      [GLYPH_CURRENT] = { "▸", ">" },      [GLYPH_DONE] = { "✓", "+" },
    [GLYPH_FAILED] = { "✗", "x" },      [GLYPH_WARNING] = { "!", "!" },      [GLYPH_RUNNING] = { "…", "." },
    [GLYPH_MORE_LEFT] = { "‹", "<" },   [GLYPH_MORE_RIGHT] = { "›", ">" },   [GLYPH_MORE_UP] = { "↑", "^" },
    [GLYPH_MORE_DOWN] = { "↓", "v" },
    [GLYPH_BULLET] = { "•", "*" },      [GLYPH_SEPARATOR] = { "·", "|" },    [GLYPH_MARK] = { "●", "*" },
    [GLYPH_CHOICE] = { "▾", "v" },
};

const char *cells_glyph(const struct cells *cells, enum glyph glyph)
{
    return glyphs[glyph][cells->ascii ? 1 : 0];
}

int cells_put_glyph(struct cells *cells, int row, int column, enum style style, enum glyph glyph)
{
    set_cell(cells, row, column, style, str_of(cells_glyph(cells, glyph)), 1);
    return 1;
}

void cells_line(struct cells *cells, int row, int column, int columns, enum style style)
{
    for (int i = 0; i < columns; i++)
        cells_put_glyph(cells, row, column + i, style, GLYPH_HORIZONTAL);
}

void cells_line_down(struct cells *cells, int row, int column, int rows, enum style style)
{
    for (int i = 0; i < rows; i++)
        cells_put_glyph(cells, row + i, column, style, GLYPH_VERTICAL);
}

void cells_box(struct cells *cells, struct area area, enum style style, const char *title)
{
    if (area.rows < 2 || area.columns < 2)
        return;
    int bottom = area.row + area.rows - 1, right = area.column + area.columns - 1;
    cells_line(cells, area.row, area.column + 1, area.columns - 2, style);
    cells_line(cells, bottom, area.column + 1, area.columns - 2, style);
    cells_line_down(cells, area.row + 1, area.column, area.rows - 2, style);
    cells_line_down(cells, area.row + 1, right, area.rows - 2, style);
    cells_put_glyph(cells, area.row, area.column, style, GLYPH_TOP_LEFT);
    cells_put_glyph(cells, area.row, right, style, GLYPH_TOP_RIGHT);
    cells_put_glyph(cells, bottom, area.column, style, GLYPH_BOTTOM_LEFT);
    cells_put_glyph(cells, bottom, right, style, GLYPH_BOTTOM_RIGHT);
    if (!title || !*title || area.columns < 6)
        return;
    set_cell(cells, area.row, area.column + 1, style, STR(" "), 1);
    int used = cells_put_text(cells, area.row, area.column + 2, area.columns - 4, STYLE_TITLE, title);
    set_cell(cells, area.row, area.column + 2 + used, style, STR(" "), 1);
}

void cells_cursor(struct cells *cells, int row, int column)
{
    cells->cursor_visible = inside(cells, row, column);
    cells->cursor_row = row;
    cells->cursor_column = column;
}

/* --- pictures --- */

static void trim_blanks(struct buf *out, size_t start)
{
    while (out->len > start && out->data[out->len - 1] == ' ')
        out->data[--out->len] = '\0';
}

void cells_print(const struct cells *cells, struct buf *out)
{
    for (int row = 0; row < cells->rows; row++) {
        size_t start = out->len;
        for (int column = 0; column < cells->columns; column++) {
            const struct cell *cell = place(cells, row, column);
            buf_add(out, (struct str){ cell->text, cell->length });
        }
        trim_blanks(out, start);
        buf_char(out, '\n');
    }
}

void cells_print_styles(const struct cells *cells, struct buf *out)
{
    for (int row = 0; row < cells->rows; row++) {
        size_t start = out->len;
        for (int column = 0; column < cells->columns; column++)
            buf_char(out, style_letter(place(cells, row, column)->style));
        trim_blanks(out, start);
        buf_char(out, '\n');
    }
}
