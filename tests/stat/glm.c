/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Regressions through `fit poisson` and `fit logistic`: against R's glm and MASS::glm.nb, published
 * numbers, laws, and data that have no estimate.
 */
#include "analyzer/stat/spline.h"
#include "tests/lib/fit_document.h"

#include <math.h>
#include <string.h>

static struct arena *a;

static void
set_up(void)
{
    a = arena_new();
}

static void
tear_down(void)
{
    arena_free(a);
}

/* Coefficients by iterations to rounding on both sides; the condition of a design takes digits. */
#define ITERATED 1e-8

/* ---- running ---- */

struct call {
    const char *model, *formula, *family, *reference;
};

static const json_t *
run(struct call c, const char *csv)
{
    const struct fit_options options = {.formula = c.formula,
                                        .family = c.family ? c.family : "poisson",
                                        .reference = c.reference,
                                        .level = 0.95,
                                        .seed = 1};

    return fit_document(a, c.model, csv, &options);
}

/* The figure of that name and term; fails when there is none. */
static const json_t *
term_of(const json_t *document, const char *term)
{
    const json_t *const figures = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *const f = json_array_get(figures, i);
        const char *const own = json_string_value(json_object_get(f, "term"));

        if (own && strcmp(own, term) == 0)
            return f;
    }
    ck_abort_msg("there is no term \"%s\"", term);
    return NULL;
}

static const json_t *
named(const json_t *document, const char *name)
{
    const json_t *const figures = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *const f = json_array_get(figures, i);

        if (strcmp(json_string_value(json_object_get(f, "name")), name) == 0)
            return f;
    }
    ck_abort_msg("there is no figure \"%s\"", name);
    return NULL;
}

