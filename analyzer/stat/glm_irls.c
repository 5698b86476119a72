/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Newton's steps (Fisher scoring) with halving. When the deviance has settled, some steps more
 * tell whether the maximum is finite: there it moves nothing, but an observation at the end of its
 * range whose mean runs there moves on by about 1 in every step, for ever.
 */
#include "analyzer/stat/glm_irls.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 60, MOST_HALVINGS = 30, MOST_ROUNDS = 20, LAST_STEPS = 12 };

static const double SETTLED = 1e-8;      /* relative change of the deviance, as in R */
static const double STANDS_STILL = 1e-9; /* step of a linear predictor */
static const double RUNS_AWAY = 0.3;     /* the same, after LAST_STEPS */
static const double ARRIVED = 1e-7;      /* deviance of an observation */
static const double LEAST_WEIGHT = 1e-280;

struct glm_irls *
glm_irls_new(struct arena *a, const struct design *d, const struct glm_observations *of)
{
    struct glm_irls *const g = arena_alloc(a, sizeof *g);

    g->design = d;
    g->of = of;
    g->inside = arena_array(a, of->count, sizeof *g->inside);
    memset(g->inside, 1, of->count * sizeof *g->inside);
    g->eta = arena_array(a, of->count, sizeof *g->eta);
    g->beta = arena_array(a, d->dense + 1, sizeof *g->beta);
    g->old_beta = arena_array(a, d->dense + 1, sizeof *g->old_beta);
    g->level = arena_array(a, d->levels + 1, sizeof *g->level);
    g->old_level = arena_array(a, d->levels + 1, sizeof *g->old_level);
    g->cell_eta = arena_array(a, d->cells, sizeof *g->cell_eta);
    g->cell_weight = arena_array(a, d->cells, sizeof *g->cell_weight);
    g->cell_response = arena_array(a, d->cells, sizeof *g->cell_response);
    g->level_weight = arena_array(a, d->levels + 1, sizeof *g->level_weight);
    g->level_response = arena_array(a, d->levels + 1, sizeof *g->level_response);
    g->level_x = arena_array(a, d->levels * d->dense + 1, sizeof *g->level_x);
    g->scale = arena_array(a, d->dense + 1, sizeof *g->scale);
    g->stack = linear_stack_new(a, d->dense);
    g->solution = linear_solution_new(a, d->dense);
    g->shape = linear_solution_new(a, d->dense);
    g->undetermined = arena_array(a, d->dense + 1, sizeof *g->undetermined);
    return g;
}

static struct glm_observation
observation(const struct glm_irls *g, size_t i)
{
    return (struct glm_observation){g->of->y[i], g->of->m[i], g->of->weight[i]};
}

void
glm_irls_start(struct glm_irls *g, struct glm_law law)
{
    for (size_t i = 0; i < g->of->count; i++)
        g->eta[i] = glm_start(law, observation(g, i)) - g->of->offset[i];
}

/* ---- one weighted least-squares step ---- */

/* Weight and working response of each cell: sums over its observations. */
static void
sum_cells(struct glm_irls *g)
{
    const struct design *const d = g->design;

    memset(g->cell_weight, 0, d->cells * sizeof *g->cell_weight);
    memset(g->cell_response, 0, d->cells * sizeof *g->cell_response);
    for (size_t i = 0; i < g->of->count; i++) {
        if (!g->inside[i])
            continue;

        const struct glm_mean at = glm_mean_at(g->law, g->eta[i] + g->of->offset[i], g->of->m[i]);
        const double w = g->of->weight[i] * at.slope * (at.slope / at.variance);

        if (!(w > LEAST_WEIGHT))
            continue;
        g->cell_weight[g->of->cell[i]] += w;
        g->cell_response[g->of->cell[i]] += w * (g->eta[i] + (g->of->y[i] - at.mean) / at.slope);
    }
    for (size_t c = 0; c < d->cells; c++)
        if (g->cell_weight[c] > 0)
            g->cell_response[c] /= g->cell_weight[c];
}

