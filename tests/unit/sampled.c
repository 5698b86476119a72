/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sampled measures on cells made by hand: the same numbers as the models alone give, whatever
 * the number of threads; a threshold that is lower is found; what cannot be identified is said.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/sampled.h"
#include "analyzer/stat/chart.h"
#include "analyzer/stat/hierarchical.h"
#include "analyzer/stat/threshold.h"
#include "common/rng.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *sampled_suite(void);

enum { NOW = CELLS_MONTHS - 1, PLACES = 8, GROUPS = 4, STOPS = 600 };

static const char *const groups[GROUPS] = {"p", "q", "r", "s"};
static struct place places[PLACES + 1];
static struct label labels[GROUPS];
static struct population population[PLACES * (GROUPS + 1)];

/* ---- a city ---------------------------------------------------------------------------------- */

static double
upper_tail(double t)
{
    return erfc(t / sqrt(2)) / 2;
}

static void
add(struct cells *c, int month, unsigned place, unsigned group, const int n[3])
{
    for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p += PERSPECTIVE_AFTER) {
        struct cell *const x = cells_add(c);

        x->month = (uint16_t)month;
        x->area = (uint16_t)names_add(c->areas, places[place + 1].code);
        x->unit = (uint16_t)names_add(c->units, "unit-1");
        x->perspective = (uint16_t)p;
        x->group = (uint16_t)names_add(c->groups, p ? groups[group] : "");
        x->sum[SUM_persons] = x->sum[SUM_search_known] = n[0];
        x->sum[SUM_searched] = x->sum[SUM_strict_known] = n[1];
        x->sum[SUM_strict] = n[2];
    }
}

/* What is made: so many places and groups, and how the stops go. */
struct made {
    unsigned places, groups;
    double shift;      /* of the threshold of the last group */
    double searched;   /* share; NaN: by the signal */
    unsigned months;   /* with stops, up to the last */
    double rise_after; /* of the first group's stops in the last six months */
};

static const struct made usual = {PLACES, GROUPS, 0, NAN, 1, 1};

/* Each stop's signal is drawn: N(1.5, 1) for a fifth of them, who have something, N(0, 1) for the
 * others; searched above the threshold. */
static struct cells *
cells_of(struct made how)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    struct rng rng = rng_stream(11, 0);

    for (unsigned d = 0; d < how.places; d++)
        for (unsigned g = 0; g < how.groups; g++)
            for (unsigned back = 0; back < how.months; back++) {
                const double t =
                    1.6 + 0.1 * rng_normal(&rng) + (g + 1 == how.groups ? how.shift : 0);
                const double guilty = 0.2 * upper_tail(t - 1.5), rest = 0.8 * upper_tail(t);
                const double more = g == 0 && back < 6 ? how.rise_after : 1;
                const double of = STOPS * (1 + 0.1 * ((7 * d + 5 * g) % 11)) * more / how.months;
                const uint64_t stops = (uint64_t)of;
                const uint64_t searched = isnan(how.searched)
                                              ? rng_binomial(&rng, stops, guilty + rest)
                                              : (uint64_t)(how.searched * of);
                const uint64_t found = rng_binomial(&rng, searched, guilty / (guilty + rest));

                add(c, NOW - (int)back, d, g,
                    (const int[3]){(int)stops, (int)searched, (int)found});
            }
    return c;
}

