/* Fields from parameters and back.

   A field holds text, a parameter may hold more: $null, bytes, a switch that is off on purpose, an item with a comma.
   What a typed line gave is therefore kept beside the fields (given), and as long as a field still reads as it did when
   it was filled from there, its argument goes out unchanged. */
#include "ui/screens/form_fields.h"

#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/common_parameters.h"
#include "catalogue/known_cmdlets.h"
#include "catalogue/literal.h"
#include "ui/screens/parameter_text.h"

#define PREFERENCES "Continue|SilentlyContinue|Stop|Ignore|Inquire"

/* What a field stands for: its owner. */
struct slot {
    const struct parameter *parameter;      /* NULL = one of PowerShell's own */
    char *original;                         /* how the given argument reads in the field; NULL = none given */
};

/* PowerShell's own parameters that make sense here. Confirm knows "not given": true and false both mean something. */
static const struct { const char *name, *choices, *help; bool changing_only; } commons[] = {
    { "Confirm", "true|false", "whether the service asks back; purvey asks before every change anyway", true },
    { "ErrorAction", PREFERENCES, "what happens at an error that does not end the cmdlet", false },
    { "WarningAction", PREFERENCES, "what happens at a warning", false },
    { "Verbose", "", "more messages from the cmdlet", false },
    { "Debug", "", "messages for its makers", false },
};
enum { MISSING_MOST = 128 };
#define COMMON_COUNT (sizeof commons / sizeof commons[0])

/* ---- a value as the text of a field ---- */

/* An item that the list field would read in another way as it stands. */
static bool needs_quotes(struct str text)
{
    return text.len == 0 || str_trim(text).len != text.len || memchr(text.data, ',', text.len) ||
           memchr(text.data, '\n', text.len) || text.data[0] == '\'' || text.data[0] == '"';
}

/* PowerShell's single quotes: only the quote itself is written twice, nothing else means anything inside. */
static void add_item(struct str text, struct buf *out)
{
    if (!needs_quotes(text)) {
        buf_add(out, text);
        return;
    }
    buf_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'')
            buf_char(out, '\'');
        buf_char(out, text.data[i]);
    }
    buf_char(out, '\'');
}

/* What is not a plain value is written as a literal, so that the field reads back as what it was. */
static void add_list(const struct json *list, struct buf *out)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (item != json_first(list))
            buf_text(out, ", ");
        if (json_kind(item) == JSON_STRING || json_kind(item) == JSON_NUMBER)
            add_item(json_string(item), out);
        else
            literal_print(item, out);
    }
}

/* How a field shows it. Reading it back need not give the same: see the head of this file. */
static void argument_text(const struct argument *argument, struct buf *out)
{
    switch (argument->kind) {
    case ARG_NULL: buf_text(out, "$null"); break;
    case ARG_SWITCH:
    case ARG_BOOL: buf_text(out, json_bool(argument->value, false) ? "true" : "false"); break;
    case ARG_NUMBER: buf_add(out, json_string(argument->value)); break;
    case ARG_TEXT: buf_add(out, json_string(argument->value).len > 0 ? json_string(argument->value) : STR("''")); break;
    case ARG_LIST: add_list(argument->value, out); break;
    case ARG_HASHTABLE:
    case ARG_HASHTABLE_LIST: literal_print(argument->value, out); break;
    case ARG_BYTES:
    case ARG_BYTES_LIST: buf_text(out, "(the bytes of the line)"); break;
    }
}

/* ---- making fields ---- */

/* A closed list of values is a choice, unless several of them may be given at once. */
static enum field_kind kind_of(const struct parameter *parameter)
{
    bool list = parameter_is_list(parameter);
    if (parameter->type == TYPE_SWITCH)
        return FIELD_SWITCH;
    if (parameter->type == TYPE_BOOL || (parameter->values_closed && parameter->value_count > 0 && !list))
        return FIELD_CHOICE;
    if (parameter->type == TYPE_INT || parameter->type == TYPE_LONG || parameter->type == TYPE_DOUBLE)
        return FIELD_NUMBER;
    if (parameter->type == TYPE_SECURE_STRING || parameter->type == TYPE_CREDENTIAL)
        return FIELD_SECRET;
    return list ? FIELD_LIST : FIELD_TEXT;
}

