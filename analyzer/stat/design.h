/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The design of a model: rows and a formula become cells (rows that agree in every variable of the
 * formula are one cell) and columns with R's names, treatment contrasts and order. The largest
 * factor is not written out as columns: its levels are kept as a number per cell and eliminated
 * when the model is solved, so that hundreds of places cost little.
 */
#ifndef MAATSTAF_ANALYZER_STAT_DESIGN_H
#define MAATSTAF_ANALYZER_STAT_DESIGN_H

#include "analyzer/stat/formula.h"

/* A column of the data as numbered levels; row r has level[code[r]]. */
struct design_variable {
    const char *name;
    size_t levels;
    const char *const *level; /* in the order of contrasts: the first is the base */
    const double *number;     /* of each level; NULL when a level is no number */
    const size_t *code;       /* of each row */
    bool is_factor;           /* what it is when it stands in a formula by its name alone */
};

struct design_data {
    size_t rows;
    const struct design_variable *variables;
    size_t variable_count;
    const double *weight; /* of rows, for the knots of splines; NULL: 1 each */
};

#define DESIGN_NONE SIZE_MAX

struct design {
    size_t rows, cells;
    size_t *cell; /* of each row */
    bool intercept;

    size_t columns; /* as R has them, with those of the eliminated factor */
    const char **name;

    size_t dense;   /* columns written out */
    double *x;      /* cells x dense, row after row */
    size_t *column; /* of each written one, its number among all */

    size_t levels; /* of the eliminated factor; 0: there is none, else the intercept is eliminated
                      with it */
    size_t *level; /* of each cell */
    size_t first;  /* its levels 1, 2, … are columns first, first + 1, … */
};

enum { DESIGN_MOST_COLUMNS = 5000, DESIGN_MOST_NUMBERS = 40000000 };

/* A factor of fewer levels is written out. */
enum { DESIGN_LEAST_ELIMINATED = 8 };

/*
 * ERR_USAGE: the formula names no such column, or takes a text as a number; ERR_INPUT: more columns
 * than fit. `eliminate` false writes every factor out.
 */
bool design_build(struct arena *a, const struct formula *f, const struct design_data *data,
                  bool eliminate, struct design *d, struct err *e);

/* The linear predictor of each cell; beta has all columns, NaN counts as 0 (left out). */
void design_predict(const struct design *d, const double *beta, double *eta);

/* The design of a model with nothing but an intercept: one cell, one column. */
void design_intercept_only(struct arena *a, size_t rows, struct design *d);

#endif
