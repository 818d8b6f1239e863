/* The cmdlet browser: a line to type in, the cmdlets that match, what the selected one takes, and the ':' line.

   The line has the cursor from the start, so that a person who does not know the name can begin with what they know of
   it. Everything that must outlive a form (drafts, history, what was used) lives here, below the forms on the stack. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "catalogue/known_cmdlets.h"
#include "pipeline/local_cmdlets.h"
#include "ui/connection_information.h"
#include "ui/screens/browser_list.h"
#include "ui/screens/browser_pane.h"
#include "ui/screens/cmdlet_form.h"
#include "ui/screens/command_prompt.h"
#include "ui/screens/run_question.h"
#include "ui/secret_arguments.h"
#include "ui/widgets/list.h"

enum { WIDE_COLUMNS = 72, HIGH_ROWS = 16, LIST_WIDEST = 56 };

struct browser_model {
    const struct app_state *app;
    uint64_t connection;
    struct line_edit search;
    struct browser_list entries;
    struct list list;
    struct text_pane pane;
    bool in_pane;                   /* the pane has the keys */
    bool pane_over;                 /* no room for both: the pane covers the list */
    struct command_prompt prompt;
    struct run_question question;
    struct dialog leave;            /* really disconnect? */
    struct catalogue *local;        /* the cmdlets that need no service */
    struct drafts drafts;
    int rows, columns;
};

static const struct session_view *session_of(const struct browser_model *model)
{
    return app_state_session(model->app, model->connection);
}

static const struct catalogue *catalogue_of(const struct browser_model *model)
{
    const struct session_view *session = session_of(model);
    return session ? session->catalogue : NULL;
}

static bool connected(const struct browser_model *model)
{
    const struct session_view *session = session_of(model);
    return session && session->state == SESSION_CONNECTED;
}

/* ---- where things stand ---- */

/* Side by side where it is wide, one below the other where it is high, else one at a time (40x10). An area without rows
   is not shown. update and draw ask the same function, so that scrolling fits what is seen. */
struct browser_layout { struct area search, list, rule, pane, prompt; };

/* Beside each other where there is room, above each other on a high screen, and on a small one the details lie over
   the list. */
static struct browser_layout lay_out(const struct browser_model *model, struct area area)
{
    struct browser_layout layout = { 0 };
    layout.prompt = area_cut_bottom(&area, command_prompt_rows(&model->prompt, area.columns));
    layout.search = area_cut_top(&area, 1);
    if (area.columns >= WIDE_COLUMNS) {
        int columns = area.columns / 2 < LIST_WIDEST ? area.columns / 2 : LIST_WIDEST;
        layout.list = area_cut_left(&area, columns);
        layout.rule = area_cut_left(&area, 1);
        area_cut_left(&area, 1);
        layout.pane = area;
    } else if (area.rows >= HIGH_ROWS) {
        layout.list = area_cut_top(&area, area.rows / 2);
        layout.rule = area_cut_top(&area, 1);
        layout.pane = area;
    } else if (model->pane_over) {
        layout.pane = area;
    } else {
        layout.list = area;
    }
    return layout;
}

static bool has_room_for_both(const struct browser_model *model)
{
    struct browser_layout layout = lay_out(model, (struct area){ 0, 0, model->rows, model->columns });
    return layout.list.rows > 0 && layout.pane.rows > 0;
}

static void resize(struct browser_model *model)
{
    struct browser_layout layout = lay_out(model, (struct area){ 0, 0, model->rows, model->columns });
    list_resize(&model->list, layout.list.rows);
    text_pane_resize(&model->pane, layout.pane.rows, layout.pane.columns);
    /* The terminal has grown: nothing needs to be covered any more. */
    if (has_room_for_both(model) && model->pane_over) {
        model->pane_over = model->in_pane = false;
        resize(model);
    }
}

/* ---- the list ---- */

/* NULL while nothing matches: then Enter does nothing. */
static const struct entry *selected(const struct browser_model *model)
{
    int64_t row = model->list.selected;
    return row >= 0 && row < (int64_t)model->entries.count ? &model->entries.items[row] : NULL;
}

