/* SPDX-License-Identifier: EUPL-1.2 */
/* Counts with additions need not be whole: the beta form of the exact interval takes any. */
#include "analyzer/stat/tipping.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <stdbool.h>

static bool
is_informative(struct rate_pair p)
{
    return p.n1 > 0 && p.n0 > 0 && p.x1 + p.x0 > 0 && isfinite(p.n1 + p.n0 + p.x1 + p.x0);
}

struct estimate
tipping_registration(struct rate_pair pair, double level)
{
    return rate_ratio(pair, RATE_EXACT, level);
}

double
tipping_share_equal(struct rate_pair p)
{
    if (!is_informative(p))
        return NAN;

    /* added to the reference, or to the group when that one is stopped less */
    const double added = fmax(p.x1 * p.n0 / p.n1 - p.x0, p.x0 * p.n1 / p.n0 - p.x1);

    return added / (p.x1 + p.x0 + added);
}

/* How far the nearer limit of the exact interval lies beyond 1; positive: 1 is left out. */
struct search {
    struct rate_pair pair;
    bool to_group; /* the unregistered are the group's */
    bool above;    /* the lower limit is watched, not the upper */
    double half;
};

static double
beyond(double share, const void *context)
{
    const struct search *const s = context;
    struct rate_pair p = s->pair;
    const double added = (p.x1 + p.x0) * share / (1 - share);
    const double null = p.n1 / (p.n1 + p.n0);

    if (s->to_group)
        p.x1 += added;
    else
        p.x0 += added;
    if (s->above)
        return p.x1 > 0 ? s->half - dist_beta_p(null, p.x1, p.x0 + 1, DIST_LOWER) : s->half - 1;
    return p.x0 > 0 ? s->half - dist_beta_p(null, p.x1 + 1, p.x0, DIST_UPPER) : s->half - 1;
}

double
tipping_share_verdict(struct rate_pair p, double level)
{
    double share = NAN;

    if (!is_informative(p))
        return NAN;

    const bool above = p.x1 * p.n0 >= p.x0 * p.n1;
    struct search s = {p, .above = above, .half = (1 - level) / 2};
    const bool found = beyond(0, &s) > 0;

    /* a finding is undone on the other side, and made on its own */
    s.to_group = found != above;
    if (!root_find(beyond, &s, 0, 1 - 1e-9, 1e-14, &share))
        return NAN;
    return share;
}

double
tipping_curve(struct rate_pair p, double unregistered)
{
    if (!is_informative(p) || !(unregistered > 0 && unregistered < 1))
        return NAN;

    const double total = (p.x1 + p.x0) / (1 - unregistered);

    return (total * p.n1 / (p.n1 + p.n0) - p.x1) / (total * unregistered);
}
