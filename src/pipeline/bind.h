/* Objects of a pipeline to the parameters of the next cmdlet, as PowerShell binds them: by value, then by property name. */
#ifndef PURVEY_PIPELINE_BIND_H
#define PURVEY_PIPELINE_BIND_H

#include "base/object.h"
#include "pipeline/pipeline.h"

/* The stage's own arguments and those that the object brings; the caller's. NULL with ERR_INPUT: nothing could be bound, a
   value does not fit, or something mandatory is still missing. */
struct invocation *bind_object(const struct stage *stage, const struct object *object, struct err *err) MUST_USE;

/* Whether the object can be what was asked for with -Identity (pains.md 5): a service that does not know an identity may
   answer with everything. Always true without a plain -Identity. */
bool bind_matches_identity(const struct invocation *asked, const struct object *object);

#endif
