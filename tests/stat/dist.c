/* SPDX-License-Identifier: EUPL-1.2 */
/* Distributions against R, and the laws that hold for any of them. */
#include "analyzer/stat/dist.h"

#include "analyzer/stat/root.h"
#include "tests/lib/golden.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double
quantile(const char *what, double p, double a, double b, enum dist_tail tail)
{
    if (strcmp(what, "gamma") == 0)
        return dist_gamma_q(p, a, b, tail);
    if (strcmp(what, "beta") == 0)
        return dist_beta_q(p, a, b, tail);
    if (strcmp(what, "normal") == 0)
        return dist_normal_q(p, a, b, tail);
    if (strcmp(what, "chi-square") == 0)
        return dist_chi_square_q(p, a, tail);
    if (strcmp(what, "t") == 0)
        return dist_t_q(p, a, tail);
    if (strcmp(what, "poisson") == 0)
        return dist_poisson_q(p, a, tail);
    if (strcmp(what, "binomial") == 0)
        return dist_binomial_q(p, a, b, tail);
    ck_abort_msg("no distribution %s", what);
    return NAN;
}

START_TEST(quantiles_are_those_of_r)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "dist", "quantiles");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const char *const what = json_string_value(json_object_get(c, "what"));
        const double p = golden_number(c, "p");
        const bool upper = json_is_true(json_object_get(c, "upper"));

        assert_relative(arena_printf(a, "%s quantile %g, case %zu", what, p, i),
                        quantile(what, p, golden_number(c, "a"), golden_number(c, "b"),
                                 upper ? DIST_UPPER : DIST_LOWER),
                        golden_number(c, "value"), CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(tails_and_their_logarithms_are_those_of_r)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "dist", "tails");
    const double ours[] = {
        dist_normal_p(40, 0, 1, DIST_LOG_UPPER),
        dist_gamma_p(900, 5, 1, DIST_LOG_UPPER),
        dist_beta_p(1e-5, 30, 4, DIST_LOG_LOWER),
        dist_beta_p(1e-12, 30, 4, DIST_LOG_LOWER),
        dist_beta_p(0.999, 3, 120, DIST_LOG_UPPER),
        dist_chi_square_p(4832.86, 1, DIST_LOG_UPPER),
        dist_hyper_p(7, 20, 30, 12, DIST_UPPER),
        dist_binomial_p(30, 100, 0.1, DIST_UPPER),
        dist_poisson_p(3, 90, DIST_LOG_LOWER),
        dist_negative_binomial_d(4, 1.7, 6, false),
        dist_t_p(3.1, 6, DIST_UPPER),
    };

    ck_assert_uint_eq(json_array_size(cases), sizeof ours / sizeof ours[0]);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);

        assert_relative(json_string_value(json_object_get(c, "what")), ours[i],
                        golden_number(c, "value"), CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(the_noncentral_hypergeometric_is_its_definition)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "dist", "nchyper");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct dist_nchyper d =
            dist_nchyper(golden_number(c, "x"), golden_number(c, "m"), golden_number(c, "n"),
                         golden_number(c, "k"), golden_number(c, "odds"));

        /* 1e-9: R sums exponentials of logarithms of 1e5-fold factorials here */
        assert_close("at most", d.at_most, golden_number(c, "at_most"), 1e-9);
        assert_close("at least", d.at_least, golden_number(c, "at_least"), 1e-9);
        assert_relative("mean", d.mean, golden_number(c, "mean"), 1e-9);
    }
    arena_free(a);
}
END_TEST

static const double probabilities[] = {1e-12, 1e-6, 0.005, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9999};
static const double shapes[] = {0.01, 0.3, 0.5, 1, 2.5, 17, 400, 12345, 1e6, 1e9, 1e11};

enum {
    PROBABILITIES = sizeof probabilities / sizeof probabilities[0],
    SHAPES = sizeof shapes / sizeof shapes[0]
};

START_TEST(the_tail_of_a_quantile_is_the_probability)
{
    for (int i = 0; i < PROBABILITIES; i++) {
        const double p = probabilities[i];

        assert_relative(
            "normal", dist_normal_p(dist_normal_q(p, 0, 1, DIST_LOWER), 0, 1, DIST_LOWER), p, 1e-9);
        for (int j = 0; j < SHAPES; j++) {
            const double x = dist_gamma_q(p, shapes[j], 1, DIST_UPPER);

            if (x > 1e-300 && shapes[j] >= 0.3)
                assert_relative("gamma", dist_gamma_p(x, shapes[j], 1, DIST_UPPER), p, 1e-8);
        }
    }
}
END_TEST

/* In the odds, because x itself rounds to 1 when b is small. */
START_TEST(beta_quantiles_hold_at_every_shape)
{
    for (int i = 0; i < PROBABILITIES; i++)
        for (int j = 0; j < SHAPES; j++)
            for (int k = 0; k < SHAPES; k++) {
                const double a = shapes[j];
                const double b = shapes[k];
                const double odds = dist_beta_odds_q(probabilities[i], a, b, DIST_LOWER);

                ck_assert(!isnan(odds));
                if (odds < 1e-290 || odds > 1e290)
                    continue; /* past what a double holds: 0 or infinite is right */

                const double p = odds <= 1 ? dist_beta_p(odds / (1 + odds), a, b, DIST_LOWER)
                                           : dist_beta_p(1 / (1 + odds), b, a, DIST_UPPER);

                /* a relative step of 1e-15 in x moves the tail by sqrt(shape) times as much */
                ck_assert_msg(fabs(p / probabilities[i] - 1) < 1e-8 + 1e-13 * sqrt(fmin(a, b)),
                              "p %g a %g b %g: odds %.17g have tail %.17g", probabilities[i], a, b,
                              odds, p);
            }
}
END_TEST

