/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Intervals when the exposure itself is uncertain (the bridge from CBS class to perceived group):
 * they invert the average, over draws of the exposure, of the exact distribution functions. With
 * all draws equal that is the exact interval. Drawing is the caller's; nothing here allocates.
 *
 * Each exact tail is one smooth function of log rate + log exposure. It is tabulated once a cell
 * (at eighths of its own standard deviation, quintic Hermite from value and two derivatives) and
 * looked up a draw: the error of a limit is under 1e-8 of itself (measured in
 * tests/stat/mixture.c), and the cost does not depend on the counts.
 */
#ifndef MAATSTAF_ANALYZER_STAT_MIXTURE_H
#define MAATSTAF_ANALYZER_STAT_MIXTURE_H

#include "analyzer/stat/estimate.h"

#include <stddef.h>

/*
 * Garwood limits of count / exposure averaged over the draws of exposure (all positive, else
 * undefined). `work` is room for `draws` doubles.
 */
struct interval mixture_rate(double count, const double *exposure, size_t draws, double level,
                             double *work);

struct mixture_ratio {
    struct interval limits;
    double p; /* of ratio 1: twice the smaller averaged tail, at most 1 */
};

/* Conditional exact limits of (x1/n1) / (x0/n0) averaged over draws of both exposures; draw i is
 * n1[i], n0[i]. */
struct mixture_ratio mixture_rate_ratio(double x1, double x0, const double *n1, const double *n0,
                                        size_t draws, double level, double *work);

/* One-sided p of ratio 1, averaged over the draws: small when the group's rate is higher (greater),
 * or lower (less). `work` as above. */
struct mixture_tails {
    double greater, less;
};
struct mixture_tails mixture_rate_ratio_tails(double x1, double x0, const double *n1,
                                              const double *n0, size_t draws, double *work);

/*
 * Concentration c of a Dirichlet with mean `weights` (summing to 1) at which the widest 95%
 * interval of a weight, Beta(c w, c (1 - w)), is as wide as the widest high - low. Infinite when no
 * class is uncertain; NaN when no concentration is that wide.
 */
double mixture_concentration(const double *weights, const double *low, const double *high,
                             size_t classes);

#endif
