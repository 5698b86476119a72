/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The measures that compare like with like against R's numbers on the same cells; what they do with
 * cities where there is little or nothing to compare; and whether they find what is planted and
 * nothing else.
 */
#include "analyzer/measure/like.h"

#include "common/rng.h"
#include "tests/lib/golden.h"
#include "tests/lib/like_city.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The regressions stop a little before their maximum. */
static const double FITTED = 1e-6;

static const struct figure *
needed(const struct figures *f, const char *term, const char *place, const char *group)
{
    const struct figure *const x = like_city_find(f, term, place, group);

    ck_assert_msg(x != NULL, "no %s of group \"%s\" in \"%s\"", term, group, place);
    return x;
}

/* The amount of a note; NaN without it. */
static double
noted(const struct figure *x, const char *code)
{
    const char *const at = x->note ? strstr(x->note, code) : NULL;

    return at ? strtod(at + strlen(code) + 1, NULL) : NAN;
}

/* ---- against R ------------------------------------------------------------------------------- */

static const char *
text_of(const json_t *row, const char *key)
{
    return json_string_value(json_object_get(row, key));
}

static struct like_city *
golden_city(void)
{
    const json_t *const cells = golden(a, "alike", "cells");
    struct like_city *const c = like_city_new(a);

    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *const row = json_array_get(cells, i);

        like_city_add(c, (struct like_city_row){
                             text_of(row, "area"), text_of(row, "unit"), text_of(row, "daypart"),
                             text_of(row, "basis"), text_of(row, "mode"), text_of(row, "group"),
                             (int)golden_number(row, "n"), (int)golden_number(row, "k")});
    }
    return c;
}

static void
assert_as_r(const struct figures *f, const char *key, const char *term)
{
    const json_t *const cases = golden(a, "alike", key);

    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *const c = json_array_get(cases, i);
        const struct figure *const x = needed(f, term, text_of(c, "place"), text_of(c, "group"));

        ck_assert_ptr_null(x->guard);
        ck_assert_double_eq(x->n, golden_number(c, "n"));
        ck_assert_double_eq(x->events, golden_number(c, "events"));
        assert_relative("value", x->value, golden_number(c, "value"), FITTED);
        assert_relative("lower", x->lower, golden_number(c, "lower"), FITTED);
        assert_relative("p", x->p, golden_number(c, "p"), 10 * FITTED);
        if (json_object_get(c, "effective"))
            ck_assert_double_eq_tol(noted(x, "effective-size"), golden_number(c, "effective"),
                                    0.51);
    }
}

START_TEST(groups_beside_the_others_are_as_in_r)
{
    const struct figures f = like_city_figures(golden_city(), measure_alike, 1);

    assert_as_r(&f, "alike", "search");
    assert_as_r(&f, "alike", "bodycam");
    assert_as_r(&f, "alike_in_place", "explanation");
}
END_TEST

START_TEST(a_group_beside_one_other_is_as_in_r)
{
    struct like_city *const c = golden_city();

    c->reference = "y";

    const struct figures f = like_city_figures(c, measure_alike, 1);

    assert_as_r(&f, "against_y", "search");
    ck_assert_str_eq(needed(&f, "search", "", "x")->reference, "y");
    ck_assert_ptr_null(like_city_find(&f, "search", "", "y"));
}
END_TEST

START_TEST(standardised_gaps_are_as_in_r)
{
    const struct figures f = like_city_figures(golden_city(), measure_index_gap, 1);

    assert_as_r(&f, "index_gap", "explanation");
    assert_as_r(&f, "index_gap", "reflection");
    assert_as_r(&f, "index_gap_in_place", "selection");
}
END_TEST

START_TEST(units_beside_the_others_are_as_in_r)
{
    const struct figures f = like_city_figures(golden_city(), measure_team, 1);

    assert_as_r(&f, "team", "search");
    assert_as_r(&f, "team_share", "group-share");
}
END_TEST

