/* What Azure gives beside Entra: the metadata service of a machine (plain HTTP on loopback) and a Key Vault (auth.md
   section 7). */
#ifndef PURVEY_DEMO_AZURE_H
#define PURVEY_DEMO_AZURE_H

#include "demo/demo.h"

#define DEMO_VAULT_SUFFIX "vault.azure.localhost"
#define DEMO_IDENTITY_HEADER "demo-identity"

struct azure *azure_new(void);
void azure_free(struct azure *azure);

/* Requests to the metadata port, and to hosts under DEMO_VAULT_SUFFIX. Called with the lock held. */
void azure_handle_metadata(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);
void azure_handle_vault(struct demo *demo, const struct demo_request *request, struct demo_reply *reply);

/* Puts a certificate with its key (PEM) into the vault under a name. False when it cannot be read. */
bool azure_add_certificate(struct azure *azure, const char *name, const char *pem);

#endif