/* Always about the selected entry, read from its start. */
static void fill_pane(struct browser_model *model)
{
    const struct entry *entry = selected(model);
    text_pane_clear(&model->pane);
    if (entry && entry->kind == ENTRY_CMDLET && entry->missing)
        browser_pane_missing(&model->pane, catalogue_of(model), entry->cmdlet);
    else if (entry && entry->kind == ENTRY_CMDLET)
        browser_pane_cmdlet(&model->pane, entry->cmdlet);
    else if (entry && entry->kind == ENTRY_JOB)
        browser_pane_job(&model->pane, app_state_job(model->app, entry->job));
    model->pane.top = 0;
    resize(model);
}

static void select_row(struct browser_model *model, int64_t row, int by)
{
    int64_t found = browser_list_selectable(&model->entries, row, by);
    list_select(&model->list, found);
    /* The heading of the first group would else stay out of sight for good. */
    if (found == 1)
        model->list.top = 0;
    fill_pane(model);
}

/* Hundreds of names are ranked in well under a millisecond, so every key ranks them all anew. */
static void fill_list(struct browser_model *model)
{
    const struct catalogue *catalogue = catalogue_of(model);
    struct str typed = str_trim(line_edit_text(&model->search));
    if (!catalogue)
        return;
    if (typed.len > 0)
        browser_list_rank(&model->entries, catalogue, typed);
    else
        browser_list_all(&model->entries, catalogue, model->app, model->connection);
    list_set_count(&model->list, (int64_t)model->entries.count);
}

/* The best match is the one that Enter opens. */
static void typed(struct browser_model *model)
{
    fill_list(model);
    select_row(model, 0, 1);
}

/* Jobs may have come or gone, cmdlets have been used: the same entry stays selected. */
static void refill(struct browser_model *model)
{
    const struct entry *before = selected(model);
    struct entry kept = before ? *before : (struct entry){ 0 };
    int64_t row = 0;
    fill_list(model);
    for (size_t i = model->entries.count; before && i-- > 0;) {
        const struct entry *entry = &model->entries.items[i];
        if (entry->kind == kept.kind && entry->cmdlet == kept.cmdlet && entry->job == kept.job)
            row = (int64_t)i;
    }
    select_row(model, row, 1);
}

/* Headings are passed over in the direction of the move; at the ends the nearest entry keeps the selection. */
static void move(struct browser_model *model, const struct ui_input *input)
{
    int64_t before = model->list.selected;
    list_input(&model->list, input);
    select_row(model, model->list.selected, model->list.selected < before || input->action == ACTION_UP ? -1 : 1);
}

static void clear_search(struct browser_model *model)
{
    line_edit_set(&model->search, STR(""));
    typed(model);
}

/* ---- what can be done ---- */

/* Where there is no room for both the pane lies over the list, and has the keys as long as it does. */
static void show_pane(struct browser_model *model, bool shown)
{
    model->in_pane = shown;
    model->pane_over = shown && !has_room_for_both(model);
    resize(model);
}

/* Not an unknown command: the pane says what would bring it. */
static void refuse_missing(struct browser_model *model, const struct cmdlet *cmdlet, struct effects *effects)
{
    struct err err = { 0 };
    if (!has_room_for_both(model))
        show_pane(model, true);
    else if (known_cmdlet_refused(catalogue_of(model), str_of(cmdlet->name), &err))
        effect_status(effects, STATUS_ERROR, "%s.", err.text);
}

static void open_selected(struct browser_model *model, struct effects *effects)
{
    const struct entry *entry = selected(model);
    if (entry && entry->missing)
        refuse_missing(model, entry->cmdlet, effects);
    else if (entry && entry->kind == ENTRY_CMDLET)
        effect_push(effects, cmdlet_form_with_drafts(model->app, model->connection, entry->cmdlet, NULL,
                                                     &model->drafts));
    else if (entry && entry->kind == ENTRY_JOB && app_state_job(model->app, entry->job))
        effect_push(effects, results_screen(model->app, entry->job));
}

