/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Roles against walls: what a role may do is written down here as a matrix over every table of the
 * catalogue; what it must not do beside tables is tried one by one.
 */
#include "common/str.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <stdio.h>
#include <string.h>

#define DATABASE "test_roles"

Suite *sql_roles_suite(void);

static void
fresh(void)
{
    test_database(DATABASE);
    test_sql(DATABASE, "SELECT ingest.ensure_partitions('2026-01-01Z', '2026-01-02Z')");
}

/*
 * Every (role, table, verb) that is allowed, as patterns; everything else has to be refused. The
 * comparison goes both ways: a grant too many and a grant too few are both differences.
 */
static const char allowed[] =
    "VALUES "
    "('collector', 'reference\\..*', 'SELECT'),"
    "('collector', 'registration\\.(stop|person|action|find|result|free_text)', 'INSERT'),"
    "('collector', 'sensitive\\.(person_group|person_trait|officer)', 'INSERT'),"
    "('collector', 'analysis\\.roll_up_(cell|reason)', 'INSERT'),"
    "('analyst', 'reference\\..*', 'SELECT'),"
    "('analyst', 'analysis\\..*', 'SELECT'),"
    "('mayor_office', 'reference\\.(code|setting|area|group_mode)', 'SELECT'),"
    "('police_liaison', 'reference\\.(code|setting|area)', 'SELECT'),"
    "('auditor', '(reference|analysis|publication|audit|ingest)\\.(?!(stop|action)_v$).*', "
    "'SELECT'),"
    "('auditor', 'registration\\.(batch|batch_message|record_message|superseded)', 'SELECT'),"
    "('loader', 'reference\\..*', 'SELECT'),"
    "('loader', 'reference\\.(code|setting|area|population|bridge|benchmark|control_total|"
    "area_order|area_order_area)', '(INSERT|UPDATE|DELETE)')";

static const char roles[] =
    "('migrator'), ('collector'), ('analyst'), ('mayor_office'), ('police_liaison'), ('auditor'), "
    "('retention'), ('loader'), ('supervisor'), ('releaser'), ('dashboard')";

START_TEST(rights_on_every_table_are_those_of_the_matrix)
{
    struct arena *const a = arena_new();
    static const char query[] =
        "WITH allowed (role, object, verb) AS (%s), roles (role) AS (VALUES %s), checks AS ("
        "SELECT r.role, o.name, v.verb, has_table_privilege(r.role, o.oid, v.verb) AS may, "
        "EXISTS (SELECT FROM allowed w WHERE w.role = r.role AND o.name ~ ('^' || w.object || '$') "
        "AND v.verb ~ ('^' || w.verb || '$')) AS should FROM roles r, "
        "(SELECT c.oid, c.relnamespace::regnamespace || '.' || c.relname AS name FROM pg_class c "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm') AND "
        "c.relnamespace::regnamespace::text IN " TEST_SCHEMAS ") o, "
        "(VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), "
        "('TRIGGER')) v (verb))"
        "SELECT %s FROM checks";
    const char *const count =
        test_sql_text(a, DATABASE, arena_printf(a, query, allowed, roles, "count(*)"));
    const char *const deviations = test_sql_text(
        a, DATABASE,
        arena_printf(a, query, allowed, roles,
                     "string_agg(role || ' ' || verb || ' ' || name || CASE WHEN may THEN ' is "
                     "allowed' ELSE ' is refused' END, ', ') FILTER (WHERE may <> should)"));

    printf("checks %s, deviations %s\n", count, deviations[0] ? deviations : "0");
    ck_assert_str_eq(deviations, "");
    ck_assert_int_gt((int)strlen(count), 3); /* thousands */
    arena_free(a);
}
END_TEST

