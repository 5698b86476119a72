/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rates of Poisson counts and ratios of two of them: one place, pooled over places, standardised.
 * Counts are whole numbers held in doubles (exact to 2^53), exposures are any positive measure
 * (persons, person-years). Level is two-sided, 0.95. Undefined is NaN; nothing here allocates.
 */
#ifndef MAATSTAF_ANALYZER_STAT_RATE_H
#define MAATSTAF_ANALYZER_STAT_RATE_H

#include "analyzer/stat/pooled.h"

#include <stddef.h>

/* count / exposure with Garwood's exact Poisson limits (Biometrika 28, 1936); a count of 0 has
 * lower limit 0. */
struct estimate rate_garwood(double count, double exposure, double level);

/* A group (1) beside a reference (0) in one place: counts x, exposures n. */
struct rate_pair {
    double x1, n1, x0, n0;
};

enum rate_method {
    RATE_EXACT, /* x1 given x1 + x0 is binomial: Clopper-Pearson limits turned into ratios */
    RATE_MID_P  /* the same with half the probability of the observed count */
};

/*
 * (x1/n1) / (x0/n0). No events in the reference: infinite with a finite lower limit; none at all,
 * or an exposure of 0: undefined.
 */
struct estimate rate_ratio(struct rate_pair pair, enum rate_method method, double level);

/*
 * Two-sided p of "the ratio is `ratio`". RATE_EXACT: probability of all splits at most as likely as
 * the observed one (R's poisson.test); RATE_MID_P: twice the smaller mid-p tail, at most 1.
 */
double rate_ratio_p(struct rate_pair pair, enum rate_method method, double ratio);

/* Twice the smaller exact tail, at most 1: under 1 - level exactly when the exact interval leaves
 * out `ratio`. */
double rate_ratio_p_central(struct rate_pair pair, double ratio);

/* One-sided exact p of "the ratio is at most `ratio`" (small when the group's rate is higher). */
double rate_ratio_p_greater(struct rate_pair pair, double ratio);

/* Mantel-Haenszel ratio over places; Greenland-Robins variance of its logarithm (Biometrics 41,
 * 1985, p. 63). A place is informative with at least one event and both exposures positive. */
struct pooled_ratio rate_ratio_pooled(const struct rate_pair *pairs, size_t count, double level);

/*
 * Do the places share one ratio? Sum of (x1 - E1)^2 / V1 given x1 + x0 under `ratio` (the pooled
 * one), chi-square with informative places - 1 degrees of freedom. Undefined under two places.
 */
struct test rate_homogeneity(const struct rate_pair *pairs, size_t count, double ratio);

/* One class (age band) of a directly standardised rate: `standard` is the reference population's
 * size in it. */
struct rate_class {
    double count, exposure, standard;
};

/* Directly standardised rate with Fay and Feuer's gamma limits (Statistics in Medicine 16,
 * 1997). */
struct estimate rate_standardised(const struct rate_class *classes, size_t count, double level);

/* The same when the exposures are uncertain as well: `spread` is the variance of the rate that
 * comes from them, on top of that of the counts. */
struct estimate rate_standardised_spread(const struct rate_class *classes, size_t count,
                                         double spread, double level);

#endif
