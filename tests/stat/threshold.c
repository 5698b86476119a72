/* SPDX-License-Identifier: EUPL-1.2 */
/* The threshold test: gradients, its kernel against Rmath, what it refuses, and the published
 * numbers of North Carolina (hierarchical) and of six states (beta). */
#include "analyzer/stat/threshold.h"

#include "analyzer/stat/diagnose.h"
#include "analyzer/stat/dist.h"
#include "tests/lib/fixture.h"
#include "tests/lib/testlib.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells --------------------------------------------------------------------------------- */

enum { MOST = 400 };

struct table {
    unsigned place[MOST], group[MOST];
    double stops[MOST], searches[MOST], hits[MOST];
    size_t count, places, groups;
};

static struct threshold_cells
cells_of(const struct table *t)
{
    return (struct threshold_cells){t->count, t->places, t->groups,   t->place,
                                    t->group, t->stops,  t->searches, t->hits};
}

static void
add(struct table *t, unsigned place, unsigned group, double stops, double searches, double hits)
{
    const size_t i = t->count++;

    ck_assert_uint_lt(i, MOST);
    t->place[i] = place;
    t->group[i] = group;
    t->stops[i] = stops;
    t->searches[i] = searches;
    t->hits[i] = hits;
    t->places = place + 1 > t->places ? place + 1 : t->places;
    t->groups = group + 1 > t->groups ? group + 1 : t->groups;
}

/* Five places, three groups; not all cells, some of them poor, one without stops. */
static struct table
small_table(void)
{
    struct table t = {0};

    add(&t, 2, 0, 4000, 130, 41);
    add(&t, 0, 0, 22000, 680, 220);
    add(&t, 0, 1, 18000, 980, 281);
    add(&t, 0, 2, 3800, 157, 30);
    add(&t, 1, 0, 300, 0, 0);
    add(&t, 1, 1, 40, 40, 12);
    add(&t, 2, 1, 900, 3, 3);
    add(&t, 3, 2, 1200, 55, 0);
    add(&t, 3, 0, 2500, 61, 22);
    add(&t, 4, 1, 0, 0, 0);
    add(&t, 4, 2, 1, 1, 1);
    add(&t, 4, 0, 70, 2, 1);
    return t;
}

static struct threshold_outputs outputs;

static struct nuts_target
target_of(enum threshold_signal signal, const struct table *t)
{
    const struct threshold_cells cells = cells_of(t);
    struct nuts_target target;
    struct err e;
    size_t cell;

    ck_assert_msg(threshold_target(a, signal, &cells, &target, &outputs, &cell, &e), "%s", e.text);
    return target;
}

/* ---- the density --------------------------------------------------------------------------- */

/* Central differences, at points about the start and in both signs of sigma. */
START_TEST(gradients_are_those_of_finite_differences)
{
    const struct table t = small_table();
    const struct nuts_target target = target_of((enum threshold_signal)_i, &t);
    const size_t n = target.shape.parameters;
    double *const q = arena_array(a, n, sizeof *q), *const g = arena_array(a, n, sizeof *g);
    double *const none = arena_array(a, n, sizeof *none);
    double *const room = arena_array(a, target.room, sizeof *room);
    struct rng r = rng_stream(5, 0);

    for (unsigned point = 0; point < 20; point++) {
        target.start(target.model, &r, q);
        for (size_t i = 0; i < n; i++)
            q[i] = (point % 2 ? -1 : 1) * q[i] + 0.2 * rng_normal(&r);
        if (point % 2) /* wild signs only for what has one */
            target.start(target.model, &r, q);
        ck_assert(isfinite(target.density(target.model, q, g, room)));
        for (size_t i = 0; i < n; i++) {
            const double kept = q[i], h = 1e-4;
            double d[4];

            for (int k = 0; k < 4; k++) {
                q[i] = kept + (k < 2 ? k - 2 : k - 1) * h;
                d[k] = target.density(target.model, q, none, room);
            }
            q[i] = kept;
            const double slope = (8 * (d[2] - d[1]) - (d[3] - d[0])) / (12 * h);

            ck_assert_msg(fabs(slope - g[i]) <= 2e-6 * fmax(10, fabs(g[i])),
                          "point %u, parameter %zu of %zu: ours %.10g, differences %.10g", point, i,
                          n, g[i], slope);
        }
    }
}
END_TEST

