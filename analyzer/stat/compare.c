/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Total variation distance and the interval by inverting a bootstrap test. Multinomial draws are
 * chains of binomials.
 */
#include "analyzer/stat/compare.h"

#include <stdbool.h>

static double
total_of(const double *counts, size_t categories)
{
    double total = 0;

    for (size_t i = 0; i < categories; i++)
        total += counts[i];
    return total;
}

double
compare_distance(const double *a, const double *b, size_t categories)
{
    const double total_a = total_of(a, categories);
    const double total_b = total_of(b, categories);
    double sum = 0;

    if (!(total_a > 0 && total_b > 0))
        return NAN;
    for (size_t i = 0; i < categories; i++)
        sum += fabs(a[i] / total_a - b[i] / total_b);
    return sum / 2;
}

/* ---- interval ---- */

/* The observed samples and the stretch of distributions between "equal" (0) and beyond the observed
 * (> 1). */
struct stretch {
    const double *a, *b;
    size_t categories;
    double total_a, total_b, distance;
    size_t draws;
    struct rng rng; /* each evaluation starts from this state: common random numbers */
    double *work;   /* 4 * categories */
};

/* Shares at `stretch` times the observed distance from the pooled shares,
 * cut at 0 and scaled to 1. */
static void
stretched(const struct stretch *s, double stretch, double *p, double *q)
{
    double sum_p = 0;
    double sum_q = 0;

    for (size_t i = 0; i < s->categories; i++) {
        const double pooled = (s->a[i] + s->b[i]) / (s->total_a + s->total_b);

        p[i] = fmax(0, pooled + stretch * (s->a[i] / s->total_a - pooled));
        q[i] = fmax(0, pooled + stretch * (s->b[i] / s->total_b - pooled));
        sum_p += p[i];
        sum_q += q[i];
    }
    for (size_t i = 0; i < s->categories; i++) {
        p[i] /= sum_p;
        q[i] /= sum_q;
    }
}

static void
multinomial(struct rng *rng, const double *share, size_t categories, double trials, double *out)
{
    uint64_t left = (uint64_t)trials;
    double mass = 1;

    for (size_t i = 0; i < categories; i++) {
        const double p = mass > share[i] ? share[i] / mass : 1;

        const uint64_t drawn = share[i] > 0 ? rng_binomial(rng, left, p) : 0;

        out[i] = (double)drawn;
        left -= drawn;
        mass -= share[i];
    }
}

/* Share of samples drawn at this stretch whose distance is at least (or at most)
 * the observed one. */
static double
tail_share(const struct stretch *s, double stretch, bool at_least)
{
    const size_t k = s->categories;
    struct rng rng = s->rng;
    double hits = 0;

    stretched(s, stretch, s->work, s->work + k);
    for (size_t i = 0; i < s->draws; i++) {
        double *const a = s->work + 2 * k;
        double *const b = s->work + 3 * k;

        multinomial(&rng, s->work, k, s->total_a, a);
        multinomial(&rng, s->work + k, k, s->total_b, b);

        const double d = compare_distance(a, b, k);

        hits += at_least ? d >= s->distance - 1e-12 : d <= s->distance + 1e-12;
    }
    return hits / (double)s->draws;
}

static double
distance_at(const struct stretch *s, double stretch)
{
    stretched(s, stretch, s->work, s->work + s->categories);
    return compare_distance(s->work, s->work + s->categories, s->categories);
}

/* Bisects for the stretch where the tail passes `half`; `inside` keeps more, `outside` less. */
static double
limit_between(const struct stretch *s, double inside, double outside, bool at_least, double half)
{
    for (int i = 0; i < 9; i++) {
        const double middle = (inside + outside) / 2;

        if (tail_share(s, middle, at_least) > half)
            inside = middle;
        else
            outside = middle;
    }
    return distance_at(s, (inside + outside) / 2);
}

static double
upper_limit(const struct stretch *s, double half)
{
    double inside = 0;

    for (double outside = 1; outside < 1e6; outside *= 2) {
        if (tail_share(s, outside, false) <= half)
            return limit_between(s, inside, outside, false, half);
        if (distance_at(s, 2 * outside) <= distance_at(s, outside))
            return 1; /* cannot be stretched further: the data set no limit */
        inside = outside;
    }
    return 1;
}

struct estimate
compare_distance_interval(const double *a, const double *b, size_t categories, double level,
                          size_t draws, struct rng *rng, double *work)
{
    const double half = (1 - level) / 2;
    const struct stretch s = {
        .a = a,
        .b = b,
        .categories = categories,
        .total_a = total_of(a, categories),
        .total_b = total_of(b, categories),
        .distance = compare_distance(a, b, categories),
        .draws = draws,
        .rng = rng_stream(rng_next(rng), 0), /* the caller's stream moves on by one */
        .work = work,
    };

    if (isnan(s.distance) || draws == 0)
        return (struct estimate){s.distance, NAN, NAN};

    const bool may_be_equal = s.distance == 0 || tail_share(&s, 0, true) > half;

    return (struct estimate){
        .value = s.distance,
        .lower = may_be_equal ? 0 : limit_between(&s, 1, 0, true, half),
        .upper = s.distance > 0 ? upper_limit(&s, half) : NAN,
    };
}
