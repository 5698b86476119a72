/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The threshold test with a beta signal (Stanford Open Policing 2017; model_flat.stan of that
 * project): the signal is the probability of a find itself, X ~ Beta(lambda phi, lambda (1 - phi)).
 * P(X > t, find) = E[X; X > t] and P(X > t, nothing) = E[1 - X; X > t] have no closed form, nor
 * have their derivatives by a and b: all come from one Gauss-Legendre sum on the logit scale, where
 * the integrand is smooth and has one top.
 */
#include "analyzer/stat/dist.h"
#include "analyzer/stat/threshold_model.h"

#include <math.h>
#include <string.h>

enum { NODES = 32 };

struct beta {
    const struct threshold_model *m;
    size_t mean_at, sigma_at, phi_at, strength_at; /* globals: a number a group each */
    double node[NODES], weight[NODES];             /* on [0, 1] */
};

/* Priors of model_flat.stan. */
static const struct {
    double mean, spread;
} prior_mean = {-2, 1}, prior_phi = {-3.5, 0.25}, prior_strength = {2, 0.5};
static const double prior_sigma = 0.25, place_phi = 0.25, place_strength = 0.5;

static double
square(double x)
{
    return x * x;
}

static double
floored(double x)
{
    return x < 1e-300 ? 1e-300 : x;
}

/* log(1 + e^v) */
static double
softplus(double v)
{
    return v > 0 ? v + log1p(exp(-v)) : log1p(exp(v));
}

/* ---- one cell ------------------------------------------------------------------------------ */

/* P(search, find), P(search, nothing), and their derivatives by tau (the logit of the threshold), a
 * and b. */
struct masses {
    double hit, miss;
    double hit_by_a, hit_by_b, miss_by_a, miss_by_b, hit_by_tau, miss_by_tau;
};

/* Where the integrand a log x + b log(1 - x), x = 1 / (1 + e^-v), has fallen by `drop` from `top`:
 * Newton's method from the right, where it cannot overshoot, because the function is concave. */
static double
far_end(double a, double b, double top, double drop)
{
    double v = (drop - top) / b;

    for (unsigned i = 0; i < 6; i++) {
        const double soft = softplus(v), x = exp(v - soft);
        const double over = a * v - (a + b) * soft - (top - drop);

        v -= over / (a - (a + b) * x);
        if (fabs(over) < 1)
            break;
    }
    return v;
}

static void
eight_nodes(const double *v, const double *weight, double a, double b, double top,
            struct masses *sum)
{
    double grown[LANES], soft[LANES], power[LANES], w[LANES];

    lanes_exp(v, grown);
    for (unsigned i = 0; i < LANES; i++)
        grown[i] += 1;
    lanes_log(grown, soft);
    for (unsigned i = 0; i < LANES; i++)
        power[i] = a * v[i] - (a + b) * soft[i] - top;
    lanes_exp(power, w);
    for (unsigned i = 0; i < LANES; i++) {
        const double away = 1 / grown[i], hit = w[i] * weight[i] * (1 - away);
        const double miss = w[i] * weight[i] * away;

        sum->hit += hit;
        sum->miss += miss;
        sum->hit_by_a += hit * (v[i] - soft[i]);
        sum->hit_by_b -= hit * soft[i];
        sum->miss_by_a += miss * (v[i] - soft[i]);
        sum->miss_by_b -= miss * soft[i];
    }
}

