/* CLIXML, written. */
#include "demo/rps_clixml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/xml.h"

struct clix {
    struct xml_writer *xml;
    int objects;
    char **types;               /* lists that were written; the place is the RefId */
    size_t type_count, type_capacity;
};

struct clix *clix_new(void)
{
    struct clix *clix = MEM_NEW(struct clix);
    clix->xml = xml_writer_new();
    return clix;
}

void clix_finish(struct clix *clix, struct buf *out)
{
    xml_writer_finish(clix->xml, out);
    for (size_t i = 0; i < clix->type_count; i++) {
        free(clix->types[i]);
    }
    free(clix->types);
    free(clix);
}

/* ---- escapes ---- */

/* The bytes of the character that begins the text; what is no UTF-8 counts as one. */
static size_t next_character(struct str text, uint32_t *point)
{
    unsigned char lead = (unsigned char)*text.data;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    *point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    if (length > text.len || (lead >= 0x80 && lead < 0xC0)) {
        *point = 0xFFFD;
        return 1;
    }
    for (size_t i = 1; i < length; i++) {
        *point = *point << 6 | ((unsigned char)text.data[i] & 0x3FU);
    }
    return length;
}

/* Units of UTF-16 that are written as _xHHHH_: controls, halves of pairs, and an underscore that would begin such a word. */
static void escape(struct buf *out, struct str text)
{
    while (text.len) {
        uint32_t point;
        size_t length = next_character(text, &point);
        bool word = point == '_' && text.len > 1 && (text.data[1] == 'x' || text.data[1] == 'X');
        if (point >= 0x10000) {
            buf_format(out, "_x%04X__x%04X_", 0xD800U + ((point - 0x10000) >> 10), 0xDC00U + ((point - 0x10000) & 0x3FFU));
        } else if (point < 0x20 || (point >= 0x7F && point <= 0x9F) || word) {
            buf_format(out, "_x%04X_", point);
        } else if (length == 1 && point == 0xFFFD) {
            buf_text(out, "\xEF\xBF\xBD");
        } else {
            buf_add(out, str_take(text, length));
        }
        text = str_from(text, length);
    }
}

/* ---- elements ---- */

/* Names are escaped like texts: a property may be called anything. */
static void put_name(struct clix *clix, const char *name)
{
    if (name) {
        struct buf escaped = BUF_INIT(BUF_SMALL);
        escape(&escaped, str_of(name));
        xml_put_attribute(clix->xml, "N", buf_str(&escaped));
        buf_free(&escaped);
    }
}

static void put_reference(struct clix *clix, int number)
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    xml_put_attribute(clix->xml, "RefId", str_of(text));
}

void clix_open(struct clix *clix, const char *tag)
{
    xml_open(clix->xml, tag);
}

void clix_close(struct clix *clix)
{
    xml_close(clix->xml);
}

void clix_object(struct clix *clix, const char *name)
{
    xml_open(clix->xml, "Obj");
    put_name(clix, name);
    put_reference(clix, clix->objects++);
}

/* The list as a whole is compared, which is what RefId of a TN stands for. */
void clix_types(struct clix *clix, const char *types)
{
    struct str rest = str_of(types), type;
    for (size_t i = 0; i < clix->type_count; i++) {
        if (str_is(str_of(types), clix->types[i])) {
            xml_open(clix->xml, "TNRef");
            put_reference(clix, (int)i);
            xml_close(clix->xml);
            return;
        }
    }
    xml_open(clix->xml, "TN");
    put_reference(clix, (int)clix->type_count);
    while (rest.len) {
        str_cut(&rest, '|', &type);
        xml_leaf(clix->xml, "T", type);
    }
    xml_close(clix->xml);
    MEM_ROOM(clix->types, clix->type_count, clix->type_capacity);
    clix->types[clix->type_count++] = mem_text(types);
}

void clix_leaf(struct clix *clix, const char *tag, const char *name, struct str text)
{
    struct buf escaped = BUF_INIT(BUF_LARGE);
    escape(&escaped, text);
    xml_open(clix->xml, tag);
    put_name(clix, name);
    xml_put_text(clix->xml, buf_str(&escaped));
    xml_close(clix->xml);
    buf_free(&escaped);
}

void clix_text(struct clix *clix, const char *name, const char *text)
{
    clix_leaf(clix, "S", name, str_of(text));
}

