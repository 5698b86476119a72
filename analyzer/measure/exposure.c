/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Residents by group: chooses the classes and the year, applies the bridge, and draws it as often
 * as the run says, from streams of the run's own seed. Fills no gap: a place without population
 * stays NaN. Arrays belong to the arena; names point into the inputs.
 */
#include "analyzer/measure/exposure.h"

#include "analyzer/stat/mixture.h"
#include "common/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES_MOST = 32, STREAM_BRIDGE = 1, STREAM_ROUNDING = 2 };

struct exposures {
    struct arena *arena;
    const struct cube *cube;
    unsigned groups, draws, classes;
    int year;
    bool bridged;
    const char *class[CLASSES_MOST];
    double weight[CLASSES_MOST][GROUPS_MOST];
    double *persons; /* [place][classes + 1]: the last is "all" */
    double *rounded; /* half a rounding step, same shape */
    double *mean;    /* [place][groups + 1]: the last is all */
    double **drawn;  /* [place][groups + 1] */
    bool *complete;  /* by place */
    bool *inside;    /* complete, or NULL */
};

static unsigned
class_of(struct exposures *x, const char *name)
{
    for (unsigned i = 0; i < x->classes; i++)
        if (strcmp(x->class[i], name) == 0)
            return i;
    if (x->classes == CLASSES_MOST)
        return CLASSES_MOST - 1;
    x->class[x->classes] = name;
    return x->classes++;
}

/* The classes are those of the bridge when the population has them, else the group codes. */
static void
choose_classes(struct exposures *x)
{
    const struct inputs *const in = cube_inputs(x->cube);
    bool bridged = false;

    for (size_t i = 0; i < in->bridge_count && !bridged; i++)
        for (size_t k = 0; k < in->population_count && !bridged; k++)
            bridged = strcmp(in->bridge[i].class, in->population[k].class) == 0;
    x->bridged = bridged;
    for (size_t i = 0; bridged && i < in->bridge_count; i++) {
        const unsigned class = class_of(x, in->bridge[i].class);
        const int group = cube_group_find(x->cube, in->bridge[i].group);

        if (group >= 0)
            x->weight[class][group] = in->bridge[i].weight;
    }
    for (unsigned g = 0; !bridged && g < x->groups; g++)
        x->weight[class_of(x, cube_group(x->cube, g))][g] = 1;
}

/* Rows of a year that have one of our classes. */
static size_t
rows_of_year(struct exposures *x, int year)
{
    const struct inputs *const in = cube_inputs(x->cube);
    size_t rows = 0;

    for (size_t i = 0; i < in->population_count; i++)
        for (unsigned c = 0; c < x->classes && in->population[i].year == year; c++)
            rows += strcmp(in->population[i].class, x->class[c]) == 0;
    return rows;
}

/* The year nearest the month among those that are as complete as the most complete one. */
static void
choose_year(struct exposures *x)
{
    const struct inputs *const in = cube_inputs(x->cube);
    const int wanted = in->choices.month.year;
    size_t most = 0;
    int before = 0;

    for (size_t i = 0; i < in->population_count; i++) {
        const size_t rows = rows_of_year(x, in->population[i].year);

        most = rows > most ? rows : most;
        while (i + 1 < in->population_count && in->population[i + 1].year == in->population[i].year)
            i++;
    }
    for (size_t i = 0; i < in->population_count; i++) {
        const int year = in->population[i].year;

        if (year == before || (x->year && abs(year - wanted) >= abs(x->year - wanted)))
            continue;
        before = year;
        if (most == 0 || rows_of_year(x, year) * 10 >= most * 9)
            x->year = year;
    }
}

static void
read_persons(struct exposures *x)
{
    const struct inputs *const in = cube_inputs(x->cube);
    const unsigned places = cube_place_count(x->cube);
    const size_t width = x->classes + 1;

    x->persons = arena_array(x->arena, places * width, sizeof *x->persons);
    x->rounded = arena_array(x->arena, places * width, sizeof *x->rounded);
    for (size_t i = 0; i < places * width; i++)
        x->persons[i] = NAN;
    for (unsigned p = 0; p < places; p++) {
        const struct cube_place *const place = cube_place(x->cube, p);

        for (size_t i = 0; place->area && i < in->population_count; i++) {
            const struct population *const row = &in->population[i];

            if (row->year != x->year || strcmp(row->area, place->area) != 0)
                continue;
            for (unsigned c = 0; c <= x->classes; c++)
                if (strcmp(row->class, c == x->classes ? "all" : x->class[c]) == 0) {
                    x->persons[p * width + c] = row->persons;
                    x->rounded[p * width + c] = row->rounded_to > 1 ? row->rounded_to / 2.0 : 0;
                }
        }
    }
}

