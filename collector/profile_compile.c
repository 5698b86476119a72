/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From the JSON of a profile to struct profile. Strict: an unknown key, an unknown field, a column
 * that is neither used nor dropped with a reason is a mistake in the profile, named with its place.
 * Texts of the profile are kept by reference to the parsed tree, which the arena owns.
 */
#include "collector/profile_source.h"
#include "common/json.h"

#include <stdio.h>
#include <string.h>

struct compile {
    struct arena *a;
    struct profile *p;
    struct err *e;
    struct span columns[PROFILE_COLUMNS_MOST];
    bool used[PROFILE_COLUMNS_MOST];
    const char *dropped[PROFILE_COLUMNS_MOST]; /* the reason */
};

static bool compile_source(struct compile *c, const char *place, const json_t *j, struct source *s);

/* ---- small helpers ------------------------------------------------------------------------------
 */

static bool
mistake(struct compile *c, const char *place, const char *what)
{
    return err_set(c->e, ERR_CONFIG, "profile %s: %s: %s", c->p->name, place, what);
}

static const char *
at(struct compile *c, const char *place, const char *name)
{
    return place[0] ? arena_printf(c->a, "%s.%s", place, name) : name;
}

static struct span
text_of(const json_t *j)
{
    return (struct span){json_string_value(j), json_string_length(j)};
}

/* Whether every key of an object is one of the names. */
static bool
keys_known(struct compile *c, const char *place, const json_t *object, const char *const *names)
{
    const char *key;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        int i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return mistake(c, at(c, place, key), "is not a key that belongs here");
    }
    return true;
}

static bool
take_text(struct compile *c, const json_t *root, const char *name, bool needed, const char **out)
{
    const json_t *const j = json_object_get(root, name);

    if (j && !json_is_string(j))
        return mistake(c, name, "is not a text");
    if (!j && needed)
        return mistake(c, name, "is missing");
    *out = json_string_value(j);
    return true;
}

static bool
take_column(struct compile *c, const char *place, const json_t *j, unsigned *column)
{
    for (unsigned i = 0; json_is_string(j) && i < c->p->column_count; i++)
        if (span_equal(c->columns[i], text_of(j))) {
            c->used[i] = true;
            *column = i;
            return true;
        }
    return mistake(c, place, "names a column that no header has");
}

/* An array of texts. */
static bool
take_texts(struct compile *c, const char *place, const json_t *j, const struct span **texts,
           unsigned *count)
{
    if (!json_is_array(j))
        return mistake(c, place, "is not a list");
    struct span *const list = arena_array(c->a, json_array_size(j), sizeof *list);
    for (size_t i = 0; i < json_array_size(j); i++) {
        if (!json_is_string(json_array_get(j, i)))
            return mistake(c, place, "holds something that is not a text");
        list[i] = text_of(json_array_get(j, i));
    }
    *texts = list;
    *count = (unsigned)json_array_size(j);
    return true;
}

/* ---- conditions ---------------------------------------------------------------------------------
 */

static bool
compile_condition(struct compile *c, const char *place, const json_t *j, struct condition *out)
{
    if (json_is_null(j)) {
        out->kind = COLUMN_MISSING;
        return true;
    }
    if (json_is_true(j)) {
        out->kind = COLUMN_GIVEN;
        return true;
    }
    out->kind = COLUMN_IS;
    if (json_is_array(j))
        return take_texts(c, place, j, &out->values, &out->count);
    if (!json_is_string(j))
        return mistake(c, place, "is not a text, a list of texts, true or null");
    struct span *const one = arena_alloc(c->a, sizeof *one);
    *one = text_of(j);
    out->values = one;
    out->count = 1;
    return true;
}

static bool
compile_when(struct compile *c, const char *place, const json_t *j, struct when *out)
{
    const char *key;
    json_t *value;

    *out = (struct when){0};
    if (!j)
        return true;
    if (!json_is_object(j))
        return mistake(c, place, "is not an object of columns");
    struct condition *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        const char *const here = at(c, place, key);
        if (!take_column(c, here, json_own(c->a, json_string(key)), &list[out->count].column) ||
            !compile_condition(c, here, value, &list[out->count]))
            return false;
        out->count++;
    }
    out->conditions = list;
    return true;
}

