/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The canonical form, version 1: tuples, leaves and HMAC of records made by hand. That the tuples
 * are PostgreSQL's own is checked against a real COPY in tests/integration/import_ledger.sh.
 */
#include "collector/encode.h"
#include "collector/array.h"
#include "collector/codes.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *encode_suite(void);

static const uint8_t key[KEY_BYTES] = {7};
static const struct code code_i = {.code = "I"}, code_exact = {.code = "exact"},
                         code_driver = {.code = "driver"}, code_fact = {.code = "no_lights"},
                         code_result = {.code = "warning"}, code_after = {.code = "after_contact"},
                         code_group = {.code = "zwart"};
static const struct code *const facts[] = {&code_fact};
static const struct code *const groups[] = {&code_group};

static struct arena *arena;
static struct encoder *encoder;
static struct chunk chunk;
static struct err err;

static void
setup(void)
{
    arena = arena_new();
    encoder = encoder_new(arena, key);
    chunk_init(&chunk, arena);
}

static void
teardown(void)
{
    arena_free(arena);
}

static struct value
text(const char *s)
{
    return (struct value){.given = true, .text = span_of(s)};
}

static struct value
code(const struct code *c)
{
    return (struct value){.given = true, .code = c};
}

static struct value
number(int64_t n)
{
    return (struct value){.given = true, .number = n};
}

/* One person with a text, a group, a result; started one second after PostgreSQL's epoch. */
static struct record *
record_of(const char *number_text, unsigned persons)
{
    struct record *const r = arena_alloc(arena, sizeof *r);

    memset(r->stop_id, 0xAB, sizeof r->stop_id);
    r->v[STOP_source_system] = text("unit");
    r->v[STOP_source_record_no] = text(number_text);
    r->v[STOP_source_version] = number(3);
    r->v[STOP_tx_type] = code(&code_i);
    r->v[STOP_started_at] = number((INT64_C(946684800) + 1) * MICROS);
    r->v[STOP_time_precision] = code(&code_exact);
    r->person_count = persons;
    r->persons = arena_array(arena, persons, sizeof *r->persons);
    for (unsigned i = 0; i < persons; i++) {
        struct person *const p = &r->persons[i];

        p->seq = i + 1;
        p->v[PERSON_role] = code(&code_driver);
        p->v[PERSON_fact] = (struct value){.given = true, .count = 1, .codes = facts};
        p->text[TEXT_selection_text] = text("Reed zonder licht.");
        p->result_count = 1;
        p->results = arena_alloc(arena, sizeof *p->results);
        p->results[0].v[RESULT_result] = code(&code_result);
        p->group_count = 1;
        p->groups = arena_alloc(arena, sizeof *p->groups);
        p->groups[0].v[GROUP_perspective] = code(&code_after);
        p->groups[0].v[GROUP_codes] = (struct value){.given = true, .count = 1, .codes = groups};
    }
    return r;
}

static void
encode(const struct record *r)
{
    ck_assert_msg(encode_record(encoder, arena, &chunk, r, &err), "%s", err.text);
}

static const struct entry *
entry_of(const struct record *r)
{
    encode(r);
    return chunk_entry(&chunk, chunk_count(&chunk) - 1);
}

/* ---- reading tuples back --------------------------------------------------------------------- */

