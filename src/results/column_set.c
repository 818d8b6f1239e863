#include "results/column_set.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"

#define SLOTS (STORE_MAX_COLUMNS * 4)

/* Nested values are costly to measure (their displayed form must be made), so only some of them are. */
#define NESTED_MEASURED_FIRST 256
#define NESTED_MEASURED_EVERY 64

/* Enough bytes for COLUMN_WIDTH_MAX columns of anything; the rest need not be measured. */
#define MEASURED_BYTES ((size_t)COLUMN_WIDTH_MAX * 8)

static size_t name_slot(struct str name)
{
    /* FNV-1a; names come from the service, and the table is four times as large as the most columns it can hold. */
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.data[i]) * 16777619u;
    return (hash ^ (hash >> 15)) % SLOTS;
}

int column_set_find(const struct column_set *set, struct str name)
{
    if (!set->slots)
        return -1;
    for (size_t slot = name_slot(name); set->slots[slot]; slot = (slot + 1) % SLOTS) {
        const struct column_entry *entry = &set->entries[set->slots[slot] - 1];
        if (str_eq((struct str){ entry->column.name, entry->name_len }, name))
            return set->slots[slot] - 1;
    }
    return -1;
}

int column_set_add(struct column_set *set, struct str name, struct str type)
{
    /* Made with the first column: many a job ends without one. */
    if (!set->slots)
        set->slots = mem_array(SLOTS, sizeof *set->slots);
    MEM_ROOM(set->entries, set->count, set->capacity);
    struct column_entry *entry = &set->entries[set->count++];
    *entry = (struct column_entry){ .changed = true };
    entry->column.name = str_dup(name);
    entry->column.type = str_dup(type);
    /* Text until the counts say otherwise: null has no kind of its own. */
    entry->column.kind = VALUE_STRING;
    entry->name_len = strlen(entry->column.name);

    size_t slot = name_slot(name);
    while (set->slots[slot])
        slot = (slot + 1) % SLOTS;
    set->slots[slot] = (uint16_t)set->count;
    return (int)set->count - 1;
}

void column_set_free(struct column_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->entries[i].column.name);
        free(set->entries[i].column.type);
    }
    free(set->entries);
    free(set->slots);
    *set = (struct column_set){ 0 };
}

static int shown_width(const struct property *property)
{
    if (property->kind != VALUE_NESTED)
        return text_width(str_take(property->text, MEASURED_BYTES));
    struct buf shown = BUF_INIT(BUF_LARGE);
    property_display(property, &shown);
    int width = text_width(str_take(buf_str(&shown), MEASURED_BYTES));
    buf_free(&shown);
    return width;
}

/* Text never takes more columns than bytes; displayed arrays may, by a blank for each comma. */
static bool may_be_wider(const struct column_entry *entry, const struct property *property)
{
    size_t width = (size_t)entry->column.width;
    if (width >= COLUMN_WIDTH_MAX)
        return false;
    if (property->kind != VALUE_NESTED)
        return property->text.len > width;
    /* Too narrow costs a cut cell; measuring every nested value would cost more than storing it. */
    uint64_t seen = entry->counts[COUNTED_NESTED];
    return property->text.len * 2 > width && (seen <= NESTED_MEASURED_FIRST || seen % NESTED_MEASURED_EVERY == 0);
}

static void widen(struct column_entry *entry, int width)
{
    if (width > COLUMN_WIDTH_MAX)
        width = COLUMN_WIDTH_MAX;
    if (width > entry->column.width) {
        entry->column.width = width;
        entry->changed = true;
    }
}

/* Kinds are counted and not decided by the first value: a column is what most of its values are. */
void column_entry_see(struct column_entry *entry, const struct property *property)
{
    /* An early row may have had null here, whose type the service does not name. */
    if (property->type.len && !*entry->column.type) {
        free(entry->column.type);
        entry->column.type = str_dup(property->type);
        entry->changed = true;
    }
    switch (property->kind) {
    case VALUE_NULL: return;
    case VALUE_TRUE: entry->counts[COUNTED_BOOL]++; widen(entry, 4); return;
    case VALUE_FALSE: entry->counts[COUNTED_BOOL]++; widen(entry, 5); return;
    case VALUE_NUMBER: entry->counts[COUNTED_NUMBER]++; break;
    case VALUE_STRING: entry->counts[COUNTED_STRING]++; break;
    case VALUE_NESTED: entry->counts[COUNTED_NESTED]++; break;
    }
    if (may_be_wider(entry, property))
        widen(entry, shown_width(property));
}

/* Kinds change at commits only: a column must not flicker between two while an answer arrives. */
bool column_entry_settle(struct column_entry *entry)
{
    static const enum value_kind kinds[COUNTED_KINDS] = { VALUE_STRING, VALUE_NUMBER, VALUE_TRUE, VALUE_NESTED };
    int most = COUNTED_STRING;
    for (int i = 0; i < COUNTED_KINDS; i++)
        if (entry->counts[i] > entry->counts[most])
            most = i;
    bool changed = entry->changed || entry->column.kind != kinds[most];
    entry->column.kind = kinds[most];
    entry->changed = false;
    return changed;
}
