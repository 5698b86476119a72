/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Can these draws be trusted? Rank-normalised split R-hat, bulk and tail effective sample size
 * (Vehtari, Gelman, Simpson, Carpenter and Buerkner, Bayesian Analysis 16, 2021), Monte Carlo
 * error, E-BFMI. The same numbers as R's package posterior. Draws in, numbers out.
 */
#ifndef MAATSTAF_ANALYZER_STAT_DIAGNOSE_H
#define MAATSTAF_ANALYZER_STAT_DIAGNOSE_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* One quantity: chain c is x[c * draws] … x[c * draws + draws - 1]. */
struct diagnose_chains {
    size_t chains, draws;
    const double *x;
};

/* NaN where undefined: a draw is not finite, all are equal, fewer than four a chain. */
struct diagnose_summary {
    double mean, sd, lower, median, upper; /* limits: quantiles (1 ∓ level) / 2, R's type 7 */
    double rhat, ess_bulk, ess_tail;
    double mcse_mean; /* sd / sqrt(effective sample size of the mean) */
};

/* Room for chains of one size, used again for every quantity. One thread at a time. */
struct diagnose;

struct diagnose *diagnose_new(struct arena *a, size_t chains, size_t draws);
struct diagnose_summary diagnose_summary(struct diagnose *d, const double *x, double level);

/* Effective sample size of the chains as they are, not split, not ranked. */
double diagnose_ess(struct diagnose_chains c, struct arena *a);

/* Energy fraction of missing information of the worst chain; under 0.3 the momentum draws do not
 * reach all energies. */
double diagnose_bfmi(struct diagnose_chains energy);

#endif
