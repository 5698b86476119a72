/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The outcome regression and its robust standard errors. Newton's steps over rows that are mostly
 * zeroes find the maximum where there is one; where they do not, glm says why. A number that is a
 * function of the coefficients with gradient g has the influence w (y - mean) z'u of each stop, A u
 * = g, A the regression's information: no covariance matrix is needed.
 */
#include "analyzer/stat/balance.h"

#include "analyzer/stat/cholesky.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/glm.h"

#include <math.h>
#include <string.h>

/* One regression; coefficients are those of intercept, team, and the frame's balanced columns. */
struct outcome {
    const struct balance_frame *frame;
    struct balance_arms arms;
    const double *weight;
    size_t size;      /* coefficients */
    bool *is_settled; /* cells of a level where all or none have the outcome, in both arms */
    double *mean1, *mean0;
    double *factor; /* size x size: of the information */
    bool *is_left_out;
};

/* ---- levels without variation ---- */

static double
weighted_n(const struct outcome *o, size_t c)
{
    return o->arms.n1[c] + o->weight[c] * o->arms.n0[c];
}

static double
weighted_k(const struct outcome *o, size_t c)
{
    return o->arms.k1[c] + o->weight[c] * o->arms.k0[c];
}

/* Settles cells in levels whose stops all have one outcome. True when there were any. */
static bool
settle_once(struct outcome *o, double *n, double *k, double *rest)
{
    const struct balance_frame *const f = o->frame;
    bool any = false;

    memset(n, 0, f->columns * sizeof *n);
    memset(k, 0, f->columns * sizeof *k);
    memset(rest, 0, f->columns * sizeof *rest);
    for (size_t c = 0; c < f->cells; c++)
        for (size_t i = f->start[c]; !o->is_settled[c] && i < f->start[c + 1]; i++) {
            n[f->column[i]] += weighted_n(o, c);
            k[f->column[i]] += weighted_k(o, c);
            rest[f->column[i]] +=
                o->arms.n1[c] - o->arms.k1[c] + o->weight[c] * (o->arms.n0[c] - o->arms.k0[c]);
        }
    for (size_t c = 0; c < f->cells; c++)
        for (size_t i = f->start[c]; i < f->start[c + 1]; i++) {
            const size_t j = f->column[i];

            if (o->is_settled[c] || !f->is_binary[j] || n[j] == 0 || (k[j] > 0 && rest[j] > 0))
                continue;
            o->is_settled[c] = any = true;
            o->mean1[c] = o->mean0[c] = k[j] > 0;
        }
    return any;
}

static void
settle(struct outcome *o, struct arena *a)
{
    double *const room = arena_array(a, 3 * o->frame->columns + 1, sizeof *room);

    while (settle_once(o, room, room + o->frame->columns, room + 2 * o->frame->columns))
        continue;
}

/* ---- rows that are mostly zeroes ---- */

/* z of a cell in one arm, as pairs of column and value, columns ascending. */
struct sparse {
    size_t count;
    size_t *column;
    double *value;
};

static void
row_of(const struct outcome *o, size_t c, bool team, struct sparse *z)
{
    const struct balance_frame *const f = o->frame;

    z->column[0] = 0;
    z->column[1] = 1;
    z->value[0] = 1;
    z->value[1] = team;
    z->count = 2;
    for (size_t i = f->start[c]; i < f->start[c + 1]; i++)
        if (f->column[i] < f->balanced) {
            z->column[z->count] = f->column[i] + 2;
            z->value[z->count++] = f->value[i];
        }
}

static struct sparse
sparse_new(struct arena *a, const struct outcome *o)
{
    return (struct sparse){0, arena_array(a, o->frame->columns + 2, sizeof(size_t)),
                           arena_array(a, o->frame->columns + 2, sizeof(double))};
}

/* One arm of a cell. */
struct arm {
    double n, k, weight, mean;
};

