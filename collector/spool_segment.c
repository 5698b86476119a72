/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Writing and reading the bytes of a spool segment. The reader trusts nothing: a frame counts when
 * its checksums, its sequence and its tag hold; where none does it looks byte by byte for the next
 * that does, and counts the sequences it had to pass.
 */
#include "collector/spool_segment.h"

#include "common/crc32c.h"

#include <errno.h>
#include <string.h>

enum {
    SEAL_BYTES = 28, /* nonce and tag */
    CRC_BYTES = 4,
    SEALED_MOST = SPOOL_RECORD_MOST + SEAL_BYTES,
    FRAME_MOST = SPOOL_RECORD_MOST + FRAME_EXTRA_BYTES,
    READ_BYTES = 64 * 1024, /* read ahead */
    BLOCK_BYTES = 4096,     /* given up together when the disk cannot read it */
    READ_TRIES = 3
};

static const char magic[8] = {'M', 'A', 'A', 'T', 'S', 'P', 'L', '1'};

/* ---- numbers ------------------------------------------------------------------------------- */

static uint64_t
be(const char *bytes, size_t length)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++)
        value = value << 8 | (uint8_t)bytes[i];
    return value;
}

static void
add_crc(struct strbuf *out, size_t from)
{
    strbuf_add_be32(out, crc32c(out->data + from, out->length - from));
}

static bool
crc_holds(const char *data, size_t length)
{
    return crc32c(data, length) == be(data + length, CRC_BYTES);
}

/* ---- head ---------------------------------------------------------------------------------- */

struct segment_key
segment_key(struct arena *a, const uint8_t key[KEY_BYTES], const uint8_t id[SEGMENT_ID_BYTES])
{
    static const char purpose[] = "maatstaf spool segment";
    char text[sizeof purpose + SEGMENT_ID_BYTES];
    struct segment_key out = {{0}};

    memcpy(text, purpose, sizeof purpose);
    memcpy(text + sizeof purpose, id, SEGMENT_ID_BYTES);
    hmac_of(hmac_new(a, key), text, sizeof text, out.bytes);
    return out;
}

void
segment_head_write(struct strbuf *out, struct arena *a, const uint8_t key[KEY_BYTES],
                   const struct segment_head *head)
{
    const struct segment_key own = segment_key(a, key, head->id);
    const size_t start = out->length;

    strbuf_add(out, magic, sizeof magic);
    strbuf_add_be64(out, head->number);
    strbuf_add_be64(out, head->first);
    strbuf_add(out, head->id, SEGMENT_ID_BYTES);

    const struct span bound = {out->data + start, out->length - start};
    const struct span sealed = seal(a, own.bytes, (struct span){"", 0}, bound);

    strbuf_add(out, sealed.data, sealed.length);
    add_crc(out, start);
}

enum segment_head_state
segment_head_read(struct arena *a, const uint8_t key[KEY_BYTES], struct span bytes,
                  struct segment_head *head)
{
    enum { BOUND = SEGMENT_HEAD_BYTES - SEAL_BYTES - CRC_BYTES };
    struct span nothing;
    struct err e;

    if (bytes.length < SEGMENT_HEAD_BYTES || memcmp(bytes.data, magic, sizeof magic) != 0 ||
        !crc_holds(bytes.data, SEGMENT_HEAD_BYTES - CRC_BYTES))
        return HEAD_BAD;

    head->number = be(bytes.data + 8, 8);
    head->first = be(bytes.data + 16, 8);
    memcpy(head->id, bytes.data + 24, SEGMENT_ID_BYTES);

    const struct segment_key own = segment_key(a, key, head->id);
    const struct span sealed = {bytes.data + BOUND, SEAL_BYTES};

    return unseal(a, own.bytes, sealed, (struct span){bytes.data, BOUND}, &nothing, &e)
               ? HEAD_GOOD
               : HEAD_FOREIGN;
}

/* ---- frames -------------------------------------------------------------------------------- */

struct bound { /* what a sealed record is bound to */
    uint8_t bytes[SEGMENT_ID_BYTES + 8];
};

static struct bound
bind_to(const uint8_t id[SEGMENT_ID_BYTES], uint64_t sequence)
{
    struct bound b;

    memcpy(b.bytes, id, SEGMENT_ID_BYTES);
    for (size_t i = 0; i < 8; i++)
        b.bytes[SEGMENT_ID_BYTES + i] = (uint8_t)(sequence >> (56 - 8 * i));
    return b;
}

static struct span
bound_span(const struct bound *b)
{
    return (struct span){(const char *)b->bytes, sizeof b->bytes};
}

void
segment_frame_write(struct strbuf *out, struct arena *a, const struct segment_key *key,
                    const uint8_t id[SEGMENT_ID_BYTES], uint64_t sequence, struct span record)
{
    const struct bound bound = bind_to(id, sequence);
    const struct span sealed = seal(a, key->bytes, record, bound_span(&bound));
    const size_t start = out->length;

    strbuf_add_be32(out, (uint32_t)sealed.length);
    strbuf_add_be64(out, sequence);
    add_crc(out, start);
    strbuf_add(out, sealed.data, sealed.length);
    add_crc(out, start);
}

/* ---- the window: a stretch of the file in memory -----------------------------------------------
 */

struct strbuf *
segment_window(struct arena *a)
{
    return strbuf_new(a, FRAME_MOST + READ_BYTES + BLOCK_BYTES);
}

/*
 * Reads up to `length` bytes at the end of the window. What the disk cannot give becomes zeros to
 * the end of its block: no frame holds there, and the reader finds its way behind it.
 */
