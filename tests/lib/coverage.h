/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Coverage of intervals over simulated cities: the wijken of The Hague with their residents in two
 * groups (the simulator's city), counts drawn anew in each. A check draws, computes an interval and
 * says whether the truth lies in it. 1,000 cities, fewer under the sanitizers; the share must lie
 * between 93 and 97%, or within what chance leaves of it when there are fewer.
 */
#ifndef MAATSTAF_TESTS_LIB_COVERAGE_H
#define MAATSTAF_TESTS_LIB_COVERAGE_H

#include "analyzer/stat/estimate.h"
#include "common/arena.h"
#include "common/rng.h"

#include <stdbool.h>
#include <stddef.h>

enum { COVERAGE_PLACES = 64 };

/* Residents of a group and of all others, by wijk; `largest` is the wijk with most of the group. */
struct coverage_city {
    size_t places, largest;
    double group[COVERAGE_PLACES], others[COVERAGE_PLACES];
};

struct coverage_trial {
    const struct coverage_city *city;
    struct rng *rng;
    struct arena *arena; /* of this trial */
    unsigned number;     /* of this trial, from 0 */
    double held, asked;  /* filled by the check: how many intervals held the truth, of how many */
};

struct coverage_check {
    const char *name;
    void (*draw)(struct coverage_trial *t);
    double least, most; /* share of intervals that hold the truth */
};

/* Counts an interval; an undefined one is not counted. */
void coverage_count(struct coverage_trial *t, struct estimate x, double truth);
void coverage_wald(struct coverage_trial *t, double value, double se, double truth);

/* Runs the check and prints "coverage: name: 95.3% of 1000"; fails outside its bounds, or when more
 * than one trial in fifty gave no interval. */
void coverage_assert(const struct coverage_check *check);

#endif
