/* Near misses: which of the known names did a person probably mean? */
#ifndef PURVEY_BASE_NEAREST_H
#define PURVEY_BASE_NEAREST_H

#include "base/err.h"
#include "base/str.h"

#define NEAREST_MAX 3

/* The best candidates so far, nearest first. Slices are the offerer's and must outlive it. */
struct nearest {
    struct str typed;
    struct str names[NEAREST_MAX];
    unsigned distances[NEAREST_MAX];
    size_t count;
};

struct nearest nearest_to(struct str typed);
void nearest_offer(struct nearest *nearest, struct str name);   /* kept only when it is near enough to be meant */
/* "Did you mean A, B or C?" with prefix before each name ("-" for parameters); `otherwise` when nothing is near. */
void nearest_advise(const struct nearest *nearest, const char *prefix, const char *otherwise, struct err *err);

/* Insertions, deletions, replacements and swaps of neighbours between the two, ASCII case ignored; at most 64 bytes of
   each are looked at. */
unsigned edit_distance(struct str a, struct str b);

#endif
