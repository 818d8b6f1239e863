/* Object: all properties of one row, untruncated; nested values as a tree that folds; search and copy. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "results/rowset.h"
#include "ui/screens.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/text_pane.h"

#define NAME_COLUMNS_MOST 30
#define TREE_DEPTH_MOST 100

enum object_form { FORM_TREE, FORM_JSON };

struct object_model {
    const struct app_state *app;
    uint64_t job;
    uint32_t view;
    int64_t position, count;
    struct rowset *rowset;
    struct object object;
    struct text_pane pane;
    struct dialog dialog;
    char *find;
    enum object_form form;
    struct err err;
    int rows, columns;
};

/* ---- the text of an object ---- */

static bool is_annotation(const char *name)
{
    return strchr(name, '@') != NULL;
}

/* One pair of a nested .NET dictionary (rest.md section 5), or of the settings in a label's JSON. */
static const char *pair_key(const struct json *value, const struct json **held)
{
    const char *key = json_cstr(json_get(value, "_key"), NULL);
    *held = json_get(value, "_value");
    if (!key && json_count(value) == 2) {
        key = json_cstr(json_get(value, "Key"), NULL);
        *held = json_get(value, "Value");
    }
    return key && *held ? key : NULL;
}

static bool is_container(const struct json *value)
{
    return json_kind(value) == JSON_ARRAY || json_kind(value) == JSON_OBJECT;
}

/* What a text holds when it is JSON with something in it (a label's LabelActions); the caller frees it. */
static struct json *opened(struct str text)
{
    text = str_trim(text);
    bool looks_nested = text.len > 1 && (text.data[0] == '{' || text.data[0] == '[');
    struct json *value = looks_nested ? json_parse(text, NULL) : NULL;
    if (value && json_first(value)) {
        return value;
    }
    json_free(value);
    return NULL;
}

static void add_scalar(struct text_pane *pane, int depth, const char *name, const struct json *value)
{
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    switch (json_kind(value)) {
    case JSON_NULL:
        break;
    case JSON_BOOL:
        buf_text(&text, json_bool(value, false) ? "true" : "false");
        break;
    case JSON_NUMBER:
    case JSON_STRING:
        buf_add(&text, json_string(value));
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        /* Deeper than any tree is read: whole, on one line. */
        json_print(value, false, &text);
        break;
    }
    if (*name) {
        text_pane_format(pane, STYLE_TEXT, depth * 2, "%s: %s", name, buf_cstr(&text));
    } else {
        text_pane_add(pane, STYLE_TEXT, depth * 2, buf_str(&text));
    }
    buf_free(&text);
}

/* Where a value stands: its indent, and how far within other values it is, which bounds the recursion. */
struct spot {
    int indent, level;
};

static void add_tree(struct text_pane *pane, struct spot spot, const char *name, const struct json *value);

/* Several tables in one list get numbers: without them nobody sees where the next one begins. The first stands for all. */
static bool is_numbered(const struct json *list)
{
    const struct json *first = json_first(list), *held;
    struct json *inside = json_kind(first) == JSON_STRING ? opened(json_string(first)) : NULL;
    bool table = inside || (is_container(first) && !pair_key(first, &held));
    json_free(inside);
    return table && json_kind(list) == JSON_ARRAY && json_count(list) > 1;
}

static void add_children(struct text_pane *pane, struct spot spot, const struct json *value)
{
    int number = 1;
    bool numbered = is_numbered(value);
    struct spot inner = { spot.indent + numbered, spot.level + 1 };
    for (const struct json *child = json_first(value); child; child = json_next(child)) {
        if (is_annotation(json_name(child))) {
            continue;
        }
        if (numbered) {
            text_pane_format(pane, STYLE_DIM, spot.indent * 2, "%d", number++);
        }
        add_tree(pane, inner, json_name(child), child);
    }
}

static void add_tree(struct text_pane *pane, struct spot spot, const char *name, const struct json *value)
{
    const struct json *held;
    bool shallow = spot.level <= TREE_DEPTH_MOST;
    const char *key = is_container(value) && shallow ? pair_key(value, &held) : NULL;
    struct json *inside = json_kind(value) == JSON_STRING && shallow ? opened(json_string(value)) : NULL;
    struct spot inner = { spot.indent, spot.level + 1 };
    if (key) {
        add_tree(pane, inner, key, held);
    } else if (inside) {
        add_tree(pane, inner, name, inside);
    } else if (!is_container(value) || !shallow) {
        add_scalar(pane, spot.indent, name, value);
    } else {
        if (*name) {
            text_pane_format(pane, STYLE_LABEL, spot.indent * 2, "%s", name);
            inner.indent++;
        }
        add_children(pane, inner, value);
    }
    json_free(inside);
}

