/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Codes are looked up, numbers and times read strictly, texts brought to NFC and measured in
 * characters. ASCII without control characters, which is nearly everything, takes a short way.
 */
#include "collector/value.h"
#include "common/utf8.h"

#include <string.h>

/* ---- slots ----------------------------------------------------------------------------------- */

static struct slot
slot_of(const struct installation *in, enum part part, unsigned index)
{
    const struct field *const f = &part_fields[part].fields[index];
    const char *const list = strcmp(f->list, "perceived_group") == 0 ? in->group_list : f->list;
    struct slot s = {.field = f,
                     .list = f->list[0] ? code_list_find(in, list) : NULL,
                     .least = f->least,
                     .most = f->most,
                     .part = part,
                     .index = index};

    /* Rule E031 judges the bounds of a duration, so that the record is kept in quarantine. */
    if (part == PART_STOP && index == STOP_duration_min) {
        s.least = INT32_MIN;
        s.most = INT32_MAX;
    }
    return s;
}

struct values *
values_new(struct arena *a, const struct installation *in, struct err *e)
{
    struct values *const vs = arena_alloc(a, sizeof *vs);

    vs->zone = zone_open(a, in->zone_name, e);
    for (int p = 0; p < PART_COUNT; p++) {
        struct slot *const slots = arena_array(a, part_fields[p].count, sizeof *slots);
        for (unsigned i = 0; i < part_fields[p].count; i++) {
            slots[i] = slot_of(in, (enum part)p, i);
            if (slots[i].field->list[0] && !slots[i].list) {
                err_set(e, ERR_CONFIG, "code list of field %s is empty", slots[i].field->name);
                return NULL;
            }
        }
        vs->slots[p] = slots;
    }
    return vs->zone ? vs : NULL;
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* Printable ASCII: valid UTF-8, in NFC, nothing forbidden, a byte a character. */
static bool
is_plain(struct span s)
{
    bool odd = false;

    for (size_t i = 0; i < s.length; i++)
        odd |= (unsigned char)((unsigned char)s.data[i] - 0x20) > 0x5e;
    return !odd;
}

/* Spellings of nothing. Nothing is said by leaving the field empty. */
static bool
says_nothing(struct span s)
{
    static const char *const words[] = {"-", "\\N", "NULL", "null", "onbekend", "Onbekend"};

    if (s.length > 8)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(s, words[i]))
            return true;
    return false;
}

/* Line ends and tabs belong in sentences, not in numbers, units and areas. */
static bool
has_line_end(struct span s)
{
    return memchr(s.data, '\n', s.length) || memchr(s.data, '\t', s.length);
}

enum { IDENTIFIER_MOST = 100 }; /* longer fields hold sentences */

static enum value_fault
text_value(struct values *vs, const struct slot *s, struct span text, struct value *v)
{
    size_t length = text.length;

    if (!is_plain(text)) {
        text = utf8_nfc(vs->arena, text);
        length = utf8_length(text);
        if (utf8_has_forbidden(text) || (s->most <= IDENTIFIER_MOST && has_line_end(text)))
            return VALUE_TYPE;
    }
    if ((int64_t)length < s->least || (int64_t)length > s->most || says_nothing(text))
        return VALUE_TYPE;
    if (vs->copy)
        text.data = arena_strndup(vs->arena, text.data, text.length);
    *v = (struct value){.given = true, .text = text};
    return VALUE_FINE;
}

/* ---- times ----------------------------------------------------------------------------------- */

/* The clock time `read` (as if UTC) on the clocks of the source. */
static instant
local_time(struct values *vs, instant read)
{
    struct civil c;
    instant first = read, second = read;

    instant_civil_utc(read, &c);
    const enum zone_status status = zone_instants(vs->zone, &c, &first, &second);
    if (status == ZONE_MISSING) {
        vs->missing = true;
        /* Rule E036 refuses it; until then the clocks count as not yet moved. */
        return read - zone_offset(vs->zone, read - 86400 * MICROS) * MICROS;
    }
    vs->ambiguous =
        status == ZONE_AMBIGUOUS && vs->policy != TIME_FIRST && vs->policy != TIME_SECOND;
    return vs->policy == TIME_SECOND ? second : first;
}

static enum value_fault
time_value(struct values *vs, struct span text, struct value *v)
{
    instant t;

    vs->ambiguous = vs->missing = false;
    if (!instant_parse(text, &t, &vs->has_offset))
        return VALUE_TYPE;
    if (!vs->has_offset)
        t = local_time(vs, t);
    *v = (struct value){.given = true, .number = t};
    return VALUE_FINE;
}

/* ---- codes ----------------------------------------------------------------------------------- */

static enum value_fault
code_value(const struct slot *s, struct span text, struct value *v)
{
    const struct code *const code = code_find(s->list, text);

    if (!code)
        return VALUE_CODE;
    *v = (struct value){.given = true, .code = code};
    return VALUE_FINE;
}

enum value_fault
value_codes(struct values *vs, const struct slot *s, const struct span *texts, unsigned count,
            struct value *v)
{
    if (count == 0)
        return VALUE_FINE;
    if (count > CODES_MOST || (int64_t)count > s->most)
        return VALUE_TYPE;

