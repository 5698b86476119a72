/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What can be said about what happens during stops when the decision to stop is itself biased
 * (Knox, Lowe, Mummolo, APSR 114, 2020), and how strong something unmeasured would have to be
 * (E-value; VanderWeele and Ding, Annals of Internal Medicine 167, 2017). Bounds, never a point.
 */
#ifndef MAATSTAF_ANALYZER_STAT_BOUNDS_H
#define MAATSTAF_ANALYZER_STAT_BOUNDS_H

#include "analyzer/stat/estimate.h"
#include "analyzer/stat/proportion.h"

struct bounds {
    double naive;        /* y1 - y0 */
    double att;          /* among stopped people of the group */
    struct interval ate; /* among all stopped people */
};

/*
 * k of n stopped people had the outcome (searched, force used); `rho` is the share of the group's
 * stops that would not have been made of a person of the reference. Undefined unless 0 <= rho < 1
 * and both n are positive. Assumes that every stop is recorded, that nobody is stopped for being of
 * the reference, that the extra stops are not the graver ones, and that within what is
 * conditioned on the groups are encountered alike.
 */
struct bounds bounds_at(struct proportion_pair pair, double rho);

/* The effect among stopped people of the group with Wald's interval of its sampling error. */
struct estimate bounds_att(struct proportion_pair pair, double rho, double level);

/* The rho at which the effect among the group's stops is 0, given `naive` under 0; 0 when it is
 * not under 0; NaN when no rho under 1 does that. */
double bounds_rho_zero(struct proportion_pair pair);

/*
 * The E-value of a risk ratio, and of the limit nearer to 1 (1 when the interval holds 1): how
 * strongly, as a risk ratio, something unmeasured must go with both group and outcome to explain
 * the ratio away.
 */
struct e_value {
    double value, limit;
};
struct e_value bounds_e_value(struct estimate ratio);

#endif
