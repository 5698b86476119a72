/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit balance`: each team beside all others, weighted to the team's own mix of places, hours and
 * whatever else the file has. Teams only: nothing here should be given single officers.
 */
#include "analyzer/fit/fit_frame.h"
#include "analyzer/stat/balance.h"
#include "analyzer/stat/local_fdr.h"
#include "analyzer/stat/multiplicity.h"

#include <math.h>
#include <string.h>

enum { UNIT, OUTCOME, N, OWN };

static const struct fit_column columns[] = {
    [UNIT] = {"unit", FIT_FACTOR, false},
    [OUTCOME] = {"outcome", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, false},
};

static const struct fit_output figures[] = {
    {"effect", "difference, ratio, odds-ratio"},
    {"share", "unit, others-weighted"},
    {"effective-sample-size", ""},
    {"largest-weight", ""},
    {"standardised-difference", "before, after, largest"},
    {"q", "benjamini-hochberg"},
    {"local-fdr", "central-matching"},
};

enum { MOST_UNITS = 1000 };

struct comparison {
    struct fit *fit;
    struct fit_factor unit;
    struct fit_rows rows;
    struct design_data data;
    struct balance_frame *frame;
    double *n, *k; /* of all units, by cell */
    double *z, *p; /* of each unit; NaN: not tested */
};

/* ---- reading ---- */

static bool
choose_rows(struct comparison *c, struct err *e)
{
    const struct fit_cells *const cells = c->fit->cells;
    size_t *const row = arena_array(c->fit->arena, cells->rows, sizeof *row);
    size_t count = 0;

    if (!fit_cells_part_of(cells, OUTCOME, N, "outcome are those of the n that have it", e))
        return false;
    for (size_t r = 0; r < cells->rows; r++) {
        row[count] = r;
        count += cells->number[N][r] > 0;
    }
    if (count == 0) {
        err_set(e, ERR_INPUT, "no row has an n over 0");
        return err_hint(e, "n is how many stops there were, outcome how many of them had it");
    }
    c->rows = (struct fit_rows){count, row};
    return true;
}

static const char *
formula_text(const struct fit *f)
{
    const char *text = "1";

    if (f->options->formula)
        return f->options->formula;
    for (size_t i = OWN; i < f->cells->column_count; i++)
        text = arena_printf(f->arena, "%s + `%s`", text, f->cells->columns[i].name);
    return text;
}

static bool
make_frame(struct comparison *c, struct err *e)
{
    struct fit *const f = c->fit;
    struct formula *const formula = arena_alloc(f->arena, sizeof *formula);

    if (!fit_frame_formula(f, OWN, formula, e) || !fit_frame_of(f, formula, c->rows, &c->data, e))
        return false;
    for (size_t v = 0; v < c->data.variable_count; v++)
        if (strcmp(c->data.variables[v].name, "unit") == 0) {
            err_set(e, ERR_USAGE, "the formula names \"unit\", which the model has already");
            return err_hint(e, "name the covariates only: 'place + hour'");
        }
    c->frame = balance_frame_new(f->arena, formula_text(f), &c->data, e);
    return c->frame != NULL;
}

/* Adds the rows of one unit, or of all (FIT_NO_ROW), up by cell. */
static void
add_up(const struct comparison *c, size_t unit, double *n, double *k)
{
    const struct fit_cells *const cells = c->fit->cells;

    memset(n, 0, c->frame->cells * sizeof *n);
    memset(k, 0, c->frame->cells * sizeof *k);
    for (size_t i = 0; i < c->rows.count; i++) {
        const size_t row = c->rows.row[i];
        const double times = fit_cells_times(cells, row);

        if (unit != FIT_NO_ROW && c->unit.number[row] != unit)
            continue;
        n[c->frame->cell[i]] += times * cells->number[N][row];
        k[c->frame->cell[i]] += times * cells->number[OUTCOME][row];
    }
}

/* ---- figures ---- */

static const char *
why_no_weights(const struct balance *b)
{
    static const char *const why[] = {
        [BALANCE_FOUND] = NULL,
        [BALANCE_EMPTY] = "the unit or the others have no stops",
        [BALANCE_NO_OVERLAP] = "too little overlap: no weights of the others give the unit's mix",
    };

    return why[b->status];
}

static const char *
why_no_effect(const struct balance *b, const struct balance_effects *effects)
{
    static const char *const why[] = {
        [BALANCE_ESTIMATED] = "nobody has the outcome where the unit works",
        [BALANCE_UNBALANCED] = "out of balance: a standardised difference is 0.05 or more",
        [BALANCE_ONE_OUTCOME] = "all or none of the unit, or of the others, have the outcome",
        [BALANCE_SEPARATED] = "separation: there is no finite estimate",
        [BALANCE_NOT_CONVERGED] = "did not converge",
    };

    return effects->status == BALANCE_NO_WEIGHTS ? why_no_weights(b) : why[effects->status];
}

static void
put_value(struct fit *f, const char *name, const char *method, struct fit_subject about,
          double value, const char *why)
{
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put(figure, "value", value);
    fit_note(figure, why, NULL);
}

static void
put_effect(struct fit *f, const char *method, struct fit_subject about,
           const struct balance_effect *effect, const struct balance *b, const char *why)
{
    const bool tested = b->effective >= BALANCE_LEAST_SIZE;
    json_t *const figure = fit_figure(f, "effect", method, about);

    fit_put_estimate(f, figure, effect->estimate);
    fit_put(figure, "se", effect->se);
    fit_put(figure, "statistic", tested ? effect->z : NAN);
    fit_put(figure, "p", tested ? effect->p : NAN);
    fit_put(figure, "n", b->n1);
    fit_note(figure,
             isnan(effect->se) || tested ? why
                                         : "effective sample size under 100: shown, not tested",
             NULL);
}

static void
put_balance(struct fit *f, const struct balance_frame *frame, const struct balance *b,
            const char *unit)
{
    const char *const why = why_no_weights(b);
    struct fit_subject about = {.group = unit, .term = unit};
    double largest = 0;

    for (size_t c = 0; c < frame->cells; c++)
        largest = fmax(largest, b->weight[c]);
    json_t *const size = fit_figure(f, "effective-sample-size", NULL, about);

    fit_put(size, "value", b->effective);
    fit_put(size, "n", b->n0);
    fit_note(size, why,
             b->effective < BALANCE_LEAST_SIZE ? "under 100: the unit is not tested" : NULL);
    put_value(f, "largest-weight", NULL, about, why ? NAN : largest / b->n1, why);
    put_value(f, "standardised-difference", "largest", about, b->largest,
              why ? why : "a covariate differs that does not vary in the unit");
    for (size_t j = 0; j < frame->columns; j++) {
        about.term = frame->name[j];
        put_value(f, "standardised-difference", "before", about, b->before[j],
                  b->status == BALANCE_EMPTY ? why : "the covariate does not vary");
        put_value(f, "standardised-difference", "after", about, b->after[j],
                  why ? why : "the covariate does not vary");
    }
}

static bool
put_unit(struct comparison *c, struct arena *a, size_t unit, struct err *e)
{
    struct fit *const f = c->fit;
    const size_t cells = c->frame->cells;
    double *const n1 = arena_array(a, cells, sizeof *n1);
    double *const k1 = arena_array(a, cells, sizeof *k1);
    double *const n0 = arena_array(a, cells, sizeof *n0);
    double *const k0 = arena_array(a, cells, sizeof *k0);
    const struct balance_arms arms = {n1, k1, n0, k0};
    const struct fit_subject about = {.group = c->unit.level[unit], .term = c->unit.level[unit]};
    struct balance b;
    struct balance_effects effects;

    add_up(c, unit, n1, k1);
    for (size_t i = 0; i < cells; i++) {
        n0[i] = c->n[i] - n1[i];
        k0[i] = c->k[i] - k1[i];
    }
    balance_solve(a, c->frame, arms, &b);
    if (!balance_effects(a, c->frame, arms, &b, f->options->level, &effects, e))
        return false;

    const char *const why = why_no_effect(&b, &effects);

    put_effect(f, "difference", about, &effects.difference, &b, why);
    put_effect(f, "ratio", about, &effects.ratio, &b, why);
    put_effect(f, "odds-ratio", about, &effects.odds_ratio, &b, why);
    put_value(f, "share", "unit", about, effects.share1, why);
    put_value(f, "share", "others-weighted", about, effects.share0, why);
    put_balance(f, c->frame, &b, c->unit.level[unit]);
    if (b.effective >= BALANCE_LEAST_SIZE) {
        c->z[unit] = effects.difference.z;
        c->p[unit] = effects.difference.p;
    }
    f->converged = f->converged && effects.status != BALANCE_NOT_CONVERGED;
    return true;
}

/* ---- many units ---- */

static void
put_multiplicity(struct comparison *c)
{
    static const char *const reasons[] = {
        [LOCAL_FDR_DONE] = "not tested",
        [LOCAL_FDR_TOO_FEW] = "fewer than 100 units were tested",
        [LOCAL_FDR_NO_WIDTH] = "the units are all alike",
        [LOCAL_FDR_NO_FIT] = "the density did not converge",
        [LOCAL_FDR_NO_PEAK] = "the middle is not bell-shaped: no empirical null",
    };
    struct arena *const a = c->fit->arena;
    const size_t units = c->unit.levels;
    double *const q = arena_array(a, units, sizeof *q);
    double *const fdr = arena_array(a, units, sizeof *fdr);
    struct local_fdr_null null;

    multiplicity_q(c->p, units, arena_array(a, units, sizeof(size_t)), q);

    const enum local_fdr_status status = local_fdr(a, c->z, units, fdr, &null);

    for (size_t u = 0; u < units; u++) {
        const struct fit_subject about = {.group = c->unit.level[u], .term = c->unit.level[u]};

        put_value(c->fit, "q", "benjamini-hochberg", about, q[u], "not tested");
        put_value(c->fit, "local-fdr", "central-matching", about, fdr[u], reasons[status]);
    }
}

/* ---- the model ---- */

static bool
find_unit(const struct comparison *c, size_t *unit, struct err *e)
{
    *unit = 0;
    while (*unit < c->unit.levels && strcmp(c->unit.level[*unit], c->fit->options->unit) != 0)
        ++*unit;
    if (*unit < c->unit.levels)
        return true;
    err_set(e, ERR_USAGE, "no row has the unit that --unit names");
    return err_hint(e, "name a unit of the column unit, as it is spelled there");
}

static bool
put_units(struct comparison *c, struct err *e)
{
    const bool all = c->fit->options->unit == NULL;
    size_t only = 0;

    if (!all && !find_unit(c, &only, e))
        return false;
    for (size_t u = all ? 0 : only; u < (all ? c->unit.levels : only + 1); u++) {
        struct arena *const a = arena_child(c->fit->arena);
        const bool done = put_unit(c, a, u, e);

        arena_free(a);
        if (!done)
            return false;
    }
    if (all)
        put_multiplicity(c);
    return true;
}

static bool
run(struct fit *f, struct err *e)
{
    struct comparison c = {.fit = f};
    double left_out = 0;

    if (!choose_rows(&c, e) || !make_frame(&c, e))
        return false;
    c.unit = fit_factor_of(f->arena, f->cells, UNIT, FIT_AS_READ);
    if (c.unit.levels > MOST_UNITS) {
        err_set(e, ERR_INPUT, "%zu units: more than %d", c.unit.levels, MOST_UNITS);
        return err_hint(e, "units are teams, not people");
    }
    c.n = arena_array(f->arena, c.frame->cells, sizeof *c.n);
    c.k = arena_array(f->arena, c.frame->cells, sizeof *c.k);
    c.z = arena_array(f->arena, c.unit.levels, sizeof *c.z);
    c.p = arena_array(f->arena, c.unit.levels, sizeof *c.p);
    for (size_t u = 0; u < c.unit.levels; u++)
        c.z[u] = c.p[u] = NAN;
    add_up(&c, FIT_NO_ROW, c.n, c.k);
    for (size_t r = 0; r < f->cells->rows; r++)
        left_out += f->cells->number[N][r] > 0 ? 0 : fit_cells_times(f->cells, r);
    fit_put(f->diagnostics, "cells", (double)c.frame->cells);
    fit_put(f->diagnostics, "covariates", (double)c.frame->balanced);
    fit_put(f->diagnostics, "rows_left_out", left_out);
    return put_units(&c, e);
}

const struct fit_model fit_balance = {
    .name = "balance",
    .summary = "a team beside the others, weighted to the same places, hours and reasons",
    .layout = {FIT_LIST(columns), "any covariates", true, NULL},
    .options = FIT_READS(level) | FIT_READS(formula) | FIT_READS(unit),
    FIT_FIGURES(figures),
    .run = run,
};
