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
    PARCEL_BYTES = 12 * 1024 * 1024
};

struct pipeline {
    struct pipeline_input in;
    struct packer packer;
    struct arena *record; /* the reader's, emptied after each record */
    struct parcel parcels[PARCELS];

    pthread_t thread;
    bool joined;
    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned long filled, taken, released; /* parcels since the start; under lock */
};

/* ---- reading --------------------------------------------------------------------------------- */

static bool
parcel_full(const struct parcel *p, unsigned long number)
{
    const uint32_t most = number < 3 ? (uint32_t)FIRST_RECORDS << number : PARCEL_RECORDS;

    return parcel_count(p) >= most ||
           chunk_bytes(&p->chunk) + arena_bytes(p->arena) >= PARCEL_BYTES;
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
            if (!parcel_take(p, &pl->packer, pl->record, r, pl->in.received, &findings))
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
    pl->packer = (struct packer){in->checker, encoder_new(a, in->key), in->zone, in->source};
    pl->record = arena_child(a);
    for (unsigned i = 0; i < PARCELS; i++)
        parcel_init(&pl->parcels[i], a);
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
