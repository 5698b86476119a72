/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The two computations that cost more than all others together, put off until every figure is there
 * and then shared out over threads: what could have been detected, and the interval of a distance.
 * Each depends on its own numbers alone, so the result does not depend on the number of threads.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_LATER_H
#define MAATSTAF_ANALYZER_MEASURE_LATER_H

#include "analyzer/measure/figure.h"

#include <stdint.h>

struct later; /* a list of jobs */

struct later *later_new(struct arena *a);

/* detectable of the last figure added: smallest rate ratio with 80% power. */
void later_detectable(struct later *l, const struct figures *f, double expected, double n1,
                      double n0);

/* Limits of the last figure added: distance of two distributions; the counts must stay. */
void later_distance(struct later *l, const struct figures *f, const double *a, const double *b,
                    unsigned categories, unsigned draws, uint64_t seed, unsigned stream);

/* Does them all. */
void later_run(struct later *l, struct figures *f);

#endif
