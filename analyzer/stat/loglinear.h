/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small Poisson model with logarithmic link, by maximum likelihood: at most 8 coefficients, few
 * rows, nothing allocated. For histograms and capture tables; models on cells are glm's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_LOGLINEAR_H
#define MAATSTAF_ANALYZER_STAT_LOGLINEAR_H

#include <stdbool.h>
#include <stddef.h>

enum { LOGLINEAR_MOST = 8 };

struct loglinear {
    size_t columns;
    double beta[LOGLINEAR_MOST];
    double covariance[LOGLINEAR_MOST * LOGLINEAR_MOST]; /* columns x columns, row after row */
    double deviance, aic;
};

/*
 * log E(y[r]) = sum of x[r * columns + j] beta[j]; the columns should be of like size. False when
 * it does not converge: columns that depend on each other, or a maximum at infinity.
 */
bool loglinear_fit(const double *x, const double *y, size_t rows, size_t columns,
                   struct loglinear *fit);

/* Solves m b = v for a symmetric positive definite m (n x n, n up to LOGLINEAR_MOST), and gives the
 * inverse; b and inverse may be NULL. False when m is not positive definite. */
bool loglinear_solve(const double *m, size_t n, const double *v, double *b, double *inverse);

#endif
