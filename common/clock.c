/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The machine's clocks, the proleptic Gregorian calendar, and strict texts of dates and times.
 * Everything here is arithmetic; time zones are in clock_zone.c. Texts hold years 1 to 9999.
 */
#include "common/clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_YEAR = 1, LAST_YEAR = 9999 };

#define DAY_MICROS (INT64_C(86400) * MICROS)

/* ---- clocks --------------------------------------------------------------------------------- */

static struct timespec
read_clock(clockid_t clock)
{
    struct timespec t = {0};

    clock_gettime(clock, &t);
    return t;
}

/* The instant in MAATSTAF_NOW; false when there is none or it is not a time with offset. */
static bool
override(instant *t)
{
    const char *const text = getenv("MAATSTAF_NOW");
    bool has_offset;

    return text && instant_parse(span_of(text), t, &has_offset) && has_offset;
}

bool
clock_check(struct err *e)
{
    const char *const text = getenv("MAATSTAF_NOW");
    instant t;

    if (!text || !*text || override(&t))
        return true;
    err_set(e, ERR_CONFIG, "MAATSTAF_NOW is not a time with offset: '%.40s'", text);
    return err_hint(e, "write it like 2026-11-20T21:40:00+01:00, or unset it");
}

instant
clock_now(void)
{
    instant t;

    if (override(&t))
        return t;

    const struct timespec now = read_clock(CLOCK_REALTIME);

    return (instant)now.tv_sec * MICROS + now.tv_nsec / 1000;
}

static double
seconds_of(struct timespec t)
{
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double
clock_seconds(void)
{
    return seconds_of(read_clock(CLOCK_MONOTONIC));
}

double
clock_cpu_seconds(void)
{
    return seconds_of(read_clock(CLOCK_PROCESS_CPUTIME_ID));
}

/* ---- calendar ------------------------------------------------------------------------------- */

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool
is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static bool
between(int value, int least, int most)
{
    return value >= least && value <= most;
}

bool
civil_valid(const struct civil *c)
{
    return between(c->year, FIRST_YEAR, LAST_YEAR) && between(c->month, 1, 12) &&
           between(c->day, 1, days_in_month(c->year, c->month)) && between(c->hour, 0, 23) &&
           between(c->minute, 0, 59) && between(c->second, 0, 59) && between(c->micros, 0, 999999);
}

/*
 * Years run from March here, so that the leap day is the last of its year: month m (March = 0)
 * begins (153 m + 2) / 5 days after 1 March. 719,468 is the day number of 1970-01-01 from
 * 0000-03-01, and 400 years have 146,097 days.
 */
int64_t
civil_days(int year, int month, int day)
{
    const int64_t y = (int64_t)year - (month <= 2);
    const int64_t era = floor_divide(y, 400);
    const int64_t year_of_era = y - era * 400;
    const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
    const int64_t era = floor_divide(days + 719468, 146097);
    const int day_of_era = (int)(days + 719468 - era * 146097);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int m = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2);
}

instant
civil_utc(const struct civil *c)
{
    const int64_t seconds =
        civil_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 + c->second;

    return seconds * MICROS + c->micros;
}

