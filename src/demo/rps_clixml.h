/* CLIXML as the demo tenant reads and writes it (rps.md section 7). What is read becomes JSON: parameters of cmdlets are JSON
   behind the door, and the protocol's own objects are small. */
#ifndef PURVEY_DEMO_RPS_CLIXML_H
#define PURVEY_DEMO_RPS_CLIXML_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* ---- read ---- */

#define CLIX_SECURE "@secure"       /* the one member of what a SecureString becomes: its base64 */
#define CLIX_DEPTH 50               /* of objects, the engine's own */

/* One element. Objects become objects (adapted properties, then extended), lists arrays, dictionaries objects tagged
   #Exchange.GenericHashTable, byte arrays #Exchange.ByteArrayType, enums their number, switches booleans, dates and the
   like texts. NULL with ERR_PROTOCOL: not XML, an unknown tag, a broken number, a reference to nothing or to what is not
   yet complete. The caller frees it. */
struct json *clix_read(struct str xml, struct err *err) MUST_USE;

/* ---- written ---- */

struct clix;
struct clix *clix_new(void);
/* Appends the text and frees the writer. Everything has to be closed. */
void clix_finish(struct clix *clix, struct buf *out);

/* name NULL: without. Numbers objects and types by themselves. */
void clix_object(struct clix *clix, const char *name);              /* Obj; clix_close ends it */
void clix_types(struct clix *clix, const char *types);              /* "A|B": TN, or TNRef when they came before */
void clix_open(struct clix *clix, const char *tag);                 /* MS, Props, LST, DCT, En ... */
void clix_close(struct clix *clix);
void clix_leaf(struct clix *clix, const char *tag, const char *name, struct str text);      /* escaped as texts are */
void clix_text(struct clix *clix, const char *name, const char *text);
void clix_bool(struct clix *clix, const char *name, bool value);
void clix_int(struct clix *clix, const char *name, int64_t value);  /* I32 */
void clix_nil(struct clix *clix, const char *name);
void clix_enum(struct clix *clix, const char *name, const char *type, const char *text, int value);
void clix_list(struct clix *clix, const char *name);                /* Obj of an ArrayList with LST open; close twice */
void clix_hashtable(struct clix *clix, const char *name);           /* Obj of a Hashtable with DCT open; close twice */
void clix_key(struct clix *clix, const char *key);                  /* En with its key; the value named "Value" and a close follow */
/* A value of JSON, type: its annotation ("System.DateTime", "System.Guid" ...) or "". */
void clix_json(struct clix *clix, const char *name, const struct json *value, struct str type);
/* Members of an object of JSON, each by the annotations before it. */
void clix_members(struct clix *clix, const struct json *object);
void clix_back_reference(struct clix *clix, int reference);         /* a Ref without a look: for faults */

#endif
