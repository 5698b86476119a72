/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sources and conditions of a profile, and the small steps that every part of it takes.
 */
#include "collector/profile_compile.h"

#include <string.h>

/* ---- small helpers --------------------------------------------------------------------------- */

bool
compile_mistake(struct compile *c, const char *place, const char *what)
{
    return err_set(c->e, ERR_CONFIG, "profile %s: %s: %s", c->p->name, place, what);
}

const char *
compile_place(struct compile *c, const char *place, const char *name)
{
    return place[0] ? arena_printf(c->a, "%s.%s", place, name) : name;
}

struct span
compile_text(const json_t *j)
{
    return (struct span){json_string_value(j), json_string_length(j)};
}

/* Whether every key of an object is one of the names. */
bool
compile_keys(struct compile *c, const char *place, const json_t *object, const char *const *names)
{
    const char *key;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        int i = 0;
        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return compile_mistake(c, compile_place(c, place, key),
                                   "is not a key that belongs here");
    }
    return true;
}

bool
compile_column_name(struct compile *c, const char *place, const json_t *j, unsigned *column)
{
    for (unsigned i = 0; json_is_string(j) && i < c->p->column_count; i++)
        if (span_equal(c->columns[i], compile_text(j))) {
            c->used[i] = true;
            *column = i;
            return true;
        }
    return compile_mistake(c, place, "names a column that no header has");
}

/* An array of texts. */
bool
compile_texts(struct compile *c, const char *place, const json_t *j, const struct span **texts,
              unsigned *count)
{
    if (!json_is_array(j))
        return compile_mistake(c, place, "is not a list");
    struct span *const list = arena_array(c->a, json_array_size(j), sizeof *list);
    for (size_t i = 0; i < json_array_size(j); i++) {
        if (!json_is_string(json_array_get(j, i)))
            return compile_mistake(c, place, "holds something that is not a text");
        list[i] = compile_text(json_array_get(j, i));
    }
    *texts = list;
    *count = (unsigned)json_array_size(j);
    return true;
}

/* ---- conditions ------------------------------------------------------------------------------ */

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
        return compile_texts(c, place, j, &out->values, &out->count);
    if (!json_is_string(j))
        return compile_mistake(c, place, "is not a text, a list of texts, true or null");
    struct span *const one = arena_alloc(c->a, sizeof *one);
    *one = compile_text(j);
    out->values = one;
    out->count = 1;
    return true;
}

bool
compile_when(struct compile *c, const char *place, const json_t *j, struct when *out)
{
    const char *key;
    json_t *value;

    *out = (struct when){0};
    if (!j)
        return true;
    if (!json_is_object(j))
        return compile_mistake(c, place, "is not an object of columns");
    struct condition *const list = arena_array(c->a, json_object_size(j), sizeof *list);
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        const char *const here = compile_place(c, place, key);
        if (!compile_column_name(c, here, json_own(c->a, json_string(key)),
                                 &list[out->count].column) ||
            !compile_condition(c, here, value, &list[out->count]))
            return false;
        out->count++;
    }
    out->conditions = list;
    return true;
}

/* ---- sources --------------------------------------------------------------------------------- */

static bool
compile_map(struct compile *c, const char *place, const json_t *j, struct source *s,
            struct span *texts)
{
    const char *key;
    json_t *value;

    if (!json_is_object(j))
        return compile_mistake(c, place, "is not an object");
    struct lookup *const map = lookup_new(c->a, json_object_size(j));
    json_object_foreach((json_t *)(uintptr_t)j, key, value)
    {
        if (!json_is_string(value) && !json_is_null(value))
            return compile_mistake(c, compile_place(c, place, key), "is neither a text nor null");
        texts[s->text_count] = compile_text(value);
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
            return compile_mistake(c, place, "is not a list of [least, text]");
        bands[i] = (struct band){json_number_value(least), compile_text(text)};
        if (i > 0 && bands[i].least <= bands[i - 1].least)
            return compile_mistake(c, place, "does not rise");
        texts[s->text_count++] = bands[i].text;
    }
    s->bands = bands;
    s->band_count = (unsigned)json_array_size(j);
    return s->band_count > 0 || compile_mistake(c, place, "is empty");
}

static bool
compile_unmapped(struct compile *c, const char *place, const json_t *j, struct source *s,
                 struct span *texts)
{
    if (!j)
        return true;
    if (!json_is_string(j))
        return compile_mistake(c, place, "is not refuse, drop or a text");
    if (strcmp(json_string_value(j), "drop") == 0)
        s->unmapped = UNMAPPED_DROP;
    else if (strcmp(json_string_value(j), "refuse") != 0) {
        s->unmapped = UNMAPPED_TEXT;
        s->unmapped_text = texts[s->text_count++] = compile_text(j);
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
    if (!compile_keys(c, place, j, keys) ||
        !compile_column_name(c, place, json_object_get(j, "column"), &s->column))
        return false;
    if (absent && !json_is_string(absent))
        return compile_mistake(c, compile_place(c, place, "absent"), "is not a text");
    if (absent)
        s->absent_text = texts[s->text_count++] = compile_text(absent);
    return (!map || compile_map(c, compile_place(c, place, "map"), map, s, texts)) &&
           (!bands || compile_bands(c, compile_place(c, place, "bands"), bands, s, texts)) &&
           compile_unmapped(c, compile_place(c, place, "unmapped"), json_object_get(j, "unmapped"),
                            s, texts);
}

static bool
compile_join(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    static const char *const keys[] = {"join", "by", NULL};
    const json_t *const join = json_object_get(j, "join");
    const json_t *const by = json_object_get(j, "by");

    if (!compile_keys(c, place, j, keys))
        return false;
    if (!json_is_array(join) || json_array_size(join) == 0 || (by && !json_is_string(by)))
        return compile_mistake(c, place, "is not a list of sources and a text between them");
    s->kind = SOURCE_JOIN;
    s->text = by ? compile_text(by) : SPAN_LITERAL("");
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
            return compile_mistake(c, place, "has a case without a value");
        if (!compile_keys(c, place, one, keys) ||
            !compile_when(c, compile_place(c, place, "when"), json_object_get(one, "when"),
                          &whens[i]) ||
            !compile_source(c, place, value, &parts[i]))
            return false;
    }
    s->parts = parts;
    s->whens = whens;
    return true;
}

bool
compile_source(struct compile *c, const char *place, const json_t *j, struct source *s)
{
    *s = (struct source){0};
    if (json_is_null(j)) /* a constant nothing */
        return true;
    if (json_is_string(j)) {
        s->text = compile_text(j);
        s->texts = &s->text;
        s->text_count = 1;
        return true;
    }
    if (json_is_array(j))
        return compile_cases(c, place, j, s);
    if (json_object_get(j, "join"))
        return compile_join(c, place, j, s);
    return json_is_object(j) ? compile_column(c, place, j, s)
                             : compile_mistake(c, place, "is not a source");
}
