/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Simulation-based calibration (Talts et al., arXiv:1804.06788): parameters from the prior, cells
 * from the parameters, draws from the posterior of the cells. Then the rank of each parameter among
 * its draws is uniform, whatever the model; a wrong density, Jacobian or sampler bends it; and the
 * 95 % intervals hold the truth in 95 % of such cities. A few rounds in `make test`, many with
 * LONG=1.
 */
#include "analyzer/stat/dist.h"
#include "analyzer/stat/hierarchical.h"
#include "analyzer/stat/threshold.h"
#include "tests/lib/testlib.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 6, GROUPS = 3, CELLS = PLACES * GROUPS, KEPT = 31, BINS = 8, WATCHED = 12 };

static unsigned place[CELLS], group[CELLS];
static double stops[CELLS], searches[CELLS], hits[CELLS];

/* What is watched: the outputs' places in a draw, and the true values. */
struct truth {
    size_t count, output[WATCHED];
    double value[WATCHED];
};

static void
watch(struct truth *t, size_t output, double value)
{
    t->output[t->count] = output;
    t->value[t->count++] = value;
}

static double
logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* Exact for these sizes: as many trials as there are. */
static double
binomial(struct rng *r, double n, double p)
{
    double k = 0;

    for (double i = 0; i < n; i++)
        k += rng_uniform(r) < p;
    return k;
}

static void
number_cells(void)
{
    for (unsigned i = 0; i < CELLS; i++) {
        place[i] = i / GROUPS;
        group[i] = i % GROUPS;
    }
}

/* ---- threshold ----------------------------------------------------------------------------- */

struct rates {
    double search, hit;
};

static struct rates
normal_rates(double phi, double delta, double t)
{
    const double a = phi * dist_normal_p(t, delta, 1, DIST_UPPER);
    const double search = a + (1 - phi) * dist_normal_p(t, 0, 1, DIST_UPPER);

    return (struct rates){search, search > 0 ? a / search : 0};
}

static struct rates
beta_rates(double phi, double lambda, double tau)
{
    const double t = logistic(tau), a = lambda * phi, b = lambda - a;
    const double search = dist_beta_p(t, a, b, DIST_UPPER);

    return (struct rates){search,
                          search > 0 ? phi * dist_beta_p(t, a + 1, b, DIST_UPPER) / search : 0};
}

/* Stops are given, and place 0 has most of them, so that it is the pinned one in all variants. */
static void
draw_threshold(struct rng *r, enum threshold_signal signal, const struct threshold_outputs *o,
               struct truth *truth)
{
    const bool beta = signal == THRESHOLD_BETA;
    const double spread = signal == THRESHOLD_FAST ? 1 : 0.1;
    const double mu_phi = rng_normal(r), mu_delta = rng_normal(r), sigma = fabs(rng_normal(r));
    double phi_d[PLACES] = {0}, strength_d[PLACES] = {0};
    double phi[GROUPS], strength[GROUPS], mean[GROUPS], sigmas[GROUPS];

    for (unsigned d = 1; d < PLACES; d++) {
        phi_d[d] = (beta ? 0.25 : 0.1) * rng_normal(r);
        strength_d[d] = (beta ? 0.5 : 0.1) * rng_normal(r);
    }
    *truth = (struct truth){0};
    for (unsigned g = 0; g < GROUPS; g++) {
        phi[g] = beta ? -3.5 + 0.25 * rng_normal(r) : mu_phi + spread * rng_normal(r);
        strength[g] = beta ? 2 + 0.5 * rng_normal(r) : mu_delta + spread * rng_normal(r);
        mean[g] = beta ? -2 + rng_normal(r) : signal == THRESHOLD_FAST ? 0 : rng_normal(r);
        sigmas[g] = beta ? 0.25 * fabs(rng_normal(r)) : sigma;
    }
    watch(truth, o->phi, phi[0]);
    watch(truth, o->phi + 2, phi[2]);
    watch(truth, o->strength + 1, strength[1]);
    watch(truth, o->sigma, sigmas[0]);
    if (o->group_mean != THRESHOLD_NONE)
        watch(truth, o->group_mean + 1, mean[1]);
    if (o->mu != THRESHOLD_NONE)
        watch(truth, o->mu, mu_phi);
    for (unsigned i = 0; i < CELLS; i++) {
        const unsigned d = place[i], g = group[i];
        const double t = mean[g] + sigmas[g] * rng_normal(r);
        const double share = logistic(phi[g] + phi_d[d]), size = exp(strength[g] + strength_d[d]);
        const struct rates p = beta ? beta_rates(share, size, t) : normal_rates(share, size, t);

        stops[i] = d == 0 ? 2000 : 60 * (1 + i);
        searches[i] = binomial(r, stops[i], p.search);
        hits[i] = binomial(r, searches[i], p.hit);
        if (i % 7 == 0)
            watch(truth, o->signal + i, t);
    }
}

