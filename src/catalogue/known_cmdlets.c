/* Reading the table of facts. The three arrays are one sorted list cut into files. */
#include "catalogue/known_cmdlets.h"

#include <stdlib.h>
#include <strings.h>

#include "base/buf.h"
#include "catalogue/known_table.h"

static const struct { char letter; enum parameter_form form; } forms[] = {
    { 't', FORM_TEXT }, { 's', FORM_SWITCH }, { 'b', FORM_BOOL }, { 'n', FORM_BOOL_OR_NULL }, { 'i', FORM_INT },
    { 'u', FORM_INT_OR_UNLIMITED }, { 'c', FORM_CHOICE }, { 'C', FORM_CHOICE_LIST }, { 'l', FORM_LIST },
    { 'd', FORM_IDENTITY }, { 'D', FORM_IDENTITY_LIST }, { 'T', FORM_DATETIME }, { 'S', FORM_TIMESPAN }, { 'g', FORM_GUID },
    { 'z', FORM_SIZE }, { 'k', FORM_CULTURE }, { 'e', FORM_EMAIL }, { 'E', FORM_EMAIL_LIST }, { 'f', FORM_FILE },
    { 'p', FORM_SECRET }, { 'h', FORM_HASHTABLE }, { 'H', FORM_HASHTABLE_LIST }, { 'o', FORM_OBJECT },
    { 'x', FORM_UNLISTED_ENUM },
};

static const struct { char letter; enum parameter_fact fact; } facts[] = {
    { 'r', FACT_RESERVED }, { 'x', FACT_DEPRECATED }, { 'p', FACT_PREVIEW }, { 'k', FACT_KQL }, { 'a', FACT_NULL_MEANS_ALL },
    { 'i', FACT_IRREVERSIBLE }, { 'l', FACT_REPLACES_LIST }, { 'm', FACT_MANY },
};

static const struct { char letter; const char *role; } parameter_roles[] = {
    { 'E', "Export" }, { 'P', "Preview" }, { 'S', "Search and Purge" },
};

/* Roles of Microsoft Purview by what their descriptions cover; the service does not say which role holds which cmdlet,
   so these are offered as usual and not as certain. What is more particular stands first. */
