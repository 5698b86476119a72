/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report for a terminal of 100 columns: what was found in short, then a table a measure. Shows
 * the first rows only and breaks long names; the CSV has everything. Computes nothing; the buffer
 * that is returned belongs to the arena.
 */
#include "analyzer/report/table.h"

#include "analyzer/report/findings.h"
#include "analyzer/report/view_signals.h"
#include "analyzer/report/words.h"
#include "common/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 100, ROWS = 12, TEXT_CAP = 1 << 26 };

/* Bytes of the first `width` characters of s. */
static size_t
bytes_of(const char *s, size_t width)
{
    size_t at = 0;

    for (size_t seen = 0; s[at]; at++) {
        seen += ((unsigned char)s[at] & 0xC0) != 0x80;
        if (seen > width)
            break;
    }
    return at;
}

/* How much of s goes on a line of a cell: whole words, or a part of one that is too long. */
static size_t
line_of(const char *s, size_t width)
{
    size_t fits = bytes_of(s, width);

    if (s[fits] == '\0' || s[fits] == ' ')
        return fits;
    for (size_t i = fits; i > 0; i--)
        if (s[i - 1] == ' ' || s[i - 1] == '-')
            return s[i - 1] == ' ' ? i - 1 : i;
    return fits;
}

static void
put_padded(struct strbuf *b, struct span s, size_t width, bool right)
{
    const size_t length = utf8_length(s);

    for (size_t i = length; right && i < width; i++)
        strbuf_add_char(b, ' ');
    strbuf_add(b, s.data, s.length);
    for (size_t i = length; !right && i < width; i++)
        strbuf_add_char(b, ' ');
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

/* ---- tables ---------------------------------------------------------------------------------- */

/* The longest piece that line_of() would not break of itself. */
static size_t
longest_word(const char *s)
{
    size_t longest = 0;

    while (*s) {
        const size_t word = strcspn(s, " -");
        const size_t piece = word + (s[word] == '-');
        const size_t length = utf8_length((struct span){s, piece});

        longest = length > longest ? length : longest;
        s += piece + strspn(s + piece, " ");
    }
    return longest;
}

/* The widest column of words that is wider than its longest word; else the widest of all. */
static unsigned
column_to_narrow(const size_t width[COLUMNS], const size_t word[COLUMNS])
{
    unsigned best = COLUMNS, widest = 0;

    for (unsigned c = 0; c < COLUMNS; c++) {
        if (column_is_number((enum column)c))
            continue;
        if (width[c] > word[c] && (best == COLUMNS || width[c] > width[best]))
            best = c;
        if (width[c] > width[widest])
            widest = c;
    }
    return best < COLUMNS ? best : widest;
}

/*
 * Every column as wide as its widest cell, and as a word of its heading; 0 when it is not shown.
 * Then columns of words give way until a line fits.
 */
static void
fit_columns(const struct table *t, size_t width[COLUMNS])
{
    size_t sum = 0, word[COLUMNS];

    for (unsigned c = 0; c < COLUMNS; c++) {
        width[c] = word[c] = 0;
        if (!t->shown[c])
            continue;
        width[c] = word[c] = longest_word(table_heading(t, (enum column)c));
        for (size_t i = 0; i < t->count; i++) {
            const char *const cell = table_cell(t, t->rows[i], (enum column)c);
            const size_t length = utf8_length(span_of(cell)), longest = longest_word(cell);

            width[c] = length > width[c] ? length : width[c];
            word[c] = longest > word[c] ? longest : word[c];
        }
        sum += width[c] + 1;
    }
    for (; sum > WIDTH + 1; sum--)
        width[column_to_narrow(width, word)]--;
}

static void
end_line(struct strbuf *b)
{
    while (b->data[b->length - 1] == ' ')
        b->length--;
    strbuf_add_char(b, '\n');
}

/* A row takes as many lines as its longest cell; nothing is cut, so rows stay apart. */
static void
put_row(struct strbuf *b, const char *cells[COLUMNS], const size_t width[COLUMNS])
{
    bool more = true;

    while (more) {
        more = false;
        for (unsigned c = 0; c < COLUMNS; c++) {
            if (!width[c])
                continue;

            const size_t take = line_of(cells[c], width[c]);

            put_padded(b, (struct span){cells[c], take}, width[c],
                       column_is_number((enum column)c));
            cells[c] += take + strspn(cells[c] + take, " ");
            more = more || *cells[c];
        }
        end_line(b);
    }
}

static void
put_line(struct strbuf *b, const char *line)
{
    if (*line)
        put_wrapped(b, line, 2);
}

static void
put_table(struct strbuf *b, const struct table *t)
{
    const char *cells[COLUMNS];
    size_t width[COLUMNS];

    put_wrapped(b, t->caption, 0);
    strbuf_add_char(b, '\n');
    fit_columns(t, width);
    for (unsigned c = 0; c < COLUMNS; c++)
        cells[c] = table_heading(t, (enum column)c);
    put_row(b, cells, width);
    for (size_t i = 0; i < t->count; i++) {
        for (unsigned c = 0; c < COLUMNS; c++)
            cells[c] = table_cell(t, t->rows[i], (enum column)c);
        put_row(b, cells, width);
    }
    for (size_t i = 0; i < t->note_count; i++)
        put_line(b, table_note(t, i));
}

static void
put_section(struct strbuf *b, const struct view *v, const struct section *s)
{
    const struct section_rows r = view_rows(v, s);
    const size_t shown = v->how->measure || r.count < ROWS ? r.count : ROWS;
    const char *line;
    unsigned at = 0;

    if (r.count + r.small == 0)
        return;
    put_heading(b, view_text(v, s->measure));
    if (view_caution(v, s))
        put_wrapped(b, view_caution(v, s), 0);
    if (shown) {
        const struct table t = table_of(v, s, r.list, shown, false);

        put_table(b, &t);
    }
    while ((line = view_under(v, &r, shown, &at)))
        put_line(b, line);
}

/* ---- signals --------------------------------------------------------------------------------- */

static void
put_labelled(struct strbuf *b, const struct view *v, const char *label, const char *s)
{
    put_wrapped(b, arena_printf(v->arena, "%s: %s", view_text(v, label), s), 4);
}

static void
put_signal(struct strbuf *b, const struct view *v, const struct signal_view *s)
{
    strbuf_add_char(b, '\n');
    put_wrapped(b, arena_printf(v->arena, "%s  %s (%s)", s->grade, s->title, s->course), 0);
    put_wrapped(b, s->headline, 4);
    for (size_t i = 0; i < SIGNAL_LINES_MOST && s->evidence[i]; i++)
        put_wrapped(b, s->evidence[i], 6);
    for (size_t i = 0; i < SIGNAL_LINES_MOST && s->doubts[i]; i++)
        put_wrapped(b, s->doubts[i], 4);
    if (s->also)
        put_labelled(b, v, "signal-also", arena_printf(v->arena, "%s.", s->also));
    put_labelled(b, v, "signal-otherwise", s->otherwise);
    put_labelled(b, v, "signal-ask", s->ask);
}

/* What is not told in full: one line each, and no more than a few unless signals are asked for. */
static void
put_short(struct strbuf *b, const struct view *v, const struct signal_views *all,
          enum signal_part part)
{
    size_t shown = 0;

    if (all->of[part] == 0 || !part_headings[part])
        return;
    for (size_t i = 0; i < all->count; i++) {
        const struct signal_view *const s = &all->list[i];

        if (s->part != part || s->is_folded || view_signal_in_full(v, s) ||
            (shown == SHORT_SHOWN && !v->how->signals))
            continue;
        if (shown++ == 0) {
            strbuf_add_char(b, '\n');
            put_wrapped(b, view_text(v, part_headings[part]), 0);
        }
        put_wrapped(b, view_signal_line(v, s), 2);
    }
    if (shown > 0 && all->of[part] > shown)
        put_wrapped(b, view_more_signals(v, all->of[part] - shown), 2);
}

static void
put_signals(struct strbuf *b, const struct view *v)
{
    const struct signal_views all = view_signals(v);
    const bool any = all.of[PART_BRIEF] + all.of[PART_OTHER] > 0;

    put_heading(b, view_text(v, "signals"));
    put_wrapped(b, view_text(v, any ? "signals-read" : "signals-none"), 0);
    if (all.count > 0)
        put_wrapped(b, view_text(v, "signal-not"), 0);
    for (size_t i = 0; i < all.count; i++)
        if (view_signal_in_full(v, &all.list[i]))
            put_signal(b, v, &all.list[i]);
    for (enum signal_part part = 0; part < PARTS; part++)
        put_short(b, v, &all, part);
}

/* ---- around the tables ----------------------------------------------------------------------- */

static void
put_not_measured(struct strbuf *b, const struct view *v)
{
    const char *line;

    for (size_t i = 0; (line = view_not_measured(v, i)); i++) {
        if (i == 0)
            put_heading(b, view_text(v, "not-measured"));
        put_wrapped(b, line, 0);
    }
}

static void
put_quality(struct strbuf *b, const struct view *v)
{
    size_t count;
    const struct intake_row *const rows = view_intake(v, &count);

    put_heading(b, view_text(v, "quality"));
    put_wrapped(b, view_text(v, "all-batches"), 0);
    for (size_t i = 0; i < count; i++) {
        struct strbuf *const line = strbuf_new(v->arena, 65536);

        strbuf_printf(line, "%s:", rows[i].name);
        for (size_t k = 0; k < INTAKE_COUNTS; k++)
            strbuf_printf(line, " %s %s%s", view_text(v, intake_counts[k]),
                          view_count(v, rows[i].counts[k]), k + 1 < INTAKE_COUNTS ? "," : "");
        put_wrapped(b, line->data, 2);
    }
    for (size_t i = 0; i < 2; i++)
        put_line(b, view_silence(v, i));
    put_line(b, view_lacking(v));
    put_line(b, view_absent(v));
    for (size_t i = 0; i < v->gaps.count; i++)
        put_line(b, view_gap(v, i));
}

/* One line a finding: the words of its cells, each with what it is. */
static void
put_findings(struct strbuf *b, const struct view *v)
{
    const struct finding_block *blocks;
    const size_t count = findings_view(v, &blocks);

    put_heading(b, view_text(v, "findings"));
    put_wrapped(b, findings_scope(v), 0);
    for (size_t i = 0; i < count; i++) {
        const struct finding_block *const x = &blocks[i];

        put_wrapped(b, arena_printf(v->arena, "%s %s", x->code, x->message), 0);
        for (size_t r = 0; r < x->count && r < ROWS; r++)
            put_wrapped(b, findings_line(v, x, r), 2);
        if (x->count > ROWS)
            put_line(b, findings_more(v, x->count - ROWS));
    }
}

static void
put_foot(struct strbuf *b, const struct view *v)
{
    strbuf_add_char(b, '\n');
    put_wrapped(b, view_ledger(v), 0);
    strbuf_printf(b, "%s %s\n", view_text(v, "document-sha256"), v->sha256);
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
    if (v->how->signals) {
        put_signals(b, v);
        put_foot(b, v);
        return b;
    }
    if (!v->how->measure) {
        put_sentences(b, v);
        put_signals(b, v);
        put_heading(b, view_text(v, "reading"));
        for (size_t i = 0; i < reading_count; i++)
            put_wrapped(b, view_text(v, reading[i]), 0);
    }
    for (size_t i = 0; i < section_count; i++)
        put_section(b, v, &sections[i]);
    if (*view_on_request(v)) {
        strbuf_add_char(b, '\n');
        put_wrapped(b, view_on_request(v), 0);
    }
    put_not_measured(b, v);
    if (!v->how->measure) {
        put_quality(b, v);
        put_findings(b, v);
    }
    put_foot(b, v);
    return b;
}
