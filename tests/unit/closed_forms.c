/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The closed-form measures from made cells: which counts reach them, when they say nothing, and
 * that withheld counts are not in them. That they equal `analyzer fit` on whole cities is
 * tests/integration/closed_forms.sh.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/report/document.h"
#include "analyzer/stat/bounds.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/hybrid.h"
#include "analyzer/stat/tipping.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *closed_forms_suite(void);

enum { NOW = CELLS_MONTHS - 1, AREAS_MOST = 130 };

/* ---- a city of areas A001, A002, … and groups x and y ---------------------------------------- */

static struct label labels[] = {
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
};
static struct bridge bridge[] = {{"class", "x", 0.5, 0.2, 0.8}, {"class", "y", 0.5, 0.2, 0.8}};

/* Persons stopped, searched and found with something, and residents. */
struct people {
    int stopped, searched, found;
    double residents;
};

struct town {
    unsigned areas;
    struct people people[AREAS_MOST][2];
    int months;           /* how many have stops, so many each; 0: one */
    int without_searches; /* of those, in how many it is not known whether people were searched */
    bool bridged;         /* half of a class of 2,000 residents is of either group, by a guess */
};

static struct place *
places_of(const struct town *t)
{
    struct place *const list = arena_array(a, t->areas + 1, sizeof *list);

    list[0] = (struct place){"C", "City", "city", NULL};
    for (unsigned i = 0; i < t->areas; i++) {
        const char *const code = arena_printf(a, "A%03u", i + 1);

        list[i + 1] = (struct place){code, code, "area", "C"};
    }
    return list;
}

static struct population *
population_of(const struct town *t, const struct place *places, size_t *count)
{
    struct population *const list = arena_array(a, 4 * (size_t)t->areas, sizeof *list);
    size_t n = 0;

    for (unsigned i = 0; i < t->areas; i++) {
        const struct people *const p = t->people[i];
        const char *const code = places[i + 1].code;

        if (p[0].residents + p[1].residents == 0)
            continue;
        list[n++] = (struct population){code, "all", 2026, p[0].residents + p[1].residents, 1};
        if (t->bridged) {
            list[n++] =
                (struct population){code, "class", 2026, p[0].residents + p[1].residents, 1};
            continue;
        }
        list[n++] = (struct population){code, "x", 2026, p[0].residents, 1};
        list[n++] = (struct population){code, "y", 2026, p[1].residents, 1};
    }
    *count = n;
    return list;
}

static void
add_people(struct cells *c, unsigned month, const char *area, const char *group,
           const struct people *p, bool search_known)
{
    for (unsigned view = 0; view < 2 && p->stopped > 0; view++) {
        struct cell *const x = cells_add(c);

        x->month = (uint16_t)month;
        x->area = (uint16_t)names_add(c->areas, area);
        x->unit = (uint16_t)names_add(c->units, "u");
        x->perspective = view ? PERSPECTIVE_AFTER : PERSPECTIVE_ALL;
        x->group = (uint16_t)names_add(c->groups, view ? group : "");
        x->sum[SUM_persons] = p->stopped;
        if (!search_known)
            continue;
        x->sum[SUM_search_known] = p->stopped;
        x->sum[SUM_searched] = p->searched;
        x->sum[SUM_strict_known] = p->searched;
        x->sum[SUM_strict] = p->found;
    }
}

static const struct analysis *
analysis_of(const struct town *t)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    struct inputs *const in = arena_alloc(a, sizeof *in);
    struct place *const places = places_of(t);

    *in = made_up_inputs(c);
    in->choices.draws = 500;
    in->choices.models = false;
    in->places = places;
    in->place_count = t->areas + 1;
    in->labels = labels;
    in->label_count = 2;
    in->bridge = bridge;
    in->bridge_count = t->bridged ? 2 : 0;
    in->population = population_of(t, places, &in->population_count);
    for (int m = 0; m < (t->months ? t->months : 1); m++)
        for (unsigned i = 0; i < t->areas; i++)
            for (unsigned g = 0; g < 2; g++)
                add_people(c, NOW - (unsigned)m, places[i + 1].code, g ? "y" : "x",
                           &t->people[i][g], m >= t->without_searches);
    cells_settle(c);
    return analysis_new(a, in);
}

