/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The measures on cells for models, made by hand: the veil of darkness in city and districts, and
 * ratios by self-description. Where all clock times agree, the log odds are those of one table.
 */
#include "analyzer/report/document.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *models_suite(void);

enum { NOW = CELLS_MONTHS - 1, LIGHT_MOST = 4000, BOTH_MOST = 16 };

static struct place places[] = {
    {"C", "City", "city", NULL}, {"D1", "East", "district", "C"}, {"D2", "West", "district", "C"},
    {"W1", "One", "wijk", "D1"}, {"W2", "Two", "wijk", "D1"},     {"W3", "Three", "wijk", "D2"},
};
static struct label labels[] = {
    {"groups", "unseen", "niet", "not", true, false},
    {"groups", "x", "iks", "ex", false, false},
    {"groups", "y", "ei", "why", false, false},
};
static struct population population[] = {
    {"C", "all", 2026, 20000, 1}, {"C", "x", 2026, 5000, 1}, {"C", "y", 2026, 15000, 1}};

static const char *const wijken[] = {"W1", "W2", "W3"};
static const char *const groups[] = {"unseen", "x", "y"};
enum { UNSEEN, X, Y, GROUPS };

static struct cells *cells;
static struct inputs in;

static void
add_persons(const char *area, const char *group, int persons)
{
    for (unsigned p = 0; p <= PERSPECTIVE_AFTER; p += PERSPECTIVE_AFTER) {
        struct cell *const x = cells_add(cells);

        x->month = NOW;
        x->area = (uint16_t)names_add(cells->areas, area);
        x->unit = (uint16_t)names_add(cells->units, "unit-1");
        x->perspective = (uint16_t)p;
        x->group = (uint16_t)names_add(cells->groups, p ? group : "");
        x->sum[SUM_persons] = persons;
    }
}

/* Three wijken, each with 3,000 of x, 6,000 of y and 100 not perceived. */
static void
make_city(void)
{
    static const int persons[GROUPS] = {100, 3000, 6000};

    open_arena();
    cells = cells_new(a, 2026 * 12 + 9);
    for (unsigned w = 0; w < 3; w++)
        for (unsigned g = 0; g < GROUPS; g++)
            add_persons(wijken[w], groups[g], persons[g]);
    cells_settle(cells);

    struct names *const areas = names_new(a);

    for (unsigned w = 0; w < 3; w++)
        names_add(areas, wijken[w]);
    in = made_up_inputs(cells);
    in.places = places;
    in.place_count = sizeof places / sizeof *places;
    in.labels = labels;
    in.label_count = sizeof labels / sizeof *labels;
    in.population = population;
    in.population_count = sizeof population / sizeof *population;
    in.model_areas = areas;
    in.dayparts = names_new(a);
    in.bases = names_new(a);
    in.modes = names_new(a);
    in.like = arena_array(a, 1, sizeof *in.like);
    in.light = arena_array(a, LIGHT_MOST, sizeof *in.light);
    in.both = arena_array(a, BOTH_MOST, sizeof *in.both);
    in.has_sun = true;
    in.sun = (struct sun_place){52, 4};
}

static uint16_t
group_number(unsigned group)
{
    return (uint16_t)names_find(cells->groups, groups[group]);
}

/* n of a group by light, at each of the five-minute steps from `from` on. */
struct evening {
    enum light_variant variant;
    unsigned wijk, group;
    int steps, light, dark;
};

static void
add_evening(struct evening e)
{
    for (int i = 0; i < e.steps; i++)
        for (uint16_t dark = 0; dark <= 1; dark++) {
            ck_assert_uint_lt(in.light_count, LIGHT_MOST);
            in.light[in.light_count++] = (struct light_cell){
                .variant = (uint16_t)e.variant,
                .area = (uint16_t)e.wijk,
                .minute = (uint16_t)(1080 + 5 * i),
                .dark = dark,
                .perspective = PERSPECTIVE_AFTER,
                .group = group_number(e.group),
                .n = dark ? e.dark : e.light,
            };
        }
}

static int
by_row(const void *left, const void *right)
{
    const struct light_cell *const x = left, *const y = right;
    const int order[] = {x->variant - y->variant, x->area - y->area, x->minute - y->minute,
                         x->dark - y->dark, x->group - y->group};

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i] != 0)
            return order[i];
    return 0;
}

static struct figure
figure_of(const char *measure, const char *place, const char *group, const char *term)
{
    if (in.light_count)
        qsort(in.light, in.light_count, sizeof *in.light, by_row);

    const struct analysis *const x = analysis_new(a, &in);

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, measure) == 0 && strcmp(f->place, place) == 0 &&
            strcmp(f->group, group) == 0 && strcmp(f->term, term) == 0)
            return *f;
    }
    return (struct figure){.measure = NULL};
}

