/* Which parameter sets are still possible, as PowerShell decides it. */
#ifndef PURVEY_CATALOGUE_PARAMETER_SETS_H
#define PURVEY_CATALOGUE_PARAMETER_SETS_H

#include "catalogue/invocation.h"

#define SETS_MAX 64     /* of one cmdlet; the service's largest has 6 */

/* One bit per set of the cmdlet. */
uint64_t sets_all(const struct cmdlet *cmdlet);
uint64_t sets_of(const struct cmdlet *cmdlet, const struct parameter *parameter);
/* The parameter that a value without a name goes to: the lowest free position, in the default set first. NULL: none. */
const struct parameter *sets_positional(const struct cmdlet *cmdlet, uint64_t sets, const struct parameter *const *taken,
                                        size_t taken_count);

#endif