static struct masses
masses_of(const struct beta *s, double tau, double a, double b)
{
    enum { DROP = 36 }; /* what is beyond counts for e^-36 */

    const double from = fmax(tau, log(a / b)); /* top of the integrand */
    const double top = a * from - (a + b) * softplus(from);
    const double length = far_end(a, b, top, DROP) - tau;
    struct masses sum = {0};

    if (!(length > 0 && length < 600)) /* a and b out of all reason: no density */
        return (struct masses){.hit = NAN, .miss = NAN};
    for (unsigned k = 0; k < NODES; k += LANES) {
        double v[LANES];

        for (unsigned i = 0; i < LANES; i++)
            v[i] = tau + length * s->node[k + i];
        eight_nodes(v, s->weight + k, a, b, top, &sum);
    }
    const double scale = length * exp(top - dist_log_beta(a, b));
    const double both = dist_digamma(a + b), by_a = dist_digamma(a) - both,
                 by_b = dist_digamma(b) - both;
    const double x = 1 / (1 + exp(-tau));
    const double edge = exp(a * tau - (a + b) * softplus(tau) - top) * scale / length;

    return (struct masses){.hit = sum.hit * scale,
                           .miss = sum.miss * scale,
                           .hit_by_a = scale * (sum.hit_by_a - by_a * sum.hit),
                           .hit_by_b = scale * (sum.hit_by_b - by_b * sum.hit),
                           .miss_by_a = scale * (sum.miss_by_a - by_a * sum.miss),
                           .miss_by_b = scale * (sum.miss_by_b - by_b * sum.miss),
                           .hit_by_tau = -x * edge,
                           .miss_by_tau = -(1 - x) * edge};
}

/* ---- groups -------------------------------------------------------------------------------- */

/* The logit of the threshold at which a group is searched at its pooled rate, places left out of
 * account: thresholds and their mean are counted from here, which straightens the posterior (as in
 * threshold_normal.c). With its derivatives by phi_r and lambda_r, and what the cells give. */
struct level {
    double at, by_phi, by_strength, gradient;
};

static struct level
level_of(const struct beta *s, const double *q, size_t g)
{
    enum { MOST = 40 };

    const double wanted = s->m->pooled_search[g], logit = q[s->phi_at + g];
    const double lambda = exp(fmin(q[s->strength_at + g], 300)), phi = 1 / (1 + exp(-logit));
    const double a = lambda * phi, b = lambda / (1 + exp(logit));
    double tau = s->m->fixed_level[g], moved = 1;
    struct masses p = {0};

    for (unsigned pass = 0; pass < MOST && moved > 1e-9; pass++) {
        p = masses_of(s, tau, a, b);
        const double rate = p.hit + p.miss, slope = -(p.hit_by_tau + p.miss_by_tau);
        const double r = rate / wanted;
        const double by = r < 0.5 || r > 2 ? log(floored(r)) * rate : rate - wanted;
        const double step = fmax(-1, fmin(1, by / floored(slope)));

        tau += step;
        moved = fabs(step);
        if (isnan(rate))
            return (struct level){.at = NAN};
    }
    const double slope = -(p.hit_by_tau + p.miss_by_tau);
    const double by_a = a * (p.hit_by_a + p.miss_by_a) / slope;
    const double by_b = b * (p.hit_by_b + p.miss_by_b) / slope;

    return (struct level){tau, by_a * (1 - phi) - by_b * phi, by_a + by_b, 0};
}

static struct level *
fill_levels(const struct beta *s, const double *q, double *room)
{
    struct level *const levels = (void *)room;

    for (size_t g = 0; g < s->m->groups; g++)
        levels[g] = level_of(s, q, g);
    return levels;
}

/* ---- density ------------------------------------------------------------------------------- */

/* The model's parameters of cell i. */
struct cell {
    struct centring c;
    double a, b, phi;
};

static struct cell
cell_of(const struct beta *s, const double *q, const struct level *levels, size_t i)
{
    const struct threshold_model *const m = s->m;
    const size_t g = m->group[i], place = m->phi_at[m->place[i]];
    const double logit = q[s->phi_at + g] + (place == PINNED ? 0 : q[place]);
    const double strength = q[s->strength_at + g] + (place == PINNED ? 0 : q[place + 1]);
    const double lambda = exp(fmin(strength, 300));

    const double phi = 1 / (1 + exp(-logit));

    return (struct cell){.c = centring_of(q[m->at[i]], m->estimate[i] + levels[g].at,
                                          m->information[i], q[s->mean_at + g] + levels[g].at,
                                          q[s->sigma_at + g]),
                         .a = lambda * phi,
                         .b = lambda / (1 + exp(logit)),
                         .phi = phi};
}

