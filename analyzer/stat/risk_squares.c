/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Least: the lowest risks are raised to one threshold and the highest lowered to another. Largest:
 * the lowest are brought to 0 and the highest to 1, one person at a time. With a budget b beyond
 * the shift's own, half of b goes up and half goes down, so that either end is a function of its
 * own mass.
 */
#include "analyzer/stat/risk_squares.h"

#include <math.h>
#include <stdlib.h>

struct risk_grid
risk_grid_of(double budget)
{
    return (struct risk_grid){budget};
}

/* ---- strata ---- */

struct cell {
    double risk, weight;
};

static int
by_risk(const void *left, const void *right)
{
    const struct cell *const a = left;
    const struct cell *const b = right;

    return (a->risk > b->risk) - (a->risk < b->risk);
}

struct risk_stratum
risk_stratum_of(const struct risk_data *d, size_t group, bool acted, struct arena *a)
{
    struct cell *const cell = arena_array(a, d->rows + 1, sizeof *cell);
    double *const sums = arena_array(a, 5 * (d->rows + 1), sizeof *sums);
    double *const risk = sums;
    double *const weight = sums + (d->rows + 1);
    double *const people = sums + 2 * (d->rows + 1);
    double *const mass = sums + 3 * (d->rows + 1);
    double *const squares = sums + 4 * (d->rows + 1);
    size_t rows = 0;
    size_t cells = 0;

    for (size_t r = 0; r < d->rows; r++) {
        const double w = acted ? d->acted[r] : d->n[r] - d->acted[r];

        if (d->group[r] == group && w > 0)
            cell[rows++] = (struct cell){d->risk[r], w};
    }
    qsort(cell, rows, sizeof *cell, by_risk);
    for (size_t r = 0; r < rows; r++) {
        if (cells > 0 && cell[r].risk == risk[cells - 1]) {
            weight[cells - 1] += cell[r].weight;
            continue;
        }
        risk[cells] = cell[r].risk;
        weight[cells++] = cell[r].weight;
    }
    for (size_t i = 0; i < cells; i++) {
        people[i + 1] = people[i] + weight[i];
        mass[i + 1] = mass[i] + weight[i] * risk[i];
        squares[i + 1] = squares[i] + weight[i] * risk[i] * risk[i];
    }
    return (struct risk_stratum){cells, risk, weight, people, mass, squares};
}

/* One end of a stratum after some mass has moved there. */
struct end {
    double threshold; /* least: where the end stands now */
    double moved;     /* most: people who moved */
    double gain;      /* of the sum of squares */
};

/* Number of cells below `at`, which ascends over 0 … cells - 1 and is read by `of`. */
typedef double level_fn(const struct risk_stratum *s, size_t cell);