/* ---- sources ------------------------------------------------------------------------------------
 */

static bool
compile_map(struct compile *c, const char *place, const json_t *j, struct source *s,
            struct span *texts)
{
    const char *key;
    json_t *value;

    if (!json_is_object(j))
        return mistake(c, place, "is not an object");
    struct lookup *const map = lookup_new(c->a, json_object_size(j));
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        if (!json_is_string(value) && !json_is_null(value))
            return mistake(c, at(c, place, key), "is neither a text nor null");
        texts[s->text_count] = text_of(value);
        lookup_add(map, span_of(key), &texts[s->text_count++]);
    }
    s->map = map;
    return true;
}

static bool
compile_bands(struct compile *c, const char *place, const json_t *j, struct source *s,
              struct span *texts)
{
    struct band *const bands = arena_array(c->a, json_array_size(j), sizeof *bands);

    for (size_t i = 0; i < json_array_size(j); i++) {
        const json_t *const pair = json_array_get(j, i);
        const json_t *const least = json_array_get(pair, 0), *const text = json_array_get(pair, 1);
        if (!json_is_number(least) || !json_is_string(text) || json_array_size(pair) != 2)
            return mistake(c, place, "is not a list of [least, text]");
        bands[i] = (struct band){json_number_value(least), text_of(text)};
        if (i > 0 && bands[i].least <= bands[i - 1].least)
            return mistake(c, place, "does not rise");
        texts[s->text_count++] = bands[i].text;
    }
    s->bands = bands;
    s->band_count = (unsigned)json_array_size(j);
    return s->band_count > 0 || mistake(c, place, "is empty");
}

static bool
compile_unmapped(struct compile *c, const char *place, const json_t *j, struct source *s,
                 struct span *texts)
{
    if (!j)
        return true;
    if (!json_is_string(j))
        return mistake(c, place, "is not refuse, drop or a text");
    if (strcmp(json_string_value(j), "drop") == 0)
        s->unmapped = UNMAPPED_DROP;
    else if (strcmp(json_string_value(j), "refuse") != 0) {
        s->unmapped = UNMAPPED_TEXT;
        s->unmapped_text = texts[s->text_count++] = text_of(j);
    }
    return true;
}

static bool
compile_column(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    static const char *const keys[] = {"column", "map", "bands", "unmapped", "absent", NULL};
    const json_t *const map = json_object_get(j, "map"), *const bands = json_object_get(j, "bands");
    const json_t *const absent = json_object_get(j, "absent");
    struct span *const texts =
        arena_array(c->a, json_object_size(map) + json_array_size(bands) + 2, sizeof *texts);

    s->kind = SOURCE_COLUMN;
    s->texts = texts;
    if (!keys_known(c, place, j, keys) ||
        !take_column(c, place, json_object_get(j, "column"), &s->column))
        return false;
    if (absent && !json_is_string(absent))
        return mistake(c, at(c, place, "absent"), "is not a text");
    if (absent)
        s->absent_text = texts[s->text_count++] = text_of(absent);
    return (!map || compile_map(c, at(c, place, "map"), map, s, texts)) &&
           (!bands || compile_bands(c, at(c, place, "bands"), bands, s, texts)) &&
           compile_unmapped(c, at(c, place, "unmapped"), json_object_get(j, "unmapped"), s, texts);
}

static bool
compile_join(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    static const char *const keys[] = {"join", "by", NULL};
    const json_t *const join = json_object_get(j, "join");
    const json_t *const by = json_object_get(j, "by");

    if (!keys_known(c, place, j, keys))
        return false;
    if (!json_is_array(join) || json_array_size(join) == 0 || (by && !json_is_string(by)))
        return mistake(c, place, "is not a list of sources and a text between them");
    s->kind = SOURCE_JOIN;
    s->text = by ? text_of(by) : SPAN_LITERAL("");
    s->count = (unsigned)json_array_size(join);
    struct source *const parts = arena_array(c->a, s->count, sizeof *parts);
    for (unsigned i = 0; i < s->count; i++)
        if (!compile_source(c, place, json_array_get(join, i), &parts[i]))
            return false;
    s->parts = parts;
    return true;
}

