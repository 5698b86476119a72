/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The order within a parcel: claim the keys, make missing months, place and copy the rows of what
 * was accepted, then count. A claim names only what is not plainly new, so the usual parcel costs
 * one call and one COPY a table. Layer 0 is the file's batch; layer n + 1 takes updates of records
 * that layer n brought.
 */
#include "collector/store.h"
#include "collector/array.h"
#include "collector/store_internal.h"
#include "common/fault.h"

#include <inttypes.h>
#include <string.h>

#include "gen/queries.h"

/* ---- layers ---------------------------------------------------------------------------------- */

static bool
open_layer(struct store *s, struct err *e)
{
    struct arena *const a = arena_child(s->arena);
    const char *const args[] = {s->in.profile, s->source_system, s->in.file};
    const struct rows *const r = db_query(s->in.db, a, &sql_collector_open_batch, args, e);

    if (r) {
        struct layer *const l = &s->layers[s->layer_count++];

        l->batch = rows_int64(r, 0, "batch_id");
        merkle_start(&l->merkle);
    }
    arena_free(a);
    return r != NULL;
}

/* ---- claiming -------------------------------------------------------------------------------- */

static const struct {
    const char *status;
    unsigned rule;
} claim_rules[] = {
    {"identical", RULE_I100}, {"conflict", RULE_R021}, {"unknown", RULE_R022},
    {"locked", RULE_R023},    {"closed", RULE_R024},   {"unconfirmed", RULE_R025},
    {"superseded", ACCEPTED},
};

/* RULE_COUNT + 1 for a status that this program does not know. */
static unsigned
rule_of_status(const char *status)
{
    for (unsigned i = 0; i < sizeof claim_rules / sizeof *claim_rules; i++)
        if (strcmp(claim_rules[i].status, status) == 0)
            return claim_rules[i].rule;
    return RULE_COUNT + 1;
}

struct claim { /* entries of the parcel that ask for one layer */
    unsigned layer;
    uint32_t count;
    uint32_t *entries;
};

static const struct rows *
ask(struct store *s, struct arena *a, const struct parcel *p, const struct claim *c, struct err *e)
{
    struct array ids = array_new(a, ARRAY_UUID), versions = array_new(a, ARRAY_INT4),
                 types = array_new(a, ARRAY_TEXT), macs = array_new(a, ARRAY_BYTEA),
                 groups = array_new(a, ARRAY_BYTEA), starts = array_new(a, ARRAY_TIMESTAMPTZ);

    for (uint32_t i = 0; i < c->count; i++) {
        const struct entry *const entry = chunk_entry(&p->chunk, c->entries[i]);

        array_add(&ids, entry->stop_id, sizeof entry->stop_id);
        array_add_int4(&versions, entry->version);
        array_add(&types, &entry->tx_type, 1);
        array_add(&macs, entry->mac, sizeof entry->mac);
        if (entry->has_group)
            array_add(&groups, entry->group_mac, sizeof entry->group_mac);
        else
            array_add_null(&groups);
        array_add_time(&starts, entry->started_at);
    }

    const struct sql_binary args[] = {
        binary_int8(a, s->layers[c->layer].batch),
        array_end(&ids),
        array_end(&versions),
        array_end(&types),
        array_end(&macs),
        array_end(&groups),
        array_end(&starts),
    };

    return db_query_binary(s->in.db, a, &sql_collector_claim, args, e);
}

