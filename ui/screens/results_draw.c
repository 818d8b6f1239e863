/* The picture of the results screen. */
#include "ui/screens/results_model.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens/number_text.h"

/* ---- the line under the table ---- */

/* A line made of parts, the important ones first: what does not fit is left out whole. */
struct parts {
    struct cells *cells;
    struct area row;
    int used;
    struct buf text;        /* of the part at hand */
};

static void put_part(struct parts *parts, enum style style)
{
    int width = text_width(buf_str(&parts->text)), gap = parts->used > 0 ? 3 : 0;
    if (parts->text.len > 0 && parts->used + gap + width <= parts->row.columns) {
        if (gap > 0)
            cells_format(parts->cells, parts->row.row, parts->row.column + parts->used, gap, STYLE_DIM, " %s ",
                         cells_glyph(parts->cells, GLYPH_SEPARATOR));
        cells_put(parts->cells, parts->row.row, parts->row.column + parts->used + gap, width, style,
                  buf_str(&parts->text));
        parts->used += gap + width;
    }
    buf_clear(&parts->text);
}

static bool is_narrow(const struct parts *parts)
{
    return parts->row.columns < 60;
}

/* Where one is, the first thing to be asked of a table; at most `most` columns, so that what it is worth has room too. */
static void put_position(const struct results_model *model, const struct job_view *job, struct parts *parts, int most)
{
    int64_t row = table_selected(&model->table), count = model->table.list.count;
    if (row < 0) {
        buf_text(&parts->text, job_running(job) ? "no rows yet" : "no rows");
    } else {
        buf_text(&parts->text, "row ");
        number_text(row + 1, &parts->text);
        struct buf of = BUF_INIT(BUF_SMALL);
        buf_text(&of, " of ");
        number_text(count, &of);
        if ((int)(parts->text.len + of.len) <= most)
            buf_add(&parts->text, buf_str(&of));
        buf_free(&of);
    }
    put_part(parts, STYLE_TEXT);
}

/* How many there are at all: said while more come, and when a filter hides some. */
static void put_total(const struct results_model *model, const struct job_view *job, struct parts *parts)
{
    int64_t total = model->rowset ? rowset_total(model->rowset) : 0;
    bool narrow = is_narrow(parts), all_shown = total == model->table.list.count;
    if (total == 0 || (!job_running(job) && all_shown))
        return;
    if (narrow && !all_shown) {
        buf_text(&parts->text, "in ");
        number_text(total, &parts->text);
    } else if (!narrow) {
        number_text(total, &parts->text);
        buf_text(&parts->text, " from the service");
    }
    if (job_running(job))
        buf_text(&parts->text, parts->text.len > 0 ? ", more to come" : "more to come");
    put_part(parts, STYLE_TEXT);
}

/* "complete" only when the service said so: partial is not complete. */
static enum style state_text(const struct results_model *model, const struct job_view *job, bool narrow, struct buf *out)
{
    int64_t seconds = (job->retry_ms - model->app->now_ms + 999) / 1000;
    switch (job->state) {
    case JOB_DONE:
        if (job->progress.rows == 0 && job->error_count > 0) {
            buf_text(out, "failed");
            return STYLE_ERROR;
        }
        if (job->progress.rows == 0 && job->declined) {
            buf_text(out, "answered no");
            return STYLE_WARNING;
        }
        if (results_previews(job)) {
            buf_text(out, "preview");
            return STYLE_GOOD;
        }
        buf_text(out, job->progress.complete ? "complete" : "not complete");
        return job->progress.complete ? STYLE_GOOD : STYLE_WARNING;
    case JOB_CANCELLED:
        buf_text(out, !narrow && model->rowset && rowset_total(model->rowset) > 0 ? "cancelled, partial" : "cancelled");
        return STYLE_WARNING;
    case JOB_FAILED:
        if (job->progress.rows > 0)
            buf_text(out, narrow ? "broke off (d)" : "broke off, partial (d says why)");
        else
            buf_format(out, "failed: %s", err_kind_name(job->err.kind));
        return STYLE_ERROR;
    case JOB_WAITING:
        buf_format(out, "%s in %lld s", narrow ? "retry" : "next try", (long long)(seconds > 0 ? seconds : 0));
        return STYLE_WARNING;
    case JOB_STARTING:
    case JOB_RUNNING: buf_text(out, job->paused ? "paused" : ""); return STYLE_WARNING;
    }
    return STYLE_TEXT;
}

