/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sentences of the document: how many were stopped, the robust test (verdict.h), the ratio
 * against residents, searches and hits, explanation, what is missing. Each is one text of the table
 * with numbers filled in; none speaks of a unit or an area, and none of a difference that
 * adjustment does not leave standing. Where nothing stands out it says what could have been seen;
 * where nothing could be compared, why. Texts belong to the arena, the array to the caller.
 */
#include "analyzer/report/sentences.h"

#include "analyzer/measure/measure.h"
#include "analyzer/measure/source.h"
#include "analyzer/report/gaps.h"
#include "analyzer/report/verdict.h"
#include "analyzer/report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    const struct analysis *x;
    const struct exposures *residents;
    struct arena *arena;
    enum language language;
    struct gaps gaps;
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

/* What one sentence is about. `none` is the value of no difference: 1 for a ratio, 0 for a gap. */
struct topic {
    const char *measure, *benchmark;
    double none;
    enum direction direction;
    const char *reach;   /* the measure that knows what could have been detected */
    const char *nothing; /* texts: compared and nothing found; not compared */
    const char *not_compared;
    const char *detectable; /* text of one limit is this with "-one" behind it */
    double scale;           /* of the limits, for reading */
    int decimals;
};

static const struct topic pooled_ratio = {
    "pooled-rate-ratio",     "residents",        1, ABOVE, "rate-ratio", "sentence-none",
    "sentence-not-compared", "detectable-ratio", 1, 2};
static const struct topic city_ratio = {"rate-ratio",
                                        "residents",
                                        1,
                                        ABOVE,
                                        "rate-ratio",
                                        "sentence-none",
                                        "sentence-not-compared",
                                        "detectable-ratio",
                                        1,
                                        2};
static const struct topic searches = {"pooled-search-odds-ratio",
                                      "",
                                      1,
                                      EITHER,
                                      "search-difference",
                                      "sentence-search-none",
                                      "sentence-search-not-compared",
                                      "detectable-points",
                                      100,
                                      1};
static const struct topic hits = {"pooled-hit-odds-ratio-strict",
                                  "",
                                  1,
                                  EITHER,
                                  "hit-difference-strict",
                                  "sentence-hit-none",
                                  "sentence-hit-not-compared",
                                  "detectable-points",
                                  100,
                                  1};
static const struct topic explanation = {"index-gap-explanation",
                                         "",
                                         0,
                                         EITHER,
                                         "index-gap-explanation",
                                         "sentence-explanation-none",
                                         "sentence-explanation-not-compared",
                                         "detectable-gap",
                                         1,
                                         1};

/*
 * The figure whose sure end lies furthest from "no difference", of those that adjustment leaves
 * standing; NULL when there is none.
 */
static const struct figure *
furthest(const struct analysis *x, const struct topic *t)
{
    const struct figure *best = NULL;
    double most = 0;

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (!is_headline(f, t->measure, t->benchmark) || f->flagged != 1)
            continue;

        const double above = t->none > 0 ? log(f->lower / t->none) : f->lower;
        const double below = t->none > 0 ? -log(f->upper / t->none) : -f->upper;
        const double sure = t->direction == ABOVE ? above : fmax(above, below);

        if (sure > most) {
            most = sure;
            best = f;
        }
    }
    return best;
}

static bool
was_compared(const struct analysis *x, const struct topic *t)
{
    for (size_t i = 0; i < x->figures.count; i++)
        if (is_headline(&x->figures.list[i], t->measure, t->benchmark) &&
            !gaps_withheld(&x->figures.list[i]))
            return true;
    return false;
}

/* ---- the sentences --------------------------------------------------------------------------- */

static void
say_counted(const struct writer *w)
{
    const struct cube *const cube = w->x->cube;
    const unsigned months = cube_months(cube, WINDOW_12);
    const unsigned used = cube_months_used(cube, WINDOW_12, FEATURE_STOPS, PERSPECTIVE_ALL);
    char month[8];

    month_text(w->x->in->choices.month, month);

    const char *const values[] = {
        words_month(w->arena, w->language, month),
        number(w, 0, cube_sum(cube, WINDOW_MONTH, 0, 0, -1, SUM_persons)),
        number(w, 0, cube_sum(cube, WINDOW_12, 0, 0, -1, SUM_persons)),
        number(w, 0, used),
    };

    say(w, filled(w, used < months ? "sentence-counted-months" : "sentence-counted", values));
}

