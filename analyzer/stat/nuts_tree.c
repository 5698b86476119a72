/* SPDX-License-Identifier: EUPL-1.2 */
/* See nuts_tree.h. */
#include "analyzer/stat/nuts_tree.h"

#include <math.h>
#include <string.h>

/* An error of the energy beyond this is a divergence (as in Stan). */
static const double most_error = 1000;

static double *
numbers(struct arena *a, size_t n)
{
    return arena_array(a, n + 1, sizeof(double));
}

static struct nuts_point
point_new(struct arena *a, size_t n)
{
    return (struct nuts_point){numbers(a, n), numbers(a, n), 0};
}

static struct nuts_branch
branch_new(struct arena *a, size_t n)
{
    return (struct nuts_branch){numbers(a, n), numbers(a, n), numbers(a, n), point_new(a, n), 0};
}

void
nuts_tree_init(struct arena *a, struct nuts_tree *t, const struct nuts_target *target,
               unsigned most_depth, struct rng rng)
{
    const size_t n = target->shape.parameters;

    *t = (struct nuts_tree){
        .target = target,
        .metric = metric_new(a, &target->shape),
        .rng = rng,
        .current = point_new(a, n),
        .step = 0.3,
        .n = n,
        .most_depth = most_depth,
        .room = numbers(a, target->room),
        .q = numbers(a, n),
        .gradient_q = numbers(a, n),
        .whole = branch_new(a, n),
        .grown = branch_new(a, n),
        .halves = arena_array(a, 2 * (size_t)most_depth + 2, sizeof(struct nuts_branch))};
    for (unsigned i = 0; i < 2; i++)
        t->ends[i] = (struct nuts_state){point_new(a, n), numbers(a, n)};
    for (unsigned i = 0; i < 2 * most_depth; i++)
        t->halves[i] = branch_new(a, n);
}

/* ---- vectors ------------------------------------------------------------------------------- */

static void
copy(const struct nuts_tree *t, double *to, const double *from)
{
    memcpy(to, from, t->n * sizeof *to);
}

static void
copy_point(const struct nuts_tree *t, struct nuts_point *to, const struct nuts_point *from)
{
    copy(t, to->y, from->y);
    copy(t, to->gradient, from->gradient);
    to->log_density = from->log_density;
}

static void
swap_points(struct nuts_point *a, struct nuts_point *b)
{
    const struct nuts_point kept = *a;

    *a = *b;
    *b = kept;
}

static void
swap_vectors(double **a, double **b)
{
    double *const kept = *a;

    *a = *b;
    *b = kept;
}

