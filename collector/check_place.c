/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about who was there and where (E041-W051). Areas are the installation's data of the year of
 * the stop; the code is compared, never parsed.
 */
#include "collector/rule.h"

bool
trips_E041(const struct checking *c)
{
    const struct value *const present = &c->r->v[STOP_persons_present];
    const struct value *const registered = &c->r->v[STOP_persons_registered];

    return present->given && registered->given && registered->number > present->number;
}

bool
trips_W042(const struct checking *c)
{
    const struct value *const present = &c->r->v[STOP_persons_present];
    const struct value *const registered = &c->r->v[STOP_persons_registered];

    return present->given && registered->given && registered->number < present->number &&
           !c->r->v[STOP_persons_reason].given;
}

bool
trips_E043(const struct checking *c)
{
    const unsigned n = c->r->person_count;
    bool in_order = true;

    for (unsigned i = 0; i < n; i++)
        in_order = in_order && c->r->persons[i].seq == (int64_t)i + 1;
    if (in_order)
        return false;
    /* Out of order is fine as long as each number occurs once; records are small (64 KiB). */
    for (unsigned number = 1; number <= n; number++) {
        unsigned found = 0;

        for (unsigned i = 0; i < n; i++)
            found += c->r->persons[i].seq == (int64_t)number;
        if (found != 1)
            return true;
    }
    return false;
}

static bool
another_driver(const struct checking *c)
{
    for (unsigned i = 0; i < c->r->person_count; i++) {
        const struct person *const other = &c->r->persons[i];

        if (other == c->p)
            return false; /* the finding points at the second driver, not at the first */
        if (value_is(&other->v[PERSON_role], "driver"))
            return true;
    }
    return false;
}

bool
trips_E044(const struct checking *c)
{
    const struct value *const role = &c->p->v[PERSON_role];
    const bool driver = value_is(role, "driver");

    if (!driver && !value_is(role, "passenger"))
        return false;
    return value_is(&c->r->v[STOP_stop_mode], "pedestrian") || (driver && another_driver(c));
}

bool
trips_E050(const struct checking *c)
{
    static const char *const smallest[] = {"buurt", "area", "unknown"};

    if (!c->dated || !c->r->v[STOP_buurt_code].given)
        return false;
    if (!c->area)
        return true;
    for (unsigned i = 0; i < sizeof smallest / sizeof *smallest; i++)
        if (strcmp(c->area->level, smallest[i]) == 0)
            return false;
    return true; /* a wijk or the city is not a place to register a stop in */
}

bool
trips_W051(const struct checking *c)
{
    return c->area && strcmp(c->area->level, "unknown") == 0;
}
