/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about why this person (E060-E065): the first principle. What the text says is judged by
 * words.c, similar.c and screen.c; here only what follows from it.
 */
#include "collector/rule.h"

static bool
chosen_individually(const struct checking *c)
{
    return value_is(&c->r->v[STOP_selection_method], "individual");
}

bool
trips_E060(const struct checking *c)
{
    return chosen_individually(c) && codes_count(&c->p->v[PERSON_behaviour]) == 0 &&
           codes_count(&c->p->v[PERSON_fact]) == 0;
}

bool
trips_E061(const struct checking *c)
{
    const struct value *const behaviour = &c->p->v[PERSON_behaviour];
    const struct value *const fact = &c->p->v[PERSON_fact];
    const bool sensitive = codes_with(behaviour, CODE_SENSITIVE, 0) > 0 ||
                           codes_with(fact, CODE_SENSITIVE, 0) > 0 ||
                           codes_with(&c->p->v[PERSON_circumstance], CODE_SENSITIVE, 0) > 0;
    const bool solid =
        codes_with(behaviour, 0, CODE_SENSITIVE) > 0 || codes_with(fact, 0, CODE_SENSITIVE) > 0;

    if (!chosen_individually(c))
        return false;
    if (sensitive && !solid)
        return true;
    return !c->p->text[TEXT_selection_text].given && (sensitive || c->discretion != DISCRETION_LOW);
}

bool
trips_W062(const struct checking *c)
{
    return c->text_quality == TEXT_BOILERPLATE;
}

bool
trips_E063(const struct checking *c)
{
    return c->names_origin && !codes_have(&c->p->v[PERSON_fact], "matches_description");
}

bool
trips_W064(const struct checking *c)
{
    const struct value *const fact = &c->p->v[PERSON_fact];

    return codes_have(fact, "foreign_plate") &&
           (codes_count(fact) < 2 || codes_count(&c->p->v[PERSON_circumstance]) == 0);
}

bool
trips_E065(const struct checking *c)
{
    const struct value *const method = &c->r->v[STOP_selection_method];

    return (value_is(method, "every_nth") || value_is(method, "random_device")) &&
           !c->r->v[STOP_operation_ref].given;
}
