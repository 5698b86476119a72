/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Evidence, doubts and the course of signals from hand-made figures; what is missing is never taken
 * for "no". The rules of grades are the business of signal_rules.c.
 */
#include "analyzer/measure/signal.h"
#include "analyzer/report/signals.h"
#include "common/json.h"
#include "tests/lib/fixture.h"
#include "tests/lib/signal_city.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Suite *signal_suite(void);

static struct earlier_signal earlier[8];

static struct inputs in;
static struct analysis analysis;

static void
a_city(double perceived)
{
    signal_city(a, perceived, &in);
    in.earlier = earlier;
    analysis = (struct analysis){.in = &in, .figures = {.arena = a}};
    analysis.cube = cube_new(a, &in);
}

static void
setup(void)
{
    open_arena();
    a_city(1);
}

static struct figure *
figure(const char *measure, const char *term, const char *place)
{
    return signal_figure(&analysis.figures, measure, term, place);
}

static void
judge(void)
{
    analysis.signals = signals_of(a, analysis.cube, &analysis.figures);
}

/* Of group x in a place; NULL when there is none. */
static const struct signal *
found(const char *place, enum signal_kind kind)
{
    for (size_t i = 0; i < analysis.signals.count; i++) {
        const struct signal *const s = &analysis.signals.list[i];

        if (s->kind == kind && strcmp(s->place, place) == 0 && strcmp(s->group, "x") == 0)
            return s;
    }
    return NULL;
}

static char
grade_of(const char *place, enum signal_kind kind)
{
    judge();
    return found(place, kind) ? found(place, kind)->grade : '-';
}

static void
searches(const char *place, double persons)
{
    signal_searches(&analysis.figures, place, persons);
}

/* Three figures are there that place a coverage of 0.9 beside a tipping share of 0.11. */
static void
coverage(double registered)
{
    struct figure *const f = figure("coverage", "stops 2026-10", "");

    f->perspective = f->group = "";
    f->benchmark = "dispatch";
    f->window = "month";
    f->events = 1000 * registered;
    f->exposure = 1000;
    f->value = registered;
}

static void
search_rate(const char *place, double value)
{
    figure("search-rate", "", place)->value = value;
}

/* ---- evidence -------------------------------------------------------------------------------- */

static struct subject
subject_of(const char *place, enum signal_kind kind)
{
    return (struct subject){.figures = figure_index_new(a, &analysis.figures, "after_contact"),
                            .in = &in,
                            .kind = kind,
                            .window = "12-months",
                            .level_of_place = *place ? "area" : "city",
                            .place = place,
                            .group = "x",
                            .district = "",
                            .coverage = NAN};
}

static enum holds
holds(const char *place, enum signal_kind kind, enum evidence_id id)
{
    const struct subject s = subject_of(place, kind);

    return evidence_of(&s, id).holds;
}

START_TEST(what_has_no_figure_is_unknown_and_not_false)
{
    for (unsigned k = 0; k < KINDS; k++)
        for (unsigned e = 0; e < EVIDENCES; e++) {
            const struct subject s = subject_of("A1", (enum signal_kind)k);
            const struct evidence got = evidence_of(&s, (enum evidence_id)e);

            ck_assert_msg(got.holds == HOLDS_UNKNOWN && got.why, "%s %s", kind_codes[k],
                          evidence_codes[e]);
        }
}
END_TEST

START_TEST(a_withheld_figure_is_unknown_and_named)
{
    struct figure *const f = figure("robust", "search", "A1");

    f->value = NAN;
    f->guard = "A001";

    const struct subject s = subject_of("A1", KIND_SEARCH);
    const struct evidence e = evidence_of(&s, EVIDENCE_ROBUST);

    ck_assert_int_eq(e.holds, HOLDS_UNKNOWN);
    ck_assert_str_eq(e.why, "withheld");
    ck_assert_uint_eq(e.count, 1);
    ck_assert_ptr_eq(e.on[0], f);
}
END_TEST

