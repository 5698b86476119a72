/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The z values are counted in 119 bins; the density f is a Poisson fit of the counts on a natural
 * cubic spline with 7 degrees of freedom; the null f0 is the parabola through log f between the
 * quartiles; fdr = f0 / f at the bins, straight lines between their middles.
 */
#include "analyzer/stat/local_fdr.h"

#include "analyzer/stat/linear.h"
#include "analyzer/stat/loglinear.h"
#include "analyzer/stat/quantile.h"
#include "analyzer/stat/spline.h"

#include <math.h>

enum { BINS = 119, DF = 7, COLUMNS = DF + 1 };

struct histogram {
    double low, width;
    double count[BINS];
};

static double
middle(const struct histogram *h, size_t bin)
{
    return h->low + h->width * ((double)bin + 0.5);
}

/* Intervals closed on the right, with R's allowance of 1e-7 of a width. */
static void
tally(struct histogram *h, const double *z, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double at = ceil((z[i] - h->low) / h->width - 1e-7) - 1;

        h->count[(size_t)fmin(fmax(at, 0), BINS - 1)]++;
    }
}

/* x[BINS][COLUMNS]: 1 and R's ns(middle, 7); the scale of z makes no difference to the fit. */
static bool
log_density(struct arena *a, const struct histogram *h, double log_f[BINS])
{
    struct spline spline;
    double at[BINS], basis[BINS * DF], x[BINS * COLUMNS];
    struct loglinear fit;

    for (size_t b = 0; b < BINS; b++)
        at[b] = (double)b / (BINS - 1);
    if (!spline_place_knots(&spline, DF, at, NULL, BINS))
        return false;
    spline_basis(&spline, a, at, BINS, basis);
    for (size_t b = 0; b < BINS; b++) {
        x[b * COLUMNS] = 1;
        for (size_t j = 0; j < DF; j++)
            x[b * COLUMNS + 1 + j] = basis[b * DF + j];
    }
    if (!loglinear_fit(a, x, h->count, BINS, COLUMNS, &fit))
        return false;
    linear_predict(x, BINS, COLUMNS, fit.beta, log_f);
    return true;
}

/* Least squares of log f on 1, u, u^2 over the bins strictly between low and high, u in bin widths
 * from the peak. False when the parabola is not open downwards. */
static bool
parabola(struct arena *a, const struct histogram *h, const double log_f[BINS], double low,
         double high, size_t peak, double c[3])
{
    struct linear_stack *const stack = linear_stack_new(a, 3);
    struct linear_solution *const solution = linear_solution_new(a, 3);
    double scale[3] = {0};

    for (size_t b = 0; b < BINS; b++) {
        const double u = (double)b - (double)peak;
        const double row[3] = {1, u, u * u};

        if (!(middle(h, b) > low && middle(h, b) < high))
            continue;
        linear_stack_add(stack, row, NULL, log_f[b], 1);
        for (size_t i = 0; i < 3; i++)
            scale[i] += row[i] * row[i];
    }
    for (size_t i = 0; i < 3; i++)
        scale[i] = sqrt(scale[i]);
    if (!linear_solve(stack, scale, solution) || solution->rank < 3)
        return false;
    for (size_t i = 0; i < 3; i++)
        c[i] = solution->beta[i];
    return c[2] < 0;
}

/* fdr of every bin, from the sorted values. */
static enum local_fdr_status
fit(struct arena *a, struct histogram *h, const double *sorted, size_t count, double at_bin[BINS],
    struct local_fdr_null *null)
{
    double log_f[BINS];
    double c[3];
    double f_sum = 0;
    double f0_sum = 0;
    size_t peak = 0;

    tally(h, sorted, count);
    if (!log_density(a, h, log_f))
        return LOCAL_FDR_NO_FIT;
    for (size_t b = 1; b < BINS; b++)
        if (log_f[b] > log_f[peak])
            peak = b;
    if (!parabola(a, h, log_f, quantile_of_sorted(sorted, count, 0.25),
                  quantile_of_sorted(sorted, count, 0.75), peak, c))
        return LOCAL_FDR_NO_PEAK;
    for (size_t b = 0; b < BINS; b++) {
        const double u = (double)b - (double)peak;
        const double log_f0 = c[0] + c[1] * u + c[2] * u * u;

        f_sum += exp(log_f[b]);
        f0_sum += exp(log_f0);
        at_bin[b] = fmin(1, exp(log_f0 - log_f[b]));
    }
    *null = (struct local_fdr_null){middle(h, peak) - c[1] / (2 * c[2]) * h->width,
                                    h->width / sqrt(-2 * c[2]), f0_sum / f_sum};
    return LOCAL_FDR_DONE;
}

static double
between(const struct histogram *h, const double at_bin[BINS], double z)
{
    const double at = fmin(fmax((z - h->low) / h->width - 0.5, 0), BINS - 1);
    const size_t below = (size_t)fmin(at, BINS - 2);

    return at_bin[below] + (at - (double)below) * (at_bin[below + 1] - at_bin[below]);
}

enum local_fdr_status
local_fdr(struct arena *a, const double *z, size_t count, double *fdr, struct local_fdr_null *null)
{
    double *const work = arena_array(a, count, sizeof *work);
    double at_bin[BINS] = {0};
    size_t known = 0;
    enum local_fdr_status status = LOCAL_FDR_TOO_FEW;
    struct histogram h = {0};

    *null = (struct local_fdr_null){NAN, NAN, NAN};
    for (size_t i = 0; i < count; i++)
        if (!isnan(z[i]))
            work[known++] = z[i];
    if (known >= LOCAL_FDR_LEAST) {
        quantile_sort(work, known);
        h.low = work[0];
        h.width = (work[known - 1] - work[0]) / BINS;
        status = h.width > 0 && isfinite(h.width) ? fit(a, &h, work, known, at_bin, null)
                                                  : LOCAL_FDR_NO_WIDTH;
    }
    for (size_t i = 0; i < count; i++)
        fdr[i] = status == LOCAL_FDR_DONE && !isnan(z[i]) ? between(&h, at_bin, z[i]) : NAN;
    return status;
}
