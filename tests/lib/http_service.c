/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The raw client blocks, with a time limit on the socket: it shows what a client sees and no more.
 */
#define _GNU_SOURCE /* strcasestr */
#include "tests/lib/http_service.h"

#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LARGE = 8 << 20, HELD_MOST = 64 };

static struct arena *arena;
static struct http_server *server;
static atomic_uint served;
static char last[256];
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t held_lock = PTHREAD_MUTEX_INITIALIZER;
static struct http_request *held[HELD_MOST];
static unsigned held_count;
static bool on_ipv6;

void
service_sleep(unsigned ms)
{
    const struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

/* ---- the routes ------------------------------------------------------------------------------ */

static void
answer(struct http_request *r, int status, struct span body)
{
    const char *const beside = http_header(r, "x-beside");

    if (!beside) {
        pthread_mutex_lock(&last_lock);
        snprintf(last, sizeof last, "%s %s", r->client, r->certificate ? r->certificate : "-");
        pthread_mutex_unlock(&last_lock);
        atomic_fetch_add(&served, 1);
    }
    http_answer(r,
                &(struct http_answer){.status = status, .media = "application/json", .body = body});
}

static void
serve_echo(void *context, struct http_request *r)
{
    (void)context;
    answer(r, 200, r->body);
}

static void *
answer_late(void *request)
{
    service_sleep(5);
    answer(request, 200, ((struct http_request *)request)->body);
    return NULL;
}

static void
serve_late(void *context, struct http_request *r)
{
    pthread_t thread;

    (void)context;
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_late, r), 0);
    pthread_detach(thread);
}

static void
serve_thing(void *context, struct http_request *r)
{
    const char *const from = http_parameter(r, "from");
    const char *const text = arena_printf(r->arena, "{\"id\":\"%s\",\"from\":\"%s\"}",
                                          http_parameter(r, "id"), from ? from : "");

    (void)context;
    answer(r, 200, span_of(text));
}

static void
serve_file(void *context, struct http_request *r)
{
    FILE *const f = fopen(r->body_file, "rb");
    uint64_t bytes = 0, sum = 0;

    (void)context;
    ck_assert_ptr_nonnull(f);
    for (int c = getc(f); c != EOF; c = getc(f)) {
        bytes++;
        sum = sum * 31 + (unsigned)c;
    }
    fclose(f);
    answer(r, 200,
           span_of(arena_printf(r->arena, "{\"bytes\":%ju,\"sum\":%ju}", (uintmax_t)bytes,
                                (uintmax_t)sum)));
}

static void
serve_large(void *context, struct http_request *r)
{
    char *const body = arena_alloc(r->arena, LARGE);

    (void)context;
    memset(body, 'x', LARGE);
    answer(r, 200, (struct span){body, LARGE});
}

static void
serve_slow(void *context, struct http_request *r)
{
    (void)context;
    service_sleep(50);
    answer(r, 200, SPAN_LITERAL("{}"));
}

static void
serve_held(void *context, struct http_request *r)
{
    (void)context;
    pthread_mutex_lock(&held_lock);
    ck_assert_uint_lt(held_count, HELD_MOST);
    held[held_count++] = r;
    pthread_mutex_unlock(&held_lock);
}

void
service_release(void)
{
    pthread_mutex_lock(&held_lock);
    for (unsigned i = 0; i < held_count; i++)
        answer(held[i], 200, held[i]->body);
    held_count = 0;
    pthread_mutex_unlock(&held_lock);
}

unsigned
service_held(void)
{
    pthread_mutex_lock(&held_lock);
    const unsigned count = held_count;
    pthread_mutex_unlock(&held_lock);
    return count;
}

static bool
admit(void *context, struct http_request *r)
{
    static const struct http_field challenge = {"WWW-Authenticate", "Bearer"};

    (void)context;
    if (r->route->open || span_is(r->authorization, "Bearer good"))
        return true;
    http_answer(r, &(struct http_answer){.status = 401, .fields = &challenge, .field_count = 1});
    return false;
}

static void
problem(void *context, int status, const char *code, struct strbuf *body)
{
    (void)context;
    strbuf_printf(body, "{\"status\":%d,\"code\":\"%s\"}", status, code);
}

#define JSON .media = "application/json", .body_most = 1024
static const struct http_route routes[] = {
    {.method = "POST", .path = "/v1/echo", JSON, .open = true, .serve = serve_echo},
    {.method = "POST", .path = "/v1/late", JSON, .open = true, .serve = serve_late},
    {.method = "PUT", .path = "/v1/held", JSON, .open = true, .serve = serve_held},
    {.method = "POST", .path = "/v1/closed", JSON, .serve = serve_echo},
    {.method = "GET",
     .path = "/v1/things/{id}",
     .query = "from to",
     .open = true,
     .serve = serve_thing},
    {.method = "DELETE", .path = "/v1/things/{id}", .open = true, .serve = serve_thing},
    {.method = "GET", .path = "/v1/large", .open = true, .serve = serve_large},
    {.method = "GET", .path = "/v1/slow", .open = true, .slow = true, .serve = serve_slow},
    {.method = "POST",
     .path = "/v1/file",
     .media = "application/x-ndjson",
     .body_most = 4 << 20,
     .body_to_file = true,
     .open = true,
     .serve = serve_file},
};

