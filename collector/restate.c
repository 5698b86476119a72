/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The state of encoded records that turn out to be doubles of what is stored, after they were
 * encoded: ACCEPTED becomes ACCEPTED_WITH_WARNINGS in the tuple of the stop, and the leaf of the
 * core is made anew. Stored rows never change, so this comes before they are copied. It decides
 * nothing: store_tally.c says which.
 */
#include "collector/encode_layout.h"

#include <string.h>

static const char plain[] = "ACCEPTED", warned_text[] = "ACCEPTED_WITH_WARNINGS";
enum { PLAIN = sizeof plain - 1, WARNED = sizeof warned_text - 1 };

/* The core of a record: these tables, in this order, under one salt. */
static const enum table core[] = {TABLE_STOP, TABLE_PERSON, TABLE_ACTION, TABLE_FIND, TABLE_RESULT};
enum { CORE = sizeof core / sizeof *core };

static uint32_t
be32(const char *at)
{
    uint32_t n = 0;

    for (unsigned i = 0; i < 4; i++)
        n = n << 8 | (uint8_t)at[i];
    return n;
}

static struct tuple *
tuples_of(const struct tuples *t)
{
    return (struct tuple *)(void *)t->index->data;
}

static struct span
tuple_bytes(const struct tuples *t, uint32_t i)
{
    const struct tuple *const list = tuples_of(t);
    const size_t end = i + 1 < tuples_count(t) ? list[i + 1].offset : t->bytes->length;

    return (struct span){t->bytes->data + list[i].offset, end - list[i].offset};
}

/* Where the state's length stands in the tuple of a stop. */
static size_t
state_at(struct span tuple)
{
    const unsigned before = 4 + STOP_state - 1; /* stop_id, batch, leaf, salt; less the divider */
    size_t at = 2;

    for (unsigned column = 0; column < before; column++) {
        const uint32_t length = be32(tuple.data + at);

        at += 4 + (length == UINT32_MAX ? 0 : length);
    }
    return at;
}

/* Writes the stops anew with the longer state; false in changed[] where there was another. */
static void
rewrite_stops(struct chunk *c, struct arena *a, bool *changed)
{
    struct tuples *const t = &c->tables[TABLE_STOP];
    const uint32_t count = tuples_count(t);
    struct strbuf *const b = strbuf_new(a, t->bytes->length + (size_t)count * WARNED + 1);
    uint32_t *const offsets = arena_array(a, count, sizeof *offsets);

    for (uint32_t i = 0; i < count; i++) {
        const struct span tuple = tuple_bytes(t, i);
        const size_t at = state_at(tuple);
        bool *const change = &changed[tuples_of(t)[i].entry];

        offsets[i] = (uint32_t)b->length;
        *change = *change && be32(tuple.data + at) == PLAIN &&
                  memcmp(tuple.data + at + 4, plain, PLAIN) == 0;
        if (!*change) {
            strbuf_add(b, tuple.data, tuple.length);
            continue;
        }
        strbuf_add(b, tuple.data, at);
        strbuf_add_be32(b, WARNED);
        strbuf_add(b, warned_text, WARNED);
        strbuf_add(b, tuple.data + at + 4 + PLAIN, tuple.length - at - 4 - PLAIN);
    }
    strbuf_clear(t->bytes);
    strbuf_add(t->bytes, b->data, b->length);
    for (uint32_t i = 0; i < count; i++)
        tuples_of(t)[i].offset = offsets[i];
}

static void
add_tuple(struct strbuf *leaf, enum table table, struct span tuple)
{
    const size_t hashed = PLACED_END + (table == TABLE_STOP ? 4 + SALT_BYTES : 0);

    strbuf_add_char(leaf, (char)(table + 1));
    strbuf_add(leaf, tuple.data + STOP_ID_AT, STOP_ID_SIZE);
    strbuf_add(leaf, tuple.data + hashed, tuple.length - hashed);
}

/* The leaf of one entry's core; at[] are the places in the five tables, moved past the entry. */
static void
hash_core(struct chunk *c, uint32_t entry, bool wanted, uint32_t at[CORE], struct strbuf *leaf)
{
    const char head[2] = {0x00, CANONICAL_VERSION};

    strbuf_clear(leaf);
    strbuf_add(leaf, head, sizeof head);
    for (unsigned k = 0; k < CORE; k++) {
        const struct tuples *const t = &c->tables[core[k]];

        for (; at[k] < tuples_count(t) && tuples_of(t)[at[k]].entry == entry; at[k]++) {
            if (!wanted)
                continue;
            if (k == 0)
                strbuf_add(leaf, tuple_bytes(t, at[k]).data + PLACED_END + 4, SALT_BYTES);
            add_tuple(leaf, core[k], tuple_bytes(t, at[k]));
        }
    }
    if (wanted)
        sha256_of(leaf->data, leaf->length,
                  (uint8_t *)c->leaves->data +
                      (size_t)chunk_entry(c, entry)->first_leaf * DIGEST_BYTES);
}

bool
chunk_warn(struct chunk *c, struct arena *a, const bool *warned, struct err *e)
{
    const uint32_t count = chunk_count(c);
    bool *const changed = arena_array(a, count, sizeof *changed);
    struct strbuf *const leaf = strbuf_new(a, c->tables[TABLE_STOP].bytes->cap);
    uint32_t at[CORE] = {0};
    uint32_t wanted = 0;

    for (uint32_t i = 0; i < count; i++)
        wanted += changed[i] = warned[i];
    if (wanted == 0)
        return true;
    rewrite_stops(c, a, changed);
    for (uint32_t i = 0; i < count; i++)
        hash_core(c, i, changed[i], at, leaf);
    return (!leaf->overflow && !c->tables[TABLE_STOP].bytes->overflow) ||
           err_set(e, ERR_INTERNAL, "records with warnings do not fit where they were");
}
