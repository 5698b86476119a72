/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the sources of an analysis do not have at all, as their profiles said when they were
 * imported: another thing than a field that nobody filled in. Reads inputs only.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_SOURCE_H
#define MAATSTAF_ANALYZER_MEASURE_SOURCE_H

#include "analyzer/cells/inputs.h"

#include <stdbool.h>

/* Whether every source with accepted records lacks a field that the feature is made from. */
bool source_lacks(const struct inputs *in, enum feature feature);

#endif
