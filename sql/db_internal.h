/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What db.c, db_wait.c, rows.c and copy.c share, and what only maatstaf-db and the migrations may
 * do: open without the check of the schema, and run a whole embedded script. Includes libpq;
 * nothing outside sql/ includes this.
 */
#ifndef MAATSTAF_SQL_DB_INTERNAL_H
#define MAATSTAF_SQL_DB_INTERNAL_H

#include "sql/db.h"

#include <libpq-fe.h>

struct db {
    PGconn *conn; /* NULL once it was given up */
    struct arena *arena;
    double wait_s;                     /* most that one wait may take; 0: no end */
    double until;                      /* clock_seconds() that no wait goes past; 0: none */
    const struct sql_query **prepared; /* prepared on this connection */
    unsigned prepared_count, prepared_room;
    unsigned streams; /* cursors opened so far: names them */
    const struct sql_query *copying;
    size_t unsent; /* bytes of a COPY since the last flush, at most */
};

struct rows {
    PGresult *result; /* the arena's */
};

/* As db_open, without looking at the schema; database NULL means the target's own. */
struct db *db_open_unchecked(struct arena *a, const struct db_target *target, const char *database,
                             struct err *e);

/* Runs all statements of an embedded script; e names file and line. */
bool db_script(struct db *db, const struct sql_script *script, struct err *e);

/* Fills e from a failed result (NULL: the connection's own error). Always false. */
bool db_failed(struct db *db, const PGresult *result, struct err *e);

/* Prepares q unless it is prepared on this connection. */
bool db_prepare(struct db *db, const struct sql_query *q, struct err *e);

/* Wraps a result for the arena. */
const struct rows *rows_of(struct arena *a, PGresult *result);

/* ---- db_wait.c: no wait without an end ------------------------------------------------------- */

/* The end of each wait from now on, after what the server has for a statement; 0: none. */
void db_wait_set(struct db *db, int64_t timeout_s);

/* As PQconnectdbParams, for at most so long; then the status is neither OK nor BAD. */
PGconn *db_wait_connect(const char *const *keys, const char *const *values, int expand,
                        double seconds);

/* Closes the connection: every later call fails with ERR_RETRY. */
void db_give_up(struct db *db);

bool db_flush(struct db *db, struct err *e);

/*
 * The answer to what was sent: its last result, the first error, or the start of a COPY. NULL with
 * e set when there is none; the caller clears it.
 */
PGresult *db_result(struct db *db, struct err *e);

/* Sends a statement, after what an earlier one left unfinished, and waits for its answer. */
PGresult *db_exec(struct db *db, const char *text, struct err *e);
PGresult *db_exec_params(struct db *db, const char *text, int count, const char *const *args,
                         struct err *e);
PGresult *db_exec_prepare(struct db *db, const struct sql_query *q, struct err *e);
PGresult *db_exec_prepared(struct db *db, const struct sql_query *q, const char *const *values,
                           const int *lengths, const int *formats, struct err *e);

/* Whether a command without rows went through; clears its result (NULL: e is set already). */
bool db_done(struct db *db, PGresult *result, struct err *e);

/* err_code of a SQLSTATE ("23505") that a function of the server raised (or NULL), and its hint. */
enum err_code sqlstate_code(const char *sqlstate, const char *function, const char **hint);

#endif
