/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How many times the average rate of stops each group has, over places that differ: the
 * hierarchical Poisson model of Gelman, Fagan and Kiss on the twelve months, against residents. One
 * perspective. The residents are taken as known: the bridge's uncertainty is in the ratios beside
 * it, not here.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/residents.h"
#include "analyzer/measure/sampled.h"
#include "analyzer/stat/hierarchical.h"

#include <math.h>

static const double CLEAR_EXCESS = 1.25; /* as in E1 of the rules for signals */

struct effects {
    struct sampled how;
    struct hierarchical_cells cells;
    size_t *figure; /* by group's number; SAMPLED_NONE: withheld already */
};

static bool
has_residents(const struct measure *m, const struct frame *f)
{
    return !isnan(exposure_mean(m->residents, f->place, f->group));
}

static struct hierarchical_cells
cells_of(const struct measure *m, unsigned perspective, const struct sampled_cells *c)
{
    const double share = (double)cube_months_used(m->cube, m->window, FEATURE_STOPS, perspective) /
                         (double)cube_months(m->cube, m->window);
    double *const counts = arena_array(m->arena, c->count + 1, sizeof *counts);
    double *const exposure = arena_array(m->arena, c->count + 1, sizeof *exposure);

    for (size_t i = 0; i < c->count; i++) {
        const struct frame f = {.place = c->place_of[c->place[i]], .perspective = perspective};
        const int group = (int)c->group_of[c->group[i]];

        counts[i] = measure_of(m, &f, group, SUM_persons);
        exposure[i] = share * exposure_mean(m->residents, f.place, group);
    }
    return (struct hierarchical_cells){c->count, c->places, c->groups, c->place,
                                       c->group, counts,    exposure};
}

static void
run(const void *context, struct figure *list)
{
    const struct effects *const x = context;
    struct arena *const a = x->how.work;
    struct nuts_target target;
    struct hierarchical_outputs o;
    struct posterior p;
    struct err e = {0};
    size_t cell;
    const bool ready = hierarchical_target(a, &x->cells, &target, &o, &cell, &e);

    if (ready) {
        nuts_run(a, &target, &x->how.options, &p.run);
        posterior_judge(a, o.count, x->how.level, &p);
    }
    for (size_t g = 0; g < x->cells.groups; g++) {
        if (x->figure[g] == SAMPLED_NONE)
            continue;

        struct figure *const f = &list[x->figure[g]];

        if (!ready) {
            measure_withhold(f, "A010");
            continue;
        }
        sampled_note(&x->how, &p, f);
        f->value = p.of[o.effect + g].mean;
        f->lower = p.of[o.effect + g].lower;
        f->upper = p.of[o.effect + g].upper;
        f->p = posterior_share(&p, o.effect + g, SIZE_MAX, CLEAR_EXCESS);
        if (!p.converged)
            measure_withhold(f, "A011");
    }
    arena_reset(a);
}

static const char *
guard_of(const struct measure *m, unsigned perspective, const struct hierarchical_cells *c)
{
    double events = 0;

    for (size_t i = 0; i < c->count; i++)
        events += c->counts[i];
    if (cube_months_used(m->cube, m->window, FEATURE_STOPS, perspective) == 0)
        return "A003";
    if (events == 0)
        return "A005";
    return c->places < 2 || c->groups < 2 ? "A010" : NULL;
}

/* Whether the figure waits for the draws. */
static bool
add_figure(const struct measure *m, const struct frame *f, const char *guard)
{
    const bool small = residents_small(m, f, f->group);
    struct figure *const x = measure_figure(m, "group-effect", "hierarchical-nuts", f);

    x->benchmark = residents_benchmark;
    x->n = x->events = residents_persons(m, f, f->group);
    residents_note_left_out(m, f, x);
    x->value = 1; /* for the one to come: only a value is warned of */
    residents_warn_of_vintage(m, x);
    x->value = NAN;
    if (guard || small)
        measure_withhold(x, guard ? guard : "A001");
    if (small)
        measure_hide(x);
    return !guard && !small;
}

void
measure_group_effect(const struct measure *m)
{
    struct effects *const x = arena_alloc(m->arena, sizeof *x);
    const unsigned perspective = sampled_perspective(m);

    if (perspective == PERSPECTIVE_ALL)
        return;

    const struct sampled_cells cells = sampled_cells(m, perspective, has_residents);

    *x = (struct effects){.how = sampled_new(m, "group-effect"),
                          .cells = cells_of(m, perspective, &cells),
                          .figure = arena_array(m->arena, cells.groups + 1, sizeof *x->figure)};

    const char *const guard = guard_of(m, perspective, &x->cells);

    for (unsigned g = 0; g < cube_group_count(m->cube); g++) {
        const struct frame f = {
            .perspective = perspective, .group = (int)g, .feature = FEATURE_STOPS};
        const size_t number = sampled_number(&cells, f.group);

        if (add_figure(m, &f, number == SAMPLED_NONE && !guard ? "A005" : guard))
            x->figure[number] = m->out->count - 1;
        else if (number != SAMPLED_NONE)
            x->figure[number] = SAMPLED_NONE;
    }
    if (!guard)
        later_model(m->later, run, x);
}
