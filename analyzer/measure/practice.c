/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Professioneel Controleren: the four indices (100 x a share, or the mean of their parts' shares),
 * the parts, and what stands beside them. By group, place and unit. The gap between groups here is
 * the raw one: it is not standardised for place, hour or legal basis.
 */
#include "analyzer/measure/share.h"
#include "analyzer/stat/dist.h"

#include <math.h>

static const struct share shares[] = {
    {"index-selection", "", SUM_sound, SUM_sound_known, SUM_COUNT, FEATURE_SELECTION, 100,
     "index-gap-selection", NULL, NULL, 0, NULL},
    {"index-explanation", "", SUM_explained_well, SUM_explained_known, SUM_COUNT, FEATURE_EXPLAINED,
     100, "index-gap-explanation", NULL, NULL, 0, NULL},
    {"index-reflection", "", SUM_reflected, SUM_reflect_known, SUM_COUNT, FEATURE_REFLECTION, 100,
     "index-gap-reflection", NULL, NULL, 0, NULL},
    {"treated-plainly", "", SUM_plain, SUM_plain_known, SUM_COUNT, FEATURE_TREATMENT, 1, NULL, NULL,
     NULL, 0, NULL},
    {"bodycam-full", "", SUM_recorded, SUM_worn, SUM_COUNT, FEATURE_BODYCAM, 1,
     "bodycam-difference", NULL, NULL, 0, NULL},
    {"explained-unprompted", "", SUM_unprompted, SUM_explained_known, SUM_COUNT, FEATURE_EXPLAINED,
     1, NULL, NULL, NULL, 0, NULL},
    {"reason-match", "", SUM_match_full, SUM_match_known, SUM_match_partial, FEATURE_MATCH, 1, NULL,
     NULL, NULL, 0, NULL},
    {"only-weak-reasons", "", SUM_weak, SUM_weak_known, SUM_COUNT, FEATURE_WEAK, 1,
     "only-weak-difference", NULL, NULL, 0, NULL},
    {"boilerplate", "", SUM_boilerplate, SUM_text_known, SUM_COUNT, FEATURE_TEXT, 1, NULL, NULL,
     NULL, 0, NULL},
    {"repeat-burden", "", SUM_repeated, SUM_repeat_known, SUM_COUNT, FEATURE_REPEAT, 1, NULL, NULL,
     NULL, 0, NULL},
};

/* ---- respect: the mean of the shares of its parts -------------------------------------------- */

static const struct {
    enum sum k, n;
    enum feature feature;
} parts[] = {
    {SUM_plain, SUM_plain_known, FEATURE_TREATMENT},
    {SUM_recorded, SUM_worn, FEATURE_BODYCAM},
};
enum { PARTS = sizeof parts / sizeof *parts };

struct mean {
    double value, variance, least; /* least: smallest n of a part */
    unsigned parts;
};

static struct mean
mean_of(const struct measure *m, const struct frame *f, int group, bool others)
{
    struct mean r = {.least = INFINITY};

    for (unsigned i = 0; i < PARTS; i++) {
        struct frame at = *f;

        at.feature = parts[i].feature;
        if (cube_months_used(m->cube, m->window, at.feature, at.perspective) == 0)
            continue;
        at.group = f->group;

        const double k = others ? measure_of_reference(m, &at, -1, parts[i].k)
                                : measure_of(m, &at, group, parts[i].k);
        const double n = others ? measure_of_reference(m, &at, -1, parts[i].n)
                                : measure_of(m, &at, group, parts[i].n);

        if (n == 0)
            continue;
        r.parts++;
        r.value += k / n;
        r.variance += k / n * (1 - k / n) / n;
        r.least = fmin(r.least, n);
    }
    r.value = r.parts ? r.value / r.parts : NAN;
    r.variance = r.parts ? r.variance / ((double)r.parts * r.parts) : NAN;
    return r;
}

static void
fill_mean(struct figure *x, double value, double variance, double z)
{
    x->value = 100 * value;
    x->lower = 100 * (value - z * sqrt(variance));
    x->upper = 100 * (value + z * sqrt(variance));
}

static const char *
guard_of(const struct mean *r, bool withheld)
{
    if (r->parts == 0)
        return "A005";
    return withheld || r->least < SMALL_NUMBER ? "A001" : NULL;
}

static void
one_respect(const struct measure *m, const struct frame *f, bool withheld)
{
    const double z = dist_normal_z(cube_inputs(m->cube)->choices.level);
    const struct mean r = mean_of(m, f, f->group, false);

    if (!measure_wanted(f, r.parts == 0))
        return;

    struct figure *const x = measure_figure(m, "index-respect", "delta", f);

    fill_mean(x, r.value, r.variance, z);
    x->lower = fmax(x->lower, 0);
    x->upper = fmin(x->upper, 100);
    x->n = r.parts ? r.least : 0;
    x->cells = measure_cells(m, f, "plain/plain_known,recorded/worn");
    if (r.parts < PARTS)
        x->note = "parts-missing";
    if (guard_of(&r, withheld))
        measure_withhold(x, guard_of(&r, withheld));
}

static void
one_respect_gap(const struct measure *m, const struct frame *f, bool withheld)
{
    const double z = dist_normal_z(cube_inputs(m->cube)->choices.level);
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct mean own = mean_of(m, f, f->group, false);
    const struct mean other = mean_of(m, f, reference, reference < 0);
    const double variance = own.variance + other.variance;
    const char *const guard =
        guard_of(&own, withheld) ? guard_of(&own, withheld) : guard_of(&other, false);

    if (!measure_wanted(f, guard != NULL))
        return;

    struct figure *const x = measure_figure(m, "index-gap-respect", "delta", f);

    fill_mean(x, own.value - other.value, variance, z);
    x->reference = name;
    x->n = own.parts ? own.least : 0;
    if (own.parts < PARTS)
        x->note = "parts-missing";
    if (variance > 0) {
        x->statistic = (own.value - other.value) / sqrt(variance);
        x->p = 2 * dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER);
    }
    if (guard)
        measure_withhold(x, guard);
}

static double
least_of(const struct measure *m, const struct frame *f, const void *context)
{
    const struct mean r = mean_of(m, f, f->group, false);

    (void)context;
    return r.parts ? r.least : 0;
}

static void
respect_of_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)context;
    one_respect(m, f, withheld);
    one_respect_gap(m, f, withheld);
}

static void
respect_of_place(const struct measure *m, unsigned place)
{
    const struct frame f = {.place = place, .group = -1, .feature = FEATURE_STOPS};

    one_respect(m, &f, false);
    measure_each_group(m, f, (struct by_group){least_of, respect_of_group, NULL});
}

void
measure_practice(const struct measure *m)
{
    share_figures(m, shares, sizeof shares / sizeof *shares);
    for (unsigned i = 0; i < cube_place_count(m->cube); i++)
        if (measure_level(m, cube_place(m->cube, i)))
            respect_of_place(m, i);
}
