/* SPDX-License-Identifier: EUPL-1.2 */
/* The hierarchical Poisson model: its gradient, what it refuses, the stops of New York against
 * lme4, and places that do not differ. */
#include "analyzer/stat/hierarchical.h"

#include "analyzer/stat/diagnose.h"
#include "tests/lib/fixture.h"
#include "tests/lib/testlib.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 400 };

struct table {
    unsigned place[MOST], group[MOST];
    double counts[MOST], exposure[MOST];
    size_t count, places, groups;
};

static struct hierarchical_outputs outputs;

static void
add(struct table *t, unsigned place, unsigned group, double count, double exposure)
{
    const size_t i = t->count++;

    t->place[i] = place;
    t->group[i] = group;
    t->counts[i] = count;
    t->exposure[i] = exposure;
    t->places = place + 1 > t->places ? place + 1 : t->places;
    t->groups = group + 1 > t->groups ? group + 1 : t->groups;
}

static bool
target_of(const struct table *t, struct nuts_target *target, size_t *cell, struct err *e)
{
    const struct hierarchical_cells cells = {t->count, t->places, t->groups,  t->place,
                                             t->group, t->counts, t->exposure};

    return hierarchical_target(a, &cells, target, &outputs, cell, e);
}

static struct diagnose_summary
summary_of(const struct nuts_run *run, size_t output)
{
    const size_t n = run->chains * run->draws;
    double *const x = arena_array(a, n, sizeof *x);

    for (size_t i = 0; i < n; i++)
        x[i] = run->values[i * run->outputs + output];
    return diagnose_summary(diagnose_new(a, run->chains, run->draws), x, 0.95);
}

START_TEST(the_gradient_is_that_of_finite_differences)
{
    struct table t = {0};
    struct nuts_target target;
    struct err e;
    size_t cell;

    add(&t, 1, 0, 0, 40);
    add(&t, 0, 0, 30, 400);
    add(&t, 0, 1, 900, 2000);
    add(&t, 2, 2, 3, 0);
    add(&t, 2, 1, 0, 0);
    add(&t, 0, 2, 55, 80.5);
    ck_assert(target_of(&t, &target, &cell, &e));
    const size_t n = target.shape.parameters;
    double *const q = arena_array(a, n, sizeof *q), *const g = arena_array(a, n, sizeof *g);
    double *const none = arena_array(a, n, sizeof *none);
    double *const room = arena_array(a, target.room, sizeof *room);
    struct rng r = rng_stream(9, 0);

    ck_assert_uint_eq(n, 6 + 3 + 1 + 2 + 2); /* eps, beta, mu, alpha, sigmas */
    for (unsigned point = 0; point < 20; point++) {
        target.start(target.model, &r, q);
        if (point % 2)
            q[n - 1] = -q[n - 1];
        target.density(target.model, q, g, room);
        for (size_t i = 0; i < n; i++) {
            const double kept = q[i], h = 1e-5;

            q[i] = kept + h;
            const double above = target.density(target.model, q, none, room);
            q[i] = kept - h;
            const double below = target.density(target.model, q, none, room);

            q[i] = kept;
            ck_assert_msg(fabs((above - below) / (2 * h) - g[i]) <= 1e-5 * fmax(10, fabs(g[i])),
                          "parameter %zu: ours %.9g, differences %.9g", i, g[i],
                          (above - below) / (2 * h));
        }
    }
}
END_TEST

static const struct {
    const char *text;
    double cells[2][4];
    size_t cell;
} refusals[] = {{"whole number", {{0, 0, 3.5, 9}, {1, 1, 2, 9}}, 0},
                {"whole number", {{0, 0, 3, 9}, {1, 1, -2, 9}}, 1},
                {"exposure", {{0, 0, 3, NAN}, {1, 1, 2, 9}}, 0},
                {"exposure", {{0, 0, 3, 9}, {1, 1, 2, -1}}, 1},
                {"twice", {{0, 0, 3, 9}, {0, 0, 2, 9}}, 1},
                {"at least two places", {{0, 0, 3, 9}, {0, 1, 2, 9}}, SIZE_MAX},
                {"at least two places", {{0, 0, 3, 9}, {1, 0, 2, 9}}, SIZE_MAX},
                {"all counts are 0", {{0, 0, 0, 9}, {1, 1, 0, 9}}, SIZE_MAX}};

