/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Do 95% intervals of the closed forms hold the truth in 93 to 97 of 100 cities? Planted: a group
 * that is stopped RATIO times as often per resident, searched with ODDS times the odds, in wijken
 * that differ from each other; and lists, matrices and categories for what is not in the data.
 */
#include "tests/lib/coverage.h"

#include "analyzer/stat/bounds.h"
#include "analyzer/stat/capture.h"
#include "analyzer/stat/compare.h"
#include "analyzer/stat/funnel.h"
#include "analyzer/stat/hybrid.h"
#include "analyzer/stat/misclassified.h"
#include "analyzer/stat/mixture.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/proportion.h"
#include "analyzer/stat/rate.h"
#include "analyzer/stat/shrink.h"
#include "analyzer/stat/standardised.h"

#include <check.h>
#include <math.h>

static const double LEVEL = 0.95;
static const double RATE = 0.06, RATIO = 1.5; /* persons stopped per resident */
static const double SEARCH = 0.12, ODDS = 1.4;

enum { MOST = COVERAGE_PLACES };

/* ---- cities ---- */

/* How busy a wijk is beside the others; the same in every trial, as wijken are. */
static double
busy(size_t place)
{
    return 0.5 + (double)(place * 7 % 11) / 10;
}

static double
search_chance(size_t place, bool of_group)
{
    const double odds = SEARCH / (1 - SEARCH) * busy(place * 3 + 1) * (of_group ? ODDS : 1);

    return odds / (1 + odds);
}

static struct rate_pair
stops_of(const struct coverage_trial *t, size_t place, double ratio)
{
    const struct coverage_city *const c = t->city;
    const double rate = RATE * busy(place);

    return (struct rate_pair){(double)rng_poisson(t->rng, c->group[place] * rate * ratio),
                              c->group[place], (double)rng_poisson(t->rng, c->others[place] * rate),
                              c->others[place]};
}

static void
draw_stops(const struct coverage_trial *t, double ratio, struct rate_pair out[MOST])
{
    for (size_t p = 0; p < t->city->places; p++)
        out[p] = stops_of(t, p, ratio);
}

static double
binomial(struct coverage_trial *t, double n, double p)
{
    return (double)rng_binomial(t->rng, (uint64_t)n, p);
}

/* Searches of a place's stops, `scale` of them. */
static struct proportion_pair
searches_of(struct coverage_trial *t, size_t place, double scale)
{
    const struct rate_pair stops = stops_of(t, place, RATIO);
    const double n1 = ceil(scale * stops.x1) + 1;
    const double n0 = ceil(scale * stops.x0) + 1;

    return (struct proportion_pair){binomial(t, n1, search_chance(place, true)), n1,
                                    binomial(t, n0, search_chance(place, false)), n0};
}

static void
draw_searches(struct coverage_trial *t, double scale, struct odds_table out[MOST])
{
    for (size_t p = 0; p < t->city->places; p++) {
        const struct proportion_pair s = searches_of(t, p, scale);

        out[p] = odds_table(s.k1, s.n1, s.k0, s.n0);
    }
}

/* ---- rates ---- */

static void
garwood(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, rate_garwood(stops_of(t, p, 1).x0, t->city->others[p], LEVEL),
                   RATE * busy(p));
}

static void
ratio_exact(struct coverage_trial *t)
{
    coverage_count(t, rate_ratio(stops_of(t, t->city->largest, RATIO), RATE_EXACT, LEVEL), RATIO);
}

static void
ratio_mid_p(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, rate_ratio(stops_of(t, p, RATIO), RATE_MID_P, LEVEL), RATIO);
}

static void
ratio_pooled(struct coverage_trial *t)
{
    struct rate_pair pairs[MOST];

    draw_stops(t, RATIO, pairs);
    coverage_count(t, rate_ratio_pooled(pairs, t->city->places, LEVEL).ratio, RATIO);
}

/* The test that places share one ratio: kept at 5% is not rejected in 95%. */
static void
homogeneity(struct coverage_trial *t)
{
    struct rate_pair pairs[MOST];

    draw_stops(t, RATIO, pairs);
    t->held = rate_homogeneity(pairs, t->city->places,
                               rate_ratio_pooled(pairs, t->city->places, LEVEL).ratio.value)
                  .p >= 1 - LEVEL;
    t->asked = 1;
}

