/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A ring of three parcels between one reading thread and one storing thread. Each parcel has its
 * own memory, kept from use to use, so a file of any size needs no more than three. Record by
 * record the reader's arena is emptied; what must outlive the record is copied into the parcel.
 */
#include "collector/pipeline.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>

enum {
    PARCELS = 3,
    PARCEL_RECORDS = 8192, /* what ingest.claim takes in one step */
    FIRST_RECORDS = 1024,  /* the first parcels are short: the database starts at once */
    PARCEL_BYTES = 12 * 1024 * 1024,
    LIST_MOST = 64 * 1024 * 1024
};

struct pipeline {
    struct pipeline_input in;
    struct encoder *encoder;
    struct arena *record; /* the reader's, emptied after each record */
    struct parcel parcels[PARCELS];

    pthread_t thread;
    bool joined;
    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned long filled, taken, released; /* parcels since the start; under lock */
};

/* ---- a parcel -------------------------------------------------------------------------------- */

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

static void
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

static bool
parcel_full(const struct parcel *p, unsigned long number)
{
    const uint32_t most = number < 3 ? (uint32_t)FIRST_RECORDS << number : PARCEL_RECORDS;

    return parcel_count(p) >= most ||
           chunk_bytes(&p->chunk) + arena_bytes(p->arena) >= PARCEL_BYTES;
}

static struct span
keep(struct parcel *p, const struct value *v)
{
    if (!v->given)
        return (struct span){NULL, 0};
    return (struct span){arena_strndup(p->arena, v->text.data, v->text.length), v->text.length};
}

