/* SPDX-License-Identifier: EUPL-1.2 */
/* `analyzer fit`: cells in, document out, and what it refuses. */
#include "analyzer/fit/fit.h"

#include "analyzer/stat/odds.h"
#include "analyzer/stat/rate.h"
#include "tests/lib/golden.h"

#include <math.h>
#include <string.h>

static struct arena *a;
static struct err fault;

static void
set_up(void)
{
    a = arena_new();
    fault = (struct err){0};
}

static void
tear_down(void)
{
    arena_free(a);
}

/* The document as text, or NULL with `fault` set. */
static const char *
fit_text(const char *model, const char *csv, const char *reference, double level)
{
    const struct fit_options options = {.reference = reference, .level = level, .seed = 1};
    char *const text = arena_alloc(a, 1 << 20);
    FILE *const in = fmemopen(arena_strdup(a, csv), strlen(csv), "r");
    FILE *const out = fmemopen(text, 1 << 20, "w");
    const bool done = fit_run(a, model, in, &options, out, &fault);

    fclose(in);
    fclose(out);
    return done ? text : NULL;
}

static const json_t *
figures(const char *model, const char *csv, const char *reference)
{
    const char *const text = fit_text(model, csv, reference, 0.95);

    ck_assert_msg(text != NULL, "%s", fault.text);

    const json_t *const document = json_parse(a, span_of(text), 0, &fault);

    ck_assert_msg(document != NULL, "%s", fault.text);
    ck_assert_str_eq(json_string_value(json_object_get(document, "model")), model);
    ck_assert(json_is_true(json_object_get(document, "converged")));
    return json_object_get(document, "figures");
}

static bool
has(const json_t *figure, const char *key, const char *wanted)
{
    const char *const text = json_string_value(json_object_get(figure, key));

    return wanted ? text && strcmp(text, wanted) == 0 : !text;
}

/* The one figure with these keys; NULL means that the key is left out. */
static const json_t *
the(const json_t *list, const char *name, const char *method, const char *place, const char *group)
{
    const json_t *found = NULL;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        if (has(f, "name", name) && has(f, "method", method) && has(f, "place", place) &&
            has(f, "group", group)) {
            ck_assert_msg(found == NULL, "two figures %s (%s)", name, method);
            found = f;
        }
    }
    ck_assert_msg(found != NULL, "no figure %s (%s) of %s, %s", name, method, place ? place : "all",
                  group);
    return found;
}

START_TEST(haringey_gives_the_published_numbers)
{
    /* BlackThrive/national_stop_search, haringey_stats_check: self-defined groups, Sept 2020 - Aug
     * 2021 */
    const json_t *const f = figures("proportion",
                                    "place,group,k,n\n"
                                    "Haringey,Black,2224,29200\n"
                                    "Haringey,White,1905,161400\n",
                                    "White");
    const json_t *const fisher = the(f, "odds-ratio", "fisher", "Haringey", "Black");
    const json_t *const pearson = the(f, "chi-square", "pearson", "Haringey", "Black");

    /* as printed: half a unit of the last digit */
    ck_assert(fabs(golden_number(pearson, "statistic") - 4832.86) < 0.005);
    ck_assert(golden_number(pearson, "value") == golden_number(pearson, "statistic"));
    ck_assert(fabs(golden_number(the(f, "chi-square", "yates", "Haringey", "Black"), "statistic") -
                   4829.823) < 0.0005);
    ck_assert(fabs(golden_number(fisher, "value") - 6.902435) < 5e-7);
    ck_assert(fabs(golden_number(fisher, "lower") - 6.480833) < 5e-7);
    ck_assert(fabs(golden_number(fisher, "upper") - 7.350417) < 5e-7);
    /* R's limits lie 2e-4 off the roots themselves, which we give as well */
    assert_relative(
        "lower",
        golden_number(the(f, "odds-ratio", "conditional-exact", "Haringey", "Black"), "lower"),
        golden_number(fisher, "lower"), 3e-4);
}
END_TEST

START_TEST(risk_ratio_of_haringey_is_near_the_one_in_its_readme)
{
    const json_t *const f = figures("rate",
                                    "group,place,exposure,count\n"
                                    "Black,Haringey,29200,2224\n"
                                    "White,Haringey,161400,1905\n",
                                    "White");
    const json_t *const ratio = the(f, "rate-ratio", "exact", "Haringey", "Black");

    ck_assert(fabs(golden_number(ratio, "value") - 6.453) < 0.0005);
}
END_TEST

static const char cells[] = "place,group,count,exposure\n"
                            "Centrum,a,10,400\n"
                            "Centrum,b,31,3000\n"
                            "Centrum,c,5,250.5\n"
                            "Loosduinen,a,4,120\n"
                            "Loosduinen,b,20,2100\n";