static bool
compile_cases(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    static const char *const keys[] = {"when", "value", NULL};

    s->kind = SOURCE_CASES;
    s->count = (unsigned)json_array_size(j);
    struct source *const parts = arena_array(c->a, s->count, sizeof *parts);
    struct when *const whens = arena_array(c->a, s->count, sizeof *whens);
    for (unsigned i = 0; i < s->count; i++) {
        const json_t *const one = json_array_get(j, i);
        const json_t *const value = json_object_get(one, "value");
        if (!value)
            return mistake(c, place, "has a case without a value");
        if (!keys_known(c, place, one, keys) ||
            !compile_when(c, at(c, place, "when"), json_object_get(one, "when"), &whens[i]) ||
            !compile_source(c, place, value, &parts[i]))
            return false;
    }
    s->parts = parts;
    s->whens = whens;
    return true;
}

static bool
compile_source(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    *s = (struct source){0};
    if (json_is_null(j)) /* a constant nothing */
        return true;
    if (json_is_string(j)) {
        s->text = text_of(j);
        s->texts = &s->text;
        s->text_count = 1;
        return true;
    }
    if (json_is_array(j))
        return compile_cases(c, place, j, s);
    if (json_object_get(j, "join"))
        return compile_join(c, place, j, s);
    return json_is_object(j) ? compile_column(c, place, j, s)
                             : mistake(c, place, "is not a source");
}

/* ---- bindings -----------------------------------------------------------------------------------
 */

static bool *
covered(struct coverage *cover, enum part part, unsigned index)
{
    bool *const of[PART_COUNT] = {cover->stop,   cover->officer, cover->person,
                                  cover->text,   cover->trait,   cover->group,
                                  cover->action, cover->find,    cover->result};
    return &of[part][index];
}

/* The field of that name in one of the parts; parts of a person have dotted names. */
static bool
find_field(const enum part *parts, const char *name, enum part *part, unsigned *index)
{
    for (; *parts != PART_COUNT; parts++)
        for (unsigned i = 0; i < part_fields[*parts].count; i++) {
            const struct field *const f = &part_fields[*parts].fields[i];
            const bool dotted = (*parts == PART_PERSON || *parts == PART_TEXT) && f->object[0];
            const size_t n = dotted ? strlen(f->object) : 0;
            if (dotted && (strncmp(name, f->object, n) != 0 || name[n] != '.'))
                continue;
            if (strcmp(name + (dotted ? n + 1 : 0), f->name) == 0) {
                *part = *parts;
                *index = i;
                return true;
            }
        }
    return false;
}

static bool
compile_binding(struct compile *c, const char *place, const enum part *parts, const char *name,
                const json_t *j, struct binding *b)
{
    if (!find_field(parts, name, &b->part, &b->index))
        return mistake(c, place, "is not a field that belongs here");
    *covered(&c->p->coverage, b->part, b->index) = true;
    return compile_source(c, place, j, &b->source);
}

/* The members of an object as bindings; the "when" of an action, find or result is not one. */
static bool
compile_bindings(struct compile *c, const char *place, const enum part *parts, const json_t *j,
                 struct bindings *out)
{
    const char *key;
    json_t *value;

    *out = (struct bindings){0};
    if (!j)
        return true;
    if (!json_is_object(j))
        return mistake(c, place, "is not an object of fields");
    struct binding *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        if (parts[0] >= PART_ACTION && strcmp(key, "when") == 0)
            continue;
        if (!compile_binding(c, at(c, place, key), parts, key, value, &list[out->count]))
            return false;
        out->count++;
    }
    out->list = list;
    return true;
}

static bool
compile_children(struct compile *c, const char *place, enum part part, const json_t *j,
                 struct children *out)
{
    const enum part parts[] = {part, PART_COUNT};

