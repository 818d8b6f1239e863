/* Base64 as it comes in claims challenges and in byte parameters. */
#ifndef PURVEY_SESSION_REST_BASE64_H
#define PURVEY_SESSION_REST_BASE64_H

#include "base/buf.h"

/* Appends the bytes of a base64 text, standard or URL-safe, with or without padding. False when it is none (what was
   appended up to there stays). */
bool rest_base64_decode(struct str text, struct buf *out);

#endif
