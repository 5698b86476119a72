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
#include "analyzer/stat/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char residents[] = "residents";

/* Share of the window's months that take part: with eleven of twelve, a resident counts 11/12. */
static double
months_share(const struct measure *m, const struct frame *f)
{
    return (double)cube_months_used(m->cube, m->window, f->feature, f->perspective) /
           (double)cube_months(m->cube, m->window);
}

static void
note_vintage(const struct measure *m, struct figure *x)
{
    if (abs(exposures_year(m->residents) - cube_inputs(m->cube)->choices.month.year) >
        VINTAGE_YEARS)
        x->note = "population-vintage";
}

static void
one_rate(const struct measure *m, const struct frame *f, bool withheld)
{
    const struct choices *const c = &cube_inputs(m->cube)->choices;
    const double count = measure_of(m, f, f->group, SUM_persons);
    const double share = months_share(m, f);
    const double persons = exposure_mean(m->residents, f->place, f->group);
    const double *const draws = exposure_draws(m->residents, f->place, f->group);
    struct figure *const x =
        measure_figure(m, "stop-rate", draws ? "garwood-mixture" : "garwood", f);
    const struct estimate e = rate_garwood(count, persons * share, c->level);

    x->benchmark = residents;
    x->n = count;
    x->events = count;
    x->exposure = persons * share;
    x->cells = measure_cells(m, f, "persons");
    x->value = 1000 * e.value;
    x->lower = 1000 * e.lower;
    x->upper = 1000 * e.upper;
    note_vintage(m, x);
    if (share == 0)
        measure_withhold(x, "A003");
    else if (isnan(persons) || persons == 0)
        measure_withhold(x, "A005");
    else if (withheld)
        measure_withhold(x, "A001");
    else if (draws)
        later_rate(m->later, m->out, count, draws, exposures_draws(m->residents), share);
}

/* Residents of the reference: of a group, or of all but the group. */
static double
reference_mean(const struct measure *m, unsigned place, int group, int reference)
{
    return reference >= 0
               ? exposure_mean(m->residents, place, reference)
               : exposure_mean(m->residents, place, -1) - exposure_mean(m->residents, place, group);
}

static void
judge_ratio(const struct measure *m, const struct frame *f, struct figure *x, struct rate_pair pair,
            int reference)
{
    const double *const draws = exposure_draws(m->residents, f->place, f->group);

    if (!draws) {
        x->p = rate_ratio_p_central(pair, 1);
        return;
    }
    x->method = "exact-mixture";
    later_ratio(m->later, m->out, pair.x1, pair.x0, draws,
                exposure_draws(m->residents, f->place, reference), reference < 0,
                exposures_draws(m->residents));
}

static void
one_ratio(const struct measure *m, const struct frame *f, bool withheld)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct rate_pair pair = {
        .x1 = measure_of(m, f, f->group, SUM_persons),
        .n1 = exposure_mean(m->residents, f->place, f->group),
        .x0 = measure_of_reference(m, f, reference, SUM_persons),
        .n0 = reference_mean(m, f->place, f->group, reference),
    };
    const char *const guard = months_share(m, f) == 0 ? "A003" : ratio_guard(pair, withheld);

    if (!measure_wanted(f, ratio_guard(pair, withheld) != NULL))
        return;

    struct figure *const x = ratio_figure(m, f, residents, name, pair);

    note_vintage(m, x);
    if (guard) {
        measure_withhold(x, guard);
        return;
    }
    judge_ratio(m, f, x, pair, reference);
    later_detectable(m->later, m->out, pair.x0, pair.n1, pair.n0);
}

static double
persons_of(const struct measure *m, const struct frame *f, const void *context)
{
    (void)context;
    return measure_of(m, f, f->group, SUM_persons);
}

static void
group_of_place(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)context;
    one_rate(m, f, withheld);
    one_ratio(m, f, withheld);
    benchmark_ratios(m, f, withheld);
}

static void
rates_of_place(const struct measure *m, unsigned place)
{
    const struct frame f = {.place = place, .group = -1, .feature = FEATURE_STOPS};

    one_rate(m, &f, persons_of(m, &f, NULL) < SMALL_NUMBER);
    measure_each_group(m, f, (struct by_group){persons_of, group_of_place, NULL});
}

/* ---- pooled over places ---------------------------------------------------------------------- */

struct pool {
    size_t count;
    unsigned *places;
    struct rate_pair *pairs;
};

