/* Getting a token: one state machine, several grants (auth.md). This file knows the steps; each grant is a row in the
   table of grants. Runs on the engine thread; never blocks. */
#ifndef PURVEY_AUTH_OAUTH_H
#define PURVEY_AUTH_OAUTH_H

#include "auth/client_certificate.h"
#include "auth/cloud.h"
#include "auth/token.h"
#include "net/http.h"

enum oauth_grant {
    OAUTH_DEVICE_CODE, OAUTH_BROWSER, OAUTH_PASSWORD,                                   /* a person */
    OAUTH_CERTIFICATE, OAUTH_CLIENT_SECRET, OAUTH_FEDERATED, OAUTH_MANAGED_IDENTITY,    /* an application */
    OAUTH_GIVEN_TOKEN, OAUTH_REFRESH
};

struct oauth_request {
    const struct cloud *cloud;
    const char *authority;          /* https://HOST[:PORT]/TENANT, no trailing slash */
    const char *client_id;          /* NULL = fb78d390-... (auth.md section 2) */
    const char *resource;           /* audience to ask for; NULL = cloud->scope_resource */
    const char *login_hint;         /* user name, or NULL */
    const char *claims;             /* a claims challenge (JSON), sent with every request; NULL = none */
    enum oauth_grant grant;
    const struct secret *given;     /* access token, refresh token, password, client secret; copied */

    /* browser (auth.md section 4) */
    int redirect_port;              /* 0 = any free one */
    bool accept_query_code;         /* also take the code from the address */

    /* certificate (section 7); not owned, must outlive the sign-in */
    const struct client_certificate *certificate;
    bool rs256;                     /* from the start; else PS256, and RS256 once when that is refused */
    bool with_chain;                /* x5c */

    const char *assertion_file;     /* federated: a file that holds a JWT of another issuer, read anew each time */
    const char *identity;           /* managed identity: client id or resource id of a user-assigned one; NULL = the system's */
};

/* What the person must do for a device code (RFC 8628 section 3.2). Text is the service's; clean before drawing. */
struct oauth_device_prompt {
    char user_code[64];
    char verification_uri[512];
    char message[512];
    char tenant[256];
    char client_name[96];
    int expires_in_s;
};

/* What the person must do for the browser. */
struct oauth_browser_prompt {
    char *url;                      /* the sign-in page, whole */
    char short_url[64];             /* an address on this machine that leads there */
    int port;                       /* what an SSH client has to forward */
    int expires_in_s;
};

/* Steps for the sign-in screen: one line each, with its state. */
enum oauth_step_state { OAUTH_STEP_RUNNING, OAUTH_STEP_DONE, OAUTH_STEP_FAILED, OAUTH_STEP_WARNING };

struct oauth_listener {
    void (*step)(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms);
    void (*device_prompt)(void *context, const struct oauth_device_prompt *prompt);
    void (*browser_prompt)(void *context, const struct oauth_browser_prompt *prompt);
    void (*token)(void *context, struct token *token);              /* ownership passes to the listener */
    void (*failed)(void *context, const struct err *err);
    void *context;
};

struct oauth;   /* one sign-in under way */

/* Exactly one of token/failed comes, later, unless cancelled. Both may be followed by oauth_free from inside. */
struct oauth *oauth_start(struct http *http, struct timers *timers, const struct oauth_request *request,
                          const struct oauth_listener *listener, struct err *err) MUST_USE;
void oauth_free(struct oauth *oauth);                               /* cancels when still running; NULL is fine */

/* Inside `failed`: the claims (JSON) that the next sign-in must ask for, since this one was refused for lack of them
   (auth.md section 9); "" = none. */
const char *oauth_claims_asked(const struct oauth *oauth);

#endif
