/* What the parts of the REST session share: rest_open (discovery, module file), rest_run (a running cmdlet),
   rest_headers (what goes with every request), rest_call (attempts). */
#ifndef PURVEY_SESSION_REST_SESSION_H
#define PURVEY_SESSION_REST_SESSION_H

#include "base/guid.h"
#include "base/timers.h"
#include "session/rest/rest_call.h"

/* Bytes of the module file's JSON answer; escaping makes it longer than the text in it. */
#define REST_SESSION_MAX_MODULE ((size_t)64 * 1024 * 1024)

struct rest_open;
struct rest_banner;

/* One refresh under way, and the calls that wait for it. */
struct rest_ticket {
    struct rest_session *session;           /* NULL: closed meanwhile */
    struct rest_ticket *next;
    bool answered;                          /* takes no more waiters */
};

/* The cookies of a connection. They can be freed only when no transfer uses them, not even the one whose callback
   closes the session; so they may outlive it by one turn. */
struct rest_cookies {
    struct http_jar *jar;
    struct timers *timers;
    int inside;                             /* transfer callbacks on the stack */
    bool closed;
};
void rest_cookies_enter(struct rest_cookies *cookies);
void rest_cookies_leave(struct rest_cookies *cookies);

struct rest_session {
    struct session base;
    struct session_config config;           /* its texts are owned copies */
    struct rest_cookies *cookies;
    struct guid connection_id;              /* one a session (rest.md section 3) */
    char *anchor;                           /* X-AnchorMailbox; "" = none */
    struct rest_banner *banner;             /* the greeting on its way; NULL = none */
    int64_t hold_until_ms;                  /* the service is busy: no call of this session goes out before (section 6) */
    struct err hold_why;
    struct rate_limit rate;                 /* of the last answer that said so */
    char *public_key;                       /* of the module file, for passwords; NULL = none yet */
    char host[256];                         /* the host all requests go to */
    char region[64];                        /* its first label; "" until known or when there is none */
    bool region_kept;                       /* it is from an earlier connection */
    bool region_doubted;                    /* that one could not be reached: another one makes the kept list void */
    int port;
    struct rest_open *opening;              /* NULL once opened or failed */
    struct session_run *runs;
    struct rest_call *waiters;              /* calls that wait for a token */
    struct rest_ticket *tickets;            /* newest first; only the first may be unanswered */
};

/* Tokens: one refresh at a time serves every call that waits. */
void rest_session_wait_for_token(struct rest_session *session, struct rest_call *call, const char *claims);
void rest_session_forget_waiter(struct rest_session *session, struct rest_call *call);

/* Sets session->host when the label is good (a redirect's host may be anything). False with ERR_PROTOCOL. */
bool rest_session_use_region(struct rest_session *session, struct str location_host, struct err *err) MUST_USE;
/* Back to the front door, which knows the region anew. False when that is where requests go already. */
bool rest_session_forget_region(struct rest_session *session);
/* Same, but what was kept stays until the front door names a region: without a network nothing is known. */
bool rest_session_leave_region(struct rest_session *session);
/* The next connection does not begin with the region that was kept. */
void rest_session_distrust_region(const struct rest_session *session);
/* A region of an earlier connection; one that the address names stays. */
void rest_session_use_kept_region(struct rest_session *session, struct str label);
/* Appends https://host[:port]. */
void rest_session_base(const struct rest_session *session, struct buf *url);

/* rest_open */
struct rest_open *rest_open_new(struct rest_session *session, const struct session_listener *listener);
void rest_open_cancel(struct rest_open *open);              /* NULL is fine */
bool rest_open_is_behind(const struct rest_open *open);     /* cmdlets may run already */

/* rest_banner */
/* Tells the text as a step that is done, later; a failure is silent. */
void rest_banner_fetch(struct rest_session *session, const struct session_listener *listener);
void rest_banner_cancel(struct rest_banner *banner);        /* NULL is fine */

/* rest_run */
struct session_run *rest_run_new(struct rest_session *session, const struct invocation *invocation,
                                 const struct run_listener *listener, struct err *err) MUST_USE;
void rest_run_cancel(struct session_run *run);
void rest_run_pause(struct session_run *run, bool paused);

/* rest_headers. All texts must live until http_send returned. */
void rest_headers_connect(const struct rest_session *session, const char *client_request_id,
                          struct http_request *request);
struct rest_run_headers {
    const char *cmdlet, *client_request_id, *prefer, *warning_action;
};
void rest_headers_run(const struct rest_session *session, const struct rest_run_headers *run,
                      struct http_request *request);
/* The value of X-AnchorMailbox for this sign-in (rest.md section 3); the caller frees it. */
char *rest_headers_anchor(const struct session_config *config);

#endif
