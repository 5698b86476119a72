/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A few connections to the database for requests that may wait for a query. One that failed is
 * closed and opened anew by who needs it next. Safe between threads; a connection is one thread's
 * between take and give.
 */
#ifndef MAATSTAF_COLLECTOR_POOL_H
#define MAATSTAF_COLLECTOR_POOL_H

#include "sql/db.h"

struct pool;

/* Opens nothing yet. The arena's release closes what is open. */
struct pool *pool_new(struct arena *a, const struct db_target *target, unsigned seats);

/* Waits for a free seat. NULL: the database is away; there is nothing to give back then. */
struct db *pool_take(struct pool *d, struct err *e);

/* Failed: what went wrong with it was not the caller's input. */
void pool_give(struct pool *d, struct db *db, bool failed);

#endif
