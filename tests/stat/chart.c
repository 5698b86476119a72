/* SPDX-License-Identifier: EUPL-1.2 */
/* Control charts against R, Montgomery's tabular CUSUM, and run lengths against Markov chains. */
#include "analyzer/stat/chart.h"

#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

enum { MOST = 32 };

/* ---- months ---- */

struct list {
    size_t count;
    double of[MOST];
};

static struct list
list_of(const json_t *c, const char *key)
{
    struct list l;

    l.count = golden_numbers(c, key, l.of, MOST);
    return l;
}

static enum chart_kind
kind_of(const json_t *c)
{
    return strcmp(json_string_value(json_object_get(c, "kind")), "p") == 0 ? CHART_SHARE
                                                                           : CHART_RATE;
}

static struct chart_series
series_of(const json_t *c)
{
    const struct list count = list_of(c, "count");
    const struct list size = list_of(c, "size");
    struct chart_month *const month = arena_array(a, MOST, sizeof *month);

    ck_assert_uint_eq(count.count, size.count);
    for (size_t i = 0; i < count.count; i++)
        month[i] = (struct chart_month){count.of[i], size.of[i]};
    return (struct chart_series){kind_of(c), month, count.count};
}

static void
assert_month(const json_t *c, const char *key, size_t at, double ours)
{
    const double reference = list_of(c, key).of[at];

    if (reference == 0)
        ck_assert_msg(ours == 0, "%s is %g, not 0", key, ours);
    else
        assert_relative(key, ours, reference, CLOSED);
}

START_TEST(limits_and_laney_are_those_of_r)
{
    const json_t *const cases = golden(a, "chart", "series");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct chart_series s = series_of(c);
        const size_t baseline = (size_t)golden_number(c, "baseline");
        const double centre = chart_centre(&s, baseline);
        const double laney = chart_laney(&s, centre, baseline);
        size_t at = 0;

        assert_relative("centre", centre, golden_number(c, "centre"), CLOSED);
        assert_relative("laney", laney, golden_number(c, "laney"), CLOSED);
        for (size_t m = 0; m < s.months; m++) {
            const double size = s.month[m].size;
            const struct interval plain = chart_limits(s.kind, centre, size, 3, 1);
            const struct interval wide = chart_limits(s.kind, centre, size, 3, laney);
            const struct interval exact = chart_limits_exact(s.kind, centre, size, 3);

            if (chart_is_gap(s.month[m])) {
                ck_assert(isnan(plain.lower) && isnan(exact.upper));
                continue;
            }
            assert_month(c, "lower", at, plain.lower);
            assert_month(c, "upper", at, plain.upper);
            assert_month(c, "laney_lower", at, wide.lower);
            assert_month(c, "laney_upper", at, wide.upper);
            assert_month(c, "exact_lower", at, exact.lower);
            assert_month(c, "exact_upper", at, exact.upper);
            at++;
        }
        ck_assert_uint_eq(at, list_of(c, "lower").count);
    }
}
END_TEST

START_TEST(cusum_and_weighted_ratio_are_those_of_r)
{
    const json_t *const cases = golden(a, "chart", "series");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct chart_series s = series_of(c);
        const double centre = golden_number(c, "centre");
        const double phi = chart_dispersion(golden_number(c, "laney"));
        const double shift = golden_number(c, "shift");
        const double weight = golden_number(c, "weight");
        struct chart_cusum up = {0}, down = {0};
        struct chart_ewma w = {0};
        struct rate_class work[MOST];
        size_t at = 0;

        for (size_t m = 0; m < s.months; m++) {
            const struct chart_month month = s.month[m];

            chart_ewma_step(&w, s.kind, centre, month, weight, phi);
            if (chart_is_gap(month)) {
                ck_assert(chart_increment(s.kind, centre, month, shift, phi) == 0);
                continue;
            }
            chart_cusum_step(&up, chart_increment(s.kind, centre, month, shift, phi));
            chart_cusum_step(&down, chart_increment(s.kind, centre, month, 1 / shift, phi));

            const struct estimate ratio = chart_ewma_ratio(&s, centre, phi, weight, m, 0.95, work);

            /* small differences of large sums: not closer than that */
            ck_assert(fabs(up.value - list_of(c, "up").of[at]) < 1e-9);
            ck_assert(fabs(down.value - list_of(c, "down").of[at]) < 1e-9);
            ck_assert(fabs(chart_ewma_z(&w) - list_of(c, "z").of[at]) < 1e-9);
            ck_assert_uint_eq(up.run, (size_t)list_of(c, "run").of[at]);
            assert_month(c, "ratio", at, ratio.value);
            assert_month(c, "ratio_lower", at, ratio.lower);
            assert_month(c, "ratio_upper", at, ratio.upper);
            at++;
        }
    }
}
END_TEST