START_TEST(the_reference_is_all_others_in_the_place)
{
    const json_t *const f = figures("rate", cells, NULL);
    const json_t *const r = the(f, "rate-ratio", "mid-p", "Centrum", "a");
    const struct rate_pair pair = {10, 400, 36, 3250.5};
    const struct estimate expected = rate_ratio(pair, RATE_MID_P, 0.95);

    ck_assert_str_eq(json_string_value(json_object_get(r, "reference")), "others");
    ck_assert(golden_number(r, "value") == expected.value);
    ck_assert(golden_number(r, "lower") == expected.lower);
    ck_assert(golden_number(r, "upper") == expected.upper);
    ck_assert(golden_number(r, "level") == 0.95);
}
END_TEST

START_TEST(a_named_reference_is_compared_with_and_not_compared)
{
    const json_t *const f = figures("rate", cells, "b");
    const struct rate_pair pairs[] = {{10, 400, 31, 3000}, {4, 120, 20, 2100}};
    const struct rate_pooled pooled = rate_ratio_pooled(pairs, 2, 0.95);
    const json_t *const p = the(f, "pooled-rate-ratio", "mantel-haenszel", NULL, "a");
    const json_t *const h = the(f, "homogeneity", "mantel-haenszel", NULL, "a");

    ck_assert(golden_number(p, "value") == pooled.ratio.value);
    ck_assert(golden_number(p, "upper") == pooled.ratio.upper);
    ck_assert(golden_number(p, "se") == pooled.se_log);
    ck_assert(golden_number(h, "df") == 1);
    ck_assert(golden_number(h, "statistic") ==
              rate_homogeneity(pairs, 2, pooled.ratio.value).statistic);
    for (size_t i = 0; i < json_array_size(f); i++)
        ck_assert(!has(json_array_get(f, i), "name", "rate-ratio") ||
                  !has(json_array_get(f, i), "group", "b"));
}
END_TEST

