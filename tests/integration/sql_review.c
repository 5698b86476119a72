/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the functions of review decide by themselves: who acts, when a month may be closed, the lot
 * of a stop, and that nobody judges a registration of their own. The whole way with simulated
 * registrations is tests/cli/review.sh.
 */
#include "common/str.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <string.h>

#define DATABASE "test_review"
#define STOP     "'00000000-0000-5000-8000-000000000001'::uuid"
#define CALL     "SELECT * FROM registration."

Suite *sql_review_suite(void);

/* One stop of unit U, drawn as review 1, registered by the officer who reviews as chief-1. */
static void
fresh(void)
{
    test_database(DATABASE);
    test_sql(
        DATABASE,
        "SELECT ingest.ensure_partitions('2026-10-01Z', '2026-10-31Z');"
        "SELECT registration.appoint_reviewer('clerk', n, 'U', '2020-01-01', '2100-01-01', p) FROM "
        "(VALUES ('chief-1', 'pseudonym-of-one-'), ('chief-2', 'pseudonym-of-two-'), ('chief-3', "
        "NULL)) v (n, p);"
        "SELECT ingest.open_batch('p', 's', 'f');"
        "INSERT INTO registration.stop (stop_id, ledger_from, leaf_no, salt, source_system, "
        "source_record_no, tx_type, started_at, unit_code, state) VALUES (" STOP
        ", 1, 0, '', 's', '1', 'I', '2026-10-05Z', 'U', 'ACCEPTED');"
        "INSERT INTO sensitive.officer VALUES (" STOP
        ", 1, 1, '', '2026-10-05Z', 'pseudonym-of-one-');"
        "INSERT INTO registration.source_key VALUES (" STOP
        ", 1, '\\x01', '\\xaa', 'I', 1, '2026-10-05Z');"
        "SELECT ingest.close_batch(1, sha256(''), 1, 1, 0, 0, 0, 2, sha256(''), '{}');"
        "INSERT INTO registration.review_drawn (stop_id, ledger_from, month, unit_code, reasons, "
        "act_id) VALUES (" STOP ", 1, '2026-10', 'U', '{force}', 1)");
}

/* As a login, inside a transaction that is rolled back with the connection. */
static const char *
as_login(struct arena *a, const char *login, const char *sql)
{
    return test_sql_state(
        a, DATABASE, NULL,
        arena_printf(a,
                     "BEGIN; CREATE ROLE \"chief-1\" LOGIN IN ROLE supervisor; CREATE ROLE "
                     "\"chief-2\" LOGIN IN ROLE supervisor; SET LOCAL SESSION AUTHORIZATION "
                     "\"%s\"; %s; ROLLBACK",
                     login, sql));
}

/* ---- who ---------------------------------------------------------------------------------------
 */

static const struct {
    const char *name, *login, *sql, *state;
} acts[] = {
    {"the service passes on who acts", "supervisor", CALL "review_list('chief-1', 'U', true)",
     "00000"},
    {"who has a login of their own acts under it", "chief-1",
     CALL "review_list('chief-1', 'U', true)", "00000"},
    {"and not under another's", "chief-1", CALL "review_list('chief-2', 'U', true)", "42501"},
    {"nor by setting the role of the service", "chief-1",
     "SET LOCAL ROLE supervisor; " CALL "review_list('chief-2', 'U', true)", "42501"},
    {"nobody is no name", "supervisor", CALL "review_list('', 'U', true)", "55000"},
    {"nor is nothing", "supervisor", CALL "review_list(NULL, 'U', true)", "55000"},
    {"nor a name with a quote", "supervisor", CALL "review_list('a''b', 'U', true)", "55000"},
    {"who is not appointed sees nothing", "supervisor", CALL "review_list('me', 'U', true)",
     "42501"},
    {"not even of the unit without a name", "supervisor", CALL "review_list('me', '', true)",
     "42501"},
    {"nor of no unit", "supervisor", CALL "review_list('chief-1', NULL, true)", "42501"},
    {"nobody confirms a registration of their own", "supervisor",
     CALL "review_confirm(1, 'chief-1')", "42501"},
    {"nor returns it", "supervisor", CALL "review_return(1, 'chief-1', '{other}', NULL)", "42501"},
    {"nor agrees to its withdrawal", "supervisor",
     CALL "agree_withdrawal(" STOP ", 'chief-1', 'twice here')", "42501"},
    {"nor agrees to unlock its group", "supervisor",
     CALL "unlock_group(" STOP ", 'chief-2', 'slip of a key'); " CALL "unlock_group(" STOP
          ", 'chief-1', 'slip of a key')",
     "42501"},
    {"a colleague confirms it", "supervisor", CALL "review_confirm(1, 'chief-2')", "00000"},
    {"so does one whose pseudonym is not known", "supervisor", CALL "review_confirm(1, 'chief-3')",
     "00000"},
    {"a code must be in the list", "supervisor",
     CALL "review_return(1, 'chief-2', '{other,none_of_these}', NULL)", "55000"},
    {"one code at least", "supervisor", CALL "review_return(1, 'chief-2', '{}', NULL)", "55000"},
    {"no code is none", "supervisor", CALL "review_return(1, 'chief-2', NULL, NULL)", "55000"},
    {"a text has an end", "supervisor",
     CALL "review_return(1, 'chief-2', '{other}', repeat('a', 251))", "55000"},
    {"what is not a contest is not answered", "supervisor",
     CALL "answer_contest(1, 'chief-2', 'stands', 'as it is')", "42501"},
    {"a stop that is not there is withdrawn by nobody", "supervisor",
     CALL "agree_withdrawal(gen_random_uuid(), 'chief-2', 'twice here')", "42501"},
};

