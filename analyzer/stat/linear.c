/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Householder factorisation of stacked blocks (LAPACK's dgeqrf), then Gram-Schmidt with a second
 * pass on the small triangle: its columns have the lengths and angles of the whole matrix, so that
 * what depends on what can be seen there.
 */
#include "analyzer/stat/linear.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { BLOCK_ROWS = 512 };

struct linear_stack {
    size_t columns; /* of x; y is one more */
    size_t room;    /* rows of the matrix: the triangle first, then the block */
    size_t filled;
    double *matrix; /* column after column */
    double *tau;
    double *basis, *upper, *right; /* of linear_solve */
    bool broken;                   /* something that was added is not finite */
};

struct linear_stack *
linear_stack_new(struct arena *a, size_t columns)
{
    struct linear_stack *const s = arena_alloc(a, sizeof *s);
    const size_t width = columns + 1;

    s->columns = columns;
    s->room = width + (4 * width > BLOCK_ROWS ? 4 * width : BLOCK_ROWS);
    s->matrix = arena_array(a, s->room * width, sizeof *s->matrix);
    s->tau = arena_array(a, width, sizeof *s->tau);
    s->basis = arena_array(a, columns * columns + 1, sizeof *s->basis);
    s->upper = arena_array(a, columns * columns + 1, sizeof *s->upper);
    s->right = arena_array(a, 3 * columns + 1, sizeof *s->right);
    s->filled = width;
    return s;
}

void
linear_stack_clear(struct linear_stack *s)
{
    memset(s->matrix, 0, s->room * (s->columns + 1) * sizeof *s->matrix);
    s->filled = s->columns + 1;
    s->broken = false;
}

/* Turns the filled rows into the triangle of all. */
static void
reduce(struct linear_stack *s)
{
    const size_t width = s->columns + 1;

    if (LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)s->filled, (lapack_int)width, s->matrix,
                       (lapack_int)s->room, s->tau) != 0)
        s->broken = true;
    for (size_t j = 0; j < width; j++)
        memset(s->matrix + j * s->room + j + 1, 0, (s->room - j - 1) * sizeof *s->matrix);
    s->filled = width;
}

void
linear_stack_add(struct linear_stack *s, const double *x, const double *centre, double y,
                 double factor)
{
    if (s->filled == s->room)
        reduce(s);

    double *const row = s->matrix + s->filled++;

    for (size_t j = 0; j < s->columns; j++)
        row[j * s->room] = factor * (centre ? x[j] - centre[j] : x[j]);
    row[s->columns * s->room] = factor * y;
}

struct linear_solution *
linear_solution_new(struct arena *a, size_t columns)
{
    struct linear_solution *const s = arena_alloc(a, sizeof *s);

    s->columns = columns;
    s->kept = arena_array(a, columns + 1, sizeof *s->kept);
    s->left_out = arena_array(a, columns + 1, sizeof *s->left_out);
    s->beta = arena_array(a, columns + 1, sizeof *s->beta);
    s->covariance = arena_array(a, columns * columns + 1, sizeof *s->covariance);
    s->combination = arena_array(a, columns * columns + 1, sizeof *s->combination);
    return s;
}

/* v less its part along the first `rank` columns of the basis, twice; the part into `along`. */
static void
project(const double *basis, size_t rows, size_t rank, double *v, double *along, double *work)
{
    memset(along, 0, rank * sizeof *along);
    for (int pass = 0; pass < 2 && rank > 0; pass++) {
        cblas_dgemv(CblasColMajor, CblasTrans, (int)rows, (int)rank, 1, basis, (int)rows, v, 1, 0,
                    work, 1);
        cblas_dgemv(CblasColMajor, CblasNoTrans, (int)rows, (int)rank, -1, basis, (int)rows, work,
                    1, 1, v, 1);
        cblas_daxpy((int)rank, 1, work, 1, along, 1);
    }
}

/* x of U x = b in place, U upper with leading dimension ld. */
static void
back_substitute(const double *upper, size_t ld, size_t rank, double *b)
{
    if (rank > 0)
        cblas_dtrsv(CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int)rank, upper,
                    (int)ld, b, 1);
}

/* Sorts the columns into kept and left out; basis and upper are the factors of the kept ones. */
static bool
find_rank(struct linear_stack *s, const double *scale, const bool *skip,
          struct linear_solution *out)
{
    const size_t p = s->columns;
    double *const v = s->right, *const along = v + p, *const work = along + p;
    size_t left_out = 0;

