/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The ratio of a group to its reference from a log-linear model, count ~ group + place with
 * residents as exposure: quasi-Poisson and negative binomial, whose intervals know that places
 * differ more than chance makes them. The bridge's uncertainty is not in them. Uses only places
 * whose numbers are shown.
 */
#include "analyzer/measure/residents.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/glm.h"

#include <math.h>

static const struct {
    const char *method;
    enum glm_family family;
    bool quasi;
} models[] = {{"quasipoisson", GLM_POISSON, true}, {"negbin", GLM_NEGATIVE_BINOMIAL, false}};

enum { GROUP_COLUMN = 1 }; /* after the intercept */

static const char *const sides[] = {"reference", "group"};

/* Two rows a place: the reference, then the group. */
struct rows {
    size_t places;
    double *count, *residents;
    size_t *side, *place;
    const char **place_name;
};

static struct rows
rows_of(const struct measure *m, const struct frame *f)
{
    const unsigned most = cube_place_count(m->cube);
    struct residents_pair *const pair = arena_array(m->arena, most, sizeof *pair);
    unsigned *const place = arena_array(m->arena, most, sizeof *place);
    struct rows r = {
        .count = arena_array(m->arena, 2 * (size_t)most, sizeof *r.count),
        .residents = arena_array(m->arena, 2 * (size_t)most, sizeof *r.residents),
        .side = arena_array(m->arena, 2 * (size_t)most, sizeof *r.side),
        .place = arena_array(m->arena, 2 * (size_t)most, sizeof *r.place),
        .place_name = arena_array(m->arena, most, sizeof *r.place_name),
    };

    r.places = residents_places(m, f, pair, place);
    for (size_t i = 0; i < 2 * r.places; i++) {
        const struct rate_pair p = pair[i / 2].pair;

        r.side[i] = i % 2;
        r.place[i] = i / 2;
        r.count[i] = i % 2 ? p.x1 : p.x0;
        r.residents[i] = i % 2 ? p.n1 : p.n0;
        r.place_name[i / 2] = cube_place(m->cube, place[i / 2])->code;
    }
    return r;
}

static bool
fit_of(const struct measure *m, const struct rows *r, enum glm_family family, struct glm_fit *fit)
{
    const struct design_variable variables[] = {
        {.name = "group", .levels = 2, .level = sides, .code = r->side, .is_factor = true},
        {.name = "place",
         .levels = r->places,
         .level = r->place_name,
         .code = r->place,
         .is_factor = true},
    };
    const struct design_data frame = {
        .rows = 2 * r->places, .variables = variables, .variable_count = 2};
    const struct glm_data data = {.rows = 2 * r->places, .y = r->count, .exposure = r->residents};
    struct formula *const formula = arena_alloc(m->arena, sizeof *formula);
    struct design design;
    struct err e = {0};

    return formula_parse(m->arena, "group + place", formula, &e) &&
           glm_fit_formula(m->arena, formula, &frame, &data, family, &design, fit, &e) &&
           fit->status == GLM_CONVERGED && fit->state[GROUP_COLUMN] == GLM_ESTIMATED;
}

/* False when the data leave the error undefined. */
static bool
put(struct figure *x, const struct glm_fit *fit, bool quasi)
{
    const double beta = fit->beta[GROUP_COLUMN];
    const double se = fit->se[GROUP_COLUMN] * (quasi ? sqrt(fit->dispersion) : 1);
    const double half = (1 - x->level) / 2;
    const double wide =
        se * (quasi ? dist_t_q(half, fit->df, DIST_UPPER) : dist_normal_z(x->level));

    if (!(se > 0) || !isfinite(wide))
        return false;
    x->value = exp(beta);
    x->lower = exp(beta - wide);
    x->upper = exp(beta + wide);
    x->statistic = beta / se;
    x->df = fit->df;
    x->p = 2 * (quasi ? dist_t_p(fabs(x->statistic), fit->df, DIST_UPPER)
                      : dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER));
    return true;
}

static void
one_model(const struct measure *m, const struct frame *f, const struct rows *r,
          const struct residents_pair *city, size_t model)
{
    struct figure *const x = measure_figure(m, "glm-ratio", models[model].method, f);
    struct glm_fit fit;

    x->benchmark = residents_benchmark;
    x->reference = city->name;
    x->n = x->events = city->pair.x1;
    if (city->guard)
        measure_withhold(x, city->guard);
    else if (r->places < PLACES_LEAST)
        measure_withhold(x, r->places ? "A004" : "A005");
    else if (!fit_of(m, r, models[model].family, &fit) || !put(x, &fit, models[model].quasi))
        measure_withhold(x, "A005");
    if (city->small)
        measure_hide(x);
    residents_note_left_out(m, f, x);
    residents_warn_of_vintage(m, x);
}

static void
one_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    struct residents_pair city;

    (void)withheld;
    (void)context;
    if (!residents_pair(m, f, &city))
        return;

    const struct rows r = rows_of(m, f);

    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        one_model(m, f, &r, &city, i);
}

void
measure_glm_ratio(const struct measure *m)
{
    measure_each_group(m, (struct frame){.feature = FEATURE_STOPS},
                       (struct by_group){.figure = one_group});
}
