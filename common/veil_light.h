/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What light it is at a place on the local clock, as the veil of darkness asks: daylight until
 * sunset, dark from civil dusk on, and only clock times that are light at one time of the year and
 * dark at another. Knows the sun and a zone's clock; knows no stop. Pure but for the zone's cache.
 */
#ifndef MAATSTAF_COMMON_VEIL_LIGHT_H
#define MAATSTAF_COMMON_VEIL_LIGHT_H

#include "common/clock.h"
#include "common/sun.h"

#include <stdbool.h>
#include <stddef.h>

/* Minutes of the local clock after the midnight with which the day begins; over 1440 when it comes
 * after the next midnight; NaN when it does not come. */
struct veil_day {
    double sunset, dusk;
};

/* `day` counts from 1970-01-01, local; dusk is civil dusk. */
struct veil_day veil_day_of(struct sun_place place, struct zone *zone, int64_t day);

/* The clock times that are light at one time of the year and dark at another: from the earliest to
 * the latest dusk of these days (give a whole year). NaN when no day has a dusk. */
struct veil_window {
    double from, to;
};
struct veil_window veil_window_of(const struct veil_day *days, size_t count);

enum veil_light {
    VEIL_DAYLIGHT, /* until sunset */
    VEIL_DARK,     /* from civil dusk on */
    VEIL_TWILIGHT, /* between the two: left out */
    VEIL_OUTSIDE   /* a clock time that is always light or always dark, or a day without dusk */
};
enum veil_light veil_light_of(struct veil_day day, struct veil_window window, double minute);

/* Does the zone's clock change within so many days before or after the day? The daylight-saving
 * variant keeps only these: the clock moves then, and the light at a clock time with it. */
bool veil_near_clock_change(struct zone *zone, int64_t day, int within_days);

/* Is a stop's time known to a quarter of an hour (time_precision exact or quarter)? */
bool veil_is_precise(const char *time_precision);

#endif