START_TEST(no_role_may_execute_what_it_was_not_granted)
{
    struct arena *const a = arena_new();
    const char *const open = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p WHERE "
        "p.pronamespace::regnamespace::text IN " TEST_SCHEMAS " AND "
        "has_function_privilege('releaser', p.oid, 'EXECUTE') AND p.proname <> 'schema_version'");
    /* Acts on stored registrations: each is one role's alone. */
    const char *const acts = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(p.proname || ' ' || r.rolname, ', ' ORDER BY p.proname, r.rolname) FROM "
        "pg_proc p CROSS JOIN pg_roles r WHERE (p.pronamespace = 'registration'::regnamespace OR "
        "p.proname IN ('review_draw', 'close_month', 'open_contest', 'agreed')) AND NOT r.rolsuper "
        "AND r.rolname NOT LIKE 'pg\\_%' AND r.rolname <> 'app_owner' AND "
        "has_function_privilege(r.rolname, p.oid, 'EXECUTE')");
    const char *const appenders = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(rolname, ', ') FROM pg_roles WHERE NOT rolsuper AND rolname NOT LIKE "
        "'pg\\_%' AND rolname <> 'app_owner' AND has_function_privilege(rolname, "
        "'audit.append_entry(text, bigint, text, bigint, bytea)', 'EXECUTE')");

    ck_assert_str_eq(open, "");
    ck_assert_str_eq(acts, "agree_withdrawal supervisor, answer_contest supervisor, "
                           "appoint_reviewer loader, close_month collector, contest_list "
                           "supervisor, open_contest collector, overdue_list supervisor, "
                           "review_confirm supervisor, review_draw collector, review_list "
                           "supervisor, review_return supervisor, review_show supervisor, "
                           "unlock_group supervisor");
    ck_assert_str_eq(appenders, "");
    arena_free(a);
}
END_TEST

START_TEST(definer_functions_pin_their_path_with_pg_temp_last)
{
    struct arena *const a = arena_new();
    const char *const loose = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc WHERE prosecdef AND "
        "NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search\\_path=%, pg\\_temp')");
    const char *const owners = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(oid::regprocedure::text, ', ') FROM pg_proc WHERE prosecdef AND "
        "proowner <> 'app_owner'::regrole");

    ck_assert_str_eq(loose, "");
    ck_assert_str_eq(owners, "");
    arena_free(a);
}
END_TEST

START_TEST(roles_have_no_powers_of_their_own)
{
    struct arena *const a = arena_new();
    const char *const strong = test_sql_text(
        a, DATABASE,
        "SELECT string_agg(rolname, ', ') FROM pg_roles WHERE rolname NOT LIKE 'pg\\_%' AND "
        "rolname <> 'maatstaf' AND (rolsuper OR rolcreatedb OR rolcreaterole OR "
        "rolreplication OR rolbypassrls OR (rolname = 'app_owner' AND rolcanlogin))");
    const char *const members =
        test_sql_text(a, DATABASE,
                      "SELECT string_agg(roleid::regrole || '<' || member::regrole, ' ' ORDER BY "
                      "1) FROM (SELECT * "
                      "FROM pg_auth_members WHERE roleid::regrole::text NOT LIKE 'pg\\_%' ORDER BY "
                      "roleid::regrole::text) m");

    ck_assert_str_eq(strong, "");
    ck_assert_str_eq(members, "analyst<dashboard auditor<dashboard mayor_office<dashboard "
                              "police_liaison<dashboard");
    arena_free(a);
}
END_TEST

