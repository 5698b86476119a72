/* SPDX-License-Identifier: EUPL-1.2 */
/* See metric.h. Rows of the borders are padded to a multiple of PAD, so that their loops have a
 * constant inner length. */
#include "analyzer/stat/metric.h"

#include <math.h>
#include <string.h>

enum { PAD = 4 };

/* Square blocks are stored by row: block b of size k at square[b], its border (k rows of `width`)
 * at row start[b]. */
struct matrix {
    double *square; /* all blocks, then the globals */
    double *border; /* start[blocks] rows of width */
};

struct metric {
    const struct metric_shape *shape;
    size_t globals, width, most; /* width: globals, padded; most: size of the largest block */
    size_t *square_at;           /* blocks + 1 */
    size_t squares;
    double *centre;
    struct matrix
        inverse; /* squares: L^-1 (lower); border: L_b^-T E_b, so that x_b = L_b^-T y_b - F x_g */
    struct matrix factor; /* squares: L; border: E_b = L_b^-1 C_b */
    struct matrix seen;   /* sums of negative Hessians; diagonal: squares holds sums of squares */
    struct matrix trial;
    double *mean; /* sum of what was seen */
    double count;
    double *scale; /* standard deviations as M has them: steps of the differences */
    double *work[3];
};

static double *
numbers(struct arena *a, size_t n)
{
    return arena_array(a, n + 1, sizeof(double));
}

static size_t
block_size(const struct metric *m, size_t b)
{
    return b < m->shape->blocks ? m->shape->start[b + 1] - m->shape->start[b] : m->globals;
}

static struct matrix
matrix_new(struct arena *a, const struct metric *m)
{
    return (struct matrix){numbers(a, m->squares),
                           numbers(a, (m->shape->parameters - m->globals) * m->width)};
}

struct metric *
metric_new(struct arena *a, const struct metric_shape *shape)
{
    struct metric *const m = arena_alloc(a, sizeof *m);
    const size_t n = shape->parameters;

    m->shape = shape;
    m->globals = shape->diagonal ? 0 : n - shape->start[shape->blocks];
    m->width = (m->globals + PAD - 1) / PAD * PAD;
    m->square_at = arena_array(a, shape->blocks + 1, sizeof *m->square_at);
    for (size_t b = 0; b <= shape->blocks && !shape->diagonal; b++) {
        const size_t k = block_size(m, b);

        m->square_at[b] = m->squares;
        m->squares += k * k;
        m->most = k > m->most && b < shape->blocks ? k : m->most;
    }
    if (shape->diagonal)
        m->squares = n;
    m->centre = numbers(a, n);
    m->mean = numbers(a, n);
    m->scale = numbers(a, n);
    for (size_t i = 0; i < 3; i++)
        m->work[i] = numbers(a, n + m->width);
    if (shape->diagonal) {
        m->seen.square = numbers(a, n);
    } else {
        m->inverse = matrix_new(a, m);
        m->factor = matrix_new(a, m);
        m->seen = matrix_new(a, m);
        m->trial = matrix_new(a, m);
        for (size_t b = 0; b <= shape->blocks; b++) {
            const size_t k = block_size(m, b);

            for (size_t i = 0; i < k; i++)
                m->factor.square[m->square_at[b] + i * k + i] =
                    m->inverse.square[m->square_at[b] + i * k + i] = 1;
        }
    }
    for (size_t i = 0; i < n; i++)
        m->scale[i] = 1;
    return m;
}

/* ---- factorisation ------------------------------------------------------------------------- */

/* L of a symmetric k x k matrix in place (lower part); false when it is not positive definite. */
static bool
factorise(double *a, size_t k)
{
    for (size_t j = 0; j < k; j++) {
        double d = a[j * k + j];

        for (size_t l = 0; l < j; l++)
            d -= a[j * k + l] * a[j * k + l];
        if (!(d > 1e-12 * fabs(a[j * k + j])) || !isfinite(d))
            return false;
        a[j * k + j] = sqrt(d);
        for (size_t i = j + 1; i < k; i++) {
            double s = a[i * k + j];

            for (size_t l = 0; l < j; l++)
                s -= a[i * k + l] * a[j * k + l];
            a[i * k + j] = s / a[j * k + j];
        }
    }
    return true;
}