/* They stand first in the list, so this is only the way there from anywhere. */
static void go_to_jobs(struct browser_model *model, struct effects *effects)
{
    clear_search(model);
    const struct entry *first = selected(model);
    if (first && first->kind == ENTRY_JOB) {
        model->in_pane = false;
        return;
    }
    effect_status(effects, STATUS_INFO,
                  "No results are open. A cmdlet that still runs when you leave its table stands here.");
}

/* Tables belong to their connection for good: they go with it. */
static void disconnect(struct browser_model *model, struct effects *effects)
{
    for (size_t i = 0; i < model->app->job_count; i++)
        if (model->app->jobs[i]->connection == model->connection)
            effect_discard(effects, model->app->jobs[i]->job);
    if (connected(model)) {
        effect_connection(effects, COMMAND_DISCONNECT, model->connection);
        effect_status(effects, STATUS_INFO, "Disconnected from %s.", session_of(model)->account.tenant);
    }
    effect_pop(effects);
}

static const struct dialog_choice ways_to_leave[] = { { 's', "Stay" }, { 'd', "Disconnect" }, { 'o', "Sign out" } };

/* Only what is kept for this account is forgotten; an application has nothing to sign out of. */
static void leave(struct browser_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    char way = ways_to_leave[model->leave.chosen].letter;
    if (way == 'o' && connected(model))
        effect_sign_out(effects, &session->options, session->account.upn);
    if (way != 's')
        disconnect(model, effects);
}

/* There is no way back to a connection without its browser, so leaving means disconnecting. */
static void ask_to_leave(struct browser_model *model, struct effects *effects)
{
    const struct session_view *session = session_of(model);
    size_t open = 0;
    if (!connected(model)) {
        disconnect(model, effects);
        return;
    }
    for (size_t i = 0; i < model->app->job_count; i++)
        open += model->app->jobs[i]->connection == model->connection;
    char *title = mem_format("Disconnect from %s?", session->account.tenant);
    bool person = *session->account.upn && !session->account.app_only;
    char *text = mem_format("%s%s", open > 0 ? "The open results and the values kept in forms go with it." : "The values kept in forms go with it.",
                            person ? " Signing out also forgets what is kept of this sign-in." : "");
    dialog_choose(&model->leave, title, text, ways_to_leave, person ? 3 : 2, 0);
    free(title);
    free(text);
}

/* The line is given up only now that it runs. */
static void start(struct browser_model *model, struct pipeline *pipeline, struct effects *effects)
{
    if (!connected(model)) {
        pipeline_free(pipeline);
        effect_status(effects, STATUS_ERROR, "The connection is closed. Connect again to run this.");
        return;
    }
    command_prompt_done(&model->prompt);
    /* A prefix of another connection: the rows lie where the top line names their tenant. */
    uint64_t connection = pipeline_connection(pipeline, model->connection);
    if (connection != model->connection) {
        const struct session_view *session = app_state_session(model->app, connection);
        command_prompt_remember(&model->prompt, pipeline->text);
        effect_show(effects, connection);
        effect_status(effects, STATUS_INFO, "%s is of %s, which is on show now.", pipeline_main(pipeline)->invocation->shown,
                      session ? session->account.tenant : "another connection");
    }
    uint64_t job = effect_run(effects, connection, pipeline);
    effect_push(effects, results_screen(model->app, job));
}

/* ---- update ---- */

static struct json *connections(void *context)
{
    const struct browser_model *model = context;
    struct json *list = json_new_array();
    for (size_t i = 0; i < model->app->session_count; i++) {
        const struct session_view *session = model->app->sessions[i];
        if (session->state == SESSION_CONNECTED)
            json_add(list, NULL, connection_information(session->connection, &session->account, &session->options, session->catalogue, true,
                                                        model->app->now_unix));
    }
    return list;
}

