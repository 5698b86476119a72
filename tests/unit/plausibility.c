/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every rule of units (W130 to W136, X200 to X205) twice: a unit and month that trips exactly this
 * rule, and one that comes as close as it can; and what is said of sources that lack a field. The
 * counts behind them are made in SQL: tests/integration/plausibility.sh.
 */
#include "analyzer/measure/plausibility.h"
#include "analyzer/measure/source.h"
#include "analyzer/report/document.h"
#include "analyzer/report/report.h"
#include "common/json.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *plausibility_suite(void);

enum { NOW = CELLS_MONTHS - 1, MONTH = 2026 * 12 + 9 };

/* Of 100 stops. */
static const int32_t usual[UNIT_MONTH_COUNT] = {
    [UNIT_timed] = 100,          [UNIT_on_quarter] = 7,   [UNIT_lasted] = 100,
    [UNIT_lasted_the_same] = 20, [UNIT_registered] = 100, [UNIT_at_close] = 0,
    [UNIT_reasoned] = 100,       [UNIT_other] = 5,        [UNIT_filmed] = 80,
    [UNIT_fined] = 40,           [UNIT_arrested] = 20,
};

/* What unit one registered in October 2026; unit two always registers what is usual. */
struct month_of_unit {
    const char *rule; /* "" none */
    int persons, mixed, unseen;
    int before; /* persons of each month before */
    struct {
        enum unit_month_count count;
        int32_t is;
    } but[2]; /* what is not as usual; UNIT_timed 0 where it ends */
};

#define USUAL 100, 5, 5, 100

// clang-format off: a set a row
static const struct month_of_unit sets[] = {
    {"", USUAL, {{UNIT_timed, 100}}},
    {"W130", USUAL, {{UNIT_on_quarter, 51}}},
    {"", USUAL, {{UNIT_on_quarter, 50}}},
    {"", USUAL, {{UNIT_on_quarter, 49}, {UNIT_timed, 49}}},
    {"W130", USUAL, {{UNIT_on_quarter, 26}, {UNIT_timed, 50}}},
    {"W131", USUAL, {{UNIT_lasted_the_same, 51}}},
    {"", USUAL, {{UNIT_lasted_the_same, 50}}},
    {"W132", 100, 26, 5, 100, {{UNIT_timed, 100}}},
    {"", 100, 25, 5, 100, {{UNIT_timed, 100}}},
    {"W133", USUAL, {{UNIT_other, 26}}},
    {"", USUAL, {{UNIT_other, 25}}},
    {"", USUAL, {{UNIT_other, 40}, {UNIT_reasoned, 40}}},
    {"W134", 100, 5, 26, 100, {{UNIT_timed, 100}}},
    {"", 100, 5, 25, 100, {{UNIT_timed, 100}}},
    {"W135", 49, 2, 2, 100, {{UNIT_timed, 49}}},
    {"", 50, 2, 2, 100, {{UNIT_timed, 50}}},
    {"", 10, 0, 0, 49, {{UNIT_timed, 10}}},
    {"", 49, 0, 0, 0, {{UNIT_timed, 49}}},
    {"W136", USUAL, {{UNIT_at_close, 91}}},
    {"", USUAL, {{UNIT_at_close, 90}}},
};
// clang-format on

/* ---- a city of two units --------------------------------------------------------------------- */

static struct place places[] = {{"C", "City", "city", NULL}, {"A1", "One", "area", "C"}};
static struct label labels[] = {
    {"groups", "mixed", "gemengd", "mixed", false, false},
    {"groups", "unseen", "niet", "not", true, false},
    {"groups", "x", "iks", "ex", false, false},
};

static void
add_persons(struct cells *c, unsigned month, const char *unit, unsigned perspective,
            const char *group, int persons)
{
    if (persons <= 0)
        return;

    struct cell *const x = cells_add(c);

    x->month = (uint16_t)month;
    x->area = (uint16_t)names_add(c->areas, "A1");
    x->unit = (uint16_t)names_add(c->units, unit);
    x->perspective = (uint16_t)perspective;
    x->group = (uint16_t)names_add(c->groups, group);
    x->sum[SUM_persons] = persons;
}

