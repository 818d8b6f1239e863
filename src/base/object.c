/* The way of every row: from the page to the store, to the cells and the exports. No property is copied; nested values are
   kept as text, because most of them are never looked into. */
#include "base/object.h"

#include <stdlib.h>

#include "base/mem.h"

void object_init(struct object *object)
{
    *object = (struct object){ .bytes = BUF_INIT(OBJECT_MAX_BYTES) };
}

void object_clear(struct object *object)
{
    object->count = 0;
    object->raw = STR("");
    object->view = NULL;
    buf_clear(&object->bytes);
}

void object_free(struct object *object)
{
    free(object->properties);
    buf_free(&object->bytes);
    object_init(object);
}

void object_add(struct object *object, struct property property)
{
    MEM_ROOM(object->properties, object->count, object->capacity);
    object->properties[object->count++] = property;
}

const struct property *object_find(const struct object *object, struct str name)
{
    for (size_t i = 0; i < object->count; i++) {
        if (str_eq_nocase(object->properties[i].name, name)) {
            return &object->properties[i];
        }
    }
    return NULL;
}

/* ---- from JSON ---- */

static enum value_kind kind_of(const struct json *value)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        return VALUE_NULL;
    case JSON_BOOL:
        return json_bool(value, false) ? VALUE_TRUE : VALUE_FALSE;
    case JSON_NUMBER:
        return VALUE_NUMBER;
    case JSON_STRING:
        return VALUE_STRING;
    case JSON_ARRAY:
    case JSON_OBJECT:
        return VALUE_NESTED;
    }
    return VALUE_NULL;
}

/* Nested text is remembered by its offset plus one, in data, until the buffer has stopped growing. */
static struct str nested_text(struct object *object, const struct json *value)
{
    size_t start = object->bytes.len;
    json_print(value, false, &object->bytes);
    return (struct str){ NULL, object->bytes.len - start };
}

static void add_value(struct object *object, struct str name, struct str type, const struct json *value)
{
    struct property property = { .name = name, .type = type, .kind = kind_of(value) };
    property.text = property.kind == VALUE_NESTED ? nested_text(object, value) : json_string(value);
    object_add(object, property);
}

/* They were printed one behind the other, in the order of the properties. */
static void settle_nested(struct object *object)
{
    size_t at = 0;
    for (size_t i = 0; i < object->count; i++) {
        struct property *property = &object->properties[i];
        if (property->kind == VALUE_NESTED) {
            property->text.data = object->bytes.data + at;
            at += property->text.len;
        }
    }
}

/* The .NET type of a type of OData, for answers that name only that; empty for the others and for collections. */
static struct str net_type(struct str edm)
{
    static const struct { const char *edm; struct str net; } types[] = {
        { "#Guid", { "System.Guid", 11 } },       { "#DateTimeOffset", { "System.DateTime", 15 } },
        { "#Int16", { "System.Int16", 12 } },     { "#Int64", { "System.Int64", 12 } },
        { "#Int32", { "System.Int32", 12 } },     { "#Double", { "System.Double", 13 } },
        { "#Byte", { "System.Byte", 11 } },       { "#Decimal", { "System.Decimal", 14 } },
        { "#Duration", { "System.TimeSpan", 15 } },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_is_nocase(edm, types[i].edm)) {
            return types[i].net;
        }
    }
    return STR("");
}

void object_from_json(struct object *object, const struct json *value)
{
    object_clear(object);
    if (json_kind(value) != JSON_OBJECT) {
        add_value(object, STR("Value"), STR(""), value);
        settle_nested(object);
        return;
    }
    /* An annotation stands right before its property (rest.md section 5); the .NET type is the useful one. */
    struct str type = STR(""), typed = STR("");
    for (const struct json *child = json_first(value); child; child = json_next(child)) {
        struct str name = str_of(json_name(child)), base = name;
        if (str_cut(&name, '@', &base)) {
            bool net = str_is_nocase(name, "data.type");
            if (net || (str_is_nocase(name, "odata.type") && !str_eq(base, typed))) {
                typed = base;
                type = net ? json_string(child) : net_type(json_string(child));
            }
            continue;
        }
        add_value(object, base, str_eq(base, typed) ? type : STR(""), child);
    }
    settle_nested(object);
}

