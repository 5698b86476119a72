/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One team beside all others, like with like: the others' stops are weighted so that their
 * covariates have the means of the team's stops, with weights as even as that allows (entropy
 * balancing: Hainmueller, Political Analysis 20, 2012), and a weighted logistic regression on the
 * same covariates takes off what is left (doubly robust: Ridgeway and MacDonald, JASA 104, 2009).
 * Works on cells. For teams; it says nothing about a person.
 */
#ifndef MAATSTAF_ANALYZER_STAT_BALANCE_H
#define MAATSTAF_ANALYZER_STAT_BALANCE_H

#include "analyzer/stat/design.h"
#include "analyzer/stat/estimate.h"

/* ---- covariates ---- */

/*
 * Cells with their covariates, made once for all teams. Numbers are standardised, 0/1 columns stand
 * as they are; zeroes are not stored. The first `balanced` columns are those of the formula without
 * intercept; those after them are the base levels of its factors, which follow and are only looked
 * at.
 */
struct balance_frame {
    size_t cells, balanced, columns;
    const char **name;
    size_t *cell;  /* of each row of the data */
    size_t *start; /* of each cell, and one past the last */
    size_t *column;
    double *value;
    bool *is_binary; /* of each column */

    const char *formula;
    const struct design_data *data; /* for the regression */
    const size_t *row_of_cell;      /* a row of each cell */
};

/* ERR_USAGE, ERR_INPUT: what formula and design refuse; a formula without intercept. */
struct balance_frame *balance_frame_new(struct arena *a, const char *formula,
                                        const struct design_data *data, struct err *e);

/* Stops n and those with the outcome k, of each cell: the team's (1) and the others' (0). */
struct balance_arms {
    const double *n1, *k1, *n0, *k0;
};

/* ---- weights ---- */

enum balance_status {
    BALANCE_FOUND,
    BALANCE_EMPTY,     /* the team or the others have no stops */
    BALANCE_NO_OVERLAP /* no weights give the others the team's means */
};

/* A comparison is not tested under this effective sample size, nor shown when a standardised
 * difference reaches this. */
#define BALANCE_LEAST_SIZE      100
#define BALANCE_MOST_DIFFERENCE 0.05

struct balance {
    enum balance_status status;
    int iterations;
    double *weight; /* of each of the others' stops, by cell; they add up to the team's stops */
    double n1, n0;
    double effective;       /* (sum of weights)^2 / sum of squared weights */
    double largest;         /* standardised difference, in size */
    double *before, *after; /* by column: (team - others) / sd in the team */
};

/* Minimises the convex dual by Newton steps. A column that does not vary among the others cannot be
 * balanced: what is left of its difference shows in `after`. */
void balance_solve(struct arena *a, const struct balance_frame *frame, struct balance_arms arms,
                   struct balance *out);

/* ---- outcome ---- */

enum balance_outcome {
    BALANCE_ESTIMATED,
    BALANCE_NO_WEIGHTS,
    BALANCE_UNBALANCED,  /* largest >= BALANCE_MOST_DIFFERENCE */
    BALANCE_ONE_OUTCOME, /* of the team, or of the others, all or none have it */
    BALANCE_SEPARATED,   /* the regression has no finite maximum */
    BALANCE_NOT_CONVERGED
};

/* A number with its standard error (ratios: of the logarithm) and test of no difference. */
struct balance_effect {
    struct estimate estimate;
    double se, z, p;
};

struct balance_effects {
    enum balance_outcome status;
    double share1, share0; /* the team's, and the others' had they made the team's stops */
    struct balance_effect difference, ratio, odds_ratio;
};

/*
 * share1 - share0, their ratio, and the odds ratio of the regression. Standard errors are robust
 * (sandwich over single stops), given the weights and the team's covariates. False only when the
 * regression's design is larger than designs may be.
 */
bool balance_effects(struct arena *a, const struct balance_frame *frame, struct balance_arms arms,
                     const struct balance *weights, double level, struct balance_effects *out,
                     struct err *e);

#endif
