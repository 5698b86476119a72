/* SPDX-License-Identifier: EUPL-1.2 */
/* See nuts.h. In a chain everything is in the metric's coordinates y, where momenta are standard
 * normal; only the density sees q. */
#include "analyzer/stat/nuts.h"

#include "analyzer/stat/nuts_tree.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

struct chain {
    struct nuts_tree tree;
    const struct nuts_options *options;
    struct nuts_run *run;
    unsigned index;
    size_t divergences, deepest, saturated;
    bool started;
};

/* ---- step size: dual averaging (Hoffman and Gelman 2014, section 3.2; their constants) ------- */

struct averaging {
    double centre, log_step, log_mean, error;
    unsigned n;
};

/* Beyond this the Gaussian rotation comes near half a period, where a step changes nothing. */
static const double most_step = 0.8;

static void
averaging_start(struct averaging *d, double step)
{
    *d = (struct averaging){.centre = log(2 * step), .log_step = log(step), .log_mean = log(step)};
}

static void
averaging_add(struct averaging *d, double accept, double target)
{
    const double n = ++d->n, weight = 1 / (n + 10), forget = pow(n, -0.75);

    d->error = (1 - weight) * d->error + weight * (target - accept);
    d->log_step = fmin(d->centre - sqrt(n) / 0.05 * d->error, log(most_step));
    d->log_mean = forget * d->log_step + (1 - forget) * d->log_mean;
}

/* ---- warm-up ------------------------------------------------------------------------------- */

/* The metric is renewed at the ends of windows that double, the first short, because the start is
 * rough; the last tenth adapts the step alone. */
static unsigned
window_after(unsigned from, unsigned warmup)
{
    const unsigned last = warmup - warmup / 10;
    unsigned end = from == 0 ? warmup / 20 + 5 : 2 * from + 10;

    if (2 * end > last) /* the next would not be whole */
        end = last;
    return end > warmup ? warmup : end;
}

static void
gradient_at(void *context, const double *q, double *gradient)
{
    struct nuts_tree *const t = context;

    t->gradients++;
    t->target->density(t->target->model, q, gradient, t->room);
}

static void
renew_metric(struct nuts_tree *t)
{
    metric_to_position(t->metric, t->current.y, t->q);
    metric_update(t->metric);
    metric_to_whitened(t->metric, t->q, t->current.y);
    nuts_tree_evaluate(t, &t->current);
}

static void
count_transition(struct chain *c, const struct nuts_transition *s)
{
    c->divergences += s->diverged;
    c->saturated += s->saturated;
    c->deepest = s->depth > c->deepest ? s->depth : c->deepest;
}

static struct nuts_transition
transition(struct chain *c)
{
    return c->options->path == NUTS_FIXED ? nuts_tree_path(&c->tree)
                                          : nuts_tree_transition(&c->tree);
}

static void
warm_up(struct chain *c)
{
    enum { HESSIANS = 40 }; /* looked at in a window, at most */

    struct nuts_tree *const t = &c->tree;
    const unsigned warmup = c->options->warmup, adapted = warmup - warmup / 10;
    const struct metric_gradient gradient = {gradient_at, t};
    unsigned from = 0, end = window_after(0, warmup);
    struct averaging d;

    averaging_start(&d, 0.3);
    for (unsigned i = 0; i < warmup; i++) {
        t->step = exp(d.log_step);
        averaging_add(&d, transition(c).accept, c->options->accept);
        const unsigned each = t->target->shape.diagonal ? 1 : (end - from) / HESSIANS + 1;

        if (i < adapted && (end - i) % each == 0) {
            metric_to_position(t->metric, t->current.y, t->q);
            metric_observe(t->metric, t->q, gradient);
        }
        if (i + 1 == end && end <= adapted) {
            renew_metric(t);
            averaging_start(&d, exp(d.log_mean));
            from = end;
            end = window_after(end, warmup);
        }
    }
    if (warmup > 0)
        t->step = exp(d.log_mean);
}

/* ---- a chain ------------------------------------------------------------------------------- */

/* The metric at the start comes from the Hessian there (twice: the first gives the scales for the
 * differences of the second). */
