/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xoshiro256** and the distributions drawn from it. Every method is exact up to rounding: rejection
 * or transformation, no normal approximation. The caller owns the state; nothing is kept here.
 */
#include "common/rng.h"

#include <math.h>
#include <stddef.h>

__extension__ typedef unsigned __int128 wide;

static const double ln_sqrt_2pi = 0.91893853320467274178;

/* ---- the generator --------------------------------------------------------------------------- */

static uint64_t
rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t
rng_next(struct rng *r)
{
    uint64_t *const s = r->s;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

static uint64_t
splitmix64(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/*
 * 2^128 steps at once: the step is linear over GF(2), so 2^128 of them are a polynomial in it. Its
 * coefficients are the published ones; tests/unit/rng.c has outputs computed from the matrix.
 */
static void
jump(struct rng *r)
{
    static const uint64_t polynomial[4] = {
        UINT64_C(0x180EC6D33CFD0ABA), UINT64_C(0xD5A61266F0C9392C), UINT64_C(0xA9582618E03FC9AA),
        UINT64_C(0x39ABDC4529B1661C)};
    struct rng sum = {{0}};

    for (int word = 0; word < 4; word++) {
        for (int bit = 0; bit < 64; bit++) {
            for (int i = 0; i < 4 && (polynomial[word] >> bit & 1); i++)
                sum.s[i] ^= r->s[i];
            (void)rng_next(r);
        }
    }
    *r = sum;
}

struct rng
rng_stream(uint64_t seed, unsigned stream)
{
    struct rng r;

    for (int i = 0; i < 4; i++)
        r.s[i] = splitmix64(&seed);
    for (unsigned k = 0; k < stream; k++)
        jump(&r);
    return r;
}

/* ---- uniforms -------------------------------------------------------------------------------- */

double
rng_uniform(struct rng *r)
{
    return (double)(rng_next(r) >> 11) * 0x1p-53;
}

double
rng_open(struct rng *r)
{
    return ((double)(rng_next(r) >> 12) + 0.5) * 0x1p-52;
}

uint64_t
rng_below(struct rng *r, uint64_t bound)
{
    wide product = (wide)rng_next(r) * bound;

    if ((uint64_t)product < bound) {               /* only then may this value be one too many */
        const uint64_t threshold = -bound % bound; /* 2^64 mod bound */

        while ((uint64_t)product < threshold)
            product = (wide)rng_next(r) * bound;
    }
    return (uint64_t)(product >> 64);
}

/* ---- continuous distributions ---------------------------------------------------------------- */

double
rng_normal(struct rng *r)
{
    for (;;) {
        const double x = 2 * rng_uniform(r) - 1, y = 2 * rng_uniform(r) - 1;
        const double q = x * x + y * y;

        if (q > 0 && q < 1)
            return x * sqrt(-2 * log(q) / q);
    }
}

double
rng_exponential(struct rng *r)
{
    return -log(rng_open(r));
}

/* shape >= 1; Marsaglia and Tsang 2000, section 3, without the squeeze. */
static double
gamma_large(struct rng *r, double shape)
{
    const double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        const double x = rng_normal(r);
        const double t = 1 + c * x;
        const double v = t * t * t;

        if (t > 0 && log(rng_open(r)) < 0.5 * x * x + d * (1 - v + log(v)))
            return d * v;
    }
}

/* The logarithm of a gamma variate, which does not underflow for a small shape. */
static double
gamma_log(struct rng *r, double shape)
{
    if (shape >= 1)
        return log(gamma_large(r, shape));

    const double large = gamma_large(r, shape + 1); /* ibid., section 6 */

    return log(large) + log(rng_open(r)) / shape;
}

double
rng_gamma(struct rng *r, double shape)
{
    return shape >= 1 ? gamma_large(r, shape) : exp(gamma_log(r, shape));
}

void
rng_dirichlet(struct rng *r, const double *alpha, unsigned n, double *out)
{
    double most = -INFINITY, sum = 0;

    for (unsigned i = 0; i < n; i++) {
        out[i] = gamma_log(r, alpha[i]);
        most = fmax(most, out[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        out[i] = exp(out[i] - most);
        sum += out[i];
    }
    for (unsigned i = 0; i < n; i++)
        out[i] /= sum;
}

/* ---- Poisson --------------------------------------------------------------------------------- */

/* ln(k!) less Stirling's (k + 1/2) ln k - k + ln sqrt(2 pi), k >= 1. */
static double
stirling_rest(double k)
{
    static const double small[16] = {
        0,
        0.08106146679532725822,
        0.041340695955409294094,
        0.027677925684998339149,
        0.020790672103765093112,
        0.016644691189821192163,
        0.013876128823070747999,
        0.011896709945891770095,
        0.010411265261972096497,
        0.0092554621827127329177,
        0.0083305634333628712565,
        0.007573675487951840795,
        0.0069428401072095298657,
        0.0064089941880042070684,
        0.0059513701127588477356,
        0.005554733551962801371,
    };

    if (k < 16)
        return small[(int)k];

    const double q = 1 / (k * k);

    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - q / 1680) * q) * q) / k;
}

