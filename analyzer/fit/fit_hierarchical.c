/* SPDX-License-Identifier: EUPL-1.2 */
/* `fit hierarchical`: group effects of a Poisson rate over places, by NUTS. */
#include "analyzer/fit/fit_sampler.h"
#include "analyzer/stat/hierarchical.h"

enum { PLACE, GROUP, COUNT, EXPOSURE };

static const double clear_excess = 1.25; /* of E1 in the rules for signals */

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, false},
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"group-effect", ""}, {"excess", ""}, {"sigma-place", ""}, {"sigma-epsilon", ""}, {"mu", ""},
};

static void
put_figures(struct fit *f, const struct posterior *s, const struct hierarchical_outputs *o,
            const struct fit_grid *grid)
{
    const struct fit_subject all = {0};

    for (size_t g = 0; g < grid->groups; g++)
        fit_put_sampled(f, s, o->effect + g, "group-effect", NULL,
                        (struct fit_subject){.group = grid->group[g]}, NULL);
    for (size_t g = 0; g < grid->groups; g++) {
        json_t *const figure =
            fit_figure(f, "excess", NULL, (struct fit_subject){.group = grid->group[g]});

        fit_put(figure, "value", 1 - posterior_share(s, o->effect + g, SIZE_MAX, clear_excess));
        fit_note(figure, NULL,
                 f->converged ? "probability that the effect is 1.25 or more"
                              : "the chains have not converged: not to be used");
    }
    fit_put_sampled(f, s, o->sigma_place, "sigma-place", NULL, all, NULL);
    fit_put_sampled(f, s, o->sigma_eps, "sigma-epsilon", NULL, all, NULL);
    fit_put_sampled(f, s, o->mu, "mu", NULL, all, NULL);
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_cells *const c = f->cells;
    struct fit_grid grid;

    if (!fit_grid_of(f, PLACE, GROUP, &grid, e))
        return false;

    unsigned *const place = arena_array(f->arena, c->rows, sizeof *place);
    unsigned *const group = arena_array(f->arena, c->rows, sizeof *group);

    for (size_t i = 0; i < grid.places * grid.groups; i++)
        if (grid.cell[i] != FIT_NO_ROW) {
            place[grid.cell[i]] = (unsigned)(i / grid.groups);
            group[grid.cell[i]] = (unsigned)(i % grid.groups);
        }
    const struct hierarchical_cells cells = {c->rows, grid.places,      grid.groups,        place,
                                             group,   c->number[COUNT], c->number[EXPOSURE]};
    struct nuts_target target;
    struct hierarchical_outputs o;
    struct posterior s;
    size_t cell;

    if (!hierarchical_target(f->arena, &cells, &target, &o, &cell, e) ||
        !fit_sample(f, &target, o.count, &s, e))
        return false;
    put_figures(f, &s, &o, &grid);
    return true;
}

const struct fit_model fit_hierarchical = {
    .name = "hierarchical",
    .summary = "group effects on a rate, over places that differ",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_SAMPLER_OPTIONS,
    FIT_FIGURES(figures),
    .run = run,
};