/* ---- reading --------------------------------------------------------------------------------- */

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
keep_marks(struct pipeline *pl, struct parcel *p, const struct record *r, const struct outcome *o)
{
    struct civil local;

    if (!record_counts(r) || !r->v[STOP_started_at].given)
        return true;
    zone_civil(pl->in.zone, r->v[STOP_started_at].number, &local);
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

static bool
take_record(struct pipeline *pl, struct parcel *p, struct record *r, struct findings *f)
{
    struct outcome o = {.line = r->line, .rows = r->rows};

    if (!unreadable(f))
        check_record(pl->in.checker, pl->record, r, pl->in.received, f);
    o.fate = fate_of(f);
    keep_notes(p, f, &o);
    if (o.fate == FATE_QUARANTINE)
        o.raw = (struct span){arena_strndup(p->arena, r->raw.data, r->raw.length), r->raw.length};
    if (o.fate != FATE_REFUSE && p->source_system.length == 0)
        p->source_system = keep(p, &r->v[STOP_source_system]);
    if (o.fate == FATE_STORE) {
        keep_stored(p, r, &o);
        if (!keep_marks(pl, p, r, &o))
            return err_set(&p->err, ERR_INTERNAL, "a parcel has more persons than it can hold");
        if (!encode_record(pl->encoder, pl->record, &p->chunk, r, &p->err))
            return false;
    }
    return strbuf_add(p->outcomes, &o, sizeof o);
}

/* Reads records until the parcel is full or the file ends. */
static void
fill(struct pipeline *pl, struct parcel *p, unsigned long number)
{
    struct findings findings = {0};
    struct record *r = NULL;

    parcel_clear(p);
    while (p->end == PARCEL_MORE && !parcel_full(p, number) && !atomic_load(&pl->stop)) {
        arena_reset(pl->record);
        findings_clear(&findings, pl->record);

        switch (decoder_next(pl->in.decoder, pl->record, &r, &findings, &p->fatal, &p->err)) {
        case DECODE_RECORD:
            if (!take_record(pl, p, r, &findings))
                p->end = PARCEL_FAILED;
            break;
        case DECODE_END:
            p->end = PARCEL_LAST;
            break;
        case DECODE_FATAL:
            p->end = PARCEL_FATAL;
            p->fatal_line = decoder_fatal_line(pl->in.decoder);
            break;
        }
    }
    if (pl->in.file)
        p->position = file_reader_position(pl->in.file);
}

static void *
read_all(void *pipeline)
{
    struct pipeline *const pl = pipeline;
    bool more = true;

    while (more) {
        (void)pthread_mutex_lock(&pl->lock);
        while (pl->filled - pl->released == PARCELS && !atomic_load(&pl->stop))
            (void)pthread_cond_wait(&pl->changed, &pl->lock);

        const unsigned long number = pl->filled;
        struct parcel *const p = &pl->parcels[number % PARCELS];

        (void)pthread_mutex_unlock(&pl->lock);
        if (atomic_load(&pl->stop))
            return NULL;
        fill(pl, p, number);
        more = p->end == PARCEL_MORE;

        (void)pthread_mutex_lock(&pl->lock);
        pl->filled++;
        (void)pthread_cond_broadcast(&pl->changed);
        (void)pthread_mutex_unlock(&pl->lock);
    }
    return NULL;
}

/* ---- the owner's side ------------------------------------------------------------------------ */

static void
release(void *pipeline)
{
    struct pipeline *const pl = pipeline;

    pipeline_stop(pl);
    (void)pthread_cond_destroy(&pl->changed);
    (void)pthread_mutex_destroy(&pl->lock);
}

/* The thread leaves SIGINT and SIGTERM to its owner. */
static bool
start_thread(struct pipeline *pl, struct err *e)
{
    sigset_t block, before;

    (void)sigemptyset(&block);
    (void)sigaddset(&block, SIGINT);
    (void)sigaddset(&block, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &block, &before);

    const int failed = pthread_create(&pl->thread, NULL, read_all, pl);

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return err_set(e, ERR_RETRY, "cannot start a thread: %s", strerror(failed));
    return true;
}

struct pipeline *
pipeline_start(struct arena *a, const struct pipeline_input *in, struct err *e)
{
    struct pipeline *const pl = arena_alloc(a, sizeof *pl);

    pl->in = *in;
    pl->encoder = encoder_new(a, in->key);
    pl->record = arena_child(a);
    for (unsigned i = 0; i < PARCELS; i++) {
        struct parcel *const p = &pl->parcels[i];

        p->arena = arena_child(a);
        p->outcomes = strbuf_new(a, LIST_MOST);
        p->notes = strbuf_new(a, LIST_MOST);
        p->marks = strbuf_new(a, LIST_MOST);
        chunk_init(&p->chunk, a);
    }
    atomic_init(&pl->stop, false);
    if (pthread_mutex_init(&pl->lock, NULL) || pthread_cond_init(&pl->changed, NULL)) {
        err_set(e, ERR_RETRY, "cannot make a lock");
        return NULL;
    }
    if (!start_thread(pl, e))
        return NULL;
    arena_own(a, pl, release);
    return pl;
}

struct parcel *
pipeline_next(struct pipeline *pl)
{
    (void)pthread_mutex_lock(&pl->lock);
    while (pl->filled == pl->taken)
        (void)pthread_cond_wait(&pl->changed, &pl->lock);

    struct parcel *const p = &pl->parcels[pl->taken++ % PARCELS];

    (void)pthread_mutex_unlock(&pl->lock);
    return p;
}

void
pipeline_done(struct pipeline *pl, struct parcel *parcel)
{
    (void)parcel; /* they come back in the order they went out */
    (void)pthread_mutex_lock(&pl->lock);
    pl->released++;
    (void)pthread_cond_broadcast(&pl->changed);
    (void)pthread_mutex_unlock(&pl->lock);
}

void
pipeline_stop(struct pipeline *pl)
{
    if (pl->joined)
        return;
    atomic_store(&pl->stop, true);
    (void)pthread_mutex_lock(&pl->lock);
    (void)pthread_cond_broadcast(&pl->changed);
    (void)pthread_mutex_unlock(&pl->lock);
    (void)pthread_join(pl->thread, NULL);
    pl->joined = true;
}
