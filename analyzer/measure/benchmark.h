/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The other benchmarks beside residents, each wrong in a direction of its own: stops in which the
 * officer did not choose the person (low-discretion), the same window a year earlier
 * (previous-year), and every named benchmark that was loaded. All give the figure `rate-ratio`.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_BENCHMARK_H
#define MAATSTAF_ANALYZER_MEASURE_BENCHMARK_H

#include "analyzer/measure/measure.h"

/* Ratios of one group in one place against each of them. */
void benchmark_ratios(const struct measure *m, const struct frame *f);

/* Ratios against the internal benchmarks pooled over places. */
void benchmark_pooled(const struct measure *m, const struct frame *f);

#endif
