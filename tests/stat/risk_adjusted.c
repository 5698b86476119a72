/* SPDX-License-Identifier: EUPL-1.2 */
/* Risk-adjusted regression against lm(), its bounds against what rar prints, and their laws. */
#include "analyzer/stat/risk_adjusted.h"

#include "common/rng.h"
#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 64 };

/* One person a row. */
struct people {
    size_t group[MOST];
    double risk[MOST], acted[MOST], n[MOST];
    struct risk_data data;
};

static struct people *
people_of(const json_t *c)
{
    struct people *const p = arena_alloc(a, sizeof *p);
    double group[MOST];
    const size_t rows = golden_numbers(c, "group", group, MOST);

    golden_numbers(c, "risk", p->risk, MOST);
    golden_numbers(c, "acted", p->acted, MOST);
    for (size_t r = 0; r < rows; r++) {
        p->group[r] = group[r] > 0;
        p->n[r] = 1;
    }
    p->data = (struct risk_data){rows, 2, 0, p->group, p->risk, p->acted, p->n};
    return p;
}

START_TEST(the_regression_is_that_of_lm)
{
    const json_t *const cases = golden(a, "risk_adjusted", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        struct risk_fit fit;

        ck_assert(risk_adjusted_fit(&people_of(c)->data, &fit));
        assert_relative("beta", fit.beta[1], golden_number(c, "beta"), CLOSED);
        assert_relative("se", fit.se[1], golden_number(c, "se"), CLOSED);
        assert_relative("slope", fit.slope, golden_number(c, "slope"), CLOSED);
        assert_relative("slope se", fit.slope_se, golden_number(c, "slope_se"), CLOSED);
        assert_relative("expected", fit.expected, golden_number(c, "expected"), CLOSED);
    }
}
END_TEST

/* rar's README example with the columns renamed, or NULL. */
static const char *
example(void)
{
    const char *const path =
        shared_data(a, "risk-adjusted example", "rar_example/rar_readme_example.csv");
    FILE *const in = path ? fopen(path, "r") : NULL;
    char *const text = arena_alloc(a, 1 << 16);
    size_t got;

    if (!in)
        return NULL;
    got = fread(text, 1, (1 << 16) - 1, in);
    fclose(in);
    ck_assert(got > 1000 && got < (1 << 16) - 1);
    return arena_printf(a, "group,risk,acted%s", strchr(text, '\n'));
}

/* value with that many significant digits, written as R prints a column: without the zero in
 * front */
static void
as_printed(double value, const char *printed)
{
    char text[32];
    const size_t leading = strspn(printed, "-.0");
    char *zero;

    snprintf(text, sizeof text, "%#.*g", (int)strlen(printed + leading), value);
    zero = strstr(text, "0.");
    ck_assert(zero != NULL);
    memmove(zero, zero + 1, strlen(zero));
    ck_assert_msg(strcmp(text, printed) == 0, "ours %.10g, published %s", value, printed);
}

START_TEST(the_ten_published_rows_come_out)
{
    static const char *const published[10][2] = {
        {".102", ".102"},   {".0752", ".125"},  {".0472", ".151"},  {".0185", ".178"},
        {"-.0106", ".207"}, {"-.0394", ".236"}, {"-.0677", ".265"}, {"-.0950", ".295"},
        {"-.123", ".324"},  {"-.151", ".354"}};
    const char *const csv = example();
    const struct fit_options options = {
        .reference = "a", .level = 0.95, .epsilon = 0.1, .steps = 10, .seed = 1};
    size_t row = 0;

    if (!csv)
        return;

    const json_t *const d = fit_document(a, "risk-adjusted", csv, &options);
    const json_t *const list = json_object_get(d, "figures");
    const json_t *const beta = fit_document_figure(d, "coefficient", "ols", NULL, "b");

    ck_assert(fabs(golden_number(beta, "value") - 0.10189076) < 5e-9);
    ck_assert(fabs(golden_number(beta, "se") - 0.02312755) < 5e-9);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);

        if (strcmp(json_string_value(json_object_get(f, "name")), "sensitivity") != 0)
            continue;
        ck_assert_uint_lt(row, 10);
        as_printed(golden_number(f, "lower"), published[row][0]);
        as_printed(golden_number(f, "upper"), published[row][1]);
        row++;
    }
    ck_assert_uint_eq(row, 10);
}
END_TEST

