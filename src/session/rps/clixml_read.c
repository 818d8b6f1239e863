/* The reader: one pass, a stack of places, values in an arena. Elements that it does not know are passed over, so that a
   later engine's objects can still be read. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/xml.h"
#include "session/rps/clixml_tags.h"

/* Every object takes at most three levels: itself, MS or a container, and an entry. */
#define MAX_LEVELS (CLIXML_MAX_DEPTH * 3 + 8)

enum place { AT_ROOT, AT_OBJECT, AT_VALUES, AT_DICTIONARY, AT_ENTRY, AT_TYPES, AT_TEXT, AT_PROGRESS, AT_SKIP };

struct frame {
    enum place place;
    struct clixml_object *object;   /* AT_OBJECT, AT_PROGRESS: the one that is being filled */
    struct clixml_list *list;       /* AT_VALUES, AT_ENTRY: where values go */
    struct str *into;               /* AT_TEXT */
};

/* RefId to what it stands for, open addressing; ids are as the sender likes. */
struct ids {
    struct { uint64_t id; void *target; } *places;
    size_t count, capacity;
};

struct clixml_reader {
    struct xml_reader *xml;
    struct arena arena;
    struct ids objects, types;
    struct frame frames[MAX_LEVELS];
    size_t depth, objects_deep, values;
    size_t max_bytes;
    struct clixml_list root;
    struct buf text;                /* of the element in hand */
    struct str type_names[64];      /* of the TN in hand */
    size_t type_count;
    size_t mark;                /* bytes of a byte order mark, and nothing else yet */
    bool begun;
};

/* ---- references ---- */

static size_t place_of(const struct ids *ids, uint64_t id)
{
    size_t at = (size_t)(id * 0x9E3779B97F4A7C15u) & (ids->capacity - 1);
    while (ids->places[at].target && ids->places[at].id != id) {
        at = (at + 1) & (ids->capacity - 1);
    }
    return at;
}

static void *ids_find(const struct ids *ids, uint64_t id)
{
    return ids->count ? ids->places[place_of(ids, id)].target : NULL;
}

static void ids_put(struct ids *ids, uint64_t id, void *target)
{
    if (ids->count * 2 >= ids->capacity) {
        struct ids grown = { .capacity = ids->capacity ? ids->capacity * 2 : 64 };
        grown.places = mem_array(grown.capacity, sizeof *grown.places);
        for (size_t i = 0; i < ids->capacity; i++) {
            if (ids->places[i].target) {
                grown.places[place_of(&grown, ids->places[i].id)] = ids->places[i];
            }
        }
        grown.count = ids->count;
        free(ids->places);
        *ids = grown;
    }
    size_t at = place_of(ids, id);
    ids->count += !ids->places[at].target;
    ids->places[at].id = id;
    ids->places[at].target = target;
}

static void ids_clear(struct ids *ids)
{
    if (ids->count) {
        memset(ids->places, 0, ids->capacity * sizeof *ids->places);
        ids->count = 0;
    }
}

static bool fail(struct clixml_reader *reader, struct err *err, const char *what)
{
    return err_set(err, ERR_PROTOCOL, "bad CLIXML at byte %lld: %s", (long long)xml_reader_offset(reader->xml), what);
}

/* False without a RefId, or with one that is no number. */
static bool ref_id(const struct xml_element *element, uint64_t *id)
{
    struct str text;
    int64_t number;
    if (!xml_element_attribute(element, "RefId", &text) || !str_to_int64(text, 0, INT64_MAX, &number)) {
        return false;
    }
    *id = (uint64_t)number;
    return true;
}

/* ---- values ---- */

static struct str unescaped(struct clixml_reader *reader, struct str text)
{
    if (!text.len || !memchr(text.data, '_', text.len)) {
        return arena_str(&reader->arena, text);
    }
    struct buf plain = BUF_INIT(SIZE_MAX);
    clixml_unescape(text, &plain);
    struct str kept = arena_str(&reader->arena, buf_str(&plain));
    buf_free(&plain);
    return kept;
}

