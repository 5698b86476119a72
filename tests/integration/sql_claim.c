/* SPDX-License-Identifier: EUPL-1.2 */
/* What ingest.claim says of each kind of record, and what it leaves behind. */
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <string.h>

#define DATABASE "test_claim"

Suite *sql_claim_suite(void);

/*
 * Batch 1 brought: stop 1 (I, version 1, no group), 2 (with group mac, its withdrawal agreed), 3
 * (withdrawn), 4 (NFI), 5 (a withdrawal agreed for another version), 6 and 7 (with group mac; an
 * unlock asked for, and agreed).
 */
static void
fresh(void)
{
    test_database(DATABASE);
    test_sql(DATABASE,
             "INSERT INTO registration.batch (batch_id, profile, source_system, file_name) "
             "VALUES (1, 'p', 's', 'a'), (2, 'p', 's', 'b'), (3, 'p', 's', 'c');"
             "UPDATE registration.batch SET status = 'stored' WHERE batch_id = 3;"
             "INSERT INTO registration.source_key VALUES "
             "(lpad('1', 32, '0')::uuid, 1, '\\x01', NULL, 'I', 1, '2026-01-01Z'),"
             "(lpad('2', 32, '0')::uuid, 3, '\\x02', '\\xaa', 'U', 1, '2026-01-01Z'),"
             "(lpad('3', 32, '0')::uuid, 2, '\\x03', NULL, 'W', 1, '2026-01-01Z'),"
             "(lpad('4', 32, '0')::uuid, 2, '\\x04', NULL, 'N', 1, '2026-01-01Z'),"
             "(lpad('5', 32, '0')::uuid, 2, '\\x05', NULL, 'I', 1, '2026-01-01Z'),"
             "(lpad('6', 32, '0')::uuid, 3, '\\x06', '\\xaa', 'U', 1, '2026-01-01Z'),"
             "(lpad('7', 32, '0')::uuid, 3, '\\x07', '\\xaa', 'U', 1, '2026-01-01Z');"
             "SELECT registration.act(ROW(NULL, v.kind, NULL, 'chief', '', lpad(v.stop, 32, "
             "'0')::uuid, v.version, NULL, NULL, 'U', NULL, NULL, NULL, NULL, NULL"
             ")::registration.review_act) FROM (VALUES ('withdrawal-agreed', '2', 1), "
             "('withdrawal-agreed', '5', 3), ('unlock-asked', '6', 1), ('unlock-agreed', '7', 1)) "
             "v (kind, stop, version)");
}

static const char *
claim(struct arena *a, const char *records, const char *after)
{
    /* records: (stop, version, tx, mac, group mac); the answer as "1 identical, 2 conflict", then
     * after. */
    return test_sql_text(
        a, DATABASE,
        arena_printf(
            a,
            "BEGIN; CREATE TEMP TABLE answer ON COMMIT DROP AS SELECT c.ord, c.status FROM "
            "(SELECT array_agg(lpad(r.stop::text, 32, '0')::uuid ORDER BY n) AS ids, "
            "array_agg(r.version::int ORDER BY n) AS versions, array_agg(r.tx ORDER BY n) AS "
            "txs, array_agg(r.mac::bytea ORDER BY n) AS macs, array_agg(r.gmac::bytea ORDER "
            "BY n) AS gmacs, array_agg('2026-01-02Z'::timestamptz) AS starts FROM (SELECT "
            "row_number() OVER () AS n, v.* FROM (VALUES %s) v (stop, version, tx, mac, "
            "gmac)) r) g, ingest.claim(2, g.ids, g.versions, g.txs, g.macs, g.gmacs, "
            "g.starts) c; SELECT coalesce(string_agg(ord || ' ' || status, ', ' ORDER BY "
            "ord), '') || coalesce('; ' || (%s), '') FROM answer",
            records, after));
}