START_TEST(cells_that_cannot_be_are_refused)
{
    struct table t = {0};
    struct nuts_target target;
    struct err e = {0};
    size_t cell = 77;

    for (size_t i = 0; i < 2; i++) {
        const double *const c = refusals[_i].cells[i];

        add(&t, (unsigned)c[0], (unsigned)c[1], c[2], c[3]);
    }
    ck_assert(!target_of(&t, &target, &cell, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_msg(strstr(e.text, refusals[_i].text) != NULL, "%s", e.text);
    ck_assert_uint_eq(cell, refusals[_i].cell);
}
END_TEST

/* Stops and arrests of 225 precincts and groups, against lme4's Laplace fit with flat priors (its
 * script's numbers stand in the README of the data): effects within 0.15 of a standard error; the
 * sigmas, whose posterior mean lies above the maximum likelihood, within 0.6 of their own sd. */
START_TEST(new_york_agrees_with_lme4)
{
    static const double level[] = {-0.4932, -0.4749, -0.9907};
    const double mean = (level[0] + level[1] + level[2]) / 3;
    const char *const path = shared_data(a, __func__, "frisk_arm/frisk_with_noise.txt");
    struct table t = {0};
    struct nuts_target target;
    struct nuts_run run;
    struct err e;
    size_t cell;
    char line[200];

    if (!path)
        return;
    FILE *const in = fopen(path, "r");

    ck_assert(in != NULL && fgets(line, sizeof line, in) != NULL);
    t.count = 225;
    t.places = 75;
    t.groups = 3;
    while (fgets(line, sizeof line, in)) {
        double stops, arrests;
        unsigned precinct, eth;

        ck_assert_int_eq(sscanf(line, "%lf %*f %lf %u %u", &stops, &arrests, &precinct, &eth), 4);
        const size_t i = (size_t)(precinct - 1) * 3 + eth - 1;

        t.place[i] = precinct - 1;
        t.group[i] = eth - 1;
        t.counts[i] += stops;
        t.exposure[i] += arrests;
    }
    fclose(in);
    ck_assert(target_of(&t, &target, &cell, &e));
    nuts_run(a, &target, &NUTS_DEFAULTS, &run);
    ck_assert_uint_eq(run.divergences, 0);
    for (size_t g = 0; g < 3; g++) {
        const struct diagnose_summary s = summary_of(&run, outputs.effect + g);

        printf("new york: effect %.4f (lme4 %.4f, sd %.4f)\n", s.median, exp(level[g] - mean),
               s.sd);
        ck_assert(s.rhat < 1.01 && s.ess_bulk > 400 && s.ess_tail > 400);
        assert_close("effect in sd", (s.median - exp(level[g] - mean)) / s.sd, 0, 0.15);
    }
    const struct diagnose_summary place = summary_of(&run, outputs.sigma_place);
    const struct diagnose_summary eps = summary_of(&run, outputs.sigma_eps);

    assert_close("mu", summary_of(&run, outputs.mu).mean, mean, 0.02);
    assert_close("sigma-place in sd", (place.mean - 0.6030) / place.sd, 0, 0.6);
    assert_close("sigma-eps in sd", (eps.mean - 0.2908) / eps.sd, 0, 0.6);
}
END_TEST

/* As the spread goes to 0, the model is one rate a group. */
START_TEST(equal_places_give_the_pooled_ratio)
{
    struct table t = {0};
    struct nuts_target target;
    struct nuts_run run;
    struct err e;
    size_t cell;

    for (unsigned p = 0; p < 100; p++) {
        add(&t, p, 0, 400, 4000);
        add(&t, p, 1, 900, 4500);
    }
    ck_assert(target_of(&t, &target, &cell, &e));
    nuts_run(a, &target, &NUTS_DEFAULTS, &run);
    ck_assert_uint_eq(run.divergences, 0);
    const struct diagnose_summary first = summary_of(&run, outputs.effect);
    const struct diagnose_summary eps = summary_of(&run, outputs.sigma_eps);

    ck_assert_msg(eps.rhat < 1.01 && eps.ess_tail > 400, "%g %g", eps.rhat, eps.ess_tail);
    assert_close("effect", first.mean, sqrt(0.5), 0.005);
    ck_assert(eps.upper < 0.03 && summary_of(&run, outputs.sigma_place).upper < 0.03);
}
END_TEST

Suite *hierarchical_suite(void);

Suite *
hierarchical_suite(void)
{
    Suite *const s = suite_create("hierarchical");
    TCase *const t = tcase_create("hierarchical");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, the_gradient_is_that_of_finite_differences);
    tcase_add_loop_test(t, cells_that_cannot_be_are_refused, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(t, new_york_agrees_with_lme4);
    tcase_add_test(t, equal_places_give_the_pooled_ratio);
    suite_add_tcase(s, t);
    return s;
}
