/* SPDX-License-Identifier: EUPL-1.2 */
/* Marginal standardisation against R, and its laws. */
#include "analyzer/stat/marginal.h"

#include "common/rng.h"
#include "tests/lib/golden.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

enum { ROWS_MOST = 400, COVARIATES_MOST = 3 };

/* The regressions stop a little before their maximum. */
static const double FITTED = 1e-7;

/* ---- cells as rows of (group, covariates, k, n) ---------------------------------------------- */

struct rows {
    size_t count, groups, covariates;
    size_t group[ROWS_MOST], code[COVARIATES_MOST][ROWS_MOST];
    double k[ROWS_MOST], n[ROWS_MOST];
};

static bool
same_pattern(const struct rows *r, size_t i, size_t j)
{
    for (size_t v = 0; v < r->covariates; v++)
        if (r->code[v][i] != r->code[v][j])
            return false;
    return true;
}

/* Patterns in the order in which they are first seen. */
static struct marginal_data
data_of(const struct rows *r)
{
    size_t first[ROWS_MOST];
    double *const k = arena_array(a, ROWS_MOST * r->groups, sizeof *k);
    double *const n = arena_array(a, ROWS_MOST * r->groups, sizeof *n);
    size_t **const code = arena_array(a, COVARIATES_MOST, sizeof *code);
    struct marginal_data d = {0, r->groups, r->covariates, k, n, (const size_t *const *)code};

    for (size_t v = 0; v < r->covariates; v++)
        code[v] = arena_array(a, ROWS_MOST, sizeof *code[v]);
    for (size_t i = 0; i < r->count; i++) {
        size_t p = 0;

        while (p < d.patterns && !same_pattern(r, first[p], i))
            p++;
        if (p == d.patterns) {
            first[d.patterns++] = i;
            for (size_t v = 0; v < r->covariates; v++)
                code[v][p] = r->code[v][i];
        }
        k[p * r->groups + r->group[i]] += r->k[i];
        n[p * r->groups + r->group[i]] += r->n[i];
    }
    return d;
}

static struct marginal
fitted(const struct rows *r)
{
    const struct marginal_data d = data_of(r);
    struct marginal m;
    struct err e = {0};

    ck_assert_msg(marginal_fit(a, &d, &m, &e), "%s", e.text);
    return m;
}

/* One group against the others by their numbers. */
static struct marginal_gap
gap_of(const struct rows *r, const struct marginal *m, size_t one)
{
    double weight[8] = {0}, total = 0;

    for (size_t i = 0; i < r->count; i++)
        if (r->group[i] != one) {
            weight[r->group[i]] += r->n[i];
            total += r->n[i];
        }
    for (size_t g = 0; g < r->groups; g++)
        weight[g] /= total;
    return marginal_gap(m, r->groups, one, weight);
}

static void
add(struct rows *r, size_t group, size_t first, size_t second, double k, double n)
{
    r->group[r->count] = group;
    r->code[0][r->count] = first;
    r->code[1][r->count] = second;
    r->k[r->count] = k;
    r->n[r->count++] = n;
}

/* ---- golden ---------------------------------------------------------------------------------- */

static size_t
read_codes(const json_t *list, size_t *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = (size_t)json_integer_value(json_array_get(list, i));
    return json_array_size(list);
}

static struct rows *
read_rows(const json_t *c)
{
    struct rows *const r = arena_alloc(a, sizeof *r);
    const json_t *const codes = json_object_get(c, "codes");

    r->groups = (size_t)golden_number(c, "groups");
    r->count = read_codes(json_object_get(c, "group"), r->group);
    r->covariates = json_array_size(codes);
    for (size_t v = 0; v < r->covariates; v++)
        ck_assert_uint_eq(read_codes(json_array_get(codes, v), r->code[v]), r->count);
    ck_assert_uint_eq(golden_numbers(c, "k", r->k, ROWS_MOST), r->count);
    ck_assert_uint_eq(golden_numbers(c, "n", r->n, ROWS_MOST), r->count);
    return r;
}