/* ---- dictionaries of .NET, which come as lists of {_key,_value} pairs (rest.md section 5) ---- */

#define DICTIONARY_MOST 256

static const struct json *pair_value(const struct json *value)
{
    return json_kind(json_get(value, "_key")) == JSON_STRING ? json_get(value, "_value") : NULL;
}

static bool is_pairs(const struct json *value)
{
    if (json_kind(value) != JSON_ARRAY || !json_first(value)) {
        return false;
    }
    for (const struct json *child = json_first(value); child; child = json_next(child)) {
        if (!pair_value(child)) {
            return false;
        }
    }
    return true;
}

/* Whether the pairs can be the members of one object: no key twice. Past the cap nobody wrote them by hand. */
static bool is_dictionary(const struct json *value)
{
    if (!is_pairs(value) || json_count(value) > DICTIONARY_MOST) {
        return false;
    }
    for (const struct json *child = json_first(value); child; child = json_next(child)) {
        for (const struct json *other = json_next(child); other; other = json_next(other)) {
            if (str_eq(json_string(json_get(child, "_key")), json_string(json_get(other, "_key")))) {
                return false;
            }
        }
    }
    return true;
}

/* ---- to JSON ---- */

struct style {
    bool pretty;
    bool dictionaries;      /* pairs become the members of an object */
};

static void print_line_start(bool pretty, size_t depth, struct buf *out)
{
    if (pretty) {
        buf_char(out, '\n');
        buf_repeat(out, ' ', depth * 2);
    }
}

/* PowerShell's names have no '@', so any key with one is about another key (rest.md section 5). */
static bool is_annotation(const struct json *value)
{
    return strchr(json_name(value), '@') != NULL;
}

static void print_plain(const struct json *value, struct style style, size_t depth, struct buf *out);

static void print_members(const struct json *value, bool pairs, struct style style, size_t depth, struct buf *out)
{
    bool object = json_kind(value) == JSON_OBJECT, first = true;
    for (const struct json *child = json_first(value); child; child = json_next(child)) {
        if (object && is_annotation(child)) {
            continue;
        }
        if (!first) {
            buf_char(out, ',');
        }
        first = false;
        print_line_start(style.pretty, depth + 1, out);
        if (object || pairs) {
            json_print_string(pairs ? json_string(json_get(child, "_key")) : str_of(json_name(child)), out);
            buf_text(out, style.pretty ? ": " : ":");
        }
        print_plain(pairs ? pair_value(child) : child, style, depth + 1, out);
    }
    if (!first) {
        print_line_start(style.pretty, depth, out);
    }
}

/* As json_print, without annotations. */
static void print_plain(const struct json *value, struct style style, size_t depth, struct buf *out)
{
    bool pairs = style.dictionaries && is_dictionary(value), braces = pairs || json_kind(value) == JSON_OBJECT;
    if (!braces && json_kind(value) != JSON_ARRAY) {
        json_print(value, false, out);
        return;
    }
    buf_char(out, braces ? '{' : '[');
    print_members(value, pairs, style, depth, out);
    buf_char(out, braces ? '}' : ']');
}

/* Whether any key has an '@' in it. Addresses have one too, so a look for the character alone would parse most texts
   for nothing. */
static bool has_annotations(struct str text)
{
    for (size_t at = 0; at < text.len; at++) {
        if (text.data[at] != '"') {
            continue;
        }
        bool found = false;
        for (at++; at < text.len && text.data[at] != '"'; at++) {
            found = found || text.data[at] == '@';
            at += text.data[at] == '\\';
        }
        struct str behind = str_trim(str_from(text, at + 1));
        if (found && behind.len && behind.data[0] == ':') {
            return true;
        }
    }
    return false;
}