static const struct {
    const char *name, *records, *after, *answer;
} cases[] = {
    {"new records say nothing", "(8, 1, 'I', '\\x08', NULL), (9, NULL, 'I', '\\x09', NULL)",
     "SELECT string_agg(ledger_from || '/' || source_version, ' ') FROM registration.source_key "
     "WHERE stop_id >= lpad('8', 32, '0')::uuid",
     "; 2/1 2/1"},
    {"the same again is identical", "(1, 1, 'I', '\\x01', NULL)", "NULL", "1 identical"},
    {"the same update again is identical", "(2, 3, 'U', '\\x02', '\\xaa')", "NULL", "1 identical"},
    {"other content as first is a conflict", "(1, 1, 'I', '\\x11', NULL)",
     "SELECT record_mac::text FROM registration.source_key WHERE stop_id = lpad('1', 32, "
     "'0')::uuid",
     "1 conflict; \\x01"},
    {"a higher version as first is a conflict", "(1, 2, 'I', '\\x11', NULL)", "NULL", "1 conflict"},
    {"an update without a higher version is a conflict", "(1, 1, 'U', '\\x11', NULL)", "NULL",
     "1 conflict"},
    {"an update supersedes", "(1, 2, 'U', '\\x11', NULL)",
     "SELECT string_agg(ledger_from || '>' || ledger_until, ' ') FROM registration.superseded",
     "1 superseded; 1>2"},
    {"a withdrawal that nobody agreed to is not taken", "(1, 2, 'W', '\\x11', NULL)",
     "SELECT count(*)::text FROM registration.superseded", "1 unconfirmed; 0"},
    {"an agreement on another version is none", "(5, 9, 'W', '\\x15', NULL)",
     "SELECT count(*)::text FROM registration.superseded", "1 unconfirmed; 0"},
    {"an agreed withdrawal supersedes and keeps the lock", "(2, 4, 'W', '\\x12', NULL)",
     "SELECT tx_type || group_mac::text FROM registration.source_key WHERE stop_id = lpad('2', 32, "
     "'0')::uuid",
     "1 superseded; W\\xaa"},
    {"an update of what was never received is unknown", "(8, 2, 'U', '\\x08', NULL)",
     "SELECT count(*)::text FROM registration.source_key", "1 unknown; 7"},
    {"a withdrawal of what was never received is unknown", "(8, 2, 'W', '\\x08', NULL)", "NULL",
     "1 unknown"},
    {"a withdrawn record is closed", "(3, 9, 'U', '\\x13', NULL)", "NULL", "1 closed"},
    {"an NFI record is closed", "(4, 9, 'W', '\\x14', NULL)", "NULL", "1 closed"},
    {"another group is locked", "(2, 4, 'U', '\\x12', '\\xbb')",
     "SELECT count(*)::text FROM registration.superseded", "1 locked; 0"},
    {"what one person asked for unlocks nothing", "(6, 4, 'U', '\\x16', '\\xbb')", "NULL",
     "1 locked"},
    {"another group that two persons agreed to is taken and locked in its turn",
     "(7, 4, 'U', '\\x17', '\\xbb')",
     "SELECT group_mac::text FROM registration.source_key WHERE stop_id = lpad('7', 32, '0')::uuid",
     "1 superseded; \\xbb"},
    {"a group left away is locked", "(2, 4, 'U', '\\x12', NULL)", "NULL", "1 locked"},
    {"the same group may be updated with", "(2, 4, 'U', '\\x12', '\\xaa')", "NULL", "1 superseded"},
    {"twice in one chunk: the first counts",
     "(8, 1, 'I', '\\x08', NULL), (8, 1, 'I', '\\x08', NULL), (8, 1, 'I', '\\x18', NULL)",
     "SELECT record_mac::text FROM registration.source_key WHERE stop_id = lpad('8', 32, "
     "'0')::uuid",
     "2 identical, 3 conflict; \\x08"},
    {"an update of what this batch brought waits",
     "(8, 1, 'I', '\\x08', NULL), (8, 2, 'U', '\\x18', NULL)",
     "SELECT count(*)::text FROM registration.superseded", "2 same-batch; 0"},
    {"a mixed chunk keeps its order",
     "(9, 1, 'I', '\\x09', NULL), (1, 1, 'I', '\\x01', NULL), (8, 1, 'I', '\\x08', NULL), (3, 3, "
     "'U', '\\x13', NULL), (1, 2, 'U', '\\x21', NULL)",
     "NULL", "2 identical, 4 closed, 5 superseded"},
};