START_TEST(a_finer_grid_gives_what_rar_gives_with_101_points)
{
    /* rar 0.0.3, eta 0.001, m 101; its largest sums of squares are on a coarser grid than ours */
    static const struct {
        double epsilon, lower, upper;
    } reference[] = {
        {0.01, .07769920, .1230633}, {0.05, -.02547721, .2218284}, {0.10, -.15122378, .3535962}};
    const char *const csv = example();
    const struct fit_options options = {
        .reference = "a", .level = 0.95, .epsilon = 0.1, .steps = 11, .seed = 1};

    if (!csv)
        return;

    const json_t *const list =
        json_object_get(fit_document(a, "risk-adjusted", csv, &options), "figures");
    size_t seen = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const f = json_array_get(list, i);
        const double epsilon = json_number_value(json_object_get(f, "epsilon"));

        for (size_t k = 0; k < 3; k++)
            if (fabs(epsilon - reference[k].epsilon) < 1e-9) {
                assert_close("lower", golden_number(f, "lower"), reference[k].lower, 5e-7);
                assert_close("upper", golden_number(f, "upper"), reference[k].upper, 5e-7);
                seen++;
            }
    }
    ck_assert_uint_eq(seen, 3);
}
END_TEST

/* Other risks within epsilon, with the mean of those acted upon kept: two people of a stratum are
 * moved apart or together; of those not acted upon also one alone (`side`: with the groups drawn
 * apart, together, or by chance). */
static void
perturb(struct people *p, const double *from, double budget, int side, struct rng *rng)
{
    memcpy(p->risk, from, p->data.rows * sizeof *from);
    while (budget > 1e-9) {
        const size_t i = (size_t)rng_below(rng, p->data.rows);
        const size_t j = (size_t)rng_below(rng, p->data.rows);
        const double most = fmin(budget / 2, rng_uniform(rng) * 0.6);
        const bool alone = p->acted[i] == 0 && (side != 0 || rng_uniform(rng) < 0.5);
        double by = rng_uniform(rng) < 0.5 ? -most : most;

        if (alone && side != 0)
            by = most * (p->group[i] > 0 ? side : -side);
        budget -= 1e-4;
        if (i == j ||
            (!alone && (side != 0 || p->group[i] != p->group[j] || p->acted[i] != p->acted[j])))
            continue;
        by = fmin(fmax(by, -p->risk[i]), 1 - p->risk[i]);
        if (!alone)
            by = fmax(fmin(by, p->risk[j]), p->risk[j] - 1);
        p->risk[i] += by;
        if (!alone)
            p->risk[j] -= by;
        budget -= fabs(by) * (alone ? 1 : 2);
    }
}

START_TEST(no_other_risks_within_epsilon_leave_the_bounds)
{
    struct people *const p = people_of(json_array_get(golden(a, "risk_adjusted", "cases"), 0));
    double from[MOST];
    struct interval out[2 * 2];
    struct rng rng = rng_stream(11, 0);
    double low = INFINITY;
    double high = -INFINITY;

    memcpy(from, p->risk, sizeof from);
    ck_assert(risk_adjusted_bounds(&p->data, 0.1, 2, a, out));
    for (int i = 0; i < 20000; i++) {
        struct risk_fit fit;

        perturb(p, from, 0.1 * (double)p->data.rows, i % 3 - 1, &rng);
        if (!risk_adjusted_fit(&p->data, &fit))
            continue;
        low = fmin(low, fit.beta[1]);
        high = fmax(high, fit.beta[1]);
    }
    ck_assert_msg(low >= out[3].lower && high <= out[3].upper, "[%g, %g] is not in [%g, %g]", low,
                  high, out[3].lower, out[3].upper);
    /* and they are not idle: a search without a plan comes most of the way */
    ck_assert_msg(high - low > 0.7 * (out[3].upper - out[3].lower), "[%g, %g] of [%g, %g]", low,
                  high, out[3].lower, out[3].upper);
}
END_TEST

