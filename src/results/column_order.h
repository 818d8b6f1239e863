/* Which columns of an answer people want to see first: one order for the screen's table and for `run --output table`. */
#ifndef PURVEY_RESULTS_COLUMN_ORDER_H
#define PURVEY_RESULTS_COLUMN_ORDER_H

#include "results/rowset.h"

/* Fills order[0 .. count - first) with the numbers of the columns [first, count) of the rowset, the useful ones first, then
   as the service has them, the empty ones and what every object carries at the end. Looks at row 0 where it is loaded. */
void column_order(const struct rowset *rowset, size_t first, size_t count, size_t *order);

#endif