/* Classes that some area of the level has: those the city needs. */
static unsigned
needed_classes(const struct exposures *x, bool *needed)
{
    const size_t width = x->classes + 1;
    unsigned count = 0;

    for (size_t c = 0; c < width; c++) {
        for (unsigned p = 1; p < cube_place_count(x->cube) && !needed[c]; p++)
            needed[c] = strcmp(cube_place(x->cube, p)->level, cube_pool_level(x->cube)) == 0 &&
                        !isnan(x->persons[p * width + c]);
        count += needed[c];
    }
    return count;
}

static bool
has_classes(const struct exposures *x, unsigned place, const bool *needed)
{
    const size_t width = x->classes + 1;

    for (size_t c = 0; c < width; c++)
        if (needed[c] && isnan(x->persons[place * width + c]))
            return false;
    return true;
}

static void
find_complete(struct exposures *x, const bool *needed, unsigned count)
{
    x->complete = arena_array(x->arena, cube_place_count(x->cube), sizeof *x->complete);
    for (unsigned p = 1; p < cube_place_count(x->cube) && count > 0; p++) {
        const struct cube_place *const place = cube_place(x->cube, p);

        x->complete[p] = !place->unknown && strcmp(place->level, cube_pool_level(x->cube)) == 0 &&
                         has_classes(x, p, needed);
    }
}

/* A set without a row for the city: the sum of its areas. CBS's city row is never such a sum. */
static void
sum_city(struct exposures *x)
{
    const size_t width = x->classes + 1;
    bool needed[CLASSES_MOST + 1] = {false};
    const unsigned count = needed_classes(x, needed);

    find_complete(x, needed, count);
    if (count == 0 || has_classes(x, 0, needed))
        return;
    x->inside = x->complete;
    for (size_t c = 0; c < width; c++)
        x->persons[c] = needed[c] ? 0 : x->persons[c];
    for (unsigned p = 1; p < cube_place_count(x->cube); p++)
        for (size_t c = 0; c < width && x->inside[p]; c++)
            if (needed[c])
                x->persons[c] += x->persons[p * width + c];
}

static void
make_means(struct exposures *x)
{
    const size_t width = x->classes + 1;

    x->mean =
        arena_array(x->arena, (size_t)cube_place_count(x->cube) * (x->groups + 1), sizeof *x->mean);
    for (unsigned p = 0; p < cube_place_count(x->cube); p++) {
        double *const mean = x->mean + (size_t)p * (x->groups + 1);

        for (unsigned g = 0; g < x->groups; g++) {
            bool any = false;

            mean[g] = 0;
            for (unsigned c = 0; c < x->classes; c++)
                if (x->weight[c][g] > 0) {
                    any = true;
                    mean[g] += x->weight[c][g] * x->persons[p * width + c];
                }
            if (!any)
                mean[g] = NAN;
        }
        mean[x->groups] = x->persons[p * width + x->classes];
    }
}

/* ---- draws ----------------------------------------------------------------------------------- */

/* Weights of one class, drawn. The bridge's own list of groups may be longer than ours. */
static void
draw_class(struct exposures *x, struct rng *rng, unsigned class, double *into)
{
    const struct inputs *const in = cube_inputs(x->cube);
    double weight[GROUPS_MOST], low[GROUPS_MOST], high[GROUPS_MOST], drawn[GROUPS_MOST];
    int group[GROUPS_MOST];
    unsigned n = 0;

    for (size_t i = 0; i < in->bridge_count && n < GROUPS_MOST; i++)
        if (strcmp(in->bridge[i].class, x->class[class]) == 0 && in->bridge[i].weight > 0) {
            weight[n] = in->bridge[i].weight;
            low[n] = in->bridge[i].low;
            high[n] = in->bridge[i].high;
            group[n++] = cube_group_find(x->cube, in->bridge[i].group);
        }

    const double c = mixture_concentration(weight, low, high, n);

    for (unsigned d = 0; d < x->draws; d++) {
        double *const row = into + ((size_t)d * x->classes + class) * x->groups;

        if (isinf(c)) {
            memcpy(drawn, weight, n * sizeof *drawn);
        } else {
            double alpha[GROUPS_MOST];

            for (unsigned i = 0; i < n; i++)
                alpha[i] = weight[i] * (isnan(c) ? 1 : c);
            rng_dirichlet(rng, alpha, n, drawn);
        }
        for (unsigned i = 0; i < n; i++)
            if (group[i] >= 0)
                row[group[i]] = drawn[i];
    }
}

