/* SPDX-License-Identifier: EUPL-1.2 */
/* Quantiles of numbers that are there (not of distributions: dist.h). */
#ifndef MAATSTAF_ANALYZER_STAT_QUANTILE_H
#define MAATSTAF_ANALYZER_STAT_QUANTILE_H

#include <stddef.h>

/* Ascending; no NaN among them. */
void quantile_sort(double *numbers, size_t count);

/* R's quantile of type 7, of ascending numbers; NaN of none. */
double quantile_of_sorted(const double *sorted, size_t count, double p);

#endif
