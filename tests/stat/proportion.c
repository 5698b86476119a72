/* SPDX-License-Identifier: EUPL-1.2 */
/* Proportions and two-by-two tables against R, and their laws. */
#include "analyzer/stat/proportion.h"

#include "analyzer/stat/odds.h"
#include "tests/lib/golden.h"

#include <math.h>

enum { MOST = 16, WORK = 10000 };

static void
assert_limits(const json_t *c, struct estimate ours, const char *lower, const char *upper,
              double tolerance)
{
    assert_relative(lower, ours.lower, golden_number(c, lower), tolerance);
    assert_relative(upper, ours.upper, golden_number(c, upper), tolerance);
}

START_TEST(single_proportions_are_those_of_r)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "proportion", "single");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const double k = golden_number(c, "k");
        const double n = golden_number(c, "n");
        const double level = golden_number(c, "level");

        assert_limits(c, proportion_wilson(k, n, level), "wilson_lower", "wilson_upper", CLOSED);
        assert_limits(c, proportion_clopper_pearson(k, n, level), "exact_lower", "exact_upper",
                      CLOSED);
    }
    arena_free(a);
}
END_TEST

static struct proportion_pair
pair_of(const json_t *c)
{
    return (struct proportion_pair){golden_number(c, "k1"), golden_number(c, "n1"),
                                    golden_number(c, "k0"), golden_number(c, "n0")};
}

START_TEST(differences_and_ratios_are_their_definitions)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "proportion", "two");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct proportion_pair p = pair_of(c);
        const double level = golden_number(c, "level");

        assert_close("difference", proportion_difference_newcombe(p, level).value,
                     golden_number(c, "value"), CLOSED);
        assert_limits(c, proportion_difference_newcombe(p, level), "newcombe_lower",
                      "newcombe_upper", CLOSED);
        assert_limits(c, proportion_difference_score(p, level), "score_lower", "score_upper",
                      ROOTED);
        assert_limits(c, proportion_ratio(p, PROPORTION_KOOPMAN, level), "koopman_lower",
                      "koopman_upper", ROOTED);
        assert_limits(c, proportion_ratio(p, PROPORTION_MIETTINEN_NURMINEN, level), "mn_lower",
                      "mn_upper", ROOTED);
    }
    arena_free(a);
}
END_TEST

START_TEST(newcombe_prints_these_numbers)
{
    /* Newcombe 1998, table II, contrast (a) 56/70 - 48/80: method 10 and method 5 (Mee is 4) */
    const struct proportion_pair a = {56, 70, 48, 80};
    const struct estimate hybrid = proportion_difference_newcombe(a, 0.95);
    const struct estimate score = proportion_difference_score(a, 0.95);

    ck_assert(fabs(hybrid.lower - 0.0524) < 5e-5 && fabs(hybrid.upper - 0.3339) < 5e-5);
    ck_assert(fabs(score.lower - 0.0528) < 5e-5 && fabs(score.upper - 0.3382) < 5e-5);
}
END_TEST

START_TEST(one_table_is_chisq_test_and_fisher_test)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "proportion", "table");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct proportion_pair p = pair_of(c);
        const struct odds_table t = odds_table(p.k1, p.n1, p.k0, p.n0);
        const double level = golden_number(c, "level");
        const struct odds_fisher f = odds_fisher(t, level);
        const struct odds_fisher r = odds_fisher_as_r(t, level);

        assert_close("pearson", odds_chi_square(t, false).statistic, golden_number(c, "pearson"),
                     CLOSED);
        assert_relative("pearson p", odds_chi_square(t, false).p, golden_number(c, "pearson_p"),
                        1e-9);
        assert_close("yates", odds_chi_square(t, true).statistic, golden_number(c, "yates"),
                     CLOSED);
        assert_relative("yates p", odds_chi_square(t, true).p, golden_number(c, "yates_p"), 1e-9);
        assert_relative("fisher p", f.p, golden_number(c, "p"), 1e-9);
        assert_relative("p greater", odds_fisher_p(t, true), golden_number(c, "p_greater"), 1e-9);
        assert_relative("p less", odds_fisher_p(t, false), golden_number(c, "p_less"), 1e-9);
        assert_relative("odds ratio", f.odds_ratio.value, golden_number(c, "value"), ROOTED);
        assert_limits(c, f.odds_ratio, "lower", "upper", ROOTED);
        assert_relative("R's odds ratio", r.odds_ratio.value, golden_number(c, "r_value"), ROOTED);
        assert_limits(c, r.odds_ratio, "r_lower", "r_upper", ROOTED);
    }
    arena_free(a);
}
END_TEST

