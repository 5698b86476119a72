/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Canonical NDJSON. The shape of a registration is one table of objects; walking a parsed line
 * follows it. A key that the table does not have is refused, and when it is the name of something
 * that the city must not receive, so is everything in the record.
 */
#include "collector/decode_form.h"
#include "collector/forbidden.h"
#include "collector/lookup.h"
#include "common/json.h"
#include "common/ndjson.h"
#include "common/utf8.h"

#include <string.h>

/* ---- the shape ------------------------------------------------------------------------------- */

enum object {
    OBJECT_ROOT,
    OBJECT_STOP,
    OBJECT_PERSON,
    OBJECT_SELECTION,
    OBJECT_EXPLANATION,
    OBJECT_TREATMENT,
    OBJECT_REFLECTION,
    OBJECT_GROUP,
    OBJECT_OUTCOME,
    OBJECT_ACTION,
    OBJECT_FIND,
    OBJECT_RESULT,
    OBJECT_COUNT
};

enum { NAME_SHOWN = 40, DIGITS_SHOWN = 2 }; /* of an unknown key */

enum shape { SHAPE_FIELD, SHAPE_OBJECT, SHAPE_LIST, SHAPE_SEQ };

static const struct {
    const char *pointer; /* as findings carry it */
    const char *key;     /* in the object that holds it */
    enum object parent;
    enum shape shape;
} objects[OBJECT_COUNT] = {
    [OBJECT_ROOT] = {"", "", OBJECT_COUNT, SHAPE_OBJECT},
    [OBJECT_STOP] = {"/stop", "stop", OBJECT_ROOT, SHAPE_OBJECT},
    [OBJECT_PERSON] = {"/persons", "persons", OBJECT_ROOT, SHAPE_LIST},
    [OBJECT_SELECTION] = {"/persons/selection", "selection", OBJECT_PERSON, SHAPE_OBJECT},
    [OBJECT_EXPLANATION] = {"/persons/explanation", "explanation", OBJECT_PERSON, SHAPE_OBJECT},
    [OBJECT_TREATMENT] = {"/persons/treatment", "treatment", OBJECT_PERSON, SHAPE_OBJECT},
    [OBJECT_REFLECTION] = {"/persons/reflection", "reflection", OBJECT_PERSON, SHAPE_OBJECT},
    [OBJECT_GROUP] = {"/persons/group", "group", OBJECT_PERSON, SHAPE_LIST},
    [OBJECT_OUTCOME] = {"/persons/outcome", "outcome", OBJECT_PERSON, SHAPE_OBJECT},
    [OBJECT_ACTION] = {"/persons/outcome/actions", "actions", OBJECT_OUTCOME, SHAPE_LIST},
    [OBJECT_FIND] = {"/persons/outcome/finds", "finds", OBJECT_OUTCOME, SHAPE_LIST},
    [OBJECT_RESULT] = {"/persons/outcome/results", "results", OBJECT_OUTCOME, SHAPE_LIST},
};

struct member { /* what a key of an object stands for */
    enum shape shape;
    enum object object;      /* of OBJECT and LIST */
    const struct slot *slot; /* of FIELD */
};

struct json_form {
    struct ndjson *lines;
    struct lookup *members[OBJECT_COUNT];
};

/* The object that holds a field. */
static enum object
object_of(enum part part, unsigned index)
{
    static const enum object of[PART_COUNT] = {
        [PART_OFFICER] = OBJECT_STOP,  [PART_TRAIT] = OBJECT_PERSON, [PART_GROUP] = OBJECT_GROUP,
        [PART_ACTION] = OBJECT_ACTION, [PART_FIND] = OBJECT_FIND,    [PART_RESULT] = OBJECT_RESULT,
    };
    const char *const name = part_fields[part].fields[index].object;

    if (part == PART_STOP)
        return index < STOP_started_at ? OBJECT_ROOT : OBJECT_STOP;
    if (part != PART_PERSON && part != PART_TEXT)
        return of[part];
    for (int o = OBJECT_SELECTION; o <= OBJECT_REFLECTION; o++)
        if (strcmp(name, objects[o].key) == 0)
            return (enum object)o;
    return OBJECT_PERSON;
}

