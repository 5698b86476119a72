/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Recomputes the ledger from the rows, which come in its order: leaf by leaf, batch by batch, all
 * as of one moment.
 * Every difference is reported and the walk goes on.
 */
#include "sql/ledger.h"
#include "sql/ledger_rows.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Tags of rows in audit.leaf_rows beside those of the nine tables (1 to 9). */
enum { TAG_ENTRY = 0, TAG_ERASED = 10 };

/* Most leaves fit; a longer one is hashed in parts. */
enum { LEAF_BYTES = 8192 };

struct verifier {
    struct arena *scratch; /* reset for every thousand rows */
    struct sha256 *hash;
    ledger_difference_fn *difference;
    void *context;
    struct progress *progress;
    struct ledger_report *report;
    /* the chain */
    uint8_t previous[DIGEST_BYTES];
    /* the batch at hand */
    bool any_batch;
    int64_t batch;
    bool entered; /* it has a ledger entry, with: */
    bool has_root;
    int64_t leaf_count;
    uint8_t root[DIGEST_BYTES];
    struct merkle tree;
    /* the leaf at hand */
    bool in_leaf, in_order;
    int64_t leaf_no;
    size_t leaf_used;
    uint8_t leaf[LEAF_BYTES];
};

static void __attribute__((format(printf, 2, 3)))
differs(struct verifier *v, const char *format, ...)
{
    char text[400];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    v->report->differences++;
    v->difference(v->context, text);
}

static void
hash_be32(struct sha256 *h, int64_t value)
{
    const uint32_t u = (uint32_t)value;
    const uint8_t bytes[4] = {(uint8_t)(u >> 24), (uint8_t)(u >> 16), (uint8_t)(u >> 8),
                              (uint8_t)u};

    sha256_add(h, bytes, sizeof bytes);
}

static void
hash_be64(struct sha256 *h, int64_t value)
{
    hash_be32(h, (int64_t)((uint64_t)value >> 32));
    hash_be32(h, (int64_t)((uint64_t)value & UINT32_MAX));
}

/* ---- the chain ------------------------------------------------------------------------------- */

static bool
bytes_of(struct verifier *v, const struct rows *r, int row, const char *column, size_t length,
         const uint8_t **bytes)
{
    static const uint8_t zeros[DIGEST_BYTES];
    struct span s;

    *bytes = zeros;
    if (!rows_bytes(r, row, column, v->scratch, &s) || s.length != length)
        return false;
    *bytes = (const uint8_t *)s.data;
    return true;
}

static void
entry_digest(struct verifier *v, const struct rows *r, int row, const uint8_t *previous,
             uint8_t digest[DIGEST_BYTES])
{
    static const uint8_t prefix[] = {0x02, 0x01};
    const char *const texts[] = {rows_text(r, row, "kind"), rows_text(r, row, "subject")};
    const uint8_t *recorded, *root;

    bytes_of(v, r, row, "recorded", 8, &recorded);
    bytes_of(v, r, row, "root", DIGEST_BYTES, &root);
    sha256_start(v->hash);
    sha256_add(v->hash, prefix, sizeof prefix);
    sha256_add(v->hash, previous, DIGEST_BYTES);
    hash_be64(v->hash, rows_int64(r, row, "entry"));
    sha256_add(v->hash, recorded, 8);
    for (size_t i = 0; i < 2; i++) {
        hash_be32(v->hash, (int64_t)strlen(texts[i]));
        sha256_add(v->hash, texts[i], strlen(texts[i]));
    }
    hash_be64(v->hash, rows_int64(r, row, "batch_id"));
    hash_be64(v->hash, rows_int64(r, row, "leaf_count"));
    sha256_add(v->hash, root, DIGEST_BYTES);
    sha256_finish(v->hash, digest);
}

