/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Stops against residents: per 1,000, as the ratio of a group to its reference in the same place,
 * and pooled over places. Where residents come through the bridge, its uncertainty is in the
 * interval. Named benchmarks and the two internal ones are in benchmark.c, side by side with these.
 */
#include "analyzer/measure/benchmark.h"
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/measure.h"
#include "analyzer/measure/ratio.h"
#include "analyzer/measure/residents.h"
#include "analyzer/stat/dist.h"

#include <math.h>

static void
one_rate(const struct measure *m, const struct frame *f, bool withheld)
{
    const struct choices *const c = &cube_inputs(m->cube)->choices;
    const double count = residents_persons(m, f, f->group);
    const double share = residents_months_share(m, f);
    const double persons = exposure_mean(m->residents, f->place, f->group);
    const double *const draws = exposure_draws(m->residents, f->place, f->group);
    struct figure *const x =
        measure_figure(m, "stop-rate", draws ? "garwood-mixture" : "garwood", f);
    const struct estimate e = rate_garwood(count, persons * share, c->level);

    x->benchmark = residents_benchmark;
    x->n = count;
    x->events = count;
    x->exposure = persons * share;
    x->cells = measure_cells(m, f, residents_is_sum(m, f) ? "persons where residents" : "persons");
    x->value = 1000 * e.value;
    x->lower = 1000 * e.lower;
    x->upper = 1000 * e.upper;
    residents_note_left_out(m, f, x);
    residents_warn_of_vintage(m, x);
    if (share == 0)
        measure_withhold(x, "A003");
    else if (isnan(persons) || persons == 0)
        measure_withhold(x, "A005");
    else if (withheld)
        measure_withhold(x, "A001");
    else if (draws)
        later_rate(m->later, m->out, count, draws, exposures_draws(m->residents), share);
    if (withheld)
        measure_hide(x);
}

static void
judge_ratio(const struct measure *m, struct figure *x, const struct residents_pair *r)
{
    if (!r->draws) {
        x->p = rate_ratio_p_central(r->pair, 1);
        return;
    }
    x->method = "exact-mixture";
    later_ratio(m->later, m->out, r->pair.x1, r->pair.x0, r->draws, r->draws_reference,
                r->reference < 0, exposures_draws(m->residents));
}

static void
one_ratio(const struct measure *m, const struct frame *f)
{
    struct residents_pair r;

    if (!residents_pair(m, f, &r) || !measure_wanted(f, ratio_guard(r.pair, r.small) != NULL))
        return;

    struct figure *const x = ratio_figure(m, f, residents_benchmark, r.name, r.pair);

    residents_note_left_out(m, f, x);
    residents_warn_of_vintage(m, x);
    if (r.guard) {
        measure_withhold(x, r.guard);
        if (r.small)
            measure_hide(x);
        return;
    }
    judge_ratio(m, x, &r);
    later_detectable(m->later, m->out, r.pair.x0, r.pair.n1, r.pair.n0);
}

static bool
is_small(const struct measure *m, const struct frame *f, const void *context)
{
    (void)context;
    return residents_small(m, f, f->group);
}

static void
group_of_place(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)context;
    one_rate(m, f, withheld);
    one_ratio(m, f);
    benchmark_ratios(m, f);
}

static void
rates_of_place(const struct measure *m, unsigned place)
{
    const struct frame f = {.place = place, .group = -1, .feature = FEATURE_STOPS};

    one_rate(m, &f, is_small(m, &f, NULL));
    measure_each_group(m, f, (struct by_group){is_small, group_of_place, NULL});
}

/* ---- pooled over places ---------------------------------------------------------------------- */

