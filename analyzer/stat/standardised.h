/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The ratio of two directly standardised rates. The rate itself with its limits is in rate.h; this
 * is for comparing two groups on one standard.
 */
#ifndef MAATSTAF_ANALYZER_STAT_STANDARDISED_H
#define MAATSTAF_ANALYZER_STAT_STANDARDISED_H

#include "analyzer/stat/pooled.h"
#include "analyzer/stat/rate.h"

/*
 * Rate of `one` over rate of `zero`, the same bands and standard in both; log-normal limits with
 * variance v1/r1^2 + v0/r0^2 (Breslow and Day, volume II, 1987, eq. 2.6). `strata` is the number of
 * bands. Undefined where either rate is, or has no events.
 */
struct pooled_ratio standardised_ratio(const struct rate_class *one, const struct rate_class *zero,
                                       size_t count, double level);

#endif
