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

struct effect {
    size_t figure; /* SAMPLED_NONE: withheld already */
    double value, lower, upper, p;
};

struct effects {
    struct nuts_options options;
    double level;
    struct hierarchical_cells cells;
    struct effect *effect; /* by group's number */
    bool identified;
    struct sampled_verdict verdict;
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

/* That the effect is no clear excess. */
static double
p_of_excess(const struct posterior *p, size_t output)
{
    const double draws = (double)(p->run.chains * p->run.draws);

    return posterior_p(draws * posterior_share(p, output, SIZE_MAX, CLEAR_EXCESS), draws);
}

static void
run(void *context, struct arena *room)
{
    struct effects *const x = context;
    struct nuts_target target;
    struct hierarchical_outputs o;
    struct posterior p;
    struct err e = {0};
    size_t cell;

    x->identified = hierarchical_target(room, &x->cells, &target, &o, &cell, &e);
    if (!x->identified)
        return;
    sampled_draw(room, &target, &x->options, o.count, x->level, &p);
    x->verdict = sampled_verdict(&p);
    for (size_t g = 0; g < x->cells.groups; g++) {
        const struct diagnose_summary *const s = &p.of[o.effect + g];
        struct effect *const r = &x->effect[g];

        r->value = s->mean;
        r->lower = s->lower;
        r->upper = s->upper;
        r->p = p_of_excess(&p, o.effect + g);
    }
}

static void
finish(void *context, struct figures *f)
{
    const struct effects *const x = context;

    for (size_t g = 0; g < x->cells.groups; g++) {
        const struct effect *const r = &x->effect[g];

        if (r->figure == SAMPLED_NONE)
            continue;

        struct figure *const figure = &f->list[r->figure];

        figure->value = r->value;
        figure->lower = r->lower;
        figure->upper = r->upper;
        figure->p = r->p;
        if (x->identified)
            sampled_note(f->arena, &x->verdict, figure);
        if (!x->identified || !x->verdict.converged)
            measure_withhold(figure, x->identified ? "A011" : "A010");
    }
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

    *x = (struct effects){.options = sampled_options(m, "group-effect"),
                          .level = cube_inputs(m->cube)->choices.level,
                          .cells = cells_of(m, perspective, &cells),
                          .effect = arena_array(m->arena, cells.groups + 1, sizeof *x->effect)};

    const char *const guard = guard_of(m, perspective, &x->cells);

    for (unsigned g = 0; g < cube_group_count(m->cube); g++) {
        const struct frame f = {
            .perspective = perspective, .group = (int)g, .feature = FEATURE_STOPS};
        const size_t number = sampled_number(&cells, f.group);

        if (add_figure(m, &f, number == SAMPLED_NONE && !guard ? "A005" : guard))
            x->effect[number].figure = m->out->count - 1;
        else if (number != SAMPLED_NONE)
            x->effect[number].figure = SAMPLED_NONE;
    }
    if (!guard)
        later_task(m->later, (struct later_task){run, finish, x});
}