static struct pool
pool_of(const struct measure *m, struct frame f, int reference)
{
    struct pool pool = {
        .places = arena_array(m->arena, cube_place_count(m->cube), sizeof *pool.places),
        .pairs = arena_array(m->arena, cube_place_count(m->cube), sizeof *pool.pairs),
    };

    for (unsigned i = 0; i < cube_place_count(m->cube); i++) {
        const struct cube_place *const place = cube_place(m->cube, i);

        if (place->unknown || strcmp(place->level, cube_pool_level(m->cube)) != 0)
            continue;
        f.place = i;

        const struct rate_pair pair = {
            .x1 = measure_of(m, &f, f.group, SUM_persons),
            .n1 = exposure_mean(m->residents, i, f.group),
            .x0 = measure_of_reference(m, &f, reference, SUM_persons),
            .n0 = reference_mean(m, i, f.group, reference),
        };

        if (!(pair.n1 > 0 && pair.n0 > 0))
            continue;
        pool.places[pool.count] = i;
        pool.pairs[pool.count++] = pair;
    }
    return pool;
}

/* Variance over the draws of the bridge of the logarithm of the pooled ratio. */
static double
bridge_variance(const struct measure *m, const struct frame *f, int reference,
                const struct pool *pool)
{
    struct rate_pair *const pairs = arena_array(m->arena, pool->count + 1, sizeof *pairs);
    const unsigned draws = exposures_draws(m->residents);
    double mean = 0, square = 0;

    memcpy(pairs, pool->pairs, pool->count * sizeof *pairs);
    for (unsigned d = 0; d < draws; d++) {
        double numerator = 0, denominator = 0;

        for (size_t i = 0; i < pool->count; i++) {
            const unsigned at = pool->places[i];
            const double n1 = exposure_draws(m->residents, at, f->group)[d];
            const double all = exposure_draws(m->residents, at, reference)[d];
            const double n0 = reference >= 0 ? all : fmax(all - n1, 0.5);

            numerator += pairs[i].x1 * n0 / (n1 + n0);
            denominator += pairs[i].x0 * n1 / (n1 + n0);
        }

        const double x = log(numerator / denominator);
        const double step = x - mean;

        mean += step / (d + 1);
        square += step * (x - mean);
    }
    return draws > 1 ? square / (draws - 1) : 0;
}

static void
one_pooled(const struct measure *m, const struct frame *f)
{
    const double level = cube_inputs(m->cube)->choices.level;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct pool pool = pool_of(m, *f, reference);
    const struct pooled_ratio r = rate_ratio_pooled(pool.pairs, pool.count, level);
    const struct test h = rate_homogeneity(pool.pairs, pool.count, r.ratio.value);
    const double count = measure_of(m, f, f->group, SUM_persons);
    const char *const guard = months_share(m, f) == 0   ? "A003"
                              : pool.count == 0         ? "A005"
                              : count < SMALL_NUMBER    ? "A001"
                              : r.strata < PLACES_LEAST ? "A004"
                                                        : NULL;
    struct figure *x = measure_figure(m, "pooled-rate-ratio", "mantel-haenszel", f);

    x->benchmark = residents;
    x->reference = name;
    x->n = count;
    x->events = count;
    x->value = r.ratio.value;
    x->lower = r.ratio.lower;
    x->upper = r.ratio.upper;
    x->statistic = r.z;
    x->p = r.p;
    note_vintage(m, x);
    if (!guard && exposures_bridged(m->residents)) {
        const double se = sqrt(r.se_log * r.se_log + bridge_variance(m, f, reference, &pool));
        const double z = log(r.ratio.value) / se;

        x->method = "mantel-haenszel-mixture";
        x->lower = exp(log(r.ratio.value) - dist_normal_z(level) * se);
        x->upper = exp(log(r.ratio.value) + dist_normal_z(level) * se);
        x->statistic = z;
        x->p = 2 * dist_normal_p(fabs(z), 0, 1, DIST_UPPER);
    }
    if (guard)
        measure_withhold(x, guard);
    x = measure_figure(m, "homogeneity", "conditional", f);
    x->benchmark = residents;
    x->reference = name;
    x->n = (double)r.strata;
    x->value = h.statistic;
    x->statistic = h.statistic;
    x->df = h.df;
    x->p = h.p;
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
        const struct cube_place *const place = cube_place(m->cube, i);

        if (place->area && measure_level(m, place))
            rates_of_place(m, i);
    }
    measure_each_group(m, (struct frame){.feature = FEATURE_STOPS},
                       (struct by_group){.figure = pooled_of_group});
}