/* The first choice is none: a parameter that is not given is something else than any of its values. */
static void add_choices(struct form_field *field, const struct parameter *parameter)
{
    if (field->kind == FIELD_CHOICE)
        form_field_choice(field, "");
    for (size_t i = 0; i < parameter->value_count; i++)
        form_field_choice(field, parameter->values[i]);
    if (parameter->type == TYPE_BOOL && parameter->value_count == 0) {
        form_field_choice(field, "true");
        form_field_choice(field, "false");
    }
}

static struct slot *slot_new(const struct parameter *parameter)
{
    struct slot *slot = MEM_NEW(struct slot);
    slot->parameter = parameter;
    return slot;
}

/* A choice begins with "(not given)": else its first value would go out without anybody having chosen it. */
static struct form_field *add_parameter(struct cmdlet_fields *fields, const struct parameter *parameter)
{
    const struct parameter_use *use = parameter_use_in(parameter, fields->cmdlet->sets[fields->set]);
    struct form_field *field = form_add(&fields->form, kind_of(parameter), parameter->name, parameter->name);
    struct buf help = BUF_INIT(BUF_SMALL);
    parameter_describe(parameter, use, &help);
    form_field_help(field, buf_cstr(&help), field->kind == FIELD_CHOICE ? "(not given)" : parameter_example(parameter));
    buf_free(&help);
    add_choices(field, parameter);
    field->required = use && use->mandatory;
    field->owner = slot_new(parameter);
    return field;
}

/* hidden, not left out: folded fields keep their values and still count. */
static void add_common(struct cmdlet_fields *fields, size_t index)
{
    bool choice = commons[index].choices[0];
    struct str rest = str_of(commons[index].choices), value;
    const char *name = commons[index].name;
    struct form_field *field = form_add(&fields->form, choice ? FIELD_CHOICE : FIELD_SWITCH, name, name);
    form_field_help(field, commons[index].help, "(not given)");
    if (choice)
        form_field_choice(field, "");
    while (rest.len > 0) {
        str_cut(&rest, '|', &value);
        char *text = str_dup(value);
        form_field_choice(field, text);
        free(text);
    }
    field->hidden = !fields->common_shown;
    field->owner = slot_new(NULL);
}

/* ---- their order ---- */

struct place { const struct parameter *parameter; bool mandatory, common; int position; };

/* What must be given first; then what a person would give by position (the identity); then by name. */
static int compare_places(const void *a, const void *b)
{
    const struct place *left = a, *right = b;
    if (left->common != right->common)
        return left->common ? 1 : -1;
    if (left->mandatory != right->mandatory)
        return left->mandatory ? -1 : 1;
    /* Without a position comes after any position. */
    if (left->position != right->position)
        return (unsigned)left->position < (unsigned)right->position ? -1 : 1;
    return str_compare_nocase(str_of(left->parameter->name), str_of(right->parameter->name));
}

/* Common parameters are kept apart here already, so that folding them does not move the others. */
static size_t collect_places(const struct cmdlet_fields *fields, struct place *places)
{
    size_t count = 0;
    for (size_t i = 0; i < fields->cmdlet->parameter_count; i++) {
        const struct parameter *parameter = &fields->cmdlet->parameters[i];
        const struct parameter_use *use = parameter_use_in(parameter, fields->cmdlet->sets[fields->set]);
        if (use && parameter_is_offered(parameter))
            places[count++] =
                (struct place){ parameter, use->mandatory, parameter_is_common(parameter), use->position };
    }
    if (count > 1)
        qsort(places, count, sizeof *places, compare_places);
    return count;
}

