/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A made-up city of cells for models, with the cells of its figures beside them, and what the
 * measures that compare like with like say of it. Groups are seen after contact; the months are
 * one.
 */
#ifndef MAATSTAF_TESTS_LIB_LIKE_CITY_H
#define MAATSTAF_TESTS_LIB_LIKE_CITY_H

#include "analyzer/measure/measure.h"

/* n persons of a stratum, k of whom have the outcome: searched, explained, recorded alike; a hit
 * when searched. */
struct like_city_row {
    const char *area, *unit, *daypart, *basis, *mode, *group;
    int n, k;
};

struct like_city {
    struct arena *arena;
    const char *reference; /* "others", or a group */
    size_t count, room;
    struct like_city_row *rows;
};

struct like_city *like_city_new(struct arena *a);
void like_city_add(struct like_city *c, struct like_city_row row);

/* Figures of one measure, q filled, on so many threads. */
struct figures like_city_figures(struct like_city *c, void (*measure)(const struct measure *m),
                                 unsigned threads);

/* The figure; NULL when there is none. */
const struct figure *like_city_find(const struct figures *f, const char *term, const char *place,
                                    const char *group);

#endif
