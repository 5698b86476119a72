/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The robust (hybrid) outcome test (Gaebler and Goel 2024, arXiv 2407.06539): under a monotone
 * likelihood ratio at least one of the benchmark test and the outcome test is right, so only when
 * both point the same way is anything concluded. Counts are whole numbers held in doubles; knows no
 * place and no group, and does not judge whether that assumption holds.
 */
#ifndef MAATSTAF_ANALYZER_STAT_HYBRID_H
#define MAATSTAF_ANALYZER_STAT_HYBRID_H

#include <stdbool.h>
#include <stddef.h>

/* A group (1) beside a reference (0): `acted` of `base` were acted upon (searched of stopped, or
 * stopped for an exposure), `hits` of those acted upon had the outcome. */
struct hybrid_counts {
    double base1, acted1, hits1;
    double base0, acted0, hits0;
};

enum hybrid_kind {
    HYBRID_SHARE, /* acted is a part of base (searches of stops) */
    HYBRID_RATE   /* acted is a Poisson count for an exposure (stops per resident) */
};

enum hybrid_method {
    HYBRID_SCORE, /* pooled z; conditional z for rates */
    HYBRID_EXACT  /* Fisher's test; conditional binomial for rates */
};

/* Which of the two point towards the group being treated worse. */
enum hybrid_direction { HYBRID_NEITHER, HYBRID_BENCHMARK_ONLY, HYBRID_OUTCOME_ONLY, HYBRID_BOTH };

/* One-sided: `worse` is small when the group is acted upon more often (benchmark) or has fewer hits
 * (outcome) than the reference; `better` is the opposite side. */
struct hybrid_side {
    double z, worse, better;
};

struct hybrid {
    struct hybrid_side benchmark, outcome;
    double verdict; /* 1: worse, -1: better, 0: inconclusive; NaN: nothing to compare */
};

/* Both tests at one-sided level `alpha`; an intersection-union test, so of level alpha itself. */
struct hybrid hybrid_test(struct hybrid_counts c, enum hybrid_kind kind, enum hybrid_method method,
                          double alpha);

/* The verdict over two tests that were made apart, each on what is known of it. */
struct hybrid hybrid_judge(struct hybrid_side benchmark, struct hybrid_side outcome, double alpha);

/* Both tests stratified over places (one-sided Cochran-Mantel-Haenszel root, no continuity
 * correction). */
struct hybrid hybrid_pooled(const struct hybrid_counts *c, size_t count, enum hybrid_kind kind,
                            double alpha);

/* The signs alone, whatever their significance. False when a rate is undefined. */
bool hybrid_direction(struct hybrid_counts c, enum hybrid_direction *direction);

#endif
