/* SPDX-License-Identifier: EUPL-1.2 */
/* Newton's method, which for the logarithmic link is weighted least squares, with step halving. */
#include "analyzer/stat/loglinear.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/linear.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 100 };

struct model {
    const double *x, *y;
    size_t rows, columns;
    struct linear_stack *stack;
    struct linear_solution *solution;
    double *scale;
    double total; /* of y: what the deviance rounds by */
};

static double
predictor(const struct model *m, size_t row, const double *beta)
{
    double eta = 0;

    for (size_t j = 0; j < m->columns; j++)
        eta += m->x[row * m->columns + j] * beta[j];
    return eta;
}

static double
deviance_of(const struct model *m, const double *beta)
{
    double sum = 0;

    for (size_t r = 0; r < m->rows; r++) {
        const double eta = predictor(m, r, beta);

        sum += 2 * (exp(eta) - m->y[r]);
        if (m->y[r] > 0)
            sum += 2 * m->y[r] * (log(m->y[r]) - eta);
    }
    return sum;
}

/* Weighted least squares into the solution; at the start (beta NULL) from y. */
static bool
solve(struct model *m, const double *beta)
{
    linear_stack_clear(m->stack);
    memset(m->scale, 0, m->columns * sizeof *m->scale);
    for (size_t r = 0; r < m->rows; r++) {
        const double *const row = m->x + r * m->columns;
        const double eta = beta ? predictor(m, r, beta) : log(m->y[r] + 0.1);
        const double mean = exp(eta);

        linear_stack_add(m->stack, row, NULL, eta + (m->y[r] - mean) / mean, sqrt(mean));
        for (size_t j = 0; j < m->columns; j++)
            m->scale[j] += mean * row[j] * row[j];
    }
    for (size_t j = 0; j < m->columns; j++)
        m->scale[j] = sqrt(m->scale[j]);
    return linear_solve(m->stack, m->scale, m->solution) && m->solution->rank == m->columns;
}

/* Halves the step from beta to the solution until the deviance does not rise; the largest move of a
 * coefficient. */
static double
step(const struct model *m, double *beta, double *deviance)
{
    double *const to = m->solution->beta;
    double after = deviance_of(m, to);
    double most = 0;

    for (int i = 0; i < 30 && !(after <= *deviance + 1e-12 * m->total); i++) {
        for (size_t j = 0; j < m->columns; j++)
            to[j] = (to[j] + beta[j]) / 2;
        after = deviance_of(m, to);
    }
    for (size_t j = 0; j < m->columns; j++) {
        most = fmax(most, fabs(to[j] - beta[j]) / (1 + fabs(beta[j])));
        beta[j] = to[j];
    }
    *deviance = after;
    return most;
}

static double
aic_of(const struct model *m, const double *beta)
{
    double log_likelihood = 0;

    for (size_t r = 0; r < m->rows; r++)
        log_likelihood += dist_poisson_d(m->y[r], exp(predictor(m, r, beta)), true);
    return -2 * log_likelihood + 2 * (double)m->columns;
}

bool
loglinear_fit(struct arena *a, const double *x, const double *y, size_t rows, size_t columns,
              struct loglinear *fit)
{
    struct model m = {x,
                      y,
                      rows,
                      columns,
                      linear_stack_new(a, columns),
                      linear_solution_new(a, columns),
                      arena_array(a, columns, sizeof(double)),
                      0};
    double *const beta = arena_array(a, columns, sizeof *beta);
    double deviance;
    bool done = false;

    if (rows < columns || !solve(&m, NULL))
        return false;
    for (size_t r = 0; r < rows; r++)
        m.total += y[r];
    memcpy(beta, m.solution->beta, columns * sizeof *beta);
    deviance = deviance_of(&m, beta);
    for (int i = 0; i < MOST_STEPS && !done; i++) {
        if (!solve(&m, beta))
            return false;
        done = step(&m, beta, &deviance) < 1e-11;
    }
    if (!done || !isfinite(deviance) || !solve(&m, beta))
        return false;
    *fit = (struct loglinear){columns, beta, m.solution->covariance, deviance, aic_of(&m, beta)};
    return true;
}
