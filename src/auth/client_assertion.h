/* The JWT with which an application proves that it holds its certificate's key (auth.md section 7). */
#ifndef PURVEY_AUTH_CLIENT_ASSERTION_H
#define PURVEY_AUTH_CLIENT_ASSERTION_H

#include "auth/client_certificate.h"

struct assertion_request {
    const struct client_certificate *certificate;
    const char *client_id;          /* iss and sub */
    const char *audience;           /* the token endpoint's URL */
    enum signer_algorithm algorithm;    /* PS256 goes with x5t#S256, RS256 with x5t */
    bool with_chain;                /* x5c: standard base64, leaf first; for subject-name/issuer applications */
};

struct client_assertion;            /* one being signed */

/* A fresh jti each time; nbf = iat = now, exp = now + 600 s. done comes exactly once, perhaps before this returns, with the
   JWT (a secret: it is a credential for ten minutes) which is the callee's, or an error; not after client_assertion_free,
   which may not be called from inside it. The certificate must outlive the assertion. */
struct client_assertion *client_assertion_start(const struct assertion_request *request,
                                                void (*done)(void *context, struct secret *jwt, const struct err *err),
                                                void *context);
void client_assertion_free(struct client_assertion *assertion);     /* NULL is fine */

#endif
