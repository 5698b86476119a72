/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The tables of what is drawn, a sentence for the reason, and how one part of a stop follows from
 * another.
 */
#include "tests/simulator/draw.h"

#include <math.h>
#include <string.h>

/* ---- choosing from a table ------------------------------------------------------------------- */

struct choice {
    const char *code;
    double weight;
};

static const char *
choose(struct rng *r, const struct choice *from, unsigned count)
{
    double total = 0, u;
    unsigned i = 0;

    for (unsigned k = 0; k < count; k++)
        total += from[k].weight;
    for (u = rng_uniform(r) * total; i + 1 < count && u >= from[i].weight; i++)
        u -= from[i].weight;
    return from[i].code;
}

#define CHOOSE(rng, table) choose(rng, table, sizeof(table) / sizeof *(table))

static bool
chance(struct rng *r, double probability)
{
    return rng_uniform(r) < probability;
}

static const struct choice initiated[] = {{"self", 58},
                                          {"dispatch_112", 20},
                                          {"colleague_request", 5},
                                          {"operation", 7},
                                          {"anpr_hit", 10}};
static const struct choice modes[] = {
    {"pedestrian", 40}, {"bicycle", 10}, {"moped", 8}, {"car", 38}, {"van_truck", 4}};
static const struct choice ages[] = {{"12-15", 3},  {"16-17", 8}, {"18-24", 31}, {"25-34", 26},
                                     {"35-49", 20}, {"50-64", 9}, {"65+", 3}};
static const struct choice genders[] = {{"man", 80}, {"woman", 19}, {"other_unclear", 1}};
static const struct choice priors[] = {{"0", 55},  {"1", 18}, {"2", 9},
                                       {"3-4", 6}, {"5+", 2}, {"unknown", 10}};
static const struct choice places[] = {{"street", 60},    {"square", 8},         {"station", 5},
                                       {"shop_area", 10}, {"nightlife", 5},      {"park", 5},
                                       {"car_park", 5},   {"school_surround", 2}};
static const struct choice sources[] = {{"none", 55},  {"briefing", 15}, {"colleague", 8},
                                        {"camera", 5}, {"register", 10}, {"citizen", 7}};
static const struct choice source_ages[] = {{"<1h", 60}, {"<24h", 20}, {"<7d", 12}, {"older", 8}};
static const struct choice bodycams[] = {
    {"worn_on_full", 70}, {"worn_on_part", 10}, {"worn_off", 8}, {"not_worn", 12}};
static const struct choice off_reasons[] = {
    {"technical", 40}, {"privacy", 25}, {"forgotten", 25}, {"no_time", 10}};
static const struct choice receipts[] = {
    {"digital", 80}, {"card", 5}, {"refused", 9}, {"not_given", 6}};
static const struct choice reflections[] = {
    {"done_self", 42}, {"done_pair", 18}, {"done_team", 6}, {"planned", 12}, {"not_done", 22}};
static const struct choice reflected[] = {{"same_choice", 80},
                                          {"would_select_differently", 7},
                                          {"would_explain_differently", 10},
                                          {"training_wish", 3}};
static const struct choice counterfactuals[] = {{"yes", 88}, {"no", 3}, {"unsure", 9}};
static const struct choice not_explained[] = {{"after_question", 50},
                                              {"not_safety", 10},
                                              {"not_language", 8},
                                              {"not_person_left", 12},
                                              {"not_other", 20}};
static const struct choice before_decision[] = {{"yes", 35}, {"no", 55}, {"unsure", 10}};

/* Reasons: the fact or behaviour that is stated first. */
static const struct choice on_foot[] = {{"offence_seen", 22},
                                        {"casing", 12},
                                        {"handover_seen", 9},
                                        {"carrying_suspect_object", 8},
                                        {"nuisance", 18},
                                        {"disturbance", 7},
                                        {"evasive_on_seeing_police", 9},
                                        {"matches_description", 15}};
static const struct choice on_wheels[] = {{"traffic_offence_seen", 42}, {"no_lights", 16},
                                          {"technical_defect", 10},     {"expired_inspection", 12},
                                          {"vehicle_matches", 9},       {"foreign_plate", 3},
                                          {"matches_description", 8}};
static const char *const facts[] = {
    "matches_description", "no_lights",     "technical_defect", "expired_inspection",
    "vehicle_matches",     "foreign_plate", "anpr_hit"};

/* ---- the sentence ---------------------------------------------------------------------------- */