static size_t
below(const struct risk_stratum *s, level_fn *of, double at)
{
    size_t low = 0;
    size_t high = s->cells;

    while (low < high) {
        const size_t middle = (low + high) / 2;

        if (of(s, middle) < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- least ---- */

/* Mass that raises all lower risks to that of the cell. */
static double
raised(const struct risk_stratum *s, size_t i)
{
    return s->risk[i] * s->people[i] - s->mass[i];
}

/* Mass that lowers all higher risks to that of cell i from the top. */
static double
lowered(const struct risk_stratum *s, size_t i)
{
    const size_t c = s->cells - 1 - i;

    return s->mass[s->cells] - s->mass[c + 1] -
           s->risk[c] * (s->people[s->cells] - s->people[c + 1]);
}

static struct end
raise_lowest(const struct risk_stratum *s, double mass)
{
    const size_t cells = below(s, raised, mass); /* all cells before this one are reached */

    if (cells == 0)
        return (struct end){s->risk[0], 0, 0};

    const double t = (mass + s->mass[cells]) / s->people[cells];

    return (struct end){t, 0, s->people[cells] * t * t - s->squares[cells]};
}

static struct end
lower_highest(const struct risk_stratum *s, double mass)
{
    const size_t cells = below(s, lowered, mass);
    const size_t c = s->cells - cells;

    if (cells == 0)
        return (struct end){s->risk[s->cells - 1], 0, 0};

    const double people = s->people[s->cells] - s->people[c];
    const double t = (s->mass[s->cells] - s->mass[c] - mass) / people;

    return (struct end){t, 0, people * t * t - (s->squares[s->cells] - s->squares[c])};
}

static void
fill_least(const struct risk_grid *g, const struct risk_stratum *s, double shift, double *least)
{
    const double total = s->mass[s->cells] + shift;
    const double flat = total * total / s->people[s->cells]; /* all alike */

    for (size_t k = 0; k <= RISK_FINE; k++) {
        const double half = g->budget * (double)k / RISK_FINE / 2;
        const struct end low = raise_lowest(s, half + fmax(0, shift));
        const struct end high = lower_highest(s, half + fmax(0, -shift));

        least[k] =
            low.threshold < high.threshold ? s->squares[s->cells] + low.gain + high.gain : flat;
    }
}

/* ---- most ---- */

/* Mass that brings the cells up to this one to 0. */
static double
to_zero(const struct risk_stratum *s, size_t i)
{
    return s->mass[i + 1];
}

/* Mass that brings cell i from the top and those above it to 1. */
static double
to_one(const struct risk_stratum *s, size_t i)
{
    const size_t c = s->cells - 1 - i;

    return s->people[s->cells] - s->people[c] - (s->mass[s->cells] - s->mass[c]);
}

/* A cell's people move one by one; each has `each` to go. */
static double
whole_people(double rest, double each, double weight)
{
    return each > 0 ? fmin(weight, floor(rest / each * (1 + 1e-14))) : weight;
}

static struct end
lowest_to_zero(const struct risk_stratum *s, double mass)
{
    const size_t i = below(s, to_zero, mass);

    if (i >= s->cells)
        return (struct end){0, s->people[s->cells], -s->squares[s->cells]};

    const double e = s->risk[i];
    const double left = mass - s->mass[i];
    const double whole = whole_people(left, e, s->weight[i]);
    const double part = fmax(0, left - whole * e);

    return (struct end){0, s->people[i] + whole + (part > 0),
                        -s->squares[i] - whole * e * e + part * (part - 2 * e)};
}

static struct end
highest_to_one(const struct risk_stratum *s, double mass)
{
    const size_t i = below(s, to_one, mass);
    const double all = s->people[s->cells];

    if (i >= s->cells)
        return (struct end){0, all, all - s->squares[s->cells]};

    const size_t c = s->cells - 1 - i;
    const double e = s->risk[c];
    const double above = all - s->people[c + 1];
    const double left = mass - (above - (s->mass[s->cells] - s->mass[c + 1]));
    const double whole = whole_people(left, 1 - e, s->weight[c]);
    const double part = fmax(0, left - whole * (1 - e));

    return (struct end){0, above + whole + (part > 0),
                        above - (s->squares[s->cells] - s->squares[c + 1]) + whole * (1 - e * e) +
                            part * (part + 2 * e)};
}

/* False when the two ends would move the same person. */
static bool
most_at(const struct risk_stratum *s, double shift, double budget, double *squares)
{
    const struct end low = lowest_to_zero(s, budget / 2 + fmax(0, -shift));
    const struct end high = highest_to_one(s, budget / 2 + fmax(0, shift));

    *squares = s->squares[s->cells] + low.gain + high.gain;
    return low.moved + high.moved <= s->people[s->cells];
}

/* The largest budget that the stratum can use, up to `most`. */
static double
usable(const struct risk_stratum *s, double shift, double most)
{
    double squares;
    double low = 0;
    double high = most;

    if (most_at(s, shift, most, &squares))
        return most;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2;

        if (most_at(s, shift, middle, &squares))
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void
fill_most(const struct risk_grid *g, const struct risk_stratum *s, double shift, double *most)
{
    const double last = usable(s, shift, g->budget);

    for (size_t k = 0; k <= RISK_COARSE; k++)
        most_at(s, shift, fmin(last, g->budget * (double)k / RISK_COARSE), &most[k]);
}

struct risk_curve
risk_curve_of(const struct risk_grid *g, const struct risk_stratum *s, double shift,
              struct arena *a)
{
    const double total = s->mass[s->cells] + shift;

    if (shift != 0 && !(total > 0 && total < s->people[s->cells]))
        return (struct risk_curve){NULL, NULL};

    const struct risk_curve c = risk_curve_zero(g, a);

    fill_least(g, s, shift, c.least);
    fill_most(g, s, shift, c.most);
    return c;
}

/* ---- over strata ---- */

struct risk_curve
risk_curve_zero(const struct risk_grid *g, struct arena *a)
{
    (void)g;
    return (struct risk_curve){arena_array(a, RISK_FINE + 1, sizeof(double)),
                               arena_array(a, RISK_COARSE + 1, sizeof(double))};
}

/* Convex curves: the next step of budget goes where it takes most off. */
struct merge {
    const double *x, *y;
    size_t i, j;
};

static double
merged(const struct merge *m)
{
    return m->x[m->i] + m->y[m->j];
}

/* Not past RISK_FINE steps in all. */
static void
merge_step(struct merge *m)
{
    if (m->x[m->i + 1] - m->x[m->i] < m->y[m->j + 1] - m->y[m->j])
        m->i++;
    else
        m->j++;
}

static double
largest_at(const double *x, const double *y, size_t k)
{
    double largest = x[0] + y[k];

    for (size_t i = 1; i <= k; i++)
        largest = fmax(largest, x[i] + y[k - i]);
    return largest;
}

void
risk_combine(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
             struct risk_curve *sum)
{
    (void)g;

    struct merge m = {x->least, y->least, 0, 0};

    sum->least[0] = merged(&m);
    for (size_t k = 1; k <= RISK_FINE; k++) {
        merge_step(&m);
        sum->least[k] = merged(&m);
    }
    for (size_t k = 0; k <= RISK_COARSE; k++)
        sum->most[k] = largest_at(x->most, y->most, k);
}

double
risk_least(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
           double budget)
{
    const double at = budget / g->budget * RISK_FINE;
    const size_t k = (size_t)fmin(at, RISK_FINE - 1);
    struct merge m = {x->least, y->least, 0, 0};

    for (size_t step = 0; step < k; step++)
        merge_step(&m);

    const double before = merged(&m);

    merge_step(&m);
    return before + (at - (double)k) * (merged(&m) - before);
}

double
risk_most(const struct risk_grid *g, const struct risk_curve *x, const struct risk_curve *y,
          double budget)
{
    const double at = budget / g->budget * RISK_COARSE;
    const size_t k = (size_t)fmin(at, RISK_COARSE - 1);
    const double low = largest_at(x->most, y->most, k);

    return low + (at - (double)k) * (largest_at(x->most, y->most, k + 1) - low);
}
