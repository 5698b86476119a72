/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads a document back into figures and says how one of them looks: its row, its cells, its words
 * and numbers in the reader's language. Lays nothing out (text.c and html.c do) and computes
 * nothing. The view, its figures and every text it gives belong to the arena given to view_open().
 */
#include "analyzer/report/view.h"

#include "analyzer/report/words.h"
#include "common/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct section sections[] = {
    {"robust", UNIT_VERDICT, "read-robust", false},
    {"pooled-rate-ratio", UNIT_RATIO, "read-bridge", false},
    {"rate-ratio", UNIT_RATIO, "read-benchmark", false},
    {"stop-rate", UNIT_RATE, NULL, false},
    {"homogeneity", UNIT_STATISTIC, "read-homogeneity", false},
    {"glm-ratio", UNIT_RATIO, "read-glm", true},
    {"shrunk-ratio", UNIT_RATIO, "read-shrunk", true},
    {"funnel", UNIT_FUNNEL, "read-funnel", false},
    {"local-fdr", UNIT_INDEX, "read-local-fdr", true},
    {"e-value", UNIT_AT_LEAST, "read-e-value", false},
    {"tipping", UNIT_SHARE_AT_LEAST, "read-tipping", false},
    {"tipping-curve", UNIT_SHARE, "read-tipping-curve", true},
    {"standardised-ratio", UNIT_RATIO, "read-standardised", false},
    {"standardised-rate", UNIT_RATE, "read-standardised", false},
    {"pooled-search-odds-ratio", UNIT_RATIO, "read-odds", false},
    {"search-difference", UNIT_DIFFERENCE, "read-searched", false},
    {"search-rate", UNIT_SHARE, "read-searched", false},
    {"search-bounds", UNIT_BOUNDS, "read-bounds", true},
    {"search-cmh", UNIT_STATISTIC, "read-test", true},
    {"pooled-hit-odds-ratio-strict", UNIT_RATIO, "read-hit", false},
    {"hit-difference-strict", UNIT_DIFFERENCE, "read-hit", false},
    {"hit-rate-strict", UNIT_SHARE, "read-hit", false},
    {"hit-cmh-strict", UNIT_STATISTIC, "read-test", true},
    {"pooled-hit-odds-ratio-broad", UNIT_RATIO, "read-hit", false},
    {"hit-difference-broad", UNIT_DIFFERENCE, "read-hit", false},
    {"hit-rate-broad", UNIT_SHARE, "read-hit", false},
    {"hit-cmh-broad", UNIT_STATISTIC, "read-test", true},
    {"index-selection", UNIT_POINTS, NULL, false},
    {"index-gap-selection", UNIT_GAP, "read-gap", false},
    {"index-explanation", UNIT_POINTS, NULL, false},
    {"index-gap-explanation", UNIT_GAP, "read-gap", false},
    {"index-respect", UNIT_POINTS, NULL, false},
    {"index-gap-respect", UNIT_GAP, "read-gap", false},
    {"index-reflection", UNIT_POINTS, NULL, false},
    {"index-gap-reflection", UNIT_GAP, "read-gap", false},
    {"index-gap", UNIT_GAP, "read-index-gap", false},
    {"explained-unprompted", UNIT_SHARE, NULL, false},
    {"reason-match", UNIT_SHARE, NULL, false},
    {"treated-plainly", UNIT_SHARE, NULL, false},
    {"bodycam-full", UNIT_SHARE, NULL, false},
    {"bodycam-difference", UNIT_DIFFERENCE, NULL, false},
    {"only-weak-reasons", UNIT_SHARE, NULL, false},
    {"only-weak-difference", UNIT_DIFFERENCE, NULL, false},
    {"boilerplate", UNIT_SHARE, NULL, false},
    {"repeat-burden", UNIT_SHARE, NULL, false},
    {"reason-distance", UNIT_INDEX, NULL, false},
    {"reason-difference", UNIT_DIFFERENCE, NULL, false},
    {"reason-share", UNIT_SHARE, NULL, false},
    {"alike", UNIT_GAP, "read-alike", false},
    {"threshold", UNIT_SHARE, "read-threshold", false},
    {"threshold-difference", UNIT_DIFFERENCE, "read-threshold", false},
    {"risk-adjusted", UNIT_GAP, "read-risk", false},
    {"group-effect", UNIT_RATIO, "read-effect", false},
    {"veil", UNIT_INDEX, "read-veil", false},
    {"misclassified-ratio", UNIT_RATIO, "read-misclassified", false},
    {"chart", UNIT_INDEX, "read-chart", true},
    {"cusum", UNIT_INDEX, "read-cusum", true},
    {"persistent", UNIT_COUNT, "read-persistent", true},
    {"team", UNIT_GAP, "read-team", true},
    {"coverage", UNIT_SHARE, NULL, false},
    {"plausibility", UNIT_SHARE, NULL, true},
    {"share-unknown-area", UNIT_SHARE, NULL, false},
    {"share-not-perceived", UNIT_SHARE, NULL, false},
};
const size_t section_count = sizeof sections / sizeof *sections;