/* ---- figures --------------------------------------------------------------------------------- */

static const struct figure *
find(const struct analysis *x, const char *measure, const char *term, const char *place,
     const char *group)
{
    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->window, "12-months") == 0 &&
            strcmp(f->place, place) == 0 && strcmp(f->group, group) == 0 &&
            strcmp(f->term, term) == 0)
            return f;
    }
    return NULL;
}

static const struct figure *
needed(const struct analysis *x, const char *measure, const char *term, const char *place,
       const char *group)
{
    const struct figure *const f = find(x, measure, term, place, group);

    ck_assert_msg(f != NULL, "no %s %s of %s in '%s'", measure, term, group, place);
    return f;
}

static size_t
count_of(const struct analysis *x, const char *measure)
{
    size_t n = 0;

    for (size_t i = 0; i < x->figures.count; i++)
        n += strcmp(x->figures.list[i].measure, measure) == 0;
    return n;
}

static void
is_withheld(const struct figure *f, const char *guard)
{
    ck_assert_msg(f->guard && strcmp(f->guard, guard) == 0, "guard %s, not %s",
                  f->guard ? f->guard : "none", guard);
    ck_assert(isnan(f->value) && isnan(f->p) && f->flagged == -1);
}

static const double CLOSE = 1e-12;

/* x: 300 of 1,000 stopped, 120 searched, 12 found; y: 400 of 4,000, 80 searched, 40 found. */
static const struct people plenty[2] = {{300, 120, 12, 1000}, {400, 80, 40, 4000}};

static struct town
town(unsigned areas)
{
    struct town t = {.areas = areas};

    for (unsigned i = 0; i < areas; i++)
        memcpy(t.people[i], plenty, sizeof plenty);
    return t;
}

/* ---- robust ---------------------------------------------------------------------------------- */

START_TEST(both_decisions_are_tested_with_their_own_hits)
{
    const struct town t = town(1);
    const struct analysis *const x = analysis_of(&t);
    const struct hybrid stop = hybrid_test((struct hybrid_counts){1000, 300, 12, 4000, 400, 40},
                                           HYBRID_RATE, HYBRID_SCORE, 0.05);
    const struct hybrid search = hybrid_test((struct hybrid_counts){300, 120, 12, 400, 80, 40},
                                             HYBRID_SHARE, HYBRID_SCORE, 0.05);
    const struct figure *const of_stop = needed(x, "robust", "stop", "A001", "x");
    const struct figure *const of_search = needed(x, "robust", "search", "A001", "x");

    ck_assert_double_eq(of_stop->value, 1);
    ck_assert_double_eq(of_search->value, 1);
    assert_close("stop", of_stop->p, fmax(stop.benchmark.worse, stop.outcome.worse), CLOSE);
    assert_close("search", of_search->p, fmax(search.benchmark.worse, search.outcome.worse), CLOSE);
    ck_assert_double_eq(needed(x, "robust", "stop", "", "x")->value, 1);
    ck_assert_double_eq(needed(x, "robust", "stop", "A001", "y")->value, -1);
    ck_assert_int_eq(needed(x, "robust", "stop", "A001", "y")->flagged, 0);
}
END_TEST

START_TEST(tests_that_disagree_conclude_nothing)
{
    struct town t = town(1);

    t.people[0][0].found = 60; /* stopped more often, and found more often */
    ck_assert_double_eq(needed(analysis_of(&t), "robust", "stop", "A001", "x")->value, 0);
}
END_TEST

START_TEST(few_expected_hits_are_tested_exactly)
{
    struct town t = town(1);
    const struct hybrid_counts c = {1000, 300, 0, 4000, 400, 6};

    t.people[0][0].found = 0;
    t.people[0][1].found = 6;

    const struct hybrid exact = hybrid_test(c, HYBRID_RATE, HYBRID_EXACT, 0.05);

    assert_close("p", needed(analysis_of(&t), "robust", "stop", "A001", "x")->p,
                 fmax(exact.benchmark.worse, exact.outcome.worse), CLOSE);
}
END_TEST

