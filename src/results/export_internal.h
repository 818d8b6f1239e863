/* What the writers of the six formats share. */
#ifndef PURVEY_RESULTS_EXPORT_INTERNAL_H
#define PURVEY_RESULTS_EXPORT_INTERNAL_H

#include "results/export.h"

/* A column of a table, csv or tsv, with where its property stood in the object before. */
struct export_column {
    char *owned_name;
    struct str name;            /* the same */
    bool number;
    int width;                  /* table: columns on the line */
    size_t usual;
};

struct export {
    struct export_options options;
    struct export_column *columns;
    size_t column_count;
    struct buf *out;
    struct buf shown, cleaned;  /* the value at hand, kept for their memory */
    bool cut_columns;           /* table: some columns do not fit on the line */
    int64_t written;
};

struct export_writer {
    const char *name;
    bool needs_columns;
    void (*begin)(struct export *export);
    void (*object)(struct export *export, const struct object *object);
    void (*end)(struct export *export);
};

extern const struct export_writer export_table, export_list, export_json, export_jsonl, export_csv, export_tsv, export_raw;

/* The object's property of a column, NULL when it has none. Remembers where it was. */
const struct property *export_property(struct export_column *column, const struct object *object);
/* The value as displayed and cleaned; valid until the next call. */
struct str export_shown(struct export *export, const struct property *property, bool keep_lines);

#endif
