/* A window of rows by position: the reader's side, on the front end's thread, with its own connection to the store's
   file. Any window is a key range, never OFFSET (architecture, "Rows"). */
#ifndef PURVEY_RESULTS_ROWSET_H
#define PURVEY_RESULTS_ROWSET_H

#include "results/store.h"

struct rowset;

struct rowset *rowset_open(const char *path, struct err *err) MUST_USE;
void rowset_close(struct rowset *rowset);

/* Sees what was committed since: row count, columns. Cheap (a millisecond at most); call on each progress event. */
bool rowset_refresh(struct rowset *rowset, struct err *err) MUST_USE;
void rowset_use_view(struct rowset *rowset, uint32_t view);     /* 0 = arrival order; then rowset_refresh */

int64_t rowset_count(const struct rowset *rowset);              /* rows in the view */
int64_t rowset_total(const struct rowset *rowset);              /* rows in the store */
size_t rowset_columns(const struct rowset *rowset);
const struct column *rowset_column(const struct rowset *rowset, size_t index);  /* valid until rowset_refresh */

/* Loads rows [first, first + count) of the view as of the last refresh; fewer at the end, and fewer (but one) when they
   take more than 64 MiB. Values are then read with rowset_value. */
bool rowset_load(struct rowset *rowset, int64_t first, size_t count, struct err *err) MUST_USE;
size_t rowset_loaded(const struct rowset *rowset);
int64_t rowset_row_id(const struct rowset *rowset, size_t row);             /* stable over views: for marks */
/* Value of a loaded row in a column (by column number): false when the row has no such property. */
bool rowset_value(const struct rowset *rowset, size_t row, size_t column, struct property *value);
/* The loaded row as an object in its own order; slices valid until the next rowset_load, names until rowset_close. */
void rowset_object(const struct rowset *rowset, size_t row, struct object *object);

#endif
