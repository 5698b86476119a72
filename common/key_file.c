/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Key files: 32 random bytes that only their owner may read. A new key appears under its name whole
 * and on disk, or not at all; when two processes make it at once both end with the same key.
 */
#include "common/digest.h"

#include <openssl/crypto.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fault(struct err *e, const char *path, const char *what)
{
    return err_set(e, ERR_CONFIG, "key file %s: %s: %s", path, what, strerror(errno));
}

static bool
check_owner(int fd, const char *path, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return fault(e, path, "cannot look at it");
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_CONFIG, "key file %s is not a regular file", path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 || (st.st_uid != geteuid() && geteuid() != 0)) {
        err_set(e, ERR_CONFIG, "key file %s is open to others than its owner", path);
        return err_hint(e, "give it to the account that runs this, with mode 0600");
    }
    return true;
}

/* Reads exactly 32 bytes from an open key file. */
static bool
read_key(int fd, const char *path, uint8_t key[KEY_BYTES], struct err *e)
{
    uint8_t bytes[KEY_BYTES + 1];
    size_t have = 0;
    ssize_t n = 1;

    if (!check_owner(fd, path, e))
        return false;
    while (have < sizeof bytes && n > 0) {
        n = read(fd, bytes + have, sizeof bytes - have);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            have += (size_t)n;
    }
    if (n < 0)
        return fault(e, path, "cannot read");
    if (have != KEY_BYTES)
        return err_set(e, ERR_CONFIG, "key file %s does not hold exactly %d bytes", path,
                       KEY_BYTES);
    memcpy(key, bytes, KEY_BYTES);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return true;
}

static bool
write_key(int fd, const uint8_t key[KEY_BYTES])
{
    return write(fd, key, KEY_BYTES) == KEY_BYTES && fsync(fd) == 0;
}

/* Puts the finished file under its name unless another process was first. */
static bool
publish(const char *temporary, const char *path, struct arena *a, struct err *e)
{
    const bool linked = link(temporary, path) == 0;

    if (!linked && errno != EEXIST)
        return fault(e, path, "cannot make");

    const int folder = open(dirname(arena_strdup(a, path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return fault(e, path, "cannot open its folder");

    const bool synced = fsync(folder) == 0;

    (void)close(folder);
    return synced || fault(e, path, "cannot write its folder to disk");
}

static bool
make_key(const char *path, struct arena *a, struct err *e)
{
    uint8_t key[KEY_BYTES], tail[8];
    char hex[2 * sizeof tail + 1];

    random_bytes(key, sizeof key);
    random_bytes(tail, sizeof tail);
    hex_of(tail, sizeof tail, hex);

    const char *const temporary = arena_printf(a, "%s.new-%s", path, hex);
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return fault(e, path, "cannot make");

    bool ok = write_key(fd, key) || fault(e, path, "cannot write");

    OPENSSL_cleanse(key, sizeof key);
    (void)close(fd);
    ok = ok && publish(temporary, path, a, e);
    (void)unlink(temporary);
    return ok;
}

bool
key_file(const char *path, uint8_t key[KEY_BYTES], struct err *e)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = open(path, flags);

    if (fd < 0 && errno == ENOENT) {
        struct arena *const a = arena_new();
        const bool made = make_key(path, a, e);

        arena_free(a);
        if (!made)
            return false;
        fd = open(path, flags); /* ours, or that of whoever was first */
    }
    if (fd < 0)
        return fault(e, path, "cannot open");

    const bool ok = read_key(fd, path, key, e);

    (void)close(fd);
    return ok;
}
