/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A ratio pooled over places, whatever it is a ratio of: Wald's test and limits on the scale of its
 * logarithm. How the two sums and the variance come about is rate.c's and odds.c's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_POOLED_H
#define MAATSTAF_ANALYZER_STAT_POOLED_H

#include "analyzer/stat/estimate.h"

#include <stddef.h>

struct pooled_ratio {
    struct estimate ratio;
    double se_log; /* of log ratio */
    double z, p;   /* Wald */
    size_t strata; /* informative ones */
};

/*
 * above / below, with `variance` of its logarithm. No stratum: all undefined. One sum is 0: the
 * ratio is 0 or infinite, its logarithm has no variance, and the rest is undefined.
 */
struct pooled_ratio pooled_ratio(double above, double below, double variance, size_t strata,
                                 double level);

#endif