START_TEST(masses_add_up_to_the_tail)
{
    double binomial = 0;
    double poisson = 0;
    double hyper = 0;

    for (int x = 0; x <= 9; x++) {
        binomial += dist_binomial_d(x, 31, 0.2, false);
        poisson += dist_poisson_d(x, 7.5, false);
        hyper += dist_hyper_d(x, 14, 40, 22, false);
        assert_relative("binomial", dist_binomial_p(x, 31, 0.2, DIST_LOWER), binomial, 1e-12);
        assert_relative("poisson", dist_poisson_p(x, 7.5, DIST_LOWER), poisson, 1e-12);
        assert_relative("hyper", dist_hyper_p(x, 14, 40, 22, DIST_LOWER), hyper, 1e-12);
    }
}
END_TEST

START_TEST(at_odds_one_the_noncentral_is_the_central)
{
    for (int x = 0; x <= 12; x++) {
        const struct dist_nchyper d = dist_nchyper(x, 30, 50, 12, 1);

        assert_relative("at most", d.at_most, dist_hyper_p(x, 30, 50, 12, DIST_LOWER), 1e-12);
        assert_relative("at least", d.at_least, dist_hyper_p(x - 1, 30, 50, 12, DIST_UPPER), 1e-12);
        assert_relative("mean", d.mean, 12.0 * 30 / 80, 1e-12);
    }
}
END_TEST

START_TEST(arguments_out_of_range_give_nan_and_print_nothing)
{
    fflush(stdout);

    const int kept = dup(STDOUT_FILENO);
    const char *const path = "/tmp/maatstaf-dist-silence";
    const int file = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);

    ck_assert_int_ge(file, 0);
    dup2(file, STDOUT_FILENO);

    const bool silent_nan =
        isnan(dist_gamma_q(0.5, -1, 1, DIST_LOWER)) && isnan(dist_beta_q(2, 1, 1, DIST_LOWER)) &&
        isnan(dist_binomial_d(1.5, 4, 0.5, false)) &&
        isnan(dist_binomial_p(1, 2.5, 0.5, DIST_LOWER)) &&
        isnan(dist_hyper_d(0.5, 4, 4, 3, false)) && isnan(dist_normal_q(-1, 0, 1, DIST_LOWER)) &&
        isnan(dist_log_gamma(-2)) && isnan(dist_poisson_d(1.2, 3, false));

    for (int i = 0; i < PROBABILITIES; i++)
        for (int j = 0; j < SHAPES; j++)
            for (int k = 0; k < SHAPES; k++) {
                dist_beta_q(probabilities[i], shapes[j], shapes[k], DIST_LOWER);
                dist_beta_q(1e-200, shapes[j], shapes[k], DIST_UPPER);
                dist_gamma_q(probabilities[i], shapes[j], 1, DIST_UPPER);
                dist_beta_p(probabilities[i], shapes[j], shapes[k], DIST_LOG_LOWER);
            }
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);

    const off_t printed = lseek(file, 0, SEEK_END);

    close(file);
    unlink(path);
    ck_assert(silent_nan);
    ck_assert_int_eq(printed, 0);
}
END_TEST

static double
cubic(double x, const void *context)
{
    return x * x * x - *(const double *)context;
}

START_TEST(roots_are_found_to_rounding_or_not_at_all)
{
    const double of = 5;
    double x;

    ck_assert(root_find(cubic, &of, 0, 10, 0, &x));
    assert_relative("cube root of 5", x, cbrt(5), 1e-15);
    ck_assert(!root_find(cubic, &of, 2, 10, 0, &x));
    ck_assert(isnan(x));
    ck_assert(root_search(cubic, &of, -1, 0.01, 1e-15, &x));
    assert_relative("searched", x, cbrt(5), 1e-14);
}
END_TEST

Suite *dist_suite(void);

Suite *
dist_suite(void)
{
    Suite *const s = suite_create("dist");
    TCase *const t = tcase_create("dist");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, quantiles_are_those_of_r);
    tcase_add_test(t, tails_and_their_logarithms_are_those_of_r);
    tcase_add_test(t, the_noncentral_hypergeometric_is_its_definition);
    tcase_add_test(t, the_tail_of_a_quantile_is_the_probability);
    tcase_add_test(t, beta_quantiles_hold_at_every_shape);
    tcase_add_test(t, masses_add_up_to_the_tail);
    tcase_add_test(t, at_odds_one_the_noncentral_is_the_central);
    tcase_add_test(t, arguments_out_of_range_give_nan_and_print_nothing);
    tcase_add_test(t, roots_are_found_to_rounding_or_not_at_all);
    suite_add_tcase(s, t);
    return s;
}
