#include "results/database.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define BUSY_TIMEOUT_MS 5000

/* Measured with tests/bench/bench_store. 16 KiB pages make a scan a fifth faster than 8 KiB. The caches are small on
   purpose, the kernel's page cache holds the file anyway; the writer's also sets the size of sorted runs, and runs of
   8 MiB sort faster than larger ones. One helping thread takes a third off a sort. */
static const char writer_setup[] =
    "PRAGMA page_size = 16384;"
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA temp_store = FILE;"
    "PRAGMA cache_size = -8192;"
    "PRAGMA threads = 1;"
    "PRAGMA wal_autocheckpoint = 1024;"
    "PRAGMA journal_size_limit = 33554432;";

static const char reader_setup[] =
    "PRAGMA query_only = ON;"
    "PRAGMA cache_size = -2048;";

bool database_failed(sqlite3 *database, struct err *err)
{
    /* The message is SQLite's own and may be long; err_set cuts it. */
    int code = database ? sqlite3_extended_errcode(database) : SQLITE_NOMEM;
    err_set(err, ERR_STORE, "The results could not be kept in their file: %s.",
            database ? sqlite3_errmsg(database) : sqlite3_errstr(code));
    if ((code & 0xff) == SQLITE_FULL)
        err_advise(err, "The disk is full. Free some room, or set TMPDIR to a directory that has more.");
    else
        err_advise(err, "Check the directory for temporary files (TMPDIR), then run the cmdlet again.");
    return false;
}

sqlite3 *database_open(const char *path, enum database_role role, struct err *err)
{
    sqlite3 *database = NULL;
    /* NOMUTEX: each connection belongs to one thread, the writer's to the engine, the reader's to the front end. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    const char *setup = role == DATABASE_WRITER ? writer_setup : reader_setup;

    if (sqlite3_open_v2(path, &database, flags, NULL) != SQLITE_OK) {
        database_failed(database, err);
        sqlite3_close(database);
        return NULL;
    }
    sqlite3_busy_timeout(database, BUSY_TIMEOUT_MS);
    /* The file is unlinked at the end: folding the log into it first would be work for nothing. */
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!database_run(database, setup, err)) {
        sqlite3_close(database);
        return NULL;
    }
    return database;
}

void database_close(sqlite3 *database)
{
    sqlite3_close(database);
}

/* Only for texts of our own; values always go through bind. */
bool database_run(sqlite3 *database, const char *sql, struct err *err)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        return database_failed(database, err);
    return true;
}

sqlite3_stmt *database_prepare(sqlite3 *database, const char *sql, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    /* PERSISTENT, because these live as long as their connection. */
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        database_failed(database, err);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *database_prepare_view(sqlite3 *database, const char *format, uint32_t view, struct err *err)
{
    char *sql = sqlite3_mprintf(format, view);
    sqlite3_stmt *statement = database_prepare(database, sql, err);
    sqlite3_free(sql);
    return statement;
}

/* Resetting at once ends a reader's transaction, so that the log can start over. */
bool database_step(sqlite3_stmt *statement, struct err *err)
{
    bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done)
        database_failed(sqlite3_db_handle(statement), err);
    sqlite3_reset(statement);
    return done;
}

bool database_next(sqlite3_stmt *statement, bool *has_row, struct err *err)
{
    int code = sqlite3_step(statement);
    *has_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        database_failed(sqlite3_db_handle(statement), err);
    sqlite3_reset(statement);
    return code == SQLITE_DONE;
}