static void
add_member(struct decoder *d, enum object in, const char *key, struct member m)
{
    struct member *const kept = arena_alloc(d->arena, sizeof *kept);

    *kept = m;
    lookup_add(d->json->members[in], span_of(key), kept);
}

bool
json_form_start(struct decoder *d, struct reader in, struct err *e)
{
    (void)e;
    d->json = arena_alloc(d->arena, sizeof *d->json);
    d->json->lines = ndjson_new(d->arena, in, RECORD_BYTES_MOST);
    for (int o = 0; o < OBJECT_COUNT; o++)
        d->json->members[o] = lookup_new(d->arena, STOP_COUNT + OBJECT_COUNT);
    for (int o = OBJECT_STOP; o < OBJECT_COUNT; o++)
        add_member(d, objects[o].parent, objects[o].key,
                   (struct member){.shape = objects[o].shape, .object = (enum object)o});
    for (int p = 0; p < PART_COUNT; p++)
        for (unsigned i = 0; i < part_fields[p].count; i++)
            add_member(d, object_of((enum part)p, i), part_fields[p].fields[i].name,
                       (struct member){.shape = SHAPE_FIELD, .slot = &d->values->slots[p][i]});
    add_member(d, OBJECT_PERSON, "person_seq", (struct member){.shape = SHAPE_SEQ});
    return true;
}

/* ---- one value ------------------------------------------------------------------------------- */

struct walk {
    struct decoder *d;
    struct outcome *o;
    struct target t;
};

static bool walk_object(struct walk *w, enum object object, const json_t *j);

static int64_t
person_seq(const struct walk *w)
{
    return w->t.person ? w->t.person->seq : 0;
}

static struct span
string_of(const json_t *j)
{
    return (struct span){json_string_value(j), json_string_length(j)};
}

static enum value_fault
take_codes(struct walk *w, const struct slot *s, const json_t *j, struct value *v)
{
    struct span texts[CODES_MOST];
    const size_t count = json_array_size(j);

    if (!json_is_array(j) || count > CODES_MOST)
        return VALUE_TYPE;
    for (size_t i = 0; i < count; i++) {
        if (!json_is_string(json_array_get(j, i)))
            return VALUE_TYPE;
        texts[i] = string_of(json_array_get(j, i));
    }
    return value_codes(w->d->values, s, texts, (unsigned)count, v);
}

static enum value_fault
take_value(struct walk *w, const struct slot *s, const json_t *j, struct value *v)
{
    switch (s->field->type) {
    case FIELD_CODES:
        return take_codes(w, s, j, v);
    case FIELD_BOOL:
        if (!json_is_boolean(j))
            return VALUE_TYPE;
        *v = (struct value){.given = true, .flag = json_is_true(j)};
        return VALUE_FINE;
    case FIELD_INT: {
        const json_int_t number = json_integer_value(j);
        if (!json_is_integer(j) || number < s->least || number > s->most)
            return VALUE_TYPE;
        *v = (struct value){.given = true, .number = number};
        return VALUE_FINE;
    }
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_TIME:
        break;
    }
    return json_is_string(j) ? value_string(w->d->values, s, string_of(j), v) : VALUE_TYPE;
}

static void
take_field(struct walk *w, const struct slot *s, const json_t *j)
{
    struct value v = {0};
    const enum value_fault fault = take_value(w, s, j, &v);

    if (fault != VALUE_FINE) {
        decode_fault(w->o, fault, s->field->pointer, person_seq(w));
        return;
    }
    *target_value(&w->t, s->part, s->index) = v;
    if (s->field->type == FIELD_TIME)
        decode_note_time(w->d, w->t.record, s);
}

/* ---- keys that do not belong ----------------------------------------------------------------- */

static void
refuse_name(struct walk *w, const char *pointer, const char *forbidden)
{
    finding_add(w->o->findings, RULE_R010, arena_printf(w->o->a, "%s/%s", pointer, forbidden),
                person_seq(w));
}

