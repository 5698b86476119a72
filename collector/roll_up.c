/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Two tables of counts by key, and the texts of the keys by number. All three are emptied together
 * when one is nearly full.
 */
#include "collector/roll_up.h"
#include "collector/array.h"
#include "collector/encode.h"

#include <string.h>

#include "gen/queries.h"

enum {
    NAMES_MOST = 1 << 14,
    CELLS_MOST = 1 << 15,
    REASONS_MOST = 1 << 17,
    NAME_BYTES_MOST = 8 * 1024 * 1024,
    SEND_BYTES = 1 << 18,
    ROW_BYTES_MOST = 4096,
    NAMES_A_MARK = 2 + 1 + CELL_PERSPECTIVES,
    OID_INT4 = 23
};

struct key { /* texts by number; reason is 0 (no text) in a cell, unit in a reason's count */
    int32_t month;
    uint16_t area, unit, group, reason;
    uint32_t perspective;
};

struct counts { /* open addressing: a slot holds 1 + the number of a key, or 0 */
    uint32_t *slots;
    uint32_t slot_mask, count, most, width;
    struct key *keys;
    int32_t *values; /* width for each key */
};

struct name {
    uint32_t offset, length;
};

struct roll_up {
    struct arena *arena;
    struct db *db;
    const char *zone;
    int64_t id; /* 0: not opened yet */
    struct counts cells, reasons;
    uint32_t name_count;
    struct name names[NAMES_MOST];
    uint16_t name_slots[2 * NAMES_MOST]; /* 1 + number, or 0 */
    struct strbuf *name_bytes;
    struct strbuf *rows;
};

/* ---- numbers for texts ----------------------------------------------------------------------- */