/* Reads the answers; *again keeps the entries that need the next layer. */
static bool
settle(const struct rows *r, const struct claim *c, struct verdict *verdicts, struct claim *again,
       struct err *e)
{
    for (uint32_t i = 0; i < c->count; i++)
        verdicts[c->entries[i]] = (struct verdict){ACCEPTED, c->layer, false};
    for (int row = 0; row < rows_count(r); row++) {
        const int64_t ord = rows_int64(r, row, "ord");
        const char *const status = rows_text(r, row, "status");

        if (ord < 1 || ord > c->count || !status)
            return err_set(e, ERR_INTERNAL, "the answer to a claim names no record of it");

        const uint32_t entry = c->entries[ord - 1];

        if (strcmp(status, "same-batch") == 0) {
            again->entries[again->count++] = entry;
            continue;
        }
        verdicts[entry].rule = rule_of_status(status);
        if (PLANTED(no_dedup) && verdicts[entry].rule == RULE_I100)
            verdicts[entry].rule = ACCEPTED;
        if (verdicts[entry].rule > RULE_COUNT)
            return err_set(e, ERR_CONFIG, "the database answers a claim with something unknown");
    }
    return true;
}

static bool
claim_all(struct store *s, struct arena *a, const struct parcel *p, struct verdict *verdicts,
          struct err *e)
{
    const uint32_t count = chunk_count(&p->chunk);
    struct claim now = {0, count, arena_array(a, count, sizeof *now.entries)};
    struct claim again = {0, 0, arena_array(a, count, sizeof *again.entries)};

    for (uint32_t i = 0; i < count; i++)
        now.entries[i] = i;
    while (now.count > 0) {
        if (now.layer == LAYERS_MOST) {
            for (uint32_t i = 0; i < now.count; i++)
                verdicts[now.entries[i]].rule = RULE_R021;
            return true;
        }
        if (now.layer == s->layer_count && !open_layer(s, e))
            return false;

        const struct rows *const r = ask(s, a, p, &now, e);

        if (!r || !settle(r, &now, verdicts, &again, e))
            return err_context(e, "claim");

        uint32_t *const spare = now.entries;

        now = (struct claim){now.layer + 1, again.count, again.entries};
        again = (struct claim){0, 0, spare};
    }
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool
ensure_month(struct store *s, instant t, struct err *e)
{
    char text[32];

    instant_text(t, text);

    struct arena *const a = arena_child(s->arena);
    const char *const args[] = {text, text};
    const bool ok = db_query(s->in.db, a, &sql_collector_ensure_partitions, args, e) != NULL;

    arena_free(a);
    return ok;
}

/* Months are those of UTC, as the partitions are. */
static bool
ensure_months(struct store *s, const struct parcel *p, const struct verdict *verdicts,
              struct err *e)
{
    for (uint32_t i = 0; i < chunk_count(&p->chunk); i++) {
        const instant t = chunk_entry(&p->chunk, i)->started_at;
        const int64_t days = t / DAY - (t % DAY < 0 ? 1 : 0);
        int year, month, day;

        if (verdicts[i].rule != ACCEPTED || days == s->last_day)
            continue;
        civil_from_days(days, &year, &month, &day);
        s->last_day = days;

        const int at = (year - MONTHS_FROM) * 12 + month - 1;
        const bool kept = at >= 0 && at < MONTHS;

        if (kept && (s->months[at] || s->memory->made[at]))
            continue;
        if (!ensure_month(s, t, e))
            return false;
        if (kept)
            s->months[at] = true;
    }
    return true;
}

/* Leaves go into the tree in the order in which leaf numbers are given out. */
static void
place_entries(struct store *s, const struct parcel *p, const struct verdict *verdicts,
              struct place *places)
{
    for (uint32_t i = 0; i < chunk_count(&p->chunk); i++) {
        const struct entry *const entry = chunk_entry(&p->chunk, i);

        if (verdicts[i].rule != ACCEPTED) {
            places[i] = (struct place){0, 0};
            continue;
        }

        struct layer *const l = &s->layers[verdicts[i].layer];

        places[i] = (struct place){l->batch, (int32_t)l->merkle.count};
        for (uint32_t k = 0; k < entry->leaf_count; k++)
            merkle_add(&l->merkle, chunk_leaf(&p->chunk, entry->first_leaf + k));
    }
}

static bool
copy_table(struct store *s, struct parcel *p, enum table table, const struct place *places,
           struct err *e)
{
    static const struct sql_query *const queries[TABLE_COUNT] = {
        [TABLE_STOP] = &sql_collector_copy_stop,       [TABLE_PERSON] = &sql_collector_copy_person,
        [TABLE_ACTION] = &sql_collector_copy_action,   [TABLE_FIND] = &sql_collector_copy_find,
        [TABLE_RESULT] = &sql_collector_copy_result,   [TABLE_TEXT] = &sql_collector_copy_text,
        [TABLE_GROUP] = &sql_collector_copy_group,     [TABLE_TRAIT] = &sql_collector_copy_trait,
        [TABLE_OFFICER] = &sql_collector_copy_officer,
    };
    const uint32_t rows = chunk_place(&p->chunk, table, places);
    const struct strbuf *const bytes = p->chunk.tables[table].bytes;

