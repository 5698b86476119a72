/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report for a terminal of 100 columns: what was found in short, then a table a measure. Shows
 * the first rows only and cuts long names; the CSV has everything. Computes nothing; the buffer
 * that is returned belongs to the arena.
 */
#include "analyzer/report/view.h"

#include "analyzer/report/words.h"
#include "common/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 100, ROWS = 12, TEXT_CAP = 1 << 26 };

/* Pads or cuts to a width in characters. */
static void
put_cell(struct strbuf *b, const char *s, size_t width, bool right)
{
    const size_t length = utf8_length(span_of(s));
    size_t cut = 0;

    if (length <= width) {
        for (size_t i = length; right && i < width; i++)
            strbuf_add_char(b, ' ');
        strbuf_add_text(b, s);
        for (size_t i = length; !right && i < width; i++)
            strbuf_add_char(b, ' ');
    } else {
        for (size_t seen = 0; s[cut]; cut++) {
            seen += ((unsigned char)s[cut] & 0xC0) != 0x80;
            if (seen == width)
                break;
        }
        strbuf_add(b, s, cut);
        strbuf_add_text(b, "…");
    }
    strbuf_add_char(b, ' ');
}

/* Wraps at spaces, every line indented. */
static void
put_wrapped(struct strbuf *b, const char *s, size_t indent)
{
    size_t column = 0;

    while (*s) {
        const size_t word = strcspn(s, " ");
        const size_t length = utf8_length((struct span){s, word});

        if (column > 0 && column + 1 + length > WIDTH) {
            strbuf_add_char(b, '\n');
            column = 0;
        }
        for (; column < indent; column++)
            strbuf_add_char(b, ' ');
        if (column > indent) {
            strbuf_add_char(b, ' ');
            column++;
        }
        strbuf_add(b, s, word);
        column += length;
        s += word + strspn(s + word, " ");
    }
    strbuf_add_char(b, '\n');
}

static void
put_heading(struct strbuf *b, const char *s)
{
    strbuf_add_char(b, '\n');
    strbuf_add_text(b, s);
    strbuf_add_char(b, '\n');
    for (size_t i = 0; i < utf8_length(span_of(s)); i++)
        strbuf_add_char(b, '-');
    strbuf_add_char(b, '\n');
}

/* A terminal has no room for the perspective; the part stands with the group. */
static const char *
who(const struct view *v, const struct figure *f)
{
    if (f->term[0] && !f->group[0])
        return view_term(v, f->term);
    if (f->term[0])
        return arena_printf(v->arena, "%s: %s", view_group(v, f->group), view_term(v, f->term));
    return view_group(v, f->group);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const enum column columns[] = {COLUMN_PLACE, COLUMN_GROUP,     COLUMN_VALUE, COLUMN_INTERVAL,
                                      COLUMN_N,     COLUMN_BENCHMARK, COLUMN_Q};
enum { SHOWN_COLUMNS = sizeof columns / sizeof *columns };

static const char *
cell_of(const struct view *v, const struct section *s, const struct figure *f, enum column c)
{
    if (c == COLUMN_PLACE)
        return view_place(v, f, false);
    if (c == COLUMN_GROUP)
        return who(v, f);
    if (c == COLUMN_BENCHMARK && !f->benchmark[0])
        return view_cell(v, s, f, COLUMN_REFERENCE);
    return view_cell(v, s, f, c);
}

/*
 * Every column as wide as its widest cell, 0 when no row fills it; then the widest columns of words
 * give way until a line fits.
 */
static void
fit_columns(const struct view *v, const struct section *s, const struct figure *const *rows,
            size_t count, size_t width[SHOWN_COLUMNS])
{
    size_t sum = 0;

    for (unsigned k = 0; k < SHOWN_COLUMNS; k++) {
        width[k] = 0;
        for (size_t i = 0; i < count; i++) {
            const size_t length = utf8_length(span_of(cell_of(v, s, rows[i], columns[k])));

            width[k] = length > width[k] ? length : width[k];
        }

        const size_t heading = utf8_length(span_of(view_text(v, column_keys[columns[k]])));

        if (width[k] && width[k] < heading)
            width[k] = heading;
        sum += width[k] ? width[k] + 1 : 0;
    }
    for (; sum > WIDTH + 1; sum--) {
        unsigned widest = 0;

        for (unsigned k = 1; k < SHOWN_COLUMNS; k++)
            if (!column_is_number(columns[k]) && width[k] > width[widest])
                widest = k;
        width[widest]--;
    }
}

static void
end_line(struct strbuf *b)
{
    while (b->data[b->length - 1] == ' ')
        b->length--;
    strbuf_add_char(b, '\n');
}

static void
put_table(struct strbuf *b, const struct view *v, const struct section *s,
          const struct figure *const *rows, size_t count)
{
    size_t width[SHOWN_COLUMNS];

    fit_columns(v, s, rows, count, width);
    for (unsigned k = 0; k < SHOWN_COLUMNS; k++)
        if (width[k])
            put_cell(b, view_text(v, column_keys[columns[k]]), width[k],
                     column_is_number(columns[k]));
    end_line(b);
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < SHOWN_COLUMNS; k++)
            if (width[k])
                put_cell(b, cell_of(v, s, rows[i], columns[k]), width[k],
                         column_is_number(columns[k]));
        end_line(b);
        if (!isnan(rows[i]->detectable) && rows[i]->flagged == 0)
            strbuf_printf(b, "  %s: %s\n", view_text(v, "detectable"),
                          view_cell(v, s, rows[i], COLUMN_DETECTABLE));
    }
}

