/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about searches, finds and results (E090-W097): whether the chain holds together.
 */
#include "collector/rule.h"

bool
person_searched(const struct person *p)
{
    for (unsigned i = 0; i < p->action_count; i++)
        if (value_some(&p->actions[i].v[ACTION_search_kind]))
            return true;
    return false;
}

uint32_t
person_result_flags(const struct person *p)
{
    uint32_t flags = 0;

    for (unsigned i = 0; i < p->result_count; i++)
        flags |= value_flags(&p->results[i].v[RESULT_result]);
    return flags;
}

bool
trips_E090(const struct checking *c)
{
    for (unsigned i = 0; i < c->p->action_count; i++) {
        const struct value *const v = c->p->actions[i].v;

        if (value_some(&v[ACTION_search_kind]) &&
            (!v[ACTION_search_basis].given || !v[ACTION_search_object].given))
            return true;
    }
    return false;
}

bool
trips_E091(const struct checking *c)
{
    const struct code *consent = NULL;
    bool compulsory = false, two = false;

    for (unsigned i = 0; i < c->p->action_count; i++) {
        const struct value *const basis = &c->p->actions[i].v[ACTION_search_basis];

        if (!basis->given)
            continue;
        if (basis->code->flags & CODE_CONSENT) {
            two = two || (consent && strcmp(consent->code, basis->code->code) != 0);
            consent = basis->code;
        } else if (strcmp(basis->code->code, "VOLUNTARY") != 0) {
            compulsory = true;
        }
    }
    return consent && (compulsory || two);
}

static bool
person_checked(const struct checking *c)
{
    if (value_true(&c->r->v[STOP_traffic_docs_checked]) ||
        value_is(&c->r->v[STOP_initiated_by], "anpr_hit") ||
        codes_have(&c->p->v[PERSON_fact], "anpr_hit"))
        return true;
    for (unsigned i = 0; i < c->p->action_count; i++)
        if (value_flags(&c->p->actions[i].v[ACTION_id_checked]) & CODE_CHECKED)
            return true;
    return false;
}

/* A class without either flag (other) may come to light by a search or by a check. */
bool
trips_E092(const struct checking *c)
{
    const bool searched = person_searched(c->p), checked = person_checked(c);

    for (unsigned i = 0; i < c->p->find_count; i++) {
        const struct value *const found = &c->p->finds[i].v[FIND_found_class];

        if (!value_some(found) || searched)
            continue;
        if (!checked || (found->code->flags & CODE_BY_SEARCH))
            return true;
    }
    return false;
}

bool
trips_E093(const struct checking *c)
{
    for (unsigned i = 0; i < c->p->find_count; i++) {
        const struct value *const v = c->p->finds[i].v;

        if (value_is(&v[FIND_found_class], "object_apv_only") &&
            value_true(&v[FIND_illegal_in_itself]))
            return true;
    }
    return false;
}

/* Something that can be taken: not nothing, not a person's status, not a traffic matter. */
static bool
is_thing(const struct value *found)
{
    return value_flags(found) & (CODE_BY_SEARCH | CODE_ILLEGAL | CODE_OTHER);
}

bool
trips_E094(const struct checking *c)
{
    const uint32_t results = person_result_flags(c->p);
    bool thing = false, must_be_taken = false;

    for (unsigned i = 0; i < c->p->find_count; i++) {
        const struct value *const found = &c->p->finds[i].v[FIND_found_class];

        thing = thing || is_thing(found);
        must_be_taken = must_be_taken || (value_flags(found) & CODE_SEIZURE);
    }
    if ((results & CODE_SEIZURE) && !thing)
        return true;
    return must_be_taken && (results & (CODE_SEIZURE | CODE_SANCTION)) == 0;
}

bool
trips_E095(const struct checking *c)
{
    for (unsigned i = 0; i < c->p->result_count; i++) {
        const struct value *const v = c->p->results[i].v;

        if ((value_flags(&v[RESULT_result]) & (CODE_ARREST | CODE_FINE | CODE_PV)) &&
            !v[RESULT_offence_code].given)
            return true;
    }
    return false;
}

bool
trips_E096(const struct checking *c)
{
    const uint32_t both = CODE_NONE | CODE_SANCTION;

    return (person_result_flags(c->p) & both) == both;
}

bool
trips_W097(const struct checking *c)
{
    const bool under_16 = value_flags(&c->p->v[PERSON_age_band]) & CODE_MINOR;

    return codes_have(&c->p->v[PERSON_treatment_flags], "clothing_beyond_outer") ||
           (under_16 && person_searched(c->p));
}
