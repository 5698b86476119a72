/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The threshold test with a beta signal (Stanford Open Policing 2017; model_flat.stan of that
 * project): the signal is the probability of a find itself, X ~ Beta(lambda phi, lambda (1 - phi)).
 *
 * The posterior is bent: a cell's rates fix a curve in its threshold, phi and lambda, not a point.
 * Three changes of coordinates, all of unit Jacobian, make it nearly straight: a cell's threshold
 * is counted from the one at which it would be searched at its own rate; the mean of a group's from
 * the one at which the group would be; and phi of a group, and of a place, from a curve in lambda
 * along which the hit rate stays. Any function would be right here: the last is a polynomial, and
 * the first two are solved for with fewer nodes than the density has.
 */
#include "analyzer/stat/beta_tail.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/threshold_model.h"

#include <math.h>
#include <string.h>

/* A quadratic in the logit of phi and the log of lambda, both from a centre. */
struct curve {
    double at, phi, strength, phi_phi, phi_strength, strength_strength;
};

/* What is constant of a group: its centre, the threshold's curve, and that of phi in lambda. */
struct base {
    double phi, strength;
    struct curve level;
    double square, cube;
};

struct beta {
    const struct threshold_model *m;
    size_t mean_at, sigma_at, phi_at, strength_at; /* globals: a number a group each */
    struct beta_tail_rule rule, rough;
    struct base *bases;   /* by group */
    struct curve *curves; /* by cell */
    double *log_rate;     /* by cell: its own, away from 0 */
    double *place_square; /* by place: of the curve of phi_d in lambda_d */
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

/* ---- curves -------------------------------------------------------------------------------- */

static double
height_of(const struct curve *c, double phi, double strength)
{
    return c->at + phi * (c->phi + c->phi_phi * phi + c->phi_strength * strength) +
           strength * (c->strength + c->strength_strength * strength);
}

/* The logit of the threshold at which a share `search` of stops has a larger signal. */
static double
level_of_search(double search, double logit, double strength)
{
    const double lambda = exp(strength), phi = 1 / (1 + exp(-logit));

    return log(dist_beta_odds_q(search, lambda * phi, lambda * (1 - phi), DIST_UPPER));
}

/* By differences around the centre, about a standard deviation wide. */
static struct curve
curve_of(double search, const struct base *b)
{
    enum { HERE, MORE_PHI, LESS_PHI, MORE_STRENGTH, LESS_STRENGTH, BOTH_MORE, BOTH_LESS, POINTS };

    static const double steps[POINTS][2] = {
        [MORE_PHI] = {1, 0},       [LESS_PHI] = {-1, 0}, [MORE_STRENGTH] = {0, 1},
        [LESS_STRENGTH] = {0, -1}, [BOTH_MORE] = {1, 1}, [BOTH_LESS] = {-1, -1}};
    const double h = place_phi, k = place_strength;
    double t[POINTS];

    for (unsigned i = 0; i < POINTS; i++)
        t[i] = level_of_search(search, b->phi + h * steps[i][0], b->strength + k * steps[i][1]);

    const double phi_phi = t[MORE_PHI] + t[LESS_PHI] - 2 * t[HERE];
    const double strength_strength = t[MORE_STRENGTH] + t[LESS_STRENGTH] - 2 * t[HERE];
    const double both = t[BOTH_MORE] + t[BOTH_LESS] - 2 * t[HERE];

    return (struct curve){.at = t[HERE],
                          .phi = (t[MORE_PHI] - t[LESS_PHI]) / (2 * h),
                          .strength = (t[MORE_STRENGTH] - t[LESS_STRENGTH]) / (2 * k),
                          .phi_phi = phi_phi / (2 * h * h),
                          .strength_strength = strength_strength / (2 * k * k),
                          .phi_strength = (both - phi_phi - strength_strength) / (2 * h * k)};
}

/* Eight times the same. */
static struct beta_tail
tail_of(const struct beta_tail_rule *rule, double threshold, double logit, double strength)
{
    const double share = 1 / (1 + exp(-logit));
    struct beta_law law;
    struct beta_tail p;
    double tau[LANES];

    for (unsigned i = 0; i < LANES; i++) {
        tau[i] = threshold;
        law.a[i] = exp(strength) * share;
        law.b[i] = exp(strength) * (1 - share);
    }
    beta_law(&law);
    beta_tail(rule, &law, tau, &p);
    return p;
}

/* The logit of phi at which, searched at this rate, a share `hit` of searches is a find. By
 * halving: the hit rate rises in phi. */
static double
phi_of_rates(const struct beta_tail_rule *rule, double search, double hit, double strength)
{
    double low = -8, high = 2;

    for (unsigned pass = 0; pass < 40; pass++) {
        const double logit = (low + high) / 2;
        const struct beta_tail p =
            tail_of(rule, level_of_search(search, logit, strength), logit, strength);

        if (p.hit[0] < hit * (p.hit[0] + p.miss[0]))
            low = logit;
        else
            high = logit;
    }
    return (low + high) / 2;
}

static struct base
base_of(const struct beta *s, size_t g, double strength)
{
    const double k = place_strength, search = s->m->pooled_search[g], hit = s->m->pooled_hit[g];
    double phi[5];

    for (unsigned i = 0; i < 5; i++)
        phi[i] = phi_of_rates(&s->rule, search, hit, strength + (i - 2.0) * k);

    struct base b = {.phi = phi[2],
                     .strength = strength,
                     .square = (phi[1] + phi[3] - 2 * phi[2]) / (2 * k * k),
                     .cube = (phi[4] - phi[0] - 2 * (phi[3] - phi[1])) / (12 * k * k * k)};

    b.level = curve_of(search, &b);
    return b;
}

/* ---- groups and places --------------------------------------------------------------------- */

/* By group: the model's own parameters, how they move with the coordinates, and derivatives. */
struct group {
    double phi, strength, mean;
    double phi_by_strength, level_by_phi, level_by_strength;
    double by_phi, by_strength, by_mean;
};

/* Laws of eight cells or groups. */
static void
fill_law(const double *logit, const double *strength, struct beta_law *law, double *phi)
{
    double odds[LANES], lambda[LANES], capped[LANES];

    for (unsigned i = 0; i < LANES; i++)
        capped[i] = fmax(-300, fmin(logit[i], 300));
    lanes_exp(capped, odds);
    for (unsigned i = 0; i < LANES; i++)
        capped[i] = fmax(-300, fmin(strength[i], 300));
    lanes_exp(capped, lambda);
    for (unsigned i = 0; i < LANES; i++) {
        const double away = 1 / (1 + odds[i]);

        phi[i] = odds[i] * away;
        law->a[i] = lambda[i] * phi[i];
        law->b[i] = lambda[i] * away;
    }
    beta_law(law);
}

/* The same derivatives by the logit of phi and the log of lambda. */
static void
chain_level(const struct beta_law *law, const double *phi, struct beta_level *level)
{
    for (unsigned i = 0; i < LANES; i++) {
        const double by_a = law->a[i] * level->by_a[i], by_b = law->b[i] * level->by_b[i];

        level->by_a[i] = by_a * (1 - phi[i]) - by_b * phi[i];
        level->by_b[i] = by_a + by_b;
    }
}

static struct group *
fill_groups(const struct beta *s, const double *q, double *room)
{
    struct group *const groups = (void *)room;

    for (size_t from = 0; from < s->m->groups; from += LANES) {
        double logit[LANES] = {0}, strength[LANES] = {0}, phi[LANES], log_rate[LANES];
        struct beta_level level = {.tau = {0}, .by_a = {0}, .by_b = {0}};
        struct beta_law law;

        for (unsigned i = 0; i < LANES; i++)
            log_rate[i] = log(0.5);
        for (size_t g = from; g < s->m->groups && g < from + LANES; g++) {
            const struct base *const b = &s->bases[g];
            const double x = q[s->strength_at + g] - b->strength;

            strength[g - from] = q[s->strength_at + g];
            logit[g - from] = q[s->phi_at + g] + x * x * (b->square + b->cube * x);
            level.tau[g - from] = height_of(&b->level, logit[g - from] - b->phi, x);
            log_rate[g - from] = log(s->m->pooled_search[g]);
            groups[g] = (struct group){.phi = logit[g - from],
                                       .strength = strength[g - from],
                                       .phi_by_strength = x * (2 * b->square + 3 * b->cube * x)};
        }
        fill_law(logit, strength, &law, phi);
        beta_level(&s->rough, &law, log_rate, &level);
        chain_level(&law, phi, &level);
        for (size_t g = from; g < s->m->groups && g < from + LANES; g++) {
            groups[g].mean = q[s->mean_at + g] + level.tau[g - from];
            groups[g].level_by_phi = level.by_a[g - from];
            groups[g].level_by_strength = level.by_b[g - from];
        }
    }
    return groups;
}

static double
place_phi_of(const struct beta *s, const double *q, size_t d)
{
    const size_t at = s->m->phi_at[d];

    return at == PINNED ? 0 : q[at] + s->place_square[d] * square(q[at + 1]);
}

/* ---- cells --------------------------------------------------------------------------------- */

/* Eight cells: the model's parameters, then what the likelihood says. */
struct eight {
    double t[LANES], phi[LANES];
    struct beta_law law;
    struct beta_level e; /* the estimate, with derivatives by the logit and log as a and b */
    struct centring c[LANES];
    struct beta_tail p;
    double by_t[LANES], by_phi[LANES], by_strength[LANES], log_likelihood;
};

static void
place_cells(const struct beta *s, const double *q, const struct group *groups, size_t from,
            struct eight *x)
{
    const struct threshold_model *const m = s->m;
    double logit[LANES] = {0}, strength[LANES] = {0};

