/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Risk-adjusted regression (Jung, Corbett-Davies, Gaebler, Shroff, Goel, arXiv 1809.05651): was a
 * group acted upon (searched) more often than its risk explains? Ordinary least squares of acted on
 * group and risk; and the smallest and largest group coefficient when the risks may be off by
 * epsilon on average. Estimates no risk: that is given. Room is the caller's arena's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_RISK_ADJUSTED_H
#define MAATSTAF_ANALYZER_STAT_RISK_ADJUSTED_H

#include "analyzer/stat/estimate.h"
#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { RISK_MOST_GROUPS = 6, RISK_MOST_CELLS = 20000 };

/* Cells: acted of n people of a group with this risk (0 to 1; whole numbers of people). */
struct risk_data {
    size_t rows, groups, reference;
    const size_t *group;
    const double *risk, *acted, *n;
};

struct risk_fit {
    double df;
    double slope, slope_se;        /* of risk */
    double beta[RISK_MOST_GROUPS]; /* beside the reference; NaN for the reference itself */
    double se[RISK_MOST_GROUPS];
    double expected; /* what the fit gives the reference at the mean risk of all */
};

/* False when risk does not vary within any group, a group is empty, or there are too few people. */
bool risk_adjusted_fit(const struct risk_data *d, struct risk_fit *fit);

/*
 * Least and largest beta of each group over all risks in [0, 1] that differ from the given ones by
 * at most epsilon on average over everybody, with the mean risk of those acted upon kept in each
 * group (their outcomes were seen). out[k * groups + g] is that for epsilon * k / (steps - 1). The
 * shift of a group's mean is searched in steps of epsilon / 100 for two groups, coarser for more
 * (RISK_MOST_GROUPS): the bounds are then a little too narrow. False when a group has nobody acted
 * upon, or nobody who was not; or when more than RISK_MOST_CELLS risks differ.
 */
bool risk_adjusted_bounds(const struct risk_data *d, double epsilon, size_t steps, struct arena *a,
                          struct interval *out);

/* The least epsilon at which [lower, upper] holds 0, by straight lines between the steps; NaN when
 * it never does. */
double risk_adjusted_tipping(const struct interval *out, size_t steps, size_t groups, size_t group,
                             double epsilon);

#endif
