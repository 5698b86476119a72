/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How complete what was registered is: persons without a known area, without a group from each
 * perspective, and with a group "not perceived". Counts of batches and rules are not figures: they
 * are in the document's quality section.
 */
#include "analyzer/measure/measure.h"
#include "analyzer/stat/proportion.h"

#include <string.h>

static void
share_of(const struct measure *m, const char *name, const struct frame *f, double k, double n)
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
}

static double
in_unknown_areas(const struct measure *m)
{
    const struct cells *const cells = cube_inputs(m->cube)->cells;
    double count = 0;

    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];
        const int place = cube_place_of_area(m->cube, x->area);

        if (x->perspective == PERSPECTIVE_ALL && x->month >= cube_first_month(m->cube, m->window) &&
            (place <= 0 || cube_place(m->cube, (unsigned)place)->unknown))
            count += x->sum[SUM_persons];
    }
    return count;
}

void
measure_quality(const struct measure *m)
{
    struct frame f = {.group = -1, .feature = FEATURE_STOPS};
    const double persons = measure_of(m, &f, -1, SUM_persons);

    share_of(m, "share-unknown-area", &f, in_unknown_areas(m), persons);
    for (unsigned i = 0; i < cube_place_count(m->cube); i++) {
        const bool city_or_unit = i == 0 || strcmp(cube_place(m->cube, i)->level, "unit") == 0;

        for (unsigned p = 1; city_or_unit && p < PERSPECTIVES; p++) {
            if (!cube_has_perspective(m->cube, p))
                continue;
            f.place = i;
            f.perspective = p;

            const double not = cube_not_perceived(m->cube, m->window, i, p);

            share_of(m, "share-not-perceived", &f, not, not +measure_of(m, &f, -1, SUM_persons));
        }
    }
}
