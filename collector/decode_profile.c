/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A row of a foreign CSV through its profile: one row is one stop of one person. What the row does
 * not say stays not given.
 */
#include "collector/decode_form.h"

#include <string.h>

struct profile_form {
    unsigned file_columns;
    int *map;           /* of the file's columns to the profile's, or -1 */
    struct span *cells; /* of the row at hand, by the profile's columns; no data: missing */
    struct span *texts; /* the same as delivered, for the content key */
    struct sha256 *hash;
};

struct profile_form *
profile_form_new(struct decoder *d, const struct span *names, unsigned count, struct err *e)
{
    struct profile_form *const f = arena_alloc(d->arena, sizeof *f);

    f->file_columns = count;
    f->map = arena_array(d->arena, count, sizeof *f->map);
    f->cells = arena_array(d->arena, d->profile->column_count, sizeof *f->cells);
    f->texts = arena_array(d->arena, d->profile->column_count, sizeof *f->texts);
    f->hash = sha256_new(d->arena);
    return profile_header(d->profile, names, count, f->map, e) ? f : NULL;
}

/* ---- the row --------------------------------------------------------------------------------- */

static bool
is_missing(const struct profile *p, struct span text)
{
    for (unsigned i = 0; i < p->missing_count; i++)
        if (span_equal(text, p->missing[i]))
            return true;
    return text.length == 0;
}

static void
fill_cells(const struct decoder *d, struct profile_form *f, const struct csv_row *row)
{
    memset(f->texts, 0, d->profile->column_count * sizeof *f->texts);
    memset(f->cells, 0, d->profile->column_count * sizeof *f->cells);
    for (unsigned i = 0; i < f->file_columns; i++) {
        if (f->map[i] < 0)
            continue;
        const struct span text = row->fields[i].text;
        f->texts[f->map[i]] = text;
        if (!is_missing(d->profile, text))
            f->cells[f->map[i]] = text;
    }
}

struct row_work {
    struct decoder *d;
    struct outcome *o;
    const struct span *cells;
    struct target t;
};

/* Whether the binding gave a value. */
static bool
bind_value(struct row_work *w, const struct binding *b)
{
    const struct slot *const s = &w->d->values->slots[b->part][b->index];
    const int64_t seq = b->part == PART_STOP || b->part == PART_OFFICER ? 0 : w->t.person->seq;
    struct value v = {0};
    struct span text;

    switch (source_answer(&b->source, w->cells, w->o->a, &text)) {
    case ANSWER_NONE:
        return false;
    case ANSWER_DROPPED:
        w->d->dropped_values++;
        return false;
    case ANSWER_REFUSED:
        decode_fault(w->o, s->list ? VALUE_CODE : VALUE_TYPE, s->field->pointer, seq);
        return false;
    case ANSWER_TEXT:
        break;
    }
    const enum value_fault fault = value_parse(w->d->values, s, text, &v);
    decode_fault(w->o, fault, s->field->pointer, seq);
    if (fault != VALUE_FINE)
        return false;
    *target_value(&w->t, b->part, b->index) = v;
    if (s->field->type == FIELD_TIME)
        decode_note_time(w->d, w->t.record, s);
    return v.given;
}

static void
bind_all(struct row_work *w, struct bindings b)
{
    for (unsigned i = 0; i < b.count; i++)
        bind_value(w, &b.list[i]);
}

/* The element that was added to its list last. */
static void
bind_element(struct row_work *w, unsigned number, struct bindings b)
{
    w->o->findings->element = number;
    bind_all(w, b);
    w->o->findings->element = 0;
}

/* A perspective for which the source names no group has no row. */
static void
bind_groups(struct row_work *w)
{
    const struct children groups = w->d->profile->groups;

    for (unsigned i = 0; i < groups.count; i++) {
        struct person *const p = w->t.person;
        w->o->findings->element = p->group_count + 1;
        w->t.group = person_add_group(w->o->a, p);
        bind_value(w, &groups.list[i].set.list[0]);
        if (!bind_value(w, &groups.list[i].set.list[1]))
            p->groups[--p->group_count] = (struct group){0};
    }
    w->o->findings->element = 0;
}

static void
bind_outcome(struct row_work *w)
{
    const struct profile *const p = w->d->profile;

    for (unsigned i = 0; i < p->actions.count; i++)
        if (when_holds(&p->actions.list[i].when, w->cells)) {
            w->t.action = person_add_action(w->o->a, w->t.person);
            bind_element(w, w->t.person->action_count, p->actions.list[i].set);
        }
    for (unsigned i = 0; i < p->finds.count; i++)
        if (when_holds(&p->finds.list[i].when, w->cells)) {
            w->t.find = person_add_find(w->o->a, w->t.person);
            bind_element(w, w->t.person->find_count, p->finds.list[i].set);
        }
    for (unsigned i = 0; i < p->results.count; i++)
        if (when_holds(&p->results.list[i].when, w->cells)) {
            w->t.result = person_add_result(w->o->a, w->t.person);
            bind_element(w, w->t.person->result_count, p->results.list[i].set);
        }
}

/* ---- the key --------------------------------------------------------------------------------- */

/*
 * "sha256:" and the hash of the row: its columns as delivered, unquoted, in the profile's order,
 * each followed by 0x1F. Neither the file's column order nor its quoting matters; a row delivered
 * twice is one registration.
 */
static void
key_by_content(struct row_work *w, struct profile_form *f)
{
    static const char prefix[] = "sha256:";
    uint8_t digest[DIGEST_BYTES];
    char *const text = arena_alloc(w->o->a, sizeof prefix + 2 * DIGEST_BYTES);

    sha256_start(f->hash);
    for (unsigned i = 0; i < w->d->profile->column_count; i++) {
        if (f->texts[i].length > 0)
            sha256_add(f->hash, f->texts[i].data, f->texts[i].length);
        sha256_add(f->hash, "\x1f", 1);
    }
    sha256_finish(f->hash, digest);
    memcpy(text, prefix, sizeof prefix - 1);
    hex_of(digest, DIGEST_BYTES, text + sizeof prefix - 1);
    w->t.record->v[STOP_source_record_no] = (struct value){.given = true, .text = span_of(text)};
}

void
profile_form_record(struct decoder *d, struct profile_form *f, struct outcome *o,
                    const struct csv_row *row, struct record *r)
{
    struct row_work w = {.d = d, .o = o, .cells = f->cells, .t = {.record = r}};

    fill_cells(d, f, row);
    w.t.person = record_add_person(o->a, r);
    w.t.person->seq = 1;
    bind_all(&w, d->profile->stop);
    if (d->profile->key_is_content)
        key_by_content(&w, f);
    o->findings->person = 1;
    bind_all(&w, d->profile->person);
    bind_groups(&w);
    bind_outcome(&w);
    o->findings->person = 0;
}
