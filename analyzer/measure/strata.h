/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The places that figures are pooled over, as strata: each place whose numbers are shown is one,
 * and those that A001 withholds are one together, so that nothing but their sums is told. Where
 * even a sum would give one of them away (small.h) they are left out. Counts nothing beyond that;
 * lists belong to the run's arena.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_STRATA_H
#define MAATSTAF_ANALYZER_MEASURE_STRATA_H

#include "analyzer/measure/measure.h"

struct stratum {
    const unsigned *place;
    size_t places;
};

struct strata {
    size_t count;
    struct stratum *list;      /* shown places, and then the others together */
    size_t together, withheld; /* places in that one, and of all that are withheld */
};

/* What figures rest on. */
struct strata_of {
    const unsigned *sums; /* of cells, or SUM_BEFORE */
    size_t count;
    const bool *may_join; /* by place, whether it may be in one with others; NULL: all */
    /* Whether a place's own figure is withheld for more than these sums; or NULL. */
    bool (*withheld)(const struct measure *m, const struct frame *f, int reference,
                     const void *context);
    const void *context;
};

/* Strata of a group and its reference (-1: all others). */
struct strata strata_new(const struct measure *m, const struct frame *f, int reference,
                         const struct strata_of *of);

/* A sum over a stratum; group -1: all with a group. */
double strata_sum(const struct measure *m, const struct stratum *s, const struct frame *f,
                  int group, unsigned sum);

/* Notes how many places are one stratum, or left out. */
void strata_note(const struct measure *m, const struct strata *s, struct figure *x);

#endif
