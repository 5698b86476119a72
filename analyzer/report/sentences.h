/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * "In short": at most six paragraphs about the whole city, the most important first. Says only what
 * is beyond noise after adjustment, names the caution with it, and says what is missing. Chooses
 * from figures that are there; computes none.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_SENTENCES_H
#define MAATSTAF_ANALYZER_REPORT_SENTENCES_H

#include "analyzer/report/document.h"
#include "analyzer/report/texts.h"

#include <jansson.h>

/* A new array of strings; the caller owns it. */
json_t *sentences_json(const struct analysis *x, const struct exposures *residents, struct arena *a,
                       enum language l);

#endif
