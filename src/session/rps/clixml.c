/* The tree of CLIXML: looking into it, building it, writing it. */
#include "session/rps/clixml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/xml.h"
#include "session/rps/clixml_tags.h"

/* ---- looking ---- */

static const struct clixml_value *find_in(const struct clixml_list *list, const char *name)
{
    const struct clixml_value *value = list->first;
    while (value && !str_is_nocase(value->name, name)) {
        value = value->next;
    }
    return value;
}

const struct clixml_value *clixml_get(const struct clixml_value *value, const char *name)
{
    const struct clixml_object *object = value && value->kind == CLIXML_OBJECT ? value->object : NULL;
    const struct clixml_value *found = object ? find_in(&object->extended, name) : NULL;
    return found || !object ? found : find_in(&object->adapted, name);
}

const struct clixml_value *clixml_entry(const struct clixml_value *value, const char *key)
{
    bool dictionary = value && value->kind == CLIXML_OBJECT && value->object->container == CLIXML_DICTIONARY;
    const struct clixml_value *at = dictionary ? value->object->items.first : NULL;
    while (at && !str_is_nocase(clixml_text(at), key)) {
        at = at->next ? at->next->next : NULL;
    }
    return at ? at->next : NULL;
}

struct str clixml_text(const struct clixml_value *value)
{
    if (!value) {
        return (struct str){ 0 };
    }
    if (value->kind != CLIXML_OBJECT) {
        return value->text;
    }
    bool words = value->object->has_to_string;
    return words ? value->object->to_string : value->object->base ? value->object->base->text : (struct str){ 0 };
}

static const struct clixml_value *primitive_of(const struct clixml_value *value)
{
    return value && value->kind == CLIXML_OBJECT ? value->object->base : value;
}

bool clixml_int(const struct clixml_value *value, int64_t *number)
{
    const struct clixml_value *primitive = primitive_of(value);
    bool numeric = primitive && primitive->kind >= CLIXML_BYTE && primitive->kind <= CLIXML_INT64;
    return numeric && str_to_int64(primitive->text, INT64_MIN, INT64_MAX, number);
}

bool clixml_bool(const struct clixml_value *value, bool otherwise)
{
    const struct clixml_value *inner = clixml_get(value, "IsPresent");
    const struct clixml_value *primitive = primitive_of(inner ? inner : value);
    return primitive && primitive->kind == CLIXML_BOOL ? str_is_nocase(primitive->text, "true") : otherwise;
}

const struct clixml_value *clixml_first(const struct clixml_value *value)
{
    return value && value->kind == CLIXML_OBJECT ? value->object->items.first : NULL;
}

bool clixml_is_type(const struct clixml_value *value, const char *type)
{
    const struct clixml_types *types = value && value->kind == CLIXML_OBJECT ? value->object->types : NULL;
    for (size_t i = 0; types && i < types->count; i++) {
        struct str name = types->names[i];
        name = str_starts_nocase(name, STR("Deserialized.")) ? str_from(name, sizeof "Deserialized." - 1) : name;
        if (str_is_nocase(name, type)) {
            return true;
        }
    }
    return false;
}

bool clixml_next_property(const struct clixml_value *value, const struct clixml_value **at)
{
    const struct clixml_object *object = value && value->kind == CLIXML_OBJECT ? value->object : NULL;
    if (!object) {
        return false;
    }
    if (!*at) {
        *at = object->adapted.first ? object->adapted.first : object->extended.first;
    } else {
        *at = *at == object->adapted.last ? object->extended.first : (*at)->next;
    }
    return *at != NULL;
}

/* ---- building ---- */

struct clixml_value *clixml_new(struct arena *arena, enum clixml_kind kind, struct str text)
{
    struct clixml_value *value = arena_new(arena, sizeof *value);
    value->kind = kind;
    value->text = text.len ? arena_str(arena, text) : (struct str){ 0 };
    return value;
}

