/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Decides which columns a table needs and what its caption and notes say. Knows no markup and no
 * widths; computes no figure.
 */
#include "analyzer/report/table.h"

#include "analyzer/report/words.h"

#include <math.h>
#include <string.h>

static const char *const headings[COLUMNS] = {
    "place", "group",     "seen",      "term", "window",     "value", "interval",
    "n",     "benchmark", "reference", "q",    "detectable", "note",
};

bool
column_is_number(enum column c)
{
    return c == COLUMN_VALUE || c == COLUMN_INTERVAL || c == COLUMN_N || c == COLUMN_Q ||
           c == COLUMN_DETECTABLE || c == COLUMN_NOTE;
}

const char *
table_heading(const struct table *t, enum column c)
{
    return view_text(t->view, headings[c]);
}

static const char *
note_number(const struct table *t, const char *key)
{
    for (size_t i = 0; key && i < t->note_count; i++)
        if (strcmp(t->note_keys[i], key) == 0)
            return arena_printf(t->view->arena, "%zu", i + 1);
    return "";
}

static const char *
named(const struct view *v, const char *key)
{
    return *key ? view_text(v, key) : "";
}

const char *
table_cell(const struct table *t, const struct figure *f, enum column c)
{
    const struct view *const v = t->view;
    const enum unit_of_measure unit = t->section->unit;

    switch (c) {
    case COLUMN_PLACE:
        return view_place(v, f, t->with_codes);
    case COLUMN_GROUP:
        return view_group(v, f->group);
    case COLUMN_SEEN:
        return named(v, f->perspective);
    case COLUMN_TERM:
        return *f->term ? view_term(v, f->term) : "";
    case COLUMN_WINDOW:
        return named(v, f->window);
    case COLUMN_VALUE:
        return view_value(v, unit, f->value);
    case COLUMN_INTERVAL:
        return view_interval(v, unit, f);
    case COLUMN_N:
        return view_count(v, f->n);
    case COLUMN_BENCHMARK:
        return named(v, f->benchmark);
    case COLUMN_REFERENCE:
        return *f->reference ? view_group(v, f->reference) : "";
    case COLUMN_Q:
        return view_q(v, f->q);
    case COLUMN_DETECTABLE:
        return isnan(f->detectable) ? "" : view_value(v, unit, f->detectable);
    case COLUMN_NOTE:
        return note_number(t, f->note);
    case COLUMNS:
        break;
    }
    return "";
}

/* ---- what all rows share --------------------------------------------------------------------- */

/* What every row that has something in a column has there; NULL when they differ or none has. */
static const char *
shared(const struct table *t, enum column c)
{
    const char *found = NULL;

    for (size_t i = 0; i < t->count; i++) {
        const char *const cell = table_cell(t, t->rows[i], c);

        if (*cell && found && strcmp(cell, found) != 0)
            return NULL;
        if (*cell)
            found = cell;
    }
    return found;
}

static bool
any(const struct table *t, enum column c)
{
    for (size_t i = 0; i < t->count; i++)
        if (*table_cell(t, t->rows[i], c))
            return true;
    return false;
}

/* A column that may move to the caption, and the text that takes its value there. */
static const struct {
    enum column column;
    const char *key;
} foldable[] = {
    {COLUMN_WINDOW, "caption-plain"},        {COLUMN_PLACE, "caption-plain"},
    {COLUMN_SEEN, "caption-seen"},           {COLUMN_REFERENCE, "caption-reference"},
    {COLUMN_BENCHMARK, "caption-benchmark"},
};

static void
add_part(struct strbuf *b, const char *part)
{
    strbuf_add_text(b, b->length ? "; " : "");
    strbuf_add_text(b, part);
}

/* Key of what the numbers are counted in, where the title does not say so. */
static const char *
unit_key(const struct section *s)
{
    return s->unit == UNIT_DIFFERENCE  ? "unit-difference"
           : s->unit == UNIT_GAP       ? "unit-gap"
           : s->unit == UNIT_STATISTIC ? "unit-statistic"
                                       : NULL;
}

static void
fold(struct table *t)
{
    const struct view *const v = t->view;
    struct strbuf *const caption = strbuf_new(v->arena, 65536);
    const char *const unit = unit_key(t->section);

    for (size_t i = 0; i < sizeof foldable / sizeof *foldable; i++) {
        const enum column c = foldable[i].column;
        const char *const value = shared(t, c);

        if (!value)
            continue;
        t->shown[c] = false;
        /* Each row of coverage names its own period. */
        if (c != COLUMN_WINDOW || strcmp(t->section->measure, "coverage") != 0)
            add_part(caption, text_fill(v->arena, foldable[i].key, v->how->language, &value));
    }
    if (unit)
        add_part(caption, view_text(v, unit));
    t->caption = words_capital(v->arena, caption->data);
}

/* ---- notes ----------------------------------------------------------------------------------- */

static void
find_notes(struct table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const char *const key = t->rows[i]->note;

        if (!key || !*key || *note_number(t, key) || t->note_count == NOTES_MOST)
            continue;
        t->notes[t->note_count] = view_text(t->view, key);
        t->note_keys[t->note_count++] = key;
    }
}

static bool
note_holds_for_all(const struct table *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (!t->rows[i]->note)
            return false;
    return t->note_count == 1;
}

const char *
table_note(const struct table *t, size_t i)
{
    const char *const s = words_capital(t->view->arena, t->notes[i]);

    return t->shown[COLUMN_NOTE] ? arena_printf(t->view->arena, "%zu. %s", i + 1, s) : s;
}

struct table
table_of(const struct view *v, const struct section *s, const struct figure *const *rows,
         size_t count, bool with_codes)
{
    struct table t = {
        .view = v, .section = s, .rows = rows, .count = count, .with_codes = with_codes};

    find_notes(&t);
    for (unsigned c = 0; c < COLUMNS; c++)
        t.shown[c] = any(&t, (enum column)c);
    t.shown[COLUMN_NOTE] = t.shown[COLUMN_NOTE] && !note_holds_for_all(&t);
    fold(&t);
    return t;
}
