/* SPDX-License-Identifier: EUPL-1.2 */
/* The door to PostgreSQL: values, errors, transactions, COPY and streams against a real server. */
#include "common/clock.h"
#include "sql/cluster.h"
#include "sql/db_internal.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define DATABASE "test_db"

Suite *sql_db_suite(void);

static const struct sql_query echo = {
    "test/echo",
    "SELECT $1::text AS t, $2::bigint AS n, $3::double precision AS r, $4::boolean AS b, "
    "$5::bytea AS y",
    5};
static const struct sql_query insert = {"test/insert", "INSERT INTO public.t VALUES ($1, $2)", 2};
static const struct sql_query copy = {"test/copy", "COPY public.t FROM STDIN", 0};
static const struct sql_query many = {"test/many",
                                      "SELECT g AS n FROM generate_series(1, $1::int) g", 1};
static const struct sql_query cast = {"test/cast", "SELECT $1::integer AS n", 1};
static const struct sql_query kill = {"test/kill", "SELECT pg_terminate_backend(pg_backend_pid())",
                                      0};

static void
fresh(void)
{
    test_database(DATABASE);
    test_sql(DATABASE,
             "CREATE TABLE public.t (id int PRIMARY KEY, name text CHECK (name <> 'no'))");
}

START_TEST(values_come_back_as_they_went)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    const char *const full[] = {"h\xC3\xA9 '; DROP TABLE t; --", "-9223372036854775808",
                                "0.30000000000000004", "t", "\\x00ff"};
    const char *const none[] = {NULL, NULL, NULL, NULL, NULL};
    struct err e = {0};
    struct span bytes;
    const struct rows *r = db_query(db, a, &echo, full, &e);

    ck_assert_msg(r != NULL, "%s", e.text);
    ck_assert_int_eq(rows_count(r), 1);
    ck_assert_str_eq(rows_text(r, 0, "t"), full[0]);
    ck_assert(rows_int64(r, 0, "n") == INT64_MIN);
    ck_assert(rows_real(r, 0, "r") == 0.1 + 0.2);
    ck_assert(rows_bool(r, 0, "b"));
    ck_assert(rows_bytes(r, 0, "y", a, &bytes));
    ck_assert_uint_eq(bytes.length, 2);
    ck_assert_mem_eq(bytes.data, "\x00\xff", 2);

    r = db_query(db, a, &echo, none, &e);
    ck_assert_msg(r != NULL, "%s", e.text);
    ck_assert(rows_is_null(r, 0, "t") && !rows_text(r, 0, "t"));
    ck_assert(rows_int64(r, 0, "n") == 0);
    ck_assert(isnan(rows_real(r, 0, "r")));
    ck_assert(!rows_bool(r, 0, "b"));
    ck_assert(!rows_bytes(r, 0, "y", a, &bytes));
    arena_free(a);
}
END_TEST

START_TEST(binary_parameters_tell_empty_from_null)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    const struct sql_binary args[] = {{"", 0},
                                      {"\x00\x00\x00\x00\x00\x00\x01\x02", 8},
                                      {NULL, 0},
                                      {"\x01", 1},
                                      {"\x00\x01\x02", 3}};
    struct err e = {0};
    struct span bytes;
    const struct rows *const r = db_query_binary(db, a, &echo, args, &e);

    ck_assert_msg(r != NULL, "%s", e.text);
    ck_assert_str_eq(rows_text(r, 0, "t"), "");
    ck_assert(rows_int64(r, 0, "n") == 258);
    ck_assert(rows_is_null(r, 0, "r"));
    ck_assert(rows_bool(r, 0, "b"));
    ck_assert(rows_bytes(r, 0, "y", a, &bytes));
    ck_assert_uint_eq(bytes.length, 3);
    arena_free(a);
}
END_TEST

static const struct {
    const char *state;
    enum err_code code;
    const char *function;
} states[] = {
    {"23505", ERR_CONFLICT, NULL},      {"23514", ERR_INPUT, NULL},
    {"22P02", ERR_INPUT, NULL},         {"40001", ERR_RETRY, NULL},
    {"40P01", ERR_RETRY, NULL},         {"57P01", ERR_RETRY, NULL},
    {"53100", ERR_RETRY, NULL},         {"53300", ERR_RETRY, NULL},
    {"08006", ERR_RETRY, NULL},         {"42501", ERR_CONFIG, NULL},
    {"42P01", ERR_CONFIG, NULL},        {"3D000", ERR_CONFIG, NULL},
    {"28000", ERR_CONFIG, NULL},        {"55P03", ERR_RETRY, NULL},
    {"55000", ERR_CONFLICT, NULL},      {"25006", ERR_RETRY, NULL},
    {"42601", ERR_INTERNAL, NULL},      {"XX000", ERR_INTERNAL, NULL},
    {"25P02", ERR_INTERNAL, NULL},      {"58P01", ERR_RETRY, NULL},
    {"57P03", ERR_RETRY, NULL},         {"XX000", ERR_RETRY, "internal_load_library"},
    {"XX000", ERR_INTERNAL, "another"},
};

