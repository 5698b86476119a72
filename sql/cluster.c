/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How the private cluster is made, started and stopped. One lock file under --home keeps two
 * commands apart; initdb and pg_ctl do the work, as the owner of the files; settings are written
 * whole.
 */
#define _DEFAULT_SOURCE /* realpath: POSIX 2008 has it, glibc shows it so */
#include "sql/cluster.h"
#include "sql/cluster_files.h"

#include "common/digest.h"
#include "common/str.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* A socket's path has 107 bytes; the file in it is "/.s.PGSQL.5432". */
enum { SOCKET_FOLDER_BYTES = 107 - (int)sizeof "/.s.PGSQL.5432" + 1 };

const char *const cluster_roles[] = {
    CLUSTER_SUPERUSER, "migrator",  "collector", "analyst", "mayor_office",
    "police_liaison",  "auditor",   "retention", "loader",  "supervisor",
    "releaser",        "dashboard", NULL};

/* Safe for bulk loads and for power cuts; quiet about what passes through. */
static const char settings[] =
    "# Written by maatstaf db; local additions belong in postgresql.auto.conf (ALTER SYSTEM).\n"
    "listen_addresses = ''\n"
    "fsync = on\n"
    "synchronous_commit = on\n"
    "full_page_writes = on\n"
    "shared_buffers = 512MB\n"
    "huge_pages = try\n"
    "work_mem = 64MB\n"
    "maintenance_work_mem = 256MB\n"
    "max_wal_size = 4GB\n"
    "checkpoint_timeout = 15min\n"
    "wal_compression = lz4\n"
    "random_page_cost = 1.1\n"
    "jit = off\n"
    /* A minor upgrade under the running server must not swap the language under its functions. */
    "shared_preload_libraries = 'plpgsql'\n"
    "password_encryption = 'scram-sha-256'\n"
    "timezone = 'UTC'\n"
    "log_timezone = 'UTC'\n"
    "lc_messages = 'C'\n"
    "log_error_verbosity = terse\n"
    "log_min_error_statement = panic\n"
    "log_statement = none\n"
    "log_min_duration_statement = -1\n"
    "log_parameter_max_length = 0\n"
    "log_parameter_max_length_on_error = 0\n"
    "logging_collector = on\n"
    "log_filename = 'postgres-%a.log'\n"
    "log_truncate_on_rotation = on\n"
    "log_rotation_age = 1d\n"
    "log_file_mode = 0600\n";

/* ---- where things lie ------------------------------------------------------------------------ */

static const char *
path_in(struct arena *a, const char *folder, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name);
}

static const char *
absolute_home(struct arena *a, const char *home, struct err *e)
{
    char *const path = realpath(home, NULL);

    if (!path) {
        err_set(e, ERR_CONFIG, "there is no cluster in %s", home);
        err_hint(e, "Make one with: maatstaf db init");
        return NULL;
    }

    const char *const copy = arena_strdup(a, path);

    free(path);
    return copy;
}

static const char *
record_value(struct arena *a, const char *text, const char *key)
{
    const size_t n = strlen(key);

    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) == 0 && line[n] == '=')
            return arena_strndup(a, line + n + 1, strcspn(line + n + 1, "\n"));
    }
    return NULL;
}

bool
cluster_find(struct arena *a, const char *home, struct cluster *c, struct err *e)
{
    char text[3 * PATH_MAX];
    const char *const path = absolute_home(a, home, e);

    if (!path)
        return false;

    FILE *const f = fopen(path_in(a, path, "cluster"), "r");

    if (!f) {
        err_set(e, ERR_CONFIG, "there is no cluster in %s", path);
        return err_hint(e, "Make one with: maatstaf db init");
    }

    const size_t n = fread(text, 1, sizeof text - 1, f);

    fclose(f);
    text[n] = '\0';
    *c = (struct cluster){path,
                          record_value(a, text, "base"),
                          record_value(a, text, "data"),
                          record_value(a, text, "socket"),
                          record_value(a, text, "owner"),
                          record_value(a, text, "operator")};
    if (!c->base || !c->data || !c->socket || !c->owner || !c->operator)
        return err_set(e, ERR_CONFIG, "%s/cluster is not a record of a cluster", path);
    return true;
}

/* Name of this home in folders that many homes share. */
static const char *
home_hash(struct arena *a, const char *home)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[17];

    sha256_of(home, strlen(home), digest);
    hex_of(digest, 8, hex);
    return arena_strdup(a, hex);
}

