/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A closed loop of HTTP clients in one thread: each of N keep-alive connections sends a request,
 * waits for its answer and sends the next. Prints requests a second, statuses and latencies as
 * JSON. With --echo it measures common/http_server.h alone: a child process answers 201 at once.
 *
 *   http_load [-c 64] [-s 5] [-t] [-b FILE | -l FILE [-n FIRST]] [-H 'Name: value'] [-m POST]
 *             [-a 127.0.0.1] -p PORT /path
 *   http_load --echo [-C CERT -K KEY] [--later [-g 64]] …   own server; --later: answers from
 *             another thread, -g so many at a time
 *
 * -b: one body for all; in it and in the path "@@@@@@@@@@@@" becomes a number of twelve digits,
 * another each time, from FIRST. -l: every line of the file is a body of its own, used once, from
 * line FIRST (from 0); it ends early when they are used up.
 */
#define _GNU_SOURCE /* strcasestr */
#include "tests/bench/http_load.h"

#include "common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
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

enum { LATENCIES_MOST = 1 << 22 };

void
die(const char *what)
{
    fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
    exit(1);
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
    next_request(l, c);
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

/* The value of -a, -b, …; false: no such option. */
static bool
read_option(struct load *l, char option, const char *value)
{
    const struct {
        char option;
        const char **text;
        unsigned *number;
    } options[] = {
        {'a', &l->address, NULL},     {'b', &l->body_file, NULL}, {'C', &l->certificate, NULL},
        {'c', NULL, &l->connections}, {'g', NULL, &l->group},     {'K', &l->key, NULL},
        {'l', &l->line_file, NULL},   {'m', &l->method, NULL},    {'p', NULL, &l->port},
    };

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].option != option)
            continue;
        if (options[i].text)
            *options[i].text = value;
        else
            *options[i].number = (unsigned)strtoul(value, NULL, 10);
        return true;
    }
    if (option == 's')
        l->seconds = strtod(value, NULL);
    else if (option == 'n')
        l->number = strtoull(value, NULL, 10);
    else if (option == 'H' && l->field_count < 16)
        l->fields[l->field_count++] = value;
    return strchr("snH", option) != NULL;
}

static void
read_options(struct load *l, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *const o = argv[i];

        if (strcmp(o, "--echo") == 0) {
            l->echo = true;
        } else if (strcmp(o, "--later") == 0) {
            l->later = true;
        } else if (strcmp(o, "-t") == 0) {
            l->tls = true;
        } else if (*o == '/') {
            l->path = o;
        } else if (*o != '-' || !o[1] || i + 1 == argc || !read_option(l, o[1], argv[++i])) {
            fprintf(stderr, "http_load: unknown option %s\n", o);
            exit(2);
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
