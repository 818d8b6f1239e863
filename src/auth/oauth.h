/* Getting a token: one state machine, several grants (auth.md). This file knows the steps; each grant is a row in the
   table of grants. Runs on the engine thread; never blocks. */
#ifndef PURVEY_AUTH_OAUTH_H
#define PURVEY_AUTH_OAUTH_H

#include "auth/cloud.h"
#include "auth/token.h"
#include "net/http.h"

enum oauth_grant { OAUTH_DEVICE_CODE, OAUTH_GIVEN_TOKEN, OAUTH_REFRESH };

struct oauth_request {
    const struct cloud *cloud;
    const char *authority;          /* https://HOST[:PORT]/TENANT, no trailing slash */
    const char *client_id;          /* NULL = fb78d390-... (auth.md section 2) */
    const char *resource;           /* audience to ask for; NULL = cloud->scope_resource */
    const char *login_hint;         /* user name, or NULL */
    enum oauth_grant grant;
    const struct secret *given;     /* access token (given token) or refresh token (refresh) */
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

/* Steps for the sign-in screen: one line each, with its state. */
enum oauth_step_state { OAUTH_STEP_RUNNING, OAUTH_STEP_DONE, OAUTH_STEP_FAILED };

struct oauth_listener {
    void (*step)(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms);
    void (*device_prompt)(void *context, const struct oauth_device_prompt *prompt);
    void (*token)(void *context, struct token *token);              /* ownership passes to the listener */
    void (*failed)(void *context, const struct err *err);
    void *context;
};

struct oauth;   /* one sign-in under way */

/* Exactly one of token/failed comes, later, unless cancelled. Both may be followed by oauth_free from inside. */
struct oauth *oauth_start(struct http *http, struct timers *timers, const struct oauth_request *request,
                          const struct oauth_listener *listener, struct err *err) MUST_USE;
void oauth_free(struct oauth *oauth);                               /* cancels when still running; NULL is fine */

#endif
