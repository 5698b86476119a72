/* SPDX-License-Identifier: EUPL-1.2 */
/* See hierarchical.h. A place's block holds beta and then its eps, in the coordinates of
 * centring.h; globals are mu, all alphas but the last, and the two sigmas, each with its sign. */
#include "analyzer/stat/hierarchical.h"

#include "analyzer/stat/centring.h"

#include <math.h>
#include <string.h>

struct model {
    size_t cells, places, groups;
    unsigned *group;
    double *counts, *exposure;   /* in the order of places */
    double *estimate;            /* of the log rate, by cell */
    size_t *first;               /* by place: its first cell; places + 1 */
    size_t *start;               /* by place: its block */
    double *shift, *information; /* by place: rough beta and its precision */
    size_t mu, alpha, sigma_place, sigma_eps;
};

static const double prior_mu = 5, prior_alpha = 2, rough_sigma = 0.3;

static double
square(double x)
{
    return x * x;
}

/* ---- the density --------------------------------------------------------------------------- */

/* alpha of group g; the last is what makes the sum 0. */
static double
alpha_of(const struct model *m, const double *q, size_t g)
{
    double sum = 0;

    if (g + 1 < m->groups)
        return q[m->alpha + g];
    for (size_t i = 0; i + 1 < m->groups; i++)
        sum += q[m->alpha + i];
    return -sum;
}

static double
priors(const struct model *m, const double *q, double *gradient, double *by_alpha)
{
    double sum =
        -0.5 * (square(q[m->mu] / prior_mu) + square(q[m->sigma_place]) + square(q[m->sigma_eps]));

    gradient[m->mu] = -q[m->mu] / square(prior_mu);
    gradient[m->sigma_place] = -q[m->sigma_place];
    gradient[m->sigma_eps] = -q[m->sigma_eps];
    for (size_t g = 0; g < m->groups; g++) {
        const double alpha = alpha_of(m, q, g);

        sum -= 0.5 * square(alpha / prior_alpha);
        by_alpha[g] = -alpha / square(prior_alpha);
    }
    return sum;
}

/* The cells of place d, whose beta is known; *by_beta is what they say about it. */
static double
add_cells(const struct model *m, const double *q, size_t d, double beta, const double *alpha,
          double *gradient, double *by_alpha, double *by_beta)
{
    const double *const x = q + m->start[d] + 1;
    double sum = 0, jacobian = 1;

    *by_beta = 0;
    for (size_t i = m->first[d]; i < m->first[d + 1]; i++) {
        const size_t g = m->group[i], k = i - m->first[d];
        const struct centring c = centring_of(x[k], m->estimate[i], m->counts[i] + 0.5,
                                              q[m->mu] + alpha[g] + beta, q[m->sigma_eps]);
        const double expected = m->exposure[i] * exp(fmin(c.t, 600));
        const double by_t = m->counts[i] - expected;
        const double by_mean = by_t * c.by_mean + c.z * c.z_by_estimate;

        sum += m->counts[i] * c.t - expected - 0.5 * square(c.z);
        jacobian *= c.jacobian;
        gradient[m->start[d] + 1 + k] = by_t * c.by_x - c.z * c.z_by_x;
        gradient[m->sigma_eps] += by_t * c.by_sigma - c.z * c.z_by_sigma + c.log_jacobian_by_sigma;
        gradient[m->mu] += by_mean;
        by_alpha[g] += by_mean;
        *by_beta += by_mean;
        if (jacobian < 1e-100) {
            sum += log(jacobian);
            jacobian = 1;
        }
    }
    return sum + log(jacobian);
}

static double
density(const void *model, const double *q, double *gradient, double *room)
{
    const struct model *const m = model;
    double *const by_alpha = room, *const alpha = room + m->groups;
    double sum = priors(m, q, gradient, by_alpha);

    for (size_t g = 0; g < m->groups; g++)
        alpha[g] = alpha_of(m, q, g);
    for (size_t d = 0; d < m->places; d++) {
        const struct centring c =
            centring_of(q[m->start[d]], m->shift[d], m->information[d], 0, q[m->sigma_place]);
        double by_beta;

        sum += add_cells(m, q, d, c.t, alpha, gradient, by_alpha, &by_beta);
        sum += log(c.jacobian) - 0.5 * square(c.z);
        gradient[m->start[d]] = by_beta * c.by_x - c.z * c.z_by_x;
        gradient[m->sigma_place] +=
            by_beta * c.by_sigma - c.z * c.z_by_sigma + c.log_jacobian_by_sigma;
    }
    for (size_t g = 0; g + 1 < m->groups; g++)
        gradient[m->alpha + g] = by_alpha[g] - by_alpha[m->groups - 1];
    return sum;
}

static void
output(const void *model, const double *q, double *out, double *room)
{
    const struct model *const m = model;

    (void)room;
    for (size_t g = 0; g < m->groups; g++)
        out[g] = exp(alpha_of(m, q, g));
    out[m->groups] = q[m->mu];
    out[m->groups + 1] = fabs(q[m->sigma_place]);
    out[m->groups + 2] = fabs(q[m->sigma_eps]);
}

