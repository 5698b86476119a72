/* SPDX-License-Identifier: EUPL-1.2 */
/* Rates and rate ratios against R, and their laws. */
#include "analyzer/stat/rate.h"

#include "analyzer/stat/detectable.h"
#include "analyzer/stat/dist.h"
#include "tests/lib/golden.h"

#include <math.h>

enum { MOST = 16 };

static struct rate_pair
pair_of(const json_t *c)
{
    return (struct rate_pair){golden_number(c, "x1"), golden_number(c, "n1"),
                              golden_number(c, "x0"), golden_number(c, "n0")};
}

static void
assert_limits(const json_t *c, struct estimate ours, const char *lower, const char *upper,
              double tolerance)
{
    assert_relative(lower, ours.lower, golden_number(c, lower), tolerance);
    assert_relative(upper, ours.upper, golden_number(c, upper), tolerance);
}

START_TEST(garwood_is_poisson_test)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "garwood");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct estimate r =
            rate_garwood(golden_number(c, "x"), golden_number(c, "n"), golden_number(c, "level"));

        assert_relative("rate", r.value, golden_number(c, "value"), CLOSED);
        assert_limits(c, r, "lower", "upper", CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(ratios_and_their_p_are_those_of_r)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "ratio");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct rate_pair pair = pair_of(c);
        const double level = golden_number(c, "level");
        const struct estimate exact = rate_ratio(pair, RATE_EXACT, level);

        assert_relative("ratio", exact.value, golden_number(c, "value"), CLOSED);
        assert_limits(c, exact, "lower", "upper", CLOSED);
        assert_limits(c, rate_ratio(pair, RATE_MID_P, level), "midp_lower", "midp_upper", ROOTED);
        assert_relative("p", rate_ratio_p(pair, RATE_EXACT, 1), golden_number(c, "p"), CLOSED);
        assert_relative("mid-p p", rate_ratio_p(pair, RATE_MID_P, 1), golden_number(c, "midp_p"),
                        CLOSED);
        assert_relative("one-sided p", rate_ratio_p_greater(pair, 1), golden_number(c, "p_greater"),
                        CLOSED);
        assert_relative("central p", rate_ratio_p_central(pair, 1), golden_number(c, "p_central"),
                        CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(pooling_is_greenland_and_robins)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "pooled");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double x1[MOST], n1[MOST], x0[MOST], n0[MOST];
        struct rate_pair pairs[MOST];
        const size_t count = golden_numbers(c, "x1", x1, MOST);

        golden_numbers(c, "n1", n1, MOST);
        golden_numbers(c, "x0", x0, MOST);
        golden_numbers(c, "n0", n0, MOST);
        for (size_t k = 0; k < count; k++)
            pairs[k] = (struct rate_pair){x1[k], n1[k], x0[k], n0[k]};

        const struct pooled_ratio p = rate_ratio_pooled(pairs, count, golden_number(c, "level"));
        const struct test h = rate_homogeneity(pairs, count, p.ratio.value);

        assert_relative("pooled", p.ratio.value, golden_number(c, "value"), CLOSED);
        assert_limits(c, p.ratio, "lower", "upper", CLOSED);
        assert_relative("se", p.se_log, golden_number(c, "se_log"), CLOSED);
        assert_relative("p", p.p, golden_number(c, "p"), CLOSED);
        ck_assert_uint_eq(p.strata, (size_t)golden_number(c, "places"));
        if (p.strata < 2) {
            ck_assert(isnan(h.statistic) && isnan(h.df) && isnan(h.p));
            continue;
        }
        assert_relative("homogeneity", h.statistic, golden_number(c, "chi_square"), CLOSED);
        assert_relative("df", h.df, golden_number(c, "df"), 0);
        assert_relative("homogeneity p", h.p, golden_number(c, "chi_p"), CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(standardising_is_fay_and_feuer)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "standardised");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double x[MOST], n[MOST], standard[MOST];
        struct rate_class classes[MOST];
        const size_t count = golden_numbers(c, "x", x, MOST);

        golden_numbers(c, "n", n, MOST);
        golden_numbers(c, "standard", standard, MOST);
        for (size_t k = 0; k < count; k++)
            classes[k] = (struct rate_class){x[k], n[k], standard[k]};

        const struct estimate r = rate_standardised(classes, count, golden_number(c, "level"));

        assert_relative("standardised", r.value, golden_number(c, "value"), CLOSED);
        assert_limits(c, r, "lower", "upper", CLOSED);
    }
    arena_free(a);
}
END_TEST

/*
 * R sums every total of events and every split. Ours leaves out totals past 5 standard deviations
 * (2e-7 of the power at most ten events, less above) and steps over totals when they are many.
 */
START_TEST(the_detectable_ratio_has_eighty_percent_power)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "detectable");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);

        assert_relative("detectable ratio",
                        detectable_rate_ratio(golden_number(c, "expected0"), golden_number(c, "n1"),
                                              golden_number(c, "n0")),
                        golden_number(c, "value"), 2e-4);
    }
    arena_free(a);
}
END_TEST

