/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit rate`: a rate per row, a ratio per place and group, and per group the ratio pooled over
 * places with its homogeneity.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/rate.h"

enum { PLACE, GROUP, COUNT, EXPOSURE };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, false},
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"rate", "garwood"},
    {"rate-ratio", "exact, mid-p"},
    {"pooled-rate-ratio", "mantel-haenszel"},
    {"homogeneity", "mantel-haenszel"},
};

static void
put_rates(struct fit *f)
{
    const struct fit_cells *const c = f->cells;

    for (size_t r = 0; r < c->rows; r++) {
        const struct fit_subject about = {.place = fit_cells_label(c, PLACE, r),
                                          .group = fit_cells_label(c, GROUP, r)};
        json_t *const figure = fit_figure(f, "rate", "garwood", about);
        const double exposure = c->number[EXPOSURE][r];

        fit_put_estimate(f, figure, rate_garwood(c->number[COUNT][r], exposure, f->options->level));
        fit_put(figure, "events", c->number[COUNT][r]);
        fit_put(figure, "n", exposure);
        fit_note(figure, exposure > 0 ? NULL : "no exposure", NULL);
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

static struct rate_pair
rate_pair_of(struct fit_pair p)
{
    return (struct rate_pair){p.a1, p.b1, p.a0, p.b0};
}

static void
put_ratio(struct fit *f, struct fit_subject about, struct fit_pair of, const char *missing)
{
    static const struct {
        enum rate_method method;
        const char *name;
    } methods[] = {{RATE_EXACT, "exact"}, {RATE_MID_P, "mid-p"}};
    const struct rate_pair pair = rate_pair_of(of);

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        json_t *const figure = fit_figure(f, "rate-ratio", methods[i].name, about);

        fit_put_estimate(f, figure, rate_ratio(pair, methods[i].method, f->options->level));
        fit_put(figure, "p", rate_ratio_p(pair, methods[i].method, 1));
        fit_put(figure, "events", pair.x1);
        fit_put(figure, "n", pair.n1);
        fit_note(figure, missing ? missing : why_undefined(pair), NULL);
    }
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct fit_pair *of, size_t count)
{
    struct rate_pair *const pairs = arena_array(f->arena, count, sizeof *pairs);

    for (size_t i = 0; i < count; i++)
        pairs[i] = rate_pair_of(of[i]);

    const struct pooled_ratio pooled = rate_ratio_pooled(pairs, count, f->options->level);

    fit_put_pooled(f, "pooled-rate-ratio", about, pooled,
                   "no events of one side in any informative place");

    json_t *const same = fit_figure(f, "homogeneity", "mantel-haenszel", about);

    fit_put_test(same, rate_homogeneity(pairs, count, pooled.ratio.value));
    fit_put(same, "n", (double)pooled.strata);
    fit_note(same,
             pooled.strata < 2 ? "fewer than two informative places"
                               : "the pooled ratio is 0 or has no limit",
             NULL);
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_comparison comparison = {put_ratio, put_pooled};

    put_rates(f);
    return fit_compare(f, &comparison, e);
}

const struct fit_model fit_rate = {
    .name = "rate",
    .summary = "rates, and their ratios to a reference group",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level),
    FIT_FIGURES(figures),
    .run = run,
};
