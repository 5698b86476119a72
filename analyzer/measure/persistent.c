/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Does a direction last? In how many of the last four months a group is worse off than its
 * reference in the same place: stopped or searched more often, found on less often, with a lower
 * share of the good things. Counts directions and judges no size: one month says nothing by itself.
 * A month that is a gap, or too small to show, is no month.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/measure.h"
#include "analyzer/measure/residents.h"

#include <math.h>
#include <string.h>

enum { MONTHS = 4, PARTS_MOST = 2 };

/* A share, and whether more (1) or less (-1) of it is against the group. */
struct part {
    enum sum k, n;
    enum feature feature;
};

struct question {
    const char *term;
    double against;
    struct part parts[PARTS_MOST]; /* the mean of those there are; n SUM_persons ends them */
};

static const struct question questions[] = {
    {"search", 1, {{SUM_searched, SUM_search_known, FEATURE_SEARCH}}},
    {"outcome", -1, {{SUM_strict, SUM_strict_known, FEATURE_HIT_STRICT}}},
    {"explanation", -1, {{SUM_explained_well, SUM_explained_known, FEATURE_EXPLAINED}}},
    {"respect",
     -1,
     {{SUM_plain, SUM_plain_known, FEATURE_TREATMENT}, {SUM_recorded, SUM_worn, FEATURE_BODYCAM}}},
    {"selection", -1, {{SUM_sound, SUM_sound_known, FEATURE_SELECTION}}},
    {"bodycam", -1, {{SUM_recorded, SUM_worn, FEATURE_BODYCAM}}},
    {"reflection", -1, {{SUM_reflected, SUM_reflect_known, FEATURE_REFLECTION}}},
};

/* What the months of one group in one place come to. */
struct course {
    unsigned gaps, silent, usable, against; /* silent: gaps of this place alone */
    bool small; /* a month was left out because it would show fewer than ten */
};

/* How a month went: the group's amount less its reference's, in the sense that is against it. */
struct step {
    bool gap, empty, small;
    double difference;
};

static double
sum_in(const struct measure *m, unsigned month, const struct frame *f, int group, enum sum sum)
{
    return months_sum(m->months, month, f->place, f->perspective, group, sum);
}

static double
sum_of_reference(const struct measure *m, unsigned month, const struct frame *f, int reference,
                 enum sum sum)
{
    const double all = sum_in(m, month, f, reference, sum);

    return reference >= 0 ? all : all - sum_in(m, month, f, f->group, sum);
}

static struct step
step_of_shares(const struct measure *m, unsigned month, const struct frame *f, int reference,
               const struct question *q)
{
    struct step r = {.gap = true, .empty = true};

    for (unsigned i = 0; i < PARTS_MOST && q->parts[i].n != SUM_persons; i++) {
        const struct part *const p = &q->parts[i];

        if (!months_count(m->months, month, p->feature, f->perspective))
            continue;
        r.gap = false;

        const double n1 = sum_in(m, month, f, f->group, p->n);
        const double n0 = sum_of_reference(m, month, f, reference, p->n);

        if (n1 == 0 || n0 == 0)
            continue;
        r.empty = false;
        if (n1 < SMALL_NUMBER || n0 < SMALL_NUMBER) {
            r.small = true;
            continue;
        }
        r.difference += sum_in(m, month, f, f->group, p->k) / n1 -
                        sum_of_reference(m, month, f, reference, p->k) / n0;
    }
    r.difference *= q->against;
    return r;
}

static struct step
step_of_rates(const struct measure *m, unsigned month, const struct frame *f, int reference,
              const struct question *q)
{
    const double own = exposure_mean(m->residents, f->place, f->group);
    const double other = exposure_mean(m->residents, f->place, reference);
    const double x1 = residents_persons_of_month(m, month, f, f->group);
    const double all = residents_persons_of_month(m, month, f, reference);
    const double x0 = reference < 0 ? all - x1 : all;
    const double n0 = reference < 0 ? other - own : other;

    (void)q;
    return (struct step){
        .gap = !months_count(m->months, month, FEATURE_STOPS, f->perspective),
        .empty = !(own > 0 && n0 > 0) || x1 + x0 == 0,
        .small = x1 + x0 < SMALL_NUMBER,
        .difference = x1 / own - x0 / n0,
    };
}

typedef struct step step_of(const struct measure *m, unsigned month, const struct frame *f,
                            int reference, const struct question *q);

static struct course
course_of(const struct measure *m, const struct frame *f, int reference, const struct question *q)
{
    step_of *const how = q ? step_of_shares : step_of_rates;
    struct course c = {0};

    for (unsigned month = CELLS_MONTHS - MONTHS; month < CELLS_MONTHS; month++) {
        const struct step r = how(m, month, f, reference, q);
        const bool silent = months_silent(m->months, month, f->place);

        c.silent += silent && !r.gap;
        c.gaps += r.gap || silent;
        if (r.gap || silent || r.empty)
            continue;
        c.small = c.small || r.small;
        c.usable += !r.small;
        c.against += !r.small && r.difference > 0;
    }
    return c;
}

static bool
is_small(const struct measure *m, const struct frame *f, int reference, const struct question *q)
{
    bool small = false;

    if (!q)
        return measure_small(m, f, f->group, SUM_persons) ||
               measure_small_reference(m, f, reference, SUM_persons);
    for (unsigned i = 0; i < PARTS_MOST && q->parts[i].n != SUM_persons; i++)
        small = small || measure_small(m, f, f->group, q->parts[i].n) ||
                measure_small_reference(m, f, reference, q->parts[i].n);
    return small;
}

static void
one_course(const struct measure *m, const struct frame *f, const struct question *q)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return;

    const struct course c = course_of(m, f, reference, q);

    if (!measure_wanted(f, c.usable == 0))
        return;

    struct figure *const x = measure_figure(m, "persistent", "months", f);

    x->note = NULL;
    x->term = q ? q->term : "stop";
    x->reference = name;
    x->value = c.against;
    x->n = c.usable;
    if (c.gaps > 0)
        figure_note(m->arena, x, NOTE_MONTHS_COUNTED,
                    arena_printf(m->arena, "%u/%d", MONTHS - c.gaps, MONTHS));
    if (c.silent > 0)
        figure_note(m->arena, x, NOTE_UNIT_GAPS, arena_printf(m->arena, "%u", c.silent));
    if (c.gaps == MONTHS)
        measure_withhold(x, "A003");
    else if (is_small(m, f, reference, q) || (c.usable == 0 && c.small))
        measure_withhold(x, "A001");
    else if (c.usable == 0)
        measure_withhold(x, "A005");
}

static void
courses_of_group(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    (void)withheld;
    (void)context;
    one_course(m, f, NULL);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct frame at = *f;

        at.feature = questions[i].parts[0].feature;
        one_course(m, &at, &questions[i]);
    }
}

void
measure_persistent(const struct measure *m)
{
    for (unsigned i = 0; i < cube_place_count(m->cube); i++)
        if (months_has(m->months, i))
            measure_each_group(m, (struct frame){.place = i, .feature = FEATURE_STOPS},
                               (struct by_group){.figure = courses_of_group});
}