static const struct choice text_start[] = {{"Ik zag", 5},
                                           {"Wij zagen", 5},
                                           {"Vanuit de auto zag ik", 2},
                                           {"Tijdens de surveillance zagen wij", 2},
                                           {"Te voet zag ik", 2},
                                           {"Op de fiets zag ik", 1},
                                           {"Na een melding zagen wij", 2},
                                           {"Bij het kruispunt zag ik", 1}};
static const struct choice text_who[] = {{"dat de persoon", 4},
                                         {"dat deze persoon", 3},
                                         {"hoe de persoon", 3},
                                         {"dat iemand van het groepje", 2},
                                         {"dat de bestuurder of voetganger", 1}};
static const struct choice text_where[] = {{"bij de supermarkt", 1},
                                           {"op de hoek van het plein", 1},
                                           {"naast de tramhalte", 1},
                                           {"voor de ingang van het park", 1},
                                           {"achter de flat", 1},
                                           {"op het fietspad", 1},
                                           {"bij de geparkeerde auto's", 1},
                                           {"langs de gracht", 1},
                                           {"tegenover de school", 1},
                                           {"bij de winkels", 1},
                                           {"op de parkeerplaats", 1},
                                           {"onder het viaduct", 1},
                                           {"aan het einde van de straat", 1},
                                           {"bij het bankje", 1}};
static const struct choice text_more[] = {
    {"en daarna snel doorliep", 1}, {"en meteen wegreed", 1},
    {"terwijl het druk was", 1},    {"terwijl het rustig was", 1},
    {"en twee keer terugkwam", 1},  {"en niet reageerde op aanspreken", 1},
    {"net voor sluitingstijd", 1},  {"vlak na een melding", 1},
    {"met een tas in de hand", 1},  {"en steeds omkeek", 1},
    {"zonder te stoppen", 1},       {"en anderen hinderde", 1}};
static const struct {
    const char *code, *words[3];
} text_what[] = {
    {"offence_seen", {"iets vernielde", "een winkel uit rende met spullen", "over een hek klom"}},
    {"casing",
     {"aan autodeuren voelde", "lang in fietskelders keek",
      "bij meerdere deuren naar binnen keek"}},
    {"handover_seen",
     {"een pakje overgaf", "geld ruilde voor een zakje", "iets kleins aan een ander gaf"}},
    {"carrying_suspect_object",
     {"een koevoet droeg", "een slijptol onder de jas had", "met een kniptang liep"}},
    {"nuisance", {"hard schreeuwde", "vuurwerk afstak", "afval op straat gooide"}},
    {"disturbance", {"aan het vechten was", "een ander duwde", "een ruit insloeg"}},
    {"evasive_on_seeing_police",
     {"zich omdraaide toen wij kwamen", "wegrende voor de auto", "een steeg in dook"}},
    {"matches_description",
     {"leek op het signalement uit de melding", "dezelfde kleding droeg als in de melding",
      "paste bij de melding van net"}},
    {"traffic_offence_seen",
     {"door rood reed", "een telefoon vasthield in het verkeer", "op de stoep reed"}},
    {"no_lights", {"zonder licht reed", "een kapot achterlicht had", "geen verlichting voerde"}},
    {"technical_defect",
     {"een kapotte uitlaat had", "een gebarsten ruit had", "met een losse bumper reed"}},
    {"expired_inspection",
     {"reed met een verlopen keuring", "geen geldige keuring had",
      "een keuring had die voorbij was"}},
    {"vehicle_matches",
     {"in een auto reed uit de melding", "een scooter had uit de melding",
      "reed in het gezochte voertuig"}},
    {"foreign_plate",
     {"slingerend reed met een kenteken van elders", "zonder richting aan te geven afsloeg",
      "veel te hard optrok"}},
    {"anpr_hit",
     {"werd gemeld door de kentekencamera", "een treffer gaf op de camera",
      "door de camera werd herkend"}},
};

static const char *
sentence(struct draw *d, const char *reason)
{
    const char *what = "iets deed dat niet mag";

    for (unsigned i = 0; i < sizeof text_what / sizeof *text_what; i++)
        if (strcmp(text_what[i].code, reason) == 0)
            what = text_what[i].words[rng_below(&d->rng, 3)];
    return arena_printf(d->text, "%s %s %s %s %s.", CHOOSE(&d->rng, text_start),
                        CHOOSE(&d->rng, text_who), CHOOSE(&d->rng, text_where), what,
                        CHOOSE(&d->rng, text_more));
}

