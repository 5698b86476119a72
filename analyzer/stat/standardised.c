/* SPDX-License-Identifier: EUPL-1.2 */
/* Weights as in rate_standardised(). */
#include "analyzer/stat/standardised.h"

/* Poisson variance of the standardised rate over its square. */
static double
relative_variance(const struct rate_class *c, size_t count)
{
    double rate = 0;
    double variance = 0;

    for (size_t i = 0; i < count; i++) {
        const double weight = c[i].standard > 0 ? c[i].standard / c[i].exposure : 0;

        rate += weight * c[i].count;
        variance += weight * weight * c[i].count;
    }
    return variance / (rate * rate);
}

struct pooled_ratio
standardised_ratio(const struct rate_class *one, const struct rate_class *zero, size_t count,
                   double level)
{
    const double rate1 = rate_standardised(one, count, level).value;
    const double rate0 = rate_standardised(zero, count, level).value;

    /* no strata: all undefined */
    return pooled_ratio(rate1, rate0,
                        relative_variance(one, count) + relative_variance(zero, count),
                        isnan(rate1) || isnan(rate0) ? 0 : count, level);
}
