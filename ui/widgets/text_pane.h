/* Text to read: lines with styles, wrapped or cut, scrolled, searched. For help, object and log details. */
#ifndef PURVEY_UI_TEXT_PANE_H
#define PURVEY_UI_TEXT_PANE_H

#include "ui/screen.h"

struct text_line { char *text; size_t length; enum style style; int indent, hang; };
struct text_row { size_t line, start, length; };            /* a visible row: a part of a line */

struct text_pane {
    struct text_line *lines; size_t count, capacity;
    struct text_row *shown; size_t shown_count, shown_capacity;     /* rows for the present width */
    size_t top;             /* first visible row */
    int left;               /* columns scrolled off when not wrapping */
    int rows, columns;      /* from text_pane_resize */
    bool wrap;              /* default true */
    char *find;             /* highlighted text; NULL = none */
    size_t found;           /* line of the last hit */
};

#define TEXT_PANE_MAX_LINES 100000

void text_pane_init(struct text_pane *pane);
void text_pane_free(struct text_pane *pane);
void text_pane_clear(struct text_pane *pane);
/* Appends text, cut into lines at LF. indent: blanks before the first row of a line, and before its wrapped rows. */
void text_pane_add(struct text_pane *pane, enum style style, int indent, struct str text);
void text_pane_format(struct text_pane *pane, enum style style, int indent, const char *format, ...) PRINTF_LIKE(4, 5);
/* The wrapped rows of the line added last stand that much further in. */
void text_pane_hang(struct text_pane *pane, int further);
void text_pane_resize(struct text_pane *pane, int rows, int columns);       /* on INPUT_RESIZE and after adding */
void text_pane_set_wrap(struct text_pane *pane, bool wrap);
/* Highlights text and goes to the next hit behind (before) the last one, around the end. False: nowhere. */
bool text_pane_find(struct text_pane *pane, struct str text, bool backwards);
/* Takes UP DOWN PAGE_UP PAGE_DOWN HOME END, LEFT RIGHT when not wrapping. */
bool text_pane_input(struct text_pane *pane, const struct ui_input *input);
void text_pane_draw(const struct text_pane *pane, struct cells *cells, struct area area);

#endif
