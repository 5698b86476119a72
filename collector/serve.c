/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Start, signals, end. One thread waits for signals and does nothing else; every other thread has
 * them blocked. What is opened first is closed last: the port goes first, so that nothing comes in
 * that could not be answered.
 */
#include "collector/serve_internal.h"
#include "collector/openapi.h"
#include "common/clock.h"
#include "common/log.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    DRAIN_ANSWERS_MS = 5500, /* these stay below the 10 s that a stop may take */
    DRAIN_BATCHES_MS = 1000,
    END_SECONDS = 9,
    SEATS = 3,
    HOSTS_MOST = 16
};

/* ---- who may ----------------------------------------------------------------------------------
 */

const struct identity *
request_identity(const struct http_request *r)
{
    return r->identity;
}

/* The token of "Bearer TOKEN"; empty when it is no such field. */
static struct span
bearer(struct span field)
{
    static const char scheme[] = "bearer ";

    if (field.length < sizeof scheme)
        return (struct span){NULL, 0};
    for (size_t i = 0; i < sizeof scheme - 1; i++)
        if ((field.data[i] | (i < sizeof scheme - 2 ? 0x20 : 0)) != scheme[i])
            return (struct span){NULL, 0};
    return span_trim(
        (struct span){field.data + sizeof scheme - 1, field.length - (sizeof scheme - 1)});
}

/* A token wins over a certificate: a gateway may have one certificate for several sources. */
static bool
recognise(struct service *s, struct http_request *r, struct identity *out)
{
    const instant now = clock_now();

    if (r->authorization.length > 0)
        return identities_by_token(s->identities, bearer(r->authorization), now, r->arena, out);
    return r->certificate &&
           identities_by_certificate(s->identities, r->certificate, now, r->arena, out);
}

static unsigned
whole_seconds(double s)
{
    return s < 1 ? 1 : s > 3600 ? 3600 : (unsigned)s + 1;
}

/* Whether identities were read: before that nobody can be told from anybody. */
static bool
can_tell(struct service *s)
{
    double age_s;

    (void)identities_count(s->identities, &age_s);
    return age_s >= 0;
}

/* A wrong token costs the address one of its guesses; a right one is never held up by them. */
static bool
turn_away(struct service *s, struct http_request *r)
{
    if (!can_tell(s)) {
        answer_problem(r, 503, "unavailable", NULL, 0, 5);
        return false;
    }

    const double wait = limit_take(s->guesses, span_of(r->client), clock_seconds());

    if (wait > 0) {
        atomic_fetch_add(&s->limited, 1);
        answer_problem(r, 429, "too-many-guesses", NULL, 0, whole_seconds(wait));
    } else {
        atomic_fetch_add(&s->denied, 1);
        answer_problem(r, 401, "no-identity", NULL, 0, 0);
    }
    return false;
}

bool
request_known(struct service *s, struct http_request *r)
{
    struct identity *const id = arena_alloc(r->arena, sizeof *id);

    if (!recognise(s, r, id))
        return turn_away(s, r);
    r->identity = id;
    return true;
}

static bool
admit(void *service, struct http_request *r)
{
    struct service *const s = service;

    if (r->route->open)
        return true;
    if (!request_known(s, r))
        return false;

    const struct identity *const id = request_identity(r);
    const double wait = limit_take(s->requests, (struct span){(const char *)&id->id, sizeof id->id},
                                   clock_seconds());

    if (wait > 0) {
        atomic_fetch_add(&s->limited, 1);
        answer_problem(r, 429, "too-many-requests", NULL, 0, whole_seconds(wait));
        return false;
    }
    return true;
}

static bool
known(void *service, const char *name)
{
    struct service *const s = service;

    return identities_by_certificate(s->identities, name, clock_now(), NULL, NULL);
}

