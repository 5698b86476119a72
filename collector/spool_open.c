/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Finding a spool again: every segment is read through, so that what is torn is known to be torn
 * and what is damaged is said before anything is taken out. Nothing that was found is written to.
 */
#include "collector/spool_internal.h"

#include "common/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct spool_options defaults = {
    .segment_bytes = UINT64_C(8) << 20,
    .most_bytes = UINT64_C(8) << 30,
    .floor_bytes = UINT64_C(256) << 20,
    .io = &spool_system_io,
};

/* ---- opening --------------------------------------------------------------------------------- */

static int
by_number(const void *left, const void *right)
{
    const struct segment *const l = left, *const r = right;

    if (l->head.number != r->head.number)
        return l->head.number < r->head.number ? -1 : 1;
    return memcmp(l->head.id, r->head.id, SEGMENT_ID_BYTES);
}

static bool
open_segment(struct spool *s, struct segment *g, int *fd, struct err *e)
{
    *fd = segment_open(s->folder, g->name, &g->bytes);
    return *fd >= 0 || err_set(e, ERR_CONFIG, "spool segment %s cannot be opened: %s", g->name,
                               strerror(errno));
}

/* What the head in the file says; the name serves when the head cannot be trusted. */
static bool
read_head(struct spool *s, struct segment *g, enum segment_head_state *state, struct err *e)
{
    char bytes[SEGMENT_HEAD_BYTES];
    struct segment_head head;
    int fd;

    if (!open_segment(s, g, &fd, e))
        return false;

    const ssize_t n = s->o.io->read(fd, bytes, sizeof bytes, 0);

    (void)close(fd);
    *state =
        segment_head_read(s->scratch, s->key, (struct span){bytes, n < 0 ? 0 : (size_t)n}, &head);
    arena_reset(s->scratch);
    if (*state == HEAD_GOOD)
        g->head = head;
    else
        g->damaged = g->bytes >= SEGMENT_HEAD_BYTES; /* shorter: it never got its head */
    return true;
}

static bool
read_heads(struct spool *s, struct err *e)
{
    size_t whole = 0, foreign = 0;

    for (size_t i = 0; i < s->count; i++) {
        enum segment_head_state state;

        if (!read_head(s, &s->list[i], &state, e))
            return false;
        whole += state != HEAD_BAD;
        foreign += state == HEAD_FOREIGN;
    }
    if (whole == 0 || foreign < whole)
        return true;
    err_set(e, ERR_CONFIG, "spool %s was sealed under another key", s->o.dir);
    return err_hint(e, "give the key that it was written with, or another folder");
}

/* Reads a segment through: where it ends, what is cut, what is lost. */
static bool
scan(struct spool *s, struct segment *g, uint64_t stop, struct err *e)
{
    struct segment_reader *const r = &s->reader;
    uint64_t sequence;
    struct span record;

    if (!spool_start_reading(s, g, e))
        return false;
    r->stop = stop;
    r->from = s->done + 1;
    while (segment_next(r, s->scratch, &sequence, &record))
        arena_reset(s->scratch);
    arena_reset(s->scratch);
    spool_stop_reading(s);

    g->stop = r->expected;
    if (r->cut > 0)
        log_write(LOG_WARNING, "spool segment %s: an unfinished write of %" PRIu64 " bytes is cut",
                  g->name, r->cut);
    if (stop == UINT64_MAX)
        g->bytes -= r->cut;
    if (g->damaged) { /* its head: say so */
        g->damaged = false;
        r->damaged = true;
    }
    spool_note_damage(s, g, r);
    return true;
}

static bool
scan_all(struct spool *s, struct err *e)
{
    for (size_t i = 0; i < s->count; i++) {
        const uint64_t stop = i + 1 < s->count ? s->list[i + 1].head.first : UINT64_MAX;

        if (!scan(s, &s->list[i], stop, e))
            return false;
    }
    s->next = s->done + 1;
    if (s->count > 0 && s->list[s->count - 1].stop > s->next)
        s->next = s->list[s->count - 1].stop;
    if (s->count > 0 && s->list[0].head.first > s->done + 1) {
        const uint64_t missing = s->list[0].head.first - s->done - 1;

        atomic_fetch_add(&s->lost, missing);
        log_write(LOG_ERROR,
                  "spool %s: records before segment %s that are not there=%" PRIu64
                  "; they were taken out, or the mark could not be written when they were done",
                  s->o.dir, s->list[0].name, missing);
    }
    return true;
}

static bool
recover(struct spool *s, struct err *e)
{
    struct arena *const a = arena_child(s->arena);
    struct segment_head *heads;
    size_t count, aside;
    bool known;

    if (!spool_folder_list(a, s->folder, &heads, &count, &aside, e))
        return false;
    if (aside > 0)
        log_write(LOG_WARNING, "spool %s: damaged segments that lie aside=%zu", s->o.dir, aside);
    for (size_t i = 0; i < count; i++)
        spool_add_segment(s, &heads[i]);
    arena_free(a);
    s->mark = spool_mark_open(s->folder, &s->done, &known);
    if (!read_heads(s, e))
        return false;
    if (s->count > 1)
        qsort(s->list, s->count, sizeof *s->list, by_number);
    if (!known && s->count > 0 && s->list[0].head.first > 0)
        s->done = s->list[0].head.first - 1; /* what came before is gone */
    if (!scan_all(s, e))
        return false;
    if (!spool_write_mark(s, e)) /* so that a full disk later has room for it */
        log_write(LOG_WARNING, "%s", e->text);
    spool_rewind(s);
    spool_retire(s);
    return true;
}

static void
release(void *handle)
{
    struct spool *const s = handle;

    spool_stop_reading(s);
    spool_stop_writing(s);
    if (s->mark >= 0)
        (void)close(s->mark);
    (void)close(s->folder); /* and its lock */
}

static void
settle(struct spool_options *o)
{
    if (o->segment_bytes == 0)
        o->segment_bytes = defaults.segment_bytes;
    if (o->most_bytes == 0)
        o->most_bytes = defaults.most_bytes;
    if (o->floor_bytes == 0)
        o->floor_bytes = defaults.floor_bytes;
    if (!o->io)
        o->io = defaults.io;
}

struct spool *
spool_open(struct arena *a, const struct spool_options *o, struct err *e)
{
    struct arena *const own = arena_child(a);
    struct spool *const s = arena_alloc(own, sizeof *s);

    s->o = *o;
    settle(&s->o);
    s->o.dir = arena_strdup(own, o->dir);
    memcpy(s->key, o->key, KEY_BYTES);
    s->o.key = s->key;
    s->arena = own;
    s->scratch = arena_child(own);
    s->window = segment_window(own);
    s->out = s->mark = -1;
    s->folder = spool_folder_open(own, s->o.dir, e);
    if (s->folder >= 0) {
        arena_own(own, s, release);
        if (recover(s, e))
            return s;
    }
    arena_free(own);
    return NULL;
}
