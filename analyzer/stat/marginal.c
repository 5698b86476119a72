/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The fit is glm's; what is here is what comes after it: predictions for every group in every
 * pattern, their mean, and A u = g with A the information, which is summed over the few columns
 * that are not zero in a row. Levels without variation are settled before, as in balance_effect.c:
 * R's fitted probabilities of 0 and 1 there are the limit of the same thing.
 */
#include "analyzer/stat/marginal.h"

#include "analyzer/stat/cholesky.h"
#include "analyzer/stat/glm.h"

#include <math.h>
#include <string.h>

#define NO_LEVEL SIZE_MAX

struct model {
    const struct marginal_data *data;
    size_t *levels;   /* of each covariate, settled ones too */
    bool *is_settled; /* patterns */
    bool *is_extreme; /* groups */
    double *known;    /* share of settled patterns */
    size_t *group;    /* of each group its number in the fit, or NO_LEVEL */
    size_t **level;   /* the same of each covariate's levels */
    size_t *used;     /* levels in the fit; of groups at [covariates] */
    size_t *first;    /* of each covariate the column of its level 1, less 1 */
    size_t columns;
    double *beta; /* in the order of R: intercept, groups, covariates */
    double *information;
};

/* ---- what needs no fit ---- */

static bool
takes_part(const struct model *m, size_t pattern, size_t group)
{
    return !m->is_settled[pattern] && !m->is_extreme[group] &&
           m->data->n[pattern * m->data->groups + group] > 0;
}

/* Sums of those who take part: n and k by level of a covariate, or by group (covariate NO_LEVEL).
 */
static void
sum_levels(const struct model *m, size_t covariate, double *n, double *k)
{
    const struct marginal_data *const d = m->data;

    for (size_t p = 0; p < d->patterns; p++)
        for (size_t g = 0; g < d->groups; g++) {
            const size_t at = covariate == NO_LEVEL ? g : d->code[covariate][p];

            if (!takes_part(m, p, g))
                continue;
            n[at] += d->n[p * d->groups + g];
            k[at] += d->k[p * d->groups + g];
        }
}

/* Of everybody in a pattern. */
static double
own_share(const struct marginal_data *d, size_t pattern)
{
    double n = 0, k = 0;

    for (size_t g = 0; g < d->groups; g++) {
        n += d->n[pattern * d->groups + g];
        k += d->k[pattern * d->groups + g];
    }
    return n > 0 ? k / n : 0;
}

static bool
settle_covariate(struct model *m, size_t v, double *n, double *k)
{
    const struct marginal_data *const d = m->data;
    bool any = false;

    memset(n, 0, m->levels[v] * sizeof *n);
    memset(k, 0, m->levels[v] * sizeof *k);
    sum_levels(m, v, n, k);
    for (size_t p = 0; p < d->patterns; p++) {
        const size_t l = d->code[v][p];

        if (m->is_settled[p] || (n[l] > 0 && k[l] > 0 && k[l] < n[l]))
            continue;
        m->is_settled[p] = any = true;
        m->known[p] = n[l] > 0 ? k[l] / n[l] : own_share(d, p);
    }
    return any;
}

static bool
settle_groups(struct model *m, double *n, double *k)
{
    const size_t groups = m->data->groups;
    bool any = false;

    memset(n, 0, groups * sizeof *n);
    memset(k, 0, groups * sizeof *k);
    sum_levels(m, NO_LEVEL, n, k);
    for (size_t g = 0; g < groups; g++)
        if (!m->is_extreme[g] && !(k[g] > 0 && k[g] < n[g]))
            m->is_extreme[g] = any = true;
    return any;
}

static void
settle(struct model *m, struct arena *a)
{
    size_t most = m->data->groups;

    for (size_t v = 0; v < m->data->covariates; v++)
        most = m->levels[v] > most ? m->levels[v] : most;

    double *const n = arena_array(a, 2 * most, sizeof *n);

    for (bool any = true; any;) {
        any = settle_groups(m, n, n + most);
        for (size_t v = 0; v < m->data->covariates; v++)
            any = settle_covariate(m, v, n, n + most) || any;
    }
}

/* ---- the fit ---- */

