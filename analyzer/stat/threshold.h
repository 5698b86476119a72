/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The threshold test: at what probability of a find does each group get searched in each place?
 * Three published variants as targets for nuts.h. Cells in, a density and a list of outputs; the
 * reading of draws is the caller's (diagnose.h). Assumption and limits:
 * docs/methods/threshold-test.
 *
 * A stop's signal says how likely a find is; it is searched when the signal passes the threshold of
 * its place and group. Of n stops, h are found on, m searched in vain, the rest not searched:
 * trinomial with A = P(search, find), B = P(search, nothing), C = 1 - A - B.
 */
#ifndef MAATSTAF_ANALYZER_STAT_THRESHOLD_H
#define MAATSTAF_ANALYZER_STAT_THRESHOLD_H

#include "analyzer/stat/nuts.h"
#include "common/err.h"

enum threshold_signal {
    THRESHOLD_HIERARCHICAL, /* Simoiu, Corbett-Davies, Goel, Pierson, StanCon 2018 */
    THRESHOLD_FAST,         /* Pierson, Corbett-Davies, Goel, AISTATS 2018 */
    THRESHOLD_BETA          /* Pierson et al., Stanford Open Policing 2017 */
};

/* One row a place and group; places and groups are numbered from 0. */
struct threshold_cells {
    size_t count, places, groups;
    const unsigned *place, *group;
    const double *stops, *searches, *hits;
};

/* Where an output stands in a draw. The first four have one number a cell, in the order of the
 * cells (NaN for a cell without stops), then one a group, then single ones. */
struct threshold_outputs {
    size_t threshold;       /* on the probability scale */
    size_t signal;          /* t on the model's own scale */
    size_t search_rate;     /* what the model predicts for the cell */
    size_t hit_rate;        /*   likewise */
    size_t group_threshold; /* thresholds of the group weighted by all stops of each place */
    size_t group_mean;      /* t_r: hierarchical and beta; THRESHOLD_NONE for fast */
    size_t phi, strength;   /* phi_r; delta_r, or lambda_r for beta */
    size_t sigma, sigmas;   /* spread of t: one, or one a group for beta */
    size_t mu;              /* mu_phi, mu_delta; THRESHOLD_NONE for beta */
    size_t count;
};

#define THRESHOLD_NONE SIZE_MAX

/*
 * Fills target and outputs; memory is the arena's. ERR_INPUT, naming the cell by its index in
 * *cell (SIZE_MAX: none): fewer than two places or groups with stops, nobody searched, a count that
 * is not a finite number from 0, hits > searches, searches > stops, a cell given twice.
 */
bool threshold_target(struct arena *a, enum threshold_signal signal,
                      const struct threshold_cells *cells, struct nuts_target *target,
                      struct threshold_outputs *outputs, size_t *cell, struct err *e);

#endif