static void
add_month(struct cells *c, unsigned month, const char *unit, const struct month_of_unit *m)
{
    add_persons(c, month, unit, PERSPECTIVE_ALL, "", m->persons);
    add_persons(c, month, unit, PERSPECTIVE_AFTER, "mixed", m->mixed);
    add_persons(c, month, unit, PERSPECTIVE_AFTER, "unseen", m->unseen);
    add_persons(c, month, unit, PERSPECTIVE_AFTER, "x", m->persons - m->mixed - m->unseen);
    /* Before contact nobody is seen: no matter. */
    add_persons(c, month, unit, PERSPECTIVE_BEFORE, "unseen", m->persons);
}

static void
count_month(struct inputs *in, const char *unit, const struct month_of_unit *m)
{
    struct unit_month *const x = &in->unit_months[in->unit_month_count++];

    x->unit = (uint16_t)names_find(in->cells->units, unit);
    x->month = NOW;
    memcpy(x->count, usual, sizeof x->count);
    for (unsigned i = 0; i < 2; i++)
        if (m->but[i].is > 0)
            x->count[m->but[i].count] = m->but[i].is;
}

static struct inputs
city_with(const struct month_of_unit *one)
{
    struct cells *const c = cells_new(a, MONTH);
    struct month_of_unit before = {
        .persons = one->before, .mixed = one->before / 20, .unseen = one->before / 20};
    struct inputs in = made_up_inputs(c);

    in.choices.draws = 10;
    in.choices.models = false;
    in.mixed_class = "mixed";
    in.places = places;
    in.place_count = sizeof places / sizeof *places;
    in.labels = labels;
    in.label_count = sizeof labels / sizeof *labels;
    in.unit_months = arena_array(a, 4, sizeof(struct unit_month));
    for (unsigned m = CELLS_MONTHS - 15; m < NOW; m++) {
        add_month(c, m, "one", &before);
        add_month(c, m, "two", &sets[0]);
    }
    add_month(c, NOW, "one", one);
    add_month(c, NOW, "two", &sets[0]);
    cells_settle(c);
    count_month(&in, "one", one);
    count_month(&in, "two", &sets[0]);
    return in;
}

static const json_t *
quality_of(const struct analysis *x, const char *key)
{
    struct err e;
    json_t *const j = json_parse(a, (struct span){x->document->data, x->document->length}, 0, &e);

    ck_assert_msg(j != NULL, "%s", e.text);
    return json_object_get(json_object_get(j, "quality"), key);
}

/* "W130 one 2026-10" of every finding. */
static const char *
findings_of(const struct analysis *x)
{
    const char *all = "";
    size_t i;
    json_t *j;

    json_array_foreach(quality_of(x, "findings"), i, j)
    {
        all = arena_printf(a, "%s%s%s %s %s", all, *all ? "; " : "",
                           json_string_value(json_object_get(j, "code")),
                           json_string_value(json_object_get(j, "unit")),
                           json_string_value(json_object_get(j, "month")));
    }
    return all;
}

static const struct figure *
finding_figure(const struct analysis *x, const char *rule)
{
    for (size_t i = 0; i < x->figures.count; i++) {
        const int found = figure_rule(&x->figures.list[i]);

        if (found >= 0 && strcmp(unit_rule_codes[found], rule) == 0)
            return &x->figures.list[i];
    }
    ck_abort_msg("no finding of %s", rule);
}

static double
checked(const struct analysis *x, const char *rule, const char *what)
{
    size_t i;
    json_t *j;

    json_array_foreach(quality_of(x, "checks"), i, j)
    {
        if (strcmp(json_string_value(json_object_get(j, "code")), rule) == 0)
            return json_is_boolean(json_object_get(j, what))
                       ? json_is_true(json_object_get(j, what))
                       : json_number_value(json_object_get(j, what));
    }
    ck_abort_msg("%s is not checked", rule);
}

/* ---- plausibility ---------------------------------------------------------------------------- */

START_TEST(a_month_of_a_unit_trips_exactly_this_rule)
{
    const struct inputs in = city_with(&sets[_i]);
    const struct analysis *const x = analysis_new(a, &in);
    const char *const expected =
        *sets[_i].rule ? arena_printf(a, "%s one 2026-10", sets[_i].rule) : "";

    ck_assert_str_eq(findings_of(x), expected);
}
END_TEST