START_TEST(a_record_is_what_it_is_against_what_is_stored)
{
    struct arena *const a = arena_new();

    ck_assert_msg(strcmp(claim(a, cases[_i].records, cases[_i].after), cases[_i].answer) == 0,
                  "%s: %s", cases[_i].name, claim(a, cases[_i].records, cases[_i].after));
    arena_free(a);
}
END_TEST

START_TEST(a_batch_that_is_not_open_claims_nothing)
{
    struct arena *const a = arena_new();
    static const char call[] =
        "SELECT * FROM ingest.claim(%d, ARRAY[lpad('8', 32, '0')::uuid], ARRAY[1], ARRAY['I'], "
        "ARRAY['\\x08'::bytea], ARRAY[NULL::bytea], ARRAY[now()])";

    ck_assert_str_eq(test_sql_state(a, DATABASE, "collector", arena_printf(a, call, 3)), "55000");
    ck_assert_str_eq(test_sql_state(a, DATABASE, "collector", arena_printf(a, call, 99)), "55000");
    arena_free(a);
}
END_TEST

START_TEST(a_batch_whose_counts_do_not_add_up_is_refused)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(
        test_sql_state(a, DATABASE, "collector",
                       "BEGIN; SELECT ingest.close_batch(2, sha256('x'), 10, 5, 2, 1, 1, "
                       "5, sha256('r'), '{}')"),
        "23514");
    arena_free(a);
}
END_TEST

START_TEST(a_double_is_seen_once_it_came_with_another_batch)
{
    struct arena *const a = arena_new();
    static const char stored[] =
        "BEGIN; SELECT ingest.ensure_partitions('2026-01-01Z', '2026-01-31Z'); INSERT INTO "
        "registration.stop (stop_id, ledger_from, leaf_no, salt, source_system, source_record_no, "
        "tx_type, started_at, time_precision, unit_code, buurt_code) VALUES (lpad('1', 32, "
        "'0')::uuid, 1, 0, '', 's', '1', 'I', '2026-01-05 10:00:30Z', 'exact', 'U1', 'A1'); %s "
        "SELECT string_agg(ord::text, ',') FROM ingest.similar_doubles(%d, ARRAY['U1', 'U2', 'U1', "
        "'U1'], ARRAY['A1', 'A1', 'A2', 'A1'], ARRAY['2026-01-05 10:00:00Z', '2026-01-05 10:00Z', "
        "'2026-01-05 10:00Z', '2026-01-05 10:01Z']::timestamptz[])";

    ck_assert_str_eq(test_sql_text(a, DATABASE, arena_printf(a, stored, "", 2)), "1");
    ck_assert_str_eq(test_sql_text(a, DATABASE, arena_printf(a, stored, "", 1)), "");
    /* The version that an update replaced is not a double of it. */
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   arena_printf(a, stored,
                                                "INSERT INTO registration.superseded VALUES "
                                                "(lpad('1', 32, '0')::uuid, 1, 2);",
                                                2)),
                     "");
    arena_free(a);
}
END_TEST

START_TEST(a_text_like_an_earlier_one_of_the_unit_is_found)
{
    struct arena *const a = arena_new();
    static const char query[] =
        "BEGIN; SELECT ingest.ensure_partitions('2026-01-01Z', '2026-01-31Z'); INSERT INTO "
        "registration.stop (stop_id, ledger_from, leaf_no, salt, source_system, source_record_no, "
        "tx_type, started_at, unit_code) VALUES (lpad('1', 32, '0')::uuid, 1, 0, '', 's', '1', "
        "'I', "
        "'2026-01-05Z', 'U1'); INSERT INTO registration.free_text VALUES (lpad('1', 32, "
        "'0')::uuid, "
        "1, 1, '', '2026-01-05Z', 1, 'Reed zonder licht door rood op de Hoefkade.'); SELECT "
        "string_agg(ord::text, ',') FROM ingest.similar_texts(ARRAY['U1', 'U2', 'U1'], ARRAY['Reed "
        "zonder licht door rood op de Hoefkade', 'Reed zonder licht door rood op de Hoefkade', "
        "'Stond lang stil bij de fietsen van een ander'])";

    ck_assert_str_eq(test_sql_text(a, DATABASE, query), "1");
    arena_free(a);
}
END_TEST

