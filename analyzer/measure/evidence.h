/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Evidence for a signal: E1 to E8 and the tipping point, each a predicate over figures that holds,
 * does not hold, or is not available. What is not available is never taken for "does not hold".
 * Pure: reads figures that are there, computes no measure, grades nothing (signal.h does). The
 * rules in words: docs/methods/signals.md.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_EVIDENCE_H
#define MAATSTAF_ANALYZER_MEASURE_EVIDENCE_H

#include "analyzer/cells/inputs.h"
#include "analyzer/measure/figure_index.h"

/*
 * What a signal is about.
 * X(NAME, code)
 */
#define SIGNAL_KINDS(X)                                                                            \
    X(STOP_RATE, "stop-rate")                                                                      \
    X(SEARCH, "search")                                                                            \
    X(OUTCOME, "outcome")                                                                          \
    X(EXPLANATION, "explanation")                                                                  \
    X(RESPECT, "respect")                                                                          \
    X(REASONS, "reasons")                                                                          \
    X(BODYCAM, "bodycam")                                                                          \
    X(REGISTRATION, "registration")

enum signal_kind {
#define X(name, code) KIND_##name,
    SIGNAL_KINDS(X)
#undef X
        KINDS
};
extern const char *const kind_codes[KINDS];

/* In the order in which a page shows them. */
enum evidence_id {
    EVIDENCE_BENCHMARK,  /* E1 */
    EVIDENCE_OUTCOME,    /* E2 */
    EVIDENCE_ROBUST,     /* E3 */
    EVIDENCE_VEIL,       /* E4 */
    EVIDENCE_ALIKE,      /* E5 */
    EVIDENCE_PERSISTENT, /* E6 */
    EVIDENCE_HEARD,      /* E7 */
    EVIDENCE_GAP,        /* E8 */
    EVIDENCE_ONE,        /* E1 by one benchmark alone: enough to watch, no more */
    EVIDENCE_TIPPING,    /* the finding would outlast what coverage leaves unregistered */
    EVIDENCES
};
extern const char *const evidence_codes[EVIDENCES]; /* "E1" … "E8", "one-benchmark", "tipping" */

enum holds { HOLDS_UNKNOWN = -1, HOLDS_NO, HOLDS_YES };

enum { EVIDENCE_FIGURES_MOST = 4 };

struct evidence {
    enum holds holds;
    double q;        /* of the figure that decides, after adjustment; NaN: not adjusted */
    double share;    /* tipping point alone: share of stops that would have to be missing */
    const char *why; /* unknown: "not-asked" of this kind, "no-figure", "withheld", "no-coverage" */
    size_t count;
    const struct figure *on[EVIDENCE_FIGURES_MOST]; /* what it rests on */
};

/* Of whom, where and when evidence is asked. */
struct subject {
    const struct figure_index *figures;
    const struct inputs *in;
    enum signal_kind kind;
    const char *window, *level_of_place, *place, *group;
    const char *district; /* code of the district it lies in; "" for the city or none */
    double coverage;      /* share of stops that is registered; NaN: not known */
};

struct evidence evidence_of(const struct subject *s, enum evidence_id id);

/* The figure that a signal of this kind is about, or NULL. */
const struct figure *evidence_main_figure(const struct subject *s);

/* How many of the group it counts; NaN when that number may not be shown. */
double evidence_count(const struct subject *s);

/* Whether a value can be used: it is there and no guard took it away. */
bool evidence_usable(const struct figure *f);

#endif
