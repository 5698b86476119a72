/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One way for every share k / n: the share with its interval, its difference from the reference,
 * and the odds ratio pooled over places with its test. Which shares there are is not said here but
 * in the tables of search.c, hit.c and practice.c. Figures go to the measure's list, which owns
 * them.
 */
#include "analyzer/measure/share.h"

#include "analyzer/measure/strata.h"
#include "analyzer/stat/detectable.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/proportion.h"

#include <math.h>

enum { FISHER_MOST = 20000 };

static double
numerator(const struct measure *m, const struct frame *f, const struct share *s, int group)
{
    return measure_of(m, f, group, s->k) + (s->k2 < SUM_COUNT ? measure_of(m, f, group, s->k2) : 0);
}

static bool
left_out(const struct measure *m, const struct frame *f)
{
    return cube_months_used(m->cube, m->window, f->feature, f->perspective) == 0;
}

static const char *
sums_text(const struct measure *m, const struct share *s)
{
    if (s->k2 < SUM_COUNT)
        return arena_printf(m->arena, "%s+%s/%s", sum_names[s->k], sum_names[s->k2],
                            sum_names[s->n]);
    return arena_printf(m->arena, "%s/%s", sum_names[s->k], sum_names[s->n]);
}

static void
one_share(const struct measure *m, const struct frame *f, const struct share *s, bool withheld)
{
    const double level = cube_inputs(m->cube)->choices.level;
    const double n = measure_of(m, f, f->group, s->n);
    const double k = numerator(m, f, s, f->group);

    if (!measure_wanted(f, n == 0 || left_out(m, f)))
        return;

    const bool exact = k < 5 || n - k < 5;
    struct figure *const x = measure_figure(m, s->name, exact ? "clopper-pearson" : "wilson", f);
    const struct estimate e = proportion_shown(k, n, level);

    x->term = s->term;
    x->n = n;
    x->events = k;
    x->cells = measure_cells(m, f, sums_text(m, s));
    x->value = e.value * s->scale;
    x->lower = e.lower * s->scale;
    x->upper = e.upper * s->scale;
    if (left_out(m, f))
        measure_withhold(x, "A003");
    else if (n == 0)
        measure_withhold(x, "A005");
    else if (withheld)
        measure_withhold(x, "A001");
    if (withheld && n > 0)
        measure_hide(x);
}

static void
one_difference(const struct measure *m, const struct frame *f, const struct share *s, bool withheld)
{
    const double level = cube_inputs(m->cube)->choices.level;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct proportion_pair pair = {
        .k1 = numerator(m, f, s, f->group),
        .n1 = measure_of(m, f, f->group, s->n),
        .k0 = reference >= 0 ? numerator(m, f, s, reference)
                             : numerator(m, f, s, -1) - numerator(m, f, s, f->group),
        .n0 = measure_of_reference(m, f, reference, s->n),
    };
    const bool small = withheld || measure_small_reference(m, f, reference, s->n);

    if (!measure_wanted(f, small || left_out(m, f)))
        return;

    const struct estimate d = proportion_difference_newcombe(pair, level);
    struct figure *const x = measure_figure(m, s->difference, "newcombe", f);
    const struct odds_table table = odds_table(pair.k1, pair.n1, pair.k0, pair.n0);
    const bool sparse = odds_is_sparse(&table, 1);
    const struct test chi = odds_chi_square(table, false);

    x->term = s->term;
    x->reference = name;
    x->n = pair.n1;
    x->events = pair.k1;
    x->exposure = pair.n0;
    x->value = d.value * s->scale;
    x->lower = d.lower * s->scale;
    x->upper = d.upper * s->scale;
    if (pair.n0 > 0 && pair.n1 > 0) {
        x->p = sparse && pair.n1 + pair.n0 < FISHER_MOST ? odds_fisher(table, level).p : chi.p;
        x->detectable =
            s->scale * detectable_difference(pair.k0 / pair.n0, pair.n1, pair.n0,
                                             pair.k1 * pair.n0 < pair.k0 * pair.n1 ? -1 : 1);
    }
    if (left_out(m, f))
        measure_withhold(x, "A003");
    else if (pair.n1 == 0 || pair.n0 == 0)
        measure_withhold(x, "A005");
    else if (small)
        measure_withhold(x, "A001");
    else if (pair.n1 < s->compare_least || pair.n0 < s->compare_least)
        measure_withhold(x, s->compare_guard);
    if (small) {
        measure_hide(x);
        x->exposure = NAN;
    }
}

