/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The columns of canonical CSV, made from the field tables, and one row of them. A part of a person
 * that can occur more than once (groups, actions, finds, results) is written in a column or two;
 * the rest of the columns are fields.
 */
#include "collector/decode_csv.h"
#include "collector/forbidden.h"

#include <string.h>

/* FIELD columns are values of stop, person, text, trait or officer;
 * the others are made of several. */
enum column_kind {
    COLUMN_FIELD,
    COLUMN_SEQ,
    COLUMN_GROUP,
    COLUMN_BEFORE_DECISION,
    COLUMN_ACTIONS,
    COLUMN_ID_CHECKED,
    COLUMN_FORCE,
    COLUMN_FINDS,
    COLUMN_RESULTS,
    COLUMN_OFFENCE,
    COLUMN_LATER,
    COLUMN_LATER_AT,
    COLUMN_KINDS
};

struct column {
    enum column_kind kind;
    bool needed, of_stop;
    const char *name;
    const struct slot *slot;        /* of FIELD */
    const struct code *perspective; /* of GROUP */
};

enum { COLUMNS_MOST = 128, PARTS_MOST = 64 };

struct csv_columns {
    unsigned known_count, count;
    struct column known[COLUMNS_MOST]; /* in canonical order */
    const struct column **columns;     /* of the file */
    unsigned seq_column;
    struct span system, number; /* of the row read last */
};

/* ---- the canonical columns ------------------------------------------------------------------- */

static void
add_column(struct csv_columns *c, struct column column)
{
    if (c->known_count == COLUMNS_MOST)
        err_fatal("too many columns");
    c->known[c->known_count++] = column;
}

/* The fields of a part that lie in an object of the person ("" for none). */
static void
add_fields(struct decoder *d, struct csv_columns *c, enum part part, const char *object)
{
    for (unsigned i = 0; i < part_fields[part].count; i++) {
        const struct slot *const s = &d->values->slots[part][i];
        const char *const name = s->field->name;
        if (strcmp(s->field->object, object) == 0)
            add_column(c,
                       (struct column){
                           .needed = s->field->need == NEED_M,
                           .of_stop = part == PART_STOP || part == PART_OFFICER,
                           .name = object[0] ? arena_printf(d->arena, "%s.%s", object, name) : name,
                           .slot = s});
    }
}

static void
add_groups(struct decoder *d, struct csv_columns *c)
{
    const struct code_list *const list = d->values->slots[PART_GROUP][GROUP_perspective].list;

    for (unsigned i = 0; i < list->count; i++)
        add_column(c,
                   (struct column){.kind = COLUMN_GROUP,
                                   .name = arena_printf(d->arena, "group.%s", list->codes[i].code),
                                   .perspective = &list->codes[i]});
    add_column(c, (struct column){.kind = COLUMN_BEFORE_DECISION,
                                  .name = "group.perceived_before_decision"});
}

static void
add_canonical(struct decoder *d, struct csv_columns *c)
{
    static const struct column outcome[] = {
        {.kind = COLUMN_ACTIONS, .name = "outcome.action", .needed = true},
        {.kind = COLUMN_ID_CHECKED, .name = "outcome.id_checked", .needed = true},
        {.kind = COLUMN_FORCE, .name = "outcome.force", .needed = true},
        {.kind = COLUMN_FINDS, .name = "outcome.find"},
        {.kind = COLUMN_RESULTS, .name = "outcome.result", .needed = true},
        {.kind = COLUMN_OFFENCE, .name = "outcome.offence_code"},
        {.kind = COLUMN_LATER, .name = "outcome.later_outcome"},
        {.kind = COLUMN_LATER_AT, .name = "outcome.later_outcome_at"},
    };
    static const char *const objects[] = {"selection", "explanation", "treatment", "reflection"};

    add_fields(d, c, PART_STOP, "");
    add_column(c, (struct column){.kind = COLUMN_SEQ, .needed = true, .name = "person_seq"});
    add_fields(d, c, PART_PERSON, "");
    add_fields(d, c, PART_TRAIT, "");
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        add_fields(d, c, PART_PERSON, objects[i]);
        add_fields(d, c, PART_TEXT, objects[i]);
    }
    add_groups(d, c);
    for (size_t i = 0; i < sizeof outcome / sizeof *outcome; i++)
        add_column(c, outcome[i]);
    add_fields(d, c, PART_OFFICER, "");
}

/* ---- the header ------------------------------------------------------------------------------ */

