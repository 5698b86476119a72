/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Deviances are sums of D(x, m) = x log(x/m) + m - x, which is computed by its series where x and m
 * are close (Loader 2000), so that counts of 10^9 lose nothing.
 */
#include "analyzer/stat/glm_family.h"

#include "analyzer/stat/dist.h"

#include <math.h>

static double
closeness(double x, double m)
{
    if (x == 0)
        return m;
    if (fabs(x - m) >= 0.1 * (x + m))
        return x * log(x / m) + m - x;

    const double v = (x - m) / (x + m);
    double sum = (x - m) * v, term = 2 * x * v;

    for (int j = 1; j < 1000; j++) {
        term *= v * v;

        const double next = sum + term / (2 * j + 1);

        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

struct glm_mean
glm_mean_at(struct glm_law law, double eta, double m)
{
    if (law.family == GLM_BINOMIAL) {
        const double p = 1 / (1 + exp(-eta)), q = 1 / (1 + exp(eta));

        return (struct glm_mean){m * p, m * p * q, m * p * q};
    }

    const double mean = exp(eta);
    const double extra = law.family == GLM_NEGATIVE_BINOMIAL ? mean * (mean / law.theta) : 0;

    return (struct glm_mean){mean, mean + extra, mean};
}

double
glm_start(struct glm_law law, struct glm_observation o)
{
    if (law.family == GLM_BINOMIAL)
        return log((o.y + 0.5) / (o.m - o.y + 0.5));
    if (law.family == GLM_NEGATIVE_BINOMIAL)
        return log(o.y > 0 ? o.y : 1.0 / 6);
    return log(o.y + 0.1);
}

double
glm_deviance(struct glm_law law, double eta, struct glm_observation o)
{
    if (law.family == GLM_BINOMIAL) {
        const double p = 1 / (1 + exp(-eta)), q = 1 / (1 + exp(eta));

        return 2 * o.weight * (closeness(o.y, o.m * p) + closeness(o.m - o.y, o.m * q));
    }

    const double mean = exp(eta);
    double d = closeness(o.y, mean);

    if (law.family == GLM_NEGATIVE_BINOMIAL)
        d -= closeness(o.y + law.theta, mean + law.theta);
    return 2 * o.weight * d;
}

double
glm_log_likelihood(struct glm_law law, double eta, struct glm_observation o)
{
    switch (law.family) {
    case GLM_BINOMIAL:
        return o.weight * dist_binomial_d(o.y, o.m, 1 / (1 + exp(-eta)), true);
    case GLM_POISSON:
        return o.weight * dist_poisson_d(o.y, exp(eta), true);
    case GLM_NEGATIVE_BINOMIAL:
        return o.weight * dist_negative_binomial_d(o.y, law.theta, exp(eta), true);
    }
    return NAN;
}

double
glm_boundary(struct glm_law law, struct glm_observation o)
{
    if (o.y == 0)
        return -1;
    return law.family == GLM_BINOMIAL && o.y == o.m ? 1 : 0;
}

/* ---- theta ---- */

/* Score and information of theta. */
static void
theta_slopes(double theta, const double *y, const double *mean, const double *weight, size_t rows,
             double *score, double *information)
{
    const double digamma = dist_digamma(theta), trigamma = dist_trigamma(theta);

    *score = *information = 0;
    for (size_t r = 0; r < rows; r++) {
        const double w = weight ? weight[r] : 1, sum = mean[r] + theta;
        const double share = (y[r] + theta) / sum;

        *score += w * (dist_digamma(theta + y[r]) - digamma - log1p(mean[r] / theta) + 1 - share);
        *information +=
            w * (trigamma - dist_trigamma(theta + y[r]) - 1 / theta + (2 - share) / sum);
    }
}

struct glm_theta
glm_theta_ml(const double *y, const double *mean, const double *weight, size_t rows)
{
    double excess = 0, total = 0, most = 0, score = 0, information = 0;

    for (size_t r = 0; r < rows; r++) {
        const double w = weight ? weight[r] : 1, share = y[r] / mean[r] - 1;

        total += w;
        excess += w * share * share;
        most = fmax(most, mean[r]);
    }

    double theta = total / excess;

    for (int i = 0; i < 200 && theta > 0 && theta < 1e7 * (1 + most); i++) {
        theta_slopes(theta, y, mean, weight, rows, &score, &information);

        double next = theta + score / information;

        if (!(information > 0)) /* past the inflection: go uphill */
            next = score > 0 ? 3 * theta : theta / 3;
        next = fmin(fmax(next, theta / 10), theta * 10);
        if (fabs(next - theta) <= 1e-13 * theta)
            return (struct glm_theta){next, 1 / sqrt(information)};
        theta = next;
    }
    /* rounding may keep the last digits from settling */
    if (theta > 0 && theta < 1e7 * (1 + most) && information > 0 &&
        fabs(score / information) < 1e-8 * theta)
        return (struct glm_theta){theta, 1 / sqrt(information)};
    return (struct glm_theta){NAN, NAN};
}
