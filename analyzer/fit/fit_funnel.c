/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit funnel`: which places lie further from the whole than their size explains. Rates for an
 * exposure, or shares of n; the target is the group's total over all places.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/funnel.h"

enum { PLACE, GROUP, COUNT, EXPOSURE, N };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false}, [GROUP] = {"group", FIT_FACTOR, true},
    [COUNT] = {"count", FIT_COUNT, false},  [EXPOSURE] = {"exposure", FIT_AMOUNT, true},
    [N] = {"n", FIT_COUNT, true},
};

static const struct fit_output figures[] = {
    {"target", ""},
    {"dispersion", "winsorised"},
    {"funnel-inner", "exact, overdispersed"},
    {"funnel-outer", "exact, overdispersed"},
};

static const struct {
    const char *name;
    double level;
} limits[] = {{"funnel-inner", 0.95}, {"funnel-outer", 0.998}};

/* The column of sizes, exposure or n; NULL with the error set when the cells are wrong. */
static const double *
size_of(const struct fit_cells *c, struct err *e)
{
    const double *const size = c->number[N] ? c->number[N] : c->number[EXPOSURE];

    if (!size || (c->number[N] && c->number[EXPOSURE])) {
        err_set(e, ERR_INPUT, "line 1: %s",
                c->number[N] ? "there are both exposure and n" : "there is neither exposure nor n");
        err_hint(e, "give exposure for rates, or n for shares");
        return NULL;
    }
    return !c->number[N] || fit_cells_part_of(c, COUNT, N, "count is of the n", e) ? size : NULL;
}

/* One group's places. */
struct funnel {
    enum funnel_kind kind;
    const double *size;
    double target, dispersion;
};

static void
put_limits(struct fit *f, const struct funnel *of, size_t r, double z)
{
    const struct fit_cells *const c = f->cells;
    const double value = c->number[COUNT][r] / of->size[r];

    for (size_t i = 0; i < 4; i++) {
        const bool exact = i % 2 == 0;
        const double level = limits[i / 2].level;
        json_t *const figure =
            fit_figure(f, limits[i / 2].name, exact ? "exact" : "overdispersed",
                       (struct fit_subject){.place = fit_cells_label(c, PLACE, r),
                                            .group = fit_cells_label(c, GROUP, r)});
        const struct interval at =
            exact ? funnel_exact(of->kind, of->size[r], of->target, level)
                  : funnel_overdispersed(of->kind, of->size[r], of->target, of->dispersion, level);

        fit_put(figure, "value", value);
        fit_put(figure, "lower", at.lower);
        fit_put(figure, "upper", at.upper);
        fit_put(figure, "level", level);
        fit_put(figure, "statistic", exact ? z : z / sqrt(of->dispersion));
        fit_put(figure, "events", c->number[COUNT][r]);
        fit_put(figure, "n", of->size[r]);
        fit_note(figure,
                 of->size[r] > 0 ? "the target has no events, or all: there are no limits"
                                 : "the place has no size",
                 value > at.upper   ? "above the limits"
                 : value < at.lower ? "below the limits"
                                    : "within the limits");
    }
}

static void
put_group(struct fit *f, const double *sizes, const struct fit_factor *group, size_t g)
{
    const struct fit_cells *const c = f->cells;
    double *const z = arena_array(f->arena, c->rows, sizeof *z);
    struct funnel of = {c->number[N] ? FUNNEL_SHARE : FUNNEL_RATE, sizes, NAN, NAN};
    const struct fit_subject about = {.group = group ? group->level[g] : NULL};
    double count = 0;
    double size = 0;
    double places = 0;

    for (size_t r = 0; r < c->rows; r++)
        if (!group || group->number[r] == g) {
            count += c->number[COUNT][r];
            size += of.size[r];
            places++;
        }
    of.target = count / size;
    for (size_t r = 0; r < c->rows; r++)
        z[r] = group && group->number[r] != g
                   ? NAN
                   : funnel_z(of.kind, c->number[COUNT][r], of.size[r], of.target);
    of.dispersion = funnel_dispersion(z, c->rows, arena_array(f->arena, c->rows, sizeof(double)));

    json_t *const target = fit_figure(f, "target", NULL, about);
    json_t *const dispersion = fit_figure(f, "dispersion", "winsorised", about);

    fit_put(target, "value", of.target);
    fit_put(target, "events", count);
    fit_put(target, "n", size);
    fit_note(target, "the places have no size", NULL);
    fit_put(dispersion, "value", of.dispersion);
    fit_put(dispersion, "n", places);
    fit_note(dispersion, "fewer than two places that can be compared with the target", NULL);
    for (size_t r = 0; r < c->rows; r++)
        if (!group || group->number[r] == g)
            put_limits(f, &of, r, z[r]);
}

static bool
run(struct fit *f, struct err *e)
{
    const double *const sizes = size_of(f->cells, e);

    if (!sizes)
        return false;
    if (!fit_cells_has(f->cells, GROUP)) {
        put_group(f, sizes, NULL, 0);
        return true;
    }

    struct fit_grid grid; /* refuses a place that has a group twice */
    const struct fit_factor group = fit_factor_of(f->arena, f->cells, GROUP, FIT_AS_READ);

    if (!fit_grid_of(f, PLACE, GROUP, &grid, e))
        return false;
    for (size_t g = 0; g < group.levels; g++)
        put_group(f, sizes, &group, g);
    return true;
}

const struct fit_model fit_funnel = {
    .name = "funnel",
    .summary = "which places lie further from the whole than their size explains",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    FIT_FIGURES(figures),
    .run = run,
};
