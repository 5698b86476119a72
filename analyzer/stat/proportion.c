/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Intervals of proportions. The score intervals of a difference and a ratio invert
 * z(theta) = (estimate - theta) / sqrt(variance at the maximum likelihood under theta).
 */
#include "analyzer/stat/proportion.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <stdbool.h>

static bool
is_share(double k, double n)
{
    return n > 0 && k >= 0 && k <= n;
}

struct estimate
proportion_wilson(double k, double n, double level)
{
    if (!is_share(k, n))
        return ESTIMATE_UNDEFINED;

    const double z = dist_normal_z(level);
    const double centre = k + z * z / 2;
    const double half = z * sqrt(k * (n - k) / n + z * z / 4);

    /* At the ends the formula's exact value is written, not its rounding. */
    return (struct estimate){
        .value = k / n,
        .lower = k > 0 ? (centre - half) / (n + z * z) : 0,
        .upper = k < n ? (centre + half) / (n + z * z) : 1,
    };
}

struct estimate
proportion_clopper_pearson(double k, double n, double level)
{
    const double half = (1 - level) / 2;

    if (!is_share(k, n))
        return ESTIMATE_UNDEFINED;
    return (struct estimate){
        .value = k / n,
        .lower = k > 0 ? dist_beta_q(half, k, n - k + 1, DIST_LOWER) : 0,
        .upper = k < n ? dist_beta_q(half, k + 1, n - k, DIST_UPPER) : 1,
    };
}

struct estimate
proportion_shown(double k, double n, double level)
{
    return k < 5 || n - k < 5 ? proportion_clopper_pearson(k, n, level)
                              : proportion_wilson(k, n, level);
}

struct estimate
proportion_difference_newcombe(struct proportion_pair pair, double level)
{
    const struct estimate a = proportion_wilson(pair.k1, pair.n1, level);
    const struct estimate b = proportion_wilson(pair.k0, pair.n0, level);

    return (struct estimate){
        .value = a.value - b.value,
        .lower = a.value - b.value - hypot(a.value - a.lower, b.upper - b.value),
        .upper = a.value - b.value + hypot(a.upper - a.value, b.value - b.lower),
    };
}

/* A score interval's ingredients; z is the deviate that the limit must have. */
struct score {
    struct proportion_pair pair;
    double correction; /* N / (N - 1) or 1 */
    double z;
};

static struct score
score_of(struct proportion_pair pair, bool corrected, double level)
{
    const double total = pair.n1 + pair.n0;

    return (struct score){pair, corrected ? total / (total - 1) : 1, dist_normal_z(level)};
}

/* ---- difference ---- */

/*
 * Maximum likelihood of p0 when p1 = p0 + difference: the root in range of the likelihood's cubic
 * a p^3 + b p^2 + c p + d, in the trigonometric form of Farrington and Manning (Statistics in
 * Medicine 9, 1990, p. 1453), sharpened by Newton where the root is a single one.
 */
static double
p0_given_difference(struct proportion_pair t, double difference)
{
    const double s = -difference;
    const double a = t.n1 + t.n0;
    const double b = -(a + t.k1 + t.k0 + s * (t.n1 + 2 * t.n0));
    const double c = (t.n0 * s + 2 * t.k0 + a) * s + t.k1 + t.k0;
    const double d = -t.k0 * s * (1 + s);
    const double third = b / (3 * a);
    const double v = third * third * third - b * c / (6 * a * a) + d / (2 * a);
    const double u = copysign(sqrt(fmax(0, third * third - c / (3 * a))), v);
    const double w = u == 0 ? 0 : (acos(-1) + acos(fmin(1, fmax(-1, v / (u * u * u))))) / 3;
    double p = 2 * u * cos(w) - third;

    for (int i = 0; i < 2; i++) {
        const double slope = (3 * a * p + 2 * b) * p + c;

        if (fabs(slope) > 1e-4 * a)
            p -= (((a * p + b) * p + c) * p + d) / slope;
    }
    return fmin(fmin(1, 1 - difference), fmax(fmax(0, -difference), p));
}

