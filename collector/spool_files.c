/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Everything of the spool that has a name on disk. The lock is on the folder itself: it goes with
 * the process, so there is nothing stale to remove after a kill.
 */
#include "collector/spool_files.h"

#include "common/crc32c.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ---- the system ------------------------------------------------------------------------------ */

static int
free_bytes(int fd, uint64_t *bytes)
{
    struct statvfs fs;

    if (fstatvfs(fd, &fs) != 0)
        return -1;
    *bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    return 0;
}

const struct spool_io spool_system_io = {write, pread, fsync, free_bytes};

bool
write_whole(const struct spool_io *io, int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t n = io->write(fd, data, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return false;
        data += n;
        length -= (size_t)n;
    }
    return true;
}

/* ---- the folder ------------------------------------------------------------------------------ */

static bool
fault(struct err *e, const char *dir, const char *what)
{
    return err_set(e, ERR_CONFIG, "spool %s: %s: %s", dir, what, strerror(errno));
}

static bool
sync_parent(struct arena *a, const char *dir)
{
    const int fd =
        open(dirname(arena_strdup(a, dir)), O_RDONLY | O_DIRECTORY | O_CLOEXEC); /* may be a link */

    if (fd < 0)
        return false;

    const bool synced = fsync(fd) == 0;

    (void)close(fd);
    return synced;
}

static bool
check_folder(int fd, const char *dir, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fault(e, dir, "cannot look at it");
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 || st.st_uid != geteuid()) {
        err_set(e, ERR_CONFIG, "spool %s is open to others than its owner", dir);
        return err_hint(e, "give it to the account that runs this, with mode 0700");
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK)
        return fault(e, dir, "cannot lock");
    err_set(e, ERR_CONFIG, "spool %s is in use by another collector", dir);
    return err_hint(e, "stop the other one, or give this one a folder of its own");
}

int
spool_folder_open(struct arena *a, const char *dir, struct err *e)
{
    const bool made = mkdir(dir, 0700) == 0;

    if (!made && errno != EEXIST) {
        (void)fault(e, dir, "cannot make");
        return -1;
    }

    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        (void)fault(e, dir, "cannot open");
        return -1;
    }
    if (!check_folder(fd, dir, e) ||
        (made && !sync_parent(a, dir) && !fault(e, dir, "cannot write its parent to disk"))) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* ---- names ----------------------------------------------------------------------------------- */

enum { NUMBER_DIGITS = 10, FIRST_DIGITS = 20, ID_DIGITS = 2 * SEGMENT_ID_BYTES };

static const char ending[] = ".segment";
static const char ending_aside[] = ".segment.damaged";

void
segment_name(const struct segment_head *head, char name[SEGMENT_NAME_BYTES])
{
    char id[ID_DIGITS + 1];

    hex_of(head->id, SEGMENT_ID_BYTES, id);
    (void)snprintf(name, SEGMENT_NAME_BYTES, "%0*ju-%0*ju-%s%s", NUMBER_DIGITS,
                   (uintmax_t)head->number, FIRST_DIGITS, (uintmax_t)head->first, id, ending);
}

static bool
digits(const char *text, size_t length, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < length; i++) {
        const uint64_t digit = (uint64_t)(text[i] - '0');

        if (text[i] < '0' || text[i] > '9' || *value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

/* True for exactly what segment_name() gives. */
static bool
parse_name(const char *name, struct segment_head *head)
{
    enum { ID_AT = NUMBER_DIGITS + 1 + FIRST_DIGITS + 1, LENGTH = ID_AT + ID_DIGITS };
    char again[SEGMENT_NAME_BYTES];

    if (strlen(name) != LENGTH + sizeof ending - 1 || !digits(name, NUMBER_DIGITS, &head->number) ||
        !digits(name + NUMBER_DIGITS + 1, FIRST_DIGITS, &head->first) ||
        !hex_parse((struct span){name + ID_AT, ID_DIGITS}, head->id, SEGMENT_ID_BYTES))
        return false;
    segment_name(head, again);
    return strcmp(name, again) == 0;
}

static bool
ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), tail = strlen(end);

    return length > tail && strcmp(name + length - tail, end) == 0;
}