/* Beside grants on tables: each has to end with the SQLSTATE, whoever tries. */
static const struct {
    const char *role, *sql, *state;
} refused[] = {
    {"collector", "SELECT count(*) FROM registration.stop", "42501"},
    {"collector", "SELECT count(*) FROM registration.stop_2026_01", "42501"},
    {"collector", "INSERT INTO registration.stop_2026_01 DEFAULT VALUES", "42501"},
    {"collector", "COPY registration.stop TO STDOUT", "42501"},
    {"collector", "SELECT * FROM audit.ledger", "42501"},
    {"collector", "SELECT * FROM analysis.roll_up_cell", "42501"},
    {"collector", "SELECT analysis.merge_roll_ups('x', 0)", "42501"},
    {"analyst", "SELECT analysis.take_off_replaced(1, '{1}', true)", "42501"},
    {"analyst", "SELECT analysis.batches_until(1)", "42501"},
    {"collector", "SELECT * FROM analysis.count_both('UTC', 1, 24300, 24311, '{}', '{}', true)",
     "42501"},
    {"auditor", "SELECT * FROM analysis.count_like('UTC', 1, 24300, 24311, '{}', '{}', true)",
     "42501"},
    {"collector", "SELECT audit.append_entry('x', NULL, '{}', 0, NULL)", "42501"},
    {"collector", "SELECT * FROM audit.leaf_rows('x')", "42501"},
    {"collector", "SELECT nextval('registration.batch_id_seq')", "42501"},
    {"collector", "CREATE TEMP TABLE t (x int)", "42501"},
    {"collector", "CREATE TABLE public.t (x int)", "42501"},
    {"collector", "CREATE TABLE ingest.t (x int)", "42501"},
    {"collector", "SELECT lo_create(0)", "42501"},
    {"collector", "SELECT lo_from_bytea(0, 'x')", "42501"},
    {"collector", "SET ROLE app_owner", "42501"},
    {"collector", "SET SESSION AUTHORIZATION maatstaf", "42501"},
    {"collector", "SET session_replication_role = replica", "42501"},
    {"collector", "COPY reference.code TO PROGRAM 'cat'", "42501"},
    {"collector", "COPY reference.code TO '/tmp/maatstaf-roles-test'", "42501"},
    {"collector", "SELECT pg_read_file('/etc/passwd')", "42501"},
    {"collector", "CREATE EXTENSION dblink SCHEMA ingest", "42501"},
    {"collector", "ALTER ROLE collector CREATEROLE", "42501"},
    {"collector", "ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT SELECT ON TABLES TO collector",
     "42501"},
    {"collector", "SELECT ingest.add_identity('a', 'b', NULL, 'c', NULL)", "42501"},
    {"collector", "SELECT ingest.revoke_identity(1)", "42501"},
    {"collector", "SELECT * FROM ingest.identity", "42501"},
    {"collector", "SELECT * FROM analysis.aggregate_cell", "42501"},
    {"loader", "SELECT * FROM ingest.live_identities()", "42501"},
    {"analyst", "SELECT count(*) FROM registration.person", "42501"},
    {"analyst", "SELECT count(*) FROM registration.free_text", "42501"},
    {"analyst", "SELECT count(*) FROM sensitive.person_group", "42501"},
    {"analyst", "SELECT count(*) FROM registration.quarantine", "42501"},
    {"analyst", "DELETE FROM analysis.run", "42501"},
    {"analyst", "CREATE TEMP TABLE t (x int)", "42501"},
    {"analyst", "SELECT lo_create(0)", "42501"},
    {"auditor", "CREATE TEMP TABLE t (x int)", "42501"},
    {"auditor", "SELECT lo_create(0)", "42501"},
    {"auditor", "SELECT nextval('registration.batch_id_seq')", "42501"},
    {"auditor", "SELECT setval('registration.batch_id_seq', 1)", "42501"},
    {"auditor", "INSERT INTO audit.access_log (role, action, subject, why) VALUES ('', '', '', '')",
     "42501"},
    {"auditor", "UPDATE audit.ledger SET subject = ''", "42501"},
    {"auditor", "BEGIN; LOCK TABLE registration.batch IN ACCESS EXCLUSIVE MODE", "42501"},
    {"auditor", "SELECT count(*) FROM sensitive.person_group", "42501"},
    {"auditor", "SELECT count(*) FROM analysis.stop_v", "42501"},
    {"auditor", "SELECT count(*) FROM analysis.action_v", "42501"},
    {"auditor", "SELECT ingest.open_batch('a', 'b', 'c')", "42501"},
    {"auditor", "SELECT reference.record_load('a', 'b', 'c', 1)", "42501"},
    {"mayor_office", "SELECT count(*) FROM analysis.figure", "42501"},
    {"police_liaison", "SELECT count(*) FROM audit.ledger", "42501"},
    {"loader", "INSERT INTO reference.group_mode DEFAULT VALUES", "42501"},
    {"loader", "SELECT reference.decide_group_mode('a', 'b', '{self}', '2026-01-01', '2026-01-02')",
     "42501"},
    {"loader", "DELETE FROM reference.load", "42501"},
    {"retention", "SELECT count(*) FROM reference.code", "42501"},
    {"supervisor", "SELECT count(*) FROM registration.stop", "42501"},
    {"supervisor", "SELECT count(*) FROM registration.stop_life", "42501"},
    {"supervisor", "SELECT count(*) FROM registration.review_act", "42501"},
    {"supervisor", "SELECT count(*) FROM audit.stop_state", "42501"},
    {"supervisor", "SELECT registration.stop_content(gen_random_uuid(), 1)", "42501"},
    {"supervisor", "SELECT registration.act(NULL::registration.review_act)", "42501"},
    {"supervisor", "SELECT * FROM ingest.review_draw('2026-01', NULL, 'x', 'me')", "42501"},
    {"supervisor",
     "SELECT registration.appoint_reviewer('x1', 'me', 'U', '2000-01-01', "
     "'2100-01-01', NULL)",
     "42501"},
    {"collector", "SELECT * FROM registration.review_list('me', 'U', true)", "42501"},
    {"collector", "SELECT registration.agree_withdrawal(gen_random_uuid(), 'me', 'because')",
     "42501"},
    {"collector", "SELECT count(*) FROM registration.review_drawn", "42501"},
    {"loader", "SELECT * FROM registration.review_list('me', 'U', true)", "42501"},
    {"auditor", "SELECT * FROM registration.review_show(1, 'me', 'x')", "42501"},
    {"auditor", "SELECT count(*) FROM registration.review_act", "42501"},
    /* Guards, also against the owner of everything. */
    {NULL, "UPDATE audit.ledger SET subject = ''", "42501"},
    {NULL, "DELETE FROM audit.ledger", "42501"},
    {NULL, "TRUNCATE audit.ledger CASCADE", "42501"},
    {NULL, "TRUNCATE registration.stop", "42501"},
    {NULL, "TRUNCATE registration.stop_2026_01", "42501"},
    {NULL, "SET session_replication_role = replica; TRUNCATE registration.person_2026_01", "42501"},
    {NULL, "DELETE FROM audit.access_log", "42501"},
};