/* Nested values, and strings that hold JSON, open as trees. */
static bool add_nested(struct text_pane *pane, const struct property *property)
{
    bool may_be = property->kind == VALUE_NESTED || property->kind == VALUE_STRING;
    struct json *value = may_be ? opened(property->text) : NULL;
    if (!value) {
        return false;
    }
    text_pane_format(pane, STYLE_LABEL, 0, "%.*s", STR_ARG(property->name));
    add_tree(pane, (struct spot){ .indent = 1 }, "", value);
    json_free(value);
    return true;
}

static void add_property(struct text_pane *pane, const struct property *property, int name_columns)
{
    struct buf line = BUF_INIT(OBJECT_MAX_BYTES);
    if (add_nested(pane, property)) {
        return;
    }
    buf_add(&line, property->name);
    int width = text_width(property->name);
    buf_repeat(&line, ' ', (size_t)(width < name_columns ? name_columns - width : 0));
    buf_text(&line, " : ");
    property_display(property, &line);
    text_pane_add(pane, property->kind == VALUE_NULL ? STYLE_DIM : STYLE_TEXT, 0, buf_str(&line));
    buf_free(&line);
}

static void fill(struct object_model *model)
{
    struct text_pane *pane = &model->pane;
    text_pane_clear(pane);
    if (model->form == FORM_JSON) {
        struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
        object_print_data(&model->object, true, &text);
        text_pane_add(pane, STYLE_TEXT, 0, buf_str(&text));
        buf_free(&text);
    } else {
        int widest = 0;
        for (size_t i = 0; i < model->object.count; i++) {
            int width = text_width(model->object.properties[i].name);
            widest = width > widest ? width : widest;
        }
        int limit = model->columns / 2 < NAME_COLUMNS_MOST ? model->columns / 2 : NAME_COLUMNS_MOST;
        for (size_t i = 0; i < model->object.count; i++) {
            add_property(pane, &model->object.properties[i], widest < limit ? widest : limit);
        }
    }
    text_pane_resize(pane, model->rows - 1, model->columns);
}

/* ---- update ---- */

static bool load(struct object_model *model)
{
    const struct job_view *job = app_state_job(model->app, model->job);
    if (!job || !job->store_path) {
        return err_set(&model->err, ERR_NOT_FOUND, "This table is no longer there.");
    }
    if (!model->rowset) {
        model->rowset = rowset_open(job->store_path, &model->err);
    }
    if (!model->rowset) {
        return false;
    }
    rowset_use_view(model->rowset, model->view);
    if (!rowset_refresh(model->rowset, &model->err) || !rowset_load(model->rowset, model->position, 1, &model->err)) {
        return false;
    }
    model->count = rowset_count(model->rowset);
    if (rowset_loaded(model->rowset) == 0) {
        return err_set(&model->err, ERR_NOT_FOUND, "This row is no longer in the table.");
    }
    rowset_object(model->rowset, 0, &model->object);
    model->err = (struct err){ 0 };
    fill(model);
    return true;
}

static void step(struct object_model *model, int64_t by, struct effects *effects)
{
    int64_t before = model->position;
    model->position += by;
    if (model->position < 0 || model->position >= model->count || !load(model)) {
        model->position = before;
        model->err = (struct err){ 0 };
        effect_status(effects, STATUS_INFO, by > 0 ? "This is the last row." : "This is the first row.");
    }
}

static void copy_object(const struct object_model *model, struct effects *effects)
{
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    object_print_data(&model->object, true, &text);
    effect_copy(effects, buf_str(&text), "the object as JSON");
    buf_free(&text);
}

static void find(struct object_model *model, bool backwards, struct effects *effects)
{
    if (!model->find) {
        effect_status(effects, STATUS_INFO, "Nothing has been searched for yet; / starts a search.");
    } else if (!text_pane_find(&model->pane, str_of(model->find), backwards)) {
        effect_status(effects, STATUS_WARNING, "%s is not in this object.", model->find);
    }
}

static void update_dialog(struct object_model *model, const struct ui_input *input, struct effects *effects)
{
    if (dialog_input(&model->dialog, input) == DIALOG_YES && dialog_value(&model->dialog).len) {
        free(model->find);
        model->find = str_dup(dialog_value(&model->dialog));
        find(model, false, effects);
    }
}