START_TEST(shares_and_gaps_are_those_of_r)
{
    const json_t *const cases = golden(a, "marginal", "cases");

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct rows *const r = read_rows(c);
        const struct marginal m = fitted(r);
        double share[8], gap[8], se[8];

        ck_assert_int_eq(m.status, MARGINAL_DONE);
        golden_numbers(c, "share", share, 8);
        golden_numbers(c, "gap", gap, 8);
        golden_numbers(c, "se", se, 8);
        for (size_t g = 0; g < r->groups; g++) {
            assert_relative("share", m.share[g], share[g], FITTED);
            assert_relative("gap", gap_of(r, &m, g).value, gap[g], FITTED);
            assert_relative("se", gap_of(r, &m, g).se, se[g], FITTED);
        }
    }
}
END_TEST

/* ---- laws ------------------------------------------------------------------------------------ */

START_TEST(without_covariates_shares_are_crude)
{
    struct rows r = {.groups = 2};

    add(&r, 0, 0, 0, 30, 100);
    add(&r, 1, 0, 0, 40, 200);

    const struct marginal m = fitted(&r);

    ck_assert_double_eq_tol(m.share[0], 0.3, 1e-9);
    ck_assert_double_eq_tol(gap_of(&r, &m, 0).value, 0.1, 1e-9);
    ck_assert_double_eq_tol(gap_of(&r, &m, 0).se, sqrt(0.3 * 0.7 / 100 + 0.2 * 0.8 / 200), 1e-9);
}
END_TEST

START_TEST(a_gap_that_is_all_place_goes_away)
{
    struct rows r = {.groups = 2, .covariates = 1};

    add(&r, 0, 0, 0, 90, 300); /* group 0 is mostly where 30% have it, group 1 where 60% do */
    add(&r, 1, 0, 0, 30, 100);
    add(&r, 0, 1, 0, 60, 100);
    add(&r, 1, 1, 0, 180, 300);

    const struct marginal m = fitted(&r);

    ck_assert_double_eq_tol(gap_of(&r, &m, 0).value, 0, 1e-9);
    ck_assert_double_eq_tol(m.share[0], 0.45, 1e-9);
}
END_TEST

START_TEST(a_swap_of_two_groups_turns_the_sign)
{
    struct rows r = {.groups = 2, .covariates = 2};
    struct rows turned;

    for (size_t i = 0; i < 12; i++)
        add(&r, i % 2, i % 3, i / 6, (double)(2 + i), (double)(20 + 3 * i));
    turned = r;
    for (size_t i = 0; i < r.count; i++)
        turned.group[i] = 1 - r.group[i];

    const struct marginal m = fitted(&r), t = fitted(&turned);

    ck_assert_double_eq_tol(gap_of(&r, &m, 0).value, -gap_of(&r, &m, 1).value, 1e-12);
    ck_assert_double_eq_tol(gap_of(&r, &m, 0).value, gap_of(&turned, &t, 1).value, 1e-9);
    ck_assert_double_eq_tol(gap_of(&r, &m, 0).se, gap_of(&turned, &t, 1).se, 1e-9);
}
END_TEST

START_TEST(what_cannot_be_fitted_says_so)
{
    struct rows nobody = {.groups = 2}, one = {.groups = 2, .covariates = 1};
    struct rows diagonal = {.groups = 2, .covariates = 2};

    ck_assert_int_eq(fitted(&nobody).status, MARGINAL_EMPTY);
    add(&one, 1, 0, 0, 3, 9);
    add(&one, 1, 1, 0, 2, 9);
    ck_assert_int_eq(fitted(&one).status, MARGINAL_EMPTY);
    /* every level has both outcomes, and yet the two covariates together say all */
    add(&diagonal, 0, 0, 0, 0, 9);
    add(&diagonal, 1, 0, 1, 4, 8);
    add(&diagonal, 1, 1, 0, 5, 9);
    add(&diagonal, 0, 1, 1, 8, 8);
    ck_assert_int_eq(fitted(&diagonal).status, MARGINAL_SEPARATED);
    ck_assert(isnan(fitted(&diagonal).share[0]));
}
END_TEST

/* A group of which nobody has the outcome: its share is 0, it has no interval, and the others' gap
 * is as without it but for its part among them. */