static void
name_places(void)
{
    static const char *const codes[] = {"C", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"};

    for (unsigned i = 0; i <= PLACES; i++)
        places[i] = (struct place){codes[i], codes[i], i ? "wijk" : "city", i ? "C" : NULL};
    for (unsigned g = 0; g < GROUPS; g++)
        labels[g] = (struct label){"groups", groups[g], groups[g], groups[g], false, false};
    for (unsigned d = 0; d < PLACES; d++) {
        population[d * (GROUPS + 1)] = (struct population){codes[d + 1], "all", 2026, 4000, 1};
        for (unsigned g = 0; g < GROUPS; g++)
            population[d * (GROUPS + 1) + g + 1] =
                (struct population){codes[d + 1], groups[g], 2026, 1000 - 100.0 * g, 1};
    }
}

static struct inputs
inputs_of(struct cells *cells, unsigned place_count)
{
    struct inputs in = made_up_inputs(cells);

    in.choices.seed = 5;
    in.places = places;
    in.place_count = place_count;
    in.labels = labels;
    in.label_count = GROUPS;
    in.population = population;
    in.population_count = sizeof population / sizeof *population;
    cells_settle(cells);
    return in;
}

static struct inputs
city_of(struct made how)
{
    return inputs_of(cells_of(how), how.places + 1);
}

/* One measure alone, on so many threads. */
struct made_figures {
    struct figures figures;
    struct measure measure;
};

static struct made_figures *
measured(const struct inputs *in, void (*measure)(const struct measure *), unsigned threads)
{
    struct made_figures *const r = arena_alloc(a, sizeof *r);
    struct cube *const cube = cube_new(a, in);
    struct exposures *const residents = exposures_new(a, cube);

    r->figures.arena = a;
    r->measure = (struct measure){.cube = cube,
                                  .residents = residents,
                                  .small = small_new(a, cube, residents),
                                  .months = months_new(a, cube),
                                  .out = &r->figures,
                                  .later = later_new(a),
                                  .arena = a,
                                  .window = WINDOW_12};
    measure(&r->measure);
    later_run(r->measure.later, &r->figures, threads);
    return r;
}

static const struct figure *
find(const struct made_figures *r, const char *measure, const char *place, const char *group,
     const char *term)
{
    for (size_t i = 0; i < r->figures.count; i++) {
        const struct figure *const f = &r->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->place, place) == 0 &&
            strcmp(f->group, group) == 0 && strcmp(f->term, term) == 0)
            return f;
    }
    ck_abort_msg("no %s of %s in %s", measure, group, place);
}

/* ---- thresholds ------------------------------------------------------------------------------ */

static double
draws_of(const struct made_figures *r)
{
    const struct nuts_options o = sampled_options(&r->measure, "threshold");

    return (double)(o.chains * o.draws);
}

START_TEST(a_lower_threshold_is_found_in_the_city_and_nobody_else_s)
{
    struct made how = usual;

    how.shift = -0.5;

    const struct inputs in = city_of(how);
    const struct made_figures *const r = measured(&in, measure_threshold, 2);
    const struct figure *const lower = find(r, "threshold-difference", "", "s", "");
    const struct figure *const same = find(r, "threshold-difference", "", "q", "");

    printf("difference of s %.3f (%.3f to %.3f), p %.4f\n", lower->value, lower->lower,
           lower->upper, lower->p);
    ck_assert_ptr_null(lower->guard);
    ck_assert(lower->upper < 0 && lower->p < 0.001);
    /* No draw is 0 or more, and that is no impossibility. */
    assert_close("p", lower->p, 1.0 / (1 + draws_of(r)), 1e-12);
    ck_assert(same->p > 0.05);
    ck_assert_str_eq(lower->reference, "others");
    ck_assert_ptr_nonnull(strstr(find(r, "threshold", "", "s", "")->note, "divergences=0"));
    ck_assert_ptr_nonnull(strstr(find(r, "threshold", "", "s", "")->note, "predictive-hit-p="));
    assert_close("n", lower->n, find(r, "threshold", "", "s", "")->n, 0);
    ck_assert(find(r, "threshold-difference", "W3", "s", "")->value < 0);
}
END_TEST

