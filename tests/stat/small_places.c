/* SPDX-License-Identifier: EUPL-1.2 */
/* Empirical Bayes, funnel limits and standardised ratios against R, their laws, and what `fit`
 * puts. */
#include "analyzer/stat/funnel.h"
#include "analyzer/stat/shrink.h"
#include "analyzer/stat/standardised.h"

#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

enum { MOST = 16 };

START_TEST(shrunken_rates_are_those_of_r)
{
    const json_t *const cases = golden(a, "small_places", "shrink");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double y[MOST], n[MOST], value[MOST], lower[MOST], upper[MOST], over[MOST];
        const double level = golden_number(c, "level");
        const size_t places = golden_numbers(c, "count", y, MOST);
        struct shrink s;

        golden_numbers(c, "exposure", n, MOST);
        golden_numbers(c, "value", value, MOST);
        golden_numbers(c, "lower", lower, MOST);
        golden_numbers(c, "upper", upper, MOST);
        golden_numbers(c, "over", over, MOST);
        ck_assert_int_eq(shrink_fit(y, n, places, &s), SHRINK_DONE);
        assert_relative("mean", s.mean, golden_number(c, "mean"), ROOTED);
        assert_relative("shape", s.shape, golden_number(c, "shape"), ROOTED);
        assert_relative("likelihood", s.log_likelihood, golden_number(c, "log_likelihood"), CLOSED);
        for (size_t p = 0; p < places; p++) {
            const struct estimate e = shrink_rate(&s, y[p], n[p], level);

            assert_relative("value", e.value, value[p], ROOTED);
            assert_relative("lower", e.lower, lower[p], ROOTED);
            assert_relative("upper", e.upper, upper[p], ROOTED);
            assert_close("over", shrink_exceeds(&s, y[p], n[p], 1.25 * s.mean), over[p], ROOTED);
        }
    }
}
END_TEST

START_TEST(shrinking_lies_between_the_place_and_the_mean_and_scales)
{
    static const double y[] = {3, 10, 0, 55, 7, 21, 4};
    static const double n[] = {120, 400, 30, 1500, 80, 310.5, 500};
    double scaled[7];
    struct shrink s, t;

    for (size_t i = 0; i < 7; i++)
        scaled[i] = 1000 * n[i];
    ck_assert_int_eq(shrink_fit(y, n, 7, &s), SHRINK_DONE);
    ck_assert_int_eq(shrink_fit(y, scaled, 7, &t), SHRINK_DONE);
    assert_relative("shape", t.shape, s.shape, ROOTED);
    assert_relative("mean", 1000 * t.mean, s.mean, ROOTED);
    for (size_t i = 0; i < 7; i++) {
        const double crude = y[i] / n[i];
        const double value = shrink_rate(&s, y[i], n[i], 0.95).value;

        ck_assert(value > fmin(crude, s.mean) && value < fmax(crude, s.mean));
    }
}
END_TEST

START_TEST(places_that_differ_by_chance_are_pooled)
{
    static const double even[] = {10, 9, 11, 10};
    static const double nearly[] = {115, 92, 86, 107};
    static const double n[] = {100, 100, 100, 100};
    struct shrink s;

    ck_assert_int_eq(shrink_fit(even, n, 4, &s), SHRINK_POOLED);
    ck_assert(isinf(s.shape));
    assert_relative("mean", s.mean, 0.1, CLOSED);
    assert_relative("rate", shrink_rate(&s, 9, 100, 0.95).value, 0.1, CLOSED);
    /* a little more than chance: nearly pooled, no jump */
    ck_assert_int_eq(shrink_fit(nearly, n, 4, &s), SHRINK_DONE);
    ck_assert(s.shape > 100);
    ck_assert(fabs(shrink_rate(&s, 86, 100, 0.95).value - 1) < 0.1);
}
END_TEST

START_TEST(nothing_to_learn_a_prior_from_is_undefined)
{
    static const double none[] = {0, 0, 0};
    static const double y[] = {3, 4, 0};
    static const double n[] = {5, 0, 0};
    static const double full[] = {5, 6, 7};
    struct shrink s;

    ck_assert_int_eq(shrink_fit(y, n, 3, &s), SHRINK_TOO_FEW);
    ck_assert_int_eq(shrink_fit(none, full, 3, &s), SHRINK_TOO_FEW);
    ck_assert(isnan(shrink_rate(&s, 3, 5, 0.95).value) && isnan(shrink_exceeds(&s, 3, 5, 1)));
}
END_TEST

