/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From hand-made cells to figures and document: which counts reach which figure, what the guards
 * withhold, and that the bytes depend on the inputs alone.
 */
#include "analyzer/cells/inputs.h"
#include "analyzer/measure/measure.h"
#include "analyzer/measure/exposure.h"
#include "analyzer/report/document.h"
#include "analyzer/report/report.h"
#include "analyzer/stat/proportion.h"
#include "analyzer/stat/rate.h"
#include "common/json.h"
#include "common/rng.h"
#include "tests/lib/testlib.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *figures_suite(void);

/* ---- a city of four areas, two groups -------------------------------------------------------- */

static struct place places[] = {
    {"C", "City", "city", NULL},  {"A1", "One", "area", "C"},  {"A2", "Two", "area", "C"},
    {"A3", "Three", "area", "C"}, {"A4", "Four", "area", "C"},
};
static struct label labels[] = {
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
    {"groups", "unseen", "niet", "not", true, false},
    {"fact", "wanted", "gezocht", "wanted", false, false},
};
static struct population population[] = {
    {"A1", "all", 2026, 1000, 1}, {"A1", "x", 2026, 300, 1}, {"A1", "y", 2026, 700, 1},
    {"A2", "all", 2026, 2000, 1}, {"A2", "x", 2026, 400, 1}, {"A2", "y", 2026, 1600, 1},
    {"A3", "all", 2026, 500, 1},  {"A3", "x", 2026, 100, 1}, {"A3", "y", 2026, 400, 1},
};

static void
add_person_cells(struct cells *c, unsigned month, const char *area, const char *group, int persons,
                 int searched, int found)
{
    for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p++) {
        if (p == PERSPECTIVE_BEFORE)
            continue;

        struct cell *const x = cells_add(c);

        x->month = (uint16_t)month;
        x->area = (uint16_t)names_add(c->areas, area);
        x->unit = (uint16_t)names_add(c->units, "unit-1");
        x->perspective = (uint16_t)p;
        x->group = (uint16_t)names_add(c->groups, p ? group : "");
        x->sum[SUM_persons] = persons;
        x->sum[SUM_search_known] = persons;
        x->sum[SUM_searched] = searched;
        x->sum[SUM_strict_known] = searched;
        x->sum[SUM_strict] = found;
    }
}

enum { NOW = CELLS_MONTHS - 1 };

static struct inputs
city(struct cells *c, bool settle)
{
    struct inputs in = made_up_inputs(c);

    in.places = places;
    in.place_count = sizeof places / sizeof *places;
    in.labels = labels;
    in.label_count = sizeof labels / sizeof *labels;
    in.population = population;
    in.population_count = sizeof population / sizeof *population;
    if (settle)
        cells_settle(c);
    return in;
}

static struct cells *
four_areas(void)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    add_person_cells(c, NOW, "A1", "x", 60, 20, 4);
    add_person_cells(c, NOW, "A1", "y", 40, 10, 6);
    add_person_cells(c, NOW, "A1", "unseen", 13, 0, 0);
    add_person_cells(c, NOW, "A2", "x", 30, 12, 3);
    add_person_cells(c, NOW, "A2", "y", 50, 15, 5);
    add_person_cells(c, NOW, "A3", "x", 12, 6, 2);
    add_person_cells(c, NOW, "A3", "y", 9, 3, 1);
    add_person_cells(c, NOW, "A4", "x", 20, 10, 1);
    add_person_cells(c, NOW, "A4", "y", 25, 5, 1);
    return c;
}

static struct analysis *
analysed(const struct inputs *in)
{
    return analysis_new(a, in);
}

static const struct figure *
find(const struct analysis *x, const char *measure, const char *window, const char *place,
     const char *group, const char *benchmark)
{
    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->window, window) == 0 &&
            strcmp(f->place, place) == 0 && strcmp(f->group, group) == 0 &&
            strcmp(f->benchmark, benchmark) == 0)
            return f;
    }
    return NULL;
}

static const struct figure *
needed(const struct analysis *x, const char *measure, const char *window, const char *place,
       const char *group, const char *benchmark)
{
    const struct figure *const f = find(x, measure, window, place, group, benchmark);

    ck_assert_msg(f != NULL, "no %s of %s in %s", measure, group, place);
    return f;
}

