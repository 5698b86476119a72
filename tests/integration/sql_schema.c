/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The schema against what the programs expect of it: every embedded query prepares, sql/fields.h is
 * what the catalogue has, everything carries a comment, migrations refuse a changed file.
 */
#include "sql/fields.h"
#include "sql/cluster.h"
#include "sql/db_internal.h"
#include "sql/migrate.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <string.h>

#define DATABASE "test_schema"

Suite *sql_schema_suite(void);

static void
fresh(void)
{
    test_database(DATABASE);
}

/* ---- queries -----------------------------------------------------------------------------------
 */

START_TEST(every_embedded_query_prepares)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    struct err e = {0};

    ck_assert_uint_gt(sql_query_count, 20);
    for (unsigned i = 0; i < sql_query_count; i++)
        ck_assert_msg(db_prepare(db, sql_queries[i], &e), "%s", e.text);
    arena_free(a);
}
END_TEST

START_TEST(the_number_of_parameters_is_what_the_server_counts)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    struct err e = {0};

    for (unsigned i = 0; i < sql_query_count; i++) {
        const struct sql_query *const q = sql_queries[i];

        ck_assert_msg(db_prepare(db, q, &e), "%s", e.text);

        PGresult *const described = PQdescribePrepared(db->conn, q->name);

        ck_assert_int_eq(PQresultStatus(described), PGRES_COMMAND_OK);
        ck_assert_msg(PQnparams(described) == q->parameters, "%s: %d, the server says %d", q->name,
                      q->parameters, PQnparams(described));
        PQclear(described);
    }
    arena_free(a);
}
END_TEST

/* ---- fields ------------------------------------------------------------------------------------
 */

struct expected {
    const char *name, *type;
};

#define TYPE_CODE                            "text"
#define TYPE_TEXT                            "text"
#define TYPE_CODES                           "text[]"
#define TYPE_INT                             "integer"
#define TYPE_BOOL                            "boolean"
#define TYPE_TIME                            "timestamp with time zone"
#define EXPECT(table, name, json, type, ...) {#name, TYPE_##type},

static const struct expected stop[] = {STOP_FIELDS(EXPECT) STOP_DERIVED(EXPECT)};
static const struct expected person[] = {PERSON_FIELDS(EXPECT) PERSON_DERIVED(EXPECT)};
static const struct expected action[] = {ACTION_FIELDS(EXPECT)};
static const struct expected find[] = {FIND_FIELDS(EXPECT)};
static const struct expected result[] = {RESULT_FIELDS(EXPECT)};
static const struct expected free_text[] = {TEXT_FIELDS(EXPECT)};
static const struct expected person_group[] = {GROUP_FIELDS(EXPECT) GROUP_DERIVED(EXPECT)};
static const struct expected person_trait[] = {TRAIT_FIELDS(EXPECT)};
static const struct expected officer[] = {OFFICER_FIELDS(EXPECT)};

#define TABLE(schema, name, envelope)                                                              \
    {                                                                                              \
        schema "." #name, envelope, name, sizeof name / sizeof name[0]                             \
    }

static const struct {
    const char *table, *envelope;
    const struct expected *fields;
    size_t count;
} tables[] = {
    TABLE("registration", stop, "stop_id,ledger_from,leaf_no,salt"),
    TABLE("registration", person, "stop_id,ledger_from,leaf_no,started_at,person_seq"),
    TABLE("registration", action, "stop_id,ledger_from,leaf_no,started_at,person_seq,ord"),
    TABLE("registration", find, "stop_id,ledger_from,leaf_no,started_at,person_seq,ord"),
    TABLE("registration", result, "stop_id,ledger_from,leaf_no,started_at,person_seq,ord"),
    TABLE("registration", free_text, "stop_id,ledger_from,leaf_no,salt,started_at,person_seq"),
    TABLE("sensitive", person_group, "stop_id,ledger_from,leaf_no,salt,started_at,person_seq"),
    TABLE("sensitive", person_trait, "stop_id,ledger_from,leaf_no,salt,started_at,person_seq"),
    TABLE("sensitive", officer, "stop_id,ledger_from,leaf_no,salt,started_at"),
};

