#include "results/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"

/* Rows past this are committed without being asked, so that the log stays small. */
#define PENDING_MAX ((size_t)16 * 1024 * 1024)

/* The last column number is kept for what a hostile object has beyond the others. */
#define SPARE_COLUMN (STORE_MAX_COLUMNS - 1)
static const char spare_name[] = "(more)";

static const char schema[] =
    "CREATE TABLE rows(id INTEGER PRIMARY KEY, shape INTEGER, cells BLOB);"
    "CREATE TABLE shapes(id INTEGER PRIMARY KEY, columns BLOB);"
    "CREATE TABLE columns(number INTEGER PRIMARY KEY, name TEXT, type TEXT, kind INTEGER, width INTEGER, place INTEGER);"
    "CREATE TABLE state(id INTEGER PRIMARY KEY, columns_version INTEGER);"
    "INSERT INTO state VALUES(1, 0);";

/* ---- life ---- */

static bool prepare_all(struct store *store, struct err *err)
{
    const struct { sqlite3_stmt **statement; const char *sql; } all[] = {
        { &store->insert_row, "INSERT INTO rows(id, shape, cells) VALUES(?1, ?2, ?3)" },
        { &store->insert_shape, "INSERT INTO shapes(id, columns) VALUES(?1, ?2)" },
        { &store->put_column,
          "INSERT OR REPLACE INTO columns(number, name, type, kind, width, place) VALUES(?1, ?2, ?3, ?4, ?5, ?6)" },
        { &store->bump_columns, "UPDATE state SET columns_version = columns_version + 1" },
        /* IMMEDIATE takes the write lock at once: a later upgrade could fail in the middle of a batch. */
        { &store->begin, "BEGIN IMMEDIATE" },
        { &store->commit, "COMMIT" },
        { &store->rollback, "ROLLBACK" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!(*all[i].statement = database_prepare(store->database, all[i].sql, err)))
            return false;
    return true;
}

static bool store_open(struct store *store, struct err *err)
{
    store->database = database_open(store->path, DATABASE_WRITER, err);
    return store->database && database_run(store->database, schema, err) && prepare_all(store, err) &&
           arrange_register(store, err);
}

struct store *store_create(const char *directory, uint64_t job, struct err *err)
{
    char *path = mem_format("%s/job-%" PRIu64 ".rows", directory, job);
    /* SQLite would make it readable for others; its log files take over the mode that they find here. */
    int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        err_errno(err, "The results need a file that cannot be made: %s", path);
        err_advise(err, "Check the directory for temporary files (XDG_RUNTIME_DIR, TMPDIR).");
        free(path);
        return NULL;
    }
    close(file);
    struct store *store = MEM_NEW(struct store);
    store->path = path;
    store->spare = (struct buf)BUF_INIT(OBJECT_MAX_BYTES * 2);
    object_init(&store->folded);
    /* Large sorts spill into unlinked files; they hold tenant data and belong into the private directory as well. SQLite
       has one such place for the whole process, and so has the engine: it is set once. */
    if (!sqlite3_temp_directory)
        sqlite3_temp_directory = sqlite3_mprintf("%s", directory);
    if (!store_open(store, err)) {
        store_close(store);
        return NULL;
    }
    return store;
}

/* Before the connection is closed, so that a crash in between leaves nothing, and again after it, because closing may
   make the log files anew. */
