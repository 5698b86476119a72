/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The queue and its thread. While a transaction runs the next group gathers by itself; after it the
 * thread waits for as much company as the group before had, as long as posts keep coming, so that
 * many clients make few transactions and a lone one does not wait.
 */
#include "collector/commit_internal.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

enum { QUEUE_MOST = 4096, GROUP_MOST = 500, WAIT_US = 20000, QUIET_US = 1000 };

#define BUDGET_S 5.0

struct committer {
    struct desk desk;
    struct tally_board board;
    pthread_t thread;
    bool ended;
    pthread_mutex_t lock;
    pthread_cond_t changed;

    /* Under lock. */
    struct post *first, *last;
    unsigned count, wake_at;
    bool draining;

    unsigned company; /* the thread's: posts of the group before */
};

const char *
post_result_name(enum post_result result)
{
    static const char *const names[] = {
        [POST_STORED] = "stored",
        [POST_HELD] = "held",
        [POST_CONFLICT] = "conflict",
        [POST_REFUSED] = "refused",
        [POST_QUARANTINED] = "set apart",
        [POST_SPOOLED] = "spooled",
        [POST_BUSY] = "busy",
    };

    return names[result];
}

/* ---- the queue ------------------------------------------------------------------------------- */

bool
committer_submit(struct committer *c, struct post *p)
{
    p->next = NULL;
    p->poisoned = p->foreign = p->revoked = p->has_id = false;
    p->told = NULL;
    p->notes = NULL;
    p->note_count = 0;
    p->batch_id = p->ledger_entry = 0;
    p->line = 0;
    p->received = clock_now();
    p->queued = clock_seconds();

    (void)pthread_mutex_lock(&c->lock);

    const bool taken = !c->draining && c->count < c->desk.o.queue_most;

    if (taken) {
        *(c->last ? &c->last->next : &c->first) = p;
        c->last = p;
        c->count++;
        if (c->count == 1 || c->count == c->wake_at)
            (void)pthread_cond_signal(&c->changed);
    }
    (void)pthread_mutex_unlock(&c->lock);
    if (!taken)
        atomic_fetch_add(&c->board.turned_away, 1);
    return taken;
}

/* Under lock; until the queue changes or the moment comes. */
static void
wait_until(struct committer *c, double moment)
{
    const time_t whole = (time_t)moment;
    const struct timespec t = {whole, (long)((moment - (double)whole) * 1e9)};

    (void)pthread_cond_timedwait(&c->changed, &c->lock, &t);
}

/* Under lock: until as many are there as came together before, or no more come. */
static void
gather(struct committer *c)
{
    const unsigned most = c->desk.o.group_most;
    const double end = c->first->queued + (double)c->desk.o.wait_us / 1e6;
    double now = clock_seconds();
    unsigned seen = 0;

    c->wake_at = c->company < most ? c->company : most;
    while (c->count < c->wake_at && c->count > seen && now < end && !c->draining) {
        const double quiet = now + QUIET_US / 1e6;

        seen = c->count;
        wait_until(c, quiet < end ? quiet : end);
        now = clock_seconds();
    }
    c->wake_at = 0;
}

/* Under lock: the first post's source, in order; what others sent stays. */
static unsigned
pick(struct committer *c, struct post **posts)
{
    const char *const source = c->first->source;
    struct post **at = &c->first;
    unsigned count = 0;

    c->last = NULL;
    while (*at) {
        struct post *const p = *at;

        if (count < c->desk.o.group_most && strcmp(p->source, source) == 0) {
            *at = p->next;
            posts[count++] = p;
            continue;
        }
        c->last = p;
        at = &p->next;
    }
    c->count -= count;
    return count;
}