START_TEST(a_rate_is_per_thousand_residents_of_the_group)
{
    const struct inputs in = city(four_areas(), true);
    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "month", "A1", "x", "residents");
    const struct estimate e = rate_garwood(60, 300, 0.95);

    assert_close("value", f->value, 200, 1e-12);
    assert_close("lower", f->lower, 1000 * e.lower, 1e-12);
    assert_close("upper", f->upper, 1000 * e.upper, 1e-12);
    ck_assert_ptr_null(f->guard);
    ck_assert_str_eq(f->perspective, "after_contact");
}
END_TEST

START_TEST(others_are_all_other_groups_of_the_place_and_not_the_unseen)
{
    const struct inputs in = city(four_areas(), true);
    const struct figure *const f =
        needed(analysed(&in), "rate-ratio", "month", "A1", "x", "residents");

    assert_close("value", f->value, (60.0 / 300) / (40.0 / 700), 1e-12);
    ck_assert_str_eq(f->reference, "others");
    assert_close("events", f->events, 60, 0);
    assert_close("n", f->n, 100, 0);
    ck_assert(f->detectable > 1 && f->detectable < 3);
    ck_assert_int_eq(f->flagged, 1);
}
END_TEST

/* Residents of everybody are the standard: 1000, 2000 and 500; A4 has none. */
START_TEST(a_standardised_ratio_weighs_places_by_all_their_residents)
{
    struct cells *const c = four_areas();

    add_person_cells(c, NOW, "A3", "y", 10, 0, 0); /* with nine its numbers would not be shown */

    const struct inputs in = city(c, true);
    const struct figure *const f =
        needed(analysed(&in), "standardised-ratio", "12-months", "", "x", "residents");
    const double own = 60.0 / 300 * 1000 + 30.0 / 400 * 2000 + 12.0 / 100 * 500;
    const double others = 40.0 / 700 * 1000 + 50.0 / 1600 * 2000 + 19.0 / 400 * 500;

    assert_close("value", f->value, own / others, 1e-12);
    ck_assert(f->lower > 1 && f->lower < f->value && f->value < f->upper);
    assert_close("n", f->n, 102, 0);
}
END_TEST

START_TEST(beside_a_reference_that_is_never_stopped_there_is_no_ratio_and_it_says_so)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    add_person_cells(c, NOW, "A1", "x", 60, 20, 4);
    add_person_cells(c, NOW, "A2", "x", 30, 12, 3);
    add_person_cells(c, NOW, "A3", "x", 12, 6, 2);

    struct inputs in = city(c, true);
    static const char *const measures[] = {"pooled-rate-ratio", "standardised-ratio", "e-value"};

    in.choices.month.year = 2030; /* the residents are old: that alone would not withhold */
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        const struct figure *const f =
            needed(analysed(&in), measures[i], "12-months", "", "x", "residents");

        ck_assert(isnan(f->value));
        ck_assert_msg(strcmp(f->guard, "A006") != 0, "%s: %s", measures[i], f->guard);
    }
    ck_assert_str_eq(
        needed(analysed(&in), "standardised-ratio", "12-months", "", "x", "residents")->guard,
        "A005");
}
END_TEST

START_TEST(an_area_without_population_has_stops_and_no_rate)
{
    const struct inputs in = city(four_areas(), true);
    const struct analysis *const x = analysed(&in);
    const struct figure *const f = needed(x, "stop-rate", "month", "A4", "", "residents");

    ck_assert(isnan(f->value));
    ck_assert_str_eq(f->guard, "A005");
    assert_close("n", f->n, 45, 0);
    assert_close("searched", needed(x, "search-rate", "month", "A4", "", "")->value, 15.0 / 45,
                 1e-12);
}
END_TEST

START_TEST(fewer_than_ten_are_withheld_with_the_number_itself)
{
    const struct inputs in = city(four_areas(), true);
    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "month", "A3", "y", "residents");

    ck_assert_str_eq(f->guard, "A001");
    ck_assert(isnan(f->value) && isnan(f->lower) && isnan(f->upper) && isnan(f->n) &&
              isnan(f->events));
}
END_TEST

START_TEST(the_one_that_would_give_a_small_number_away_is_withheld_too)
{
    const struct inputs in = city(four_areas(), true);

    /* 12 of x beside 9 of y in a total of 21 that is shown. */
    ck_assert_str_eq(needed(analysed(&in), "stop-rate", "month", "A3", "x", "residents")->guard,
                     "A001");
}
END_TEST