/* ---- parts of a stop ------------------------------------------------------------------------- */

static bool
is_fact(const char *code)
{
    for (unsigned i = 0; i < sizeof facts / sizeof *facts; i++)
        if (strcmp(facts[i], code) == 0)
            return true;
    return false;
}

/* The first reason, with the plan's factors; an ANPR hit is its own reason. */
static const char *
draw_reason(struct draw *d, const struct place *place, int group, bool wheels, const char *by)
{
    struct choice weighted[sizeof on_foot / sizeof *on_foot];
    const struct choice *const table = wheels ? on_wheels : on_foot;
    const unsigned count =
        wheels ? sizeof on_wheels / sizeof *on_wheels : sizeof on_foot / sizeof *on_foot;

    if (strcmp(by, "anpr_hit") == 0)
        return "anpr_hit";
    for (unsigned i = 0; i < count; i++)
        weighted[i] = (struct choice){
            table[i].code, table[i].weight * plan_effect(d->plan, PLAN_REASON, place, group,
                                                         d->month, table[i].code)};
    return choose(&d->rng, weighted, count);
}

static void
fill_selection(struct draw *d, struct row *r, const char *reason, bool wheels)
{
    /* A sensitive code is only accepted with a second, individual one. */
    const bool sensitive =
        strcmp(reason, "evasive_on_seeing_police") == 0 || strcmp(reason, "foreign_plate") == 0;
    const char *const second = wheels ? "traffic_offence_seen" : "casing";

    if (is_fact(reason)) {
        r->cell[ROW_FACT] = reason;
        r->cell[ROW_BEHAVIOUR] = sensitive ? second : NULL;
    } else {
        r->cell[ROW_BEHAVIOUR] =
            sensitive ? arena_printf(d->text, "%s|%s", reason, second) : reason;
    }
    if (sensitive || chance(&d->rng, 0.2))
        r->cell[ROW_CIRCUMSTANCE] = "recent_incident_nearby";
    r->cell[ROW_INFORMATION_SOURCE] = CHOOSE(&d->rng, sources);
    r->cell[ROW_INFORMATION_AGE] = CHOOSE(&d->rng, source_ages);
    r->cell[ROW_SELECTION_TEXT] = sentence(d, reason);
}

static bool
fill_explanation(struct draw *d, struct row *r, const struct place *place, int group,
                 const char *reason)
{
    const double p =
        SIM_UNPROMPTED * plan_effect(d->plan, PLAN_EXPLANATION, place, group, d->month, NULL);
    const bool unprompted = chance(&d->rng, fmin(p, 1.0));

    r->cell[ROW_EXPLAINED] = unprompted ? "unprompted" : CHOOSE(&d->rng, not_explained);
    if (unprompted || strcmp(r->cell[ROW_EXPLAINED], "after_question") == 0)
        r->cell[ROW_REASON_TOLD] = chance(&d->rng, 0.88) ? reason : "generic_control";
    r->cell[ROW_RECEIPT_GIVEN] = CHOOSE(&d->rng, receipts);
    if (strcmp(r->cell[ROW_RECEIPT_GIVEN], "not_given") == 0)
        r->cell[ROW_RECEIPT_REASON] = "telefoon leeg";
    return unprompted;
}

static const struct {
    const char *action, *find, *result, *offence;
} hits[] = {
    {"clothing:SV55b_56:weapons", "stabbing_weapon_wwm:true:yes", "report_pv|seized_only",
     "WWM27|"},
    {"bag:OPW9:drugs", "drugs_user_amount:true:yes", "criminal_fine", "OPW3C"},
    {"bag:OPW9:drugs", "drugs_trade_amount:true:yes", "arrest_suspect|seized_only", "OPW2B|"},
    {"clothing:SV55b_56:stolen_goods", "stolen_goods:true:yes", "arrest_suspect|seized_only",
     "SR310|"},
};
static const char *const misses[] = {"safety_frisk:PW7_3:weapons", "clothing:SV55b_56:weapons",
                                     "bag:OPW9:drugs", "clothing:SV55b_56:stolen_goods"};

