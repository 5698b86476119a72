/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Writes signals into the document. Each headline is one text of the table with the numbers of the
 * signal's figure filled in; where a signal has none (closed, not measured), its subject is named
 * and nothing is claimed. Texts belong to the arena, the array to the caller.
 */
#include "analyzer/report/signals.h"

#include "analyzer/report/texts.h"
#include "analyzer/report/words.h"

#include <math.h>
#include <string.h>

struct writer {
    const struct analysis *x;
    struct arena *arena;
    enum language language;
};

static const char *
key(const struct writer *w, const char *prefix, const char *code)
{
    return arena_printf(w->arena, "%s-%s", prefix, code);
}

/* ---- the headline ---------------------------------------------------------------------------- */

static const char *
place_name(const struct writer *w, const struct signal *s)
{
    const struct inputs *const in = w->x->in;

    for (size_t i = 0; *s->place && i < in->place_count; i++)
        if (strcmp(in->places[i].code, s->place) == 0)
            return in->places[i].name;
    return *s->place ? s->place : text("signal-city", w->language);
}

static const char *
people(const struct writer *w, const char *perspective, const char *group)
{
    const struct label *const found = inputs_label(w->x->in, NULL, group);
    const char *const name = !found ? group : w->language == LANGUAGE_NL ? found->nl : found->en;

    if (strcmp(group, "others") == 0)
        return text("others", w->language);
    return text_fill(w->arena, key(w, "people", perspective), w->language, &name);
}

/* How a kind's figure is worded: what a value is multiplied with, and the words for its side. */
static const struct {
    double scale;
    int decimals;
    const char *above, *below;
} wording[KINDS] = {
    [KIND_STOP_RATE] = {1, 2, "more-often", "less-often"},
    [KIND_SEARCH] = {100, 1, "more-often", "less-often"},
    [KIND_OUTCOME] = {100, 1, "more-often", "less-often"},
    [KIND_EXPLANATION] = {1, 1, "signal-higher", "signal-lower"},
    [KIND_RESPECT] = {1, 1, "signal-higher", "signal-lower"},
    [KIND_REASONS] = {1, 1, "signal-higher", "signal-lower"},
    [KIND_BODYCAM] = {1, 1, "more-often", "less-often"},
    [KIND_REGISTRATION] = {1, 1, "more-often", "less-often"},
};

static const char *
number(const struct writer *w, const struct signal *s, double value)
{
    return words_number(w->arena, w->language, wording[s->kind].decimals,
                        value * wording[s->kind].scale);
}

static const char *
headline(const struct writer *w, const struct signal *s)
{
    const struct figure *const f = s->main;
    const char *const kind = text(key(w, "kind", kind_codes[s->kind]), w->language);

    if (!f) {
        const char *const values[] = {
            place_name(w, s),
            arena_printf(w->arena, "%s %s", people(w, s->perspective, s->group), kind)};

        return text_fill(w->arena, "signal-no-number", w->language, values);
    }

    /* A difference below nothing is worded by its other side. */
    const bool below = s->kind != KIND_STOP_RATE && f->value < 0;
    const char *const values[] = {
        place_name(w, s),
        people(w, s->perspective, s->group),
        people(w, s->perspective, f->reference),
        number(w, s, below ? -f->value : f->value),
        number(w, s, below ? -f->upper : f->lower),
        number(w, s, below ? -f->lower : f->upper),
        words_number(w->arena, w->language, 0, s->persons),
        text(below ? wording[s->kind].below : wording[s->kind].above, w->language),
    };

    return text_fill(w->arena, key(w, "signal", kind_codes[s->kind]), w->language, values);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static json_t *
texts_json(const struct writer *w, const struct signal *s)
{
    const char *const kind = kind_codes[s->kind];
    json_t *const doubts = json_array();

    for (unsigned d = 0; d < DOUBTS; d++)
        if (s->doubts[d])
            json_array_append_new(doubts,
                                  json_string(text(key(w, "doubt", doubt_codes[d]), w->language)));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o}", "headline", words_capital(w->arena, headline(w, s)), "not",
        text("signal-not", w->language), "otherwise", text(key(w, "otherwise", kind), w->language),
        "ask", text(key(w, "ask", kind), w->language), "doubts", doubts);
}

/* Number of a figure in the document. */
static json_t *
figure_id(const struct writer *w, const struct figure *f)
{
    return json_integer((json_int_t)(f - w->x->figures.list) + 1);
}

static json_t *
evidence_json(const struct writer *w, const struct signal *s)
{
    json_t *const list = json_array();

    for (unsigned i = 0; i < EVIDENCES; i++) {
        const struct evidence *const e = &s->evidence[i];
        json_t *const one = json_object();
        json_t *const figures = json_array();

        for (size_t k = 0; k < e->count; k++)
            json_array_append_new(figures, figure_id(w, e->on[k]));
        json_object_set_new(one, "id", json_string(evidence_codes[i]));
        json_object_set_new(one, "holds",
                            e->holds == HOLDS_UNKNOWN ? json_null()
                                                      : json_boolean(e->holds == HOLDS_YES));
        json_object_set_new(one, "figures", figures);
        if (e->holds == HOLDS_UNKNOWN)
            json_object_set_new(one, "why", json_string(e->why));
        if (!isnan(e->q))
            json_object_set_new(one, "q", json_real(e->q));
        if (!isnan(e->share))
            json_object_set_new(one, "share", json_real(e->share));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *
grade_json(char grade)
{
    return grade ? json_stringn(&grade, 1) : json_null();
}

static json_t *
signal_json(const struct writer *w, const struct signal *s)
{
    json_t *const j = json_object();
    json_t *const doubts = json_array();
    struct writer of = *w;

    for (unsigned d = 0; d < DOUBTS; d++)
        if (s->doubts[d])
            json_array_append_new(doubts, json_string(doubt_codes[d]));
    json_object_set_new(j, "id", json_string(s->id));
    json_object_set_new(j, "kind", json_string(kind_codes[s->kind]));
    json_object_set_new(j, "level_of_place", json_string(s->level_of_place));
    if (*s->place)
        json_object_set_new(j, "place", json_string(s->place));
    json_object_set_new(j, "perspective", json_string(s->perspective));
    json_object_set_new(j, "group", json_string(s->group));
    json_object_set_new(j, "grade", grade_json(s->grade));
    json_object_set_new(j, "grade_before_doubts", grade_json(s->before));
    json_object_set_new(j, "doubts", doubts);
    json_object_set_new(j, "status", json_string(status_codes[s->status]));
    json_object_set_new(j, "was", grade_json(s->was));
    json_object_set_new(j, "since", json_string(s->since));
    json_object_set_new(j, "persons", isnan(s->persons) ? json_null() : json_real(s->persons));
    json_object_set_new(j, "brief", s->brief ? json_integer(s->brief) : json_null());
    json_object_set_new(j, "under", s->under ? json_string(s->under->id) : json_null());
    json_object_set_new(j, "figure", s->main ? figure_id(w, s->main) : json_null());
    json_object_set_new(j, "evidence", evidence_json(w, s));
    for (of.language = 0; of.language < LANGUAGES; of.language++)
        json_object_set_new(j, language_codes[of.language], texts_json(&of, s));
    return j;
}

json_t *
signals_json(const struct analysis *x, struct arena *a)
{
    const struct writer w = {.x = x, .arena = a};
    json_t *const list = json_array();

    for (size_t i = 0; i < x->signals.count; i++)
        json_array_append_new(list, signal_json(&w, &x->signals.list[i]));
    return list;
}
