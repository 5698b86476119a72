/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The measures: each reads the cube and appends figures. What they share: the frame of a figure,
 * the small-number guard, and the pairing of a group with its reference. No measure reads a clock
 * or a database; randomness comes from the run's seed.
 *
 * Guards: A001 fewer than 10 persons, or a figure that would give such a one away (small.h); A002
 * fewer than 50 searches; A003 every month of the window lacks the field; A004 fewer than three
 * places to pool; A005 undefined (nothing to divide by); A006 residents of another time, which
 * withholds nothing; A009 nothing alike enough to compare with; A010 too few groups or places to
 * identify a model; A011 a model whose draws cannot be trusted, or that does not give back what was
 * seen.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_MEASURE_H
#define MAATSTAF_ANALYZER_MEASURE_MEASURE_H

#include "analyzer/measure/cube.h"
#include "analyzer/measure/figure.h"
#include "analyzer/measure/later.h"
#include "analyzer/measure/months.h"
#include "analyzer/measure/small.h"

enum { SEARCHES_LEAST = 50, PLACES_LEAST = 3, VINTAGE_YEARS = 2 };

struct exposures;
struct like;

struct measure {
    const struct cube *cube;
    const struct exposures *residents; /* of all places */
    const struct small *small;
    const struct months *months;
    const struct like *like[PERSPECTIVES]; /* NULL: no cells for models */
    struct figures *out;
    struct later *later;
    struct arena *arena; /* of the run */
    unsigned window;
};

/* Where a figure holds; group and reference -1: none. */
struct frame {
    unsigned place, perspective;
    int group;
    enum feature feature;
};

/* A figure with window, place, perspective, group and level of its interval filled. */
struct figure *measure_figure(const struct measure *m, const char *name, const char *method,
                              const struct frame *f);

/* Notes how many of the window's months were counted, when not all. measure_figure() does. */
void measure_note_months(const struct measure *m, struct figure *x, unsigned used);

/*
 * Whether a figure of a place is worth a row: the city always says why there is nothing; an area or
 * a unit only when there is something to count.
 */
bool measure_wanted(const struct frame *f, bool nothing);

/* Whether figures are pooled over a place: a wijk, or an area in sets without wijken. */
bool measure_pools(const struct measure *m, unsigned place);

/* Takes the value away and names the guard; with A001 the counts too. */
void measure_withhold(struct figure *x, const char *guard);

/* Takes the counts away: of a figure that another guard withheld and A001 would have. */
void measure_hide(struct figure *x);

/* "months=2026-08..2026-10; place=WK051801; after_contact=zwart; sums=strict/strict_known" */
const char *measure_cells(const struct measure *m, const struct frame *f, const char *sums);

/* Whether a group's n in the frame's place is not shown (A001); sum: of a cell, or SUM_BEFORE. */
bool measure_small(const struct measure *m, const struct frame *f, int group, unsigned sum);

/* Whether that of its reference is not; -1: the others are all less the group. */
bool measure_small_reference(const struct measure *m, const struct frame *f, int reference,
                             enum sum sum);

/* The reference of a group: -1 all others, else a group's number; -2 when it is the group itself.
 */
int measure_reference(const struct measure *m, int group, const char **name);

/* Numerator or denominator of a group and of its reference in a frame's place. */
double measure_of(const struct measure *m, const struct frame *f, int group, enum sum sum);
double measure_of_reference(const struct measure *m, const struct frame *f, int reference,
                            enum sum sum);

/*
 * What is done for each group of a place, in every perspective that has groups. `context` is handed
 * through. small says whether the group's figures are withheld; without it nothing is.
 */
struct by_group {
    bool (*small)(const struct measure *m, const struct frame *f, const void *context);
    void (*figure)(const struct measure *m, const struct frame *f, bool withheld,
                   const void *context);
    const void *context;
};

/* `where` gives place and feature; perspective and group are walked through. */
void measure_each_group(const struct measure *m, struct frame where, struct by_group todo);

/* The perspective of dear models: after contact, else the first that has groups; 0 for none. */
unsigned measure_main_perspective(const struct measure *m);

/* q of the figures from `from` on, by family: measure, window, perspective, benchmark, term. */
void measure_adjust(struct figures *f, size_t from);

/* `detectable` of the comparisons that have none yet. */
void measure_power(struct figures *f);

/* ---- one file a measure ---------------------------------------------------------------------- */

/*
 * In the order of the document. A model is fitted or sampled and takes its time: --models none
 * leaves it out.
 * X(name, windows, kind)  windows: EVERY, BACK (not the year to date) or YEAR (twelve months)
 */
#define MEASURES(X)                                                                                \
    X(stop_rate, EVERY, COUNTED)   /* stop-rate and all ratios of rates */                         \
    X(search, EVERY, COUNTED)      /* search-rate and its comparisons */                           \
    X(hit, EVERY, COUNTED)         /* hit-rate-strict, hit-rate-broad */                           \
    X(practice, EVERY, COUNTED)    /* the four indices and their parts */                          \
    X(reason, EVERY, COUNTED)      /* reason-share, reason-distance */                             \
    X(quality, EVERY, COUNTED)     /* share-unknown-area, share-not-perceived */                   \
    X(robust, BACK, COUNTED)       /* benchmark and outcome together */                            \
    X(standardised, YEAR, COUNTED) /* standardised-rate and -ratio, for place */                   \
    X(e_value, YEAR, COUNTED)      /* of the pooled ratios made before */                          \
    X(shrunk, YEAR, COUNTED)       /* ratios of small places */                                    \
    X(glm_ratio, YEAR, COUNTED)    /* quasi-Poisson and negative binomial */                       \
    X(funnel, YEAR, COUNTED)       /* places against their limits */                               \
    X(search_bounds, YEAR, COUNTED)                                                                \
    X(tipping, YEAR, COUNTED)      /* and its curve, when intervals are there */                   \
    X(local_fdr, YEAR, COUNTED)    /* when p values are there */                                   \
    X(coverage, YEAR, COUNTED)     /* by unit and month */                                         \
    X(plausibility, YEAR, COUNTED) /* findings W130 to W136 */                                     \
    X(persistent, YEAR, COUNTED)   /* of the last four months */                                   \
    X(charts, YEAR, MODEL)         /* chart, cusum: stops and searches by month */                 \
    X(threshold, YEAR, MODEL)      /* threshold, threshold-difference */                           \
    X(group_effect, YEAR, MODEL)                                                                   \
    X(veil, YEAR, MODEL) /* the city and its districts */                                          \
    X(misclassified, YEAR, MODEL)                                                                  \
    X(alike, YEAR, MODEL)     /* a group beside similar stops of its reference */                  \
    X(index_gap, YEAR, MODEL) /* gaps of the indices' parts, standardised */                       \
    X(risk, YEAR, MODEL)      /* searches beside the chance of a find */                           \
    X(team, YEAR, MODEL)      /* a unit beside similar stops of other units */

#define X(name, windows, kind) void measure_##name(const struct measure *m);
MEASURES(X)
#undef X

/* Of many units of one family: local false discovery rates for q, where there is a bulk to see. */
void measure_team_adjust(struct figure *const *family, size_t count, struct arena *a);

/* All of them, every window, q filled. */
void measure_all(struct arena *a, const struct cube *c, const struct exposures *residents,
                 struct figures *out);

#endif