static double
difference_excess(double difference, const void *context)
{
    const struct score *const s = context;
    const struct proportion_pair t = s->pair;
    const double p0 = p0_given_difference(t, difference);
    const double p1 = p0 + difference;
    const double variance = (fmax(0, p1 * (1 - p1)) / t.n1 + p0 * (1 - p0) / t.n0) * s->correction;
    const double away = t.k1 / t.n1 - t.k0 / t.n0 - difference;

    /* Multiplied out: at the ends of [-1, 1] the variance is 0. */
    return away - s->z * sqrt(variance);
}

struct estimate
proportion_difference_score(struct proportion_pair pair, double level)
{
    if (!is_share(pair.k1, pair.n1) || !is_share(pair.k0, pair.n0))
        return ESTIMATE_UNDEFINED;

    struct score s = score_of(pair, true, level);
    struct estimate d = {pair.k1 / pair.n1 - pair.k0 / pair.n0, -1, 1};

    /* Just beside the estimate: at the estimate itself the variance can be 0. */
    if (d.value > -1 && !root_find(difference_excess, &s, -1, d.value - 1e-12, 1e-14, &d.lower))
        d.lower = NAN;
    s.z = -s.z;
    if (d.value < 1 && !root_find(difference_excess, &s, d.value + 1e-12, 1, 1e-14, &d.upper))
        d.upper = NAN;
    return d;
}

/* ---- ratio ---- */

/* Maximum likelihood of p0 when p1 = ratio p0: the smaller root of a p^2 + b p + c, without
 * cancellation. */
static double
p0_given_ratio(struct proportion_pair t, double ratio)
{
    const double a = (t.n1 + t.n0) * ratio;
    const double b = t.n1 * ratio + t.k1 + t.n0 + t.k0 * ratio; /* minus the coefficient */
    const double c = t.k1 + t.k0;

    return 2 * c / (b + sqrt(fmax(0, b * b - 4 * a * c)));
}

static double
ratio_excess(double log_ratio, const void *context)
{
    const struct score *const s = context;
    const struct proportion_pair t = s->pair;
    const double ratio = exp(log_ratio);
    const double p0 = fmin(p0_given_ratio(t, ratio), fmin(1, 1 / ratio));
    const double p1 = fmin(1, ratio * p0);
    const double variance =
        (p1 * (1 - p1) / t.n1 + ratio * ratio * p0 * (1 - p0) / t.n0) * s->correction;
    const double away = t.k1 / t.n1 - ratio * t.k0 / t.n0;

    return (away - s->z * sqrt(fmax(0, variance))) / (1 + ratio);
}

/* The limit beyond log ratio `start`, which lies inside the interval. */
static double
ratio_limit(const struct score *s, double start, double step)
{
    double log_ratio;

    return root_search(ratio_excess, s, start, step, 1e-13, &log_ratio) ? exp(log_ratio) : NAN;
}

struct estimate
proportion_ratio(struct proportion_pair pair, enum proportion_ratio_method method, double level)
{
    if (!is_share(pair.k1, pair.n1) || !is_share(pair.k0, pair.n0))
        return ESTIMATE_UNDEFINED;
    if (pair.k1 + pair.k0 == 0)
        return ESTIMATE_UNDEFINED;

    const double value = pair.k1 / pair.n1 / (pair.k0 / pair.n0);
    /* Just beside the estimate, where the variance is not 0; or far out on the open side. */
    const double below = pair.k0 > 0 ? log(value) - 1e-10 : 40;
    const double above = pair.k1 > 0 ? log(value) + 1e-10 : -40;
    struct score s = score_of(pair, method == PROPORTION_MIETTINEN_NURMINEN, level);
    struct estimate ratio = {value, 0, INFINITY};

    if (pair.k1 > 0)
        ratio.lower = ratio_limit(&s, below, -0.125);
    s.z = -s.z;
    if (pair.k0 > 0)
        ratio.upper = ratio_limit(&s, above, 0.125);
    return ratio;
}
