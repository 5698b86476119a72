/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small Poisson model with logarithmic link, by maximum likelihood, on a matrix that the caller
 * has: for histograms and capture tables. Models on cells, with formulas and factors, are glm's.
 * Room is the caller's arena's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_LOGLINEAR_H
#define MAATSTAF_ANALYZER_STAT_LOGLINEAR_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct loglinear {
    size_t columns;
    const double *beta;
    const double *covariance; /* columns x columns, row after row */
    double deviance, aic;
};

/*
 * log E(y[r]) = sum of x[r * columns + j] beta[j]. False when it does not converge: columns that
 * depend on each other, or a maximum at infinity.
 */
bool loglinear_fit(struct arena *a, const double *x, const double *y, size_t rows, size_t columns,
                   struct loglinear *fit);

#endif