/* The form opens with what the line says, and connects by itself when nothing is missing. */
static void connect_by_line(struct browser_model *model, struct statement *statement, struct effects *effects)
{
    struct options options;
    struct err err = { 0 };
    int left = 0;
    char **rest = mem_array(statement->word_count + 1, sizeof *rest);
    options_init(&options);
    if (!options_parse(&options, (int)statement->word_count, statement->words, true, rest, &left, &err)) {
        effect_status(effects, STATUS_ERROR, "%s", err.text);
    } else if (left > 0) {
        effect_status(effects, STATUS_ERROR, "Connect-IPPSSession does not know %s", rest[0]);
    } else {
        command_prompt_done(&model->prompt);
        effect_push(effects, connect_screen(model->app, &options, true));
    }
    options_free(&options);
    free(rest);
}

/* The one on show, or the first that has one of the prefixes, which comes on show and asks. */
static void disconnect_by_line(struct browser_model *model, const struct statement *statement, struct effects *effects)
{
    const char *prefix = statement->word_count ? statement->words[0] : NULL;
    for (size_t i = 0; prefix && i < model->app->session_count; i++) {
        const struct session_view *session = model->app->sessions[i];
        const char *own = session->state == SESSION_CONNECTED && session->catalogue ? session->catalogue->prefix : NULL;
        bool meant = own && str_is_nocase(str_of(own), prefix);
        if (meant && session->connection != model->connection) {
            effect_show(effects, session->connection);
            effect_action(effects, ACTION_DISCONNECT);
            return;
        }
        prefix = meant ? NULL : prefix;
    }
    if (prefix)
        effect_status(effects, STATUS_ERROR, "No open connection has the prefix %s.", prefix);
    else
        ask_to_leave(model, effects);
}

static void run_statement(struct browser_model *model, struct statement *statement, struct effects *effects)
{
    struct pipeline *pipeline = statement->pipeline;
    switch (statement->kind) {
    case STATEMENT_CONNECT:
        connect_by_line(model, statement, effects);
        return;
    case STATEMENT_DISCONNECT:
        command_prompt_done(&model->prompt);
        disconnect_by_line(model, statement, effects);
        return;
    case STATEMENT_NOTHING:
        command_prompt_done(&model->prompt);
        return;
    case STATEMENT_PIPELINE:
        break;
    }
    if (!secret_arguments_fetch(pipeline, false, &model->prompt.err)) {
        model->prompt.open = true;
        return;
    }
    statement->pipeline = NULL;
    const struct session_view *session = app_state_session(model->app, pipeline_connection(pipeline, model->connection));
    if (run_question_ask(&model->question, session, pipeline, model->rows, model->columns))
        start(model, pipeline, effects);
}

/* The other connections that are open; others has room for all. */
static size_t list_others(const struct browser_model *model, struct linked *others)
{
    size_t count = 0;
    for (size_t i = 0; i < model->app->session_count; i++) {
        const struct session_view *session = model->app->sessions[i];
        if (session->state == SESSION_CONNECTED && session->connection != model->connection && session->catalogue)
            others[count++] = (struct linked){ session->catalogue, session->connection };
    }
    return count;
}

static void update_prompt(struct browser_model *model, const struct ui_input *input, struct effects *effects)
{
    struct linked *others = mem_array(model->app->session_count + 1, sizeof *others);
    const struct language language = {
        .catalogue = catalogue_of(model), .connection = model->connection, .others = others, .other_count = list_others(model, others),
        .local = model->local, .connections = connections, .context = model,
    };
    struct statement *statement = language.catalogue ? command_prompt_input(&model->prompt, &language, input) : NULL;
    if (statement)
        run_statement(model, statement, effects);
    statement_free(statement);
    free(others);
    resize(model);
}

/* A ':' starts no name, so it can open the command line from the empty search. */
static bool asks_for_prompt(const struct browser_model *model, const struct ui_input *input)
{
    return input->kind == INPUT_TEXT && str_is(input->text, ":") && model->search.length == 0;
}

/* Nobody searches for text with a parameter in it: a whole line was copied from a page or a script. */
static bool is_pasted_line(const struct ui_input *input)
{
    return input->kind == INPUT_PASTE && str_contains_nocase(input->text, STR(" -"));
}

