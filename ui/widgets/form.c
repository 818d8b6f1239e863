#include "ui/widgets/form.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "ui/widgets/form_draw.h"

enum { PAGE_FIELDS = 5 };

void form_init(struct form *form)
{
    *form = (struct form){ 0 };
}

static void field_free(struct form_field *field)
{
    for (size_t i = 0; i < field->choice_count; i++)
        free(field->choices[i]);
    free(field->choices);
    free(field->name);
    free(field->label);
    free(field->help);
    free(field->placeholder);
    line_edit_free(&field->edit);
    free(field);
}

void form_clear(struct form *form)
{
    for (size_t i = 0; i < form->count; i++)
        field_free(form->fields[i]);
    form->count = form->focus = 0;
    form->top = 0;
    form->list_open = false;
}

void form_free(struct form *form)
{
    form_clear(form);
    free(form->fields);
    form->fields = NULL;
    form->capacity = 0;
}

/* --- fields --- */

static bool is_text(const struct form_field *field)
{
    return field->kind == FIELD_TEXT || field->kind == FIELD_NUMBER || field->kind == FIELD_LIST ||
           field->kind == FIELD_SECRET;
}

static bool focusable(const struct form_field *field)
{
    return !field->hidden && field->kind != FIELD_HEADING && field->kind != FIELD_NOTE;
}

struct form_field *form_add(struct form *form, enum field_kind kind, const char *name, const char *label)
{
    struct form_field *field = MEM_NEW(struct form_field);
    bool unfocused = form->focus == form->count;
    field->kind = kind;
    field->name = mem_text(name);
    field->label = mem_text(label);
    field->help = mem_text("");
    field->placeholder = mem_text("");
    line_edit_init(&field->edit, kind == FIELD_LIST ? (size_t)1024 * 1024 : BUF_SMALL);
    field->edit.secret = kind == FIELD_SECRET;
    MEM_ROOM(form->fields, form->count, form->capacity);
    form->fields[form->count++] = field;
    if (unfocused)
        form->focus = focusable(field) ? form->count - 1 : form->count;
    return field;
}

void form_field_help(struct form_field *field, const char *help, const char *placeholder)
{
    free(field->help);
    free(field->placeholder);
    field->help = mem_text(help ? help : "");
    field->placeholder = mem_text(placeholder ? placeholder : "");
}

void form_field_choice(struct form_field *field, const char *choice)
{
    size_t count = field->choice_count + 1;
    field->choices = mem_grow(field->choices, count, sizeof *field->choices);
    field->choices[field->choice_count++] = mem_text(choice);
}

struct form_field *form_find(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i]->name, name) == 0)
            return form->fields[i];
    return NULL;
}

struct form_field *form_focused(const struct form *form)
{
    bool valid = form->focus < form->count && focusable(form->fields[form->focus]);
    return valid ? form->fields[form->focus] : NULL;
}

struct str form_value(const struct form_field *field)
{
    if (is_text(field))
        return line_edit_text(&field->edit);
    if (field->kind == FIELD_SWITCH)
        return field->on ? STR("true") : STR("false");
    if (field->kind == FIELD_CHOICE && field->chosen < field->choice_count)
        return str_of(field->choices[field->chosen]);
    return STR("");
}

void form_set(struct form_field *field, struct str value)
{
    if (is_text(field))
        line_edit_set(&field->edit, value);
    if (field->kind == FIELD_SWITCH)
        field->on = str_is_nocase(value, "true");
    for (size_t i = 0; field->kind == FIELD_CHOICE && i < field->choice_count; i++)
        if (str_is_nocase(value, field->choices[i]))
            field->chosen = i;
}

void form_set_error(struct form_field *field, const char *error)
{
    snprintf(field->error, sizeof field->error, "%s", error ? error : "");
}

/* --- checks --- */

static bool empty(const struct form_field *field)
{
    return (is_text(field) || field->kind == FIELD_CHOICE) && str_trim(form_value(field)).len == 0;
}

static bool check_field(const struct form *form, struct form_field *field)
{
    field->error[0] = '\0';
    if (field->required && empty(field))
        form_set_error(field, "This one is needed.");
    else if (form->check)
        form->check(form->context, field, field->error, sizeof field->error);
    return !field->error[0];
}

/* --- focus --- */

/* The nearest field that can have the focus, from start on by +1 or -1; count when there is none. */
static size_t nearest(const struct form *form, size_t start, int by)
{
    for (size_t i = start; i < form->count; i += (size_t)by)
        if (focusable(form->fields[i]))
            return i;
    return form->count;
}