static bool
each_entry(void *context, const struct rows *r, struct err *e)
{
    struct verifier *const v = context;

    (void)e;
    for (int row = 0; row < rows_count(r); row++) {
        const int64_t entry = rows_int64(r, row, "entry");
        const uint8_t *previous, *stored;
        uint8_t digest[DIGEST_BYTES];

        v->report->entries++;
        if ((uint64_t)entry != v->report->entries) {
            differs(v, "entry %" PRIu64 ": missing", v->report->entries);
            v->report->entries = (uint64_t)entry;
        }
        bytes_of(v, r, row, "previous", DIGEST_BYTES, &previous);
        bytes_of(v, r, row, "entry_hash", DIGEST_BYTES, &stored);
        if (!digest_equal(previous, v->previous, DIGEST_BYTES))
            differs(v, "entry %" PRId64 ": does not follow from the entry before it", entry);
        entry_digest(v, r, row, previous, digest);
        if (!digest_equal(stored, digest, DIGEST_BYTES))
            differs(v, "entry %" PRId64 ": its hash is not that of its content", entry);
        memcpy(v->previous, stored, DIGEST_BYTES);
    }
    arena_reset(v->scratch);
    return true;
}

static bool
verify_chain(struct verifier *v, struct db *db, struct arena *a, struct err *e)
{
    const struct rows *const head = db_query(db, a, &sql_db_ledger_head, NULL, e);
    const uint8_t *stored;

    if (!head)
        return false;
    if (rows_count(head) != 1) {
        differs(v, "the head of the ledger is missing");
    } else {
        progress_start(v->progress, "leaves", (uint64_t)rows_int64(head, 0, "leaves"));
        bytes_of(v, head, 0, "entry_hash", DIGEST_BYTES, &stored);
        memcpy(v->report->head, stored, DIGEST_BYTES);
    }
    if (!db_stream(db, &sql_db_ledger_entries, NULL, each_entry, v, e))
        return false;
    if (rows_count(head) == 1 && ((uint64_t)rows_int64(head, 0, "entry") != v->report->entries ||
                                  !digest_equal(v->report->head, v->previous, DIGEST_BYTES)))
        differs(v,
                "the head names entry %" PRId64 ", which is not the last of the %" PRIu64
                " entries that are here",
                rows_int64(head, 0, "entry"), v->report->entries);
    return true;
}

/* ---- the rows under it ----------------------------------------------------------------------- */

static void
add_to_leaf(struct verifier *v, const void *data, size_t length)
{
    if (length > LEAF_BYTES - v->leaf_used) {
        sha256_add(v->hash, v->leaf, v->leaf_used);
        v->leaf_used = 0;
    }
    if (length > LEAF_BYTES) {
        sha256_add(v->hash, data, length);
    } else if (length > 0) {
        memcpy(v->leaf + v->leaf_used, data, length);
        v->leaf_used += length;
    }
}

static void
end_leaf(struct verifier *v)
{
    uint8_t digest[DIGEST_BYTES];

    if (!v->in_leaf)
        return;
    sha256_add(v->hash, v->leaf, v->leaf_used);
    sha256_finish(v->hash, digest);
    merkle_add(&v->tree, digest);
    v->in_leaf = false;
}

static void
end_batch(struct verifier *v)
{
    uint8_t root[DIGEST_BYTES];

    end_leaf(v);
    if (!v->any_batch)
        return;
    v->report->leaves += v->tree.count;
    merkle_root(&v->tree, root);
    if (!v->entered)
        differs(v, "batch %" PRId64 ": %" PRIu64 " stored leaves and no ledger entry", v->batch,
                v->tree.count);
    else if ((uint64_t)v->leaf_count != v->tree.count)
        differs(v, "batch %" PRId64 ": %" PRIu64 " leaves are here, its entry has %" PRId64,
                v->batch, v->tree.count, v->leaf_count);
    else if (v->has_root ? !digest_equal(root, v->root, DIGEST_BYTES) : v->leaf_count > 0)
        differs(v, "batch %" PRId64 ": the Merkle root of its rows is not that of its entry",
                v->batch);
}

static void
start_batch(struct verifier *v, int64_t batch)
{
    end_batch(v);
    v->any_batch = true;
    v->batch = batch;
    v->entered = false;
    v->in_order = true;
    v->leaf_no = -1;
    merkle_start(&v->tree);
}

/* Says once a batch where the numbering of its leaves breaks. */
static void
next_leaf(struct verifier *v, int64_t leaf_no)
{
    end_leaf(v);
    if (v->in_order && leaf_no != v->leaf_no + 1) {
        differs(v, "batch %" PRId64 ": leaf %" PRId64 " is missing", v->batch, v->leaf_no + 1);
        v->in_order = false;
    }
    v->leaf_no = leaf_no;
}

