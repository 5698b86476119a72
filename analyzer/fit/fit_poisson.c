/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit poisson`: counts per exposure as a log-linear model of factors; Poisson, quasi-Poisson or
 * negative binomial.
 */
#include "analyzer/fit/fit_frame.h"

#include <math.h>
#include <string.h>

enum { COUNT, EXPOSURE, WEIGHT, OWN };

static const struct fit_column columns[] = {
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, true},
    [WEIGHT] = {"weight", FIT_AMOUNT, true},
};

static const struct fit_output figures[] = {
    {"coefficient", "poisson, quasipoisson, negbin"},
    {"deviance", "poisson, quasipoisson, negbin"},
    {"null-deviance", "poisson, quasipoisson, negbin"},
    {"dispersion", "poisson, quasipoisson, negbin"},
    {"theta", "negbin"},
    {"log-likelihood", "poisson, negbin"},
    {"aic", "poisson, negbin"},
};

static const struct fit_reading families[] = {
    {"poisson", GLM_POISSON, false},
    {"quasipoisson", GLM_POISSON, true},
    {"negbin", GLM_NEGATIVE_BINOMIAL, false},
};

static double
number_at(const struct fit *f, size_t column, size_t row, double otherwise)
{
    return f->cells->number[column] ? f->cells->number[column][row] : otherwise;
}

/* Rows that say something: weight, and exposure. */
static bool
choose_rows(struct fit *f, struct fit_rows *rows, struct glm_data *data, struct err *e)
{
    const size_t all = f->cells->rows;
    size_t *const row = arena_array(f->arena, all, sizeof *row);
    double *const y = arena_array(f->arena, all, sizeof *y);
    double *const exposure = arena_array(f->arena, all, sizeof *exposure);
    double *const weight = arena_array(f->arena, all, sizeof *weight);
    size_t n = 0;

    for (size_t r = 0; r < all; r++) {
        row[n] = r;
        y[n] = f->cells->number[COUNT][r];
        exposure[n] = number_at(f, EXPOSURE, r, 1);
        weight[n] = number_at(f, WEIGHT, r, 1);
        if (exposure[n] == 0 && y[n] > 0 && weight[n] > 0) {
            fit_cells_refuse(f->cells, r, EXPOSURE, "is 0, and the count is not", e);
            return err_hint(e, "leave the row out, or give the exposure a small value such as 0.5 "
                               "and say so");
        }
        n += exposure[n] > 0 && weight[n] > 0;
    }
    if (n == 0) {
        err_set(e, ERR_INPUT, "no row has exposure and weight");
        return err_hint(e, "exposure is what the count is divided by: residents, stops, hours");
    }
    *rows = (struct fit_rows){n, row};
    *data = (struct glm_data){.rows = n,
                              .y = y,
                              .exposure = exposure,
                              .weight = weight,
                              .times = fit_frame_times(f, *rows)};
    return true;
}

static const struct fit_reading *
reading_of(const char *family)
{
    for (size_t i = 0; family && i < sizeof families / sizeof *families; i++)
        if (strcmp(families[i].method, family) == 0)
            return &families[i];
    return &families[0];
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_reading *const how = reading_of(f->options->family);
    struct formula *const formula = arena_alloc(f->arena, sizeof *formula);
    struct design_data frame;
    struct fit_rows rows = {0};
    struct glm_data data;
    struct design design;
    struct glm_fit fit;

    if (!choose_rows(f, &rows, &data, e) || !fit_frame_formula(f, OWN, formula, e) ||
        !fit_frame_of(f, formula, rows, &frame, e) || !fit_frame_reference(f, &frame, e) ||
        !glm_fit_formula(f->arena, formula, &frame, &data, how->family, &design, &fit, e))
        return false;
    fit_put_regression(f, &design, &fit, *how);
    return true;
}

const struct fit_model fit_poisson = {
    .name = "poisson",
    .summary = "a log-linear model of counts per exposure",
    .layout = {FIT_LIST(columns), "any factors", true, NULL},
    .options = FIT_READS(formula) | FIT_READS(reference) | FIT_READS(family) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