START_TEST(a_sqlstate_says_what_the_caller_may_do)
{
    const char *hint;
    const enum err_code code = sqlstate_code(states[_i].state, states[_i].function, &hint);

    ck_assert_msg(code == states[_i].code, "%s gives %s", states[_i].state, err_code_name(code));
}
END_TEST

/* Values that stand for personal data: they must not come back in any error. */
START_TEST(errors_do_not_repeat_values)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    const char *const canary[] = {"314159265", "canary-name"};
    const char *const forbidden[] = {"314159266", "no"};
    const char *const word[] = {"canary-name"};
    struct err e = {0};

    ck_assert(db_query(db, a, &insert, canary, &e) != NULL);
    ck_assert(db_query(db, a, &insert, canary, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_CONFLICT);
    ck_assert_ptr_null(strstr(e.text, "314159265"));
    ck_assert_ptr_null(strstr(e.text, "canary"));
    ck_assert(db_query(db, a, &insert, forbidden, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_ptr_null(strstr(e.text, "314159266"));
    ck_assert(db_query(db, a, &cast, word, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_ptr_null(strstr(e.text, "canary"));
    ck_assert_ptr_nonnull(strstr(e.text, "test/cast"));
    test_sql(DATABASE, "DELETE FROM public.t");
    arena_free(a);
}
END_TEST

START_TEST(the_servers_log_does_not_repeat_values)
{
    struct arena *const a = arena_new();
    struct cluster cluster;
    struct err e = {0};
    const char *const dup = "INSERT INTO public.t VALUES (271828182, 'canary-in-log')";

    test_sql(DATABASE, dup);
    ck_assert_str_eq(test_sql_state(a, DATABASE, NULL, dup), "23505");
    ck_assert(cluster_find(a, test_home(), &cluster, &e));
    ck_assert_str_eq(
        test_sql_text(
            a, DATABASE,
            "SELECT (count(*) FILTER (WHERE line LIKE '%duplicate key%') > 0) || ' ' || "
            "count(*) FILTER (WHERE line LIKE '%canary-in-log%' OR line LIKE "
            "'%271828182%') FROM regexp_split_to_table(pg_read_file(pg_current_logfile()), "
            "'\\n') line"),
        "true 0");
    test_sql(DATABASE, "DELETE FROM public.t");
    arena_free(a);
}
END_TEST

START_TEST(a_failed_transaction_does_not_commit)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    const char *const row[] = {"1", "a"};
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert(db_query(db, a, &insert, row, &e) != NULL);
    ck_assert(db_query(db, a, &insert, row, &e) == NULL);
    ck_assert(!db_commit(db, &e));
    ck_assert_str_eq(test_sql_text(a, DATABASE, "SELECT count(*) FROM public.t"), "0");
    ck_assert(db_begin(db, &e));
    ck_assert(db_query(db, a, &insert, row, &e) != NULL);
    db_rollback(db);
    ck_assert_str_eq(test_sql_text(a, DATABASE, "SELECT count(*) FROM public.t"), "0");
    arena_free(a);
}
END_TEST

START_TEST(a_lost_connection_is_to_be_tried_again)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert(db_query(db, a, &kill, NULL, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert(!db_commit(db, &e));
    ck_assert_int_eq(e.code, ERR_RETRY);
    db_rollback(db);
    ck_assert(db_query(db, a, &many, (const char *const[]){"1"}, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_RETRY);
    arena_free(a);
}
END_TEST

START_TEST(a_query_that_takes_too_long_is_to_be_tried_again)
{
    static const struct sql_query nap = {"test/sleep", "SELECT pg_sleep($1::float8)", 1};
    struct arena *const a = arena_new();
    const struct db_target target = {test_conninfo(a, DATABASE, "analyst"), NULL, NULL, 1};
    struct err e = {0};
    struct db *const db = db_open(a, &target, &e);
    const double started = clock_seconds();

    ck_assert_msg(db != NULL, "%s", e.text);
    ck_assert(db_query(db, a, &nap, (const char *const[]){"0.2"}, &e) != NULL);
    ck_assert(db_query(db, a, &nap, (const char *const[]){"20"}, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert_ptr_nonnull(strstr(e.hint, "--db-timeout"));
    ck_assert(clock_seconds() - started < 10);
    /* The connection is fine, and so is a program that sets no end. */
    ck_assert(db_query(db, a, &nap, (const char *const[]){"0"}, &e) != NULL);
    ck_assert(db_query(test_db(a, DATABASE, "analyst"), a, &nap, (const char *const[]){"1.5"},
                       &e) != NULL);
    arena_free(a);
}
END_TEST

START_TEST(copy_counts_what_the_server_stored)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert_msg(db_copy_begin(db, &copy, &e), "%s", e.text);
    ck_assert(db_copy_send(db, "1\ta\n2\tb\n", 8, &e));
    ck_assert_msg(db_copy_end(db, 2, &e), "%s", e.text);
    ck_assert(db_copy_begin(db, &copy, &e));
    /* A line of backslash and dot ends a text COPY: what comes after it is dropped without a word.
     */
    ck_assert(db_copy_send(db, "3\tc\n\\.\n4\td\n", 11, &e));
    ck_assert(!db_copy_end(db, 2, &e));
    db_rollback(db);
    ck_assert(db_begin(db, &e));
    ck_assert(db_copy_begin(db, &copy, &e));
    ck_assert(db_copy_send(db, "x\ta\n", 4, &e));
    ck_assert(!db_copy_end(db, 1, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
    db_rollback(db);
    /* Given up in the middle: the connection can still be used. */
    ck_assert(db_begin(db, &e));
    ck_assert(db_copy_begin(db, &copy, &e));
    db_rollback(db);
    ck_assert(db_query(db, a, &many, (const char *const[]){"1"}, &e) != NULL);
    arena_free(a);
}
END_TEST

struct sum {
    int64_t rows, total, stop_at;
    int most;
};

static bool
add_up(void *context, const struct rows *r, struct err *e)
{
    struct sum *const s = context;

    s->most = rows_count(r) > s->most ? rows_count(r) : s->most;
    for (int i = 0; i < rows_count(r); i++) {
        s->rows++;
        s->total += rows_int64(r, i, "n");
    }
    return s->stop_at == 0 || s->rows < s->stop_at || err_set(e, ERR_VERIFY, "enough");
}

START_TEST(a_stream_gives_every_row_in_small_parts)
{
    struct arena *const a = arena_new();
    struct db *const db = test_db(a, DATABASE, NULL);
    const char *const n[] = {"2500"};
    struct sum all = {0}, some = {.stop_at = 1500};
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert_msg(db_stream(db, &many, n, add_up, &all, &e), "%s", e.text);
    ck_assert_int_eq(all.rows, 2500);
    ck_assert_int_eq(all.total, 2500 * 2501 / 2);
    ck_assert_int_eq(all.most, 1000);
    ck_assert(!db_stream(db, &many, n, add_up, &some, &e));
    ck_assert_int_eq(e.code, ERR_VERIFY);
    ck_assert_int_eq(some.rows, 2000);
    db_rollback(db);
    arena_free(a);
}
END_TEST

START_TEST(only_the_named_users_get_in_and_over_no_network)
{
    struct arena *const a = arena_new();
    struct cluster cluster;
    struct err e = {0};
    struct stat st;

    ck_assert(cluster_find(a, test_home(), &cluster, &e));
    ck_assert_int_eq(stat(cluster.socket, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0700);
    ck_assert_int_eq(stat(arena_printf(a, "%s/keys", test_home()), &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0700);
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT setting FROM pg_settings WHERE name = "
                                   "'listen_addresses'"),
                     "");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT string_agg(type || ' ' || auth_method || ' ' || "
                                   "options::text, ', ') FROM pg_hba_file_rules"),
                     "local peer {map=maatstaf}");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT string_agg(name || '=' || setting, ' ' ORDER BY "
                                   "name) FROM pg_settings WHERE name IN "
                                   "('data_checksums', 'full_page_writes', "
                                   "'log_error_verbosity', 'log_min_error_statement', "
                                   "'log_parameter_max_length', 'log_statement', "
                                   "'password_encryption', 'synchronous_commit')"),
                     "data_checksums=on full_page_writes=on log_error_verbosity=terse "
                     "log_min_error_statement=panic log_parameter_max_length=0 log_statement=none "
                     "password_encryption=scram-sha-256 synchronous_commit=on");
    arena_free(a);
}
END_TEST

START_TEST(a_home_without_a_cluster_says_how_to_make_one)
{
    struct arena *const a = arena_new();
    const struct db_target nowhere = {NULL, "/tmp/maatstaf-no-such-home", "analyst", 0};
    struct err e = {0};

    ck_assert_ptr_null(db_open(a, &nowhere, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
    ck_assert_ptr_nonnull(strstr(e.hint, "db init"));
    arena_free(a);
}
END_TEST

Suite *
sql_db_suite(void)
{
    Suite *const s = suite_create("sql_db");
    TCase *const c = tcase_create("db");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_test(c, values_come_back_as_they_went);
    tcase_add_test(c, binary_parameters_tell_empty_from_null);
    tcase_add_loop_test(c, a_sqlstate_says_what_the_caller_may_do, 0,
                        (int)(sizeof states / sizeof states[0]));
    tcase_add_test(c, errors_do_not_repeat_values);
    tcase_add_test(c, the_servers_log_does_not_repeat_values);
    tcase_add_test(c, a_failed_transaction_does_not_commit);
    tcase_add_test(c, a_lost_connection_is_to_be_tried_again);
    tcase_add_test(c, a_query_that_takes_too_long_is_to_be_tried_again);
    tcase_add_test(c, copy_counts_what_the_server_stored);
    tcase_add_test(c, a_stream_gives_every_row_in_small_parts);
    tcase_add_test(c, only_the_named_users_get_in_and_over_no_network);
    tcase_add_test(c, a_home_without_a_cluster_says_how_to_make_one);
    suite_add_tcase(s, c);
    return s;
}
