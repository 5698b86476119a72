/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The model has no sequences, segments or marks of its own: it learns from the folder where the
 * records of an append went, and predicts from that alone. After damage it stays strict about what
 * is read and in which order; how many are said to be lost it checks when damage is fresh.
 */
#include "tests/lib/spool_model.h"

#include "collector/spool.h"
#include "common/rng.h"
#include "tests/lib/spool_io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    HEAD = 72,     /* bytes before the first record of a segment */
    EXTRA = 48,    /* bytes around a record */
    SEGMENT = 600, /* followed by another from this size */
    MOST = 6000,   /* of all segments */
    FLOOR = 1000,  /* of the disk */
    FILES_MOST = 400,
    LEAST = 12 /* bytes of a record, so that no two are the same */
};

struct file {
    char name[80];
    uint64_t id; /* of the name; no other file has it */
    uint64_t bytes;
};

struct record {
    uint64_t file, start, end; /* its bytes in which file */
    uint64_t sequence;         /* as read */
    size_t length;
    bool alive;
    uint64_t killed; /* by which damage of the run; 0: alive, or cut and never missed */
};

struct model {
    struct spool_model_run *run;
    const char *dir;
    struct rng rng;
    struct arena *a;       /* of the run */
    struct arena *life;    /* of the open spool */
    struct arena *scratch; /* of one action */
    struct spool *spool;
    uint64_t lost; /* as it said when it was opened */
    struct record *list;
    size_t count, room;
    size_t read, done; /* the first that was not read, not done */
    uint64_t last_sequence;
    bool unsure_mark;  /* the mark on disk may be an older one */
    bool unsure_start; /* it was, perhaps: what is done may come again */
    bool unsure_loss;  /* damage of before is still in the folder */
    bool fresh;        /* there is new damage */
    struct file files[FILES_MOST];
    size_t file_count;
};

/* ---- what goes wrong ---------------------------------------------------------------------------
 */

