/* Select-Object: which objects, and which of their properties. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/wildcard.h"
#include "pipeline/local.h"
#include "pipeline/selection.h"
#include "pipeline/seen.h"

struct select {
    struct selection properties, excluded;
    struct expression *expanded;
    int64_t first, last, skip, skip_last;   /* -1: not given */
    int64_t *indexes; size_t index_count;
    bool unique;
    struct seen seen;
    struct object out, room;
    int64_t in, given;
    struct kept tail;                   /* the last ones, for -Last and -SkipLast: a ring */
    size_t tail_start;
};

static void select_close(void *state)
{
    struct select *select = state;
    selection_free(&select->properties);
    selection_free(&select->excluded);
    expression_free(select->expanded);
    seen_free(&select->seen);
    object_free(&select->out);
    object_free(&select->room);
    kept_free(&select->tail);
    free(select->indexes);
    free(select);
}

static bool read_indexes(struct select *select, const struct invocation *invocation, struct err *err)
{
    const struct argument *argument = invocation_get(invocation, "Index");
    const struct json *value = argument ? json_first(argument->value) : NULL;
    select->indexes = mem_array(argument ? json_count(argument->value) + 1 : 1, sizeof *select->indexes);
    for (; value; value = json_next(value)) {
        if (!json_int64(value, &select->indexes[select->index_count++])) {
            return err_set(err, ERR_INPUT, "-Index takes numbers, counted from 0");
        }
    }
    return true;
}

static bool read_counts(struct select *select, const struct invocation *invocation, struct err *err)
{
    if (!local_count(invocation, "First", -1, &select->first, err) || !local_count(invocation, "Last", -1, &select->last, err) ||
        !local_count(invocation, "Skip", 0, &select->skip, err) || !local_count(invocation, "SkipLast", -1, &select->skip_last, err)) {
        return false;
    }
    return select->last < 0 || select->skip_last < 0 || err_set(err, ERR_INPUT, "-Last and -SkipLast cannot be used together");
}

static bool read_properties(struct select *select, const struct invocation *invocation, struct err *err)
{
    struct str expanded = local_text(invocation, "ExpandProperty");
    if (!selection_read(&select->properties, invocation, "Property", err) || !selection_read(&select->excluded, invocation, "ExcludeProperty", err)) {
        return false;
    }
    select->expanded = expanded.len ? expression_of_property(expanded) : NULL;
    return !invocation_get(invocation, "ExpandProperty") || expanded.len || err_set(err, ERR_INPUT, "-ExpandProperty takes the name of one property");
}

static void *select_open(const struct invocation *invocation, struct err *err)
{
    struct select *select = MEM_NEW(struct select);
    object_init(&select->out);
    object_init(&select->room);
    select->unique = invocation_is_on(invocation, "Unique");
    if (read_counts(select, invocation, err) && read_properties(select, invocation, err) && read_indexes(select, invocation, err)) {
        return select;
    }
    select_close(select);
    return NULL;
}

static bool is_index(const struct select *select, int64_t at)
{
    for (size_t i = 0; i < select->index_count; i++) {
        if (select->indexes[i] == at) {
            return true;
        }
    }
    return select->index_count == 0;
}

/* The chosen properties, without the excluded ones. The object itself when nothing was chosen. */
static const struct object *shaped(struct select *select, const struct object *object)
{
    if (select->properties.count == 0 && select->excluded.count == 0) {
        return object;
    }
    if (select->properties.count) {
        selection_apply(&select->properties, object, &select->out);
    } else {
        object_clear(&select->out);
        for (size_t i = 0; i < object->count; i++) {
            object_add(&select->out, object->properties[i]);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; select->excluded.count && i < select->out.count; i++) {
        if (!selection_has(&select->excluded, select->out.properties[i].name)) {
            select->out.properties[kept++] = select->out.properties[i];
        }
    }
    select->out.count = select->excluded.count ? kept : select->out.count;
    return &select->out;
}

static bool give(struct select *select, const struct object *object, const struct local_sink *out, struct err *err)
{
    if (select->expanded) {
        struct property value = expression_value(select->expanded, object);
        return (select->unique && !seen_value_first(&select->seen, &value)) || local_give_value(&value, &select->room, out, err);
    }
    const struct object *result = shaped(select, object);
    return (select->unique && !seen_first(&select->seen, result)) || out->object(out->context, result, err);
}

/* Keeps the last `most`; what falls out of the ring is handed on when -SkipLast asks for all but these. */
static bool keep_tail(struct select *select, int64_t most, const struct object *object, const struct local_sink *out, struct err *err)
{
    if ((int64_t)select->tail.count < most) {
        return kept_add(&select->tail, object, err);
    }
    if (most == 0) {
        return select->skip_last < 0 || give(select, object, out, err);
    }
    struct object *oldest = &select->tail.items[select->tail_start];
    bool good = select->skip_last < 0 || give(select, oldest, out, err);
    object_copy(oldest, object);
    select->tail_start = (select->tail_start + 1) % (size_t)most;
    return good;
}

static bool select_full(const void *state)
{
    const struct select *select = state;
    return select->first >= 0 && select->given >= select->first && select->last < 0;
}

static bool select_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct select *select = state;
    int64_t at = select->in++;
    int64_t tail = select->last >= 0 ? select->last : select->skip_last;
    /* -Skip with -Last skips from the end, so it is done there. */
    bool skipped = select->last < 0 && at < select->skip;
    if (skipped || !is_index(select, at)) {
        return true;
    }
    if (select->first >= 0 && select->given < select->first) {
        select->given++;
        return give(select, object, out, err);
    }
    if (tail >= 0) {
        return keep_tail(select, select->last >= 0 ? tail + select->skip : tail, object, out, err);
    }
    return select->first >= 0 || give(select, object, out, err);
}

static bool select_end(void *state, const struct local_sink *out, struct err *err)
{
    struct select *select = state;
    size_t count = select->tail.count, skip = (size_t)select->skip;
    if (select->last < 0) {
        return true;
    }
    for (size_t i = 0; i + skip < count; i++) {
        if (!give(select, &select->tail.items[(select->tail_start + i) % count], out, err)) {
            return false;
        }
    }
    return true;
}

static void select_unmatched(const void *state, expression_teller *tell, void *context)
{
    const struct select *select = state;
    selection_unmatched(&select->properties, tell, context);
    expression_unmatched(select->expanded, tell, context);
}

const struct local_class local_select = {
    .name = "Select-Object", .open = select_open, .object = select_object, .end = select_end, .full = select_full, .unmatched = select_unmatched, .close = select_close,
};
