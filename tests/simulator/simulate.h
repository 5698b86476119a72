/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Months of stops in a city: how many fall where follows residents, a place's own level and the
 * plan; the truth (what was planted, what was really there, what went unregistered) is kept beside.
 */
#ifndef MAATSTAF_TESTS_SIMULATOR_SIMULATE_H
#define MAATSTAF_TESTS_SIMULATOR_SIMULATE_H

#include "tests/simulator/draw.h"

#include <stdio.h>

struct simulation {
    const struct city *city;
    const struct plan *plan;
    struct month last;
    unsigned months;
    uint64_t stops, seed;
    double unit_overlap; /* of the stops in a wijk, the share that the unit next door makes */
    bool csv;
};

/* Writes registrations to out and returns the truth (the arena's); NULL on a write error. */
const json_t *simulate(const struct simulation *s, struct arena *a, FILE *out, struct err *e);

#endif
