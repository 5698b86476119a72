/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Capture-recapture, unregistered stops, misclassified groups and selection: against R, against the
 * two counts of Haringey, their laws, and what `fit` puts.
 */
#include "analyzer/stat/bounds.h"
#include "analyzer/stat/capture.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/misclassified.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/tipping.h"

#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- capture ---- */

static void
check_capture(const struct capture *ours, const json_t *c, double tolerance)
{
    assert_relative("total", ours->total.value, golden_number(c, "value"), tolerance);
    assert_relative("se", ours->se, golden_number(c, "se"), tolerance);
    assert_relative("lower", ours->total.lower, golden_number(c, "lower"), tolerance);
    assert_relative("upper", ours->total.upper, golden_number(c, "upper"), tolerance);
}

START_TEST(two_lists_are_chapmans)
{
    const json_t *const cases = golden(a, "not_in_data", "chapman");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct capture ours =
            capture_chapman(golden_number(c, "n1"), golden_number(c, "n2"), golden_number(c, "m"),
                            golden_number(c, "level"));

        check_capture(&ours, c, 1e-9);
    }
}
END_TEST

START_TEST(three_lists_are_glms_eight_models)
{
    const json_t *const cases = golden(a, "not_in_data", "three");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const json_t *const fits = json_object_get(c, "fits");
        double seen[8] = {0};

        golden_numbers(c, "seen", seen + 1, 7);
        ck_assert_uint_eq(json_array_size(fits), CAPTURE_MODELS);
        for (size_t k = 0; k < CAPTURE_MODELS; k++) {
            const json_t *const m = json_array_get(fits, k);
            struct capture_three ours;

            ck_assert(capture_loglinear(a, seen, (int)golden_number(m, "model"),
                                        golden_number(c, "level"), &ours));
            check_capture(&ours.of, m, ROOTED);
            assert_close("deviance", ours.deviance, golden_number(m, "deviance"), ROOTED);
            assert_relative("aic", ours.aic, golden_number(m, "aic"), ROOTED);
            ck_assert(ours.df == golden_number(m, "df"));
        }
    }
}
END_TEST

START_TEST(lists_may_be_exchanged)
{
    const double seen[8] = {0, 30, 20, 15, 40, 18, 11, 9};
    const double swapped[8] = {0, 20, 30, 15, 40, 11, 18, 9}; /* a and b */
    struct capture_three one, two;

    ck_assert(capture_loglinear(a, seen, CAPTURE_AC, 0.95, &one));
    ck_assert(capture_loglinear(a, swapped, CAPTURE_BC, 0.95, &two));
    assert_relative("total", two.of.total.value, one.of.total.value, ROOTED);
    assert_relative("total", capture_chapman(9, 20, 4, 0.95).total.value,
                    capture_chapman(20, 9, 4, 0.95).total.value, CLOSED);
}
END_TEST

START_TEST(lists_that_agree_saw_everyone)
{
    const struct capture c = capture_chapman(80, 80, 80, 0.95);

    ck_assert(c.total.value == 80 && c.total.lower == 80 && c.total.upper == 80);
    ck_assert(isnan(capture_chapman(8, 9, 10, 0.95).total.value));
}
END_TEST

START_TEST(fit_takes_the_model_of_least_aic)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const d =
        fit_document(a, "capture",
                     "a,b,c,n\n1,0,0,60\n0,1,0,49\n1,1,0,4\n0,0,1,247\n1,0,1,112\n0,1,1,142\n"
                     "1,1,1,12\n",
                     &options);
    const json_t *const best = fit_document_figure(d, "total", "best", NULL, NULL);
    const json_t *const list = json_object_get(d, "figures");

    ck_assert_uint_eq(json_array_size(list), 10);
    for (size_t i = 0; i < 8; i++)
        ck_assert(golden_number(json_array_get(list, i), "aic") >= golden_number(best, "aic"));
    assert_relative("coverage",
                    golden_number(fit_document_figure(d, "coverage", "best", NULL, NULL), "value"),
                    188 / golden_number(best, "value"), CLOSED);
}
END_TEST

