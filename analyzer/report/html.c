/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report as a plain page: words and tables, no script, no chart, nothing from elsewhere; prints
 * well. Every byte of data is escaped here and nowhere else. Computes nothing; the buffer that is
 * returned belongs to the arena.
 */
#include "analyzer/report/table.h"

#include "analyzer/report/findings.h"
#include "analyzer/report/view_signals.h"
#include "analyzer/report/words.h"

#include <string.h>

enum { HTML_CAP = 1 << 27, ROWS = 25 };

/* Escapes; never writes a byte of data as markup. */
static void
put(struct strbuf *b, const char *s)
{
    for (; *s; s++)
        switch (*s) {
        case '<':
            strbuf_add_text(b, "&lt;");
            break;
        case '>':
            strbuf_add_text(b, "&gt;");
            break;
        case '&':
            strbuf_add_text(b, "&amp;");
            break;
        case '"':
            strbuf_add_text(b, "&quot;");
            break;
        case '\'':
            strbuf_add_text(b, "&#39;");
            break;
        default:
            strbuf_add_char(b, *s);
        }
}

static void
put_in(struct strbuf *b, const char *element, const char *s)
{
    strbuf_printf(b, "<%s>", element);
    put(b, s);
    strbuf_printf(b, "</%.*s>\n", (int)strcspn(element, " "), element);
}

/* The first column heads its row. */
static void
put_row(struct strbuf *b, const struct table *t, const struct figure *f)
{
    bool head = true;

    strbuf_add_text(b, f->flagged == 1 ? "<tr class=\"stands-out\">" : "<tr>");
    for (unsigned c = 0; c < COLUMNS; c++) {
        if (!t->shown[c])
            continue;
        put_in(b,
               head                               ? "th scope=\"row\""
               : column_is_number((enum column)c) ? "td class=\"number\""
                                                  : "td",
               table_cell(t, f, (enum column)c));
        head = false;
    }
    strbuf_add_text(b, "</tr>\n");
}

static void
put_table(struct strbuf *b, const struct table *t)
{
    /* Outside the table: a caption would scroll away with it. */
    strbuf_printf(b, "<p class=\"caption\" id=\"c-%s\">", t->section->measure);
    put(b, t->caption);
    strbuf_printf(b,
                  "</p>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                  "aria-labelledby=\"h-%s\">\n<table aria-labelledby=\"h-%s c-%s\">\n",
                  t->section->measure, t->section->measure, t->section->measure);
    strbuf_add_text(b, "<thead><tr>\n");
    for (unsigned c = 0; c < COLUMNS; c++)
        if (t->shown[c])
            put_in(b,
                   column_is_number((enum column)c) ? "th scope=\"col\" class=\"number\""
                                                    : "th scope=\"col\"",
                   table_heading(t, (enum column)c));
    strbuf_add_text(b, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < t->count; i++)
        put_row(b, t, t->rows[i]);
    strbuf_add_text(b, "</tbody>\n</table>\n</div>\n");
    for (size_t i = 0; i < t->note_count; i++)
        put_in(b, "p class=\"note\"", table_note(t, i));
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
    strbuf_printf(b, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">", s->measure,
                  s->measure, s->measure);
    put(b, view_text(v, s->measure));
    strbuf_add_text(b, "</h2>\n");
    if (view_caution(v, s))
        put_in(b, "p class=\"caution\"", view_caution(v, s));
    if (shown) {
        const struct table t = table_of(v, s, r.list, shown, true);

        put_table(b, &t);
    }
    while ((line = view_under(v, &r, shown, &at)))
        put_in(b, "p class=\"note\"", line);
    strbuf_add_text(b, "</section>\n");
}

/* ---- signals --------------------------------------------------------------------------------- */

static void
put_lines(struct strbuf *b, const char *const *lines)
{
    if (!lines[0])
        return;
    strbuf_add_text(b, "<ul>\n");
    for (size_t i = 0; i < SIGNAL_LINES_MOST && lines[i]; i++)
        put_in(b, "li", lines[i]);
    strbuf_add_text(b, "</ul>\n");
}

static void
put_labelled(struct strbuf *b, const struct view *v, const char *label, const char *s)
{
    strbuf_add_text(b, "<p><strong>");
    put(b, view_text(v, label));
    strbuf_add_text(b, ":</strong> ");
    put(b, s);
    strbuf_add_text(b, "</p>\n");
}

static void
put_signal(struct strbuf *b, const struct view *v, const struct signal_view *s)
{
    put_in(b, "p class=\"note\"", words_capital(v->arena, s->course));
    put_in(b, "p", s->headline);
    put_in(b, "p", view_text(v, "signal-evidence"));
    put_lines(b, s->evidence);
    put_lines(b, s->doubts);
    if (s->also)
        put_labelled(b, v, "signal-also", arena_printf(v->arena, "%s.", s->also));
    put_labelled(b, v, "signal-otherwise", s->otherwise);
    put_labelled(b, v, "signal-ask", s->ask);
}

