/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The first stated reason of each person: its distribution by group in the whole city, how far a
 * group's lies from the reference's (total variation distance) and which reasons make the distance.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/compare.h"
#include "analyzer/stat/detectable.h"
#include "analyzer/stat/odds.h"
#include "analyzer/stat/proportion.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 500, STREAM = 10 };

struct reasons {
    unsigned count;
    double *by_group; /* [group][reason] */
    double *all;      /* groups proper, or everybody in perspective 0 */
};

static double *
of_group(const struct reasons *r, int group)
{
    return r->by_group + (size_t)group * r->count;
}

static struct reasons
count_reasons(const struct measure *m, unsigned perspective)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    struct reasons r = {.count = names_count(cells->reasons)};
    const unsigned first = cube_first_month(m->cube, m->window);

    r.all = arena_array(m->arena, r.count + 1, sizeof *r.all);
    r.by_group =
        arena_array(m->arena, (size_t)cube_group_count(m->cube) * r.count + 1, sizeof *r.by_group);
    for (size_t i = 0; i < cells->reason_count; i++) {
        const struct reason_cell *const x = &cells->reason_list[i];
        const int group = cube_group_find(m->cube, names_text(cells->groups, x->group));

        if (x->month < first || x->perspective != perspective || (perspective && group < 0) ||
            !cube_month_counts(m->cube, x->month, FEATURE_STOPS, perspective))
            continue;
        r.all[x->reason] += x->persons;
        if (perspective)
            of_group(&r, group)[x->reason] += x->persons;
    }
    return r;
}

static double
total(const double *counts, unsigned n)
{
    double sum = 0;

    for (unsigned i = 0; i < n; i++)
        sum += counts[i];
    return sum;
}

static bool
is_sensitive(const struct measure *m, const char *code)
{
    static const char *const lists[] = {"fact", "behaviour", "circumstance"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct label *const label = inputs_label(cube_inputs(m->cube), lists[i], code);

        if (label && label->sensitive)
            return true;
    }
    return false;
}

static void
one_share(const struct measure *m, const struct frame *f, const char *reason, double k, double n,
          bool withheld)
{
    struct figure *const x =
        measure_figure(m, "reason-share", k < 5 || n - k < 5 ? "clopper-pearson" : "wilson", f);
    const struct estimate e = proportion_shown(k, n, x->level);

    x->term = reason;
    x->n = n;
    x->events = k;
    x->value = e.value;
    x->lower = e.lower;
    x->upper = e.upper;
    x->cells = measure_cells(m, f, arena_printf(m->arena, "reason:%s/reasons", reason));
    if (is_sensitive(m, reason))
        figure_note(m->arena, x, NOTE_SENSITIVE_REASON, NULL);
    if (withheld || n < SMALL_NUMBER)
        measure_withhold(x, n == 0 ? "A005" : "A001");
}

static void
one_difference(const struct measure *m, const struct frame *f, const char *name, const char *reason,
               struct proportion_pair pair, bool withheld)
{
    struct figure *const x = measure_figure(m, "reason-difference", "newcombe", f);
    const struct estimate d = proportion_difference_newcombe(pair, x->level);

    x->term = reason;
    x->reference = name;
    x->n = pair.n1;
    x->events = pair.k1;
    x->value = d.value;
    x->lower = d.lower;
    x->upper = d.upper;
    x->p = odds_chi_square(odds_table(pair.k1, pair.n1, pair.k0, pair.n0), false).p;
    x->detectable = detectable_difference(pair.k0 / pair.n0, pair.n1, pair.n0,
                                          pair.k1 * pair.n0 < pair.k0 * pair.n1 ? -1 : 1);
    if (withheld || pair.n1 < SMALL_NUMBER || pair.n0 < SMALL_NUMBER)
        measure_withhold(x, "A001");
}

static void
one_group(const struct measure *m, const struct frame *f, const struct reasons *r,
          const bool *withheld)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);
    const double *const own = of_group(r, f->group);
    double *const other = arena_array(m->arena, r->count + 1, sizeof *other);
    const double n1 = total(own, r->count);
    const bool small = withheld[f->group];
    const bool either = small || (reference >= 0 && withheld[reference]) ||
                        (reference < 0 && measure_small(m, f, -1, SUM_persons));

    for (unsigned i = 0; i < r->count; i++) {
        other[i] = reference >= 0 ? of_group(r, reference)[i] : r->all[i] - own[i];
        if (r->all[i] > 0)
            one_share(m, f, names_text(cells->reasons, i), own[i], n1, small);
    }
    if (reference == -2)
        return;

    const double n0 = total(other, r->count);

    for (unsigned i = 0; i < r->count; i++)
        if (r->all[i] > 0)
            one_difference(m, f, name, names_text(cells->reasons, i),
                           (struct proportion_pair){own[i], n1, other[i], n0}, either);

    struct figure *const x = measure_figure(m, "reason-distance", "bootstrap", f);

    x->reference = name;
    x->n = n1;
    x->exposure = n0;
    if (either || n1 < SMALL_NUMBER || n0 < SMALL_NUMBER) {
        measure_withhold(x, n1 == 0 || n0 == 0 ? "A005" : "A001");
        measure_hide(x);
        x->exposure = NAN;
        return;
    }

    x->value = compare_distance(own, other, r->count);
    if (m->window == WINDOW_MONTH || m->window == WINDOW_12)
        later_distance(m->later, m->out, own, other, r->count, DRAWS,
                       cube_inputs(m->cube)->choices.seed,
                       STREAM + m->window * 64 + f->perspective * 16 + (unsigned)f->group % 16);
    else
        x->method = "distance";
}

/* The groups whose persons are not shown, and what the total of all would give away besides. */
static void
small_groups(const struct measure *m, unsigned perspective, const struct reasons *r, bool *withheld)
{
    double n[GROUPS_MOST];

    for (unsigned g = 0; g < cube_group_count(m->cube); g++) {
        const struct frame f = {.perspective = perspective, .feature = FEATURE_STOPS};

        n[g] = total(of_group(r, (int)g), r->count);
        withheld[g] = measure_small(m, &f, (int)g, SUM_persons);
    }
    small_row(n, cube_group_count(m->cube), withheld);
}

void
measure_reason(const struct measure *m)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    const struct reasons everybody = count_reasons(m, PERSPECTIVE_ALL);
    const double n = total(everybody.all, everybody.count);
    const struct frame f = {.group = -1, .feature = FEATURE_STOPS};

    for (unsigned i = 0; i < everybody.count; i++)
        if (everybody.all[i] > 0)
            one_share(m, &f, names_text(cells->reasons, i), everybody.all[i], n,
                      measure_small(m, &f, -1, SUM_persons));
    for (unsigned p = 1; p < PERSPECTIVES; p++) {
        if (!cube_has_perspective(m->cube, p))
            continue;

        const struct reasons r = count_reasons(m, p);
        bool withheld[GROUPS_MOST] = {false};

        small_groups(m, p, &r, withheld);
        for (unsigned g = 0; total(r.all, r.count) > 0 && g < cube_group_count(m->cube); g++)
            one_group(m,
                      &(struct frame){.perspective = p, .group = (int)g, .feature = FEATURE_STOPS},
                      &r, withheld);
    }
}
