/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Behind the guard: a route for each head, then libmicrohttpd, which takes the body out of its
 * coding and writes the answer. libmicrohttpd runs in the guard's thread and is called there only;
 * an answer from another thread goes over a list and wakes that thread.
 */
#include "common/http_server.h"

#include "common/clock.h"
#include "common/http_guard.h"
#include "common/http_reply.h"
#include "common/http_route.h"
#include "common/http_workers.h"
#include "common/log.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { PROBLEM_MOST = 16384, WORKERS = 2 };

const double http_duration_bounds[HTTP_DURATIONS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                     0.1,   0.25,   0.5,   1.0,  2.5,   5.0};

struct http_server {
    struct http_server_options options;
    struct guard *guard;
    struct MHD_Daemon *daemon;
    struct http_workers *workers;
    struct http_counters counters; /* under the guard's lock */
    unsigned body_files;           /* open now */
    struct guard_link *attaching;  /* while libmicrohttpd takes its end of the pair */

    pthread_mutex_t answered_lock;
    struct request *answered; /* by other threads, newest first */
};

enum phase {
    PHASE_ADMIT,  /* the guard has it; an answer goes past libmicrohttpd */
    PHASE_BODY,   /* libmicrohttpd reads its body */
    PHASE_SERVE,  /* the caller has it */
    PHASE_ANSWER, /* answered; to be given to libmicrohttpd */
    PHASE_DONE
};

struct request {
    struct http_request seen; /* first: the caller gets this */
    struct http_server *server;
    struct guard_link *link;
    struct http_parameters parameters;
    struct MHD_Connection *connection;
    struct MHD_Response *response;
    int status;
    enum phase phase;
    bool inside;           /* serve() runs just now in the guard's thread */
    struct strbuf *chunks; /* of a chunked body in memory */
    char *bytes;           /* of a body of known length */
    uint64_t reserved;     /* of caps.in_flight */
    int file;              /* -1: none */
    bool file_failed;
    struct request *next; /* in server.answered */
};

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

/* The server's own refusal, in the caller's words. */
static void
refuse(struct http_server *s, struct guard_link *l, struct http_fault fault,
       const struct http_field *field)
{
    struct strbuf *const body = strbuf_new(l->arena, PROBLEM_MOST);
    const char *const media = s->options.problem_media;
    struct http_answer answer = {
        .status = fault.status, .fields = field, .field_count = field != 0};

    s->counters.refused++;
    if (s->options.problem)
        s->options.problem(s->options.context, fault.status, fault.code, body);
    if (body->length > 0) {
        answer.media = media ? media : "application/problem+json";
        answer.body = (struct span){body->data, body->length};
    }
    reply(s, l, &answer);
}

static struct MHD_Response *
make_response(struct request *r, const struct http_answer *answer)
{
    const struct http_server_options *const o = &r->server->options;
    char *const copy = arena_strndup(r->seen.arena, answer->body.data, answer->body.length);
    struct MHD_Response *const response =
        MHD_create_response_from_buffer(answer->body.length, copy, MHD_RESPMEM_PERSISTENT);
    struct http_reply fields;

    if (!response)
        err_fatal("out of memory");
    http_reply_fields(&fields, r->link->tls, o->fields, o->field_count, answer);
    for (unsigned i = 0; i < fields.count; i++)
        MHD_add_response_header(response, fields.fields[i].name, fields.fields[i].value);
    return response;
}

void
http_answer(struct http_request *seen, const struct http_answer *answer)
{
    struct request *const r = request_of(seen);
    struct http_server *const s = r->server;

    if (r->phase == PHASE_ADMIT) {
        reply(s, r->link, answer);
        return;
    }
    r->response = make_response(r, answer);
    r->status = answer->status;
    if (guard_inside(s->guard) && r->inside) {
        r->phase = PHASE_ANSWER;
        return;
    }
    pthread_mutex_lock(&s->answered_lock);
    r->next = s->answered;
    s->answered = r;
    pthread_mutex_unlock(&s->answered_lock);
    guard_wake(s->guard);
}

/* ---- the body -------------------------------------------------------------------------------- */

static void
open_body_file(struct request *r)
{
    struct http_server *const s = r->server;
    char *const name = arena_printf(r->seen.arena, "%s/body-XXXXXX", s->options.folder);

    r->file = mkstemp(name);
    r->file_failed = r->file < 0;
    r->seen.body_file = r->file < 0 ? NULL : name;
    s->body_files++;
}

