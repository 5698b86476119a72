/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rates of groups as if each lived spread over the places as the whole city does: direct
 * standardisation for place. Not for age: residents are not counted by group and age. What the
 * bridge leaves uncertain is added to the variance of the counts.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/residents.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/standardised.h"

#include <math.h>

/* The places with residents of both, the group's side and the reference's. */
struct sides {
    struct residents_pool pool;
    struct rate_class *one, *zero;
    double one_spread, ratio_spread; /* variance from the bridge: of the rate, of the log ratio */
};

static double
rate_of(const struct rate_class *c, size_t count)
{
    double above = 0, below = 0;

    for (size_t i = 0; i < count; i++) {
        above += c[i].standard * c[i].count / c[i].exposure;
        below += c[i].standard;
    }
    return above / below;
}

/* Welford's running mean and sum of squares. */
struct spread {
    double mean, square;
    unsigned n;
};

static void
spread_add(struct spread *s, double x)
{
    const double step = x - s->mean;

    s->mean += step / ++s->n;
    s->square += step * (x - s->mean);
}

static double
spread_variance(const struct spread *s)
{
    return s->n > 1 ? s->square / (s->n - 1) : 0;
}

static void
draw_bridge(const struct measure *m, const struct frame *f, int reference, double share,
            struct sides *s)
{
    const size_t count = s->pool.strata.count;
    struct rate_class *const one = arena_array(m->arena, count + 1, sizeof *one);
    struct rate_class *const zero = arena_array(m->arena, count + 1, sizeof *zero);
    struct spread rate = {0}, ratio = {0};

    for (unsigned d = 0; d < exposures_draws(m->residents); d++) {
        for (size_t i = 0; i < count; i++) {
            const struct residents_drawn r =
                residents_of_draw(m, &s->pool.strata.list[i], f->group, reference, d);

            one[i] = s->one[i];
            zero[i] = s->zero[i];
            one[i].exposure = fmax(r.n1, 0.5) * share;
            zero[i].exposure = fmax(r.n0, 0.5) * share;
        }

        const double own = rate_of(one, count);

        spread_add(&rate, own);
        spread_add(&ratio, log(own / rate_of(zero, count)));
    }
    s->one_spread = spread_variance(&rate);
    s->ratio_spread = spread_variance(&ratio);
}

static struct sides
sides_of(const struct measure *m, const struct frame *f, int reference)
{
    const double share = residents_months_share(m, f);
    struct sides s = {.pool = residents_pool(m, f, reference)};
    const size_t count = s.pool.strata.count;

    s.one = arena_array(m->arena, count + 1, sizeof *s.one);
    s.zero = arena_array(m->arena, count + 1, sizeof *s.zero);
    for (size_t i = 0; i < count; i++) {
        const struct rate_pair *const x = &s.pool.pairs[i];
        const double standard = residents_of_stratum(m, &s.pool.strata.list[i], -1);

        s.one[i] = (struct rate_class){x->x1, x->n1 * share, standard};
        s.zero[i] = (struct rate_class){x->x0, x->n0 * share, standard};
    }
    if (share > 0 && exposures_bridged(m->residents))
        draw_bridge(m, f, reference, share, &s);
    return s;
}

static void
one_rate(const struct measure *m, const struct frame *f, const struct sides *s, const char *guard)
{
    struct figure *const x = measure_figure(m, "standardised-rate", "fay-feuer", f);
    const struct estimate e =
        rate_standardised_spread(s->one, s->pool.strata.count, s->one_spread, x->level);

    x->benchmark = residents_benchmark;
    x->n = x->events = residents_persons(m, f, f->group);
    x->value = 1000 * e.value;
    x->lower = 1000 * e.lower;
    x->upper = 1000 * e.upper;
    strata_note(m, &s->pool.strata, x);
    residents_warn_of_vintage(m, x);
    if (guard)
        measure_withhold(x, guard);
}

static void
one_ratio(const struct measure *m, const struct frame *f, const struct sides *s, const char *name,
          const char *guard)
{
    struct figure *const x = measure_figure(m, "standardised-ratio", "log-normal", f);
    const struct pooled_ratio r =
        standardised_ratio(s->one, s->zero, s->pool.strata.count, x->level);
    const double se = sqrt(r.se_log * r.se_log + s->ratio_spread);
    const double wide = dist_normal_z(x->level) * se;

    x->benchmark = residents_benchmark;
    x->reference = name;
    x->n = x->events = residents_persons(m, f, f->group);
    x->value = r.ratio.value;
    x->lower = r.ratio.value * exp(-wide);
    x->upper = r.ratio.value * exp(wide);
    x->statistic = log(r.ratio.value) / se;
    x->p = 2 * dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER);
    strata_note(m, &s->pool.strata, x);
    residents_warn_of_vintage(m, x);
    if (guard || !isfinite(r.ratio.value)) /* of the reference nobody was stopped */
        measure_withhold(x, guard ? guard : "A005");
}

static void
of_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    (void)withheld;
    (void)context;
    if (reference == -2)
        return;

    const struct sides s = sides_of(m, f, reference);
    const bool small = residents_small(m, f, f->group) || residents_small(m, f, reference);
    const char *const guard = residents_months_share(m, f) == 0    ? "A003"
                              : s.pool.strata.count == 0           ? "A005"
                              : small                              ? "A001"
                              : s.pool.strata.count < PLACES_LEAST ? "A004"
                                                                   : NULL;

    one_rate(m, f, &s, guard);
    one_ratio(m, f, &s, name, guard);
}

void
measure_standardised(const struct measure *m)
{
    measure_each_group(m, (struct frame){.feature = FEATURE_STOPS},
                       (struct by_group){.figure = of_group});
}