/* Both parts have the same counts here: half the variance of one. */
START_TEST(respect_is_the_mean_of_its_parts)
{
    const struct figures f = like_city_figures(golden_city(), measure_index_gap, 1);
    const struct figure *const part = needed(&f, "treated-plainly", "", "x");
    const struct figure *const whole = needed(&f, "respect", "", "x");

    ck_assert_double_eq_tol(whole->value, part->value, 1e-9);
    ck_assert_double_eq_tol(whole->upper - whole->lower, (part->upper - part->lower) / sqrt(2),
                            1e-9);
    ck_assert_ptr_null(strstr(whole->note, "parts-missing"));
}
END_TEST

static bool
same(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

START_TEST(threads_change_nothing)
{
    void (*const measures[])(const struct measure *) = {measure_alike, measure_index_gap,
                                                        measure_team};

    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct figures one = like_city_figures(golden_city(), measures[i], 1);
        const struct figures many = like_city_figures(golden_city(), measures[i], 4);

        ck_assert_uint_eq(one.count, many.count);
        ck_assert_uint_gt(one.count, 0);
        for (size_t k = 0; k < one.count; k++) {
            ck_assert_str_eq(one.list[k].term, many.list[k].term);
            ck_assert_str_eq(one.list[k].place, many.list[k].place);
            ck_assert(same(one.list[k].value, many.list[k].value));
            ck_assert(same(one.list[k].q, many.list[k].q));
        }
    }
}
END_TEST

/* ---- little or nothing to compare ------------------------------------------------------------ */

static void
add(struct like_city *c, const char *area, const char *unit, const char *group, int n, int k)
{
    like_city_add(c, (struct like_city_row){area, unit, "wk 08-12", "wvw", "car", group, n, k});
}

START_TEST(a_city_without_cells_has_no_figures)
{
    struct like_city *const c = like_city_new(a);

    ck_assert_uint_eq(like_city_figures(c, measure_alike, 1).count, 0);
    ck_assert_uint_eq(like_city_figures(c, measure_index_gap, 1).count, 0);
    ck_assert_uint_eq(like_city_figures(c, measure_team, 1).count, 0);
}
END_TEST

START_TEST(one_group_has_nothing_to_be_compared_with)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 400, 100);
    add(c, "A2", "U1", "x", 400, 80);

    const struct figures alike = like_city_figures(c, measure_alike, 1);
    const struct figures gap = like_city_figures(c, measure_index_gap, 1);

    ck_assert_str_eq(needed(&alike, "search", "", "x")->guard, "A005");
    ck_assert_str_eq(needed(&gap, "explanation", "", "x")->guard, "A005");
    ck_assert(isnan(needed(&gap, "respect", "", "x")->value));
    ck_assert_ptr_null(like_city_find(&alike, "search", "A1", "x"));
}
END_TEST

START_TEST(groups_that_share_no_place_are_not_compared)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 400, 100);
    add(c, "A2", "U1", "y", 400, 80);

    const struct figures f = like_city_figures(c, measure_alike, 1);
    const struct figure *const x = needed(&f, "search", "", "x");

    ck_assert_str_eq(x->guard, "A009");
    ck_assert(isnan(x->value) && isnan(x->p) && x->n == 400);
}
END_TEST

/* Fewer than 100 of the reference are left in effect. */
START_TEST(too_few_similar_stops_withhold)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 400, 100);
    add(c, "A1", "U1", "y", 60, 20);
    add(c, "A2", "U1", "x", 10, 3);
    add(c, "A2", "U1", "y", 900, 200);

    const struct figures f = like_city_figures(c, measure_alike, 1);
    const struct figure *const x = needed(&f, "search", "", "x");

    ck_assert_str_eq(x->guard, "A009");
    ck_assert_double_lt(noted(x, "effective-size"), 100);
}
END_TEST

START_TEST(an_outcome_that_all_have_is_not_compared)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 200, 200);
    add(c, "A1", "U1", "y", 300, 250);

    const struct figures alike = like_city_figures(c, measure_alike, 1);
    const struct figures gap = like_city_figures(c, measure_index_gap, 1);

    ck_assert_str_eq(needed(&alike, "search", "", "x")->guard, "A009");
    ck_assert_str_eq(needed(&gap, "selection", "", "x")->guard, "A009");
}
END_TEST