START_TEST(what_is_not_allowed_is_refused)
{
    struct arena *const a = arena_new();
    const char *const state = test_sql_state(a, DATABASE, refused[_i].role, refused[_i].sql);

    ck_assert_msg(strcmp(state, refused[_i].state) == 0, "%s as %s: SQLSTATE %s", refused[_i].sql,
                  refused[_i].role ? refused[_i].role : "owner", state);
    arena_free(a);
}
END_TEST

/* The other half: the roles can do their work, so that the walls are not simply everywhere. */
static const struct {
    const char *role, *sql;
} fine[] = {
    {"collector", "BEGIN; SELECT ingest.open_batch('p', 's', 'f'); "
                  "SELECT ingest.ensure_partitions('2026-02-01Z', '2026-02-02Z'); ROLLBACK"},
    {"collector", "SELECT count(*) FROM reference.code"},
    {"analyst", "SELECT count(*) FROM analysis.stop_v"},
    {"auditor", "SELECT count(*) FROM audit.leaf_rows('test')"},
    {"auditor", "SELECT * FROM audit.differences()"},
    {"auditor", "SELECT * FROM audit.stops('2026-01-01Z', '2026-02-01Z', 'test')"},
    {"auditor", "SELECT * FROM audit.persons('2026-01-01Z', '2026-02-01Z', 'test')"},
    {"auditor", "SELECT * FROM audit.groups('2026-01-01Z', '2026-02-01Z', 'test')"},
    {"auditor", "SELECT * FROM audit.actions('2026-01-01Z', '2026-02-01Z', 'test')"},
    {"auditor", "SELECT * FROM audit.grants"},
    {"auditor", "SELECT * FROM audit.batches"},
    {"auditor", "SELECT * FROM audit.versions"},
    {"auditor", "SELECT * FROM audit.quarantine_counts"},
    {"auditor", "SELECT * FROM audit.entries"},
    {"auditor", "SELECT * FROM audit.stop_state"},
    {"auditor", "SELECT * FROM audit.review_rates"},
    {"auditor", "SELECT * FROM audit.deficiencies"},
    {"auditor", "SELECT * FROM audit.review_seeds"},
    {"auditor", "SELECT * FROM audit.review_draws"},
    {"auditor", "SELECT * FROM audit.month_closes"},
    {"auditor", "SELECT * FROM audit.amendments"},
    {"auditor", "SELECT * FROM audit.withdrawals"},
    {"auditor", "SELECT * FROM audit.group_unlocks"},
    {"auditor", "SELECT * FROM audit.contests"},
    {"auditor", "SELECT * FROM audit.overdue"},
    {"auditor", "SELECT * FROM audit.acts('-infinity', 'infinity', 'test')"},
    {"auditor", "SELECT * FROM audit.stop_versions(gen_random_uuid(), 'test')"},
    {"loader", "BEGIN; DELETE FROM reference.population; ROLLBACK"},
    {"loader", "BEGIN; SELECT ingest.revoke_identity(ingest.add_identity('a', 'b', NULL, 'c', "
               "NULL)); ROLLBACK"},
    {"mayor_office", "BEGIN; SELECT reference.decide_group_mode('a', 'b', '{self}', '2026-01-01', "
                     "'2026-01-02'); ROLLBACK"},
    {"dashboard", "BEGIN; SET LOCAL ROLE auditor; SELECT count(*) FROM audit.ledger; ROLLBACK"},
};

