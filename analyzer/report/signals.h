/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signals as the document has them: grade, evidence with the figures it rests on, course, and words
 * in both languages with what a signal does not mean and what else could explain it. Grades
 * nothing: analyzer/measure/signal.h does.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_SIGNALS_H
#define MAATSTAF_ANALYZER_REPORT_SIGNALS_H

#include "analyzer/report/document.h"

#include <jansson.h>

/* A new array; the caller owns it. Figures are named by their id in the document. */
json_t *signals_json(const struct analysis *x, struct arena *a);

#endif
