/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fills a rate ratio from a pair of counts and exposures. Does not know where exposures come from
 * and makes no draws; the figure it appends is owned by the measure's list.
 */
#include "analyzer/measure/ratio.h"

struct figure *
ratio_figure(const struct measure *m, const struct frame *f, const char *benchmark,
             const char *reference, struct rate_pair pair)
{
    const struct estimate e = rate_ratio(pair, RATE_EXACT, cube_inputs(m->cube)->choices.level);
    struct figure *const x = measure_figure(m, "rate-ratio", "exact", f);

    x->benchmark = benchmark;
    x->reference = reference;
    x->n = pair.x1 + pair.x0;
    x->events = pair.x1;
    x->exposure = pair.n1;
    x->value = e.value;
    x->lower = e.lower;
    x->upper = e.upper;
    return x;
}

const char *
ratio_guard(struct rate_pair pair, bool withheld)
{
    if (!(pair.n1 > 0 && pair.n0 > 0))
        return "A005";
    return withheld || pair.x0 < SMALL_NUMBER ? "A001" : NULL;
}
