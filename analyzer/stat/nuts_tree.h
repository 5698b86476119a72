/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One transition of the No-U-Turn sampler: the trajectory as a binary tree. Shared by nuts.c and
 * the tests; see nuts.h. All room is allocated once.
 */
#ifndef MAATSTAF_ANALYZER_STAT_NUTS_TREE_H
#define MAATSTAF_ANALYZER_STAT_NUTS_TREE_H

#include "analyzer/stat/nuts.h"

struct nuts_point {
    double *y, *gradient; /* in the metric's coordinates */
    double log_density;
};

struct nuts_state {
    struct nuts_point at;
    double *p;
};

/* What is kept of a subtree, in the order of time of its building. */
struct nuts_branch {
    double *p_first, *p_last, *p_sum;
    struct nuts_point proposal;
    double log_weight; /* log of the sum of exp(H0 - H) */
};

struct nuts_tree {
    const struct nuts_target *target;
    struct metric *metric;
    struct rng rng;
    struct nuts_point current;
    double step;
    uint64_t gradients;

    size_t n;
    unsigned most_depth;
    double *room, *q, *gradient_q;
    struct nuts_state ends[2], *moving;       /* backward and forward end of the trajectory */
    struct nuts_branch whole, grown, *halves; /* halves: two a depth */
    double direction, energy, accept_sum;
    unsigned leaves;
    bool diverged;
};

struct nuts_transition {
    double accept, energy;
    unsigned depth;
    bool diverged, saturated;
};

void nuts_tree_init(struct arena *a, struct nuts_tree *t, const struct nuts_target *target,
                    unsigned most_depth, struct rng rng);

/* Fills the gradient and density of a point from its y. */
void nuts_tree_evaluate(struct nuts_tree *t, struct nuts_point *point);

/* Moves `current` to the next draw with step size `step`. */
struct nuts_transition nuts_tree_transition(struct nuts_tree *t);

/* The same by a path whose length does not depend on where it goes (nuts.h: NUTS_FIXED). */
struct nuts_transition nuts_tree_path(struct nuts_tree *t);

#endif
