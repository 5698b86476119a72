/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts that come in beside registrations, and what a sender may ask about: code lists and gaps.
 * Everything is of the sender's own source system.
 */
#include "collector/codes.h"
#include "collector/form.h"
#include "collector/serve_internal.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <string.h>

enum { BODY_MOST = 8 * 1024 * 1024, MONTHS_MOST = 36, GAP_MONTHS = 3, GAP_LEAST = 50 };
#define CODE_SET "2026.1" /* the version of code lists that the decoder takes */

/* ---- counts that come in ------------------------------------------------------------------------
 */

struct delivery {
    const char *source, *rows;
    char sha256[2 * DIGEST_BYTES + 1];
};

/* The SHA-256 is of the canonical form: the same counts in another order of keys are the same. */
static bool
read_delivery(struct http_request *r, const struct form *form, struct delivery *out)
{
    struct findings found;
    json_t *const rows = form_read(r->arena, form, r->body, &found);
    struct strbuf *const text = strbuf_new(r->arena, BODY_MOST);
    uint8_t digest[DIGEST_BYTES];

    if (!rows) {
        answer_problem(r, 400, "invalid", found.list, found.count, 0);
        return false;
    }
    json_write(text, rows, JSON_CANONICAL);
    sha256_of(text->data, text->length, digest);
    hex_of(digest, sizeof digest, out->sha256);
    out->source = request_identity(r)->source;
    out->rows = text->data;
    return true;
}

static void
answer_counted(struct http_request *r, const struct delivery *d, bool fresh)
{
    json_t *const o = json_own(r->arena, json_object());

    json_object_set_new(o, "result", json_string(fresh ? "stored" : "held"));
    json_object_set_new(o, "sha256", json_string(d->sha256));
    answer_json(r, fresh ? 201 : 200, o, NULL);
}

/* Two rows of one key, or a period that ends before it begins, are found by the database. */
static void
answer_refusal(struct http_request *r, const struct form *form, const struct err *e)
{
    const struct finding why = {.rule = RULE_R013,
                                .field = arena_printf(r->arena, "/%s", form->list)};

    if (e->code == ERR_INPUT || e->code == ERR_CONFLICT)
        answer_problem(r, 400, "invalid", &why, 1, 0);
    else
        answer_error(r, e);
}

void
serve_control_totals(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct delivery d;
    struct err e = {0};

    if (!read_delivery(r, &form_control_totals, &d))
        return;

    const char *const args[] = {d.source, "by HTTP", d.sha256, d.rows};
    const struct rows *const rows =
        pool_query(s->pool, r->arena, &sql_collector_add_control_totals, args, &e);

    if (!rows)
        answer_refusal(r, &form_control_totals, &e);
    else
        answer_counted(r, &d, !rows_is_null(rows, 0, "load_id"));
}

/* Cells that name nothing known. */
static void
answer_unknown(struct http_request *r, const struct rows *rows)
{
    struct findings found;

    findings_clear(&found, r->arena);
    for (int i = 0; i < rows_count(rows); i++)
        finding_add(&found, RULE_R012,
                    arena_printf(r->arena, "/cells/%" PRId64 "/%s", rows_int64(rows, i, "ord") - 1,
                                 rows_text(rows, i, "field")),
                    0);
    answer_problem(r, 400, "invalid", found.list, found.count, 0);
}

void
serve_aggregates(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct delivery d;
    struct err e = {0};

    if (!read_delivery(r, &form_aggregates, &d))
        return;

    const char *const args[] = {d.source, d.sha256, d.rows};
    const struct rows *const rows =
        pool_query(s->pool, r->arena, &sql_collector_add_aggregates, args, &e);

    if (!rows)
        answer_refusal(r, &form_aggregates, &e);
    else if (rows_count(rows) > 0 && !rows_is_null(rows, 0, "ord"))
        answer_unknown(r, rows);
    else
        answer_counted(r, &d, !rows_is_null(rows, 0, "delivery_id"));
}

/* ---- code lists ---------------------------------------------------------------------------------
 */

static void
set_day(json_t *o, const char *name, const struct rows *rows, int i)
{
    char text[16];

    if (rows_is_null(rows, i, name))
        return;
    date_text(rows_int64(rows, i, name), text);
    json_object_set_new(o, name, json_string(text));
}

