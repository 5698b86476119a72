/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * "In short" from hand-made figures: what is said when something stands out, when nothing does, and
 * when nothing could be compared.
 */
#include "analyzer/report/sentences.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *sentences_suite(void);

enum { NOW = CELLS_MONTHS - 1 };

static struct label labels[] = {
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
};
static struct place places[] = {{"C", "City", "city", NULL}, {"A1", "One", "area", "C"}};

static struct inputs in;
static struct cells *cells;
static struct analysis analysis;

/* 1,500 persons in each of the last months; the given share of them has a known search. */
static void
some_months(unsigned months, double search_known)
{
    open_arena();
    cells = cells_new(a, 2026 * 12 + 9);
    for (unsigned m = NOW - months + 1; m <= NOW; m++) {
        struct cell *const x = cells_add(cells);

        x->month = (uint16_t)m;
        x->area = (uint16_t)names_add(cells->areas, "A1");
        x->unit = (uint16_t)names_add(cells->units, "u");
        x->group = (uint16_t)names_add(cells->groups, "");
        x->sum[SUM_persons] = 1500;
        x->sum[SUM_search_known] = (int)(1500 * search_known);
    }
    cells_settle(cells);
    in = (struct inputs){
        .choices = {.month = {2026, 10},
                    .area_set = "made-up",
                    .group_list = "groups",
                    .bridge_version = "",
                    .reference = "others",
                    .draws = 1,
                    .level = 0.95},
        .cells = cells,
        .city_name = "Made Up",
        .municipality = "",
        .places = places,
        .place_count = 2,
        .labels = labels,
        .label_count = 2,
    };
    analysis = (struct analysis){.in = &in, .figures = {.arena = a}};
    analysis.cube = cube_new(a, &in);
}

static void
a_year(double search_known)
{
    some_months(12, search_known);
}

static void
setup(void)
{
    a_year(1);
}

static struct figure *
figure(const char *measure, const char *group, const char *benchmark)
{
    struct figure *const f = figure_add(&analysis.figures);

    f->measure = measure;
    f->window = "12-months";
    f->perspective = "after_contact";
    f->group = group;
    f->reference = in.choices.reference;
    f->benchmark = benchmark;
    f->n = 100;
    return f;
}

static struct figure *
found(const char *measure, const char *benchmark, double value, double lower, double upper,
      int flagged)
{
    struct figure *const f = figure(measure, "x", benchmark);

    f->value = value;
    f->lower = lower;
    f->upper = upper;
    f->flagged = flagged;
    return f;
}

/* All sentences, a line each. */
static const char *
said(enum language l)
{
    struct strbuf *const b = strbuf_new(a, 65536);
    json_t *const list = sentences_json(&analysis, exposures_new(a, analysis.cube), a, l);
    size_t i;
    json_t *s;

    json_array_foreach(list, i, s)
    {
        strbuf_printf(b, "%s\n", json_string_value(s));
    }
    json_decref(list);
    return b->data;
}

static void
says(enum language l, const char *sentence)
{
    ck_assert_msg(strstr(said(l), sentence) != NULL, "'%s' is not in: %s", sentence, said(l));
}

static void
is_silent_about(enum language l, const char *words)
{
    ck_assert_msg(strstr(said(l), words) == NULL, "'%s' is in: %s", words, said(l));
}

START_TEST(how_many_were_stopped_comes_first)
{
    const char *const first = "In October 2026 people were stopped 1,500 times. In twelve months "
                              "this was 18,000 times.\n";

    ck_assert(strncmp(said(LANGUAGE_EN), first, strlen(first)) == 0);
}
END_TEST

START_TEST(the_furthest_ratio_that_stands_is_named_with_its_people)
{
    found("pooled-rate-ratio", "residents", 9, 0.8, 20, 0);
    found("pooled-rate-ratio", "residents", 1.5, 1.3, 1.8, 1);
    found("pooled-rate-ratio", "residents", 1.9, 1.2, 2.9, 1);
    says(LANGUAGE_EN, "People perceived after contact as 'ex' were stopped 1.50 times as often as "
                      "all others in the same place over twelve months, per resident (interval "
                      "1.30 to 1.80).");
    is_silent_about(LANGUAGE_EN, "1.90");
    is_silent_about(LANGUAGE_EN, "9.00");
}
END_TEST

START_TEST(a_withheld_pooled_ratio_gives_way_to_the_city)
{
    figure("pooled-rate-ratio", "x", "residents")->guard = "A004";
    found("rate-ratio", "residents", 1.5, 1.3, 1.8, 1);
    says(LANGUAGE_EN, "1.50 times as often as all others over twelve months, per resident of the "
                      "whole city (interval 1.30 to 1.80). This is not compared place by place.");
    is_silent_about(LANGUAGE_EN, "in the same place");
    says(LANGUAGE_NL, "per bewoner van de hele stad");
}
END_TEST

