/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows to a design with three columns of its own; the regression is glm's. */
#include "analyzer/stat/interrupted.h"

#include "analyzer/stat/dist.h"

#include <math.h>
#include <string.h>

enum { PLACE, MONTH, TREND, CHANGE, SLOPE, VARIABLES };

/* ---- variables ---- */

/* Whole numbers of rows as a variable: its levels are those that occur, by size. */
static struct design_variable
variable_of(struct arena *a, const char *name, const long *value, size_t rows, bool is_factor)
{
    long low = value[0];
    long high = value[0];

    for (size_t r = 1; r < rows; r++) {
        low = value[r] < low ? value[r] : low;
        high = value[r] > high ? value[r] : high;
    }

    const size_t span = (size_t)(high - low) + 1;
    size_t *const level_of = arena_array(a, span, sizeof *level_of);
    const char **const level = arena_array(a, span, sizeof *level);
    double *const number = arena_array(a, span, sizeof *number);
    size_t *const code = arena_array(a, rows, sizeof *code);
    size_t levels = 0;

    for (size_t r = 0; r < rows; r++)
        level_of[value[r] - low] = 1;
    for (size_t i = 0; i < span; i++) {
        if (level_of[i] == 0)
            continue;
        level_of[i] = levels;
        number[levels] = (double)(low + (long)i);
        level[levels++] = arena_printf(a, "%ld", low + (long)i);
    }
    for (size_t r = 0; r < rows; r++)
        code[r] = level_of[value[r] - low];
    return (struct design_variable){
        .name = name,
        .levels = levels,
        .level = level,
        .number = number,
        .code = code,
        .is_factor = is_factor,
    };
}

static long
value_of(const struct interrupted_data *d, int variable, size_t r)
{
    const long since = d->month[r] - d->start; /* 0 in the first month */
    const bool after = d->treated[r] && since >= 0;

    switch (variable) {
    case PLACE:
        return (long)d->place[r];
    case MONTH:
        return d->month[r];
    case TREND:
        return d->treated[r] ? since : 0;
    case CHANGE:
        return after;
    default:
        return after ? since + 1 : 0;
    }
}

static void
make_variables(struct arena *a, const struct interrupted_data *d, struct design_variable *list)
{
    static const char *const names[] = {"place", "month", "trend", "change", "slope"};

    for (int v = 0; v < VARIABLES; v++) {
        long *const value = arena_array(a, d->rows, sizeof *value);

        for (size_t r = 0; r < d->rows; r++)
            value[r] = value_of(d, v, r);
        list[v] = variable_of(a, names[v], value, d->rows, v == PLACE || v == MONTH);
    }
}

/* ---- what the rows are ---- */

static void
count_months(struct arena *a, const struct interrupted_data *d, struct interrupted *out)
{
    const struct design_variable *list;
    struct design_variable all[VARIABLES];
    bool *seen;

    make_variables(a, d, all);
    list = &all[MONTH];
    seen = arena_array(a, list->levels, sizeof *seen);
    for (size_t r = 0; r < d->rows; r++) {
        const bool after = d->month[r] >= d->start;

        if (!d->treated[r]) {
            out->controlled = true;
            continue;
        }
        if (after && d->month[r] - d->start + 1 > out->last)
            out->last = d->month[r] - d->start + 1;
        if (!seen[list->code[r]]) {
            seen[list->code[r]] = true;
            out->before += !after;
            out->after += after;
        }
    }
}

/* Correlation of each residual with the one of the month before in the same place, about 0. */
static double
autocorrelation_of(struct arena *a, const struct interrupted_data *d, const double *residual)
{
    const long first = d->month[0];
    long low = first;
    long high = first;

    for (size_t r = 0; r < d->rows; r++) {
        low = d->month[r] < low ? d->month[r] : low;
        high = d->month[r] > high ? d->month[r] : high;
    }

    const size_t span = (size_t)(high - low) + 1;
    double *const at = arena_array(a, span * d->places, sizeof *at);
    double products = 0, squares = 0, pairs = 0, count = 0;

    for (size_t i = 0; i < span * d->places; i++)
        at[i] = NAN;
    for (size_t r = 0; r < d->rows; r++)
        at[d->place[r] * span + (size_t)(d->month[r] - low)] = residual[r];
    for (size_t i = 0; i < span * d->places; i++) {
        if (isnan(at[i]))
            continue;
        squares += at[i] * at[i];
        count++;
        if (i % span > 0 && !isnan(at[i - 1])) {
            products += at[i] * at[i - 1];
            pairs++;
        }
    }
    return pairs > 0 && squares > 0 ? products / pairs / (squares / count) : NAN;
}

