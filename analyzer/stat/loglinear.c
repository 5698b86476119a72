/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Newton's method, which for the logarithmic link is Fisher scoring, with step halving. The normal
 * equations are solved by Cholesky's factor: with columns of like size and at most eight of them
 * nothing is lost that the data determine.
 */
#include "analyzer/stat/loglinear.h"

#include "analyzer/stat/dist.h"

#include <math.h>
#include <string.h>

enum { N = LOGLINEAR_MOST, MOST_STEPS = 100 };

static bool
factorise(const double *m, size_t n, double l[N][N])
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = m[i * n + j];

            for (size_t k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i > j)
                l[i][j] = sum / l[j][j];
            else if (sum > 1e-12 * m[i * n + i])
                l[i][i] = sqrt(sum);
            else
                return false;
        }
    return true;
}

static void
substitute(double l[N][N], size_t n, const double *v, double *b)
{
    for (size_t i = 0; i < n; i++) {
        b[i] = v[i];
        for (size_t k = 0; k < i; k++)
            b[i] -= l[i][k] * b[k];
        b[i] /= l[i][i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            b[i] -= l[k][i] * b[k];
        b[i] /= l[i][i];
    }
}

bool
loglinear_solve(const double *m, size_t n, const double *v, double *b, double *inverse)
{
    double l[N][N] = {{0}};

    if (n > N || !factorise(m, n, l))
        return false;
    if (b)
        substitute(l, n, v, b);
    for (size_t j = 0; inverse && j < n; j++) {
        double unit[N] = {0};
        double column[N];

        unit[j] = 1;
        substitute(l, n, unit, column);
        for (size_t i = 0; i < n; i++)
            inverse[i * n + j] = column[i];
    }
    return true;
}

static double
predictor(const double *row, const double *beta, size_t columns)
{
    double eta = 0;

    for (size_t j = 0; j < columns; j++)
        eta += row[j] * beta[j];
    return eta;
}

static double
deviance_of(const double *x, const double *y, size_t rows, size_t columns, const double *beta)
{
    double sum = 0;

    for (size_t r = 0; r < rows; r++) {
        const double eta = predictor(x + r * columns, beta, columns);

        sum += 2 * (exp(eta) - y[r]);
        if (y[r] > 0)
            sum += 2 * y[r] * (log(y[r]) - eta);
    }
    return sum;
}

/* The information and the direction of weighted least squares; at the start (beta NULL) from y. */
static bool
direction(const double *x, const double *y, size_t rows, size_t columns, const double *beta,
          double *information, double *to)
{
    double right[N] = {0};

    memset(information, 0, columns * columns * sizeof *information);
    for (size_t r = 0; r < rows; r++) {
        const double *const row = x + r * columns;
        const double eta = beta ? predictor(row, beta, columns) : log(y[r] + 0.1);
        const double mean = exp(eta);
        const double working = eta + (y[r] - mean) / mean;

        for (size_t i = 0; i < columns; i++) {
            right[i] += mean * row[i] * working;
            for (size_t j = 0; j < columns; j++)
                information[i * columns + j] += mean * row[i] * row[j];
        }
    }
    return loglinear_solve(information, columns, right, to, NULL);
}

/* Halves the step from beta to `to` until the deviance does not rise. */
static double
step(const double *x, const double *y, size_t rows, size_t columns, const double *beta, double *to,
     double before)
{
    double after = deviance_of(x, y, rows, columns, to);

    for (int i = 0; i < 30 && !(after <= before + 1e-12 * fabs(before)); i++) {
        for (size_t j = 0; j < columns; j++)
            to[j] = (to[j] + beta[j]) / 2;
        after = deviance_of(x, y, rows, columns, to);
    }
    return after;
}

static double
aic_of(const double *x, const double *y, size_t rows, const struct loglinear *fit)
{
    double log_likelihood = 0;

    for (size_t r = 0; r < rows; r++)
        log_likelihood += dist_poisson_d(
            y[r], exp(predictor(x + r * fit->columns, fit->beta, fit->columns)), true);
    return -2 * log_likelihood + 2 * (double)fit->columns;
}

static double
moved(const double *a, const double *b, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(a[i] - b[i]) / (1 + fabs(b[i])));
    return most;
}

bool
loglinear_fit(const double *x, const double *y, size_t rows, size_t columns, struct loglinear *fit)
{
    double information[N * N];
    double to[N] = {0};
    bool done = false;

    *fit = (struct loglinear){.columns = columns};
    if (columns == 0 || columns > N || rows < columns ||
        !direction(x, y, rows, columns, NULL, information, fit->beta))
        return false;
    fit->deviance = deviance_of(x, y, rows, columns, fit->beta);
    for (int i = 0; i < MOST_STEPS && !done; i++) {
        if (!direction(x, y, rows, columns, fit->beta, information, to))
            return false;
        fit->deviance = step(x, y, rows, columns, fit->beta, to, fit->deviance);
        done = moved(to, fit->beta, columns) < 1e-12;
        memcpy(fit->beta, to, sizeof to);
    }
    if (!done || !isfinite(fit->deviance) ||
        !direction(x, y, rows, columns, fit->beta, information, to) ||
        !loglinear_solve(information, columns, to, NULL, fit->covariance))
        return false;
    fit->aic = aic_of(x, y, rows, fit);
    return true;
}
