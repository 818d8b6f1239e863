#include "results/row_cells.h"

#include <stdlib.h>

#include "base/mem.h"

/* ---- shapes ---- */

static uint32_t shape_hash(const uint16_t *columns, size_t count)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ columns[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

static void shape_set_rehash(struct shape_set *set)
{
    free(set->slots);
    set->slot_count = set->slot_count ? set->slot_count * 4 : 64;
    set->slots = mem_array(set->slot_count, sizeof *set->slots);
    for (size_t i = 0; i < set->count; i++) {
        size_t slot = shape_hash(set->items[i].columns, set->items[i].count) & (set->slot_count - 1);
        while (set->slots[slot])
            slot = (slot + 1) & (set->slot_count - 1);
        set->slots[slot] = (uint32_t)i + 1;
    }
}

static bool shape_is(const struct shape *shape, const uint16_t *columns, size_t count)
{
    return shape->count == count && (count == 0 || memcmp(shape->columns, columns, count * sizeof *columns) == 0);
}

/* The table stays at most half full, so that the walk to a free slot is short. */
uint32_t shape_set_number(struct shape_set *set, const uint16_t *columns, size_t count, bool *added)
{
    *added = false;
    /* Number 0 says: no shape of its own, the row carries its columns itself. Rows of such kinds are larger, never
       wrong. */
    if (count > SHAPE_MAX_COLUMNS)
        return 0;
    if (set->count * 2 >= set->slot_count)
        shape_set_rehash(set);
    size_t slot = shape_hash(columns, count) & (set->slot_count - 1);
    for (; set->slots[slot]; slot = (slot + 1) & (set->slot_count - 1))
        if (shape_is(&set->items[set->slots[slot] - 1], columns, count))
            return set->slots[slot];
    /* The cap keeps a hostile answer, in which no two objects are alike, from filling the memory with shapes. */
    if (set->count >= SHAPES_MAX)
        return 0;

    MEM_ROOM(set->items, set->count, set->capacity);
    struct shape *shape = &set->items[set->count++];
    shape->count = count;
    shape->columns = mem_array(count ? count : 1, sizeof *columns);
    if (count)
        memcpy(shape->columns, columns, count * sizeof *columns);
    *added = true;
    return set->slots[slot] = (uint32_t)set->count;
}

const struct shape *shape_set_get(const struct shape_set *set, uint32_t number)
{
    return number > 0 && number <= set->count ? &set->items[number - 1] : NULL;
}

void shape_set_free(struct shape_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->items[i].columns);
    free(set->items);
    free(set->slots);
    *set = (struct shape_set){ 0 };
}

/* ---- packing ---- */

static void row_cells_reserve(struct row_cells_buffer *buffer, size_t size)
{
    if (size <= buffer->capacity)
        return;
    /* Half as much again, since rows of one answer differ little in size. */
    buffer->capacity = size + size / 2;
    buffer->bytes = mem_grow(buffer->bytes, buffer->capacity, 1);
}

static unsigned char *put_shape(unsigned char *at, const uint16_t *columns, size_t count)
{
    uint32_t count32 = (uint32_t)count;
    memcpy(at, &count32, sizeof count32);
    if (count)
        memcpy(at + sizeof count32, columns, count * sizeof *columns);
    return at + sizeof count32 + count * sizeof *columns;
}

static unsigned char *put_end(unsigned char *at, size_t end, bool wide)
{
    uint32_t end32 = (uint32_t)end;
    uint16_t end16 = (uint16_t)end;
    if (wide)
        memcpy(at, &end32, sizeof end32);
    else
        memcpy(at, &end16, sizeof end16);
    return at + (wide ? sizeof end32 : sizeof end16);
}

