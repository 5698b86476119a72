/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xoshiro256**: outputs computed apart from it (the step as a 256 x 256 matrix over GF(2), squared
 * 128 times for a jump), and moments of each distribution within five standard errors of theory.
 */
#include "common/rng.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *rng_suite(void);

START_TEST(the_generator_gives_the_reference_outputs)
{
    static const uint64_t want[] = {
        11520U,
        0U,
        1509978240U,
        1215971899390074240U,
        1216172134540287360U,
        607988272756665600U,
        16172922978634559625U,
        8476171486693032832U,
        10595114339597558777U,
        2904607092377533576U,
    };
    struct rng r = {{1, 2, 3, 4}};

    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        ck_assert_uint_eq(rng_next(&r), want[i]);
}
END_TEST

START_TEST(streams_are_jumps_of_2_to_the_128)
{
    static const struct {
        uint64_t seed;
        unsigned stream;
        uint64_t want[4];
    } cases[] = {
        {0, 0, {0x99ec5f36cb75f2b4, 0xbf6e1f784956452a, 0x1a5f849d4933e6e0, 0x6aa594f1262d2d2c}},
        {1, 0, {0xb3f2af6d0fc710c5, 0x853b559647364cea, 0x92f89756082a4514, 0x642e1c7bc266a3a7}},
        {1, 1, {0x332802f81eaae9d0, 0x02d18d7749b84f96, 0xc3729a527851f63d, 0x4e6d496401657f6d}},
        {42, 3, {0x057ea7493b2592a3, 0xd24b173f5c5cdd42, 0x94bb1464b9eeb5fb, 0x1c3574b890381ff}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rng r = rng_stream(cases[i].seed, cases[i].stream);

        for (size_t k = 0; k < 4; k++)
            ck_assert_uint_eq(rng_next(&r), cases[i].want[k]);
    }
}
END_TEST

START_TEST(uniforms_keep_to_their_ends)
{
    struct rng zero = {{1, 0, 1, 0}}; /* a state whose next output is 0 */

    ck_assert_double_eq(rng_uniform(&zero), 0);
    zero = (struct rng){{1, 0, 1, 0}};
    ck_assert_double_gt(rng_open(&zero), 0);
    for (unsigned stream = 0; stream < 3; stream++) {
        struct rng r = rng_stream(7, stream);

        for (int i = 0; i < 100000; i++) {
            const double u = rng_uniform(&r), o = rng_open(&r);

            ck_assert(u >= 0 && u < 1 && o > 0 && o < 1);
        }
    }
}
END_TEST

START_TEST(bounded_integers_are_even)
{
    static const uint64_t bounds[] = {1, 2, 3, 7, 10, 44, 1000};
    struct rng r = rng_stream(2026, 0);

    for (size_t b = 0; b < sizeof bounds / sizeof bounds[0]; b++) {
        const uint64_t bound = bounds[b];
        double *const counts = calloc(bound, sizeof *counts);
        const double n = 200000, expected = n / (double)bound;
        double chi2 = 0;

        for (int i = 0; i < 200000; i++) {
            const uint64_t k = rng_below(&r, bound);

            ck_assert_uint_lt(k, bound);
            counts[k]++;
        }
        for (size_t k = 0; k < bound; k++)
            chi2 += (counts[k] - expected) * (counts[k] - expected) / expected;
        free(counts);

        const double df = (double)bound - 1;

        ck_assert_double_le(fabs(chi2 - df), 5 * sqrt(2 * df));
    }
    ck_assert_uint_eq(rng_below(&r, 0), 0);
}
END_TEST

/* With 3 * 2^62 values a plain multiplication would give every third one twice as often. */
START_TEST(a_huge_bound_is_unbiased)
{
    const uint64_t bound = UINT64_C(3) << 62;
    struct rng r = rng_stream(5, 0);
    double third = 0;
    const double n = 200000;

    for (int i = 0; i < 200000; i++)
        third += rng_below(&r, bound) % 3 == 0;
    ck_assert_double_le(fabs(third - n / 3), 5 * sqrt(n * 2 / 9));
}
END_TEST

/* ---- moments --------------------------------------------------------------------------------- */

enum { DRAWS = 400000 };

static double
draw_uniform(struct rng *r, double p)
{
    (void)p;
    return rng_uniform(r);
}

static double
draw_normal(struct rng *r, double p)
{
    (void)p;
    return rng_normal(r);
}

static double
draw_exponential(struct rng *r, double p)
{
    (void)p;
    return rng_exponential(r);
}

static double
draw_poisson(struct rng *r, double p)
{
    return (double)rng_poisson(r, p);
}

/* kurtosis is the excess over the normal's; the variance of a sample variance needs it. */
static const struct {
    double (*draw)(struct rng *, double);
    double parameter, mean, variance, kurtosis;
} laws[] = {
    {draw_uniform, 0, 0.5, 1.0 / 12, -1.2},
    {draw_normal, 0, 0, 1, 0},
    {draw_exponential, 0, 1, 1, 6},
    {rng_gamma, 0.05, 0.05, 0.05, 120},
    {rng_gamma, 0.5, 0.5, 0.5, 12},
    {rng_gamma, 1, 1, 1, 6},
    {rng_gamma, 2.5, 2.5, 2.5, 2.4},
    {rng_gamma, 1000, 1000, 1000, 0.006},
    {draw_poisson, 0.01, 0.01, 0.01, 100},
    {draw_poisson, 3, 3, 3, 1.0 / 3},
    {draw_poisson, 9.99, 9.99, 9.99, 0.1001001},
    {draw_poisson, 10, 10, 10, 0.1},
    {draw_poisson, 35.5, 35.5, 35.5, 0.02816901},
    {draw_poisson, 1e4, 1e4, 1e4, 1e-4},
    {draw_poisson, 1e10, 1e10, 1e10, 1e-10},
};

START_TEST(moments_are_those_of_theory)
{
    struct rng r = rng_stream(20261122, (unsigned)_i);
    const double mean = laws[_i].mean, sd = sqrt(laws[_i].variance), n = DRAWS;
    double sum1 = 0, sum2 = 0;

    for (int i = 0; i < DRAWS; i++) {
        const double z = (laws[_i].draw(&r, laws[_i].parameter) - mean) / sd;

        sum1 += z;
        sum2 += z * z;
    }
    ck_assert_msg(fabs(sum1 / n) <= 5 / sqrt(n), "mean off by %g sd", sum1 / n);
    ck_assert_msg(fabs(sum2 / n - 1) <= 5 * sqrt((laws[_i].kurtosis + 2) / n),
                  "variance off by a factor %g", sum2 / n);
}
END_TEST

/* Counts against probabilities by their recursion, on both sides of the switch at 10. */
START_TEST(poisson_counts_have_poisson_probabilities)
{
    static const double means[] = {0.5, 4, 9.9, 10, 12, 40, 300};
    struct rng r = rng_stream(11, 0);

    for (size_t m = 0; m < sizeof means / sizeof means[0]; m++) {
        double counts[600] = {0}, chi2 = 0;
        int cells = 0;

        for (int i = 0; i < DRAWS; i++) {
            const uint64_t k = rng_poisson(&r, means[m]);

            ck_assert_uint_lt(k, 600);
            counts[k]++;
        }
        double p = exp(-means[m]);

        for (int k = 0; k < 600; k++) {
            const double expected = p * DRAWS;

            if (expected >= 20) {
                chi2 += (counts[k] - expected) * (counts[k] - expected) / expected;
                cells++;
            }
            p *= means[m] / (k + 1);
        }
        ck_assert_int_ge(cells, 3);
        ck_assert_msg(chi2 - cells <= 5 * sqrt(2.0 * cells), "mean %g: chi2 %g of %d", means[m],
                      chi2, cells);
    }
    ck_assert_uint_eq(rng_poisson(&r, 0), 0);
}
END_TEST

START_TEST(dirichlet_weights_sum_to_one_with_the_right_mean)
{
    static const double alphas[2][4] = {{1, 2, 3, 4}, {1e-4, 1e-4, 2e-4, 1e-4}};

    for (size_t c = 0; c < 2; c++) {
        const double *const alpha = alphas[c];
        const double total = alpha[0] + alpha[1] + alpha[2] + alpha[3];
        struct rng r = rng_stream(3, (unsigned)c);
        double sums[4] = {0};

        for (int i = 0; i < 100000; i++) {
            double w[4], sum = 0;

            rng_dirichlet(&r, alpha, 4, w);
            for (int k = 0; k < 4; k++) {
                ck_assert(w[k] >= 0 && w[k] <= 1);
                sum += w[k];
                sums[k] += w[k];
            }
            ck_assert_double_le(fabs(sum - 1), 1e-12);
        }
        for (int k = 0; k < 4; k++) {
            const double mean = alpha[k] / total;
            const double sd = sqrt(mean * (1 - mean) / (total + 1));

            ck_assert_double_le(fabs(sums[k] / 1e5 - mean), 5 * sd / sqrt(1e5));
        }
    }
}
END_TEST

Suite *
rng_suite(void)
{
    Suite *const s = suite_create("rng");
    TCase *const t = tcase_create("rng");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_generator_gives_the_reference_outputs);
    tcase_add_test(t, streams_are_jumps_of_2_to_the_128);
    tcase_add_test(t, uniforms_keep_to_their_ends);
    tcase_add_test(t, bounded_integers_are_even);
    tcase_add_test(t, a_huge_bound_is_unbiased);
    tcase_add_loop_test(t, moments_are_those_of_theory, 0, (int)(sizeof laws / sizeof laws[0]));
    tcase_add_test(t, poisson_counts_have_poisson_probabilities);
    tcase_add_test(t, dirichlet_weights_sum_to_one_with_the_right_mean);
    suite_add_tcase(s, t);
    return s;
}