static void open_prompt(struct browser_model *model)
{
    command_prompt_open(&model->prompt);
    resize(model);
}

/* One step at a time: out of the pane, then the text, then the connection. */
static void back(struct browser_model *model, struct effects *effects)
{
    if (model->in_pane)
        show_pane(model, false);
    else if (model->search.length > 0)
        clear_search(model);
    else
        ask_to_leave(model, effects);
}

/* What is no command of the screen edits the line, or scrolls the pane when that has the keys. */
static void other_input(struct browser_model *model, const struct ui_input *input)
{
    if (model->in_pane)
        text_pane_input(&model->pane, input);
    else if (line_edit_input(&model->search, input) == LINE_EDIT_CHANGED)
        typed(model);
}

static void update_action(struct browser_model *model, const struct ui_input *input, struct effects *effects)
{
    switch (input->action) {
    case ACTION_ENTER: open_selected(model, effects); break;
    case ACTION_BACK: back(model, effects); break;
    case ACTION_NEXT_FIELD:
    case ACTION_PREVIOUS_FIELD:
    case ACTION_DETAILS: show_pane(model, !model->in_pane); break;
    case ACTION_COMMAND_PROMPT: open_prompt(model); break;
    case ACTION_DISCONNECT: ask_to_leave(model, effects); break;
    case ACTION_CONNECT: effect_push(effects, connect_screen(model->app, NULL, false)); break;
    case ACTION_JOBS: go_to_jobs(model, effects); break;
    case ACTION_SEARCH: show_pane(model, false); break;
    case ACTION_UP:
    case ACTION_DOWN:
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        if (!model->in_pane) {
            move(model, input);
            break;
        }
        /* fall through */
    default: other_input(model, input); break;
    }
}

/* What really started counts as used, from a form as from the prompt. */
static void update_event(struct browser_model *model, const struct message *event)
{
    const struct job_view *job = event->kind == EVENT_JOB_STARTED ? app_state_job(model->app, event->job) : NULL;
    const struct catalogue *catalogue = catalogue_of(model);
    if (!job || job->connection != model->connection || !catalogue)
        return;
    const struct cmdlet *cmdlet = catalogue_find(catalogue, str_of(job->invocation->cmdlet));
    if (cmdlet)
        browser_list_used(&model->entries, cmdlet);
    command_prompt_remember(&model->prompt, job->line);
}

/* A "no" leads back to the line, not past it. */
static void update_question(struct browser_model *model, const struct ui_input *input, struct effects *effects)
{
    struct pipeline *pipeline = run_question_input(&model->question, input);
    if (pipeline)
        start(model, pipeline, effects);
    else if (!run_question_open(&model->question))
        open_prompt(model);
}

/* From the topmost layer down: whoever asks gets the keys, and the list gets what nobody else wants. */
static void browser_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct browser_model *model = context;
    if (input->kind == INPUT_EVENT) {
        update_event(model, input->event);
    } else if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        resize(model);
        refill(model);
    } else if (run_question_open(&model->question)) {
        update_question(model, input, effects);
    } else if (dialog_open(&model->leave)) {
        if (dialog_input(&model->leave, input) == DIALOG_YES)
            leave(model, effects);
    } else if (model->prompt.open) {
        update_prompt(model, input, effects);
    } else if (asks_for_prompt(model, input)) {
        open_prompt(model);
    } else if (is_pasted_line(input)) {
        open_prompt(model);
        line_edit_set(&model->prompt.edit, str_trim(input->text));
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input, effects);
    } else {
        other_input(model, input);
    }
}

/* ---- draw ---- */

/* "n of m" also says that the list is all there is: cmdlets come with the account's roles. */
static void draw_search(const struct browser_model *model, struct cells *cells, struct area row, bool focused)
{
    const struct catalogue *catalogue = catalogue_of(model);
    struct buf count = BUF_INIT(BUF_SMALL);
    if (connected(model))
        buf_format(&count, "%zu of %zu", model->entries.found, catalogue ? catalogue->count : 0);
    else
        buf_text(&count, "connection closed");
    struct area right = area_cut_right(&row, (int)count.len + 1);
    cells_put_right(cells, right.row, right.column, right.columns, connected(model) ? STYLE_DIM : STYLE_ERROR,
                    buf_str(&count));
    line_edit_draw(&model->search, cells, row.row, row.column + 1, row.columns - 1, focused,
                   row.columns >= 60 ? "Type a few letters to find a cmdlet; : for a line of PowerShell"
                                     : "Type to find, : for a line");
    buf_free(&count);
}

