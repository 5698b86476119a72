/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rate ratios against everything but residents: the two internal benchmarks, as odds ratios of a
 * two by two table, and the named ones that were loaded, as ratios of two rates. Chooses no
 * benchmark above another and corrects none. Figures go to the measure's list, which owns them.
 */
#include "analyzer/measure/benchmark.h"

#include "analyzer/measure/ratio.h"
#include "analyzer/measure/strata.h"
#include "analyzer/stat/odds.h"

#include <math.h>
#include <string.h>

/* Beyond this the exact conditional interval costs more than it adds over the normal one. */
enum { EXACT_MOST = 5000 };

/* An internal benchmark: stops x against stops y. */
struct internal {
    const char *name;
    enum feature feature;
    bool before; /* y is the year before; else y is low discretion and x the discretionary ones */
};

static const struct internal internals[] = {
    {"low-discretion", FEATURE_DISCRETION, false},
    {"previous-year", FEATURE_STOPS, true},
};

static unsigned
x_of(const struct internal *b)
{
    return b->before ? SUM_persons : SUM_discretionary;
}

static unsigned
y_of(const struct internal *b)
{
    return b->before ? (unsigned)SUM_BEFORE : (unsigned)SUM_low;
}

static double
side(const struct measure *m, const struct frame *f, const struct internal *b, int group, bool y)
{
    if (b->before)
        return y ? cube_persons_before(m->cube, m->window, f->place, f->perspective, group)
                 : measure_of(m, f, group, SUM_persons);
    return measure_of(m, f, group, y ? SUM_low : SUM_discretionary);
}

static double
side_of_reference(const struct measure *m, const struct frame *f, const struct internal *b,
                  int reference, bool y)
{
    return reference >= 0 ? side(m, f, b, reference, y)
                          : side(m, f, b, -1, y) - side(m, f, b, f->group, y);
}

static struct odds_table
table_of(const struct measure *m, const struct frame *f, const struct internal *b, int reference)
{
    return (struct odds_table){
        .a = side(m, f, b, f->group, false),
        .b = side(m, f, b, f->group, true),
        .c = side_of_reference(m, f, b, reference, false),
        .d = side_of_reference(m, f, b, reference, true),
    };
}

/* Whether one of the four counts, or a total it follows from, is not shown. */
static bool
is_small(const struct measure *m, const struct frame *f, const struct internal *b, int reference,
         const struct odds_table *t)
{
    const unsigned x = x_of(b), y = y_of(b);

    return t->a < SMALL_NUMBER || t->b < SMALL_NUMBER || t->c < SMALL_NUMBER ||
           t->d < SMALL_NUMBER || measure_small(m, f, f->group, x) ||
           measure_small(m, f, f->group, y) || measure_small(m, f, reference, x) ||
           measure_small(m, f, reference, y);
}

static void
judge(struct figure *x, struct odds_table t, double level)
{
    if (t.a + t.b + t.c + t.d <= EXACT_MOST) {
        const struct odds_fisher r = odds_fisher(t, level);

        x->method = "fisher";
        x->value = r.odds_ratio.value;
        x->lower = r.odds_ratio.lower;
        x->upper = r.odds_ratio.upper;
        x->p = r.p;
        return;
    }

    const struct pooled_ratio r = odds_pooled(&t, 1, level);

    x->value = r.ratio.value;
    x->lower = r.ratio.lower;
    x->upper = r.ratio.upper;
    x->p = r.p;
}

static void
internal_ratio(const struct measure *m, const struct frame *of, const struct internal *b)
{
    struct frame f = *of;
    const char *name;
    const int reference = measure_reference(m, f.group, &name);

    if (reference == -2)
        return;
    f.feature = b->feature;

    const struct odds_table t = table_of(m, &f, b, reference);
    const bool small = is_small(m, &f, b, reference, &t);

    if (!measure_wanted(&f, small))
        return;

    struct figure *const x = measure_figure(m, "rate-ratio", "woolf", &f);

    x->benchmark = b->name;
    x->reference = name;
    x->n = t.a + t.c;
    x->events = t.a;
    x->exposure = t.b;
    if (cube_months_used(m->cube, m->window, f.feature, f.perspective) == 0)
        measure_withhold(x, "A003");
    else if (t.b + t.d == 0)
        measure_withhold(x, "A005");
    else if (small)
        measure_withhold(x, "A001");
    else
        judge(x, t, cube_inputs(m->cube)->choices.level);
    if (small) {
        measure_hide(x);
        x->exposure = NAN;
    }
}

/* ---- named ----------------------------------------------------------------------------------- */

/* Exposure of a benchmark in a window: each row by the share of its months that lie in it. */
static double
named_exposure(const struct measure *m, const char *name, const char *area, const char *group)
{
    const struct inputs *const in = cube_inputs(m->cube);
    const int last = in->cells->month;
    const int first = last - (int)cube_months(m->cube, m->window) + 1;
    double sum = NAN;

    for (size_t i = 0; i < in->benchmark_count; i++) {
        const struct benchmark *const b = &in->benchmarks[i];
        const int from = b->from > first ? b->from : first;
        const int until = b->until < last ? b->until : last;

        if (from > until || strcmp(b->name, name) != 0 || strcmp(b->area, area) != 0 ||
            strcmp(b->group, group) != 0)
            continue;
        sum = (isnan(sum) ? 0 : sum) + b->exposure * (until - from + 1) / (b->until - b->from + 1);
    }
    return sum;
}

