/* HTTPS for the engine thread: many transfers, one thread, callbacks. Sole owner of libcurl.
   Redirects are never followed (rest.md section 1.1), TLS is always verified, only https is spoken, and a bearer goes
   only to hosts of its own cloud. */
#ifndef PURVEY_NET_HTTP_H
#define PURVEY_NET_HTTP_H

#include "base/err.h"
#include "base/secret.h"
#include "base/timers.h"

struct http;            /* the multi handle, its connection pool */
struct http_jar;        /* cookies of one connection (rest.md section 1.1: affinity) */
struct http_transfer;   /* one request under way */

struct http_config {
    const char *ca_file;        /* extra-trusted CA bundle in place of the system's; NULL = the system's */
    const char *proxy;          /* NULL = from the environment (https_proxy, no_proxy) */
    const char *user_agent;     /* NULL = purvey/VERSION */
    struct timers *timers;      /* not owned */
};

struct http_header {
    const char *name;
    const char *value;
};

#define HTTP_MAX_HEADERS 32

/* How a proxy is told who asks; without one, as the proxy's address says (http://USER:PASSWORD@HOST). */
enum http_proxy_scheme { HTTP_PROXY_AS_ADDRESSED, HTTP_PROXY_NEGOTIATE, HTTP_PROXY_BASIC, HTTP_PROXY_DIGEST };
struct http_proxy_login {
    enum http_proxy_scheme scheme;
    const char *user;                               /* NULL or "" = the address's, or the Kerberos ticket of this user */
    const struct secret *password;
};

struct http_request {
    const char *method;                             /* "GET" or "POST" */
    const char *url;                                /* https only; anything else is refused */
    struct http_header headers[HTTP_MAX_HEADERS];   /* up to the first NULL name; copied */
    struct str body;                                /* copied into wiped memory; empty = none */
    const struct secret *bearer;                    /* NULL = none; sent as Authorization: Bearer */
    const char *const *bearer_hosts;                /* host suffixes the bearer may go to, NULL-ended; needed with bearer:
                                                       a host is allowed when equal to one or ending in "." + one */
    const char *bearer_user;                        /* not NULL: sent as Basic, of this name and "Bearer TOKEN" (rps.md section 2) */
    struct http_jar *jar;                           /* NULL = no cookies */
    bool metadata;                                  /* plain http, no proxy, and only to 169.254.169.254 or this machine:
                                                       managed identities (auth.md section 7) */
    bool once;                                      /* must not be sent twice: libcurl repeats by itself what a reused
                                                       connection dropped without an answer, so it gets a fresh one */
    bool unrepeatable;                              /* the same over a kept connection: a body that went out is not sent again */
    bool version_1;                                 /* HTTP/1.1: a request that is held must not hold others */
    bool direct;                                    /* no proxy, whatever the environment says */
    struct http_proxy_login proxy_login;            /* copied */
    bool farewell;                                  /* http_settle waits for it */
    bool open_body;                                 /* the body holds no secret: the log of requests may show it */
    int timeout_s;                                  /* whole transfer; 0 = 60. Connecting is capped at 20 s anyway */
    size_t max_body;                                /* bytes of answer taken (decoded); 0 = 16 MiB; SIZE_MAX = no cap
                                                       (for bodies that are consumed as they stream) */
    const char *purpose;                            /* for the log of requests, where the address does not tell; copied; NULL = none */
    void *tag;                                      /* handed back in http_exchange */
};

/* The head of an answer. Valid inside the callback only. status is 0 when the transfer failed before a head came. */
struct http_response {
    int status;
    const struct http_transfer *transfer;
};

/* The last header of that name, case-blind; "" when absent. Valid inside the callback. http_header_next walks several
   of one name: *index starts at 0; NULL at the end. */
const char *http_header(const struct http_response *response, const char *name);
const char *http_header_next(const struct http_response *response, const char *name, size_t *index);

/* body may return false to end the transfer (done then comes with ERR_CANCELLED). done comes exactly once unless the
   transfer was cancelled by http_cancel; err is NULL when an answer of any status arrived whole. */
struct http_handlers {
    void (*head)(void *context, const struct http_response *response);                  /* may be NULL */
    bool (*body)(void *context, struct str chunk);                                       /* may be NULL */
    void (*done)(void *context, const struct http_response *response, const struct err *err);
};