static bool
threshold_round(struct arena *a, struct rng *r, int signal, struct nuts_target *target,
                struct truth *truth)
{
    const struct threshold_cells cells = {CELLS, PLACES, GROUPS,   place,
                                          group, stops,  searches, hits};
    struct threshold_outputs o;
    struct err e;
    size_t cell;

    /* a first look, for where the outputs stand */
    for (unsigned i = 0; i < CELLS; i++) {
        stops[i] = 10;
        searches[i] = 2;
        hits[i] = 1;
    }
    ck_assert(threshold_target(a, (enum threshold_signal)signal, &cells, target, &o, &cell, &e));
    draw_threshold(r, (enum threshold_signal)signal, &o, truth);
    return threshold_target(a, (enum threshold_signal)signal, &cells, target, &o, &cell, &e);
}

/* ---- hierarchical -------------------------------------------------------------------------- */

static bool
hierarchical_round(struct arena *a, struct rng *r, int unused, struct nuts_target *target,
                   struct truth *truth)
{
    const struct hierarchical_cells cells = {CELLS, PLACES, GROUPS, place, group, hits, stops};
    const double mu = 5 * rng_normal(r), place_spread = fabs(rng_normal(r));
    const double eps_spread = fabs(rng_normal(r));
    double alpha[GROUPS], mean = 0, beta[PLACES];
    struct hierarchical_outputs o;
    struct err e;
    size_t cell;

    (void)unused;
    /* independent normals given that their sum is 0: less their mean */
    for (unsigned g = 0; g < GROUPS; g++) {
        alpha[g] = 2 * rng_normal(r);
        mean += alpha[g] / GROUPS;
    }
    for (unsigned d = 0; d < PLACES; d++)
        beta[d] = place_spread * rng_normal(r);
    for (unsigned i = 0; i < CELLS; i++) {
        const double rate =
            mu + alpha[group[i]] - mean + beta[place[i]] + eps_spread * rng_normal(r);

        stops[i] = 20 + 5 * i;
        hits[i] = (double)rng_poisson(r, stops[i] * exp(fmin(rate, 25)));
    }
    if (!hierarchical_target(a, &cells, target, &o, &cell, &e))
        return false; /* no event at all: not a case the model takes */
    *truth = (struct truth){0};
    watch(truth, o.effect, exp(alpha[0] - mean));
    watch(truth, o.effect + 2, exp(alpha[2] - mean));
    watch(truth, o.mu, mu);
    watch(truth, o.sigma_place, place_spread);
    watch(truth, o.sigma_eps, eps_spread);
    return true;
}

/* ---- ranks --------------------------------------------------------------------------------- */

/* The rank of the truth among KEPT draws far apart: 0 … KEPT. */
static unsigned
rank_of(const struct nuts_run *run, size_t output, double truth)
{
    const size_t n = run->chains * run->draws, each = n / KEPT;
    unsigned rank = 0;

    for (size_t k = 0; k < KEPT; k++)
        rank += run->values[(k * each + each / 2) * run->outputs + output] < truth;
    return rank;
}

/* How many of the watched quantities lie within the middle 95 % of all draws: the truth's place
 * among n draws is 1 … n + 1. */
static size_t
covered(const struct nuts_run *run, const struct truth *truth)
{
    const size_t n = run->chains * run->draws;
    size_t within = 0;

    for (size_t k = 0; k < truth->count; k++) {
        size_t below = 0;

        for (size_t i = 0; i < n; i++)
            below += run->values[i * run->outputs + truth->output[k]] < truth->value[k];
        within += (double)below + 1 > 0.025 * (double)(n + 1) &&
                  (double)below + 1 < 0.975 * (double)(n + 1);
    }
    return within;
}