/* A new value at the end of the list, named by its attribute or, within a progress record, by its element. */
static struct clixml_value *add_value(struct clixml_reader *reader, const struct xml_element *element, struct clixml_list *list,
                                      enum clixml_kind kind, struct err *err)
{
    struct str name = { 0 };
    if (++reader->values > CLIXML_MAX_VALUES) {
        fail(reader, err, "one object of too many values");
        return NULL;
    }
    struct clixml_value *value = arena_new(&reader->arena, sizeof *value);
    value->kind = kind;
    if (xml_element_attribute(element, "N", &name)) {
        value->name = unescaped(reader, name);
    }
    *(list->last ? &list->last->next : &list->first) = value;
    list->last = value;
    return value;
}

static bool push(struct clixml_reader *reader, struct frame frame, struct err *err)
{
    if (reader->depth == MAX_LEVELS) {
        return fail(reader, err, "nested too deeply");
    }
    reader->frames[reader->depth++] = frame;
    return true;
}

static bool skip(struct clixml_reader *reader, struct err *err)
{
    return push(reader, (struct frame){ .place = AT_SKIP }, err);
}

static bool push_text(struct clixml_reader *reader, struct str *into, struct err *err)
{
    buf_clear(&reader->text);
    return push(reader, (struct frame){ .place = AT_TEXT, .into = into }, err);
}

static bool push_values(struct clixml_reader *reader, struct clixml_list *list, struct err *err)
{
    return push(reader, (struct frame){ .place = AT_VALUES, .list = list }, err);
}

static bool open_object(struct clixml_reader *reader, const struct xml_element *element, struct clixml_list *list,
                        enum place place, struct err *err)
{
    struct clixml_value *value = add_value(reader, element, list, CLIXML_OBJECT, err);
    uint64_t id;
    if (!value) {
        return false;
    }
    if (reader->objects_deep == CLIXML_MAX_DEPTH) {
        return fail(reader, err, "more than 50 objects within each other");
    }
    reader->objects_deep++;
    value->object = arena_new(&reader->arena, sizeof *value->object);
    value->object->open = true;
    if (ref_id(element, &id)) {
        ids_put(&reader->objects, id, value->object);
    }
    return push(reader, (struct frame){ .place = place, .object = value->object }, err);
}

/* What is still open would hold itself: nothing that shows or stores objects could ever end. */
static bool add_reference(struct clixml_reader *reader, const struct xml_element *element, struct clixml_list *list, struct err *err)
{
    uint64_t id = 0;
    struct clixml_object *object = ref_id(element, &id) ? ids_find(&reader->objects, id) : NULL;
    if (!object) {
        return fail(reader, err, "a reference to an object that did not come");
    }
    if (object->open) {
        return fail(reader, err, "an object that holds itself");
    }
    struct clixml_value *value = add_value(reader, element, list, CLIXML_OBJECT, err);
    if (value) {
        value->object = object;
    }
    return value && skip(reader, err);
}

/* An element where a value may stand. */
static bool start_value(struct clixml_reader *reader, const struct xml_element *element, const struct clixml_tag *tag,
                        struct clixml_list *list, struct err *err)
{
    struct clixml_value *value;
    switch (tag->class) {
    case TAG_PRIMITIVE:
        value = add_value(reader, element, list, (enum clixml_kind)tag->which, err);
        return value && push_text(reader, &value->text, err);
    case TAG_OBJECT:
        return open_object(reader, element, list, AT_OBJECT, err);
    case TAG_PROGRESS:
        return open_object(reader, element, list, AT_PROGRESS, err);
    case TAG_REF:
        return add_reference(reader, element, list, err);
    default:
        return skip(reader, err);
    }
}

/* ---- within an object ---- */

static bool start_container(struct clixml_reader *reader, struct clixml_object *object, enum clixml_container container,
                            struct err *err)
{
    if (object->container != CLIXML_NO_CONTAINER) {
        return fail(reader, err, "an object with two containers");
    }
    object->container = container;
    return push(reader, (struct frame){ .place = container == CLIXML_DICTIONARY ? AT_DICTIONARY : AT_VALUES, .object = object,
                                        .list = &object->items }, err);
}

