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
    bool once;                          /* its token request must not be repeated */
    bool only_unserved;                 /* it is repeated only when the service says that it did not serve it */
    bool person;                        /* there is somebody to consent, and a refresh token to ask for */
    void (*start)(struct oauth *oauth);
    void (*again)(struct oauth *oauth); /* makes its token request anew for a repeat; NULL = the same form does */
    void (*end)(struct oauth *oauth);   /* frees what the grant keeps in own; NULL = nothing */
};
extern const struct grant grant_device_code, grant_browser, grant_password, grant_certificate, grant_client_secret,
    grant_federated, grant_managed_identity, grant_given_token, grant_refresh;

struct oauth {
    struct http *http;
    struct timers *timers;
    struct oauth_listener listener;
    const struct cloud *cloud;
    char *authority, *client_id, *resource, *login_hint, *claims;
    int redirect_port;
    bool accept_query_code, rs256, with_chain;
    const struct client_certificate *certificate;       /* not owned */
    char *assertion_file, *identity;
    char *nonce;                                        /* what the id_token must carry; NULL = anything */
    struct secret *given;
    const struct grant *grant;
    struct guid_text { char text[37]; } request_id;     /* client-request-id, one for the whole sign-in */

    char *token_endpoint, *device_endpoint, *authorize_endpoint, *tenant;    /* by discovery; tenant = GUID of the issuer or "" */

    struct http_transfer *transfer;
    struct buf answer;
    void (*answered)(struct oauth *oauth, int status, const struct err *err);
    int repeats;                                        /* of the request under way */
    bool posted, may_repeat, repeating;
    char *sent_url;
    struct secret *sent_form;                           /* NULL: a GET */
    int retry_after_s;                                  /* what the last answer asked for; 0 = nothing */
    int64_t clock_behind_s;                             /* by the Date of the last answer; 0 = not known */
    char *claims_asked;                                 /* by the refusal that ended the sign-in; NULL = none */
    char *challenge;                                    /* WWW-Authenticate of the last answer; NULL = none */

    const char *step;                                   /* title of the running step; NULL = none */
    char step_title[192];
    int64_t step_started_ms;

    void *own;                                          /* the grant's */
    uint64_t timer;

    /* device code */
    struct secret *device_code;
    char user_code[64];
    int odd_answers;                                    /* that were no JSON */
    int64_t interval_ms, trouble_ms;                    /* trouble: the doubled wait while the network fails, 0 = none */
    int64_t expires_ms;
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
void oauth_wipe(struct buf *buf);          /* the whole of its memory, then buf_free */

/* A form for the token endpoint: room for secrets, grant_type, client_id, scope, claims. */
void oauth_form_begin(struct oauth *oauth, struct buf *form, const char *grant_type);
void oauth_form_scope(struct oauth *oauth, struct buf *form);   /* scope and claims */
/* Posts it; what comes ends the sign-in, with a token or an error. */
void oauth_redeem(struct oauth *oauth, struct buf *form);

/* A GET of a metadata service (http.h, metadata) with up to three more headers. */
bool oauth_get_metadata(struct oauth *oauth, const char *url, const struct http_header *headers, size_t count,
                        void (*answered)(struct oauth *, int, const struct err *), struct err *err) MUST_USE;

/* The token of a successful answer of the token endpoint; NULL with ERR_PROTOCOL. */
struct token *oauth_read_token(struct oauth *oauth, struct err *err) MUST_USE;

/* A token that names no tenant gets the one that was asked, or the domain of its user. */
void oauth_complete_tenant(const struct oauth *oauth, struct token *token);

#endif
