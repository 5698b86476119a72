/* SPDX-License-Identifier: EUPL-1.2 */
/* See posterior.h. Draws and summaries belong to the arena. */
#include "analyzer/stat/posterior.h"

#include <math.h>
#include <string.h>

/* ---- lost chains ----------------------------------------------------------------------------- */

static const double LOST = 8;

static double
mean_energy(const struct nuts_run *r, size_t chain)
{
    double mean = 0;

    for (size_t i = 0; i < r->draws; i++)
        mean += r->energy[chain * r->draws + i] / (double)r->draws;
    return mean;
}

static double
least_energy(const struct nuts_run *r)
{
    double least = INFINITY;

    for (size_t c = 0; c < r->chains; c++)
        least = fmin(least, mean_energy(r, c));
    return least;
}

/* Runs one chain from a further stream in the place of a lost one. */
static void
run_anew(struct arena *a, const struct nuts_target *target, struct nuts_options options,
         unsigned stream, size_t chain, struct nuts_run *into)
{
    const size_t row = into->draws * into->outputs;
    struct arena *const own = arena_child(a);
    struct nuts_run one;

    options.first = stream;
    options.chains = 1;
    nuts_run(own, target, &options, &one);
    memcpy(into->values + chain * row, one.values, row * sizeof *one.values);
    memcpy(into->energy + chain * into->draws, one.energy, into->draws * sizeof *one.energy);
    into->step[chain] = one.step[0];
    into->divergences += one.divergences - into->diverged[chain];
    into->diverged[chain] = one.divergences;
    into->saturated += one.saturated;
    into->deepest = one.deepest > into->deepest ? one.deepest : into->deepest;
    into->gradients += one.gradients;
    into->started = into->started && one.started;
    arena_free(own);
}

void
posterior_sample(struct arena *a, const struct nuts_target *target,
                 const struct nuts_options *options, struct posterior *p)
{
    nuts_run(a, target, options, &p->run);
    p->replaced = 0;
    for (size_t c = 0; c < p->run.chains && p->replaced < 2 * p->run.chains && p->run.started;) {
        if (mean_energy(&p->run, c) < least_energy(&p->run) + LOST) {
            c++;
            continue;
        }
        run_anew(a, target, *options, options->first + options->chains + (unsigned)p->replaced, c,
                 &p->run);
        p->replaced++;
        c = 0;
    }
}

/* ---- summaries ------------------------------------------------------------------------------- */

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
posterior_p(double hits, double draws)
{
    return (hits + 1) / (draws + 1);
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
