/* Base64, standard and URL-safe (RFC 4648 sections 4 and 5): tokens, claims challenges, byte parameters. */
#ifndef PURVEY_BASE_BASE64_H
#define PURVEY_BASE_BASE64_H

#include "base/buf.h"

/* Appends the bytes of a base64 text of either alphabet, with or without padding. False when it is none (what was
   appended up to there stays). */
bool base64_decode(struct str text, struct buf *out);

/* base64url has no padding (RFC 7515); the standard form has. */
void base64url_encode(struct str bytes, struct buf *out);
void base64_encode(struct str bytes, struct buf *out);

#endif
