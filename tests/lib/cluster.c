/* SPDX-License-Identifier: EUPL-1.2 */
/* The run's cluster is set up once and its migrated database is the template of all others. */
#define _DEFAULT_SOURCE /* mkdtemp is XSI */
#include "tests/lib/cluster.h"

#include "sql/cluster.h"
#include "sql/db_internal.h"
#include "sql/setup.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char made_home[64];
static pid_t made_by;

static _Noreturn void
give_up(const char *what, const char *why)
{
    fprintf(stderr, "test cluster: %s: %s\n", what, why);
    abort();
}

/* The processes of single tests end too: only the one that made the home takes it away. */
static void
remove_home(void)
{
    struct arena *const a = arena_new();
    struct cluster cluster;
    struct err e = {0};

    if (getpid() == made_by && cluster_find(a, made_home, &cluster, &e)) {
        cluster_stop(a, &cluster, &e);
        fflush(NULL);
        if (fork() == 0) {
            execl("/bin/rm", "rm", "-rf", "--", made_home, (char *)NULL);
            _exit(127);
        }
        wait(NULL);
    }
    arena_free(a);
}

static const char *
make_home(void)
{
    snprintf(made_home, sizeof made_home, "/tmp/maatstaf-test.XXXXXX");
    /* Open to the system user that PostgreSQL runs as. */
    if (!mkdtemp(made_home) || chmod(made_home, 0755) != 0)
        give_up("temporary folder", made_home);
    made_by = getpid();
    setenv("MAATSTAF_TEST_HOME", made_home, 1);
    atexit(remove_home);
    return made_home;
}

static PGresult *run(struct arena *a, const char *database, const char *role, const char *sql);

const char *
test_home(void)
{
    static bool ready;
    const char *const given = getenv("MAATSTAF_TEST_HOME");
    const char *const home = given && given[0] ? given : make_home();
    struct migrate_result migrated;
    struct err e = {0};
    uint64_t rows;

    if (!ready) {
        struct arena *const a = arena_new();
        const struct db_target target = {NULL, home, NULL, 0};

        if (!setup(a, &target, &migrated, &rows, &e))
            give_up(e.text, e.hint);
        ready = true;
        /* Databases are made and dropped by the dozen; nothing here has to outlive a power cut. */
        PQclear(run(a, "postgres", NULL, "ALTER SYSTEM SET fsync = off"));
        PQclear(run(a, "postgres", NULL, "SELECT pg_reload_conf()"));
        arena_free(a);
    }
    return home;
}

const char *
test_conninfo(struct arena *a, const char *database, const char *role)
{
    struct cluster cluster;
    struct err e = {0};

    if (!cluster_find(a, test_home(), &cluster, &e))
        give_up(e.text, e.hint);
    return arena_printf(a, "host='%s' port=%s dbname=%s user=%s", cluster.socket, CLUSTER_PORT,
                        database, role ? role : CLUSTER_SUPERUSER);
}

/* One statement or script as text; the arena owns the connection's result only. */
static PGresult *
run(struct arena *a, const char *database, const char *role, const char *sql)
{
    PGconn *const conn = PQconnectdb(test_conninfo(a, database, role));
    PGresult *result;

    if (PQstatus(conn) != CONNECTION_OK)
        give_up("connect", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET client_min_messages = warning; SET timezone = 'UTC'"));
    result = PQexec(conn, sql);
    PQfinish(conn);
    return result;
}

static bool
worked(const PGresult *result)
{
    return PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
}

static void
create(const char *name, const char *template)
{
    struct arena *const a = arena_new();
    const struct timespec pause = {0, 100000000};
    bool made = false;

    test_home();
    PQclear(
        run(a, "postgres", NULL, arena_printf(a, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name)));
    /* A template with a session on it cannot be copied: somebody else's ends soon. */
    for (int i = 0; i < 100 && !made; i++) {
        PGresult *const result = run(
            a, "postgres", NULL, arena_printf(a, "CREATE DATABASE %s TEMPLATE %s", name, template));

        made = worked(result);
        if (!made && i == 99)
            give_up("create database", PQresultErrorMessage(result));
        PQclear(result);
        if (!made)
            nanosleep(&pause, NULL);
    }
    arena_free(a);
}

void
test_database(const char *name)
{
    create(name, CLUSTER_DATABASE);
    /* Rights on the database itself do not come with its template. */
    test_sql(name, sql_script_find("sql/roles.sql")->text);
}

void
test_database_empty(const char *name)
{
    create(name, "template0");
}

struct db *
test_db(struct arena *a, const char *database, const char *role)
{
    const struct db_target target = {test_conninfo(a, database, role), NULL, NULL, 0};
    struct err e = {0};
    struct db *const db = db_open(a, &target, &e);

    ck_assert_msg(db != NULL, "open %s as %s: %s", database, role ? role : "owner", e.text);
    return db;
}

void
test_sql(const char *database, const char *sql)
{
    struct arena *const a = arena_new();
    PGresult *const result = run(a, database, NULL, sql);

    if (!worked(result))
        ck_abort_msg("%.200s: %s", sql, PQresultErrorMessage(result));
    PQclear(result);
    arena_free(a);
}

const char *
test_sql_text(struct arena *a, const char *database, const char *sql)
{
    PGresult *const result = run(a, database, NULL, sql);
    const char *text = "";

    if (!worked(result))
        ck_abort_msg("%.200s: %s", sql, PQresultErrorMessage(result));
    if (PQntuples(result) > 0)
        text = arena_strdup(a, PQgetvalue(result, 0, 0));
    PQclear(result);
    return text;
}

const char *
test_sql_state(struct arena *a, const char *database, const char *role, const char *sql)
{
    PGresult *const result = run(a, database, role, sql);
    const char *const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *const copy = arena_strdup(a, worked(result) ? "00000" : state ? state : "?????");

    PQclear(result);
    return copy;
}
