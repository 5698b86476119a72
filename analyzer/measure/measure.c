/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What all measures share: making and withholding a figure, small numbers, the reference of a
 * group, the walk over groups, and the adjustment for many comparisons at the end. Computes no
 * measure itself. Figures belong to the run's list, what is made on the way to the run's arena.
 */
#include "analyzer/measure/measure.h"

#include "analyzer/measure/exposure.h"
#include "analyzer/measure/like.h"
#include "analyzer/stat/multiplicity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
measure_note_months(const struct measure *m, struct figure *x, unsigned used)
{
    const unsigned months = cube_months(m->cube, m->window);

    if (used < months)
        figure_note(m->arena, x, NOTE_MONTHS_COUNTED,
                    arena_printf(m->arena, "%u/%u", used, months));
}

struct figure *
measure_figure(const struct measure *m, const char *name, const char *method, const struct frame *f)
{
    const struct cube_place *const place = cube_place(m->cube, f->place);
    struct figure *const x = figure_add(m->out);

    x->measure = name;
    x->method = method;
    x->window = window_names[m->window];
    x->level_of_place = place->level;
    x->place = place->code;
    x->perspective = perspective_names[f->perspective];
    x->group = f->group >= 0 ? cube_group(m->cube, (unsigned)f->group) : "";
    x->level = cube_inputs(m->cube)->choices.level;
    measure_note_months(m, x, cube_months_used(m->cube, m->window, f->feature, f->perspective));
    return x;
}

bool
measure_wanted(const struct frame *f, bool nothing)
{
    return f->place == 0 || !nothing;
}

bool
measure_pools(const struct measure *m, unsigned place)
{
    const struct cube_place *const p = cube_place(m->cube, place);

    return !p->unknown && strcmp(p->level, cube_pool_level(m->cube)) == 0;
}

void
measure_hide(struct figure *x)
{
    x->n = x->events = x->detectable = NAN;
}

void
measure_withhold(struct figure *x, const char *guard)
{
    x->value = x->lower = x->upper = NAN;
    x->p = x->q = x->statistic = x->df = NAN;
    x->flagged = -1;
    x->guard = guard;
    if (strcmp(guard, "A001") == 0)
        measure_hide(x);
}

const char *
measure_cells(const struct measure *m, const struct frame *f, const char *sums)
{
    const int last = cube_inputs(m->cube)->cells->month;
    const struct cube_place *const place = cube_place(m->cube, f->place);
    char from[8], until[8];

    month_text(month_of_index(last - (int)cube_months(m->cube, m->window) + 1), from);
    month_text(month_of_index(last), until);
    return arena_printf(m->arena, "months=%s..%s; %s=%s; %s=%s; sums=%s", from, until, place->level,
                        place->code, f->perspective ? perspective_names[f->perspective] : "group",
                        f->group >= 0 ? cube_group(m->cube, (unsigned)f->group) : "*", sums);
}

bool
measure_small(const struct measure *m, const struct frame *f, int group, unsigned sum)
{
    return small_withheld(m->small, m->window, f->place, f->perspective, group, sum);
}

bool
measure_small_reference(const struct measure *m, const struct frame *f, int reference, enum sum sum)
{
    return measure_small(m, f, reference, sum) ||
           measure_of_reference(m, f, reference, sum) < SMALL_NUMBER;
}

int
measure_reference(const struct measure *m, int group, const char **name)
{
    const char *const wanted = cube_inputs(m->cube)->choices.reference;
    const int reference = cube_group_find(m->cube, wanted);

    *name = reference < 0 ? "others" : wanted;
    if (reference < 0)
        return -1;
    return reference == group ? -2 : reference;
}

double
measure_of(const struct measure *m, const struct frame *f, int group, enum sum sum)
{
    return cube_sum(m->cube, m->window, f->place, f->perspective, group, sum);
}

double
measure_of_reference(const struct measure *m, const struct frame *f, int reference, enum sum sum)
{
    if (reference >= 0)
        return measure_of(m, f, reference, sum);
    return measure_of(m, f, -1, sum) - measure_of(m, f, f->group, sum);
}

void
measure_each_group(const struct measure *m, struct frame where, struct by_group todo)
{
    for (unsigned p = 1; p < PERSPECTIVES; p++) {
        where.perspective = p;
        for (unsigned g = 0; cube_has_perspective(m->cube, p) && g < cube_group_count(m->cube);
             g++) {
            where.group = (int)g;
            todo.figure(m, &where, todo.small && todo.small(m, &where, todo.context), todo.context);
        }
    }
}

