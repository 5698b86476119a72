/* SPDX-License-Identifier: EUPL-1.2 */
/* Limits and statistics of single months. The simulation of cities is in chart_budget.c. */
#include "analyzer/stat/chart.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/rate.h"

/* Mean range of two standard normal draws: 2 / sqrt(pi). */
static const double MEAN_RANGE = 1.1283791670955126;

bool
chart_is_gap(struct chart_month m)
{
    return !(m.size > 0); /* NaN too */
}

size_t
chart_sizes(const struct chart_series *s, double *size)
{
    size_t count = 0;

    for (size_t i = 0; i < s->months; i++)
        if (!chart_is_gap(s->month[i]))
            size[count++] = s->month[i].size;
    return count;
}

/* How many months from the first hold the baseline. */
static size_t
baseline_end(const struct chart_series *s, size_t baseline)
{
    size_t seen = 0;
    size_t i = 0;

    while (i < s->months && (baseline == 0 || seen < baseline))
        seen += !chart_is_gap(s->month[i++]);
    return i;
}

double
chart_centre(const struct chart_series *s, size_t baseline)
{
    const size_t end = baseline_end(s, baseline);
    double count = 0;
    double size = 0;

    for (size_t i = 0; i < end; i++)
        if (!chart_is_gap(s->month[i])) {
            count += s->month[i].count;
            size += s->month[i].size;
        }
    return size > 0 ? count / size : NAN;
}

/* Variance of a count over its size, that is of one unit of size. */
static double
unit_variance(enum chart_kind kind, double centre)
{
    return kind == CHART_SHARE ? centre * (1 - centre) : centre;
}

double
chart_laney(const struct chart_series *s, double centre, size_t baseline)
{
    const size_t end = baseline_end(s, baseline);
    const double variance = unit_variance(s->kind, centre);
    double sum = 0;
    double ranges = 0;

    if (!(variance > 0))
        return NAN;
    for (size_t i = 1; i < end; i++) {
        const struct chart_month a = s->month[i - 1];
        const struct chart_month b = s->month[i];

        if (chart_is_gap(a) || chart_is_gap(b))
            continue;
        sum += fabs((b.count - b.size * centre) / sqrt(b.size * variance) -
                    (a.count - a.size * centre) / sqrt(a.size * variance));
        ranges++;
    }
    return ranges > 0 ? sum / ranges / MEAN_RANGE : NAN;
}

double
chart_dispersion(double laney)
{
    return laney > 1 ? laney * laney : 1;
}

struct interval
chart_limits(enum chart_kind kind, double centre, double size, double sigma, double laney)
{
    const double reach = sigma * laney * sqrt(unit_variance(kind, centre) / size);

    if (!(size > 0 && isfinite(reach)))
        return INTERVAL_UNDEFINED;
    return (struct interval){fmax(0, centre - reach),
                             kind == CHART_SHARE ? fmin(1, centre + reach) : centre + reach};
}

struct interval
chart_limits_exact(enum chart_kind kind, double centre, double size, double sigma)
{
    const double tail = dist_normal_p(-sigma, 0, 1, DIST_LOWER);

    if (!(size > 0 && centre >= 0))
        return INTERVAL_UNDEFINED;
    if (kind == CHART_SHARE)
        return (struct interval){dist_binomial_q(tail, size, centre, DIST_LOWER) / size,
                                 dist_binomial_q(tail, size, centre, DIST_UPPER) / size};
    return (struct interval){dist_poisson_q(tail, centre * size, DIST_LOWER) / size,
                             dist_poisson_q(tail, centre * size, DIST_UPPER) / size};
}

/* ---- CUSUM ---- */

void
chart_cusum_step(struct chart_cusum *c, double increment)
{
    c->value = fmax(0, c->value + increment);
    c->run = c->value > 0 ? c->run + 1 : 0;
}

double
chart_increment(enum chart_kind kind, double centre, struct chart_month m, double shift,
                double dispersion)
{
    if (chart_is_gap(m))
        return 0;
    if (kind == CHART_RATE)
        return (m.count * log(shift) - centre * m.size * (shift - 1)) / dispersion;
    /* log((1 - p1) / (1 - p0)) = -log(1 - p0 + shift p0), for each of the n */
    return (m.count * log(shift) - m.size * log1p(centre * (shift - 1))) / dispersion;
}

/* ---- EWMA ---- */

void
chart_ewma_step(struct chart_ewma *w, enum chart_kind kind, double centre, struct chart_month m,
                double weight, double dispersion)
{
    const double kept = 1 - weight;

    w->counted *= kept;
    w->expected *= kept;
    w->variance *= kept * kept;
    if (chart_is_gap(m))
        return;
    w->counted += weight * m.count;
    w->expected += weight * m.size * centre;
    w->variance += weight * weight * m.size * unit_variance(kind, centre) * dispersion;
}

double
chart_ewma_z(const struct chart_ewma *w)
{
    return w->variance > 0 ? (w->counted - w->expected) / sqrt(w->variance) : 0;
}

struct estimate
chart_ewma_ratio(const struct chart_series *s, double centre, double dispersion, double weight,
                 size_t last, double level, struct rate_class *work)
{
    double left = 1;
    size_t classes = 0;

    for (size_t i = last + 1; i-- > 0; left *= 1 - weight) {
        const struct chart_month m = s->month[i];
        const double expected = m.size * centre;

        if (!chart_is_gap(m) && expected > 0 && left > 0)
            work[classes++] =
                (struct rate_class){m.count / dispersion, expected / dispersion, left * expected};
    }
    return classes > 0 ? rate_standardised(work, classes, level) : ESTIMATE_UNDEFINED;
}
