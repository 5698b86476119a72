/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Figures by what they say: measure, term, place, group and window, of one perspective. For whoever
 * must look many up. Holds pointers into the list, which must neither grow nor move any more;
 * everything belongs to the arena.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_FIGURE_INDEX_H
#define MAATSTAF_ANALYZER_MEASURE_FIGURE_INDEX_H

#include "analyzer/measure/figure.h"

struct figure_key {
    const char *measure, *term, *window, *level_of_place, *place, *group;
};

struct figure_index;

struct figure_index *figure_index_new(struct arena *a, const struct figures *f,
                                      const char *perspective);

/* The figures of a key, by benchmark and then in their order; NULL and 0 when there are none. */
const struct figure *const *figure_index_all(const struct figure_index *x,
                                             const struct figure_key *key, size_t *count);

/* The first of them, or NULL. */
const struct figure *figure_index_find(const struct figure_index *x, const struct figure_key *key);

#endif
