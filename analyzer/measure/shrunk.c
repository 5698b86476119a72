/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rate ratios of small places, each drawn towards what the group's ratios in all places are like
 * (empirical Bayes). The exposure of a place is what the group would have had at the reference's
 * rate there, taken as known: neither the reference's own chance nor the bridge is in the interval.
 * For looking, not for findings. Uses and shows only places whose numbers are shown.
 */
#include "analyzer/measure/residents.h"
#include "analyzer/stat/shrink.h"

#include <math.h>

static const double WORTH_A_LOOK = 1.25;

struct places {
    size_t count;
    unsigned *place;
    struct residents_pair *pair;
    double *stops, *expected;
};

/* Places with a reference's rate: without one nothing is expected. */
static struct places
places_of(const struct measure *m, const struct frame *f)
{
    struct places p = {
        .pair = arena_array(m->arena, cube_place_count(m->cube), sizeof *p.pair),
        .place = arena_array(m->arena, cube_place_count(m->cube), sizeof *p.place),
        .stops = arena_array(m->arena, cube_place_count(m->cube), sizeof *p.stops),
        .expected = arena_array(m->arena, cube_place_count(m->cube), sizeof *p.expected),
    };

    p.count = residents_places(m, f, p.pair, p.place);
    for (size_t i = 0; i < p.count; i++) {
        p.stops[i] = p.pair[i].pair.x1;
        p.expected[i] = p.pair[i].pair.n1 * p.pair[i].pair.x0 / p.pair[i].pair.n0;
    }
    return p;
}

static void
one_place(const struct measure *m, struct frame f, const struct places *p, size_t i,
          const struct shrink *fit, bool alike)
{
    f.place = p->place[i];

    struct figure *const x = measure_figure(m, "shrunk-ratio", "empirical-bayes", &f);
    const struct estimate e = shrink_rate(fit, p->stops[i], p->expected[i], x->level);

    x->benchmark = residents_benchmark;
    x->reference = p->pair[i].name;
    x->n = p->pair[i].pair.x1 + p->pair[i].pair.x0;
    x->events = p->stops[i];
    x->exposure = p->pair[i].pair.n1;
    x->value = e.value;
    if (!alike) { /* else all places have the common ratio, without an interval */
        x->lower = e.lower;
        x->upper = e.upper;
        x->p = 1 - shrink_exceeds(fit, p->stops[i], p->expected[i], WORTH_A_LOOK);
    }
    residents_warn_of_vintage(m, x);
}

static void
one_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const struct places p = places_of(m, f);
    struct shrink fit;

    (void)withheld;
    (void)context;
    if (p.count < PLACES_LEAST)
        return;

    const enum shrink_status status = shrink_fit(p.stops, p.expected, p.count, &fit);

    for (size_t i = 0; i < p.count && (status == SHRINK_DONE || status == SHRINK_POOLED); i++)
        one_place(m, *f, &p, i, &fit, status == SHRINK_POOLED);
}

void
measure_shrunk(const struct measure *m)
{
    measure_each_group(m, (struct frame){.feature = FEATURE_STOPS},
                       (struct by_group){.figure = one_group});
}
