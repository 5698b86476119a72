/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows to observations, observations to a fit, a fit to figures over the rows as they were given.
 */
#include "analyzer/stat/glm.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/glm_irls.h"

#include <math.h>
#include <string.h>

enum { MOST_THETA_ROUNDS = 200 };

static double
times_of(const struct glm_data *data, size_t r)
{
    return data->times ? data->times[r] : 1;
}

/* Rows alike add the same to every sum: their number is a weight, but for degrees of freedom. */
static double
weight_of(const struct glm_data *data, size_t r)
{
    return times_of(data, r) * (data->weight ? data->weight[r] : 1);
}

static double
offset_of(const struct glm_data *data, size_t r)
{
    return data->exposure ? log(data->exposure[r]) : 0;
}

static struct glm_observation
row_of(const struct glm_data *data, size_t r)
{
    return (struct glm_observation){data->y[r], data->trials ? data->trials[r] : 1,
                                    weight_of(data, r)};
}

/* ---- observations ---- */

/* The rows of a cell as one: sufficient for a law whose score is linear in y. */
static void
merge_rows(struct arena *a, const struct glm_data *data, const struct design *d,
           struct glm_observations *o)
{
    double *const y = arena_array(a, d->cells, sizeof *y);
    double *const m = arena_array(a, d->cells, sizeof *m);
    double *const offset = arena_array(a, d->cells, sizeof *offset);
    double *const weight = arena_array(a, d->cells, sizeof *weight);
    size_t *const cell = arena_array(a, d->cells, sizeof *cell);

    for (size_t r = 0; r < data->rows; r++) {
        const size_t c = d->cell[r];
        const double w = weight_of(data, r);

        y[c] += w * data->y[r];
        m[c] += w * (data->trials ? data->trials[r] : data->exposure ? data->exposure[r] : 1);
    }
    for (size_t c = 0; c < d->cells; c++) {
        cell[c] = c;
        weight[c] = 1;
        offset[c] = data->trials ? 0 : log(m[c]);
    }
    *o = (struct glm_observations){d->cells, d->cell, cell, y, m, offset, weight};
}

static void
keep_rows(struct arena *a, const struct glm_data *data, const struct design *d,
          struct glm_observations *o)
{
    double *const m = arena_array(a, data->rows, sizeof *m);
    double *const offset = arena_array(a, data->rows, sizeof *offset);
    double *const weight = arena_array(a, data->rows, sizeof *weight);

    for (size_t r = 0; r < data->rows; r++) {
        m[r] = 1;
        offset[r] = offset_of(data, r);
        weight[r] = weight_of(data, r);
    }
    *o = (struct glm_observations){data->rows, NULL, d->cell, data->y, m, offset, weight};
}

/* ---- over the rows ---- */

/* Is row r fitted without error, its mean at the end of its range? */
static bool
is_outside(const struct glm_irls *g, size_t r)
{
    return !g->inside[g->of->of_row ? g->of->of_row[r] : r];
}

static double
row_eta(const struct glm_irls *g, const struct glm_data *data, const struct design *d, size_t r)
{
    return g->cell_eta[d->cell[r]] + offset_of(data, r);
}

static void
sum_rows(const struct glm_irls *g, const struct glm_data *data, const struct design *d,
         struct glm_fit *out)
{
    out->separated = 0;
    out->deviance = out->pearson = out->log_likelihood = 0;
    for (size_t r = 0; r < data->rows; r++) {
        const struct glm_observation o = row_of(data, r);
        const double eta = row_eta(g, data, d, r);

        if (is_outside(g, r)) {
            out->separated += times_of(data, r);
            continue;
        }

        const struct glm_mean at = glm_mean_at(g->law, eta, o.m);

        out->deviance += glm_deviance(g->law, eta, o);
        out->pearson += o.weight * (o.y - at.mean) * ((o.y - at.mean) / at.variance);
        out->log_likelihood += glm_log_likelihood(g->law, eta, o);
    }
    out->df = out->rows - out->rank;
    out->dispersion = out->df > 0 ? out->pearson / out->df : NAN;
}

/* Deviance of the model with an intercept only (without intercept: with nothing at all). */
static double
null_deviance(struct arena *a, const struct glm_data *data, const struct design *d,
              struct glm_law law)
{
    struct design *const one = arena_alloc(a, sizeof *one);
    struct glm_observations o;
    double sum = 0;

    design_intercept_only(a, data->rows, one);
    if (law.family == GLM_NEGATIVE_BINOMIAL)
        keep_rows(a, data, one, &o);
    else
        merge_rows(a, data, one, &o);

    struct glm_irls *const g = glm_irls_new(a, one, &o);

    if (d->intercept) {
        glm_irls_start(g, law);

        const enum glm_status status = glm_irls_run(g, law, a);

        if (status == GLM_SEPARATED)
            return 0;
        if (status != GLM_CONVERGED)
            return NAN;
    }
    for (size_t r = 0; r < data->rows; r++)
        sum += glm_deviance(law, g->cell_eta[0] + offset_of(data, r), row_of(data, r));
    return sum;
}

/* ---- negative binomial ---- */

