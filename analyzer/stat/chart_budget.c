/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cities in control, simulated. Of each city only the running maximum over its series is kept, per
 * month: the first month above any threshold can be read off afterwards, so that one simulation
 * answers for all thresholds.
 */
#include "analyzer/stat/chart.h"

enum { HALVINGS = 60 };

/* Running maxima: cities x horizon. */
struct trace {
    size_t cities, horizon;
    double *cusum, *ewma;
};

/* ---- one series ---- */

static double
draw_rate(double mean, double dispersion, struct rng *rng)
{
    if (dispersion > 1) /* gamma mean: variance mean * dispersion */
        mean = rng_gamma(rng, mean / (dispersion - 1)) * (dispersion - 1);
    return (double)rng_poisson(rng, mean);
}

static double
draw_share(double n, double p, double dispersion, struct rng *rng)
{
    /* beta-binomial: dispersion = 1 + (n - 1) / (a + b + 1); n is the most there can be */
    const double pairs = (n - 1) / (dispersion - 1) - 1;

    if (dispersion > 1 && pairs > 0) {
        const double a = rng_gamma(rng, p * pairs);
        const double b = rng_gamma(rng, (1 - p) * pairs);

        p = a + b > 0 ? a / (a + b) : p;
    } else if (dispersion > 1) {
        p = rng_uniform(rng) < p;
    }
    return (double)rng_binomial(rng, (uint64_t)n, p);
}

static struct chart_month
draw(const struct chart_control *c, size_t t, struct rng *rng)
{
    const double size = c->size[t % c->months];

    if (c->kind == CHART_SHARE)
        return (struct chart_month){draw_share(size, c->centre, c->dispersion, rng), size};
    return (struct chart_month){draw_rate(c->centre * size, c->dispersion, rng), size};
}

/* Raises the city's maxima to those of one more series. */
static void
run_series(const struct chart_control *c, struct chart_watch watch, struct rng *rng, size_t horizon,
           double *cusum, double *ewma)
{
    struct chart_cusum up = {0};
    struct chart_cusum down = {0};
    struct chart_ewma weighted = {0};

    for (size_t t = 0; t < horizon; t++) {
        const struct chart_month m = draw(c, t, rng);

        chart_cusum_step(&up, chart_increment(c->kind, c->centre, m, watch.shift, c->dispersion));
        chart_cusum_step(&down,
                         chart_increment(c->kind, c->centre, m, 1 / watch.shift, c->dispersion));
        chart_ewma_step(&weighted, c->kind, c->centre, m, watch.weight, c->dispersion);
        cusum[t] = fmax(cusum[t], fmax(up.value, down.value));
        ewma[t] = fmax(ewma[t], fabs(chart_ewma_z(&weighted)));
    }
}

static void
keep_running_maximum(double *of, size_t months)
{
    for (size_t t = 1; t < months; t++)
        of[t] = fmax(of[t], of[t - 1]);
}

static bool
can_alarm(const struct chart_control *c)
{
    return c->months > 0 && c->centre > 0 && (c->kind == CHART_RATE || c->centre < 1);
}

/* False when no series can give an alarm. */
static bool
simulate(const struct chart_control *series, size_t count, const struct chart_simulation *how,
         struct rng *rng, double *work, struct trace *trace)
{
    const size_t numbers = how->cities * how->horizon;
    size_t able = 0;

    *trace = (struct trace){how->cities, how->horizon, work, work + numbers};
    for (size_t i = 0; i < 2 * numbers; i++)
        work[i] = 0;
    for (size_t s = 0; s < count; s++) {
        if (!can_alarm(&series[s]))
            continue;
        able++;
        for (size_t city = 0; city < how->cities; city++)
            run_series(&series[s], how->watch, rng, how->horizon,
                       trace->cusum + city * how->horizon, trace->ewma + city * how->horizon);
    }
    for (size_t city = 0; city < how->cities; city++) {
        keep_running_maximum(trace->cusum + city * how->horizon, how->horizon);
        keep_running_maximum(trace->ewma + city * how->horizon, how->horizon);
    }
    return able > 0 && numbers > 0;
}

/* ---- thresholds ---- */

/* Months until the first one above the threshold, that one included; at most the horizon. */
static double
run_length(const double *maxima, size_t horizon, double threshold)
{
    size_t below = 0;
    size_t above = horizon;

    while (below < above) {
        const size_t middle = (below + above) / 2;

        if (maxima[middle] > threshold)
            above = middle;
        else
            below = middle + 1;
    }
    return below < horizon ? (double)(below + 1) : (double)horizon;
}

static struct chart_budget
budget_at(const struct trace *t, const double *maxima, double threshold)
{
    const double cities = (double)t->cities;
    double sum = 0;
    double squares = 0;

    for (size_t c = 0; c < t->cities; c++) {
        const double length = run_length(maxima + c * t->horizon, t->horizon, threshold);

        sum += length;
        squares += length * length;
    }

    const double mean = sum / cities;

    return (struct chart_budget){threshold, mean,
                                 sqrt(fmax(0, squares / cities - mean * mean) / cities)};
}

static struct chart_budget
lowest(const struct trace *t, const double *maxima, double wanted)
{
    double low = 0;
    double high = 0;

    for (size_t c = 0; c < t->cities; c++)
        high = fmax(high, maxima[(c + 1) * t->horizon - 1]);
    if (budget_at(t, maxima, low).run_length >= wanted)
        return budget_at(t, maxima, low);
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = (low + high) / 2;

        if (budget_at(t, maxima, middle).run_length >= wanted)
            high = middle;
        else
            low = middle;
    }
    return budget_at(t, maxima, high);
}

static const struct chart_budget NONE = {NAN, NAN, NAN};

size_t
chart_simulate_work(const struct chart_simulation *how)
{
    return 2 * how->cities * how->horizon;
}

struct chart_budgets
chart_simulate(const struct chart_control *series, size_t count, const struct chart_simulation *how,
               struct rng *rng, double *work)
{
    struct trace t;

    if (!simulate(series, count, how, rng, work, &t))
        return (struct chart_budgets){NONE, NONE};
    return (struct chart_budgets){lowest(&t, t.cusum, how->run_length),
                                  lowest(&t, t.ewma, how->run_length)};
}

struct chart_budgets
chart_run_lengths(const struct chart_control *series, size_t count,
                  const struct chart_simulation *how, double cusum, double ewma, struct rng *rng,
                  double *work)
{
    struct trace t;

    if (!simulate(series, count, how, rng, work, &t))
        return (struct chart_budgets){NONE, NONE};
    return (struct chart_budgets){budget_at(&t, t.cusum, cusum), budget_at(&t, t.ewma, ewma)};
}
