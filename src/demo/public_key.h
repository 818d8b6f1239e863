/* The key that parameters of type securestring are sealed with (rest.md section 4). Both halves stand in the source: it keeps
   nothing secret, it only proves that a client seals as it has to. */
#ifndef PURVEY_DEMO_PUBLIC_KEY_H
#define PURVEY_DEMO_PUBLIC_KEY_H

#include "base/buf.h"

extern const char demo_public_key[];        /* as $PublicKey of the module file has it */

/* Appends what was sealed. False when it was sealed with another key, or not at all. */
bool demo_unseal(struct str base64, struct buf *clear);

/* Seals as a client does; for remote PowerShell, whose passwords come sealed with another key. */
bool demo_seal(struct str clear, struct buf *base64);

#endif
