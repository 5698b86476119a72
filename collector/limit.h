/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often something may happen: a bucket for each key (an address, an identity) that fills at a
 * rate up to a burst, and is emptied by one each time. Memory is fixed: of too many keys the one
 * that was seen longest ago is forgotten, which can only allow too much. Safe between threads.
 */
#ifndef MAATSTAF_COLLECTOR_LIMIT_H
#define MAATSTAF_COLLECTOR_LIMIT_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

struct limit;

struct limit *limit_new(struct arena *a, double per_second, double burst);

/* Takes one at the time `now` (clock_seconds). 0: it was there; else the seconds until it is. */
double limit_take(struct limit *l, struct span key, double now);

#endif
