/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is said of the course of months: in how many of the last four a group is worse off. Months
 * are made by hand; gaps, ties and small numbers among them.
 */
#include "analyzer/report/document.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *months_suite(void);

enum { NOW = CELLS_MONTHS - 1 };

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
    {"W1", "all", 2026, 1000, 1}, {"W1", "x", 2026, 500, 1}, {"W1", "y", 2026, 500, 1},
    {"W2", "all", 2026, 1000, 1}, {"W2", "x", 2026, 500, 1}, {"W2", "y", 2026, 500, 1},
};

/* One month of one group in one wijk. */
struct entry {
    int back; /* 0: the last month */
    const char *area, *group;
    int persons, searched, found;
};

static void
add_by(struct cells *c, struct entry e, const char *unit)
{
    for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p += PERSPECTIVE_AFTER) {
        struct cell *const x = cells_add(c);

        x->month = (uint16_t)(NOW - e.back);
        x->area = (uint16_t)names_add(c->areas, e.area);
        x->unit = (uint16_t)names_add(c->units, unit);
        x->perspective = (uint16_t)p;
        x->group = (uint16_t)names_add(c->groups, p ? e.group : "");
        x->sum[SUM_persons] = e.persons;
        x->sum[SUM_search_known] = e.persons;
        x->sum[SUM_searched] = e.searched;
        x->sum[SUM_strict_known] = e.searched;
        x->sum[SUM_strict] = e.found;
    }
}

static void
add(struct cells *c, struct entry e)
{
    add_by(c, e, "unit-1");
}

static struct inputs
city(struct cells *c)
{
    struct inputs in = made_up_inputs(c);

    in.places = places;
    in.place_count = sizeof places / sizeof *places;
    in.labels = labels;
    in.label_count = sizeof labels / sizeof *labels;
    in.population = population;
    in.population_count = sizeof population / sizeof *population;
    cells_settle(c);
    return in;
}

static struct figure
course_of(const struct inputs *in, const char *place, const char *group, const char *term)
{
    const struct analysis *const x = analysis_new(a, in);

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, "persistent") == 0 && strcmp(f->place, place) == 0 &&
            strcmp(f->group, group) == 0 && strcmp(f->term, term) == 0)
            return *f;
    }
    ck_abort_msg("no course of %s of %s in %s", term, group, place);
}

/* Six months in W1 and W2: x against y in all of the last four but one; two months before that the
 * other way round. */
static struct cells *
six_months(void)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    static const int of_x[] = {60, 40, 70, 55, 10, 10};

    for (int back = 0; back < 6; back++) {
        add(c, (struct entry){back, "W1", "x", of_x[back], 20, 2});
        add(c, (struct entry){back, "W1", "y", 50, 20, 2 + (back == 1) - (back == 2)});
        add(c, (struct entry){back, "W2", "x", 30, 10, 2});
        add(c, (struct entry){back, "W2", "y", 30, 20, 4});
    }
    return c;
}

START_TEST(three_of_the_last_four_months_are_three_of_four)
{
    const struct inputs in = city(six_months());
    const struct figure x = course_of(&in, "W1", "x", "stop");
    const struct figure y = course_of(&in, "W1", "y", "stop");

    assert_close("against x", x.value, 3, 0);
    assert_close("months", x.n, 4, 0);
    assert_close("against y", y.value, 1, 0);
    ck_assert_str_eq(x.window, "12-months");
    ck_assert_str_eq(x.method, "months");
    ck_assert_str_eq(x.reference, "others");
    ck_assert_ptr_null(x.guard);
    ck_assert_ptr_null(x.note);
}
END_TEST

START_TEST(a_tie_is_against_nobody)
{
    const struct inputs in = city(six_months());

    assert_close("x", course_of(&in, "W2", "x", "stop").value, 0, 0);
    assert_close("y", course_of(&in, "W2", "y", "stop").value, 0, 0);
    assert_close("n", course_of(&in, "W2", "y", "stop").n, 4, 0);
}
END_TEST

START_TEST(fewer_hits_are_against_the_group)
{
    const struct inputs in = city(six_months());

    /* 2 of 20 against 3 of 20 in one month, against 1 of 20 in another. */
    assert_close("x", course_of(&in, "W1", "x", "outcome").value, 1, 0);
    assert_close("y", course_of(&in, "W1", "y", "outcome").value, 1, 0);
    /* 20 of 60, 20 of 40, 20 of 70, 20 of 55 searched, against 20 of 50. */
    assert_close("search", course_of(&in, "W1", "x", "search").value, 1, 0);
}
END_TEST

START_TEST(a_gap_is_no_month_and_no_zero)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    for (int back = 0; back < 6; back++)
        if (back != 2) {
            add(c, (struct entry){back, "W1", "x", 60, 20, 2});
            add(c, (struct entry){back, "W1", "y", 50, 20, 2});
        }

    const struct inputs in = city(c);
    const struct figure x = course_of(&in, "W1", "x", "stop");

    assert_close("value", x.value, 3, 0);
    assert_close("n", x.n, 3, 0);
    ck_assert_str_eq(x.note, "months-counted=3/4");
}
END_TEST