/* The letters that matched stand out: they say why a name is there. */
static void draw_cmdlet(const struct entry *entry, bool ranked, enum style style, struct cells *cells, struct area area)
{
    struct str name = str_of(entry->cmdlet->shown);
    /* What cannot be run stands back; reverse stays legible where it is selected. */
    style = entry->missing && style == STYLE_TEXT ? STYLE_DIM : style;
    int used = cells_put(cells, area.row, area.column + 1, area.columns - 1, style, name);
    for (int i = 0; i < used && i < 64; i++)
        if (entry->matched >> i & 1)
            cells_restyle(cells, (struct area){ area.row, area.column + 1 + i, 1, 1 }, STYLE_MATCH);
    bool room = ranked && used + 5 + text_width(str_of(entry->cmdlet->area)) < area.columns;
    if (room)
        cells_put_right(cells, area.row, area.column + used + 2, area.columns - used - 3,
                        style == STYLE_TEXT ? STYLE_DIM : style, str_of(entry->cmdlet->area));
}

/* The line may be long, the count is why one looks: so the count keeps its room. */
static void draw_job(const struct job_view *job, enum style style, struct cells *cells, struct area area)
{
    struct buf state = BUF_INIT(BUF_SMALL);
    if (!job)
        return;
    browser_job_count(job, &state);
    struct area right = area_cut_right(&area, (int)state.len + 2);
    cells_put(cells, area.row, area.column + 1, area.columns - 1, style, str_of(job->line));
    cells_put_right(cells, right.row, right.column, right.columns - 1, style == STYLE_TEXT ? STYLE_DIM : style,
                    buf_str(&state));
    buf_free(&state);
}

static void draw_row(const void *context, int64_t row, bool chosen, enum style style, struct cells *cells,
                     struct area area)
{
    const struct browser_model *model = context;
    const struct entry *entry = &model->entries.items[row];
    (void)chosen;
    if (entry->kind == ENTRY_HEADING)
        cells_put_text(cells, area.row, area.column, area.columns, STYLE_HEADER, entry->heading);
    else if (entry->kind == ENTRY_JOB)
        draw_job(app_state_job(model->app, entry->job), style, cells, area);
    else
        draw_cmdlet(entry, model->search.length > 0, style, cells, area);
}

static void draw_nothing(const struct browser_model *model, struct cells *cells, struct area area)
{
    if (!catalogue_of(model)) {
        cells_put_text(cells, area.row, area.column, area.columns, STYLE_ERROR, "Not connected.");
        return;
    }
    cells_put_text(cells, area.row, area.column, area.columns, STYLE_WARNING, "No cmdlet matches.");
    cells_put_text(cells, area.row + 1, area.column, area.columns, STYLE_DIM, "None that this service is known to have.");
}

static void draw_rule(const struct browser_layout *layout, struct cells *cells)
{
    if (layout->rule.columns == 1)
        cells_line_down(cells, layout->rule.row, layout->rule.column, layout->rule.rows, STYLE_BORDER);
    else if (layout->rule.rows == 1)
        cells_line(cells, layout->rule.row, layout->rule.column, layout->rule.columns, STYLE_BORDER);
}

