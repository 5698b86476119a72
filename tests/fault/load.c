/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A sender that does not let go: posts registrations over several connections, sends again what was
 * not answered until it is, sends some of it more often than that and from two sides at once, and
 * writes down each registration that was acknowledged. It survives whatever happens to the service.
 *
 *   fault-load --ports P[,P…] --token FILE --records FILE --acks FILE [--connections 8] [--rate
 * 300]
 *
 * SIGTERM: takes no new registration and ends when all that were sent are acknowledged (status 0),
 * or says how many never were (status 1). The last line on stdout counts.
 */
#include "common/arena.h"
#include "common/clock.h"
#include "common/err.h"
#include "common/rng.h"
#include "common/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    PORTS_MOST = 4,
    ANSWER_BYTES = 64 * 1024,
    TIMEOUT_S = 15, /* of one call on a socket */
    FINISH_S = 180, /* for what is not acknowledged yet, once it was told to end */
    RECENT = 64,    /* what is sent again is among the latest so many */
    STATUS_MOST = 600
};

struct item {
    struct span text;   /* the registration */
    struct span number; /* its record number */
    atomic_bool acked;
};

static struct {
    struct item *items;
    size_t count;
    unsigned ports[PORTS_MOST], port_count;
    const char *token;
    unsigned connections;
    double rate; /* requests a second, all connections together */
    int acks;    /* file */
    uint64_t seed;
} run;

static atomic_size_t taken; /* items handed out */
static atomic_size_t acked; /* items acknowledged at least once */
static atomic_ullong sent, again, broken, connects;
static atomic_ullong statuses[STATUS_MOST];
static volatile sig_atomic_t ending;
static double ending_since;

static void
end_soon(int signal)
{
    (void)signal;
    ending = 1;
}

