/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One valid registration as a list of edits, and the edits: `name=value` puts a field of the last
 * row of its part, other forms add and clear rows.
 */
#include "tests/lib/record_builder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const instant record_valid_received = INT64_C(1795208400) * MICROS;

static const char valid_stop[] =
    "source_system=pol-hgl;source_record_no=2026-11-0004711;source_version=1;tx_type=I;"
    "schema_version=1.0.0;codeset_version=2026.1;registered_at=2026-11-20T21:55:10+01:00;"
    "started_at=2026-11-20T21:40:00+01:00;time_precision=exact;duration_min=9;initiated_by=self;"
    "selection_method=individual;stop_mode=car;persons_present=1;persons_registered=1;"
    "buurt_code=BU05182811;place_type=street;legal_basis=WVW160_1;traffic_docs_checked=true;"
    "unit_code=HGL-03;assignment=emergency;in_uniform=true;officer_identified=unprompted";

static const char valid_person[] =
    "role=driver;age_band=18-24;perceived_gender=man;behaviour=traffic_offence_seen;fact=no_lights;"
    "circumstance=[];information_source=none;information_age=<1h;"
    "selection_text=Reed zonder licht door rood op de Hoefkade.;explained=unprompted;"
    "reason_told=no_lights;receipt_given=digital;treatment_flags=none;bodycam=worn_on_full;"
    "reflection=planned;+action;id_checked=shown;search_kind=none;force=none;+result;result="
    "warning";

/* A mistake in an edit ends the program; also outside of a Check run, where a benchmark builds
 * records. */
static _Noreturn void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

static _Noreturn void
wrong(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { ROWS_MOST = 8 };

static struct person *
last_person(struct record *r)
{
    if (r->person_count == 0)
        wrong("no person");
    return &r->persons[r->person_count - 1];
}

static void
add_person(struct arena *a, const struct installation *in, struct record *r)
{
    if (!r->persons)
        r->persons = arena_array(a, ROWS_MOST, sizeof *r->persons);
    if (r->person_count >= ROWS_MOST)
        wrong("too many persons");

    struct person *const p = &r->persons[r->person_count++];

    *p = (struct person){.seq = (int64_t)r->person_count,
                         .groups = arena_array(a, ROWS_MOST, sizeof *p->groups),
                         .actions = arena_array(a, ROWS_MOST, sizeof *p->actions),
                         .finds = arena_array(a, ROWS_MOST, sizeof *p->finds),
                         .results = arena_array(a, ROWS_MOST, sizeof *p->results)};
    record_edit(a, in, r, valid_person);
}

static void
edit_rows(struct arena *a, const struct installation *in, struct record *r, const char *edit)
{
    const bool add = edit[0] == '+';

    if (strcmp(edit + 1, "person") == 0) {
        if (add)
            add_person(a, in, r);
        else
            r->person_count--;
        return;
    }

    struct person *const p = last_person(r);
    const struct {
        const char *name;
        unsigned *count;
    } rows[] = {{"action", &p->action_count},
                {"find", &p->find_count},
                {"result", &p->result_count},
                {"group", &p->group_count}};

    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(edit + 1, rows[i].name) == 0) {
            *rows[i].count = add ? *rows[i].count + 1 : 0;
            if (*rows[i].count >= ROWS_MOST)
                wrong("too many rows: %s", edit);
            return;
        }
    wrong("no such rows: %s", edit);
}

/* ---- values --------------------------------------------------------------------------------- */

static const struct code *
code_of(const struct installation *in, const struct field *f, struct span text)
{
    const struct code_list *const list = code_list_find(in, f->list);
    const struct code *const code = list ? code_find(list, text) : NULL;

    if (!code)
        wrong("%s has no code %.*s", f->list, (int)text.length, text.data);
    return code;
}

static void
put_codes(struct arena *a, const struct installation *in, const struct field *f, struct value *v,
          const char *text)
{
    const struct code **const codes = arena_array(a, CODES_MOST, sizeof *codes);

    v->codes = codes;
    if (strcmp(text, "[]") == 0)
        return;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, "|");

        codes[v->count++] = code_of(in, f, (struct span){at, length});
        at += length;
        if (*at == '\0')
            return;
    }
}

static void
put_value(struct arena *a, const struct installation *in, const struct field *f, struct value *v,
          const char *text)
{
    bool has_offset;

    *v = (struct value){.given = *text != '\0'};
    if (!v->given)
        return;
    switch (f->type) {
    case FIELD_CODE:
        v->code = code_of(in, f, span_of(text));
        break;
    case FIELD_CODES:
        put_codes(a, in, f, v, text);
        break;
    case FIELD_TEXT:
        v->text = span_of(text);
        break;
    case FIELD_INT:
        if (!span_int64(span_of(text), INT64_MIN, INT64_MAX, &v->number))
            wrong("no number: %s", text);
        break;
    case FIELD_BOOL:
        v->flag = strcmp(text, "true") == 0;
        break;
    case FIELD_TIME:
        if (!instant_parse(span_of(text), &v->number, &has_offset))
            wrong("no time: %s", text);
        break;
    }
}

static struct value *
value_of(struct record *r, enum part part, unsigned i)
{
    if (part == PART_STOP)
        return &r->v[i];
    if (part == PART_OFFICER)
        return &r->officer[i];

    struct person *const p = last_person(r);

    switch (part) {
    case PART_TEXT:
        return &p->text[i];
    case PART_TRAIT:
        return &p->trait[i];
    case PART_GROUP:
        if (p->group_count == 0)
            wrong("no group");
        return &p->groups[p->group_count - 1].v[i];
    case PART_ACTION:
        if (p->action_count == 0)
            wrong("no action");
        return &p->actions[p->action_count - 1].v[i];
    case PART_FIND:
        if (p->find_count == 0)
            wrong("no find");
        return &p->finds[p->find_count - 1].v[i];
    case PART_RESULT:
        if (p->result_count == 0)
            wrong("no result");
        return &p->results[p->result_count - 1].v[i];
    default:
        return &p->v[i];
    }
}

static void
edit_field(struct arena *a, const struct installation *in, struct record *r, char *edit)
{
    char *const equals = strchr(edit, '=');

    if (!equals)
        wrong("no edit: %s", edit);
    *equals = '\0';
    if (strcmp(edit, "seq") == 0) {
        last_person(r)->seq = strtoll(equals + 1, NULL, 10);
        return;
    }
    for (unsigned part = 0; part < PART_COUNT; part++)
        for (unsigned i = 0; i < part_fields[part].count; i++)
            if (strcmp(part_fields[part].fields[i].name, edit) == 0) {
                put_value(a, in, &part_fields[part].fields[i], value_of(r, (enum part)part, i),
                          equals + 1);
                return;
            }
    wrong("no such field: %s", edit);
}

void
record_edit(struct arena *a, const struct installation *in, struct record *r, const char *edits)
{
    while (*edits) {
        const size_t length = strcspn(edits, ";");
        char *const edit = arena_strndup(a, edits, length);

        if (*edit == '+' || *edit == '-')
            edit_rows(a, in, r, edit);
        else if (*edit)
            edit_field(a, in, r, edit);
        edits += length + (edits[length] == ';');
    }
}

struct record *
record_valid(struct arena *a, const struct installation *in)
{
    struct record *const r = arena_alloc(a, sizeof *r);

    r->line = r->rows = 1;
    r->started_at_has_offset = true;
    record_edit(a, in, r, valid_stop);
    add_person(a, in, r);
    record_identify(r);
    return r;
}
