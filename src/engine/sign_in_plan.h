/* From the options of a connection to what has to be done: which cloud, which authority, which way to sign in, whose token in
   the cache (auth.md section 11). Decides, reads secrets and certificates; sends nothing. */
#ifndef PURVEY_ENGINE_SIGN_IN_PLAN_H
#define PURVEY_ENGINE_SIGN_IN_PLAN_H

#include "auth/oauth.h"
#include "auth/token_cache.h"
#include "connect/options.h"

struct sign_in_plan {
    const struct cloud *cloud;
    char *authority;                    /* https://HOST[:PORT]/TENANT */
    char *connection_uri;
    char *user;                         /* "" = nobody named */
    char *client_id;                    /* "" = Microsoft's own */
    char *account;                      /* for the cache: the user, "app:...", "msi:..." */
    char *tenant;                       /* the authority's last part */
    char *environment;                  /* for the cache: whose sign-in service gave a token */
    const char *resource;               /* the audience; of the cloud's table */
    enum oauth_grant grant;
    bool guessed;                       /* the cloud follows from nothing but a name of the worldwide kind */
    bool person;                        /* somebody signs in, and could be asked again */
    bool chosen;                        /* by automatic choice; why says the reason */
    const char *why;
    struct secret *secret;              /* password, client secret, access token; NULL = none */
    struct client_certificate *certificate;
    char *vault_uri;                    /* keyvault: the certificate has to be fetched first; NULL = no */
    struct secret *certificate_password, *vault_token;
    char *warning;                      /* one sentence for the person; NULL = none */
};

/* False with err (field and advice set). The plan is to be freed in any case. Blocks for as long as reading a secret or a
   token of PKCS#11 takes. */
bool sign_in_plan_make(struct sign_in_plan *plan, const struct options *options, struct err *err) MUST_USE;
void sign_in_plan_free(struct sign_in_plan *plan);      /* wipes */

/* Another cloud than the guessed one: its addresses and its audience take over. */
void sign_in_plan_use_cloud(struct sign_in_plan *plan, const struct options *options, const struct cloud *cloud);
/* The domain to ask about the cloud: the user's, the organization's; "" = none is known. The caller's to free. */
char *sign_in_plan_domain(const struct sign_in_plan *plan, const struct options *options);

/* Whose token; valid as long as the plan. */
struct token_key sign_in_plan_key(const struct sign_in_plan *plan, const char *claims);

#endif
