/* AADSTS codes: meaning and advice in plain words. One table (auth.md section 12). */
#ifndef PURVEY_AUTH_ENTRA_ERRORS_H
#define PURVEY_AUTH_ENTRA_ERRORS_H

#include "base/err.h"
#include "base/json.h"

struct entra_error { int code; const char *meaning; const char *advice; };
const struct entra_error *entra_error_find(int code);       /* NULL: unknown, show it as it came */

/* Turns an error answer of the token or device-code endpoint into an err: kind by `error`, text in plain words, code
   AADSTSn, correlation with trace id, correlation id and timestamp, advice. body may be no JSON at all. */
void entra_error_from_answer(struct err *err, int status, struct str body);

/* The same for an error that came through the browser: no ids, texts of a form. */
void entra_error_from_texts(struct err *err, const char *error, const char *description);

#endif