    out->rank = 0;
    for (size_t j = 0; j < p; j++) {
        if (skip && skip[j]) {
            memset(out->combination + left_out * p, 0, p * sizeof *out->combination);
            out->left_out[left_out++] = j;
            continue;
        }
        memcpy(v, s->matrix + j * s->room, p * sizeof *v);
        project(s->basis, p, out->rank, v, along, work);

        const double norm = cblas_dnrm2((int)p, v, 1);

        if (!isfinite(norm) || !isfinite(scale[j]))
            return false;
        if (norm <= LINEAR_TOLERANCE * scale[j]) {
            memcpy(out->combination + left_out * p, along, out->rank * sizeof *along);
            out->left_out[left_out++] = j;
            continue;
        }

        double *const column = s->basis + out->rank * p;

        for (size_t i = 0; i < p; i++)
            column[i] = v[i] / norm;
        memcpy(s->upper + out->rank * p, along, out->rank * sizeof *along);
        s->upper[out->rank * p + out->rank] = norm;
        out->kept[out->rank++] = j;
    }
    return true;
}

/* What was computed for the kept columns, at the places of all columns. */
static void
spread(const struct linear_solution *s, const double *of_kept, double *of_all)
{
    memset(of_all, 0, s->columns * sizeof *of_all);
    for (size_t i = 0; i < s->rank; i++)
        of_all[s->kept[i]] = of_kept[i];
}

static void
put_combinations(struct linear_stack *s, struct linear_solution *out)
{
    const size_t p = s->columns;

    for (size_t i = 0; i < p - out->rank; i++) {
        double *const row = out->combination + i * p;
        size_t before = 0; /* kept columns that stand before it */

        while (before < out->rank && out->kept[before] < out->left_out[i])
            before++;
        memset(s->right, 0, p * sizeof *s->right);
        memcpy(s->right, row, before * sizeof *row);
        back_substitute(s->upper, p, before, s->right);
        spread(out, s->right, row);
    }
}

static bool
put_covariance(struct linear_stack *s, struct linear_solution *out)
{
    const size_t p = s->columns, k = out->rank;

    memset(out->covariance, 0, p * p * sizeof *out->covariance);
    if (k > 0 && LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', (lapack_int)k, s->upper, (lapack_int)p) != 0)
        return false;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            const double v = s->upper[i * p + j];

            out->covariance[out->kept[i] * p + out->kept[j]] = v;
            out->covariance[out->kept[j] * p + out->kept[i]] = v;
        }
    return true;
}

bool
linear_solve_without(struct linear_stack *s, const double *scale, const bool *skip,
                     struct linear_solution *out)
{
    const size_t p = s->columns;

    reduce(s);
    if (s->broken || !find_rank(s, scale, skip, out))
        return false;
    put_combinations(s, out);
    if (out->rank > 0)
        cblas_dgemv(CblasColMajor, CblasTrans, (int)p, (int)out->rank, 1, s->basis, (int)p,
                    s->matrix + p * s->room, 1, 0, s->right, 1);
    back_substitute(s->upper, p, out->rank, s->right);
    spread(out, s->right, out->beta);
    for (size_t j = 0; j < p; j++)
        if (!isfinite(out->beta[j]))
            return false;
    return put_covariance(s, out);
}

bool
linear_solve(struct linear_stack *s, const double *scale, struct linear_solution *out)
{
    return linear_solve_without(s, scale, NULL, out);
}

void
linear_predict(const double *x, size_t rows, size_t columns, const double *beta, double *y)
{
    memset(y, 0, rows * sizeof *y);
    if (columns > 0 && rows > 0)
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)rows, (int)columns, 1, x, (int)columns, beta,
                    1, 0, y, 1);
}

double
linear_form(const double *matrix, size_t columns, const double *a, const double *b, double *work)
{
    if (columns == 0)
        return 0;
    cblas_dsymv(CblasColMajor, CblasUpper, (int)columns, 1, matrix, (int)columns, b, 1, 0, work, 1);
    return cblas_ddot((int)columns, a, 1, work, 1);
}

bool
linear_rotate(double *matrix, size_t m, double *b, size_t count, struct arena *a)
{
    double *const tau = arena_array(a, 2, sizeof *tau);

    return LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (lapack_int)m, 2, matrix, (lapack_int)m, tau) == 0 &&
           LAPACKE_dormqr(LAPACK_COL_MAJOR, 'L', 'T', (lapack_int)m, (lapack_int)count, 2, matrix,
                          (lapack_int)m, tau, b, (lapack_int)m) == 0;
}
