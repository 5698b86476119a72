/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Figures of one measure that were made before, found by place, perspective and group: for measures
 * that speak about other figures. Reads the list once. What it gives points into the list and holds
 * until a figure is added.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_FOUND_H
#define MAATSTAF_ANALYZER_MEASURE_FOUND_H

#include "analyzer/measure/measure.h"

struct found;

/* Of the measure's window. benchmark "": those without one. */
struct found *found_new(const struct measure *m, const struct figures *f, const char *measure,
                        const char *benchmark);

/* NULL: there is none. */
const struct figure *found_at(const struct found *x, const struct frame *at);

/* Whether it has a value: withheld figures have none. */
bool found_usable(const struct figure *f);

#endif
