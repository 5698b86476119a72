/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The veil of darkness (Grogger and Ridgeway, JASA 101, 2006): is a group a smaller share of those
 * stopped when it is dark than by daylight, at the same clock time? The logistic model on cells; in
 * what light a stop was made is common/veil_light.h's to say. Knows no stop and no table.
 */
#ifndef MAATSTAF_ANALYZER_STAT_VEIL_H
#define MAATSTAF_ANALYZER_STAT_VEIL_H

#include "analyzer/stat/estimate.h"
#include "analyzer/stat/glm.h"
#include "common/veil_light.h"

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
