/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * <folder>/<id>.ndjson is an upload that waits, <id>.json what is known of it. The second is
 * written beside and renamed, so that it is whole at any time; the first goes when the second says
 * how it ended. A process that dies between COMMIT and that writing is no harm: the next one finds
 * the batch in the database by its name before it begins.
 */
#include "collector/batches.h"
#include "common/log.h"
#include "common/reader.h"

#include "gen/queries.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STATE_MOST = 8 * 1024 * 1024, READ_BYTES = 256 * 1024, AGAIN_SECONDS = 5, HOLD_SECONDS = 1 };

struct waiting { /* in the order of arrival */
    struct waiting *next;
    char id[37];
};

struct batches {
    struct batches_options o;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct waiting *first, **last; /* these five under lock */
    bool stop, ended, joined;
    struct batches_counts counts;
};

/* Drawn once at random; a batch keeps its id for ever. 5f0b2a8e-0f0c-4f6b-9a3e-6f1d2c7b8e94 */
static const uint8_t batch_namespace[16] = {0x5f, 0x0b, 0x2a, 0x8e, 0x0f, 0x0c, 0x4f, 0x6b,
                                            0x9a, 0x3e, 0x6f, 0x1d, 0x2c, 0x7b, 0x8e, 0x94};

void
batch_id(const char *source, const char *name, const uint8_t sha256[DIGEST_BYTES], char id[37])
{
    char hex[2 * DIGEST_BYTES + 1], text[1024];
    uint8_t uuid[16];

    hex_of(sha256, DIGEST_BYTES, hex);

    const int length = snprintf(text, sizeof text, "%s\x1F%s\x1F%s", source, name, hex);

    uuid_v5(batch_namespace, (struct span){text, (size_t)length}, uuid);
    uuid_text(uuid, id);
}

/* ---- files ------------------------------------------------------------------------------------
 */

static const char *
path_of(const struct batches *b, struct arena *a, const char *id, const char *ending)
{
    return arena_printf(a, "%s/%s.%s", b->o.folder, id, ending);
}

static bool
failed(struct err *e, const char *what)
{
    return err_set(e, ERR_RETRY, "cannot %s: %s", what, strerror(errno));
}

/* What is in the folder's list of names survives a crash from here on. */
static bool
sync_path(const char *path, int flags, struct err *e)
{
    const int fd = open(path, flags | O_CLOEXEC);

    if (fd < 0)
        return failed(e, "open what came in");

    const bool synced = fsync(fd) == 0;

    if (close(fd) != 0 || !synced)
        return failed(e, "make what came in durable");
    return true;
}

static bool
write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(fd, data, length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        data += n;
        length -= (size_t)n;
    }
    return true;
}

static bool
write_state(struct batches *b, struct arena *a, const char *id, const json_t *state, struct err *e)
{
    const char *const path = path_of(b, a, id, "json"), *const beside = path_of(b, a, id, "new");
    struct strbuf *const text = strbuf_new(a, STATE_MOST);

    json_write(text, state, JSON_CANONICAL);
    if (text->overflow)
        return err_set(e, ERR_INTERNAL, "the state of a batch is too long");

    const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0)
        return failed(e, "write the state of a batch");

    const bool written = write_all(fd, text->data, text->length) && fsync(fd) == 0;

    if (close(fd) != 0 || !written || rename(beside, path) != 0)
        return failed(e, "write the state of a batch");
    return sync_path(b->o.folder, O_RDONLY | O_DIRECTORY, e);
}

static json_t *
read_state(const struct batches *b, struct arena *a, const char *id)
{
    struct err e;
    uint8_t uuid[16];
    const char *const path = path_of(b, a, id, "json");

    if (!uuid_parse(span_of(id), uuid) || access(path, F_OK) != 0)
        return NULL;

    json_t *const state = json_parse_file(a, path, &e);

    if (!state)
        log_write(LOG_ERROR, "state of batch %s: %s", id, e.text);
    return json_is_object(state) ? state : NULL;
}

static bool
status_is(const json_t *state, const char *status)
{
    const char *const s = json_string_value(json_object_get(state, "status"));

    return s && strcmp(s, status) == 0;
}

/* ---- taking -----------------------------------------------------------------------------------
 */

