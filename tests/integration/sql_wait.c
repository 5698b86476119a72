/* SPDX-License-Identifier: EUPL-1.2 */
/* No wait for the server is without an end: stopped, ended and locked sessions, of every call. */
#define _DEFAULT_SOURCE
#include "common/clock.h"
#include "sql/cluster.h"
#include "sql/db_internal.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATABASE "test_wait"

Suite *sql_wait_suite(void);

static const struct sql_query pid = {"test/pid", "SELECT pg_backend_pid() AS pid", 0};
static const struct sql_query one = {"test/one", "SELECT $1::int AS n", 1};
static const struct sql_query slow = {"test/slow", "SELECT $1::int AS n, pg_sleep(0.5)", 1};
static const struct sql_query many = {"test/many",
                                      "SELECT g AS n FROM generate_series(1, $1::int) g", 1};
static const struct sql_query put = {
    "test/put", "INSERT INTO public.t VALUES ($1::int) ON CONFLICT DO NOTHING", 1};
static const struct sql_query change = {"test/change", "UPDATE public.t SET id = id WHERE id = $1",
                                        1};
static const struct sql_query asked = {"test/asked",
                                       "UPDATE public.t SET id = id WHERE id = $1 RETURNING id", 1};
static const struct sql_query copy = {"test/copy", "COPY public.t FROM STDIN", 0};
static const struct sql_query load = {"test/load", "LOAD '/dev/null'", 0};

static const char *const args_1[] = {"1"};

static void
fresh(void)
{
    test_database(DATABASE);
    test_sql(DATABASE, "CREATE TABLE public.t (id int PRIMARY KEY);"
                       "INSERT INTO public.t VALUES (1), (2)");
}

static struct db *
open_with(struct arena *a, int64_t timeout_s)
{
    const struct db_target target = {test_conninfo(a, DATABASE, NULL), NULL, NULL, timeout_s};
    struct err e = {0};
    struct db *const db = db_open(a, &target, &e);

    ck_assert_msg(db != NULL, "%s", e.text);
    return db;
}

static pid_t
backend(struct db *db, struct arena *a)
{
    struct err e = {0};
    const struct rows *const r = db_query(db, a, &pid, NULL, &e);

    ck_assert_msg(r != NULL, "%s", e.text);
    return (pid_t)rows_int64(r, 0, "pid");
}

/* ---- a backend that is stopped --------------------------------------------------------------- */

static bool
none(struct db *db, struct arena *a, struct err *e)
{
    (void)db;
    (void)a;
    (void)e;
    return true;
}

static bool
query(struct db *db, struct arena *a, struct err *e)
{
    return db_query(db, a, &one, args_1, e) != NULL;
}

static bool
query_binary(struct db *db, struct arena *a, struct err *e)
{
    const struct sql_binary args[] = {{"\0\0\0\1", 4}};

    return db_query_binary(db, a, &one, args, e) != NULL;
}

static bool
begin(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_begin(db, e);
}

static bool
commit(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_commit(db, e);
}

static bool
insert(struct db *db, struct arena *a, struct err *e)
{
    return db_begin(db, e) && db_query(db, a, &put, (const char *const[]){"3"}, e);
}

static bool
copy_begin(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_copy_begin(db, &copy, e);
}

/* More than the sockets hold between them. */
static bool
copy_send(struct db *db, struct arena *a, struct err *e)
{
    char *const lines = arena_alloc(a, 1 << 24);

    memset(lines, '\n', 1 << 24);
    return db_copy_send(db, lines, 1 << 24, e);
}

static bool
copy_end(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_copy_end(db, 0, e);
}

static bool
ask(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_ask(db, &slow, args_1, e);
}

static bool
answer(struct db *db, struct arena *a, struct err *e)
{
    return db_answer(db, a, e) != NULL;
}

static bool
each(void *context, const struct rows *r, struct err *e)
{
    (void)context;
    (void)r;
    (void)e;
    return true;
}

static bool
stream(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    return db_stream(db, &many, (const char *const[]){"2000"}, each, NULL, e);
}

static bool
roll_back(struct db *db, struct arena *a, struct err *e)
{
    (void)a;
    db_rollback(db);
    return db_begin(db, e);
}