static void
invert_lower(const double *lower, double *inverse, size_t k)
{
    memset(inverse, 0, k * k * sizeof *inverse);
    for (size_t j = 0; j < k; j++) {
        inverse[j * k + j] = 1 / lower[j * k + j];
        for (size_t i = j + 1; i < k; i++) {
            double s = 0;

            for (size_t l = j; l < i; l++)
                s -= lower[i * k + l] * inverse[l * k + j];
            inverse[i * k + j] = s / lower[i * k + i];
        }
    }
}

/* E = L^-1 C into the factor, F = L^-T E into the inverse, and E'E off the global block. */
static void
eliminate(struct metric *m, struct matrix factor, size_t b, double *global)
{
    const size_t k = block_size(m, b), w = m->width, g = m->globals;
    const double *const inverse = m->inverse.square + m->square_at[b];
    double *const e = factor.border + m->shape->start[b] * w;
    double *const f = m->inverse.border + m->shape->start[b] * w;

    memset(f, 0, k * w * sizeof *f);
    for (size_t i = k; i-- > 0;) { /* downwards: row i needs the rows above it as they were */
        for (size_t c = 0; c < g; c++) {
            double s = 0;

            for (size_t l = 0; l <= i; l++)
                s += inverse[i * k + l] * e[l * w + c];
            e[i * w + c] = s;
        }
    }
    for (size_t i = 0; i < k; i++)
        for (size_t l = i; l < k; l++)
            for (size_t c = 0; c < g; c++)
                f[i * w + c] += inverse[l * k + i] * e[l * w + c];
    for (size_t i = 0; i < g; i++)
        for (size_t c = 0; c <= i; c++)
            for (size_t l = 0; l < k; l++)
                global[i * g + c] -= e[l * w + i] * e[l * w + c];
}

/* Factorises `trial` (which is lost) into factor and inverse. */
static bool
factorise_arrow(struct metric *m, struct matrix trial)
{
    const size_t blocks = m->shape->blocks;
    double *const global = trial.square + m->square_at[blocks];

    for (size_t b = 0; b < blocks; b++) {
        double *const square = trial.square + m->square_at[b];

        if (!factorise(square, block_size(m, b)))
            return false;
        invert_lower(square, m->inverse.square + m->square_at[b], block_size(m, b));
        eliminate(m, trial, b, global);
    }
    if (!factorise(global, m->globals))
        return false;
    invert_lower(global, m->inverse.square + m->square_at[blocks], m->globals);
    return true;
}

/* The average of what was seen with its off-diagonal part shrunk by `keep`. */
static void
blend(const struct metric *m, struct matrix out, double keep)
{
    const size_t blocks = m->shape->blocks, w = m->width;

    for (size_t b = 0; b <= blocks; b++) {
        const size_t k = block_size(m, b);
        const double *const from = m->seen.square + m->square_at[b];
        double *const to = out.square + m->square_at[b];

        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j < k; j++)
                to[i * k + j] = keep * (from[i * k + j] + from[j * k + i]) / (2 * m->count);
            to[i * k + i] = fabs(from[i * k + i]) / m->count + 1e-8;
        }
    }
    for (size_t i = 0; i < m->shape->start[blocks] * w; i++)
        out.border[i] = keep * m->seen.border[i] / m->count;
}

static void
update_arrow(struct metric *m)
{
    static const double keeps[] = {1, 0.98, 0.9, 0.7, 0.4, 0};
    bool done = false;

    for (size_t i = 0; !done && i < sizeof keeps / sizeof keeps[0]; i++) {
        blend(m, m->trial, keeps[i]);
        done = factorise_arrow(m, m->trial);
    }
    const struct matrix factor = m->factor;

    m->factor = m->trial;
    m->trial = factor;
    for (size_t b = 0; b <= m->shape->blocks; b++) {
        const size_t k = block_size(m, b);

        for (size_t i = 0; i < k; i++) {
            const double d = fabs(m->seen.square[m->square_at[b] + i * k + i]) / m->count + 1e-8;

            m->scale[m->shape->start[b] + i] = 1 / sqrt(d);
        }
    }
    memset(m->seen.square, 0, m->squares * sizeof(double));
    memset(m->seen.border, 0, m->shape->start[m->shape->blocks] * m->width * sizeof(double));
}

