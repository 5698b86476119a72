/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What db.c, rows.c and copy.c share, and what only maatstaf-db and the migrations may do: open
 * without the check of the schema, and run a whole embedded script. Includes libpq; nothing outside
 * sql/ includes this.
 */
#ifndef MAATSTAF_SQL_DB_INTERNAL_H
#define MAATSTAF_SQL_DB_INTERNAL_H

#include "sql/db.h"

#include <libpq-fe.h>

struct db {
    PGconn *conn; /* the arena's */
    struct arena *arena;
    const struct sql_query **prepared; /* prepared on this connection */
    unsigned prepared_count, prepared_room;
    unsigned streams; /* cursors opened so far: names them */
    const struct sql_query *copying;
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

/* err_code of a SQLSTATE ("23505"). */
enum err_code sqlstate_code(const char *sqlstate);

#endif
