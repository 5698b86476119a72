/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the difference in searches may be when some of a group's stops would not have been made of
 * the reference: bounds over that share rho, for the whole city. Never a point: the value is
 * undefined by nature, and rho is an argument that the data do not know.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/bounds.h"

enum { CURVE_STEPS = 10 };

static const char *
guard_of(const struct measure *m, const struct frame *f, struct proportion_pair p, bool small)
{
    if (cube_months_used(m->cube, m->window, f->feature, f->perspective) == 0)
        return "A003";
    if (p.n1 == 0 || p.n0 == 0)
        return "A005";
    return small ? "A001" : NULL;
}

static void
one_point(const struct measure *m, const struct frame *f, struct proportion_pair p,
          const char *reference, unsigned step, const char *guard, bool small)
{
    const double rho = step / 10.0;
    const struct interval ate = bounds_at(p, rho).ate;
    struct figure *const x = measure_figure(m, "search-bounds", "knox-lowe-mummolo", f);

    x->term = arena_printf(m->arena, "%.1f", rho);
    x->reference = reference;
    x->n = p.n1;
    x->events = p.k1;
    x->lower = ate.lower;
    x->upper = ate.upper;
    if (guard)
        measure_withhold(x, guard);
    if (small)
        measure_hide(x);
}

static void
one_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    (void)withheld;
    (void)context;
    if (reference == -2)
        return;

    const struct proportion_pair p = {
        .k1 = measure_of(m, f, f->group, SUM_searched),
        .n1 = measure_of(m, f, f->group, SUM_search_known),
        .k0 = measure_of_reference(m, f, reference, SUM_searched),
        .n0 = measure_of_reference(m, f, reference, SUM_search_known),
    };
    const bool small = measure_small(m, f, f->group, SUM_search_known) ||
                       measure_small_reference(m, f, reference, SUM_search_known);
    const char *const guard = guard_of(m, f, p, small);

    /* a curve that is withheld is one row */
    for (unsigned step = 0; step < (guard ? 1 : CURVE_STEPS); step++)
        one_point(m, f, p, name, step, guard, small);
}

void
measure_search_bounds(const struct measure *m)
{
    measure_each_group(m, (struct frame){.feature = FEATURE_SEARCH},
                       (struct by_group){.figure = one_group});
}
