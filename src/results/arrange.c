#include <stdlib.h>

#include "base/mem.h"
#include "results/sort_key.h"
#include "results/store_internal.h"

/* A find in a view first looks at this many rows in the view's order; when they have no hit, reading the remaining
   rows in their order on disk is much faster than jumping about in the file. */
#define FIND_NEAR 4096

/* The hits among so many rows are counted in a few hundredths of a second, also in the order of a view. */
#define COUNT_MOST 50000

/* ---- functions that SQL calls for each row: (shape, cells) ---- */

static bool open_row(struct store *store, sqlite3_value **arguments, struct row_cells *cells)
{
    const struct shape *shape = shape_set_get(&store->shapes, (uint32_t)sqlite3_value_int64(arguments[0]));
    const void *bytes = sqlite3_value_blob(arguments[1]);
    return row_cells_open(cells, bytes, (size_t)sqlite3_value_bytes(arguments[1]), shape);
}

static bool cell_of(void *row, int column, struct property *value)
{
    const struct row_cells *cells = row;
    size_t index = row_cells_index(cells, column);
    if (index >= cells->count)
        return false;
    row_cells_value(cells, index, value);
    return true;
}

/* All keys of the arrangement in one value that SQLite compares as bytes: no call back into here while it sorts. */
static void row_key(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct store *store = sqlite3_user_data(context);
    const struct arrangement *arrangement = store->arrangement;
    struct sort_key key;
    struct row_cells cells;
    struct property value;
    (void)count;
    key.len = 0;
    /* A damaged row sorts like one without values; it must not stop the sort of the others. */
    if (!open_row(store, arguments, &cells))
        cells.count = 0;
    for (int i = 0; i < arrangement->key_count; i++) {
        bool present = cell_of(&cells, arrangement->keys[i].column, &value);
        sort_key_add(&key, present ? &value : NULL, arrangement->keys[i].descending);
    }
    sqlite3_result_blob64(context, key.bytes, key.len, SQLITE_TRANSIENT);
}

/* Filters within the scan, so that rows that do not match are never copied out of SQLite's pages. */
static void row_matches(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct store *store = sqlite3_user_data(context);
    struct row_cells cells;
    struct property value;
    (void)count;
    bool matches = open_row(store, arguments, &cells);
    for (size_t i = 0; matches && i < store->filter->count; i++) {
        const struct filter_term *term = &store->filter->terms[i];
        bool holds = term->op == FILTER_ANYWHERE
                         ? needle_in_cells(&store->anywhere[i], &cells)
                         : filter_term_holds(term, cell_of(&cells, term->column, &value) ? &value : NULL);
        matches = holds != term->negated;
    }
    sqlite3_result_int(context, matches);
}

static void row_has(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct store *store = sqlite3_user_data(context);
    /* Registered once per store and not per search: what is looked for stands in the store meanwhile. */
    struct row_cells cells;
    (void)count;
    sqlite3_result_int(context, open_row(store, arguments, &cells) && needle_in_cells(&store->needle, &cells));
}

