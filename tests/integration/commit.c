/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Group commit against a real server, its sessions ended, stopped and locked, and against a real
 * spool: what every post is told, and that the tables hold what was told and nothing twice.
 */
#define _DEFAULT_SOURCE
#include "collector/commit.h"
#include "collector/spool.h"
#include "common/clock.h"
#include "sql/cluster.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATABASE "test_commit"

Suite *commit_suite(void);

/* ---- posts ----------------------------------------------------------------------------------- */

static const char form[] =
    "{\"source_system\":\"%s\",\"source_record_no\":\"2026-11-%07d\",\"source_version\":%d,"
    "\"tx_type\":\"%s\",\"schema_version\":\"1.0.0\",\"codeset_version\":\"2026.1\","
    "\"registered_at\":\"2026-11-%02dT23:55:10+01:00\",\"stop\":{"
    "\"started_at\":\"2026-11-%02dT%02d:%02d:00+01:00\",\"time_precision\":\"exact\","
    "\"duration_min\":%s,\"initiated_by\":\"self\",\"selection_method\":\"individual\","
    "\"stop_mode\":\"pedestrian\",\"persons_present\":1,\"persons_registered\":1,"
    "\"buurt_code\":\"BU05182811\",\"place_type\":\"street\",\"legal_basis\":[\"PW8_WID2\"],"
    "\"unit_code\":\"HGL-03\",\"assignment\":\"emergency\",\"in_uniform\":true,"
    "\"officer_identified\":\"unprompted\"},\"persons\":[{\"person_seq\":1,"
    "\"role\":\"pedestrian\",\"age_band\":\"18-24\",\"perceived_gender\":\"man\","
    "\"selection\":{\"behaviour\":[\"handover_seen\"],\"information_source\":\"none\","
    "\"information_age\":\"<1h\",\"selection_text\":\"%s\"},"
    "\"explanation\":{\"explained\":\"unprompted\",\"reason_told\":[\"handover_seen\"],"
    "\"receipt_given\":\"digital\"},\"treatment\":{\"treatment_flags\":[\"none\"],"
    "\"bodycam\":\"worn_on_full\"},\"outcome\":{\"actions\":[{\"id_checked\":\"shown\","
    "\"search_kind\":\"none\",\"force\":[\"none\"]}],\"finds\":[],"
    "\"results\":[{\"result\":\"nothing_sent_on\"}]},\"reflection\":{"
    "\"reflection\":\"planned\"}}]}";

struct sent { /* a post and what became of it, as its done() saw it */
    struct post post;
    atomic_int answered; /* how often */
    enum rule_id rules[16];
    unsigned rule_count;
};

static void
done(struct post *p)
{
    struct sent *const s = p->context;

    for (unsigned i = 0; i < p->note_count && s->rule_count < 16; i++)
        s->rules[s->rule_count++] = p->notes[i].rule;
    atomic_fetch_add(&s->answered, 1);
}

struct edit {
    int number, version, minute;
    const char *source, *type, *duration, *text;
};

static const char *
text_of(struct arena *a, struct edit x)
{
    const int minute = x.minute ? x.minute : x.number;

    return arena_printf(a, form, x.source ? x.source : "pol-hgl", x.number,
                        x.version ? x.version : 1, x.type ? x.type : "I", 15 + minute / 720 % 5,
                        15 + minute / 720 % 5, minute / 60 % 12, minute % 60,
                        x.duration ? x.duration : "9",
                        x.text ? x.text
                               : arena_printf(a, "Gaf %d keer iets over bij halte %d.",
                                              x.number * 7919 % 1000, x.number));
}

static struct sent *
post_text(struct arena *a, const char *text)
{
    struct sent *const s = arena_alloc(a, sizeof *s);

    s->post.text = span_of(text);
    s->post.source = "pol-hgl";
    s->post.done = done;
    s->post.context = s;
    return s;
}

static struct sent *
post(struct arena *a, struct edit x)
{
    return post_text(a, text_of(a, x));
}

static void
await(struct sent *s)
{
    const double until = clock_seconds() + 60;

    while (atomic_load(&s->answered) == 0 && clock_seconds() < until)
        usleep(500);
    ck_assert_msg(atomic_load(&s->answered) == 1, "answered %d times", atomic_load(&s->answered));
}

