/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The form of a spool segment on disk, for spool*.c only:
 *
 *   head   magic 8, number 8, first sequence 8, id 16, seal of nothing 28, CRC-32C 4
 *   frame  length of the sealed part 4, sequence 8, CRC-32C of these 4,
 *          sealed part (nonce 12, text, tag 16), CRC-32C of the whole frame 4
 *
 * Integers are big-endian. What is sealed is bound to the segment's id and its sequence, under a
 * key derived for this segment. A bad checksum is the disk's doing, a bad tag under a good
 * checksum somebody's; both are damage. A reader goes on behind damage where a frame holds again.
 */
#ifndef MAATSTAF_COLLECTOR_SPOOL_SEGMENT_H
#define MAATSTAF_COLLECTOR_SPOOL_SEGMENT_H

#include "collector/spool.h"

enum {
    SEGMENT_ID_BYTES = 16,
    SEGMENT_HEAD_BYTES = 72,
    FRAME_HEAD_BYTES = 16,
    FRAME_EXTRA_BYTES = FRAME_HEAD_BYTES + 28 + 4 /* what a record costs beyond its own bytes */
};

struct segment_head {
    uint64_t number; /* order of making */
    uint64_t first;  /* sequence of its first record, whether or not it got one */
    uint8_t id[SEGMENT_ID_BYTES];
};

struct segment_key {
    uint8_t bytes[KEY_BYTES];
};

struct segment_key segment_key(struct arena *a, const uint8_t key[KEY_BYTES],
                               const uint8_t id[SEGMENT_ID_BYTES]);

void segment_head_write(struct strbuf *out, struct arena *a, const uint8_t key[KEY_BYTES],
                        const struct segment_head *head);

enum segment_head_state {
    HEAD_GOOD,
    HEAD_FOREIGN, /* whole, but not sealed under this key */
    HEAD_BAD
};

/* bytes: the first SEGMENT_HEAD_BYTES of the file. *head is filled unless HEAD_BAD. */
enum segment_head_state segment_head_read(struct arena *a, const uint8_t key[KEY_BYTES],
                                          struct span bytes, struct segment_head *head);

void segment_frame_write(struct strbuf *out, struct arena *a, const struct segment_key *key,
                         const uint8_t id[SEGMENT_ID_BYTES], uint64_t sequence, struct span record);

/*
 * Reads the frames of one segment in order. limit and stop may grow between calls; with stop
 * UINT64_MAX (the last segment when the spool is opened) the end of the file is the end, and what
 * is there of an unfinished write is cut.
 */
struct segment_reader {
    const struct spool_io *io;
    int fd;
    struct segment_key key;
    uint8_t id[SEGMENT_ID_BYTES];
    uint64_t limit; /* bytes of the file that count */
    uint64_t stop;  /* sequences from here on are not this segment's */
    uint64_t from;  /* lower sequences are passed over, and no loss when they cannot be read */
    struct strbuf *window; /* bytes of the file from window_at */
    uint64_t window_at;

    uint64_t at;       /* where the next frame begins */
    uint64_t expected; /* the next sequence */
    uint64_t lost;     /* sequences that no frame was found for */
    uint64_t cut;      /* bytes of an unfinished write at the end */
    bool damaged;
};

/* window: the reader's while it reads; its cap decides nothing here. */
void segment_reader_start(struct segment_reader *r, const struct segment_head *head,
                          struct strbuf *window);

/* The next record, of the arena, or false at the end. */
bool segment_next(struct segment_reader *r, struct arena *a, uint64_t *sequence,
                  struct span *record);

/* Room that the window of a reader may need. */
struct strbuf *segment_window(struct arena *a);

#endif
