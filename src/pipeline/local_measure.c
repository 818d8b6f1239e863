/* Measure-Object and Get-Member: what there is, in numbers and names. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "pipeline/comparison.h"
#include "pipeline/local.h"
#include "pipeline/seen.h"
#include "pipeline/selection.h"

/* ---- Measure-Object ---- */

struct measured { int64_t count, numbers; long double sum; struct object least, most; bool any; };

struct measure {
    struct selection properties;
    struct measured *each;              /* one for each property; one for the objects when there is none */
    bool sum, average, minimum, maximum;
    struct object room;
};

static void measure_close(void *state)
{
    struct measure *measure = state;
    for (size_t i = 0; measure->each && i < measure->properties.count + 1; i++) {
        object_free(&measure->each[i].least);
        object_free(&measure->each[i].most);
    }
    free(measure->each);
    selection_free(&measure->properties);
    object_free(&measure->room);
    free(measure);
}

static void *measure_open(const struct invocation *invocation, struct err *err)
{
    struct measure *measure = MEM_NEW(struct measure);
    bool all = invocation_is_on(invocation, "AllStats");
    object_init(&measure->room);
    measure->sum = all || invocation_is_on(invocation, "Sum");
    measure->average = all || invocation_is_on(invocation, "Average");
    measure->minimum = all || invocation_is_on(invocation, "Minimum");
    measure->maximum = all || invocation_is_on(invocation, "Maximum");
    if (!selection_read(&measure->properties, invocation, "Property", err)) {
        measure_close(measure);
        return NULL;
    }
    measure->each = mem_array(measure->properties.count + 1, sizeof *measure->each);
    for (size_t i = 0; i < measure->properties.count + 1; i++) {
        object_init(&measure->each[i].least);
        object_init(&measure->each[i].most);
    }
    return measure;
}

static void keep_extreme(struct object *kept, const struct property *value, bool any, int wanted)
{
    int order = any ? value_order(value, &kept->properties[0]) : wanted;
    if (wanted > 0 ? order <= 0 : order >= 0) {
        return;
    }
    struct object single;
    object_init(&single);
    object_add(&single, *value);
    object_copy(kept, &single);
    object_free(&single);
}

static bool refuse_text(struct str text, struct err *err)
{
    err_set(err, ERR_INPUT, "Measure-Object: \"%.*s\" is not a number", STR_ARG(str_take(text, 100)));
    err_advise(err, "-Sum and -Average need numbers; without them everything can be counted.");
    return false;
}

static bool take_value(const struct measure *measure, struct measured *measured, const struct property *value, struct err *err)
{
    char *end, *text;
    if (value->kind == VALUE_NULL) {
        return true;
    }
    measured->count++;
    if (measure->minimum) {
        keep_extreme(&measured->least, value, measured->any, -1);
    }
    if (measure->maximum) {
        keep_extreme(&measured->most, value, measured->any, 1);
    }
    measured->any = true;
    if (!measure->sum && !measure->average) {
        return true;
    }
    text = str_dup(value->text);
    long double number = strtold(text, &end);
    bool good = end != text && *end == '\0' && isfinite(number);
    free(text);
    if (!good) {
        return refuse_text(value->text, err);
    }
    measured->sum += number;
    measured->numbers++;
    return true;
}

static bool measure_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct measure *measure = state;
    bool good = true;
    (void)out;
    if (measure->properties.count == 0) {
        struct property value = object_is_primitive(object) ? object->properties[0] : (struct property){ .kind = VALUE_TRUE };
        good = take_value(measure, &measure->each[0], &value, err);
    }
    for (size_t i = 0; good && i < measure->properties.count; i++) {
        struct selected *item = &measure->properties.items[i];
        struct property value = item->expression ? expression_value(item->expression, object) : (struct property){ .kind = VALUE_NULL };
        good = take_value(measure, &measure->each[i], &value, err);
    }
    return good;
}

/* 12 and not 12.000000; as many digits as the sum is good for. */
static void add_number(struct object *out, struct buf *text, const char *name, bool wanted, bool known, long double number)
{
    size_t start = text->len;
    if (wanted && known) {
        bool whole = number > -1e15L && number < 1e15L && (long double)(int64_t)number == number;
        buf_format(text, whole ? "%.0Lf" : "%.10Lg", number);
    }
    object_add(out, (struct property){ .name = str_of(name), .kind = wanted && known ? VALUE_NUMBER : VALUE_NULL,
                                       .text = { NULL, text->len - start } });
}

static void add_extreme(struct object *out, const char *name, bool wanted, const struct measured *measured, const struct object *kept)
{
    struct property value = { .kind = VALUE_NULL };
    if (wanted && measured->any) {
        value = kept->properties[0];
    }
    value.name = str_of(name);
    object_add(out, value);
}

