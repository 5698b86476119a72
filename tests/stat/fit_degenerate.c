/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every small table and pair of rates, empty ones among them, against base R: what R cannot compute
 * is null here with a note (tests/lib/fit_document.c looks for the note), and nothing else is.
 */
#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

/* The roots themselves, where R stops at 1.2e-4 on the scale of the odds ratio or its inverse. */
#define R_ROOT 1e-2

/* A number of R's, and the figure and key that must hold it. */
struct same {
    const char *golden, *name, *method, *key;
    bool pooled; /* over places */
    double tolerance;
};

static const struct same proportions[] = {
    {"proportion", "proportion", "wilson", "value", false, CLOSED},
    {"wilson_lower", "proportion", "wilson", "lower", false, CLOSED},
    {"wilson_upper", "proportion", "wilson", "upper", false, CLOSED},
    {"exact_lower", "proportion", "clopper-pearson", "lower", false, CLOSED},
    {"exact_upper", "proportion", "clopper-pearson", "upper", false, CLOSED},
    {"difference", "difference", "newcombe", "value", false, CLOSED},
    {"difference", "difference", "miettinen-nurminen", "value", false, CLOSED},
    {"ratio", "proportion-ratio", "koopman", "value", false, CLOSED},
    {"ratio", "proportion-ratio", "miettinen-nurminen", "value", false, CLOSED},
    {"pearson", "chi-square", "pearson", "statistic", false, CLOSED},
    {"pearson_p", "chi-square", "pearson", "p", false, CLOSED},
    {"yates", "chi-square", "yates", "statistic", false, CLOSED},
    {"yates_p", "chi-square", "yates", "p", false, CLOSED},
    {"fisher", "odds-ratio", "fisher", "value", false, ROOTED},
    {"fisher_lower", "odds-ratio", "fisher", "lower", false, ROOTED},
    {"fisher_upper", "odds-ratio", "fisher", "upper", false, ROOTED},
    {"fisher_p", "odds-ratio", "fisher", "p", false, CLOSED},
    {"fisher_lower", "odds-ratio", "conditional-exact", "lower", false, R_ROOT},
    {"fisher_upper", "odds-ratio", "conditional-exact", "upper", false, R_ROOT},
    {"fisher_p", "odds-ratio", "conditional-exact", "p", false, CLOSED},
    {"pooled", "pooled-odds-ratio", "mantel-haenszel", "value", true, CLOSED},
    {"pooled_lower", "pooled-odds-ratio", "mantel-haenszel", "lower", true, CLOSED},
    {"pooled_upper", "pooled-odds-ratio", "mantel-haenszel", "upper", true, CLOSED},
    {"cmh", "cmh", "uncorrected", "statistic", true, CLOSED},
    {"cmh_p", "cmh", "uncorrected", "p", true, CLOSED},
    {"corrected", "cmh", "corrected", "statistic", true, CLOSED},
    {"corrected_p", "cmh", "corrected", "p", true, CLOSED},
};

static const struct same rates[] = {
    {"rate", "rate", "garwood", "value", false, CLOSED},
    {"lower", "rate", "garwood", "lower", false, CLOSED},
    {"upper", "rate", "garwood", "upper", false, CLOSED},
    {"ratio", "rate-ratio", "exact", "value", false, CLOSED},
    {"ratio_lower", "rate-ratio", "exact", "lower", false, CLOSED},
    {"ratio_upper", "rate-ratio", "exact", "upper", false, CLOSED},
    {"ratio_p", "rate-ratio", "exact", "p", false, CLOSED},
    {"ratio", "rate-ratio", "mid-p", "value", false, CLOSED},
    {"ratio", "pooled-rate-ratio", "mantel-haenszel", "value", true, CLOSED},
};

/* JSON has no infinity: what R calls Inf is null as well. */
static void
compare(const json_t *document, const json_t *of, const struct same *same, size_t count,
        const char *csv)
{
    for (size_t i = 0; i < count; i++) {
        const struct same *const s = &same[i];
        const json_t *const figure =
            fit_document_figure(document, s->name, s->method, s->pooled ? NULL : "x", "a");
        const json_t *const ours = json_object_get(figure, s->key);
        const double r = golden_number(of, s->golden);
        const char *const what =
            arena_printf(a, "%s (%s) %s of\n%s", s->name, s->method, s->key, csv);

        ck_assert_msg(ours != NULL, "no %s", what);
        ck_assert_msg(json_is_null(ours) == !isfinite(r), "%s: R gives %g", what, r);
        if (isfinite(r))
            assert_relative(what, json_number_value(ours), r, s->tolerance);
    }
}

/* The same place twice, as mantelhaen.test wants two. */
static void
compare_all(const char *model, const char *numbers, const struct same *same, size_t count)
{
    static const char *const references[] = {NULL, "b"};
    const json_t *const cases = golden(a, "fit", model);
    const bool shares = strcmp(model, "proportion") == 0;
    const char *const keys[] = {shares ? "k1" : "x1", "n1", shares ? "k0" : "x0", "n0"};

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const double at[] = {golden_number(c, keys[0]), golden_number(c, keys[1]),
                             golden_number(c, keys[2]), golden_number(c, keys[3])};
        const char *const csv =
            arena_printf(a, "place,group,%s\nx,a,%g,%g\nx,b,%g,%g\ny,a,%g,%g\ny,b,%g,%g\n", numbers,
                         at[0], at[1], at[2], at[3], at[0], at[1], at[2], at[3]);

        for (size_t r = 0; r < 2; r++) {
            const struct fit_options options = {
                .reference = references[r], .level = 0.95, .seed = 1};

            compare(fit_document(a, model, csv, &options), c, same, count, csv);
        }
    }
}

