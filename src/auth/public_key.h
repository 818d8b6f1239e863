/* Sealing for the service: what only it can read (rest.md section 4, SecureString). */
#ifndef PURVEY_AUTH_PUBLIC_KEY_H
#define PURVEY_AUTH_PUBLIC_KEY_H

#include "base/buf.h"
#include "base/err.h"

/* Appends clear to out: RSA with PKCS#1 v1.5 by the key of the module file (<RSAKeyValue><Modulus>..</Modulus><Exponent>..),
   in base64. False with ERR_INPUT when clear is too long for the key (245 bytes for 2048 bits), ERR_PROTOCOL when there is no
   key, or one that is none. */
bool public_key_seal(const char *rsa_key_value, struct str clear, struct buf *out, struct err *err) MUST_USE;

#endif
