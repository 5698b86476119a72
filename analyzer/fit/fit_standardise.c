/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit standardise`: rates as they would be if every group were built like the standard population,
 * beside the crude ones, and their ratios to a reference.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/standardised.h"

#include <string.h>

enum { GROUP, BAND, COUNT, EXPOSURE, STANDARD };

static const struct fit_column columns[] = {
    [GROUP] = {"group", FIT_FACTOR, false},       [BAND] = {"band", FIT_FACTOR, false},
    [COUNT] = {"count", FIT_COUNT, false},        [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
    [STANDARD] = {"standard", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"crude-rate", "garwood"},
    {"standardised-rate", "fay-feuer"},
    {"standardised-ratio", "log-normal"},
};

/* classes[g * bands + b]; a band that a group has no row for has exposure 0. */
struct table {
    struct fit_factor group, band;
    struct rate_class *classes;
    size_t *row; /* FIT_NO_ROW: none */
};

static bool
put_row(const struct fit_cells *c, struct table *t, size_t r, struct err *e)
{
    const size_t b = t->band.number[r];
    const size_t at = t->group.number[r] * t->band.levels + b;

    if (t->row[at] != FIT_NO_ROW) {
        fit_cells_refuse(c, r, BAND, "has a row for this group already", e);
        return err_hint(e, "give one row for each group and band: add them up");
    }
    for (size_t g = 0; g < t->group.levels; g++) {
        const size_t other = t->row[g * t->band.levels + b];

        if (other != FIT_NO_ROW && c->number[STANDARD][other] != c->number[STANDARD][r]) {
            fit_cells_refuse(c, r, STANDARD, "is not that of the other groups in this band", e);
            return err_hint(e, "standard is the size of one population, the same for all groups");
        }
    }
    t->row[at] = r;
    t->classes[at].count = c->number[COUNT][r];
    t->classes[at].exposure = c->number[EXPOSURE][r];
    for (size_t g = 0; g < t->group.levels; g++)
        t->classes[g * t->band.levels + b].standard = c->number[STANDARD][r];
    return true;
}

static bool
check_size(const struct fit *f, const struct table *t, struct err *e)
{
    if (f->cells->rows > FIT_MOST_PAIRED_ROWS || t->group.levels > FIT_MOST_GROUPS) {
        err_set(e, ERR_INPUT, "more than %d rows or %d groups", FIT_MOST_PAIRED_ROWS,
                FIT_MOST_GROUPS);
        return err_hint(e, "put bands or groups together");
    }
    return true;
}

static bool
fill(struct fit *f, struct table *t, struct err *e)
{
    const size_t size = t->group.levels * t->band.levels;

    for (size_t i = 0; i < size; i++)
        t->row[i] = FIT_NO_ROW;
    for (size_t r = 0; r < f->cells->rows; r++)
        if (!put_row(f->cells, t, r, e))
            return false;
    return true;
}

/* The classes of all groups but one, added up by band. */
static const struct rate_class *
others(struct fit *f, const struct table *t, size_t group)
{
    struct rate_class *const sum = arena_array(f->arena, t->band.levels, sizeof *sum);

    for (size_t b = 0; b < t->band.levels; b++)
        for (size_t g = 0; g < t->group.levels; g++) {
            const struct rate_class c = t->classes[g * t->band.levels + b];

            sum[b].standard = c.standard;
            sum[b].count += g == group ? 0 : c.count;
            sum[b].exposure += g == group ? 0 : c.exposure;
        }
    return sum;
}

static void
put_rates(struct fit *f, const struct table *t, size_t g)
{
    const struct rate_class *const own = &t->classes[g * t->band.levels];
    const struct fit_subject about = {.group = t->group.level[g]};
    double count = 0;
    double exposure = 0;

    for (size_t b = 0; b < t->band.levels; b++) {
        count += own[b].count;
        exposure += own[b].exposure;
    }

    json_t *const crude = fit_figure(f, "crude-rate", "garwood", about);

    fit_put_estimate(f, crude, rate_garwood(count, exposure, f->options->level));
    fit_put(crude, "events", count);
    fit_put(crude, "n", exposure);
    fit_note(crude, "no exposure", NULL);

    json_t *const figure = fit_figure(f, "standardised-rate", "fay-feuer", about);

    fit_put_estimate(f, figure, rate_standardised(own, t->band.levels, f->options->level));
    fit_put(figure, "events", count);
    fit_put(figure, "n", exposure);
    fit_note(figure, "a band that the standard has is without exposure", NULL);
}

static void
put_ratio(struct fit *f, const struct table *t, size_t g, size_t reference)
{
    const size_t bands = t->band.levels;
    const struct rate_class *const zero =
        reference == FIT_NO_ROW ? others(f, t, g) : &t->classes[reference * bands];
    const struct pooled_ratio ratio =
        standardised_ratio(&t->classes[g * bands], zero, bands, f->options->level);
    json_t *const figure = fit_figure(
        f, "standardised-ratio", "log-normal",
        (struct fit_subject){.group = t->group.level[g],
                             .reference =
                                 reference == FIT_NO_ROW ? "others" : t->group.level[reference]});

    fit_put_estimate(f, figure, ratio.ratio);
    fit_put(figure, "se", ratio.se_log);
    fit_put(figure, "p", ratio.p);
    fit_note(figure,
             ratio.strata == 0 ? "a band that the standard has is without exposure"
                               : "no events on one side",
             "se is of the log ratio");
}

static bool
run(struct fit *f, struct err *e)
{
    struct table t = {.group = fit_factor_of(f->arena, f->cells, GROUP, FIT_AS_READ),
                      .band = fit_factor_of(f->arena, f->cells, BAND, FIT_AS_READ)};
    const char *const wanted = f->options->reference;
    const bool all_others = !wanted || strcmp(wanted, "others") == 0;
    size_t reference = 0;

    if (!check_size(f, &t, e))
        return false;
    t.classes = arena_array(f->arena, t.group.levels * t.band.levels, sizeof *t.classes);
    t.row = arena_array(f->arena, t.group.levels * t.band.levels, sizeof *t.row);
    if (!fill(f, &t, e))
        return false;
    while (!all_others && reference < t.group.levels &&
           strcmp(t.group.level[reference], wanted) != 0)
        reference++;
    if (reference == t.group.levels) {
        err_set(e, ERR_USAGE, "no row has the group that --reference names");
        return err_hint(e, "name a group of the column group, as it is spelled there");
    }
    if (all_others)
        reference = FIT_NO_ROW;
    for (size_t g = 0; g < t.group.levels; g++)
        put_rates(f, &t, g);
    for (size_t g = 0; g < t.group.levels; g++)
        if (g != reference)
            put_ratio(f, &t, g, reference);
    return true;
}

const struct fit_model fit_standardise = {
    .name = "standardise",
    .summary = "rates standardised to one population, and their ratios",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
