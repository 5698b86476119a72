/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What spool.c (the queue) and spool_open.c (finding it again) share.
 */
#ifndef MAATSTAF_COLLECTOR_SPOOL_INTERNAL_H
#define MAATSTAF_COLLECTOR_SPOOL_INTERNAL_H

#include "collector/spool_files.h"

#include <stdatomic.h>

struct segment {
    struct segment_head head;
    uint64_t stop;  /* one past its last sequence */
    uint64_t bytes; /* that count */
    uint64_t lost;
    bool damaged;
    char name[SEGMENT_NAME_BYTES];
};

struct spool {
    struct spool_options o;
    uint8_t key[KEY_BYTES];
    struct arena *arena;   /* lives as long as the spool */
    struct arena *scratch; /* of one call */
    int folder, mark;

    struct segment *list; /* by number, oldest first */
    size_t count, room;
    int out;       /* the last segment, being written; or -1 */
    uint64_t next; /* sequence of the next record to come */

    uint64_t done;     /* all up to here are elsewhere */
    bool mark_on_disk; /* the mark says so too */
    size_t cursor;     /* the segment being read */
    bool reading;      /* the reader stands in it */
    struct segment_reader reader;
    struct strbuf *window;
    uint64_t last_read; /* sequence given out last since the last rewind */

    atomic_uint_least64_t records, bytes, lost, segments; /* for other threads */
};

/* A segment at the end of the list; pointers into the list do not hold any longer. */
struct segment *spool_add_segment(struct spool *s, const struct segment_head *head);

/* The reader stands at the beginning of a segment; false: not now. */
bool spool_start_reading(struct spool *s, const struct segment *g, struct err *e);
void spool_stop_reading(struct spool *s);
void spool_stop_writing(struct spool *s);

/* Says once what a segment lacks. */
void spool_note_damage(struct spool *s, struct segment *g, const struct segment_reader *r);

bool spool_write_mark(struct spool *s, struct err *e);

/* Lets go of the oldest segments as far as they hold nothing that is not done. */
void spool_retire(struct spool *s);

#endif
