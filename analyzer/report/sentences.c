/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sentences of the document: how many were stopped, the ratio against residents, searches and
 * hits, explanation, what is missing. Each is one text of the table with numbers filled in; none
 * speaks of a unit or an area, and none of a difference that adjustment does not leave standing.
 * Texts belong to the arena, the array to the caller.
 */
#include "analyzer/report/sentences.h"

#include "analyzer/measure/measure.h"
#include "analyzer/report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    const struct analysis *x;
    const struct exposures *residents;
    struct arena *arena;
    enum language language;
    json_t *list;
};

static void
say(const struct writer *w, const char *sentence)
{
    json_array_append_new(w->list, json_string(words_capital(w->arena, sentence)));
}

static const char *
filled(const struct writer *w, const char *key, const char *const *values)
{
    return text_fill(w->arena, key, w->language, values);
}

static const char *
number(const struct writer *w, int decimals, double value)
{
    return words_number(w->arena, w->language, decimals, value);
}

/* Whose group is meant, and who says so: "people perceived after contact as …". */
static const char *
people(const struct writer *w, const char *perspective, const char *group)
{
    const struct label *const found = inputs_label(w->x->in, NULL, group);
    const char *const name = !found ? group : w->language == LANGUAGE_NL ? found->nl : found->en;

    if (strcmp(group, "others") == 0)
        return text("others", w->language);
    return filled(w, arena_printf(w->arena, "people-%s", perspective), &name);
}

/* ---- which figures --------------------------------------------------------------------------- */

static bool
is_headline(const struct figure *f, const char *measure, const char *benchmark)
{
    return strcmp(f->measure, measure) == 0 && strcmp(f->window, "12-months") == 0 &&
           f->place[0] == '\0' && strcmp(f->benchmark, benchmark) == 0;
}

enum direction { EITHER, ABOVE };

/*
 * The figure whose sure end lies furthest from "no difference" (1 for a ratio, 0 for a gap), of
 * those that adjustment leaves standing; NULL when there is none.
 */
static const struct figure *
furthest(const struct analysis *x, const char *measure, const char *benchmark, double none,
         enum direction direction)
{
    const struct figure *best = NULL;
    double most = 0;

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (!is_headline(f, measure, benchmark) || f->flagged != 1)
            continue;

        const double above = none > 0 ? log(f->lower / none) : f->lower;
        const double below = none > 0 ? -log(f->upper / none) : -f->upper;
        const double sure = direction == ABOVE ? above : fmax(above, below);

        if (sure > most) {
            most = sure;
            best = f;
        }
    }
    return best;
}

/* ---- the sentences --------------------------------------------------------------------------- */

static void
say_counted(const struct writer *w)
{
    const struct cube *const cube = w->x->cube;
    char month[8];

    month_text(w->x->in->choices.month, month);

    const char *const values[] = {
        words_month(w->arena, w->language, month),
        number(w, 0, cube_sum(cube, WINDOW_MONTH, 0, 0, -1, SUM_persons)),
        number(w, 0, cube_sum(cube, WINDOW_12, 0, 0, -1, SUM_persons)),
    };

    say(w, filled(w, "sentence-counted", values));
}

/* Nothing stands out, or nothing could be compared: these are not the same. */
static void
say_no_ratio(const struct writer *w)
{
    const char *guard = "no-groups";

    for (size_t i = 0; i < w->x->figures.count; i++) {
        const struct figure *const f = &w->x->figures.list[i];

        if (!is_headline(f, "pooled-rate-ratio", "residents"))
            continue;
        if (!f->guard) {
            say(w, text("sentence-none", w->language));
            return;
        }
        guard = f->guard;
    }

    const char *const why = text(guard, w->language);

    say(w, filled(w, "sentence-not-compared", &why));
}

static void
say_ratio(const struct writer *w)
{
    const struct figure *const f = furthest(w->x, "pooled-rate-ratio", "residents", 1, ABOVE);

    if (!f) {
        say_no_ratio(w);
        return;
    }

    const char *const values[] = {
        people(w, f->perspective, f->group),
        number(w, 2, f->value),
        people(w, f->perspective, f->reference),
        number(w, 2, f->lower),
        number(w, 2, f->upper),
    };
    const char *const sentence = filled(w, "sentence-ratio", values);

    say(w, exposures_bridged(w->residents)
               ? arena_printf(w->arena, "%s %s", sentence, text("read-bridge", w->language))
               : sentence);
}

/* `who` is the figure's group in words, or "them" after a sentence about the same people. */
static const char *
odds_sentence(const struct writer *w, const char *key, const struct figure *f, const char *who)
{
    const char *const values[] = {
        who,
        text(f->value > 1 ? "more-often" : "less-often", w->language),
        people(w, f->perspective, f->reference),
        number(w, 2, f->value),
        number(w, 2, f->lower),
        number(w, 2, f->upper),
    };

    return words_capital(w->arena, filled(w, key, values));
}

