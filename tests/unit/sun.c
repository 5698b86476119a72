/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sun against PyEphem 4.1.4 (libastro's VSOP87, another theory than Meeus' series used here):
 * for each day o = ephem.Observer(); o.lat, o.lon = '52.08', '4.31'; o.pressure = 0; o.horizon =
 * '-0.833' (or '-6') o.previous_rising(ephem.Sun(), use_center=True), o.next_setting(…) from local
 * mean noon
 */
#include "common/sun.h"

#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

Suite *sun_suite(void);

static const struct sun_place hague = {52.08, 4.31}, minneapolis = {44.98, -93.27};

static const struct almanac {
    const struct sun_place *place;
    int year, month, day;
    const char *dawn, *rise, *set, *dusk;
} almanac[] = {
    {&hague, 2026, 3, 20, "2026-03-20T05:11:56Z", "2026-03-20T05:45:37Z", "2026-03-20T17:55:47Z",
     "2026-03-20T18:29:35Z"},
    {&hague, 2026, 6, 21, "2026-06-21T02:32:57Z", "2026-06-21T03:22:04Z", "2026-06-21T20:07:03Z",
     "2026-06-21T20:56:11Z"},
    {&hague, 2026, 9, 23, "2026-09-23T04:56:29Z", "2026-09-23T05:30:16Z", "2026-09-23T17:38:59Z",
     "2026-09-23T18:12:39Z"},
    {&hague, 2026, 12, 21, "2026-12-21T07:07:52Z", "2026-12-21T07:48:57Z", "2026-12-21T15:32:40Z",
     "2026-12-21T16:13:45Z"},
    {&hague, 2020, 2, 29, "2020-02-29T05:56:05Z", "2020-02-29T06:30:03Z", "2020-02-29T17:21:15Z",
     "2020-02-29T17:55:16Z"},
    {&hague, 2031, 11, 5, "2031-11-05T06:08:20Z", "2031-11-05T06:44:30Z", "2031-11-05T16:07:25Z",
     "2031-11-05T16:43:33Z"},
    {&minneapolis, 2026, 6, 21, "2026-06-21T09:49:02Z", "2026-06-21T10:26:28Z",
     "2026-06-22T02:03:25Z", "2026-06-22T02:40:50Z"},
    {&minneapolis, 2026, 12, 21, "2026-12-21T13:14:21Z", "2026-12-21T13:48:13Z",
     "2026-12-21T22:34:19Z", "2026-12-21T23:08:11Z"},
};

static void
assert_event(const struct almanac *w, const char *expected, double elevation, bool rising)
{
    const int64_t day = civil_days(w->year, w->month, w->day);
    instant t, reference;
    bool has_offset;

    ck_assert(instant_parse(span_of(expected), &reference, &has_offset));
    ck_assert(sun_event(*w->place, day, elevation, rising, &t));
    ck_assert_msg(llabs((long long)(t - reference)) <= 10 * MICROS, "%s is off by %" PRId64 " s",
                  expected, (t - reference) / MICROS);
    ck_assert_msg(fabs(sun_elevation(*w->place, t) - elevation) < 1e-4, "elevation at %s",
                  expected);
}

START_TEST(rise_set_and_dusk_agree_with_an_almanac_to_ten_seconds)
{
    const struct almanac *const w = &almanac[_i];

    assert_event(w, w->dawn, SUN_CIVIL, true);
    assert_event(w, w->rise, SUN_RISE_SET, true);
    assert_event(w, w->set, SUN_RISE_SET, false);
    assert_event(w, w->dusk, SUN_CIVIL, false);
}
END_TEST

START_TEST(far_north_the_sun_may_stay_up_or_down)
{
    const struct sun_place tromso = {69.65, 18.96};
    instant t;

    ck_assert(!sun_event(tromso, civil_days(2026, 6, 21), SUN_RISE_SET, false, &t));
    ck_assert(!sun_event(tromso, civil_days(2026, 12, 21), SUN_RISE_SET, true, &t));
    ck_assert(sun_event(tromso, civil_days(2026, 3, 20), SUN_RISE_SET, true, &t));
    /* in June civil dusk does not come at 62 degrees north, the sunset does */
    const struct sun_place north = {62.0, 10.0};

    ck_assert(sun_event(north, civil_days(2026, 6, 21), SUN_RISE_SET, false, &t));
    ck_assert(!sun_event(north, civil_days(2026, 6, 21), SUN_CIVIL, false, &t));
}
END_TEST

START_TEST(every_day_goes_dawn_rise_set_dusk)
{
    instant last_rise = 0;

    for (int64_t day = civil_days(1950, 1, 1); day < civil_days(2060, 1, 1); day++) {
        instant dawn, rise, set, dusk;

        ck_assert(sun_event(hague, day, SUN_CIVIL, true, &dawn));
        ck_assert(sun_event(hague, day, SUN_RISE_SET, true, &rise));
        ck_assert(sun_event(hague, day, SUN_RISE_SET, false, &set));
        ck_assert(sun_event(hague, day, SUN_CIVIL, false, &dusk));
        ck_assert(dawn < rise && rise < set && set < dusk);
        ck_assert(day * 86400 * MICROS < dawn && dusk < (day + 1) * 86400 * MICROS);
        /* from one day to the next the sun rises at most 130 s earlier or later here */
        if (last_rise != 0)
            ck_assert(llabs((long long)(rise - last_rise - 86400 * MICROS)) < 140 * MICROS);
        last_rise = rise;
    }
}
END_TEST

Suite *
sun_suite(void)
{
    Suite *const s = suite_create("sun");
    TCase *const t = tcase_create("sun");

    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, rise_set_and_dusk_agree_with_an_almanac_to_ten_seconds, 0,
                        (int)(sizeof almanac / sizeof *almanac));
    tcase_add_test(t, far_north_the_sun_may_stay_up_or_down);
    tcase_add_test(t, every_day_goes_dawn_rise_set_dusk);
    suite_add_tcase(s, t);
    return s;
}