static bool start_types(struct clixml_reader *reader, const struct xml_element *element, struct clixml_object *object, struct err *err)
{
    uint64_t id;
    struct clixml_types *types = arena_new(&reader->arena, sizeof *types);
    object->types = types;
    reader->type_count = 0;
    if (ref_id(element, &id)) {
        ids_put(&reader->types, id, types);
    }
    return push(reader, (struct frame){ .place = AT_TYPES, .object = object }, err);
}

static bool use_types(struct clixml_reader *reader, const struct xml_element *element, struct clixml_object *object, struct err *err)
{
    uint64_t id = 0;
    object->types = ref_id(element, &id) ? ids_find(&reader->types, id) : NULL;
    return object->types ? skip(reader, err) : fail(reader, err, "a reference to type names that did not come");
}

static bool start_base(struct clixml_reader *reader, const struct xml_element *element, const struct clixml_tag *tag,
                       struct clixml_object *object, struct err *err)
{
    struct clixml_list list = { 0 };
    if (!start_value(reader, element, tag, &list, err)) {
        return false;
    }
    object->base = list.first;
    return true;
}

static bool start_member(struct clixml_reader *reader, const struct xml_element *element, const struct clixml_tag *tag,
                         struct clixml_object *object, struct err *err)
{
    switch (tag->class) {
    case TAG_TYPES:
        return start_types(reader, element, object, err);
    case TAG_TYPES_REF:
        return use_types(reader, element, object, err);
    case TAG_TO_STRING:
        object->has_to_string = true;
        return push_text(reader, &object->to_string, err);
    case TAG_ADAPTED:
        return push_values(reader, &object->adapted, err);
    case TAG_EXTENDED:
        return push_values(reader, &object->extended, err);
    case TAG_CONTAINER:
        return start_container(reader, object, (enum clixml_container)tag->which, err);
    case TAG_PRIMITIVE:
        return start_base(reader, element, tag, object, err);
    default:
        return skip(reader, err);
    }
}

static bool start_type(struct clixml_reader *reader, struct err *err)
{
    if (reader->type_count == sizeof reader->type_names / sizeof *reader->type_names) {
        return skip(reader, err);
    }
    return push_text(reader, &reader->type_names[reader->type_count++], err);
}

/* <PR>: AV, AI, S ... are what would be names elsewhere (MS-PSRP section 2.2.5.1.26). */
static bool start_progress_part(struct clixml_reader *reader, const struct xml_element *element, struct clixml_object *object,
                                struct err *err)
{
    struct clixml_value *value = add_value(reader, element, &object->extended, CLIXML_STRING, err);
    if (!value) {
        return false;
    }
    value->name = arena_str(&reader->arena, element->name);
    return push_text(reader, &value->text, err);
}

/* A dictionary's values are told apart by their names; whatever the order they come in, the key stands first. */
static bool end_entry(struct clixml_reader *reader, struct clixml_object *dictionary, struct clixml_list entry, struct err *err)
{
    struct clixml_value *one = entry.first, *other = one ? one->next : NULL;
    if (!other || other->next) {
        return fail(reader, err, "an entry of a dictionary that is no key with a value");
    }
    struct clixml_value *key = str_is(other->name, "Key") ? other : one, *value = key == one ? other : one;
    key->next = value;
    value->next = NULL;
    *(dictionary->items.last ? &dictionary->items.last->next : &dictionary->items.first) = key;
    dictionary->items.last = value;
    return true;
}

/* ---- what XML says ---- */

static bool on_start(void *context, const struct xml_element *element, struct err *err)
{
    struct clixml_reader *reader = context;
    const struct clixml_tag *tag = clixml_tag_of(element->name);
    const struct frame *top = reader->depth ? &reader->frames[reader->depth - 1] : &(const struct frame){ .place = AT_ROOT };
    struct clixml_list *entry;
    switch (top->place) {
    case AT_ROOT:
        if (tag->class == TAG_UNKNOWN) {
            return fail(reader, err, "it does not begin with an object or a value");
        }
        return tag->class == TAG_ROOT ? push_values(reader, &reader->root, err) : start_value(reader, element, tag, &reader->root, err);
    case AT_OBJECT:
        return start_member(reader, element, tag, top->object, err);
    case AT_VALUES:
    case AT_ENTRY:
        return start_value(reader, element, tag, top->list, err);
    case AT_DICTIONARY:
        entry = tag->class == TAG_ENTRY ? arena_new(&reader->arena, sizeof *entry) : NULL;
        return entry ? push(reader, (struct frame){ .place = AT_ENTRY, .object = top->object, .list = entry }, err) : skip(reader, err);
    case AT_TYPES:
        return tag->class == TAG_TYPE ? start_type(reader, err) : skip(reader, err);
    case AT_PROGRESS:
        return start_progress_part(reader, element, top->object, err);
    case AT_TEXT:
    case AT_SKIP:
        break;
    }
    return skip(reader, err);
}

