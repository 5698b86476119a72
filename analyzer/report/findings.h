/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Findings on units and months: written into the document's quality, and read back from it for
 * people. Judges nothing (analyzer/measure/plausibility.c and coverage.c did) and lays nothing out.
 * What is returned belongs to the arena of the analysis or of the view.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_FINDINGS_H
#define MAATSTAF_ANALYZER_REPORT_FINDINGS_H

#include "analyzer/report/document.h"
#include "analyzer/report/view.h"

/* ---- into the document ----------------------------------------------------------------------- */

json_t *findings_json(const struct analysis *x);
/* Of every rule, how often it was judged, could not be for small numbers, and spoke. */
json_t *checks_json(const struct analysis *x);
json_t *not_in_source_json(const struct analysis *x); /* names of features */
json_t *not_covered_json(const struct analysis *x);   /* source and JSON pointer */

/* ---- for people ------------------------------------------------------------------------------ */

enum finding_column {
    FINDING_UNIT,
    FINDING_WHEN,
    FINDING_SOURCE, /* of the control total */
    FINDING_VALUE,
    FINDING_REST,
    FINDING_N,
    FINDING_TOTAL,
    FINDING_COLUMNS
};
extern const char *const finding_headings[FINDING_COLUMNS]; /* keys of texts */

struct finding_row {
    const char *cell[FINDING_COLUMNS];
};

/* All findings of one rule, the latest month first. */
struct finding_block {
    const char *code, *message;
    bool shown[FINDING_COLUMNS];
    struct finding_row *rows;
    size_t count;
};

/* The rules that spoke, in the order of the table. */
size_t findings_view(const struct view *v, const struct finding_block **blocks);

/* What a finding is, which rules were judged and which could not be. */
const char *findings_scope(const struct view *v);
const char *findings_more(const struct view *v, size_t left_out);

/* "HGL-01, October 2026, value 61.0%, rest of the city 6.8%, n 80" */
const char *findings_line(const struct view *v, const struct finding_block *x, size_t row);

#endif
