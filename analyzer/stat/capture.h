/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How many there are when two or three incomplete lists overlap: Chapman's estimate for two, the
 * eight log-linear models for three (Fienberg 1972). Assumes that linking is right, that everyone
 * can be on every list, and that nothing makes all three lists miss the same people.
 */
#ifndef MAATSTAF_ANALYZER_STAT_CAPTURE_H
#define MAATSTAF_ANALYZER_STAT_CAPTURE_H

#include "analyzer/stat/estimate.h"
#include "common/arena.h"

#include <stdbool.h>

struct capture {
    struct estimate total; /* all, on a list or not */
    double se;
    double seen; /* on at least one list */
};

/*
 * (n1 + 1)(n2 + 1) / (m + 1) - 1 for lists of n1 and n2 with m on both, with Seber's variance;
 * limits on the logarithm of the number not seen (Chao 1987), never under the number seen.
 * Undefined when m exceeds a list.
 */
struct capture capture_chapman(double n1, double n2, double m, double level);

/* Models of three lists a, b, c by the pairs that depend on each other. */
enum { CAPTURE_AB = 1, CAPTURE_AC = 2, CAPTURE_BC = 4, CAPTURE_MODELS = 8 };

/* Counts by pattern: seen[1 * on_a + 2 * on_b + 4 * on_c]; seen[0], on no list, is not read. */
struct capture_three {
    struct capture of;
    double aic, deviance, df;
};

/* `model` is a sum of CAPTURE_AB …. False when the model has no finite maximum (an empty cell that
 * it needs). */
bool capture_loglinear(struct arena *a, const double seen[8], int model, double level,
                       struct capture_three *out);

#endif
