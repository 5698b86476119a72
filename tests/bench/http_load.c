/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A closed loop of HTTP clients in one thread: each of N keep-alive connections sends a request,
 * waits for its answer and sends the next. Prints requests a second, statuses and latencies as
 * JSON. With --echo it measures common/http_server.h alone: a child process answers 201 at once.
 *
 *   http_load [-c 64] [-s 5] [-t] [-b FILE | -l FILE [-n FIRST]] [-H 'Name: value'] [-m POST]
 *             [-a 127.0.0.1] -p PORT /path
 *   http_load --echo [-C CERT -K KEY] [--later] …   own server; --later: answers from another
 * thread
 *
 * -b: one body for all; in it and in the path "@@@@@@@@@@@@" becomes a number of twelve digits,
 * another each time, from FIRST. -l: every line of the file is a body of its own, used once, from
 * line FIRST (from 0); it ends early when they are used up.
 */
#define _GNU_SOURCE /* strcasestr */
#include "common/clock.h"
#include "common/http_server.h"
#include "common/log.h"
#include "common/reader.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MOST = 65536, BODY_MOST = 65536, LATENCIES_MOST = 1 << 22, DIGITS = 12 };

struct load {
    const char *address, *method, *path, *body_file, *line_file, *fields[16];
    unsigned port, connections, field_count;
    double seconds;
    bool tls, echo, later;
    const char *certificate, *key;

    char *request; /* head and body */
    size_t length;
    size_t marks[64]; /* where numbers go */
    unsigned mark_count;
    uint64_t number;    /* of the next request, or its line */
    struct span *lines; /* of line_file */
    size_t line_count;
    struct strbuf *scratch;

    SSL_CTX *context;
    float *latencies;
    size_t latency_count;
    uint64_t statuses[600], broken, answered;
    double until;
};

struct client {
    int fd;
    SSL *ssl;
    char *request;
    size_t length, sent;
    bool idle; /* no line is left */
    char answer[ANSWER_MOST];
    size_t got, whole; /* whole: bytes of the answer, when its head is known */
    double begun;
};

static void
die(const char *what)
{
    fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- the request ----------------------------------------------------------------------------- */

static size_t
read_body(const char *file, char *body)
{
    FILE *const f = file ? fopen(file, "rb") : NULL;

    if (file && !f)
        die(file);

    const size_t length = f ? fread(body, 1, BODY_MOST, f) : 0;

    if (f)
        fclose(f);
    return length;
}

static void
find_marks(struct load *l)
{
    static const char mark[] = "@@@@@@@@@@@@";

    for (size_t i = 0; i + DIGITS <= l->length && l->mark_count < 64; i++) {
        if (memcmp(l->request + i, mark, DIGITS) == 0) {
            l->marks[l->mark_count++] = i;
            i += DIGITS - 1;
        }
    }
}

/* The whole file stays in memory. */
static void
read_lines(struct arena *a, struct load *l)
{
    struct err e;
    struct file_reader *const file = file_reader_open(a, l->line_file, &e);
    struct strbuf *const text = strbuf_new(a, (size_t)4 << 30);
    char piece[BODY_MOST];

    if (!file)
        die(l->line_file);

    struct reader in = file_reader_reader(file);
    size_t n;

    while (in.read(in.context, piece, sizeof piece, &n, &e) && n > 0)
        strbuf_add(text, piece, n);
    for (size_t i = 0; i < text->length; i++)
        l->line_count += text->data[i] == '\n';
    l->lines = arena_array(a, l->line_count + 1, sizeof *l->lines);

    const char *at = text->data;

    for (size_t i = 0; i < l->line_count; i++) {
        const char *const end = strchr(at, '\n');

        l->lines[i] = (struct span){at, (size_t)(end - at)};
        if (l->lines[i].length >= BODY_MOST)
            die("a line is too long");
        at = end + 1;
    }
}

static void
make_head(struct load *l, struct strbuf *b, size_t length)
{
    strbuf_printf(b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", l->method, l->path);
    for (unsigned i = 0; i < l->field_count; i++)
        strbuf_printf(b, "%s\r\n", l->fields[i]);
    if (length > 0 || strcmp(l->method, "GET") != 0)
        strbuf_printf(b, "Content-Type: application/json\r\nContent-Length: %zu\r\n", length);
    strbuf_add_text(b, "\r\n");
}

static void
make_request(struct arena *a, struct load *l)
{
    char *const body = arena_alloc(a, BODY_MOST);
    const size_t length = read_body(l->body_file, body);
    struct strbuf *const b = strbuf_new(a, 1 << 20);

    if (l->line_file)
        read_lines(a, l);
    l->scratch = strbuf_new(a, 1 << 20);
    make_head(l, b, length);
    strbuf_add(b, body, length);
    l->request = b->data;
    l->length = b->length;
    find_marks(l);
}

/* False: no line is left. */
static bool
line_request(struct load *l, struct client *c)
{
    if (l->number >= l->line_count)
        return false;

    const struct span line = l->lines[l->number++];

    strbuf_clear(l->scratch);
    make_head(l, l->scratch, line.length);
    strbuf_add(l->scratch, line.data, line.length);
    memcpy(c->request, l->scratch->data, l->scratch->length);
    c->length = l->scratch->length;
    return true;
}

static void
number_request(struct load *l, struct client *c)
{
    char digits[DIGITS + 1];

    snprintf(digits, sizeof digits, "%0*" PRIu64, DIGITS, l->number++);
    for (unsigned i = 0; i < l->mark_count; i++)
        memcpy(c->request + l->marks[i], digits, DIGITS);
}

/* ---- clients --------------------------------------------------------------------------------- */

static void
connect_client(struct load *l, struct client *c)
{
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)l->port),
                                   .sin_addr.s_addr = inet_addr(l->address)};
    const int yes = 1;

    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (const struct sockaddr *)&to, sizeof to) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (l->tls) {
        c->ssl = SSL_new(l->context);
        SSL_set_fd(c->ssl, c->fd);
        if (SSL_connect(c->ssl) != 1)
            die("handshake");
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->request = malloc(l->length + BODY_MOST);
    if (!c->request)
        die("memory");
    memcpy(c->request, l->request, l->length);
    c->length = l->length;
}

