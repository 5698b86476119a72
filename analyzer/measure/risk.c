/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Was a group searched more often than the chance of a find explains? The chance is what searches
 * of similar stops gave, whoever was searched: a logistic model of hits by place, part of the day,
 * legal basis and mode, without the group. Then risk-adjusted regression, and its bounds when those
 * chances are off. Whole city, twelve months.
 */
#include "analyzer/measure/like.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/glm.h"
#include "analyzer/stat/risk_adjusted.h"

#include <math.h>
#include <string.h>

static const struct like_outcome search = {"search", SUM_searched, SUM_search_known, FEATURE_SEARCH,
                                           SEARCHES_LEAST};

/* Chances are rounded to thousandths, so that the cost does not depend on the number of stops. */
enum { RISKS = 1001, SIDES = 2, ROWS = SIDES * RISKS, STEPS = 11 };
static const double EPSILON = 0.05; /* the largest, in STEPS - 1 equal steps from 0 */

/* The steps that are shown. */
static const unsigned shown[] = {1, 2, 4};

/* Searches at the overall hit rate that are spread over all strata, so that a level where nothing
 * was found, or everything, still has a chance between 0 and 1. */
static const double SPREAD_SEARCHES = 20;

struct result {
    bool is_known;
    struct risk_fit fit;
    struct interval *bounds; /* STEPS x SIDES; NULL: none */
    double n1, k1, n0;
};

struct risks {
    struct measure m;
    const struct like *like;
    struct result *of; /* each group */
};

/* ---- the chance of a find -------------------------------------------------------------------- */

static double
all_hits(const struct like *l, double *hits, double *searches)
{
    double k = 0, n = 0;

    for (size_t s = 0; s < l->strata; s++) {
        hits[s] = searches[s] = 0;
        for (size_t r = l->first[s]; r < l->first[s + 1]; r++) {
            hits[s] += l->row[r].cell->sum[SUM_strict];
            searches[s] += l->row[r].cell->sum[SUM_strict_known];
        }
        k += hits[s];
        n += searches[s];
    }
    for (size_t s = 0; s < l->strata && n > 0; s++) {
        hits[s] += k / n * SPREAD_SEARCHES / (double)l->strata;
        searches[s] += SPREAD_SEARCHES / (double)l->strata;
    }
    return n;
}

/* The chance of each stratum; false when there is no model. */
static bool
chances(struct arena *room, const struct like *l, double *chance)
{
    double *const hits = arena_array(room, l->strata + 1, sizeof *hits);
    double *const searches = arena_array(room, l->strata + 1, sizeof *searches);
    const struct like_frame frame = like_frame_of_range(room, l, (struct like_range){0, l->strata});
    const struct glm_data data = {.rows = l->strata, .y = hits, .trials = searches};
    struct formula *const f = arena_alloc(room, sizeof *f);
    struct design d;
    struct glm_fit fit;
    struct err e = {0};

    if (all_hits(l, hits, searches) < SEARCHES_LEAST || !frame.balance ||
        !formula_parse(room, frame.balance->formula, f, &e) ||
        !glm_fit_formula(room, f, frame.balance->data, &data, GLM_BINOMIAL, &d, &fit, &e) ||
        fit.status != GLM_CONVERGED)
        return false;

    double *const eta = arena_array(room, d.cells + 1, sizeof *eta);

    design_predict(&d, fit.beta, eta);
    for (size_t s = 0; s < l->strata; s++)
        chance[s] = 1 / (1 + exp(-eta[d.cell[s]]));
    return true;
}

/* ---- the regression -------------------------------------------------------------------------- */

struct table {
    size_t group[ROWS];
    double risk[ROWS], acted[ROWS], n[ROWS];
};

/* A group (1) and its reference (0) by rounded chance; rows without people are left out. */
static size_t
fill_table(const struct risks *c, const double *chance, int group, int reference,
           struct result *out, struct table *t)
{
    const struct like *const l = c->like;
    size_t rows = 0;

    for (size_t i = 0; i < ROWS; i++) {
        t->acted[i] = t->n[i] = 0;
        t->group[i] = i / RISKS;
        t->risk[i] = (double)(i % RISKS) / (RISKS - 1);
    }
    for (size_t r = 0; r < l->rows; r++) {
        const int own = l->row[r].group;
        const int32_t *const sum = l->row[r].cell->sum;
        const bool is_one = own == group;

        if (own < 0 || (!is_one && reference >= 0 && own != reference))
            continue;

        const size_t at =
            (is_one ? RISKS : 0) + (size_t)lround(chance[l->row[r].stratum] * (RISKS - 1));

        t->acted[at] += sum[search.k];
        t->n[at] += sum[search.n];
        *(is_one ? &out->n1 : &out->n0) += sum[search.n];
        out->k1 += is_one ? sum[search.k] : 0;
    }
    for (size_t i = 0; i < ROWS; i++) {
        if (!(t->n[i] > 0))
            continue;
        t->group[rows] = t->group[i];
        t->risk[rows] = t->risk[i];
        t->acted[rows] = t->acted[i];
        t->n[rows++] = t->n[i];
    }
    return rows;
}

