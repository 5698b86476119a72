/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Shares k / n by place and group, the difference from the reference, and the odds ratio pooled
 * over places: what search, hit, explanation … have in common. Which shares there are is said in a
 * table by each measure's own file.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SHARE_H
#define MAATSTAF_ANALYZER_MEASURE_SHARE_H

#include "analyzer/measure/measure.h"

struct share {
    const char *name, *term; /* measure's name; term "" or the part it is */
    enum sum k, n;
    enum sum k2; /* a second numerator to add, or SUM_COUNT */
    enum feature feature;
    double scale;           /* 1, or 100 for an index */
    const char *difference; /* name of the difference from the reference, or NULL */
    const char *pooled;     /* name of the pooled odds ratio, or NULL */
    const char *cmh;        /* name of its test, or NULL */
    double compare_least;   /* fewest in n of both sides to compare (A002) */
    const char *compare_guard;
};

void share_figures(const struct measure *m, const struct share *shares, size_t count);

#endif
