/* What went wrong, said in plain words: answers of the service that are not results (rest.md section 6). */
#ifndef PURVEY_SESSION_REST_ERROR_H
#define PURVEY_SESSION_REST_ERROR_H

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

/* Bytes of a failed answer's body that are looked at. */
#define REST_ERROR_MAX_BODY ((size_t)1024 * 1024)

/* A failed answer. Texts of headers are "" when absent, never NULL. */
struct rest_answer {
    int status;
    struct str body;
    const char *cmdlet;                 /* "" while connecting */
    const char *request_id, *client_request_id, *server, *date;
    bool app_only;                      /* an application asked, not a person */
    const char *exception_type;         /* x-ExceptionType */
    const char *retry_after;
    const char *authenticate;           /* the WWW-Authenticate header that carries claims, or the last one */
};

/* Fills err with kind, text, advice, code ("Namespace.Type Ex6F9304"), correlation and retry_after_s. Any bytes are
   fine as a body. Texts come in Microsoft's order of precedence (section 6). */
void rest_error_read(const struct rest_answer *answer, struct err *err);

/* An element of @adminapi.errors: one of the three forms of details[0].message. */
void rest_error_from_text(struct str text, struct err *err);

/* What is known about an exception of this type, or with this text: the kind and the advice; else err stays as it is. */
void rest_error_advise(struct str type, struct str text, struct err *err);

/* The warnings inside a failed answer, NULL when there are none; the caller frees *tree after use. */
const struct json *rest_error_warnings(struct str body, struct json **tree);

/* True when Microsoft's client would try again (section 6): 401, 429, 503, 504, five named exceptions. */
bool rest_error_may_retry(int status, struct str body);

/* The 400 of a page cursor that the service no longer knows. */
bool rest_error_is_expired_page(int status, struct str body);

/* Seconds of a Retry-After header, decimals rounded up; 0 when it has none or is a date. */
int rest_error_retry_after(const char *value);

/* Appends the decoded claims challenge of a WWW-Authenticate header. False when there is none. */
bool rest_error_claims(const char *authenticate, struct buf *claims);

#endif
