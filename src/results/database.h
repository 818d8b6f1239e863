/* SQLite as this directory uses it: opening the two kinds of connection, preparing, and errors in plain words. */
#ifndef PURVEY_RESULTS_DATABASE_H
#define PURVEY_RESULTS_DATABASE_H

#include <sqlite3.h>

#include "base/err.h"

enum database_role { DATABASE_WRITER, DATABASE_READER };

/* Opens an existing file (an empty one for the writer). NULL on error (ERR_STORE). */
sqlite3 *database_open(const char *path, enum database_role role, struct err *err) MUST_USE;
void database_close(sqlite3 *database);                  /* NULL is fine */

bool database_run(sqlite3 *database, const char *sql, struct err *err) MUST_USE;
/* A statement that lives as long as its connection. NULL on error. The caller finalizes it. */
sqlite3_stmt *database_prepare(sqlite3 *database, const char *sql, struct err *err) MUST_USE;
/* The same for SQL made from a format with one %u, the number of a view. */
sqlite3_stmt *database_prepare_view(sqlite3 *database, const char *format, uint32_t view, struct err *err) MUST_USE;

/* Runs a statement that returns no rows and resets it. */
bool database_step(sqlite3_stmt *statement, struct err *err) MUST_USE;
/* Fetches the next row: *has_row is false at the end, and the statement is then reset. */
bool database_next(sqlite3_stmt *statement, bool *has_row, struct err *err) MUST_USE;

/* Says what went wrong last on this connection. Always false. */
bool database_failed(sqlite3 *database, struct err *err);

#endif
