/* Sort, filter and find: asked of the engine, shown when its answer comes. Until then the table stays as it is. */
#include <stdlib.h>

#include "base/mem.h"
#include "results/filter.h"
#include "ui/screens/results_model.h"

static bool is_plain(const struct arrangement *arrangement)
{
    return arrangement->key_count == 0 && arrangement->filter[0] == '\0';
}

/* The header shows what was asked for, at once; the counter says that the rows are not there yet. */
static void show_marks(struct results_model *model)
{
    table_clear_sort(&model->table);
    for (int i = 0; i < model->asked.key_count; i++)
        table_set_sort(&model->table, (size_t)model->asked.keys[i].column,
                       model->asked.keys[i].descending ? TABLE_DESCENDING : TABLE_ASCENDING, i + 1);
}

/* Asks for what model->asked says. The order of arrival needs nobody's help. */
static void arrange(struct results_model *model, struct effects *effects)
{
    show_marks(model);
    if (is_plain(&model->asked)) {
        model->asked_view = 0;
        model->shown = model->asked;
        results_use_view(model, 0);
        return;
    }
    model->asked_view = ++model->last_view;
    effect_arrange(effects, model->job, model->asked_view, &model->asked);
}

/* ---- sort ---- */

static int key_of(const struct arrangement *arrangement, size_t column)
{
    int at = 0;
    while (at < arrangement->key_count && (size_t)arrangement->keys[at].column != column)
        at++;
    return at;
}

static void remove_key(struct arrangement *arrangement, int at)
{
    arrangement->key_count--;
    for (int i = at; i < arrangement->key_count; i++)
        arrangement->keys[i] = arrangement->keys[i + 1];
}

/* Ascending, descending, off. False: there is no place for one more key. */
static bool turn_key(struct arrangement *arrangement, size_t column)
{
    int at = key_of(arrangement, column);
    if (at == ARRANGE_MAX_KEYS)
        return false;
    if (at == arrangement->key_count) {
        arrangement->keys[arrangement->key_count].column = (int)column;
        arrangement->keys[arrangement->key_count++].descending = false;
    } else if (!arrangement->keys[at].descending) {
        arrangement->keys[at].descending = true;
    } else {
        remove_key(arrangement, at);
    }
    return true;
}

/* Sorting anew keeps only where this column stood, so that a second press reverses it. */
void results_sort(struct results_model *model, bool add, struct effects *effects)
{
    size_t column = table_current(&model->table);
    if (!model->rowset || model->table.count == 0)
        return;
    if (!add) {
        int at = key_of(&model->asked, column);
        bool descending = at < model->asked.key_count && model->asked.keys[at].descending;
        bool known = at < model->asked.key_count;
        model->asked.key_count = 0;
        if (known) {
            model->asked.keys[0].column = (int)column;
            model->asked.keys[0].descending = descending;
            model->asked.key_count = 1;
        }
    }
    if (turn_key(&model->asked, column))
        arrange(model, effects);
    else
        effect_status(effects, STATUS_WARNING, "A table is sorted by %d columns at most.", ARRANGE_MAX_KEYS);
}

/* ---- filter ---- */

static void open_prompt(struct results_model *model, enum results_prompt prompt, const char *title, struct str initial)
{
    model->prompt.tag = (int)prompt;
    dialog_prompt(&model->prompt, DIALOG_PROMPT_LINE, title, initial);
}

/* Starts with the filter that is on, to be changed rather than typed again. */
void results_open_filter(struct results_model *model)
{
    model->prompt_err = (struct err){ 0 };
    open_prompt(model, PROMPT_FILTER, "Filter", str_of(model->asked.filter));
}

/* On this side, because an error must come while the line is still there. Same reader as the engine's. */
static bool check_filter(const struct results_model *model, struct str text, struct err *err)
{
    size_t count = model->rowset ? rowset_columns(model->rowset) : 0;
    struct column *columns = mem_array(count + 1, sizeof *columns);
    struct filter filter;
    if (text.len >= sizeof model->asked.filter) {
        free(columns);
        return err_set(err, ERR_INPUT, "A filter has at most %zu characters", sizeof model->asked.filter - 1);
    }
    for (size_t i = 0; i < count; i++)
        columns[i] = *rowset_column(model->rowset, i);
    bool good = filter_parse(&filter, text, columns, count, err);
    if (good)
        filter_free(&filter);
    free(columns);
    return good;
}

/* A line that cannot be read comes back with what is wrong beside it. */
static void accept_filter(struct results_model *model, struct effects *effects)
{
    struct err err = { 0 };
    char *text = str_dup(str_trim(dialog_value(&model->prompt)));
    if (check_filter(model, str_of(text), &err)) {
        model->prompt_err = (struct err){ 0 };
        str_copy(model->asked.filter, sizeof model->asked.filter, text);
        if (model->rowset)
            arrange(model, effects);
    } else {
        open_prompt(model, PROMPT_FILTER, "Filter", str_of(text));
        model->prompt_err = err;
    }
    free(text);
}

/* ---- the same arrangement again ---- */