/* ---- the service ----------------------------------------------------------------------------- */

struct http_server_options
service_options(void)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1", NULL};
    static const struct http_field version = {"API-Version", "1.0.0"};

    return (struct http_server_options){
        .hosts = hosts,
        .folder = "/tmp",
        .fields = &version,
        .field_count = 1,
        .routes = routes,
        .route_count = sizeof routes / sizeof *routes,
        .admit = admit,
        .problem = problem,
        .deadlines = {.head_ms = 2000, .body_ms = 2000, .answer_ms = 2000, .idle_ms = 2000},
    };
}

struct http_server *
service_start(const struct http_server_options *options)
{
    struct err e;

    arena = arena_new();
    on_ipv6 = options->address && strchr(options->address, ':');
    server = http_server_start(arena, options, &e);
    ck_assert_msg(server != NULL, "%s", e.text);
    return server;
}

void
service_stop(void)
{
    http_server_stop(server);
    arena_free(arena);
}

struct http_server *
service_server(void)
{
    return server;
}

unsigned
service_port(void)
{
    return http_server_port(server);
}

unsigned
service_served(void)
{
    return atomic_load(&served);
}

const char *
service_last(void)
{
    return last;
}

/* ---- the raw client -------------------------------------------------------------------------- */

bool
raw_connect(struct raw *r)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)service_port()),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                                    .sin6_port = htons((uint16_t)service_port()),
                                    .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const bool taken = on_ipv6 ? connect(r->fd, (const struct sockaddr *)&v6, sizeof v6) == 0
                               : connect(r->fd, (const struct sockaddr *)&v4, sizeof v4) == 0;

    if (!taken)
        raw_close(r);
    return taken;
}

struct raw
raw_socket(void)
{
    struct raw r = {.fd = socket(on_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    ck_assert_int_ge(r.fd, 0);
    return r;
}

struct raw
raw_open(void)
{
    struct raw r = raw_socket();

    raw_connect(&r);
    return r;
}

struct raw
raw_open_from(const char *address)
{
    const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address)};
    struct raw r = raw_socket();

    ck_assert_int_eq(bind(r.fd, (const struct sockaddr *)&from, sizeof from), 0);
    raw_connect(&r);
    return r;
}

void
raw_close(struct raw *r)
{
    SSL_free(r->ssl);
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    r->ssl = NULL;
}

