/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The z values are counted in 119 bins; the density f is a Poisson fit of the counts on a natural
 * cubic spline with 7 degrees of freedom; the null f0 is the parabola through log f between the
 * quartiles; fdr = f0 / f at the bins, straight lines between their middles.
 */
#include "analyzer/stat/local_fdr.h"

#include "analyzer/stat/loglinear.h"
#include "analyzer/stat/quantile.h"

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

static double
cubed_above(double x, double knot)
{
    return x > knot ? (x - knot) * (x - knot) * (x - knot) : 0;
}

/*
 * A basis of the natural cubic splines with equally spaced knots 0, 1/7, …, 1 on the bins (Hastie,
 * Tibshirani, Friedman, The Elements of Statistical Learning, eq. 5.4), made orthonormal. Any basis
 * of that space gives the same fit.
 */
static void
spline_columns(double x[BINS][COLUMNS])
{
    for (size_t b = 0; b < BINS; b++) {
        const double t = (double)b / (BINS - 1);
        const double last = (double)(DF - 1) / DF;
        const double tail = cubed_above(t, last) / (1 - last);

        x[b][0] = 1;
        x[b][1] = t;
        for (size_t k = 0; k + 2 < COLUMNS; k++) {
            const double knot = (double)k / DF;

            x[b][k + 2] = cubed_above(t, knot) / (1 - knot) - tail;
        }
    }
    for (size_t j = 0; j < COLUMNS; j++)
        for (int pass = 0; pass < 2; pass++) {
            double norm = 0;

            for (size_t k = 0; k < j; k++) {
                double dot = 0;

                for (size_t b = 0; b < BINS; b++)
                    dot += x[b][j] * x[b][k];
                for (size_t b = 0; b < BINS; b++)
                    x[b][j] -= dot * x[b][k];
            }
            for (size_t b = 0; b < BINS; b++)
                norm += x[b][j] * x[b][j];
            for (size_t b = 0; b < BINS; b++)
                x[b][j] /= sqrt(norm);
        }
}

static bool
log_density(const struct histogram *h, double log_f[BINS])
{
    double x[BINS][COLUMNS];
    struct loglinear fit;

    spline_columns(x);
    if (!loglinear_fit(x[0], h->count, BINS, COLUMNS, &fit))
        return false;
    for (size_t b = 0; b < BINS; b++) {
        log_f[b] = 0;
        for (size_t j = 0; j < COLUMNS; j++)
            log_f[b] += x[b][j] * fit.beta[j];
    }
    return true;
}

/* Least squares of log f on 1, u, u^2 over the bins strictly between low and high, u in bin widths
 * from the peak. False when the parabola is not open downwards. */
static bool
parabola(const struct histogram *h, const double log_f[BINS], double low, double high, size_t peak,
         double c[3])
{
    double m[9] = {0};
    double v[3] = {0};

    for (size_t b = 0; b < BINS; b++) {
        const double u = (double)b - (double)peak;
        const double row[3] = {1, u, u * u};

        if (!(middle(h, b) > low && middle(h, b) < high))
            continue;
        for (size_t i = 0; i < 3; i++) {
            v[i] += row[i] * log_f[b];
            for (size_t j = 0; j < 3; j++)
                m[3 * i + j] += row[i] * row[j];
        }
    }
    return loglinear_solve(m, 3, v, c, NULL) && c[2] < 0;
}

/* fdr of every bin, from the sorted values. */
static enum local_fdr_status
fit(struct histogram *h, const double *sorted, size_t count, double at_bin[BINS],
    struct local_fdr_null *null)
{
    double log_f[BINS];
    double c[3];
    double f_sum = 0;
    double f0_sum = 0;
    size_t peak = 0;

    tally(h, sorted, count);
    if (!log_density(h, log_f))
        return LOCAL_FDR_NO_FIT;
    for (size_t b = 1; b < BINS; b++)
        if (log_f[b] > log_f[peak])
            peak = b;
    if (!parabola(h, log_f, quantile_of_sorted(sorted, count, 0.25),
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
local_fdr(const double *z, size_t count, double *work, double *fdr, struct local_fdr_null *null)
{
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
        status = h.width > 0 && isfinite(h.width) ? fit(&h, work, known, at_bin, null)
                                                  : LOCAL_FDR_NO_WIDTH;
    }
    for (size_t i = 0; i < count; i++)
        fdr[i] = status == LOCAL_FDR_DONE && !isnan(z[i]) ? between(&h, at_bin, z[i]) : NAN;
    return status;
}