/* Rates and thresholds of the outputs from the textbook formulas, by Rmath. */
START_TEST(outputs_follow_the_formulas)
{
    const struct table t = small_table();
    const struct nuts_target target = target_of((enum threshold_signal)_i, &t);
    double *const q = arena_array(a, target.shape.parameters, sizeof *q);
    double *const out = arena_array(a, outputs.count, sizeof *out);
    double *const room = arena_array(a, target.room, sizeof *room);
    struct rng r = rng_stream(6, 0);

    target.start(target.model, &r, q);
    for (size_t d = 0; d < target.shape.blocks; d++) /* phi_d, delta_d = 0: last in the block */
        if (target.shape.start[d + 1] - target.shape.start[d] >= 2 && d != 0)
            q[target.shape.start[d + 1] - 1] = q[target.shape.start[d + 1] - 2] = 0;
    target.output(target.model, q, out, room);

    double group[3] = {0}, weight[3] = {0}, stops[5] = {0};

    for (size_t i = 0; i < t.count; i++)
        stops[t.place[i]] += t.stops[i];
    for (size_t i = 0; i < t.count; i++) {
        const unsigned g = t.group[i];
        const double phi = 1 / (1 + exp(-out[outputs.phi + g]));
        const double strength = exp(out[outputs.strength + g]), x = out[outputs.signal + i];
        double search, hit, threshold;

        if (t.stops[i] == 0) {
            ck_assert(isnan(out[outputs.threshold + i]));
            continue;
        }
        if (_i == THRESHOLD_BETA) {
            const double p = 1 / (1 + exp(-x)), alpha = strength * phi, beta = strength - alpha;

            threshold = p;
            search = dist_beta_p(p, alpha, beta, DIST_UPPER);
            hit = phi * dist_beta_p(p, alpha + 1, beta, DIST_UPPER) / search;
        } else {
            const double f1 = phi * dist_normal_d(x, strength, 1, false);
            const double f0 = (1 - phi) * dist_normal_d(x, 0, 1, false);

            threshold = f1 / (f1 + f0);
            search = phi * dist_normal_p(x, strength, 1, DIST_UPPER) +
                     (1 - phi) * dist_normal_p(x, 0, 1, DIST_UPPER);
            hit = phi * dist_normal_p(x, strength, 1, DIST_UPPER) / search;
        }
        assert_close("threshold", out[outputs.threshold + i], threshold, 1e-11);
        assert_close("search rate", out[outputs.search_rate + i] / search, 1, 1e-9);
        assert_close("hit rate", out[outputs.hit_rate + i] / hit, 1, 1e-9);
        group[g] += stops[t.place[i]] * threshold;
        weight[g] += stops[t.place[i]];
    }
    for (unsigned g = 0; g < 3; g++)
        assert_close("group", out[outputs.group_threshold + g], group[g] / weight[g], 1e-11);
}
END_TEST

/* ---- what it refuses ----------------------------------------------------------------------- */

