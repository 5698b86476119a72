/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Regressions through `fit poisson` and `fit logistic`: against R's glm and MASS::glm.nb, published
 * numbers.
 */
#include "analyzer/stat/spline.h"
#include "tests/lib/regression.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

/* Coefficients by iterations to rounding on both sides; the condition of a design takes digits. */
#define ITERATED 1e-8

/* ---- R ---- */

/* The golden table as CSV: the columns that a model wants. */
static const char *
table_csv(bool binomial, bool weighted)
{
    const json_t *const rows = golden(a, "glm", "table");
    const char *csv =
        arena_printf(a, "group,place,minute,hour,dark,amount%s%s\n", weighted ? ",weight" : "",
                     binomial ? ",k,n" : ",exposure,count");

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const r = json_array_get(rows, i);

        csv = arena_printf(a, "%s%s,%s,%.17g,%.17g,%.17g,%.17g", csv,
                           json_string_value(json_object_get(r, "group")),
                           json_string_value(json_object_get(r, "place")),
                           golden_number(r, "minute"), golden_number(r, "hour"),
                           golden_number(r, "dark"), golden_number(r, "amount"));
        if (weighted)
            csv = arena_printf(a, "%s,%.17g", csv, golden_number(r, "weight"));
        csv =
            arena_printf(a, "%s,%.17g,%.17g\n", csv, golden_number(r, binomial ? "k" : "exposure"),
                         golden_number(r, binomial ? "trials" : "count"));
    }
    return csv;
}

static void
assert_coefficients(const json_t *document, const json_t *expected)
{
    const json_t *const terms = json_object_get(expected, "term");
    const size_t count = json_is_array(terms) ? json_array_size(terms) : 1;
    double value[64], se[64];

    golden_numbers(expected, "beta", value, 64);
    golden_numbers(expected, "se", se, 64);
    for (size_t i = 0; i < count; i++) {
        const char *const term =
            json_string_value(json_is_array(terms) ? json_array_get(terms, i) : terms);
        const json_t *const ours =
            json_array_get(json_object_get(document, "figures"), i); /* in R's order */

        ck_assert_str_eq(json_string_value(json_object_get(ours, "name")), "coefficient");
        ck_assert_str_eq(json_string_value(json_object_get(ours, "term")), term);
        assert_close(term, regression_number(ours, "value"), value[i], ITERATED);
        assert_relative(term, regression_number(ours, "se"), se[i], ITERATED);
    }
    ck_assert_str_ne(json_string_value(json_object_get(
                         json_array_get(json_object_get(document, "figures"), count), "name")),
                     "coefficient");
}

static void
assert_fit(const json_t *document, const json_t *c)
{
    assert_coefficients(document, json_object_get(c, "coefficients"));
    assert_close("deviance", regression_number(regression_figure(document, "deviance"), "value"),
                 golden_number(c, "deviance"), ITERATED);
    assert_close("null deviance",
                 regression_number(regression_figure(document, "null-deviance"), "value"),
                 golden_number(c, "null_deviance"), ITERATED);
    assert_close("df", regression_number(regression_figure(document, "deviance"), "df"),
                 golden_number(c, "df"), 0);
    assert_close("null df", regression_number(regression_figure(document, "null-deviance"), "df"),
                 golden_number(c, "null_df"), 0);
    assert_relative("dispersion",
                    regression_number(regression_figure(document, "dispersion"), "value"),
                    golden_number(c, "dispersion"), ITERATED);
}