const char *const reading[] = {"read-interval", "read-ratio",     "read-detectable",
                               "read-q",        "read-benchmark", "read-discrimination"};
const size_t reading_count = sizeof reading / sizeof *reading;

/* ---- opening --------------------------------------------------------------------------------- */

static const char *
string_of(const json_t *object, const char *key)
{
    const char *const s = json_string_value(json_object_get(object, key));

    return s ? s : "";
}

static double
number_of(const json_t *object, const char *key)
{
    const json_t *const x = json_object_get(object, key);

    return json_is_number(x) ? json_number_value(x) : NAN;
}

static void
read_figure(const json_t *j, struct figure *f)
{
    const json_t *const flagged = json_object_get(j, "flagged");

    f->measure = string_of(j, "measure");
    f->method = string_of(j, "method");
    f->window = string_of(j, "window");
    f->level_of_place = string_of(j, "level_of_place");
    f->place = string_of(j, "place");
    f->perspective = string_of(j, "perspective");
    f->group = string_of(j, "group");
    f->reference = string_of(j, "reference");
    f->term = string_of(j, "term");
    f->benchmark = string_of(j, "benchmark");
    f->value = number_of(j, "value");
    f->lower = number_of(j, "lower");
    f->upper = number_of(j, "upper");
    f->level = number_of(j, "level");
    f->n = number_of(j, "n");
    f->events = number_of(j, "events");
    f->exposure = number_of(j, "exposure");
    f->p = number_of(j, "p");
    f->q = number_of(j, "q");
    f->statistic = number_of(j, "statistic");
    f->df = number_of(j, "df");
    f->detectable = number_of(j, "detectable");
    f->flagged = flagged ? json_is_true(flagged) : -1;
    f->guard = json_object_get(j, "guard") ? string_of(j, "guard") : NULL;
    f->note = json_object_get(j, "note") ? string_of(j, "note") : NULL;
    f->cells = json_object_get(j, "cells") ? string_of(j, "cells") : NULL;
}

/* Asked for one measure that has no figures: an error that says why. */
static bool
nothing_of(const struct view *v, struct err *e)
{
    const char *const measure = v->how->measure;

    for (size_t i = 0; i < section_count; i++)
        if (strcmp(sections[i].measure, measure) == 0)
            return err_set(e, ERR_INPUT, "this analysis has no figures of %s: %s", measure,
                           text(gaps_why_none(measure, v->groups), LANGUAGE_EN));
    err_set(e, ERR_INPUT, "there is no measure %s", measure);
    return err_hint(
        e, "for example: stop-rate, rate-ratio, search-rate, hit-rate-strict, reason-share");
}

bool
view_open(struct arena *a, struct span document, const struct report_options *how, struct view *v,
          struct err *e)
{
    uint8_t digest[DIGEST_BYTES];
    size_t i;
    json_t *j;

