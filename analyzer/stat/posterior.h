/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A target sampled and summed up: every output with its limits, and the verdict whether the draws
 * can be trusted. One way for `fit` and for the measures, so that both print the same. What is done
 * with draws that cannot be trusted is the caller's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_POSTERIOR_H
#define MAATSTAF_ANALYZER_STAT_POSTERIOR_H

#include "analyzer/stat/diagnose.h"
#include "analyzer/stat/nuts.h"

struct posterior {
    struct nuts_run run;
    size_t replaced;                   /* chains that were lost, and run anew */
    const struct diagnose_summary *of; /* by output */
    /* Worst of the outputs that are judged; rhat NaN and sizes +Inf without any. */
    double rhat, ess_bulk, ess_tail;
    bool converged; /* R-hat < 1.01, bulk and tail over 400, no divergence */
};

/*
 * Fills p->run. A chain whose energy is on average 8 or more above that of the best is lost: it
 * sits where the posterior is thousands of times less dense and cannot get away. It is run anew
 * from a further stream, at most twice as many times as there are chains. The verdict is left to
 * the diagnostics: chains that keep getting lost do not converge.
 */
void posterior_sample(struct arena *a, const struct nuts_target *target,
                      const struct nuts_options *options, struct posterior *p);

/* Sums up p->run. The first `judged` outputs must converge; NaN ones
 * are left out. */
void posterior_judge(struct arena *a, size_t judged, double level, struct posterior *p);

/* The share of draws in which output a is less than output b (SIZE_MAX: than `limit`). */
double posterior_share(const struct posterior *p, size_t a, size_t b, double limit);

/*
 * A probability from `hits` of `draws`: (hits + 1) / (draws + 1). Draws cannot show that something
 * is impossible, so it is never 0 (Davison, Hinkley, Bootstrap Methods and their Application, 1997,
 * eq. 4.11).
 */
double posterior_p(double hits, double draws);

#endif
