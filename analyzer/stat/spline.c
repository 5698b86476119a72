/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * B-splines by the recursion of Cox and de Boor (de Boor, A Practical Guide to Splines, 1978,
 * chapter X), turned by an orthogonal matrix so that the second derivatives at the boundary vanish,
 * as ns does it.
 */
#include "analyzer/stat/spline.h"

#include "analyzer/stat/linear.h"

#include <math.h>

enum { ORDER = 4, MOST_KNOTS = SPLINE_MOST_DF + 1 + 2 * (ORDER - 1) };

/* The value whose turn comes at `index` (from 0) when each value stands there `weight` times. */
static double
value_at(double index, const double *value, const double *weight, size_t count)
{
    double passed = 0;
    size_t last = 0;

    for (size_t i = 0; i < count; i++) {
        const double w = weight ? weight[i] : 1;

        if (!(w > 0))
            continue;
        passed += w;
        last = i;
        if (index < passed)
            break;
    }
    return value[last];
}

bool
spline_place_knots(struct spline *s, size_t df, const double *value, const double *weight,
                   size_t count)
{
    double total = 0;

    if (df < 1 || df > SPLINE_MOST_DF)
        return false;
    for (size_t i = 0; i < count; i++)
        total += weight ? fmax(0, weight[i]) : 1;
    s->df = df;
    for (size_t k = 0; k <= df; k++) {
        const double h = (total - 1) * ((double)k / (double)df);
        /* as R's quantile, which lets rounding of the index pass */
        const double index = floor(h + 4 * 2.220446049250313e-16);
        const double part = fabs(h - index) < 1e-12 * (1 + fabs(h)) ? 0 : h - index;
        const double low = value_at(index, value, weight, count);

        s->knot[k] =
            part > 0 ? low + part * (value_at(index + 1, value, weight, count) - low) : low;
    }
    return total > 0 && s->knot[df] > s->knot[0];
}

/* All knots, those of the boundary ORDER times. */
static size_t
repeat_boundary(const struct spline *s, double t[MOST_KNOTS])
{
    size_t n = 0;

    for (int i = 1; i < ORDER; i++)
        t[n++] = s->knot[0];
    for (size_t k = 0; k <= s->df; k++)
        t[n++] = s->knot[k];
    for (int i = 1; i < ORDER; i++)
        t[n++] = s->knot[s->df];
    return n;
}

/* The knot interval of x: the last one that is not empty takes the right boundary. */
static size_t
interval_of(const double *t, size_t n, double x)
{
    size_t i = n - ORDER - 1;

    while (i > ORDER - 1 && (x < t[i] || !(t[i] < t[i + 1])))
        i--;
    return i;
}

/* The `derivative`-th derivative of B-spline i of that order, for x in knot interval `at`. */
static double
b_spline(const double *t, size_t i, size_t order, size_t at, double x, int derivative)
{
    if (order == 1)
        return derivative == 0 && i == at ? 1 : 0;

    const double left = t[i + order - 1] - t[i];
    const double right = t[i + order] - t[i + 1];
    const double k = (double)order - 1;
    double sum = 0;

    if (derivative > 0) {
        if (left > 0)
            sum += k / left * b_spline(t, i, order - 1, at, x, derivative - 1);
        if (right > 0)
            sum -= k / right * b_spline(t, i + 1, order - 1, at, x, derivative - 1);
        return sum;
    }
    if (left > 0)
        sum += (x - t[i]) / left * b_spline(t, i, order - 1, at, x, 0);
    if (right > 0)
        sum += (t[i + order] - x) / right * b_spline(t, i + 1, order - 1, at, x, 0);
    return sum;
}

void
spline_basis(const struct spline *s, struct arena *a, const double *value, size_t count,
             double *basis)
{
    double t[MOST_KNOTS];
    const size_t n = repeat_boundary(s, t);
    const size_t m = n - ORDER - 1; /* B-splines but the first */
    const double ends[2] = {s->knot[0], s->knot[s->df]};
    double *const bend = arena_array(a, 2 * m, sizeof *bend);
    double *const b = arena_array(a, count * m, sizeof *b);

    for (size_t e = 0; e < 2; e++)
        for (size_t j = 0; j < m; j++)
            bend[e * m + j] = b_spline(t, j + 1, ORDER, interval_of(t, n, ends[e]), ends[e], 2);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < m; j++)
            b[i * m + j] = b_spline(t, j + 1, ORDER, interval_of(t, n, value[i]), value[i], 0);
    linear_rotate(bend, m, b, count, a);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < s->df; j++)
            basis[i * s->df + j] = b[i * m + 2 + j];
}