static void
fill_outcome(struct draw *d, struct row *r, bool searched, bool guilty, const char *reason)
{
    const bool offence = strcmp(reason, "traffic_offence_seen") == 0 ||
                         strcmp(reason, "no_lights") == 0 || strcmp(reason, "offence_seen") == 0;

    r->cell[ROW_ID_CHECKED] = chance(&d->rng, 0.8) ? "shown" : "no";
    r->cell[ROW_FORCE] = "none";
    r->cell[ROW_TREATMENT_FLAGS] = "none";
    r->cell[ROW_ACTION] = "none::";
    if (searched && guilty) {
        const unsigned h = (unsigned)rng_below(&d->rng, sizeof hits / sizeof *hits);

        r->cell[ROW_ACTION] = hits[h].action;
        r->cell[ROW_FIND] = hits[h].find;
        r->cell[ROW_RESULT] = hits[h].result;
        r->cell[ROW_OFFENCE_CODE] = hits[h].offence;
        if (strncmp(hits[h].result, "arrest", 6) == 0) {
            r->cell[ROW_TREATMENT_FLAGS] = "handcuffed";
            r->cell[ROW_FORCE] = "cuffs";
        }
        return;
    }
    if (searched) {
        r->cell[ROW_ACTION] = misses[rng_below(&d->rng, sizeof misses / sizeof *misses)];
        r->cell[ROW_FIND] = "nothing::";
    }
    if (offence && chance(&d->rng, 0.45)) {
        r->cell[ROW_RESULT] = "wahv_fine";
        r->cell[ROW_OFFENCE_CODE] = "R602";
    } else {
        r->cell[ROW_RESULT] = chance(&d->rng, 0.35) ? "warning" : "nothing_sent_on";
    }
}

static void
fill_person(struct draw *d, struct row *r, const struct place *place, int group, unsigned seq,
            bool wheels, struct drawn *out)
{
    const char *const by = r->cell[ROW_INITIATED_BY];
    const char *const reason = draw_reason(d, place, group, wheels, by);
    const bool guilty = chance(&d->rng, SIM_GUILTY);
    const double signal = rng_normal(&d->rng) + (guilty ? SIM_DELTA : 0.0);
    const double threshold =
        SIM_THRESHOLD + plan_effect(d->plan, PLAN_THRESHOLD, place, group, d->month, NULL);

    *out = (struct drawn){
        .searched = signal > threshold, .hit = signal > threshold && guilty, .reason = reason};
    r->cell[ROW_PERSON_SEQ] = arena_printf(d->text, "%u", seq);
    if (wheels)
        r->cell[ROW_ROLE] = seq > 1 ? "passenger"
                            : strcmp(r->cell[ROW_STOP_MODE], "bicycle") == 0 ||
                                    strcmp(r->cell[ROW_STOP_MODE], "moped") == 0
                                ? "rider"
                                : "driver";
    else
        r->cell[ROW_ROLE] = seq > 1 ? "group_member" : "pedestrian";
    r->cell[ROW_AGE_BAND] = CHOOSE(&d->rng, ages);
    r->cell[ROW_GENDER] = CHOOSE(&d->rng, genders);
    r->cell[ROW_PRIOR_STOPS] = CHOOSE(&d->rng, priors);
    fill_selection(d, r, reason, wheels);
    out->unprompted = fill_explanation(d, r, place, group, reason);
    fill_outcome(d, r, out->searched, guilty, reason);
    r->cell[ROW_BODYCAM] = CHOOSE(&d->rng, bodycams);
    if (strcmp(r->cell[ROW_BODYCAM], "worn_off") == 0)
        r->cell[ROW_BODYCAM_OFF_REASON] = CHOOSE(&d->rng, off_reasons);
    r->cell[ROW_REFLECTION] = CHOOSE(&d->rng, reflections);
    if (strncmp(r->cell[ROW_REFLECTION], "done", 4) == 0)
        r->cell[ROW_REFLECTION_RESULT] = CHOOSE(&d->rng, reflected);
    r->cell[ROW_COUNTERFACTUAL] = CHOOSE(&d->rng, counterfactuals);
    r->cell[ROW_GROUP_AFTER] = chance(&d->rng, 0.04) ? "not_perceived" : d->city->groups[group];
    r->cell[ROW_GROUP_BEFORE_DECISION] = CHOOSE(&d->rng, before_decision);
}

static const char *
time_text(struct draw *d, instant t)
{
    char text[32];

    instant_text(t, text);
    return arena_strdup(d->text, text);
}

/* Teams help out next door, so that two of them can be held beside each other in one place. */
static unsigned
unit_of(struct draw *d, const struct place *place)
{
    const bool next = d->unit_overlap > 0 && chance(&d->units, d->unit_overlap);

    return (place->unit + next) % CITY_UNITS;
}

