/* SPDX-License-Identifier: EUPL-1.2 */
/* `fit threshold` and `fit hierarchical`: the documents, what is said of what is missing, and what
 * is refused. */
#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

static const struct fit_options usual = {
    .seed = 1, .level = 0.95, .chains = 2, .iter = 600, .signal = "hierarchical"};

static const char cells[] = "group,place,stops,searches,hits\n"
                            "x,A,22000,680,220\ny,A,18000,980,281\nx,B,3000,90,31\n"
                            "y,B,900,53,13\nx,C,500,20,7\ny,C,0,0,0\n";

START_TEST(a_threshold_document_has_its_figures)
{
    static const char *const signals[] = {"hierarchical", "fast", "beta"};
    struct fit_options o = usual;

    o.reference = "x";
    o.signal = signals[_i];
    const json_t *const d = fit_document(a, "threshold", cells, &o);
    const json_t *const cell = fit_document_figure(d, "threshold", o.signal, "B", "y");
    const json_t *const none = fit_document_figure(d, "threshold", o.signal, "C", "y");
    const json_t *const diagnostics = json_object_get(d, "diagnostics");
    static const char *const keys[] = {"divergences",    "rhat_max",  "ess_bulk_min",
                                       "ess_tail_min",   "seconds",   "ess_per_second",
                                       "tree_depth_max", "step_size", "e_bfmi_min"};

    ck_assert_double_gt(golden_number(cell, "value"), golden_number(cell, "lower"));
    ck_assert_double_lt(golden_number(cell, "value"), golden_number(cell, "upper"));
    ck_assert_double_gt(golden_number(cell, "ess_tail"), 0);
    ck_assert(json_is_null(json_object_get(none, "value")));
    ck_assert_str_eq(json_string_value(json_object_get(none, "note")), "no stops");
    ck_assert(fit_document_figure(d, "group-threshold", o.signal, NULL, "y") != NULL);
    ck_assert(fit_document_figure(d, "lower-threshold", o.signal, NULL, "y") != NULL);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        ck_assert_msg(json_is_number(json_object_get(diagnostics, keys[i])), "%s", keys[i]);
    assert_close("rates follow the data",
                 golden_number(fit_document_figure(d, "search-rate", o.signal, "A", "x"), "value"),
                 680.0 / 22000, 0.003);
    assert_close("and so do hits",
                 golden_number(fit_document_figure(d, "hit-rate", o.signal, "A", "x"), "value"),
                 220.0 / 680, 0.05);
}
END_TEST

START_TEST(a_hierarchical_document_has_its_figures)
{
    const json_t *const d =
        fit_document(a, "hierarchical",
                     "place,group,count,exposure\nA,x,20,100\nA,y,30,90\nB,x,11,70\nB,y,25,0\n"
                     "C,x,0,40\n",
                     &usual);
    const double x =
        golden_number(fit_document_figure(d, "group-effect", NULL, NULL, "x"), "median");
    const double y =
        golden_number(fit_document_figure(d, "group-effect", NULL, NULL, "y"), "median");

    assert_close("two medians multiply to 1", x * y, 1, 1e-4);
    ck_assert(fit_document_figure(d, "sigma-place", NULL, NULL, NULL) != NULL);
    ck_assert(fit_document_figure(d, "sigma-epsilon", NULL, NULL, NULL) != NULL);
}
END_TEST

static const struct {
    const char *model, *csv, *says;
    struct fit_options options;
    enum err_code code;
} refusals[] = {
    {"threshold", "place,group,stops,searches,hits\nA,x,5,6,1\n", "line 2", {0}, ERR_INPUT},
    {"threshold",
     "place,group,stops,searches,hits\nA,x,5,3,4\n",
     "larger than searches",
     {0},
     ERR_INPUT},
    {"threshold",
     "place,group,stops,searches,hits\nA,x,5,3,1\nA,x,5,3,1\n",
     "already",
     {0},
     ERR_INPUT},
    {"threshold",
     "place,group,stops,searches,hits\nA,x,5,3,1\nA,y,5,3,1\n",
     "two places",
     {0},
     ERR_INPUT},
    {"threshold",
     "place,group,stops,searches,hits\nA,x,5,0,0\nB,y,5,0,0\n",
     "nobody",
     {0},
     ERR_INPUT},
    {"threshold", "place,group,stops,searches,hits\nA,x,nan,0,0\n", "line 2", {0}, ERR_INPUT},
    {"threshold", cells, "no signal", {.signal = "gamma", .chains = 2, .iter = 100}, ERR_USAGE},
    {"threshold",
     cells,
     "no sampler",
     {.signal = "fast", .sampler = "gibbs", .chains = 1, .iter = 40},
     ERR_USAGE},
    {"threshold", cells, "--chains", {.signal = "fast", .chains = 0, .iter = 100}, ERR_USAGE},
    {"threshold", cells, "--iter", {.signal = "fast", .chains = 1, .iter = 3}, ERR_USAGE},
    {"threshold",
     cells,
     "--reference",
     {.signal = "fast", .chains = 1, .iter = 40, .reference = "nobody"},
     ERR_USAGE},
    {"hierarchical",
     "place,group,count,exposure\nA,x,1,5\nA,y,1,5\n",
     "two places",
     {0},
     ERR_INPUT},
    {"hierarchical", "place,group,count,exposure\nA,x,1,-5\n", "line 2", {0}, ERR_INPUT},
};

START_TEST(what_cannot_be_fitted_is_refused)
{
    struct fit_options o = refusals[_i].options;
    struct err e = {0};

    o.level = 0.95;
    if (!o.signal) {
        o.signal = "hierarchical";
        o.chains = 1;
        o.iter = 40;
    }
    ck_assert(!fit_document_text(a, refusals[_i].model, refusals[_i].csv, &o, &e));
    ck_assert_msg(strstr(e.text, refusals[_i].says) != NULL, "%s", e.text);
    ck_assert_int_eq(e.code, refusals[_i].code);
}
END_TEST

START_TEST(few_draws_do_not_pass_as_converged)
{
    struct fit_options o = usual;

    o.iter = 40;
    const json_t *const d = fit_document(a, "threshold", cells, &o);

    ck_assert(json_is_false(json_object_get(d, "converged")));
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_object_get(
                   fit_document_figure(d, "group-threshold", "hierarchical", NULL, "x"), "note")),
               "not to be used"));
}
END_TEST

Suite *fit_sampler_suite(void);

Suite *
fit_sampler_suite(void)
{
    Suite *const s = suite_create("fit_sampler");
    TCase *const t = tcase_create("fit_sampler");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, a_threshold_document_has_its_figures, 0, 3);
    tcase_add_test(t, a_hierarchical_document_has_its_figures);
    tcase_add_loop_test(t, what_cannot_be_fitted_is_refused, 0,
                        (int)(sizeof refusals / sizeof refusals[0]));
    tcase_add_test(t, few_draws_do_not_pass_as_converged);
    suite_add_tcase(s, t);
    return s;
}
