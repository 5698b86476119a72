/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Draws stops: when, where, whom, why, what came of it. Everything is random under one seed, and
 * nothing differs between groups but what the plan says. Whether somebody is searched follows the
 * signal model of the threshold test: guilty with probability SIM_GUILTY, signal N(delta, 1) or
 * N(0, 1), searched above a threshold.
 */
#ifndef MAATSTAF_TESTS_SIMULATOR_DRAW_H
#define MAATSTAF_TESTS_SIMULATOR_DRAW_H

#include "common/clock.h"
#include "common/rng.h"
#include "tests/simulator/plan.h"
#include "tests/simulator/row.h"

#define SIM_GUILTY       0.10
#define SIM_DELTA        1.5
#define SIM_THRESHOLD    1.6
#define SIM_UNPROMPTED   0.78
#define SIM_REGISTRATION 0.90

struct drawn { /* what the truth needs of a person */
    bool searched, hit, unprompted;
    const char *reason;
};

struct draw {
    const struct city *city;
    const struct plan *plan;
    struct rng rng;
    struct rng units;    /* of its own: who makes a stop changes nothing else about it */
    double unit_overlap; /* share of the stops of a place that the next unit makes */
    struct zone *zone;
    int month;          /* month_index */
    uint64_t number;    /* of the last registration in this month */
    struct arena *text; /* cells of the current stop; reset by the caller */
};

/* Fills persons (at most ROW_PERSONS_MOST) of one stop at a place and time; returns how many. */
unsigned draw_stop(struct draw *d, const struct place *place, int group, instant at,
                   struct row persons[ROW_PERSONS_MOST], struct drawn drawn[ROW_PERSONS_MOST]);

#endif
