/* SPDX-License-Identifier: EUPL-1.2 */
/* The sampler on targets whose moments are known, in each shape of metric; what it must notice; and
 * that threads change nothing. */
#include "analyzer/stat/nuts.h"

#include "analyzer/stat/diagnose.h"
#include "analyzer/stat/dist.h"
#include "tests/lib/fixture.h"
#include "tests/lib/testlib.h"

#include <math.h>
#include <string.h>

static void
copy_output(const void *model, const double *q, double *out, double *room)
{
    (void)room;
    memcpy(out, q, *(const size_t *)model * sizeof *q);
}

static void
near_zero(const void *model, struct rng *r, double *q)
{
    for (size_t i = 0; i < *(const size_t *)model; i++)
        q[i] = 0.5 * rng_normal(r);
}

/* Blocks of two and one around two globals; every model here begins with its number of parameters.
 */
static const size_t starts[] = {0, 2, 3, 5, 6};
enum { BLOCKS = 4, PARAMETERS = 8 };

static struct nuts_target
target_of(const void *model, double (*density)(const void *, const double *, double *, double *),
          bool arrow)
{
    static const size_t none[] = {0};
    const size_t n = *(const size_t *)model;

    return (struct nuts_target){.shape = {n, arrow ? BLOCKS : 0, arrow ? starts : none, false},
                                .outputs = n,
                                .model = model,
                                .density = density,
                                .start = near_zero,
                                .output = copy_output};
}

/* ---- a hierarchy of normals ---------------------------------------------------------------- */

/* Globals g0 ~ N(1, 2), g1 ~ N(-3, 0.1); x_i ~ N(slope_i (g0 + g1), spread_i). */
static const size_t parameters = PARAMETERS;
static const double slopes[] = {1, -2, 0.5, 3, 0, 1}, spreads[] = {1, 0.01, 5, 0.3, 1, 40};

static double
normals(const void *model, const double *q, double *gradient, double *room)
{
    const double z0 = (q[6] - 1) / 2, z1 = (q[7] + 3) / 0.1;
    double sum = -0.5 * (z0 * z0 + z1 * z1);

    (void)model, (void)room;
    gradient[6] = -z0 / 2;
    gradient[7] = -z1 / 0.1;
    for (size_t i = 0; i < 6; i++) {
        const double z = (q[i] - slopes[i] * (q[6] + q[7])) / spreads[i];

        sum -= 0.5 * z * z;
        gradient[i] = -z / spreads[i];
        gradient[6] += slopes[i] * z / spreads[i];
        gradient[7] += slopes[i] * z / spreads[i];
    }
    return sum;
}

/* ---- logarithms of gammas ------------------------------------------------------------------ */

static const double shapes[PARAMETERS] = {0.7, 1, 2, 5, 10, 100, 1000, 3};

static double
log_gammas(const void *model, const double *q, double *gradient, double *room)
{
    double sum = 0;

    (void)room;
    for (size_t i = 0; i < *(const size_t *)model; i++) {
        sum += shapes[i] * q[i] - exp(q[i]);
        gradient[i] = shapes[i] - exp(q[i]);
    }
    return sum;
}

/* ---- what came out ------------------------------------------------------------------------- */

static struct diagnose_summary
summary_of(const struct nuts_run *run, size_t output)
{
    const size_t n = run->chains * run->draws;
    double *const x = arena_array(a, n, sizeof *x);

    for (size_t i = 0; i < n; i++)
        x[i] = run->values[i * run->outputs + output];
    return diagnose_summary(diagnose_new(a, run->chains, run->draws), x, 0.95);
}

/* Mean within four of its Monte Carlo errors; the standard deviation within 6%. */
static void
assert_moments(const struct nuts_run *run, size_t output, double mean, double sd)
{
    const struct diagnose_summary s = summary_of(run, output);

    ck_assert_msg(s.rhat < 1.01 && s.ess_bulk > 800 && s.ess_tail > 800,
                  "%zu: R-hat %g, bulk %g, tail %g", output, s.rhat, s.ess_bulk, s.ess_tail);
    assert_close("mean in errors", (s.mean - mean) / s.mcse_mean, 0, 4);
    assert_close("sd ratio", s.sd / sd, 1, 0.06);
}