static void
read_more(struct segment_reader *r, size_t length)
{
    struct strbuf *const w = r->window;
    const uint64_t at = r->window_at + w->length;
    ssize_t n = -1;

    for (int tries = 0; n < 0 && tries < READ_TRIES;) {
        n = r->io->read(r->fd, w->data + w->length, length, (off_t)at);
        if (n < 0 && errno != EINTR)
            tries++;
    }
    if (n <= 0) {
        const size_t block = BLOCK_BYTES - at % BLOCK_BYTES;

        r->damaged = true;
        n = (ssize_t)(block < length ? block : length);
        memset(w->data + w->length, 0, (size_t)n);
    }
    w->length += (size_t)n;
}

/* The bytes at an offset, fewer than length only at the limit; good until the next call. */
static struct span
look(struct segment_reader *r, uint64_t at, size_t length)
{
    struct strbuf *const w = r->window;

    if (at >= r->limit)
        return (struct span){"", 0};
    if (length > r->limit - at)
        length = (size_t)(r->limit - at);
    if (at < r->window_at || at > r->window_at + w->length) {
        strbuf_clear(w);
        r->window_at = at;
    }
    if (at + length > r->window_at + w->length) {
        const uint64_t left = r->limit - at;
        const size_t want = length > READ_BYTES ? length : READ_BYTES;
        const size_t whole = want < left ? want : (size_t)left;
        const size_t kept = (size_t)(r->window_at + w->length - at);

        memmove(w->data, w->data + (at - r->window_at), kept);
        w->length = kept;
        r->window_at = at;
        if (!strbuf_reserve(w, whole - kept))
            return (struct span){"", 0};
        while (w->length < whole)
            read_more(r, whole - w->length);
    }
    return (struct span){w->data + (at - r->window_at), length};
}

/* ---- reading ------------------------------------------------------------------------------- */

void
segment_reader_start(struct segment_reader *r, const struct segment_head *head,
                     struct strbuf *window)
{
    memcpy(r->id, head->id, SEGMENT_ID_BYTES);
    r->window = window;
    strbuf_clear(window);
    r->window_at = r->at = SEGMENT_HEAD_BYTES;
    r->expected = head->first;
    r->lost = r->cut = 0;
    r->damaged = false;
}

struct frame {
    uint64_t sequence;
    size_t sealed; /* bytes */
};

static bool
frame_head(struct span bytes, struct frame *f)
{
    if (bytes.length < FRAME_HEAD_BYTES)
        return false;
    f->sealed = (size_t)be(bytes.data, 4);
    f->sequence = be(bytes.data + 4, 8);
    return f->sealed >= SEAL_BYTES && f->sealed <= SEALED_MOST &&
           crc_holds(bytes.data, FRAME_HEAD_BYTES - CRC_BYTES);
}

static uint64_t
frame_bytes(const struct frame *f)
{
    return FRAME_HEAD_BYTES + f->sealed + CRC_BYTES;
}

/* True when a frame that can be the next one holds at this offset. */
static bool
frame_at(struct segment_reader *r, struct arena *a, uint64_t at, struct frame *f,
         struct span *record)
{
    struct err e;

    if (!frame_head(look(r, at, FRAME_HEAD_BYTES), f) || f->sequence < r->expected ||
        f->sequence >= r->stop || frame_bytes(f) > r->limit - at)
        return false;

    const size_t length = (size_t)frame_bytes(f);
    const struct span bytes = look(r, at, length);
    const struct bound bound = bind_to(r->id, f->sequence);

    return bytes.length == length && crc_holds(bytes.data, length - CRC_BYTES) &&
           unseal(a, r->key.bytes, (struct span){bytes.data + FRAME_HEAD_BYTES, f->sealed},
                  bound_span(&bound), record, &e);
}

static void
lose_until(struct segment_reader *r, uint64_t sequence)
{
    const uint64_t from = r->expected > r->from ? r->expected : r->from;

    if (sequence > r->expected)
        r->damaged = true;
    if (sequence > from)
        r->lost += sequence - from;
    r->expected = sequence;
}

static bool
zeros_from(struct segment_reader *r, uint64_t at)
{
    while (at < r->limit) {
        const struct span bytes = look(r, at, READ_BYTES);

        for (size_t i = 0; i < bytes.length; i++) {
            if (bytes.data[i] != 0)
                return false;
        }
        at += bytes.length;
    }
    return true;
}

/*
 * An unfinished write leaves the beginning of a frame, or room that was never filled. Anything else
 * that is no frame was one.
 */
static bool
is_unfinished(struct segment_reader *r, uint64_t at)
{
    const struct span bytes = look(r, at, FRAME_HEAD_BYTES);
    struct frame f;

    if (bytes.length < FRAME_HEAD_BYTES)
        return true;
    if (frame_head(bytes, &f))
        return frame_bytes(&f) > r->limit - at;
    return !r->damaged && zeros_from(r, at);
}

/* Nothing holds from here on. */
static bool
end_here(struct segment_reader *r)
{
    if (r->stop != UINT64_MAX) {
        lose_until(r, r->stop);
    } else if (r->at < r->limit) {
        if (is_unfinished(r, r->at)) {
            r->cut = r->limit - r->at;
        } else {
            r->damaged = true;
            lose_until(r, r->expected + 1); /* at least */
            r->at = r->limit;
        }
    }
    return false;
}

bool
segment_next(struct segment_reader *r, struct arena *a, uint64_t *sequence, struct span *record)
{
    while (r->expected < r->stop) {
        struct frame f;
        uint64_t at = r->at;

        while (at < r->limit && !frame_at(r, a, at, &f, record))
            at++;
        if (at >= r->limit)
            return end_here(r);

        lose_until(r, f.sequence);
        r->at = at + frame_bytes(&f);
        r->expected = f.sequence + 1;
        if (f.sequence >= r->from) {
            *sequence = f.sequence;
            return true;
        }
    }
    return false;
}
