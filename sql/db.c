/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Connections, queries and transactions. A query is prepared when it is first used; results belong
 * to the caller's arena. SQLSTATE decides what a failure means to the caller, by one table.
 */
#include "sql/db_internal.h"
#include "common/clock.h"
#include "sql/cluster.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors ---------------------------------------------------------------------------------- */

/* The longest prefix that fits decides; the caller learns what it may do,
 * not what went on inside. */
static const struct {
    const char *prefix;
    enum err_code code;
    const char *hint;
} sqlstates[] = {
    {"08", ERR_RETRY, ""},
    {"21000", ERR_INPUT, "Two rows of the input have the same key"},
    {"22", ERR_INPUT, ""},
    {"23", ERR_INPUT, ""},
    {"23505", ERR_CONFLICT, ""},
    {"23P01", ERR_CONFLICT, ""},
    {"25006", ERR_RETRY, "The database is read-only: use its primary"},
    {"28", ERR_CONFIG, "This user may not act as that role; see docs on roles"},
    {"3D", ERR_CONFIG, "Create the database with: maatstaf db init"},
    {"3F", ERR_CONFIG, "Apply the schema with: maatstaf db migrate"},
    {"40", ERR_RETRY, ""},
    {"42501", ERR_CONFIG, "This role may not do that; see docs on roles"},
    {"42P01", ERR_CONFIG, "Apply the schema with: maatstaf db migrate"},
    {"42883", ERR_CONFIG, "Apply the schema with: maatstaf db migrate"},
    {"53", ERR_RETRY, "Free disk space, memory or connections of the database server"},
    {"55000", ERR_CONFLICT, ""},
    {"55006", ERR_RETRY, ""},
    {"55P03", ERR_RETRY, ""},
    {"57", ERR_RETRY, ""},
    {"57014", ERR_RETRY, "It took longer than --db-timeout allows"},
    {"58", ERR_RETRY, "Look at the disk of the database server"},
};

/* One cause within a state that says nothing: known by the server's function, whatever language its
 * messages have. */
static const struct {
    const char *sqlstate, *function;
    enum err_code code;
    const char *hint;
} causes[] = {
    {"XX000", "internal_load_library", ERR_RETRY,
     "The server's programs were replaced under it: restart it"},
};

enum { STATES = sizeof sqlstates / sizeof sqlstates[0], CAUSES = sizeof causes / sizeof causes[0] };

static size_t
sqlstate_row(const char *sqlstate)
{
    size_t best = STATES;
    size_t length = 0;

    for (size_t i = 0; i < STATES; i++) {
        const size_t n = strlen(sqlstates[i].prefix);

        if (n > length && strncmp(sqlstate, sqlstates[i].prefix, n) == 0) {
            best = i;
            length = n;
        }
    }
    return best;
}

enum err_code
sqlstate_code(const char *sqlstate, const char *function, const char **hint)
{
    const size_t row = sqlstate_row(sqlstate);

    for (size_t i = 0; i < CAUSES; i++)
        if (function && strcmp(sqlstate, causes[i].sqlstate) == 0 &&
            strcmp(function, causes[i].function) == 0) {
            *hint = causes[i].hint;
            return causes[i].code;
        }
    *hint = row < STATES ? sqlstates[row].hint : "";
    return row < STATES ? sqlstates[row].code : ERR_INTERNAL;
}

/* First line of libpq's text about the connection, which holds no values of ours. */
static bool
connection_failed(const PGconn *conn, struct err *e)
{
    const char *const text = conn ? PQerrorMessage(conn) : "the connection was given up";
    const int length = (int)strcspn(text, "\n");

    return err_set(e, ERR_RETRY, "database: %.*s", length > 400 ? 400 : length, text);
}

bool
db_failed(struct db *db, const PGresult *result, struct err *e)
{
    const char *const state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    /* Without a state it is a failure of libpq (no memory, a failed read), not of the server. */
    if (!state)
        return PQstatus(db->conn) == CONNECTION_BAD || !result ||
                       PQresultStatus(result) == PGRES_FATAL_ERROR
                   ? connection_failed(db->conn, e)
                   : err_set(e, ERR_INTERNAL, "database: unexpected answer");

    const char *const text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *hint;
    const enum err_code code =
        sqlstate_code(state, PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION), &hint);

    /* Class 22 repeats the value that was wrong: it stays out. */
    if (strncmp(state, "22", 2) == 0)
        err_set(e, code, "database: SQLSTATE %s, a value does not fit", state);
    else
        err_set(e, code, "database: SQLSTATE %s, %.300s", state, text ? text : "");
    if (hint[0])
        err_hint(e, "%s", hint);
    return false;
}

/* ---- opening --------------------------------------------------------------------------------- */

static void
ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

static void
finish(void *db)
{
    db_give_up(db);
}

