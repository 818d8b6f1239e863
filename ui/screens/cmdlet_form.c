/* The form of one cmdlet: its parameter sets as tabs, its fields, and the line of PowerShell that they make, which can
   be edited itself.

   The fields are what runs. The line is made from them after every change; an edited line goes into them only when it
   was entered and could be read, so that there never are two truths. Nothing typed is lost on any way out: the browser
   keeps a draft, and where there is no browser the form asks. */
#include "ui/screens/cmdlet_form.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "catalogue/command_line.h"
#include "catalogue/common_parameters.h"
#include "ui/screens/form_fields.h"
#include "ui/screens/parameter_text.h"
#include "ui/screens/line_error.h"
#include "ui/screens/run_question.h"
#include "ui/secret_arguments.h"
#include "ui/widgets/pages.h"

enum { ROOMY_ROWS = 14, TALL_ROWS = 30, LEAST_FORM_ROWS = 3, ROOMY_COLUMNS = 60 };

struct form_model {
    const struct app_state *app;
    uint64_t connection;
    struct cmdlet_fields fields;
    struct drafts *drafts;
    struct run_question question;
    struct dialog leave;
    char *preview;              /* the fields as PowerShell */
    struct line_edit line;      /* the same while it is edited; kept over Esc until a field changes */
    bool editing;
    struct err line_err;
    int line_page;              /* of line_err, where it is longer than its room */
    int rows, columns;
};

/* ---- where things stand ---- */

/* From the top: tabs (when there are several sets), fields, a rule (when there is room), the line. */
struct form_layout { struct area tabs, form, rule, line; };

static bool has_tabs(const struct form_model *model)
{
    return model->fields.cmdlet->set_count > 1;
}

static char *error_text(const struct err *err)
{
    return mem_format("%s%s%s", err->text, err->advice[0] ? ". " : "", err->advice);
}

/* The line while it is edited, with all that is wrong with it. */
static int editing_rows(const struct form_model *model, struct area area)
{
    char *text = model->line_err.kind ? error_text(&model->line_err) : mem_text("");
    int rows = 1 + line_error_placed(&model->line, &model->line_err) + pages_rows(text, area.columns), most = area.rows - LEAST_FORM_ROWS;
    free(text);
    return rows < most ? rows : most;
}

/* The PowerShell line is always there, at the cost of fields: it is what the person agrees to. */
static struct form_layout lay_out(const struct form_model *model, struct area area)
{
    struct form_layout layout = { 0 };
    int line_rows = area.rows >= TALL_ROWS ? 3 : 2, editing = model->editing ? editing_rows(model, area) : 0;
    bool roomy = area.rows >= ROOMY_ROWS;
    area = area_inset(area, 0, area.columns >= ROOMY_COLUMNS ? 1 : 0);
    layout.tabs = area_cut_top(&area, has_tabs(model) ? 1 : 0);
    layout.line = area_cut_bottom(&area, editing > line_rows ? editing : line_rows);
    layout.rule = area_cut_bottom(&area, roomy ? 1 : 0);
    layout.form = area;
    return layout;
}

static void resize(struct form_model *model)
{
    struct form_layout layout = lay_out(model, (struct area){ 0, 0, model->rows, model->columns });
    form_resize(&model->fields.form, layout.form.rows, layout.form.columns);
}

/* ---- the line ---- */

/* Fields that cannot be read yet are left out: the line is true for what is in it. */
static void make_preview(struct form_model *model)
{
    struct invocation *invocation = cmdlet_fields_preview(&model->fields);
    struct buf line = BUF_INIT(BUF_LARGE);
    command_line_print(invocation, &line);
    free(model->preview);
    model->preview = buf_take(&line);
    invocation_free(invocation);
}

/* The fields are what counts now: an unfinished line of before is out of date. */
static void fields_changed(struct form_model *model)
{
    make_preview(model);
    line_edit_free(&model->line);
    model->line.cap = COMMAND_LINE_MAX;
    model->line_err = (struct err){ 0 };
}