static void unlink_files(const char *path)
{
    static const char *const suffixes[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *file = mem_format("%s%s", path, suffixes[i]);
        unlink(file);
        free(file);
    }
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_stmt *const statements[] = { store->insert_row, store->insert_shape, store->put_column,
                                         store->bump_columns, store->begin, store->commit, store->rollback };
    if (store->in_transaction)
        store_rollback(store);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        sqlite3_finalize(statements[i]);
    arrange_free(store);
    unlink_files(store->path);
    database_close(store->database);
    unlink_files(store->path);
    column_set_free(&store->columns);
    shape_set_free(&store->shapes);
    object_free(&store->folded);
    buf_free(&store->spare);
    free(store->row.bytes);
    free(store->numbers);
    free(store->path);
    free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

int64_t store_count(const struct store *store)
{
    return store->count;
}

/* ---- transactions ---- */

bool store_begin(struct store *store, struct err *err)
{
    if (!store->in_transaction)
        store->in_transaction = database_step(store->begin, err);
    return store->in_transaction;
}

void store_rollback(struct store *store)
{
    /* SQLite may have rolled back by itself (disk full); then this one fails, and that is fine. */
    if (!sqlite3_get_autocommit(store->database) && !database_step(store->rollback, NULL))
        sqlite3_reset(store->rollback);
    store->in_transaction = false;
}

static bool write_column(struct store *store, int number, const struct column *column, struct err *err)
{
    sqlite3_bind_int(store->put_column, 1, number);
    sqlite3_bind_text(store->put_column, 2, column->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(store->put_column, 3, column->type, -1, SQLITE_STATIC);
    sqlite3_bind_int(store->put_column, 4, (int)column->kind);
    sqlite3_bind_int(store->put_column, 5, column->width);
    sqlite3_bind_int(store->put_column, 6, column->place);
    return database_step(store->put_column, err);
}

/* Columns are written with the rows that brought them, in one transaction: a reader never meets a row whose columns it
   cannot see. */
static bool write_columns(struct store *store, struct err *err)
{
    bool changed = false;
    for (size_t i = 0; i < store->columns.count; i++) {
        struct column_entry *entry = &store->columns.entries[i];
        if (!column_entry_settle(entry))
            continue;
        changed = true;
        if (!write_column(store, (int)i, &entry->column, err))
            return false;
    }
    return !changed || database_step(store->bump_columns, err);
}

bool store_commit(struct store *store, struct err *err)
{
    if (!store->in_transaction)
        return true;
    /* A failure leaves the transaction open: the job's end tries once more (room may be back), closing rolls back. */
    if (!write_columns(store, err) || !database_step(store->commit, err))
        return false;
    store->in_transaction = false;
    store->pending = 0;
    return true;
}

/* ---- adding ---- */

static struct str entry_name(const struct column_entry *entry)
{
    return (struct str){ entry->column.name, entry->name_len };
}

/* Comparing names with those of the row before is several times cheaper than looking each of them up. */
static bool like_last_row(const struct store *store, const struct object *object)
{
    const struct shape *shape = shape_set_get(&store->shapes, store->last_shape);
    if (!shape || shape->count != object->count)
        return false;
    for (size_t i = 0; i < object->count; i++) {
        struct str name = object->properties[i].name;
        struct str known = entry_name(&store->columns.entries[shape->columns[i]]);
        if (name.len != known.len || memcmp(name.data, known.data, known.len) != 0)
            return false;
    }
    /* The spare column's name may also be a property's, which then goes into it. */
    return shape->count == 0 || shape->columns[shape->count - 1] != SPARE_COLUMN;
}

/* From 1; 0 = in none. */
static int place_in_view(const char *const *view, struct str name)
{
    for (int i = 0; view && view[i]; i++) {
        if (str_is_nocase(name, view[i]))
            return i + 1;
    }
    return 0;
}

static int column_number(struct store *store, const char *const *view, const struct property *property)
{
    int number = column_set_find(&store->columns, property->name);
    /* At the limit unknown names fold; known ones still find their column. */
    if (number >= 0 || store->columns.count >= SPARE_COLUMN)
        return number == SPARE_COLUMN ? -1 : number;
    number = column_set_add(&store->columns, property->name, property->type);
    store->columns.entries[number].column.place = place_in_view(view, property->name);
    return number;
}

/* Folds the properties that have no column into one JSON value in the spare column. Nothing is lost that way, whatever
   the service sends; real cmdlets stay far below the limit. */
static const struct object *fold(struct store *store, const struct object *object)
{
    struct object more;
    object_init(&more);
    object_clear(&store->folded);
    buf_clear(&store->spare);
    for (size_t i = 0; i < object->count; i++) {
        const struct property *property = &object->properties[i];
        object_add(column_number(store, object->view, property) >= 0 ? &store->folded : &more, *property);
    }
    object_print_json(&more, false, &store->spare);
    object_free(&more);
    object_add(&store->folded, (struct property){ .name = str_of(spare_name), .kind = VALUE_NESTED,
                                                  .text = buf_str(&store->spare) });
    /* Made on the first need, so that ordinary results do not show an empty column. */
    if (store->columns.count == SPARE_COLUMN)
        column_set_add(&store->columns, str_of(spare_name), STR(""));
    return &store->folded;
}

static bool number_columns(struct store *store, const struct object *object)
{
    if (object->count > store->numbers_capacity) {
        store->numbers_capacity = object->count * 2;
        store->numbers = mem_grow(store->numbers, store->numbers_capacity, sizeof *store->numbers);
    }
    for (size_t i = 0; i < object->count; i++) {
        int number = column_number(store, object->view, &object->properties[i]);
        if (number < 0)
            return false;
        store->numbers[i] = (uint16_t)number;
    }
    return true;
}

static bool write_shape(struct store *store, uint32_t number, struct err *err)
{
    const struct shape *shape = shape_set_get(&store->shapes, number);
    sqlite3_bind_int64(store->insert_shape, 1, number);
    sqlite3_bind_blob64(store->insert_shape, 2, shape->columns, shape->count * sizeof *shape->columns, SQLITE_STATIC);
    return database_step(store->insert_shape, err);
}

/* The columns and the shape of the object; *object may be replaced by its folded form. */
static bool shape_of(struct store *store, const struct object **object, uint32_t *number, struct err *err)
{
    bool added;
    if (like_last_row(store, *object)) {
        *number = store->last_shape;
        return true;
    }
    if (!number_columns(store, *object)) {
        *object = fold(store, *object);
        if (!number_columns(store, &(struct object){ .properties = store->folded.properties,
                                                     .count = store->folded.count - 1 }))
            return err_set(err, ERR_STORE, "The columns of a row could not be numbered.");
        store->numbers[store->folded.count - 1] = SPARE_COLUMN;
    }
    /* Without a shape (see SHAPES_MAX) the row is packed with its own column numbers. */
    *number = shape_set_number(&store->shapes, store->numbers, (*object)->count, &added);
    store->last_shape = *number;
    return !added || write_shape(store, *number, err);
}

static bool write_row(struct store *store, uint32_t shape, struct err *err)
{
    /* Numbered here and not by SQLite: without gaps, the position of arrival is the id. */
    sqlite3_bind_int64(store->insert_row, 1, store->count + 1);
    sqlite3_bind_int64(store->insert_row, 2, shape);
    sqlite3_bind_blob64(store->insert_row, 3, store->row.bytes, store->row.len, SQLITE_STATIC);
    return database_step(store->insert_row, err);
}

bool store_add(struct store *store, const struct object *object, struct err *err)
{
    uint32_t number = 0;
    if (!store_begin(store, err) || !shape_of(store, &object, &number, err))
        return false;
    const struct shape *shape = shape_set_get(&store->shapes, number);
    const uint16_t *columns = shape ? shape->columns : store->numbers;
    for (size_t i = 0; i < object->count; i++)
        column_entry_see(&store->columns.entries[columns[i]], &object->properties[i]);
    if (!row_cells_pack(&store->row, object, shape ? NULL : store->numbers))
        return err_set(err, ERR_STORE, "An object of more than 4 GiB cannot be kept.");
    if (!write_row(store, number, err))
        return false;
    store->count++;
    store->pending += store->row.len;
    return store->pending < PENDING_MAX || store_commit(store, err);
}
