#include "catalogue/syntax.h"

#include <limits.h>

#include "catalogue/common_parameters.h"

static void put_parameter(const struct parameter *parameter, const struct parameter_use *use, struct buf *out)
{
    /* The module file has no type for what only the server knows (rest.md 7.2). */
    const char *type = *parameter->type_name ? parameter->type_name : "value";
    bool positional = use->position >= 0 && parameter->type != TYPE_SWITCH;
    buf_format(out, use->mandatory ? " %s-%s%s" : " [%s-%s%s", positional ? "[" : "", parameter->name, positional ? "]" : "");
    if (parameter->type != TYPE_SWITCH)
        buf_format(out, " <%s>", type);
    buf_text(out, use->mandatory ? "" : "]");
}

/* A rank smaller than this one is printed earlier. */
static int rank_of(const struct parameter_use *use)
{
    if (use->position >= 0)
        return use->position;
    return use->mandatory ? INT_MAX - 1 : INT_MAX;
}

/* The lowest rank above `above`; INT_MAX when there is none. */
static int next_rank(const struct cmdlet *cmdlet, const char *set, int above)
{
    int next = INT_MAX;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        const struct parameter_use *use = parameter_use_in(&cmdlet->parameters[i], set);
        if (use && rank_of(use) > above && rank_of(use) < next)
            next = rank_of(use);
    }
    return next;
}

static bool has_confirm(const struct cmdlet *cmdlet)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(STR("Confirm"), cmdlet->parameters[i].name))
            return true;
    return false;
}

void cmdlet_syntax(const struct cmdlet *cmdlet, const char *set, struct buf *out)
{
    int rank = -1;
    buf_text(out, cmdlet->shown);
    do {
        rank = next_rank(cmdlet, set, rank);
        for (size_t i = 0; i < cmdlet->parameter_count; i++) {
            const struct parameter *parameter = &cmdlet->parameters[i];
            const struct parameter_use *use = parameter_use_in(parameter, set);
            if (use && rank_of(use) == rank && !is_what_if(str_of(parameter->name)))
                put_parameter(parameter, use, out);
        }
    } while (rank != INT_MAX);
    /* Both are declared nowhere: they follow from SupportsShouldProcess (rest.md 7.2). */
    if (cmdlet->should_process)
        buf_text(out, has_confirm(cmdlet) ? " [-WhatIf]" : " [-WhatIf] [-Confirm]");
}
