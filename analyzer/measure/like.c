/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Sorts the cells for models into strata and turns strata into frames for weights. Says nothing
 * about who is compared with whom; the statistics are analyzer/stat/balance.h. Rows point into the
 * inputs, which must stay.
 */
#include "analyzer/measure/like.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct like_outcome like_outcomes[LIKE_OUTCOMES] = {
    {"search", SUM_searched, SUM_search_known, FEATURE_SEARCH, 0},
    {"outcome", SUM_strict, SUM_strict_known, FEATURE_HIT_STRICT, SEARCHES_LEAST},
    {"explanation", SUM_explained_well, SUM_explained_known, FEATURE_EXPLAINED, 0},
    {"respect", SUM_plain, SUM_plain_known, FEATURE_TREATMENT, 0},
    {"selection", SUM_sound, SUM_sound_known, FEATURE_SELECTION, 0},
    {"bodycam", SUM_recorded, SUM_worn, FEATURE_BODYCAM, 0},
};

/* ---- strata ---------------------------------------------------------------------------------- */

static uint16_t
level_of(const struct like_cell *c, enum like_factor factor)
{
    const uint16_t levels[LIKE_FACTORS] = {c->area, c->daypart, c->basis, c->mode};

    return levels[factor];
}

static int
by_stratum(const void *a, const void *b)
{
    const struct like_row *const x = a;
    const struct like_row *const y = b;

    for (enum like_factor i = 0; i < LIKE_FACTORS; i++)
        if (level_of(x->cell, i) != level_of(y->cell, i))
            return level_of(x->cell, i) < level_of(y->cell, i) ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

static bool
same_stratum(const struct like_cell *x, const struct like_cell *y)
{
    for (enum like_factor i = 0; i < LIKE_FACTORS; i++)
        if (level_of(x, i) != level_of(y, i))
            return false;
    return true;
}

static void
put_rows(struct like *l, const struct inputs *in, const int *group)
{
    for (size_t i = 0; i < in->like_count; i++)
        if (in->like[i].perspective == l->perspective)
            l->row[l->rows++] = (struct like_row){&in->like[i], 0, group[in->like[i].group]};
    if (l->rows > 0)
        qsort(l->row, l->rows, sizeof *l->row, by_stratum);
    for (size_t i = 0; i < l->rows; i++) {
        if (i > 0 && !same_stratum(l->row[i - 1].cell, l->row[i].cell))
            l->strata++;
        l->row[i].stratum = l->strata;
    }
    l->strata += l->rows > 0;
}

static void
put_strata(struct like *l, struct arena *a)
{
    l->first = arena_array(a, l->strata + 1, sizeof *l->first);
    for (enum like_factor f = 0; f < LIKE_FACTORS; f++)
        l->level[f] = arena_array(a, l->strata + 1, sizeof *l->level[f]);
    for (size_t i = l->rows; i-- > 0;) {
        const size_t s = l->row[i].stratum;

        l->first[s] = i;
        for (enum like_factor f = 0; f < LIKE_FACTORS; f++)
            l->level[f][s] = level_of(l->row[i].cell, f);
    }
    l->first[l->strata] = l->rows;
}

struct like *
like_new(struct arena *a, const struct cube *c, unsigned perspective)
{
    const struct inputs *const in = cube_inputs(c);
    const unsigned names = names_count(in->cells->groups);
    struct like *const l = arena_alloc(a, sizeof *l);
    int *const group = arena_array(a, names + 1, sizeof *group);
    size_t room = 0;

    for (unsigned g = 0; g < names; g++)
        group[g] = cube_group_find(c, names_text(in->cells->groups, g));
    for (size_t i = 0; i < in->like_count; i++)
        room += in->like[i].perspective == perspective;
    l->perspective = perspective;
    l->row = arena_array(a, room, sizeof *l->row);
    put_rows(l, in, group);
    put_strata(l, a);
    return l;
}

struct like_range
like_range(const struct like *l, const struct cube *c, unsigned place)
{
    const struct names *const areas = cube_inputs(c)->model_areas;
    struct like_range r = {0, l->strata};

    if (place == 0)
        return r;

    const int area = areas ? names_find(areas, cube_place(c, place)->code) : -1;

    while (r.from < l->strata && (int)l->level[LIKE_AREA][r.from] != area)
        r.from++;
    r.to = r.from;
    while (r.to < l->strata && (int)l->level[LIKE_AREA][r.to] == area)
        r.to++;
    return r;
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* A factor's levels among these strata, numbered as they come. False when there is only one. */
static bool
variable_of(struct arena *a, const struct like_frame *f, enum like_factor factor,
            struct design_variable *out)
{
    static const char *const name[LIKE_FACTORS] = {"area", "daypart", "basis", "mode"};
    struct arena *const own = arena_child(a);
    size_t *const number = arena_array(own, (size_t)UINT16_MAX + 1, sizeof *number);
    size_t *const code = arena_array(a, f->count, sizeof *code);
    size_t levels = 0;

    for (size_t i = 0; i < f->count; i++) {
        const uint16_t level = f->like->level[factor][f->stratum[i]];

        if (number[level] == 0)
            number[level] = ++levels;
        code[i] = number[level] - 1;
    }
    arena_free(own);

    const char **const text = arena_array(a, levels, sizeof *text);

    for (size_t i = 0; i < levels; i++)
        text[i] = arena_printf(a, "%zu", i);
    *out = (struct design_variable){name[factor], levels, text, NULL, code, true};
    return levels > 1;
}

struct like_frame
like_frame_new(struct arena *a, const struct like *l, const size_t *stratum, size_t count)
{
    struct like_frame f = {l, count, stratum, NULL};
    struct design_variable *const list = arena_array(a, LIKE_FACTORS, sizeof *list);
    struct design_data *const data = arena_alloc(a, sizeof *data);
    const char *formula = "1";
    struct err e = {0};

    if (count == 0)
        return f;
    data->rows = count;
    data->variables = list;
    for (enum like_factor i = 0; i < LIKE_FACTORS; i++)
        if (variable_of(a, &f, i, &list[data->variable_count]))
            formula = arena_printf(a, "%s + %s", formula, list[data->variable_count++].name);
    f.balance = balance_frame_new(a, formula, data, &e);
    return f;
}

struct like_frame
like_frame_of_range(struct arena *a, const struct like *l, struct like_range r)
{
    size_t *const stratum = arena_array(a, r.to - r.from, sizeof *stratum);

    for (size_t i = r.from; i < r.to; i++)
        stratum[i - r.from] = i;
    return like_frame_new(a, l, stratum, r.to - r.from);
}

struct like_arms
like_arms_new(struct arena *a, const struct like_frame *f)
{
    const size_t cells = f->balance ? f->balance->cells : 0;

    return (struct like_arms){
        .n1 = arena_array(a, cells, sizeof(double)),
        .k1 = arena_array(a, cells, sizeof(double)),
        .n0 = arena_array(a, cells, sizeof(double)),
        .k0 = arena_array(a, cells, sizeof(double)),
    };
}

void
like_arms_add(struct like_arms *arms, const struct like_frame *f, size_t i, bool is_one, double k,
              double n)
{
    *(is_one ? &arms->sum_n1 : &arms->sum_n0) += n;
    *(is_one ? &arms->sum_k1 : &arms->sum_k0) += k;
    if (!f->balance)
        return;
    (is_one ? arms->n1 : arms->n0)[f->balance->cell[i]] += n;
    (is_one ? arms->k1 : arms->k0)[f->balance->cell[i]] += k;
}

void
like_compare(struct arena *room, const struct like_frame *f, const struct like_arms *arms,
             const struct balance *weights, double level, struct like_result *out)
{
    const struct balance_arms both = {arms->n1, arms->k1, arms->n0, arms->k0};
    struct balance found;
    struct balance_effects effects;
    struct err e = {0};

    *out = (struct like_result){.status = BALANCE_NO_WEIGHTS,
                                .n1 = arms->sum_n1,
                                .k1 = arms->sum_k1,
                                .n0 = arms->sum_n0,
                                .effective = NAN,
                                .largest = NAN};
    if (!f->balance || !(out->n1 > 0 && out->n0 > 0))
        return;
    if (!weights) {
        balance_solve(room, f->balance, both, &found);
        weights = &found;
    }
    out->effective = weights->effective;
    out->largest = weights->largest;
    if (!(out->effective >= BALANCE_LEAST_SIZE) ||
        !balance_effects(room, f->balance, both, weights, level, &effects, &e))
        return;
    out->status = effects.status;
    out->difference = effects.difference;
}

/* ---- showing --------------------------------------------------------------------------------- */

bool
like_is_enough(const struct like_result *r)
{
    return r->n1 >= LIKE_LEAST && r->n0 >= LIKE_LEAST_OTHERS;
}

bool
like_is_rare(double k, double n)
{
    return k < LIKE_LEAST_EVENTS || n - k < LIKE_LEAST_EVENTS;
}

const char *
like_guard(const struct measure *m, const struct frame *f, int reference,
           const struct like_outcome *o, double n1, double n0)
{
    if (cube_months_used(m->cube, m->window, o->feature, f->perspective) == 0)
        return "A003";
    if (!(n1 > 0 && n0 > 0))
        return "A005";
    if (measure_small(m, f, f->group, o->n) || n1 < SMALL_NUMBER || n0 < SMALL_NUMBER ||
        (f->group >= 0 && measure_small_reference(m, f, reference, o->n)))
        return "A001";
    return n1 < o->least || n0 < o->least ? "A002" : NULL;
}

static void
put_notes(const struct measure *m, struct figure *x, const struct like_result *r)
{
    if (isfinite(r->effective))
        figure_note(m->arena, x, NOTE_EFFECTIVE_SIZE, arena_printf(m->arena, "%.0f", r->effective));
    if (isfinite(r->largest))
        figure_note(m->arena, x, NOTE_LARGEST_DIFFERENCE,
                    arena_printf(m->arena, "%.3f", r->largest));
}

void
like_put(const struct measure *m, struct figure *x, const struct like_result *r, const char *guard,
         double n)
{
    const struct balance_effect *const d = &r->difference;

    x->n = r->n1;
    x->events = r->k1;
    if (guard) {
        measure_withhold(x, guard);
    } else {
        put_notes(m, x, r);
        x->value = 100 * d->estimate.value;
        x->lower = 100 * d->estimate.lower;
        x->upper = 100 * d->estimate.upper;
        x->statistic = d->z;
        x->p = d->p;
        if (r->status != BALANCE_ESTIMATED || !isfinite(d->se) || like_is_rare(r->k1, r->n1))
            measure_withhold(x, "A009");
    }
    if (r->n1 != n)
        measure_hide(x);
}
