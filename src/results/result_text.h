/* The rows of a job as text of one of the export formats: what a run prints and what Export-Csv writes. Rows are taken
   from a rowset as they come, so no more than a window of them is in memory. */
#ifndef PURVEY_RESULTS_RESULT_TEXT_H
#define PURVEY_RESULTS_RESULT_TEXT_H

#include "results/export.h"
#include "results/rowset.h"

struct result_format {
    enum export_format format;
    const char *const *columns;     /* names and patterns (base/wildcard.h) of what is wanted, in order */
    size_t column_count;            /* 0 = all */
    bool no_header;
    char separator;                 /* of csv; '\0' = comma */
    bool one_as_object;             /* json: a single object stands alone and not in an array, as ConvertTo-Json has it */
    bool compact;                   /* json: without blanks and line ends */
    bool keep_order;                /* table: the columns stand in an order that was asked for */
    int line_width;                 /* table: 0 = no limit */
    bool utf8;
};

/* Takes the text away (buf_clear) and puts it somewhere. False with err ends the writing; *gone: nobody wants more. */
typedef bool result_drain(void *context, struct buf *text, bool *gone, struct err *err);

struct result_text;

/* What format points to must outlive it. */
struct result_text *result_text_new(const struct result_format *format, result_drain *drain, void *context);
/* To be called when the rowset has more rows (refreshed), and once with last. Formats that need every column first wait for
   that. */
bool result_text_rows(struct result_text *text, struct rowset *rowset, bool last, struct err *err) MUST_USE;
bool result_text_gone(const struct result_text *text);
/* The next wanted column that no object has, by its plain name; *index starts at 0; NULL at the end. After the last rows
   only. */
const char *result_text_missing(const struct result_text *text, const struct rowset *rowset, size_t *index);
void result_text_free(struct result_text *text);        /* NULL is fine; what was not drained is lost */

#endif
