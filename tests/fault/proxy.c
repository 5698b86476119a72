/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A bad network on one machine: passes TCP connections on and slices, stalls and resets them.
 *
 *   fault-proxy LISTEN-PORT TARGET-PORT [SEED]
 *
 * Of the pieces that come in, 5% go on byte by byte, 1% wait up to 2 s, and 0.5% end in a reset of
 * both sides. A thread a direction; ends when it is killed.
 */
#include "common/rng.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 1500 };

struct pipe_ends {
    int from, to;
    struct rng rng;
    struct pair *pair;
};

struct pair {
    struct pipe_ends there, back;
    pthread_mutex_t lock;
    int open; /* directions */
};

static struct sockaddr_in
address(const char *port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

/* The next close sends a reset. */
static void
reset(int fd)
{
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){1, 0}, sizeof(struct linger));
}

static bool
pass(struct pipe_ends *p, const char *bytes, size_t length)
{
    const uint64_t dice = rng_below(&p->rng, 1000);
    const size_t slice = dice < 50 ? 1 : length;

    if (dice >= 50 && dice < 60) {
        const long ms = (long)rng_below(&p->rng, 2000);

        (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
    }
    if (dice >= 60 && dice < 65) {
        reset(p->from);
        reset(p->to);
        return false;
    }
    for (size_t i = 0; i < length; i += slice) {
        if (send(p->to, bytes + i, slice, MSG_NOSIGNAL) != (ssize_t)slice)
            return false;
    }
    return true;
}

static void *
pump(void *context)
{
    struct pipe_ends *const p = context;
    struct pair *const pair = p->pair;
    char bytes[PIECE];
    ssize_t n;

    while ((n = recv(p->from, bytes, sizeof bytes, 0)) > 0 && pass(p, bytes, (size_t)n))
        continue;
    (void)shutdown(p->from, SHUT_RDWR);
    (void)shutdown(p->to, SHUT_RDWR);
    (void)pthread_mutex_lock(&pair->lock);
    const bool last = --pair->open == 0;
    (void)pthread_mutex_unlock(&pair->lock);
    if (last) {
        (void)close(pair->there.from);
        (void)close(pair->there.to);
        free(pair);
    }
    return NULL;
}

static void
join(int client, int target, uint64_t seed)
{
    struct pair *const pair = calloc(1, sizeof *pair);
    const int on = 1;
    pthread_t thread;

    if (!pair)
        abort();
    (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)setsockopt(target, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)pthread_mutex_init(&pair->lock, NULL);
    pair->open = 2;
    pair->there = (struct pipe_ends){client, target, rng_stream(seed, 0), pair};
    pair->back = (struct pipe_ends){target, client, rng_stream(seed, 1), pair};
    if (pthread_create(&thread, NULL, pump, &pair->there) != 0 || pthread_detach(thread) != 0 ||
        pthread_create(&thread, NULL, pump, &pair->back) != 0 || pthread_detach(thread) != 0)
        abort();
}

int
main(int argc, char **argv)
{
    const int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

    if (argc < 3)
        return 2;
    const struct sockaddr_in here = address(argv[1]), there = address(argv[2]);
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (const struct sockaddr *)&here, sizeof here) != 0 ||
        listen(listener, 64) != 0) {
        perror("fault-proxy");
        return 1;
    }
    while (true) {
        const int client = accept(listener, NULL, NULL);
        const int target = client < 0 ? -1 : socket(AF_INET, SOCK_STREAM, 0);

        if (target >= 0 && connect(target, (const struct sockaddr *)&there, sizeof there) == 0) {
            join(client, target, seed++);
            continue;
        }
        (void)close(target);
        (void)close(client);
    }
}
