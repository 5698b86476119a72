/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What lies beyond a threshold when the chance of a find is X ~ Beta(a, b): E[X; X > t], which is
 * P(search, find), and E[1 - X; X > t], P(search, nothing), with their derivatives, for eight cells
 * at a time. Neither the masses nor their derivatives by a and b have a closed form: all come from
 * one Gauss-Legendre sum on the logit scale, where the integrand is smooth and has one top.
 * For the sampler's inner loop; dist.h has the tails for everything else.
 */
#ifndef MAATSTAF_ANALYZER_STAT_BETA_TAIL_H
#define MAATSTAF_ANALYZER_STAT_BETA_TAIL_H

#include "analyzer/stat/lanes.h"

enum { BETA_TAIL_NODES = 32 };

/* Nodes and weights on [0, 1]; what is e^-drop of the integrand's top is left out. */
struct beta_tail_rule {
    unsigned nodes; /* at most BETA_TAIL_NODES */
    double drop;
    double node[BETA_TAIL_NODES], weight[BETA_TAIL_NODES];
};

/* Eight distributions. */
struct beta_law {
    double a[LANES], b[LANES];
    double log_beta[LANES], log_beta_by_a[LANES], log_beta_by_b[LANES];
};

/* NaN where a, b and tau are out of all reason. */
struct beta_tail {
    double hit[LANES], miss[LANES];
    double hit_by_a[LANES], hit_by_b[LANES], miss_by_a[LANES], miss_by_b[LANES];
    double hit_by_tau[LANES], miss_by_tau[LANES];
};

struct beta_level {
    double tau[LANES], by_a[LANES], by_b[LANES];
};

/* 32 nodes and e^-36 give nine digits for a + b > 1, less where the tail is heavier. */
struct beta_tail_rule beta_tail_rule(unsigned nodes, double drop);

/* Fills the rest of the law from a and b. */
void beta_law(struct beta_law *law);

/* tau is the logit of the threshold. */
void beta_tail(const struct beta_tail_rule *rule, const struct beta_law *law, const double *tau,
               struct beta_tail *out);

/* The logit of the threshold at which P(X > t) is e^log_rate, as exactly as the rule is; tau holds
 * a guess. */
void beta_level(const struct beta_tail_rule *rule, const struct beta_law *law,
                const double *log_rate, struct beta_level *level);

#endif