static bool
hash_file(struct arena *a, const char *path, uint8_t digest[DIGEST_BYTES], struct err *e)
{
    struct file_reader *const f = file_reader_open(a, path, e);
    char *const buffer = arena_alloc(a, READ_BYTES);
    size_t got = 1;

    if (!f)
        return false;

    const struct reader in = file_reader_reader(f);

    while (got > 0)
        if (!in.read(in.context, buffer, READ_BYTES, &got, e))
            return false;
    file_reader_sha256(f, digest);
    return true;
}

/* Under lock. */
static void
add_waiting(struct batches *b, const char *id)
{
    struct waiting *const w = calloc(1, sizeof *w);

    if (!w)
        err_fatal("out of memory");
    memcpy(w->id, id, sizeof w->id);
    *b->last = w;
    b->last = &w->next;
    b->counts.waiting++;
    (void)pthread_cond_signal(&b->changed);
}

static json_t *
first_state(struct arena *a, const struct upload *u, const char *id, const char *sha256)
{
    json_t *const state = json_own(a, json_object());
    char now[32];

    instant_text(clock_now(), now);
    json_object_set_new(state, "id", json_string(id));
    json_object_set_new(state, "name", json_string(u->name));
    json_object_set_new(state, "received_at", json_string(now));
    json_object_set_new(state, "sha256", json_string(sha256));
    json_object_set_new(state, "source", json_string(u->source));
    json_object_set_new(state, "status", json_string("received"));
    if (u->records >= 0)
        json_object_set_new(state, "promised", json_integer(u->records));
    return state;
}

/* Under lock. */
static bool
is_waiting(const struct batches *b, const char *id)
{
    for (const struct waiting *w = b->first; w; w = w->next)
        if (strcmp(w->id, id) == 0)
            return true;
    return false;
}

/* Under lock: two of the same at once are one; one whose state was not durable is begun again. */
static bool
keep(struct batches *b, struct arena *a, const struct upload *u, const char *id, const char *sha256,
     struct err *e)
{
    const json_t *const state = read_state(b, a, id);

    if (state && (!status_is(state, "received") || is_waiting(b, id)))
        return true;
    if (rename(u->path, path_of(b, a, id, "ndjson")) != 0)
        return failed(e, "keep what came in");
    if (!write_state(b, a, id, first_state(a, u, id, sha256), e))
        return false;
    add_waiting(b, id);
    return true;
}

bool
batches_take(struct batches *b, struct arena *a, const struct upload *u, char id[37], struct err *e)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[2 * DIGEST_BYTES + 1];

    if (!hash_file(a, u->path, digest, e))
        return false;
    hex_of(digest, sizeof digest, hex);
    if (u->sha256 && strcmp(u->sha256, hex) != 0)
        return err_set(e, ERR_INPUT, "the SHA-256 is not the one that was given");
    batch_id(u->source, u->name, digest, id);
    if (!sync_path(u->path, O_RDONLY, e))
        return false;
    (void)pthread_mutex_lock(&b->lock);

    const bool kept = keep(b, a, u, id, hex, e);

    (void)pthread_mutex_unlock(&b->lock);
    return kept;
}

json_t *
batches_state(struct batches *b, struct arena *a, const char *id, const char *source)
{
    json_t *const state = read_state(b, a, id);
    const char *const of = json_string_value(json_object_get(state, "source"));

    return of && strcmp(of, source) == 0 ? state : NULL;
}

/* ---- taking in --------------------------------------------------------------------------------
 */

/* Of an upload that an earlier process committed without saying so. */
static json_t *
earlier_report(struct db *db, struct arena *a, const char *source, const char *name, bool *asked,
               struct err *e)
{
    const char *const args[] = {source, name};
    const struct rows *const r = db_query(db, a, &sql_collector_upload_result, args, e);

    *asked = r != NULL;
    if (!r || rows_count(r) == 0 || rows_is_null(r, 0, "report"))
        return NULL;
    return json_parse(a, span_of(rows_text(r, 0, "report")), 32, e);
}

static bool
manifest_of(const json_t *state, const char *name, struct promise *promise, struct manifest *m)
{
    const json_t *const records = json_object_get(state, "promised");

    if (!records)
        return false;
    *promise = (struct promise){.name = name, .records = (uint64_t)json_integer_value(records)};
    if (!hex_parse(span_of(json_string_value(json_object_get(state, "sha256"))), promise->sha256,
                   DIGEST_BYTES))
        return false;
    *m = (struct manifest){1, promise};
    return true;
}

