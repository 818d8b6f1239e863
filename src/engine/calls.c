#include "engine/calls.h"

#include <stdlib.h>

#include "base/mem.h"

bool calls_add(struct calls *calls, struct invocation *invocation, struct err *err)
{
    if (calls->count >= CALLS_MOST) {
        err_set(err, ERR_INPUT, "More than %d objects for %s: nothing was sent to it", CALLS_MOST, invocation->shown);
        err_advise(err, "Narrow the list with Where-Object or a filter.");
        invocation_free(invocation);
        return false;
    }
    MEM_ROOM(calls->items, calls->count, calls->capacity);
    calls->items[calls->count++] = invocation;
    return true;
}

void calls_free(struct calls *calls)
{
    for (size_t i = 0; i < calls->count; i++) {
        invocation_free(calls->items[i]);
    }
    free(calls->items);
    *calls = (struct calls){ 0 };
}
