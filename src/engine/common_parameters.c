#include "engine/common_parameters.h"

enum reaction common_reaction(const struct invocation *invocation, const char *parameter)
{
    static const struct { const char *word; enum reaction reaction; } words[] = {
        { "SilentlyContinue", REACT_SILENT }, { "Ignore", REACT_SILENT }, { "Stop", REACT_STOP }, { "Inquire", REACT_STOP }, { "Break", REACT_STOP },
    };
    const struct argument *argument = invocation ? invocation_get(invocation, parameter) : NULL;
    for (size_t i = 0; argument && i < sizeof words / sizeof *words; i++) {
        if (str_is_nocase(json_string(argument->value), words[i].word)) {
            return words[i].reaction;
        }
    }
    return REACT_CONTINUE;
}

bool common_verbose(const struct invocation *invocation)
{
    return invocation_is_on(invocation, "Verbose") || invocation_is_on(invocation, "Debug");
}
