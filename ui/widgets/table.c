#include "ui/widgets/table.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

enum { AUTOMATIC_WIDTH = 40, MIN_WIDTH = 3, GAP = 2, MAX_WIDTH = 400, GUTTER = 2 };

void table_init(struct table *table)
{
    *table = (struct table){ .pinned = 1, .first = 1, .list.selected = -1 };
}

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->columns[i].title);
    free(table->columns);
    free(table->match);
    table_init(table);
}

/* --- where columns stand --- */

/* A column on the screen. */
struct placed { size_t index; int column, width; };
#define MAX_PLACED 128

static int wanted_width(const struct table_column *column)
{
    int title = text_width(str_of(column->title)) + (column->sort != TABLE_UNSORTED ? 3 : 0);
    int width = column->natural > title ? column->natural : title;
    if (column->chosen > 0)
        width = column->chosen;
    else if (width > AUTOMATIC_WIDTH)
        width = AUTOMATIC_WIDTH;
    return width < MIN_WIDTH ? MIN_WIDTH : width;
}

/* Pinned columns must leave room to read the others. */
static size_t pinned_columns(const struct table *table)
{
    size_t pinned = table->pinned < table->count ? table->pinned : table->count;
    int used = 0;
    for (size_t i = 0; i < pinned; i++) {
        if (!table->columns[i].hidden)
            used += wanted_width(&table->columns[i]) + GAP;
        if (used > table->width / 2)
            return i;
    }
    return pinned;
}

static bool place(const struct table *table, size_t index, int *used, struct placed *placed, size_t *count)
{
    const struct table_column *column = &table->columns[index];
    if (column->hidden)
        return true;
    int room = table->width - *used, width = wanted_width(column);
    if (room < MIN_WIDTH || *count == MAX_PLACED)
        return false;
    placed[(*count)++] = (struct placed){ index, *used, width < room ? width : room };
    *used += width + GAP;
    return *used < table->width;
}

/* Room left over goes to the columns that were cut, from the left. */
static void spread(const struct table *table, struct placed *placed, size_t count)
{
    if (count == 0)
        return;
    int spare = table->width - placed[count - 1].column - placed[count - 1].width, shift = 0;
    for (size_t i = 0; i < count; i++) {
        const struct table_column *column = &table->columns[placed[i].index];
        int missing = column->chosen > 0 ? 0 : column->natural - placed[i].width;
        int more = missing < spare ? missing : spare;
        placed[i].column += shift;
        if (more > 0) {
            placed[i].width += more;
            shift += more;
            spare -= more;
        }
    }
}

static size_t lay_out(const struct table *table, struct placed *placed, bool *more_left, bool *more_right)
{
    size_t count = 0, pinned = pinned_columns(table), first = table->first > pinned ? table->first : pinned, i;
    int used = 0;
    *more_left = false;
    for (i = pinned; i < first && i < table->count; i++)
        *more_left = *more_left || !table->columns[i].hidden;
    for (i = 0; i < pinned; i++)
        place(table, i, &used, placed, &count);
    bool room = true;
    for (i = first; i < table->count && room; i++)
        room = place(table, i, &used, placed, &count);
    *more_right = false;
    for (; i < table->count; i++)
        *more_right = *more_right || !table->columns[i].hidden;
    if (!*more_right && !*more_left)
        spread(table, placed, count);
    return count;
}

/* True when the current column stands on the screen in its full width, or alone behind the pinned ones. */
static bool current_shown(const struct table *table)
{
    struct placed placed[MAX_PLACED];
    bool left, right;
    size_t count = lay_out(table, placed, &left, &right);
    for (size_t i = 0; i < count; i++)
        if (placed[i].index == table->current)
            return placed[i].width >= wanted_width(&table->columns[table->current]) || table->first == table->current;
    return false;
}

/* Scrolls by whole columns, one at a time, until the current one can be read. */
static void show_current(struct table *table)
{
    size_t pinned = pinned_columns(table);
    /* Sized before its columns are there, it must not scroll to one that is not. */
    if (table->current < pinned || table->current >= table->count)
        return;
    if (table->first < pinned || table->current < table->first)
        table->first = table->current > pinned ? table->current : pinned;
    while (table->first < table->current && !current_shown(table))
        table->first++;
}

