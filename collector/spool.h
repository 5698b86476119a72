/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A queue of records on a disk of its own, for the time that the database is away: what
 * spool_append() took is on the disk, sealed, and comes out of spool_read() in order until
 * spool_done() says that it is elsewhere. Delivery is at least once: after a crash what was read
 * and not yet done comes again, and so may the tail of an append that was never answered. It does
 * not know what a record holds. One process owns a folder; one thread at a time calls, except that
 * the numbers below may be asked for from any thread.
 */
#ifndef MAATSTAF_COLLECTOR_SPOOL_H
#define MAATSTAF_COLLECTOR_SPOOL_H

#include "common/digest.h"

#include <sys/types.h>

struct spool;

enum { SPOOL_RECORD_MOST = 1 << 20 }; /* bytes of one record */

/* What is asked of the system, replaced by tests of faults; errno as the system sets it. */
struct spool_io {
    ssize_t (*write)(int fd, const void *data, size_t length);
    ssize_t (*read)(int fd, void *data, size_t length, off_t at);
    int (*sync)(int fd);
    int (*room)(int fd, uint64_t *bytes); /* free for us on the file system of fd; 0 or -1 */
};

struct spool_options {
    const char *dir;        /* made with mode 0700 when it is not there; best a disk of its own */
    const uint8_t *key;     /* KEY_BYTES, copied; segments are sealed under keys derived from it */
    uint64_t segment_bytes; /* a segment is followed by another from this size; 0: 8 MiB */
    uint64_t most_bytes;    /* of all segments, or what comes is refused; 0: 8 GiB */
    uint64_t floor_bytes;   /* left free on the file system, or refused; 0: 256 MiB */
    const struct spool_io *io; /* NULL: the system's own */
};

/*
 * Opens the folder, reads every segment through and says in the log what was cut or is damaged.
 * ERR_CONFIG: the folder or key is wrong, or another process has it. Closed with the arena; closing
 * writes nothing, so that it makes no difference whether the process ends or is killed.
 */
struct spool *spool_open(struct arena *a, const struct spool_options *o, struct err *e);

/*
 * Puts records at the end, with one fsync for all. True: they are durable. False: nothing of them
 * may be acknowledged. ERR_RETRY: no room, or the disk failed; ERR_INPUT: a record is too long.
 */
bool spool_append(struct spool *s, const struct span *records, unsigned count, struct err *e);

/*
 * The next record that was not read yet; *end when there is none for now. Sequences rise, with
 * gaps where damage took records. ERR_RETRY: a segment cannot be opened or read; call again later.
 */
bool spool_read(struct spool *s, struct arena *a, uint64_t *sequence, struct span *record,
                bool *end, struct err *e);

/* The next read begins again after the last that is done. */
void spool_rewind(struct spool *s);

/*
 * Everything up to this sequence (of a record that was read) is in the database: segments that hold
 * nothing else go. False: the mark could not be written, and after a restart records come again.
 */
bool spool_done(struct spool *s, uint64_t sequence, struct err *e);

uint64_t spool_count(const struct spool *s);    /* records not done; an upper bound with damage */
uint64_t spool_bytes(const struct spool *s);    /* of their segments on disk */
uint64_t spool_lost(const struct spool *s);     /* records found unreadable since it was opened */
uint64_t spool_segments(const struct spool *s); /* files in use */

#endif
