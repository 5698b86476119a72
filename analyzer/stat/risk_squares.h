/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The least and the largest sum of squared risks that a budget of changes can reach, in one stratum
 * and over strata: what risk_adjusted.c searches with. A budget is a total of absolute changes over
 * people. Nobody else needs this.
 */
#ifndef MAATSTAF_ANALYZER_STAT_RISK_SQUARES_H
#define MAATSTAF_ANALYZER_STAT_RISK_SQUARES_H

#include "analyzer/stat/risk_adjusted.h"

/* Budgets at which curves are kept: steps of a fine grid for the least squares, which are convex in
 * the budget, and of a coarser one for the largest, which are not. */
enum { RISK_FINE = 1000, RISK_COARSE = 100 };

struct risk_grid {
    double budget; /* of the last step */
};

/* Distinct risks, ascending, with weights, and sums over those before them. */
struct risk_stratum {
    size_t cells;
    const double *risk, *weight;
    const double *people, *mass, *squares; /* cells + 1 sums of w, w p, w p^2 */
};

/* Sums of squares by budget beyond what the shift of the mean takes; least is NULL when no risks in
 * [0, 1] have the mean. */
struct risk_curve {
    double *least; /* RISK_FINE + 1 */
    double *most;  /* RISK_COARSE + 1 */
};

struct risk_grid risk_grid_of(double budget);

/* The people of a group who were acted upon, or who were not. */
struct risk_stratum risk_stratum_of(const struct risk_data *d, size_t group, bool acted,
                                    struct arena *a);

/* The curve of a stratum whose total risk moves by `shift`. */
struct risk_curve risk_curve_of(const struct risk_grid *g, const struct risk_stratum *s,
                                double shift, struct arena *a);

struct risk_curve risk_curve_zero(const struct risk_grid *g, struct arena *a);

/* Both strata together, the budget divided between them as is best. */
void risk_combine(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
                  struct risk_curve *sum);

/* The same at one budget only. */
double risk_least(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
                  double budget);
double risk_most(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
                 double budget);

#endif