/* Forbidden names below an unknown key; their place is that of the nearest object that we know. */
static void
search_forbidden(struct walk *w, const char *pointer, const json_t *j)
{
    const char *key;
    json_t *value;
    size_t i;

    json_array_foreach(j, i, value)
    {
        search_forbidden(w, pointer, value);
    }
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        const char *const forbidden = forbidden_name(span_of(key));
        if (forbidden)
            refuse_name(w, pointer, forbidden);
        search_forbidden(w, pointer, value);
    }
}

/* Keys come from outside: only what reads as the name of a field is repeated. */
static bool
is_field_name(struct span key)
{
    unsigned digits = 0;

    for (size_t i = 0; i < key.length; i++) {
        const char c = key.data[i];
        const bool digit = c >= '0' && c <= '9';

        digits += digit;
        if (!(c >= 'a' && c <= 'z') && !(i > 0 && (c == '_' || digit)))
            return false;
    }
    return key.length > 0 && key.length <= NAME_SHOWN && digits <= DIGITS_SHOWN;
}

static void
refuse_unknown(struct walk *w, const char *pointer, struct span key)
{
    const bool shown = is_field_name(key);

    finding_add_why(
        w->o->findings, RULE_R013,
        shown ? arena_printf(w->o->a, "%s/%.*s", pointer, (int)key.length, key.data) : pointer,
        person_seq(w), shown ? "unknown field" : "unknown field, with a name that is not repeated");
}

static void
take_unknown(struct walk *w, enum object object, struct span key, const json_t *j)
{
    const char *const pointer = objects[object].pointer;
    const char *const forbidden = forbidden_name(key);

    if (forbidden)
        refuse_name(w, pointer, forbidden);
    else
        refuse_unknown(w, pointer, key);
    search_forbidden(w, pointer, j);
}

/* ---- objects --------------------------------------------------------------------------------- */

static void
take_seq(struct walk *w, const json_t *j)
{
    const json_int_t seq = json_integer_value(j);

    /* Gaps are rule E043's; what is no positive smallint is no number of a person. */
    if (!json_is_integer(j) || seq < 1 || seq > INT16_MAX)
        finding_add(w->o->findings, RULE_R013, "/persons/person_seq", 0);
    else
        w->t.person->seq = seq;
}

/* Makes room for one more of a list's elements and points the walk at it; false when there are too
 * many. */
static bool
enter_element(struct walk *w, enum object object)
{
    struct target *const t = &w->t;

    switch (object) {
    case OBJECT_PERSON:
        t->person = record_add_person(w->o->a, t->record);
        return true;
    case OBJECT_GROUP:
        if (t->person->group_count == GROUPS_MOST)
            return false;
        t->group = person_add_group(w->o->a, t->person);
        return true;
    case OBJECT_ACTION:
        t->action = person_add_action(w->o->a, t->person);
        return true;
    case OBJECT_FIND:
        t->find = person_add_find(w->o->a, t->person);
        return true;
    default:
        t->result = person_add_result(w->o->a, t->person);
        return true;
    }
}

static bool
walk_list(struct walk *w, enum object object, const json_t *j)
{
    struct findings *const f = w->o->findings;
    size_t i;
    json_t *element;

    if (!json_is_array(j))
        return false;
    json_array_foreach(j, i, element)
    {
        if (!enter_element(w, object))
            return false;
        *(object == OBJECT_PERSON ? &f->person : &f->element) = (unsigned)i + 1;
        if (!walk_object(w, object, element))
            return false;
    }
    return true;
}

static void
take_member(struct walk *w, const struct member *m, const json_t *j)
{
    const struct target before = w->t;
    struct findings *const f = w->o->findings;
    const unsigned person = f->person, element = f->element;
    bool good = true;

    switch (m->shape) {
    case SHAPE_FIELD:
        take_field(w, m->slot, j);
        return;
    case SHAPE_SEQ:
        return; /* read first, because findings name it */
    case SHAPE_OBJECT:
        good = walk_object(w, m->object, j);
        break;
    case SHAPE_LIST:
        good = walk_list(w, m->object, j);
        break;
    }
    w->t = before;
    f->person = person;
    f->element = element;
    if (!good)
        finding_add(f, RULE_R013, objects[m->object].pointer, person_seq(w));
}