/* Questions are drawn last, since they lie over everything. */
static void browser_draw(const void *context, struct cells *cells, struct area area)
{
    const struct browser_model *model = context;
    struct browser_layout layout = lay_out(model, area);
    bool asking = run_question_open(&model->question) || dialog_open(&model->leave);
    draw_search(model, cells, layout.search, !model->in_pane && !model->prompt.open && !asking);
    if (layout.list.rows > 0 && model->entries.count == 0)
        draw_nothing(model, cells, layout.list);
    else if (layout.list.rows > 0)
        list_draw(&model->list, cells, layout.list, !model->in_pane, draw_row, model);
    draw_rule(&layout, cells);
    if (layout.pane.rows > 0)
        text_pane_draw(&model->pane, cells, layout.pane);
    command_prompt_draw(&model->prompt, cells, layout.prompt);
    dialog_draw(&model->question.dialog, cells, area);
    dialog_draw(&model->leave, cells, area);
}

/* ---- offer, title, life ---- */

/* A table left while its cmdlet runs shows its count here; the open ones stand first. */
static bool counts_something(const struct browser_model *model)
{
    for (size_t i = 0; i < model->entries.count && model->entries.items[i].kind != ENTRY_CMDLET; i++) {
        const struct job_view *job = app_state_job(model->app, model->entries.items[i].job);
        if (job && job_running(job))
            return true;
    }
    return false;
}

static const char *back_label(const struct browser_model *model)
{
    if (model->in_pane || (model->search.length == 0 && !connected(model)))
        return "Back";
    return model->search.length > 0 ? "Clear" : "Disconnect";
}

/* The most useful first: the bottom line shows as many as fit. */
static void offer_list(const struct browser_model *model, struct offer *offer)
{
    const struct entry *entry = selected(model);
    offer->typing = !model->in_pane;
    if (entry)
        offer_add(offer, ACTION_ENTER, entry->kind == ENTRY_JOB ? "Open table" : entry->missing ? "Why not" : "Open");
    if (!model->in_pane)
        offer_add(offer, has_room_for_both(model) ? ACTION_NEXT_FIELD : ACTION_DETAILS, "Details");
    offer_add(offer, ACTION_BACK, back_label(model));
    offer_add(offer, ACTION_CONNECT, "Other tenant");
    if (connected(model))
        offer_add(offer, ACTION_DISCONNECT, NULL);
    offer_add(offer, ACTION_COMMAND_PROMPT, NULL);
    offer_add(offer, ACTION_JOBS, "Open results");
    if (model->in_pane)
        offer_add(offer, ACTION_SEARCH, NULL);
    offer->tick = counts_something(model);
}

static void browser_offer(const void *context, struct offer *offer)
{
    const struct browser_model *model = context;
    if (run_question_open(&model->question)) {
        dialog_offer(&model->question.dialog, offer);
    } else if (dialog_open(&model->leave)) {
        dialog_offer(&model->leave, offer);
    } else if (model->prompt.open) {
        offer->typing = true;
        offer_add(offer, ACTION_ENTER, "Run");
        offer_add(offer, ACTION_NEXT_FIELD, "Complete");
        offer_add(offer, ACTION_UP, "Earlier");
        offer_add(offer, ACTION_BACK, "Close");
    } else {
        offer_list(model, offer);
    }
}

/* Drafts go with the list: a form that was left half filled lives as long as its connection's screen. */
static void browser_free(void *context)
{
    struct browser_model *model = context;
    browser_list_free(&model->entries);
    text_pane_free(&model->pane);
    line_edit_free(&model->search);
    command_prompt_free(&model->prompt);
    run_question_free(&model->question);
    dialog_free(&model->leave);
    drafts_free(&model->drafts);
    catalogue_free(model->local);
    free(model);
}

static uint64_t browser_connection(const void *context)
{
    const struct browser_model *model = context;
    return model->connection;
}

struct screen browser_screen(const struct app_state *app, uint64_t connection)
{
    static const struct screen_class class = {
        .name = "Cmdlets", .free = browser_free, .update = browser_update, .draw = browser_draw, .offer = browser_offer,
        .connection = browser_connection,
    };
    struct browser_model *model = MEM_NEW(struct browser_model);
    model->app = app;
    model->connection = connection;
    model->local = local_catalogue_new();
    model->list.selected = -1;
    line_edit_init(&model->search, 128);
    text_pane_init(&model->pane);
    command_prompt_init(&model->prompt);
    return (struct screen){ &class, model };
}
