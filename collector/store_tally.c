/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where every record ends: accepted, duplicate, quarantined or refused, by its delivered rows. What
 * is set apart is sealed under a key that the database does not have, bound to its batch and line.
 */
#include "collector/array.h"
#include "collector/store_internal.h"

#include <string.h>

#include "gen/queries.h"

/* ---- what the batch is ----------------------------------------------------------------------- */

void
store_learn_source(struct store *s, const struct parcel *p)
{
    if (!s->source_system && p->source_system.length > 0)
        s->source_system = arena_strndup(s->arena, p->source_system.data, p->source_system.length);
    else if (!s->source_system && parcel_count(p) > 0)
        s->source_system = "unknown";
}

const char *
store_source_system(const struct store *s)
{
    return s->source_system ? s->source_system : "unknown";
}

int64_t
store_batch(const struct store *s)
{
    return s->layer_count > 0 ? s->layers[0].batch : 0;
}

double
store_bad_share(const struct store *s)
{
    const struct report *const r = s->in.report;

    return r->received ? (double)(r->quarantined + r->refused) / (double)r->received : 0;
}

double
store_bad_share_of_first(const struct store *s)
{
    return s->first_received >= SHARE_FIRST ? (double)s->first_bad / (double)s->first_received : 0;
}

/* ---- counting -------------------------------------------------------------------------------- */

struct kept_out {                               /* of one parcel, for the database */
    struct array lines, codes, fields, persons; /* findings of severity R and E */
};

struct apart { /* what a parcel wants set apart */
    struct array lines, codes, sealed, macs, ids;
};

static void
note_all(struct store *s, const struct parcel *p, const struct outcome *o)
{
    for (uint32_t i = 0; i < o->note_count; i++) {
        const struct finding *const n = parcel_note(p, o->first_note + i);

        report_note(s->in.report, n, o->line, 1);
    }
}

static void
keep_finding(struct kept_out *k, struct arena *a, uint64_t line, const struct finding *f)
{
    const char *const pointer = finding_pointer(a, f);

    array_add_int8(&k->lines, (int64_t)line);
    array_add_text(&k->codes, rules[f->rule].code);
    array_add_text(&k->fields, pointer[0] ? pointer : NULL);
    if (f->person_seq > 0 && f->person_seq <= INT16_MAX)
        array_add_int2(&k->persons, f->person_seq);
    else
        array_add_null(&k->persons);
}

static void
keep_findings(struct kept_out *k, const struct parcel *p, const struct outcome *o)
{
    for (uint32_t i = 0; i < o->note_count; i++) {
        const struct finding *const n = parcel_note(p, o->first_note + i);

        if (rules[n->rule].severity <= SEVERITY_ERROR) /* what kept it out */
            keep_finding(k, p->arena, o->line, n);
    }
}

/* "E061|E080": each rule once, in the order found. */
static const char *
error_codes(struct arena *a, const struct parcel *p, const struct outcome *o)
{
    bool seen[RULE_COUNT] = {false};
    struct strbuf *const b = strbuf_new(a, 4096);

    for (uint32_t i = 0; i < o->note_count; i++) {
        const enum rule_id rule = parcel_note(p, o->first_note + i)->rule;

        if (seen[rule] || rules[rule].severity != SEVERITY_ERROR)
            continue;
        seen[rule] = true;
        strbuf_printf(b, "%s%s", b->length > 0 ? "|" : "", rules[rule].code);
    }
    return b->data;
}

struct span
quarantine_context(struct arena *a, int64_t batch_id, int64_t line)
{
    struct strbuf *const b = strbuf_new(a, 64);

    strbuf_add_be64(b, (uint64_t)batch_id);
    strbuf_add_be64(b, (uint64_t)line);
    return (struct span){b->data, b->length};
}

/* Sealed for its place, and the MAC by which the same record is known wherever it stands. Form,
 * profile and header go along, so that the record can be read again by itself. */
static void
set_apart(struct store *s, struct arena *a, struct apart *apart, const struct parcel *p,
          const struct outcome *o)
{
    struct strbuf *const b = strbuf_new(a, o->raw.length + s->in.header.length + 4096);
    uint8_t mac[DIGEST_BYTES];

    strbuf_printf(b, "%s\n%s\n", s->in.form, s->in.profile);
    strbuf_add(b, s->in.header.data, s->in.header.length);
    strbuf_add_char(b, '\n');
    strbuf_add(b, o->raw.data, o->raw.length);

    const struct span sealed = seal(a, s->in.quarantine_key, (struct span){b->data, b->length},
                                    quarantine_context(a, s->layers[0].batch, (int64_t)o->line));

    hmac_of(s->quarantine_hmac, b->data, b->length, mac);
    array_add_int8(&apart->lines, (int64_t)o->line);
    array_add_text(&apart->codes, error_codes(a, p, o));
    array_add(&apart->sealed, sealed.data, sealed.length);
    array_add(&apart->macs, mac, sizeof mac);
    if (o->has_id)
        array_add(&apart->ids, o->stop_id, sizeof o->stop_id);
    else
        array_add_null(&apart->ids);
}