static const struct {
    const char *name;
    bool (*round)(struct arena *, struct rng *, int, struct nuts_target *, struct truth *);
    int signal;
    enum nuts_path path;
} models[] = {{"hierarchical threshold", threshold_round, THRESHOLD_HIERARCHICAL, NUTS_UNTIL_TURN},
              {"fast threshold", threshold_round, THRESHOLD_FAST, NUTS_UNTIL_TURN},
              {"beta threshold", threshold_round, THRESHOLD_BETA, NUTS_UNTIL_TURN},
              {"hierarchical rate", hierarchical_round, 0, NUTS_UNTIL_TURN},
              {"hierarchical threshold, hmc", threshold_round, THRESHOLD_HIERARCHICAL, NUTS_FIXED},
              {"fast threshold, hmc", threshold_round, THRESHOLD_FAST, NUTS_FIXED}};

/* CALIBRATE names the one model that is wanted, CALIBRATE_ROUNDS how many rounds of it. */
static bool
is_wanted(const char *name)
{
    const char *const only = getenv("CALIBRATE");

    return !only || strcmp(only, name) == 0;
}

static unsigned
rounds_wanted(void)
{
    const char *const asked = getenv("CALIBRATE_ROUNDS");

    return asked ? (unsigned)strtoul(asked, NULL, 10) : getenv("LONG") ? 250 : 24;
}

START_TEST(the_ranks_of_the_truth_are_uniform)
{
    const unsigned rounds = rounds_wanted();
    struct rng r = rng_stream(20, (unsigned)_i);
    double bins[WATCHED][BINS] = {{0}};
    size_t watched = 0, divergences = 0, within = 0;
    unsigned done = 0;

    if (!is_wanted(models[_i].name))
        return;
    number_cells();
    for (unsigned i = 0; done < rounds; i++) {
        struct arena *const a = arena_new();
        struct nuts_options o = NUTS_DEFAULTS;
        struct nuts_target target;
        struct truth truth;
        struct nuts_run run;

        o.path = models[_i].path;
        o.chains = 2;
        o.warmup = 300;
        o.draws = 310;
        o.seed = i;
        if (models[_i].round(a, &r, models[_i].signal, &target, &truth)) {
            nuts_run(a, &target, &o, &run);
            done++;
            watched = truth.count;
            divergences += run.divergences;
            within += covered(&run, &truth);
            for (size_t k = 0; k < truth.count; k++)
                bins[k][rank_of(&run, truth.output[k], truth.value[k]) * BINS / (KEPT + 1)]++;
        }
        arena_free(a);
        if (getenv("CALIBRATE") && done % 25 == 0) { /* rounds of hours: how far it is */
            printf("%u rounds, %zu divergences, %.1f%% within\n", done, divergences,
                   100 * (double)within / (double)(done * watched));
            fflush(stdout);
        }
    }
    printf("%s: %u rounds, %zu divergences; p of uniform ranks", models[_i].name, rounds,
           divergences);
    double least = 1;

    for (size_t k = 0; k < watched; k++) {
        double chi = 0;

        for (unsigned b = 0; b < BINS; b++) {
            const double expected = (double)rounds / BINS;

            chi += (bins[k][b] - expected) * (bins[k][b] - expected) / expected;
        }
        const double p = dist_chi_square_p(chi, BINS - 1, DIST_UPPER);

        printf(" %.3f", p);
        least = fmin(least, p);
    }
    const double share = (double)within / (double)(rounds * watched);

    printf("; 95%% intervals hold the truth in %.1f%% (93 to 97)\n", 100 * share);
    ck_assert_msg(least > 0.001 / (double)watched, "%s: p = %g", models[_i].name, least);
    if (rounds >= 200)
        ck_assert_msg(share >= 0.93 && share <= 0.97, "%s: %.4f", models[_i].name, share);
}
END_TEST

Suite *calibration_suite(void);

Suite *
calibration_suite(void)
{
    Suite *const s = suite_create("calibration");
    TCase *const t = tcase_create("calibration");

    tcase_set_timeout(t, 3000);
    tcase_add_loop_test(t, the_ranks_of_the_truth_are_uniform, 0,
                        (int)(sizeof models / sizeof models[0]));
    suite_add_tcase(s, t);
    return s;
}
