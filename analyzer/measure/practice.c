/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Professioneel Controleren: the four indices (100 x a share, or the mean of their parts' shares),
 * the parts, and what stands beside them. By group, place and unit. The gap between groups here is
 * the raw one: it is not standardised for place, hour or legal basis.
 */
#include "analyzer/measure/share.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/proportion.h"

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
    double k[PARTS], n[PARTS]; /* n 0: the part is not known */
    double value, least;       /* least: smallest n of a part */
    double below, above;       /* squared distances to the limits */
    unsigned parts, months;    /* months: fewest of a part */
    bool small;                /* the n of a part is not shown */
};

/*
 * Distances of each part's Wilson limits, squared and added (Zou and Donner, Statistics in Medicine
 * 27, 2008, MOVER): with p (1 - p) / n a few persons who all have the part would have no
 * uncertainty.
 */
static void
close_mean(struct mean *r, double level)
{
    r->value = r->parts ? r->value / r->parts : NAN;
    for (unsigned i = 0; i < PARTS; i++) {
        if (r->n[i] == 0)
            continue;

        const struct estimate e = proportion_wilson(r->k[i], r->n[i], level);

        r->below += pow((e.value - e.lower) / r->parts, 2);
        r->above += pow((e.upper - e.value) / r->parts, 2);
    }
}

static struct mean
mean_of(const struct measure *m, const struct frame *f, int group, bool others)
{
    struct mean r = {.least = INFINITY, .months = cube_months(m->cube, m->window)};

    for (unsigned i = 0; i < PARTS; i++) {
        struct frame at = *f;

        at.feature = parts[i].feature;

        const unsigned months = cube_months_used(m->cube, m->window, at.feature, at.perspective);

        if (months == 0)
            continue;

        const double k = others ? measure_of_reference(m, &at, -1, parts[i].k)
                                : measure_of(m, &at, group, parts[i].k);
        const double n = others ? measure_of_reference(m, &at, -1, parts[i].n)
                                : measure_of(m, &at, group, parts[i].n);

        if (n == 0)
            continue;
        r.k[i] = k;
        r.n[i] = n;
        r.parts++;
        r.value += k / n;
        r.least = fmin(r.least, n);
        r.months = months < r.months ? months : r.months;
        r.small =
            r.small || n < SMALL_NUMBER || measure_small(m, &at, others ? -1 : group, parts[i].n);
    }
    close_mean(&r, cube_inputs(m->cube)->choices.level);
    return r;
}

/* Variance of a - b when each part has one share on both sides: of the test, as in the score test
 * of two shares. */
static double
variance_if_equal(const struct mean *a, const struct mean *b)
{
    double sum = 0;

    for (unsigned i = 0; i < PARTS; i++) {
        const double n = a->n[i] + b->n[i];
        const double p = n > 0 ? (a->k[i] + b->k[i]) / n : 0;

        if (a->n[i] > 0)
            sum += p * (1 - p) / a->n[i] / ((double)a->parts * a->parts);
        if (b->n[i] > 0)
            sum += p * (1 - p) / b->n[i] / ((double)b->parts * b->parts);
    }
    return sum;
}

static void
fill_mean(struct figure *x, double value, double below, double above)
{
    x->value = 100 * value;
    x->lower = 100 * (value - sqrt(below));
    x->upper = 100 * (value + sqrt(above));
}

static const char *
guard_of(const struct mean *r)
{
    if (r->parts == 0)
        return "A005";
    return r->small ? "A001" : NULL;
}

/* The figure of a mean, with what can be said of its parts. */
static struct figure *
mean_figure(const struct measure *m, const char *name, const struct frame *f, const struct mean *r)
{
    struct figure *const x = measure_figure(m, name, "mover", f);

    x->note = NULL;
    measure_note_months(m, x, r->months);
    if (r->parts < PARTS)
        figure_note(m->arena, x, NOTE_PARTS_MISSING, NULL);
    x->n = r->parts ? r->least : 0;
    return x;
}

static void
one_respect(const struct measure *m, const struct frame *f)
{
    const struct mean r = mean_of(m, f, f->group, false);

    if (!measure_wanted(f, r.parts == 0))
        return;

    struct figure *const x = mean_figure(m, "index-respect", f, &r);

    fill_mean(x, r.value, r.below, r.above);
    x->cells = measure_cells(m, f, "plain/plain_known,recorded/worn");
    if (guard_of(&r))
        measure_withhold(x, guard_of(&r));
}

static void
one_respect_gap(const struct measure *m, const struct frame *f)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct mean own = mean_of(m, f, f->group, false);
    const struct mean other = mean_of(m, f, reference, reference < 0);
    const double variance = variance_if_equal(&own, &other);
    const char *const guard = guard_of(&own) ? guard_of(&own) : guard_of(&other);

    if (!measure_wanted(f, guard != NULL))
        return;

    struct figure *const x = mean_figure(m, "index-gap-respect", f, &own);

    fill_mean(x, own.value - other.value, own.below + other.above, own.above + other.below);
    x->reference = name;
    if (variance > 0) {
        x->statistic = (own.value - other.value) / sqrt(variance);
        x->p = 2 * dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER);
    }
    if (guard)
        measure_withhold(x, guard);
    if (own.small || other.small)
        measure_hide(x);
}

static void
respect_of_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)withheld;
    (void)context;
    one_respect(m, f);
    one_respect_gap(m, f);
}

static void
respect_of_place(const struct measure *m, unsigned place)
{
    const struct frame f = {.place = place, .group = -1, .feature = FEATURE_STOPS};

    one_respect(m, &f);
    measure_each_group(m, f, (struct by_group){.figure = respect_of_group});
}

void
measure_practice(const struct measure *m)
{
    share_figures(m, shares, sizeof shares / sizeof *shares);
    for (unsigned i = 0; i < cube_place_count(m->cube); i++)
        if (cube_shows(m->cube, m->window, i))
            respect_of_place(m, i);
}