static json_t *
import_it(struct batches *b, struct db *db, struct arena *a, const char *id, const json_t *state,
          struct err *e)
{
    const char *const name = arena_printf(a, "%s.ndjson", id);
    struct promise promise;
    struct manifest manifest;
    struct report *report = NULL;
    struct import im = {
        .db = db,
        .keys = &b->o.keys,
        .source = json_string_value(json_object_get(state, "source")),
        .installation = installation_load(a, db, NULL, NULL, e),
    };

    if (!im.installation)
        return NULL;
    im.refuse_share = im.installation->refuse_share;
    if (manifest_of(state, name, &promise, &manifest))
        im.manifest = &manifest;
    if (!import_file(&im, a, path_of(b, a, id, "ndjson"), &report, e))
        return NULL;
    return report_json(report, a);
}

/* The report, or NULL with the reason. */
static json_t *
take_in(struct batches *b, struct arena *a, const char *id, const json_t *state, struct err *e)
{
    struct db *const db = db_open(a, &b->o.target, e);
    bool asked = false;

    if (!db)
        return NULL;

    json_t *const earlier =
        earlier_report(db, a, json_string_value(json_object_get(state, "source")),
                       arena_printf(a, "%s.ndjson", id), &asked, e);

    return earlier || !asked ? earlier : import_it(b, db, a, id, state, e);
}

/* False: it could not be written. */
static bool
settle(struct batches *b, struct arena *a, const char *id, json_t *state, const char *status,
       json_t *report, const char *reason)
{
    struct err e;

    json_object_set_new(state, "status", json_string(status));
    if (report)
        json_object_set(state, "batch", report);
    if (reason)
        json_object_set_new(state, "reason", json_string(reason));
    if (!write_state(b, a, id, state, &e)) {
        log_write(LOG_ERROR, "batch %s ended as %s: %s", id, status, e.text);
        return false;
    }
    if (unlink(path_of(b, a, id, "ndjson")) != 0)
        log_write(LOG_WARNING, "the file of batch %s could not be removed", id);
    log_write(LOG_INFO, "batch %s: %s", id, status);
    return true;
}

/* False: it has to be tried again later. */
static bool
handle(struct batches *b, struct arena *a, const char *id)
{
    json_t *const state = read_state(b, a, id);
    struct err e = {0};

    if (!state || !status_is(state, "received"))
        return true;

    json_t *const report = take_in(b, a, id, state, &e);

    if (!report && e.code != ERR_INPUT && e.code != ERR_CONFLICT) {
        log_write(LOG_WARNING, "batch %s waits: %s", id, e.text);
        return false;
    }

    const bool stored = report && status_is(report, "stored");

    if (!settle(b, a, id, state,
                stored   ? "stored"
                : report ? "refused"
                         : "failed",
                report, report ? NULL : e.text))
        return false;
    (void)pthread_mutex_lock(&b->lock);
    *(stored ? &b->counts.stored : report ? &b->counts.refused : &b->counts.failed) += 1;
    (void)pthread_mutex_unlock(&b->lock);
    return true;
}

/* ---- the thread -------------------------------------------------------------------------------
 */

/* Under lock. */
static void
wait_seconds(struct batches *b, int seconds)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    while (!b->stop && pthread_cond_timedwait(&b->changed, &b->lock, &until) == 0)
        ;
}

/* Under lock; false: it is over. */
static bool
next_waiting(struct batches *b, char id[37])
{
    while (!b->stop && !b->first)
        (void)pthread_cond_wait(&b->changed, &b->lock);
    if (b->stop)
        return false;
    memcpy(id, b->first->id, sizeof b->first->id);
    return true;
}

/* Under lock. */
static void
drop_first(struct batches *b)
{
    struct waiting *const w = b->first;

    b->first = w->next;
    if (!b->first)
        b->last = &b->first;
    b->counts.waiting--;
    free(w);
}