/* False when j is no object. */
static bool
walk_object(struct walk *w, enum object object, const json_t *j)
{
    if (!json_is_object(j))
        return false;
    json_t *const writable = (json_t *)(uintptr_t)j; /* jansson iterates over mutable trees only */
    const json_t *const seq = object == OBJECT_PERSON ? json_object_get(j, "person_seq") : NULL;
    if (seq && !json_is_null(seq))
        take_seq(w, seq);
    for (void *i = json_object_iter(writable); i; i = json_object_iter_next(writable, i)) {
        const struct span key = {json_object_iter_key(i), json_object_iter_key_len(i)};
        const json_t *const value = json_object_iter_value(i);
        const struct member *const m = lookup_get(w->d->json->members[object], key);
        if (!m)
            take_unknown(w, object, key, value);
        else if (!json_is_null(value))
            take_member(w, m, value);
    }
    return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* A file that is one JSON array is of another kind; inside a file it is one bad line. */
static enum decode_status
array_file(struct decoder *d, struct outcome *o, const struct ndjson_line *line)
{
    d->fatal_line = line->number;
    err_set(o->e, ERR_INPUT, "line %llu: the file is a JSON array, not one record a line",
            (unsigned long long)line->number);
    err_hint(o->e, "write each registration as one line without the brackets around all");
    return decode_fatal(o, RULE_F001);
}

/* NULL for a line that is a JSON object. */
static const char *
line_fault(struct outcome *o, struct span raw, const json_t **root)
{
    struct err e = {0};
    size_t bad;

    if (!utf8_valid(raw, &bad))
        return "not valid UTF-8";
    *root = json_parse(o->a, raw, 0, &e);
    if (!*root) { /* the line number in it is that of the registration */
        const char *const column = strstr(e.text, "column ");

        return arena_strdup(o->a, column ? column : e.text);
    }
    return json_is_object(*root) ? NULL : "a JSON array, not an object";
}

static enum decode_status
line_record(struct decoder *d, struct outcome *o, const struct ndjson_line *line,
            struct record **record)
{
    const struct span raw = {arena_strndup(o->a, line->text.data, line->text.length),
                             line->text.length};
    const json_t *root = NULL;
    const char *const fault = line_fault(o, raw, &root);

    if (fault) {
        *record = decode_unreadable(o, line->number, raw, fault);
        return DECODE_RECORD;
    }
    struct record *const r = *record = arena_alloc(o->a, sizeof *r);
    r->line = line->number;
    r->rows = 1;
    r->raw = raw;
    struct walk w = {.d = d, .o = o, .t = {.record = r}};
    walk_object(&w, OBJECT_ROOT, root);
    return decode_finish(d, o, r);
}

enum decode_status
json_form_text(struct decoder *d, struct outcome *o, struct span text, struct record **record)
{
    const struct ndjson_line line = {.number = 1, .text = text};

    return line_record(d, o, &line, record);
}

enum decode_status
json_form_next(struct decoder *d, struct outcome *o, struct record **record)
{
    struct ndjson_line line;
    const enum ndjson_status status = ndjson_next(d->json->lines, &line, o->e);

    if ((status == NDJSON_LINE || status == NDJSON_LONG) && d->records == 0 && line.first == '[')
        return array_file(d, o, &line);
    switch (status) {
    case NDJSON_END:
        return DECODE_END;
    case NDJSON_FATAL:
        return decode_fatal(o, RULE_F001);
    case NDJSON_LONG:
        *record = decode_unreadable(o, line.number, (struct span){0}, "longer than 65,536 bytes");
        return DECODE_RECORD;
    case NDJSON_LINE:
        break;
    }
    return line_record(d, o, &line, record);
}
