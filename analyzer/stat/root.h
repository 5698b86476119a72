/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The root of a continuous function of one variable inside a bracket (Brent 1973, chapter 4, in the
 * variant of netlib's zeroin that R's uniroot uses, so that both take the same steps).
 * Derivative-free, keeps no state, allocates nothing; the context belongs to the caller.
 */
#ifndef MAATSTAF_ANALYZER_STAT_ROOT_H
#define MAATSTAF_ANALYZER_STAT_ROOT_H

#include <stdbool.h>

typedef double root_fn(double x, const void *context);

/* Root of f in [low, high] to within `tolerance` plus rounding. False when f has one sign at both
 * ends, or is NaN. */
bool root_find(root_fn *f, const void *context, double low, double high, double tolerance,
               double *root);

/*
 * As root_find, for a monotone f of which no bracket is known: steps from `start` in the direction
 * of `step` (its sign counts), doubling it, at most 60 times.
 */
bool root_search(root_fn *f, const void *context, double start, double step, double tolerance,
                 double *root);

#endif
