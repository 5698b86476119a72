/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * NOAA's solar calculator. Symbols as in Meeus: T centuries since J2000, L0 mean longitude, M mean
 * anomaly, e eccentricity, lambda apparent longitude, epsilon obliquity. The difference between
 * UTC and dynamical time (about 70 s) moves the sun by 0.0008 degrees and is left out.
 */
#include "common/sun.h"

#include <math.h>

static const double RADIANS = 3.14159265358979323846 / 180.0;
static const double DAY_SECONDS = 86400.0;
/* 2000-01-01T12:00Z in seconds since 1970 */
static const double J2000_SECONDS = 946728000.0;

struct sun {
    double declination;      /* radians */
    double equation_of_time; /* minutes that the true sun is ahead of the mean one */
};

/* Meeus, chapter 25 (lower accuracy) and equation 28.3. */
static struct sun
sun_at(double seconds)
{
    const double T = (seconds - J2000_SECONDS) / (DAY_SECONDS * 36525.0);
    const double L0 = fmod(280.46646 + T * (36000.76983 + T * 0.0003032), 360.0) * RADIANS;
    const double M = fmod(357.52911 + T * (35999.05029 - T * 0.0001537), 360.0) * RADIANS;
    const double e = 0.016708634 - T * (0.000042037 + T * 0.0000001267);
    const double sin_M = sin(M), cos_M = cos(M);
    const double sin_2M = 2.0 * sin_M * cos_M, sin_3M = sin_M * (3.0 - 4.0 * sin_M * sin_M);
    const double centre = (1.914602 - T * (0.004817 + T * 0.000014)) * sin_M +
                          (0.019993 - T * 0.000101) * sin_2M + 0.000289 * sin_3M;
    const double node = (125.04 - 1934.136 * T) * RADIANS;
    const double lambda = L0 + (centre - 0.00569 - 0.00478 * sin(node)) * RADIANS;
    const double seconds_of_arc = 21.448 - T * (46.815 + T * (0.00059 - T * 0.001813));
    const double epsilon =
        (23.0 + (26.0 + seconds_of_arc / 60.0) / 60.0 + 0.00256 * cos(node)) * RADIANS;
    const double tan_half = tan(epsilon / 2.0), y = tan_half * tan_half;
    const double sin_2L0 = sin(2.0 * L0), cos_2L0 = cos(2.0 * L0);
    const double E = y * sin_2L0 - 2.0 * e * sin_M + 4.0 * e * y * sin_M * cos_2L0 -
                     y * y * sin_2L0 * cos_2L0 - 1.25 * e * e * sin_2M;

    return (struct sun){.declination = asin(sin(epsilon) * sin(lambda)),
                        .equation_of_time = 4.0 * E / RADIANS};
}

double
sun_elevation(struct sun_place place, instant t)
{
    const double seconds = (double)t / (double)MICROS;
    const struct sun sun = sun_at(seconds);
    const double true_solar = seconds + 60.0 * sun.equation_of_time + 240.0 * place.longitude;
    const double hour_angle = (fmod(true_solar, DAY_SECONDS) / 240.0 - 180.0) * RADIANS;
    const double latitude = place.latitude * RADIANS;

    return asin(sin(latitude) * sin(sun.declination) +
                cos(latitude) * cos(sun.declination) * cos(hour_angle)) /
           RADIANS;
}

bool
sun_event(struct sun_place place, int64_t day, double elevation, bool rising, instant *t)
{
    const double mean_noon = ((double)day + 0.5) * DAY_SECONDS - 240.0 * place.longitude;
    const double latitude = place.latitude * RADIANS;
    double at = mean_noon;

    /* The sun's own movement during the day converges by a factor of about 300 a round. */
    for (int round = 0; round < 4; round++) {
        const struct sun sun = sun_at(at);
        const double cosine = (sin(elevation * RADIANS) - sin(latitude) * sin(sun.declination)) /
                              (cos(latitude) * cos(sun.declination));

        if (!(cosine >= -1.0 && cosine <= 1.0))
            return false;

        const double half_day = 240.0 * acos(cosine) / RADIANS;
        at = mean_noon - 60.0 * sun.equation_of_time + (rising ? -half_day : half_day);
    }
    *t = (instant)llround(at * (double)MICROS);
    return true;
}