START_TEST(thresholds_are_those_of_the_model_alone)
{
    const struct inputs in = city_of(usual);
    const struct made_figures *const r = measured(&in, measure_threshold, 1);
    unsigned place[PLACES * GROUPS], group[PLACES * GROUPS];
    double n[3][PLACES * GROUPS];
    struct nuts_target target;
    struct threshold_outputs o;
    struct posterior p;
    struct err e = {0};
    size_t cell;

    for (unsigned i = 0; i < PLACES * GROUPS; i++) {
        static const enum sum sums[3] = {SUM_search_known, SUM_searched, SUM_strict};
        const int at = cube_place_find(r->measure.cube, "wijk", places[i / GROUPS + 1].code);

        place[i] = i / GROUPS;
        group[i] = i % GROUPS;
        for (unsigned k = 0; k < 3; k++)
            n[k][i] = cube_sum(r->measure.cube, WINDOW_12, (unsigned)at, PERSPECTIVE_AFTER,
                               (int)(i % GROUPS), sums[k]);
    }

    const struct threshold_cells cells = {PLACES * GROUPS, PLACES, GROUPS, place,
                                          group,           n[0],   n[1],   n[2]};
    const struct nuts_options options = sampled_options(&r->measure, "threshold");

    ck_assert(threshold_target(a, THRESHOLD_HIERARCHICAL, &cells, &target, &o, &cell, &e));
    sampled_draw(a, &target, &options, o.count, 0.95, &p);
    ck_assert(p.converged);
    for (unsigned g = 0; g < GROUPS; g++) {
        const struct figure *const f = find(r, "threshold", "", groups[g], "");

        assert_close("mean", f->value, p.of[o.group_threshold + g].mean, 1e-12);
        assert_close("lower", f->lower, p.of[o.group_threshold + g].lower, 1e-12);
        assert_close("upper", f->upper, p.of[o.group_threshold + g].upper, 1e-12);
    }
}
END_TEST

static bool
same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

static void
assert_same(void (*measure)(const struct measure *))
{
    const struct inputs in = city_of(usual);
    const struct made_figures *const one = measured(&in, measure, 1);
    const struct made_figures *const two = measured(&in, measure, 2);

    ck_assert_uint_eq(one->figures.count, two->figures.count);
    ck_assert_uint_gt(one->figures.count, 0);
    for (size_t i = 0; i < one->figures.count; i++) {
        const struct figure *const x = &one->figures.list[i], *const y = &two->figures.list[i];

        ck_assert_msg(same(x->value, y->value) && same(x->lower, y->lower) &&
                          same(x->upper, y->upper) && same(x->p, y->p),
                      "figure %zu", i);
    }
}

START_TEST(one_thread_or_two_give_the_same)
{
    assert_same(measure_threshold);
    assert_same(measure_group_effect);
}
END_TEST

static void
assert_withheld(struct made how, void (*measure)(const struct measure *), const char *name,
                const char *guard)
{
    const struct inputs in = city_of(how);
    const struct figure *const f = find(measured(&in, measure, 1), name, "", "p", "");

    ck_assert(isnan(f->value) && isnan(f->lower) && isnan(f->upper) && isnan(f->p));
    ck_assert_msg(f->guard && strcmp(f->guard, guard) == 0, "%s: %s", name, f->guard);
}

START_TEST(what_cannot_be_identified_is_withheld_and_says_why)
{
    const struct made one_place = {1, GROUPS, 0, NAN, 1, 1}, one_group = {PLACES, 1, 0, NAN, 1, 1},
                      two_groups = {PLACES, 2, 0, NAN, 1, 1}, four_places = {4, 3, 0, NAN, 1, 1},
                      few = {6, 3, 0, NAN, 1, 1}, nobody = {PLACES, GROUPS, 0, 0, 1, 1},
                      everybody = {PLACES, GROUPS, 0, 1, 1, 1};

    assert_withheld(one_place, measure_threshold, "threshold", "A010");
    assert_withheld(one_group, measure_threshold, "threshold", "A010");
    assert_withheld(two_groups, measure_threshold, "threshold", "A010");
    assert_withheld(four_places, measure_threshold, "threshold", "A010");
    /* 6 places of 3 groups: 6 is not over 2 * 3 / 1 */
    assert_withheld(few, measure_threshold, "threshold-difference", "A010");
    assert_withheld(nobody, measure_threshold, "threshold", "A005");
    assert_withheld(everybody, measure_threshold, "threshold", "A010");
    assert_withheld(one_place, measure_group_effect, "group-effect", "A010");
}
END_TEST