static bool on_text(void *context, struct str piece, struct err *err)
{
    struct clixml_reader *reader = context;
    (void)err;
    if (reader->depth && reader->frames[reader->depth - 1].place == AT_TEXT) {
        buf_add(&reader->text, piece);
    }
    return true;
}

static void close_types(struct clixml_reader *reader, struct clixml_object *object)
{
    struct str *names = arena_new(&reader->arena, reader->type_count * sizeof *names);
    memcpy(names, reader->type_names, reader->type_count * sizeof *names);
    *object->types = (struct clixml_types){ names, reader->type_count };
}

static bool on_end(void *context, struct err *err)
{
    struct clixml_reader *reader = context;
    const struct frame frame = reader->frames[--reader->depth];
    switch (frame.place) {
    case AT_TEXT:
        *frame.into = unescaped(reader, buf_str(&reader->text));
        break;
    case AT_OBJECT:
    case AT_PROGRESS:
        frame.object->open = false;
        reader->objects_deep--;
        break;
    case AT_TYPES:
        close_types(reader, frame.object);
        break;
    case AT_ENTRY:
        return end_entry(reader, frame.object, *frame.list, err);
    case AT_ROOT:
    case AT_VALUES:
    case AT_DICTIONARY:
    case AT_SKIP:
        break;
    }
    return true;
}

/* ---- life ---- */

struct clixml_reader *clixml_reader_new(size_t max_bytes)
{
    static const struct xml_handlers handlers = { on_start, on_text, on_end };
    struct clixml_reader *reader = MEM_NEW(struct clixml_reader);
    reader->max_bytes = max_bytes ? max_bytes : CLIXML_MAX_BYTES;
    reader->arena.block_size = (size_t)64 * 1024;
    reader->text = (struct buf)BUF_INIT(reader->max_bytes);
    reader->xml = xml_reader_new(&handlers, reader, &(struct xml_limits){ .depth = MAX_LEVELS + 64, .bytes = reader->max_bytes });
    return reader;
}

void clixml_reader_free(struct clixml_reader *reader)
{
    if (reader) {
        xml_reader_free(reader->xml);
        arena_free(&reader->arena);
        buf_free(&reader->text);
        free(reader->objects.places);
        free(reader->types.places);
        free(reader);
    }
}

void clixml_reader_reset(struct clixml_reader *reader)
{
    xml_reader_reset(reader->xml);
    arena_clear(&reader->arena);
    ids_clear(&reader->objects);
    ids_clear(&reader->types);
    reader->depth = reader->objects_deep = reader->values = reader->type_count = 0;
    reader->root = (struct clixml_list){ 0 };
    reader->mark = 0;
    reader->begun = false;
}

bool clixml_reader_feed(struct clixml_reader *reader, struct str piece, struct err *err)
{
    for (size_t i = 0; i < piece.len && !reader->begun; i++) {
        reader->begun = reader->mark >= 3 || piece.data[i] != "\xef\xbb\xbf"[reader->mark++];
    }
    return xml_reader_feed(reader->xml, piece, err);
}

const struct clixml_value *clixml_reader_finish(struct clixml_reader *reader, struct err *err)
{
    static const struct clixml_value nil = { .kind = CLIXML_NIL };
    if (!reader->begun && (reader->mark == 0 || reader->mark == 3)) {
        return &nil;
    }
    return !xml_reader_finish(reader->xml, err) ? NULL : reader->root.first ? reader->root.first : &nil;
}