static struct arm
arm_of(const struct outcome *o, size_t c, bool team)
{
    return team ? (struct arm){o->arms.n1[c], o->arms.k1[c], 1, o->mean1[c]}
                : (struct arm){o->arms.n0[c], o->arms.k0[c], o->weight[c], o->mean0[c]};
}

/*
 * Adds the information of a cell, lower triangle: v1 z1 z1' + v0 z0 z0', where z1 is z0 with a 1
 * for the team. z is of the team.
 */
static void
add_information(const struct outcome *o, const struct sparse *z, double v1, double v0)
{
    for (size_t i = 0; i < z->count; i++)
        for (size_t j = 0; j <= i; j++) {
            const bool is_teams = z->column[i] == 1 || z->column[j] == 1;

            o->factor[z->column[i] * o->size + z->column[j]] +=
                (is_teams ? v1 : v1 + v0) * z->value[i] * z->value[j];
        }
}

/* The factor of the information at the present means. */
static bool
put_factor(struct outcome *o, struct sparse *z)
{
    memset(o->factor, 0, o->size * o->size * sizeof *o->factor);
    for (size_t c = 0; c < o->frame->cells; c++) {
        const struct arm one = arm_of(o, c, true), zero = arm_of(o, c, false);

        if (o->is_settled[c])
            continue;
        row_of(o, c, true, z);
        add_information(o, z, one.n * one.mean * (1 - one.mean),
                        zero.n * zero.weight * zero.mean * (1 - zero.mean));
    }
    return cholesky_factor(o->factor, o->size, o->is_left_out);
}

/* ---- the regression, when nothing is the matter ---- */

enum { QUICK_STEPS = 25 };

static const double SMALL_STEP = 1e-10;
static const double LARGE_COEFFICIENT = 30;

/* Means at beta, and the gradient of the log likelihood there. */
static void
put_gradient(struct outcome *o, struct sparse *z, const double *beta, double *gradient)
{
    memset(gradient, 0, o->size * sizeof *gradient);
    for (size_t c = 0; c < o->frame->cells; c++) {
        double eta = 0;

        if (o->is_settled[c])
            continue;
        row_of(o, c, true, z);
        for (size_t i = 0; i < z->count; i++)
            eta += z->value[i] * beta[z->column[i]];
        o->mean1[c] = 1 / (1 + exp(-eta));
        o->mean0[c] = 1 / (1 + exp(beta[1] - eta));

        const struct arm one = arm_of(o, c, true), zero = arm_of(o, c, false);
        const double g1 = one.k - one.n * one.mean;
        const double g0 = zero.weight * (zero.k - zero.n * zero.mean);

        for (size_t i = 0; i < z->count; i++)
            gradient[z->column[i]] += (z->column[i] == 1 ? g1 : g1 + g0) * z->value[i];
    }
}

static double
first_intercept(const struct outcome *o)
{
    double n = 0, k = 0;

    for (size_t c = 0; c < o->frame->cells; c++)
        if (!o->is_settled[c]) {
            n += weighted_n(o, c);
            k += weighted_k(o, c);
        }
    return log(k / (n - k));
}

/*
 * Newton's steps from no effects at all, over rows that are mostly zeroes: a fraction of glm's
 * work. False when they do not settle: then glm says why. A maximum that it reaches is the maximum.
 */
static bool
climb(struct outcome *o, struct arena *a, double *odds)
{
    struct sparse z = sparse_new(a, o);
    double *const beta = arena_array(a, 3 * o->size, sizeof *beta);
    double *const step = beta + o->size, *const gradient = step + o->size;

    beta[0] = first_intercept(o);
    for (int i = 0; i < QUICK_STEPS && isfinite(beta[0]); i++) {
        double largest = 0;

        put_gradient(o, &z, beta, gradient);
        if (!put_factor(o, &z) || o->is_left_out[1])
            return false;
        cholesky_solve(o->factor, o->size, o->is_left_out, gradient, step);
        for (size_t j = 0; j < o->size; j++) {
            beta[j] += step[j];
            largest = fmax(largest, fabs(step[j]));
            if (!(fabs(beta[j]) < LARGE_COEFFICIENT))
                return false;
        }
        if (largest < SMALL_STEP) {
            *odds = beta[1];
            return true;
        }
    }
    return false;
}

