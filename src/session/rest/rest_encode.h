/* An invocation as the body of InvokeCommand (rest.md section 4). */
#ifndef PURVEY_SESSION_REST_ENCODE_H
#define PURVEY_SESSION_REST_ENCODE_H

#include "base/buf.h"
#include "catalogue/invocation.h"

#define REST_ENCODE_MAX ((size_t)64 * 1024 * 1024)

/* Appends the body to `out` (whose cap the caller chooses). public_key: of the module file (catalogue.public_key), for
   passwords. False with ERR_INPUT and err->field when an argument cannot be sent: -WhatIf (it would not keep the cmdlet
   from running), a password without a key, bytes that are not base64, too much data. */
bool rest_encode(const struct invocation *invocation, const char *public_key, struct buf *out, struct err *err) MUST_USE;

#endif
