/* The verbs that change what is there: Set, Remove, Start, Stop, Add, Release, Delete. */
#include "base/guid.h"
#include "demo/rest_call.h"

/* ---- Set ---- */

/* Close and Reopen are switches without a property of their name. */
static size_t set_state(struct call *call, struct entry *entry)
{
    const char *state = call_switch(call, "Close") ? "Closed" : call_switch(call, "Reopen") ? "Active" : NULL;
    if (!state || !str_is(call->noun_name, "ComplianceCase")) {
        return 0;
    }
    bool closed = call_switch(call, "Close");
    entry_put(entry, "Status", json_new_string(str_of(state)));
    entry_put(entry, "ClosedBy", json_new_string(str_of(closed ? call->upn : "")));
    entry_put_date(entry, "ClosedDateTime", closed ? call->now : 0);
    return 1;
}

/* Nothing changed is a warning, not an error: scripts rely on it. */
static bool set_object(struct call *call)
{
    struct entry *entry = call_target(call, "Identity"), *same = NULL;
    const char *name = call_text(call, "Name");
    if (!entry) {
        return false;
    }
    same = *name ? tenant_find(call->rest->tenant, call->noun, str_of(name), NULL) : NULL;
    if (same && same != entry) {
        return rest_fail(call->reply, FAIL_EXISTS, name, "The %.*s '%s' already exists. Choose another name.",
                         STR_ARG(call->noun_name), name);
    }
    size_t changed = call_apply(call, entry) + set_state(call, entry);
    if (changed) {
        entry_touch(entry, call->upn, call->now);
    } else {
        rest_warn(call, "The command ran, but nothing about '%s' was changed.", call_text(call, "Identity"));
    }
    return true;
}

/* ---- Remove ---- */

/* tenant_remove takes the children along: rules with their policy, searches with their case. */
static bool remove_object(struct call *call)
{
    struct entry *entry = call_target(call, "Identity");
    if (!entry) {
        return false;
    }
    bool held = str_is(call->noun_name, "ComplianceCase") && str_is(str_of(entry_text(entry, "Status")), "Closing");
    if (held) {
        return rest_fail(call->reply, FAIL_STATE, "", "The case '%s' is being closed.", entry_text(entry, "Name"));
    }
    tenant_remove(call->rest->tenant, entry);
    return true;
}

/* ---- members of role groups and cases ---- */

static bool member_parent(struct call *call, struct entry **parent)
{
    return call_parent(call, parent) &&
           (*parent || rest_fail(call->reply, FAIL_NOT_FOUND, "", "There is nothing of that name to have members."));
}

/* A member that is a known recipient gets its proper name, anybody else the text that was typed. */
static bool add_member(struct call *call)
{
    struct entry *parent;
    const char *member = call_text(call, "Member");
    if (!member_parent(call, &parent)) {
        return false;
    }
    if (tenant_find(call->rest->tenant, call->noun, str_of(member), entry_text(parent, "Guid"))) {
        return rest_fail(call->reply, FAIL_EXISTS, member, "'%s' is already a member of '%s'.", member,
                         entry_text(parent, "Name"));
    }
    const struct entry *known = tenant_find(call->rest->tenant, tenant_noun(STR("Recipient")), str_of(member), NULL);
    const char *name = known ? entry_text(known, "Name") : member;
    tenant_add(call->rest->tenant, call->noun, name, parent, call->upn, call->now);
    return true;
}

/* Missing parent and missing member are two errors, as the service tells them apart. */
static bool remove_member(struct call *call)
{
    struct entry *parent;
    const char *member = call_text(call, "Member");
    if (!member_parent(call, &parent)) {
        return false;
    }
    struct entry *entry = tenant_find(call->rest->tenant, call->noun, str_of(member), entry_text(parent, "Guid"));
    if (!entry) {
        return rest_fail(call->reply, FAIL_NOT_FOUND, member, "'%s' is no member of '%s'.", member,
                         entry_text(parent, "Name"));
    }
    tenant_remove(call->rest->tenant, entry);
    return true;
}

/* ---- searches ---- */

/* The job stays, the run is a new one: scripts tell a result of before from one of now by these three. */
static void begin_run(struct call *call, struct entry *entry)
{
    struct guid run = guid_new();
    entry_put_date(entry, "JobStartTime", call->now);
    entry_put_date(entry, "JobEndTime", 0);
    entry_put(entry, "JobRunId", json_new_string(str_of(run.text)));
}