static void
start(const void *model, struct rng *r, double *q)
{
    const struct model *const m = model;
    double counts = 0, exposure = 0;

    for (size_t i = 0; i < m->cells; i++) {
        counts += m->counts[i];
        exposure += m->exposure[i];
    }
    for (size_t i = 0; i < m->mu; i++)
        q[i] = 0.5 * rng_normal(r);
    q[m->mu] = log(counts / exposure) + 0.2 * rng_normal(r);
    for (size_t g = 0; g + 1 < m->groups; g++)
        q[m->alpha + g] = 0.2 * rng_normal(r);
    q[m->sigma_place] = rough_sigma * exp(0.3 * rng_normal(r));
    q[m->sigma_eps] = rough_sigma * exp(0.3 * rng_normal(r));
}

/* ---- the cells ----------------------------------------------------------------------------- */

static bool
check(struct arena *a, const struct hierarchical_cells *c, size_t *cell, struct err *e)
{
    bool *const seen = arena_array(a, c->places * c->groups + 1, sizeof *seen);
    double events = 0;

    for (size_t i = 0; i < c->count; i++) {
        const double x = c->counts[i], n = c->exposure[i];

        *cell = i;
        if (!(isfinite(x) && x >= 0 && x == floor(x)))
            return err_set(e, ERR_INPUT, "a count must be a whole number from 0");
        if (!(isfinite(n) && n >= 0))
            return err_set(e, ERR_INPUT, "an exposure must be a finite number from 0");
        bool *const once = &seen[c->place[i] * c->groups + c->group[i]];

        if (*once)
            return err_set(e, ERR_INPUT, "the same place and group twice");
        *once = true;
        events += x;
    }
    *cell = SIZE_MAX;
    if (c->places < 2 || c->groups < 2)
        return err_set(e, ERR_INPUT, "a hierarchy needs at least two places and two groups");
    if (events == 0)
        return err_set(e, ERR_INPUT, "all counts are 0, so that there is no rate");
    return true;
}

/* Rough betas: how far the log rates of a place lie from those of their groups. */
static void
rough_places(struct model *m, struct arena *a)
{
    double *const mean = arena_array(a, m->groups, sizeof *mean);
    double *const weight = arena_array(a, m->groups, sizeof *weight);

    for (size_t i = 0; i < m->cells; i++) {
        mean[m->group[i]] += (m->counts[i] + 0.5) * m->estimate[i];
        weight[m->group[i]] += m->counts[i] + 0.5;
    }
    for (size_t d = 0; d < m->places; d++) {
        double sum = 0;

        for (size_t i = m->first[d]; i < m->first[d + 1]; i++) {
            const unsigned g = m->group[i];
            const double w = 1 / (1 / (m->counts[i] + 0.5) + square(rough_sigma));

            sum += w * (m->estimate[i] - mean[g] / weight[g]);
            m->information[d] += w;
        }
        m->shift[d] = m->information[d] > 0 ? sum / m->information[d] : 0;
    }
}

static struct model *
model_new(struct arena *a, const struct hierarchical_cells *c)
{
    struct model *const m = arena_alloc(a, sizeof *m);
    size_t *const next = arena_array(a, c->places + 1, sizeof *next);

    *m = (struct model){.cells = c->count,
                        .places = c->places,
                        .groups = c->groups,
                        .group = arena_array(a, c->count, sizeof *m->group),
                        .counts = arena_array(a, c->count, sizeof(double)),
                        .exposure = arena_array(a, c->count, sizeof(double)),
                        .estimate = arena_array(a, c->count, sizeof(double)),
                        .first = arena_array(a, c->places + 1, sizeof *m->first),
                        .start = arena_array(a, c->places + 1, sizeof *m->start),
                        .shift = arena_array(a, c->places, sizeof(double)),
                        .information = arena_array(a, c->places, sizeof(double))};
    for (size_t i = 0; i < c->count; i++)
        m->first[c->place[i] + 1]++;
    for (size_t d = 0; d < c->places; d++) {
        m->first[d + 1] += m->first[d];
        next[d] = m->first[d];
        m->start[d + 1] = m->first[d + 1] + d + 1; /* the eps, and a beta each */
    }
    for (size_t i = 0; i < c->count; i++) {
        const size_t to = next[c->place[i]]++;

        m->group[to] = c->group[i];
        m->counts[to] = c->counts[i];
        m->exposure[to] = c->exposure[i] > 0 ? c->exposure[i] : 0.5;
        m->estimate[to] = log((m->counts[to] + 0.5) / m->exposure[to]);
    }
    m->mu = m->start[c->places];
    m->alpha = m->mu + 1;
    m->sigma_place = m->alpha + c->groups - 1;
    m->sigma_eps = m->sigma_place + 1;
    rough_places(m, a);
    return m;
}

bool
hierarchical_target(struct arena *a, const struct hierarchical_cells *cells,
                    struct nuts_target *target, struct hierarchical_outputs *outputs, size_t *cell,
                    struct err *e)
{
    if (!check(a, cells, cell, e))
        return false;

    const struct model *const m = model_new(a, cells);

    *outputs = (struct hierarchical_outputs){.effect = 0,
                                             .mu = m->groups,
                                             .sigma_place = m->groups + 1,
                                             .sigma_eps = m->groups + 2,
                                             .count = m->groups + 3};
    *target = (struct nuts_target){
        .shape = {.parameters = m->sigma_eps + 1, .blocks = m->places, .start = m->start},
        .outputs = outputs->count,
        .room = 2 * m->groups,
        .model = m,
        .density = density,
        .start = start,
        .output = output};
    return true;
}
