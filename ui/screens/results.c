/* Results: the rows of a cmdlet as a table, while they come and after.

   The model holds one window of rows and no more. Every event of the job brings it up to date (results_sync); every
   move loads the window that it leads to (results_load); draw only reads what is loaded. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/screens.h"
#include "ui/screens/results_model.h"

enum { WIDER = 4, PROMPT_ERR_MOST = 3, ROOMY_COLUMNS = 60 };

const struct job_view *results_job(const struct results_model *model)
{
    return app_state_job(model->app, model->job);
}

bool results_shows_table(const struct results_model *model)
{
    return !model->details && model->rowset && rowset_total(model->rowset) > 0;
}

char *results_prompt_err(const struct results_model *model)
{
    const struct err *err = &model->prompt_err;
    bool shown = dialog_open(&model->prompt) && err->kind != ERR_NONE;
    return shown ? mem_format("%s %s", err->text, err->advice) : mem_text("");
}

static int prompt_err_rows(const struct results_model *model, int columns)
{
    char *text = results_prompt_err(model);
    struct str rest = str_of(text), line;
    int rows = 0;
    while (rows < PROMPT_ERR_MOST && text_wrap(&rest, columns, &line))
        rows++;
    free(text);
    return rows;
}

/* What is read as sentences has a margin where there is room; a table has its gutter. */
static struct area sentences(struct area area)
{
    return area_inset(area, 0, area.columns >= ROOMY_COLUMNS ? 1 : 0);
}

/* From the bottom: the counter (prompts cover it), what is wrong with the filter line, what must not be overlooked. */
struct results_layout results_lay_out(const struct results_model *model, struct area area)
{
    struct results_layout layout = { 0 };
    layout.counter = sentences(area_cut_bottom(&area, 1));
    layout.prompt_err = sentences(area_cut_bottom(&area, prompt_err_rows(model, layout.counter.columns)));
    layout.banner = sentences(area_cut_bottom(&area, model->banner && results_shows_table(model) ? 1 : 0));
    layout.body = results_shows_table(model) ? area : sentences(area);
    return layout;
}

void results_resize(struct results_model *model)
{
    struct results_layout layout = results_lay_out(model, (struct area){ 0, 0, model->rows, model->columns });
    table_resize(&model->table, layout.body.rows, layout.body.columns);
    text_pane_resize(&model->notes, layout.body.rows, layout.body.columns);
    results_load(model);
}

/* ---- copying: the cell, then the row, then the row for a spreadsheet ---- */

static void copy_notes(const struct results_model *model, struct effects *effects)
{
    struct buf text = BUF_INIT(BUF_LARGE);
    results_notes_text(model, &text);
    effect_copy(effects, buf_str(&text), "the report");
    buf_free(&text);
}

static void cell_text(const struct results_model *model, struct buf *out)
{
    struct property value;
    if (results_current_value(model, &value))
        property_display(&value, out);
}

/* Tabs and line ends in a value would make two cells of one. */
static void row_tsv(const struct object *object, struct buf *out)
{
    struct buf value = BUF_INIT(OBJECT_MAX_BYTES);
    for (size_t i = 0; i < object->count; i++) {
        buf_clear(&value);
        property_display(&object->properties[i], &value);
        buf_text(out, i > 0 ? "\t" : "");
        text_clean(out, buf_str(&value), false);
    }
    buf_free(&value);
}

/* Properties as the service has them, hidden columns included: a copy is never cut. */
static void row_text(const struct results_model *model, struct buf *out)
{
    struct object object;
    object_init(&object);
    rowset_object(model->rowset, results_current_row(model), &object);
    if (model->next_copy == COPY_ROW_JSON)
        object_print_data(&object, true, out);
    else
        row_tsv(&object, out);
    object_free(&object);
}

/* One key, three forms: each copy says what the next one gives. Without a table there is a report to copy. */
static void copy(struct results_model *model, struct effects *effects)
{
    static const char *const names[] = {
        [COPY_CELL] = "the cell; once more for the row as JSON",
        [COPY_ROW_JSON] = "the row as JSON; once more for tab-separated values",
        [COPY_ROW_TSV] = "the row as tab-separated values",
    };
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    if (!results_shows_table(model) || results_current_row(model) >= model->loaded) {
        copy_notes(model, effects);
        return;
    }
    if (model->next_copy == COPY_CELL)
        cell_text(model, &text);
    else
        row_text(model, &text);
    effect_copy(effects, buf_str(&text), names[model->next_copy]);
    model->next_copy = (model->next_copy + 1) % COPY_COUNT;
    buf_free(&text);
}

/* ---- the job ---- */

