/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules of grading as one table, the doubts that take a step off, the comparison with the month
 * before, and who reaches the brief. Evidence is evidence.c's. What was open and cannot be measured
 * now stays open: silence is no answer.
 */
#include "analyzer/measure/signal.h"

#include "common/digest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X(name, code) code,
const char *const doubt_codes[DOUBTS] = {SIGNAL_DOUBTS(X)};
const char *const status_codes[SIGNAL_STATUS_COUNT] = {SIGNAL_STATUSES(X)};
#undef X

#define BIT(name) (1U << EVIDENCE_##name)
/* E8 takes the place of E3 where it is asked; of a kind only one of them is. */
#define LEAD (BIT(ROBUST) | BIT(GAP))
#define ANY  (BIT(BENCHMARK) | BIT(OUTCOME) | BIT(ALIKE) | LEAD)

const struct signal_rule signal_rules[] = {
    {'A', "12-months", LEAD, 0.01, BIT(VEIL) | BIT(ALIKE) | BIT(HEARD),
     BIT(PERSISTENT) | BIT(TIPPING)},
    {'B', "12-months", LEAD, 0.01, 0, BIT(PERSISTENT)},
    {'C', "12-months", ANY, 0.05, 0, BIT(PERSISTENT)},
    {'D', "12-months", ANY | BIT(ONE), 0.20, 0, 0},
    {'D', "month", ANY, 0.05, 0, 0},
};
const size_t signal_rule_count = sizeof signal_rules / sizeof *signal_rules;

static const double COVERAGE_LEAST = 0.8, PERCEIVED_LEAST = 0.8;
static const double EVENTS_LEAST = 30;

/* ---- grading --------------------------------------------------------------------------------- */

static bool
holds(const struct evidence *e)
{
    return e->holds == HOLDS_YES;
}

static bool
rule_holds(const struct signal_rule *r, const struct evidence *e)
{
    bool strong = false, beside = r->beside == 0, all = true;

    for (unsigned i = 0; i < EVIDENCES; i++) {
        const unsigned bit = 1U << i;

        strong = strong || ((r->strong & bit) && holds(&e[i]) && e[i].q < r->q_most);
        beside = beside || ((r->beside & bit) && holds(&e[i]));
        all = all && (!(r->all & bit) || holds(&e[i]));
    }
    return strong && beside && all;
}

char
signal_grade(const struct evidence *year, const struct evidence *month)
{
    for (size_t i = 0; i < signal_rule_count; i++)
        if (rule_holds(&signal_rules[i],
                       strcmp(signal_rules[i].window, "month") == 0 ? month : year))
            return signal_rules[i].grade;
    return 0;
}

/* ---- what all signals share ------------------------------------------------------------------ */

struct grading {
    struct arena *arena;
    const struct cube *cube;
    const struct inputs *in;
    unsigned perspective;
    const struct figure_index *figures;
    double coverage[KINDS]; /* share of what a kind counts that is registered; NaN: not known */
    const char *month;
    bool *carried; /* of the earlier signals */
};

/* Kinds of control totals that say whether stops are missing, and for which signals. */
static const struct {
    const char *total;
    unsigned kinds; /* bits; 0: all */
} totals[] = {
    {"stops", 0},
    {"persons", 0},
    {"proco", 0},
    {"searches", 1U << KIND_SEARCH | 1U << KIND_OUTCOME},
    {"bodycam", 1U << KIND_BODYCAM},
};
enum { TOTALS = sizeof totals / sizeof *totals };

static int
total_of(const struct figure *f)
{
    if (strcmp(f->measure, "coverage") != 0 || !(f->exposure > 0))
        return -1;
    for (unsigned t = 0; t < TOTALS; t++) {
        const size_t length = strlen(totals[t].total);

        if (strncmp(f->term, totals[t].total, length) == 0 && f->term[length] == ' ')
            return (int)t;
    }
    return -1;
}

