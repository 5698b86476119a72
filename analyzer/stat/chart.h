/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Control charts of monthly counts: rates (u) and shares (p) with exact and with Laney's limits,
 * the CUSUM of log likelihoods and the exponentially weighted ratio, and the thresholds at which a
 * whole city in control would be left in peace for a given number of months. A month without
 * registration is a gap: a marker that moves nothing, never a zero. Room is the caller's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_CHART_H
#define MAATSTAF_ANALYZER_STAT_CHART_H

#include "analyzer/stat/rate.h"
#include "common/rng.h"

#include <stdbool.h>
#include <stddef.h>

enum chart_kind {
    CHART_RATE, /* counts over an exposure: Poisson, u-chart */
    CHART_SHARE /* counts out of n: binomial, p-chart */
};

/* size is the exposure or n; a month with size 0 or NaN is a gap, whatever its count. */
struct chart_month {
    double count, size;
};

struct chart_series {
    enum chart_kind kind;
    const struct chart_month *month; /* calendar months, in order, gaps included */
    size_t months;
};

bool chart_is_gap(struct chart_month m);

/* The sizes of the months that are no gaps, how many; `size` is room for all months. */
size_t chart_sizes(const struct chart_series *s, double *size);

/* Sum of counts over sum of sizes in the first `baseline` months that are no gap (0: all); NaN
 * without any. */
double chart_centre(const struct chart_series *s, size_t baseline);

/*
 * Laney's sigma of z (Quality Engineering 14, 2002): mean moving range of the standardised months
 * over 2/sqrt(pi), in the baseline; only calendar neighbours make a range. NaN without a range.
 */
double chart_laney(const struct chart_series *s, double centre, size_t baseline);

/* What Laney's sigma says of the scatter, as a factor of the variance: its square, at least 1. */
double chart_dispersion(double laney);

/*
 * Limits of one month's rate or share at `sigma` standard deviations, each widened by `laney` (1:
 * Shewhart's); cut off at 0, and at 1 for a share.
 */
struct interval chart_limits(enum chart_kind kind, double centre, double size, double sigma,
                             double laney);

/*
 * Exact limits: the smallest and largest rate (or share) whose count is not in a tail of less than
 * pnorm(-sigma); Poisson or binomial. A month is out of control when it lies outside.
 */
struct interval chart_limits_exact(enum chart_kind kind, double centre, double size, double sigma);

/* ---- CUSUM and EWMA ---- */

/* One side of a CUSUM: what it has come to, and how many months it has stayed above 0. */
struct chart_cusum {
    double value;
    size_t run;
};

/* value = max(0, value + increment), Page (Biometrika 41, 1954). For Montgomery's tabular form
 * increments are x - mean - K and mean - K - x. */
void chart_cusum_step(struct chart_cusum *c, double increment);

/* What is watched for, and how patiently. */
struct chart_watch {
    double shift;  /* > 1: the rate ratio (shares: odds ratio) up, and its inverse down */
    double weight; /* of the last month in the weighted ratio, in (0, 1] */
};

/*
 * Log likelihood ratio of one month's count for centre * shift against centre (shares: the odds
 * times shift), divided by the dispersion. A shift below 1 watches the other side.
 */
double chart_increment(enum chart_kind kind, double centre, struct chart_month m, double shift,
                       double dispersion);

/* Weighted sums behind the ratio of what was counted to what was expected. */
struct chart_ewma {
    double counted, expected, variance;
};

/* One calendar month further; a gap only lets what was before fade. */
void chart_ewma_step(struct chart_ewma *w, enum chart_kind kind, double centre,
                     struct chart_month m, double weight, double dispersion);

/* (counted - expected) / sd; 0 before anything was counted. */
double chart_ewma_z(const struct chart_ewma *w);

/*
 * The ratio in month `last` with gamma limits of a weighted sum of counts (Fay and Feuer 1997; for
 * shares they err on the wide side). Undefined when nothing was expected. `work` is room for
 * last + 1 classes.
 */
struct estimate chart_ewma_ratio(const struct chart_series *s, double centre, double dispersion,
                                 double weight, size_t last, double level, struct rate_class *work);

/* ---- how often a city in control gives an alarm ---- */

/* A series in control: its sizes come round again when the last has been used. */
struct chart_control {
    enum chart_kind kind;
    double centre, dispersion;
    const double *size; /* no gaps */
    size_t months;
};

/* A threshold, and the mean number of months to the first alarm of all series together. */
struct chart_budget {
    double threshold, run_length, se;
};

struct chart_budgets {
    struct chart_budget cusum, ewma; /* both sides of each; ewma: of |z| */
};

struct chart_simulation {
    struct chart_watch watch;
    double run_length; /* wanted, in months */
    size_t cities;     /* simulated */
    size_t horizon;    /* months at most: run lengths are cut off there, which makes the threshold
                          no lower than needed */
};

/* Doubles of room that chart_simulate needs. */
size_t chart_simulate_work(const struct chart_simulation *how);

/*
 * The lowest thresholds at which the mean run length to the first alarm over all series is at least
 * the one wanted. Counts are drawn as Poisson or binomial, over-dispersed ones through a gamma or
 * beta mean. NaN when no series can give an alarm.
 */
struct chart_budgets chart_simulate(const struct chart_control *series, size_t count,
                                    const struct chart_simulation *how, struct rng *rng,
                                    double *work);

/* The same for a given threshold: what it costs. */
struct chart_budgets chart_run_lengths(const struct chart_control *series, size_t count,
                                       const struct chart_simulation *how, double cusum,
                                       double ewma, struct rng *rng, double *work);

#endif