static void
update_diagonal(struct metric *m)
{
    for (size_t i = 0; i < m->shape->parameters; i++) {
        const double mean = m->mean[i] / m->count;
        const double variance =
            m->count > 1 ? fmax(0, (m->seen.square[i] - m->mean[i] * mean) / (m->count - 1)) : 1;

        /* as Stan: five imaginary draws of variance 0.001 */
        m->scale[i] = sqrt((m->count * variance + 5e-3) / (m->count + 5));
        m->seen.square[i] = 0;
    }
}

void
metric_update(struct metric *m)
{
    if (m->count == 0)
        return;
    if (m->shape->diagonal)
        update_diagonal(m);
    else
        update_arrow(m);
    for (size_t i = 0; i < m->shape->parameters; i++) {
        m->centre[i] = m->mean[i] / m->count;
        m->mean[i] = 0;
    }
    m->count = 0;
}

/* ---- observation --------------------------------------------------------------------------- */

/* Column `column` of every block at once: blocks do not act on each other, so that one difference
 * of gradients holds that column of all of them. */
static void
difference(struct metric *m, const double *q, size_t column, bool global, struct metric_gradient g)
{
    static const double step = 1e-4; /* of a standard deviation: the third derivative is harmless */
    const size_t blocks = m->shape->blocks, *const start = m->shape->start;
    const double *const base = m->work[0];
    double *const moved = m->work[1], *const gradient = m->work[2];

    memcpy(moved, q, m->shape->parameters * sizeof *q);
    for (size_t b = global ? blocks : 0; b < (global ? blocks + 1 : blocks); b++)
        if (column < block_size(m, b))
            moved[start[b] + column] += step * m->scale[start[b] + column];
    g.at(g.context, moved, gradient);

    for (size_t b = 0; b <= blocks; b++) {
        const size_t k = block_size(m, b);
        const size_t from = global ? start[blocks] + column : start[b] + column;

        if ((b == blocks && !global) || (!global && column >= k))
            continue;
        const double h = moved[from] - q[from]; /* as it was rounded */
        double *const square = m->seen.square + m->square_at[b];
        double *const border = m->seen.border + (b < blocks ? start[b] * m->width : 0);

        for (size_t i = 0; i < k; i++) {
            const double d = (base[start[b] + i] - gradient[start[b] + i]) / h;
            double *const to =
                global && b < blocks ? border + i * m->width + column : square + i * k + column;

            *to += isfinite(d) ? d : 0;
        }
    }
}

void
metric_observe(struct metric *m, const double *q, struct metric_gradient g)
{
    const size_t n = m->shape->parameters;

    m->count++;
    for (size_t i = 0; i < n; i++)
        m->mean[i] += q[i];
    if (m->shape->diagonal) {
        for (size_t i = 0; i < n; i++)
            m->seen.square[i] += q[i] * q[i];
        return;
    }
    g.at(g.context, q, m->work[0]);
    for (size_t column = 0; column < m->most; column++)
        difference(m, q, column, false, g);
    for (size_t column = 0; column < m->globals; column++)
        difference(m, q, column, true, g);
}

/* ---- coordinates --------------------------------------------------------------------------- */

