/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The verbs of maatstaf-db about the cluster and the schema: init, migrate, start, stop, status,
 * psql. They print; the work is cluster's, setup's and migrate's.
 */
#include "sql/cluster.h"
#include "sql/commands.h"
#include "sql/db_internal.h"
#include "sql/migrate.h"
#include "sql/setup.h"

#include "gen/queries.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct db_target
command_target(const struct program *p, const char *role)
{
    return (struct db_target){p->global->db, p->global->home, role, p->global->db_timeout};
}

/* With --db somebody else runs the server. */
static bool
only_private(const struct program *p, struct err *e)
{
    if (!p->global->db)
        return true;
    err_set(e, ERR_USAGE, "the database of --db is not ours to start or stop");
    return err_hint(e, "Leave --db (MAATSTAF_DB) away for the private cluster");
}

int
command_init(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    const struct db_target target = command_target(p, NULL);
    struct migrate_result migrated;
    struct err e = {0};
    uint64_t rows;

    (void)options, (void)argc, (void)argv;
    if (!setup(a, &target, &migrated, &rows, &e))
        return program_fail(p, &e);
    printf("ready: %u migrations applied, %u were there, %" PRIu64 " reference rows loaded\n",
           migrated.applied, migrated.known, rows);
    return 0;
}

int
command_migrate(const struct program *p, struct arena *a, const void *options, int argc,
                char *const *argv)
{
    const struct db_target target = command_target(p, NULL);
    struct migrate_result migrated;
    struct err e = {0};
    uint64_t rows;

    (void)options, (void)argc, (void)argv;
    if (!setup_schema(a, &target, &migrated, &rows, &e))
        return program_fail(p, &e);
    printf("%u migrations applied, %u were there; functions, views and roles are current; %" PRIu64
           " reference rows loaded\n",
           migrated.applied, migrated.known, rows);
    return 0;
}

int
command_start(const struct program *p, struct arena *a, const void *options, int argc,
              char *const *argv)
{
    struct cluster cluster;
    struct err e = {0};

    (void)options, (void)argc, (void)argv;
    if (!only_private(p, &e) || !cluster_find(a, p->global->home, &cluster, &e) ||
        !cluster_start(a, &cluster, &e))
        return program_fail(p, &e);
    printf("running; socket in %s\n", cluster.socket);
    return 0;
}

int
command_stop(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    struct cluster cluster;
    struct err e = {0};

    (void)options, (void)argc, (void)argv;
    if (!only_private(p, &e) || !cluster_find(a, p->global->home, &cluster, &e) ||
        !cluster_reachable(&cluster, &e))
        return program_fail(p, &e);

    const bool ran = cluster_running(&cluster);

    if (!cluster_stop(a, &cluster, &e))
        return program_fail(p, &e);
    puts(ran ? "stopped" : "it was not running");
    return 0;
}

static bool
print_status(const struct program *p, struct arena *a, const struct cluster *cluster, struct err *e)
{
    const struct db_target target = command_target(p, NULL);
    struct db *const db = db_open_unchecked(a, &target, NULL, e);
    const struct rows *const r = db ? db_query(db, a, &sql_db_status, NULL, e) : NULL;

    if (!r)
        return false;
    printf("running: PostgreSQL %s, schema %s, %s\n", rows_text(r, 0, "server"),
           rows_text(r, 0, "schema"), rows_text(r, 0, "size"));
    printf("%" PRId64 " stops in %" PRId64 " batches, %" PRId64 " ledger entries\n",
           rows_int64(r, 0, "stops"), rows_int64(r, 0, "batches"), rows_int64(r, 0, "entries"));
    if (cluster)
        printf("data in %s (user %s), socket in %s, log in %s/log\n", cluster->data, cluster->owner,
               cluster->socket, cluster->base);
    return true;
}

int
command_status(const struct program *p, struct arena *a, const void *options, int argc,
               char *const *argv)
{
    struct cluster cluster;
    struct err e = {0};

    (void)options, (void)argc, (void)argv;
    if (!p->global->db) {
        if (!cluster_find(a, p->global->home, &cluster, &e) || !cluster_reachable(&cluster, &e))
            return program_fail(p, &e);
        if (!cluster_running(&cluster)) {
            printf("not running: data in %s; start it with: maatstaf db start\n", cluster.data);
            return 1;
        }
    }
    return print_status(p, a, p->global->db ? NULL : &cluster, &e) ? 0 : program_fail(p, &e);
}

static bool
unknown_role(const char *role, struct err *e)
{
    size_t count = 0;

    while (cluster_roles[count])
        count++;

    const char *const near = option_nearest(role, cluster_roles, count);

    err_set(e, ERR_USAGE, "there is no role '%.60s'", role);
    return near ? err_hint(e, "did you mean %s?", near)
                : err_hint(e, "maatstaf db psql -- -c 'select rolname from pg_roles' lists them");
}

static bool
psql_conninfo(const struct program *p, struct arena *a, const char *role, const char **conninfo,
              struct err *e)
{
    struct cluster cluster;

    if (p->global->db) {
        *conninfo = p->global->db;
        return !role || err_set(e, ERR_USAGE,
                                "--as is for the private cluster; with --db name the "
                                "user in it");
    }
    if (role && !cluster_has_role(role))
        return unknown_role(role, e);
    if (!cluster_find(a, p->global->home, &cluster, e) || !cluster_reachable(&cluster, e))
        return false;
    /* No quote can be in any of these. */
    *conninfo = arena_printf(a, "host='%s' port=%s dbname=%s user=%s", cluster.socket, CLUSTER_PORT,
                             CLUSTER_DATABASE, role ? role : CLUSTER_SUPERUSER);
    return true;
}

int
command_psql(const struct program *p, struct arena *a, const void *options, int argc,
             char *const *argv)
{
    const struct psql_options *const o = options;
    char **const call = arena_array(a, (size_t)argc + 3, sizeof(char *));
    const char *conninfo = NULL;
    struct err e = {0};

    if (!psql_conninfo(p, a, o->as, &conninfo, &e))
        return program_fail(p, &e);
    call[0] = arena_strdup(a, "psql");
    call[1] = arena_strdup(a, conninfo);
    for (int i = 0; i < argc; i++)
        call[i + 2] = argv[i];
    fflush(NULL);
    execvp("psql", call);
    err_set(&e, ERR_CONFIG, "start psql: %s", strerror(errno));
    err_hint(&e, "Install it with: apt install postgresql-client-15");
    return program_fail(p, &e);
}
