/* What the grants share: endpoints found by discovery, form posts, the answer with tokens. */
#ifndef PURVEY_AUTH_OAUTH_INTERNAL_H
#define PURVEY_AUTH_OAUTH_INTERNAL_H

#include "auth/oauth.h"
#include "base/buf.h"
#include "base/json.h"

#define OAUTH_CLIENT_ID "fb78d390-0c51-40cd-8e17-fdbfab77341b"
#define OAUTH_ANSWER_MAX ((size_t)1024 * 1024)
#define OAUTH_ROOM ((size_t)32 * 1024)     /* tokens are some 2 to 6 KiB each */

struct oauth;

/* One way to get a token. start is called once the endpoints are known; a grant that needs none starts at once. */
struct grant {
    bool needs_endpoints;
    void (*start)(struct oauth *oauth);
};
extern const struct grant grant_device_code, grant_given_token, grant_refresh;

struct oauth {
    struct http *http;
    struct timers *timers;
    struct oauth_listener listener;
    const struct cloud *cloud;
    char *authority, *client_id, *resource, *login_hint;
    struct secret *given;
    const struct grant *grant;
    struct guid_text { char text[37]; } request_id;     /* client-request-id, one for the whole sign-in */

    char *token_endpoint, *device_endpoint, *tenant;    /* by discovery; tenant = GUID of the issuer or "" */

    struct http_transfer *transfer;
    struct buf answer;
    void (*answered)(struct oauth *oauth, int status, const struct err *err);
    int retry_after_s;                                  /* what the last answer asked for; 0 = nothing */

    const char *step;                                   /* title of the running step; NULL = none */
    char step_title[192];
    int64_t step_started_ms;

    /* device code */
    struct secret *device_code;
    char user_code[64];
    int64_t interval_ms, trouble_ms;                    /* trouble: the doubled wait while the network fails, 0 = none */
    int64_t expires_ms;
    uint64_t timer;
};

void oauth_step(struct oauth *oauth, const char *format, ...) PRINTF_LIKE(2, 3);  /* ends the running one, starts this */
void oauth_step_end(struct oauth *oauth, enum oauth_step_state state);

/* End the sign-in: exactly one of these, last; the oauth may be freed inside. */
void oauth_fail(struct oauth *oauth, const struct err *err);
void oauth_succeed(struct oauth *oauth, struct token *token);

/* Ends the sign-in with an error answer of the service, the words of which are in oauth->answer. */
void oauth_refused(struct oauth *oauth, int status);

/* Sends a request; answered is called with the whole body in oauth->answer (wiped afterwards). */
bool oauth_get(struct oauth *oauth, const char *url, void (*answered)(struct oauth *, int, const struct err *), struct err *err) MUST_USE;
bool oauth_post(struct oauth *oauth, const char *url, struct buf *form, void (*answered)(struct oauth *, int, const struct err *),
                struct err *err) MUST_USE;      /* wipes the form */
void oauth_make_room(struct buf *buf);     /* before secrets are put into a form */
void oauth_form_scope(struct oauth *oauth, struct buf *form);

/* Wipes the tokens and codes in a tree, then frees it. */
void oauth_wipe_json(struct json *answer);

/* The token of a successful answer of the token endpoint; NULL with ERR_PROTOCOL. */
struct token *oauth_read_token(struct oauth *oauth, struct err *err) MUST_USE;

#endif
