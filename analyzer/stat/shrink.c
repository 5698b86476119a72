/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Newton's method in log mean and log shape. Whether the shape is finite is decided first, by the
 * sign of the likelihood's slope in 1 / shape at 0 (Böhning's form of the overdispersion score).
 */
#include "analyzer/stat/shrink.h"

#include "analyzer/stat/dist.h"

enum { MOST_STEPS = 200 };

struct places {
    const double *count, *exposure;
    size_t places;
};

static double
log_likelihood(const struct places *p, double mean, double shape)
{
    double sum = 0;

    for (size_t i = 0; i < p->places; i++)
        if (p->exposure[i] > 0)
            sum += dist_negative_binomial_d(p->count[i], shape, mean * p->exposure[i], true);
    return sum;
}

/* Slope and curvature of the log likelihood in (log mean, log shape). */
struct slope {
    double m, k, mm, mk, kk;
};

static struct slope
slope_at(const struct places *p, double mean, double shape)
{
    struct slope s = {0, 0, 0, 0, 0};

    for (size_t i = 0; i < p->places; i++) {
        const double y = p->count[i];
        const double mu = mean * p->exposure[i];
        const double all = shape + mu;

        if (!(mu > 0))
            continue;

        /* derivative in the shape itself, and its derivative */
        const double first =
            dist_digamma(y + shape) - dist_digamma(shape) - log1p(mu / shape) + (mu - y) / all;
        const double second = dist_trigamma(y + shape) - dist_trigamma(shape) + mu / (shape * all) -
                              (mu - y) / (all * all);

        s.m += shape * (y - mu) / all;
        s.mm -= shape * mu * (shape + y) / (all * all);
        s.mk += shape * mu * (y - mu) / (all * all);
        s.k += shape * first;
        s.kk += shape * first + shape * shape * second;
    }
    return s;
}

/* One step uphill in the two logarithms; false at the top. */
static bool
climb(const struct places *p, struct shrink *fit)
{
    const struct slope s = slope_at(p, fit->mean, fit->shape);
    const double determinant = s.mm * s.kk - s.mk * s.mk;
    const bool concave = s.mm < 0 && determinant > 0;
    double dm = concave ? -(s.kk * s.m - s.mk * s.k) / determinant : -s.m / s.mm;
    double dk = concave ? -(s.mm * s.k - s.mk * s.m) / determinant : copysign(0.5, s.k);
    const double longest = fmax(fabs(dm), fabs(dk));

    if (concave && longest < 1e-10)
        return false;
    if (concave && longest < 1e-3) { /* near the top, where the likelihood no longer tells */
        *fit = (struct shrink){fit->mean * exp(dm), fit->shape * exp(dk), NAN, fit->iterations + 1};
        fit->log_likelihood = log_likelihood(p, fit->mean, fit->shape);
        return true;
    }
    if (longest > 2) {
        dm *= 2 / longest;
        dk *= 2 / longest;
    }
    for (int half = 0; half < 40; half++, dm /= 2, dk /= 2) {
        const double mean = fit->mean * exp(dm);
        const double shape = fit->shape * exp(dk);
        const double value = log_likelihood(p, mean, shape);

        if (value > fit->log_likelihood) {
            *fit = (struct shrink){mean, shape, value, fit->iterations + 1};
            return true;
        }
    }
    return false; /* no higher within rounding */
}

static enum shrink_status
maximise(const struct places *p, struct shrink *fit)
{
    fit->log_likelihood = log_likelihood(p, fit->mean, fit->shape);
    while (fit->iterations < MOST_STEPS && climb(p, fit))
        ;

    const struct slope s = slope_at(p, fit->mean, fit->shape);

    if (isfinite(fit->log_likelihood) && s.mm < 0 && fabs(s.k) < 1e-6 * fmax(1, fabs(s.kk)) &&
        fabs(s.m) < 1e-6 * fmax(1, fabs(s.mm)))
        return SHRINK_DONE;
    *fit = (struct shrink){NAN, NAN, NAN, fit->iterations};
    return SHRINK_NO_MAXIMUM;
}

enum shrink_status
shrink_fit(const double *count, const double *exposure, size_t places, struct shrink *fit)
{
    const struct places p = {count, exposure, places};
    double events = 0;
    double all = 0;
    double used = 0;
    double excess = 0; /* sum of (y - mu)^2 - y: the slope in 1 / shape at 0, twice */
    double expected = 0;

    *fit = (struct shrink){NAN, NAN, NAN, 0};
    for (size_t i = 0; i < places; i++)
        if (exposure[i] > 0) {
            events += count[i];
            all += exposure[i];
            used++;
        }
    if (used < 2 || events == 0)
        return SHRINK_TOO_FEW;
    fit->mean = events / all;
    for (size_t i = 0; i < places; i++) {
        const double mu = fit->mean * exposure[i];

        if (!(mu > 0))
            continue;
        excess += (count[i] - mu) * (count[i] - mu) - count[i];
        expected += mu * mu;
    }
    if (excess <= 0) {
        fit->shape = INFINITY;
        fit->log_likelihood = 0;
        for (size_t i = 0; i < places; i++)
            if (exposure[i] > 0)
                fit->log_likelihood += dist_poisson_d(count[i], fit->mean * exposure[i], true);
        return SHRINK_POOLED;
    }
    fit->shape = expected / excess; /* by moments */
    return maximise(&p, fit);
}

struct estimate
shrink_rate(const struct shrink *fit, double count, double exposure, double level)
{
    const double half = (1 - level) / 2;
    const double shape = fit->shape + count;
    const double scale = 1 / (fit->shape / fit->mean + exposure);

    if (isnan(fit->mean) || !(exposure >= 0))
        return ESTIMATE_UNDEFINED;
    if (isinf(fit->shape))
        return (struct estimate){fit->mean, fit->mean, fit->mean};
    return (struct estimate){shape * scale, dist_gamma_q(half, shape, scale, DIST_LOWER),
                             dist_gamma_q(half, shape, scale, DIST_UPPER)};
}

double
shrink_exceeds(const struct shrink *fit, double count, double exposure, double rate)
{
    if (isnan(fit->mean) || !(exposure >= 0))
        return NAN;
    if (isinf(fit->shape))
        return fit->mean > rate ? 1 : 0;
    return dist_gamma_p(rate, fit->shape + count, 1 / (fit->shape / fit->mean + exposure),
                        DIST_UPPER);
}