static void show_focused(struct form *form)
{
    if (!form_focused(form) || form->rows <= 0)
        return;
    int first = form_field_line(form, form->focus), last = form_field_line(form, form->focus + 1) - 1;
    int rows = form_visible_rows(form, form->rows, form->columns);
    /* A heading right above the first field comes along, where that leaves room for the field's error. */
    if (first == form_field_line(form, 0) + 1 && last - first + 1 < rows)
        first--;
    /* Nothing below can have the focus: all that can be read there comes into view. */
    if (nearest(form, form->focus + 1, 1) == form->count)
        last = form_field_line(form, form->count) - 1;
    if (last >= form->top + rows)
        form->top = last - rows + 1;
    if (first < form->top)
        form->top = first;
}

void form_show_focused(struct form *form)
{
    int lines = form_field_line(form, form->count), rows = form_visible_rows(form, form->rows, form->columns);
    if (form->top > lines - rows)
        form->top = lines > rows ? lines - rows : 0;
    show_focused(form);
}

void form_resize(struct form *form, int rows, int columns)
{
    form->rows = rows;
    form->columns = columns;
    form->top = 0;
    show_focused(form);
}

/* A field that was only passed through is not scolded for being empty. */
static void leave(struct form *form)
{
    struct form_field *field = form_focused(form);
    form->list_open = false;
    if (field && field->touched)
        check_field(form, field);
}

static bool focus_index(struct form *form, size_t index)
{
    if (index >= form->count)
        return false;
    leave(form);
    form->focus = index;
    show_focused(form);
    return true;
}

void form_focus(struct form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i]->name, name) == 0 && focusable(form->fields[i]))
            focus_index(form, i);
}

bool form_next(struct form *form)
{
    return focus_index(form, nearest(form, form->focus + 1, 1));
}

/* Around the end: in a long form the way up is often the shorter one. */
static void step(struct form *form, int by)
{
    size_t start = form->focus + (size_t)by;
    if (!focus_index(form, nearest(form, start, by)))
        focus_index(form, by > 0 ? nearest(form, 0, 1) : nearest(form, form->count - 1, -1));
}

static void step_page(struct form *form, int by)
{
    for (int i = 0; i < PAGE_FIELDS; i++)
        focus_index(form, nearest(form, form->focus + (size_t)by, by));
}

bool form_check(struct form *form)
{
    size_t bad = form->count;
    for (size_t i = form->count; i-- > 0;)
        if (focusable(form->fields[i]) && !check_field(form, form->fields[i]))
            bad = i;
    if (bad < form->count) {
        form->list_open = false;
        form->focus = bad;
        show_focused(form);
    }
    return bad == form->count;
}

bool form_typing(const struct form *form)
{
    const struct form_field *field = form_focused(form);
    return field && is_text(field) && !form->list_open;
}

void form_offer(const struct form *form, struct offer *offer)
{
    const struct form_field *field = form_focused(form);
    offer->typing = form_typing(form);
    if (form->list_open) {
        offer_add(offer, ACTION_ENTER, "Choose");
        offer_add(offer, ACTION_BACK, "Close the list");
        return;
    }
    if (field && field->choice_count > 0)
        offer_add(offer, ACTION_SUGGEST, NULL);
}

/* --- input --- */

static enum form_result changed(struct form *form, struct form_field *field)
{
    field->touched = true;
    field->error[0] = '\0';
    show_focused(form);
    return FORM_CHANGED;
}

/* A chosen value replaces the text, or joins a list that has values already. */
static enum form_result take_choice(struct form *form, struct form_field *field, size_t choice)
{
    form->list_open = false;
    if (choice >= field->choice_count)
        return FORM_USED;
    struct str value = str_of(field->choices[choice]);
    if (field->kind == FIELD_CHOICE) {
        field->chosen = choice;
    } else if (field->kind == FIELD_LIST && field->edit.length > 0) {
        field->edit.cursor = field->edit.length;
        line_edit_insert(&field->edit, STR(","));
        line_edit_insert(&field->edit, value);
    } else {
        line_edit_set(&field->edit, value);
    }
    return changed(form, field);
}

