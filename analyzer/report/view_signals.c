/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads signals back from the document. What a signal says was written when the run was made; here
 * only codes get their words. Lays nothing out; everything belongs to the view's arena.
 */
#include "analyzer/report/view_signals.h"

#include "analyzer/report/words.h"
#include "common/csv.h"

#include <string.h>

static const char *
string_of(const json_t *object, const char *key)
{
    const char *const s = json_string_value(json_object_get(object, key));

    return s ? s : "";
}

static const char *
word(const struct view *v, const char *prefix, const char *code)
{
    return view_text(v, arena_printf(v->arena, "%s-%s", prefix, code));
}

static const char *
place_of(const struct view *v, const json_t *j)
{
    const char *const place = string_of(j, "place");
    const struct figure at = {.place = place, .level_of_place = string_of(j, "level_of_place")};

    return *place ? view_place(v, &at, false) : view_text(v, "signal-city");
}

static const char *
title_of(const struct view *v, const json_t *j)
{
    return arena_printf(v->arena, "%s, %s: %s", place_of(v, j),
                        view_group(v, string_of(j, "group")),
                        word(v, "kind", string_of(j, "kind")));
}

/* Without an analysis of the month before nothing is known to be new. */
static const char *
status_of(const struct view *v, const json_t *j)
{
    const json_t *const run = json_object_get(v->document, "run");
    const char *const status = string_of(j, "status");

    return strcmp(status, "opened") == 0 &&
                   !*string_of(json_object_get(run, "parameters"), "previous")
               ? "first"
               : status;
}

static const char *
course_of(const struct view *v, const json_t *j)
{
    const char *const was = string_of(j, "was");

    return arena_printf(v->arena, "%s %s, %s", view_text(v, "signal-since"),
                        words_month(v->arena, v->how->language, string_of(j, "since")),
                        text_fill(v->arena, arena_printf(v->arena, "status-%s", status_of(v, j)),
                                  v->how->language, &was));
}

/* The robust test says "no" only when both of its halves point the other way. */
static const char *
robust_no(const struct view *v, const json_t *e)
{
    const json_int_t id = json_integer_value(json_array_get(json_object_get(e, "figures"), 0));
    const json_t *const f =
        json_array_get(json_object_get(v->document, "figures"), id > 0 ? (size_t)id - 1 : SIZE_MAX);
    const bool opposite = json_number_value(json_object_get(f, "value")) < 0;

    return view_text(v, opposite ? "holds-no-E3-opposite" : "holds-no-E3");
}

/* With q, on which the grade rests: what holds may still be weak. */
static const char *
answer_of(const struct view *v, const json_t *e)
{
    const json_t *const holds = json_object_get(e, "holds");
    const json_t *const q = json_object_get(e, "q");
    const char *const why = word(v, "why", string_of(e, "why"));

    if (json_is_null(holds))
        return text_fill(v->arena, "holds-unknown", v->how->language, &why);
    if (!json_is_true(holds))
        return strcmp(string_of(e, "id"), "E3") == 0 ? robust_no(v, e) : view_text(v, "holds-no");
    if (!json_is_number(q))
        return view_text(v, "holds-yes");

    const char *const value = view_q(v, json_number_value(q));

    return text_fill(v->arena, "holds-yes-q", v->how->language, &value);
}

static const char *
evidence_line(const struct view *v, const json_t *e)
{
    const char *const id = string_of(e, "id");

    return arena_printf(v->arena, "%s%s%s: %s", id[0] == 'E' ? id : "", id[0] == 'E' ? " " : "",
                        word(v, "evidence", id), answer_of(v, e));
}

static void
read_lines(const struct view *v, const json_t *j, struct signal_view *s)
{
    const json_t *const words = json_object_get(j, language_codes[v->how->language]);
    size_t i, count = 0;
    json_t *one;

    json_array_foreach(json_object_get(j, "evidence"), i, one)
    {
        if (strcmp(string_of(one, "why"), "not-asked") != 0 && count < SIGNAL_LINES_MOST)
            s->evidence[count++] = evidence_line(v, one);
    }
    json_array_foreach(json_object_get(words, "doubts"), i, one)
    {
        if (i < SIGNAL_LINES_MOST)
            s->doubts[i] = json_string_value(one);
    }
    s->headline = string_of(words, "headline");
    s->otherwise = string_of(words, "otherwise");
    s->ask = string_of(words, "ask");
}

/* As many as the brief can have. */
enum { BRIEF_MOST = 5 };

const char *const part_headings[PARTS] = {NULL, "signals-other", "signals-watch", "signals-closed"};

static enum signal_part
part_of(const json_t *j)
{
    if (strcmp(string_of(j, "status"), "closed") == 0)
        return PART_CLOSED;
    if (string_of(j, "grade")[0] == 'D')
        return PART_WATCH;
    return json_is_integer(json_object_get(j, "brief")) ? PART_BRIEF : PART_OTHER;
}

bool
view_signal_in_full(const struct view *v, const struct signal_view *s)
{
    return (s->part == PART_BRIEF && !s->is_folded) || (s->part <= PART_OTHER && v->how->signals);
}