static enum post_result
send_one(struct committer *c, struct sent *s)
{
    ck_assert(committer_submit(c, &s->post));
    await(s);
    return s->post.result;
}

static bool
told(const struct sent *s, enum rule_id rule)
{
    for (unsigned i = 0; i < s->rule_count; i++)
        if (s->rules[i] == rule)
            return true;
    return false;
}

static void
assert_result(const struct sent *s, enum post_result expected)
{
    char all[128] = "";

    for (unsigned i = 0; i < s->rule_count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), " %s", rules[s->rules[i]].code);
    ck_assert_msg(s->post.result == expected, "%s, not %s:%s", post_result_name(s->post.result),
                  post_result_name(expected), all);
}

/* ---- the database and the committer ---------------------------------------------------------- */

static struct arena *a;

static void
fresh(void)
{
    setenv("MAATSTAF_NOW", "2026-11-20T22:00:00+01:00", 1);
    test_database(DATABASE);
}

static void
open_arena(void)
{
    struct cluster cluster;
    struct err e = {0};

    a = arena_new();
    /* Whatever a test before left behind. */
    ck_assert(cluster_find(a, test_home(), &cluster, &e) && cluster_start(a, &cluster, &e));
}

static void
close_arena(void)
{
    arena_free(a);
}

static struct committer_options
options(void)
{
    struct committer_options o = {
        .target = {test_conninfo(a, DATABASE, "collector"), NULL, NULL, 2}, .budget_s = 2};

    memset(o.keys.record, 1, KEY_BYTES);
    memset(o.keys.quarantine, 2, KEY_BYTES);
    return o;
}

static struct committer *
start(const struct committer_options *o)
{
    struct committer_counts n = {0};
    struct err e = {0};
    struct committer *const c = committer_start(a, o, &e);
    const double until = clock_seconds() + 30;

    ck_assert_msg(c != NULL, "%s", e.text);
    while (!n.loaded && clock_seconds() < until) {
        committer_counts(c, &n);
        usleep(1000);
    }
    ck_assert(n.loaded);
    return c;
}

static const char *
scratch_folder(void)
{
    char *const path = arena_strdup(a, "/tmp/maatstaf-commit.XXXXXX");

    ck_assert_ptr_nonnull(mkdtemp(path));
    return path;
}

static struct spool *
open_spool(const char *folder, uint64_t most)
{
    static const uint8_t key[KEY_BYTES] = {3};
    const struct spool_options o = {
        .dir = folder, .key = key, .segment_bytes = 16384, .most_bytes = most, .floor_bytes = 1};
    struct err e = {0};
    struct spool *const s = spool_open(a, &o, &e);

    ck_assert_msg(s != NULL, "%s", e.text);
    return s;
}

static const char *
sql(const char *query)
{
    return test_sql_text(a, DATABASE, query);
}

static void
assert_sql(const char *query, const char *expected)
{
    const char *const found = sql(query);

    ck_assert_msg(strcmp(found, expected) == 0, "%s: %s, not %s", query, found, expected);
}

/* What holds whatever happened. */
static void
assert_sound(void)
{
    assert_sql("SELECT count(*) FROM registration.batch WHERE status = 'open' OR received <> "
               "accepted + duplicate + quarantined + refused",
               "0");
    assert_sql("SELECT count(*) FROM (SELECT stop_id FROM registration.stop s WHERE NOT EXISTS "
               "(SELECT FROM registration.superseded x WHERE x.stop_id = s.stop_id AND "
               "x.ledger_from = s.ledger_from) GROUP BY 1 HAVING count(*) > 1) d",
               "0");
    assert_sql("SELECT (SELECT coalesce(sum(accepted), 0) FROM registration.batch) - "
               "(SELECT count(*) FROM registration.stop)",
               "0");
    assert_sql("SELECT (SELECT count(*) FROM registration.batch) - "
               "(SELECT count(*) FROM audit.ledger WHERE kind = 'batch')",
               "0");
}

static int64_t
session(const char *action)
{
    return strtoll(sql(arena_printf(a,
                                    "SELECT count(%s) FROM pg_stat_activity WHERE datname = "
                                    "'" DATABASE "' AND usename = 'collector'",
                                    action)),
                   NULL, 10);
}