static unsigned
known_column(const struct csv_columns *c, struct span name)
{
    unsigned k = 0;

    while (k < c->known_count && !span_is(name, c->known[k].name))
        k++;
    return k;
}

/* Says the place, not the name: an unknown header may be a row of data. */
static bool
refuse_unknown(struct span name, unsigned place, struct err *e)
{
    const char *const forbidden = forbidden_name(name);

    if (forbidden)
        return err_set(e, ERR_INPUT, "column %u is named %s, which must not be delivered (R010)",
                       place, forbidden);
    err_set(e, ERR_INPUT, "column %u of the header is not a known name", place);
    return err_hint(e, "names are written exactly as in the data dictionary, without spaces");
}

static bool
read_names(struct csv_columns *c, const struct span *names, struct err *e)
{
    unsigned next = 0; /* where the canonical order has come to */

    for (unsigned i = 0; i < c->count; i++) {
        const unsigned k = known_column(c, names[i]);
        if (k == c->known_count)
            return refuse_unknown(names[i], i + 1, e);
        if (k < next)
            return err_set(e, ERR_INPUT, "column %u (%s) is out of order or there twice", i + 1,
                           c->known[k].name);
        for (; next < k; next++)
            if (c->known[next].needed)
                return err_set(e, ERR_INPUT, "column %s is missing before column %u (%s)",
                               c->known[next].name, i + 1, c->known[k].name);
        next = k + 1;
        c->columns[i] = &c->known[k];
        if (c->known[k].kind == COLUMN_SEQ)
            c->seq_column = i;
    }
    for (; next < c->known_count; next++)
        if (c->known[next].needed)
            return err_set(e, ERR_INPUT, "column %s is missing", c->known[next].name);
    return true;
}

struct csv_columns *
csv_columns_new(struct decoder *d, const struct span *names, unsigned count, struct err *e)
{
    struct csv_columns *const c = arena_alloc(d->arena, sizeof *c);

    c->count = count;
    c->columns = arena_array(d->arena, count, sizeof *c->columns);
    add_canonical(d, c);
    return read_names(c, names, e) ? c : NULL;
}

/* ---- a row ----------------------------------------------------------------------------------- */

struct row_work {
    struct decoder *d;
    struct outcome *o;
    struct target t;
    struct span parts[COLUMN_KINDS]; /* texts of the columns that are made of several */
    bool first;
};

static const struct slot *
slot_at(const struct row_work *w, enum part part, unsigned index)
{
    return &w->d->values->slots[part][index];
}

/* Reads the text into the place of the slot; an empty text is not given. */
static void
read_value(struct row_work *w, const struct slot *s, struct span text)
{
    if (text.length == 0)
        return;
    const enum value_fault fault =
        value_parse(w->d->values, s, text, target_value(&w->t, s->part, s->index));
    decode_fault(w->o, fault, s->field->pointer, w->t.person->seq);
}

/* A field of the stop: taken from the first row, and the same in the others. */
static void
read_stop_value(struct row_work *w, const struct slot *s, struct span text)
{
    struct value v = {0};
    struct value *const kept = target_value(&w->t, s->part, s->index);
    const enum value_fault fault =
        text.length > 0 ? value_parse(w->d->values, s, text, &v) : VALUE_FINE;

    if (w->first) {
        *kept = v;
        decode_fault(w->o, fault, s->field->pointer, 0);
        if (v.given && s->field->type == FIELD_TIME)
            decode_note_time(w->d, w->t.record, s);
    } else if (fault == VALUE_FINE && !value_equal(kept, &v, s->field->type))
        decode_fault(w->o, VALUE_TYPE, s->field->pointer, 0);
}

/* The parts of a text between separators; most + 1 when there are more than most. */
static unsigned
split(struct span text, char by, struct span *parts, unsigned most)
{
    const char *p = text.data, *const end = p + text.length;

    for (unsigned n = 0; n < most; n++) {
        const char *const cut = memchr(p, by, (size_t)(end - p));
        parts[n] = (struct span){p, (size_t)((cut ? cut : end) - p)};
        if (!cut)
            return n + 1;
        p = cut + 1;
    }
    return most + 1;
}

