/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether a text is nearly the same as one of the latest 32 texts of its unit (W062): Jaccard
 * similarity of their sets of letter trigrams above 0.9. It keeps trigrams, not texts, of the units
 * that this checker has seen in this run; what is stored is compared in the database.
 */
#ifndef MAATSTAF_COLLECTOR_SIMILAR_H
#define MAATSTAF_COLLECTOR_SIMILAR_H

#include "common/str.h"

#include <stdint.h>

enum { SIMILAR_KEPT = 32 };

struct similar;

struct similar *similar_new(struct arena *a);

/*
 * True when a text of an earlier stop of the unit is similar; then remembers this one. folded: as
 * fold_words gives it. stop: a number of the stop; persons of one stop may share their text.
 */
bool similar_seen(struct similar *s, struct span unit, uint64_t stop, struct span folded);

#endif
