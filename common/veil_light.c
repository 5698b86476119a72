/* SPDX-License-Identifier: EUPL-1.2 */
/* What light a stop was made in: the sun's sunset and civil dusk on the local clock. */
#include "common/veil_light.h"

#include <math.h>
#include <string.h>

/* An instant as minutes after the midnight with which a local day begins. */
static double
local_minutes(struct zone *zone, int64_t day, instant t)
{
    struct civil c;

    zone_civil(zone, t, &c);
    return 1440.0 * (double)(civil_days(c.year, c.month, c.day) - day) + 60.0 * c.hour + c.minute +
           (c.second + c.micros / 1e6) / 60;
}

struct veil_day
veil_day_of(struct sun_place place, struct zone *zone, int64_t day)
{
    instant sunset, dusk;

    return (struct veil_day){
        sun_event(place, day, SUN_RISE_SET, false, &sunset) ? local_minutes(zone, day, sunset)
                                                            : NAN,
        sun_event(place, day, SUN_CIVIL, false, &dusk) ? local_minutes(zone, day, dusk) : NAN,
    };
}

struct veil_window
veil_window_of(const struct veil_day *days, size_t count)
{
    struct veil_window w = {NAN, NAN};

    for (size_t i = 0; i < count; i++) {
        w.from = fmin(w.from, days[i].dusk); /* NaN gives way */
        w.to = fmax(w.to, days[i].dusk);
    }
    return w;
}

enum veil_light
veil_light_of(struct veil_day day, struct veil_window window, double minute)
{
    if (!(minute >= window.from && minute <= window.to) || isnan(day.sunset) || isnan(day.dusk))
        return VEIL_OUTSIDE;
    if (minute <= day.sunset)
        return VEIL_DAYLIGHT;
    return minute >= day.dusk ? VEIL_DARK : VEIL_TWILIGHT;
}

bool
veil_near_clock_change(struct zone *zone, int64_t day, int within_days)
{
    const instant noon = (day * 86400 + 43200) * MICROS;
    const instant step = 86400 * MICROS;

    for (int i = -within_days; i < within_days; i++)
        if (zone_offset(zone, noon + i * step) != zone_offset(zone, noon + (i + 1) * step))
            return true;
    return false;
}

bool
veil_is_precise(const char *time_precision)
{
    return strcmp(time_precision, "exact") == 0 || strcmp(time_precision, "quarter") == 0;
}