static void
refuse(void *service, int status, const char *code, struct strbuf *body)
{
    struct arena *const a = arena_new();

    (void)service;
    problem_write(body, a, status, code, NULL, 0);
    arena_free(a);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

void
answer_problem(struct http_request *r, int status, const char *code, const struct finding *notes,
               unsigned count, unsigned retry_s)
{
    struct strbuf *const body = strbuf_new(r->arena, ANSWER_MOST);
    struct http_field fields[2];
    unsigned field_count = 0;

    problem_write(body, r->arena, status, code, notes, count);
    if (retry_s > 0)
        fields[field_count++] =
            (struct http_field){"Retry-After", arena_printf(r->arena, "%u", retry_s)};
    if (status == 401)
        fields[field_count++] = (struct http_field){"WWW-Authenticate", "Bearer"};
    http_answer(r, &(struct http_answer){.status = status,
                                         .media = PROBLEM_MEDIA,
                                         .body = {body->data, body->length},
                                         .fields = fields,
                                         .field_count = field_count});
}

void
answer_json(struct http_request *r, int status, const json_t *json, const char *location)
{
    struct strbuf *const body = strbuf_new(r->arena, ANSWER_MOST);
    const struct http_field field = {"Location", location};

    json_write(body, json, JSON_CANONICAL);
    http_answer(r, &(struct http_answer){.status = status,
                                         .media = "application/json",
                                         .body = {body->data, body->length},
                                         .fields = &field,
                                         .field_count = location ? 1 : 0});
}

void
answer_error(struct http_request *r, const struct err *e)
{
    const bool later = e->code == ERR_RETRY || e->code == ERR_CONFIG;

    log_write(LOG_WARNING, "%s %s: %s", r->route->method, r->route->path, e->text);
    if (later)
        answer_problem(r, 503, "unavailable", NULL, 0, 5);
    else
        answer_problem(r, 500, "internal", NULL, 0, 0);
}

static void
add_encoded(struct strbuf *out, struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        const unsigned char c = (unsigned char)text.data[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c != '\0' && strchr("-._~", c)))
            strbuf_add_char(out, (char)c);
        else
            strbuf_printf(out, "%%%02X", c);
    }
}

const char *
stop_location(struct arena *a, struct span source, struct span number)
{
    struct strbuf *const out = strbuf_new(a, 8192);

    if (source.length == 0 || number.length == 0)
        return NULL;
    strbuf_add_text(out, "/v1/stops/");
    add_encoded(out, source);
    strbuf_add_char(out, '/');
    add_encoded(out, number);
    return out->overflow ? NULL : out->data;
}

/* ---- opening ----------------------------------------------------------------------------------
 */

static bool
make_folder(const char *path, struct err *e)
{
    struct stat st;

    if (mkdir(path, 0700) == 0 || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
        return true;
    err_set(e, ERR_CONFIG, "the folder %s is not there and cannot be made: %s", path,
            strerror(errno));
    return err_hint(e, "make the folder above it, or an installation with: maatstaf db init");
}

/* "127.0.0.1:8080", "[::1]:8080" */
static bool
read_listen(struct arena *a, const char *text, struct http_server_options *h, struct err *e)
{
    const char *const colon = strrchr(text, ':');
    const size_t length = colon ? (size_t)(colon - text) : 0;
    const bool brackets = length > 2 && text[0] == '[' && text[length - 1] == ']';
    int64_t port;

    if (length == 0 || !span_int64(span_of(colon + 1), 0, 65535, &port))
        return err_set(e, ERR_USAGE, "--listen is ADDRESS:PORT");
    h->address = brackets ? arena_strndup(a, text + 1, length - 2) : arena_strndup(a, text, length);
    h->port = (unsigned)port;
    return true;
}

static bool
read_hosts(struct arena *a, const char *text, struct http_server_options *h, struct err *e)
{
    const char **const list = arena_array(a, HOSTS_MOST + 1, sizeof *list);
    unsigned count = 0;

    if (!text)
        return true;
    for (const char *at = text; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ',')) {
        if (count == HOSTS_MOST)
            return err_set(e, ERR_USAGE, "--host takes at most %d names", HOSTS_MOST);
        list[count++] = arena_strndup(a, at, strcspn(at, ","));
    }
    h->hosts = list;
    return true;
}

