/* Values as bytes whose memcmp order is the order that people expect: numbers by value and exact at any length, text
   without regard to case or accents and with "item 9" before "item 10", ISO dates as text, sizes such as
   "1.5 GB (1,610,612,736 bytes)" by their bytes; absent, null and empty values last, also when descending. */
#ifndef PURVEY_RESULTS_SORT_KEY_H
#define PURVEY_RESULTS_SORT_KEY_H

#include "base/object.h"

#define SORT_KEY_MAX 512        /* bytes of one value; what differs only behind them counts as equal */

struct sort_key {
    size_t len;
    unsigned char bytes[4 * SORT_KEY_MAX];      /* all keys of an arrangement, one behind the other */
};

/* Appends a value's key. value NULL = absent. Keys end themselves, so that the next one may follow. */
void sort_key_add(struct sort_key *key, const struct property *value, bool descending);

/* The pieces: false, and nothing appended, when the text is no number or no size. */
int sort_key_compare(const struct sort_key *a, const struct sort_key *b);
bool sort_key_number(struct sort_key *key, struct str text);
bool sort_key_size(struct sort_key *key, struct str text);      /* the exact bytes in "1 KB (1,024 bytes)" */
void sort_key_text(struct sort_key *key, struct str text);

#endif
