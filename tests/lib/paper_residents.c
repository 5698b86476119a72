/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Buurten added up to wijken, groups put in byte order. Texts belong to the arena.
 */
#include "tests/lib/paper_residents.h"

#include "tests/simulator/city.h"

#include <string.h>

bool
paper_residents_load(struct paper_residents *r, struct arena *a, struct err *e)
{
    unsigned order[CITY_GROUPS_MOST] = {0};
    struct city from;

    *r = (struct paper_residents){0};
    if (!city_load(&from, a, 2020, e))
        return false;
    r->groups = from.group_count;
    for (unsigned g = 0; g < r->groups; g++) {
        unsigned at = g;

        for (; at > 0 && strcmp(from.groups[order[at - 1]], from.groups[g]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = g;
    }
    for (unsigned g = 0; g < r->groups; g++)
        r->group[g] = from.groups[order[g]];
    for (unsigned i = 0; i < from.place_count; i++) {
        const struct place *const p = &from.places[i];

        if (r->places == 0 || strcmp(r->place[r->places - 1], p->wijk) != 0) {
            if (r->places == PAPER_PLACES_MOST)
                return err_set(e, ERR_INTERNAL, "more than %d wijken", PAPER_PLACES_MOST);
            r->place[r->places++] = p->wijk;
        }
        for (unsigned g = 0; g < r->groups; g++)
            r->persons[r->places - 1][g] += p->residents[order[g]];
    }
    return true;
}
