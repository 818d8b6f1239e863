/* The sign-in service of the demo tenant (auth.md sections 3, 5, 8, 10). */
#ifndef PURVEY_DEMO_ENTRA_H
#define PURVEY_DEMO_ENTRA_H

#include "demo/demo.h"

struct entra *entra_new(const struct demo_config *config);
void entra_free(struct entra *entra);

/* Every request to DEMO_LOGIN_HOST. Called with the lock held. */
void entra_handle(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);

/* The approval verbs for tests. False: there is no such code. */
enum code_state { CODE_PENDING, CODE_APPROVED, CODE_DECLINED, CODE_EXPIRED, CODE_REDEEMED };
bool entra_decide(struct entra *entra, struct str user_code, enum code_state state, const char *user);

/* What a bearer is worth. */
enum bearer_verdict { BEARER_GOOD, BEARER_MISSING, BEARER_UNKNOWN, BEARER_EXPIRED };
struct bearer { char upn[256]; char audience[256]; bool app_only; };

/* An access token without a sign-in, for tests of given tokens; the caller frees it. lifetime_s 0: expired at once. */
char *entra_make_token(struct entra *entra, const struct bearer *bearer, int64_t lifetime_s);
/* Every access token given out so far has expired from now on; refresh tokens stay good. */
void entra_expire_tokens(struct entra *entra);

/* An application that may sign in by itself: with a certificate (PEM), a secret, or a federated token of subject. Any of them
   may be NULL. False when the certificate cannot be read. */
bool entra_add_app(struct entra *entra, const char *app_id, const char *certificate_pem, const char *secret, const char *subject);
/* Counts for tests: tokens given, refresh tokens used twice. */
void entra_stats(const struct entra *entra, struct json *stats);

/* authorization: the header's value. Tokens are looked up whole among those given out, so any change of one is noticed. */
enum bearer_verdict entra_check_bearer(struct entra *entra, const char *authorization, struct bearer *bearer);

#endif
