/* Objects for cmdlets that the tenant has no tables for (--catalogue): made from the parameters that New- and Set- take. */
#ifndef PURVEY_DEMO_GENERIC_H
#define PURVEY_DEMO_GENERIC_H

#include "demo/cmdlets.h"
#include "demo/tenant.h"

struct generic;

/* The nouns of the table that tenant_noun does not know. Has to outlive the tenant whose objects are of them. */
struct generic *generic_new(const struct cmdlet_table *table);
void generic_free(struct generic *generic);
const struct noun *generic_noun(const struct generic *generic, struct str name);        /* case-blind; NULL = none */
/* Puts the objects of all of them into the tenant. */
void generic_seed(const struct generic *generic, struct tenant *tenant);

#endif
