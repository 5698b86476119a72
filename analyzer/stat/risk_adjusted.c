/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The regression in closed form (the group means are taken off first), and the search over shifts
 * of the mean risk of those not acted upon. Given the shifts, the slope's numerator is fixed and
 * its denominator is the sum of squared risks, so that its extremes (risk_squares.h) give those of
 * beta.
 */
#include "analyzer/stat/risk_adjusted.h"

#include "analyzer/stat/risk_squares.h"

#include <math.h>

/* ---- sums ---- */

struct sums {
    double n[RISK_MOST_GROUPS], acted[RISK_MOST_GROUPS];
    double risk[RISK_MOST_GROUPS];       /* total */
    double acted_risk[RISK_MOST_GROUPS]; /* total of those acted upon */
    double squares, people;
};

static struct sums
sums_of(const struct risk_data *d)
{
    struct sums s = {0};

    for (size_t r = 0; r < d->rows; r++) {
        const size_t g = d->group[r];

        s.n[g] += d->n[r];
        s.acted[g] += d->acted[r];
        s.risk[g] += d->n[r] * d->risk[r];
        s.acted_risk[g] += d->acted[r] * d->risk[r];
        s.squares += d->n[r] * d->risk[r] * d->risk[r];
        s.people += d->n[r];
    }
    return s;
}

/* Beta of group g: the difference of shares less the slope times the difference of mean risks. */
static double
beta_of(const struct sums *s, double slope, size_t g, size_t reference)
{
    return s->acted[g] / s->n[g] - s->acted[reference] / s->n[reference] -
           slope * (s->risk[g] / s->n[g] - s->risk[reference] / s->n[reference]);
}

bool
risk_adjusted_fit(const struct risk_data *d, struct risk_fit *fit)
{
    const struct sums s = sums_of(d);
    double sxx = 0;
    double sxy = 0;
    double syy = 0;
    double risk = 0;

    for (size_t g = 0; g < d->groups; g++) {
        if (!(s.n[g] > 0))
            return false;
        risk += s.risk[g];
        syy += s.acted[g] * (1 - s.acted[g] / s.n[g]);
    }
    for (size_t r = 0; r < d->rows; r++) {
        const size_t g = d->group[r];
        const double away = d->risk[r] - s.risk[g] / s.n[g];

        sxx += d->n[r] * away * away;
        sxy += (d->acted[r] - d->n[r] * s.acted[g] / s.n[g]) * away;
    }
    fit->df = s.people - (double)d->groups - 1;
    if (!(sxx > 1e-12 * s.squares) || !(fit->df > 0))
        return false;
    fit->slope = sxy / sxx;

    const double variance = fmax(0, syy - fit->slope * sxy) / fit->df;
    const size_t base = d->reference;
    const double base_risk = s.risk[base] / s.n[base];

    fit->slope_se = sqrt(variance / sxx);
    fit->expected = s.acted[base] / s.n[base] + fit->slope * (risk / s.people - base_risk);
    for (size_t g = 0; g < d->groups; g++) {
        const double apart = s.risk[g] / s.n[g] - base_risk;

        fit->beta[g] = g == base ? NAN : beta_of(&s, fit->slope, g, base);
        fit->se[g] =
            g == base ? NAN : sqrt(variance * (1 / s.n[g] + 1 / s.n[base] + apart * apart / sxx));
    }
    return true;
}

/* ---- bounds ---- */

/* Steps of a group's shift that make up epsilon, by number of groups: the search grows with its
 * power. */
static const int shift_steps[RISK_MOST_GROUPS + 1] = {0, 100, 100, 20, 10, 6, 4};

struct search {
    const struct risk_data *data;
    struct sums sums;
    struct risk_stratum *apart; /* those not acted upon, by group */
    struct risk_grid grid;
    double epsilon;
    size_t steps;
    int most; /* shift steps in epsilon */
    int shift[RISK_MOST_GROUPS];
    struct risk_curve *table[RISK_MOST_GROUPS]; /* by shift, from -most */
    struct risk_curve partial[RISK_MOST_GROUPS + 1];
    struct interval *out;
};

static void
widen(struct search *s, size_t step, const struct sums *moved, double numerator, double squares)
{
    double denominator = squares;

    for (size_t g = 0; g < s->data->groups; g++)
        denominator -= moved->risk[g] * moved->risk[g] / moved->n[g];
    if (!(denominator > 1e-9 * squares))
        return;
    for (size_t g = 0; g < s->data->groups; g++) {
        struct interval *const at = &s->out[step * s->data->groups + g];
        const double beta = beta_of(moved, numerator / denominator, g, s->data->reference);

        at->lower = fmin(at->lower, beta);
        at->upper = fmax(at->upper, beta);
    }
}

