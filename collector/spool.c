/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The queue over the segments. Sequences run through all segments; a segment ends where the next
 * begins, so what an abandoned one has beyond that was never acknowledged and is never read. Only a
 * segment of this process is written to, and never again after a write or fsync of it failed.
 */
#include "collector/spool.h"

#include "collector/spool_internal.h"
#include "common/fault.h"
#include "common/log.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- numbers for others ---------------------------------------------------------------------- */

static uint64_t
bytes_held(const struct spool *s)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < s->count; i++)
        bytes += s->list[i].bytes;
    return bytes;
}

static uint64_t
records_held(const struct spool *s)
{
    uint64_t records = 0;

    for (size_t i = 0; i < s->count; i++) {
        const struct segment *const g = &s->list[i];
        const uint64_t from = g->head.first > s->done + 1 ? g->head.first : s->done + 1;

        records += g->stop > from ? g->stop - from : 0;
    }
    return records;
}

static void
publish(struct spool *s)
{
    atomic_store(&s->records, records_held(s));
    atomic_store(&s->bytes, bytes_held(s));
    atomic_store(&s->segments, s->count);
}

uint64_t
spool_count(const struct spool *s)
{
    return atomic_load(&s->records);
}

uint64_t
spool_bytes(const struct spool *s)
{
    return atomic_load(&s->bytes);
}

uint64_t
spool_lost(const struct spool *s)
{
    return atomic_load(&s->lost);
}

uint64_t
spool_segments(const struct spool *s)
{
    return atomic_load(&s->segments);
}

/* ---- segments -------------------------------------------------------------------------------- */

struct segment *
spool_add_segment(struct spool *s, const struct segment_head *head)
{
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : 16;
        struct segment *const list = arena_array(s->arena, room, sizeof *list);

        if (s->count > 0)
            memcpy(list, s->list, s->count * sizeof *list);
        s->list = list;
        s->room = room;
    }

    struct segment *const g = &s->list[s->count++];

    *g = (struct segment){.head = *head, .stop = head->first};
    segment_name(head, g->name);
    return g;
}

void
spool_stop_reading(struct spool *s)
{
    if (s->reading && s->reader.fd >= 0)
        (void)close(s->reader.fd);
    s->reading = false;
}

void
spool_stop_writing(struct spool *s)
{
    if (s->out >= 0)
        (void)close(s->out); /* what it holds was fsynced, or is not ours any more */
    s->out = -1;
}

static bool
drop_segment(struct spool *s, const struct segment *g)
{
    struct err e;
    const bool gone = g->damaged ? segment_set_aside(s->folder, g->name, &e)
                                 : segment_remove(s->folder, g->name, &e);

    if (!gone)
        log_write(LOG_WARNING, "%s", e.text);
    return gone;
}

void
spool_retire(struct spool *s)
{
    size_t gone = 0;

    while (gone < s->count && s->list[gone].stop <= s->done + 1) {
        if (gone + 1 == s->count)
            spool_stop_writing(s);
        if (!drop_segment(s, &s->list[gone]))
            break;
        gone++;
    }
    if (gone > 0) {
        if (s->cursor < gone)
            spool_stop_reading(s);
        s->cursor = s->cursor > gone ? s->cursor - gone : 0;
        s->count -= gone;
        memmove(s->list, s->list + gone, s->count * sizeof *s->list);
    }
    publish(s);
}

/* ---- appending ------------------------------------------------------------------------------- */

static bool
refuse(const struct spool *s, struct err *e, const char *what)
{
    return err_set(e, ERR_RETRY, "spool %s: %s", s->o.dir, what);
}

static bool
has_room(const struct spool *s, uint64_t bytes, struct err *e)
{
    uint64_t free_bytes = 0;

    if (bytes_held(s) + bytes > s->o.most_bytes) {
        err_set(e, ERR_RETRY, "spool %s holds the most it may: %" PRIu64 " bytes", s->o.dir,
                s->o.most_bytes);
        return err_hint(e, "bring the database back, or raise the limit of the spool");
    }
    if (s->o.io->room(s->folder, &free_bytes) != 0)
        return refuse(s, e, strerror(errno));
    if (free_bytes < bytes || free_bytes - bytes < s->o.floor_bytes) {
        err_set(e, ERR_RETRY,
                "spool %s: the disk has %" PRIu64 " bytes free, and %" PRIu64 " stay free",
                s->o.dir, free_bytes, s->o.floor_bytes);
        return err_hint(e, "free space on the disk of the spool");
    }
    return true;
}

