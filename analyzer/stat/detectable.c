/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Power of the exact conditional test of a rate ratio, of the score test of a difference, and the
 * disparity at which it reaches 80%.
 */
#include "analyzer/stat/detectable.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_TOTALS = 96 };

/*
 * Where the exact test at the null share rejects, for one total after another: below `low` and from
 * `high` on, each tail with at most half of the size. One trial more moves a tail by one
 * probability, so no distribution function is needed on the way; only when a tail comes so close
 * to half that the rounding of these sums could decide, it is asked.
 */
struct rejection {
    double total, null;
    double low, below, at_low;      /* P(X <= low) > half; P(X = low) */
    double high, above, under_high; /* P(X >= high) <= half; P(X = high - 1) */
};

static const double HALF = DETECTABLE_SIZE / 2;

/*
 * The smallest x with P(X <= x) > half, or with P(X > x) <= half. Bisected: for a few totals the
 * library's own quantile is the total itself.
 */
static double
bound_of(double total, double null, enum dist_tail tail)
{
    double before = -1, x = total;

    while (x - before > 1) {
        const double middle = floor((before + x) / 2);
        const bool over = dist_binomial_p(middle, total, null, tail) > HALF;

        if (over == (tail == DIST_LOWER))
            x = middle;
        else
            before = middle;
    }
    return x;
}

static struct rejection
rejection_at(double total, double null)
{
    const double low = bound_of(total, null, DIST_LOWER);
    const double last = bound_of(total, null, DIST_UPPER);

    return (struct rejection){
        .total = total,
        .null = null,
        .low = low,
        .below = dist_binomial_p(low, total, null, DIST_LOWER),
        .at_low = dist_binomial_d(low, total, null, false),
        .high = last + 1,
        .above = dist_binomial_p(last, total, null, DIST_UPPER),
        .under_high = dist_binomial_d(last, total, null, false),
    };
}

static bool
over_half(const struct rejection *r, double tail, double x, enum dist_tail which)
{
    return fabs(tail - HALF) > 1e-9 ? tail > HALF
                                    : dist_binomial_p(x, r->total, r->null, which) > HALF;
}

/* With one trial more, each bound stays or is one higher. */
static void
reject_next(struct rejection *r)
{
    const double p = r->null, q = 1 - p, n = r->total + 1;

    r->below -= p * r->at_low;
    r->at_low *= n * q / (n - r->low);
    r->above += p * r->under_high;
    r->under_high *= n * q / (n - r->high + 1);
    r->total = n;
    if (!over_half(r, r->below, r->low, DIST_LOWER)) {
        r->at_low *= (n - r->low) * p / ((r->low + 1) * q);
        r->low += 1;
        r->below += r->at_low;
    }
    if (over_half(r, r->above, r->high - 1, DIST_UPPER)) {
        r->under_high *= (n - r->high + 1) * p / (r->high * q);
        r->high += 1;
        r->above -= r->under_high;
    }
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
    const double share = ratio * n1 / (ratio * n1 + n0);
    struct rejection r = rejection_at(first, n1 / (n1 + n0));
    double power = 0;
    double weights = 0;

    for (double total = first; total <= last; total += stride) {
        const double weight = dist_poisson_d(total, mean, false);

        while (r.total < total)
            reject_next(&r);
        weights += weight;
        if (weight > 1e-12)
            power += weight * (dist_binomial_p(r.low - 1, total, share, DIST_LOWER) +
                               dist_binomial_p(r.high - 1, total, share, DIST_UPPER));
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

/* ---- Wald ------------------------------------------------------------------------------------ */

double
detectable_wald(double lower, double upper, double level)
{
    const double se = (upper - lower) / (2 * dist_normal_z(level));
    const double reach =
        dist_normal_z(1 - DETECTABLE_SIZE) + dist_normal_z(2 * DETECTABLE_POWER - 1);

    return isfinite(se) && se > 0 ? reach * se : NAN;
}