    if (!j)
        return true;
    if (!json_is_array(j))
        return mistake(c, place, "is not a list");
    struct child *const list = arena_array(c->a, json_array_size(j), sizeof *list);
    for (; out->count < json_array_size(j); out->count++) {
        const json_t *const one = json_array_get(j, out->count);
        struct child *const child = &list[out->count];
        if (!compile_bindings(c, place, parts, one, &child->set) ||
            !compile_when(c, at(c, place, "when"), json_object_get(one, "when"), &child->when))
            return false;
    }
    out->list = list;
    return true;
}

/* {"before_contact": source, …}: a row of codes for each perspective. */
static bool
compile_groups(struct compile *c, const json_t *j, struct children *out)
{
    const char *key;
    json_t *value;

    if (!j)
        return true;
    if (!json_is_object(j) || json_object_size(j) > GROUPS_MOST)
        return mistake(c, "group", "is not an object of perspectives");
    struct child *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        struct binding *const set = arena_array(c->a, 2, sizeof *set);
        set[0] = (struct binding){PART_GROUP, GROUP_perspective, {.text = span_of(key)}};
        set[0].source.texts = &set[0].source.text;
        set[0].source.text_count = 1;
        set[1] = (struct binding){.part = PART_GROUP, .index = GROUP_codes};
        if (!compile_source(c, at(c, "group", key), value, &set[1].source))
            return false;
        list[out->count++].set = (struct bindings){2, set};
    }
    out->list = list;
    c->p->coverage.group[GROUP_perspective] = c->p->coverage.group[GROUP_codes] = out->count > 0;
    return true;
}

/* ---- headers and columns ------------------------------------------------------------------------
 */

static bool
column_number(struct compile *c, struct span name, unsigned *number)
{
    unsigned i = 0;

    while (i < c->p->column_count && !span_equal(c->columns[i], name))
        i++;
    if (i == PROFILE_COLUMNS_MOST)
        return mistake(c, "headers", "have too many columns");
    if (i == c->p->column_count) {
        c->columns[i] = name;
        c->p->column_count++;
    }
    *number = i;
    return true;
}

static bool
compile_header(struct compile *c, const json_t *j, struct header *h)
{
    static const char *const keys[] = {"name", "order", "columns", "as", NULL};
    const json_t *const as = json_object_get(j, "as");
    const char *order;
    const struct span *columns;
    unsigned named = 0;

    if (!keys_known(c, "headers", j, keys) || !take_text(c, j, "name", true, &h->name) ||
        !take_text(c, j, "order", true, &order) ||
        !take_texts(c, "headers.columns", json_object_get(j, "columns"), &columns, &h->count))
        return false;
    h->any_order = strcmp(order, "any") == 0;
    if (!h->any_order && strcmp(order, "exact") != 0)
        return mistake(c, "headers.order", "is neither exact nor any");
    h->names = columns;
    if (as && !take_texts(c, "headers.as", as, &h->names, &named))
        return false;
    if (h->count == 0 || (as && named != h->count))
        return mistake(c, "headers.as", "has another number of names than columns");
    unsigned *const numbers = arena_array(c->a, h->count, sizeof *numbers);
    for (unsigned i = 0; i < h->count; i++) {
        if (!column_number(c, columns[i], &numbers[i]))
            return false;
        for (unsigned k = 0; k < i; k++)
            if (numbers[k] == numbers[i])
                return mistake(c, "headers.columns", "has a column twice");
    }
    h->columns = numbers;
    return true;
}

static bool
compile_headers(struct compile *c, const json_t *j)
{
    if (!json_is_array(j) || json_array_size(j) == 0)
        return mistake(c, "headers", "is not a list");
    struct header *const list = arena_array(c->a, json_array_size(j), sizeof *list);
    for (size_t i = 0; i < json_array_size(j); i++)
        if (!compile_header(c, json_array_get(j, i), &list[i]))
            return false;
    c->p->headers = list;
    c->p->header_count = (unsigned)json_array_size(j);
    struct span *const columns = arena_array(c->a, c->p->column_count, sizeof *columns);
    memcpy(columns, c->columns, c->p->column_count * sizeof *columns);
    c->p->columns = columns;
    return true;
}

