/* SPDX-License-Identifier: EUPL-1.2 */
/* Intervals under uncertain exposure against brute force in R, the degenerate case,
 * and their cost. */
#include "analyzer/stat/mixture.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/rate.h"
#include "common/clock.h"
#include "tests/lib/golden.h"

#include <math.h>

enum { DRAWS = 2000 };

static double first[DRAWS], second[DRAWS], work[DRAWS];

/* The draws of tests/stat/r/mixture.R. */
static void
draw(double *out, double centre, double sd, unsigned step)
{
    for (unsigned i = 0; i < DRAWS; i++) {
        const double rank = ((i + 1) * step) % DRAWS;

        out[i] = centre * exp(sd * dist_normal_q((rank + 0.5) / DRAWS, 0, 1, DIST_LOWER));
    }
}

START_TEST(rates_invert_the_averaged_tails)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "mixture", "rate");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);

        draw(first, golden_number(c, "centre"), golden_number(c, "sd"), 7);

        const struct interval r =
            mixture_rate(golden_number(c, "x"), first, DRAWS, golden_number(c, "level"), work);

        assert_relative("lower", r.lower, golden_number(c, "lower"), 2e-8);
        assert_relative("upper", r.upper, golden_number(c, "upper"), 2e-8);
    }
    arena_free(a);
}
END_TEST

START_TEST(ratios_invert_the_averaged_tails)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "mixture", "ratio");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);

        draw(first, golden_number(c, "c1"), golden_number(c, "s1"), 7);
        draw(second, golden_number(c, "c0"), golden_number(c, "s0"), 1013);

        const struct mixture_ratio r =
            mixture_rate_ratio(golden_number(c, "x1"), golden_number(c, "x0"), first, second, DRAWS,
                               golden_number(c, "level"), work);

        assert_relative("lower", r.limits.lower, golden_number(c, "lower"), 2e-8);
        assert_relative("upper", r.limits.upper, golden_number(c, "upper"), 2e-8);
        assert_relative("p", r.p, golden_number(c, "p"), 1e-7);
    }
    arena_free(a);
}
END_TEST

START_TEST(equal_draws_give_the_exact_interval)
{
    static const struct rate_pair pairs[] = {
        {0, 512.25, 9, 4000}, {9, 512.25, 0, 4000}, {3, 7, 4, 11}, {2224, 29200, 1905, 161400}};

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct rate_pair p = pairs[i];
        const struct estimate exact = rate_ratio(p, RATE_EXACT, 0.95);
        const struct estimate rate = rate_garwood(p.x1, p.n1, 0.95);

        draw(first, p.n1, 0, 7);
        draw(second, p.n0, 0, 7);

        const struct mixture_ratio m =
            mixture_rate_ratio(p.x1, p.x0, first, second, DRAWS, 0.95, work);
        const struct interval g = mixture_rate(p.x1, first, DRAWS, 0.95, work);

        assert_relative("ratio lower", m.limits.lower, exact.lower, 1e-12);
        assert_relative("ratio upper", m.limits.upper, exact.upper, 1e-12);
        assert_relative("p", m.p, rate_ratio_p_central(p, 1), 1e-7);
        assert_relative("rate lower", g.lower, rate.lower, 1e-12);
        assert_relative("rate upper", g.upper, rate.upper, 1e-12);
    }
}
END_TEST

START_TEST(uncertain_exposure_widens_the_interval)
{
    const struct rate_pair p = {40, 900, 200, 5000};
    const struct estimate exact = rate_ratio(p, RATE_EXACT, 0.95);

    draw(first, p.n1, 0.1, 7);
    draw(second, p.n0, 0.02, 1013);

    const struct mixture_ratio m = mixture_rate_ratio(p.x1, p.x0, first, second, DRAWS, 0.95, work);

    ck_assert(m.limits.lower < exact.lower && m.limits.upper > exact.upper);
}
END_TEST

START_TEST(three_hundred_cells_take_well_under_a_second)
{
    draw(first, 900, 0.15, 7);
    draw(second, 5000, 0.02, 1013);

    const double start = clock_cpu_seconds();
    double sum = 0;

    for (int i = 0; i < 300; i++)
        sum += mixture_rate_ratio(i, 4 * i + 1, first, second, DRAWS, 0.95, work).limits.upper;

    const double seconds = clock_cpu_seconds() - start;

    ck_assert(isfinite(sum));
    printf("300 ratios with 2,000 draws: %.3f s of processor time\n", seconds);
    /* ten times what it takes: a build with sanitizers must pass as well */
    ck_assert_msg(seconds < 1, "took %.3f s", seconds);
}
END_TEST

START_TEST(a_draw_without_exposure_is_undefined)
{
    double exposure[] = {10, 0, 12};

    ck_assert(isnan(mixture_rate(3, exposure, 3, 0.95, work).upper));
    ck_assert(isnan(mixture_rate_ratio(3, 4, exposure, exposure, 3, 0.95, work).p));
    ck_assert(isnan(mixture_rate(3, exposure, 0, 0.95, work).upper));
}
END_TEST

START_TEST(the_concentration_matches_the_widest_range)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "mixture", "concentration");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        double weights[8], low[8], high[8];
        const size_t classes = golden_numbers(c, "weights", weights, 8);

        golden_numbers(c, "low", low, 8);
        golden_numbers(c, "high", high, 8);
        assert_relative("concentration", mixture_concentration(weights, low, high, classes),
                        golden_number(c, "value"), ROOTED);
    }

    const double sure[] = {0.6, 0.4};

    ck_assert(isinf(mixture_concentration(sure, sure, sure, 2)));
    arena_free(a);
}
END_TEST

Suite *mixture_suite(void);

Suite *
mixture_suite(void)
{
    Suite *const s = suite_create("mixture");
    TCase *const t = tcase_create("mixture");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, rates_invert_the_averaged_tails);
    tcase_add_test(t, ratios_invert_the_averaged_tails);
    tcase_add_test(t, equal_draws_give_the_exact_interval);
    tcase_add_test(t, uncertain_exposure_widens_the_interval);
    tcase_add_test(t, three_hundred_cells_take_well_under_a_second);
    tcase_add_test(t, a_draw_without_exposure_is_undefined);
    tcase_add_test(t, the_concentration_matches_the_widest_range);
    suite_add_tcase(s, t);
    return s;
}
