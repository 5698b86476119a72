/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The computations that cost more than all others together, put off until every figure is there and
 * then shared out over threads: what could have been detected, the interval of a distance, limits
 * averaged over the draws of the bridge, models. Each depends on its own numbers alone, so the
 * result does not depend on the number of threads.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_LATER_H
#define MAATSTAF_ANALYZER_MEASURE_LATER_H

#include "analyzer/measure/figure.h"

#include <stdbool.h>
#include <stdint.h>

struct later; /* a list of jobs */

struct later *later_new(struct arena *a);

/* detectable of the last figure added: smallest rate ratio with 80% power. */
void later_detectable(struct later *l, const struct figures *f, double expected, double n1,
                      double n0);

/* Limits of the last figure added: distance of two distributions; the counts must stay. */
void later_distance(struct later *l, const struct figures *f, const double *a, const double *b,
                    unsigned categories, unsigned draws, uint64_t seed, unsigned stream);

/*
 * Limits of the last figure added: a rate per 1,000 over draws of its exposure, which must stay, of
 * which only a share takes part.
 */
void later_rate(struct later *l, const struct figures *f, double count, const double *exposure,
                unsigned draws, double share);

/*
 * Limits and p of the last figure added: ratio of two rates over draws of their exposures, which
 * must stay. With `all`, n0 are the draws of all and n1 is taken off.
 */
void later_ratio(struct later *l, const struct figures *f, double x1, double x0, const double *n1,
                 const double *n0, bool all, unsigned draws);

/*
 * Any other computation. `run` is called on some thread, with room that is gone afterwards; it
 * reads what is constant and writes to its own context. When all are done, `finish` is called on
 * the caller's thread, in the order in which the tasks were put off: it puts the results into
 * figures and may add some. Either may be NULL.
 */
struct later_task {
    void (*run)(void *context, struct arena *room);
    void (*finish)(void *context, struct figures *f);
    void *context;
};

void later_task(struct later *l, struct later_task task);

/* Does them all, on so many threads (0: as many as there are cores). */
void later_run(struct later *l, struct figures *f, unsigned threads);

#endif
