/* What signs a client assertion: a software key, a key in a PKCS#11 token, a key in Key Vault that never leaves it. */
#ifndef PURVEY_AUTH_SIGNER_H
#define PURVEY_AUTH_SIGNER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum signer_algorithm { SIGNER_PS256, SIGNER_RS256 };   /* RSASSA-PSS with a salt of 32 bytes; PKCS#1 v1.5; SHA-256 both */

struct signer;

struct signer_class {
    /* Signs data (not its digest). done comes exactly once, at once or later from the engine's loop, with the raw
       signature or an error; never after free. */
    void (*sign)(struct signer *signer, enum signer_algorithm algorithm, struct str data,
                 void (*done)(void *context, struct str signature, const struct err *err), void *context);
    /* The signature asked for with this context is not wanted any more: its done never comes. NULL where sign always
       answers before it returns. */
    void (*cancel)(struct signer *signer, void *context);
    void (*free)(struct signer *signer);        /* cancels what is under way, wipes */
};

/* Implementations begin with this. */
struct signer { const struct signer_class *class; };

void signer_free(struct signer *signer);        /* NULL is fine */

#endif
