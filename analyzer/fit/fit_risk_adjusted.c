/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit risk-adjusted`: the group's coefficient beside the risk, how it moves when the risks are off
 * by epsilon on average, and the E-value of what it says as a ratio.
 */
#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/bounds.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/risk_adjusted.h"

#include <string.h>

enum { GROUP, RISK, ACTED, N };

static const struct fit_column columns[] = {
    [GROUP] = {"group", FIT_FACTOR, false},
    [RISK] = {"risk", FIT_AMOUNT, false},
    [ACTED] = {"acted", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, true},
};

static const struct fit_output figures[] = {
    {"coefficient", "ols"},
    {"sensitivity", "bounds"},
    {"tipping-epsilon", "bounds"},
    {"e-value", "ols"},
};

static bool
check_cells(const struct fit_cells *c, struct err *e)
{
    for (size_t r = 0; r < c->rows; r++) {
        if (c->number[RISK][r] > 1) {
            fit_cells_refuse(c, r, RISK, "is larger than 1", e);
            return err_hint(e, "risk is a probability");
        }
        if (c->number[ACTED][r] > (c->number[N] ? c->number[N][r] : 1)) {
            fit_cells_refuse(c, r, ACTED, c->number[N] ? "is larger than n" : "is larger than 1",
                             e);
            return err_hint(e, "acted counts those of the n (1 without that column) who were "
                               "acted upon");
        }
    }
    if (c->rows > RISK_MOST_CELLS) {
        err_set(e, ERR_INPUT, "%zu rows: more than %d", c->rows, RISK_MOST_CELLS);
        return err_hint(e, "round the risks and add up equal rows in the columns acted and n");
    }
    return true;
}

/* Number of the reference: --reference, else the first in the file. */
static bool
find_reference(const struct fit *f, const struct fit_factor *group, size_t *reference,
               struct err *e)
{
    size_t g = 0;

    if (group->levels < 2 || group->levels > RISK_MOST_GROUPS) {
        err_set(e, ERR_INPUT, "%zu groups: between 2 and %d are compared", group->levels,
                RISK_MOST_GROUPS);
        return err_hint(e, "leave groups out or put them together");
    }
    while (f->options->reference && g < group->levels &&
           strcmp(group->level[g], f->options->reference) != 0)
        g++;
    if (g == group->levels) {
        err_set(e, ERR_USAGE, "no row has the group that --reference names");
        return err_hint(e, "name a group of the column group, as it is spelled there");
    }
    *reference = g;
    return true;
}

static struct estimate
wald(double value, double se, double df, double level)
{
    const double wide = dist_t_q((1 + level) / 2, df, DIST_LOWER) * se;

    return (struct estimate){value, value - wide, value + wide};
}

static void
put_coefficient(struct fit *f, struct fit_subject about, double value, double se, double df)
{
    json_t *const figure = fit_figure(f, "coefficient", "ols", about);

    fit_put_estimate(f, figure, wald(value, se, df, f->options->level));
    fit_put(figure, "se", se);
    fit_put(figure, "statistic", value / se);
    fit_put(figure, "df", df);
    fit_put(figure, "p", 2 * dist_t_p(fabs(value / se), df, DIST_UPPER));
    fit_note(figure,
             isnan(value) ? "risk does not vary within any group, or there are too few people"
                          : "the numbers are fitted without error",
             NULL);
}

/* The coefficient as a ratio of shares, at the mean risk of all. */
static void
put_e_value(struct fit *f, struct fit_subject about, const struct risk_fit *fit, size_t g)
{
    json_t *const figure = fit_figure(f, "e-value", "ols", about);
    const struct estimate beta = wald(fit->beta[g], fit->se[g], fit->df, f->options->level);
    const struct estimate ratio = {1 + beta.value / fit->expected, 1 + beta.lower / fit->expected,
                                   1 + beta.upper / fit->expected};
    const struct e_value e = bounds_e_value(fit->expected > 0 ? ratio : ESTIMATE_UNDEFINED);

    fit_put(figure, "value", e.value);
    fit_put(figure, "lower", e.limit);
    fit_put(figure, "level", f->options->level);
    fit_note(figure, "the fit gives no positive share on both sides",
             "of the ratio to the reference at the mean risk of all; lower is of the limit "
             "nearer to 1");
}

static void
put_bounds(struct fit *f, struct fit_subject about, const struct risk_fit *fit,
           const struct interval *bounds, size_t groups, size_t g)
{
    static const char why[] = "a group has nobody acted upon, or nobody who was not";
    const size_t steps = (size_t)f->options->steps;

    for (size_t k = 0; k < steps; k++) {
        json_t *figure;
        const double epsilon = f->options->epsilon * (double)k / (double)(steps - 1);

        about.term = arena_printf(f->arena, "epsilon %.6g", epsilon);
        figure = fit_figure(f, "sensitivity", "bounds", about);
        fit_put(figure, "epsilon", epsilon);
        fit_put(figure, "value", fit->beta[g]);
        fit_put(figure, "lower", bounds ? bounds[k * groups + g].lower : NAN);
        fit_put(figure, "upper", bounds ? bounds[k * groups + g].upper : NAN);
        fit_note(figure, why, NULL);
    }
    about.term = NULL;

    json_t *const figure = fit_figure(f, "tipping-epsilon", "bounds", about);

    fit_put(figure, "value",
            bounds ? risk_adjusted_tipping(bounds, steps, groups, g, f->options->epsilon) : NAN);
    fit_note(figure, bounds ? "no epsilon up to the given one reaches 0" : why, NULL);
}

static struct risk_data
data_of(struct fit *f, const struct fit_factor *group, size_t reference)
{
    const struct fit_cells *const c = f->cells;
    double *const n = arena_array(f->arena, c->rows, sizeof *n);

    for (size_t r = 0; r < c->rows; r++)
        n[r] = c->number[N] ? c->number[N][r] : 1;
    return (struct risk_data){
        .rows = c->rows,
        .groups = group->levels,
        .reference = reference,
        .group = group->number,
        .risk = c->number[RISK],
        .acted = c->number[ACTED],
        .n = n,
    };
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_factor group = fit_factor_of(f->arena, f->cells, GROUP, FIT_AS_READ);
    size_t reference = 0;

    if (!check_cells(f->cells, e) || !find_reference(f, &group, &reference, e))
        return false;

    const struct risk_data d = data_of(f, &group, reference);
    const size_t steps = (size_t)f->options->steps;
    struct interval *bounds = arena_array(f->arena, steps * d.groups, sizeof *bounds);
    struct risk_fit fit = {.df = NAN, .slope = NAN, .slope_se = NAN, .expected = NAN};

    for (size_t g = 0; g < RISK_MOST_GROUPS; g++)
        fit.beta[g] = fit.se[g] = NAN;
    if (!risk_adjusted_fit(&d, &fit) ||
        !risk_adjusted_bounds(&d, f->options->epsilon, steps, f->arena, bounds))
        bounds = NULL;
    put_coefficient(f, (struct fit_subject){.term = "risk"}, fit.slope, fit.slope_se, fit.df);
    for (size_t g = 0; g < d.groups; g++) {
        const struct fit_subject about = {.group = group.level[g],
                                          .reference = group.level[reference]};

        if (g == reference)
            continue;
        put_coefficient(f, about, fit.beta[g], fit.se[g], fit.df);
        put_bounds(f, about, &fit, bounds, d.groups, g);
        put_e_value(f, about, &fit, g);
    }
    return true;
}

const struct fit_model fit_risk_adjusted = {
    .name = "risk-adjusted",
    .summary = "were groups acted upon more than their risk explains, and if the risks are off",
    .layout = {FIT_LIST(columns), NULL, false, NULL},
    .options = FIT_READS(reference) | FIT_READS(level) | FIT_READS(epsilon) | FIT_READS(steps),
    FIT_FIGURES(figures),
    .run = run,
};
