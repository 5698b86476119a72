/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Jobs put off until every figure is there, then taken by threads one after another from one
 * counter. Threads share nothing but that counter: each writes one figure (or one context) of its
 * own and draws from a stream named in its job, so order does not matter. Owns its jobs; counts and
 * contexts handed in stay the caller's.
 */
#include "analyzer/measure/later.h"

#include "analyzer/cells/grow.h"
#include "analyzer/stat/compare.h"
#include "analyzer/stat/detectable.h"
#include "analyzer/stat/mixture.h"
#include "common/rng.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MOST = 16, SECANTS = 6, MANY = 1000 };

struct job {
    void (*run)(const struct job *j, struct figure *x, double *work);
    size_t figure;
    double x1, x0;       /* counts; of detectable x0 is what is expected */
    double n1, n0;       /* of detectable: exposures */
    const double *a, *b; /* counts by category, or draws of exposures */
    bool all;
    double share; /* of the window's months */
    unsigned categories, draws, stream;
    uint64_t seed;
};

struct later {
    struct arena *arena;
    struct job *list;
    struct later_task *tasks;
    size_t count, room, task_count, task_room;
    size_t work; /* numbers that the largest job needs room for */
};

struct later *
later_new(struct arena *a)
{
    struct later *const l = arena_alloc(a, sizeof *l);

    l->arena = a;
    return l;
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
        r = exp(z * sqrt(1 / (r * j->x0 * j->n1 / j->n0) + 1 / j->x0));

    if (j->x0 >= MANY && r * j->x0 * j->n1 / j->n0 >= MANY)
        return r;

    double before = r, r1 = r * 1.03;
    double power0 = detectable_rate_power(j->x0, j->n1, j->n0, before);

    for (int i = 0; i < SECANTS; i++) {
        const double power1 = detectable_rate_power(j->x0, j->n1, j->n0, r1);

        if (fabs(power1 - DETECTABLE_POWER) < 2e-3)
            return r1;

        const double next = r1 - (power1 - DETECTABLE_POWER) * (r1 - before) / (power1 - power0);

        if (!isfinite(next) || next <= 1 || next > 3 * r)
            break;
        before = r1;
        power0 = power1;
        r1 = next;
    }
    return detectable_rate_ratio(j->x0, j->n1, j->n0);
}

static void
run_detectable(const struct job *j, struct figure *x, double *work)
{
    (void)work;
    x->detectable = detectable_of(j);
}

static void
run_distance(const struct job *j, struct figure *x, double *work)
{
    struct rng rng = rng_stream(j->seed, j->stream);
    const struct estimate e =
        compare_distance_interval(j->a, j->b, j->categories, x->level, j->draws, &rng, work);

    x->lower = e.lower;
    x->upper = e.upper;
}

static void
run_rate(const struct job *j, struct figure *x, double *work)
{
    const struct interval i = mixture_rate(j->x1, j->a, j->draws, x->level, work);

    x->lower = 1000 * i.lower / j->share;
    x->upper = 1000 * i.upper / j->share;
}

static void
run_ratio(const struct job *j, struct figure *x, double *work)
{
    double *const others = work + j->draws;

    for (unsigned d = 0; d < j->draws; d++)
        others[d] = j->all ? fmax(j->b[d] - j->a[d], 0.5) : j->b[d];

    const struct mixture_ratio r =
        mixture_rate_ratio(j->x1, j->x0, j->a, others, j->draws, x->level, work);

    x->lower = r.limits.lower;
    x->upper = r.limits.upper;
    x->p = r.p;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void
add(struct later *l, const struct figures *f, size_t work, struct job job)
{
    job.figure = f->count - 1;
    l->list = grown(l->arena, l->list, l->count, &l->room, 256, sizeof *l->list);
    l->list[l->count++] = job;
    l->work = work > l->work ? work : l->work;
}

void
later_detectable(struct later *l, const struct figures *f, double expected, double n1, double n0)
{
    add(l, f, 0, (struct job){.run = run_detectable, .x0 = expected, .n1 = n1, .n0 = n0});
}

void
later_distance(struct later *l, const struct figures *f, const double *a, const double *b,
               unsigned categories, unsigned draws, uint64_t seed, unsigned stream)
{
    add(l, f, 4 * (size_t)categories,
        (struct job){.run = run_distance,
                     .a = a,
                     .b = b,
                     .categories = categories,
                     .draws = draws,
                     .seed = seed,
                     .stream = stream});
}

void
later_rate(struct later *l, const struct figures *f, double count, const double *exposure,
           unsigned draws, double share)
{
    add(l, f, draws,
        (struct job){.run = run_rate, .x1 = count, .a = exposure, .draws = draws, .share = share});
}

void
later_ratio(struct later *l, const struct figures *f, double x1, double x0, const double *n1,
            const double *n0, bool all, unsigned draws)
{
    add(l, f, 2 * (size_t)draws,
        (struct job){
            .run = run_ratio, .x1 = x1, .x0 = x0, .a = n1, .b = n0, .all = all, .draws = draws});
}

void
later_task(struct later *l, struct later_task task)
{
    l->tasks = grown(l->arena, l->tasks, l->task_count, &l->task_room, 64, sizeof *l->tasks);
    l->tasks[l->task_count++] = task;
}

/* ---- threads --------------------------------------------------------------------------------- */

struct crew {
    const struct later *later;
    struct figures *figures;
    atomic_size_t next;
};

struct hand {
    struct crew *crew;
    double *work;
    struct arena *room;
    pthread_t thread;
};

static void
do_task(const struct later_task *t, struct arena *room)
{
    struct arena *const own = arena_child(room);

    if (t->run)
        t->run(t->context, own);
    arena_free(own);
}

static void
do_job(const struct crew *crew, const struct job *j, double *room)
{
    j->run(j, &crew->figures->list[j->figure], room);
}

static void *
work(void *context)
{
    const struct hand *const hand = context;
    struct crew *const crew = hand->crew;

    for (;;) {
        const size_t i = atomic_fetch_add(&crew->next, 1); /* tasks first: they are the dearest */
        const size_t tasks = crew->later->task_count;

        if (i < tasks)
            do_task(&crew->later->tasks[i], hand->room);
        else if (i < tasks + crew->later->count)
            do_job(crew, &crew->later->list[i - tasks], hand->work);
        else
            return NULL;
    }
}

void
later_run(struct later *l, struct figures *f, unsigned threads)
{
    struct crew crew = {.later = l, .figures = f};
    struct hand hands[THREADS_MOST];
    const long cores = threads ? (long)threads : sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned most = cores > THREADS_MOST ? THREADS_MOST : cores > 1 ? (unsigned)cores : 1;
    unsigned started = 0;

    atomic_init(&crew.next, 0);
    for (unsigned i = 0; i < most; i++)
        hands[i] = (struct hand){.crew = &crew,
                                 .room = arena_child(l->arena),
                                 .work = arena_array(l->arena, l->work + 1, sizeof(double))};
    while (started + 1 < most &&
           pthread_create(&hands[started].thread, NULL, work, &hands[started]) == 0)
        started++;
    work(&hands[started]); /* what no thread could be had for is done here */
    for (unsigned i = 0; i < started; i++)
        pthread_join(hands[i].thread, NULL);
    for (size_t i = 0; i < l->task_count; i++)
        if (l->tasks[i].finish)
            l->tasks[i].finish(l->tasks[i].context, f);
}