static void
each(const char *list, const char *model)
{
    const json_t *const cases = golden(a, "glm", list);

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const bool weighted = json_is_true(json_object_get(c, "weighted"));
        const bool binomial = strcmp(model, "logistic") == 0;
        const char *const formula = json_string_value(json_object_get(c, "formula"));
        const char *const family = json_string_value(json_object_get(c, "family"));
        const json_t *const d =
            regression(a, (struct regression_call){model, formula, binomial ? NULL : family, NULL},
                       table_csv(binomial, weighted));

        ck_assert_msg(json_is_true(json_object_get(d, "converged")), "%s", formula);
        assert_fit(d, c);
        if (strcmp(family, "quasipoisson") == 0 || (weighted && binomial))
            continue; /* R rounds weighted successes to whole ones for its likelihood */
        assert_close("log likelihood",
                     regression_number(regression_figure(d, "log-likelihood"), "value"),
                     golden_number(c, "log_likelihood"), ITERATED);
        if (strcmp(family, "negbin") == 0) {
            assert_relative("theta", regression_number(regression_figure(d, "theta"), "value"),
                            golden_number(c, "theta"), ITERATED);
            assert_relative("theta se", regression_number(regression_figure(d, "theta"), "se"),
                            golden_number(c, "theta_se"), ITERATED);
        } else {
            assert_close("aic", regression_number(regression_figure(d, "aic"), "value"),
                         golden_number(c, "aic"), ITERATED);
        }
    }
}

START_TEST(logistic_models_and_their_designs_are_those_of_r)
{
    each("design", "logistic");
}
END_TEST

START_TEST(poisson_and_quasi_poisson_models_are_those_of_r)
{
    each("poisson", "poisson");
}
END_TEST

START_TEST(negative_binomial_models_are_those_of_mass)
{
    each("negbin", "poisson");
}
END_TEST

START_TEST(splines_are_those_of_ns)
{
    const json_t *const cases = golden(a, "glm", "spline");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const json_t *const rows = json_object_get(c, "basis");
        const size_t df = (size_t)golden_number(c, "df");
        double x[256], at[16], inner[64], boundary[2], basis[16 * 16], expected[16];
        const size_t count = golden_numbers(c, "x", x, 256);
        const size_t points = golden_numbers(c, "at", at, 16);
        struct spline s;

        ck_assert(spline_place_knots(&s, df, x, NULL, count));
        golden_numbers(c, "boundary", boundary, 2);
        assert_relative("first knot", s.knot[0], boundary[0], CLOSED);
        assert_relative("last knot", s.knot[df], boundary[1], CLOSED);
        if (df > 1) {
            ck_assert_uint_eq(golden_numbers(c, "inner", inner, 64), df - 1);
            for (size_t k = 1; k < df; k++)
                assert_close("knot", s.knot[k], inner[k - 1], 1e-14);
        }
        spline_basis(&s, a, at, points, basis);
        for (size_t p = 0; p < points; p++) {
            const json_t *const row = json_array_get(rows, p);

            for (size_t j = 0; j < df; j++) {
                expected[j] = json_number_value(json_is_array(row) ? json_array_get(row, j) : row);
                assert_close("basis", basis[p * df + j], expected[j], 1e-12);
            }
        }
    }
}
END_TEST

START_TEST(a_weight_counts_as_so_many_rows)
{
    const double value[] = {1, 2, 3, 5, 8, 13}, weight[] = {2, 0, 1, 4, 1, 3};
    const double rows[] = {1, 1, 3, 5, 5, 5, 5, 8, 13, 13, 13};

    for (size_t df = 1; df <= 7; df++) {
        struct spline s, t;

        ck_assert(spline_place_knots(&s, df, value, weight, 6));
        ck_assert(spline_place_knots(&t, df, rows, NULL, 11));
        for (size_t k = 0; k <= df; k++)
            assert_relative("knot", s.knot[k], t.knot[k], 0);
    }
}
END_TEST

/* ---- published ---- */

struct printed {
    const char *term;
    double value, se;
    double unit; /* half of the last digit printed */
};

static void
assert_printed(const json_t *document, const struct printed *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *const f = regression_term(document, list[i].term);

        ck_assert_msg(fabs(regression_number(f, "value") - list[i].value) <= list[i].unit,
                      "%s: ours %.9g, published %.9g, allowed %.2g", list[i].term,
                      regression_number(f, "value"), list[i].value, list[i].unit);
        ck_assert_msg(isnan(list[i].se) ||
                          fabs(regression_number(f, "se") - list[i].se) <= list[i].unit,
                      "%s: our se %.9g, published %.9g, allowed %.2g", list[i].term,
                      regression_number(f, "se"), list[i].se, list[i].unit);
    }
}