static const char *
signal_title(const struct view *v, const struct signal_view *s)
{
    return arena_printf(v->arena, "%s: %s", s->grade, s->title);
}

/* Those of the brief stand open; the others of grade A to C open when they are asked for. */
static void
put_part(struct strbuf *b, const struct view *v, const struct signal_views *all,
         enum signal_part part)
{
    if (all->of[part] == 0)
        return;
    if (part_headings[part])
        put_in(b, "h3", view_text(v, part_headings[part]));
    strbuf_add_text(b, part >= PART_WATCH ? "<ul>\n" : "");
    for (size_t i = 0; i < all->count; i++) {
        const struct signal_view *const s = &all->list[i];

        if (s->part != part || (s->is_folded && part >= PART_WATCH))
            continue;
        if (part >= PART_WATCH) {
            put_in(b, "li", view_signal_line(v, s));
            continue;
        }
        if (part == PART_BRIEF && !s->is_folded) {
            put_in(b, "h3", signal_title(v, s));
            put_signal(b, v, s);
            continue;
        }
        strbuf_add_text(b, "<details>");
        put_in(b, "summary", signal_title(v, s));
        put_signal(b, v, s);
        strbuf_add_text(b, "</details>\n");
    }
    strbuf_add_text(b, part >= PART_WATCH ? "</ul>\n" : "");
}

static void
put_signals(struct strbuf *b, const struct view *v)
{
    const struct signal_views all = view_signals(v);
    const bool any = all.of[PART_BRIEF] + all.of[PART_OTHER] > 0;

    strbuf_add_text(b, "<section id=\"signals\" aria-labelledby=\"h-signals\">\n");
    put_in(b, "h2 id=\"h-signals\"", view_text(v, "signals"));
    put_in(b, "p", view_text(v, any ? "signals-read" : "signals-none"));
    if (all.count > 0)
        put_in(b, "p class=\"caution\"", view_text(v, "signal-not"));
    for (enum signal_part part = 0; part < PARTS; part++)
        put_part(b, v, &all, part);
    strbuf_add_text(b, "</section>\n");
}

static void
put_foot(struct strbuf *b, const struct view *v)
{
    strbuf_add_text(b, "</main>\n<footer>\n");
    put_in(b, "p", view_ledger(v));
    put_in(b, "p", arena_printf(v->arena, "%s %s", view_text(v, "document-sha256"), v->sha256));
    strbuf_add_text(b, "</footer>\n</body>\n</html>\n");
}

static void
put_contents(struct strbuf *b, const struct view *v)
{
    strbuf_add_text(b, "<nav aria-label=\"");
    put(b, view_text(v, "contents"));
    strbuf_add_text(b, "\"><details>\n");
    put_in(b, "summary", view_text(v, "contents"));
    strbuf_add_text(b, "<ul>\n");
    for (size_t i = 0; i < section_count; i++) {
        const struct section_rows r = view_rows(v, &sections[i]);

        if (r.count + r.small == 0)
            continue;
        strbuf_printf(b, "<li><a href=\"#%s\">", sections[i].measure);
        put(b, view_text(v, sections[i].measure));
        strbuf_add_text(b, "</a></li>\n");
    }
    strbuf_add_text(b, "</ul></details></nav>\n");
}

static void
put_intake(struct strbuf *b, const struct view *v)
{
    size_t count;
    const struct intake_row *const rows = view_intake(v, &count);

    put_in(b, "h2 id=\"h-quality\"", view_text(v, "quality"));
    put_in(b, "p", view_text(v, "all-batches"));
    strbuf_add_text(b, "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                       "aria-labelledby=\"h-quality\">\n<table>\n<thead><tr>\n");
    put_in(b, "th scope=\"col\"", view_text(v, "source"));
    for (size_t k = 0; k < INTAKE_COUNTS; k++)
        put_in(b, "th scope=\"col\" class=\"number\"", view_text(v, intake_counts[k]));
    strbuf_add_text(b, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++) {
        strbuf_add_text(b, "<tr>");
        put_in(b, "th scope=\"row\"", rows[i].name);
        for (size_t k = 0; k < INTAKE_COUNTS; k++)
            put_in(b, "td class=\"number\"", view_count(v, rows[i].counts[k]));
        strbuf_add_text(b, "</tr>\n");
    }
    strbuf_add_text(b, "</tbody>\n</table>\n</div>\n");
}

static void
put_not_measured(struct strbuf *b, const struct view *v)
{
    const char *line;

    for (size_t i = 0; (line = view_not_measured(v, i)); i++) {
        if (i == 0)
            put_in(b, "h2", view_text(v, "not-measured"));
        put_in(b, "p", line);
    }
}