/* Of each source apart (sources count the same stops), the least; of the whole city. */
static void
find_coverage(struct grading *g, const struct figures *f)
{
    for (unsigned k = 0; k < KINDS; k++)
        g->coverage[k] = NAN;
    for (size_t i = 0; i < f->count; i++) {
        const int total = total_of(&f->list[i]);
        double registered = 0, counted = 0;

        for (size_t k = 0; total >= 0 && k < f->count; k++)
            if (total_of(&f->list[k]) == total &&
                strcmp(f->list[k].benchmark, f->list[i].benchmark) == 0) {
                if (k < i)
                    break; /* this source was summed already */
                registered += f->list[k].events;
                counted += f->list[k].exposure;
            }
        if (counted == 0)
            continue;
        for (unsigned k = 0; k < KINDS; k++)
            if (totals[total].kinds == 0 || (totals[total].kinds & 1U << k))
                g->coverage[k] = fmin(g->coverage[k], fmin(registered / counted, 1));
    }
}

/* Whose definition of group signals speak of: as perceived after contact, else the first there is.
 * -1: no groups. */
static int
main_perspective(const struct cube *c)
{
    if (cube_has_perspective(c, PERSPECTIVE_AFTER))
        return PERSPECTIVE_AFTER;
    for (unsigned p = 1; p < PERSPECTIVES; p++)
        if (cube_has_perspective(c, p))
            return (int)p;
    return -1;
}

static void
name_signal(const struct grading *g, struct signal *s)
{
    const char *const text = arena_printf(g->arena, "%s\n%s\n%s\n%s\n%s", g->in->choices.area_set,
                                          s->place, s->perspective, s->group, kind_codes[s->kind]);
    uint8_t digest[DIGEST_BYTES];
    char hex[65];

    sha256_of(text, strlen(text), digest);
    hex_of(digest, sizeof digest, hex);
    snprintf(s->id, sizeof s->id, "%.*s", SIGNAL_ID_DIGITS, hex);
}

/* ---- one signal ------------------------------------------------------------------------------ */

static const char *
district_of(const struct cube *c, unsigned place)
{
    for (int p = cube_place(c, place)->parent; p >= 0; p = cube_place(c, (unsigned)p)->parent)
        if (strcmp(cube_place(c, (unsigned)p)->level, "district") == 0)
            return cube_place(c, (unsigned)p)->code;
    return "";
}

/* Share of the stops in a place whose group is recorded. */
static double
perceived(const struct grading *g, unsigned place)
{
    return cube_sum(g->cube, WINDOW_12, place, g->perspective, -1, SUM_persons) /
           cube_sum(g->cube, WINDOW_12, place, PERSPECTIVE_ALL, -1, SUM_persons);
}

static void
doubt(const struct grading *g, unsigned place, struct signal *s)
{
    const bool ratio = s->kind == KIND_STOP_RATE;

    s->doubts[DOUBT_COVERAGE] = g->coverage[s->kind] < COVERAGE_LEAST;
    s->doubts[DOUBT_BRIDGE] = ratio && s->main->lower <= 1;
    s->doubts[DOUBT_EVENTS] =
        (isnan(s->main->events) ? s->persons : s->main->events) < EVENTS_LEAST;
    s->doubts[DOUBT_PERCEIVED] = perceived(g, place) < PERCEIVED_LEAST;
    s->grade = s->before;
    for (unsigned d = 0; d < DOUBTS && s->grade; d++)
        if (s->doubts[d])
            /* Doubt weakens a finding to the watch list; it does not make one disappear from a
             * higher grade. What was on the watch list already leaves it. */
            s->grade = s->grade < 'D' ? (char)(s->grade + 1) : s->before == 'D' ? 0 : 'D';
}

static const struct earlier_signal *
earlier_of(const struct grading *g, const char *id)
{
    for (size_t i = 0; i < g->in->earlier_count; i++)
        if (strcmp(g->in->earlier[i].id, id) == 0) {
            g->carried[i] = true;
            return &g->in->earlier[i];
        }
    return NULL;
}