/* Seconds until a server that does not answer is given up; only for opening a connection. */
#define CONNECT_TIMEOUT_S 10.0

/* A network that is gone shows within a minute; a connection string may say otherwise. */
#define KEEPALIVE_KEYS                                                                             \
    "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"
#define KEEPALIVE_VALUES "30", "10", "3", "60000"

static PGconn *
connect_conninfo(const char *conninfo, const char *database, double seconds)
{
    /* The string wins over the keys before it, the keys after it win over the string. */
    const char *const keys[] = {KEEPALIVE_KEYS,
                                "dbname",
                                "client_encoding",
                                "fallback_application_name",
                                database ? "dbname" : NULL,
                                NULL};
    const char *const values[] = {KEEPALIVE_VALUES, conninfo, "UTF8", "maatstaf", database, NULL};

    return db_wait_connect(keys, values, 1, seconds);
}

static PGconn *
connect_private(struct arena *a, const struct db_target *target, const char *database,
                double seconds, struct err *e)
{
    struct cluster cluster;

    if (!cluster_find(a, target->home, &cluster, e) || !cluster_reachable(&cluster, e))
        return NULL;

    const char *const keys[] = {
        "host", "port", "user", "dbname", "client_encoding", "application_name", NULL};
    const char *const values[] = {cluster.socket,
                                  CLUSTER_PORT,
                                  target->role ? target->role : CLUSTER_SUPERUSER,
                                  database ? database : CLUSTER_DATABASE,
                                  "UTF8",
                                  "maatstaf",
                                  NULL};

    return db_wait_connect(keys, values, 0, seconds);
}

static struct db *
open_session(struct arena *a, const struct db_target *target, const char *database, double until,
             struct err *e)
{
    struct db *const db = arena_alloc(a, sizeof *db);
    const double seconds = until > 0 ? until - clock_seconds() : CONNECT_TIMEOUT_S;

    if (target->timeout_s < 0 || target->timeout_s > INT32_MAX / 1000) {
        err_set(e, ERR_USAGE, "--db-timeout is from 0 (no end) to %d", INT32_MAX / 1000);
        return NULL;
    }
    db->arena = a;
    db_wait_set(db, target->timeout_s);
    db_until(db, until);
    db->conn = target->conninfo ? connect_conninfo(target->conninfo, database, seconds)
                                : connect_private(a, target, database, seconds, e);
    if (!db->conn) {
        if (target->conninfo)
            err_set(e, ERR_INTERNAL, "no memory for a connection");
        return NULL;
    }
    arena_own(a, db, finish);
    if (PQstatus(db->conn) != CONNECTION_OK) {
        if (PQstatus(db->conn) == CONNECTION_BAD)
            connection_failed(db->conn, e);
        else
            err_set(e, ERR_RETRY, "database: no connection in time");
        err_hint(e, "%s",
                 target->conninfo ? "Check --db and that the server runs"
                                  : "Start the database with: maatstaf db start");
        return NULL;
    }
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);

    const char *const args[] = {target->conninfo ? target->role : NULL,
                                arena_printf(a, "%" PRId64 "s", target->timeout_s)};

    if (!db_query(db, a, &sql_db_session, args, e))
        return NULL;
    return db;
}

struct db *
db_open_unchecked(struct arena *a, const struct db_target *target, const char *database,
                  struct err *e)
{
    return open_session(a, target, database, 0, e);
}

/* Path of the last migration that this program knows. */
static const char *
last_migration(void)
{
    static const char folder[] = "sql/migrations/";
    const char *last = "";

    for (unsigned i = 0; i < sql_script_count; i++) {
        const char *const path = sql_scripts[i].path;

        if (strncmp(path, folder, sizeof folder - 1) == 0 &&
            strcmp(path + sizeof folder - 1, last) > 0)
            last = path + sizeof folder - 1;
    }
    return last;
}

struct db *
db_open(struct arena *a, const struct db_target *target, struct err *e)
{
    return db_open_by(a, target, 0, e);
}

struct db *
db_open_by(struct arena *a, const struct db_target *target, double moment, struct err *e)
{
    struct db *const db = open_session(a, target, NULL, moment, e);

    if (!db)
        return NULL;

    const struct rows *const r = db_query(db, a, &sql_db_schema_version, NULL, e);

    if (!r) {
        if (e->code == ERR_CONFIG)
            err_hint(e, "Apply the schema with: maatstaf db migrate");
        return NULL;
    }

    const char *const version = rows_is_null(r, 0, "version") ? "" : rows_text(r, 0, "version");
    const int order = strcmp(version, last_migration());

    if (order == 0)
        return db;
    err_set(e, ERR_CONFIG, "the database is at schema %s, this program needs %s",
            version[0] ? version : "nothing", last_migration());
    err_hint(e, "%s",
             order < 0 ? "Bring it up to date with: maatstaf db migrate"
                       : "Use the newer program that migrated it");
    return NULL;
}