START_TEST(an_overlap_that_is_empty_has_a_note)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const three = fit_document(
        a, "capture", "a,b,c,n\n1,0,0,60\n0,1,0,49\n1,1,0,0\n0,0,1,5\n1,0,1,0\n0,1,1,0\n1,1,1,0\n",
        &options);
    const json_t *const two =
        fit_document(a, "capture", "place,a,b,n\nx,1,0,5\nx,0,1,7\nx,1,1,2\ny,1,0,0\n", &options);

    ck_assert(json_is_null(
        json_object_get(fit_document_figure(three, "total", "independent", NULL, NULL), "value")));
    ck_assert(json_is_null(
        json_object_get(fit_document_figure(two, "total", "chapman", "y", NULL), "value")));
    assert_relative("total",
                    golden_number(fit_document_figure(two, "total", "chapman", "x", NULL), "value"),
                    8.0 * 10 / 3 - 1, CLOSED);
}
END_TEST

/* ---- unregistered ---- */

static struct rate_pair
pair_of(const json_t *c)
{
    return (struct rate_pair){golden_number(c, "x1"), golden_number(c, "n1"),
                              golden_number(c, "x0"), golden_number(c, "n0")};
}

START_TEST(tipping_points_are_those_of_r)
{
    const json_t *const cases = golden(a, "not_in_data", "tipping");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct rate_pair p = pair_of(c);
        double share[3], part[3];

        golden_numbers(c, "unregistered", share, 3);
        golden_numbers(c, "part", part, 3);
        assert_relative("equal", tipping_share_equal(p), golden_number(c, "equal"), CLOSED);
        assert_relative("verdict", tipping_share_verdict(p, golden_number(c, "level")),
                        golden_number(c, "verdict"), ROOTED);
        for (size_t k = 0; k < 3; k++)
            assert_relative("part", tipping_curve(p, share[k]), part[k], CLOSED);
    }
}
END_TEST

START_TEST(the_unregistered_at_the_tipping_point_tip)
{
    const struct rate_pair p = {60, 1000, 100, 4000};
    const double total = p.x1 + p.x0;
    const double equal = tipping_share_equal(p);
    const double u = 0.6;
    const double missing = total * u / (1 - u);
    const double part = tipping_curve(p, u);
    const struct rate_pair all = {p.x1 + part * missing, p.n1, p.x0 + (1 - part) * missing, p.n0};
    const struct rate_pair swapped = {p.x0, p.n0, p.x1, p.n1};

    assert_relative("equal", p.x1 / p.n1, (p.x0 + total * equal / (1 - equal)) / p.n0, CLOSED);
    assert_relative("curve", all.x1 / all.n1, all.x0 / all.n0, CLOSED);
    ck_assert(fabs(tipping_curve(p, equal)) < 1e-12); /* all of them the reference's */
    /* the finding goes before the ratio does, and it does not matter who is called the reference */
    ck_assert(tipping_share_verdict(p, 0.95) < equal);
    assert_relative("swapped", tipping_share_verdict(swapped, 0.95), tipping_share_verdict(p, 0.95),
                    ROOTED);
    assert_relative("swapped", tipping_share_equal(swapped), equal, CLOSED);
}
END_TEST

/* The same stops counted by the API and on the force's own dashboard (london_haringey). */
START_TEST(haringey_is_known_twice)
{
    const double black = 29200, white = 161400;
    const struct odds_fisher api = odds_fisher_as_r(odds_table(2224, black, 1905, white), 0.95);
    const struct odds_fisher force = odds_fisher_as_r(odds_table(2348, black, 1969, white), 0.95);
    const struct rate_pair p = {2224, black, 1905, white};

    ck_assert(fabs(100 * (1 - 1905.0 / 1969) - 3.25) < 0.005);
    ck_assert(fabs(100 * (1 - 2224.0 / 2348) - 5.28) < 0.005);
    ck_assert(fabs(api.odds_ratio.value - 6.902435) < 5e-7);
    ck_assert(fabs(force.odds_ratio.value - 7.080286) < 5e-7);
    ck_assert(fabs(force.odds_ratio.lower - 6.656441) < 5e-7);
    ck_assert(fabs(force.odds_ratio.upper - 7.531349) < 5e-7);
    /* what is missing hides a little of the ratio; to make it nothing, most would have to be */
    assert_relative(
        "observed = true x registered",
        rate_ratio((struct rate_pair){2348, black, 1969, white}, RATE_EXACT, 0.95).value *
            (2224.0 / 2348) / (1905.0 / 1969),
        rate_ratio(p, RATE_EXACT, 0.95).value, CLOSED);
    ck_assert(fabs(tipping_share_verdict(p, 0.95) - 0.704) < 0.0005);
}
END_TEST

