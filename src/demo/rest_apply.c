/* Parameters become properties: what New- and Set- write into an object. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "demo/rest_call.h"

/* One text is a list of one, as PowerShell binds it. */
static struct json *as_list(const struct json *value)
{
    if (json_kind(value) == JSON_ARRAY) {
        return json_copy(value);
    }
    struct json *list = json_new_array();
    json_add(list, NULL, json_new_string(json_string(value)));
    return list;
}

/* Case-blind: addresses and URLs are the usual items. */
static bool list_has(const struct json *list, struct str text)
{
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (str_eq_nocase(json_string(item), text)) {
            return true;
        }
    }
    return false;
}

/* The items of list that `other` has not, or all of both without doubles. */
static struct json *list_without(const struct json *list, const struct json *other)
{
    struct json *result = json_new_array();
    for (const struct json *item = json_first(list); item; item = json_next(item)) {
        if (!list_has(other, json_string(item))) {
            json_add(result, NULL, json_copy(item));
        }
    }
    return result;
}

/* What is in both lists moves to the end: the service promises no order, so a reader must not rely on one. */
static struct json *list_with(const struct json *list, const struct json *other)
{
    struct json *result = list_without(list, other);
    for (const struct json *item = json_first(other); item; item = json_next(item)) {
        json_add(result, NULL, json_copy(item));
    }
    return result;
}

/* ---- values ---- */

/* Dictionaries come back as lists of pairs (rest.md section 5). */
static struct json *as_pairs(const struct json *value)
{
    if (json_kind(value) == JSON_ARRAY) {
        struct json *list = json_new_array();
        for (const struct json *item = json_first(value); item; item = json_next(item)) {
            json_add(list, NULL, as_pairs(item));
        }
        return list;
    }
    if (json_kind(value) != JSON_OBJECT) {
        return json_copy(value);
    }
    struct json *pairs = json_new_array();
    for (const struct json *member = json_first(value); member; member = json_next(member)) {
        if (!strchr(json_name(member), '@')) {
            struct json *pair = json_new_object();
            json_add_text(pair, "_key", json_name(member));
            json_add(pair, "_value", as_pairs(member));
            json_add(pairs, NULL, pair);
        }
    }
    return pairs;
}

/* A culture's own order is kept as it was typed: the demo tenant has no culture to read it by. */
static struct json *as_date(struct str text)
{
    char date[40];
    int64_t when = 0;
    if (!clock_parse_iso(text, &when)) {
        return json_new_string(text);
    }
    wire_date(when, 0, false, date);
    return json_new_string(str_of(date));
}

/* Enums come back with the service's own letter case, however they were typed. */
static struct json *as_text(const struct cmdlet_param *param, struct str text)
{
    struct str values = param->values, value;
    while (values.len) {
        str_cut(&values, '|', &value);
        if (str_starts_nocase(value, text) && text.len) {
            return json_new_string(value);
        }
    }
    return json_new_string(text);
}

/* The annotation in front of the property says what it is; the JSON value may be null today. */
static bool is_number(const struct entry *entry, const char *name)
{
    char key[160];
    snprintf(key, sizeof key, "%s@data.type", name);
    const char *type = entry_text(entry, key);
    return str_starts(str_of(type), STR("System.Int"));
}

/* PowerShell's own spelling is taken as well, since untyped parameters pass the text that was typed (rest.md section
   4). */
static bool is_true(const struct json *value)
{
    return json_bool(value, str_is_nocase(json_string(value), "true") || str_is_nocase(json_string(value), "$true"));
}

/* The old value decides the form, the parameter's type only what the old one does not tell. */
static struct json *converted(const struct entry *entry, const struct cmdlet_param *param, const char *name,
                              const struct json *value)
{
    const struct json *old = entry_get(entry, name);
    int64_t number = 0;
    if (json_kind(value) == JSON_OBJECT || json_kind(json_first(value)) == JSON_OBJECT) {
        return as_pairs(value);
    }
    if (json_kind(old) == JSON_ARRAY || json_kind(value) == JSON_ARRAY) {
        return as_list(value);
    }
    if (json_kind(old) == JSON_BOOL || param->type == 'b') {
        return json_new_bool(is_true(value));
    }
    if (is_number(entry, name) && json_int64(value, &number)) {
        return json_new_int(number);
    }
    return param->type == 'D' || str_starts(str_of(name), STR("ContentDate")) ? as_date(json_string(value))
                                                                              : as_text(param, json_string(value));
}