START_TEST(the_catalogue_has_the_fields_in_their_order)
{
    struct arena *const a = arena_new();
    const size_t t = (size_t)_i;
    struct strbuf *const ours = strbuf_new(a, 65536);

    strbuf_add_text(ours, tables[t].envelope);
    for (size_t i = 0; i < tables[t].count; i++)
        strbuf_printf(ours, ",%s %s", tables[t].fields[i].name, tables[t].fields[i].type);

    size_t envelope = 1;

    for (const char *c = tables[t].envelope; *c; c++)
        envelope += *c == ',';

    /* Names alone for the envelope, names and types for the fields. */
    const char *const theirs = test_sql_text(
        a, DATABASE,
        arena_printf(
            a,
            "SELECT string_agg(attname || CASE WHEN attnum <= %zu THEN '' ELSE ' ' || "
            "format_type(atttypid, NULL) END, ',' ORDER BY attnum) FROM pg_attribute WHERE "
            "attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped",
            envelope, tables[t].table));

    ck_assert_str_eq(theirs, ours->data);
    arena_free(a);
}
END_TEST

START_TEST(the_bytes_of_a_leaf_are_all_columns_but_three)
{
    struct arena *const a = arena_new();
    /* The function's text names each hashed column once, in the table's order. */
    const char *const missing = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(t || ': ' || columns, '; ') FROM (SELECT a.attrelid::regclass AS t, "
        "string_agg(a.attname, ', ' ORDER BY a.attnum) AS columns FROM pg_attribute a WHERE "
        "a.attrelid IN ('registration.stop'::regclass, 'registration.person'::regclass, "
        "'registration.action'::regclass, 'registration.find'::regclass, "
        "'registration.result'::regclass, 'registration.free_text'::regclass, "
        "'sensitive.person_group'::regclass, 'sensitive.person_trait'::regclass, "
        "'sensitive.officer'::regclass) AND a.attnum > 0 AND a.attname NOT IN ('ledger_from', "
        "'leaf_no', 'salt') GROUP BY a.attrelid) x WHERE position('ROW(' || columns || ')' IN "
        "(SELECT regexp_replace(prosrc, '\\s+', ' ', 'g') FROM pg_proc WHERE oid = "
        "'audit.leaf_rows'::regproc)) = 0");

    ck_assert_str_eq(missing, "");
    arena_free(a);
}
END_TEST

START_TEST(everything_has_a_comment)
{
    struct arena *const a = arena_new();
    static const char ours[] = TEST_SCHEMAS;
    const char *const bare = test_sql_text(
        a, DATABASE,
        arena_printf(
            a,
            "SELECT string_agg(what, ', ') FROM ("
            "SELECT nspname::text FROM pg_namespace WHERE nspname IN %s AND obj_description(oid, "
            "'pg_namespace') IS NULL UNION ALL "
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace::regnamespace::text "
            "IN %s AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND "
            "obj_description(c.oid, 'pg_class') IS NULL UNION ALL "
            "SELECT c.oid::regclass || '.' || attname FROM pg_class c JOIN pg_attribute ON "
            "attrelid "
            "= c.oid AND attnum > 0 AND NOT attisdropped WHERE c.relnamespace::regnamespace::text "
            "IN "
            "%s AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND "
            "col_description(c.oid, attnum) IS NULL UNION ALL "
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace::regnamespace::text IN "
            "%s AND obj_description(oid, 'pg_proc') IS NULL) x (what)",
            ours, ours, ours, ours));

    ck_assert_str_eq(bare, "");
    arena_free(a);
}
END_TEST

/* ---- migrations --------------------------------------------------------------------------------
 */

