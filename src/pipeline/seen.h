/* Which objects or values were there before: for -Unique and Group-Object. Text is compared without ASCII case, as PowerShell
   compares. */
#ifndef PURVEY_PIPELINE_SEEN_H
#define PURVEY_PIPELINE_SEEN_H

#include "base/object.h"

/* A table of texts: open addressing, grown at three quarters. */
struct seen { struct seen_text { char *text; size_t number; uint64_t hash; } *slots; size_t capacity, count; };

bool seen_first(struct seen *seen, const struct object *object);            /* remembers it; false when it was there */
bool seen_value_first(struct seen *seen, const struct property *value);
/* The number of this text, counted from 0 in the order of their coming; *first when it is new. */
size_t seen_number(struct seen *seen, struct str text, bool exact_case, bool *first);
void seen_free(struct seen *seen);

#endif
