/* PowerShell resolves parameter sets by elimination: a set stays possible while it has every parameter that was given, and
   is complete when nothing mandatory is missing. Of several complete ones the default set is meant. */
#include "catalogue/parameter_sets.h"

#include "base/buf.h"
#include "catalogue/common_parameters.h"
#include "catalogue/value.h"

static size_t set_count(const struct cmdlet *cmdlet)
{
    return cmdlet->set_count < SETS_MAX ? cmdlet->set_count : SETS_MAX;
}

uint64_t sets_all(const struct cmdlet *cmdlet)
{
    size_t count = set_count(cmdlet);
    /* A shift by 64 is undefined, so the full house is made otherwise. */
    return count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

/* Membership is worked out anew each time: the sets are few, and nothing has to be kept in step. */
uint64_t sets_of(const struct cmdlet *cmdlet, const struct parameter *parameter)
{
    uint64_t sets = 0;
    for (size_t i = 0; i < set_count(cmdlet); i++)
        if (parameter_use_in(parameter, cmdlet->sets[i]) != NULL)
            sets |= (uint64_t)1 << i;
    return sets;
}

static bool is_taken(const struct parameter *parameter, const struct parameter *const *taken, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (taken[i] == parameter)
            return true;
    return false;
}

/* The first set that has a place left decides, as PowerShell does while several sets are still possible. */
const struct parameter *sets_positional(const struct cmdlet *cmdlet, uint64_t sets, const struct parameter *const *taken,
                                        size_t taken_count)
{
    for (size_t s = 0; s < set_count(cmdlet); s++) {
        const struct parameter *best = NULL;
        int best_position = 0;
        if ((sets >> s & 1) == 0)
            continue;
        for (size_t i = 0; i < cmdlet->parameter_count; i++) {
            const struct parameter *parameter = &cmdlet->parameters[i];
            const struct parameter_use *use = parameter_use_in(parameter, cmdlet->sets[s]);
            if (use == NULL || use->position < 0 || is_taken(parameter, taken, taken_count))
                continue;
            if (best == NULL || use->position < best_position) {
                best = parameter;
                best_position = use->position;
            }
        }
        if (best != NULL)
            return best;
    }
    return NULL;
}

/* ---- validation ---- */

/* By its whole name only: what is in an invocation is canonical already. */
static const struct parameter *declared(const struct cmdlet *cmdlet, const char *name)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(str_of(name), cmdlet->parameters[i].name))
            return &cmdlet->parameters[i];
    return NULL;
}

/* The common parameters are in no definition, yet every cmdlet takes them. */
static bool check_undeclared(const struct cmdlet *cmdlet, const struct argument *argument, struct err *err)
{
    const struct common_parameter *common = common_parameter_find(str_of(argument->name), true);
    if (is_what_if(str_of(argument->name)))
        return refuse_what_if(err);
    if (common != NULL && (!common->needs_should_process || cmdlet->should_process))
        return true;
    err_set(err, ERR_INPUT, "%s has no parameter -%s for this account", cmdlet->shown, argument->name);
    err_field(err, argument->name);
    return false;
}

/* Names the earlier parameter that cannot go with this one, if there is a single such one. */
static bool refuse_together(const struct cmdlet *cmdlet, const struct invocation *invocation, const struct argument *last,
                            struct err *err)
{
    const char *other = "the other parameters";
    uint64_t last_sets = sets_of(cmdlet, declared(cmdlet, last->name));
    for (const struct argument *one = invocation->arguments; one < last; one++) {
        const struct parameter *parameter = declared(cmdlet, one->name);
        if (parameter != NULL && (sets_of(cmdlet, parameter) & last_sets) == 0)
            other = one->name;
    }
    err_set(err, ERR_INPUT, "%s: -%s cannot be used together with %s%s", cmdlet->shown, last->name,
            other[0] == 't' ? "" : "-", other);
    err_advise(err, "They belong to different parameter sets; leave one of them out.");
    err_field(err, last->name);
    return false;
}

/* An unknown set is no error: the form may have kept the name from another connection. */
static uint64_t starting_sets(const struct cmdlet *cmdlet, const char *set)
{
    for (size_t i = 0; set != NULL && i < set_count(cmdlet); i++)
        if (str_is_nocase(str_of(set), cmdlet->sets[i]))
            return (uint64_t)1 << i;
    return sets_all(cmdlet);
}

