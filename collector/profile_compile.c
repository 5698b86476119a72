/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From the JSON of a profile to struct profile. Strict: an unknown key, an unknown field, a column
 * that is neither used nor dropped with a reason is a mistake in the profile, named with its place.
 * Texts of the profile are kept by reference to the parsed tree, which the arena owns.
 */
#include "collector/profile_compile.h"

#include <string.h>

static bool
take_text(struct compile *c, const json_t *root, const char *name, bool needed, const char **out)
{
    const json_t *const j = json_object_get(root, name);

    if (j && !json_is_string(j))
        return compile_mistake(c, name, "is not a text");
    if (!j && needed)
        return compile_mistake(c, name, "is missing");
    *out = json_string_value(j);
    return true;
}

/* ---- bindings -------------------------------------------------------------------------------- */

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
        return compile_mistake(c, place, "is not a field that belongs here");
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
        return compile_mistake(c, place, "is not an object of fields");
    struct binding *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        if (parts[0] >= PART_ACTION && strcmp(key, "when") == 0)
            continue;
        if (!compile_binding(c, compile_place(c, place, key), parts, key, value, &list[out->count]))
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
        return compile_mistake(c, place, "is not a list");
    struct child *const list = arena_array(c->a, json_array_size(j), sizeof *list);
    for (; out->count < json_array_size(j); out->count++) {
        const json_t *const one = json_array_get(j, out->count);
        struct child *const child = &list[out->count];
        if (!compile_bindings(c, place, parts, one, &child->set) ||
            !compile_when(c, compile_place(c, place, "when"), json_object_get(one, "when"),
                          &child->when))
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
        return compile_mistake(c, "group", "is not an object of perspectives");
    struct child *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        struct binding *const set = arena_array(c->a, 2, sizeof *set);
        set[0] = (struct binding){PART_GROUP, GROUP_perspective, {.text = span_of(key)}};
        set[0].source.texts = &set[0].source.text;
        set[0].source.text_count = 1;
        set[1] = (struct binding){.part = PART_GROUP, .index = GROUP_codes};
        if (!compile_source(c, compile_place(c, "group", key), value, &set[1].source))
            return false;
        list[out->count++].set = (struct bindings){2, set};
    }
    out->list = list;
    c->p->coverage.group[GROUP_perspective] = c->p->coverage.group[GROUP_codes] = out->count > 0;
    return true;
}

/* ---- headers and columns --------------------------------------------------------------------- */

static bool
column_number(struct compile *c, struct span name, unsigned *number)
{
    unsigned i = 0;

    while (i < c->p->column_count && !span_equal(c->columns[i], name))
        i++;
    if (i == PROFILE_COLUMNS_MOST)
        return compile_mistake(c, "headers", "have too many columns");
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
    const char *order = "";
    const struct span *columns;
    unsigned named = 0;

    if (!compile_keys(c, "headers", j, keys) || !take_text(c, j, "name", true, &h->name) ||
        !take_text(c, j, "order", true, &order) ||
        !compile_texts(c, "headers.columns", json_object_get(j, "columns"), &columns, &h->count))
        return false;
    h->any_order = strcmp(order, "any") == 0;
    if (!h->any_order && strcmp(order, "exact") != 0)
        return compile_mistake(c, "headers.order", "is neither exact nor any");
    h->names = columns;
    if (as && !compile_texts(c, "headers.as", as, &h->names, &named))
        return false;
    if (h->count == 0 || (as && named != h->count))
        return compile_mistake(c, "headers.as", "has another number of names than columns");
    unsigned *const numbers = arena_array(c->a, h->count, sizeof *numbers);
    for (unsigned i = 0; i < h->count; i++) {
        if (!column_number(c, columns[i], &numbers[i]))
            return false;
        for (unsigned k = 0; k < i; k++)
            if (numbers[k] == numbers[i])
                return compile_mistake(c, "headers.columns", "has a column twice");
    }
    h->columns = numbers;
    return true;
}