/* The group that all others are compared with, in words. */
static const char *
reference_name(const struct writer *w)
{
    const char *const code = w->x->in->choices.reference;
    const struct label *const found = inputs_label(w->x->in, NULL, code);

    if (strcmp(code, "others") == 0)
        return text("others", w->language);
    return arena_printf(w->arena, "'%s'",
                        !found                       ? code
                        : w->language == LANGUAGE_NL ? found->nl
                                                     : found->en);
}

/* From which size on a difference would have been seen, over the groups; "" when not known. */
static const char *
reach(const struct writer *w, const struct topic *t)
{
    double least = INFINITY, most = 0;

    for (size_t i = 0; i < w->x->figures.count; i++) {
        const struct figure *const f = &w->x->figures.list[i];

        if (!is_headline(f, t->reach, t->benchmark) || gaps_withheld(f) || isnan(f->detectable))
            continue;

        const double limit = t->none > 0 && t->scale == 1 && f->detectable < 1
                                 ? 1 / f->detectable
                                 : fabs(f->detectable) * t->scale;

        least = fmin(least, limit);
        most = fmax(most, limit);
    }
    if (most == 0)
        return "";

    const char *const values[] = {number(w, t->decimals, least), number(w, t->decimals, most)};
    const bool one = strcmp(values[0], values[1]) == 0;

    return filled(w, one ? arena_printf(w->arena, "%s-one", t->detectable) : t->detectable, values);
}

/* Why nothing was compared: the reason of the first figure, or that there are no groups. */
static const char *
obstacle(const struct writer *w, const struct topic *t)
{
    for (size_t i = 0; i < w->x->figures.count; i++) {
        const struct figure *const f = &w->x->figures.list[i];

        if (is_headline(f, t->measure, t->benchmark) && gaps_withheld(f))
            return text(gaps_why(&w->gaps, f), w->language);
    }
    return text("no-groups", w->language);
}

/* Nothing stands out, or nothing could be compared: these are not the same. */
static const char *
nothing_sentence(const struct writer *w, const struct topic *t)
{
    const char *const values[] = {reference_name(w), obstacle(w, t)};

    if (!was_compared(w->x, t))
        return filled(w, t->not_compared, values);

    const char *const limit = reach(w, t);
    const char *const sentence = filled(w, t->nothing, values);

    return *limit ? arena_printf(w->arena, "%s %s", sentence, limit) : sentence;
}

/* The headline of every place and group: what two tests together conclude. */
static void
say_verdict(const struct writer *w)
{
    const char *const sentence = verdict_sentence(w->x, reference_name(w), w->arena, w->language);

    if (*sentence)
        say(w, sentence);
}

/* Pooled over places; of the city as a whole where pooling was not possible. */
static void
say_ratio(const struct writer *w)
{
    const bool pooled = was_compared(w->x, &pooled_ratio);
    const struct topic *const t = pooled ? &pooled_ratio : &city_ratio;
    const struct figure *const f = furthest(w->x, t);

    if (!f) {
        say(w, nothing_sentence(w, t));
        return;
    }

    const char *const values[] = {
        people(w, f->perspective, f->group),
        number(w, 2, f->value),
        people(w, f->perspective, f->reference),
        number(w, 2, f->lower),
        number(w, 2, f->upper),
    };
    const char *const sentence =
        filled(w, pooled ? "sentence-ratio" : "sentence-ratio-city", values);

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
    const struct figure *const search = furthest(w->x, &searches);
    const struct figure *const hit = furthest(w->x, &hits);
    const bool same = search && hit && strcmp(search->group, hit->group) == 0 &&
                      strcmp(search->perspective, hit->perspective) == 0;
    const char *const caution =
        text(hit && hit->value < 1 ? "read-hit" : "read-search", w->language);
    const char *const first = search ? odds_sentence(w, "sentence-search", search,
                                                     people(w, search->perspective, search->group))
                                     : nothing_sentence(w, &searches);
    const char *const second = hit ? odds_sentence(w, "sentence-hit", hit,
                                                   same ? text("people-same", w->language)
                                                        : people(w, hit->perspective, hit->group))
                                   : nothing_sentence(w, &hits);

    say(w, search || hit ? arena_printf(w->arena, "%s %s %s", first, second, caution)
                         : arena_printf(w->arena, "%s %s", first, second));
}

static void
say_explanation(const struct writer *w)
{
    const struct figure *const f = furthest(w->x, &explanation);

    if (!f) {
        say(w, nothing_sentence(w, &explanation));
        return;
    }

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

/* The perspective that the sentences above speak from; NULL when none of them names people. */
static const char *
perspective_said(const struct writer *w)
{
    const struct topic *const ratio =
        was_compared(w->x, &pooled_ratio) ? &pooled_ratio : &city_ratio;
    const struct topic *const topics[] = {ratio, &searches, &hits, &explanation};

    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        const struct figure *const f = furthest(w->x, topics[i]);

        if (f)
            return f->perspective;
    }
    return NULL;
}

