/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The faults are taken in the order of the fields; each call takes one at most.
 */
#include "tests/lib/spool_io.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct faulty_disk disk;

void
disk_reset(void)
{
    disk = (struct faulty_disk){.room = UINT64_MAX, .write_errno = EIO};
}

static int
fail(int why)
{
    disk.failed++;
    errno = why;
    return -1;
}

static ssize_t
disk_write(int fd, const void *data, size_t length)
{
    disk.writes++;
    if (disk.interrupt && disk.writes % disk.interrupt == 0) {
        errno = EINTR;
        return -1;
    }
    if (disk.fail_writes > 0) {
        disk.fail_writes--;
        if (disk.partial > 0 && write(fd, data, disk.partial < length ? disk.partial : length) < 0)
            return -1;
        return fail(disk.write_errno);
    }
    if (disk.drop_nth > 0 && --disk.drop_nth == 0)
        return write(fd, data, length - 1) == (ssize_t)length - 1 ? (ssize_t)length : -1;
    return write(fd, data, disk.most && disk.most < length ? disk.most : length);
}

static ssize_t
disk_read(int fd, void *data, size_t length, off_t at)
{
    disk.reads++;
    if (disk.fail_reads > 0) {
        disk.fail_reads--;
        return fail(EIO);
    }
    return pread(fd, data, length, at);
}

static int
disk_sync(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return -1;
    disk.synced_inode[disk.syncs++ % 4096] = (uint64_t)st.st_ino;
    if (disk.fail_syncs > 0) {
        disk.fail_syncs--;
        return fail(EIO);
    }
    return 0;
}

static int
disk_room(int fd, uint64_t *bytes)
{
    (void)fd;
    *bytes = disk.room;
    return 0;
}

const struct spool_io faulty_io = {disk_write, disk_read, disk_sync, disk_room};
