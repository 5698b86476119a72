/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit shrink`: the rates of small places, each drawn towards the mean of its group's places as far
 * as its own numbers are weak. One gamma distribution a group.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/shrink.h"

enum { PLACE, GROUP, COUNT, EXPOSURE };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, true},
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"prior-mean", "gamma-poisson"},
    {"prior-shape", "gamma-poisson"},
    {"shrunken-rate", "gamma-poisson"},
    {"probability-over", "gamma-poisson"},
};

/* As in the hierarchical model: a rate that is worth a look is a quarter above the mean. */
static const double WORTH_A_LOOK = 1.25;

static const char *const reasons[] = {
    [SHRINK_DONE] = "no exposure",
    [SHRINK_POOLED] = "the places differ no more than chance makes them: no limit to the shape",
    [SHRINK_TOO_FEW] = "fewer than two places with exposure, or no events",
    [SHRINK_NO_MAXIMUM] = "no maximum of the likelihood was found",
};

/* The rows of one group, or all. */
struct part {
    const char *group;
    size_t rows;
    size_t *row;
    double *count, *exposure;
};

static void
put_prior(struct fit *f, const struct part *p, const struct shrink *s, enum shrink_status status)
{
    const struct fit_subject about = {.group = p->group};
    json_t *const mean = fit_figure(f, "prior-mean", "gamma-poisson", about);
    json_t *const shape = fit_figure(f, "prior-shape", "gamma-poisson", about);

    fit_put(mean, "value", s->mean);
    fit_put(mean, "n", (double)p->rows);
    fit_note(mean, reasons[status], NULL);
    fit_put(shape, "value", s->shape);
    fit_put(shape, "n", (double)p->rows);
    fit_note(shape, reasons[status], "events that the prior is worth");
}

static void
put_place(struct fit *f, const struct part *p, const struct shrink *s, enum shrink_status status,
          size_t i)
{
    const struct fit_subject about = {.place = fit_cells_label(f->cells, PLACE, p->row[i]),
                                      .group = p->group};
    json_t *const rate = fit_figure(f, "shrunken-rate", "gamma-poisson", about);
    json_t *const over = fit_figure(f, "probability-over", "gamma-poisson", about);
    const char *const pooled = status == SHRINK_POOLED
                                   ? "all places are given their common rate, without an interval"
                                   : NULL;

    fit_put_estimate(f, rate, shrink_rate(s, p->count[i], p->exposure[i], f->options->level));
    fit_put(rate, "events", p->count[i]);
    fit_put(rate, "n", p->exposure[i]);
    fit_note(rate, reasons[status], pooled);
    fit_put(over, "value", shrink_exceeds(s, p->count[i], p->exposure[i], WORTH_A_LOOK * s->mean));
    fit_note(over, reasons[status], "that the rate is over 1.25 times the mean of the places");
}

static void
put_part(struct fit *f, const struct part *p)
{
    struct shrink s = {NAN, NAN, NAN, 0};
    const enum shrink_status status = shrink_fit(p->count, p->exposure, p->rows, &s);

    f->converged = f->converged && status != SHRINK_NO_MAXIMUM;
    put_prior(f, p, &s, status);
    for (size_t i = 0; i < p->rows; i++)
        put_place(f, p, &s, status, i);
}

static struct part
part_of(struct fit *f, const struct fit_factor *group, size_t g)
{
    const struct fit_cells *const c = f->cells;
    struct part p = {
        .group = group ? group->level[g] : NULL,
        .row = arena_array(f->arena, c->rows, sizeof *p.row),
        .count = arena_array(f->arena, c->rows, sizeof *p.count),
        .exposure = arena_array(f->arena, c->rows, sizeof *p.exposure),
    };

    for (size_t r = 0; r < c->rows; r++)
        if (!group || group->number[r] == g) {
            p.row[p.rows] = r;
            p.count[p.rows] = c->number[COUNT][r];
            p.exposure[p.rows++] = c->number[EXPOSURE][r];
        }
    return p;
}

static bool
run(struct fit *f, struct err *e)
{
    if (!fit_cells_has(f->cells, GROUP)) {
        const struct part p = part_of(f, NULL, 0);

        put_part(f, &p);
        return true;
    }

    struct fit_grid grid; /* refuses a place that has a group twice */
    const struct fit_factor group = fit_factor_of(f->arena, f->cells, GROUP, FIT_AS_READ);

    if (!fit_grid_of(f, PLACE, GROUP, &grid, e))
        return false;
    for (size_t g = 0; g < group.levels; g++) {
        const struct part p = part_of(f, &group, g);

        put_part(f, &p);
    }
    return true;
}

const struct fit_model fit_shrink = {
    .name = "shrink",
    .summary = "rates of small places by empirical Bayes",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
