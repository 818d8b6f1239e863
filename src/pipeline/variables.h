/* What -OutVariable and its kin keep, for $NAME at the beginning of a later line. Kept as lines of JSON: a large result costs
   what its text costs. Not for several threads. */
#ifndef PURVEY_PIPELINE_VARIABLES_H
#define PURVEY_PIPELINE_VARIABLES_H

#include "base/object.h"
#include "pipeline/pipeline.h"

/* Of one variable, in bytes. What is larger cannot be read again: a part of a result would be taken for all of it. */
#define VARIABLE_MOST ((size_t)64 * 1024 * 1024)

struct variables;

struct variables *variables_new(void);
void variables_free(struct variables *variables);       /* NULL is fine */

/* A cmdlet begins: what its -OutVariable, -ErrorVariable, -WarningVariable and -InformationVariable name is empty from now
   on; with + in front it keeps what it has. */
void variables_begin(struct variables *variables, const struct invocation *invocation);

/* What the cmdlet gave, for the variable that its `parameter` names; nothing without one. */
void variables_keep(struct variables *variables, const struct invocation *invocation, const char *parameter, const struct object *object);
void variables_keep_text(struct variables *variables, const struct invocation *invocation, const char *parameter, struct str text);
/* As a record like PowerShell's: Exception.Message, FullyQualifiedErrorId; and the advice. */
void variables_keep_error(struct variables *variables, const struct invocation *invocation, const struct err *err);

/* Appends the objects of a variable, a line of JSON each. False with ERR_INPUT: no cmdlet kept anything under that name, or
   it is too large. */
bool variables_read(const struct variables *variables, const char *name, struct buf *lines, struct err *err) MUST_USE;

/* Whether a cmdlet of the pipeline will keep something under the name. */
bool variable_is_kept_by(const struct pipeline *pipeline, const char *name);
/* That no cmdlet keeps anything under this name. */
bool variable_refuse(const char *name, struct err *err);

#endif
