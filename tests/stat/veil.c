/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The veil of darkness: the sun against an almanac of a year in five cities, the light of a stop,
 * and the model on cells against R, published numbers and its laws.
 */
#include "analyzer/stat/veil.h"

#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the sun ---- */

static double
assert_days(const json_t *city, const char *key, double elevation)
{
    const struct sun_place place = {golden_number(city, "latitude"),
                                    golden_number(city, "longitude")};
    const json_t *const list = json_object_get(city, key);
    const int64_t first = civil_days((int)golden_number(city, "year"), 1, 1);
    double most = 0;

    ck_assert_uint_eq(json_array_size(list), 365);
    for (size_t d = 0; d < 365; d++) {
        const json_int_t expected = json_integer_value(json_array_get(list, d));
        instant t = 0;
        const bool comes = sun_event(place, first + (int64_t)d, elevation, false, &t);

        ck_assert_msg(comes == (expected != 0), "%s on day %zu: %s",
                      json_string_value(json_object_get(city, "name")), d,
                      comes ? "comes" : "does not come");
        if (comes)
            most = fmax(most, fabs((double)t / (double)MICROS - (double)expected));
    }
    return most;
}

START_TEST(a_year_of_sunsets_and_dusks_is_that_of_an_almanac_to_the_minute)
{
    const json_t *const cities = golden(a, "sun", "cities");

    ck_assert_uint_eq(json_array_size(cities), 5);
    for (size_t i = 0; i < json_array_size(cities); i++) {
        const json_t *const city = json_array_get(cities, i);
        const double sunset = assert_days(city, "sunset", SUN_RISE_SET);
        const double dusk = assert_days(city, "dusk", SUN_CIVIL);

        printf("%s: sunset within %.1f s of the almanac, civil dusk within %.1f s, allowed 30\n",
               json_string_value(json_object_get(city, "name")), sunset, dusk);
        ck_assert(sunset < 30 && dusk < 30);
    }
}
END_TEST

static struct zone *
zone_of(const char *name)
{
    struct err e;
    struct zone *const z = zone_open(a, name, &e);

    ck_assert_ptr_nonnull(z);
    return z;
}

START_TEST(durham_has_the_published_sunset_and_dusk)
{
    /* rtidatascience/star, tests/: Durham NC */
    static const struct sun_place durham = {35.9940329, -78.898619};
    static const struct {
        int year, month, day;
        double sunset, dusk;
    } days[] = {{2016, 2, 16, 17 * 60 + 58, 18 * 60 + 24},
                {2015, 6, 16, 20 * 60 + 34, 21 * 60 + 4}};
    struct zone *const zone = zone_of("America/New_York");

    for (size_t i = 0; i < 2; i++) {
        const struct veil_day d =
            veil_day_of(durham, zone, civil_days(days[i].year, days[i].month, days[i].day));

        ck_assert(fabs(d.sunset - days[i].sunset) <= 0.5);
        ck_assert(fabs(d.dusk - days[i].dusk) <= 0.5);
    }

    const int64_t new_year = civil_days(2016, 1, 1);
    const struct veil_day d = veil_day_of(durham, zone, new_year);
    instant dawn, rise;

    ck_assert(d.sunset > 17 * 60 + 11 && d.sunset < 17 * 60 + 13);
    ck_assert(d.dusk > 17 * 60 + 39 && d.dusk < 17 * 60 + 41);
    ck_assert(sun_event(durham, new_year, SUN_CIVIL, true, &dawn));
    ck_assert(sun_event(durham, new_year, SUN_RISE_SET, true, &rise));
    /* 06:56 to 06:58 and 07:25 to 07:27, five hours behind UTC */
    ck_assert(fabs((double)dawn / 6e7 - (double)new_year * 1440 - (11 * 60 + 57)) < 1);
    ck_assert(fabs((double)rise / 6e7 - (double)new_year * 1440 - (12 * 60 + 26)) < 1);
}
END_TEST

/* ---- light ---- */

