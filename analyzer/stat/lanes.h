/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * exp, log and the normal tail for eight numbers at a time, in loops of a constant length over
 * small arrays, which is what a compiler turns into vector code without being told. For the
 * densities of the samplers, where these are most of the time; everything else uses math.h and
 * dist.h.
 */
#ifndef MAATSTAF_ANALYZER_STAT_LANES_H
#define MAATSTAF_ANALYZER_STAT_LANES_H

#include <stdint.h>
#include <string.h>

enum { LANES = 8 };

/* A function that is compiled for wider vectors as well, and chosen when the program starts. The
 * bits do not change: no fused products (-ffp-contract=off), and sums keep their order. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__)
#define LANES_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANES_WIDE
#endif

/* Into the clones: a call of a function that was left outside runs the narrow code. */
#if defined(__GNUC__)
#define LANES_INLINE static inline __attribute__((always_inline))
#else
#define LANES_INLINE static inline
#endif

LANES_INLINE uint64_t
lanes_bits(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

LANES_INLINE double
lanes_double(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

/* e^x to 4e-16 of itself for x up to 709; below -700 the value at -700 (1e-304). */
LANES_INLINE void
lanes_exp(const double *x, double *out)
{
    static const double rounder =
        0x1.8p52; /* adding it leaves the nearest integer in the low bits */
    static const double log2_e = 0x1.71547652b82fep0;
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

    for (unsigned i = 0; i < LANES; i++) {
        const double v = x[i] < -700 ? -700 : x[i];
        const double shifted = v * log2_e + rounder;
        const double k = shifted - rounder;
        const double r = (v - k * ln2_high) - k * ln2_low;
        /* Taylor: |r| <= ln(2)/2, the next term is below 2e-16 */
        double p = 1.0 / 479001600;

        p = p * r + 1.0 / 39916800;
        p = p * r + 1.0 / 3628800;
        p = p * r + 1.0 / 362880;
        p = p * r + 1.0 / 40320;
        p = p * r + 1.0 / 5040;
        p = p * r + 1.0 / 720;
        p = p * r + 1.0 / 120;
        p = p * r + 1.0 / 24;
        p = p * r + 1.0 / 6;
        p = p * r + 0.5;
        p = p * r + 1;
        p = p * r + 1;
        out[i] = lanes_double(lanes_bits(p) + (lanes_bits(shifted) << 52));
    }
}

/* The natural logarithm of a positive normal number, to 3e-16 (absolute near 1). */
LANES_INLINE void
lanes_log(const double *x, double *out)
{
    static const uint64_t root_half = 0x3fe6a09e667f3bcd;
    static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

    for (unsigned i = 0; i < LANES; i++) {
        const uint64_t bits = lanes_bits(x[i]) + (0x3ff0000000000000 - root_half);
        /* 2^52 + exponent, read as a number: SSE2 cannot convert 64-bit integers */
        const double k = lanes_double((bits >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
        const double m = lanes_double((bits & 0x000fffffffffffff) + root_half);
        const double s = (m - 1) / (m + 1), z = s * s;
        /* 2 atanh(s): |s| <= 0.172, the next term is below 1e-17 */
        double p = 1.0 / 21;

        p = p * z + 1.0 / 19;
        p = p * z + 1.0 / 17;
        p = p * z + 1.0 / 15;
        p = p * z + 1.0 / 13;
        p = p * z + 1.0 / 11;
        p = p * z + 1.0 / 9;
        p = p * z + 1.0 / 7;
        p = p * z + 1.0 / 5;
        p = p * z + 1.0 / 3;
        out[i] = k * ln2_high + (2 * s + (2 * s * z * p + k * ln2_low));
    }
}

/*
 * P(Z > x) e^(x²/2) for x >= 0, Z standard normal, to 1e-15: a polynomial in (x-4)/(x+4) over 1 + x
 * (the substitution of Shepherd and Laframboise, Math. Comp. 36, 1981), interpolated at 64
 * Chebyshev nodes in 60 digits and cut after degree 21.
 */
LANES_INLINE void
lanes_tail_scaled(const double *x, double *out)
{
    for (unsigned i = 0; i < LANES; i++) {
        const double both = 1 / ((x[i] + 4) * (x[i] + 1));
        const double u = (x[i] - 4) * (x[i] + 1) * both;
        double p = 1.5858299859752785e-09;

        p = p * u + 8.9416618854406746e-09;
        p = p * u - 8.2099253014588866e-09;
        p = p * u - 9.0033850674815382e-08;
        p = p * u - 1.5091283543628724e-08;
        p = p * u + 5.2367810804716381e-07;
        p = p * u + 4.1911310193590346e-07;
        p = p * u - 2.5892658602758174e-06;
        p = p * u - 3.4406031005858181e-06;
        p = p * u + 1.3614227944303727e-05;
        p = p * u + 2.1253211605870817e-05;
        p = p * u - 8.784884943485594e-05;
        p = p * u - 9.4431018286305417e-05;
        p = p * u + 0.00069489617890170624;
        p = p * u - 0.00028562298498267666;
        p = p * u - 0.0050023784757570484;
        p = p * u + 0.017936097470383029;
        p = p * u - 0.032197837435448781;
        p = p * u + 0.028600364053903857;
        p = p * u + 0.013999634724608825;
        p = p * u - 0.096703477326529771;
        p = p * u + 0.47205320650984395;
        out[i] = p * ((x[i] + 4) * both);
    }
}

/* Standard normal density and both tails at x. */
LANES_INLINE void
lanes_normal(const double *x, double *density, double *lower, double *upper)
{
    static const double root_2_pi_inverse = 0x1.9884533d43651p-2;
    double size[LANES], power[LANES], kernel[LANES], scaled[LANES];

    for (unsigned i = 0; i < LANES; i++) {
        size[i] = x[i] < 0 ? -x[i] : x[i];
        power[i] = -0.5 * x[i] * x[i];
    }
    lanes_exp(power, kernel);
    lanes_tail_scaled(size, scaled);
    for (unsigned i = 0; i < LANES; i++) {
        const double far = kernel[i] * scaled[i], near = 1 - far;

        density[i] = kernel[i] * root_2_pi_inverse;
        upper[i] = x[i] < 0 ? near : far;
        lower[i] = x[i] < 0 ? far : near;
    }
}

#endif