START_TEST(montgomery_tabular_cusum_signals_at_sample_29)
{
    /* Introduction to Statistical Quality Control, example 9.1: mean 10, K 0.5, H 5 */
    static const double x[] = {9.45,  7.99,  9.29,  11.66, 12.16, 10.18, 8.04,  11.46,
                               9.20,  10.34, 9.03,  11.47, 10.51, 9.40,  10.08, 9.37,
                               10.62, 10.31, 8.52,  10.84, 10.90, 9.33,  12.29, 11.50,
                               10.60, 11.08, 10.38, 11.62, 11.31, 10.52};
    struct chart_cusum up = {0}, down = {0};
    size_t first = 0;

    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        chart_cusum_step(&up, x[i] - 10 - 0.5);
        chart_cusum_step(&down, 10 - 0.5 - x[i]);
        ck_assert(down.value <= 5);
        if (i + 1 == 29) {
            printf("Montgomery, sample 29: C+ %.2f (5.28), N+ %zu (7)\n", up.value, up.run);
            ck_assert(fabs(up.value - 5.28) < 0.005);
            ck_assert_uint_eq(up.run, 7);
        }
        if (first == 0 && up.value > 5)
            first = i + 1;
    }
    ck_assert_uint_eq(first, 29);
}
END_TEST

/* ---- run lengths ---- */

static double size_room[1];

static struct chart_control
control_of(const json_t *c)
{
    size_room[0] = golden_number(c, "size");
    return (struct chart_control){kind_of(c), golden_number(c, "centre"),
                                  golden_number(c, "dispersion"), size_room, 1};
}

/* In the units of the chart: the R script counts in units of log(shift). */
static double
threshold_of(const json_t *c, double most)
{
    return most * log(golden_number(c, "shift")) / golden_number(c, "dispersion");
}

START_TEST(simulated_run_lengths_are_those_of_the_markov_chain)
{
    const json_t *const cases = golden(a, "chart", "run_length");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct chart_control control = control_of(c);
        const double exact = golden_number(c, "run_length");
        const struct chart_simulation how = {
            {golden_number(c, "shift"), 0.2}, 0, 4000, (size_t)(15 * exact)};
        struct rng rng = rng_stream(7, (unsigned)i);
        double *const work = arena_array(a, chart_simulate_work(&how), sizeof *work);
        const struct chart_budget ours =
            chart_run_lengths(&control, 1, &how, threshold_of(c, golden_number(c, "most") + 0.5), 3,
                              &rng, work)
                .cusum;

        printf("run length %.2f (Markov chain %.2f, 4 standard errors %.2f)\n", ours.run_length,
               exact, 4 * ours.se);
        ck_assert(ours.se < 0.02 * exact);
        ck_assert(fabs(ours.run_length - exact) < 4 * ours.se);
    }
}
END_TEST

START_TEST(the_budget_finds_the_lowest_threshold_on_the_lattice)
{
    const json_t *const cases = golden(a, "chart", "run_length");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct chart_control control = control_of(c);
        const double exact = golden_number(c, "run_length");
        const double wanted = sqrt(exact * golden_number(c, "before"));
        const struct chart_simulation how = {
            {golden_number(c, "shift"), 0.2}, wanted, 4000, (size_t)(15 * exact)};
        struct rng rng = rng_stream(7, 40 + (unsigned)i);
        double *const work = arena_array(a, chart_simulate_work(&how), sizeof *work);
        const struct chart_budget ours = chart_simulate(&control, 1, &how, &rng, work).cusum;

        assert_relative("threshold", ours.threshold, threshold_of(c, golden_number(c, "most")),
                        1e-9);
        ck_assert(ours.run_length >= wanted);
    }
}
END_TEST

