#include "session/lost_answer.h"

#include "base/str.h"

bool lost_before_sent(const struct err *err)
{
    static const char *const codes[] = { "curl 5", "curl 6", "curl 7", "curl 97" };
    bool never = false;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        never |= err->kind == ERR_NETWORK && str_is(str_of(err->code), codes[i]);
    }
    return never;
}

void lost_change_advise(struct err *err)
{
    err_advise(err, "The cmdlet may have run all the same: look with the matching Get- cmdlet before you repeat it.");
}