START_TEST(the_window_of_the_hague_is_wide_and_reykjavik_has_no_dusk_in_june)
{
    static const struct sun_place hague = {52.08, 4.31}, reykjavik = {64.15, -21.94};
    struct zone *const nl = zone_of("Europe/Amsterdam"), *const is = zone_of("Atlantic/Reykjavik");
    struct veil_day days[365];

    for (int d = 0; d < 365; d++)
        days[d] = veil_day_of(hague, nl, civil_days(2026, 1, 1) + d);

    const struct veil_window w = veil_window_of(days, 365);

    /* 5b-methods: about 17:14 in December to 22:56 in June */
    ck_assert(fabs(w.from - (17 * 60 + 12)) < 3 && fabs(w.to - (22 * 60 + 56)) < 2);
    ck_assert_int_eq(veil_light_of(days[0], w, 18 * 60), VEIL_DARK);
    ck_assert_int_eq(veil_light_of(days[181], w, 18 * 60), VEIL_DAYLIGHT);
    ck_assert_int_eq(veil_light_of(days[181], w, 22 * 60 + 30), VEIL_TWILIGHT);
    ck_assert_int_eq(veil_light_of(days[0], w, 12 * 60), VEIL_OUTSIDE);
    ck_assert_int_eq(veil_light_of(days[0], w, 23 * 60), VEIL_OUTSIDE);

    const struct veil_day june = veil_day_of(reykjavik, is, civil_days(2026, 6, 21));

    ck_assert(june.sunset > 1440); /* after midnight */
    ck_assert(isnan(june.dusk));
    ck_assert_int_eq(veil_light_of(june, w, 18 * 60), VEIL_OUTSIDE);
    ck_assert(isnan(veil_window_of(&june, 1).from));
}
END_TEST

START_TEST(days_near_a_clock_change_are_found)
{
    struct zone *const nl = zone_of("Europe/Amsterdam"), *const quito =
                                                             zone_of("America/Guayaquil");
    const int64_t change = civil_days(2026, 3, 29);

    ck_assert(veil_near_clock_change(nl, change, 30));
    ck_assert(veil_near_clock_change(nl, change - 30, 30));
    ck_assert(veil_near_clock_change(nl, change + 29, 30));
    ck_assert(!veil_near_clock_change(nl, change - 32, 30));
    ck_assert(!veil_near_clock_change(nl, change + 32, 30));
    ck_assert(!veil_near_clock_change(quito, change, 30));
}
END_TEST

START_TEST(a_coarse_time_is_not_precise)
{
    ck_assert(veil_is_precise("exact") && veil_is_precise("quarter"));
    ck_assert(!veil_is_precise("hour") && !veil_is_precise("date_only") && !veil_is_precise(""));
}
END_TEST

/* ---- the model ---- */

static struct fit_options
options_of(const char *group, const char *adjust, int df)
{
    return (struct fit_options){
        .group = group, .adjust = adjust, .df = df, .level = 0.95, .seed = 1};
}

static const json_t *
fit(const char *csv, const char *group, const char *adjust, int df)
{
    const struct fit_options options = options_of(group, adjust, df);

    return fit_document(a, "veil", csv, &options);
}

static const json_t *
the(const json_t *document, const char *name, const char *method, const char *place,
    const char *group)
{
    return fit_document_figure(document, name, method, place, group);
}

