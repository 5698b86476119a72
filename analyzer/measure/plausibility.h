/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Findings on units and months: which rules of sql/unit_months.h spoke, and how often each was
 * judged. A finding is a figure with note "rule" (and "rest-of-city", the same share over all other
 * units of that month); it never says why. Nothing here speaks of a person or an officer.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_PLAUSIBILITY_H
#define MAATSTAF_ANALYZER_MEASURE_PLAUSIBILITY_H

#include "analyzer/measure/measure.h"

extern const char *const unit_rule_codes[UNIT_RULE_COUNT]; /* "W130" */
extern const char unit_rule_severities[UNIT_RULE_COUNT];   /* 'W' or 'X' */

/* Months of units (X200-X204: control totals) that a rule could be judged on. */
struct unit_check {
    unsigned judged;
    unsigned small; /* too few to judge */
    unsigned found;
};

/* Of every rule, over the twelve months; judged 0 and small 0: not applicable. */
void plausibility_checks(const struct cube *c, const struct figures *f,
                         struct unit_check out[UNIT_RULE_COUNT]);

/* Adds the control totals that X200 to X203 were judged on (coverage.c). */
void coverage_judged(const struct cube *c, struct unit_check out[UNIT_RULE_COUNT]);

/* Units and months with fewer than UNIT_MONTH_LEAST persons, by unit and then month (X205). */
struct unit_gap {
    const char *unit;
    unsigned month; /* as in the cells */
};
const struct unit_gap *plausibility_gaps(struct arena *a, const struct cube *c, size_t *count);

/* Which rule a figure is a finding of; -1 none. */
int figure_rule(const struct figure *f);

#endif
