/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The ledger's verifier against rows written by an encoder of the test's own: nothing is found when
 * nothing was done, under any session settings; each way of changing rows behind the ledger's back
 * is found and named.
 */
#include "sql/ledger.h"
#include "sql/ledger_rows.h"
#include "common/str.h"
#include "tests/lib/cluster.h"
#include "tests/lib/ledger_batches.h"
#include "tests/lib/testlib.h"

#include <stdio.h>
#include <string.h>

#define DATABASE "test_ledger"

Suite *sql_ledger_suite(void);

static void
fresh(void)
{
    ledger_batches(DATABASE);
}

/* ---- verifying ---------------------------------------------------------------------------------
 */

static void
keep(void *context, const char *line)
{
    struct strbuf *const b = context;

    strbuf_printf(b, "%s\n", line);
}

static const char *
verify(struct arena *a, struct ledger_report *report)
{
    struct strbuf *const lines = strbuf_new(a, 65536);
    struct err e = {0};

    strbuf_add_text(lines, "");
    ck_assert_msg(ledger_verify(test_db(a, DATABASE, "auditor"), a, keep, lines, NULL, report, &e),
                  "%s", e.text);
    return lines->length ? lines->data : "";
}

START_TEST(an_honest_ledger_has_no_difference)
{
    struct arena *const a = arena_new();
    struct ledger_report report;

    ck_assert_str_eq(verify(a, &report), "");
    ck_assert_uint_eq(report.differences, 0);
    ck_assert_uint_eq(report.batches, 4);
    ck_assert_uint_eq(report.leaves, 9 * 7);
    ck_assert_uint_eq(report.entries, 5 + 4); /* the shipped loads, then ours */
    arena_free(a);
}
END_TEST

struct walk {
    struct sha256 *hash;
    size_t rows, stretches;
};

static bool
hash_rows(void *context, const struct ledger_row *rows, size_t count, struct err *e)
{
    struct walk *const w = context;

    (void)e;
    w->stretches++;
    w->rows += count;
    for (size_t i = 0; i < count; i++) {
        char place[64];
        const int n = snprintf(place, sizeof place, "%lld.%d.%d;", (long long)rows[i].batch,
                               (int)rows[i].leaf, (int)rows[i].tag);

        sha256_add(w->hash, place, (size_t)n);
        sha256_add(w->hash, rows[i].salt.data, rows[i].salt.length);
        sha256_add(w->hash, rows[i].content.data, rows[i].content.length);
    }
    return true;
}

static struct walk
walk(struct arena *a, int64_t stretch_leaves, uint8_t digest[DIGEST_BYTES])
{
    struct walk w = {sha256_new(a), 0, 0};
    struct db *const db = test_db(a, DATABASE, "auditor");
    struct err e = {0};

    ck_assert(db_begin(db, &e));
    ck_assert_msg(ledger_rows(db, stretch_leaves, hash_rows, &w, &e), "%s", e.text);
    ck_assert(db_commit(db, &e));
    sha256_finish(w.hash, digest);
    return w;
}

static const int64_t stretches[] = {1, 2, 7, 13, 14, 21, 28, 35, 62};

START_TEST(stretches_of_any_length_give_the_same_rows)
{
    struct arena *const a = arena_new();
    uint8_t whole[DIGEST_BYTES], pieces[DIGEST_BYTES];
    struct walk one, many;

    /* A batch without an entry and leaves beyond those of an entry belong to it as well. */
    test_sql(DATABASE,
             "INSERT INTO sensitive.officer SELECT stop_id, 88, -5, salt, started_at FROM "
             "sensitive.officer; INSERT INTO sensitive.officer SELECT stop_id, 2, 900 + "
             "leaf_no, salt, started_at FROM sensitive.officer WHERE ledger_from = 4");
    one = walk(a, 1000, whole);
    many = walk(a, stretches[_i], pieces);
    ck_assert_uint_eq(one.stretches, 1);
    ck_assert_uint_gt(many.stretches, 1);
    ck_assert_uint_eq(one.rows, many.rows);
    ck_assert_mem_eq(whole, pieces, DIGEST_BYTES);
    arena_free(a);
}
END_TEST

static const char *const session_settings[] = {
    "timezone = 'Asia/Kathmandu'", "timezone = 'America/St_Johns'",
    "datestyle = 'SQL, DMY'",      "extra_float_digits = -10",
    "bytea_output = 'escape'",     "intervalstyle = 'sql_standard'",
    "work_mem = '64kB'",
};

