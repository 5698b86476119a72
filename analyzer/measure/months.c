/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One pass over the cells. Only places and perspectives that are asked for have room: at the size
 * of The Hague some megabytes. Knows no guard; whoever shows a sum asks small.h first.
 */
#include "analyzer/measure/months.h"

#include <string.h>

enum { FIRST_FULL = CELLS_MONTHS - 12, LEVELS_MOST = 6 };

struct months {
    const struct cube *cube;
    unsigned groups;
    int *row_of_place;        /* -1: none */
    int row_of[PERSPECTIVES]; /* among the perspectives that have groups; -1: none */
    unsigned perspectives;
    int32_t *sums; /* [place][perspective][month][all, then the groups][sum] */
};

static bool
is_followed(const struct cube *c, unsigned place)
{
    const struct cube_place *const p = cube_place(c, place);

    return place == 0 || (p->area && !p->unknown && strcmp(p->level, "buurt") != 0);
}

static unsigned
make_rows(struct months *m, struct arena *a)
{
    const unsigned places = cube_place_count(m->cube);
    unsigned rows = 0;

    m->row_of_place = arena_array(a, places, sizeof *m->row_of_place);
    for (unsigned i = 0; i < places; i++)
        m->row_of_place[i] = is_followed(m->cube, i) ? (int)rows++ : -1;
    for (unsigned p = 0; p < PERSPECTIVES; p++)
        m->row_of[p] = p > 0 && cube_has_perspective(m->cube, p) ? (int)m->perspectives++ : -1;
    return rows;
}

static int32_t *
sums_at(const struct months *m, unsigned month, unsigned place, unsigned perspective, int group)
{
    const size_t row =
        ((size_t)m->row_of_place[place] * m->perspectives + (size_t)m->row_of[perspective]) *
            CELLS_MONTHS +
        month;

    return m->sums + (row * (m->groups + 1) + (size_t)(group + 1)) * SUM_COUNT;
}

static void
add_to(struct months *m, const struct cell *x, unsigned place, int group)
{
    if (m->row_of_place[place] < 0)
        return;

    int32_t *const all = sums_at(m, x->month, place, x->perspective, -1);
    int32_t *const own = sums_at(m, x->month, place, x->perspective, group);

    for (unsigned s = 0; s < SUM_COUNT; s++) {
        all[s] += x->sum[s];
        own[s] += x->sum[s];
    }
}

static void
add_cell(struct months *m, const struct cell *x, int group)
{
    int p = cube_place_of_area(m->cube, x->area);

    add_to(m, x, 0, group);
    for (unsigned level = 0; p > 0 && level < LEVELS_MOST; level++) {
        add_to(m, x, (unsigned)p, group);
        p = cube_place(m->cube, (unsigned)p)->parent;
    }
}

struct months *
months_new(struct arena *a, const struct cube *c)
{
    const struct cells *const cells = cube_inputs(c)->cells;
    const unsigned names = names_count(cells->groups);
    int *const group_of = arena_array(a, names + 1, sizeof *group_of);
    struct months *const m = arena_alloc(a, sizeof *m);

    *m = (struct months){.cube = c, .groups = cube_group_count(c)};
    for (unsigned i = 0; i < names; i++)
        group_of[i] = cube_group_find(c, names_text(cells->groups, i));
    m->sums = arena_array(
        a,
        (size_t)make_rows(m, a) * m->perspectives * CELLS_MONTHS * (m->groups + 1) * SUM_COUNT + 1,
        sizeof *m->sums);
    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];

        if (m->row_of[x->perspective] >= 0 && group_of[x->group] >= 0)
            add_cell(m, x, group_of[x->group]);
    }
    return m;
}

bool
months_has(const struct months *m, unsigned place)
{
    return m->row_of_place[place] >= 0;
}

bool
months_count(const struct months *m, unsigned month, enum feature feature, unsigned perspective)
{
    return (feature == FEATURE_STOPS || month >= FIRST_FULL) &&
           cube_month_counts(m->cube, month, feature, perspective);
}

double
months_sum(const struct months *m, unsigned month, unsigned place, unsigned perspective, int group,
           enum sum sum)
{
    return sums_at(m, month, place, perspective, group)[sum];
}
