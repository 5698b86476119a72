/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit rate`: a rate per row, a ratio per place and group, and per group the ratio pooled over
 * places with its homogeneity.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/rate.h"

enum { PLACE, GROUP, COUNT, EXPOSURE };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_LABEL},
    [GROUP] = {"group", FIT_LABEL},
    [COUNT] = {"count", FIT_COUNT},
    [EXPOSURE] = {"exposure", FIT_EXPOSURE},
};

static void
put_rates(struct fit *f)
{
    const struct fit_cells *const c = f->cells;

    for (size_t r = 0; r < c->rows; r++) {
        const struct fit_subject about = {c->label[PLACE][r], c->label[GROUP][r], NULL};
        json_t *const figure = fit_figure(f, "rate", "garwood", about);
        const double exposure = c->number[EXPOSURE][r];

        fit_put_estimate(f, figure, rate_garwood(c->number[COUNT][r], exposure, f->options->level));
        fit_put(figure, "events", c->number[COUNT][r]);
        fit_put(figure, "n", exposure);
        fit_note(figure, exposure > 0 ? NULL : "no exposure");
    }
}

static const char *
why_undefined(struct rate_pair p)
{
    if (!(p.n1 > 0 && p.n0 > 0))
        return "no exposure";
    if (p.x1 + p.x0 == 0)
        return "no events";
    return p.x0 > 0 ? NULL : "no events in the reference: the ratio has no upper limit";
}

static void
put_ratio(struct fit *f, struct fit_subject about, struct rate_pair pair, const char *note)
{
    static const struct {
        enum rate_method method;
        const char *name;
    } methods[] = {{RATE_EXACT, "exact"}, {RATE_MID_P, "mid-p"}};

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        json_t *const figure = fit_figure(f, "rate-ratio", methods[i].name, about);

        fit_put_estimate(f, figure, rate_ratio(pair, methods[i].method, f->options->level));
        fit_put(figure, "p", rate_ratio_p(pair, methods[i].method, 1));
        fit_put(figure, "events", pair.x1);
        fit_put(figure, "n", pair.n1);
        fit_note(figure, note ? note : why_undefined(pair));
    }
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct rate_pair *pairs, size_t count)
{
    const struct rate_pooled pooled = rate_ratio_pooled(pairs, count, f->options->level);
    json_t *const ratio = fit_figure(f, "pooled-rate-ratio", "mantel-haenszel", about);
    json_t *const same = fit_figure(f, "homogeneity", "mantel-haenszel", about);

    fit_put_estimate(f, ratio, pooled.ratio);
    fit_put(ratio, "se", pooled.se_log);
    fit_put(ratio, "statistic", pooled.z);
    fit_put(ratio, "p", pooled.p);
    fit_put(ratio, "n", (double)pooled.places);
    fit_note(ratio, isfinite(pooled.z) ? "se is of the log ratio; n counts informative places"
                                       : "no informative place with events on both sides");
    fit_put_test(same, rate_homogeneity(pairs, count, pooled.ratio.value));
    fit_put(same, "n", (double)pooled.places);
    fit_note(same, pooled.places < 2 ? "fewer than two informative places" : NULL);
}

static bool
run(struct fit *f, struct err *e)
{
    struct fit_grid grid;

    if (!fit_grid_of(f, &grid, e))
        return false;
    put_rates(f);

    struct rate_pair *const pairs = arena_array(f->arena, grid.places, sizeof *pairs);

    for (size_t g = 0; g < grid.groups; g++) {
        size_t count = 0;

        for (size_t p = 0; p < grid.places; p++) {
            const struct fit_subject about = {grid.place[p], grid.group[g], grid.reference_name};
            struct fit_pair pair;
            const char *note;

            if (!fit_is_compared(&grid, p, g))
                continue;

            const bool paired = fit_pair_of(f, &grid, p, g, &pair, &note);

            pairs[count] = (struct rate_pair){pair.a1, pair.b1, pair.a0, pair.b0};
            put_ratio(f, about, pairs[count], note);
            count += paired;
        }
        if (g != grid.reference)
            put_pooled(f, (struct fit_subject){NULL, grid.group[g], grid.reference_name}, pairs,
                       count);
    }
    return true;
}

const struct fit_model fit_rate = {"rate", columns, sizeof columns / sizeof columns[0], run};
