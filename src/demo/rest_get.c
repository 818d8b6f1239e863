/* Get-*: which of the tenant's objects are asked for. */
#include <stdlib.h>

#include "base/mem.h"
#include "demo/module_text.h"
#include "demo/rest_call.h"

void call_row(struct call *call, const struct entry *entry)
{
    MEM_ROOM(call->rows, call->row_count, call->row_capacity);
    call->rows[call->row_count++] = entry;
}

/* 404 with the identity as target; older answers of the service had 500 for the same (rest.md section 6). */
static bool not_found(struct call *call, struct str noun, const char *identity)
{
    return rest_fail(call->reply, FAIL_NOT_FOUND, identity,
                     "The operation could not be performed because the %.*s '%s' is not there.", STR_ARG(noun),
                     identity);
}

/* Exactly one: cmdlets that change never take a pattern, see tenant_find. */
struct entry *call_target(struct call *call, const char *parameter)
{
    const char *identity = call_text(call, parameter);
    struct entry *entry = *identity ? tenant_find(call->rest->tenant, call->noun, str_of(identity), NULL) : NULL;
    if (!entry) {
        not_found(call, call->noun_name, identity);
    }
    return entry;
}

/* A parent that was named must be there; one that was not named narrows nothing. */
bool call_parent(struct call *call, struct entry **parent)
{
    const struct noun *noun = call->noun->parent ? tenant_noun(str_of(call->noun->parent)) : NULL;
    const char *identity = noun ? call_text(call, call->noun->parent_parameter) : "";
    *parent = *identity ? tenant_find(call->rest->tenant, noun, str_of(identity), NULL) : NULL;
    return *parent || !*identity || not_found(call, str_of(noun->name), identity);
}

/* ---- parameters that filter by a property ---- */

/* Where the parameter's name is not the property's. */
static const struct {
    const char *parameter, *property;
} renamed[] = {
    { "QuarantineTypes", "Type" },   { "PolicyTypes", "PolicyType" }, { "Operation", "Operations" },
    { "RecordType", "RecordTypes" }, { "UserId", "UserIds" },
};

/* NULL: the parameter filters nothing that the objects have, and is passed over. */
static const struct json *property_for(const struct entry *entry, const char *parameter)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++) {
        if (str_is_nocase(str_of(parameter), renamed[i].parameter) && entry_get(entry, renamed[i].property)) {
            return entry_get(entry, renamed[i].property);
        }
    }
    return entry_get(entry, parameter);
}

/* Booleans compare by name, as -Reported $true and a filter text do. */
static struct str text_of(const struct json *value)
{
    return json_kind(value) == JSON_BOOL ? json_bool(value, false) ? STR("true") : STR("false") : json_string(value);
}

/* Lists on either side: one common value is enough. Values may hold a star. */
static bool any_equal(const struct json *values, const struct json *property)
{
    if (json_kind(values) == JSON_ARRAY) {
        for (const struct json *item = json_first(values); item; item = json_next(item)) {
            if (any_equal(item, property)) {
                return true;
            }
        }
        return false;
    }
    if (json_kind(property) == JSON_ARRAY) {
        for (const struct json *item = json_first(property); item; item = json_next(item)) {
            if (any_equal(values, item)) {
                return true;
            }
        }
        return false;
    }
    return wildcard_match(text_of(values), text_of(property));
}

/* Switches and booleans ask for more detail rather than for a property's value. */
static bool is_filter(const struct call *call, const struct json *member)
{
    static const char *const others[] = {
        "Identity", "ResultSize", "Filter", "SortBy", "Page", "PageSize", "Properties"
    };
    struct str name = str_of(json_name(member));
    const struct cmdlet_param *param = cmdlet_param(call->cmdlet, name);
    if (!param || param->type == 'w' || param->type == 'b' || json_kind(member) == JSON_NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_is_nocase(name, others[i])) {
            return false;
        }
    }
    return !call->noun->parent_parameter || !str_is_nocase(name, call->noun->parent_parameter);
}

static bool passes_filters(const struct call *call, const struct entry *entry)
{
    for (const struct json *member = json_first(call->parameters); member; member = json_next(member)) {
        const struct json *property = is_filter(call, member) ? property_for(entry, json_name(member)) : NULL;
        if (property && !any_equal(member, property)) {
            return false;
        }
    }
    /* The service lists eDiscovery (Standard) cases unless another type is asked for. */
    return !str_is(call->noun_name, "ComplianceCase") || call_value(call, "CaseType") || call_value(call, "Identity") ||
           str_is(str_of(entry_text(entry, "CaseType")), "eDiscovery");
}

/* ---- -Filter "Property -like 'x*'" ---- */

struct condition {
    bool given, negated;
    struct str property, pattern;
};