    if (rows == 0)
        return true;
    return db_copy_begin(s->in.db, queries[table], e) &&
           db_copy_send(s->in.db, copy_header, sizeof copy_header, e) &&
           db_copy_send(s->in.db, bytes->data, bytes->length, e) &&
           db_copy_send(s->in.db, copy_trailer, sizeof copy_trailer, e) &&
           db_copy_end(s->in.db, rows, e);
}

/* What only stored records could tell: the state says it like a warning of the record's own. */
static bool
restate(struct arena *a, struct parcel *p, const struct verdict *verdicts, struct err *e)
{
    bool *const warned = arena_array(a, chunk_count(&p->chunk), sizeof *warned);

    for (uint32_t i = 0; i < chunk_count(&p->chunk); i++)
        warned[i] = verdicts[i].warned;
    return chunk_warn(&p->chunk, a, warned, e);
}

static bool
store_rows(struct store *s, struct arena *a, struct parcel *p, const struct verdict *verdicts,
           struct err *e)
{
    struct place *const places = arena_array(a, chunk_count(&p->chunk), sizeof *places);

    place_entries(s, p, verdicts, places);
    for (const struct layer *l = s->layers; l < s->layers + s->layer_count; l++)
        if (l->merkle.count > INT32_MAX)
            return err_set(e, ERR_INPUT, "the file has more parts than one batch can number") ||
                   err_hint(e, "deliver it in several files");
    for (unsigned t = 0; t < TABLE_COUNT; t++)
        if (!copy_table(s, p, (enum table)t, places, e))
            return false;
    return true;
}

static bool
count_cells(struct store *s, const struct parcel *p, const struct verdict *verdicts, struct err *e)
{
    for (uint32_t i = 0; i < parcel_mark_count(p); i++) {
        const struct cell_mark *const m = parcel_mark(p, i);

        if (verdicts[m->entry].rule == ACCEPTED && !roll_up_add(s->roll_up, m, e))
            return false;
    }
    return true;
}

/* ---- the batch ------------------------------------------------------------------------------- */

/* A key of its own, derived: what seals is not used for anything else. */
static struct hmac *
quarantine_hmac(struct arena *a, const uint8_t key[KEY_BYTES])
{
    static const char purpose[] = "maatstaf: known again in the quarantine, 1";
    uint8_t derived[DIGEST_BYTES];

    hmac_of(hmac_new(a, key), purpose, sizeof purpose - 1, derived);
    return hmac_new(a, derived);
}

struct store *
store_new(struct arena *a, const struct store_input *in)
{
    struct store *const s = arena_alloc(a, sizeof *s);

    s->arena = a;
    s->in = *in;
    s->quarantine_hmac = quarantine_hmac(a, in->quarantine_key);
    s->last_day = INT64_MIN;
    s->memory = in->memory ? in->memory : store_memory_new(a);
    s->roll_up = in->posts ? NULL : roll_up_new(a, in->db, in->zone);
    return s;
}

struct store_memory *
store_memory_new(struct arena *a)
{
    struct store_memory *const m = arena_alloc(a, sizeof *m);

    m->arena = arena_child(a);
    return m;
}

bool
store_memory_doubt(struct store_memory *m)
{
    bool any = false;

    for (unsigned i = 0; i < MONTHS; i++)
        any = any || m->made[i];
    memset(m->made, 0, sizeof m->made);
    return any;
}

void
store_memory_forget(struct store_memory *m)
{
    (void)store_memory_doubt(m);
    m->unit_count = 0;
    arena_reset(m->arena);
}

void
store_committed(struct store *s)
{
    for (unsigned i = 0; i < MONTHS; i++)
        s->memory->made[i] = s->memory->made[i] || s->months[i];
}

int64_t
store_layer(const struct store *s, unsigned layer, int64_t *entry)
{
    *entry = s->layers[layer].entry;
    return s->layers[layer].batch;
}

bool
store_parcel(struct store *s, struct parcel *p, struct err *e)
{
    const uint32_t count = chunk_count(&p->chunk);
    struct verdict *const verdicts = arena_array(p->arena, count, sizeof *verdicts);

    store_learn_source(s, p);
    if (parcel_count(p) == 0)
        return true;
    if (s->layer_count == 0 && !open_layer(s, e))
        return false;
    return claim_all(s, p->arena, p, verdicts, e) && ensure_months(s, p, verdicts, e) &&
           store_warn(s, p, verdicts, e) && restate(p->arena, p, verdicts, e) &&
           store_rows(s, p->arena, p, verdicts, e) && count_cells(s, p, verdicts, e) &&
           store_tally(s, p, verdicts, e);
}

static bool
close_layer(struct store *s, unsigned layer, struct err *e)
{
    struct report *const report = s->in.report;
    const struct layer *const l = &s->layers[layer];
    struct arena *const a = arena_child(s->arena);
    uint8_t root[DIGEST_BYTES];
    char root_hex[2 * DIGEST_BYTES + 1], sha256_hex[2 * DIGEST_BYTES + 1];
    uint64_t later = 0; /* rows that the other batches of this file took */

    merkle_root(&l->merkle, root);
    hex_of(root, sizeof root, root_hex);
    hex_of(report->sha256, sizeof report->sha256, sha256_hex);
    for (unsigned i = 1; i < s->layer_count; i++)
        later += s->layers[i].rows;

    const bool first = layer == 0;
    struct strbuf *const json = strbuf_new(a, REPORT_MOST);

    json_write(json, first ? report_json(report, a) : json_own(a, json_object()), JSON_CANONICAL);

    const char *const args[] = {
        arena_printf(a, "%" PRId64, l->batch),
        report->has_sha256 ? sha256_hex : NULL,
        arena_printf(a, "%" PRIu64, first ? report->received - later : l->rows),
        arena_printf(a, "%" PRIu64, first ? report->accepted - later : l->rows),
        arena_printf(a, "%" PRIu64, first ? report->duplicate : 0),
        arena_printf(a, "%" PRIu64, first ? report->quarantined : 0),
        arena_printf(a, "%" PRIu64, first ? report->refused : 0),
        arena_printf(a, "%" PRIu64, l->merkle.count),
        root_hex,
        json->data,
    };
    const struct rows *const r = db_query(s->in.db, a, &sql_collector_close_batch, args, e);

    if (r)
        s->layers[layer].entry = rows_int64(r, 0, "entry");
    if (first)
        report->ledger_entry = s->layers[layer].entry;
    arena_free(a);
    return r || err_context(e, "close the batch");
}

bool
store_close(struct store *s, struct err *e)
{
    if (!store_count_messages(s, e))
        return false;
    for (unsigned i = 0; i < s->layer_count; i++)
        if (!close_layer(s, i, e))
            return false;

    if (s->in.posts)
        return true;

    int64_t batches[LAYERS_MOST];

    for (unsigned i = 0; i < s->layer_count; i++)
        batches[i] = s->layers[i].batch;
    return roll_up_close(s->roll_up, batches, s->layer_count, e);
}
