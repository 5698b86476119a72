/* SPDX-License-Identifier: EUPL-1.2 */
/* See fit_sampler.h. */
#include "analyzer/fit/fit_sampler.h"

#include <math.h>
#include <time.h>

enum { LEAST_ITERATIONS = 40, MOST_ITERATIONS = 100000, MOST_CHAINS = 64 };

static const size_t most_values = (size_t)1 << 27; /* of draws: 1 GiB */

/* CPU seconds of all threads. */
static double
cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool
options_of(const struct fit *f, size_t outputs, struct nuts_options *o, struct err *e)
{
    const int64_t chains = f->options->chains, iterations = f->options->iter;

    if (chains < 1 || chains > MOST_CHAINS) {
        err_set(e, ERR_USAGE, "--chains must lie between 1 and %d", MOST_CHAINS);
        return err_hint(e, "4 is usual");
    }
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
        err_set(e, ERR_USAGE, "--iter must lie between %d and %d", LEAST_ITERATIONS,
                MOST_ITERATIONS);
        return err_hint(e, "2000 is usual");
    }
    *o = NUTS_DEFAULTS;
    o->chains = (unsigned)chains;
    o->seed = (uint64_t)f->options->seed;
    /* a quarter, but 500 where that leaves half */
    o->warmup = (unsigned)(iterations >= 2000   ? iterations / 4
                           : iterations >= 1000 ? 500
                                                : iterations / 2);
    o->draws = (unsigned)iterations - o->warmup;
    if ((double)o->chains * o->draws * (double)outputs > (double)most_values) {
        err_set(e, ERR_USAGE, "so many draws of %zu quantities do not fit in memory", outputs);
        return err_hint(e, "lower --iter or --chains");
    }
    return true;
}

static void
summarise(struct fit *f, struct fit_sample *s)
{
    const size_t n = s->run.chains * s->run.draws, outputs = s->run.outputs;
    struct diagnose *const d = diagnose_new(f->arena, s->run.chains, s->run.draws);
    struct diagnose_summary *const of = arena_array(f->arena, outputs, sizeof *of);
    double *const x = arena_array(f->arena, n, sizeof *x);

    for (size_t k = 0; k < outputs; k++) {
        for (size_t i = 0; i < n; i++)
            x[i] = s->run.values[i * outputs + k];
        of[k] = diagnose_summary(d, x, f->options->level);
    }
    s->of = of;
}

static void
judge(struct fit *f, const struct fit_sample *s, size_t judged, double seconds)
{
    const struct nuts_run *const r = &s->run;
    double rhat = 0, bulk = INFINITY, tail = INFINITY, step = 0;

    for (size_t k = 0; k < judged; k++)
        if (!isnan(s->of[k].rhat)) {
            rhat = fmax(rhat, s->of[k].rhat);
            bulk = fmin(bulk, s->of[k].ess_bulk);
            tail = fmin(tail, s->of[k].ess_tail);
        }
    for (size_t c = 0; c < r->chains; c++)
        step += r->step[c] / (double)r->chains;
    f->converged =
        r->started && r->divergences == 0 && rhat > 0 && rhat < 1.01 && bulk > 400 && tail > 400;
    fit_put(f->diagnostics, "divergences", (double)r->divergences);
    fit_put(f->diagnostics, "rhat_max", rhat > 0 ? rhat : NAN);
    fit_put(f->diagnostics, "ess_bulk_min", bulk);
    fit_put(f->diagnostics, "ess_tail_min", tail);
    fit_put(f->diagnostics, "seconds", seconds);
    fit_put(f->diagnostics, "ess_per_second", bulk / seconds);
    fit_put(f->diagnostics, "step_size", step);
    fit_put(f->diagnostics, "tree_depth_max", (double)r->deepest);
    fit_put(f->diagnostics, "e_bfmi_min",
            diagnose_bfmi((struct diagnose_chains){r->chains, r->draws, r->energy}));
    fit_put(f->diagnostics, "chains", (double)r->chains);
    fit_put(f->diagnostics, "draws", (double)(r->chains * r->draws));
}

bool
fit_sample(struct fit *f, const struct nuts_target *target, size_t judged,
           struct fit_sample *sample, struct err *e)
{
    struct nuts_options o;

    if (!options_of(f, target->outputs, &o, e))
        return false;

    const double before = cpu_seconds();

    nuts_run(f->arena, target, &o, &sample->run);
    const double seconds = cpu_seconds() - before;

    summarise(f, sample);
    judge(f, sample, judged, seconds);
    return true;
}

void
fit_put_sampled(struct fit *f, const struct fit_sample *sample, size_t output, const char *name,
                const char *method, struct fit_subject about, const char *why)
{
    const struct diagnose_summary *const s = &sample->of[output];
    json_t *const figure = fit_figure(f, name, method, about);

    fit_put_estimate(f, figure, (struct estimate){s->mean, s->lower, s->upper});
    fit_put(figure, "median", s->median);
    fit_put(figure, "sd", s->sd);
    fit_put(figure, "rhat", s->rhat);
    fit_put(figure, "ess_bulk", s->ess_bulk);
    fit_put(figure, "ess_tail", s->ess_tail);
    fit_note(figure, why ? why : "the draws do not vary, or are too few",
             f->converged ? NULL : "the chains have not converged: not to be used");
}

double
fit_sample_share(const struct fit_sample *sample, size_t a, size_t b, double limit)
{
    const struct nuts_run *const r = &sample->run;
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
