/* What -WhatIf shows: what a cmdlet would change, in rows, made here and not by the service, which would carry it out
   (pains.md 4). */
#ifndef PURVEY_PIPELINE_PREVIEW_H
#define PURVEY_PIPELINE_PREVIEW_H

#include "pipeline/local.h"

/* A row for each value that the call gives: Cmdlet, Target, Parameter, Before, After; and one for what becomes of the whole,
   "(object)" "(removed)", where the verb says it. before: the object as it is now, or NULL when it is not known. */
bool preview_rows(const struct invocation *invocation, const struct object *before, const struct local_sink *out, struct err *err) MUST_USE;
/* One line about it, as PowerShell says it. */
void preview_text(const struct invocation *invocation, struct buf *out);

#endif