static bool
measure(const struct span *records, unsigned count, uint64_t *bytes, struct err *e)
{
    *bytes = SEGMENT_HEAD_BYTES;
    for (unsigned i = 0; i < count; i++) {
        if (records[i].length > SPOOL_RECORD_MOST)
            return err_set(e, ERR_INPUT, "a record of %zu bytes is too long for the spool",
                           records[i].length);
        *bytes += records[i].length + FRAME_EXTRA_BYTES;
    }
    return true;
}

/* A new file at the end of the list; its head is written with the first records. */
static bool
begin_segment(struct spool *s, struct err *e)
{
    struct segment_head head = {
        .number = s->count > 0 ? s->list[s->count - 1].head.number + 1 : 1,
        .first = s->next,
    };

    random_bytes(head.id, sizeof head.id);
    spool_stop_writing(s);

    const struct segment *const g = spool_add_segment(s, &head);

    s->out = segment_create(s->folder, g->name);
    if (s->out >= 0)
        return true;

    const int why = errno;

    s->count--;
    return refuse(s, e, strerror(why));
}

/* The last segment is not written again: what of it counts was fsynced. */
static void
abandon(struct spool *s, const char *what, int why)
{
    const struct segment *const g = &s->list[s->count - 1];

    log_write(LOG_ERROR, "spool segment %s is abandoned after %" PRIu64 " bytes: %s: %s", g->name,
              g->bytes, what, strerror(why));
    if (ftruncate(s->out, (off_t)g->bytes) != 0)
        log_write(LOG_DEBUG, "spool segment %s keeps an unacknowledged tail", g->name);
    spool_stop_writing(s);
    if (g->stop == g->head.first && drop_segment(s, g)) {
        if (s->cursor + 1 == s->count)
            spool_stop_reading(s);
        s->count--;
    }
    publish(s);
}

/* What lies in a file without a name is gone with the process, however well it was synced. */
static bool
has_name(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    errno = ENOENT;
    return st.st_nlink > 0;
}

static bool
write_group(struct spool *s, const struct span *records, unsigned count, struct err *e)
{
    struct segment *const g = &s->list[s->count - 1];
    const struct segment_key key = segment_key(s->scratch, s->key, g->head.id);
    struct strbuf *const b = strbuf_new(s->scratch, SIZE_MAX / 4);
    const char *what = "cannot write";
    const bool fresh = g->bytes == 0;

    if (fresh)
        segment_head_write(b, s->scratch, s->key, &g->head);
    for (unsigned i = 0; i < count; i++)
        segment_frame_write(b, s->scratch, &key, g->head.id, s->next + i, records[i]);

    FAULT("spool-write");
    bool ok = write_whole(s->o.io, s->out, b->data, b->length);

    FAULT("spool-fsync");
    if (ok) {
        what = "cannot write to disk";
        ok = s->o.io->sync(s->out) == 0 && (!fresh || s->o.io->sync(s->folder) == 0) &&
             has_name(s->out);
    }
    if (!ok) {
        const int why = errno;

        abandon(s, what, why);
        return refuse(s, e, strerror(why));
    }
    g->bytes += b->length;
    s->next += count;
    g->stop = s->next;
    publish(s);
    return true;
}

bool
spool_append(struct spool *s, const struct span *records, unsigned count, struct err *e)
{
    uint64_t bytes;
    bool ok = false;

    if (count == 0)
        return true;
    if (!measure(records, count, &bytes, e) || !has_room(s, bytes, e))
        return false;

    /* Once more in a new segment when an old one failed. */
    for (bool again = true; !ok && again;) {
        const bool fresh = s->out < 0 || s->list[s->count - 1].bytes >= s->o.segment_bytes;

        again = !fresh;
        ok = (!fresh || begin_segment(s, e)) && write_group(s, records, count, e);
        arena_reset(s->scratch);
    }
    return ok;
}

