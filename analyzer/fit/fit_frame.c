/* SPDX-License-Identifier: EUPL-1.2 */
/* Columns of text as variables of a design; a fit as figures. */
#include "analyzer/fit/fit_frame.h"

#include "analyzer/stat/dist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns ---- */

/* The number of each level, or NULL when a level is none. */
static const double *
numbers_of(struct arena *a, const struct fit_factor *f)
{
    double *const number = arena_array(a, f->levels, sizeof *number);

    for (size_t l = 0; l < f->levels; l++)
        if (!span_real(span_of(f->level[l]), &number[l]))
            return NULL;
    return number;
}

/* Columns that say which, never how much, even where places have numbers for names. */
static bool
is_name(const char *column)
{
    static const char *const names[] = {"place", "district", "precinct", "unit",
                                        "group", "eth",      "race"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], column) == 0)
            return true;
    return false;
}

struct numbered {
    double number;
    size_t level;
};

static int
by_number(const void *left, const void *right)
{
    const struct numbered *const a = left;
    const struct numbered *const b = right;

    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return (a->level > b->level) - (a->level < b->level);
}

/* order[l] is the old number of the new level l: only levels that occur; numbers by size. */
static size_t
order_levels(struct arena *a, const struct fit_factor *f, const double *number,
             struct fit_rows rows, size_t *order)
{
    bool *const occurs = arena_array(a, f->levels, sizeof *occurs);
    struct numbered *const sorted = arena_array(a, f->levels, sizeof *sorted);
    size_t count = 0;

    for (size_t i = 0; i < rows.count; i++)
        occurs[f->number[rows.row[i]]] = true;
    for (size_t l = 0; l < f->levels; l++)
        if (occurs[l])
            sorted[count++] = (struct numbered){number ? number[l] : 0, l};
    if (number)
        qsort(sorted, count, sizeof *sorted, by_number);
    for (size_t l = 0; l < count; l++)
        order[l] = sorted[l].level;
    return count;
}

struct design_variable
fit_frame_variable(struct fit *f, size_t column, struct fit_rows rows)
{
    struct arena *const a = f->arena;
    const struct fit_factor factor = fit_factor_of(a, f->cells, column, FIT_SORTED);
    const double *const number = numbers_of(a, &factor);
    size_t *const order = arena_array(a, factor.levels, sizeof *order);
    size_t *const fresh = arena_array(a, factor.levels, sizeof *fresh);
    const size_t levels = order_levels(a, &factor, number, rows, order);
    const char **const level = arena_array(a, levels, sizeof *level);
    double *const own = arena_array(a, levels, sizeof *own);
    size_t *const code = arena_array(a, rows.count, sizeof *code);

    for (size_t l = 0; l < levels; l++) {
        level[l] = factor.level[order[l]];
        own[l] = number ? number[order[l]] : NAN;
        fresh[order[l]] = l;
    }
    for (size_t i = 0; i < rows.count; i++)
        code[i] = fresh[factor.number[rows.row[i]]];
    return (struct design_variable){
        .name = f->cells->columns[column].name,
        .levels = levels,
        .level = level,
        .number = number ? own : NULL,
        .code = code,
        .is_factor = !number || is_name(f->cells->columns[column].name),
    };
}

const double *
fit_frame_times(struct fit *f, struct fit_rows rows)
{
    double *const times = arena_array(f->arena, rows.count, sizeof *times);

    for (size_t i = 0; i < rows.count; i++)
        times[i] = fit_cells_times(f->cells, rows.row[i]);
    return times;
}

bool
fit_frame_of(struct fit *f, const struct formula *formula, struct fit_rows rows,
             struct design_data *data, struct err *e)
{
    struct design_variable *const list =
        arena_array(f->arena, formula->variable_count + 1, sizeof *list);
    size_t count = 0;

    for (size_t v = 0; v < formula->variable_count; v++) {
        const char *const name = formula->variables[v].name;
        const size_t column = fit_cells_column(f->cells, name);
        size_t seen = 0;

        while (seen < count && strcmp(list[seen].name, name) != 0)
            seen++;
        if (seen < count || column == FIT_NO_COLUMN)
            continue; /* the design says so */
        if (f->cells->columns[column].kind != FIT_FACTOR) {
            err_set(e, ERR_USAGE, "the formula names \"%.60s\", which the model has already", name);
            return err_hint(e, "leave it out of the formula");
        }
        list[count++] = fit_frame_variable(f, column, rows);
    }
    *data = (struct design_data){.rows = rows.count,
                                 .variables = list,
                                 .variable_count = count,
                                 .weight = fit_frame_times(f, rows)};
    return true;
}

/* The same variable with one level moved to the front. */
static struct design_variable
rebased(struct arena *a, const struct design_variable *v, size_t base, size_t rows)
{
    struct design_variable out = *v;
    const char **const level = arena_array(a, v->levels, sizeof *level);
    double *const number = arena_array(a, v->levels, sizeof *number);
    size_t *const code = arena_array(a, rows, sizeof *code);

    for (size_t l = 0; l < v->levels; l++) {
        const size_t to = l == base ? 0 : l + (l < base);

        level[to] = v->level[l];
        number[to] = v->number ? v->number[l] : NAN;
    }
    for (size_t i = 0; i < rows; i++)
        code[i] = v->code[i] == base ? 0 : v->code[i] + (v->code[i] < base);
    out.level = level;
    out.number = v->number ? number : NULL;
    out.code = code;
    out.is_factor = true;
    return out;
}

