/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where bytes come from, for the CSV and NDJSON readers: a function that fills a buffer. A file
 * reader refuses what is not a regular file (no links, FIFOs, devices, directories), hashes what
 * was really read and knows how far it is.
 */
#ifndef MAATSTAF_COMMON_READER_H
#define MAATSTAF_COMMON_READER_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <stdint.h>

/* Reads up to capacity bytes; *got = 0 at the end. False on a read error. */
typedef bool reader_fn(void *context, char *buffer, size_t capacity, size_t *got, struct err *e);

struct reader {
    reader_fn *read;
    void *context;
};

/* Reads from memory, without a copy (tests, fuzzing). step > 0: at most step bytes a call. */
struct reader reader_memory(struct arena *a, struct span bytes, size_t step);

struct file_reader;

/*
 * Opens for reading with O_NOFOLLOW; ERR_INPUT names the file and what it is instead. A file with
 * more than one name (hard links) is refused too: it can change under another name.
 */
struct file_reader *file_reader_open(struct arena *a, const char *path, struct err *e);
struct reader file_reader_reader(struct file_reader *f);
uint64_t file_reader_size(const struct file_reader *f);     /* bytes, when it was opened */
uint64_t file_reader_position(const struct file_reader *f); /* bytes read so far */

/* SHA-256 of all bytes read so far. */
void file_reader_sha256(struct file_reader *f, uint8_t digest[32]);

/* False (ERR_INPUT) when the file on disk is no longer the one that was read: other size, time or
 * inode. */
bool file_reader_unchanged(struct file_reader *f, struct err *e);

/*
 * The unread part of a stream, contiguous in memory: what the line framers stand on. The framer
 * takes bytes by moving `start`; window_fill moves what is left to the front and reads until the
 * window is full or the stream ends.
 */
struct window {
    struct reader in;
    char *data;
    size_t start, end; /* unread bytes are data[start] … data[end - 1] */
    size_t capacity;
    bool ended; /* the stream has no more bytes */
};

void window_start(struct window *w, struct arena *a, struct reader in, size_t capacity);
bool window_fill(struct window *w, struct err *e);

#endif
