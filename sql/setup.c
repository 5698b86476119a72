/* SPDX-License-Identifier: EUPL-1.2 */
/* Nothing but the order of the steps; each step leaves what it finds done. */
#include "sql/setup.h"

#include "sql/cluster.h"
#include "sql/db_internal.h"
#include "sql/load.h"

#include "gen/queries.h"

static bool
make_database(struct arena *a, const struct db_target *target, struct err *e)
{
    const char *const name[] = {CLUSTER_DATABASE};
    struct db *const db = db_open_unchecked(a, target, "postgres", e);
    const struct rows *r = db ? db_query(db, a, &sql_db_database_exists, name, e) : NULL;

    return r && (rows_bool(r, 0, "present") ||
                 db_query(db, a, &sql_db_create_database, NULL, e) != NULL);
}

bool
setup_schema(struct arena *a, const struct db_target *target, struct migrate_result *migrated,
             uint64_t *rows, struct err *e)
{
    struct db *const db = db_open_unchecked(a, target, NULL, e);

    return db && migrate(db, a, migrated, e) && load_shipped(db, a, rows, e);
}

bool
setup(struct arena *a, const struct db_target *target, struct migrate_result *migrated,
      uint64_t *rows, struct err *e)
{
    struct cluster cluster;

    if (!target->conninfo && (!cluster_init(a, target->home, &cluster, e) ||
                              !cluster_start(a, &cluster, e) || !make_database(a, target, e)))
        return false;
    return setup_schema(a, target, migrated, rows, e);
}
