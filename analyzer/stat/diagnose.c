/* SPDX-License-Identifier: EUPL-1.2 */
/* See diagnose.h. Numbers of equations are those of Vehtari et al. (2021). */
#include "analyzer/stat/diagnose.h"

#include "analyzer/stat/dist.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct keyed {
    double value;
    size_t at;
};

struct diagnose {
    size_t chains, draws, total;
    size_t halves, half; /* split chains: 2 * chains of draws / 2, an odd draw in the middle out */
    double *score;       /* normal score of rank i (equation 14) */
    double *work, *covariance;
    struct keyed *sorted;
};

struct diagnose *
diagnose_new(struct arena *a, size_t chains, size_t draws)
{
    struct diagnose *const d = arena_alloc(a, sizeof *d);

    *d = (struct diagnose){.chains = chains,
                           .draws = draws,
                           .total = chains * draws,
                           .halves = 2 * chains,
                           .half = draws / 2};
    d->score = arena_array(a, 2 * d->total + 3, sizeof(double));
    d->work = arena_array(a, d->total + 1, sizeof(double));
    d->covariance = arena_array(a, draws + 2, sizeof(double));
    d->sorted = arena_array(a, d->total + 1, sizeof *d->sorted);
    return d;
}

/* ---- effective sample size ----------------------------------------------------------------- */

static double
mean_of(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

/* Mean over the chains of the autocovariance at a lag (divided by n, as is usual). */
static double
covariance_at(struct diagnose_chains c, const double *means, size_t lag)
{
    double sum = 0;

    for (size_t k = 0; k < c.chains; k++) {
        const double *const x = c.x + k * c.draws;
        double s[4] = {0};
        size_t i = 0;

        for (; i + lag + 4 <= c.draws; i += 4)
            for (size_t l = 0; l < 4; l++)
                s[l] += (x[i + l] - means[k]) * (x[i + l + lag] - means[k]);
        for (; i + lag < c.draws; i++)
            s[0] += (x[i] - means[k]) * (x[i + lag] - means[k]);
        sum += (s[0] + s[1]) + (s[2] + s[3]);
    }
    return sum / ((double)c.chains * (double)c.draws);
}

static double
variance_of_means(const double *means, size_t n)
{
    const double mean = mean_of(means, n);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (means[i] - mean) * (means[i] - mean);
    return n > 1 ? sum / (double)(n - 1) : 0;
}

/*
 * Equations 10 to 13 with Geyer's initial monotone sequence: pairs of autocorrelations are summed
 * for as long as they are positive, each pair at most the one before. rho: room for draws + 2.
 */
static double
ess_of(struct diagnose_chains c, double *means, double *rho)
{
    const double n = (double)c.draws, total = n * (double)c.chains;

    if (c.draws < 3)
        return NAN;
    for (size_t k = 0; k < c.chains; k++)
        means[k] = mean_of(c.x + k * c.draws, c.draws);
    const double within = covariance_at(c, means, 0) * n / (n - 1);
    const double variance = within * (n - 1) / n + variance_of_means(means, c.chains);

    if (!(variance > 0))
        return NAN;
    size_t t = 0;
    double even = 1, odd = 1 - (within - covariance_at(c, means, 1)) / variance;

    rho[0] = even;
    rho[1] = odd;
    while (t + 5 < c.draws && even + odd > 0) {
        t += 2;
        even = 1 - (within - covariance_at(c, means, t)) / variance;
        odd = 1 - (within - covariance_at(c, means, t + 1)) / variance;
        rho[t] = rho[t + 1] = 0;
        if (even + odd >= 0) {
            rho[t] = even;
            rho[t + 1] = odd;
        }
    }
    if (even > 0) /* the last even one may count alone: better for antithetic chains */
        rho[t] = even;
    double sum = 0;

    for (size_t i = 2; i + 2 <= t; i += 2)
        if (rho[i] + rho[i + 1] > rho[i - 2] + rho[i - 1])
            rho[i] = rho[i + 1] = (rho[i - 2] + rho[i - 1]) / 2;
    for (size_t i = 0; i < t; i++)
        sum += rho[i];
    const double tau = -1 + 2 * sum + rho[t];

    return total / fmax(tau, 1 / log10(total));
}

double
diagnose_ess(struct diagnose_chains c, struct arena *a)
{
    return ess_of(c, arena_array(a, c.chains, sizeof(double)),
                  arena_array(a, c.draws + 2, sizeof(double)));
}

/* ---- R-hat --------------------------------------------------------------------------------- */

/* Equations 1 to 4. */
static double
rhat_of(struct diagnose_chains c, double *means)
{
    const double n = (double)c.draws;
    double within = 0;

    for (size_t k = 0; k < c.chains; k++) {
        const double *const x = c.x + k * c.draws;
        double sum = 0;

        means[k] = mean_of(x, c.draws);
        for (size_t i = 0; i < c.draws; i++)
            sum += (x[i] - means[k]) * (x[i] - means[k]);
        within += sum / (n - 1);
    }
    within /= (double)c.chains;
    const double between = n * variance_of_means(means, c.chains);

    return sqrt((between / within + n - 1) / n);
}

/* ---- ranks --------------------------------------------------------------------------------- */

static int
by_value(const void *a, const void *b)
{
    const struct keyed *const x = a, *const y = b;

    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Where draw i of a chain stands among the split chains; SIZE_MAX for the one in the middle. */
static size_t
split_place(const struct diagnose *d, size_t at)
{
    const size_t chain = at / d->draws, i = at % d->draws;

    if (i < d->half)
        return 2 * chain * d->half + i;
    if (i >= d->draws - d->half)
        return (2 * chain + 1) * d->half + (i - (d->draws - d->half));
    return SIZE_MAX;
}

/* The values of sorted, split, into `sorted`: what stands in the middle of a chain is out. */
static size_t
keep_split(struct diagnose *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->total; i++) {
        const size_t place = split_place(d, d->sorted[i].at);

        if (place != SIZE_MAX)
            d->sorted[n++] = (struct keyed){d->sorted[i].value, place};
    }
    return n;
}

/* Normal score of a rank, ties at their mean; ranks are doubled to stay whole. Computed once. */
static double
score_of(struct diagnose *d, size_t doubled, size_t n)
{
    double *const s = &d->score[doubled];

    if (*s == 0)
        *s = dist_normal_q(((double)doubled / 2 - 0.375) / ((double)n + 0.25), 0, 1, DIST_LOWER);
    return *s;
}

/* Puts the normal scores of the n sorted values where the draws stood. */
static void
write_scores(struct diagnose *d, size_t n)
{
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && d->sorted[next].value == d->sorted[i].value;)
            next++;
        const double z = score_of(d, i + 1 + next, n);

        for (size_t k = i; k < next; k++)
            d->work[d->sorted[k].at] = z;
    }
}

