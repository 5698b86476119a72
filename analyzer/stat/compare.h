/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How far two distributions over the same categories lie apart (reasons stated to one group and to
 * another). Randomness is the caller's stream; room for the draws is the caller's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_COMPARE_H
#define MAATSTAF_ANALYZER_STAT_COMPARE_H

#include "analyzer/stat/estimate.h"
#include "common/rng.h"

#include <stddef.h>

/* Total variation distance, half the sum of |p - q|: the share that would have to move. Counts a
 * and b by category. */
double compare_distance(const double *a, const double *b, size_t categories);

/*
 * The distance with an interval from `draws` resamplings of both samples (multinomial bootstrap).
 * A resampled distance is too large by chance about as much as the observed one is, so the interval
 * reflects the bootstrap quantiles around the estimate (Davison and Hinkley 1997, eq. 5.6), cut to
 * [0, 1]. `work` is room for draws + 2 * categories doubles.
 */
struct estimate compare_distance_interval(const double *a, const double *b, size_t categories,
                                          double level, size_t draws, struct rng *rng,
                                          double *work);

/* Number of successes in n trials of chance p, exact (Devroye 1986, X.4.3: beta splitting). */
double compare_binomial(struct rng *rng, double n, double p);

#endif
