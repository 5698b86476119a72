/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Coverage: what was registered against independent counts of the same, by unit and month. Under a
 * half is noted, because rates of such a month say more about registering than about stopping; so
 * is a difference that X200 to X203 speak of. A control total of another kind is left alone.
 */
#include "analyzer/measure/plausibility.h"
#include "analyzer/stat/rate.h"

#include <string.h>

enum { NO_RULE = -1 };

/* Kinds of control totals, what is counted against them, and the rule that judges the two. */
static const struct {
    const char *kind;
    int sum;   /* of cells; -1: */
    int count; /* of units and months */
    int rule;
} kinds[] = {
    {"stops", SUM_persons, -1, UNIT_X201},    {"persons", SUM_persons, -1, UNIT_X201},
    {"dispatch", SUM_persons, -1, UNIT_X201}, {"meos", SUM_persons, -1, UNIT_X201},
    {"proco", SUM_persons, -1, UNIT_X201},    {"searches", SUM_searched, -1, NO_RULE},
    {"bodycam", -1, UNIT_filmed, UNIT_X203},  {"sanctions", SUM_sanctioned, -1, NO_RULE},
    {"fines", -1, UNIT_fined, UNIT_X200},     {"arrests", -1, UNIT_arrested, UNIT_X202},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

/* -1: a kind that nothing is counted against, or a period outside the twelve months. */
static int
kind_of(const struct cube *c, const struct control_total *t)
{
    const int last = cube_inputs(c)->cells->month;

    for (int k = 0; k < KINDS; k++)
        if (t->from >= last - 11 && t->until <= last && strcmp(t->kind, kinds[k].kind) == 0)
            return k;
    return -1;
}

static bool
is_of(const struct control_total *t, const struct cells *cells, unsigned unit, unsigned at)
{
    const int month = cells->month - CELLS_MONTHS + 1 + (int)at;

    return month >= t->from && month <= t->until &&
           (t->unit[0] == '\0' || strcmp(names_text(cells->units, unit), t->unit) == 0);
}

static double
registered(const struct measure *m, const struct control_total *t, int kind)
{
    const struct inputs *const in = cube_inputs(m->cube);
    double count = 0;

    for (size_t i = 0; kinds[kind].sum >= 0 && i < in->cells->count; i++) {
        const struct cell *const x = &in->cells->list[i];

        if (x->perspective == PERSPECTIVE_ALL && is_of(t, in->cells, x->unit, x->month))
            count += x->sum[kinds[kind].sum];
    }
    for (size_t i = 0; kinds[kind].count >= 0 && i < in->unit_month_count; i++) {
        const struct unit_month *const x = &in->unit_months[i];

        if (is_of(t, in->cells, x->unit, x->month))
            count += x->count[kinds[kind].count];
    }
    return count;
}

#define X(code, severity, percent, nl, en, reading) percent,
static const double slack[UNIT_RULE_COUNT] = {UNIT_RULES(X)};
#undef X

/* X201 is about stops that are missing; the others about two counts that should be one. */
static bool
differs(int rule, double registered, double total)
{
    return rule != NO_RULE &&
           (100 * registered < (100 - slack[rule]) * total ||
            (rule != UNIT_X201 && 100 * registered > (100 + slack[rule]) * total));
}

static void
one_total(const struct measure *m, const struct control_total *t, int kind)
{
    const int unit = t->unit[0] ? cube_place_find(m->cube, "unit", t->unit) : 0;
    struct figure *const x = measure_figure(m, "coverage", "garwood",
                                            &(struct frame){.place = unit > 0 ? (unsigned)unit : 0,
                                                            .group = -1,
                                                            .feature = FEATURE_STOPS});
    char from[8];

    month_text(month_of_index(t->from), from);
    x->window = window_names[WINDOW_MONTH];
    x->note = NULL;
    x->term = t->from == t->until ? arena_printf(m->arena, "%s %s", t->kind, from)
                                  : arena_printf(m->arena, "%s from %s", t->kind, from);
    if (unit < 0) {
        x->level_of_place = "unit";
        x->place = t->unit;
    }
    x->benchmark = t->source;
    x->events = registered(m, t, kind);
    x->n = x->events;
    x->exposure = t->count;

    const struct estimate e = rate_garwood(x->events, t->count, x->level);

    x->value = e.value;
    x->lower = e.lower;
    x->upper = e.upper;
    if (differs(kinds[kind].rule, x->events, t->count))
        figure_note(m->arena, x, NOTE_RULE, unit_rule_codes[kinds[kind].rule]);
    if (t->count == 0)
        measure_withhold(x, "A005");
    else if (e.value < 0.5)
        figure_note(m->arena, x, NOTE_COVERAGE_UNDER_HALF, NULL);
    else if (e.value < 0.8)
        figure_note(m->arena, x, NOTE_COVERAGE_UNDER_80, NULL);
}

void
measure_coverage(const struct measure *m)
{
    const struct inputs *const in = cube_inputs(m->cube);

    for (size_t i = 0; i < in->control_count; i++) {
        const int kind = kind_of(m->cube, &in->controls[i]);

        if (kind >= 0)
            one_total(m, &in->controls[i], kind);
    }
}

void
coverage_judged(const struct cube *c, struct unit_check out[UNIT_RULE_COUNT])
{
    const struct inputs *const in = cube_inputs(c);

    for (size_t i = 0; i < in->control_count; i++) {
        const int kind = kind_of(c, &in->controls[i]);

        if (kind >= 0 && kinds[kind].rule != NO_RULE)
            out[kinds[kind].rule].judged++;
    }
}
