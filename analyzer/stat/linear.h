/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Least squares by orthogonal factorisation. The only door to OpenBLAS and LAPACKE: no other file
 * includes them. Rows are stacked block by block and only their triangle is kept, so that a million
 * rows need no more room than one block. Columns that depend on columns before them are left out,
 * in order, as R's lm does. All room is the caller's arena's.
 */
#ifndef MAATSTAF_ANALYZER_STAT_LINEAR_H
#define MAATSTAF_ANALYZER_STAT_LINEAR_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* The share of a column that must remain beside the columns before it, as in R's glm. */
#define LINEAR_TOLERANCE 1e-11

/* Rows (x, y) of a least-squares problem; holds the triangle of all rows that were added. */
struct linear_stack;

struct linear_stack *linear_stack_new(struct arena *a, size_t columns);
void linear_stack_clear(struct linear_stack *s);

/* Adds factor * (x - centre, y); centre may be NULL (zeroes). */
void linear_stack_add(struct linear_stack *s, const double *x, const double *centre, double y,
                      double factor);

struct linear_solution {
    size_t columns, rank;
    size_t *kept;        /* rank column numbers, ascending */
    size_t *left_out;    /* columns - rank column numbers, ascending */
    double *beta;        /* columns; 0 where left out */
    double *covariance;  /* columns x columns, inverse of X'X; 0 where left out */
    double *combination; /* (columns - rank) x columns: column left_out[i] = sum of these times the
                            kept columns */
};

struct linear_solution *linear_solution_new(struct arena *a, size_t columns);

/* Solves the stacked problem. scale[j] is the norm of column j as it was before anything was taken
 * off it. False when something is not finite. */
bool linear_solve(struct linear_stack *s, const double *scale, struct linear_solution *solution);

/* The same, with the columns of `skip` left out unasked; their combinations are zeroes. */
bool linear_solve_without(struct linear_stack *s, const double *scale, const bool *skip,
                          struct linear_solution *solution);

/* y = X beta; x has rows x columns, row after row. */
void linear_predict(const double *x, size_t rows, size_t columns, const double *beta, double *y);

/* a'C b of a symmetric matrix C (columns x columns); work has room for `columns` numbers. */
double linear_form(const double *matrix, size_t columns, const double *a, const double *b,
                   double *work);

/* Q'b of the orthogonal factor Q of an m x 2 matrix (column after column; overwritten), for
 * `count` vectors b of m numbers each, in place. False when the matrix is not finite. */
bool linear_rotate(double *matrix, size_t m, double *b, size_t count, struct arena *a);

#endif