/* stops and past arrests by precinct and group, added up over crimes; NULL without the data. */
static const char *
frisk_csv(const char *test)
{
    const char *const path = shared_data(a, test, "frisk_arm/frisk_with_noise.txt");
    FILE *const in = path ? fopen(path, "r") : NULL;
    static double stops[76][4], arrests[76][4];
    double row[6];
    const char *csv = "count,exposure,eth,precinct\n";

    if (!in)
        return NULL;
    memset(stops, 0, sizeof stops);
    memset(arrests, 0, sizeof arrests);
    ck_assert_int_eq(fscanf(in, "%*[^\n]"), 0);
    while (fscanf(in, "%lf %lf %lf %lf %lf %lf", &row[0], &row[1], &row[2], &row[3], &row[4],
                  &row[5]) == 6) {
        stops[(int)row[3]][(int)row[4]] += row[0];
        arrests[(int)row[3]][(int)row[4]] += row[2];
    }
    fclose(in);
    for (int p = 1; p <= 75; p++)
        for (int g = 1; g <= 3; g++)
            csv = arena_printf(a, "%s%.0f,%.0f,%d,%d\n", csv, stops[p][g], arrests[p][g], g, p);
    return csv;
}

START_TEST(new_york_stop_and_frisk_gives_the_published_numbers)
{
    /* "Poisson regression in python" (2020) and clayford.net on Gelman and Hill, chapter 6: the
     * file with noise */
    static const struct printed constant[] = {{"(Intercept)", -0.5877, 0.003, 5e-4}};
    static const struct printed groups[] = {{"(Intercept)", -0.588086, 0.003784, 5.1e-7},
                                            {"eth2", 0.070208, 0.006061, 5.1e-7},
                                            {"eth3", -0.161581, 0.008558, 5.1e-7}};
    static const struct printed precincts[] = {
        {"(Intercept)", -1.378868, 0.051019, 5.1e-7}, {"eth2", 0.010188, 0.006802, 5.1e-7},
        {"eth3", -0.419001, 0.009435, 5.1e-7},        {"precinct2", -0.149050, 0.074030, 5.1e-7},
        {"precinct3", 0.559955, 0.056758, 5.1e-7},    {"precinct4", 1.210636, 0.057549, 5.1e-7},
        {"precinct5", 0.282865, NAN, 5.1e-7},         {"precinct6", 1.144204, NAN, 5.1e-7},
        {"precinct7", 0.218173, NAN, 5.1e-7},         {"precinct8", -0.390565, NAN, 5.1e-7}};
    const char *const csv = frisk_csv("new_york_stop_and_frisk_gives_the_published_numbers");

    if (!csv)
        return;

    const json_t *d = regression(a, (struct regression_call){"poisson", "1", NULL, NULL}, csv);

    assert_printed(d, constant, 1);
    ck_assert(fabs(regression_number(regression_figure(d, "deviance"), "value") - 46120) < 0.5);
    ck_assert(fabs(regression_number(regression_figure(d, "log-likelihood"), "value") + 23913) <
              0.5);
    ck_assert(fabs(regression_number(regression_figure(d, "dispersion"), "value") * 224 - 49600) <
              50);

    d = regression(a, (struct regression_call){"poisson", "eth", NULL, NULL}, csv);
    assert_printed(d, groups, 3);
    ck_assert(fabs(regression_number(regression_figure(d, "null-deviance"), "value") - 46120) <
              0.5);
    ck_assert(fabs(regression_number(regression_figure(d, "deviance"), "value") - 45437.35) <
              0.005);

    d = regression(a, (struct regression_call){"poisson", "eth + precinct", NULL, NULL}, csv);
    assert_printed(d, precincts, sizeof precincts / sizeof *precincts);
    ck_assert(fabs(regression_number(regression_figure(d, "deviance"), "value") - 3427.14) < 0.005);
    ck_assert(fabs(regression_number(regression_figure(d, "log-likelihood"), "value") + 2566.876) <
              0.0005);
    ck_assert(fabs(regression_number(regression_figure(d, "dispersion"), "value") - 21.885) <
              0.0005);
    ck_assert(regression_number(regression_figure(d, "dispersion"), "df") == 148);

    /* R beside the data: quasi-Poisson and glm.nb */
    static const struct printed quasi[] = {{"(Intercept)", -1.3789, 0.2387, 5.1e-5},
                                           {"eth2", 0.0102, 0.0318, 5.1e-5},
                                           {"eth3", -0.4190, 0.0441, 5.1e-5}};
    static const struct printed negbin[] = {{"eth2", 0.0086, 0.0380, 5.1e-5},
                                            {"eth3", -0.4858, 0.0393, 5.1e-5}};

    d = regression(a, (struct regression_call){"poisson", "eth + precinct", "quasipoisson", NULL},
                   csv);
    assert_printed(d, quasi, 3);
    d = regression(a, (struct regression_call){"poisson", "eth + precinct", "negbin", NULL}, csv);
    assert_printed(d, negbin, 2);
    ck_assert(fabs(regression_number(regression_figure(d, "theta"), "value") - 19.55) < 0.005);
    ck_assert(fabs(regression_number(regression_figure(d, "theta"), "se") - 2.11) < 0.005);
}
END_TEST

