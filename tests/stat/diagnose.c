/* SPDX-License-Identifier: EUPL-1.2 */
/* Diagnostics of draws against R's package posterior, and where they are undefined. */
#include "analyzer/stat/diagnose.h"

#include "tests/lib/golden.h"

#include <math.h>

enum { MOST = 512 };

START_TEST(diagnostics_are_those_of_posterior)
{
    struct arena *const a = arena_new();
    const json_t *const cases = golden(a, "diagnose", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const size_t chains = (size_t)golden_number(c, "chains");
        const size_t draws = (size_t)golden_number(c, "draws");
        double x[MOST];

        ck_assert_uint_eq(golden_numbers(c, "x", x, MOST), chains * draws);

        const struct diagnose_summary s = diagnose_summary(diagnose_new(a, chains, draws), x, 0.95);

        assert_relative("mean", s.mean, golden_number(c, "mean"), CLOSED);
        assert_relative("sd", s.sd, golden_number(c, "sd"), CLOSED);
        assert_relative("lower", s.lower, golden_number(c, "lower"), CLOSED);
        assert_relative("median", s.median, golden_number(c, "median"), CLOSED);
        assert_relative("upper", s.upper, golden_number(c, "upper"), CLOSED);
        assert_relative("rhat", s.rhat, golden_number(c, "rhat"), CLOSED);
        assert_relative("bulk", s.ess_bulk, golden_number(c, "ess_bulk"), CLOSED);
        assert_relative("tail", s.ess_tail, golden_number(c, "ess_tail"), CLOSED);
        assert_relative("mcse", s.mcse_mean, golden_number(c, "mcse_mean"), CLOSED);
        assert_relative("basic", diagnose_ess((struct diagnose_chains){chains, draws, x}, a),
                        golden_number(c, "ess_basic"), CLOSED);
    }
    arena_free(a);
}
END_TEST

START_TEST(the_energy_fraction_is_that_of_the_worst_chain)
{
    struct arena *const a = arena_new();
    const json_t *const c = json_array_get(golden(a, "diagnose", "bfmi"), 0);
    double x[MOST];

    ck_assert_uint_eq(golden_numbers(c, "x", x, MOST), 180);
    assert_relative("bfmi", diagnose_bfmi((struct diagnose_chains){3, 60, x}),
                    golden_number(c, "worst"), CLOSED);
    arena_free(a);
}
END_TEST

START_TEST(draws_that_say_nothing_have_no_diagnostics)
{
    struct arena *const a = arena_new();
    const double same[12] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    const double broken[12] = {1, 2, 3, 4, NAN, 6, 7, 8, 9, 10, 11, 12};
    struct diagnose *const d = diagnose_new(a, 2, 6);
    const struct diagnose_summary constant = diagnose_summary(d, same, 0.95);
    const struct diagnose_summary hole = diagnose_summary(d, broken, 0.95);

    assert_close("mean", constant.mean, 3, 0);
    ck_assert(isnan(constant.rhat) && isnan(constant.ess_bulk) && isnan(constant.ess_tail));
    ck_assert(isnan(hole.mean) && isnan(hole.rhat) && isnan(hole.ess_bulk));
    arena_free(a);
}
END_TEST

Suite *diagnose_suite(void);

Suite *
diagnose_suite(void)
{
    Suite *const s = suite_create("diagnose");
    TCase *const t = tcase_create("diagnose");

    tcase_add_test(t, diagnostics_are_those_of_posterior);
    tcase_add_test(t, the_energy_fraction_is_that_of_the_worst_chain);
    tcase_add_test(t, draws_that_say_nothing_have_no_diagnostics);
    suite_add_tcase(s, t);
    return s;
}