static bool
compile_dropped(struct compile *c, const json_t *j)
{
    const char *key;
    json_t *value;
    struct span *const prefixes = arena_array(c->a, json_object_size(j), sizeof *prefixes);

    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        const size_t n = strlen(key);
        unsigned i = 0;
        if (json_string_length(value) == 0)
            return mistake(c, at(c, "dropped", key), "has no reason");
        if (n > 1 && key[n - 1] == '*') {
            prefixes[c->p->dropped_prefix_count++] = (struct span){key, n - 1};
            continue;
        }
        while (i < c->p->column_count && !span_is(c->columns[i], key))
            i++;
        if (i == c->p->column_count)
            return mistake(c, at(c, "dropped", key), "names a column that no header has");
        c->dropped[i] = json_string_value(value);
    }
    c->p->dropped_prefixes = prefixes;
    return true;
}

static bool
columns_accounted(struct compile *c)
{
    for (unsigned i = 0; i < c->p->column_count; i++) {
        const char *const name = arena_strndup(c->a, c->columns[i].data, c->columns[i].length);
        if (!c->used[i] && !c->dropped[i])
            return mistake(c, at(c, "columns", name), "is neither used nor dropped with a reason");
        if (c->used[i] && c->dropped[i])
            return mistake(c, at(c, "columns", name), "is used and dropped as well");
    }
    return true;
}

/* ---- codes --------------------------------------------------------------------------------------
 */

static bool
compile_code(struct compile *c, const char *list, const json_t *j, struct profile_code *out)
{
    static const char *const keys[] = {"code", "nl", "en", "flags", "valid_from", NULL};
    const struct span *flags = NULL;
    const char *from = NULL;
    unsigned count = 0;
    struct strbuf *const joined = strbuf_new(c->a, 1024);

    out->list = list;
    if (!keys_known(c, list, j, keys) || !take_text(c, j, "code", true, &out->code) ||
        !take_text(c, j, "nl", true, &out->nl) || !take_text(c, j, "en", true, &out->en) ||
        !take_text(c, j, "valid_from", false, &from))
        return false;
    if (json_object_get(j, "flags") &&
        !take_texts(c, list, json_object_get(j, "flags"), &flags, &count))
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (code_flag_of(flags[i]) == 0)
            return mistake(c, at(c, list, out->code), "has an unknown flag");
        strbuf_printf(joined, "%s%.*s", i ? "|" : "", (int)flags[i].length, flags[i].data);
    }
    out->flags = count ? joined->data : "";
    out->valid_from = civil_days(1900, 1, 1);
    if (from && !date_parse(span_of(from), &out->valid_from))
        return mistake(c, at(c, list, out->code), "has a valid_from that is not a date");
    return true;
}

static bool
compile_codes(struct compile *c, const json_t *j)
{
    const char *list;
    json_t *codes;
    size_t total = 0;

    json_object_foreach((json_t *)(uintptr_t)j, list, codes) total += json_array_size(codes);
    struct profile_code *const all = arena_array(c->a, total, sizeof *all);
    json_object_foreach((json_t *)(uintptr_t)j, list,
                        codes) for (size_t i = 0; i < json_array_size(codes);
                                    i++) if (!compile_code(c, list, json_array_get(codes, i),
                                                           &all[c->p->code_count++])) return false;
    c->p->codes = all;
    return true;
}

/* ---- the whole ----------------------------------------------------------------------------------
 */

static bool
compile_settings(struct compile *c, const json_t *root)
{
    struct profile *const p = c->p;
    const char *go_live, *areas, *ambiguous;

    if (!take_text(c, root, "description", true, &p->description) ||
        !take_text(c, root, "source", true, &p->source) ||
        !take_text(c, root, "licence", true, &p->licence) ||
        !take_text(c, root, "zone", false, &p->zone) ||
        !take_text(c, root, "area_set", false, &p->area_set) ||
        !take_text(c, root, "group_list", false, &p->group_list) ||
        !take_text(c, root, "go_live", false, &go_live) ||
        !take_text(c, root, "areas", false, &areas) ||
        !take_text(c, root, "ambiguous_time", false, &ambiguous))
        return false;
    p->go_live = INT64_MIN;
    if (go_live && !date_parse(span_of(go_live), &p->go_live))
        return mistake(c, "go_live", "is not a date (yyyy-mm-dd)");
    p->areas_open = areas && strcmp(areas, "any") == 0;
    if (areas && !p->areas_open && strcmp(areas, "loaded") != 0)
        return mistake(c, "areas", "is neither any nor loaded");
    if (!ambiguous || strcmp(ambiguous, "refuse") == 0)
        p->ambiguous = TIME_REFUSE;
    else if (strcmp(ambiguous, "first") == 0)
        p->ambiguous = TIME_FIRST;
    else if (strcmp(ambiguous, "second") == 0)
        p->ambiguous = TIME_SECOND;
    else
        return mistake(c, "ambiguous_time", "is not first, second or refuse");
    return !json_object_get(root, "missing") ||
           take_texts(c, "missing", json_object_get(root, "missing"), &p->missing,
                      &p->missing_count);
}