static bool is_declared(const struct cmdlet *cmdlet, const char *name)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(str_of(name), cmdlet->parameters[i].name))
            return true;
    return false;
}

/* What the account was not offered can be missed, and what brings it be read, without being in the way. */
static void add_missing(struct cmdlet_fields *fields, const struct known_parameter *missing, size_t count)
{
    struct buf text = BUF_INIT(BUF_SMALL);
    if (count > 0)
        form_add(&fields->form, FIELD_HEADING, "", "Not offered to this account");
    for (size_t i = 0; i < count; i++) {
        buf_clear(&text);
        parameter_known_text(&missing[i], &text);
        form_add(&fields->form, FIELD_NOTE, "", buf_cstr(&text));
    }
    buf_free(&text);
}

static void add_heading(struct cmdlet_fields *fields, size_t missing)
{
    char *folded = missing > 0 ? mem_format("Common parameters are folded away, %zu not offered to this account", missing)
                               : mem_text("Common parameters are folded away");
    form_add(&fields->form, FIELD_HEADING, "", fields->common_shown ? "Common parameters" : folded);
    free(folded);
}

/* The fields of one set, then a heading, then what every cmdlet has. */
static void add_all(struct cmdlet_fields *fields)
{
    struct place *places = mem_array(fields->cmdlet->parameter_count + 1, sizeof *places);
    struct known_parameter missing[MISSING_MOST];
    size_t count = collect_places(fields, places), i = 0, missing_count = known_parameters_not_offered(fields->cmdlet, missing, MISSING_MOST);
    for (; i < count && !places[i].common; i++)
        add_parameter(fields, places[i].parameter);
    add_heading(fields, missing_count);
    for (; i < count; i++)
        add_parameter(fields, places[i].parameter)->hidden = !fields->common_shown;
    for (size_t c = 0; c < COMMON_COUNT; c++) {
        bool fits = fields->cmdlet->should_process || !commons[c].changing_only;
        if (fits && !is_declared(fields->cmdlet, commons[c].name))
            add_common(fields, c);
    }
    if (fields->common_shown)
        add_missing(fields, missing, missing_count);
    free(places);
}

/* ---- values into fields and back ---- */

/* A value from a typed line that is not among the choices becomes one. */
static void set_value(struct form_field *field, struct str text)
{
    form_set(field, text);
    if (field->kind != FIELD_CHOICE || str_eq_nocase(form_value(field), text))
        return;
    char *choice = str_dup(text);
    form_field_choice(field, choice);
    free(choice);
    form_set(field, text);
}

/* The argument of the line first, so that its reading is known; then what the person has made of it since. */
static void fill_field(struct cmdlet_fields *fields, struct form_field *field)
{
    struct slot *slot = field->owner;
    const struct argument *argument = slot ? invocation_get(fields->given, field->name) : NULL;
    const struct form_value *value = form_values_get(&fields->values, field->name);
    if (argument) {
        struct buf text = BUF_INIT(BUF_LARGE);
        argument_text(argument, &text);
        set_value(field, buf_str(&text));
        slot->original = str_dup(form_value(field));
        buf_free(&text);
    }
    if (value) {
        set_value(field, str_of(value->text));
        field->touched = value->touched;
    }
}

static void forget_slots(struct form *form)
{
    for (size_t i = 0; i < form->count; i++) {
        struct slot *slot = form->fields[i]->owner;
        if (slot)
            free(slot->original);
        free(slot);
    }
}

/* Secrets are left out: they would be copied to memory that is not wiped. */
static void keep_values(struct cmdlet_fields *fields)
{
    for (size_t i = 0; i < fields->form.count; i++) {
        const struct form_field *field = fields->form.fields[i];
        if (field->kind != FIELD_HEADING && field->kind != FIELD_NOTE && field->kind != FIELD_SECRET && field->kind != FIELD_BUTTON)
            form_values_set(&fields->values, field->name, form_value(field), field->touched);
    }
}