START_TEST(two_benchmarks_of_one_source_are_one)
{
    signal_numbers(figure("rate-ratio", "", "A1"), 1.6, 1e-6, 1e-5)->benchmark = "low-discretion";
    signal_numbers(figure("rate-ratio", "", "A1"), 1.6, 1e-6, 1e-5)->benchmark = "previous-year";
    ck_assert_int_eq(holds("A1", KIND_STOP_RATE, EVIDENCE_BENCHMARK), HOLDS_NO);
    ck_assert_int_eq(holds("A1", KIND_STOP_RATE, EVIDENCE_ONE), HOLDS_YES);
    signal_numbers(figure("rate-ratio", "", "A1"), 1.24, 1e-6, 1e-5)->benchmark = "residents";
    ck_assert_int_eq(holds("A1", KIND_STOP_RATE, EVIDENCE_BENCHMARK), HOLDS_NO);
    signal_numbers(figure("rate-ratio", "", "A1"), 1.25, 1e-6, 0.04)->benchmark = "visitors";

    const struct subject s = subject_of("A1", KIND_STOP_RATE);
    const struct evidence e = evidence_of(&s, EVIDENCE_BENCHMARK);

    ck_assert_int_eq(e.holds, HOLDS_YES);
    ck_assert(e.q == 0.04); /* of the weaker one */
    ck_assert(evidence_of(&s, EVIDENCE_ONE).q == 1e-5);
}
END_TEST

START_TEST(named_benchmarks_of_one_family_are_one)
{
    static struct benchmark named[] = {{.name = "suspects", .family = "police"},
                                       {.name = "reports", .family = "police"}};

    in.benchmarks = named;
    in.benchmark_count = 2;
    signal_numbers(figure("rate-ratio", "", "A1"), 1.6, 1e-6, 1e-5)->benchmark = "suspects";
    signal_numbers(figure("rate-ratio", "", "A1"), 1.6, 1e-6, 1e-5)->benchmark = "reports";
    ck_assert_int_eq(holds("A1", KIND_STOP_RATE, EVIDENCE_BENCHMARK), HOLDS_NO);
}
END_TEST

START_TEST(direction_counts_for_like_with_like)
{
    signal_numbers(figure("alike", "search", "A1"), -5, 1e-6, 1e-5);
    signal_numbers(figure("alike", "outcome", "A1"), -5, 1e-6, 1e-5);
    ck_assert_int_eq(holds("A1", KIND_SEARCH, EVIDENCE_ALIKE), HOLDS_NO);
    ck_assert_int_eq(holds("A1", KIND_OUTCOME, EVIDENCE_ALIKE), HOLDS_YES);
}
END_TEST

START_TEST(the_whole_city_must_agree_with_its_places)
{
    signal_numbers(figure("robust", "search", ""), 1, 1e-5, 1e-4);
    ck_assert_int_eq(holds("", KIND_SEARCH, EVIDENCE_ROBUST), HOLDS_YES);
    signal_numbers(figure("pooled-search-odds-ratio", "", ""), 1.3, 1e-5, 1e-4);
    signal_numbers(figure("pooled-hit-odds-ratio-strict", "", ""), 0.7, 0.02, 0.03);
    ck_assert_int_eq(holds("", KIND_SEARCH, EVIDENCE_ROBUST), HOLDS_YES);
    analysis.figures.list[2].value = 1.1;
    ck_assert_int_eq(holds("", KIND_SEARCH, EVIDENCE_ROBUST), HOLDS_NO);
}
END_TEST

START_TEST(the_veil_is_read_in_the_district_and_else_in_the_city)
{
    struct subject s = subject_of("A1", KIND_STOP_RATE);

    signal_numbers(figure("veil", "light", ""), -0.3, 0.01, 0.02);
    s.figures = figure_index_new(a, &analysis.figures, "after_contact");
    s.district = "D1";
    ck_assert_int_eq(evidence_of(&s, EVIDENCE_VEIL).holds, HOLDS_YES);
    signal_numbers(figure("veil", "light", "D1"), 0.1, 0.5, 0.6)->level_of_place = "district";
    s.figures = figure_index_new(a, &analysis.figures, "after_contact");
    ck_assert_int_eq(evidence_of(&s, EVIDENCE_VEIL).holds, HOLDS_NO);
}
END_TEST

START_TEST(two_usable_months_say_nothing_of_persistence)
{
    struct figure *const f = figure("persistent", "search", "A1");

    f->value = f->n = 2;
    ck_assert_int_eq(holds("A1", KIND_SEARCH, EVIDENCE_PERSISTENT), HOLDS_UNKNOWN);
    f->n = 3;
    ck_assert_int_eq(holds("A1", KIND_SEARCH, EVIDENCE_PERSISTENT), HOLDS_NO);
    f->value = 3;
    ck_assert_int_eq(holds("A1", KIND_SEARCH, EVIDENCE_PERSISTENT), HOLDS_YES);
    f->value = 1;

    struct figure *const alarm = figure("cusum", "search", "A1");

    alarm->flagged = 1;
    ck_assert_int_eq(holds("A1", KIND_SEARCH, EVIDENCE_PERSISTENT), HOLDS_YES);
}
END_TEST

