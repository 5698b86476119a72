/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Single registrations: handed to the committer, answered when it says what became of them. Whose
 * record it is decides the committer, on what was really decoded; the look at the envelope here is
 * for the address, which must be that of the record.
 */
#include "collector/envelope.h"
#include "collector/record.h"
#include "collector/serve_internal.h"
#include "common/log.h"
#include "common/utf8.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <string.h>

struct stop_post {
    struct post post;
    struct http_request *r;
    struct envelope envelope;
};

/* ---- what became of it ------------------------------------------------------------------------
 */

static const struct verdict {
    int status;
    const char *result; /* NULL: it is a problem: */
    const char *problem;
    unsigned retry_s;
} verdicts[] = {
    [POST_STORED] = {201, "stored", NULL, 0},
    [POST_HELD] = {200, "held", NULL, 0},
    [POST_CONFLICT] = {409, NULL, "conflict", 0},
    [POST_REFUSED] = {400, NULL, "invalid", 0},
    [POST_QUARANTINED] = {202, "quarantined", NULL, 0},
    [POST_SPOOLED] = {202, "spooled", NULL, 0},
    [POST_BUSY] = {503, NULL, "busy", 2},
};

static struct verdict
verdict_of(const struct post *p)
{
    static const enum rule_id stored[] = {RULE_R021, RULE_R022, RULE_R023, RULE_R024, RULE_R025};

    if (p->result != POST_REFUSED)
        return verdicts[p->result];
    if (p->revoked)
        return (struct verdict){401, NULL, "revoked", 0};
    if (p->foreign)
        return (struct verdict){403, NULL, "other-source", 0};
    for (unsigned i = 0; i < p->note_count; i++)
        for (unsigned k = 0; k < sizeof stored / sizeof *stored; k++)
            if (p->notes[i].rule == stored[k])
                return verdicts[POST_CONFLICT];
    return verdicts[POST_REFUSED];
}

static const json_t *
taken_json(struct arena *a, const struct post *p, const char *result, const char *location)
{
    json_t *const o = json_own(a, json_object());
    char id[37];

    json_object_set_new(o, "result", json_string(result));
    if (p->has_id) {
        uuid_text(p->stop_id, id);
        json_object_set_new(o, "stop_id", json_string(id));
    }
    if (p->ledger_entry > 0)
        json_object_set_new(o, "ledger_entry", json_integer(p->ledger_entry));
    if (p->batch_id > 0)
        json_object_set_new(o, "batch_id", json_integer(p->batch_id));
    if (location)
        json_object_set_new(o, "status_url", json_string(location));
    if (p->note_count > 0)
        json_object_set(o, "violations", problem_violations(a, p->notes, p->note_count));
    return o;
}

static void
answer_post(struct post *p)
{
    const struct stop_post *const sp = p->context;
    struct http_request *const r = sp->r;
    const struct verdict v = verdict_of(p);

    if (v.problem) {
        answer_problem(r, v.status, v.problem, p->notes,
                       p->foreign || p->revoked ? 0 : p->note_count, v.retry_s);
        return;
    }

    const char *const location =
        stop_location(r->arena, sp->envelope.source_system, sp->envelope.source_record_no);

    answer_json(r, v.status, taken_json(r->arena, p, v.result, location), location);
}

/* ---- taking -----------------------------------------------------------------------------------
 */

static void
submit(struct service *s, struct stop_post *sp)
{
    struct http_request *const r = sp->r;

    sp->post = (struct post){
        .text = r->body,
        .source = request_identity(r)->source,
        .identity = request_identity(r)->id,
        .done = answer_post,
        .context = sp,
    };
    if (!committer_submit(s->committer, &sp->post))
        answer_problem(r, 503, "busy", NULL, 0, 2);
}

static struct stop_post *
look(struct http_request *r)
{
    struct stop_post *const sp = arena_alloc(r->arena, sizeof *sp);

    sp->r = r;
    envelope_read(r->arena, r->body, &sp->envelope);
    return sp;
}

void
serve_post_stop(void *service, struct http_request *r)
{
    submit(service, look(r));
}

/* The address says whose record it is and what is done to it; the body must say the same. */
static void
take_at_address(struct service *s, struct http_request *r, const char *tx_types)
{
    struct stop_post *const sp = look(r);
    const struct envelope *const e = &sp->envelope;
    const bool kind = e->tx_type.length == 1 && strchr(tx_types, e->tx_type.data[0]);

    if (strcmp(http_parameter(r, "source"), request_identity(r)->source) != 0) {
        answer_problem(r, 403, "other-source", NULL, 0, 0);
        return;
    }
    if (!kind || !span_is(e->source_system, http_parameter(r, "source")) ||
        !span_is(e->source_record_no, http_parameter(r, "recordNo"))) {
        answer_problem(r, 400, "other-record", NULL, 0, 0);
        return;
    }
    submit(s, sp);
}

void
serve_put_stop(void *service, struct http_request *r)
{
    take_at_address(service, r, "UN");
}

void
serve_withdraw_stop(void *service, struct http_request *r)
{
    take_at_address(service, r, "W");
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static void
identify(struct arena *a, struct span source, struct span number, uint8_t id[16])
{
    struct record r = {0};

    r.v[STOP_source_system] = (struct value){.given = true, .text = utf8_nfc(a, source)};
    r.v[STOP_source_record_no] = (struct value){.given = true, .text = utf8_nfc(a, number)};
    record_identify(&r);
    memcpy(id, r.stop_id, 16);
}

static const char *
status_of(const struct rows *rows)
{
    if (rows_count(rows) == 0)
        return "unknown";
    return rows_is_null(rows, 0, "source_version") ? "quarantined" : "stored";
}

static const json_t *
status_json(struct arena *a, const char *id, const char *status, const struct rows *rows)
{
    json_t *const o = json_own(a, json_object());

    json_object_set_new(o, "status", json_string(status));
    json_object_set_new(o, "stop_id", json_string(id));
    if (!rows || rows_count(rows) == 0)
        return o;
    if (!rows_is_null(rows, 0, "source_version")) {
        json_object_set_new(o, "source_version",
                            json_integer(rows_int64(rows, 0, "source_version")));
        json_object_set_new(o, "tx_type", json_string(rows_text(rows, 0, "tx_type")));
    }
    json_object_set_new(o, "batch_id", json_integer(rows_int64(rows, 0, "batch_id")));
    json_object_set_new(o, "ledger_entry", json_integer(rows_int64(rows, 0, "ledger_entry")));
    return o;
}

void
serve_stop_status(void *service, struct http_request *r)
{
    struct service *const s = service;
    const char *const source = http_parameter(r, "source");
    uint8_t raw[16];
    char id[37];
    struct err e = {0};

    if (strcmp(source, request_identity(r)->source) != 0) {
        answer_problem(r, 403, "other-source", NULL, 0, 0);
        return;
    }
    identify(r->arena, span_of(source), span_of(http_parameter(r, "recordNo")), raw);
    uuid_text(raw, id);

    /* What waits may be a newer version than what is stored. */
    const char *const args[] = {id};
    const bool waits = committer_waiting(s->committer, raw);
    const struct rows *const rows =
        pool_query(s->pool, r->arena, &sql_collector_record_status, args, &e);

    if (!rows && !waits)
        answer_error(r, &e);
    else if (!waits && rows_count(rows) == 0 && spool_count(s->spool) > 0)
        answer_problem(r, 503, "busy", NULL, 0, 5); /* an earlier process may have spooled it */
    else
        answer_json(r, 200, status_json(r->arena, id, waits ? "spooled" : status_of(rows), rows),
                    NULL);
}
