/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The headline of the robust test: for stopping and for searching, against which groups both tests
 * point in the whole city, and in how many places. A text made from figures that are there;
 * computes none. Speaks from one perspective, after contact where there is one.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_VERDICT_H
#define MAATSTAF_ANALYZER_REPORT_VERDICT_H

#include "analyzer/report/document.h"
#include "analyzer/report/texts.h"

/* "" when there is no such figure at all. `reference` is how those compared with are called. */
const char *verdict_sentence(const struct analysis *x, const char *reference, struct arena *a,
                             enum language l);

#endif
