/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Empirical Bayes for the rates of small places: y ~ Poisson(E theta), theta ~ Gamma, its shape and
 * mean by maximum marginal likelihood (Clayton and Kaldor, Biometrics 43, 1987). The hierarchical
 * model does the same with the uncertainty of shape and mean in it; this one is for looking.
 */
#ifndef MAATSTAF_ANALYZER_STAT_SHRINK_H
#define MAATSTAF_ANALYZER_STAT_SHRINK_H

#include "analyzer/stat/estimate.h"

#include <stdbool.h>
#include <stddef.h>

enum shrink_status {
    SHRINK_DONE,
    SHRINK_POOLED,    /* the places differ no more than Poisson counts do: the shape is infinite */
    SHRINK_TOO_FEW,   /* fewer than two places with exposure, or no events */
    SHRINK_NO_MAXIMUM /* Newton's method found none */
};

struct shrink {
    double mean;  /* of theta */
    double shape; /* events' worth of prior knowledge; infinite when pooled */
    double log_likelihood;
    int iterations;
};

/* Places without exposure are left out. NaN on TOO_FEW and NO_MAXIMUM. */
enum shrink_status shrink_fit(const double *count, const double *exposure, size_t places,
                              struct shrink *fit);

/* Posterior mean of a place's rate with its equal-tailed limits. */
struct estimate shrink_rate(const struct shrink *fit, double count, double exposure, double level);

/* Posterior probability that the place's rate is over `rate`. */
double shrink_exceeds(const struct shrink *fit, double count, double exposure, double rate);

#endif