/* Until the turn, or of fixed length. */
static struct nuts_options
by_path(int path)
{
    struct nuts_options o = NUTS_DEFAULTS;

    o.path = (enum nuts_path)path;
    return o;
}

static void
run_and_check_normals(struct nuts_target target, struct nuts_options o)
{
    struct nuts_run run;

    nuts_run(a, &target, &o, &run);
    ck_assert(run.started);
    ck_assert_uint_eq(run.divergences, 0);
    assert_moments(&run, 6, 1, 2);
    assert_moments(&run, 7, -3, 0.1);
    for (size_t i = 0; i < 6; i++)
        assert_moments(&run, i, -2 * slopes[i], hypot(spreads[i], slopes[i] * hypot(2, 0.1)));
}

START_TEST(an_arrow_metric_finds_the_moments_of_a_hierarchy)
{
    run_and_check_normals(target_of(&parameters, normals, true), by_path(_i));
}
END_TEST

START_TEST(a_dense_metric_finds_them_too)
{
    run_and_check_normals(target_of(&parameters, normals, false), by_path(_i));
}
END_TEST

START_TEST(skew_targets_have_their_moments_in_every_metric)
{
    struct nuts_target targets[3];

    for (size_t i = 0; i < 2; i++)
        targets[i] = target_of(&parameters, log_gammas, i == 0);
    targets[2] = targets[1];
    targets[2].shape.diagonal = true;
    for (size_t i = 0; i < 3; i++) {
        struct nuts_options o = by_path(_i);
        struct nuts_run run;

        o.seed = 11 + i;
        o.draws = 6000; /* the left tail is long: its sd needs more draws than its mean */
        nuts_run(a, &targets[i], &o, &run);
        ck_assert_uint_eq(run.divergences, 0);
        for (size_t k = 0; k < PARAMETERS; k++)
            assert_moments(&run, k, dist_digamma(shapes[k]), sqrt(dist_trigamma(shapes[k])));
    }
}
END_TEST

/* Quantiles against the exact distribution: tails, not moments alone. */
START_TEST(the_share_of_draws_under_a_quantile_is_its_probability)
{
    const struct nuts_target target = target_of(&parameters, log_gammas, true);
    const struct nuts_options o = by_path(_i);
    struct nuts_run run;

    nuts_run(a, &target, &o, &run);
    for (size_t k = 0; k < PARAMETERS; k++)
        for (unsigned i = 1; i < 20; i += 6) {
            const double p = i / 20.0, limit = log(dist_gamma_q(p, shapes[k], 1, DIST_LOWER));
            const size_t n = run.chains * run.draws;
            double under = 0;

            for (size_t j = 0; j < n; j++)
                under += run.values[j * run.outputs + k] <= limit;
            /* four errors at an effective size of 1,000 */
            assert_close("share", under / (double)n, p, 4 * sqrt(p * (1 - p) / 1000));
        }
}
END_TEST

START_TEST(threads_change_no_bit)
{
    const struct nuts_target target = target_of(&parameters, normals, true);
    struct nuts_options o = NUTS_DEFAULTS;
    struct nuts_run one, two;

    o.warmup = 60;
    o.draws = 50;
    o.threads = 1;
    nuts_run(a, &target, &o, &one);
    o.threads = 2;
    nuts_run(a, &target, &o, &two);
    const size_t n = one.chains * one.draws * one.outputs;

    ck_assert_int_eq(memcmp(one.values, two.values, n * sizeof(double)), 0);
    ck_assert(memcmp(one.values, one.values + n / 4, n / 4 * sizeof(double)) != 0);
    o.seed = 2;
    nuts_run(a, &target, &o, &two);
    ck_assert(memcmp(one.values, two.values, n * sizeof(double)) != 0);
}
END_TEST

/* ---- what it must notice ------------------------------------------------------------------- */