static double
classes_of(struct coverage_trial *t, struct rate_class one[MOST], struct rate_class zero[MOST])
{
    double above = 0, below = 0;

    for (size_t p = 0; p < t->city->places; p++) {
        const struct rate_pair x = stops_of(t, p, RATIO);
        const double standard = t->city->group[p] + t->city->others[p];

        one[p] = (struct rate_class){x.x1, x.n1, standard};
        zero[p] = (struct rate_class){x.x0, x.n0, standard};
        above += standard * RATE * busy(p);
        below += standard;
    }
    return above / below;
}

static void
standardised_rate(struct coverage_trial *t)
{
    struct rate_class one[MOST], zero[MOST];
    const double truth = classes_of(t, one, zero);

    coverage_count(t, rate_standardised(zero, t->city->places, LEVEL), truth);
}

static void
standardised_ratio_of(struct coverage_trial *t)
{
    struct rate_class one[MOST], zero[MOST];

    classes_of(t, one, zero);
    coverage_count(t, standardised_ratio(one, zero, t->city->places, LEVEL).ratio, RATIO);
}

/* Residents known up to a factor that is drawn as the draws are. */
static void
rate_of_uncertain_exposure(struct coverage_trial *t)
{
    enum { DRAWS = 500 };
    double exposure[DRAWS], work[DRAWS];
    const double middle = t->city->others[t->city->largest];
    const double there = middle * exp(0.1 * rng_normal(t->rng));

    for (size_t i = 0; i < DRAWS; i++)
        exposure[i] = middle * exp(0.1 * rng_normal(t->rng));

    const struct interval x =
        mixture_rate((double)rng_poisson(t->rng, there * RATE), exposure, DRAWS, LEVEL, work);

    coverage_count(t, (struct estimate){NAN, x.lower, x.upper}, RATE);
}

/* ---- shares ---- */

static void
wilson(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;
    const struct proportion_pair s = searches_of(t, p, 1);

    coverage_count(t, proportion_wilson(s.k0, s.n0, LEVEL), search_chance(p, false));
}

static void
clopper_pearson(struct coverage_trial *t)
{
    const struct proportion_pair s = searches_of(t, t->city->largest, 1);

    coverage_count(t, proportion_clopper_pearson(s.k1, s.n1, LEVEL),
                   search_chance(t->city->largest, true));
}

static double
gap_of(size_t place)
{
    return search_chance(place, true) - search_chance(place, false);
}

static void
newcombe(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, proportion_difference_newcombe(searches_of(t, p, 1), LEVEL), gap_of(p));
}

static void
score_difference(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, proportion_difference_score(searches_of(t, p, 1), LEVEL), gap_of(p));
}

static double
share_ratio_of(size_t place)
{
    return search_chance(place, true) / search_chance(place, false);
}

static void
koopman(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, proportion_ratio(searches_of(t, p, 1), PROPORTION_KOOPMAN, LEVEL),
                   share_ratio_of(p));
}

static void
miettinen_nurminen(struct coverage_trial *t)
{
    const size_t p = t->number % t->city->places;

    coverage_count(t, proportion_ratio(searches_of(t, p, 1), PROPORTION_MIETTINEN_NURMINEN, LEVEL),
                   share_ratio_of(p));
}

static void
fisher(struct coverage_trial *t)
{
    const struct proportion_pair s = searches_of(t, t->city->largest, 1);

    coverage_count(t, odds_fisher(odds_table(s.k1, s.n1, s.k0, s.n0), LEVEL).odds_ratio, ODDS);
}

static void
odds_ratio_pooled(struct coverage_trial *t)
{
    struct odds_table tables[MOST];

    draw_searches(t, 1, tables);
    coverage_count(t, odds_pooled(tables, t->city->places, LEVEL).ratio, ODDS);
}

/* The same on few stops: about forty a wijk. */
static void
odds_ratio_sparse(struct coverage_trial *t)
{
    struct odds_table tables[MOST];

    draw_searches(t, 0.05, tables);
    coverage_count(t, odds_pooled(tables, t->city->places, LEVEL).ratio, ODDS);
}

