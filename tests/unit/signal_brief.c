/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which signals reach the mayor's brief, and which are told under another: places of a practice
 * that the whole city has. From hand-made figures; what makes a grade is the business of signal.c.
 */
#include "analyzer/measure/signal.h"
#include "tests/lib/fixture.h"
#include "tests/lib/signal_city.h"

#include <check.h>
#include <string.h>

Suite *signal_brief_suite(void);

static struct inputs in;
static struct cube *cube;
static struct figures figures;
static struct signals signals;

static void
setup(void)
{
    open_arena();
    signal_city(a, 1, &in);
    figures = (struct figures){.arena = a};
    cube = cube_new(a, &in);
}

static struct figure *
figure(const char *measure, const char *term, const char *place)
{
    return signal_figure(&figures, measure, term, place);
}

static void
searches(const char *place, double persons)
{
    signal_searches(&figures, place, persons);
}

static void
judge(void)
{
    signals = signals_of(a, cube, &figures);
}

/* Of group x in a place. */
static const struct signal *
found(const char *place, enum signal_kind kind)
{
    for (size_t i = 0; i < signals.count; i++)
        if (signals.list[i].kind == kind && strcmp(signals.list[i].place, place) == 0 &&
            strcmp(signals.list[i].group, "x") == 0)
            return &signals.list[i];
    ck_abort_msg("no signal of %s in '%s'", kind_codes[kind], place);
}

START_TEST(five_reach_the_brief_strongest_and_largest_first)
{
    static const char *const codes[] = {"A1", "A2", "A3", "A4", "A5", "A6"};

    for (unsigned p = 0; p < 6; p++)
        searches(codes[p], 100 + 100 * p);
    /* Of A6, the largest, the test is not sure enough for B. */
    figures.list[3 * 5 + 1].q = 0.03;
    judge();
    ck_assert_uint_eq(found("A5", KIND_SEARCH)->brief, 1);
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 5);
    ck_assert_int_eq(found("A6", KIND_SEARCH)->grade, 'C');
    ck_assert_uint_eq(found("A6", KIND_SEARCH)->brief, 0);
}
END_TEST

/* Searched more often in the whole city, within its places too. */
static void
searches_of_the_city(double persons)
{
    searches("", persons);
    signal_numbers(figure("pooled-search-odds-ratio", "", ""), 1.4, 1e-6, 1e-5);
    signal_numbers(figure("pooled-hit-odds-ratio-strict", "", ""), 0.7, 1e-6, 1e-5);
}

START_TEST(places_of_a_practice_of_the_city_are_told_under_it_and_count_once)
{
    static const char *const codes[] = {"A1", "A2", "A3", "A4", "A5"};

    searches_of_the_city(9000);
    for (unsigned p = 0; p < 5; p++)
        searches(codes[p], 100 + 100 * p);
    signal_numbers(figure("robust", "stop", "A6"), 1, 1e-5, 1e-4);
    signal_numbers(figure("rate-ratio", "", "A6"), 1.5, 1e-5, 1e-4)->benchmark = "residents";
    figure("persistent", "stop", "A6")->value = 4;
    judge();

    const struct signal *const city = found("", KIND_SEARCH);

    ck_assert_uint_eq(city->brief, 1);
    ck_assert_ptr_null(city->under);
    for (unsigned p = 0; p < 5; p++) {
        ck_assert_ptr_eq(found(codes[p], KIND_SEARCH)->under, city);
        ck_assert_uint_eq(found(codes[p], KIND_SEARCH)->brief, 0);
    }
    /* Another practice of the same group is its own, and has room in the brief. */
    ck_assert_ptr_null(found("A6", KIND_STOP_RATE)->under);
    ck_assert_uint_eq(found("A6", KIND_STOP_RATE)->brief, 2);
}
END_TEST

START_TEST(a_city_comes_as_high_as_the_strongest_that_is_told_under_it)
{
    searches_of_the_city(9000);
    figures.list[1].q = 0.03; /* not sure enough for B */
    searches("A1", 100);
    judge();
    ck_assert_int_eq(found("", KIND_SEARCH)->grade, 'C');
    ck_assert_int_eq(found("A1", KIND_SEARCH)->grade, 'B');
    ck_assert_uint_eq(found("", KIND_SEARCH)->brief, 1);
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 0);
}
END_TEST

START_TEST(a_city_on_the_watch_list_tells_nothing_stronger_than_itself)
{
    searches_of_the_city(9000);
    figures.list[2].value = 1; /* of four months: no persistence */
    searches("A1", 100);
    judge();
    ck_assert_int_eq(found("", KIND_SEARCH)->grade, 'D');
    ck_assert_ptr_null(found("A1", KIND_SEARCH)->under);
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 1);
}
END_TEST

START_TEST(the_watch_list_does_not_reach_the_brief)
{
    searches("A1", 100);
    figures.list[2].value = 2;
    judge();
    ck_assert_int_eq(found("A1", KIND_SEARCH)->grade, 'D');
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 0);
}
END_TEST

Suite *
signal_brief_suite(void)
{
    Suite *const s = suite_create("signal_brief");
    TCase *const t = tcase_create("signal_brief");

    tcase_add_checked_fixture(t, setup, close_arena);
    tcase_add_test(t, five_reach_the_brief_strongest_and_largest_first);
    tcase_add_test(t, places_of_a_practice_of_the_city_are_told_under_it_and_count_once);
    tcase_add_test(t, a_city_comes_as_high_as_the_strongest_that_is_told_under_it);
    tcase_add_test(t, a_city_on_the_watch_list_tells_nothing_stronger_than_itself);
    tcase_add_test(t, the_watch_list_does_not_reach_the_brief);
    suite_add_tcase(s, t);
    return s;
}
