/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A group of posts into the database: decide, encode, one transaction, answer. A passing fault
 * costs the connection and another try; since keys decide what is held, a COMMIT whose outcome
 * nobody knows is simply tried again. A fault of one post must not fail its neighbours: the group
 * is halved until that post stands alone, and then it is set apart as it came.
 */
#include "collector/commit_internal.h"
#include "common/fault.h"
#include "common/log.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "gen/queries.h"

#define LOOK_S    5.0 /* between two looks whether codes and areas are others */
#define AGAIN_S   1.0 /* between two tries while the database is away */
#define CONNECT_S 2.0

/* ---- the connection and what is known -------------------------------------------------------- */

void
desk_hang_up(struct desk *d)
{
    if (d->line)
        arena_free(d->line);
    d->line = NULL;
    d->db = NULL;
    (void)store_memory_doubt(d->memory);
}

static bool
connect_by(struct desk *d, double until, struct err *e)
{
    const double now = clock_seconds();

    if (d->db && db_usable(d->db))
        return true;
    desk_hang_up(d);
    if (now >= until)
        return err_set(e, ERR_RETRY, "no time is left to connect");
    d->line = arena_child(d->arena);
    d->db = db_open_by(d->line, &d->o.target, until < now + CONNECT_S ? until : now + CONNECT_S, e);
    return d->db != NULL;
}

static bool
read_nothing(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    (void)e;
    *got = 0;
    return true;
}

/* What there was stays in use until the new one is complete. */
static bool
learn(struct desk *d, const char *version, int64_t day, struct err *e)
{
    struct arena *const a = arena_child(d->arena);
    const struct installation *const in = installation_load(a, d->db, NULL, NULL, e);
    struct decoder *const decoder =
        in ? decoder_new(a, (struct reader){read_nothing, NULL}, FORM_NDJSON, NULL, in, e) : NULL;
    struct checker *const checker = decoder ? checker_new(a, in, NULL, clock_now(), e) : NULL;

    if (!checker) {
        arena_free(a);
        return err_context(e, "read codes and areas");
    }
    if (d->ground)
        arena_free(d->ground);
    d->ground = a;
    store_memory_forget(d->memory);
    d->installation = in;
    d->decoder = decoder;
    d->packer = (struct packer){.checker = checker, .encoder = encoder_new(a, d->o.keys.record)};
    d->day = day;
    (void)snprintf(d->version, sizeof d->version, "%s", version);
    atomic_store(&d->board->loaded, true);
    log_write(LOG_INFO, "codes and areas read version=%s", d->version);
    return true;
}

static bool
look(struct desk *d, struct err *e)
{
    const int64_t day = clock_now() / (MICROS * 86400);
    const bool due = !d->ground || day != d->day || atomic_load(&d->reload);

    if (!due && clock_seconds() < d->looked + LOOK_S)
        return true;
    arena_reset(d->work);

    const struct rows *const r =
        db_query(d->db, d->work, &sql_collector_reference_version, NULL, e);

    if (!r)
        return false;
    d->looked = clock_seconds();

    const char *const version = rows_text(r, 0, "version");

    if (!due && strcmp(version, d->version) == 0)
        return true;
    atomic_store(&d->reload, false);
    if (learn(d, version, day, e))
        return true;
    /* New codes that cannot be used are no reason to stop with those that can. */
    if (!d->ground || !db_usable(d->db))
        return false;
    log_write(LOG_ERROR, "codes and areas stay as they were reason=%s", e->text);
    return true;
}

bool
desk_ready(struct desk *d, double until, struct err *e)
{
    if (!connect_by(d, until, e))
        return false;
    db_until(d->db, until);
    return look(d, e);
}

/* ---- deciding -------------------------------------------------------------------------------- */

/* What is set apart is read again as a line; line breaks of JSON stand between its tokens only. */
static struct span
as_line(struct arena *a, struct span text)
{
    char *const line = arena_strndup(a, text.data, text.length);

    for (size_t i = 0; i < text.length; i++)
        if (line[i] == '\n' || line[i] == '\r')
            line[i] = ' ';
    return (struct span){line, text.length};
}

static bool
pack_decoded(struct desk *d, struct post *p, uint64_t line, struct record *r, struct findings *f)
{
    p->has_id = r->v[STOP_source_system].given && r->v[STOP_source_record_no].given;
    memcpy(p->stop_id, r->stop_id, sizeof p->stop_id);
    p->foreign = !record_is_of(r, p->source);
    if (p->foreign) {
        p->has_id = false;
        findings_clear(f, d->scratch);
        finding_add_why(f, RULE_F003, stop_fields[STOP_source_system].pointer, 0,
                        "another source than the sender");
        return parcel_add(&d->parcel, line, FATE_REFUSE, p->text, f);
    }
    r->line = line;
    return parcel_take(&d->parcel, &d->packer, d->scratch, r, p->received, f);
}

