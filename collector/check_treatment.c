/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about explanation, receipt, bodycam and perceived group (E080-E083, E100, W101,
 * E111-E113). Group mode is a recorded decision of the installation for a period.
 */
#include "collector/rule.h"

bool
trips_E080(const struct checking *c)
{
    const struct value *const explained = &c->p->v[PERSON_explained];
    const bool told = codes_count(&c->p->v[PERSON_reason_told]) > 0;

    return explained->given && told != ((value_flags(explained) & CODE_YES) != 0);
}

bool
trips_W081(const struct checking *c)
{
    const struct value *const match = &c->p->v[PERSON_reason_match];

    return match->given && span_is(match->text, "none");
}

bool
trips_W082(const struct checking *c)
{
    return value_is(&c->p->v[PERSON_explained], "not_safety");
}

bool
trips_E083(const struct checking *c)
{
    return value_is(&c->p->v[PERSON_receipt_given], "not_given") &&
           !c->p->v[PERSON_receipt_reason].given;
}

bool
trips_E100(const struct checking *c)
{
    return (value_flags(&c->p->v[PERSON_bodycam]) & CODE_OFF) &&
           !c->p->v[PERSON_bodycam_off_reason].given;
}

bool
trips_W101(const struct checking *c)
{
    const struct value *const bodycam = &c->p->v[PERSON_bodycam];

    if (!bodycam->given || value_is(bodycam, "worn_on_full"))
        return false;
    for (unsigned i = 0; i < c->p->action_count; i++)
        if (codes_with(&c->p->actions[i].v[ACTION_force], 0, CODE_NONE) > 0)
            return true;
    return false;
}

bool
trips_E111(const struct checking *c)
{
    for (unsigned i = 0; c->dated && i < c->p->group_count; i++) {
        const bool self = value_flags(&c->p->groups[i].v[GROUP_perspective]) & CODE_SELF;

        if (!(self ? c->self_on : c->perceived_on))
            return true;
    }
    return false;
}

bool
trips_E112(const struct checking *c)
{
    if (!c->dated || !c->perceived_on)
        return false;
    for (unsigned i = 0; i < c->p->group_count; i++) {
        const struct value *const v = c->p->groups[i].v;

        if (codes_count(&v[GROUP_codes]) > 0 && !(value_flags(&v[GROUP_perspective]) & CODE_SELF))
            return false;
    }
    return true;
}

bool
trips_E113(const struct checking *c)
{
    for (unsigned i = 0; i < c->p->group_count; i++) {
        const struct value *const codes = &c->p->groups[i].v[GROUP_codes];

        if (codes_count(codes) > 1 && codes_with(codes, CODE_NOT_PERCEIVED, 0) > 0)
            return true;
    }
    return false;
}
