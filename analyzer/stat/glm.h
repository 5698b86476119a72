/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Generalised linear models by iteratively reweighted least squares, with R's definitions (glm,
 * MASS::glm.nb): Poisson and negative binomial with logarithmic link and exposure, binomial with
 * logistic link. Rows of one cell are added up first where the family allows it. A coefficient that
 * has no finite maximum (separation) or is no more than a combination of others is undefined and
 * says which; nothing here is an error.
 */
#ifndef MAATSTAF_ANALYZER_STAT_GLM_H
#define MAATSTAF_ANALYZER_STAT_GLM_H

#include "analyzer/stat/design.h"

enum glm_family { GLM_POISSON, GLM_BINOMIAL, GLM_NEGATIVE_BINOMIAL };

/* Rows; weights, trials and exposures are positive and finite. */
struct glm_data {
    size_t rows;
    const double *y;        /* counts; binomial: successes */
    const double *trials;   /* binomial only */
    const double *exposure; /* NULL: 1 */
    const double *weight;   /* NULL: 1 */
    const double *times;    /* rows just alike that this one stands for; NULL: 1 */
};

enum glm_status {
    GLM_CONVERGED, /* also when some coefficients have no finite maximum and the rest has */
    GLM_SEPARATED, /* every row is fitted without error: nothing is left to estimate */
    GLM_MOST_ITERATIONS,
    GLM_NOT_FINITE,  /* the numbers ran out of range */
    GLM_OUT_OF_ORDER /* only inside glm_fit_formula */
};

enum glm_state {
    GLM_ESTIMATED,
    GLM_ALIASED, /* a combination of columns before it; NA in R */
    GLM_INFINITE /* grows without end: the data are separated */
};

struct glm_fit {
    enum glm_status status;
    int iterations;
    double rows;      /* each as often as it stands there */
    double separated; /* of them fitted without error, at 0 or at all */

    size_t columns; /* the design's */
    enum glm_state *state;
    double *beta, *se; /* NaN unless estimated; se for a dispersion of 1 */

    /* of the design's written columns, for a dispersion of 1; 0 where not estimated */
    const double *covariance;

    double deviance, null_deviance, pearson, log_likelihood;
    double df, null_df;     /* residual degrees of freedom */
    double rank;            /* coefficients that the data determine, infinite ones too */
    double dispersion;      /* pearson / df */
    double theta, theta_se; /* NaN: not this family, or no finite maximum */
};

/*
 * Builds the design of formula and data and fits it. False only for what design_build refuses; any
 * fit is a result with a status.
 */
bool glm_fit_formula(struct arena *a, const struct formula *f, const struct design_data *columns,
                     const struct glm_data *data, enum glm_family family, struct design *d,
                     struct glm_fit *out, struct err *e);

/* Akaike's criterion as R counts it. */
double glm_aic(const struct glm_fit *fit, enum glm_family family);

#endif