/* Variance over the draws of the bridge of the logarithm of the pooled ratio. */
static double
bridge_variance(const struct measure *m, const struct frame *f, int reference,
                const struct residents_pool *pool)
{
    const unsigned draws = exposures_draws(m->residents);
    double mean = 0, square = 0;

    for (unsigned d = 0; d < draws; d++) {
        double numerator = 0, denominator = 0;

        for (size_t i = 0; i < pool->strata.count; i++) {
            const struct rate_pair *const pair = &pool->pairs[i];
            const struct residents_drawn r =
                residents_of_draw(m, &pool->strata.list[i], f->group, reference, d);
            const double n0 = reference >= 0 ? r.n0 : fmax(r.n0, 0.5);

            numerator += pair->x1 * n0 / (r.n1 + n0);
            denominator += pair->x0 * r.n1 / (r.n1 + n0);
        }

        const double x = log(numerator / denominator);
        const double step = x - mean;

        mean += step / (d + 1);
        square += step * (x - mean);
    }
    return draws > 1 ? square / (draws - 1) : 0;
}

/* The pooled ratio with the bridge's variance in its interval and test. */
static void
widen(struct figure *x, const struct pooled_ratio *r, double variance)
{
    const double se = sqrt(r->se_log * r->se_log + variance);
    const double z = log(r->ratio.value) / se;
    const double wide = dist_normal_z(x->level) * se;

    x->method = "mantel-haenszel-mixture";
    x->lower = exp(log(r->ratio.value) - wide);
    x->upper = exp(log(r->ratio.value) + wide);
    x->statistic = z;
    x->p = 2 * dist_normal_p(fabs(z), 0, 1, DIST_UPPER);
}

static void
one_pooled(const struct measure *m, const struct frame *f)
{
    const double level = cube_inputs(m->cube)->choices.level;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct residents_pool pool = residents_pool(m, f, reference);
    const size_t strata = pool.strata.count;
    const struct pooled_ratio r = rate_ratio_pooled(pool.pairs, strata, level);
    const struct test h = rate_homogeneity(pool.pairs, strata, r.ratio.value);
    const bool small =
        measure_small(m, f, f->group, SUM_persons) || residents_small(m, f, f->group);
    const char *const guard = residents_months_share(m, f) == 0 ? "A003"
                              : strata == 0                     ? "A005"
                              : small                           ? "A001"
                              : r.strata < PLACES_LEAST         ? "A004"
                              : !isfinite(r.ratio.value)        ? "A005"
                                                                : NULL;
    struct figure *x = measure_figure(m, "pooled-rate-ratio", "mantel-haenszel", f);

    x->benchmark = residents_benchmark;
    x->reference = name;
    x->n = x->events = residents_persons(m, f, f->group);
    x->value = r.ratio.value;
    x->lower = r.ratio.lower;
    x->upper = r.ratio.upper;
    x->statistic = r.z;
    x->p = r.p;
    residents_note_left_out(m, f, x);
    strata_note(m, &pool.strata, x);
    residents_warn_of_vintage(m, x);
    if (!guard && exposures_bridged(m->residents))
        widen(x, &r, bridge_variance(m, f, reference, &pool));
    if (guard)
        measure_withhold(x, guard);
    if (small)
        measure_hide(x);
    x = measure_figure(m, "homogeneity", "conditional", f);
    x->benchmark = residents_benchmark;
    x->reference = name;
    x->n = (double)r.strata;
    x->value = h.statistic;
    x->statistic = h.statistic;
    x->df = h.df;
    x->p = h.p;
    strata_note(m, &pool.strata, x);
    residents_warn_of_vintage(m, x);
    if (guard)
        measure_withhold(x, guard);
}

static void
pooled_of_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)withheld;
    (void)context;
    one_pooled(m, f);
    benchmark_pooled(m, f);
}

void
measure_stop_rate(const struct measure *m)
{
    for (unsigned i = 0; i < cube_place_count(m->cube); i++) {
        if (cube_place(m->cube, i)->area && cube_shows(m->cube, m->window, i))
            rates_of_place(m, i);
    }
    measure_each_group(m, (struct frame){.feature = FEATURE_STOPS},
                       (struct by_group){.figure = pooled_of_group});
}