static bool
compile_headers(struct compile *c, const json_t *j)
{
    if (!json_is_array(j) || json_array_size(j) == 0)
        return compile_mistake(c, "headers", "is not a list");
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
            return compile_mistake(c, compile_place(c, "dropped", key), "has no reason");
        if (n > 1 && key[n - 1] == '*') {
            prefixes[c->p->dropped_prefix_count++] = (struct span){key, n - 1};
            continue;
        }
        while (i < c->p->column_count && !span_is(c->columns[i], key))
            i++;
        if (i == c->p->column_count)
            return compile_mistake(c, compile_place(c, "dropped", key),
                                   "names a column that no header has");
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
            return compile_mistake(c, compile_place(c, "columns", name),
                                   "is neither used nor dropped with a reason");
        if (c->used[i] && c->dropped[i])
            return compile_mistake(c, compile_place(c, "columns", name),
                                   "is used and dropped as well");
    }
    return true;
}

/* ---- codes ----------------------------------------------------------------------------------- */

static bool
compile_code(struct compile *c, const char *list, const json_t *j, struct profile_code *out)
{
    static const char *const keys[] = {"code", "nl", "en", "flags", "valid_from", NULL};
    const struct span *flags = NULL;
    const char *from = NULL;
    unsigned count = 0;
    struct strbuf *const joined = strbuf_new(c->a, 1024);

    out->list = list;
    if (!compile_keys(c, list, j, keys) || !take_text(c, j, "code", true, &out->code) ||
        !take_text(c, j, "nl", true, &out->nl) || !take_text(c, j, "en", true, &out->en) ||
        !take_text(c, j, "valid_from", false, &from))
        return false;
    if (json_object_get(j, "flags") &&
        !compile_texts(c, list, json_object_get(j, "flags"), &flags, &count))
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (code_flag_of(flags[i]) == 0)
            return compile_mistake(c, compile_place(c, list, out->code), "has an unknown flag");
        strbuf_printf(joined, "%s%.*s", i ? "|" : "", (int)flags[i].length, flags[i].data);
    }
    out->flags = count ? joined->data : "";
    out->valid_from = civil_days(1900, 1, 1);
    if (from && !date_parse(span_of(from), &out->valid_from))
        return compile_mistake(c, compile_place(c, list, out->code),
                               "has a valid_from that is not a date");
    return true;
}