    memset(x->e.tau, 0, sizeof x->e.tau);
    for (unsigned i = 0; i < LANES && from + i < m->cells; i++) {
        const size_t k = from + i, d = m->place[k], at = m->phi_at[d];
        const struct group *const group = &groups[m->group[k]];
        const struct base *const b = &s->bases[m->group[k]];

        logit[i] = group->phi + place_phi_of(s, q, d);
        strength[i] = group->strength + (at == PINNED ? 0 : q[at + 1]);
        x->e.tau[i] = height_of(&s->curves[k], logit[i] - b->phi, strength[i] - b->strength);
    }
    fill_law(logit, strength, &x->law, x->phi);
    beta_level(&s->rough, &x->law, s->log_rate + from, &x->e);
    chain_level(&x->law, x->phi, &x->e);
    for (unsigned i = 0; i < LANES; i++) {
        const size_t k = from + i, g = m->group[k];

        x->t[i] = 0;
        if (k >= m->cells)
            continue;
        x->c[i] = centring_of(q[m->at[k]], x->e.tau[i], m->information[k], groups[g].mean,
                              q[s->sigma_at + g]);
        x->t[i] = x->c[i].t;
    }
}

LANES_WIDE static void
likelihood(const struct beta *s, size_t from, struct eight *x)
{
    const struct threshold_model *const m = s->m;
    const double *const hits = m->hits + from, *const misses = m->misses + from;
    const double *const unsearched = m->unsearched + from;
    double hit[LANES], miss[LANES], rest[LANES], log_hit[LANES], log_miss[LANES], log_rest[LANES];

    beta_tail(&s->rule, &x->law, x->t, &x->p);
    for (unsigned i = 0; i < LANES; i++) {
        hit[i] = floored(x->p.hit[i]);
        miss[i] = floored(x->p.miss[i]);
        rest[i] = floored(1 - x->p.hit[i] - x->p.miss[i]);
    }
    lanes_log(hit, log_hit);
    lanes_log(miss, log_miss);
    lanes_log(rest, log_rest);
    x->log_likelihood = 0;
    for (unsigned i = 0; i < LANES; i++) {
        const double wc = unsearched[i] / rest[i];
        const double wh = hits[i] / hit[i] - wc, wm = misses[i] / miss[i] - wc;
        const double by_a = x->law.a[i] * (wh * x->p.hit_by_a[i] + wm * x->p.miss_by_a[i]);
        const double by_b = x->law.b[i] * (wh * x->p.hit_by_b[i] + wm * x->p.miss_by_b[i]);

        x->by_t[i] = wh * x->p.hit_by_tau[i] + wm * x->p.miss_by_tau[i];
        x->by_phi[i] = by_a * (1 - x->phi[i]) - by_b * x->phi[i];
        x->by_strength[i] = by_a + by_b;
        x->log_likelihood +=
            hits[i] * log_hit[i] + misses[i] * log_miss[i] + unsearched[i] * log_rest[i];
        x->log_likelihood += 0 * x->p.hit[i]; /* NaN where there is no density */
    }
}

/* Adds what eight cells give to the gradient; returns the log prior of their thresholds. By place
 * the derivatives are those of phi_d and lambda_d. */
static double
gather_cells(const struct beta *s, struct group *groups, size_t from, const struct eight *x,
             double *gradient)
{
    const struct threshold_model *const m = s->m;
    double sum = 0, jacobian = 1;

    for (size_t k = from; k < from + LANES && k < m->cells; k++) {
        const unsigned i = (unsigned)(k - from), g = m->group[k];
        const size_t place = m->phi_at[m->place[k]];
        const struct centring *const c = &x->c[i];
        const double by_t = x->by_t[i], pull = c->z * c->z_by_estimate;
        const double by_estimate = by_t * (1 - c->by_mean) - pull;
        const double by_phi = x->by_phi[i] + by_estimate * x->e.by_a[i];
        const double by_strength = x->by_strength[i] + by_estimate * x->e.by_b[i];

        sum -= 0.5 * square(c->z);
        jacobian *= c->jacobian;
        gradient[m->at[k]] = by_t * c->by_x - c->z * c->z_by_x;
        gradient[s->sigma_at + g] +=
            by_t * c->by_sigma - c->z * c->z_by_sigma + c->log_jacobian_by_sigma;
        groups[g].by_mean += by_t * c->by_mean + pull;
        groups[g].by_phi += by_phi;
        groups[g].by_strength += by_strength;
        if (place != PINNED) {
            gradient[place] += by_phi;
            gradient[place + 1] += by_strength;
        }
    }
    return sum + log(jacobian);
}

/* ---- density ------------------------------------------------------------------------------- */

/* Priors of the places, and the chain back to their coordinates. */
static double
finish_places(const struct beta *s, const double *q, double *gradient)
{
    double sum = 0;

    for (size_t d = 0; d < s->m->places; d++) {
        const size_t at = s->m->phi_at[d];

        if (at == PINNED)
            continue;
        const double phi = place_phi_of(s, q, d) / place_phi, strength = q[at + 1] / place_strength;

        sum -= 0.5 * (square(phi) + square(strength));
        gradient[at] -= phi / place_phi;
        gradient[at + 1] +=
            2 * s->place_square[d] * q[at + 1] * gradient[at] - strength / place_strength;
    }
    return sum;
}

static double
finish_groups(const struct beta *s, const double *q, const struct group *groups, double *gradient)
{
    double sum = 0;

    for (size_t g = 0; g < s->m->groups; g++) {
        const struct group *const own = &groups[g];
        const double mean = (own->mean - prior_mean.mean) / prior_mean.spread;
        const double phi = (own->phi - prior_phi.mean) / prior_phi.spread;
        const double strength = (own->strength - prior_strength.mean) / prior_strength.spread;
        const double sigma = q[s->sigma_at + g] / prior_sigma;
        const double by_mean = own->by_mean - mean / prior_mean.spread;
        const double by_phi = own->by_phi - phi / prior_phi.spread + by_mean * own->level_by_phi;

        sum -= 0.5 * (square(mean) + square(phi) + square(strength) + square(sigma));
        gradient[s->mean_at + g] = by_mean;
        gradient[s->phi_at + g] = by_phi;
        gradient[s->strength_at + g] = own->by_strength - strength / prior_strength.spread +
                                       by_mean * own->level_by_strength +
                                       by_phi * own->phi_by_strength;
        gradient[s->sigma_at + g] -= sigma / prior_sigma;
    }
    return sum;
}

static double
density(const void *model, const double *q, double *gradient, double *room)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;
    struct group *const groups = fill_groups(s, q, room);
    double sum = 0;

