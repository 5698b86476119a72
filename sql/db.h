/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one door to PostgreSQL. Every statement is an embedded query (sql/queries/<module>/<name>.sql
 * becomes `sql_<module>_<name>` in gen/queries.h); there is no function that takes SQL text, and
 * values travel as parameters only. Messages of the server never reach the caller's text except its
 * SQLSTATE and primary message without DETAIL (DETAIL holds key values).
 */
#ifndef MAATSTAF_SQL_DB_H
#define MAATSTAF_SQL_DB_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdbool.h>
#include <stdint.h>

struct sql_query {
    const char *name; /* "collector/claim" */
    const char *text;
    int parameters; /* number of $n */
};

struct sql_script {   /* migrations, functions, views, roles, reference files, profiles: embedded
                         files */
    const char *path; /* "sql/migrations/0001_ground.sql" */
    const char *text; /* NUL-terminated */
    uint64_t length;
};
extern const struct sql_script sql_scripts[];
extern const unsigned sql_script_count;
extern const struct sql_query
    *const sql_queries[]; /* all embedded queries, for the PREPARE-all test */
extern const unsigned sql_query_count;

/* The embedded file of that path, or NULL. */
const struct sql_script *sql_script_find(const char *path);

struct db;   /* one connection */
struct rows; /* a result; the arena's */

struct db_target {
    const char *conninfo; /* --db, or NULL for the private cluster */
    const char *home;     /* --home */
    const char
        *role; /* database role to act as: "collector", "analyst", … or NULL for the login itself */
    int64_t
        timeout_s; /* --db-timeout: most that the server may take for a statement; 0 for no end */
};

/* Opens, checks the schema version (ERR_CONFIG with the remedy when it is not this program's). */
struct db *db_open(struct arena *a, const struct db_target *target, struct err *e);

/* As db_open, by that clock_seconds(), where db_open gives it 10 s. A host's name is looked up by
 * the system in its own time. db_until then holds for the connection. */
struct db *db_open_by(struct arena *a, const struct db_target *target, double moment,
                      struct err *e);

/*
 * Every wait for the server ends: five seconds after the server itself should have ended the
 * statement (timeout_s), or at the moment of db_until. Then the call is ERR_RETRY, the outcome of
 * what was asked is unknown, and the connection is closed: open another.
 */

/* No wait goes past that clock_seconds(), whatever timeout_s allows; 0 takes it back. */
void db_until(struct db *db, double moment);

/* Whether the connection stands; an open one may still turn out to be cut off. */
bool db_usable(const struct db *db);

/* Text parameters; NULL is SQL NULL. ERR_* by SQLSTATE class. A result without rows is not an
 * error. */
const struct rows *db_query(struct db *db, struct arena *a, const struct sql_query *q,
                            const char *const *args, struct err *e);

/* Binary parameters in PostgreSQL's send format (arrays of uuid, bytea, …); results in text. */
struct sql_binary {
    const void *data; /* NULL: SQL NULL */
    size_t length;
};
const struct rows *db_query_binary(struct db *db, struct arena *a, const struct sql_query *q,
                                   const struct sql_binary *args, struct err *e);

bool db_begin(struct db *db, struct err *e);
bool db_commit(struct db *db, struct err *e); /* ERR_RETRY also when the outcome is unknown */
void db_rollback(struct db *db);              /* never fails: a lost connection rolls back too */

int rows_count(const struct rows *r);
bool rows_is_null(const struct rows *r, int row, const char *column);
const char *rows_text(const struct rows *r, int row, const char *column); /* NULL for SQL NULL */
int64_t rows_int64(const struct rows *r, int row, const char *column);    /* 0 for SQL NULL */
double rows_real(const struct rows *r, int row, const char *column);      /* NaN for SQL NULL */
bool rows_bool(const struct rows *r, int row, const char *column);
bool rows_bytes(const struct rows *r, int row, const char *column, struct arena *a,
                struct span *out); /* bytea */

/* COPY … FROM STDIN (q->text is the COPY statement). db_copy_end checks the server's count against
 * *rows sent. */
bool db_copy_begin(struct db *db, const struct sql_query *q, struct err *e);
bool db_copy_send(struct db *db, const void *data, size_t length, struct err *e);
bool db_copy_end(struct db *db, uint64_t rows, struct err *e);

/* Rows one by one, memory of one batch (a cursor inside the caller's transaction): calls
 * each(context, rows of at most 1,000). */
bool db_stream(struct db *db, const struct sql_query *q, const char *const *args,
               bool (*each)(void *context, const struct rows *r, struct err *e), void *context,
               struct err *e);

/* Sends a query whose answer comes in PostgreSQL's binary form, and does not wait: the caller works
 * on while the server does. One at a time; nothing else on this connection until db_answer. */
bool db_ask(struct db *db, const struct sql_query *q, const char *const *args, struct err *e);
const struct rows *db_answer(struct db *db, struct arena *a, struct err *e);
/* A value of such an answer, columns counted from 0; data is NULL for SQL NULL. */
struct span rows_binary(const struct rows *r, int row, int column);

#endif