static bool
pack_one(struct desk *d, struct post *p, uint64_t line)
{
    struct findings f = {0};
    struct record *r = NULL;
    enum rule_id fatal;
    struct err why;

    arena_reset(d->scratch);
    findings_clear(&f, d->scratch);
    if (p->revoked) {
        finding_add_why(&f, RULE_F003, "", 0, "the sender's identity no longer holds");
        return parcel_add(&d->parcel, line, FATE_REFUSE, p->text, &f);
    }
    if (p->told)
        return parcel_add(&d->parcel, line, FATE_REFUSE, p->text, p->told);

    const struct span text = as_line(d->scratch, p->text);

    if (p->poisoned)
        return parcel_add(&d->parcel, line, FATE_QUARANTINE, text, &f);
    if (decoder_text(d->decoder, d->scratch, text, &r, &f, &fatal, &why) == DECODE_RECORD)
        return pack_decoded(d, p, line, r, &f);
    finding_add(&f, fatal, "", 0);
    return parcel_add(&d->parcel, line, FATE_REFUSE, text, &f);
}

bool
desk_pack(struct desk *d, struct post **posts, unsigned count, struct err *e)
{
    parcel_clear(&d->parcel);
    d->parcel.source_system = (struct span){posts[0]->source, strlen(posts[0]->source)};
    FAULT("before-parse");
    for (unsigned i = 0; i < count; i++)
        if (!pack_one(d, posts[i], i + 1)) {
            *e = d->parcel.err;
            return e->code != ERR_NONE ||
                   err_set(e, ERR_INPUT, "a group has more than a parcel can hold");
        }
    return true;
}

/* ---- answering ------------------------------------------------------------------------------- */

static enum post_result
result_of(const struct outcome *o)
{
    switch (o->fate) {
    case FATE_REFUSE:
        return POST_REFUSED;
    case FATE_QUARANTINE:
        return POST_QUARANTINED;
    default:
        return o->rule == RULE_COUNT  ? POST_STORED
               : o->rule == RULE_I100 ? POST_HELD
               : o->rule == RULE_R021 ? POST_CONFLICT
                                      : POST_REFUSED;
    }
}

void
desk_tell(struct desk *d, struct post *p, uint32_t i)
{
    const struct outcome *const o = parcel_outcome(&d->parcel, i);
    struct finding *const notes = arena_array(d->work, o->note_count + 3, sizeof *notes);
    unsigned count = 0;

    for (uint32_t k = 0; k < o->note_count; k++)
        notes[count++] = *parcel_note(&d->parcel, o->first_note + k);
    if (o->doubled)
        notes[count++] = store_warning(o, RULE_W040);
    if (o->alike)
        notes[count++] = store_warning(o, RULE_W062);
    if (o->fate == FATE_STORE && o->rule != RULE_COUNT)
        notes[count++] = (struct finding){.rule = (enum rule_id)o->rule, .field = ""};
    p->notes = notes;
    p->note_count = count;
    p->line = o->line;
}

void
desk_answer(struct desk *d, struct post *p)
{
    if (!p->done)
        return;
    atomic_fetch_add(&d->board->results[p->result], 1);
    p->done(p);
}

/* What the transaction made of each; entries of the ledger only where it holds something of it. */
static void
answer_all(struct desk *d, const struct store *s, struct post **posts, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        const struct outcome *const o = parcel_outcome(&d->parcel, i);
        struct post *const p = posts[i];

        p->result = result_of(o);
        p->batch_id = store_layer(s, o->layer, &p->ledger_entry);
        if (p->result == POST_HELD || p->result == POST_CONFLICT)
            p->ledger_entry = 0;
        desk_tell(d, p, i);
        posts[i] = NULL;
        desk_answer(d, p);
    }
}

/* ---- who may ----------------------------------------------------------------------------- */

/* Each identity once, as an array of the database. */
static const char *
identities_of(struct desk *d, struct post **posts, unsigned count)
{
    struct strbuf *const list = strbuf_new(d->work, 64U * 1024);

    strbuf_add_char(list, '{');
    for (unsigned i = 0; i < count; i++) {
        bool seen = posts[i]->identity == 0;

        for (unsigned k = 0; k < i && !seen; k++)
            seen = posts[k]->identity == posts[i]->identity;
        if (!seen)
            strbuf_printf(list, "%s%" PRId64, list->length > 1 ? "," : "", posts[i]->identity);
    }
    strbuf_add_char(list, '}');
    return list->length > 2 ? list->data : NULL;
}

/* An identity that was revoked before this group began stores nothing. */
static bool
ask_identities(struct desk *d, struct post **posts, unsigned count, struct err *e)
{
    const char *const args[] = {identities_of(d, posts, count)};
    const struct rows *const dead =
        args[0] ? db_query(d->db, d->work, &sql_collector_dead_identities, args, e) : NULL;

    if (args[0] && !dead)
        return false;
    for (int r = 0; dead && r < rows_count(dead); r++)
        for (unsigned i = 0; i < count; i++)
            if (posts[i]->identity == rows_int64(dead, r, "identity_id"))
                posts[i]->revoked = true;
    return true;
}

/* ---- one transaction ------------------------------------------------------------------------- */

