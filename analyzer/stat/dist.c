/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rmath behind our own names. Everything is checked before the call, because Rmath's warnings go to
 * stdout; what it cannot do well (beta quantiles of shapes under one half, of shapes past 1e10 and
 * of probabilities under 1e-100) is found here by bisection on pbeta.
 */
#include "analyzer/stat/dist.h"

#include "analyzer/stat/root.h"

#include <math.h>

#define MATHLIB_STANDALONE
#include <Rmath.h>

static bool
is_upper(enum dist_tail tail)
{
    return tail == DIST_UPPER || tail == DIST_LOG_UPPER;
}

static bool
is_log(enum dist_tail tail)
{
    return tail == DIST_LOG_LOWER || tail == DIST_LOG_UPPER;
}

/* R's arguments for a tail: lower_tail, log_p. */
#define TAIL(tail) !is_upper(tail), is_log(tail)

static bool
is_probability(double p, enum dist_tail tail)
{
    return is_log(tail) ? p <= 0 : p >= 0 && p <= 1;
}

/* ---- continuous ---- */

double
dist_normal_d(double x, double mean, double sd, bool log)
{
    return sd >= 0 ? dnorm4(x, mean, sd, log) : NAN;
}

double
dist_normal_p(double x, double mean, double sd, enum dist_tail tail)
{
    return sd >= 0 ? pnorm5(x, mean, sd, TAIL(tail)) : NAN;
}

double
dist_normal_q(double p, double mean, double sd, enum dist_tail tail)
{
    return sd >= 0 && is_probability(p, tail) ? qnorm5(p, mean, sd, TAIL(tail)) : NAN;
}

double
dist_normal_z(double level)
{
    return dist_normal_q((1 - level) / 2, 0, 1, DIST_UPPER);
}

double
dist_gamma_d(double x, double shape, double scale, bool log)
{
    return shape >= 0 && scale > 0 ? dgamma(x, shape, scale, log) : NAN;
}

double
dist_gamma_p(double x, double shape, double scale, enum dist_tail tail)
{
    return shape >= 0 && scale > 0 ? pgamma(x, shape, scale, TAIL(tail)) : NAN;
}

double
dist_gamma_q(double p, double shape, double scale, enum dist_tail tail)
{
    return shape >= 0 && scale > 0 && is_probability(p, tail) ? qgamma(p, shape, scale, TAIL(tail))
                                                              : NAN;
}

double
dist_beta_d(double x, double a, double b, bool log)
{
    return a > 0 && b > 0 ? dbeta(x, a, b, log) : NAN;
}

/*
 * log P(X <= x) far out, where it is no double any more and Rmath's logarithm prints as it
 * underflows: x^a (1-x)^b / (a B(a, b)) times the sum of (a+b)_n / (a+1)_n x^n
 * (DLMF 8.17.7, 15.8.1), whose terms are positive and fall from the first on.
 */
static double
beta_log_far_left(double x, double a, double b)
{
    double sum = 1;
    double term = 1;

    if (x == 0)
        return -INFINITY;
    for (double n = 0; n < 1e6 && term > 1e-17 * sum; n++) {
        term *= x * (a + b + n) / (a + 1 + n);
        sum += term;
    }
    return a * log(x) + b * log1p(-x) - log(a) - lbeta(a, b) + log(sum);
}

static double
beta_log_p(double x, double a, double b, bool upper)
{
    const double tail = pbeta(x, a, b, !upper, false);

    if (tail > 0.5)
        return log1p(-pbeta(x, a, b, upper, false));
    if (tail > 1e-290 || isnan(tail))
        return log(tail);
    return upper ? beta_log_far_left(1 - x, b, a) : beta_log_far_left(x, a, b);
}

double
dist_beta_p(double x, double a, double b, enum dist_tail tail)
{
    if (!(a > 0 && b > 0))
        return NAN;
    if (is_log(tail))
        return beta_log_p(fmin(1, fmax(0, x)), a, b, is_upper(tail));
    return pbeta(x, a, b, !is_upper(tail), false);
}

struct beta_tail {
    double a, b, log_p;
    bool upper;
};

