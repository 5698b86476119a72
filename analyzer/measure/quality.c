/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How complete what was registered is: persons without a known area, without a group from each
 * perspective, and with a group "not perceived". Counts of batches and rules are not figures: they
 * are in the document's quality section.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/proportion.h"

#include <math.h>
#include <string.h>

static void
share_of(const struct measure *m, const char *name, const struct frame *f, double k, double n,
         bool small)
{
    struct figure *const x =
        measure_figure(m, name, k < 5 || n - k < 5 ? "clopper-pearson" : "wilson", f);
    const struct estimate e = proportion_shown(k, n, x->level);

    x->n = n;
    x->events = k;
    x->value = e.value;
    x->lower = e.lower;
    x->upper = e.upper;
    if (n == 0)
        measure_withhold(x, "A005");
    else if (small)
        measure_withhold(x, "A001");
}

/* A month that the city's persons leave out is left out here as well. */
static double
in_unknown_areas(const struct measure *m)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    double count = 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];
        const int place = cube_place_of_area(m->cube, x->area);

        if (x->perspective == PERSPECTIVE_ALL && x->month >= cube_first_month(m->cube, m->window) &&
            cube_month_counts(m->cube, x->month, FEATURE_STOPS, PERSPECTIVE_ALL) &&
            (place <= 0 || cube_place(m->cube, (unsigned)place)->unknown))
            count += x->sum[SUM_persons];
    }
    return count;
}

/* Persons with a group are all less those without: where either is not shown, nor is the other. */
static bool
is_small(const struct measure *m, struct frame f)
{
    const bool with_group =
        measure_small(m, &f, -1, SUM_persons) && measure_of(m, &f, -1, SUM_persons) > 0;

    f.perspective = PERSPECTIVE_ALL;
    return with_group || measure_small(m, &f, -1, SUM_persons);
}

/* Units add up to the city: one that is withheld alone takes the smallest other with it. */
static void
mark_units(const struct measure *m, unsigned perspective, bool *withheld)
{
    struct frame f = {.perspective = perspective, .group = -1, .feature = FEATURE_STOPS};
    unsigned marked = 0, least = 0;
    double of_least = INFINITY;

    for (f.place = 1; f.place < cube_place_count(m->cube); f.place++) {
        const double n = cube_not_perceived(m->cube, m->window, f.place, perspective);

        if (strcmp(cube_place(m->cube, f.place)->level, "unit") != 0 || n == 0)
            continue;
        withheld[f.place] = is_small(m, f);
        marked += withheld[f.place];
        if (!withheld[f.place] && n < of_least) {
            least = f.place;
            of_least = n;
        }
    }
    if (marked == 1)
        withheld[least] = true;
}

static void
not_perceived(const struct measure *m, unsigned perspective)
{
    bool *const withheld = arena_array(m->arena, cube_place_count(m->cube), sizeof *withheld);
    struct frame f = {.perspective = perspective, .group = -1, .feature = FEATURE_STOPS};

    mark_units(m, perspective, withheld);
    for (; f.place < cube_place_count(m->cube); f.place++) {
        const double k = cube_not_perceived(m->cube, m->window, f.place, perspective);

        if (f.place == 0 || strcmp(cube_place(m->cube, f.place)->level, "unit") == 0)
            share_of(m, "share-not-perceived", &f, k, k + measure_of(m, &f, -1, SUM_persons),
                     withheld[f.place] || is_small(m, f));
    }
}

void
measure_quality(const struct measure *m)
{
    const struct frame f = {.group = -1, .feature = FEATURE_STOPS};
    const double persons = measure_of(m, &f, -1, SUM_persons);

    share_of(m, "share-unknown-area", &f, in_unknown_areas(m), persons,
             measure_small(m, &f, -1, SUM_persons));
    for (unsigned p = 1; p < PERSPECTIVES; p++)
        if (cube_has_perspective(m->cube, p))
            not_perceived(m, p);
}
