/* One object as the service returned it: its properties in the service's order. What travels from a session to the
   store, and from the store to the object view and the exports. */
#ifndef PURVEY_BASE_OBJECT_H
#define PURVEY_BASE_OBJECT_H

#include "base/json.h"

/* A value's kind is also its first byte in the store, so the letters are for good. */
enum value_kind {
    VALUE_NULL = 'n',
    VALUE_TRUE = 't',
    VALUE_FALSE = 'f',
    VALUE_NUMBER = 'i',     /* text holds the digits exactly as they came */
    VALUE_STRING = 's',
    VALUE_NESTED = 'j',     /* text holds JSON: an array or an object, annotations included */
};

struct property {
    struct str name;        /* as the service spells it, without annotations */
    struct str type;        /* .NET type of the annotations (System.Guid); empty when there were none */
    enum value_kind kind;
    struct str text;        /* UTF-8, not cleaned; empty for null, true, false */
};

/* Slices point into `bytes` or into the memory of whoever filled it; see the filler's comment. */
struct object {
    struct property *properties;
    size_t count, capacity;
    struct buf bytes;
    const char *const *view;        /* the properties that a table of its type shows, in order, up to a NULL; not its own.
                                       NULL = not known */
    struct str raw;         /* the JSON that it was made of, annotations and all; empty when it was made otherwise */
};

#define OBJECT_MAX_BYTES ((size_t)64 * 1024 * 1024)

void object_init(struct object *object);
void object_clear(struct object *object);                /* no properties; keeps the memory */
void object_free(struct object *object);
void object_add(struct object *object, struct property property);       /* slices are kept as they are */
const struct property *object_find(const struct object *object, struct str name);   /* case-blind; NULL if absent */

/* Fills object from a JSON value: properties in order, keys with '@' dropped but used as types (rest.md section 5).
   A value that is no object becomes one property named Value. Slices point into `value`, which must outlive them
   (nested values are printed into object->bytes). */
void object_from_json(struct object *object, const struct json *value);

/* Appends the object as one JSON object on one line: no annotations on the top level nor in nested values. */
void object_print_json(const struct object *object, bool pretty, struct buf *out);
/* The same for whoever works on with it: lists of {_key,_value} pairs become objects, as ConvertTo-Json gives them in
   PowerShell and as the service takes them back. */
void object_print_data(const struct object *object, bool pretty, struct buf *out);

/* Appends what a table cell or CSV field shows: true/false, digits, text; arrays of primitives as a, b, c; arrays of
   {_key,_value} pairs as {key=value; ...}; other nested values as compact JSON. Not cleaned. */
void property_display(const struct property *property, struct buf *out);

#endif
