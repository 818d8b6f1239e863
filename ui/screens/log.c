/* Log: every request that was made, with status, time, size and correlation ids. Headers come redacted. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/screens.h"
#include "ui/widgets/list.h"
#include "ui/widgets/text_pane.h"

struct log_model {
    const struct app_state *app;
    struct list list;
    struct text_pane pane;
    bool detail;                /* the details of one request fill the screen */
    int rows, columns;
    uint64_t seen;              /* requests when the list was last counted */
};

/* Newest first: row 0 is the last of the ring. */
static const struct exchange_record *record_at(const struct log_model *model, int64_t row)
{
    size_t count = model->app->log_count;
    return row >= 0 && (size_t)row < count ? model->app->log[count - 1 - (size_t)row] : NULL;
}

static void add_block(struct text_pane *pane, const char *title, const char *text)
{
    if (text && *text) {
        text_pane_add(pane, STYLE_TEXT, 0, STR(""));
        text_pane_add(pane, STYLE_HEADER, 0, str_of(title));
        text_pane_add(pane, STYLE_TEXT, 2, str_of(text));
    }
}

static void open_detail(struct log_model *model)
{
    const struct exchange_record *record = record_at(model, model->list.selected);
    char when[21];
    if (!record) {
        return;
    }
    clock_iso(record->started_unix, when);
    text_pane_clear(&model->pane);
    text_pane_format(&model->pane, STYLE_TITLE, 0, "%s %s", record->method, record->url);
    text_pane_format(&model->pane, STYLE_TEXT, 0, "%s  status %d  %lld ms  sent %lld bytes, received %lld bytes", when, record->status,
                     (long long)record->elapsed_ms, (long long)record->sent_bytes, (long long)record->received_bytes);
    if (record->purpose && *record->purpose) {
        text_pane_format(&model->pane, STYLE_TEXT, 0, "for %s", record->purpose);
    }
    if (*record->error) {
        text_pane_add(&model->pane, STYLE_ERROR, 0, str_of(record->error));
    }
    text_pane_format(&model->pane, STYLE_DIM, 0, "client-request-id %s", *record->client_request_id ? record->client_request_id : "-");
    text_pane_format(&model->pane, STYLE_DIM, 0, "request-id %s", *record->request_id ? record->request_id : "-");
    add_block(&model->pane, "Request headers", record->request_headers);
    add_block(&model->pane, "Request body", record->request_body);
    add_block(&model->pane, "Answer headers", record->response_headers);
    text_pane_resize(&model->pane, model->rows, model->columns);
    model->detail = true;
}

static void copy_ids(const struct log_model *model, struct effects *effects)
{
    const struct exchange_record *record = record_at(model, model->list.selected);
    char when[21];
    if (record) {
        clock_iso(record->started_unix, when);
        char *text = mem_format("%s %s %s status %d client-request-id %s request-id %s", when, record->method, record->url,
                                record->status, record->client_request_id, record->request_id);
        effect_copy(effects, str_of(text), "the request's ids");
        free(text);
    }
}

/* New requests push the list down under the cursor: the same request stays selected. */
static void count_again(struct log_model *model)
{
    uint64_t more = model->app->log_total - model->seen;
    int64_t selected = model->list.selected;
    list_set_count(&model->list, (int64_t)model->app->log_count);
    if (selected > 0) {
        list_select(&model->list, selected + (int64_t)more);
    }
    model->seen = model->app->log_total;
}

static void update_action(struct log_model *model, const struct ui_input *input, struct effects *effects)
{
    if (input->action == ACTION_COPY) {
        copy_ids(model, effects);
    } else if (input->action == ACTION_BACK) {
        if (model->detail) {
            model->detail = false;
        } else {
            effect_pop(effects);
        }
    } else if (model->detail) {
        if (input->action == ACTION_WRAP) {
            text_pane_set_wrap(&model->pane, !model->pane.wrap);
        } else {
            text_pane_input(&model->pane, input);
        }
    } else if (input->action == ACTION_ENTER) {
        open_detail(model);
    } else {
        list_input(&model->list, input);
    }
}

static void log_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct log_model *model = context;
    if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        list_resize(&model->list, input->rows - 1);
        text_pane_resize(&model->pane, input->rows, input->columns);
        count_again(model);
    } else if (input->kind == INPUT_EVENT) {
        count_again(model);
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input, effects);
    }
}

