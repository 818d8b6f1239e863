/* The local cmdlets that stand between two cmdlets of the service, or behind the last: objects go in at one end and come out
   at the other. */
#ifndef PURVEY_PIPELINE_CHAIN_H
#define PURVEY_PIPELINE_CHAIN_H

#include "pipeline/local.h"
#include "pipeline/pipeline.h"
#include "pipeline/variables.h"

struct chain;

/* Stages [first, end) of a pipeline, all of the kind STAGE_LOCAL; it and the variables must outlive the chain (not
   owned; NULL: nothing is kept). NULL with ERR_INPUT. */
struct chain *chain_new(const struct pipeline *pipeline, size_t first, size_t end, const struct local_sink *out, struct variables *variables,
                        struct err *err) MUST_USE;
bool chain_object(struct chain *chain, const struct object *object, struct err *err) MUST_USE;
/* What was kept back comes out, first to last. */
bool chain_end(struct chain *chain, struct err *err) MUST_USE;
bool chain_full(const struct chain *chain);     /* nothing that may still come would change the result (Select-Object -First) */
/* What its cmdlets asked for and no object had, once each. */
void chain_unmatched(const struct chain *chain, expression_teller *tell, void *context);
void chain_free(struct chain *chain);           /* NULL is fine */

#endif
