/* SPDX-License-Identifier: EUPL-1.2 */
/* `fit logistic`: k of n as a logistic model of factors and splines. */
#include "analyzer/fit/fit_frame.h"

enum { K, N, WEIGHT, OWN };

static const struct fit_column columns[] = {
    [K] = {"k", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, false},
    [WEIGHT] = {"weight", FIT_AMOUNT, true},
};

static const struct fit_output figures[] = {
    {"coefficient", "binomial"}, {"deviance", "binomial"},       {"null-deviance", "binomial"},
    {"dispersion", "binomial"},  {"log-likelihood", "binomial"}, {"aic", "binomial"},
};

static bool
choose_rows(struct fit *f, struct fit_rows *rows, struct glm_data *data, struct err *e)
{
    const struct fit_cells *const c = f->cells;
    size_t *const row = arena_array(f->arena, c->rows, sizeof *row);
    double *const y = arena_array(f->arena, c->rows, sizeof *y);
    double *const trials = arena_array(f->arena, c->rows, sizeof *trials);
    double *const weight = arena_array(f->arena, c->rows, sizeof *weight);
    size_t n = 0;

    if (!fit_cells_part_of(c, K, N, "k are those of the n that have the outcome", e))
        return false;
    for (size_t r = 0; r < c->rows; r++) {
        row[n] = r;
        y[n] = c->number[K][r];
        trials[n] = c->number[N][r];
        weight[n] = c->number[WEIGHT] ? c->number[WEIGHT][r] : 1;
        n += trials[n] > 0 && weight[n] > 0;
    }
    if (n == 0) {
        err_set(e, ERR_INPUT, "no row has an n over 0");
        return err_hint(e, "n is how many there were, k how many of them had the outcome");
    }
    *rows = (struct fit_rows){n, row};
    *data = (struct glm_data){
        .rows = n, .y = y, .trials = trials, .weight = weight, .times = fit_frame_times(f, *rows)};
    return true;
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_reading how = {"binomial", GLM_BINOMIAL, false};
    struct formula *const formula = arena_alloc(f->arena, sizeof *formula);
    struct design_data frame;
    struct fit_rows rows = {0};
    struct glm_data data;
    struct design design;
    struct glm_fit fit;

    if (!choose_rows(f, &rows, &data, e) || !fit_frame_formula(f, OWN, formula, e) ||
        !fit_frame_of(f, formula, rows, &frame, e) || !fit_frame_reference(f, &frame, e) ||
        !glm_fit_formula(f->arena, formula, &frame, &data, how.family, &design, &fit, e))
        return false;
    fit_put_regression(f, &design, &fit, how);
    return true;
}

const struct fit_model fit_logistic = {
    .name = "logistic",
    .summary = "a logistic model of shares",
    .layout = {FIT_LIST(columns), "any factors", true, NULL},
    .options = FIT_READS(formula) | FIT_READS(reference) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
