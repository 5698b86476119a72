/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which registrations wait in the spool, for who asks after one: a table of ids with open places,
 * written by the committer's thread. It is a convenience and has an end: what does not fit, or was
 * spooled by an earlier process, is not in it.
 */
#include "collector/commit_waiting.h"
#include "common/err.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ID_BYTES = 16, FIRST_PLACES = 1024, MOST_PLACES = 1 << 20 }; /* at most 16 MiB */

struct waiting {
    pthread_mutex_t lock;
    size_t places, count; /* under lock; at most half of the places are taken */
    uint8_t *ids;
};

static const uint8_t free_place[ID_BYTES];

static void
release(void *waiting)
{
    struct waiting *const w = waiting;

    free(w->ids);
    (void)pthread_mutex_destroy(&w->lock);
}

struct waiting *
waiting_new(struct arena *a)
{
    struct waiting *const w = arena_alloc(a, sizeof *w);

    if (pthread_mutex_init(&w->lock, NULL))
        err_fatal("cannot make a lock");
    arena_own(a, w, release);
    return w;
}

/* Ids are digests already: their first bytes are as good as a hash. */
static uint8_t *
place_of(const struct waiting *w, const uint8_t id[ID_BYTES])
{
    size_t at;

    memcpy(&at, id, sizeof at);
    at &= w->places - 1;
    while (memcmp(w->ids + at * ID_BYTES, free_place, ID_BYTES) != 0 &&
           memcmp(w->ids + at * ID_BYTES, id, ID_BYTES) != 0)
        at = (at + 1) & (w->places - 1);
    return w->ids + at * ID_BYTES;
}

static bool
grow(struct waiting *w)
{
    const size_t before = w->places;
    uint8_t *const old = w->ids;

    if (before >= MOST_PLACES)
        return false;
    w->places = before ? 2 * before : FIRST_PLACES;
    w->ids = calloc(w->places, ID_BYTES);
    if (!w->ids)
        err_fatal("out of memory");
    for (size_t i = 0; i < before; i++)
        if (memcmp(old + i * ID_BYTES, free_place, ID_BYTES) != 0)
            memcpy(place_of(w, old + i * ID_BYTES), old + i * ID_BYTES, ID_BYTES);
    free(old);
    return true;
}

void
waiting_add(struct waiting *w, const uint8_t id[ID_BYTES])
{
    (void)pthread_mutex_lock(&w->lock);
    if (2 * (w->count + 1) <= w->places || grow(w)) {
        uint8_t *const place = place_of(w, id);

        w->count += memcmp(place, id, ID_BYTES) != 0;
        memcpy(place, id, ID_BYTES);
    }
    (void)pthread_mutex_unlock(&w->lock);
}

void
waiting_clear(struct waiting *w)
{
    (void)pthread_mutex_lock(&w->lock);
    free(w->ids);
    w->ids = NULL;
    w->places = w->count = 0;
    (void)pthread_mutex_unlock(&w->lock);
}

bool
waiting_has(struct waiting *w, const uint8_t id[ID_BYTES])
{
    (void)pthread_mutex_lock(&w->lock);

    const bool has = w->count > 0 && memcmp(place_of(w, id), id, ID_BYTES) == 0;

    (void)pthread_mutex_unlock(&w->lock);
    return has;
}
