/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A service that answers 201 to everything, in a process of its own: in the handler, or from
 * another thread, in groups.
 */
#include "tests/bench/http_load.h"

#include "common/http_server.h"
#include "common/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GROUP_NS = 2000000 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t come;
    struct http_request *waiting[4096];
    unsigned count, group;
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
    if (late.count == 1 || late.count == late.group)
        pthread_cond_signal(&late.come);
    pthread_mutex_unlock(&late.lock);
}

/* As the service does it: woken by the first, then by the last of a group, or after a while. */
static unsigned
take_group(struct http_request **taken)
{
    struct timespec until;

    pthread_mutex_lock(&late.lock);
    while (late.count == 0)
        pthread_cond_wait(&late.come, &late.lock);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += GROUP_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (late.count < late.group && pthread_cond_timedwait(&late.come, &late.lock, &until) == 0) {
    }

    const unsigned n = late.count;

    memcpy(taken, late.waiting, n * sizeof(struct http_request *));
    late.count = 0;
    pthread_mutex_unlock(&late.lock);
    return n;
}

static void *
answer_later(void *context)
{
    struct http_request *taken[4096];

    for (;;) {
        const unsigned n = take_group(taken);

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
    late.group = l->group;
    pthread_create(&thread, NULL, answer_later, NULL);

    const unsigned port = http_server_port(s);

    if (write(tell, &port, sizeof port) < 0)
        exit(1);
    for (;;)
        pause();
}

pid_t
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