/* ---- group effects --------------------------------------------------------------------------- */

START_TEST(group_effects_are_those_of_the_model_alone)
{
    const struct inputs in = city_of(usual);
    const struct made_figures *const r = measured(&in, measure_group_effect, 1);
    unsigned place[PLACES * GROUPS], group[PLACES * GROUPS];
    double counts[PLACES * GROUPS], exposure[PLACES * GROUPS];
    struct nuts_target target;
    struct hierarchical_outputs o;
    struct posterior p;
    struct err e = {0};
    size_t cell;

    for (unsigned i = 0; i < PLACES * GROUPS; i++) {
        place[i] = i / GROUPS;
        group[i] = i % GROUPS;
        counts[i] = floor(STOPS * (1 + 0.1 * ((7 * place[i] + 5 * group[i]) % 11)));
        exposure[i] = 1.0 / 12 * (1000 - 100.0 * (i % GROUPS)); /* one month of twelve */
    }

    const struct hierarchical_cells cells = {PLACES * GROUPS, PLACES, GROUPS,  place,
                                             group,           counts, exposure};
    const struct nuts_options options = sampled_options(&r->measure, "group-effect");

    ck_assert(hierarchical_target(a, &cells, &target, &o, &cell, &e));
    sampled_draw(a, &target, &options, o.count, 0.95, &p);
    ck_assert(p.converged);
    for (unsigned g = 0; g < GROUPS; g++) {
        const struct figure *const f = find(r, "group-effect", "", groups[g], "");

        assert_close("effect", f->value, p.of[o.effect + g].mean, 1e-12);
        const double draws = (double)(p.run.chains * p.run.draws);
        const double share = posterior_share(&p, o.effect + g, SIZE_MAX, 1.25);

        assert_close("p", f->p, (draws * share + 1) / (draws + 1), 1e-12);
        ck_assert_ptr_null(f->guard);
        ck_assert_str_eq(f->benchmark, "residents");
    }
}
END_TEST

/* ---- charts ---------------------------------------------------------------------------------- */

START_TEST(a_group_that_is_stopped_more_alarms_and_the_others_do_not)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;
    how.rise_after = 1.6;

    const struct inputs in = city_of(how);
    const struct made_figures *const r = measured(&in, measure_charts, 2);
    const struct figure *const risen = find(r, "cusum", "", "p", "stop");

    ck_assert_int_eq(risen->flagged, 1);
    ck_assert(risen->value > risen->upper);
    ck_assert_int_eq(find(r, "cusum", "W3", "p", "stop")->flagged, 1);
    ck_assert_int_eq(find(r, "cusum", "", "q", "stop")->flagged, 0);
    ck_assert_int_eq(find(r, "chart", "", "p", "stop")->flagged, 1);
    ck_assert_int_eq(find(r, "chart", "", "q", "stop")->flagged, 0);
    assert_close("months", risen->n, CELLS_MONTHS, 0);
    assert_close("searches", find(r, "cusum", "", "p", "search")->n, 12, 0);
    assert_close("threshold", find(r, "cusum", "W1", "q", "search")->upper, risen->upper, 0);
}
END_TEST

