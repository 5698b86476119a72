/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside the threshold test: the cells in the order of the sampler, and where each parameter
 * stands. Only threshold*.c includes this.
 *
 * The coordinate of a cell's threshold is that of centring.h; its estimate, and k, come from the
 * cell's search rate.
 */
#ifndef MAATSTAF_ANALYZER_STAT_THRESHOLD_MODEL_H
#define MAATSTAF_ANALYZER_STAT_THRESHOLD_MODEL_H

#include "analyzer/stat/centring.h"
#include "analyzer/stat/lanes.h"
#include "analyzer/stat/threshold.h"

struct threshold_model {
    enum threshold_signal signal;
    size_t cells, padded; /* padded: a multiple of LANES; the rest is cells without stops */
    size_t places, groups;

    /* by cell, in the order of places */
    unsigned *place, *group;
    size_t *row; /* in the caller's order */
    size_t *at;  /* coordinate of the threshold */
    double *estimate, *information;
    double *hits, *misses, *unsearched;

    size_t *phi_at;      /* by place: coordinate of phi_d, followed by that of delta_d; PINNED */
    double *place_stops; /* by place: all groups together */
    size_t *start;       /* of blocks; start[places] = first global */
    size_t globals;

    size_t *missing, missings; /* rows without stops */
    double *weight;            /* by group: stops of all places where it has a cell */
    double *pooled_search;     /* by group, away from 0 and 1 */
    double *pooled_hit;        /*   likewise */
    double *fixed_level;       /* by group: T0 of the straightened phi */
    struct threshold_outputs outputs;
};

#define PINNED SIZE_MAX

/* One cell's share in a draw. */
struct threshold_cell_output {
    double threshold, signal, search_rate, hit_rate;
};

/* Writes the outputs by cell and the thresholds by group. */
void threshold_write_cell(const struct threshold_model *m, size_t i, struct threshold_cell_output o,
                          double *out);
void threshold_write_groups(const struct threshold_model *m, double *out);

/* The two families. Both set the parameters' number, room and functions of the target. */
void threshold_normal_target(struct arena *a, struct threshold_model *m,
                             struct nuts_target *target);
void threshold_beta_target(struct arena *a, struct threshold_model *m, struct nuts_target *target);

#endif
