/* SPDX-License-Identifier: EUPL-1.2 */
/* See beta_tail.h. */
#include "analyzer/stat/beta_tail.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The roots of Legendre's polynomial by Newton's method. */
struct beta_tail_rule
beta_tail_rule(unsigned nodes, double drop)
{
    struct beta_tail_rule rule = {.nodes = nodes, .drop = drop};

    for (unsigned i = 0; i < nodes; i++) {
        double x = cos(3.14159265358979323846 * (i + 0.75) / (nodes + 0.5)), slope = 1;

        for (unsigned pass = 0; pass < 20; pass++) {
            double last = 1, p = x;

            for (unsigned n = 2; n <= nodes; n++) {
                const double next = ((2 * n - 1) * x * p - (n - 1) * last) / n;

                last = p;
                p = next;
            }
            slope = nodes * (x * p - last) / (x * x - 1);
            x -= p / slope;
        }
        rule.node[i] = (1 - x) / 2;
        rule.weight[i] = 1 / ((1 - x * x) * slope * slope);
    }
    return rule;
}

/* ---- eight at a time ----------------------------------------------------------------------- */

/* log(1 + e^v), and 1 / (1 + e^v). */
LANES_INLINE void
soft_steps(const double *v, double *soft, double *away)
{
    double size[LANES], e[LANES], grown[LANES];

    for (unsigned i = 0; i < LANES; i++)
        size[i] = v[i] < 0 ? v[i] : -v[i];
    lanes_exp(size, e);
    for (unsigned i = 0; i < LANES; i++)
        grown[i] = 1 + e[i];
    lanes_log(grown, soft);
    for (unsigned i = 0; i < LANES; i++) {
        soft[i] += v[i] > 0 ? v[i] : 0;
        away[i] = (v[i] > 0 ? e[i] : 1) / grown[i];
    }
}

/* Logarithm of the gamma function less Stirling's 0.5 log(2 pi), and its derivative: Stirling's
 * series from 8 on, to which smaller arguments are raised. */
LANES_INLINE void
log_gammas(const double *x, double *log_gamma, double *digamma)
{
    double product[LANES], inverses[LANES], z[LANES], log_z[LANES], log_product[LANES];

    for (unsigned i = 0; i < LANES; i++) {
        const double u = x[i] < 8 ? x[i] : 1;
        double p = u, s = 1 / u;

        for (unsigned k = 1; k < 8; k++) {
            p *= u + k;
            s += 1 / (u + k);
        }
        product[i] = x[i] < 8 ? p : 1;
        inverses[i] = x[i] < 8 ? s : 0;
        z[i] = x[i] < 8 ? x[i] + 8 : x[i];
    }
    lanes_log(z, log_z);
    lanes_log(product, log_product);
    for (unsigned i = 0; i < LANES; i++) {
        const double r = 1 / z[i], s = r * r;
        const double series =
            1.0 / 12 +
            s * (-1.0 / 360 +
                 s * (1.0 / 1260 + s * (-1.0 / 1680 + s * (1.0 / 1188 + s * (-691.0 / 360360 +
                                                                             s * (1.0 / 156))))));
        const double slopes =
            1.0 / 12 +
            s * (-1.0 / 120 +
                 s * (1.0 / 252 +
                      s * (-1.0 / 240 + s * (1.0 / 132 + s * (-691.0 / 32760 + s / 12)))));

        log_gamma[i] = (z[i] - 0.5) * log_z[i] - z[i] + r * series - log_product[i];
        digamma[i] = log_z[i] - 0.5 * r - s * slopes - inverses[i];
    }
}

/* The integrand is a log x + b log(1 - x), x = 1 / (1 + e^-v): its top beyond the threshold, and
 * how far beyond the threshold it has fallen by `drop`: Newton's method from the right, where it
 * cannot overshoot, because the function is concave. */
