/* A table of any number of rows: frozen header, pinned columns, current row and column, sort marks, highlighted matches.
   Asks its owner for the text of the visible cells only. Column numbers are the owner's (of results/rowset). */
#ifndef PURVEY_UI_TABLE_H
#define PURVEY_UI_TABLE_H

#include "ui/widgets/list.h"

enum table_sort { TABLE_UNSORTED, TABLE_ASCENDING, TABLE_DESCENDING };

struct table_column {
    char *title;            /* owned */
    size_t source;          /* the owner's number of the column */
    int natural;            /* widest value known, in columns; grows as rows come */
    int chosen;             /* width the person chose with table_widen; 0 = automatic */
    bool right;             /* numbers stand at the right */
    bool hidden;
    enum table_sort sort;
    int sort_rank;          /* 1 = first key; shown when there are several */
};

#define TABLE_MAX_COLUMNS 1024

struct table {
    struct table_column *columns; size_t count, capacity;
    struct list list;       /* rows: count, selected, top */
    size_t current;         /* index of the current column (never a hidden one unless all are) */
    size_t first;           /* first column shown behind the pinned ones */
    size_t pinned;          /* so many columns stay at the left; default 1; not when they take over half the width */
    int width;              /* from table_resize */
    char *match;            /* highlighted text; NULL = none */
};

void table_init(struct table *table);
void table_free(struct table *table);
/* On INPUT_RESIZE, with the size of the area drawn into (header included: rows - 1 rows are data). */
void table_resize(struct table *table, int rows, int columns);

/* Adds a column, or updates the one with that source: title, natural width, alignment. */
void table_set_column(struct table *table, size_t source, const char *title, int natural, bool right);
void table_set_count(struct table *table, int64_t rows);
void table_set_match(struct table *table, struct str text);                 /* empty = none */
void table_set_sort(struct table *table, size_t source, enum table_sort sort, int rank);
void table_clear_sort(struct table *table);
void table_hide(struct table *table, size_t source, bool hidden);
void table_widen(struct table *table, int by);                              /* the current column, by columns */
void table_move_column(struct table *table, int by);                        /* the current column changes places */
int64_t table_selected(const struct table *table);                          /* row, -1 when empty */
size_t table_current(const struct table *table);                            /* source of the current column */

/* Takes what list takes (HOME and END: first and last row), LEFT RIGHT FIRST_COLUMN LAST_COLUMN. True when it was one
   of them. After it, load table_window's rows before the draw. */
bool table_input(struct table *table, const struct ui_input *input);
/* The rows that draw will ask for. */
void table_window(const struct table *table, int64_t *first, size_t *count);

/* Appends what the cell shows (not cleaned) to text, and may change *style (comes as STYLE_TEXT; a marked row keeps its
   own). Nothing appended: an empty cell. Called for visible cells only. */
typedef void table_cell(const void *context, int64_t row, size_t source, struct buf *text, enum style *style);
typedef bool table_marked(const void *context, int64_t row);                /* NULL = no marks */

/* The first two columns of the area are the gutter: a pointer at the current row (with the terminal's cursor), a dot at
   marked ones. */
void table_draw(const struct table *table, struct cells *cells, struct area area, bool focused, table_cell *cell,
                table_marked *marked, const void *context);

#endif
