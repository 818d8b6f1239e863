/* Kept apart from the catalogue: the service does not list them, and forms must not show them. */
#include "catalogue/common_parameters.h"

#include "base/nearest.h"

/* In the order of their numbers: -ea 0 is SilentlyContinue. */
#define ACTIONS "SilentlyContinue|Stop|Continue|Inquire|Ignore|Suspend|Break"

static const struct common_parameter commons[] = {
    /* The only one that a cmdlet must support (rest.md 7.2, SupportsShouldProcess). */
    { "Confirm", "cf", true, "", true },
    { "Verbose", "vb", true, "", false },
    { "Debug", "db", true, "", false },
    { "ErrorAction", "ea", false, ACTIONS, false },
    { "WarningAction", "wa", false, ACTIONS, false },
    { "InformationAction", "infa", false, ACTIONS, false },
    { "ProgressAction", "proga", false, ACTIONS, false },
    { "ErrorVariable", "ev", false, "", false },
    { "WarningVariable", "wv", false, "", false },
    { "InformationVariable", "iv", false, "", false },
    { "OutVariable", "ov", false, "", false },
    { "OutBuffer", "ob", false, "", false },
    { "PipelineVariable", "pv", false, "", false },
};

const struct common_parameter *common_parameter_at(size_t index)
{
    return index < sizeof commons / sizeof *commons ? &commons[index] : NULL;
}

/* Whole names and aliases win over beginnings; a beginning of several names is none. */
const struct common_parameter *common_parameter_find(struct str name, bool exact)
{
    const struct common_parameter *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < sizeof commons / sizeof *commons; i++) {
        if (str_is_nocase(name, commons[i].name) || str_is_nocase(name, commons[i].alias))
            return &commons[i];
        if (!exact && name.len > 0 && str_starts_nocase(str_of(commons[i].name), name)) {
            found = &commons[i];
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

/* It came with PowerShell 7.4; rest.md section 4 and rps.md section 8 list what travels. */
bool common_parameter_stays_here(struct str name)
{
    return str_is_nocase(name, "ProgressAction");
}

/* From two letters on, since nothing else that is common begins with "wh". */
bool is_what_if(struct str name)
{
    return str_is_nocase(name, "wi") || (name.len >= 2 && str_starts_nocase(STR("WhatIf"), name));
}

bool refuse_what_if(struct err *err)
{
    err_set(err, ERR_INPUT, "-WhatIf is never sent: Security & Compliance ignores it and would carry the cmdlet out for real");
    err_advise(err, "On a typed line it shows what would change; nothing is sent.");
    err_field(err, "WhatIf");
    return false;
}

/* Whole, by its number, or by a beginning that only one has: as PowerShell reads its enumerations. */
static struct str listed_as(struct str list, struct str value, struct nearest *nearest)
{
    struct str listed, found = STR("");
    size_t fits = 0;
    int64_t number = -1;
    bool numbered = str_to_int64(value, 0, 9, &number);
    for (bool more = true; more; number--) {
        more = str_cut(&list, '|', &listed);
        if (str_eq_nocase(value, listed) || (numbered && number == 0))
            return listed;
        if (value.len > 0 && str_starts_nocase(listed, value)) {
            found = listed;
            fits++;
        }
        nearest_offer(nearest, listed);
    }
    return fits == 1 ? found : STR("");
}

/* The listed spelling replaces the typed one, since the service compares letters. */
bool common_parameter_settle(const struct common_parameter *common, struct str *value, struct err *err)
{
    struct nearest nearest = nearest_to(*value);
    /* Without a list any text goes: it names a variable. */
    if (*common->values == '\0')
        return true;
    struct str listed = listed_as(str_of(common->values), *value, &nearest);
    if (listed.len > 0) {
        *value = listed;
        return true;
    }
    err_set(err, ERR_INPUT, "-%s does not take \"%.*s\"", common->name, STR_ARG(str_take(*value, 100)));
    nearest_advise(&nearest, "", "It takes SilentlyContinue, Stop, Continue, Inquire or Ignore.", err);
    err_field(err, common->name);
    return false;
}
