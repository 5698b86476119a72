/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Why a figure could not be made, in a reader's terms: the source does not hold the field at all,
 * it was hardly filled in, or there is nothing to compare with. Judges from the gap months alone;
 * gives keys of texts. Owns nothing: names belong to whoever adds them.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_GAPS_H
#define MAATSTAF_ANALYZER_REPORT_GAPS_H

#include "analyzer/measure/figure.h"

#include <stdbool.h>

enum { GAPS_MOST = 32, GAP_MONTHS = 12 };

/* A field (or perspective) and the months of the twelve that were left out for it. */
struct gap {
    const char *what;
    unsigned months, empty; /* empty: those in which no record had it */
};

struct gaps {
    struct gap list[GAPS_MOST];
    size_t count;
};

/* One gap month; coverage is the share of the month's records that had the field. */
void gaps_add(struct gaps *g, const char *what, double coverage);

/* No record of any month with stops has it: the source does not hold it. */
bool gaps_absent(const struct gaps *g, const char *what);

/* Whether a guard took the value away; one that only warns leaves it. */
bool gaps_withheld(const struct figure *f);

/* Key of the text that says why a withheld figure is withheld. */
const char *gaps_why(const struct gaps *g, const struct figure *f);

#endif