/* The share of the whole city from a perspective, or the largest when it has none. */
static const struct figure *
share_of_city(const struct writer *w, const char *measure, const char *perspective)
{
    const struct figure *most = NULL;

    for (size_t i = 0; i < w->x->figures.count; i++) {
        const struct figure *const f = &w->x->figures.list[i];

        if (!is_headline(f, measure, "") || isnan(f->value))
            continue;
        if (perspective && strcmp(f->perspective, perspective) == 0)
            return f;
        if (!most || f->value > most->value)
            most = f;
    }
    return most;
}

/* Shares that round to 0.0% are left. */
static void
add_share(const struct writer *w, struct strbuf *b, const char *key, const struct figure *f)
{
    if (f && f->value >= 0.0005)
        add_part(w, b, arena_printf(w->arena, "missing-%s", key), number(w, 1, 100 * f->value));
}

static void
add_shares(const struct writer *w, struct strbuf *b)
{
    const struct figure *const group = share_of_city(w, "share-not-perceived", perspective_said(w));

    add_share(w, b, "share-unknown-area", share_of_city(w, "share-unknown-area", NULL));
    if (group)
        add_share(w, b, group->perspective, group);
}

/* Stops that are not there at all say something else than a field that is not filled in. */
static void
add_silence(const struct writer *w, struct strbuf *b)
{
    static const char *const keys[] = {"missing-no-stops", "missing-few-stops"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *const said =
            words_silence(w->arena, w->language, gaps_of_stops(&w->gaps), i == 0, keys[i]);

        strbuf_printf(b, "%s%s", b->length && *said ? "; " : "", said);
    }
}

/* What was not filled in at all, and what was hardly filled in during a month of the twelve. */
static void
add_gaps(const struct writer *w, struct strbuf *b, bool absent)
{
    struct strbuf *const names = strbuf_new(w->arena, 65536);

    for (size_t i = 0; i < w->gaps.count; i++)
        if (&w->gaps.list[i] != gaps_of_stops(&w->gaps) &&
            !gaps_lacks(&w->gaps, w->gaps.list[i].what) &&
            gaps_absent(&w->gaps, w->gaps.list[i].what) == absent)
            strbuf_printf(names, "%s%s", names->length ? ", " : "",
                          text(w->gaps.list[i].what, w->language));
    if (names->length)
        add_part(w, b, absent ? "missing-absent" : "missing-fields", names->data);
}

/* What no source has at all. */
static void
add_lacking(const struct writer *w, struct strbuf *b)
{
    struct strbuf *const names = strbuf_new(w->arena, 65536);

    for (size_t i = 0; i < w->gaps.lacking_count; i++)
        strbuf_printf(names, "%s%s", names->length ? ", " : "",
                      text(w->gaps.lacking[i], w->language));
    if (names->length)
        add_part(w, b, "missing-in-source", names->data);
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
        if (strcmp(w->x->in->batches[i].status, "stored") == 0)
            lost += w->x->in->batches[i].quarantined + w->x->in->batches[i].refused;
    if (lost > 0)
        add_part(w, b, "missing-records", number(w, 0, lost));
    add_shares(w, b);
    add_silence(w, b);
    add_lacking(w, b);
    add_gaps(w, b, true);
    add_gaps(w, b, false);
    if (b->length == 0)
        return;

    const char *const parts = b->data;

    say(w, filled(w, "sentence-missing", &parts));
}

json_t *
sentences_json(const struct analysis *x, const struct exposures *residents, struct arena *a,
               enum language l)
{
    struct writer w = {
        .x = x, .residents = residents, .arena = a, .language = l, .list = json_array()};

    for (size_t i = 0; i < cube_gap_count(x->cube); i++) {
        const struct cube_gap *const g = cube_gap(x->cube, i);
        char month[8];

        month_text(month_of_index(x->in->cells->month - CELLS_MONTHS + 1 + g->month), month);
        gaps_add(&w.gaps, g->what, arena_strdup(a, month), g->coverage);
    }
    for (unsigned f = 0; f < FEATURE_COUNT; f++)
        if (source_lacks(x->in, (enum feature)f))
            gaps_add_lacking(&w.gaps, feature_names[f]);
    say_counted(&w);
    say_verdict(&w);
    say_ratio(&w);
    say_searches(&w);
    say_explanation(&w);
    say_missing(&w);
    return w.list;
}
