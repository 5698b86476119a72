/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Jobs put off until every figure is there, then taken by threads one after another from one
 * counter. Threads share nothing but that counter: each writes one figure of its own and draws
 * from a stream named in its job, so order does not matter. Owns its jobs; counts handed in stay
 * the caller's.
 */
#include "analyzer/measure/later.h"

#include "analyzer/cells/grow.h"
#include "analyzer/stat/compare.h"
#include "analyzer/stat/detectable.h"
#include "common/rng.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MOST = 16, SECANTS = 6, MANY = 1000 };

struct job {
    size_t figure;
    double expected, n1, n0; /* of detectable; expected NaN: a distance */
    const double *a, *b;
    double *work;
    unsigned categories, draws, stream;
    uint64_t seed;
};

struct later {
    struct arena *arena;
    struct job *list;
    size_t count, room;
};

struct later *
later_new(struct arena *a)
{
    struct later *const l = arena_alloc(a, sizeof *l);

    l->arena = a;
    return l;
}

static struct job *
add(struct later *l, const struct figures *f)
{
    l->list = grown(l->arena, l->list, l->count, &l->room, 256, sizeof *l->list);
    l->list[l->count].figure = f->count - 1;
    return &l->list[l->count++];
}

void
later_detectable(struct later *l, const struct figures *f, double expected, double n1, double n0)
{
    struct job *const j = add(l, f);

    j->expected = expected;
    j->n1 = n1;
    j->n0 = n0;
}

void
later_distance(struct later *l, const struct figures *f, const double *a, const double *b,
               unsigned categories, unsigned draws, uint64_t seed, unsigned stream)
{
    struct job *const j = add(l, f);

    j->expected = NAN;
    j->a = a;
    j->b = b;
    j->categories = categories;
    j->draws = draws;
    j->seed = seed;
    j->stream = stream;
    j->work = arena_array(l->arena, 4 * (size_t)categories + 1, sizeof(double));
}

/*
 * The exact power is a smooth function of the ratio: from the normal approximation's answer a few
 * secant steps bring it to within 0.002 of 80%, where bracketing would take a dozen evaluations.
 * When they do not settle, the bracketing search decides. With a thousand events and more on both
 * sides the approximation is the answer to three digits.
 */
static double
detectable_of(const struct job *j)
{
    const double z = 1.959963984540054 + 0.8416212335729143;
    double r = 1.5;

    for (int i = 0; i < 20; i++)
        r = exp(z * sqrt(1 / (r * j->expected * j->n1 / j->n0) + 1 / j->expected));

    if (j->expected >= MANY && r * j->expected * j->n1 / j->n0 >= MANY)
        return r;

    double before = r, r1 = r * 1.03;
    double power0 = detectable_rate_power(j->expected, j->n1, j->n0, before);

    for (int i = 0; i < SECANTS; i++) {
        const double power1 = detectable_rate_power(j->expected, j->n1, j->n0, r1);

        if (fabs(power1 - DETECTABLE_POWER) < 2e-3)
            return r1;

        const double next = r1 - (power1 - DETECTABLE_POWER) * (r1 - before) / (power1 - power0);

        if (!isfinite(next) || next <= 1 || next > 3 * r)
            break;
        before = r1;
        power0 = power1;
        r1 = next;
    }
    return detectable_rate_ratio(j->expected, j->n1, j->n0);
}

static void
do_job(const struct job *j, struct figure *x)
{
    if (!isnan(j->expected)) {
        x->detectable = detectable_of(j);
        return;
    }

    struct rng rng = rng_stream(j->seed, j->stream);
    const struct estimate e =
        compare_distance_interval(j->a, j->b, j->categories, x->level, j->draws, &rng, j->work);

    x->lower = e.lower;
    x->upper = e.upper;
}

struct crew {
    const struct later *later;
    struct figures *figures;
    atomic_size_t next;
};

static void *
work(void *context)
{
    struct crew *const crew = context;

    for (;;) {
        const size_t i = atomic_fetch_add(&crew->next, 1);

        if (i >= crew->later->count)
            return NULL;
        do_job(&crew->later->list[i], &crew->figures->list[crew->later->list[i].figure]);
    }
}

void
later_run(struct later *l, struct figures *f)
{
    struct crew crew = {.later = l, .figures = f};
    pthread_t threads[THREADS_MOST];
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned most = cores > THREADS_MOST ? THREADS_MOST : cores > 1 ? (unsigned)cores : 1;
    unsigned started = 0;

    atomic_init(&crew.next, 0);
    while (started + 1 < most && pthread_create(&threads[started], NULL, work, &crew) == 0)
        started++;
    work(&crew); /* what no thread could be had for is done here */
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}