static const struct { const char *noun_part, *role; } cmdlet_roles[] = {
    { "CaseHold", "Hold" }, { "HoldRemoval", "Hold" }, { "ComplianceCase", "Case Management" },
    { "eDiscoveryCaseAdmin", "Case Management" }, { "ComplianceSecurityFilter", "Organization Configuration" },
    { "ComplianceSearch", "Compliance Search" }, { "ContentExplorerData", "Data Classification List Viewer" },
    { "ActivityExplorerData", "Data Classification List Viewer" }, { "RoleGroup", "Role Management" },
    { "ManagementRole", "Role Management" }, { "TenantAllowBlock", "Tenant AllowBlockList Manager" },
    { "Quarantine", "Quarantine" }, { "InformationBarrier", "IB Compliance Management" },
    { "OrganizationSegment", "IB Compliance Management" }, { "Supervisory", "Supervisory Review Administrator" },
    { "UnifiedAuditLog", "Audit Logs" }, { "Dlp", "DLP Compliance Management" },
    { "SensitiveInformationType", "DLP Compliance Management" }, { "ComplianceTag", "RecordManagement" },
    { "FilePlan", "RecordManagement" }, { "Retention", "Retention Management" }, { "ProtectionAlert", "Manage Alerts" },
    { "Device", "Device Management" }, { "Label", "Sensitivity Label Administrator" },
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* ---- cmdlets ---- */

size_t known_cmdlet_count(void)
{
    return known_table_read_count + known_table_new_count + known_table_set_count;
}

static const char *row_at(size_t index)
{
    if (index < known_table_read_count)
        return known_table_read[index];
    index -= known_table_read_count;
    return index < known_table_new_count ? known_table_new[index] : known_table_set[index - known_table_new_count];
}

struct known_cmdlet known_cmdlet_at(size_t index)
{
    struct known_cmdlet known;
    struct str verb;
    known.parameters = str_of(row_at(index));
    str_cut(&known.parameters, ' ', &known.name);
    str_cut(&known.parameters, ' ', &known.traits);
    known.noun = known.name;
    str_cut(&known.noun, '-', &verb);
    return known;
}

/* Asked of every row for every cmdlet of a module file, so the row is not taken apart for it. */
bool known_cmdlet_has_noun(size_t index, struct str noun)
{
    const char *here = strchr(row_at(index), '-');
    return here != NULL && strncasecmp(here + 1, noun.data, noun.len) == 0 && here[1 + noun.len] == ' ';
}

bool known_cmdlet_find(struct str name, struct known_cmdlet *known)
{
    size_t low = 0, high = known_cmdlet_count();
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct str rest = str_of(row_at(middle)), here;
        str_cut(&rest, ' ', &here);
        int order = str_compare_nocase(name, here);
        if (order == 0) {
            *known = known_cmdlet_at(middle);
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

bool known_cmdlet_find_prefixed(const char *prefix, struct str name, struct known_cmdlet *known)
{
    char *plain = cmdlet_name_without_prefix(prefix, name);
    bool found = (plain && known_cmdlet_find(str_of(plain), known)) || known_cmdlet_find(name, known);
    free(plain);
    return found;
}

bool known_cmdlet_needs_search_session(struct str name)
{
    struct known_cmdlet known;
    return known_cmdlet_find(name, &known) && memchr(known.traits.data, 's', known.traits.len) != NULL;
}

const char *known_cmdlet_role(struct str name)
{
    struct known_cmdlet known;
    if (!known_cmdlet_find(name, &known))
        return "";
    for (size_t i = 0; i < COUNT_OF(cmdlet_roles); i++)
        if (str_contains_nocase(known.noun, str_of(cmdlet_roles[i].noun_part)))
            return cmdlet_roles[i].role;
    return "";
}

/* ---- parameters ---- */

static void take_form(struct known_parameter *parameter, char letter)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (forms[i].letter == letter)
            parameter->form = forms[i].form;
}

static void take_fact(struct known_parameter *parameter, char letter)
{
    for (size_t i = 0; i < COUNT_OF(facts); i++)
        if (facts[i].letter == letter)
            parameter->facts |= facts[i].fact;
}

static void take_role(struct known_parameter *parameter, char letter)
{
    for (size_t i = 0; i < COUNT_OF(parameter_roles); i++)
        if (parameter_roles[i].letter == letter)
            parameter->role = parameter_roles[i].role;
}

/* Up to the next mark, which it leaves on the text. */
static struct str until_mark(struct str *rest, const char *marks)
{
    size_t length = 0;
    while (length < rest->len && strchr(marks, rest->data[length]) == NULL)
        length++;
    struct str head = str_take(*rest, length);
    *rest = str_from(*rest, length);
    return head;
}

static int small_number(struct str digits)
{
    int64_t number;
    return str_to_int64(digits, 0, 1000000, &number) ? (int)number : -1;
}

/* [1,5000 is a range of numbers; [,64c a length. */
static void take_limits(struct known_parameter *parameter, struct str limits)
{
    struct str least;
    str_cut(&limits, ',', &least);
    if (limits.len > 0 && limits.data[limits.len - 1] == 'c') {
        parameter->max_length = small_number(str_take(limits, limits.len - 1));
        return;
    }
    parameter->min = small_number(least);
    parameter->max = small_number(limits);
}

static void take_part(struct known_parameter *parameter, char mark, struct str part)
{
    switch (mark) {
    case '@':
        take_role(parameter, part.len > 0 ? part.data[0] : ' ');
        break;
    case '>':
        parameter->fallback = part;
        break;
    case '[':
        take_limits(parameter, part);
        break;
    default:
        parameter->values = part;
        parameter->values_closed = mark == '=';
        break;
    }
}

bool known_parameter_next(struct str *parameters, struct known_parameter *parameter)
{
    struct str word;
    str_cut(parameters, ' ', &word);
    *parameter = (struct known_parameter){ .role = "", .min = -1, .max = -1, .max_length = -1 };
    if (!str_cut(&word, ':', &parameter->name))
        return false;
    struct str letters = until_mark(&word, "@>[=~");
    if (letters.len > 0)
        take_form(parameter, letters.data[0]);
    for (size_t i = 1; i < letters.len; i++)
        take_fact(parameter, letters.data[i]);
    while (word.len > 0) {
        char mark = word.data[0];
        word = str_from(word, 1);
        take_part(parameter, mark, until_mark(&word, "@>[=~"));
    }
    return true;
}

bool known_parameter_find(const struct known_cmdlet *known, struct str name, struct known_parameter *parameter)
{
    struct str rest = known->parameters, word;
    for (bool more = rest.len > 0; more;) {
        struct str from = rest;
        more = str_cut(&rest, ' ', &word);
        /* Only the one that is meant is taken apart. */
        if (word.len > name.len && word.data[name.len] == ':' && str_starts_nocase(word, name))
            return known_parameter_next(&from, parameter);
    }
    return false;
}

/* ---- what is missing ---- */

size_t known_cmdlets_not_offered(const struct catalogue *catalogue, struct str *names)
{
    size_t count = 0;
    for (size_t i = 0; i < known_cmdlet_count(); i++) {
        struct str name = known_cmdlet_at(i).name;
        if (catalogue_find(catalogue, name) == NULL)
            names[count++] = name;
    }
    return count;
}

static bool is_offered(const struct cmdlet *cmdlet, struct str name)
{
    for (size_t i = 0; i < cmdlet->parameter_count; i++)
        if (str_is_nocase(name, cmdlet->parameters[i].name))
            return true;
    return false;
}

/* What is Microsoft's own or gone is nobody's to miss. */
size_t known_parameters_not_offered(const struct cmdlet *cmdlet, struct known_parameter *parameters, size_t room)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    size_t count = 0;
    if (!known_cmdlet_find(str_of(cmdlet->name), &known))
        return 0;
    while (count < room && known_parameter_next(&known.parameters, &parameter)) {
        bool wanted = !(parameter.facts & (FACT_RESERVED | FACT_DEPRECATED));
        if (wanted && !is_offered(cmdlet, parameter.name))
            parameters[count++] = parameter;
    }
    return count;
}

/* The service leaves out what the roles do not allow, and says no word about it (pains 3). The name is as the connection has it. */
bool known_cmdlet_refused(const struct catalogue *catalogue, struct str name, struct err *err)
{
    struct known_cmdlet known;
    if (!known_cmdlet_find(name, &known))
        return false;
    const char *role = known_cmdlet_role(known.name);
    char *shown = cmdlet_name_with_prefix(catalogue->prefix, known.name);
    err_set(err, ERR_FORBIDDEN, "%s is a cmdlet of Security & Compliance, but it %s", shown,
            catalogue->chosen ? "is not among those that this connection has" : "was not offered to this account");
    free(shown);
    if (catalogue->chosen) {
        err_advise(err, "The connection was made with -CommandName %s; leave that out, or add the name.", catalogue->chosen);
        return true;
    }
    if (*role)
        err_advise(err, "The role %s usually includes it. Ask for a role group that has it (Purview portal, Settings, Roles); a "
                   "new role takes up to an hour and a new sign-in.", role);
    else
        err_advise(err, "Ask for a role group that includes it (Purview portal, Settings, Roles); a new role takes up to an "
                   "hour and a new sign-in.");
    return true;
}

bool known_parameter_refused(const struct cmdlet *cmdlet, struct str name, struct err *err)
{
    struct known_cmdlet known;
    struct known_parameter parameter;
    if (!known_cmdlet_find(str_of(cmdlet->name), &known) || !known_parameter_find(&known, name, &parameter))
        return false;
    if (*parameter.role) {
        err_set(err, ERR_FORBIDDEN, "-%.*s of %s needs the role %s, and was not offered to this account",
                STR_ARG(parameter.name), cmdlet->shown, parameter.role);
        err_advise(err, "Ask for a role group with the role %s (Purview portal, Settings, Roles); a new role takes up to an hour "
                   "and a new sign-in.", parameter.role);
    } else {
        err_set(err, ERR_FORBIDDEN, "-%.*s is a parameter of %s, but it was not offered to this account",
                STR_ARG(parameter.name), cmdlet->shown);
        err_advise(err, "Some parameters come only with a further role, some not to every organization%s.",
                   parameter.facts & FACT_RESERVED ? ", and this one is for Microsoft's own use" : "");
    }
    return true;
}
