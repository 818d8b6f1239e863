/* What the local cmdlets share, and the table of them. */
#include "pipeline/local.h"

#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/comparison.h"

static const struct local_class *const classes[] = {
    &local_where, &local_foreach, &local_select, &local_sort, &local_group, &local_measure, &local_member,
};

bool local_open(struct local *local, const struct invocation *invocation, struct err *err)
{
    *local = (struct local){ 0 };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (str_is_nocase(str_of(invocation->cmdlet), classes[i]->name)) {
            local->class = classes[i];
            local->state = classes[i]->open(invocation, err);
            return local->state != NULL;
        }
    }
    return err_set(err, ERR_INPUT, "%s does not take objects", invocation->cmdlet);
}

void local_close(struct local *local)
{
    if (local->state) {
        local->class->close(local->state);
    }
    local->state = NULL;
}

bool local_count(const struct invocation *invocation, const char *name, int64_t otherwise, int64_t *count, struct err *err)
{
    const struct argument *argument = invocation_get(invocation, name);
    *count = otherwise;
    if (!argument || (json_int64(argument->value, count) && *count >= 0)) {
        return true;
    }
    err_set(err, ERR_INPUT, "-%s takes a number that is not negative", name);
    err_field(err, name);
    return false;
}

struct str local_text(const struct invocation *invocation, const char *name)
{
    const struct argument *argument = invocation_get(invocation, name);
    return argument ? json_string(argument->value) : STR("");
}

struct giving { struct object *room; const struct local_sink *out; struct err *err; bool failed; };

static bool give_element(void *context, const struct property *element)
{
    struct giving *giving = context;
    struct json *tree = element->kind == VALUE_NESTED ? json_parse(element->text, NULL) : NULL;
    if (element->kind == VALUE_NULL) {
        return false;
    }
    if (json_kind(tree) == JSON_OBJECT) {
        object_from_json(giving->room, tree);
    } else {
        struct property value = *element;
        value.name = STR("Value");
        object_clear(giving->room);
        object_add(giving->room, value);
    }
    giving->failed = !giving->out->object(giving->out->context, giving->room, giving->err);
    json_free(tree);
    return giving->failed;
}

bool local_give_value(const struct property *value, struct object *room, const struct local_sink *out, struct err *err)
{
    struct giving giving = { room, out, err, false };
    value_any(value, give_element, &giving);
    return !giving.failed;
}

/* One block of bytes for all texts; the properties then point into it. */
void object_copy(struct object *to, const struct object *from)
{
    object_clear(to);
    for (size_t i = 0; i < from->count; i++) {
        const struct property *property = &from->properties[i];
        buf_add(&to->bytes, property->name);
        buf_add(&to->bytes, property->type);
        buf_add(&to->bytes, property->text);
        object_add(to, *property);
    }
    size_t at = 0;
    for (size_t i = 0; i < to->count; i++) {
        struct str *texts[] = { &to->properties[i].name, &to->properties[i].type, &to->properties[i].text };
        for (size_t k = 0; k < 3; k++) {
            texts[k]->data = to->bytes.data ? to->bytes.data + at : "";
            at += texts[k]->len;
        }
    }
}

bool kept_add(struct kept *kept, const struct object *object, struct err *err)
{
    MEM_ROOM(kept->items, kept->count, kept->capacity);
    struct object *copy = &kept->items[kept->count++];
    object_init(copy);
    object_copy(copy, object);
    kept->bytes += copy->bytes.capacity + copy->capacity * sizeof *copy->properties + sizeof *copy;
    if (kept->bytes <= LOCAL_KEPT_MOST) {
        return true;
    }
    err_set(err, ERR_STORE, "These are too many objects to sort or group in memory (%zu so far).", kept->count);
    err_advise(err, "Choose the properties first (Select-Object), or filter them; tables sort themselves without this limit.");
    return false;
}

void kept_free(struct kept *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        object_free(&kept->items[i]);
    }
    free(kept->items);
    *kept = (struct kept){ 0 };
}