/* The bounds looked for one by one at every total, and nothing carried from one to the next. */
static double
power_by_search(double expected0, double n1, double n0, double ratio)
{
    const double mean = expected0 * (1 + ratio * n1 / n0), spread = 5 * sqrt(mean) + 5;
    const double first = fmax(0, floor(mean - spread)), last = ceil(mean + spread);
    const double null = n1 / (n1 + n0), share = ratio * n1 / (ratio * n1 + n0);
    double power = 0, weights = 0;

    for (double n = first; n <= last; n += fmax(1, floor((last - first) / 96))) {
        const double weight = dist_poisson_d(n, mean, false);
        double low = floor(n * null), high = ceil(n * null);

        while (low >= 0 && dist_binomial_p(low, n, null, DIST_LOWER) > 0.025)
            low--;
        while (high <= n && dist_binomial_p(high - 1, n, null, DIST_UPPER) > 0.025)
            high++;
        weights += weight;
        power += weight * (dist_binomial_p(low, n, share, DIST_LOWER) +
                           dist_binomial_p(high - 1, n, share, DIST_UPPER));
    }
    return power / weights;
}

/* Where one group is nearly everybody the library's quantiles fail, and power used to pass 1. */
START_TEST(the_power_is_that_of_the_exact_test_at_every_total)
{
    static const double designs[][4] = {
        {20.15, 16075, 123, 2.81}, {5.5, 13776, 27, 2.3},     {34.21, 1710, 3, 1.73},
        {131.9, 533, 7, 2.25},     {0.4, 10, 10, 9},          {3, 100, 5000, 4},
        {250, 700, 900, 1.2},      {900, 200000, 90000, 1.1}, {80, 1, 1, 1.5},
        {12, 1e-3, 1e3, 30},       {600, 40, 44000, 2},       {55.25, 2581, 22, 1.75},
    };

    for (size_t i = 0; i < sizeof designs / sizeof designs[0]; i++) {
        const double *const d = designs[i];
        const double power = detectable_rate_power(d[0], d[1], d[2], d[3]);

        assert_relative("power", power, power_by_search(d[0], d[1], d[2], d[3]), 1e-11);
        ck_assert(power > 0 && power <= 1 + 1e-12);
    }
}
END_TEST

/* At the detectable difference the estimate lies 1.96 standard errors or more from 0 in 80%. */
START_TEST(the_detectable_difference_of_an_interval_has_eighty_percent_power)
{
    const double z = dist_normal_z(0.95);
    const double level[] = {0.95, 0.99};

    for (size_t i = 0; i < 2; i++) {
        const double half = dist_normal_z(level[i]) * 0.3; /* a standard error of 0.3 */
        const double d = detectable_wald(1 - half, 1 + half, level[i]);

        assert_close("power", dist_normal_p(z * 0.3, d, 0.3, DIST_UPPER), 0.8, 1e-9);
    }
    ck_assert(isnan(detectable_wald(1, 1, 0.95)));
    ck_assert(isnan(detectable_wald(NAN, 1, 0.95)));
    ck_assert(isnan(detectable_wald(0, INFINITY, 0.95)));
}
END_TEST

START_TEST(the_detectable_difference_is_power_prop_test)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "rate", "difference");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);

        assert_relative("detectable difference",
                        detectable_difference(golden_number(c, "p0"), golden_number(c, "n1"),
                                              golden_number(c, "n0"),
                                              (int)golden_number(c, "sign")),
                        golden_number(c, "value"), ROOTED);
    }
    arena_free(a);
}
END_TEST

static const struct rate_pair pairs[] = {
    {4, 120, 20, 2100}, {10, 400, 31, 3000}, {55, 1500, 140, 9000}, {3, 80, 1, 400}};

enum { PAIRS = sizeof pairs / sizeof pairs[0] };

static struct rate_pair
swapped(struct rate_pair p)
{
    return (struct rate_pair){p.x0, p.n0, p.x1, p.n1};
}

START_TEST(one_place_pooled_is_the_crude_ratio)
{
    for (int i = 0; i < PAIRS; i++) {
        const struct pooled_ratio p = rate_ratio_pooled(&pairs[i], 1, 0.95);

        assert_relative("pooled", p.ratio.value, rate_ratio(pairs[i], RATE_EXACT, 0.95).value,
                        1e-14);
        assert_relative("se", p.se_log, sqrt(1 / pairs[i].x1 + 1 / pairs[i].x0), 1e-12);
    }
}
END_TEST

