/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A small encoder of registrations for the ledger: every table and column of sql/fields.h with
 * values that differ by column and stop. It decides nothing; the suites that use it do.
 */
#include "tests/lib/ledger_batches.h"

#include "common/str.h"
#include "sql/fields.h"
#include "sql/ledger.h"
#include "tests/lib/cluster.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

enum type { TYPE_CODE, TYPE_CODES, TYPE_TEXT, TYPE_INT, TYPE_BOOL, TYPE_TIME };

struct column {
    const char *name;
    enum type type;
};

#define COLUMN(table, name, json, type, ...) {#name, TYPE_##type},
static const struct column stop[] = {STOP_FIELDS(COLUMN) STOP_DERIVED(COLUMN)};
static const struct column person[] = {PERSON_FIELDS(COLUMN) PERSON_DERIVED(COLUMN)};
static const struct column action[] = {ACTION_FIELDS(COLUMN)};
static const struct column find[] = {FIND_FIELDS(COLUMN)};
static const struct column result[] = {RESULT_FIELDS(COLUMN)};
static const struct column text[] = {TEXT_FIELDS(COLUMN)};
static const struct column group[] = {GROUP_FIELDS(COLUMN) GROUP_DERIVED(COLUMN)};
static const struct column trait[] = {TRAIT_FIELDS(COLUMN)};
static const struct column officer[] = {OFFICER_FIELDS(COLUMN)};

enum envelope { HAS_SALT = 1, HAS_START = 2, HAS_SEQ = 4, HAS_ORD = 8 };

#define TABLE(name, columns, envelope)                                                             \
    {                                                                                              \
        name, columns, sizeof columns / sizeof columns[0], envelope                                \
    }
static const struct {
    const char *name;
    const struct column *columns;
    size_t count;
    int envelope;
} tables[] = {
    {NULL, NULL, 0, 0},
    TABLE("registration.stop", stop, HAS_SALT),
    TABLE("registration.person", person, HAS_START | HAS_SEQ),
    TABLE("registration.action", action, HAS_START | HAS_SEQ | HAS_ORD),
    TABLE("registration.find", find, HAS_START | HAS_SEQ | HAS_ORD),
    TABLE("registration.result", result, HAS_START | HAS_SEQ | HAS_ORD),
    TABLE("registration.free_text", text, HAS_SALT | HAS_START | HAS_SEQ),
    TABLE("sensitive.person_group", group, HAS_SALT | HAS_START | HAS_SEQ),
    TABLE("sensitive.person_trait", trait, HAS_SALT | HAS_START | HAS_SEQ),
    TABLE("sensitive.officer", officer, HAS_SALT | HAS_START),
};

struct writer {
    struct arena *arena;
    struct strbuf *sql;  /* INSERT statements */
    struct strbuf *leaf; /* bytes of the leaf at hand */
    struct merkle tree;
    int batch, stop, leaf_no;
};

/* 2026-01-05T10:00:00Z plus minutes, as PostgreSQL sends it. */
static uint64_t
start_micros(int minutes)
{
    const uint64_t days = 26 * 365 + 7 + 4; /* 2000-01-01 to 2026-01-05 */

    return ((days * 24 + 10) * 60 + (uint64_t)minutes) * UINT64_C(60000000);
}

static void
put_bytes(struct strbuf *b, const void *data, size_t length)
{
    strbuf_add_be32(b, (uint32_t)length);
    strbuf_add(b, data, length);
}

static void
put_time(struct writer *w, int minutes)
{
    strbuf_add_be32(w->leaf, 8);
    strbuf_add_be64(w->leaf, start_micros(minutes));
    strbuf_printf(w->sql, ", timestamptz '2026-01-05 10:00Z' + interval '%d min'", minutes);
}

static void
put_small(struct writer *w, int value)
{
    strbuf_add_be32(w->leaf, 2);
    strbuf_add_be16(w->leaf, (uint16_t)value);
    strbuf_printf(w->sql, ", %d", value);
}

static void
put_codes(struct writer *w, size_t i)
{
    if (i % 2 == 0) { /* empty: no dimension */
        static const uint8_t empty[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25};

        put_bytes(w->leaf, empty, sizeof empty);
        strbuf_add_text(w->sql, ", '{}'");
        return;
    }

    static const uint8_t two[] = {0, 0, 0, 1, 0, 0, 0, 0, 0,   0, 0, 25, 0, 0,   0,  2,
                                  0, 0, 0, 1, 0, 0, 0, 1, 'a', 0, 0, 0,  2, 'b', 'c'};

    put_bytes(w->leaf, two, sizeof two);
    strbuf_add_text(w->sql, ", '{a,bc}'");
}

