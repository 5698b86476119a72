/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xoshiro256** 1.0 (Blackman and Vigna 2018) in independent streams: stream k of a seed is the
 * generator jumped k times by 2^128. Integers and uniforms are the same on every machine, the other
 * distributions to the last bit of its C library's log and exp; not for secrets (digest.h has
 * random_bytes).
 */
#ifndef MAATSTAF_COMMON_RNG_H
#define MAATSTAF_COMMON_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

/* State from splitmix64(seed), then `stream` jumps. */
struct rng rng_stream(uint64_t seed, unsigned stream);
uint64_t rng_next(struct rng *r);
double rng_uniform(struct rng *r); /* [0, 1), 53 bits */
double rng_open(struct rng *r);    /* (0, 1) */
/* 0 … bound-1, unbiased (Lemire 2019); 0 for bound 0. */
uint64_t rng_below(struct rng *r, uint64_t bound);
double rng_normal(struct rng *r); /* polar method, no state kept */
double rng_exponential(struct rng *r);
double rng_gamma(struct rng *r, double shape);    /* Marsaglia and Tsang 2000; rate 1; shape > 0 */
uint64_t rng_poisson(struct rng *r, double mean); /* exact for every mean >= 0 */
/* Successes in n trials of chance p, exact; n up to 2^53. */
uint64_t rng_binomial(struct rng *r, uint64_t n, double p);
void rng_dirichlet(struct rng *r, const double *alpha, unsigned n, double *out);

#endif
