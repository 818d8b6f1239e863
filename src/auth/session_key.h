/* The key of one remote runspace, for its SecureStrings (rps.md section 10; MS-PSRP section 2.2.5.1.24). The server makes the AES
   key and sends it under our RSA key. Both live in wiped memory. */
#ifndef PURVEY_AUTH_SESSION_KEY_H
#define PURVEY_AUTH_SESSION_KEY_H

#include "base/buf.h"
#include "base/err.h"

struct session_key;
struct session_key *session_key_new(struct err *err) MUST_USE;          /* RSA 2048; NULL with ERR_SYSTEM */
void session_key_free(struct session_key *key);                         /* wipes; NULL is fine */
/* Appends what the message PUBLIC_KEY carries: a CryptoAPI blob in base64. */
bool session_key_public(const struct session_key *key, struct buf *out, struct err *err) MUST_USE;
/* Takes what ENCRYPTED_SESSION_KEY carries. ERR_PROTOCOL when it is not for this key. */
bool session_key_accept(struct session_key *key, struct str blob, struct err *err) MUST_USE;
bool session_key_ready(const struct session_key *key);                  /* NULL is not */
/* Appends clear (UTF-8) sealed, in base64. Only when it is ready. */
bool session_key_seal(const struct session_key *key, struct str clear, struct buf *out, struct err *err) MUST_USE;

#endif
