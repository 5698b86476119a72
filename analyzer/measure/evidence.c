/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One table of kinds (which figures speak of it, and which way is against the group) and one of
 * predicates. A predicate that finds no usable figure says so. Thresholds stand at the top, with
 * their units. Owns nothing: everything points into the figures.
 */
#include "analyzer/measure/evidence.h"

#include <math.h>
#include <string.h>

static const double RATIO_LEAST = 1.25; /* E1 */
static const double GAP_LEAST = 5;      /* E8, points of 0 to 100 */
static const double P_MOST = 0.05;      /* of one test */
static const double Q_MOST = 0.05;      /* after adjustment */

enum { POOLED_MOST = 2, SOURCES_LEAST = 2, MONTHS_AGAINST_LEAST = 3 };

#define X(name, code) code,
const char *const kind_codes[KINDS] = {SIGNAL_KINDS(X)};
#undef X

const char *const evidence_codes[EVIDENCES] = {
    "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "one-benchmark", "tipping"};

/*
 * For each kind the terms under which measures speak of it (NULL: they do not), the figure that it
 * is about in the city and elsewhere, the share that its tipping point comes from, and the sign of
 * "against the group" in differences.
 */
static const struct kind {
    const char *robust, *alike, *persistent, *cusum, *gap;
    struct {
        const char *measure, *term;
    } main_of_city, main;
    const char *share, *difference; /* k / n of the group, and less that of the reference */
    int against;
    bool benchmark, outcome, veil;
    struct {
        const char *measure, *benchmark;
        bool above;        /* which side of 1 is against the group */
    } pooled[POOLED_MOST]; /* what must agree with the robust test of the whole city */
} kinds[KINDS] = {
    [KIND_STOP_RATE] = {.robust = "stop",
                        .persistent = "stop",
                        .cusum = "stop",
                        .main_of_city = {"pooled-rate-ratio", ""},
                        .main = {"rate-ratio", ""},
                        .against = 1,
                        .benchmark = true,
                        .veil = true,
                        .pooled = {{"pooled-rate-ratio", "residents", true}}},
    [KIND_SEARCH] = {.robust = "search",
                     .alike = "search",
                     .persistent = "search",
                     .cusum = "search",
                     .main_of_city = {"search-difference", ""},
                     .main = {"search-difference", ""},
                     .share = "search-rate",
                     .difference = "search-difference",
                     .against = 1,
                     .pooled = {{"pooled-search-odds-ratio", "", true},
                                {"pooled-hit-odds-ratio-strict", "", false}}},
    [KIND_OUTCOME] = {.robust = "search",
                      .alike = "outcome",
                      .persistent = "outcome",
                      .main_of_city = {"hit-difference-strict", ""},
                      .main = {"hit-difference-strict", ""},
                      .share = "hit-rate-strict",
                      .difference = "hit-difference-strict",
                      .against = -1,
                      .outcome = true,
                      .pooled = {{"pooled-search-odds-ratio", "", true},
                                 {"pooled-hit-odds-ratio-strict", "", false}}},
    [KIND_EXPLANATION] = {.alike = "explanation",
                          .persistent = "explanation",
                          .gap = "explanation",
                          .main_of_city = {"index-gap", "explanation"},
                          .main = {"index-gap", "explanation"},
                          .share = "index-explanation",
                          .difference = "index-gap-explanation",
                          .against = -1},
    [KIND_RESPECT] = {.alike = "respect",
                      .persistent = "respect",
                      .gap = "respect",
                      .main_of_city = {"index-gap", "respect"},
                      .main = {"index-gap", "respect"},
                      .share = "index-respect",
                      .difference = "index-gap-respect",
                      .against = -1},
    [KIND_REASONS] = {.alike = "selection",
                      .persistent = "selection",
                      .gap = "selection",
                      .main_of_city = {"index-gap", "selection"},
                      .main = {"index-gap", "selection"},
                      .share = "index-selection",
                      .difference = "index-gap-selection",
                      .against = -1},
    [KIND_BODYCAM] = {.alike = "bodycam",
                      .persistent = "bodycam",
                      .gap = "bodycam",
                      .main_of_city = {"index-gap", "bodycam"},
                      .main = {"index-gap", "bodycam"},
                      .share = "bodycam-full",
                      .difference = "bodycam-difference",
                      .against = -1},
    [KIND_REGISTRATION] = {.persistent = "registration",
                           .gap = "registration",
                           .main_of_city = {"index-gap", "registration"},
                           .main = {"index-gap", "registration"},
                           .against = -1},
};

/* ---- looking up ------------------------------------------------------------------------------ */

bool
evidence_usable(const struct figure *f)
{
    return f && !isnan(f->value) && (!f->guard || strcmp(f->guard, "A006") == 0);
}

static bool
is_city(const struct subject *s)
{
    return s->place[0] == '\0';
}

static struct figure_key
key_of(const struct subject *s, const char *measure, const char *term)
{
    return (struct figure_key){measure, term, s->window, s->level_of_place, s->place, s->group};
}

static const struct figure *
find(const struct subject *s, const char *measure, const char *term)
{
    const struct figure_key key = key_of(s, measure, term);

    return figure_index_find(s->figures, &key);
}

static struct evidence
unknown(const char *why)
{
    return (struct evidence){.holds = HOLDS_UNKNOWN, .q = NAN, .share = NAN, .why = why};
}

static void
rest_on(struct evidence *e, const struct figure *f)
{
    if (e->count < EVIDENCE_FIGURES_MOST)
        e->on[e->count++] = f;
}

/* Of a figure that is not usable: was it withheld, or never made? */
static struct evidence
unknown_of(const struct figure *f)
{
    struct evidence e = unknown(f ? "withheld" : "no-figure");

    if (f)
        rest_on(&e, f);
    return e;
}

static struct evidence
judged(const struct figure *f, bool holds)
{
    struct evidence e = {.holds = holds ? HOLDS_YES : HOLDS_NO, .q = f->q, .share = NAN};

    rest_on(&e, f);
    return e;
}

/* Either of two: holds when one does, is unknown only when both are. */
static struct evidence
either(struct evidence x, struct evidence y)
{
    const bool y_leads = x.holds == y.holds ? y.q < x.q || isnan(x.q) : y.holds > x.holds;
    struct evidence lead = y_leads ? y : x;
    const struct evidence *const other = y_leads ? &x : &y;

    for (size_t i = 0; i < other->count && other->holds != HOLDS_UNKNOWN; i++)
        rest_on(&lead, other->on[i]);
    return lead;
}

/* ---- E1 -------------------------------------------------------------------------------------- */

/* Two benchmarks share a source when they come from the same counts: both internal ones do. */
static const char *
source_of(const struct subject *s, const char *benchmark)
{
    if (strcmp(benchmark, "low-discretion") == 0 || strcmp(benchmark, "previous-year") == 0)
        return "registrations";
    for (size_t i = 0; s->in && i < s->in->benchmark_count; i++)
        if (strcmp(s->in->benchmarks[i].name, benchmark) == 0)
            return s->in->benchmarks[i].family;
    return benchmark;
}

/* By at least so many benchmarks that do not share a source. */
static struct evidence
by_benchmarks(const struct subject *s, size_t least)
{
    const char *sources[EVIDENCE_FIGURES_MOST];
    struct evidence e = unknown(kinds[s->kind].benchmark ? "no-figure" : "not-asked");
    const struct figure_key key = key_of(s, is_city(s) ? "pooled-rate-ratio" : "rate-ratio", "");
    size_t count, usable = 0, found = 0;
    const struct figure *const *const list = figure_index_all(s->figures, &key, &count);

    if (!kinds[s->kind].benchmark)
        return e;
    for (size_t i = 0; i < count; i++) {
        const struct figure *const f = list[i];
        const char *const source = source_of(s, f->benchmark);
        bool known = false;

        if (!evidence_usable(f) || isnan(f->q))
            continue;
        usable++;
        for (size_t k = 0; k < found; k++)
            known = known || strcmp(sources[k], source) == 0;
        if (f->value < RATIO_LEAST || f->q >= Q_MOST || known || found == EVIDENCE_FIGURES_MOST)
            continue;
        sources[found++] = source;
        rest_on(&e, f);
        /* The weakest of those that are needed decides. */
        e.q = found == 1 ? f->q : found <= least ? fmax(e.q, f->q) : e.q;
    }
    if (usable == 0)
        return count ? unknown_of(list[0]) : e;
    e.holds = found >= least ? HOLDS_YES : HOLDS_NO;
    e.why = NULL;
    return e;
}

static struct evidence
benchmark(const struct subject *s)
{
    return by_benchmarks(s, SOURCES_LEAST);
}

static struct evidence
one_benchmark(const struct subject *s)
{
    return by_benchmarks(s, 1);
}

/* ---- E2, E3, E5, E8: one figure each --------------------------------------------------------- */

/* A two-sided p read against the group alone. */
static double
one_sided(const struct figure *f, bool against)
{
    return against ? f->p / 2 : 1 - f->p / 2;
}

static struct evidence
hit_rate_lower(const struct subject *s)
{
    const struct figure *const f =
        find(s, is_city(s) ? "pooled-hit-odds-ratio-strict" : "hit-difference-strict", "");

    if (!evidence_usable(f) || isnan(f->p))
        return unknown_of(f);

    const bool against = f->value < (is_city(s) ? 1 : 0);
    struct evidence e = judged(f, one_sided(f, against) < P_MOST);

    e.q = against ? e.q : NAN;
    return e;
}

/* Of the whole city: the threshold of a wijk with few searches is nearly the city's, and would say
 * of a place what was seen elsewhere. */
static struct evidence
threshold_lower(const struct subject *s)
{
    if (!is_city(s))
        return unknown("not-asked");

    const struct figure *const f = find(s, "threshold-difference", "");

    return evidence_usable(f) && !isnan(f->p) ? judged(f, f->p < P_MOST) : unknown_of(f);
}

static struct evidence
outcome(const struct subject *s)
{
    return kinds[s->kind].outcome ? either(hit_rate_lower(s), threshold_lower(s))
                                  : unknown("not-asked");
}

/*
 * Totals of the whole city mix places: where a group lives among many stops, both sides can point
 * at it though no place does. So the comparisons within places must point the same way.
 */
static void
agree_within_places(const struct subject *s, struct evidence *e)
{
    for (size_t i = 0; i < POOLED_MOST && kinds[s->kind].pooled[i].measure; i++) {
        const struct figure_key key = key_of(s, kinds[s->kind].pooled[i].measure, "");
        size_t count;
        const struct figure *const *const list = figure_index_all(s->figures, &key, &count);

        for (size_t k = 0; k < count; k++) {
            const struct figure *const f = list[k];

            if (strcmp(f->benchmark, kinds[s->kind].pooled[i].benchmark) != 0 ||
                !evidence_usable(f) || isnan(f->p))
                continue;

            const bool against = kinds[s->kind].pooled[i].above ? f->value > 1 : f->value < 1;

            rest_on(e, f);
            e->q = fmax(e->q, f->q);
            if (one_sided(f, against) >= P_MOST)
                e->holds = HOLDS_NO;
        }
    }
}

static struct evidence
robust(const struct subject *s)
{
    const char *const term = kinds[s->kind].robust;
    const struct figure *const f = term ? find(s, "robust", term) : NULL;

    if (!term)
        return unknown("not-asked");
    if (!evidence_usable(f))
        return unknown_of(f);

    struct evidence e = judged(f, f->value > 0);

    if (is_city(s))
        agree_within_places(s, &e);
    return e;
}

static struct evidence
alike(const struct subject *s)
{
    const struct kind *const k = &kinds[s->kind];
    const struct figure *const f = k->alike ? find(s, "alike", k->alike) : NULL;

    if (!k->alike)
        return unknown("not-asked");
    if (!evidence_usable(f) || isnan(f->p))
        return unknown_of(f);

    const bool against = k->against * f->value > 0;
    struct evidence e = judged(f, against && f->p < P_MOST);

    e.q = against ? e.q : NAN;
    return e;
}

static struct evidence
gap(const struct subject *s)
{
    const struct kind *const k = &kinds[s->kind];
    const struct figure *const f = k->gap ? find(s, "index-gap", k->gap) : NULL;

    if (!k->gap)
        return unknown("not-asked");
    if (!evidence_usable(f) || isnan(f->q))
        return unknown_of(f);
    return judged(f, k->against * f->value >= GAP_LEAST && f->q < Q_MOST);
}

/* ---- E4, E6, E7, tipping --------------------------------------------------------------------- */

static struct evidence
veil_at(const struct subject *s, const char *level, const char *place, const char *term)
{
    const struct figure_key key = {"veil", term, s->window, level, place, s->group};
    const struct figure *const f = figure_index_find(s->figures, &key);

    return evidence_usable(f) && !isnan(f->p) ? judged(f, f->value < 0 && f->p < P_MOST)
                                              : unknown_of(f);
}

/* The district that a place lies in; where that has no figure, the city. */
static struct evidence
veil_of(const struct subject *s, const char *term)
{
    const struct evidence e = veil_at(s, "district", s->district, term);

    return e.holds == HOLDS_UNKNOWN ? veil_at(s, "city", "", term) : e;
}

static struct evidence
veil(const struct subject *s)
{
    return kinds[s->kind].veil ? either(veil_of(s, "light"), veil_of(s, "before-contact"))
                               : unknown("not-asked");
}

static struct evidence
months_against(const struct subject *s, const char *term)
{
    const struct figure *const f = term ? find(s, "persistent", term) : NULL;

    if (!evidence_usable(f))
        return unknown_of(f);
    /* With one or two usable months, three can not be reached: that says nothing. */
    if (f->n < MONTHS_AGAINST_LEAST)
        return unknown("few-months");
    return judged(f, f->value >= MONTHS_AGAINST_LEAST);
}

static struct evidence
alarm(const struct subject *s, const char *term)
{
    const struct figure *const f = term ? find(s, "cusum", term) : NULL;

    return evidence_usable(f) && f->flagged >= 0 ? judged(f, f->flagged == 1) : unknown_of(f);
}

static struct evidence
persistent(const struct subject *s)
{
    const struct evidence e =
        either(months_against(s, kinds[s->kind].persistent), alarm(s, kinds[s->kind].cusum));
    return e;
}

static struct evidence
heard(const struct subject *s)
{
    const struct figure *const f = find(s, "heard", kind_codes[s->kind]);

    if (!evidence_usable(f) || isnan(f->p))
        return unknown_of(f);
    return judged(f, f->value < 0 && f->p < P_MOST);
}

/* The pooled one of the city, else the first. */
static const struct figure *
tipping_of_rate(const struct subject *s)
{
    const struct figure_key key = key_of(s, "tipping", "stop");
    size_t count;
    const struct figure *const *const list = figure_index_all(s->figures, &key, &count);
    const struct figure *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (evidence_usable(list[i]) && (!best || strcmp(list[i]->method, "pooled") == 0))
            best = list[i];
    return best;
}

/*
 * Share of all stops that would have to be missing to make two shares equal, all of them on the
 * side with the higher one and without what is counted: n (high / low - 1) of them.
 */
static double
tipping_of_shares(const struct figure *own, const struct figure *difference)
{
    const double a = own->value, b = own->value - difference->value;
    const double n = a > b ? difference->n : difference->exposure;
    const double missing = n * (fmax(a, b) / fmin(a, b) - 1);

    return isinf(missing) ? 1 : missing / (difference->n + difference->exposure + missing);
}

static double
tipping_share(const struct subject *s, struct evidence *e)
{
    const struct kind *const k = &kinds[s->kind];
    const struct figure *const rate = s->kind == KIND_STOP_RATE ? tipping_of_rate(s) : NULL;
    const struct figure *const own = k->share ? find(s, k->share, "") : NULL;
    const struct figure *const difference = k->difference ? find(s, k->difference, "") : NULL;

    if (rate) {
        rest_on(e, rate);
        return rate->value;
    }
    if (!evidence_usable(own) || !evidence_usable(difference))
        return NAN;
    rest_on(e, own);
    rest_on(e, difference);
    return tipping_of_shares(own, difference);
}

static struct evidence
tipping(const struct subject *s)
{
    struct evidence e = unknown("no-figure");

    e.share = tipping_share(s, &e);
    if (isnan(e.share))
        return e;
    if (isnan(s->coverage)) {
        e.why = "no-coverage";
        return e;
    }
    e.why = NULL;
    e.holds = e.share > 1 - s->coverage ? HOLDS_YES : HOLDS_NO;
    return e;
}

static struct evidence (*const predicates[EVIDENCES])(const struct subject *s) = {
    [EVIDENCE_BENCHMARK] = benchmark, [EVIDENCE_OUTCOME] = outcome,
    [EVIDENCE_ROBUST] = robust,       [EVIDENCE_VEIL] = veil,
    [EVIDENCE_ALIKE] = alike,         [EVIDENCE_PERSISTENT] = persistent,
    [EVIDENCE_HEARD] = heard,         [EVIDENCE_GAP] = gap,
    [EVIDENCE_ONE] = one_benchmark,   [EVIDENCE_TIPPING] = tipping,
};

struct evidence
evidence_of(const struct subject *s, enum evidence_id id)
{
    return predicates[id](s);
}

/* Of a rate the one against residents; of the city the pooled one, else that of the whole. */
const struct figure *
evidence_main_figure(const struct subject *s)
{
    const struct kind *const k = &kinds[s->kind];
    const struct figure_key keys[] = {is_city(s)
                                          ? key_of(s, k->main_of_city.measure, k->main_of_city.term)
                                          : key_of(s, k->main.measure, k->main.term),
                                      key_of(s, k->main.measure, k->main.term)};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        size_t count;
        const struct figure *const *const list = figure_index_all(s->figures, &keys[i], &count);

        for (size_t f = 0; f < count; f++)
            if (evidence_usable(list[f]) &&
                (s->kind != KIND_STOP_RATE || strcmp(list[f]->benchmark, "residents") == 0))
                return list[f];
    }
    return NULL;
}

double
evidence_count(const struct subject *s)
{
    const struct kind *const k = &kinds[s->kind];
    const struct figure *const f = evidence_main_figure(s);
    const struct figure *const share = k->share ? find(s, k->share, "") : NULL;

    if (!f)
        return NAN;
    if (s->kind == KIND_STOP_RATE)
        return f->events;
    return isnan(f->n) && evidence_usable(share) ? share->n : f->n;
}
