/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Derived fields. Each function below gives one field or one that repeats the stop's; a field of
 * the source that is not covered makes what rests on it undefined.
 */
#include "collector/derive.h"

#include "common/sun.h"

#include <math.h>

static void
set_text(struct value *v, const char *text)
{
    *v = (struct value){.given = text != NULL, .text = span_of(text)};
}

static void
set_flag(struct value *v, bool flag)
{
    *v = (struct value){.given = true, .flag = flag};
}

static void
set_time(struct value *v, instant t)
{
    *v = (struct value){.given = true, .number = t};
}

/* ---- of the stop ---------------------------------------------------------------------------- */

/*
 * High: the officer chose this person unasked. Medium: somebody else set the officer to work, the
 * choice of the person was still the officer's. Low: the choice was made by a rule, a list, a
 * camera or a report.
 */
enum discretion
derive_discretion(const struct record *r)
{
    const struct value *const method = &r->v[STOP_selection_method];
    const struct value *const by = &r->v[STOP_initiated_by];

    if (!method->given)
        return DISCRETION_UNKNOWN;
    if (!value_is(method, "individual"))
        return DISCRETION_LOW;
    if (!by->given)
        return DISCRETION_UNKNOWN;
    if (value_is(by, "self"))
        return DISCRETION_HIGH;
    if (value_is(by, "dispatch_112") || value_is(by, "anpr_hit"))
        return DISCRETION_LOW;
    return DISCRETION_MEDIUM;
}

/* NULL when the clock time is too coarse to say, or the place's coordinates are not known. */
static const char *
light_class(const struct checking *c)
{
    const struct sun_place place = {c->in->latitude, c->in->longitude};

    if (!c->dated || !c->place_known || !isfinite(place.latitude) || !isfinite(place.longitude) ||
        precision_slack_min(c->r) > 15)
        return NULL;

    const double elevation = sun_elevation(place, c->start);

    return elevation >= SUN_RISE_SET ? "day" : elevation >= SUN_CIVIL ? "twilight" : "dark";
}

void
derive_stop(const struct checking *c, struct record *r)
{
    static const char *const discretion[] = {NULL, "low", "medium", "high"};

    set_time(&r->v[STOP_received_at], c->received);
    set_text(&r->v[STOP_area_set], c->in->area_set);
    set_text(&r->v[STOP_wijk_code], c->area ? c->area->wijk : NULL);
    set_text(&r->v[STOP_stadsdeel], c->area ? c->area->district : NULL);
    set_text(&r->v[STOP_basisteam], NULL); /* no source gives one yet */
    set_text(&r->v[STOP_discretion], discretion[c->discretion]);
    set_text(&r->v[STOP_light_class], light_class(c));
}

void
derive_state(struct record *r, const struct findings *f)
{
    const struct value *const tx = &r->v[STOP_tx_type];
    const char *state = "ACCEPTED";

    switch (findings_worst(f)) {
    case SEVERITY_FATAL:
    case SEVERITY_REFUSE:
        state = "REJECTED_FATAL";
        break;
    case SEVERITY_ERROR:
        state = "QUARANTINED";
        break;
    case SEVERITY_WARNING:
        state = "ACCEPTED_WITH_WARNINGS";
        break;
    case SEVERITY_INFO:
    case SEVERITY_CROSS:
        break;
    }
    if (findings_worst(f) >= SEVERITY_WARNING && value_is(tx, "W"))
        state = "WITHDRAWN";
    if (findings_worst(f) >= SEVERITY_WARNING && value_is(tx, "N"))
        state = "NFI";
    set_text(&r->v[STOP_state], state);
}

/* ---- of the person: the selection ----------------------------------------------------------- */

/* Facts, else behaviours, else circumstances, of which the first code is the reason; NULL for none.
 */
static const struct value *
first_reason(const struct person *p)
{
    static const enum person_field order[] = {PERSON_fact, PERSON_behaviour, PERSON_circumstance};

    for (unsigned i = 0; i < sizeof order / sizeof *order; i++)
        if (codes_count(&p->v[order[i]]) > 0)
            return &p->v[order[i]];
    return NULL;
}