static uint32_t
be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* record_send() gives a column count, then oid, length, bytes a column; the leaf has no count and
 * no oids. */
static bool
add_record(struct verifier *v, struct span record)
{
    const uint8_t *at = (const uint8_t *)record.data;
    size_t left = record.length;

    if (left < 4)
        return false;
    for (at += 4, left -= 4; left > 0;) {
        if (left < 8)
            return false;

        const uint32_t length = be32(at + 4);
        const size_t value = length == UINT32_MAX ? 0 : length;

        if (value > left - 8)
            return false;
        add_to_leaf(v, at + 4, 4 + value);
        at += 8 + value;
        left -= 8 + value;
    }
    return true;
}

static void
entry_row(struct verifier *v, const struct ledger_row *row)
{
    v->entered = true;
    v->report->batches++;
    v->leaf_count = row->expected;
    v->has_root = row->content.length == DIGEST_BYTES;
    if (v->has_root)
        memcpy(v->root, row->content.data, DIGEST_BYTES);
}

static void
erased_row(struct verifier *v, const struct ledger_row *row)
{
    next_leaf(v, row->leaf);
    if (row->content.length == DIGEST_BYTES)
        merkle_add(&v->tree, (const uint8_t *)row->content.data);
    v->report->erased++;
}

static bool
table_row(struct verifier *v, const struct ledger_row *row, struct err *e)
{
    static const uint8_t prefix[] = {0x00, 0x01};
    const uint8_t tag = (uint8_t)row->tag;

    if (!v->in_leaf || row->leaf != v->leaf_no) {
        next_leaf(v, row->leaf);
        v->leaf_used = 0;
        add_to_leaf(v, prefix, sizeof prefix);
        add_to_leaf(v, row->salt.data, row->salt.length);
        v->in_leaf = true;
    }
    add_to_leaf(v, &tag, 1);
    return add_record(v, row->content) ||
           err_set(e, ERR_INTERNAL, "a row of batch %" PRId64 " does not come as a record",
                   v->batch);
}

static bool
each_stretch(void *context, const struct ledger_row *rows, size_t count, struct err *e)
{
    struct verifier *const v = context;

    for (size_t i = 0; i < count; i++) {
        if (!v->any_batch || rows[i].batch != v->batch)
            start_batch(v, rows[i].batch);
        if (rows[i].tag == TAG_ENTRY)
            entry_row(v, &rows[i]);
        else if (rows[i].tag == TAG_ERASED)
            erased_row(v, &rows[i]);
        else if (!table_row(v, &rows[i], e))
            return false;
    }
    progress_update(v->progress, v->report->leaves + v->tree.count, "");
    return true;
}

static bool
each_difference(void *context, const struct rows *r, struct err *e)
{
    struct verifier *const v = context;

    (void)e;
    for (int row = 0; row < rows_count(r); row++)
        differs(v, "%s", rows_text(r, row, "text"));
    return true;
}

static bool
verify_all(struct verifier *v, struct db *db, struct arena *a, struct err *e)
{
    if (!db_query(db, a, &sql_db_ledger_index, NULL, e) || !db_begin(db, e) ||
        !db_query(db, a, &sql_db_one_snapshot, NULL, e) || !verify_chain(v, db, a, e) ||
        !ledger_rows(db, STRETCH_LEAVES, each_stretch, v, e))
        return false;
    end_batch(v);
    return db_stream(db, &sql_db_ledger_differences, NULL, each_difference, v, e) &&
           db_commit(db, e); /* the look was logged */
}

bool
ledger_verify(struct db *db, struct arena *a, ledger_difference_fn *difference, void *context,
              struct progress *progress, struct ledger_report *report, struct err *e)
{
    struct progress silent = {0};
    struct verifier v = {.scratch = arena_child(a),
                         .hash = sha256_new(a),
                         .difference = difference,
                         .context = context,
                         .progress = progress ? progress : &silent,
                         .report = report};

    *report = (struct ledger_report){0};

    const bool ok = verify_all(&v, db, a, e);

    progress_end(v.progress);
    if (!ok)
        db_rollback(db);
    return ok || err_context(e, "verify the ledger");
}