static void
put_gaps(struct strbuf *b, const struct view *v)
{
    if (v->gaps.count + v->gaps.lacking_count == 0)
        return;
    strbuf_add_text(b, "<ul>\n");
    for (size_t i = 0; i < 2; i++)
        if (*view_silence(v, i))
            put_in(b, "li", view_silence(v, i));
    if (*view_lacking(v))
        put_in(b, "li", view_lacking(v));
    if (*view_absent(v))
        put_in(b, "li", view_absent(v));
    for (size_t i = 0; i < v->gaps.count; i++)
        if (*view_gap(v, i))
            put_in(b, "li", view_gap(v, i));
    strbuf_add_text(b, "</ul>\n");
}

static void
put_findings(struct strbuf *b, const struct view *v)
{
    const struct finding_block *blocks;
    const size_t count = findings_view(v, &blocks);

    put_in(b, "h3", view_text(v, "findings"));
    put_in(b, "p", findings_scope(v));
    for (size_t i = 0; i < count; i++) {
        const struct finding_block *const x = &blocks[i];

        strbuf_printf(b, "<p class=\"caption\" id=\"c-%s\"><strong>%s</strong> ", x->code, x->code);
        put(b, x->message);
        strbuf_printf(b,
                      "</p>\n<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                      "aria-labelledby=\"c-%s\">\n<table aria-labelledby=\"c-%s\">\n",
                      x->code, x->code);
        strbuf_add_text(b, "<thead><tr>\n");
        for (unsigned c = 0; c < FINDING_COLUMNS; c++)
            if (x->shown[c])
                put_in(b,
                       c < FINDING_VALUE ? "th scope=\"col\"" : "th scope=\"col\" class=\"number\"",
                       view_text(v, finding_headings[c]));
        strbuf_add_text(b, "</tr></thead>\n<tbody>\n");
        for (size_t r = 0; r < x->count && r < ROWS; r++) {
            strbuf_add_text(b, "<tr>");
            for (unsigned c = 0; c < FINDING_COLUMNS; c++)
                if (x->shown[c])
                    put_in(b,
                           c == 0              ? "th scope=\"row\""
                           : c < FINDING_VALUE ? "td"
                                               : "td class=\"number\"",
                           x->rows[r].cell[c]);
            strbuf_add_text(b, "</tr>\n");
        }
        strbuf_add_text(b, "</tbody>\n</table>\n</div>\n");
        if (x->count > ROWS)
            put_in(b, "p class=\"note\"", findings_more(v, x->count - ROWS));
    }
}

static void
put_head(struct strbuf *b, const struct view *v, const char *title, const char *style)
{
    strbuf_printf(b,
                  "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                  language_codes[v->how->language]);
    put_in(b, "title", title);
    strbuf_add_text(b, "<style>\n");
    strbuf_add_text(b, style);
    strbuf_add_text(b, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">");
    put(b, view_text(v, "skip"));
    strbuf_add_text(b, "</a>\n<header>\n");
    put_in(b, "h1", title);
    put_in(b, "p",
           words_capital(v->arena,
                         arena_printf(v->arena, "%s %s", view_text(v, "run"), view_run(v, "id"))));
    strbuf_add_text(b, "</header>\n");
}

struct strbuf *
html_write(struct arena *a, const struct view *v)
{
    struct strbuf *const b = strbuf_new(a, HTML_CAP);
    const json_t *const texts = json_object_get(v->document, "texts");
    size_t i;
    json_t *s;

    put_head(b, v, view_title(v, ", "), v->how->style ? v->how->style : "");
    strbuf_add_text(b, "<main id=\"content\">\n");
    if (v->how->signals) {
        put_signals(b, v);
        put_foot(b, v);
        return b;
    }
    put_in(b, "h2", view_text(v, "headline"));
    json_array_foreach(json_object_get(texts, language_codes[v->how->language]), i, s)
    {
        put_in(b, "p", json_string_value(s));
    }
    put_signals(b, v);
    put_contents(b, v);
    put_in(b, "h2", view_text(v, "reading"));
    strbuf_add_text(b, "<ul>\n");
    for (size_t k = 0; k < reading_count; k++)
        put_in(b, "li", view_text(v, reading[k]));
    put_in(b, "li", view_text(v, "read-bold"));
    strbuf_add_text(b, "</ul>\n");
    for (size_t k = 0; k < section_count; k++)
        put_section(b, v, &sections[k]);
    if (*view_on_request(v))
        put_in(b, "p", view_on_request(v));
    put_not_measured(b, v);
    put_intake(b, v);
    put_gaps(b, v);
    put_findings(b, v);
    put_foot(b, v);
    return b;
}