static json_t *
code_json(const struct rows *rows, int i)
{
    json_t *const o = json_object();

    json_object_set_new(o, "code", json_string(rows_text(rows, i, "code")));
    json_object_set_new(o, "label_nl", json_string(rows_text(rows, i, "label_nl")));
    json_object_set_new(o, "label_en", json_string(rows_text(rows, i, "label_en")));
    set_day(o, "valid_from", rows, i);
    set_day(o, "valid_to", rows, i);
    return o;
}

/* Lists of other sources ("list:source") are not for who delivers here. */
static json_t *
lists_json(struct arena *a, const struct rows *rows)
{
    json_t *const lists = json_own(a, json_object());

    for (int i = 0; i < rows_count(rows); i++) {
        const char *const list = rows_text(rows, i, "list");

        if (strchr(list, ':'))
            continue;
        if (!json_object_get(lists, list))
            json_object_set_new(lists, list, json_array());
        json_array_append_new(json_object_get(lists, list), code_json(rows, i));
    }
    return lists;
}

void
serve_code_set(void *service, struct http_request *r)
{
    struct service *const s = service;
    json_t *const o = json_own(r->arena, json_object());
    struct err e = {0};

    if (strcmp(http_parameter(r, "version"), CODE_SET) != 0) {
        answer_problem(r, 404, "not-found", NULL, 0, 0);
        return;
    }

    const struct rows *const rows = pool_query(s->pool, r->arena, &sql_collector_codes, NULL, &e);

    if (!rows) {
        answer_error(r, &e);
        return;
    }
    json_object_set_new(o, "version", json_string(CODE_SET));
    json_object_set(o, "lists", lists_json(r->arena, rows));
    answer_json(r, 200, o, NULL);
}

/* ---- gaps ---------------------------------------------------------------------------------------
 */

struct gap_question {
    struct month from, until; /* both included */
    int64_t least;
};

static bool
read_gaps(const struct http_request *r, struct gap_question *q)
{
    const char *const from = http_parameter(r, "from"), *const until = http_parameter(r, "until");
    const char *const least = http_parameter(r, "least");
    struct civil now;

    instant_civil_utc(clock_now(), &now);
    q->until = month_add((struct month){now.year, now.month}, -1);
    q->least = GAP_LEAST;
    if (until && !month_parse(span_of(until), &q->until))
        return false;
    q->from = month_add(q->until, 1 - GAP_MONTHS);
    if (from && !month_parse(span_of(from), &q->from))
        return false;
    if (least && !span_int64(span_of(least), 1, 100000, &q->least))
        return false;
    return month_index(q->until) >= month_index(q->from) &&
           month_index(q->until) - month_index(q->from) < MONTHS_MOST;
}

static json_t *
gaps_json(struct arena *a, const struct rows *rows, const struct gap_question *q)
{
    json_t *const o = json_own(a, json_object()), *const list = json_array();

    for (int i = 0; i < rows_count(rows); i++) {
        json_t *const gap = json_object();

        json_object_set_new(gap, "month", json_string(rows_text(rows, i, "month")));
        json_object_set_new(gap, "unit_code", json_string(rows_text(rows, i, "unit_code")));
        json_object_set_new(gap, "stops", json_integer(rows_int64(rows, i, "stops")));
        json_array_append_new(list, gap);
    }
    json_object_set_new(o, "least", json_integer(q->least));
    json_object_set_new(o, "gaps", list);
    return o;
}

void
serve_gaps(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct gap_question q;
    struct err e = {0};
    char from[8], until[8];

    if (!read_gaps(r, &q)) {
        answer_problem(r, 400, "parameter", NULL, 0, 0);
        return;
    }
    month_text(q.from, from);
    month_text(month_add(q.until, 1), until);

    struct arena *const a = r->arena;
    const char *const args[] = {request_identity(r)->source, arena_printf(a, "%s-01", from),
                                arena_printf(a, "%s-01", until),
                                arena_printf(a, "%" PRId64, q.least)};
    const struct rows *const rows = pool_query(s->pool, a, &sql_collector_gaps, args, &e);

    if (!rows)
        answer_error(r, &e);
    else
        answer_json(r, 200, gaps_json(a, rows, &q), NULL);
}