/* ---- selection ---- */

START_TEST(bounds_are_those_of_the_paper)
{
    const json_t *const cases = golden(a, "not_in_data", "bounds");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct proportion_pair p = {golden_number(c, "k1"), golden_number(c, "n1"),
                                          golden_number(c, "k0"), golden_number(c, "n0")};
        const struct bounds b = bounds_at(p, golden_number(c, "rho"));

        assert_relative("naive", b.naive, golden_number(c, "naive"), CLOSED);
        assert_relative("att", b.att, golden_number(c, "att"), CLOSED);
        assert_relative("lower", b.ate.lower, golden_number(c, "lower"), CLOSED);
        assert_relative("upper", b.ate.upper, golden_number(c, "upper"), CLOSED);
    }
}
END_TEST

START_TEST(without_bias_in_stops_the_bounds_are_the_difference)
{
    const struct proportion_pair p = {30, 400, 80, 1000};
    const struct bounds none = bounds_at(p, 0);
    double width = -1;

    assert_close("lower", none.ate.lower, none.naive, 1e-15);
    assert_close("upper", none.ate.upper, none.naive, 1e-15);
    for (double rho = 0; rho < 0.95; rho += 0.1) {
        const struct bounds b = bounds_at(p, rho);

        ck_assert(b.ate.upper - b.ate.lower > width);
        ck_assert(b.ate.lower >= none.naive);
        width = b.ate.upper - b.ate.lower;
    }
    assert_close("zero", bounds_at(p, bounds_rho_zero(p)).att, 0, 1e-15);
    ck_assert(isnan(bounds_at(p, 1).att) && isnan(bounds_at((struct proportion_pair){0}, 0.1).att));
}
END_TEST

START_TEST(e_values_are_those_of_the_formula)
{
    const json_t *const cases = golden(a, "not_in_data", "e_value");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct estimate r = {golden_number(c, "value"), golden_number(c, "lower"),
                                   golden_number(c, "upper")};
        const struct estimate turned = {1 / r.value, 1 / r.upper, 1 / r.lower};
        const struct e_value e = bounds_e_value(r);

        assert_relative("e", e.value, golden_number(c, "e"), CLOSED);
        assert_relative("limit", e.limit, golden_number(c, "limit"), CLOSED);
        assert_relative("turned", bounds_e_value(turned).value, e.value, CLOSED);
        assert_relative("turned", bounds_e_value(turned).limit, e.limit, CLOSED);
    }
    ck_assert(fabs(bounds_e_value((struct estimate){3.9, 1.8, 8.7}).value - 7.26) < 0.005);
    ck_assert(fabs(bounds_e_value((struct estimate){3.9, 1.8, 8.7}).limit - 3.0) < 0.005);
}
END_TEST

/* ---- misclassified ---- */

START_TEST(groups_perceived_as_they_are_keep_their_ratio)
{
    static const double count[] = {120, 300};
    static const double exposure[] = {1000, 9000};
    static const double right[] = {1e9, 0, 0, 1e9};
    const struct misclassified m = {2, count, exposure, right};
    struct rng rng = rng_stream(1, 0);
    double work[MISCLASSIFIED_DRAWS];
    const struct estimate e = misclassified_ratio(&m, 0, 1, 0.95, &rng, work);
    const struct estimate exact =
        rate_ratio((struct rate_pair){120, 1000, 300, 9000}, RATE_EXACT, 0.95);

    assert_relative("value", e.value, 3.6, CLOSED);
    /* nothing is left but the counts' own error: 4,000 draws give a limit to about 1% */
    assert_relative("lower", e.lower, exact.lower, 0.02);
    assert_relative("upper", e.upper, exact.upper, 0.02);
}
END_TEST

