/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Beside the database: what is spooled was decided first, so that nothing refused is ever written
 * there, identifiers least of all; of a refused post only its findings go along, to be counted. A
 * record is: 1, kind, time of receipt, source (length, text), then the registration ('p') or the
 * findings ('r'). Coming back it is an ordinary post that nobody waits for.
 */
#include "collector/commit_internal.h"
#include "collector/spool.h"
#include "common/fault.h"
#include "common/log.h"

#include <inttypes.h>
#include <string.h>

enum { FORM_VERSION = 1, KIND_POST = 'p', KIND_REFUSED = 'r' };

#define AGAIN_S 1.0

bool
desk_has_spooled(const struct desk *d)
{
    return d->o.spool && spool_count(d->o.spool) > 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void
put_text(struct strbuf *b, struct span text)
{
    (void)strbuf_add_be16(b, (uint16_t)text.length);
    (void)strbuf_add(b, text.data, text.length);
}

static void
put_finding(struct strbuf *b, const struct finding *f)
{
    put_text(b, span_of(rules[f->rule].code));
    (void)strbuf_add_be32(b, f->person);
    (void)strbuf_add_be32(b, f->element);
    (void)strbuf_add_be64(b, (uint64_t)f->person_seq);
    put_text(b, span_of(f->field));
}

static struct span
sealed_form(struct desk *d, const struct post *p)
{
    struct strbuf *const b = strbuf_new(d->work, SPOOL_RECORD_MOST);
    const bool refused = p->result == POST_REFUSED;

    (void)strbuf_add_char(b, FORM_VERSION);
    (void)strbuf_add_char(b, refused ? KIND_REFUSED : KIND_POST);
    (void)strbuf_add_be64(b, (uint64_t)p->received);
    put_text(b, span_of(p->source));
    if (!refused)
        (void)strbuf_add(b, p->text.data, p->text.length);
    for (unsigned i = 0; refused && i < p->note_count; i++)
        put_finding(b, &p->notes[i]);
    return (struct span){b->data, b->length};
}

static void
answer_each(struct desk *d, struct post **posts, unsigned count, bool spooled)
{
    for (unsigned i = 0; i < count; i++) {
        if (posts[i]->result != POST_REFUSED)
            posts[i]->result = spooled ? POST_SPOOLED : POST_BUSY;
        if (posts[i]->result == POST_SPOOLED && posts[i]->has_id)
            waiting_add(d->waiting, posts[i]->stop_id);
        desk_answer(d, posts[i]);
        posts[i] = NULL;
    }
}

/* Undecided: what cannot even be read by rules must not be kept. */
static bool
decide(struct desk *d, struct post **posts, unsigned count)
{
    struct err e;

    for (unsigned i = 0; i < count; i++)
        posts[i]->result = POST_BUSY;
    if (!d->o.spool || !d->ground || !desk_pack(d, posts, count, &e))
        return false;
    arena_reset(d->work);
    for (unsigned i = 0; i < count; i++) {
        if (parcel_outcome(&d->parcel, i)->fate == FATE_REFUSE)
            posts[i]->result = POST_REFUSED;
        desk_tell(d, posts[i], i);
        posts[i]->batch_id = posts[i]->ledger_entry = 0;
    }
    return true;
}

void
desk_spool(struct desk *d, struct post **posts, unsigned count)
{
    struct span *records;
    struct err e;

    if (count == 0)
        return;
    if (!decide(d, posts, count)) {
        answer_each(d, posts, count, false);
        return;
    }
    records = arena_array(d->work, count, sizeof *records);
    for (unsigned i = 0; i < count; i++)
        records[i] = sealed_form(d, posts[i]);

    const bool spooled = spool_append(d->o.spool, records, count, &e);

    if (!spooled && !d->spool_refuses)
        log_write(LOG_ERROR, "the spool takes nothing reason=%s", e.text);
    d->spool_refuses = !spooled;
    answer_each(d, posts, count, spooled);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool
get(struct span *in, size_t length, struct span *out)
{
    if (in->length < length)
        return false;
    *out = (struct span){in->data, length};
    in->data += length;
    in->length -= length;
    return true;
}

static bool
get_number(struct span *in, size_t length, uint64_t *value)
{
    struct span bytes;

    if (!get(in, length, &bytes))
        return false;
    *value = 0;
    for (size_t i = 0; i < length; i++)
        *value = *value << 8 | (uint8_t)bytes.data[i];
    return true;
}

static bool
get_text(struct span *in, struct span *text)
{
    uint64_t length;

    return get_number(in, 2, &length) && get(in, (size_t)length, text);
}

static bool
get_finding(struct arena *a, struct span *in, struct findings *f)
{
    uint64_t person, element, seq;
    struct span code, field;

    if (!get_text(in, &code) || !get_number(in, 4, &person) || !get_number(in, 4, &element) ||
        !get_number(in, 8, &seq) || !get_text(in, &field))
        return false;
    for (unsigned i = 0; i < RULE_COUNT; i++)
        if (span_is(code, rules[i].code)) {
            f->person = (unsigned)person;
            f->element = (unsigned)element;
            finding_add(f, (enum rule_id)i, arena_strndup(a, field.data, field.length),
                        (int64_t)seq);
            return true;
        }
    return true; /* a rule that a later version took away */
}

static struct post *
post_of(struct arena *a, struct span in)
{
    struct post *const p = arena_alloc(a, sizeof *p);
    uint64_t version, kind, received;
    struct span source;

    if (!get_number(&in, 1, &version) || version != FORM_VERSION || !get_number(&in, 1, &kind) ||
        !get_number(&in, 8, &received) || !get_text(&in, &source))
        return NULL;
    p->received = (instant)received;
    p->source = arena_strndup(a, source.data, source.length);
    p->text = in;
    if (kind == KIND_POST)
        return p;

    struct findings *const f = arena_alloc(a, sizeof *f);

    findings_clear(f, a);
    while (in.length > 0)
        if (!get_finding(a, &in, f))
            return NULL;
    p->text = (struct span){"", 0};
    p->told = f;
    return kind == KIND_REFUSED ? p : NULL;
}

/* ---- back into the database ------------------------------------------------------------------ */

/* The next record, which may have been read already. */
static bool
next_record(struct desk *d, uint64_t *sequence, struct span *record, bool *end, struct err *e)
{
    *end = false;
    if (!d->has_kept)
        return spool_read(d->o.spool, d->taken, sequence, record, end, e);
    *sequence = d->kept_sequence;
    *record = (struct span){
        arena_strndup(d->taken, d->kept_record.data, d->kept_record.length),
        d->kept_record.length,
    };
    d->has_kept = false;
    return true;
}

static void
keep_record(struct desk *d, uint64_t sequence, struct span record)
{
    arena_reset(d->kept);
    d->kept_record =
        (struct span){arena_strndup(d->kept, record.data, record.length), record.length};
    d->kept_sequence = sequence;
    d->has_kept = true;
}

/* Records of one source, in their order; *last is the latest that the group settles. */
static bool
collect(struct desk *d, struct post **posts, unsigned *count, uint64_t *last, struct err *e)
{
    struct span record;
    uint64_t sequence;
    bool end;

    *count = 0;
    while (*count < d->o.group_most) {
        if (!next_record(d, &sequence, &record, &end, e))
            return false;
        if (end)
            break;

        struct post *const p = post_of(d->taken, record);

        if (!p) {
            log_write(LOG_ERROR, "a spooled record has a form that this program does not know");
            atomic_fetch_add(&d->board->replay_refused, 1);
        } else if (*count > 0 && strcmp(p->source, posts[0]->source) != 0) {
            keep_record(d, sequence, record);
            break;
        } else {
            posts[(*count)++] = p;
        }
        *last = sequence;
    }
    return true;
}

static void
count_replayed(struct desk *d, struct post *const *posts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const bool refused = posts[i]->result == POST_REFUSED || posts[i]->result == POST_CONFLICT;

        atomic_fetch_add(&d->board->replayed, posts[i]->told ? 0 : 1);
        atomic_fetch_add(&d->board->replay_refused, refused && !posts[i]->told ? 1 : 0);
    }
}

static bool
replay_group(struct desk *d, struct err *e)
{
    struct post **const posts = arena_array(d->taken, d->o.group_most, sizeof *posts);
    struct post **const all = arena_array(d->taken, d->o.group_most, sizeof *all);
    uint64_t last = 0;
    unsigned count;

    if (!collect(d, posts, &count, &last, e))
        return false;
    if (last == 0 && count == 0) { /* what is left cannot be read, and waits no longer */
        if (!desk_has_spooled(d))
            waiting_clear(d->waiting);
        return true;
    }
    memcpy(all, posts, count * sizeof *all);
    if (count > 0 && !desk_store(d, posts, count, e))
        return false;
    FAULT("replay");
    count_replayed(d, all, count);
    if (!spool_done(d->o.spool, last, e))
        log_write(LOG_ERROR, "the spool cannot be marked reason=%s", e->text);
    if (!desk_has_spooled(d))
        waiting_clear(d->waiting);
    return true;
}

void
desk_replay(struct desk *d)
{
    struct err e;

    if (clock_seconds() < d->next_try)
        return;
    arena_reset(d->taken);
    if (desk_ready(d, clock_seconds() + (d->away ? AGAIN_S : d->o.budget_s), &e)) {
        if (replay_group(d, &e)) {
            if (d->away)
                log_write(LOG_INFO, "the database answers again spooled=%" PRIu64,
                          spool_count(d->o.spool));
            d->away = false;
            d->next_try = 0;
            atomic_store(&d->board->database, true);
            return;
        }
        atomic_fetch_add(&d->board->retries, 1);
    }
    if (!d->away)
        log_write(LOG_WARNING, "what is spooled waits reason=%s", e.text);
    desk_hang_up(d);
    spool_rewind(d->o.spool);
    d->has_kept = false;
    d->away = true;
    d->next_try = clock_seconds() + AGAIN_S;
    atomic_store(&d->board->database, false);
}
