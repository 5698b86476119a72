/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A real PostgreSQL for the suites: one private cluster a run (in MAATSTAF_TEST_HOME, else in a
 * temporary folder that goes when the run ends), and fresh databases copied from its migrated one.
 * Call test_database from an unchecked fixture: the tests themselves run in processes of their own.
 * Here tests may send SQL text; the programs cannot.
 */
#ifndef MAATSTAF_TESTS_LIB_CLUSTER_H
#define MAATSTAF_TESTS_LIB_CLUSTER_H

#include "common/arena.h"
#include "sql/db.h"

#include <stdint.h>

/* Our schemas, for IN of a query over the catalogue. */
#define TEST_SCHEMAS                                                                               \
    "('reference', 'registration', 'sensitive', 'citizen', 'analysis', 'publication', 'audit', "   \
    "'ingest', 'retention')"

/* Home of the cluster, started; ends the run when there is none to be had. */
const char *test_home(void);

/* Makes the database anew: as after `db init` (full), or empty but for what PostgreSQL has. */
void test_database(const char *name);
void test_database_empty(const char *name);

/* A conninfo that logs in as role (NULL: the superuser). */
const char *test_conninfo(struct arena *a, const char *database, const char *role);

/* As db_open with that conninfo; fails the test when it cannot. */
struct db *test_db(struct arena *a, const char *database, const char *role);

/* Runs SQL as the superuser; fails the test when it fails. */
void test_sql(const char *database, const char *sql);

/* First column of the first row as text ("" for NULL or no row). */
const char *test_sql_text(struct arena *a, const char *database, const char *sql);

/* Runs SQL as role; returns the SQLSTATE, "00000" when it went through. */
const char *test_sql_state(struct arena *a, const char *database, const char *role,
                           const char *sql);

#endif
