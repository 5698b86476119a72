/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One pass over the cells. Only places and perspectives that are asked for have room: at the size
 * of The Hague some megabytes. Knows no guard; whoever shows a sum asks small.h first.
 */
#include "analyzer/measure/months.h"

#include <math.h>
#include <string.h>

enum { FIRST_FULL = CELLS_MONTHS - 12, LEVELS_MOST = 6 };

struct months {
    const struct cube *cube;
    unsigned groups;
    int *row_of_place;        /* -1: none */
    int row_of[PERSPECTIVES]; /* among the perspectives that have groups; -1: none */
    unsigned perspectives;
    int32_t *sums; /* [place][perspective][month][all, then the groups][sum] */
    bool *silent;  /* [place][month] */
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

/* ---- units that fell silent ------------------------------------------------------------------ */

/* Persons by month, whatever their group: of the city, of units, of places, and of each silent unit
 * in each place. */
struct units {
    size_t count, places, silent_count;
    double city[CELLS_MONTHS];
    double *of_unit, *of_place; /* [unit or place][month] */
    bool *silent;               /* [unit][month] */
    int *row;                   /* of a unit among those that are ever silent; -1: none */
    double *in_place;           /* [row][place][month] */
};

static double *
in_place(const struct units *u, size_t row, size_t place)
{
    return &u->in_place[(row * u->places + place) * CELLS_MONTHS];
}

/* The mean of the months that are not left out; NaN without any. */
static double
usual(const double *months, const bool *left_out)
{
    double sum = 0, count = 0;

    for (unsigned i = 0; i < CELLS_MONTHS; i++)
        if (!left_out[i]) {
            sum += months[i];
            count++;
        }
    return sum / count;
}

/* X205 of a unit that has enough in most months, and now not half of what it usually has; one that
 * never has much is simply small. */
static bool
find_silence(const struct units *u, size_t unit)
{
    const double *const months = &u->of_unit[unit * CELLS_MONTHS];
    bool *const silent = &u->silent[unit * CELLS_MONTHS];
    unsigned few = 0, enough = 0;
    bool any = false;

    for (unsigned i = 0; i < CELLS_MONTHS; i++) {
        silent[i] = months[i] < UNIT_MONTH_LEAST;
        few += silent[i] && u->city[i] > 0;
        enough += !silent[i];
    }

    const double mean = usual(months, silent);

    for (unsigned i = 0; i < CELLS_MONTHS; i++) {
        silent[i] = silent[i] && enough > few && 2 * months[i] < mean;
        any = any || silent[i];
    }
    return any;
}

/* Do the silent units of a month usually make half of the place's stops, and is half missing? */
static void
find_silent_months(const struct units *u, size_t place, bool *out)
{
    const double *const now = &u->of_place[place * CELLS_MONTHS];
    double missing[CELLS_MONTHS] = {0};
    bool any[CELLS_MONTHS] = {false};

    for (size_t i = 0; i < u->count; i++) {
        const bool *const silent = &u->silent[i * CELLS_MONTHS];

        if (u->row[i] < 0)
            continue;

        const double mean = usual(in_place(u, (size_t)u->row[i], place), silent);

        for (unsigned m = 0; m < CELLS_MONTHS; m++)
            if (silent[m] && mean > 0) {
                missing[m] += mean;
                any[m] = true;
            }
    }

    const double all = usual(now, any);

    for (unsigned m = 0; m < CELLS_MONTHS; m++)
        out[m] = any[m] && 2 * missing[m] >= all && 2 * now[m] < all;
}

/* One more person of a cell in its place and all that it lies in. */
static void
count_places(const struct months *m, const struct units *u, const struct cell *x)
{
    int p = cube_place_of_area(m->cube, x->area);

    for (unsigned level = 0; level < LEVELS_MOST; level++) {
        const size_t place = p > 0 ? (size_t)p : 0;

        u->of_place[place * CELLS_MONTHS + x->month] += x->sum[SUM_persons];
        if (u->row[x->unit] >= 0)
            in_place(u, (size_t)u->row[x->unit], place)[x->month] += x->sum[SUM_persons];
        if (place == 0)
            return;
        p = cube_place(m->cube, (unsigned)p)->parent;
    }
}

static void
find_silent_units(struct units *u, const struct cells *cells)
{
    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];

        if (x->perspective != PERSPECTIVE_ALL)
            continue;
        u->of_unit[x->unit * CELLS_MONTHS + x->month] += x->sum[SUM_persons];
        u->city[x->month] += x->sum[SUM_persons];
    }
    for (size_t i = 0; i < u->count; i++)
        u->row[i] = *names_text(cells->units, (unsigned)i) && find_silence(u, i)
                        ? (int)u->silent_count++
                        : -1;
}

static void
find_silent(struct months *m, struct arena *a)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    struct arena *const room = arena_child(a);
    struct units u = {.count = names_count(cells->units), .places = cube_place_count(m->cube)};

    m->silent = arena_array(a, u.places * CELLS_MONTHS, sizeof *m->silent);
    u.of_unit = arena_array(room, u.count * CELLS_MONTHS + 1, sizeof *u.of_unit);
    u.of_place = arena_array(room, u.places * CELLS_MONTHS, sizeof *u.of_place);
    u.silent = arena_array(room, u.count * CELLS_MONTHS + 1, sizeof *u.silent);
    u.row = arena_array(room, u.count + 1, sizeof *u.row);
    find_silent_units(&u, cells);
    u.in_place =
        arena_array(room, u.silent_count * u.places * CELLS_MONTHS + 1, sizeof *u.in_place);
    for (size_t i = 0; i < cells->count && u.silent_count > 0; i++)
        if (cells->list[i].perspective == PERSPECTIVE_ALL)
            count_places(m, &u, &cells->list[i]);
    for (size_t p = 0; p < u.places && u.silent_count > 0; p++)
        find_silent_months(&u, p, &m->silent[p * CELLS_MONTHS]);
    arena_free(room);
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
    find_silent(m, a);
    return m;
}

bool
months_silent(const struct months *m, unsigned month, unsigned place)
{
    return m->silent[place * CELLS_MONTHS + month];
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
