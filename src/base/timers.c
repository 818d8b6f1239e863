/* A sorted list: there are never more than a handful, one for each running call. */
#include "base/timers.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

struct timer {
    uint64_t id;
    int64_t due_ms;
    timer_fn *fn;
    void *context;
    struct timer *next;     /* by due time, then by id */
};

struct timers {
    struct timer *first;
    uint64_t last_id;
};

struct timers *timers_new(void)
{
    return MEM_NEW(struct timers);
}

void timers_free(struct timers *timers)
{
    if (!timers) {
        return;
    }
    while (timers->first) {
        struct timer *timer = timers->first;
        timers->first = timer->next;
        free(timer);
    }
    free(timers);
}

uint64_t timers_after(struct timers *timers, int64_t delay_ms, timer_fn *fn, void *context)
{
    struct timer *timer = MEM_NEW(struct timer);
    struct timer **link = &timers->first;
    *timer = (struct timer){
        .id = ++timers->last_id, .due_ms = clock_ms() + (delay_ms > 0 ? delay_ms : 0), .fn = fn, .context = context,
    };
    while (*link && (*link)->due_ms <= timer->due_ms) {
        link = &(*link)->next;
    }
    timer->next = *link;
    *link = timer;
    return timer->id;
}

void timers_cancel(struct timers *timers, uint64_t id)
{
    struct timer **link = &timers->first;
    while (*link && (*link)->id != id) {
        link = &(*link)->next;
    }
    if (*link) {
        struct timer *timer = *link;
        *link = timer->next;
        free(timer);
    }
}

int64_t timers_next_ms(const struct timers *timers)
{
    if (!timers->first) {
        return -1;
    }
    int64_t left = timers->first->due_ms - clock_ms();
    return left > 0 ? left : 0;
}

/* Timers added by a callback wait for the next call, so that one which rearms itself with no delay cannot hold the
   thread. */
void timers_run(struct timers *timers)
{
    int64_t now = clock_ms();
    uint64_t last = timers->last_id;
    struct timer **link = &timers->first;
    while (*link && (*link)->due_ms <= now) {
        /* Off the list before it fires, so that the callback may cancel anything, itself included. */
        struct timer timer = **link;
        if (timer.id > last) {
            link = &(*link)->next;
            continue;
        }
        free(*link);
        *link = timer.next;
        timer.fn(timer.context);
        link = &timers->first;      /* the callback may have changed any link */
    }
}