static struct store *
store_of(struct desk *d)
{
    struct report *const report = report_new(d->work, "posts");
    struct store_input in = {
        .db = d->db,
        .report = report,
        .profile = "canonical",
        .file = report->file,
        .form = "ndjson",
        .header = {"", 0},
        .posts = true,
        .memory = d->memory,
    };

    report->unit = "posts";
    report->area_set = d->installation->area_set;
    report->status = BATCH_STORED;
    memcpy(in.quarantine_key, d->o.keys.quarantine, KEY_BYTES);
    return store_new(d->work, &in);
}

static bool
attempt(struct desk *d, struct post **posts, unsigned count, struct err *e)
{
    const double started = clock_seconds();

    arena_reset(d->work);
    if (!ask_identities(d, posts, count, e) || !desk_pack(d, posts, count, e))
        return false;

    struct store *const s = store_of(d);

    if (!db_begin(d->db, e) || !store_parcel(s, &d->parcel, e) || !store_close(s, e))
        return false;
    if (PLANTED(ack_before_commit))
        answer_all(d, s, posts, count);
    FAULT("before-commit");

    const bool committed = db_commit(d->db, e);

    FAULT("after-commit");
    if (PLANTED(ack_before_commit))
        return true;
    if (!committed)
        return false;
    store_committed(s);
    atomic_fetch_add(&d->board->groups, 1);
    atomic_fetch_add(&d->board->commit_micros, (uint64_t)((clock_seconds() - started) * 1e6));
    answer_all(d, s, posts, count);
    return true;
}

/* Whether the same may go through later. */
static bool
passing(const struct err *e)
{
    return e->code == ERR_RETRY || e->code == ERR_CONFIG;
}

/* After a rollback: a partition that was there may have gone meanwhile. */
static bool
attempt_anew(struct desk *d, struct post **posts, unsigned count, struct err *e)
{
    if (attempt(d, posts, count, e))
        return true;
    db_rollback(d->db);
    if (passing(e) || !store_memory_doubt(d->memory))
        return false;
    if (attempt(d, posts, count, e))
        return true;
    db_rollback(d->db);
    return false;
}

/* Over another connection, which has nothing left of what went wrong on this one. */
static bool
attempt_afresh(struct desk *d, struct post **post, struct err *e)
{
    desk_hang_up(d);
    return desk_ready(d, clock_seconds() + CONNECT_S, e) && attempt_anew(d, post, 1, e);
}

static bool
store_alone(struct desk *d, struct post **post, struct err *e)
{
    log_write(LOG_ERROR, "a post cannot be stored and is set apart reason=%s", e->text);
    (*post)->poisoned = true;
    if (attempt_anew(d, post, 1, e))
        return true;
    (*post)->poisoned = false;
    if (!passing(e))
        e->code = ERR_RETRY;
    return false;
}

bool
desk_store(struct desk *d, struct post **posts, unsigned count, struct err *e)
{
    if (attempt_anew(d, posts, count, e))
        return true;
    if (passing(e))
        return false;
    if (count == 1)
        return attempt_afresh(d, posts, e) || (!passing(e) && store_alone(d, posts, e));
    return desk_store(d, posts, count / 2, e) &&
           desk_store(d, posts + count / 2, count - count / 2, e);
}

/* ---- a group --------------------------------------------------------------------------------- */

static unsigned
drop_answered(struct post **posts, unsigned count)
{
    unsigned left = 0;

    for (unsigned i = 0; i < count; i++)
        if (posts[i])
            posts[left++] = posts[i];
    return left;
}

static void
nap(double seconds)
{
    const struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};

    (void)nanosleep(&t, NULL);
}

static double
end_of(const struct desk *d, double until)
{
    const double end = (double)atomic_load(&d->end_micros) / 1e6;

    return end > 0 && end < until ? end : until;
}

void
desk_posts(struct desk *d, struct post **posts, unsigned count)
{
    const double now = clock_seconds();
    const double budget = d->away && d->o.budget_s > AGAIN_S ? AGAIN_S : d->o.budget_s;
    double pause = 0.02;
    struct err e;

    if (desk_has_spooled(d) || (d->away && now < d->next_try)) {
        desk_spool(d, posts, count);
        return;
    }
    for (;;) {
        const double until = end_of(d, now + budget);

        if (desk_ready(d, until, &e) && desk_store(d, posts, count, &e)) {
            if (d->away)
                log_write(LOG_INFO, "the database answers again");
            d->away = false;
            atomic_store(&d->board->database, true);
            return;
        }
        desk_hang_up(d);
        count = drop_answered(posts, count);
        if (clock_seconds() + pause >= until)
            break;
        atomic_fetch_add(&d->board->retries, 1);
        nap(pause);
        pause = pause < 0.4 ? 2 * pause : pause;
    }
    if (!d->away)
        log_write(LOG_WARNING, "the database is away reason=%s", e.text);
    d->away = true;
    d->next_try = clock_seconds() + AGAIN_S;
    atomic_store(&d->board->database, false);
    desk_spool(d, posts, count);
}
