/* Signed tokens of the demo tenant: ES256 with a key made at start, and the key set that proves them. */
#ifndef PURVEY_DEMO_JWT_H
#define PURVEY_DEMO_JWT_H

#include "base/json.h"

struct jwt_signer;
struct jwt_signer *jwt_signer_new(void);                /* ends the program when no key can be made */
void jwt_signer_free(struct jwt_signer *signer);
char *jwt_sign(struct jwt_signer *signer, const struct json *claims);     /* the caller frees */
struct json *jwt_keys(struct jwt_signer *signer);       /* a JWK set; the caller frees */

#endif