START_TEST(a_chart_s_numbers_are_those_of_the_chart_alone)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;
    how.rise_after = 1.1;

    const struct inputs in = city_of(how);
    const struct made_figures *const r = measured(&in, measure_charts, 1);
    const int place = cube_place_find(r->measure.cube, "wijk", "W2");
    struct chart_month month[CELLS_MONTHS];
    struct chart_cusum up = {0};

    for (unsigned i = 0; i < CELLS_MONTHS; i++)
        month[i] = (struct chart_month){
            months_sum(r->measure.months, i, (unsigned)place, PERSPECTIVE_AFTER, 0, SUM_persons),
            1000};

    const struct chart_series s = {CHART_RATE, month, CELLS_MONTHS};
    const double centre = chart_centre(&s, 12), laney = chart_laney(&s, centre, 12);
    const struct figure *const chart = find(r, "chart", "W2", "p", "stop");
    const struct interval limits = laney > 1 ? chart_limits(CHART_RATE, centre, 1000, 3, laney)
                                             : chart_limits_exact(CHART_RATE, centre, 1000, 3);

    for (unsigned i = 0; i < CELLS_MONTHS; i++)
        chart_cusum_step(
            &up, chart_increment(CHART_RATE, centre, month[i], 1.25, chart_dispersion(laney)));
    assert_close("value", chart->value, month[NOW].count, 1e-9);
    assert_close("lower", chart->lower, 1000 * limits.lower, 1e-9);
    assert_close("upper", chart->upper, 1000 * limits.upper, 1e-9);
    assert_close("cusum", find(r, "cusum", "W2", "p", "stop")->value, up.value, 1e-9);
}
END_TEST

/* The sum of what is charted of a group in a place, as charts make it. */
static double
sum_of(const struct made_figures *r, const char *place, double *month_of_now)
{
    const unsigned at = (unsigned)cube_place_find(r->measure.cube, "wijk", place);
    struct chart_month month[CELLS_MONTHS];
    struct chart_cusum up = {0};

    for (unsigned i = 0; i < CELLS_MONTHS; i++)
        month[i] = (struct chart_month){
            months_sum(r->measure.months, i, at, PERSPECTIVE_AFTER, 0, SUM_persons), 1000};

    const struct chart_series s = {CHART_RATE, month, CELLS_MONTHS};
    const double centre = chart_centre(&s, 12);
    const double dispersion = chart_dispersion(chart_laney(&s, centre, 12));

    for (unsigned i = 0; i < CELLS_MONTHS; i++)
        chart_cusum_step(&up, chart_increment(CHART_RATE, centre, month[i], 1.25, dispersion));
    *month_of_now = month[NOW].count;
    return up.value;
}

/* Of the sums in full, how many persons in how many months can be worked out. */
START_TEST(a_last_month_that_is_withheld_cannot_be_told_from_the_sum)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;
    how.rise_after = 3;

    struct cells *const c = cells_of(how);

    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].month == NOW && strcmp(names_text(c->areas, c->list[i].area), "W2") == 0 &&
            strcmp(names_text(c->groups, c->list[i].group), "p") == 0)
            c->list[i].sum[SUM_persons] = 4;

    const struct inputs in = inputs_of(c, PLACES + 1);
    const struct made_figures *const r = measured(&in, measure_charts, 1);
    const struct figure *const chart = find(r, "chart", "W2", "p", "stop");
    const struct figure *const small = find(r, "cusum", "W2", "p", "stop");
    double last;
    const double sum = sum_of(r, "W2", &last);

    assert_close("month", last, 4, 0);
    ck_assert_str_eq(chart->guard, "A001");
    ck_assert(fabs(2 * sum - round(2 * sum)) > 1e-3);
    assert_close("half", small->value, round(2 * sum) / 2, 0);
    ck_assert_int_eq(small->flagged, 1);
    assert_close("full", find(r, "cusum", "W3", "p", "stop")->value, sum_of(r, "W3", &last), 1e-9);
}
END_TEST