static void *
work(void *batches)
{
    struct batches *const b = batches;
    struct arena *const a = arena_new();
    char id[37];

    (void)pthread_mutex_lock(&b->lock);
    while (next_waiting(b, id)) {
        (void)pthread_mutex_unlock(&b->lock);

        const bool held = b->o.hold && b->o.hold(b->o.context);
        const bool done = !held && handle(b, a, id);

        arena_reset(a);
        (void)pthread_mutex_lock(&b->lock);
        if (done)
            drop_first(b);
        else
            wait_seconds(b, held ? HOLD_SECONDS : AGAIN_SECONDS);
    }
    b->ended = true;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
    arena_free(a);
    return NULL;
}

/* ---- life -------------------------------------------------------------------------------------
 */

struct left { /* an upload that an earlier process left */
    char id[37];
    const char *received_at;
};

static int
by_time(const void *x, const void *y)
{
    const struct left *const a = x, *const b = y;
    const int order = strcmp(a->received_at, b->received_at);

    return order ? order : strcmp(a->id, b->id);
}

static bool
is_state(const char *name)
{
    return strlen(name) == 36 + sizeof ".json" - 1 && strcmp(name + 36, ".json") == 0;
}

/* What waits there, in the order in which it came. */
static bool
find_left(struct batches *b, struct arena *a, struct err *e)
{
    DIR *const folder = opendir(b->o.folder);
    struct strbuf *const found = strbuf_new(a, 64U << 20);

    if (!folder)
        return err_set(e, ERR_CONFIG, "cannot read the folder %s", b->o.folder);
    for (const struct dirent *d; (d = readdir(folder));) {
        struct left l = {.received_at = ""};

        if (!is_state(d->d_name))
            continue;
        memcpy(l.id, d->d_name, 36);

        const json_t *const state = read_state(b, a, l.id);
        const char *const at = json_string_value(json_object_get(state, "received_at"));

        if (!status_is(state, "received"))
            continue;
        l.received_at = at ? at : "";
        strbuf_add(found, &l, sizeof l);
    }
    (void)closedir(folder);

    struct left *const list = (struct left *)(void *)found->data;
    const size_t count = found->length / sizeof *list;

    if (count > 0)
        qsort(list, count, sizeof *list, by_time);
    for (size_t i = 0; i < count; i++)
        add_waiting(b, list[i].id);
    return true;
}

static void
release(void *batches)
{
    struct batches *const b = batches;

    batches_stop(b);
    if (!b->joined)
        (void)pthread_join(b->thread, NULL);
    while (b->first)
        drop_first(b);
    (void)pthread_cond_destroy(&b->changed);
    (void)pthread_mutex_destroy(&b->lock);
}

struct batches *
batches_start(struct arena *a, const struct batches_options *o, struct err *e)
{
    struct batches *const b = arena_alloc(a, sizeof *b);
    struct arena *const scratch = arena_new();
    pthread_condattr_t how;

    b->o = *o;
    b->last = &b->first;
    if (pthread_condattr_init(&how) || pthread_condattr_setclock(&how, CLOCK_MONOTONIC) ||
        pthread_cond_init(&b->changed, &how) || pthread_mutex_init(&b->lock, NULL))
        err_fatal("cannot make a lock");
    (void)pthread_condattr_destroy(&how);

    const bool found = find_left(b, scratch, e);

    arena_free(scratch);
    if (!found)
        return NULL;
    if (pthread_create(&b->thread, NULL, work, b) != 0) {
        err_set(e, ERR_RETRY, "cannot start the thread that takes batches in");
        return NULL;
    }
    arena_own(a, b, release);
    return b;
}

void
batches_stop(struct batches *b)
{
    import_interrupt();
    (void)pthread_mutex_lock(&b->lock);
    b->stop = true;
    (void)pthread_cond_broadcast(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

void
batches_wait(struct batches *b, unsigned most_ms)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += most_ms / 1000 + 1;
    (void)pthread_mutex_lock(&b->lock);
    while (!b->ended && pthread_cond_timedwait(&b->changed, &b->lock, &until) == 0)
        ;

    const bool ended = b->ended;

    (void)pthread_mutex_unlock(&b->lock);
    if (ended && !b->joined) {
        (void)pthread_join(b->thread, NULL);
        b->joined = true;
    }
}

void
batches_counts(struct batches *b, struct batches_counts *out)
{
    (void)pthread_mutex_lock(&b->lock);
    *out = b->counts;
    (void)pthread_mutex_unlock(&b->lock);
}
