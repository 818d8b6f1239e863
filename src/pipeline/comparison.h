/* PowerShell's comparison operators over the values of objects: -eq, -like, -match, -in and their kin. Sole owner of PCRE2,
   whose expressions are the nearest to .NET's. */
#ifndef PURVEY_PIPELINE_COMPARISON_H
#define PURVEY_PIPELINE_COMPARISON_H

#include "base/object.h"

enum operator {
    OPERATOR_EQ, OPERATOR_NE, OPERATOR_GT, OPERATOR_GE, OPERATOR_LT, OPERATOR_LE, OPERATOR_LIKE, OPERATOR_NOTLIKE,
    OPERATOR_MATCH, OPERATOR_NOTMATCH, OPERATOR_CONTAINS, OPERATOR_NOTCONTAINS, OPERATOR_IN, OPERATOR_NOTIN,
};

/* An operator with its right side read once. */
struct comparison;

/* eq, ceq, ieq, notlike...: the name without its dash. */
bool operator_by_name(struct str name, enum operator *operator, bool *exact_case);
const char *operator_names(void);       /* for messages: "-eq -ne ..." */

/* right NULL: it changes with each object and is given to comparison_holds. False with ERR_INPUT for a regular expression
   that cannot be read. */
struct comparison *comparison_new(enum operator operator, bool exact_case, const struct property *right, struct err *err) MUST_USE;
void comparison_free(struct comparison *comparison);
/* An array on the left holds when one of its elements does. NULL values are PowerShell's $null. */
bool comparison_holds(const struct comparison *comparison, const struct property *left, const struct property *right);

/* What PowerShell takes for true: not null, false, 0, "" or an empty list. */
bool value_is_true(const struct property *value);
/* Before, same, after: numbers, sizes and dates by value, the rest as text without case. */
int value_order(const struct property *left, const struct property *right);

/* Calls `use` for each element of a list, or once for the value itself, until it returns true; whether one did. */
bool value_any(const struct property *value, bool (*use)(void *context, const struct property *element), void *context);

#endif
