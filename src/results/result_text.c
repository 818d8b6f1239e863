#include "results/result_text.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "results/column_order.h"

/* Few enough to keep a window small, enough that a commit's rows are taken in one or two loads. */
#define ROWS_AT_ONCE 500
#define DRAIN_AT ((size_t)64 * 1024)

struct result_text {
    struct result_format format;
    result_drain *drain;
    void *context;
    struct export *export;
    struct buf text;
    struct object object, chosen;
    const struct column **columns;
    size_t column_count;
    int64_t written;            /* rows handed to the writer */
    bool gone;
};

struct result_text *result_text_new(const struct result_format *format, result_drain *drain, void *context)
{
    struct result_text *text = MEM_NEW(struct result_text);
    text->format = *format;
    text->drain = drain;
    text->context = context;
    text->text = (struct buf)BUF_INIT(BUF_LARGE);
    object_init(&text->object);
    object_init(&text->chosen);
    return text;
}

bool result_text_gone(const struct result_text *text)
{
    return text->gone;
}

static bool drain(struct result_text *text, struct err *err)
{
    if (text->text.overflowed) {
        return err_set(err, ERR_STORE, "An object of the answer is too large to be printed; the output ends before it.");
    }
    return text->text.len == 0 || text->gone || text->drain(text->context, &text->text, &text->gone, err);
}

/* ---- which columns ---- */

static bool has_column(const struct result_text *text, const struct column *column)
{
    for (size_t i = 0; i < text->column_count; i++) {
        if (text->columns[i] == column) {
            return true;
        }
    }
    return false;
}

static void choose_wanted(struct result_text *text, const struct rowset *rowset, size_t count)
{
    for (size_t i = 0; i < text->format.column_count; i++) {
        for (size_t k = 0; k < count; k++) {
            const struct column *column = rowset_column(rowset, k);
            bool wanted = wildcard_matches(str_of(text->format.columns[i]), str_of(column->name), false);
            if (wanted && !has_column(text, column)) {
                text->columns[text->column_count++] = column;
            }
        }
    }
}

/* A table is read by people: the columns they look for come first. csv and tsv are read by programs, which get the
   service's own order. */
static void choose_columns(struct result_text *text, const struct rowset *rowset)
{
    size_t count = rowset_columns(rowset);
    text->columns = mem_array(count + 1, sizeof *text->columns);
    if (text->format.column_count) {
        choose_wanted(text, rowset, count);
        return;
    }
    size_t *order = mem_array(count + 1, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    if (text->format.format == EXPORT_TABLE && !text->format.keep_order) {
        column_order(rowset, 0, count, order);
    }
    for (size_t i = 0; i < count; i++) {
        text->columns[text->column_count++] = rowset_column(rowset, order[i]);
    }
    free(order);
}

const char *result_text_missing(const struct result_text *text, const struct rowset *rowset, size_t *index)
{
    while (*index < text->format.column_count && rowset_columns(rowset) > 0) {
        const char *wanted = text->format.columns[(*index)++];
        bool found = wildcard_has_any(str_of(wanted));
        for (size_t k = 0; !found && k < rowset_columns(rowset); k++) {
            found = str_is_nocase(str_of(wanted), rowset_column(rowset, k)->name);
        }
        if (!found) {
            return wanted;
        }
    }
    return NULL;
}

/* For the formats without columns: the wanted properties of each object, in the wanted order. */
static const struct object *chosen(struct result_text *text)
{
    if (text->format.column_count == 0 || export_needs_columns(text->format.format)) {
        return &text->object;
    }
    object_clear(&text->chosen);
    for (size_t i = 0; i < text->format.column_count; i++) {
        for (size_t k = 0; k < text->object.count; k++) {
            const struct property *property = &text->object.properties[k];
            bool wanted = wildcard_matches(str_of(text->format.columns[i]), property->name, false);
            if (wanted && !object_find(&text->chosen, property->name)) {
                object_add(&text->chosen, *property);
            }
        }
    }
    return &text->chosen;
}

/* ---- rows ---- */

static bool waits_for_all(const struct result_text *text)
{
    return export_needs_columns(text->format.format) || (text->format.format == EXPORT_JSON && text->format.one_as_object);
}

/* Texts and numbers that are no objects are printed as they are, a line each, as PowerShell does. */
static bool is_plain_list(const struct result_text *text)
{
    return text->format.format == EXPORT_TABLE && text->column_count == 1 && str_is(str_of(text->columns[0]->name), "Value");
}

static void open_export(struct result_text *text, const struct rowset *rowset)
{
    struct export_options options = {
        .format = text->format.format,
        .line_width = text->format.line_width,
        .utf8 = text->format.utf8,
        .no_header = text->format.no_header,
        .separator = text->format.separator,
        .compact = text->format.compact,
        .alone = text->format.one_as_object && rowset_count(rowset) == 1,
    };
    if (export_needs_columns(text->format.format)) {
        choose_columns(text, rowset);
        options.columns = text->columns;
        options.no_header = options.no_header || is_plain_list(text);
        options.column_count = text->column_count;
    }
    text->export = export_new(&options, &text->text);
}

static bool write_new_rows(struct result_text *text, struct rowset *rowset, struct err *err)
{
    while (text->written < rowset_count(rowset) && !text->gone) {
        if (!rowset_load(rowset, text->written, ROWS_AT_ONCE, err)) {
            return false;
        }
        size_t loaded = rowset_loaded(rowset);
        /* The count promised more than the file has, and going on would ask for the same rows for ever. */
        if (loaded == 0) {
            return err_set(err, ERR_STORE, "Rows are missing from the result.");
        }
        for (size_t i = 0; i < loaded; i++) {
            rowset_object(rowset, i, &text->object);
            export_object(text->export, chosen(text));
            if (text->text.len >= DRAIN_AT && !drain(text, err)) {
                return false;
            }
        }
        text->written += (int64_t)loaded;
    }
    return true;
}

bool result_text_rows(struct result_text *text, struct rowset *rowset, bool last, struct err *err)
{
    if (!last && waits_for_all(text)) {
        return true;
    }
    if (!text->export) {
        /* The first row tells whether names are GUIDs, which nobody wants to read first. */
        if (!rowset_load(rowset, 0, ROWS_AT_ONCE, err)) {
            return false;
        }
        open_export(text, rowset);
    }
    if (!write_new_rows(text, rowset, err)) {
        return false;
    }
    /* An answer without rows has its frame all the same: [] is JSON, nothing is not. */
    if (last) {
        export_end(text->export);
        text->export = NULL;
    }
    return drain(text, err);
}

void result_text_free(struct result_text *text)
{
    if (!text) {
        return;
    }
    if (text->export) {
        export_end(text->export);
    }
    object_free(&text->object);
    object_free(&text->chosen);
    buf_free(&text->text);
    free(text->columns);
    free(text);
}