static void
close_body_file(struct request *r)
{
    if (!r->seen.route->body_to_file || r->phase == PHASE_ADMIT)
        return;
    r->server->body_files--;
    if (r->file >= 0)
        close(r->file);
    if (r->seen.body_file)
        unlink(r->seen.body_file);
    r->file = -1;
}

static void
write_body(struct request *r, const char *data, size_t length)
{
    while (length > 0 && !r->file_failed) {
        const ssize_t n = write(r->file, data, length);

        if (n < 0 && errno != EINTR)
            r->file_failed = true;
        if (n > 0) {
            data += n;
            length -= (size_t)n;
        }
    }
}

static void
take_body(struct request *r, const char *data, size_t length)
{
    const struct http_head *const h = &r->link->head;

    if (r->seen.route->body_to_file)
        write_body(r, data, length);
    else if (h->chunked)
        strbuf_add(r->chunks, data, length);
    else if (r->seen.body_bytes + length <= h->length)
        memcpy(r->bytes + r->seen.body_bytes, data, length);
    r->seen.body_bytes += length;
}

/* Makes room for the body; it was reserved. */
static void
prepare_body(struct request *r)
{
    const struct http_head *const h = &r->link->head;

    if (r->seen.route->body_to_file)
        open_body_file(r);
    else if (h->chunked)
        r->chunks = strbuf_new(r->seen.arena, r->seen.route->body_most);
    else if (h->length > 0)
        r->bytes = arena_alloc(r->seen.arena, h->length + 1);
}

/* False: there is no room for it now. */
static bool
reserve_body(struct request *r)
{
    struct http_server *const s = r->server;
    const struct http_head *const h = &r->link->head;
    const uint64_t wanted = h->chunked ? r->seen.route->body_most : h->length;

    if (r->seen.route->body_to_file)
        return s->body_files < s->options.caps.body_files;
    if (wanted > s->options.caps.in_flight - s->counters.body_bytes_now)
        return false;
    r->reserved = wanted;
    s->counters.body_bytes_now += wanted;
    if (s->counters.body_bytes_now > s->counters.body_bytes_peak)
        s->counters.body_bytes_peak = s->counters.body_bytes_now;
    return true;
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
        refuse(s, l, fault, NULL);
        return false;
    }
    r->seen.route =
        http_route_find(l->arena, o->routes, o->route_count, &l->head, &r->parameters, &fault);
    if (r->seen.route)
        return true;

    const struct http_field allow = {
        "Allow", http_route_methods(l->arena, o->routes, o->route_count, &l->head)};

    refuse(s, l, fault, fault.status == 405 ? &allow : NULL);
    return false;
}

static bool
on_head(void *context, struct guard_link *l)
{
    static const struct http_field retry = {"Retry-After", "1"};
    struct http_server *const s = context;
    struct request *const r = request_new(s, l);

    if (!find_route(r))
        return false;
    if (s->options.admit && !s->options.admit(s->options.context, &r->seen))
        return false;
    if (!reserve_body(r)) {
        refuse(s, l, (struct http_fault){503, "busy"}, &retry);
        return false;
    }
    r->phase = PHASE_BODY;
    prepare_body(r);
    l->body_most = r->seen.route->body_most;
    return true;
}

static void
on_refuse(void *context, struct guard_link *l, struct http_fault fault)
{
    refuse(context, l, fault, NULL);
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
    s->counters.body_bytes_now -= r->reserved;
    if (route)
        close_body_file(r);
    l->request = NULL;
}

/* ---- libmicrohttpd's side -------------------------------------------------------------------- */

static enum MHD_Result
give_response(struct request *r)
{
    if (guard_ends(r->link))
        MHD_add_response_header(r->response, "Connection", "close");

    const enum MHD_Result queued =
        MHD_queue_response(r->connection, (unsigned)r->status, r->response);

    MHD_destroy_response(r->response);
    r->phase = PHASE_DONE;
    r->link->status = r->status;
    guard_answering(r->link);
    return queued;
}

static void
run_slow(void *job)
{
    struct request *const r = job;

    r->seen.route->serve(r->server->options.context, &r->seen);
}

