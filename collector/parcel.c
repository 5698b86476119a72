/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Deciding what becomes of a record before the database is asked. What must outlive the record is
 * copied into the parcel, whose memory is kept from use to use.
 */
#include "collector/parcel.h"

#include <string.h>

enum { LIST_MOST = 64 * 1024 * 1024 };

/* ---- the lists ------------------------------------------------------------------------------- */

void
parcel_init(struct parcel *p, struct arena *a)
{
    p->arena = arena_child(a);
    p->outcomes = strbuf_new(a, LIST_MOST);
    p->notes = strbuf_new(a, LIST_MOST);
    p->marks = strbuf_new(a, LIST_MOST);
    chunk_init(&p->chunk, a);
}

uint32_t
parcel_count(const struct parcel *p)
{
    return (uint32_t)(p->outcomes->length / sizeof(struct outcome));
}

const struct outcome *
parcel_outcome(const struct parcel *p, uint32_t i)
{
    return (const struct outcome *)(const void *)p->outcomes->data + i;
}

struct outcome *
parcel_outcome_of(struct parcel *p, uint32_t i)
{
    return (struct outcome *)(void *)p->outcomes->data + i;
}

const struct finding *
parcel_note(const struct parcel *p, uint32_t i)
{
    return (const struct finding *)(const void *)p->notes->data + i;
}

uint32_t
parcel_mark_count(const struct parcel *p)
{
    return (uint32_t)(p->marks->length / sizeof(struct cell_mark));
}

const struct cell_mark *
parcel_mark(const struct parcel *p, uint32_t i)
{
    return (const struct cell_mark *)(const void *)p->marks->data + i;
}

void
parcel_clear(struct parcel *p)
{
    arena_reset(p->arena);
    chunk_clear(&p->chunk);
    strbuf_clear(p->outcomes);
    strbuf_clear(p->notes);
    strbuf_clear(p->marks);
    p->source_system = (struct span){NULL, 0};
    p->end = PARCEL_MORE;
    p->err = (struct err){.code = ERR_NONE};
}

/* ---- a record -------------------------------------------------------------------------------- */

static struct span
keep(struct parcel *p, const struct value *v)
{
    if (!v->given)
        return (struct span){NULL, 0};
    return (struct span){arena_strndup(p->arena, v->text.data, v->text.length), v->text.length};
}

static void
keep_notes(struct parcel *p, const struct findings *f, struct outcome *o)
{
    o->first_note = (uint32_t)(p->notes->length / sizeof(struct finding));
    o->note_count = f->count;
    for (unsigned i = 0; i < f->count; i++) {
        struct finding note = f->list[i];

        note.field = arena_strdup(p->arena, note.field ? note.field : "");
        note.reason = note.reason ? arena_strdup(p->arena, note.reason) : NULL;

        strbuf_add(p->notes, &note, sizeof note);
    }
}

static enum fate
fate_of(const struct findings *f)
{
    switch (findings_worst(f)) {
    case SEVERITY_FATAL:
    case SEVERITY_REFUSE:
        return FATE_REFUSE;
    case SEVERITY_ERROR:
        return FATE_QUARANTINE;
    default:
        return FATE_STORE;
    }
}

static void
keep_stored(struct parcel *p, const struct record *r, struct outcome *o)
{
    const struct value *const precision = &r->v[STOP_time_precision];

    o->unit = keep(p, &r->v[STOP_unit_code]);
    o->area = keep(p, &r->v[STOP_buurt_code]);
    o->exact = precision->given && strcmp(precision->code->code, "exact") == 0;
    for (unsigned i = 0; i < r->person_count && o->text.length == 0; i++) {
        o->text = keep(p, &r->persons[i].text[TEXT_selection_text]);
        o->author = (struct finding){.person_seq = r->persons[i].seq, .person = i + 1};
    }
}

/* Before the record is encoded: it becomes the chunk's next entry. */
static bool
keep_marks(struct parcel *p, struct zone *zone, const struct record *r, const struct outcome *o)
{
    struct civil local;

    if (!zone || !record_counts(r) || !r->v[STOP_started_at].given)
        return true;
    zone_civil(zone, r->v[STOP_started_at].number, &local);
    for (unsigned i = 0; i < r->person_count; i++) {
        struct cell_mark m = {
            .entry = chunk_count(&p->chunk),
            .month = local.year * 12 + local.month - 1,
            .area = o->area,
            .unit = o->unit,
        };

        cell_mark_person(&m, &r->persons[i]);
        if (!strbuf_add(p->marks, &m, sizeof m))
            return false;
    }
    return true;
}

/* R001: the record could not be read as one, so there is nothing to check. */
static bool
unreadable(const struct findings *f)
{
    for (unsigned i = 0; i < f->count; i++)
        if (f->list[i].rule == RULE_R001)
            return true;
    return false;
}

bool
parcel_take(struct parcel *p, const struct packer *k, struct arena *scratch, struct record *r,
            instant received, struct findings *f)
{
    struct outcome o = {.line = r->line, .rows = r->rows, .rule = RULE_COUNT};

    o.has_id = r->v[STOP_source_system].given && r->v[STOP_source_record_no].given;
    memcpy(o.stop_id, r->stop_id, sizeof o.stop_id);
    if (k->source && !record_is_of(r, k->source)) {
        findings_clear(f, scratch);
        finding_add_why(f, RULE_F003, stop_fields[STOP_source_system].pointer, 0,
                        "another source than the sender");
    } else if (!unreadable(f))
        check_record(k->checker, scratch, r, received, f);
    o.fate = fate_of(f);
    keep_notes(p, f, &o);
    if (o.fate == FATE_QUARANTINE)
        o.raw = (struct span){arena_strndup(p->arena, r->raw.data, r->raw.length), r->raw.length};
    if (o.fate != FATE_REFUSE && p->source_system.length == 0)
        p->source_system = keep(p, &r->v[STOP_source_system]);
    if (o.fate == FATE_STORE) {
        keep_stored(p, r, &o);
        if (!keep_marks(p, k->zone, r, &o))
            return err_set(&p->err, ERR_INTERNAL, "a parcel has more persons than it can hold");
        if (!encode_record(k->encoder, scratch, &p->chunk, r, &p->err))
            return false;
    }
    return strbuf_add(p->outcomes, &o, sizeof o);
}

bool
parcel_add(struct parcel *p, uint64_t line, enum fate fate, struct span raw,
           const struct findings *f)
{
    struct outcome o = {.line = line, .rows = 1, .fate = fate, .rule = RULE_COUNT};

    keep_notes(p, f, &o);
    if (fate == FATE_QUARANTINE)
        o.raw = (struct span){arena_strndup(p->arena, raw.data, raw.length), raw.length};
    return strbuf_add(p->outcomes, &o, sizeof o);
}