static double
dot(const double *a, const double *b, size_t padded)
{
    double s[PAD] = {0};

    for (size_t i = 0; i < padded; i += PAD)
        for (size_t l = 0; l < PAD; l++)
            s[l] += a[i + l] * b[i + l];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

void
metric_to_position(const struct metric *m, const double *y, double *q)
{
    const size_t blocks = m->shape->blocks, g = m->globals, *const start = m->shape->start;

    if (m->shape->diagonal) {
        for (size_t i = 0; i < m->shape->parameters; i++)
            q[i] = m->centre[i] + m->scale[i] * y[i];
        return;
    }
    const double *const global = m->inverse.square + m->square_at[blocks];
    const double *const y_global = y + start[blocks];
    double *const x = m->work[0];

    memset(x, 0, m->width * sizeof *x);
    for (size_t l = 0; l < g; l++)
        for (size_t i = 0; i <= l; i++)
            x[i] += global[l * g + i] * y_global[l];
    for (size_t i = 0; i < g; i++)
        q[start[blocks] + i] = m->centre[start[blocks] + i] + x[i];
    for (size_t b = 0; b < blocks; b++) {
        const size_t k = start[b + 1] - start[b];
        const double *const inverse = m->inverse.square + m->square_at[b];
        const double *const yb = y + start[b];

        for (size_t i = 0; i < k; i++) {
            double s = m->centre[start[b] + i] -
                       dot(m->inverse.border + (start[b] + i) * m->width, x, m->width);

            for (size_t l = i; l < k; l++)
                s += inverse[l * k + i] * yb[l];
            q[start[b] + i] = s;
        }
    }
}

void
metric_pull(const struct metric *m, const double *gradient_q, double *gradient_y)
{
    const size_t blocks = m->shape->blocks, g = m->globals, *const start = m->shape->start;

    if (m->shape->diagonal) {
        for (size_t i = 0; i < m->shape->parameters; i++)
            gradient_y[i] = m->scale[i] * gradient_q[i];
        return;
    }
    const double *const global = m->inverse.square + m->square_at[blocks];
    double *const left = m->work[0];

    memset(left, 0, m->width * sizeof *left);
    memcpy(left, gradient_q + start[blocks], g * sizeof *left);
    for (size_t b = 0; b < blocks; b++) {
        const size_t k = start[b + 1] - start[b];
        const double *const inverse = m->inverse.square + m->square_at[b];
        const double *const gb = gradient_q + start[b];

        for (size_t i = 0; i < k; i++) {
            const double *const border = m->inverse.border + (start[b] + i) * m->width;
            double s = 0;

            for (size_t l = 0; l <= i; l++)
                s += inverse[i * k + l] * gb[l];
            gradient_y[start[b] + i] = s;
            for (size_t c = 0; c < m->width; c += PAD)
                for (size_t l = 0; l < PAD; l++)
                    left[c + l] -= border[c + l] * gb[i];
        }
    }
    for (size_t i = 0; i < g; i++) {
        double s = 0;

        for (size_t l = 0; l <= i; l++)
            s += global[i * g + l] * left[l];
        gradient_y[start[blocks] + i] = s;
    }
}

void
metric_to_whitened(const struct metric *m, const double *q, double *y)
{
    const size_t blocks = m->shape->blocks, g = m->globals, *const start = m->shape->start;

    if (m->shape->diagonal) {
        for (size_t i = 0; i < m->shape->parameters; i++)
            y[i] = (q[i] - m->centre[i]) / m->scale[i];
        return;
    }
    const double *const global = m->factor.square + m->square_at[blocks];
    double *const x = m->work[0];

    memset(x, 0, m->width * sizeof *x);
    for (size_t i = 0; i < g; i++)
        x[i] = q[start[blocks] + i] - m->centre[start[blocks] + i];
    for (size_t i = 0; i < g; i++) {
        double s = 0;

        for (size_t l = i; l < g; l++)
            s += global[l * g + i] * x[l];
        y[start[blocks] + i] = s;
    }
    for (size_t b = 0; b < blocks; b++) {
        const size_t k = start[b + 1] - start[b];
        const double *const lower = m->factor.square + m->square_at[b];

        for (size_t i = 0; i < k; i++) {
            double s = dot(m->factor.border + (start[b] + i) * m->width, x, m->width);

            for (size_t l = i; l < k; l++)
                s += lower[l * k + i] * (q[start[b] + l] - m->centre[start[b] + l]);
            y[start[b] + i] = s;
        }
    }
}