static uint32_t
be32(const char *p)
{
    const unsigned char *const u = (const unsigned char *)p;

    return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static const struct tuple *
tuple_of(enum table t, unsigned i)
{
    return (const struct tuple *)(const void *)chunk.tables[t].index->data + i;
}

/* Start of column i of a tuple, at its length. */
static const char *
column(enum table t, unsigned tuple, unsigned i)
{
    const char *p = chunk.tables[t].bytes->data + tuple_of(t, tuple)->offset + 2;

    while (i-- > 0)
        p += 4 + (be32(p) == UINT32_MAX ? 0 : be32(p));
    return p;
}

static void
add_column(struct strbuf *b, enum table t, unsigned tuple, unsigned i)
{
    const char *const p = column(t, tuple, i);

    strbuf_add(b, p, 4 + (be32(p) == UINT32_MAX ? 0 : be32(p)));
}

/* As an auditor does it: tag, then every column but batch, leaf number and salt. */
static void
add_row(struct strbuf *b, enum table t, unsigned tuple, unsigned columns, bool salted)
{
    strbuf_add_char(b, (char)(t + 1));
    add_column(b, t, tuple, 0);
    for (unsigned i = salted ? 4 : 3; i < columns; i++)
        add_column(b, t, tuple, i);
}

/* ---- tests ----------------------------------------------------------------------------------- */

START_TEST(a_text_row_has_exactly_these_bytes)
{
    static const char head[] = "\0\7"      /* columns */
                               "\0\0\0\20" /* stop_id */
                               "\253\253\253\253\253\253\253\253\253\253\253\253\253\253\253\253"
                               "\0\0\0\10\0\0\0\0\0\0\0\0"      /* ledger_from, not yet known */
                               "\0\0\0\4\0\0\0\0"               /* leaf_no */
                               "\0\0\0\20";                     /* salt, random */
    static const char tail[] = "\0\0\0\10\0\0\0\0\0\17\102\100" /* one second after 2000 */
                               "\0\0\0\2\0\1"                   /* person_seq */
                               "\0\0\0\22Reed zonder licht.";

    encode(record_of("1", 1));

    const struct strbuf *const b = chunk.tables[TABLE_TEXT].bytes;

    ck_assert_uint_eq(b->length, sizeof head - 1 + SALT_BYTES + sizeof tail - 1);
    ck_assert_mem_eq(b->data, head, sizeof head - 1);
    ck_assert_mem_eq(b->data + sizeof head - 1 + SALT_BYTES, tail, sizeof tail - 1);
}
END_TEST

START_TEST(tables_have_the_columns_of_their_copy_statement)
{
    static const struct {
        enum table table;
        unsigned columns;
    } cases[] = {
        {TABLE_STOP, 4 + STOP_COUNT - 1}, {TABLE_PERSON, 5 + PERSON_COUNT - 1},
        {TABLE_RESULT, 6 + RESULT_COUNT}, {TABLE_GROUP, 6 + GROUP_COUNT - 1},
        {TABLE_TEXT, 6 + TEXT_COUNT},
    };

    encode(record_of("1", 1));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct strbuf *const b = chunk.tables[cases[i].table].bytes;

        ck_assert_uint_eq((unsigned char)b->data[0] * 256U + (unsigned char)b->data[1],
                          cases[i].columns);
        /* As many columns as it says, and nothing after them. */
        ck_assert_ptr_eq(column(cases[i].table, 0, cases[i].columns), b->data + b->length);
    }
    ck_assert_uint_eq(chunk.tables[TABLE_OFFICER].bytes->length, 0);
    ck_assert_uint_eq(chunk.tables[TABLE_TRAIT].bytes->length, 0);
}
END_TEST

START_TEST(a_core_leaf_covers_stop_persons_and_results_in_order)
{
    encode(record_of("1", 2));

    struct strbuf *const b = strbuf_new(arena, 1 << 20);
    uint8_t leaf[DIGEST_BYTES];

    strbuf_add(b, "\0\1", 2);
    strbuf_add(b, column(TABLE_STOP, 0, 3) + 4, SALT_BYTES);
    add_row(b, TABLE_STOP, 0, 4 + STOP_COUNT - 1, true);
    add_row(b, TABLE_PERSON, 0, 5 + PERSON_COUNT - 1, false);
    add_row(b, TABLE_PERSON, 1, 5 + PERSON_COUNT - 1, false);
    add_row(b, TABLE_RESULT, 0, 6 + RESULT_COUNT, false);
    add_row(b, TABLE_RESULT, 1, 6 + RESULT_COUNT, false);
    sha256_of(b->data, b->length, leaf);
    ck_assert_mem_eq(chunk_leaf(&chunk, 0), leaf, DIGEST_BYTES);
}
END_TEST

START_TEST(every_erasable_part_has_a_leaf_and_a_salt_of_its_own)
{
    const struct entry *const entry = entry_of(record_of("1", 2));

    ck_assert_uint_eq(entry->leaf_count, 5); /* core, two texts, two groups */
    ck_assert_uint_eq(tuple_of(TABLE_TEXT, 0)->leaf, 1);
    ck_assert_uint_eq(tuple_of(TABLE_TEXT, 1)->leaf, 2);
    ck_assert_uint_eq(tuple_of(TABLE_GROUP, 0)->leaf, 3);
    ck_assert_uint_eq(tuple_of(TABLE_GROUP, 1)->leaf, 4);
    ck_assert_mem_ne(column(TABLE_TEXT, 0, 3), column(TABLE_TEXT, 1, 3), 4 + SALT_BYTES);

    struct strbuf *const b = strbuf_new(arena, 1 << 20);
    uint8_t leaf[DIGEST_BYTES];

    strbuf_add(b, "\0\1", 2);
    strbuf_add(b, column(TABLE_GROUP, 1, 3) + 4, SALT_BYTES);
    add_row(b, TABLE_GROUP, 1, 6 + GROUP_COUNT - 1, true);
    sha256_of(b->data, b->length, leaf);
    ck_assert_mem_eq(chunk_leaf(&chunk, 4), leaf, DIGEST_BYTES);
}
END_TEST

START_TEST(the_hmac_is_of_what_was_received)
{
    struct record *const r = record_of("1", 2);
    uint8_t mac[DIGEST_BYTES];

    memcpy(mac, entry_of(r)->mac, sizeof mac);
    r->v[STOP_received_at] = number(5);
    r->v[STOP_light_class] = text("dark");
    r->persons[0].v[PERSON_discretion] = text("high");
    r->persons[0].groups[0].v[GROUP_group_class] = text("zwart");
    ck_assert_mem_eq(entry_of(r)->mac, mac, sizeof mac);
    r->persons[1].v[PERSON_regret_expressed] = (struct value){.given = true, .flag = false};
    ck_assert_mem_ne(entry_of(r)->mac, mac, sizeof mac);
}
END_TEST

