/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Many tests at once: Benjamini and Hochberg's step-up (JRSS B 57, 1995) as q values. Local false
 * discovery rates, which read z, live elsewhere.
 */
#ifndef MAATSTAF_ANALYZER_STAT_MULTIPLICITY_H
#define MAATSTAF_ANALYZER_STAT_MULTIPLICITY_H

#include <stddef.h>

/*
 * q[i] of p[i]; NaN passes through and is not counted among the tests. `order` is room for count
 * indices. p and q may be the same array.
 */
void multiplicity_q(const double *p, size_t count, size_t *order, double *q);

#endif