/* Another set, another order: the fields are made anew and filled with what was kept. */
static void make_fields(struct cmdlet_fields *fields)
{
    int rows = fields->form.rows, columns = fields->form.columns;
    forget_slots(&fields->form);
    form_clear(&fields->form);
    add_all(fields);
    for (size_t i = 0; i < fields->form.count; i++)
        fill_field(fields, fields->form.fields[i]);
    form_resize(&fields->form, rows, columns);
}

/* ---- one field as an argument ---- */

/* "true" and "false" of a choice are a switch given with its value: -Confirm:$false. */
static bool set_common(struct invocation *invocation, const struct form_field *field)
{
    struct str text = form_value(field);
    bool flag = field->kind == FIELD_SWITCH || str_is(text, "true") || str_is(text, "false");
    if (text.len == 0 || (field->kind == FIELD_SWITCH && !field->on))
        return true;
    if (flag)
        invocation_set(invocation, field->name, ARG_SWITCH, TYPE_SWITCH, json_new_bool(str_is(text, "true")));
    else
        invocation_set(invocation, field->name, ARG_TEXT, TYPE_STRING, json_new_string(text));
    return true;
}

static bool read_field(const struct cmdlet_fields *fields, const struct form_field *field, struct invocation *invocation,
                       struct err *err)
{
    const struct slot *slot = field->owner;
    const struct argument *given = slot ? invocation_get(fields->given, field->name) : NULL;
    if (!slot)
        return true;
    if (given && slot->original && str_is(form_value(field), slot->original)) {
        invocation_set(invocation, field->name, given->kind, given->type, json_copy(given->value));
        return true;
    }
    if (!slot->parameter)
        return set_common(invocation, field);
    /* A switch that is off is not there. */
    if (field->kind == FIELD_SWITCH && !field->on)
        return true;
    return invocation_set_text(invocation, slot->parameter, form_value(field), err);
}

/* What a typed line had beyond all fields (-OutVariable) goes along. */
static void add_unseen(const struct cmdlet_fields *fields, struct invocation *invocation)
{
    for (size_t i = 0; i < fields->given->count; i++) {
        const struct argument *argument = &fields->given->arguments[i];
        if (!is_declared(fields->cmdlet, argument->name) && !form_find(&fields->form, argument->name))
            invocation_set(invocation, argument->name, argument->kind, argument->type, json_copy(argument->value));
    }
}

/* lenient: what cannot be read is left out, for the preview. */
static struct invocation *read_all(const struct cmdlet_fields *fields, bool lenient, struct err *err)
{
    struct invocation *invocation = invocation_of(fields->cmdlet);
    invocation->read_only = cmdlet_is_read(fields->cmdlet);
    for (size_t i = 0; i < fields->form.count; i++) {
        if (!read_field(fields, fields->form.fields[i], invocation, err) && !lenient) {
            invocation_free(invocation);
            return NULL;
        }
    }
    add_unseen(fields, invocation);
    return invocation;
}

struct invocation *cmdlet_fields_invocation(const struct cmdlet_fields *fields, struct err *err)
{
    return read_all(fields, false, err);
}

struct invocation *cmdlet_fields_preview(const struct cmdlet_fields *fields)
{
    struct err ignored;
    return read_all(fields, true, &ignored);
}

/* It stands beside the field: to name it again would take the room of what to write instead. */
char *cmdlet_fields_error(const struct form_field *field, const struct err *err)
{
    char *named = mem_format("-%s: ", field->name);
    size_t skip = strncmp(err->text, named, strlen(named)) == 0 ? strlen(named) : 0;
    free(named);
    return mem_format("%s%s%s", err->text + skip, err->advice[0] ? ". " : "", err->advice);
}

/* What running would say about this one field, said when it is left. */
static void check_field(void *context, const struct form_field *field, char *error, size_t size)
{
    const struct cmdlet_fields *fields = context;
    struct invocation *invocation = invocation_of(fields->cmdlet);
    struct err err = { 0 };
    if (!read_field(fields, field, invocation, &err)) {
        char *text = cmdlet_fields_error(field, &err);
        str_copy(error, size, text);
        free(text);
    }
    invocation_free(invocation);
}