START_TEST(session_settings_raise_no_alarm)
{
    struct arena *const a = arena_new();
    struct ledger_report report;
    const char *const bytes =
        "SELECT sha256(string_agg(content, '' ORDER BY ledger_from, leaf_no, tag, person_seq, "
        "ord))::text FROM audit.leaf_rows('test')";
    const char *const plain =
        test_sql_text(a, DATABASE, arena_printf(a, "SET bytea_output = 'hex'; %s", bytes));

    /* As the database's default, which every session starts with; and for the bytes themselves. */
    test_sql(DATABASE, arena_printf(a, "ALTER DATABASE " DATABASE " SET %s", session_settings[_i]));
    ck_assert_str_eq(verify(a, &report), "");
    ck_assert_str_eq(test_sql_text(a, DATABASE,
                                   arena_printf(a, "SET %s; SET bytea_output = 'hex'; %s",
                                                session_settings[_i], bytes)),
                     plain);
    arena_free(a);
}
END_TEST

START_TEST(another_client_encoding_is_refused_and_not_an_alarm)
{
    struct arena *const a = arena_new();
    struct ledger_report report;

    ck_assert_str_eq(test_sql_state(a, DATABASE, "auditor",
                                    "SET client_encoding = 'LATIN1'; SELECT count(*) FROM "
                                    "audit.leaf_rows('test')"),
                     "55000");
    test_sql(DATABASE, "ALTER DATABASE " DATABASE " SET client_encoding = 'LATIN1'");
    ck_assert_str_eq(verify(a, &report), "");
    arena_free(a);
}
END_TEST

/* What somebody with all rights does, and the line that has to come of it. */
#define OPEN_LEDGER  "ALTER TABLE audit.ledger DISABLE TRIGGER ALL; "
#define OPEN_HEAD    "ALTER TABLE audit.ledger_head DISABLE TRIGGER ALL; "
#define OPEN(table)  "ALTER TABLE " table " DISABLE TRIGGER ALL; "
#define STOP(number) "lpad(to_hex(" number "), 32, '0')::uuid"

