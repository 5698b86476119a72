/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit tipping`: what stops that were never registered would have to look like to overturn each
 * rate ratio.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/tipping.h"

enum { PLACE, GROUP, COUNT, EXPOSURE };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, false},
    [COUNT] = {"count", FIT_COUNT, false},
    [EXPOSURE] = {"exposure", FIT_AMOUNT, false},
};

static const struct fit_output figures[] = {
    {"tipping-registration", "exact"},
    {"tipping-share", "equal, verdict"},
    {"tipping-curve", "equal"},
};

/* The curve's last share of stops that are not registered. */
static const double CURVE_END = 0.9;

static const char *
why_undefined(struct rate_pair p)
{
    if (!(p.n1 > 0 && p.n0 > 0))
        return "no exposure";
    return p.x1 + p.x0 > 0 ? "no events in the reference: no upper limit" : "no events";
}

static void
put_shares(struct fit *f, struct fit_subject about, struct rate_pair p, const char *why)
{
    const struct estimate ratio = tipping_registration(p, f->options->level);
    const bool found = ratio.lower > 1 || ratio.upper < 1;
    json_t *const registration = fit_figure(f, "tipping-registration", "exact", about);
    json_t *const equal = fit_figure(f, "tipping-share", "equal", about);
    json_t *const verdict = fit_figure(f, "tipping-share", "verdict", about);

    fit_put_estimate(f, registration, ratio);
    fit_note(registration, why,
             "registered share of the group over that of the reference which alone would make "
             "this ratio");
    fit_put(equal, "value", tipping_share_equal(p));
    fit_note(equal, why,
             "least share of all stops that must be unregistered for equal rates, all of the side "
             "that is stopped less");
    fit_put(verdict, "value", tipping_share_verdict(p, f->options->level));
    fit_put(verdict, "level", f->options->level);
    fit_note(verdict, why,
             found ? "least unregistered share that takes the finding away"
                   : "least unregistered share that makes a finding");
}

static void
put_curve(struct fit *f, struct fit_subject about, struct rate_pair p, const char *why)
{
    const int64_t steps = f->options->steps;

    for (int64_t k = 1; k < steps; k++) {
        const double share = CURVE_END * (double)k / (double)(steps - 1);
        json_t *figure;
        double part;

        about.term = arena_printf(f->arena, "unregistered %.6g", share);
        figure = fit_figure(f, "tipping-curve", "equal", about);
        part = tipping_curve(p, share);
        fit_put(figure, "share", share);
        fit_put(figure, "value", part);
        fit_note(figure, why,
                 part < 0 || part > 1
                     ? "no division of the unregistered makes the rates equal"
                     : "the group's part of the unregistered at which the rates are equal");
    }
}

static void
put_place(struct fit *f, struct fit_subject about, struct fit_pair of, const char *missing)
{
    const struct rate_pair pair = {of.a1, of.b1, of.a0, of.b0};
    const char *const why = missing ? missing : why_undefined(pair);

    put_shares(f, about, pair, why);
    put_curve(f, about, pair, why);
}

static void
put_pooled(struct fit *f, struct fit_subject about, const struct fit_pair *pairs, size_t count)
{
    (void)f;
    (void)about;
    (void)pairs;
    (void)count; /* places lack registrations each in their own way */
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_comparison comparison = {put_place, put_pooled};

    return fit_compare(f, &comparison, e);
}

const struct fit_model fit_tipping = {
    .name = "tipping",
    .summary = "what unregistered stops would have to look like to overturn a ratio",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level) | FIT_READS(steps),
    FIT_FIGURES(figures),
    .run = run,
};
