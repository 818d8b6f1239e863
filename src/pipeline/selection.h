/* The -Property lists of the local cmdlets: names, names with wildcards, and @{Name='x'; Expression={...}}. */
#ifndef PURVEY_PIPELINE_SELECTION_H
#define PURVEY_PIPELINE_SELECTION_H

#include "base/object.h"
#include "catalogue/invocation.h"
#include "pipeline/expression.h"

struct selected {
    char *name;                     /* of the result; a pattern when wildcard */
    bool wildcard;
    bool plain;                     /* a property of the object under its own name */
    bool matched;                   /* a plain one that some object had */
    bool descending, directed;      /* @{Descending=$true}, and whether it said anything */
    struct expression *expression;  /* NULL for a pattern */
};
struct selection { struct selected *items; size_t count; };

/* The list in a parameter; an absent one gives none. False with ERR_INPUT. */
bool selection_read(struct selection *selection, const struct invocation *invocation, const char *parameter, struct err *err) MUST_USE;
void selection_free(struct selection *selection);
/* Adds the selected properties of `object` to `out` (which is cleared). Slices are good until the next call, or as long as
   object. Absent ones become null, as in PowerShell. A name is added once. */
void selection_apply(struct selection *selection, const struct object *object, struct object *out);
void selection_unmatched(const struct selection *selection, expression_teller *tell, void *context);
bool selection_has(const struct selection *selection, struct str name);         /* by name or pattern */

#endif