/*
 * ln of the Poisson probability of k. As a saddle point (Loader 2000): the plain k ln(mean) - mean
 * - ln(k!) loses all its digits for a large mean.
 */
static double
poisson_log(double k, double mean)
{
    if (k == 0)
        return -mean;

    const double x = (k - mean) / mean;

    return mean * (x - (1 + x) * log1p(x)) - stirling_rest(k) - ln_sqrt_2pi - 0.5 * log(k);
}

/* Inversion by products of uniforms; for a small mean. */
static uint64_t
poisson_small(struct rng *r, double mean)
{
    const double least = exp(-mean);
    double product = rng_open(r);
    uint64_t k = 0;

    for (; product > least; k++)
        product *= rng_open(r);
    return k;
}

/* Transformed rejection, algorithm PTRS of Hörmann 1993; mean >= 10. */
static double
poisson_large(struct rng *r, double mean)
{
    const double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);

    for (;;) {
        const double u = rng_open(r) - 0.5, v = rng_open(r);
        const double us = 0.5 - fabs(u);
        const double k = floor((2 * a / us + b) * u + mean + 0.43);

        if (us >= 0.07 && v <= v_r)
            return k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        if (log(v * inverse_alpha / (a / (us * us) + b)) <= poisson_log(k, mean))
            return k;
    }
}

uint64_t
rng_poisson(struct rng *r, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean < 10)
        return poisson_small(r, mean);

    const double k = poisson_large(r, mean);

    return k < 0x1p64 ? (uint64_t)k : UINT64_MAX;
}

/* ---- binomial -------------------------------------------------------------------------------- */

/* k ln(k / mean) - (k - mean): what k lies away from its mean costs; without losing the digits. */
static double
deviance(double k, double mean)
{
    const double x = (k - mean) / mean;

    return mean * ((1 + x) * log1p(x) - x);
}

/* ln of the probability of k and of sqrt(2 pi) together; 0 < p < 1. A saddle point again. */
static double
binomial_log(double k, double n, double p)
{
    if (k == 0 || k == n)
        return n * log(k == 0 ? 1 - p : p) + ln_sqrt_2pi;
    return stirling_rest(n) - stirling_rest(k) - stirling_rest(n - k) - deviance(k, n * p) -
           deviance(n - k, n * (1 - p)) - 0.5 * log(k / n * (n - k));
}

/* Inversion, adding up probabilities from 0; for a small mean, p at most a half. */
static double
binomial_small(struct rng *r, double n, double p)
{
    const double odds = p / (1 - p), none = exp(n * log1p(-p));

    for (;;) {
        double left = rng_open(r), probability = none;

        /* Past 150 the sum ends by rounding short of a uniform next to 1: another is drawn. */
        for (double k = 0; k <= n && k < 150; k++) {
            if (left <= probability)
                return k;
            left -= probability;
            probability *= (n - k) / (k + 1) * odds;
        }
    }
}

/* Transformed rejection, algorithm BTRS of Hörmann 1993; n p >= 10, p at most a half. */
static double
binomial_large(struct rng *r, double n, double p)
{
    const double sd = sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * sd;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p, v_r = 0.92 - 4.2 / b;
    const double mode = floor((n + 1) * p);

    for (;;) {
        const double u = rng_uniform(r) - 0.5, v = rng_open(r);
        const double us = 0.5 - fabs(u);
        const double k = floor((2 * a / us + b) * u + n * p + 0.5);

        if (us >= 0.07 && v <= v_r)
            return k;
        if (!(k >= 0 && k <= n)) /* also when us is 0 */
            continue;
        if (log(v * (2.83 + 5.1 / b) * sd / (a / (us * us) + b)) <=
            binomial_log(k, n, p) - binomial_log(mode, n, p))
            return k;
    }
}

uint64_t
rng_binomial(struct rng *r, uint64_t n, double p)
{
    const double trials = (double)n, rarer = p > 0.5 ? 1 - p : p;

    if (n == 0 || !(p > 0))
        return 0;
    if (p >= 1)
        return n;

    const uint64_t k = (uint64_t)(trials * rarer < 10 ? binomial_small(r, trials, rarer)
                                                      : binomial_large(r, trials, rarer));

    return p > 0.5 ? n - k : k;
}
