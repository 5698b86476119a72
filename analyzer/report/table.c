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

/* The next of "code=amount; code"; false when there is none left. */
static bool
next_note(const char **at, struct span *code, struct span *amount)
{
    if (!*at || !**at)
        return false;

    const size_t length = strcspn(*at, ";"), name = strcspn(*at, "=;");

    *code = (struct span){*at, name};
    *amount =
        name < length ? (struct span){*at + name + 1, length - name - 1} : (struct span){*at, 0};
    *at += length;
    *at += strspn(*at, "; ");
    return true;
}

/* "1, 3" */
static const char *
note_numbers(const struct table *t, const char *notes)
{
    struct strbuf *const b = strbuf_new(t->view->arena, 256);
    struct span code, amount;

    while (next_note(&notes, &code, &amount)) /* of a kind that is not counted: no number */
        for (size_t i = 0; i < t->note_count; i++)
            if (span_equal(t->notes[i].code, code))
                strbuf_printf(b, "%s%zu", b->length ? ", " : "", i + 1);
    return b->data;
}

static const char *
named(const struct view *v, const char *key)
{
    return *key ? view_text(v, key) : "";
}

/* A funnel of stops is of rates, others are of shares. */
static enum unit_of_measure
unit_of(const struct section *s, const struct figure *f)
{
    if (s->unit != UNIT_FUNNEL)
        return s->unit;
    return strcmp(f->term, "stop") == 0 ? UNIT_RATE : UNIT_SHARE;
}

/* A verdict that adjustment for many comparisons does not leave standing. */
static bool
is_doubtful(enum unit_of_measure unit, const struct figure *f)
{
    return unit == UNIT_VERDICT && f->value > 0 && f->flagged == 0;
}

/* Rows of one measure that differ in method alone are told apart by it. */
static const char *
term_of(const struct view *v, const struct figure *f)
{
    const char *const key = arena_printf(v->arena, "%s-%s", f->measure, f->method);
    const char *const method = text_find(key, v->how->language);
    const char *const both =
        text_find(arena_printf(v->arena, "%s-%s", key, f->term), v->how->language);

    return both ? both : method ? method : *f->term ? view_term(v, f->term) : "";
}

