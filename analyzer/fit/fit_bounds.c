/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit bounds`: disparities in what happens during stops, when some of the group's stops would not
 * have been made of the reference. A curve over that share rho, never a point; and the E-value.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/bounds.h"

enum { PLACE, GROUP, K, N };

static const struct fit_column columns[] = {
    [PLACE] = {"place", FIT_FACTOR, false},
    [GROUP] = {"group", FIT_FACTOR, false},
    [K] = {"k", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, false},
};

static const struct fit_output figures[] = {
    {"effect-on-stopped-group", "bounds"},
    {"effect-on-stopped", "bounds"},
    {"rho-zero", "bounds"},
    {"e-value", "koopman"},
};

/* The curve's last rho. */
static const double CURVE_END = 0.9;

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    return fit_cells_part_of(c, K, N, "k counts those of the n stopped people who have the outcome",
                             e);
}

static double
rho_at(const struct fit *f, int64_t k)
{
    return CURVE_END * (double)k / (double)(f->options->steps - 1);
}

/* One point of the curve. `att` without limits: none are put. */
static void
put_point(struct fit *f, struct fit_subject about, double rho, struct estimate att, bool limits,
          struct interval ate, const char *why)
{
    about.term = arena_printf(f->arena, "rho %.6g", rho);

    json_t *const group = fit_figure(f, "effect-on-stopped-group", "bounds", about);
    json_t *const all = fit_figure(f, "effect-on-stopped", "bounds", about);

    fit_put(group, "rho", rho);
    if (limits)
        fit_put_estimate(f, group, att);
    else
        fit_put(group, "value", att.value);
    fit_note(group, why, limits ? "lower and upper are of sampling error" : NULL);
    fit_put(all, "rho", rho);
    fit_put(all, "lower", ate.lower);
    fit_put(all, "upper", ate.upper);
    fit_note(all, why, "bounds without sampling error: the numbers do not say where between");
}

static void
put_place(struct fit *f, struct fit_subject about, struct fit_pair of, const char *missing)
{
    const struct proportion_pair p = {of.a1, of.b1, of.a0, of.b0};
    const char *const why = missing ? missing : "n is zero";
    const double level = f->options->level;

    for (int64_t k = 0; k < f->options->steps; k++) {
        const double rho = rho_at(f, k);

        put_point(f, about, rho, bounds_att(p, rho, level), true, bounds_at(p, rho).ate, why);
    }

    json_t *const zero = fit_figure(f, "rho-zero", "bounds", about);
    json_t *const e_value = fit_figure(f, "e-value", "koopman", about);
    const struct estimate ratio = proportion_ratio(p, PROPORTION_KOOPMAN, level);
    const struct e_value e = bounds_e_value(ratio);
    const bool pair = !missing && p.n1 > 0 && p.n0 > 0;

    fit_put(zero, "value", bounds_rho_zero(p));
    fit_note(zero, pair ? "nobody of the group has the outcome: no rho does" : why,
             "from this rho on the group's stopped people have the outcome more often because of "
             "their group");
    fit_put(e_value, "value", e.value);
    fit_put(e_value, "lower", e.limit);
    fit_put(e_value, "level", level);
    fit_note(e_value, pair ? "the ratio is 0 or has no limit" : why,
             "lower is of the limit nearer to 1");
}

/* Places weighted by all their stopped people; the bounds hold within each, so also for the mean.
 */
static void
put_pooled(struct fit *f, struct fit_subject about, const struct fit_pair *pairs, size_t count)
{
    for (int64_t k = 0; k < f->options->steps; k++) {
        const double rho = rho_at(f, k);
        double stops = 0;
        double group = 0;
        double att = 0;
        struct interval ate = {0, 0};

        for (size_t i = 0; i < count; i++) {
            const struct proportion_pair p = {pairs[i].a1, pairs[i].b1, pairs[i].a0, pairs[i].b0};
            const struct bounds b = bounds_at(p, rho);

            if (isnan(b.naive))
                continue;
            stops += p.n1 + p.n0;
            group += p.n1;
            att += p.n1 * b.att;
            ate.lower += (p.n1 + p.n0) * b.ate.lower;
            ate.upper += (p.n1 + p.n0) * b.ate.upper;
        }
        put_point(f, about, rho, (struct estimate){att / group, NAN, NAN}, false,
                  (struct interval){ate.lower / stops, ate.upper / stops}, "no informative place");
    }
}

static bool
run(struct fit *f, struct err *e)
{
    static const struct fit_comparison comparison = {put_place, put_pooled};

    return check_cells(f->cells, e) && fit_compare(f, &comparison, e);
}

const struct fit_model fit_bounds = {
    .name = "bounds",
    .summary = "disparities during stops when the decision to stop is biased itself",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level) | FIT_READS(steps),
    FIT_FIGURES(figures),
    .run = run,
};