static uint64_t
mix(uint64_t h)
{
    h ^= h >> 32;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

static uint64_t
hash_bytes(struct span s)
{
    uint64_t h = s.length;

    for (size_t i = 0; i < s.length; i++)
        h = (h ^ (uint8_t)s.data[i]) * UINT64_C(0x100000001B3);
    return mix(h);
}

static struct span
name_text(const struct roll_up *r, uint16_t number)
{
    const struct name n = r->names[number];

    return (struct span){r->name_bytes->data + n.offset, n.length};
}

/* There is room: roll_up_add saw to it. The empty text is always number 0. */
static uint16_t
number_of(struct roll_up *r, struct span text)
{
    const uint32_t mask = 2 * NAMES_MOST - 1;

    for (uint32_t at = (uint32_t)hash_bytes(text) & mask;; at = (at + 1) & mask) {
        const uint16_t slot = r->name_slots[at];

        if (slot && span_equal(name_text(r, (uint16_t)(slot - 1)), text))
            return (uint16_t)(slot - 1);
        if (!slot) {
            r->names[r->name_count] =
                (struct name){(uint32_t)r->name_bytes->length, (uint32_t)text.length};
            strbuf_add(r->name_bytes, text.data, text.length);
            r->name_slots[at] = (uint16_t)++r->name_count;
            return (uint16_t)(r->name_count - 1);
        }
    }
}

/* ---- counts ---------------------------------------------------------------------------------- */

static void
counts_init(struct counts *c, struct arena *a, uint32_t most, uint32_t width)
{
    *c = (struct counts){.slot_mask = 2 * most - 1, .most = most, .width = width};
    c->slots = arena_array(a, 2 * (size_t)most, sizeof *c->slots);
    c->keys = arena_array(a, most, sizeof *c->keys);
    c->values = arena_array(a, (size_t)most * width, sizeof *c->values);
}

static bool
key_equal(const struct key *a, const struct key *b)
{
    return a->month == b->month && a->area == b->area && a->unit == b->unit &&
           a->group == b->group && a->reason == b->reason && a->perspective == b->perspective;
}

static int32_t *
counts_of(struct counts *c, const struct key *k)
{
    const uint64_t texts = (uint64_t)k->area << 48 | (uint64_t)k->unit << 32 |
                           (uint64_t)k->group << 16 | (uint64_t)k->reason;
    const uint64_t hash = mix(mix(texts) ^ ((uint64_t)(uint32_t)k->month << 8 | k->perspective));

    for (uint32_t at = (uint32_t)hash & c->slot_mask;; at = (at + 1) & c->slot_mask) {
        const uint32_t slot = c->slots[at];

        if (slot && key_equal(&c->keys[slot - 1], k))
            return c->values + (size_t)(slot - 1) * c->width;
        if (!slot) {
            int32_t *const values = c->values + (size_t)c->count * c->width;

            memset(values, 0, c->width * sizeof *values);
            c->keys[c->count] = *k;
            c->slots[at] = ++c->count;
            return values;
        }
    }
}

static void
counts_clear(struct counts *c)
{
    memset(c->slots, 0, ((size_t)c->slot_mask + 1) * sizeof *c->slots);
    c->count = 0;
}

/* ---- into the database ----------------------------------------------------------------------- */

static void
put_text(struct strbuf *b, struct span s)
{
    strbuf_add_be32(b, (uint32_t)s.length);
    strbuf_add(b, s.data, s.length);
}

static void
put_key(const struct roll_up *r, const struct key *k, unsigned columns, bool with_unit)
{
    struct strbuf *const b = r->rows;

    strbuf_add_be16(b, (uint16_t)columns);
    strbuf_add_be32(b, 8);
    strbuf_add_be64(b, (uint64_t)r->id);
    strbuf_add_be32(b, 4);
    strbuf_add_be32(b, (uint32_t)k->month);
    put_text(b, name_text(r, k->area));
    if (with_unit)
        put_text(b, name_text(r, k->unit));
    strbuf_add_be32(b, 2);
    strbuf_add_be16(b, (uint16_t)k->perspective);
    put_text(b, name_text(r, k->group));
}

static void
put_cell(const struct roll_up *r, const struct key *k, const int32_t *sums)
{
    struct strbuf *const b = r->rows;

    put_key(r, k, 7, true);
    strbuf_add_be32(b, 5 * 4 + SUM_COUNT * 8);
    strbuf_add_be32(b, 1); /* dimensions */
    strbuf_add_be32(b, 0); /* no NULL among the elements */
    strbuf_add_be32(b, OID_INT4);
    strbuf_add_be32(b, SUM_COUNT);
    strbuf_add_be32(b, 1); /* lower bound */
    for (unsigned i = 0; i < SUM_COUNT; i++) {
        strbuf_add_be32(b, 4);
        strbuf_add_be32(b, (uint32_t)sums[i]);
    }
}

static void
put_reason(const struct roll_up *r, const struct key *k, const int32_t *persons)
{
    put_key(r, k, 7, false);
    put_text(r->rows, name_text(r, k->reason));
    strbuf_add_be32(r->rows, 4);
    strbuf_add_be32(r->rows, (uint32_t)*persons);
}

static bool
send_rows(struct roll_up *r, struct err *e)
{
    const bool ok = db_copy_send(r->db, r->rows->data, r->rows->length, e);

    strbuf_clear(r->rows);
    return ok;
}

static bool
copy_counts(struct roll_up *r, struct counts *c, const struct sql_query *q,
            void (*put)(const struct roll_up *, const struct key *, const int32_t *), struct err *e)
{
    if (c->count == 0)
        return true;
    if (!db_copy_begin(r->db, q, e))
        return false;
    strbuf_clear(r->rows);
    strbuf_add(r->rows, copy_header, sizeof copy_header);
    for (uint32_t i = 0; i < c->count; i++) {
        put(r, &c->keys[i], c->values + (size_t)i * c->width);
        if (r->rows->length >= SEND_BYTES && !send_rows(r, e))
            return false;
    }
    strbuf_add(r->rows, copy_trailer, sizeof copy_trailer);
    return send_rows(r, e) && db_copy_end(r->db, c->count, e);
}

static bool
ensure_open(struct roll_up *r, struct err *e)
{
    if (r->id)
        return true;

    struct arena *const a = arena_child(r->arena);
    const char *const args[] = {r->zone};
    const struct rows *const rows = db_query(r->db, a, &sql_collector_open_roll_up, args, e);

    if (rows)
        r->id = rows_int64(rows, 0, "roll_up_id");
    arena_free(a);
    return rows != NULL;
}

static void
forget(struct roll_up *r)
{
    counts_clear(&r->cells);
    counts_clear(&r->reasons);
    memset(r->name_slots, 0, sizeof r->name_slots);
    strbuf_clear(r->name_bytes);
    r->name_count = 0;
    (void)number_of(r, (struct span){"", 0});
}

static bool
flush(struct roll_up *r, struct err *e)
{
    if (!ensure_open(r, e) ||
        !copy_counts(r, &r->cells, &sql_collector_copy_roll_up_cell, put_cell, e) ||
        !copy_counts(r, &r->reasons, &sql_collector_copy_roll_up_reason, put_reason, e))
        return err_context(e, "store the counts");
    forget(r);
    return true;
}

/* ---- doors ----------------------------------------------------------------------------------- */

struct roll_up *
roll_up_new(struct arena *a, struct db *db, const char *zone)
{
    struct roll_up *const r = arena_alloc(a, sizeof *r);

    r->arena = a;
    r->db = db;
    r->zone = zone;
    r->name_bytes = strbuf_new(a, NAME_BYTES_MOST);
    r->rows = strbuf_new(a, SEND_BYTES + ROW_BYTES_MOST);
    counts_init(&r->cells, a, CELLS_MOST, SUM_COUNT);
    counts_init(&r->reasons, a, REASONS_MOST, 1);
    forget(r);
    return r;
}

static bool
has_room(const struct roll_up *r)
{
    return r->name_count + NAMES_A_MARK <= NAMES_MOST &&
           r->cells.count + CELL_PERSPECTIVES <= r->cells.most &&
           r->reasons.count + CELL_PERSPECTIVES <= r->reasons.most;
}

bool
roll_up_add(struct roll_up *r, const struct cell_mark *m, struct err *e)
{
    if (!has_room(r) && !flush(r, e))
        return false;

    struct key cell = {.month = m->month, .area = number_of(r, m->area)};
    struct key reason = cell;

    cell.unit = number_of(r, m->unit);
    reason.reason = number_of(r, m->reason);
    for (unsigned i = 0; i < CELL_PERSPECTIVES; i++) {
        if (i > 0 && m->groups[i].length == 0)
            continue;
        cell.perspective = reason.perspective = i;
        cell.group = reason.group = number_of(r, m->groups[i]);

        int32_t *const sums = counts_of(&r->cells, &cell);

        for (unsigned s = 0; s < SUM_COUNT; s++)
            sums[s] += (int32_t)(m->sums >> s & 1);
        if (m->reason.length > 0)
            ++*counts_of(&r->reasons, &reason);
    }
    return true;
}

bool
roll_up_close(struct roll_up *r, const int64_t *batches, unsigned count, struct err *e)
{
    if (!flush(r, e))
        return false;

    struct arena *const a = arena_child(r->arena);
    struct array list = array_new(a, ARRAY_INT8);

    for (unsigned i = 0; i < count; i++)
        array_add_int8(&list, batches[i]);

    const struct sql_binary args[] = {binary_int8(a, r->id), array_end(&list)};
    const bool ok = db_query_binary(r->db, a, &sql_collector_close_roll_up, args, e) != NULL;

    arena_free(a);
    return ok || err_context(e, "close the counts");
}