/* Searches and hits are read together: more searches that find less say more than either alone. */
static void
say_searches(const struct writer *w)
{
    const struct figure *const search = furthest(w->x, "pooled-search-odds-ratio", "", 1, EITHER);
    const struct figure *const hit = furthest(w->x, "pooled-hit-odds-ratio-strict", "", 1, EITHER);
    const char *const caution =
        text(hit && hit->value < 1 ? "read-hit" : "read-search", w->language);
    const char *first = "", *second = "";

    if (!search && !hit)
        return;
    if (search)
        first = odds_sentence(w, "sentence-search", search,
                              people(w, search->perspective, search->group));
    if (hit) {
        const bool same = search && strcmp(search->group, hit->group) == 0 &&
                          strcmp(search->perspective, hit->perspective) == 0;

        second = odds_sentence(w, "sentence-hit", hit,
                               same ? text("people-same", w->language)
                                    : people(w, hit->perspective, hit->group));
    }
    say(w, arena_printf(w->arena, "%s%s%s %s", first, search && hit ? " " : "", second, caution));
}

static void
say_explanation(const struct writer *w)
{
    const struct figure *const f = furthest(w->x, "index-gap-explanation", "", 0, EITHER);

    if (!f)
        return;

    const char *const values[] = {
        people(w, f->perspective, f->group),
        text(f->value > 0 ? "more-often" : "less-often", w->language),
        people(w, f->perspective, f->reference),
        number(w, 1, fabs(f->value)),
        number(w, 1, fmin(fabs(f->lower), fabs(f->upper))),
        number(w, 1, fmax(fabs(f->lower), fabs(f->upper))),
    };

    say(w, filled(w, "sentence-explanation", values));
}

/* ---- what is missing ------------------------------------------------------------------------- */

static void
add_part(const struct writer *w, struct strbuf *b, const char *key, const char *value)
{
    strbuf_add_text(b, b->length ? "; " : "");
    strbuf_add_text(b, filled(w, key, &value));
}

/* The largest share of the whole city over the perspectives; shares that round to 0.0% are left. */
static void
add_share(const struct writer *w, struct strbuf *b, const char *measure)
{
    double most = 0;

    for (size_t i = 0; i < w->x->figures.count; i++) {
        const struct figure *const f = &w->x->figures.list[i];

        if (is_headline(f, measure, "") && f->value > most)
            most = f->value;
    }
    if (most >= 0.0005)
        add_part(w, b, arena_printf(w->arena, "missing-%s", measure), number(w, 1, 100 * most));
}

/* Features that were hardly filled in during a month of the twelve, each once. */
static void
add_gaps(const struct writer *w, struct strbuf *b)
{
    const struct cube *const cube = w->x->cube;
    struct strbuf *const names = strbuf_new(w->arena, 65536);

    for (size_t i = 0; i < cube_gap_count(cube); i++) {
        bool seen = false;

        for (size_t k = 0; k < i && !seen; k++)
            seen = strcmp(cube_gap(cube, k)->what, cube_gap(cube, i)->what) == 0;
        if (seen)
            continue;
        strbuf_add_text(names, names->length ? ", " : "");
        strbuf_add_text(names, text(cube_gap(cube, i)->what, w->language));
    }
    if (names->length)
        add_part(w, b, "missing-fields", names->data);
}

static void
say_missing(const struct writer *w)
{
    struct strbuf *const b = strbuf_new(w->arena, 65536);
    const int year = exposures_year(w->residents);
    double lost = 0;

    if (year && abs(year - w->x->in->choices.month.year) > VINTAGE_YEARS)
        add_part(w, b, "missing-vintage", arena_printf(w->arena, "%d", year));
    for (size_t i = 0; i < w->x->in->batch_count; i++)
        lost += w->x->in->batches[i].quarantined + w->x->in->batches[i].refused;
    if (lost > 0)
        add_part(w, b, "missing-records", number(w, 0, lost));
    add_share(w, b, "share-unknown-area");
    add_share(w, b, "share-not-perceived");
    add_gaps(w, b);
    if (b->length == 0)
        return;

    const char *const parts = b->data;

    say(w, filled(w, "sentence-missing", &parts));
}

json_t *
sentences_json(const struct analysis *x, const struct exposures *residents, struct arena *a,
               enum language l)
{
    const struct writer w = {x, residents, a, l, json_array()};

    say_counted(&w);
    say_ratio(&w);
    say_searches(&w);
    say_explanation(&w);
    say_missing(&w);
    return w.list;
}