    *v = (struct view){.arena = a, .how = how, .document = json_parse(a, document, 0, e)};
    if (!v->document)
        return err_context(e, "document of the run");
    sha256_of(document.data, document.length, digest);
    hex_of(digest, sizeof digest, v->sha256);
    v->figures.arena = a;
    json_array_foreach(json_object_get(json_object_get(v->document, "quality"), "gaps"), i, j)
    {
        gaps_add(&v->gaps, string_of(j, "what"), string_of(j, "month"), number_of(j, "coverage"));
    }
    json_array_foreach(json_object_get(json_object_get(v->document, "quality"), "not_in_source"), i,
                       j)
    {
        gaps_add_lacking(&v->gaps, json_string_value(j));
    }
    json_array_foreach(json_object_get(v->document, "figures"), i, j)
    {
        v->groups = v->groups || *string_of(j, "group");
        if (!how->measure || strcmp(how->measure, string_of(j, "measure")) == 0)
            read_figure(j, figure_add(&v->figures));
    }
    return v->figures.count > 0 || !how->measure || nothing_of(v, e);
}

/* ---- words and numbers ----------------------------------------------------------------------- */

const char *
view_text(const struct view *v, const char *key)
{
    return text(key, v->how->language);
}

const char *
view_caution(const struct view *v, const struct section *s)
{
    const json_t *const population =
        json_object_get(json_object_get(v->document, "quality"), "population");

    if (!s->caution || (strcmp(s->caution, "read-bridge") == 0 &&
                        !json_is_true(json_object_get(population, "bridged"))))
        return NULL;
    return view_text(v, s->caution);
}

static json_t *
labels(const struct view *v, const char *of)
{
    return json_object_get(json_object_get(json_object_get(v->document, "texts"), "labels"), of);
}

static const char *
label(const struct view *v, const char *of, const char *code)
{
    const char *const s = json_string_value(
        json_object_get(json_object_get(labels(v, of), code), language_codes[v->how->language]));

    return s ? s : code;
}

static bool
is_unique(const struct view *v, const char *name)
{
    const char *code;
    json_t *other;
    unsigned found = 0;

    json_object_foreach(labels(v, "places"), code, other)
    {
        found += strcmp(json_string_value(other), name) == 0;
    }
    return found == 1;
}

const char *
view_place(const struct view *v, const struct figure *f, bool with_code)
{
    const char *const name = json_string_value(json_object_get(labels(v, "places"), f->place));

    if (f->place[0] == '\0')
        return view_text(v, "city");
    if (!name || strcmp(name, f->place) == 0)
        return f->place;
    if (!is_unique(v, name))
        return arena_printf(v->arena, "%s (%s %s)", name, view_text(v, f->level_of_place),
                            f->place);
    return with_code ? arena_printf(v->arena, "%s (%s)", name, f->place) : name;
}

const char *
view_group(const struct view *v, const char *code)
{
    if (code[0] == '\0')
        return view_text(v, "everybody");
    if (strcmp(code, "others") == 0)
        return view_text(v, "others");
    return label(v, "groups", code);
}

/* A step of a curve is a share: "0.3" is 30%. */
const char *
view_term(const struct view *v, const char *code)
{
    if (code[0] == '0' && code[1] == '.')
        return arena_printf(v->arena, "%s%%",
                            words_number(v->arena, v->how->language, 0, 100 * strtod(code, NULL)));

    const char *const reason = label(v, "reasons", code);

    return reason == code ? view_text(v, code) : reason;
}

static const char *
number(const struct view *v, int decimals, double value)
{
    return words_number(v->arena, v->how->language, decimals, value);
}

/* A zero has no sign, whatever it was before rounding. */
static const char *
signed_number(const struct view *v, double value)
{
    if (fabs(value) < 0.05)
        return number(v, 1, 0);
    return arena_printf(v->arena, "%s%s", value < 0 ? "" : "+", number(v, 1, value));
}

