/* SPDX-License-Identifier: EUPL-1.2 */
/* The report for a terminal of 100 columns: what was counted, then a table a measure. */
#include "analyzer/report/view.h"

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

static const char *
who(const struct view *v, const struct figure *f)
{
    if (f->term[0] && !f->group[0])
        return view_term(v, f->term);
    if (f->term[0])
        return arena_printf(v->arena, "%s: %s", view_group(v, f->group), view_term(v, f->term));
    return view_group(v, f->group);
}

static void
put_columns(struct strbuf *b, const struct view *v)
{
    put_cell(b, view_text(v, "place"), 20, false);
    put_cell(b, view_text(v, "group"), 22, false);
    put_cell(b, view_text(v, "value"), 7, true);
    put_cell(b, view_text(v, "interval"), 15, true);
    put_cell(b, view_text(v, "n"), 7, true);
    put_cell(b, view_text(v, "benchmark"), 14, false);
    put_cell(b, view_text(v, "q"), 6, true);
    strbuf_add_char(b, '\n');
}

static void
put_row(struct strbuf *b, const struct view *v, const struct section *s, const struct figure *f)
{
    const char *const against = f->benchmark[0]   ? view_text(v, f->benchmark)
                                : f->reference[0] ? view_group(v, f->reference)
                                                  : "";

    put_cell(b, view_place(v, f), 20, false);
    put_cell(b, who(v, f), 22, false);
    put_cell(b, view_value(v, s->unit, f->value), 7, true);
    put_cell(b, view_interval(v, s->unit, f), 15, true);
    put_cell(b, view_count(v, f->n), 7, true);
    put_cell(b, against, 14, false);
    put_cell(b,
             isnan(f->q)    ? ""
             : f->q < 0.001 ? "<0.001"
                            : arena_printf(v->arena, "%.3f", f->q),
             6, true);
    if (b->data[b->length - 1] == ' ')
        b->length--;
    strbuf_add_char(b, '\n');
    if (!isnan(f->detectable) && f->flagged == 0)
        strbuf_printf(b, "  %s: %s\n", view_text(v, "detectable"),
                      view_value(v, s->unit, f->detectable));
}

static void
put_count_line(struct strbuf *b, const struct view *v, const char *key, size_t count,
               const char *why)
{
    const char *const values[] = {arena_printf(v->arena, "%zu", count), why};

    if (count == 0)
        return;
    strbuf_add_text(b, "  ");
    strbuf_add_text(b, text_fill(v->arena, key, v->how->language, values));
    strbuf_add_char(b, '\n');
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
        put_columns(b, v);
    for (size_t i = 0; i < shown; i++)
        put_row(b, v, s, r.list[i]);
    put_count_line(b, v, "more-rows", r.count - shown, "");
    put_count_line(b, v, "too-little-rows", r.small, "");
    put_count_line(b, v, "undefined-rows", r.undefined, r.why ? view_text(v, r.why) : "");
}

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

        strbuf_add_text(b, "  ");
        strbuf_add_text(b, text_fill(v->arena, "gap-months", v->how->language, values));
        strbuf_add_char(b, '\n');
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
        strbuf_printf(b, "  %s (%s):", json_string_value(json_object_get(row, "source")),
                      json_string_value(json_object_get(row, "status")));
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
            strbuf_printf(b, " %s %" JSON_INTEGER_FORMAT "%s", view_text(v, counts[k]),
                          json_integer_value(json_object_get(row, counts[k])),
                          k + 1 < sizeof counts / sizeof *counts ? "," : "");
        strbuf_add_char(b, '\n');
    }
    put_gaps(b, v, json_object_get(quality, "gaps"));
}

static void
put_sentences(struct strbuf *b, const struct view *v)
{
    const json_t *const list =
        json_object_get(json_object_get(v->document, "texts"), language_codes[v->how->language]);
    const json_t *const population =
        json_object_get(json_object_get(v->document, "quality"), "population");
    size_t i;
    json_t *s;

    put_heading(b, view_text(v, "headline"));
    json_array_foreach(list, i, s) put_wrapped(b, json_string_value(s), 0);
    if (json_is_object(population) &&
        json_is_false(json_object_get(population, "vintage_in_order")))
        put_wrapped(b, view_text(v, "population-vintage"), 0);
}

struct strbuf *
text_write(struct arena *a, const struct view *v)
{
    static const char *const reading[] = {"read-interval", "read-ratio", "read-detectable",
                                          "read-benchmark", "read-discrimination"};
    struct strbuf *const b = strbuf_new(a, TEXT_CAP);
    const char *const city =
        json_string_value(json_object_get(json_object_get(v->document, "texts"), "city"));

    strbuf_printf(b, "%s  %s  %s  (%s %s)\n", view_text(v, "title"), city ? city : "",
                  view_run(v, "month"), view_text(v, "run"), view_run(v, "id"));
    if (!v->how->measure) {
        put_sentences(b, v);
        put_heading(b, view_text(v, "reading"));
        for (size_t i = 0; i < sizeof reading / sizeof *reading; i++)
            put_wrapped(b, view_text(v, reading[i]), 0);
    }
    for (size_t i = 0; i < section_count; i++)
        put_section(b, v, &sections[i]);
    put_not_measured(b, v);
    if (!v->how->measure)
        put_quality(b, v);
    return b;
}