/* ---- verdicts -------------------------------------------------------------------------------- */

START_TEST(every_verdict_is_told_as_it_is_stored)
{
    const struct committer_options o = options();
    struct committer *const c = start(&o);
    struct sent *const new = post(a, (struct edit){.number = 1});
    struct sent *const again = post(a, (struct edit){.number = 1});
    struct sent *const other = post(a, (struct edit){.number = 1, .duration = "10"});
    struct sent *const apart = post(a, (struct edit){.number = 2, .duration = "9999"});
    struct sent *const once_more = post(a, (struct edit){.number = 2, .duration = "9999"});
    struct sent *const code = post(a, (struct edit){.number = 3, .duration = "\"x\""});
    struct sent *const broken = post_text(a, "{\"source_system\":");
    struct sent *const numbered = post(
        a, (struct edit){.number = 4, .text = "Bestuurder gaf BSN 111222333 op bij controle."});
    struct sent *const foreign = post(a, (struct edit){.number = 5, .source = "pol-elders"});
    struct sent *const unknown = post(a, (struct edit){.number = 6, .version = 2, .type = "U"});
    struct sent *const update =
        post(a, (struct edit){.number = 1, .version = 2, .type = "U", .duration = "11"});
    struct sent *const twice =
        post(a, (struct edit){.number = 7, .minute = 1, .text = "Stond te lang op de hoek daar."});

    send_one(c, new);
    assert_result(new, POST_STORED);
    ck_assert(new->post.has_id &&new->post.ledger_entry > 0 && new->post.line == 1);
    assert_sql(arena_printf(a,
                            "SELECT count(*) FROM audit.ledger WHERE entry = %lld AND batch_id "
                            "= %lld AND kind = 'batch'",
                            (long long)new->post.ledger_entry, (long long)new->post.batch_id),
               "1");
    send_one(c, again);
    assert_result(again, POST_HELD);
    ck_assert(again->post.ledger_entry == 0 && told(again, RULE_I100));
    ck_assert_mem_eq(again->post.stop_id, new->post.stop_id, 16);
    send_one(c, other);
    assert_result(other, POST_CONFLICT);
    ck_assert(told(other, RULE_R021));
    send_one(c, apart);
    assert_result(apart, POST_QUARANTINED);
    ck_assert(told(apart, RULE_E031));
    send_one(c, once_more);
    assert_result(once_more, POST_QUARANTINED);
    send_one(c, code);
    assert_result(code, POST_REFUSED);
    ck_assert(told(code, RULE_R013));
    send_one(c, broken);
    assert_result(broken, POST_REFUSED);
    ck_assert(told(broken, RULE_R001) && !broken->post.has_id);
    send_one(c, numbered);
    assert_result(numbered, POST_REFUSED);
    ck_assert(told(numbered, RULE_R010));
    send_one(c, foreign);
    assert_result(foreign, POST_REFUSED);
    ck_assert(foreign->post.foreign && told(foreign, RULE_F003) && !foreign->post.has_id);
    send_one(c, unknown);
    assert_result(unknown, POST_REFUSED);
    ck_assert(told(unknown, RULE_R022));
    send_one(c, update);
    assert_result(update, POST_STORED);
    send_one(c, twice);
    assert_result(twice, POST_STORED);
    ck_assert_msg(told(twice, RULE_W040), "a double of stored stops is not told");

    struct committer_counts n;

    committer_counts(c, &n);
    ck_assert_uint_eq(n.results[POST_STORED], 3);
    ck_assert_uint_eq(n.results[POST_REFUSED], 5);
    ck_assert_uint_eq(n.groups, 12);
    assert_sql("SELECT string_agg(DISTINCT state, ' ') FROM registration.stop WHERE "
               "source_record_no = '2026-11-0000007'",
               "ACCEPTED_WITH_WARNINGS");
    assert_sql("SELECT count(*) FROM registration.quarantine WHERE sealed IS NOT NULL", "1");
    assert_sql("SELECT sum(received) || ' ' || sum(accepted) || ' ' || sum(duplicate) || ' ' || "
               "sum(quarantined) || ' ' || sum(refused) FROM registration.batch",
               "12 3 2 1 6");
    assert_sql("SELECT count(*) FROM registration.batch b WHERE b::text LIKE '%111222333%'", "0");
    assert_sound();
}
END_TEST