/* The n sorted values become their distances from the median, sorted: two runs, merged. */
static void
fold(struct diagnose *d, size_t n, struct keyed *room)
{
    const struct keyed *const s = d->sorted;
    const double median = n % 2 ? s[n / 2].value : (s[n / 2 - 1].value + s[n / 2].value) / 2;
    size_t above = 0;

    while (above < n && s[above].value < median)
        above++;
    size_t below = above;

    for (size_t i = 0; i < n; i++) {
        const bool left =
            below > 0 && (above == n || median - s[below - 1].value <= s[above].value - median);
        const struct keyed *const from = left ? &s[--below] : &s[above++];

        room[i] = (struct keyed){fabs(from->value - median), from->at};
    }
    memcpy(d->sorted, room, n * sizeof *room);
}

/* ---- summary ------------------------------------------------------------------------------- */

/* R's type 7. */
static double
quantile(const struct keyed *s, size_t n, double p)
{
    const double at = p * (double)(n - 1), low = floor(at);
    const size_t i = (size_t)low;

    return i + 1 < n ? s[i].value + (at - low) * (s[i + 1].value - s[i].value) : s[n - 1].value;
}

/* Effective sample size of "at most the quantile p", split. */
static double
ess_of_quantile(struct diagnose *d, const double *x, double limit, double *means)
{
    for (size_t i = 0; i < d->total; i++) {
        const size_t place = split_place(d, i);

        if (place != SIZE_MAX)
            d->work[place] = x[i] <= limit;
    }
    return ess_of((struct diagnose_chains){d->halves, d->half, d->work}, means, d->covariance);
}

static double
smaller(double a, double b)
{
    return isnan(a) || b < a ? b : a;
}

static struct diagnose_summary
undefined(void)
{
    return (struct diagnose_summary){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
}

static void
fill_moments(struct diagnose *d, const double *x, double level, struct diagnose_summary *s)
{
    double sum = 0;

    s->mean = mean_of(x, d->total);
    for (size_t i = 0; i < d->total; i++)
        sum += (x[i] - s->mean) * (x[i] - s->mean);
    s->sd = d->total > 1 ? sqrt(sum / (double)(d->total - 1)) : NAN;
    s->lower = quantile(d->sorted, d->total, (1 - level) / 2);
    s->median = quantile(d->sorted, d->total, 0.5);
    s->upper = quantile(d->sorted, d->total, (1 + level) / 2);
}

struct diagnose_summary
diagnose_summary(struct diagnose *d, const double *x, double level)
{
    struct diagnose_summary s = undefined();
    const struct diagnose_chains split = {d->halves, d->half, d->work};
    struct arena *const a = arena_new();
    double *const means = arena_array(a, d->halves, sizeof *means);

    for (size_t i = 0; i < d->total; i++) {
        d->sorted[i] = (struct keyed){x[i], i};
        if (!isfinite(x[i])) {
            arena_free(a);
            return s;
        }
    }
    qsort(d->sorted, d->total, sizeof *d->sorted, by_value);
    fill_moments(d, x, level, &s);
    if (d->half >= 3 && d->sorted[0].value < d->sorted[d->total - 1].value) {
        const double low = quantile(d->sorted, d->total, 0.05);
        const double high = quantile(d->sorted, d->total, 0.95);
        const size_t n = keep_split(d);

        write_scores(d, n);
        s.ess_bulk = ess_of(split, means, d->covariance);
        s.rhat = rhat_of(split, means);
        fold(d, n, arena_array(a, n, sizeof(struct keyed)));
        write_scores(d, n);
        s.rhat = fmax(s.rhat, rhat_of(split, means));
        s.ess_tail = smaller(ess_of_quantile(d, x, low, means), ess_of_quantile(d, x, high, means));
        for (size_t i = 0; i < d->total; i++)
            if (split_place(d, i) != SIZE_MAX)
                d->work[split_place(d, i)] = x[i];
        s.mcse_mean = s.sd / sqrt(ess_of(split, means, d->covariance));
    }
    arena_free(a);
    return s;
}

double
diagnose_bfmi(struct diagnose_chains energy)
{
    double worst = NAN;

    for (size_t c = 0; c < energy.chains; c++) {
        const double *const e = energy.x + c * energy.draws;
        const double mean = mean_of(e, energy.draws);
        double jumps = 0, spread = 0;

        for (size_t i = 0; i < energy.draws; i++) {
            spread += (e[i] - mean) * (e[i] - mean);
            jumps += i > 0 ? (e[i] - e[i - 1]) * (e[i] - e[i - 1]) : 0;
        }
        worst = smaller(worst, jumps / spread);
    }
    return worst;
}
