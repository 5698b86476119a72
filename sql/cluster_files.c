/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Programs of the cluster run in a child that has become the owner. Folders and files are made by
 * the caller and given to the owner; somebody else's folder of that name is refused.
 */
#define _DEFAULT_SOURCE /* initgroups: POSIX has no call by which root takes on a user's groups */
#include "sql/cluster_files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
owner_of(struct arena *a, const struct passwd *p, struct owner *o)
{
    if (!p)
        return false;
    *o = (struct owner){arena_strdup(a, p->pw_name), p->pw_uid, p->pw_gid};
    return true;
}

bool
owner_named(struct arena *a, const char *name, struct owner *o, struct err *e)
{
    return owner_of(a, getpwnam(name), o) ||
           err_set(e, ERR_CONFIG, "there is no system user %s", name);
}

bool
owner_choose(struct arena *a, struct owner *o, struct err *e)
{
    if (geteuid() != 0)
        return owner_of(a, getpwuid(geteuid()), o) ||
               err_set(e, ERR_CONFIG, "user %ld has no name on this system", (long)geteuid());
    if (owner_of(a, getpwnam("postgres"), o) || owner_of(a, getpwnam("maatstaf"), o))
        return true;
    err_set(e, ERR_CONFIG, "PostgreSQL does not run as root and there is no user to run it as");
    return err_hint(e, "Make one with: useradd --system maatstaf");
}

/* In a child: become the owner. */
static bool
become(const struct owner *o)
{
    if (geteuid() != 0)
        return true;
    return initgroups(o->name, o->gid) == 0 && setgid(o->gid) == 0 && setuid(o->uid) == 0;
}

static int
wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool
owner_reaches(const struct owner *o, const char *folder)
{
    if (geteuid() != 0)
        return access(folder, X_OK) == 0;

    const pid_t child = fork();

    if (child == 0)
        _exit(become(o) && access(folder, X_OK) == 0 ? 0 : 1);
    return child > 0 && wait_for(child) == 0;
}

static bool
failed(struct err *e, const char *what, const char *path)
{
    const int reason = errno;

    return err_set(e, reason == ENOSPC || reason == EMFILE ? ERR_RETRY : ERR_CONFIG, "%s %s: %s",
                   what, path, strerror(reason));
}

static bool
make_parents(const char *path, struct err *e)
{
    char part[4096];
    const size_t length = strlen(path);

    if (length >= sizeof part)
        return err_set(e, ERR_CONFIG, "path of %zu bytes is too long", length);
    memcpy(part, path, length + 1);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return failed(e, "make folder", part);
        *slash = '/';
    }
    return true;
}

bool
folder_make(const char *path, const struct owner *o, mode_t mode, struct err *e)
{
    struct stat st;

    if (!make_parents(path, e))
        return false;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return failed(e, "make folder", path);
    /* Somebody else's folder of that name (in /tmp) must not get our socket. */
    if (lstat(path, &st) != 0)
        return failed(e, "look at folder", path);
    if (!S_ISDIR(st.st_mode) || (st.st_uid != geteuid() && st.st_uid != o->uid))
        return err_set(e, ERR_CONFIG, "%s is not a folder of ours", path);
    if (st.st_uid != o->uid && chown(path, o->uid, o->gid) != 0)
        return failed(e, "give away folder", path);
    if ((st.st_mode & 07777) != mode && chmod(path, mode) != 0)
        return failed(e, "protect folder", path);
    return true;
}

static bool
write_all(int fd, const char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        const ssize_t n = write(fd, text, left);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            text += n;
            left -= (size_t)n;
        }
    }
    return true;
}

bool
file_write(struct arena *a, const char *path, const char *text, const struct owner *o,
           struct err *e)
{
    const char *const fresh = arena_printf(a, "%s.new", path);

    if (unlink(fresh) != 0 && errno != ENOENT)
        return failed(e, "replace", fresh);

    const int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return failed(e, "write", fresh);

    const bool ok = write_all(fd, text) && fchmod(fd, 0644) == 0 &&
                    (geteuid() != 0 || fchown(fd, o->uid, o->gid) == 0) && fsync(fd) == 0;

    if (close(fd) != 0 || !ok || rename(fresh, path) != 0)
        return failed(e, "write", path);
    return true;
}

/* Replaces standard input and output, so that a server that stays does not
 * hold the caller's pipes. */
static bool
redirect(const char *log)
{
    const int in = open("/dev/null", O_RDONLY);
    const int out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

    return in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2;
}

enum { ARGUMENTS_MOST = 32 };

/*
 * Becomes the program. PostgreSQL's programs find each other through argv[0]: it must be the whole
 * path, since PATH need not hold their folder. execv changes none of the strings.
 */
static void
execute(const char *program, const char *const *argv)
{
    union {
        const char *in[ARGUMENTS_MOST + 1];
        char *out[ARGUMENTS_MOST + 1];
    } list = {.in = {program}};

    for (unsigned i = 1; argv[i]; i++) {
        if (i == ARGUMENTS_MOST)
            _exit(126);
        list.in[i] = argv[i];
    }
    execv(program, list.out);
}

bool
owner_run(const struct owner *o, const char *program, const char *const *argv, const char *log,
          struct err *e)
{
    fflush(NULL);

    const pid_t child = fork();

    if (child < 0)
        return err_set(e, ERR_RETRY, "start %s: %s", argv[0], strerror(errno));
    if (child == 0) {
        /* The owner may not be able to stay in the caller's folder. */
        if (!become(o) || chdir("/") != 0 || !redirect(log))
            _exit(126);
        execute(program, argv);
        _exit(127);
    }

    const int status = wait_for(child);

    if (status == 0)
        return true;
    if (status == 127) {
        err_set(e, ERR_CONFIG, "%s is not here", program);
        return err_hint(e, "Install it with: apt install postgresql-15");
    }
    err_set(e, ERR_CONFIG, "%s ended with %d", argv[0], status);
    return err_hint(e, "Its own words are in %.120s", log);
}