/* A line that was left unfinished comes back as it was. */
static void start_editing(struct form_model *model)
{
    model->editing = true;
    if (model->line.length == 0)
        line_edit_set(&model->line, str_of(model->preview));
    resize(model);
}

static const struct session_view *session_of(const struct form_model *model)
{
    return app_state_session(model->app, model->connection);
}

static void open_other(struct form_model *model, const struct invocation *invocation, struct effects *effects);

/* The edited line goes into the fields. A line for another cmdlet opens that one's form; an empty one empties this. */
static void accept_line(struct form_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    struct str line = str_trim(line_edit_text(&model->line));
    if (!session || !session->catalogue)
        return;
    struct invocation *invocation = NULL;
    if (line.len > 0)
        invocation = command_line_parse(line, session->catalogue, &model->line_err);
    /* A form has no place to keep -WhatIf, and without it the call would be carried out. */
    if (invocation && invocation->what_if) {
        refuse_what_if(&model->line_err);
        err_advise(&model->line_err, "On the : line it shows what would change.");
        invocation_free(invocation);
        return;
    }
    if (line.len > 0 && !invocation) {
        line_error_approach(&model->line, &model->line_err);
        return;
    }
    model->editing = false;
    if (invocation && !str_is_nocase(str_of(invocation->cmdlet), model->fields.cmdlet->name)) {
        open_other(model, invocation, effects);
    } else {
        cmdlet_fields_fill(&model->fields, invocation);
        resize(model);
        fields_changed(model);
    }
    invocation_free(invocation);
}

/* The error stands until the line changes: it is what one mends by. */
static void update_line(struct form_model *model, const struct ui_input *input, struct effects *effects)
{
    enum action action = input->kind == INPUT_ACTION ? input->action : ACTION_NONE;
    if (pages_turn(&model->line_page, input))
        return;
    model->line_page = 0;
    if (action == ACTION_ENTER)
        accept_line(model, effects);
    else if (action == ACTION_BACK || action == ACTION_EDIT)
        model->editing = false;
    else if (line_edit_input(&model->line, input) == LINE_EDIT_CHANGED)
        model->line_err = (struct err){ 0 };
    resize(model);
}

/* ---- leaving ---- */

/* False: there is nobody to keep it. An untouched form leaves no draft behind, not even an earlier one. */
static bool keep_draft(struct form_model *model)
{
    if (!model->drafts)
        return false;
    if (cmdlet_fields_touched(&model->fields) || model->fields.given->count > 0)
        drafts_keep(model->drafts, cmdlet_fields_draft(&model->fields));
    else
        drafts_drop(model->drafts, model->fields.cmdlet);
    return true;
}

/* The form goes from the stack; what is in it does not go without a word. */
static void leave(struct form_model *model, struct effects *effects)
{
    bool touched = cmdlet_fields_touched(&model->fields);
    if (!keep_draft(model) && touched) {
        dialog_confirm(&model->leave, "Leave this form?", "What you filled in is not kept.", "Leave", "Stay");
        return;
    }
    effect_pop(effects);
    if (touched)
        effect_status(effects, STATUS_INFO, "Kept: open %s again and your values are there.",
                      model->fields.cmdlet->shown);
}

/* The other form takes this one's place, and Esc there leads to the browser. */
static void open_other(struct form_model *model, const struct invocation *invocation, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    const struct cmdlet *cmdlet = catalogue_find(session->catalogue, str_of(invocation->cmdlet));
    keep_draft(model);
    effect_replace(effects, cmdlet_form_with_drafts(model->app, model->connection, cmdlet, invocation, model->drafts));
}

/* ---- running ---- */

/* The results lie over the form: going back finds it as it was. */
static void start(struct form_model *model, struct pipeline *pipeline, struct effects *effects)
{
    uint64_t job = effect_run(effects, model->connection, pipeline);
    effect_push(effects, results_screen(model->app, job));
}

