/* SPDX-License-Identifier: EUPL-1.2 */
/* A seat holds a connection in an arena of its own, so that it can be closed alone. */
#include "collector/pool.h"
#include "common/clock.h"

#include <pthread.h>

struct seat {
    struct arena *arena;
    struct db *db; /* NULL: not open */
    bool taken;
};

struct pool {
    struct db_target target;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned count;
    struct seat *seats;
};

static void
release(void *pool)
{
    struct pool *const d = pool;

    for (unsigned i = 0; i < d->count; i++)
        arena_free(d->seats[i].arena);
    (void)pthread_cond_destroy(&d->freed);
    (void)pthread_mutex_destroy(&d->lock);
}

struct pool *
pool_new(struct arena *a, const struct db_target *target, unsigned seats)
{
    struct pool *const d = arena_alloc(a, sizeof *d);

    d->target = *target;
    d->count = seats;
    d->seats = arena_array(a, seats, sizeof *d->seats);
    for (unsigned i = 0; i < seats; i++)
        d->seats[i].arena = arena_new();
    if (pthread_mutex_init(&d->lock, NULL) || pthread_cond_init(&d->freed, NULL))
        err_fatal("cannot make a lock");
    arena_own(a, d, release);
    return d;
}

static struct seat *
free_seat(struct pool *d)
{
    struct seat *closed = NULL;

    for (unsigned i = 0; i < d->count; i++) {
        if (d->seats[i].taken)
            continue;
        if (d->seats[i].db)
            return &d->seats[i];
        closed = &d->seats[i];
    }
    return closed;
}

static struct seat *
take(struct pool *d)
{
    struct seat *seat;

    (void)pthread_mutex_lock(&d->lock);
    while (!(seat = free_seat(d)))
        (void)pthread_cond_wait(&d->freed, &d->lock);
    seat->taken = true;
    (void)pthread_mutex_unlock(&d->lock);
    return seat;
}

static void
give(struct pool *d, struct seat *seat)
{
    (void)pthread_mutex_lock(&d->lock);
    seat->taken = false;
    (void)pthread_cond_signal(&d->freed);
    (void)pthread_mutex_unlock(&d->lock);
}

/* A dead connection is given up. */
static const struct rows *
ask(struct pool *d, struct seat *seat, struct arena *a, const struct sql_query *q,
    const char *const *args, double until, struct err *e)
{
    if (!seat->db)
        seat->db = db_open_by(seat->arena, &d->target, until, e);
    if (seat->db)
        db_until(seat->db, until);

    const struct rows *const rows = seat->db ? db_query(seat->db, a, q, args, e) : NULL;

    if (!rows && (!seat->db || !db_usable(seat->db))) {
        arena_reset(seat->arena);
        seat->db = NULL;
    }
    return rows;
}

const struct rows *
pool_query(struct pool *d, struct arena *a, const struct sql_query *q, const char *const *args,
           struct err *e)
{
    struct seat *const seat = take(d);
    const double until = clock_seconds() + (double)d->target.timeout_s;
    const bool old = seat->db != NULL;
    const struct rows *rows = ask(d, seat, a, q, args, until, e);

    if (!rows && old && !seat->db && clock_seconds() < until)
        rows = ask(d, seat, a, q, args, until, e);
    give(d, seat);
    return rows;
}