START_TEST(posts_that_come_together_are_one_batch)
{
    const struct committer_options o = options();
    struct committer *const c = start(&o);
    struct sent *s[66];

    fresh();
    send_one(c, post(a, (struct edit){.number = 900}));
    for (int i = 0; i < 64; i++)
        s[i] = post(a, (struct edit){.number = i + 1});
    s[64] = post(a, (struct edit){.number = 5});                   /* the same again */
    s[65] = post(a, (struct edit){.number = 6, .duration = "12"}); /* with other content */
    for (int i = 0; i < 66; i++)
        ck_assert(committer_submit(c, &s[i]->post));
    for (int i = 0; i < 66; i++)
        await(s[i]);
    for (int i = 0; i < 64; i++)
        assert_result(s[i], POST_STORED);
    assert_result(s[64], POST_HELD);
    assert_result(s[65], POST_CONFLICT);
    ck_assert_int_le(strtol(sql("SELECT count(*) FROM registration.batch"), NULL, 10), 10);
    assert_sound();
}
END_TEST

START_TEST(a_record_and_its_update_in_one_group_are_two_versions)
{
    struct committer_options o = options();
    struct sent *const blocker = post(a, (struct edit){.number = 1});
    struct sent *const first = post(a, (struct edit){.number = 2});
    struct sent *const second =
        post(a, (struct edit){.number = 2, .version = 2, .type = "U", .duration = "11"});

    fresh();

    struct committer *const c = start(&o);

    ck_assert(committer_submit(c, &blocker->post));
    ck_assert(committer_submit(c, &first->post));
    ck_assert(committer_submit(c, &second->post));
    await(blocker);
    await(first);
    await(second);
    assert_result(first, POST_STORED);
    assert_result(second, POST_STORED);
    ck_assert(first->post.ledger_entry != second->post.ledger_entry);
    assert_sql("SELECT count(*) FROM registration.stop WHERE source_record_no = '2026-11-0000002'",
               "2");
    assert_sql("SELECT count(*) FROM registration.superseded", "1");
    assert_sound();
}
END_TEST

START_TEST(sources_do_not_share_a_batch)
{
    const struct committer_options o = options();
    struct sent *s[40];

    fresh();

    struct committer *const c = start(&o);

    for (int i = 0; i < 40; i++) {
        const char *const source = i % 3 == 0 ? "boa-denhaag" : "pol-hgl";

        s[i] = post(a, (struct edit){.number = i + 1, .source = source});
        s[i]->post.source = source;
        ck_assert(committer_submit(c, &s[i]->post));
    }
    for (int i = 0; i < 40; i++) {
        await(s[i]);
        assert_result(s[i], POST_STORED);
    }
    assert_sql("SELECT count(*) FROM registration.stop s JOIN registration.batch b ON b.batch_id = "
               "s.ledger_from WHERE b.source_system <> s.source_system",
               "0");
    assert_sql("SELECT string_agg(n::text, ' ') FROM (SELECT sum(accepted) n FROM "
               "registration.batch GROUP BY source_system ORDER BY source_system) x",
               "14 26");
    assert_sound();
}
END_TEST

/* ---- many at once ---------------------------------------------------------------------------- */

struct sender {
    struct committer *committer;
    struct arena *arena;
    int from, count;
    unsigned wrong, busy;
    pthread_t thread;
};

/* Sends each of its posts until it is neither busy nor turned away, then once more. */
static void *
send_all(void *context)
{
    struct sender *const s = context;
    enum post_result before = POST_BUSY;

    for (int i = 0; i < 2 * s->count; i++) {
        const struct edit x = {.number = s->from + i / 2};
        enum post_result r = POST_BUSY;

        while (r == POST_BUSY) {
            struct sent *const it = post(s->arena, x);

            while (!committer_submit(s->committer, &it->post))
                usleep(2000);
            while (atomic_load(&it->answered) == 0)
                usleep(200);
            r = it->post.result;
            s->busy += r == POST_BUSY;
            if (r == POST_BUSY)
                usleep(20000);
        }
        s->wrong += r != POST_STORED && r != POST_HELD && r != POST_SPOOLED;
        /* What was said to be stored is there when it comes again. */
        s->wrong += i % 2 == 1 && before != POST_SPOOLED && r == POST_STORED;
        before = r;
    }
    return NULL;
}

