/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes the reader of spool segments. An even first byte: the rest is a segment as it stands. An
 * odd one: the rest are changes to a good segment of twelve records, and whatever they are, what
 * comes out is what went in, in order, and what does not come out is counted. The good segment is
 * sealed anew by each process, so its bytes differ from run to run.
 */
#include "collector/spool_segment.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 12, FIRST = 5, CHANGE_BYTES = 4, MOST = 8192 };

static const uint8_t key[KEY_BYTES] = "key of the corpus of segments";
static struct span file; /* what is read */
static struct span good;
static struct arena *life; /* of the good segment: the process's */
static struct segment_head good_head = {.number = 1, .first = FIRST, .id = "0123456789abcde"};
static const char texts[] = "records of a spool are told apart by where in this text they begin";

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static ssize_t
read_memory(int fd, void *data, size_t length, off_t at)
{
    (void)fd;
    if ((size_t)at >= file.length)
        return 0;
    if (length > file.length - (size_t)at)
        length = file.length - (size_t)at;
    memcpy(data, file.data + at, length);
    return (ssize_t)length;
}

static const struct spool_io io = {.read = read_memory};

static struct span
text_of(uint64_t sequence)
{
    const size_t from = (size_t)(sequence - FIRST) * 5;

    return (struct span){texts + from, sizeof texts - 1 - from};
}

static struct span
make_good(void)
{
    struct arena *const a = life = arena_new();
    struct strbuf *const b = strbuf_new(a, MOST);
    const struct segment_key own = segment_key(a, key, good_head.id);

    segment_head_write(b, a, key, &good_head);
    for (uint64_t i = FIRST; i < FIRST + RECORDS; i++)
        segment_frame_write(b, a, &own, good_head.id, i, text_of(i));
    return (struct span){b->data, b->length};
}

/* Each change is four bytes: where (2), what, value. */
static struct span
changed(struct arena *a, const uint8_t *data, size_t size)
{
    char *const bytes = arena_strndup(a, good.data, good.length);
    size_t length = good.length;

    for (; size >= CHANGE_BYTES && length > 0; data += CHANGE_BYTES, size -= CHANGE_BYTES) {
        const size_t at = (size_t)(data[0] * 256 + data[1]) % length;
        const size_t from = (at + data[3] * 16U) % length;
        const size_t run = length - (at > from ? at : from);

        if (data[2] % 8 < 4)
            bytes[at] = (char)(bytes[at] ^ data[3]);
        else if (data[2] % 8 == 4)
            length = at;
        else if (data[2] % 8 == 5)
            memset(bytes + at, 0, length - at < data[3] ? length - at : data[3]);
        else if (data[2] % 8 == 6)
            memmove(bytes + at, bytes + from, run);
        else
            memmove(bytes + at, bytes + from, run < 100 ? run : 100);
    }
    return (struct span){bytes, length};
}

static void
check(struct arena *a, const struct segment_head *head, uint64_t stop, uint64_t from, bool is_good)
{
    struct segment_reader r = {
        .io = &io,
        .key = segment_key(a, key, head->id),
        .limit = file.length,
        .stop = stop,
        .from = from,
    };
    uint64_t sequence, before = 0, n = 0;
    struct span record;

    segment_reader_start(&r, head, segment_window(a));
    while (segment_next(&r, a, &sequence, &record)) {
        must(n == 0 || sequence > before);
        must(sequence >= from && sequence < stop);
        if (is_good)
            must(sequence >= FIRST && sequence < FIRST + RECORDS &&
                 span_equal(record, text_of(sequence)));
        before = sequence;
        n++;
    }
    must(!segment_next(&r, a, &sequence, &record));
    must(stop != UINT64_MAX || r.cut <= file.length);
    if (stop != UINT64_MAX && stop >= head->first && head->first >= from)
        must(n + r.lost == stop - head->first && (r.lost == 0 || r.damaged));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    if (!good.data)
        good = make_good();

    struct arena *const a = arena_new();
    struct segment_head head = good_head;
    const bool is_good = data[0] & 1;
    const bool last = data[0] & 2;
    const uint64_t from = FIRST + data[0] / 64;

    file =
        is_good ? changed(a, data + 1, size - 1) : (struct span){(const char *)data + 1, size - 1};
    (void)segment_head_read(a, key, file, &head);
    if (is_good)
        head = good_head; /* as the name of the file would say */
    check(a, &head, last ? UINT64_MAX : FIRST + RECORDS, 0, is_good);
    check(a, &head, last ? UINT64_MAX : FIRST + RECORDS, from, is_good);
    arena_free(a);
    return 0;
}
