/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The index of respectful treatment, a mean of two shares: limits and test, in a city of one area
 * with a small group of which everybody was treated plainly and recorded. Expected values are R's
 * (prop.test without correction for each share, then the root of added squares).
 */
#include "analyzer/measure/measure.h"
#include "analyzer/report/document.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *practice_suite(void);

static struct place places[] = {{"C", "City", "city", NULL}, {"A1", "One", "area", "C"}};
static struct label labels[] = {
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
};

/* So many persons of a group, all of them treated plainly, so many with the bodycam on. */
static void
add(struct cells *c, const char *group, int persons, int recorded)
{
    for (unsigned view = 0; view < 2; view++) {
        struct cell *const x = cells_add(c);

        x->month = CELLS_MONTHS - 1;
        x->area = (uint16_t)names_add(c->areas, "A1");
        x->unit = (uint16_t)names_add(c->units, "unit-1");
        x->perspective = view ? PERSPECTIVE_AFTER : PERSPECTIVE_ALL;
        x->group = (uint16_t)names_add(c->groups, view ? group : "");
        x->sum[SUM_persons] = persons;
        x->sum[SUM_plain_known] = persons;
        x->sum[SUM_plain] = persons;
        x->sum[SUM_worn] = persons;
        x->sum[SUM_recorded] = recorded;
    }
}

static const struct figure *
figure(const char *measure, int of_x, int of_x_recorded, int of_y_recorded)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    struct inputs *const in = arena_alloc(a, sizeof *in);

    *in = made_up_inputs(c);
    in->places = places;
    in->place_count = 2;
    in->labels = labels;
    in->label_count = 2;
    add(c, "x", of_x, of_x_recorded);
    add(c, "y", 400, of_y_recorded);
    cells_settle(c);

    const struct analysis *const x = analysis_new(a, in);

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->window, "month") == 0 &&
            strcmp(f->place, "") == 0 && strcmp(f->group, "x") == 0)
            return f;
    }
    ck_abort_msg("no %s", measure);
}

START_TEST(a_few_who_all_have_it_are_not_certain)
{
    const struct figure *const f = figure("index-respect", 11, 11, 320);

    ck_assert_double_eq_tol(f->value, 100, 1e-12);
    ck_assert_double_eq_tol(f->lower, 81.6977453862, 1e-8);
    ck_assert_double_eq_tol(f->upper, 100, 1e-12);
}
END_TEST

START_TEST(a_gap_of_a_few_who_all_have_it_is_within_chance)
{
    const struct figure *const f = figure("index-gap-respect", 11, 11, 320);

    ck_assert_double_eq_tol(f->value, 10, 1e-12);
    ck_assert_double_eq_tol(f->lower, -8.3918467272656, 1e-8);
    ck_assert_double_eq_tol(f->upper, 12.1517383910420, 1e-8);
    ck_assert_double_eq_tol(f->statistic, 1.6527921993949, 1e-8);
    ck_assert_double_eq_tol(f->p, 0.0983731622062, 1e-8);
}
END_TEST

START_TEST(where_everybody_has_it_nothing_is_tested)
{
    const struct figure *const f = figure("index-gap-respect", 11, 11, 400);

    ck_assert_double_eq(f->value, 0);
    ck_assert(f->lower < -10 && f->upper > 0);
    ck_assert(isnan(f->p));
}
END_TEST

Suite *
practice_suite(void)
{
    Suite *const s = suite_create("practice");
    TCase *const t = tcase_create("practice");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, a_few_who_all_have_it_are_not_certain);
    tcase_add_test(t, a_gap_of_a_few_who_all_have_it_is_within_chance);
    tcase_add_test(t, where_everybody_has_it_nothing_is_tested);
    suite_add_tcase(s, t);
    return s;
}