static void
named_ratio(const struct measure *m, const struct frame *f, const char *benchmark)
{
    const char *const area = cube_place(m->cube, f->place)->area;
    const char *name;
    const int reference = measure_reference(m, f->group, &name);
    double others = 0;

    if (reference == -2)
        return;
    for (unsigned g = 0; g < cube_group_count(m->cube); g++)
        if (reference >= 0 ? (int)g == reference : (int)g != f->group) {
            const double exposure = named_exposure(m, benchmark, area, cube_group(m->cube, g));

            others += isnan(exposure) ? 0 : exposure;
        }

    const struct rate_pair pair = {
        .x1 = measure_of(m, f, f->group, SUM_persons),
        .n1 = named_exposure(m, benchmark, area, cube_group(m->cube, (unsigned)f->group)),
        .x0 = measure_of_reference(m, f, reference, SUM_persons),
        .n0 = others,
    };

    if (isnan(pair.n1))
        return;

    struct figure *const x = ratio_figure(m, f, benchmark, name, pair);
    const bool small = measure_small(m, f, f->group, SUM_persons) ||
                       measure_small_reference(m, f, reference, SUM_persons);
    const char *const guard = ratio_guard(pair, small);

    if (guard) {
        measure_withhold(x, guard);
        if (small)
            measure_hide(x);
        return;
    }
    x->p = rate_ratio_p_central(pair, 1);
    later_detectable(m->later, m->out, pair.x0, pair.n1, pair.n0);
}

void
benchmark_ratios(const struct measure *m, const struct frame *f)
{
    const struct inputs *const in = cube_inputs(m->cube);

    for (size_t i = 0; i < sizeof internals / sizeof *internals; i++)
        internal_ratio(m, f, &internals[i]);
    for (size_t i = 0; i < in->benchmark_count; i++)
        if (i == 0 || strcmp(in->benchmarks[i].name, in->benchmarks[i - 1].name) != 0)
            named_ratio(m, f, in->benchmarks[i].name);
}

/* ---- pooled ---------------------------------------------------------------------------------- */

static bool
is_shown(const struct measure *m, struct frame f, const struct internal *b, int group)
{
    const char *name;
    const int reference = measure_reference(m, group, &name);

    f.group = group;

    const struct odds_table t = table_of(m, &f, b, reference);

    return reference != -2 && !is_small(m, &f, b, reference, &t);
}

/* Where one side is nobody there is no figure; the place is told when another group has one. */
static bool
is_withheld(const struct measure *m, const struct frame *f, int reference, const void *internal)
{
    const struct internal *const b = internal;
    const struct odds_table t = table_of(m, f, b, reference);

    if (t.a + t.b > 0 && t.c + t.d > 0)
        return is_small(m, f, b, reference, &t);
    for (unsigned g = 0; g < cube_group_count(m->cube); g++)
        if (is_shown(m, *f, b, (int)g))
            return false;
    return t.a + t.b + t.c + t.d > 0;
}

/* Of the places of a stratum together. */
static struct odds_table
table_of_stratum(const struct measure *m, const struct stratum *at, struct frame f,
                 const struct internal *b, int reference)
{
    struct odds_table sum = {0};

    for (size_t i = 0; i < at->places; i++) {
        f.place = at->place[i];

        const struct odds_table t = table_of(m, &f, b, reference);

        sum.a += t.a;
        sum.b += t.b;
        sum.c += t.c;
        sum.d += t.d;
    }
    return sum;
}

static void
pooled_internal(const struct measure *m, const struct frame *of, const struct internal *b)
{
    const unsigned sums[] = {x_of(b), y_of(b)};
    struct frame f = *of;
    const char *name;
    const int reference = measure_reference(m, f.group, &name);

    if (reference == -2)
        return;
    f.feature = b->feature;

    const struct strata_of of_both = {sums, 2, NULL, is_withheld, b};
    const struct strata strata = strata_new(m, &f, reference, &of_both);
    struct odds_table *const tables = arena_array(m->arena, strata.count + 1, sizeof *tables);

    for (size_t i = 0; i < strata.count; i++)
        tables[i] = table_of_stratum(m, &strata.list[i], f, b, reference);

    const struct odds_table whole = table_of(m, &f, b, reference);
    const struct pooled_ratio r =
        odds_pooled(tables, strata.count, cube_inputs(m->cube)->choices.level);
    const bool small =
        whole.a < SMALL_NUMBER || whole.b < SMALL_NUMBER || measure_small(m, &f, f.group, x_of(b));
    struct figure *const x = measure_figure(m, "pooled-rate-ratio", "mantel-haenszel", &f);

    x->benchmark = b->name;
    x->reference = name;
    x->n = whole.a;
    x->events = whole.a;
    x->value = r.ratio.value;
    x->lower = r.ratio.lower;
    x->upper = r.ratio.upper;
    x->statistic = r.z;
    x->p = r.p;
    strata_note(m, &strata, x);
    if (cube_months_used(m->cube, m->window, f.feature, f.perspective) == 0)
        measure_withhold(x, "A003");
    else if (whole.b + whole.d == 0)
        measure_withhold(x, "A005");
    else if (small)
        measure_withhold(x, "A001");
    else if (r.strata < PLACES_LEAST)
        measure_withhold(x, "A004");
    if (small)
        measure_hide(x);
}

void
benchmark_pooled(const struct measure *m, const struct frame *f)
{
    for (size_t i = 0; i < sizeof internals / sizeof *internals; i++)
        pooled_internal(m, f, &internals[i]);
}
