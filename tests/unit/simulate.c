/* SPDX-License-Identifier: EUPL-1.2 */
/* The simulator: what is planted is there, nothing else is, and a seed gives the same bytes. */
#include "tests/lib/testlib.h"
#include "tests/simulator/simulate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena *arena;
static struct city city;

static void
setup(void)
{
    struct err e;

    arena = arena_new();
    ck_assert_msg(city_load(&city, arena, 2020, &e), "%s", e.text);
}

static void
teardown(void)
{
    arena_free(arena);
}

static struct plan
plan_of(const char *json)
{
    char path[] = "/tmp/maatstaf-plan-XXXXXX";
    const int fd = mkstemp(path);
    struct plan plan;
    struct err e;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, json, strlen(json)), (ssize_t)strlen(json));
    close(fd);
    ck_assert_msg(plan_load(&plan, arena, path, &city, &e), "%s", e.text);
    unlink(path);
    return plan;
}

static double overlap;

/* The truth of a run; *bytes (when given) gets what was written. */
static const json_t *
run(const struct plan *plan, uint64_t stops, bool csv, struct span *bytes)
{
    const struct simulation s = {.city = &city,
                                 .plan = plan,
                                 .last = {2026, 10},
                                 .months = 4,
                                 .stops = stops,
                                 .seed = 7,
                                 .unit_overlap = overlap,
                                 .csv = csv};
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);
    struct err e;
    const json_t *const truth = simulate(&s, arena, out, &e);

    ck_assert_msg(truth != NULL, "%s", e.text);
    fclose(out);
    if (bytes)
        *bytes = (struct span){arena_strndup(arena, text, length), length};
    free(text);
    return truth;
}

/* Sum of a field over the cells of a wijk (NULL: all) and group (NULL: all). */
static double
sum(const json_t *truth, const char *wijk, const char *group, const char *field)
{
    double total = 0;
    size_t i;
    const json_t *cell;

    json_array_foreach(json_object_get(truth, "cells"), i, cell)
    {
        if (wijk && strcmp(wijk, json_string_value(json_object_get(cell, "wijk"))) != 0)
            continue;
        if (group && strcmp(group, json_string_value(json_object_get(cell, "group"))) != 0)
            continue;
        total += json_number_value(json_object_get(cell, field));
    }
    return total;
}

/* Stops per resident of a group against everybody else in a wijk. */
static double
ratio(const json_t *truth, const char *wijk, const char *group)
{
    const double x = sum(truth, wijk, group, "persons"), n = sum(truth, wijk, group, "residents");
    const double x_all = sum(truth, wijk, NULL, "persons"),
                 n_all = sum(truth, wijk, NULL, "residents");

    return (x / n) / ((x_all - x) / (n_all - n));
}

#define MIDDLE_EAST "noord_afrikaans_turks_midden_oosters"

START_TEST(the_city_has_its_residents)
{
    double residents = 0;

    ck_assert_uint_eq(city.place_count, 114);
    ck_assert_uint_eq(city.group_count, 7);
    for (unsigned p = 0; p < city.place_count; p++)
        for (unsigned g = 0; g < city.group_count; g++)
            residents += city.places[p].residents[g];
    /* CBS 2020: 545,838; buurten are rounded to 5 and their classes do not add up exactly. */
    ck_assert_double_eq_tol(residents, 545838, 1500);
}
END_TEST

START_TEST(a_seed_gives_the_same_bytes)
{
    const struct plan none = {.name = "none"};
    struct span first, second;

    run(&none, 500, false, &first);
    run(&none, 500, false, &second);
    ck_assert(first.length > 0 && span_equal(first, second));
}
END_TEST

/* Who makes a stop changes nothing else about it. */
START_TEST(units_overlap_when_asked_and_nothing_else_changes)
{
    const struct plan none = {.name = "none"};
    struct span apart, together;
    size_t others = 0, lines = 0;

    run(&none, 2000, true, &apart);
    overlap = 0.25;
    run(&none, 2000, true, &together);
    overlap = 0;
    ck_assert_uint_eq(apart.length, together.length);
    for (size_t i = 0; i < apart.length; i++) {
        lines += apart.data[i] == '\n';
        if (apart.data[i] == together.data[i])
            continue;
        others++;
        ck_assert_int_eq(memcmp(apart.data + i - 5, "HGL-0", 5), 0);
        ck_assert_int_eq(together.data[i] - '1', (apart.data[i] - '1' + 1) % CITY_UNITS);
    }
    ck_assert_double_eq_tol((double)others / (double)lines, 0.25, 0.04);
}
END_TEST