void results_wish_like(struct results_wish *wish, const struct results_model *model)
{
    str_copy(wish->filter, sizeof wish->filter, model->asked.filter);
    for (int i = 0; model->rowset && i < model->asked.key_count; i++) {
        wish->keys[i] = mem_text(rowset_column(model->rowset, (size_t)model->asked.keys[i].column)->name);
        wish->descending[i] = model->asked.keys[i].descending;
        wish->key_count++;
    }
}

void results_wish_free(struct results_wish *wish)
{
    for (int i = 0; i < wish->key_count; i++)
        free(wish->keys[i]);
    *wish = (struct results_wish){ 0 };
}

static size_t column_named(const struct results_model *model, const char *name)
{
    size_t at = 0;
    while (at < rowset_columns(model->rowset) && strcmp(rowset_column(model->rowset, at)->name, name) != 0)
        at++;
    return at;
}

/* Once, at the first rows: before them no column is known. What does not fit this time is left out. */
void results_take_wish(struct results_model *model, struct effects *effects)
{
    struct results_wish *wish = &model->wish;
    struct arrangement wanted = { 0 };
    if (!model->rowset || rowset_total(model->rowset) == 0 || (wish->key_count == 0 && !wish->filter[0]))
        return;
    for (int i = 0; i < wish->key_count; i++) {
        size_t column = column_named(model, wish->keys[i]);
        if (column < rowset_columns(model->rowset)) {
            wanted.keys[wanted.key_count].column = (int)column;
            wanted.keys[wanted.key_count++].descending = wish->descending[i];
        }
    }
    if (check_filter(model, str_of(wish->filter), NULL))
        str_copy(wanted.filter, sizeof wanted.filter, wish->filter);
    results_wish_free(wish);
    model->asked = wanted;
    arrange(model, effects);
}

/* ---- find ---- */

void results_open_search(struct results_model *model)
{
    open_prompt(model, PROMPT_SEARCH, "Search", STR(""));
}

/* The engine looks; a million rows are not for this thread. */
static void find_from(struct results_model *model, int64_t from, bool backwards, struct effects *effects)
{
    int64_t count = model->table.list.count;
    if (count == 0)
        return;
    model->finding = true;
    effect_find(effects, model->job, model->view, str_of(model->find), from < count ? from : 0, backwards);
}

void results_find(struct results_model *model, bool backwards, struct effects *effects)
{
    int64_t selected = table_selected(&model->table);
    if (model->find)
        find_from(model, backwards ? selected : selected + 1, backwards, effects);
    else
        effect_status(effects, STATUS_INFO, "Nothing has been searched for yet: / starts a search.");
}

/* The row at hand counts: a search for what one sees should not run away from it. */
static void accept_search(struct results_model *model, struct effects *effects)
{
    struct str text = dialog_value(&model->prompt);
    if (text.len == 0)
        return;
    free(model->find);
    model->find = str_dup(text);
    table_set_match(&model->table, text);
    find_from(model, table_selected(&model->table), false, effects);
}

/* Answers to an earlier search, or about rows in another order, are of no use any more. */
void results_found(struct results_model *model, const struct message *event, struct effects *effects)
{
    bool current = model->find && event->text && strcmp(event->text, model->find) == 0 && event->view == model->view;
    if (!current)
        return;
    const struct job_view *job = results_job(model);
    bool running = job && job_running(job);
    model->finding = false;
    model->hits = 0;
    if (event->err && event->err->kind != ERR_NONE) {
        effect_status(effects, STATUS_ERROR, "%s", event->err->text);
    } else if (event->position < 0) {
        effect_status(effects, STATUS_WARNING, "\"%s\" is nowhere in the %s.", model->find,
                      model->shown.filter[0] ? "rows that the filter shows" : running ? "rows so far" : "table");
    } else {
        list_select(&model->table.list, event->position);
        model->hit_row = event->position;
        model->hit = event->number;
        model->hits = event->flag ? event->total : 0;
        results_load(model);
    }
}

/* ---- prompts and answers ---- */

void results_prompt_input(struct results_model *model, const struct ui_input *input, struct effects *effects)
{
    switch (dialog_input(&model->prompt, input)) {
    case DIALOG_YES:
        if (model->prompt.tag == PROMPT_FILTER)
            accept_filter(model, effects);
        else
            accept_search(model, effects);
        break;
    case DIALOG_CHANGED:
    case DIALOG_NO: model->prompt_err = (struct err){ 0 }; break;
    case DIALOG_STAYS: break;
    }
    results_resize(model);
}

/* Unasked: the view on show has grown. Asked: the new view takes over. Anything else was overtaken by a later wish. */
void results_arranged(struct results_model *model, const struct message *event, struct effects *effects)
{
    bool failed = event->err && event->err->kind != ERR_NONE;
    if (event->view == model->view && event->view != model->asked_view) {
        results_sync(model);
        return;
    }
    if (event->view != model->asked_view)
        return;
    model->asked_view = 0;
    if (failed) {
        model->asked = model->shown;
        show_marks(model);
        effect_status(effects, STATUS_ERROR, "%s", event->err->text);
        return;
    }
    model->shown = model->asked;
    model->hits = 0;
    results_use_view(model, event->view);
}
