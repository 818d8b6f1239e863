/* Time. Monotonic milliseconds for waits, wall-clock seconds for what people see. */
#ifndef PURVEY_BASE_CLOCK_H
#define PURVEY_BASE_CLOCK_H

#include "base/str.h"

int64_t clock_ms(void);                                  /* CLOCK_MONOTONIC, milliseconds */
int64_t clock_unix(void);                                /* seconds since 1970, UTC */
void clock_iso(int64_t unix_s, char out[21]);            /* 2026-11-23T07:45:00Z */
void clock_hms(int64_t unix_s, char out[9]);             /* local 07:45:00 */
bool clock_parse_iso(struct str text, int64_t *unix_s);  /* date or date and time, Z, offset or none (UTC) */

#endif