static bool
is_rounded(const struct exposures *x, unsigned place)
{
    const size_t width = x->classes + 1;

    for (size_t c = 0; c < width; c++)
        if (x->rounded[place * width + c] > 0)
            return true;
    return false;
}

static double
jittered(const struct exposures *x, struct rng *rng, unsigned place, unsigned class)
{
    const size_t at = place * (size_t)(x->classes + 1) + class;
    const double persons = x->persons[at];

    return x->rounded[at] > 0 ? fmax(persons + (2 * rng_open(rng) - 1) * x->rounded[at], 0.0)
                              : persons;
}

static void
draw_place(struct exposures *x, struct rng *rng, const double *weights, unsigned place)
{
    const unsigned width = x->groups + 1;

    for (unsigned g = 0; g < width; g++)
        x->drawn[(size_t)place * width + g] = arena_array(x->arena, x->draws, sizeof(double));
    for (unsigned d = 0; d < x->draws; d++) {
        for (unsigned c = 0; c < x->classes; c++) {
            const double persons = jittered(x, rng, place, c);
            const double *const w = weights + ((size_t)d * x->classes + c) * x->groups;

            for (unsigned g = 0; g < x->groups; g++)
                if (w[g] > 0)
                    x->drawn[(size_t)place * width + g][d] += w[g] * persons;
        }
        x->drawn[(size_t)place * width + x->groups][d] = jittered(x, rng, place, x->classes);
    }
}

static void
make_draws(struct exposures *x)
{
    const struct inputs *const in = cube_inputs(x->cube);
    double *const weights =
        arena_array(x->arena, (size_t)x->draws * x->classes * x->groups + 1, sizeof *weights);
    struct rng rng = rng_stream(in->choices.seed, STREAM_BRIDGE);

    x->drawn = arena_array(x->arena, (size_t)cube_place_count(x->cube) * (x->groups + 1),
                           sizeof *x->drawn);
    for (unsigned c = 0; c < x->classes; c++) {
        if (x->bridged) {
            draw_class(x, &rng, c, weights);
            continue;
        }
        for (unsigned d = 0; d < x->draws; d++)
            memcpy(weights + ((size_t)d * x->classes + c) * x->groups, x->weight[c],
                   x->groups * sizeof *weights);
    }
    rng = rng_stream(in->choices.seed, STREAM_ROUNDING);
    for (unsigned p = 0; p < cube_place_count(x->cube); p++)
        if (cube_place(x->cube, p)->area && (x->bridged || is_rounded(x, p)))
            draw_place(x, &rng, weights, p);
}

struct exposures *
exposures_new(struct arena *a, const struct cube *c)
{
    struct exposures *const x = arena_alloc(a, sizeof *x);

    x->arena = a;
    x->cube = c;
    x->groups = cube_group_count(c);
    x->draws = cube_inputs(c)->choices.draws;
    choose_classes(x);
    choose_year(x);
    read_persons(x);
    sum_city(x);
    make_means(x);
    make_draws(x);
    return x;
}

const bool *
exposures_complete(const struct exposures *x)
{
    return x->complete;
}

const bool *
exposures_inside(const struct exposures *x)
{
    return x->inside;
}

double
exposure_mean(const struct exposures *x, unsigned place, int group)
{
    return x->mean[(size_t)place * (x->groups + 1) + (group < 0 ? x->groups : (unsigned)group)];
}

const double *
exposure_draws(const struct exposures *x, unsigned place, int group)
{
    return x->drawn[(size_t)place * (x->groups + 1) + (group < 0 ? x->groups : (unsigned)group)];
}

unsigned
exposures_draws(const struct exposures *x)
{
    return x->draws;
}

int
exposures_year(const struct exposures *x)
{
    return x->year;
}

bool
exposures_bridged(const struct exposures *x)
{
    return x->bridged;
}