START_TEST(without_any_hit_there_is_no_verdict)
{
    struct town t = town(1);

    t.people[0][0].found = t.people[0][1].found = 0;
    is_withheld(needed(analysis_of(&t), "robust", "stop", "A001", "x"), "A005");
    is_withheld(needed(analysis_of(&t), "robust", "search", "", "x"), "A005");
}
END_TEST

START_TEST(without_searches_nothing_is_said_of_searching)
{
    struct town t = town(1);

    for (unsigned g = 0; g < 2; g++)
        t.people[0][g].searched = t.people[0][g].found = 0;
    is_withheld(needed(analysis_of(&t), "robust", "search", "", "x"), "A005");
}
END_TEST

START_TEST(under_fifty_searches_are_not_compared)
{
    struct town t = town(1);

    t.people[0][1].searched = 49;
    is_withheld(needed(analysis_of(&t), "robust", "search", "A001", "x"), "A002");
    t.people[0][1].searched = 50;
    ck_assert_ptr_null(needed(analysis_of(&t), "robust", "search", "A001", "x")->guard);
}
END_TEST

START_TEST(without_residents_stops_are_not_judged)
{
    struct town t = town(1);

    t.people[0][0].residents = t.people[0][1].residents = 0;
    is_withheld(needed(analysis_of(&t), "robust", "stop", "", "x"), "A005");
    ck_assert_double_eq(needed(analysis_of(&t), "robust", "search", "", "x")->value, 1);
    ck_assert_uint_eq(count_of(analysis_of(&t), "tipping"), 0);
    ck_assert_uint_eq(count_of(analysis_of(&t), "shrunk-ratio"), 0);
    is_withheld(needed(analysis_of(&t), "glm-ratio", "", "", "x"), "A005");
}
END_TEST

START_TEST(one_group_alone_is_compared_with_nobody)
{
    struct town t = town(3);

    for (unsigned i = 0; i < 3; i++)
        t.people[i][1] = (struct people){0, 0, 0, 4000};

    const struct analysis *const x = analysis_of(&t);

    is_withheld(needed(x, "robust", "stop", "", "x"), "A001");
    is_withheld(needed(x, "glm-ratio", "", "", "x"), "A001");
    is_withheld(needed(x, "search-bounds", "0.0", "", "x"), "A005");
    ck_assert_uint_eq(count_of(x, "shrunk-ratio"), 0);
}
END_TEST

/* All of six searches hit: a verdict would say how many there were. */
START_TEST(few_searches_are_not_given_away_by_hits_of_stops)
{
    struct town t = town(2);

    t.people[0][0].searched = t.people[0][0].found = 6;
    is_withheld(needed(analysis_of(&t), "robust", "stop", "A001", "x"), "A001");
    t.people[0][0].searched = t.people[0][0].found = 0; /* zeros are known */
    ck_assert_double_eq(needed(analysis_of(&t), "robust", "stop", "A001", "x")->value, 1);
}
END_TEST

/* Two months, one of which does not know about searches: its stops are not stops without a hit. */
START_TEST(hits_are_held_against_the_stops_of_their_own_months)
{
    struct town t = town(1);
    const struct hybrid_counts both = {1000 / 6.0, 600, 12, 4000 / 6.0, 800, 40};
    const struct hybrid_counts one = {1000, 300, 12, 4000, 400, 40};

    t.months = 2;
    t.without_searches = 1;

    const struct hybrid benchmark = hybrid_test(both, HYBRID_RATE, HYBRID_SCORE, 0.05);
    const struct hybrid outcome = hybrid_test(one, HYBRID_RATE, HYBRID_SCORE, 0.05);
    const struct figure *const f = needed(analysis_of(&t), "robust", "stop", "A001", "x");

    assert_close("p", f->p, fmax(benchmark.benchmark.worse, outcome.outcome.worse), CLOSE);
    ck_assert_ptr_nonnull(strstr(f->note, "months-counted=1/12"));
    ck_assert_double_eq(f->n, 600);
}
END_TEST

