/* SPDX-License-Identifier: EUPL-1.2 */
/* A made-up city of six areas and two groups, large enough for signals of every kind, and figures
 * of it made by hand. */
#ifndef MAATSTAF_TESTS_LIB_SIGNAL_CITY_H
#define MAATSTAF_TESTS_LIB_SIGNAL_CITY_H

#include "analyzer/cells/inputs.h"
#include "analyzer/measure/figure.h"

/* A year of months up to October 2026; that share of the persons of every place has a group. */
void signal_city(struct arena *a, double perceived, struct inputs *in);

/* A figure of group x against all others in twelve months, of 1,000 persons. place "": the city. */
struct figure *signal_figure(struct figures *list, const char *measure, const char *term,
                             const char *place);

/* Gives it numbers, with limits a tenth from the value; returns it. */
struct figure *signal_numbers(struct figure *f, double value, double p, double q);

/* Searched more often, with less result, in most months: three figures that make a B. */
void signal_searches(struct figures *list, const char *place, double persons);

#endif