/* ---- the regression by glm, which says what is the matter ---- */

/* The rows of the regression: two arms per cell that is not settled. */
struct rows {
    size_t count;
    double *y, *trials, *weight;
    size_t *cell;
    size_t *team; /* code of the variable: 0, 1 */
};

static void
add_row(struct rows *r, size_t cell, size_t team, double n, double k, double weight)
{
    if (!(n > 0 && weight > 0))
        return;
    r->y[r->count] = k;
    r->trials[r->count] = n;
    r->weight[r->count] = weight;
    r->cell[r->count] = cell;
    r->team[r->count++] = team;
}

static struct rows
rows_of(struct arena *a, const struct outcome *o)
{
    const size_t room = 2 * o->frame->cells;
    struct rows r = {
        .y = arena_array(a, room, sizeof *r.y),
        .trials = arena_array(a, room, sizeof *r.trials),
        .weight = arena_array(a, room, sizeof *r.weight),
        .cell = arena_array(a, room, sizeof *r.cell),
        .team = arena_array(a, room, sizeof *r.team),
    };

    for (size_t c = 0; c < o->frame->cells; c++) {
        if (o->is_settled[c])
            continue;
        add_row(&r, c, 1, o->arms.n1[c], o->arms.k1[c], 1);
        add_row(&r, c, 0, o->arms.n0[c], o->arms.k0[c], o->weight[c]);
    }
    return r;
}

/* A variable over these rows, without the levels that none of them has: where the team has no stops
 * nobody has weight, and a level without rows has no effect that could be estimated. */
static struct design_variable
variable_of(struct arena *a, const struct balance_frame *f, const struct design_variable *whole,
            const struct rows *r)
{
    const char **const level = arena_array(a, whole->levels + 1, sizeof *level);
    double *const value = arena_array(a, whole->levels + 1, sizeof *value);
    size_t *const code = arena_array(a, r->count + 1, sizeof *code);
    size_t *const number = arena_array(a, whole->levels + 1, sizeof *number);
    size_t used = 0;

    for (size_t i = 0; i < r->count; i++)
        number[whole->code[f->row_of_cell[r->cell[i]]]] = 1;
    for (size_t l = 0; l < whole->levels; l++)
        if (number[l]) {
            level[used] = whole->level[l];
            value[used] = whole->number ? whole->number[l] : 0;
            number[l] = used++;
        }
    for (size_t i = 0; i < r->count; i++)
        code[i] = number[whole->code[f->row_of_cell[r->cell[i]]]];
    return (struct design_variable){
        whole->name, used, level, whole->number ? value : NULL, code, whole->is_factor};
}

/* The frame's variables over these rows, and the team. */
static struct design_data
variables_of(struct arena *a, const struct balance_frame *f, const struct rows *r)
{
    static const char *const level[] = {"0", "1"};
    static const double number[] = {0, 1};
    const size_t count = f->data->variable_count;
    struct design_variable *const list = arena_array(a, count + 1, sizeof *list);

    for (size_t v = 0; v < count; v++)
        list[v] = variable_of(a, f, &f->data->variables[v], r);
    list[count] = (struct design_variable){"unit", 2, level, number, r->team, false};
    return (struct design_data){r->count, list, count + 1, NULL};
}

/* Coefficients in the order of the frame: R's order is intercept, unit, covariates. */
static void
put_means(struct outcome *o, struct arena *a, const struct design *d, const struct rows *r,
          const struct glm_fit *fit)
{
    double *const eta = arena_array(a, d->cells + 1, sizeof *eta);
    const double team = fit->beta[1];

    design_predict(d, fit->beta, eta);
    for (size_t i = 0; i < r->count; i++) {
        const size_t c = r->cell[i];
        const double with = eta[d->cell[i]] + (r->team[i] == 1 ? 0 : team);

        o->mean1[c] = 1 / (1 + exp(-with));
        o->mean0[c] = 1 / (1 + exp(team - with));
    }
}