/* Log tail at the log odds v, less the one wanted;
 * the smaller of x and 1 - x is what pbeta gets. */
static double
beta_tail_excess(double v, const void *context)
{
    const struct beta_tail *const t = context;
    const double tail = v <= 0 ? beta_log_p(exp(v) / (1 + exp(v)), t->a, t->b, t->upper)
                               : beta_log_p(exp(-v) / (1 + exp(-v)), t->b, t->a, !t->upper);

    return fmax(tail, -1e300) - t->log_p;
}

/* log(x / (1 - x)) at a quantile outside Rmath's comfort;
 * ±700 is the edge of what a double holds. */
static double
beta_logit_q(double p, double a, double b, enum dist_tail tail)
{
    const struct beta_tail t = {a, b, is_log(tail) ? p : log(p), is_upper(tail)};
    double v;

    if (t.log_p == 0)
        return t.upper ? -INFINITY : INFINITY;
    if (!(t.log_p > -1e300))
        return t.upper ? INFINITY : -INFINITY;
    if (root_find(beta_tail_excess, &t, -700, 700, 1e-15, &v))
        return v;
    /* No sign change: the quantile lies past the edge on the side where the tail is too large
     * still. */
    const bool above = (beta_tail_excess(0, &t) > 0) == t.upper;

    return above ? INFINITY : -INFINITY;
}

static bool
beta_is_easy(double p, double a, double b, enum dist_tail tail)
{
    const double log_p = is_log(tail) ? p : log(p);

    return a >= 0.5 && b >= 0.5 && a <= 1e10 && b <= 1e10 && log_p > -230;
}

double
dist_beta_q(double p, double a, double b, enum dist_tail tail)
{
    if (!(a > 0 && b > 0 && is_probability(p, tail)))
        return NAN;
    if (beta_is_easy(p, a, b, tail))
        return qbeta(p, a, b, TAIL(tail));
    return 1 / (1 + exp(-beta_logit_q(p, a, b, tail)));
}

double
dist_beta_odds_q(double p, double a, double b, enum dist_tail tail)
{
    if (!(a > 0 && b > 0 && is_probability(p, tail)))
        return NAN;
    if (!beta_is_easy(p, a, b, tail))
        return exp(beta_logit_q(p, a, b, tail));
    /* 1 - X ~ Beta(b, a) with the tails exchanged. */
    return qbeta(p, a, b, TAIL(tail)) / qbeta(p, b, a, is_upper(tail), is_log(tail));
}

double
dist_chi_square_p(double x, double df, enum dist_tail tail)
{
    return df >= 0 ? pchisq(x, df, TAIL(tail)) : NAN;
}

double
dist_chi_square_q(double p, double df, enum dist_tail tail)
{
    return df >= 0 && is_probability(p, tail) ? qchisq(p, df, TAIL(tail)) : NAN;
}

double
dist_t_p(double x, double df, enum dist_tail tail)
{
    return df > 0 ? pt(x, df, TAIL(tail)) : NAN;
}

double
dist_t_q(double p, double df, enum dist_tail tail)
{
    return df > 0 && is_probability(p, tail) ? qt(p, df, TAIL(tail)) : NAN;
}

/* ---- discrete ---- */

static bool
is_count(double n)
{
    return n >= 0 && n == floor(n) && n < 9007199254740992.0;
}

double
dist_binomial_d(double x, double n, double p, bool log)
{
    if (!(is_count(n) && p >= 0 && p <= 1) || x != floor(x))
        return NAN;
    return dbinom(x, n, p, log);
}

double
dist_binomial_p(double x, double n, double p, enum dist_tail tail)
{
    return is_count(n) && p >= 0 && p <= 1 ? pbinom(x, n, p, TAIL(tail)) : NAN;
}

double
dist_binomial_q(double tail_p, double n, double p, enum dist_tail tail)
{
    if (!(is_count(n) && p >= 0 && p <= 1 && is_probability(tail_p, tail)))
        return NAN;
    return qbinom(tail_p, n, p, TAIL(tail));
}

