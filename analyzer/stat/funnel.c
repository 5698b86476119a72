/* SPDX-License-Identifier: EUPL-1.2 */
/* Limits of one place at a time; the paper's appendix A.1.1 for the interpolation. */
#include "analyzer/stat/funnel.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/quantile.h"

static const double WINSORISED = 0.1;

static double
at_most(enum funnel_kind kind, double x, double size, double target)
{
    return kind == FUNNEL_RATE ? dist_poisson_p(x, size * target, DIST_LOWER)
                               : dist_binomial_p(x, size, target, DIST_LOWER);
}

/* The count below which p of the distribution lies, with the part of the last count that is
 * needed. */
static double
quantile(enum funnel_kind kind, double p, double size, double target)
{
    const double r = kind == FUNNEL_RATE ? dist_poisson_q(p, size * target, DIST_LOWER)
                                         : dist_binomial_q(p, size, target, DIST_LOWER);
    const double above = at_most(kind, r, size, target);
    const double below = r > 0 ? at_most(kind, r - 1, size, target) : 0;

    return fmax(0, r - (above - p) / (above - below));
}

static bool
is_defined(enum funnel_kind kind, double size, double target)
{
    return size > 0 && isfinite(size) && target > 0 && isfinite(target) &&
           (kind == FUNNEL_RATE || target < 1);
}

struct interval
funnel_exact(enum funnel_kind kind, double size, double target, double level)
{
    const double half = (1 - level) / 2;

    if (!is_defined(kind, size, target))
        return INTERVAL_UNDEFINED;
    return (struct interval){quantile(kind, half, size, target) / size,
                             quantile(kind, 1 - half, size, target) / size};
}

static double
sd_of(enum funnel_kind kind, double size, double target)
{
    return sqrt(target * (kind == FUNNEL_RATE ? 1 : 1 - target) / size);
}

struct interval
funnel_overdispersed(enum funnel_kind kind, double size, double target, double dispersion,
                     double level)
{
    const double wide = dist_normal_z(level) * sqrt(dispersion) * sd_of(kind, size, target);

    if (!is_defined(kind, size, target) || isnan(dispersion))
        return INTERVAL_UNDEFINED;
    return (struct interval){fmax(0, target - wide),
                             kind == FUNNEL_SHARE ? fmin(1, target + wide) : target + wide};
}

double
funnel_z(enum funnel_kind kind, double count, double size, double target)
{
    if (!is_defined(kind, size, target))
        return NAN;
    return (count / size - target) / sd_of(kind, size, target);
}

double
funnel_dispersion(const double *z, size_t count, double *work)
{
    size_t known = 0;
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        if (!isnan(z[i]))
            work[known++] = z[i];
    if (known < 2)
        return NAN;
    quantile_sort(work, known);

    const double low = quantile_of_sorted(work, known, WINSORISED);
    const double high = quantile_of_sorted(work, known, 1 - WINSORISED);

    for (size_t i = 0; i < known; i++) {
        const double moved = fmin(fmax(work[i], low), high);

        sum += moved * moved;
    }
    return fmax(1, sum / (double)known);
}