/* What the persons of a stop share. */
static void
fill_stop(struct draw *d, struct row *r, const struct place *place, instant at, unsigned persons)
{
    const struct month m = month_of_index(d->month);
    const char *const mode = CHOOSE(&d->rng, modes);
    const bool motor =
        strcmp(mode, "car") == 0 || strcmp(mode, "moped") == 0 || strcmp(mode, "van_truck") == 0;
    const bool wheels = motor || strcmp(mode, "bicycle") == 0;
    const char *const by = wheels ? CHOOSE(&d->rng, initiated) : choose(&d->rng, initiated, 3);
    const int duration = 3 + (int)rng_below(&d->rng, 20);
    const bool late = chance(&d->rng, 0.02);
    const instant registered =
        at + (instant)(duration + (late ? 1500 : 2) + (int)rng_below(&d->rng, late ? 2000 : 240)) *
                 60 * MICROS;

    *r = (struct row){
        .cell = {
            [ROW_SOURCE_SYSTEM] = "sim-den-haag",
            [ROW_SOURCE_RECORD_NO] = arena_printf(d->text, "%04d-%02d-%07llu", m.year, m.month,
                                                  (unsigned long long)++d->number),
            [ROW_SOURCE_VERSION] = "1",
            [ROW_TX_TYPE] = "I",
            [ROW_SCHEMA_VERSION] = "1.0.0",
            [ROW_CODESET_VERSION] = "2026.1",
            [ROW_REGISTERED_AT] = time_text(d, registered),
            [ROW_LATE_REASON] = late ? "systeem was niet bereikbaar" : NULL,
            [ROW_STARTED_AT] = time_text(d, at),
            [ROW_TIME_PRECISION] = "exact",
            [ROW_DURATION_MIN] = arena_printf(d->text, "%d", duration),
            [ROW_INITIATED_BY] = by,
            [ROW_STOP_MODE] = mode,
            [ROW_VEHICLE_INVOLVED] = motor ? "true" : "false",
            [ROW_OCCUPANTS] = motor ? arena_printf(d->text, "%u", persons) : NULL,
            [ROW_PERSONS_PRESENT] = arena_printf(d->text, "%u", persons),
            [ROW_PERSONS_REGISTERED] = arena_printf(d->text, "%u", persons),
            [ROW_BUURT_CODE] = place->buurt,
            [ROW_PLACE_TYPE] = CHOOSE(&d->rng, places),
            [ROW_LEGAL_BASIS] = motor    ? "WVW160_1"
                                : wheels ? "RVV"
                                         : "PW8_WID2",
            [ROW_TRAFFIC_DOCS] = motor ? "true" : NULL,
            [ROW_UNIT_CODE] = arena_printf(d->text, "HGL-%02u", unit_of(d, place) + 1),
            [ROW_IN_UNIFORM] = "true",
            [ROW_OFFICER_IDENTIFIED] = chance(&d->rng, 0.8) ? "unprompted" : "on_request",
        }};
    r->cell[ROW_ASSIGNMENT] = wheels && chance(&d->rng, 0.3) ? "traffic"
                              : chance(&d->rng, 0.55)        ? "emergency"
                                                             : "neighbourhood";
    r->cell[ROW_SELECTION_METHOD] = strcmp(by, "dispatch_112") == 0 ? "reported_person"
                                    : strcmp(by, "operation") == 0  ? "everyone"
                                    : strcmp(by, "anpr_hit") == 0   ? "list_hit"
                                                                    : "individual";
    if (strcmp(by, "operation") == 0)
        r->cell[ROW_OPERATION_REF] = arena_printf(d->text, "VERKEER-%04d-%02d", m.year, m.month);
}

unsigned
draw_stop(struct draw *d, const struct place *place, int group, instant at,
          struct row persons[ROW_PERSONS_MOST], struct drawn drawn[ROW_PERSONS_MOST])
{
    const unsigned count = chance(&d->rng, 0.06) ? 2 : 1;
    struct row shared;

    fill_stop(d, &shared, place, at, count);

    const bool wheels = strcmp(shared.cell[ROW_STOP_MODE], "pedestrian") != 0;

    for (unsigned p = 0; p < count; p++) {
        persons[p] = shared;
        fill_person(d, &persons[p], place, group, p + 1, wheels, &drawn[p]);
    }
    return count;
}
