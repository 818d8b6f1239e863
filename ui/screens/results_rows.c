/* The window of rows that the table shows, and its columns: which come first, how wide they are. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "results/column_order.h"
#include "ui/screens/results_model.h"

/* A cell shows no more than a few hundred columns: longer values are cut before they are put into words. */
#define CELL_MOST 4096

/* ---- the order of columns ---- */

static void show_column(struct results_model *model, size_t index)
{
    const struct column *column = rowset_column(model->rowset, index);
    table_set_column(&model->table, index, column->name, column->width, column->kind == VALUE_NUMBER);
}

/* Format-Table Name, *Guid: the first of the wanted ones that this is; their number when it is none of them. */
static size_t wanted_place(const struct results_model *model, const struct pipeline_output *output, size_t column)
{
    size_t place = 0;
    struct str name = str_of(rowset_column(model->rowset, column)->name);
    while (place < output->column_count && !wildcard_matches(str_of(output->columns[place]), name, false))
        place++;
    return place;
}

static bool is_wanted(const struct results_model *model, const struct pipeline_output *output, size_t column)
{
    return output->column_count == 0 || wanted_place(model, output, column) < output->column_count;
}

/* Few columns, so a sort by insertion is good enough; equals stay in their order. */
static void move_wanted(const struct results_model *model, const struct pipeline_output *output, size_t *order, size_t count)
{
    for (size_t i = 1; i < count && output->column_count > 0; i++) {
        size_t column = order[i], place = wanted_place(model, output, column), at = i;
        for (; at > 0 && wanted_place(model, output, order[at - 1]) > place; at--)
            order[at] = order[at - 1];
        order[at] = column;
    }
}

/* Only at the first sight of columns: later ones come behind, so that nothing moves under the reader's eyes. */
static void order_columns(struct results_model *model, size_t first, size_t count)
{
    size_t *order = mem_array(count - first, sizeof *order);
    const struct job_view *job = results_job(model);
    for (size_t i = 0; i < count - first; i++)
        order[i] = first + i;
    /* What the line chose stands as it was chosen. */
    if (!job || !pipeline_shapes(job->pipeline))
        column_order(model->rowset, first, count, order);
    if (job)
        move_wanted(model, &job->pipeline->output, order, count - first);
    for (size_t i = 0; i < count - first; i++)
        show_column(model, order[i]);
    for (size_t i = 0; job && i < count - first; i++)
        table_hide(&model->table, order[i], !is_wanted(model, &job->pipeline->output, order[i]));
    free(order);
}

/* Widths and kinds change as rows come: only what changed is told to the table. */
static void take_columns(struct results_model *model)
{
    size_t count = rowset_columns(model->rowset), known = model->seen_count;
    if (count > known)
        order_columns(model, known, count);
    for (size_t i = 0; i < count; i++) {
        const struct column *column = rowset_column(model->rowset, i);
        if (i == model->seen_count) {
            MEM_ROOM(model->seen, model->seen_count, model->seen_capacity);
            model->seen_count++;
        } else if (model->seen[i].width == column->width && model->seen[i].kind == column->kind) {
            continue;
        } else {
            show_column(model, i);
        }
        model->seen[i] = (struct column_seen){ column->width, column->kind };
    }
}

/* ---- rows ---- */

/* On failure nothing is loaded, and the notes say why. */
static bool load(struct results_model *model)
{
    int64_t first;
    size_t count;
    table_window(&model->table, &first, &count);
    model->loaded = 0;
    if (!rowset_load(model->rowset, first, count, &model->err))
        return false;
    model->loaded_first = first;
    model->loaded = rowset_loaded(model->rowset);
    return true;
}

/* Once for each window: moving within what is loaded costs nothing. */
void results_load(struct results_model *model)
{
    int64_t first;
    size_t count;
    table_window(&model->table, &first, &count);
    if (model->rowset && (first != model->loaded_first || count != model->loaded))
        load(model);
}

/* Tried again at every news until the file is there. */
static bool open_rowset(struct results_model *model)
{
    const struct job_view *job = results_job(model);
    if (!model->rowset && job && job->store_path)
        model->rowset = rowset_open(job->store_path, &model->err);
    return model->rowset != NULL;
}

static bool read_rows(struct results_model *model)
{
    if (!rowset_refresh(model->rowset, &model->err))
        return false;
    table_set_count(&model->table, rowset_count(model->rowset));
    /* The values of the first row tell which columns are worth to come first. */
    if (!load(model))
        return false;
    take_columns(model);
    return true;
}

void results_sync(struct results_model *model)
{
    model->err = (struct err){ 0 };
    if (open_rowset(model))
        read_rows(model);
    results_update_banner(model);
    results_fill_notes(model);
    results_resize(model);
}

/* Positions mean other rows now, so the selection starts at the top. */
void results_use_view(struct results_model *model, uint32_t view)
{
    model->view = view;
    model->loaded = 0;
    rowset_use_view(model->rowset, view);
    results_sync(model);
    list_select(&model->table.list, 0);
    results_load(model);
}

/* ---- values ---- */

/* Called for the visible cells of every draw. A row that is not loaded stays blank. */
void results_cell(const void *context, int64_t row, size_t source, struct buf *text, enum style *style)
{
    const struct results_model *model = context;
    struct property value;
    int64_t at = row - model->loaded_first;
    if (at < 0 || at >= (int64_t)model->loaded || !rowset_value(model->rowset, (size_t)at, source, &value))
        return;
    if (value.text.len > CELL_MOST) {
        buf_add(text, str_take(value.text, CELL_MOST));
        return;
    }
    if (value.kind == VALUE_NUMBER)
        *style = STYLE_NUMBER;
    property_display(&value, text);
}

size_t results_current_row(const struct results_model *model)
{
    int64_t at = table_selected(&model->table) - model->loaded_first;
    return at >= 0 && at < (int64_t)model->loaded ? (size_t)at : model->loaded;
}

bool results_current_value(const struct results_model *model, struct property *value)
{
    size_t row = results_current_row(model);
    return row < model->loaded && rowset_value(model->rowset, row, table_current(&model->table), value);
}
