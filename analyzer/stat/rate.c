/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rates and rate ratios. Ratios work in the odds of "this event is the group's", so that limits
 * keep their digits when nearly all events belong to one side.
 */
#include "analyzer/stat/rate.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

struct estimate
rate_garwood(double count, double exposure, double level)
{
    const double half = (1 - level) / 2;

    if (!(exposure > 0 && count >= 0))
        return ESTIMATE_UNDEFINED;
    return (struct estimate){
        .value = count / exposure,
        .lower = count > 0 ? dist_gamma_q(half, count, 1, DIST_LOWER) / exposure : 0,
        .upper = dist_gamma_q(half, count + 1, 1, DIST_UPPER) / exposure,
    };
}

/* ---- ratio in one place ---- */

static bool
is_informative(struct rate_pair r)
{
    return r.n1 > 0 && r.n0 > 0 && r.x1 + r.x0 > 0;
}

/* The probability that an event is the group's when its rate is `ratio` times the reference's. */
static double
share(struct rate_pair r, double ratio)
{
    return isinf(ratio) ? 1 : ratio * r.n1 / (ratio * r.n1 + r.n0);
}

/* P(X > x1) + P(X = x1) / 2, or with `below` P(X < x1) + P(X = x1) / 2. */
static double
mid_tail(double x, double total, double p, bool below)
{
    return below ? (dist_binomial_p(x, total, p, DIST_LOWER) +
                    dist_binomial_p(x - 1, total, p, DIST_LOWER)) /
                       2
                 : (dist_binomial_p(x, total, p, DIST_UPPER) +
                    dist_binomial_p(x - 1, total, p, DIST_UPPER)) /
                       2;
}

struct mid_p {
    double x, total, half;
    bool below;
};

static double
mid_p_excess(double log_odds, const void *context)
{
    const struct mid_p *const m = context;
    const double p = 1 / (1 + exp(-log_odds));

    /* Counting the other side's events keeps 1 - p exact when p rounds to 1. */
    return log_odds <= 0
               ? mid_tail(m->x, m->total, p, m->below) - m->half
               : mid_tail(m->total - m->x, m->total, 1 / (1 + exp(log_odds)), !m->below) - m->half;
}

/* Limits of the odds p / (1 - p) of a binomial x1 out of x1 + x0. */
static struct interval
odds_exact(double x1, double x0, double half)
{
    return (struct interval){
        .lower = x1 > 0 ? dist_beta_odds_q(half, x1, x0 + 1, DIST_LOWER) : 0,
        .upper = x0 > 0 ? dist_beta_odds_q(half, x1 + 1, x0, DIST_UPPER) : INFINITY,
    };
}

/* The mid-p limits lie inside the exact ones: the search starts there and goes inwards. */
static struct interval
odds_mid_p(double x1, double x0, double half)
{
    const struct interval outer = odds_exact(x1, x0, half);
    const struct mid_p lower = {x1, x1 + x0, half, false};
    const struct mid_p upper = {x1, x1 + x0, half, true};
    struct interval odds = outer;

    if (x1 > 0)
        odds.lower = root_search(mid_p_excess, &lower, log(outer.lower), 0.125, 1e-13, &odds.lower)
                         ? exp(odds.lower)
                         : NAN;
    if (x0 > 0)
        odds.upper = root_search(mid_p_excess, &upper, log(outer.upper), -0.125, 1e-13, &odds.upper)
                         ? exp(odds.upper)
                         : NAN;
    return odds;
}

struct estimate
rate_ratio(struct rate_pair pair, enum rate_method method, double level)
{
    if (!is_informative(pair))
        return ESTIMATE_UNDEFINED;

    const double half = (1 - level) / 2;
    const struct interval odds = method == RATE_EXACT ? odds_exact(pair.x1, pair.x0, half)
                                                      : odds_mid_p(pair.x1, pair.x0, half);
    const double scale = pair.n0 / pair.n1;

    return (struct estimate){
        .value = pair.x0 > 0 ? pair.x1 / pair.x0 * scale : INFINITY,
        .lower = odds.lower * scale,
        .upper = odds.upper * scale,
    };
}

/* R counts outcomes as "as likely" within this factor. */
static const double AS_LIKELY = 1 + 1e-7;

/*
 * The first outcome from `from` to `to` (in steps of +1 or -1, away from the mean) that is at most
 * as likely as x, or one past the end. The mass falls that way, so bisection finds it.
 */
static double
first_as_unlikely(double from, double to, double step, double total, double p, double log_mass)
{
    double near = 0;
    double far = step * (to - from) + 1; /* one past the end: none */

    while (near < far) {
        const double middle = floor((near + far) / 2);

        if (dist_binomial_d(from + step * middle, total, p, true) <= log_mass)
            far = middle;
        else
            near = middle + 1;
    }
    return from + step * near;
}

