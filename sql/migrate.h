/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Brings a database to the schema of this program. Migrations go forward only, each in one
 * transaction under a lock, recorded with the SHA-256 of its file; a file that changed since is an
 * error. Functions, views and roles are applied whole after them.
 */
#ifndef MAATSTAF_SQL_MIGRATE_H
#define MAATSTAF_SQL_MIGRATE_H

#include "sql/db.h"

struct migrate_result {
    unsigned applied; /* migrations applied now */
    unsigned known;   /* migrations that were applied before */
};

/* db was opened with the rights of an owner (db_open_unchecked). */
bool migrate(struct db *db, struct arena *a, struct migrate_result *result, struct err *e);

#endif