const char *
view_value(const struct view *v, enum unit_of_measure unit, double value)
{
    if (isnan(value))
        return unit == UNIT_BOUNDS ? "" : view_text(v, "too-little");
    switch (unit) {
    case UNIT_VERDICT:
        return view_text(v, value > 0   ? "robust-against"
                            : value < 0 ? "robust-opposite"
                                        : "robust-inconclusive");
    case UNIT_RATE:
    case UNIT_POINTS:
        return number(v, 1, value);
    case UNIT_GAP:
        return signed_number(v, value);
    case UNIT_SHARE:
    case UNIT_SHARE_AT_LEAST:
        return arena_printf(v->arena, "%s%%", number(v, 1, 100 * value));
    case UNIT_COUNT:
        return view_count(v, value);
    case UNIT_BOUNDS:
    case UNIT_DIFFERENCE:
        return signed_number(v, 100 * value);
    case UNIT_RATIO:
    case UNIT_INDEX:
    case UNIT_STATISTIC:
    case UNIT_AT_LEAST:
    case UNIT_FUNNEL:
        break;
    }
    return number(v, 2, value);
}

const char *
view_interval(const struct view *v, enum unit_of_measure unit, const struct figure *f)
{
    if (isnan(f->lower) || unit == UNIT_VERDICT)
        return "";
    if (unit == UNIT_AT_LEAST || unit == UNIT_SHARE_AT_LEAST)
        return arena_printf(v->arena, "%s %s", view_text(v, "at-least"),
                            view_value(v, unit, f->lower));
    return arena_printf(v->arena, "%s %s %s", view_value(v, unit, f->lower), view_text(v, "to"),
                        isnan(f->upper) ? "∞" : view_value(v, unit, f->upper));
}

const char *
view_count(const struct view *v, double n)
{
    return number(v, 0, n);
}

const char *
view_run(const struct view *v, const char *key)
{
    return string_of(json_object_get(v->document, "run"), key);
}

const char *
view_title(const struct view *v, const char *separator)
{
    return arena_printf(v->arena, "%s%s%s%s%s", view_text(v, "title"), separator,
                        string_of(json_object_get(v->document, "texts"), "city"), separator,
                        words_month(v->arena, v->how->language, view_run(v, "month")));
}

const char *
view_q(const struct view *v, double q)
{
    if (isnan(q))
        return "";
    return q < 0.001 ? arena_printf(v->arena, "< %s", number(v, 3, 0.001)) : number(v, 3, q);
}

/* ---- what is missing ------------------------------------------------------------------------- */

static const char *
count_line(const struct view *v, const char *key, size_t count, const char *why)
{
    const char *const values[] = {number(v, 0, (double)count), why};

    return text_fill(v->arena, key, v->how->language, values);
}

const char *
view_under(const struct view *v, const struct section_rows *r, size_t shown, unsigned *at)
{
    for (unsigned k; (k = (*at)++) < REASONS_MOST + 3;) {
        if (k == 0 && r->count > shown)
            return count_line(v, "more-rows", r->count - shown, "");
        if (k == 1 && r->small)
            return count_line(v, "too-little-rows", r->small, "");
        if (k == 2 && r->inconclusive)
            return count_line(v, r->of->unit == UNIT_FUNNEL ? "within-rows" : "inconclusive-rows",
                              r->inconclusive, "");
        if (k >= 3 && r->reasons[k - 3].why)
            return count_line(v, "undefined-rows", r->reasons[k - 3].count,
                              view_text(v, r->reasons[k - 3].why));
    }
    return NULL;
}

/* Key of why a section has not a single row; NULL when it has one, or was not asked for. */
static const char *
why_not_measured(const struct view *v, const struct section *s)
{
    const struct section_rows r = view_rows(v, s);

    if (r.count + r.small + r.inconclusive > 0)
        return NULL;
    if (r.undefined > 0)
        return r.reasons[0].why;
    return s->on_request || v->how->measure ? NULL : gaps_why_none(s->measure, v->groups);
}

