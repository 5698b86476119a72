/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Closed forms over two-by-two tables, and Fisher's test of one table. The exact test over strata
 * is in odds_exact.c.
 */
#include "analyzer/stat/odds.h"

#include "analyzer/stat/dist.h"
#include "analyzer/stat/root.h"

#include <float.h>

struct odds_table
odds_table(double k1, double n1, double k0, double n0)
{
    return (struct odds_table){k1, n1 - k1, k0, n0 - k0};
}

static double
total_of(struct odds_table t)
{
    return t.a + t.b + t.c + t.d;
}

static bool
is_table(struct odds_table t)
{
    return t.a >= 0 && t.b >= 0 && t.c >= 0 && t.d >= 0;
}

/* No margin is empty: the table can say something. */
static bool
is_informative(struct odds_table t)
{
    return is_table(t) && (t.a + t.b) * (t.c + t.d) > 0 && (t.a + t.c) * (t.b + t.d) > 0;
}

struct test
odds_chi_square(struct odds_table t, bool yates)
{
    if (!is_informative(t))
        return TEST_UNDEFINED;

    const double total = total_of(t);
    const double group = t.a + t.b;
    const double with = t.a + t.c;
    /* |observed - expected| is the same in all four cells */
    const double away = fabs(t.a * t.d - t.b * t.c) / total;
    const double less = yates ? away - fmin(0.5, away) : away;
    const double statistic =
        less * less * (total / group) * (total / (total - group)) * (total / with / (total - with));

    return (struct test){statistic, 1, dist_chi_square_p(statistic, 1, DIST_UPPER)};
}

/* ---- Fisher ---- */

/* More than there are people; the time grows with the square root. */
static const double MOST_CASES = 1e10;

/* The quantity of the tilted distribution that a root is sought for. */
enum wanted { WANTED_AT_LEAST, WANTED_AT_MOST, WANTED_MEAN };

/* The urn: m with the outcome, n without, the group draws k. */
struct urn {
    double x, m, n, k, low, high;
    double wanted;
    enum wanted what;
};

static struct urn
urn_of(struct odds_table t)
{
    const double m = t.a + t.c;
    const double n = t.b + t.d;
    const double k = t.a + t.b;

    return (struct urn){
        .x = t.a, .m = m, .n = n, .k = k, .low = fmax(0, k - n), .high = fmin(k, m)};
}

static double
urn_excess(double log_odds, const void *context)
{
    const struct urn *const u = context;
    const struct dist_nchyper at = dist_nchyper(u->x, u->m, u->n, u->k, exp(log_odds));

    if (u->what == WANTED_MEAN)
        return at.mean - u->wanted;
    return (u->what == WANTED_AT_LEAST ? at.at_least : at.at_most) - u->wanted;
}

/* The odds ratio at which the tail or mean has the wanted value. */
static double
urn_solve(struct urn u, enum wanted what, double wanted, double start)
{
    double log_odds;

    u.what = what;
    u.wanted = wanted;

    const double side = urn_excess(start, &u) > 0 ? -0.25 : 0.25;
    const double step = what == WANTED_AT_MOST ? -side : side;

    return root_search(urn_excess, &u, start, step, 1e-13, &log_odds) ? exp(log_odds) : NAN;
}

/* As in rate.c: the first outcome from the mode outwards that is at most as likely as x, or one
 * past the end. */
static double
first_as_unlikely(const struct urn *u, double from, double to, double step, double log_mass)
{
    double near = 0;
    double far = step * (to - from) + 1;

    while (near < far) {
        const double middle = floor((near + far) / 2);

        if (dist_hyper_d(from + step * middle, u->m, u->n, u->k, true) <= log_mass)
            far = middle;
        else
            near = middle + 1;
    }
    return from + step * near;
}

/* R calls a table "as likely" within the factor 1 + 1e-7. */
static double
fisher_two_sided(const struct urn *u)
{
    const double log_mass = dist_hyper_d(u->x, u->m, u->n, u->k, true) + log(1 + 1e-7);
    const double mode = floor((u->k + 1) * (u->m + 1) / (u->m + u->n + 2));

    if (dist_hyper_d(mode, u->m, u->n, u->k, true) <= log_mass)
        return 1;
    if (u->x < mode) {
        const double other = first_as_unlikely(u, mode, u->high, 1, log_mass);

        return fmin(1, dist_hyper_p(u->x, u->m, u->n, u->k, DIST_LOWER) +
                           dist_hyper_p(other - 1, u->m, u->n, u->k, DIST_UPPER));
    }

    const double other = first_as_unlikely(u, mode, u->low, -1, log_mass);

    return fmin(1, dist_hyper_p(other, u->m, u->n, u->k, DIST_LOWER) +
                       dist_hyper_p(u->x - 1, u->m, u->n, u->k, DIST_UPPER));
}

/* The same as R finds it: in t or 1 / t on (0, 1), to its default tolerance. */
static double
inverted_excess(double t, const void *context)
{
    return urn_excess(-log(t), context);
}

