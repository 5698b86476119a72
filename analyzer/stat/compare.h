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
 * The distance with an interval by inverting a multinomial bootstrap test. Small samples of one
 * distribution already lie apart by chance, and resampling the data adds that chance once more:
 * plain bootstrap intervals then hold the truth far too seldom (never, when the truth is 0). So the
 * two distributions are moved along the line from "both pooled" through the observed ones and
 * beyond, `draws` samples are drawn at each step, and the limits are where the observed distance
 * falls in the upper and the lower (1 - level) / 2. Lower 0: the distance is within chance.
 * Distance 0: no upper limit (NaN). `work` is room for 4 * categories doubles.
 */
struct estimate compare_distance_interval(const double *a, const double *b, size_t categories,
                                          double level, size_t draws, struct rng *rng,
                                          double *work);

#endif