/* Log likelihood and prior of one cell's threshold; adds to the gradient. */
static double
add_cell(const struct beta *s, const double *q, struct level *levels, size_t i, double *gradient)
{
    const struct threshold_model *const m = s->m;
    const size_t g = m->group[i], place = m->phi_at[m->place[i]];
    const struct cell c = cell_of(s, q, levels, i);
    const struct masses p = masses_of(s, c.c.t, c.a, c.b);
    const double hit = floored(p.hit), miss = floored(p.miss), rest = floored(1 - p.hit - p.miss);
    const double wh = m->hits[i] / hit - m->unsearched[i] / rest;
    const double wm = m->misses[i] / miss - m->unsearched[i] / rest;
    const double by_t = wh * p.hit_by_tau + wm * p.miss_by_tau, z = c.c.z;
    const double by_a = c.a * (wh * p.hit_by_a + wm * p.miss_by_a);
    const double by_b = c.b * (wh * p.hit_by_b + wm * p.miss_by_b);
    const double by_phi = by_a * (1 - c.phi) - by_b * c.phi, by_strength = by_a + by_b;
    double sum = m->hits[i] * log(hit) + m->misses[i] * log(miss) + m->unsearched[i] * log(rest);

    if (isnan(p.hit))
        return NAN;
    gradient[s->phi_at + g] += by_phi;
    gradient[s->strength_at + g] += by_strength;
    if (place != PINNED) {
        gradient[place] += by_phi;
        gradient[place + 1] += by_strength;
    }
    gradient[m->at[i]] = by_t * c.c.by_x - z * c.c.z_by_x;
    gradient[s->mean_at + g] += by_t * c.c.by_mean + z * c.c.z_by_estimate;
    levels[g].gradient += by_t; /* moves the mean and the estimate */
    gradient[s->sigma_at + g] +=
        by_t * c.c.by_sigma - z * c.c.z_by_sigma + c.c.log_jacobian_by_sigma;
    return sum - 0.5 * square(z) + log(c.c.jacobian);
}

/* N(mean, spread) of one coordinate. */
static double
normal_prior(const double *q, size_t at, double mean, double spread, double *gradient)
{
    const double z = (q[at] - mean) / spread;

    gradient[at] = -z / spread;
    return -0.5 * square(z);
}

static double
density(const void *model, const double *q, double *gradient, double *room)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;
    struct level *const levels = fill_levels(s, q, room);
    double sum = 0;

    for (size_t d = 0; d < m->places; d++)
        if (m->phi_at[d] != PINNED)
            sum += normal_prior(q, m->phi_at[d], 0, place_phi, gradient) +
                   normal_prior(q, m->phi_at[d] + 1, 0, place_strength, gradient);
    for (size_t g = 0; g < m->groups; g++) {

        const double off = (q[s->mean_at + g] + levels[g].at - prior_mean.mean) / prior_mean.spread;

        gradient[s->mean_at + g] = levels[g].gradient = -off / prior_mean.spread;
        sum += -0.5 * square(off) +
               normal_prior(q, s->phi_at + g, prior_phi.mean, prior_phi.spread, gradient) +
               normal_prior(q, s->strength_at + g, prior_strength.mean, prior_strength.spread,
                            gradient) +
               normal_prior(q, s->sigma_at + g, 0, prior_sigma, gradient);
    }
    for (size_t i = 0; i < m->cells; i++)
        sum += add_cell(s, q, levels, i, gradient);
    for (size_t g = 0; g < m->groups; g++) {
        gradient[s->phi_at + g] += levels[g].gradient * levels[g].by_phi;
        gradient[s->strength_at + g] += levels[g].gradient * levels[g].by_strength;
    }
    return sum;
}

/* ---- outputs and start --------------------------------------------------------------------- */

static void
output(const void *model, const double *q, double *out, double *room)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;
    const struct threshold_outputs *const o = &m->outputs;
    const struct level *const levels = fill_levels(s, q, room);

    for (size_t i = 0; i < m->cells; i++) {
        const struct cell c = cell_of(s, q, levels, i);
        const struct masses p = masses_of(s, c.c.t, c.a, c.b);

        threshold_write_cell(m, i,
                             (struct threshold_cell_output){.threshold = 1 / (1 + exp(-c.c.t)),
                                                            .signal = c.c.t,
                                                            .search_rate = p.hit + p.miss,
                                                            .hit_rate = p.hit / (p.hit + p.miss)},
                             out);
    }
    threshold_write_groups(m, out);
    for (size_t g = 0; g < m->groups; g++) {
        out[o->group_mean + g] = q[s->mean_at + g] + levels[g].at;
        out[o->phi + g] = q[s->phi_at + g];
        out[o->strength + g] = q[s->strength_at + g];
        out[o->sigma + g] = fabs(q[s->sigma_at + g]);
    }
}