static void
put_autocorrelation(struct arena *a, const struct interrupted_data *d, const struct design *design,
                    const struct glm_fit *fit, struct interrupted *out)
{
    double *const eta = arena_array(a, design->cells, sizeof *eta);
    double *const residual = arena_array(a, d->rows, sizeof *residual);

    design_predict(design, fit->beta, eta);
    for (size_t r = 0; r < d->rows; r++) {
        const double mean = exp(eta[design->cell[r]]) * d->exposure[r];

        residual[r] = (d->count[r] - mean) / sqrt(mean);
    }
    out->autocorrelation = fit->df > 0 ? autocorrelation_of(a, d, residual) : NAN;
}

/* ---- fit ---- */

/* The number of a written column by its name. */
static size_t
written(const struct design *d, const char *name)
{
    size_t j = 0;

    while (j < d->dense && strcmp(d->name[d->column[j]], name) != 0)
        j++;
    return j;
}

static void
put_coefficients(const struct design *d, const struct glm_fit *fit, struct interrupted *out)
{
    const size_t trend = written(d, "trend");
    const size_t change = written(d, "change");
    const size_t slope = written(d, "slope");

    out->status = fit->status;
    out->trend_state = fit->state[d->column[trend]];
    out->change_state = fit->state[d->column[change]];
    out->slope_state = fit->state[d->column[slope]];
    out->trend = fit->beta[d->column[trend]];
    out->change = fit->beta[d->column[change]];
    out->slope = fit->beta[d->column[slope]];
    out->dispersion = fit->dispersion;
    out->df = fit->df;
    out->trend_variance = fit->covariance[trend * d->dense + trend] * fit->dispersion;
    out->change_variance = fit->covariance[change * d->dense + change] * fit->dispersion;
    out->slope_variance = fit->covariance[slope * d->dense + slope] * fit->dispersion;
    out->covariance = fit->covariance[change * d->dense + slope] * fit->dispersion;
}

bool
interrupted_fit(struct arena *a, const struct interrupted_data *data, struct interrupted *out,
                struct err *e)
{
    struct arena *const own = arena_child(a);
    struct design_variable list[VARIABLES];
    struct formula formula;
    struct design design;
    struct glm_fit fit;

    *out = (struct interrupted){.status = GLM_NOT_FINITE, .autocorrelation = NAN};
    count_months(own, data, out);
    make_variables(own, data, list);

    const struct design_data frame = {data->rows, list, VARIABLES, NULL};
    const struct glm_data rows = {.rows = data->rows, .y = data->count, .exposure = data->exposure};
    const char *const text = out->controlled    ? "place + month + trend + change + slope"
                             : data->places > 1 ? "place + trend + change + slope"
                                                : "trend + change + slope";
    const bool done = formula_parse(own, text, &formula, e) &&
                      glm_fit_formula(own, &formula, &frame, &rows, GLM_POISSON, &design, &fit, e);

    if (done) {
        put_coefficients(&design, &fit, out);
        if (fit.status == GLM_CONVERGED)
            put_autocorrelation(own, data, &design, &fit, out);
    }
    arena_free(own);
    return done;
}

struct interrupted_effect
interrupted_effect(const struct interrupted *fit, long months, double level)
{
    const bool determined = fit->status == GLM_CONVERGED && fit->trend_state == GLM_ESTIMATED &&
                            fit->change_state == GLM_ESTIMATED && fit->slope_state == GLM_ESTIMATED;
    const double k = (double)months;
    const double se =
        sqrt(fit->change_variance + 2 * k * fit->covariance + k * k * fit->slope_variance);
    const double reach = se * dist_t_q((1 - level) / 2, fit->df, DIST_UPPER);
    const double log_ratio = fit->change + k * fit->slope;

    if (!determined || months < 1 || months > fit->last)
        return (struct interrupted_effect){ESTIMATE_UNDEFINED, NAN, TEST_UNDEFINED};
    return (struct interrupted_effect){
        .ratio = {exp(log_ratio), exp(log_ratio - reach), exp(log_ratio + reach)},
        .se_log = se,
        .test = {log_ratio / se, fit->df, 2 * dist_t_p(fabs(log_ratio / se), fit->df, DIST_UPPER)},
    };
}
