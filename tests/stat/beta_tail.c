/* SPDX-License-Identifier: EUPL-1.2 */
/* beta_tail.h against Rmath and against finite differences. */
#include "analyzer/stat/beta_tail.h"

#include "analyzer/stat/dist.h"
#include "tests/lib/testlib.h"

#include <math.h>

/* a, b, and the share with a larger signal: what the threshold test meets, and further. */
static const double laws[][3] = {{0.08, 1.6, 0.04},  {0.08, 12, 0.005},  {0.22, 7.2, 0.02},
                                 {0.22, 7.2, 0.4},   {3, 2, 0.5},        {3, 2, 0.9},
                                 {12, 40, 0.001},    {0.01, 30, 0.0004}, {1, 1, 0.25},
                                 {0.6, 120, 0.0001}, {40, 3, 0.97},      {0.06, 2, 0.06}};
enum { COUNT = sizeof laws / sizeof laws[0] };

static double
threshold_of(double a, double b, double rate)
{
    return log(dist_beta_odds_q(rate, a, b, DIST_UPPER));
}

/* Lane 3 of eight that are all different. */
static struct beta_law
law_of(double a, double b)
{
    struct beta_law law;

    for (unsigned i = 0; i < LANES; i++) {
        law.a[i] = i == 3 ? a : 0.3 + i;
        law.b[i] = i == 3 ? b : 2.0 * i + 1;
    }
    beta_law(&law);
    return law;
}

static struct beta_tail
tail_of(double a, double b, double threshold)
{
    const struct beta_tail_rule rule = beta_tail_rule(BETA_TAIL_NODES, 36);
    const struct beta_law law = law_of(a, b);
    double tau[LANES] = {0};
    struct beta_tail p;

    tau[3] = threshold;
    beta_tail(&rule, &law, tau, &p);
    return p;
}

START_TEST(the_masses_are_those_of_rmath)
{
    const double a = laws[_i][0], b = laws[_i][1], tau = threshold_of(a, b, laws[_i][2]);
    const double x = 1 / (1 + exp(-tau));
    const struct beta_tail p = tail_of(a, b, tau);
    const double hit = a / (a + b) * dist_beta_p(x, a + 1, b, DIST_UPPER);
    const double miss = b / (a + b) * dist_beta_p(x, a, b + 1, DIST_UPPER);

    assert_close("hit", p.hit[3] / hit, 1, 1e-9);
    assert_close("miss", p.miss[3] / miss, 1, 1e-9);
    assert_close("log beta", law_of(a, b).log_beta[3], dist_log_beta(a, b), 1e-12);
    assert_close("by a", law_of(a, b).log_beta_by_a[3], dist_digamma(a) - dist_digamma(a + b),
                 1e-12);
}
END_TEST

static double
slope(const double *d, double h)
{
    return (8 * (d[2] - d[1]) - (d[3] - d[0])) / (12 * h);
}

START_TEST(the_slopes_are_those_of_differences)
{
    const double a = laws[_i][0], b = laws[_i][1], tau = threshold_of(a, b, laws[_i][2]);
    const struct beta_tail p = tail_of(a, b, tau);
    const double ours[3][2] = {{p.hit_by_a[3], p.miss_by_a[3]},
                               {p.hit_by_b[3], p.miss_by_b[3]},
                               {p.hit_by_tau[3], p.miss_by_tau[3]}};

    for (unsigned k = 0; k < 3; k++) {
        const double h = k == 0 ? 1e-3 * a : k == 1 ? 1e-3 * b : 1e-3;
        double hit[4], miss[4];

        for (int i = 0; i < 4; i++) {
            const double by = (i < 2 ? i - 2 : i - 1) * h;
            const struct beta_tail q =
                tail_of(a + (k == 0 ? by : 0), b + (k == 1 ? by : 0), tau + (k == 2 ? by : 0));

            hit[i] = q.hit[3];
            miss[i] = q.miss[3];
        }
        assert_close("hit", ours[k][0] / p.hit[3], slope(hit, h) / p.hit[3], 1e-7);
        assert_close("miss", ours[k][1] / p.miss[3], slope(miss, h) / p.miss[3], 1e-7);
    }
}
END_TEST

START_TEST(the_level_is_the_quantile)
{
    const struct beta_tail_rule rule = beta_tail_rule(BETA_TAIL_NODES, 36);
    const double a = laws[_i][0], b = laws[_i][1], rate = laws[_i][2], h = 1e-4;
    const double exact = threshold_of(a, b, rate);
    const struct beta_law law = law_of(a, b);
    struct beta_level level = {{0}, {0}, {0}};
    double log_rate[LANES];

    for (unsigned i = 0; i < LANES; i++)
        log_rate[i] = log(i == 3 ? rate : 0.5);
    level.tau[3] = exact + 0.7; /* a poor guess */
    beta_level(&rule, &law, log_rate, &level);
    assert_close("level", level.tau[3], exact, 1e-8);
    assert_close("by a", level.by_a[3] * a,
                 a * (threshold_of(a + h * a, b, rate) - threshold_of(a - h * a, b, rate)) /
                     (2 * h * a),
                 1e-5);
    assert_close("by b", level.by_b[3] * b,
                 b * (threshold_of(a, b + h * b, rate) - threshold_of(a, b - h * b, rate)) /
                     (2 * h * b),
                 1e-5);
}
END_TEST

Suite *beta_tail_suite(void);

Suite *
beta_tail_suite(void)
{
    Suite *const s = suite_create("beta_tail");
    TCase *const t = tcase_create("beta_tail");

    tcase_add_loop_test(t, the_masses_are_those_of_rmath, 0, COUNT);
    tcase_add_loop_test(t, the_slopes_are_those_of_differences, 0, COUNT);
    tcase_add_loop_test(t, the_level_is_the_quantile, 0, COUNT);
    suite_add_tcase(s, t);
    return s;
}
