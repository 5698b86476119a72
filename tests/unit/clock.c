/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Clock: the calendar against laws, texts against tables of right and wrong, and time zones against
 * the C library, which is given the summer-time law as a POSIX TZ rule and so shares nothing with
 * ICU.
 */
#include "common/clock.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

Suite *clock_suite(void);

static struct arena *arena;

static void
setup(void)
{
    arena = arena_new();
    unsetenv("MAATSTAF_NOW");
}

static void
teardown(void)
{
    arena_free(arena);
}

/* ---- calendar ------------------------------------------------------------------------------- */

START_TEST(every_day_of_800_years_follows_the_one_before)
{
    int64_t expected = civil_days(1600, 1, 1);
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    ck_assert_int_eq(civil_days(1970, 1, 1), 0);
    for (int year = 1600; year < 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            const int length = lengths[month - 1] + (month == 2 && leap);

            for (int day = 1; day <= length; day++, expected++) {
                int y, m, d;

                civil_from_days(expected, &y, &m, &d);
                if (civil_days(year, month, day) != expected || y != year || m != month || d != day)
                    ck_abort_msg("%d-%d-%d", year, month, day);
            }
        }
    }
}
END_TEST

START_TEST(instants_before_1970_round_down)
{
    struct civil c;

    instant_civil_utc(-1, &c);
    ck_assert(c.year == 1969 && c.month == 12 && c.day == 31);
    ck_assert(c.hour == 23 && c.minute == 59 && c.second == 59 && c.micros == 999999);
    ck_assert_int_eq(civil_utc(&c), -1);
    instant_civil_utc(INT64_MIN, &c);
    ck_assert_int_eq(c.year, -290308);
    instant_civil_utc(INT64_MAX, &c);
    ck_assert_int_eq(c.year, 294247);
}
END_TEST

