/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The threshold test with two normal signals, N(delta, 1) with a find (share phi of stops) and
 * N(0, 1) without: `hierarchical` and `fast`, which differ in their priors (5-statistics.md 2).
 *
 * The posterior of these models is bent: phi, delta and all thresholds of a group move together
 * along the search and hit rates that the data fix. Two changes of coordinates, both of unit
 * Jacobian, make it nearly straight. With T0 a constant, eta = phi + log Q(T0 - delta)/Q(T0) is
 * the log odds of a find above T0; with T(phi, delta) the threshold at which the model searches the
 * group at its pooled rate, thresholds are counted from T. A third has a Jacobian: the strength of
 * a group is delta = BEND log(1 + e^u). Where a group's cells say something, it is delta that they
 * fix, and u is delta; where delta is so small that they say nothing, its prior is normal in log
 * delta, and u is that. In log delta throughout, the tail towards 0 would be long and heavy. mu_phi
 * and mu_delta are counted from the mean of the groups, which they follow along the whole bend.
 */
#include "analyzer/stat/dist.h"
#include "analyzer/stat/threshold_model.h"

#include <math.h>
#include <string.h>

struct normal {
    const struct threshold_model *m;
    bool group_means;    /* t_r: hierarchical */
    double prior_spread; /* of phi_r and delta_r around their means */
    size_t mean_at, sigma_at, mu_at, phi_at, strength_at; /* coordinates of the globals */
    size_t padded_groups, padded_places;
    double *log_fixed_tail; /* by group: log Q(T0) */
};

static const double place_spread = 0.1; /* prior of phi_d, delta_d */
static const double bend = 0.4;         /* any value is right, this one mixes well */

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

/* ---- groups -------------------------------------------------------------------------------- */

/* log delta of the coordinate u, its slope, and the slope of the slope's logarithm. */
struct strength {
    double delta, log_delta, slope, log_slope_by_u;
};

static struct strength
strength_of(double u)
{
    const double e = exp(-fabs(u)), soft = fmax(u, 0) + log1p(e);
    const double rise = (u > 0 ? 1 : e) / (1 + e);

    if (u < -40) /* soft is e^u to the last bit */
        return (struct strength){bend * exp(u), log(bend) + u, 1, 0};

    const double log_delta = log(bend * soft);

    return (struct strength){bend * soft, log_delta, rise / soft, 1 - rise - rise / soft};
}

/* By group, padded: the model's own parameters and how they move with the coordinates. */
struct levels {
    double *phi, *odds; /* phi on the logit scale, odds = exp(phi) */
    double *delta, *log_delta, *slope, *log_slope_by_u;
    double *level; /* T */
    double *level_by_phi, *level_by_log_delta, *phi_by_log_delta;
};

enum { LEVELS = 10 };

/* Where in the room things stand. */
struct room {
    struct levels l;
    double *place_odds, *place_strength;              /* exp of phi_d and delta_d */
    double *group_phi, *group_strength, *group_level; /* derivatives by group */
    double *group_mean;                               /*   of t_r */
};

static struct room
room_of(const struct normal *s, double *at)
{
    const size_t g = s->padded_groups;
    struct room r = {.l = {at, at + g, at + 2 * g, at + 3 * g, at + 4 * g, at + 5 * g, at + 6 * g,
                           at + 7 * g, at + 8 * g, at + 9 * g}};

    at += LEVELS * g;
    r.group_phi = at;
    r.group_strength = at + g;
    r.group_level = at + 2 * g;
    r.group_mean = at + 3 * g;
    r.place_odds = at + 4 * g;
    r.place_strength = r.place_odds + s->padded_places;
    return r;
}

static size_t
room_size(const struct normal *s)
{
    return (LEVELS + 4) * s->padded_groups + 2 * s->padded_places;
}