void
instant_civil_utc(instant t, struct civil *c)
{
    const int64_t days = floor_divide(t, DAY_MICROS);
    const int64_t rest = t % DAY_MICROS + (t % DAY_MICROS < 0 ? DAY_MICROS : 0);
    const int seconds = (int)(rest / MICROS);

    civil_from_days(days, &c->year, &c->month, &c->day);
    c->hour = seconds / 3600;
    c->minute = seconds / 60 % 60;
    c->second = seconds % 60;
    c->micros = (int)(rest % MICROS);
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Takes exactly `digits` digits off the front of *s. */
static bool
take_number(struct span *s, size_t digits, int *value)
{
    int v = 0;

    if (s->length < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        const char c = s->data[i];

        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    s->data += digits;
    s->length -= digits;
    *value = v;
    return true;
}

static bool
take_char(struct span *s, char c)
{
    if (s->length == 0 || s->data[0] != c)
        return false;
    s->data++;
    s->length--;
    return true;
}

static bool
take_date(struct span *s, struct civil *c)
{
    return take_number(s, 4, &c->year) && take_char(s, '-') && take_number(s, 2, &c->month) &&
           take_char(s, '-') && take_number(s, 2, &c->day);
}

/* One to nine digits; what is finer than a microsecond is cut off. */
static bool
take_fraction(struct span *s, int *micros)
{
    int unit = 100000;
    int digits = 0;
    int digit;

    *micros = 0;
    while (digits < 9 && take_number(s, 1, &digit)) {
        *micros += digit * unit;
        unit /= 10;
        digits++;
    }
    return digits > 0;
}

static bool
take_time(struct span *s, struct civil *c)
{
    if (!take_number(s, 2, &c->hour) || !take_char(s, ':') || !take_number(s, 2, &c->minute))
        return false;
    if (!take_char(s, ':'))
        return true;
    if (!take_number(s, 2, &c->second))
        return false;
    return !take_char(s, '.') || take_fraction(s, &c->micros);
}

/* "Z" or ±hh:mm, at most 15:59 as PostgreSQL has it. */
static bool
take_offset(struct span *s, int64_t *seconds)
{
    int sign, hours, minutes;

    *seconds = 0;
    if (take_char(s, 'Z'))
        return true;
    if (take_char(s, '+'))
        sign = 1;
    else if (take_char(s, '-'))
        sign = -1;
    else
        return false;
    if (!take_number(s, 2, &hours) || !take_char(s, ':') || !take_number(s, 2, &minutes) ||
        hours > 15 || minutes > 59)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* True when the instant lies in years that texts can hold. */
static bool
in_range(instant t)
{
    return t >= civil_days(FIRST_YEAR, 1, 1) * DAY_MICROS &&
           t < civil_days(LAST_YEAR + 1, 1, 1) * DAY_MICROS;
}

bool
instant_parse(struct span text, instant *t, bool *has_offset)
{
    struct civil c = {0};
    int64_t offset = 0;

    if (!take_date(&text, &c) || !(take_char(&text, 'T') || take_char(&text, ' ')) ||
        !take_time(&text, &c) || !civil_valid(&c))
        return false;
    *has_offset = text.length > 0;
    if (*has_offset && (!take_offset(&text, &offset) || text.length > 0))
        return false;
    *t = civil_utc(&c) - offset * MICROS;
    return in_range(*t);
}

bool
date_parse(struct span text, int64_t *days)
{
    struct civil c = {0};

    if (!take_date(&text, &c) || text.length > 0 || !civil_valid(&c))
        return false;
    *days = civil_days(c.year, c.month, c.day);
    return true;
}

bool
month_parse(struct span text, struct month *m)
{
    struct civil c = {.day = 1};

    if (!take_number(&text, 4, &c.year) || !take_char(&text, '-') ||
        !take_number(&text, 2, &c.month) || text.length > 0 || !civil_valid(&c))
        return false;
    *m = (struct month){c.year, c.month};
    return true;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* Writes `digits` digits of value and then the character; gives the place after them. */
static char *
put(char *out, int value, int digits, char then)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    out[digits] = then;
    return out + digits + 1;
}

void
date_text(int64_t days, char out[16])
{
    int year, month, day;

    if (days < civil_days(FIRST_YEAR, 1, 1) || days >= civil_days(LAST_YEAR + 1, 1, 1)) {
        memcpy(out, "out of range", sizeof "out of range");
        return;
    }
    civil_from_days(days, &year, &month, &day);
    put(put(put(out, year, 4, '-'), month, 2, '-'), day, 2, '\0');
}

void
instant_text(instant t, char out[32])
{
    struct civil c;

    if (!in_range(t)) {
        memcpy(out, "out of range", sizeof "out of range");
        return;
    }
    instant_civil_utc(t, &c);
    out = put(put(put(out, c.year, 4, '-'), c.month, 2, '-'), c.day, 2, 'T');
    out = put(put(out, c.hour, 2, ':'), c.minute, 2, ':');
    out = put(out, c.second, 2, c.micros ? '.' : 'Z');
    if (c.micros)
        out = put(out, c.micros, 6, 'Z');
    *out = '\0';
}

/* ---- months --------------------------------------------------------------------------------- */

void
month_text(struct month m, char out[8])
{
    if (!between(m.year, FIRST_YEAR, LAST_YEAR) || !between(m.month, 1, 12)) {
        memcpy(out, "none", sizeof "none");
        return;
    }
    put(put(out, m.year, 4, '-'), m.month, 2, '\0');
}

int
month_index(struct month m)
{
    return m.year * 12 + m.month - 1;
}

struct month
month_of_index(int index)
{
    const int year = (int)floor_divide(index, 12);

    return (struct month){year, index - year * 12 + 1};
}

struct month
month_add(struct month m, int months)
{
    return month_of_index(month_index(m) + months);
}
