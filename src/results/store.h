/* The rows of one job in one SQLite file: the writer's side, on the engine thread. Rows never live in memory. */
#ifndef PURVEY_RESULTS_STORE_H
#define PURVEY_RESULTS_STORE_H

#include "base/err.h"
#include "base/object.h"

/* A column known so far. Numbers are in order of first appearance and never change. */
struct column {
    char *name;
    char *type;                 /* .NET type of the annotation, or "" */
    enum value_kind kind;       /* of most values: VALUE_STRING, VALUE_NUMBER, VALUE_TRUE for booleans, VALUE_NESTED */
    int width;                  /* widest value seen, in columns, at most 200 */
    int place;                  /* in the view of the objects' type (object.view), from 1; 0 = in none */
};

#define STORE_MAX_COLUMNS 1024
#define ARRANGE_MAX_KEYS 4

/* How a table shall be shown: filter first, then sort. An empty one is the order of arrival. */
struct arrangement {
    struct { int column; bool descending; } keys[ARRANGE_MAX_KEYS];
    int key_count;
    char filter[512];           /* results/filter.h; "" = all */
};

struct store;

/* DIRECTORY for the files of this process: $XDG_RUNTIME_DIR/purvey (when 1 GiB is free there) or $TMPDIR/purvey-UID,
   0700, owned by us; leftovers of dead processes in it are removed (each process has its own sub-directory with its PID
   and a lock, held until the process ends). The caller frees the path. NULL on error (ERR_SYSTEM). */
char *store_directory(struct err *err) MUST_USE;
void store_directory_remove(const char *directory);

struct store *store_create(const char *directory, uint64_t job, struct err *err) MUST_USE;
void store_close(struct store *store);                  /* closes and unlinks; NULL is fine */
const char *store_path(const struct store *store);

/* Commits by itself when 16 MiB wait. Past STORE_MAX_COLUMNS - 1 different names, an object's further properties are
   kept as one nested property "(more)" behind its others: nothing is lost. */
bool store_add(struct store *store, const struct object *object, struct err *err) MUST_USE;
bool store_commit(struct store *store, struct err *err) MUST_USE;       /* makes what was added visible to readers */
int64_t store_count(const struct store *store);

/* Builds view number `view` (a table position -> row) for an arrangement; earlier views stay until dropped. Returns the
   number of rows in it, -1 on error (ERR_INPUT with text for a filter that cannot be read; a view of that number then
   stays as it was). Commits what was added. Empty values sort last in both directions, equal ones by arrival. */
int64_t store_arrange(struct store *store, const struct arrangement *arrangement, uint32_t view,
                      struct err *err) MUST_USE;
/* Appends rows that came since to an unsorted view; a sorted one stays as it is (arrange again). Same return. */
int64_t store_extend(struct store *store, uint32_t view, struct err *err) MUST_USE;
void store_drop_view(struct store *store, uint32_t view);

/* The position in view (0 = arrival order) of the next row at or after `from` (before it when backwards, wrapping
   around) that contains text (any property, case-blind). -1 = none (err->kind is then ERR_NONE) or error. Commits. */
int64_t store_find(struct store *store, uint32_t view, struct str text, int64_t from, bool backwards, struct err *err);
/* How many rows of the view contain what store_find looked for last, and the place among them, from 1, of the one at
   `position`. False, and nothing counted, where counting would take longer than a person notices, and on errors. */
bool store_count_hits(struct store *store, uint32_t view, int64_t position, int64_t *place, int64_t *total);

#endif
