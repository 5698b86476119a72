/* SPDX-License-Identifier: EUPL-1.2 */
/* `analyzer fit`: cells in, document out, and what it refuses. */
#include "analyzer/fit/fit_model.h"

#include "analyzer/stat/odds.h"
#include "analyzer/stat/rate.h"
#include "tests/lib/fit_document.h"

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

static const char *
fit_text(const char *model, const char *csv, const char *reference, double level)
{
    const struct fit_options options = {.reference = reference, .level = level, .seed = 1};

    return fit_document_text(a, model, csv, &options, &fault);
}

static const json_t *
figures(const char *model, const char *csv, const char *reference)
{
    const struct fit_options options = {.reference = reference, .level = 0.95, .seed = 1};
    const json_t *const document = fit_document(a, model, csv, &options);

    ck_assert(json_is_true(json_object_get(document, "converged")));
    return document;
}

#define the fit_document_figure

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

static size_t
count_of(const json_t *document, const char *name, const char *group)
{
    const json_t *const list = json_object_get(document, "figures");
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        count += strcmp(json_string_value(json_object_get(f, "name")), name) == 0 &&
                 strcmp(json_string_value(json_object_get(f, "group")), group) == 0;
    }
    return count;
}

START_TEST(a_named_reference_is_compared_with_and_not_compared)
{
    const json_t *const f = figures("rate", cells, "b");
    const struct rate_pair pairs[] = {{10, 400, 31, 3000}, {4, 120, 20, 2100}};
    const struct pooled_ratio pooled = rate_ratio_pooled(pairs, 2, 0.95);
    const json_t *const p = the(f, "pooled-rate-ratio", "mantel-haenszel", NULL, "a");
    const json_t *const h = the(f, "homogeneity", "mantel-haenszel", NULL, "a");

    ck_assert(golden_number(p, "value") == pooled.ratio.value);
    ck_assert(golden_number(p, "upper") == pooled.ratio.upper);
    ck_assert(golden_number(p, "se") == pooled.se_log);
    ck_assert(golden_number(h, "df") == 1);
    ck_assert(golden_number(h, "statistic") ==
              rate_homogeneity(pairs, 2, pooled.ratio.value).statistic);
    ck_assert_uint_eq(count_of(f, "rate-ratio", "b"), 0);
    ck_assert_uint_eq(count_of(f, "rate", "b"), 2);
    ck_assert_uint_eq(count_of(f, "pooled-rate-ratio", "b"), 0);
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
              odds_pooled(tables, 2, 0.95).ratio.value);
}
END_TEST

START_TEST(a_group_named_others_is_refused_where_others_is_the_reference)
{
    static const char with[] = "place,group,k,n\nx,a,1,4\nx,b,2,5\nx,others,2,7\n";
    static const char without[] = "place,group,k,n\nx,a,1,4\nx,b,2,5\n";

    ck_assert(fit_text("proportion", with, NULL, 0.95) == NULL);
    ck_assert_str_eq(
        fault.text,
        "line 4, column 3: group is \"others\", the word for all other groups together");
    ck_assert_int_eq(fault.code, ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(fault.hint, "--reference"));
    ck_assert(fit_text("proportion", with, "others", 0.95) == NULL);
    the(figures("proportion", with, "a"), "difference", "newcombe", "x", "others");
    ck_assert_str_eq(fit_text("proportion", without, "others", 0.95),
                     fit_text("proportion", without, NULL, 0.95));
}
END_TEST