START_TEST(a_month_without_registration_moves_no_chart)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;

    struct cells *const c = cells_of(how);

    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].month == NOW - 3)
            memset(c->list[i].sum, 0, sizeof c->list[i].sum);

    const struct inputs in = inputs_of(c, PLACES + 1);
    const struct made_figures *const r = measured(&in, measure_charts, 1);

    assert_close("months", find(r, "cusum", "", "q", "stop")->n, CELLS_MONTHS - 1, 0);
    ck_assert_str_eq(find(r, "cusum", "", "q", "stop")->note, "months-counted=23/24");
    assert_close("fallen", find(r, "cusum", "", "q", "stop")->statistic, 0, 1);
}
END_TEST

/* Every place has a unit of its own; that of W2 registered next to nothing three months ago. */
START_TEST(a_month_in_which_the_unit_of_a_place_is_silent_moves_no_chart_of_it)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;

    struct cells *const c = cells_of(how);
    const uint16_t quiet = (uint16_t)names_find(c->areas, "W2");

    for (size_t i = 0; i < c->count; i++) {
        struct cell *const x = &c->list[i];

        x->unit =
            (uint16_t)names_add(c->units, arena_printf(a, "of-%s", names_text(c->areas, x->area)));
        if (x->month == NOW - 3 && x->area == quiet)
            memset(x->sum, 0, sizeof x->sum);
    }

    const struct inputs in = inputs_of(c, PLACES + 1);
    const struct made_figures *const r = measured(&in, measure_charts, 1);
    const struct figure *const there = find(r, "cusum", "W2", "q", "stop");
    const struct figure *const elsewhere = find(r, "cusum", "W3", "q", "stop");

    ck_assert_str_eq(there->note, "months-counted=23/24; unit-gaps=1");
    assert_close("fallen", there->statistic, 0, 1);
    ck_assert_ptr_null(elsewhere->note);
    ck_assert_ptr_null(find(r, "cusum", "", "q", "stop")->note);
}
END_TEST

START_TEST(a_last_month_of_silence_has_no_rate)
{
    struct made how = usual;

    how.months = CELLS_MONTHS;

    struct cells *const c = cells_of(how);
    const uint16_t quiet = (uint16_t)names_find(c->areas, "W2");

    for (size_t i = 0; i < c->count; i++) {
        struct cell *const x = &c->list[i];

        x->unit =
            (uint16_t)names_add(c->units, arena_printf(a, "of-%s", names_text(c->areas, x->area)));
        if (x->month == NOW && x->area == quiet)
            memset(x->sum, 0, sizeof x->sum);
    }

    const struct inputs in = inputs_of(c, PLACES + 1);
    const struct made_figures *const r = measured(&in, measure_charts, 1);

    ck_assert_str_eq(find(r, "chart", "W2", "q", "stop")->guard, "A003");
    ck_assert_ptr_null(find(r, "chart", "W3", "q", "stop")->guard);
}
END_TEST

static void
open_city(void)
{
    open_arena();
    name_places();
}

Suite *
sampled_suite(void)
{
    Suite *const s = suite_create("sampled");
    TCase *const t = tcase_create("sampled");

    tcase_add_checked_fixture(t, open_city, close_arena);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, a_lower_threshold_is_found_in_the_city_and_nobody_else_s);
    tcase_add_test(t, thresholds_are_those_of_the_model_alone);
    tcase_add_test(t, one_thread_or_two_give_the_same);
    tcase_add_test(t, what_cannot_be_identified_is_withheld_and_says_why);
    tcase_add_test(t, group_effects_are_those_of_the_model_alone);
    tcase_add_test(t, a_group_that_is_stopped_more_alarms_and_the_others_do_not);
    tcase_add_test(t, a_chart_s_numbers_are_those_of_the_chart_alone);
    tcase_add_test(t, a_last_month_that_is_withheld_cannot_be_told_from_the_sum);
    tcase_add_test(t, a_month_in_which_the_unit_of_a_place_is_silent_moves_no_chart_of_it);
    tcase_add_test(t, a_last_month_of_silence_has_no_rate);
    tcase_add_test(t, a_month_without_registration_moves_no_chart);
    suite_add_tcase(s, t);
    return s;
}
