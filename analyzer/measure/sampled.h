/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the sampled measures share: cells of place x group for one perspective, a seed of their own,
 * and what is said of the draws. A measure adds its figures, puts the sampling off (later.h) and
 * fills them when that is done: with NaN and guard A011 when the draws cannot be trusted.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SAMPLED_H
#define MAATSTAF_ANALYZER_MEASURE_SAMPLED_H

#include "analyzer/measure/measure.h"
#include "analyzer/stat/posterior.h"

#define SAMPLED_NONE SIZE_MAX

/* The perspective that dear models are made for: after contact where there is one, else the first
 * that has groups; 0 when none has. */
unsigned sampled_perspective(const struct measure *m);

/* Places of the pool level and groups, each numbered from 0 in the cube's order; those without any
 * cell are left out. */
struct sampled_cells {
    size_t count, places, groups;
    unsigned *place, *group; /* of a cell */
    unsigned *place_of;      /* cube's place of a place's number */
    unsigned *group_of;      /* cube's group of a group's number */
    size_t *at;              /* [place][group]: its cell, or SAMPLED_NONE */
};

/* Cells of all places and groups for which `has` is true. */
struct sampled_cells sampled_cells(const struct measure *m, unsigned perspective,
                                   bool (*has)(const struct measure *m, const struct frame *f));

/* The number of a cube's group; SAMPLED_NONE when it has no cell. */
size_t sampled_number(const struct sampled_cells *c, int group);

/* How a model is sampled: one thread, as whole models are shared out (later.h). The seed is the
 * run's, mixed with the name, and one that `fit --seed` takes. */
struct nuts_options sampled_options(const struct measure *m, const char *name);

/*
 * Samples and judges; a run that cannot be trusted is followed by a longer one with smaller steps,
 * and that one counts.
 */
void sampled_draw(struct arena *room, const struct nuts_target *target,
                  const struct nuts_options *options, size_t judged, double level,
                  struct posterior *p);

/* What the draws were worth, kept when they are gone. */
struct sampled_verdict {
    bool converged;
    double rhat, ess_bulk, ess_tail;
    size_t divergences;
};

struct sampled_verdict sampled_verdict(const struct posterior *p);

/* The verdict as notes of a figure. */
void sampled_note(struct arena *a, const struct sampled_verdict *v, struct figure *x);

#endif
