/* Writers of the output formats. Streaming: begin, objects, end; the caller drains `out` whenever it likes. */
#ifndef PURVEY_RESULTS_EXPORT_H
#define PURVEY_RESULTS_EXPORT_H

#include "results/store.h"

enum export_format { EXPORT_TABLE, EXPORT_LIST, EXPORT_JSON, EXPORT_JSONL, EXPORT_CSV, EXPORT_TSV, EXPORT_RAW };

bool export_format_by_name(const char *name, enum export_format *format);      /* "table", "list", ... */
bool export_needs_columns(enum export_format format);                          /* table, csv, tsv: all columns first */

struct export_options {
    enum export_format format;
    const struct column *const *columns;    /* for formats that need them, in order; widths are used by table */
    size_t column_count;
    int line_width;                         /* table: 0 = no limit (a pipe) */
    bool utf8;                              /* false: the terminal's charset is ASCII */
    bool no_header;                         /* table, csv, tsv: rows only */
    char separator;                         /* csv: '\0' = comma */
    bool compact;                           /* json: no blanks, no line ends */
    bool alone;                             /* json: the one object stands without its array */
};

struct export;
struct export *export_new(const struct export_options *options, struct buf *out);
void export_object(struct export *export, const struct object *object);
/* Ends the text (closing bracket...). json with no objects is []. Frees it. Returns objects written. */
int64_t export_end(struct export *export);

#endif