/* Numbers what takes part from 0; NO_LEVEL for the rest. Returns how many there are. */
static size_t
number(struct arena *a, const bool *is_used, size_t count, size_t **out)
{
    size_t used = 0;

    *out = arena_array(a, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = is_used[i] ? used++ : NO_LEVEL;
    return used;
}

static void
number_levels(struct model *m, struct arena *a)
{
    const struct marginal_data *const d = m->data;

    m->level = arena_array(a, d->covariates + 1, sizeof *m->level);
    m->used = arena_array(a, d->covariates + 1, sizeof *m->used);
    m->first = arena_array(a, d->covariates + 1, sizeof *m->first);
    for (size_t v = 0; v <= d->covariates; v++) {
        const bool is_group = v == d->covariates;
        const size_t count = is_group ? d->groups : m->levels[v];
        bool *const is_used = arena_array(a, count, sizeof *is_used);

        for (size_t p = 0; p < d->patterns; p++)
            for (size_t g = 0; g < d->groups; g++)
                if (takes_part(m, p, g))
                    is_used[is_group ? g : d->code[v][p]] = true;
        m->used[v] = number(a, is_used, count, is_group ? &m->group : &m->level[v]);
    }
    m->columns = m->used[d->covariates];
    for (size_t v = 0; v < d->covariates; v++) {
        m->first[v] = m->columns - 1;
        m->columns += m->used[v] > 0 ? m->used[v] - 1 : 0;
    }
}

struct rows {
    size_t count;
    size_t *pattern, *group;
    double *y, *trials;
};

static struct rows
rows_of(const struct model *m, struct arena *a)
{
    const struct marginal_data *const d = m->data;
    size_t count = 0;

    for (size_t p = 0; p < d->patterns; p++)
        for (size_t g = 0; g < d->groups; g++)
            count += takes_part(m, p, g);

    struct rows r = {
        .pattern = arena_array(a, count, sizeof *r.pattern),
        .group = arena_array(a, count, sizeof *r.group),
        .y = arena_array(a, count, sizeof *r.y),
        .trials = arena_array(a, count, sizeof *r.trials),
    };

    for (size_t p = 0; p < d->patterns; p++)
        for (size_t g = 0; g < d->groups; g++)
            if (takes_part(m, p, g)) {
                r.pattern[r.count] = p;
                r.group[r.count] = g;
                r.y[r.count] = d->k[p * d->groups + g];
                r.trials[r.count++] = d->n[p * d->groups + g];
            }
    return r;
}

static struct design_variable
variable(struct arena *a, const char *name, size_t levels, const size_t *code)
{
    const char **const text = arena_array(a, levels, sizeof *text);

    for (size_t i = 0; i < levels; i++)
        text[i] = arena_printf(a, "%zu", i);
    return (struct design_variable){name, levels, text, NULL, code, true};
}

/* Group first, then the covariates that vary; their formula into *text. */
static struct design_data
variables_of(const struct model *m, struct arena *a, const struct rows *r, const char **text)
{
    const struct marginal_data *const d = m->data;
    struct design_variable *const list = arena_array(a, d->covariates + 1, sizeof *list);
    size_t count = 0;

    *text = "1";
    for (size_t i = 0; i <= d->covariates; i++) {
        const size_t v = i == 0 ? d->covariates : i - 1;
        size_t *const code = arena_array(a, r->count, sizeof *code);

        if (m->used[v] < 2)
            continue;
        for (size_t row = 0; row < r->count; row++)
            code[row] = i == 0 ? m->group[r->group[row]] : m->level[v][d->code[v][r->pattern[row]]];
        list[count] = variable(a, arena_printf(a, "v%zu", i), m->used[v], code);
        *text = arena_printf(a, "%s + %s", *text, list[count++].name);
    }
    return (struct design_data){r->count, list, count, NULL};
}

static enum marginal_status
status_of(const struct glm_fit *fit)
{
    if (fit->status == GLM_SEPARATED)
        return MARGINAL_SEPARATED;
    for (size_t j = 0; j < fit->columns; j++)
        if (fit->state[j] == GLM_INFINITE)
            return MARGINAL_SEPARATED;
    return fit->status == GLM_CONVERGED ? MARGINAL_DONE : MARGINAL_NOT_CONVERGED;
}

static bool
fit_model(struct model *m, struct arena *a, enum marginal_status *status, struct err *e)
{
    const struct rows r = rows_of(m, a);
    const char *text;
    const struct design_data columns = variables_of(m, a, &r, &text);
    const struct glm_data data = {.rows = r.count, .y = r.y, .trials = r.trials};
    struct formula *const formula = arena_alloc(a, sizeof *formula);
    struct design design;
    struct glm_fit fit;

    if (!formula_parse(a, text, formula, e) ||
        !glm_fit_formula(a, formula, &columns, &data, GLM_BINOMIAL, &design, &fit, e))
        return false;
    *status = status_of(&fit);
    if (*status != MARGINAL_DONE)
        return true;

    for (size_t j = 0; j < m->columns; j++)
        m->beta[j] = isnan(fit.beta[j]) ? 0 : fit.beta[j];
    return true;
}

/* ---- after the fit ---- */

/* Columns of a row that are not zero: intercept, group, covariates. Returns how many. */
static size_t
columns_of(const struct model *m, size_t pattern, size_t group, size_t *column)
{
    const size_t g = m->group[group];
    size_t count = 0;

    column[count++] = 0;
    if (g > 0)
        column[count++] = g;
    for (size_t v = 0; v < m->data->covariates; v++) {
        const size_t l = m->level[v][m->data->code[v][pattern]];

        if (l > 0)
            column[count++] = m->first[v] + l;
    }
    return count;
}

/* The fitted chance of a row whose columns these are. */
static double
chance(const struct model *m, const size_t *column, size_t count)
{
    double eta = 0;

    for (size_t i = 0; i < count; i++)
        eta += m->beta[column[i]];
    return 1 / (1 + exp(-eta));
}

static void
put_information(struct model *m, struct arena *a)
{
    const struct marginal_data *const d = m->data;
    size_t *const column = arena_array(a, d->covariates + 2, sizeof *column);

    m->information = arena_array(a, m->columns * m->columns, sizeof *m->information);
    for (size_t p = 0; p < d->patterns; p++)
        for (size_t g = 0; g < d->groups; g++) {
            if (!takes_part(m, p, g))
                continue;

            const size_t count = columns_of(m, p, g, column);
            const double share = chance(m, column, count);
            const double w = d->n[p * d->groups + g] * share * (1 - share);

            for (size_t i = 0; i < count; i++)
                for (size_t j = 0; j < count; j++)
                    m->information[column[i] * m->columns + column[j]] += w;
        }
}

static double
people_of(const struct marginal_data *d, size_t pattern)
{
    double sum = 0;

    for (size_t g = 0; g < d->groups; g++)
        sum += d->n[pattern * d->groups + g];
    return sum;
}

/* The standardised share of a group, and its gradient. */
static double
share_of(const struct model *m, struct arena *a, size_t group, double total, double *gradient)
{
    const struct marginal_data *const d = m->data;
    size_t *const column = arena_array(a, d->covariates + 2, sizeof *column);
    double sum = 0;

    for (size_t p = 0; p < d->patterns; p++) {
        const double part = people_of(d, p) / total;

        if (m->is_settled[p]) {
            sum += part * m->known[p];
            continue;
        }

        const size_t count = columns_of(m, p, group, column);
        const double share = chance(m, column, count);

        sum += part * share;
        for (size_t i = 0; i < count; i++)
            gradient[column[i]] += part * share * (1 - share);
    }
    return sum;
}

static void
put_covariance(const struct model *m, struct arena *a, double *const *gradient,
               struct marginal *out)
{
    const size_t groups = m->data->groups;
    double *const u = arena_array(a, m->columns, sizeof *u);
    bool *const is_left_out = arena_array(a, m->columns, sizeof *is_left_out);
    const bool solved = cholesky_factor(m->information, m->columns, is_left_out);

    for (size_t g = 0; g < groups; g++) {
        if (!gradient[g])
            continue;

        if (solved)
            cholesky_solve(m->information, m->columns, is_left_out, gradient[g], u);
        for (size_t h = 0; h < groups; h++) {
            double sum = 0;

            for (size_t j = 0; gradient[h] && j < m->columns; j++)
                sum += gradient[h][j] * u[j];
            out->covariance[g * groups + h] = solved ? sum : NAN;
        }
    }
}

static void
put_shares(struct model *m, struct arena *a, double total, struct marginal *out)
{
    const size_t groups = m->data->groups;
    double **const gradient = arena_array(a, groups, sizeof *gradient);

    put_information(m, a);
    for (size_t g = 0; g < groups; g++) {
        if (m->is_extreme[g])
            continue;
        gradient[g] = arena_array(a, m->columns, sizeof **gradient);
        out->share[g] = share_of(m, a, g, total, gradient[g]);
    }
    put_covariance(m, a, gradient, out);
}

/* ---- the whole ---- */

static struct model
model_of(const struct marginal_data *d, struct arena *a, struct marginal *out)
{
    struct model m = {
        .data = d,
        .levels = arena_array(a, d->covariates + 1, sizeof *m.levels),
        .is_settled = arena_array(a, d->patterns + 1, sizeof *m.is_settled),
        .is_extreme = out->is_extreme,
        .known = arena_array(a, d->patterns + 1, sizeof *m.known),
    };

    for (size_t v = 0; v < d->covariates; v++)
        for (size_t p = 0; p < d->patterns; p++)
            if (d->code[v][p] >= m.levels[v])
                m.levels[v] = d->code[v][p] + 1;
    return m;
}

/* Shares of groups of which all or none have the outcome: 0 or 1 wherever it is not settled. */
static void
put_extremes(const struct marginal_data *d, struct marginal *out)
{
    for (size_t g = 0; g < d->groups; g++) {
        double n = 0, k = 0;

        for (size_t p = 0; p < d->patterns; p++) {
            n += d->n[p * d->groups + g];
            k += d->k[p * d->groups + g];
        }
        if (out->is_extreme[g] && n > 0 && (k == 0 || k == n))
            out->share[g] = k / n;
    }
}

static size_t
groups_present(const struct marginal_data *d, double *total)
{
    size_t count = 0;

    *total = 0;
    for (size_t g = 0; g < d->groups; g++) {
        double n = 0;

        for (size_t p = 0; p < d->patterns; p++)
            n += d->n[p * d->groups + g];
        *total += n;
        count += n > 0;
    }
    return count;
}

bool
marginal_fit(struct arena *a, const struct marginal_data *d, struct marginal *out, struct err *e)
{
    double total;

    *out = (struct marginal){
        .status = MARGINAL_EMPTY,
        .share = arena_array(a, d->groups + 1, sizeof *out->share),
        .covariance = arena_array(a, d->groups * d->groups + 1, sizeof *out->covariance),
        .is_extreme = arena_array(a, d->groups + 1, sizeof *out->is_extreme),
    };
    for (size_t g = 0; g < d->groups; g++)
        out->share[g] = NAN;
    if (groups_present(d, &total) < 2)
        return true;

    struct arena *const own = arena_child(a);
    struct model m = model_of(d, own, out);
    bool done = true;

    settle(&m, own);
    number_levels(&m, own);
    m.beta = arena_array(own, m.columns + 1, sizeof *m.beta);
    out->status = MARGINAL_DONE;
    if (m.used[d->covariates] > 0)
        done = fit_model(&m, own, &out->status, e);
    if (done && out->status == MARGINAL_DONE) {
        if (m.used[d->covariates] > 0)
            put_shares(&m, own, total, out);
        put_extremes(d, out);
    }
    arena_free(own);
    return done;
}

struct marginal_gap
marginal_gap(const struct marginal *m, size_t groups, size_t one, const double *weight)
{
    struct marginal_gap gap = {m->share[one], m->covariance[one * groups + one]};

    for (size_t g = 0; g < groups; g++) {
        if (weight[g] == 0)
            continue;
        gap.value -= weight[g] * m->share[g];
        gap.se -= 2 * weight[g] * m->covariance[one * groups + g];
        for (size_t h = 0; h < groups; h++)
            gap.se += weight[g] * weight[h] * m->covariance[g * groups + h];
    }
    gap.se = m->is_extreme[one] ? NAN : sqrt(gap.se);
    return gap;
}
