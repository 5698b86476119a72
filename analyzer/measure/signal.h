/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signals: place x group x kind with a grade of evidence, carried on from month to month. A signal
 * is about practice, never about a person, and says that something needs an answer, not what the
 * answer is. Pure: figures and cube in, signals out; words are in analyzer/report. Everything
 * belongs to the arena.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SIGNAL_H
#define MAATSTAF_ANALYZER_MEASURE_SIGNAL_H

#include "analyzer/measure/cube.h"
#include "analyzer/measure/evidence.h"

/*
 * Each takes one step off the grade.
 * X(NAME, code)
 */
#define SIGNAL_DOUBTS(X)                                                                           \
    X(COVERAGE, "coverage-under-80") /* less than 80% of stops is registered */                    \
    X(BRIDGE, "interval-crosses-1")  /* with the bridge's uncertainty */                           \
    X(EVENTS, "events-under-30")                                                                   \
    X(PERCEIVED, "perceived-under-80") /* group recorded in less than 80% of stops */

enum signal_doubt {
#define X(name, code) DOUBT_##name,
    SIGNAL_DOUBTS(X)
#undef X
        DOUBTS
};
extern const char *const doubt_codes[DOUBTS];

/*
 * Compared with the run of the month before.
 * X(NAME, code)
 */
#define SIGNAL_STATUSES(X)                                                                         \
    X(OPENED, "opened")                                                                            \
    X(RISEN, "risen")                                                                              \
    X(FALLEN, "fallen")                                                                            \
    X(SAME, "same")                                                                                \
    X(NOT_MEASURED, "not-measured") /* keeps its grade: what cannot be seen is not gone */         \
    X(CLOSED, "closed")

enum signal_status {
#define X(name, code) SIGNAL_##name,
    SIGNAL_STATUSES(X)
#undef X
        SIGNAL_STATUS_COUNT
};
extern const char *const status_codes[SIGNAL_STATUS_COUNT];

enum { SIGNAL_ID_DIGITS = 12, SIGNALS_IN_BRIEF = 5 };

struct signal {
    char id[SIGNAL_ID_DIGITS + 1]; /* of area set, place, perspective, group and kind */
    enum signal_kind kind;
    const char *level_of_place, *place, *perspective, *group;
    char grade, before, was; /* 'A' to 'D'; before: without doubts; was: last month; 0 none */
    bool doubts[DOUBTS];
    enum signal_status status;
    const char *since;          /* month it opened, "2026-08" */
    double persons;             /* whom it concerns: in the twelve months, as the figure counts */
    unsigned brief;             /* 1 to 5: its place in the mayor's brief; 0: not in it */
    const struct signal *under; /* the city's of the same practice, which tells this one; or NULL */
    const struct figure *main;  /* NULL when closed or not measured */
    struct evidence evidence[EVIDENCES];
};

struct signals {
    struct signal *list; /* A to D, most people first; then those closed */
    size_t count;
};

struct signals signals_of(struct arena *a, const struct cube *c, const struct figures *f);

/* ---- the rules ------------------------------------------------------------------------------- */

/* A grade is given when all of this holds; the first rule that does gives it. */
struct signal_rule {
    char grade;
    const char *window;
    unsigned strong; /* bits of evidence: at least one holds with q under q_most */
    double q_most;
    unsigned beside; /* at least one holds; 0: not asked */
    unsigned all;    /* every one holds */
};
extern const struct signal_rule signal_rules[];
extern const size_t signal_rule_count;

/* The grade of evidence in the twelve months and in the month alone, before doubts; 0: none. */
char signal_grade(const struct evidence *year, const struct evidence *month);

#endif