void table_resize(struct table *table, int rows, int columns)
{
    table->width = columns > GUTTER ? columns - GUTTER : 0;
    list_resize(&table->list, rows - 1);
    show_current(table);
}

/* --- columns --- */

static struct table_column *find(const struct table *table, size_t source)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].source == source)
            return &table->columns[i];
    return NULL;
}

void table_set_column(struct table *table, size_t source, const char *title, int natural, bool right)
{
    struct table_column *column = find(table, source);
    if (!column) {
        if (table->count >= TABLE_MAX_COLUMNS)
            return;
        MEM_ROOM(table->columns, table->count, table->capacity);
        column = &table->columns[table->count++];
        *column = (struct table_column){ .source = source };
    }
    if (!column->title || strcmp(column->title, title) != 0) {
        free(column->title);
        column->title = mem_text(title);
    }
    column->natural = natural;
    column->right = right;
}

void table_set_count(struct table *table, int64_t rows)
{
    list_set_count(&table->list, rows);
}

void table_set_match(struct table *table, struct str text)
{
    free(table->match);
    table->match = text.len > 0 ? str_dup(text) : NULL;
}

void table_set_sort(struct table *table, size_t source, enum table_sort sort, int rank)
{
    struct table_column *column = find(table, source);
    if (!column)
        return;
    column->sort = sort;
    column->sort_rank = rank;
}

void table_clear_sort(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        table->columns[i].sort = TABLE_UNSORTED;
}

/* The nearest visible column from `index` on in a direction; index itself when there is none. */
static size_t visible_from(const struct table *table, size_t index, int by)
{
    for (size_t i = index; i < table->count; i += (size_t)by)
        if (!table->columns[i].hidden)
            return i;
    return table->count;
}

static void move_current(struct table *table, size_t start, int by)
{
    size_t found = visible_from(table, start, by);
    if (found < table->count)
        table->current = found;
    show_current(table);
}

void table_hide(struct table *table, size_t source, bool hidden)
{
    struct table_column *column = find(table, source);
    if (!column)
        return;
    column->hidden = hidden;
    if (table->columns[table->current].hidden)
        move_current(table, visible_from(table, table->current, 1) < table->count ? table->current : 0, 1);
}

void table_widen(struct table *table, int by)
{
    if (table->current >= table->count)
        return;
    struct table_column *column = &table->columns[table->current];
    int width = wanted_width(column) + by;
    column->chosen = width < MIN_WIDTH ? MIN_WIDTH : width > MAX_WIDTH ? MAX_WIDTH : width;
    show_current(table);
}

void table_move_column(struct table *table, int by)
{
    size_t other = table->current + (size_t)by;
    if (table->current >= table->count || other >= table->count)
        return;
    struct table_column moved = table->columns[table->current];
    table->columns[table->current] = table->columns[other];
    table->columns[other] = moved;
    table->current = other;
    show_current(table);
}

int64_t table_selected(const struct table *table)
{
    return table->list.count > 0 ? table->list.selected : -1;
}

size_t table_current(const struct table *table)
{
    return table->current < table->count ? table->columns[table->current].source : 0;
}

bool table_input(struct table *table, const struct ui_input *input)
{
    if (list_input(&table->list, input))
        return true;
    if (input->kind != INPUT_ACTION)
        return false;
    switch (input->action) {
    case ACTION_LEFT: move_current(table, table->current - 1, -1); return true;
    case ACTION_RIGHT: move_current(table, table->current + 1, 1); return true;
    case ACTION_FIRST_COLUMN: move_current(table, 0, 1); return true;
    case ACTION_LAST_COLUMN: move_current(table, table->count - 1, -1); return true;
    default: return false;
    }
}

void table_window(const struct table *table, int64_t *first, size_t *count)
{
    int64_t rest = table->list.count - table->list.top;
    *first = table->list.top;
    *count = (size_t)(rest < table->list.rows ? rest : table->list.rows);
}

/* --- drawing --- */