static struct db *
open_unchecked(struct arena *a, const char *database)
{
    const struct db_target target = {test_conninfo(a, database, NULL), NULL, NULL, 0};
    struct err e = {0};
    struct db *const db = db_open_unchecked(a, &target, NULL, &e);

    ck_assert_msg(db != NULL, "%s", e.text);
    return db;
}

START_TEST(migrating_an_empty_database_twice_applies_each_once)
{
    struct arena *const a = arena_new();
    struct migrate_result first, second;
    struct err e = {0};

    test_database_empty("test_migrations");
    ck_assert_msg(migrate(open_unchecked(a, "test_migrations"), a, &first, &e), "%s", e.text);
    ck_assert_msg(migrate(open_unchecked(a, "test_migrations"), a, &second, &e), "%s", e.text);
    ck_assert_uint_ge(first.applied, 1);
    ck_assert_uint_eq(first.known, 0);
    ck_assert_uint_eq(second.applied, 0);
    ck_assert_uint_eq(second.known, first.applied);
    arena_free(a);
}
END_TEST

START_TEST(a_migration_that_changed_since_is_named)
{
    struct arena *const a = arena_new();
    struct migrate_result done;
    struct err e = {0};

    test_sql(DATABASE, "UPDATE audit.migration SET sha256 = sha256('other') "
                       "WHERE name = '0001_ground.sql'");
    ck_assert(!migrate(open_unchecked(a, DATABASE), a, &done, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, "0001_ground.sql"));
    arena_free(a);
}
END_TEST

START_TEST(a_database_of_a_newer_program_is_left_alone)
{
    struct arena *const a = arena_new();
    const struct db_target target = {test_conninfo(a, DATABASE, NULL), NULL, NULL, 0};
    struct migrate_result done;
    struct err e = {0};

    test_sql(DATABASE, "INSERT INTO audit.migration VALUES ('9999_later.sql', sha256('x'))");
    ck_assert(!migrate(open_unchecked(a, DATABASE), a, &done, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "9999_later.sql"));
    ck_assert_ptr_null(db_open(a, &target, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.text, "9999_later.sql"));
    arena_free(a);
}
END_TEST

START_TEST(a_database_without_the_schema_says_how_to_get_it)
{
    struct arena *const a = arena_new();
    struct err e = {0};

    test_database_empty("test_bare");

    const struct db_target target = {test_conninfo(a, "test_bare", NULL), NULL, NULL, 0};

    ck_assert_ptr_null(db_open(a, &target, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.hint, "db migrate"));
    arena_free(a);
}
END_TEST

Suite *
sql_schema_suite(void)
{
    Suite *const s = suite_create("sql_schema");
    TCase *const queries = tcase_create("queries and fields");
    TCase *const migrations = tcase_create("migrations");

    tcase_add_unchecked_fixture(queries, fresh, NULL);
    tcase_add_test(queries, every_embedded_query_prepares);
    tcase_add_test(queries, the_number_of_parameters_is_what_the_server_counts);
    tcase_add_loop_test(queries, the_catalogue_has_the_fields_in_their_order, 0,
                        (int)(sizeof tables / sizeof tables[0]));
    tcase_add_test(queries, the_bytes_of_a_leaf_are_all_columns_but_three);
    tcase_add_test(queries, everything_has_a_comment);
    suite_add_tcase(s, queries);
    tcase_set_timeout(migrations, 60);
    tcase_add_unchecked_fixture(migrations, fresh, NULL);
    tcase_add_test(migrations, migrating_an_empty_database_twice_applies_each_once);
    tcase_add_test(migrations, a_database_without_the_schema_says_how_to_get_it);
    tcase_add_test(migrations, a_migration_that_changed_since_is_named);
    tcase_add_test(migrations, a_database_of_a_newer_program_is_left_alone);
    suite_add_tcase(s, migrations);
    return s;
}
