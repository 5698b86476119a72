/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Do 95% intervals of the regressions hold the truth in 93 to 97 of 100 cities? As coverage.c, for
 * models on cells: wijk and group, clock time and darkness, months, teams, risks.
 */
#include "tests/lib/coverage.h"

#include "analyzer/stat/balance.h"
#include "analyzer/stat/glm.h"
#include "analyzer/stat/interrupted.h"
#include "analyzer/stat/risk_adjusted.h"
#include "analyzer/stat/veil.h"

#include <check.h>
#include <math.h>
#include <string.h>

enum { MOST = COVERAGE_PLACES };

/* ---- tables of cells ---- */

/* A variable of `levels` levels "00", "01", … that stand for the numbers 0, 1, … times `step`. */
static struct design_variable
variable(struct arena *a, const char *name, size_t levels, double step, bool is_factor,
         const size_t *code)
{
    const char **const level = arena_array(a, levels, sizeof *level);
    double *const number = arena_array(a, levels, sizeof *number);

    for (size_t l = 0; l < levels; l++) {
        level[l] = arena_printf(a, "%02zu", l);
        number[l] = (double)l * step;
    }
    return (struct design_variable){.name = name,
                                    .levels = levels,
                                    .level = level,
                                    .number = number,
                                    .code = code,
                                    .is_factor = is_factor};
}

/* Wijk by group, two rows a wijk: the group's and that of all others. */
struct table {
    struct design_variable variable[2];
    struct design_data data;
    double *residents;
};

static struct table *
table_of(const struct coverage_trial *t)
{
    struct arena *const a = t->arena;
    const size_t places = t->city->places, rows = 2 * places;
    struct table *const x = arena_alloc(a, sizeof *x);
    size_t *const place = arena_array(a, rows, sizeof *place);
    size_t *const group = arena_array(a, rows, sizeof *group);

    x->residents = arena_array(a, rows, sizeof *x->residents);
    for (size_t r = 0; r < rows; r++) {
        place[r] = r / 2;
        group[r] = r % 2;
        x->residents[r] = r % 2 ? t->city->group[r / 2] : t->city->others[r / 2];
    }
    x->variable[0] = variable(a, "group", 2, 1, false, group);
    x->variable[1] = variable(a, "place", places, 1, true, place);
    x->data = (struct design_data){.rows = rows, .variables = x->variable, .variable_count = 2};
    return x;
}

static size_t
column_of(const struct design *d, const char *name)
{
    for (size_t c = 0; c < d->columns; c++)
        if (strcmp(d->name[c], name) == 0)
            return c;
    ck_abort_msg("the design has no column \"%s\"", name);
    return 0;
}

struct fitted {
    double beta, se, dispersion;
};

static struct fitted
fit_group(const struct coverage_trial *t, const struct table *x, const struct glm_data *data,
          enum glm_family family)
{
    struct formula *const f = arena_alloc(t->arena, sizeof *f);
    struct design d;
    struct glm_fit fit;
    struct err e = {0};

    ck_assert_msg(formula_parse(t->arena, "group + place", f, &e), "%s", e.text);
    ck_assert_msg(glm_fit_formula(t->arena, f, &x->data, data, family, &d, &fit, &e), "%s", e.text);
    ck_assert_int_eq(fit.status, GLM_CONVERGED);

    const size_t c = column_of(&d, "group");

    return (struct fitted){fit.beta[c], fit.se[c], fit.dispersion};
}

/* ---- counts ---- */

static const double RATE = 0.02, EFFECT = 0.4;

/* Counts with their variance `spread` times their mean; 1: Poisson. */
static void
counts_of(const struct coverage_trial *t, const struct table *x, double spread, double *y)
{
    for (size_t r = 0; r < x->data.rows; r++) {
        double mean =
            x->residents[r] * RATE * (0.5 + (double)(r / 2 % 7) / 6) * (r % 2 ? exp(EFFECT) : 1);

        if (spread > 1)
            mean = rng_gamma(t->rng, mean / (spread - 1)) * (spread - 1);
        y[r] = (double)rng_poisson(t->rng, mean);
    }
}

static struct fitted
fit_counts(struct coverage_trial *t, double spread)
{
    const struct table *const x = table_of(t);
    double y[2 * MOST];

    counts_of(t, x, spread, y);

    const struct glm_data data = {.rows = x->data.rows, .y = y, .exposure = x->residents};

    return fit_group(t, x, &data, GLM_POISSON);
}

static void
poisson(struct coverage_trial *t)
{
    const struct fitted f = fit_counts(t, 1);

    coverage_wald(t, f.beta, f.se, EFFECT);
}

