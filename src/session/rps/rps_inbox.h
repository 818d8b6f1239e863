/* What a Receive brings, from base64 to whole messages: one for the pool and one for each pipeline. */
#ifndef PURVEY_SESSION_RPS_RPS_INBOX_H
#define PURVEY_SESSION_RPS_RPS_INBOX_H

#include "session/rps/clixml.h"
#include "session/rps/psrp.h"
#include "session/rps/wsman.h"

/* value is valid inside the callback only. It may free the inbox; it then returns false. */
typedef bool rps_message(void *context, const struct psrp_head *head, const struct clixml_value *value);

struct rps_inbox;
struct rps_inbox *rps_inbox_new(uint64_t max_object_bytes, rps_message *message, void *context);    /* 0 = CLIXML_MAX_BYTES */
void rps_inbox_free(struct rps_inbox *inbox);               /* NULL is fine; also from inside its callback */
/* The streams of an answer. False with ERR_PROTOCOL, or ERR_CANCELLED when a callback ended it. */
bool rps_inbox_take(struct rps_inbox *inbox, const struct wsman_answer *answer, struct err *err) MUST_USE;
bool rps_inbox_between(const struct rps_inbox *inbox);      /* no message is half here */
uint64_t rps_inbox_bytes(const struct rps_inbox *inbox);    /* of fragments, since it was made */

#endif