static void
put_line(struct strbuf *b, const char *line)
{
    if (*line)
        put_wrapped(b, line, 2);
}

static void
put_section(struct strbuf *b, const struct view *v, const struct section *s)
{
    const struct section_rows r = view_rows(v, s);
    const size_t shown = v->how->measure || r.count < ROWS ? r.count : ROWS;

    if (r.count + r.small == 0)
        return;
    put_heading(b, view_text(v, s->measure));
    if (view_caution(v, s))
        put_wrapped(b, view_caution(v, s), 0);
    if (shown)
        put_table(b, v, s, r.list, shown);
    put_line(b, view_count_line(v, "more-rows", r.count - shown, ""));
    put_line(b, view_count_line(v, "too-little-rows", r.small, ""));
    put_line(b,
             view_count_line(v, "undefined-rows", r.undefined, r.why ? view_text(v, r.why) : ""));
}

/* ---- around the tables ----------------------------------------------------------------------- */

/* Measures of which no figure could be made, in one paragraph. */
static void
put_not_measured(struct strbuf *b, const struct view *v)
{
    struct strbuf *const list = strbuf_new(v->arena, 65536);

    for (size_t i = 0; i < section_count; i++) {
        const struct section_rows r = view_rows(v, &sections[i]);

        if (r.count + r.small > 0 || r.undefined == 0)
            continue;
        strbuf_add_text(list, list->length ? "; " : "");
        strbuf_add_text(list, view_text(v, sections[i].measure));
        strbuf_printf(list, " (%s)", view_text(v, r.why));
    }
    if (list->length == 0)
        return;
    put_heading(b, view_text(v, "not-measured"));
    put_wrapped(b, list->data, 0);
}

/* How many months each feature misses. */
static void
put_gaps(struct strbuf *b, const struct view *v, const json_t *gaps)
{
    json_t *const months = json_own(v->arena, json_object());
    const char *what;
    size_t i;
    json_t *row;

    json_array_foreach(gaps, i, row)
    {
        what = json_string_value(json_object_get(row, "what"));
        json_object_set_new(months, what,
                            json_integer(json_integer_value(json_object_get(months, what)) + 1));
    }
    json_object_foreach(months, what, row)
    {
        const char *const values[] = {
            view_text(v, what),
            arena_printf(v->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(row))};

        put_line(b, words_capital(v->arena,
                                  text_fill(v->arena, "gap-months", v->how->language, values)));
    }
}

static void
put_quality(struct strbuf *b, const struct view *v)
{
    const json_t *const quality = json_object_get(v->document, "quality");
    static const char *const counts[] = {"received", "accepted", "duplicate", "quarantined",
                                         "refused"};
    size_t i;
    json_t *row;

    put_heading(b, view_text(v, "quality"));
    json_array_foreach(json_object_get(quality, "intake"), i, row)
    {
        struct strbuf *const line = strbuf_new(v->arena, 65536);

        strbuf_printf(line, "%s (%s):", json_string_value(json_object_get(row, "source")),
                      view_text(v, json_string_value(json_object_get(row, "status"))));
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            strbuf_printf(line, " %s %s%s", view_text(v, counts[k]),
                          view_count(v, json_number_value(json_object_get(row, counts[k]))),
                          k + 1 < sizeof counts / sizeof *counts ? "," : "");
        put_wrapped(b, line->data, 2);
    }
    put_gaps(b, v, json_object_get(quality, "gaps"));
}

static void
put_sentences(struct strbuf *b, const struct view *v)
{
    const json_t *const list =
        json_object_get(json_object_get(v->document, "texts"), language_codes[v->how->language]);
    size_t i;
    json_t *s;

    put_heading(b, view_text(v, "headline"));
    json_array_foreach(list, i, s)
    {
        if (i)
            strbuf_add_char(b, '\n');
        put_wrapped(b, json_string_value(s), 0);
    }
}

struct strbuf *
text_write(struct arena *a, const struct view *v)
{
    struct strbuf *const b = strbuf_new(a, TEXT_CAP);

    strbuf_printf(b, "%s  (%s %s)\n", view_title(v, "  "), view_text(v, "run"), view_run(v, "id"));
    if (!v->how->measure) {
        put_sentences(b, v);
        put_heading(b, view_text(v, "reading"));
        for (size_t i = 0; i < reading_count; i++)
            put_wrapped(b, view_text(v, reading[i]), 0);
    }
    for (size_t i = 0; i < section_count; i++)
        put_section(b, v, &sections[i]);
    put_not_measured(b, v);
    if (!v->how->measure)
        put_quality(b, v);
    return b;
}
