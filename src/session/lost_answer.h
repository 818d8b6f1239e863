/* What a lost answer means: whether the request can have been carried out, and what to tell whoever made it. */
#ifndef PURVEY_SESSION_LOST_ANSWER_H
#define PURVEY_SESSION_LOST_ANSWER_H

#include "base/err.h"

/* Whether err, of kind ERR_NETWORK, came before anything was sent: there was no connection at all. */
bool lost_before_sent(const struct err *err);
/* For a change that may have been made although its answer was lost. Replaces the advice. */
void lost_change_advise(struct err *err);

#endif
