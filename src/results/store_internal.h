/* What store.c (adding) and arrange.c (views, find) share. */
#ifndef PURVEY_RESULTS_STORE_INTERNAL_H
#define PURVEY_RESULTS_STORE_INTERNAL_H

#include "results/row_cells.h"
#include "results/column_set.h"
#include "results/database.h"
#include "results/filter.h"
#include "results/search.h"

/* A view as the writer knows it; its rows are in the table view_NUMBER(pos, id), pos from 1. */
struct view {
    uint32_t number;
    bool sorted;
    struct filter filter;
    int64_t last_id;            /* the newest row looked at */
    int64_t count;
};

struct store {
    sqlite3 *database;
    char *path;
    sqlite3_stmt *insert_row, *insert_shape, *put_column, *bump_columns, *begin, *commit, *rollback;
    struct column_set columns;
    struct shape_set shapes;
    uint32_t last_shape;        /* of the row before: most rows are like it */
    struct row_cells_buffer row;
    uint16_t *numbers;          /* column numbers of the object being added */
    size_t numbers_capacity;
    struct buf spare;
    struct object folded;
    int64_t count;
    size_t pending;             /* bytes not yet committed */
    bool in_transaction;

    struct view *views;
    size_t view_count, view_capacity;

    /* What the SQL functions work with while a statement of arrange.c runs. */
    const struct filter *filter;
    struct needle *anywhere;    /* one for each term of the filter */
    const struct arrangement *arrangement;
    struct needle needle;
};

/* Registers row_key, row_matches and row_has on the store's connection. */
bool arrange_register(struct store *store, struct err *err) MUST_USE;
void arrange_free(struct store *store);
bool store_begin(struct store *store, struct err *err) MUST_USE;
void store_rollback(struct store *store);

#endif