bool row_cells_pack(struct row_cells_buffer *buffer, const struct object *object, const uint16_t *own_shape)
{
    size_t values_len = 0, count = object->count;
    for (size_t i = 0; i < count; i++)
        values_len += 1 + object->properties[i].text.len;
    if (values_len > UINT32_MAX || count > UINT32_MAX)
        return false;

    /* Two bytes an end for nearly every row: of a million rows with forty cells that is 80 MB saved. */
    bool wide = values_len > UINT16_MAX;
    size_t head = 1 + count * (wide ? 4 : 2) + (own_shape ? 4 + count * 2 : 0);
    row_cells_reserve(buffer, head + values_len);
    unsigned char *at = buffer->bytes, *values = buffer->bytes + head;
    *at++ = (unsigned char)((wide ? ROW_CELLS_WIDE : 0) | (own_shape ? ROW_CELLS_OWN_SHAPE : 0));
    if (own_shape)
        at = put_shape(at, own_shape, count);
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        const struct property *property = &object->properties[i];
        values[end++] = (unsigned char)property->kind;
        if (property->text.len)
            memcpy(values + end, property->text.data, property->text.len);
        end += property->text.len;
        at = put_end(at, end, wide);
    }
    buffer->len = head + values_len;
    return true;
}

/* ---- reading ---- */

/* Ends are read with memcpy: nothing in a row is aligned. */
static size_t row_cells_end(const struct row_cells *cells, size_t index)
{
    uint32_t end32;
    uint16_t end16;
    if (cells->wide) {
        memcpy(&end32, cells->ends + index * 4, sizeof end32);
        return end32;
    }
    memcpy(&end16, cells->ends + index * 2, sizeof end16);
    return end16;
}

static bool open_own_shape(struct row_cells *cells, const unsigned char **at, size_t *left)
{
    uint32_t count;
    if (*left < sizeof count)
        return false;
    memcpy(&count, *at, sizeof count);
    *at += sizeof count;
    *left -= sizeof count;
    /* Compared by division, because a count from a damaged file may overflow the product. */
    if (*left / 2 < count)
        return false;
    cells->columns = *at;
    cells->count = count;
    *at += (size_t)count * 2;
    *left -= (size_t)count * 2;
    return true;
}

/* Checks what reading relies on, so that a damaged file gives an empty row and no crash. */
bool row_cells_open(struct row_cells *cells, const void *bytes, size_t length, const struct shape *shape)
{
    const unsigned char *at = bytes;
    if (length < 1)
        return false;
    unsigned char flags = *at++;
    size_t left = length - 1;
    cells->wide = flags & ROW_CELLS_WIDE;
    if (flags & ROW_CELLS_OWN_SHAPE) {
        if (!open_own_shape(cells, &at, &left))
            return false;
    } else if (shape) {
        cells->columns = (const unsigned char *)shape->columns;
        cells->count = shape->count;
    } else {
        return false;
    }
    size_t ends = cells->count * (cells->wide ? 4 : 2);
    if (left < ends)
        return false;
    cells->ends = at;
    cells->values = at + ends;
    cells->values_len = left - ends;
    return cells->count == 0 || row_cells_end(cells, cells->count - 1) == cells->values_len;
}

uint16_t row_cells_column(const struct row_cells *cells, size_t index)
{
    uint16_t column;
    memcpy(&column, cells->columns + index * 2, sizeof column);
    return column;
}

size_t row_cells_index(const struct row_cells *cells, int column)
{
    size_t index = 0;
    while (index < cells->count && row_cells_column(cells, index) != column)
        index++;
    return index;
}

void row_cells_value(const struct row_cells *cells, size_t index, struct property *value)
{
    size_t start = index ? row_cells_end(cells, index - 1) : 0, end = row_cells_end(cells, index);
    /* Ends that run backwards mean damage; the cell is empty then, as the row would be. */
    if (start >= end || end > cells->values_len) {
        value->kind = VALUE_NULL;
        value->text = (struct str){ "", 0 };
        return;
    }
    value->kind = (enum value_kind)cells->values[start];
    value->text = (struct str){ (const char *)cells->values + start + 1, end - start - 1 };
}