START_TEST(funnel_limits_are_those_of_r)
{
    const json_t *const cases = golden(a, "small_places", "funnel");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct interval at = funnel_exact(
            golden_number(c, "share") > 0 ? FUNNEL_SHARE : FUNNEL_RATE, golden_number(c, "size"),
            golden_number(c, "target"), golden_number(c, "level"));

        assert_relative("lower", at.lower, golden_number(c, "lower"), 1e-9);
        assert_relative("upper", at.upper, golden_number(c, "upper"), 1e-9);
    }
}
END_TEST

START_TEST(dispersion_is_that_of_r_and_never_under_one)
{
    const json_t *const cases = golden(a, "small_places", "dispersion");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double z[MOST], work[MOST];
        const size_t count = golden_numbers(c, "z", z, MOST);

        assert_relative("dispersion", funnel_dispersion(z, count, work), golden_number(c, "value"),
                        CLOSED);
    }
}
END_TEST

START_TEST(the_funnel_narrows_and_meets_the_normal_limits)
{
    double width = INFINITY;

    for (double size = 10; size < 1e9; size *= 10) {
        const struct interval at = funnel_exact(FUNNEL_RATE, size, 0.05, 0.95);

        ck_assert(at.upper - at.lower < width);
        width = at.upper - at.lower;
    }

    const struct interval exact = funnel_exact(FUNNEL_SHARE, 1e8, 0.3, 0.95);
    const struct interval normal = funnel_overdispersed(FUNNEL_SHARE, 1e8, 0.3, 1, 0.95);

    assert_close("lower", exact.lower, normal.lower, 1e-7);
    assert_close("upper", exact.upper, normal.upper, 1e-7);
    ck_assert(isnan(funnel_exact(FUNNEL_RATE, 0, 0.05, 0.95).lower));
    ck_assert(isnan(funnel_exact(FUNNEL_SHARE, 10, 1, 0.95).lower));
}
END_TEST

static size_t
classes_of(const json_t *c, const char *count, const char *exposure, struct rate_class *classes)
{
    double x[MOST], n[MOST], s[MOST];
    const size_t bands = golden_numbers(c, count, x, MOST);

    golden_numbers(c, exposure, n, MOST);
    golden_numbers(c, "standard", s, MOST);
    for (size_t b = 0; b < bands; b++)
        classes[b] = (struct rate_class){x[b], n[b], s[b]};
    return bands;
}

START_TEST(the_standardised_ratio_is_that_of_r_and_turns_over)
{
    const json_t *const cases = golden(a, "small_places", "standardised");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        struct rate_class one[MOST], zero[MOST];
        const size_t bands = classes_of(c, "x1", "n1", one);
        const double level = golden_number(c, "level");

        classes_of(c, "x0", "n0", zero);

        const struct pooled_ratio r = standardised_ratio(one, zero, bands, level);
        const struct pooled_ratio turned = standardised_ratio(zero, one, bands, level);

        assert_relative("value", r.ratio.value, golden_number(c, "value"), CLOSED);
        assert_relative("se", r.se_log, golden_number(c, "se"), CLOSED);
        assert_relative("lower", r.ratio.lower, golden_number(c, "lower"), CLOSED);
        assert_relative("upper", r.ratio.upper, golden_number(c, "upper"), CLOSED);
        assert_relative("turned", turned.ratio.lower, 1 / r.ratio.upper, CLOSED);
    }
}
END_TEST

START_TEST(one_band_is_the_crude_rate)
{
    const struct fit_options options = {.reference = "y", .level = 0.95, .seed = 1};
    const json_t *const d = fit_document(
        a, "standardise", "group,band,count,exposure,standard\nx,all,30,400,7\ny,all,50,1600,7\n",
        &options);
    const json_t *const crude = fit_document_figure(d, "crude-rate", "garwood", NULL, "x");
    const json_t *const rate = fit_document_figure(d, "standardised-rate", "fay-feuer", NULL, "x");

    assert_relative("value", golden_number(rate, "value"), golden_number(crude, "value"), CLOSED);
    assert_relative("lower", golden_number(rate, "lower"), golden_number(crude, "lower"), CLOSED);
    assert_relative("upper", golden_number(rate, "upper"), golden_number(crude, "upper"), CLOSED);
    assert_relative(
        "ratio",
        golden_number(fit_document_figure(d, "standardised-ratio", "log-normal", NULL, "x"),
                      "value"),
        2.4, CLOSED);
}
END_TEST

