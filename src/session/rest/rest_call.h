/* One request to the service with all its attempts: token, sending, waiting, renewing the sign-in, trying again
   (rest.md section 6, "Retry policies"). Knows nothing of what is in a good answer. */
#ifndef PURVEY_SESSION_REST_CALL_H
#define PURVEY_SESSION_REST_CALL_H

#include "session/rest/rest_error.h"
#include "session/session.h"

struct rest_session;
struct rest_ticket;
struct rest_call;

/* When a lost connection may be met with another attempt. A POST of a changing cmdlet may have run: never then. */
enum rest_repeat { REPEAT_NEVER, REPEAT_WHEN_ANSWERED, REPEAT_ALWAYS };

/* What the owner of a call does. Every function may cancel the call; nothing further comes then but `destroy`. */
struct rest_call_owner {
    /* Fills method, url, body and headers for the next attempt; texts must live until it returned from http_send. */
    void (*prepare)(void *context, struct http_request *request);
    /* Bytes of a good answer. False ends the attempt; finish is asked for the reason. */
    bool (*body)(void *context, struct str chunk);
    /* A good answer (2xx, or a redirect when they are taken) came whole, or body() had enough of it. True: complete
       follows. False: err says why, *again whether another attempt may help. */
    bool (*finish)(void *context, const struct http_response *response, bool *again, struct err *err);
    /* Whether the bytes so far are a good answer's to its end, although the connection broke. May be NULL: never. */
    bool (*whole)(void *context);
    void (*waiting)(void *context, int seconds, const struct err *why);     /* may be NULL */
    /* The last of a call. The owner may start it anew for another address from here. */
    void (*complete)(void *context);
    void (*failed)(void *context, const struct err *err, struct str body);
    void (*destroy)(void *context);                                         /* frees the owner, the call in it */
};

struct rest_call {
    struct rest_session *session;
    const struct rest_call_owner *owner;
    void *context;
    const char *cmdlet;                 /* for texts; "" while connecting */
    const char *client_request_id;
    enum rest_repeat repeat;
    bool takes_redirects;
    bool impatient;                     /* a time-out of the service (504) is not repeated */
    bool unbounded;                     /* the body is consumed as it streams */
    bool paused;
    /* private */
    struct http_transfer *transfer;
    struct rest_call *next_waiter;      /* in the session's list of those who wait for a token */
    struct buf failure;                 /* body of an answer that is not good */
    struct err reason;                  /* of the 401 that a new token may mend */
    uint64_t timer;
    int64_t started_ms;                 /* of this attempt */
    char request_id[96];                /* of the last answer */
    char url[1024];                     /* of this attempt: redirects may be relative to it */
    int status, attempts, refreshes, moves;
    bool challenged;                    /* that 401 wants more of a token */
    bool spoke;                         /* ...and has words of its own */
    bool rediscovered;                  /* the front door was asked again: once is enough */
    int busy;                           /* callbacks on the stack */
    struct rest_ticket *ticket;         /* the refresh it waits for */
    bool expired_page, stopped, dead;
};

/* The first attempt. False with the reason when nothing could be sent; no callback comes then. */
bool rest_call_start(struct rest_call *call, struct err *err) MUST_USE;
/* No further callback but destroy, which comes at once or when the callbacks on the stack have returned. */
void rest_call_cancel(struct rest_call *call);
/* Around owner code that runs outside the call's callbacks: destroy waits for the last leave. */
void rest_call_enter(struct rest_call *call);
void rest_call_leave(struct rest_call *call);
void rest_call_pause(struct rest_call *call, bool paused);
/* The token was renewed, or could not be. */
void rest_call_token_ready(struct rest_call *call, const struct err *err);
/* Reads a failed body with the ids of the answer's head. */
void rest_call_read_error(const struct rest_call *call, const struct http_response *response, struct str body,
                          struct err *err);
/* Adds the ids that are known to an error without any. */
void rest_call_add_ids(const struct rest_call *call, struct err *err);

#endif
