/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A set is read into an arena of its own and put in place of the one before under a lock that is
 * held for a look or a swap, never for a query.
 */
#include "collector/identity.h"
#include "collector/token.h"
#include "common/log.h"

#include "gen/queries.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

enum { REFRESH_SECONDS = 1 };

struct entry {
    int64_t id;
    const char *source, *common_name; /* common_name NULL: a token */
    uint8_t digest[DIGEST_BYTES];
    instant expires; /* INT64_MAX: no end */
};

struct set {
    struct arena *arena;
    unsigned count;
    struct entry *list;
};

struct identities {
    struct db_target target;
    struct arena *connection; /* the thread's: holds db */
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop, asked; /* these four under lock */
    struct set set;
    double read_at;
    bool away; /* it was said that the database is away */
};

/* ---- reading --------------------------------------------------------------------------------- */

static bool
read_entry(const struct rows *r, int row, struct arena *a, struct entry *out)
{
    const char *const name = rows_text(r, row, "common_name");
    struct span digest = {NULL, 0};

    *out = (struct entry){
        .id = rows_int64(r, row, "identity_id"),
        .source = arena_strdup(a, rows_text(r, row, "source_system")),
        .common_name = name ? arena_strdup(a, name) : NULL,
        .expires =
            rows_is_null(r, row, "expires_at") ? INT64_MAX : rows_int64(r, row, "expires_at"),
    };
    if (name)
        return true;
    if (!rows_bytes(r, row, "digest", a, &digest) || digest.length != DIGEST_BYTES)
        return false;
    memcpy(out->digest, digest.data, DIGEST_BYTES);
    return true;
}

static bool
read_set(struct db *db, struct set *set, struct err *e)
{
    const struct rows *const r = db_query(db, set->arena, &sql_collector_live_identities, NULL, e);

    if (!r)
        return false;
    set->list = arena_array(set->arena, (size_t)rows_count(r) + 1, sizeof *set->list);
    for (int i = 0; i < rows_count(r); i++)
        if (read_entry(r, i, set->arena, &set->list[set->count]))
            set->count++;
    return true;
}

/* A lost connection is opened anew at the next second. */
static bool
read_anew(struct identities *s)
{
    struct set fresh = {.arena = arena_new()};
    struct err e = {0};

    if (!s->db)
        s->db = db_open(s->connection, &s->target, &e);
    if (!s->db || !read_set(s->db, &fresh, &e)) {
        arena_free(fresh.arena);
        arena_reset(s->connection);
        s->db = NULL;
        if (!s->away)
            log_write(LOG_WARNING, "identities are kept as they were last read: %s", e.text);
        s->away = true;
        return false;
    }
    s->away = false;
    (void)pthread_mutex_lock(&s->lock);

    struct arena *const before = s->set.arena;

    s->set = fresh;
    s->read_at = clock_seconds();
    (void)pthread_mutex_unlock(&s->lock);
    if (before)
        arena_free(before);
    return true;
}

static void
wait_a_second(struct identities *s)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += REFRESH_SECONDS;
    while (!s->stop && !s->asked && pthread_cond_timedwait(&s->wake, &s->lock, &until) == 0)
        ;
    s->asked = false;
}

static void *
keep_reading(void *identities)
{
    struct identities *const s = identities;

    for (;;) {
        (void)pthread_mutex_lock(&s->lock);
        wait_a_second(s);

        const bool stop = s->stop;

        (void)pthread_mutex_unlock(&s->lock);
        if (stop)
            return NULL;
        (void)read_anew(s);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

static void
release(void *identities)
{
    struct identities *const s = identities;

    (void)pthread_mutex_lock(&s->lock);
    s->stop = true;
    (void)pthread_cond_signal(&s->wake);
    (void)pthread_mutex_unlock(&s->lock);
    (void)pthread_join(s->thread, NULL);
    (void)pthread_cond_destroy(&s->wake);
    (void)pthread_mutex_destroy(&s->lock);
    if (s->set.arena)
        arena_free(s->set.arena);
    arena_free(s->connection);
}

static bool
start_thread(struct identities *s)
{
    pthread_condattr_t how;
    sigset_t block, before;

    if (pthread_condattr_init(&how) || pthread_condattr_setclock(&how, CLOCK_MONOTONIC) ||
        pthread_cond_init(&s->wake, &how) || pthread_mutex_init(&s->lock, NULL))
        return false;
    (void)pthread_condattr_destroy(&how);
    (void)read_anew(s);
    (void)sigfillset(&block);
    (void)pthread_sigmask(SIG_BLOCK, &block, &before);

    const int failed = pthread_create(&s->thread, NULL, keep_reading, s);

    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

struct identities *
identities_start(struct arena *a, const struct db_target *target, struct err *e)
{
    struct identities *const s = arena_alloc(a, sizeof *s);

    s->target = *target;
    s->connection = arena_new();
    if (!start_thread(s)) {
        err_set(e, ERR_RETRY, "cannot start the thread that reads identities");
        return NULL;
    }
    arena_own(a, s, release);
    return s;
}

void
identities_refresh(struct identities *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->asked = true;
    (void)pthread_cond_signal(&s->wake);
    (void)pthread_mutex_unlock(&s->lock);
}

/* ---- looking --------------------------------------------------------------------------------- */

static void
give(const struct entry *entry, struct arena *a, struct identity *out)
{
    *out = (struct identity){entry->id, arena_strdup(a, entry->source)};
}

bool
identities_by_token(struct identities *s, struct span token, instant now, struct arena *a,
                    struct identity *out)
{
    uint8_t digest[DIGEST_BYTES] = {0};
    const bool formed = token_digest(token, digest);
    const struct entry *found = NULL;

    (void)pthread_mutex_lock(&s->lock);
    for (unsigned i = 0; i < s->set.count; i++) { /* all of them, whether one was found or not */
        const struct entry *const entry = &s->set.list[i];
        const bool same = digest_equal(entry->digest, digest, DIGEST_BYTES);

        if (same && formed && !entry->common_name && entry->expires > now)
            found = entry;
    }
    if (found)
        give(found, a, out);
    (void)pthread_mutex_unlock(&s->lock);
    return found != NULL;
}

bool
identities_by_certificate(struct identities *s, const char *common_name, instant now,
                          struct arena *a, struct identity *out)
{
    bool found = false;

    (void)pthread_mutex_lock(&s->lock);
    for (unsigned i = 0; i < s->set.count && !found; i++) {
        const struct entry *const entry = &s->set.list[i];

        found = entry->common_name && entry->expires > now &&
                strcmp(entry->common_name, common_name) == 0;
        if (found && out)
            give(entry, a, out);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return found;
}

unsigned
identities_count(struct identities *s, double *age_s)
{
    (void)pthread_mutex_lock(&s->lock);

    const unsigned count = s->set.count;

    *age_s = s->set.arena ? clock_seconds() - s->read_at : -1;
    (void)pthread_mutex_unlock(&s->lock);
    return count;
}
