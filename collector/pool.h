/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A few connections to the database for requests that may wait for a query. One that broke is
 * closed and opened anew by who needs it next. Safe between threads.
 */
#ifndef MAATSTAF_COLLECTOR_POOL_H
#define MAATSTAF_COLLECTOR_POOL_H

#include "sql/db.h"

struct pool;

/* Opens nothing yet. The arena's release closes what is open. */
struct pool *pool_new(struct arena *a, const struct db_target *target, unsigned seats);

/*
 * Asks one thing that may be asked twice: once more, on a new connection, when the one that was
 * open turns out to be dead; both within the target's time. Waits for a free seat. NULL: as
 * db_query.
 */
const struct rows *pool_query(struct pool *p, struct arena *a, const struct sql_query *q,
                              const char *const *args, struct err *e);

#endif