START_TEST(hits_are_not_compared_under_fifty_searches)
{
    const struct inputs in = city(four_areas(), true);
    const struct analysis *const x = analysed(&in);

    /* 48 and 33 searches in the city: the rate is shown, the comparison is not. */
    ck_assert_ptr_null(needed(x, "hit-rate-strict", "month", "", "x", "")->guard);
    assert_close("rate", needed(x, "hit-rate-strict", "month", "", "x", "")->value, 10.0 / 48,
                 1e-12);
    ck_assert_str_eq(needed(x, "hit-difference-strict", "month", "", "x", "")->guard, "A002");
    ck_assert_str_eq(needed(x, "pooled-hit-odds-ratio-strict", "month", "", "x", "")->guard,
                     "A002");
}
END_TEST

START_TEST(a_field_that_half_of_the_month_lacks_leaves_the_month_out)
{
    struct cells *const c = four_areas();

    for (size_t i = 0; i < c->count; i++)
        c->list[i].sum[SUM_search_known] = c->list[i].sum[SUM_searched] =
            c->list[i].sum[SUM_persons] / 3;

    const struct inputs in = city(c, true);
    const struct analysis *const x = analysed(&in);
    bool listed = false;

    ck_assert_str_eq(needed(x, "search-rate", "month", "", "", "")->guard, "A003");
    for (size_t i = 0; i < cube_gap_count(x->cube); i++)
        listed = listed || strcmp(cube_gap(x->cube, i)->what, "search") == 0;
    ck_assert(listed);
    ck_assert_ptr_null(needed(x, "stop-rate", "month", "A1", "x", "residents")->guard);
}
END_TEST

START_TEST(a_month_without_stops_shortens_the_exposure)
{
    struct cells *const c = four_areas();

    add_person_cells(c, NOW - 1, "A1", "x", 60, 20, 4);
    add_person_cells(c, NOW - 1, "A1", "y", 40, 10, 6);

    const struct inputs in = city(c, true);
    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "12-months", "A1", "x", "residents");

    /* 120 stops in two months of the twelve. */
    assert_close("value", f->value, 1000 * 120 / (300.0 * 2 / 12), 1e-12);
    ck_assert_str_eq(f->note, "months-counted=2/12");
}
END_TEST

START_TEST(fewer_than_three_places_are_not_pooled)
{
    struct cells *const c = cells_new(a, 2026 * 12 + 9);

    add_person_cells(c, NOW, "A1", "x", 600, 200, 40);
    add_person_cells(c, NOW, "A1", "y", 400, 100, 60);
    add_person_cells(c, NOW, "A2", "x", 300, 120, 30);
    add_person_cells(c, NOW, "A2", "y", 500, 150, 50);

    const struct inputs in = city(c, true);
    const struct analysis *const x = analysed(&in);

    ck_assert_str_eq(needed(x, "pooled-hit-odds-ratio-strict", "month", "", "x", "")->guard,
                     "A004");
    ck_assert_str_eq(needed(x, "pooled-rate-ratio", "month", "", "x", "residents")->guard, "A004");
}
END_TEST

START_TEST(the_order_in_which_cells_come_does_not_matter)
{
    struct cells *const one = four_areas();
    struct cells *const other = cells_new(a, 2026 * 12 + 9);
    struct cells *const same = four_areas();

    /* Backwards, and with one cell that comes in two parts. */
    for (size_t i = same->count; i-- > 0;) {
        const struct cell *const from = &same->list[i];
        const int parts = i == 0 ? 2 : 1;

        for (int part = 0; part < parts; part++) {
            struct cell *const x = cells_add(other);

            *x = *from;
            for (unsigned s = 0; s < SUM_COUNT; s++)
                x->sum[s] = part == 1 ? from->sum[s] - from->sum[s] / 2
                                      : (parts == 2 ? from->sum[s] / 2 : from->sum[s]);
            x->area = (uint16_t)names_add(other->areas, names_text(same->areas, from->area));
            x->unit = (uint16_t)names_add(other->units, names_text(same->units, from->unit));
            x->group = (uint16_t)names_add(other->groups, names_text(same->groups, from->group));
        }
    }

    const struct inputs in = city(one, true), again = city(other, true);
    const struct analysis *const x = analysed(&in), *const y = analysed(&again);

    ck_assert_str_eq(x->inputs_sha256, y->inputs_sha256);
    ck_assert_str_eq(x->document->data, y->document->data);
}
END_TEST