START_TEST(an_uncertain_bridge_concludes_less)
{
    struct town t = {.areas = 1, .bridged = true};

    /* 1.33 times as many stops of x; half the residents are x, or a fifth, or four fifths */
    t.people[0][0] = (struct people){800, 200, 20, 1000};
    t.people[0][1] = (struct people){600, 200, 60, 1000};
    ck_assert_double_eq(needed(analysis_of(&t), "robust", "stop", "A001", "x")->value, 0);
    t.bridged = false;
    ck_assert_double_eq(needed(analysis_of(&t), "robust", "stop", "A001", "x")->value, 1);
}
END_TEST

/* ---- places ---------------------------------------------------------------------------------- */

START_TEST(one_place_has_no_others_to_be_looked_at_with)
{
    const struct town t = town(2);
    const struct analysis *const x = analysis_of(&t);

    ck_assert_uint_eq(count_of(x, "funnel"), 0);
    ck_assert_uint_eq(count_of(x, "shrunk-ratio"), 0);
    ck_assert_uint_eq(count_of(x, "local-fdr"), 0);
    is_withheld(needed(x, "glm-ratio", "", "", "x"), "A004");
}
END_TEST

START_TEST(places_that_differ_by_chance_alone_get_the_common_ratio)
{
    const struct town t = town(4);
    const struct figure *const f = needed(analysis_of(&t), "shrunk-ratio", "", "A001", "x");

    assert_close("ratio", f->value, 3, CLOSE);
    ck_assert(isnan(f->lower) && isnan(f->p));
}
END_TEST

START_TEST(a_deviant_place_is_drawn_to_the_others_and_stands_out)
{
    struct town t = town(4);

    for (unsigned i = 0; i < 4; i++)
        t.people[i][0] = (struct people){100 + (int)i, 0, 0, 1000};
    t.people[0][0].stopped = 400;

    const struct analysis *const x = analysis_of(&t);
    const struct figure *const f = needed(x, "shrunk-ratio", "", "A001", "x");

    ck_assert(f->value > 1.25 && f->value < 4 && f->lower < f->value && f->upper > f->value);
    ck_assert(f->p < 1e-6 && f->flagged == 1);
    ck_assert_int_eq(needed(x, "shrunk-ratio", "", "A002", "x")->flagged, 0);
}
END_TEST

START_TEST(a_funnel_marks_the_place_outside_its_limits)
{
    struct town t = town(12);

    t.people[4][1].stopped = 1600;

    const struct analysis *const x = analysis_of(&t);
    const struct figure *const f = needed(x, "funnel", "stop", "A005", "y");

    assert_close("value", f->value, 12 * 400, 1e-9); /* one month of twelve has stops */
    ck_assert(f->flagged == 1 && f->upper < f->value);
    ck_assert_int_eq(needed(x, "funnel", "stop", "A001", "y")->flagged, 0);
    ck_assert_ptr_nonnull(needed(x, "funnel", "hit", "A001", "x"));
    assert_close("search", needed(x, "funnel", "search", "A001", "x")->value, 0.4, CLOSE);
}
END_TEST

/* ---- many comparisons ------------------------------------------------------------------------ */

static void
add_ratio(struct figures *f, const char *method, const char *group, double p)
{
    struct figure *const x = figure_add(f);

    x->measure = "glm-ratio";
    x->method = method;
    x->group = group;
    x->p = p;
}

/* Four p in one family would give 0.04, 0.05, 0.05, 0.05. */
START_TEST(two_models_of_one_ratio_are_a_family_each)
{
    static const double q[] = {0.02, 0.04, 0.05, 0.05};
    struct figures f = {.arena = a};

    add_ratio(&f, "quasipoisson", "x", 0.01);
    add_ratio(&f, "quasipoisson", "y", 0.04);
    add_ratio(&f, "negbin", "x", 0.03);
    add_ratio(&f, "negbin", "y", 0.05);
    measure_adjust(&f, 0);
    for (size_t i = 0; i < 4; i++)
        assert_close("q", f.list[i].q, q[i], 1e-12);
}
END_TEST