static void draw_head(const struct table *table, struct cells *cells, struct area row, const struct placed *placed,
                      bool several)
{
    const struct table_column *column = &table->columns[placed->index];
    enum style style = placed->index == table->current ? STYLE_HEADER_CURRENT : STYLE_HEADER;
    struct buf text = BUF_INIT(BUF_SMALL);
    buf_text(&text, column->title);
    if (column->sort != TABLE_UNSORTED) {
        buf_char(&text, ' ');
        buf_text(&text, cells_glyph(cells, column->sort == TABLE_ASCENDING ? GLYPH_SORT_UP : GLYPH_SORT_DOWN));
        if (several)
            buf_format(&text, "%d", column->sort_rank);
    }
    if (column->right)
        cells_put_right(cells, row.row, row.column + placed->column, placed->width, style, buf_str(&text));
    else
        cells_put(cells, row.row, row.column + placed->column, placed->width, style, buf_str(&text));
    buf_free(&text);
}

static void draw_header(const struct table *table, struct cells *cells, struct area row, const struct placed *placed,
                        size_t count)
{
    size_t sorted = 0;
    for (size_t i = 0; i < table->count; i++)
        sorted += table->columns[i].sort != TABLE_UNSORTED;
    for (size_t i = 0; i < count; i++)
        draw_head(table, cells, row, &placed[i], sorted > 1);
}

struct painter {
    const struct table *table;
    struct cells *cells;
    table_cell *cell;
    const void *context;
    const struct placed *placed;
    size_t count;
    struct buf text;
};

/* Text of one cell at a time: nothing is kept, whatever the size of the table. */
static void draw_row(struct painter *painter, struct area line, int64_t row, enum style style)
{
    cells_fill(painter->cells, line, style);
    for (size_t i = 0; i < painter->count; i++) {
        const struct placed *placed = &painter->placed[i];
        const struct table_column *column = &painter->table->columns[placed->index];
        enum style own = STYLE_TEXT;
        buf_clear(&painter->text);
        painter->cell(painter->context, row, column->source, &painter->text, &own);
        if (style != STYLE_TEXT)
            own = style;
        struct str text = buf_str(&painter->text);
        int at = line.column + placed->column;
        if (column->right)
            cells_put_right(painter->cells, line.row, at, placed->width, own, text);
        else
            cells_put(painter->cells, line.row, at, placed->width, own, text);
    }
    if (painter->table->match)
        cells_highlight(painter->cells, line, str_of(painter->table->match), STYLE_MATCH);
}

/* The current row has a pointer and the terminal's own cursor in the gutter and not another look: over a slow line a
   step costs two cells that way and not two rows. It also is where a screen reader looks. */
static void draw_gutter(struct cells *cells, struct area gutter, bool selected, bool focused, bool marked)
{
    if (marked)
        cells_put_glyph(cells, gutter.row, gutter.column + 1, STYLE_MARKED, GLYPH_MARK);
    if (!selected)
        return;
    cells_put_glyph(cells, gutter.row, gutter.column, focused ? STYLE_TEXT : STYLE_DIM, GLYPH_CURRENT);
    if (focused)
        cells_cursor(cells, gutter.row, gutter.column);
}

static void draw_marks(struct cells *cells, struct area head, bool left, bool right)
{
    if (left)
        cells_put_glyph(cells, head.row, head.column + head.columns - 2, STYLE_DIM, GLYPH_MORE_LEFT);
    if (right)
        cells_put_glyph(cells, head.row, head.column + head.columns - 1, STYLE_DIM, GLYPH_MORE_RIGHT);
}

void table_draw(const struct table *table, struct cells *cells, struct area area, bool focused, table_cell *cell,
                table_marked *marked, const void *context)
{
    struct placed placed[MAX_PLACED];
    bool left, right;
    struct area head = area_cut_top(&area, 1);
    struct painter painter = { .table = table, .cells = cells, .cell = cell, .context = context, .placed = placed,
                               .text = BUF_INIT(BUF_LARGE) };
    painter.count = lay_out(table, placed, &left, &right);
    cells_fill(cells, head, STYLE_HEADER);
    area_cut_left(&head, GUTTER);
    draw_header(table, cells, head, placed, painter.count);
    for (int i = 0; i < area.rows && table->list.top + i < table->list.count; i++) {
        int64_t row = table->list.top + i;
        bool mark = marked && marked(context, row);
        struct area line = area_row(area, i), gutter = area_cut_left(&line, GUTTER);
        draw_row(&painter, line, row, mark ? STYLE_MARKED : STYLE_TEXT);
        draw_gutter(cells, gutter, row == table->list.selected, focused, mark);
    }
    draw_marks(cells, head, left, right);
    buf_free(&painter.text);
}
