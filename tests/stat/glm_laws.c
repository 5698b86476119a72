/* SPDX-License-Identifier: EUPL-1.2 */
/* Regressions: their laws, what has no estimate, and what is refused. */
#include "tests/lib/regression.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

/* ---- laws ---- */

static const char small[] = "group,place,count,exposure\n"
                            "a,x,4,31\nb,x,9,22\na,y,11,80\nb,y,7,40\na,z,2,12\nb,z,6,19\n";

START_TEST(exposure_in_another_unit_moves_the_intercept_only)
{
    const json_t *const d =
        regression(a, (struct regression_call){"poisson", "group + place", NULL, NULL}, small);
    const json_t *const thousands = regression(
        a, (struct regression_call){"poisson", "group + place", NULL, NULL},
        "group,place,count,exposure\na,x,4,0.031\nb,x,9,0.022\na,y,11,0.080\nb,y,7,0.040\n"
        "a,z,2,0.012\nb,z,6,0.019\n");

    assert_close("intercept", regression_beta(thousands, "(Intercept)"),
                 regression_beta(d, "(Intercept)") + log(1000), 1e-12);
    assert_close("group", regression_beta(thousands, "groupb"), regression_beta(d, "groupb"),
                 1e-12);
    assert_close("place", regression_beta(thousands, "placez"), regression_beta(d, "placez"),
                 1e-12);
    assert_close("deviance", regression_number(regression_figure(thousands, "deviance"), "value"),
                 regression_number(regression_figure(d, "deviance"), "value"), 1e-12);
}
END_TEST

START_TEST(swapping_the_groups_changes_the_sign)
{
    const json_t *const d =
        regression(a, (struct regression_call){"poisson", "group + place", NULL, "a"}, small);
    const json_t *const e =
        regression(a, (struct regression_call){"poisson", "group + place", NULL, "b"}, small);

    assert_close("group", regression_beta(d, "groupb"), -regression_beta(e, "groupa"), 1e-12);
    assert_close("se", regression_number(regression_term(d, "groupb"), "se"),
                 regression_number(regression_term(e, "groupa"), "se"), 1e-12);
}
END_TEST

static void
assert_same_figure(const json_t *got, json_t *want)
{
    const char *key;
    json_t *value;

    json_object_foreach(want, key, value)
    {
        if (json_is_number(value))
            assert_close(key, regression_number(got, key), json_number_value(value), 1e-9);
        else
            ck_assert(json_equal(json_object_get(got, key), value));
    }
}

/* Rows are merged only when they agree in every column: a serial number keeps them apart. */
START_TEST(rows_alike_are_rows_each)
{
    static const struct {
        const char *model, *header, *rows[4];
    } cases[] = {
        {"logistic", "k,n,g,w", {"1,2,a,1", "0,1,a,2.5", "3,4,b,4", "1,3,b,6"}},
        {"poisson", "count,exposure,g,w", {"4,31,a,1", "9,22,a,2.5", "0,9,b,4", "7,40,b,6"}},
        {"negbin", "count,weight,g,w", {"4,0.5,a,1", "90,2,a,2.5", "0,1,b,4", "37,1,b,6"}},
    };
    static const char *const formulas[] = {"g + as.numeric(w)", "g + ns(w, 2)"};

    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        const bool negbin = strcmp(cases[i / 2].model, "negbin") == 0;
        const struct regression_call call = {negbin ? "poisson" : cases[i / 2].model,
                                             formulas[i % 2], negbin ? "negbin" : NULL, NULL};
        struct strbuf *const merged = strbuf_new(a, 4096), *const apart = strbuf_new(a, 4096);

        strbuf_printf(merged, "%s\n", cases[i / 2].header);
        strbuf_printf(apart, "%s,serial\n", cases[i / 2].header);
        for (size_t r = 0; r < 60; r++) {
            const char *const row = cases[i / 2].rows[r * r * r % 7 % 4];

            strbuf_printf(merged, "%s\n", row);
            strbuf_printf(apart, "%s,%zu\n", row, r);
        }

        const json_t *const one = regression(a, call, merged->data);
        const json_t *const each = regression(a, call, apart->data);
        const json_t *const figures = json_object_get(each, "figures");
        const json_t *const diagnostics = json_object_get(one, "diagnostics");

        ck_assert_int_eq((int)golden_number(diagnostics, "rows"), 60);
        ck_assert(json_equal(diagnostics, json_object_get(each, "diagnostics")));
        for (size_t f = 0; f < json_array_size(figures); f++)
            assert_same_figure(json_array_get(json_object_get(one, "figures"), f),
                               json_array_get(figures, f));
    }
}
END_TEST

