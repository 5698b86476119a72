/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The exact conditional test of a common odds ratio: the distribution of the sum of the strata's
 * first cells is the convolution of their hypergeometric distributions (R's mantelhaen.test with
 * exact = TRUE), tilted by odds^sum.
 */
#include "analyzer/stat/odds.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <string.h>

struct range {
    double m, n, k, low, high;
};

static struct range
range_of(struct odds_table t)
{
    const double m = t.a + t.c;
    const double n = t.b + t.d;
    const double k = t.a + t.b;

    return (struct range){m, n, k, fmax(0, k - n), fmin(k, m)};
}

size_t
odds_exact_work(const struct odds_table *tables, size_t count)
{
    size_t support = 1;
    size_t widest = 1;

    for (size_t i = 0; i < count; i++) {
        const struct range r = range_of(tables[i]);
        const size_t width = r.high >= r.low ? (size_t)(r.high - r.low) + 1 : 1;

        support += width - 1;
        widest = width > widest ? width : widest;
    }
    return 2 * support + widest;
}

/* The quantity of the tilted distribution that a root is sought for. */
enum wanted { WANTED_AT_LEAST, WANTED_AT_MOST, WANTED_MEAN };

/* The null distribution of the sum less its lowest value. */
struct exact {
    const double *mass; /* at odds ratio 1 */
    size_t support;
    size_t x; /* observed */
    double wanted;
    enum wanted what;
};

struct exact_tails {
    double at_most, at_least, mean;
};

/* Tails and mean at one odds ratio; weights are kept in range by the largest one. */
static struct exact_tails
tilt(const struct exact *e, double log_odds)
{
    double largest = -INFINITY;
    double all = 0;
    struct exact_tails t = {0};

    for (size_t u = 0; u < e->support; u++)
        if (e->mass[u] > 0)
            largest = fmax(largest, log(e->mass[u]) + log_odds * (double)u);
    for (size_t u = 0; u < e->support; u++) {
        const double w = e->mass[u] > 0 ? exp(log(e->mass[u]) + log_odds * (double)u - largest) : 0;

        all += w;
        t.mean += w * (double)u;
        if (u <= e->x)
            t.at_most += w;
        if (u >= e->x)
            t.at_least += w;
    }
    t.mean /= all;
    t.at_most /= all;
    t.at_least /= all;
    return t;
}

static double
exact_excess(double log_odds, const void *context)
{
    const struct exact *const e = context;
    const struct exact_tails t = tilt(e, log_odds);

    if (e->what == WANTED_MEAN)
        return t.mean - e->wanted;
    return (e->what == WANTED_AT_LEAST ? t.at_least : t.at_most) - e->wanted;
}

static double
exact_solve(struct exact e, enum wanted what, double wanted)
{
    double log_odds;

    e.what = what;
    e.wanted = wanted;

    const double side = exact_excess(0, &e) > 0 ? -0.25 : 0.25;
    const double step = what == WANTED_AT_MOST ? -side : side;

    return root_search(exact_excess, &e, 0, step, 1e-13, &log_odds) ? exp(log_odds) : NAN;
}

/* out[0 .. a + b - 2] = convolution of left[0 .. a - 1] and right[0 .. b - 1]. */
static void
convolve(const double *left, size_t a, const double *right, size_t b, double *out)
{
    memset(out, 0, (a + b - 1) * sizeof *out);
    for (size_t i = 0; i < a; i++)
        for (size_t j = 0; j < b; j++)
            out[i + j] += left[i] * right[j];
}

/* Writes the distribution of the sum at odds ratio 1; work as odds_exact_work() says. */
static struct exact
convolve_all(const struct odds_table *tables, size_t count, double *work)
{
    size_t full = 1;

    for (size_t i = 0; i < count; i++)
        full += (size_t)(range_of(tables[i]).high - range_of(tables[i]).low);

    double *now = work;
    double *next = work + full;
    double *const stratum = work + 2 * full;
    size_t support = 1;
    double x = 0;

    now[0] = 1;
    for (size_t i = 0; i < count; i++) {
        const struct range r = range_of(tables[i]);
        const size_t width = (size_t)(r.high - r.low) + 1;

        x += tables[i].a - r.low;
        if (width == 1)
            continue;
        for (size_t u = 0; u < width; u++)
            stratum[u] = dist_hyper_d(r.low + (double)u, r.m, r.n, r.k, false);
        convolve(now, support, stratum, width, next);
        support += width - 1;

        double *const swap = now;

        now = next;
        next = swap;
    }
    return (struct exact){.mass = now, .support = support, .x = (size_t)x};
}

struct odds_fisher
odds_exact(const struct odds_table *tables, size_t count, double level, double *work)
{
    const double half = (1 - level) / 2;

    for (size_t i = 0; i < count; i++)
        if (!(tables[i].a >= 0 && tables[i].b >= 0 && tables[i].c >= 0 && tables[i].d >= 0))
            return (struct odds_fisher){ESTIMATE_UNDEFINED, NAN};

    const struct exact e = convolve_all(tables, count, work);

    /* One possible sum says nothing; a mass under the smallest double is far past what an exact
     * test is for. */
    if (e.support == 1 || !(e.mass[e.x] > 0))
        return (struct odds_fisher){ESTIMATE_UNDEFINED, NAN};

    struct odds_fisher f = {{NAN, 0, INFINITY}, NAN};
    double p = 0;

    for (size_t u = 0; u < e.support; u++)
        if (e.mass[u] <= e.mass[e.x] * (1 + 1e-7))
            p += e.mass[u];
    f.p = fmin(1, p);
    f.odds_ratio.value = e.x == 0               ? 0
                         : e.x == e.support - 1 ? INFINITY
                                                : exact_solve(e, WANTED_MEAN, (double)e.x);
    if (e.x > 0)
        f.odds_ratio.lower = exact_solve(e, WANTED_AT_LEAST, half);
    if (e.x < e.support - 1)
        f.odds_ratio.upper = exact_solve(e, WANTED_AT_MOST, half);
    return f;
}