START_TEST(faulty_cells_are_refused_with_line_column_and_remedy)
{
    static const char whole[] = "takes a whole number from 0, like 1234";
    static const char columns[] = "the columns are place, group, count, exposure";
    static const struct {
        const char *model, *csv, *text, *hint;
    } cases[] = {
        {"rate", "", "there is no header", columns},
        {"rate", "\n\n", "there is no header", columns},
        {"rate", "place,group,count,exposure\n", "there are no rows after the header",
         "give one row for each cell"},
        {"rate", "place,group,count\nx,a,1\n", "line 1: column \"exposure\" is missing", columns},
        {"rate", "place,group,count,exposure,sex\nx,a,1,2,m\n",
         "line 1, column 28: column \"sex\" is not known", columns},
        {"rate", "place,group,count,exposure,\nx,a,1,2,m\n",
         "line 1, column 28: the column is not known", columns},
        {"rate", "place,group,count,count,exposure\nx,a,1,1,2\n",
         "line 1, column 19: column \"count\" stands twice", columns},
        {"rate", "place,group,count,exposure\nx,a,-1,2\n", "line 2, column 5: count is negative",
         whole},
        {"rate", "place,group,count,exposure\nx,a,1,2\nx,b,1.5,2\n",
         "line 3, column 5: count is not a whole number", whole},
        {"rate", "place,group,count,exposure\nx,a,1e300,2\n",
         "line 2, column 5: count is larger than 2^53", whole},
        {"rate", "place,group,count,exposure\nx,a,many,2\n",
         "line 2, column 5: count is not a number", whole},
        {"rate", "place,group,count,exposure\nx,a,,2\n", "line 2, column 5: count is empty", whole},
        {"rate", "place,group,count,exposure\nx,a,1,inf\n",
         "line 2, column 7: exposure is not a number",
         "exposure takes a number from 0, like 1234.5"},
        {"rate", "place,group,count,exposure\nx,a,1,-0.5\n",
         "line 2, column 7: exposure is negative", "exposure takes a number from 0"},
        {"rate", "place,group,count,exposure\nx,,1,2\n", "line 2, column 3: group is empty",
         "group takes text"},
        {"rate", "place,group,count,exposure\nx,\xff,1,2\n",
         "line 2, column 3: group is not valid UTF-8", "group takes text"},
        {"rate", "place,group,count,exposure\nx,a,1\n", "line 2: 3 fields, the header has 4",
         "give every row all fields"},
        {"rate", "place,group,count,exposure\nx,a,1,000,4\n", "line 2: 5 fields, the header has 4",
         "quote a field that holds a comma"},
        {"rate", "place,group,count,exposure\nx,a\"b,1,4\n",
         "line 2, column 4: quote inside a field that does not start with one",
         "quotes stand around a whole field"},
        {"rate", "place,group,count,exposure\nx,a,1,2\ny,a,1,2\nx,a,3,4\n",
         "line 4, column 3: group has a row in this place already, at line 2", "add them up"},
        {"proportion", "place,group,k,n\nx,a,5,4\n", "line 2, column 5: k is larger than n",
         "k counts those of the n"},
        {"proportion", "place,group,k,n\nx,a,5,4.5\n", "line 2, column 7: n is not a whole number",
         "n takes a whole number from 0"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fault = (struct err){0};
        ck_assert_msg(fit_text(cases[i].model, cases[i].csv, NULL, 0.95) == NULL,
                      "accepted although: %s", cases[i].text);
        ck_assert_str_eq(fault.text, cases[i].text);
        ck_assert_int_eq(fault.code, ERR_INPUT);
        ck_assert_msg(strstr(fault.hint, cases[i].hint) != NULL, "%s: hint %s", cases[i].text,
                      fault.hint);
    }
}
END_TEST

START_TEST(a_place_that_cannot_be_read_is_named)
{
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"/tmp", "/tmp: is a directory"},
        {"/tmp/no/such.csv", "/tmp/no/such.csv: cannot be opened: No such file or directory"},
        {"/dev/null", "/dev/null: there is no header"},
    };
    const struct fit_options options = {.level = 0.95, .seed = 1};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(!fit_run_file(a, "rate", cases[i].path, &options, stdout, &fault));
        ck_assert_str_eq(fault.text, cases[i].text);
        ck_assert_int_eq(fault.code, ERR_INPUT);
        ck_assert_int_ne(fault.hint[0], '\0');
    }
}
END_TEST

START_TEST(wrong_options_are_a_usage_error)
{
    ck_assert(fit_text("magic", cells, NULL, 0.95) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(fault.hint, "the models are rate, proportion"));
    ck_assert(fit_text("rate", cells, "nobody", 0.95) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
    ck_assert(fit_text("rate", cells, NULL, 1.5) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
    ck_assert(fit_text("rate", cells, NULL, NAN) == NULL);
    ck_assert_int_eq(fault.code, ERR_USAGE);
}
END_TEST

/* What help says and what the parser takes are made from the model's row. */
START_TEST(every_model_is_a_command_with_its_columns_figures_and_options)
{
    const struct command *commands;
    const size_t count = fit_commands(a, NULL, &commands);

    for (size_t i = 0; i < count; i++) {
        const struct fit_model *const m = fit_model_at(i);

        ck_assert_str_eq(commands[i].verb, arena_printf(a, "fit %s", m->name));
        ck_assert_str_eq(fit_model_of(&commands[i]), m->name);
        for (size_t c = 0; c < m->layout.count; c++)
            ck_assert_ptr_nonnull(strstr(commands[i].summary, m->layout.columns[c].name));
        for (size_t g = 0; g < m->figure_count; g++)
            ck_assert_ptr_nonnull(strstr(commands[i].summary, m->figures[g].name));
        ck_assert_str_eq(commands[i].options[0].name, "seed");
        ck_assert_uint_eq(commands[i].option_count,
                          1 + (size_t)__builtin_popcountll(m->options & ~FIT_READS(seed)));
    }
    ck_assert(fit_model_at(count) == NULL);
    ck_assert_ptr_nonnull(strstr(commands[0].summary, "columns place, group, count, exposure"));
    ck_assert_ptr_nonnull(strstr(commands[0].summary, "rate-ratio (exact, mid-p)"));
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
    tcase_add_test(t, a_group_named_others_is_refused_where_others_is_the_reference);
    tcase_add_test(t, faulty_cells_are_refused_with_line_column_and_remedy);
    tcase_add_test(t, a_place_that_cannot_be_read_is_named);
    tcase_add_test(t, wrong_options_are_a_usage_error);
    tcase_add_test(t, every_model_is_a_command_with_its_columns_figures_and_options);
    suite_add_tcase(s, t);
    return s;
}