static bool
positive(const struct serve_options *o, struct err *e)
{
    const struct {
        const char *name;
        int64_t value, most;
    } numbers[] = {
        {"spool-most", o->spool_most, 1 << 30},    {"spool-floor", o->spool_floor, 1 << 30},
        {"store-timeout", o->store_timeout, 3600}, {"connections", o->connections, 100000},
        {"per-client", o->per_client, 100000},     {"in-flight", o->in_flight, 1 << 20},
        {"batch-most", o->batch_most, 1 << 20},    {"token-rate", o->token_rate, 1 << 30},
        {"guesses", o->guesses, 1 << 30},
    };

    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value < 1 || numbers[i].value > numbers[i].most)
            return err_set(e, ERR_USAGE, "--%s is a number from 1 to %" PRId64, numbers[i].name,
                           numbers[i].most);
    return true;
}

static const struct http_route *
server_routes(struct arena *a, const struct serve_options *o)
{
    struct http_route *const list = arena_array(a, service_route_count, sizeof *list);

    for (unsigned i = 0; i < service_route_count; i++) {
        list[i] = service_routes[i].http;
        if (list[i].body_to_file)
            list[i].body_most = (uint64_t)o->batch_most << 20;
    }
    return list;
}

static bool
open_spool(struct service *s, struct arena *a, const char *home, const char *folder, struct err *e)
{
    uint8_t key[KEY_BYTES];
    const struct spool_options options = {
        .dir = arena_printf(a, "%s/posts", folder),
        .key = key,
        .most_bytes = (uint64_t)s->o->spool_most << 20,
        .floor_bytes = (uint64_t)s->o->spool_floor << 20,
    };

    return key_file(arena_printf(a, "%s/keys/spool.key", home), key, e) &&
           (s->spool = spool_open(a, &options, e)) != NULL;
}

/* An upload must not overtake what was acknowledged before it. */
static bool
has_spooled(void *spool)
{
    return spool_count(spool) > 0;
}

/* Everything behind the port. */
static bool
open_parts(struct service *s, const struct program *p, struct arena *a, struct err *e)
{
    const char *const home = p->global->home;
    const char *const folder = s->o->spool ? s->o->spool : arena_printf(a, "%s/spool", home);
    const struct db_target quick = {p->global->db, home, "collector", s->o->store_timeout};
    const struct db_target patient = {p->global->db, home, "collector", p->global->db_timeout};
    struct committer_options c = {.target = quick};
    struct batches_options b = {.target = patient, .folder = arena_printf(a, "%s/batches", folder)};

    s->upload_folder = arena_printf(a, "%s/uploads", folder);
    if (!make_folder(folder, e) || !make_folder(s->upload_folder, e) || !make_folder(b.folder, e) ||
        !import_keys_read(a, home, &c.keys, e) || !open_spool(s, a, home, folder, e))
        return false;
    b.keys = c.keys;
    c.spool = s->spool;
    b.hold = has_spooled;
    b.context = s->spool;
    s->pool = pool_new(a, &quick, SEATS);
    s->guesses = limit_new(a, (double)s->o->guesses / 60.0, (double)s->o->guesses);
    s->requests = limit_new(a, (double)s->o->token_rate, 2.0 * (double)s->o->token_rate);
    return (s->identities = identities_start(a, &quick, e)) &&
           (s->committer = committer_start(a, &c, e)) && (s->batches = batches_start(a, &b, e));
}

static bool
start_server(struct service *s, struct arena *a, const struct http_server_options *h, struct err *e)
{
    struct http_server *const server = http_server_start(a, h, e);

    atomic_store(&s->http, server);
    return server != NULL;
}