START_TEST(rows_of_one_cell_may_be_added_up_before)
{
    const json_t *const d = regression(a, (struct regression_call){"logistic", "g", NULL, NULL},
                                       "g,k,n\na,3,9\na,1,4\nb,5,6\nb,0,3\nc,2,2\nc,4,9\n");
    const json_t *const e = regression(a, (struct regression_call){"logistic", "g", NULL, NULL},
                                       "g,k,n\na,4,13\nb,5,9\nc,6,11\n");

    assert_close("b", regression_beta(d, "gb"), regression_beta(e, "gb"), 1e-13);
    assert_close("c", regression_beta(d, "gc"), regression_beta(e, "gc"), 1e-13);
    assert_close("se", regression_number(regression_term(d, "gc"), "se"),
                 regression_number(regression_term(e, "gc"), "se"), 1e-13);
    /* the deviance is against a model with a share for each row, so it is not the same */
    ck_assert(regression_number(regression_figure(d, "deviance"), "value") > 1);
    assert_close("saturated", regression_number(regression_figure(e, "deviance"), "value"), 0,
                 1e-12);
}
END_TEST

/* A table of many places: eliminated as a block in one order of terms, and the same in another. */
static const char *
many_places(size_t places, const char *rest)
{
    const char *csv = "place,g,k,n\n";

    for (size_t p = 0; p < places; p++)
        csv = arena_printf(a, "%sp%03zu,a,%zu,%zu\np%03zu,b,%zu,%zu\n", csv, p, 1 + p % 5,
                           9 + 3 * (p % 4), p, 2 + p % 3, 8 + p % 7);
    return arena_printf(a, "%s%s", csv, rest);
}

START_TEST(many_places_are_eliminated_without_a_difference)
{
    /* a:place written out leaves nothing to eliminate: places are dense columns there */
    const char *const csv = many_places(12, "");
    const json_t *const block =
        regression(a, (struct regression_call){"logistic", "place + g", NULL, NULL}, csv);
    const json_t *const dense =
        regression(a, (struct regression_call){"logistic", "place + g - 1", NULL, NULL}, csv);

    assert_close("group", regression_beta(block, "gb"), regression_beta(dense, "gb"), 1e-10);
    assert_close("se", regression_number(regression_term(block, "gb"), "se"),
                 regression_number(regression_term(dense, "gb"), "se"), 1e-10);
    assert_close("place", regression_beta(block, "placep007"),
                 regression_beta(dense, "placep007") - regression_beta(dense, "placep000"), 1e-10);
    assert_close("intercept se", regression_number(regression_term(block, "(Intercept)"), "se"),
                 regression_number(regression_term(dense, "placep000"), "se"), 1e-10);
}
END_TEST

START_TEST(counts_of_a_billion_keep_their_digits)
{
    const json_t *const d =
        regression(a, (struct regression_call){"poisson", "g", NULL, NULL},
                   "g,count,exposure\na,1000000000,2000000000\nb,1000000000,1000000000\n");

    assert_close("b", regression_beta(d, "gb"), log(2), 1e-13);
    assert_relative("se", regression_number(regression_term(d, "gb"), "se"), sqrt(2e-9), 1e-9);
    assert_close("deviance", regression_number(regression_figure(d, "deviance"), "value"), 0, 1e-9);
}
END_TEST

/* ---- what has no estimate ---- */

static void
assert_null(const json_t *document, const char *term, const char *why)
{
    const json_t *const f = regression_term(document, term);

    ck_assert_msg(json_is_null(json_object_get(f, "value")), "%s has a value", term);
    ck_assert(json_is_null(json_object_get(f, "se")));
    ck_assert_msg(strstr(json_string_value(json_object_get(f, "note")), why) != NULL, "%s: %s",
                  term, json_string_value(json_object_get(f, "note")));
}