    memset(gradient, 0, (s->strength_at + m->groups) * sizeof *gradient);
    for (size_t from = 0; from < m->padded; from += LANES) {
        struct eight x;

        place_cells(s, q, groups, from, &x);
        likelihood(s, from, &x);
        sum += x.log_likelihood + gather_cells(s, groups, from, &x, gradient);
    }
    return sum + finish_places(s, q, gradient) + finish_groups(s, q, groups, gradient);
}

/* ---- outputs and start --------------------------------------------------------------------- */

static void
output(const void *model, const double *q, double *out, double *room)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;
    const struct threshold_outputs *const o = &m->outputs;
    const struct group *const groups = fill_groups(s, q, room);

    for (size_t from = 0; from < m->padded; from += LANES) {
        struct eight x;

        place_cells(s, q, groups, from, &x);
        beta_tail(&s->rule, &x.law, x.t, &x.p);
        for (size_t k = from; k < from + LANES && k < m->cells; k++) {
            const size_t i = k - from;
            const double search = x.p.hit[i] + x.p.miss[i];

            threshold_write_cell(m, k,
                                 (struct threshold_cell_output){.threshold = 1 / (1 + exp(-x.t[i])),
                                                                .signal = x.t[i],
                                                                .search_rate = search,
                                                                .hit_rate = x.p.hit[i] / search},
                                 out);
        }
    }
    threshold_write_groups(m, out);
    for (size_t g = 0; g < m->groups; g++) {
        out[o->group_mean + g] = groups[g].mean;
        out[o->phi + g] = groups[g].phi;
        out[o->strength + g] = groups[g].strength;
        out[o->sigma + g] = fabs(q[s->sigma_at + g]);
    }
}

