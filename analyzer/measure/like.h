/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Persons in strata: equal place, part of the day, legal basis and mode. What the measures that
 * compare like with like (alike.c, index_gap.c, team.c) read instead of the cube. Sums are of all
 * twelve months and not for showing without like_put(). Everything belongs to the arena it was made
 * in and is constant, so that threads may read it.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_LIKE_H
#define MAATSTAF_ANALYZER_MEASURE_LIKE_H

#include "analyzer/measure/measure.h"
#include "analyzer/stat/balance.h"

enum like_factor { LIKE_AREA, LIKE_DAYPART, LIKE_BASIS, LIKE_MODE, LIKE_FACTORS };

/* Places other than the city need as many persons on the one side, and on the other as many as an
 * effective sample must have. */
enum { LIKE_LEAST = 50, LIKE_LEAST_OTHERS = 100 };

/* With fewer than these having the outcome, or not having it, errors are not near normal. */
enum { LIKE_LEAST_EVENTS = 10 };

struct like_row {
    const struct like_cell *cell;
    size_t stratum;
    int group; /* of the cube; -1: no group proper */
};

struct like {
    unsigned perspective;
    size_t rows, strata;
    struct like_row *row;
    size_t *first;                 /* row of each stratum, and one past the last */
    uint16_t *level[LIKE_FACTORS]; /* of each stratum */
};

/* Strata are in order of their levels, place first. */
struct like *like_new(struct arena *a, const struct cube *c, unsigned perspective);

/* The strata of a place of the cube, 0 the city: a range. */
struct like_range {
    size_t from, to;
};
struct like_range like_range(const struct like *l, const struct cube *c, unsigned place);

/* What is compared. */
struct like_outcome {
    const char *term;
    enum sum k, n;
    enum feature feature;
    double least; /* fewest in n of both sides (A002) */
};

enum { LIKE_OUTCOMES = 6 };
extern const struct like_outcome like_outcomes[LIKE_OUTCOMES];

/* ---- comparing ------------------------------------------------------------------------------- */

/* Strata as a frame for weights and regression: factors that vary among them. */
struct like_frame {
    const struct like *like;
    size_t count;
    const size_t *stratum;
    struct balance_frame *balance; /* NULL: more columns than a design may have */
};

struct like_frame like_frame_new(struct arena *a, const struct like *l, const size_t *stratum,
                                 size_t count);
struct like_frame like_frame_of_range(struct arena *a, const struct like *l, struct like_range r);

/* Zeroes for each cell of a frame; filled by the caller with like_arms_add(). */
struct like_arms {
    double *n1, *k1, *n0, *k0; /* by cell */
    double sum_n1, sum_k1, sum_n0, sum_k0;
};

struct like_arms like_arms_new(struct arena *a, const struct like_frame *f);

/* i numbers the frame's strata. */
void like_arms_add(struct like_arms *arms, const struct like_frame *f, size_t i, bool is_one,
                   double k, double n);

struct like_result {
    enum balance_outcome status;
    struct balance_effect difference;
    double n1, k1, n0; /* persons of whom it is known, and those with the outcome */
    double effective, largest;
};

/* weights: of equal n in both arms, or NULL to find them. */
void like_compare(struct arena *room, const struct like_frame *f, const struct like_arms *arms,
                  const struct balance *weights, double level, struct like_result *out);

/* ---- showing --------------------------------------------------------------------------------- */

/* Whether the numbers of a result may stand on a row of a place that is not the city. */
bool like_is_enough(const struct like_result *r);

bool like_is_rare(double k, double n);

/* What withholds a comparison before its balance is looked at, or NULL. reference -1: the others.
 */
const char *like_guard(const struct measure *m, const struct frame *f, int reference,
                       const struct like_outcome *o, double n1, double n0);

/*
 * Puts a result in percentage points into a figure, with notes; or withholds it by `guard`, else by
 * A009 when like was not found to compare with. Counts are shown when they are the cube's (n): a
 * month that is left out there is in these sums.
 */
void like_put(const struct measure *m, struct figure *x, const struct like_result *r,
              const char *guard, double n);

#endif
