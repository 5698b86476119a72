/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Averages of exact tails over draws of exposure, inverted. v is the natural logarithm of rate
 * times exposure, or of the odds that an event is the group's; a draw shifts it by u.
 */
#include "analyzer/stat/mixture.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <stdbool.h>

/* ---- the exact tail as a function of v ---- */

struct kernel {
    bool is_odds; /* Beta(a, b) in the log odds; else Gamma(a) in the logarithm */
    double a, b;
    bool upper; /* 1 - the distribution function */
};

static double
exact_tail(const struct kernel *k, double v)
{
    if (!k->is_odds)
        return dist_gamma_p(exp(v), k->a, 1, k->upper ? DIST_UPPER : DIST_LOWER);
    if (v <= 0)
        return dist_beta_p(exp(v) / (1 + exp(v)), k->a, k->b, k->upper ? DIST_UPPER : DIST_LOWER);
    return dist_beta_p(exp(-v) / (1 + exp(-v)), k->b, k->a, k->upper ? DIST_LOWER : DIST_UPPER);
}

/* First and second derivative of the tail in v. */
static void
derivatives(const struct kernel *k, double v, double *first, double *second)
{
    const double sign = k->upper ? -1 : 1;

    if (!k->is_odds) {
        const double y = exp(v);

        *first = sign * dist_gamma_d(y, k->a, 1, false) * y;
        *second = *first * (k->a - y);
        return;
    }

    const double small = exp(-fabs(v)) / (1 + exp(-fabs(v)));
    const double p = v <= 0 ? small : 1 - small;
    const double q = v <= 0 ? 1 - small : small;
    const double density =
        v <= 0 ? dist_beta_d(small, k->a, k->b, false) : dist_beta_d(small, k->b, k->a, false);

    *first = sign * density * p * q;
    *second = *first * (k->a * q - k->b * p);
}

/* v at which one tail is `p`. */
static double
kernel_q(const struct kernel *k, double p, bool upper)
{
    const enum dist_tail tail = upper ? DIST_UPPER : DIST_LOWER;

    return log(k->is_odds ? dist_beta_odds_q(p, k->a, k->b, tail) : dist_gamma_q(p, k->a, 1, tail));
}

static double
kernel_sd(const struct kernel *k)
{
    return sqrt(dist_trigamma(k->a) + (k->is_odds ? dist_trigamma(k->b) : 0));
}

/* ---- its table ---- */

enum { MOST_PIECES = 512 };

static const double PIECES_PER_SD = 8;
static const double BEYOND = 1e-18; /* past the table the tail is 0 or 1 to within this */

struct table {
    double start, inverse_width;
    double before, after; /* the tail left and right of the table */
    size_t pieces;
    double c[MOST_PIECES][6]; /* polynomial in the fraction of a piece */
};

static void
fill_piece(double c[6], const double f[3], const double g[3])
{
    const double rise = g[0] - f[0];

    c[0] = f[0];
    c[1] = f[1];
    c[2] = f[2] / 2;
    c[3] = 10 * rise - 6 * f[1] - 4 * g[1] - 1.5 * f[2] + 0.5 * g[2];
    c[4] = -15 * rise + 8 * f[1] + 7 * g[1] + 1.5 * f[2] - g[2];
    c[5] = 6 * rise - 3 * (f[1] + g[1]) - 0.5 * (f[2] - g[2]);
}

/* Value and width-scaled derivatives at a knot. */
static void
knot(const struct kernel *k, double v, double width, double f[3])
{
    f[0] = exact_tail(k, v);
    derivatives(k, v, &f[1], &f[2]);
    f[1] *= width;
    f[2] *= width * width;
}