static enum balance_outcome
status_of(const struct glm_fit *fit)
{
    if (fit->status == GLM_SEPARATED)
        return BALANCE_SEPARATED;
    if (fit->status != GLM_CONVERGED)
        return BALANCE_NOT_CONVERGED;
    for (size_t j = 0; j < fit->columns; j++)
        if (fit->state[j] == GLM_INFINITE)
            return BALANCE_SEPARATED;
    return fit->state[1] == GLM_ESTIMATED ? BALANCE_ESTIMATED : BALANCE_SEPARATED;
}

/* ---- influence ---- */

/* The robust standard error of a number with this gradient. */
static double
robust_se(const struct outcome *o, struct arena *a, const double *gradient)
{
    double *const u = arena_array(a, o->size, sizeof *u);
    struct sparse z = sparse_new(a, o);
    double sum = 0;

    cholesky_solve(o->factor, o->size, o->is_left_out, gradient, u);
    for (size_t c = 0; c < o->frame->cells; c++)
        for (int team = 0; team <= 1; team++) {
            const struct arm arm = arm_of(o, c, team);
            double influence = 0;

            if (o->is_settled[c] || arm.n == 0 || arm.weight == 0)
                continue;
            row_of(o, c, team, &z);
            for (size_t i = 0; i < z.count; i++)
                influence += z.value[i] * u[z.column[i]];
            influence *= arm.weight;
            sum +=
                influence * influence *
                (arm.k * (1 - arm.mean) * (1 - arm.mean) + (arm.n - arm.k) * arm.mean * arm.mean);
        }
    return sqrt(sum);
}

/* ---- effects ---- */

/* Shares over the team's stops, and their gradients. */
static void
put_shares(const struct outcome *o, struct arena *a, double n1, double *share,
           double *const *gradient)
{
    struct sparse z = sparse_new(a, o);

    share[0] = share[1] = 0;
    for (size_t c = 0; c < o->frame->cells; c++)
        for (int team = 0; team <= 1 && o->arms.n1[c] > 0; team++) {
            const double mean = team ? o->mean1[c] : o->mean0[c];
            const double part = o->arms.n1[c] / n1;

            share[team] += part * mean;
            if (o->is_settled[c])
                continue;
            row_of(o, c, team, &z);
            for (size_t i = 0; i < z.count; i++)
                gradient[team][z.column[i]] += part * mean * (1 - mean) * z.value[i];
        }
}

static struct balance_effect
effect_of(double value, double se, double level, bool is_logarithm)
{
    const double reach = dist_normal_z(level) * se;
    const struct estimate plain = {value, value - reach, value + reach};

    return (struct balance_effect){
        .estimate = is_logarithm
                        ? (struct estimate){exp(plain.value), exp(plain.lower), exp(plain.upper)}
                        : plain,
        .se = se,
        .z = value / se,
        .p = 2 * dist_normal_p(fabs(value / se), 0, 1, DIST_UPPER),
    };
}

static void
put_effects(struct outcome *o, struct arena *a, double n1, double odds, double level,
            struct balance_effects *out)
{
    double *const gradient[2] = {arena_array(a, o->size, sizeof(double)),
                                 arena_array(a, o->size, sizeof(double))};
    double *const g = arena_array(a, o->size, sizeof *g);
    double share[2];

    struct sparse z = sparse_new(a, o);

