/* An access token and what is known of it (auth.md sections 8 and 10). */
#ifndef PURVEY_AUTH_TOKEN_H
#define PURVEY_AUTH_TOKEN_H

#include "base/err.h"
#include "base/secret.h"

struct token {
    struct secret *access;
    struct secret *refresh;         /* NULL when there is none */
    int64_t expires_unix;           /* for display */
    int64_t expires_ms;             /* clock_ms() at which it ends, for decisions */
    int64_t refresh_ms;             /* clock_ms() from which it should be renewed; 0 = 5 minutes before the end */
    bool app_only;
    bool given;                     /* handed in by the user: cannot be renewed */
    char upn[256];                  /* who signed in; "" for applications */
    char name[256];
    char tenant_id[64];             /* tid; a domain when no token names the tenant */
    char audience[256];
    char app_id[64];
    char warning[256];              /* the service may refuse it, and why: one sentence to show; "" = none */
};

void token_free(struct token *token);       /* wipes; NULL is fine */

/* Reads the claims of a JWT for hints and early errors (auth.md section 8): fills everything but access/refresh, as far
   as it can be read, even when it returns false. The signature is not checked. False with ERR_AUTH_DENIED when it is no
   JWT, is expired, or is for a foreign audience (Graph, ARM); the text says which and what to ask for. */
struct cloud;
bool token_read_claims(struct token *token, struct str jwt, const struct cloud *cloud, struct err *err) MUST_USE;

/* True for the audiences that the service of this cloud takes: its hosts, its search host, its resource ids. */
bool token_audience_fits(const char *audience, const struct cloud *cloud);

/* The GUID in the address of an issuer; NULL when there is none. The caller frees it. */
char *token_issuer_tenant(const char *issuer) MUST_USE;

bool token_needs_refresh(const struct token *token);        /* less than 5 minutes left, or refresh_in passed */

#endif