static bool
choose_places(struct arena *a, struct cluster *c, const struct owner *o, struct err *e)
{
    const struct passwd *const me = getpwuid(geteuid());

    c->owner = o->name;
    c->operator= arena_strdup(a, me ? me->pw_name : o->name);
    c->base = owner_reaches(o, c->home)
                  ? c->home
                  : arena_printf(a, "/var/lib/maatstaf/%s", home_hash(a, c->home));
    c->data = path_in(a, c->base, "data");
    c->socket = path_in(a, c->base, "run");
    if (strlen(c->socket) > SOCKET_FOLDER_BYTES)
        c->socket = arena_printf(a, "/tmp/maatstaf-%ld-%s", (long)o->uid, home_hash(a, c->home));
    if (strpbrk(c->base, "'\n\\")) {
        err_set(e, ERR_CONFIG, "the path of home has a quote, backslash or newline in it");
        return err_hint(e, "Choose another folder with --home");
    }
    return true;
}

/* ---- making ---------------------------------------------------------------------------------- */

static const char *
ident_map(struct arena *a, const struct cluster *c)
{
    struct strbuf *const b = strbuf_new(a, 65536);
    const char *const users[] = {c->owner, c->operator};

    for (size_t u = 0; u < 2; u++)
        for (const char *const *role = cluster_roles; *role; role++)
            if (u == 0 || strcmp(users[0], users[1]) != 0)
                strbuf_printf(b, "maatstaf \"%s\" %s\n", users[u], *role);
    return b->data;
}

static const char *
server_settings(struct arena *a, const struct cluster *c)
{
    struct statvfs shm;
    /* Containers often have a tiny /dev/shm, in which parallel queries fail. */
    const bool roomy = statvfs("/dev/shm", &shm) == 0 &&
                       (uint64_t)shm.f_frsize * shm.f_blocks >= (UINT64_C(512) << 20);

    return arena_printf(a,
                        "%sunix_socket_directories = '%s'\n"
                        "unix_socket_permissions = 0700\n"
                        "log_directory = '%s/log'\n"
                        "dynamic_shared_memory_type = %s\n",
                        settings, c->socket, c->base, roomy ? "posix" : "mmap");
}

/* Written at every start, so that a newer program brings its settings. */
static bool
write_settings(struct arena *a, const struct cluster *c, const char *data, const struct owner *o,
               struct err *e)
{
    return file_write(a, path_in(a, data, "postgresql.conf"), server_settings(a, c), o, e) &&
           file_write(a, path_in(a, data, "pg_hba.conf"), "local all all peer map=maatstaf\n", o,
                      e) &&
           file_write(a, path_in(a, data, "pg_ident.conf"), ident_map(a, c), o, e);
}

static bool
make_data(struct arena *a, const struct cluster *c, const struct owner *o, struct err *e)
{
    const char *const fresh = path_in(a, c->base, "data.new");
    const char *const log = path_in(a, c->base, "log/initdb.log");
    const char *const initdb[] = {"initdb",
                                  "-D",
                                  fresh,
                                  "-U",
                                  CLUSTER_SUPERUSER,
                                  "--locale=C.UTF-8",
                                  "--encoding=UTF8",
                                  "--data-checksums",
                                  "--auth-local=peer",
                                  "--auth-host=reject",
                                  "--no-instructions",
                                  NULL};
    const char *const clean[] = {"rm", "-rf", "--", fresh, NULL};

    if (access(path_in(a, c->data, "PG_VERSION"), F_OK) == 0)
        return true;
    /* What an interrupted attempt left; the data directory appears whole, by one rename. */
    if (!owner_run(o, "/bin/rm", clean, log, e) || !folder_make(fresh, o, 0700, e) ||
        !owner_run(o, MAATSTAF_PG_BINDIR "/initdb", initdb, log, e) ||
        !write_settings(a, c, fresh, o, e))
        return false;
    if (rename(fresh, c->data) != 0)
        return err_set(e, ERR_CONFIG, "move %s into place: %s", fresh, strerror(errno));
    return true;
}