START_TEST(two_series_share_one_budget)
{
    const json_t *const c = json_array_get(golden(a, "chart", "city"), 0);
    const double size = golden_number(c, "size");
    const double shift = golden_number(c, "shift");
    const struct chart_control one = {CHART_RATE, golden_number(c, "centre"), 1, &size, 1};
    const struct chart_control city[] = {one, one};
    const struct chart_simulation how = {{shift, 0.2}, 0, 4000, 800};
    struct rng rng = rng_stream(7, 90);
    const struct chart_budget ours =
        chart_run_lengths(city, 2, &how, (golden_number(c, "most") + 0.5) * log(shift), 3, &rng,
                          arena_array(a, chart_simulate_work(&how), sizeof(double)))
            .cusum;

    printf("two series: %.2f (%.2f)\n", ours.run_length, golden_number(c, "run_length"));
    ck_assert(fabs(ours.run_length - golden_number(c, "run_length")) < 4 * ours.se);
}
END_TEST

START_TEST(a_city_without_events_has_no_threshold)
{
    const double size = 10;
    const struct chart_control none[] = {{CHART_RATE, 0, 1, &size, 1},
                                         {CHART_RATE, NAN, 1, &size, 0},
                                         {CHART_SHARE, 1, 1, &size, 1}};
    const struct chart_simulation how = {{1.25, 0.2}, 10, 5, 50};
    struct rng rng = rng_stream(1, 0);
    double work[500];

    ck_assert(isnan(chart_simulate(none, 3, &how, &rng, work).cusum.threshold));
    ck_assert(isnan(chart_simulate(none, 0, &how, &rng, work).ewma.run_length));
}
END_TEST

/* ---- laws ---- */

START_TEST(a_gap_moves_nothing_and_is_no_zero)
{
    const struct chart_month with[] = {{8, 100}, {0, 0}, {9, 90}, {30, NAN}, {4, 100}};
    const struct chart_month without[] = {{8, 100}, {9, 90}, {4, 100}};
    const struct chart_series a1 = {CHART_RATE, with, 5};
    const struct chart_series a2 = {CHART_RATE, without, 3};

    ck_assert(chart_centre(&a1, 0) == chart_centre(&a2, 0));
    ck_assert(isnan(chart_laney(&a1, 0.07, 0))); /* no neighbours */
    ck_assert(chart_laney(&a2, 0.07, 0) > 0);
}
END_TEST

START_TEST(exact_limits_leave_out_no_more_than_their_tails)
{
    for (double mean = 0.05; mean < 2000; mean *= 1.7) {
        const struct interval l = chart_limits_exact(CHART_RATE, mean / 50, 50, 3);
        double inside = 0;

        for (double x = round(l.lower * 50); x <= round(l.upper * 50); x++)
            inside += exp(x * log(mean) - mean - lgamma(x + 1));
        ck_assert_msg(1 - inside <= 0.0027, "%g outside at mean %g", 1 - inside, mean);
    }
}
END_TEST

START_TEST(the_unit_of_exposure_does_not_matter)
{
    const struct chart_month persons[] = {{8, 1000}, {12, 1100}, {9, 900}, {14, 1000}};
    const struct chart_month thousands[] = {{8, 1}, {12, 1.1}, {9, 0.9}, {14, 1}};
    const struct chart_series one = {CHART_RATE, persons, 4}, two = {CHART_RATE, thousands, 4};
    const double c1 = chart_centre(&one, 0), c2 = chart_centre(&two, 0);
    struct rate_class work[4];

    assert_relative("centre", c2, 1000 * c1, CLOSED);
    assert_relative("laney", chart_laney(&two, c2, 0), chart_laney(&one, c1, 0), CLOSED);
    assert_relative("increment", chart_increment(CHART_RATE, c2, thousands[1], 1.25, 1),
                    chart_increment(CHART_RATE, c1, persons[1], 1.25, 1), CLOSED);
    assert_relative("ratio", chart_ewma_ratio(&two, c2, 1, 0.3, 3, 0.9, work).upper,
                    chart_ewma_ratio(&one, c1, 1, 0.3, 3, 0.9, work).upper, CLOSED);
}
END_TEST

