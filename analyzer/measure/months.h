/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells summed by single month, for what is said of the course of things: place x perspective x
 * group of each of the CELLS_MONTHS. Not of units and not of buurten: a month is too little there.
 * A month that does not count is a gap and must never be read as a zero. Constant after
 * months_new(); the cube must stay.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_MONTHS_H
#define MAATSTAF_ANALYZER_MEASURE_MONTHS_H

#include "analyzer/measure/cube.h"

struct months;

struct months *months_new(struct arena *a, const struct cube *c);

bool months_has(const struct months *m, unsigned place);

/*
 * Whether a month (0 is the oldest) counts for a feature and a perspective. The first twelve count
 * persons only.
 */
bool months_count(const struct months *m, unsigned month, enum feature feature,
                  unsigned perspective);

/*
 * A month of which most of a place's stops are missing, because the units that usually make them
 * registered next to nothing (X205) and nobody else did it for them: a gap there, and no rate.
 */
bool months_silent(const struct months *m, unsigned month, unsigned place);

/* group -1: everybody with a group proper. perspective from 1; the place must be one of months_has.
 */
double months_sum(const struct months *m, unsigned month, unsigned place, unsigned perspective,
                  int group, enum sum sum);

#endif