enum { SENDERS = 8, EACH = 40 };

static void
start_senders(struct sender *senders, struct committer *c)
{
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = (struct sender){c, arena_new(), 1 + i * EACH, EACH, 0, 0, 0};
        ck_assert(pthread_create(&senders[i].thread, NULL, send_all, &senders[i]) == 0);
    }
}

static void
end_senders(struct sender *senders)
{
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        arena_free(senders[i].arena);
        ck_assert_uint_eq(senders[i].wrong, 0);
    }
}

static void
assert_all_stored(void)
{
    assert_sql("SELECT count(*) || ' ' || count(DISTINCT source_record_no) FROM registration.stop",
               arena_printf(a, "%d %d", SENDERS * EACH, SENDERS * EACH));
    assert_sound();
}

START_TEST(concurrent_senders_store_everything_once)
{
    const struct committer_options o = options();
    struct sender senders[SENDERS];

    fresh();

    struct committer *const c = start(&o);

    start_senders(senders, c);
    end_senders(senders);
    assert_all_stored();
}
END_TEST

START_TEST(ended_sessions_lose_nothing_and_double_nothing)
{
    const struct committer_options o = options();
    struct sender senders[SENDERS];
    int ended = 0;

    fresh();

    struct committer *const c = start(&o);

    start_senders(senders, c);
    for (int i = 0; i < 10; i++) {
        usleep(30000);
        ended += (int)session("pg_terminate_backend(pid)");
    }
    end_senders(senders);
    ck_assert_int_gt(ended, 0);
    assert_all_stored();
}
END_TEST

static pid_t
backend_pid(void)
{
    return (pid_t)strtol(sql("SELECT pid FROM pg_stat_activity WHERE datname = '" DATABASE
                             "' AND usename = 'collector' LIMIT 1"),
                         NULL, 10);
}

START_TEST(a_stopped_backend_costs_its_connection_only)
{
    struct committer_options o = options();
    struct sent *s = post(a, (struct edit){.number = 1});

    o.budget_s = 3;
    fresh();

    struct committer *const c = start(&o);
    const pid_t stopped = backend_pid();

    ck_assert_int_gt(stopped, 1);
    kill(stopped, SIGSTOP);
    ck_assert(committer_submit(c, &s->post));
    await(s);
    kill(stopped, SIGCONT);
    /* Without a spool it may be busy; never a false word. */
    ck_assert(s->post.result == POST_STORED || s->post.result == POST_BUSY);
    while (send_one(c, s = post(a, (struct edit){.number = 1})) == POST_BUSY)
        usleep(50000);
    ck_assert(s->post.result == POST_STORED || s->post.result == POST_HELD);
    assert_sql("SELECT count(*) FROM registration.stop", "1");
    assert_sound();
}
END_TEST

START_TEST(a_server_that_stops_and_starts_is_waited_for)
{
    const struct committer_options o = options();
    struct sender senders[SENDERS];
    struct cluster cluster;
    struct err e = {0};

    fresh();
    ck_assert(cluster_find(a, test_home(), &cluster, &e));

    struct committer *const c = start(&o);

    start_senders(senders, c);
    usleep(100000);
    ck_assert_msg(cluster_stop(a, &cluster, &e), "%s", e.text);
    usleep(300000);
    ck_assert_msg(cluster_start(a, &cluster, &e), "%s", e.text);
    end_senders(senders);
    assert_all_stored();
}
END_TEST

/* ---- refusing -------------------------------------------------------------------------------- */