static bool
begin(struct chain *c)
{
    enum { TRIES = 100 };

    struct nuts_tree *const t = &c->tree;
    const struct nuts_target *const target = t->target;
    const struct metric_gradient gradient = {gradient_at, t};

    for (unsigned i = 0; i < TRIES; i++) {
        target->start(target->model, &t->rng, t->q);
        metric_to_whitened(t->metric, t->q, t->current.y);
        nuts_tree_evaluate(t, &t->current);
        if (!isfinite(t->current.log_density))
            continue;
        for (unsigned pass = 0; pass < 2 && !target->shape.diagonal; pass++) {
            metric_to_position(t->metric, t->current.y, t->q);
            metric_observe(t->metric, t->q, gradient);
            renew_metric(t);
        }
        return true;
    }
    return false;
}

static void
run_chain(struct chain *c)
{
    struct nuts_tree *const t = &c->tree;
    struct nuts_run *const run = c->run;
    const size_t first = c->index * run->draws;

    c->started = begin(c);
    if (!c->started)
        return;
    warm_up(c);
    for (size_t i = 0; i < run->draws; i++) {
        struct nuts_transition s = transition(c);

        for (unsigned left = c->options->thin; left > 1; left--) {
            count_transition(c, &s);
            s = transition(c);
        }
        count_transition(c, &s);
        run->energy[first + i] = s.energy;
        metric_to_position(t->metric, t->current.y, t->q);
        t->target->output(t->target->model, t->q, run->values + (first + i) * run->outputs,
                          t->room);
    }
    run->step[c->index] = t->step;
}

/* ---- threads ------------------------------------------------------------------------------- */

struct worker {
    struct chain *chains;
    unsigned count, first, stride;
};

static void *
work(void *argument)
{
    const struct worker *const w = argument;

    for (unsigned i = w->first; i < w->count; i += w->stride)
        run_chain(&w->chains[i]);
    return NULL;
}

/* A thread that cannot be had is no failure: its chains run here. */
static void
run_all(struct arena *a, struct chain *chains, const struct nuts_options *o)
{
    const unsigned wanted = o->threads < 1 ? 1 : o->threads;
    const unsigned threads = wanted > o->chains ? o->chains : wanted;
    struct worker *const workers = arena_array(a, threads, sizeof *workers);
    pthread_t *const ids = arena_array(a, threads, sizeof *ids);
    bool *const running = arena_array(a, threads, sizeof *running);

    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (struct worker){chains, o->chains, i, threads};
        running[i] = i > 0 && pthread_create(&ids[i], NULL, work, &workers[i]) == 0;
    }
    for (unsigned i = 0; i < threads; i++)
        if (!running[i])
            work(&workers[i]);
    for (unsigned i = 0; i < threads; i++)
        if (running[i])
            pthread_join(ids[i], NULL);
}

void
nuts_run(struct arena *a, const struct nuts_target *target, const struct nuts_options *options,
         struct nuts_run *run)
{
    struct chain *const chains = arena_array(a, options->chains, sizeof *chains);
    const size_t rows = (size_t)options->chains * options->draws;

    *run = (struct nuts_run){.chains = options->chains,
                             .draws = options->draws,
                             .outputs = target->outputs,
                             .values = arena_array(a, rows * target->outputs, sizeof(double)),
                             .energy = arena_array(a, rows, sizeof(double)),
                             .step = arena_array(a, options->chains, sizeof(double)),
                             .diverged = arena_array(a, options->chains, sizeof(size_t)),
                             .started = true};
    for (unsigned i = 0; i < options->chains; i++) {
        chains[i] = (struct chain){.options = options, .run = run, .index = i};
        nuts_tree_init(a, &chains[i].tree, target, options->most_depth,
                       rng_stream(options->seed, options->first + i));
    }
    run_all(a, chains, options);

    for (unsigned i = 0; i < options->chains; i++) {
        run->diverged[i] = chains[i].divergences;
        run->divergences += chains[i].divergences;
        run->saturated += chains[i].saturated;
        run->deepest = chains[i].deepest > run->deepest ? chains[i].deepest : run->deepest;
        run->gradients += chains[i].tree.gradients;
        run->started = run->started && chains[i].started;
    }
    for (size_t i = 0; i < rows * target->outputs && !run->started; i++)
        run->values[i] = NAN;
}
