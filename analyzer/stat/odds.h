/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Two-by-two tables, one or many: chi-square, Fisher's exact test, the conditional odds ratio,
 * Mantel-Haenszel and Cochran-Mantel-Haenszel, and the exact test over strata. Definitions are
 * those of R's chisq.test, fisher.test and mantelhaen.test; roots are solved to rounding, where R
 * stops at 1e-4.
 */
#ifndef MAATSTAF_ANALYZER_STAT_ODDS_H
#define MAATSTAF_ANALYZER_STAT_ODDS_H

#include "analyzer/stat/pooled.h"

#include <stdbool.h>
#include <stddef.h>

/* Group: a with, b without the outcome; reference: c with, d without. Odds ratio a d / (b c). */
struct odds_table {
    double a, b, c, d;
};

/* k1 of n1 in the group, k0 of n0 in the reference. */
struct odds_table odds_table(double k1, double n1, double k0, double n0);

/* Pearson's chi-square, 1 df; `yates` takes min(1/2, |observed - expected|) off. Undefined with an
 * empty margin. */
struct test odds_chi_square(struct odds_table t, bool yates);

/*
 * Fisher's exact test. Undefined past 1e10 cases, and when a margin is empty: one table is possible
 * then, whatever the odds. (R's fisher.test prints p = 1 there, with 0 to Inf around an estimate of
 * 0.)
 */
struct odds_fisher {
    struct estimate odds_ratio; /* conditional maximum likelihood */
    double p;                   /* two-sided: tables at most as likely as this one */
};
struct odds_fisher odds_fisher(struct odds_table t, double level);

/*
 * The same with R's own root finding, which stops at 1.2e-4 on the scale of the odds ratio or its
 * inverse: for numbers that must agree with those that were published from R.
 */
struct odds_fisher odds_fisher_as_r(struct odds_table t, double level);

/* One-sided Fisher p: small when the group's odds are higher (`greater`) or lower. */
double odds_fisher_p(struct odds_table t, bool greater);

/* Mantel-Haenszel odds ratio; Robins-Breslow-Greenland variance of its logarithm (Biometrics 42,
 * 1986). A stratum is informative when no margin is empty. */
struct pooled_ratio odds_pooled(const struct odds_table *tables, size_t count, double level);

/* Cochran-Mantel-Haenszel chi-square, 1 df; `corrected` takes 1/2 off when
 * |sum| is at least that. */
struct test odds_cmh(const struct odds_table *tables, size_t count, bool corrected);

/* True when any informative stratum has an expected cell under 5. */
bool odds_is_sparse(const struct odds_table *tables, size_t count);

/*
 * Exact conditional test over strata: the sum of the group's outcomes given all margins. The caller
 * gives `work` of odds_exact_work() doubles. The cost is that of convolving the strata's ranges;
 * with no
 * informative table, and for tables so far out that their null probability is no double, everything
 * is undefined.
 */
size_t odds_exact_work(const struct odds_table *tables, size_t count);
struct odds_fisher odds_exact(const struct odds_table *tables, size_t count, double level,
                              double *work);

#endif