static const struct {
    const char *name, *sql, *line;
} attacks[] = {
    {"a code is changed",
     OPEN("registration.person") "UPDATE registration.person SET role = 'x' WHERE stop_id = " STOP(
         "2") " AND person_seq = 2",
     "batch 1: the Merkle root"},
    {"a text is changed",
     OPEN("registration.free_text") "UPDATE registration.free_text SET selection_text = 'x' WHERE "
                                    "stop_id = " STOP("4") " AND person_seq = 1",
     "batch 2: the Merkle root"},
    {"a group is changed",
     OPEN("sensitive.person_group") "UPDATE sensitive.person_group SET group_class = 'x' WHERE "
                                    "stop_id = " STOP("9") " AND person_seq = 1",
     "batch 4: the Merkle root"},
    {"NULL becomes empty",
     OPEN("registration.stop") "UPDATE registration.stop SET late_reason = '' WHERE stop_id "
                               "= " STOP("1"),
     "batch 1: the Merkle root"},
    {"a start is moved",
     OPEN("registration.stop") "UPDATE registration.stop SET started_at = started_at + interval '1 "
                               "us' WHERE stop_id = " STOP("1"),
     "batch 1: the Merkle root"},
    {"a salt is changed",
     OPEN("sensitive.officer") "UPDATE sensitive.officer SET salt = '\\x00' WHERE stop_id = " STOP(
         "3"),
     "batch 1: the Merkle root"},
    {"a find is deleted", "DELETE FROM registration.find WHERE stop_id = " STOP("3"),
     "batch 1: the Merkle root"},
    {"an action is added to an old stop",
     "INSERT INTO registration.action SELECT stop_id, ledger_from, leaf_no, started_at, "
     "person_seq, "
     "9 FROM registration.person WHERE stop_id = " STOP("1") " AND person_seq = 1",
     "batch 1: the Merkle root"},
    {"two texts change places",
     OPEN("registration.free_text") "UPDATE registration.free_text SET leaf_no = 3 - leaf_no WHERE "
                                    "stop_id = " STOP("1"),
     "batch 1: the Merkle root"},
    {"a text is deleted",
     "DELETE FROM registration.free_text WHERE stop_id = " STOP("2") " AND person_seq = 1",
     "batch 1: leaf 8 is missing"},
    {"the last leaf is deleted", "DELETE FROM sensitive.officer WHERE stop_id = " STOP("5"),
     "batch 2: 13 leaves are here, its entry has 14"},
    {"a leaf is appended",
     "INSERT INTO sensitive.officer SELECT " STOP("77") ", ledger_from, 99, salt, started_at FROM "
                                                        "sensitive.officer WHERE stop_id = " STOP(
                                                            "5"),
     "batch 2: leaf 14 is missing"},
    {"a stop is slipped in without a batch",
     "INSERT INTO sensitive.officer SELECT stop_id, 88, 0, salt, started_at FROM sensitive.officer "
     "WHERE stop_id = " STOP("5"),
     "batch 88: 1 stored leaves and no ledger entry"},
    {"a whole stop is deleted",
     "DELETE FROM registration.stop WHERE stop_id = " STOP(
         "1") "; DELETE FROM registration.person "
              "WHERE stop_id = " STOP("1") "; DELETE FROM registration.action WHERE stop_id "
                                           "= " STOP("1") "; DELETE FROM registration.find WHERE "
                                                          "stop_id = " STOP(
                                                              "1") "; DELETE FROM "
                                                                   "registration.result WHERE "
                                                                   "stop_id = " STOP("1"),
     "batch 1: leaf 0 is missing"},
    {"all rows of a batch are deleted",
     "DELETE FROM registration.stop WHERE ledger_from = 2; DELETE FROM registration.person WHERE "
     "ledger_from = 2; DELETE FROM registration.action WHERE ledger_from = 2; DELETE FROM "
     "registration.find WHERE ledger_from = 2; DELETE FROM registration.result WHERE ledger_from = "
     "2; DELETE FROM registration.free_text WHERE ledger_from = 2; DELETE FROM "
     "sensitive.person_group WHERE ledger_from = 2; DELETE FROM sensitive.person_trait WHERE "
     "ledger_from = 2; DELETE FROM sensitive.officer WHERE ledger_from = 2",
     "batch 2: 0 leaves are here, its entry has 14"},
    {"a month is dropped", "DROP TABLE registration.free_text_2026_01",
     "batch 1: leaf 1 is missing"},
    {"a version is marked as replaced",
     "INSERT INTO registration.superseded VALUES (" STOP("1") ", 1, 4)",
     "is marked as replaced by batch 4, which has none"},
    {"a key is led elsewhere",
     "UPDATE registration.source_key SET ledger_from = 4 WHERE stop_id = " STOP("1"),
     "its key names batch 4, which has no such version"},
    {"a batch gets other counts",
     "UPDATE registration.batch SET received = 4, refused = 1 WHERE batch_id = 1",
     "batch 1: its counts are not those of ledger entry 6"},
    {"a refused batch disappears", "DELETE FROM registration.batch WHERE status = 'refused'",
     "batch 3: in the ledger (entry 8) and not among the batches"},
    {"a leaf is called erased",
     "INSERT INTO audit.erased_leaf SELECT 1, 1, sha256('x'), 6; DELETE FROM "
     "registration.free_text "
     "WHERE ledger_from = 1 AND leaf_no = 1",
     "entry 6: accounts for"},
    {"a subject is rewritten", OPEN_LEDGER "UPDATE audit.ledger SET subject = '{}' WHERE entry = 2",
     "entry 2: its hash is not that of its content"},
    {"a root is rewritten with its hash",
     OPEN_LEDGER
     "UPDATE audit.ledger SET root = sha256('x') WHERE entry = 6; UPDATE audit.ledger l "
     "SET entry_hash = audit.entry_hash(l) WHERE entry = 6",
     "entry 7: does not follow from the entry before it"},
    {"a time is rewritten",
     OPEN_LEDGER
     "UPDATE audit.ledger SET recorded_at = recorded_at - interval '1 day' WHERE entry = "
     "4",
     "entry 4: its hash is not that of its content"},
    {"an entry is taken out", OPEN_LEDGER "DELETE FROM audit.ledger WHERE entry = 3",
     "entry 3: missing"},
    {"two entries change places",
     OPEN_LEDGER
     "UPDATE audit.ledger SET entry = -entry WHERE false; ALTER TABLE audit.ledger DROP "
     "CONSTRAINT ledger_entry_check; UPDATE audit.ledger SET entry = -2 WHERE entry = 2; "
     "UPDATE audit.ledger SET entry = 2 WHERE entry = 1; UPDATE audit.ledger SET entry = "
     "1 WHERE entry = -2",
     "entry 1: does not follow"},
    {"the tail is cut", OPEN_LEDGER "DELETE FROM audit.ledger WHERE entry = 9",
     "the head names entry 9, which is not the last"},
    {"the tail is cut and the head led back",
     OPEN_LEDGER OPEN_HEAD
     "DELETE FROM audit.ledger WHERE entry = 9; UPDATE audit.ledger_head h SET entry = l.entry, "
     "entry_hash = l.entry_hash FROM audit.ledger l WHERE l.entry = 8",
     "batch 4: 28 stored leaves and no ledger entry"},
    {"the head is taken away", OPEN_HEAD "DELETE FROM audit.ledger_head",
     "the head of the ledger is missing"},
};