/* The record number: a column, or the content of the row. */
static bool
compile_key(struct compile *c, const json_t *root)
{
    static const enum part stop[] = {PART_STOP, PART_OFFICER, PART_COUNT};
    struct bindings *const b = &c->p->stop;
    const json_t *const key = json_object_get(root, "key");

    if (!compile_bindings(c, "stop", stop, json_object_get(root, "stop"), b))
        return false;
    if (c->p->coverage.stop[STOP_source_record_no])
        return mistake(c, "stop.source_record_no", "is said by key");
    c->p->coverage.stop[STOP_source_record_no] = true;
    c->p->key_is_content = json_is_string(key) && strcmp(json_string_value(key), "content") == 0;
    if (c->p->key_is_content)
        return true;
    struct binding *const list = arena_array(c->a, b->count + 1, sizeof *list);
    if (b->count > 0)
        memcpy(list, b->list, b->count * sizeof *list);
    list[b->count] = (struct binding){PART_STOP, STOP_source_record_no, {.kind = SOURCE_COLUMN}};
    *b = (struct bindings){b->count + 1, list};
    return take_column(c, "key", key, &list[b->count - 1].source.column);
}

static bool
compile_parts(struct compile *c, const json_t *root)
{
    static const enum part person[] = {PART_PERSON, PART_TEXT, PART_TRAIT, PART_COUNT};
    static const unsigned needed[] = {STOP_source_system, STOP_tx_type, STOP_started_at};
    struct profile *const p = c->p;

    if (!compile_key(c, root) ||
        !compile_bindings(c, "person", person, json_object_get(root, "person"), &p->person) ||
        !compile_groups(c, json_object_get(root, "group"), &p->groups) ||
        !compile_children(c, "actions", PART_ACTION, json_object_get(root, "actions"),
                          &p->actions) ||
        !compile_children(c, "finds", PART_FIND, json_object_get(root, "finds"), &p->finds) ||
        !compile_children(c, "results", PART_RESULT, json_object_get(root, "results"), &p->results))
        return false;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!p->coverage.stop[needed[i]])
            return mistake(c, at(c, "stop", stop_fields[needed[i]].name), "is missing");
    return true;
}

struct profile *
profile_compile(struct arena *a, const char *name, struct span text, struct err *e)
{
    static const char *const keys[] = {
        "description",    "source",     "licence", "zone",    "area_set", "areas", "go_live",
        "ambiguous_time", "group_list", "missing", "key",     "headers",  "stop",  "person",
        "group",          "actions",    "finds",   "results", "dropped",  "codes", NULL};
    struct compile *const c = arena_alloc(a, sizeof *c);
    const json_t *const root = json_parse(a, text, 32, e);

    *c = (struct compile){.a = a, .e = e, .p = arena_alloc(a, sizeof *c->p)};
    c->p->name = arena_strdup(a, name);
    if (!root) {
        e->code = ERR_CONFIG;
        err_context(e, "profile %s", name);
        return NULL;
    }
    const bool good = keys_known(c, "", root, keys) && compile_settings(c, root) &&
                      compile_headers(c, json_object_get(root, "headers")) &&
                      compile_dropped(c, json_object_get(root, "dropped")) &&
                      compile_codes(c, json_object_get(root, "codes")) && compile_parts(c, root) &&
                      columns_accounted(c);
    return good ? c->p : NULL;
}