static enum signal_status
changed(char was, char now)
{
    if (now == was)
        return SIGNAL_SAME;
    return now < was ? SIGNAL_RISEN : SIGNAL_FALLEN;
}

/* Compares with the month before; false when there is nothing to tell. */
static bool
carry_on(const struct grading *g, struct signal *s, bool measured)
{
    const struct earlier_signal *const earlier = earlier_of(g, s->id);

    s->was = earlier ? earlier->grade[0] : 0;
    s->since = earlier ? earlier->since : g->month;
    if (!earlier) {
        s->status = SIGNAL_OPENED;
        return s->grade != 0;
    }
    if (s->grade) {
        s->status = changed(s->was, s->grade);
    } else if (measured) {
        s->status = SIGNAL_CLOSED;
    } else {
        s->status = SIGNAL_NOT_MEASURED;
        s->grade = s->was;
    }
    return true;
}

/* Is there anything from which a grade could have come? */
static bool
is_measured(const struct signal *s)
{
    const unsigned strong = ANY | BIT(ONE);

    for (unsigned i = 0; i < EVIDENCES; i++)
        if ((strong & 1U << i) && s->evidence[i].holds != HOLDS_UNKNOWN)
            return s->main != NULL;
    return false;
}

static bool
judge(const struct grading *g, unsigned place, const char *group, enum signal_kind kind,
      struct signal *s)
{
    const struct cube_place *const at = cube_place(g->cube, place);
    struct evidence month[EVIDENCES];
    struct subject subject = {.figures = g->figures,
                              .in = g->in,
                              .kind = kind,
                              .window = window_names[WINDOW_12],
                              .level_of_place = at->level,
                              .place = at->code,
                              .group = group,
                              .district = district_of(g->cube, place),
                              .coverage = g->coverage[kind]};

    *s = (struct signal){.kind = kind,
                         .level_of_place = at->level,
                         .place = at->code,
                         .perspective = perspective_names[g->perspective],
                         .group = group,
                         .persons = evidence_count(&subject),
                         .main = evidence_main_figure(&subject)};
    name_signal(g, s);
    for (unsigned i = 0; i < EVIDENCES; i++)
        s->evidence[i] = evidence_of(&subject, (enum evidence_id)i);
    subject.window = window_names[WINDOW_MONTH];
    for (unsigned i = 0; i < EVIDENCES; i++)
        month[i] = evidence_of(&subject, (enum evidence_id)i);
    /* No grade without a number that may be shown. */
    if (!isnan(s->persons)) {
        s->before = signal_grade(s->evidence, month);
        doubt(g, place, s);
    }
    return carry_on(g, s, is_measured(s));
}

/* ---- all of them ----------------------------------------------------------------------------- */

static int
rank_of(const struct signal *s)
{
    return s->status == SIGNAL_CLOSED ? 'Z' : s->grade;
}

static int
strongest_first(const void *a, const void *b)
{
    const struct signal *const x = a;
    const struct signal *const y = b;
    const double of_x = isnan(x->persons) ? 0 : x->persons;
    const double of_y = isnan(y->persons) ? 0 : y->persons;

    if (rank_of(x) != rank_of(y))
        return rank_of(x) < rank_of(y) ? -1 : 1;
    if (of_x != of_y)
        return of_x > of_y ? -1 : 1;
    return strcmp(x->id, y->id);
}

/* Measured this month, and not closed. */
static bool
is_open(const struct signal *s)
{
    return s->status != SIGNAL_CLOSED && s->status != SIGNAL_NOT_MEASURED;
}

/* A place of one practice: what holds of a group in the whole city and in its wijken is told once.
 * Something of the watch list tells nothing stronger than itself. */
static bool
belongs_under(const struct signal *s, const struct signal *city)
{
    return *city->place == '\0' && *s->place && city->kind == s->kind &&
           strcmp(city->group, s->group) == 0 && strcmp(city->perspective, s->perspective) == 0 &&
           is_open(city) && s->status != SIGNAL_CLOSED && (city->grade < 'D' || s->grade == 'D');
}

