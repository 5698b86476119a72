/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Time. Instants are microseconds since 1970-01-01T00:00Z (int64). Local time goes through ICU's
 * time zones, and says when a clock time does not exist or exists twice. "Now" is passed in: only
 * clock_now() reads the machine's clock, and MAATSTAF_NOW (RFC 3339) overrides it for tests.
 */
#ifndef MAATSTAF_COMMON_CLOCK_H
#define MAATSTAF_COMMON_CLOCK_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdint.h>

#define MICROS INT64_C(1000000)

typedef int64_t instant; /* microseconds since the Unix epoch, UTC */

instant clock_now(void);
bool clock_check(struct err *e); /* ERR_CONFIG when MAATSTAF_NOW is set to no time with offset */
double clock_seconds(void);      /* monotonic, for durations */
double clock_cpu_seconds(void);

struct civil {
    int year, month, day, hour, minute, second, micros;
};

bool civil_valid(const struct civil *c);          /* a real date and time; second 60 is not */
int64_t civil_days(int year, int month, int day); /* days since 1970-01-01, proleptic Gregorian */
void civil_from_days(int64_t days, int *year, int *month, int *day);
instant civil_utc(const struct civil *c); /* read as UTC */
void instant_civil_utc(instant t, struct civil *c);

/*
 * "2026-11-20T21:40:00+01:00", seconds and fraction optional, 'T' or one space, offset Z or ±hh:mm.
 * Years 1 to 9999; of up to nine digits of a fraction six are kept.
 * *has_offset tells whether an offset was there; without one *t is the clock time read as UTC.
 */
bool instant_parse(struct span text, instant *t, bool *has_offset);
bool date_parse(struct span text, int64_t *days); /* yyyy-mm-dd */
void instant_text(instant t, char out[32]);       /* RFC 3339, Z, microseconds only when not 0 */
void date_text(int64_t days, char out[16]); /* both: "out of range" past the years 1 to 9999 */

struct zone; /* an IANA time zone */
struct zone *zone_open(struct arena *a, const char *name, struct err *e);

enum zone_status { ZONE_UNIQUE, ZONE_AMBIGUOUS, ZONE_MISSING };

/* Clock time to instant. Ambiguous: *first and *second differ, else they are equal. Missing:
 * neither is meaningful. */
enum zone_status zone_instants(const struct zone *z, const struct civil *c, instant *first,
                               instant *second);

/* Seconds east of UTC at t; cached, cheap for near times. One thread at a time a zone. */
int zone_offset(struct zone *z, instant t);
void zone_civil(struct zone *z, instant t, struct civil *c);

struct month { /* a calendar month in local time */
    int year, month;
};
bool month_parse(struct span text, struct month *m); /* yyyy-mm */
void month_text(struct month m, char out[8]);
struct month month_add(struct month m, int months);
int month_index(struct month m); /* year * 12 + month - 1 */
struct month month_of_index(int index);
instant month_start(const struct zone *z, struct month m); /* first moment of the first, local */

#endif
