#include "ui/widgets/pages.h"

#include "base/text.h"

int pages_rows(const char *text, int columns)
{
    struct str rest = str_of(text), paragraph, line;
    int rows = 0;
    while (rest.len > 0) {
        str_cut(&rest, '\n', &paragraph);
        while (text_wrap(&paragraph, columns, &line))
            rows++;
    }
    return rows;
}

/* The rows of the text from `first` on, as far as they fit. */
static void draw_rows(struct cells *cells, struct area area, enum style style, const char *text, int first)
{
    struct str rest = str_of(text), paragraph, line;
    for (int row = 0; rest.len > 0;) {
        str_cut(&rest, '\n', &paragraph);
        for (; text_wrap(&paragraph, area.columns, &line); row++)
            if (row >= first && row - first < area.rows)
                cells_put(cells, area.row + row - first, area.column, area.columns, style, line);
    }
}

void pages_draw(struct cells *cells, struct area area, enum style style, const char *text, int page)
{
    int rows = pages_rows(text, area.columns);
    if (rows <= area.rows || area.rows < 2) {
        draw_rows(cells, area, style, text, 0);
        return;
    }
    struct area mark = area_cut_bottom(&area, 1);
    int pages = (rows + area.rows - 1) / area.rows, shown = (page % pages + pages) % pages;
    draw_rows(cells, area, style, text, shown * area.rows);
    cells_format(cells, mark.row, mark.column, mark.columns, STYLE_DIM, "PgDn: more, page %d of %d", shown + 1, pages);
}

bool pages_turn(int *page, const struct ui_input *input)
{
    bool on = input->kind == INPUT_ACTION && input->action == ACTION_PAGE_DOWN;
    bool back = input->kind == INPUT_ACTION && input->action == ACTION_PAGE_UP;
    *page += on ? 1 : back ? -1 : 0;
    return on || back;
}