static const struct {
    const char *name;
    bool (*before)(struct db *db, struct arena *a, struct err *e);
    bool (*during)(struct db *db, struct arena *a, struct err *e);
} waits[] = {
    {"query", query, query},
    {"first query", none, query},
    {"binary query", none, query_binary},
    {"begin", none, begin},
    {"commit", insert, commit},
    {"copy begin", none, copy_begin},
    {"copy send", copy_begin, copy_send},
    {"copy end", copy_begin, copy_end},
    {"answer", ask, answer},
    {"stream", begin, stream},
    {"rollback", insert, roll_back},
};

START_TEST(a_stopped_backend_does_not_hold_any_call)
{
    struct arena *const a = arena_new();
    struct db *const db = open_with(a, 0);
    const pid_t stopped = backend(db, a);
    struct err e = {0};

    ck_assert_msg(waits[_i].before(db, a, &e), "%s: %s", waits[_i].name, e.text);
    kill(stopped, SIGSTOP);
    db_until(db, clock_seconds() + 0.5);

    const double started = clock_seconds();
    const bool went = waits[_i].during(db, a, &e);
    const double took = clock_seconds() - started;
    struct err again = {0};
    const bool once_more = db_query(db, a, &one, args_1, &again) != NULL;

    db_rollback(db);
    kill(stopped, SIGCONT);
    ck_assert_msg(!went, "%s went through", waits[_i].name);
    ck_assert_msg(e.code == ERR_RETRY, "%s: %s %s", waits[_i].name, err_code_name(e.code), e.text);
    ck_assert_msg(took > 0.3 && took < 5, "%s took %.2f s", waits[_i].name, took);
    /* The connection is closed, and says so at once. */
    ck_assert(!db_usable(db));
    ck_assert(!once_more && again.code == ERR_RETRY);
    ck_assert(clock_seconds() - started < took + 1);
    arena_free(a);
}
END_TEST

START_TEST(a_stopped_backend_is_given_up_after_the_time_of_a_statement)
{
    struct arena *const a = arena_new();
    struct db *const db = open_with(a, 1);
    const pid_t stopped = backend(db, a);
    const double started = clock_seconds();
    struct err e = {0};

    kill(stopped, SIGSTOP);

    const bool went = query(db, a, &e);

    kill(stopped, SIGCONT);
    ck_assert(!went);
    ck_assert_int_eq(e.code, ERR_RETRY);
    /* One second, and five of grace. */
    ck_assert(clock_seconds() - started > 5 && clock_seconds() - started < 15);
    arena_free(a);
}
END_TEST

/* A commit that nobody answered: it may have happened, and says so by its key alone. */
START_TEST(a_commit_that_was_not_answered_may_have_happened)
{
    struct arena *const a = arena_new();
    struct db *const db = open_with(a, 0);
    const pid_t stopped = backend(db, a);
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert(db_query(db, a, &put, (const char *const[]){"77"}, &e) != NULL);
    kill(stopped, SIGSTOP);
    db_until(db, clock_seconds() + 0.3);

    const bool committed = db_commit(db, &e);

    kill(stopped, SIGCONT);
    ck_assert(!committed && e.code == ERR_RETRY);
    for (int i = 0; i < 100; i++) {
        if (strcmp(test_sql_text(a, DATABASE, "SELECT count(*) FROM public.t WHERE id = 77"),
                   "1") == 0)
            break;
        usleep(50000);
    }
    ck_assert_str_eq(test_sql_text(a, DATABASE, "SELECT count(*) FROM public.t WHERE id = 77"),
                     "1");
    test_sql(DATABASE, "DELETE FROM public.t WHERE id = 77");
    arena_free(a);
}
END_TEST

START_TEST(a_stopped_server_is_not_waited_for_when_connecting)
{
    struct arena *const a = arena_new();
    const struct db_target target = {test_conninfo(a, DATABASE, NULL), NULL, NULL, 0};
    struct cluster cluster;
    struct err e = {0};
    long server = 0;

    ck_assert(cluster_find(a, test_home(), &cluster, &e));

    FILE *const f = fopen(arena_printf(a, "%s/postmaster.pid", cluster.data), "r");

    ck_assert(f && fscanf(f, "%ld", &server) == 1 && server > 1);
    fclose(f);
    kill((pid_t)server, SIGSTOP);

    const double started = clock_seconds();
    struct db *const db = db_open_by(a, &target, started + 0.5, &e);
    const double took = clock_seconds() - started;

    kill((pid_t)server, SIGCONT);
    ck_assert_ptr_null(db);
    ck_assert_msg(e.code == ERR_RETRY && took < 3, "%s after %.2f s", e.text, took);
    arena_free(a);
}
END_TEST

