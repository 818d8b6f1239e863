/* One text to one JSON value of a simple type. */
#ifndef PURVEY_CATALOGUE_SCALAR_H
#define PURVEY_CATALOGUE_SCALAR_H

#include "base/json.h"
#include "catalogue/catalogue.h"

/* The value as the wire wants it (rest.md section 4): dates as UTC without Z, GUIDs with hyphens. NULL with ERR_INPUT and
   what is expected. Types that are no scalars are taken as text. */
struct json *scalar_from_text(const struct parameter *parameter, struct str text, struct err *err) MUST_USE;

/* The listed value that is meant, in its own case; `value` itself when the list is open or there is none. False with
   ERR_INPUT and the nearest ones when the list is closed. */
bool choice_settle(const struct parameter *parameter, struct str *value, struct err *err) MUST_USE;

/* 2026-01-31, '2026-01-31 14:00' (UTC), 7d (seven days ago), today, 11/20/2026 07:15 AM: seconds since 1970. */
bool date_from_text(struct str text, int64_t *unix_s);
/* 03/04/2026, which date_from_text refuses. */
bool date_is_ambiguous(struct str text);
/* The same as [datetime] reads it: 4 March. False for every other form. */
bool date_month_first(struct str text, int64_t *unix_s);

/* true, yes, on, $true, 1 and their opposites. */
bool bool_from_text(struct str text, bool *value);

#endif