START_TEST(strata_are_mantelhaen_test)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "proportion", "pooled");
    static double work[WORK];

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double k1[MOST], n1[MOST], k0[MOST], n0[MOST];
        struct odds_table tables[MOST];
        const double level = golden_number(c, "level");
        const size_t count = golden_numbers(c, "k1", k1, MOST);

        golden_numbers(c, "n1", n1, MOST);
        golden_numbers(c, "k0", k0, MOST);
        golden_numbers(c, "n0", n0, MOST);
        for (size_t k = 0; k < count; k++)
            tables[k] = odds_table(k1[k], n1[k], k0[k], n0[k]);
        ck_assert_uint_le(odds_exact_work(tables, count), WORK);

        const struct pooled_ratio p = odds_pooled(tables, count, level);
        const struct odds_fisher e = odds_exact(tables, count, level, work);

        assert_relative("pooled", p.ratio.value, golden_number(c, "value"), CLOSED);
        if (golden_number(c, "value") > 0 && !isinf(golden_number(c, "value")))
            assert_limits(c, p.ratio, "lower", "upper", CLOSED);
        assert_relative("cmh", odds_cmh(tables, count, false).statistic, golden_number(c, "cmh"),
                        CLOSED);
        assert_relative("cmh p", odds_cmh(tables, count, false).p, golden_number(c, "cmh_p"),
                        CLOSED);
        assert_relative("corrected", odds_cmh(tables, count, true).statistic,
                        golden_number(c, "corrected"), CLOSED);
        assert_relative("corrected p", odds_cmh(tables, count, true).p,
                        golden_number(c, "corrected_p"), CLOSED);
        assert_relative("exact p", e.p, golden_number(c, "exact_p"), 1e-9);
        assert_relative("exact", e.odds_ratio.value, golden_number(c, "exact_value"), ROOTED);
        assert_limits(c, e.odds_ratio, "exact_lower", "exact_upper", ROOTED);
        /* R's own estimate stops at 1.2e-4 on the scale of the odds ratio or its inverse */
        assert_relative("R's exact", e.odds_ratio.value, golden_number(c, "exact_r"), 1e-3);
    }
    arena_free(a);
}
END_TEST

static const struct proportion_pair pairs[] = {
    {8, 25, 11, 70}, {22, 51, 40, 130}, {4, 9, 9, 31}, {1, 30, 4, 44}};

enum { PAIRS = sizeof pairs / sizeof pairs[0] };

START_TEST(one_stratum_pooled_is_the_crude_odds_ratio)
{
    static double work[WORK];

    for (int i = 0; i < PAIRS; i++) {
        const struct proportion_pair p = pairs[i];
        const struct odds_table t = odds_table(p.k1, p.n1, p.k0, p.n0);
        const struct pooled_ratio one = odds_pooled(&t, 1, 0.95);
        const struct odds_fisher fisher = odds_fisher(t, 0.95);
        const struct odds_fisher exact = odds_exact(&t, 1, 0.95, work);

        assert_relative("odds ratio", one.ratio.value, t.a * t.d / (t.b * t.c), 1e-14);
        /* Robins-Breslow-Greenland of one stratum is Woolf's variance */
        assert_relative("se", one.se_log, sqrt(1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d), 1e-12);
        assert_relative("exact p", exact.p, fisher.p, 1e-11);
        assert_relative("exact", exact.odds_ratio.value, fisher.odds_ratio.value, 1e-10);
        assert_relative("exact lower", exact.odds_ratio.lower, fisher.odds_ratio.lower, 1e-10);
        assert_relative("exact upper", exact.odds_ratio.upper, fisher.odds_ratio.upper, 1e-10);
    }
}
END_TEST