START_TEST(a_gap_of_under_five_points_is_no_practice_gap)
{
    struct figure *const f = signal_numbers(figure("index-gap", "bodycam", "A1"), -4.9, 1e-9, 1e-8);

    ck_assert_int_eq(holds("A1", KIND_BODYCAM, EVIDENCE_GAP), HOLDS_NO);
    f->value = -5;
    ck_assert_int_eq(holds("A1", KIND_BODYCAM, EVIDENCE_GAP), HOLDS_YES);
    f->value = 5;
    ck_assert_int_eq(holds("A1", KIND_BODYCAM, EVIDENCE_GAP), HOLDS_NO);
}
END_TEST

START_TEST(the_tipping_point_is_held_against_coverage)
{
    struct subject s;

    /* 1,000 of the group at 20% beside 5,000 at 12%: 667 stops without a search, a tenth of all. */
    searches("A1", 1000);
    search_rate("A1", 0.20);
    s = subject_of("A1", KIND_SEARCH);
    ck_assert_str_eq(evidence_of(&s, EVIDENCE_TIPPING).why, "no-coverage");
    ck_assert(fabs(evidence_of(&s, EVIDENCE_TIPPING).share - 0.1) < 1e-12);
    s.coverage = 0.91;
    ck_assert_int_eq(evidence_of(&s, EVIDENCE_TIPPING).holds, HOLDS_YES);
    s.coverage = 0.89;
    ck_assert_int_eq(evidence_of(&s, EVIDENCE_TIPPING).holds, HOLDS_NO);
}
END_TEST

/* ---- doubts ---------------------------------------------------------------------------------- */

START_TEST(without_doubts_a_grade_stands)
{
    searches("A1", 1000);
    search_rate("A1", 0.30);
    signal_numbers(figure("alike", "search", "A1"), 6, 1e-6, 1e-5);
    coverage(0.97);
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'A');
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 1);
    ck_assert_ptr_null(found("A2", KIND_SEARCH));
}
END_TEST

START_TEST(without_known_coverage_there_is_no_grade_a)
{
    searches("A1", 1000);
    search_rate("A1", 0.30);
    signal_numbers(figure("alike", "search", "A1"), 6, 1e-6, 1e-5);
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'B');
}
END_TEST

START_TEST(coverage_under_80_takes_a_step_off)
{
    searches("A1", 1000);
    coverage(0.79);
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'C');
    ck_assert(found("A1", KIND_SEARCH)->doubts[DOUBT_COVERAGE]);
    ck_assert_int_eq(found("A1", KIND_SEARCH)->before, 'B');
}
END_TEST

START_TEST(fewer_than_30_events_take_a_step_off)
{
    searches("A1", 1000);
    analysis.figures.list[0].events = 29;
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'C');
    ck_assert(found("A1", KIND_SEARCH)->doubts[DOUBT_EVENTS]);
}
END_TEST

START_TEST(a_group_seldom_recorded_takes_a_step_off)
{
    a_city(0.79);
    searches("A1", 1000);
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'C');
    ck_assert(found("A1", KIND_SEARCH)->doubts[DOUBT_PERCEIVED]);
}
END_TEST

START_TEST(an_interval_that_crosses_1_takes_a_step_off)
{
    struct figure *const f = signal_numbers(figure("rate-ratio", "", "A1"), 1.5, 0.01, 0.02);

    f->benchmark = "residents";
    signal_numbers(figure("robust", "stop", "A1"), 1, 1e-5, 1e-4);
    signal_numbers(figure("persistent", "stop", "A1"), 4, NAN, NAN)->n = 4;
    ck_assert_int_eq(grade_of("A1", KIND_STOP_RATE), 'B');
    analysis.figures.list[0].lower = 0.99;
    ck_assert_int_eq(grade_of("A1", KIND_STOP_RATE), 'C');
    ck_assert(found("A1", KIND_STOP_RATE)->doubts[DOUBT_BRIDGE]);
}
END_TEST

START_TEST(doubts_end_at_the_watch_list_and_take_one_off_it)
{
    a_city(0.5);
    searches("A1", 1000);
    analysis.figures.list[0].events = 5;
    coverage(0.5);
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), 'D');
    analysis.figures.list[2].value = 1; /* no longer persistent: D before doubts */
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), '-');
}
END_TEST

