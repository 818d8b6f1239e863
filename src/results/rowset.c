#include "results/rowset.h"

#include <stdlib.h>

#include "base/mem.h"
#include "results/row_cells.h"
#include "results/column_set.h"
#include "results/database.h"

struct loaded_row {
    int64_t id;
    uint32_t shape;
    size_t offset, length;      /* of its cells in the arena */
};

struct rowset {
    sqlite3 *database;
    sqlite3_stmt *begin, *commit, *state, *columns_read, *shapes_read, *load, *view_count;
    uint32_t view;
    bool view_changed;
    int64_t total, count, columns_version;
    struct column *columns;
    size_t column_count, column_capacity;
    struct shape_set shapes;
    struct loaded_row *rows;
    size_t loaded, row_capacity;
    struct buf arena;           /* the cells of the loaded rows */
};

/* ---- life ---- */

static bool prepare_all(struct rowset *rowset, struct err *err)
{
    const struct { sqlite3_stmt **statement; const char *sql; } all[] = {
        { &rowset->begin, "BEGIN" },
        { &rowset->commit, "COMMIT" },
        { &rowset->state, "SELECT columns_version, (SELECT max(id) FROM rows) FROM state" },
        { &rowset->columns_read, "SELECT name, type, kind, width, place FROM columns ORDER BY number" },
        { &rowset->shapes_read, "SELECT columns FROM shapes WHERE id > ?1 ORDER BY id" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!(*all[i].statement = database_prepare(rowset->database, all[i].sql, err)))
            return false;
    return true;
}

struct rowset *rowset_open(const char *path, struct err *err)
{
    struct rowset *rowset = MEM_NEW(struct rowset);
    /* Four times the largest object: a window is cut long before, see take_row. */
    rowset->arena = (struct buf)BUF_INIT(OBJECT_MAX_BYTES * 4);
    /* The first refresh has to prepare its statements like any change of view does. */
    rowset->view_changed = true;
    rowset->columns_version = -1;
    rowset->database = database_open(path, DATABASE_READER, err);
    if (!rowset->database || !prepare_all(rowset, err) || !rowset_refresh(rowset, err)) {
        rowset_close(rowset);
        return NULL;
    }
    return rowset;
}

static void free_columns(struct rowset *rowset)
{
    for (size_t i = 0; i < rowset->column_count; i++) {
        free(rowset->columns[i].name);
        free(rowset->columns[i].type);
    }
    rowset->column_count = 0;
}

void rowset_close(struct rowset *rowset)
{
    if (!rowset)
        return;
    sqlite3_stmt *const statements[] = { rowset->begin, rowset->commit, rowset->state, rowset->columns_read,
                                         rowset->shapes_read, rowset->load, rowset->view_count };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        sqlite3_finalize(statements[i]);
    database_close(rowset->database);
    free_columns(rowset);
    free(rowset->columns);
    shape_set_free(&rowset->shapes);
    free(rowset->rows);
    buf_free(&rowset->arena);
    free(rowset);
}

/* ---- refresh ---- */

/* Keeps the old memory when the text is the same: names of loaded objects point to it. */
static void keep_text(char **text, sqlite3_stmt *statement, int index)
{
    const char *found = (const char *)sqlite3_column_text(statement, index);
    if (*text && found && strcmp(*text, found) == 0)
        return;
    free(*text);
    *text = mem_text(found ? found : "");
}

static bool read_columns(struct rowset *rowset, struct err *err)
{
    bool found;
    sqlite3_stmt *statement = rowset->columns_read;
    for (size_t i = 0; database_next(statement, &found, err); i++) {
        if (!found)
            return true;
        if (i == rowset->column_count) {
            MEM_ROOM(rowset->columns, rowset->column_count, rowset->column_capacity);
            rowset->columns[rowset->column_count++] = (struct column){ 0 };
        }
        struct column *column = &rowset->columns[i];
        keep_text(&column->name, statement, 0);
        keep_text(&column->type, statement, 1);
        column->kind = (enum value_kind)sqlite3_column_int(statement, 2);
        column->width = sqlite3_column_int(statement, 3);
        column->place = sqlite3_column_int(statement, 4);
    }
    return false;
}

/* Shapes are only ever added, and numbered without gaps, so that the reader's numbers are the writer's. */
static bool read_shapes(struct rowset *rowset, struct err *err)
{
    bool found, added;
    sqlite3_stmt *statement = rowset->shapes_read;
    sqlite3_bind_int64(statement, 1, (int64_t)rowset->shapes.count);
    while (database_next(statement, &found, err)) {
        if (!found)
            return true;
        uint16_t numbers[SHAPE_MAX_COLUMNS];
        size_t bytes = (size_t)sqlite3_column_bytes(statement, 0);
        const void *blob = sqlite3_column_blob(statement, 0);
        if (bytes > sizeof numbers)
            return err_set(err, ERR_STORE, "The file of results is damaged.");
        if (bytes)
            memcpy(numbers, blob, bytes);
        shape_set_number(&rowset->shapes, numbers, bytes / sizeof *numbers, &added);
    }
    return false;
}

/* The version tells whether the columns must be read again, which is rare after the first rows. */
static bool read_state(struct rowset *rowset, int64_t *version, struct err *err)
{
    bool found;
    if (!database_next(rowset->state, &found, err))
        return false;
    if (found) {
        *version = sqlite3_column_int64(rowset->state, 0);
        rowset->total = sqlite3_column_int64(rowset->state, 1);
    }
    sqlite3_reset(rowset->state);
    return true;
}

/* The statements of a view are made when it is first used. */
static bool prepare_view(struct rowset *rowset, struct err *err)
{
    static const char by_arrival[] = "SELECT id, shape, cells FROM rows WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
    static const char by_view[] = "SELECT r.id, shape, cells FROM view_%u AS v CROSS JOIN rows AS r ON r.id = v.id "
                                  "WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos";
    if (!rowset->view_changed)
        return true;
    sqlite3_finalize(rowset->load);
    sqlite3_finalize(rowset->view_count);
    /* Null before the next step may fail: rowset_close finalizes whatever stands here. */
    rowset->view_count = NULL;
    rowset->load = database_prepare_view(rowset->database, rowset->view ? by_view : by_arrival, rowset->view, err);
    if (!rowset->load)
        return false;
    /* max(pos) reads one page, count(*) would walk through the whole table. */
    if (rowset->view)
        rowset->view_count = database_prepare_view(rowset->database, "SELECT max(pos) FROM view_%u", rowset->view, err);
    rowset->view_changed = rowset->view && !rowset->view_count;
    return !rowset->view_changed;
}

static bool read_count(struct rowset *rowset, struct err *err)
{
    bool found;
    if (!prepare_view(rowset, err))
        return false;
    rowset->count = rowset->total;
    if (!rowset->view)
        return true;
    if (!database_next(rowset->view_count, &found, err))
        return false;
    rowset->count = found ? sqlite3_column_int64(rowset->view_count, 0) : 0;
    sqlite3_reset(rowset->view_count);
    return true;
}

static bool refresh_within(struct rowset *rowset, struct err *err)
{
    int64_t version = rowset->columns_version;
    if (!read_state(rowset, &version, err) || !read_shapes(rowset, err))
        return false;
    if (version != rowset->columns_version && !read_columns(rowset, err))
        return false;
    rowset->columns_version = version;
    return read_count(rowset, err);
}

bool rowset_refresh(struct rowset *rowset, struct err *err)
{
    /* One transaction, so that rows, shapes and columns are of the same moment; and a short one, because the writer's
       log can only start over when nobody reads. */
    if (!database_step(rowset->begin, err))
        return false;
    bool good = refresh_within(rowset, err);
    /* Also after a failure: an open read transaction would keep the writer's log growing. */
    return database_step(rowset->commit, good ? err : NULL) && good;
}

void rowset_use_view(struct rowset *rowset, uint32_t view)
{
    rowset->view_changed |= rowset->view != view;
    rowset->view = view;
    /* The window belongs to the old view; showing it under the new one's positions would mix rows. */
    if (rowset->view_changed) {
        rowset->count = 0;
        rowset->loaded = 0;
    }
}

int64_t rowset_count(const struct rowset *rowset)
{
    return rowset->count;
}

int64_t rowset_total(const struct rowset *rowset)
{
    return rowset->total;
}

size_t rowset_columns(const struct rowset *rowset)
{
    return rowset->column_count;
}

const struct column *rowset_column(const struct rowset *rowset, size_t index)
{
    return &rowset->columns[index];
}

/* ---- loading ---- */

/* Copies the row out of SQLite: the statement is reset at the end, and with it its memory goes. */
static bool take_row(struct rowset *rowset)
{
    size_t length = (size_t)sqlite3_column_bytes(rowset->load, 2);
    const void *bytes = sqlite3_column_blob(rowset->load, 2);
    /* The first row always fits; the window is cut by bytes because rows may be a few bytes or megabytes. */
    if (rowset->loaded && rowset->arena.len + length > rowset->arena.cap / 4)
        return false;
    MEM_ROOM(rowset->rows, rowset->loaded, rowset->row_capacity);
    rowset->rows[rowset->loaded++] = (struct loaded_row){
        .id = sqlite3_column_int64(rowset->load, 0),
        .shape = (uint32_t)sqlite3_column_int64(rowset->load, 1),
        .offset = rowset->arena.len,
        .length = length,
    };
    buf_add(&rowset->arena, (struct str){ bytes, length });
    return true;
}

bool rowset_load(struct rowset *rowset, int64_t first, size_t count, struct err *err)
{
    bool found = true, good = true;
    rowset->loaded = 0;
    /* A window of huge rows is not kept for the small ones that follow. */
    if (rowset->arena.capacity > BUF_SMALL * 16)
        buf_free(&rowset->arena);
    buf_clear(&rowset->arena);
    /* The count is of the last refresh; rows that came since are asked for after the next one. */
    if (first < 0 || first >= rowset->count || count == 0 || rowset->view_changed)
        return true;
    int64_t last = count < (uint64_t)(rowset->count - first) ? first + (int64_t)count : rowset->count;
    sqlite3_bind_int64(rowset->load, 1, first + 1);
    sqlite3_bind_int64(rowset->load, 2, last);
    while (found && (good = database_next(rowset->load, &found, err)))
        if (found && !take_row(rowset))
            break;
    sqlite3_reset(rowset->load);
    return good;
}

size_t rowset_loaded(const struct rowset *rowset)
{
    return rowset->loaded;
}

int64_t rowset_row_id(const struct rowset *rowset, size_t row)
{
    return rowset->rows[row].id;
}

static bool open_row(const struct rowset *rowset, size_t row, struct row_cells *cells)
{
    if (row >= rowset->loaded)
        return false;
    const struct loaded_row *loaded = &rowset->rows[row];
    return row_cells_open(cells, rowset->arena.data + loaded->offset, loaded->length,
                      shape_set_get(&rowset->shapes, loaded->shape));
}

static void name_value(const struct rowset *rowset, size_t column, struct property *value)
{
    value->name = str_of(column < rowset->column_count ? rowset->columns[column].name : NULL);
    value->type = str_of(column < rowset->column_count ? rowset->columns[column].type : NULL);
}

bool rowset_value(const struct rowset *rowset, size_t row, size_t column, struct property *value)
{
    struct row_cells cells;
    if (column >= rowset->column_count || !open_row(rowset, row, &cells))
        return false;
    size_t index = row_cells_index(&cells, (int)column);
    if (index >= cells.count)
        return false;
    row_cells_value(&cells, index, value);
    name_value(rowset, column, value);
    return true;
}

void rowset_object(const struct rowset *rowset, size_t row, struct object *object)
{
    struct row_cells cells;
    object_clear(object);
    if (!open_row(rowset, row, &cells))
        return;
    for (size_t i = 0; i < cells.count; i++) {
        struct property value;
        row_cells_value(&cells, i, &value);
        name_value(rowset, row_cells_column(&cells, i), &value);
        object_add(object, value);
    }
}
