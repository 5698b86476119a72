/* SPDX-License-Identifier: EUPL-1.2 */
/* See posterior.h. Draws and summaries belong to the arena. */
#include "analyzer/stat/posterior.h"

#include <math.h>

static void
summarise(struct arena *a, struct posterior *p, double level)
{
    const size_t n = p->run.chains * p->run.draws, outputs = p->run.outputs;
    struct diagnose *const d = diagnose_new(a, p->run.chains, p->run.draws);
    struct diagnose_summary *const of = arena_array(a, outputs, sizeof *of);
    double *const x = arena_array(a, n, sizeof *x);

    for (size_t k = 0; k < outputs; k++) {
        for (size_t i = 0; i < n; i++)
            x[i] = p->run.values[i * outputs + k];
        of[k] = diagnose_summary(d, x, level);
    }
    p->of = of;
}

void
posterior_judge(struct arena *a, size_t judged, double level, struct posterior *p)
{
    double rhat = 0;

    summarise(a, p, level);
    p->ess_bulk = p->ess_tail = INFINITY;
    for (size_t k = 0; k < judged; k++)
        if (!isnan(p->of[k].rhat)) {
            rhat = fmax(rhat, p->of[k].rhat);
            p->ess_bulk = fmin(p->ess_bulk, p->of[k].ess_bulk);
            p->ess_tail = fmin(p->ess_tail, p->of[k].ess_tail);
        }
    p->rhat = rhat > 0 ? rhat : NAN;
    p->converged = p->run.started && p->run.divergences == 0 && p->rhat < 1.01 &&
                   p->ess_bulk > 400 && p->ess_tail > 400;
}

double
posterior_share(const struct posterior *p, size_t a, size_t b, double limit)
{
    const struct nuts_run *const r = &p->run;
    const size_t n = r->chains * r->draws;
    size_t less = 0;

    for (size_t i = 0; i < n; i++) {
        const double *const draw = r->values + i * r->outputs;
        const double other = b == SIZE_MAX ? limit : draw[b];

        if (isnan(draw[a]) || isnan(other))
            return NAN;
        less += draw[a] < other;
    }
    return (double)less / (double)n;
}
