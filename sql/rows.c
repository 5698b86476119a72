/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reading results by column name; results that are too large to hold, a thousand rows at a time
 * through a cursor; and answers in binary form that the server prepares while the caller works.
 */
#include "sql/db_internal.h"

#include "common/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
rows_count(const struct rows *r)
{
    return PQntuples(r->result);
}

/* A column that a query does not have is a fault of the program, found by the first test of it. */
static int
column_of(const struct rows *r, int row, const char *column)
{
    const int i = PQfnumber(r->result, column);

    if (i < 0 || row < 0 || row >= PQntuples(r->result))
        err_fatal("a query result has no such row or column");
    return i;
}

bool
rows_is_null(const struct rows *r, int row, const char *column)
{
    return PQgetisnull(r->result, row, column_of(r, row, column)) != 0;
}

const char *
rows_text(const struct rows *r, int row, const char *column)
{
    const int i = column_of(r, row, column);

    return PQgetisnull(r->result, row, i) ? NULL : PQgetvalue(r->result, row, i);
}

int64_t
rows_int64(const struct rows *r, int row, const char *column)
{
    const char *const text = rows_text(r, row, column);

    return text ? (int64_t)strtoll(text, NULL, 10) : 0;
}

double
rows_real(const struct rows *r, int row, const char *column)
{
    const char *const text = rows_text(r, row, column);

    return text ? strtod(text, NULL) : (double)NAN;
}

bool
rows_bool(const struct rows *r, int row, const char *column)
{
    const char *const text = rows_text(r, row, column);

    return text && text[0] == 't';
}

bool
rows_bytes(const struct rows *r, int row, const char *column, struct arena *a, struct span *out)
{
    const char *const text = rows_text(r, row, column);

    *out = (struct span){NULL, 0};
    if (!text || text[0] != '\\' || text[1] != 'x')
        return false;

    const struct span hex = span_of(text + 2);
    uint8_t *const bytes = arena_alloc(a, hex.length / 2 + 1);

    if (!hex_parse(hex, bytes, hex.length / 2))
        return false;
    *out = (struct span){(const char *)bytes, hex.length / 2};
    return true;
}

/* ---- streams --------------------------------------------------------------------------------- */

static bool
stream_declare(struct db *db, struct arena *a, const struct sql_query *q, const char *const *args,
               const char *name, struct err *e)
{
    const char *const text = arena_printf(a, "DECLARE %s NO SCROLL CURSOR FOR %s", name, q->text);
    return db_done(db, db_exec_params(db, text, q->parameters, args, e), e) ||
           err_context(e, "query %s", q->name);
}

bool
db_stream(struct db *db, const struct sql_query *q, const char *const *args,
          bool (*each)(void *context, const struct rows *r, struct err *e), void *context,
          struct err *e)
{
    struct arena *const a = arena_child(db->arena);
    const char *const name = arena_printf(a, "stream_%u", ++db->streams);
    const char *const fetch = arena_printf(a, "FETCH 1000 FROM %s", name);
    const char *const close = arena_printf(a, "CLOSE %s", name);
    bool ok = stream_declare(db, a, q, args, name, e);
    bool more = ok;

    while (more) {
        PGresult *const result = db_exec(db, fetch, e);
        const struct rows batch = {result};

        ok = result && (PQresultStatus(result) == PGRES_TUPLES_OK || db_failed(db, result, e));
        if (!ok)
            err_context(e, "query %s", q->name);
        more = ok && PQntuples(result) > 0;
        if (more)
            more = ok = each(context, &batch, e);
        PQclear(result);
    }
    /* After an error the transaction is over and the cursor with it. */
    if (ok)
        ok = db_done(db, db_exec(db, close, e), e);
    arena_free(a);
    return ok;
}

/* ---- answers in binary form ------------------------------------------------------------------ */

bool
db_ask(struct db *db, const struct sql_query *q, const char *const *args, struct err *e)
{
    if (!db_prepare(db, q, e))
        return false;
    if (PQsendQueryPrepared(db->conn, q->name, q->parameters, args, NULL, NULL, 1) != 1)
        return db_failed(db, NULL, e) || err_context(e, "query %s", q->name);
    return db_flush(db, e) || err_context(e, "query %s", q->name);
}

const struct rows *
db_answer(struct db *db, struct arena *a, struct err *e)
{
    PGresult *const result = db_result(db, e);

    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return rows_of(a, result);
    if (result)
        db_failed(db, result, e);
    PQclear(result);
    return NULL;
}

struct span
rows_binary(const struct rows *r, int row, int column)
{
    if (PQgetisnull(r->result, row, column))
        return (struct span){NULL, 0};
    return (struct span){PQgetvalue(r->result, row, column),
                         (size_t)PQgetlength(r->result, row, column)};
}