START_TEST(the_sketch_of_a_text_hides_no_text_that_is_alike)
{
    struct arena *const a = arena_new();

    /* Texts with ever more of their letters changed: alike by pg_trgm, of those passed by the
     * sketch, missed. */
    ck_assert_str_eq(
        test_sql_text(
            a, DATABASE,
            "WITH t AS (SELECT 'Reed zonder licht over de stoep, keerde om bij zien van ' || "
            "md5(n::text) AS x, 'Reed zonder licht over de stoep, keerde om bij zien van ' || "
            "overlay(md5(n::text) placing repeat('q', n % 9) from 5) AS y FROM generate_series(1, "
            "2000) n), k AS (SELECT similarity(x, y) > 0.9 AS alike, bit_count((a.sketch # "
            "b.sketch)::bit(64)) < (a.size + b.size) * 0.1 / 1.9 AS passed FROM t, "
            "ingest.text_sketch(x) a, ingest.text_sketch(y) b) SELECT (count(*) FILTER (WHERE "
            "alike) "
            "BETWEEN 200 AND 1800) || ' ' || count(*) FILTER (WHERE alike AND NOT passed) FROM k"),
        "true 0");
    arena_free(a);
}
END_TEST

START_TEST(quarantine_ends_with_a_reason_and_without_content)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT count(*) FROM ingest.add_quarantine(1, '{5, 6}', 's', "
                                   "'{E061|E080,E031}', ARRAY['\\x01', '\\x02']::bytea[], "
                                   "ARRAY[sha256('5'), sha256('6')])"),
                     "0");
    ck_assert_str_eq(
        test_sql_state(a, DATABASE, "collector", "SELECT ingest.quarantine_drop(1, '')"), "22023");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT ingest.quarantine_drop(1, 'beyond repair') || ' ' || "
                                   "ingest.quarantine_drop(1, 'again')"),
                     "true false");
    ck_assert_str_eq(
        test_sql_text(a, DATABASE,
                      "SELECT string_agg(status || (sealed IS NULL) || codes::text, ' ' "
                      "ORDER BY quarantine_id) FROM registration.quarantine"),
        "droppedtrue{E061,E080} heldfalse{E031}");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT count(*) FROM audit.ledger WHERE kind = "
                                   "'quarantine-dropped'"),
                     "1");
    arena_free(a);
}
END_TEST

/* Also within one call, and whatever became of the record. */
START_TEST(what_was_set_apart_before_is_named_and_not_stored_again)
{
    struct arena *const a = arena_new();

    test_sql(DATABASE,
             "SELECT ingest.add_quarantine(1, '{15}', 's', '{E061}', ARRAY['\\x01']::bytea[], "
             "ARRAY[sha256('a')]); SELECT ingest.quarantine_drop(quarantine_id, 'beyond repair') "
             "FROM registration.quarantine WHERE line = 15");
    ck_assert_str_eq(
        test_sql_text(
            a, DATABASE,
            "SELECT string_agg(ord::text, ' ' ORDER BY ord) FROM ingest.add_quarantine(1, "
            "'{11, 12, 13, 14}', 's', '{E061,E061,E031,E031}', ARRAY['\\x01', '\\x02', "
            "'\\x03', '\\x04']::bytea[], ARRAY[sha256('b'), sha256('a'), sha256('b'), "
            "sha256('c')])"),
        "2 3");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   "SELECT string_agg(line || status, ' ' ORDER BY line, status) "
                                   "FROM registration.quarantine WHERE line > 10"),
                     "11held 14held 15dropped");
    arena_free(a);
}
END_TEST

Suite *
sql_claim_suite(void)
{
    Suite *const s = suite_create("sql_claim");
    TCase *const c = tcase_create("claim");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_loop_test(c, a_record_is_what_it_is_against_what_is_stored, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(c, a_batch_that_is_not_open_claims_nothing);
    tcase_add_test(c, a_batch_whose_counts_do_not_add_up_is_refused);
    tcase_add_test(c, a_double_is_seen_once_it_came_with_another_batch);
    tcase_add_test(c, a_text_like_an_earlier_one_of_the_unit_is_found);
    tcase_add_test(c, the_sketch_of_a_text_hides_no_text_that_is_alike);
    tcase_add_test(c, quarantine_ends_with_a_reason_and_without_content);
    tcase_add_test(c, what_was_set_apart_before_is_named_and_not_stored_again);
    suite_add_tcase(s, c);
    return s;
}