/* Search rate at t, and its (negative) slope, of eight groups. */
LANES_WIDE static void
search_rates(const double *odds, const double *delta, const double *t, double *rate, double *slope,
             double *by_phi, double *hit_density)
{
    double far[LANES], f0[LANES], p0[LANES], q0[LANES], f1[LANES], p1[LANES], q1[LANES];

    for (unsigned i = 0; i < LANES; i++)
        far[i] = t[i] - delta[i];
    lanes_normal(t, f0, p0, q0);
    lanes_normal(far, f1, p1, q1);
    for (unsigned i = 0; i < LANES; i++) {
        const double r = 1 / (1 + odds[i]);

        rate[i] = (odds[i] * q1[i] + q0[i]) * r;
        slope[i] = (odds[i] * f1[i] + f0[i]) * r;
        by_phi[i] = odds[i] * r * r * (q1[i] - q0[i]);
        hit_density[i] = odds[i] * f1[i] * r;
    }
}

/* T of eight groups by Newton's method on the log of the rate, from T0. */
static void
solve_levels(const struct normal *s, struct levels l, size_t from)
{
    enum { MOST = 40 };

    double t[LANES], rate[LANES], slope[LANES] = {0}, by_phi[LANES] = {0}, hit_density[LANES] = {0};
    double wanted[LANES];
    double moved = 1;

    for (unsigned i = 0; i < LANES; i++) {
        const size_t g = from + i;

        wanted[i] = g < s->m->groups ? s->m->pooled_search[g] : 0.5;
        t[i] = g < s->m->groups ? s->m->fixed_level[g] : 0;
    }
    for (unsigned pass = 0; pass < MOST && moved > 1e-9; pass++) {
        moved = 0;
        search_rates(l.odds + from, l.delta + from, t, rate, slope, by_phi, hit_density);
        for (unsigned i = 0; i < LANES && from + i < s->m->groups; i++) {
            /* near the root to first order, and of the right sign everywhere */
            const double r = rate[i] / wanted[i];
            const double by = r < 0.5 || r > 2 ? log(floored(r)) * rate[i] : rate[i] - wanted[i];
            const double step = fmax(-1, fmin(1, by / floored(slope[i])));

            t[i] += step;
            moved = fmax(moved, fabs(step));
        }
    }
    for (unsigned i = 0; i < LANES; i++) {
        const double by = 1 / floored(slope[i]);

        l.level[from + i] = t[i];
        l.level_by_phi[from + i] = by_phi[i] * by;
        l.level_by_log_delta[from + i] = hit_density[i] * l.delta[from + i] * by;
    }
}

static void
fill_levels(const struct normal *s, const double *q, struct levels l)
{
    const struct threshold_model *const m = s->m;

    for (size_t from = 0; from < s->padded_groups; from += LANES) {
        double eta[LANES] = {0}, far[LANES], f[LANES], lower[LANES], tail[LANES], log_tail[LANES],
               phi[LANES];

        for (unsigned i = 0; i < LANES && from + i < m->groups; i++) {
            const struct strength strength = strength_of(q[s->strength_at + from + i]);

            l.delta[from + i] = strength.delta;
            l.log_delta[from + i] = strength.log_delta;
            l.slope[from + i] = strength.slope;
            l.log_slope_by_u[from + i] = strength.log_slope_by_u;
            eta[i] = q[s->phi_at + from + i];
        }
        for (unsigned i = 0; i < LANES; i++)
            far[i] = (from + i < m->groups ? m->fixed_level[from + i] : 0) - l.delta[from + i];
        lanes_normal(far, f, lower, tail);
        for (unsigned i = 0; i < LANES; i++)
            tail[i] = floored(tail[i]);
        lanes_log(tail, log_tail);
        for (unsigned i = 0; i < LANES; i++) {
            const double fixed = from + i < m->groups ? s->log_fixed_tail[from + i] : 0;

            l.phi[from + i] = eta[i] - log_tail[i] + fixed;
            l.phi_by_log_delta[from + i] = -f[i] / tail[i] * l.delta[from + i];
            phi[i] = fmin(l.phi[from + i], 300);
        }
        lanes_exp(phi, l.odds + from);
        solve_levels(s, l, from);
    }
}