static bool bad(struct model *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
bad(struct model *m, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(m->run->why, sizeof m->run->why, format, args);
    va_end(args);
    return false;
}

static unsigned
draw(struct model *m, unsigned below)
{
    return (unsigned)rng_below(&m->rng, below);
}

/* ---- the folder ------------------------------------------------------------------------------ */

static int
by_name(const void *left, const void *right)
{
    return strcmp(((const struct file *)left)->name, ((const struct file *)right)->name);
}

static const char *
path_of(struct model *m, const char *name)
{
    return arena_printf(m->scratch, "%s/%s", m->dir, name);
}

static void
look_at_folder(struct model *m)
{
    DIR *const d = opendir(m->dir);
    const struct dirent *entry;

    m->file_count = 0;
    while (d && (entry = readdir(d)) != NULL && m->file_count < FILES_MOST) {
        struct file *const f = &m->files[m->file_count];
        const char *const dot = strchr(entry->d_name, '.');
        struct stat st;

        if (dot && strcmp(dot, ".segment.damaged") == 0)
            (void)unlink(path_of(m, entry->d_name)); /* set aside: nobody reads it again */
        if (!dot || strcmp(dot, ".segment") != 0 || strlen(entry->d_name) >= sizeof f->name ||
            stat(path_of(m, entry->d_name), &st) != 0)
            continue;
        (void)snprintf(f->name, sizeof f->name, "%s", entry->d_name);
        f->id = strtoull(arena_strndup(m->scratch, dot - 16, 16), NULL, 16);
        f->bytes = (uint64_t)st.st_size;
        m->file_count++;
    }
    if (d)
        (void)closedir(d);
    qsort(m->files, m->file_count, sizeof m->files[0], by_name); /* the order of making */
}

static bool
is_there(const struct model *m, uint64_t file)
{
    for (size_t i = 0; i < m->file_count; i++) {
        if (m->files[i].id == file)
            return true;
    }
    return false;
}

/* ---- records --------------------------------------------------------------------------------- */

/* The text of record n: its number, then bytes that only it has. */
static struct span
text_of(struct model *m, uint64_t n, size_t length)
{
    char *const text = arena_alloc(m->scratch, length + 24);
    struct rng r = rng_stream(n + m->run->seed, 0);
    size_t used = 0;

    while (used < length) {
        const uint64_t word = rng_next(&r);
        const size_t take = length - used < 8 ? length - used : 8;

        memcpy(text + used, &word, take);
        used += take;
    }
    return (struct span){text, length};
}

static void
add_record(struct model *m, struct record r)
{
    if (m->count == m->room) {
        m->room = m->room ? 2 * m->room : 1024;

        struct record *const list = arena_array(m->a, m->room, sizeof *list);

        if (m->count > 0)
            memcpy(list, m->list, m->count * sizeof *list);
        m->list = list;
    }
    m->list[m->count++] = r;
}

/* Marks what is in a part of a file as gone. */
static void
kill_part(struct model *m, uint64_t file, uint64_t from, uint64_t to)
{
    for (size_t i = m->count; i-- > 0 && i + FILES_MOST > m->count;) {
        struct record *const r = &m->list[i];

        if (r->alive && r->file == file && r->start < to && r->end > from) {
            r->alive = false;
            r->killed = m->run->damaged;
        }
    }
}

static uint64_t
waiting(const struct model *m)
{
    uint64_t n = 0;

    for (size_t i = m->done; i < m->count; i++)
        n += m->list[i].alive;
    return n;
}

/* ---- actions --------------------------------------------------------------------------------- */

static const uint8_t key[KEY_BYTES] = {1, 2, 3, 4};

static bool
open_spool(struct model *m)
{
    struct err e;
    const struct spool_options o = {
        .dir = m->dir,
        .key = key,
        .segment_bytes = SEGMENT,
        .most_bytes = MOST,
        .floor_bytes = FLOOR,
        .io = &faulty_io,
    };

    m->spool = spool_open(m->life, &o, &e);
    if (!m->spool)
        return bad(m, "does not open: %s", e.text);
    m->lost = spool_lost(m->spool);
    return true;
}

/* The records are durable: where are they? All in the last file, at its end. */
static bool
place(struct model *m, const size_t *lengths, unsigned count)
{
    uint64_t bytes = 0;

    look_at_folder(m);
    if (m->file_count == 0)
        return bad(m, "an append made no file");

    const struct file *const f = &m->files[m->file_count - 1];

    for (unsigned i = 0; i < count; i++)
        bytes += lengths[i] + EXTRA;
    if (f->bytes < bytes + HEAD)
        return bad(m, "%s is too short for what was appended", f->name);
    bytes = f->bytes - bytes;
    for (unsigned i = 0; i < count; i++) {
        add_record(m, (struct record){
                          .file = f->id,
                          .start = bytes,
                          .end = bytes + lengths[i] + EXTRA,
                          .length = lengths[i],
                          .alive = true,
                      });
        bytes += lengths[i] + EXTRA;
    }
    return true;
}

static bool
append(struct model *m)
{
    enum { COUNT_MOST = 6 };
    struct span records[COUNT_MOST];
    size_t lengths[COUNT_MOST];
    const unsigned count = draw(m, 8) == 0 ? 0 : 1 + draw(m, COUNT_MOST);
    uint64_t bytes = HEAD;
    struct err e;

    for (unsigned i = 0; i < count; i++) {
        lengths[i] = LEAST + (draw(m, 20) == 0 ? draw(m, 900) : draw(m, 90));
        records[i] = text_of(m, m->count + i, lengths[i]);
        bytes += lengths[i] + EXTRA;
    }

    const unsigned failed = disk.failed;
    const bool fits = spool_bytes(m->spool) + bytes <= MOST && disk.room >= bytes + FLOOR;
    const bool ok = spool_append(m->spool, records, count, &e);

    if (!ok && (fits || count == 0) && disk.failed == failed)
        return bad(m, "an append was refused without a reason: %s", e.text);
    if (ok && count > 0 && !fits)
        return bad(m, "an append was taken beyond the limits");
    if (!ok && e.code != ERR_RETRY)
        return bad(m, "a refused append is %s", err_code_name(e.code));
    m->run->refused += !ok;
    m->run->appended += ok ? count : 0;
    return !ok || count == 0 || place(m, lengths, count);
}

/* After a restart with an older mark, what was done comes again from somewhere. */
static void
find_start(struct model *m, struct span record)
{
    for (size_t i = m->read + 1; i-- > 0 && i + FILES_MOST > m->read;) {
        const struct record *const r = i < m->count ? &m->list[i] : NULL;

        if (r && r->alive && r->length == record.length &&
            span_equal(record, text_of(m, i, r->length))) {
            m->read = m->done = i;
            m->unsure_start = false;
            return;
        }
    }
}

static bool
read_one(struct model *m, bool *end)
{
    const unsigned failed = disk.failed;
    uint64_t sequence = 0;
    struct span record = {0};
    struct err e;

    if (!spool_read(m->spool, m->scratch, &sequence, &record, end, &e))
        return bad(m, "a read failed: %s", e.text);
    m->unsure_mark |= disk.failed != failed;
    while (m->read < m->count && !m->list[m->read].alive)
        m->read++;
    if (*end)
        return m->read == m->count ||
               bad(m, "the end came before record %zu of %zu", m->read, m->count);
    if (m->unsure_start)
        find_start(m, record);
    if (m->read == m->count)
        return bad(m, "a record came after the last, of %zu bytes", record.length);

    struct record *const r = &m->list[m->read];

    if (!span_equal(record, text_of(m, m->read, r->length)))
        return bad(m, "not record %zu of %zu bytes, but one of %zu", m->read, r->length,
                   record.length);
    if (sequence <= m->last_sequence)
        return bad(m, "sequence %ju came after %ju", (uintmax_t)sequence,
                   (uintmax_t)m->last_sequence);
    m->last_sequence = r->sequence = sequence;
    m->read++;
    m->run->read++;
    return true;
}

static bool
read_some(struct model *m, unsigned most)
{
    bool end = false;

    for (unsigned i = 0; i < most && !end; i++) {
        if (!read_one(m, &end))
            return false;
    }
    return true;
}

/* Up to a record that was read; `all`: the last of them. */
static bool
done(struct model *m, bool all)
{
    const unsigned failed = disk.failed;
    size_t i = m->read;
    struct err e;

    if (m->read > m->done)
        i = all ? m->read - 1 : m->done + draw(m, (unsigned)(m->read - m->done));
    while (i > m->done && !m->list[i].alive)
        i--;
    if (i >= m->read || i < m->done || !m->list[i].alive)
        return true; /* nothing was read */

    const bool ok = spool_done(m->spool, m->list[i].sequence, &e);

    if (!ok && (disk.failed == failed || e.code != ERR_RETRY))
        return bad(m, "done failed: %s", e.text);
    m->unsure_mark = disk.failed != failed;
    m->done = i + 1;
    return true;
}

static void
back(struct model *m)
{
    spool_rewind(m->spool);
    m->read = m->done;
    m->last_sequence = 0;
}

/* ---- crashes and damage ------------------------------------------------------------------------
 */

/*
 * What fresh damage must be said to cost. At the end of the last file nobody can know how many
 * records there were: nothing, or one when bytes that are left show that there was one.
 */
static uint64_t
cost(const struct model *m, uint64_t last_file, bool at_least)
{
    const uint64_t now = m->run->damaged;
    uint64_t lost = 0;
    size_t tail = m->count, hit = m->count; /* what is dead at the end of the last file */

    while (tail > 0 && m->list[tail - 1].file == last_file && !m->list[tail - 1].alive) {
        tail--;
        if (m->list[tail].killed == now)
            hit = tail;
    }
    for (size_t i = m->done; i < tail; i++)
        lost += m->list[i].killed == now;
    return lost + (at_least && hit < m->count && hit >= m->done);
}

static void
flip(struct model *m, const struct file *f, uint64_t offset)
{
    const int fd = open(path_of(m, f->name), O_RDWR);
    char byte = 0;

    if (fd < 0 || pread(fd, &byte, 1, (off_t)offset) != 1)
        abort();
    byte = (char)(byte ^ (1 << draw(m, 8)));
    if (pwrite(fd, &byte, 1, (off_t)offset) != 1 || close(fd) != 0)
        abort();
    kill_part(m, f->id, offset, offset + 1);
}

static void
cut(struct model *m, const struct file *f, uint64_t length)
{
    if (truncate(path_of(m, f->name), (off_t)length) != 0)
        abort();
    kill_part(m, f->id, length, UINT64_MAX);
}

/* Up to three bytes of a file, where its records are, one place once. */
static void
flip_some(struct model *m, const struct file *f)
{
    uint64_t end = f->bytes < HEAD ? f->bytes : HEAD, at = 0;

    for (size_t i = 0; i < m->count; i++) {
        if (m->list[i].file == f->id && m->list[i].alive)
            end = m->list[i].end;
    }
    for (unsigned n = 1 + draw(m, 3); n > 0 && at < end; n--) {
        at += draw(m, (unsigned)(end - at));
        flip(m, f, at++);
    }
}

static void
damage_mark(struct model *m)
{
    const struct file f = {.name = "done"};
    const char *const path = path_of(m, f.name);
    struct stat st;

    if (stat(path, &st) == 0 && st.st_size == 12 && draw(m, 2) == 0)
        flip(m, &f, draw(m, 12));
    else if (truncate(path, draw(m, 12)) != 0)
        abort();
    while (m->done > 0 && is_there(m, m->list[m->done - 1].file))
        m->done--;
    m->unsure_mark = m->unsure_start = false;
}

/* Hurts one file of the closed spool; what must be said to be lost. */
static uint64_t
hurt(struct model *m)
{
    const struct file *const last = &m->files[m->file_count - 1];
    const struct file *const f = &m->files[draw(m, (unsigned)m->file_count)];
    const unsigned kind = draw(m, 5);

    m->run->damaged++;
    if (kind == 0) {
        cut(m, last, draw(m, (unsigned)last->bytes + 1));
        return 0;
    }
    if (kind == 1) {
        damage_mark(m);
        return 0;
    }
    if (kind == 2)
        flip_some(m, f);
    else if (kind == 3)
        cut(m, f, draw(m, (unsigned)f->bytes + 1));
    else if (unlink(path_of(m, f->name)) == 0)
        kill_part(m, f->id, 0, UINT64_MAX);
    m->fresh = true;
    return cost(m, last->id, kind == 2);
}

/* Nobody was answered: any part of the last append may be there. */
static bool
append_unanswered(struct model *m)
{
    struct file before = {0};

    if (m->file_count > 0)
        before = m->files[m->file_count - 1];
    if (!append(m))
        return false;
    look_at_folder(m);
    if (m->file_count == 0)
        return true;

    const struct file *const last = &m->files[m->file_count - 1];
    const uint64_t least = last->id == before.id ? before.bytes : 0;

    if (last->bytes > least)
        cut(m, last, least + draw(m, (unsigned)(last->bytes - least) + 1));
    return true;
}

/* The process dies, things happen to its files, the next one starts. */
static bool
crash(struct model *m)
{
    const bool in_append = draw(m, 3) == 0;
    uint64_t lost = 0;

    m->run->crashes++;
    if (spool_lost(m->spool) != m->lost && !m->unsure_loss)
        return bad(m, "it lost records while it ran");
    look_at_folder(m);
    if (m->file_count == 0)
        m->unsure_loss = false;
    if (in_append && !append_unanswered(m))
        return false;
    arena_reset(m->life); /* closes, which writes nothing */
    m->run->failed += disk.failed;
    disk_reset();
    m->fresh = false;
    m->unsure_start |= m->unsure_mark;
    if (!in_append && !m->run->honest_only && m->file_count > 0 && draw(m, 3) == 0)
        lost = hurt(m);
    if (!open_spool(m))
        return false;
    if (!m->unsure_start && !m->unsure_loss && m->lost != lost)
        return bad(m, "%ju records are said to be lost, and %ju are", (uintmax_t)m->lost,
                   (uintmax_t)lost);
    m->unsure_loss |= m->fresh;
    m->run->lost += lost;
    m->read = m->done;
    m->last_sequence = 0;
    return true;
}

/* ---- the run --------------------------------------------------------------------------------- */

static void
plan_faults(struct model *m)
{
    disk.most = draw(m, 3) ? 0 : 1 + draw(m, 100);
    disk.interrupt = draw(m, 3) ? 0 : 2 + draw(m, 5);
    disk.room = draw(m, 6) ? UINT64_MAX : draw(m, 3000);
    disk.fail_writes = draw(m, 4) ? 0 : 1 + draw(m, 3);
    disk.partial = draw(m, 2) ? 0 : draw(m, 200);
    disk.write_errno = draw(m, 2) ? EIO : ENOSPC;
    disk.fail_syncs = draw(m, 4) ? 0 : 1 + draw(m, 3);
}

static bool
act(struct model *m)
{
    const unsigned dice = draw(m, 100);

    arena_reset(m->scratch);
    if (m->run->lie && draw(m, m->run->lie) == 0)
        disk.drop_nth = 1;
    if (dice < 35)
        return append(m);
    if (dice < 70)
        return read_some(m, 1 + draw(m, 8));
    if (dice < 83)
        return done(m, draw(m, 3) == 0);
    if (dice < 86)
        back(m);
    else if (dice < 89)
        return read_some(m, UINT32_MAX) && done(m, true);
    else if (dice < 95)
        plan_faults(m);
    else
        return crash(m);
    return true;
}

static bool
counts_agree(struct model *m)
{
    const uint64_t n = spool_count(m->spool);

    return m->unsure_start || m->unsure_loss || n == waiting(m) ||
           bad(m, "it counts %ju records, and %ju wait", (uintmax_t)n, (uintmax_t)waiting(m));
}

bool
spool_model_run(struct spool_model_run *run, const char *dir)
{
    struct model *const m = calloc(1, sizeof *m);
    bool ok;

    if (!m)
        abort();
    m->run = run;
    m->dir = dir;
    m->rng = rng_stream(run->seed, 0);
    m->a = arena_new();
    m->life = arena_child(m->a);
    m->scratch = arena_child(m->a);
    disk_reset();
    ok = open_spool(m);
    for (run->action = 0; ok && run->action < run->actions; run->action++) {
        ok = act(m) && counts_agree(m);
    }
    arena_free(m->a);
    free(m);
    return ok;
}