/* The error goes to the field that it names; PowerShell's own ones are unfolded for it. */
static void point_at(struct form_model *model, const struct err *err, struct effects *effects)
{
    struct form_field *field = form_find(&model->fields.form, err->field);
    if (field && field->hidden) {
        cmdlet_fields_show_common(&model->fields, true);
        field = form_find(&model->fields.form, err->field);
    }
    if (field) {
        char *text = cmdlet_fields_error(field, err);
        form_focus(&model->fields.form, field->name);
        form_set_error(field, text);
        resize(model);
        free(text);
    }
    effect_status(effects, STATUS_ERROR, "%s", err->text);
}

/* A form outlives its connection: what was typed can still be copied from it. */
static bool is_connected(const struct form_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    if (session && session->state == SESSION_CONNECTED)
        return true;
    effect_status(effects, STATUS_ERROR,
                  "The connection is closed. Connect again to run this; the form stays as it is.");
    return false;
}

/* Three nets: each field by itself, the values together, and the question before a change. */
static void run(struct form_model *model, struct effects *effects)
{
    struct cmdlet_fields *fields = &model->fields;
    struct err err = { 0 };
    if (!is_connected(model, effects))
        return;
    if (!form_check(&fields->form)) {
        effect_status(effects, STATUS_ERROR, "Not run: see what stands at %s.", form_focused(&fields->form)->label);
        return;
    }
    struct invocation *invocation = cmdlet_fields_invocation(fields, &err);
    if (!invocation || !invocation_validate(invocation, fields->cmdlet, fields->cmdlet->sets[fields->set], &err)) {
        point_at(model, &err, effects);
        invocation_free(invocation);
        return;
    }
    struct pipeline *pipeline = pipeline_of(invocation, fields->cmdlet);
    if (!secret_arguments_fetch(pipeline, false, &err)) {
        point_at(model, &err, effects);
        pipeline_free(pipeline);
        return;
    }
    if (run_question_ask(&model->question, session_of(model), pipeline, model->rows, model->columns))
        start(model, pipeline, effects);
}

/* ---- update ---- */

/* Around the end, since two sets are the usual case. */
static void turn_tab(struct form_model *model, size_t by)
{
    size_t count = model->fields.cmdlet->set_count;
    cmdlet_fields_use_set(&model->fields, (model->fields.set + count + by) % count);
    resize(model);
    fields_changed(model);
}

/* Folded or not, they count: folding is for the eye. */
static void show_common(struct form_model *model)
{
    cmdlet_fields_show_common(&model->fields, !model->fields.common_shown);
    resize(model);
}

/* Enter goes on to the next field and runs at the last; a field with an error keeps the focus. */
static void enter(struct form_model *model, struct effects *effects)
{
    const struct form_field *field = form_focused(&model->fields.form);
    if (field && field->error[0])
        effect_status(effects, STATUS_ERROR, "%s", field->error);
    else if (!field || !form_next(&model->fields.form))
        run(model, effects);
}

static void update_form(struct form_model *model, const struct ui_input *input, struct effects *effects)
{
    switch (form_input(&model->fields.form, input)) {
    case FORM_CHANGED: fields_changed(model); break;
    case FORM_ENTER: enter(model, effects); break;
    case FORM_IGNORED:
        if (input->kind == INPUT_ACTION && input->action == ACTION_ENTER)
            run(model, effects);
        break;
    case FORM_USED: break;
    }
}

static void update_action(struct form_model *model, const struct ui_input *input, struct effects *effects)
{
    bool list_open = model->fields.form.list_open;
    switch (input->action) {
    case ACTION_RUN: run(model, effects); break;
    case ACTION_EDIT: start_editing(model); break;
    case ACTION_NEXT_TAB: turn_tab(model, 1); break;
    case ACTION_PREVIOUS_TAB: turn_tab(model, (size_t)-1); break;
    case ACTION_EXPERT: show_common(model); break;
    case ACTION_COMMAND_PROMPT:
        if (keep_draft(model))
            effect_to_prompt(effects);
        break;
    case ACTION_COPY: effect_copy(effects, str_of(model->preview), "the line"); break;
    case ACTION_BACK:
        if (!list_open) {
            leave(model, effects);
            break;
        }
        /* fall through */
    default: update_form(model, input, effects); break;
    }
}

