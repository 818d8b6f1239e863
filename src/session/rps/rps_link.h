/* The way to one remote shell: envelopes as POSTs to one address, with the sign-in of the moment as the password of Basic, the
   cookies of the host, and repeats where nothing can be done twice (rps.md sections 2 and 4). */
#ifndef PURVEY_SESSION_RPS_RPS_LINK_H
#define PURVEY_SESSION_RPS_RPS_LINK_H

#include "session/rps/wsman.h"
#include "session/session.h"

struct rps_link;
struct rps_exchange;

struct rps_link_config {
    struct http *http;
    struct timers *timers;
    const char *url;                            /* copied */
    const char *user;                           /* of Basic; copied */
    const char *const *hosts;                   /* the token goes nowhere else */
    const struct secret *(*bearer)(void *context);                              /* as in session_config */
    void (*refresh)(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context);
    void *token_context;
    void *tag;
    bool direct;                                /* no proxy */
    struct http_proxy_login proxy_login;        /* copied */
    int retry_base_ms;                          /* first wait before a repeat; 0 = 1000 */
};

/* Counted: whoever has an exchange under way keeps the link as well. */
struct rps_link *rps_link_new(const struct rps_link_config *config);
void rps_link_release(struct rps_link *link);   /* NULL is fine */
/* The owner of tokens is gone: the last one is all that is left, and enough to say farewell. */
void rps_link_close(struct rps_link *link);
/* Whether the last answer was an envelope, and not one that could be taken: what was asked for may have been done. */
bool rps_link_misread(const struct rps_link *link);

struct rps_ask {
    struct str envelope;                        /* copied */
    struct guid id;
    int timeout_ms;                             /* of each attempt */
    int repeats;                                /* when the connection broke: how often it may be sent again */
    bool once;                                  /* must not be sent twice, not even by the library below: over a fresh connection */
    bool unrepeatable;                          /* the same, over the kept one */
    bool farewell;                              /* http_settle */
    int delay_ms;                               /* before it is sent */
    const char *action, *command;               /* for the log: Receive, and of which command; copied; NULL = the shell itself */
};

/* Exactly one of the three is given: an answer (a fault too), the address that a redirect names, or an error. */
typedef void rps_answered(void *context, const struct wsman_answer *answer, const char *location, const struct err *err);

/* Comes back once, never from inside; not after the exchange was cancelled. */
struct rps_exchange *rps_link_ask(struct rps_link *link, const struct rps_ask *ask, rps_answered *answered, void *context);
void rps_exchange_cancel(struct rps_exchange *exchange);        /* NULL is fine */

#endif
