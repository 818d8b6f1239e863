/* Deadlines of the engine thread: device-code polls, retries, time limits. Fired by timers_run between transfers. */
#ifndef PURVEY_BASE_TIMERS_H
#define PURVEY_BASE_TIMERS_H

#include <stdint.h>

struct timers;
typedef void timer_fn(void *context);

struct timers *timers_new(void);
void timers_free(struct timers *timers);                 /* nothing fires any more */

/* Fires once, delay_ms from now. The id is never 0 and never reused. */
uint64_t timers_after(struct timers *timers, int64_t delay_ms, timer_fn *fn, void *context);
void timers_cancel(struct timers *timers, uint64_t id);  /* 0 or a fired id is fine */

int64_t timers_next_ms(const struct timers *timers);     /* milliseconds until the next one; -1 = none; 0 = due */
void timers_run(struct timers *timers);                  /* fires what is due; timers may be added while it runs */

#endif
