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
    return buf_str(room);
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
    return buf_str(room);
}

struct rooms { struct buf before, after; struct object row; };

static bool give_row(struct rooms *rooms, const struct invocation *invocation, const char *parameter, const struct local_sink *out, struct err *err,
                     const struct property *before, const struct argument *after)
{
    struct object *row = &rooms->row;
    object_clear(row);
    add_text(row, "Cmdlet", str_of(invocation->shown), true);
    add_text(row, "Target", target_of(invocation), target_of(invocation).len > 0);
    add_text(row, "Parameter", str_of(parameter ? parameter : ""), parameter != NULL);
    bool known = before && before->kind != VALUE_NULL;
    add_text(row, "Before", known ? display_of(before, &rooms->before) : STR(""), known);
    add_text(row, "After", after ? display_of_argument(after, &rooms->after) : STR(""), after && after->kind != ARG_NULL);
    return out->object(out->context, row, err);
}

/* What only says which object is meant, or how the call is made, changes nothing. */
static bool says_nothing(const struct argument *argument)
{
    return str_is_nocase(str_of(argument->name), "Identity") || common_parameter_find(str_of(argument->name), true);
}

bool preview_rows(const struct invocation *invocation, const struct object *before, const struct local_sink *out, struct err *err)
{
    struct rooms rooms = { .before = BUF_INIT(BUF_LARGE), .after = BUF_INIT(BUF_LARGE) };
    bool good = true, any = false;
    object_init(&rooms.row);
    for (size_t i = 0; good && i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        if (!says_nothing(argument)) {
            const struct property *now = before ? object_find(before, str_of(argument->name)) : NULL;
            good = give_row(&rooms, invocation, argument->name, out, err, now, argument);
            any = true;
        }
    }
    if (good && !any) {
        good = give_row(&rooms, invocation, NULL, out, err, NULL, NULL);
    }
    object_free(&rooms.row);
    buf_free(&rooms.before);
    buf_free(&rooms.after);
    return good;
}
