/* SPDX-License-Identifier: EUPL-1.2 */
/* The last step of every Mantel-Haenszel ratio: from its sums to its test and limits. */
#include "analyzer/stat/pooled.h"

#include "analyzer/stat/dist.h"

struct pooled_ratio
pooled_ratio(double above, double below, double variance, size_t strata, double level)
{
    struct pooled_ratio pooled = {ESTIMATE_UNDEFINED, NAN, NAN, NAN, strata};

    if (strata == 0)
        return pooled;
    pooled.ratio.value = below > 0 ? above / below : INFINITY;
    if (!(above > 0 && below > 0))
        return pooled;

    const double log_ratio = log(above / below);
    const double reach = dist_normal_z(level) * sqrt(variance);

    pooled.se_log = sqrt(variance);
    pooled.z = log_ratio / pooled.se_log;
    pooled.p = 2 * dist_normal_p(fabs(pooled.z), 0, 1, DIST_UPPER);
    pooled.ratio.lower = exp(log_ratio - reach);
    pooled.ratio.upper = exp(log_ratio + reach);
    return pooled;
}