/* ---- fit chart ---- */

static const struct fit_options usual = {
    .level = 0.95, .seed = 1, .sigma = 3, .shift = 1.25, .weight = 0.2, .run_length = 60};

static const json_t *
figure_at(const json_t *document, const char *name, const char *method, const char *term)
{
    const json_t *const list = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);
        const char *const m = json_string_value(json_object_get(f, "method"));
        const char *const t = json_string_value(json_object_get(f, "term"));

        if (strcmp(json_string_value(json_object_get(f, "name")), name) == 0 &&
            strcmp(m ? m : "", method) == 0 && strcmp(t ? t : "", term) == 0)
            return f;
    }
    return NULL;
}

START_TEST(missing_months_are_marked_as_gaps)
{
    const json_t *const d = fit_document(
        a, "chart", "month,count,exposure\n2026-02,9,100\n2025-11,10,100\n2025-12,0,0\n", &usual);

    ck_assert_ptr_nonnull(figure_at(d, "gap", "", "2025-12"));
    ck_assert_ptr_nonnull(figure_at(d, "gap", "", "2026-01"));
    ck_assert_ptr_null(figure_at(d, "limits", "u", "2026-01"));
    ck_assert_ptr_null(figure_at(d, "cusum", "up", "2026-01"));
    ck_assert(golden_number(figure_at(d, "centre", "u", ""), "value") == 19.0 / 200);
    ck_assert(json_is_null(json_object_get(figure_at(d, "laney-sigma", "u", ""), "value")));
}
END_TEST

START_TEST(a_planted_rise_gives_alarms_and_quiet_months_none)
{
    const char *text = "month,count,exposure\n";

    for (int i = 1; i <= 30; i++)
        text = arena_printf(a, "%s%d,%d,1000\n", text, i, (i > 24 ? 60 : 40) + i % 3 - 1);

    struct fit_options options = usual;

    options.baseline = 24;

    const json_t *const d = fit_document(a, "chart", text, &options);

    for (int i = 1; i <= 30; i++) {
        const char *const month = arena_printf(a, "%d", i);

        if (i <= 24) {
            ck_assert_ptr_null(figure_at(d, "alarm", "cusum-up", month));
            ck_assert_ptr_null(figure_at(d, "alarm", "limits", month));
        }
        ck_assert_ptr_null(figure_at(d, "alarm", "cusum-down", month));
        if (i >= 26)
            ck_assert_ptr_nonnull(figure_at(d, "alarm", "cusum-up", month));
    }
    ck_assert_ptr_nonnull(figure_at(d, "alarm", "ewma", "30"));
    ck_assert(golden_number(figure_at(d, "run-length", "cusum", ""), "value") >= 60);
}
END_TEST

