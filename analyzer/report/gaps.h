/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Why a figure could not be made, in a reader's terms: no source has the field, it was not filled
 * in at all, it was hardly filled in, or there is nothing to compare with. Judges from the gap
 * months and from what sources lack; gives keys of texts. Owns nothing: names belong to whoever
 * adds them.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_GAPS_H
#define MAATSTAF_ANALYZER_REPORT_GAPS_H

#include "analyzer/measure/figure.h"

#include <stdbool.h>

enum { GAPS_MOST = 32, GAP_MONTHS = 12 };

/* A field (or perspective; "stops": all) and the months of the twelve left out for it. */
struct gap {
    const char *what;
    unsigned months, empty;                           /* empty: those in which no record had it */
    const char *from[GAP_MONTHS], *until[GAP_MONTHS]; /* runs of the empty ones, "2026-08" */
    unsigned runs;
};

struct gaps {
    struct gap list[GAPS_MOST];
    const char *lacking[GAPS_MOST]; /* fields that no source has */
    size_t count, lacking_count;
};

/* One gap month, oldest first; coverage is the share of the month's records that had the field. */
void gaps_add(struct gaps *g, const char *what, const char *month, double coverage);

/*
 * No record of any month with stops has it, though a source could have: not one of those that
 * gaps_lacks() names.
 */
bool gaps_absent(const struct gaps *g, const char *what);

/* That no source has the field at all, and whether one was named so. */
void gaps_add_lacking(struct gaps *g, const char *what);
bool gaps_lacks(const struct gaps *g, const char *what);

/* The gap of stops themselves; NULL when every month counts. */
const struct gap *gaps_of_stops(const struct gaps *g);

/* Whether a guard took the value away; one that only warns leaves it. */
bool gaps_withheld(const struct figure *f);

/* Key of the text that says why a withheld figure is withheld. */
const char *gaps_why(const struct gaps *g, const struct figure *f);

/* Key of the text that says why a measure has no figure at all; groups: whether any other has. */
const char *gaps_why_none(const char *measure, bool groups);

#endif
