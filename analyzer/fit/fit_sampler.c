/* SPDX-License-Identifier: EUPL-1.2 */
/* See fit_sampler.h. */
#include "analyzer/fit/fit_sampler.h"

#include <math.h>
#include <string.h>
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
path_of(const char *name, enum nuts_path *path, struct err *e)
{
    *path = name && strcmp(name, "hmc") == 0 ? NUTS_FIXED : NUTS_UNTIL_TURN;
    if (*path == NUTS_FIXED || !name || strcmp(name, "nuts") == 0)
        return true;
    err_set(e, ERR_USAGE, "there is no sampler \"%.40s\"", name);
    return err_hint(e, "the samplers are nuts, hmc");
}

static bool
options_of(const struct fit *f, size_t outputs, struct nuts_options *o, struct err *e)
{
    const int64_t chains = f->options->chains, iterations = f->options->iter;
    enum nuts_path path = NUTS_UNTIL_TURN;

    if (chains < 1 || chains > MOST_CHAINS) {
        err_set(e, ERR_USAGE, "--chains must lie between 1 and %d", MOST_CHAINS);
        return err_hint(e, "4 is usual");
    }
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
        err_set(e, ERR_USAGE, "--iter must lie between %d and %d", LEAST_ITERATIONS,
                MOST_ITERATIONS);
        return err_hint(e, "2000 is usual");
    }
    if (!path_of(f->options->sampler, &path, e))
        return false;
    *o = NUTS_DEFAULTS;
    o->path = path;
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
put_diagnostics(struct fit *f, const struct posterior *p, double seconds)
{
    const struct nuts_run *const r = &p->run;
    double step = 0;

    for (size_t c = 0; c < r->chains; c++)
        step += r->step[c] / (double)r->chains;
    f->converged = p->converged;
    fit_put(f->diagnostics, "divergences", (double)r->divergences);
    fit_put(f->diagnostics, "rhat_max", p->rhat);
    fit_put(f->diagnostics, "ess_bulk_min", p->ess_bulk);
    fit_put(f->diagnostics, "ess_tail_min", p->ess_tail);
    fit_put(f->diagnostics, "seconds", seconds);
    fit_put(f->diagnostics, "ess_per_second", p->ess_bulk / seconds);
    fit_put(f->diagnostics, "step_size", step);
    fit_put(f->diagnostics, "tree_depth_max", (double)r->deepest);
    fit_put(f->diagnostics, "e_bfmi_min",
            diagnose_bfmi((struct diagnose_chains){r->chains, r->draws, r->energy}));
    fit_put(f->diagnostics, "chains", (double)r->chains);
    fit_put(f->diagnostics, "chains_replaced", (double)p->replaced);
    fit_put(f->diagnostics, "draws", (double)(r->chains * r->draws));
}

bool
fit_sample(struct fit *f, const struct nuts_target *target, size_t judged, struct posterior *sample,
           struct err *e)
{
    struct nuts_options o;

    if (!options_of(f, target->outputs, &o, e))
        return false;

    const double before = cpu_seconds();

    posterior_sample(f->arena, target, &o, sample);
    const double seconds = cpu_seconds() - before;

    posterior_judge(f->arena, judged, f->options->level, sample);
    put_diagnostics(f, sample, seconds);
    return true;
}

void
fit_put_sampled(struct fit *f, const struct posterior *sample, size_t output, const char *name,
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