START_TEST(every_rule_of_plausibility_has_a_set)
{
    for (unsigned rule = 0; rule < UNIT_X200; rule++) {
        size_t i = 0;

        while (i < sizeof sets / sizeof *sets && strcmp(sets[i].rule, unit_rule_codes[rule]) != 0)
            i++;
        ck_assert_msg(i < sizeof sets / sizeof *sets, "%s has no set", unit_rule_codes[rule]);
    }
}
END_TEST

START_TEST(a_finding_has_its_share_and_that_of_the_rest)
{
    const struct inputs in = city_with(&sets[1]);
    const struct analysis *const x = analysis_new(a, &in);
    const struct figure *const f = finding_figure(x, "W130");

    ck_assert_str_eq(f->measure, "plausibility");
    ck_assert_str_eq(f->place, "one");
    ck_assert_str_eq(f->level_of_place, "unit");
    ck_assert_str_eq(f->term, "W130 2026-10");
    ck_assert_double_eq(f->value, 0.51);
    ck_assert_double_eq(f->n, 100);
    ck_assert(f->lower < 0.51 && f->upper > 0.51);
    ck_assert_str_eq(f->note, "rule=W130; rest-of-city=0.0700");
    ck_assert_int_eq(f->flagged, -1); /* flagged is for q alone */
    ck_assert_double_eq(checked(x, "W130", "judged"), 2);
    ck_assert_double_eq(checked(x, "W130", "found"), 1);
}
END_TEST

START_TEST(a_drop_is_held_against_the_three_months_before)
{
    const struct month_of_unit one = {.persons = 30, .before = 100};
    const struct inputs in = city_with(&one);
    const struct figure *const f = finding_figure(analysis_new(a, &in), "W135");

    ck_assert_double_eq_tol(f->value, 0.7, 1e-12);
    ck_assert_double_eq(f->n, 30);
    ck_assert_double_eq(f->exposure, 100);
    ck_assert(isnan(f->lower));
    ck_assert_str_eq(f->note, "rule=W135; rest-of-city=0.0000");
}
END_TEST

/* Persons left when the part is taken off; whether that is told. */
static const struct {
    int unseen;
    bool shown;
} left[] = {{90, true}, {91, false}, {99, false}, {100, true}};

START_TEST(a_finding_tells_of_no_fewer_than_ten_persons)
{
    const struct month_of_unit one = {.persons = 100, .unseen = left[_i].unseen, .before = 100};
    const struct inputs in = city_with(&one);
    const struct figure *const f = finding_figure(analysis_new(a, &in), "W134");

    ck_assert_str_eq(f->guard ? f->guard : "", left[_i].shown ? "" : "A001");
    ck_assert_int_eq(isnan(f->value) || isnan(f->n) || isnan(f->events), !left[_i].shown);
}
END_TEST

START_TEST(what_is_not_registered_is_not_applicable_and_what_is_rare_is_small)
{
    struct inputs in = city_with(&sets[0]);

    in.unit_month_count = 1; /* nothing is known of unit two */
    memset(in.unit_months[0].count, 0, sizeof in.unit_months[0].count);
    in.unit_months[0].count[UNIT_lasted] = 49;

    const struct analysis *const x = analysis_new(a, &in);

    ck_assert_double_eq(checked(x, "W130", "applicable"), 0);
    ck_assert_double_eq(checked(x, "W131", "applicable"), 1);
    ck_assert_double_eq(checked(x, "W131", "judged"), 0);
    ck_assert_double_eq(checked(x, "W131", "small"), 1);
    ck_assert_double_eq(checked(x, "W134", "judged"), 24);
    ck_assert_double_eq(checked(x, "X200", "applicable"), 0);
    ck_assert_double_eq(checked(x, "X204", "applicable"), 0); /* no feedback yet */
}
END_TEST

START_TEST(a_list_without_the_mixed_class_has_no_unclear_persons)
{
    struct inputs in = city_with(&sets[7]);

    in.mixed_class = "another";

    const struct analysis *const x = analysis_new(a, &in);

    ck_assert_double_eq(checked(x, "W132", "applicable"), 0);
    ck_assert_str_eq(findings_of(x), "");
}
END_TEST

