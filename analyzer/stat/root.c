/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Brent's method after Algorithms for Minimization without Derivatives (1973), section 4. The
 * bracket always holds a sign change, so the worst case is bisection's.
 */
#include "analyzer/stat/root.h"

#include <float.h>
#include <math.h>

enum { MOST_STEPS = 200, MOST_DOUBLINGS = 60 };

/* b is the best guess, [b, c] the bracket, a the guess before. */
struct bracket {
    double a, b, c;
    double fa, fb, fc;
};

/* Makes b the end with the smaller |f|. */
static void
order(struct bracket *k)
{
    if (fabs(k->fc) >= fabs(k->fb))
        return;
    k->a = k->b;
    k->b = k->c;
    k->c = k->a;
    k->fa = k->fb;
    k->fb = k->fc;
    k->fc = k->fa;
}

/* The interpolated step from b as p / q, q > 0 or zero for "none". */
static void
interpolate(const struct bracket *k, double half, double *p, double *q)
{
    const double s = k->fb / k->fa;

    if (k->a == k->c) { /* two points: secant */
        *p = 2 * half * s;
        *q = 1 - s;
    } else { /* three points: inverse quadratic */
        const double u = k->fa / k->fc;
        const double r = k->fb / k->fc;

        *p = s * (2 * half * u * (u - r) - (k->b - k->a) * (r - 1));
        *q = (u - 1) * (r - 1) * (s - 1);
    }
    if (*p > 0)
        *q = -*q;
    *p = fabs(*p);
}

static bool
brent(root_fn *f, const void *context, struct bracket k, double tolerance, double *root)
{
    for (int i = 0; i < MOST_STEPS; i++) {
        if ((k.fb > 0) == (k.fc > 0)) {
            k.c = k.a;
            k.fc = k.fa;
        }

        const double before = k.b - k.a; /* the last step */

        order(&k);

        const double tiny = 2 * DBL_EPSILON * fabs(k.b) + tolerance / 2;
        const double half = (k.c - k.b) / 2;

        *root = k.b;
        if (fabs(half) <= tiny || k.fb == 0)
            return true;

        double step = half;
        double p = 0;
        double q = 0;

        if (fabs(before) >= tiny && fabs(k.fa) > fabs(k.fb))
            interpolate(&k, half, &p, &q);
        if (q != 0 && 2 * p < fmin(3 * half * q - fabs(tiny * q), fabs(before * q)))
            step = p / q;
        k.a = k.b;
        k.fa = k.fb;
        k.b += fabs(step) > tiny ? step : copysign(tiny, half);
        k.fb = f(k.b, context);
        if (isnan(k.fb))
            return false;
    }
    return false;
}

bool
root_find(root_fn *f, const void *context, double low, double high, double tolerance, double *root)
{
    const double f_low = f(low, context);
    const double f_high = f(high, context);

    *root = NAN;
    if (isnan(f_low) || isnan(f_high) || (f_low > 0 && f_high > 0) || (f_low < 0 && f_high < 0))
        return false;
    if (f_low == 0 || f_high == 0) {
        *root = f_low == 0 ? low : high;
        return true;
    }

    const struct bracket k = {low, high, low, f_low, f_high, f_low};

    return brent(f, context, k, tolerance, root);
}

bool
root_search(root_fn *f, const void *context, double start, double step, double tolerance,
            double *root)
{
    const double f_start = f(start, context);
    double near = start;

    *root = f_start == 0 ? start : NAN;
    if (f_start == 0)
        return true;
    for (int i = 0; i < MOST_DOUBLINGS; i++) {
        const double far = near + step;
        const double f_far = f(far, context);

        if (isnan(f_far))
            return false;
        if ((f_far >= 0) != (f_start >= 0) || f_far == 0)
            return root_find(f, context, fmin(near, far), fmax(near, far), tolerance, root);
        near = far;
        step *= 2;
    }
    return false;
}
