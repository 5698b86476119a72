/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The folder of a spool, for spool*.c only: who owns it, names of segments, the mark that says how
 * far the records are done. Files are opened in the folder that was opened once, never through a
 * link, and for their owner alone.
 */
#ifndef MAATSTAF_COLLECTOR_SPOOL_FILES_H
#define MAATSTAF_COLLECTOR_SPOOL_FILES_H

#include "collector/spool_segment.h"

enum { SEGMENT_NAME_BYTES = 80 };

extern const struct spool_io spool_system_io;

/* Opens the folder, or makes it, and locks it for this process; -1 with the error. */
int spool_folder_open(struct arena *a, const char *dir, struct err *e);

/* "0000000012-00000000000000003456-0f3a….segment": number, first sequence, id. */
void segment_name(const struct segment_head *head, char name[SEGMENT_NAME_BYTES]);

/* What the names in the folder say, in no order; *aside counts segments that were set aside. */
bool spool_folder_list(struct arena *a, int folder, struct segment_head **heads, size_t *count,
                       size_t *aside, struct err *e);

int segment_create(int folder, const char *name);                    /* -1: errno */
int segment_open(int folder, const char *name, uint64_t *bytes);     /* -1: errno */
bool segment_set_aside(int folder, const char *name, struct err *e); /* to name.damaged */
bool segment_remove(int folder, const char *name, struct err *e);

/* Everything or false with errno; goes on after a short write and after EINTR. */
bool write_whole(const struct spool_io *io, int fd, const char *data, size_t length);

/* The mark: 0 when there is none or it cannot be trusted (*known is false then); -1: errno. */
int spool_mark_open(int folder, uint64_t *done, bool *known);
bool spool_mark_write(const struct spool_io *io, int fd, uint64_t done);

#endif
