/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * COPY into a table by an embedded query. What the server says it stored is held against the
 * number of rows that the caller sent.
 */
#include "sql/db_internal.h"

#include <inttypes.h>
#include <string.h>

/* Handed over at once, and held back at most while the server does not take it. */
enum { PART_BYTES = 1 << 18 };

bool
db_copy_begin(struct db *db, const struct sql_query *q, struct err *e)
{
    PGresult *const result = db_exec(db, q->text, e);
    const bool ok = result && (PQresultStatus(result) == PGRES_COPY_IN || db_failed(db, result, e));

    PQclear(result);
    if (!ok)
        return err_context(e, "copy %s", q->name);
    db->copying = q;
    db->unsent = 0;
    return true;
}

static bool
put(struct db *db, const char *bytes, int length, struct err *e)
{
    const int taken = PQputCopyData(db->conn, bytes, length);

    if (taken < 0)
        return db_failed(db, NULL, e);
    db->unsent += (size_t)length;
    if (taken == 1 && db->unsent < PART_BYTES)
        return true;
    db->unsent = 0;
    return db_flush(db, e) && (taken == 1 || put(db, bytes, length, e));
}

bool
db_copy_send(struct db *db, const void *data, size_t length, struct err *e)
{
    const char *bytes = data;

    while (length > 0) {
        const int part = length > PART_BYTES ? PART_BYTES : (int)length;

        if (!put(db, bytes, part, e))
            return err_context(e, "copy %s", db->copying ? db->copying->name : "");
        bytes += part;
        length -= (size_t)part;
    }
    return true;
}

bool
db_copy_end(struct db *db, uint64_t rows, struct err *e)
{
    const char *const name = db->copying ? db->copying->name : "";

    db->copying = NULL;
    if (PQputCopyEnd(db->conn, NULL) < 0)
        return db_failed(db, NULL, e) || err_context(e, "copy %s", name);

    PGresult *const result = db_result(db, e);
    bool ok = result && (PQresultStatus(result) == PGRES_COMMAND_OK || db_failed(db, result, e));
    int64_t stored = -1;

    if (ok && (!span_int64(span_of(PQcmdTuples(result)), 0, INT64_MAX, &stored) ||
               (uint64_t)stored != rows))
        ok = err_set(e, ERR_INTERNAL, "%" PRIu64 " rows were sent and %" PRId64 " stored", rows,
                     stored);
    PQclear(result);
    return ok || err_context(e, "copy %s", name);
}