const char *
view_not_measured(const struct view *v, size_t wanted)
{
    const char *reasons[REASONS_MOST] = {NULL};
    struct strbuf *const list = strbuf_new(v->arena, 65536);

    for (size_t i = 0; i < section_count; i++) {
        const char *const why = why_not_measured(v, &sections[i]);
        size_t k = 0;

        while (k < REASONS_MOST - 1 && why && reasons[k] && strcmp(reasons[k], why) != 0)
            k++;
        if (!why)
            continue;
        reasons[k] = why;
        if (k == wanted)
            strbuf_printf(list, "%s%s", list->length ? "; " : "",
                          view_text(v, sections[i].measure));
    }
    if (wanted >= REASONS_MOST || !reasons[wanted])
        return NULL;
    return words_capital(
        v->arena, arena_printf(v->arena, "%s: %s.", view_text(v, reasons[wanted]), list->data));
}

const char *
view_lacking(const struct view *v)
{
    struct strbuf *const names = strbuf_new(v->arena, 65536);

    for (size_t i = 0; i < v->gaps.lacking_count; i++)
        strbuf_printf(names, "%s%s", names->length ? ", " : "", view_text(v, v->gaps.lacking[i]));

    const char *const values[] = {names->data};

    return names->length ? text_fill(v->arena, "gap-lacking", v->how->language, values) : "";
}

const char *
view_absent(const struct view *v)
{
    struct strbuf *const names = strbuf_new(v->arena, 65536);

    for (size_t i = 0; i < v->gaps.count; i++)
        if (gaps_absent(&v->gaps, v->gaps.list[i].what))
            strbuf_printf(names, "%s%s", names->length ? ", " : "",
                          view_text(v, v->gaps.list[i].what));

    const char *const values[] = {names->data};

    return names->length ? text_fill(v->arena, "gap-absent", v->how->language, values) : "";
}

const char *
view_gap(const struct view *v, size_t i)
{
    const struct gap *const g = &v->gaps.list[i];
    const char *const values[] = {view_text(v, g->what), arena_printf(v->arena, "%u", g->months)};

    if (g == gaps_of_stops(&v->gaps) || gaps_absent(&v->gaps, g->what) ||
        gaps_lacks(&v->gaps, g->what))
        return "";
    return words_capital(v->arena, text_fill(v->arena, "gap-months", v->how->language, values));
}

const char *
view_silence(const struct view *v, size_t i)
{
    return words_silence(v->arena, v->how->language, gaps_of_stops(&v->gaps), i == 0,
                         i == 0 ? "gap-no-stops" : "gap-few-stops");
}

/* ---- deliveries and foot --------------------------------------------------------------------- */

const char *const intake_counts[INTAKE_COUNTS] = {"received", "accepted", "duplicate",
                                                  "quarantined", "refused"};

const struct intake_row *
view_intake(const struct view *v, size_t *count)
{
    const json_t *const intake = json_object_get(json_object_get(v->document, "quality"), "intake");
    struct intake_row *const rows =
        arena_array(v->arena, json_array_size(intake) + 1, sizeof *rows);
    size_t i;
    json_t *j;

    *count = 0;
    json_array_foreach(intake, i, j)
    {
        const char *const name = arena_printf(v->arena, "%s (%s)", string_of(j, "source"),
                                              view_text(v, string_of(j, "status")));
        size_t at = 0;

        while (at < *count && strcmp(rows[at].name, name) != 0)
            at++;
        *count += at == *count;
        rows[at].name = name;
        for (size_t k = 0; k < INTAKE_COUNTS; k++)
            rows[at].counts[k] += json_number_value(json_object_get(j, intake_counts[k]));
    }
    return rows;
}

const char *
view_ledger(const struct view *v)
{
    const json_t *const ledger = json_object_get(json_object_get(v->document, "run"), "ledger");

    return words_capital(
        v->arena, arena_printf(v->arena, "%s %" JSON_INTEGER_FORMAT ", %s", view_text(v, "ledger"),
                               json_integer_value(json_object_get(ledger, "entry")),
                               string_of(ledger, "hash")));
}
