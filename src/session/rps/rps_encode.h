/* Invocations as commands of a remote pipeline (rps.md section 8), and what the server offers as a catalogue. */
#ifndef PURVEY_SESSION_RPS_RPS_ENCODE_H
#define PURVEY_SESSION_RPS_RPS_ENCODE_H

#include "auth/session_key.h"
#include "catalogue/invocation.h"
#include "session/rps/clixml.h"
#include "session/rps/psrp.h"

/* Whether a value of it can only be sent sealed. */
bool rps_needs_key(const struct invocation *invocation);

/* Appends the payload of CREATE_PIPELINE. key may be NULL when none is needed. ERR_INPUT with err->field for what cannot be sent;
   -WhatIf never is. minor: as in psrp_create_pipeline. */
bool rps_encode(const struct invocation *invocation, const struct session_key *key, int minor, struct buf *out, struct err *err) MUST_USE;

/* Appends the payload that asks for the commands of these names (comma list, "" = all), and says what kind of message it is. */
enum psrp_type rps_ask_for_commands(struct str names, bool by_pipeline, int minor, struct buf *out);

/* Adds what one object of GET_COMMAND_METADATA describes. False, and nothing added, for the helpers of a restricted session, for
   names that are not safe to type, and for objects that are no command. */
bool rps_add_command(struct catalogue *catalogue, const struct clixml_value *command);

/* Why there is not one for these names, unless the server itself said why. */
void rps_no_commands(const char *names, struct err *err);

#endif