START_TEST(a_full_queue_turns_away)
{
    struct committer_options o = options();
    struct sent *s[8];
    unsigned taken = 0;

    o.queue_most = 4;
    fresh();

    struct committer *const c = start(&o);
    const pid_t stopped = backend_pid();

    kill(stopped, SIGSTOP);
    s[0] = post(a, (struct edit){.number = 1});
    ck_assert(committer_submit(c, &s[0]->post));
    usleep(100000);
    for (int i = 1; i < 8; i++) {
        s[i] = post(a, (struct edit){.number = i + 1});
        taken += committer_submit(c, &s[i]->post);
    }
    kill(stopped, SIGCONT);
    ck_assert_uint_eq(taken, 4);
    for (unsigned i = 0; i <= taken; i++)
        await(s[i]);
    assert_sound();
}
END_TEST

START_TEST(draining_answers_everything_and_takes_no_more)
{
    const struct committer_options o = options();
    struct sent *s[100];

    fresh();

    struct committer *const c = start(&o);

    for (int i = 0; i < 100; i++) {
        s[i] = post(a, (struct edit){.number = i + 1});
        ck_assert(committer_submit(c, &s[i]->post));
    }
    committer_drain(c, 10);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(atomic_load(&s[i]->answered), 1);
        assert_result(s[i], POST_STORED);
    }
    ck_assert(!committer_submit(c, &post(a, (struct edit){.number = 101})->post));
    assert_sql("SELECT count(*) FROM registration.stop", "100");
    assert_sound();
}
END_TEST

/* A trigger that runs within COMMIT holds it up: the answer is no earlier. */
START_TEST(nothing_is_said_before_commit)
{
    const struct committer_options o = options();

    fresh();
    test_sql(DATABASE,
             "CREATE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
             "pg_sleep(0.6); RETURN NULL; END $$;"
             "GRANT EXECUTE ON FUNCTION public.late() TO PUBLIC;"
             "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON registration.batch DEFERRABLE "
             "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.late()");

    struct committer *const c = start(&o);
    struct sent *const s = post(a, (struct edit){.number = 1});

    ck_assert(committer_submit(c, &s->post));
    await(s);
    assert_result(s, POST_STORED);
    assert_sql("SELECT count(*) FROM registration.stop", "1");
}
END_TEST

/* A trigger stands for whatever the database will not take of one record. */
START_TEST(a_post_that_cannot_be_stored_is_set_apart_alone)
{
    const struct committer_options o = options();
    struct sent *s[20];

    fresh();
    test_sql(DATABASE,
             "CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
             "NEW.source_record_no = '2026-11-0000013' THEN RAISE EXCEPTION 'no' USING ERRCODE = "
             "'22003'; END IF; RETURN NEW; END $$;"
             "CREATE TRIGGER no BEFORE INSERT ON registration.stop FOR EACH ROW EXECUTE FUNCTION "
             "public.no(); GRANT EXECUTE ON FUNCTION public.no() TO PUBLIC");

    struct committer *const c = start(&o);

    for (int i = 0; i < 20; i++) {
        s[i] = post(a, (struct edit){.number = i + 1});
        ck_assert(committer_submit(c, &s[i]->post));
    }
    for (int i = 0; i < 20; i++) {
        await(s[i]);
        assert_result(s[i], i == 12 ? POST_QUARANTINED : POST_STORED);
    }
    assert_sql("SELECT count(*) FROM registration.stop", "19");
    assert_sql("SELECT count(*) FROM registration.quarantine WHERE sealed IS NOT NULL", "1");
    assert_sound();
}
END_TEST

/* ---- the spool ------------------------------------------------------------------------------- */

static void
empty_soon(const struct spool *s)
{
    const double until = clock_seconds() + 30;

    while (spool_count(s) > 0 && clock_seconds() < until)
        usleep(5000);
    ck_assert_uint_eq(spool_count(s), 0);
}