START_TEST(swapping_the_groups_mirrors_everything)
{
    for (int i = 0; i < PAIRS; i++) {
        const struct proportion_pair p = pairs[i];
        const struct proportion_pair q = {p.k0, p.n0, p.k1, p.n1};
        const struct odds_table t = odds_table(p.k1, p.n1, p.k0, p.n0);
        const struct odds_table u = odds_table(p.k0, p.n0, p.k1, p.n1);

        assert_relative("newcombe", -proportion_difference_newcombe(q, 0.95).upper,
                        proportion_difference_newcombe(p, 0.95).lower, 1e-12);
        assert_relative("score", -proportion_difference_score(q, 0.95).upper,
                        proportion_difference_score(p, 0.95).lower, 1e-9);
        assert_relative("koopman", 1 / proportion_ratio(q, PROPORTION_KOOPMAN, 0.95).upper,
                        proportion_ratio(p, PROPORTION_KOOPMAN, 0.95).lower, 1e-9);
        assert_relative("fisher", 1 / odds_fisher(u, 0.95).odds_ratio.upper,
                        odds_fisher(t, 0.95).odds_ratio.lower, 1e-10);
        assert_relative("fisher p", odds_fisher(u, 0.95).p, odds_fisher(t, 0.95).p, 1e-10);
        assert_relative("chi-square", odds_chi_square(u, true).statistic,
                        odds_chi_square(t, true).statistic, 1e-12);
    }
}
END_TEST

START_TEST(empty_margins_say_nothing)
{
    const struct odds_table none = odds_table(0, 5, 0, 9);
    const struct proportion_pair silent = {0, 5, 0, 9};
    double work[8];

    ck_assert(isnan(odds_chi_square(none, false).statistic));
    ck_assert(isnan(odds_fisher(none, 0.95).odds_ratio.value));
    ck_assert(isnan(odds_fisher(none, 0.95).odds_ratio.lower));
    ck_assert(isnan(odds_fisher(none, 0.95).p));
    ck_assert(isnan(odds_exact(&none, 1, 0.95, work).p));
    ck_assert(isnan(odds_pooled(&none, 1, 0.95).ratio.value));
    ck_assert(isnan(odds_cmh(&none, 1, false).p));
    ck_assert(isnan(proportion_wilson(0, 0, 0.95).value));
    ck_assert(isnan(proportion_ratio(silent, PROPORTION_KOOPMAN, 0.95).value));
    ck_assert(isnan(proportion_ratio(silent, PROPORTION_KOOPMAN, 0.95).lower));
    ck_assert(proportion_difference_score(silent, 0.95).lower < 0);
    ck_assert(proportion_difference_score(silent, 0.95).upper > 0);
}
END_TEST

START_TEST(shown_is_exact_only_where_wilson_is_coarse)
{
    ck_assert(proportion_shown(4, 40, 0.95).lower == proportion_clopper_pearson(4, 40, 0.95).lower);
    ck_assert(proportion_shown(37, 40, 0.95).lower ==
              proportion_clopper_pearson(37, 40, 0.95).lower);
    ck_assert(proportion_shown(5, 40, 0.95).lower == proportion_wilson(5, 40, 0.95).lower);
}
END_TEST

Suite *proportion_suite(void);

Suite *
proportion_suite(void)
{
    Suite *const s = suite_create("proportion");
    TCase *const t = tcase_create("proportion");

    tcase_add_test(t, single_proportions_are_those_of_r);
    tcase_add_test(t, differences_and_ratios_are_their_definitions);
    tcase_add_test(t, newcombe_prints_these_numbers);
    tcase_add_test(t, one_table_is_chisq_test_and_fisher_test);
    tcase_add_test(t, strata_are_mantelhaen_test);
    tcase_add_test(t, one_stratum_pooled_is_the_crude_odds_ratio);
    tcase_add_test(t, swapping_the_groups_mirrors_everything);
    tcase_add_test(t, empty_margins_say_nothing);
    tcase_add_test(t, shown_is_exact_only_where_wilson_is_coarse);
    suite_add_tcase(s, t);
    return s;
}
