/* CLIXML, read. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/guid.h"
#include "base/mem.h"
#include "base/xml.h"
#include "demo/rps_clixml.h"

#define XML_DEPTH (CLIX_DEPTH * 3)      /* an object takes up to three elements: Obj, a container, En */
#define MESSAGE_MAX ((size_t)64 * 1024 * 1024)

/* Objects by their number, for references. */
struct seen { struct str id; const struct json *value; };
struct reading {
    struct seen *objects;
    size_t count, capacity;
    int depth;
    struct err *err;
};

static struct json *read_value(struct reading *reading, const struct xml_node *node);

/* What stands in the text came from outside: it is cut here and cleaned by err_set. */
static struct json *refuse(struct reading *reading, const char *what, struct str which)
{
    err_set(reading->err, ERR_PROTOCOL, "CLIXML: %s \"%.*s\"", what, STR_ARG(str_take(which, 60)));
    return NULL;
}

/* ---- texts ---- */

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* _xHHHH_ with a small x and four digits of any case. */
static bool escaped_unit(struct str text, uint32_t *unit)
{
    *unit = 0;
    if (text.len < 7 || text.data[0] != '_' || text.data[1] != 'x' || text.data[6] != '_') {
        return false;
    }
    for (size_t i = 2; i < 6; i++) {
        int digit = hex(text.data[i]);
        if (digit < 0) {
            return false;
        }
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* UTF-8 of a code point; surrogates have been dealt with. */
static void put_point(struct buf *out, uint32_t point)
{
    const struct { uint32_t from; int more; unsigned lead; } forms[] = { { 0x10000, 3, 0xF0 }, { 0x800, 2, 0xE0 }, { 0x80, 1, 0xC0 } };
    for (size_t i = 0; i < 3; i++) {
        if (point >= forms[i].from) {
            buf_char(out, (char)(forms[i].lead | point >> (6 * forms[i].more)));
            for (int shift = 6 * (forms[i].more - 1); shift >= 0; shift -= 6) {
                buf_char(out, (char)(0x80U | (point >> shift & 0x3FU)));
            }
            return;
        }
    }
    buf_char(out, (char)point);
}

/* Halves of a pair meet again; one alone becomes U+FFFD. */
static void unescape(struct buf *out, struct str text)
{
    uint32_t unit, low;
    while (text.len) {
        if (!escaped_unit(text, &unit)) {
            buf_char(out, *text.data);
            text = str_from(text, 1);
            continue;
        }
        text = str_from(text, 7);
        bool pair = unit >= 0xD800 && unit < 0xDC00 && escaped_unit(text, &low) && low >= 0xDC00 && low < 0xE000;
        if (pair) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            text = str_from(text, 7);
        }
        put_point(out, !pair && unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    }
}

static struct json *text_value(struct str text)
{
    struct buf plain = BUF_INIT(MESSAGE_MAX);
    unescape(&plain, text);
    struct json *value = json_new_string(buf_str(&plain));
    buf_free(&plain);
    return value;
}

/* ---- primitives ---- */

enum form { FORM_TEXT, FORM_WORD, FORM_CHAR, FORM_BOOL, FORM_WHOLE, FORM_REAL, FORM_BYTES, FORM_SECURE, FORM_GUID, FORM_NIL };

static const struct { const char *tag; enum form form; int64_t least, most; } primitives[] = {
    { "S", FORM_TEXT, 0, 0 },       { "URI", FORM_TEXT, 0, 0 },     { "XD", FORM_TEXT, 0, 0 },      { "SBK", FORM_TEXT, 0, 0 },
    { "DT", FORM_WORD, 0, 0 },      { "TS", FORM_WORD, 0, 0 },      { "Version", FORM_WORD, 0, 0 }, { "C", FORM_CHAR, 0, UINT16_MAX },
    { "B", FORM_BOOL, 0, 0 },       { "By", FORM_WHOLE, 0, UINT8_MAX },   { "SB", FORM_WHOLE, INT8_MIN, INT8_MAX },
    { "U16", FORM_WHOLE, 0, UINT16_MAX }, { "I16", FORM_WHOLE, INT16_MIN, INT16_MAX }, { "U32", FORM_WHOLE, 0, UINT32_MAX },
    { "I32", FORM_WHOLE, INT32_MIN, INT32_MAX }, { "I64", FORM_WHOLE, INT64_MIN, INT64_MAX }, { "U64", FORM_REAL, 0, 0 },
    { "Sg", FORM_REAL, 0, 0 },      { "Db", FORM_REAL, 0, 0 },      { "D", FORM_REAL, 0, 0 },       { "BA", FORM_BYTES, 0, 0 },
    { "SS", FORM_SECURE, 0, 0 },    { "G", FORM_GUID, 0, 0 },       { "Nil", FORM_NIL, 0, 0 },
};

/* The form in which REST takes bytes (rest.md section 4), so that cmdlets need not know where they came from. */
static struct json *bytes_value(struct str text)
{
    struct buf bytes = BUF_INIT(MESSAGE_MAX);
    struct json *value = NULL, *numbers = json_new_array();
    if (base64_decode(text, &bytes)) {
        for (size_t i = 0; i < bytes.len; i++) {
            json_add(numbers, NULL, json_new_int((unsigned char)bytes.data[i]));
        }
        value = json_new_object();
        json_add_text(value, "@odata.type", "#Exchange.ByteArrayType");
        json_add(value, "Data", numbers);
    } else {
        json_free(numbers);
    }
    buf_free(&bytes);
    return value;
}

/* Opened later: the key is the shell's. */
static struct json *secure_value(struct str text)
{
    struct json *value = json_new_object();
    json_add(value, CLIX_SECURE, json_new_string(text));
    return value;
}

/* NaN and the infinities have no number in JSON. */
static struct json *real_value(struct str text)
{
    struct json *number = json_parse(text, NULL);
    if (json_kind(number) == JSON_NUMBER) {
        return number;
    }
    json_free(number);
    bool named = str_is(text, "NaN") || str_is(text, "INF") || str_is(text, "-INF");
    return named ? json_new_string(text) : NULL;
}

static struct json *whole_value(struct str text, size_t which)
{
    int64_t number;
    if (!str_to_int64(text, primitives[which].least, primitives[which].most, &number)) {
        return NULL;
    }
    if (primitives[which].form == FORM_WHOLE) {
        return json_new_int(number);
    }
    struct buf character = BUF_INIT(8);
    put_point(&character, (uint32_t)number);
    struct json *value = json_new_string(buf_str(&character));
    buf_free(&character);
    return value;
}

static struct json *primitive_value(size_t which, const struct xml_node *node)
{
    struct str text = xml_text(node);
    switch (primitives[which].form) {
    case FORM_TEXT: return text_value(node->text);
    case FORM_WORD: return json_new_string(text);
    case FORM_CHAR:
    case FORM_WHOLE: return whole_value(text, which);
    case FORM_BOOL: return str_is(text, "true") || str_is(text, "false") ? json_new_bool(str_is(text, "true")) : NULL;
    case FORM_REAL: return real_value(text);
    case FORM_BYTES: return bytes_value(text);
    case FORM_SECURE: return secure_value(text);
    case FORM_GUID: return guid_valid(text) ? json_new_string(text) : NULL;
    case FORM_NIL: return json_new_null();
    }
    return NULL;
}

/* Tags go with case, as all of XML. */
static size_t primitive_of(struct str tag)
{
    size_t which = 0;
    while (which < sizeof primitives / sizeof *primitives && !str_is(tag, primitives[which].tag)) {
        which++;
    }
    return which;
}

/* ---- containers ---- */

static bool is_one_of(struct str tag, const char *words)
{
    struct str rest = str_of(words), word;
    while (rest.len) {
        str_cut(&rest, ' ', &word);
        if (str_eq(tag, word)) {
            return true;
        }
    }
    return false;
}

static struct json *drop(struct json *value)
{
    json_free(value);
    return NULL;
}

/* Elements of a list have no names. */
static struct json *read_list(struct reading *reading, const struct xml_node *node)
{
    struct json *list = json_new_array();
    for (const struct xml_node *child = node->first; child; child = child->next) {
        struct json *item = read_value(reading, child);
        if (!item) {
            return drop(list);
        }
        json_add(list, NULL, item);
    }
    return list;
}

/* Keys of any primitive; as a member's name they are texts. */
static bool read_entry(struct reading *reading, const struct xml_node *entry, struct json *table)
{
    const struct xml_node *key = entry->first, *value = key ? key->next : NULL;
    bool shaped = str_is(entry->name, "En") && value && !value->next && !str_is(key->name, "Obj") && str_is(xml_attribute(key, "N"), "Key") &&
                  str_is(xml_attribute(value, "N"), "Value");
    struct json *name = shaped ? read_value(reading, key) : refuse(reading, "a bad entry of a dictionary", entry->name);
    struct json *member = name ? read_value(reading, value) : NULL;
    if (member) {
        char *text = str_dup(json_string(name));
        json_add(table, text, member);
        free(text);
    }
    json_free(name);
    return member != NULL;
}

static struct json *read_dictionary(struct reading *reading, const struct xml_node *node)
{
    struct json *table = json_new_object();
    json_add_text(table, "@odata.type", "#Exchange.GenericHashTable");
    for (const struct xml_node *entry = node->first; entry; entry = entry->next) {
        if (!read_entry(reading, entry, table)) {
            return drop(table);
        }
    }
    return table;
}

/* A property without a name is kept under the empty one: nobody asks for it. */
static bool read_members(struct reading *reading, const struct xml_node *node, struct json *object)
{
    for (const struct xml_node *child = node ? node->first : NULL; child; child = child->next) {
        struct buf name = BUF_INIT(BUF_SMALL);
        unescape(&name, xml_attribute(child, "N"));
        struct json *value = read_value(reading, child);
        if (value) {
            json_add(object, buf_cstr(&name), value);
        }
        buf_free(&name);
        if (!value) {
            return false;
        }
    }
    return true;
}

/* A switch in the form of PowerShell's own proxies is an object with one property. */
static struct json *read_properties(struct reading *reading, const struct xml_node *node)
{
    struct json *object = json_new_object();
    if (!read_members(reading, xml_child(node, NULL, "Props"), object) || !read_members(reading, xml_child(node, NULL, "MS"), object)) {
        return drop(object);
    }
    const struct json *present = json_get(object, "IsPresent");
    if (json_count(object) == 1 && json_kind(present) == JSON_BOOL) {
        bool on = json_bool(present, false);
        json_free(object);
        return json_new_bool(on);
    }
    return object;
}

/* The value proper of an object: what stands beside type names, text and notes. */
static const struct xml_node *proper(const struct xml_node *node)
{
    const struct xml_node *child = node->first;
    while (child && is_one_of(child->name, "TN TNRef ToString Props MS")) {
        child = child->next;
    }
    return child;
}

static struct json *object_value(struct reading *reading, const struct xml_node *node)
{
    const struct xml_node *value = proper(node);
    if (!value) {
        return read_properties(reading, node);
    }
    if (is_one_of(value->name, "LST IE QUE STK")) {
        return read_list(reading, value);
    }
    return str_is(value->name, "DCT") ? read_dictionary(reading, value) : read_value(reading, value);
}

/* Noted before it is read, so that a reference from inside finds it and sees that it is not complete. */
static struct json *read_object(struct reading *reading, const struct xml_node *node)
{
    struct str id = xml_attribute(node, "RefId");
    int64_t number;
    if (!str_to_int64(id, 0, INT32_MAX, &number)) {
        return refuse(reading, "an object without a RefId", id);
    }
    for (size_t i = 0; i < reading->count; i++) {
        if (str_eq(reading->objects[i].id, id)) {
            return refuse(reading, "two objects with the RefId", id);
        }
    }
    if (++reading->depth > CLIX_DEPTH) {
        return refuse(reading, "objects are too deep at", id);
    }
    size_t place = reading->count;
    MEM_ROOM(reading->objects, reading->count, reading->capacity);
    reading->objects[reading->count++] = (struct seen){ id, NULL };
    struct json *value = object_value(reading, node);
    reading->objects[place].value = value;
    reading->depth--;
    return value;
}

/* A copy, because a tree of JSON has one parent each. A few bytes can so ask for much; the caps of a message bound it. */
static struct json *read_reference(struct reading *reading, const struct xml_node *node)
{
    struct str id = xml_attribute(node, "RefId");
    for (size_t i = 0; i < reading->count; i++) {
        if (str_eq(reading->objects[i].id, id) && reading->objects[i].value) {
            return json_copy(reading->objects[i].value);
        }
    }
    return refuse(reading, "a reference to nothing, or to itself:", id);
}

static struct json *read_value(struct reading *reading, const struct xml_node *node)
{
    if (str_is(node->name, "Obj")) {
        return read_object(reading, node);
    }
    if (str_is(node->name, "Ref")) {
        return read_reference(reading, node);
    }
    size_t which = primitive_of(node->name);
    if (which == sizeof primitives / sizeof *primitives) {
        return refuse(reading, "an unknown element", node->name);
    }
    struct json *value = primitive_value(which, node);
    return value ? value : refuse(reading, "a bad value of", node->name);
}

struct json *clix_read(struct str xml, struct err *err)
{
    const struct xml_limits limits = { .depth = XML_DEPTH, .bytes = MESSAGE_MAX };
    struct reading reading = { .err = err };
    struct str mark = STR("\xEF\xBB\xBF");
    struct xml_document *document = xml_parse(str_starts(xml, mark) ? str_from(xml, 3) : xml, &limits, err);
    struct json *value = document ? read_value(&reading, xml_root(document)) : NULL;
    xml_free(document);
    free(reading.objects);
    return value;
}