START_TEST(a_month_without_stops_in_the_whole_city_is_no_drop_of_a_unit)
{
    struct inputs in = city_with(&sets[0]);
    struct cells *const c = cells_new(a, MONTH + 1);

    for (size_t i = 0; i < in.cells->count; i++) {
        struct cell *const x = cells_add(c);

        *x = in.cells->list[i];
        x->month--;
    }
    c->areas = in.cells->areas;
    c->units = in.cells->units;
    c->groups = in.cells->groups;
    in.cells = c;
    in.choices.month.month = 11;
    in.unit_month_count = 0;
    ck_assert_str_eq(findings_of(analysis_new(a, &in)), "");
}
END_TEST

/* ---- against control totals ------------------------------------------------------------------ */

static const struct {
    const char *rule, *kind;
    double total; /* 40 fines, 20 arrests, 80 stops on film, 100 persons are registered */
} totals[] = {
    {"X200", "fines", 45},   {"", "fines", 44},         {"", "fines", 37},
    {"X200", "fines", 36},   {"X201", "dispatch", 101}, {"", "dispatch", 100},
    {"", "dispatch", 20},    {"X201", "meos", 101},     {"X201", "stops", 101},
    {"X201", "proco", 101},  {"X201", "persons", 101},  {"X202", "arrests", 23},
    {"", "arrests", 22},     {"", "arrests", 19},       {"X202", "arrests", 18},
    {"X203", "bodycam", 89}, {"", "bodycam", 88},       {"", "bodycam", 73},
    {"X203", "bodycam", 72}, {"X200", "fines", 0},      {"", "searches", 99},
    {"", "sanctions", 99},
};

START_TEST(a_control_total_trips_exactly_its_rule)
{
    struct inputs in = city_with(&sets[0]);
    struct control_total total = {.source = "CJIB",
                                  .unit = "one",
                                  .kind = totals[_i].kind,
                                  .from = MONTH,
                                  .until = MONTH,
                                  .count = totals[_i].total};

    in.controls = &total;
    in.control_count = 1;

    const struct analysis *const x = analysis_new(a, &in);

    ck_assert_str_eq(findings_of(x),
                     *totals[_i].rule ? arena_printf(a, "%s one 2026-10", totals[_i].rule) : "");
    if (*totals[_i].rule)
        ck_assert_double_eq(checked(x, totals[_i].rule, "judged"), 1);
}
END_TEST

START_TEST(a_total_of_the_city_takes_all_units)
{
    struct inputs in = city_with(&sets[0]);
    struct control_total total = {
        .source = "CJIB", .unit = "", .kind = "fines", .from = MONTH, .until = MONTH, .count = 80};

    in.controls = &total;
    in.control_count = 1;
    ck_assert_str_eq(findings_of(analysis_new(a, &in)), "");
    total.count = 40;
    ck_assert_str_eq(findings_of(analysis_new(a, &in)), "X200  2026-10");
}
END_TEST

START_TEST(a_month_under_fifty_is_a_gap_and_fifty_is_not)
{
    for (int persons = 49; persons <= 50; persons++) {
        const struct month_of_unit one = {.persons = persons, .before = 60};
        const struct inputs in = city_with(&one);
        const json_t *const gaps = quality_of(analysis_new(a, &in), "unit_gaps");

        ck_assert_uint_eq(json_array_size(gaps), persons == 49);
        if (persons == 49) {
            const json_t *const gap = json_array_get(gaps, 0);

            ck_assert_str_eq(json_string_value(json_object_get(gap, "code")), "X205");
            ck_assert_str_eq(json_string_value(json_object_get(gap, "unit")), "one");
            ck_assert_str_eq(json_string_value(json_object_get(gap, "month")), "2026-10");
        }
    }
}
END_TEST

/* ---- what a source does not have ------------------------------------------------------------- */