/* A file of the first Open Policing paper with our names of columns. */
static const char *
opp_csv(const char *test, const char *file)
{
    const char *const path = shared_data(a, test, file);
    FILE *const in = path ? fopen(path, "r") : NULL;
    struct strbuf *const csv = strbuf_new(a, 1 << 20);
    char line[200];

    if (!in)
        return NULL;
    strbuf_add_text(csv, "group,place,k,n\n");
    ck_assert_ptr_nonnull(fgets(line, sizeof line, in));
    while (fgets(line, sizeof line, in))
        strbuf_add_text(csv, line);
    fclose(in);
    ck_assert(!csv->overflow);
    return csv->data;
}

START_TEST(open_policing_gives_the_published_search_and_arrest_odds)
{
    /* table S3 of arXiv 1706.05678, "Searched, race, county" and "Arrested, race, county" */
    static const struct {
        const char *file;
        double black, hispanic;
        size_t places;
    } tables[] = {{"opp2017/fig3a_search_rate_county.csv", 0.68, 0.74, 863},
                  {"opp2017/fig3b_arrest_rate_county.csv", 0.50, 0.61, 550}};

    for (size_t i = 0; i < 2; i++) {
        const char *const csv =
            opp_csv("open_policing_gives_the_published_search_and_arrest_odds", tables[i].file);

        if (!csv)
            return;

        const json_t *const d = regression(
            a, (struct regression_call){"logistic", "group + place", NULL, "White drivers"}, csv);
        const json_t *const diagnostics = json_object_get(d, "diagnostics");

        ck_assert(fabs(regression_beta(d, "groupBlack drivers") - tables[i].black) < 0.005);
        ck_assert(fabs(regression_beta(d, "groupHispanic drivers") - tables[i].hispanic) < 0.005);
        ck_assert_uint_eq((size_t)golden_number(diagnostics, "rank"), tables[i].places + 2);
    }
}
END_TEST

Suite *glm_suite(void);

Suite *
glm_suite(void)
{
    Suite *const s = suite_create("glm");
    TCase *const t = tcase_create("glm");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, logistic_models_and_their_designs_are_those_of_r);
    tcase_add_test(t, poisson_and_quasi_poisson_models_are_those_of_r);
    tcase_add_test(t, negative_binomial_models_are_those_of_mass);
    tcase_add_test(t, splines_are_those_of_ns);
    tcase_add_test(t, a_weight_counts_as_so_many_rows);
    tcase_add_test(t, new_york_stop_and_frisk_gives_the_published_numbers);
    tcase_add_test(t, open_policing_gives_the_published_search_and_arrest_odds);
    suite_add_tcase(s, t);
    return s;
}
