/* The value of an expression for an object: what a path leads to, comparisons, and what no object had. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "pipeline/comparison.h"
#include "pipeline/expression_parts.h"

bool object_is_primitive(const struct object *object)
{
    return object->count == 1 && str_is(object->properties[0].name, "Value");
}

struct property object_as_value(const struct object *object, struct buf *room)
{
    if (object_is_primitive(object)) {
        return object->properties[0];
    }
    buf_clear(room);
    object_print_json(object, false, room);
    return (struct property){ .kind = VALUE_NESTED, .text = buf_str(room) };
}

/* A member of an object, or the value of a _key in a dictionary of .NET (rest.md section 5). */
static const struct json *step(const struct json *value, const char *name)
{
    const struct json *member = json_kind(value) == JSON_OBJECT ? json_get_nocase(value, name) : NULL;
    for (const struct json *pair = member || json_kind(value) != JSON_ARRAY ? NULL : json_first(value); pair && !member; pair = json_next(pair)) {
        if (str_is_nocase(json_string(json_get(pair, "_key")), name)) {
            member = json_get(pair, "_value");
        }
    }
    return member;
}

static bool counts(const char *name)
{
    return str_is_nocase(str_of(name), "Count") || str_is_nocase(str_of(name), "Length");
}

/* As .NET counts: in units of UTF-16. */
static size_t text_length(struct str text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        length += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    }
    return length;
}

/* .Count of a list, .Length of a text. */
static size_t count_of(const struct json *value)
{
    return json_kind(value) == JSON_ARRAY ? json_count(value) : json_kind(value) == JSON_STRING ? text_length(json_string(value)) : 1;
}

static struct property length_of(struct node *node, struct str text)
{
    buf_clear(&node->room);
    buf_format(&node->room, "%zu", text_length(text));
    return (struct property){ .kind = VALUE_NUMBER, .text = buf_str(&node->room) };
}

static struct json *walk(const struct node *node, size_t at, const struct json *value);

/* A member of a list is that member of each element; one alone is no list. */
static struct json *walk_elements(const struct node *node, size_t at, const struct json *list)
{
    struct json *found = json_new_array();
    for (const struct json *element = json_first(list); element; element = json_next(element)) {
        bool holds_members = json_kind(element) == JSON_OBJECT || json_kind(element) == JSON_ARRAY;
        struct json *member = holds_members ? walk(node, at, element) : NULL;
        bool many = json_kind(member) == JSON_ARRAY;
        for (const struct json *one = many ? json_first(member) : NULL; one; one = json_next(one)) {
            json_add(found, NULL, json_copy(one));
        }
        if (member && !many) {
            json_add(found, NULL, member);
        } else {
            json_free(member);
        }
    }
    struct json *single = json_count(found) == 1 ? json_copy(json_first(found)) : NULL;
    if (json_count(found) > 1) {
        return found;
    }
    json_free(found);
    return single;
}

/* What the rest of the path leads to; the caller's. NULL: nothing. */
static struct json *walk(const struct node *node, size_t at, const struct json *value)
{
    if (at == node->path_length) {
        return json_copy(value);
    }
    const struct json *next = step(value, node->path[at]);
    if (next) {
        return walk(node, at + 1, next);
    }
    if (at + 1 == node->path_length && counts(node->path[at])) {
        return json_new_int((int64_t)count_of(value));
    }
    return json_kind(value) == JSON_ARRAY ? walk_elements(node, at, value) : NULL;
}

static struct property nested_value(struct node *node, const struct property *first)
{
    /* A text may hold JSON itself (label actions); a path into it is meant. */
    struct json *tree = json_parse(first->text, NULL), *value = tree ? walk(node, 1, tree) : NULL;
    struct property found = { .kind = VALUE_NULL };
    buf_clear(&node->room);
    if (value) {
        struct node *copy = expression_node_of_json(value);
        buf_add(&node->room, copy->value.text);
        found.kind = copy->value.kind;
        found.text = buf_str(&node->room);
        expression_node_free(copy);
    }
    json_free(value);
    json_free(tree);
    return found;
}

/* What .NET's dates have. They are shown in UTC, so these are UTC's as well. */
static const char *const date_members[] = { "Year", "Month", "Day", "Hour", "Minute", "Second", "DayOfYear", "DayOfWeek", "Date" };