/* ---- queries --------------------------------------------------------------------------------- */

static void
clear(void *result)
{
    PQclear(result);
}

const struct rows *
rows_of(struct arena *a, PGresult *result)
{
    struct rows *const r = arena_alloc(a, sizeof *r);

    r->result = arena_own(a, result, clear);
    return r;
}

bool
db_prepare(struct db *db, const struct sql_query *q, struct err *e)
{
    for (unsigned i = 0; i < db->prepared_count; i++)
        if (db->prepared[i] == q)
            return true;

    if (!db_done(db, db_exec_prepare(db, q, e), e))
        return err_context(e, "query %s", q->name);
    if (db->prepared_count == db->prepared_room) {
        const unsigned room = db->prepared_room ? 2 * db->prepared_room : 32;
        const struct sql_query **const wider =
            arena_array(db->arena, room, sizeof(const struct sql_query *));

        for (unsigned i = 0; i < db->prepared_count; i++)
            wider[i] = db->prepared[i];
        db->prepared = wider;
        db->prepared_room = room;
    }
    db->prepared[db->prepared_count++] = q;
    return true;
}

static const struct rows *
query_result(struct db *db, struct arena *a, const struct sql_query *q, PGresult *result,
             struct err *e)
{
    const ExecStatusType status = PQresultStatus(result);

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return rows_of(a, result);
    if (result)
        db_failed(db, result, e);
    PQclear(result);
    err_context(e, "query %s", q->name);
    return NULL;
}

const struct rows *
db_query(struct db *db, struct arena *a, const struct sql_query *q, const char *const *args,
         struct err *e)
{
    if (!db_prepare(db, q, e))
        return NULL;
    return query_result(db, a, q, db_exec_prepared(db, q, args, NULL, NULL, e), e);
}

const struct rows *
db_query_binary(struct db *db, struct arena *a, const struct sql_query *q,
                const struct sql_binary *args, struct err *e)
{
    const size_t n = (size_t)q->parameters;
    const char **const values = arena_array(a, n, sizeof(const char *));
    int *const lengths = arena_array(a, n, sizeof(int));
    int *const formats = arena_array(a, n, sizeof(int));

    for (size_t i = 0; i < n; i++) {
        if (args[i].length > INT32_MAX) {
            err_set(e, ERR_INPUT, "query %s: parameter %zu is too long", q->name, i + 1);
            return NULL;
        }
        /* An empty value is not NULL. */
        values[i] = args[i].data && args[i].length == 0 ? "" : args[i].data;
        lengths[i] = (int)args[i].length;
        formats[i] = 1;
    }
    if (!db_prepare(db, q, e))
        return NULL;
    return query_result(db, a, q, db_exec_prepared(db, q, values, lengths, formats, e), e);
}

bool
db_script(struct db *db, const struct sql_script *script, struct err *e)
{
    PGresult *const result = db_exec(db, script->text, e);
    const ExecStatusType status = PQresultStatus(result);
    const char *const at = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    unsigned line = 1;
    bool ok = true;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        for (long i = at ? strtol(at, NULL, 10) - 1 : 0; i-- > 0;)
            line += script->text[i] == '\n';
        ok = result && db_failed(db, result, e);
        err_context(e, "%s line %u", script->path, line);
    }
    PQclear(result);
    return ok;
}

const struct sql_script *
sql_script_find(const char *path)
{
    for (unsigned i = 0; i < sql_script_count; i++)
        if (strcmp(sql_scripts[i].path, path) == 0)
            return &sql_scripts[i];
    return NULL;
}

/* ---- transactions ---------------------------------------------------------------------------- */

bool
db_done(struct db *db, PGresult *result, struct err *e)
{
    const bool ok =
        result && (PQresultStatus(result) == PGRES_COMMAND_OK || db_failed(db, result, e));

    PQclear(result);
    return ok;
}

bool
db_begin(struct db *db, struct err *e)
{
    return db_done(db, db_exec(db, "BEGIN", e), e);
}

bool
db_commit(struct db *db, struct err *e)
{
    PGresult *const result = db_exec(db, "COMMIT", e);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

    if (result && !ok)
        db_failed(db, result, e);
    else if (ok && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        /* A transaction that failed before answers COMMIT with ROLLBACK. */
        ok = err_set(e, ERR_INTERNAL, "the transaction had failed and was rolled back");
    if (!ok && !db_usable(db))
        e->code = ERR_RETRY;
    PQclear(result);
    return ok;
}

void
db_rollback(struct db *db)
{
    struct err e;

    /* Whatever cannot be rolled back by word is by the end of its session. */
    if (!db_done(db, db_exec(db, "ROLLBACK", &e), &e))
        db_give_up(db);
}
