/* SPDX-License-Identifier: EUPL-1.2 */
/* The unseen cell is exp(intercept) in contrasts that are 0 on no list. */
#include "analyzer/stat/capture.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/loglinear.h"

#include <stddef.h>

enum { PATTERNS = 8 };

/* seen + unseen, the variance of the number unseen given, log-normal around it. */
static struct capture
with_unseen(double seen, double unseen, double variance, double level)
{
    const double spread = exp(dist_normal_z(level) * sqrt(log1p(variance / (unseen * unseen))));
    struct capture c = {
        {seen + unseen, seen + unseen / spread, seen + unseen * spread}, sqrt(variance), seen};

    if (!(unseen > 0)) /* everything on one list is on the other */
        c.total = (struct estimate){seen, seen, seen};
    return c;
}

struct capture
capture_chapman(double n1, double n2, double m, double level)
{
    if (!(n1 >= 0 && n2 >= 0 && m >= 0 && m <= n1 && m <= n2) || isinf(n1 + n2))
        return (struct capture){ESTIMATE_UNDEFINED, NAN, NAN};

    const double seen = n1 + n2 - m;
    const double unseen = (n1 - m) * (n2 - m) / (m + 1);
    const double variance =
        (n1 + 1) * (n2 + 1) / (m + 1) * ((n1 - m) / (m + 1)) * ((n2 - m) / (m + 2));

    return with_unseen(seen, unseen, variance, level);
}

bool
capture_loglinear(struct arena *arena, const double seen[8], int model, double level,
                  struct capture_three *out)
{
    double x[(PATTERNS - 1) * (PATTERNS - 1)];
    double y[PATTERNS - 1];
    double total = 0;
    size_t columns = 0;
    struct loglinear fit;

    for (int pattern = 1; pattern < PATTERNS; pattern++) {
        const int a = pattern & 1;
        const int b = pattern >> 1 & 1;
        const int c = pattern >> 2 & 1;
        const int terms[] = {1, a, b, c, a * b, a * c, b * c};
        const int used[] = {1, 1, 1, 1, model & CAPTURE_AB, model & CAPTURE_AC, model & CAPTURE_BC};
        size_t at = 0;

        for (size_t j = 0; j < sizeof terms / sizeof *terms; j++)
            at += used[j] != 0;
        columns = at;
        at = (size_t)(pattern - 1) * columns;
        for (size_t j = 0; j < sizeof terms / sizeof *terms; j++)
            if (used[j])
                x[at++] = terms[j];
        y[pattern - 1] = seen[pattern];
        total += seen[pattern];
    }
    if (!loglinear_fit(arena, x, y, PATTERNS - 1, columns, &fit))
        return false;

    const double unseen = exp(fit.beta[0]);

    /* of the estimate and of the Poisson count itself */
    *out = (struct capture_three){
        .of = with_unseen(total, unseen, unseen + unseen * unseen * fit.covariance[0], level),
        .aic = fit.aic,
        .deviance = fmax(0, fit.deviance), /* a saturated fit rounds around 0 */
        .df = (double)(PATTERNS - 1 - columns),
    };
    return isfinite(unseen);
}
