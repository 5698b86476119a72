/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A figure: one number with what it rests on. Every measure appends figures to a list; the
 * document, the CSV, the pages and the stored rows are all made from that list. Undefined is NaN
 * (NULL outside), never 0. `guard` names the rule that withheld a value, or A006, which leaves it.
 * Strings belong to the arena.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_FIGURE_H
#define MAATSTAF_ANALYZER_MEASURE_FIGURE_H

#include "common/arena.h"

#include <jansson.h>
#include <stddef.h>

struct figure {
    const char *measure;        /* "stop-rate", "rate-ratio", "search-rate", "hit-rate-strict",
                                   "reason-share", "index-explanation", … */
    const char *method;         /* "garwood", "exact", "mantel-haenszel", "wilson", … */
    const char *window;         /* "month", "3-months", "12-months", "year-to-date" */
    const char *level_of_place; /* "city", "wijk", "unit", "area" */
    const char *place;          /* code; "" for the whole city */
    const char *perspective;    /* whose definition of group: "before_contact", "after_contact",
                                   "self"; "" when no group */
    const char *group;          /* code; "" for all people */
    const char *reference; /* group compared with; "others" for all other people in the same place;
                              "" when none */
    const char *term;      /* reason code, index part, …; "" when none */
    const char *benchmark; /* name of the denominator; "" when k / n */
    double value, lower, upper, level;
    double n, events, exposure;
    double p, q, statistic, df, detectable;
    int flagged;       /* 1 yes, 0 no, -1 not judged */
    const char *guard; /* "A001" … or NULL */
    const char *note;  /* "code" or "code=amount", several with "; " between; or NULL */
    const char *cells; /* the filter over dimensions that this count sums, for the joint audit; NULL
                          for model figures */
};

/*
 * Every note there is. A report words them by code (analyzer/report/texts.c).
 * X(name, code)
 */
#define FIGURE_NOTES(X)                                                                            \
    X(MONTHS_COUNTED, "months-counted")                   /* =counted/of the window's months */    \
    X(STOPS_WITHOUT_RESIDENTS, "stops-without-residents") /* =persons left out */                  \
    X(POPULATION_VINTAGE, "population-vintage")                                                    \
    X(PLACES_TOGETHER, "places-together") /* =withheld places that are one stratum */              \
    X(PLACES_LEFT_OUT, "places-left-out") /* =withheld places that are in none */                  \
    X(PARTS_MISSING, "parts-missing")                                                              \
    X(COVERAGE_UNDER_HALF, "coverage-under-half")                                                  \
    X(COVERAGE_UNDER_80, "coverage-under-80")                                                      \
    X(SENSITIVE_REASON, "sensitive-reason")                                                        \
    X(RHAT, "rhat")         /* =worst of the model */                                              \
    X(ESS_BULK, "ess-bulk") /* =least of the model */                                              \
    X(ESS_TAIL, "ess-tail")                                                                        \
    X(DIVERGENCES, "divergences")                                                                  \
    X(PREDICTIVE_SEARCH, "predictive-search")     /* =root mean square of what the model misses */ \
    X(PREDICTIVE_SEARCH_P, "predictive-search-p") /* =share of drawn counts further off */         \
    X(PREDICTIVE_HIT, "predictive-hit")                                                            \
    X(PREDICTIVE_HIT_P, "predictive-hit-p")                                                        \
    X(EFFECTIVE_SIZE, "effective-size")         /* =stops that weighted ones are worth */          \
    X(LARGEST_DIFFERENCE, "largest-difference") /* =standardised, after weighting */               \
    X(OVERDISPERSED, "overdispersed")           /* =factor on the variance of the limits */        \
    X(LOCAL_FDR, "q-is-local-fdr")              /* q is a local false discovery rate */            \
    X(RULE, "rule")                             /* =code: a finding of sql/unit_months.h */        \
    X(REST_OF_CITY, "rest-of-city")             /* =the same share of all other units */           \
    X(NO_COORDINATES, "no-coordinates")     /* of the area set: nobody knows when it was dark */   \
    X(TIMES_TOO_COARSE, "times-too-coarse") /* =persons left out */                                \
    X(RESIDENTS_PERCEIVED, "residents-perceived") /* counted as they would be perceived */         \
    X(UNIT_GAPS, "unit-gaps") /* =months left out because the place's units fell silent */

enum note {
#define X(name, code) NOTE_##name,
    FIGURE_NOTES(X)
#undef X
        NOTES
};

extern const char *const note_codes[NOTES];

/* Adds a note; amount NULL: none. */
void figure_note(struct arena *a, struct figure *x, enum note note, const char *amount);

struct figures {
    struct arena *arena;
    struct figure *list;
    size_t count, capacity;
};

/* A new figure with every number NaN, flagged -1 and strings "". Valid until the next call. */
struct figure *figure_add(struct figures *f);

#endif
