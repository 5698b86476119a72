/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The dual of entropy balancing: f(l) = log sum n0 exp(l'x) - l'm is convex, its gradient is the
 * difference between the weighted means and the team's means m, its Hessian their covariance.
 */
#include "analyzer/stat/balance.h"

#include "analyzer/stat/linear.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 200, MOST_HALVINGS = 40 };

/* Largest difference of means that counts as none, and the exponent beyond which there is no
 * solution: weights of exp(-200) have long gone. */
static const double EXACT = 1e-11;
static const double LARGEST_EXPONENT = 200;

/* ---- frame ---- */

/* The factors of a formula, of which the base level is looked at too. */
static const struct design_variable *
factor_of(const struct formula_variable *v, const struct design_data *data)
{
    for (size_t i = 0; i < data->variable_count; i++) {
        const struct design_variable *const d = &data->variables[i];

        if (strcmp(d->name, v->name) == 0)
            return v->kind == FORMULA_FACTOR || (v->kind == FORMULA_PLAIN && d->is_factor) ? d
                                                                                           : NULL;
    }
    return NULL;
}

/* Mean and deviation of a column of numbers; 0 and 1 for a binary one, which stays as it is. */
static void
scale_of(const struct design *d, size_t j, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    bool binary = true;

    for (size_t c = 0; c < d->cells; c++) {
        const double x = d->x[c * d->dense + j];

        binary = binary && (x == 0 || x == 1);
        sum += x;
    }
    *mean = binary ? 0 : sum / (double)d->cells;
    for (size_t c = 0; c < d->cells; c++) {
        const double x = d->x[c * d->dense + j] - *mean;

        squares += x * x;
    }
    *sd = binary || squares == 0 ? 1 : sqrt(squares / (double)d->cells);
}

/* Puts the columns of the design and the base levels into rows of what is not zero. */
static void
compress(struct arena *a, const struct design *d, const struct design_variable *const *bases,
         struct balance_frame *f)
{
    double *const mean = arena_array(a, d->dense, sizeof *mean);
    double *const sd = arena_array(a, d->dense, sizeof *sd);
    size_t room = d->cells * (f->columns - f->balanced), used = 0;

    for (size_t j = 1; j < d->dense; j++) {
        scale_of(d, j, &mean[j], &sd[j]);
        f->is_binary[j - 1] = mean[j] == 0 && sd[j] == 1;
    }
    for (size_t i = 0; i < d->cells; i++)
        for (size_t j = 1; j < d->dense; j++)
            room += d->x[i * d->dense + j] != mean[j];
    f->column = arena_array(a, room + 1, sizeof *f->column);
    f->value = arena_array(a, room + 1, sizeof *f->value);
    for (size_t i = 0; i < d->cells; i++) {
        f->start[i] = used;
        for (size_t j = 1; j < d->dense; j++)
            if (d->x[i * d->dense + j] != mean[j]) {
                f->column[used] = j - 1;
                f->value[used++] = (d->x[i * d->dense + j] - mean[j]) / sd[j];
            }
        for (size_t j = f->balanced; j < f->columns; j++)
            if (bases[j - f->balanced]->code[f->row_of_cell[i]] == 0) {
                f->column[used] = j;
                f->value[used++] = 1;
            }
    }
    f->start[d->cells] = used;
}

static size_t *
rows_of_cells(struct arena *a, const struct design *d)
{
    size_t *const row = arena_array(a, d->cells, sizeof *row);

    for (size_t r = d->rows; r-- > 0;)
        row[d->cell[r]] = r;
    return row;
}

static bool
build(struct arena *a, const char *text, const struct design_data *data, struct formula *formula,
      struct design *d, struct err *e)
{
    if (!formula_parse(a, text, formula, e))
        return false;
    if (!formula->intercept) {
        err_set(e, ERR_USAGE, "the formula takes the intercept out");
        return err_hint(e, "name the covariates only: 'place + hour'");
    }
    return design_build(a, formula, data, false, d, e);
}

struct balance_frame *
balance_frame_new(struct arena *a, const char *text, const struct design_data *data, struct err *e)
{
    struct balance_frame *const f = arena_alloc(a, sizeof *f);
    struct formula *const formula = arena_alloc(a, sizeof *formula);
    const struct design_variable *bases[FORMULA_MOST_VARIABLES];
    struct design d = {0};

    if (!build(a, text, data, formula, &d, e))
        return NULL;
    *f = (struct balance_frame){
        .cells = d.cells,
        .balanced = d.dense - 1,
        .columns = d.dense - 1,
        .name = arena_array(a, d.dense + FORMULA_MOST_VARIABLES, sizeof *f->name),
        .cell = d.cell,
        .start = arena_array(a, d.cells + 1, sizeof *f->start),
        .is_binary = arena_array(a, d.dense + FORMULA_MOST_VARIABLES, sizeof *f->is_binary),
        .formula = text,
        .data = data,
        .row_of_cell = rows_of_cells(a, &d),
    };
    for (size_t j = 1; j < d.dense; j++)
        f->name[j - 1] = d.name[j];
    for (size_t v = 0; v < formula->variable_count; v++) {
        const struct design_variable *const base = factor_of(&formula->variables[v], data);

        if (!base)
            continue;
        bases[f->columns - f->balanced] = base;
        f->is_binary[f->columns] = true;
        f->name[f->columns++] =
            arena_printf(a, "%s%s", formula->variables[v].label, base->level[0]);
    }
    compress(a, &d, bases, f);
    return f;
}

/* ---- means ---- */

/* Weighted means of the first `columns` columns; weights by cell. */
static void
means_of(const struct balance_frame *f, const double *weight, size_t columns, double *mean)
{
    double sum = 0;

    memset(mean, 0, columns * sizeof *mean);
    for (size_t c = 0; c < f->cells; c++) {
        if (weight[c] == 0)
            continue;
        sum += weight[c];
        for (size_t i = f->start[c]; i < f->start[c + 1]; i++)
            if (f->column[i] < columns)
                mean[f->column[i]] += weight[c] * f->value[i];
    }
    for (size_t j = 0; j < columns; j++)
        mean[j] /= sum;
}

/* Standard deviations about the means. */
static void
deviations_of(const struct balance_frame *f, const double *weight, const double *mean, double *sd)
{
    double sum = 0;

    memset(sd, 0, f->columns * sizeof *sd);
    for (size_t c = 0; c < f->cells; c++) {
        sum += weight[c];
        for (size_t i = f->start[c]; i < f->start[c + 1]; i++)
            sd[f->column[i]] += weight[c] * f->value[i] * f->value[i];
    }
    for (size_t j = 0; j < f->columns; j++) {
        const double variance =
            f->is_binary[j] ? mean[j] * (1 - mean[j]) : sd[j] / sum - mean[j] * mean[j];

        sd[j] = variance > 1e-14 * sd[j] / sum ? sqrt(variance) : 0;
    }
}

/* ---- the dual ---- */

struct dual {
    const struct balance_frame *frame;
    const double *n0;
    const double *target;
    double *lambda, *trial, *step;
    bool *is_movable;
    double *weight;  /* by cell, n0 in it; adds up to 1 */
    double *mean;    /* under the weights */
    double *moments; /* balanced x balanced: second moments, then the covariance */
    double *scale;
    struct linear_stack *stack;
    struct linear_solution *solution;
};

/* f at lambda, with the weights. Others' cells that may not have weight have n0 = 0. */
static double
value_at(struct dual *d, const double *lambda)
{
    const struct balance_frame *const f = d->frame;
    double largest = -INFINITY, sum = 0, value = 0;

    for (size_t c = 0; c < f->cells; c++) {
        double exponent = 0;

        if (d->n0[c] == 0)
            continue;
        for (size_t i = f->start[c]; i < f->start[c + 1]; i++)
            if (f->column[i] < f->balanced)
                exponent += lambda[f->column[i]] * f->value[i];
        d->weight[c] = exponent;
        largest = fmax(largest, exponent);
    }
    for (size_t c = 0; c < f->cells; c++) {
        d->weight[c] = d->n0[c] > 0 ? d->n0[c] * exp(d->weight[c] - largest) : 0;
        sum += d->weight[c];
    }
    for (size_t c = 0; c < f->cells; c++)
        d->weight[c] /= sum;
    for (size_t j = 0; j < f->balanced; j++)
        value += lambda[j] * d->target[j];
    return largest + log(sum) - value;
}

/* Newton's step from the present weights; columns that do not vary stay. False when it cannot be
 * computed. */
static bool
find_step(struct dual *d)
{
    const struct balance_frame *const f = d->frame;
    const size_t p = f->balanced;

    memset(d->moments, 0, p * p * sizeof *d->moments);
    for (size_t c = 0; c < f->cells; c++)
        for (size_t i = f->start[c]; d->weight[c] > 0 && i < f->start[c + 1]; i++)
            for (size_t j = f->start[c]; j < f->start[c + 1]; j++)
                if (f->column[i] < p && f->column[j] < p)
                    d->moments[f->column[i] * p + f->column[j]] +=
                        d->weight[c] * f->value[i] * f->value[j];
    linear_stack_clear(d->stack);
    for (size_t i = 0; i < p; i++)
        d->scale[i] = d->moments[i * p + i];
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++)
            d->moments[i * p + j] -= d->mean[i] * d->mean[j];
        linear_stack_add(d->stack, d->moments + i * p, NULL, d->target[i] - d->mean[i], 1);
    }
    if (!linear_solve(d->stack, d->scale, d->solution))
        return false;
    memcpy(d->step, d->solution->beta, p * sizeof *d->step);
    return true;
}