/* Checks each argument by itself and narrows the sets to those that have all of them. */
static bool narrow(const struct invocation *invocation, const struct cmdlet *cmdlet, uint64_t *sets, struct err *err)
{
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        const struct parameter *parameter = declared(cmdlet, argument->name);
        if (parameter == NULL) {
            if (!check_undeclared(cmdlet, argument, err))
                return false;
            continue;
        }
        /* The value first: a slip in it is plainer than a clash of sets. */
        if (!argument->from_object && !value_check(parameter, argument->kind, argument->value, err))
            return false;
        *sets &= sets_of(cmdlet, parameter);
        if (*sets == 0)
            return refuse_together(cmdlet, invocation, argument, err);
    }
    return true;
}

/* $null does not count as given: PowerShell refuses it for a mandatory parameter. */
static bool is_missing(const struct invocation *invocation, const struct parameter *parameter, const char *set, bool piped)
{
    const struct parameter_use *use = parameter_use_in(parameter, set);
    if (use == NULL || !use->mandatory || (piped && (use->from_pipeline || use->from_pipeline_by_name)))
        return false;
    const struct argument *argument = invocation_get(invocation, parameter->name);
    return argument == NULL || argument->kind == ARG_NULL;
}

static size_t missing_in(const struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, bool piped)
{
    size_t missing = 0;
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        missing += is_missing(invocation, &cmdlet->parameters[i], set, piped);
    return missing;
}

/* All that is missing in one message: being told one by one is worse than not being told. */
static bool say_missing(const struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, bool piped, struct err *err)
{
    struct buf names = BUF_INIT(400);
    const char *first = NULL;
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        if (!is_missing(invocation, &cmdlet->parameters[i], set, piped))
            continue;
        buf_format(&names, "%s-%s", first != NULL ? ", " : "", cmdlet->parameters[i].name);
        if (first == NULL)
            first = cmdlet->parameters[i].name;
    }
    if (cmdlet->set_count > 1)
        err_set(err, ERR_INPUT, "%s needs %s (parameter set %s)", cmdlet->shown, buf_cstr(&names), set);
    else
        err_set(err, ERR_INPUT, "%s needs %s", cmdlet->shown, buf_cstr(&names));
    err_advise(err, cmdlet->set_count > 1 ? "Give a value, or fill another parameter set." : "Give a value.");
    err_field(err, first);
    buf_free(&names);
    return false;
}

/* PowerShell's AmbiguousParameterSet: more than one set is complete, and none of them is the default. */
static bool say_ambiguous(const struct cmdlet *cmdlet, uint64_t complete, struct err *err)
{
    struct buf names = BUF_INIT(300);
    for (size_t i = 0; i < set_count(cmdlet); i++)
        if (complete >> i & 1)
            buf_format(&names, "%s%s", names.len > 0 ? ", " : "", cmdlet->sets[i]);
    err_set(err, ERR_INPUT, "%s: the parameter set cannot be resolved with the parameters given", cmdlet->shown);
    err_advise(err, "These are possible: %s. Give a parameter that only one of them has (purvey help %s).", buf_cstr(&names), cmdlet->shown);
    err_code(err, "AmbiguousParameterSet");
    buf_free(&names);
    return false;
}

static bool is_default(const struct cmdlet *cmdlet, size_t set)
{
    return str_is_nocase(str_of(cmdlet->default_set), cmdlet->sets[set]);
}

static bool more_than_one(uint64_t sets)
{
    return (sets & (sets - 1)) != 0;
}

/* Of several incomplete sets the default one is spoken of, else the one that lacks least. */
static bool validate(const struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, bool piped, struct err *err)
{
    uint64_t sets = starting_sets(cmdlet, set), complete = 0;
    const char *nearest = NULL;
    size_t fewest = SIZE_MAX;
    if (!narrow(invocation, cmdlet, &sets, err))
        return false;
    for (size_t i = 0; i < set_count(cmdlet); i++) {
        if ((sets >> i & 1) == 0)
            continue;
        size_t missing = missing_in(invocation, cmdlet, cmdlet->sets[i], piped);
        if (missing == 0 && (is_default(cmdlet, i) || piped))
            return true;
        complete |= missing == 0 ? (uint64_t)1 << i : 0;
        /* Of equals the default set is the one that people mean. */
        missing = is_default(cmdlet, i) ? 1 : missing;
        if (missing < fewest) {
            nearest = cmdlet->sets[i];
            fewest = missing;
        }
    }
    if (complete == 0)
        return say_missing(invocation, cmdlet, nearest, piped, err);
    return !more_than_one(complete) || cmdlet->default_unknown || say_ambiguous(cmdlet, complete, err);
}

bool invocation_validate(const struct invocation *invocation, const struct cmdlet *cmdlet, const char *set, struct err *err)
{
    return validate(invocation, cmdlet, set, false, err);
}

bool invocation_validate_piped(const struct invocation *invocation, const struct cmdlet *cmdlet, struct err *err)
{
    return validate(invocation, cmdlet, NULL, true, err);
}