static void
die(const char *what)
{
    fprintf(stderr, "fault-load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void
nap(double seconds)
{
    const struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

    (void)nanosleep(&t, NULL);
}

/* ---- connections --------------------------------------------------------------------------- */

struct sender {
    unsigned index;
    int fd; /* -1: none */
    struct rng rng;
    struct item *own; /* what it has to get through; NULL: nothing */
    char answer[ANSWER_BYTES];
};

static void
hang_up(struct sender *s)
{
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
}

static bool
dial(struct sender *s)
{
    const struct timeval patience = {TIMEOUT_S, 0};
    const struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)run.ports[s->index % run.port_count]),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const int on = 1;

    if (s->fd >= 0)
        return true;
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return false;
    (void)setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    (void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    atomic_fetch_add(&connects, 1);
    if (connect(s->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return true;
    hang_up(s);
    return false;
}

static bool
send_whole(int fd, struct span bytes)
{
    while (bytes.length > 0) {
        const ssize_t n = send(fd, bytes.data, bytes.length, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes.data += n;
        bytes.length -= (size_t)n;
    }
    return true;
}

/* The length that the head (NUL-terminated) gives its body; false without one. */
static bool
body_length(const char *head, size_t *length)
{
    static const char name[] = "\r\ncontent-length:";

    for (const char *at = head; *at; at++) {
        size_t i = 0;

        while (name[i] && (at[i] | (at[i] >= 'A' && at[i] <= 'Z' ? 0x20 : 0)) == name[i])
            i++;
        if (!name[i]) {
            *length = (size_t)strtoul(at + i, NULL, 10);
            return true;
        }
    }
    return false;
}

/* Reads one whole answer; its status, or 0 when the connection broke before its end. */
static unsigned
receive(struct sender *s)
{
    size_t have = 0, want = ANSWER_BYTES - 1;

    while (have < want) {
        const ssize_t n = recv(s->fd, s->answer + have, ANSWER_BYTES - 1 - have, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return 0;
        have += (size_t)n;
        s->answer[have] = '\0';

        const char *const end = strstr(s->answer, "\r\n\r\n");
        size_t body;

        if (!end || want < ANSWER_BYTES - 1)
            continue;
        if (!body_length(s->answer, &body))
            return 0;
        want = (size_t)(end - s->answer) + 4 + body;
    }
    if (have != want || strncmp(s->answer, "HTTP/1.1 ", 9) != 0)
        return 0;

    const unsigned long status = strtoul(s->answer + 9, NULL, 10);

    return status < STATUS_MOST ? (unsigned)status : 0;
}

/* One request; the status of its answer, or 0 when nobody knows what became of it. */
static unsigned
post(struct sender *s, const struct item *item)
{
    char head[512];
    unsigned status = 0;

    if (!dial(s))
        return 0;

    const int n = snprintf(head, sizeof head,
                           "POST /v1/stops HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                           "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
                           "Content-Length: %zu\r\n\r\n",
                           run.token, item->text.length);

    atomic_fetch_add(&sent, 1);
    if (n > 0 && (size_t)n < sizeof head && send_whole(s->fd, (struct span){head, (size_t)n}) &&
        send_whole(s->fd, item->text))
        status = receive(s);
    if (status == 0) {
        atomic_fetch_add(&broken, 1);
        hang_up(s);
    } else {
        atomic_fetch_add(&statuses[status], 1);
        if (strstr(s->answer, "onnection: close"))
            hang_up(s);
    }
    return status;
}

/* ---- what is sent, and what was acknowledged ------------------------------------------------- */

/* An acknowledgement is written down before anything else happens; the flusher syncs it. */
static void
note_ack(struct item *item)
{
    char line[128];

    if (atomic_exchange(&item->acked, true))
        return;

    const int n =
        snprintf(line, sizeof line, "%.*s\n", (int)item->number.length, item->number.data);

    if (n <= 0 || write(run.acks, line, (size_t)n) != n) /* O_APPEND: whole lines */
        die("acks");
    atomic_fetch_add(&acked, 1);
}

static struct item *
take_new(void)
{
    size_t at = atomic_load(&taken);

    while (!ending && at < run.count) {
        if (atomic_compare_exchange_weak(&taken, &at, at + 1))
            return &run.items[at];
    }
    return NULL;
}

/* One of the latest that anybody took: perhaps acknowledged, perhaps on its way right now. */
static struct item *
take_recent(struct sender *s)
{
    const size_t so_far = atomic_load(&taken);
    const size_t back = 1 + rng_below(&s->rng, RECENT);

    return so_far >= back ? &run.items[so_far - back] : NULL;
}

static void
complain(const struct sender *s, const struct item *item)
{
    const char *const body = strstr(s->answer, "\r\n\r\n");

    fprintf(stderr, "%.*s: %.12s %.1500s\n", (int)item->number.length, item->number.data, s->answer,
            body ? body + 4 : "");
}

/* Posts until it is known what became of it; false when it may stop trying. */
static bool
post_once(struct sender *s, struct item *item)
{
    const unsigned status = post(s, item);

    if (status == 200 || status == 201 || status == 202) {
        note_ack(item);
        return true;
    }
    if (status >= 400 && status != 503) /* counted: none of these can be right here */
        complain(s, item);
    if (status == 409 || status == 400 || status == 403)
        return true;
    nap(status == 0 ? 0.05 : 0.2);
    return false;
}

static bool
out_of_time(void)
{
    return ending && ending_since > 0 && clock_seconds() > ending_since + FINISH_S;
}

static void *
work(void *context)
{
    struct sender *const s = context;

    while (!out_of_time()) {
        const double began = clock_seconds();

        if (!s->own)
            s->own = take_new();
        if (!s->own)
            break;
        if (post_once(s, s->own))
            s->own = NULL;
        if (rng_below(&s->rng, 5) == 0) {
            struct item *const twice = take_recent(s);

            if (twice) {
                atomic_fetch_add(&again, 1);
                (void)post_once(s, twice);
            }
        }

        const double pause = run.connections / run.rate - (clock_seconds() - began);

        if (pause > 0 && !ending)
            nap(pause);
    }
    hang_up(s);
    return NULL;
}

/* ---- the run --------------------------------------------------------------------------------- */

static void
read_items(struct arena *a, const char *path)
{
    static const char key[] = "\"source_record_no\":\"";
    FILE *const f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, capacity = 0;
    ssize_t n;

    if (!f)
        die(path);
    while ((n = getline(&line, &room, f)) > 0) {
        if (run.count == capacity) {
            struct item *const items =
                arena_array(a, capacity = capacity ? 2 * capacity : 1024, sizeof *items);

            for (size_t i = 0; i < run.count; i++) {
                items[i].text = run.items[i].text;
                items[i].number = run.items[i].number;
            }
            run.items = items;
        }

        char *const text = arena_strndup(a, line, (size_t)n - 1);
        const char *const number = strstr(text, key);
        const char *const end = number ? strchr(number + sizeof key - 1, '"') : NULL;

        if (!end)
            die("a line without source_record_no");
        run.items[run.count].text = (struct span){text, (size_t)n - 1};
        run.items[run.count].number =
            (struct span){number + sizeof key - 1, (size_t)(end - number) - (sizeof key - 1)};
        run.count++;
    }
    free(line);
    (void)fclose(f);
}

static const char *
read_token(struct arena *a, const char *path)
{
    char text[256];
    FILE *const f = fopen(path, "r");

    if (!f || !fgets(text, sizeof text, f))
        die(path);
    (void)fclose(f);
    text[strcspn(text, "\n")] = '\0';
    return arena_strdup(a, text);
}

static void
read_ports(const char *text)
{
    char *end = NULL;

    for (; run.port_count < PORTS_MOST; text = end + 1) {
        run.ports[run.port_count++] = (unsigned)strtoul(text, &end, 10);
        if (*end != ',')
            return;
    }
}

static void
read_arguments(struct arena *a, int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const struct span name = span_of(argv[i]);
        const char *const value = argv[i + 1];

        if (span_is(name, "--ports"))
            read_ports(value);
        else if (span_is(name, "--token"))
            run.token = read_token(a, value);
        else if (span_is(name, "--records"))
            read_items(a, value);
        else if (span_is(name, "--acks"))
            run.acks = open(value, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        else if (span_is(name, "--connections"))
            run.connections = (unsigned)strtoul(value, NULL, 10);
        else if (span_is(name, "--rate"))
            run.rate = strtod(value, NULL);
        else if (span_is(name, "--seed"))
            run.seed = strtoull(value, NULL, 10);
    }
    if (!run.port_count || !run.token || !run.count || run.acks < 0 || !run.connections ||
        !(run.rate > 0)) {
        fputs("usage: fault-load --ports P[,P] --token FILE --records FILE --acks FILE\n", stderr);
        exit(2);
    }
}

static int
summary(void)
{
    const size_t never = atomic_load(&taken) - atomic_load(&acked);

    printf(
        "taken=%zu acknowledged=%zu never=%zu requests=%llu resent=%llu broken=%llu connects=%llu",
        atomic_load(&taken), atomic_load(&acked), never, atomic_load(&sent), atomic_load(&again),
        atomic_load(&broken), atomic_load(&connects));
    for (unsigned i = 0; i < STATUS_MOST; i++) {
        if (atomic_load(&statuses[i]) > 0)
            printf(" s%u=%llu", i, atomic_load(&statuses[i]));
    }
    putchar('\n');
    return never > 0;
}

/* Syncs the list of acknowledgements until all senders have ended. */
static void *
flush(void *stop)
{
    while (!atomic_load((atomic_bool *)stop)) {
        nap(0.1);
        if (fdatasync(run.acks) != 0)
            die("acks");
        if (ending && ending_since <= 0)
            ending_since = clock_seconds();
    }
    return NULL;
}

int
main(int argc, char **argv)
{
    struct arena *const a = arena_new();
    const struct sigaction on_term = {.sa_handler = end_soon};
    static atomic_bool stop;
    pthread_t flusher;

    run.connections = 8;
    run.rate = 300;
    run.acks = -1;
    read_arguments(a, argc, argv);
    (void)sigaction(SIGTERM, &on_term, NULL);

    struct sender *const senders = arena_array(a, run.connections, sizeof *senders);
    pthread_t *const threads = arena_array(a, run.connections, sizeof *threads);

    if (pthread_create(&flusher, NULL, flush, &stop) != 0)
        die("thread");
    for (unsigned i = 0; i < run.connections; i++) {
        senders[i] = (struct sender){.index = i, .fd = -1, .rng = rng_stream(run.seed, i)};
        if (pthread_create(&threads[i], NULL, work, &senders[i]) != 0)
            die("thread");
    }
    for (unsigned i = 0; i < run.connections; i++)
        (void)pthread_join(threads[i], NULL);
    atomic_store(&stop, true);
    (void)pthread_join(flusher, NULL);

    const int status = summary();

    (void)close(run.acks);
    arena_free(a);
    return status;
}