/* The body is whole. */
static void
serve(struct request *r)
{
    struct http_server *const s = r->server;

    r->phase = PHASE_SERVE;
    if (r->chunks)
        r->seen.body = (struct span){r->chunks->data, r->chunks->length};
    else if (r->bytes)
        r->seen.body = (struct span){r->bytes, (size_t)r->seen.body_bytes};
    if (r->file >= 0 && close(r->file) != 0)
        r->file_failed = true;
    r->file = -1;

    r->inside = true;
    if (r->file_failed)
        http_answer(&r->seen, &(struct http_answer){.status = 507});
    else if (r->seen.route->slow)
        http_workers_add(s->workers, r);
    else
        r->seen.route->serve(s->options.context, &r->seen);
    r->inside = false;
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *data, size_t *length, void **own)
{
    struct request *r = *own;

    (void)context;
    (void)url;
    (void)method;
    (void)version;
    if (!r) {
        const union MHD_ConnectionInfo *const info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        struct guard_link *const l = info->socket_context;

        r = *own = l->request;
        r->connection = connection;
        return MHD_YES;
    }
    if (*length > 0) {
        take_body(r, data, *length);
        *length = 0;
        return MHD_YES;
    }
    if (r->phase == PHASE_BODY)
        serve(r);
    if (r->phase == PHASE_ANSWER)
        return give_response(r);
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **own,
             enum MHD_RequestTerminationCode how)
{
    struct request *const r = *own;

    (void)context;
    (void)connection;
    (void)how;
    *own = NULL;
    if (r)
        guard_completed(r->link);
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **own,
              enum MHD_ConnectionNotificationCode what)
{
    struct http_server *const s = context;

    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *own = s->attaching;
        s->attaching->inner = connection;
    } else if (*own) {
        guard_detached(*own);
    }
}

static bool
on_attach(void *context, struct guard_link *l, int fd)
{
    struct http_server *const s = context;
    const struct sockaddr nobody = {.sa_family = AF_UNIX};

    s->attaching = l;
    return MHD_add_connection(s->daemon, fd, &nobody, sizeof nobody) == MHD_YES && l->inner;
}

static bool
on_run(void *context)
{
    struct http_server *const s = context;
    MHD_UNSIGNED_LONG_LONG wait;

    MHD_run(s->daemon);
    return MHD_get_timeout(s->daemon, &wait) == MHD_YES && wait == 0;
}

/* Answers of other threads go on to libmicrohttpd, in the order in which they came. */
static void
on_woken(void *context)
{
    struct http_server *const s = context;
    struct request *first = NULL;

    pthread_mutex_lock(&s->answered_lock);
    struct request *r = s->answered;
    s->answered = NULL;
    pthread_mutex_unlock(&s->answered_lock);

    while (r) {
        struct request *const older = r->next;

        r->next = first;
        first = r;
        r = older;
    }
    for (r = first; r; r = r->next) {
        r->phase = PHASE_ANSWER;
        MHD_resume_connection(r->connection);
    }
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
start_daemon(struct http_server *s, struct err *e)
{
    const size_t memory = 2 * (size_t)s->options.caps.head_bytes + 16384;

    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        on_request, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_LIMIT,
        s->options.caps.connections + 8, MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    return s->daemon || err_set(e, ERR_RETRY, "libmicrohttpd does not start");
}

static bool
start_guard(struct http_server *s, struct err *e)
{
    const struct http_server_options *const o = &s->options;
    const struct guard_hooks hooks = {
        .context = s,
        .head = on_head,
        .refuse = on_refuse,
        .attach = on_attach,
        .run = on_run,
        .woken = on_woken,
        .finished = on_finished,
        .poll_fd = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
    };
    struct guard_options options = {
        .address = o->address, .port = o->port, .caps = o->caps, .deadlines = o->deadlines};

    if (!load_tls(s, &options.tls, e))
        return false;
    s->guard = guard_open(&options, &hooks, &s->counters, e);
    return s->guard && guard_start(s->guard, e);
}

struct http_server *
http_server_start(struct arena *a, const struct http_server_options *options, struct err *e)
{
    struct http_server *const s = arena_alloc(a, sizeof *s);

    s->options = *options;
    set_defaults(&s->options);
    pthread_mutex_init(&s->answered_lock, NULL);
    if (check_options(&s->options, e) && start_daemon(s, e)) {
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
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
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