static bool give_measured(struct measure *measure, size_t index, const struct local_sink *out, struct err *err)
{
    const struct measured *measured = &measure->each[index];
    struct object *object = &measure->room;
    struct buf *text = &object->bytes;
    object_clear(object);
    add_number(object, text, "Count", true, true, (long double)measured->count);
    add_number(object, text, "Average", measure->average, measured->numbers > 0,
               measured->numbers ? measured->sum / (long double)measured->numbers : 0);
    add_number(object, text, "Sum", measure->sum, measured->numbers > 0, measured->sum);
    /* They were printed one behind the other; only now the buffer stands still. */
    size_t at = 0;
    for (size_t i = 0; i < object->count; i++) {
        object->properties[i].text.data = text->data + at;
        at += object->properties[i].text.len;
    }
    add_extreme(object, "Maximum", measure->maximum, measured, &measured->most);
    add_extreme(object, "Minimum", measure->minimum, measured, &measured->least);
    struct str name = measure->properties.count ? str_of(measure->properties.items[index].name) : STR("");
    object_add(object, (struct property){ .name = STR("Property"), .kind = name.len ? VALUE_STRING : VALUE_NULL, .text = name });
    return out->object(out->context, object, err);
}

static bool measure_end(void *state, const struct local_sink *out, struct err *err)
{
    struct measure *measure = state;
    size_t count = measure->properties.count ? measure->properties.count : 1;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = give_measured(measure, i, out, err);
    }
    return good;
}

static void measure_unmatched(const void *state, expression_teller *tell, void *context)
{
    selection_unmatched(&((const struct measure *)state)->properties, tell, context);
}

const struct local_class local_measure = {
    .name = "Measure-Object", .open = measure_open, .object = measure_object, .end = measure_end, .unmatched = measure_unmatched, .close = measure_close,
};

/* ---- Get-Member ---- */

struct member_row { char *name, *definition; };
struct member { struct selection names; struct seen seen; struct member_row *rows; size_t count, capacity; };

static void member_close(void *state)
{
    struct member *member = state;
    for (size_t i = 0; i < member->count; i++) {
        free(member->rows[i].name);
        free(member->rows[i].definition);
    }
    free(member->rows);
    selection_free(&member->names);
    seen_free(&member->seen);
    free(member);
}

static void *member_open(const struct invocation *invocation, struct err *err)
{
    struct member *member = MEM_NEW(struct member);
    if (selection_read(&member->names, invocation, "Name", err)) {
        return member;
    }
    member_close(member);
    return NULL;
}

/* The service's own type where it says one (rest.md section 5), else what the value is. */
static const char *type_word(enum value_kind kind)
{
    switch (kind) {
    case VALUE_TRUE:
    case VALUE_FALSE: return "System.Boolean";
    case VALUE_NUMBER: return "System.Int64";
    case VALUE_NESTED: return "System.Object[]";
    case VALUE_NULL:
    case VALUE_STRING: break;
    }
    return "System.String";
}

static bool member_object(void *state, const struct object *object, const struct local_sink *out, struct err *err)
{
    struct member *member = state;
    (void)out;
    (void)err;
    for (size_t i = 0; i < object->count; i++) {
        const struct property *property = &object->properties[i];
        bool first;
        if (member->names.count && !selection_has(&member->names, property->name)) {
            continue;
        }
        seen_number(&member->seen, property->name, false, &first);
        if (first) {
            MEM_ROOM(member->rows, member->count, member->capacity);
            member->rows[member->count++] = (struct member_row){
                .name = str_dup(property->name),
                .definition = property->type.len ? str_dup(property->type) : mem_text(type_word(property->kind)),
            };
        }
    }
    return true;
}

static int compare_rows(const void *a, const void *b)
{
    const struct member_row *left = a, *right = b;
    return str_compare_nocase(str_of(left->name), str_of(right->name));
}

static bool member_end(void *state, const struct local_sink *out, struct err *err)
{
    struct member *member = state;
    struct object object;
    bool good = true;
    object_init(&object);
    if (member->count) {
        qsort(member->rows, member->count, sizeof *member->rows, compare_rows);
    }
    for (size_t i = 0; good && i < member->count; i++) {
        const struct member_row *row = &member->rows[i];
        object_clear(&object);
        object_add(&object, (struct property){ .name = STR("Name"), .kind = VALUE_STRING, .text = str_of(row->name) });
        object_add(&object, (struct property){ .name = STR("MemberType"), .kind = VALUE_STRING, .text = STR("NoteProperty") });
        object_add(&object, (struct property){ .name = STR("Definition"), .kind = VALUE_STRING, .text = str_of(row->definition) });
        good = out->object(out->context, &object, err);
    }
    object_free(&object);
    return good;
}

const struct local_class local_member = {
    .name = "Get-Member", .open = member_open, .object = member_object, .end = member_end, .close = member_close,
};
