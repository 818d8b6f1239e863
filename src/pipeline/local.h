/* The local cmdlets that take objects and give objects (Where-Object, Select-Object...), one running instance each. */
#ifndef PURVEY_PIPELINE_LOCAL_H
#define PURVEY_PIPELINE_LOCAL_H

#include "base/object.h"
#include "catalogue/invocation.h"
#include "pipeline/expression.h"

/* What Sort-Object, Group-Object and -Last have to keep at a time, in bytes; past it they end with ERR_STORE. */
#define LOCAL_KEPT_MOST ((size_t)512 * 1024 * 1024)

/* Where results go. False with err ends the pipeline. */
struct local_sink {
    bool (*object)(void *context, const struct object *object, struct err *err);
    void *context;
};

struct local_class {
    const char *name;
    void *(*open)(const struct invocation *invocation, struct err *err);        /* NULL with ERR_INPUT */
    bool (*object)(void *state, const struct object *object, const struct local_sink *out, struct err *err);
    bool (*end)(void *state, const struct local_sink *out, struct err *err);    /* NULL: nothing is kept back */
    bool (*full)(const void *state);                                            /* NULL: always wants more */
    void (*close)(void *state);
    void (*unmatched)(const void *state, expression_teller *tell, void *context);   /* NULL: it asks for no properties */
};

struct local { const struct local_class *class; void *state; };

/* For an invocation of a cmdlet that local_name calls LOCAL_STEP. False with ERR_INPUT. */
bool local_open(struct local *local, const struct invocation *invocation, struct err *err) MUST_USE;
void local_close(struct local *local);

extern const struct local_class local_where, local_foreach, local_select, local_sort, local_group, local_measure, local_member;

/* --- what they share --- */
/* A count that was given; `otherwise` without it. False with ERR_INPUT when it is negative. */
bool local_count(const struct invocation *invocation, const char *name, int64_t otherwise, int64_t *count, struct err *err) MUST_USE;
/* The one text of a parameter, or "". */
struct str local_text(const struct invocation *invocation, const char *name);

/* Gives a value as PowerShell puts it into a pipeline: lists element by element, nested objects as objects, the rest as an
   object with the one property Value. Null gives nothing. room is the caller's to reuse. */
bool local_give_value(const struct property *value, struct object *room, const struct local_sink *out, struct err *err) MUST_USE;

/* Objects kept for later, with their memory counted. */
struct kept { struct object *items; size_t count, capacity, bytes; };
bool kept_add(struct kept *kept, const struct object *object, struct err *err) MUST_USE;
void kept_free(struct kept *kept);
void object_copy(struct object *to, const struct object *from);         /* to is initialised; gets its own bytes */

#endif
