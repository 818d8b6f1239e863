/* Sort-Object and Group-Object: they need all objects before they can give one. */
#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/comparison.h"
#include "pipeline/local.h"
#include "pipeline/seen.h"
#include "pipeline/selection.h"
#include "results/sort_key.h"

/* ---- Sort-Object ---- */

/* A key has room for four values (results/sort_key.h). */
enum { ARRANGE_KEYS_MOST = 4 };

struct sort {
    struct selection keys;
    bool descending, unique;
    int64_t top, bottom;
    struct kept kept;
};

static void sort_close(void *state)
{
    struct sort *sort = state;
    selection_free(&sort->keys);
    kept_free(&sort->kept);
    free(sort);
}

static void *sort_open(const struct invocation *invocation, struct err *err)
{
    struct sort *sort = MEM_NEW(struct sort);
    sort->descending = invocation_is_on(invocation, "Descending");
    sort->unique = invocation_is_on(invocation, "Unique");
    if (selection_read(&sort->keys, invocation, "Property", err) && local_count(invocation, "Top", -1, &sort->top, err) &&
        local_count(invocation, "Bottom", -1, &sort->bottom, err)) {
        if (sort->keys.count <= ARRANGE_KEYS_MOST) {
            return sort;
        }
        err_set(err, ERR_INPUT, "Sort-Object takes at most %d properties", ARRANGE_KEYS_MOST);
    }
    sort_close(sort);
    return NULL;
}

static bool sort_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct sort *sort = state;
    (void)out;
    return kept_add(&sort->kept, object, err);
}

struct keyed { struct sort_key key; size_t index; };

/* Equal ones stay in the order of their coming: qsort itself promises nothing. */
static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *const *left = a, *const *right = b;
    int order = sort_key_compare(&(*left)->key, &(*right)->key);
    return order ? order : (*left)->index < (*right)->index ? -1 : 1;
}

static void make_key(struct sort *sort, const struct object *object, struct sort_key *key)
{
    struct property value;
    key->len = 0;
    for (size_t i = 0; i < sort->keys.count; i++) {
        struct selected *item = &sort->keys.items[i];
        value = item->expression ? expression_value(item->expression, object) : (struct property){ .kind = VALUE_NULL };
        sort_key_add(key, &value, item->directed ? item->descending : sort->descending);
    }
    /* Without a property: the value of a primitive, or the first property of an object. */
    if (sort->keys.count == 0) {
        sort_key_add(key, object->count ? &object->properties[0] : NULL, sort->descending);
    }
}

static bool give_sorted(struct sort *sort, struct keyed *const *order, const struct local_sink *out, struct err *err)
{
    size_t count = sort->kept.count, from = 0, to = count;
    if (sort->top >= 0 && (size_t)sort->top < count) {
        to = (size_t)sort->top;
    } else if (sort->bottom >= 0 && (size_t)sort->bottom < count) {
        from = count - (size_t)sort->bottom;
    }
    for (size_t i = from; i < to; i++) {
        /* Sorted, the equal ones stand side by side. */
        bool again = sort->unique && i > from && sort_key_compare(&order[i - 1]->key, &order[i]->key) == 0;
        if (!again && !out->object(out->context, &sort->kept.items[order[i]->index], err)) {
            return false;
        }
    }
    return true;
}

static bool sort_end(void *state, const struct local_sink *out, struct err *err)
{
    struct sort *sort = state;
    size_t count = sort->kept.count;
    struct keyed *keys = mem_array(count + 1, sizeof *keys), **order = mem_array(count + 1, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        keys[i].index = i;
        order[i] = &keys[i];
        make_key(sort, &sort->kept.items[i], &keys[i].key);
    }
    qsort(order, count, sizeof *order, compare_keyed);
    bool good = give_sorted(sort, order, out, err);
    free(keys);
    free(order);
    return good;
}

static void sort_unmatched(const void *state, expression_teller *tell, void *context)
{
    selection_unmatched(&((const struct sort *)state)->keys, tell, context);
}

