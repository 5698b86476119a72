/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From nothing to a database that is ready: cluster, database, schema, shipped reference data.
 * Makes what is missing and leaves the rest.
 */
#ifndef MAATSTAF_SQL_SETUP_H
#define MAATSTAF_SQL_SETUP_H

#include "sql/migrate.h"

/* With a conninfo only schema and data; *rows is the number of reference rows loaded now. */
bool setup(struct arena *a, const struct db_target *target, struct migrate_result *migrated,
           uint64_t *rows, struct err *e);

/* The second half alone, for a database that is there. */
bool setup_schema(struct arena *a, const struct db_target *target, struct migrate_result *migrated,
                  uint64_t *rows, struct err *e);

#endif