START_TEST(a_pooled_ratio_is_not_replaced_by_the_city)
{
    found("pooled-rate-ratio", "residents", 1.1, 0.9, 1.3, 0);
    found("rate-ratio", "residents", 1.5, 1.3, 1.8, 1);
    is_silent_about(LANGUAGE_EN, "1.50 times");
    says(LANGUAGE_EN, "do not show that any group was stopped more often");
}
END_TEST

START_TEST(nothing_found_says_what_could_have_been_seen)
{
    found("pooled-rate-ratio", "residents", 1.1, 0.9, 1.3, 0);
    found("rate-ratio", "residents", 1.1, 0.9, 1.3, 0)->detectable = 1.25;
    found("rate-ratio", "residents", 0.9, 0.7, 1.3, 0)->detectable = 1 / 1.6;
    says(LANGUAGE_EN, "These numbers do not show that any group was stopped more often per "
                      "resident than all others over twelve months. A disparity would have been "
                      "seen from 1.25 times as often for one group to 1.60 times as often for "
                      "another.");
    is_silent_about(LANGUAGE_EN, "Whether a group was stopped");
}
END_TEST

START_TEST(searches_without_a_finding_say_so_with_their_limit_in_points)
{
    found("pooled-search-odds-ratio", "", 1.1, 0.9, 1.3, 0);
    found("search-difference", "", 0.01, -0.01, 0.03, 0)->detectable = -0.034;
    says(LANGUAGE_EN, "These numbers do not show that any group was searched more or less often "
                      "than all others. A disparity would have been seen from 3.4 percentage "
                      "points.");
}
END_TEST

START_TEST(not_compared_says_why)
{
    figure("pooled-rate-ratio", "x", "residents")->guard = "A005";
    figure("rate-ratio", "x", "residents")->guard = "A005";
    figure("pooled-hit-odds-ratio-strict", "x", "")->guard = "A002";
    says(LANGUAGE_EN, "Whether a group was stopped more often per resident than all others cannot "
                      "be said (number of residents not known).");
    says(LANGUAGE_EN, "cannot be said (fewer than 50 searches)");
    says(LANGUAGE_NL, "is niet te bepalen (aantal bewoners niet bekend)");
    is_silent_about(LANGUAGE_EN, "stopped more often per resident than all others over");
}
END_TEST

START_TEST(without_groups_that_is_the_reason)
{
    says(LANGUAGE_EN, "cannot be said (no group was registered)");
}
END_TEST

START_TEST(a_named_reference_is_named)
{
    in.choices.reference = "y";
    found("pooled-rate-ratio", "residents", 1.1, 0.9, 1.3, 0);
    says(LANGUAGE_EN, "stopped more often per resident than 'why' over twelve months");
    says(LANGUAGE_NL, "per bewoner vaker is gecontroleerd dan 'ei'");
}
END_TEST

START_TEST(searches_and_hits_of_the_same_people_are_one_sentence_further)
{
    found("pooled-search-odds-ratio", "", 2, 1.8, 2.2, 1);
    found("pooled-hit-odds-ratio-strict", "", 0.5, 0.4, 0.6, 1);
    says(LANGUAGE_EN, "were searched more often than all others (odds ratio 2.00, interval 1.80 to "
                      "2.20). Searches of them found something illegal that fits the reason less "
                      "often than searches of all others (odds ratio 0.50");
    says(LANGUAGE_EN, "Fewer hits may point to a lower threshold");
}
END_TEST

START_TEST(a_gap_below_is_less_often_with_its_limits_in_order)
{
    found("index-gap-explanation", "", -18, -19.2, -16.7, 1);
    says(LANGUAGE_EN, "less often than all others told the reason unprompted");
    says(LANGUAGE_EN, "a gap of 18.0 points on a scale of 0 to 100 (interval 16.7 to 19.2)");
}
END_TEST

START_TEST(what_no_record_has_is_not_filled_in)
{
    close_arena();
    a_year(0);
    figure("pooled-search-odds-ratio", "x", "")->guard = "A003";
    says(LANGUAGE_EN, "searched more often than all others cannot be said (not filled in these "
                      "months)");
    says(LANGUAGE_EN, "not filled in these months: discretion, search");
    is_silent_about(LANGUAGE_EN, "hardly filled in: search");
}
END_TEST

START_TEST(what_a_few_records_have_is_hardly_filled_in)
{
    close_arena();
    a_year(0.2);
    figure("pooled-search-odds-ratio", "x", "")->guard = "A003";
    says(LANGUAGE_EN, "searched more often than all others cannot be said (hardly filled in)");
    says(LANGUAGE_EN, "hardly filled in: search");
}
END_TEST

START_TEST(months_without_stops_are_not_counted_as_twelve)
{
    close_arena();
    some_months(7, 1);
    says(LANGUAGE_EN, "In the 7 of the twelve months that count this was 10,500 times.");
    says(LANGUAGE_NL, "In de 7 van de twaalf maanden die meetellen, was dat 10.500 keer.");
    says(LANGUAGE_EN, "in 5 of 12 months no stops were registered: November 2025 to March 2026");
    is_silent_about(LANGUAGE_EN, "hardly filled in: stops");
    is_silent_about(LANGUAGE_EN, "In twelve months");
}
END_TEST