/* Sums in four lanes, always in the same order. */
static double
dot(const double *a, const double *b, size_t n)
{
    double s[4] = {0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4)
        for (size_t l = 0; l < 4; l++)
            s[l] += a[i + l] * b[i + l];
    for (; i < n; i++)
        s[0] += a[i] * b[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

/* (a + b) . c */
static double
dot_of_sum(const double *a, const double *b, const double *c, size_t n)
{
    double s[4] = {0};
    size_t i = 0;

    for (; i + 4 <= n; i += 4)
        for (size_t l = 0; l < 4; l++)
            s[l] += (a[i + l] + b[i + l]) * c[i + l];
    for (; i < n; i++)
        s[0] += (a[i] + b[i]) * c[i];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static double
log_sum(double a, double b)
{
    const double most = fmax(a, b);

    return most == -INFINITY ? most : most + log1p(exp(-fabs(a - b)));
}

/* ---- the integrator ------------------------------------------------------------------------ */

void
nuts_tree_evaluate(struct nuts_tree *t, struct nuts_point *point)
{
    t->gradients++;
    metric_to_position(t->metric, point->y, t->q);
    point->log_density = t->target->density(t->target->model, t->q, t->gradient_q, t->room);
    metric_pull(t->metric, t->gradient_q, point->gradient);
}

/*
 * The target is exp(-y²/2) times a rest. Kick by the rest for half a step, turn (y, p) by the angle
 * of the step, which solves the Gaussian part exactly, kick again: reversible, volume preserving.
 */
static void
integrate(struct nuts_tree *t, struct nuts_state *s, double step)
{
    const double half = step / 2, c = cos(step), d = sin(step);

    for (size_t i = 0; i < t->n; i++) {
        const double y = s->at.y[i], p = s->p[i] + half * (s->at.gradient[i] + y);

        s->at.y[i] = c * y + d * p;
        s->p[i] = c * p - d * y;
    }
    nuts_tree_evaluate(t, &s->at);
    for (size_t i = 0; i < t->n; i++)
        s->p[i] += half * (s->at.gradient[i] + s->at.y[i]);
}

static double
energy(const struct nuts_tree *t, const struct nuts_state *s)
{
    const double h = dot(s->p, s->p, t->n) / 2 - s->at.log_density;

    return isnan(h) ? INFINITY : h;
}

/* ---- the tree ------------------------------------------------------------------------------ */

/* Does the trajectory still move apart at both ends? */
static bool
goes_on(const double *first, const double *last, const double *sum, size_t n)
{
    return dot(first, sum, n) > 0 && dot(last, sum, n) > 0;
}

static bool
leaf(struct nuts_tree *t, struct nuts_branch *out)
{
    integrate(t, t->moving, t->direction * t->step);
    const double error = energy(t, t->moving) - t->energy;

    t->leaves++;
    t->accept_sum += error > 0 ? exp(-error) : 1;
    if (!(error <= most_error)) {
        t->diverged = true;
        return false;
    }
    out->log_weight = -error;
    copy_point(t, &out->proposal, &t->moving->at);
    copy(t, out->p_first, t->moving->p);
    copy(t, out->p_last, t->moving->p);
    copy(t, out->p_sum, t->moving->p);
    return true;
}

/* Joins two halves that follow each other; false when the whole turns back, as a whole or from one
 * half to the first momentum of the other. `out` takes over their room. */
static bool
join(struct nuts_tree *t, struct nuts_branch *a, struct nuts_branch *b, struct nuts_branch *out)
{
    const size_t n = t->n;

    out->log_weight = log_sum(a->log_weight, b->log_weight);
    if (log(rng_open(&t->rng)) < b->log_weight - out->log_weight)
        swap_points(&out->proposal, &b->proposal);
    else
        swap_points(&out->proposal, &a->proposal);
    for (size_t i = 0; i < n; i++)
        out->p_sum[i] = a->p_sum[i] + b->p_sum[i];
    const bool on = goes_on(a->p_first, b->p_last, out->p_sum, n) &&
                    dot_of_sum(a->p_sum, b->p_first, a->p_first, n) > 0 &&
                    dot_of_sum(a->p_sum, b->p_first, b->p_first, n) > 0 &&
                    dot_of_sum(b->p_sum, a->p_last, a->p_last, n) > 0 &&
                    dot_of_sum(b->p_sum, a->p_last, b->p_last, n) > 0;

    swap_vectors(&out->p_first, &a->p_first);
    swap_vectors(&out->p_last, &b->p_last);
    return on;
}

/* Grows 2^depth states from `moving`; false when it diverged or turned back. */
static bool
grow(struct nuts_tree *t, unsigned depth, struct nuts_branch *out)
{
    if (depth == 0)
        return leaf(t, out);
    struct nuts_branch *const halves = t->halves + 2 * (depth - 1);

    return grow(t, depth - 1, &halves[0]) && grow(t, depth - 1, &halves[1]) &&
           join(t, &halves[0], &halves[1], out);
}

static void
start(struct nuts_tree *t)
{
    struct nuts_state *const end = &t->ends[0];

    for (size_t i = 0; i < t->n; i++)
        end->p[i] = rng_normal(&t->rng);
    copy_point(t, &end->at, &t->current);
    copy_point(t, &t->ends[1].at, &t->current);
    copy(t, t->ends[1].p, end->p);
    copy(t, t->whole.p_first, end->p);
    copy(t, t->whole.p_last, end->p);
    copy(t, t->whole.p_sum, end->p);
    t->whole.log_weight = 0;
    t->energy = energy(t, end);
    t->accept_sum = 0;
    t->leaves = 0;
    t->diverged = false;
}

/*
 * The trajectory with the grown branch at one end; false when it turns back. Momenta are kept in
 * the order of time: a branch grown backward is turned round.
 */
static bool
extend(struct nuts_tree *t)
{
    struct nuts_branch *const w = &t->whole, *const g = &t->grown;
    const bool forward = t->direction > 0;
    const size_t n = t->n;

    /* biased progressive sampling: the far half is preferred */
    if (log(rng_open(&t->rng)) < g->log_weight - w->log_weight)
        copy_point(t, &t->current, &g->proposal);
    w->log_weight = log_sum(w->log_weight, g->log_weight);
    if (!forward)
        swap_vectors(&g->p_first, &g->p_last);

    const struct nuts_branch *const a = forward ? w : g, *const b = forward ? g : w;
    const bool joint = dot_of_sum(a->p_sum, b->p_first, a->p_first, n) > 0 &&
                       dot_of_sum(a->p_sum, b->p_first, b->p_first, n) > 0 &&
                       dot_of_sum(b->p_sum, a->p_last, a->p_last, n) > 0 &&
                       dot_of_sum(b->p_sum, a->p_last, b->p_last, n) > 0;

    for (size_t i = 0; i < n; i++)
        w->p_sum[i] += g->p_sum[i];
    if (forward)
        swap_vectors(&w->p_last, &g->p_last);
    else
        swap_vectors(&w->p_first, &g->p_first);
    return joint && goes_on(w->p_first, w->p_last, w->p_sum, n);
}

struct nuts_transition
nuts_tree_transition(struct nuts_tree *t)
{
    unsigned depth = 0;
    bool on = true;

    start(t);
    while (on && depth < t->most_depth) {
        t->direction = rng_next(&t->rng) >> 63 ? 1 : -1;
        t->moving = &t->ends[t->direction > 0];
        on = grow(t, depth, &t->grown);
        if (!on)
            break;
        depth++;
        on = extend(t);
    }
    return (struct nuts_transition){.accept = t->leaves > 0 ? t->accept_sum / t->leaves : 0,
                                    .energy = t->energy,
                                    .depth = depth,
                                    .diverged = t->diverged,
                                    .saturated = on && depth == t->most_depth};
}

/* ---- a path of given length ---------------------------------------------------------------- */

/*
 * 1.8 of the 2 pi of a Gaussian's period, give or take a fifth: a little beyond a quarter, so that
 * draws that follow each other are opposite rather than alike. One in sixteen is three times as
 * long: on its own a path of one length can come back where it was in a direction whose period is
 * another than the metric says.
 */
struct nuts_transition
nuts_tree_path(struct nuts_tree *t)
{
    const double vary = 0.8 + 0.4 * rng_uniform(&t->rng);
    const double angle = 1.8 * vary * (rng_below(&t->rng, 16) == 0 ? 3 : 1);
    const double steps = ceil(angle / t->step);
    struct nuts_state *const s = &t->ends[1];

    start(t);
    for (double i = 0; i < steps && !t->diverged; i++) {
        integrate(t, s, angle / steps);
        t->diverged = !(energy(t, s) - t->energy <= most_error);
    }
    const double error = t->diverged ? INFINITY : energy(t, s) - t->energy;

    if (log(rng_open(&t->rng)) < -error)
        copy_point(t, &t->current, &s->at);
    return (struct nuts_transition){
        .accept = error > 0 ? exp(-error) : 1, .energy = t->energy, .diverged = t->diverged};
}