START_TEST(series_that_say_nothing_say_why)
{
    static const struct {
        const char *csv, *name, *method, *term, *key, *note;
    } cases[] = {
        {"month,count,exposure\n2026-01,5,10\n", "laney-sigma", "u", "", "value",
         "no two neighbouring months in the baseline"},
        {"month,count,exposure\n2026-01,0,10\n2026-02,0,10\n", "limits", "u-laney", "2026-01",
         "upper", "no two neighbouring months in the baseline"},
        {"month,count,exposure\n2026-01,0,10\n2026-02,0,10\n", "threshold", "cusum", "", "value",
         "no series has events"},
        {"month,count,n\n2026-01,10,10\n2026-02,10,10\n", "laney-sigma", "p", "", "value",
         "everybody has the outcome in the baseline"},
        {"month,count,n\n2026-01,0,0\n", "centre", "p", "", "value",
         "no month of the baseline has a size over 0"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *const f = figure_at(fit_document(a, "chart", cases[i].csv, &usual),
                                          cases[i].name, cases[i].method, cases[i].term);

        ck_assert_ptr_nonnull(f);
        ck_assert(json_is_null(json_object_get(f, cases[i].key)));
        ck_assert_str_eq(json_string_value(json_object_get(f, "note")), cases[i].note);
    }
}
END_TEST

START_TEST(faulty_months_are_refused)
{
    static const struct {
        const char *csv, *text;
    } cases[] = {
        {"month,count\n1,2\n", "line 1: either exposure or n must be there, and not both"},
        {"month,count,exposure,n\n1,2,3,4\n",
         "line 1: either exposure or n must be there, and not both"},
        {"month,count,n\n1,5,4\n", "line 2, column 3: count is larger than n"},
        {"month,count,n\n1,2,4\n1,2,4\n",
         "line 3, column 1: month stands twice for this place and group"},
        {"month,count,n\n2026-13,2,4\n", "line 2, column 1: month is not a month"},
        {"month,count,n\n2026-12,2,4\n5,2,4\n", "line 3, column 1: month is not a month"},
        {"month,count,n\n2026-12,2,4\n0001-01,2,4\n",
         "line 3, column 1: month lies more than 1200 months from another"},
        {"month,count,n\n1.5,2,4\n", "line 2, column 1: month is not a month"},
        {"month,count,n\nnan,2,4\n", "line 2, column 1: month is not a month"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};

        ck_assert_ptr_null(fit_document_text(a, "chart", cases[i].csv, &usual, &e));
        ck_assert_str_eq(e.text, cases[i].text);
        ck_assert_int_eq(e.code, ERR_INPUT);
        ck_assert(e.hint[0] != '\0');
    }
}
END_TEST

START_TEST(options_out_of_range_are_refused)
{
    struct fit_options wrong[6] = {usual, usual, usual, usual, usual, usual};

    wrong[0].sigma = 0;
    wrong[1].shift = 1;
    wrong[2].weight = 1.5;
    wrong[3].run_length = 0;
    wrong[4].baseline = -1;
    wrong[5].shift = NAN;
    for (size_t i = 0; i < 6; i++) {
        struct err e = {0};

        ck_assert_ptr_null(fit_document_text(a, "chart", "month,count,n\n1,2,4\n", &wrong[i], &e));
        ck_assert_int_eq(e.code, ERR_USAGE);
    }
}
END_TEST

START_TEST(the_same_seed_gives_the_same_chart)
{
    static const char csv[] = "month,count,exposure\n1,3,9.5\n2,5,8\n3,1,7\n";
    struct err e = {0};

    ck_assert_str_eq(fit_document_text(a, "chart", csv, &usual, &e),
                     fit_document_text(a, "chart", csv, &usual, &e));
}
END_TEST

Suite *chart_suite(void);

Suite *
chart_suite(void)
{
    Suite *const s = suite_create("chart");
    TCase *const t = tcase_create("chart");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, limits_and_laney_are_those_of_r);
    tcase_add_test(t, cusum_and_weighted_ratio_are_those_of_r);
    tcase_add_test(t, montgomery_tabular_cusum_signals_at_sample_29);
    tcase_add_test(t, simulated_run_lengths_are_those_of_the_markov_chain);
    tcase_add_test(t, the_budget_finds_the_lowest_threshold_on_the_lattice);
    tcase_add_test(t, two_series_share_one_budget);
    tcase_add_test(t, a_city_without_events_has_no_threshold);
    tcase_add_test(t, a_gap_moves_nothing_and_is_no_zero);
    tcase_add_test(t, exact_limits_leave_out_no_more_than_their_tails);
    tcase_add_test(t, the_unit_of_exposure_does_not_matter);
    tcase_add_test(t, missing_months_are_marked_as_gaps);
    tcase_add_test(t, a_planted_rise_gives_alarms_and_quiet_months_none);
    tcase_add_test(t, series_that_say_nothing_say_why);
    tcase_add_test(t, faulty_months_are_refused);
    tcase_add_test(t, options_out_of_range_are_refused);
    tcase_add_test(t, the_same_seed_gives_the_same_chart);
    suite_add_tcase(s, t);
    return s;
}
