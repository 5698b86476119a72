/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From the solution of the last step to coefficients as R names them. A direction along which
 * nothing that is left changes (a written column that became a combination of others, a level that
 * lost all its rows) makes every coefficient that moves along it infinite.
 */
#include "analyzer/stat/glm_irls.h"

#include <math.h>
#include <string.h>

static const double MOVES = 1e-7;

/* A direction: how much each written column's coefficient and each level's effect moves along it.
 */
struct direction {
    double *dense, *level;
};

/* Direction number i of a solution: the left-out column against its combination. */
static void
direction_of(const struct glm_irls *g, const struct linear_solution *s, size_t i,
             struct direction *v)
{
    const struct design *const d = g->design;

    for (size_t j = 0; j < d->dense; j++)
        v->dense[j] = -s->combination[i * d->dense + j];
    v->dense[s->left_out[i]] = 1;
    for (size_t l = 0; l < d->levels; l++) {
        v->level[l] = 0;
        for (size_t j = 0; j < d->dense; j++)
            v->level[l] -= g->level_x[l * d->dense + j] * v->dense[j];
    }
}

static bool
lost(const struct glm_irls *g, size_t level)
{
    return !(g->level_weight[level] > 0);
}

/* Marks what moves along a direction. */
static void
mark(const struct glm_irls *g, const struct direction *v, struct glm_fit *out)
{
    const struct design *const d = g->design;

    for (size_t j = 0; j < d->dense; j++)
        if (fabs(v->dense[j]) > MOVES)
            out->state[d->column[j]] = GLM_INFINITE;
    if (d->levels == 0)
        return;
    if (fabs(v->level[0]) > MOVES)
        out->state[0] = GLM_INFINITE;
    for (size_t l = 1; l < d->levels; l++)
        if (fabs(v->level[l] - v->level[0]) > MOVES)
            out->state[d->first + l - 1] = GLM_INFINITE;
}

/* Marks what moves when a column moves that a solution left out, those `known` apart. */
static void
mark_left_out(const struct glm_irls *g, const struct linear_solution *s, const bool *known,
              struct direction *v, struct glm_fit *out)
{
    for (size_t i = 0; i < s->columns - s->rank; i++) {
        if (known[s->left_out[i]])
            continue;
        direction_of(g, s, i, v);
        mark(g, v, out);
    }
}

static void
put_states(const struct glm_irls *g, struct arena *a, struct glm_fit *out)
{
    const struct design *const d = g->design;
    struct direction v = {
        .dense = arena_array(a, d->dense + 1, sizeof *v.dense),
        .level = arena_array(a, d->levels + 1, sizeof *v.level),
    };

    mark_left_out(g, g->shape, g->aliased, &v, out);
    /* what only the weights do not determine any more: should there be any */
    mark_left_out(g, g->solution, g->undetermined, &v, out);
    memset(v.dense, 0, d->dense * sizeof *v.dense);
    for (size_t l = 0; l < d->levels; l++) {
        memset(v.level, 0, d->levels * sizeof *v.level);
        v.level[l] = 1;
        if (lost(g, l))
            mark(g, &v, out);
    }
    for (size_t j = 0; j < d->dense; j++)
        if (g->aliased[j])
            out->state[d->column[j]] = GLM_ALIASED;
}

static void
put_level(const struct glm_irls *g, size_t column, size_t level, double *work, struct glm_fit *out)
{
    const size_t p = g->design->dense;
    double *const x = work + p;
    double variance = 1 / g->level_weight[level];

    memcpy(x, g->level_x + level * p, p * sizeof *x);
    out->beta[column] = g->level[level];
    if (level > 0) {
        for (size_t j = 0; j < p; j++)
            x[j] -= g->level_x[j];
        out->beta[column] -= g->level[0];
        variance += 1 / g->level_weight[0];
    }
    out->se[column] = sqrt(variance + linear_form(g->solution->covariance, p, x, x, work));
}

void
glm_irls_report(struct glm_irls *g, struct arena *a, struct glm_fit *out)
{
    const struct design *const d = g->design;
    double *const work = arena_array(a, 2 * d->dense + 1, sizeof *work);

    out->rank = (double)d->levels;
    put_states(g, a, out);
    for (size_t j = 0; j < d->dense; j++) {
        out->beta[d->column[j]] = g->beta[j];
        out->se[d->column[j]] = sqrt(g->solution->covariance[j * d->dense + j]);
        out->rank += !g->aliased[j];
    }
    for (size_t l = 0; l < d->levels; l++)
        put_level(g, l == 0 ? 0 : d->first + l - 1, l, work, out);
    for (size_t c = 0; c < d->columns; c++)
        if (out->state[c] != GLM_ESTIMATED)
            out->beta[c] = out->se[c] = NAN;
    out->covariance = g->solution->covariance;
}