/* The connection may have gone while the question stood there. */
static void update_question(struct form_model *model, const struct ui_input *input, struct effects *effects)
{
    struct pipeline *pipeline = run_question_input(&model->question, input);
    if (pipeline && is_connected(model, effects))
        start(model, pipeline, effects);
    else
        pipeline_free(pipeline);
}

/* Events of jobs change nothing here; drawing asks the app's state anew anyway. */
static void form_screen_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct form_model *model = context;
    if (input->kind == INPUT_EVENT || input->kind == INPUT_TICK)
        return;
    if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        resize(model);
    } else if (run_question_open(&model->question)) {
        update_question(model, input, effects);
    } else if (dialog_open(&model->leave)) {
        if (dialog_input(&model->leave, input) == DIALOG_YES)
            effect_pop(effects);
    } else if (model->editing) {
        update_line(model, input, effects);
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input, effects);
    } else {
        update_form(model, input, effects);
    }
}

/* ---- draw ---- */

static int tabs_width(const struct cmdlet *cmdlet)
{
    int width = 0;
    for (size_t i = 0; i < cmdlet->set_count; i++)
        width += text_width(str_of(parameter_set_text(cmdlet->sets[i]))) + 3;
    return width;
}

/* Where not all names fit, the present one and its number say enough. */
static void draw_tabs(const struct form_model *model, struct cells *cells, struct area row)
{
    const struct cmdlet *cmdlet = model->fields.cmdlet;
    int at = row.column;
    if (tabs_width(cmdlet) > row.columns) {
        cells_format(cells, row.row, at, row.columns, STYLE_SELECTED_DIM, " %s (set %zu of %zu) ",
                     parameter_set_text(cmdlet->sets[model->fields.set]), model->fields.set + 1, cmdlet->set_count);
        return;
    }
    for (size_t i = 0; i < cmdlet->set_count; i++) {
        enum style style = i == model->fields.set ? STYLE_SELECTED_DIM : STYLE_TEXT;
        at += cells_format(cells, row.row, at, row.columns, style, " %s ", parameter_set_text(cmdlet->sets[i])) + 1;
    }
}

static void draw_rule(const struct form_model *model, struct cells *cells, struct area row)
{
    const char *title = model->editing ? " PowerShell: Enter takes it over, empty clears the form " : " PowerShell ";
    if (row.rows == 0)
        return;
    cells_line(cells, row.row, row.column, row.columns, STYLE_BORDER);
    cells_put_text(cells, row.row, row.column + 1, row.columns - 2, STYLE_LABEL, title);
}

/* The line as it would run, or the one that is being edited with what is wrong with it. */
static void draw_line(const struct form_model *model, struct cells *cells, struct area area)
{
    if (!model->editing) {
        cells_wrap(cells, area, STYLE_CODE, model->preview);
        return;
    }
    struct area row = area_cut_top(&area, 1);
    line_edit_draw(&model->line, cells, row.row, row.column, row.columns, true, "Get-Something -Parameter value");
    if (model->line_err.kind == ERR_NONE)
        return;
    if (area.rows > 1 && line_error_placed(&model->line, &model->line_err))
        line_error_mark(&model->line, &model->line_err, cells, area_cut_top(&area, 1), GLYPH_SORT_UP);
    char *text = error_text(&model->line_err);
    pages_draw(cells, area, STYLE_ERROR, text, model->line_page);
    free(text);
}

