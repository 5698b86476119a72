/* SPDX-License-Identifier: EUPL-1.2 */
/* The two calls about batches: a file is handed to batches.h, and asked after. */
#include "collector/report.h"
#include "collector/screen.h"
#include "collector/serve_internal.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_MOST = 100, PAGE = 1000, PAGE_MOST = 10000 };

/* ---- taking -----------------------------------------------------------------------------------
 */

static bool
plain_name(const char *name)
{
    static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    return strlen(name) <= NAME_MOST && strspn(name, fine) == strlen(name) &&
           !screen_file_name(name);
}

/* Hexadecimal in small letters, as ours is. */
static const char *
read_digest(struct arena *a, const char *text)
{
    uint8_t digest[DIGEST_BYTES];
    char *const hex = arena_alloc(a, 2 * DIGEST_BYTES + 1);

    if (!hex_parse(span_of(text), digest, sizeof digest))
        return NULL;
    hex_of(digest, sizeof digest, hex);
    return hex;
}

static bool
read_upload(const struct http_request *r, struct upload *u)
{
    const char *const name = http_parameter(r, "name");
    const char *const records = http_parameter(r, "records");
    const char *const sha256 = http_parameter(r, "sha256");

    *u = (struct upload){.source = request_identity(r)->source,
                         .name = name ? name : "",
                         .path = r->body_file,
                         .records = -1};
    if (!plain_name(u->name))
        return false;
    if (records && !span_int64(span_of(records), 0, INT64_C(1000000000), &u->records))
        return false;
    return !sha256 || (u->sha256 = read_digest(r->arena, sha256)) != NULL;
}

static json_t *
shown(struct arena *a, const json_t *state)
{
    json_t *const o = json_own(a, json_deep_copy(state));

    json_object_del(o, "source");
    json_object_del(o, "promised");
    return o;
}

void
serve_post_batch(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct upload u;
    struct err e = {0};
    char id[37];

    if (!read_upload(r, &u)) {
        answer_problem(r, 400, "parameter", NULL, 0, 0);
        return;
    }
    if (!r->body_file || r->body_bytes == 0) {
        answer_problem(r, 400, "invalid", &(struct finding){.rule = RULE_F001, .field = ""}, 1, 0);
        return;
    }
    if (!batches_take(s->batches, r->arena, &u, id, &e)) {
        if (e.code == ERR_INPUT)
            answer_problem(r, 400, "other-content", NULL, 0, 0);
        else
            answer_error(r, &e);
        return;
    }
    answer_json(r, 202, shown(r->arena, batches_state(s->batches, r->arena, id, u.source)),
                arena_printf(r->arena, "/v1/batches/%s", id));
}

/* ---- asking -----------------------------------------------------------------------------------
 */

static bool
read_page(const struct http_request *r, int64_t *after, int64_t *size)
{
    const char *const a = http_parameter(r, "afterLine");
    const char *const n = http_parameter(r, "pageSize");

    *after = 0;
    *size = PAGE;
    return (!a || span_int64(span_of(a), 0, INT64_MAX, after)) &&
           (!n || span_int64(span_of(n), 1, PAGE_MOST, size));
}

static enum rule_id
rule_of(const char *code)
{
    for (unsigned i = 0; i < RULE_COUNT; i++)
        if (strcmp(rules[i].code, code) == 0)
            return (enum rule_id)i;
    return RULE_COUNT;
}

static json_t *
record_json(const struct rows *rows, int i)
{
    const char *const code = rows_text(rows, i, "code");
    const enum rule_id rule = rule_of(code);
    json_t *const o = json_object();

    json_object_set_new(o, "line", json_integer(rows_int64(rows, i, "line")));
    json_object_set_new(o, "code", json_string(code));
    if (rule < RULE_COUNT) {
        json_object_set_new(o, "severity", json_string(severity_letter(rules[rule].severity)));
        json_object_set_new(o, "message_nl", json_string(rules[rule].nl));
        json_object_set_new(o, "message_en", json_string(rules[rule].en));
        json_object_set_new(o, "rule_version", json_string(rules[rule].since));
    }
    json_object_set_new(
        o, "pointer",
        json_string(rows_is_null(rows, i, "field") ? "" : rows_text(rows, i, "field")));
    if (!rows_is_null(rows, i, "person_seq"))
        json_object_set_new(o, "person_seq", json_integer(rows_int64(rows, i, "person_seq")));
    return o;
}

/* What kept records out, a page of it. */
static bool
add_records(struct service *s, struct arena *a, json_t *state, int64_t after, int64_t size,
            struct err *e)
{
    const int64_t batch =
        json_integer_value(json_object_get(json_object_get(state, "batch"), "batch_id"));

    if (batch == 0)
        return true;

    const char *const args[] = {arena_printf(a, "%" PRId64, batch),
                                arena_printf(a, "%" PRId64, after),
                                arena_printf(a, "%" PRId64, size)};
    const struct rows *const rows = pool_query(s->pool, a, &sql_collector_batch_findings, args, e);

    if (!rows)
        return false;

    json_t *const list = json_array();

    for (int i = 0; i < rows_count(rows); i++)
        json_array_append_new(list, record_json(rows, i));
    json_object_set_new(state, "records", list);
    return true;
}

void
serve_batch_status(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct err e = {0};
    int64_t after, size;

    if (!read_page(r, &after, &size)) {
        answer_problem(r, 400, "parameter", NULL, 0, 0);
        return;
    }

    const json_t *const state =
        batches_state(s->batches, r->arena, http_parameter(r, "id"), request_identity(r)->source);

    if (!state) {
        answer_problem(r, 404, "not-found", NULL, 0, 0);
        return;
    }

    json_t *const out = shown(r->arena, state);

    if (!add_records(s, r->arena, out, after, size, &e)) {
        answer_error(r, &e);
        return;
    }
    answer_json(r, 200, out, NULL);
}