static const struct {
    const char *text;
    double cells[3][5]; /* the place counts down from 1 */
    size_t cell;
} refusals[] = {
    {"more hits than searches", {{0, 0, 9, 4, 5}, {1, 1, 9, 4, 2}, {1, 0, 5, 1, 1}}, 0},
    {"more searches than stops", {{0, 0, 9, 4, 3}, {1, 1, 3, 4, 2}, {1, 0, 5, 1, 1}}, 1},
    {"whole numbers", {{0, 0, 9, 4, 3}, {1, 1, NAN, 4, 2}, {1, 0, 5, 1, 1}}, 1},
    {"whole numbers", {{0, 0, 9, 4, 3}, {1, 1, 9, 4, -2}, {1, 0, 5, 1, 1}}, 1},
    {"whole numbers", {{0, 0, 9, 4, 3}, {1, 1, 9, 4.5, 2}, {1, 0, 5, 1, 1}}, 1},
    {"whole numbers", {{0, 0, 9, 4, 3}, {1, 1, 9, 4, 2}, {1, 0, INFINITY, 1, 1}}, 2},
    {"twice", {{0, 0, 9, 4, 3}, {1, 1, 9, 4, 2}, {0, 0, 5, 1, 1}}, 2},
    {"at least two places", {{0, 0, 9, 4, 3}, {0, 1, 9, 4, 2}, {0, 2, 5, 1, 1}}, SIZE_MAX},
    {"at least two places", {{0, 0, 9, 4, 3}, {1, 0, 9, 4, 2}, {2, 0, 5, 1, 1}}, SIZE_MAX},
    {"at least two places", {{0, 0, 9, 4, 3}, {1, 0, 9, 4, 2}, {1, 1, 0, 0, 0}}, SIZE_MAX},
    {"nobody was searched", {{0, 0, 9, 0, 0}, {1, 1, 9, 0, 0}, {1, 0, 5, 0, 0}}, SIZE_MAX}};

