/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells as the columns of a regression, and a regression as figures: what fit_poisson.c,
 * fit_logistic.c and fit_veil.c share. As in R a column of numbers is a number, unless factor(x)
 * says otherwise; but columns that have the names of places, units and groups are always factors.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_FRAME_H
#define MAATSTAF_ANALYZER_FIT_FIT_FRAME_H

#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/glm.h"

/* Rows that take part, as numbers of rows of the cells. */
struct fit_rows {
    size_t count;
    const size_t *row;
};

/* The text columns that the formula names, over these rows; only levels that occur. */
bool fit_frame_of(struct fit *f, const struct formula *formula, struct fit_rows rows,
                  struct design_data *data, struct err *e);

/* How often each of these rows stands in the file. */
const double *fit_frame_times(struct fit *f, struct fit_rows rows);

/* --reference: that level of the column "group" becomes the base. ERR_USAGE when there is none. */
bool fit_frame_reference(struct fit *f, struct design_data *data, struct err *e);

/* As one variable of a frame: `column` over these rows. */
struct design_variable fit_frame_variable(struct fit *f, size_t column, struct fit_rows rows);

/* --formula, or all further columns as main effects. `own` columns are the model's. */
bool fit_frame_formula(struct fit *f, size_t own, struct formula *formula, struct err *e);

/* How to read a fit: its name as a method, and whether the dispersion is estimated. */
struct fit_reading {
    const char *method;
    enum glm_family family;
    bool quasi;
};

/* coefficient, deviance, null-deviance, dispersion, theta, log-likelihood and aic, as they apply;
 * diagnostics; f->converged. */
void fit_put_regression(struct fit *f, const struct design *d, const struct glm_fit *fit,
                        struct fit_reading how);

/* A Wald estimate: value, limits, se, statistic and p; df NaN: normal. */
void fit_put_wald(struct fit *f, json_t *figure, double value, double se, double df);

/* Why a coefficient is null, or NULL. */
const char *fit_why_not(enum glm_status status, enum glm_state state);

#endif