LANES_INLINE void
reach(const struct beta_law *law, const double *log_odds, const double *tau, double drop,
      double *top, double *length)
{
    double v[LANES], soft[LANES], away[LANES], most = 2;

    for (unsigned i = 0; i < LANES; i++)
        v[i] = log_odds[i] > tau[i] ? log_odds[i] : tau[i];
    soft_steps(v, soft, away);
    for (unsigned i = 0; i < LANES; i++) {
        top[i] = law->a[i] * v[i] - (law->a[i] + law->b[i]) * soft[i];
        v[i] = (drop - top[i]) / law->b[i];
    }
    for (unsigned pass = 0; pass < 6 && most > 1; pass++) {
        most = 0;
        soft_steps(v, soft, away);
        for (unsigned i = 0; i < LANES; i++) {
            const double both = law->a[i] + law->b[i];
            const double over = law->a[i] * v[i] - both * soft[i] - (top[i] - drop);
            const double slope = law->a[i] - both * (1 - away[i]), size = over < 0 ? -over : over;

            v[i] -= over / slope;
            most = size > most ? size : most;
        }
    }
    for (unsigned i = 0; i < LANES; i++)
        length[i] = v[i] - tau[i];
}

/* Sums over the nodes, of e^(integrand - top). */
LANES_INLINE void
add_nodes(const struct beta_tail_rule *rule, const struct beta_law *law, const double *tau,
          const double *length, const double *top, struct beta_tail *sum)
{
    memset(sum, 0, sizeof *sum);
    for (unsigned k = 0; k < rule->nodes; k++) {
        double v[LANES], soft[LANES], away[LANES], power[LANES], w[LANES];

        for (unsigned i = 0; i < LANES; i++)
            v[i] = tau[i] + length[i] * rule->node[k];
        soft_steps(v, soft, away);
        for (unsigned i = 0; i < LANES; i++)
            power[i] = law->a[i] * v[i] - (law->a[i] + law->b[i]) * soft[i] - top[i];
        lanes_exp(power, w);
        for (unsigned i = 0; i < LANES; i++) {
            const double mass = w[i] * rule->weight[k];
            const double miss = mass * away[i], hit = mass - miss, log_x = v[i] - soft[i];

            sum->hit[i] += hit;
            sum->miss[i] += miss;
            sum->hit_by_a[i] += hit * log_x;
            sum->hit_by_b[i] -= hit * soft[i];
            sum->miss_by_a[i] += miss * log_x;
            sum->miss_by_b[i] -= miss * soft[i];
        }
    }
}

LANES_WIDE void
beta_law(struct beta_law *law)
{
    static const double half_log_2_pi = 0x1.d67f1c864beb4p-1;
    double both[LANES], gamma_a[LANES], gamma_b[LANES], gamma_both[LANES];
    double by_a[LANES], by_b[LANES], by_both[LANES];

    for (unsigned i = 0; i < LANES; i++)
        both[i] = law->a[i] + law->b[i];
    log_gammas(law->a, gamma_a, by_a);
    log_gammas(law->b, gamma_b, by_b);
    log_gammas(both, gamma_both, by_both);
    for (unsigned i = 0; i < LANES; i++) {
        law->log_beta[i] = gamma_a[i] + gamma_b[i] - gamma_both[i] + half_log_2_pi;
        law->log_beta_by_a[i] = by_a[i] - by_both[i];
        law->log_beta_by_b[i] = by_b[i] - by_both[i];
    }
}

/* The density of the logit of X at tau, and x there. */
LANES_INLINE void
edges(const struct beta_law *law, const double *tau, double *density, double *x)
{
    double soft[LANES], away[LANES], power[LANES];

    soft_steps(tau, soft, away);
    for (unsigned i = 0; i < LANES; i++) {
        power[i] = law->a[i] * tau[i] - (law->a[i] + law->b[i]) * soft[i] - law->log_beta[i];
        x[i] = 1 - away[i];
    }
    lanes_exp(power, density);
}

LANES_INLINE void
log_odds_of(const struct beta_law *law, double *log_odds)
{
    double ratio[LANES];

    for (unsigned i = 0; i < LANES; i++)
        ratio[i] = law->a[i] / law->b[i];
    lanes_log(ratio, log_odds);
}