START_TEST(there_is_no_grade_without_a_number_that_may_be_shown)
{
    searches("A1", 1000);
    analysis.figures.list[0].n = NAN;
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), '-');
    analysis.figures.list[0].n = 1000;
    analysis.figures.list[0].value = NAN;
    analysis.figures.list[0].guard = "A001";
    ck_assert_int_eq(grade_of("A1", KIND_SEARCH), '-');
}
END_TEST

/* ---- from month to month --------------------------------------------------------------------- */

static void
was(const char *place, enum signal_kind kind, const char *grade)
{
    searches(place, 1000);
    judge();
    earlier[in.earlier_count++] =
        (struct earlier_signal){.id = arena_printf(a, "%s", found(place, kind)->id),
                                .kind = kind_codes[kind],
                                .level_of_place = "area",
                                .place = place,
                                .perspective = "after_contact",
                                .group = "x",
                                .grade = grade,
                                .since = "2026-07"};
    judge();
}

START_TEST(a_signal_opens_rises_falls_and_stays)
{
    static const struct {
        const char *was;
        enum signal_status status;
    } cases[] = {{"C", SIGNAL_RISEN}, {"A", SIGNAL_FALLEN}, {"B", SIGNAL_SAME}};

    searches("A2", 10);
    judge();
    ck_assert_int_eq(found("A2", KIND_SEARCH)->status, SIGNAL_OPENED);
    ck_assert_str_eq(found("A2", KIND_SEARCH)->since, "2026-10");
    was("A1", KIND_SEARCH, cases[_i].was);
    ck_assert_int_eq(found("A1", KIND_SEARCH)->status, cases[_i].status);
    ck_assert_str_eq(found("A1", KIND_SEARCH)->since, "2026-07");
    ck_assert_int_eq(found("A1", KIND_SEARCH)->was, cases[_i].was[0]);
}
END_TEST

START_TEST(what_no_longer_holds_is_closed)
{
    was("A1", KIND_SEARCH, "B");
    analysis.figures.list[1].value = 0; /* the robust test concludes nothing */
    judge();
    ck_assert_int_eq(found("A1", KIND_SEARCH)->status, SIGNAL_CLOSED);
    ck_assert_int_eq(found("A1", KIND_SEARCH)->grade, 0);
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 0);
}
END_TEST

START_TEST(what_cannot_be_measured_stays_open)
{
    was("A1", KIND_SEARCH, "B");
    analysis.figures.count = 0;
    judge();
    ck_assert_int_eq(found("A1", KIND_SEARCH)->status, SIGNAL_NOT_MEASURED);
    ck_assert_int_eq(found("A1", KIND_SEARCH)->grade, 'B');
    ck_assert_uint_eq(found("A1", KIND_SEARCH)->brief, 0);
}
END_TEST

START_TEST(a_place_that_is_gone_does_not_close_its_signal)
{
    earlier[in.earlier_count++] = (struct earlier_signal){
        "0123456789ab", "search", "area", "A99", "after_contact", "x", "C", "2026-01"};
    judge();
    ck_assert_uint_eq(analysis.signals.count, 1);
    ck_assert_int_eq(analysis.signals.list[0].status, SIGNAL_NOT_MEASURED);
    ck_assert_str_eq(analysis.signals.list[0].place, "A99");
}
END_TEST

/* A sampled threshold of a wijk with few searches is nearly the city's. */
START_TEST(a_threshold_speaks_for_the_city_and_not_for_a_place)
{
    signal_numbers(figure("threshold-difference", "", ""), -0.1, 1e-5, 1e-4);
    signal_numbers(figure("threshold-difference", "", "A1"), -0.1, 1e-5, 1e-4);
    ck_assert_int_eq(holds("", KIND_OUTCOME, EVIDENCE_OUTCOME), HOLDS_YES);
    ck_assert_int_eq(holds("A1", KIND_OUTCOME, EVIDENCE_OUTCOME), HOLDS_UNKNOWN);
    signal_numbers(figure("hit-difference-strict", "", "A1"), -0.01, 0.6, 0.8);
    ck_assert_int_eq(holds("A1", KIND_OUTCOME, EVIDENCE_OUTCOME), HOLDS_NO);
    signal_numbers(figure("hit-difference-strict", "", "A2"), -0.1, 1e-5, 1e-4);
    ck_assert_int_eq(holds("A2", KIND_OUTCOME, EVIDENCE_OUTCOME), HOLDS_YES);
}
END_TEST