START_TEST(cells_give_what_their_people_give)
{
    struct people *const p = people_of(json_array_get(golden(a, "risk_adjusted", "cases"), 0));
    struct people *const cells = arena_alloc(a, sizeof *cells);
    struct interval each[2 * 4], together[2 * 4];
    size_t rows = 0;

    for (size_t r = 0; r < p->data.rows; r++)
        p->risk[r] = round(10 * p->risk[r]) / 10;
    for (size_t r = 0; r < p->data.rows; r++) {
        size_t at = 0;

        while (at < rows && (cells->group[at] != p->group[r] || cells->risk[at] != p->risk[r]))
            at++;
        rows += at == rows;
        cells->group[at] = p->group[r];
        cells->risk[at] = p->risk[r];
        cells->acted[at] += p->acted[r];
        cells->n[at]++;
    }
    cells->data = (struct risk_data){rows, 2, 0, cells->group, cells->risk, cells->acted, cells->n};
    ck_assert_uint_lt(rows, p->data.rows / 2);
    ck_assert(risk_adjusted_bounds(&p->data, 0.05, 4, a, each));
    ck_assert(risk_adjusted_bounds(&cells->data, 0.05, 4, a, together));
    for (size_t k = 0; k < 4; k++) {
        assert_close("lower", together[2 * k + 1].lower, each[2 * k + 1].lower, 1e-9);
        assert_close("upper", together[2 * k + 1].upper, each[2 * k + 1].upper, 1e-9);
    }
}
END_TEST

START_TEST(the_bounds_widen_and_turn_with_the_reference)
{
    struct people *const p = people_of(json_array_get(golden(a, "risk_adjusted", "cases"), 0));
    struct interval out[2 * 5], turned[2 * 5];
    struct risk_fit fit;

    risk_adjusted_fit(&p->data, &fit);
    ck_assert(risk_adjusted_bounds(&p->data, 0.1, 5, a, out));
    p->data.reference = 1;
    ck_assert(risk_adjusted_bounds(&p->data, 0.1, 5, a, turned));
    assert_close("epsilon 0", out[1].lower, fit.beta[1], 1e-9);
    assert_close("epsilon 0", out[1].upper, fit.beta[1], 1e-9);
    for (size_t k = 0; k < 5; k++) {
        assert_close("turned", turned[2 * k].lower, -out[2 * k + 1].upper, 1e-12);
        ck_assert(k == 0 || out[2 * k + 1].upper > out[2 * k - 1].upper);
        ck_assert(k == 0 || out[2 * k + 1].lower < out[2 * k - 1].lower);
    }
}
END_TEST

START_TEST(what_cannot_be_fitted_is_null_or_refused)
{
    static const struct {
        const char *csv, *text;
    } refused[] = {
        {"group,risk,acted\na,0.1,1\nb,1.2,0\n", "line 3, column 3: risk is larger than 1"},
        {"group,risk,acted\na,0.1,2\nb,0.2,0\n", "line 2, column 7: acted is larger than 1"},
        {"group,risk,acted,n\na,0.1,2,1\nb,0.2,0,1\n", "line 2, column 7: acted is larger than n"},
        {"group,risk,acted\na,0.1,1\na,0.2,0\n", "1 groups: between 2 and 6 are compared"},
    };
    static const char *const empty[] = {"group,risk,acted\na,0.5,1\na,0.5,0\nb,0.4,1\nb,0.4,0\n",
                                        "group,risk,acted\na,0.1,1\nb,0.2,0\n"};
    const struct fit_options options = {.level = 0.95, .epsilon = 0.1, .steps = 3, .seed = 1};

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct err e = {0};

        ck_assert(!fit_document_text(a, "risk-adjusted", refused[i].csv, &options, &e));
        ck_assert_str_eq(e.text, refused[i].text);
    }
    for (size_t i = 0; i < 2; i++)
        ck_assert(json_is_null(json_object_get(
            fit_document_figure(fit_document(a, "risk-adjusted", empty[i], &options), "coefficient",
                                "ols", NULL, "b"),
            "value")));
}
END_TEST

Suite *risk_adjusted_suite(void);

Suite *
risk_adjusted_suite(void)
{
    Suite *const s = suite_create("risk_adjusted");
    TCase *const t = tcase_create("risk_adjusted");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, the_regression_is_that_of_lm);
    tcase_add_test(t, the_ten_published_rows_come_out);
    tcase_add_test(t, a_finer_grid_gives_what_rar_gives_with_101_points);
    tcase_add_test(t, no_other_risks_within_epsilon_leave_the_bounds);
    tcase_add_test(t, cells_give_what_their_people_give);
    tcase_add_test(t, the_bounds_widen_and_turn_with_the_reference);
    tcase_add_test(t, what_cannot_be_fitted_is_null_or_refused);
    suite_add_tcase(s, t);
    return s;
}
