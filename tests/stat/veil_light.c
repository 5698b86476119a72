/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit veil` on raw clock times: the light from sunset and dusk in the file or from the sun over a
 * place, the window and the days near a clock change; against R, published numbers and its laws.
 */
#include "analyzer/stat/veil.h"

#include "tests/lib/fit_document.h"
#include "tests/lib/fixture.h"

#include <math.h>
#include <string.h>

#define ITERATED 1e-8

enum { ROWS = 300 }; /* of the golden almanac */

/* The options of a run: the group is a, the spline has 3 degrees of freedom. */
static struct fit_options
usual(void)
{
    return (struct fit_options){.group = "a", .adjust = "none", .df = 3, .level = 0.95, .seed = 1};
}

static double
number(const json_t *figure, const char *key)
{
    const json_t *const value = json_object_get(figure, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const json_t *
dark(const json_t *document, const char *group)
{
    return fit_document_figure(document, "log-odds-dark", "logistic", NULL, group);
}

static double
diagnostic(const json_t *document, const char *key)
{
    return golden_number(json_object_get(document, "diagnostics"), key);
}

/* ---- R ---- */

static const char *
dated_csv(bool said)
{
    const json_t *const rows = golden(a, "veil", "dated");
    struct strbuf *const csv = strbuf_new(a, 1 << 20);

    strbuf_printf(csv, "date,minute,sunset,dusk,group,n%s\n", said ? ",dark" : "");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const r = json_array_get(rows, i);

        strbuf_printf(
            csv, "%s,%.17g,%.17g,%.17g,%s,1%s\n", json_string_value(json_object_get(r, "date")),
            golden_number(r, "minute"), golden_number(r, "sunset"), golden_number(r, "dusk"),
            json_string_value(json_object_get(r, "group")), said ? i % 2 ? ",0" : ",1" : "");
    }
    return csv->data;
}

static void
assert_light(const char *key, const struct fit_options *options)
{
    const json_t *const c = json_object_get(golden(a, "veil", "light"), key);
    const json_t *const d = fit_document(a, "veil", dated_csv(false), options);

    assert_relative(key, number(dark(d, "a"), "value"), golden_number(c, "value"), ITERATED);
    assert_relative(key, number(dark(d, "a"), "se"), golden_number(c, "se"), ITERATED);
    assert_close(key, number(dark(d, "a"), "n"), golden_number(c, "n"), 0);
    assert_close(key, ROWS,
                 golden_number(c, "n") + diagnostic(d, "stops_twilight") +
                     diagnostic(d, "stops_outside_window") +
                     diagnostic(d, "stops_far_from_clock_change"),
                 0);
}

START_TEST(sunset_and_dusk_in_the_file_give_what_r_finds)
{
    struct fit_options options = usual();

    assert_light("all", &options);
    options.window = "18:20-21:30";
    assert_light("window", &options);
    options.window = NULL;
    options.time_zone = "Europe/Amsterdam";
    options.clock_change = 45;
    assert_light("change", &options);
    options.window = "1080-1300";
    assert_light("both", &options);
}
END_TEST

START_TEST(what_the_file_calls_dark_is_dark_and_the_difference_is_counted)
{
    const struct fit_options options = usual();
    const json_t *const c = json_object_get(golden(a, "veil", "light"), "all");
    const json_t *const said = fit_document(a, "veil", dated_csv(true), &options);
    const double otherwise = diagnostic(said, "stops_dark_otherwise");

    assert_close("stops", number(dark(said, "a"), "n"), golden_number(c, "n"), 0);
    ck_assert(fabs(number(dark(said, "a"), "value") - golden_number(c, "value")) > 0.01);
    ck_assert(otherwise > 50 && otherwise < golden_number(c, "n") - 50); /* every other row */
}
END_TEST

/* ---- the sun ---- */

START_TEST(dates_at_a_place_are_its_sunsets_and_dusks)
{
    static const struct sun_place hague = {52.08, 4.31};
    const json_t *const rows = golden(a, "veil", "dated");
    struct zone *const zone = zone_open(a, "Europe/Amsterdam", &(struct err){0});
    struct strbuf *const raw = strbuf_new(a, 1 << 20), *const given = strbuf_new(a, 1 << 20);
    struct fit_options options = usual();

    strbuf_add_text(raw, "date,minute,group,n\n");
    strbuf_add_text(given, "sunset,dusk,minute,group,n\n");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *const r = json_array_get(rows, i);
        const char *const date = json_string_value(json_object_get(r, "date"));
        const char *const group = json_string_value(json_object_get(r, "group"));
        int64_t day;

        ck_assert(date_parse(span_of(date), &day));

        const struct veil_day sun = veil_day_of(hague, zone, day);

        strbuf_printf(raw, "%s,%.17g,%s,1\n", date, golden_number(r, "minute"), group);
        strbuf_printf(given, "%.17g,%.17g,%.17g,%s,1\n", sun.sunset, sun.dusk,
                      golden_number(r, "minute"), group);
    }
    options.latitude = "52.08";
    options.longitude = "4.31";
    options.time_zone = "Europe/Amsterdam";

    const json_t *const d = fit_document(a, "veil", raw->data, &options);
    const double from = diagnostic(d, "window_from"), to = diagnostic(d, "window_to");

    options = usual(); /* the window of the year: the dates that were drawn have a shorter one */
    options.window = arena_printf(a, "%.17g-%.17g", from, to);
    ck_assert(json_equal(dark(d, "a"), dark(fit_document(a, "veil", given->data, &options), "a")));
    /* 5b-methods: about 17:14 in December to 22:56 in June */
    ck_assert(fabs(from - (17 * 60 + 12)) < 3);
    ck_assert(fabs(to - (22 * 60 + 56)) < 2);
}
END_TEST

START_TEST(the_window_is_of_whole_years)
{
    static const char csv[] = "date,minute,group,n\n2025-03-01,1100,a,3\n2025-03-02,1110,b,4\n"
                              "2025-04-30,1110,b,2\n2025-03-01,1150,b,4\n2025-04-01,1150,a,7\n";
    struct fit_options options = usual();
    const json_t *d;

    options.df = 1;
    options.latitude = "52.08";
    options.longitude = "4.31";
    options.time_zone = "Europe/Amsterdam";
    d = fit_document(a, "veil", csv, &options);
    ck_assert(fabs(diagnostic(d, "window_from") - (17 * 60 + 12)) < 3);
    ck_assert(fabs(diagnostic(d, "window_to") - (22 * 60 + 56)) < 2);
}
END_TEST

START_TEST(the_direct_test_keeps_every_stop)
{
    static const char csv[] = "minute,sunset,dusk,group,n,perceived_before_decision\n"
                              "1000,1100,1130,a,3,0\n1110,1100,1130,a,2,1\n1140,1100,1130,b,4,0\n"
                              "1150,1130,1190,b,5,1\n1160,1100,1130,a,6,0\n1170,1180,1200,a,7,1\n"
                              "1180,1190,1220,b,8,0\n1185,1100,1130,b,9,1\n";
    struct fit_options options = usual();
    const json_t *d;

    options.df = 1;
    d = fit_document(a, "veil", csv, &options);
    assert_close("unseen",
                 number(fit_document_figure(d, "log-odds-unseen", "logistic", NULL, "a"), "n"), 44,
                 0);
    assert_close("dark", number(dark(d, "a"), "n"), 34, 0);
    assert_close("outside", diagnostic(d, "stops_outside_window"), 5, 0);
    assert_close("twilight", diagnostic(d, "stops_twilight"), 5, 0);
}
END_TEST

/* ---- Minneapolis ---- */

/* The sample with these of its columns: day, minute, sunset, dusk, dark, group, precinct. */
static const char *
minneapolis(const char *test, const char *header, const char *format)
{
    const char *const path = shared_data(a, test, "mpls_stops/vod_reference_sample.csv");
    FILE *const in = path ? fopen(path, "r") : NULL;
    struct strbuf *const csv = strbuf_new(a, 1 << 20);
    char day[16], minute[8], sunset[8], dusk[8], is_dark[8], black[8], precinct[8];

    if (!in)
        return NULL;
    strbuf_printf(csv, "%s,group,place,n\n", header);
    ck_assert_int_eq(fscanf(in, "%*[^\n]"), 0);
    while (fscanf(in, " \"%10[^\"]\",%7[0-9],%7[0-9],%7[0-9],%5[A-Z],%5[A-Z],%7s", day, minute,
                  sunset, dusk, is_dark, black, precinct) == 7) {
        const char *const field[] = {day, minute, sunset, dusk, is_dark};

        for (const char *f = format; *f; f++)
            strbuf_printf(csv, "%s,", field[*f - '0']);
        strbuf_printf(csv, "%s,%s,1\n", strcmp(black, "TRUE") == 0 ? "Black" : "White", precinct);
    }
    fclose(in);
    return csv->data;
}

struct reference {
    double none, none_se, place, place_se, n;
};

static void
assert_minneapolis(const char *csv, struct fit_options options, struct reference r, double allowed)
{
    const json_t *d;

    options.group = "Black";
    options.df = 6;
    d = fit_document(a, "veil", csv, &options);
    assert_close("none", number(dark(d, "Black"), "value"), r.none, allowed);
    assert_close("none se", number(dark(d, "Black"), "se"), r.none_se, allowed);
    ck_assert(fabs(number(dark(d, "Black"), "n") - r.n) <= allowed * 1e4);
    options.adjust = "place";
    d = fit_document(a, "veil", csv, &options);
    assert_close("place", number(dark(d, "Black"), "value"), r.place, allowed);
    assert_close("place se", number(dark(d, "Black"), "se"), r.place_se, allowed);
}

START_TEST(minneapolis_is_reproduced_from_raw_times)
{
    /* README of the data, and R's glm with dark = minute >= dusk: 22 stops are in that minute */
    static const struct reference published = {-0.101888596, 0.077924585, -0.018067253, 0.091030167,
                                               3870};
    static const struct reference from_dusk = {-0.0934572673318, 0.0781429134520, -0.00757267620165,
                                               0.09133398194341, 3870};
    const char *const test = "minneapolis_is_reproduced_from_raw_times";
    struct fit_options options = usual();
    const char *csv = minneapolis(test, "minute,sunset,dusk,dark", "1234");

    if (!csv)
        return;
    assert_minneapolis(csv, options, published, 1e-7);
    assert_close(
        "in the minute of dusk",
        diagnostic(fit_document(a, "veil", csv,
                                &(struct fit_options){
                                    .df = 6, .adjust = "none", .level = 0.95, .group = "Black"}),
                   "stops_dark_otherwise"),
        22, 0);
    assert_minneapolis(minneapolis(test, "minute,sunset,dusk", "123"), options, from_dusk, 1e-8);
    options.latitude = "44.98";
    options.longitude = "-93.27";
    options.time_zone = "America/Chicago";
    /* another sun, by up to two minutes: 41 of 3,870 stops come to lie in twilight or outside */
    assert_minneapolis(minneapolis(test, "date,minute", "01"), options, published, 0.005);
}
END_TEST

START_TEST(minneapolis_near_a_clock_change_is_as_in_r)
{
    /* R: days from 30 before to 29 after 2017-03-12 or 2017-11-05; 18:00 to 20:00 */
    const char *const csv = minneapolis("minneapolis_near_a_clock_change_is_as_in_r",
                                        "date,minute,sunset,dusk", "0123");
    struct fit_options options = usual();
    const json_t *d;

    if (!csv)
        return;
    options.group = "Black";
    options.df = 6;
    options.window = "18:00-20:00";
    d = fit_document(a, "veil", csv, &options);
    assert_close("window", number(dark(d, "Black"), "value"), -0.1729868356575, 1e-8);
    assert_close("window se", number(dark(d, "Black"), "se"), 0.0967606360436, 1e-8);
    options.window = NULL;
    options.time_zone = "America/Chicago";
    options.clock_change = 30;
    d = fit_document(a, "veil", csv, &options);
    assert_close("change", number(dark(d, "Black"), "value"), 0.0645042212359, 1e-8);
    assert_close("change se", number(dark(d, "Black"), "se"), 0.1620945660623, 1e-8);
    assert_close("change n", number(dark(d, "Black"), "n"), 1502, 0);
}
END_TEST

/* ---- refused ---- */

START_TEST(options_that_do_not_fit_are_refused_with_a_remedy)
{
    static const char none[] = "minute,group,n\n1100,a,3\n";
    static const char dated[] = "minute,group,n,date\n1100,a,3,2026-10-25\n";
    static const char given[] = "minute,group,n,sunset,dusk\n1100,a,3,1200,1230\n";
    static const struct {
        const char *csv, *latitude, *longitude, *zone, *window;
        int days;
        const char *message;
    } cases[] = {
        {none, NULL, NULL, NULL, NULL, 0, "neither a column dark"},
        {dated, NULL, NULL, NULL, NULL, 0, "neither a column dark"},
        {none, "52", "4", "Europe/Amsterdam", NULL, 0, "--latitude needs a column date"},
        {dated, "52", NULL, "Europe/Amsterdam", NULL, 0, "needs --latitude, --longitude and"},
        {dated, "52", "4", NULL, NULL, 0, "needs --latitude, --longitude and"},
        {dated, "91", "4", "Europe/Amsterdam", NULL, 0, "no number of degrees"},
        {dated, "52", "4 E", "Europe/Amsterdam", NULL, 0, "no number of degrees"},
        {dated, "52", "4", "Europe/Den_Haag", NULL, 0, "no time zone \"Europe/Den_Haag\""},
        {dated, NULL, NULL, "Europe/Amsterdam", NULL, 0, "--time-zone needs"},
        {dated, NULL, NULL, NULL, NULL, 30, "--clock-change needs --time-zone"},
        {dated, NULL, NULL, "Europe/Amsterdam", NULL, -1, "1 to 182 days"},
        {none, NULL, NULL, "Europe/Amsterdam", NULL, 30, "--clock-change needs a column date"},
        {given, "52", "4", "Europe/Amsterdam", NULL, 0, "the file has sunset and dusk"},
        {given, NULL, NULL, NULL, "17:06", 0, "--window is not two clock times"},
        {given, NULL, NULL, NULL, "21:00-17:00", 0, "--window is not two clock times"},
        {given, NULL, NULL, NULL, "17:60-18:00", 0, "--window is not two clock times"},
        {given, NULL, NULL, NULL, "0A:00-18:00", 0, "--window is not two clock times"},
        {given, NULL, NULL, NULL, ":-18:00", 0, "--window is not two clock times"},
        {given, NULL, NULL, NULL, NULL, 0, "no row has stops in the window"},
        {"minute,group,n,dusk\n1100,a,3,1230\n", NULL, NULL, NULL, NULL, 0, "one is missing"},
        {"minute,group,n,date\n1100,a,3,25-10-2026\n", "52", "4", "Europe/Amsterdam", NULL, 0,
         "line 2, column 10: date is no date"},
        {"minute,group,n,date\n1100,a,3,1899-12-31\n", "52", "4", "Europe/Amsterdam", NULL, 0,
         "date is no date of these centuries"},
        {"minute,group,n,date\nnoon,a,3,2026-10-25\n", "52", "4", "Europe/Amsterdam", NULL, 0,
         "line 2, column 1: minute is not a number"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fit_options options = usual();
        struct err e = {0};

        options.latitude = cases[i].latitude;
        options.longitude = cases[i].longitude;
        options.time_zone = cases[i].zone;
        options.window = cases[i].window;
        options.clock_change = cases[i].days;
        ck_assert_ptr_null(fit_document_text(a, "veil", cases[i].csv, &options, &e));
        ck_assert_msg(strstr(e.text, cases[i].message) != NULL, "%zu: %s", i, e.text);
        ck_assert_msg(e.hint[0] != '\0', "%zu: no remedy", i);
    }
}
END_TEST

Suite *veil_light_suite(void);

Suite *
veil_light_suite(void)
{
    Suite *const s = suite_create("veil_light");
    TCase *const t = tcase_create("veil_light");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, sunset_and_dusk_in_the_file_give_what_r_finds);
    tcase_add_test(t, what_the_file_calls_dark_is_dark_and_the_difference_is_counted);
    tcase_add_test(t, dates_at_a_place_are_its_sunsets_and_dusks);
    tcase_add_test(t, the_window_is_of_whole_years);
    tcase_add_test(t, the_direct_test_keeps_every_stop);
    tcase_add_test(t, minneapolis_is_reproduced_from_raw_times);
    tcase_add_test(t, minneapolis_near_a_clock_change_is_as_in_r);
    tcase_add_test(t, options_that_do_not_fit_are_refused_with_a_remedy);
    suite_add_tcase(s, t);
    return s;
}