START_TEST(an_outcome_that_few_have_is_not_compared)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 400, 9);
    add(c, "A1", "U1", "y", 400, 40);
    add(c, "A2", "U1", "x", 400, 391);
    add(c, "A2", "U1", "y", 400, 300);

    const struct figures alike = like_city_figures(c, measure_alike, 1);
    const struct figures gap = like_city_figures(c, measure_index_gap, 1);

    ck_assert_ptr_null(needed(&alike, "search", "", "x")->guard);
    ck_assert_ptr_null(needed(&alike, "search", "A1", "y")->guard);
    ck_assert_str_eq(needed(&alike, "search", "A1", "x")->guard, "A009");
    ck_assert_str_eq(needed(&alike, "search", "A2", "x")->guard, "A009");
    ck_assert_ptr_null(needed(&gap, "bodycam", "A1", "y")->guard);
    ck_assert_ptr_null(like_city_find(&gap, "bodycam", "A1", "x"));
}
END_TEST

/* People whose group was not seen are on neither side. */
START_TEST(people_without_a_group_change_nothing)
{
    void (*const measures[])(const struct measure *) = {measure_alike, measure_index_gap,
                                                        measure_team};
    struct like_city *const c = golden_city(), *const more = golden_city();

    add(more, "A1", "U1", "unseen", 900, 30);
    add(more, "A2", "U2", "unseen", 900, 870);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct figures f = like_city_figures(c, measures[i], 1);
        const struct figures g = like_city_figures(more, measures[i], 1);

        ck_assert_uint_eq(f.count, g.count);
        for (size_t k = 0; k < f.count; k++)
            ck_assert_msg(isnan(f.list[k].value) == isnan(g.list[k].value) &&
                              !(fabs(f.list[k].value - g.list[k].value) > 1e-9),
                          "%s %s: %g, %g", f.list[k].measure, f.list[k].term, f.list[k].value,
                          g.list[k].value);
    }
}
END_TEST

START_TEST(small_groups_are_not_shown)
{
    struct like_city *const c = like_city_new(a);

    add(c, "A1", "U1", "x", 300, 60);
    add(c, "A1", "U1", "y", 300, 80);
    add(c, "A1", "U1", "z", 7, 2);
    add(c, "A2", "U2", "x", 300, 60);
    add(c, "A2", "U2", "y", 300, 80);

    const struct figures alike = like_city_figures(c, measure_alike, 1);
    const struct figures gap = like_city_figures(c, measure_index_gap, 1);

    ck_assert_str_eq(needed(&alike, "search", "", "z")->guard, "A001");
    ck_assert(isnan(needed(&alike, "search", "", "z")->n));
    ck_assert(isnan(noted(needed(&alike, "search", "", "z"), "effective-size")));
    ck_assert_str_eq(needed(&gap, "bodycam", "", "z")->guard, "A001");
    ck_assert(isnan(needed(&gap, "bodycam", "", "z")->events));
    for (size_t i = 0; i < alike.count; i++)
        ck_assert(alike.list[i].place[0] == '\0' || strcmp(alike.list[i].group, "z") != 0);
}
END_TEST

/* A unit alone in the city, or alone in its places. */
START_TEST(a_unit_alone_says_so)
{
    struct like_city *const one = like_city_new(a), *const apart = like_city_new(a);

    add(one, "A1", "U1", "x", 300, 60);
    add(one, "A1", "U1", "y", 300, 90);
    add(apart, "A1", "U1", "x", 300, 60);
    add(apart, "A1", "U1", "y", 300, 90);
    add(apart, "A2", "U2", "x", 300, 60);
    add(apart, "A2", "U2", "y", 300, 90);

    const struct figures f = like_city_figures(one, measure_team, 1);
    const struct figures g = like_city_figures(apart, measure_team, 1);

    ck_assert_str_eq(needed(&f, "search", "U1", "")->guard, "A009");
    ck_assert_str_eq(needed(&g, "search", "U1", "")->guard, "A009");
    ck_assert_str_eq(needed(&g, "group-share", "U2", "x")->guard, "A009");
}
END_TEST

