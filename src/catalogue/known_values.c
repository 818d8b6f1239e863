/* Facts that the service's definitions do not carry: names of enums, which untyped parameters take lists, which are dates.
   From the table of facts where it has the parameter, else from its name; the service has the last word, and what it
   defines itself is never replaced. */
#include "catalogue/known_values.h"

#include "base/mem.h"
#include "catalogue/known_cmdlets.h"

/* Untyped parameters that take several values (the reference's MultiValuedProperty), where the table has no row. A
   leading '~' stands for the end of a name, since locations, scopes and words come in dozens of forms. */
static const char *const list_names[] = {
    "~Location", "~LocationException", "~AdaptiveScopes", "~AdaptiveScopesException", "~ContainsWords", "~MatchesPatterns",
    "~MatchesWords", "~DomainIs", "~ExtensionIs", "~IPRanges", "~FileTypeMatches", "~SentTo", "~DocumentCreatedBy",
    "~LocationTypes", "~Labels", "~Members", "~Reviewers", "~RevieweeIs", "ExceptIfFrom", "From", "Actor", "AdministrativeUnits",
    "AlertBy", "AlertFor", "Applications", "Capabilities", "CmdletParameters", "Components", "Conditions",
    "DlpCompliancePolicy", "DlpComplianceRule", "Domain", "EnforcementPlanes", "Entries", "EventTags", "ExclusionList",
    "Filters", "Fingerprints", "GenerateAlert", "GenerateIncidentReport", "Ids", "LabelActions", "LocaleSettings",
    "MachineLearningModelIDs", "MessageId", "MessageTraceId", "NotifyPolicyTipCustomTextTranslations", "NotifyUser",
    "Operation", "Operations", "Policies", "PolicyRBACScopes", "RecordTypes", "RemoveHeader", "Roles", "ScriptParameters",
    "SegmentsAllowed", "SegmentsBlocked", "SelectionTarget", "SensitiveType", "SetHeader", "SharedByIRMUserRisk",
    "SummarizeBy", "TargetGroups", "TestCases", "Types", "UserIds", "Users",
};

/* Untyped parameters that are points in time. */
static const char *const date_names[] = {
    "ActivationDate", "BeginDateTime", "ContentCreatedOrUpdatedDateFrom", "ContentCreatedOrUpdatedDateTo",
    "ContentDateFrom", "ContentDateTo", "EndDate", "EndDateTime", "EndExpiresDate", "EndReceivedDate", "EndTime",
    "EventDateTime", "ExpirationDate", "ExpiryDate", "NotifyUserSuppressionExpiryDate", "StartDate", "StartExpiresDate",
    "StartReceivedDate", "StartTime",
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static bool name_listed(const char *const *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        struct str entry = str_of(names[i]);
        if (entry.data[0] == '~' ? str_ends_nocase(name, str_from(entry, 1)) : str_eq_nocase(name, entry))
            return true;
    }
    return false;
}

static void take_values(struct parameter *parameter, struct str row)
{
    struct str value;
    bool more = true;
    /* From nothing, as the count is: wants_values lets only parameters without values through. */
    size_t capacity = 0;
    while (more) {
        more = str_cut(&row, '|', &value);
        MEM_ROOM(parameter->values, parameter->value_count, capacity);
        parameter->values[parameter->value_count++] = str_dup(value);
    }
    parameter->values_from = VALUES_OF_REFERENCE;
}

/* Only where the service left the values open, and never on numbers, switches and the like. */
static bool wants_values(const struct parameter *parameter)
{
    return parameter->value_count == 0
        && (parameter->type == TYPE_UNTYPED || parameter->type == TYPE_STRING || parameter->type == TYPE_STRING_LIST
            || parameter->type == TYPE_OBJECT_LIST);
}

/* Untyped truth values become the two or three words that they can be. */
static void apply_values(struct parameter *parameter, const struct known_parameter *known)
{
    struct str values = known->values;
    bool closed = known->values_closed;
    if (values.len == 0 && (known->form == FORM_BOOL || known->form == FORM_BOOL_OR_NULL)) {
        values = known->form == FORM_BOOL ? STR("$true|$false") : STR("$true|$false|$null");
        closed = true;
    }
    if (values.len == 0 || !wants_values(parameter))
        return;
    take_values(parameter, values);
    parameter->values_closed = closed;
}

