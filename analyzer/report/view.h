/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A document opened for reading: its figures as structs, its labels by language, and the sections
 * in which people read them. Shared by the text and HTML reports.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_VIEW_H
#define MAATSTAF_ANALYZER_REPORT_VIEW_H

#include "analyzer/measure/figure.h"
#include "analyzer/report/gaps.h"
#include "analyzer/report/report.h"
#include "common/json.h"

#include <stdbool.h>

struct view {
    struct arena *arena;
    const struct report_options *how;
    json_t *document;
    struct figures figures;
    struct gaps gaps;
    bool groups;     /* whether any figure of the document is of a group */
    char sha256[65]; /* of the document's bytes, hex */
};

bool view_open(struct arena *a, struct span document, const struct report_options *how,
               struct view *v, struct err *e);

/* How a measure's value is written. */
enum unit_of_measure {
    UNIT_RATE,
    UNIT_RATIO,
    UNIT_SHARE,
    UNIT_POINTS,
    UNIT_GAP,        /* in points of 0 to 100, signed */
    UNIT_DIFFERENCE, /* of shares: shown in percentage points, signed */
    UNIT_INDEX,      /* from 0 to 1 */
    UNIT_COUNT,
    UNIT_STATISTIC,
    UNIT_AT_LEAST,       /* a number, and instead of an interval from where on */
    UNIT_SHARE_AT_LEAST, /* the same of a share */
    UNIT_BOUNDS,         /* lower and upper of a difference of shares; the value has no meaning */
    UNIT_FUNNEL,         /* a rate or a share, by its term */
    UNIT_VERDICT         /* 1, 0, -1: said in words */
};

struct section {
    const char *measure;
    enum unit_of_measure unit;
    const char *caution; /* key of a text printed beside it, or NULL */
    bool on_request;     /* only shown when the measure is asked for */
};
extern const struct section sections[];
extern const size_t section_count;

/* Keys of the texts that say how to read a report. */
extern const char *const reading[];
extern const size_t reading_count;

enum { REASONS_MOST = 8 };

/* The figures of a section in the window, the most notable first; withheld ones only counted. */
struct section_rows {
    const struct section *of;
    const struct figure **list;
    size_t count, small, undefined; /* small: A001, A002, A004; undefined: any other guard */
    size_t inconclusive;            /* verdicts, or places within limits, that are left out */
    struct {
        const char *why; /* key of a text */
        size_t count;
    } reasons[REASONS_MOST]; /* of the undefined ones; the last ends at a NULL or the end */
};
struct section_rows view_rows(const struct view *v, const struct section *s);

const char *view_text(const struct view *v, const char *key);
/* What must be read beside a section, or NULL; of the bridge only where one was used. */
const char *view_caution(const struct view *v, const struct section *s);

/* The name of a place, with its code when asked for or when several places have the name. */
const char *view_place(const struct view *v, const struct figure *f, bool with_code);
const char *view_group(const struct view *v, const char *code);
const char *view_term(const struct view *v, const char *code);

/* A number in the language's own notation; too_little when it is not a number. */
const char *view_value(const struct view *v, enum unit_of_measure unit, double value);
const char *view_interval(const struct view *v, enum unit_of_measure unit, const struct figure *f);
const char *view_count(const struct view *v, double n);

const char *view_q(const struct view *v, double q);

/*
 * What is said under a section's table, one sentence a call: rows left out, withheld and undefined
 * ones. NULL after the last; `at` starts at 0.
 */
const char *view_under(const struct view *v, const struct section_rows *r, size_t shown,
                       unsigned *at);

/* Line i of what could not be measured at all: a reason and the measures; NULL after the last. */
const char *view_not_measured(const struct view *v, size_t i);

/* What was measured and is shown only when asked for, as one sentence; "" for nothing. */
const char *view_on_request(const struct view *v);

/* What no source has, as one sentence; "" for none. */
const char *view_lacking(const struct view *v);
/* What a source could have and never filled in, likewise. */
const char *view_absent(const struct view *v);
/* A field that was hardly filled in (v->gaps.list[i]), as a sentence; "" when absent altogether. */
const char *view_gap(const struct view *v, size_t i);

/* That stops themselves are missing in months; i is 0 or 1, "" when it does not apply. */
const char *view_silence(const struct view *v, size_t i);

enum { INTAKE_COUNTS = 5 };
extern const char *const intake_counts[INTAKE_COUNTS];

/* One source and status; batches of several profiles are added up. */
struct intake_row {
    const char *name; /* "unknown (refused)" */
    double counts[INTAKE_COUNTS];
};
/* The rows, `count` of them; the arena owns them. */
const struct intake_row *view_intake(const struct view *v, size_t *count);

/* "Ledger 12, <hash>": up to where was counted. */
const char *view_ledger(const struct view *v);

/* "Analysis of stops", city, month in words. */
const char *view_title(const struct view *v, const char *separator);

/* run.<key> as text. */
const char *view_run(const struct view *v, const char *key);

struct strbuf *text_write(struct arena *a, const struct view *v);
struct strbuf *csv_write(struct arena *a, const struct view *v);
struct strbuf *html_write(struct arena *a, const struct view *v);

#endif
