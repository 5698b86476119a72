/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which missing registrations would make a ratio against residents 1: the share of all stops, all
 * of them of the side that is stopped less. For the city, the pooled ratio, and each place whose
 * interval leaves out 1; for the city also the curve of how the missing would have to be divided.
 * Works when all intervals are there. What is plausible is for coverage to say.
 */
#include "analyzer/measure/found.h"
#include "analyzer/measure/residents.h"
#include "analyzer/stat/tipping.h"

#include <math.h>
#include <string.h>

enum { CURVE_STEPS = 9 };

struct tipping {
    struct measure measure; /* with the window of its own */
    const struct found *ratios, *pooled;
};

static bool
is_finding(const struct figure *ratio)
{
    return ratio->lower > 1 || ratio->upper < 1;
}

/* Share of all stops that is missing when the side that is stopped less has `ratio` times as many
 * as were registered. */
static double
share_at(struct rate_pair p, double ratio)
{
    const double added = ratio > 1 ? p.x0 * (ratio - 1) : p.x1 * (1 / ratio - 1);

    return added / (p.x1 + p.x0 + added);
}

/* The limit nearer to 1; 1 when the interval holds it. */
static double
near_limit(const struct figure *ratio)
{
    return ratio->lower > 1 ? ratio->lower : ratio->upper < 1 ? ratio->upper : 1;
}

static struct figure *
tipping_figure(const struct measure *m, const char *name, const char *method, const struct frame *f,
               const struct residents_pair *r)
{
    struct figure *const x = measure_figure(m, name, method, f);

    x->term = "stop";
    x->benchmark = residents_benchmark;
    x->reference = r->name;
    x->n = r->pair.x1 + r->pair.x0;
    x->events = r->pair.x1;
    x->exposure = r->pair.n1;
    return x;
}

static void
one_share(const struct tipping *t, const struct frame *f, const struct residents_pair *r,
          const struct figure *of)
{
    const struct figure ratio = *of; /* adding a figure may move the list */
    struct figure *const x = tipping_figure(&t->measure, "tipping", "exact", f, r);

    x->value = tipping_share_equal(r->pair);
    if (is_finding(&ratio))
        x->lower = r->draws ? share_at(r->pair, near_limit(&ratio))
                            : tipping_share_verdict(r->pair, x->level);
    residents_warn_of_vintage(&t->measure, x);
}

static void
pooled_share(const struct tipping *t, const struct frame *f, const struct residents_pair *r)
{
    const struct figure *const found = found_at(t->pooled, f);

    if (!found_usable(found))
        return;

    const struct figure ratio = *found;
    struct figure *const x = tipping_figure(&t->measure, "tipping", "pooled", f, r);

    x->value = share_at(r->pair, ratio.value);
    if (is_finding(&ratio))
        x->lower = share_at(r->pair, near_limit(&ratio));
    residents_warn_of_vintage(&t->measure, x);
}

static void
curve(const struct tipping *t, const struct frame *f, const struct residents_pair *r)
{
    for (unsigned k = 1; k <= CURVE_STEPS; k++) {
        const double missing = k / 10.0;
        struct figure *const x = tipping_figure(&t->measure, "tipping-curve", "exact", f, r);

        x->term = arena_printf(t->measure.arena, "%.1f", missing);
        x->value = tipping_curve(r->pair, missing);
        residents_warn_of_vintage(&t->measure, x);
    }
}

static void
one_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const struct tipping *const t = context;
    const struct figure *const ratio = found_at(t->ratios, f);
    struct residents_pair r;

    (void)withheld;
    if (!residents_pair(m, f, &r) || r.guard || !found_usable(ratio))
        return;
    if (f->place == 0) {
        one_share(t, f, &r, ratio);
        pooled_share(t, f, &r);
        curve(t, f, &r);
    } else if (is_finding(ratio)) {
        one_share(t, f, &r, ratio);
    }
}

static void
finish(void *context, struct figures *f)
{
    struct tipping *const t = context;
    const struct measure *const m = &t->measure;

    t->ratios = found_new(m, f, "rate-ratio", residents_benchmark);
    t->pooled = found_new(m, f, "pooled-rate-ratio", residents_benchmark);
    for (unsigned i = 0; i < cube_place_count(m->cube); i++)
        if (i == 0 || measure_pools(m, i))
            measure_each_group(m, (struct frame){.place = i, .feature = FEATURE_STOPS},
                               (struct by_group){.figure = one_group, .context = t});
}

void
measure_tipping(const struct measure *m)
{
    struct tipping *const t = arena_alloc(m->arena, sizeof *t);

    t->measure = *m;
    later_task(m->later, (struct later_task){.finish = finish, .context = t});
}
