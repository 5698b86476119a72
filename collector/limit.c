/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Keys are hashed under a random number of this process, so that nobody can choose keys that meet;
 * each hash has a few places, and the one used longest ago gives way.
 */
#include "collector/limit.h"
#include "common/digest.h"

#include <math.h>
#include <pthread.h>

enum { SETS = 2048, WAYS = 4 };

struct bucket {
    uint64_t hash; /* 0: free */
    double level, seen;
};

struct limit {
    double per_second, burst;
    uint64_t seed;
    pthread_mutex_t lock;
    struct bucket sets[SETS][WAYS];
};

static void
release(void *limit)
{
    struct limit *const l = limit;

    (void)pthread_mutex_destroy(&l->lock);
}

struct limit *
limit_new(struct arena *a, double per_second, double burst)
{
    struct limit *const l = arena_alloc(a, sizeof *l);

    l->per_second = per_second;
    l->burst = burst;
    random_bytes(&l->seed, sizeof l->seed);
    if (pthread_mutex_init(&l->lock, NULL))
        err_fatal("cannot make a lock");
    arena_own(a, l, release);
    return l;
}

/* FNV-1a from a secret start, then splitmix64's mixing. */
static uint64_t
hash_of(uint64_t seed, struct span key)
{
    uint64_t h = seed ^ UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < key.length; i++)
        h = (h ^ (unsigned char)key.data[i]) * UINT64_C(0x100000001b3);
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    h ^= h >> 31;
    return h ? h : 1;
}

static struct bucket *
bucket_of(struct limit *l, uint64_t hash)
{
    struct bucket *const set = l->sets[hash % SETS];
    struct bucket *oldest = &set[0];

    for (unsigned i = 0; i < WAYS; i++) {
        if (set[i].hash == hash)
            return &set[i];
        if (set[i].seen < oldest->seen)
            oldest = &set[i];
    }
    *oldest = (struct bucket){.hash = hash, .level = l->burst};
    return oldest;
}

double
limit_take(struct limit *l, struct span key, double now)
{
    const uint64_t hash = hash_of(l->seed, key);
    double wait = 0;

    (void)pthread_mutex_lock(&l->lock);

    struct bucket *const b = bucket_of(l, hash);

    if (b->seen > 0 && now > b->seen)
        b->level = fmin(l->burst, b->level + (now - b->seen) * l->per_second);
    b->seen = now;
    if (b->level >= 1)
        b->level -= 1;
    else
        wait = (1 - b->level) / l->per_second;
    (void)pthread_mutex_unlock(&l->lock);
    return wait;
}