START_TEST(an_outage_goes_through_the_spool_in_order)
{
    struct committer_options o = options();
    struct cluster cluster;
    struct err e = {0};
    struct sent *s[30];

    o.spool = open_spool(scratch_folder(), 0);
    o.budget_s = 0.3;
    fresh();
    ck_assert(cluster_find(a, test_home(), &cluster, &e));

    struct committer *const c = start(&o);

    ck_assert_msg(cluster_stop(a, &cluster, &e), "%s", e.text);
    for (int i = 0; i < 10; i++) {
        s[i] = post(a, (struct edit){.number = i + 1});
        send_one(c, s[i]);
        assert_result(s[i], POST_SPOOLED);
        ck_assert(s[i]->post.has_id);
    }
    /* Versions after their first; an identifier is refused now and never written. */
    s[10] = post(a, (struct edit){.number = 1, .version = 2, .type = "U", .duration = "11"});
    s[11] = post(a, (struct edit){.number = 1, .version = 3, .type = "U", .duration = "12"});
    s[12] = post(a, (struct edit){.number = 50, .text = "Gaf BSN 111222333 op bij deze controle."});
    s[13] = post(a, (struct edit){.number = 51, .duration = "9999"});
    s[14] = post(a, (struct edit){.number = 2, .duration = "15"});
    for (int i = 10; i < 15; i++)
        send_one(c, s[i]);
    assert_result(s[11], POST_SPOOLED);
    assert_result(s[12], POST_REFUSED);
    ck_assert(told(s[12], RULE_R010));
    assert_result(s[13], POST_SPOOLED);
    ck_assert_uint_eq(spool_count(o.spool), 15);
    ck_assert_msg(cluster_start(a, &cluster, &e), "%s", e.text);
    empty_soon(o.spool);
    s[15] = post(a, (struct edit){.number = 60});
    send_one(c, s[15]);
    assert_result(s[15], POST_STORED);
    assert_sql("SELECT count(*) FROM registration.stop", "13");
    assert_sql("SELECT source_version FROM registration.source_key k WHERE stop_id = (SELECT "
               "DISTINCT stop_id FROM registration.stop WHERE source_record_no = "
               "'2026-11-0000001')",
               "3");
    assert_sql("SELECT sum(received) || ' ' || sum(accepted) || ' ' || sum(duplicate) || ' ' || "
               "sum(quarantined) || ' ' || sum(refused) FROM registration.batch",
               "16 13 0 1 2");
    assert_sql("SELECT count(*) FROM registration.batch_message WHERE code = 'R010'", "1");
    assert_sound();
}
END_TEST

START_TEST(what_is_spooled_again_is_held_already)
{
    struct committer_options o = options();
    struct err e = {0};

    fresh();
    o.spool = open_spool(scratch_folder(), 0);
    o.budget_s = 0.2;

    struct committer *c = start(&o);
    struct cluster cluster;

    ck_assert(cluster_find(a, test_home(), &cluster, &e));
    for (int round = 0; round < 2; round++) {
        /* The same posts are spooled twice: their first replay stores, their second finds them. */
        ck_assert_msg(cluster_stop(a, &cluster, &e), "%s", e.text);
        for (int i = 0; i < 5; i++) {
            struct sent *const s = post(a, (struct edit){.number = i + 1});

            send_one(c, s);
            assert_result(s, POST_SPOOLED);
        }
        ck_assert_msg(cluster_start(a, &cluster, &e), "%s", e.text);
        empty_soon(o.spool);
    }
    assert_sql("SELECT count(*) || ' ' || count(DISTINCT stop_id) FROM registration.stop", "5 5");
    assert_sql("SELECT sum(duplicate) FROM registration.batch", "5");
    assert_sound();
}
END_TEST

START_TEST(a_full_spool_promises_nothing)
{
    struct committer_options o = options();
    struct cluster cluster;
    struct err e = {0};
    int spooled = 0, busy = 0;

    o.spool = open_spool(scratch_folder(), 8192);
    o.budget_s = 0.2;
    fresh();
    ck_assert(cluster_find(a, test_home(), &cluster, &e));

    struct committer *const c = start(&o);

    ck_assert_msg(cluster_stop(a, &cluster, &e), "%s", e.text);
    for (int i = 0; i < 20; i++) {
        const enum post_result r = send_one(c, post(a, (struct edit){.number = i + 1}));

        ck_assert(r == POST_SPOOLED || r == POST_BUSY);
        spooled += r == POST_SPOOLED;
        busy += r == POST_BUSY;
    }
    ck_assert_int_gt(spooled, 0);
    ck_assert_int_gt(busy, 0);
    ck_assert_msg(cluster_start(a, &cluster, &e), "%s", e.text);
    empty_soon(o.spool);
    assert_sql("SELECT count(*) FROM registration.stop", arena_printf(a, "%d", spooled));
    assert_sound();
}
END_TEST