/* Means of columns and response in each level of the eliminated factor. */
static void
average_levels(struct glm_irls *g)
{
    const struct design *const d = g->design;
    const size_t p = d->dense;

    memset(g->level_weight, 0, d->levels * sizeof *g->level_weight);
    memset(g->level_response, 0, d->levels * sizeof *g->level_response);
    memset(g->level_x, 0, d->levels * p * sizeof *g->level_x);
    for (size_t c = 0; c < d->cells; c++) {
        const double w = g->cell_weight[c];
        const size_t l = d->level[c];

        if (!(w > 0))
            continue;
        g->level_weight[l] += w;
        g->level_response[l] += w * g->cell_response[c];
        for (size_t j = 0; j < p; j++)
            g->level_x[l * p + j] += w * d->x[c * p + j];
    }
    for (size_t l = 0; l < d->levels; l++) {
        if (!(g->level_weight[l] > 0))
            continue;
        g->level_response[l] /= g->level_weight[l];
        for (size_t j = 0; j < p; j++)
            g->level_x[l * p + j] /= g->level_weight[l];
    }
}

static double
product(const double *a, const double *b, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Stacks the cells by their weights, solves, and leaves out what `skip` says. */
static bool
solve_cells(struct glm_irls *g, const bool *skip, struct linear_solution *out)
{
    const struct design *const d = g->design;
    const size_t p = d->dense;

    if (d->levels > 0)
        average_levels(g);
    linear_stack_clear(g->stack);
    memset(g->scale, 0, p * sizeof *g->scale);
    for (size_t c = 0; c < d->cells; c++) {
        const double w = g->cell_weight[c];
        const double *const x = d->x + c * p;

        if (!(w > 0))
            continue;
        for (size_t j = 0; j < p; j++)
            g->scale[j] += w * x[j] * x[j];
        if (d->levels > 0)
            linear_stack_add(g->stack, x, g->level_x + d->level[c] * p,
                             g->cell_response[c] - g->level_response[d->level[c]], sqrt(w));
        else
            linear_stack_add(g->stack, x, NULL, g->cell_response[c], sqrt(w));
    }
    for (size_t j = 0; j < p; j++)
        g->scale[j] = sqrt(g->scale[j]);
    return linear_solve_without(g->stack, g->scale, skip, out);
}

static bool
solve(struct glm_irls *g)
{
    const struct design *const d = g->design;

    sum_cells(g);
    if (!solve_cells(g, g->undetermined, g->solution))
        return false;
    memcpy(g->beta, g->solution->beta, d->dense * sizeof *g->beta);
    for (size_t l = 0; l < d->levels; l++)
        g->level[l] = g->level_response[l] - product(g->level_x + l * d->dense, g->beta, d->dense);
    return true;
}

/* Which columns the cells determine is asked with a weight of 1 for each: weights near 0, as
 * separated rows have, would hide it in rounding. */
static bool
examine(struct glm_irls *g, struct arena *a)
{
    const struct design *const d = g->design;

    memset(g->cell_weight, 0, d->cells * sizeof *g->cell_weight);
    memset(g->cell_response, 0, d->cells * sizeof *g->cell_response);
    for (size_t o = 0; o < g->of->count; o++)
        if (g->inside[o])
            g->cell_weight[g->of->cell[o]] = 1;
    if (!solve_cells(g, g->aliased, g->shape))
        return false;
    for (size_t i = 0; i < d->dense - g->shape->rank; i++)
        g->undetermined[g->shape->left_out[i]] = true;
    if (!g->aliased) {
        g->aliased = arena_array(a, d->dense + 1, sizeof *g->aliased);
        memcpy(g->aliased, g->undetermined, d->dense * sizeof *g->aliased);
    }
    return true;
}

/* ---- iterations ---- */

/* The linear predictors of beta and level, and their deviance. */
static double
evaluate(struct glm_irls *g)
{
    const struct design *const d = g->design;
    double sum = 0;

    linear_predict(d->x, d->cells, d->dense, g->beta, g->cell_eta);
    for (size_t c = 0; c < d->cells && d->levels > 0; c++)
        g->cell_eta[c] += g->level[d->level[c]];
    for (size_t i = 0; i < g->of->count; i++)
        if (g->inside[i])
            sum += glm_deviance(g->law, g->cell_eta[g->of->cell[i]] + g->of->offset[i],
                                observation(g, i));
    return sum;
}

static void
accept(struct glm_irls *g)
{
    for (size_t i = 0; i < g->of->count; i++)
        g->eta[i] = g->cell_eta[g->of->cell[i]];
    memcpy(g->old_beta, g->beta, g->design->dense * sizeof *g->beta);
    memcpy(g->old_level, g->level, g->design->levels * sizeof *g->level);
}

static void
halve(struct glm_irls *g)
{
    for (size_t j = 0; j < g->design->dense; j++)
        g->beta[j] = (g->beta[j] + g->old_beta[j]) / 2;
    for (size_t l = 0; l < g->design->levels; l++)
        g->level[l] = (g->level[l] + g->old_level[l]) / 2;
}

/* A step that does not raise the deviance; false when the numbers run out of range. The first step
 * has nothing to be halved towards. */
static bool
step(struct glm_irls *g, bool first)
{
    if (!solve(g))
        return false;

    double deviance = evaluate(g);

    for (int i = 0; !first && i < MOST_HALVINGS; i++) {
        if (isfinite(deviance) && deviance <= g->deviance + SETTLED * (fabs(g->deviance) + 0.1))
            break;
        halve(g);
        deviance = evaluate(g);
    }
    g->deviance = deviance;
    g->iterations++;
    return isfinite(deviance);
}

static enum glm_status
settle(struct glm_irls *g)
{
    double before = INFINITY;

    for (int i = 0; i < MOST_STEPS; i++) {
        if (!step(g, i == 0))
            return GLM_NOT_FINITE;
        accept(g);
        if (fabs(g->deviance - before) < SETTLED * (fabs(g->deviance) + 0.1))
            return GLM_CONVERGED;
        before = g->deviance;
    }
    return GLM_MOST_ITERATIONS;
}

/* One full step; the largest move of a linear predictor, or NaN when the numbers ran out of
 * range. */
static double
move(struct glm_irls *g)
{
    double most = 0;

    if (!step(g, false))
        return NAN;
    for (size_t o = 0; o < g->of->count; o++)
        if (g->inside[o])
            most = fmax(most, fabs(g->cell_eta[g->of->cell[o]] - g->eta[o]));
    return most;
}

/* Drops the observations that this step took further out; when there are any, also those that have
 * arrived there. */
static size_t
drop(struct glm_irls *g)
{
    size_t dropped = 0;

    for (int pass = 0; pass < 2 && (pass == 0 || dropped > 0); pass++)
        for (size_t o = 0; o < g->of->count; o++) {
            const struct glm_observation of = observation(g, o);
            const double way_out = glm_boundary(g->law, of);
            const double eta = g->cell_eta[g->of->cell[o]];

            if (!g->inside[o] || way_out == 0)
                continue;
            if (pass == 0 ? way_out * (eta - g->eta[o]) > RUNS_AWAY
                          : glm_deviance(g->law, eta + g->of->offset[o], of) < ARRIVED) {
                g->inside[o] = false;
                dropped++;
            }
        }
    g->separated += dropped;
    return dropped;
}

/* Steps to the last digits. What moves on after that is dropped. */
static enum glm_status
finish(struct glm_irls *g, size_t *dropped)
{
    double moved = INFINITY;

    *dropped = 0;
    for (int i = 0; i < LAST_STEPS && moved > STANDS_STILL; i++) {
        moved = move(g);
        if (isnan(moved))
            return GLM_NOT_FINITE;
        if (i + 1 == LAST_STEPS && moved > STANDS_STILL)
            *dropped = drop(g);
        accept(g);
    }
    return moved < RUNS_AWAY || *dropped > 0 ? GLM_CONVERGED : GLM_MOST_ITERATIONS;
}

enum glm_status
glm_irls_run(struct glm_irls *g, struct glm_law law, struct arena *a)
{
    g->law = law;
    if (!g->aliased && !examine(g, a))
        return GLM_NOT_FINITE;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        enum glm_status status = settle(g);
        size_t dropped;

        if (status != GLM_CONVERGED)
            return status;
        if ((status = finish(g, &dropped)) != GLM_CONVERGED)
            return status;
        if (dropped == 0)
            return GLM_CONVERGED;
        if (g->separated == g->of->count)
            return GLM_SEPARATED;
        if (!examine(g, a))
            return GLM_NOT_FINITE;
    }
    return GLM_MOST_ITERATIONS;
}
