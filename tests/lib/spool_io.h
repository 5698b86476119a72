/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A disk for tests of the spool that fails when it is told to: the real one below, but for the
 * faults of the table. One table a process; nothing is written to disk for good (no real fsync),
 * which tests of a living process do not need.
 */
#ifndef MAATSTAF_TESTS_LIB_SPOOL_IO_H
#define MAATSTAF_TESTS_LIB_SPOOL_IO_H

#include "collector/spool.h"

struct faulty_disk {
    uint64_t room;        /* bytes free; UINT64_MAX: plenty */
    unsigned fail_writes; /* the next ones fail, */
    int write_errno;      /* with this */
    size_t partial;       /* bytes that a failing write writes all the same */
    unsigned fail_syncs;  /* the next ones fail with EIO */
    unsigned fail_reads;  /* the next ones fail with EIO */
    size_t most;          /* bytes of one write; 0: as many as asked */
    unsigned interrupt;   /* every so many-th write is interrupted first; 0: none */
    unsigned drop_nth;    /* the n-th write from now says it was whole and loses a byte; 0: none */

    /* What happened. */
    unsigned writes, syncs, reads, failed;
    uint64_t synced_inode[4096]; /* of sync n, modulo the size */
};

extern struct faulty_disk disk;
extern const struct spool_io faulty_io;

/* A disk without faults and counts. */
void disk_reset(void);

#endif