START_TEST(a_band_without_people_has_no_standardised_rate)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const d = fit_document(a, "standardise",
                                         "group,band,count,exposure,standard\n"
                                         "x,young,3,40,7\nx,old,1,0,3\n"
                                         "y,young,5,160,7\ny,old,2,100,3\n",
                                         &options);
    const json_t *const rate = fit_document_figure(d, "standardised-rate", "fay-feuer", NULL, "x");

    ck_assert(json_is_null(json_object_get(rate, "value")));
    ck_assert_str_eq(json_string_value(json_object_get(rate, "note")),
                     "a band that the standard has is without exposure");
}
END_TEST

START_TEST(faulty_cells_are_refused)
{
    static const struct {
        const char *model, *csv, *text;
    } cases[] = {
        {"standardise", "group,band,count,exposure,standard\nx,a,1,2,3\nx,a,1,2,3\n",
         "line 3, column 3: band has a row for this group already"},
        {"standardise", "group,band,count,exposure,standard\nx,a,1,2,3\ny,a,1,2,4\n",
         "line 3, column 9: standard is not that of the other groups in this band"},
        {"funnel", "place,count\nx,1\n", "line 1: there is neither exposure nor n"},
        {"funnel", "place,count,n,exposure\nx,1,2,3\n", "line 1: there are both exposure and n"},
        {"funnel", "place,count,n\nx,3,2\n", "line 2, column 3: count is larger than n"},
        {"shrink", "place,group,count,exposure\nx,a,3,2\nx,a,3,2\n",
         "line 3, column 3: group has a row in this place already, at line 2"},
    };
    const struct fit_options options = {.level = 0.95, .seed = 1};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};

        ck_assert(!fit_document_text(a, cases[i].model, cases[i].csv, &options, &e));
        ck_assert_str_eq(e.text, cases[i].text);
    }
}
END_TEST

START_TEST(fit_names_the_places_outside_the_funnel)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const d = fit_document(a, "funnel",
                                         "place,group,count,n\n"
                                         "p,a,50,100\nq,a,25,100\nr,a,10,100\ns,a,0,0\n"
                                         "p,b,1,10\nq,b,2,10\n",
                                         &options);
    static const struct {
        const char *place, *note;
    } expected[] = {{"p", "above the limits"},
                    {"q", "within the limits"},
                    {"r", "below the limits"},
                    {"s", "the place has no size"}};

    for (size_t i = 0; i < 4; i++)
        ck_assert_str_eq(
            json_string_value(json_object_get(
                fit_document_figure(d, "funnel-inner", "exact", expected[i].place, "a"), "note")),
            expected[i].note);
    assert_relative("target",
                    golden_number(fit_document_figure(d, "target", NULL, NULL, "a"), "value"),
                    85.0 / 300, CLOSED);
}
END_TEST

START_TEST(fit_shrinks_each_group_by_itself)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const both = fit_document(a, "shrink",
                                            "place,group,count,exposure\n"
                                            "p,a,3,120\nq,a,55,400\nr,a,0,30\n"
                                            "p,b,1,10\nq,b,9,10\n",
                                            &options);
    const json_t *const one =
        fit_document(a, "shrink", "place,count,exposure\np,3,120\nq,55,400\nr,0,30\n", &options);

    assert_relative(
        "rate",
        golden_number(fit_document_figure(both, "shrunken-rate", "gamma-poisson", "p", "a"),
                      "value"),
        golden_number(fit_document_figure(one, "shrunken-rate", "gamma-poisson", "p", NULL),
                      "value"),
        CLOSED);
}
END_TEST

Suite *small_places_suite(void);

Suite *
small_places_suite(void)
{
    Suite *const s = suite_create("small_places");
    TCase *const t = tcase_create("small_places");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, shrunken_rates_are_those_of_r);
    tcase_add_test(t, shrinking_lies_between_the_place_and_the_mean_and_scales);
    tcase_add_test(t, places_that_differ_by_chance_are_pooled);
    tcase_add_test(t, nothing_to_learn_a_prior_from_is_undefined);
    tcase_add_test(t, funnel_limits_are_those_of_r);
    tcase_add_test(t, dispersion_is_that_of_r_and_never_under_one);
    tcase_add_test(t, the_funnel_narrows_and_meets_the_normal_limits);
    tcase_add_test(t, the_standardised_ratio_is_that_of_r_and_turns_over);
    tcase_add_test(t, one_band_is_the_crude_rate);
    tcase_add_test(t, a_band_without_people_has_no_standardised_rate);
    tcase_add_test(t, faulty_cells_are_refused);
    tcase_add_test(t, fit_names_the_places_outside_the_funnel);
    tcase_add_test(t, fit_shrinks_each_group_by_itself);
    suite_add_tcase(s, t);
    return s;
}