const struct local_class local_sort = { .name = "Sort-Object", .open = sort_open, .object = sort_object, .end = sort_end, .unmatched = sort_unmatched, .close = sort_close };

/* ---- Group-Object ---- */

struct group_of { size_t count; struct buf members; };

struct group {
    struct selection keys;
    struct seen seen;
    struct group_of *groups; size_t count, capacity, bytes;
    char **names; size_t name_capacity;
    bool no_element, exact_case;
    struct object room;
};

static void group_close(void *state)
{
    struct group *group = state;
    for (size_t i = 0; i < group->count; i++) {
        buf_free(&group->groups[i].members);
        free(group->names[i]);
    }
    free(group->groups);
    free(group->names);
    selection_free(&group->keys);
    seen_free(&group->seen);
    object_free(&group->room);
    free(group);
}

static void *group_open(const struct invocation *invocation, struct err *err)
{
    struct group *group = MEM_NEW(struct group);
    object_init(&group->room);
    group->no_element = invocation_is_on(invocation, "NoElement");
    group->exact_case = invocation_is_on(invocation, "CaseSensitive");
    if (selection_read(&group->keys, invocation, "Property", err)) {
        return group;
    }
    group_close(group);
    return NULL;
}

/* As PowerShell names a group: its values, parted by commas. */
static void name_group(struct group *group, const struct object *object, struct buf *name)
{
    if (group->keys.count) {
        selection_apply(&group->keys, object, &group->room);
        object = &group->room;
    }
    for (size_t i = 0; i < object->count; i++) {
        buf_text(name, i ? ", " : "");
        property_display(&object->properties[i], name);
    }
}

static bool group_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct group *group = state;
    struct buf name = BUF_INIT(BUF_LARGE);
    bool first;
    (void)out;
    name_group(group, object, &name);
    size_t number = seen_number(&group->seen, buf_str(&name), group->exact_case, &first);
    if (first) {
        MEM_ROOM(group->groups, group->count, group->capacity);
        if (group->name_capacity < group->capacity) {
            group->name_capacity = group->capacity;
            group->names = mem_grow(group->names, group->name_capacity, sizeof *group->names);
        }
        group->names[group->count] = mem_text(buf_cstr(&name));
        group->groups[group->count++] = (struct group_of){ .members = BUF_INIT(LOCAL_KEPT_MOST) };
    }
    struct group_of *members = &group->groups[number];
    if (!group->no_element) {
        size_t before = members->members.len;
        buf_text(&members->members, members->count ? "," : "[");
        object_print_json(object, false, &members->members);
        group->bytes += members->members.len - before;
    }
    group->bytes += first ? name.len + sizeof *members : 0;
    members->count++;
    buf_free(&name);
    return group->bytes <= LOCAL_KEPT_MOST || err_set(err, ERR_STORE, "These are too many objects to group in memory; -NoElement needs far less.");
}

static bool group_end(void *state, const struct local_sink *out, struct err *err)
{
    struct group *group = state;
    bool good = true;
    for (size_t i = 0; good && i < group->count; i++) {
        struct group_of *members = &group->groups[i];
        char *count = mem_format("%zu", members->count);
        object_clear(&group->room);
        object_add(&group->room, (struct property){ .name = STR("Count"), .kind = VALUE_NUMBER, .text = str_of(count) });
        object_add(&group->room, (struct property){ .name = STR("Name"), .kind = VALUE_STRING, .text = str_of(group->names[i]) });
        if (!group->no_element) {
            buf_char(&members->members, ']');
            object_add(&group->room, (struct property){ .name = STR("Group"), .kind = VALUE_NESTED, .text = buf_str(&members->members) });
        }
        good = out->object(out->context, &group->room, err);
        free(count);
    }
    return good;
}

static void group_unmatched(const void *state, expression_teller *tell, void *context)
{
    selection_unmatched(&((const struct group *)state)->keys, tell, context);
}

const struct local_class local_group = { .name = "Group-Object", .open = group_open, .object = group_object, .end = group_end, .unmatched = group_unmatched, .close = group_close };