START_TEST(a_field_that_no_month_has_gives_no_course)
{
    struct cells *const c = six_months();

    for (size_t i = 0; i < c->count; i++)
        c->list[i].sum[SUM_search_known] = c->list[i].sum[SUM_searched] = 0;

    const struct inputs in = city(c);
    const struct figure x = course_of(&in, "", "x", "search");

    ck_assert_str_eq(x.guard, "A003");
    ck_assert(isnan(x.value));
}
END_TEST

START_TEST(a_month_that_shows_fewer_than_ten_is_not_counted)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    for (int back = 0; back < 6; back++) {
        add(c, (struct entry){back, "W1", "x", 60, back == 1 ? 9 : 12, 2});
        add(c, (struct entry){back, "W1", "y", 50, 20, 10});
    }

    const struct inputs in = city(c);
    const struct figure x = course_of(&in, "W1", "x", "outcome");

    assert_close("value", x.value, 3, 0);
    assert_close("n", x.n, 3, 0);
    ck_assert_ptr_null(x.note);
}
END_TEST

START_TEST(a_course_of_small_months_only_is_withheld)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    for (int back = 0; back < 6; back++) {
        add(c, (struct entry){back, "W1", "x", 60, 4, 2});
        add(c, (struct entry){back, "W1", "y", 50, 20, 10});
    }

    const struct inputs in = city(c);
    const struct figure x = course_of(&in, "", "x", "outcome");

    ck_assert_str_eq(x.guard, "A001");
    ck_assert(isnan(x.value) && isnan(x.n));
}
END_TEST

/* Twelve months of two wijken with a unit each, 100 persons of either group a month; `taker` makes
 * the stops of W1 two months back, when unit-1 makes `left` of them. */
static struct inputs
silent_city(int left, const char *taker)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    for (int back = 0; back < 12; back++)
        for (unsigned w = 0; w < 2; w++)
            for (unsigned g = 0; g < 2; g++) {
                const bool silent = back == 2 && w == 0;
                const struct entry e = {.back = back,
                                        .area = w ? "W2" : "W1",
                                        .group = g ? "y" : "x",
                                        .persons = silent && !taker ? left : 100 + 20 * (g == 0),
                                        .searched = 0};

                add_by(c, e, silent && taker ? taker : w ? "unit-2" : "unit-1");
            }
    return city(c);
}

START_TEST(a_month_in_which_the_unit_of_a_place_is_silent_is_a_gap_there)
{
    const struct inputs in = silent_city(5, NULL);
    const struct figure x = course_of(&in, "W1", "x", "stop");

    assert_close("months", x.n, 3, 0);
    assert_close("against", x.value, 3, 0);
    ck_assert_str_eq(x.note, "months-counted=3/4; unit-gaps=1");
    assert_close("elsewhere", course_of(&in, "W2", "x", "stop").n, 4, 0);
    ck_assert_ptr_null(course_of(&in, "W2", "x", "stop").note);
    assert_close("city", course_of(&in, "", "x", "stop").n, 4, 0);
}
END_TEST

START_TEST(where_another_unit_took_over_there_is_no_gap)
{
    const struct inputs in = silent_city(0, "unit-3");

    assert_close("months", course_of(&in, "W1", "x", "stop").n, 4, 0);
    ck_assert_ptr_null(course_of(&in, "W1", "x", "stop").note);
}
END_TEST

/* 48 of a usual 220 are under fifty, and 60 are not: X205. */
START_TEST(a_month_with_fifty_is_no_silence)
{
    const struct inputs under = silent_city(24, NULL), over = silent_city(30, NULL);

    assert_close("48", course_of(&under, "W1", "x", "stop").n, 3, 0);
    assert_close("60", course_of(&over, "W1", "x", "stop").n, 4, 0);
}
END_TEST

/* 20 a month, and in one month none: X205 every month, but nothing is missing. */
START_TEST(a_unit_that_is_always_small_is_never_silent)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    for (int back = 0; back < 12; back++)
        for (unsigned g = 0; g < 2; g++) {
            add_by(c, (struct entry){back, "W1", g ? "y" : "x", back == 2 ? 5 : 20, 0, 0}, "small");
            add_by(c, (struct entry){back, "W2", g ? "y" : "x", 100, 0, 0}, "unit-2");
        }

    const struct inputs in = city(c);

    ck_assert_ptr_null(course_of(&in, "W1", "x", "stop").note);
}
END_TEST

Suite *
months_suite(void)
{
    Suite *const s = suite_create("months");
    TCase *const t = tcase_create("months");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, three_of_the_last_four_months_are_three_of_four);
    tcase_add_test(t, a_tie_is_against_nobody);
    tcase_add_test(t, fewer_hits_are_against_the_group);
    tcase_add_test(t, a_gap_is_no_month_and_no_zero);
    tcase_add_test(t, a_field_that_no_month_has_gives_no_course);
    tcase_add_test(t, a_month_that_shows_fewer_than_ten_is_not_counted);
    tcase_add_test(t, a_course_of_small_months_only_is_withheld);
    tcase_add_test(t, a_month_in_which_the_unit_of_a_place_is_silent_is_a_gap_there);
    tcase_add_test(t, where_another_unit_took_over_there_is_no_gap);
    tcase_add_test(t, a_month_with_fifty_is_no_silence);
    tcase_add_test(t, a_unit_that_is_always_small_is_never_silent);
    suite_add_tcase(s, t);
    return s;
}