static double
number(const json_t *figure, const char *key)
{
    const json_t *const value = json_object_get(figure, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

static double
beta(const json_t *document, const char *term)
{
    return number(term_of(document, term), "value");
}

/* ---- R ---- */

/* The golden table as CSV: the columns that a model wants. */
static const char *
table_csv(bool binomial, bool weighted)
{
    const json_t *const rows = golden(a, "glm", "table");
    const char *csv =
        arena_printf(a, "group,place,minute,dark,amount%s%s\n", weighted ? ",weight" : "",
                     binomial ? ",k,n" : ",exposure,count");

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const r = json_array_get(rows, i);

        csv = arena_printf(
            a, "%s%s,%s,%.17g,%.17g,%.17g", csv, json_string_value(json_object_get(r, "group")),
            json_string_value(json_object_get(r, "place")), golden_number(r, "minute"),
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
        assert_close(term, number(ours, "value"), value[i], ITERATED);
        assert_relative(term, number(ours, "se"), se[i], ITERATED);
    }
    ck_assert_str_ne(json_string_value(json_object_get(
                         json_array_get(json_object_get(document, "figures"), count), "name")),
                     "coefficient");
}

static void
assert_fit(const json_t *document, const json_t *c)
{
    assert_coefficients(document, json_object_get(c, "coefficients"));
    assert_close("deviance", number(named(document, "deviance"), "value"),
                 golden_number(c, "deviance"), ITERATED);
    assert_close("null deviance", number(named(document, "null-deviance"), "value"),
                 golden_number(c, "null_deviance"), ITERATED);
    assert_close("df", number(named(document, "deviance"), "df"), golden_number(c, "df"), 0);
    assert_close("null df", number(named(document, "null-deviance"), "df"),
                 golden_number(c, "null_df"), 0);
    assert_relative("dispersion", number(named(document, "dispersion"), "value"),
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
        const json_t *const d = run((struct call){model, formula, binomial ? NULL : family, NULL},
                                    table_csv(binomial, weighted));

        ck_assert_msg(json_is_true(json_object_get(d, "converged")), "%s", formula);
        assert_fit(d, c);
        if (strcmp(family, "quasipoisson") == 0 || (weighted && binomial))
            continue; /* R rounds weighted successes to whole ones for its likelihood */
        assert_close("log likelihood", number(named(d, "log-likelihood"), "value"),
                     golden_number(c, "log_likelihood"), ITERATED);
        if (strcmp(family, "negbin") == 0) {
            assert_relative("theta", number(named(d, "theta"), "value"), golden_number(c, "theta"),
                            ITERATED);
            assert_relative("theta se", number(named(d, "theta"), "se"),
                            golden_number(c, "theta_se"), ITERATED);
        } else {
            assert_close("aic", number(named(d, "aic"), "value"), golden_number(c, "aic"),
                         ITERATED);
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
        const json_t *const f = term_of(document, list[i].term);

        ck_assert_msg(fabs(number(f, "value") - list[i].value) <= list[i].unit,
                      "%s: ours %.9g, published %.9g, allowed %.2g", list[i].term,
                      number(f, "value"), list[i].value, list[i].unit);
        ck_assert_msg(isnan(list[i].se) || fabs(number(f, "se") - list[i].se) <= list[i].unit,
                      "%s: our se %.9g, published %.9g, allowed %.2g", list[i].term,
                      number(f, "se"), list[i].se, list[i].unit);
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

    const json_t *d = run((struct call){"poisson", "1", NULL, NULL}, csv);

    assert_printed(d, constant, 1);
    ck_assert(fabs(number(named(d, "deviance"), "value") - 46120) < 0.5);
    ck_assert(fabs(number(named(d, "log-likelihood"), "value") + 23913) < 0.5);
    ck_assert(fabs(number(named(d, "dispersion"), "value") * 224 - 49600) < 50);

    d = run((struct call){"poisson", "eth", NULL, NULL}, csv);
    assert_printed(d, groups, 3);
    ck_assert(fabs(number(named(d, "null-deviance"), "value") - 46120) < 0.5);
    ck_assert(fabs(number(named(d, "deviance"), "value") - 45437.35) < 0.005);

    d = run((struct call){"poisson", "eth + precinct", NULL, NULL}, csv);
    assert_printed(d, precincts, sizeof precincts / sizeof *precincts);
    ck_assert(fabs(number(named(d, "deviance"), "value") - 3427.14) < 0.005);
    ck_assert(fabs(number(named(d, "log-likelihood"), "value") + 2566.876) < 0.0005);
    ck_assert(fabs(number(named(d, "dispersion"), "value") - 21.885) < 0.0005);
    ck_assert(number(named(d, "dispersion"), "df") == 148);

    /* R beside the data: quasi-Poisson and glm.nb */
    static const struct printed quasi[] = {{"(Intercept)", -1.3789, 0.2387, 5.1e-5},
                                           {"eth2", 0.0102, 0.0318, 5.1e-5},
                                           {"eth3", -0.4190, 0.0441, 5.1e-5}};
    static const struct printed negbin[] = {{"eth2", 0.0086, 0.0380, 5.1e-5},
                                            {"eth3", -0.4858, 0.0393, 5.1e-5}};

    d = run((struct call){"poisson", "eth + precinct", "quasipoisson", NULL}, csv);
    assert_printed(d, quasi, 3);
    d = run((struct call){"poisson", "eth + precinct", "negbin", NULL}, csv);
    assert_printed(d, negbin, 2);
    ck_assert(fabs(number(named(d, "theta"), "value") - 19.55) < 0.005);
    ck_assert(fabs(number(named(d, "theta"), "se") - 2.11) < 0.005);
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

        const json_t *const d =
            run((struct call){"logistic", "group + place", NULL, "White drivers"}, csv);
        const json_t *const diagnostics = json_object_get(d, "diagnostics");

        ck_assert(fabs(beta(d, "groupBlack drivers") - tables[i].black) < 0.005);
        ck_assert(fabs(beta(d, "groupHispanic drivers") - tables[i].hispanic) < 0.005);
        ck_assert_uint_eq((size_t)golden_number(diagnostics, "rank"), tables[i].places + 2);
    }
}
END_TEST

/* ---- laws ---- */

static const char small[] = "group,place,count,exposure\n"
                            "a,x,4,31\nb,x,9,22\na,y,11,80\nb,y,7,40\na,z,2,12\nb,z,6,19\n";

START_TEST(exposure_in_another_unit_moves_the_intercept_only)
{
    const json_t *const d = run((struct call){"poisson", "group + place", NULL, NULL}, small);
    const json_t *const thousands =
        run((struct call){"poisson", "group + place", NULL, NULL},
            "group,place,count,exposure\na,x,4,0.031\nb,x,9,0.022\na,y,11,0.080\nb,y,7,0.040\n"
            "a,z,2,0.012\nb,z,6,0.019\n");

    assert_close("intercept", beta(thousands, "(Intercept)"), beta(d, "(Intercept)") + log(1000),
                 1e-12);
    assert_close("group", beta(thousands, "groupb"), beta(d, "groupb"), 1e-12);
    assert_close("place", beta(thousands, "placez"), beta(d, "placez"), 1e-12);
    assert_close("deviance", number(named(thousands, "deviance"), "value"),
                 number(named(d, "deviance"), "value"), 1e-12);
}
END_TEST

START_TEST(swapping_the_groups_changes_the_sign)
{
    const json_t *const d = run((struct call){"poisson", "group + place", NULL, "a"}, small);
    const json_t *const e = run((struct call){"poisson", "group + place", NULL, "b"}, small);

    assert_close("group", beta(d, "groupb"), -beta(e, "groupa"), 1e-12);
    assert_close("se", number(term_of(d, "groupb"), "se"), number(term_of(e, "groupa"), "se"),
                 1e-12);
}
END_TEST

START_TEST(rows_of_one_cell_may_be_added_up_before)
{
    const json_t *const d = run((struct call){"logistic", "g", NULL, NULL},
                                "g,k,n\na,3,9\na,1,4\nb,5,6\nb,0,3\nc,2,2\nc,4,9\n");
    const json_t *const e =
        run((struct call){"logistic", "g", NULL, NULL}, "g,k,n\na,4,13\nb,5,9\nc,6,11\n");

    assert_close("b", beta(d, "gb"), beta(e, "gb"), 1e-13);
    assert_close("c", beta(d, "gc"), beta(e, "gc"), 1e-13);
    assert_close("se", number(term_of(d, "gc"), "se"), number(term_of(e, "gc"), "se"), 1e-13);
    /* the deviance is against a model with a share for each row, so it is not the same */
    ck_assert(number(named(d, "deviance"), "value") > 1);
    assert_close("saturated", number(named(e, "deviance"), "value"), 0, 1e-12);
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
    const json_t *const block = run((struct call){"logistic", "place + g", NULL, NULL}, csv);
    const json_t *const dense = run((struct call){"logistic", "place + g - 1", NULL, NULL}, csv);

    assert_close("group", beta(block, "gb"), beta(dense, "gb"), 1e-10);
    assert_close("se", number(term_of(block, "gb"), "se"), number(term_of(dense, "gb"), "se"),
                 1e-10);
    assert_close("place", beta(block, "placep007"),
                 beta(dense, "placep007") - beta(dense, "placep000"), 1e-10);
    assert_close("intercept se", number(term_of(block, "(Intercept)"), "se"),
                 number(term_of(dense, "placep000"), "se"), 1e-10);
}
END_TEST

START_TEST(counts_of_a_billion_keep_their_digits)
{
    const json_t *const d =
        run((struct call){"poisson", "g", NULL, NULL},
            "g,count,exposure\na,1000000000,2000000000\nb,1000000000,1000000000\n");

    assert_close("b", beta(d, "gb"), log(2), 1e-13);
    assert_relative("se", number(term_of(d, "gb"), "se"), sqrt(2e-9), 1e-9);
    assert_close("deviance", number(named(d, "deviance"), "value"), 0, 1e-9);
}
END_TEST

/* ---- what has no estimate ---- */

static void
assert_null(const json_t *document, const char *term, const char *why)
{
    const json_t *const f = term_of(document, term);

    ck_assert_msg(json_is_null(json_object_get(f, "value")), "%s has a value", term);
    ck_assert(json_is_null(json_object_get(f, "se")));
    ck_assert_msg(strstr(json_string_value(json_object_get(f, "note")), why) != NULL, "%s: %s",
                  term, json_string_value(json_object_get(f, "note")));
}

START_TEST(perfectly_separated_data_have_no_estimate)
{
    const json_t *const d = run((struct call){"logistic", "as.numeric(x)", NULL, NULL},
                                "x,k,n\n1,0,5\n2,0,5\n3,5,5\n4,5,5\n");

    ck_assert(json_is_false(json_object_get(d, "converged")));
    assert_null(d, "(Intercept)", "separation");
    assert_null(d, "as.numeric(x)", "separation");
}
END_TEST

START_TEST(what_is_not_separated_keeps_its_estimate)
{
    /* nobody in b has the outcome; h and c are those of the table without b */
    const json_t *const d = run((struct call){"logistic", "g + h", NULL, NULL},
                                "k,n,g,h\n2,5,a,x\n0,5,b,x\n3,5,c,x\n1,7,a,y\n0,9,b,y\n3,4,c,y\n");
    const json_t *const e = run((struct call){"logistic", "g + h", NULL, NULL},
                                "k,n,g,h\n2,5,a,x\n3,5,c,x\n1,7,a,y\n3,4,c,y\n");

    ck_assert(json_is_true(json_object_get(d, "converged")));
    ck_assert_int_eq((int)golden_number(json_object_get(d, "diagnostics"), "rows_separated"), 2);
    assert_null(d, "gb", "separation");
    assert_close("c", beta(d, "gc"), beta(e, "gc"), 1e-10);
    assert_close("h", beta(d, "hy"), beta(e, "hy"), 1e-10);
    assert_close("se", number(term_of(d, "hy"), "se"), number(term_of(e, "hy"), "se"), 1e-10);
    assert_close("deviance", number(named(d, "deviance"), "value"),
                 number(named(e, "deviance"), "value"), 1e-10);
}
END_TEST

START_TEST(a_separated_base_takes_its_contrasts_along)
{
    const json_t *const d = run((struct call){"poisson", "g + h", NULL, NULL},
                                "count,g,h\n0,a,x\n2,b,x\n3,c,x\n0,a,y\n3,b,y\n8,c,y\n");

    assert_null(d, "(Intercept)", "separation");
    assert_null(d, "gb", "separation");
    assert_null(d, "gc", "separation");
    assert_close("h", beta(d, "hy"), log(11.0 / 5.0), 1e-10);
}
END_TEST

START_TEST(an_empty_place_among_many_is_null_and_the_rest_is_as_without_it)
{
    const json_t *const d = run((struct call){"logistic", "g + place", NULL, NULL},
                                many_places(30, "q,a,0,20\nq,b,0,11\n"));
    const json_t *const e =
        run((struct call){"logistic", "g + place", NULL, NULL}, many_places(30, ""));

    assert_null(d, "placeq", "separation");
    assert_close("group", beta(d, "gb"), beta(e, "gb"), 1e-10);
    assert_close("place", beta(d, "placep011"), beta(e, "placep011"), 1e-10);
    assert_close("df", number(named(d, "deviance"), "df"), number(named(e, "deviance"), "df") + 1,
                 0);
}
END_TEST

START_TEST(a_term_that_is_a_combination_of_others_is_null)
{
    const json_t *const d = run((struct call){"poisson", "g + h", NULL, NULL},
                                "count,g,h\n4,a,x\n6,a,x\n9,b,y\n3,b,y\n");

    assert_close("b", beta(d, "gb"), log(12.0 / 10.0), 1e-12);
    assert_null(d, "hy", "combination");
    assert_close("df", number(named(d, "deviance"), "df"), 2, 0);
}
END_TEST

START_TEST(cells_of_two_factors_beside_an_intercept_leave_one_out)
{
    const json_t *const d = run((struct call){"logistic", "g:h", NULL, NULL},
                                "g,h,k,n\na,x,3,9\na,y,2,7\nb,x,4,6\nb,y,5,8\n");

    assert_close("intercept", beta(d, "(Intercept)"), log(5.0 / 3.0), 1e-12);
    assert_close("bx", beta(d, "gb:hx"), log(2.0) - log(5.0 / 3.0), 1e-12);
    assert_null(d, "gb:hy", "combination");
}
END_TEST

START_TEST(a_place_within_a_district_is_the_one_left_out_as_in_r)
{
    /* the district stands first, so R keeps it and leaves the last place of each district out */
    const char *csv = "district,place,k,n\n";

    for (int p = 0; p < 10; p++)
        csv = arena_printf(a, "%s%c,p%d,%d,20\n%c,p%d,%d,30\n", csv, p < 5 ? 'A' : 'B', p,
                           3 + p % 4, p < 5 ? 'A' : 'B', p, 8 + p % 3);

    const json_t *const d = run((struct call){"logistic", "district + place", NULL, NULL}, csv);

    ck_assert(isfinite(beta(d, "districtB")));
    assert_null(d, "placep9", "combination");
    ck_assert(isfinite(beta(d, "placep8")));
}
END_TEST

START_TEST(counts_without_overdispersion_have_no_theta)
{
    const json_t *const d = run((struct call){"poisson", "g", "negbin", NULL},
                                "count,g\n5,a\n5,a\n4,a\n9,b\n8,b\n9,b\n");

    ck_assert(json_is_null(json_object_get(named(d, "theta"), "value")));
    assert_close("b", beta(d, "gb"), log(26.0 / 14.0), 1e-10);
}
END_TEST

START_TEST(one_place_and_one_group_leave_an_intercept)
{
    const json_t *const d = run((struct call){"poisson", "group + place", NULL, NULL},
                                "count,exposure,group,place\n8,4,a,x\n");

    assert_close("intercept", beta(d, "(Intercept)"), log(2), 1e-12);
    ck_assert(json_is_null(json_object_get(named(d, "dispersion"), "value")));
}
END_TEST

START_TEST(rows_without_trials_or_exposure_say_nothing)
{
    const json_t *const d =
        run((struct call){"logistic", "g", NULL, NULL}, "g,k,n\na,3,9\nb,5,6\nc,0,0\na,0,0\n");

    ck_assert_int_eq((int)golden_number(json_object_get(d, "diagnostics"), "rows_left_out"), 2);
    assert_close("b", beta(d, "gb"), log(5.0 * 6.0 / 3.0), 1e-12);
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

Suite *glm_suite(void);

Suite *
glm_suite(void)
{
    Suite *const s = suite_create("glm");
    TCase *const t = tcase_create("glm");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, logistic_models_and_their_designs_are_those_of_r);
    tcase_add_test(t, poisson_and_quasi_poisson_models_are_those_of_r);
    tcase_add_test(t, negative_binomial_models_are_those_of_mass);
    tcase_add_test(t, splines_are_those_of_ns);
    tcase_add_test(t, a_weight_counts_as_so_many_rows);
    tcase_add_test(t, new_york_stop_and_frisk_gives_the_published_numbers);
    tcase_add_test(t, open_policing_gives_the_published_search_and_arrest_odds);
    tcase_add_test(t, exposure_in_another_unit_moves_the_intercept_only);
    tcase_add_test(t, swapping_the_groups_changes_the_sign);
    tcase_add_test(t, rows_of_one_cell_may_be_added_up_before);
    tcase_add_test(t, many_places_are_eliminated_without_a_difference);
    tcase_add_test(t, counts_of_a_billion_keep_their_digits);
    tcase_add_test(t, perfectly_separated_data_have_no_estimate);
    tcase_add_test(t, what_is_not_separated_keeps_its_estimate);
    tcase_add_test(t, a_separated_base_takes_its_contrasts_along);
    tcase_add_test(t, an_empty_place_among_many_is_null_and_the_rest_is_as_without_it);
    tcase_add_test(t, a_term_that_is_a_combination_of_others_is_null);
    tcase_add_test(t, cells_of_two_factors_beside_an_intercept_leave_one_out);
    tcase_add_test(t, a_place_within_a_district_is_the_one_left_out_as_in_r);
    tcase_add_test(t, counts_without_overdispersion_have_no_theta);
    tcase_add_test(t, one_place_and_one_group_leave_an_intercept);
    tcase_add_test(t, rows_without_trials_or_exposure_say_nothing);
    tcase_add_test(t, what_cannot_be_fitted_is_refused_with_a_remedy);
    suite_add_tcase(s, t);
    return s;
}