START_TEST(a_share_not_perceived_is_that_of_the_perspective_spoken_of)
{
    figure("share-not-perceived", "", "")->value = 0.2;
    figure("share-not-perceived", "", "")->value = 0.6;
    analysis.figures.list[1].perspective = "before_contact";
    says(LANGUAGE_EN, "before contact no group was perceived in 60.0% of the stops");
    is_silent_about(LANGUAGE_EN, "20.0%");
    analysis.figures.list[1].perspective = "self";
    says(LANGUAGE_EN, "in 60.0% of the stops the person named no group");
    found("pooled-rate-ratio", "residents", 1.5, 1.3, 1.8, 1);
    says(LANGUAGE_EN, "after contact no group was perceived in 20.0% of the stops");
    is_silent_about(LANGUAGE_EN, "60.0%");
}
END_TEST

START_TEST(a_delivery_that_was_refused_whole_does_not_count)
{
    static struct batch batches[] = {
        {.source_system = "s", .profile = "p", .status = "stored", .quarantined = 4, .refused = 3},
        {.source_system = "s", .profile = "p", .status = "refused", .refused = 1000},
    };

    in.batches = batches;
    in.batch_count = 2;
    says(LANGUAGE_EN, "the number of records not accepted, of all stored deliveries so far, is 7");
}
END_TEST

static struct figure *
verdict(const char *term, const char *place, double value, int flagged)
{
    struct figure *const f = figure("robust", "x", "");

    f->term = term;
    f->place = place;
    f->method = "hybrid";
    f->value = value;
    f->flagged = flagged;
    return f;
}

START_TEST(the_robust_test_says_which_groups_and_in_how_many_places)
{
    verdict("stop", "", 0, 0);
    verdict("stop", "A1", 0, 0);
    verdict("search", "", 1, 1);
    verdict("search", "A1", 1, 1);
    verdict("search", "A2", 1, 0);
    verdict("search", "A3", NAN, -1)->guard = "A002";
    says(LANGUAGE_EN, "(whole city, twelve months, group perceived after contact). Stopping: "
                      "inconclusive for every group. By place: inconclusive in all 1 places. "
                      "Searching: yes, for 'ex', against all others. By place: yes in 1 of 2 "
                      "places, for one group or more. Inconclusive is not the same as equal.");
    says(LANGUAGE_NL, "Controleren: geen conclusie, bij geen enkele groep.");
}
END_TEST

START_TEST(a_city_that_differs_by_its_places_alone_is_no_conclusion)
{
    verdict("search", "", 1, 1);
    verdict("search", "", 0, 0)->method = "pooled";
    says(LANGUAGE_EN, "Searching: inconclusive for every group.");
    is_silent_about(LANGUAGE_EN, "Searching: yes");
}
END_TEST

START_TEST(a_verdict_that_adjustment_does_not_leave_is_not_said)
{
    verdict("stop", "", 1, 0);
    verdict("search", "", NAN, -1)->guard = "A002";
    says(LANGUAGE_EN, "Stopping: inconclusive for every group.");
    says(LANGUAGE_EN, "Searching: cannot be said (fewer than 50 searches).");
}
END_TEST

Suite *
sentences_suite(void)
{
    Suite *const s = suite_create("sentences");
    TCase *const t = tcase_create("sentences");

    tcase_add_checked_fixture(t, setup, close_arena);
    tcase_add_test(t, how_many_were_stopped_comes_first);
    tcase_add_test(t, the_furthest_ratio_that_stands_is_named_with_its_people);
    tcase_add_test(t, a_withheld_pooled_ratio_gives_way_to_the_city);
    tcase_add_test(t, a_pooled_ratio_is_not_replaced_by_the_city);
    tcase_add_test(t, nothing_found_says_what_could_have_been_seen);
    tcase_add_test(t, searches_without_a_finding_say_so_with_their_limit_in_points);
    tcase_add_test(t, not_compared_says_why);
    tcase_add_test(t, without_groups_that_is_the_reason);
    tcase_add_test(t, a_named_reference_is_named);
    tcase_add_test(t, searches_and_hits_of_the_same_people_are_one_sentence_further);
    tcase_add_test(t, a_gap_below_is_less_often_with_its_limits_in_order);
    tcase_add_test(t, what_no_record_has_is_not_filled_in);
    tcase_add_test(t, what_a_few_records_have_is_hardly_filled_in);
    tcase_add_test(t, months_without_stops_are_not_counted_as_twelve);
    tcase_add_test(t, a_share_not_perceived_is_that_of_the_perspective_spoken_of);
    tcase_add_test(t, a_delivery_that_was_refused_whole_does_not_count);
    tcase_add_test(t, the_robust_test_says_which_groups_and_in_how_many_places);
    tcase_add_test(t, a_city_that_differs_by_its_places_alone_is_no_conclusion);
    tcase_add_test(t, a_verdict_that_adjustment_does_not_leave_is_not_said);
    suite_add_tcase(s, t);
    return s;
}
