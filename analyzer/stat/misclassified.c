/* SPDX-License-Identifier: EUPL-1.2 */
/* The point is the plug-in; the draws give its interval. */
#include "analyzer/stat/misclassified.h"

#include "analyzer/stat/quantile.h"

#include <stdint.h>

enum { MOST = MISCLASSIFIED_MOST_GROUPS };

static double
row_sum(const struct misclassified *m, size_t row)
{
    double sum = 0;

    for (size_t s = 0; s < m->groups; s++)
        sum += m->matrix[row * m->groups + s];
    return sum;
}

bool
misclassified_is_known(const struct misclassified *m)
{
    for (size_t p = 0; p < m->groups; p++)
        if (m->count[p] > 0 && !(row_sum(m, p) > 0))
            return false;
    return m->groups > 0 && m->groups <= MOST;
}

void
misclassified_counts(const struct misclassified *m, double *corrected)
{
    for (size_t s = 0; s < m->groups; s++)
        corrected[s] = 0;
    for (size_t p = 0; p < m->groups; p++)
        for (size_t s = 0; s < m->groups && m->count[p] > 0; s++)
            corrected[s] += m->count[p] * m->matrix[p * m->groups + s] / row_sum(m, p);
}

/* NaN without exposure on both sides. */
static double
ratio_of(const struct misclassified *m, const double *count, size_t group, size_t reference)
{
    double x0 = 0;
    double n0 = 0;

    for (size_t s = 0; s < m->groups; s++)
        if (s == reference || (reference == SIZE_MAX && s != group)) {
            x0 += count[s];
            n0 += m->exposure[s];
        }
    return m->exposure[group] > 0 && n0 > 0 ? count[group] / m->exposure[group] / (x0 / n0) : NAN;
}

static void
draw_counts(const struct misclassified *m, struct rng *rng, double *drawn)
{
    double alpha[MOST];
    double share[MOST];

    for (size_t s = 0; s < m->groups; s++)
        drawn[s] = 0;
    for (size_t p = 0; p < m->groups; p++) {
        const double count = rng_gamma(rng, m->count[p] + 0.5);

        if (!(row_sum(m, p) > 0))
            continue; /* no event was perceived so, and nothing says whose it would be */
        for (size_t s = 0; s < m->groups; s++)
            alpha[s] = m->matrix[p * m->groups + s] + 1 / (double)m->groups;
        rng_dirichlet(rng, alpha, (unsigned)m->groups, share);
        for (size_t s = 0; s < m->groups; s++)
            drawn[s] += count * share[s];
    }
}

struct estimate
misclassified_ratio(const struct misclassified *m, size_t group, size_t reference, double level,
                    struct rng *rng, double *work)
{
    double count[MOST];
    struct estimate e = ESTIMATE_UNDEFINED;

    if (!misclassified_is_known(m))
        return e;
    misclassified_counts(m, count);
    e.value = ratio_of(m, count, group, reference);
    for (size_t i = 0; i < MISCLASSIFIED_DRAWS; i++) {
        draw_counts(m, rng, count);
        work[i] = ratio_of(m, count, group, reference);
        if (isnan(work[i]))
            return ESTIMATE_UNDEFINED;
    }
    quantile_sort(work, MISCLASSIFIED_DRAWS);
    e.lower = quantile_of_sorted(work, MISCLASSIFIED_DRAWS, (1 - level) / 2);
    e.upper = quantile_of_sorted(work, MISCLASSIFIED_DRAWS, (1 + level) / 2);
    return e;
}