static void
start(const void *model, struct rng *rng, double *q)
{
    const struct beta *const s = model;
    const struct threshold_model *const m = s->m;

    for (size_t g = 0; g < m->groups; g++) {
        const struct base *const b = &s->bases[g];

        q[s->phi_at + g] = b->phi + 0.2 * rng_normal(rng);
        q[s->strength_at + g] = b->strength + 0.3 * rng_normal(rng);
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

/* What cell i says about its threshold, given phi and lambda: an estimate as a curve, and its
 * precision, which is Fisher's information. The rate of a poor cell leans to that of its group. */
static void
rough_estimate(struct beta *s, struct threshold_model *m, size_t i)
{
    enum { LEAN = 2 }; /* searches' worth */

    const struct base *const b = &s->bases[m->group[i]];
    const double pooled = m->pooled_search[m->group[i]];
    const double searched = m->hits[i] + m->misses[i], stops = searched + m->unsearched[i];
    const double rate = (searched + LEAN) / (stops + LEAN / pooled);
    s->curves[i] = curve_of(rate, b);
    s->log_rate[i] = log(rate);

    const struct beta_tail p = tail_of(&s->rule, s->curves[i].at, b->phi, b->strength);

    m->information[i] = stops * square(p.hit_by_tau[0] + p.miss_by_tau[0]) / (rate * (1 - rate));
}

/* Where hits say little about a place, its prior is straight already. */
static void
bend_places(struct beta *s)
{
    const struct threshold_model *const m = s->m;
    double weight[2];

    for (size_t d = 0; d < m->places; d++) {
        weight[0] = weight[1] = 0;
        for (size_t i = 0; i < m->cells; i++)
            if (m->place[i] == d) {
                const double hit = m->pooled_hit[m->group[i]];
                const double information = (m->hits[i] + m->misses[i]) * hit * (1 - hit);

                weight[0] += information;
                weight[1] += information * s->bases[m->group[i]].square;
            }
        s->place_square[d] = weight[1] / (weight[0] + 1 / square(place_phi));
    }
}

static void
centre(struct beta *s, struct threshold_model *m, const double *strength)
{
    for (size_t g = 0; g < m->groups; g++)
        s->bases[g] = base_of(s, g, strength[g]);
    for (size_t i = 0; i < m->cells; i++)
        rough_estimate(s, m, i);
    bend_places(s);
}

/* Where lambda is no rate tells, but a few draws do: their mean, for a better centre. */
static void
look_ahead(const struct nuts_target *target, const struct threshold_model *m, double *strength)
{
    struct arena *const a = arena_new();
    struct nuts_options o = NUTS_DEFAULTS;
    struct nuts_run run;

    o.chains = o.threads = 1;
    o.warmup = 100;
    o.draws = 50;
    nuts_run(a, target, &o, &run);
    for (size_t g = 0; g < m->groups && run.started; g++) {
        double sum = 0;

        for (size_t i = 0; i < run.draws; i++)
            sum += run.values[i * run.outputs + m->outputs.strength + g];
        strength[g] = fmax(-1, fmin(sum / (double)run.draws, 5));
    }
    arena_free(a);
}

void
threshold_beta_target(struct arena *a, struct threshold_model *m, struct nuts_target *target)
{
    struct beta *const s = arena_alloc(a, sizeof *s);

    s->m = m;
    s->rule = beta_tail_rule(BETA_TAIL_NODES, 36);
    s->rough = beta_tail_rule(24, 22);
    s->mean_at = m->globals;
    s->sigma_at = s->mean_at + m->groups;
    s->phi_at = s->sigma_at + m->groups;
    s->strength_at = s->phi_at + m->groups;
    s->bases = arena_array(a, m->groups, sizeof *s->bases);
    s->curves = arena_array(a, m->padded, sizeof *s->curves);
    s->log_rate = arena_array(a, m->padded, sizeof *s->log_rate);
    for (size_t i = m->cells; i < m->padded; i++)
        s->log_rate[i] = log(0.5); /* no cell, but it is solved for with its neighbours */
    s->place_square = arena_array(a, m->places, sizeof *s->place_square);
    target->room = m->groups * sizeof(struct group) / sizeof(double);
    target->shape = (struct metric_shape){
        .parameters = s->strength_at + m->groups, .blocks = m->places, .start = m->start};
    target->model = s;
    target->density = density;
    target->start = start;
    target->output = output;

    double *const strength = arena_array(a, m->groups, sizeof *strength);

    for (size_t g = 0; g < m->groups; g++)
        strength[g] = prior_strength.mean;
    centre(s, m, strength);
    look_ahead(target, m, strength);
    centre(s, m, strength);
}