/* The old table goes: it would look like the new one. Its sorting and its filter stay. */
static void start_again(struct results_model *model, struct pipeline *pipeline, uint64_t connection,
                        struct effects *effects)
{
    effect_discard(effects, model->job);
    uint64_t job = effect_run(effects, connection, pipeline);
    struct screen again = results_screen(model->app, job);
    results_wish_like(&((struct results_model *)again.model)->wish, model);
    effect_replace(effects, again);
}

/* Reading again is harmless, changing again is asked about like the first time. */
static void run_again(struct results_model *model, struct effects *effects)
{
    const struct job_view *job = results_job(model);
    const struct session_view *session = job ? app_state_session(model->app, job->connection) : NULL;
    if (!job || job_running(job))
        return;
    if (!session || session->state != SESSION_CONNECTED) {
        effect_status(effects, STATUS_ERROR, "The connection is closed. Connect again to run this.");
        return;
    }
    struct pipeline *pipeline = pipeline_copy(job->pipeline);
    if (run_question_ask(&model->question, session, pipeline, model->rows, model->columns))
        start_again(model, pipeline, job->connection, effects);
}

static void update_question(struct results_model *model, const struct ui_input *input, struct effects *effects)
{
    struct pipeline *pipeline = run_question_input(&model->question, input);
    const struct job_view *job = results_job(model);
    if (pipeline && job)
        start_again(model, pipeline, job->connection, effects);
    else
        pipeline_free(pipeline);
}

/* ---- what the service asks before it acts ---- */

static const struct dialog_choice answers[] = {
    { 'Y', "Yes" }, { 'A', "Yes to all" }, { 'N', "No" }, { 'L', "No to all" },
};
static const struct dialog_choice answers_of_one[] = { { 'Y', "Yes" }, { 'N', "No" } };

/* The screen may have been left and opened anew, or the next question may have come: it is looked up each time. */
static void take_question(struct results_model *model)
{
    const struct job_view *job = results_job(model);
    const struct session_view *session = job ? app_state_session(model->app, job->connection) : NULL;
    if (!job || !job->question) {
        dialog_free(&model->confirm);
        return;
    }
    if (dialog_open(&model->confirm))
        return;
    struct buf text = BUF_INIT(BUF_LARGE), clean = BUF_INIT(BUF_LARGE);
    /* The question first: on a small screen the end is cut. */
    buf_format(&text, "%s\n%s, in %s", *job->question ? job->question : "Are you sure?", job->invocation->shown,
               session ? session->account.tenant : "your organization");
    text_clean(&clean, buf_str(&text), true);
    if (job->question_more)
        dialog_choose(&model->confirm, "The service asks", buf_cstr(&clean), answers, 4, 2);
    else
        dialog_choose(&model->confirm, "The service asks", buf_cstr(&clean), answers_of_one, 2, 1);
    buf_free(&text);
    buf_free(&clean);
}

static void update_confirm(struct results_model *model, const struct ui_input *input, struct effects *effects)
{
    static const enum flow_answer of_one[] = { FLOW_YES, FLOW_NO };
    if (dialog_input(&model->confirm, input) != DIALOG_YES)
        return;
    size_t chosen = model->confirm.chosen;
    effect_answer(effects, model->job, model->confirm.choice_count == 2 ? of_one[chosen] : (enum flow_answer)chosen);
}

/* The app takes the job for cancelled at once: whatever the network does, the person has the screen back. */
static void cancel(struct results_model *model, struct effects *effects)
{
    const struct job_view *job = results_job(model);
    if (!job || !job_running(job))
        return;
    effect_cancel(effects, model->job);
    effect_status(effects, STATUS_WARNING, job->progress.rows > 0 ? "Cancelled. What came so far stays here." : "Cancelled.");
    /* Once more when it is cancelled, for what the notes say. */
    effect_action(effects, ACTION_NONE);
}

static void pause_job(struct results_model *model, struct effects *effects)
{
    const struct job_view *job = results_job(model);
    if (job && job_running(job))
        effect_pause(effects, model->job, !job->paused);
    else if (job && job->progress.can_go_on)
        effect_continue(effects, job->connection, model->job);
}

/* What runs goes on: it would be wrong to stop a change halfway, or a long read, because somebody looks elsewhere. */
static void leave(struct results_model *model, struct effects *effects)
{
    const struct job_view *job = results_job(model);
    if (job && job_running(job)) {
        effect_pop(effects);
        effect_status(effects, STATUS_INFO, "%s goes on; its table stands first in the list of cmdlets.",
                      job->invocation->shown);
        return;
    }
    if (job)
        effect_discard(effects, model->job);
    effect_pop(effects);
}

/* ---- update ---- */

static void show_details(struct results_model *model, bool shown)
{
    model->details = shown;
    results_fill_notes(model);
    model->notes.top = 0;
    results_resize(model);
}

