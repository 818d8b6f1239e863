#include "pipeline/preview.h"

#include "catalogue/common_parameters.h"
#include "catalogue/value.h"

/* Who is meant: -Identity, else the name that the new object would get. */
static struct str target_of(const struct invocation *invocation)
{
    static const char *const names[] = { "Identity", "Name", "SearchName", "Case", "Policy", "DisplayName" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct argument *argument = invocation_get(invocation, names[i]);
        if (argument && argument->kind == ARG_TEXT) {
            return json_string(argument->value);
        }
    }
    return STR("");
}

void preview_text(const struct invocation *invocation, struct buf *out)
{
    struct str target = target_of(invocation);
    buf_format(out, "What if: Performing the operation \"%s\"", invocation->shown);
    if (target.len) {
        buf_format(out, " on target \"%.*s\"", STR_ARG(str_take(target, 200)));
    }
    buf_char(out, '.');
}

static void add_text(struct object *row, const char *name, struct str text, bool known)
{
    object_add(row, (struct property){ .name = str_of(name), .kind = known ? VALUE_STRING : VALUE_NULL, .text = known ? text : STR("") });
}

static struct str display_of(const struct property *property, struct buf *room)
{
    buf_clear(room);
    property_display(property, room);
    return str_of(buf_cstr(room));
}

/* The value as it will stand in the object, not as it travels. */
static struct str display_of_argument(const struct argument *argument, struct buf *room)
{
    struct object wrapped;
    struct json *tree = json_new_object();
    buf_clear(room);
    if (parameter_is_secret(argument->type)) {
        json_free(tree);
        return STR("(a password)");
    }
    if (argument->kind == ARG_BYTES) {
        buf_format(room, "(%zu bytes)", json_string(argument->value).len / 4 * 3);
        json_free(tree);
        return buf_str(room);
    }
    if (argument->kind == ARG_BYTES_LIST) {
        buf_format(room, "(%zu files)", json_count(argument->value));
        json_free(tree);
        return buf_str(room);
    }
    json_add(tree, "Value", json_copy(argument->value));
    object_init(&wrapped);
    object_from_json(&wrapped, tree);
    property_display(&wrapped.properties[0], room);
    object_free(&wrapped);
    json_free(tree);
    return str_of(buf_cstr(room));
}

/* What becomes of the object as a whole, by the cmdlet's verb. */
static const char *effect_of(const struct invocation *invocation)
{
    static const struct { const char *verb, *effect; } effects[] = {
        { "Remove-", "(removed)" }, { "Delete-", "(removed)" }, { "New-", "(created)" },     { "Create-", "(created)" },  { "Start-", "(started)" },
        { "Stop-", "(stopped)" },   { "Enable-", "(enabled)" }, { "Disable-", "(disabled)" }, { "Cancel-", "(cancelled)" }, { "Restore-", "(restored)" },
    };
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        if (str_starts_nocase(str_of(invocation->cmdlet), str_of(effects[i].verb))) {
            return effects[i].effect;
        }
    }
    return NULL;
}

/* Remove-RoleGroupMember takes a member off, and the group stays. */
static bool takes_members(const struct invocation *invocation)
{
    return str_starts_nocase(str_of(invocation->cmdlet), STR("Remove-"))
        && (str_ends_nocase(str_of(invocation->cmdlet), STR("Member")) || str_ends_nocase(str_of(invocation->cmdlet), STR("Admin")));
}

struct giver {
    const struct invocation *invocation;
    const struct local_sink *out;
    struct buf before, after;
    struct object row;
};

static bool give_row(struct giver *giver, const char *parameter, struct str before, struct str after, struct err *err)
{
    struct object *row = &giver->row;
    struct str target = target_of(giver->invocation);
    object_clear(row);
    add_text(row, "Cmdlet", str_of(giver->invocation->shown), true);
    add_text(row, "Target", target, target.len > 0);
    add_text(row, "Parameter", str_of(parameter), true);
    add_text(row, "Before", before, before.data != NULL);
    add_text(row, "After", after, after.data != NULL);
    return giver->out->object(giver->out->context, row, err);
}

static struct str before_of(struct giver *giver, const struct object *before, const char *name)
{
    const struct property *now = before ? object_find(before, str_of(name)) : NULL;
    return now && now->kind != VALUE_NULL ? display_of(now, &giver->before) : (struct str){ 0 };
}

static bool give_argument(struct giver *giver, const struct argument *argument, const struct object *before, struct err *err)
{
    struct str given = argument->kind == ARG_NULL ? (struct str){ 0 } : display_of_argument(argument, &giver->after);
    bool member = str_is_nocase(str_of(argument->name), "Member") || str_is_nocase(str_of(argument->name), "User");
    bool taken_off = member && takes_members(giver->invocation);
    return taken_off ? give_row(giver, argument->name, given, str_of(effect_of(giver->invocation)), err)
                     : give_row(giver, argument->name, before_of(giver, before, argument->name), given, err);
}

/* What only says which object is meant, or how the call is made, changes nothing. */
static bool says_nothing(const struct argument *argument)
{
    return str_is_nocase(str_of(argument->name), "Identity") || common_parameter_find(str_of(argument->name), true);
}

bool preview_rows(const struct invocation *invocation, const struct object *before, const struct local_sink *out, struct err *err)
{
    struct giver giver = { .invocation = invocation, .out = out, .before = BUF_INIT(BUF_LARGE), .after = BUF_INIT(BUF_LARGE) };
    const char *effect = takes_members(invocation) ? NULL : effect_of(invocation);
    bool good = true, any = effect != NULL;
    object_init(&giver.row);
    if (effect) {
        good = give_row(&giver, "(object)", before_of(&giver, before, "Name"), str_of(effect), err);
    }
    for (size_t i = 0; good && i < invocation->count; i++) {
        if (!says_nothing(&invocation->arguments[i])) {
            good = give_argument(&giver, &invocation->arguments[i], before, err);
            any = true;
        }
    }
    if (good && !any) {
        good = give_row(&giver, "(cmdlet)", (struct str){ 0 }, STR("(run)"), err);
    }
    object_free(&giver.row);
    buf_free(&giver.before);
    buf_free(&giver.after);
    return good;
}
