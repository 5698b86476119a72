/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Shares of several groups, each as if it had the covariates of all: a logistic regression of the
 * outcome on group and covariates, its predictions averaged over everybody (marginal
 * standardisation: Lane and Nelder, Biometrics 38, 1982), with the delta method for their
 * covariance. Covariates are factors. Does not weight, and does not know which group is compared
 * with which.
 */
#ifndef MAATSTAF_ANALYZER_STAT_MARGINAL_H
#define MAATSTAF_ANALYZER_STAT_MARGINAL_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Patterns are combinations of covariates; counts are patterns x groups, row after row. */
struct marginal_data {
    size_t patterns, groups, covariates;
    const double *k, *n;       /* those with the outcome, of how many */
    const size_t *const *code; /* level of each covariate in each pattern */
};

enum marginal_status {
    MARGINAL_DONE,
    MARGINAL_EMPTY,     /* nobody, or one group */
    MARGINAL_SEPARATED, /* some coefficient has no finite maximum */
    MARGINAL_NOT_CONVERGED
};

struct marginal {
    enum marginal_status status;
    double *share;      /* of each group; NaN: nobody of it, or no fit */
    double *covariance; /* groups x groups, of the shares */
    bool *is_extreme;   /* all or none of the group have it: 1 or 0, and no interval */
};

/*
 * Covariate levels in which all or none have the outcome are settled first: their share is known.
 * False only for a design larger than designs may be.
 */
bool marginal_fit(struct arena *a, const struct marginal_data *data, struct marginal *out,
                  struct err *e);

/* Difference between the shares of `one` and of the groups of `weight` (adds up to 1), with its
 * standard error; NaN where a share that counts is. */
struct marginal_gap {
    double value, se;
};

struct marginal_gap marginal_gap(const struct marginal *m, size_t groups, size_t one,
                                 const double *weight);

#endif
