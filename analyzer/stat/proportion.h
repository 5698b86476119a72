/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One proportion k/n, and the difference and ratio of two independent ones. Counts are whole
 * numbers held in doubles. Level is two-sided. Undefined is NaN; nothing here allocates. Two-by-two
 * tables and odds ratios are in odds.h.
 */
#ifndef MAATSTAF_ANALYZER_STAT_PROPORTION_H
#define MAATSTAF_ANALYZER_STAT_PROPORTION_H

#include "analyzer/stat/estimate.h"

/* Wilson's score interval (JASA 22, 1927), without continuity correction. */
struct estimate proportion_wilson(double k, double n, double level);

/* Clopper and Pearson's exact interval (Biometrika 26, 1934). */
struct estimate proportion_clopper_pearson(double k, double n, double level);

/* What is shown: Wilson, but Clopper-Pearson when k or n - k is under 5. */
struct estimate proportion_shown(double k, double n, double level);

/* A group (1) beside a reference (0). */
struct proportion_pair {
    double k1, n1, k0, n0;
};

/* p1 - p0 by Newcombe's hybrid of two Wilson intervals (Statistics in Medicine 17, 1998, method
 * 10). */
struct estimate proportion_difference_newcombe(struct proportion_pair pair, double level);

/* p1 - p0 by Miettinen and Nurminen's score interval (Statistics in Medicine 4, 1985), with their N
 * / (N - 1). */
struct estimate proportion_difference_score(struct proportion_pair pair, double level);

enum proportion_ratio_method {
    PROPORTION_KOOPMAN,           /* Biometrics 40, 1984 */
    PROPORTION_MIETTINEN_NURMINEN /* the same with N / (N - 1) */
};

/* p1 / p0 by the score interval. k0 = 0: infinite with a finite lower limit; no successes at all:
 * undefined. */
struct estimate proportion_ratio(struct proportion_pair pair, enum proportion_ratio_method method,
                                 double level);

#endif
