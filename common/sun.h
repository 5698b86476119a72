/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where the sun stands, by NOAA's solar calculator (after Meeus, Astronomical Algorithms, 2nd ed.,
 * chapters 15, 25 and 28). Pure: no state, no time zone, no file. Good to a few seconds between the
 * polar circles for 1900-2100. It knows nothing of street lamps, clouds or the height of the place.
 */
#ifndef MAATSTAF_COMMON_SUN_H
#define MAATSTAF_COMMON_SUN_H

#include "common/clock.h"

/* Elevation of the sun's centre, without refraction, at which an event is said to happen;
 * degrees. */
#define SUN_RISE_SET (-0.833) /* upper limb on the horizon with 34' of refraction */
#define SUN_CIVIL    (-6.0)   /* civil dawn and dusk */

/* A place; degrees, north and east positive. */
struct sun_place {
    double latitude, longitude;
};

/* Elevation of the sun's centre above the horizon at t, in degrees, without refraction. */
double sun_elevation(struct sun_place place, instant t);

/*
 * When the sun's centre comes up through (rising) or goes down through that elevation on a day
 * (days since 1970-01-01 of the place's own mean solar time; for The Hague the local date).
 * False when it does not on that day: the midnight sun, the polar night, a June without dusk.
 */
bool sun_event(struct sun_place place, int64_t day, double elevation, bool rising, instant *t);

#endif
