/* The bytes of one row. A row's shape is the ordered list of its column numbers; few shapes serve millions of rows, so
   a row names its shape and holds only values:
     flags (1 byte): ROW_CELLS_WIDE: ends are 4 bytes instead of 2; ROW_CELLS_OWN_SHAPE: the list follows
     [count (4), column numbers (2 each)]          with ROW_CELLS_OWN_SHAPE only
     end of each value (2 or 4 bytes), counted from the first value
     values: the kind's letter (base/object.h), then the text
   All in the machine's byte order: the file never outlives the process that wrote it. */
#ifndef PURVEY_RESULTS_ROW_CELLS_H
#define PURVEY_RESULTS_ROW_CELLS_H

#include "base/object.h"

enum { ROW_CELLS_WIDE = 1, ROW_CELLS_OWN_SHAPE = 2 };

struct shape {
    uint16_t *columns;
    size_t count;
};

/* The distinct shapes by number, counted from 1. Number 0 stands for "written into the row". */
struct shape_set {
    struct shape *items;
    size_t count, capacity;
    uint32_t *slots;            /* hash table of numbers, 0 = free */
    size_t slot_count;
};

/* Past these, rows carry their shape themselves, so that hostile data cannot make the set grow without end. */
#define SHAPES_MAX 4096
#define SHAPE_MAX_COLUMNS 2048

void shape_set_free(struct shape_set *set);
/* The number of an equal shape, added when it is new; 0 when it must go into the row. *added tells. */
uint32_t shape_set_number(struct shape_set *set, const uint16_t *columns, size_t count, bool *added);
/* NULL for 0 and for numbers not in the set. */
const struct shape *shape_set_get(const struct shape_set *set, uint32_t number);

/* A growing block of bytes, kept from row to row. */
struct row_cells_buffer {
    unsigned char *bytes;
    size_t len, capacity;
};

/* Packs the object's values. own_shape: column numbers to write into the row, NULL when its shape has a number.
   False when the row is too large (4 GiB). */
bool row_cells_pack(struct row_cells_buffer *buffer, const struct object *object, const uint16_t *own_shape);

/* A row opened for reading; points into the row and the shape. */
struct row_cells {
    const unsigned char *columns, *ends, *values;
    size_t count, values_len;
    bool wide;
};

/* shape NULL: the row's own. False when the bytes are not a row. */
bool row_cells_open(struct row_cells *cells, const void *bytes, size_t length, const struct shape *shape);
uint16_t row_cells_column(const struct row_cells *cells, size_t index);
/* Index of the first value of a column, or cells->count. */
size_t row_cells_index(const struct row_cells *cells, int column);
/* Sets kind and text; name and type are left alone. */
void row_cells_value(const struct row_cells *cells, size_t index, struct property *value);

#endif
