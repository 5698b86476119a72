/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Time zones. ICU knows the rules and is asked once, when a zone is opened: all changes of its
 * offset go into a table, and conversions are a look-up without ICU. The calendar repeats itself
 * every 400 years to the weekday, so the table's last 400 years serve every later time.
 */
#include "common/clock.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

enum { FIRST_YEAR = 1800, FOLD_YEAR = 2500, LAST_YEAR = 2502, NAME_BYTES = 64 };

#define CYCLE_MICROS (INT64_C(146097) * 86400 * MICROS) /* 400 years */

/* From `start` up to the next period's start clocks are `offset` seconds east of UTC. */
struct period {
    instant start;
    int offset;
};

struct zone {
    struct period *periods; /* ascending; the first starts at INT64_MIN, the last is a sentinel */
    size_t count;           /* without the sentinel */
    size_t room;
    size_t latest; /* index found last: times come near each other */
};

/* ---- opening -------------------------------------------------------------------------------- */

static instant
year_start(int year)
{
    return civil_days(year, 1, 1) * 86400 * MICROS;
}

static int
icu_offset(UCalendar *calendar, double millis, UErrorCode *status)
{
    ucal_setMillis(calendar, millis, status);
    return (ucal_get(calendar, UCAL_ZONE_OFFSET, status) +
            ucal_get(calendar, UCAL_DST_OFFSET, status)) /
           1000;
}

/* What is outgrown stays in the arena: a zone has a thousand periods at the most. */
static void
add_period(struct zone *z, struct arena *a, instant start, int offset)
{
    if (z->count > 0 && z->periods[z->count - 1].offset == offset)
        return;
    if (z->count + 1 >= z->room) {
        const size_t room = z->room ? 2 * z->room : 256;
        struct period *const more = arena_array(a, room, sizeof *more);

        for (size_t i = 0; i < z->count; i++)
            more[i] = z->periods[i];
        z->periods = more;
        z->room = room;
    }
    z->periods[z->count++] = (struct period){start, offset};
    z->periods[z->count] = (struct period){INT64_MAX, offset};
}

static bool
read_periods(struct zone *z, struct arena *a, UCalendar *calendar)
{
    const double end = (double)year_start(LAST_YEAR) / 1000.0;
    double at = (double)year_start(FIRST_YEAR) / 1000.0;
    UErrorCode status = U_ZERO_ERROR;

    add_period(z, a, INT64_MIN, icu_offset(calendar, at, &status));
    while (U_SUCCESS(status) &&
           ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &at, &status) &&
           at < end)
        add_period(z, a, (instant)at * 1000, icu_offset(calendar, at, &status));
    return U_SUCCESS(status);
}

/* An area/city name or UTC; abbreviations mean different zones to different people. */
static bool
open_calendar(const char *name, UCalendar **calendar)
{
    UChar id[NAME_BYTES], canonical[NAME_BYTES];
    UBool is_system = false;
    UErrorCode status = U_ZERO_ERROR;
    int32_t length;

    if ((!strchr(name, '/') && strcmp(name, "UTC") != 0) || strlen(name) >= NAME_BYTES)
        return false;
    u_strFromUTF8(id, NAME_BYTES, &length, name, -1, &status);
    ucal_getCanonicalTimeZoneID(id, length, canonical, NAME_BYTES, &is_system, &status);
    if (U_FAILURE(status) || !is_system)
        return false;
    *calendar = ucal_open(id, length, "en", UCAL_GREGORIAN, &status);
    return U_SUCCESS(status);
}

struct zone *
zone_open(struct arena *a, const char *name, struct err *e)
{
    UCalendar *calendar = NULL;

    if (!open_calendar(name, &calendar)) {
        err_set(e, ERR_CONFIG, "unknown time zone '%.60s'", name);
        err_hint(e, "use a name like Europe/Amsterdam, or UTC");
        return NULL;
    }

    struct zone *const z = arena_alloc(a, sizeof *z);
    const bool read = read_periods(z, a, calendar);

    ucal_close(calendar);
    if (read)
        return z;
    err_set(e, ERR_CONFIG, "the rules of time zone %s cannot be read", name);
    return NULL;
}

/* ---- looking up ----------------------------------------------------------------------------- */

/* How far to move t back, in whole cycles, to where the table holds. */
static instant
fold(instant t)
{
    const instant limit = year_start(FOLD_YEAR);

    return t < limit ? 0 : ((t - limit) / CYCLE_MICROS + 1) * CYCLE_MICROS;
}

/* Index of the period that holds t, with the index found before as a first guess. */
static size_t
find(const struct zone *z, instant t, size_t guess)
{
    size_t low = 0, high = z->count;

    if (z->periods[guess].start <= t && t < z->periods[guess + 1].start)
        return guess;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (z->periods[middle].start <= t)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int
zone_offset(struct zone *z, instant t)
{
    z->latest = find(z, t - fold(t), z->latest);
    return z->periods[z->latest].offset;
}

void
zone_civil(struct zone *z, instant t, struct civil *c)
{
    instant_civil_utc(t + zone_offset(z, t) * MICROS, c);
}

/* The periods around the one where the clock time, read as UTC, lies:
 * offsets are under two days. */
static void
neighbours(const struct zone *z, instant local, size_t *first, size_t *last)
{
    const instant reach = INT64_C(2) * 86400 * MICROS;

    *first = find(z, local - reach, z->latest);
    *last = find(z, local + reach, z->latest);
}

enum zone_status
zone_instants(const struct zone *z, const struct civil *c, instant *first, instant *second)
{
    const instant whole = civil_utc(c);
    const instant folded = fold(whole);
    const instant local = whole - folded;
    size_t from, to;
    int found = 0;

    neighbours(z, local, &from, &to);
    for (size_t i = from; i <= to; i++) {
        const instant t = local - z->periods[i].offset * MICROS;

        if (t < z->periods[i].start || t >= z->periods[i + 1].start)
            continue;
        if (found++ == 0)
            *first = t + folded;
        *second = t + folded;
    }
    return found == 0 ? ZONE_MISSING : found == 1 ? ZONE_UNIQUE : ZONE_AMBIGUOUS;
}

/* Where midnight itself is skipped the month starts when the clocks jump; where it is twice, at the
 * first. */
instant
month_start(const struct zone *z, struct month m)
{
    const struct civil c = {.year = m.year, .month = m.month, .day = 1};
    instant first, second;

    if (zone_instants(z, &c, &first, &second) != ZONE_MISSING)
        return first;

    const instant folded = fold(civil_utc(&c));
    const instant local = civil_utc(&c) - folded;
    size_t i, last;

    neighbours(z, local, &i, &last);
    while (i < last && local - z->periods[i].offset * MICROS >= z->periods[i + 1].start)
        i++;
    return z->periods[i].start + folded;
}