START_TEST(the_bulk_is_seen_from_a_hundred_values_on)
{
    struct town t = town(100);

    for (unsigned i = 0; i < 100; i++)
        t.people[i][0].stopped = 100 + (int)(10 * dist_normal_q((i + 0.5) / 100, 0, 1, DIST_LOWER));
    t.people[7][0].stopped = 160;

    const struct analysis *const x = analysis_of(&t);

    ck_assert(needed(x, "local-fdr", "stop", "A008", "x")->value < 0.01);
    ck_assert_int_eq(needed(x, "local-fdr", "stop", "A008", "x")->flagged, 1);
    ck_assert_int_eq(needed(x, "local-fdr", "stop", "A001", "x")->flagged, 0);
    t.areas = 40;
    ck_assert_uint_eq(count_of(analysis_of(&t), "local-fdr"), 0);
}
END_TEST

/* ---- what is not in the data ----------------------------------------------------------------- */

START_TEST(tipping_points_are_those_of_the_counts)
{
    const struct town t = town(3);
    const struct analysis *const x = analysis_of(&t);
    const struct rate_pair pair = {300, 1000, 400, 4000};
    const struct figure *const f = needed(x, "tipping", "stop", "A001", "x");

    assert_close("equal", f->value, tipping_share_equal(pair), CLOSE);
    assert_close("verdict", f->lower, tipping_share_verdict(pair, 0.95), CLOSE);
    assert_close("curve", needed(x, "tipping-curve", "0.5", "", "x")->value,
                 tipping_curve((struct rate_pair){900, 3000, 1200, 12000}, 0.5), CLOSE);
}
END_TEST

START_TEST(a_ratio_that_may_be_1_has_no_tipping_point)
{
    struct town t = town(3);

    t.people[1][0].stopped = 102; /* of 1,000, beside 400 of 4,000 */

    const struct analysis *const x = analysis_of(&t);

    ck_assert_ptr_null(find(x, "tipping", "stop", "A002", "x"));
    ck_assert_ptr_nonnull(find(x, "tipping", "stop", "A003", "x"));
    ck_assert_ptr_nonnull(find(x, "tipping", "stop", "", "x"));
}
END_TEST

START_TEST(an_e_value_of_common_outcomes_takes_the_root_of_the_odds)
{
    struct town t = town(3);
    const struct analysis *const common = analysis_of(&t); /* 29% is searched */

    for (unsigned i = 0; i < 3; i++) {
        t.people[i][0].searched = 60;
        t.people[i][1].searched = 40;
    }

    const struct analysis *const rare = analysis_of(&t); /* 14% */
    const struct figure *const odds = needed(common, "pooled-search-odds-ratio", "", "", "x");
    const struct figure *const few = needed(rare, "pooled-search-odds-ratio", "", "", "x");
    const struct e_value root =
        bounds_e_value((struct estimate){sqrt(odds->value), sqrt(odds->lower), sqrt(odds->upper)});
    const struct e_value plain =
        bounds_e_value((struct estimate){few->value, few->lower, few->upper});

    assert_close("root", needed(common, "e-value", "search", "", "x")->value, root.value, CLOSE);
    assert_close("limit", needed(common, "e-value", "search", "", "x")->lower, root.limit, CLOSE);
    assert_close("plain", needed(rare, "e-value", "search", "", "x")->value, plain.value, CLOSE);
}
END_TEST

START_TEST(bounds_have_no_value_and_widen_with_rho)
{
    const struct town t = town(2);
    const struct analysis *const x = analysis_of(&t);
    const struct figure *const none = needed(x, "search-bounds", "0.0", "", "x");
    const struct figure *const half = needed(x, "search-bounds", "0.5", "", "x");

    ck_assert(isnan(none->value) && isnan(half->value) && !none->guard);
    assert_close("difference", none->lower, 0.4 - 0.2, CLOSE);
    assert_close("difference", none->upper, 0.4 - 0.2, CLOSE);
    ck_assert(half->upper - half->lower > 0.1);
    ck_assert_ptr_null(find(x, "search-bounds", "0.0", "A001", "x"));
}
END_TEST

