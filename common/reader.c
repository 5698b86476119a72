/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Streams of bytes from memory and from regular files, and the window that the framers read
 * through. A file is opened without following links and without blocking, then looked at: only
 * what was opened is judged. The arena closes it.
 */
#include "common/reader.h"
#include "common/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- memory ---------------------------------------------------------------------------------- */

struct memory {
    struct span rest;
    size_t step;
};

static bool
memory_read(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    struct memory *const m = context;
    size_t n = m->rest.length < capacity ? m->rest.length : capacity;

    (void)e;
    if (m->step > 0 && n > m->step)
        n = m->step;
    if (n > 0)
        memcpy(buffer, m->rest.data, n);
    m->rest.data += n;
    m->rest.length -= n;
    *got = n;
    return true;
}

struct reader
reader_memory(struct arena *a, struct span bytes, size_t step)
{
    struct memory *const m = arena_alloc(a, sizeof *m);

    m->rest = bytes.data ? bytes : (struct span){"", 0};
    m->step = step;
    return (struct reader){memory_read, m};
}

/* ---- files ----------------------------------------------------------------------------------- */

struct file_reader {
    int fd;
    const char *path;
    struct stat opened;
    uint64_t position;
    struct sha256 *hash;
};

static void
file_release(void *file)
{
    const struct file_reader *const f = file;

    (void)close(f->fd);
}

static const char *
kind_of(mode_t mode)
{
    static const struct {
        mode_t kind;
        const char *name;
    } kinds[] = {
        {S_IFDIR, "a directory"}, {S_IFIFO, "a pipe"},          {S_IFSOCK, "a socket"},
        {S_IFCHR, "a device"},    {S_IFLNK, "a symbolic link"}, {S_IFBLK, "a device"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((mode & S_IFMT) == kinds[i].kind)
            return kinds[i].name;
    }
    return "not a file";
}

/* Sets the fault of an open() that failed. */
static bool
open_fault(const char *path, int fault, struct err *e)
{
    if (fault == ELOOP)
        err_set(e, ERR_INPUT, "%s is a symbolic link, not a regular file", path);
    else if (fault == ENXIO)
        err_set(e, ERR_INPUT, "%s is a socket or a device, not a regular file", path);
    else
        return err_set(e, ERR_INPUT, "cannot open %s: %s", path, strerror(fault));
    return err_hint(e, "give the name of the file itself");
}

static bool
check_regular(const struct file_reader *f, struct err *e)
{
    if (!S_ISREG(f->opened.st_mode)) {
        err_set(e, ERR_INPUT, "%s is %s, not a regular file", f->path, kind_of(f->opened.st_mode));
        return err_hint(e, "give the name of the file itself");
    }
    if (f->opened.st_nlink > 1) {
        err_set(e, ERR_INPUT, "%s has %ju names (hard links)", f->path,
                (uintmax_t)f->opened.st_nlink);
        return err_hint(e, "give a copy that nothing else can change");
    }
    return true;
}

struct file_reader *
file_reader_open(struct arena *a, const char *path, struct err *e)
{
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        open_fault(path, errno, e);
        return NULL;
    }

    struct file_reader *const f = arena_alloc(a, sizeof *f);

    f->fd = fd;
    f->path = arena_strdup(a, path);
    arena_own(a, f, file_release);
    if (fstat(fd, &f->opened) != 0) {
        open_fault(path, errno, e);
        return NULL;
    }
    if (!check_regular(f, e))
        return NULL;
    f->hash = sha256_new(a);
    return f;
}

static bool
file_read(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    struct file_reader *const f = context;
    ssize_t n = 0;

    do
        n = read(f->fd, buffer, capacity);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(e, ERR_RETRY, "cannot read %s at byte %ju: %s", f->path,
                       (uintmax_t)f->position, strerror(errno));
    sha256_add(f->hash, buffer, (size_t)n);
    f->position += (uint64_t)n;
    *got = (size_t)n;
    return true;
}

struct reader
file_reader_reader(struct file_reader *f)
{
    return (struct reader){file_read, f};
}

uint64_t
file_reader_size(const struct file_reader *f)
{
    return (uint64_t)f->opened.st_size;
}

uint64_t
file_reader_position(const struct file_reader *f)
{
    return f->position;
}

void
file_reader_sha256(struct file_reader *f, uint8_t digest[32])
{
    sha256_peek(f->hash, digest);
}

bool
file_reader_unchanged(struct file_reader *f, struct err *e)
{
    const struct stat *const was = &f->opened;
    struct stat now;

    if (lstat(f->path, &now) != 0)
        return err_set(e, ERR_INPUT, "%s is gone since it was opened: %s", f->path,
                       strerror(errno));
    if (now.st_dev == was->st_dev && now.st_ino == was->st_ino && now.st_size == was->st_size &&
        now.st_mtim.tv_sec == was->st_mtim.tv_sec && now.st_mtim.tv_nsec == was->st_mtim.tv_nsec)
        return true;
    err_set(e, ERR_INPUT, "%s changed or was replaced while it was read", f->path);
    return err_hint(e, "deliver a file under another name and rename it when it is complete");
}

/* ---- the window ------------------------------------------------------------------------------ */

void
window_start(struct window *w, struct arena *a, struct reader in, size_t capacity)
{
    *w = (struct window){.in = in, .data = arena_alloc(a, capacity), .capacity = capacity};
}

bool
window_fill(struct window *w, struct err *e)
{
    if (w->start > 0) {
        memmove(w->data, w->data + w->start, w->end - w->start);
        w->end -= w->start;
        w->start = 0;
    }
    while (!w->ended && w->end < w->capacity) {
        size_t got = 0;

        if (!w->in.read(w->in.context, w->data + w->end, w->capacity - w->end, &got, e))
            return false;
        w->ended = got == 0;
        w->end += got;
    }
    return true;
}
