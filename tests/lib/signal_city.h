/* SPDX-License-Identifier: EUPL-1.2 */
/* A made-up city of six areas and two groups, large enough for signals of every kind. */
#ifndef MAATSTAF_TESTS_LIB_SIGNAL_CITY_H
#define MAATSTAF_TESTS_LIB_SIGNAL_CITY_H

#include "analyzer/cells/inputs.h"

/* A year of months up to October 2026; that share of the persons of every place has a group. */
void signal_city(struct arena *a, double perceived, struct inputs *in);

#endif
