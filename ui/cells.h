/* A grid of styled cells: what every screen and widget draws into. Pure memory: no terminal, no curses, so that a test
   prints the grid and compares it with a picture. terminal.c shows a grid, theme.c says what the styles look like. */
#ifndef PURVEY_UI_CELLS_H
#define PURVEY_UI_CELLS_H

#include "base/buf.h"
#include "base/err.h"
#include "ui/theme.h"

/* A rectangle of the grid. Drawing functions cut at the grid's edges, so an area may reach beyond them or be empty. */
struct area { int row, column, rows, columns; };

/* Cut a strip off an area and return it; the area keeps the rest. More than there is gives all there is. */
struct area area_cut_top(struct area *area, int rows);
struct area area_cut_bottom(struct area *area, int rows);
struct area area_cut_left(struct area *area, int columns);
struct area area_cut_right(struct area *area, int columns);
struct area area_inset(struct area area, int rows, int columns);            /* smaller by that much on each side */
struct area area_centered(struct area area, int rows, int columns);         /* at most as large as area */
struct area area_row(struct area area, int row);                            /* one row of it; empty when outside */

/* A cluster too long for CELL_BYTES keeps the code points that fit. A wide cluster takes two cells; the right one has
   width 0 and no text. */
#define CELL_BYTES 20
struct cell {
    char text[CELL_BYTES];      /* UTF-8, not NUL-terminated */
    uint8_t length;
    uint8_t width;
    uint8_t style;              /* enum style */
};

struct cells {
    int rows, columns;
    struct cell *cell;          /* rows * columns; see cells_at */
    int cursor_row, cursor_column;
    bool cursor_visible;
    bool ascii;                 /* lines, marks and other glyphs of our own in ASCII (LANG=C); data is drawn as it is
                                   with '?' for what is not ASCII */
};

struct cells *cells_new(int rows, int columns);
void cells_free(struct cells *cells);
void cells_resize(struct cells *cells, int rows, int columns);              /* clears */
void cells_clear(struct cells *cells);                                      /* blanks, no cursor */
struct area cells_area(const struct cells *cells);
const struct cell *cells_at(const struct cells *cells, int row, int column);

/* Writes text from (row, column) on, in at most `columns` columns. Cleaned of control and bidi characters. Text that
   does not fit is cut at a cluster border and its last column shows the cut mark ('…' or '~'). Returns the columns
   used. Does not fill the rest: use cells_fill first. */
int cells_put(struct cells *cells, int row, int column, int columns, enum style style, struct str text);
int cells_put_text(struct cells *cells, int row, int column, int columns, enum style style, const char *text);
int cells_format(struct cells *cells, int row, int column, int columns, enum style style, const char *format, ...)
    PRINTF_LIKE(6, 7);
/* In as many rows of the area as it takes, broken between words; the last one shows the cut mark when there is more. Returns the
   rows used. */
int cells_wrap(struct cells *cells, struct area area, enum style style, const char *text);
/* The same, against the right edge of the `columns`. */
int cells_put_right(struct cells *cells, int row, int column, int columns, enum style style, struct str text);

/* Fills the area with what stands in the other grid from that row on. */
void cells_copy(struct cells *cells, struct area area, const struct cells *from, int from_row);
void cells_fill(struct cells *cells, struct area area, enum style style);      /* blanks */
void cells_restyle(struct cells *cells, struct area area, enum style style);   /* keeps the text */
/* Gives the style to every case-blind occurrence of needle in the text that stands in the area's rows (for matches). */
void cells_highlight(struct cells *cells, struct area area, struct str needle, enum style style);

/* Glyphs of our own, each with an ASCII stand-in. */
enum glyph {
    GLYPH_HORIZONTAL, GLYPH_VERTICAL, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT,
    GLYPH_TEE_LEFT, GLYPH_TEE_RIGHT, GLYPH_CUT, GLYPH_SORT_UP, GLYPH_SORT_DOWN, GLYPH_ON, GLYPH_OFF, GLYPH_SECRET,
    GLYPH_OPEN, GLYPH_CLOSED, GLYPH_CURRENT, GLYPH_DONE, GLYPH_FAILED, GLYPH_WARNING, GLYPH_RUNNING, GLYPH_MORE_LEFT, GLYPH_MORE_RIGHT,
    GLYPH_MORE_UP, GLYPH_MORE_DOWN, GLYPH_BULLET, GLYPH_SEPARATOR, GLYPH_MARK, GLYPH_CHOICE,
    GLYPH_COUNT
};
const char *cells_glyph(const struct cells *cells, enum glyph glyph);       /* each one column wide */
int cells_put_glyph(struct cells *cells, int row, int column, enum style style, enum glyph glyph);

void cells_line(struct cells *cells, int row, int column, int columns, enum style style);      /* horizontal */
void cells_line_down(struct cells *cells, int row, int column, int rows, enum style style);
/* A frame along the area's border with a title in it (NULL or "" = none). Does not clear the inside. */
void cells_box(struct cells *cells, struct area area, enum style style, const char *title);

/* Shows the terminal's cursor there; the last call wins. Outside the grid it is hidden. */
void cells_cursor(struct cells *cells, int row, int column);

/* Pictures for tests: rows as lines, trailing blanks trimmed, each ended by LF. The second prints a letter for each
   column's style instead (see STYLES in theme.h; STYLE_TEXT is a blank). */
void cells_print(const struct cells *cells, struct buf *out);
void cells_print_styles(const struct cells *cells, struct buf *out);

#endif