/* Neal's funnel: the narrow end cannot be entered with any step that suits the wide one. */
static double
funnel(const void *model, const double *q, double *gradient, double *room)
{
    const size_t n = *(const size_t *)model;
    const double v = q[n - 1], precision = exp(-v);
    double sum = -v * v / 18;

    (void)room;
    gradient[n - 1] = -v / 9;
    for (size_t i = 0; i + 1 < n; i++) {
        sum -= 0.5 * q[i] * q[i] * precision + 0.5 * v;
        gradient[i] = -q[i] * precision;
        gradient[n - 1] += 0.5 * q[i] * q[i] * precision - 0.5;
    }
    return sum;
}

START_TEST(a_funnel_shows)
{
    const struct nuts_target target = target_of(&parameters, funnel, false);
    struct nuts_run run;

    nuts_run(a, &target, &NUTS_DEFAULTS, &run);
    const struct diagnose_summary s = summary_of(&run, PARAMETERS - 1);

    ck_assert_msg(run.divergences > 0 || s.rhat > 1.01 || s.ess_tail < 400,
                  "%zu divergences, R-hat %g, tail %g", run.divergences, s.rhat, s.ess_tail);
}
END_TEST

static double
nowhere(const void *model, const double *q, double *gradient, double *room)
{
    (void)q, (void)room;
    memset(gradient, 0, *(const size_t *)model * sizeof *gradient);
    return NAN;
}

START_TEST(a_density_that_is_nowhere_gives_nan)
{
    const struct nuts_target target = target_of(&parameters, nowhere, true);
    struct nuts_run run;

    nuts_run(a, &target, &NUTS_DEFAULTS, &run);
    ck_assert(!run.started);
    ck_assert(isnan(run.values[0]));
}
END_TEST

/* ---- the metric ---------------------------------------------------------------------------- */

static void
gradient_of_normals(void *context, const double *q, double *gradient)
{
    (void)context;
    normals(&parameters, q, gradient, NULL);
}

/* For a normal target one look at the Hessian is enough: y are standard normal exactly. */
START_TEST(the_metric_whitens_a_normal_target)
{
    const struct nuts_target targets[] = {target_of(&parameters, normals, true),
                                          target_of(&parameters, normals, false)};

    for (size_t i = 0; i < 2; i++) {
        struct metric *const m = metric_new(a, &targets[i].shape);
        const double q[PARAMETERS] = {0.3, -1, 2, 1, 5, -20, 1.4, -3.05};
        double y[PARAMETERS], back[PARAMETERS], at_q[PARAMETERS], at_y[PARAMETERS];
        double zero[PARAMETERS] = {0}, mode[PARAMETERS];

        for (size_t k = 0; k < 6; k++)
            mode[k] = -2 * slopes[k];
        mode[6] = 1;
        mode[7] = -3;
        metric_observe(m, mode, (struct metric_gradient){gradient_of_normals, NULL});
        metric_update(m);
        metric_to_whitened(m, q, y);
        metric_to_position(m, y, back);
        normals(&parameters, q, at_q, NULL);
        metric_pull(m, at_q, at_y);
        for (size_t k = 0; k < PARAMETERS; k++) {
            assert_close("there and back", back[k], q[k], 1e-9);
            assert_close("gradient", at_y[k] / fmax(1, fabs(y[k])), -y[k] / fmax(1, fabs(y[k])),
                         1e-5);
        }
        metric_to_position(m, zero, back);
        for (size_t k = 0; k < PARAMETERS; k++)
            assert_close("centre", back[k], mode[k], 1e-12);
    }
}
END_TEST

Suite *nuts_suite(void);

Suite *
nuts_suite(void)
{
    Suite *const s = suite_create("nuts");
    TCase *const t = tcase_create("nuts");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, an_arrow_metric_finds_the_moments_of_a_hierarchy, 0, 2);
    tcase_add_loop_test(t, a_dense_metric_finds_them_too, 0, 2);
    tcase_add_loop_test(t, skew_targets_have_their_moments_in_every_metric, 0, 2);
    tcase_add_loop_test(t, the_share_of_draws_under_a_quantile_is_its_probability, 0, 2);
    tcase_add_test(t, threads_change_no_bit);
    tcase_add_test(t, a_funnel_shows);
    tcase_add_test(t, a_density_that_is_nowhere_gives_nan);
    tcase_add_test(t, the_metric_whitens_a_normal_target);
    suite_add_tcase(s, t);
    return s;
}