/* ---- texts ---------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    bool has_offset;
    const char *utc;
} right_times[] = {
    {"2026-11-20T21:40:00+01:00", true, "2026-11-20T20:40:00Z"},
    {"2026-11-20 21:40:00Z", true, "2026-11-20T21:40:00Z"},
    {"2026-11-20T21:40", false, "2026-11-20T21:40:00Z"},
    {"2026-11-20T21:40-05:30", true, "2026-11-21T03:10:00Z"},
    {"2026-11-20T21:40:00.5", false, "2026-11-20T21:40:00.500000Z"},
    {"2026-11-20T21:40:00.000001Z", true, "2026-11-20T21:40:00.000001Z"},
    {"2026-11-20T21:40:59.123456789Z", true, "2026-11-20T21:40:59.123456Z"},
    {"2024-02-29T00:00:00Z", true, "2024-02-29T00:00:00Z"},
    {"1969-12-31T23:59:59.25Z", true, "1969-12-31T23:59:59.250000Z"},
    {"0001-01-01T00:00:00Z", true, "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59.999999Z", true, "9999-12-31T23:59:59.999999Z"},
    {"2026-01-01T00:00:00-00:00", true, "2026-01-01T00:00:00Z"},
    {"2026-01-01T00:00:00+15:59", true, "2025-12-31T08:01:00Z"},
};

START_TEST(right_times_are_read)
{
    instant t;
    bool has_offset;
    char text[32];

    ck_assert_msg(instant_parse(span_of(right_times[_i].text), &t, &has_offset), "%s",
                  right_times[_i].text);
    ck_assert_int_eq(has_offset, right_times[_i].has_offset);
    instant_text(t, text);
    ck_assert_str_eq(text, right_times[_i].utc);
}
END_TEST

static const char *const wrong_times[] = {
    "",
    "2026-11-20",
    "2026-11-20T",
    "2026-11-20T21",
    "2026-11-20T2140",
    "2026-11-20T21:40:",
    "2026-11-20T21:40:00.",
    "2026-11-20T21:40.5Z",
    "2026-11-20T21:40:00.1234567890Z",
    "2026-11-20t21:40:00Z",
    "2026-11-20T21:40:00z",
    "2026-11-20  21:40:00Z",
    " 2026-11-20T21:40:00Z",
    "2026-11-20T21:40:00Z ",
    "2026-11-20T21:40:00 Z",
    "2026-11-20T21:40:00+0100",
    "2026-11-20T21:40:00+01",
    "2026-11-20T21:40:00+01:60",
    "2026-11-20T21:40:00+16:00",
    "2026-11-20T21:40:00+01:00x",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:60:00Z",
    "2016-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "+2026-01-01T00:00:00Z",
    "2026-1-01T00:00:00Z",
    "20260101T000000Z",
};

START_TEST(wrong_times_are_refused)
{
    instant t;
    bool has_offset;

    ck_assert_msg(!instant_parse(span_of(wrong_times[_i]), &t, &has_offset), "%s", wrong_times[_i]);
}
END_TEST

START_TEST(dates_and_months_are_strict_and_come_back)
{
    static const char *const wrong[] = {"",           "2026-1-1",   "2026-02-29", "2026-01-01 ",
                                        "0000-01-01", "2026/01/01", "2026-01",    "2026-00",
                                        "2026-13",    "2026-1",     "2026-001"};
    struct month m;
    int64_t days;
    char text[16], month[8];

    ck_assert(date_parse(SPAN_LITERAL("2024-02-29"), &days));
    ck_assert_int_eq(days, 19782);
    date_text(days, text);
    ck_assert_str_eq(text, "2024-02-29");
    ck_assert(month_parse(SPAN_LITERAL("2026-10"), &m));
    ck_assert(m.year == 2026 && m.month == 10);
    month_text(m, month);
    ck_assert_str_eq(month, "2026-10");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(!date_parse(span_of(wrong[i]), &days), "%s", wrong[i]);
        if (strcmp(wrong[i], "2026-01") != 0)
            ck_assert_msg(!month_parse(span_of(wrong[i]), &m), "%s", wrong[i]);
    }
}
END_TEST

START_TEST(what_no_text_can_hold_is_said_to_be_out_of_range)
{
    char text[32], date[16], month[8];

    instant_text(INT64_MIN, text);
    ck_assert_str_eq(text, "out of range");
    instant_text(INT64_MAX, text);
    ck_assert_str_eq(text, "out of range");
    date_text(INT64_MIN, date);
    ck_assert_str_eq(date, "out of range");
    month_text((struct month){0, 0}, month);
    ck_assert_str_eq(month, "none");
}
END_TEST

START_TEST(months_count_on_across_years)
{
    const struct month m = {2026, 10};

    for (int n = -40000; n <= 40000; n++) {
        const struct month then = month_add(m, n);

        ck_assert(then.month >= 1 && then.month <= 12);
        ck_assert_int_eq(month_index(then), 2026 * 12 + 9 + n);
    }
    ck_assert_int_eq(month_add(m, 3).year, 2027);
    ck_assert_int_eq(month_add(m, 3).month, 1);
    ck_assert_int_eq(month_add(m, -10).year, 2025);
    ck_assert_int_eq(month_add(m, -10).month, 12);
}
END_TEST

/* ---- now ------------------------------------------------------------------------------------ */

START_TEST(now_is_the_machine_clock_unless_overridden)
{
    struct err e;
    char text[32];

    ck_assert(llabs((long long)(clock_now() / MICROS) - (long long)time(NULL)) <= 1);
    setenv("MAATSTAF_NOW", "", 1); /* as if not set */
    ck_assert(clock_check(&e));
    setenv("MAATSTAF_NOW", "2026-11-20T21:40:00+01:00", 1);
    ck_assert(clock_check(&e));
    instant_text(clock_now(), text);
    ck_assert_str_eq(text, "2026-11-20T20:40:00Z");
}
END_TEST

START_TEST(a_wrong_override_is_a_fault)
{
    static const char *const wrong[] = {"yesterday", "2026-11-20T21:40:00", "2026-11-20"};
    struct err e;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        setenv("MAATSTAF_NOW", wrong[i], 1);
        ck_assert(!clock_check(&e));
        ck_assert_int_eq(e.code, ERR_CONFIG);
    }
}
END_TEST

START_TEST(durations_go_forward)
{
    const double wall = clock_seconds(), cpu = clock_cpu_seconds();
    volatile double sum = 0.0;

    for (int i = 0; i < 2000000; i++)
        sum = sum + i;
    ck_assert(sum > 0.0);
    ck_assert(clock_seconds() > wall);
    ck_assert(clock_cpu_seconds() > cpu);
}
END_TEST

/* ---- zones ---------------------------------------------------------------------------------- */

static struct zone *
open_zone(const char *name)
{
    struct err e;
    struct zone *const z = zone_open(arena, name, &e);

    ck_assert_msg(z != NULL, "%s", e.text);
    return z;
}

