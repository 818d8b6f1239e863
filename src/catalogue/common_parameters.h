/* Parameters that PowerShell gives to every cmdlet. They are accepted, kept in the invocation, and never in a form. */
#ifndef PURVEY_CATALOGUE_COMMON_PARAMETERS_H
#define PURVEY_CATALOGUE_COMMON_PARAMETERS_H

#include "catalogue/catalogue.h"

struct common_parameter {
    const char *name;
    const char *alias;
    bool is_switch;
    const char *values;             /* separated by '|'; "" = any text */
    bool needs_should_process;      /* only where the cmdlet supports it */
};

const struct common_parameter *common_parameter_at(size_t index);      /* NULL behind the last */
/* By name or alias, or by a prefix that only one of them has. NULL: none. */
const struct common_parameter *common_parameter_find(struct str name, bool exact);
/* It is carried out here alone: the service's PowerShell is older than it, and would refuse the whole cmdlet. */
bool common_parameter_stays_here(struct str name);
/* -WhatIf, -wi and its prefixes. As an argument it is refused everywhere, because the service carries the cmdlet out for
   real; a line that has it becomes an invocation that is only shown. */
bool is_what_if(struct str name);
bool refuse_what_if(struct err *err);
/* The listed value in its own case; false with ERR_INPUT. */
bool common_parameter_settle(const struct common_parameter *common, struct str *value, struct err *err) MUST_USE;

#endif
