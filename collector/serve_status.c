/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How the service is: for a supervisor (health), a load balancer (ready), Prometheus (metrics) and
 * programmers (its description). Numbers only: no source, address or label of an identity.
 */
#include "collector/serve_internal.h"

#include <inttypes.h>
#include <string.h>

enum { METRICS_MOST = 256 * 1024 };

/* ---- health and readiness ---------------------------------------------------------------------
 */

static void
answer_status(struct http_request *r, const char *status)
{
    json_t *const o = json_own(r->arena, json_object());

    json_object_set_new(o, "status", json_string(status));
    answer_json(r, 200, o, NULL);
}

void
serve_health(void *service, struct http_request *r)
{
    (void)service;
    answer_status(r, "pass");
}

/* Posts need the code lists once, and then a database or a spool that takes them. */
void
serve_ready(void *service, struct http_request *r)
{
    struct service *const s = service;
    struct committer_counts c;

    committer_counts(s->committer, &c);
    if (!c.loaded || atomic_load(&s->draining))
        answer_problem(r, 503, "busy", NULL, 0, 5);
    else
        answer_status(r, c.database ? "pass" : "warn");
}

/* ---- metrics ----------------------------------------------------------------------------------
 */

struct metric {
    const char *name, *type, *help;
    double value;
};

static void
put(struct strbuf *out, const struct metric *m)
{
    strbuf_printf(out, "# HELP maatstaf_%s %s\n# TYPE maatstaf_%s %s\nmaatstaf_%s %.17g\n", m->name,
                  m->help, m->name, m->type, m->name, m->value);
}

static void
put_all(struct strbuf *out, const struct metric *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(out, &list[i]);
}

static void
put_posts(struct strbuf *out, const struct committer_counts *c)
{
    strbuf_add_text(out, "# HELP maatstaf_posts_total single registrations by what became of them\n"
                         "# TYPE maatstaf_posts_total counter\n");
    for (unsigned i = 0; i < sizeof c->results / sizeof *c->results; i++)
        strbuf_printf(out, "maatstaf_posts_total{result=\"%s\"} %" PRIu64 "\n",
                      post_result_name((enum post_result)i), c->results[i]);
}

static void
put_committer(struct strbuf *out, struct service *s)
{
    struct committer_counts c;

    committer_counts(s->committer, &c);
    put_posts(out, &c);

    const struct metric list[] = {
        {"posts_turned_away_total", "counter", "posts that found the queue full",
         (double)c.turned_away},
        {"posts_queued", "gauge", "posts that wait for their group", c.queued},
        {"groups_total", "counter", "transactions committed", (double)c.groups},
        {"group_retries_total", "counter", "groups tried again", (double)c.retries},
        {"group_seconds_total", "counter", "from the first post of a group to COMMIT, summed",
         c.commit_seconds},
        {"replayed_total", "counter", "records taken from the spool into the database",
         (double)c.replayed},
        {"replay_refused_total", "counter", "of these, what was not taken",
         (double)c.replay_refused},
        {"database_up", "gauge", "1 when the last exchange with the database went well",
         c.database},
        {"spool_records", "gauge", "records that wait in the spool", (double)spool_count(s->spool)},
        {"spool_bytes", "gauge", "bytes of the spool on disk", (double)spool_bytes(s->spool)},
        {"spool_lost_total", "counter", "records of the spool found unreadable",
         (double)spool_lost(s->spool)},
    };

    put_all(out, list, sizeof list / sizeof *list);
}

static void
put_durations(struct strbuf *out, const struct http_counters *h)
{
    uint64_t sum = 0;

    strbuf_add_text(out, "# HELP maatstaf_http_request_seconds from the head's end to the answer's "
                         "last byte\n# TYPE maatstaf_http_request_seconds histogram\n");
    for (unsigned i = 0; i < HTTP_DURATIONS; i++) {
        sum += h->durations[i];
        strbuf_printf(out, "maatstaf_http_request_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
                      http_duration_bounds[i], sum);
    }
    sum += h->durations[HTTP_DURATIONS];
    strbuf_printf(out,
                  "maatstaf_http_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
                  "maatstaf_http_request_seconds_sum %.9g\n"
                  "maatstaf_http_request_seconds_count %" PRIu64 "\n",
                  sum, h->duration_sum, sum);
}

