/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rate ratios when the group is perceived by officers and the exposure is counted by
 * self-description: counts moved by a matrix of the two from people of whom both are known, its
 * uncertainty by Monte Carlo. Assumes that those people are like the others; without them there is
 * nothing to correct with.
 */
#ifndef MAATSTAF_ANALYZER_STAT_MISCLASSIFIED_H
#define MAATSTAF_ANALYZER_STAT_MISCLASSIFIED_H

#include "analyzer/stat/estimate.h"
#include "common/rng.h"

#include <stdbool.h>
#include <stddef.h>

enum { MISCLASSIFIED_MOST_GROUPS = 32, MISCLASSIFIED_DRAWS = 4000 };

struct misclassified {
    size_t groups;
    const double *count;    /* by perceived group */
    const double *exposure; /* by self-described group */
    const double *matrix;   /* groups x groups: of those perceived as the row, how many describe
                               themselves as the column */
};

/* False when a perceived group with events has nobody in the matrix. */
bool misclassified_is_known(const struct misclassified *m);

/* Counts by self-description: each row's count divided as its row of the matrix. */
void misclassified_counts(const struct misclassified *m, double *corrected);

/*
 * Ratio of the corrected rates of `group` and `reference` (SIZE_MAX: all others together), with the
 * quantiles of MISCLASSIFIED_DRAWS draws: each row Dirichlet(its counts + 1 / groups), each count
 * gamma with shape count + 1/2. `work` is room for MISCLASSIFIED_DRAWS doubles.
 */
struct estimate misclassified_ratio(const struct misclassified *m, size_t group, size_t reference,
                                    double level, struct rng *rng, double *work);

#endif
