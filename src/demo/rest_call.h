/* One cmdlet call at the compliance service, from the request's body to the envelope of the answer. */
#ifndef PURVEY_DEMO_REST_CALL_H
#define PURVEY_DEMO_REST_CALL_H

#include "demo/cmdlets.h"
#include "demo/generic.h"
#include "demo/rest.h"
#include "demo/tenant.h"

struct rest {
    struct cmdlet_table *table;
    struct tenant *tenant;
    struct generic *generic;        /* nouns that the tenant has no tables for */
    int64_t calls, cookies, redirects, refused;
    int64_t *calls_of;              /* by place in the table */
    struct rps *rps;                /* remote PowerShell: the same cmdlets by another door */
};

/* How the text begins that names a mandatory parameter which did not come. */
#define REST_MISSING_TEXT "The command cannot run because a mandatory parameter is missing: "
#define REST_DEFAULT_ROWS 1000
#define REST_MAX_PAGE 1000
#define REST_UNLIMITED INT64_MAX
#define REST_JOB_STEPS 2            /* of a started job: Starting, InProgress, Completed */

struct call {
    struct demo *demo;
    struct rest *rest;
    const struct demo_request *request;
    struct demo_reply *reply;
    const char *upn;                /* who calls */
    bool search_only;               /* in a session for searches */
    struct json *body;
    const struct json *parameters;  /* in body */
    const struct cmdlet *cmdlet;
    struct str verb, noun_name, set;        /* set: the parameter set that was chosen */
    const struct noun *noun;        /* NULL: no objects of that noun are kept */
    bool is_generic;                /* the noun is none of the tenant's own */
    int64_t now;
    /* what the cmdlet gives back */
    const struct entry **rows;      /* borrowed */
    size_t row_count, row_capacity;
    struct json *warnings, *errors; /* arrays; errors NULL = none */
    char *confirmation;             /* NULL = none asked */
};

/* ---- rest_reply.c ---- */

enum failure {
    FAIL_BODY, FAIL_CONTAINER, FAIL_UNKNOWN_CMDLET, FAIL_UNKNOWN_PARAMETER, FAIL_AMBIGUOUS, FAIL_MISSING, FAIL_VALUE,
    FAIL_EXISTS, FAIL_NOT_FOUND, FAIL_CURSOR, FAIL_STATE,
};
/* Answers with an OData error (rest.md section 6). Always returns false. */
bool rest_fail(struct demo_reply *reply, enum failure failure, const char *target, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* The headers that every answer of the regional host carries. */
void rest_headers(struct rest *rest, const struct demo *demo, struct demo_reply *reply);
void rest_content_type(struct demo_reply *reply);
/* Appends text with everything outside ASCII as \u escapes: only for JSON. */
void rest_escape(struct buf *out, struct str json);
/* The envelope up to and with "value":[ . next_link NULL = the last page. */
void rest_envelope(const struct call *call, const char *next_link, struct buf *out);
void rest_warn(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
void rest_note_error(struct call *call, const char *format, ...) PRINTF_LIKE(2, 3);
extern const char rest_more_warning[];

/* ---- rest_bind.c: is this a call that the cmdlet understands? ---- */

bool rest_bind(struct call *call);
/* The value of a bound parameter, case-blind; NULL when it was not given (null counts as not given). */
const struct json *call_value(const struct call *call, const char *name);
const char *call_text(const struct call *call, const char *name);                   /* "" when absent or no text */
bool call_switch(const struct call *call, const char *name);
int64_t call_result_size(const struct call *call);                                  /* REST_UNLIMITED; 0 = not given */

/* ---- rest_page.c: which rows of the result go into this answer ---- */

struct page { int64_t first, delivered, rows; };     /* delivered: rows of the pages before */
bool page_of_request(struct call *call, struct page *page);     /* false: the cursor is bad, answered */
char *page_link(const struct call *call, int64_t next, int64_t delivered);      /* free it */

/* ---- what the verbs do ---- */

bool rest_get(struct call *call);           /* rest_get.c */
void rest_advance(struct call *call);       /* after a Get: started jobs go one step on */
bool rest_users(struct call *call);         /* rest_users.c: answers by itself, with a stream */
bool rest_explorer(struct call *call);      /* rest_explorer.c: answers by itself */
bool rest_create(struct call *call);         /* rest_create.c */
bool rest_ask(struct call *call);           /* rest_ask.c: "Confirm": true */
bool rest_create_generic(struct call *call);        /* rest_generic.c: a New- without tables */
bool rest_generic(struct call *call);       /* rest_generic.c: every other verb without tables */
bool rest_change(struct call *call);        /* rest_change.c: Set, Remove, Start, Stop, Add, Release, Delete */
/* Puts the bound parameters into the properties they are about; returns how many were. */
size_t call_apply(struct call *call, struct entry *entry);          /* rest_apply.c */
void call_row(struct call *call, const struct entry *entry);
/* The object that -Identity names. NULL: there is none, answered. */
struct entry *call_target(struct call *call, const char *parameter);
/* The parent that -Policy, -Case ... names; *parent NULL when the parameter was not given. False: answered. */
bool call_parent(struct call *call, struct entry **parent);

#endif