/* Columns that vary among the others at the outset: weights can move their means. */
static void
find_movable(struct dual *d)
{
    for (size_t i = 0; i < d->solution->rank; i++)
        d->is_movable[d->solution->kept[i]] = true;
}

static double
movable_gap(const struct dual *d)
{
    double gap = 0;

    for (size_t j = 0; j < d->frame->balanced; j++)
        if (d->is_movable[j])
            gap = fmax(gap, fabs(d->mean[j] - d->target[j]));
    return gap;
}

/* Goes along the step as far as f falls. False when it does not fall at all. */
static bool
walk(struct dual *d, double *value)
{
    const size_t p = d->frame->balanced;
    double slope = 0;

    for (size_t j = 0; j < p; j++)
        slope += (d->mean[j] - d->target[j]) * d->step[j];
    for (int half = 0; half < MOST_HALVINGS; half++) {
        const double length = ldexp(1, -half);

        for (size_t j = 0; j < p; j++)
            d->trial[j] = d->lambda[j] + length * d->step[j];

        const double next = value_at(d, d->trial);

        /* near the end the fall is lost in rounding: a full step is then as good as any */
        if (next <= *value + 1e-4 * length * slope + 1e-14 * (1 + fabs(*value))) {
            memcpy(d->lambda, d->trial, p * sizeof *d->lambda);
            *value = next;
            return true;
        }
    }
    return false;
}