START_TEST(what_is_allowed_works)
{
    struct arena *const a = arena_new();
    const char *const state = test_sql_state(a, DATABASE, fine[_i].role, fine[_i].sql);

    ck_assert_msg(strcmp(state, "00000") == 0, "%s as %s: SQLSTATE %s", fine[_i].sql, fine[_i].role,
                  state);
    arena_free(a);
}
END_TEST

START_TEST(a_look_of_the_auditor_is_logged)
{
    struct arena *const a = arena_new();
    const char *const count = "SELECT count(*) FROM audit.access_log WHERE role = 'auditor' AND "
                              "action = 'stops' AND why = 'sample of March'";

    ck_assert_str_eq(test_sql_text(a, DATABASE, count), "0");
    ck_assert_str_eq(test_sql_state(a, DATABASE, "auditor",
                                    "SELECT * FROM audit.stops('2026-03-01Z', '2026-04-01Z', "
                                    "'sample of March')"),
                     "00000");
    ck_assert_str_eq(test_sql_text(a, DATABASE, count), "1");
    arena_free(a);
}
END_TEST

Suite *
sql_roles_suite(void)
{
    Suite *const s = suite_create("sql_roles");
    TCase *const c = tcase_create("roles");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_test(c, rights_on_every_table_are_those_of_the_matrix);
    tcase_add_test(c, no_role_may_execute_what_it_was_not_granted);
    tcase_add_test(c, definer_functions_pin_their_path_with_pg_temp_last);
    tcase_add_test(c, roles_have_no_powers_of_their_own);
    tcase_add_loop_test(c, what_is_not_allowed_is_refused, 0,
                        (int)(sizeof refused / sizeof refused[0]));
    tcase_add_loop_test(c, what_is_allowed_works, 0, (int)(sizeof fine / sizeof fine[0]));
    tcase_add_test(c, a_look_of_the_auditor_is_logged);
    suite_add_tcase(s, c);
    return s;
}
