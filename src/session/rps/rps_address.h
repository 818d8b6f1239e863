/* Addresses of remote PowerShell: what the first request asks for, and where a redirect may lead (rps.md section 2). */
#ifndef PURVEY_SESSION_RPS_RPS_ADDRESS_H
#define PURVEY_SESSION_RPS_RPS_ADDRESS_H

#include "base/guid.h"
#include "session/session.h"

/* Appends connection_uri with what the service wants to know behind it: parameters that the user wrote stay, missing ones are added.
   False with ERR_INPUT and err->field when it is no https address of this cloud. */
bool rps_address(const struct session_config *config, const struct guid *connection, struct buf *out, struct err *err) MUST_USE;

/* Appends the address that a redirect of `from` leads to. Only https, without user information, within the cloud: else
   ERR_PROTOCOL, because the token would go there. */
bool rps_redirect(const struct cloud *cloud, const char *from, const char *location, struct buf *out, struct err *err) MUST_USE;

#endif