static bool
is_far(const struct dual *d)
{
    for (size_t j = 0; j < d->frame->balanced; j++)
        if (!(fabs(d->lambda[j]) < LARGEST_EXPONENT)) /* NaN too */
            return true;
    return false;
}

static enum balance_status
minimise(struct dual *d, int *iterations)
{
    double value = value_at(d, d->lambda);

    for (*iterations = 0; *iterations < MOST_STEPS; ++*iterations) {
        means_of(d->frame, d->weight, d->frame->balanced, d->mean);
        if (!find_step(d) || is_far(d))
            return BALANCE_NO_OVERLAP;
        if (*iterations == 0)
            find_movable(d);
        if (movable_gap(d) < EXACT)
            return BALANCE_FOUND;
        if (!walk(d, &value))
            return BALANCE_NO_OVERLAP;
    }
    return BALANCE_NO_OVERLAP;
}

/* ---- result ---- */

/* The others' stops that may have weight: not those in a level where the team has none. */
static double *
eligible(struct arena *a, const struct balance_frame *f, const double *n0, const double *target)
{
    double *const n = arena_array(a, f->cells, sizeof *n);

    memcpy(n, n0, f->cells * sizeof *n);
    for (size_t c = 0; c < f->cells; c++)
        for (size_t i = f->start[c]; i < f->start[c + 1]; i++)
            if (f->is_binary[f->column[i]] && target[f->column[i]] == 0)
                n[c] = 0;
    return n;
}

static double
sum_of(const double *x, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += x[i];
    return sum;
}