START_TEST(names_differ_by_everything_that_makes_a_signal)
{
    searches("A1", 1000);
    searches("A2", 1000);
    signal_numbers(figure("hit-difference-strict", "", "A1"), -0.1, 1e-5, 1e-4);
    signal_numbers(figure("persistent", "outcome", "A1"), 4, NAN, NAN)->n = 4;
    judge();
    ck_assert_uint_eq(analysis.signals.count, 3);

    const char *const id = arena_printf(a, "%s", found("A1", KIND_SEARCH)->id);

    ck_assert_str_ne(id, found("A2", KIND_SEARCH)->id);
    ck_assert_str_ne(id, found("A1", KIND_OUTCOME)->id);
    in.choices.month.month = 11;
    judge();
    ck_assert_str_eq(id, found("A1", KIND_SEARCH)->id);
    in.choices.area_set = "elsewhere";
    judge();
    ck_assert_str_ne(id, found("A1", KIND_SEARCH)->id);
}
END_TEST

/* ---- in words -------------------------------------------------------------------------------- */

START_TEST(a_signal_says_what_it_is_and_what_it_is_not)
{
    const json_t *list, *s;

    searches("A1", 1234);
    judge();
    list = json_own(a, signals_json(&analysis, a));
    s = json_array_get(list, 0);
    ck_assert_str_eq(
        json_string_value(json_object_get(json_object_get(s, "en"), "headline")),
        "One: people perceived after contact as 'ex' were searched more often than all others by "
        "8.0 percentage points over twelve months (interval 7.2 to 8.8; 1,234 stops of them).");
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_object_get(json_object_get(s, "nl"), "not")),
               "geen bewijs van discriminatie"));
    ck_assert_int_eq(json_integer_value(json_object_get(s, "figure")), 1);
}
END_TEST

START_TEST(unknown_evidence_is_null_with_its_reason)
{
    size_t i;
    json_t *e;
    unsigned unknown = 0;

    searches("A1", 1000);
    judge();

    const json_t *const list = json_own(a, signals_json(&analysis, a));

    json_array_foreach(json_object_get(json_array_get(list, 0), "evidence"), i, e)
    {
        const bool null = json_is_null(json_object_get(e, "holds"));

        ck_assert(null == (json_object_get(e, "why") != NULL));
        unknown += null;
    }
    ck_assert_uint_eq(unknown, EVIDENCES - 2); /* E3 and E6 are known */
}
END_TEST

Suite *
signal_suite(void)
{
    Suite *const s = suite_create("signal");
    TCase *const t = tcase_create("signal");

    tcase_add_checked_fixture(t, setup, close_arena);
    tcase_add_test(t, what_has_no_figure_is_unknown_and_not_false);
    tcase_add_test(t, a_withheld_figure_is_unknown_and_named);
    tcase_add_test(t, two_benchmarks_of_one_source_are_one);
    tcase_add_test(t, named_benchmarks_of_one_family_are_one);
    tcase_add_test(t, direction_counts_for_like_with_like);
    tcase_add_test(t, the_whole_city_must_agree_with_its_places);
    tcase_add_test(t, the_veil_is_read_in_the_district_and_else_in_the_city);
    tcase_add_test(t, two_usable_months_say_nothing_of_persistence);
    tcase_add_test(t, a_gap_of_under_five_points_is_no_practice_gap);
    tcase_add_test(t, the_tipping_point_is_held_against_coverage);
    tcase_add_test(t, without_doubts_a_grade_stands);
    tcase_add_test(t, without_known_coverage_there_is_no_grade_a);
    tcase_add_test(t, coverage_under_80_takes_a_step_off);
    tcase_add_test(t, fewer_than_30_events_take_a_step_off);
    tcase_add_test(t, a_group_seldom_recorded_takes_a_step_off);
    tcase_add_test(t, an_interval_that_crosses_1_takes_a_step_off);
    tcase_add_test(t, doubts_end_at_the_watch_list_and_take_one_off_it);
    tcase_add_test(t, there_is_no_grade_without_a_number_that_may_be_shown);
    tcase_add_loop_test(t, a_signal_opens_rises_falls_and_stays, 0, 3);
    tcase_add_test(t, what_no_longer_holds_is_closed);
    tcase_add_test(t, what_cannot_be_measured_stays_open);
    tcase_add_test(t, a_place_that_is_gone_does_not_close_its_signal);
    tcase_add_test(t, a_threshold_speaks_for_the_city_and_not_for_a_place);
    tcase_add_test(t, names_differ_by_everything_that_makes_a_signal);
    tcase_add_test(t, a_signal_says_what_it_is_and_what_it_is_not);
    tcase_add_test(t, unknown_evidence_is_null_with_its_reason);
    suite_add_tcase(s, t);
    return s;
}