struct clixml_value *clixml_new_int(struct arena *arena, enum clixml_kind kind, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, number);
    return clixml_new(arena, kind, str_of(digits));
}

struct clixml_value *clixml_new_bool(struct arena *arena, bool on)
{
    return clixml_new(arena, CLIXML_BOOL, on ? STR("true") : STR("false"));
}

struct clixml_value *clixml_new_object(struct arena *arena, const char *const *types, size_t count)
{
    struct clixml_value *value = clixml_new(arena, CLIXML_OBJECT, (struct str){ 0 });
    value->object = arena_new(arena, sizeof *value->object);
    if (count) {
        value->object->types = arena_new(arena, sizeof *value->object->types);
        value->object->types->names = arena_new(arena, count * sizeof *value->object->types->names);
        value->object->types->count = count;
        for (size_t i = 0; i < count; i++) {
            value->object->types->names[i] = str_of(types[i]);
        }
    }
    return value;
}

/* What .NET calls the containers that clients send (rps.md section 7). */
struct clixml_value *clixml_new_container(struct arena *arena, enum clixml_container container)
{
    static const char *const array[] = { "System.Object[]", "System.Array", "System.Object" };
    static const char *const table[] = { "System.Collections.Hashtable", "System.Object" };
    bool dictionary = container == CLIXML_DICTIONARY;
    struct clixml_value *value = clixml_new_object(arena, dictionary ? table : array, dictionary ? 2 : 3);
    value->object->container = container;
    return value;
}

struct clixml_value *clixml_new_enum(struct arena *arena, const char *type, const char *word, int64_t number)
{
    const char *const types[] = { type, "System.Enum", "System.ValueType", "System.Object" };
    struct clixml_value *value = clixml_new_object(arena, types, 4);
    value->object->to_string = arena_str(arena, str_of(word));
    value->object->has_to_string = true;
    value->object->base = clixml_new_int(arena, CLIXML_INT32, number);
    return value;
}

static void append(struct clixml_list *list, struct clixml_value *value)
{
    *(list->last ? &list->last->next : &list->first) = value;
    list->last = value;
}

void clixml_put(struct arena *arena, struct clixml_value *object, const char *name, struct clixml_value *value)
{
    value->name = arena_str(arena, str_of(name));
    append(&object->object->extended, value);
}

void clixml_put_adapted(struct arena *arena, struct clixml_value *object, const char *name, struct clixml_value *value)
{
    value->name = arena_str(arena, str_of(name));
    append(&object->object->adapted, value);
}

void clixml_append(struct clixml_value *container, struct clixml_value *item)
{
    append(&container->object->items, item);
}

/* ---- writing ---- */

struct known { const void *what; size_t id; };
struct known_list { struct known *items; size_t count, capacity; };

struct writing {
    struct xml_writer *xml;
    struct buf scratch;
    struct known_list objects, types;
};

/* The number of what was written before, or SIZE_MAX and a new one. Messages that are sent are small. */
static size_t recall(struct known_list *list, const void *what)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].what == what) {
            return list->items[i].id;
        }
    }
    MEM_ROOM(list->items, list->count, list->capacity);
    list->items[list->count] = (struct known){ what, list->count };
    list->count++;
    return SIZE_MAX;
}

static void put_escaped(struct writing *writing, const char *element, struct str text)
{
    buf_clear(&writing->scratch);
    clixml_escape(text, &writing->scratch);
    xml_leaf(writing->xml, element, buf_str(&writing->scratch));
}

static void put_name(struct writing *writing, const char *attribute, struct str name)
{
    if (name.len) {
        buf_clear(&writing->scratch);
        clixml_escape(name, &writing->scratch);
        xml_put_attribute(writing->xml, attribute, buf_str(&writing->scratch));
    }
}

static void put_ref_id(struct writing *writing, size_t id)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", id);
    xml_put_attribute(writing->xml, "RefId", str_of(digits));
}

