/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which counts of persons the analysis does not show (A001): those of fewer than ten, and those
 * that would let such a count be worked out from what is shown. One answer for every window, place,
 * perspective, group and sum, so that all measures withhold the same. Protects against exact
 * deduction within one document, not against estimates and not between documents:
 * docs/decisions/012-small-numbers.md.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SMALL_H
#define MAATSTAF_ANALYZER_MEASURE_SMALL_H

#include "analyzer/measure/cube.h"

enum { SMALL_NUMBER = 10 };

/* Besides the sums of cells: persons in the same window a year earlier. */
enum { SUM_BEFORE = SUM_COUNT };

struct small;

/*
 * inside: by place, those whose residents the city's are the sum of; NULL when the city's residents
 * were counted themselves.
 */
struct small *small_new(struct arena *a, const struct cube *c, const bool *inside);

/* Whether a count that is somebody's n is withheld. group -1: all; fewer than ten always are. */
bool small_withheld(const struct small *s, unsigned window, unsigned place, unsigned perspective,
                    int group, unsigned sum);

/* The same for the persons of the city who were stopped in places with residents. */
bool small_withheld_inside(const struct small *s, unsigned window, unsigned perspective, int group);

/*
 * Within one list whose total is shown: marks those from 1 to 9, and then the smallest others until
 * at least two are marked that are ten together. Zeros are taken as known.
 */
void small_row(const double *n, unsigned count, bool *withheld);

#endif
