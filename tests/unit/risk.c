/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Risk-adjusted searches in a run: two wijken and two parts of the day, people of x mostly where
 * finds are likely. Searched by the chance of a find alone, the groups differ and the adjusted
 * difference is nothing; ten points more for x are found as ten points.
 */
#include "analyzer/report/document.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *risk_suite(void);

enum { WIJKEN = 2, DAYPARTS = 2, GROUPS = 2, STRATA = WIJKEN * DAYPARTS };

static struct place places[] = {
    {"C", "City", "city", NULL},
    {"W1", "One", "wijk", "C"},
    {"W2", "Two", "wijk", "C"},
};
static struct label labels[] = {
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
};
static struct population population[] = {
    {"W1", "all", 2026, 100000, 1}, {"W1", "x", 2026, 50000, 1}, {"W1", "y", 2026, 50000, 1},
    {"W2", "all", 2026, 100000, 1}, {"W2", "x", 2026, 50000, 1}, {"W2", "y", 2026, 50000, 1},
};

static const char *const group_code[GROUPS] = {"x", "y"};
static const double persons[STRATA][GROUPS] = {
    {2000, 8000}, {3000, 6000}, {6000, 3000}, {9000, 2000}};

/* Of searches in a stratum; additive on the logit scale. */
static double
chance(size_t stratum)
{
    const size_t wijk = stratum / DAYPARTS, part = stratum % DAYPARTS;

    return 1 / (1 + exp(1.5 - 0.9 * (double)wijk - 0.5 * (double)part));
}

static void
fill(int32_t sum[SUM_COUNT], size_t stratum, size_t group, double more)
{
    const double n = persons[stratum][group];
    const double searched = round(n * (0.02 + 0.5 * chance(stratum) + (group == 0 ? more : 0)));

    sum[SUM_persons] += (int32_t)n;
    sum[SUM_search_known] += (int32_t)n;
    sum[SUM_searched] += (int32_t)searched;
    sum[SUM_strict_known] += (int32_t)searched;
    sum[SUM_strict] += (int32_t)round(searched * chance(stratum));
}

static void
add_cell(struct cells *c, size_t stratum, size_t group, double more)
{
    for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p += PERSPECTIVE_AFTER) {
        struct cell *const x = cells_add(c);

        x->month = CELLS_MONTHS - 1;
        x->area = (uint16_t)names_add(c->areas, places[1 + stratum / DAYPARTS].code);
        x->unit = (uint16_t)names_add(c->units, "unit-1");
        x->perspective = (uint16_t)p;
        x->group = (uint16_t)names_add(c->groups, p ? group_code[group] : "");
        fill(x->sum, stratum, group, more);
    }
}

/* `more`: how many of x are searched besides, as a share. */
static struct inputs *
city(double more)
{
    static const char *const dayparts[DAYPARTS] = {"wd 12-16", "wd 20-24"};
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    struct inputs *const in = arena_alloc(a, sizeof *in);
    struct names *const areas = names_new(a), *const parts = names_new(a);
    struct names *const bases = names_new(a), *const modes = names_new(a);

    for (size_t i = 0; i < (size_t)STRATA * GROUPS; i++)
        add_cell(c, i / GROUPS, i % GROUPS, more);
    cells_settle(c);
    *in = made_up_inputs(c);
    in->places = places;
    in->place_count = sizeof places / sizeof *places;
    in->labels = labels;
    in->label_count = sizeof labels / sizeof *labels;
    in->population = population;
    in->population_count = sizeof population / sizeof *population;
    in->like = arena_array(a, (size_t)STRATA * GROUPS, sizeof *in->like);
    for (size_t i = 0; i < (size_t)STRATA * GROUPS; i++) {
        struct like_cell *const x = &in->like[in->like_count++];
        const size_t s = i / GROUPS;

        *x = (struct like_cell){
            .area = (uint16_t)names_add(areas, places[1 + s / DAYPARTS].code),
            .unit = (uint16_t)names_find(c->units, "unit-1"),
            .daypart = (uint16_t)names_add(parts, dayparts[s % DAYPARTS]),
            .basis = (uint16_t)names_add(bases, "WVW160_1"),
            .mode = (uint16_t)names_add(modes, "car"),
            .perspective = PERSPECTIVE_AFTER,
            .group = (uint16_t)names_find(c->groups, group_code[i % GROUPS]),
        };
        fill(x->sum, s, i % GROUPS, more);
    }
    in->model_areas = areas;
    in->dayparts = parts;
    in->bases = bases;
    in->modes = modes;
    return in;
}

static const struct figure *
find(const struct analysis *x, const char *measure, const char *group, const char *term)
{
    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->place, "") == 0 &&
            strcmp(f->group, group) == 0 && strcmp(f->term, term) == 0 &&
            strcmp(f->window, "12-months") == 0)
            return f;
    }
    ck_abort_msg("no %s of %s (%s)", measure, group, term);
    return NULL;
}

START_TEST(searches_that_follow_the_chance_of_a_find_leave_no_difference)
{
    const struct analysis *const x = analysis_new(a, city(0));
    const struct figure *const raw = find(x, "search-difference", "x", "");
    const struct figure *const f = find(x, "risk-adjusted", "x", "search");

    ck_assert(raw->value > 0.04); /* people of x are where finds are likely */
    assert_close("adjusted, points", f->value, 0, 0.15);
    ck_assert(f->lower < 0 && f->upper > 0);
    ck_assert_ptr_null(f->guard);
    assert_close("n", f->n, 20000, 0);
}
END_TEST

START_TEST(ten_points_more_than_the_chance_are_ten_points)
{
    const struct analysis *const x = analysis_new(a, city(0.1));
    const struct figure *const f = find(x, "risk-adjusted", "x", "search");
    const struct figure *const narrow = find(x, "risk-sensitivity", "x", "0.005");
    const struct figure *const wide = find(x, "risk-sensitivity", "x", "0.010");
    const struct figure *const tipping = find(x, "risk-tipping", "x", "");

    assert_close("points", f->value, 10, 0.3);
    ck_assert(f->lower > 8 && f->upper < 12 && f->p < 1e-6 && f->flagged == 1);
    assert_close("of y", find(x, "risk-adjusted", "y", "search")->value, -f->value, 1e-9);
    ck_assert(wide->lower < narrow->lower && narrow->lower < f->value && f->value < narrow->upper &&
              narrow->upper < wide->upper);
    ck_assert(tipping->value > 0.005);
    ck_assert(isnan(narrow->value)); /* bounds, never a point */
}
END_TEST

START_TEST(without_searches_there_is_no_model)
{
    struct inputs *const in = city(0);

    for (size_t i = 0; i < in->like_count; i++) {
        in->like[i].sum[SUM_searched] = 0;
        in->like[i].sum[SUM_strict_known] = in->like[i].sum[SUM_strict] = 0;
    }

    const struct figure *const f = find(analysis_new(a, in), "risk-adjusted", "x", "search");

    ck_assert(isnan(f->value) && isnan(f->p));
    ck_assert_str_eq(f->guard, "A009");
}
END_TEST

Suite *
risk_suite(void)
{
    Suite *const s = suite_create("risk");
    TCase *const t = tcase_create("run");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, searches_that_follow_the_chance_of_a_find_leave_no_difference);
    tcase_add_test(t, ten_points_more_than_the_chance_are_ten_points);
    tcase_add_test(t, without_searches_there_is_no_model);
    suite_add_tcase(s, t);
    return s;
}