/* ---- lists that are edited: AddExchangeLocation, and {"Add":[...],"Remove":[...]} ---- */

/* False: that property is no list, so the parameter only looks like an edit (AddressBookScope). */
static bool edit_list(struct entry *entry, const char *name, const struct json *add, const struct json *remove)
{
    const struct json *old = entry_get(entry, name);
    if (json_kind(old) != JSON_ARRAY) {
        return false;
    }
    struct json *more = add ? as_list(add) : json_new_array(), *less = remove ? as_list(remove) : json_new_array();
    struct json *grown = list_with(old, more);
    struct json *result = list_without(grown, less);
    json_free(more);
    json_free(less);
    json_free(grown);
    entry_put(entry, name, result);
    return true;
}

/* -AdvancedSettings and -Settings write into the texts "[key, value]" of the property Settings. */
static bool put_settings(struct entry *entry, const struct json *table)
{
    struct json *list = json_new_array();
    for (const struct json *old = json_first(entry_get(entry, "Settings")); old; old = json_next(old)) {
        struct str key, rest = str_from(json_string(old), 1);
        char name[128];
        str_cut(&rest, ',', &key);
        snprintf(name, sizeof name, "%.*s", STR_ARG(str_take(key, 100)));
        if (!json_get_nocase(table, name)) {
            json_add(list, NULL, json_copy(old));
        }
    }
    for (const struct json *member = json_first(table); member; member = json_next(member)) {
        if (!strchr(json_name(member), '@') && json_kind(member) != JSON_NULL) {
            char *text = mem_format("[%s, %.*s]", json_name(member), STR_ARG(json_string(member)));
            json_add(list, NULL, json_new_string(str_of(text)));
            free(text);
        }
    }
    entry_put(entry, "Settings", list);
    return true;
}

/* ---- one parameter ---- */

/* AddExchangeLocation is an edit, -Add alone is not. */
static bool is_location_edit(const char *name, const char *prefix)
{
    return str_starts_nocase(str_of(name), str_of(prefix)) && name[strlen(prefix)];
}

/* From the most particular to the plain: settings, AddExchangeLocation and its like, @{Add=…}, and at last simply
   the value. */
static bool apply(struct entry *entry, const struct cmdlet_param *param, const char *name, const struct json *value)
{
    if (param->type == 'H' && str_ends_nocase(param->name, STR("Settings"))) {
        return put_settings(entry, value);
    }
    if (is_location_edit(name, "Add") && edit_list(entry, name + 3, value, NULL)) {
        return true;
    }
    if (is_location_edit(name, "Remove") && edit_list(entry, name + 6, NULL, value)) {
        return true;
    }
    /* An empty array does not clear a property of several values (rest.md section 4). */
    if (!entry_get(entry, name) || param->type == 'w' || (json_kind(value) == JSON_ARRAY && !json_first(value))) {
        return false;
    }
    const struct json *add = json_get_nocase(value, "Add"), *remove = json_get_nocase(value, "Remove");
    if (json_kind(value) == JSON_OBJECT && (add || remove) && edit_list(entry, name, add, remove)) {
        return true;
    }
    entry_put(entry, name, converted(entry, param, name, value));
    return true;
}

/* Parameters without a property of their name are accepted and change nothing: Force, RetryDistribution, ... */
size_t call_apply(struct call *call, struct entry *entry)
{
    size_t changed = 0;
    for (const struct json *member = json_first(call->parameters); member; member = json_next(member)) {
        const struct cmdlet_param *param = cmdlet_param(call->cmdlet, str_of(json_name(member)));
        bool skipped = !param || json_kind(member) == JSON_NULL || str_is(param->name, "Identity") ||
                       (call->noun->parent_parameter && str_is(param->name, call->noun->parent_parameter));
        if (!skipped) {
            char *name = str_dup(param->name);
            changed += apply(entry, param, name, member);
            free(name);
        }
    }
    return changed;
}