static void move_in_list(struct form *form, const struct form_field *field, int64_t by)
{
    int64_t last = (int64_t)field->choice_count - 1, to = (int64_t)form->list_selected + by;
    form->list_selected = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

static enum form_result list_action(struct form *form, struct form_field *field, enum action action)
{
    switch (action) {
    case ACTION_UP: move_in_list(form, field, -1); break;
    case ACTION_DOWN: move_in_list(form, field, 1); break;
    case ACTION_PAGE_UP: move_in_list(form, field, -FORM_LIST_ROWS); break;
    case ACTION_PAGE_DOWN: move_in_list(form, field, FORM_LIST_ROWS); break;
    case ACTION_HOME: form->list_selected = 0; break;
    case ACTION_END: move_in_list(form, field, (int64_t)field->choice_count); break;
    case ACTION_ENTER:
    case ACTION_TOGGLE: return take_choice(form, field, form->list_selected);
    default: form->list_open = false; break;
    }
    return FORM_USED;
}

static enum form_result open_list(struct form *form, const struct form_field *field)
{
    if (field->choice_count == 0)
        return FORM_IGNORED;
    form->list_open = true;
    form->list_selected = field->kind == FIELD_CHOICE ? field->chosen : 0;
    for (size_t i = 0; i < field->choice_count; i++)
        if (str_is_nocase(form_value(field), field->choices[i]))
            form->list_selected = i;
    return FORM_USED;
}

static enum form_result cycle(struct form *form, struct form_field *field, int by)
{
    if (field->choice_count == 0)
        return FORM_IGNORED;
    field->chosen = (field->chosen + field->choice_count + (size_t)by) % field->choice_count;
    return changed(form, field);
}

/* What the kinds without text do with an action; FORM_IGNORED = nothing of their own. */
static enum form_result value_action(struct form *form, struct form_field *field, enum action action)
{
    bool stepping = action == ACTION_LEFT || action == ACTION_RIGHT || action == ACTION_TOGGLE;
    if (!stepping)
        return FORM_IGNORED;
    if (field->kind == FIELD_CHOICE)
        return cycle(form, field, action == ACTION_LEFT ? -1 : 1);
    if (field->kind != FIELD_SWITCH)
        return FORM_IGNORED;
    field->on = action == ACTION_TOGGLE ? !field->on : action == ACTION_RIGHT;
    return changed(form, field);
}

static enum form_result move_action(struct form *form, enum action action)
{
    switch (action) {
    case ACTION_UP:
    case ACTION_PREVIOUS_FIELD: step(form, -1); return FORM_USED;
    case ACTION_DOWN:
    case ACTION_NEXT_FIELD: step(form, 1); return FORM_USED;
    case ACTION_PAGE_UP: step_page(form, -1); return FORM_USED;
    case ACTION_PAGE_DOWN: step_page(form, 1); return FORM_USED;
    case ACTION_HOME: focus_index(form, nearest(form, 0, 1)); return FORM_USED;
    case ACTION_END: focus_index(form, nearest(form, form->count - 1, -1)); return FORM_USED;
    case ACTION_ENTER: leave(form); show_focused(form); return FORM_ENTER;
    default: return FORM_IGNORED;
    }
}

static bool number_text(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("0123456789+-.eE", text.data[i]))
            return false;
    return true;
}

static enum form_result text_input(struct form *form, struct form_field *field, const struct ui_input *input)
{
    bool typed = input->kind == INPUT_TEXT || input->kind == INPUT_PASTE;
    if (typed && field->kind == FIELD_NUMBER && !number_text(str_trim(input->text)))
        return FORM_USED;
    /* The lines of a pasted list are its values. */
    field->edit.keep_lines = field->kind == FIELD_LIST;
    switch (line_edit_input(&field->edit, input)) {
    case LINE_EDIT_CHANGED: return changed(form, field);
    case LINE_EDIT_MOVED: return FORM_USED;
    default: return FORM_IGNORED;
    }
}

enum form_result form_input(struct form *form, const struct ui_input *input)
{
    if (!form_focused(form) && form->count > 0) {
        size_t next = nearest(form, form->focus < form->count ? form->focus : 0, 1);
        form->focus = next < form->count ? next : nearest(form, form->count - 1, -1);
    }
    struct form_field *field = form_focused(form);
    if (!field)
        return FORM_IGNORED;
    enum form_result result = FORM_IGNORED;
    if (is_text(field) && !form->list_open)
        result = text_input(form, field, input);
    if (result != FORM_IGNORED || input->kind != INPUT_ACTION)
        return result;
    if (form->list_open)
        return list_action(form, field, input->action);
    if (input->action == ACTION_SUGGEST)
        return open_list(form, field);
    result = value_action(form, field, input->action);
    return result != FORM_IGNORED ? result : move_action(form, input->action);
}