START_TEST(cells_that_cannot_be_are_refused)
{
    struct table t = {0};
    struct nuts_target target;
    struct err e = {0};
    size_t cell = 77;

    for (size_t i = 0; i < 3; i++) {
        const double *const c = refusals[_i].cells[i];

        add(&t, (unsigned)c[0], (unsigned)c[1], c[2], c[3], c[4]);
    }
    const struct threshold_cells cells = cells_of(&t);

    ck_assert(!threshold_target(a, THRESHOLD_FAST, &cells, &target, &outputs, &cell, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_msg(strstr(e.text, refusals[_i].text) != NULL, "%s", e.text);
    ck_assert_uint_eq(cell, refusals[_i].cell);
}
END_TEST

/* Extreme cells run through and give numbers: 10^9 stops, everybody searched, nobody, all hits. */
START_TEST(extreme_cells_are_no_obstacle)
{
    struct table t = {0};
    struct nuts_options o = NUTS_DEFAULTS;
    struct nuts_run run;

    add(&t, 0, 0, 1e9, 3e7, 9e6);
    add(&t, 0, 1, 1e9, 5e7, 1.3e7);
    add(&t, 1, 0, 1000, 1000, 250);
    add(&t, 1, 1, 500, 0, 0);
    add(&t, 2, 0, 1, 1, 1);
    add(&t, 2, 1, 800, 30, 30);
    const struct nuts_target target = target_of((enum threshold_signal)_i, &t);

    o.chains = 2;
    o.warmup = 200;
    o.draws = 100;
    nuts_run(a, &target, &o, &run);
    ck_assert(run.started);
    for (size_t i = 0; i < run.chains * run.draws * run.outputs; i++)
        ck_assert(isfinite(run.values[i]));
}
END_TEST

/* ---- published numbers --------------------------------------------------------------------- */

struct fitted {
    struct nuts_run run;
    struct diagnose_summary *of; /* by output */
};

static struct fitted
fit(enum threshold_signal signal, const struct table *t, uint64_t seed)
{
    const struct nuts_target target = target_of(signal, t);
    struct nuts_options o = NUTS_DEFAULTS;
    struct fitted f;

    o.seed = seed;
    nuts_run(a, &target, &o, &f.run);
    const size_t n = f.run.chains * f.run.draws;
    struct diagnose *const d = diagnose_new(a, f.run.chains, f.run.draws);
    double *const x = arena_array(a, n, sizeof *x);

    f.of = arena_array(a, f.run.outputs, sizeof *f.of);
    for (size_t k = 0; k < f.run.outputs; k++) {
        for (size_t i = 0; i < n; i++)
            x[i] = f.run.values[i * f.run.outputs + k];
        f.of[k] = diagnose_summary(d, x, 0.95);
    }
    return f;
}

/* The worst of all outputs. */
struct trust {
    double rhat, bulk, tail;
};

static struct trust
trust_of(const struct fitted *f)
{
    struct trust t = {0, INFINITY, INFINITY};

    for (size_t k = 0; k < f->run.outputs; k++) {
        t.rhat = fmax(t.rhat, f->of[k].rhat);
        t.bulk = fmin(t.bulk, f->of[k].ess_bulk);
        t.tail = fmin(t.tail, f->of[k].ess_tail);
    }
    return t;
}

/* The last `n` fields of a line, and what is before them (quotes and all). */
static void
split_right(char *line, char **fields, size_t n)
{
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t i = n; i-- > 0;) {
        char *const comma = strrchr(line, ',');

        ck_assert(comma != NULL);
        *comma = '\0';
        fields[i] = comma + 1;
    }
}

/* The number of a name, new names at the end. */
static unsigned
number_of(char names[][80], unsigned *count, const char *name)
{
    for (unsigned i = 0; i < *count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    snprintf(names[*count], 80, "%s", name);
    return (*count)++;
}

START_TEST(north_carolina_is_as_published)
{
    static const double published[] = {0.230, 0.206, 0.137}; /* White, Black, Hispanic */
    const char *const path = shared_data(a, __func__, "nc_threshold/reference_fit_rstan.csv");
    static char places[120][80], groups[4][80] = {"\"White\"", "\"Black\"", "\"Hispanic\""};
    unsigned place_count = 0, group_count = 3;
    double mean[MOST] = {0}, sd[MOST] = {0}, worst = 0;
    struct table t = {0};
    char line[512];

    if (!path)
        return;
    FILE *const in = fopen(path, "r");

    ck_assert(in != NULL && fgets(line, sizeof line, in) != NULL);
    while (fgets(line, sizeof line, in)) {
        char *f[10];

        split_right(line, f, 10);
        mean[t.count] = strtod(f[6], NULL);
        sd[t.count] = strtod(f[7], NULL);
        add(&t, number_of(places, &place_count, line), number_of(groups, &group_count, f[0]),
            strtod(f[1], NULL), strtod(f[2], NULL), strtod(f[3], NULL));
    }
    fclose(in);
    ck_assert_uint_eq(t.count, 300);
    const struct fitted f = fit(THRESHOLD_HIERARCHICAL, &t, 1);

    ck_assert_uint_eq(f.run.divergences, 0);
    for (size_t i = 0; i < f.run.outputs; i++)
        ck_assert_msg(f.of[i].rhat < 1.01 && f.of[i].ess_tail > 400, "%zu: %g %g", i, f.of[i].rhat,
                      f.of[i].ess_tail);
    for (size_t i = 0; i < t.count; i++) {
        worst = fmax(worst, fabs(f.of[i].mean - mean[i]) / sd[i]);
        ck_assert_msg(fabs(f.of[i].mean - mean[i]) <= 0.25 * sd[i],
                      "cell %zu: ours %.5f, rstan %.5f, sd %.5f", i, f.of[i].mean, mean[i], sd[i]);
    }
    printf("north carolina: worst cell %.3f posterior sd from rstan; ", worst);
    for (unsigned g = 0; g < 3; g++) {
        const double ours = f.of[outputs.group_threshold + g].mean;

        printf("%.4f (published %.3f) ", ours, published[g]);
        ck_assert_msg(fabs(ours - published[g]) <= 0.003, "group %u: ours %.5f, published %.3f", g,
                      ours, published[g]);
    }
    printf("\n");
}
END_TEST

static const char *const states[] = {"RI", "CT", "IL", "CO", "NC", "WI"};

START_TEST(a_state_is_as_published)
{
    const char *const path = shared_data(a, __func__, "opp2017/fig4b_threshold_test.csv");
    static char places[120][80], groups[4][80];
    unsigned place_count = 0, group_count = 0;
    double published[MOST] = {0}, sum = 0, worst = 0;
    struct table t = {0};
    char line[512];

    if (!path)
        return;
    FILE *const in = fopen(path, "r");

    ck_assert(in != NULL && fgets(line, sizeof line, in) != NULL);
    while (fgets(line, sizeof line, in)) {
        char *f[8];

        split_right(line, f, 8);
        if (strcmp(f[7], states[_i]) != 0)
            continue;
        published[t.count] = strtod(f[6], NULL);
        add(&t, number_of(places, &place_count, line), number_of(groups, &group_count, f[0]),
            strtod(f[1], NULL), strtod(f[2], NULL), strtod(f[3], NULL));
    }
    fclose(in);
    ck_assert_uint_gt(t.count, 10);
    const struct fitted f = fit(THRESHOLD_BETA, &t, 1);

    for (size_t i = 0; i < t.count; i++) {
        sum += fabs(f.of[i].mean - published[i]);
        worst = fmax(worst, fabs(f.of[i].mean - published[i]));
    }
    const struct trust trust = trust_of(&f);

    printf(
        "%s: mean absolute difference %.5f, worst %.5f (at most 0.002 and 0.006); R-hat %.4f, bulk "
        "%.0f, tail %.0f, divergences %zu\n",
        states[_i], sum / (double)t.count, worst, trust.rhat, trust.bulk, trust.tail,
        f.run.divergences);
    ck_assert_msg(trust.rhat < 1.01 && trust.bulk > 400 && trust.tail > 400 && !f.run.divergences,
                  "%s has not converged", states[_i]);
    ck_assert_msg(sum / (double)t.count <= 0.002 && worst <= 0.006, "%s: mean %.5f, worst %.5f",
                  states[_i], sum / (double)t.count, worst);
}
END_TEST

/* "Black drivers are stopped more often than whites in over 80% of the locations": here because the
 * file is that of the same paper; it counts rates, and no model. */
START_TEST(in_over_four_fifths_of_the_locations_black_drivers_are_stopped_more)
{
    enum { LOCATIONS = 1200, WHITE = 0, BLACK = 1 };

    const char *const path = shared_data(a, __func__, "opp2017/fig2_stop_rate_county.csv");
    static char places[LOCATIONS][80];
    static double rate[LOCATIONS][2];
    unsigned count = 0, both = 0, more = 0;
    char line[512];

    if (!path)
        return;
    FILE *const in = fopen(path, "r");

    ck_assert(in != NULL && fgets(line, sizeof line, in) != NULL);
    while (fgets(line, sizeof line, in)) {
        char *f[3];

        split_right(line, f, 3);
        const unsigned d = number_of(places, &count, f[0]);

        ck_assert_uint_lt(d, LOCATIONS - 1);
        if (line[0] == 'W' || line[0] == 'B')
            rate[d][line[0] == 'B' ? BLACK : WHITE] = strtod(f[1], NULL) / strtod(f[2], NULL);
    }
    fclose(in);
    for (unsigned d = 0; d < count; d++) {
        both += rate[d][WHITE] > 0 && rate[d][BLACK] > 0;
        more += rate[d][WHITE] > 0 && rate[d][BLACK] > rate[d][WHITE];
    }
    printf("black drivers stopped more: %u of %u locations, %.1f%% (published: over 80%%)\n", more,
           both, 100.0 * more / both);
    ck_assert_uint_ge(both, 800);
    ck_assert(5.0 * more > 4.0 * both);
}
END_TEST

Suite *threshold_suite(void);

Suite *
threshold_suite(void)
{
    Suite *const s = suite_create("threshold");
    TCase *const t = tcase_create("threshold");
    TCase *const published = tcase_create("threshold_states");
    const int few = getenv("LONG") ? (int)(sizeof states / sizeof states[0]) : 2;

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 600);
    tcase_add_loop_test(t, gradients_are_those_of_finite_differences, 0, THRESHOLD_BETA + 1);
    tcase_add_loop_test(t, outputs_follow_the_formulas, 0, THRESHOLD_BETA + 1);
    tcase_add_loop_test(t, cells_that_cannot_be_are_refused, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_loop_test(t, extreme_cells_are_no_obstacle, 0, THRESHOLD_BETA + 1);
    tcase_add_test(t, north_carolina_is_as_published);
    tcase_add_test(t, in_over_four_fifths_of_the_locations_black_drivers_are_stopped_more);
    suite_add_tcase(s, t);
    tcase_add_checked_fixture(published, open_arena, close_arena);
    tcase_set_timeout(published, 600);
    tcase_add_loop_test(published, a_state_is_as_published, 0, few);
    suite_add_tcase(s, published);
    return s;
}