/* As R's binom.test: the total probability of outcomes at most as likely as x. */
static double
p_as_likely(double x, double total, double p)
{
    const double mean = total * p;
    const double log_mass = dist_binomial_d(x, total, p, true) + log(AS_LIKELY);

    if (x == mean)
        return 1;
    if (x < mean) {
        const double other = first_as_unlikely(ceil(mean), total, 1, total, p, log_mass);

        return fmin(1, dist_binomial_p(x, total, p, DIST_LOWER) +
                           dist_binomial_p(other - 1, total, p, DIST_UPPER));
    }

    const double other = first_as_unlikely(floor(mean), 0, -1, total, p, log_mass);

    return fmin(1, dist_binomial_p(other, total, p, DIST_LOWER) +
                       dist_binomial_p(x - 1, total, p, DIST_UPPER));
}

double
rate_ratio_p(struct rate_pair pair, enum rate_method method, double ratio)
{
    if (!is_informative(pair) || !(ratio > 0))
        return NAN;

    const double total = pair.x1 + pair.x0;
    const double p = share(pair, ratio);

    if (method == RATE_EXACT)
        return p_as_likely(pair.x1, total, p);
    return fmin(1, 2 * fmin(mid_tail(pair.x1, total, p, true), mid_tail(pair.x1, total, p, false)));
}

double
rate_ratio_p_central(struct rate_pair pair, double ratio)
{
    if (!is_informative(pair) || !(ratio > 0))
        return NAN;

    const double total = pair.x1 + pair.x0;
    const double p = share(pair, ratio);

    return fmin(1, 2 * fmin(dist_binomial_p(pair.x1, total, p, DIST_LOWER),
                            dist_binomial_p(pair.x1 - 1, total, p, DIST_UPPER)));
}

double
rate_ratio_p_greater(struct rate_pair pair, double ratio)
{
    if (!is_informative(pair) || !(ratio > 0))
        return NAN;
    return dist_binomial_p(pair.x1 - 1, pair.x1 + pair.x0, share(pair, ratio), DIST_UPPER);
}

/* ---- pooled over places ---- */

struct pooled_ratio
rate_ratio_pooled(const struct rate_pair *pairs, size_t count, double level)
{
    double above = 0; /* Greenland and Robins' R, S and the numerator of the variance */
    double below = 0;
    double spread = 0;
    size_t places = 0;

    for (size_t i = 0; i < count; i++) {
        const struct rate_pair r = pairs[i];
        const double total = r.n1 + r.n0;

        if (!is_informative(r))
            continue;
        above += r.x1 * r.n0 / total;
        below += r.x0 * r.n1 / total;
        spread += (r.x1 + r.x0) * (r.n1 / total) * (r.n0 / total);
        places++;
    }

    return pooled_ratio(above, below, spread / (above * below), places, level);
}

struct test
rate_homogeneity(const struct rate_pair *pairs, size_t count, double ratio)
{
    double sum = 0;
    double places = 0;

    if (!(ratio > 0) || isinf(ratio))
        return TEST_UNDEFINED;
    for (size_t i = 0; i < count; i++) {
        const struct rate_pair r = pairs[i];

        if (!is_informative(r))
            continue;

        const double p = share(r, ratio);
        const double total = r.x1 + r.x0;
        const double away = r.x1 - total * p;

        sum += away * away / (total * p * (1 - p));
        places++;
    }
    if (places < 2)
        return TEST_UNDEFINED;
    return (struct test){sum, places - 1, dist_chi_square_p(sum, places - 1, DIST_UPPER)};
}

/* ---- standardised ---- */

struct estimate
rate_standardised_spread(const struct rate_class *classes, size_t count, double spread,
                         double level)
{
    const double half = (1 - level) / 2;
    double all = 0;
    double rate = 0;
    double variance = spread;
    double widest = 0; /* the largest weight of one event */

    for (size_t i = 0; i < count; i++)
        all += classes[i].standard;
    for (size_t i = 0; i < count; i++) {
        const double weight = classes[i].standard / all / classes[i].exposure;

        if (classes[i].standard == 0)
            continue;
        if (!(classes[i].exposure > 0) || !(classes[i].standard > 0))
            return ESTIMATE_UNDEFINED; /* a rate that the standard needs is not there */
        rate += weight * classes[i].count;
        variance += weight * weight * classes[i].count;
        widest = fmax(widest, weight);
    }
    if (!(all > 0))
        return ESTIMATE_UNDEFINED;

    const double rate_up = rate + widest;
    const double variance_up = variance + widest * widest;

    return (struct estimate){
        .value = rate,
        .lower =
            rate > 0 ? dist_gamma_q(half, rate * rate / variance, variance / rate, DIST_LOWER) : 0,
        .upper =
            dist_gamma_q(half, rate_up * rate_up / variance_up, variance_up / rate_up, DIST_UPPER),
    };
}

struct estimate
rate_standardised(const struct rate_class *classes, size_t count, double level)
{
    return rate_standardised_spread(classes, count, 0, level);
}