/* All shifts are chosen: every step of epsilon that pays for them. */
static void
evaluate(struct search *s, int spent, const struct risk_curve *last)
{
    struct sums moved = s->sums;
    const struct risk_curve *const before = &s->partial[s->data->groups - 1];
    const double mass = s->epsilon * s->sums.people;
    double numerator = 0;

    for (size_t g = 0; g < s->data->groups; g++) {
        moved.risk[g] += mass * s->shift[g] / s->most;
        numerator += moved.acted_risk[g] - moved.acted[g] / moved.n[g] * moved.risk[g];
    }
    for (size_t k = 0; k < s->steps; k++) {
        const double rest = mass * ((double)k / (double)(s->steps - 1) - (double)spent / s->most);

        if (rest < -1e-9 * mass)
            continue;
        widen(s, k, &moved, numerator, risk_least(&s->grid, before, last, fmax(0, rest)));
        widen(s, k, &moved, numerator, risk_most(&s->grid, before, last, fmax(0, rest)));
    }
}

static void
choose(struct search *s, size_t group, int spent)
{
    for (int shift = spent - s->most; shift <= s->most - spent; shift++) {
        const struct risk_curve *const curve = &s->table[group][shift + s->most];

        if (!curve->least)
            continue; /* no risks in [0, 1] have that mean */
        s->shift[group] = shift;
        if (group + 1 == s->data->groups) {
            evaluate(s, spent + (shift < 0 ? -shift : shift), curve);
        } else {
            risk_combine(&s->grid, &s->partial[group], curve, &s->partial[group + 1]);
            choose(s, group + 1, spent + (shift < 0 ? -shift : shift));
        }
    }
}

static bool
fill_tables(struct search *s, struct arena *a)
{
    const double mass = s->epsilon * s->sums.people;
    const size_t groups = s->data->groups;
    struct risk_curve acted;

    s->partial[0] = risk_curve_zero(&s->grid, a);
    for (size_t g = 0; g < groups; g++) {
        const struct risk_stratum upon = risk_stratum_of(s->data, g, true, a);
        struct risk_curve sum = risk_curve_zero(&s->grid, a);

        s->apart[g] = risk_stratum_of(s->data, g, false, a);
        if (upon.cells == 0 || s->apart[g].cells == 0)
            return false;
        acted = risk_curve_of(&s->grid, &upon, 0, a);
        risk_combine(&s->grid, &s->partial[0], &acted, &sum);
        s->partial[0] = sum;
        s->partial[g + 1] = risk_curve_zero(&s->grid, a);
        s->table[g] = arena_array(a, 2 * (size_t)s->most + 1, sizeof *s->table[g]);
        for (int shift = -s->most; shift <= s->most; shift++)
            s->table[g][shift + s->most] =
                risk_curve_of(&s->grid, &s->apart[g], mass * shift / s->most, a);
    }
    return true;
}

bool
risk_adjusted_bounds(const struct risk_data *d, double epsilon, size_t steps, struct arena *a,
                     struct interval *out)
{
    struct search *const s = arena_alloc(a, sizeof *s);

    if (d->groups < 2 || d->groups > RISK_MOST_GROUPS || d->rows > RISK_MOST_CELLS || steps < 2)
        return false;
    *s = (struct search){
        .data = d,
        .sums = sums_of(d),
        .apart = arena_array(a, d->groups, sizeof *s->apart),
        .epsilon = epsilon,
        .steps = steps,
        .most = shift_steps[d->groups],
        .out = out,
    };
    s->grid = risk_grid_of(epsilon * s->sums.people);
    for (size_t i = 0; i < steps * d->groups; i++)
        out[i] = (struct interval){INFINITY, -INFINITY};
    if (!fill_tables(s, a))
        return false;
    choose(s, 0, 0);
    for (size_t k = 0; k < steps; k++)
        out[k * d->groups + d->reference] = INTERVAL_UNDEFINED;
    return true;
}

double
risk_adjusted_tipping(const struct interval *out, size_t steps, size_t groups, size_t group,
                      double epsilon)
{
    double before = NAN;

    for (size_t k = 0; k < steps; k++) {
        const struct interval b = out[k * groups + group];
        /* the limit that nears 0, positive until it gets there */
        const double away = b.lower > 0   ? b.lower
                            : b.upper < 0 ? -b.upper
                                          : -fmin(-b.lower, b.upper);

        if (away <= 0)
            return k == 0 ? 0
                          : epsilon * ((double)(k - 1) + before / (before - away)) /
                                (double)(steps - 1);
        before = away;
    }
    return NAN;
}
