/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One pass over a record: each tuple is written into its table's buffer and from there copied into
 * the input of the leaf and of the HMAC. Order of tables, rows and columns is the canonical form,
 * version 1: changing it needs a new version byte. Values were checked before; nothing is judged
 * here.
 */
#include "collector/encode.h"
#include "collector/codes.h"
#include "collector/encode_layout.h"

#include <stdlib.h>
#include <string.h>

enum { OID_TEXT = 25, TABLE_BYTES_MOST = 64 * 1024 * 1024 };

/* PostgreSQL's timestamps count from 2000-01-01. */
static const int64_t POSTGRES_EPOCH = INT64_C(946684800) * MICROS;

const uint8_t copy_header[19] = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', 0xFF, '\r', '\n', 0};
const uint8_t copy_trailer[2] = {0xFF, 0xFF};

/* ---- what the tables look like --------------------------------------------------------------- */

struct columns { /* fields [0, received) and (received, count): the one at `received` divides */
    const struct field *fields;
    unsigned received, count;
};

struct layout {
    struct columns columns;
    bool salt, started_at, person_seq, ord; /* envelope besides stop_id, batch and leaf number */
};

static const struct layout layouts[TABLE_COUNT] = {
    [TABLE_STOP] = {{stop_fields, STOP_RECEIVED, STOP_COUNT}, .salt = true},
    [TABLE_PERSON] = {{person_fields, PERSON_RECEIVED, PERSON_COUNT},
                      .started_at = true,
                      .person_seq = true},
    [TABLE_ACTION] = {{action_fields, ACTION_COUNT, ACTION_COUNT},
                      .started_at = true,
                      .person_seq = true,
                      .ord = true},
    [TABLE_FIND] = {{find_fields, FIND_COUNT, FIND_COUNT},
                    .started_at = true,
                    .person_seq = true,
                    .ord = true},
    [TABLE_RESULT] = {{result_fields, RESULT_COUNT, RESULT_COUNT},
                      .started_at = true,
                      .person_seq = true,
                      .ord = true},
    [TABLE_TEXT] = {{text_fields, TEXT_COUNT, TEXT_COUNT},
                    .salt = true,
                    .started_at = true,
                    .person_seq = true},
    [TABLE_GROUP] = {{group_fields, GROUP_RECEIVED, GROUP_COUNT},
                     .salt = true,
                     .started_at = true,
                     .person_seq = true},
    [TABLE_TRAIT] = {{trait_fields, TRAIT_COUNT, TRAIT_COUNT},
                     .salt = true,
                     .started_at = true,
                     .person_seq = true},
    [TABLE_OFFICER] = {{officer_fields, OFFICER_COUNT, OFFICER_COUNT},
                       .salt = true,
                       .started_at = true},
};

static const struct value not_given;

/* Tells the tables apart in what is hashed. */
static char
tag_of(enum table table)
{
    return (char)(table + 1);
}

static unsigned
column_count(const struct layout *l)
{
    const struct columns *const c = &l->columns;
    const unsigned envelope = 3U + (l->salt ? 1 : 0) + (l->started_at ? 1 : 0) +
                              (l->person_seq ? 1 : 0) + (l->ord ? 1 : 0);

    return envelope + c->count - (c->received < c->count ? 1 : 0);
}

/* ---- values in PostgreSQL's send format ------------------------------------------------------ */

static void
put_bytes(struct strbuf *b, const void *data, size_t length)
{
    strbuf_add_be32(b, (uint32_t)length);
    strbuf_add(b, data, length);
}

static void
put_codes(struct strbuf *b, const struct value *v)
{
    const size_t length_at = b->length;

    strbuf_add_be32(b, 0);
    strbuf_add_be32(b, v->count ? 1 : 0); /* dimensions */
    strbuf_add_be32(b, 0);                /* no NULL among the elements */
    strbuf_add_be32(b, OID_TEXT);
    if (v->count) {
        strbuf_add_be32(b, v->count);
        strbuf_add_be32(b, 1); /* lower bound */
    }
    for (unsigned i = 0; i < v->count; i++)
        put_bytes(b, v->codes[i]->code, strlen(v->codes[i]->code));
    if (b->overflow)
        return;

    const uint32_t length = (uint32_t)(b->length - length_at - 4);

    for (unsigned i = 0; i < 4; i++)
        b->data[length_at + i] = (char)(length >> (24 - 8 * i) & 0xFF);
}