/* By its position in the view on show: the object screen walks on from there. */
static void open_object(struct results_model *model, struct effects *effects)
{
    int64_t row = table_selected(&model->table);
    if (results_shows_table(model) && row >= 0)
        effect_push(effects, object_screen(model->app, model->job, model->view, row));
}

/* The last visible column stays: a table of nothing cannot be brought back. */
static void hide_column(struct results_model *model, struct effects *effects)
{
    size_t visible = 0, source = table_current(&model->table);
    for (size_t i = 0; i < model->table.count; i++)
        visible += !model->table.columns[i].hidden;
    if (visible > 1) {
        table_hide(&model->table, source, true);
        effect_status(effects, STATUS_INFO, "Hid %s; C on the last column left shows all again.",
                      rowset_column(model->rowset, source)->name);
        return;
    }
    for (size_t i = 0; i < model->table.count; i++)
        table_hide(&model->table, model->table.columns[i].source, false);
}

/* The details lie over the table, so they go first. */
static void back(struct results_model *model, struct effects *effects)
{
    if (model->details)
        show_details(model, false);
    else
        leave(model, effects);
}

static void move(struct results_model *model, const struct ui_input *input)
{
    if (!results_shows_table(model))
        text_pane_input(&model->notes, input);
    else if (table_input(&model->table, input))
        results_load(model);
    /* On a pinned column nothing keeps the others scrolled away. */
    if (model->table.current < model->table.pinned)
        model->table.first = model->table.pinned;
}

/* A wider screen may have room for the columns that were scrolled off. */
static void take_size(struct results_model *model, int rows, int columns)
{
    if (columns != model->columns)
        model->table.first = model->table.pinned;
    model->rows = rows;
    model->columns = columns;
    results_resize(model);      /* the first rows tell the order of columns: they must have a window to be in */
    results_sync(model);
    take_question(model);
}

static void update_columns(struct results_model *model, enum action action, struct effects *effects)
{
    if (!results_shows_table(model))
        return;
    switch (action) {
    case ACTION_COLUMNS: hide_column(model, effects); break;
    case ACTION_EXPAND: table_widen(&model->table, WIDER); break;
    case ACTION_COLLAPSE: table_widen(&model->table, -WIDER); break;
    case ACTION_NEXT: table_move_column(&model->table, 1); break;
    case ACTION_PREVIOUS: table_move_column(&model->table, -1); break;
    default: break;
    }
}

static void update_table(struct results_model *model, enum action action, struct effects *effects)
{
    switch (action) {
    case ACTION_SORT: results_sort(model, false, effects); break;
    case ACTION_SORT_ADD: results_sort(model, true, effects); break;
    case ACTION_FILTER: results_open_filter(model); break;
    case ACTION_SEARCH: results_open_search(model); break;
    case ACTION_FIND_NEXT: results_find(model, false, effects); break;
    case ACTION_FIND_PREVIOUS: results_find(model, true, effects); break;
    default: update_columns(model, action, effects); break;
    }
}

static void update_action(struct results_model *model, const struct ui_input *input, struct effects *effects)
{
    if (input->action != ACTION_COPY)
        model->next_copy = COPY_CELL;
    switch (input->action) {
    case ACTION_BACK: back(model, effects); break;
    case ACTION_ENTER: open_object(model, effects); break;
    case ACTION_DETAILS: show_details(model, !model->details); break;
    case ACTION_COPY: copy(model, effects); break;
    case ACTION_REFRESH: run_again(model, effects); break;
    case ACTION_CANCEL: cancel(model, effects); break;
    case ACTION_PAUSE: pause_job(model, effects); break;
    case ACTION_COMMAND_PROMPT: effect_to_prompt(effects); break;
    default:
        if (action_row(input->action)->group == ACTION_GROUP_SCREEN)
            update_table(model, input->action, effects);
        else
            move(model, input);
        break;
    }
}

/* Every screen on the stack hears of every job. */
static void update_event(struct results_model *model, const struct message *event, struct effects *effects)
{
    if (event->job != model->job)
        return;
    switch (event->kind) {
    case EVENT_ARRANGED: results_arranged(model, event, effects); break;
    case EVENT_FOUND: results_found(model, event, effects); break;
    default:
        results_sync(model);
        results_take_wish(model, effects);
        take_question(model);
        break;
    }
}

/* Rows that were on their way when the person cancelled arrive without an event. */
static void catch_up(struct results_model *model)
{
    const struct job_view *job = results_job(model);
    if (job && job->state == JOB_CANCELLED)
        results_sync(model);
}

