/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Durable posts a second straight into the committer: closed-loop threads, each of which sends its
 * next registration when the one before is answered. Reads canonical NDJSON of one source; prints
 * posts a second and the answer times, to be held against pgbench on the same cluster. Linked with
 * the collector's objects.
 *   commit CONNINFO HOME FILE THREADS SECONDS
 */
#include "collector/commit.h"
#include "common/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMES_MOST = 1 << 16 };

struct load {
    struct committer *committer;
    struct span *lines;
    size_t count;
    atomic_size_t next;
    double until;
};

struct client {
    struct load *load;
    pthread_t thread;
    sem_t answered;
    uint64_t results[POST_BUSY + 1];
    unsigned count;
    float times[TIMES_MOST];
};

static void
done(struct post *p)
{
    sem_post(p->context);
}

static void *
work(void *context)
{
    struct client *const c = context;
    size_t i;

    while (clock_seconds() < c->load->until &&
           (i = atomic_fetch_add(&c->load->next, 1)) < c->load->count) {
        struct post p = {.text = c->load->lines[i], .source = "sim-den-haag", .done = done};
        const double started = clock_seconds();

        p.context = &c->answered;
        if (!committer_submit(c->load->committer, &p))
            exit(3);
        while (sem_wait(&c->answered) != 0)
            ;
        c->results[p.result]++;
        if (c->count < TIMES_MOST)
            c->times[c->count++] = (float)(clock_seconds() - started);
    }
    return NULL;
}

static int
by_size(const void *x, const void *y)
{
    const float a = *(const float *)x, b = *(const float *)y;

    return (a > b) - (a < b);
}

static void
read_lines(struct arena *a, const char *path, struct load *load)
{
    FILE *const f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;

    if (!f)
        exit(2);
    load->lines = arena_array(a, 1 << 20, sizeof *load->lines);
    while (load->count < 1 << 20 && (length = getline(&line, &room, f)) > 0) {
        const size_t n = (size_t)length - (line[length - 1] == '\n');

        load->lines[load->count++] = (struct span){arena_strndup(a, line, n), n};
    }
    free(line);
    fclose(f);
}

static void
print(struct client *clients, unsigned threads, double seconds, struct committer *c)
{
    float *const times = calloc((size_t)threads * TIMES_MOST, sizeof *times);
    uint64_t results[POST_BUSY + 1] = {0};
    struct committer_counts counts;
    size_t n = 0;

    for (unsigned i = 0; times && i < threads; i++) {
        memcpy(times + n, clients[i].times, clients[i].count * sizeof *times);
        n += clients[i].count;
        for (unsigned r = 0; r <= POST_BUSY; r++)
            results[r] += clients[i].results[r];
    }
    if (n == 0)
        exit(3);
    qsort(times, n, sizeof *times, by_size);
    committer_counts(c, &counts);
    printf("posts/s %.0f p50_ms %.1f p99_ms %.1f most_ms %.1f groups %" PRIu64 " in a group %.1f"
           " transaction_ms %.2f",
           (double)n / seconds, (double)times[n / 2] * 1e3, (double)times[n * 99 / 100] * 1e3,
           (double)times[n - 1] * 1e3, counts.groups, (double)n / (double)counts.groups,
           counts.commit_seconds / (double)counts.groups * 1e3);
    for (unsigned r = 0; r <= POST_BUSY; r++)
        if (results[r] > 0)
            printf(" %s %" PRIu64, post_result_name(r), results[r]);
    printf("\n");
    free(times);
}

int
main(int count, char **args)
{
    struct arena *const a = arena_new();
    struct load load = {0};
    struct committer_options o = {0};
    struct committer_counts counts = {0};
    struct err e = {0};

    if (count != 6)
        return 2;
    o.target = (struct db_target){args[1], NULL, NULL, 10};
    if (!import_keys_read(a, args[2], &o.keys, &e) ||
        !(load.committer = committer_start(a, &o, &e))) {
        fprintf(stderr, "%s\n", e.text);
        return 1;
    }
    read_lines(a, args[3], &load);
    while (!counts.loaded)
        committer_counts(load.committer, &counts);

    const unsigned threads = (unsigned)strtoul(args[4], NULL, 10);
    struct client *const clients = calloc(threads, sizeof *clients);
    const double started = clock_seconds();

    if (!clients)
        return 1;
    load.until = started + strtod(args[5], NULL);
    for (unsigned i = 0; i < threads; i++) {
        clients[i].load = &load;
        sem_init(&clients[i].answered, 0, 0);
        if (pthread_create(&clients[i].thread, NULL, work, &clients[i]) != 0)
            return 1;
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(clients[i].thread, NULL);
    print(clients, threads, clock_seconds() - started, load.committer);
    free(clients);
    arena_free(a);
    return 0;
}
