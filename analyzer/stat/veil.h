/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The veil of darkness (Grogger and Ridgeway, JASA 101, 2006): is a group a smaller share of those
 * stopped when it is dark than by daylight, at the same clock time? What light a stop was made in,
 * and the logistic model on cells. Knows the sun and a zone's clock; knows no stop and no table.
 */
#ifndef MAATSTAF_ANALYZER_STAT_VEIL_H
#define MAATSTAF_ANALYZER_STAT_VEIL_H

#include "analyzer/stat/estimate.h"
#include "analyzer/stat/glm.h"
#include "common/clock.h"
#include "common/sun.h"

/* ---- light ---- */

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

/* ---- the model ---- */

/*
 * Stops by row: `columns` holds variables "minute" and `light` (0 or 1), and those of `adjust`;
 * of n stops y were of the group. Rows may repeat.
 */
struct veil_data {
    const struct design_data *columns; /* its weight is not looked at */
    const double *y, *n;
    const char *light;  /* "dark" */
    size_t df;          /* of the spline over minute */
    const char *adjust; /* terms of a formula, or NULL */
};

struct veil_result {
    struct glm_fit fit;
    enum glm_state state;
    double log_odds, se; /* of the group, light 1 against light 0; NaN unless estimated */
    double stops, of_group;
    double stops_dark; /* stops at light 1 */
};

/* logit P(group) = light + ns(minute, df) + adjust; knots at the quantiles of the stops. False: the
 * adjustment cannot be read, or one clock time only. */
bool veil_fit(struct arena *a, const struct veil_data *data, struct veil_result *out,
              struct err *e);

/* The same with a coefficient of light in each level of `place`. */
struct veil_place {
    const char *place;
    enum glm_state state;
    double log_odds, se;
};

struct veil_places {
    struct glm_fit fit;
    size_t count;
    struct veil_place *place;
    /* inverse-variance mean of the estimated ones; its se knows their covariance */
    double log_odds, se;
    size_t pooled;           /* places in the mean */
    struct test homogeneity; /* do the places share it? Cochran's Q */
};
bool veil_fit_places(struct arena *a, const struct veil_data *data, const char *place,
                     struct veil_places *out, struct err *e);

#endif