static void update_keys(struct results_model *model, const struct ui_input *input, struct effects *effects)
{
    catch_up(model);
    if (dialog_open(&model->confirm))
        update_confirm(model, input, effects);
    else if (run_question_open(&model->question))
        update_question(model, input, effects);
    else if (dialog_open(&model->prompt))
        results_prompt_input(model, input, effects);
    else if (input->kind == INPUT_ACTION)
        update_action(model, input, effects);
}

static void results_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct results_model *model = context;
    switch (input->kind) {
    case INPUT_EVENT: update_event(model, input->event, effects); break;
    case INPUT_RESIZE: take_size(model, input->rows, input->columns); break;
    case INPUT_TICK:
        results_fill_notes(model);
        results_resize(model);
        break;
    case INPUT_ACTION:
    case INPUT_TEXT:
    case INPUT_PASTE: update_keys(model, input, effects); break;
    }
}

/* ---- offer, title, life ---- */

static void offer_all(struct offer *offer, const struct offered_action *actions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        offer_add(offer, actions[i].action, actions[i].label);
}

static void offer_table(struct offer *offer)
{
    static const struct offered_action first[] = {
        { ACTION_ENTER, NULL },  { ACTION_SORT, NULL }, { ACTION_FILTER, NULL }, { ACTION_SEARCH, NULL },
        { ACTION_DETAILS, NULL }, { ACTION_COPY, NULL }, { ACTION_BACK, NULL },
    };
    offer_all(offer, first, sizeof first / sizeof first[0]);
}

/* Too many for the bottom line; the help screen lists them. */
static void offer_rest(const struct results_model *model, struct offer *offer)
{
    static const struct offered_action rest[] = {
        { ACTION_SORT_ADD, NULL },     { ACTION_FIND_NEXT, NULL },           { ACTION_FIND_PREVIOUS, NULL },
        { ACTION_EXPAND, NULL },       { ACTION_COLLAPSE, NULL },            { ACTION_NEXT, "Column right" },
        { ACTION_PREVIOUS, "Column left" }, { ACTION_COLUMNS, "Hide column" },
    };
    if (results_shows_table(model))
        offer_all(offer, rest, sizeof rest / sizeof rest[0]);
}

static void offer_job(const struct results_model *model, const struct job_view *job, struct offer *offer)
{
    if (job_running(job)) {
        offer_add(offer, ACTION_CANCEL, NULL);
        offer_add(offer, ACTION_PAUSE, job->paused ? "Go on" : "Pause");
        offer->tick = true;
    } else {
        if (job->progress.can_go_on)
            offer_add(offer, ACTION_PAUSE, "Go on");
        if (!model->details || job->state == JOB_FAILED)
            offer_add(offer, ACTION_REFRESH, NULL);
    }
}

/* The bottom line shows the first that fit: what stops a running cmdlet comes first while one runs, and what goes on
   with a read that broke. */
static void results_offer(const void *context, struct offer *offer)
{
    const struct results_model *model = context;
    const struct job_view *job = results_job(model);
    if (dialog_open(&model->confirm)) {
        dialog_offer(&model->confirm, offer);
    } else if (run_question_open(&model->question)) {
        dialog_offer(&model->question.dialog, offer);
    } else if (dialog_open(&model->prompt)) {
        dialog_offer(&model->prompt, offer);
    } else {
        bool table = results_shows_table(model);
        bool first = job && (job_running(job) || job->progress.can_go_on);
        if (first)
            offer_job(model, job, offer);
        if (table)
            offer_table(offer);
        offer_add(offer, ACTION_COPY, "Copy report");
        offer_add(offer, ACTION_BACK, NULL);
        if (!table && model->rowset && rowset_total(model->rowset) > 0)
            offer_add(offer, ACTION_DETAILS, "Table");
        if (job && !first)
            offer_job(model, job, offer);
        offer_add(offer, ACTION_COMMAND_PROMPT, NULL);
        offer_rest(model, offer);
    }
}

static void results_title(const void *context, struct buf *out)
{
    const struct job_view *job = results_job(context);
    buf_text(out, job ? job->invocation->shown : "Results");
}

static void results_free(void *context)
{
    struct results_model *model = context;
    rowset_close(model->rowset);
    table_free(&model->table);
    text_pane_free(&model->notes);
    dialog_free(&model->prompt);
    dialog_free(&model->confirm);
    run_question_free(&model->question);
    free(model->seen);
    results_wish_free(&model->wish);
    free(model->find);
    free(model->banner);
    free(model);
}

struct screen results_screen(const struct app_state *app, uint64_t job)
{
    static const struct screen_class class = {
        .name = "Results", .free = results_free, .update = results_update, .draw = results_draw, .offer = results_offer,
        .title = results_title,
    };
    struct results_model *model = MEM_NEW(struct results_model);
    model->app = app;
    model->job = job;
    table_init(&model->table);
    text_pane_init(&model->notes);
    return (struct screen){ &class, model };
}
