/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The families of glm.h, one observation at a time, and the maximum likelihood of theta. Means are
 * computed with their complements, so that probabilities near 1 keep their digits.
 */
#ifndef MAATSTAF_ANALYZER_STAT_GLM_FAMILY_H
#define MAATSTAF_ANALYZER_STAT_GLM_FAMILY_H

#include "analyzer/stat/glm.h"

struct glm_law {
    enum glm_family family;
    double theta; /* negative binomial: variance = mean + mean^2 / theta */
};

/* One observation: y of m (m counts for the binomial only), prior weight. */
struct glm_observation {
    double y, m, weight;
};

/* What one observation adds at a linear predictor. */
struct glm_mean {
    double mean;     /* expected y */
    double variance; /* of y */
    double slope;    /* of the mean in the linear predictor */
};

struct glm_mean glm_mean_at(struct glm_law law, double eta, double m);
double glm_start(struct glm_law law, struct glm_observation o); /* linear predictor to start from */
double glm_deviance(struct glm_law law, double eta, struct glm_observation o);
double glm_log_likelihood(struct glm_law law, double eta, struct glm_observation o);

/* y lies at the end of its range: 0, or for the binomial all of m. Then the sign of the way out
 * (-1, +1), else 0. */
double glm_boundary(struct glm_law law, struct glm_observation o);

struct glm_theta {
    double value, se; /* NaN: the counts are not overdispersed, there is no finite maximum */
};

/* Maximum likelihood of theta for given means (MASS::theta.ml, iterated to rounding). */
struct glm_theta glm_theta_ml(const double *y, const double *mean, const double *weight,
                              size_t rows);

#endif