START_TEST(groups_perceived_at_random_have_no_ratio_left)
{
    static const double count[] = {120, 300};
    static const double exposure[] = {1000, 1000};
    static const double blind[] = {50, 50, 50, 50};
    const struct misclassified m = {2, count, exposure, blind};
    struct rng rng = rng_stream(1, 0);
    double work[MISCLASSIFIED_DRAWS];
    double corrected[2];
    const struct estimate e = misclassified_ratio(&m, 0, 1, 0.95, &rng, work);

    misclassified_counts(&m, corrected);
    assert_relative("half", corrected[0], 210, CLOSED);
    assert_relative("value", e.value, 1, CLOSED);
    ck_assert(e.lower < 1 && e.upper > 1);
}
END_TEST

START_TEST(the_draws_are_those_of_a_beta)
{
    /* one perceived group, whose people divide by an uncertain share: the ratio is p / (1 - p), p ~
     * Beta(30 + 1/2, 10 + 1/2) */
    static const double count[] = {1e9, 0};
    static const double exposure[] = {1, 1};
    static const double matrix[] = {30, 10, 0, 0};
    const struct misclassified m = {2, count, exposure, matrix};
    struct rng rng = rng_stream(3, 0);
    double work[MISCLASSIFIED_DRAWS];
    const struct estimate e = misclassified_ratio(&m, 0, SIZE_MAX, 0.95, &rng, work);

    assert_relative("value", e.value, 3, CLOSED);
    assert_relative("lower", e.lower, dist_beta_odds_q(0.025, 30.5, 10.5, DIST_LOWER), 0.04);
    assert_relative("upper", e.upper, dist_beta_odds_q(0.975, 30.5, 10.5, DIST_LOWER), 0.04);
}
END_TEST

START_TEST(a_group_without_matrix_has_no_correction)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const d = fit_document(
        a, "misclassified", "group,count,exposure,x,y\nx,5,10,1,0\ny,7,20,0,0\n", &options);
    const json_t *const f = fit_document_figure(d, "corrected-ratio", "monte-carlo", NULL, "x");

    ck_assert(json_is_null(json_object_get(f, "value")));
    ck_assert_str_eq(json_string_value(json_object_get(f, "note")),
                     "a perceived group with events has nobody in the matrix");
}
END_TEST

START_TEST(the_same_seed_gives_the_same_document)
{
    const struct fit_options one = {.level = 0.95, .seed = 1};
    const struct fit_options two = {.level = 0.95, .seed = 2};
    static const char csv[] = "group,count,exposure,x,y\nx,50,100,40,5\ny,70,200,3,60\n";
    struct err e;

    ck_assert_str_eq(fit_document_text(a, "misclassified", csv, &one, &e),
                     fit_document_text(a, "misclassified", csv, &one, &e));
    ck_assert_str_ne(strchr(fit_document_text(a, "misclassified", csv, &one, &e), '['),
                     strchr(fit_document_text(a, "misclassified", csv, &two, &e), '['));
}
END_TEST

/* ---- fit ---- */

START_TEST(faulty_cells_are_refused)
{
    static const struct {
        const char *model, *csv, *text;
    } cases[] = {
        {"capture", "a,b,n\n2,0,5\n", "line 2, column 1: a is neither 0 nor 1"},
        {"capture", "a,b,n\n0,0,5\n", "line 2, column 1: a and the other lists are all 0"},
        {"bounds", "place,group,k,n\nx,a,6,5\n", "line 2, column 5: k is larger than n"},
        {"misclassified", "group,count,exposure,x\nx,5,10,1\ny,7,20,0\n",
         "2 groups, but 1 columns of the matrix"},
        {"misclassified", "group,count,exposure,x,z\nx,5,10,1,0\ny,7,20,0,0\n",
         "line 3, column 1: group has no column of the matrix"},
        {"misclassified", "group,count,exposure,x\nx,5,10,-1\n", "line 2, column 8: x is negative"},
        {"misclassified", "group,count,exposure,x\nx,5,10,many\n",
         "line 2, column 8: x is not a number"},
    };
    const struct fit_options options = {.level = 0.95, .steps = 3, .seed = 1};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {0};

        ck_assert(!fit_document_text(a, cases[i].model, cases[i].csv, &options, &e));
        ck_assert_str_eq(e.text, cases[i].text);
    }
}
END_TEST

