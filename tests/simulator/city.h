/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The simulated city: The Hague's buurten with their residents by perceived group, from the figures
 * and the bridge that the installation ships. It knows nothing of stops.
 */
#ifndef MAATSTAF_TESTS_SIMULATOR_CITY_H
#define MAATSTAF_TESTS_SIMULATOR_CITY_H

#include "common/arena.h"
#include "common/err.h"

enum { CITY_GROUPS_MOST = 16 };

struct place {
    const char *buurt, *wijk;
    unsigned unit;                      /* 0 … CITY_UNITS - 1 */
    double residents[CITY_GROUPS_MOST]; /* by group, through the bridge */
};

enum { CITY_UNITS = 8 };

struct city {
    unsigned group_count, place_count;
    const char *groups[CITY_GROUPS_MOST];
    struct place *places;
};

/* Residents of `year` (2019 or 2020: the years with origin by country). */
bool city_load(struct city *city, struct arena *a, int year, struct err *e);

/* Index of a group code, or -1. */
int city_group(const struct city *city, const char *code);

#endif