    if (!put_factor(o, &z)) {
        out->status = BALANCE_NOT_CONVERGED;
        return;
    }
    put_shares(o, a, n1, share, gradient);
    for (size_t j = 0; j < o->size; j++)
        g[j] = gradient[1][j] - gradient[0][j];
    out->share1 = share[1];
    out->share0 = share[0];
    out->difference = effect_of(share[1] - share[0], robust_se(o, a, g), level, false);
    for (size_t j = 0; j < o->size; j++)
        g[j] = gradient[1][j] / share[1] - gradient[0][j] / share[0];
    out->ratio = effect_of(log(share[1] / share[0]), robust_se(o, a, g), level, true);
    memset(g, 0, o->size * sizeof *g);
    g[1] = 1;
    out->odds_ratio = effect_of(odds, robust_se(o, a, g), level, true);
}

static const struct balance_effect UNDEFINED = {{NAN, NAN, NAN}, NAN, NAN, NAN};

/* Why nothing is estimated, before any regression. */
static enum balance_outcome
first_status(const struct balance_frame *f, struct balance_arms arms, const struct balance *w)
{
    double k1 = 0, k0 = 0, n0 = 0;

    if (w->status != BALANCE_FOUND)
        return BALANCE_NO_WEIGHTS;
    if (!(w->largest < BALANCE_MOST_DIFFERENCE))
        return BALANCE_UNBALANCED;
    for (size_t c = 0; c < f->cells; c++) {
        k1 += arms.k1[c];
        k0 += w->weight[c] > 0 ? arms.k0[c] : 0;
        n0 += w->weight[c] > 0 ? arms.n0[c] : 0;
    }
    return k1 == 0 || k1 == w->n1 || k0 == 0 || k0 == n0 ? BALANCE_ONE_OUTCOME : BALANCE_ESTIMATED;
}

static bool
fit_by_glm(struct arena *a, struct outcome *o, double *odds, enum balance_outcome *status,
           struct err *e)
{
    struct formula *const formula = arena_alloc(a, sizeof *formula);
    const struct rows r = rows_of(a, o);
    const struct design_data columns = variables_of(a, o->frame, &r);
    const struct glm_data data = {
        .rows = r.count, .y = r.y, .trials = r.trials, .weight = r.weight};
    struct design design;
    struct glm_fit fit;

    if (!formula_parse(a, arena_printf(a, "unit + %s", o->frame->formula), formula, e) ||
        !glm_fit_formula(a, formula, &columns, &data, GLM_BINOMIAL, &design, &fit, e))
        return false;
    *status = status_of(&fit);
    if (*status != BALANCE_ESTIMATED)
        return true;
    put_means(o, a, &design, &r, &fit);
    *odds = fit.beta[1];
    return true;
}

static bool
estimate(struct arena *a, struct outcome *o, const struct balance *weights, double level,
         struct balance_effects *out, struct err *e)
{
    double odds;

    settle(o, a);
    if (!climb(o, a, &odds) && !fit_by_glm(a, o, &odds, &out->status, e))
        return false;
    if (out->status == BALANCE_ESTIMATED)
        put_effects(o, a, weights->n1, odds, level, out);
    return true;
}

bool
balance_effects(struct arena *a, const struct balance_frame *f, struct balance_arms arms,
                const struct balance *weights, double level, struct balance_effects *out,
                struct err *e)
{
    *out = (struct balance_effects){
        first_status(f, arms, weights), NAN, NAN, UNDEFINED, UNDEFINED, UNDEFINED};
    if (out->status != BALANCE_ESTIMATED)
        return true;

    struct arena *const own = arena_child(a);
    struct outcome o = {
        .frame = f,
        .arms = arms,
        .weight = weights->weight,
        .size = f->balanced + 2,
        .is_settled = arena_array(own, f->cells, sizeof *o.is_settled),
        .mean1 = arena_array(own, f->cells, sizeof *o.mean1),
        .mean0 = arena_array(own, f->cells, sizeof *o.mean0),
        .factor = arena_array(own, (f->balanced + 2) * (f->balanced + 2), sizeof *o.factor),
        .is_left_out = arena_array(own, f->balanced + 2, sizeof *o.is_left_out),
    };
    const bool done = estimate(own, &o, weights, level, out, e);

    arena_free(own);
    return done;
}
