/* "Confirm": true (rest.md section 4): the service checks whether the cmdlet could run and says what it would ask, and
   nothing happens. On yes the client sends the same with "Confirm": false, which never asks. */
#include "base/mem.h"
#include "demo/rest_call.h"

/* What the question is about: the first of these that was given as a text. */
static const char *target_of(const struct call *call)
{
    static const char *const names[] = { "Identity", "Name", "Member", "SearchName", "Policy", "Case" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct json *value = call_value(call, names[i]);
        const char *text = json_cstr(json_kind(value) == JSON_ARRAY ? json_first(value) : value, "");
        if (*text) {
            return text;
        }
    }
    return json_cstr(json_first(call_value(call, "Identities")), "");
}

static bool names_parent(const struct call *call)
{
    return call->noun->parent_parameter && str_is(str_of(call->noun->parent_parameter), "Identity");
}

static bool name_is_free(struct call *call)
{
    const char *name = call_text(call, "Name");
    bool taken = str_is(call->verb, "New") && tenant_find(call->rest->tenant, call->noun, str_of(name), NULL);
    return !taken || rest_fail(call->reply, FAIL_EXISTS, name, "The %.*s '%s' already exists. Choose another name.",
                               STR_ARG(call->noun_name), name);
}

static bool member_fits(struct call *call, const struct entry *parent)
{
    const char *member = call_text(call, "Member");
    bool there = parent && *member && tenant_find(call->rest->tenant, call->noun, str_of(member), entry_text(parent, "Guid"));
    if (!parent || !*member) {
        return true;
    }
    if (there && str_is(call->verb, "Add")) {
        return rest_fail(call->reply, FAIL_EXISTS, member, "'%s' is already a member of '%s'.", member,
                         entry_text(parent, "Name"));
    }
    return there || !str_is(call->verb, "Remove") ||
           rest_fail(call->reply, FAIL_NOT_FOUND, member, "'%s' is no member of '%s'.", member, entry_text(parent, "Name"));
}

bool rest_ask(struct call *call)
{
    struct entry *parent = NULL;
    bool one = *call_text(call, "Identity") && !names_parent(call);
    if (!call_parent(call, &parent) || (one && !call_target(call, "Identity")) || !name_is_free(call) ||
        !member_fits(call, parent)) {
        return false;
    }
    const char *target = target_of(call);
    call->confirmation = *target ? mem_format("Are you sure that you want to run %.*s on \"%s\"?", STR_ARG(call->cmdlet->name), target)
                                 : mem_format("Are you sure that you want to run %.*s?", STR_ARG(call->cmdlet->name));
    return true;
}