START_TEST(swapping_the_groups_inverts_the_ratio)
{
    struct rate_pair other[PAIRS];

    for (int i = 0; i < PAIRS; i++) {
        other[i] = swapped(pairs[i]);
        for (int m = RATE_EXACT; m <= RATE_MID_P; m++) {
            const struct estimate one = rate_ratio(pairs[i], (enum rate_method)m, 0.95);
            const struct estimate two = rate_ratio(other[i], (enum rate_method)m, 0.95);

            assert_relative("value", 1 / two.value, one.value, 1e-12);
            assert_relative("lower", 1 / two.upper, one.lower, 1e-10);
            assert_relative("upper", 1 / two.lower, one.upper, 1e-10);
            assert_relative("p", rate_ratio_p(other[i], (enum rate_method)m, 1),
                            rate_ratio_p(pairs[i], (enum rate_method)m, 1), 1e-9);
        }
    }
    assert_relative("pooled", 1 / rate_ratio_pooled(other, PAIRS, 0.95).ratio.value,
                    rate_ratio_pooled(pairs, PAIRS, 0.95).ratio.value, 1e-12);
}
END_TEST

START_TEST(scaling_the_exposures_leaves_the_ratios)
{
    struct rate_pair scaled[PAIRS];

    for (int i = 0; i < PAIRS; i++) {
        scaled[i] = pairs[i];
        scaled[i].n1 *= 0.001;
        scaled[i].n0 *= 0.001;
        assert_relative("lower", rate_ratio(scaled[i], RATE_MID_P, 0.95).lower,
                        rate_ratio(pairs[i], RATE_MID_P, 0.95).lower, 1e-10);
    }

    const struct pooled_ratio one = rate_ratio_pooled(pairs, PAIRS, 0.95);
    const struct pooled_ratio two = rate_ratio_pooled(scaled, PAIRS, 0.95);

    assert_relative("pooled", two.ratio.upper, one.ratio.upper, 1e-12);
    assert_relative("homogeneity", rate_homogeneity(scaled, PAIRS, two.ratio.value).statistic,
                    rate_homogeneity(pairs, PAIRS, one.ratio.value).statistic, 1e-10);
}
END_TEST

START_TEST(the_central_p_agrees_with_the_exact_interval)
{
    for (int i = 0; i < PAIRS; i++) {
        const struct estimate r = rate_ratio(pairs[i], RATE_EXACT, 0.95);

        assert_relative("at lower", rate_ratio_p_central(pairs[i], r.lower), 0.05, 1e-9);
        assert_relative("at upper", rate_ratio_p_central(pairs[i], r.upper), 0.05, 1e-9);
        assert_relative(
            "mid-p at lower",
            rate_ratio_p(pairs[i], RATE_MID_P, rate_ratio(pairs[i], RATE_MID_P, 0.95).lower), 0.05,
            1e-9);
    }
}
END_TEST

START_TEST(no_exposure_or_no_events_is_undefined)
{
    const struct rate_pair none = {0, 10, 0, 20};
    const struct rate_pair no_exposure = {3, 0, 5, 20};
    const struct rate_pair no_reference = {3, 10, 0, 20};

    ck_assert(isnan(rate_garwood(3, 0, 0.95).value));
    ck_assert(isnan(rate_ratio(none, RATE_EXACT, 0.95).lower));
    ck_assert(isnan(rate_ratio(no_exposure, RATE_MID_P, 0.95).upper));
    ck_assert(isnan(rate_ratio_p(none, RATE_EXACT, 1)));
    ck_assert(isinf(rate_ratio(no_reference, RATE_EXACT, 0.95).value));
    ck_assert(rate_ratio(no_reference, RATE_EXACT, 0.95).lower > 0);
    ck_assert(isnan(rate_ratio_pooled(&none, 1, 0.95).ratio.value));
    ck_assert(isnan(detectable_rate_ratio(0, 10, 20)));
    ck_assert(isnan(detectable_difference(0.9, 4, 4, 1)));
}
END_TEST

Suite *rate_suite(void);

Suite *
rate_suite(void)
{
    Suite *const s = suite_create("rate");
    TCase *const t = tcase_create("rate");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, garwood_is_poisson_test);
    tcase_add_test(t, ratios_and_their_p_are_those_of_r);
    tcase_add_test(t, pooling_is_greenland_and_robins);
    tcase_add_test(t, standardising_is_fay_and_feuer);
    tcase_add_test(t, the_detectable_ratio_has_eighty_percent_power);
    tcase_add_test(t, the_power_is_that_of_the_exact_test_at_every_total);
    tcase_add_test(t, the_detectable_difference_of_an_interval_has_eighty_percent_power);
    tcase_add_test(t, the_detectable_difference_is_power_prop_test);
    tcase_add_test(t, one_place_pooled_is_the_crude_ratio);
    tcase_add_test(t, swapping_the_groups_inverts_the_ratio);
    tcase_add_test(t, scaling_the_exposures_leaves_the_ratios);
    tcase_add_test(t, the_central_p_agrees_with_the_exact_interval);
    tcase_add_test(t, no_exposure_or_no_events_is_undefined);
    suite_add_tcase(s, t);
    return s;
}