/* ---- the rest of the house ------------------------------------------------------------------- */

/* No roll-up is written on this way: the analysis counts these batches itself. */
START_TEST(an_analysis_counts_what_posts_brought)
{
    const struct committer_options o = options();

    fresh();

    struct committer *const c = start(&o);

    for (int i = 0; i < 25; i++)
        ck_assert_int_eq(send_one(c, post(a, (struct edit){.number = i + 1})), POST_STORED);
    assert_sql("SELECT count(*) FROM analysis.roll_up", "0");
    assert_sql("SELECT count(*) FROM analysis.roll_up('Europe/Amsterdam')", "1");
    assert_sql("SELECT sum(c.sums[1]) FROM analysis.roll_up_cell c WHERE c.perspective = 0", "25");
    /* Asked again, nothing is counted twice; and what comes later is added. */
    send_one(c, post(a, (struct edit){.number = 26}));
    assert_sql("SELECT count(*) FROM analysis.roll_up('Europe/Amsterdam')", "1");
    assert_sql("SELECT sum(c.sums[1]) FROM analysis.roll_up_cell c WHERE c.perspective = 0", "26");
}
END_TEST

START_TEST(without_a_database_posts_are_busy_until_it_was_read_once)
{
    struct committer_options o = options();
    struct err e = {0};

    o.target.conninfo = test_conninfo(a, "no_such_database", "collector");
    o.spool = open_spool(scratch_folder(), 0);
    o.budget_s = 0.2;

    struct committer *const c = committer_start(a, &o, &e);
    struct sent *const s = post(a, (struct edit){.number = 1});

    ck_assert_ptr_nonnull(c);
    send_one(c, s);
    assert_result(s, POST_BUSY);
    ck_assert_uint_eq(spool_count(o.spool), 0);
}
END_TEST

START_TEST(a_decision_reaches_the_next_posts_after_a_reload)
{
    const struct committer_options o = options();
    struct committer_counts n;

    fresh();

    struct committer *const c = start(&o);

    ck_assert_int_eq(send_one(c, post(a, (struct edit){.number = 1})), POST_STORED);
    test_sql(DATABASE, "UPDATE reference.setting SET value = '2026-11-19' WHERE name = 'go_live'");
    committer_reload(c);
    /* Before the installation's first day: R030. */
    struct sent *const s = post(a, (struct edit){.number = 2});

    send_one(c, s);
    assert_result(s, POST_REFUSED);
    ck_assert(told(s, RULE_R030));
    committer_counts(c, &n);
    ck_assert(n.loaded && n.database);
}
END_TEST

Suite *
commit_suite(void)
{
    Suite *const s = suite_create("commit");
    TCase *const c = tcase_create("commit");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_checked_fixture(c, open_arena, close_arena);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, every_verdict_is_told_as_it_is_stored);
    tcase_add_test(c, posts_that_come_together_are_one_batch);
    tcase_add_test(c, a_record_and_its_update_in_one_group_are_two_versions);
    tcase_add_test(c, sources_do_not_share_a_batch);
    tcase_add_test(c, concurrent_senders_store_everything_once);
    tcase_add_test(c, ended_sessions_lose_nothing_and_double_nothing);
    tcase_add_test(c, a_stopped_backend_costs_its_connection_only);
    tcase_add_test(c, a_server_that_stops_and_starts_is_waited_for);
    tcase_add_test(c, a_full_queue_turns_away);
    tcase_add_test(c, draining_answers_everything_and_takes_no_more);
    tcase_add_test(c, nothing_is_said_before_commit);
    tcase_add_test(c, a_post_that_cannot_be_stored_is_set_apart_alone);
    tcase_add_test(c, an_outage_goes_through_the_spool_in_order);
    tcase_add_test(c, what_is_spooled_again_is_held_already);
    tcase_add_test(c, a_full_spool_promises_nothing);
    tcase_add_test(c, an_analysis_counts_what_posts_brought);
    tcase_add_test(c, without_a_database_posts_are_busy_until_it_was_read_once);
    tcase_add_test(c, a_decision_reaches_the_next_posts_after_a_reload);
    suite_add_tcase(s, c);
    return s;
}
