/* SPDX-License-Identifier: EUPL-1.2 */
/* Local false discovery rates against R, and what they refuse. */
#include "analyzer/stat/local_fdr.h"

#include "common/rng.h"
#include "tests/lib/fit_document.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 1200 };

/* Iterated fits of 119 bins: R's own agree with each other to about this. */
#define FITTED 1e-7

static struct arena *a;
static double z[MOST], reference[MOST], fdr[MOST];

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

START_TEST(it_is_what_r_computes)
{
    const json_t *const cases = golden(a, "local_fdr", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const size_t count = golden_numbers(c, "z", z, MOST);
        struct local_fdr_null null;

        golden_numbers(c, "fdr", reference, MOST);
        ck_assert_int_eq(local_fdr(a, z, count, fdr, &null), LOCAL_FDR_DONE);
        assert_close("mean", null.mean, golden_number(c, "mean"), FITTED);
        assert_relative("sd", null.sd, golden_number(c, "sd"), FITTED);
        assert_relative("share", null.share, golden_number(c, "share"), FITTED);
        for (size_t k = 0; k < count; k++)
            assert_relative("fdr", fdr[k], reference[k], FITTED);
    }
}
END_TEST

START_TEST(turning_all_signs_leaves_the_rates)
{
    const json_t *const c = json_array_get(golden(a, "local_fdr", "cases"), 0);
    const size_t count = golden_numbers(c, "z", z, MOST);
    struct local_fdr_null null, turned;

    local_fdr(a, z, count, reference, &null);
    for (size_t i = 0; i < count; i++)
        z[i] = -z[i];
    local_fdr(a, z, count, fdr, &turned);
    assert_close("mean", turned.mean, -null.mean, FITTED);
    for (size_t i = 0; i < count; i++)
        assert_relative("fdr", fdr[i], reference[i], FITTED);
}
END_TEST

static int
ascending(const void *left, const void *right)
{
    const double x = *(const double *)left;
    const double y = *(const double *)right;

    return (x > y) - (x < y);
}

/* Nothing but an overdispersed bulk: against N(0, 1) a third would lie beyond 1.96. One fit of 1200
 * values is uncertain (R's quartiles over 200 draws: 1.88 and 2.24), so the middle of 41 is taken.
 */
START_TEST(a_wide_bulk_makes_its_own_null)
{
    double sd[41];
    size_t flagged = 0;

    for (unsigned i = 0; i < 41; i++) {
        struct rng r = rng_stream(7, i);
        struct local_fdr_null null;

        for (size_t k = 0; k < MOST; k++)
            z[k] = 2 * rng_normal(&r);
        ck_assert_int_eq(local_fdr(a, z, MOST, fdr, &null), LOCAL_FDR_DONE);
        for (size_t k = 0; k < MOST; k++)
            flagged += fdr[k] < 0.2;
        sd[i] = null.sd;
    }
    qsort(sd, 41, sizeof *sd, ascending);
    ck_assert_msg(fabs(sd[20] - 2) < 0.15, "sd %g", sd[20]);
    ck_assert_msg(flagged < 41 * MOST / 100, "%zu of %d flagged", flagged, 41 * MOST);
}
END_TEST

START_TEST(what_has_no_bulk_has_no_rate)
{
    struct local_fdr_null null;

    for (size_t i = 0; i < MOST; i++)
        z[i] = i < 99 ? (double)i : NAN;
    ck_assert_int_eq(local_fdr(a, z, MOST, fdr, &null), LOCAL_FDR_TOO_FEW);
    ck_assert(isnan(fdr[0]) && isnan(null.sd));
    for (size_t i = 0; i < MOST; i++)
        z[i] = 1;
    ck_assert_int_eq(local_fdr(a, z, MOST, fdr, &null), LOCAL_FDR_NO_WIDTH);
    for (size_t i = 0; i < MOST; i++) /* two heaps with a hole between them */
        z[i] = i % 2 ? 5 + (double)i / MOST : -5 - (double)i / MOST;
    ck_assert_int_ne(local_fdr(a, z, MOST, fdr, &null), LOCAL_FDR_DONE);
    ck_assert(isnan(fdr[0]));
}
END_TEST

START_TEST(fit_keeps_the_order_of_the_file)
{
    const struct fit_options options = {.seed = 1};
    const json_t *const d =
        fit_document(a, "adjust", "place,z,p\nx,1,0.04\ny,-2,0.01\nz,0,1\n", &options);
    static const struct {
        const char *place;
        double q, n;
    } expected[] = {{"x", 0.06, 1}, {"y", 0.03, 2}, {"z", 1, 3}};

    for (size_t i = 0; i < 3; i++) {
        const json_t *const q =
            fit_document_figure(d, "q", "benjamini-hochberg", expected[i].place, NULL);

        assert_relative("q", golden_number(q, "value"), expected[i].q, CLOSED);
        ck_assert(golden_number(q, "n") == expected[i].n);
    }
    ck_assert_str_eq(
        json_string_value(json_object_get(
            fit_document_figure(d, "local-fdr", "central-matching", "x", NULL), "note")),
        "fewer than 100 z values");
}
END_TEST

START_TEST(a_file_without_z_and_p_is_refused)
{
    const struct fit_options options = {.seed = 1};
    struct err e = {0};

    ck_assert(!fit_document_text(a, "adjust", "place\nx\n", &options, &e));
    ck_assert_str_eq(e.text, "line 1: there is neither a column z nor a column p");
    ck_assert(!fit_document_text(a, "adjust", "p\n1.5\n", &options, &e));
    ck_assert_str_eq(e.text, "line 2, column 1: p is larger than 1");
}
END_TEST

Suite *local_fdr_suite(void);

Suite *
local_fdr_suite(void)
{
    Suite *const s = suite_create("local_fdr");
    TCase *const t = tcase_create("local_fdr");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, it_is_what_r_computes);
    tcase_add_test(t, turning_all_signs_leaves_the_rates);
    tcase_add_test(t, a_wide_bulk_makes_its_own_null);
    tcase_add_test(t, what_has_no_bulk_has_no_rate);
    tcase_add_test(t, fit_keeps_the_order_of_the_file);
    tcase_add_test(t, a_file_without_z_and_p_is_refused);
    suite_add_tcase(s, t);
    return s;
}
