/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The metric of a sampler, as a change of coordinates: q = centre + L^-T y, where L L' = M is close
 * to the precision of the target, so that in y the target is close to independent standard normals.
 * M is an arrow: one small dense block for every place, one global block, and the borders between
 * them; nothing between two places. No blocks: all is global, M is dense; or diagonal. One metric
 * belongs to one chain. The factorisation is written out here because its blocks hold about five
 * numbers: a library call costs more than the block, and its order of summation may differ by
 * machine.
 */
#ifndef MAATSTAF_ANALYZER_STAT_METRIC_H
#define MAATSTAF_ANALYZER_STAT_METRIC_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Parameters in this order: block 0, block 1, …, then the globals. start[b] is where block b
 * begins, start[blocks] where the globals begin. */
struct metric_shape {
    size_t parameters;
    size_t blocks;
    const size_t *start; /* blocks + 1 */
    bool diagonal;       /* M is diagonal: blocks = 0 */
};

struct metric;

/* The gradient of the log density at q. */
struct metric_gradient {
    void (*at)(void *context, const double *q, double *gradient);
    void *context;
};

/* The identity around 0. The shape is kept by reference. */
struct metric *metric_new(struct arena *a, const struct metric_shape *shape);

void metric_to_position(const struct metric *m, const double *y, double *q);
void metric_to_whitened(const struct metric *m, const double *q, double *y);

/* The gradient in y from that in q: L^-1 g. */
void metric_pull(const struct metric *m, const double *gradient_q, double *gradient_y);

/*
 * What warm-up has seen, forgotten by metric_update. An arrow or dense metric adds the negative
 * Hessian at q (by forward differences: as many gradients as the largest block and the globals
 * have parameters, and one more); a diagonal one adds q to the variances. Both add q to the mean.
 */
void metric_observe(struct metric *m, const double *q, struct metric_gradient g);

/* Puts centre and M to what was observed. An average Hessian that is not positive definite is
 * drawn towards its diagonal until it is. */
void metric_update(struct metric *m);

#endif
