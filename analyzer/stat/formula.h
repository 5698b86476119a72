/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The right-hand side of a model formula, in the part of R's language that is needed here:
 *   a + b   a:b   a*b   ns(x, 6)   factor(x)   as.numeric(x)   1   0   -1
 * Everything else is refused with the position and a remedy. Terms, their order and their labels
 * are R's. Knows names of columns, not their contents.
 */
#ifndef MAATSTAF_ANALYZER_STAT_FORMULA_H
#define MAATSTAF_ANALYZER_STAT_FORMULA_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FORMULA_MOST_VARIABLES = 32, FORMULA_MOST_TERMS = 128 };

enum formula_kind {
    FORMULA_PLAIN,  /* x: what it is depends on the column */
    FORMULA_FACTOR, /* factor(x) */
    FORMULA_NUMBER, /* as.numeric(x) */
    FORMULA_SPLINE  /* ns(x, df) */
};

struct formula_variable {
    enum formula_kind kind;
    const char *name;  /* the column */
    const char *label; /* as R writes it: "ns(minute, 6)" */
    size_t df;         /* FORMULA_SPLINE */
};

/* A term is a set of variables, one bit each; terms stand in R's order: main effects first. */
struct formula {
    bool intercept;
    struct formula_variable variables[FORMULA_MOST_VARIABLES];
    size_t variable_count;
    uint32_t terms[FORMULA_MOST_TERMS];
    size_t term_count;
};

/* ERR_USAGE, with the position in the formula, for what is not in the list above. */
bool formula_parse(struct arena *a, const char *text, struct formula *f, struct err *e);

#endif
