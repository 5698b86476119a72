/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Each migration takes the lock, looks again whether it is still wanted, applies and records
 * itself in one transaction: two programs that start at once do not apply it twice.
 */
#include "sql/migrate.h"
#include "sql/db_internal.h"

#include "common/digest.h"

#include "gen/queries.h"

#include <stdlib.h>
#include <string.h>

static int
by_path(const void *x, const void *y)
{
    const struct sql_script *const *const a = x;
    const struct sql_script *const *const b = y;

    return strcmp((*a)->path, (*b)->path);
}

/* Embedded scripts of a folder ("sql/migrations/"), in the order of their names. */
static const struct sql_script **
scripts_in(struct arena *a, const char *folder, unsigned *count)
{
    const struct sql_script **const list =
        arena_array(a, sql_script_count, sizeof(const struct sql_script *));

    *count = 0;
    for (unsigned i = 0; i < sql_script_count; i++)
        if (strncmp(sql_scripts[i].path, folder, strlen(folder)) == 0)
            list[(*count)++] = &sql_scripts[i];
    qsort(list, *count, sizeof(const struct sql_script *), by_path);
    return list;
}

static const char *
base_name(const struct sql_script *script)
{
    return strrchr(script->path, '/') + 1;
}

/* In the lock's transaction: is this migration recorded, and as the same file? */
static bool
is_applied(const struct rows *recorded, struct arena *a, const struct sql_script *script,
           bool *applied, struct err *e)
{
    uint8_t digest[DIGEST_BYTES];

    *applied = false;
    sha256_of(script->text, script->length, digest);
    for (int i = 0; i < rows_count(recorded); i++) {
        struct span sha256;

        if (strcmp(rows_text(recorded, i, "name"), base_name(script)) != 0)
            continue;
        *applied = true;
        if (!rows_bytes(recorded, i, "sha256", a, &sha256) || sha256.length != DIGEST_BYTES ||
            memcmp(sha256.data, digest, DIGEST_BYTES) != 0) {
            err_set(e, ERR_CONFIG, "%s is not the file that was applied to this database",
                    script->path);
            return err_hint(e, "Restore the file and write a new migration");
        }
    }
    return true;
}

static const struct rows *
recorded_migrations(struct db *db, struct arena *a, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_db_migration_table, NULL, e);

    if (!r || !rows_bool(r, 0, "present"))
        return r; /* no table: no rows that name a migration */
    return db_query(db, a, &sql_db_migrations, NULL, e);
}

/* Every name that is recorded has to be known here: else a newer program migrated this database. */
static bool
all_known(const struct rows *recorded, const struct sql_script *const *scripts, unsigned count,
          struct err *e)
{
    for (int i = 0; i < rows_count(recorded); i++) {
        bool known = false;

        for (unsigned s = 0; s < count; s++)
            known |= strcmp(rows_text(recorded, i, "name"), base_name(scripts[s])) == 0;
        if (!known) {
            err_set(e, ERR_CONFIG,
                    "this database has migration %s, which this program does not know",
                    rows_text(recorded, i, "name"));
            return err_hint(e, "Use the program that applied it, or a newer one");
        }
    }
    return true;
}

static bool
record(struct db *db, struct arena *a, const struct sql_script *script, struct err *e)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[2 * DIGEST_BYTES + 1];

    sha256_of(script->text, script->length, digest);
    hex_of(digest, DIGEST_BYTES, hex);

    const char *const args[] = {base_name(script), arena_printf(a, "\\x%s", hex)};

    return db_query(db, a, &sql_db_migration_record, args, e) != NULL;
}

/* The whole of one step: lock, look again, apply, record. */
static bool
apply_one(struct db *db, struct arena *a, const struct sql_script *script, bool *applied,
          struct err *e)
{
    const struct rows *recorded;

    if (!db_begin(db, e) || !db_query(db, a, &sql_db_migration_lock, NULL, e))
        return false;
    recorded = recorded_migrations(db, a, e);
    if (!recorded)
        return false;
    *applied = false;
    if (PQfnumber(recorded->result, "name") >= 0 && !is_applied(recorded, a, script, applied, e))
        return false;
    if (!*applied && (!db_script(db, script, e) || !record(db, a, script, e)))
        return false;
    return db_commit(db, e);
}

static bool
apply_whole(struct db *db, struct arena *a, struct err *e)
{
    static const char *const folders[] = {"sql/functions/", "sql/views/", "sql/roles.sql"};

    if (!db_begin(db, e) || !db_query(db, a, &sql_db_migration_lock, NULL, e))
        return false;
    for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++) {
        unsigned count;
        const struct sql_script *const *const scripts = scripts_in(a, folders[f], &count);

        for (unsigned i = 0; i < count; i++)
            if (!db_script(db, scripts[i], e))
                return false;
    }
    return db_commit(db, e);
}

static bool
migrate_all(struct db *db, struct arena *a, struct migrate_result *result, struct err *e)
{
    unsigned count;
    const struct sql_script *const *const scripts = scripts_in(a, "sql/migrations/", &count);
    const struct rows *const recorded = recorded_migrations(db, a, e);

    *result = (struct migrate_result){0, 0};
    if (!recorded)
        return false;
    if (PQfnumber(recorded->result, "name") >= 0 && !all_known(recorded, scripts, count, e))
        return false;
    for (unsigned i = 0; i < count; i++) {
        bool before;

        if (!apply_one(db, a, scripts[i], &before, e))
            return false;
        result->known += before;
        result->applied += !before;
    }
    return apply_whole(db, a, e);
}

bool
migrate(struct db *db, struct arena *a, struct migrate_result *result, struct err *e)
{
    db_wait_set(db, 0);
    if (db_query(db, a, &sql_db_no_deadline, NULL, e) && migrate_all(db, a, result, e))
        return true;
    db_rollback(db);
    return false;
}