static double
number(const json_t *figure, const char *key)
{
    const json_t *const value = json_object_get(figure, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

static double
dark(const json_t *document, const char *group)
{
    return number(the(document, "log-odds-dark", "logistic", NULL, group), "value");
}

/* The golden cells; `times` as many stops in each, and what is 1 when `perceived` is asked. */
static const char *
cells_csv(double times, bool perceived)
{
    const json_t *const cells = golden(a, "veil", "cells");
    struct strbuf *const csv = strbuf_new(a, 1 << 20);

    strbuf_printf(csv, "minute,%s,place,group,season,n\n",
                  perceived ? "perceived_before_decision" : "dark");
    for (size_t i = 0; i < json_array_size(cells); i++) {
        const json_t *const c = json_array_get(cells, i);
        const double is_dark = golden_number(c, "dark");

        strbuf_printf(
            csv, "%.0f,%.0f,%s,%s,%s,%.0f\n", golden_number(c, "minute"),
            perceived ? 1 - is_dark : is_dark, json_string_value(json_object_get(c, "place")),
            json_string_value(json_object_get(c, "group")),
            json_string_value(json_object_get(c, "season")), times * golden_number(c, "n"));
    }
    return csv->data;
}

#define ITERATED 1e-8

static void
assert_golden(const char *key, const char *adjust, int df)
{
    const json_t *const c = golden(a, "veil", key);
    const json_t *const f =
        the(fit(cells_csv(1, false), "a", adjust, df), "log-odds-dark", "logistic", NULL, "a");

    assert_relative(key, number(f, "value"), golden_number(c, "value"), ITERATED);
    assert_relative(key, number(f, "se"), golden_number(c, "se"), ITERATED);
}

START_TEST(cells_give_what_r_finds_in_the_stops)
{
    assert_golden("place", "place", 6);
    assert_golden("none", "none", 6);
    assert_golden("season", "place + season", 4);
}
END_TEST

START_TEST(places_and_their_pooled_log_odds_are_those_of_r)
{
    static const char *const places[] = {"p1", "p2", "p3", "p4"};
    const json_t *const c = golden(a, "veil", "places");
    struct fit_options options = options_of("a", "place", 6);
    double value[4], se[4];

    options.by_place = true;

    const json_t *const d = fit_document(a, "veil", cells_csv(1, false), &options);

    golden_numbers(c, "value", value, 4);
    golden_numbers(c, "se", se, 4);
    for (size_t i = 0; i < 4; i++) {
        const json_t *const f = the(d, "log-odds-dark-place", "interaction", places[i], "a");

        assert_relative(places[i], number(f, "value"), value[i], ITERATED);
        assert_relative(places[i], number(f, "se"), se[i], ITERATED);
    }

    const json_t *const pooled = the(d, "log-odds-dark-pooled", "inverse-variance", NULL, "a");
    const json_t *const same = the(d, "homogeneity-dark", "cochran", NULL, "a");

    assert_relative("pooled", number(pooled, "value"), golden_number(c, "pooled"), ITERATED);
    assert_relative("pooled se", number(pooled, "se"), golden_number(c, "pooled_se"), ITERATED);
    assert_relative("q", number(same, "statistic"), golden_number(c, "q"), ITERATED);
    assert_relative("q p", number(same, "p"), golden_number(c, "q_p"), ITERATED);
}
END_TEST

/* One stop of the Minneapolis sample. */
struct stop {
    int minute, sunset, dusk;
    bool dark, black;
    char precinct;
    int64_t day;
};

static bool
next_stop(FILE *in, struct stop *s)
{
    char day[16], is_dark[8], black[8];
    struct span date;

    if (fscanf(in, " \"%10[^\"]\",%d,%d,%d,%5[A-Z],%5[A-Z],%c", day, &s->minute, &s->sunset,
               &s->dusk, is_dark, black, &s->precinct) != 7)
        return false;
    date = span_of(day);
    s->dark = strcmp(is_dark, "TRUE") == 0;
    s->black = strcmp(black, "TRUE") == 0;
    return date_parse(date, &s->day);
}

START_TEST(minneapolis_has_the_reference_coefficients)
{
    /* R on these 3,870 stops: README of the data; required to 0.1% */
    static const struct sun_place minneapolis = {44.98, -93.27};
    static const struct veil_window window = {1026, 1302};
    const char *const path = shared_data(a, "minneapolis_has_the_reference_coefficients",
                                         "mpls_stops/vod_reference_sample.csv");
    FILE *const in = path ? fopen(path, "r") : NULL;
    struct strbuf *const csv = strbuf_new(a, 1 << 20);
    struct zone *zone;
    struct stop s;
    int stops = 0, furthest = 0;

    if (!in)
        return;
    zone = zone_of("America/Chicago");
    strbuf_add_text(csv, "minute,dark,place,group,n\n");
    ck_assert_int_eq(fscanf(in, "%*[^\n]"), 0);
    for (; next_stop(in, &s); stops++) {
        /* the sample rounds dusk to a minute, and calls a stop in that very minute light */
        const struct veil_day given = {s.sunset, s.dusk};
        const struct veil_day ours = veil_day_of(minneapolis, zone, s.day);

        if (s.minute != s.dusk)
            ck_assert_int_eq(veil_light_of(given, window, s.minute),
                             s.dark ? VEIL_DARK : VEIL_DAYLIGHT);
        furthest = (int)fmax(furthest, fabs(ours.dusk - s.dusk) * 60);
        furthest = (int)fmax(furthest, fabs(ours.sunset - s.sunset) * 60);
        strbuf_printf(csv, "%d,%d,%c,%s,1\n", s.minute, s.dark, s.precinct,
                      s.black ? "Black" : "White");
    }
    fclose(in);
    ck_assert_int_eq(stops, 3870);
    printf("Minneapolis: sunset and dusk within %d s of suncalc's, rounded to minutes\n", furthest);
    /* suncalc's simpler sun is up to two minutes from NOAA's here; 30 s are for rounding */
    ck_assert_int_le(furthest, 180);

    const json_t *d = fit(csv->data, "Black", "none", 6);

    assert_relative("none", dark(d, "Black"), -0.101888596, 1e-6);
    assert_relative("none se", number(the(d, "log-odds-dark", "logistic", NULL, "Black"), "se"),
                    0.077924585, 1e-6);
    d = fit(csv->data, "Black", "place", 6);
    assert_relative("precinct", dark(d, "Black"), -0.018067253, 1e-6);
    assert_relative("precinct se", number(the(d, "log-odds-dark", "logistic", NULL, "Black"), "se"),
                    0.091030167, 1e-6);
}
END_TEST

/* ---- laws ---- */

START_TEST(swapping_the_groups_changes_the_sign)
{
    const json_t *const d = fit(cells_csv(1, false), NULL, "place", 6);

    assert_relative("a and b", dark(d, "a"), -dark(d, "b"), 1e-9);
}
END_TEST

START_TEST(ten_times_the_stops_are_the_same_odds_with_less_error)
{
    /* df 1: no inner knots, which move a little with the number of stops */
    const json_t *const d = fit(cells_csv(1, false), "a", "place", 1);
    const json_t *const e = fit(cells_csv(10, false), "a", "place", 1);

    assert_relative("log odds", dark(e, "a"), dark(d, "a"), 1e-9);
    assert_relative("se", number(the(e, "log-odds-dark", "logistic", NULL, "a"), "se"),
                    number(the(d, "log-odds-dark", "logistic", NULL, "a"), "se") / sqrt(10), 1e-9);
}
END_TEST

START_TEST(cells_may_come_as_single_stops)
{
    static const char cells[] = "minute,dark,place,group,n\n"
                                "1100,0,x,a,3\n1100,1,x,a,1\n1100,0,x,b,2\n1100,1,x,b,2\n"
                                "1200,0,x,a,1\n1200,1,x,a,2\n1200,0,x,b,1\n1200,1,x,b,4\n";
    static const char stops[] =
        "minute,dark,place,group,n\n"
        "1100,0,x,a,2\n1100,0,x,a,1\n1100,1,x,a,1\n1100,0,x,b,1\n1100,0,x,b,1\n1100,1,x,b,2\n"
        "1200,0,x,a,1\n1200,1,x,a,1\n1200,1,x,a,1\n1200,0,x,b,1\n1200,1,x,b,1\n1200,1,x,b,3\n";

    assert_relative("log odds", dark(fit(cells, "a", "place", 1), "a"),
                    dark(fit(stops, "a", "place", 1), "a"), 1e-12);
}
END_TEST

START_TEST(an_adjustment_without_intercept_changes_nothing)
{
    const char *const csv = cells_csv(1, false);

    assert_relative("log odds", dark(fit(csv, "a", "place - 1", 6), "a"),
                    dark(fit(csv, "a", "place", 6), "a"), 1e-9);
}
END_TEST

START_TEST(places_are_found_beside_other_interactions)
{
    struct fit_options options = options_of("a", "place + season + season:place", 6);
    const json_t *d;

    options.by_place = true;
    d = fit_document(a, "veil", cells_csv(1, false), &options);
    ck_assert(fabs(number(the(d, "log-odds-dark-place", "interaction", "p2", "a"), "value")) < 2);
    ck_assert(number(the(d, "log-odds-dark-pooled", "inverse-variance", NULL, "a"), "n") == 4);
    /* all that differs is the adjustment, so the mean stays near the one coefficient */
    ck_assert(fabs(number(the(d, "log-odds-dark-pooled", "inverse-variance", NULL, "a"), "value") -
                   dark(d, "a")) < 0.05);
}
END_TEST

START_TEST(the_direct_test_reads_not_perceived_as_dark)
{
    const json_t *const d = fit(cells_csv(1, false), "a", "place", 6);
    const json_t *const e = fit(cells_csv(1, true), "a", "place", 6);

    assert_relative("unseen", number(the(e, "log-odds-unseen", "logistic", NULL, "a"), "value"),
                    dark(d, "a"), 1e-12);
}
END_TEST

/* ---- what has no answer ---- */

static void
assert_nothing(const char *csv, const char *why)
{
    const json_t *const f = the(fit(csv, "a", "place", 1), "log-odds-dark", "logistic", NULL, "a");

    ck_assert(json_is_null(json_object_get(f, "value")));
    ck_assert_msg(strstr(json_string_value(json_object_get(f, "note")), why) != NULL, "%s",
                  json_string_value(json_object_get(f, "note")));
}

START_TEST(without_two_sides_there_is_no_answer)
{
    assert_nothing("minute,dark,place,group,n\n1100,1,x,a,3\n1200,1,x,b,4\n", "one side");
    assert_nothing("minute,dark,place,group,n\n1100,1,x,a,3\n1200,0,x,a,4\n", "nobody");
    assert_nothing("minute,dark,place,group,n\n1100,1,x,a,3\n1100,1,x,b,3\n1200,1,x,b,2\n"
                   "1200,0,x,b,4\n1100,0,x,b,9\n",
                   "separation");
}
END_TEST

START_TEST(coarse_times_are_left_out_and_counted)
{
    const json_t *const d = fit("minute,dark,place,group,n,time_precision\n"
                                "1100,0,x,a,3,exact\n1100,1,x,a,1,quarter\n1100,0,x,b,2,exact\n"
                                "1100,1,x,b,2,exact\n1200,0,x,a,1,exact\n1200,0,x,b,1,exact\n"
                                "1200,1,x,a,100,hour\n1200,1,x,a,20,date_only\n",
                                "a", "place", 1);

    assert_close("left out", golden_number(json_object_get(d, "diagnostics"), "stops_too_coarse"),
                 120, 0);
    assert_close("stops", number(the(d, "log-odds-dark", "logistic", NULL, "a"), "n"), 10, 0);
    ck_assert(dark(d, "a") < 0);
}
END_TEST

START_TEST(cells_that_cannot_be_read_are_refused_with_a_remedy)
{
    static const struct {
        const char *csv, *group, *adjust, *message;
        int df;
    } cases[] = {
        {"minute,dark,place,group,n\n1100,2,x,a,3\n", NULL, "place", "dark is neither 0 nor 1", 6},
        {"minute,dark,place,group,n\n1100,1,x,a,3\n", NULL, "place", "one value only", 6},
        {"minute,dark,place,group,n\nnoon,1,x,a,3\n", NULL, "place", "is no number", 6},
        {"minute,dark,place,group,n\n1100,1,x,a,-3\n", NULL, "place", "n is negative", 6},
        {"minute,dark,place,group,n\n1100,1,x,a,0\n", NULL, "place", "no row has stops", 6},
        {"minute,place,group,n\n1100,x,a,0\n", NULL, "place", "neither a column dark", 6},
        {"minute,dark,place,group,n\n1100,1,x,a,3\n", "z", "place", "--group names", 6},
        {"minute,dark,place,group,n\n1100,1,x,a,3\n", NULL, "place", "--df must lie", 0},
        {"minute,dark,place,group,n\n1100,1,x,a,3\n1200,0,x,b,1\n", NULL, "season",
         "no such column", 6},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct fit_options options = options_of(cases[i].group, cases[i].adjust, cases[i].df);
        struct err e = {0};

        ck_assert_ptr_null(fit_document_text(a, "veil", cases[i].csv, &options, &e));
        ck_assert_msg(strstr(e.text, cases[i].message) != NULL, "%zu: %s", i, e.text);
        ck_assert_msg(e.hint[0] != '\0', "%zu: no remedy", i);
    }
}
END_TEST

Suite *veil_suite(void);

Suite *
veil_suite(void)
{
    Suite *const s = suite_create("veil");
    TCase *const t = tcase_create("veil");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_year_of_sunsets_and_dusks_is_that_of_an_almanac_to_the_minute);
    tcase_add_test(t, durham_has_the_published_sunset_and_dusk);
    tcase_add_test(t, the_window_of_the_hague_is_wide_and_reykjavik_has_no_dusk_in_june);
    tcase_add_test(t, days_near_a_clock_change_are_found);
    tcase_add_test(t, a_coarse_time_is_not_precise);
    tcase_add_test(t, cells_give_what_r_finds_in_the_stops);
    tcase_add_test(t, places_and_their_pooled_log_odds_are_those_of_r);
    tcase_add_test(t, minneapolis_has_the_reference_coefficients);
    tcase_add_test(t, swapping_the_groups_changes_the_sign);
    tcase_add_test(t, ten_times_the_stops_are_the_same_odds_with_less_error);
    tcase_add_test(t, cells_may_come_as_single_stops);
    tcase_add_test(t, an_adjustment_without_intercept_changes_nothing);
    tcase_add_test(t, places_are_found_beside_other_interactions);
    tcase_add_test(t, the_direct_test_reads_not_perceived_as_dark);
    tcase_add_test(t, without_two_sides_there_is_no_answer);
    tcase_add_test(t, coarse_times_are_left_out_and_counted);
    tcase_add_test(t, cells_that_cannot_be_read_are_refused_with_a_remedy);
    suite_add_tcase(s, t);
    return s;
}