/* (team - others) over the team's deviation, or the others' where the team has none. */
static double
standardised(double team, double others, double sd1, double sd0)
{
    const double sd = sd1 > 0 ? sd1 : sd0;
    const double gap = team - others;

    return sd > 0 ? gap / sd : fabs(gap) < EXACT ? 0 : copysign(INFINITY, gap);
}

static void
put_differences(struct arena *a, const struct balance_frame *f, struct balance_arms arms,
                const double *weights, struct balance *out)
{
    double *const mean1 = arena_array(a, f->columns + 1, sizeof *mean1);
    double *const mean0 = arena_array(a, f->columns + 1, sizeof *mean0);
    double *const weighted = arena_array(a, f->columns + 1, sizeof *weighted);
    double *const sd1 = arena_array(a, f->columns + 1, sizeof *sd1);
    double *const sd0 = arena_array(a, f->columns + 1, sizeof *sd0);

    means_of(f, arms.n1, f->columns, mean1);
    means_of(f, arms.n0, f->columns, mean0);
    deviations_of(f, arms.n1, mean1, sd1);
    deviations_of(f, arms.n0, mean0, sd0);
    if (weights)
        means_of(f, weights, f->columns, weighted);
    for (size_t j = 0; j < f->columns; j++) {
        out->before[j] = standardised(mean1[j], mean0[j], sd1[j], sd0[j]);
        out->after[j] = weights ? standardised(mean1[j], weighted[j], sd1[j], sd0[j]) : NAN;
        out->largest = weights ? fmax(out->largest, fabs(out->after[j])) : NAN;
    }
}

static void
put_weights(const struct balance_frame *f, struct balance_arms arms, const struct dual *d,
            struct balance *out)
{
    double squares = 0;

    for (size_t c = 0; c < f->cells; c++) {
        out->weight[c] = arms.n0[c] > 0 ? d->weight[c] / arms.n0[c] * out->n1 : 0;
        squares += arms.n0[c] * out->weight[c] * out->weight[c];
    }
    out->effective = out->n1 * out->n1 / squares;
}

void
balance_solve(struct arena *a, const struct balance_frame *f, struct balance_arms arms,
              struct balance *out)
{
    const size_t p = f->balanced;
    double *const target = arena_array(a, f->columns + 1, sizeof *target);

    *out = (struct balance){
        .status = BALANCE_EMPTY,
        .weight = arena_array(a, f->cells, sizeof *out->weight),
        .n1 = sum_of(arms.n1, f->cells),
        .n0 = sum_of(arms.n0, f->cells),
        .effective = NAN,
        .before = arena_array(a, f->columns + 1, sizeof *out->before),
        .after = arena_array(a, f->columns + 1, sizeof *out->after),
    };
    if (!(out->n1 > 0 && out->n0 > 0)) {
        for (size_t j = 0; j < f->columns; j++)
            out->before[j] = out->after[j] = NAN;
        out->largest = NAN;
        return;
    }
    means_of(f, arms.n1, f->columns, target);

    struct arena *const own = arena_child(a);
    struct dual d = {
        .frame = f,
        .n0 = eligible(own, f, arms.n0, target),
        .target = target,
        .lambda = arena_array(own, p + 1, sizeof *d.lambda),
        .trial = arena_array(own, p + 1, sizeof *d.trial),
        .step = arena_array(own, p + 1, sizeof *d.step),
        .is_movable = arena_array(own, p + 1, sizeof *d.is_movable),
        .weight = arena_array(own, f->cells, sizeof *d.weight),
        .mean = arena_array(own, p + 1, sizeof *d.mean),
        .moments = arena_array(own, p * p + 1, sizeof *d.moments),
        .scale = arena_array(own, p + 1, sizeof *d.scale),
        .stack = linear_stack_new(own, p),
        .solution = linear_solution_new(own, p),
    };

    out->status = sum_of(d.n0, f->cells) > 0 ? minimise(&d, &out->iterations) : BALANCE_NO_OVERLAP;
    if (out->status == BALANCE_FOUND)
        put_weights(f, arms, &d, out);
    put_differences(own, f, arms, out->status == BALANCE_FOUND ? d.weight : NULL, out);
    arena_free(own);
}