static bool
compile_codes(struct compile *c, const json_t *j)
{
    const char *list;
    json_t *codes;
    size_t total = 0;

    json_object_foreach((json_t *)(uintptr_t)j, list, codes)
    {
        total += json_array_size(codes);
    }
    struct profile_code *const all = arena_array(c->a, total, sizeof *all);
    json_object_foreach((json_t *)(uintptr_t)j, list, codes)
    {
        for (size_t i = 0; i < json_array_size(codes); i++)
            if (!compile_code(c, list, json_array_get(codes, i), &all[c->p->code_count++]))
                return false;
    }
    c->p->codes = all;
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool
compile_settings(struct compile *c, const json_t *root)
{
    struct profile *const p = c->p;
    const char *go_live = NULL, *areas = NULL, *ambiguous = NULL;

    if (!take_text(c, root, "description", true, &p->description) ||
        !take_text(c, root, "source", true, &p->source) ||
        !take_text(c, root, "licence", true, &p->licence) ||
        !take_text(c, root, "zone", false, &p->zone) ||
        !take_text(c, root, "area_set", false, &p->area_set) ||
        !take_text(c, root, "text_language", false, &p->text_language) ||
        !take_text(c, root, "group_list", false, &p->group_list) ||
        !take_text(c, root, "go_live", false, &go_live) ||
        !take_text(c, root, "areas", false, &areas) ||
        !take_text(c, root, "ambiguous_time", false, &ambiguous))
        return false;
    p->go_live = INT64_MIN;
    if (go_live && !date_parse(span_of(go_live), &p->go_live))
        return compile_mistake(c, "go_live", "is not a date (yyyy-mm-dd)");
    p->areas_open = areas && strcmp(areas, "any") == 0;
    if (areas && !p->areas_open && strcmp(areas, "loaded") != 0)
        return compile_mistake(c, "areas", "is neither any nor loaded");
    if (!ambiguous || strcmp(ambiguous, "refuse") == 0)
        p->ambiguous = TIME_REFUSE;
    else if (strcmp(ambiguous, "first") == 0)
        p->ambiguous = TIME_FIRST;
    else if (strcmp(ambiguous, "second") == 0)
        p->ambiguous = TIME_SECOND;
    else
        return compile_mistake(c, "ambiguous_time", "is not first, second or refuse");
    return !json_object_get(root, "missing") ||
           compile_texts(c, "missing", json_object_get(root, "missing"), &p->missing,
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
        return compile_mistake(c, "stop.source_record_no", "is said by key");
    c->p->coverage.stop[STOP_source_record_no] = true;
    c->p->key_is_content = json_is_string(key) && strcmp(json_string_value(key), "content") == 0;
    if (c->p->key_is_content)
        return true;
    struct binding *const list = arena_array(c->a, b->count + 1, sizeof *list);
    if (b->count > 0)
        memcpy(list, b->list, b->count * sizeof *list);
    list[b->count] = (struct binding){PART_STOP, STOP_source_record_no, {.kind = SOURCE_COLUMN}};
    *b = (struct bindings){b->count + 1, list};
    return compile_column_name(c, "key", key, &list[b->count - 1].source.column);
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
            return compile_mistake(c, compile_place(c, "stop", stop_fields[needed[i]].name),
                                   "is missing");
    return true;
}

/* {"actions.search_basis": "why"}: fields that some records lack, each with the reason. */
static bool
compile_gap(struct compile *c, const char *name, const json_t *reason)
{
    static const struct {
        const char *prefix;
        enum part parts[4];
    } places[] = {
        {"stop.", {PART_STOP, PART_OFFICER, PART_COUNT}},
        {"person.", {PART_PERSON, PART_TEXT, PART_TRAIT, PART_COUNT}},
        {"actions.", {PART_ACTION, PART_COUNT}},
        {"finds.", {PART_FIND, PART_COUNT}},
        {"results.", {PART_RESULT, PART_COUNT}},
    };
    const char *const place = compile_place(c, "gaps", name);
    enum part part = PART_COUNT;
    unsigned index = 0;

    if (!json_is_string(reason) || json_string_length(reason) == 0)
        return compile_mistake(c, place, "has no reason");
    for (size_t i = 0; i < sizeof places / sizeof *places && part == PART_COUNT; i++) {
        const size_t n = strlen(places[i].prefix);
        if (strncmp(name, places[i].prefix, n) == 0 &&
            !find_field(places[i].parts, name + n, &part, &index))
            break;
    }
    if (part == PART_COUNT || !*covered(&c->p->coverage, part, index))
        return compile_mistake(c, place, "is not a field that the profile gives");
    *covered(&c->p->gaps, part, index) = c->p->has_gaps = true;
    return true;
}

static bool
compile_gaps(struct compile *c, const json_t *j)
{
    const char *key;
    json_t *reason;

    if (j && !json_is_object(j))
        return compile_mistake(c, "gaps", "is not an object of fields and reasons");
    json_object_foreach((json_t *)(uintptr_t)j, key, reason)
    {
        if (!compile_gap(c, key, reason))
            return false;
    }
    return true;
}

struct profile *
profile_compile(struct arena *a, const char *name, struct span text, struct err *e)
{
    static const char *const keys[] = {
        "description", "source",         "licence",    "zone",          "area_set", "areas",
        "go_live",     "ambiguous_time", "group_list", "missing",       "key",      "headers",
        "stop",        "person",         "group",      "actions",       "finds",    "results",
        "dropped",     "codes",          "gaps",       "text_language", NULL};
    struct compile *const c = arena_alloc(a, sizeof *c);
    const json_t *const root = json_parse(a, text, 32, e);

    *c = (struct compile){.a = a, .e = e, .p = arena_alloc(a, sizeof *c->p)};
    c->p->name = arena_strdup(a, name);
    if (!root) {
        e->code = ERR_CONFIG;
        err_context(e, "profile %s", name);
        return NULL;
    }
    const bool good = compile_keys(c, "", root, keys) && compile_settings(c, root) &&
                      compile_headers(c, json_object_get(root, "headers")) &&
                      compile_dropped(c, json_object_get(root, "dropped")) &&
                      compile_codes(c, json_object_get(root, "codes")) && compile_parts(c, root) &&
                      compile_gaps(c, json_object_get(root, "gaps")) && columns_accounted(c);
    return good ? c->p : NULL;
}