START_TEST(perfectly_separated_data_have_no_estimate)
{
    const json_t *const d =
        regression(a, (struct regression_call){"logistic", "as.numeric(x)", NULL, NULL},
                   "x,k,n\n1,0,5\n2,0,5\n3,5,5\n4,5,5\n");

    ck_assert(json_is_false(json_object_get(d, "converged")));
    assert_null(d, "(Intercept)", "separation");
    assert_null(d, "as.numeric(x)", "separation");
}
END_TEST

START_TEST(what_is_not_separated_keeps_its_estimate)
{
    /* nobody in b has the outcome; h and c are those of the table without b */
    const json_t *const d =
        regression(a, (struct regression_call){"logistic", "g + h", NULL, NULL},
                   "k,n,g,h\n2,5,a,x\n0,5,b,x\n3,5,c,x\n1,7,a,y\n0,9,b,y\n3,4,c,y\n");
    const json_t *const e = regression(a, (struct regression_call){"logistic", "g + h", NULL, NULL},
                                       "k,n,g,h\n2,5,a,x\n3,5,c,x\n1,7,a,y\n3,4,c,y\n");

    ck_assert(json_is_true(json_object_get(d, "converged")));
    ck_assert_int_eq((int)golden_number(json_object_get(d, "diagnostics"), "rows_separated"), 2);
    assert_null(d, "gb", "separation");
    assert_close("c", regression_beta(d, "gc"), regression_beta(e, "gc"), 1e-10);
    assert_close("h", regression_beta(d, "hy"), regression_beta(e, "hy"), 1e-10);
    assert_close("se", regression_number(regression_term(d, "hy"), "se"),
                 regression_number(regression_term(e, "hy"), "se"), 1e-10);
    assert_close("deviance", regression_number(regression_figure(d, "deviance"), "value"),
                 regression_number(regression_figure(e, "deviance"), "value"), 1e-10);
}
END_TEST

START_TEST(a_separated_base_takes_its_contrasts_along)
{
    const json_t *const d = regression(a, (struct regression_call){"poisson", "g + h", NULL, NULL},
                                       "count,g,h\n0,a,x\n2,b,x\n3,c,x\n0,a,y\n3,b,y\n8,c,y\n");

    assert_null(d, "(Intercept)", "separation");
    assert_null(d, "gb", "separation");
    assert_null(d, "gc", "separation");
    assert_close("h", regression_beta(d, "hy"), log(11.0 / 5.0), 1e-10);
}
END_TEST

START_TEST(an_empty_place_among_many_is_null_and_the_rest_is_as_without_it)
{
    const json_t *const d =
        regression(a, (struct regression_call){"logistic", "g + place", NULL, NULL},
                   many_places(30, "q,a,0,20\nq,b,0,11\n"));
    const json_t *const e = regression(
        a, (struct regression_call){"logistic", "g + place", NULL, NULL}, many_places(30, ""));

    assert_null(d, "placeq", "separation");
    assert_close("group", regression_beta(d, "gb"), regression_beta(e, "gb"), 1e-10);
    assert_close("place", regression_beta(d, "placep011"), regression_beta(e, "placep011"), 1e-10);
    assert_close("df", regression_number(regression_figure(d, "deviance"), "df"),
                 regression_number(regression_figure(e, "deviance"), "df") + 1, 0);
}
END_TEST

START_TEST(a_term_that_is_a_combination_of_others_is_null)
{
    const json_t *const d = regression(a, (struct regression_call){"poisson", "g + h", NULL, NULL},
                                       "count,g,h\n4,a,x\n6,a,x\n9,b,y\n3,b,y\n");

    assert_close("b", regression_beta(d, "gb"), log(12.0 / 10.0), 1e-12);
    assert_null(d, "hy", "combination");
    assert_close("df", regression_number(regression_figure(d, "deviance"), "df"), 2, 0);
}
END_TEST

START_TEST(cells_of_two_factors_beside_an_intercept_leave_one_out)
{
    const json_t *const d = regression(a, (struct regression_call){"logistic", "g:h", NULL, NULL},
                                       "g,h,k,n\na,x,3,9\na,y,2,7\nb,x,4,6\nb,y,5,8\n");

    assert_close("intercept", regression_beta(d, "(Intercept)"), log(5.0 / 3.0), 1e-12);
    assert_close("bx", regression_beta(d, "gb:hx"), log(2.0) - log(5.0 / 3.0), 1e-12);
    assert_null(d, "gb:hy", "combination");
}
END_TEST

