/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The gap between a group and its reference in the parts of the four indices, as if both had been
 * stopped in the places, at the hours and on the legal bases of everybody. The raw gap stands in
 * practice.c. Does not look at who conducted the stop.
 */
#include "analyzer/measure/like.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/marginal.h"

#include <math.h>
#include <string.h>

static const struct like_outcome parts[] = {
    {"selection", SUM_sound, SUM_sound_known, FEATURE_SELECTION, 0},
    {"explanation", SUM_explained_well, SUM_explained_known, FEATURE_EXPLAINED, 0},
    {"treated-plainly", SUM_plain, SUM_plain_known, FEATURE_TREATMENT, 0},
    {"bodycam", SUM_recorded, SUM_worn, FEATURE_BODYCAM, 0},
    {"reflection", SUM_reflected, SUM_reflect_known, FEATURE_REFLECTION, 0},
};
enum { PARTS = sizeof parts / sizeof *parts, RESPECT_FROM = 2, RESPECT_TO = 4 };

/* Place, hour and basis; the mode of a stop, the last of the factors, is not asked for here. */
#define COVARIATES LIKE_MODE

struct counts {
    double k, n;
};

struct gaps {
    struct measure m;
    const struct like *like;
    struct like_range range;
    unsigned place;
    struct marginal_gap *gap; /* groups x parts; NaN: there is no model */
    struct counts *counts;    /* groups x parts */
};

/* ---- the model ------------------------------------------------------------------------------- */

/* Room for all: strata that differ in mode alone are one pattern. data lacks the codes. */
struct patterns {
    struct marginal_data data;
    double *k, *n;
    size_t *code[COVARIATES];
};

static bool
same_pattern(const struct like *l, size_t x, size_t y)
{
    for (enum like_factor v = 0; v < COVARIATES; v++)
        if (l->level[v][x] != l->level[v][y])
            return false;
    return true;
}

static struct patterns
patterns_new(const struct gaps *c, struct arena *room)
{
    const struct like *const l = c->like;
    const size_t groups = cube_group_count(c->m.cube);
    const size_t most = c->range.to - c->range.from + 1;
    struct patterns p = {.k = arena_array(room, most * groups + 1, sizeof *p.k),
                         .n = arena_array(room, most * groups + 1, sizeof *p.n)};

    for (size_t v = 0; v < COVARIATES; v++)
        p.code[v] = arena_array(room, most, sizeof *p.code[v]);
    for (size_t s = c->range.from; s < c->range.to; s++) {
        if (s > c->range.from && same_pattern(l, s - 1, s))
            continue;
        for (enum like_factor v = 0; v < COVARIATES; v++)
            p.code[v][p.data.patterns] = l->level[v][s];
        p.data.patterns++;
    }
    p.data.groups = groups;
    p.data.covariates = COVARIATES;
    p.data.k = p.k;
    p.data.n = p.n;
    return p;
}

static void
count_part(const struct gaps *c, unsigned part, struct patterns *p)
{
    const struct like *const l = c->like;
    const size_t groups = p->data.groups;
    size_t pattern = 0;

    memset(p->k, 0, p->data.patterns * groups * sizeof *p->k);
    memset(p->n, 0, p->data.patterns * groups * sizeof *p->n);
    for (size_t s = c->range.from; s < c->range.to; s++) {
        pattern += s > c->range.from && !same_pattern(l, s - 1, s);
        for (size_t r = l->first[s]; r < l->first[s + 1]; r++) {
            const int group = l->row[r].group;

            if (group < 0)
                continue;

            const int32_t *const sum = l->row[r].cell->sum;
            struct counts *const counts = &c->counts[(size_t)group * PARTS + part];

            p->k[pattern * groups + (size_t)group] += sum[parts[part].k];
            p->n[pattern * groups + (size_t)group] += sum[parts[part].n];
            counts->k += sum[parts[part].k];
            counts->n += sum[parts[part].n];
        }
    }
}

/* The groups that a group is compared with, by their numbers; false when there is nobody. */
static bool
put_weights(const struct gaps *c, unsigned part, unsigned group, double *weight)
{
    const unsigned groups = cube_group_count(c->m.cube);
    const char *name;
    const int reference = measure_reference(&c->m, (int)group, &name);
    double total = 0;

    for (unsigned g = 0; g < groups; g++) {
        const bool is_in = g != group && (reference == -1 || (int)g == reference);

        weight[g] = is_in ? c->counts[g * PARTS + part].n : 0;
        total += weight[g];
    }
    for (unsigned g = 0; g < groups; g++)
        weight[g] /= total;
    return total > 0;
}

static void
fit_part(struct gaps *c, unsigned part, struct patterns *p, struct arena *room)
{
    const unsigned groups = cube_group_count(c->m.cube);
    double *const weight = arena_array(room, groups + 1, sizeof *weight);
    const size_t *code[COVARIATES];
    struct marginal_data data = p->data;
    struct marginal fit;
    struct err e = {0};

    for (size_t v = 0; v < COVARIATES; v++)
        code[v] = p->code[v];
    data.code = code;
    count_part(c, part, p);

    const bool fitted = marginal_fit(room, &data, &fit, &e) && fit.status == MARGINAL_DONE;

    for (unsigned g = 0; g < groups; g++)
        c->gap[g * PARTS + part] = fitted && put_weights(c, part, g, weight)
                                       ? marginal_gap(&fit, groups, g, weight)
                                       : (struct marginal_gap){NAN, NAN};
}

static void
run(void *context, struct arena *room)
{
    struct gaps *const c = context;
    struct patterns p = patterns_new(c, room);

    for (unsigned part = 0; part < PARTS; part++) {
        struct arena *const own = arena_child(room);

        fit_part(c, part, &p, own);
        arena_free(own);
    }
}

