/* SPDX-License-Identifier: EUPL-1.2 */
/* Propositions 1 and 2 of the paper; 5b-methods, section 8, has them in these symbols. */
#include "analyzer/stat/bounds.h"

#include "analyzer/stat/dist.h"

#include <stdbool.h>

static bool
is_defined(struct proportion_pair p, double rho)
{
    return p.n1 > 0 && p.n0 > 0 && p.k1 >= 0 && p.k0 >= 0 && p.k1 <= p.n1 && p.k0 <= p.n0 &&
           rho >= 0 && rho < 1;
}

struct bounds
bounds_at(struct proportion_pair p, double rho)
{
    if (!is_defined(p, rho))
        return (struct bounds){NAN, NAN, INTERVAL_UNDEFINED};

    const double y1 = p.k1 / p.n1;
    const double y0 = p.k0 / p.n0;
    const double pi1 = p.n1 / (p.n1 + p.n0);
    const double pi0 = p.n0 / (p.n1 + p.n0);
    const double naive = y1 - y0;
    /* at rho = 0 the maximum is 0 for y1 under 1, and the whole term is 0 in any case */
    const double least = rho > 0 ? fmax(0, 1 + (y1 - 1) / rho) : 0;
    const double lower = naive + rho * y0 * pi1;

    return (struct bounds){
        naive, naive + rho * y0, {lower, lower + rho / (1 - rho) * (y1 - least) * pi0}};
}

struct estimate
bounds_att(struct proportion_pair p, double rho, double level)
{
    if (!is_defined(p, rho))
        return ESTIMATE_UNDEFINED;

    const double y1 = p.k1 / p.n1;
    const double y0 = p.k0 / p.n0;
    const double value = y1 - (1 - rho) * y0;
    const double wide = dist_normal_z(level) *
                        sqrt(y1 * (1 - y1) / p.n1 + (1 - rho) * (1 - rho) * y0 * (1 - y0) / p.n0);

    return (struct estimate){value, value - wide, value + wide};
}

double
bounds_rho_zero(struct proportion_pair p)
{
    if (!is_defined(p, 0))
        return NAN;

    const double y1 = p.k1 / p.n1;
    const double y0 = p.k0 / p.n0;

    if (y1 >= y0)
        return 0;
    return y1 > 0 ? 1 - y1 / y0 : NAN;
}

static double
e_value(double ratio)
{
    const double up = ratio < 1 ? 1 / ratio : ratio;

    return up + sqrt(up * (up - 1));
}

struct e_value
bounds_e_value(struct estimate r)
{
    struct e_value e = {NAN, NAN};

    if (!(r.value > 0))
        return e;
    e.value = e_value(r.value);
    if (isnan(r.lower) || isnan(r.upper))
        return e;
    e.limit = r.lower > 1 ? e_value(r.lower) : r.upper < 1 ? e_value(r.upper) : 1;
    return e;
}
