/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Interrupted time series of counts: what changed in the months after a decision, beyond the trend
 * before it and beyond what control places did in the same months. Segmented quasi-Poisson
 * regression (Wagner et al. 2002; with controls: Lopez Bernal, Cummins, Gasparrini 2018). Does not
 * know what the decision was, nor whether anything else happened at the same time.
 */
#ifndef MAATSTAF_ANALYZER_STAT_INTERRUPTED_H
#define MAATSTAF_ANALYZER_STAT_INTERRUPTED_H

#include "analyzer/stat/estimate.h"
#include "analyzer/stat/glm.h"

/* Rows by place and month; gaps have no row. Exposures are positive. */
struct interrupted_data {
    size_t rows;
    const double *count, *exposure;
    const size_t *place; /* numbered from 0 */
    const long *month;   /* of the calendar: one more is a month later */
    const bool *treated; /* of each row: its place is under the decision, before it too */
    size_t places;
    long start; /* the first month of the decision */
};

/*
 * log mean = log exposure + place [+ month] + trend (t - start) + change + slope s, the last three
 * for treated places, change and slope from the start on, s = 1 in the first month. The effects of
 * months are there when there are controls: then trend, change and slope are relative to theirs.
 */
struct interrupted {
    enum glm_status status;
    bool controlled;
    enum glm_state trend_state, change_state, slope_state;
    double trend, change, slope;                                        /* logarithms; per month */
    double trend_variance, change_variance, slope_variance, covariance; /* of change and slope */
    double dispersion, df;
    size_t before, after;   /* months of the treated places that have rows */
    long last;              /* months from the start to the last of them, that one included */
    double autocorrelation; /* of neighbouring months' Pearson residuals; NaN without any */
};

/* Any fit is a result with a status; false only when the design is larger than designs may be. */
bool interrupted_fit(struct arena *a, const struct interrupted_data *data, struct interrupted *out,
                     struct err *e);

/* A ratio of rates: with the decision over without it. se is of its logarithm; t with df. */
struct interrupted_effect {
    struct estimate ratio;
    double se_log;
    struct test test;
};

/*
 * In the months-th month of the decision. Undefined beyond the last month that was seen, and when
 * trend, change and slope are not all determined.
 */
struct interrupted_effect interrupted_effect(const struct interrupted *fit, long months,
                                             double level);

#endif