/* ---- figures --------------------------------------------------------------------------------- */

static double
reference_n(const struct gaps *c, unsigned part, int group, int reference)
{
    double n = 0;

    for (int g = 0; g < (int)cube_group_count(c->m.cube); g++)
        if (g != group && (reference < 0 || g == reference))
            n += c->counts[(unsigned)g * PARTS + part].n;
    return n;
}

static struct figure *
gap_figure(const struct gaps *c, const struct frame *f, const char *term, const char *reference,
           struct marginal_gap gap)
{
    struct figure *const x = measure_figure(&c->m, "index-gap", "marginal-standardised", f);
    const double reach = dist_normal_z(x->level) * gap.se;

    x->term = term;
    x->reference = reference;
    x->value = 100 * gap.value;
    x->lower = 100 * (gap.value - reach);
    x->upper = 100 * (gap.value + reach);
    x->statistic = gap.value / gap.se;
    x->p = 2 * dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER);
    return x;
}

/* Why a gap is withheld, and whether there is enough for a row of a place. */
struct verdict {
    const char *guard;
    bool is_enough;
};

static struct verdict
judge(const struct gaps *c, const struct frame *f, unsigned part, int reference)
{
    const struct counts own = c->counts[(unsigned)f->group * PARTS + part];
    const double n0 = reference_n(c, part, f->group, reference);
    const struct marginal_gap gap = c->gap[(unsigned)f->group * PARTS + part];
    const char *guard = like_guard(&c->m, f, reference, &parts[part], own.n, n0);

    if (!guard && (!(gap.se > 0) || like_is_rare(own.k, own.n)))
        guard = "A009";
    return (struct verdict){guard, own.n >= LIKE_LEAST && n0 >= LIKE_LEAST};
}

static void
put_part(const struct gaps *c, unsigned part, struct frame f, int reference, const char *name)
{
    f.feature = parts[part].feature;

    const struct verdict v = judge(c, &f, part, reference);
    const size_t at = (unsigned)f.group * PARTS + part;

    if (c->place > 0 && (v.guard || !v.is_enough))
        return;

    struct figure *const x = gap_figure(c, &f, parts[part].term, name, c->gap[at]);

    x->n = c->counts[at].n;
    x->events = c->counts[at].k;
    if (v.guard)
        measure_withhold(x, v.guard);
    if (x->n != measure_of(&c->m, &f, f.group, parts[part].n))
        measure_hide(x);
}

/* The mean of the gaps of the parts that are there; parts are taken as independent. */
static void
put_respect(const struct gaps *c, struct frame f, int reference, const char *name)
{
    struct marginal_gap mean = {0, 0};
    struct verdict whole = {NULL, true};
    const char *missing = NULL;
    double least = INFINITY;
    unsigned used = 0;

    for (unsigned part = RESPECT_FROM; part < RESPECT_TO; part++) {
        const size_t at = (unsigned)f.group * PARTS + part;

        f.feature = parts[part].feature;

        const struct verdict v = judge(c, &f, part, reference);

        if (v.guard && (strcmp(v.guard, "A003") == 0 || strcmp(v.guard, "A005") == 0)) {
            missing = v.guard;
            continue;
        }
        used++;
        mean.value += c->gap[at].value;
        mean.se += c->gap[at].se * c->gap[at].se;
        least = fmin(least, c->counts[at].n);
        whole.guard = whole.guard ? whole.guard : v.guard;
        whole.is_enough = whole.is_enough && v.is_enough;
    }
    whole.guard = used ? whole.guard : missing;
    if (c->place > 0 && (whole.guard || !whole.is_enough))
        return;
    mean.value /= used;
    mean.se = sqrt(mean.se) / used;

    struct figure *const x = gap_figure(c, &f, "respect", name, mean);

    if (used < RESPECT_TO - RESPECT_FROM)
        figure_note(c->m.arena, x, NOTE_PARTS_MISSING, NULL);
    if (whole.guard)
        measure_withhold(x, whole.guard);
}

static void
finish(void *context, struct figures *figures)
{
    const struct gaps *const c = context;

    (void)figures; /* the measure's own list */
    for (unsigned g = 0; g < cube_group_count(c->m.cube); g++) {
        const struct frame f = {
            .place = c->place, .perspective = c->like->perspective, .group = (int)g};
        const char *name;
        const int reference = measure_reference(&c->m, f.group, &name);

        if (reference == -2)
            continue;
        for (unsigned part = 0; part < PARTS; part++)
            put_part(c, part, f, reference, name);
        put_respect(c, f, reference, name);
    }
}

void
measure_index_gap(const struct measure *m)
{
    const size_t numbers = (size_t)cube_group_count(m->cube) * PARTS;

    for (unsigned p = 1; p < PERSPECTIVES; p++)
        for (unsigned i = 0; m->like[p] && i < cube_place_count(m->cube); i++) {
            const struct like_range range = like_range(m->like[p], m->cube, i);
            const char *const level = cube_place(m->cube, i)->level;

            if (range.to == range.from || (i > 0 && strcmp(level, cube_pool_level(m->cube)) != 0))
                continue;

            struct gaps *const c = arena_alloc(m->arena, sizeof *c);

            *c = (struct gaps){.m = *m,
                               .like = m->like[p],
                               .range = range,
                               .place = i,
                               .gap = arena_array(m->arena, numbers, sizeof *c->gap),
                               .counts = arena_array(m->arena, numbers, sizeof *c->counts)};
            later_task(m->later, (struct later_task){run, finish, c});
        }
}
