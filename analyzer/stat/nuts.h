/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The No-U-Turn sampler (Hoffman and Gelman, JMLR 15, 2014) with multinomial sampling within the
 * trajectory and the generalised U-turn criterion, also between subtrees (Betancourt,
 * arXiv:1701.02434), dual averaging of the step, and a metric that knows the model's shape
 * (metric.h). Steps integrate the Gaussian part of the target exactly and kick by what is left.
 * One thread a chain at most; draws depend on the seed and the chain only, not on the threads.
 * All memory is the arena's. Knows no model and no clock; judges nothing (diagnose.h does).
 */
#ifndef MAATSTAF_ANALYZER_STAT_NUTS_H
#define MAATSTAF_ANALYZER_STAT_NUTS_H

#include "analyzer/stat/metric.h"
#include "common/rng.h"

#include <stdint.h>

/* A density on R^n. Functions read `model` only, and write to `room` (one a chain): they run in
 * several threads. */
struct nuts_target {
    struct metric_shape shape;
    size_t outputs; /* quantities reported of each draw */
    size_t room;    /* doubles of scratch */
    const void *model;
    /* log density up to a constant; NaN or -Inf where there is none */
    double (*density)(const void *model, const double *q, double *gradient, double *room);
    void (*start)(const void *model, struct rng *r, double *q); /* a place to begin */
    void (*output)(const void *model, const double *q, double *out, double *room);
};

/* How long a trajectory is: until it turns back, or a fixed part of the period that the metric
 * gives a Gaussian, which needs fewer gradients a draw where the target is nearly one. */
enum nuts_path { NUTS_UNTIL_TURN, NUTS_FIXED };

struct nuts_options {
    enum nuts_path path;
    unsigned chains, warmup, draws; /* draws after warm-up, of each chain */
    unsigned first;                 /* stream of the first chain; the others follow */
    unsigned thin;                  /* transitions for each draw that is kept: 1 */
    unsigned threads;
    unsigned most_depth; /* of the tree: 10 */
    uint64_t seed;
    double accept; /* target acceptance: 0.85 */
};

#define NUTS_DEFAULTS                                                                              \
    ((struct nuts_options){.chains = 4,                                                            \
                           .warmup = 500,                                                          \
                           .draws = 1500,                                                          \
                           .thin = 1,                                                              \
                           .threads = 2,                                                           \
                           .most_depth = 10,                                                       \
                           .seed = 1,                                                              \
                           .accept = 0.85})

struct nuts_run {
    size_t chains, draws, outputs;
    double *values;                         /* [chain][draw][output] */
    double *energy;                         /* [chain][draw] */
    double *step;                           /* [chain]: step size after warm-up */
    size_t *diverged;                       /* [chain] */
    size_t divergences, deepest, saturated; /* after warm-up; saturated: trees cut at most_depth */
    uint64_t gradients;                     /* evaluations, warm-up included */
    bool started; /* false: a chain found no point of finite density; values are NaN */
};

/* Runs all chains. */
void nuts_run(struct arena *a, const struct nuts_target *target, const struct nuts_options *options,
              struct nuts_run *run);

#endif
