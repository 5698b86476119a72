/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The way of a file: open, look at its first bytes, read it through the pipeline into the store,
 * compare with what its manifest promised, close, commit. Everything before COMMIT can be undone,
 * so every fault simply rolls back.
 */
#include "collector/import.h"
#include "collector/pipeline.h"
#include "collector/screen.h"
#include "collector/store.h"
#include "common/log.h"
#include "common/utf8.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "gen/queries.h"

enum {
    HEAD_BYTES = 65536, /* what the form is recognised by */
    NAME_MOST = 200,
    SHARE_LEAST = 10, /* fewer records than this have no share to speak of */
    REPORT_MOST = 8 * 1024 * 1024
};

/* ---- signals --------------------------------------------------------------------------------- */

static atomic_bool interrupted; /* set by a signal, or by another thread */

static void
on_signal(int number)
{
    (void)number;
    atomic_store(&interrupted, true);
}

void
import_catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

bool
import_interrupted(void)
{
    return atomic_load(&interrupted);
}

void
import_interrupt(void)
{
    atomic_store(&interrupted, true);
}

/* ---- keys ------------------------------------------------------------------------------------ */

bool
import_keys_read(struct arena *a, const char *home, struct import_keys *keys, struct err *e)
{
    return key_file(arena_printf(a, "%s/keys/record.key", home), keys->record, e) &&
           key_file(arena_printf(a, "%s/keys/quarantine.key", home), keys->quarantine, e);
}

/* ---- the file's name ------------------------------------------------------------------------- */