void clix_bool(struct clix *clix, const char *name, bool value)
{
    clix_leaf(clix, "B", name, value ? STR("true") : STR("false"));
}

void clix_int(struct clix *clix, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    clix_leaf(clix, "I32", name, str_of(text));
}

void clix_nil(struct clix *clix, const char *name)
{
    clix_leaf(clix, "Nil", name, (struct str){ 0 });
}

/* The number is an int whatever the enum is made of (rps.md section 7). */
void clix_enum(struct clix *clix, const char *name, const char *type, const char *text, int value)
{
    char *types = mem_format("%s|System.Enum|System.ValueType|System.Object", type);
    clix_object(clix, name);
    clix_types(clix, types);
    clix_leaf(clix, "ToString", NULL, str_of(text));
    clix_int(clix, NULL, value);
    clix_close(clix);
    free(types);
}

void clix_list(struct clix *clix, const char *name)
{
    clix_object(clix, name);
    clix_types(clix, "System.Collections.ArrayList|System.Object");
    clix_open(clix, "LST");
}

void clix_hashtable(struct clix *clix, const char *name)
{
    clix_object(clix, name);
    clix_types(clix, "System.Collections.Hashtable|System.Object");
    clix_open(clix, "DCT");
}

void clix_key(struct clix *clix, const char *key)
{
    clix_open(clix, "En");
    clix_text(clix, "Key", key);
}

void clix_back_reference(struct clix *clix, int reference)
{
    xml_open(clix->xml, "Ref");
    put_reference(clix, reference);
    xml_close(clix->xml);
}

/* ---- values of JSON ---- */

static const struct { const char *type, *tag; } tags[] = {
    { "System.DateTime", "DT" }, { "System.Guid", "G" },     { "#Guid", "G" },            { "System.TimeSpan", "TS" },
    { "System.Int64", "I64" },   { "#Int64", "I64" },        { "System.Int32", "I32" },   { "System.Double", "Db" },
    { "System.UInt32", "U32" },  { "System.Decimal", "D" },  { "#Double", "Db" },         { "#DateTimeOffset", "DT" },
};

/* Without a note a whole number is an int while it fits, as .NET reads JSON. */
static const char *tag_of(const struct json *value, struct str type)
{
    int64_t whole;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (str_is(type, tags[i].type)) {
            return tags[i].tag;
        }
    }
    if (json_kind(value) == JSON_STRING) {
        return "S";
    }
    return !json_int64(value, &whole) ? "Db" : whole >= INT32_MIN && whole <= INT32_MAX ? "I32" : "I64";
}

/* Types of items are not noted in JSON: each is taken for what it looks like. */
static void json_list(struct clix *clix, const char *name, const struct json *value)
{
    clix_list(clix, name);
    for (const struct json *item = json_first(value); item; item = json_next(item)) {
        clix_json(clix, NULL, item, (struct str){ 0 });
    }
    clix_close(clix);
    clix_close(clix);
}

/* A type that the service names with a hash goes without it. */
static void json_object(struct clix *clix, const char *name, const struct json *value)
{
    struct str type = json_string(json_get(value, "@odata.type"));
    type = type.len && *type.data == '#' ? str_from(type, 1) : type;
    char *types = mem_format("%.*s%sSystem.Object", STR_ARG(type), type.len ? "|" : "");
    clix_object(clix, name);
    clix_types(clix, types);
    clix_open(clix, "Props");
    clix_members(clix, value);
    clix_close(clix);
    clix_close(clix);
    free(types);
}

void clix_json(struct clix *clix, const char *name, const struct json *value, struct str type)
{
    switch (json_kind(value)) {
    case JSON_NULL: clix_nil(clix, name); break;
    case JSON_BOOL: clix_bool(clix, name, json_bool(value, false)); break;
    case JSON_ARRAY: json_list(clix, name, value); break;
    case JSON_OBJECT: json_object(clix, name, value); break;
    case JSON_STRING:
    case JSON_NUMBER: clix_leaf(clix, tag_of(value, type), name, json_string(value)); break;
    }
}

/* An annotation stands before its property (rest.md section 5); the last one before it counts. */
void clix_members(struct clix *clix, const struct json *object)
{
    struct str type = { 0 };
    for (const struct json *member = json_first(object); member; member = json_next(member)) {
        if (strchr(json_name(member), '@')) {
            type = json_string(member);
        } else {
            clix_json(clix, json_name(member), member, type);
            type = (struct str){ 0 };
        }
    }
}
