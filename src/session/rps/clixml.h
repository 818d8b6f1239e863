/* CLIXML: PowerShell's objects as text (rps.md section 7; MS-PSRP section 2.2.5). A reader that is fed in pieces, a writer, and
   the tree between them. It knows nothing of sessions. */
#ifndef PURVEY_SESSION_RPS_CLIXML_H
#define PURVEY_SESSION_RPS_CLIXML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum clixml_kind {
    CLIXML_NIL, CLIXML_STRING, CLIXML_CHAR, CLIXML_BOOL, CLIXML_DATE_TIME, CLIXML_TIME_SPAN, CLIXML_BYTE, CLIXML_SBYTE,
    CLIXML_UINT16, CLIXML_INT16, CLIXML_UINT32, CLIXML_INT32, CLIXML_UINT64, CLIXML_INT64, CLIXML_FLOAT, CLIXML_DOUBLE,
    CLIXML_DECIMAL, CLIXML_BYTES, CLIXML_GUID, CLIXML_URI, CLIXML_VERSION, CLIXML_XML, CLIXML_SCRIPT, CLIXML_SECURE_STRING,
    CLIXML_OBJECT,
};
enum clixml_container { CLIXML_NO_CONTAINER, CLIXML_LIST, CLIXML_ENUMERABLE, CLIXML_QUEUE, CLIXML_STACK, CLIXML_DICTIONARY };

/* The class first, then what it comes from. */
struct clixml_types { struct str *names; size_t count; };

/* A value where it stands. Slices and what is pointed to belong to the tree's arena. */
struct clixml_value {
    enum clixml_kind kind;
    struct str name;                    /* as a property */
    struct str text;                    /* of a primitive, unescaped: digits, true, base64, a date as it came */
    struct clixml_object *object;       /* of CLIXML_OBJECT; several values may stand for one (Ref) */
    struct clixml_value *next;          /* in the list that it stands in */
};

struct clixml_list { struct clixml_value *first, *last; };

struct clixml_object {
    struct clixml_types *types;         /* NULL = not said */
    struct str to_string;
    bool has_to_string;
    bool open;                          /* the reader is inside it */
    struct clixml_value *base;          /* a primitive with more than its value: an enum's number; or NULL */
    enum clixml_container container;
    struct clixml_list items;           /* of the container; a dictionary's are key, value, key, value */
    struct clixml_list adapted, extended;       /* Props and MS */
};

/* ---- reading ---- */

#define CLIXML_MAX_DEPTH 50             /* objects within objects: the engine's own limit */
#define CLIXML_MAX_VALUES 4000000       /* of one message */
#define CLIXML_MAX_BYTES ((size_t)200 * 1024 * 1024)

struct clixml_reader;
struct clixml_reader *clixml_reader_new(size_t max_bytes);              /* of one message; 0 = CLIXML_MAX_BYTES */
void clixml_reader_free(struct clixml_reader *reader);                  /* NULL is fine */
/* A message in pieces, cut anywhere, a byte order mark or none before it. False with ERR_PROTOCOL that names the byte; the
   message is lost then, and the reader waits to be reset. */
bool clixml_reader_feed(struct clixml_reader *reader, struct str piece, struct err *err) MUST_USE;
/* The message's one value, until the reader is reset or freed. A message without a byte but the mark is Nil. NULL with ERR_PROTOCOL. */
const struct clixml_value *clixml_reader_finish(struct clixml_reader *reader, struct err *err) MUST_USE;
void clixml_reader_reset(struct clixml_reader *reader);                 /* ready for the next message */

/* A property of an object, extended before adapted, case-blind; NULL when absent or when value is NULL. */
const struct clixml_value *clixml_get(const struct clixml_value *value, const char *name);
/* A dictionary's value of that key, case-blind. */
const struct clixml_value *clixml_entry(const struct clixml_value *value, const char *key);
/* What stands for the value in words: a primitive's text, ToString, the base value's; empty for the rest and NULL. */
struct str clixml_text(const struct clixml_value *value);
bool clixml_int(const struct clixml_value *value, int64_t *number);     /* also of an enum */
bool clixml_bool(const struct clixml_value *value, bool otherwise);     /* also of a SwitchParameter */
const struct clixml_value *clixml_first(const struct clixml_value *value);      /* of a container; NULL */
bool clixml_is_type(const struct clixml_value *value, const char *type);        /* one of its names, "Deserialized." or not */
/* Steps through Props, then MS: start with *at NULL. False at the end. */
bool clixml_next_property(const struct clixml_value *value, const struct clixml_value **at);

/* ---- building and writing ---- */

/* Each makes a value in the arena; text is copied, and must be UTF-8. */
struct clixml_value *clixml_new(struct arena *arena, enum clixml_kind kind, struct str text);
struct clixml_value *clixml_new_int(struct arena *arena, enum clixml_kind kind, int64_t number);
struct clixml_value *clixml_new_bool(struct arena *arena, bool on);
struct clixml_value *clixml_new_object(struct arena *arena, const char *const *types, size_t count);    /* static texts */
struct clixml_value *clixml_new_container(struct arena *arena, enum clixml_container container);        /* with the usual types */
struct clixml_value *clixml_new_enum(struct arena *arena, const char *type, const char *word, int64_t number);
void clixml_put(struct arena *arena, struct clixml_value *object, const char *name, struct clixml_value *value);       /* MS */
void clixml_put_adapted(struct arena *arena, struct clixml_value *object, const char *name, struct clixml_value *value);
void clixml_append(struct clixml_value *container, struct clixml_value *item);                          /* not shared */

/* Appends the value: RefIds from 0, no declaration. */
void clixml_write(const struct clixml_value *value, struct buf *out);

#endif