static void
put_value(struct strbuf *b, enum field_type type, const struct value *v)
{
    if (!v->given) {
        strbuf_add_be32(b, UINT32_MAX); /* NULL */
        return;
    }
    switch (type) {
    case FIELD_CODE:
        put_bytes(b, v->code->code, strlen(v->code->code));
        return;
    case FIELD_CODES:
        put_codes(b, v);
        return;
    case FIELD_TEXT:
        put_bytes(b, v->text.data, v->text.length);
        return;
    case FIELD_INT:
        strbuf_add_be32(b, 4);
        strbuf_add_be32(b, (uint32_t)(int32_t)v->number);
        return;
    case FIELD_BOOL:
        strbuf_add_be32(b, 1);
        strbuf_add_char(b, v->flag ? 1 : 0);
        return;
    case FIELD_TIME:
        strbuf_add_be32(b, 8);
        strbuf_add_be64(b, (uint64_t)(v->number - POSTGRES_EPOCH));
        return;
    }
}

static void
put_values(struct strbuf *b, const struct field *fields, const struct value *v, unsigned from,
           unsigned until)
{
    for (unsigned i = from; i < until; i++)
        put_value(b, fields[i].type, &v[i]);
}

static void
put_smallint(struct strbuf *b, int64_t number)
{
    strbuf_add_be32(b, 2);
    strbuf_add_be16(b, (uint16_t)(int16_t)number);
}

/* ---- the chunk ------------------------------------------------------------------------------- */

void
chunk_init(struct chunk *c, struct arena *a)
{
    for (unsigned t = 0; t < TABLE_COUNT; t++) {
        c->tables[t].bytes = strbuf_new(a, TABLE_BYTES_MOST);
        c->tables[t].index = strbuf_new(a, TABLE_BYTES_MOST);
    }
    c->entries = strbuf_new(a, TABLE_BYTES_MOST);
    c->leaves = strbuf_new(a, TABLE_BYTES_MOST);
}

void
chunk_clear(struct chunk *c)
{
    for (unsigned t = 0; t < TABLE_COUNT; t++) {
        strbuf_clear(c->tables[t].bytes);
        strbuf_clear(c->tables[t].index);
    }
    strbuf_clear(c->entries);
    strbuf_clear(c->leaves);
}

size_t
chunk_bytes(const struct chunk *c)
{
    size_t bytes = c->entries->length + c->leaves->length;

    for (unsigned t = 0; t < TABLE_COUNT; t++)
        bytes += c->tables[t].bytes->length + c->tables[t].index->length;
    return bytes;
}

static bool
chunk_overflown(const struct chunk *c)
{
    bool overflow = c->entries->overflow || c->leaves->overflow;

    for (unsigned t = 0; t < TABLE_COUNT; t++)
        overflow = overflow || c->tables[t].bytes->overflow || c->tables[t].index->overflow;
    return overflow;
}

uint32_t
chunk_count(const struct chunk *c)
{
    return (uint32_t)(c->entries->length / sizeof(struct entry));
}

/* Heap memory, so aligned for any type; filled by whole structs only. */
static struct entry *
entry_at(const struct chunk *c, uint32_t i)
{
    return (struct entry *)(void *)c->entries->data + i;
}

const struct entry *
chunk_entry(const struct chunk *c, uint32_t i)
{
    return entry_at(c, i);
}

const uint8_t *
chunk_leaf(const struct chunk *c, uint32_t i)
{
    return (const uint8_t *)c->leaves->data + (size_t)i * DIGEST_BYTES;
}

uint32_t
tuples_count(const struct tuples *t)
{
    return (uint32_t)(t->index->length / sizeof(struct tuple));
}

/* ---- placing what was encoded ---------------------------------------------------------------- */

static void
patch(char *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (char)(value >> (8 * (bytes - 1 - i)) & 0xFF);
}

uint32_t
chunk_place(struct chunk *c, enum table table, const struct place *places)
{
    struct tuples *const t = &c->tables[table];
    const struct tuple *const tuples = (const struct tuple *)(void *)t->index->data;
    const uint32_t count = tuples_count(t);
    uint32_t kept = 0;
    size_t end = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct place *const p = &places[tuples[i].entry];
        const size_t next = i + 1 < count ? tuples[i + 1].offset : t->bytes->length;
        const size_t length = next - tuples[i].offset;

        if (p->batch == 0)
            continue;

        char *const tuple = t->bytes->data + end;

        if (end != tuples[i].offset)
            memmove(tuple, t->bytes->data + tuples[i].offset, length);
        patch(tuple + BATCH_AT, (uint64_t)p->batch, 8);
        patch(tuple + LEAF_NO_AT, (uint32_t)p->first_leaf + tuples[i].leaf, 4);
        end += length;
        kept++;
    }
    t->bytes->length = end;
    return kept;
}

