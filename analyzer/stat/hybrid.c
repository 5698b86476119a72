/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Either test is a sum of (observed - expected) over strata with a variance; one place is one
 * stratum, but there the published test divides by N where Mantel and Haenszel divide by N - 1.
 */
#include "analyzer/stat/hybrid.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/rate.h"

#include <math.h>

/* Events above their expectation, given the total of events, and the variance of that. */
struct excess {
    double sum, variance;
};

/* x of n in the group: with `hyper`, the variance given both margins. */
static struct excess
share_excess(double x1, double n1, double x0, double n0, bool hyper)
{
    const double n = n1 + n0;
    const double p = (x1 + x0) / n;
    const double variance = n1 * (n0 / n) * p * (1 - p);

    if (!(n1 > 0 && n0 > 0))
        return (struct excess){0, 0};
    return (struct excess){x1 - n1 * p, hyper ? variance * n / (n - 1) : variance};
}

static struct excess
rate_excess(double x1, double n1, double x0, double n0)
{
    const double share = n1 / (n1 + n0);

    if (!(n1 > 0 && n0 > 0))
        return (struct excess){0, 0};
    return (struct excess){x1 - (x1 + x0) * share, (x1 + x0) * share * (1 - share)};
}

/* Small on the `worse` side when the sum is high (sign +1) or low (sign -1). */
static struct hybrid_side
side_of(struct excess e, double sign)
{
    const double z = e.variance > 0 ? e.sum / sqrt(e.variance) : NAN;

    return (struct hybrid_side){z, dist_normal_p(sign * z, 0, 1, DIST_UPPER),
                                dist_normal_p(sign * z, 0, 1, DIST_LOWER)};
}

struct hybrid
hybrid_judge(struct hybrid_side benchmark, struct hybrid_side outcome, double alpha)
{
    struct hybrid h = {benchmark, outcome, NAN};

    if (isnan(benchmark.worse) || isnan(outcome.worse))
        return h;
    h.verdict = fmax(benchmark.worse, outcome.worse) < alpha     ? 1
                : fmax(benchmark.better, outcome.better) < alpha ? -1
                                                                 : 0;
    return h;
}

static struct hybrid_side
exact_share(struct hybrid_side score, double k1, double n1, double k0, double n0, bool more)
{
    const struct odds_table t = odds_table(k1, n1, k0, n0);

    if (isnan(score.z))
        return score;
    return (struct hybrid_side){score.z, odds_fisher_p(t, more), odds_fisher_p(t, !more)};
}

static struct hybrid_side
exact_rate(struct hybrid_side score, struct rate_pair p)
{
    const struct rate_pair swapped = {p.x0, p.n0, p.x1, p.n1};

    if (isnan(score.z))
        return score;
    return (struct hybrid_side){score.z, rate_ratio_p_greater(p, 1),
                                rate_ratio_p_greater(swapped, 1)};
}

struct hybrid
hybrid_test(struct hybrid_counts c, enum hybrid_kind kind, enum hybrid_method method, double alpha)
{
    struct hybrid_side benchmark =
        side_of(kind == HYBRID_SHARE ? share_excess(c.acted1, c.base1, c.acted0, c.base0, false)
                                     : rate_excess(c.acted1, c.base1, c.acted0, c.base0),
                1);
    struct hybrid_side outcome =
        side_of(share_excess(c.hits1, c.acted1, c.hits0, c.acted0, false), -1);

    if (method == HYBRID_EXACT) {
        benchmark =
            kind == HYBRID_SHARE
                ? exact_share(benchmark, c.acted1, c.base1, c.acted0, c.base0, true)
                : exact_rate(benchmark, (struct rate_pair){c.acted1, c.base1, c.acted0, c.base0});
        outcome = exact_share(outcome, c.hits1, c.acted1, c.hits0, c.acted0, false);
    }
    return hybrid_judge(benchmark, outcome, alpha);
}

struct hybrid
hybrid_pooled(const struct hybrid_counts *c, size_t count, enum hybrid_kind kind, double alpha)
{
    struct excess benchmark = {0, 0};
    struct excess outcome = {0, 0};

    for (size_t i = 0; i < count; i++) {
        const struct excess b =
            kind == HYBRID_SHARE
                ? share_excess(c[i].acted1, c[i].base1, c[i].acted0, c[i].base0, true)
                : rate_excess(c[i].acted1, c[i].base1, c[i].acted0, c[i].base0);
        const struct excess o =
            share_excess(c[i].hits1, c[i].acted1, c[i].hits0, c[i].acted0, true);

        benchmark.sum += b.sum;
        benchmark.variance += b.variance;
        outcome.sum += o.sum;
        outcome.variance += o.variance;
    }
    return hybrid_judge(side_of(benchmark, 1), side_of(outcome, -1), alpha);
}

bool
hybrid_direction(struct hybrid_counts c, enum hybrid_direction *direction)
{
    if (!(c.base1 > 0 && c.base0 > 0 && c.acted1 > 0 && c.acted0 > 0))
        return false;

    /* cross products: no rounding of a quotient decides */
    const bool more = c.acted1 * c.base0 > c.acted0 * c.base1;
    const bool fewer = c.hits1 * c.acted0 < c.hits0 * c.acted1;

    *direction = more ? (fewer ? HYBRID_BOTH : HYBRID_BENCHMARK_ONLY)
                      : (fewer ? HYBRID_OUTCOME_ONLY : HYBRID_NEITHER);
    return true;
}