static void
put_answers(struct strbuf *out, const struct http_counters *h)
{
    strbuf_add_text(out, "# HELP maatstaf_http_answers_total answers by the first digit of their "
                         "status\n# TYPE maatstaf_http_answers_total counter\n");
    for (unsigned i = 1; i < sizeof h->answers / sizeof *h->answers; i++)
        strbuf_printf(out, "maatstaf_http_answers_total{status=\"%uxx\"} %" PRIu64 "\n", i,
                      h->answers[i]);
}

static void
put_http(struct strbuf *out, struct service *s)
{
    struct http_counters h;
    struct http_server *const server = atomic_load(&s->http);

    if (!server)
        return;
    http_server_counters(server, &h);
    put_answers(out, &h);
    put_durations(out, &h);

    const struct metric list[] = {
        {"http_requests_total", "counter", "requests", (double)h.requests},
        {"http_refused_total", "counter", "requests that the server itself refused",
         (double)h.refused},
        {"http_gone_total", "counter", "clients gone before their answer", (double)h.answers[0]},
        {"http_too_slow_total", "counter", "connections closed at a deadline", (double)h.too_slow},
        {"http_connections", "gauge", "connections now", (double)h.connections_now},
        {"http_connections_total", "counter", "connections", (double)h.connections},
        {"http_over_cap_total", "counter", "connections closed because there were too many",
         (double)h.over_cap},
        {"http_over_client_cap_total", "counter",
         "connections closed because one client had too many", (double)h.over_client_cap},
        {"http_handshakes_failed_total", "counter", "TLS handshakes that failed",
         (double)h.handshakes_failed},
        {"http_body_bytes", "gauge", "bytes of bodies in memory", (double)h.body_bytes_now},
        {"http_body_bytes_peak", "gauge", "most of them since the start",
         (double)h.body_bytes_peak},
        {"http_received_bytes_total", "counter", "bytes of requests", (double)h.bytes_in},
        {"http_sent_bytes_total", "counter", "bytes of answers", (double)h.bytes_out},
    };

    put_all(out, list, sizeof list / sizeof *list);
}

static void
put_service(struct strbuf *out, struct service *s)
{
    struct batches_counts b;
    double age;
    const unsigned identities = identities_count(s->identities, &age);

    batches_counts(s->batches, &b);

    const struct metric list[] = {
        {"uptime_seconds", "gauge", "since the start", clock_seconds() - s->started},
        {"identities", "gauge", "tokens and certificates that hold", identities},
        {"identities_age_seconds", "gauge", "since they were last read; -1 when never", age},
        {"denied_total", "counter", "requests without a valid identity (401)",
         (double)atomic_load(&s->denied)},
        {"limited_total", "counter", "requests over a limit (429)",
         (double)atomic_load(&s->limited)},
        {"batches_waiting", "gauge", "uploads that wait to be taken in", (double)b.waiting},
        {"batches_stored_total", "counter", "uploads stored", (double)b.stored},
        {"batches_refused_total", "counter", "uploads refused whole", (double)b.refused},
        {"batches_failed_total", "counter", "uploads that could not be read", (double)b.failed},
    };

    put_all(out, list, sizeof list / sizeof *list);
}

static bool
is_loopback(const char *client)
{
    return strncmp(client, "127.", 4) == 0 || strcmp(client, "::1") == 0;
}

void
serve_metrics(void *service, struct http_request *r)
{
    struct service *const s = service;

    if (!is_loopback(r->client) && !request_known(s, r))
        return;

    struct strbuf *const out = strbuf_new(r->arena, METRICS_MOST);

    put_service(out, s);
    put_committer(out, s);
    put_http(out, s);
    http_answer(r, &(struct http_answer){.status = 200,
                                         .media = "text/plain; version=0.0.4; charset=utf-8",
                                         .body = {out->data, out->length}});
}

/* ---- the description ---------------------------------------------------------------------------
 */

void
serve_openapi(void *service, struct http_request *r)
{
    const struct service *const s = service;
    static const struct http_field anywhere = {"Access-Control-Allow-Origin", "*"};

    http_answer(r, &(struct http_answer){.status = 200,
                                         .media = "application/json",
                                         .body = s->openapi,
                                         .fields = &anywhere,
                                         .field_count = 1});
}