static struct figure
veil_of(const char *place, const char *term)
{
    const struct figure f = figure_of("veil", place, "x", term);

    ck_assert_ptr_nonnull(f.measure);
    return f;
}

/* In each wijk 20 of x to 40 of y by daylight and 10 to 40 in the dark, all evening. */
static void
add_halves(enum light_variant variant)
{
    for (unsigned w = 0; w < 3; w++) {
        add_evening((struct evening){variant, w, X, 12, 20, 10});
        add_evening((struct evening){variant, w, Y, 12, 40, 40});
    }
}

/* ---- the veil -------------------------------------------------------------------------------- */

START_TEST(where_clock_times_agree_the_veil_is_the_odds_ratio_of_one_table)
{
    add_halves(LIGHT_YEAR);

    const struct figure f = veil_of("", "light");

    assert_close("value", f.value, log(0.5), 1e-9);
    assert_close("n", f.n, 3 * 12 * 110, 0);
    assert_close("events", f.events, 3 * 12 * 30, 0);
    ck_assert(f.lower < f.value && f.value < f.upper && f.upper < 0);
    ck_assert(f.p < 1e-6 && f.flagged == 1);
    ck_assert_str_eq(f.method, "logistic");
    ck_assert_str_eq(f.reference, "others");
    assert_close("the other way round", figure_of("veil", "", "y", "light").value, -log(0.5), 1e-9);
    assert_close("pooled", veil_of("", "light-pooled").value, log(0.5), 1e-8);
}
END_TEST

START_TEST(a_change_of_the_clock_is_part_of_the_year_and_a_figure_of_its_own)
{
    for (unsigned w = 0; w < 3; w++) {
        add_evening((struct evening){LIGHT_YEAR, w, X, 12, 20, 10});
        add_evening((struct evening){LIGHT_YEAR, w, Y, 12, 40, 40});
        add_evening((struct evening){LIGHT_CLOCK_CHANGE, w, X, 12, 10, 20});
        add_evening((struct evening){LIGHT_CLOCK_CHANGE, w, Y, 12, 40, 40});
    }
    assert_close("all", veil_of("", "light").value, 0, 1e-9);
    assert_close("near", veil_of("", "clock-change").value, log(2), 1e-9);
    ck_assert_str_eq(veil_of("", "before-contact").guard, "A003");
}
END_TEST

START_TEST(what_officers_saw_beforehand_is_asked_apart)
{
    add_halves(LIGHT_BEFORE);
    assert_close("unseen", veil_of("", "before-contact").value, log(0.5), 1e-9);
    ck_assert_str_eq(veil_of("", "light").guard, "A003");
}
END_TEST

START_TEST(a_district_takes_its_own_wijken_and_shows_no_counts)
{
    for (unsigned w = 0; w < 3; w++) {
        add_evening((struct evening){LIGHT_YEAR, w, X, 12, 20, w == 2 ? 40 : 10});
        add_evening((struct evening){LIGHT_YEAR, w, Y, 12, 40, 40});
    }

    const struct figure east = veil_of("D1", "light"), west = veil_of("D2", "light");

    assert_close("east", east.value, log(0.5), 1e-9);
    assert_close("west", west.value, log(2), 1e-9);
    ck_assert_str_eq(east.level_of_place, "district");
    ck_assert(isnan(east.n) && isnan(east.events) && isnan(west.n));
}
END_TEST

START_TEST(those_whose_group_was_not_perceived_are_in_no_veil)
{
    add_halves(LIGHT_YEAR);
    for (unsigned w = 0; w < 3; w++)
        add_evening((struct evening){LIGHT_YEAR, w, UNSEEN, 12, 1, 30});

    const struct figure f = veil_of("", "light");

    assert_close("value", f.value, log(0.5), 1e-9);
    assert_close("n", f.n, 3 * 12 * 110, 0);
}
END_TEST

START_TEST(without_coordinates_nothing_is_said_of_light)
{
    in.has_sun = false;
    add_halves(LIGHT_BEFORE);

    const struct figure f = veil_of("", "light");

    ck_assert(isnan(f.value) && isnan(f.lower) && isnan(f.p));
    ck_assert_str_eq(f.guard, "A003");
    ck_assert_str_eq(f.note, "no-coordinates");
    ck_assert_ptr_null(veil_of("", "before-contact").note);
    ck_assert_ptr_null(figure_of("veil", "D1", "x", "light").measure);
}
END_TEST

