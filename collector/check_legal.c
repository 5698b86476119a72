/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about the legal basis (E070-E075). What a basis allows is data (flags of the code list);
 * the rules that the law gives to one article name it.
 */
#include "collector/rule.h"

bool
trips_E070(const struct checking *c)
{
    return codes_have(&c->r->v[STOP_legal_basis], "WVW160_1") &&
           !value_true(&c->r->v[STOP_traffic_docs_checked]);
}

static bool
order_covers_place(const struct area_order *order, const struct checking *c, struct span buurt)
{
    for (unsigned i = 0; i < order->area_count; i++) {
        const char *const code = order->areas[i];

        if (span_is(buurt, code))
            return true;
        if (c->area && ((c->area->wijk && strcmp(c->area->wijk, code) == 0) ||
                        (c->area->district && strcmp(c->area->district, code) == 0) ||
                        (c->area->parent && strcmp(c->area->parent, code) == 0)))
            return true;
    }
    return false;
}

/* Whether an order of this kind holds at the place and time; when the record names one,
 * that one. */
static bool
order_covers(const struct checking *c, const char *basis)
{
    const struct value *const buurt = &c->r->v[STOP_buurt_code];
    const struct value *const ref = &c->r->v[STOP_area_designation_ref];

    for (unsigned i = 0; i < c->in->order_count; i++) {
        const struct area_order *const order = &c->in->orders[i];

        if (c->start < order->from || c->start >= order->until || !strstr(basis, order->kind))
            continue;
        if (ref->given && !span_is(ref->text, order->id))
            continue;
        if (buurt->given && order_covers_place(order, c, buurt->text))
            return true;
    }
    return false;
}

bool
trips_E071(const struct checking *c)
{
    const struct value *const basis = &c->r->v[STOP_legal_basis];

    for (unsigned i = 0; c->dated && i < codes_count(basis); i++)
        if ((basis->codes[i]->flags & CODE_PREVENTIVE) && !order_covers(c, basis->codes[i]->code))
            return true;
    return false;
}

bool
trips_E072(const struct checking *c)
{
    const struct value *const basis = &c->r->v[STOP_legal_basis];

    if (!codes_have(basis, "SV52") && !codes_have(basis, "SV27"))
        return false;
    if (codes_count(&c->p->v[PERSON_behaviour]) > 0)
        return false;
    for (unsigned i = 0; i < c->p->result_count; i++)
        if (c->p->results[i].v[RESULT_offence_code].given)
            return false;
    return true;
}

bool
trips_E073(const struct checking *c)
{
    const struct value *const fact = &c->p->v[PERSON_fact];
    unsigned appearance = codes_with(fact, CODE_SENSITIVE, 0);

    if (!codes_have(&c->r->v[STOP_legal_basis], "VW50"))
        return false;
    appearance += codes_have(fact, "matches_description");
    return codes_count(fact) <= appearance;
}

bool
trips_W074(const struct checking *c)
{
    return codes_have(&c->r->v[STOP_legal_basis], "VOLUNTARY") && person_searched(c->p);
}

bool
trips_E075(const struct checking *c)
{
    const struct value *const basis = &c->r->v[STOP_legal_basis];
    const struct value *const assignment = &c->r->v[STOP_assignment];

    if (!assignment->given)
        return false;
    if (value_flags(assignment) & CODE_BOA)
        return codes_with(basis, CODE_POLICE_ONLY, 0) > 0;
    for (unsigned i = 0; i < codes_count(basis); i++)
        if (strncmp(basis->codes[i]->code, "BOA_", 4) == 0)
            return true;
    return false;
}