/* Posts of one source; 0 when there is other work, or (*ended) none any more. */
static unsigned
take(struct committer *c, struct post **posts, bool *ended)
{
    const bool replay = desk_has_spooled(&c->desk);
    unsigned count = 0;

    (void)pthread_mutex_lock(&c->lock);
    while (c->count == 0 && !c->draining &&
           (!replay || clock_seconds() < c->desk.next_try || c->desk.next_try == 0)) {
        if (!replay)
            (void)pthread_cond_wait(&c->changed, &c->lock);
        else if (c->desk.next_try == 0)
            break;
        else
            wait_until(c, c->desk.next_try);
    }
    if (c->count > 0) {
        if (!replay)
            gather(c);
        count = pick(c, posts);
    }
    *ended = c->draining && count == 0;
    (void)pthread_mutex_unlock(&c->lock);
    if (count > 0)
        c->company = count;
    return count;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void *
work(void *committer)
{
    struct committer *const c = committer;
    struct desk *const d = &c->desk;
    struct post **const posts = arena_array(d->arena, d->o.group_most, sizeof *posts);
    struct err e;
    bool ended = false;

    /* So that the first post finds everything ready; failing here is nothing yet. */
    if (desk_ready(d, clock_seconds() + d->o.budget_s, &e))
        atomic_store(&d->board->database, true);
    while (!ended) {
        const unsigned count = take(c, posts, &ended);

        if (count > 0)
            desk_posts(d, posts, count);
        if (!ended && desk_has_spooled(d))
            desk_replay(d);
    }
    return NULL;
}

/* Signals are for the owner's threads. */
static bool
start_thread(struct committer *c, struct err *e)
{
    sigset_t block, before;

    (void)sigfillset(&block);
    (void)pthread_sigmask(SIG_BLOCK, &block, &before);

    const int failed = pthread_create(&c->thread, NULL, work, c);

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return err_set(e, ERR_RETRY, "cannot start a thread: %s", strerror(failed));
    return true;
}

static bool
make_lock(struct committer *c)
{
    pthread_condattr_t attributes;

    return pthread_mutex_init(&c->lock, NULL) == 0 && pthread_condattr_init(&attributes) == 0 &&
           pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
           pthread_cond_init(&c->changed, &attributes) == 0 &&
           pthread_condattr_destroy(&attributes) == 0;
}

static void
set_desk(struct committer *c, struct arena *a, const struct committer_options *o)
{
    struct desk *const d = &c->desk;

    d->o = *o;
    d->o.queue_most = o->queue_most ? o->queue_most : QUEUE_MOST;
    d->o.group_most = o->group_most ? o->group_most : GROUP_MOST;
    d->o.wait_us = o->wait_us ? o->wait_us : WAIT_US;
    d->o.budget_s = o->budget_s > 0 ? o->budget_s : BUDGET_S;
    d->arena = arena_child(a);
    d->board = &c->board;
    d->waiting = waiting_new(d->arena);
    d->memory = store_memory_new(d->arena);
    d->work = arena_child(d->arena);
    d->scratch = arena_child(d->arena);
    d->taken = arena_child(d->arena);
    d->kept = arena_child(d->arena);
    parcel_init(&d->parcel, d->arena);
}

static void
release(void *committer)
{
    struct committer *const c = committer;

    committer_drain(c, 0);
    (void)pthread_cond_destroy(&c->changed);
    (void)pthread_mutex_destroy(&c->lock);
}

struct committer *
committer_start(struct arena *a, const struct committer_options *o, struct err *e)
{
    struct committer *const c = arena_alloc(a, sizeof *c);

    set_desk(c, a, o);
    if (!make_lock(c)) {
        err_set(e, ERR_RETRY, "cannot make a lock");
        return NULL;
    }
    if (!start_thread(c, e))
        return NULL;
    arena_own(a, c, release);
    return c;
}

void
committer_reload(struct committer *c)
{
    atomic_store(&c->desk.reload, true);
}

bool
committer_waiting(struct committer *c, const uint8_t stop_id[16])
{
    return waiting_has(c->desk.waiting, stop_id);
}

void
committer_drain(struct committer *c, double seconds)
{
    if (c->ended)
        return;
    atomic_store(&c->desk.end_micros, (int64_t)((clock_seconds() + seconds) * 1e6));
    (void)pthread_mutex_lock(&c->lock);
    c->draining = true;
    (void)pthread_cond_broadcast(&c->changed);
    (void)pthread_mutex_unlock(&c->lock);
    (void)pthread_join(c->thread, NULL);
    c->ended = true;
}

void
committer_counts(struct committer *c, struct committer_counts *out)
{
    struct tally_board *const b = &c->board;

    for (unsigned i = 0; i <= POST_BUSY; i++)
        out->results[i] = atomic_load(&b->results[i]);
    out->turned_away = atomic_load(&b->turned_away);
    out->groups = atomic_load(&b->groups);
    out->retries = atomic_load(&b->retries);
    out->replayed = atomic_load(&b->replayed);
    out->replay_refused = atomic_load(&b->replay_refused);
    out->commit_seconds = (double)atomic_load(&b->commit_micros) / 1e6;
    out->loaded = atomic_load(&b->loaded);
    out->database = atomic_load(&b->database);
    (void)pthread_mutex_lock(&c->lock);
    out->queued = c->count;
    (void)pthread_mutex_unlock(&c->lock);
}