static void
odds_ratio_exact(struct coverage_trial *t)
{
    struct odds_table tables[MOST];

    draw_searches(t, 0.25, tables);

    double *const work =
        arena_array(t->arena, odds_exact_work(tables, t->city->places) + 1, sizeof *work);

    coverage_count(t, odds_exact(tables, t->city->places, LEVEL, work).odds_ratio, ODDS);
}

/* ---- small places ---- */

static void
shrunk(struct coverage_trial *t)
{
    double count[MOST] = {0}, exposure[MOST] = {0}, truth[MOST] = {0};
    struct shrink fit;

    for (size_t p = 0; p < t->city->places; p++) {
        exposure[p] = t->city->group[p] * RATE / 10;
        truth[p] = rng_gamma(t->rng, 8) / 8;
        count[p] = (double)rng_poisson(t->rng, exposure[p] * truth[p]);
    }
    if (shrink_fit(count, exposure, t->city->places, &fit) != SHRINK_DONE)
        return;
    for (size_t p = 0; p < t->city->places; p++)
        coverage_count(t, shrink_rate(&fit, count[p], exposure[p], LEVEL), truth[p]);
}

/* Places that are all at the target lie within the limits. */
static void
funnel(struct coverage_trial *t)
{
    for (size_t p = 0; p < t->city->places; p++) {
        const double size = t->city->others[p];
        const struct interval limits = funnel_exact(FUNNEL_RATE, size, RATE, LEVEL);

        coverage_count(t, (struct estimate){NAN, limits.lower, limits.upper},
                       (double)rng_poisson(t->rng, size * RATE) / size);
    }
}

/* ---- the robust test ---- */

/*
 * The worst case that allows no conclusion: the group is stopped far more often, its hit rate is
 * the same. Then one test is sure to point, and the other points by chance in 5%.
 */
static void
robust(struct coverage_trial *t)
{
    struct hybrid_counts c[MOST];

    for (size_t p = 0; p < t->city->places; p++) {
        const struct rate_pair s = stops_of(t, p, RATIO);

        c[p] = (struct hybrid_counts){s.n1, s.x1, binomial(t, s.x1, 0.2),
                                      s.n0, s.x0, binomial(t, s.x0, 0.2)};
    }
    t->held = hybrid_pooled(c, t->city->places, HYBRID_RATE, 1 - LEVEL).verdict == 0;
    t->asked = 1;
}

/* ---- what is not in the data ---- */

static void
two_lists(struct coverage_trial *t)
{
    const double all = 3000, on_a = binomial(t, all, 0.6);
    const double both = binomial(t, on_a, 0.4);

    coverage_count(t, capture_chapman(on_a, both + binomial(t, all - on_a, 0.4), both, LEVEL).total,
                   all);
}

static void
three_lists(struct coverage_trial *t)
{
    static const double chance[3] = {0.6, 0.4, 0.3};
    double seen[8] = {0};
    struct capture_three out;

    for (unsigned i = 0; i < 3000; i++) {
        unsigned pattern = 0;

        for (unsigned l = 0; l < 3; l++)
            pattern |= (unsigned)(rng_uniform(t->rng) < chance[l]) << l;
        seen[pattern]++;
    }
    if (capture_loglinear(t->arena, seen, 0, LEVEL, &out))
        coverage_count(t, out.of.total, 3000);
}

/* 600 people told how they see themselves; one in eight is perceived as the other group. */
static void
misclassified(struct coverage_trial *t)
{
    double matrix[4], work[MISCLASSIFIED_DRAWS];
    const double exposure[2] = {40000, 160000}, rate[2] = {RATE * 2, RATE};
    double self[2], count[2] = {0};

    for (size_t g = 0; g < 2; g++) {
        self[g] = (double)rng_poisson(t->rng, exposure[g] * rate[g]);

        const double moved = binomial(t, self[g], 0.125);

        count[g] += self[g] - moved;
        count[1 - g] += moved;
    }

    /* What a perceived group's people say: shares as they are on average. */
    const double mean[2] = {exposure[0] * rate[0], exposure[1] * rate[1]};

    for (size_t seen = 0; seen < 2; seen++) {
        const double own = 0.875 * mean[seen], other = 0.125 * mean[1 - seen];
        const double said = binomial(t, 300, own / (own + other));

        matrix[2 * seen + seen] = said;
        matrix[2 * seen + 1 - seen] = 300 - said;
    }

    const struct misclassified m = {2, count, exposure, matrix};

    coverage_count(t, misclassified_ratio(&m, 0, 1, LEVEL, t->rng, work), 2);
}