START_TEST(an_act_is_somebodys_who_may)
{
    struct arena *const a = arena_new();
    const char *const state = as_login(a, acts[_i].login, acts[_i].sql);

    ck_assert_msg(strcmp(state, acts[_i].state) == 0, "%s: %s", acts[_i].name, state);
    arena_free(a);
}
END_TEST

START_TEST(a_later_appointment_ends_an_earlier_one)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(
        test_sql_text(
            a, DATABASE,
            "BEGIN; SELECT registration.appoint_reviewer('clerk', 'chief-2', 'U', '2020-01-01', "
            "'2020-12-31', NULL); SELECT registration.reviews_unit('chief-2', 'U') || ' ' || "
            "registration.reviews_unit('chief-3', 'U')"),
        "false true");
    arena_free(a);
}
END_TEST

/* ---- months ------------------------------------------------------------------------------------
 */

/* October 2026 in Amsterdam ends at 23:00 UTC of the 31st; the 10th begins at 23:00 of the 9th. */
static const struct {
    const char *now, *why, *refusal;
} closes[] = {
    {"2026-10-31 22:59:59Z", "NULL", "the month is not over"},
    {"2026-10-31 22:59:59Z", "'in a hurry'", "the month is not over"},
    {"2026-10-31 23:00:00Z", "NULL",
     "the month closes from day 10 of the next: before that a reason is needed"},
    {"2026-10-31 23:00:00Z", "''",
     "the month closes from day 10 of the next: before that a reason is needed"},
    {"2026-10-31 23:00:00Z", "'in a hurry'", ""},
    {"2026-11-09 22:59:59Z", "NULL",
     "the month closes from day 10 of the next: before that a reason is needed"},
    {"2026-11-09 23:00:00Z", "NULL", ""},
    {"2030-01-01 00:00:00Z", "NULL", ""},
};

START_TEST(a_month_closes_from_day_ten_of_the_next)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(
        test_sql_text(a, DATABASE,
                      arena_printf(a, "SELECT registration.close_refusal('2026-10', '%s', %s)",
                                   closes[_i].now, closes[_i].why)),
        closes[_i].refusal);
    arena_free(a);
}
END_TEST

START_TEST(what_is_no_month_is_not_closed)
{
    static const char *const months[] = {"'2026-13'", "'2026-1'", "'October'", "NULL", "''"};
    struct arena *const a = arena_new();

    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        ck_assert_str_eq(
            test_sql_state(
                a, DATABASE, "collector",
                arena_printf(a, "SELECT ingest.close_month(%s, 'x', 'operator')", months[i])),
            "55000");
    arena_free(a);
}
END_TEST

/* ---- the lot -----------------------------------------------------------------------------------
 */

/* printf 'seed-of-a-test-1:…' | sha256sum, its first 8 digits as a number. */
static const struct {
    const char *id, *lot;
} lots[] = {
    {"00000000-0000-5000-8000-000000000001", "1882898599"},
    {"df31798c-4af5-5415-bf33-67461150000c", "59185232"},
};

START_TEST(the_lot_of_a_stop_is_what_anybody_computes)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(
        test_sql_text(a, DATABASE,
                      arena_printf(a,
                                   "SELECT (registration.lot('seed-of-a-test-1', '%s') * "
                                   "4294967296)::bigint",
                                   lots[_i].id)),
        lots[_i].lot);
    arena_free(a);
}
END_TEST

/* Over many stops and seeds a twentieth is drawn: 100,000 lots, five standard deviations. */
START_TEST(one_in_twenty_is_drawn)
{
    struct arena *const a = arena_new();
    int64_t drawn = 0;
    const char *const text =
        test_sql_text(a, DATABASE,
                      "SELECT count(*) FILTER (WHERE registration.lot('another-seed-' || i % 10, "
                      "md5(i::text)::uuid) < 0.05) FROM generate_series(1, 100000) i");

    ck_assert(span_int64(span_of(text), 0, 100000, &drawn));
    ck_assert_int_gt(drawn, 5000 - 345);
    ck_assert_int_lt(drawn, 5000 + 345);
    arena_free(a);
}
END_TEST

Suite *
sql_review_suite(void)
{
    Suite *const s = suite_create("sql_review");
    TCase *const c = tcase_create("review");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, an_act_is_somebodys_who_may, 0, (int)(sizeof acts / sizeof acts[0]));
    tcase_add_test(c, a_later_appointment_ends_an_earlier_one);
    tcase_add_loop_test(c, a_month_closes_from_day_ten_of_the_next, 0,
                        (int)(sizeof closes / sizeof closes[0]));
    tcase_add_test(c, what_is_no_month_is_not_closed);
    tcase_add_loop_test(c, the_lot_of_a_stop_is_what_anybody_computes, 0,
                        (int)(sizeof lots / sizeof lots[0]));
    tcase_add_test(c, one_in_twenty_is_drawn);
    suite_add_tcase(s, c);
    return s;
}
