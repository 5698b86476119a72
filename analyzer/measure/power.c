/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a comparison could have shown, for those whose test is Wald's: read off the width of the
 * interval. Exact tests work theirs out where they are made (analyzer/stat/detectable.h). Fills
 * only what is still undefined, and nothing of a figure that is withheld.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/detectable.h"

#include <math.h>
#include <string.h>

enum scale { RATIO, DIFFERENCE };

/* The methods of comparisons, and whether 1 or 0 is no difference. */
static const struct {
    const char *method;
    enum scale scale;
} methods[] = {
    {"woolf", RATIO},
    {"fisher", RATIO},
    {"mantel-haenszel", RATIO},
    {"mantel-haenszel-mixture", RATIO},
    {"quasipoisson", RATIO},
    {"negbin", RATIO},
    {"hierarchical-nuts", RATIO},
    {"empirical-bayes", RATIO},
    {"monte-carlo", RATIO},
    {"log-normal", RATIO},
    {"mover", DIFFERENCE},
    {"logistic", DIFFERENCE},
    {"ols", DIFFERENCE},
    {"inverse-variance", DIFFERENCE},
    {"doubly-robust", DIFFERENCE},
    {"marginal-standardised", DIFFERENCE},
    {"threshold-nuts", DIFFERENCE},
};

static double
detectable_of(const struct figure *x, enum scale scale)
{
    if (scale == DIFFERENCE)
        return copysign(detectable_wald(x->lower, x->upper, x->level), x->value);
    if (!(x->lower > 0 && isfinite(x->upper)))
        return NAN;
    return exp(detectable_wald(log(x->lower), log(x->upper), x->level));
}

void
measure_power(struct figures *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct figure *const x = &f->list[i];

        if (x->reference[0] == '\0' || !isnan(x->detectable))
            continue;
        for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
            if (strcmp(x->method, methods[k].method) == 0)
                x->detectable = detectable_of(x, methods[k].scale);
    }
}