/* Whether a stored record was remarkable: by its own findings or by what is stored already. */
static bool
count_accepted(struct store *s, const struct parcel *p, const struct outcome *o,
               const struct verdict *v)
{
    bool warned = v->warned;

    s->in.report->accepted += o->rows;
    s->layers[v->layer].rows += o->rows;
    note_all(s, p, o);
    for (uint32_t i = 0; i < o->note_count; i++)
        warned =
            warned || rules[parcel_note(p, o->first_note + i)->rule].severity == SEVERITY_WARNING;
    return warned;
}

static void
count_stored(struct store *s, const struct parcel *p, const struct outcome *o,
             const struct verdict *v, struct kept_out *k)
{
    struct report *const r = s->in.report;
    const struct finding as_a_whole = {
        .rule = v->rule == ACCEPTED ? RULE_I101 : (enum rule_id)v->rule, .field = ""};

    if (v->rule == ACCEPTED) {
        if (count_accepted(s, p, o, v))
            report_note(r, &as_a_whole, o->line, o->rows);
        return;
    }
    /* What became of rows is counted in rows, so that I100 is the duplicates; faults once each. */
    report_note(r, &as_a_whole, o->line, v->rule == RULE_I100 ? o->rows : 1);
    if (v->rule == RULE_I100) {
        r->duplicate += o->rows;
        return;
    }
    r->refused += o->rows;
    if (k)
        keep_finding(k, p->arena, o->line, &as_a_whole);
}

static void
count_first(struct store *s, uint64_t rows, bool bad)
{
    if (s->first_received >= SHARE_FIRST)
        return;
    s->first_received += rows;
    s->first_bad += bad ? rows : 0;
}

/* A record that was set apart before says nothing new: not even its faults are counted. */
static void
count_known(struct store *s, const struct outcome *o)
{
    report_note(s->in.report, &(struct finding){.rule = RULE_I100, .field = ""}, o->line, o->rows);
    s->in.report->duplicate += o->rows;
}

/* verdicts, known (by outcome) and k are NULL when the database is left out. */
static void
count_parcel(struct store *s, struct parcel *p, const struct verdict *verdicts, const bool *known,
             struct kept_out *k)
{
    static const struct verdict unasked = {ACCEPTED, 0, false};
    struct report *const r = s->in.report;
    uint32_t entry = 0;

    for (uint32_t i = 0; i < parcel_count(p); i++) {
        struct outcome *const o = parcel_outcome_of(p, i);
        const uint64_t bad = r->quarantined + r->refused;

        r->received += o->rows;
        if (o->fate == FATE_STORE) {
            const struct verdict *const v = verdicts ? &verdicts[entry] : &unasked;

            o->rule = v->rule;
            o->layer = v->layer;
            count_stored(s, p, o, v, k);
            entry++;
        } else if (known && known[i]) {
            o->known = true;
            count_known(s, o);
        } else {
            note_all(s, p, o);
            *(o->fate == FATE_QUARANTINE ? &r->quarantined : &r->refused) += o->rows;
            if (k)
                keep_findings(k, p, o);
        }
        count_first(s, o->rows, r->quarantined + r->refused > bad);
    }
}

void
store_count(struct store *s, struct parcel *p)
{
    store_learn_source(s, p);
    count_parcel(s, p, NULL, NULL, NULL);
}

/* ---- into the database ----------------------------------------------------------------------- */

static bool
send_findings(struct store *s, struct arena *a, struct kept_out *k, struct err *e)
{
    if (k->lines.count == 0)
        return true;

    const struct sql_binary args[] = {
        binary_int8(a, s->layers[0].batch),
        array_end(&k->lines),
        array_end(&k->codes),
        array_end(&k->fields),
        array_end(&k->persons),
    };

    return db_query_binary(s->in.db, a, &sql_collector_add_messages, args, e) != NULL;
}