/* What the sums are to be multiplied by. */
LANES_INLINE void
scales(const struct beta_law *law, const double *top, const double *length, double *scale)
{
    double power[LANES];

    for (unsigned i = 0; i < LANES; i++)
        power[i] = top[i] - law->log_beta[i];
    lanes_exp(power, scale);
    for (unsigned i = 0; i < LANES; i++) {
        const bool reason = length[i] > 0 && length[i] < 600 && law->a[i] + law->b[i] < 1e12;

        scale[i] = reason ? scale[i] * length[i] : (double)NAN;
    }
}

LANES_WIDE void
beta_tail(const struct beta_tail_rule *rule, const struct beta_law *law, const double *tau,
          struct beta_tail *out)
{
    double log_odds[LANES], top[LANES], length[LANES], scale[LANES], density[LANES], x[LANES];
    struct beta_tail sum;

    log_odds_of(law, log_odds);
    reach(law, log_odds, tau, rule->drop, top, length);
    add_nodes(rule, law, tau, length, top, &sum);
    scales(law, top, length, scale);
    edges(law, tau, density, x);
    for (unsigned i = 0; i < LANES; i++) {
        const double s = scale[i], by_a = law->log_beta_by_a[i], by_b = law->log_beta_by_b[i];

        out->hit[i] = s * sum.hit[i];
        out->miss[i] = s * sum.miss[i];
        out->hit_by_a[i] = s * (sum.hit_by_a[i] - by_a * sum.hit[i]);
        out->hit_by_b[i] = s * (sum.hit_by_b[i] - by_b * sum.hit[i]);
        out->miss_by_a[i] = s * (sum.miss_by_a[i] - by_a * sum.miss[i]);
        out->miss_by_b[i] = s * (sum.miss_by_b[i] - by_b * sum.miss[i]);
        out->hit_by_tau[i] = -x[i] * density[i];
        out->miss_by_tau[i] = (x[i] - 1) * density[i];
    }
}

/* Newton's method on the log of the rate, which is concave in tau. */
LANES_WIDE void
beta_level(const struct beta_tail_rule *rule, const struct beta_law *law, const double *log_rate,
           struct beta_level *level)
{
    enum { MOST = 20 };

    double log_odds[LANES], top[LANES], length[LANES], scale[LANES], density[LANES], x[LANES];
    double rate[LANES], log_rate_at[LANES], most;
    unsigned pass = 0;
    struct beta_tail sum;

    log_odds_of(law, log_odds);
    do {
        most = 0;
        reach(law, log_odds, level->tau, rule->drop, top, length);
        add_nodes(rule, law, level->tau, length, top, &sum);
        scales(law, top, length, scale);
        edges(law, level->tau, density, x);
        for (unsigned i = 0; i < LANES; i++) {
            rate[i] = scale[i] * (sum.hit[i] + sum.miss[i]);
            rate[i] = rate[i] > 1e-300 ? rate[i] : 1e-300;
            density[i] = density[i] > 1e-300 ? density[i] : 1e-300;
        }
        lanes_log(rate, log_rate_at);
        for (unsigned i = 0; i < LANES; i++) {
            const double step = (log_rate_at[i] - log_rate[i]) * rate[i] / density[i];
            const double capped = step > 1 ? 1 : step < -1 ? -1 : step;
            const double size = capped < 0 ? -capped : capped;

            level->tau[i] += capped;
            most = size > most ? size : most;
        }
    } while (++pass < MOST && most > 1e-6);
    for (unsigned i = 0; i < LANES; i++) {
        const double by_a = scale[i] * (sum.hit_by_a[i] + sum.miss_by_a[i]);
        const double by_b = scale[i] * (sum.hit_by_b[i] + sum.miss_by_b[i]);

        level->by_a[i] = (by_a - law->log_beta_by_a[i] * rate[i]) / density[i];
        level->by_b[i] = (by_b - law->log_beta_by_b[i] * rate[i]) / density[i];
    }
}