bool
raw_send(struct raw *r, const void *data, size_t length)
{
    const char *at = data;

    while (length > 0) {
        const ssize_t n =
            r->ssl ? SSL_write(r->ssl, at, (int)length) : send(r->fd, at, length, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        length -= (size_t)n;
    }
    return true;
}

bool
raw_text(struct raw *r, const char *text)
{
    return raw_send(r, text, strlen(text));
}

/* False at the end, after an error or when nothing comes in time. */
static bool
read_more(struct raw *r, unsigned timeout_ms, bool *ended)
{
    struct pollfd p = {.fd = r->fd, .events = POLLIN};

    *ended = false;
    if (!(r->ssl && SSL_pending(r->ssl) > 0) && poll(&p, 1, (int)timeout_ms) <= 0)
        return false;

    const size_t room = sizeof r->bytes - 1 - r->got;
    const ssize_t n = r->ssl ? SSL_read(r->ssl, r->bytes + r->got, (int)room)
                             : recv(r->fd, r->bytes + r->got, room, 0);

    *ended = n <= 0;
    if (n > 0)
        r->got += (size_t)n;
    r->bytes[r->got] = '\0';
    return n > 0;
}

static void
take(struct raw *r, size_t length)
{
    memmove(r->bytes, r->bytes + length, r->got - length);
    r->got -= length;
    r->bytes[r->got] = '\0';
}

int
raw_answer(struct raw *r, struct span *head, struct span *body, unsigned timeout_ms)
{
    static _Thread_local char answer_bytes[1 << 16];
    const char *end;
    bool ended;

    r->bytes[r->got] = '\0';
    while (!(end = strstr(r->bytes, "\r\n\r\n"))) {
        if (!read_more(r, timeout_ms, &ended))
            return 0;
    }

    const char *const length_at = strcasestr(r->bytes, "\r\nContent-Length:");
    const size_t head_bytes = (size_t)(end + 4 - r->bytes);
    const size_t whole =
        head_bytes + (length_at && length_at < end ? strtoul(length_at + 17, NULL, 10) : 0);

    ck_assert_uint_lt(whole, sizeof r->bytes);
    while (r->got < whole) {
        if (!read_more(r, timeout_ms, &ended))
            return 0;
    }
    memcpy(answer_bytes, r->bytes, whole);
    if (head)
        *head = (struct span){answer_bytes, head_bytes};
    if (body)
        *body = (struct span){answer_bytes + head_bytes, whole - head_bytes};
    take(r, whole);
    return (int)strtol(answer_bytes + 9, NULL, 10);
}

bool
raw_ended(struct raw *r, unsigned timeout_ms)
{
    bool ended;

    return r->got == 0 && !read_more(r, timeout_ms, &ended) && ended;
}

/* ---- good requests beside -------------------------------------------------------------------- */

static struct {
    pthread_t thread;
    SSL_CTX *tls;
    atomic_bool over;
    atomic_uint sent, good;
} beside;

static void
shake_hands(struct raw *r, SSL_CTX *tls)
{
    if (!tls || r->fd < 0)
        return;
    r->ssl = SSL_new(tls);
    SSL_set_fd(r->ssl, r->fd);
    if (SSL_connect(r->ssl) != 1)
        raw_close(r);
}

static bool
good_one(struct raw *r)
{
    static const char request[] = "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nX-Beside: 1\r\n"
                                  "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n"
                                  "{\"a\":1}";
    struct span body;

    return raw_text(r, request) && raw_answer(r, NULL, &body, 5000) == 200 &&
           span_is(body, "{\"a\":1}");
}

/* Some on one connection, then on another; never so fast that a test is about them. */
static void *
run_beside(void *context)
{
    while (!atomic_load(&beside.over)) {
        struct raw *const r = malloc(sizeof *r);

        *r = on_ipv6 ? raw_open() : raw_open_from("127.0.0.2");
        shake_hands(r, beside.tls);
        for (int i = 0; i < 5; i++) {
            const bool good = r->fd >= 0 && good_one(r);

            beside.sent++;
            beside.good += good;
            service_sleep(2);
        }
        raw_close(r);
        free(r);
    }
    return context;
}

void
beside_start(SSL_CTX *tls)
{
    beside.tls = tls;
    atomic_store(&beside.over, false);
    beside.sent = beside.good = 0;
    ck_assert_int_eq(pthread_create(&beside.thread, NULL, run_beside, NULL), 0);
}

void
beside_stop(void)
{
    while (beside.sent < 10)
        service_sleep(5);
    atomic_store(&beside.over, true);
    pthread_join(beside.thread, NULL);
    ck_assert_uint_ge(beside.sent, 10);
    ck_assert_msg(beside.good == beside.sent, "of %u good requests beside %u were answered",
                  beside.sent, beside.good);
}

/* ---- many that go on through an end ---------------------------------------------------------- */

enum { HAMMERS = 6 };

static struct {
    pthread_t threads[HAMMERS];
    SSL_CTX *tls;
    atomic_bool over;
    struct hammered seen;
} hammer;

static void
hammer_once(struct raw *r)
{
    static const char request[] = "POST /v1/late HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    if (r->fd < 0) {
        *r = raw_open();
        shake_hands(r, hammer.tls);
        if (r->fd < 0)
            return;
        atomic_fetch_add(&hammer.seen.connections, 1);
    }
    if (raw_text(r, request) && raw_answer(r, NULL, NULL, 5000) == 200) {
        atomic_fetch_add(&hammer.seen.answered, 1);
        return;
    }
    atomic_fetch_add(&hammer.seen.cut, r->got > 0);
    raw_close(r);
}

static void *
run_hammer(void *context)
{
    struct raw *const r = malloc(sizeof *r);

    r->fd = -1;
    r->ssl = NULL;
    while (!atomic_load(&hammer.over)) {
        hammer_once(r);
        service_sleep(1);
    }
    raw_close(r);
    free(r);
    return context;
}

void
hammer_start(SSL_CTX *tls)
{
    ck_assert(signal(SIGPIPE, SIG_IGN) != SIG_ERR); /* OpenSSL writes to who is gone */
    hammer.tls = tls;
    atomic_store(&hammer.over, false);
    for (int i = 0; i < HAMMERS; i++)
        ck_assert_int_eq(pthread_create(&hammer.threads[i], NULL, run_hammer, NULL), 0);
}

const struct hammered *
hammer_seen(void)
{
    return &hammer.seen;
}

void
hammer_stop(void)
{
    atomic_store(&hammer.over, true);
    for (int i = 0; i < HAMMERS; i++)
        pthread_join(hammer.threads[i], NULL);
    ck_assert_uint_eq(hammer.seen.cut, 0);
    ck_assert_uint_eq(service_served(), hammer.seen.answered);
}