/* ---- encoding -------------------------------------------------------------------------------- */

struct encoder {
    struct hmac *hmac;
    struct strbuf *leaf;   /* input of the leaf being made */
    struct strbuf *mac;    /* input of the record's HMAC */
    struct strbuf *groups; /* the part of it that are group rows */
};

/* A record is limited far below this by its readers. */
enum { SCRATCH_MOST = 32 * 1024 * 1024 };

struct encoder *
encoder_new(struct arena *a, const uint8_t key[KEY_BYTES])
{
    struct encoder *const en = arena_alloc(a, sizeof *en);

    en->hmac = hmac_new(a, key);
    en->leaf = strbuf_new(a, SCRATCH_MOST);
    en->mac = strbuf_new(a, SCRATCH_MOST);
    en->groups = strbuf_new(a, SCRATCH_MOST);
    return en;
}

struct work { /* the record in hand */
    struct encoder *en;
    struct chunk *c;
    const struct record *r;
    uint32_t entry, leaf_count;
};

static void
leaf_start(struct work *w, const uint8_t salt[SALT_BYTES])
{
    const char head[2] = {0x00, CANONICAL_VERSION};

    strbuf_clear(w->en->leaf);
    strbuf_add(w->en->leaf, head, sizeof head);
    strbuf_add(w->en->leaf, salt, SALT_BYTES);
}

static void
leaf_end(struct work *w)
{
    uint8_t leaf[DIGEST_BYTES];

    sha256_of(w->en->leaf->data, w->en->leaf->length, leaf);
    strbuf_add(w->c->leaves, leaf, sizeof leaf);
    w->leaf_count++;
}

struct row {
    enum table table;
    const struct value *values;
    int64_t person_seq;
    unsigned ord;
    const uint8_t *salt; /* of tables that have one */
};

/*
 * What was received, for the HMAC. A list given empty counts as not given: flat CSV cannot tell
 * them apart, and a record is the same record in both forms.
 */
static void
put_received(struct strbuf *to, const struct row *row)
{
    const struct layout *const l = &layouts[row->table];

    strbuf_add_char(to, tag_of(row->table));
    if (l->person_seq)
        put_smallint(to, row->person_seq);
    if (l->ord)
        put_smallint(to, row->ord);
    for (unsigned i = 0; i < l->columns.received; i++) {
        const enum field_type type = l->columns.fields[i].type;
        const bool empty = type == FIELD_CODES && row->values[i].count == 0;

        put_value(to, type, empty ? &not_given : &row->values[i]);
    }
}

static void
put_row(struct work *w, const struct row *row)
{
    const struct layout *const l = &layouts[row->table];
    const struct columns *const columns = &l->columns;
    struct strbuf *const b = w->c->tables[row->table].bytes;
    const struct tuple t = {(uint32_t)b->length, w->entry, w->leaf_count};

    strbuf_add_be16(b, (uint16_t)column_count(l));
    put_bytes(b, w->r->stop_id, sizeof w->r->stop_id);
    strbuf_add_be32(b, 8);
    strbuf_add_be64(b, 0);
    strbuf_add_be32(b, 4);
    strbuf_add_be32(b, 0);
    if (l->salt)
        put_bytes(b, row->salt, SALT_BYTES);

    const size_t hashed = b->length;

    if (l->started_at)
        put_value(b, FIELD_TIME, &w->r->v[STOP_started_at]);
    if (l->person_seq)
        put_smallint(b, row->person_seq);
    if (l->ord)
        put_smallint(b, row->ord);
    put_values(b, columns->fields, row->values, 0, columns->received);
    put_values(b, columns->fields, row->values, columns->received + 1, columns->count);
    strbuf_add(w->c->tables[row->table].index, &t, sizeof t);
    if (b->overflow)
        return;
    strbuf_add_char(w->en->leaf, tag_of(row->table));
    strbuf_add(w->en->leaf, b->data + t.offset + STOP_ID_AT, STOP_ID_SIZE);
    strbuf_add(w->en->leaf, b->data + hashed, b->length - hashed);
    put_received(w->en->mac, row);
    if (row->table == TABLE_GROUP)
        put_received(w->en->groups, row);
}

/* A row that can be erased alone: its own salt, its own leaf. */
static void
put_part(struct work *w, enum table table, const struct value *values, int64_t person_seq)
{
    uint8_t salt[SALT_BYTES];

    random_bytes(salt, sizeof salt);
    leaf_start(w, salt);
    put_row(w, &(struct row){table, values, person_seq, 0, salt});
    leaf_end(w);
}

