/* A certificate that lives in Azure Key Vault (auth.md section 7, "Azure Key Vault"): fetched with its key, or used where it
   is, when only signing is allowed. */
#ifndef PURVEY_AUTH_KEY_VAULT_H
#define PURVEY_AUTH_KEY_VAULT_H

#include "auth/client_certificate.h"
#include "auth/oauth.h"

struct key_vault;   /* one fetch under way */

struct key_vault_request {
    struct http *http;
    struct timers *timers;
    const struct cloud *cloud;
    const char *uri;                /* https://VAULT/secrets/NAME[/VERSION] or .../certificates/NAME[/VERSION] */
    const struct secret *token;     /* an access token for the vault; NULL = the machine's managed identity is asked */
    const struct secret *password;  /* of the PFX; the vault's own have none; NULL is usual */
    void (*step)(void *context, const char *title, enum oauth_step_state state, int64_t elapsed_ms);
    void (*done)(void *context, struct client_certificate *certificate, const struct err *err);
    void *context;
};

/* done comes once, later; may free the fetch. The certificate of /certificates/ signs by asking the vault each time: it needs
   http and timers as long as it lives. ERR_INPUT (field Certificate) when the address is no vault's. */
struct key_vault *key_vault_start(const struct key_vault_request *request, struct err *err) MUST_USE;
void key_vault_free(struct key_vault *vault);       /* cancels; NULL is fine */

#endif