START_TEST(separation_does_not_hide_a_dependent_column)
{
    /* p01 has one row, without the outcome: as that row fades, R's glm no longer sees that
     * p01:x is a multiple of p01, and prints 1e15 */
    static const char rest[] = "p02,0.09,c,4,2\np02,-0.25,a,4,1\np02,-0.46,c,6,2\np02,-0.78,a,6,2\n"
                               "p02,0.21,b,3,2\np03,-1.97,b,4,1\np03,1.03,a,5,2\np03,-2.67,c,4,2\n"
                               "p03,0.21,c,3,0\np03,0.29,b,5,1\n";
    const struct regression_call call = {"logistic", "p + p:as.numeric(x) + g", NULL, NULL};
    const json_t *const d =
        regression(a, call, arena_printf(a, "p,x,g,n,k\np01,-0.1,b,1,0\n%s", rest));
    const json_t *const e = regression(a, call, arena_printf(a, "p,x,g,n,k\n%s", rest));

    assert_null(d, "(Intercept)", "separation");
    assert_null(d, "pp01:as.numeric(x)", "");
    assert_close("b", regression_beta(d, "gb"), regression_beta(e, "gb"), 1e-8);
    assert_close("slope", regression_beta(d, "pp03:as.numeric(x)"),
                 regression_beta(e, "pp03:as.numeric(x)"), 1e-8);
    assert_close("deviance", regression_number(regression_figure(d, "deviance"), "value"),
                 regression_number(regression_figure(e, "deviance"), "value"), 1e-8);
}
END_TEST

START_TEST(a_place_within_a_district_is_the_one_left_out_as_in_r)
{
    /* the district stands first, so R keeps it and leaves the last place of each district out */
    const char *csv = "district,place,k,n\n";

    for (int p = 0; p < 10; p++)
        csv = arena_printf(a, "%s%c,p%d,%d,20\n%c,p%d,%d,30\n", csv, p < 5 ? 'A' : 'B', p,
                           3 + p % 4, p < 5 ? 'A' : 'B', p, 8 + p % 3);

    const json_t *const d =
        regression(a, (struct regression_call){"logistic", "district + place", NULL, NULL}, csv);

    ck_assert(isfinite(regression_beta(d, "districtB")));
    assert_null(d, "placep9", "combination");
    ck_assert(isfinite(regression_beta(d, "placep8")));
}
END_TEST

START_TEST(counts_without_overdispersion_have_no_theta)
{
    const json_t *const d = regression(a, (struct regression_call){"poisson", "g", "negbin", NULL},
                                       "count,g\n5,a\n5,a\n4,a\n9,b\n8,b\n9,b\n");

    ck_assert(json_is_null(json_object_get(regression_figure(d, "theta"), "value")));
    assert_close("b", regression_beta(d, "gb"), log(26.0 / 14.0), 1e-10);
}
END_TEST

START_TEST(one_place_and_one_group_leave_an_intercept)
{
    const json_t *const d =
        regression(a, (struct regression_call){"poisson", "group + place", NULL, NULL},
                   "count,exposure,group,place\n8,4,a,x\n");

    assert_close("intercept", regression_beta(d, "(Intercept)"), log(2), 1e-12);
    ck_assert(json_is_null(json_object_get(regression_figure(d, "dispersion"), "value")));
}
END_TEST

START_TEST(rows_without_trials_or_exposure_say_nothing)
{
    const json_t *const d = regression(a, (struct regression_call){"logistic", "g", NULL, NULL},
                                       "g,k,n\na,3,9\nb,5,6\nc,0,0\na,0,0\n");

    ck_assert_int_eq((int)golden_number(json_object_get(d, "diagnostics"), "rows_left_out"), 2);
    assert_close("b", regression_beta(d, "gb"), log(5.0 * 6.0 / 3.0), 1e-12);
}
END_TEST

