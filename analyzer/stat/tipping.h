/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What stops that were never registered would have to look like to overturn a rate ratio. The
 * unregistered are taken as known numbers beside the registered ones: no sampling error is added
 * for them. What is plausible is for coverage figures to say.
 */
#ifndef MAATSTAF_ANALYZER_STAT_TIPPING_H
#define MAATSTAF_ANALYZER_STAT_TIPPING_H

#include "analyzer/stat/rate.h"

/*
 * The ratio of registered shares, group over reference, that alone would make the observed ratio
 * out of equality: it is the ratio itself (observed = true x share_group / share_reference), with
 * its limits.
 */
struct estimate tipping_registration(struct rate_pair pair, double level);

/*
 * Smallest share of all stops that would have to be unregistered, all of them of the side that
 * counts less, to make the rates equal.
 */
double tipping_share_equal(struct rate_pair pair);

/*
 * The same until the exact interval at `level` changes its verdict: when it leaves out 1, until it
 * holds 1; when it holds 1, until it leaves it out (all unregistered on the side that counts more).
 */
double tipping_share_verdict(struct rate_pair pair, double level);

/*
 * With `unregistered` (in (0, 1)) of all stops missing: the share of the missing that must be of
 * the group for the rates to be equal. Under 0 or over 1: no division of the missing does that.
 */
double tipping_curve(struct rate_pair pair, double unregistered);

#endif
