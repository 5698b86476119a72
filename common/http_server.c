/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Behind the guard: what the caller may ask of a request, a route for each head, the refusals, and
 * start and end of it all. What is admitted goes on to libmicrohttpd (http_server_daemon.c).
 */
#include "common/http_server.h"

#include "common/clock.h"
#include "common/http_reply.h"
#include "common/http_server_request.h"
#include "common/log.h"

#include <string.h>
#include <strings.h>

enum { PROBLEM_MOST = 16384, WORKERS = 2 };

const double http_duration_bounds[HTTP_DURATIONS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1.0,  2.5,   5.0};

static struct request *
request_of(const struct http_request *seen)
{
    return (struct request *)(uintptr_t)seen;
}

/* ---- what the caller may ask ----------------------------------------------------------------- */

const char *
http_parameter(const struct http_request *seen, const char *name)
{
    const struct http_parameters *const p = &request_of(seen)->parameters;

    for (unsigned i = 0; i < p->count; i++) {
        if (span_is(p->list[i].name, name))
            return p->list[i].value;
    }
    return NULL;
}

const char *
http_header(const struct http_request *seen, const char *name)
{
    struct span value;

    if (!http_head_find(&request_of(seen)->link->head, name, &value))
        return NULL;
    return arena_strndup(seen->arena, value.data, value.length);
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool
wants_head_only(const struct guard_link *l)
{
    return span_is(l->head.method, "HEAD");
}

/* Past libmicrohttpd, which has not seen the request. */
static void
reply(struct http_server *s, struct guard_link *l, const struct http_answer *answer)
{
    const bool keep = guard_may_keep(l) && !guard_ends(l);
    struct http_reply fields;

    http_reply_fields(&fields, l->tls, s->options.fields, s->options.field_count, answer);
    l->status = answer->status;
    guard_reply(l, http_reply_bytes(l->arena, &fields, answer, !keep, wants_head_only(l)), keep);
}

struct http_answer
server_refusal(struct http_server *s, struct arena *a, struct http_fault fault)
{
    static const struct http_field retry = {"Retry-After", "1"};
    struct strbuf *const body = strbuf_new(a, PROBLEM_MOST);
    const char *const media = s->options.problem_media;
    struct http_answer answer = {
        .status = fault.status, .fields = &retry, .field_count = fault.status == 503};

    s->counters.refused++;
    if (s->options.problem)
        s->options.problem(s->options.context, fault.status, fault.code, body);
    if (body->length > 0) {
        answer.media = media ? media : "application/problem+json";
        answer.body = (struct span){body->data, body->length};
    }
    return answer;
}

static void
refuse(struct http_server *s, struct guard_link *l, struct http_fault fault)
{
    const struct http_answer answer = server_refusal(s, l->arena, fault);

    reply(s, l, &answer);
}

void
http_answer(struct http_request *seen, const struct http_answer *answer)
{
    struct request *const r = request_of(seen);

    if (r->phase == PHASE_ADMIT)
        reply(r->server, r->link, answer);
    else
        server_give(r, answer);
}

/* ---- the guard's questions ------------------------------------------------------------------- */

/* The name without its port is one of ours. */
static bool
host_accepted(const struct http_server *s, struct span host)
{
    if (!s->options.hosts)
        return true;
    for (const char *const *name = s->options.hosts; *name; name++) {
        const size_t length = strlen(*name);

        if (host.length >= length && strncasecmp(host.data, *name, length) == 0 &&
            (host.length == length || host.data[length] == ':'))
            return true;
    }
    return false;
}

static struct request *
request_new(struct http_server *s, struct guard_link *l)
{
    struct request *const r = arena_alloc(l->arena, sizeof *r);

    r->server = s;
    r->link = l;
    r->file = -1;
    r->seen.arena = l->arena;
    r->seen.client = l->client;
    r->seen.certificate = l->certificate[0] ? l->certificate : NULL;
    r->seen.authorization = l->head.authorization;
    r->seen.body = SPAN_LITERAL("");
    l->request = r;
    s->counters.requests_now++;
    return r;
}

/* False: refused. */
static bool
find_route(struct request *r)
{
    struct http_server *const s = r->server;
    const struct http_server_options *const o = &s->options;
    struct guard_link *const l = r->link;
    struct http_fault fault = {421, "host"};

    if (!host_accepted(s, l->head.host)) {
        refuse(s, l, fault);
        return false;
    }
    r->seen.route =
        http_route_find(l->arena, o->routes, o->route_count, &l->head, &r->parameters, &fault);
    if (r->seen.route)
        return true;

    const struct http_field allow = {
        "Allow", http_route_methods(l->arena, o->routes, o->route_count, &l->head)};
    struct http_answer answer = server_refusal(s, l->arena, fault);

    if (fault.status == 405) {
        answer.fields = &allow;
        answer.field_count = 1;
    }
    reply(s, l, &answer);
    return false;
}

static bool
on_head(void *context, struct guard_link *l)
{
    struct http_server *const s = context;
    struct request *const r = request_new(s, l);

    if (!find_route(r))
        return false;
    if (s->options.admit && !s->options.admit(s->options.context, &r->seen))
        return false;

    const int status = request_make_room(r);

    if (status != 0) {
        refuse(s, l, (struct http_fault){status, status == 503 ? "busy" : "storage"});
        return false;
    }
    r->phase = PHASE_BODY;
    l->body_most = r->seen.route->body_most;
    return true;
}

static void
on_refuse(void *context, struct guard_link *l, struct http_fault fault)
{
    refuse(context, l, fault);
}

static void
count_duration(struct http_counters *c, double seconds)
{
    unsigned at = 0;

    while (at < HTTP_DURATIONS && seconds > http_duration_bounds[at])
        at++;
    c->durations[at]++;
    c->duration_sum += seconds;
}

static void
on_finished(void *context, struct guard_link *l)
{
    struct http_server *const s = context;
    struct request *const r = l->request;
    const struct http_route *const route = r ? r->seen.route : NULL;
    const double seconds = clock_seconds() - l->started;
    const int status = l->bytes_out > 0 ? l->status : 0;

    s->counters.answers[status / 100 % 6]++;
    count_duration(&s->counters, seconds);
    log_write(LOG_INFO, "request method=%s route=%s status=%d bytes_in=%ju bytes_out=%ju ms=%.1f",
              route ? route->method : "-", route ? route->path : "-", status,
              (uintmax_t)(r ? r->seen.body_bytes : 0), (uintmax_t)l->bytes_out, seconds * 1000.0);
    if (!r)
        return;
    s->counters.requests_now--;
    if (route)
        request_drop_body(r);
    l->request = NULL;
}

/* ---- start and end --------------------------------------------------------------------------- */

static void
set_defaults(struct http_server_options *o)
{
    struct http_caps *const c = &o->caps;
    struct http_deadlines *const d = &o->deadlines;
    const struct {
        unsigned *value, fallback;
    } defaults[] = {
        {&c->connections, 512}, {&c->per_client, 128},  {&c->head_bytes, 16384},
        {&c->uri_bytes, 2048},  {&c->fields, 48},       {&c->body_files, 8},
        {&d->head_ms, 10000},   {&d->body_ms, 30000},   {&d->answer_ms, 30000},
        {&d->idle_ms, 60000},   {&o->workers, WORKERS},
    };

    for (unsigned i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        if (*defaults[i].value == 0)
            *defaults[i].value = defaults[i].fallback;
    }
    if (c->in_flight == 0)
        c->in_flight = UINT64_C(32) << 20;
    if (!o->address)
        o->address = "127.0.0.1";
}

static bool
check_options(const struct http_server_options *o, struct err *e)
{
    if (o->caps.uri_bytes > HTTP_URI_MOST || o->caps.fields > HTTP_FIELDS_MOST)
        return err_set(e, ERR_CONFIG, "a URI has at most %d bytes and a head %d fields",
                       HTTP_URI_MOST, HTTP_FIELDS_MOST);
    if (!o->certificate_file != !o->key_file)
        return err_set(e, ERR_CONFIG, "a certificate needs its key, and a key its certificate");
    if (!o->certificate_file && o->client_ca_file)
        return err_set(e, ERR_CONFIG, "client certificates need TLS: set a certificate");
    if (!o->client_ca_file && (o->client_certificate_required || o->client_crl_file)) {
        err_set(e, ERR_CONFIG, "client certificates are asked for, but no authority is named");
        return err_hint(e, "set the authority that signs them");
    }
    for (unsigned i = 0; i < o->route_count; i++) {
        if (o->routes[i].body_to_file && !o->folder)
            return err_set(e, ERR_CONFIG, "no folder for bodies in files");
    }
    return true;
}

static bool
load_tls(const struct http_server *s, struct http_tls **tls, struct err *e)
{
    const struct http_server_options *const o = &s->options;
    const struct http_tls_options options = {
        .certificate_file = o->certificate_file,
        .key_file = o->key_file,
        .client_ca_file = o->client_ca_file,
        .client_crl_file = o->client_crl_file,
        .client_certificate_required = o->client_certificate_required,
        .known = o->known,
        .context = o->context,
    };

    *tls = NULL;
    if (!o->certificate_file)
        return true;
    *tls = http_tls_new(&options, e);
    return *tls != NULL;
}

static bool
start_guard(struct http_server *s, struct err *e)
{
    const struct http_server_options *const o = &s->options;
    const struct guard_hooks hooks = {
        .context = s,
        .head = on_head,
        .refuse = on_refuse,
        .attach = server_attach,
        .run = server_run,
        .woken = server_woken,
        .finished = on_finished,
        .poll_fd = server_poll_fd(s),
    };
    struct guard_options options = {
        .address = o->address, .port = o->port, .caps = o->caps, .deadlines = o->deadlines};

    if (!load_tls(s, &options.tls, e))
        return false;
    s->guard = guard_open(&options, &hooks, &s->counters, e);
    return s->guard && guard_start(s->guard, e);
}

static void
run_slow(void *job)
{
    struct request *const r = job;

    r->seen.route->serve(r->server->options.context, &r->seen);
}

struct http_server *
http_server_start(struct arena *a, const struct http_server_options *options, struct err *e)
{
    struct http_server *const s = arena_alloc(a, sizeof *s);

    s->options = *options;
    set_defaults(&s->options);
    pthread_mutex_init(&s->answered_lock, NULL);
    if (check_options(&s->options, e) && server_start_daemon(s, e)) {
        s->workers =
            http_workers_start(s->options.workers, s->options.caps.connections, run_slow, e);
        if (s->workers && start_guard(s, e))
            return s;
    }
    http_server_stop(s);
    return NULL;
}

unsigned
http_server_port(const struct http_server *s)
{
    return guard_port(s->guard);
}

bool
http_server_reload(struct http_server *s, struct err *e)
{
    struct http_tls *tls;

    if (!load_tls(s, &tls, e))
        return false;
    if (tls)
        guard_renew(s->guard, tls);
    return true;
}

bool
http_server_drain(struct http_server *s, unsigned timeout_ms)
{
    return guard_drain(s->guard, timeout_ms);
}

void
http_server_stop(struct http_server *s)
{
    if (s->guard)
        guard_stop(s->guard);
    http_workers_stop(s->workers);
    server_stop_daemon(s);
    if (s->guard)
        guard_free(s->guard);
    pthread_mutex_destroy(&s->answered_lock);
}

void
http_server_counters(const struct http_server *s, struct http_counters *counters)
{
    const bool inside = guard_inside(s->guard);

    if (!inside)
        guard_lock(s->guard);
    *counters = s->counters;
    if (!inside)
        guard_unlock(s->guard);
}
