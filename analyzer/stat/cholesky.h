/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small symmetric systems A u = g, A positive semi-definite: the information of a regression whose
 * columns may depend on each other. Such a column is left out and its u is 0. For what needs no
 * more precision than normal equations have; least squares are in linear.h.
 */
#ifndef MAATSTAF_ANALYZER_STAT_CHOLESKY_H
#define MAATSTAF_ANALYZER_STAT_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Overwrites the lower triangle of the size x size matrix by its factor; is_left_out has room for
 * `size`. False when something is not finite.
 */
bool cholesky_factor(double *matrix, size_t size, bool *is_left_out);

/* u and g may be the same. */
void cholesky_solve(const double *factor, size_t size, const bool *is_left_out, const double *g,
                    double *u);

#endif
