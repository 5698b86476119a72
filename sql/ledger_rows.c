/* SPDX-License-Identifier: EUPL-1.2 */
/* Batches of the ledger by number are cut into stretches; then each is asked for in turn. */
#include "sql/ledger_rows.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <stdlib.h>

/* Both ends included. */
struct stretch {
    int64_t batch_from, batch_until;
    int32_t leaf_from, leaf_until;
};

struct plan {
    struct arena *arena;
    int64_t stretch_leaves;
    struct stretch *list;
    size_t count, room;
    int64_t open;   /* first batch that no stretch covers */
    int64_t leaves; /* in the batches from there on that were seen */
};

static void
add(struct plan *p, struct stretch stretch)
{
    if (p->count == p->room) {
        struct stretch *const old = p->list;

        p->room = p->room ? 2 * p->room : 64;
        p->list = arena_array(p->arena, p->room, sizeof *p->list);
        for (size_t i = 0; i < p->count; i++)
            p->list[i] = old[i];
    }
    p->list[p->count++] = stretch;
}

/* Whole batches up to and with `until`, those without an entry among them. */
static void
add_batches(struct plan *p, int64_t until)
{
    add(p, (struct stretch){p->open, until, INT32_MIN, INT32_MAX});
    p->leaves = 0;
}

/* A batch that is too large for one stretch. */
static void
add_pieces(struct plan *p, int64_t batch, int64_t leaves)
{
    int32_t from = INT32_MIN;

    for (int64_t end = p->stretch_leaves; end < leaves && end < INT32_MAX;
         end += p->stretch_leaves) {
        add(p, (struct stretch){batch, batch, from, (int32_t)end - 1});
        from = (int32_t)end;
    }
    add(p, (struct stretch){batch, batch, from, INT32_MAX});
}

static bool
each_batch(void *context, const struct rows *r, struct err *e)
{
    struct plan *const p = context;

    (void)e;
    for (int i = 0; i < rows_count(r); i++) {
        const int64_t batch = rows_int64(r, i, "batch_id");
        const int64_t leaves = rows_int64(r, i, "leaf_count");

        if (p->leaves + leaves > p->stretch_leaves && p->open < batch) {
            add_batches(p, batch - 1);
            p->open = batch;
        }
        if (leaves > p->stretch_leaves && batch < INT64_MAX) {
            add_pieces(p, batch, leaves);
            p->open = batch + 1;
        } else {
            p->leaves += leaves;
        }
    }
    return true;
}

static bool
ask(struct db *db, const struct plan *p, size_t i, struct arena *a, struct err *e)
{
    const struct stretch *const s = &p->list[i];
    const char *const args[] = {
        arena_printf(a, "%" PRId64, s->batch_from), arena_printf(a, "%" PRId64, s->batch_until),
        arena_printf(a, "%" PRId32, s->leaf_from), arena_printf(a, "%" PRId32, s->leaf_until)};

    return db_ask(db, &sql_db_ledger_leaf_rows, args, e);
}

/* ---- rows of a stretch ----------------------------------------------------------------------- */

/* A binary integer of 2, 4 or 8 bytes; 0 for NULL. */
static int64_t
integer(const struct rows *r, int row, int column)
{
    const struct span s = rows_binary(r, row, column);
    const uint8_t *const bytes = (const uint8_t *)s.data;
    uint64_t u = s.length > 0 && bytes[0] & 0x80 ? UINT64_MAX : 0;

    for (size_t i = 0; i < s.length; i++)
        u = u << 8 | bytes[i];
    return (int64_t)u;
}

static int
compared(int64_t x, int64_t y)
{
    return x < y ? -1 : x > y;
}

static int
in_ledger_order(const void *x, const void *y)
{
    const struct ledger_row *const a = x;
    const struct ledger_row *const b = y;

    if (a->batch != b->batch)
        return compared(a->batch, b->batch);
    if (a->leaf != b->leaf)
        return compared(a->leaf, b->leaf);
    if (a->tag != b->tag)
        return compared(a->tag, b->tag);
    if (a->person_seq != b->person_seq)
        return compared(a->person_seq, b->person_seq);
    return compared(a->ord, b->ord);
}

static struct ledger_row *
sorted_rows(struct arena *a, const struct rows *r)
{
    const int count = rows_count(r);
    struct ledger_row *const list = arena_array(a, (size_t)count + 1, sizeof *list);

    for (int i = 0; i < count; i++)
        list[i] = (struct ledger_row){
            .batch = integer(r, i, 0),
            .leaf = (int32_t)integer(r, i, 1),
            .tag = (int16_t)integer(r, i, 2),
            .person_seq = (int16_t)integer(r, i, 3),
            .ord = (int16_t)integer(r, i, 4),
            .salt = rows_binary(r, i, 5),
            .content = rows_binary(r, i, 6),
            .expected = integer(r, i, 7),
        };
    qsort(list, (size_t)count, sizeof *list, in_ledger_order);
    return list;
}

static bool
read_all(struct db *db, const struct plan *p, struct arena *scratch, ledger_rows_fn *each,
         void *context, struct err *e)
{
    bool ok = ask(db, p, 0, scratch, e);

    for (size_t i = 0; ok && i < p->count; i++) {
        const struct rows *const r = db_answer(db, scratch, e);
        const bool more = r && i + 1 < p->count;

        ok = r && (!more || ask(db, p, i + 1, scratch, e)) &&
             each(context, sorted_rows(scratch, r), (size_t)rows_count(r), e);
        arena_reset(scratch);
        if (!ok && more) {
            struct err ignored;

            db_answer(db, scratch, &ignored); /* the connection is the caller's again */
        }
    }
    return ok;
}

bool
ledger_rows(struct db *db, int64_t stretch_leaves, ledger_rows_fn *each, void *context,
            struct err *e)
{
    struct arena *const a = arena_new();
    struct plan plan = {.arena = a, .stretch_leaves = stretch_leaves, .open = INT64_MIN};
    bool ok = db_stream(db, &sql_db_ledger_batches, NULL, each_batch, &plan, e);

    if (ok) {
        add_batches(&plan, INT64_MAX);
        ok = read_all(db, &plan, arena_child(a), each, context, e);
    }
    arena_free(a);
    return ok;
}
