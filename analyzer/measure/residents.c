/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What measures of rates have in common when residents are the denominator. Residents themselves
 * come from exposure.h; draws of them are handed on, not used. Owns nothing.
 */
#include "analyzer/measure/residents.h"

#include "analyzer/measure/exposure.h"
#include "analyzer/measure/ratio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char residents_benchmark[] = "residents";

double
residents_months_share(const struct measure *m, const struct frame *f)
{
    return (double)cube_months_used(m->cube, m->window, f->feature, f->perspective) /
           (double)cube_months(m->cube, m->window);
}

void
residents_warn_of_vintage(const struct measure *m, struct figure *x)
{
    const int year = exposures_year(m->residents);

    /* Without residents there is no year to warn of. */
    if (year == 0 || isnan(x->value) ||
        abs(year - cube_inputs(m->cube)->choices.month.year) <= VINTAGE_YEARS)
        return;
    figure_note(m->arena, x, NOTE_POPULATION_VINTAGE, NULL);
    x->guard = "A006";
}

bool
residents_is_sum(const struct measure *m, const struct frame *f)
{
    return f->place == 0 && exposures_inside(m->residents);
}

double
residents_persons(const struct measure *m, const struct frame *f, int group)
{
    const bool *const inside = exposures_inside(m->residents);
    struct frame at = *f;
    double persons = 0;

    if (!residents_is_sum(m, f))
        return measure_of(m, f, group, SUM_persons);
    for (at.place = 1; at.place < cube_place_count(m->cube); at.place++)
        if (inside[at.place])
            persons += measure_of(m, &at, group, SUM_persons);
    return persons;
}

double
residents_persons_of_month(const struct measure *m, unsigned month, const struct frame *f,
                           int group)
{
    const bool *const inside = exposures_inside(m->residents);
    double persons = 0;

    if (!residents_is_sum(m, f))
        return months_sum(m->months, month, f->place, f->perspective, group, SUM_persons);
    for (unsigned place = 1; place < cube_place_count(m->cube); place++)
        if (inside[place])
            persons += months_sum(m->months, month, place, f->perspective, group, SUM_persons);
    return persons;
}

bool
residents_small(const struct measure *m, const struct frame *f, int group)
{
    return residents_is_sum(m, f)
               ? residents_persons(m, f, group) < SMALL_NUMBER ||
                     small_withheld_inside(m->small, m->window, f->perspective, group)
               : measure_small(m, f, group, SUM_persons);
}

void
residents_note_left_out(const struct measure *m, const struct frame *f, struct figure *x)
{
    const double left = measure_of(m, f, f->group, SUM_persons) - residents_persons(m, f, f->group);

    if (left > 0)
        figure_note(m->arena, x, NOTE_STOPS_WITHOUT_RESIDENTS,
                    measure_small(m, f, f->group, SUM_persons) || residents_small(m, f, f->group)
                        ? NULL
                        : arena_printf(m->arena, "%.0f", left));
}

double
residents_of_reference(const struct measure *m, unsigned place, int group, int reference)
{
    return reference >= 0
               ? exposure_mean(m->residents, place, reference)
               : exposure_mean(m->residents, place, -1) - exposure_mean(m->residents, place, group);
}

bool
residents_pair(const struct measure *m, const struct frame *f, struct residents_pair *out)
{
    const char *name;
    const int reference = measure_reference(m, f->group, &name);

    if (reference == -2)
        return false;

    const double x1 = residents_persons(m, f, f->group);
    const struct rate_pair pair = {
        .x1 = x1,
        .n1 = exposure_mean(m->residents, f->place, f->group),
        .x0 = residents_persons(m, f, reference) - (reference >= 0 ? 0 : x1),
        .n0 = residents_of_reference(m, f->place, f->group, reference),
    };
    const bool small = residents_small(m, f, f->group) || residents_small(m, f, reference);
    const char *const why = ratio_guard(pair, small);

    *out = (struct residents_pair){
        .pair = pair,
        .reference = reference,
        .name = name,
        .small = small,
        .guard = residents_months_share(m, f) == 0 ? "A003" : why,
        .draws = exposure_draws(m->residents, f->place, f->group),
        .draws_reference = exposure_draws(m->residents, f->place, reference),
    };
    return true;
}

struct residents_pool
residents_pool(const struct measure *m, struct frame f, int reference)
{
    struct residents_pool pool = {
        .places = arena_array(m->arena, cube_place_count(m->cube), sizeof *pool.places),
        .pairs = arena_array(m->arena, cube_place_count(m->cube), sizeof *pool.pairs),
    };

    for (unsigned i = 0; i < cube_place_count(m->cube); i++) {
        const struct cube_place *const place = cube_place(m->cube, i);

        if (place->unknown || strcmp(place->level, cube_pool_level(m->cube)) != 0)
            continue;
        f.place = i;

        const struct rate_pair pair = {
            .x1 = measure_of(m, &f, f.group, SUM_persons),
            .n1 = exposure_mean(m->residents, i, f.group),
            .x0 = measure_of_reference(m, &f, reference, SUM_persons),
            .n0 = residents_of_reference(m, i, f.group, reference),
        };

        if (!(pair.n1 > 0 && pair.n0 > 0))
            continue;
        pool.places[pool.count] = i;
        pool.pairs[pool.count++] = pair;
    }
    return pool;
}

size_t
residents_places(const struct measure *m, const struct frame *f, struct residents_pair *pairs,
                 unsigned *places)
{
    struct frame at = *f;
    size_t count = 0;

    for (at.place = 1; at.place < cube_place_count(m->cube); at.place++)
        if (measure_pools(m, at.place) && residents_pair(m, &at, &pairs[count]) &&
            !pairs[count].guard)
            places[count++] = at.place;
    return count;
}
