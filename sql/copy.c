/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * COPY into a table by an embedded query. What the server says it stored is held against the
 * number of rows that the caller sent.
 */
#include "sql/db_internal.h"

#include <inttypes.h>
#include <string.h>

bool
db_copy_begin(struct db *db, const struct sql_query *q, struct err *e)
{
    PGresult *const result = PQexec(db->conn, q->text);
    const bool ok = PQresultStatus(result) == PGRES_COPY_IN || db_failed(db, result, e);

    PQclear(result);
    if (!ok)
        return err_context(e, "copy %s", q->name);
    db->copying = q;
    return true;
}

bool
db_copy_send(struct db *db, const void *data, size_t length, struct err *e)
{
    const char *bytes = data;

    while (length > 0) {
        const int part = length > (1 << 20) ? 1 << 20 : (int)length;

        if (PQputCopyData(db->conn, bytes, part) != 1)
            return db_failed(db, NULL, e) ||
                   err_context(e, "copy %s", db->copying ? db->copying->name : "");
        bytes += part;
        length -= (size_t)part;
    }
    return true;
}

/* Reads on to the end of the copy's results, so that the connection can be used again. */
static PGresult *
copy_result(struct db *db)
{
    PGresult *const first = PQgetResult(db->conn);
    PGresult *more;

    while ((more = PQgetResult(db->conn)))
        PQclear(more);
    return first;
}

bool
db_copy_end(struct db *db, uint64_t rows, struct err *e)
{
    const char *const name = db->copying ? db->copying->name : "";

    db->copying = NULL;
    if (PQputCopyEnd(db->conn, NULL) != 1)
        return db_failed(db, NULL, e) || err_context(e, "copy %s", name);

    PGresult *const result = copy_result(db);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK || db_failed(db, result, e);
    int64_t stored = -1;

    if (ok && (!span_int64(span_of(PQcmdTuples(result)), 0, INT64_MAX, &stored) ||
               (uint64_t)stored != rows))
        ok = err_set(e, ERR_INTERNAL, "%" PRIu64 " rows were sent and %" PRId64 " stored", rows,
                     stored);
    PQclear(result);
    return ok || err_context(e, "copy %s", name);
}
