/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The report as a plain page: words and tables, no script, no chart, nothing from elsewhere; prints
 * well. Every byte of data is escaped here and nowhere else. Computes nothing; the buffer that is
 * returned belongs to the arena.
 */
#include "analyzer/report/view.h"

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

/* Which columns any of the rows fills. */
static void
find_columns(const struct view *v, const struct section *s, const struct figure *const *rows,
             size_t count, bool used[COLUMNS])
{
    for (unsigned c = 0; c < COLUMNS; c++)
        for (size_t i = 0; i < count && !used[c]; i++)
            used[c] = view_cell(v, s, rows[i], (enum column)c)[0] != '\0';
}

static void
put_row(struct strbuf *b, const struct view *v, const struct section *s, const struct figure *f,
        const bool used[COLUMNS])
{
    strbuf_add_text(b, f->flagged == 1 ? "<tr class=\"stands-out\">" : "<tr>");
    for (unsigned c = 0; c < COLUMNS; c++)
        if (used[c])
            put_in(b,
                   c == COLUMN_PLACE                  ? "th scope=\"row\""
                   : column_is_number((enum column)c) ? "td class=\"number\""
                                                      : "td",
                   view_cell(v, s, f, (enum column)c));
    strbuf_add_text(b, "</tr>\n");
}

static void
put_table(struct strbuf *b, const struct view *v, const struct section *s,
          const struct figure *const *rows, size_t count)
{
    bool used[COLUMNS] = {false};

    find_columns(v, s, rows, count, used);
    strbuf_printf(b,
                  "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                  "aria-labelledby=\"h-%s\">\n<table>\n",
                  s->measure);
    put_in(b, "caption", words_capital(v->arena, view_text(v, v->how->window)));
    strbuf_add_text(b, "<thead><tr>\n");
    for (unsigned c = 0; c < COLUMNS; c++)
        if (used[c])
            put_in(b,
                   column_is_number((enum column)c) ? "th scope=\"col\" class=\"number\""
                                                    : "th scope=\"col\"",
                   view_text(v, column_keys[c]));
    strbuf_add_text(b, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < count; i++)
        put_row(b, v, s, rows[i], used);
    strbuf_add_text(b, "</tbody>\n</table>\n</div>\n");
}

static void
put_line(struct strbuf *b, const char *line)
{
    if (*line)
        put_in(b, "p", line);
}

static void
put_section(struct strbuf *b, const struct view *v, const struct section *s)
{
    const struct section_rows r = view_rows(v, s);
    const size_t shown = v->how->measure || r.count < ROWS ? r.count : ROWS;

    if (r.count + r.small + r.undefined == 0)
        return;
    strbuf_printf(b, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">", s->measure,
                  s->measure, s->measure);
    put(b, view_text(v, s->measure));
    strbuf_add_text(b, "</h2>\n");
    if (view_caution(v, s))
        put_in(b, "p class=\"caution\"", view_caution(v, s));
    if (shown)
        put_table(b, v, s, r.list, shown);
    put_line(b, view_count_line(v, "more-rows", r.count - shown, ""));
    put_line(b, view_count_line(v, "too-little-rows", r.small, ""));
    put_line(b,
             view_count_line(v, "undefined-rows", r.undefined, r.why ? view_text(v, r.why) : ""));
    strbuf_add_text(b, "</section>\n");
}

static void
put_contents(struct strbuf *b, const struct view *v)
{
    strbuf_add_text(b, "<nav aria-label=\"");
    put(b, view_text(v, "contents"));
    strbuf_add_text(b, "\"><ul>\n");
    for (size_t i = 0; i < section_count; i++) {
        const struct section_rows r = view_rows(v, &sections[i]);

        if (r.count + r.small + r.undefined == 0)
            continue;
        strbuf_printf(b, "<li><a href=\"#%s\">", sections[i].measure);
        put(b, view_text(v, sections[i].measure));
        strbuf_add_text(b, "</a></li>\n");
    }
    strbuf_add_text(b, "</ul></nav>\n");
}

static void
put_intake(struct strbuf *b, const struct view *v)
{
    static const char *const counts[] = {"received", "accepted", "duplicate", "quarantined",
                                         "refused"};
    size_t i;
    json_t *row;

    put_in(b, "h2 id=\"h-quality\"", view_text(v, "quality"));
    strbuf_add_text(b, "<div class=\"wide\" role=\"region\" tabindex=\"0\" "
                       "aria-labelledby=\"h-quality\">\n<table>\n<thead><tr>\n");
    put_in(b, "th scope=\"col\"", view_text(v, "source"));
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        put_in(b, "th scope=\"col\" class=\"number\"", view_text(v, counts[k]));
    strbuf_add_text(b, "</tr></thead>\n<tbody>\n");
    json_array_foreach(json_object_get(json_object_get(v->document, "quality"), "intake"), i, row)
    {
        strbuf_add_text(b, "<tr>");
        put_in(b, "th scope=\"row\"", json_string_value(json_object_get(row, "source")));
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            put_in(b, "td class=\"number\"",
                   view_count(v, json_number_value(json_object_get(row, counts[k]))));
        strbuf_add_text(b, "</tr>\n");
    }
    strbuf_add_text(b, "</tbody>\n</table>\n</div>\n");
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
    const json_t *const run = json_object_get(v->document, "run");
    const json_t *const texts = json_object_get(v->document, "texts");
    const json_t *const ledger = json_object_get(run, "ledger");
    size_t i;
    json_t *s;

    put_head(b, v, view_title(v, ", "), v->how->style ? v->how->style : "");
    put_contents(b, v);
    strbuf_add_text(b, "<main id=\"content\">\n");
    put_in(b, "h2", view_text(v, "headline"));
    json_array_foreach(json_object_get(texts, language_codes[v->how->language]), i, s)
    {
        put_in(b, "p", json_string_value(s));
    }
    put_in(b, "h2", view_text(v, "reading"));
    strbuf_add_text(b, "<ul>\n");
    for (size_t k = 0; k < reading_count; k++)
        put_in(b, "li", view_text(v, reading[k]));
    strbuf_add_text(b, "</ul>\n");
    for (size_t k = 0; k < section_count; k++)
        put_section(b, v, &sections[k]);
    put_intake(b, v);
    strbuf_add_text(b, "</main>\n<footer>\n");
    put_in(
        b, "p",
        words_capital(a, arena_printf(a, "%s %" JSON_INTEGER_FORMAT ", %s", view_text(v, "ledger"),
                                      json_integer_value(json_object_get(ledger, "entry")),
                                      json_string_value(json_object_get(ledger, "hash")))));
    strbuf_add_text(b, "</footer>\n</body>\n</html>\n");
    return b;
}
