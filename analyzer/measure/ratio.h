/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The figure `rate-ratio` of two counts with their exposures, the same for residents and for named
 * benchmarks: what stands in it and when it is withheld. Where an exposure is itself uncertain, the
 * caller replaces the limits. The figure belongs to the measure's list.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_RATIO_H
#define MAATSTAF_ANALYZER_MEASURE_RATIO_H

#include "analyzer/measure/measure.h"
#include "analyzer/stat/rate.h"

/* Appends the figure, with the exact interval; p, guard and note are left to the caller. */
struct figure *ratio_figure(const struct measure *m, const struct frame *f, const char *benchmark,
                            const char *reference, struct rate_pair pair);

/* A005 without two exposures, A001 when the group is withheld or the reference small, else NULL. */
const char *ratio_guard(struct rate_pair pair, bool withheld);

#endif