static DIR *
folder_stream(int folder)
{
    const int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *const d = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && !d)
        (void)close(fd);
    return d;
}

bool
spool_folder_list(struct arena *a, int folder, struct segment_head **heads, size_t *count,
                  size_t *aside, struct err *e)
{
    struct strbuf *const found = strbuf_new(a, SIZE_MAX / 4);
    DIR *const d = folder_stream(folder);
    const struct dirent *entry;

    *count = *aside = 0;
    if (!d)
        return err_set(e, ERR_CONFIG, "the spool cannot be listed: %s", strerror(errno));
    while ((errno = 0, entry = readdir(d)) != NULL) {
        struct segment_head head;

        if (parse_name(entry->d_name, &head))
            strbuf_add(found, &head, sizeof head);
        else if (ends_with(entry->d_name, ending_aside))
            ++*aside;
    }

    const int why = errno;

    (void)closedir(d);
    if (why != 0)
        return err_set(e, ERR_CONFIG, "the spool cannot be listed: %s", strerror(why));
    *count = found->length / sizeof **heads;
    *heads = arena_array(a, *count, sizeof **heads);
    if (*count > 0)
        memcpy(*heads, found->data, found->length);
    return true;
}

/* ---- segments -------------------------------------------------------------------------------- */

int
segment_create(int folder, const char *name)
{
    return openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int
segment_open(int folder, const char *name, uint64_t *bytes)
{
    const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        *bytes = (uint64_t)st.st_size;
        return fd;
    }
    (void)close(fd);
    errno = ENOENT; /* not a segment: as if it were not there */
    return -1;
}

bool
segment_set_aside(int folder, const char *name, struct err *e)
{
    char aside[SEGMENT_NAME_BYTES + sizeof ending_aside];

    (void)snprintf(aside, sizeof aside, "%s.damaged", name);
    return renameat(folder, name, folder, aside) == 0 || errno == ENOENT ||
           err_set(e, ERR_RETRY, "spool segment %s cannot be set aside: %s", name, strerror(errno));
}

bool
segment_remove(int folder, const char *name, struct err *e)
{
    return unlinkat(folder, name, 0) == 0 || errno == ENOENT ||
           err_set(e, ERR_RETRY, "spool segment %s cannot be removed: %s", name, strerror(errno));
}

/* ---- the mark -------------------------------------------------------------------------------- */

enum { MARK_BYTES = 12 };

int
spool_mark_open(int folder, uint64_t *done, bool *known)
{
    const int fd = openat(folder, "done", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    uint8_t bytes[MARK_BYTES + 1];

    *done = 0;
    *known = false;
    if (fd < 0 || pread(fd, bytes, sizeof bytes, 0) != MARK_BYTES)
        return fd;

    uint32_t crc = 0;

    for (size_t i = 8; i < MARK_BYTES; i++)
        crc = crc << 8 | bytes[i];
    *known = crc == crc32c(bytes, 8);
    for (size_t i = 0; *known && i < 8; i++)
        *done = *done << 8 | bytes[i];
    return fd;
}

bool
spool_mark_write(const struct spool_io *io, int fd, uint64_t done)
{
    char bytes[MARK_BYTES];

    for (size_t i = 0; i < 8; i++)
        bytes[i] = (char)(done >> (56 - 8 * i));

    const uint32_t crc = crc32c(bytes, 8);

    for (size_t i = 0; i < 4; i++)
        bytes[8 + i] = (char)(crc >> (24 - 8 * i));
    return lseek(fd, 0, SEEK_SET) == 0 && write_whole(io, fd, bytes, sizeof bytes);
}