LANES_WIDE static void
fill_places(const struct normal *s, const double *q, struct room *r)
{
    const struct threshold_model *const m = s->m;

    for (size_t from = 0; from < s->padded_places; from += LANES) {
        double phi[LANES] = {0}, strength[LANES] = {0};

        for (unsigned i = 0; i < LANES && from + i < m->places; i++) {
            const size_t at = m->phi_at[from + i];

            if (at != PINNED) {
                phi[i] = fmin(q[at], 300);
                strength[i] = fmin(q[at + 1], 300);
            }
        }
        lanes_exp(phi, r->place_odds + from);
        lanes_exp(strength, r->place_strength + from);
    }
}

/* ---- cells --------------------------------------------------------------------------------- */

/* Eight cells: in, their thresholds and signals; out, the log likelihood and its derivatives by t,
 * by the logit of phi and by the log of delta. */
struct eight {
    double t[LANES], odds[LANES], delta[LANES];
    struct centring c[LANES];
    double by_t[LANES], by_phi[LANES], by_log_delta[LANES], log_likelihood;
    double search[LANES], hit[LANES], threshold[LANES]; /* rates, for the outputs */
};

LANES_WIDE static void
likelihood(const struct threshold_model *m, size_t from, struct eight *x)
{
    double far[LANES], f0[LANES], p0[LANES], q0[LANES], f1[LANES], p1[LANES], q1[LANES];
    double a[LANES], b[LANES], c[LANES], log_a[LANES], log_b[LANES], log_c[LANES];
    double inverse[LANES], part[LANES];

    for (unsigned i = 0; i < LANES; i++)
        far[i] = x->t[i] - x->delta[i];
    lanes_normal(x->t, f0, p0, q0);
    lanes_normal(far, f1, p1, q1);
    for (unsigned i = 0; i < LANES; i++) {
        inverse[i] = 1 / (1 + x->odds[i]);
        a[i] = floored(x->odds[i] * q1[i] * inverse[i]);
        b[i] = floored(q0[i] * inverse[i]);
        c[i] = floored((x->odds[i] * p1[i] + p0[i]) * inverse[i]);
    }
    lanes_log(a, log_a);
    lanes_log(b, log_b);
    lanes_log(c, log_c);
    const double *const hits = m->hits + from, *const misses = m->misses + from;
    const double *const unsearched = m->unsearched + from;

    for (unsigned i = 0; i < LANES; i++) {
        const double r = inverse[i], u = x->odds[i];
        const double g1 = u * f1[i] * r, g0 = f0[i] * r;
        const double wa = hits[i] / a[i], wb = misses[i] / b[i], wc = unsearched[i] / c[i];

        part[i] = hits[i] * log_a[i] + misses[i] * log_b[i] + unsearched[i] * log_c[i];
        x->by_t[i] = (wc - wa) * g1 + (wc - wb) * g0;
        x->by_log_delta[i] = (wa - wc) * g1 * x->delta[i];
        x->by_phi[i] = hits[i] * r - misses[i] * (u * r) + wc * (u * r * r) * (p1[i] - p0[i]);
        x->search[i] = a[i] + b[i];
        x->hit[i] = a[i] / (a[i] + b[i]);
        x->threshold[i] = g1 / floored(g1 + g0);
    }
    x->log_likelihood = 0;
    for (unsigned i = 0; i < LANES; i++)
        x->log_likelihood += part[i];
}

/* Thresholds and signals of eight cells from the coordinates. */
static void
place_cells(const struct normal *s, const double *q, const struct room *r, size_t from,
            struct eight *x)
{
    const struct threshold_model *const m = s->m;
    const double sigma = q[s->sigma_at];

    for (unsigned i = 0; i < LANES; i++) {
        const size_t k = from + i, g = m->group[k];

        x->t[i] = 0;
        x->odds[i] = x->delta[i] = 1;
        if (k >= m->cells)
            continue;
        const double mean = s->group_means ? q[s->mean_at + g] + r->l.level[g] : 0;

        x->c[i] = centring_of(q[m->at[k]], m->estimate[k] + r->l.level[g], m->information[k], mean,
                              sigma);
        x->t[i] = x->c[i].t;
        x->odds[i] = r->l.odds[g] * r->place_odds[m->place[k]];
        x->delta[i] = r->l.delta[g] * r->place_strength[m->place[k]];
    }
}

