/* SPDX-License-Identifier: EUPL-1.2 */
/* Straight lines between the order statistics. */
#include "analyzer/stat/quantile.h"

#include <math.h>
#include <stdlib.h>

static int
ascending(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;

    return (a > b) - (a < b);
}

void
quantile_sort(double *numbers, size_t count)
{
    qsort(numbers, count, sizeof *numbers, ascending);
}

double
quantile_of_sorted(const double *sorted, size_t count, double p)
{
    if (count == 0)
        return NAN;

    const double at = p * (double)(count - 1);
    const size_t below = (size_t)at;

    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}