bool
fit_frame_reference(struct fit *f, struct design_data *data, struct err *e)
{
    const char *const wanted = f->options->reference;
    struct design_variable *const list =
        arena_array(f->arena, data->variable_count + 1, sizeof *list);

    if (!wanted)
        return true;
    memcpy(list, data->variables, data->variable_count * sizeof *list);
    data->variables = list;
    for (size_t v = 0; v < data->variable_count; v++)
        for (size_t l = 0; strcmp(list[v].name, "group") == 0 && l < list[v].levels; l++)
            if (strcmp(list[v].level[l], wanted) == 0) {
                list[v] = rebased(f->arena, &list[v], l, data->rows);
                return true;
            }
    err_set(e, ERR_USAGE, "no column group of the formula has the group that --reference names");
    return err_hint(e, "name a group of the column group, as it is spelled there");
}

bool
fit_frame_formula(struct fit *f, size_t own, struct formula *formula, struct err *e)
{
    const char *text = f->options->formula;

    if (!text) {
        text = "1";
        for (size_t c = own; c < f->cells->column_count; c++)
            text = arena_printf(f->arena, "%s + `%s`", text, f->cells->columns[c].name);
    }
    return formula_parse(f->arena, text, formula, e);
}

/* ---- figures ---- */

const char *
fit_why_not(enum glm_status status, enum glm_state state)
{
    static const char *const statuses[] = {
        [GLM_CONVERGED] = NULL,
        [GLM_SEPARATED] = ("separation: every row is fitted without error, "
                           "there is no finite estimate"),
        [GLM_MOST_ITERATIONS] = "did not converge",
        [GLM_NOT_FINITE] = "did not converge: the numbers ran out of range",
        [GLM_OUT_OF_ORDER] = "did not converge",
    };

    if (state == GLM_ALIASED)
        return "not determined: a combination of terms before it";
    if (statuses[status])
        return statuses[status];
    return state == GLM_INFINITE ? "separation: there is no finite estimate" : NULL;
}

void
fit_put_wald(struct fit *f, json_t *figure, double value, double se, double df)
{
    const double half = (1 - f->options->level) / 2;
    const double reach =
        isnan(df) ? dist_normal_z(f->options->level) : dist_t_q(half, df, DIST_UPPER);
    const double z = value / se;

    fit_put_estimate(f, figure, (struct estimate){value, value - reach * se, value + reach * se});
    fit_put(figure, "se", se);
    fit_put(figure, "statistic", z);
    if (!isnan(df))
        fit_put(figure, "df", df);
    fit_put(figure, "p",
            2 * (isnan(df) ? dist_normal_p(fabs(z), 0, 1, DIST_UPPER)
                           : dist_t_p(fabs(z), df, DIST_UPPER)));
}

static void
put_coefficients(struct fit *f, const struct design *d, const struct glm_fit *fit,
                 struct fit_reading how)
{
    const double spread = how.quasi ? sqrt(fit->dispersion) : 1;
    const bool usable = fit->status == GLM_CONVERGED;

    for (size_t c = 0; c < d->columns; c++) {
        const struct fit_subject about = {.term = d->name[c]};
        json_t *const figure = fit_figure(f, "coefficient", how.method, about);

        fit_put_wald(f, figure, usable ? fit->beta[c] : NAN, usable ? fit->se[c] * spread : NAN,
                     how.quasi ? fit->df : NAN);
        fit_note(figure,
                 fit_why_not(fit->status, fit->state[c])
                     ? fit_why_not(fit->status, fit->state[c])
                     : "as many coefficients as rows: the dispersion is not defined",
                 NULL);
    }
}

static void
put_number(struct fit *f, const char *name, struct fit_reading how, double value, double df,
           const char *why)
{
    json_t *const figure = fit_figure(f, name, how.method, (struct fit_subject){0});

    fit_put(figure, "value", value);
    if (!isnan(df))
        fit_put(figure, "df", df);
    fit_note(figure, why, NULL);
}

void
fit_put_regression(struct fit *f, const struct design *d, const struct glm_fit *fit,
                   struct fit_reading how)
{
    const char *const why = fit_why_not(fit->status, GLM_ESTIMATED);

    put_coefficients(f, d, fit, how);
    put_number(f, "deviance", how, fit->deviance, fit->df, why);
    put_number(f, "null-deviance", how, fit->null_deviance, fit->null_df, why);
    put_number(f, "dispersion", how, fit->dispersion, fit->df,
               why ? why : "as many coefficients as rows");
    if (how.family == GLM_NEGATIVE_BINOMIAL) {
        json_t *const theta = fit_figure(f, "theta", how.method, (struct fit_subject){0});

        fit_put(theta, "value", fit->theta);
        fit_put(theta, "se", fit->theta_se);
        fit_note(theta,
                 why ? why
                     : "the counts scatter no more than Poisson counts: theta is infinite, and the "
                       "coefficients are those of the Poisson model",
                 NULL);
    }
    if (!how.quasi) {
        put_number(f, "log-likelihood", how, fit->log_likelihood, NAN, why);
        put_number(f, "aic", how, glm_aic(fit, how.family), NAN, why);
    }
    fit_put(f->diagnostics, "rows", fit->rows);
    fit_put(f->diagnostics, "rows_left_out", (double)f->cells->rows_read - fit->rows);
    fit_put(f->diagnostics, "rows_separated", fit->separated);
    fit_put(f->diagnostics, "cells", (double)d->cells);
    fit_put(f->diagnostics, "rank", fit->rank);
    fit_put(f->diagnostics, "iterations", fit->iterations);
    f->converged = fit->status == GLM_CONVERGED;
}
