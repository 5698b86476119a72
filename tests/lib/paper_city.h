/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A city on paper: The Hague's wijken with their residents by perceived group, and months of stops
 * drawn as counts, not as registrations, so that many years cost little. Places differ in how often
 * people are stopped, searched, found on and told why; groups do not, unless it is planted. For
 * tests of what is built on cells. Everything belongs to the arena.
 */
#ifndef MAATSTAF_TESTS_LIB_PAPER_CITY_H
#define MAATSTAF_TESTS_LIB_PAPER_CITY_H

#include "analyzer/cells/inputs.h"
#include "common/err.h"

enum { PAPER_NOTHING = -1, PAPER_EVERYWHERE = -1 };

/* What is planted for a group in a place, in every month. */
struct paper_plant {
    int place, group; /* PAPER_EVERYWHERE; PAPER_NOTHING: nothing is planted */
    double stops;     /* times as many stops, of which the extra ones find half as much */
    double searches;  /* odds of being searched, and what searches find divided by as much */
    double explained; /* times the chance of an explanation unprompted */
    double bodycam;   /* times the chance that the camera is on throughout */
};

struct paper_options {
    uint64_t seed;
    unsigned stream;
    double stops;      /* a month */
    unsigned months;   /* at least CELLS_MONTHS */
    double spread;     /* standard deviation over places, on the logit scale, of all shares */
    double registered; /* control totals say that this share of stops is registered; 0: no totals */
    struct paper_plant plant;
};

struct paper_city;

struct paper_city *paper_city_new(struct arena *a, const struct paper_options *o, struct err *e);

unsigned paper_city_places(const struct paper_city *c);
const char *paper_city_place(const struct paper_city *c, unsigned place);
unsigned paper_city_home(const struct paper_city *c, unsigned group); /* most of them live there */
const char *paper_city_group(const struct paper_city *c, unsigned group);

/*
 * What an analysis of month `last` (from CELLS_MONTHS - 1 on) reads, with cells of stops that are
 * alike and without light. Belongs to `a`; the city must stay.
 */
struct inputs *paper_city_inputs(struct arena *a, const struct paper_city *c, unsigned last);

#endif