START_TEST(times_that_are_too_coarse_are_counted_in_a_note)
{
    in.light_coarse[PERSPECTIVE_AFTER] = 1234;
    add_halves(LIGHT_YEAR);
    ck_assert_str_eq(veil_of("", "light").note, "times-too-coarse=1234");
}
END_TEST

START_TEST(a_corner_of_fewer_than_ten_withholds_the_veil)
{
    add_evening((struct evening){LIGHT_YEAR, 0, X, 9, 20, 1});
    add_evening((struct evening){LIGHT_YEAR, 0, Y, 9, 40, 40});

    const struct figure f = veil_of("", "light");

    ck_assert_str_eq(f.guard, "A001");
    ck_assert(isnan(f.value) && isnan(f.n) && isnan(f.events));
}
END_TEST

START_TEST(a_variant_that_leaves_fewer_than_ten_over_is_withheld)
{
    add_halves(LIGHT_CLOCK_CHANGE);
    add_evening((struct evening){LIGHT_YEAR, 0, X, 4, 1, 1});
    add_evening((struct evening){LIGHT_YEAR, 0, Y, 4, 20, 20});
    ck_assert_ptr_null(veil_of("", "light").guard);
    ck_assert_str_eq(veil_of("", "clock-change").guard, "A001");
}
END_TEST

START_TEST(one_clock_time_or_one_light_has_no_veil)
{
    add_evening((struct evening){LIGHT_YEAR, 0, X, 1, 20, 20});
    add_evening((struct evening){LIGHT_YEAR, 0, Y, 1, 40, 40});
    add_evening((struct evening){LIGHT_BEFORE, 0, X, 12, 20, 0});
    add_evening((struct evening){LIGHT_BEFORE, 0, Y, 12, 40, 0});

    const struct figure once = veil_of("", "light"), light_only = veil_of("", "before-contact");

    ck_assert_str_eq(once.guard, "A005");
    ck_assert(isnan(once.value) && isnan(once.lower) && isnan(once.upper));
    ck_assert_str_eq(light_only.guard, "A001");
}
END_TEST

START_TEST(a_group_that_is_only_seen_by_daylight_somewhere_is_fitted_elsewhere)
{
    add_halves(LIGHT_YEAR);
    for (size_t i = 0; i < in.light_count; i++)
        if (in.light[i].area == 0 && in.light[i].group == group_number(X))
            in.light[i].n = 0;
    assert_close("value", veil_of("", "light").value, log(0.5), 1e-8);
}
END_TEST

START_TEST(without_models_there_are_none)
{
    in.choices.models = false;
    add_halves(LIGHT_YEAR);
    ck_assert_ptr_null(figure_of("veil", "", "x", "light").measure);
    ck_assert_ptr_null(figure_of("misclassified-ratio", "", "x", "").measure);
}
END_TEST

/* ---- by self-description --------------------------------------------------------------------- */

static void
add_both(unsigned after, unsigned self, int n)
{
    in.both[in.both_count++] = (struct both_cell){group_number(after), group_number(self), n};
}

START_TEST(people_who_describe_themselves_as_they_are_seen_change_no_ratio)
{
    add_both(X, X, 100000);
    add_both(Y, Y, 100000);
    add_both(UNSEEN, X, 500); /* in no row */

    const struct figure f = figure_of("misclassified-ratio", "", "x", "");
    const double plain = 9000.0 / 5000 / (18000.0 / 15000);

    assert_close("value", f.value, plain, 1e-12);
    ck_assert(f.lower < plain && plain < f.upper);
    assert_close("width", log(f.upper / f.lower), 2 * 1.96 * sqrt(1 / 9000.0 + 1 / 18000.0), 0.01);
    assert_close("persons", f.n, 200000, 0);
    ck_assert_str_eq(f.method, "monte-carlo");
}
END_TEST

START_TEST(counts_are_moved_by_the_rows_of_the_matrix)
{
    add_both(X, X, 80);
    add_both(X, Y, 20);
    add_both(Y, X, 10);
    add_both(Y, Y, 90);

    /* 0.8 x 9,000 + 0.1 x 18,000 against the rest. */
    const struct figure f = figure_of("misclassified-ratio", "", "x", "");

    assert_close("value", f.value, 9000.0 / 5000 / (18000.0 / 15000), 1e-12);
    assert_close("y", figure_of("misclassified-ratio", "", "y", "").value,
                 1 / (9000.0 / 5000 / (18000.0 / 15000)), 1e-12);
    in.both[1].n = 0;
    assert_close("none of x is y", figure_of("misclassified-ratio", "", "x", "").value,
                 10800.0 / 5000 / (16200.0 / 15000), 1e-12);
}
END_TEST