/* With the key that shows them: a count that leads nowhere is of little use. */
static void put_notes(const struct job_view *job, struct parts *parts)
{
    if (job->error_count > 0) {
        buf_format(&parts->text, "%zu %s (d)", job->error_count, job->error_count == 1 ? "error" : "errors");
        put_part(parts, STYLE_ERROR);
    }
    if (job->warning_count > 0) {
        buf_format(&parts->text, "%zu %s (d)", job->warning_count, job->warning_count == 1 ? "warning" : "warnings");
        put_part(parts, STYLE_WARNING);
    }
}

/* A filter is easily forgotten, and then rows seem to be missing. */
static void put_work(const struct results_model *model, struct parts *parts)
{
    buf_text(&parts->text, model->asked_view > 0 ? "arranging" : model->finding ? "searching" : "");
    put_part(parts, STYLE_DIM);
    if (model->hits > 0 && !model->finding && table_selected(&model->table) == model->hit_row) {
        buf_text(&parts->text, "hit ");
        number_text(model->hit, &parts->text);
        buf_text(&parts->text, " of ");
        number_text(model->hits, &parts->text);
    }
    put_part(parts, STYLE_LABEL);
    if (model->shown.filter[0])
        buf_format(&parts->text, "filter %s", model->shown.filter);
    put_part(parts, STYLE_LABEL);
}

/* In this order: what does not fit any more at 40 columns is what matters least. */
static void draw_counter(const struct results_model *model, struct cells *cells, struct area row)
{
    const struct job_view *job = results_job(model);
    struct parts parts = { .cells = cells, .row = row, .text = BUF_INIT(BUF_SMALL) };
    if (!job)
        return;
    struct buf state = BUF_INIT(BUF_SMALL);
    enum style style = state_text(model, job, is_narrow(&parts), &state);
    put_position(model, job, &parts, row.columns - (int)state.len - 3);
    if (!is_narrow(&parts))
        put_total(model, job, &parts);
    buf_add(&parts.text, buf_str(&state));
    put_part(&parts, style);
    if (is_narrow(&parts))
        put_total(model, job, &parts);
    buf_free(&state);
    put_work(model, &parts);
    put_notes(job, &parts);
    number_duration(job_running(job) ? model->app->now_ms - job->started_ms : job->progress.elapsed_ms, &parts.text);
    put_part(&parts, STYLE_DIM);
    buf_free(&parts.text);
}

/* ---- the rest ---- */

/* A table that a filter has emptied says so itself; one that was empty from the start never gets here. */
static void draw_table(const struct results_model *model, struct cells *cells, struct area area)
{
    table_draw(&model->table, cells, area, !dialog_open(&model->prompt), results_cell, NULL, model);
    bool nothing = model->table.list.count == 0 && model->shown.filter[0];
    if (nothing)
        cells_format(cells, area.row + 1, area.column + 2, area.columns - 2, STYLE_WARNING,
                     "No row matches %s. f changes the filter.", model->shown.filter);
}

/* Beside the line that it is about, so that both can be read at once. */
static void draw_prompt_err(const struct results_model *model, struct cells *cells, struct area area)
{
    char *text = results_prompt_err(model);
    struct str rest = str_of(text), line;
    for (int row = 0; row < area.rows && text_wrap(&rest, area.columns, &line); row++)
        cells_put(cells, area.row + row, area.column, area.columns, STYLE_ERROR, line);
    free(text);
}

void results_draw(const void *context, struct cells *cells, struct area area)
{
    const struct results_model *model = context;
    struct results_layout layout = results_lay_out(model, area);
    if (results_shows_table(model))
        draw_table(model, cells, layout.body);
    else
        text_pane_draw(&model->notes, cells, layout.body);
    if (layout.banner.rows > 0)
        cells_put_text(cells, layout.banner.row, layout.banner.column, layout.banner.columns, STYLE_WARNING,
                       model->banner);
    draw_prompt_err(model, cells, layout.prompt_err);
    draw_counter(model, cells, layout.counter);
    dialog_draw(&model->prompt, cells, area);
    dialog_draw(&model->question.dialog, cells, area);
    dialog_draw(&model->confirm, cells, area);
}