    const struct code **const codes = arena_array(vs->arena, count, sizeof *codes);
    for (unsigned i = 0; i < count; i++) {
        codes[i] = code_find(s->list, texts[i]);
        if (!codes[i])
            return VALUE_CODE;
        for (unsigned k = 0; k < i; k++)
            if (codes[k] == codes[i])
                return VALUE_TYPE;
    }
    *v = (struct value){.given = true, .count = (uint8_t)count, .codes = codes};
    return VALUE_FINE;
}

static enum value_fault
codes_value(struct values *vs, const struct slot *s, struct span text, struct value *v)
{
    struct span texts[CODES_MOST + 1];
    unsigned count = 0;
    const char *p = text.data, *const end = p + text.length;

    for (; count <= CODES_MOST; count++) {
        const char *const bar = memchr(p, '|', (size_t)(end - p));
        texts[count] = (struct span){p, (size_t)((bar ? bar : end) - p)};
        if (!bar) {
            count++;
            break;
        }
        p = bar + 1;
    }
    return value_codes(vs, s, texts, count, v);
}

/* ---- any field ------------------------------------------------------------------------------- */

enum value_fault
value_string(struct values *vs, const struct slot *s, struct span text, struct value *v)
{
    if (s->field->type == FIELD_CODE)
        return code_value(s, text, v);
    return s->field->type == FIELD_TIME ? time_value(vs, text, v) : text_value(vs, s, text, v);
}

static enum value_fault
bool_value(struct span text, struct value *v)
{
    const bool yes = span_is(text, "true");

    if (!yes && !span_is(text, "false"))
        return VALUE_TYPE;
    *v = (struct value){.given = true, .flag = yes};
    return VALUE_FINE;
}

static enum value_fault
int_value(const struct slot *s, struct span text, struct value *v)
{
    int64_t number;

    if (!span_int64(text, s->least, s->most, &number))
        return VALUE_TYPE;
    *v = (struct value){.given = true, .number = number};
    return VALUE_FINE;
}

enum value_fault
value_parse(struct values *vs, const struct slot *s, struct span text, struct value *v)
{
    switch (s->field->type) {
    case FIELD_CODES:
        return codes_value(vs, s, text, v);
    case FIELD_BOOL:
        return bool_value(text, v);
    case FIELD_INT:
        return int_value(s, text, v);
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_TIME:
        break;
    }
    return value_string(vs, s, text, v);
}

bool
value_equal(const struct value *a, const struct value *b, enum field_type type)
{
    if (!a->given || !b->given)
        return a->given == b->given;
    switch (type) {
    case FIELD_CODE:
        return a->code == b->code;
    case FIELD_CODES:
        return a->count == b->count && !memcmp(a->codes, b->codes, a->count * sizeof *a->codes);
    case FIELD_TEXT:
        return span_equal(a->text, b->text);
    case FIELD_BOOL:
        return a->flag == b->flag;
    case FIELD_INT:
    case FIELD_TIME:
        break;
    }
    return a->number == b->number;
}

/* ---- where values go ------------------------------------------------------------------------- */

struct value *
target_value(const struct target *t, enum part part, unsigned index)
{
    switch (part) {
    case PART_STOP:
        return &t->record->v[index];
    case PART_OFFICER:
        return &t->record->officer[index];
    case PART_PERSON:
        return &t->person->v[index];
    case PART_TEXT:
        return &t->person->text[index];
    case PART_TRAIT:
        return &t->person->trait[index];
    case PART_GROUP:
        return &t->group->v[index];
    case PART_ACTION:
        return &t->action->v[index];
    case PART_FIND:
        return &t->find->v[index];
    case PART_RESULT:
        return &t->result->v[index];
    case PART_COUNT:
        break;
    }
    err_fatal("a value without a place");
}

/* Full at 0 and at every power of two: then the array moves to one of twice the room. */
static void *
added(struct arena *a, void *array, unsigned count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    void *const larger = arena_array(a, count ? (size_t)count * 2 : 1, size);
    if (count > 0)
        memcpy(larger, array, count * size);
    return larger;
}

struct person *
record_add_person(struct arena *a, struct record *r)
{
    r->persons = added(a, r->persons, r->person_count, sizeof *r->persons);
    return &r->persons[r->person_count++];
}

struct group *
person_add_group(struct arena *a, struct person *p)
{
    p->groups = added(a, p->groups, p->group_count, sizeof *p->groups);
    return &p->groups[p->group_count++];
}

struct action *
person_add_action(struct arena *a, struct person *p)
{
    p->actions = added(a, p->actions, p->action_count, sizeof *p->actions);
    return &p->actions[p->action_count++];
}

struct find *
person_add_find(struct arena *a, struct person *p)
{
    p->finds = added(a, p->finds, p->find_count, sizeof *p->finds);
    return &p->finds[p->find_count++];
}

struct result *
person_add_result(struct arena *a, struct person *p)
{
    p->results = added(a, p->results, p->result_count, sizeof *p->results);
    return &p->results[p->result_count++];
}