static void form_screen_draw(const void *context, struct cells *cells, struct area area)
{
    const struct form_model *model = context;
    struct form_layout layout = lay_out(model, area);
    bool asking = run_question_open(&model->question) || dialog_open(&model->leave);
    if (has_tabs(model))
        draw_tabs(model, cells, layout.tabs);
    form_draw(&model->fields.form, cells, layout.form, !model->editing && !asking);
    if (!form_focused(&model->fields.form))
        cells_put_text(cells, layout.form.row, layout.form.column, layout.form.columns, STYLE_DIM,
                       "This cmdlet takes no parameters. F5 runs it.");
    draw_rule(model, cells, layout.rule);
    draw_line(model, cells, layout.line);
    dialog_draw(&model->question.dialog, cells, area);
    dialog_draw(&model->leave, cells, area);
}

/* ---- offer, title, life ---- */

static void offer_form(const struct form_model *model, struct offer *offer)
{
    if (model->fields.form.list_open) {
        form_offer(&model->fields.form, offer);
        return;
    }
    offer_add(offer, ACTION_RUN, NULL);
    form_offer(&model->fields.form, offer);
    if (has_tabs(model)) {
        offer_add(offer, ACTION_NEXT_TAB, "Next set");
        offer_add(offer, ACTION_PREVIOUS_TAB, "Previous set");
    }
    offer_add(offer, ACTION_EDIT, "Edit line");
    offer_add(offer, ACTION_BACK, NULL);
    offer_add(offer, ACTION_EXPERT, model->fields.common_shown ? "Fold common" : "Common");
    offer_add(offer, ACTION_COPY, "Copy line");
    if (model->drafts)
        offer_add(offer, ACTION_COMMAND_PROMPT, NULL);
}

/* While the line is edited every letter is text, so only keys that are none are offered. */
static void form_screen_offer(const void *context, struct offer *offer)
{
    const struct form_model *model = context;
    if (run_question_open(&model->question)) {
        dialog_offer(&model->question.dialog, offer);
    } else if (dialog_open(&model->leave)) {
        dialog_offer(&model->leave, offer);
    } else if (model->editing) {
        offer->typing = true;
        offer_add(offer, ACTION_ENTER, "Take over");
        offer_add(offer, ACTION_BACK, "Fields");
    } else {
        offer_form(model, offer);
    }
}

static void form_screen_title(const void *context, struct buf *out)
{
    const struct form_model *model = context;
    buf_text(out, model->fields.cmdlet->shown);
}

static void form_screen_free(void *context)
{
    struct form_model *model = context;
    cmdlet_fields_free(&model->fields);
    run_question_free(&model->question);
    dialog_free(&model->leave);
    line_edit_free(&model->line);
    free(model->preview);
    free(model);
}

/* What was given with the command wins over the draft, which is only what was left lying. */
struct screen cmdlet_form_with_drafts(const struct app_state *app, uint64_t connection, const struct cmdlet *cmdlet,
                                      const struct invocation *initial, struct drafts *drafts)
{
    static const struct screen_class class = {
        .name = "Form", .free = form_screen_free, .update = form_screen_update, .draw = form_screen_draw,
        .offer = form_screen_offer, .title = form_screen_title,
    };
    struct form_model *model = MEM_NEW(struct form_model);
    const struct draft *draft = drafts ? drafts_find(drafts, cmdlet) : NULL;
    model->app = app;
    model->connection = connection;
    model->drafts = drafts;
    line_edit_init(&model->line, COMMAND_LINE_MAX);
    cmdlet_fields_init(&model->fields, cmdlet);
    if (initial)
        cmdlet_fields_fill(&model->fields, initial);
    else if (draft)
        cmdlet_fields_restore(&model->fields, draft);
    make_preview(model);
    return (struct screen){ &class, model };
}

struct screen cmdlet_form_screen(const struct app_state *app, uint64_t connection, const struct cmdlet *cmdlet,
                                 const struct invocation *initial)
{
    return cmdlet_form_with_drafts(app, connection, cmdlet, initial, NULL);
}