static void
tabulate(const struct kernel *k, struct table *t)
{
    const double from = kernel_q(k, BEYOND, false);
    const double to = kernel_q(k, BEYOND, true);
    const double wanted = ceil((to - from) / kernel_sd(k) * PIECES_PER_SD);

    t->pieces = (size_t)fmin(MOST_PIECES, fmax(1, wanted));

    const double width = (to - from) / (double)t->pieces;
    double left[3];
    double right[3];

    t->start = from;
    t->inverse_width = 1 / width;
    t->before = k->upper;
    t->after = !k->upper;
    knot(k, from, width, left);
    for (size_t i = 0; i < t->pieces; i++) {
        knot(k, from + width * (double)(i + 1), width, right);
        fill_piece(t->c[i], left, right);
        left[0] = right[0];
        left[1] = right[1];
        left[2] = right[2];
    }
}

static double
look_up(const struct table *t, double v)
{
    const double at = (v - t->start) * t->inverse_width;

    if (!(at > 0))
        return t->before;
    if (at >= (double)t->pieces)
        return t->after;

    const size_t piece = (size_t)at;
    const double *const c = t->c[piece];
    const double x = at - (double)piece;

    return ((((c[5] * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
}

/* ---- averages over the draws ---- */

struct average {
    const struct table *table;
    const double *shift;
    size_t draws;
    double wanted;
};

static double
average_excess(double v, const void *context)
{
    const struct average *const m = context;
    double sum = 0;

    for (size_t i = 0; i < m->draws; i++)
        sum += look_up(m->table, v + m->shift[i]);
    return sum / (double)m->draws - m->wanted;
}

struct span_of_draws {
    double least, most;
};

/* The logarithm of the rate (or ratio) at which the averaged tail is `half`. */
static double
solve(const struct kernel *k, const struct table *t, const double *shift, size_t draws,
      struct span_of_draws range, double half)
{
    const struct average m = {t, shift, draws, half};
    const double exact = kernel_q(k, half, k->upper);
    const double slack = 1e-9 * (1 + fabs(exact)); /* the table's own error at the ends */
    double v;

    if (range.most - range.least <= 1e-12)
        return exact - (range.most + range.least) / 2;
    return root_find(average_excess, &m, exact - range.most - slack, exact - range.least + slack,
                     1e-12, &v)
               ? v
               : NAN;
}

static double
average_exactly(const struct kernel *k, const double *shift, size_t draws)
{
    double sum = 0;

    for (size_t i = 0; i < draws; i++)
        sum += exact_tail(k, shift[i]);
    return sum / (double)draws;
}

static bool
range_of(const double *shift, size_t draws, struct span_of_draws *range)
{
    *range = (struct span_of_draws){INFINITY, -INFINITY};
    for (size_t i = 0; i < draws; i++) {
        if (!isfinite(shift[i]))
            return false;
        range->least = fmin(range->least, shift[i]);
        range->most = fmax(range->most, shift[i]);
    }
    return draws > 0;
}

/* The tail averaged at v = 0; the table's absolute error would show in a small one. */
static double
average_at_zero(const struct kernel *k, const struct table *t, const double *shift, size_t draws)
{
    const struct average m = {t, shift, draws, 0};
    const double quick = average_excess(0, &m);

    return quick > 1e-4 ? quick : average_exactly(k, shift, draws);
}

struct interval
mixture_rate(double count, const double *exposure, size_t draws, double level, double *work)
{
    const double half = (1 - level) / 2;
    struct table table;
    struct span_of_draws range;
    struct interval limits = {0, NAN};

    for (size_t i = 0; i < draws; i++)
        work[i] = log(exposure[i]);
    if (!(count >= 0) || !range_of(work, draws, &range))
        return INTERVAL_UNDEFINED;

    if (count > 0) {
        const struct kernel at_least = {.a = count};

        tabulate(&at_least, &table);
        limits.lower = exp(solve(&at_least, &table, work, draws, range, half));
    }

    const struct kernel at_most = {.a = count + 1, .upper = true};

    tabulate(&at_most, &table);
    limits.upper = exp(solve(&at_most, &table, work, draws, range, half));
    return limits;
}

struct mixture_ratio
mixture_rate_ratio(double x1, double x0, const double *n1, const double *n0, size_t draws,
                   double level, double *work)
{
    const double half = (1 - level) / 2;
    struct table table;
    struct span_of_draws range;
    struct mixture_ratio r = {{0, INFINITY}, 1};

    for (size_t i = 0; i < draws; i++)
        work[i] = log(n1[i]) - log(n0[i]);
    if (!(x1 >= 0 && x0 >= 0 && x1 + x0 > 0) || !range_of(work, draws, &range))
        return (struct mixture_ratio){INTERVAL_UNDEFINED, NAN};

    if (x1 > 0) { /* P(X1 >= x1), rising in the ratio */
        const struct kernel at_least = {.is_odds = true, .a = x1, .b = x0 + 1};

        tabulate(&at_least, &table);
        r.limits.lower = exp(solve(&at_least, &table, work, draws, range, half));
        r.p = fmin(r.p, 2 * average_at_zero(&at_least, &table, work, draws));
    }
    if (x0 > 0) { /* P(X1 <= x1) */
        const struct kernel at_most = {.is_odds = true, .a = x1 + 1, .b = x0, .upper = true};

        tabulate(&at_most, &table);
        r.limits.upper = exp(solve(&at_most, &table, work, draws, range, half));
        r.p = fmin(r.p, 2 * average_at_zero(&at_most, &table, work, draws));
    }
    return r;
}

struct mixture_tails
mixture_rate_ratio_tails(double x1, double x0, const double *n1, const double *n0, size_t draws,
                         double *work)
{
    struct table table;
    struct span_of_draws range;
    struct mixture_tails p = {1, 1};

    for (size_t i = 0; i < draws; i++)
        work[i] = log(n1[i]) - log(n0[i]);
    if (!(x1 >= 0 && x0 >= 0 && x1 + x0 > 0) || !range_of(work, draws, &range))
        return (struct mixture_tails){NAN, NAN};

    if (x1 > 0) {
        const struct kernel at_least = {.is_odds = true, .a = x1, .b = x0 + 1};

        tabulate(&at_least, &table);
        p.greater = average_at_zero(&at_least, &table, work, draws);
    }
    if (x0 > 0) {
        const struct kernel at_most = {.is_odds = true, .a = x1 + 1, .b = x0, .upper = true};

        tabulate(&at_most, &table);
        p.less = average_at_zero(&at_most, &table, work, draws);
    }
    return p;
}

/* ---- Dirichlet concentration ---- */

struct bridge_row {
    const double *weights;
    size_t classes;
    double width;
};

static double
widest_excess(double log_concentration, const void *context)
{
    const struct bridge_row *const b = context;
    const double c = exp(log_concentration);
    double widest = 0;

    for (size_t i = 0; i < b->classes; i++) {
        const double w = b->weights[i];

        if (w > 0 && w < 1)
            widest = fmax(widest, dist_beta_q(0.025, c * w, c * (1 - w), DIST_UPPER) -
                                      dist_beta_q(0.025, c * w, c * (1 - w), DIST_LOWER));
    }
    return widest - b->width;
}

double
mixture_concentration(const double *weights, const double *low, const double *high, size_t classes)
{
    struct bridge_row b = {weights, classes, 0};
    double log_concentration;

    for (size_t i = 0; i < classes; i++)
        b.width = fmax(b.width, high[i] - low[i]);
    if (!(b.width > 0))
        return INFINITY;

    /* From the normal approximation's high end down: very small concentrations narrow again. */
    const double high_end = log(16 / (b.width * b.width) + 16);

    if (widest_excess(high_end, &b) > 0 || widest_excess(high_end, &b) == -b.width)
        return NAN;
    for (double end = high_end; end > -7; end -= 0.5)
        if (widest_excess(end - 0.5, &b) >= 0)
            return root_find(widest_excess, &b, end - 0.5, end, 1e-13, &log_concentration)
                       ? exp(log_concentration)
                       : NAN;
    return NAN;
}
