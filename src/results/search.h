/* Looking for a text in values, fast enough for a million rows. */
#ifndef PURVEY_RESULTS_SEARCH_H
#define PURVEY_RESULTS_SEARCH_H

#include "results/row_cells.h"

/* ASCII to look for by its least likely byte. */
struct scan {
    struct str text;
    size_t rare;                /* index of that byte */
    unsigned char lower, upper; /* it in both cases */
};

struct needle {
    struct scan whole;          /* whole.text: as given; the caller keeps it alive */
    struct scan piece;          /* its longest part that nested values show as they hold it */
    bool ascii;
    bool may_be_word;           /* part of "true" or "false", which have no bytes in a row */
    bool may_be_display;        /* has punctuation that only the displayed form of nested values has */
};

void needle_init(struct needle *needle, struct str text);
bool needle_in_text(const struct needle *needle, struct str text);         /* case-blind */
/* As the table shows the value: true and false as words, nested values as JSON or as displayed. */
bool needle_in_value(const struct needle *needle, const struct property *value);
bool needle_in_cells(const struct needle *needle, const struct row_cells *cells);

#endif