START_TEST(every_registration_is_written_once)
{
    const struct plan none = {.name = "none"};
    struct span bytes;
    size_t lines = 0;

    run(&none, 777, false, &bytes);
    for (size_t i = 0; i < bytes.length; i++)
        lines += bytes.data[i] == '\n';
    ck_assert_uint_eq(lines, 777);
}
END_TEST

START_TEST(nothing_planted_means_no_disparity)
{
    const struct plan none = {.name = "none"};
    const json_t *const truth = run(&none, 60000, true, NULL);
    const double searched =
        sum(truth, NULL, MIDDLE_EAST, "searched") / sum(truth, NULL, MIDDLE_EAST, "persons");
    const double overall = sum(truth, NULL, NULL, "searched") / sum(truth, NULL, NULL, "persons");

    /* About 4 standard errors: 900 stops in the wijk, 12,000 of the group in the city. */
    ck_assert_double_eq_tol(log(ratio(truth, "WK051829", MIDDLE_EAST)), 0.0, 0.25);
    ck_assert_double_eq_tol(searched, overall, 0.012);
}
END_TEST

START_TEST(a_planted_rate_is_there)
{
    const struct plan plan = plan_of("{\"disparities\":[{\"kind\":\"rate\",\"place\":\"WK051829\","
                                     "\"group\":\"" MIDDLE_EAST "\",\"factor\":2.5}]}");
    const json_t *const truth = run(&plan, 60000, true, NULL);

    ck_assert_double_eq_tol(log(ratio(truth, "WK051829", MIDDLE_EAST)), log(2.5), 0.25);
}
END_TEST

START_TEST(a_lower_threshold_means_more_searches_and_fewer_hits)
{
    const struct plan plan = plan_of("{\"disparities\":[{\"kind\":\"threshold\","
                                     "\"group\":\"" MIDDLE_EAST "\",\"shift\":-0.6}]}");
    const json_t *const truth = run(&plan, 60000, true, NULL);
    const char *const other = "wit_europees";

    ck_assert_double_gt(
        sum(truth, NULL, MIDDLE_EAST, "searched") / sum(truth, NULL, MIDDLE_EAST, "persons"),
        1.4 * sum(truth, NULL, other, "searched") / sum(truth, NULL, other, "persons"));
    ck_assert_double_lt(
        sum(truth, NULL, MIDDLE_EAST, "hits") / sum(truth, NULL, MIDDLE_EAST, "searched"),
        0.9 * sum(truth, NULL, other, "hits") / sum(truth, NULL, other, "searched"));
}
END_TEST

START_TEST(missing_registrations_are_counted)
{
    const struct plan plan = plan_of("{\"disparities\":[{\"kind\":\"registration\","
                                     "\"group\":\"wit_europees\",\"factor\":0.5}]}");
    const json_t *const truth = run(&plan, 40000, true, NULL);
    const double persons = sum(truth, NULL, "wit_europees", "persons");

    /* 0.9 x 0.5 are registered: 11 missing for every 9 registered stops (1.06 persons a stop). */
    ck_assert_double_eq_tol(sum(truth, NULL, "wit_europees", "unregistered_stops") /
                                (persons / 1.06),
                            0.55 / 0.45, 0.05);
}
END_TEST

START_TEST(a_mistake_in_the_plan_is_named)
{
    char path[] = "/tmp/maatstaf-plan-XXXXXX";
    const char *const json =
        "{\"disparities\":[{\"kind\":\"rate\",\"place\":\"WK059999\",\"factor\":2}]}";
    const int fd = mkstemp(path);
    struct plan plan;
    struct err e;

    ck_assert_int_eq(write(fd, json, strlen(json)), (ssize_t)strlen(json));
    close(fd);
    ck_assert(!plan_load(&plan, arena, path, &city, &e));
    unlink(path);
    ck_assert_ptr_nonnull(strstr(e.text, "disparities[0]"));
    ck_assert_ptr_nonnull(strstr(e.text, "place"));
}
END_TEST

Suite *simulate_suite(void);

Suite *
simulate_suite(void)
{
    Suite *const s = suite_create("simulate");
    TCase *const t = tcase_create("simulate");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, the_city_has_its_residents);
    tcase_add_test(t, a_seed_gives_the_same_bytes);
    tcase_add_test(t, units_overlap_when_asked_and_nothing_else_changes);
    tcase_add_test(t, every_registration_is_written_once);
    tcase_add_test(t, nothing_planted_means_no_disparity);
    tcase_add_test(t, a_planted_rate_is_there);
    tcase_add_test(t, a_lower_threshold_means_more_searches_and_fewer_hits);
    tcase_add_test(t, missing_registrations_are_counted);
    tcase_add_test(t, a_mistake_in_the_plan_is_named);
    suite_add_tcase(s, t);
    return s;
}