static bool read_condition(struct call *call, struct condition *condition)
{
    struct str rest = str_trim(str_of(call_text(call, "Filter"))), operator;
    *condition = (struct condition){ .given = rest.len > 0 };
    str_cut(&rest, ' ', &condition->property);
    rest = str_trim(rest);
    str_cut(&rest, ' ', &operator);
    rest = str_trim(rest);
    condition->negated = str_is_nocase(operator, "-ne") || str_is_nocase(operator, "-notlike");
    bool known = condition->negated || str_is_nocase(operator, "-eq") || str_is_nocase(operator, "-like");
    bool quoted = rest.len >= 2 && (*rest.data == '\'' || *rest.data == '"') && rest.data[rest.len - 1] == *rest.data;
    condition->pattern = quoted ? str_take(str_from(rest, 1), rest.len - 2) : rest;
    return !condition->given || (known && quoted) ||
           rest_fail(call->reply, FAIL_VALUE, "",
                     "The filter \"%s\" cannot be read here: write Property -eq|-ne|-like|-notlike 'value'.",
                     call_text(call, "Filter"));
}

/* A property that the object lacks compares as empty. */
static bool meets(const struct condition *condition, const struct entry *entry)
{
    char name[128];
    str_copy(name, sizeof name, "");
    if (!condition->given || condition->property.len >= sizeof name) {
        return !condition->given;
    }
    memcpy(name, condition->property.data, condition->property.len);
    name[condition->property.len] = '\0';
    return wildcard_match(condition->pattern, text_of(entry_get(entry, name))) != condition->negated;
}

/* ---- jobs advance by being looked at, so that a test waits for a state and not for a time ---- */

/* What a search found is seeded by its Guid: the same search finds the same again. */
static void advance(struct tenant *tenant, struct entry *entry, int64_t now)
{
    static const char *const states[] = { "", "Completed", "InProgress" };
    if (!entry->phase) {
        return;
    }
    entry_put(entry, "Status", json_new_string(str_of(states[entry->phase])));
    entry->phase--;
    if (!entry->phase) {
        entry_put_date(entry, "JobEndTime", now);
    }
    if (!entry->phase && !str_is(str_of(entry->noun->name), "ComplianceSearchAction")) {
        uint64_t found = seeded_number(tenant->seed, entry_text(entry, "Guid"));
        entry_put(entry, "Items", json_new_int((int64_t)(found % 90000)));
        entry_put(entry, "Size", json_new_int((int64_t)(found % 90000 * 48611)));
    }
}

/* Called after the answer was written, so what was shown is what was true: each look moves every job of that noun. */
void rest_advance(struct call *call)
{
    for (size_t i = 0; i < call->rest->tenant->count; i++) {
        struct entry *entry = call->rest->tenant->entries[i];
        if (entry->noun == call->noun) {
            advance(call->rest->tenant, entry, call->now);
        }
    }
}

/* ---- the list ---- */

/* Quarantine pages by parameters of its own. */
static void cut_quarantine_page(struct call *call)
{
    int64_t page = 1, size = 100;
    if (!cmdlet_param(call->cmdlet, STR("PageSize"))) {
        return;
    }
    json_int64(call_value(call, "Page"), &page);
    json_int64(call_value(call, "PageSize"), &size);
    size_t first = page > 1 && size > 0 ? (size_t)((page - 1) * size) : 0, rows = size > 0 ? (size_t)size : 0;
    first = first < call->row_count ? first : call->row_count;
    rows = rows < call->row_count - first ? rows : call->row_count - first;
    if (call->row_count) {
        memmove(call->rows, call->rows + first, rows * sizeof *call->rows);
    }
    call->row_count = rows;
}

/* Cmdlets without ResultSize give everything they have. */
static void cut_to_result_size(struct call *call)
{
    int64_t size = call_result_size(call);
    size = size ? size : REST_DEFAULT_ROWS;
    if (cmdlet_param(call->cmdlet, STR("ResultSize")) && (int64_t)call->row_count > size) {
        call->row_count = (size_t)size;
        rest_warn(call, "%s", rest_more_warning);
    }
}

/* Get-RoleGroupMember -Identity names the group, not a member. */
static bool identity_is_parent(const struct call *call)
{
    return call->noun->parent_parameter && str_is(str_of(call->noun->parent_parameter), "Identity");
}

static bool is_wanted(const struct call *call, const struct entry *entry, const struct entry *parent,
                      struct str identity)
{
    return entry->noun == call->noun && (!parent || str_is(str_of(entry->parent), entry_text(parent, "Guid"))) &&
           (!identity.len || entry_matches(entry, identity)) && passes_filters(call, entry);
}

/* A pattern that fits nothing is an empty list, a name that fits nothing an error. */
bool rest_get(struct call *call)
{
    struct entry *parent = NULL;
    struct condition condition;
    struct str identity = identity_is_parent(call) ? (struct str){ 0 } : str_of(call_text(call, "Identity"));
    if (!call_parent(call, &parent) || !read_condition(call, &condition)) {
        return false;
    }
    for (size_t i = 0; i < call->rest->tenant->count; i++) {
        struct entry *entry = call->rest->tenant->entries[i];
        if (is_wanted(call, entry, parent, identity) && meets(&condition, entry)) {
            call_row(call, entry);
        }
    }
    bool pattern = identity.len && memchr(identity.data, '*', identity.len);
    if (identity.len && !pattern && !call->row_count) {
        return not_found(call, call->noun_name, call_text(call, "Identity"));
    }
    cut_quarantine_page(call);
    cut_to_result_size(call);
    return true;
}