static void
start(const void *model, struct rng *rng, double *q)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;

    for (size_t g = 0; g < m->groups; g++) {
        const double phi = prior_phi.mean + 0.2 * rng_normal(rng);
        const double strength = prior_strength.mean + 0.3 * rng_normal(rng);

        q[s->phi_at + g] = phi;
        q[s->strength_at + g] = strength;
        q[s->sigma_at + g] = 0.25 * exp(0.2 * rng_normal(rng));
        q[s->mean_at + g] = 0.1 * rng_normal(rng);
    }
    for (size_t i = 0; i < m->cells; i++)
        q[m->at[i]] = 0.3 * rng_normal(rng);
    for (size_t d = 0; d < m->places; d++)
        if (m->phi_at[d] != PINNED)
            for (size_t j = 0; j < 2; j++)
                q[m->phi_at[d] + j] = 0.1 * rng_normal(rng);
}

/* Nodes and weights on [0, 1]: the roots of Legendre's polynomial by Newton's method. */
static void
legendre(double *node, double *weight)
{
    for (unsigned i = 0; i < NODES; i++) {
        double x = cos(3.14159265358979323846 * (i + 0.75) / (NODES + 0.5)), slope = 1;

        for (unsigned pass = 0; pass < 20; pass++) {
            double last = 1, p = x;

            for (unsigned n = 2; n <= NODES; n++) {
                const double next = ((2 * n - 1) * x * p - (n - 1) * last) / n;

                last = p;
                p = next;
            }
            slope = NODES * (x * p - last) / (x * x - 1);
            x -= p / slope;
        }
        node[i] = (1 - x) / 2;
        weight[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

/* What cell i says about the logit of its threshold when phi and lambda have their prior means: an
 * estimate, and its precision: Fisher's information, less what phi_d and lambda_d blur. */
static void
rough_estimate(const struct beta *s, struct threshold_model *m, size_t i)
{
    const double searched = m->hits[i] + m->misses[i], stops = searched + m->unsearched[i];
    const double rate = (searched + 0.5) / (stops + 1), share = 1 / (1 + exp(-prior_phi.mean));
    const double lambda = exp(prior_strength.mean), a = lambda * share, b = lambda - a;
    const double tau = log(dist_beta_odds_q(rate, a, b, DIST_UPPER));
    const struct masses p = masses_of(s, tau, a, b);
    const double slope = -(p.hit_by_tau + p.miss_by_tau);
    const double by_a = a * (p.hit_by_a + p.miss_by_a) / slope;
    const double by_b = b * (p.hit_by_b + p.miss_by_b) / slope;

    m->estimate[i] = tau - m->fixed_level[m->group[i]];
    m->information[i] = 1 / (rate * (1 - rate) / (stops * square(slope)) +
                             square(place_phi * (by_a * (1 - share) - by_b * share)) +
                             square(place_strength * (by_a + by_b)));
}

void
threshold_beta_target(struct arena *a, struct threshold_model *m, struct nuts_target *target)
{
    struct beta *const s = arena_alloc(a, sizeof *s);

    s->m = m;
    legendre(s->node, s->weight);
    s->mean_at = m->globals;
    s->sigma_at = s->mean_at + m->groups;
    s->phi_at = s->sigma_at + m->groups;
    s->strength_at = s->phi_at + m->groups;
    for (size_t g = 0; g < m->groups; g++) {
        const double share = 1 / (1 + exp(-prior_phi.mean)), lambda = exp(prior_strength.mean);

        m->fixed_level[g] = log(dist_beta_odds_q(m->pooled_search[g], lambda * share,
                                                 lambda * (1 - share), DIST_UPPER));
    }
    for (size_t i = 0; i < m->cells; i++)
        rough_estimate(s, m, i);
    target->room = m->groups * sizeof(struct level) / sizeof(double);
    target->shape.parameters = s->strength_at + m->groups;
    target->model = s;
    target->density = density;
    target->start = start;
    target->output = output;
}
