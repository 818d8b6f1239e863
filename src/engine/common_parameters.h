/* The parameters that every cmdlet takes beside its own, and what they ask for here. */
#ifndef PURVEY_ENGINE_COMMON_PARAMETERS_H
#define PURVEY_ENGINE_COMMON_PARAMETERS_H

#include "catalogue/invocation.h"

/* What -ErrorAction, -WarningAction and their kin ask for; the rest of PowerShell's words mean Continue here. */
enum reaction { REACT_CONTINUE, REACT_SILENT, REACT_STOP };

enum reaction common_reaction(const struct invocation *invocation, const char *parameter);  /* NULL: REACT_CONTINUE */
bool common_verbose(const struct invocation *invocation);       /* -Verbose or -Debug */

#endif