START_TEST(without_persons_of_whom_both_are_known_nothing_is_corrected)
{
    const struct figure f = figure_of("misclassified-ratio", "", "x", "");

    ck_assert_str_eq(f.guard, "A003");
    ck_assert(isnan(f.value) && isnan(f.n));
}
END_TEST

START_TEST(a_group_of_whom_nobody_is_known_or_few_is_not_corrected)
{
    add_both(X, X, 50);
    ck_assert_str_eq(figure_of("misclassified-ratio", "", "x", "").guard, "A005");
    add_both(Y, Y, 9);
    ck_assert_str_eq(figure_of("misclassified-ratio", "", "y", "").guard, "A001");
}
END_TEST

START_TEST(a_group_that_nobody_is_seen_as_gets_those_who_say_so)
{
    for (size_t i = 0; i < cells->count; i++)
        if (cells->list[i].group == group_number(X))
            cells->list[i].sum[SUM_persons] = 0;
    add_both(Y, Y, 90);
    add_both(Y, X, 10);
    assert_close("value", figure_of("misclassified-ratio", "", "x", "").value,
                 1800.0 / 5000 / (16200.0 / 15000), 1e-12);
    in.both[1].n = 9;
    ck_assert_str_eq(figure_of("misclassified-ratio", "", "x", "").guard, "A001");
}
END_TEST

/* ---- what a run keeps ------------------------------------------------------------------------ */

static const char *
text_now(void)
{
    return inputs_text(&in, a)->data;
}

START_TEST(every_cell_for_models_is_in_the_text_that_is_hashed)
{
    add_halves(LIGHT_YEAR);
    add_both(X, X, 50);

    const char *const before = text_now();

    ck_assert_str_eq(before, text_now());
    in.light[7].n++;
    ck_assert_str_ne(before, text_now());
    in.light[7].n--;
    in.both[0].n++;
    ck_assert_str_ne(before, text_now());
    in.both[0].n--;
    in.light_coarse[2]++;
    ck_assert_str_ne(before, text_now());
    in.light_coarse[2]--;
    in.sun.longitude += 0.01;
    ck_assert_str_ne(before, text_now());
    in.sun.longitude = 4;
    ck_assert_str_eq(before, text_now());
}
END_TEST

START_TEST(so_is_every_sum_of_stops_alike)
{
    struct names *const names = names_new(a);

    names_add(names, "");
    in.dayparts = in.bases = in.modes = names;
    in.like_count = 1;
    in.like[0].group = group_number(X);

    const char *const before = text_now();

    for (unsigned s = 0; s < SUM_COUNT; s++) {
        in.like[0].sum[s] = 1;
        ck_assert_str_ne(before, text_now());
        in.like[0].sum[s] = 0;
    }
    ck_assert_str_eq(before, text_now());
}
END_TEST

Suite *
models_suite(void)
{
    Suite *const s = suite_create("models");
    TCase *const t = tcase_create("models");

    tcase_add_checked_fixture(t, make_city, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, where_clock_times_agree_the_veil_is_the_odds_ratio_of_one_table);
    tcase_add_test(t, a_change_of_the_clock_is_part_of_the_year_and_a_figure_of_its_own);
    tcase_add_test(t, what_officers_saw_beforehand_is_asked_apart);
    tcase_add_test(t, a_district_takes_its_own_wijken_and_shows_no_counts);
    tcase_add_test(t, those_whose_group_was_not_perceived_are_in_no_veil);
    tcase_add_test(t, without_coordinates_nothing_is_said_of_light);
    tcase_add_test(t, times_that_are_too_coarse_are_counted_in_a_note);
    tcase_add_test(t, a_corner_of_fewer_than_ten_withholds_the_veil);
    tcase_add_test(t, a_variant_that_leaves_fewer_than_ten_over_is_withheld);
    tcase_add_test(t, one_clock_time_or_one_light_has_no_veil);
    tcase_add_test(t, a_group_that_is_only_seen_by_daylight_somewhere_is_fitted_elsewhere);
    tcase_add_test(t, without_models_there_are_none);
    tcase_add_test(t, people_who_describe_themselves_as_they_are_seen_change_no_ratio);
    tcase_add_test(t, counts_are_moved_by_the_rows_of_the_matrix);
    tcase_add_test(t, without_persons_of_whom_both_are_known_nothing_is_corrected);
    tcase_add_test(t, a_group_of_whom_nobody_is_known_or_few_is_not_corrected);
    tcase_add_test(t, a_group_that_nobody_is_seen_as_gets_those_who_say_so);
    tcase_add_test(t, every_cell_for_models_is_in_the_text_that_is_hashed);
    tcase_add_test(t, so_is_every_sum_of_stops_alike);
    suite_add_tcase(s, t);
    return s;
}