/* R reads quasi-Poisson limits off Student's t; of 40 residual degrees of freedom here. */
static void
quasipoisson(struct coverage_trial *t)
{
    const struct fitted f = fit_counts(t, 5);

    coverage_wald(t, f.beta, f.se * sqrt(f.dispersion) * 2.021 / 1.960, EFFECT);
}

/* Without wijken, whose many effects take up most of what theta is estimated from. */
static void
negative_binomial(struct coverage_trial *t)
{
    const struct table *const x = table_of(t);
    double y[2 * MOST];
    struct formula *const f = arena_alloc(t->arena, sizeof *f);
    struct design d;
    struct glm_fit fit;
    struct err e = {0};

    for (size_t r = 0; r < x->data.rows; r++) {
        const double mean = x->residents[r] * RATE * (r % 2 ? exp(EFFECT) : 1);

        y[r] = (double)rng_poisson(t->rng, mean * rng_gamma(t->rng, 4) / 4);
    }

    const struct glm_data data = {.rows = x->data.rows, .y = y, .exposure = x->residents};

    ck_assert(formula_parse(t->arena, "group", f, &e));
    ck_assert_msg(
        glm_fit_formula(t->arena, f, &x->data, &data, GLM_NEGATIVE_BINOMIAL, &d, &fit, &e), "%s",
        e.text);
    if (fit.status == GLM_CONVERGED)
        coverage_wald(t, fit.beta[column_of(&d, "group")], fit.se[column_of(&d, "group")], EFFECT);
}

static void
logistic(struct coverage_trial *t)
{
    const struct table *const x = table_of(t);
    double y[2 * MOST], n[2 * MOST];

    counts_of(t, x, 1, n);
    for (size_t r = 0; r < x->data.rows; r++) {
        const double odds = 0.15 * (0.5 + (double)(r / 2 % 5) / 4) * (r % 2 ? exp(EFFECT) : 1);

        n[r] += 5;
        y[r] = (double)rng_binomial(t->rng, (uint64_t)n[r], odds / (1 + odds));
    }

    const struct glm_data data = {.rows = x->data.rows, .y = y, .trials = n};
    const struct fitted f = fit_group(t, x, &data, GLM_BINOMIAL);

    coverage_wald(t, f.beta, f.se, EFFECT);
}

/* ---- veil of darkness ---- */

enum { TIMES = 24, DISTRICTS = 8 };
static const double VEIL = -0.3;

static void
veil(struct coverage_trial *t)
{
    enum { ROWS = TIMES * 2 * DISTRICTS };
    struct arena *const a = t->arena;
    size_t *const minute = arena_array(a, ROWS, sizeof *minute);
    size_t *const dark = arena_array(a, ROWS, sizeof *dark);
    size_t *const place = arena_array(a, ROWS, sizeof *place);
    double y[ROWS], n[ROWS];

    for (size_t r = 0; r < ROWS; r++) {
        minute[r] = r / 2 / DISTRICTS;
        dark[r] = r % 2;
        place[r] = r / 2 % DISTRICTS;

        const double clock = (double)minute[r] / TIMES;
        const double logit =
            -1.5 + 0.8 * sin(3 * clock) + 0.1 * (double)place[r] + (dark[r] ? VEIL : 0);

        n[r] = 4 + (double)rng_poisson(t->rng, dark[r] ? 30 * clock : 30 * (1 - clock));
        y[r] = (double)rng_binomial(t->rng, (uint64_t)n[r], 1 / (1 + exp(-logit)));
    }

    const struct design_variable list[] = {variable(a, "minute", TIMES, 5, false, minute),
                                           variable(a, "dark", 2, 1, false, dark),
                                           variable(a, "place", DISTRICTS, 1, true, place)};
    const struct design_data columns = {.rows = ROWS, .variables = list, .variable_count = 3};
    const struct veil_data data = {&columns, y, n, "dark", 6, "place"};
    struct veil_result out;
    struct err e = {0};

    ck_assert_msg(veil_fit(a, &data, &out, &e), "%s", e.text);
    if (out.state == GLM_ESTIMATED)
        coverage_wald(t, out.log_odds, out.se, VEIL);
}

/* ---- a decision ---- */

static void
interrupted(struct coverage_trial *t)
{
    enum { PLACES = 8, MONTHS = 24, START = 15, ROWS = PLACES * MONTHS };
    static const double STEP = -0.25;
    double count[ROWS], exposure[ROWS];
    size_t place[ROWS];
    long month[ROWS];
    bool treated[ROWS];
    double season[MONTHS];

    for (size_t m = 0; m < MONTHS; m++)
        season[m] = 0.1 * rng_normal(t->rng);
    for (size_t r = 0; r < ROWS; r++) {
        place[r] = r / MONTHS;
        month[r] = (long)(r % MONTHS);
        treated[r] = place[r] < 3;
        exposure[r] = t->city->group[place[r]];

        const double mean = exposure[r] * 0.03 *
                            exp(season[month[r]] + (treated[r] && month[r] >= START ? STEP : 0));

        count[r] = (double)rng_poisson(t->rng, rng_gamma(t->rng, mean) + 1e-9);
    }

    const struct interrupted_data data = {ROWS,  count,   exposure, place,
                                          month, treated, PLACES,   START};
    struct interrupted fit;
    struct err e = {0};

    ck_assert_msg(interrupted_fit(t->arena, &data, &fit, &e), "%s", e.text);
    coverage_count(t, interrupted_effect(&fit, 6, 0.95).ratio, exp(STEP));
}

