/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Distributions. The only door to Rmath (r-mathlib, GPL): no other file includes it, and its random
 * generators are not let through (common/rng.h has ours). Arguments out of range give NaN, and NaN
 * is a result. Rmath prints where it loses precision; the quantiles here keep clear of those
 * corners, so that nothing but the caller writes to stdout.
 */
#ifndef MAATSTAF_ANALYZER_STAT_DIST_H
#define MAATSTAF_ANALYZER_STAT_DIST_H

#include <stdbool.h>

enum dist_tail {
    DIST_LOWER,     /* P(X <= x) */
    DIST_UPPER,     /* P(X > x) */
    DIST_LOG_LOWER, /* log P(X <= x) */
    DIST_LOG_UPPER  /* log P(X > x) */
};

/* _d: density or mass (its natural logarithm when `log`); _p: the tail at x; _q: the x that has
 * that tail. */

double dist_normal_d(double x, double mean, double sd, bool log);
double dist_normal_p(double x, double mean, double sd, enum dist_tail tail);
double dist_normal_q(double p, double mean, double sd, enum dist_tail tail);

double dist_gamma_d(double x, double shape, double scale, bool log);
double dist_gamma_p(double x, double shape, double scale, enum dist_tail tail);
double dist_gamma_q(double p, double shape, double scale, enum dist_tail tail);

double dist_beta_d(double x, double a, double b, bool log);
double dist_beta_p(double x, double a, double b, enum dist_tail tail);
double dist_beta_q(double p, double a, double b, enum dist_tail tail);

/* The quantile of x / (1 - x), X ~ Beta(a, b): exact where x itself rounds to 1. */
double dist_beta_odds_q(double p, double a, double b, enum dist_tail tail);

double dist_binomial_d(double x, double n, double p, bool log);
double dist_binomial_p(double x, double n, double p, enum dist_tail tail);
double dist_binomial_q(double tail_p, double n, double p, enum dist_tail tail);

double dist_poisson_d(double x, double mean, bool log);
double dist_poisson_p(double x, double mean, enum dist_tail tail);
double dist_poisson_q(double p, double mean, enum dist_tail tail);

double dist_negative_binomial_d(double x, double size, double mean, bool log);

double dist_chi_square_p(double x, double df, enum dist_tail tail);
double dist_chi_square_q(double p, double df, enum dist_tail tail);

double dist_t_p(double x, double df, enum dist_tail tail);
double dist_t_q(double p, double df, enum dist_tail tail);

/* x white balls among k drawn from m white and n black. */
double dist_hyper_d(double x, double m, double n, double k, bool log);
double dist_hyper_p(double x, double m, double n, double k, enum dist_tail tail);

/* Fisher's noncentral hypergeometric distribution at one point: mass proportional to dhyper(u)
 * odds^u. */
struct dist_nchyper {
    double at_most;  /* P(X <= x) */
    double at_least; /* P(X >= x) */
    double mean;
};
struct dist_nchyper dist_nchyper(double x, double m, double n, double k, double odds);

double dist_log_gamma(double x);
double dist_log_beta(double a, double b);
double dist_log_choose(double n, double k);
double dist_digamma(double x);
double dist_trigamma(double x);

/* The half-width in standard normal units of a two-sided interval: 1.959964 at level 0.95. */
double dist_normal_z(double level);

#endif