static void
run(void *context, struct arena *room)
{
    struct risks *const c = context;
    double *const chance = arena_array(room, c->like->strata + 1, sizeof *chance);
    struct table *const t = arena_alloc(room, sizeof *t);
    const char *name;

    const bool has_chances = chances(room, c->like, chance);

    for (unsigned g = 0; g < cube_group_count(c->m.cube); g++) {
        struct result *const r = &c->of[g];
        const int reference = measure_reference(&c->m, (int)g, &name);

        if (reference == -2)
            continue;

        const struct risk_data d = {.rows = fill_table(c, chance, (int)g, reference, r, t),
                                    .groups = SIDES,
                                    .reference = 0,
                                    .group = t->group,
                                    .risk = t->risk,
                                    .acted = t->acted,
                                    .n = t->n};
        struct arena *const own = arena_child(room);

        r->is_known = has_chances && r->n1 > 0 && r->n0 > 0 && risk_adjusted_fit(&d, &r->fit);
        if (!r->is_known || !risk_adjusted_bounds(&d, EPSILON, STEPS, own, r->bounds))
            r->bounds = NULL;
        arena_free(own);
    }
}

/* ---- figures --------------------------------------------------------------------------------- */

static struct figure *
risk_figure(const struct risks *c, const struct frame *f, const char *measure, const char *method,
            const struct result *r, const char *reference)
{
    struct figure *const x = measure_figure(&c->m, measure, method, f);

    x->reference = reference;
    x->n = r->n1;
    x->events = r->k1;
    x->exposure = r->n0;
    return x;
}

static void
hide(struct figure *x, const char *guard)
{
    measure_withhold(x, guard);
    if (strcmp(guard, "A001") == 0)
        x->exposure = NAN;
}

static void
put_coefficient(const struct risks *c, const struct frame *f, const struct result *r,
                const char *reference, const char *guard)
{
    struct figure *const x = risk_figure(c, f, "risk-adjusted", "ols", r, reference);
    const double beta = r->fit.beta[1], se = r->fit.se[1];
    const double wide = dist_t_q((1 + x->level) / 2, r->fit.df, DIST_LOWER) * se;

    x->term = search.term;
    x->value = 100 * beta;
    x->lower = 100 * (beta - wide);
    x->upper = 100 * (beta + wide);
    x->statistic = beta / se;
    x->df = r->fit.df;
    x->p = 2 * dist_t_p(fabs(beta / se), r->fit.df, DIST_UPPER);
    if (guard)
        hide(x, guard);
}

/* In percentage points. Shares differ by 100 at the most: a bound beyond that is none. */
static double
limit_of(double bound)
{
    return fabs(bound) <= 1 ? 100 * bound : NAN;
}

static void
put_bounds(const struct risks *c, const struct frame *f, const struct result *r,
           const char *reference, const char *guard)
{
    if (guard || !r->bounds)
        return;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        struct figure *const x = risk_figure(c, f, "risk-sensitivity", "bounds", r, reference);
        const struct interval b = r->bounds[shown[i] * SIDES + 1];

        x->term = arena_printf(c->m.arena, "%.3f", EPSILON * shown[i] / (STEPS - 1));
        x->lower = limit_of(b.lower);
        x->upper = limit_of(b.upper);
    }

    struct figure *const x = risk_figure(c, f, "risk-tipping", "bounds", r, reference);

    x->value = risk_adjusted_tipping(r->bounds, STEPS, SIDES, 1, EPSILON);
}

static void
finish(void *context, struct figures *figures)
{
    const struct risks *const c = context;

    (void)figures; /* the measure's own list */
    for (unsigned g = 0; g < cube_group_count(c->m.cube); g++) {
        const struct frame f = {
            .perspective = c->like->perspective, .group = (int)g, .feature = search.feature};
        const struct result *const r = &c->of[g];
        const char *name;
        const int reference = measure_reference(&c->m, f.group, &name);
        const char *guard;

        if (reference == -2)
            continue;
        guard = like_guard(&c->m, &f, reference, &search, r->n1, r->n0);
        if (!guard && !r->is_known)
            guard = "A009";
        put_coefficient(c, &f, r, name, guard);
        put_bounds(c, &f, r, name, guard);
    }
}

void
measure_risk(const struct measure *m)
{
    const unsigned groups = cube_group_count(m->cube);

    for (unsigned p = 1; p < PERSPECTIVES; p++) {
        if (!m->like[p] || m->like[p]->strata == 0)
            continue;

        struct risks *const c = arena_alloc(m->arena, sizeof *c);

        *c = (struct risks){*m, m->like[p], arena_array(m->arena, groups + 1, sizeof *c->of)};
        for (unsigned g = 0; g < groups; g++)
            c->of[g] = (struct result){
                .bounds = arena_array(m->arena, (size_t)STEPS * SIDES, sizeof(struct interval)),
                .fit = {.df = NAN}};
        later_task(m->later, (struct later_task){run, finish, c});
    }
}