/* Sets apart what is new; known[outcome] tells what is not. */
static bool
send_quarantine(struct store *s, struct parcel *p, bool *known, struct err *e)
{
    struct arena *const a = p->arena;
    struct apart apart = {array_new(a, ARRAY_INT8), array_new(a, ARRAY_TEXT),
                          array_new(a, ARRAY_BYTEA), array_new(a, ARRAY_BYTEA),
                          array_new(a, ARRAY_UUID)};
    uint32_t *const outcomes = arena_array(a, parcel_count(p), sizeof *outcomes);

    for (uint32_t i = 0; i < parcel_count(p); i++) {
        const struct outcome *const o = parcel_outcome(p, i);

        if (o->fate != FATE_QUARANTINE)
            continue;
        outcomes[apart.lines.count] = i;
        set_apart(s, a, &apart, p, o);
    }
    if (apart.lines.count == 0)
        return true;

    const uint32_t count = apart.lines.count;
    const struct sql_binary args[] = {
        binary_int8(a, s->layers[0].batch),
        array_end(&apart.lines),
        binary_text(store_source_system(s)),
        array_end(&apart.codes),
        array_end(&apart.sealed),
        array_end(&apart.macs),
        array_end(&apart.ids),
    };
    const struct rows *const r =
        db_query_binary(s->in.db, a, &sql_collector_add_quarantine, args, e);

    for (int row = 0; r && !s->in.again && row < rows_count(r); row++) {
        const int64_t ord = rows_int64(r, row, "ord");

        if (ord >= 1 && ord <= count)
            known[outcomes[ord - 1]] = true;
    }
    return r != NULL;
}

bool
store_tally(struct store *s, struct parcel *p, const struct verdict *verdicts, struct err *e)
{
    struct arena *const a = p->arena;
    struct kept_out k = {
        array_new(a, ARRAY_INT8),
        array_new(a, ARRAY_TEXT),
        array_new(a, ARRAY_TEXT),
        array_new(a, ARRAY_INT2),
    };
    bool *const known = arena_array(a, parcel_count(p), sizeof *known);

    if (!send_quarantine(s, p, known, e))
        return false;
    count_parcel(s, p, verdicts, known, &k);
    return send_findings(s, a, &k, e);
}

bool
store_count_messages(struct store *s, struct err *e)
{
    struct arena *const a = arena_child(s->arena);
    struct array codes = array_new(a, ARRAY_TEXT), severities = array_new(a, ARRAY_TEXT),
                 fields = array_new(a, ARRAY_TEXT), counts = array_new(a, ARRAY_INT8);

    for (unsigned i = 0; i < RULE_COUNT; i++) {
        const struct tally *const t = &s->in.report->tallies[i];

        for (unsigned k = 0; k < t->field_count; k++) {
            array_add_text(&codes, rules[i].code);
            array_add_text(&severities, severity_letter(rules[i].severity));
            array_add_text(&fields, t->fields[k].field);
            array_add_int8(&counts, (int64_t)t->fields[k].count);
        }
    }

    const bool none = codes.count == 0;
    const struct sql_binary args[] = {
        binary_int8(a, s->layers[0].batch),
        array_end(&codes),
        array_end(&severities),
        array_end(&fields),
        array_end(&counts),
    };
    const bool ok =
        none || db_query_binary(s->in.db, a, &sql_collector_count_messages, args, e) != NULL;

    arena_free(a);
    return ok;
}

/* ---- warnings that need what is stored ------------------------------------------------------- */

static uint64_t
fingerprint(struct span unit, struct span area, int64_t minute)
{
    const struct span parts[] = {unit, {"\x1F", 1}, area, {(const char *)&minute, sizeof minute}};
    uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        for (size_t k = 0; k < parts[i].length; k++)
            h = (h ^ (uint8_t)parts[i].data[k]) * UINT64_C(1099511628211);
    return h;
}

/* Whether the file had a stop of the same unit, area and minute among its latest ones. */
static bool
double_in_file(struct store *s, const struct outcome *o, instant started_at)
{
    const uint64_t print = fingerprint(o->unit, o->area, started_at / (60 * MICROS));

    const unsigned bits = s->in.posts ? RECENT_BITS_POSTS : RECENT_BITS;

    if (!s->starts)
        s->starts = arena_array(s->arena, (size_t)1 << bits, sizeof *s->starts);

    uint64_t *const place = &s->starts[print >> (64 - bits)]; /* the top bits */
    const bool seen = *place == print;

    *place = print;
    return seen;
}

/* The first texts of a unit in this file, or process; later ones are compared by the checker.
 */
