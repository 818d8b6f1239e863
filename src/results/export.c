#include "results/export_internal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

static const struct export_writer *const writers[] = {
    [EXPORT_TABLE] = &export_table, [EXPORT_LIST] = &export_list, [EXPORT_JSON] = &export_json,
    [EXPORT_JSONL] = &export_jsonl, [EXPORT_CSV] = &export_csv, [EXPORT_TSV] = &export_tsv, [EXPORT_RAW] = &export_raw,
};

bool export_format_by_name(const char *name, enum export_format *format)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (str_is_nocase(str_of(name), writers[i]->name)) {
            *format = (enum export_format)i;
            return true;
        }
    return false;
}

bool export_needs_columns(enum export_format format)
{
    return writers[format]->needs_columns;
}

struct export *export_new(const struct export_options *options, struct buf *out)
{
    struct export *export = MEM_NEW(struct export);
    export->options = *options;
    export->out = out;
    /* Displayed values take more room than their JSON; the caps follow the largest object that a row can hold. */
    export->shown = (struct buf)BUF_INIT(OBJECT_MAX_BYTES * 4);
    export->cleaned = (struct buf)BUF_INIT(OBJECT_MAX_BYTES * 8);
    export->column_count = options->column_count;
    export->columns = mem_array(options->column_count ? options->column_count : 1, sizeof *export->columns);
    for (size_t i = 0; i < options->column_count; i++) {
        const struct column *column = options->columns[i];
        char *name = mem_text(column->name);
        export->columns[i] = (struct export_column){ .owned_name = name,
                                                     .name = str_of(name),
                                                     .number = column->kind == VALUE_NUMBER,
                                                     .width = column->width,
                                                     .usual = i };
    }
    /* The caller's columns may go before the export does. */
    export->options.columns = NULL;
    writers[options->format]->begin(export);
    return export;
}

void export_object(struct export *export, const struct object *object)
{
    writers[export->options.format]->object(export, object);
    export->written++;
}

int64_t export_end(struct export *export)
{
    int64_t written = export->written;
    writers[export->options.format]->end(export);
    for (size_t i = 0; i < export->options.column_count; i++)
        free(export->columns[i].owned_name);
    free(export->columns);
    buf_free(&export->shown);
    buf_free(&export->cleaned);
    free(export);
    return written;
}

const struct property *export_property(struct export_column *column, const struct object *object)
{
    /* Objects of one answer are alike: the property is nearly always where it was in the object before. */
    if (column->usual < object->count && str_eq(object->properties[column->usual].name, column->name))
        return &object->properties[column->usual];
    /* Objects of another shape have it elsewhere: one search, and the place is right for those that follow. */
    for (size_t i = 0; i < object->count; i++)
        if (str_eq(object->properties[i].name, column->name)) {
            column->usual = i;
            return &object->properties[i];
        }
    return NULL;
}

/* Most values are clean already and are passed through without a copy. */
struct str export_shown(struct export *export, const struct property *property, bool keep_lines)
{
    if (!property)
        return STR("");
    buf_clear(&export->shown);
    buf_clear(&export->cleaned);
    struct str shown = property->text;
    if (property->kind != VALUE_STRING && property->kind != VALUE_NUMBER) {
        property_display(property, &export->shown);
        shown = buf_str(&export->shown);
    }
    if (text_is_clean(shown))
        return shown;
    text_clean(&export->cleaned, shown, keep_lines);
    return buf_str(&export->cleaned);
}