/* The value of a header in "Name: value" lines; empty when it is not there. */
static struct str header_value(const char *headers, const char *name)
{
    struct str left = str_of(headers), line, key;
    for (bool more = left.len > 0; more;) {
        more = str_cut(&left, '\n', &line);
        if (str_cut(&line, ':', &key) && str_is_nocase(key, name)) {
            return str_trim(line);
        }
    }
    return STR("");
}

/* What a request was for, in few words: as it said, or the end of its address and the cmdlet where one was run. The rest of the
   address is the same line after line; the details have it. */
static void describe(const struct exchange_record *record, struct buf *out)
{
    struct str left = str_of(record->url), address, part = STR("");
    if (record->purpose && *record->purpose) {
        buf_text(out, record->purpose);
        return;
    }
    str_cut(&left, '?', &address);
    while (str_cut(&address, '/', &part)) {
    }
    buf_add(out, part);
    struct str cmdlet = header_value(record->request_headers, "X-CmdletName");
    if (cmdlet.len) {
        buf_char(out, ' ');
        buf_add(out, cmdlet);
    }
}

static void draw_record(const void *context, int64_t row, bool selected, enum style style, struct cells *cells, struct area area)
{
    const struct log_model *model = context;
    const struct exchange_record *record = record_at(model, row);
    char when[9];
    if (!record) {
        return;
    }
    bool bad = record->status == 0 || record->status >= 400;
    struct buf what = BUF_INIT(BUF_SMALL);
    describe(record, &what);
    clock_hms(record->started_unix, when);
    cells_put_text(cells, area.row, area.column, 8, style, when);
    cells_format(cells, area.row, area.column + 9, 4, bad && !selected ? STYLE_ERROR : style, record->status ? "%d" : "-", record->status);
    cells_put_text(cells, area.row, area.column + 13, 4, style, record->method);
    if (area.columns >= 60) {
        cells_format(cells, area.row, area.column + 18, 9, style, "%6lld ms", (long long)record->elapsed_ms);
        cells_format(cells, area.row, area.column + 28, 11, style, "%9lld B", (long long)record->received_bytes);
        cells_put_text(cells, area.row, area.column + 40, area.columns - 40, style, buf_cstr(&what));
    } else {
        cells_put_text(cells, area.row, area.column + 18, area.columns - 18, style, buf_cstr(&what));
    }
    buf_free(&what);
}

static void log_draw(const void *context, struct cells *cells, struct area area)
{
    const struct log_model *model = context;
    if (model->detail) {
        text_pane_draw(&model->pane, cells, area);
        return;
    }
    struct area head = area_cut_top(&area, 1);
    cells_fill(cells, head, STYLE_HEADER);
    cells_put_text(cells, head.row, head.column, head.columns, STYLE_HEADER,
                   head.columns >= 60 ? "Time     St. Verb      Time    Received  What for" : "Time     St. Verb What for");
    if (model->app->log_count == 0) {
        cells_put_text(cells, area.row, area.column, area.columns, STYLE_DIM, "No request has been made yet.");
        return;
    }
    list_draw(&model->list, cells, area, true, draw_record, model);
}

static void log_offer(const void *context, struct offer *offer)
{
    const struct log_model *model = context;
    if (model->detail) {
        offer_add(offer, ACTION_WRAP, NULL);
    } else {
        offer_add(offer, ACTION_ENTER, "Details");
    }
    offer_add(offer, ACTION_COPY, "Copy ids");
    offer_add(offer, ACTION_BACK, model->detail ? "Back to the log" : NULL);
}

static void log_free(void *context)
{
    struct log_model *model = context;
    text_pane_free(&model->pane);
    free(model);
}

struct screen log_screen(const struct app_state *app)
{
    static const struct screen_class class = {
        .name = "Log",
        .free = log_free,
        .update = log_update,
        .draw = log_draw,
        .offer = log_offer,
    };
    struct log_model *model = MEM_NEW(struct log_model);
    model->app = app;
    model->seen = app->log_total;
    text_pane_init(&model->pane);
    list_set_count(&model->list, (int64_t)app->log_count);
    return (struct screen){ &class, model };
}
