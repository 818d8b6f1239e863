#include "pipeline/selection.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "catalogue/literal.h"

#define ITEMS_MOST 500

static bool fail(const char *parameter, struct err *err, const char *text)
{
    err_set(err, ERR_INPUT, "-%s: %s", parameter, text);
    err_field(err, parameter);
    return false;
}

/* @{Name='x'; Expression={...}}: each key may be shortened to any beginning, and Label is Name. */
static const struct json *member_of(const struct json *table, const char *key)
{
    for (const struct json *member = json_first(table); member; member = json_next(member)) {
        struct str name = str_of(json_name(member));
        if (name.len && str_starts_nocase(str_of(key), name)) {
            return member;
        }
    }
    return NULL;
}

static bool read_table(struct selected *item, const struct json *table, const char *parameter, struct err *err)
{
    const struct json *name = member_of(table, "Name"), *expression = member_of(table, "Expression");
    const struct json *descending = member_of(table, "Descending"), *ascending = member_of(table, "Ascending");
    name = name ? name : member_of(table, "Label");
    if (!expression) {
        return fail(parameter, err, "a hash table here needs Expression: @{Name='x'; Expression={$_.Y}}");
    }
    item->directed = descending || ascending;
    item->descending = descending ? json_bool(descending, false) : ascending && !json_bool(ascending, true);
    item->expression = json_get(expression, BLOCK_TEXT) ? expression_new(expression, err) : expression_of_property(json_string(expression));
    struct str shown = json_string(name);
    shown = shown.len ? shown : json_string(json_get(expression, BLOCK_TEXT));
    item->name = str_dup(shown.len ? str_trim(shown) : json_string(expression));
    return item->expression != NULL;
}

static bool read_item(struct selected *item, const struct json *value, const char *parameter, struct err *err)
{
    struct str name = json_string(value);
    if (json_get(value, BLOCK_TEXT)) {
        item->name = str_dup(str_trim(json_string(json_get(value, BLOCK_TEXT))));
        item->expression = expression_new(value, err);
        return item->expression != NULL;
    }
    if (json_kind(value) == JSON_OBJECT) {
        return read_table(item, value, parameter, err);
    }
    if (name.len == 0) {
        return fail(parameter, err, "the name of a property is expected");
    }
    item->name = str_dup(name);
    item->wildcard = wildcard_has_any(name);
    item->plain = true;
    item->expression = item->wildcard ? NULL : expression_of_property((struct str){ name.data, name.len });
    return true;
}

bool selection_read(struct selection *selection, const struct invocation *invocation, const char *parameter, struct err *err)
{
    const struct argument *argument = invocation_get(invocation, parameter);
    *selection = (struct selection){ 0 };
    if (!argument || argument->kind == ARG_NULL) {
        return true;
    }
    bool list = json_kind(argument->value) == JSON_ARRAY;
    size_t count = list ? json_count(argument->value) : 1;
    if (count > ITEMS_MOST) {
        return fail(parameter, err, "these are too many properties");
    }
    selection->items = mem_array(count + 1, sizeof *selection->items);
    const struct json *value = list ? json_first(argument->value) : argument->value;
    for (; value; value = list ? json_next(value) : NULL) {
        if (!read_item(&selection->items[selection->count++], value, parameter, err)) {
            selection_free(selection);
            return false;
        }
    }
    return true;
}

void selection_free(struct selection *selection)
{
    for (size_t i = 0; i < selection->count; i++) {
        free(selection->items[i].name);
        expression_free(selection->items[i].expression);
    }
    free(selection->items);
    *selection = (struct selection){ 0 };
}

static void add_once(struct object *out, struct property property)
{
    if (!object_find(out, property.name)) {
        object_add(out, property);
    }
}

void selection_apply(struct selection *selection, const struct object *object, struct object *out)
{
    object_clear(out);
    for (size_t i = 0; i < selection->count; i++) {
        struct selected *item = &selection->items[i];
        for (size_t k = 0; item->wildcard && k < object->count; k++) {
            if (wildcard_matches(str_of(item->name), object->properties[k].name, false)) {
                add_once(out, object->properties[k]);
            }
        }
        if (item->wildcard) {
            continue;
        }
        const struct property *plain = item->plain ? object_find(object, str_of(item->name)) : NULL;
        item->matched = item->matched || plain;
        struct property value = plain ? *plain : expression_value(item->expression, object);
        /* The service's own spelling where it is its property. */
        value.name = plain ? plain->name : str_of(item->name);
        add_once(out, value);
    }
}

void selection_unmatched(const struct selection *selection, expression_teller *tell, void *context)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (!selection->items[i].matched) {
            expression_unmatched(selection->items[i].expression, tell, context);
        }
    }
}

bool selection_has(const struct selection *selection, struct str name)
{
    for (size_t i = 0; i < selection->count; i++) {
        if (wildcard_matches(str_of(selection->items[i].name), name, false)) {
            return true;
        }
    }
    return false;
}
