/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Funnel plots (Spiegelhalter, Statistics in Medicine 24, 2005): how far a place may lie from the
 * target for its size alone. Exact limits, interpolated between whole counts; overdispersion as a
 * factor on the variance, estimated from winsorised z. Draws nothing, ranks nothing.
 */
#ifndef MAATSTAF_ANALYZER_STAT_FUNNEL_H
#define MAATSTAF_ANALYZER_STAT_FUNNEL_H

#include "analyzer/stat/estimate.h"

#include <stddef.h>

enum funnel_kind {
    FUNNEL_RATE, /* Poisson count for an exposure */
    FUNNEL_SHARE /* binomial count of n */
};

/* Control limits of a place of this size around the target, on the target's scale; a lower limit
 * that no count can reach is 0. */
struct interval funnel_exact(enum funnel_kind kind, double size, double target, double level);

/* Normal limits with the variance multiplied by `dispersion`, cut at 0 (and at 1 for shares). */
struct interval funnel_overdispersed(enum funnel_kind kind, double size, double target,
                                     double dispersion, double level);

/* Distance from the target in standard deviations of a place of this size. */
double funnel_z(enum funnel_kind kind, double count, double size, double target);

/*
 * Mean of the squared z after moving the lowest and highest tenth to their quantile; at least 1.
 * NaN are left out; NaN under two places. `work` is room for count doubles.
 */
double funnel_dispersion(const double *z, size_t count, double *work);

#endif