/* ---- like with like ---- */

/* A team that works more at night, when more people are searched; it searches 6 in 100 more. */
static void
balance(struct coverage_trial *t)
{
    enum { PARTS = 6, DISTRICT = 4, ROWS = PARTS * DISTRICT };
    static const double MORE = 0.06;
    struct arena *const a = t->arena;
    size_t *const part = arena_array(a, ROWS, sizeof *part);
    size_t *const place = arena_array(a, ROWS, sizeof *place);
    double n1[ROWS], k1[ROWS], n0[ROWS], k0[ROWS];

    for (size_t r = 0; r < ROWS; r++) {
        part[r] = r / DISTRICT;
        place[r] = r % DISTRICT;

        const double chance = 0.10 + 0.03 * (double)part[r] + 0.02 * (double)place[r];

        n1[r] = 1 + (double)rng_poisson(t->rng, 10 + 8 * (double)part[r]);
        n0[r] = 1 + (double)rng_poisson(t->rng, 120 - 10 * (double)part[r]);
        k1[r] = (double)rng_binomial(t->rng, (uint64_t)n1[r], chance + MORE);
        k0[r] = (double)rng_binomial(t->rng, (uint64_t)n0[r], chance);
    }

    const struct design_variable list[] = {variable(a, "part", PARTS, 1, true, part),
                                           variable(a, "place", DISTRICT, 1, true, place)};
    const struct design_data columns = {.rows = ROWS, .variables = list, .variable_count = 2};
    const struct balance_arms arms = {n1, k1, n0, k0};
    struct err e = {0};
    const struct balance_frame *const frame = balance_frame_new(a, "part + place", &columns, &e);
    struct balance weights;
    struct balance_effects effects;

    ck_assert_msg(frame != NULL, "%s", e.text);
    balance_solve(a, frame, arms, &weights);
    ck_assert_msg(balance_effects(a, frame, arms, &weights, 0.95, &effects, &e), "%s", e.text);
    coverage_count(t, effects.difference.estimate, MORE);
}

/* ---- risk ---- */

static void
risk(struct coverage_trial *t)
{
    enum { RISKS = 20, ROWS = 2 * RISKS };
    static const double MORE = 0.05;
    double risk_of[ROWS], acted[ROWS], n[ROWS];
    size_t group[ROWS];

    for (size_t r = 0; r < ROWS; r++) {
        const size_t step = r / 2 + 1;

        group[r] = r % 2;
        risk_of[r] = (double)step / (RISKS + 10);
        n[r] = 20 + (double)rng_poisson(t->rng, 40);
        acted[r] = (double)rng_binomial(t->rng, (uint64_t)n[r],
                                        0.2 + 0.4 * risk_of[r] + (group[r] ? MORE : 0));
    }

    const struct risk_data data = {ROWS, 2, 0, group, risk_of, acted, n};
    struct risk_fit fit;

    if (risk_adjusted_fit(&data, &fit))
        coverage_wald(t, fit.beta[1], fit.se[1], MORE);
}

static const struct coverage_check checks[] = {
    {"coefficient, Poisson", poisson, 0.93, 0.97},
    {"coefficient, quasi-Poisson", quasipoisson, 0.93, 0.97},
    {"coefficient, negative binomial", negative_binomial, 0.93, 0.97},
    {"coefficient, logistic", logistic, 0.93, 0.97},
    {"veil of darkness", veil, 0.93, 0.97},
    {"effect after six months, interrupted", interrupted, 0.93, 0.97},
    {"doubly robust difference", balance, 0.93, 0.97},
    {"risk-adjusted coefficient", risk, 0.93, 0.97},
};

START_TEST(intervals_of_models_hold_the_truth_as_often_as_they_say)
{
    coverage_assert(&checks[_i]);
}
END_TEST

Suite *coverage_models_suite(void);

Suite *
coverage_models_suite(void)
{
    Suite *const s = suite_create("coverage_models");
    TCase *const c = tcase_create("models");

    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, intervals_of_models_hold_the_truth_as_often_as_they_say, 0,
                        (int)(sizeof checks / sizeof *checks));
    suite_add_tcase(s, c);
    return s;
}
