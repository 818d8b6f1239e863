/* The two formats for people: a table and a list, in the manner of PowerShell's Format-Table and Format-List. */
#include "base/text.h"
#include "results/export_internal.h"


static void nothing(struct export *export)
{
    (void)export;
}

static struct str cut_mark(const struct export *export)
{
    return export->options.utf8 ? STR("\xe2\x80\xa6") : STR("~");
}

/* ---- table ---- */

static int total_width(const struct export *export, size_t count, int limit)
{
    int total = 0;
    for (size_t i = 0; i < count; i++) {
        int width = export->columns[i].width;
        total += (width < limit ? width : limit) + (i > 0);
    }
    return total;
}

/* Columns are not squeezed below this: few that can be read say more than many that cannot. */
static int narrowest(int line_width)
{
    enum { LEAST = 6, ENOUGH = 22, COLUMNS_WANTED = 3 };
    int width = line_width / COLUMNS_WANTED;
    return width < LEAST ? LEAST : width > ENOUGH ? ENOUGH : width;
}

/* Squeezes the widest columns, all to the same width, until the line fits; then leaves out the last columns. */
static void fit_columns(struct export *export, int line_width)
{
    size_t count = export->column_count;
    int limit = line_width;
    while (limit > narrowest(line_width) && total_width(export, count, limit) > line_width)
        limit--;
    /* Two more for the mark, as soon as there is something to mark. */
    while (count > 1 && total_width(export, count, limit) + (count < export->column_count ? 2 : 0) > line_width)
        count--;
    export->cut_columns = count < export->column_count;
    export->column_count = count;
    for (size_t i = 0; i < count; i++)
        if (export->columns[i].width > limit)
            export->columns[i].width = limit;
}

/* A cell, cut with a mark when it is wider than its column. The last one on a line gets no blanks behind it. */
static void put_cell(struct export *export, const struct export_column *column, struct str text, bool right, bool last)
{
    int width;
    /* A line without limit has no cut either: a pipe gets every character. */
    if (export->options.line_width > 0) {
        struct str fitted = text_fit(text, column->width, &width);
        if (fitted.len < text.len) {
            fitted = text_fit(text, column->width - 1, &width);
            buf_add(export->out, fitted);
            buf_add(export->out, cut_mark(export));
            if (!last)
                buf_repeat(export->out, ' ', (size_t)(column->width - width - 1));
            return;
        }
    } else {
        width = text_width(text);
    }
    size_t blanks = width < column->width ? (size_t)(column->width - width) : 0;
    if (right)
        buf_repeat(export->out, ' ', blanks);
    buf_add(export->out, text);
    if (!right && !last)
        buf_repeat(export->out, ' ', blanks);
}

/* The mark says that columns are missing, on every line, so that nobody takes the table for complete. */
static void end_line(struct export *export)
{
    if (export->cut_columns) {
        buf_char(export->out, ' ');
        buf_add(export->out, cut_mark(export));
    }
    buf_char(export->out, '\n');
}

static bool is_last(const struct export *export, size_t column)
{
    return column + 1 == export->column_count && !export->cut_columns;
}

static void put_header(struct export *export)
{
    struct property name = { .kind = VALUE_STRING };
    for (size_t i = 0; i < export->column_count; i++) {
        const struct export_column *column = &export->columns[i];
        name.text = column->name;
        if (i > 0)
            buf_char(export->out, ' ');
        put_cell(export, column, export_shown(export, &name, false), column->number, is_last(export, i));
    }
    end_line(export);
    for (size_t i = 0; i < export->column_count; i++) {
        if (i > 0)
            buf_char(export->out, ' ');
        buf_repeat(export->out, '-', (size_t)export->columns[i].width);
    }
    end_line(export);
}

/* Columns start as wide as the store saw them; what was not measured may be wider, and only breaks the alignment. */
static void table_begin(struct export *export)
{
    struct property name = { .kind = VALUE_STRING };
    for (size_t i = 0; i < export->column_count; i++) {
        struct export_column *column = &export->columns[i];
        name.text = column->name;
        int width = text_width(export_shown(export, &name, false));
        if (column->width < width)
            column->width = width;
        if (column->width < 1)
            column->width = 1;
    }
    if (export->options.line_width > 0)
        fit_columns(export, export->options.line_width);
}

static void table_object(struct export *export, const struct object *object)
{
    /* With the first row and not before: an empty answer prints nothing. */
    if (export->written == 0 && !export->options.no_header)
        put_header(export);
    for (size_t i = 0; i < export->column_count; i++) {
        struct export_column *column = &export->columns[i];
        const struct property *property = export_property(column, object);
        if (i > 0)
            buf_char(export->out, ' ');
        /* By the value's kind and not by the column's, because a column may hold both. */
        bool plain = export->options.no_header && export->column_count == 1;
        bool right = property && property->kind == VALUE_NUMBER && !plain;
        put_cell(export, column, export_shown(export, property, false), right, is_last(export, i));
    }
    end_line(export);
}

const struct export_writer export_table = { "table", true, table_begin, table_object, nothing };

/* ---- list ---- */

/* Lines after the first stand under it. */
static void put_lines(struct export *export, struct str text, size_t indent)
{
    struct str line;
    bool more = str_cut(&text, '\n', &line);
    buf_add(export->out, line);
    while (more) {
        more = str_cut(&text, '\n', &line);
        buf_char(export->out, '\n');
        if (line.len)
            buf_repeat(export->out, ' ', indent);
        buf_add(export->out, line);
    }
    buf_char(export->out, '\n');
}

static int widest_name(struct export *export, const struct object *object)
{
    int widest = 0;
    struct property name = { .kind = VALUE_STRING };
    for (size_t i = 0; i < object->count; i++) {
        name.text = object->properties[i].name;
        int width = text_width(export_shown(export, &name, false));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void list_object(struct export *export, const struct object *object)
{
    struct property name = { .kind = VALUE_STRING };
    int widest = widest_name(export, object);
    if (export->written > 0)
        buf_char(export->out, '\n');
    for (size_t i = 0; i < object->count; i++) {
        name.text = object->properties[i].name;
        struct str shown = export_shown(export, &name, false);
        buf_add(export->out, shown);
        buf_repeat(export->out, ' ', (size_t)(widest - text_width(shown)));
        buf_text(export->out, " : ");
        put_lines(export, export_shown(export, &object->properties[i], true), (size_t)widest + 3);
    }
}

const struct export_writer export_list = { "list", false, nothing, list_object, nothing };