/* ---- reading --------------------------------------------------------------------------------- */

void
spool_note_damage(struct spool *s, struct segment *g, const struct segment_reader *r)
{
    if (r->lost <= g->lost && (!r->damaged || g->damaged))
        return;
    if (r->lost > g->lost) {
        atomic_fetch_add(&s->lost, r->lost - g->lost);
        g->lost = r->lost;
    }
    g->damaged = true;
    log_write(LOG_ERROR,
              "spool segment %s is damaged: records that cannot be read=%" PRIu64
              "; it is kept as %s.damaged once the others are stored",
              g->name, g->lost, g->name);
}

/* A file that is gone is read as one that holds nothing. */
bool
spool_start_reading(struct spool *s, const struct segment *g, struct err *e)
{
    struct segment_reader *const r = &s->reader;
    uint64_t size = 0;

    r->fd = segment_open(s->folder, g->name, &size);
    if (r->fd < 0 && errno != ENOENT)
        return err_set(e, ERR_RETRY, "spool segment %s cannot be opened: %s", g->name,
                       strerror(errno));
    r->limit = r->fd < 0 ? 0 : g->bytes;
    r->io = s->o.io;
    r->key = segment_key(s->scratch, s->key, g->head.id);
    arena_reset(s->scratch);
    segment_reader_start(r, &g->head, s->window);
    s->reading = true;
    return true;
}

/* When all that was read is done, so is what damage left unread before the cursor. */
static bool
pass_over(struct spool *s)
{
    if (s->last_read > s->done || s->cursor == 0 || s->list[s->cursor - 1].stop <= s->done + 1)
        return false;
    s->done = s->list[s->cursor - 1].stop - 1;
    s->mark_on_disk = false;
    return true;
}

bool
spool_read(struct spool *s, struct arena *a, uint64_t *sequence, struct span *record, bool *end,
           struct err *e)
{
    *end = false;
    while (s->cursor < s->count) {
        struct segment *const g = &s->list[s->cursor];

        if (!s->reading && !spool_start_reading(s, g, e))
            return false;
        s->reader.limit = s->reader.fd < 0 ? 0 : g->bytes;
        s->reader.stop = g->stop;
        s->reader.from = s->done + 1;

        const bool more = segment_next(&s->reader, a, sequence, record);

        spool_note_damage(s, g, &s->reader);
        if (more) {
            s->last_read = *sequence;
            return true;
        }
        if (s->cursor + 1 == s->count && s->out >= 0) {
            if (!g->damaged)
                break;             /* more may come behind what was read */
            spool_stop_writing(s); /* else what damage left unread would wait for it for ever */
        }
        spool_stop_reading(s);
        s->cursor++;
        if (pass_over(s)) {
            (void)spool_write_mark(s, e);
            spool_retire(s);
        }
    }
    *end = true;
    return true;
}

void
spool_rewind(struct spool *s)
{
    spool_stop_reading(s);
    s->cursor = 0;
    s->last_read = s->done;
}

/* ---- done ------------------------------------------------------------------------------------ */

bool
spool_write_mark(struct spool *s, struct err *e)
{
    if (!s->mark_on_disk && s->mark >= 0)
        s->mark_on_disk =
            spool_mark_write(s->o.io, s->mark, s->done) && s->o.io->sync(s->mark) == 0;
    if (!s->mark_on_disk) {
        err_set(e, ERR_RETRY, "spool %s: the mark of what is done cannot be written", s->o.dir);
        return err_hint(e, "after a restart some records come again; nothing is stored twice");
    }
    return true;
}

bool
spool_done(struct spool *s, uint64_t sequence, struct err *e)
{
    if (sequence > s->last_read)
        return err_set(e, ERR_INTERNAL, "a record of the spool is done that was not read");
    if (sequence <= s->done)
        return true;
    s->done = sequence;
    s->mark_on_disk = false;
    (void)pass_over(s);

    const bool marked = spool_write_mark(s, e);

    spool_retire(s);
    return marked;
}
