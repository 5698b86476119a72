/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Total variation distance and its bootstrap. Multinomial draws are chains of binomials; a binomial
 * of n trials is halved by the median order statistic until few trials are left.
 */
#include "analyzer/stat/compare.h"

#include <stdlib.h>

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

double
compare_binomial(struct rng *rng, double n, double p)
{
    double successes = 0;

    while (n > 20) {
        const double rank = floor(n / 2) + 1;
        const double left = rng_gamma(rng, rank);
        const double at =
            left / (left + rng_gamma(rng, n + 1 - rank)); /* the rank-th smallest of n */

        if (at <= p) {
            successes += rank;
            n -= rank;
            p = (p - at) / (1 - at);
        } else {
            n = rank - 1;
            p /= at;
        }
    }
    for (double i = 0; i < n; i++)
        successes += rng_uniform(rng) < p;
    return successes;
}

static void
resample(struct rng *rng, const double *counts, size_t categories, double *out)
{
    double trials = total_of(counts, categories);
    double mass = trials;

    for (size_t i = 0; i < categories; i++) {
        const double share = mass > counts[i] ? counts[i] / mass : 1;

        out[i] = counts[i] > 0 ? compare_binomial(rng, trials, share) : 0;
        trials -= out[i];
        mass -= counts[i];
    }
}

static int
ascending(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Quantile of sorted values, linear between order statistics (R's type 7). */
static double
quantile(const double *sorted, size_t count, double p)
{
    const double at = p * (double)(count - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < count ? below + 1 : below;

    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

struct estimate
compare_distance_interval(const double *a, const double *b, size_t categories, double level,
                          size_t draws, struct rng *rng, double *work)
{
    const double distance = compare_distance(a, b, categories);
    const double half = (1 - level) / 2;
    double *const drawn_a = work + draws;
    double *const drawn_b = drawn_a + categories;

    if (isnan(distance) || draws == 0)
        return (struct estimate){distance, NAN, NAN};
    for (size_t i = 0; i < draws; i++) {
        resample(rng, a, categories, drawn_a);
        resample(rng, b, categories, drawn_b);
        work[i] = compare_distance(drawn_a, drawn_b, categories);
    }
    qsort(work, draws, sizeof *work, ascending);
    return (struct estimate){
        .value = distance,
        .lower = fmax(0, 2 * distance - quantile(work, draws, 1 - half)),
        .upper = fmin(1, fmax(0, 2 * distance - quantile(work, draws, half))),
    };
}
