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

struct exposures;
struct small;

/* residents: of all places; NULL when nothing is held against them. */
struct small *small_new(struct arena *a, const struct cube *c, const struct exposures *residents);

/* Whether a count that is somebody's n is withheld. group -1: all; fewer than ten always are. */
bool small_withheld(const struct small *s, unsigned window, unsigned place, unsigned perspective,
                    int group, unsigned sum);

/* The same for the persons of the city who were stopped in places with residents. */
bool small_withheld_inside(const struct small *s, unsigned window, unsigned perspective, int group);

/* Whether a count of a place is there and withheld: zeros are taken as known. */
bool small_hides(const struct small *s, unsigned window, unsigned place, unsigned perspective,
                 int group, unsigned sum);

/*
 * Whether the sum of those that a column hides may enter figures pooled over places: of all places
 * that have residents, and of all without, neither is fewer than ten, and no withheld number can be
 * worked out from these sums and what is shown.
 */
bool small_may_pool(const struct small *s, unsigned window, unsigned perspective, int group,
                    unsigned sum);

/*
 * Within one list whose total is shown: marks those from 1 to 9, and then the smallest others until
 * at least two are marked that are ten together. Zeros are taken as known.
 */
void small_row(const double *n, unsigned count, bool *withheld);

#endif