/* Adds what eight cells give to the gradient; returns the log prior of their thresholds. */
static double
gather_cells(const struct normal *s, struct room *r, size_t from, const struct eight *x,
             double *gradient)
{
    const struct threshold_model *const m = s->m;
    double sum = 0, jacobian = 1, by_sigma = 0;

    for (size_t k = from; k < from + LANES && k < m->cells; k++) {
        const unsigned i = (unsigned)(k - from), g = m->group[k];
        const size_t place = m->phi_at[m->place[k]];
        const struct centring *const c = &x->c[i];
        const double by_t = x->by_t[i], pull = c->z * c->z_by_estimate;

        sum -= 0.5 * square(c->z);
        jacobian *= c->jacobian;
        gradient[m->at[k]] = by_t * c->by_x - c->z * c->z_by_x;
        by_sigma += by_t * c->by_sigma - c->z * c->z_by_sigma + c->log_jacobian_by_sigma;
        r->group_level[g] += by_t * (1 - c->by_mean) - pull;
        r->group_mean[g] += by_t * c->by_mean + pull;
        r->group_phi[g] += x->by_phi[i];
        r->group_strength[g] += x->by_log_delta[i];
        if (place != PINNED) {
            gradient[place] += x->by_phi[i];
            gradient[place + 1] += x->by_log_delta[i];
        }
    }
    gradient[s->sigma_at] += by_sigma;
    return sum + log(jacobian);
}

/* ---- priors -------------------------------------------------------------------------------- */

static double
place_priors(const struct normal *s, const double *q, double *gradient)
{
    const double precision = 1 / square(place_spread);
    double sum = 0;

    for (size_t d = 0; d < s->m->places; d++) {
        const size_t at = s->m->phi_at[d];

        if (at == PINNED)
            continue;
        sum += square(q[at]) + square(q[at + 1]);
        gradient[at] = -precision * q[at];
        gradient[at + 1] = -precision * q[at + 1];
    }
    return -0.5 * precision * sum;
}

/* mu_phi and mu_delta: their coordinates are counted from the mean of the groups. */
static void
means_of(const struct normal *s, const double *q, const struct levels *l, double mu[2])
{
    const double share = 1 / (double)s->m->groups;

    mu[0] = q[s->mu_at];
    mu[1] = q[s->mu_at + 1];
    for (size_t g = 0; g < s->m->groups; g++) {
        mu[0] += share * l->phi[g];
        mu[1] += share * l->log_delta[g];
    }
}

/* What the prior of the groups around mu, and of mu itself, gives; by_mu is its derivative. */
static double
mean_priors(const struct normal *s, const struct levels *l, const double mu[2], double by_mu[2])
{
    const double precision = 1 / square(s->prior_spread);
    double sum = 0;

    by_mu[0] = -mu[0];
    by_mu[1] = -mu[1];
    for (size_t g = 0; g < s->m->groups; g++) {
        const double off_phi = l->phi[g] - mu[0], off_delta = l->log_delta[g] - mu[1];

        sum -= 0.5 * precision * (square(off_phi) + square(off_delta));
        by_mu[0] += precision * off_phi;
        by_mu[1] += precision * off_delta;
    }
    return sum - 0.5 * (square(mu[0]) + square(mu[1]));
}