static ssize_t
client_write(struct client *c, size_t length)
{
    if (c->ssl)
        return SSL_write(c->ssl, c->request + c->sent, (int)length);
    return send(c->fd, c->request + c->sent, length, MSG_NOSIGNAL);
}

static ssize_t
client_read(struct client *c)
{
    if (c->ssl)
        return SSL_read(c->ssl, c->answer + c->got, (int)(sizeof c->answer - c->got));
    return recv(c->fd, c->answer + c->got, sizeof c->answer - c->got, 0);
}

static void
begin(struct load *l, struct client *c)
{
    if (l->line_file)
        c->idle = !line_request(l, c);
    else
        number_request(l, c);
    c->sent = c->got = c->whole = 0;
    c->begun = clock_seconds();
}

/* How long the answer is, once its head is there. */
static size_t
answer_length(struct client *c)
{
    c->answer[c->got < sizeof c->answer ? c->got : sizeof c->answer - 1] = '\0';

    const char *const end = strstr(c->answer, "\r\n\r\n");
    const char *const length = end ? strcasestr(c->answer, "\r\nContent-Length:") : NULL;

    if (!end)
        return 0;
    return (size_t)(end + 4 - c->answer) + (length ? strtoul(length + 17, NULL, 10) : 0);
}

/* The answer is whole. */
static void
count(struct load *l, const struct client *c)
{
    const long status = strtol(c->answer + 9, NULL, 10);

    l->answered++;
    l->statuses[status > 0 && status < 600 ? status : 0]++;
    if (l->latency_count < LATENCIES_MOST)
        l->latencies[l->latency_count++] = (float)((clock_seconds() - c->begun) * 1000.0);
}

/* False: the connection is at its end. */
static bool
step(struct load *l, struct client *c)
{
    for (;;) {
        if (c->idle)
            return true;
        if (c->sent < c->length) {
            const ssize_t n = client_write(c, c->length - c->sent);

            if (n <= 0)
                return c->ssl || errno == EAGAIN;
            c->sent += (size_t)n;
            continue;
        }

        const ssize_t n = client_read(c);

        if (n <= 0)
            return c->ssl ? SSL_get_error(c->ssl, (int)n) == SSL_ERROR_WANT_READ
                          : n < 0 && errno == EAGAIN;
        c->got += (size_t)n;
        if (c->whole == 0)
            c->whole = answer_length(c);
        if (c->whole == 0 || c->got < c->whole)
            continue;
        count(l, c);
        begin(l, c);
    }
}

