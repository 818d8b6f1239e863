/* Cuts an InvokeCommand answer into its pieces while it arrives (rest.md section 5): the elements of "value" one by
   one, and the members of the envelope. It finds boundaries only; what is inside a piece is base/json.h's matter. */
#ifndef PURVEY_SESSION_REST_PAGE_H
#define PURVEY_SESSION_REST_PAGE_H

#include "base/buf.h"
#include "base/err.h"

/* One piece may be this long when it spans chunks; the same holds for a body without "value". */
#define REST_PAGE_MAX_PIECE ((size_t)64 * 1024 * 1024)

/* Members of the envelope that mean something; names are compared without case. */
enum rest_member {
    REST_MEMBER_OTHER,
    REST_MEMBER_VALUE,
    REST_MEMBER_CONTEXT,
    REST_MEMBER_NEXT_LINK,
    REST_MEMBER_WARNINGS,
    REST_MEMBER_ERRORS,
    REST_MEMBER_CONFIRMATION,
    REST_MEMBER_ERROR,
};

/* What the body turned out to be. */
enum rest_page_kind {
    REST_PAGE_EMPTY,        /* nothing but blanks */
    REST_PAGE_VALUES,       /* an envelope with "value": every element was handed over */
    REST_PAGE_SINGLE,       /* valid JSON without "value": rest_page_whole() is the one object */
    REST_PAGE_ERROR,        /* an error object: rest_page_whole() has it */
    REST_PAGE_NOT_JSON,     /* a web page, plain text, NUL bytes: rest_page_whole() is its beginning */
};

/* The slices are raw JSON, valid inside the callback only. Returning false ends the work: push fails with ERR_CANCELLED
   and the page must not be used again before rest_page_reset. */
struct rest_page_listener {
    bool (*element)(void *context, struct str json);
    bool (*member)(void *context, enum rest_member member, struct str json);
    void *context;
};

struct rest_page;

struct rest_page *rest_page_new(const struct rest_page_listener *listener);
void rest_page_free(struct rest_page *page);                /* NULL is fine; not from inside a callback */
void rest_page_reset(struct rest_page *page);               /* ready for another body; keeps its memory */

/* Takes the next bytes. False with ERR_PROTOCOL (the text names the offset) or ERR_CANCELLED. A body that is no JSON at
   all is swallowed; rest_page_finish tells. */
bool rest_page_push(struct rest_page *page, struct str bytes, struct err *err) MUST_USE;

/* The body is over. False with ERR_PROTOCOL when it was cut off or is not JSON. *kind is set in any case. */
bool rest_page_finish(struct rest_page *page, enum rest_page_kind *kind, struct err *err) MUST_USE;

/* True when the envelope is closed: nothing that counts can follow. */
bool rest_page_closed(const struct rest_page *page);

/* True when the failure of rest_page_finish was a body that broke off, so that asking again may help. */
bool rest_page_truncated(const struct rest_page *page);

/* The body so far, as long as no "value" was met; valid until the page is reset. */
struct str rest_page_whole(const struct rest_page *page);

#endif