/* One finished (or cancelled) exchange, for the log of requests. Strings are valid inside the callback only. No
   secret is in it: headers are redacted and bodies are only given where whoever sent them said that they hold none. */
struct http_exchange {
    int64_t started_unix;
    int64_t elapsed_ms;
    const char *method;
    const char *url;
    const char *purpose;        /* "" when the request gave none */
    int status;                 /* 0 = no answer */
    int64_t sent_bytes, received_bytes;      /* bodies, on the wire */
    const char *client_request_id;           /* header of the request, "" if none */
    const char *request_id;                  /* header of the answer, "" if none */
    const char *request_headers;             /* one per line, secrets as "***" */
    const char *response_headers;
    struct str request_body;                 /* of requests with open_body only */
    const struct err *err;                   /* NULL = answered */
    void *tag;
};
typedef void http_observer(void *context, const struct http_exchange *exchange);

struct http *http_new(const struct http_config *config, struct err *err) MUST_USE;
void http_free(struct http *http);                       /* ends everything, tells nobody; not from inside a callback */
void http_observe(struct http *http, http_observer *observer, void *context);

struct http_jar *http_jar_new(void);
void http_jar_free(struct http_jar *jar);                /* transfers under way keep what they need of it */

/* Starts a transfer. NULL with ERR_INPUT (bad address), ERR_AUTH_DENIED (bearer refused for that host) or ERR_SYSTEM;
   no callback comes then. No callback comes from inside http_send itself. Allowed from inside callbacks. Hosts under
   .localhost are reached on this machine and never through a proxy. */
struct http_transfer *http_send(struct http *http, const struct http_request *request,
                                const struct http_handlers *handlers, void *context, struct err *err) MUST_USE;
void http_cancel(struct http_transfer *transfer);        /* no further callback; transfer is gone. NULL is fine. Allowed
                                                            from inside any callback. The observer hears of it at once */
void http_pause(struct http_transfer *transfer, bool paused);   /* stops and resumes the body callbacks; none comes from
                                                                   inside it. Time paused counts for timeout_s */

/* Runs transfers and timers until a callback came, a timer fired, extra_fd became readable, or timeout_ms passed (-1 =
   no limit); it may return earlier. True when extra_fd is readable. The engine's only wait; not to be called from inside
   a callback. */
bool http_turn(struct http *http, int extra_fd, int timeout_ms);

/* Whoever has something to end before its farewell can be said. hurry: it is waited for no longer; the farewell is sent from inside
   it. It stays its owner's, and has to stay until it was let go. */
struct http_hold { void (*hurry)(void *context); void *context; struct http_hold *next; };
void http_hold(struct http *http, struct http_hold *hold);
void http_let_go(struct http *http, struct http_hold *hold);     /* one that was not held is fine */

/* Turns until nobody holds and the farewells are done, at most timeout_ms; those that are not are told ERR_NETWORK then. When
   hurry_fd becomes readable, those who hold are hurried, and half a second is left; -1 = none. */
void http_settle(struct http *http, int hurry_fd, int timeout_ms);

/* Further descriptors that http_turn waits for: readable is called from it, between transfers, and may watch, unwatch, send
   and cancel. At most 8; the descriptor stays the caller's. ERR_SYSTEM when there is no place. */
bool http_watch(struct http *http, int fd, void (*readable)(void *context), void *context, struct err *err) MUST_USE;
void http_unwatch(struct http *http, int fd);

/* A date of a header (RFC 9110 section 5.6.7). */
bool http_date(const char *text, int64_t *unix_s) MUST_USE;

/* Appends name=value of a form (application/x-www-form-urlencoded), with '&' when needed. */
struct buf;
void http_form_add(struct buf *form, const char *name, struct str value);
void http_escape(struct buf *out, struct str text);     /* %XX for all but the unreserved characters of RFC 3986 */

/* The parts of an https address. False when it is not one, or has user information in it. host is lower case. */
struct http_url { char host[256]; int port; char path[1024]; char query[8192]; };
bool http_url_parse(const char *url, struct http_url *parts) MUST_USE;
/* The same for an address whose query may be of any length: it is left out. */
bool http_url_place(const char *url, struct http_url *parts) MUST_USE;
/* Joins a Location (absolute or relative) to the address it came from. */
bool http_url_join(const char *base, const char *location, struct buf *out) MUST_USE;

#endif