START_TEST(a_group_without_the_outcome_has_no_interval)
{
    struct rows r = {.groups = 3, .covariates = 1}, less = {.groups = 2, .covariates = 1};

    for (size_t i = 0; i < 6; i++) {
        add(&r, i % 2, i / 2, 0, (double)(5 + i), 30);
        add(&less, i % 2, i / 2, 0, (double)(5 + i), 30);
    }
    add(&r, 2, 0, 0, 0, 12);
    add(&r, 2, 3, 0, 0, 12); /* and a place where there is nobody else */

    const struct marginal m = fitted(&r), l = fitted(&less);

    ck_assert_int_eq(m.status, MARGINAL_DONE);
    ck_assert(m.is_extreme[2] && m.share[2] == 0 && isnan(gap_of(&r, &m, 2).se));
    ck_assert(!m.is_extreme[0] && gap_of(&r, &m, 0).se > 0);
    ck_assert_double_lt(m.share[0], l.share[0]); /* the place adds people who cannot have it */
}
END_TEST

/* ---- planted --------------------------------------------------------------------------------- */

enum { CITIES = 400, PLACES = 6, HOURS = 3 };

/* Cities in which group 1 has its own odds; returns how often the interval holds the truth. */
static unsigned
covered(double planted, unsigned *found)
{
    struct rng rng = rng_stream(20261122, (unsigned)(planted * 100));
    unsigned count = 0;

    *found = 0;
    for (unsigned city = 0; city < CITIES; city++) {
        struct rows r = {.groups = 3, .covariates = 2};
        double truth[3] = {0}, people = 0, size[3] = {0}, chance[3][PLACES * HOURS];

        for (size_t i = 0; i < PLACES * HOURS; i++)
            for (size_t g = 0; g < 3; g++) {
                const size_t place = i / HOURS;
                const double eta = -1 + 0.3 * (double)place - 0.4 * (double)(i % HOURS);
                const double p = 1 / (1 + exp(-eta - (g == 1 ? planted : 0)));
                const uint64_t n =
                    5 + rng_below(&rng, g == 1 ? 10 * (unsigned)(1 + i / HOURS) : 60);
                double k = 0;

                for (uint64_t j = 0; j < n; j++)
                    k += rng_uniform(&rng) < p;
                add(&r, g, i / HOURS, i % HOURS, k, (double)n);
                chance[g][i] = p;
                size[g] += (double)n;
            }
        for (size_t i = 0; i < r.count; i++)
            for (size_t g = 0; g < 3; g++)
                truth[g] += r.n[i] * chance[g][i / 3];
        people = size[0] + size[1] + size[2];

        const struct marginal m = fitted(&r);
        const struct marginal_gap gap = gap_of(&r, &m, 1);
        const double others = (size[0] * truth[0] + size[2] * truth[2]) / (size[0] + size[2]);
        const double right = (truth[1] - others) / people;

        count += fabs(gap.value - right) < 1.959964 * gap.se;
        *found += fabs(gap.value) > 1.959964 * gap.se;
    }
    return count;
}

START_TEST(intervals_hold_the_planted_gap)
{
    unsigned found;

    const unsigned none = covered(0, &found);

    printf("none planted: held in %u of %d, p under 0.05 in %u\n", none, CITIES, found);
    ck_assert_uint_ge(none, 367); /* 380 expected, sd 4.4 */
    ck_assert_uint_le(found, 33);

    const unsigned planted = covered(0.5, &found);

    printf("planted log odds 0.5: held in %u of %d, p under 0.05 in %u\n", planted, CITIES, found);
    ck_assert_uint_ge(planted, 367);
    ck_assert_uint_ge(found, 380);
}
END_TEST

Suite *marginal_suite(void);

Suite *
marginal_suite(void)
{
    Suite *const s = suite_create("marginal");
    TCase *const t = tcase_create("marginal");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, shares_and_gaps_are_those_of_r);
    tcase_add_test(t, without_covariates_shares_are_crude);
    tcase_add_test(t, a_gap_that_is_all_place_goes_away);
    tcase_add_test(t, a_swap_of_two_groups_turns_the_sign);
    tcase_add_test(t, what_cannot_be_fitted_says_so);
    tcase_add_test(t, a_group_without_the_outcome_has_no_interval);
    tcase_add_test(t, intervals_hold_the_planted_gap);
    suite_add_tcase(s, t);
    return s;
}