/* ---- planted, and nothing planted ------------------------------------------------------------ */

enum { PLACES = 6, DAYPARTS = 4, MODES = 2, GROUPS = 3 };

struct plan {
    double group, unit;  /* log odds of group x, of the odd units */
    int mean;            /* persons of a cell of group y */
    unsigned units, odd; /* the odd ones are the first */
};

static const char *
name(char letter, unsigned i)
{
    return arena_printf(a, "%c%u", letter, i);
}

/* Groups differ in where and when they are stopped, and places and dayparts in the outcome. */
static struct like_city *
drawn(struct rng *rng, const struct plan *plan)
{
    static const char *const groups[GROUPS] = {"x", "y", "z"};
    struct like_city *const c = like_city_new(a);

    for (unsigned p = 0; p < PLACES; p++)
        for (unsigned u = 0; u < plan->units; u++)
            for (unsigned d = 0; d < DAYPARTS; d++)
                for (unsigned m = 0; m < MODES; m++)
                    for (unsigned g = 0; g < GROUPS; g++) {
                        const double share[GROUPS] = {0.1 + 0.15 * p + 0.1 * d, 1, 0.3};
                        const double eta = -2 + 0.25 * p + 0.2 * d - 0.5 * m +
                                           (g == 0 ? plan->group : 0) +
                                           (u < plan->odd ? plan->unit : 0);
                        const uint64_t n = rng_poisson(rng, plan->mean * share[g]);
                        const uint64_t k = rng_binomial(rng, n, 1 / (1 + exp(-eta)));

                        if (n > 0)
                            like_city_add(c, (struct like_city_row){
                                                 name('A', p), name('U', u), name('d', d), "wvw",
                                                 name('m', m), groups[g], (int)n, (int)k});
                    }
    return c;
}

struct tally {
    unsigned shown, found, against; /* p under 0.05, and of those with a lower value */
};

static void
tally(const struct figures *f, const char *level, const char *term, const char *group,
      struct tally *t)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct figure *const x = &f->list[i];

        if (strcmp(x->level_of_place, level) != 0 || strcmp(x->term, term) != 0 ||
            strcmp(x->group, group) != 0 || isnan(x->p))
            continue;
        t->shown++;
        t->found += x->p < 0.05;
        t->against += x->p < 0.05 && x->value < 0;
    }
}

static struct tally
cities(void (*measure)(const struct measure *m), struct plan plan, unsigned count,
       const char *level, const char *term, const char *group)
{
    struct rng rng = rng_stream(20261122, plan.units);
    struct tally t = {0, 0, 0};

    for (unsigned i = 0; i < count; i++) {
        struct arena *const whole = a;

        a = arena_child(whole);

        const struct figures f = like_city_figures(drawn(&rng, &plan), measure, 1);

        tally(&f, level, term, group, &t);
        arena_free(a);
        a = whole;
    }
    printf("%s %s%s: %u of %u under 0.05, %u of them lower\n", level, term, group, t.found, t.shown,
           t.against);
    return t;
}

START_TEST(nothing_planted_little_found)
{
    const struct plan even = {.mean = 12, .units = 3}, thin = {.mean = 5, .units = 3};
    const struct tally city = cities(measure_alike, even, 400, "city", "search", "x");
    const struct tally area = cities(measure_alike, thin, 200, "area", "search", "x");
    const struct tally gap = cities(measure_index_gap, thin, 200, "area", "explanation", "x");
    const struct tally unit = cities(measure_team, even, 200, "unit", "search", "");

    ck_assert_uint_eq(city.shown, 400);
    ck_assert_uint_le(city.found, 33);
    ck_assert_uint_gt(area.shown, 400);
    ck_assert_uint_le(area.found, area.shown * 7 / 100);
    ck_assert_uint_le(gap.found, gap.shown * 7 / 100);
    ck_assert_uint_eq(unit.shown, 600);
    ck_assert_uint_le(unit.found, 48);
}
END_TEST