/* Priors of the globals, and the chain from the model's parameters back to the coordinates. */
static double
finish_groups(const struct normal *s, const double *q, struct room *r, double *gradient)
{
    const double precision = 1 / square(s->prior_spread), share = 1 / (double)s->m->groups;
    double mu[2], by_mu[2];

    means_of(s, q, &r->l, mu);

    double sum = mean_priors(s, &r->l, mu, by_mu);

    for (size_t g = 0; g < s->m->groups; g++) {
        const double off_phi = r->l.phi[g] - mu[0], off_delta = r->l.log_delta[g] - mu[1];
        double by_level = r->group_level[g];

        if (s->group_means) {
            const double t = q[s->mean_at + g] + r->l.level[g];
            const double by_t = r->group_mean[g] - t;

            sum -= 0.5 * square(t);
            gradient[s->mean_at + g] = by_t;
            by_level += by_t;
        }

        const double by_phi = r->group_phi[g] - precision * off_phi + share * by_mu[0] +
                              by_level * r->l.level_by_phi[g];

        gradient[s->phi_at + g] = by_phi;
        const double by_log_delta = r->group_strength[g] - precision * off_delta +
                                    share * by_mu[1] + by_level * r->l.level_by_log_delta[g] +
                                    by_phi * r->l.phi_by_log_delta[g];

        gradient[s->strength_at + g] = by_log_delta * r->l.slope[g] + r->l.log_slope_by_u[g];
        sum += log(r->l.slope[g]);
    }
    gradient[s->mu_at] = by_mu[0];
    gradient[s->mu_at + 1] = by_mu[1];
    return sum;
}

static double
density(const void *model, const double *q, double *gradient, double *scratch)
{
    const struct normal *const s = model;
    const struct threshold_model *const m = s->m;
    struct room r = room_of(s, scratch);
    double sum = -0.5 * square(q[s->sigma_at]); /* N+(0, 1) */

    memset(r.group_phi, 0, 4 * s->padded_groups * sizeof(double));
    fill_levels(s, q, r.l);
    fill_places(s, q, &r);
    gradient[s->sigma_at] = -q[s->sigma_at];
    sum += place_priors(s, q, gradient);
    for (size_t from = 0; from < m->padded; from += LANES) {
        struct eight x;

        place_cells(s, q, &r, from, &x);
        likelihood(m, from, &x);
        sum += x.log_likelihood + gather_cells(s, &r, from, &x, gradient);
    }
    return sum + finish_groups(s, q, &r, gradient);
}

/* ---- outputs and start --------------------------------------------------------------------- */

static void
output(const void *model, const double *q, double *out, double *scratch)
{
    const struct normal *const s = model;
    const struct threshold_model *const m = s->m;
    const struct threshold_outputs *const o = &m->outputs;
    struct room r = room_of(s, scratch);

    fill_levels(s, q, r.l);
    fill_places(s, q, &r);
    for (size_t from = 0; from < m->padded; from += LANES) {
        struct eight x;

        place_cells(s, q, &r, from, &x);
        likelihood(m, from, &x);
        for (size_t k = from; k < from + LANES && k < m->cells; k++)
            threshold_write_cell(m, k,
                                 (struct threshold_cell_output){x.threshold[k - from],
                                                                x.t[k - from], x.search[k - from],
                                                                x.hit[k - from]},
                                 out);
    }
    threshold_write_groups(m, out);
    for (size_t g = 0; g < m->groups; g++) {
        out[o->phi + g] = r.l.phi[g];
        out[o->strength + g] = r.l.log_delta[g];
        if (s->group_means)
            out[o->group_mean + g] = q[s->mean_at + g] + r.l.level[g];
    }
    out[o->sigma] = fabs(q[s->sigma_at]);
    means_of(s, q, &r.l, out + o->mu);
}

static double
upper(double x)
{
    return dist_normal_p(x, 0, 1, DIST_UPPER);
}

/* The threshold, given delta, at which both the search rate and the hit rate are as they should
 * be; *phi is the logit that goes with it. By halving: the rate falls in t. */
static double
level_of_rates(double search, double hit, double delta, double *phi)
{
    double low = -8, high = 30;
    const double odds = hit / (1 - hit);

    for (unsigned i = 0; i < 80; i++) {
        const double t = (low + high) / 2, q0 = upper(t), u = odds * q0 / upper(t - delta);

        if (q0 * (1 + odds) / (1 + u) > search)
            low = t;
        else
            high = t;
        *phi = log(u);
    }
    return (low + high) / 2;
}

static double
level_of_search(double search, double phi, double delta)
{
    const double share = 1 / (1 + exp(-phi));
    double low = -8, high = 30;

    for (unsigned i = 0; i < 60; i++) {
        const double t = (low + high) / 2;

        if (share * upper(t - delta) + (1 - share) * upper(t) > search)
            low = t;
        else
            high = t;
    }
    return (low + high) / 2;
}