static void
fold(struct signals *s)
{
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; k < s->count && !s->list[i].under; k++)
            if (belongs_under(&s->list[i], &s->list[k]))
                s->list[i].under = &s->list[k];
}

/* The watch list does not go to the mayor, nor what could not be measured. What is told under
 * another brings that one in, as high as its own grade, and takes no place itself. */
static void
choose_brief(struct signals *s)
{
    unsigned rank = 0;

    for (size_t i = 0; i < s->count && rank < SIGNALS_IN_BRIEF; i++) {
        struct signal *const told =
            s->list[i].under ? &s->list[s->list[i].under - s->list] : &s->list[i];

        if (s->list[i].grade >= 'A' && s->list[i].grade < 'D' && is_open(&s->list[i]) &&
            s->list[i].main && !told->brief)
            told->brief = ++rank;
    }
}

static void
of_place(const struct grading *g, unsigned place, struct signals *out)
{
    for (unsigned group = 0; group < cube_group_count(g->cube); group++)
        for (unsigned k = 0; k < KINDS; k++)
            if (judge(g, place, cube_group(g->cube, group), (enum signal_kind)k,
                      &out->list[out->count]))
                out->count++;
}

static enum signal_kind
kind_of(const char *code)
{
    unsigned k = 0;

    while (k < KINDS - 1 && strcmp(kind_codes[k], code) != 0)
        k++;
    return (enum signal_kind)k;
}

/* What was open in a place, a group or a perspective that this month has not. */
static void
keep_the_rest(const struct grading *g, struct signals *out)
{
    for (size_t i = 0; i < g->in->earlier_count; i++) {
        const struct earlier_signal *const x = &g->in->earlier[i];
        struct signal *const s = &out->list[out->count];

        if (g->carried[i])
            continue;
        *s = (struct signal){.kind = kind_of(x->kind),
                             .level_of_place = x->level_of_place,
                             .place = x->place,
                             .perspective = x->perspective,
                             .group = x->group,
                             .grade = x->grade[0],
                             .was = x->grade[0],
                             .status = SIGNAL_NOT_MEASURED,
                             .since = x->since,
                             .persons = NAN};
        snprintf(s->id, sizeof s->id, "%s", x->id);
        for (unsigned e = 0; e < EVIDENCES; e++)
            s->evidence[e] = (struct evidence){
                .holds = HOLDS_UNKNOWN, .q = NAN, .share = NAN, .why = "no-figure"};
        out->count++;
    }
}

static bool
is_judged(const struct cube *c, unsigned place)
{
    const struct cube_place *const at = cube_place(c, place);

    return place == 0 || (!at->unknown && strcmp(at->level, cube_pool_level(c)) == 0);
}

struct signals
signals_of(struct arena *a, const struct cube *c, const struct figures *f)
{
    const struct inputs *const in = cube_inputs(c);
    const int perspective = main_perspective(c);
    const size_t most = (size_t)cube_place_count(c) * cube_group_count(c) * KINDS;
    struct signals out = {.list = arena_array(a, most + in->earlier_count + 1, sizeof *out.list)};
    struct grading g = {.arena = a,
                        .cube = c,
                        .in = in,
                        .perspective = perspective < 0 ? 0 : (unsigned)perspective,
                        .carried = arena_array(a, in->earlier_count + 1, sizeof *g.carried)};

    char month[8];

    month_text(in->choices.month, month);
    g.month = arena_printf(a, "%s", month);
    find_coverage(&g, f);
    g.figures = figure_index_new(a, f, perspective_names[g.perspective]);
    for (unsigned place = 0; perspective >= 0 && place < cube_place_count(c); place++)
        if (is_judged(c, place))
            of_place(&g, place, &out);
    keep_the_rest(&g, &out);
    if (out.count)
        qsort(out.list, out.count, sizeof *out.list, strongest_first);
    fold(&out);
    choose_brief(&out);
    return out;
}