START_TEST(an_empty_list_and_none_are_the_same_to_the_hmac_but_not_to_the_table)
{
    struct record *const r = record_of("1", 1);
    uint8_t mac[DIGEST_BYTES];

    memcpy(mac, entry_of(r)->mac, sizeof mac);
    r->persons[0].v[PERSON_circumstance] = (struct value){.given = true, .count = 0};
    ck_assert_mem_eq(entry_of(r)->mac, mac, sizeof mac);

    const unsigned at = 5 + PERSON_circumstance;

    ck_assert_uint_eq(be32(column(TABLE_PERSON, 0, at)), UINT32_MAX);
    ck_assert_mem_eq(column(TABLE_PERSON, 1, at), "\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0\31", 16);
}
END_TEST

START_TEST(persons_count_in_order_of_their_number_however_they_came)
{
    struct record *const r = record_of("1", 2);
    uint8_t mac[DIGEST_BYTES];

    r->persons[1].v[PERSON_role] = (struct value){.given = false};
    memcpy(mac, entry_of(r)->mac, sizeof mac);

    const struct person first = r->persons[0];

    r->persons[0] = r->persons[1];
    r->persons[1] = first;
    ck_assert_mem_eq(entry_of(r)->mac, mac, sizeof mac);
}
END_TEST

START_TEST(the_group_hmac_sees_groups_only)
{
    struct record *const r = record_of("1", 1);
    uint8_t mac[DIGEST_BYTES];
    const struct entry *entry = entry_of(r);

    ck_assert(entry->has_group);
    memcpy(mac, entry->group_mac, sizeof mac);
    r->v[STOP_duration_min] = number(9);
    entry = entry_of(r);
    ck_assert_mem_eq(entry->group_mac, mac, sizeof mac);
    r->persons[0].groups[0].v[GROUP_perspective] = code(&code_exact);
    ck_assert_mem_ne(entry_of(r)->group_mac, mac, sizeof mac);
    r->persons[0].group_count = 0;
    ck_assert(!entry_of(r)->has_group);
}
END_TEST

START_TEST(placing_leaves_out_what_is_not_stored)
{
    static const struct place places[] = {{258, 10}, {0, 0}, {258, 15}};

    for (unsigned i = 0; i < 3; i++)
        encode(record_of(i == 1 ? "a longer number than the others" : "1", 1));

    const size_t before = chunk.tables[TABLE_TEXT].bytes->length;

    ck_assert_uint_eq(chunk_place(&chunk, TABLE_TEXT, places), 2);
    ck_assert_uint_eq(chunk.tables[TABLE_TEXT].bytes->length, before / 3 * 2);

    const char *const second = chunk.tables[TABLE_TEXT].bytes->data + before / 3;

    ck_assert_mem_eq(second + 22, "\0\0\0\10\0\0\0\0\0\0\1\2", 12); /* batch 258 */
    ck_assert_mem_eq(second + 34, "\0\0\0\4\0\0\0\20", 8);          /* leaf 15 + 1 */
    ck_assert_uint_eq(chunk_place(&chunk, TABLE_STOP, places), 2);
}
END_TEST

START_TEST(arrays_are_those_of_postgresql)
{
    struct array none = array_new(arena, ARRAY_TEXT), some = array_new(arena, ARRAY_INT4);
    const struct sql_binary empty = array_end(&none);

    ck_assert_uint_eq(empty.length, 12);
    ck_assert_mem_eq(empty.data, "\0\0\0\0\0\0\0\0\0\0\0\31", 12);
    array_add_int4(&some, -2);
    array_add_null(&some);

    const struct sql_binary two = array_end(&some);

    ck_assert_uint_eq(two.length, 32);
    ck_assert_mem_eq(two.data,
                     "\0\0\0\1\0\0\0\1\0\0\0\27\0\0\0\2\0\0\0\1"
                     "\0\0\0\4\377\377\377\376\377\377\377\377",
                     32);
}
END_TEST

Suite *
encode_suite(void)
{
    Suite *const s = suite_create("encode");
    TCase *const c = tcase_create("canonical form");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_text_row_has_exactly_these_bytes);
    tcase_add_test(c, tables_have_the_columns_of_their_copy_statement);
    tcase_add_test(c, a_core_leaf_covers_stop_persons_and_results_in_order);
    tcase_add_test(c, every_erasable_part_has_a_leaf_and_a_salt_of_its_own);
    tcase_add_test(c, the_hmac_is_of_what_was_received);
    tcase_add_test(c, an_empty_list_and_none_are_the_same_to_the_hmac_but_not_to_the_table);
    tcase_add_test(c, persons_count_in_order_of_their_number_however_they_came);
    tcase_add_test(c, the_group_hmac_sees_groups_only);
    tcase_add_test(c, placing_leaves_out_what_is_not_stored);
    tcase_add_test(c, arrays_are_those_of_postgresql);
    suite_add_tcase(s, c);
    return s;
}
