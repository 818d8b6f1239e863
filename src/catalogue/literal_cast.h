/* [string]'x', [datetime]'2026-01-31', [ordered]@{...}: casts in brackets and tables. */
#ifndef PURVEY_CATALOGUE_LITERAL_CAST_H
#define PURVEY_CATALOGUE_LITERAL_CAST_H

#include "catalogue/literal.h"

/* The reader stands on '['. The value is converted as PowerShell converts it, by the rules that hold for a parameter of that
   type; what [bool] and [datetime] make of a text is theirs. [byte[]] wants bytes. False with ERR_INPUT. */
bool literal_read_cast(struct reader *reader, struct literal *literal, struct err *err) MUST_USE;

/* 'a' + 'b', 'a' -join 'b' where a bracket should close: refused in these words. False, with err untouched, when no operator
   stands here. */
bool literal_refuse_operator(const struct reader *reader, struct err *err);

#endif
