/* A list of rows with a selection. Knows only how many rows there are; the owner draws each visible one. Also the
   scrolling of table, form and tree: cheap for any count. */
#ifndef PURVEY_UI_LIST_H
#define PURVEY_UI_LIST_H

#include "ui/screen.h"

struct list {
    int64_t count;
    int64_t selected;       /* -1 when empty */
    int64_t top;            /* first visible row */
    int rows;               /* visible rows, from list_resize */
};

void list_resize(struct list *list, int rows);              /* on INPUT_RESIZE */
void list_set_count(struct list *list, int64_t count);      /* keeps the selection where it can */
void list_select(struct list *list, int64_t row);           /* clamped, scrolled into view */
/* Takes UP DOWN PAGE_UP PAGE_DOWN HOME END. True when it was one of them (even at the end of the list). */
bool list_input(struct list *list, const struct ui_input *input);

/* Draws row `row` of the list into `area` (one row high, already filled with `style`). */
typedef void list_draw_row(const void *context, int64_t row, bool selected, enum style style, struct cells *cells,
                           struct area area);
/* The visible rows; the selected one is in SELECTED, or SELECTED_DIM without focus. Marks at the right border say when
   there is more above or below. */
void list_draw(const struct list *list, struct cells *cells, struct area area, bool focused, list_draw_row *draw_row,
               const void *context);

#endif