/* The C library's answer at t under the rule in TZ. */
static int
libc_offset(time_t t)
{
    struct tm l;

    localtime_r(&t, &l);
    return (int)(civil_days(l.tm_year + 1900, l.tm_mon + 1, l.tm_mday) * 86400 + l.tm_hour * 3600 +
                 l.tm_min * 60 + l.tm_sec - t);
}

static const struct {
    const char *name, *rule;
    int offsets[2]; /* summer, winter: the earlier instant of a repeated time is summer's */
} laws[] = {
    {"Europe/Amsterdam", "CET-1CEST,M3.5.0,M10.5.0/3", {7200, 3600}},
    {"America/Chicago", "CST6CDT,M3.2.0,M11.1.0", {-18000, -21600}},
};

/* Everything said about the instant, and about the clock time with the same digits. */
static bool
minute_agrees(struct zone *z, const int offsets[2], time_t t)
{
    struct civil c;
    instant first = 0, second = 0, expected[2];
    int count = 0;

    zone_civil(z, t * MICROS, &c);
    if (zone_offset(z, t * MICROS) != libc_offset(t) ||
        civil_utc(&c) != (t + libc_offset(t)) * MICROS)
        return false;

    for (int i = 0; i < 2; i++) {
        if (libc_offset(t - offsets[i]) == offsets[i])
            expected[count++] = (t - offsets[i]) * MICROS;
    }
    instant_civil_utc(t * MICROS, &c);

    const enum zone_status status = zone_instants(z, &c, &first, &second);

    if (count == 0)
        return status == ZONE_MISSING;
    return status == (count == 1 ? ZONE_UNIQUE : ZONE_AMBIGUOUS) && first == expected[0] &&
           second == expected[count - 1];
}

/* An assertion of Check costs more than the comparison: it is called for a difference only. */
static void
compare_minute(struct zone *z, const int offsets[2], time_t t)
{
    char text[32];

    if (minute_agrees(z, offsets, t))
        return;
    instant_text(t * MICROS, text);
    ck_abort_msg("differs at %s", text);
}

START_TEST(every_minute_around_every_change_2015_to_2035_agrees_with_the_c_library)
{
    struct zone *const z = open_zone(laws[_i].name);
    const time_t end = (time_t)civil_days(2036, 1, 1) * 86400;
    int changes = 0;

    setenv("TZ", laws[_i].rule, 1);
    tzset();
    for (time_t t = (time_t)civil_days(2015, 1, 1) * 86400; t < end; t += 3600) {
        compare_minute(z, laws[_i].offsets, t);
        if (libc_offset(t) == libc_offset(t + 3600))
            continue;
        changes++;
        for (int minute = -26 * 60; minute <= 26 * 60; minute++)
            compare_minute(z, laws[_i].offsets, t + 3600 + minute * 60);
        for (int second = -1; second <= 1; second++)
            compare_minute(z, laws[_i].offsets, t + 3600 + second);
    }
    ck_assert_int_eq(changes, 42);
}
END_TEST

/* Past the table's end the rule must go on, as the calendar does. */
START_TEST(the_rule_goes_on_in_far_years)
{
    struct zone *const z = open_zone(laws[_i].name);

    setenv("TZ", laws[_i].rule, 1);
    tzset();
    for (int year = 2400; year < 9999; year += 97) {
        const time_t start = (time_t)civil_days(year, 1, 1) * 86400;

        for (time_t t = start; t < start + 366 * 86400; t += 3600)
            compare_minute(z, laws[_i].offsets, t);
    }
}
END_TEST

static const struct {
    const char *zone, *local;
    enum zone_status status;
    const char *first, *second;
} clock_times[] = {
    {"Europe/Amsterdam", "2026-10-25T02:30", ZONE_AMBIGUOUS, "2026-10-25T00:30:00Z",
     "2026-10-25T01:30:00Z"},
    {"Europe/Amsterdam", "2026-10-25T03:00", ZONE_UNIQUE, "2026-10-25T02:00:00Z",
     "2026-10-25T02:00:00Z"},
    {"Europe/Amsterdam", "2026-10-25T01:59:59.999999", ZONE_UNIQUE, "2026-10-24T23:59:59.999999Z",
     "2026-10-24T23:59:59.999999Z"},
    {"Europe/Amsterdam", "2026-03-29T02:00", ZONE_MISSING, NULL, NULL},
    {"Europe/Amsterdam", "2026-03-29T02:59:59.999999", ZONE_MISSING, NULL, NULL},
    {"Europe/Amsterdam", "2026-03-29T03:00", ZONE_UNIQUE, "2026-03-29T01:00:00Z",
     "2026-03-29T01:00:00Z"},
    {"Europe/Amsterdam", "1950-07-01T12:00", ZONE_UNIQUE, "1950-07-01T11:00:00Z",
     "1950-07-01T11:00:00Z"},
    {"Pacific/Apia", "2011-12-30T12:00", ZONE_MISSING, NULL, NULL}, /* a day that never was */
    {"Australia/Lord_Howe", "2026-04-05T01:45", ZONE_AMBIGUOUS, "2026-04-04T14:45:00Z",
     "2026-04-04T15:15:00Z"}, /* half an hour */
    {"UTC", "2026-03-29T02:00", ZONE_UNIQUE, "2026-03-29T02:00:00Z", "2026-03-29T02:00:00Z"},
};

