/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Waiting for the server, with an end to it. A server that is stopped, or behind a network that
 * swallows, answers neither a statement nor a cancellation: so libpq is used without blocking and
 * every wait is a poll() up to a deadline of our own. When it passes the connection is closed,
 * since nobody knows what would still come over it. What a statement means is not known here.
 */
#include "sql/db_internal.h"

#include "common/clock.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <string.h>

enum { GRACE_S = 5 }; /* after the server's own statement_timeout should have answered */

/* ---- deadlines ------------------------------------------------------------------------------- */

void
db_wait_set(struct db *db, int64_t timeout_s)
{
    db->wait_s = timeout_s > 0 ? (double)(timeout_s + GRACE_S) : 0;
}

void
db_until(struct db *db, double moment)
{
    db->until = moment;
}

/* For a wait that begins now; 0: none. */
static double
deadline_of(const struct db *db)
{
    const double own = db->wait_s > 0 ? clock_seconds() + db->wait_s : 0;

    if (own <= 0 || (db->until > 0 && db->until < own))
        return db->until;
    return own;
}

/* Until the socket is ready, whatever the interruptions; false when the deadline has passed. */
static bool
wait_socket(int fd, short events, double deadline)
{
    struct pollfd p = {.fd = fd, .events = events};

    for (;;) {
        const double left = deadline > 0 ? deadline - clock_seconds() : 0;
        const int ms = deadline <= 0 ? -1 : left <= 0 ? 0 : (int)ceil(fmin(left, 1e6) * 1e3);
        const int ready = poll(&p, 1, ms);

        if (ready > 0)
            return true;
        if (ready == 0 && ms <= 0)
            return false;
        if (ready < 0 && errno != EINTR && errno != EAGAIN)
            return false;
    }
}

/* ---- connecting ------------------------------------------------------------------------------ */

PGconn *
db_wait_connect(const char *const *keys, const char *const *values, int expand, double seconds)
{
    PGconn *const conn = PQconnectStartParams(keys, values, expand);
    const double deadline = clock_seconds() + seconds;
    PostgresPollingStatusType want = PGRES_POLLING_WRITING;

    while (conn && PQstatus(conn) != CONNECTION_BAD && want != PGRES_POLLING_OK &&
           want != PGRES_POLLING_FAILED) {
        const short events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT;

        if (!wait_socket(PQsocket(conn), events, deadline))
            break;
        want = PQconnectPoll(conn);
    }
    if (conn)
        (void)PQsetnonblocking(conn, 1);
    return conn;
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool
too_late(struct db *db, struct err *e)
{
    db_give_up(db);
    err_set(e, ERR_RETRY, "database: no answer in time");
    return err_hint(e, "Look whether the server runs and is not stopped or cut off");
}

void
db_give_up(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->copying = NULL;
    db->prepared_count = 0;
}

bool
db_usable(const struct db *db)
{
    return PQstatus(db->conn) == CONNECTION_OK;
}

/* What was handed to libpq is with the server, and while that takes its answers are read. */
bool
db_flush(struct db *db, struct err *e)
{
    const double deadline = deadline_of(db);
    int unsent;

    while ((unsent = PQflush(db->conn)) == 1) {
        if (!wait_socket(PQsocket(db->conn), POLLIN | POLLOUT, deadline))
            return too_late(db, e);
        if (PQconsumeInput(db->conn) != 1)
            return db_failed(db, NULL, e);
    }
    return unsent == 0 || db_failed(db, NULL, e);
}

/* The next result is there, or the end of them. */
static bool
result_ready(struct db *db, double deadline, struct err *e)
{
    while (PQisBusy(db->conn)) {
        if (!wait_socket(PQsocket(db->conn), POLLIN, deadline))
            return too_late(db, e);
        if (PQconsumeInput(db->conn) != 1)
            return db_failed(db, NULL, e);
    }
    return true;
}

static bool
is_error(const PGresult *r)
{
    return r && PQresultStatus(r) == PGRES_FATAL_ERROR;
}

PGresult *
db_result(struct db *db, struct err *e)
{
    const double deadline = deadline_of(db);
    PGresult *last = NULL;

    if (!db_flush(db, e))
        return NULL;
    for (;;) {
        /* A session that was ended says why before its socket closes: that is the answer. */
        if (!result_ready(db, deadline, e))
            return last;

        PGresult *const next = PQgetResult(db->conn);

        if (!next)
            break;
        if (is_error(last)) {
            PQclear(next);
        } else {
            PQclear(last);
            last = next;
        }
        if (PQresultStatus(last) == PGRES_COPY_IN || PQstatus(db->conn) == CONNECTION_BAD)
            return last;
    }
    if (!last)
        db_failed(db, NULL, e);
    return last;
}

/* ---- questions ------------------------------------------------------------------------------- */

/* What an earlier statement left unfinished is ended first: a COPY, an answer nobody fetched. */
static bool
settle(struct db *db, struct err *e)
{
    while (PQtransactionStatus(db->conn) == PQTRANS_ACTIVE) {
        PGresult *const r = db_result(db, e);

        if (!r)
            return false;
        if (PQresultStatus(r) == PGRES_COPY_IN)
            (void)PQputCopyEnd(db->conn, "given up");
        PQclear(r);
    }
    db->copying = NULL;
    return true;
}

static PGresult *
answer(struct db *db, int sent, struct err *e)
{
    if (sent == 1)
        return db_result(db, e);
    db_failed(db, NULL, e);
    return NULL;
}

PGresult *
db_exec(struct db *db, const char *text, struct err *e)
{
    return settle(db, e) ? answer(db, PQsendQuery(db->conn, text), e) : NULL;
}

PGresult *
db_exec_params(struct db *db, const char *text, int count, const char *const *args, struct err *e)
{
    return settle(db, e)
               ? answer(db, PQsendQueryParams(db->conn, text, count, NULL, args, NULL, NULL, 0), e)
               : NULL;
}

PGresult *
db_exec_prepare(struct db *db, const struct sql_query *q, struct err *e)
{
    return settle(db, e) ? answer(db, PQsendPrepare(db->conn, q->name, q->text, 0, NULL), e) : NULL;
}

PGresult *
db_exec_prepared(struct db *db, const struct sql_query *q, const char *const *values,
                 const int *lengths, const int *formats, struct err *e)
{
    return settle(db, e) ? answer(db,
                                  PQsendQueryPrepared(db->conn, q->name, q->parameters, values,
                                                      lengths, formats, 0),
                                  e)
                         : NULL;
}