static bool date_member(struct node *node, struct str text, struct property *found)
{
    static const char *const days[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };
    size_t member = 0, most = sizeof date_members / sizeof *date_members;
    int64_t moment;
    struct tm parts;
    while (member < most && !str_is_nocase(str_of(node->path[1]), date_members[member])) {
        member++;
    }
    if (member == most || !clock_parse_iso(text, &moment) || !gmtime_r(&(time_t){ (time_t)moment }, &parts)) {
        return false;
    }
    const int numbers[] = { parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_yday + 1 };
    bool number = member < sizeof numbers / sizeof *numbers;
    char iso[21];
    clock_iso(moment - moment % 86400, iso);
    buf_clear(&node->room);
    if (number) {
        buf_format(&node->room, "%d", numbers[member]);
    } else {
        buf_text(&node->room, str_is(str_of(date_members[member]), "Date") ? iso : days[parts.tm_wday]);
    }
    *found = (struct property){ .kind = number ? VALUE_NUMBER : VALUE_STRING, .text = buf_str(&node->room) };
    return true;
}

/* PowerShell says nothing of a misspelt name; here it is told at the end, when no object had it (expression_unmatched). */
static struct property miss(struct node *node, const struct object *object)
{
    if (!node->missed) {
        struct nearest nearest = nearest_to(str_of(node->path[object ? 0 : 1]));
        struct err meant = { 0 };
        for (size_t i = 0; object && i < object->count; i++) {
            nearest_offer(&nearest, object->properties[i].name);
        }
        for (size_t i = 0; !object && i < sizeof date_members / sizeof *date_members; i++) {
            nearest_offer(&nearest, str_of(date_members[i]));
        }
        nearest_advise(&nearest, "", "", &meant);
        node->missed = true;
        node->meant = mem_text(meant.advice);
    }
    return (struct property){ .kind = VALUE_NULL };
}

static struct property property_value(struct node *node, const struct object *object)
{
    const struct property *first = object_find(object, str_of(node->path[0]));
    struct property found;
    if (!first && node->path_length == 1 && counts(node->path[0]) && object_is_primitive(object)) {
        return length_of(node, object->properties[0].text);
    }
    if (!first) {
        return miss(node, object);
    }
    bool plain = first->kind != VALUE_NESTED && node->path_length > 1, two = node->path_length == 2;
    if (plain && two && counts(node->path[1])) {
        node->matched = true;
        return length_of(node, first->text);
    }
    if (plain && two && first->kind == VALUE_STRING && date_member(node, first->text, &found)) {
        node->matched = true;
        return found;
    }
    found = node->path_length == 1 ? *first : nested_value(node, first);
    /* A text without members, unless there is JSON in it. */
    if (plain && first->kind != VALUE_NULL && found.kind == VALUE_NULL && !strchr("{[", first->text.len ? first->text.data[0] : 'x')) {
        return miss(node, NULL);
    }
    node->matched = true;
    return found;
}

static struct property evaluate(struct node *node, const struct object *object);

static bool holds(struct node *node, const struct object *object)
{
    struct property left, right;
    switch (node->kind) {
    case NODE_NOT:
        return !holds(node->left, object);
    case NODE_AND:
        return holds(node->left, object) && holds(node->right, object);
    case NODE_OR:
        return holds(node->left, object) || holds(node->right, object);
    case NODE_XOR:
        return holds(node->left, object) != holds(node->right, object);
    case NODE_COMPARISON:
        left = evaluate(node->left, object);
        right = evaluate(node->right, object);
        return comparison_holds(node->comparison, &left, &right);
    case NODE_VALUE:
    case NODE_PROPERTY:
    case NODE_OBJECT:
        break;
    }
    left = evaluate(node, object);
    return value_is_true(&left);
}

static struct property evaluate(struct node *node, const struct object *object)
{
    switch (node->kind) {
    case NODE_VALUE:
        return node->value;
    case NODE_PROPERTY:
        return property_value(node, object);
    case NODE_OBJECT:
        return object_as_value(object, &node->room);
    default:
        return (struct property){ .kind = holds(node, object) ? VALUE_TRUE : VALUE_FALSE };
    }
}

bool expression_is_true(struct expression *expression, const struct object *object)
{
    return holds(expression->root, object);
}

struct property expression_value(struct expression *expression, const struct object *object)
{
    struct property value = evaluate(expression->root, object);
    value.name = STR("");
    return value;
}

static void tell_unmatched(const struct node *node, expression_teller *tell, void *context)
{
    if (!node) {
        return;
    }
    if (node->kind == NODE_PROPERTY && node->missed && !node->matched) {
        struct buf text = BUF_INIT(BUF_SMALL);
        buf_text(&text, "no object has a property ");
        for (size_t i = 0; i < node->path_length; i++) {
            buf_format(&text, "%s%s", i ? "." : "", node->path[i]);
        }
        buf_format(&text, "%s%s", *node->meant ? ". " : "", node->meant);
        tell(context, buf_str(&text));
        buf_free(&text);
    }
    tell_unmatched(node->left, tell, context);
    tell_unmatched(node->right, tell, context);
}

void expression_unmatched(const struct expression *expression, expression_teller *tell, void *context)
{
    tell_unmatched(expression ? expression->root : NULL, tell, context);
}
