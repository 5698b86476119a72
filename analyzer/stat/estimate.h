/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the functions of this folder return: a number with its limits. NaN means undefined (it
 * becomes NULL, never 0); an infinite upper limit means that the data set none.
 */
#ifndef MAATSTAF_ANALYZER_STAT_ESTIMATE_H
#define MAATSTAF_ANALYZER_STAT_ESTIMATE_H

#include <math.h>

struct interval {
    double lower, upper;
};

struct estimate {
    double value, lower, upper;
};

/* A test statistic with its reference distribution. */
struct test {
    double statistic, df, p;
};

#define INTERVAL_UNDEFINED ((struct interval){NAN, NAN})
#define ESTIMATE_UNDEFINED ((struct estimate){NAN, NAN, NAN})
#define TEST_UNDEFINED     ((struct test){NAN, NAN, NAN})

#endif
