#include "pipeline/seen.h"

#include <stdlib.h>

#include "base/mem.h"

static struct seen_text *slot_of(const struct seen *seen, struct str text, uint64_t hash)
{
    size_t at = (size_t)hash & (seen->capacity - 1);
    while (seen->slots[at].text && (seen->slots[at].hash != hash || !str_eq(str_of(seen->slots[at].text), text))) {
        at = (at + 1) & (seen->capacity - 1);
    }
    return &seen->slots[at];
}

static void grow(struct seen *seen)
{
    struct seen larger = { .capacity = seen->capacity ? seen->capacity * 2 : 256, .count = seen->count };
    larger.slots = mem_array(larger.capacity, sizeof *larger.slots);
    for (size_t i = 0; i < seen->capacity; i++) {
        if (seen->slots[i].text) {
            *slot_of(&larger, str_of(seen->slots[i].text), seen->slots[i].hash) = seen->slots[i];
        }
    }
    free(seen->slots);
    *seen = larger;
}

/* The texts hold no NUL: they are JSON or what a person reads. */
size_t seen_number(struct seen *seen, struct str text, bool exact_case, bool *first)
{
    char *own = str_dup(text);
    for (char *c = own; *c && !exact_case; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    if (seen->count * 4 >= seen->capacity * 3) {
        grow(seen);
    }
    uint64_t hash = str_hash(HASH_START, str_of(own));
    struct seen_text *slot = slot_of(seen, str_of(own), hash);
    *first = slot->text == NULL;
    if (*first) {
        *slot = (struct seen_text){ .text = own, .number = seen->count++, .hash = hash };
    } else {
        free(own);
    }
    return slot->number;
}

bool seen_first(struct seen *seen, const struct object *object)
{
    struct buf text = BUF_INIT(OBJECT_MAX_BYTES);
    bool first;
    object_print_json(object, false, &text);
    seen_number(seen, buf_str(&text), false, &first);
    buf_free(&text);
    return first;
}

bool seen_value_first(struct seen *seen, const struct property *value)
{
    struct property named = *value;
    struct object object;
    named.name = STR("Value");
    object_init(&object);
    object_add(&object, named);
    bool first = seen_first(seen, &object);
    object_free(&object);
    return first;
}

void seen_free(struct seen *seen)
{
    for (size_t i = 0; i < seen->capacity; i++) {
        free(seen->slots[i].text);
    }
    free(seen->slots);
    *seen = (struct seen){ 0 };
}