START_TEST(one_person_more_changes_the_run)
{
    struct cells *const more = four_areas();

    more->list[0].sum[SUM_persons]++;

    const struct inputs in = city(four_areas(), true), other = city(more, true);
    const struct analysis *const x = analysed(&in), *const y = analysed(&other);

    ck_assert_str_ne(x->inputs_sha256, y->inputs_sha256);
    ck_assert_str_ne(x->run_id, y->run_id);
}
END_TEST

START_TEST(a_named_reference_is_not_compared_with_itself)
{
    struct inputs in = city(four_areas(), true);

    in.choices.reference = "y";

    const struct analysis *const x = analysed(&in);

    ck_assert_ptr_null(find(x, "rate-ratio", "month", "A1", "y", "residents"));
    ck_assert_str_eq(needed(x, "rate-ratio", "month", "A1", "x", "residents")->reference, "y");
}
END_TEST

/* ---- the bridge ------------------------------------------------------------------------------ */

static struct population origin[] = {
    {"A1", "all", 2026, 1000, 5},
    {"A1", "here", 2026, 600, 5},
    {"A1", "there", 2026, 400, 5},
};

START_TEST(an_uncertain_bridge_widens_the_interval_and_keeps_the_value)
{
    static struct bridge bridge[] = {
        {"here", "x", 0.1, 0.02, 0.2},
        {"here", "y", 0.9, 0.8, 0.98},
        {"there", "x", 0.7, 0.5, 0.9},
        {"there", "y", 0.3, 0.1, 0.5},
    };
    struct inputs in = city(four_areas(), true);

    in.bridge = bridge;
    in.bridge_count = sizeof bridge / sizeof *bridge;
    in.population = origin;
    in.population_count = sizeof origin / sizeof *origin;

    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "month", "A1", "x", "residents");
    const struct estimate exact = rate_garwood(60, 0.1 * 600 + 0.7 * 400, 0.95);

    assert_close("value", f->value, 1000 * exact.value, 1e-12);
    ck_assert_str_eq(f->method, "garwood-mixture");
    ck_assert(f->lower < 1000 * exact.lower * 0.98);
    ck_assert(f->upper > 1000 * exact.upper * 1.02);
}
END_TEST

START_TEST(a_certain_bridge_gives_nearly_the_exact_interval)
{
    static struct bridge bridge[] = {
        {"here", "x", 0.1, 0.1, 0.1},
        {"here", "y", 0.9, 0.9, 0.9},
        {"there", "x", 0.7, 0.7, 0.7},
        {"there", "y", 0.3, 0.3, 0.3},
    };
    struct inputs in = city(four_areas(), true);
    struct population whole[3];

    memcpy(whole, origin, sizeof whole);
    for (size_t i = 0; i < 3; i++)
        whole[i].rounded_to = 1;
    in.bridge = bridge;
    in.bridge_count = sizeof bridge / sizeof *bridge;
    in.population = whole;
    in.population_count = 3;

    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "month", "A1", "x", "residents");
    const struct estimate exact = rate_garwood(60, 340, 0.95);

    assert_close("lower", f->lower, 1000 * exact.lower, 1e-7);
    assert_close("upper", f->upper, 1000 * exact.upper, 1e-7);
}
END_TEST

START_TEST(an_old_population_is_said_and_not_hidden)
{
    struct inputs in = city(four_areas(), true);
    struct population old[sizeof population / sizeof *population];

    memcpy(old, population, sizeof old);
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        old[i].year = 2023;
    in.population = old;

    const struct figure *const f =
        needed(analysed(&in), "stop-rate", "month", "A1", "x", "residents");

    ck_assert_str_eq(f->note, "population-vintage");
    ck_assert_str_eq(f->guard, "A006");
    assert_close("value", f->value, 200, 1e-12);
}
END_TEST

/* ---- reports --------------------------------------------------------------------------------- */

static const char *
report(const struct analysis *x, const char *format, enum language language)
{
    const struct report_options how = {.language = language, .window = "month"};
    struct err e = {0};
    struct strbuf *const b =
        report_write(a, (struct span){x->document->data, x->document->length}, format, &how, &e);

    ck_assert_msg(b != NULL, "%s", e.text);
    return b->data;
}

START_TEST(a_withheld_figure_reads_too_little_to_say_anything)
{
    const struct inputs in = city(four_areas(), true);
    const struct analysis *const x = analysed(&in);

    ck_assert_ptr_nonnull(strstr(report(x, "text", LANGUAGE_NL), "te weinig om iets te zeggen"));
    ck_assert_ptr_nonnull(strstr(report(x, "text", LANGUAGE_EN), "too little to say anything"));
}
END_TEST

