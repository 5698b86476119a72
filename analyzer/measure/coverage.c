/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Coverage: what was registered against independent counts of the same, by unit and month. A
 * control total of a kind that no cell counts is left to the quality section. Under a half is
 * noted, because rates of such a month say more about registering than about stopping.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/rate.h"

#include <string.h>

/* Kinds of control totals, and what is counted against them. */
static const struct {
    const char *kind;
    enum sum sum;
} kinds[] = {
    {"stops", SUM_persons}, {"persons", SUM_persons},      {"dispatch", SUM_persons},
    {"meos", SUM_persons},  {"proco", SUM_persons},        {"searches", SUM_searched},
    {"bodycam", SUM_worn},  {"sanctions", SUM_sanctioned}, {"fines", SUM_sanctioned},
};

static double
registered(const struct measure *m, const struct control_total *t, enum sum sum)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    const int first = cells->month - CELLS_MONTHS + 1;
    double count = 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];
        const int month = first + x->month;

        if (x->perspective == PERSPECTIVE_ALL && month >= t->from && month <= t->until &&
            (t->unit[0] == '\0' || strcmp(names_text(cells->units, x->unit), t->unit) == 0))
            count += x->sum[sum];
    }
    return count;
}

static void
one_total(const struct measure *m, const struct control_total *t, enum sum sum)
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
    x->events = registered(m, t, sum);
    x->n = x->events;
    x->exposure = t->count;

    const struct estimate e = rate_garwood(x->events, t->count, x->level);

    x->value = e.value;
    x->lower = e.lower;
    x->upper = e.upper;
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

    for (size_t i = 0; i < in->control_count; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (in->controls[i].from >= in->cells->month - 11 &&
                in->controls[i].until <= in->cells->month &&
                strcmp(in->controls[i].kind, kinds[k].kind) == 0)
                one_total(m, &in->controls[i], kinds[k].sum);
}