static bool
is_small(const struct measure *m, const struct frame *f, const void *share)
{
    const struct share *const s = share;

    return measure_small(m, f, f->group, s->n);
}

static void
share_of_group(const struct measure *m, const struct frame *f, bool withheld, const void *share)
{
    const struct share *const s = share;

    one_share(m, f, s, withheld);
    if (s->difference)
        one_difference(m, f, s, withheld);
}

static void
shares_of_place(const struct measure *m, unsigned place, const struct share *s)
{
    const struct frame f = {.place = place, .group = -1, .feature = s->feature};

    one_share(m, &f, s, is_small(m, &f, s));
    measure_each_group(m, f, (struct by_group){is_small, share_of_group, s});
}

/* ---- pooled over places ---------------------------------------------------------------------- */

static double
numerator_of_stratum(const struct measure *m, const struct stratum *at, const struct frame *f,
                     const struct share *s, int group)
{
    return strata_sum(m, at, f, group, s->k) +
           (s->k2 < SUM_COUNT ? strata_sum(m, at, f, group, s->k2) : 0);
}

static size_t
tables_of(const struct measure *m, const struct share *s, const struct frame *f, int reference,
          const struct strata *strata, struct odds_table *tables)
{
    size_t count = 0;

    for (size_t i = 0; i < strata->count; i++) {
        const struct stratum *const at = &strata->list[i];
        const double k1 = numerator_of_stratum(m, at, f, s, f->group);
        const double n1 = strata_sum(m, at, f, f->group, s->n);
        const double k0 = numerator_of_stratum(m, at, f, s, reference) - (reference < 0 ? k1 : 0);
        const double n0 = strata_sum(m, at, f, reference, s->n) - (reference < 0 ? n1 : 0);

        if (n1 > 0 && n0 > 0)
            tables[count++] = odds_table(k1, n1, k0, n0);
    }
    return count;
}

static void
one_pooled(const struct measure *m, const struct frame *f, bool withheld, const void *share)
{
    const struct share *const s = share;
    const double level = cube_inputs(m->cube)->choices.level;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    (void)withheld;
    if (reference == -2)
        return;

    const unsigned sums[] = {s->n};
    const struct strata_of of = {.sums = sums, .count = 1};
    const struct strata strata = strata_new(m, f, reference, &of);
    struct odds_table *const tables = arena_array(m->arena, strata.count + 1, sizeof *tables);
    const size_t count = tables_of(m, s, f, reference, &strata, tables);
    const struct pooled_ratio o = odds_pooled(tables, count, level);
    const struct test cmh = odds_cmh(tables, count, true);
    const double n = measure_of(m, f, f->group, s->n);
    const double n0 = measure_of_reference(m, f, reference, s->n);
    const bool small = is_small(m, f, s) || n0 < SMALL_NUMBER;
    const char *const guard = left_out(m, f)                                  ? "A003"
                              : small                                         ? "A001"
                              : n < s->compare_least || n0 < s->compare_least ? s->compare_guard
                              : o.strata < PLACES_LEAST                       ? "A004"
                                                                              : NULL;
    struct figure *x = measure_figure(m, s->pooled, "mantel-haenszel", f);

    x->term = s->term;
    x->reference = name;
    x->n = n;
    x->events = numerator(m, f, s, f->group);
    x->value = o.ratio.value;
    x->lower = o.ratio.lower;
    x->upper = o.ratio.upper;
    x->p = o.p;
    x->statistic = o.z;
    strata_note(m, &strata, x);
    if (guard)
        measure_withhold(x, guard);
    x = measure_figure(m, s->cmh, "corrected", f);
    x->term = s->term;
    x->reference = name;
    x->n = (double)o.strata;
    x->statistic = cmh.statistic;
    x->df = cmh.df;
    x->p = cmh.p;
    x->value = cmh.statistic;
    strata_note(m, &strata, x);
    if (guard)
        measure_withhold(x, guard);
}

void
share_figures(const struct measure *m, const struct share *shares, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct share *const s = &shares[i];

        for (unsigned place = 0; place < cube_place_count(m->cube); place++)
            if (cube_shows(m->cube, m->window, place))
                shares_of_place(m, place, s);
        if (s->pooled)
            measure_each_group(m, (struct frame){.feature = s->feature},
                               (struct by_group){.figure = one_pooled, .context = s});
    }
}