START_TEST(columns_may_stand_in_any_order)
{
    const char *const one =
        fit_text("rate", "place,group,count,exposure\nx,a,3,10\nx,b,4,20\n", NULL, 0.95);
    const char *const two =
        fit_text("rate", "exposure,count,group,place\n10,3,a,x\n20,4,b,x\n", NULL, 0.95);

    ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(what_is_undefined_is_null_with_a_note)
{
    const json_t *const f = figures(
        "rate", "place,group,count,exposure\nx,a,3,0\nx,b,4,20\ny,a,1,9\nz,a,2,5\nz,b,0,5\n", "b");
    const json_t *const rate = the(f, "rate", "garwood", "x", "a");
    const json_t *const open = the(f, "rate-ratio", "exact", "z", "a");

    ck_assert(json_is_null(json_object_get(rate, "value")));
    ck_assert(json_is_null(json_object_get(rate, "lower")));
    ck_assert_str_eq(json_string_value(json_object_get(rate, "note")), "no exposure");
    ck_assert(json_is_null(json_object_get(the(f, "rate-ratio", "exact", "x", "a"), "value")));
    ck_assert_str_eq(
        json_string_value(json_object_get(the(f, "rate-ratio", "mid-p", "y", "a"), "note")),
        "the reference has no row in this place");
    ck_assert(json_is_null(json_object_get(open, "upper")));
    ck_assert(golden_number(open, "lower") > 0);
    ck_assert(json_object_get(rate, "reference") == NULL);
}
END_TEST

START_TEST(a_table_that_says_nothing_says_why)
{
    const json_t *const f =
        figures("proportion", "place,group,k,n\nx,a,0,4\nx,b,0,7\ny,a,0,0\ny,b,1,7\n", "b");
    const json_t *const chi_square = the(f, "chi-square", "pearson", "x", "a");

    ck_assert(json_is_null(json_object_get(chi_square, "p")));
    ck_assert_str_eq(json_string_value(json_object_get(chi_square, "note")),
                     "nobody has the outcome");
    ck_assert_str_eq(
        json_string_value(json_object_get(the(f, "difference", "newcombe", "y", "a"), "note")),
        "n is zero");
    ck_assert(json_is_null(
        json_object_get(the(f, "pooled-odds-ratio", "mantel-haenszel", NULL, "a"), "value")));
}
END_TEST

START_TEST(numbers_have_seventeen_digits)
{
    const char *const text =
        fit_text("rate", "place,group,count,exposure\nx,a,1,3\nx,b,4,20\n", NULL, 0.95);

    ck_assert(strstr(text, "\"value\":0.33333333333333331") != NULL);
}
END_TEST

START_TEST(sparse_places_get_an_exact_test)
{
    const json_t *const f =
        figures("proportion", "place,group,k,n\nx,a,1,3\nx,b,1,6\ny,a,2,4\ny,b,0,7\n", "b");
    const json_t *const exact = the(f, "pooled-odds-ratio", "exact", NULL, "a");
    const struct odds_table tables[] = {odds_table(1, 3, 1, 6), odds_table(2, 4, 0, 7)};
    double work[64];

    ck_assert_uint_le(odds_exact_work(tables, 2), 64);
    ck_assert(golden_number(exact, "p") == odds_exact(tables, 2, 0.95, work).p);
    ck_assert(golden_number(the(f, "cmh", "corrected", NULL, "a"), "statistic") ==
              odds_cmh(tables, 2, true).statistic);
    ck_assert(golden_number(the(f, "pooled-odds-ratio", "mantel-haenszel", NULL, "a"), "value") ==
              odds_pooled(tables, 2, 0.95).odds_ratio.value);
}
END_TEST

START_TEST(faulty_cells_are_refused_with_line_and_column)
{
    static const struct {
        const char *model, *csv, *text;
    } cases[] = {
        {"rate", "", "there is no header"},
        {"rate", "place,group,count,exposure\n", "there are no rows after the header"},
        {"rate", "place,group,count\nx,a,1\n", "line 1: column \"exposure\" is missing"},
        {"rate", "place,group,count,exposure,sex\nx,a,1,2,m\n",
         "line 1, column 28: unknown column \"sex\""},
        {"rate", "place,group,count,count,exposure\nx,a,1,1,2\n",
         "line 1, column 19: column \"count\" stands twice"},
        {"rate", "place,group,count,exposure\nx,a,-1,2\n", "line 2, column 5: count is negative"},
        {"rate", "place,group,count,exposure\nx,a,1,2\nx,b,1.5,2\n",
         "line 3, column 5: count is not a whole number"},
        {"rate", "place,group,count,exposure\nx,a,1e300,2\n",
         "line 2, column 5: count is larger than 2^53"},
        {"rate", "place,group,count,exposure\nx,a,many,2\n",
         "line 2, column 5: count is not a number"},
        {"rate", "place,group,count,exposure\nx,a,1,inf\n",
         "line 2, column 7: exposure is not a number"},
        {"rate", "place,group,count,exposure\nx,,1,2\n", "line 2, column 3: group is empty"},
        {"rate", "place,group,count,exposure\nx,\xff,1,2\n",
         "line 2, column 3: group is not valid UTF-8"},
        {"rate", "place,group,count,exposure\nx,a,1\n", "line 2: 3 fields, the header has 4"},
        {"rate", "place,group,count,exposure\nx,a,1,2\ny,a,1,2\nx,a,3,4\n",
         "line 4, column 3: group has a row in this place already, at line 2"},
        {"proportion", "place,group,k,n\nx,a,5,4\n", "line 2, column 5: k is larger than n"},
        {"proportion", "place,group,k,n\nx,a,5,4.5\n", "line 2, column 7: n is not a whole number"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(fit_text(cases[i].model, cases[i].csv, NULL, 0.95) == NULL,
                      "accepted although: %s", cases[i].text);
        ck_assert_str_eq(fault.text, cases[i].text);
        ck_assert_int_eq(fault.code, ERR_INPUT);
    }
}
END_TEST

START_TEST(wrong_options_are_a_usage_error)
{
    ck_assert(fit_text("magic", cells, NULL, 0.95) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
    ck_assert_str_eq(fault.hint, "the models are rate, proportion");
    ck_assert(fit_text("rate", cells, "nobody", 0.95) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
    ck_assert(fit_text("rate", cells, NULL, 1.5) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
}
END_TEST

Suite *fit_suite(void);

Suite *
fit_suite(void)
{
    Suite *const s = suite_create("fit");
    TCase *const t = tcase_create("fit");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, haringey_gives_the_published_numbers);
    tcase_add_test(t, risk_ratio_of_haringey_is_near_the_one_in_its_readme);
    tcase_add_test(t, the_reference_is_all_others_in_the_place);
    tcase_add_test(t, a_named_reference_is_compared_with_and_not_compared);
    tcase_add_test(t, columns_may_stand_in_any_order);
    tcase_add_test(t, what_is_undefined_is_null_with_a_note);
    tcase_add_test(t, a_table_that_says_nothing_says_why);
    tcase_add_test(t, numbers_have_seventeen_digits);
    tcase_add_test(t, sparse_places_get_an_exact_test);
    tcase_add_test(t, faulty_cells_are_refused_with_line_and_column);
    tcase_add_test(t, wrong_options_are_a_usage_error);
    suite_add_tcase(s, t);
    return s;
}
