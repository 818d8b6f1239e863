/* The columns seen so far, by name, with what is counted to tell their kind. The writer's side. */
#ifndef PURVEY_RESULTS_COLUMN_SET_H
#define PURVEY_RESULTS_COLUMN_SET_H

#include "results/store.h"

enum { COUNTED_STRING, COUNTED_NUMBER, COUNTED_BOOL, COUNTED_NESTED, COUNTED_KINDS };

struct column_entry {
    struct column column;
    size_t name_len;
    uint64_t counts[COUNTED_KINDS];
    bool changed;               /* since column_set_settle was last asked */
};

struct column_set {
    struct column_entry *entries;
    size_t count, capacity;
    uint16_t *slots;            /* hash table of number + 1, 0 = free; made at the first addition, never grows */
};

#define COLUMN_WIDTH_MAX 200

void column_set_free(struct column_set *set);
int column_set_find(const struct column_set *set, struct str name);                 /* exact case; -1 when unknown */
/* Adds a name that is not there yet; at most STORE_MAX_COLUMNS. */
int column_set_add(struct column_set *set, struct str name, struct str type);
/* Takes a value into the column's kind, width and type. */
void column_entry_see(struct column_entry *entry, const struct property *property);
/* True when the column differs from when it was last asked; the kind is brought up to date. */
bool column_entry_settle(struct column_entry *entry);

#endif
