/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The coordinate of an effect t ~ N(mean, sigma) in a hierarchy: x in
 *     t = w estimate + (1 - w) mean + s x,   w = k sigma² / (1 + k sigma²),
 *     s = sigma / sqrt(1 + k sigma²).
 * Were the data about t worth a normal likelihood of precision k around the estimate, x would be
 * standard normal whatever mean and sigma are: neither many data nor few make a funnel. Estimate
 * and k are constants and may be rough: they change how well a sampler moves, not what it samples.
 *
 * sigma is a coordinate itself, with its sign: -sigma with -x is the same model, so that the
 * density is even and smooth in sigma, also through 0, where log sigma would have a tail without
 * end. A half-normal prior of |sigma| is a normal one of sigma.
 */
#ifndef MAATSTAF_ANALYZER_STAT_CENTRING_H
#define MAATSTAF_ANALYZER_STAT_CENTRING_H

#include <math.h>

struct centring {
    double t, by_x, by_mean, by_sigma; /* dt/dmean + dt/destimate = 1 */
    /* the prior of x given mean and sigma is exp(-z²/2) jacobian */
    double z, z_by_x, z_by_estimate, z_by_sigma; /* dz/dmean = -dz/destimate */
    double jacobian, log_jacobian_by_sigma;
};

static inline struct centring
centring_of(double x, double estimate, double k, double mean, double sigma)
{
    const double shrink = 1 / (1 + k * sigma * sigma), root = sqrt(shrink), w = 1 - shrink;
    const double off = estimate - mean, pull = k * sigma * shrink, s = sigma * root;

    return (struct centring){.t = mean + w * off + s * x,
                             .by_x = s,
                             .by_mean = shrink,
                             .by_sigma = 2 * pull * shrink * off + shrink * root * x,
                             .z = pull * off + root * x,
                             .z_by_x = root,
                             .z_by_estimate = pull,
                             .z_by_sigma = k * shrink * (1 - 2 * w) * off - pull * root * x,
                             .jacobian = root,
                             .log_jacobian_by_sigma = -pull};
}

#endif
