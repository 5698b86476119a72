/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The natural cubic spline of R's splines::ns, without intercept: linear beyond its boundary knots,
 * inner knots at quantiles. Values may carry weights: a value of weight 3 counts as three rows.
 */
#ifndef MAATSTAF_ANALYZER_STAT_SPLINE_H
#define MAATSTAF_ANALYZER_STAT_SPLINE_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { SPLINE_MOST_DF = 50 };

/* A spline with df columns; knot[0] and knot[df] are the boundary, those between the inner
 * knots. */
struct spline {
    size_t df;
    double knot[SPLINE_MOST_DF + 1];
};

/*
 * Puts the knots at the quantiles 1/df, 2/df, … (R's type 7) of `count` ascending values with whole
 * weights (NULL: 1 each). False when fewer than two different values have weight, or df is out of
 * range.
 */
bool spline_place_knots(struct spline *s, size_t df, const double *value, const double *weight,
                        size_t count);

/* basis[i * df + j]: column j at value[i]; values lie within the boundary. */
void spline_basis(const struct spline *s, struct arena *a, const double *value, size_t count,
                  double *basis);

#endif