static struct signal_view *
add(const struct view *v, struct signal_views *r, const json_t *j, enum signal_part part)
{
    struct signal_view *const s = &r->list[r->count++];

    *s = (struct signal_view){
        .json = j,
        .part = part,
        .grade = string_of(j, part == PART_CLOSED ? "was" : "grade"),
        .place = place_of(v, j),
        .title = title_of(v, j),
        .course = course_of(v, j),
    };
    read_lines(v, j, s);
    return s;
}

/* A signal, then those that are told under it: places of the same practice. */
static void
add_with_places(const struct view *v, struct signal_views *r, const json_t *j)
{
    struct signal_view *const head = add(v, r, j, part_of(j));
    struct strbuf *const also = strbuf_new(v->arena, 65536);
    size_t i;
    json_t *one;

    r->of[head->part]++;
    json_array_foreach(json_object_get(v->document, "signals"), i, one)
    {
        if (strcmp(string_of(one, "under"), string_of(j, "id")) != 0)
            continue;

        struct signal_view *const s = add(v, r, one, head->part);

        s->is_folded = true;
        strbuf_printf(also, "%s%s (%s)", also->length ? ", " : "", s->place, s->grade);
    }
    head->also = also->length ? also->data : NULL;
}

static json_int_t
brief_of(const json_t *j)
{
    return json_integer_value(json_object_get(j, "brief"));
}

struct signal_views
view_signals(const struct view *v)
{
    const json_t *const list = json_object_get(v->document, "signals");
    struct signal_views r = {.list =
                                 arena_array(v->arena, json_array_size(list) + 1, sizeof *r.list)};
    size_t i;
    json_t *j;

    for (json_int_t rank = 1; rank <= BRIEF_MOST; rank++)
        json_array_foreach(list, i, j)
        {
            if (brief_of(j) == rank)
                add_with_places(v, &r, j);
        }
    json_array_foreach(list, i, j)
    {
        if (!brief_of(j) && !*string_of(j, "under"))
            add_with_places(v, &r, j);
    }
    return r;
}

const char *
view_signal_line(const struct view *v, const struct signal_view *s)
{
    struct strbuf *const b = strbuf_new(v->arena, 4096);

    strbuf_printf(b, "%s: %s (%s)", s->grade, s->title, s->course);
    for (size_t i = 0; i < SIGNAL_LINES_MOST && s->doubts[i]; i++)
        strbuf_printf(b, "%s%s", i ? " " : ". ", s->doubts[i]);
    if (s->also)
        strbuf_printf(b, "%s%s: %s.", s->doubts[0] ? " " : ". ", view_text(v, "signal-also"),
                      s->also);
    return b->data;
}

const char *
view_more_signals(const struct view *v, size_t count)
{
    const char *const number = view_count(v, (double)count);

    return text_fill(v->arena, "signals-more", v->how->language, &number);
}

/* ---- for machines ---------------------------------------------------------------------------- */

enum { CSV_CAP = 1 << 24 };

static void
put(struct strbuf *b, const char *s, bool last)
{
    csv_put(b, span_of(s), false);
    strbuf_add_text(b, last ? "\r\n" : ",");
}

static void
put_number(struct strbuf *b, const json_t *x)
{
    char out[32];

    if (json_is_number(x)) {
        json_real_text(json_number_value(x), out);
        csv_put(b, span_of(out), true);
    }
    strbuf_add_char(b, ',');
}

/* "E1+ E2- E3?": holds, does not, not measured; what is not asked of the kind is left out. */
static const char *
strip(const struct view *v, const json_t *signal)
{
    struct strbuf *const b = strbuf_new(v->arena, 4096);
    size_t i;
    json_t *e;

    json_array_foreach(json_object_get(signal, "evidence"), i, e)
    {
        const json_t *const holds = json_object_get(e, "holds");

        if (strcmp(string_of(e, "why"), "not-asked") != 0)
            strbuf_printf(b, "%s%s%s", b->length ? " " : "", string_of(e, "id"),
                          json_is_null(holds)   ? "?"
                          : json_is_true(holds) ? "+"
                                                : "-");
    }
    return b->data;
}

static const char *
joined(const struct view *v, const json_t *codes)
{
    struct strbuf *const b = strbuf_new(v->arena, 4096);
    size_t i;
    json_t *code;

    json_array_foreach(codes, i, code)
    {
        strbuf_printf(b, "%s%s", i ? " " : "", json_string_value(code));
    }
    return b->data;
}

struct strbuf *
signals_csv(struct arena *a, const struct view *v)
{
    static const char *const columns[] = {
        "id",          "kind",  "level_of_place", "place",
        "perspective", "group", "grade",          "grade_before_doubts",
        "status",      "was",   "since"};
    struct strbuf *const b = strbuf_new(a, CSV_CAP);
    size_t i;
    json_t *j;

    strbuf_add_text(b, "id,kind,level_of_place,place,perspective,group,grade,grade_before_doubts,"
                       "status,was,since,persons,brief,under,evidence,doubts,headline\r\n");
    json_array_foreach(json_object_get(v->document, "signals"), i, j)
    {
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            put(b, string_of(j, columns[c]), false);
        put_number(b, json_object_get(j, "persons"));
        put_number(b, json_object_get(j, "brief"));
        put(b, string_of(j, "under"), false);
        put(b, strip(v, j), false);
        put(b, joined(v, json_object_get(j, "doubts")), false);
        put(b, string_of(json_object_get(j, language_codes[v->how->language]), "headline"), true);
    }
    return b;
}
