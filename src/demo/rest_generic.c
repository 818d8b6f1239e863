/* Cmdlets that the tenant knows by their parameters alone (--catalogue): they find, change and remove objects like the
   others, and whatever else they do in earnest is answered like a cmdlet that returns nothing. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "demo/rest_call.h"

/* The parameter that names the object: Identity, else Name, else the first mandatory one that was given as a text. */
static const char *identity_of(const struct call *call)
{
    const char *identity = call_text(call, "Identity"), *name = call_text(call, "Name");
    if (*identity || *name) {
        return *identity ? identity : name;
    }
    for (size_t i = 0; i < call->cmdlet->count; i++) {
        struct str sets = call->cmdlet->params[i].sets;
        struct cmdlet_set set;
        bool mandatory = cmdlet_next_set(&sets, &set) && set.mandatory;
        char *parameter = str_dup(call->cmdlet->params[i].name);
        const char *text = mandatory ? call_text(call, parameter) : "";
        free(parameter);
        if (*text) {
            return text;
        }
    }
    return "";
}

static struct entry *first_entry(const struct call *call)
{
    for (size_t i = 0; i < call->rest->tenant->count; i++) {
        if (call->rest->tenant->entries[i]->noun == call->noun) {
            return call->rest->tenant->entries[i];
        }
    }
    return NULL;
}

/* -Identity has to fit; another parameter may name something else. Settings of the whole tenant have no name at all, and
   are one object. */
static bool find(struct call *call, struct entry **entry)
{
    const char *identity = identity_of(call);
    if (*call_text(call, "Identity")) {
        *entry = call_target(call, "Identity");
        return *entry != NULL;
    }
    *entry = *identity ? tenant_find(call->rest->tenant, call->noun, str_of(identity), NULL) : NULL;
    *entry = *entry ? *entry : first_entry(call);
    return true;
}

static bool set_any(struct call *call)
{
    struct entry *entry;
    if (!find(call, &entry)) {
        return false;
    }
    if (entry && call_apply(call, entry)) {
        entry_touch(entry, call->upn, call->now);
    } else {
        rest_warn(call, "The command ran, but nothing was changed.");
    }
    return true;
}

static bool remove_any(struct call *call)
{
    const char *identity = identity_of(call);
    struct entry *entry = *identity ? tenant_find(call->rest->tenant, call->noun, str_of(identity), NULL) : first_entry(call);
    if (entry) {
        tenant_remove(call->rest->tenant, entry);
        return true;
    }
    return rest_fail(call->reply, FAIL_NOT_FOUND, identity,
                     "The operation could not be performed because the %.*s '%s' is not there.", STR_ARG(call->noun_name),
                     identity);
}

static bool switch_any(struct call *call, bool on)
{
    struct entry *entry;
    if (!find(call, &entry)) {
        return false;
    }
    if (entry) {
        entry_put(entry, "Enabled", json_new_bool(on));
    }
    return true;
}

static bool enable_any(struct call *call)
{
    return switch_any(call, true);
}

static bool disable_any(struct call *call)
{
    return switch_any(call, false);
}

/* Not every New- cmdlet takes a name, and every object is found by one. */
bool rest_create_generic(struct call *call)
{
    const char *given = call_text(call, "Name");
    char *name = *given ? mem_text(given)
                        : mem_format("%.*s %lld", STR_ARG(call->noun_name), (long long)call->rest->tenant->made + 1);
    bool fresh = !tenant_find(call->rest->tenant, call->noun, str_of(name), NULL);
    if (fresh) {
        struct entry *entry = tenant_add(call->rest->tenant, call->noun, name, NULL, call->upn, call->now);
        call_apply(call, entry);
        call_row(call, entry);
    } else {
        rest_fail(call->reply, FAIL_EXISTS, name, "The %.*s '%s' already exists. Choose another name.",
                  STR_ARG(call->noun_name), name);
    }
    free(name);
    return fresh;
}

/* Start, Stop, Invoke and the like: the object has to be there if one was named. */
static bool do_nothing(struct call *call)
{
    struct entry *entry;
    return find(call, &entry);
}

static const struct {
    const char *verb;
    bool (*run)(struct call *call);
} verbs[] = {
    { "Set", set_any }, { "Remove", remove_any }, { "Delete", remove_any }, { "Enable", enable_any },
    { "Disable", disable_any }, { "Test", rest_get }, { "Check", rest_get }, { "Validate", rest_get },
    { "Preview", rest_get }, { "Export", rest_get }, { "Search", rest_get },
};

bool rest_generic(struct call *call)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_is_nocase(call->verb, verbs[i].verb)) {
            return verbs[i].run(call);
        }
    }
    return do_nothing(call);
}
