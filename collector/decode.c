/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The decoder's frame: which form the bytes have, and what every record must hold whatever its
 * form.
 */
#include "collector/decode_form.h"

#include <string.h>

/* ---- the form -------------------------------------------------------------------------------- */

static bool
starts_with(struct span s, const char *magic, size_t n)
{
    return s.length >= n && memcmp(s.data, magic, n) == 0;
}

bool
decode_detect(struct span head, enum decode_form *form, struct err *e)
{
    static const struct {
        const char *magic;
        size_t length;
        const char *what;
    } others[] = {
        {"\x1f\x8b", 2, "gzip"},
        {"PK\x03\x04", 4, "zip"},
        {"BZh", 3, "bzip2"},
        {"\xfd"
         "7zXZ",
         5, "xz"},
        {"\xff\xfe", 2, "UTF-16"},
        {"\xfe\xff", 2, "UTF-16"},
        {"\x28\xb5\x2f\xfd", 4, "zstandard"},
        {"%PDF", 4, "PDF"},
    };

    if (head.length == 0)
        return err_set(e, ERR_INPUT, "the file is empty");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (starts_with(head, others[i].magic, others[i].length)) {
            err_set(e, ERR_INPUT, "the file is %s, not CSV or NDJSON in UTF-8", others[i].what);
            return err_hint(e, "deliver it unpacked, as UTF-8 text");
        }
    if (memchr(head.data, '\0', head.length))
        return err_set(e, ERR_INPUT, "the file is binary or UTF-16, not CSV or NDJSON in UTF-8");
    if (starts_with(head, "\xef\xbb\xbf", 3)) {
        head.data += 3;
        head.length -= 3;
    }
    while (head.length > 0 && memchr(" \t\r\n", head.data[0], 4)) {
        head.data++;
        head.length--;
    }
    *form =
        head.length > 0 && (head.data[0] == '{' || head.data[0] == '[') ? FORM_NDJSON : FORM_CSV;
    return true;
}

struct decoder *
decoder_new(struct arena *a, struct reader in, enum decode_form form, const struct profile *profile,
            const struct installation *installation, struct err *e)
{
    struct decoder *const d = arena_alloc(a, sizeof *d);

    *d = (struct decoder){.arena = a, .profile = profile};
    if (profile && form == FORM_NDJSON) {
        err_set(e, ERR_INPUT, "profile %s is for CSV, the file is JSON", profile->name);
        return NULL;
    }
    d->installation = installation_for_profile(a, installation, profile, e);
    if (!d->installation)
        return NULL;
    d->values = values_new(a, d->installation, e);
    if (!d->values)
        return NULL;
    d->values->arena = a;
    d->values->policy = profile ? profile->ambiguous : TIME_FLAG;
    if (profile && !profile_texts_fit(profile, d->values, e))
        return NULL;
    d->values->copy = form == FORM_CSV;
    const bool started = form == FORM_CSV ? csv_form_start(d, in, e) : json_form_start(d, in, e);
    return started ? d : NULL;
}

/* ---- findings -------------------------------------------------------------------------------- */

void
decode_fault(struct outcome *o, enum value_fault fault, const char *field, int64_t person_seq)
{
    static const enum rule_id rule_of[] = {
        [VALUE_ENCODING] = RULE_R001, [VALUE_TYPE] = RULE_R013, [VALUE_CODE] = RULE_R012};

    if (fault != VALUE_FINE)
        finding_add(o->findings, rule_of[fault], field, person_seq);
}

struct record *
decode_unreadable(struct outcome *o, uint64_t line, struct span raw, const char *reason)
{
    struct record *const r = arena_alloc(o->a, sizeof *r);

    r->line = line;
    r->rows = 1;
    r->raw = raw;
    finding_add_why(o->findings, RULE_R001, "", 0, reason);
    return r;
}

enum decode_status
decode_fatal(struct outcome *o, enum rule_id rule)
{
    *o->fatal = rule;
    return DECODE_FATAL;
}

void
decode_note_time(struct decoder *d, struct record *r, const struct slot *s)
{
    if (s->part != PART_STOP || s->index != STOP_started_at)
        return;
    r->started_at_has_offset = d->values->has_offset;
    r->started_at_ambiguous = !d->values->has_offset && d->values->ambiguous;
    r->started_at_missing = !d->values->has_offset && d->values->missing;
}

/* ---- the last look --------------------------------------------------------------------------- */