START_TEST(what_cannot_be_fitted_is_refused_with_a_remedy)
{
    static const struct {
        const char *model, *formula, *csv, *message;
    } cases[] = {
        {"logistic", "g + nope", "g,k,n\na,1,2\n", "no such column"},
        {"logistic", "log(g)", "g,k,n\na,1,2\n", "at character 5: a function"},
        {"logistic", "(a + b)^2", "g,k,n\na,1,2\n", "at character 1: brackets"},
        {"logistic", "a ^ 2", "a,k,n\na,1,2\n", "at character 3: an operator"},
        {"logistic", "a + + b", "a,k,n\na,1,2\n", "at character 5: a name"},
        {"logistic", "k ~ a", "a,k,n\na,1,2\n", "at character 3: an operator"},
        {"logistic", "", "a,k,n\na,1,2\n", "a column is missing"},
        {"logistic", "a - b", "a,k,n\na,1,2\n", "only 1 can be taken off"},
        {"logistic", "ns(a)", "a,k,n\n1,1,2\n", "without degrees of freedom"},
        {"logistic", "ns(a, 0)", "a,k,n\n1,1,2\n", "from 1 to 50"},
        {"logistic", "ns(a, 3)", "a,k,n\nx,1,2\n", "no number"},
        {"logistic", "ns(a, 3)", "a,k,n\n7,1,2\n7,1,2\n", "one value only"},
        {"logistic", "n", "a,k,n\n7,1,2\n", "the model has already"},
        {"logistic", "offset(a)", "a,k,n\n7,1,2\n", "offset() is not needed"},
        {"logistic", "1", "k,n\n3,2\n", "line 2, column 1: k is larger than n"},
        {"logistic", "1", "k,n\n0,0\n", "no row has an n over 0"},
        {"logistic", "1", "k,n\nNaN,2\n", "k is not a number"},
        {"poisson", "1", "count,exposure\n3,0\n", "exposure is 0, and the count is not"},
        {"poisson", "1", "count,exposure\n3,-1\n", "exposure is negative"},
        {"poisson", "1", "count,exposure\n3,nan\n", "exposure is not a number"},
        {"poisson", "1", "count,exposure\n0,0\n", "no row has exposure"},
        {"poisson", "1", "count\n2.5\n", "not a whole number"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct fit_options options = {
            .formula = cases[i].formula, .family = "poisson", .level = 0.95, .seed = 1};
        struct err e = {0};

        ck_assert_ptr_null(fit_document_text(a, cases[i].model, cases[i].csv, &options, &e));
        ck_assert_msg(strstr(e.text, cases[i].message) != NULL, "%s: %s", cases[i].formula, e.text);
        ck_assert_msg(e.hint[0] != '\0', "%s: no remedy", cases[i].formula);
    }
}
END_TEST

Suite *glm_laws_suite(void);

Suite *
glm_laws_suite(void)
{
    Suite *const s = suite_create("glm_laws");
    TCase *const t = tcase_create("glm_laws");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, exposure_in_another_unit_moves_the_intercept_only);
    tcase_add_test(t, swapping_the_groups_changes_the_sign);
    tcase_add_test(t, rows_alike_are_rows_each);
    tcase_add_test(t, rows_of_one_cell_may_be_added_up_before);
    tcase_add_test(t, many_places_are_eliminated_without_a_difference);
    tcase_add_test(t, counts_of_a_billion_keep_their_digits);
    tcase_add_test(t, perfectly_separated_data_have_no_estimate);
    tcase_add_test(t, what_is_not_separated_keeps_its_estimate);
    tcase_add_test(t, a_separated_base_takes_its_contrasts_along);
    tcase_add_test(t, an_empty_place_among_many_is_null_and_the_rest_is_as_without_it);
    tcase_add_test(t, a_term_that_is_a_combination_of_others_is_null);
    tcase_add_test(t, cells_of_two_factors_beside_an_intercept_leave_one_out);
    tcase_add_test(t, separation_does_not_hide_a_dependent_column);
    tcase_add_test(t, a_place_within_a_district_is_the_one_left_out_as_in_r);
    tcase_add_test(t, counts_without_overdispersion_have_no_theta);
    tcase_add_test(t, one_place_and_one_group_leave_an_intercept);
    tcase_add_test(t, rows_without_trials_or_exposure_say_nothing);
    tcase_add_test(t, what_cannot_be_fitted_is_refused_with_a_remedy);
    suite_add_tcase(s, t);
    return s;
}