START_TEST(a_feature_is_not_in_the_source_when_every_source_lacks_a_field_of_it)
{
    struct batch batches[] = {
        {.source_system = "s", .status = "stored", .accepted = 10},
        {.source_system = "t", .status = "stored", .accepted = 10},
        {.source_system = "u", .status = "refused"},
    };
    struct not_covered none[] = {
        {"s", "/persons/treatment/bodycam"},
        {"t", "/persons/outcome/finds/illegal_in_itself"},
        {"t", "/persons/treatment/bodycam"},
    };
    struct inputs in = city_with(&sets[0]);

    in.batches = batches;
    in.batch_count = 3;
    in.not_covered = none;
    in.not_covered_count = 3;
    ck_assert(source_lacks(&in, FEATURE_BODYCAM));
    ck_assert(!source_lacks(&in, FEATURE_HIT_STRICT)); /* s has it */
    ck_assert(!source_lacks(&in, FEATURE_STOPS));
    batches[0].accepted = 0;
    ck_assert(source_lacks(&in, FEATURE_HIT_STRICT));
    ck_assert(!source_lacks(&in, FEATURE_HIT_BROAD));
    in.batch_count = 0;
    ck_assert(!source_lacks(&in, FEATURE_BODYCAM)); /* nothing is known of the sources */
}
END_TEST

static const char *
shown(const struct analysis *x, const char *format, enum language l)
{
    const struct report_options how = {.window = "12-months", .language = l};
    struct err e;
    const struct strbuf *const b =
        report_write(a, (struct span){x->document->data, x->document->length}, format, &how, &e);

    ck_assert_msg(b != NULL, "%s", e.text);
    return b->data;
}

START_TEST(a_report_tells_what_is_not_in_the_source_from_what_was_not_filled_in)
{
    struct batch batch = {.source_system = "s", .status = "stored", .accepted = 10};
    struct not_covered none = {"s", "/persons/prior_stops_12m_band"};
    struct inputs in = city_with(&sets[1]);

    in.batches = &batch;
    in.batch_count = 1;
    in.not_covered = &none;
    in.not_covered_count = 1;

    const struct analysis *const x = analysis_new(a, &in);
    const char *const en = shown(x, "text", LANGUAGE_EN);
    const char *const nl = shown(x, "html", LANGUAGE_NL);

    ck_assert_ptr_nonnull(strstr(en, "Not in the source: earlier stops."));

    const char *const unfilled =
        strstr(en, "Not filled in during these months: discretion, search,");

    ck_assert_ptr_nonnull(unfilled);
    ck_assert_ptr_null(
        strstr(arena_strndup(a, unfilled, strcspn(unfilled, ".")), "earlier stops")); /* not both */
    ck_assert_ptr_nonnull(strstr(nl, "Dit staat niet in de bron: eerdere controles."));
    ck_assert_ptr_nonnull(strstr(en, "one, October 2026, value 51.0%, rest of the city 7.0%, n "
                                     "100"));
    ck_assert_ptr_nonnull(strstr(nl, "<strong>W130</strong> Opvallend veel controles"));
    ck_assert_ptr_nonnull(strstr(nl, "<td class=\"number\">51,0%</td>"));
}
END_TEST

Suite *
plausibility_suite(void)
{
    Suite *const s = suite_create("plausibility");
    TCase *const t = tcase_create("units");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_loop_test(t, a_month_of_a_unit_trips_exactly_this_rule, 0,
                        (int)(sizeof sets / sizeof *sets));
    tcase_add_test(t, every_rule_of_plausibility_has_a_set);
    tcase_add_test(t, a_finding_has_its_share_and_that_of_the_rest);
    tcase_add_test(t, a_drop_is_held_against_the_three_months_before);
    tcase_add_loop_test(t, a_finding_tells_of_no_fewer_than_ten_persons, 0,
                        (int)(sizeof left / sizeof *left));
    tcase_add_test(t, what_is_not_registered_is_not_applicable_and_what_is_rare_is_small);
    tcase_add_test(t, a_list_without_the_mixed_class_has_no_unclear_persons);
    tcase_add_test(t, a_month_without_stops_in_the_whole_city_is_no_drop_of_a_unit);
    tcase_add_loop_test(t, a_control_total_trips_exactly_its_rule, 0,
                        (int)(sizeof totals / sizeof *totals));
    tcase_add_test(t, a_total_of_the_city_takes_all_units);
    tcase_add_test(t, a_month_under_fifty_is_a_gap_and_fifty_is_not);
    tcase_add_test(t, a_feature_is_not_in_the_source_when_every_source_lacks_a_field_of_it);
    tcase_add_test(t, a_report_tells_what_is_not_in_the_source_from_what_was_not_filled_in);
    suite_add_tcase(s, t);
    return s;
}