/* ---- ended and locked ------------------------------------------------------------------------ */

START_TEST(an_ended_session_is_to_be_tried_again)
{
    struct arena *const a = arena_new();
    struct db *const db = open_with(a, 10);
    const pid_t it = backend(db, a);
    struct err e = {0};

    ck_assert_msg(waits[_i].before(db, a, &e), "%s: %s", waits[_i].name, e.text);
    test_sql(DATABASE, arena_printf(a, "SELECT pg_terminate_backend(%ld, 5000)", (long)it));
    ck_assert_msg(!waits[_i].during(db, a, &e), "%s went through", waits[_i].name);
    ck_assert_msg(e.code == ERR_RETRY, "%s: %s %s", waits[_i].name, err_code_name(e.code), e.text);
    ck_assert(!db_usable(db));
    arena_free(a);
}
END_TEST

START_TEST(a_lock_of_another_session_ends_with_the_time_of_a_statement)
{
    struct arena *const a = arena_new();
    struct db *const holder = open_with(a, 0), *const db = open_with(a, 1);
    const double started = clock_seconds();
    struct err e = {0};

    ck_assert(db_begin(holder, &e));
    ck_assert(db_query(holder, a, &change, args_1, &e) != NULL);
    ck_assert(db_query(db, a, &change, args_1, &e) == NULL);
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert(clock_seconds() - started < 5);
    /* The server itself has ended it: the connection stands. */
    ck_assert(db_usable(db));
    ck_assert(query(db, a, &e));
    arena_free(a);
}
END_TEST

START_TEST(a_deadlock_is_to_be_tried_again)
{
    struct arena *const a = arena_new();
    struct db *const x = open_with(a, 10), *const y = open_with(a, 10);
    const char *const args_2[] = {"2"};
    struct err e = {0}, f = {0};

    ck_assert(db_begin(x, &e) && db_begin(y, &e));
    ck_assert(db_query(x, a, &change, args_1, &e) && db_query(y, a, &change, args_2, &e));
    ck_assert(db_ask(x, &asked, args_2, &e));

    const bool y_went = db_query(y, a, &asked, args_1, &f) != NULL;

    if (!y_went)
        db_rollback(y); /* lets the other go on */

    const bool x_went = db_answer(x, a, &e) != NULL;

    ck_assert(x_went != y_went);
    ck_assert_int_eq(x_went ? f.code : e.code, ERR_RETRY);
    db_rollback(x);
    db_rollback(y);
    ck_assert(query(x, a, &e) && query(y, a, &e));
    arena_free(a);
}
END_TEST

START_TEST(a_library_that_cannot_be_loaded_is_an_outage)
{
    struct arena *const a = arena_new();
    struct db *const db = open_with(a, 10);
    struct err e = {0};

    ck_assert(db_query(db, a, &load, NULL, &e) == NULL);
    ck_assert_msg(e.code == ERR_RETRY, "%s", e.text);
    arena_free(a);
}
END_TEST

Suite *
sql_wait_suite(void)
{
    Suite *const s = suite_create("sql_wait");
    TCase *const c = tcase_create("wait");
    const int count = (int)(sizeof waits / sizeof waits[0]);

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, a_stopped_backend_does_not_hold_any_call, 0, count);
    tcase_add_test(c, a_stopped_backend_is_given_up_after_the_time_of_a_statement);
    tcase_add_test(c, a_commit_that_was_not_answered_may_have_happened);
    tcase_add_test(c, a_stopped_server_is_not_waited_for_when_connecting);
    tcase_add_loop_test(c, an_ended_session_is_to_be_tried_again, 0, count);
    tcase_add_test(c, a_lock_of_another_session_ends_with_the_time_of_a_statement);
    tcase_add_test(c, a_deadlock_is_to_be_tried_again);
    tcase_add_test(c, a_library_that_cannot_be_loaded_is_an_outage);
    suite_add_tcase(s, c);
    return s;
}
