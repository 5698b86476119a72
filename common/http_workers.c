/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A ring of jobs under one lock.
 */
#include "common/http_workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

struct http_workers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*run)(void *job);
    void **jobs; /* ring of `most` */
    unsigned first, count, most;
    bool stopping;
    pthread_t *threads;
    unsigned thread_count;
};

static void *
next_job(struct http_workers *w)
{
    void *job = NULL;

    pthread_mutex_lock(&w->lock);
    while (w->count == 0 && !w->stopping)
        pthread_cond_wait(&w->changed, &w->lock);
    if (w->count > 0) {
        job = w->jobs[w->first];
        w->first = (w->first + 1) % w->most;
        w->count--;
    }
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *
work(void *context)
{
    struct http_workers *const w = context;

    for (void *job = next_job(w); job; job = next_job(w))
        w->run(job);
    return NULL;
}

/* Signals are for the main thread. */
static bool
start_threads(struct http_workers *w, unsigned threads)
{
    sigset_t all, before;
    bool ok = true;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (ok && w->thread_count < threads) {
        ok = pthread_create(&w->threads[w->thread_count], NULL, work, w) == 0;
        w->thread_count += ok;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

struct http_workers *
http_workers_start(unsigned threads, unsigned most, void (*run)(void *job), struct err *e)
{
    struct http_workers *const w = calloc(1, sizeof *w);

    if (!w)
        err_fatal("out of memory");
    w->run = run;
    w->most = most;
    w->jobs = calloc(most, sizeof *w->jobs);
    w->threads = calloc(threads, sizeof *w->threads);
    if (!w->jobs || !w->threads)
        err_fatal("out of memory");
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    if (start_threads(w, threads))
        return w;
    http_workers_stop(w);
    err_set(e, ERR_RETRY, "no thread for slow requests");
    return NULL;
}

void
http_workers_add(struct http_workers *w, void *job)
{
    pthread_mutex_lock(&w->lock);
    if (w->count == w->most)
        err_fatal("more slow requests than connections");
    w->jobs[(w->first + w->count++) % w->most] = job;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

void
http_workers_stop(struct http_workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    for (unsigned i = 0; i < w->thread_count; i++)
        pthread_join(w->threads[i], NULL);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->changed);
    free(w->jobs);
    free(w->threads);
    free(w);
}