static void
wrong(struct row_work *w, const char *pointer)
{
    decode_fault(w->o, VALUE_TYPE, pointer, w->t.person->seq);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static void
read_group(struct row_work *w, const struct code *perspective, struct span text)
{
    struct value v = {0};
    const struct slot *const s = slot_at(w, PART_GROUP, GROUP_codes);
    const enum value_fault fault = value_parse(w->d->values, s, text, &v);

    w->o->findings->element = w->t.person->group_count + 1;
    decode_fault(w->o, fault, s->field->pointer, w->t.person->seq);
    w->o->findings->element = 0;
    if (fault != VALUE_FINE)
        return;
    struct group *const g = person_add_group(w->o->a, w->t.person);
    g->v[GROUP_perspective] = (struct value){.given = true, .code = perspective};
    g->v[GROUP_codes] = v;
}

/* Belongs to what was perceived last: after contact, or before when only that is there. */
static void
read_before_decision(struct row_work *w, struct span text)
{
    const struct slot *const s = slot_at(w, PART_GROUP, GROUP_perceived_before_decision);
    struct person *const p = w->t.person;

    if (text.length == 0)
        return;
    w->t.group = NULL;
    for (unsigned i = 0; i < p->group_count; i++)
        if (p->groups[i].v[GROUP_perspective].code->flags & CODE_PERCEIVED)
            w->t.group = &p->groups[i];
    if (w->t.group)
        read_value(w, s, text);
    else
        wrong(w, s->field->pointer);
}

/* ---- actions, finds, results ----------------------------------------------------------------- */

/* "a:b:c" into three fields; b and c may be empty or left out. */
static void
read_triple(struct row_work *w, const struct slot *const slots[3], struct span text)
{
    struct span parts[3];
    const unsigned n = split(text, ':', parts, 3);

    if (n > 3) {
        wrong(w, slots[0]->field->pointer);
        return;
    }
    for (unsigned i = 0; i < n; i++)
        read_value(w, slots[i], parts[i]);
}

/*
 * The text of one of `count` children out of a column: its own part, or the only part, which is for
 * all. No data when the number of parts does not fit.
 */
static struct span
part_for(struct span text, char by, unsigned index, unsigned count, bool *fits)
{
    struct span parts[PARTS_MOST];
    const unsigned n = split(text, by, parts, PARTS_MOST);

    *fits = n == 1 || n == count;
    return *fits ? parts[n == 1 ? 0 : index] : (struct span){"", 0};
}

static void
read_actions(struct row_work *w)
{
    const struct slot *const triple[3] = {slot_at(w, PART_ACTION, ACTION_search_kind),
                                          slot_at(w, PART_ACTION, ACTION_search_basis),
                                          slot_at(w, PART_ACTION, ACTION_search_object)};
    const struct slot *const id = slot_at(w, PART_ACTION, ACTION_id_checked);
    const struct slot *const force = slot_at(w, PART_ACTION, ACTION_force);
    const struct span text = w->parts[COLUMN_ACTIONS], ids = w->parts[COLUMN_ID_CHECKED];
    const struct span forces = w->parts[COLUMN_FORCE];
    struct span parts[PARTS_MOST];
    bool ids_fit = true, forces_fit = true;

    if (text.length + ids.length + forces.length == 0)
        return;
    const unsigned n = split(text, '|', parts, PARTS_MOST);
    if (n > PARTS_MOST) {
        wrong(w, "/persons/outcome/actions");
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        w->o->findings->element = i + 1;
        w->t.action = person_add_action(w->o->a, w->t.person);
        read_triple(w, triple, parts[i]);
        read_value(w, id, part_for(ids, '|', i, n, &ids_fit));
        read_value(w, force, part_for(forces, ';', i, n, &forces_fit));
    }
    w->o->findings->element = 0;
    if (!ids_fit)
        wrong(w, id->field->pointer);
    if (!forces_fit)
        wrong(w, force->field->pointer);
}

static void
read_finds(struct row_work *w)
{
    const struct slot *const triple[3] = {slot_at(w, PART_FIND, FIND_found_class),
                                          slot_at(w, PART_FIND, FIND_illegal_in_itself),
                                          slot_at(w, PART_FIND, FIND_linked_to_reason)};
    struct span parts[PARTS_MOST];

    if (w->parts[COLUMN_FINDS].length == 0)
        return;
    const unsigned n = split(w->parts[COLUMN_FINDS], '|', parts, PARTS_MOST);
    if (n > PARTS_MOST)
        wrong(w, "/persons/outcome/finds");
    for (unsigned i = 0; n <= PARTS_MOST && i < n; i++) {
        w->o->findings->element = i + 1;
        w->t.find = person_add_find(w->o->a, w->t.person);
        read_triple(w, triple, parts[i]);
    }
    w->o->findings->element = 0;
}

/* What is said of results: one for each result, or one for all sanctions (for the only result,
 * whatever it is). */
static void
read_of_results(struct row_work *w, enum column_kind column, const struct slot *s)
{
    struct person *const p = w->t.person;
    const struct span text = w->parts[column];
    bool fits = true;

    if (text.length == 0)
        return;
    const bool one = !memchr(text.data, '|', text.length);
    for (unsigned i = 0; i < p->result_count; i++) {
        const struct value *const result = &p->results[i].v[RESULT_result];
        const bool sanction = result->given && result->code->flags & CODE_SANCTION;
        w->o->findings->element = i + 1;
        w->t.result = &p->results[i];
        if (!one || sanction || p->result_count == 1)
            read_value(w, s, part_for(text, '|', i, p->result_count, &fits));
    }
    w->o->findings->element = 0;
    if (!fits || p->result_count == 0)
        wrong(w, s->field->pointer);
}

static void
read_results(struct row_work *w)
{
    const struct slot *const result = slot_at(w, PART_RESULT, RESULT_result);
    struct span parts[PARTS_MOST];

    if (w->parts[COLUMN_RESULTS].length > 0) {
        const unsigned n = split(w->parts[COLUMN_RESULTS], '|', parts, PARTS_MOST);
        if (n > PARTS_MOST)
            wrong(w, "/persons/outcome/results");
        for (unsigned i = 0; n <= PARTS_MOST && i < n; i++) {
            w->o->findings->element = i + 1;
            w->t.result = person_add_result(w->o->a, w->t.person);
            read_value(w, result, parts[i]);
        }
        w->o->findings->element = 0;
    }
    read_of_results(w, COLUMN_OFFENCE, slot_at(w, PART_RESULT, RESULT_offence_code));
    read_of_results(w, COLUMN_LATER, slot_at(w, PART_RESULT, RESULT_later_outcome));
    read_of_results(w, COLUMN_LATER_AT, slot_at(w, PART_RESULT, RESULT_later_outcome_at));
}

/* ---- the row as a whole ---------------------------------------------------------------------- */

bool
csv_same_stop(const struct csv_columns *c, const struct csv_row *row)
{
    return c->number.length > 0 && span_equal(row->fields[1].text, c->number) &&
           span_equal(row->fields[0].text, c->system);
}

/* source_system and source_record_no are the first two canonical columns, and needed. */
static void
remember_stop(struct arena *a, struct csv_columns *c, const struct csv_row *row)
{
    struct span *const kept[] = {&c->system, &c->number};

    for (size_t i = 0; i < 2; i++) {
        const struct span s = row->fields[i].text;
        *kept[i] = (struct span){arena_strndup(a, s.data, s.length), s.length};
    }
}

static void
read_seq(struct row_work *w, struct span text)
{
    int64_t seq;

    if (text.length == 0)
        return;
    if (span_int64(text, 1, INT16_MAX, &seq))
        w->t.person->seq = seq;
    else
        decode_fault(w->o, VALUE_TYPE, "/persons/person_seq", 0);
}

static void
read_column(struct row_work *w, const struct column *c, struct span text)
{
    if (c->kind == COLUMN_FIELD && c->of_stop)
        read_stop_value(w, c->slot, text);
    else if (c->kind == COLUMN_FIELD)
        read_value(w, c->slot, text);
    else if (c->kind == COLUMN_GROUP && text.length > 0)
        read_group(w, c->perspective, text);
    else
        w->parts[c->kind] = text;
}

void
csv_row_person(struct decoder *d, struct outcome *o, struct csv_columns *c,
               const struct csv_row *row, struct record *r)
{
    struct row_work w = {.d = d, .o = o, .first = r->rows == 0};

    w.t.record = r;
    if (w.first)
        remember_stop(o->a, c, row);
    w.t.person = record_add_person(o->a, r);
    o->findings->person = r->person_count;
    read_seq(&w, row->fields[c->seq_column].text);
    for (unsigned i = 0; i < c->count; i++)
        read_column(&w, c->columns[i], row->fields[i].text);
    read_before_decision(&w, w.parts[COLUMN_BEFORE_DECISION]);
    read_actions(&w);
    read_finds(&w);
    read_results(&w);
    o->findings->person = 0;
    /* A withdrawal needs no person, but its row has the columns of one. */
    if (!record_is_full(r) && row->fields[c->seq_column].text.length == 0)
        r->person_count--;
}
