#include "ui/widgets/list.h"

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value > high ? (high < low ? low : high) : value < low ? low : value;
}

static void show_selected(struct list *list)
{
    int64_t rows = list->rows > 0 ? list->rows : 1;
    if (list->selected < list->top)
        list->top = list->selected;
    if (list->selected >= list->top + rows)
        list->top = list->selected - rows + 1;
    list->top = clamp(list->top, 0, list->count - rows);
}

void list_resize(struct list *list, int rows)
{
    list->rows = rows > 0 ? rows : 0;
    show_selected(list);
}

void list_select(struct list *list, int64_t row)
{
    list->selected = list->count > 0 ? clamp(row, 0, list->count - 1) : -1;
    show_selected(list);
}

void list_set_count(struct list *list, int64_t count)
{
    list->count = count > 0 ? count : 0;
    list_select(list, list->selected);
}

/* A page keeps one row of the last one in view, so that the eye finds its place. */
static int64_t page(const struct list *list)
{
    return list->rows > 2 ? list->rows - 1 : 1;
}

static void turn_page(struct list *list, int64_t by)
{
    list->top = clamp(list->top + by, 0, list->count - list->rows);
    list_select(list, list->selected + by);
}

bool list_input(struct list *list, const struct ui_input *input)
{
    if (input->kind != INPUT_ACTION)
        return false;
    switch (input->action) {
    case ACTION_UP: list_select(list, list->selected - 1); return true;
    case ACTION_DOWN: list_select(list, list->selected + 1); return true;
    case ACTION_PAGE_UP: turn_page(list, -page(list)); return true;
    case ACTION_PAGE_DOWN: turn_page(list, page(list)); return true;
    case ACTION_HOME: list_select(list, 0); return true;
    case ACTION_END: list_select(list, list->count - 1); return true;
    default: return false;
    }
}

void list_draw(const struct list *list, struct cells *cells, struct area area, bool focused, list_draw_row *draw_row,
               const void *context)
{
    bool above = list->top > 0, below = list->top + area.rows < list->count;
    struct area inner = area;
    struct area marks = area_cut_right(&inner, above || below ? 1 : 0);
    for (int i = 0; i < inner.rows && list->top + i < list->count; i++) {
        int64_t row = list->top + i;
        bool selected = row == list->selected;
        enum style style = !selected ? STYLE_TEXT : focused ? STYLE_SELECTED : STYLE_SELECTED_DIM;
        struct area line = area_row(inner, i);
        cells_fill(cells, line, style);
        draw_row(context, row, selected, style, cells, line);
    }
    if (above)
        cells_put_glyph(cells, marks.row, marks.column, STYLE_DIM, GLYPH_MORE_UP);
    if (below)
        cells_put_glyph(cells, marks.row + marks.rows - 1, marks.column, STYLE_DIM, GLYPH_MORE_DOWN);
}