/* The naive difference at rho 0 is a difference of shares. */
static void
bounds(struct coverage_trial *t)
{
    const size_t p = t->city->largest;
    const struct proportion_pair s = searches_of(t, p, 1);
    const double rho = 0.2;

    coverage_count(t, bounds_att(s, rho, LEVEL), gap_of(p) + rho * search_chance(p, false));
}

static void
distance(struct coverage_trial *t)
{
    enum { KINDS = 5 };
    static const double one[KINDS] = {0.30, 0.25, 0.20, 0.15, 0.10};
    static const double zero[KINDS] = {0.15, 0.25, 0.25, 0.20, 0.15};
    double a[KINDS] = {0}, b[KINDS] = {0}, work[4 * KINDS];

    for (unsigned side = 0; side < 2; side++) {
        const double *const p = side ? zero : one;
        double left = 400, share = 1;

        for (size_t k = 0; k < KINDS; k++) {
            const double x = k + 1 == KINDS ? left : binomial(t, left, p[k] / share);

            (side ? b : a)[k] = x;
            left -= x;
            share -= p[k];
        }
    }
    coverage_count(t, compare_distance_interval(a, b, KINDS, LEVEL, 500, t->rng, work),
                   compare_distance(one, zero, KINDS));
}

/* Exact intervals hold more than they promise when counts are small; these counts are not. */
static const struct coverage_check checks[] = {
    {"rate, Garwood", garwood, 0.93, 0.97},
    {"rate ratio, exact", ratio_exact, 0.93, 0.97},
    {"rate ratio, mid-p", ratio_mid_p, 0.93, 0.97},
    {"rate ratio, Mantel-Haenszel", ratio_pooled, 0.93, 0.97},
    {"homogeneity, not rejected", homogeneity, 0.93, 0.97},
    {"standardised rate, Fay-Feuer", standardised_rate, 0.93, 0.97},
    {"ratio of standardised rates", standardised_ratio_of, 0.93, 0.97},
    {"rate of an uncertain exposure", rate_of_uncertain_exposure, 0.93, 0.97},
    {"share, Wilson", wilson, 0.93, 0.97},
    {"share, Clopper-Pearson", clopper_pearson, 0.93, 0.97},
    {"difference, Newcombe", newcombe, 0.93, 0.97},
    {"difference, score", score_difference, 0.93, 0.97},
    {"ratio, Koopman", koopman, 0.93, 0.97},
    {"ratio, Miettinen-Nurminen", miettinen_nurminen, 0.93, 0.97},
    {"odds ratio, Fisher", fisher, 0.93, 0.97},
    {"odds ratio, Mantel-Haenszel", odds_ratio_pooled, 0.93, 0.97},
    {"odds ratio, Mantel-Haenszel, sparse", odds_ratio_sparse, 0.93, 0.97},
    {"odds ratio, exact over strata", odds_ratio_exact, 0.93, 0.97},
    {"shrunk rates, empirical Bayes", shrunk, 0.93, 0.97},
    {"funnel limits", funnel, 0.93, 0.97},
    {"robust test, no conclusion", robust, 0.93, 0.97},
    {"capture-recapture, two lists", two_lists, 0.93, 0.97},
    {"capture-recapture, three lists", three_lists, 0.93, 0.97},
    {"misclassified ratio", misclassified, 0.93, 0.97},
    {"selection, effect among stopped", bounds, 0.93, 0.97},
    {"distance of reasons", distance, 0.93, 0.97},
};

START_TEST(intervals_hold_the_truth_as_often_as_they_say)
{
    coverage_assert(&checks[_i]);
}
END_TEST

Suite *coverage_suite(void);

Suite *
coverage_suite(void)
{
    Suite *const s = suite_create("coverage");
    TCase *const c = tcase_create("closed forms");

    tcase_set_timeout(c, 300);
    tcase_add_loop_test(c, intervals_hold_the_truth_as_often_as_they_say, 0,
                        (int)(sizeof checks / sizeof *checks));
    suite_add_tcase(s, c);
    return s;
}
