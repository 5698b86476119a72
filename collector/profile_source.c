/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The answers of a profile's sources for one row, the choice of the header form, and the check of
 * the texts that a profile gives by itself.
 */
#include "collector/profile_source.h"

#include <string.h>

/* ---- conditions ------------------------------------------------------------------------------ */

static bool
condition_holds(const struct condition *c, struct span cell)
{
    if (c->kind != COLUMN_IS)
        return (cell.data != NULL) == (c->kind == COLUMN_GIVEN);
    for (unsigned i = 0; cell.data && i < c->count; i++)
        if (span_equal(cell, c->values[i]))
            return true;
    return false;
}

bool
when_holds(const struct when *w, const struct span *cells)
{
    for (unsigned i = 0; i < w->count; i++)
        if (!condition_holds(&w->conditions[i], cells[w->conditions[i].column]))
            return false;
    return true;
}

/* ---- answers --------------------------------------------------------------------------------- */

static enum source_answer
given(struct span text, struct span *out)
{
    *out = text;
    return text.data ? ANSWER_TEXT : ANSWER_NONE;
}

static enum source_answer
unmapped_answer(const struct source *s, struct span *out)
{
    if (s->unmapped == UNMAPPED_TEXT)
        return given(s->unmapped_text, out);
    return s->unmapped == UNMAPPED_DROP ? ANSWER_DROPPED : ANSWER_REFUSED;
}

static enum source_answer
band_answer(const struct source *s, struct span cell, struct span *out)
{
    double number;
    unsigned i = s->band_count;

    if (!span_real(cell, &number) || number < s->bands[0].least)
        return unmapped_answer(s, out);
    while (number < s->bands[i - 1].least)
        i--;
    return given(s->bands[i - 1].text, out);
}

static enum source_answer
column_answer(const struct source *s, const struct span *cells, struct span *out)
{
    const struct span cell = cells[s->column];

    if (!cell.data)
        return given(s->absent_text, out);
    if (s->band_count > 0)
        return band_answer(s, cell, out);
    if (!s->map)
        return given(cell, out);
    const struct span *const to = lookup_get(s->map, cell);
    return to ? given(*to, out) : unmapped_answer(s, out);
}

/* Not given as soon as one part is not. */
static enum source_answer
join_answer(const struct source *s, const struct span *cells, struct arena *a, struct span *out)
{
    struct strbuf *const b = strbuf_new(a, 4096);

    for (unsigned i = 0; i < s->count; i++) {
        struct span part;
        const enum source_answer answer = source_answer(&s->parts[i], cells, a, &part);
        if (answer != ANSWER_TEXT)
            return answer;
        if (i > 0)
            strbuf_add(b, s->text.data, s->text.length);
        strbuf_add(b, part.data, part.length);
    }
    return b->overflow ? ANSWER_REFUSED : given((struct span){b->data, b->length}, out);
}

enum source_answer
source_answer(const struct source *s, const struct span *cells, struct arena *a, struct span *out)
{
    switch (s->kind) {
    case SOURCE_CONSTANT:
        return given(s->text, out);
    case SOURCE_COLUMN:
        return column_answer(s, cells, out);
    case SOURCE_JOIN:
        return join_answer(s, cells, a, out);
    case SOURCE_CASES:
        break;
    }
    for (unsigned i = 0; i < s->count; i++)
        if (when_holds(&s->whens[i], cells))
            return source_answer(&s->parts[i], cells, a, out);
    return ANSWER_NONE;
}

/* ---- the header ------------------------------------------------------------------------------ */

static bool
header_is(const struct header *h, const struct span *names, size_t count, int *map)
{
    if (count != h->count)
        return false;
    for (unsigned i = 0; i < h->count; i++) {
        if (!span_equal(names[i], h->names[i]))
            return false;
        map[i] = (int)h->columns[i];
    }
    return true;
}

static bool
has_prefix(const struct profile *p, struct span name)
{
    for (unsigned i = 0; i < p->dropped_prefix_count; i++) {
        const struct span x = p->dropped_prefixes[i];
        if (name.length > x.length && !memcmp(name.data, x.data, x.length))
            return true;
    }
    return false;
}

/* Any order, any subset, each name once; one column of the profile at least. */
static bool
header_fits(const struct profile *p, const struct header *h, const struct span *names, size_t count,
            int *map)
{
    unsigned known = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned k = 0;
        while (k < h->count && !span_equal(names[i], h->names[k]))
            k++;
        if (k == h->count && !has_prefix(p, names[i]))
            return false;
        map[i] = k < h->count ? (int)h->columns[k] : -1;
        known += k < h->count;
        for (size_t j = 0; j < i; j++)
            if (map[i] >= 0 && map[j] == map[i])
                return false;
    }
    return known > 0;
}

bool
profile_header(const struct profile *p, const struct span *names, size_t count, int *map,
               struct err *e)
{
    for (unsigned i = 0; i < p->header_count; i++) {
        const struct header *const h = &p->headers[i];
        if (h->any_order ? header_fits(p, h, names, count, map) : header_is(h, names, count, map))
            return true;
    }
    err_set(e, ERR_INPUT, "the header is none that profile %s takes (%zu columns, %u forms known)",
            p->name, count, p->header_count);
    return err_hint(e, "compare the first line with the headers in the profile's file");
}

/* ---- the texts of the profile ---------------------------------------------------------------- */

static bool
source_texts_fit(const struct profile *p, const struct source *s, const struct slot *slot,
                 struct values *vs, struct err *e)
{
    for (unsigned i = 0; i < s->text_count; i++) {
        struct value v = {0};
        if (s->texts[i].data && value_parse(vs, slot, s->texts[i], &v) != VALUE_FINE)
            return err_set(e, ERR_CONFIG, "profile %s: field %s does not take \"%.*s\"", p->name,
                           slot->field->name, (int)s->texts[i].length, s->texts[i].data);
    }
    for (unsigned i = 0; s->kind == SOURCE_CASES && i < s->count; i++)
        if (!source_texts_fit(p, &s->parts[i], slot, vs, e))
            return false;
    return true;
}

static bool
bindings_fit(const struct profile *p, struct bindings b, struct values *vs, struct err *e)
{
    for (unsigned i = 0; i < b.count; i++)
        if (!source_texts_fit(p, &b.list[i].source, &vs->slots[b.list[i].part][b.list[i].index], vs,
                              e))
            return false;
    return true;
}

bool
profile_texts_fit(const struct profile *p, struct values *vs, struct err *e)
{
    const struct children *const children[] = {&p->groups, &p->actions, &p->finds, &p->results};

    if (!bindings_fit(p, p->stop, vs, e) || !bindings_fit(p, p->person, vs, e))
        return false;
    for (size_t i = 0; i < sizeof children / sizeof *children; i++)
        for (unsigned k = 0; k < children[i]->count; k++)
            if (!bindings_fit(p, children[i]->list[k].set, vs, e))
                return false;
    return true;
}
