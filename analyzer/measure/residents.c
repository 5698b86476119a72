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

double
residents_of_stratum(const struct measure *m, const struct stratum *s, int group)
{
    double sum = 0;

    for (size_t i = 0; i < s->places; i++)
        sum += exposure_mean(m->residents, s->place[i], group);
    return sum;
}

struct residents_drawn
residents_of_draw(const struct measure *m, const struct stratum *s, int group, int reference,
                  unsigned draw)
{
    struct residents_drawn r = {0};

    for (size_t i = 0; i < s->places; i++) {
        const double n1 = exposure_draws(m->residents, s->place[i], group)[draw];
        const double other = exposure_draws(m->residents, s->place[i], reference)[draw];

        r.n1 += n1;
        r.n0 += reference >= 0 ? other : other - n1;
    }
    return r;
}

static struct rate_pair
pair_of_stratum(const struct measure *m, const struct stratum *s, const struct frame *f,
                int reference)
{
    const double x1 = strata_sum(m, s, f, f->group, SUM_persons);
    const double n1 = residents_of_stratum(m, s, f->group);

    return (struct rate_pair){
        .x1 = x1,
        .n1 = n1,
        .x0 = strata_sum(m, s, f, reference, SUM_persons) - (reference < 0 ? x1 : 0),
        .n0 = residents_of_stratum(m, s, reference) - (reference < 0 ? n1 : 0),
    };
}

struct residents_pool
residents_pool(const struct measure *m, const struct frame *f, int reference)
{
    static const unsigned sums[] = {SUM_persons};
    const struct strata_of of = {sums, 1, exposures_complete(m->residents), NULL, NULL};
    struct strata s = strata_new(m, f, reference, &of);
    struct residents_pool pool = {.pairs = arena_array(m->arena, s.count + 1, sizeof *pool.pairs)};
    size_t count = 0;

    for (size_t i = 0; i < s.count; i++) {
        const struct rate_pair pair = pair_of_stratum(m, &s.list[i], f, reference);

        if (pair.n1 > 0 && pair.n0 > 0) {
            s.list[count] = s.list[i];
            pool.pairs[count++] = pair;
        } else if (s.together > 0 && i + 1 == s.count) {
            s.together = 0; /* nobody to hold it against */
        }
    }
    s.count = count;
    pool.strata = s;
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
