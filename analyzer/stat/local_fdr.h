/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Local false discovery rates of many z values with an empirical null (Efron, JASA 99, 2004): the
 * chance that a unit with this z is one of those that are like the bulk. Definitions of R's locfdr
 * with central matching (its nulltype 2). Says nothing about few units: under LOCAL_FDR_LEAST there
 * is no bulk to see.
 */
#ifndef MAATSTAF_ANALYZER_STAT_LOCAL_FDR_H
#define MAATSTAF_ANALYZER_STAT_LOCAL_FDR_H

#include "common/arena.h"

#include <stddef.h>

enum { LOCAL_FDR_LEAST = 100 };

enum local_fdr_status {
    LOCAL_FDR_DONE,
    LOCAL_FDR_TOO_FEW,  /* under LOCAL_FDR_LEAST values */
    LOCAL_FDR_NO_WIDTH, /* the values are all alike */
    LOCAL_FDR_NO_FIT,   /* the density did not converge */
    LOCAL_FDR_NO_PEAK   /* the middle is not bell-shaped: no empirical null */
};

/* The bulk: normal with this mean and sd, and the share of all units that it holds (may exceed 1
 * by the error of the fit). */
struct local_fdr_null {
    double mean, sd, share;
};

/*
 * fdr[i] of z[i]; NaN passes through and is not counted. On any status but DONE all fdr
 * and *null are NaN. Room is the caller's arena's.
 */
enum local_fdr_status local_fdr(struct arena *a, const double *z, size_t count, double *fdr,
                                struct local_fdr_null *null);

#endif
