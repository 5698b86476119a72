/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit threshold`: the threshold test by NUTS. Thresholds per place and group and per group, the
 * search and hit rates that the model predicts, and its parameters.
 */
#include "analyzer/fit/fit_sampler.h"
#include "analyzer/stat/threshold.h"
#include "analyzer/stat/threshold_check.h"

#include <math.h>
#include <string.h>

enum { PLACE, GROUP, STOPS, SEARCHES, HITS };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false}, [GROUP] = {"group", FIT_FACTOR, false},
    [STOPS] = {"stops", FIT_COUNT, false},  [SEARCHES] = {"searches", FIT_COUNT, false},
    [HITS] = {"hits", FIT_COUNT, false},
};

static const char *const signals[] = {[THRESHOLD_HIERARCHICAL] = "hierarchical",
                                      [THRESHOLD_FAST] = "fast",
                                      [THRESHOLD_BETA] = "beta"};
#define SIGNALS "hierarchical, fast, beta"

static const struct fit_output figures[] = {
    {"threshold", SIGNALS},       {"threshold-signal", SIGNALS}, {"search-rate", SIGNALS},
    {"hit-rate", SIGNALS},        {"group-threshold", SIGNALS},  {"lower-threshold", SIGNALS},
    {"group-parameter", SIGNALS}, {"parameter", SIGNALS},        {"predictive-check", SIGNALS},
};

static bool
signal_of(const char *name, enum threshold_signal *signal, struct err *e)
{
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (strcmp(name, signals[i]) == 0) {
            *signal = (enum threshold_signal)i;
            return true;
        }
    err_set(e, ERR_USAGE, "there is no signal \"%.40s\"", name);
    return err_hint(e, "the signals are " SIGNALS);
}

static bool
check(const struct fit_cells *c, struct err *e)
{
    return fit_cells_part_of(c, SEARCHES, STOPS, "searches counts those of the stops with a search",
                             e) &&
           fit_cells_part_of(c, HITS, SEARCHES, "hits counts those of the searches with a find", e);
}

static void
put_cells(struct fit *f, const struct posterior *s, const struct threshold_outputs *o,
          const char *signal)
{
    const struct {
        const char *name;
        size_t output;
    } kinds[] = {{"threshold", o->threshold},
                 {"threshold-signal", o->signal},
                 {"search-rate", o->search_rate},
                 {"hit-rate", o->hit_rate}};

    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t r = 0; r < f->cells->rows; r++)
            fit_put_sampled(f, s, kinds[k].output + r, kinds[k].name, signal,
                            (struct fit_subject){.place = fit_cells_label(f->cells, PLACE, r),
                                                 .group = fit_cells_label(f->cells, GROUP, r)},
                            f->cells->number[STOPS][r] > 0 ? NULL : "no stops");
}

static void
put_groups(struct fit *f, const struct posterior *s, const struct threshold_outputs *o,
           const struct fit_grid *grid, const char *signal)
{
    const struct {
        const char *term;
        size_t output;
    } kinds[] = {{"phi", o->phi}, {"strength", o->strength}, {"mean", o->group_mean}};

    for (size_t g = 0; g < grid->groups; g++)
        fit_put_sampled(f, s, o->group_threshold + g, "group-threshold", signal,
                        (struct fit_subject){.group = grid->group[g]}, "no stops");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        for (size_t g = 0; g < grid->groups && kinds[k].output != THRESHOLD_NONE; g++)
            fit_put_sampled(f, s, kinds[k].output + g, "group-parameter", signal,
                            (struct fit_subject){.group = grid->group[g], .term = kinds[k].term},
                            NULL);
    for (size_t i = 0; i < o->sigmas; i++)
        fit_put_sampled(
            f, s, o->sigma + i, "parameter", signal,
            (struct fit_subject){.term = "sigma", .group = o->sigmas > 1 ? grid->group[i] : NULL},
            NULL);
    if (o->mu != THRESHOLD_NONE) {
        fit_put_sampled(f, s, o->mu, "parameter", signal, (struct fit_subject){.term = "mu-phi"},
                        NULL);
        fit_put_sampled(f, s, o->mu + 1, "parameter", signal,
                        (struct fit_subject){.term = "mu-strength"}, NULL);
    }
}

/* Are the observed rates such as the model would give? */
static void
put_checks(struct fit *f, const struct posterior *s, const struct threshold_outputs *o,
           const struct threshold_cells *cells, const char *signal)
{
    struct rng rng = rng_stream((uint64_t)f->options->seed, (unsigned)s->run.chains);
    const struct threshold_checks both = threshold_checks(
        f->arena, cells, o, s->run.values, s->run.chains * s->run.draws, s->run.outputs, &rng);
    const struct {
        const char *term;
        struct threshold_check check;
    } kinds[] = {{"search-rate", both.search}, {"hit-rate", both.hit}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        json_t *const figure =
            fit_figure(f, "predictive-check", signal, (struct fit_subject){.term = kinds[i].term});

        fit_put(figure, "value", kinds[i].check.rms);
        fit_put(figure, "expected", kinds[i].check.chance);
        fit_put(figure, "p", kinds[i].check.p);
        fit_note(figure, "nothing to compare",
                 "root mean square of observed less predicted, and what chance alone gives");
    }
}

/* The probability that a group's threshold is lower than the reference's: what signals read. */
static bool
put_lower(struct fit *f, const struct posterior *s, const struct threshold_outputs *o,
          const struct fit_grid *grid, const char *signal, struct err *e)
{
    const char *const name = f->options->reference;
    size_t reference = 0;

    if (!name)
        return true;
    while (reference < grid->groups && strcmp(grid->group[reference], name) != 0)
        reference++;
    if (reference == grid->groups) {
        err_set(e, ERR_USAGE, "no row has the group that --reference names");
        return err_hint(e, "name a group of the column group, as it is spelled there");
    }
    for (size_t g = 0; g < grid->groups; g++) {
        if (g == reference)
            continue;
        json_t *const figure =
            fit_figure(f, "lower-threshold", signal,
                       (struct fit_subject){.group = grid->group[g], .reference = name});

        fit_put(figure, "value",
                posterior_share(s, o->group_threshold + g, o->group_threshold + reference, 0));
        fit_note(figure, "no stops",
                 f->converged ? "probability that the group's threshold is lower"
                              : "the chains have not converged: not to be used");
    }
    return true;
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_cells *const c = f->cells;
    enum threshold_signal signal = THRESHOLD_HIERARCHICAL;
    struct fit_grid grid;

    if (!signal_of(f->options->signal, &signal, e) || !check(c, e) ||
        !fit_grid_of(f, PLACE, GROUP, &grid, e))
        return false;

    unsigned *const place = arena_array(f->arena, c->rows, sizeof *place);
    unsigned *const group = arena_array(f->arena, c->rows, sizeof *group);

    for (size_t i = 0; i < grid.places * grid.groups; i++)
        if (grid.cell[i] != FIT_NO_ROW) {
            place[grid.cell[i]] = (unsigned)(i / grid.groups);
            group[grid.cell[i]] = (unsigned)(i % grid.groups);
        }
    const struct threshold_cells cells = {
        c->rows, grid.places,      grid.groups,         place,
        group,   c->number[STOPS], c->number[SEARCHES], c->number[HITS]};
    struct nuts_target target;
    struct threshold_outputs o;
    struct posterior s;
    size_t cell;

    if (!threshold_target(f->arena, signal, &cells, &target, &o, &cell, e) ||
        !fit_sample(f, &target, o.count, &s, e))
        return false;
    put_cells(f, &s, &o, signals[signal]);
    put_groups(f, &s, &o, &grid, signals[signal]);
    put_checks(f, &s, &o, &cells, signals[signal]);
    return put_lower(f, &s, &o, &grid, signals[signal], e);
}

const struct fit_model fit_threshold = {
    .name = "threshold",
    .summary = "the threshold test: how likely a find must be for a search",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_SAMPLER_OPTIONS | FIT_READS(signal) | FIT_READS(reference),
    FIT_FIGURES(figures),
    .run = run,
};
