/* A text in a room that may be too small for it: shown page by page, and it says so. Nobody shall agree to, or mend by,
   what he could not read. */
#ifndef PURVEY_UI_PAGES_H
#define PURVEY_UI_PAGES_H

#include "ui/screen.h"

int pages_rows(const char *text, int columns);      /* the rows that all of it takes; LF begins a new one */
/* `page`: any number, taken round and round. The last row names the key when there is more than one page. */
void pages_draw(struct cells *cells, struct area area, enum style style, const char *text, int page);
bool pages_turn(int *page, const struct ui_input *input);       /* takes PAGE_UP PAGE_DOWN; true when it was one */

#endif
