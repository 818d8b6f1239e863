/* Where-Object and ForEach-Object: one object in, none or one out. */
#include <stdlib.h>

#include "base/mem.h"
#include "catalogue/literal.h"
#include "pipeline/comparison.h"
#include "pipeline/expression.h"
#include "pipeline/local.h"

/* ---- Where-Object ---- */

struct where {
    struct expression *expression;      /* the block, or the property of the short form */
    struct comparison *comparison;      /* of the short form; NULL: the value itself must be true */
    bool negated;
};

static void where_close(void *state)
{
    struct where *where = state;
    expression_free(where->expression);
    comparison_free(where->comparison);
    free(where);
}

/* The one operator among the switches. */
static bool find_operator(const struct invocation *invocation, enum operator *operator, bool *exact_case, bool *found, struct err *err)
{
    *found = false;
    for (size_t i = 0; i < invocation->count; i++) {
        const struct argument *argument = &invocation->arguments[i];
        enum operator here;
        bool exact;
        if (argument->kind != ARG_SWITCH || !json_bool(argument->value, false) || !operator_by_name(str_of(argument->name), &here, &exact)) {
            continue;
        }
        if (*found) {
            return err_set(err, ERR_INPUT, "Where-Object takes one operator; for two conditions write { $_.A -eq 1 -and $_.B -eq 2 }");
        }
        *operator = here;
        *exact_case = exact;
        *found = true;
    }
    return true;
}

static struct property value_of(const struct json *json, struct buf *room)
{
    struct property value = { .kind = VALUE_STRING, .text = json_string(json) };
    switch (json_kind(json)) {
    case JSON_NULL: value.kind = VALUE_NULL; break;
    case JSON_BOOL: value.kind = json_bool(json, false) ? VALUE_TRUE : VALUE_FALSE; break;
    case JSON_NUMBER: value.kind = VALUE_NUMBER; break;
    case JSON_STRING: break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        value.kind = VALUE_NESTED;
        json_print(json, false, room);
        value.text = buf_str(room);
        break;
    }
    return value;
}

/* Where-Object Name -eq 'x', Where-Object Enabled, Where-Object -Not Enabled */
static bool open_short_form(struct where *where, const struct invocation *invocation, struct err *err)
{
    const struct argument *value = invocation_get(invocation, "Value");
    struct buf room = BUF_INIT(BUF_LARGE);
    enum operator operator = OPERATOR_EQ;
    bool exact_case = false, found;
    struct str property = local_text(invocation, "Property");
    if (property.len == 0) {
        err_set(err, ERR_INPUT, "Where-Object needs a condition");
        err_advise(err, "Write Where-Object Name -like 'a*', or Where-Object { $_.Name -like 'a*' }.");
        return false;
    }
    if (!find_operator(invocation, &operator, &exact_case, &found, err)) {
        return false;
    }
    if (found != (value != NULL)) {
        err_set(err, ERR_INPUT, found ? "Where-Object: the operator needs a value" : "Where-Object: an operator is missing before the value");
        err_advise(err, "Write Where-Object Name -like 'a*'.");
        return false;
    }
    where->expression = expression_of_property(property);
    where->negated = invocation_is_on(invocation, "Not");
    if (found) {
        struct property right = value_of(value->value, &room);
        where->comparison = comparison_new(operator, exact_case, &right, err);
        err_field(err, where->comparison ? "" : "Value");
    }
    buf_free(&room);
    return !found || where->comparison;
}

/* The block may have landed where the property of the short form stands. */
static const struct json *find_block(const struct invocation *invocation)
{
    static const char *const names[] = { "FilterScript", "Property", "Process", "MemberName" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct argument *argument = invocation_get(invocation, names[i]);
        if (argument && json_get(argument->value, BLOCK_TEXT)) {
            return argument->value;
        }
    }
    return NULL;
}

static void *where_open(const struct invocation *invocation, struct err *err)
{
    struct where *where = MEM_NEW(struct where);
    const struct json *block = find_block(invocation);
    where->expression = block ? expression_new(block, err) : NULL;
    if (block ? where->expression != NULL : open_short_form(where, invocation, err)) {
        return where;
    }
    where_close(where);
    return NULL;
}

static bool where_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct where *where = state;
    bool holds;
    if (where->comparison) {
        struct property left = expression_value(where->expression, object);
        holds = comparison_holds(where->comparison, &left, NULL);
    } else {
        holds = expression_is_true(where->expression, object);
    }
    return holds == where->negated || out->object(out->context, object, err);
}

static void where_unmatched(const void *state, expression_teller *tell, void *context)
{
    expression_unmatched(((const struct where *)state)->expression, tell, context);
}

const struct local_class local_where = { .name = "Where-Object", .open = where_open, .object = where_object, .unmatched = where_unmatched, .close = where_close };

/* ---- ForEach-Object ---- */

struct foreach { struct expression *expression; struct object out; };

static void foreach_close(void *state)
{
    struct foreach *foreach = state;
    expression_free(foreach->expression);
    object_free(&foreach->out);
    free(foreach);
}

static void *foreach_open(const struct invocation *invocation, struct err *err)
{
    struct foreach *foreach = MEM_NEW(struct foreach);
    const struct json *block = find_block(invocation);
    struct str name = local_text(invocation, "MemberName");
    object_init(&foreach->out);
    if (block) {
        foreach->expression = expression_new(block, err);
    } else if (name.len) {
        foreach->expression = expression_of_property(name);
    } else {
        err_set(err, ERR_INPUT, "ForEach-Object needs a property: ForEach-Object Name, or ForEach-Object { $_.Name }");
    }
    if (foreach->expression) {
        return foreach;
    }
    foreach_close(foreach);
    return NULL;
}

static bool foreach_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct foreach *foreach = state;
    struct property value = expression_value(foreach->expression, object);
    return local_give_value(&value, &foreach->out, out, err);
}

static void foreach_unmatched(const void *state, expression_teller *tell, void *context)
{
    expression_unmatched(((const struct foreach *)state)->expression, tell, context);
}

const struct local_class local_foreach = { .name = "ForEach-Object", .open = foreach_open, .object = foreach_object, .unmatched = foreach_unmatched, .close = foreach_close };