static bool
open_port(struct service *s, struct arena *a, struct err *e)
{
    const struct serve_options *const o = s->o;
    static const struct http_field version = {"API-Version", API_VERSION};
    struct http_server_options h = {
        .certificate_file = o->tls_cert,
        .key_file = o->tls_key,
        .client_ca_file = o->client_ca,
        .client_crl_file = o->client_crl,
        .client_certificate_required = o->client_required,
        .folder = s->upload_folder,
        .caps = {.connections = (unsigned)o->connections,
                 .per_client = (unsigned)o->per_client,
                 .in_flight = (uint64_t)o->in_flight << 20},
        .workers = SEATS,
        .fields = &version,
        .field_count = 1,
        .routes = server_routes(a, o),
        .route_count = service_route_count,
        .known = known,
        .admit = admit,
        .problem = refuse,
        .context = s,
    };

    return read_listen(a, o->listen, &h, e) && read_hosts(a, o->host, &h, e) &&
           start_server(s, a, &h, e);
}

/* ---- running ----------------------------------------------------------------------------------
 */

static void
reload(struct service *s)
{
    struct err e;

    identities_refresh(s->identities);
    committer_reload(s->committer);
    if (s->o->tls_cert && !http_server_reload(s->http, &e))
        log_write(LOG_ERROR, "the certificates in force stay: %s", e.text);
    log_write(LOG_INFO, "reloaded");
}

/*
 * A hung database or disk must not hold the end up: what is left to do then is only to free memory
 * and close connections, or has not been acknowledged.
 */
static void *
end_anyhow(void *service)
{
    const struct service *const s = service;
    const struct timespec t = {.tv_sec = END_SECONDS};

    (void)nanosleep(&t, NULL);
    log_write(LOG_WARNING, "ended without waiting for what does not answer");
    _exit(atomic_load(&s->drained) ? 0 : EXIT_FAILURE);
}

static void
end(struct service *s)
{
    pthread_t watch;

    log_write(LOG_INFO, "ending: no more requests are taken");
    if (pthread_create(&watch, NULL, end_anyhow, s) == 0)
        (void)pthread_detach(watch);
    atomic_store(&s->draining, true);
    batches_stop(s->batches);
    if (!http_server_drain(s->http, DRAIN_ANSWERS_MS))
        log_write(LOG_WARNING, "some requests were not answered in time");
    committer_drain(s->committer, 1.0);
    atomic_store(&s->drained, true);
    http_server_stop(s->http);
    batches_wait(s->batches, DRAIN_BATCHES_MS);
}

static void
run(struct service *s, const sigset_t *signals)
{
    int number = 0;

    for (;;) {
        if (sigwait(signals, &number) != 0)
            continue;
        if (number == SIGHUP) {
            reload(s);
            continue;
        }
        end(s);
        return;
    }
}

static void
say_where(const struct service *s)
{
    const char *const colon = strrchr(s->o->listen, ':');

    printf("maatstaf collector listens on http%s://%.*s:%u\n", s->o->tls_cert ? "s" : "",
           (int)(colon - s->o->listen), s->o->listen, http_server_port(s->http));
    (void)fflush(stdout);
}

int
serve_run(const struct program *p, struct arena *a, const struct serve_options *o)
{
    struct service *const s = arena_alloc(a, sizeof *s);
    struct err e = {0};
    const struct rlimit none = {0, 0};
    sigset_t signals;

    (void)setrlimit(RLIMIT_CORE, &none); /* memory holds what was refused: no dump of it */
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    s->o = o;
    s->started = clock_seconds();
    if (!positive(o, &e) || !openapi_text(a, &s->openapi, &e) || !open_parts(s, p, a, &e) ||
        !open_port(s, a, &e))
        return program_fail(p, &e);
    say_where(s);
    run(s, &signals);
    return 0;
}
