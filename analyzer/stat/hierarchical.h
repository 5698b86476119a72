/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rates of groups over places by the hierarchical Poisson model of Gelman, Fagan and Kiss (JASA
 * 102, 2007), as a target for nuts.h: count ~ Poisson(exposure exp(mu + alpha_group + beta_place +
 * eps)), beta ~ N(0, sigma_place), eps ~ N(0, sigma_eps), sum of alpha = 0, mu ~ N(0, 5), alpha ~
 * N(0, 2), sigma_place, sigma_eps ~ N+(0, 1). An exposure of 0 counts as 0.5. Knows no benchmark
 * and makes no comparison by itself.
 */
#ifndef MAATSTAF_ANALYZER_STAT_HIERARCHICAL_H
#define MAATSTAF_ANALYZER_STAT_HIERARCHICAL_H

#include "analyzer/stat/nuts.h"
#include "common/err.h"

/* One row a place and group; both are numbered from 0. */
struct hierarchical_cells {
    size_t count, places, groups;
    const unsigned *place, *group;
    const double *counts, *exposure;
};

/* Where an output stands in a draw. */
struct hierarchical_outputs {
    size_t effect; /* exp(alpha), by group */
    size_t mu, sigma_place, sigma_eps;
    size_t count;
};

/*
 * Fills target and outputs; memory is the arena's. ERR_INPUT, naming the cell by its index in
 * *cell (SIZE_MAX: none): fewer than two places or groups, no event at all, a count that is not a
 * whole number from 0, an exposure that is not finite and >= 0, a cell given twice.
 */
bool hierarchical_target(struct arena *a, const struct hierarchical_cells *cells,
                         struct nuts_target *target, struct hierarchical_outputs *outputs,
                         size_t *cell, struct err *e);

#endif