/* ---- life ---- */

void cmdlet_fields_init(struct cmdlet_fields *fields, const struct cmdlet *cmdlet)
{
    *fields = (struct cmdlet_fields){ .cmdlet = cmdlet, .given = invocation_of(cmdlet) };
    form_init(&fields->form);
    fields->form.check = check_field;
    fields->form.context = fields;
    make_fields(fields);
}

void cmdlet_fields_free(struct cmdlet_fields *fields)
{
    forget_slots(&fields->form);
    form_free(&fields->form);
    form_values_free(&fields->values);
    invocation_free(fields->given);
}

static bool set_has_all(const struct cmdlet *cmdlet, const char *set, const struct invocation *given)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (invocation_get(given, cmdlet->parameters[i].name) && !parameter_use_in(&cmdlet->parameters[i], set))
            return false;
    return true;
}

/* The set on show when it takes the line whole, else the first that does, else one that has all its parameters. */
static size_t fitting_set(const struct cmdlet_fields *fields, const struct invocation *given)
{
    const struct cmdlet *cmdlet = fields->cmdlet;
    size_t fitting = cmdlet->set_count;
    struct err ignored;
    for (size_t i = 0; i <= cmdlet->set_count; i++) {
        size_t set = i == 0 ? fields->set : i - 1;
        if (invocation_validate(given, cmdlet, cmdlet->sets[set], &ignored))
            return set;
        if (fitting == cmdlet->set_count && set_has_all(cmdlet, cmdlet->sets[set], given))
            fitting = set;
    }
    return fitting < cmdlet->set_count ? fitting : fields->set;
}

void cmdlet_fields_fill(struct cmdlet_fields *fields, const struct invocation *given)
{
    struct invocation *copy = given ? invocation_copy(given) : invocation_of(fields->cmdlet);
    invocation_free(fields->given);
    fields->given = copy;
    form_values_free(&fields->values);
    if (given)
        fields->set = fitting_set(fields, given);
    make_fields(fields);
}

void cmdlet_fields_use_set(struct cmdlet_fields *fields, size_t set)
{
    keep_values(fields);
    fields->set = set;
    make_fields(fields);
}

/* Fields are made anew; what is in them and where the cursor stands must survive that. */
void cmdlet_fields_show_common(struct cmdlet_fields *fields, bool shown)
{
    const struct form_field *focused = form_focused(&fields->form);
    char *name = mem_text(focused ? focused->name : NULL);
    keep_values(fields);
    fields->common_shown = shown;
    make_fields(fields);
    if (name)
        form_focus(&fields->form, name);
    free(name);
}

/* Also what stands in the fields of other sets is a person's work. */
bool cmdlet_fields_touched(const struct cmdlet_fields *fields)
{
    for (size_t i = 0; i < fields->form.count; i++)
        if (fields->form.fields[i]->touched)
            return true;
    for (size_t i = 0; i < fields->values.count; i++)
        if (fields->values.items[i].touched)
            return true;
    return false;
}

static void copy_values(struct form_values *to, const struct form_values *from)
{
    for (size_t i = 0; i < from->count; i++)
        form_values_set(to, from->items[i].name, str_of(from->items[i].text), from->items[i].touched);
}

struct draft cmdlet_fields_draft(struct cmdlet_fields *fields)
{
    struct draft draft = { .cmdlet = fields->cmdlet, .set = fields->set, .given = invocation_copy(fields->given) };
    keep_values(fields);
    copy_values(&draft.values, &fields->values);
    return draft;
}

void cmdlet_fields_restore(struct cmdlet_fields *fields, const struct draft *draft)
{
    invocation_free(fields->given);
    fields->given = invocation_copy(draft->given);
    form_values_free(&fields->values);
    copy_values(&fields->values, &draft->values);
    fields->set = draft->set;
    make_fields(fields);
}
