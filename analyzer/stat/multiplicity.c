/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * q values from the largest p downwards: q = min over larger p of p * tests / rank. Sorting is a
 * heap sort on indices, since qsort has no place for the array that the indices point into.
 */
#include "analyzer/stat/multiplicity.h"

#include <math.h>

/* Restores the heap (largest p on top) below `top` among order[0 .. count - 1]. */
static void
sift(const double *p, size_t *order, size_t top, size_t count)
{
    for (;;) {
        size_t child = 2 * top + 1;

        if (child >= count)
            return;
        if (child + 1 < count && p[order[child + 1]] > p[order[child]])
            child++;
        if (p[order[top]] >= p[order[child]])
            return;

        const size_t swap = order[top];

        order[top] = order[child];
        order[child] = swap;
        top = child;
    }
}

void
multiplicity_q(const double *p, size_t count, size_t *order, double *q)
{
    size_t tests = 0;

    for (size_t i = 0; i < count; i++)
        if (isnan(p[i]))
            q[i] = p[i];
        else
            order[tests++] = i;
    for (size_t top = tests / 2; top-- > 0;)
        sift(p, order, top, tests);

    double least = 1;

    /* The heap gives the tests from the largest p down; rank counts them from the smallest up. */
    for (size_t rank = tests; rank > 0; rank--) {
        const size_t i = order[0];

        least = fmin(least, p[i] * (double)tests / (double)rank);
        order[0] = order[rank - 1];
        sift(p, order, 0, rank - 1);
        q[i] = least;
    }
}
