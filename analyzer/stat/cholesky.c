/* SPDX-License-Identifier: EUPL-1.2 */
/* Row by row; a column of which next to nothing remains beside those before it is left out. */
#include "analyzer/stat/cholesky.h"

#include <math.h>
#include <string.h>

/* The share of a diagonal element that must remain. */
static const double REMAINS = 1e-12;

static double
product(const double *x, const double *y, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += x[i] * y[i];
    return sum;
}

bool
cholesky_factor(double *a, size_t size, bool *is_left_out)
{
    for (size_t i = 0; i < size; i++) {
        double *const row = a + i * size;
        const double whole = row[i];

        for (size_t j = 0; j < i; j++)
            row[j] =
                is_left_out[j] ? 0 : (row[j] - product(row, a + j * size, j)) / a[j * size + j];
        row[i] = whole - product(row, row, i);
        if (!isfinite(row[i]))
            return false;
        is_left_out[i] = !(row[i] > REMAINS * whole);
        if (is_left_out[i])
            memset(row, 0, (i + 1) * sizeof *row);
        else
            row[i] = sqrt(row[i]);
    }
    return true;
}

void
cholesky_solve(const double *factor, size_t size, const bool *is_left_out, const double *g,
               double *u)
{
    for (size_t i = 0; i < size; i++)
        u[i] =
            is_left_out[i] ? 0 : (g[i] - product(factor + i * size, u, i)) / factor[i * size + i];
    for (size_t i = size; i-- > 0;) {
        if (is_left_out[i])
            continue;
        u[i] /= factor[i * size + i];
        for (size_t j = 0; j < i; j++)
            u[j] -= factor[i * size + j] * u[i];
    }
}