START_TEST(clock_times_that_are_missing_or_twice_are_told)
{
    const struct zone *const z = open_zone(clock_times[_i].zone);
    instant local, first, second;
    bool has_offset;
    struct civil c;
    char text[32];

    ck_assert(instant_parse(span_of(clock_times[_i].local), &local, &has_offset));
    instant_civil_utc(local, &c);
    ck_assert_int_eq(zone_instants(z, &c, &first, &second), clock_times[_i].status);
    if (clock_times[_i].status == ZONE_MISSING)
        return;
    instant_text(first, text);
    ck_assert_str_eq(text, clock_times[_i].first);
    instant_text(second, text);
    ck_assert_str_eq(text, clock_times[_i].second);
}
END_TEST

static const struct {
    const char *zone;
    struct month month;
    const char *start;
} starts[] = {
    {"Europe/Amsterdam", {2026, 10}, "2026-09-30T22:00:00Z"},
    {"Europe/Amsterdam", {2026, 11}, "2026-10-31T23:00:00Z"},
    {"America/Chicago", {2026, 11}, "2026-11-01T05:00:00Z"},
    {"Asia/Amman", {2011, 4}, "2011-03-31T22:00:00Z"},      /* clocks jumped from 00:00 to 01:00 */
    {"America/Havana", {2026, 11}, "2026-11-01T04:00:00Z"}, /* midnight comes twice */
};

START_TEST(a_month_starts_at_its_first_local_moment)
{
    char text[32];

    instant_text(month_start(open_zone(starts[_i].zone), starts[_i].month), text);
    ck_assert_str_eq(text, starts[_i].start);
}
END_TEST

START_TEST(names_that_are_no_zone_are_refused)
{
    static const char *const wrong[] = {"",          "Europe/Amsterdm", "CET", "CST", "GMT+5",
                                        "GMT+05:00", "Etc/Unknown",     "utc", "/",   "\xff/\xfe"};
    struct err e;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(!zone_open(arena, wrong[i], &e), "%s", wrong[i]);
        ck_assert_int_eq(e.code, ERR_CONFIG);
        ck_assert(e.hint[0] != '\0');
    }
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *
clock_suite(void)
{
    Suite *const s = suite_create("clock");
    TCase *const t = tcase_create("clock");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, every_day_of_800_years_follows_the_one_before);
    tcase_add_test(t, instants_before_1970_round_down);
    tcase_add_loop_test(t, right_times_are_read, 0, COUNT(right_times));
    tcase_add_loop_test(t, wrong_times_are_refused, 0, COUNT(wrong_times));
    tcase_add_test(t, dates_and_months_are_strict_and_come_back);
    tcase_add_test(t, what_no_text_can_hold_is_said_to_be_out_of_range);
    tcase_add_test(t, months_count_on_across_years);
    tcase_add_test(t, now_is_the_machine_clock_unless_overridden);
    tcase_add_test(t, a_wrong_override_is_a_fault);
    tcase_add_test(t, durations_go_forward);
    tcase_add_loop_test(t, every_minute_around_every_change_2015_to_2035_agrees_with_the_c_library,
                        0, COUNT(laws));
    tcase_add_loop_test(t, the_rule_goes_on_in_far_years, 0, COUNT(laws));
    tcase_add_loop_test(t, clock_times_that_are_missing_or_twice_are_told, 0, COUNT(clock_times));
    tcase_add_loop_test(t, a_month_starts_at_its_first_local_moment, 0, COUNT(starts));
    tcase_add_test(t, names_that_are_no_zone_are_refused);
    suite_add_tcase(s, t);
    return s;
}