double
dist_poisson_d(double x, double mean, bool log)
{
    return mean >= 0 && x == floor(x) ? dpois(x, mean, log) : NAN;
}

double
dist_poisson_p(double x, double mean, enum dist_tail tail)
{
    return mean >= 0 ? ppois(x, mean, TAIL(tail)) : NAN;
}

double
dist_poisson_q(double p, double mean, enum dist_tail tail)
{
    return mean >= 0 && is_probability(p, tail) ? qpois(p, mean, TAIL(tail)) : NAN;
}

double
dist_negative_binomial_d(double x, double size, double mean, bool log)
{
    return size > 0 && mean >= 0 && x == floor(x) ? dnbinom_mu(x, size, mean, log) : NAN;
}

static bool
is_urn(double m, double n, double k)
{
    return is_count(m) && is_count(n) && is_count(k) && k <= m + n;
}

double
dist_hyper_d(double x, double m, double n, double k, bool log)
{
    return is_urn(m, n, k) && x == floor(x) ? dhyper(x, m, n, k, log) : NAN;
}

double
dist_hyper_p(double x, double m, double n, double k, enum dist_tail tail)
{
    return is_urn(m, n, k) ? phyper(x, m, n, k, TAIL(tail)) : NAN;
}

/* ---- Fisher's noncentral hypergeometric ---- */

struct urn {
    double m, n, k, odds;
};

/* mass(u + 1) / mass(u); decreases in u. */
static double
step_up(const struct urn *t, double u)
{
    return t->odds * (t->m - u) * (t->k - u) / ((u + 1) * (t->n - t->k + u + 1));
}

/* The first u in [low, high] after which the mass no longer rises. */
static double
mode_of(const struct urn *t, double low, double high)
{
    while (low < high) {
        const double middle = floor((low + high) / 2);

        if (step_up(t, middle) > 1)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sums of masses relative to that of the mode. Each tail has a sum of its own: one minus the other
 * would lose the digits of a small one. */
struct sums {
    double all, at_most, at_least, moment; /* moment: of u - mode */
};

static void
add(struct sums *s, double u, double mode, double x, double mass)
{
    s->all += mass;
    s->moment += (u - mode) * mass;
    if (u <= x)
        s->at_most += mass;
    if (u >= x)
        s->at_least += mass;
}

struct dist_nchyper
dist_nchyper(double x, double m, double n, double k, double odds)
{
    const double low = fmax(0, k - n);
    const double high = fmin(k, m);

    if (!is_urn(m, n, k) || !(odds >= 0) || x != floor(x))
        return (struct dist_nchyper){NAN, NAN, NAN};
    if (odds == 0 || isinf(odds)) {
        const double only = odds == 0 ? low : high;

        return (struct dist_nchyper){only <= x, only >= x, only};
    }

    const struct urn t = {m, n, k, odds};
    const double mode = mode_of(&t, low, high);
    const double negligible = 1e-30; /* masses fall geometrically from there on */
    struct sums s = {0};
    double mass = 1;

    add(&s, mode, mode, x, 1);
    for (double u = mode; u < high && mass > negligible; u++) {
        mass *= step_up(&t, u);
        add(&s, u + 1, mode, x, mass);
    }
    mass = 1;
    for (double u = mode; u > low && mass > negligible; u--) {
        mass /= step_up(&t, u - 1);
        add(&s, u - 1, mode, x, mass);
    }

    return (struct dist_nchyper){
        .at_most = s.at_most / s.all,
        .at_least = s.at_least / s.all,
        .mean = mode + s.moment / s.all,
    };
}

/* ---- special functions ---- */

double
dist_log_gamma(double x)
{
    return x > 0 ? lgammafn(x) : NAN;
}

double
dist_log_beta(double a, double b)
{
    return a > 0 && b > 0 ? lbeta(a, b) : NAN;
}

double
dist_log_choose(double n, double k)
{
    return k >= 0 && k <= n ? lchoose(n, k) : NAN;
}

double
dist_digamma(double x)
{
    return x > 0 ? digamma(x) : NAN;
}

double
dist_trigamma(double x)
{
    return x > 0 ? trigamma(x) : NAN;
}