static struct glm_theta
theta_of(struct arena *a, const struct glm_irls *g, const struct glm_data *data,
         const struct design *d)
{
    double *const y = arena_array(a, data->rows, sizeof *y);
    double *const mean = arena_array(a, data->rows, sizeof *mean);
    double *const weight = arena_array(a, data->rows, sizeof *weight);
    size_t n = 0;

    for (size_t r = 0; r < data->rows; r++) {
        if (is_outside(g, r))
            continue;
        y[n] = data->y[r];
        mean[n] = exp(row_eta(g, data, d, r));
        weight[n++] = weight_of(data, r);
    }
    return glm_theta_ml(y, mean, weight, n);
}

/* Means and theta in turns until both stand still (MASS::glm.nb). Without a finite theta the
 * Poisson fit is the limit and stays. */
static enum glm_status
run_negative_binomial(struct glm_irls *g, const struct glm_data *data, const struct design *d,
                      struct arena *a, struct glm_fit *out)
{
    struct glm_law law = {GLM_POISSON, NAN};
    enum glm_status status = glm_irls_run(g, law, a);
    double before = 0;

    for (int i = 0; status == GLM_CONVERGED && i < MOST_THETA_ROUNDS; i++) {
        struct arena *const round = arena_child(a);
        const struct glm_theta theta = theta_of(round, g, data, d);

        arena_free(round);
        out->theta = theta.value;
        out->theta_se = theta.se;
        if (!(theta.value > 0)) /* NaN */
            return glm_irls_run(g, (struct glm_law){GLM_POISSON, NAN}, a);
        if (fabs(theta.value - before) <= 1e-10 * theta.value)
            return status;
        before = theta.value;
        law = (struct glm_law){GLM_NEGATIVE_BINOMIAL, theta.value};
        status = glm_irls_run(g, law, a);
    }
    return status == GLM_CONVERGED ? GLM_MOST_ITERATIONS : status;
}

/* ---- a fit ---- */

static void
prepare(struct arena *a, const struct design *d, struct glm_fit *out)
{
    *out = (struct glm_fit){
        .columns = d->columns,
        .state = arena_array(a, d->columns + 1, sizeof *out->state),
        .beta = arena_array(a, d->columns + 1, sizeof *out->beta),
        .se = arena_array(a, d->columns + 1, sizeof *out->se),
        .covariance = arena_array(a, d->dense * d->dense + 1, sizeof *out->covariance),
        .deviance = NAN,
        .null_deviance = NAN,
        .pearson = NAN,
        .log_likelihood = NAN,
        .df = NAN,
        .null_df = NAN,
        .rank = NAN,
        .dispersion = NAN,
        .theta = NAN,
        .theta_se = NAN,
    };
    for (size_t c = 0; c < d->columns; c++)
        out->beta[c] = out->se[c] = NAN;
}

/* A written column before the eliminated factor was left out; R would have kept it and left a level
 * out instead. */
static bool
is_out_of_order(const struct glm_irls *g, const struct design *d)
{
    for (size_t j = 0; d->levels > 0 && g->aliased && j < d->dense; j++)
        if (g->aliased[j] && d->column[j] < d->first)
            return true;
    return false;
}

static void
fit(struct arena *a, const struct glm_data *data, const struct design *d, enum glm_family family,
    struct glm_fit *out)
{
    struct glm_observations *const o = arena_alloc(a, sizeof *o);

    prepare(a, d, out);
    for (size_t r = 0; r < data->rows; r++)
        out->rows += times_of(data, r);
    if (family == GLM_NEGATIVE_BINOMIAL)
        keep_rows(a, data, d, o);
    else
        merge_rows(a, data, d, o);

    struct glm_irls *const g = glm_irls_new(a, d, o);

    glm_irls_start(g, (struct glm_law){family, NAN});
    out->status = family == GLM_NEGATIVE_BINOMIAL
                      ? run_negative_binomial(g, data, d, a, out)
                      : glm_irls_run(g, (struct glm_law){family, NAN}, a);
    out->iterations = g->iterations;
    if (is_out_of_order(g, d)) {
        out->status = GLM_OUT_OF_ORDER;
        return;
    }
    if (out->status == GLM_NOT_FINITE || !g->aliased)
        return;
    glm_irls_report(g, a, out);
    sum_rows(g, data, d, out);
    out->null_df = out->rows - (d->intercept ? 1 : 0);
    out->null_deviance = null_deviance(a, data, d, g->law);
    for (size_t c = 0; c < d->columns && out->status == GLM_SEPARATED; c++) {
        out->beta[c] = out->se[c] = NAN;
        out->state[c] = out->state[c] == GLM_ALIASED ? GLM_ALIASED : GLM_INFINITE;
    }
}

bool
glm_fit_formula(struct arena *a, const struct formula *f, const struct design_data *columns,
                const struct glm_data *data, enum glm_family family, struct design *d,
                struct glm_fit *out, struct err *e)
{
    if (!design_build(a, f, columns, true, d, e))
        return false;
    fit(a, data, d, family, out);
    if (out->status != GLM_OUT_OF_ORDER)
        return true;
    if (!design_build(a, f, columns, false, d, e))
        return false;
    fit(a, data, d, family, out);
    return true;
}

double
glm_aic(const struct glm_fit *fit, enum glm_family family)
{
    const double counted = fit->rank + (family == GLM_NEGATIVE_BINOMIAL && fit->theta > 0);

    return 2 * counted - 2 * fit->log_likelihood;
}