/* Types of the same names are one, whoever made them: a list of a thousand strings names its class once. */
static const void *same_types(const struct writing *writing, const struct clixml_types *types)
{
    for (size_t i = 0; i < writing->types.count; i++) {
        const struct clixml_types *other = writing->types.items[i].what;
        bool same = other->count == types->count;
        for (size_t k = 0; same && k < types->count; k++) {
            same = str_eq(other->names[k], types->names[k]);
        }
        if (same) {
            return other;
        }
    }
    return types;
}

static void write_types(struct writing *writing, const struct clixml_types *types)
{
    size_t id = recall(&writing->types, same_types(writing, types));
    xml_open(writing->xml, id == SIZE_MAX ? "TN" : "TNRef");
    put_ref_id(writing, id == SIZE_MAX ? writing->types.count - 1 : id);
    for (size_t i = 0; id == SIZE_MAX && i < types->count; i++) {
        put_escaped(writing, "T", types->names[i]);
    }
    xml_close(writing->xml);
}

static void write_value(struct writing *writing, const struct clixml_value *value, struct str name);

static void write_list(struct writing *writing, const char *element, const struct clixml_list *list)
{
    xml_open(writing->xml, element);
    for (const struct clixml_value *value = list->first; value; value = value->next) {
        write_value(writing, value, value->name);
    }
    xml_close(writing->xml);
}

static void write_dictionary(struct writing *writing, const struct clixml_list *list)
{
    xml_open(writing->xml, "DCT");
    for (const struct clixml_value *key = list->first; key && key->next; key = key->next->next) {
        xml_open(writing->xml, "En");
        write_value(writing, key, STR("Key"));
        write_value(writing, key->next, STR("Value"));
        xml_close(writing->xml);
    }
    xml_close(writing->xml);
}

/* Types, words, value, container, then properties: the engine's own order. */
static void write_object(struct writing *writing, const struct clixml_object *object, struct str name)
{
    size_t id = recall(&writing->objects, object);
    xml_open(writing->xml, id == SIZE_MAX ? "Obj" : "Ref");
    put_name(writing, "N", name);
    put_ref_id(writing, id == SIZE_MAX ? writing->objects.count - 1 : id);
    if (id == SIZE_MAX) {
        if (object->types) {
            write_types(writing, object->types);
        }
        if (object->has_to_string) {
            put_escaped(writing, "ToString", object->to_string);
        }
        if (object->base) {
            write_value(writing, object->base, (struct str){ 0 });
        }
        if (object->container == CLIXML_DICTIONARY) {
            write_dictionary(writing, &object->items);
        } else if (object->container != CLIXML_NO_CONTAINER) {
            write_list(writing, clixml_tag_name(TAG_CONTAINER, (int)object->container), &object->items);
        }
        if (object->adapted.first) {
            write_list(writing, "Props", &object->adapted);
        }
        if (object->extended.first) {
            write_list(writing, "MS", &object->extended);
        }
    }
    xml_close(writing->xml);
}

static void write_value(struct writing *writing, const struct clixml_value *value, struct str name)
{
    if (value->kind == CLIXML_OBJECT) {
        write_object(writing, value->object, name);
        return;
    }
    xml_open(writing->xml, clixml_tag_name(TAG_PRIMITIVE, (int)value->kind));
    put_name(writing, "N", name);
    if (value->kind == CLIXML_BYTES || value->kind == CLIXML_SECURE_STRING) {
        xml_put_raw(writing->xml, value->text);
    } else {
        buf_clear(&writing->scratch);
        clixml_escape(value->text, &writing->scratch);
        xml_put_text(writing->xml, buf_str(&writing->scratch));
    }
    xml_close(writing->xml);
}

void clixml_write(const struct clixml_value *value, struct buf *out)
{
    struct writing writing = { .xml = xml_writer_new(), .scratch = BUF_INIT(SIZE_MAX) };
    write_value(&writing, value, (struct str){ 0 });
    xml_writer_finish(writing.xml, out);
    buf_free(&writing.scratch);
    free(writing.objects.items);
    free(writing.types.items);
}