struct look {
    struct decoder *d;
    struct outcome *o;
    struct record *r;
    int64_t day; /* of the stop, local */
    bool day_known, full;
};

/* Whether something was already said about the field or about an object that holds it. */
static bool
already_found(const struct findings *f, const char *field, int64_t person_seq)
{
    for (unsigned i = 0; i < f->count; i++) {
        const struct finding *const said = &f->list[i];
        const size_t n = said->field ? strlen(said->field) : 0;
        if (n > 0 && said->person_seq == person_seq && said->person == f->person &&
            (said->element == 0 || said->element == f->element) &&
            strncmp(said->field, field, n) == 0 && (field[n] == '\0' || field[n] == '/'))
            return true;
    }
    return false;
}

static void
missing(struct look *l, const char *field, int64_t person_seq)
{
    if (!already_found(l->o->findings, field, person_seq))
        finding_add(l->o->findings, RULE_R011, field, person_seq);
}

static void
look_at_code(struct look *l, const struct slot *s, const struct value *v, int64_t person_seq)
{
    if (s->field->type == FIELD_CODE && !code_valid_on(v->code, l->day))
        finding_add(l->o->findings, RULE_R012, s->field->pointer, person_seq);
    for (unsigned i = 0; s->field->type == FIELD_CODES && i < v->count; i++)
        if (!code_valid_on(v->codes[i], l->day)) {
            finding_add(l->o->findings, RULE_R012, s->field->pointer, person_seq);
            return;
        }
}

static void
look_at_part(struct look *l, enum part part, const struct value *v, int64_t person_seq, bool needed)
{
    const struct slot *const slots = l->d->values->slots[part];

    for (unsigned i = 0; i < part_fields[part].count; i++)
        if (!v[i].given) {
            if (needed && slots[i].field->need == NEED_M)
                missing(l, slots[i].field->pointer, person_seq);
        } else if (slots[i].list && l->day_known)
            look_at_code(l, &slots[i], &v[i], person_seq);
}

static void
look_at_element(struct look *l, enum part part, unsigned i, const struct value *v, int64_t seq)
{
    l->o->findings->element = i + 1;
    look_at_part(l, part, v, seq, part == PART_GROUP || l->full);
    l->o->findings->element = 0;
}

static void
look_at_outcome(struct look *l, const struct person *p)
{
    for (unsigned i = 0; i < p->action_count; i++)
        look_at_element(l, PART_ACTION, i, p->actions[i].v, p->seq);
    for (unsigned i = 0; i < p->find_count; i++)
        look_at_element(l, PART_FIND, i, p->finds[i].v, p->seq);
    for (unsigned i = 0; i < p->result_count; i++)
        look_at_element(l, PART_RESULT, i, p->results[i].v, p->seq);
    if (l->full && p->action_count == 0)
        missing(l, "/persons/outcome/actions", p->seq);
    if (l->full && p->result_count == 0)
        missing(l, "/persons/outcome/results", p->seq);
}

static void
look_at_groups(struct look *l, const struct person *p)
{
    const struct slot *const perspective = &l->d->values->slots[PART_GROUP][GROUP_perspective];

    for (unsigned i = 0; i < p->group_count; i++) {
        const struct value *const v = p->groups[i].v;
        look_at_element(l, PART_GROUP, i, v, p->seq);
        l->o->findings->element = i + 1;
        for (unsigned k = 0; k < i; k++)
            if (v[GROUP_perspective].given &&
                value_equal(&v[GROUP_perspective], &p->groups[k].v[GROUP_perspective], FIELD_CODE))
                finding_add(l->o->findings, RULE_R013, perspective->field->pointer, p->seq);
        l->o->findings->element = 0;
    }
}

static void
look_at_person(struct look *l, const struct person *p)
{
    if (l->full && p->seq == 0)
        missing(l, "/persons/person_seq", p->seq);
    look_at_part(l, PART_PERSON, p->v, p->seq, l->full);
    look_at_part(l, PART_TRAIT, p->trait, p->seq, false);
    look_at_outcome(l, p);
    look_at_groups(l, p);
}

/* A withdrawal needs its envelope, the time of the stop (the key of its place) and its reason. */
static void
look_at_envelope(struct look *l)
{
    const struct value *const v = l->r->v;

    for (unsigned i = 0; i <= STOP_started_at; i++)
        if (stop_fields[i].need == NEED_M && !v[i].given)
            missing(l, stop_fields[i].pointer, 0);
    if (v[STOP_tx_type].given && strcmp(v[STOP_tx_type].code->code, "W") == 0 &&
        !v[STOP_withdrawal_reason].given)
        missing(l, stop_fields[STOP_withdrawal_reason].pointer, 0);
    look_at_part(l, PART_STOP, v, 0, false);
}