START_TEST(what_is_planted_is_found)
{
    const struct plan worse = {.mean = 12, .units = 3, .group = -0.6};
    const struct plan harsh = {.mean = 12, .units = 3, .unit = 0.6, .odd = 1};
    const struct tally city = cities(measure_alike, worse, 100, "city", "explanation", "x");
    const struct tally gap = cities(measure_index_gap, worse, 100, "city", "explanation", "x");
    const struct tally unit = cities(measure_team, harsh, 50, "unit", "search", "");

    ck_assert_uint_ge(city.against, 95);
    ck_assert_uint_ge(gap.against, 95);
    ck_assert_uint_eq(unit.shown, 150);
    ck_assert_uint_ge(unit.found, 140); /* the harsh one is above, the others below */
    ck_assert_uint_ge(unit.against, 90);
}
END_TEST

static unsigned
flagged(const struct figures *f)
{
    unsigned count = 0;

    for (size_t i = 0; i < f->count; i++)
        count += strcmp(f->list[i].term, "search") == 0 && f->list[i].flagged == 1;
    return count;
}

/* Over 100 units there is a bulk to see: a local false discovery rate takes the place of q. */
START_TEST(among_many_units_the_odd_ones_stand_out)
{
    struct rng rng = rng_stream(7, 8);
    const struct plan plan = {.mean = 8, .units = 150, .unit = 0.6, .odd = 4};
    const struct figures f = like_city_figures(drawn(&rng, &plan), measure_team, 2);

    for (unsigned u = 0; u < plan.odd; u++) {
        const struct figure *const x = needed(&f, "search", name('U', u), "");

        ck_assert_ptr_nonnull(strstr(x->note, "local-fdr"));
        ck_assert_int_eq(x->flagged, 1);
        ck_assert(x->q < 0.05 && x->q != x->p);
    }
    ck_assert_uint_le(flagged(&f), plan.odd + 1);
}
END_TEST

/* One unit so far out that the density of the rest cannot be seen: q stays Benjamini-Hochberg's. */
START_TEST(without_a_bulk_q_stays)
{
    struct rng rng = rng_stream(7, 7);
    const struct plan plan = {.mean = 8, .units = 120, .unit = 1.5, .odd = 1};
    const struct figures f = like_city_figures(drawn(&rng, &plan), measure_team, 2);
    const struct figure *const x = needed(&f, "search", "U0", "");

    ck_assert_ptr_null(strstr(x->note, "local-fdr"));
    ck_assert_double_eq_tol(x->q, 120 * x->p, 1e-9 * x->q);
    ck_assert_int_eq(x->flagged, 1);
}
END_TEST

Suite *alike_suite(void);

Suite *
alike_suite(void)
{
    Suite *const s = suite_create("alike");
    TCase *const t = tcase_create("alike");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, groups_beside_the_others_are_as_in_r);
    tcase_add_test(t, a_group_beside_one_other_is_as_in_r);
    tcase_add_test(t, standardised_gaps_are_as_in_r);
    tcase_add_test(t, units_beside_the_others_are_as_in_r);
    tcase_add_test(t, respect_is_the_mean_of_its_parts);
    tcase_add_test(t, threads_change_nothing);
    tcase_add_test(t, a_city_without_cells_has_no_figures);
    tcase_add_test(t, one_group_has_nothing_to_be_compared_with);
    tcase_add_test(t, groups_that_share_no_place_are_not_compared);
    tcase_add_test(t, too_few_similar_stops_withhold);
    tcase_add_test(t, an_outcome_that_all_have_is_not_compared);
    tcase_add_test(t, an_outcome_that_few_have_is_not_compared);
    tcase_add_test(t, people_without_a_group_change_nothing);
    tcase_add_test(t, small_groups_are_not_shown);
    tcase_add_test(t, a_unit_alone_says_so);
    tcase_add_test(t, nothing_planted_little_found);
    tcase_add_test(t, what_is_planted_is_found);
    tcase_add_test(t, among_many_units_the_odd_ones_stand_out);
    tcase_add_test(t, without_a_bulk_q_stays);
    suite_add_tcase(s, t);
    return s;
}
