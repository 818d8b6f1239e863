/* New-*: checks that the object may be made, makes it, returns it. */
#include <stdlib.h>

#include "base/mem.h"
#include "demo/rest_call.h"

static struct entry *make(struct call *call, const struct noun *noun, const char *name, const struct entry *parent)
{
    return tenant_add(call->rest->tenant, noun, name, parent, call->upn, call->now);
}

/* 400 and not 409: so the service answers a name that is taken (rest.md section 6). */
static bool exists(struct call *call, const char *name)
{
    return rest_fail(call->reply, FAIL_EXISTS, name, "The %.*s '%s' already exists. Choose another name.",
                     STR_ARG(call->noun_name), name);
}

/* ---- New-ComplianceSearchAction: named after its search ---- */

/* The parameter is a list, but one action has one search: the first. */
static const char *first_search(const struct call *call)
{
    const struct json *names = call_value(call, "SearchName");
    return json_cstr(json_kind(names) == JSON_ARRAY ? json_first(names) : names, "");
}

/* The action shows up under the case of its search. */
static struct entry *case_of(struct call *call, const struct entry *search)
{
    return search->parent
               ? tenant_find(call->rest->tenant, tenant_noun(STR("ComplianceCase")), str_of(search->parent), NULL)
               : NULL;
}

/* An action works on results, so its search must have come to its end. */
static bool create_action(struct call *call)
{
    const char *search_name = first_search(call), *action = call_text(call, "ActionName");
    struct entry *search = tenant_find(call->rest->tenant, tenant_noun(STR("ComplianceSearch")), str_of(search_name),
                                       NULL);
    if (!search) {
        return rest_fail(call->reply, FAIL_NOT_FOUND, search_name, "There is no compliance search '%s'.", search_name);
    }
    if (!str_is(str_of(entry_text(search, "Status")), "Completed")) {
        return rest_fail(call->reply, FAIL_STATE, search_name,
                         "The search '%s' has not completed: start it and wait for its end.", search_name);
    }
    action = str_is(call->set, "Export") ? "Export" : *action ? action : "Preview";
    char *name = mem_format("%s_%s", search_name, action);
    bool fresh = !tenant_find(call->rest->tenant, call->noun, str_of(name), NULL);
    if (fresh) {
        struct entry *entry = make(call, call->noun, name, case_of(call, search));
        entry_put(entry, "Action", json_new_string(str_of(action)));
        entry_put(entry, "SearchName", json_new_string(str_of(search_name)));
        entry->phase = REST_JOB_STEPS;
        entry_put_date(entry, "JobStartTime", call->now);
        call_row(call, entry);
    } else {
        exists(call, name);
    }
    free(name);
    return fresh;
}

/* ---- the others ---- */

/* -Members of New-RoleGroup: made as objects of their own, so that Get-RoleGroupMember lists them. */
static void add_members(struct call *call, const struct entry *group)
{
    const struct json *members = call_value(call, "Members");
    const struct json *member = json_kind(members) == JSON_ARRAY ? json_first(members) : members;
    for (; member; member = json_kind(members) == JSON_ARRAY ? json_next(member) : NULL) {
        make(call, tenant_noun(STR("RoleGroupMember")), json_cstr(member, ""), group);
    }
}

/* Policies tell of their delay in a warning, so that an ordinary run shows one without the fault dial. */
static void after_creation(struct call *call, struct entry *entry)
{
    if (str_is(call->noun_name, "RoleGroup")) {
        add_members(call, entry);
    } else if (str_is(call->noun_name, "DlpCompliancePolicy") || str_is(call->noun_name, "LabelPolicy")) {
        rest_warn(call, "It may take an hour until the policy '%s' is at work everywhere.", entry_text(entry, "Name"));
    }
}

bool rest_create(struct call *call)
{
    struct entry *parent = NULL;
    const char *name = call_text(call, "Name");
    if (str_is(call->noun_name, "ComplianceSearchAction")) {
        return create_action(call);
    }
    /* Not every New- cmdlet demands a name, or has one. */
    if (call->is_generic || !*name) {
        return rest_create_generic(call);
    }
    if (!call_parent(call, &parent)) {
        return false;
    }
    if (tenant_find(call->rest->tenant, call->noun, str_of(name), NULL)) {
        return exists(call, name);
    }
    struct entry *entry = make(call, call->noun, name, parent);
    call_apply(call, entry);
    after_creation(call, entry);
    call_row(call, entry);
    return true;
}