static bool
any_given(const struct value *values, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (values[i].given)
            return true;
    return false;
}

static void
put_children(struct work *w, const struct person *const *persons, enum table table)
{
    for (unsigned i = 0; i < w->r->person_count; i++) {
        const struct person *const p = persons[i];
        const unsigned count = table == TABLE_ACTION ? p->action_count
                               : table == TABLE_FIND ? p->find_count
                                                     : p->result_count;

        for (unsigned k = 0; k < count; k++) {
            const struct value *const values = table == TABLE_ACTION ? p->actions[k].v
                                               : table == TABLE_FIND ? p->finds[k].v
                                                                     : p->results[k].v;

            put_row(w, &(struct row){table, values, p->seq, k + 1, NULL});
        }
    }
}

static void
put_core(struct work *w, const struct person *const *persons)
{
    uint8_t salt[SALT_BYTES];

    random_bytes(salt, sizeof salt);
    leaf_start(w, salt);
    put_row(w, &(struct row){TABLE_STOP, w->r->v, 0, 0, salt});
    for (unsigned i = 0; i < w->r->person_count; i++)
        put_row(w, &(struct row){TABLE_PERSON, persons[i]->v, persons[i]->seq, 0, NULL});
    put_children(w, persons, TABLE_ACTION);
    put_children(w, persons, TABLE_FIND);
    put_children(w, persons, TABLE_RESULT);
    leaf_end(w);
}

static void
put_parts(struct work *w, const struct person *const *persons)
{
    const unsigned count = w->r->person_count;

    for (unsigned i = 0; i < count; i++)
        if (any_given(persons[i]->text, TEXT_COUNT))
            put_part(w, TABLE_TEXT, persons[i]->text, persons[i]->seq);
    for (unsigned i = 0; i < count; i++)
        if (any_given(persons[i]->trait, TRAIT_COUNT))
            put_part(w, TABLE_TRAIT, persons[i]->trait, persons[i]->seq);
    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < persons[i]->group_count; k++)
            put_part(w, TABLE_GROUP, persons[i]->groups[k].v, persons[i]->seq);
    if (any_given(w->r->officer, OFFICER_COUNT))
        put_part(w, TABLE_OFFICER, w->r->officer, 0);
}

static int
by_seq(const void *a, const void *b)
{
    const struct person *const *const x = a;
    const struct person *const *const y = b;

    return ((*x)->seq > (*y)->seq) - ((*x)->seq < (*y)->seq);
}

/* The canonical form has persons by person_seq, however they were delivered. */
static const struct person **
ordered_persons(struct arena *a, const struct record *r)
{
    const struct person **const persons = arena_array(a, r->person_count, sizeof *persons);

    for (unsigned i = 0; i < r->person_count; i++)
        persons[i] = &r->persons[i];
    if (r->person_count > 1)
        qsort(persons, r->person_count, sizeof *persons, by_seq);
    return persons;
}

static char
tx_type(const struct record *r)
{
    return r->v[STOP_tx_type].given ? r->v[STOP_tx_type].code->code[0] : 'I';
}

bool
encode_record(struct encoder *en, struct arena *scratch, struct chunk *c, const struct record *r,
              struct err *e)
{
    struct work w = {en, c, r, chunk_count(c), 0};
    struct entry entry = {
        .tx_type = tx_type(r),
        .version = r->v[STOP_source_version].given ? (int32_t)r->v[STOP_source_version].number : 1,
        .started_at = r->v[STOP_started_at].number,
        .first_leaf = (uint32_t)(c->leaves->length / DIGEST_BYTES)};
    const struct person **const persons = ordered_persons(scratch, r);

    strbuf_clear(en->mac);
    strbuf_clear(en->groups);
    put_core(&w, persons);
    put_parts(&w, persons);

    memcpy(entry.stop_id, r->stop_id, sizeof entry.stop_id);
    hmac_of(en->hmac, en->mac->data, en->mac->length, entry.mac);
    entry.has_group = en->groups->length > 0;
    if (entry.has_group)
        hmac_of(en->hmac, en->groups->data, en->groups->length, entry.group_mac);
    entry.leaf_count = w.leaf_count;
    strbuf_add(c->entries, &entry, sizeof entry);
    if (chunk_overflown(c) || en->mac->overflow || en->leaf->overflow)
        return err_set(e, ERR_INPUT, "the record at line %llu is larger than a chunk can hold",
                       (unsigned long long)r->line);
    return true;
}
