/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Does the fitted threshold model give back what was seen? Search and hit rates of every cell drawn
 * anew from the posterior (hits out of the searches there were), beside the observed ones. Says how
 * far off the model is and how far chance alone would be; judges nothing.
 */
#ifndef MAATSTAF_ANALYZER_STAT_THRESHOLD_CHECK_H
#define MAATSTAF_ANALYZER_STAT_THRESHOLD_CHECK_H

#include "analyzer/stat/threshold.h"
#include "common/rng.h"

/* NaN when no cell has anything to compare. */
struct threshold_check {
    double rms;    /* root mean square of observed less predicted rate, cells weighted by n */
    double chance; /* the same of drawn rates */
    /* That drawn counts have at least the chi-square of the observed ones: (count + 1) / (draws +
     * 1), never 0. */
    double p;
};

struct threshold_checks {
    struct threshold_check search, hit;
};

/* values: `draws` rows of `width` outputs; at most 500 rows are used, evenly spread. */
struct threshold_checks threshold_checks(struct arena *a, const struct threshold_cells *cells,
                                         const struct threshold_outputs *outputs,
                                         const double *values, size_t draws, size_t width,
                                         struct rng *rng);

#endif