unsigned
measure_main_perspective(const struct measure *m)
{
    unsigned p = 1;

    if (cube_has_perspective(m->cube, PERSPECTIVE_AFTER))
        return PERSPECTIVE_AFTER;
    while (p < PERSPECTIVES && !cube_has_perspective(m->cube, p))
        p++;
    return p < PERSPECTIVES ? p : 0;
}

/* ---- many comparisons ------------------------------------------------------------------------ */

static int
by_family(const struct figure *x, const struct figure *y)
{
    const char *const keys[][2] = {
        {x->measure, y->measure},     {x->window, y->window}, {x->perspective, y->perspective},
        {x->benchmark, y->benchmark}, {x->term, y->term},     {x->method, y->method}};

    /* Terms of reasons are alternatives of one question: one family. Two models of one ratio are
     * two answers to one question: a family each, so that no question counts twice. */
    const size_t used = strcmp(x->measure, "reason-difference") == 0 ? 4
                        : strcmp(x->measure, "glm-ratio") == 0       ? 6
                                                                     : 5;

    for (size_t i = 0; i < used; i++) {
        const int order = strcmp(keys[i][0], keys[i][1]);

        if (order != 0)
            return order;
    }
    return 0;
}

struct judged {
    struct figure *figure;
    size_t ord;
};

static int
by_family_then_order(const void *a, const void *b)
{
    const struct judged *const x = a;
    const struct judged *const y = b;
    const int order = by_family(x->figure, y->figure);

    if (order != 0)
        return order;
    return x->ord < y->ord ? -1 : x->ord > y->ord;
}

void
measure_adjust(struct figures *f, size_t from)
{
    struct arena *const a = arena_child(f->arena);
    const size_t most = f->count - from + 1;
    struct judged *const list = arena_array(a, most, sizeof *list);
    struct figure **const family = arena_array(a, most, sizeof *family);
    double *const p = arena_array(a, most, sizeof *p);
    size_t *const order = arena_array(a, most, sizeof *order);
    size_t count = 0;

    for (size_t i = from; i < f->count; i++)
        if (!isnan(f->list[i].p))
            list[count++] = (struct judged){&f->list[i], i};
    if (count)
        qsort(list, count, sizeof *list, by_family_then_order);
    for (size_t i = 0; i < count;) {
        size_t n = 0;

        while (i + n < count && by_family(list[i].figure, list[i + n].figure) == 0) {
            p[n] = list[i + n].figure->p;
            n++;
        }
        multiplicity_q(p, n, order, p);
        for (size_t k = 0; k < n; k++) {
            list[i + k].figure->q = p[k];
            list[i + k].figure->flagged = p[k] < 0.05;
            family[k] = list[i + k].figure;
        }
        if (strcmp(family[0]->measure, "team") == 0)
            measure_team_adjust(family, n, f->arena);
        i += n;
    }
    arena_free(a);
}

/* ---- the measures ---------------------------------------------------------------------------- */

enum {
    EVERY = (1 << WINDOWS) - 1,
    BACK = 1 << WINDOW_MONTH | 1 << WINDOW_3 | 1 << WINDOW_12,
    YEAR = 1 << WINDOW_12
};
enum { COUNTED, MODEL };

static const struct {
    void (*measure)(const struct measure *m);
    unsigned windows; /* a bit each */
    bool is_model;
} measures[] = {
#define X(name, windows, kind) {measure_##name, windows, (kind) == MODEL},
    MEASURES(X)
#undef X
};

/* Perspectives without a cell have none. */
static void
put_like(struct measure *m)
{
    for (unsigned p = 1; p < PERSPECTIVES; p++) {
        const struct like *const l = like_new(m->arena, m->cube, p);

        m->like[p] = l->rows > 0 ? l : NULL;
    }
}

void
measure_all(struct arena *a, const struct cube *c, const struct exposures *residents,
            struct figures *out)
{
    struct measure m = {.cube = c,
                        .residents = residents,
                        .small = small_new(a, c, residents),
                        .months = months_new(a, c),
                        .out = out,
                        .later = later_new(a),
                        .arena = a};
    const bool models = cube_inputs(c)->choices.models;

    if (models)
        put_like(&m);
    for (m.window = 0; m.window < WINDOWS; m.window++)
        for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
            if ((measures[i].windows >> m.window & 1) && (models || !measures[i].is_model))
                measures[i].measure(&m);
    later_run(m.later, out, 0);
    measure_power(out);
    measure_adjust(out, 0);
}