START_TEST(a_change_behind_its_back_is_found)
{
    struct arena *const a = arena_new();
    struct ledger_report report;

    test_sql(DATABASE, attacks[_i].sql);

    const char *const lines = verify(a, &report);

    ck_assert_msg(strstr(lines, attacks[_i].line) != NULL, "%s: wanted \"%s\", got \"%s\"",
                  attacks[_i].name, attacks[_i].line, lines);
    ck_assert_uint_gt(report.differences, 0);
    arena_free(a);
}
END_TEST

START_TEST(an_accounted_erasure_is_no_difference)
{
    struct arena *const a = arena_new();
    struct ledger_report report;
    /* What retention does: keep the leaf's hash, remove row and salt, enter how many. */
    const char *const leaf =
        "SELECT sha256('\\x0001'::bytea || salt || '\\x06'::bytea || "
        "int4send(16) || uuid_send(stop_id) || int4send(8) || "
        "timestamptz_send(started_at) || int4send(2) || int2send(person_seq) || "
        "int4send(octet_length(selection_text)) || convert_to(selection_text, "
        "'UTF8')) AS h FROM registration.free_text WHERE ledger_from = 1 AND "
        "leaf_no = 1";

    test_sql(
        DATABASE,
        arena_printf(a,
                     "BEGIN; WITH l AS (%s), e AS (SELECT audit.append_entry('erasure', NULL, "
                     "'{}', 1, NULL) AS entry) INSERT INTO audit.erased_leaf SELECT 1, 1, l.h, "
                     "e.entry FROM l, e; DELETE FROM registration.free_text WHERE ledger_from = "
                     "1 AND leaf_no = 1; COMMIT",
                     leaf));
    ck_assert_str_eq(verify(a, &report), "");
    ck_assert_uint_eq(report.erased, 1);
    arena_free(a);
}
END_TEST

START_TEST(rewriting_everything_shows_only_in_the_head)
{
    struct arena *const a = arena_new();
    struct ledger_report before, after;

    ck_assert_str_eq(verify(a, &before), "");
    /* The last batch with its rows, its keys and its entry, and the head led back: a chain inside
     * the database cannot tell; the head that somebody kept elsewhere can. */
    test_sql(
        DATABASE, OPEN_LEDGER OPEN_HEAD
        "DELETE FROM audit.ledger WHERE entry = 9; UPDATE audit.ledger_head h SET entry = "
        "l.entry, entry_hash = l.entry_hash FROM audit.ledger l WHERE l.entry = 8; "
        "DELETE FROM registration.stop WHERE ledger_from = 4; DELETE FROM registration.person "
        "WHERE ledger_from = 4; DELETE FROM registration.action WHERE ledger_from = 4; DELETE "
        "FROM registration.find WHERE ledger_from = 4; DELETE FROM registration.result WHERE "
        "ledger_from = 4; DELETE FROM registration.free_text WHERE ledger_from = 4; DELETE FROM "
        "sensitive.person_group WHERE ledger_from = 4; DELETE FROM sensitive.person_trait WHERE "
        "ledger_from = 4; DELETE FROM sensitive.officer WHERE ledger_from = 4; DELETE FROM "
        "registration.source_key WHERE ledger_from = 4; DELETE FROM registration.batch WHERE "
        "batch_id = 4");
    ck_assert_str_eq(verify(a, &after), "");
    ck_assert_mem_ne(before.head, after.head, DIGEST_BYTES);
    arena_free(a);
}
END_TEST

Suite *
sql_ledger_suite(void)
{
    Suite *const s = suite_create("sql_ledger");
    TCase *const c = tcase_create("ledger");

    test_home();
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, fresh, NULL);
    tcase_add_test(c, an_honest_ledger_has_no_difference);
    tcase_add_loop_test(c, stretches_of_any_length_give_the_same_rows, 0,
                        (int)(sizeof stretches / sizeof stretches[0]));
    tcase_add_loop_test(c, session_settings_raise_no_alarm, 0,
                        (int)(sizeof session_settings / sizeof session_settings[0]));
    tcase_add_test(c, another_client_encoding_is_refused_and_not_an_alarm);
    tcase_add_loop_test(c, a_change_behind_its_back_is_found, 0,
                        (int)(sizeof attacks / sizeof attacks[0]));
    tcase_add_test(c, an_accounted_erasure_is_no_difference);
    tcase_add_test(c, rewriting_everything_shows_only_in_the_head);
    suite_add_tcase(s, c);
    return s;
}