bool arrange_register(struct store *store, struct err *err)
{
    const struct {
        const char *name;
        void (*function)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = { { "row_key", row_key }, { "row_matches", row_matches }, { "row_has", row_has } };
    /* DIRECTONLY: only our own statements may call them, never something that stands in the file. */
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (sqlite3_create_function_v2(store->database, functions[i].name, 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, store,
                                       functions[i].function, NULL, NULL, NULL) != SQLITE_OK)
            return database_failed(store->database, err);
    return true;
}

/* ---- views ---- */

static struct view *view_find(struct store *store, uint32_t number)
{
    for (size_t i = 0; i < store->view_count; i++)
        if (store->views[i].number == number)
            return &store->views[i];
    return NULL;
}

static void view_forget(struct store *store, struct view *view)
{
    filter_free(&view->filter);
    /* The last one fills the gap; views are found by number, never by place. */
    *view = store->views[--store->view_count];
}

void arrange_free(struct store *store)
{
    while (store->view_count)
        view_forget(store, &store->views[store->view_count - 1]);
    free(store->views);
}

static bool drop_table(struct store *store, uint32_t number, struct err *err)
{
    char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS view_%u", number);
    bool done = database_run(store->database, sql, err);
    sqlite3_free(sql);
    return done;
}

void store_drop_view(struct store *store, uint32_t number)
{
    struct view *view = view_find(store, number);
    if (!view)
        return;
    /* A table that stays behind costs room in the file, no more. */
    if (!drop_table(store, number, NULL))
        sqlite3_db_release_memory(store->database);
    view_forget(store, view);
}

/* The filter is read once, when the view is made: columns that come later do not change what its names mean. */
static bool parse_filter(struct store *store, const struct arrangement *arrangement, struct filter *filter,
                         struct err *err)
{
    size_t count = store->columns.count;
    struct column *columns = mem_array(count ? count : 1, sizeof *columns);
    for (size_t i = 0; i < count; i++)
        columns[i] = store->columns.entries[i].column;
    bool good = filter_parse(filter, str_of(arrangement->filter), columns, count, err);
    free(columns);
    return good;
}

static bool good_keys(const struct store *store, const struct arrangement *arrangement, struct err *err)
{
    if (arrangement->key_count < 0 || arrangement->key_count > ARRANGE_MAX_KEYS)
        return err_set(err, ERR_INPUT, "A table can be sorted by %d columns at most.", ARRANGE_MAX_KEYS);
    for (int i = 0; i < arrangement->key_count; i++)
        if (arrangement->keys[i].column < 0 || (size_t)arrangement->keys[i].column >= store->columns.count)
            return err_set(err, ERR_INPUT, "The table has no column number %d to sort by.",
                           arrangement->keys[i].column);
    return true;
}

/* Appends the rows with numbers above view->last_id; sorted only among themselves. SQLite numbers the positions itself,
   one above the largest so far, in the order in which the rows are inserted. */
static bool fill(struct store *store, struct view *view, const struct arrangement *arrangement, struct err *err)
{
    /* The needles live on this stack and the store points to them only while the statement runs. */
    struct needle needles[sizeof view->filter.terms / sizeof *view->filter.terms];
    /* The id as last key makes the sort stable: equal rows stay in their order of arrival. */
    char *sql = sqlite3_mprintf("INSERT INTO view_%u(id) SELECT id FROM rows WHERE id > ?1%s ORDER BY %s",
                                view->number, view->filter.count ? " AND row_matches(shape, cells)" : "",
                                arrangement && arrangement->key_count ? "row_key(shape, cells), id" : "id");
    sqlite3_stmt *statement = database_prepare(store->database, sql, err);
    sqlite3_free(sql);
    if (!statement)
        return false;
    for (size_t i = 0; i < view->filter.count; i++)
        needle_init(&needles[i], str_of(view->filter.terms[i].text));
    store->anywhere = needles;
    store->filter = &view->filter;
    store->arrangement = arrangement;
    sqlite3_bind_int64(statement, 1, view->last_id);
    bool done = database_step(statement, err);
    if (done) {
        view->count += sqlite3_changes64(store->database);
        /* No rows between the scan and this line: the writer is one thread and it is here. */
        view->last_id = store->count;
    }
    store->filter = NULL;
    store->anywhere = NULL;
    store->arrangement = NULL;
    sqlite3_finalize(statement);
    return done;
}

static bool make_view(struct store *store, struct view *view, const struct arrangement *arrangement, struct err *err)
{
    char *sql = sqlite3_mprintf("CREATE TABLE view_%u(pos INTEGER PRIMARY KEY, id INTEGER)", view->number);
    bool done = store_begin(store, err) && drop_table(store, view->number, err) &&
                database_run(store->database, sql, err) && fill(store, view, arrangement, err) &&
                store_commit(store, err);
    sqlite3_free(sql);
    if (!done)
        store_rollback(store);
    return done;
}

int64_t store_arrange(struct store *store, const struct arrangement *arrangement, uint32_t number, struct err *err)
{
    struct view view = { .number = number, .sorted = arrangement->key_count > 0 };
    if (number == 0) {
        err_set(err, ERR_INPUT, "The order of arrival cannot be arranged.");
        return -1;
    }
    if (!good_keys(store, arrangement, err) || !parse_filter(store, arrangement, &view.filter, err))
        return -1;
    /* What was added before is committed on its own: a view that fails must not take rows with it. */
    if (!store_commit(store, err) || !make_view(store, &view, arrangement, err)) {
        filter_free(&view.filter);
        return -1;
    }
    /* The table of that number was replaced within the transaction; the entry follows only once that succeeded. */
    struct view *old = view_find(store, number);
    if (old)
        view_forget(store, old);
    MEM_ROOM(store->views, store->view_count, store->view_capacity);
    store->views[store->view_count++] = view;
    return view.count;
}

/* A sorted view would have to be made anew for each row, so it waits until somebody asks (store.h). */
int64_t store_extend(struct store *store, uint32_t number, struct err *err)
{
    struct view *view = view_find(store, number);
    if (!view) {
        err_set(err, ERR_STORE, "The arranged table is gone.");
        return -1;
    }
    if (view->sorted || view->last_id == store->count)
        return view->count;
    struct view before = *view;
    if (!store_commit(store, err))
        return -1;
    if (store_begin(store, err) && fill(store, view, NULL, err) && store_commit(store, err))
        return view->count;
    store_rollback(store);
    *view = before;
    return -1;
}

/* ---- find ---- */

/* Positions of a view to look through, from 1, first <= last. */
struct range { int64_t first, last; };

/* In order of looking: behind `from`, then the part before it; `near` cuts the first part short. */
static size_t ranges_of(int64_t count, int64_t from, bool backwards, struct range ranges[2])
{
    size_t used = 0;
    /* Clamped, so that a caller may pass the position it last saw, whatever has become of the view since. */
    int64_t start = from < 0 ? 0 : from > count ? count : from;
    struct range behind = { start + 1, count }, before = { 1, start };
    struct range order[2] = { backwards ? before : behind, backwards ? behind : before };
    for (int i = 0; i < 2; i++)
        if (order[i].first <= order[i].last)
            ranges[used++] = order[i];
    return used;
}

/* The first hit in a range, 0 = none, -1 = error. */
static int64_t look(sqlite3_stmt *statement, struct range range, struct err *err)
{
    bool found;
    int64_t position = 0;
    sqlite3_bind_int64(statement, 1, range.first);
    sqlite3_bind_int64(statement, 2, range.last);
    if (!database_next(statement, &found, err))
        return -1;
    if (found)
        position = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return position;
}

static int64_t find_by_arrival(struct store *store, const struct range *ranges, size_t count, bool backwards,
                               struct err *err)
{
    static const char *const sql[2] = {
        "SELECT id FROM rows WHERE id BETWEEN ?1 AND ?2 AND row_has(shape, cells) ORDER BY id LIMIT 1",
        "SELECT id FROM rows WHERE id BETWEEN ?1 AND ?2 AND row_has(shape, cells) ORDER BY id DESC LIMIT 1",
    };
    sqlite3_stmt *statement = database_prepare(store->database, sql[backwards], err);
    int64_t position = statement ? 0 : -1;
    for (size_t i = 0; position == 0 && i < count; i++)
        position = look(statement, ranges[i], err);
    sqlite3_finalize(statement);
    return position;
}

/* One bit for each row that has the text. NULL on error. */
static unsigned char *mark_hits(struct store *store, struct err *err)
{
    bool found = false;
    sqlite3_stmt *statement =
        database_prepare(store->database, "SELECT id FROM rows WHERE row_has(shape, cells)", err);
    /* One bit a row: 125 KB for a million of them. */
    unsigned char *hits = mem_new((size_t)store->count / 8 + 1);
    bool good = statement != NULL;
    while (good && (good = database_next(statement, &found, err)) && found) {
        int64_t id = sqlite3_column_int64(statement, 0);
        hits[id / 8] |= (unsigned char)(1u << (id % 8));
    }
    sqlite3_finalize(statement);
    if (good)
        return hits;
    free(hits);
    return NULL;
}

/* Walks a range of the view until a row that is marked. */
static int64_t look_marked(sqlite3_stmt *statement, struct range range, const unsigned char *hits, struct err *err)
{
    bool found;
    int64_t position = 0;
    sqlite3_bind_int64(statement, 1, range.first);
    sqlite3_bind_int64(statement, 2, range.last);
    while (position == 0) {
        if (!database_next(statement, &found, err))
            return -1;
        if (!found)
            break;
        int64_t id = sqlite3_column_int64(statement, 1);
        if (hits[id / 8] & (1u << (id % 8)))
            position = sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return position;
}

/* Marks once which rows match, in the order of the file, which is many times faster than looking each one up by its
   position. */
static int64_t find_far(struct store *store, uint32_t view, const struct range *ranges, size_t count, bool backwards,
                        struct err *err)
{
    static const char *const sql[2] = {
        "SELECT pos, id FROM view_%u WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos",
        "SELECT pos, id FROM view_%u WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos DESC",
    };
    unsigned char *hits = mark_hits(store, err);
    sqlite3_stmt *statement = hits ? database_prepare_view(store->database, sql[backwards], view, err) : NULL;
    int64_t position = statement ? 0 : -1;
    for (size_t i = 0; position == 0 && i < count; i++)
        position = look_marked(statement, ranges[i], hits, err);
    sqlite3_finalize(statement);
    free(hits);
    return position;
}

/* The near rows first, one by one: most searches end within a page, before marking a million rows would have paid. */
static int64_t find_in_view(struct store *store, uint32_t view, const struct range *ranges, size_t count,
                            bool backwards, struct err *err)
{
    static const char *const sql[2] = {
        "SELECT pos FROM view_%u AS v CROSS JOIN rows AS r ON r.id = v.id "
        "WHERE pos BETWEEN ?1 AND ?2 AND row_has(shape, cells) ORDER BY pos LIMIT 1",
        "SELECT pos FROM view_%u AS v CROSS JOIN rows AS r ON r.id = v.id "
        "WHERE pos BETWEEN ?1 AND ?2 AND row_has(shape, cells) ORDER BY pos DESC LIMIT 1",
    };
    /* An empty view has no first range to look near. */
    if (count == 0)
        return 0;
    struct range near = ranges[0];
    if (near.last - near.first >= FIND_NEAR && backwards)
        near.first = near.last - FIND_NEAR;
    else if (near.last - near.first >= FIND_NEAR)
        near.last = near.first + FIND_NEAR;
    sqlite3_stmt *statement = database_prepare_view(store->database, sql[backwards], view, err);
    int64_t position = statement ? look(statement, near, err) : -1;
    sqlite3_finalize(statement);
    return position != 0 ? position : find_far(store, view, ranges, count, backwards, err);
}

int64_t store_find(struct store *store, uint32_t number, struct str text, int64_t from, bool backwards,
                   struct err *err)
{
    struct range ranges[2];
    struct view *view = number ? view_find(store, number) : NULL;
    if (err)
        *err = (struct err){ .kind = ERR_NONE };
    if (number && !view) {
        err_set(err, ERR_STORE, "The arranged table is gone.");
        return -1;
    }
    if (!store_commit(store, err))
        return -1;
    size_t count = ranges_of(view ? view->count : store->count, from, backwards, ranges);
    needle_init(&store->needle, text);
    int64_t position = view ? find_in_view(store, number, ranges, count, backwards, err)
                            : find_by_arrival(store, ranges, count, backwards, err);
    /* Positions count from 1 in the table and from 0 for everybody else. */
    return position > 0 ? position - 1 : -1;
}

bool store_count_hits(struct store *store, uint32_t number, int64_t position, int64_t *place, int64_t *total)
{
    struct view *view = number ? view_find(store, number) : NULL;
    struct err ignored;
    bool found = false;
    if ((number && !view) || position < 0 || (view ? view->count : store->count) > COUNT_MOST)
        return false;
    sqlite3_stmt *statement =
        view ? database_prepare_view(store->database, "SELECT count(*), total(pos <= ?1) FROM view_%u AS v CROSS JOIN rows AS r ON r.id = v.id "
                                                      "WHERE row_has(shape, cells)", number, &ignored)
             : database_prepare(store->database, "SELECT count(*), total(id <= ?1) FROM rows WHERE row_has(shape, cells)", &ignored);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, position + 1);
    if (database_next(statement, &found, &ignored) && found) {
        *total = sqlite3_column_int64(statement, 0);
        *place = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    return found;
}