const char *
table_cell(const struct table *t, const struct figure *f, enum column c)
{
    const struct view *const v = t->view;
    const enum unit_of_measure unit = unit_of(t->section, f);

    switch (c) {
    case COLUMN_PLACE:
        return view_place(v, f, t->with_codes);
    case COLUMN_GROUP:
        return view_group(v, f->group);
    case COLUMN_SEEN:
        return named(v, f->perspective);
    case COLUMN_TERM:
        return term_of(v, f);
    case COLUMN_WINDOW:
        return named(v, f->window);
    case COLUMN_VALUE:
        return is_doubtful(unit, f) ? view_text(v, "robust-doubtful")
                                    : view_value(v, unit, f->value);
    case COLUMN_INTERVAL:
        return view_interval(v, unit, f);
    case COLUMN_N:
        return view_count(v, f->n);
    case COLUMN_BENCHMARK:
        return named(v, f->benchmark);
    case COLUMN_REFERENCE:
        return *f->reference ? view_group(v, f->reference) : "";
    case COLUMN_Q:
        /* the p of a verdict is of "against the group" alone */
        return unit == UNIT_VERDICT && !(f->value > 0) ? "" : view_q(v, f->q);
    case COLUMN_DETECTABLE:
        return isnan(f->detectable) ? "" : view_value(v, unit, f->detectable);
    case COLUMN_NOTE:
        return note_numbers(t, f->note);
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
    return s->unit == UNIT_DIFFERENCE || s->unit == UNIT_BOUNDS ? "unit-difference"
           : s->unit == UNIT_GAP                                ? "unit-gap"
           : s->unit == UNIT_STATISTIC                          ? "unit-statistic"
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

static bool
is_digit(struct span s, size_t i)
{
    return i < s.length && s.data[i] >= '0' && s.data[i] <= '9';
}

/* The number that an amount begins with: 12, 0.9871. */
static double
amount_of(struct span s)
{
    double x = 0, unit = 1;
    size_t i = 0;

    for (; is_digit(s, i); i++)
        x = 10 * x + (s.data[i] - '0');
    if (i < s.length && s.data[i] == '.')
        for (i++; is_digit(s, i); i++)
            x += (s.data[i] - '0') * (unit /= 10);
    return x;
}

static int
decimals_of(struct span s)
{
    const char *const point = s.length ? memchr(s.data, '.', s.length) : NULL;

    return point ? (int)(s.data + s.length - point - 1) : 0;
}

/*
 * Notes that a reader is not told, or only when their amount is under a limit. Findings are told
 * beside the quality of the registration (findings.h), with their message. Of draws it is told that
 * they settled, and when the model does not give the counts back; the numbers are for the csv and
 * the json.
 */
static const struct {
    enum note note;
    double told_under;
} quiet[] = {
    {NOTE_RULE, 0},
    {NOTE_REST_OF_CITY, 0},
    {NOTE_ESS_BULK, 0},
    {NOTE_ESS_TAIL, 0},
    {NOTE_DIVERGENCES, 0},
    {NOTE_PREDICTIVE_SEARCH, 0},
    {NOTE_PREDICTIVE_HIT, 0},
    {NOTE_PREDICTIVE_SEARCH_P, 0.05},
    {NOTE_PREDICTIVE_HIT_P, 0.05},
};

static bool
is_told(struct span code, struct span amount)
{
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
        if (span_equal(code, span_of(note_codes[quiet[i].note])))
            return amount_of(amount) < quiet[i].told_under;
    return true;
}

static void
add_note(struct table *t, struct span code, struct span amount)
{
    size_t i = 0;

    if (!is_told(code, amount))
        return;
    while (i < t->note_count && !span_equal(t->notes[i].code, code))
        i++;
    if (i == NOTES_MOST)
        return;
    if (i == t->note_count)
        t->notes[t->note_count++] = (struct table_note){code, amount, amount, 0};
    if (amount_of(amount) < amount_of(t->notes[i].least))
        t->notes[i].least = amount;
    if (amount_of(amount) > amount_of(t->notes[i].most))
        t->notes[i].most = amount;
    t->notes[i].rows++;
}

static void
find_notes(struct table *t)
{
    struct span code, amount;

    for (size_t i = 0; i < t->count; i++)
        for (const char *at = t->rows[i]->note; next_note(&at, &code, &amount);)
            add_note(t, code, amount);
}

static bool
notes_hold_for_all(const struct table *t)
{
    for (size_t i = 0; i < t->note_count; i++)
        if (t->notes[i].rows < t->count)
            return false;
    return true;
}

/* "2,300", or "9 of the 12" of 9/12. */
static const char *
amount_text(const struct view *v, struct span s)
{
    const char *const slash = s.length ? memchr(s.data, '/', s.length) : NULL;
    const char *const first =
        words_number(v->arena, v->how->language, decimals_of(s), amount_of(s));

    if (!slash)
        return first;
    return arena_printf(v->arena, "%s %s %.*s", first, view_text(v, "of-the"),
                        (int)(s.data + s.length - slash - 1), slash + 1);
}

const char *
table_note(const struct table *t, size_t i)
{
    const struct view *const v = t->view;
    const struct table_note *const n = &t->notes[i];
    const char *const key = arena_strndup(v->arena, n->code.data, n->code.length);
    const char *const least = amount_text(v, n->least);
    const char *const most = amount_text(v, n->most);
    const char *const amount = strcmp(least, most) == 0 ? least
                                                        : arena_printf(v->arena, "%s %s %s", least,
                                                                       view_text(v, "to"), most);
    const char *const s =
        words_capital(v->arena, text_fill(v->arena, key, v->how->language, &amount));

    return t->shown[COLUMN_NOTE] ? arena_printf(v->arena, "%zu. %s", i + 1, s) : s;
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
    t.shown[COLUMN_NOTE] = t.shown[COLUMN_NOTE] && !notes_hold_for_all(&t);
    fold(&t);
    return t;
}