/* One init, start or stop at a time; the lock ends with the file's descriptor. */
static int
lock_home(struct arena *a, const char *home, struct err *e)
{
    const char *const path = path_in(a, home, "lock");
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (fd < 0 || fcntl(fd, F_SETLKW, &whole) != 0) {
        err_set(e, ERR_CONFIG, "lock %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static bool
init_locked(struct arena *a, struct cluster *c, const struct owner *me, struct err *e)
{
    struct owner o;

    if (access(path_in(a, c->home, "cluster"), F_OK) == 0)
        return cluster_find(a, c->home, c, e);
    if (!owner_choose(a, &o, e) || !choose_places(a, c, &o, e))
        return false;
    if ((c->base != c->home && !folder_make(c->base, &o, 0755, e)) ||
        !folder_make(path_in(a, c->base, "log"), &o, 0700, e) || !make_data(a, c, &o, e))
        return false;
    return file_write(a, path_in(a, c->home, "cluster"),
                      arena_printf(a, "base=%s\ndata=%s\nsocket=%s\nowner=%s\noperator=%s\n",
                                   c->base, c->data, c->socket, c->owner, c->operator),
                      me, e);
}

bool
cluster_init(struct arena *a, const char *home, struct cluster *c, struct err *e)
{
    const struct owner me = {"", geteuid(), getegid()};
    struct stat st;

    /* An existing home keeps its mode. */
    if (stat(home, &st) != 0 && !folder_make(home, &me, 0755, e))
        return false;
    c->home = absolute_home(a, home, e);
    if (!c->home || !folder_make(path_in(a, c->home, "keys"), &me, 0700, e))
        return false;

    const int lock = lock_home(a, c->home, e);
    const bool ok = lock >= 0 && init_locked(a, c, &me, e);

    if (lock >= 0)
        close(lock);
    return ok;
}

/* ---- running --------------------------------------------------------------------------------- */

bool
cluster_running(const struct cluster *c)
{
    const char *const keys[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    const char *const values[] = {c->socket,  CLUSTER_PORT, CLUSTER_SUPERUSER,
                                  "postgres", "5",          NULL};

    return PQpingParams(keys, values, 0) == PQPING_OK;
}

bool
cluster_reachable(const struct cluster *c, struct err *e)
{
    if (access(c->socket, X_OK) == 0 || errno != EACCES)
        return true;
    err_set(e, ERR_CONFIG, "this user may not use the cluster in %s", c->home);
    return err_hint(e, strcmp(c->owner, c->operator) == 0 ? "Only %s may" : "Only %s and %s may",
                    c->operator, c->owner);
}

bool
cluster_has_role(const char *role)
{
    for (const char *const *known = cluster_roles; *known; known++)
        if (strcmp(role, *known) == 0)
            return true;
    return false;
}

static bool
pg_ctl(struct arena *a, const struct cluster *c, const struct owner *o, const char *const *argv,
       struct err *e)
{
    return owner_run(o, MAATSTAF_PG_BINDIR "/pg_ctl", argv, path_in(a, c->base, "log/start.log"),
                     e);
}

/* Half seconds that what a killed server left behind has to end in, before starting is given up. */
enum { START_ATTEMPTS = 40 };

static bool
start_server(struct arena *a, const struct cluster *c, const struct owner *o, struct err *e)
{
    const char *const start[] = {"pg_ctl", "start", "-D", c->data, "-w", "-t", "120", "-s", NULL};
    const struct timespec pause = {0, 500000000};
    const bool was_killed = access(path_in(a, c->data, "postmaster.pid"), F_OK) == 0;

    for (int i = 1; !pg_ctl(a, c, o, start, e); i++) {
        if (!was_killed || i == START_ATTEMPTS)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

static bool
start_locked(struct arena *a, const struct cluster *c, struct err *e)
{
    struct owner o;

    if (cluster_running(c))
        return true;
    return owner_named(a, c->owner, &o, e) && folder_make(c->socket, &o, 0700, e) &&
           write_settings(a, c, c->data, &o, e) && start_server(a, c, &o, e);
}

static bool
stop_locked(struct arena *a, const struct cluster *c, struct err *e)
{
    const char *const stop[] = {"pg_ctl", "stop", "-D",  c->data, "-m", "fast",
                                "-w",     "-t",   "120", "-s",    NULL};
    struct owner o;

    if (access(path_in(a, c->data, "postmaster.pid"), F_OK) != 0)
        return true;
    return owner_named(a, c->owner, &o, e) && (pg_ctl(a, c, &o, stop, e) || !cluster_running(c));
}

static bool
under_lock(struct arena *a, const struct cluster *c,
           bool (*act)(struct arena *, const struct cluster *, struct err *), struct err *e)
{
    const int lock = lock_home(a, c->home, e);
    const bool ok = lock >= 0 && act(a, c, e);

    if (lock >= 0)
        close(lock);
    return ok;
}

bool
cluster_start(struct arena *a, const struct cluster *c, struct err *e)
{
    return under_lock(a, c, start_locked, e);
}

bool
cluster_stop(struct arena *a, const struct cluster *c, struct err *e)
{
    return under_lock(a, c, stop_locked, e);
}