static bool
text_wanted(struct store *s, const struct outcome *o)
{
    if (o->text.length == 0 || o->unit.length == 0)
        return false;

    struct store_memory *const m = s->memory;

    for (unsigned i = 0; i < m->unit_count; i++)
        if (span_is(o->unit, m->units[i].unit))
            return m->units[i].count < UNIT_TEXTS_MOST && ++m->units[i].count;
    if (m->unit_count == UNITS_MOST)
        return false;
    m->units[m->unit_count++] =
        (struct unit_texts){arena_strndup(m->arena, o->unit.data, o->unit.length), 1};
    return true;
}

struct question { /* records that one of the two functions is asked about */
    struct array units, others, starts;
    uint32_t *entries, *outcomes;
};

static struct question
question_new(struct arena *a, uint32_t most)
{
    return (struct question){
        array_new(a, ARRAY_TEXT), array_new(a, ARRAY_TEXT), array_new(a, ARRAY_TIMESTAMPTZ),
        arena_array(a, most, sizeof(uint32_t)), arena_array(a, most, sizeof(uint32_t))};
}

static void
question_add(struct question *q, uint32_t entry, uint32_t outcome, struct span unit,
             struct span other, instant t)
{
    q->entries[q->units.count] = entry;
    q->outcomes[q->units.count] = outcome;
    array_add(&q->units, unit.data, unit.length);
    array_add(&q->others, other.data, other.length);
    array_add_time(&q->starts, t);
}

struct finding
store_warning(const struct outcome *o, enum rule_id rule)
{
    struct finding f = o->author;

    if (rule != RULE_W062)
        return (struct finding){.rule = rule, .field = "/stop/started_at"};
    f.rule = rule;
    f.field = "/persons/selection/selection_text";
    return f;
}

static void
warn(struct store *s, struct parcel *p, struct verdict *v, uint32_t outcome, enum rule_id rule)
{
    struct outcome *const o = parcel_outcome_of(p, outcome);
    const struct finding f = store_warning(o, rule);

    *(rule == RULE_W062 ? &o->alike : &o->doubled) = true;
    report_note(s->in.report, &f, o->line, 1);
    v->warned = true;
}

static void
note_answers(struct store *s, struct parcel *p, struct verdict *verdicts, const struct question *q,
             const struct rows *r, enum rule_id rule)
{
    for (int row = 0; row < rows_count(r); row++) {
        const int64_t ord = rows_int64(r, row, "ord");

        if (ord >= 1 && ord <= q->units.count)
            warn(s, p, &verdicts[q->entries[ord - 1]], q->outcomes[ord - 1], rule);
    }
}

static bool
ask_stored(struct store *s, struct parcel *p, struct verdict *verdicts, struct question *doubles,
           struct question *texts, struct err *e)
{
    struct arena *const a = p->arena;

    if (doubles->units.count > 0) {
        const struct sql_binary args[] = {binary_int8(a, s->layers[0].batch),
                                          array_end(&doubles->units), array_end(&doubles->others),
                                          array_end(&doubles->starts)};
        const struct rows *const r =
            db_query_binary(s->in.db, a, &sql_collector_similar_doubles, args, e);

        if (!r)
            return false;
        note_answers(s, p, verdicts, doubles, r, RULE_W040);
    }
    if (texts->units.count > 0) {
        const struct sql_binary args[] = {array_end(&texts->units), array_end(&texts->others)};
        const struct rows *const r =
            db_query_binary(s->in.db, a, &sql_collector_similar_texts, args, e);

        if (!r)
            return false;
        note_answers(s, p, verdicts, texts, r, RULE_W062);
    }
    return true;
}

bool
store_warn(struct store *s, struct parcel *p, struct verdict *verdicts, struct err *e)
{
    const uint32_t most = chunk_count(&p->chunk);
    struct question doubles = question_new(p->arena, most), texts = question_new(p->arena, most);
    uint32_t entry = 0;

    for (uint32_t i = 0; i < parcel_count(p); i++) {
        const struct outcome *const o = parcel_outcome(p, i);

        if (o->fate != FATE_STORE)
            continue;

        const uint32_t at = entry++;
        const instant t = chunk_entry(&p->chunk, at)->started_at;

        /* An update or withdrawal is the same stop as before, not a double of it. */
        if (verdicts[at].rule != ACCEPTED || chunk_entry(&p->chunk, at)->tx_type != 'I')
            continue;
        if (o->exact && o->unit.length > 0 && o->area.length > 0) {
            if (double_in_file(s, o, t))
                warn(s, p, &verdicts[at], i, RULE_W040);
            else
                question_add(&doubles, at, i, o->unit, o->area, t);
        }
        if (text_wanted(s, o))
            question_add(&texts, at, i, o->unit, o->text, t);
    }
    return ask_stored(s, p, verdicts, &doubles, &texts, e);
}
