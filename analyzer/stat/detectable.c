/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Power of the exact conditional test of a rate ratio, of the score test of a difference, and the
 * disparity at which it reaches 80%.
 */
#include "analyzer/stat/detectable.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <math.h>

enum { MOST_TOTALS = 96 };

/* Probability that the exact test at a null share of `null` rejects, given the total and the true
 * share. */
static double
power_given_total(double total, double null, double share)
{
    const double half = DETECTABLE_SIZE / 2;
    /* quantiles: P(X <= low - 1) < half <= P(X <= low);
     * so low - 1 is the last that rejects below */
    double low = dist_binomial_q(half, total, null, DIST_LOWER);
    double high = dist_binomial_q(half, total, null, DIST_UPPER);

    if (dist_binomial_p(low, total, null, DIST_LOWER) > half)
        low -= 1;
    while (high <= total && dist_binomial_p(high - 1, total, null, DIST_UPPER) > half)
        high += 1;
    return dist_binomial_p(low, total, share, DIST_LOWER) +
           dist_binomial_p(high - 1, total, share, DIST_UPPER);
}

double
detectable_rate_power(double expected0, double n1, double n0, double ratio)
{
    if (!(expected0 > 0 && n1 > 0 && n0 > 0 && ratio > 0))
        return NAN;

    const double mean = expected0 * (1 + ratio * n1 / n0);
    const double spread = 5 * sqrt(mean) + 5;
    const double first = fmax(0, floor(mean - spread));
    const double last = ceil(mean + spread);
    const double stride = fmax(1, floor((last - first) / MOST_TOTALS));
    const double null = n1 / (n1 + n0);
    const double share = ratio * n1 / (ratio * n1 + n0);
    double power = 0;
    double weights = 0;

    for (double total = first; total <= last; total += stride) {
        const double weight = dist_poisson_d(total, mean, false);

        weights += weight;
        if (weight > 1e-12)
            power += weight * power_given_total(total, null, share);
    }
    return power / weights;
}

struct rate_design {
    double expected0, n1, n0;
};

static double
rate_power_excess(double log_ratio, const void *context)
{
    const struct rate_design *const d = context;

    return detectable_rate_power(d->expected0, d->n1, d->n0, exp(log_ratio)) - DETECTABLE_POWER;
}

double
detectable_rate_ratio(double expected0, double n1, double n0)
{
    const struct rate_design d = {expected0, n1, n0};
    double log_ratio;

    if (!(expected0 > 0 && n1 > 0 && n0 > 0))
        return NAN;
    /* From the normal approximation: se of the log ratio is about sqrt(1/x1 + 1/x0). */
    const double guess = 2.8 * sqrt((1 + n0 / n1) / expected0);

    if (rate_power_excess(0, &d) >= 0)
        return NAN;
    if (!root_search(rate_power_excess, &d, 0, fmin(guess, 3), 1e-8, &log_ratio))
        return NAN;
    return exp(log_ratio);
}

struct proportion_design {
    double p0, n1, n0;
    int sign;
};

/* The normal deviate of the power, less the one wanted, at |difference|. */
static double
proportion_excess(double size, const void *context)
{
    const struct proportion_design *const d = context;
    const double p1 = d->p0 + d->sign * size;
    const double pooled = (d->n1 * p1 + d->n0 * d->p0) / (d->n1 + d->n0);
    const double under_null = sqrt(fmax(0, pooled * (1 - pooled)) * (1 / d->n1 + 1 / d->n0));
    const double under_other = sqrt(fmax(0, p1 * (1 - p1)) / d->n1 + d->p0 * (1 - d->p0) / d->n0);

    return size - dist_normal_q(DETECTABLE_SIZE / 2, 0, 1, DIST_UPPER) * under_null -
           dist_normal_q(DETECTABLE_POWER, 0, 1, DIST_LOWER) * under_other;
}

double
detectable_difference(double p0, double n1, double n0, int sign)
{
    const struct proportion_design d = {p0, n1, n0, sign > 0 ? 1 : -1};
    double size;

    if (!(p0 >= 0 && p0 <= 1 && n1 > 0 && n0 > 0))
        return NAN;
    /* Negative at (almost) no difference; the far end is the last possible proportion. */
    if (!root_find(proportion_excess, &d, 1e-12, sign > 0 ? 1 - p0 : p0, 1e-14, &size))
        return NAN;
    return d.sign * size;
}