/* Every fourth value is NULL; the rest differ by column and stop. */
static void
put_value(struct writer *w, const struct column *c, size_t i)
{
    char value[64];

    if (strcmp(c->name, "started_at") == 0) {
        put_time(w, w->stop);
        return;
    }
    if (i % 4 == 3 && strcmp(c->name, "tx_type") != 0) {
        strbuf_add_be32(w->leaf, UINT32_MAX);
        strbuf_add_text(w->sql, ", NULL");
        return;
    }
    switch (c->type) {
    case TYPE_TIME:
        put_time(w, 1000 + (int)i);
        break;
    case TYPE_CODES:
        put_codes(w, i);
        break;
    case TYPE_INT:
        strbuf_add_be32(w->leaf, 4);
        strbuf_add_be32(w->leaf, (uint32_t)i * 7);
        strbuf_printf(w->sql, ", %zu", i * 7);
        break;
    case TYPE_BOOL:
        strbuf_add_be32(w->leaf, 1);
        strbuf_add_char(w->leaf, (char)(i % 2));
        strbuf_add_text(w->sql, i % 2 ? ", true" : ", false");
        break;
    case TYPE_CODE:
    case TYPE_TEXT:
        snprintf(value, sizeof value, "%s\xC3\xA9-%d", c->name, w->stop);
        put_bytes(w->leaf, value, strlen(value));
        strbuf_printf(w->sql, ", '%s'", value);
        break;
    }
}

static void
put_row(struct writer *w, uint8_t tag, int seq, int ord)
{
    const int envelope = tables[tag].envelope;
    uint8_t uuid[16] = {0};

    uuid[15] = (uint8_t)w->stop;
    strbuf_printf(w->sql, "INSERT INTO %s VALUES (lpad(to_hex(%d), 32, '0')::uuid, %d, %d",
                  tables[tag].name, w->stop, w->batch, w->leaf_no);
    if (envelope & HAS_SALT) {
        uint8_t salt[SALT_BYTES] = {(uint8_t)w->leaf_no, (uint8_t)w->batch};
        char hex[2 * SALT_BYTES + 1];

        strbuf_clear(w->leaf);
        strbuf_add(w->leaf, "\x00\x01", 2);
        strbuf_add(w->leaf, salt, sizeof salt);
        hex_of(salt, sizeof salt, hex);
        strbuf_printf(w->sql, ", '\\x%s'", hex);
    }
    strbuf_add_char(w->leaf, (char)tag);
    put_bytes(w->leaf, uuid, sizeof uuid);
    if (envelope & HAS_START)
        put_time(w, w->stop);
    if (envelope & HAS_SEQ)
        put_small(w, seq);
    if (envelope & HAS_ORD)
        put_small(w, ord);
    for (size_t i = 0; i < tables[tag].count; i++)
        put_value(w, &tables[tag].columns[i], i);
    strbuf_add_text(w->sql, ");\n");
}

static void
close_leaf(struct writer *w)
{
    uint8_t digest[DIGEST_BYTES];

    sha256_of(w->leaf->data, w->leaf->length, digest);
    merkle_add(&w->tree, digest);
    w->leaf_no++;
}

static void
put_leaf(struct writer *w, uint8_t tag, int seq)
{
    put_row(w, tag, seq, 0);
    close_leaf(w);
}

/* A stop of two persons with everything there is. */
static void
put_stop(struct writer *w)
{
    put_row(w, 1, 0, 0);
    put_row(w, 2, 1, 0);
    put_row(w, 2, 2, 0);
    put_row(w, 3, 1, 1);
    put_row(w, 3, 1, 2);
    put_row(w, 3, 2, 1);
    put_row(w, 4, 1, 1);
    put_row(w, 5, 1, 1);
    put_row(w, 5, 2, 1);
    close_leaf(w);
    put_leaf(w, 6, 1);
    put_leaf(w, 6, 2);
    put_leaf(w, 8, 1);
    put_leaf(w, 7, 1);
    put_leaf(w, 7, 2);
    put_leaf(w, 9, 0);
    strbuf_printf(w->sql,
                  "INSERT INTO registration.source_key VALUES (lpad(to_hex(%d), 32, '0')::uuid, 1, "
                  "'\\x00', NULL, 'I', %d, timestamptz '2026-01-05 10:00Z' + interval '%d min');\n",
                  w->stop, w->batch, w->stop);
    w->stop++;
}

static void
put_batch(struct writer *w, int stops)
{
    uint8_t root[DIGEST_BYTES];
    char hex[2 * DIGEST_BYTES + 1];

    w->batch++;
    w->leaf_no = 0;
    merkle_start(&w->tree);
    strbuf_printf(w->sql, "SELECT ingest.open_batch('p', 's', 'f%d');\n", w->batch);
    for (int i = 0; i < stops; i++)
        put_stop(w);
    merkle_root(&w->tree, root);
    hex_of(root, DIGEST_BYTES, hex);
    strbuf_printf(
        w->sql, "SELECT ingest.close_batch(%d, sha256('f'), %d, %d, 0, 0, 0, %d, '\\x%s', '{}');\n",
        w->batch, stops, stops, w->leaf_no, hex);
}

void
ledger_batches(const char *database)
{
    struct arena *const a = arena_new();
    struct writer w = {
        .arena = a, .sql = strbuf_new(a, 1 << 22), .leaf = strbuf_new(a, 1 << 16), .stop = 1};

    test_database(database);
    strbuf_add_text(w.sql, "BEGIN; SELECT ingest.ensure_partitions('2026-01-01Z', '2026-01-31Z');");
    put_batch(&w, 3);
    put_batch(&w, 2);
    w.batch++;
    strbuf_add_text(w.sql, "SELECT ingest.refuse_batch('p', 's', 'bad', sha256('b'), 9, '{}');");
    put_batch(&w, 4);
    strbuf_add_text(w.sql, "COMMIT;");
    ck_assert(!w.sql->overflow);
    test_sql(database, w.sql->data);
    arena_free(a);
}