/* A foreign source has what it has; without these four nothing can be stored. */
static void
look_at_foreign(struct look *l)
{
    static const unsigned needed[] = {STOP_source_system, STOP_source_record_no, STOP_tx_type,
                                      STOP_started_at};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!l->r->v[needed[i]].given)
            missing(l, stop_fields[needed[i]].pointer, 0);
    look_at_part(l, PART_STOP, l->r->v, 0, false);
}

/* 1.0.x: a patch of the schema changes no meaning. */
static bool
schema_known(struct span version)
{
    int64_t patch;

    return version.length > 4 && memcmp(version.data, "1.0.", 4) == 0 &&
           span_int64((struct span){version.data + 4, version.length - 4}, 0, 9999, &patch);
}

static bool
versions_known(const struct record *r, struct outcome *o)
{
    const struct value *const schema = &r->v[STOP_schema_version];
    const struct value *const codes = &r->v[STOP_codeset_version];
    const char *what = NULL;

    if (schema->given && !schema_known(schema->text))
        what = "schema_version is not 1.0.x";
    else if (codes->given && !span_is(codes->text, "2026.1"))
        what = "codeset_version is not 2026.1";
    if (!what)
        return true;
    o->d->fatal_line = r->line;
    err_set(o->e, ERR_INPUT, "line %llu: %s", (unsigned long long)r->line, what);
    return err_hint(o->e, "deliver in a version that this program knows, or update the program");
}

enum decode_status
decode_finish(struct decoder *d, struct outcome *o, struct record *r)
{
    const struct value *const started = &r->v[STOP_started_at];
    struct value *const version = &r->v[STOP_source_version];
    struct look l = {.d = d, .o = o, .r = r, .day_known = started->given};

    if (!versions_known(r, o))
        return decode_fatal(o, RULE_F002);
    if (!version->given && !already_found(o->findings, "/source_version", 0))
        *version = (struct value){.given = true, .number = 1};
    if (started->given) {
        const instant local =
            started->number + zone_offset(d->values->zone, started->number) * MICROS;
        const int64_t day = 86400 * MICROS;
        l.day = local / day - (local % day < 0);
    }
    l.full = !d->profile && record_is_full(r);
    if (d->profile)
        look_at_foreign(&l);
    else if (l.full)
        look_at_part(&l, PART_STOP, r->v, 0, true);
    else
        look_at_envelope(&l);
    if (l.full && r->person_count == 0)
        missing(&l, "/persons", 0);
    for (unsigned i = 0; i < r->person_count; i++) {
        o->findings->person = i + 1;
        look_at_person(&l, &r->persons[i]);
    }
    o->findings->person = 0;
    record_identify(r);
    for (unsigned i = 0; i < o->findings->count; i++)
        if (o->findings->list[i].rule == RULE_R010)
            r->raw = (struct span){0};
    return DECODE_RECORD;
}

enum decode_status
decoder_next(struct decoder *d, struct arena *a, struct record **record, struct findings *findings,
             enum rule_id *fatal, struct err *e)
{
    struct outcome o = {d, a, findings, fatal, e};

    findings_clear(findings, a);
    d->values->arena = a;
    const enum decode_status s = d->profile || d->values->copy ? csv_form_next(d, &o, record)
                                                               : json_form_next(d, &o, record);
    d->values->arena = d->arena;
    if (s == DECODE_RECORD)
        d->records++;
    if (s != DECODE_END || d->records > 0)
        return s;
    err_set(e, ERR_INPUT, "the file holds no record");
    return decode_fatal(&o, RULE_F001);
}

enum decode_status
decoder_text(struct decoder *d, struct arena *a, struct span text, struct record **record,
             struct findings *findings, enum rule_id *fatal, struct err *e)
{
    struct outcome o = {d, a, findings, fatal, e};

    findings_clear(findings, a);
    d->values->arena = a;
    const enum decode_status s = json_form_text(d, &o, text, record);
    d->values->arena = d->arena;
    return s;
}

uint64_t
decoder_fatal_line(const struct decoder *d)
{
    return d->fatal_line;
}

uint64_t
decoder_dropped_values(const struct decoder *d)
{
    return d->dropped_values;
}