static bool
all_idle(const struct load *l, const struct client *clients)
{
    for (unsigned i = 0; i < l->connections; i++)
        if (!clients[i].idle && clients[i].fd >= 0)
            return false;
    return true;
}

static void
run_load(struct load *l)
{
    struct client *const clients = calloc(l->connections, sizeof *clients);
    const int epoll = epoll_create1(0);
    struct epoll_event events[256];

    if (!clients)
        die("memory");
    for (unsigned i = 0; i < l->connections; i++) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = &clients[i]};

        connect_client(l, &clients[i]);
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &event);
    }
    l->until = clock_seconds() + l->seconds;
    for (unsigned i = 0; i < l->connections; i++) {
        begin(l, &clients[i]);
        step(l, &clients[i]);
    }

    const double began = clock_seconds();

    while (clock_seconds() < l->until && !(l->line_file && all_idle(l, clients))) {
        const int n = epoll_wait(epoll, events, 256, 100);

        for (int i = 0; i < n; i++) {
            struct client *const c = events[i].data.ptr;

            if (c->fd >= 0 && !step(l, c)) {
                close(c->fd);
                c->fd = -1;
                l->broken++;
            }
        }
    }
    l->seconds = clock_seconds() - began;
}

/* ---- a server that answers at once ----------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t come;
    struct http_request *waiting[4096];
    unsigned count;
} late = {.lock = PTHREAD_MUTEX_INITIALIZER, .come = PTHREAD_COND_INITIALIZER};

static void
answer_created(struct http_request *r)
{
    static const struct http_field location = {"Location", "/v1/stops/bench/1"};
    const struct http_answer answer = {
        .status = 201,
        .media = "application/json",
        .body = SPAN_LITERAL("{\"stop_id\":\"019aae64-2d7e-7000-8000-000000000000\","
                             "\"ledger_entry\":1}"),
        .fields = &location,
        .field_count = 1,
    };

    http_answer(r, &answer);
}

static void
serve_now(void *context, struct http_request *r)
{
    (void)context;
    answer_created(r);
}

static void
serve_later(void *context, struct http_request *r)
{
    (void)context;
    pthread_mutex_lock(&late.lock);
    late.waiting[late.count++] = r;
    if (late.count == 1)
        pthread_cond_signal(&late.come);
    pthread_mutex_unlock(&late.lock);
}

static void *
answer_later(void *context)
{
    struct http_request *taken[4096];

    for (;;) {
        pthread_mutex_lock(&late.lock);
        while (late.count == 0)
            pthread_cond_wait(&late.come, &late.lock);

        const unsigned n = late.count;

        memcpy(taken, late.waiting, n * sizeof *taken);
        late.count = 0;
        pthread_mutex_unlock(&late.lock);
        for (unsigned i = 0; i < n; i++)
            answer_created(taken[i]);
    }
    return context;
}

static void
serve_echo(const struct load *l, int tell)
{
    const struct http_route route = {.method = l->method,
                                     .path = l->path,
                                     .media = "application/json",
                                     .body_most = BODY_MOST,
                                     .serve = l->later ? serve_later : serve_now};
    const struct http_server_options options = {.certificate_file = l->certificate,
                                                .key_file = l->key,
                                                .routes = &route,
                                                .route_count = 1,
                                                .caps = {.connections = 4096, .per_client = 4096}};
    struct err e;
    pthread_t thread;
    struct http_server *const s = http_server_start(arena_new(), &options, &e);

    if (!s) {
        log_err("http_load", &e);
        exit(1);
    }
    pthread_create(&thread, NULL, answer_later, NULL);

    const unsigned port = http_server_port(s);

    if (write(tell, &port, sizeof port) < 0)
        exit(1);
    for (;;)
        pause();
}

static pid_t
start_echo(struct load *l)
{
    int ends[2];

    if (pipe(ends) != 0)
        die("pipe");

    const pid_t child = fork();

    if (child == 0)
        serve_echo(l, ends[1]);
    close(ends[1]);
    if (read(ends[0], &l->port, sizeof l->port) != sizeof l->port)
        die("no server");
    return child;
}

/* ---- the report ------------------------------------------------------------------------------ */

