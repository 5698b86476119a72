/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The iterations behind glm.h: one model, one law. A large factor is eliminated in every weighted
 * least-squares step: its levels' means are taken off the columns and the response (an orthogonal
 * projection, so nothing is lost in precision), and its effects follow from what remains.
 */
#ifndef MAATSTAF_ANALYZER_STAT_GLM_IRLS_H
#define MAATSTAF_ANALYZER_STAT_GLM_IRLS_H

#include "analyzer/stat/glm_family.h"
#include "analyzer/stat/linear.h"

/* What is iterated over: rows, or the sums of a cell's rows. */
struct glm_observations {
    size_t count;
    const size_t *of_row; /* the observation of each row; NULL: rows are observations */
    const size_t *cell;
    const double *y, *m, *offset, *weight;
};

struct glm_irls {
    const struct design *design;
    const struct glm_observations *of;
    struct glm_law law;

    bool *inside; /* of each observation: not at an end where its mean runs to */
    size_t separated;
    double *eta; /* of each observation, without its offset */

    double *beta;  /* of the written columns */
    double *level; /* effects of the eliminated factor's levels, the intercept in them */
    double *cell_eta;

    /* Written columns that the data do not determine, whatever the weights: all the data, and what
     * is inside of them now. */
    bool *aliased, *undetermined;
    struct linear_solution *shape; /* with the combinations of the latter */

    /* sums of the last step */
    double *cell_weight, *cell_response;
    double *level_weight, *level_x, *level_response; /* means of columns: levels x dense */
    double *scale;
    struct linear_stack *stack;
    struct linear_solution *solution;

    double *old_beta, *old_level; /* where a step may be halved towards */
    double deviance;
    int iterations;
};

struct glm_irls *glm_irls_new(struct arena *a, const struct design *d,
                              const struct glm_observations *of);

/* Iterates from the present eta; drops observations whose mean runs to an end of its range and
 * goes on with the rest. */
enum glm_status glm_irls_run(struct glm_irls *g, struct glm_law law, struct arena *a);

/* Puts eta where R starts. */
void glm_irls_start(struct glm_irls *g, struct glm_law law);

/* States, coefficients and standard errors of all columns of the design, and the rank. */
void glm_irls_report(struct glm_irls *g, struct arena *a, struct glm_fit *out);

#endif
