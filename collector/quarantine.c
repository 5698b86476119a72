/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A sealed record is four parts: form, profile and header, each on a line, then the record as
 * delivered; store_tally.c writes them. Retrying is an ordinary import of that one record: a crash
 * between its commit and the settling is healed by retrying again, which finds it held already.
 */
#include "collector/quarantine.h"
#include "collector/store.h"

#include <inttypes.h>
#include <string.h>

#include "gen/queries.h"

bool
quarantine_list(struct db *db, struct arena *a, const char *status, struct strbuf *out,
                struct err *e)
{
    const char *const args[] = {status};
    const struct rows *const r = db_query(db, a, &sql_collector_quarantine_list, args, e);

    if (!r)
        return false;
    for (int i = 0; i < rows_count(r); i++) {
        const char *const why = rows_text(r, i, "why");

        strbuf_printf(out,
                      "%8" PRId64 "  %-8s %s  batch %" PRId64 " line %" PRId64 "  %s  %s%s%s\n",
                      rows_int64(r, i, "quarantine_id"), rows_text(r, i, "status"),
                      rows_text(r, i, "changed_at"), rows_int64(r, i, "batch_id"),
                      rows_int64(r, i, "line"), rows_text(r, i, "source_system"),
                      rows_text(r, i, "codes"), why ? "  " : "", why ? why : "");
    }
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool
cut_line(struct arena *a, struct span *rest, const char **line)
{
    const char *const end = memchr(rest->data, '\n', rest->length);

    if (!end)
        return false;

    const size_t length = (size_t)(end - rest->data);

    *line = arena_strndup(a, rest->data, length);
    rest->data += length + 1;
    rest->length -= length + 1;
    return true;
}

static bool
open_sealed(struct arena *a, struct span sealed, const uint8_t key[KEY_BYTES], struct held *h,
            struct err *e)
{
    const struct span context = quarantine_context(a, h->batch_id, h->line);
    const char *header = "";
    struct span plain;

    if (!unseal(a, key, sealed, context, &plain, e))
        return err_context(e, "quarantined record %" PRId64, h->id);
    if (!cut_line(a, &plain, &h->form) || !cut_line(a, &plain, &h->profile) ||
        !cut_line(a, &plain, &header))
        return err_set(e, ERR_INTERNAL, "quarantined record %" PRId64 " is not as it was written",
                       h->id);
    h->header = span_of(header);
    h->raw = plain;
    return true;
}

bool
quarantine_open(struct db *db, struct arena *a, int64_t id, const char *why,
                const uint8_t key[KEY_BYTES], struct held *h, struct err *e)
{
    const char *const args[] = {arena_printf(a, "%" PRId64, id), why};
    const struct rows *const r = db_query(db, a, &sql_collector_quarantine_show, args, e);
    struct span sealed;

    if (!r)
        return false;
    if (rows_count(r) == 0)
        return err_set(e, ERR_INPUT, "there is no quarantined record %" PRId64, id);
    if (rows_is_null(r, 0, "sealed") || !rows_bytes(r, 0, "sealed", a, &sealed))
        return err_set(e, ERR_INPUT, "quarantined record %" PRId64 " was %s: its content is gone",
                       id, rows_text(r, 0, "status"));
    *h = (struct held){.id = id,
                       .batch_id = rows_int64(r, 0, "batch_id"),
                       .line = rows_int64(r, 0, "line"),
                       .source_system = rows_text(r, 0, "source_system"),
                       .codes = rows_text(r, 0, "codes")};
    return open_sealed(a, sealed, key, h, e);
}

/* ---- settling -------------------------------------------------------------------------------- */

static bool
settle(struct db *db, struct arena *a, const struct sql_query *q, int64_t id, const char *why,
       struct err *e)
{
    const char *const args[] = {arena_printf(a, "%" PRId64, id), why};
    const struct rows *const r = db_query(db, a, q, args, e);

    if (!r)
        return false;
    if (!rows_bool(r, 0, "done"))
        return err_set(e, ERR_INPUT, "quarantined record %" PRId64 " is not held", id);
    return true;
}

bool
quarantine_drop(struct db *db, struct arena *a, int64_t id, const char *why, struct err *e)
{
    return settle(db, a, &sql_collector_quarantine_drop, id, why, e);
}

/* The record as a file of its own, with the line ends that it was delivered with. */
static struct span
as_file(struct arena *a, const struct held *h)
{
    const bool crlf =
        h->raw.length > 1 && strstr(arena_strndup(a, h->raw.data, h->raw.length), "\r\n");
    const char *const end = crlf ? "\r\n" : "\n";
    struct strbuf *const b = strbuf_new(a, h->header.length + h->raw.length + 16);

    if (h->header.length > 0) {
        strbuf_add(b, h->header.data, h->header.length);
        strbuf_add_text(b, end);
    }
    strbuf_add(b, h->raw.data, h->raw.length);
    if (h->raw.length > 0 && h->raw.data[h->raw.length - 1] != '\n')
        strbuf_add_text(b, end);
    return (struct span){b->data, b->length};
}

static bool
would_pass(const struct report *r)
{
    return r->status != BATCH_REFUSED && r->received > 0 &&
           r->received == r->accepted + r->duplicate;
}

bool
quarantine_retry(const struct import *im, struct arena *a, const struct held *h, const char *why,
                 struct report **report, struct err *e)
{
    const struct span bytes = as_file(a, h);
    const char *const name = arena_printf(a, "quarantine-%" PRId64, h->id);
    struct import take = *im;

    take.again = true;

    struct import trial = take;

    trial.dry_run = true;
    if (!import_bytes(&trial, a, bytes, name, report, e))
        return false;
    if (!would_pass(*report)) {
        (*report)->status = BATCH_HELD;
        return true;
    }
    if (!import_bytes(&take, a, bytes, name, report, e))
        return false;
    return !would_pass(*report) ||
           settle(im->db, a, &sql_collector_quarantine_retried, h->id, why, e);
}