static void toggle_form(struct object_model *model)
{
    model->form = model->form == FORM_JSON ? FORM_TREE : FORM_JSON;
    fill(model);
}

static void update_action(struct object_model *model, const struct ui_input *input, struct effects *effects)
{
    switch (input->action) {
    case ACTION_BACK:
        effect_pop(effects);
        break;
    case ACTION_COMMAND_PROMPT:
        effect_to_prompt(effects);
        break;
    case ACTION_NEXT:
        step(model, 1, effects);
        break;
    case ACTION_PREVIOUS:
        step(model, -1, effects);
        break;
    case ACTION_COPY:
        copy_object(model, effects);
        break;
    case ACTION_DETAILS:
        toggle_form(model);
        break;
    case ACTION_WRAP:
        text_pane_set_wrap(&model->pane, !model->pane.wrap);
        break;
    case ACTION_SEARCH:
        dialog_prompt(&model->dialog, DIALOG_PROMPT_LINE, "Search", STR(""));
        break;
    case ACTION_FIND_NEXT:
    case ACTION_FIND_PREVIOUS:
        find(model, input->action == ACTION_FIND_PREVIOUS, effects);
        break;
    default:
        text_pane_input(&model->pane, input);
        break;
    }
}

static void object_update(void *context, const struct ui_input *input, struct effects *effects)
{
    struct object_model *model = context;
    if (input->kind == INPUT_RESIZE) {
        model->rows = input->rows;
        model->columns = input->columns;
        if (model->object.count) {
            fill(model);
        } else {
            load(model);
        }
    } else if (input->kind != INPUT_EVENT && dialog_open(&model->dialog)) {
        update_dialog(model, input, effects);
    } else if (input->kind == INPUT_ACTION) {
        update_action(model, input, effects);
    }
}

/* ---- draw ---- */

static void object_draw(const void *context, struct cells *cells, struct area area)
{
    const struct object_model *model = context;
    struct area whole = area;
    if (model->err.kind != ERR_NONE) {
        cells_put_text(cells, area.row, area.column, area.columns, STYLE_ERROR, model->err.text);
        return;
    }
    struct area foot = area_cut_bottom(&area, 1);
    text_pane_draw(&model->pane, cells, area);
    cells_format(cells, foot.row, foot.column, foot.columns, STYLE_DIM, "row %lld of %lld, %zu properties%s",
                 (long long)model->position + 1, (long long)model->count, model->object.count,
                 model->form == FORM_JSON ? ", as JSON" : "");
    dialog_draw(&model->dialog, cells, whole);
}

static void object_offer(const void *context, struct offer *offer)
{
    const struct object_model *model = context;
    if (dialog_open(&model->dialog)) {
        dialog_offer(&model->dialog, offer);
        offer->typing = dialog_typing(&model->dialog);
        return;
    }
    offer_add(offer, ACTION_NEXT, "Next row");
    offer_add(offer, ACTION_PREVIOUS, "Previous row");
    offer_add(offer, ACTION_SEARCH, NULL);
    offer_add(offer, ACTION_DETAILS, model->form == FORM_JSON ? "As a list" : "As JSON");
    offer_add(offer, ACTION_COPY, NULL);
    offer_add(offer, ACTION_BACK, NULL);
    offer_add(offer, ACTION_WRAP, NULL);
    offer_add(offer, ACTION_COMMAND_PROMPT, NULL);
    offer_add(offer, ACTION_FIND_NEXT, NULL);
    offer_add(offer, ACTION_FIND_PREVIOUS, NULL);
}

static void object_free_model(void *context)
{
    struct object_model *model = context;
    rowset_close(model->rowset);
    object_free(&model->object);
    text_pane_free(&model->pane);
    dialog_free(&model->dialog);
    free(model->find);
    free(model);
}

struct screen object_screen(const struct app_state *app, uint64_t job, uint32_t view, int64_t position)
{
    static const struct screen_class class = {
        .name = "Object",
        .free = object_free_model,
        .update = object_update,
        .draw = object_draw,
        .offer = object_offer,
    };
    struct object_model *model = MEM_NEW(struct object_model);
    model->app = app;
    model->job = job;
    model->view = view;
    model->position = position;
    object_init(&model->object);
    text_pane_init(&model->pane);
    return (struct screen){ &class, model };
}
