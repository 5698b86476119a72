/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See threshold_check.h. Both checks are one computation: counts k out of n beside the model's
 * chance in each draw. A cell without n, or whose chance is no number, is left out. Scratch belongs
 * to the arena.
 */
#include "analyzer/stat/threshold_check.h"

#include "analyzer/stat/posterior.h"

#include <math.h>

enum { DRAWS_MOST = 500 };

/* One kind of rate over all cells. */
struct rates {
    const double *k, *n;
    size_t cells;
    size_t output; /* the first cell's chance in a draw */
};

struct draws {
    const double *values;
    size_t count, width, each; /* every so many are used */
};

static bool
is_used(const struct rates *r, const double *draw, size_t i)
{
    return r->n[i] > 0 && !isnan(draw[r->output + i]);
}

static const double *
draw_at(const struct draws *d, size_t i)
{
    return d->values + i * d->width;
}

/* Chances strictly inside (0, 1), so that a chi-square is finite. */
static double
chance_of(const double *draw, const struct rates *r, size_t i)
{
    return fmin(fmax(draw[r->output + i], 1e-9), 1 - 1e-9);
}

static void
mean_chances(const struct rates *r, const struct draws *d, double *mean)
{
    double used = 0;

    for (size_t at = 0; at < d->count; at += d->each) {
        used++;
        for (size_t i = 0; i < r->cells; i++)
            mean[i] += (draw_at(d, at)[r->output + i] - mean[i]) / used;
    }
}

/* Sums over cells of one set of counts: squares about the mean chance, and chi-square. */
struct sums {
    double n, squares, chi;
};

static void
add_cell(struct sums *s, double k, double n, double mean, double chance)
{
    const double off = k / n - mean;
    const double residual = k - n * chance;

    s->n += n;
    s->squares += n * off * off;
    s->chi += residual * residual / (n * chance * (1 - chance));
}

static struct threshold_check
check(const struct rates *r, const struct draws *d, double *mean, struct rng *rng)
{
    double rms = 0, chance = 0, beyond = 0, used = 0;

    mean_chances(r, d, mean);
    for (size_t at = 0; at < d->count; at += d->each) {
        const double *const draw = draw_at(d, at);
        struct sums seen = {0}, drawn = {0};

        for (size_t i = 0; i < r->cells; i++) {
            if (!is_used(r, draw, i))
                continue;

            const double p = chance_of(draw, r, i);
            const double k = (double)rng_binomial(rng, (uint64_t)r->n[i], p);

            add_cell(&seen, r->k[i], r->n[i], mean[i], p);
            add_cell(&drawn, k, r->n[i], mean[i], p);
        }
        if (seen.n == 0)
            return (struct threshold_check){NAN, NAN, NAN};
        used++;
        rms = seen.squares / seen.n;
        chance += drawn.squares / drawn.n;
        beyond += drawn.chi >= seen.chi;
    }
    return (struct threshold_check){sqrt(rms), sqrt(chance / used), posterior_p(beyond, used)};
}

struct threshold_checks
threshold_checks(struct arena *a, const struct threshold_cells *cells,
                 const struct threshold_outputs *outputs, const double *values, size_t draws,
                 size_t width, struct rng *rng)
{
    const struct draws d = {values, draws, width, (draws + DRAWS_MOST - 1) / DRAWS_MOST};
    const struct rates search = {cells->searches, cells->stops, cells->count, outputs->search_rate};
    const struct rates hit = {cells->hits, cells->searches, cells->count, outputs->hit_rate};
    double *const of_search = arena_array(a, cells->count + 1, sizeof *of_search);
    double *const of_hit = arena_array(a, cells->count + 1, sizeof *of_hit);
    const struct threshold_check of_searches = check(&search, &d, of_search, rng);

    return (struct threshold_checks){of_searches, check(&hit, &d, of_hit, rng)};
}
