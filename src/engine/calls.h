/* Calls of one cmdlet that wait for their turn. */
#ifndef PURVEY_ENGINE_CALLS_H
#define PURVEY_ENGINE_CALLS_H

#include "catalogue/invocation.h"

/* That objects of a pipeline may make; more is a mistake, told before the first is sent. */
#define CALLS_MOST 100000

/* Zeroed, it is empty. `at`: the next one. */
struct calls { struct invocation **items; size_t count, capacity, at; };

bool calls_add(struct calls *calls, struct invocation *invocation, struct err *err) MUST_USE;   /* takes the invocation; ERR_INPUT past CALLS_MOST */
void calls_free(struct calls *calls);                   /* empty again */

#endif