static void
derive_selection(const struct checking *c, struct person *p)
{
    static const char *const quality[] = {"none", "boilerplate", "good"};
    const struct value *const behaviour = &p->v[PERSON_behaviour];
    const struct value *const fact = &p->v[PERSON_fact];
    const struct value *const reason = first_reason(p);
    const unsigned solid =
        codes_with(behaviour, 0, CODE_SENSITIVE) + codes_with(fact, 0, CODE_SENSITIVE);
    const bool coded = codes_count(behaviour) + codes_count(fact) > 0 ||
                       codes_count(&p->v[PERSON_circumstance]) > 0;
    const bool codes_covered = coverage_has(c->coverage, AT(PERSON, behaviour)) &&
                               coverage_has(c->coverage, AT(PERSON, fact));
    const bool text_covered = coverage_has(c->coverage, AT(TEXT, selection_text));

    set_text(&p->v[PERSON_reason], reason ? reason->codes[0]->code : NULL);
    if (text_covered)
        set_text(&p->v[PERSON_text_quality], quality[c->text_quality]);
    if (codes_covered && coded)
        set_flag(&p->v[PERSON_only_weak], solid == 0);
    if (codes_covered && text_covered && c->discretion >= DISCRETION_MEDIUM)
        set_flag(&p->v[PERSON_selection_sound], solid > 0 && c->text_quality == TEXT_GOOD &&
                                                    codes_with(behaviour, CODE_INDIVIDUAL, 0) +
                                                            codes_with(fact, CODE_INDIVIDUAL, 0) >
                                                        0);
}

/* ---- the explanation ------------------------------------------------------------------------ */

static bool
recorded(const struct person *p, const char *code)
{
    return codes_have(&p->v[PERSON_behaviour], code) || codes_have(&p->v[PERSON_fact], code) ||
           codes_have(&p->v[PERSON_circumstance], code);
}

static bool
all_told(const struct value *codes, const struct value *told)
{
    for (unsigned i = 0; i < codes_count(codes); i++)
        if (!codes_have(told, codes->codes[i]->code))
            return false;
    return true;
}

/*
 * What the person was told against what was written down. Full: every behaviour and fact was told,
 * and nothing else. "Just a control" is a true answer only when nobody was singled out.
 */
static const char *
reason_match(const struct checking *c, const struct person *p)
{
    const struct value *const told = &p->v[PERSON_reason_told];
    const struct value *const method = &c->r->v[STOP_selection_method];
    const bool singled_out = !method->given || value_is(method, "individual");
    unsigned right = 0;

    if (!first_reason(p) && (singled_out || codes_with(told, CODE_GENERIC, 0) == 0))
        return NULL;
    if (codes_count(told) == 0)
        return NULL;
    for (unsigned i = 0; i < told->count; i++) {
        const struct code *const code = told->codes[i];

        right += recorded(p, code->code) || (!singled_out && (code->flags & CODE_GENERIC));
    }
    if (right == 0)
        return "none";
    return right == told->count && all_told(&p->v[PERSON_behaviour], told) &&
                   all_told(&p->v[PERSON_fact], told)
               ? "full"
               : "partial";
}

/* ---- outcome and treatment ------------------------------------------------------------------ */

static bool
person_hit(const struct person *p)
{
    for (unsigned i = 0; i < p->find_count; i++)
        if (value_true(&p->finds[i].v[FIND_illegal_in_itself]) &&
            value_is(&p->finds[i].v[FIND_linked_to_reason], "yes"))
            return true;
    return false;
}

