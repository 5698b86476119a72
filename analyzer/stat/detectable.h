/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How small a disparity these numbers could have shown: so that silence is not read as equality.
 * All at the two-sided 5% level with 80% power. Undefined (NaN) when no disparity, however large,
 * would be found that often.
 */
#ifndef MAATSTAF_ANALYZER_STAT_DETECTABLE_H
#define MAATSTAF_ANALYZER_STAT_DETECTABLE_H

#define DETECTABLE_SIZE  0.05
#define DETECTABLE_POWER 0.80

/*
 * Smallest rate ratio above 1 that the exact conditional test finds: `expected0` events expected in
 * the reference, exposures n1 and n0. The power is averaged over the Poisson total of events; given
 * the total, the group's share is binomial and the test rejects when a tail is at most 2.5% (the
 * rule of the exact interval). The total is summed over ±7 standard deviations in at most 160
 * steps.
 */
double detectable_rate_ratio(double expected0, double n1, double n0);

/* The power itself, at a given ratio. */
double detectable_rate_power(double expected0, double n1, double n0, double ratio);

/*
 * Smallest difference p1 - p0 of that sign (+1 or -1) which the pooled score test of n1 and n0
 * finds, p0 known (Fleiss, Levin, Paik 2003, eq. 4.14 without continuity term; R's power.prop.test
 * when n1 = n0). Normal approximation: read it with expected counts of five and more.
 */
double detectable_difference(double p0, double n1, double n0, int sign);

/* Smallest difference from 0 that Wald's test finds, by the interval it goes with: as many standard
 * errors as the two normal quantiles add up to (2.80). Ratios: of logarithms. */
double detectable_wald(double lower, double upper, double level);

#endif