START_TEST(text_keeps_to_a_hundred_columns)
{
    const struct inputs in = city(four_areas(), true);
    const char *line = report(analysed(&in), "text", LANGUAGE_NL);

    while (*line) {
        const size_t length = strcspn(line, "\n");
        size_t columns = 0;

        for (size_t i = 0; i < length; i++)
            columns += ((unsigned char)line[i] & 0xC0) != 0x80;
        ck_assert_msg(columns <= 100, "%zu columns: %.*s", columns, (int)length, line);
        line += length + (line[length] == '\n');
    }
}
END_TEST

START_TEST(a_hostile_label_is_escaped_in_html)
{
    struct label hostile[sizeof labels / sizeof *labels];
    struct inputs in = city(four_areas(), true);

    memcpy(hostile, labels, sizeof hostile);
    hostile[0].nl = "<script>alert('x')</script>";
    in.labels = hostile;

    const char *const html = report(analysed(&in), "html", LANGUAGE_NL);

    ck_assert_ptr_null(strstr(html, "<script"));
    ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;"));
    ck_assert_ptr_nonnull(strstr(html, "<html lang=\"nl\">"));
}
END_TEST

START_TEST(every_text_is_there_in_both_languages)
{
    for (size_t i = 0; i < text_count(); i++)
        for (unsigned l = 0; l < LANGUAGES; l++)
            ck_assert_msg(text_find(text_key(i), l) && *text_find(text_key(i), l), "%s in %s",
                          text_key(i), language_codes[l]);
}
END_TEST

START_TEST(every_measure_has_a_title)
{
    const struct inputs in = city(four_areas(), true);
    const struct analysis *const x = analysed(&in);

    for (size_t i = 0; i < x->figures.count; i++)
        ck_assert_msg(text_find(x->figures.list[i].measure, LANGUAGE_NL) != NULL, "%s",
                      x->figures.list[i].measure);
}
END_TEST

START_TEST(choices_come_back_as_they_went)
{
    const struct inputs in = city(four_areas(), true);
    struct strbuf *const text = choices_text(&in.choices, a);
    struct choices back = {0};
    struct err e = {0};

    ck_assert(choices_parse(a, (struct span){text->data, text->length}, &back, &e));
    ck_assert_str_eq(choices_text(&back, a)->data, text->data);
}
END_TEST

Suite *
figures_suite(void)
{
    Suite *const s = suite_create("figures");
    TCase *const t = tcase_create("figures");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_rate_is_per_thousand_residents_of_the_group);
    tcase_add_test(t, others_are_all_other_groups_of_the_place_and_not_the_unseen);
    tcase_add_test(t, a_standardised_ratio_weighs_places_by_all_their_residents);
    tcase_add_test(t, beside_a_reference_that_is_never_stopped_there_is_no_ratio_and_it_says_so);
    tcase_add_test(t, an_area_without_population_has_stops_and_no_rate);
    tcase_add_test(t, fewer_than_ten_are_withheld_with_the_number_itself);
    tcase_add_test(t, the_one_that_would_give_a_small_number_away_is_withheld_too);
    tcase_add_test(t, hits_are_not_compared_under_fifty_searches);
    tcase_add_test(t, a_field_that_half_of_the_month_lacks_leaves_the_month_out);
    tcase_add_test(t, a_month_without_stops_shortens_the_exposure);
    tcase_add_test(t, fewer_than_three_places_are_not_pooled);
    tcase_add_test(t, the_order_in_which_cells_come_does_not_matter);
    tcase_add_test(t, one_person_more_changes_the_run);
    tcase_add_test(t, a_named_reference_is_not_compared_with_itself);
    tcase_add_test(t, an_uncertain_bridge_widens_the_interval_and_keeps_the_value);
    tcase_add_test(t, a_certain_bridge_gives_nearly_the_exact_interval);
    tcase_add_test(t, an_old_population_is_said_and_not_hidden);
    tcase_add_test(t, a_withheld_figure_reads_too_little_to_say_anything);
    tcase_add_test(t, text_keeps_to_a_hundred_columns);
    tcase_add_test(t, a_hostile_label_is_escaped_in_html);
    tcase_add_test(t, every_text_is_there_in_both_languages);
    tcase_add_test(t, every_measure_has_a_title);
    tcase_add_test(t, choices_come_back_as_they_went);
    suite_add_tcase(s, t);
    return s;
}