static void
derive_outcome(const struct checking *c, struct person *p)
{
    const uint32_t results = person_result_flags(p);
    const bool sanctioned = (results & CODE_SANCTION) != 0, searched = person_searched(p);
    const bool finds_covered = coverage_has(c->coverage, AT(FIND, illegal_in_itself)) &&
                               coverage_has(c->coverage, AT(FIND, linked_to_reason));

    if (p->result_count > 0)
        set_flag(&p->v[PERSON_sanctioned], sanctioned);
    if (p->action_count == 0 || !coverage_has(c->coverage, AT(ACTION, search_kind)))
        return;
    set_flag(&p->v[PERSON_searched], searched);
    if (searched && finds_covered)
        set_flag(&p->v[PERSON_hit_strict], person_hit(p));
    if (searched && p->result_count > 0)
        set_flag(&p->v[PERSON_hit_broad], sanctioned);
}

/* Help is not force: an interpreter or a supervisor at the scene says nothing against the
 * treatment. */
static bool
treated_hard(const struct person *p)
{
    const struct value *const flags = &p->v[PERSON_treatment_flags];

    for (unsigned i = 0; i < codes_count(flags); i++) {
        const char *const code = flags->codes[i]->code;

        if ((flags->codes[i]->flags & CODE_NONE) == 0 && strcmp(code, "interpreter_used") != 0 &&
            strcmp(code, "supervisor_called") != 0)
            return true;
    }
    for (unsigned i = 0; i < p->action_count; i++)
        if (codes_with(&p->actions[i].v[ACTION_force], 0, CODE_NONE) > 0)
            return true;
    return false;
}

static void
derive_treatment(const struct checking *c, struct person *p)
{
    const bool grounds = person_searched(p) || (person_result_flags(p) & CODE_ARREST) ||
                         codes_with(&p->v[PERSON_fact], CODE_RISK, 0) > 0 ||
                         codes_with(&p->v[PERSON_behaviour], CODE_RISK, 0) > 0;

    if (p->v[PERSON_treatment_flags].given && coverage_has(c->coverage, AT(ACTION, force)))
        set_flag(&p->v[PERSON_treated_plainly], grounds || !treated_hard(p));
}

static void
derive_reflection(const struct checking *c, struct person *p)
{
    static const instant week = INT64_C(7) * 86400 * MICROS;
    const struct value *const reflection = &p->v[PERSON_reflection];
    const struct value *const registered = &c->r->v[STOP_registered_at];

    if (!reflection->given || !c->dated)
        return;
    if (value_flags(reflection) & CODE_DONE)
        set_flag(&p->v[PERSON_reflected_in_time],
                 !registered->given || registered->number - c->start <= week);
    else if (!value_is(reflection, "planned") || c->received - c->start > week)
        set_flag(&p->v[PERSON_reflected_in_time], false);
}

/* ---- of the person -------------------------------------------------------------------------- */

static void
derive_group(const struct checking *c, struct group *g)
{
    const struct value *const codes = &g->v[GROUP_codes];

    set_time(&g->v[GROUP_locked_at], c->received);
    if (codes_count(codes) == 1)
        set_text(&g->v[GROUP_group_class], codes->codes[0]->code);
    else if (codes_count(codes) > 1)
        set_text(&g->v[GROUP_group_class], c->in->mixed_class);
}

void
derive_person(const struct checking *c, struct person *p)
{
    const struct value *const stop = c->r->v;

    p->v[PERSON_area_code] = stop[STOP_buurt_code];
    p->v[PERSON_wijk_code] = stop[STOP_wijk_code];
    p->v[PERSON_unit_code] = stop[STOP_unit_code];
    p->v[PERSON_discretion] = stop[STOP_discretion];
    p->v[PERSON_light_class] = stop[STOP_light_class];
    if (codes_count(&stop[STOP_legal_basis]) > 0)
        set_text(&p->v[PERSON_legal_basis], stop[STOP_legal_basis].codes[0]->code);
    if (stop[STOP_stop_mode].given)
        set_text(&p->v[PERSON_stop_mode], stop[STOP_stop_mode].code->code);
    set_text(&p->v[PERSON_reason_match], reason_match(c, p));
    derive_selection(c, p);
    derive_outcome(c, p);
    derive_treatment(c, p);
    derive_reflection(c, p);
    for (unsigned i = 0; i < p->group_count; i++)
        derive_group(c, &p->groups[i]);
}