START_TEST(curves_are_put_at_their_steps_and_null_where_nothing_is_compared)
{
    const struct fit_options options = {.reference = "b", .level = 0.95, .steps = 4, .seed = 1};
    const json_t *const tipping = fit_document(
        a, "tipping", "place,group,count,exposure\nx,a,60,1000\nx,b,100,4000\ny,a,3,5\n", &options);
    const json_t *const bounds = fit_document(
        a, "bounds", "place,group,k,n\nx,a,30,400\nx,b,80,1600\ny,a,3,5\ny,b,0,0\n", &options);
    const json_t *const list = json_object_get(tipping, "figures");
    size_t curve = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        if (strcmp(json_string_value(json_object_get(f, "name")), "tipping-curve") == 0) {
            curve++;
            ck_assert_int_eq(json_is_null(json_object_get(f, "value")),
                             strcmp(json_string_value(json_object_get(f, "place")), "y") == 0);
        }
    }
    ck_assert_uint_eq(curve, 6);
    ck_assert_str_eq(json_string_value(json_object_get(
                         fit_document_figure(bounds, "e-value", "koopman", "y", "a"), "note")),
                     "n is zero");
    /* one informative place: the whole is that place */
    const json_t *const all = json_object_get(bounds, "figures");
    double place = NAN;
    double whole = NAN;

    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *const f = json_array_get(all, i);
        const char *const where = json_string_value(json_object_get(f, "place"));

        if (strcmp(json_string_value(json_object_get(f, "name")), "effect-on-stopped") != 0 ||
            strcmp(json_string_value(json_object_get(f, "term")), "rho 0.6") != 0)
            continue;
        if (!where)
            whole = golden_number(f, "upper");
        else if (strcmp(where, "x") == 0)
            place = golden_number(f, "upper");
    }
    assert_relative("whole", whole, place, CLOSED);
}
END_TEST

Suite *not_in_data_suite(void);

Suite *
not_in_data_suite(void)
{
    Suite *const s = suite_create("not_in_data");
    TCase *const t = tcase_create("not_in_data");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, two_lists_are_chapmans);
    tcase_add_test(t, three_lists_are_glms_eight_models);
    tcase_add_test(t, lists_may_be_exchanged);
    tcase_add_test(t, lists_that_agree_saw_everyone);
    tcase_add_test(t, fit_takes_the_model_of_least_aic);
    tcase_add_test(t, an_overlap_that_is_empty_has_a_note);
    tcase_add_test(t, tipping_points_are_those_of_r);
    tcase_add_test(t, the_unregistered_at_the_tipping_point_tip);
    tcase_add_test(t, haringey_is_known_twice);
    tcase_add_test(t, bounds_are_those_of_the_paper);
    tcase_add_test(t, without_bias_in_stops_the_bounds_are_the_difference);
    tcase_add_test(t, e_values_are_those_of_the_formula);
    tcase_add_test(t, groups_perceived_as_they_are_keep_their_ratio);
    tcase_add_test(t, groups_perceived_at_random_have_no_ratio_left);
    tcase_add_test(t, the_draws_are_those_of_a_beta);
    tcase_add_test(t, a_group_without_matrix_has_no_correction);
    tcase_add_test(t, the_same_seed_gives_the_same_document);
    tcase_add_test(t, faulty_cells_are_refused);
    tcase_add_test(t, curves_are_put_at_their_steps_and_null_where_nothing_is_compared);
    suite_add_tcase(s, t);
    return s;
}
