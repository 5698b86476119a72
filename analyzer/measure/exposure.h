/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Residents by group of every place: known directly when the area set's population has classes that
 * are group codes, else through the bridge from CBS class to perceived group, whose weights are
 * assumptions and are therefore drawn many times. Counts that were rounded get a uniform error as
 * well. A place without population has no exposure (NaN), never 0.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_EXPOSURE_H
#define MAATSTAF_ANALYZER_MEASURE_EXPOSURE_H

#include "analyzer/measure/cube.h"

struct exposures;

struct exposures *exposures_new(struct arena *a, const struct cube *c);

/*
 * When the city's residents are the sum of its areas': by place, whether it is one of those. These
 * are areas that have residents of everybody and of each group that has any, so that all figures of
 * the city speak of the same places. NULL when the city has residents of its own.
 */
const bool *exposures_inside(const struct exposures *x);

/*
 * By place: whether it is one that figures are pooled over and has residents of everybody and of
 * each group that has any.
 */
const bool *exposures_complete(const struct exposures *x);

/* Residents of a group in a place (group -1: all); NaN when not known. */
double exposure_mean(const struct exposures *x, unsigned place, int group);

/* Draws of it, exposures_draws() of them; NULL when it is known exactly. */
const double *exposure_draws(const struct exposures *x, unsigned place, int group);
unsigned exposures_draws(const struct exposures *x);

/* First of January of this year; 0 when there is no population. */
int exposures_year(const struct exposures *x);

bool exposures_bridged(const struct exposures *x);

#endif