/* ---- what is withheld is not in them --------------------------------------------------------- */

static bool
is_ours(const struct figure *f)
{
    static const char *const measures[] = {"robust", "tipping",       "tipping-curve",
                                           "funnel", "shrunk-ratio",  "glm-ratio",
                                           "robust", "search-bounds", "local-fdr"};

    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (strcmp(f->measure, measures[i]) == 0 && strcmp(f->method, "pooled") != 0)
            return true;
    return false;
}

/* All our figures as text, to the last bit. */
static const char *
ours(const struct analysis *x)
{
    struct strbuf *const b = strbuf_new(a, 1 << 24);

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (is_ours(f))
            strbuf_printf(b, "%s %s %s %s %s %a %a %a %a %a\n", f->measure, f->window, f->term,
                          f->place, f->group, f->value, f->lower, f->upper, f->n, f->events);
    }
    return b->data;
}

/* Two areas with few stops of x trade them; no other number that is shown changes. */
START_TEST(withheld_counts_may_trade_places_and_nothing_changes)
{
    struct town t = town(8);

    for (unsigned i = 0; i < 8; i++)
        t.people[i][0] = (struct people){60 + 20 * (int)i, 30, 5 + (int)i, 1000};
    t.people[2][0] = (struct people){6, 3, 1, 1000};
    t.people[5][0] = (struct people){8, 3, 1, 1000};
    t.people[2][1] = (struct people){404, 80, 40, 4000};
    t.people[5][1] = (struct people){402, 80, 40, 4000};

    const char *const before = ours(analysis_of(&t));

    t.people[2][0].stopped = 8;
    t.people[5][0].stopped = 6;
    t.people[2][1].stopped = 402;
    t.people[5][1].stopped = 404;
    ck_assert_ptr_nonnull(strstr(before, "shrunk-ratio 12-months  A001 x"));
    ck_assert_ptr_null(strstr(before, "shrunk-ratio 12-months  A003 x"));
    ck_assert_str_eq(before, ours(analysis_of(&t)));
}
END_TEST

Suite *
closed_forms_suite(void)
{
    Suite *const s = suite_create("closed_forms");
    TCase *const t = tcase_create("closed_forms");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, both_decisions_are_tested_with_their_own_hits);
    tcase_add_test(t, tests_that_disagree_conclude_nothing);
    tcase_add_test(t, few_expected_hits_are_tested_exactly);
    tcase_add_test(t, without_any_hit_there_is_no_verdict);
    tcase_add_test(t, without_searches_nothing_is_said_of_searching);
    tcase_add_test(t, under_fifty_searches_are_not_compared);
    tcase_add_test(t, without_residents_stops_are_not_judged);
    tcase_add_test(t, one_group_alone_is_compared_with_nobody);
    tcase_add_test(t, few_searches_are_not_given_away_by_hits_of_stops);
    tcase_add_test(t, hits_are_held_against_the_stops_of_their_own_months);
    tcase_add_test(t, an_uncertain_bridge_concludes_less);
    tcase_add_test(t, one_place_has_no_others_to_be_looked_at_with);
    tcase_add_test(t, places_that_differ_by_chance_alone_get_the_common_ratio);
    tcase_add_test(t, a_deviant_place_is_drawn_to_the_others_and_stands_out);
    tcase_add_test(t, a_funnel_marks_the_place_outside_its_limits);
    tcase_add_test(t, two_models_of_one_ratio_are_a_family_each);
    tcase_add_test(t, the_bulk_is_seen_from_a_hundred_values_on);
    tcase_add_test(t, tipping_points_are_those_of_the_counts);
    tcase_add_test(t, a_ratio_that_may_be_1_has_no_tipping_point);
    tcase_add_test(t, an_e_value_of_common_outcomes_takes_the_root_of_the_odds);
    tcase_add_test(t, bounds_have_no_value_and_widen_with_rho);
    tcase_add_test(t, withheld_counts_may_trade_places_and_nothing_changes);
    suite_add_tcase(s, t);
    return s;
}