static void print_nested(struct str text, struct style style, struct buf *out)
{
    /* Compact text without annotations is already what shall be printed; text that does not parse is not hidden. */
    bool rebuilt = style.pretty || has_annotations(text) || (style.dictionaries && str_contains_nocase(text, STR("\"_key\"")));
    struct json *value = rebuilt ? json_parse(text, NULL) : NULL;
    if (value) {
        print_plain(value, style, 1, out);
        json_free(value);
    } else {
        buf_add(out, text);
    }
}

static void print_property(const struct property *property, struct style style, struct buf *out)
{
    switch (property->kind) {
    case VALUE_NULL:
        buf_text(out, "null");
        break;
    case VALUE_TRUE:
        buf_text(out, "true");
        break;
    case VALUE_FALSE:
        buf_text(out, "false");
        break;
    case VALUE_NUMBER:
        buf_add(out, property->text);
        break;
    case VALUE_STRING:
        json_print_string(property->text, out);
        break;
    case VALUE_NESTED:
        print_nested(property->text, style, out);
        break;
    }
}

static void print_object(const struct object *object, struct style style, struct buf *out)
{
    buf_char(out, '{');
    for (size_t i = 0; i < object->count; i++) {
        const struct property *property = &object->properties[i];
        if (i) {
            buf_char(out, ',');
        }
        print_line_start(style.pretty, 1, out);
        json_print_string(property->name, out);
        buf_text(out, style.pretty ? ": " : ":");
        print_property(property, style, out);
    }
    if (object->count) {
        print_line_start(style.pretty, 0, out);
    }
    buf_char(out, '}');
}

void object_print_json(const struct object *object, bool pretty, struct buf *out)
{
    print_object(object, (struct style){ .pretty = pretty }, out);
}

void object_print_data(const struct object *object, bool pretty, struct buf *out)
{
    print_object(object, (struct style){ .pretty = pretty, .dictionaries = true }, out);
}

/* ---- to a table cell ---- */

static void display_value(const struct json *value, struct buf *out);

static bool display_pairs(const struct json *array, struct buf *out)
{
    if (!is_pairs(array)) {
        return false;
    }
    buf_char(out, '{');
    for (const struct json *child = json_first(array); child; child = json_next(child)) {
        buf_add(out, json_string(json_get(child, "_key")));
        buf_char(out, '=');
        display_value(pair_value(child), out);
        if (json_next(child)) {
            buf_text(out, "; ");
        }
    }
    buf_char(out, '}');
    return true;
}

/* Without brackets: a list of names reads as PowerShell's own tables show it. */
static void display_array(const struct json *array, struct buf *out)
{
    if (display_pairs(array, out)) {
        return;
    }
    for (const struct json *child = json_first(array); child; child = json_next(child)) {
        display_value(child, out);
        if (json_next(child)) {
            buf_text(out, ", ");
        }
    }
}

static void display_value(const struct json *value, struct buf *out)
{
    switch (json_kind(value)) {
    case JSON_STRING:
        buf_add(out, json_string(value));
        break;
    case JSON_ARRAY:
        display_array(value, out);
        break;
    case JSON_OBJECT:
        print_plain(value, (struct style){ 0 }, 0, out);
        break;
    case JSON_NULL:
    case JSON_BOOL:
    case JSON_NUMBER:
        json_print(value, false, out);
        break;
    }
}

void property_display(const struct property *property, struct buf *out)
{
    struct json *value;
    switch (property->kind) {
    case VALUE_NULL:
        break;
    case VALUE_TRUE:
    case VALUE_FALSE:
        buf_text(out, property->kind == VALUE_TRUE ? "true" : "false");
        break;
    case VALUE_NUMBER:
    case VALUE_STRING:
        buf_add(out, property->text);
        break;
    case VALUE_NESTED:
        value = json_parse(property->text, NULL);
        if (value) {
            display_value(value, out);
            json_free(value);
        } else {
            buf_add(out, property->text);
        }
        break;
    }
}
