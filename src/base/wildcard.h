/* PowerShell's wildcards: * any run, ? one character, [a-z] one of a set; a backtick before any of them takes it as itself. */
#ifndef PURVEY_BASE_WILDCARD_H
#define PURVEY_BASE_WILDCARD_H

#include "base/str.h"

/* The whole text against the pattern. ASCII case is ignored unless exact_case. Never more than len(pattern) x len(text)
   steps, whatever the pattern. */
bool wildcard_matches(struct str pattern, struct str text, bool exact_case);
bool wildcard_has_any(struct str text);         /* *, ? or [ stands in it */

#endif