static bool form_is_list(const struct known_parameter *known)
{
    return known->form == FORM_LIST || known->form == FORM_CHOICE_LIST || known->form == FORM_IDENTITY_LIST
        || known->form == FORM_EMAIL_LIST || (known->facts & FACT_MANY);
}

static void apply_known(struct parameter *parameter, const struct known_parameter *known)
{
    parameter->form = known->form;
    parameter->facts = known->facts;
    parameter->fallback = known->fallback;
    parameter->known_min = known->min;
    parameter->known_max = known->max;
    parameter->known_max_length = known->max_length;
    apply_values(parameter, known);
    if (parameter->type != TYPE_UNTYPED)
        return;
    if (known->form == FORM_DATETIME)
        parameter->type = TYPE_DATETIME;
    else
        parameter->many = form_is_list(known);
}

/* Names tell the type where nothing else does: four parameters of ten have none in the module file (rest.md 7.2). */
static void apply_name(struct parameter *parameter)
{
    struct str name = str_of(parameter->name);
    if (parameter->type != TYPE_UNTYPED)
        return;
    if (name_listed(date_names, COUNT_OF(date_names), name))
        parameter->type = TYPE_DATETIME;
    else
        parameter->many = name_listed(list_names, COUNT_OF(list_names), name);
}

enum { SISTERS_MOST = 16, PARAMETERS_MOST = 256 };

/* What the table has of one cmdlet, read once; the parsing of a module file waits for this. */
struct known_facts {
    struct known_parameter parameters[PARAMETERS_MOST];
    size_t count;
    struct known_cmdlet sisters[SISTERS_MOST];
    size_t sister_count;
    bool sisters_read;
};

static void read_facts(struct known_facts *facts, const struct cmdlet *cmdlet)
{
    struct known_cmdlet known;
    facts->count = facts->sister_count = 0;
    facts->sisters_read = false;
    if (!known_cmdlet_find(str_of(cmdlet->name), &known))
        return;
    while (facts->count < PARAMETERS_MOST && known_parameter_next(&known.parameters, &facts->parameters[facts->count]))
        facts->count++;
}

static const struct known_parameter *find_fact(const struct known_facts *facts, struct str name)
{
    for (size_t i = 0; i < facts->count; i++)
        if (str_eq_nocase(facts->parameters[i].name, name))
            return &facts->parameters[i];
    return NULL;
}

static void read_sisters(struct known_facts *facts, const struct cmdlet *cmdlet)
{
    facts->sisters_read = true;
    for (size_t i = 0; i < known_cmdlet_count() && facts->sister_count < SISTERS_MOST; i++) {
        if (known_cmdlet_has_noun(i, cmdlet->noun))
            facts->sisters[facts->sister_count++] = known_cmdlet_at(i);
    }
}

/* The sister cmdlets of a noun (New-, Set-) take the same values under the same name. */
static void apply_sisters(struct known_facts *facts, const struct cmdlet *cmdlet, struct parameter *parameter)
{
    struct known_parameter known;
    if (!facts->sisters_read)
        read_sisters(facts, cmdlet);
    for (size_t i = 0; i < facts->sister_count && parameter->value_count == 0; i++)
        if (known_parameter_find(&facts->sisters[i], str_of(parameter->name), &known))
            apply_values(parameter, &known);
}

void known_values_apply(struct cmdlet *cmdlet)
{
    struct known_facts facts;
    read_facts(&facts, cmdlet);
    for (size_t i = 0; i < cmdlet->parameter_count; i++) {
        struct parameter *parameter = &cmdlet->parameters[i];
        const struct known_parameter *known = find_fact(&facts, str_of(parameter->name));
        if (known)
            apply_known(parameter, known);
        else
            apply_name(parameter);
        if (!known && parameter->type == TYPE_UNTYPED)
            apply_sisters(&facts, cmdlet, parameter);
    }
}