/* It runs while it is looked at: see rest_advance. */
static bool start_search(struct call *call)
{
    struct entry *entry = call_target(call, "Identity");
    if (!entry) {
        return false;
    }
    if (entry->phase) {
        return rest_fail(call->reply, FAIL_STATE, "", "The search '%s' is running already.", entry_text(entry, "Name"));
    }
    entry->phase = REST_JOB_STEPS;
    entry_put(entry, "Status", json_new_string(STR("Starting")));
    entry_put(entry, "RunBy", json_new_string(str_of(call->upn)));
    begin_run(call, entry);
    return true;
}

/* Stopping what does not run is harmless for the service too. */
static bool stop_search(struct call *call)
{
    struct entry *entry = call_target(call, "Identity");
    if (!entry) {
        return false;
    }
    if (!entry->phase) {
        rest_warn(call, "The search '%s' was not running.", entry_text(entry, "Name"));
        return true;
    }
    entry->phase = 0;
    entry_put(entry, "Status", json_new_string(STR("Stopped")));
    entry_put_date(entry, "JobEndTime", call->now);
    return true;
}

/* ---- quarantine: one message, or a list of which some may be gone ---- */

/* The states of the real list: -ActionType says whether an administrator released, a user asked, or it was denied. */
static void release_one(struct call *call, struct entry *entry)
{
    const char *action = call_text(call, "ActionType");
    bool denied = str_is_nocase(str_of(action), "Deny"), asked = str_is_nocase(str_of(action), "Request");
    entry_put(entry, "ReleaseStatus",
              json_new_string(denied  ? STR("DENIED")
                              : asked ? STR("REQUESTED")
                                      : STR("RELEASED")));
    entry_put(entry, "Released", json_new_bool(!denied && !asked));
    struct json *by = json_new_array();
    json_add_text(by, NULL, call->upn);
    entry_put(entry, "ReleasedBy", by);
}

static void delete_one(struct call *call, struct entry *entry)
{
    tenant_remove(call->rest->tenant, entry);
}

/* -Identity fails as a whole, -Identities one by one. */
static bool each_message(struct call *call, void (*act)(struct call *call, struct entry *entry))
{
    const struct json *identities = call_value(call, "Identities");
    if (json_kind(identities) != JSON_ARRAY) {
        struct entry *entry = call_target(call, "Identity");
        if (entry) {
            act(call, entry);
        }
        return entry != NULL;
    }
    /* The service goes on over the missing ones and tells them beside HTTP 200. */
    for (const struct json *item = json_first(identities); item; item = json_next(item)) {
        struct entry *entry = tenant_find(call->rest->tenant, call->noun, json_string(item), NULL);
        if (entry) {
            act(call, entry);
        } else {
            rest_note_error(call,
                            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|"
                            "The quarantined message '%s' is not there.",
                            json_cstr(item, ""));
        }
    }
    return true;
}

static bool release_messages(struct call *call)
{
    return each_message(call, release_one);
}

static bool delete_messages(struct call *call)
{
    return each_message(call, delete_one);
}

/* ---- which is which ---- */

static const struct {
    const char *verb, *noun;
    bool (*run)(struct call *call);
} changes[] = {
    { "Add", "RoleGroupMember", add_member },
    { "Add", "ComplianceCaseMember", add_member },
    { "Remove", "RoleGroupMember", remove_member },
    { "Remove", "ComplianceCaseMember", remove_member },
    { "Start", "ComplianceSearch", start_search },
    { "Stop", "ComplianceSearch", stop_search },
    { "Release", "QuarantineMessage", release_messages },
    { "Delete", "QuarantineMessage", delete_messages },
    { "Set", NULL, set_object },
    { "Remove", NULL, remove_object },
};

/* Rows with a noun stand before those without: the first that fits runs. */
bool rest_change(struct call *call)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes && !call->is_generic; i++) {
        if (str_is_nocase(call->verb, changes[i].verb) &&
            (!changes[i].noun || str_is(call->noun_name, changes[i].noun))) {
            return changes[i].run(call);
        }
    }
    return rest_generic(call);
}