START_TEST(small_tables_are_null_where_r_has_no_number)
{
    compare_all("proportion", "k,n", proportions, sizeof proportions / sizeof *proportions);
}
END_TEST

START_TEST(small_rates_are_null_where_r_has_no_number)
{
    compare_all("rate", "count,exposure", rates, sizeof rates / sizeof *rates);
}
END_TEST

/* Every figure that compares has no number but n, events, level; and this note. */
static void
check_nothing(const char *model, const char *csv, const char *reference, const char *note)
{
    static const char *const keys[] = {"value", "lower", "upper", "p", "statistic", "df", "se"};
    const struct fit_options options = {.reference = reference, .level = 0.95, .seed = 1};
    const json_t *const list = json_object_get(fit_document(a, model, csv, &options), "figures");
    size_t compared = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);
        const char *const name = json_string_value(json_object_get(f, "name"));

        if (!json_object_get(f, "reference"))
            continue;
        compared++;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            ck_assert_msg(!json_is_number(json_object_get(f, keys[k])), "%s has a %s:\n%s", name,
                          keys[k], csv);
        if (json_object_get(f, "place"))
            ck_assert_str_eq(json_string_value(json_object_get(f, "note")), note);
    }
    ck_assert_uint_gt(compared, 3);
}

START_TEST(nothing_to_compare_with_is_null_everywhere)
{
    static const struct {
        const char *model, *rows, *reference, *note;
    } cases[] = {
        {"proportion", "x,a,2,5\n", NULL, "no other group in this place"},
        {"proportion", "x,a,2,5\ny,b,3,4\n", NULL, "no other group in this place"},
        {"proportion", "x,a,2,5\ny,b,3,4\n", "b", "the reference has no row in this place"},
        {"proportion", "x,a,2,5\nx,b,0,0\n", "b", "n is zero"},
        {"proportion", "x,a,0,0\nx,b,0,0\n", NULL, "n is zero"},
        {"rate", "x,a,2,5\n", NULL, "no other group in this place"},
        {"rate", "x,a,2,5\ny,b,3,4\n", "b", "the reference has no row in this place"},
        {"rate", "x,a,2,5\nx,b,3,0\n", NULL, "no exposure"},
        {"rate", "x,a,0,0\nx,b,0,0\n", "b", "no exposure"},
        {"rate", "x,a,0,5\nx,b,0,4\n", NULL, "no events"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const bool rate = strcmp(cases[i].model, "rate") == 0;

        check_nothing(
            cases[i].model,
            arena_printf(a, "place,group,%s\n%s", rate ? "count,exposure" : "k,n", cases[i].rows),
            cases[i].reference, cases[i].note);
    }
}
END_TEST

/* Margins that fix the table: the difference has a number, the odds ratio and its tests have none.
 */
START_TEST(an_empty_margin_has_no_odds_ratio)
{
    static const struct {
        const char *rows, *note;
    } cases[] = {{"x,a,0,5\nx,b,0,4\n", "nobody has the outcome"},
                 {"x,a,5,5\nx,b,4,4\n", "everybody has the outcome"}};
    static const char *const methods[][2] = {{"odds-ratio", "fisher"},
                                             {"odds-ratio", "conditional-exact"},
                                             {"chi-square", "pearson"},
                                             {"chi-square", "yates"}};
    const struct fit_options options = {.level = 0.95, .seed = 1};

    for (size_t i = 0; i < 2; i++) {
        const char *const csv = arena_printf(a, "place,group,k,n\n%s", cases[i].rows);
        const json_t *const d = fit_document(a, "proportion", csv, &options);

        ck_assert(golden_number(fit_document_figure(d, "difference", "newcombe", "x", "a"),
                                "value") == 0);
        for (size_t m = 0; m < 4; m++) {
            const json_t *const f = fit_document_figure(d, methods[m][0], methods[m][1], "x", "a");

            ck_assert(json_is_null(json_object_get(f, "value")));
            ck_assert(json_is_null(json_object_get(f, "p")));
            ck_assert_str_eq(json_string_value(json_object_get(f, "note")), cases[i].note);
        }
    }
}
END_TEST

START_TEST(too_many_cases_leave_the_closed_forms)
{
    const struct fit_options options = {.level = 0.95, .seed = 1};
    const json_t *const d = fit_document(
        a, "proportion", "place,group,k,n\nx,a,10000000000,30000000000\nx,b,9,30\n", &options);
    const json_t *const fisher = fit_document_figure(d, "odds-ratio", "fisher", "x", "a");

    ck_assert(json_is_null(json_object_get(fisher, "p")));
    ck_assert_str_eq(json_string_value(json_object_get(fisher, "note")),
                     "too many cases for an exact test");
    ck_assert(
        golden_number(fit_document_figure(d, "chi-square", "pearson", "x", "a"), "statistic") > 0);
}
END_TEST

Suite *fit_degenerate_suite(void);

Suite *
fit_degenerate_suite(void)
{
    Suite *const s = suite_create("fit_degenerate");
    TCase *const t = tcase_create("fit_degenerate");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, small_tables_are_null_where_r_has_no_number);
    tcase_add_test(t, small_rates_are_null_where_r_has_no_number);
    tcase_add_test(t, nothing_to_compare_with_is_null_everywhere);
    tcase_add_test(t, an_empty_margin_has_no_odds_ratio);
    tcase_add_test(t, too_many_cases_leave_the_closed_forms);
    suite_add_tcase(s, t);
    return s;
}