static double
direct_excess(double t, const void *context)
{
    return urn_excess(log(t), context);
}

static double
urn_solve_as_r(struct urn u, enum wanted what, double wanted, double unused)
{
    const double tolerance = sqrt(sqrt(DBL_EPSILON));
    double t;

    (void)unused;
    u.what = what;
    u.wanted = wanted;

    const double at_one = urn_excess(0, &u);

    if (at_one == 0)
        return 1;
    if ((at_one > 0) == (what != WANTED_AT_MOST)) /* the root is under 1 */
        return root_find(direct_excess, &u, 0, 1, tolerance, &t) ? t : NAN;
    return root_find(inverted_excess, &u, DBL_EPSILON, 1, tolerance, &t) ? 1 / t : NAN;
}

typedef double urn_solver(struct urn u, enum wanted what, double wanted, double start);

static struct odds_fisher
fisher(struct odds_table t, double level, urn_solver *solve)
{
    if (!is_informative(t) || total_of(t) > MOST_CASES)
        return (struct odds_fisher){ESTIMATE_UNDEFINED, NAN};

    const struct urn u = urn_of(t);
    const double half = (1 - level) / 2;
    const double start = log((t.a + 0.5) * (t.d + 0.5) / ((t.b + 0.5) * (t.c + 0.5)));
    struct odds_fisher f = {{NAN, 0, INFINITY}, fisher_two_sided(&u)};

    f.odds_ratio.value = u.x == u.low    ? 0
                         : u.x == u.high ? INFINITY
                                         : solve(u, WANTED_MEAN, u.x, start);
    if (u.x > u.low)
        f.odds_ratio.lower = solve(u, WANTED_AT_LEAST, half, start);
    if (u.x < u.high)
        f.odds_ratio.upper = solve(u, WANTED_AT_MOST, half, start);
    return f;
}

struct odds_fisher
odds_fisher(struct odds_table t, double level)
{
    return fisher(t, level, urn_solve);
}

struct odds_fisher
odds_fisher_as_r(struct odds_table t, double level)
{
    return fisher(t, level, urn_solve_as_r);
}

double
odds_fisher_p(struct odds_table t, bool greater)
{
    if (!is_table(t))
        return NAN;

    const struct urn u = urn_of(t);

    return greater ? dist_hyper_p(u.x - 1, u.m, u.n, u.k, DIST_UPPER)
                   : dist_hyper_p(u.x, u.m, u.n, u.k, DIST_LOWER);
}

/* ---- Mantel-Haenszel ---- */

struct pooled_ratio
odds_pooled(const struct odds_table *tables, size_t count, double level)
{
    /* Robins, Breslow and Greenland: R = ad/n, S = bc/n, P = (a + d)/n, Q = (b + c)/n */
    double r_sum = 0;
    double s_sum = 0;
    double pr = 0;
    double ps_qr = 0;
    double qs = 0;
    size_t strata = 0;

    for (size_t i = 0; i < count; i++) {
        const struct odds_table t = tables[i];
        const double total = total_of(t);

        if (!is_informative(t))
            continue;

        const double r = t.a * t.d / total;
        const double s = t.b * t.c / total;
        const double p = (t.a + t.d) / total;
        const double q = (t.b + t.c) / total;

        r_sum += r;
        s_sum += s;
        pr += p * r;
        ps_qr += p * s + q * r;
        qs += q * s;
        strata++;
    }

    const double variance =
        pr / (2 * r_sum * r_sum) + ps_qr / (2 * r_sum * s_sum) + qs / (2 * s_sum * s_sum);

    return pooled_ratio(r_sum, s_sum, variance, strata, level);
}

struct test
odds_cmh(const struct odds_table *tables, size_t count, bool corrected)
{
    double away = 0;
    double variance = 0;

    for (size_t i = 0; i < count; i++) {
        const struct odds_table t = tables[i];
        const double total = total_of(t);

        if (!is_informative(t))
            continue;

        const double group = (t.a + t.b) / total;
        const double with = (t.a + t.c) / total;

        away += (t.a * t.d - t.b * t.c) / total;
        variance += total * group * (1 - group) * with * (1 - with) * total / (total - 1);
    }
    if (!(variance > 0))
        return TEST_UNDEFINED;
    away = fabs(away);
    if (corrected && away >= 0.5)
        away -= 0.5;

    const double statistic = away * away / variance;

    return (struct test){statistic, 1, dist_chi_square_p(statistic, 1, DIST_UPPER)};
}

bool
odds_is_sparse(const struct odds_table *tables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct odds_table t = tables[i];

        if (!is_informative(t))
            continue;

        const double rows = fmin(t.a + t.b, t.c + t.d);
        const double columns = fmin(t.a + t.c, t.b + t.d);

        if (rows * columns / total_of(t) < 5)
            return true;
    }
    return false;
}
