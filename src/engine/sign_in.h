/* Signing in for one audience, and keeping its token fresh: certificate from Key Vault, cloud, cache, grant, renewal. A
   connection has one for its session, and may have a second one beside it for the other audience of the same account. */
#ifndef PURVEY_ENGINE_SIGN_IN_H
#define PURVEY_ENGINE_SIGN_IN_H

#include "engine/sign_in_plan.h"

struct sign_in;

/* Any of these may be followed by sign_in_free only from the loop, not from inside. */
struct sign_in_listener {
    void (*step)(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms);
    void (*device_prompt)(void *context, const struct oauth_device_prompt *prompt);
    void (*browser_prompt)(void *context, const struct oauth_browser_prompt *prompt);
    void (*opened)(void *context);                              /* the first token is there */
    void (*renewed)(void *context);                             /* a later one is */
    void (*failed)(void *context, const struct err *err);       /* there will be none; renewals fail by their own callback */
    void *context;
};

/* Sends nothing yet. options are copied, http and timers are not owned. */
struct sign_in *sign_in_new(struct http *http, struct timers *timers, const struct options *options,
                            const struct sign_in_listener *listener);
/* For another audience of the account that `first` signed in: by its refresh token, or by what the application holds;
   nobody is asked. `first` has to live as long as this one. Prompts never come. */
struct sign_in *sign_in_beside(struct sign_in *first, const char *resource, const struct sign_in_listener *listener);
/* Starts. opened or failed comes once, perhaps from inside. */
void sign_in_begin(struct sign_in *sign_in);
void sign_in_free(struct sign_in *sign_in);                     /* wipes; those who wait are told ERR_CANCELLED; NULL is fine */

/* What the options came to; the cloud may change until the token is there. */
const struct sign_in_plan *sign_in_plan_of(const struct sign_in *sign_in);
const struct token *sign_in_token(const struct sign_in *sign_in);       /* NULL = none yet */
bool sign_in_keeps(const struct sign_in *sign_in);                      /* something may be kept on this machine */
/* So may places in broken exports and notes of open shells: also beside a token that was handed in, whose owner wants to go on too. */
bool sign_in_keeps_places(const struct sign_in *sign_in);
const char *sign_in_place(const struct sign_in *sign_in);               /* where the token is kept, for people */
const char *sign_in_user_code(const struct sign_in *sign_in);           /* of the device code shown; "" = none */

/* As session_config asks for them; context is the sign-in. */
const struct secret *sign_in_bearer(void *context);
void sign_in_renew(void *context, const char *claims, void (*ready)(void *, const struct err *), void *ready_context);
/* Calls ready (at once or later) when the token is fresh enough for a new command; err non-NULL = it cannot be. */
void sign_in_prepare(struct sign_in *sign_in, void (*ready)(void *, const struct err *), void *context);

#endif