static const char *
base_name(const char *path)
{
    const char *const slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool
ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* The name is stored, logged and printed; one that needs care anywhere is not taken. */
static bool
check_name(const char *name, struct err *e)
{
    static const char *const unfinished[] = {".part", ".tmp", ".filepart", ".crdownload", "~"};
    size_t bad;

    if (name[0] == '\0' || strlen(name) > NAME_MOST)
        return err_set(e, ERR_INPUT, "file names have 1 to %d bytes", NAME_MOST);
    if (!utf8_valid(span_of(name), &bad) || utf8_has_forbidden(span_of(name)) ||
        strpbrk(name, "\t\n\r\\;|&$<>\"'`*?"))
        return err_set(e, ERR_INPUT, "the file's name has characters that names must not have");
    if (screen_file_name(name))
        return err_set(e, ERR_INPUT, "the file's name holds what identifies a person (R010)") ||
               err_hint(e, "give it another name");
    if (name[0] == '-' || name[0] == '.')
        return err_set(e, ERR_INPUT, "file names must not begin with '%c'", name[0]);
    for (size_t i = 0; i < sizeof unfinished / sizeof *unfinished; i++)
        if (ends_with(name, unfinished[i]))
            return err_set(e, ERR_INPUT, "the name ends in %s: the file is still being delivered",
                           unfinished[i]) ||
                   err_hint(e, "rename it once it is complete");
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct replay { /* the first bytes once more, then the rest */
    struct span head;
    struct reader rest;
};

static bool
replay_read(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    struct replay *const r = context;

    if (r->head.length == 0)
        return r->rest.read(r->rest.context, buffer, capacity, got, e);
    *got = r->head.length < capacity ? r->head.length : capacity;
    memcpy(buffer, r->head.data, *got);
    r->head.data += *got;
    r->head.length -= *got;
    return true;
}

static bool
read_head(struct arena *a, struct reader in, struct span *head, struct err *e)
{
    char *const bytes = arena_alloc(a, HEAD_BYTES);
    size_t length = 0, got = 1;

    while (got > 0 && length < HEAD_BYTES) {
        /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): every reader has its function */
        if (!in.read(in.context, bytes + length, HEAD_BYTES - length, &got, e))
            return false;
        length += got;
    }
    *head = (struct span){bytes, length};
    return true;
}

/* Up to the first line break; a header has none inside its names. */
static struct span
first_line(struct span head)
{
    size_t length = 0;

    if (head.length >= 3 && memcmp(head.data, "\xEF\xBB\xBF", 3) == 0) /* it is no part of a name */
        head = (struct span){head.data + 3, head.length - 3};
    while (length < head.length && head.data[length] != '\n' && head.data[length] != '\r')
        length++;
    return (struct span){head.data, length};
}

/* ---- one import ------------------------------------------------------------------------------ */

struct job {
    const struct import *im;
    struct arena *arena;
    struct report *report;
    struct file_reader *file; /* NULL: from memory */
    struct reader in;
    const struct promise *promise;
    struct store *store;
    bool refused; /* an F rule was broken: only counting from here */
};

static void
refuse(struct job *j, enum rule_id rule, uint64_t line, const char *reason)
{
    report_refuse(j->report, rule, line, reason);
    j->refused = true;
}

static const char *
profile_text(const struct job *j)
{
    return j->im->profile ? profile_name(j->im->profile) : "canonical";
}

static const char *
zone_name(const struct import *im)
{
    const char *const own = im->profile ? profile_zone(im->profile) : NULL;

    return own ? own : im->installation->zone_name;
}

/* Decoder, checker and reading thread; the thread's memory is apart from ours. */
static struct pipeline *
start(struct job *j, struct span head, struct checker **checker, struct err *e)
{
    const struct import *const im = j->im;
    struct arena *const thread = arena_child(j->arena);
    struct replay *const replay = arena_alloc(j->arena, sizeof *replay);
    const instant now = clock_now();
    struct pipeline_input in = {.file = j->file, .received = now, .source = im->source};
    enum decode_form form;

    if (!decode_detect(head, &form, e))
        return NULL;
    j->report->unit = form == FORM_CSV ? "CSV rows" : "NDJSON lines";
    *replay = (struct replay){head, j->in};
    in.decoder = decoder_new(thread, (struct reader){replay_read, replay}, form, im->profile,
                             im->installation, e);
    if (!in.decoder)
        return NULL;
    in.checker = checker_new(thread, im->installation, im->profile, now, e);
    if (!in.checker)
        return NULL;
    *checker = in.checker;
    in.zone = zone_open(thread, zone_name(im), e);
    if (!in.zone)
        return NULL;
    memcpy(in.key, im->keys->record, KEY_BYTES);

    struct store_input store = {
        .db = im->db,
        .report = j->report,
        .profile = profile_text(j),
        .file = j->report->file,
        .form = form == FORM_CSV ? "csv" : "ndjson",
        .zone = zone_name(im),
        .header = form == FORM_CSV ? first_line(head) : (struct span){"", 0},
        .again = im->again,
    };

    memcpy(store.quarantine_key, im->keys->quarantine, KEY_BYTES);
    j->store = store_new(j->arena, &store);
    return pipeline_start(j->arena, &in, e);
}

static void
check_share(struct job *j, double share, const char *of)
{
    if (!j->refused && share > j->im->refuse_share)
        refuse(j, RULE_F006, 0,
               arena_printf(j->arena, "%.1f%% of %s records were set apart or refused, over %.1f%%",
                            share * 100, of, j->im->refuse_share * 100));
}

/* One parcel into the store; after an F rule it is only counted, so that the report names
 * everything. */
static bool
take(struct job *j, struct parcel *p, struct err *e)
{
    if (j->refused) {
        store_count(j->store, p);
        j->report->refused = j->report->received;
        j->report->accepted = j->report->duplicate = j->report->quarantined = 0;
        return true;
    }
    if (p->end == PARCEL_FATAL) {
        store_count(j->store, p);
        return true;
    }
    if (!store_parcel(j->store, p, e))
        return false;
    check_share(j, store_bad_share_of_first(j->store), "the first 1,000");
    return true;
}

static void
show_progress(const struct job *j, struct progress *p, uint64_t position)
{
    const double elapsed = clock_seconds() - p->started;
    char note[64];

    (void)snprintf(note, sizeof note, "%.0f records/s",
                   elapsed > 0 ? (double)j->report->received / elapsed : 0.0);
    progress_update(p, position, note);
}

static bool
read_through(struct job *j, struct pipeline *pipeline, struct err *e)
{
    struct progress progress;
    enum parcel_end end = PARCEL_MORE;
    bool ok = true;

    progress_start(&progress, j->report->file, j->file ? file_reader_size(j->file) : 0);
    progress.bytes = true;
    while (ok && end == PARCEL_MORE) {
        struct parcel *const p = pipeline_next(pipeline);

        end = p->end;
        ok = end != PARCEL_FAILED && take(j, p, e);
        if (end == PARCEL_FAILED)
            *e = p->err;
        if (end == PARCEL_FATAL)
            refuse(j, p->fatal, p->fatal_line, p->err.text);
        show_progress(j, &progress, p->position);
        pipeline_done(pipeline, p);
        if (ok && import_interrupted())
            ok = err_set(e, ERR_RETRY, "interrupted: nothing of %s was stored", j->report->file);
    }
    progress_end(&progress);
    pipeline_stop(pipeline);
    return ok;
}

/* ---- what only the whole file shows ---------------------------------------------------------- */

static bool
unchanged(struct job *j)
{
    struct err e;

    return !j->file || file_reader_unchanged(j->file, &e);
}

static void
check_whole(struct job *j)
{
    struct report *const r = j->report;

    if (j->refused)
        return;
    if (r->received == 0) {
        refuse(j, RULE_F001, 0, "the file holds no record");
        return;
    }
    if (!unchanged(j)) {
        refuse(j, RULE_F001, 0, "the file changed while it was read");
        return;
    }
    if (j->promise && j->promise->records != r->received) {
        refuse(j, RULE_F004, 0,
               arena_printf(j->arena, "the manifest declares %" PRIu64 " records, %" PRIu64 " came",
                            j->promise->records, r->received));
        return;
    }
    if (j->promise && !digest_equal(j->promise->sha256, r->sha256, DIGEST_BYTES)) {
        refuse(j, RULE_F003, 0, "the file's SHA-256 is not the manifest's");
        return;
    }
    if (r->received >= SHARE_LEAST)
        check_share(j, store_bad_share(j->store), "all");
    if (!j->refused && !j->im->again && r->refused == r->received)
        refuse(j, RULE_F006, 0, "none of its records could be taken");
}

/* In a transaction of its own, after the rows were rolled back. */
static bool
record_refusal(struct job *j, struct err *e)
{
    struct report *const r = j->report;
    struct strbuf *const json = strbuf_new(j->arena, REPORT_MOST);
    char sha256[2 * DIGEST_BYTES + 1];

    if (j->im->dry_run)
        return true;
    json_write(json, report_json(r, j->arena), JSON_CANONICAL);
    hex_of(r->sha256, sizeof r->sha256, sha256);

    const char *const args[] = {
        profile_text(j),
        j->store ? store_source_system(j->store) : "unknown",
        r->file,
        r->has_sha256 ? sha256 : NULL,
        arena_printf(j->arena, "%" PRIu64, r->received),
        json->data,
    };
    const struct rows *const rows =
        db_query(j->im->db, j->arena, &sql_collector_refuse_batch, args, e);

    if (!rows)
        return err_context(e, "record that %s was refused", r->file);
    r->batch_id = rows_int64(rows, 0, "batch_id");
    r->ledger_entry = rows_int64(rows, 0, "entry");
    return true;
}

/* A profile that takes every area code makes them the areas of its set. */
static bool
keep_areas(const struct job *j, struct err *e)
{
    const struct profile *const p = j->im->profile;

    if (!p || !profile_areas_open(p) || !profile_area_set(p))
        return true;

    const char *const args[] = {arena_printf(j->arena, "%" PRId64, store_batch(j->store)),
                                profile_area_set(p), profile_zone(p)};

    return db_query(j->im->db, j->arena, &sql_collector_add_seen_areas, args, e) ||
           err_context(e, "keep the areas of %s", profile_area_set(p));
}

static bool
finish(struct job *j, struct err *e)
{
    struct report *const r = j->report;

    if (j->refused) {
        db_rollback(j->im->db);
        return record_refusal(j, e);
    }
    if (!report_balances(r))
        return err_set(e, ERR_INTERNAL, "the counts of %s do not add up", r->file);
    if (j->im->dry_run) {
        db_rollback(j->im->db);
        r->status = BATCH_DRY_RUN;
        return true;
    }
    r->status = BATCH_STORED;
    r->batch_id = store_batch(j->store);
    if (!keep_areas(j, e))
        return false;
    return store_close(j->store, e) && db_commit(j->im->db, e);
}

/* Everything of an opened file; false leaves the transaction to the caller to roll back. */
static bool
run(struct job *j, struct err *e)
{
    struct checker *checker = NULL;
    struct span head;

    if (!read_head(j->arena, j->in, &head, e) || !db_begin(j->im->db, e))
        return false;

    struct err why;
    struct pipeline *const pipeline = start(j, head, &checker, &why);

    if (!pipeline && why.code != ERR_INPUT) {
        *e = why;
        return false;
    }
    if (pipeline && !read_through(j, pipeline, e))
        return false;
    if (j->file) {
        file_reader_sha256(j->file, j->report->sha256);
        j->report->has_sha256 = true;
    }
    if (!pipeline)
        refuse(j, RULE_F001, 0, why.text);
    else
        j->report->not_applicable = checker_not_applicable(checker);
    check_whole(j);
    return finish(j, e);
}

/* ---- the manifest ---------------------------------------------------------------------------- */

/* Which promise holds for the file; false when one is needed and missing (F003) or unreadable. */
static bool
find_promise(struct job *j, const char *path, struct err *e)
{
    const struct manifest *manifest = j->im->manifest;
    struct manifest beside;
    const char *const own = arena_printf(j->arena, "%s.manifest.json", path);

    if (!manifest && access(own, F_OK) == 0) {
        if (!manifest_read(j->arena, own, &beside, e))
            return false;
        manifest = &beside;
    }
    if (manifest)
        j->promise = manifest_find(manifest, j->report->file);
    if (manifest && !j->promise)
        return err_set(e, ERR_INPUT, "the manifest does not name this file");
    if (!manifest && j->im->require_manifest)
        return err_set(e, ERR_INPUT, "there is no manifest for this file");
    return true;
}

/* ---- doors ----------------------------------------------------------------------------------- */

static struct job
job_new(const struct import *im, struct arena *a, const char *name)
{
    struct job j = {.im = im, .arena = a, .report = report_new(a, name)};

    j.report->area_set = im->installation->area_set;
    if (im->profile) {
        j.report->profile = profile_name(im->profile);
        j.report->coverage = profile_coverage(im->profile);
    }
    return j;
}

/* A failed import stored nothing, whatever had been counted. */
static bool
fail(struct job *j, const struct err *e)
{
    struct report *const r = j->report;

    db_rollback(j->im->db);
    r->status = BATCH_FAILED;
    r->refused = r->received;
    r->accepted = r->duplicate = r->quarantined = 0;
    r->reason = arena_strdup(j->arena, e->text);
    r->ledger_entry = r->batch_id = 0;
    return false;
}

bool
import_file(const struct import *im, struct arena *a, const char *path, struct report **report,
            struct err *e)
{
    struct job j = job_new(im, a, base_name(path));
    struct err why;

    *report = j.report;
    if (!check_name(j.report->file, e)) {
        j.report->file = "(name refused)";
        return fail(&j, e);
    }
    j.file = file_reader_open(a, path, e);
    if (!j.file)
        return fail(&j, e);
    j.in = file_reader_reader(j.file);
    if (!find_promise(&j, path, &why)) {
        refuse(&j, RULE_F003, 0, why.text);
        return record_refusal(&j, e) || fail(&j, e);
    }
    return run(&j, e) || fail(&j, e);
}

bool
import_bytes(const struct import *im, struct arena *a, struct span bytes, const char *name,
             struct report **report, struct err *e)
{
    struct job j = job_new(im, a, name);

    *report = j.report;
    j.in = reader_memory(a, bytes, 0);
    sha256_of(bytes.data, bytes.length, j.report->sha256);
    j.report->has_sha256 = true;
    return run(&j, e) || fail(&j, e);
}