/* Near the ridge that the pooled rates fix, each chain at a delta of its own. */
static void
start(const void *model, struct rng *rng, double *q)
{
    const struct normal *const s = model;
    const struct threshold_model *const m = s->m;
    const double common = 0.3 * rng_normal(rng);

    q[s->sigma_at] = 0.3 * exp(0.2 * rng_normal(rng));
    q[s->mu_at] = q[s->mu_at + 1] = 0;
    for (size_t d = 0; d < m->places; d++)
        if (m->phi_at[d] != PINNED)
            for (size_t j = 0; j < 2; j++)
                q[m->phi_at[d] + j] = 0.05 * rng_normal(rng);
    for (size_t g = 0; g < m->groups; g++) {
        const double log_delta = common + 0.1 * rng_normal(rng), delta = exp(log_delta);
        double phi;

        level_of_rates(m->pooled_search[g], m->pooled_hit[g], delta, &phi);
        q[s->strength_at + g] = log(expm1(delta / bend));
        q[s->phi_at + g] = phi + log(upper(m->fixed_level[g] - delta)) - s->log_fixed_tail[g];
        if (s->group_means)
            q[s->mean_at + g] = 0.1 * rng_normal(rng);
    }
    for (size_t i = 0; i < m->cells; i++)
        q[m->at[i]] = 0.3 * rng_normal(rng);
}

/* What cell i says about its threshold when phi and delta = 1 are those of the group: an estimate,
 * against T0, and its precision: Fisher's information, less what phi_d and delta_d blur. */
static void
rough_estimate(struct threshold_model *m, size_t i, double phi)
{
    const double searched = m->hits[i] + m->misses[i], stops = searched + m->unsearched[i];
    const double rate = (searched + 0.5) / (stops + 1), share = 1 / (1 + exp(-phi));
    const double t = level_of_search(rate, phi, 1);
    const double slope =
        share * dist_normal_d(t, 1, 1, false) + (1 - share) * dist_normal_d(t, 0, 1, false);

    const double by_phi = share * (1 - share) * (upper(t - 1) - upper(t)) / slope;
    const double by_delta = share * dist_normal_d(t, 1, 1, false) / slope;

    m->estimate[i] = t - m->fixed_level[m->group[i]];
    m->information[i] = 1 / (rate * (1 - rate) / (stops * square(slope)) +
                             square(place_spread) * (square(by_phi) + square(by_delta)));
}

/* ---- the two variants ---------------------------------------------------------------------- */

void
threshold_normal_target(struct arena *a, struct threshold_model *m, struct nuts_target *target)
{
    struct normal *const s = arena_alloc(a, sizeof *s);
    size_t at = m->globals;

    s->m = m;
    s->group_means = m->signal == THRESHOLD_HIERARCHICAL;
    s->prior_spread = m->signal == THRESHOLD_HIERARCHICAL ? 0.1 : 1;
    s->padded_groups = (m->groups + LANES - 1) / LANES * LANES;
    s->padded_places = (m->places + LANES - 1) / LANES * LANES;
    s->mean_at = at;
    at += s->group_means ? m->groups : 0;
    s->sigma_at = at++;
    s->mu_at = at;
    s->phi_at = at + 2;
    s->strength_at = s->phi_at + m->groups;
    s->log_fixed_tail = arena_array(a, m->groups, sizeof(double));
    for (size_t g = 0; g < m->groups; g++) {
        double phi;

        m->fixed_level[g] = level_of_rates(m->pooled_search[g], m->pooled_hit[g], 1, &phi);
        s->log_fixed_tail[g] = log(upper(m->fixed_level[g]));
        for (size_t i = 0; i < m->cells; i++)
            if (m->group[i] == g)
                rough_estimate(m, i, phi);
    }
    target->shape.parameters = s->strength_at + m->groups;
    target->room = room_size(s);
    target->model = s;
    target->density = density;
    target->start = start;
    target->output = output;
}