static int
by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static double
quantile(const struct load *l, double q)
{
    if (l->latency_count == 0)
        return 0;
    return l->latencies[(size_t)(q * (double)(l->latency_count - 1))];
}

static double
cpu_of(int who)
{
    struct rusage u;

    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void
report(struct load *l, double server_cpu)
{
    const char *comma = "";

    qsort(l->latencies, l->latency_count, sizeof *l->latencies, by_size);
    printf("{\"connections\":%u,\"seconds\":%.2f,\"answered\":%" PRIu64
           ",\"per_second\":%.0f,\"broken\":%" PRIu64 ",\"statuses\":{",
           l->connections, l->seconds, l->answered, (double)l->answered / l->seconds, l->broken);
    for (unsigned i = 0; i < 600; i++) {
        if (l->statuses[i] > 0) {
            printf("%s\"%u\":%" PRIu64, comma, i, l->statuses[i]);
            comma = ",";
        }
    }
    printf("},\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"most_ms\":%.3f", quantile(l, 0.5),
           quantile(l, 0.9), quantile(l, 0.99), quantile(l, 1));
    if (l->line_file)
        printf(",\"next_line\":%" PRIu64, l->number);
    printf(",\"client_cpu_us\":%.2f", cpu_of(RUSAGE_SELF) * 1e6 / (double)(l->answered + 1));
    if (l->echo)
        printf(",\"server_cpu_us\":%.2f", server_cpu * 1e6 / (double)(l->answered + 1));
    printf("}\n");
}

static void
read_options(struct load *l, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *const o = argv[i];
        const char *const value = i + 1 < argc ? argv[i + 1] : "";

        if (strcmp(o, "--echo") == 0)
            l->echo = true;
        else if (strcmp(o, "--later") == 0)
            l->later = true;
        else if (strcmp(o, "-t") == 0)
            l->tls = true;
        else if (*o == '/')
            l->path = o;
        else if (*o == '-' && i++ + 1 < argc) {
            switch (o[1]) {
            case 'c':
                l->connections = (unsigned)strtoul(value, NULL, 10);
                break;
            case 's':
                l->seconds = strtod(value, NULL);
                break;
            case 'p':
                l->port = (unsigned)strtoul(value, NULL, 10);
                break;
            case 'a':
                l->address = value;
                break;
            case 'm':
                l->method = value;
                break;
            case 'b':
                l->body_file = value;
                break;
            case 'l':
                l->line_file = value;
                break;
            case 'n':
                l->number = strtoull(value, NULL, 10);
                break;
            case 'C':
                l->certificate = value;
                break;
            case 'K':
                l->key = value;
                break;
            case 'H':
                if (l->field_count < 16)
                    l->fields[l->field_count++] = value;
                break;
            default:
                fprintf(stderr, "http_load: unknown option %s\n", o);
                exit(2);
            }
        }
    }
}

int
main(int argc, char **argv)
{
    struct arena *const a = arena_new();
    struct load l = {.address = "127.0.0.1",
                     .method = "POST",
                     .path = "/v1/stops",
                     .connections = 64,
                     .seconds = 5};

    read_options(&l, argc, argv);
    make_request(a, &l);
    l.latencies = calloc(LATENCIES_MOST, sizeof *l.latencies);
    l.context = SSL_CTX_new(TLS_client_method());
    if (!l.latencies || !l.context)
        die("memory");
    if (l.certificate && !l.echo &&
        (SSL_CTX_use_certificate_chain_file(l.context, l.certificate) != 1 ||
         SSL_CTX_use_PrivateKey_file(l.context, l.key, SSL_FILETYPE_PEM) != 1))
        die("client certificate");
    l.tls |= l.echo && l.certificate;

    const pid_t child = l.echo ? start_echo(&l) : 0;

    run_load(&l);
    if (l.echo) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    report(&l, cpu_of(RUSAGE_CHILDREN));
    return l.answered == 0;
}
