/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every rule of a record twice: a record that trips exactly this rule, and one that comes as close
 * as it can without. A rule with a predicate and without a pair makes the last test fail. Edits are
 * those of record_builder.h, made to the valid record.
 */
#include "collector/check.h"
#include "collector/rule.h"
#include "tests/lib/record_builder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

Suite *rules_suite(void);

static struct arena *a;
static const struct installation *embedded;

/* What the installation has beside its lists. */
enum mode { PLAIN, PERCEIVED, SELF, ORDERS };

struct pair {
    enum rule_id rule;
    enum mode mode;
    const char *trips, *nearly;
};

#define SEARCHED "search_kind=bag;search_basis=OPW9;search_object=drugs;"
#define TEXT     "selection_text="

static const struct pair pairs[] = {
    {RULE_R010, PLAIN, "persons_reason=Bel 06-12345678 voor meer.",
     "late_reason=Bel 0900-8844 of 112 voor meer."},
    {RULE_R030, PLAIN, "started_at=2026-11-20T22:05:01+01:00;registered_at=",
     "started_at=2026-11-20T22:05:00+01:00;registered_at="},
    {RULE_R030, PLAIN, "started_at=2019-12-31T23:59:00+01:00;registered_at=;reflection=done_self",
     "started_at=2020-01-01T00:00:00+01:00;registered_at=;reflection=done_self"},
    {RULE_E031, PLAIN, "duration_min=0", "duration_min=1"},
    {RULE_E031, PLAIN, "started_at=2026-11-19T21:40:00+01:00;duration_min=1441",
     "started_at=2026-11-19T21:40:00+01:00;duration_min=1440"},
    {RULE_E032, PLAIN, "registered_at=2026-11-20T21:48:59+01:00",
     "registered_at=2026-11-20T21:49:00+01:00"},
    {RULE_E032, PLAIN, "registered_at=2026-11-20T22:05:01+01:00",
     "registered_at=2026-11-20T22:05:00+01:00"},
    {RULE_E032, PLAIN, "time_precision=quarter;registered_at=2026-11-20T21:33:59+01:00",
     "time_precision=quarter;registered_at=2026-11-20T21:34:00+01:00"},
    {RULE_W033, PLAIN,
     "started_at=2026-11-19T21:40:00+01:00;registered_at=2026-11-20T21:49:01+01:00;"
     "late_reason=Systeem lag eruit",
     "started_at=2026-11-19T21:40:00+01:00;registered_at=2026-11-20T21:49:00+01:00;"
     "late_reason=Systeem lag eruit"},
    {RULE_E034, PLAIN,
     "started_at=2026-11-19T21:40:00+01:00;registered_at=2026-11-20T21:49:01+01:00",
     "started_at=2026-11-19T21:40:00+01:00;registered_at=2026-11-20T21:49:00+01:00"},
    {RULE_W035, PLAIN, "time_precision=hour", "time_precision=quarter"},
    {RULE_W035, PLAIN, "time_precision=date_only", "time_precision=exact"},
    {RULE_E041, PLAIN, "persons_present=1;persons_registered=2",
     "persons_present=2;persons_registered=2"},
    {RULE_W042, PLAIN, "persons_present=2", "persons_present=2;persons_reason=De ander liep door"},
    {RULE_E043, PLAIN, "seq=2", "persons_present=2;persons_registered=2;+person;role=passenger"},
    {RULE_E043, PLAIN, "persons_present=2;persons_registered=2;+person;role=passenger;seq=3",
     "persons_present=2;persons_registered=2;seq=2;+person;role=passenger;seq=1"},
    {RULE_E044, PLAIN, "stop_mode=pedestrian", "stop_mode=pedestrian;role=pedestrian"},
    {RULE_E044, PLAIN, "persons_present=2;persons_registered=2;+person",
     "persons_present=2;persons_registered=2;+person;role=passenger"},
    {RULE_E050, PLAIN, "buurt_code=BU05189999", "buurt_code=BU05180170"},
    {RULE_E050, PLAIN, "buurt_code=WK051828", "buurt_code=BU05182811"},
    {RULE_W051, PLAIN, "buurt_code=BU_UNKNOWN", "buurt_code=BU05180170"},
    {RULE_E060, PLAIN, "behaviour=;fact=[];circumstance=control_action;reason_told=control_action",
     "behaviour=;fact=no_lights"},
    {RULE_E061, PLAIN,
     "behaviour=evasive_on_seeing_police;fact=;reason_told=evasive_on_seeing_police",
     "behaviour=evasive_on_seeing_police"},
    {RULE_E061, PLAIN, "selection_text=", "selection_text=;initiated_by=dispatch_112"},
    {RULE_E061, PLAIN, "initiated_by=dispatch_112;selection_text=;circumstance=hot_time_place",
     "initiated_by=dispatch_112;selection_text=;circumstance=event"},
    {RULE_W062, PLAIN, TEXT "Licht deed het niet", TEXT "Licht deed het niet."},
    {RULE_W062, PLAIN, TEXT "Het ging om een gewone controle op straat.",
     TEXT "Het ging om een gewone controleur op straat."},
    {RULE_E063, PLAIN, TEXT "Man met getinte huidskleur op een fiets.",
     TEXT "Man met getinte huidskleur op een fiets.;fact=matches_description|no_lights"},
    {RULE_E063, PLAIN, TEXT "Een donkere man liep hard weg van de winkel.",
     TEXT "Een donkere auto reed hard weg van de winkel."},
    {RULE_E063, PLAIN, TEXT "Bestuurder van Poolse afkomst reed door rood.",
     TEXT "Auto met Pools kenteken reed met hoge snelheid door rood."},
    {RULE_W064, PLAIN, "fact=foreign_plate;reason_told=traffic_offence_seen",
     "fact=foreign_plate|no_lights;circumstance=event"},
    {RULE_W064, PLAIN, "fact=foreign_plate|no_lights", "fact=technical_defect|no_lights"},
    {RULE_E065, PLAIN, "selection_method=every_nth",
     "selection_method=every_nth;operation_ref=OP-7"},
    {RULE_E065, PLAIN, "selection_method=random_device", "selection_method=everyone"},
    {RULE_E070, PLAIN, "traffic_docs_checked=false", "traffic_docs_checked=false;legal_basis=RVV"},
    {RULE_E070, PLAIN, "traffic_docs_checked=", "traffic_docs_checked=true"},
    {RULE_E071, ORDERS, "legal_basis=WWM_PREV_151b;started_at=2026-11-20T21:29:59+01:00",
     "legal_basis=WWM_PREV_151b;started_at=2026-11-20T21:30:00+01:00"},
    {RULE_E071, ORDERS, "legal_basis=WWM_PREV_174b", "legal_basis=WWM_PREV_151b"},
    {RULE_E071, ORDERS, "legal_basis=WWM_PREV_151b;buurt_code=BU05180170",
     "legal_basis=WWM_PREV_151b;buurt_code=BU05182811"},
    {RULE_E071, ORDERS, "legal_basis=WWM_PREV_151b;area_designation_ref=A-2",
     "legal_basis=WWM_PREV_151b;area_designation_ref=A-1"},
    {RULE_E072, PLAIN, "legal_basis=SV52;behaviour=", "legal_basis=SV52"},
    {RULE_E072, PLAIN, "legal_basis=SV27;behaviour=",
     "legal_basis=SV27;behaviour=;result=report_pv;offence_code=310 Sr"},
    {RULE_E073, PLAIN, "legal_basis=VW50;fact=matches_description;reason_told=matches_description",
     "legal_basis=VW50;fact=matches_description|no_lights"},
    {RULE_E073, PLAIN, "legal_basis=VW50;fact=;reason_told=traffic_offence_seen",
     "legal_basis=VW50"},
    {RULE_W074, PLAIN,
     "legal_basis=VOLUNTARY;search_kind=bag;search_basis=consent_verbal;search_object=drugs",
     "legal_basis=VOLUNTARY"},
    {RULE_E075, PLAIN, "assignment=boa;legal_basis=PW3;bodycam=worn_on_full",
     "assignment=boa;legal_basis=BOA_WID"},
    {RULE_E075, PLAIN, "legal_basis=BOA_WID", "legal_basis=APV_OVERIG"},
    {RULE_E080, PLAIN, "reason_told=", "reason_told=;explained=not_person_left"},
    {RULE_E080, PLAIN, "explained=not_language", "explained=after_question"},
    {RULE_W081, PLAIN, "reason_told=generic_control", "reason_told=generic_control|no_lights"},
    {RULE_W081, PLAIN, "reason_told=technical_defect",
     "selection_method=everyone;behaviour=;fact=;"
     "reason_told=generic_control"},
    {RULE_W082, PLAIN, "explained=not_safety;reason_told=", "explained=not_other;reason_told="},
    {RULE_E083, PLAIN, "receipt_given=not_given",
     "receipt_given=not_given;receipt_reason=Printer stuk"},
    {RULE_E083, PLAIN, "receipt_given=not_given", "receipt_given=refused"},
    {RULE_E090, PLAIN, "search_kind=bag;search_object=drugs", SEARCHED},
    {RULE_E090, PLAIN, "search_kind=bag;search_basis=OPW9", SEARCHED},
    {RULE_E091, PLAIN, SEARCHED "+action;" SEARCHED "search_basis=consent_verbal",
     SEARCHED "+action;" SEARCHED "search_basis=WWM52"},
    {RULE_E091, PLAIN,
     SEARCHED "search_basis=consent_written;+action;" SEARCHED "search_basis=consent_verbal",
     SEARCHED "search_basis=consent_verbal;+action;" SEARCHED "search_basis=consent_verbal"},
    {RULE_E092, PLAIN, "+find;found_class=drugs_user_amount",
     SEARCHED "+find;found_class=drugs_user_amount"},
    {RULE_E092, PLAIN,
     "legal_basis=PW3;traffic_docs_checked=;id_checked=no;+find;found_class=illegal_stay",
     "legal_basis=PW3;traffic_docs_checked=;+find;found_class=illegal_stay"},
    {RULE_E092, PLAIN,
     "legal_basis=PW3;traffic_docs_checked=;id_checked=no;+find;found_class=other",
     "legal_basis=PW3;traffic_docs_checked=;id_checked=no;+find;found_class=nothing"},
    {RULE_E093, PLAIN, SEARCHED "+find;found_class=object_apv_only;illegal_in_itself=true",
     SEARCHED "+find;found_class=object_apv_only;illegal_in_itself=false"},
    {RULE_E094, PLAIN, "result=seized_only",
     SEARCHED "+find;found_class=drugs_user_amount;result=seized_only"},
    {RULE_E094, PLAIN, SEARCHED "+find;found_class=firearm",
     SEARCHED "+find;found_class=firearm;result=arrest_suspect;offence_code=26 WWM"},
    {RULE_E095, PLAIN, "result=wahv_fine", "result=wahv_fine;offence_code=R602"},
    {RULE_E095, PLAIN, "result=arrest_warrant", "result=alien_handover"},
    {RULE_E096, PLAIN, "result=nothing_sent_on;+result;result=report_pv;offence_code=310 Sr",
     "result=nothing_sent_on;+result;result=information_given"},
    {RULE_W097, PLAIN, "treatment_flags=clothing_beyond_outer",
     "treatment_flags=supervisor_called"},
    {RULE_W097, PLAIN, "age_band=12-15;" SEARCHED, "age_band=16-17;" SEARCHED},
    {RULE_E100, PLAIN, "bodycam=worn_off", "bodycam=worn_off;bodycam_off_reason=technical"},
    {RULE_E100, PLAIN, "bodycam=worn_off", "bodycam=not_worn"},
    {RULE_W101, PLAIN, "bodycam=worn_on_part;force=cuffs;fact=wanted|no_lights",
     "bodycam=worn_on_full;force=cuffs;fact=wanted|no_lights"},
    {RULE_W101, PLAIN, "bodycam=not_worn;force=hands", "bodycam=not_worn;force=none"},
    {RULE_W110, PLAIN,
     "started_at=2026-11-13T21:59:00+01:00;registered_at=2026-11-13T22:30:00+01:00",
     "started_at=2026-11-13T22:00:00+01:00;registered_at=2026-11-13T22:30:00+01:00"},
    {RULE_E111, PLAIN, "+group;perspective=after_contact;codes=zwart", ""},
    {RULE_E111, SELF, "+group;perspective=after_contact;codes=zwart",
     "+group;perspective=self;codes=zwart"},
    {RULE_E111, PERCEIVED,
     "+group;perspective=before_contact;codes=zwart;+group;perspective=self;codes=zwart",
     "+group;perspective=before_contact;codes=zwart"},
    {RULE_E111, PERCEIVED,
     "started_at=2026-11-18T23:59:59+01:00;registered_at=2026-11-19T08:00:00+01:00;"
     "+group;perspective=before_contact;codes=zwart",
     "started_at=2026-11-19T00:00:00+01:00;registered_at=2026-11-19T08:00:00+01:00;"
     "+group;perspective=before_contact;codes=zwart"},
    {RULE_E112, PERCEIVED, "", "+group;perspective=after_contact;codes=not_perceived"},
    {RULE_E113, PERCEIVED, "+group;perspective=after_contact;codes=not_perceived|zwart",
     "+group;perspective=after_contact;codes=gemengd_onduidelijk|zwart"},
    {RULE_E120, PLAIN, TEXT "Reed door rood, genaamd Pietersen volgens getuige.",
     TEXT "Reed door rood bij Station Holland Spoor volgens getuige."},
    {RULE_E120, PLAIN, TEXT "Reed door rood, bekend bij Pietersen volgens getuige.",
     TEXT "Reed door rood, bekend bij Politie volgens getuige."},
    {RULE_E120, PLAIN, "receipt_given=not_given;receipt_reason=Zie mutatie 2026114711.",
     "receipt_given=not_given;receipt_reason=Zie mutatie 261147."},
};

/* ---- one record ----------------------------------------------------------------------------- */

static void
open_all(void)
{
    struct err e;

    a = arena_new();
    embedded = installation_embedded(a, &e);
    ck_assert_msg(embedded != NULL, "%s", e.text);
}

static void
close_all(void)
{
    arena_free(a);
}

static const struct installation *
installation_in(enum mode mode)
{
    static const struct group_decision perceived = {
        .perceived = true, .from = 20776, .until = 20777};
    static const struct group_decision self = {.self = true, .from = 20776, .until = 20777};
    static const char *const areas[] = {"BU05180279", "WK051828"};
    static struct area_order order = {.id = "A-1", .kind = "151b", .area_count = 2, .areas = areas};
    struct installation *const in = arena_alloc(a, sizeof *in);

    *in = *embedded;
    order.from = record_valid_received - 30 * 60 * MICROS;
    order.until = record_valid_received;
    if (mode == PERCEIVED || mode == SELF) {
        in->decision_count = 1;
        in->decisions = mode == SELF ? &self : &perceived;
    }
    if (mode == ORDERS) {
        in->order_count = 1;
        in->orders = &order;
    }
    return in;
}

static struct checker *
checker_in(const struct installation *in)
{
    struct err e;
    struct checker *const c = checker_new(a, in, NULL, record_valid_received, &e);

    ck_assert_msg(c != NULL, "%s", e.text);
    return c;
}

static struct findings
findings_of(enum mode mode, const char *edits)
{
    const struct installation *const in = installation_in(mode);
    struct record *const r = record_valid(a, in);
    struct findings f;

    record_edit(a, in, r, edits);
    findings_clear(&f, a);
    check_record(checker_in(in), a, r, record_valid_received, &f);
    return f;
}

static const char *
listed(const struct findings *f)
{
    const char *text = "";

    for (unsigned i = 0; i < f->count; i++)
        text = arena_printf(a, "%s %s at %s", text, rules[f->list[i].rule].code, f->list[i].field);
    return text;
}

START_TEST(the_valid_record_has_no_finding)
{
    const struct findings f = findings_of(PLAIN, "");

    ck_assert_msg(f.count == 0, "found:%s", listed(&f));
    ck_assert_int_eq(findings_worst(&f), SEVERITY_INFO);
}
END_TEST

START_TEST(a_record_trips_exactly_this_rule)
{
    const struct pair *const p = &pairs[_i];
    const struct findings f = findings_of(p->mode, p->trips);

    ck_assert_msg(f.count == 1 && f.list[0].rule == p->rule, "%s by \"%s\" found:%s",
                  rules[p->rule].code, p->trips, listed(&f));
    ck_assert_int_eq(findings_worst(&f), rules[p->rule].severity);
}
END_TEST

START_TEST(a_record_that_comes_near_does_not_trip_it)
{
    const struct pair *const p = &pairs[_i];
    const struct findings f = findings_of(p->mode, p->nearly);

    for (unsigned i = 0; i < f.count; i++)
        ck_assert_msg(f.list[i].rule != p->rule, "%s by \"%s\" found:%s", rules[p->rule].code,
                      p->nearly, listed(&f));
    ck_assert_msg(f.count == 0 || findings_worst(&f) >= SEVERITY_ERROR, "\"%s\" found:%s",
                  p->nearly, listed(&f));
}
END_TEST

START_TEST(every_rule_with_a_predicate_has_a_pair)
{
    /* E036 rests on what decoding found and has a test of its own below. */
    bool paired[RULE_COUNT] = {[RULE_E036] = true};

    for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
        paired[pairs[i].rule] = true;
    for (unsigned id = 0; id < RULE_COUNT; id++)
        ck_assert_msg(paired[id] || !rule_tests[id].trips, "%s has no pair", rules[id].code);
    ck_assert(paired[RULE_R010] && paired[RULE_E120]);
}
END_TEST

/* ---- what pairs cannot say ------------------------------------------------------------------ */

START_TEST(a_clock_time_that_is_none_trips_only_without_an_offset)
{
    const struct {
        bool ambiguous, missing, offset, trips;
    } cases[] = {{true, false, false, true},
                 {false, true, false, true},
                 {true, false, true, false},
                 {false, false, false, false}};

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct record *const r = record_valid(a, embedded);
        struct findings f;

        r->started_at_ambiguous = cases[i].ambiguous;
        r->started_at_missing = cases[i].missing;
        r->started_at_has_offset = cases[i].offset;
        findings_clear(&f, a);
        check_record(checker_in(embedded), a, r, record_valid_received, &f);
        ck_assert_uint_eq(f.count, cases[i].trips);
        ck_assert(f.count == 0 || f.list[0].rule == RULE_E036);
    }
}
END_TEST

START_TEST(all_findings_of_a_record_are_given)
{
    const struct findings f = findings_of(
        PLAIN,
        "duration_min=0;buurt_code=BU1;receipt_given=not_given;bodycam=worn_off;result=wahv_fine");

    ck_assert_msg(f.count == 5, "found:%s", listed(&f));
}
END_TEST

START_TEST(a_finding_names_the_field_and_the_person)
{
    const struct findings f = findings_of(
        PLAIN, "persons_present=2;persons_registered=2;+person;role=passenger;result=wahv_fine");

    ck_assert_uint_eq(f.count, 1);
    ck_assert_str_eq(f.list[0].field, "/persons/outcome/results/offence_code");
    ck_assert_int_eq(f.list[0].person_seq, 2);
}
END_TEST

START_TEST(a_withdrawal_needs_the_envelope_only)
{
    const struct findings f =
        findings_of(PLAIN, "tx_type=W;duration_min=;buurt_code=;-person;withdrawal_reason=Dubbel "
                           "ingevoerd");

    ck_assert_msg(f.count == 0, "found:%s", listed(&f));
}
END_TEST

START_TEST(an_empty_record_does_not_end_the_program)
{
    const struct installation *const in = installation_in(PERCEIVED);
    struct record r = {.line = 1};
    struct findings f;

    findings_clear(&f, a);
    check_record(checker_in(in), a, &r, record_valid_received, &f);
    r.persons = arena_alloc(a, sizeof *r.persons);
    r.person_count = 1;
    findings_clear(&f, a);
    check_record(checker_in(in), a, &r, record_valid_received, &f);
    ck_assert_uint_eq(f.count, 1); /* a person 0 */
    ck_assert_int_eq(f.list[0].rule, RULE_E043);
}
END_TEST

START_TEST(identifiers_in_any_free_text_are_found)
{
    static const char *const edits[] = {"late_reason=mail jan@voorbeeld.nl",
                                        "withdrawal_reason=mail jan@voorbeeld.nl",
                                        "persons_reason=mail jan@voorbeeld.nl",
                                        "operation_ref=jan@voorbeeld.nl",
                                        "receipt_reason=mail jan@voorbeeld.nl",
                                        "selection_text=Reed door rood, jan@voorbeeld.nl",
                                        "area_designation_ref=jan@voorbeeld.nl",
                                        "unit_code=jan@voorbeeld.nl",
                                        "source_system=jan@voorbeeld.nl",
                                        "source_record_no=jan@voorbeeld.nl",
                                        "geo_cell=52.07055,4.30071",
                                        "operation_ref=123456782",
                                        "result=report_pv;offence_code=0612345678"};

    for (unsigned i = 0; i < sizeof edits / sizeof *edits; i++) {
        const struct findings f = findings_of(PLAIN, edits[i]);

        ck_assert_msg(f.count == 1 && f.list[0].rule == RULE_R010, "%s found:%s", edits[i],
                      listed(&f));
    }
}
END_TEST

START_TEST(references_may_look_like_numbers)
{
    static const char *const edits[] = {"source_record_no=123456782", "operation_ref=OP-24-01",
                                        "operation_ref=2026-11-0004711", "unit_code=HGL-03",
                                        "result=report_pv;offence_code=WVW-10-A"};

    for (unsigned i = 0; i < sizeof edits / sizeof *edits; i++) {
        const struct findings f = findings_of(PLAIN, edits[i]);

        ck_assert_msg(f.count == 0, "%s found:%s", edits[i], listed(&f));
    }
}
END_TEST

/* ---- coverage ------------------------------------------------------------------------------- */

static const struct {
    const char *area, *found;
} open_areas[] = {
    {"Bryn-Mawr & St. Anthony's", ""},
    {"Wilson Park", ""},
    {"jan@example.org", " R010"},
    {"NL91ABNA0417164300", " R010"},
    {"52.07951, 4.31234", " R010"},
    {"<script>alert(1)</script>", " R012"},
    {"<a href=mailto:jan@example.org>", " R010 R012"},
};

/* It becomes the name of a neighbourhood. */
START_TEST(an_area_of_a_source_without_a_table_is_screened)
{
    struct err e;
    const struct profile *const p = profile_load(a, "minneapolis", &e);
    const struct installation *const in = p ? installation_for_profile(a, embedded, p, &e) : NULL;
    struct checker *const c = in ? checker_new(a, in, p, record_valid_received, &e) : NULL;
    struct record *const r = record_valid(a, embedded);
    struct strbuf *const found = strbuf_new(a, 1000);
    struct findings f;

    ck_assert_msg(c != NULL, "%s", e.text);
    r->v[STOP_buurt_code] = (struct value){.given = true, .text = span_of(open_areas[_i].area)};
    findings_clear(&f, a);
    check_record(c, a, r, record_valid_received, &f);
    for (unsigned i = 0; i < f.count; i++)
        if (f.list[i].rule == RULE_R010 || f.list[i].rule == RULE_R012) {
            ck_assert_str_eq(f.list[i].field, "/stop/buurt_code");
            strbuf_printf(found, " %s", rules[f.list[i].rule].code);
        }
    ck_assert_str_eq(found->data ? found->data : "", open_areas[_i].found);
}
END_TEST

START_TEST(rules_that_a_source_does_not_cover_are_counted_as_not_applicable)
{
    struct err e;
    const struct profile *const p = profile_load(a, "minneapolis", &e);

    ck_assert_msg(p != NULL, "%s", e.text);

    const struct installation *const in = installation_for_profile(a, embedded, p, &e);

    ck_assert_msg(in != NULL, "%s", e.text);

    struct checker *const c = checker_new(a, in, p, record_valid_received, &e);

    ck_assert_msg(c != NULL, "%s", e.text);
    for (unsigned n = 1; n <= 3; n++) {
        struct record *const r = record_valid(a, embedded);
        struct findings f;

        record_edit(a, embedded, r, "duration_min=0;receipt_given=not_given");
        findings_clear(&f, a);
        check_record(c, a, r, record_valid_received, &f);
        for (unsigned i = 0; i < f.count; i++)
            ck_assert_msg(f.list[i].rule != RULE_E031 && f.list[i].rule != RULE_E083, "found:%s",
                          listed(&f));
        ck_assert_uint_eq(checker_not_applicable(c)[RULE_E031], n);
        ck_assert_uint_eq(checker_not_applicable(c)[RULE_E083], n);
        ck_assert_uint_eq(checker_not_applicable(c)[RULE_R030], 0);
        ck_assert_uint_eq(checker_not_applicable(c)[RULE_R011], 0); /* not the checker's */
        ck_assert(!r->v[STOP_light_class].given); /* other coordinates than the installation's */
    }
}
END_TEST

START_TEST(a_canonical_source_covers_every_rule)
{
    struct checker *const c = checker_in(embedded);
    struct findings f;

    findings_clear(&f, a);
    check_record(c, a, record_valid(a, embedded), record_valid_received, &f);
    for (unsigned id = 0; id < RULE_COUNT; id++)
        ck_assert_uint_eq(checker_not_applicable(c)[id], 0);
}
END_TEST

/* ---- texts of a unit ------------------------------------------------------------------------ */

/* Each time another stop, unless the edits say which. */
static bool
boilerplate_after(struct checker *c, const char *edits)
{
    static unsigned stops;
    struct record *const r = record_valid(a, embedded);
    struct findings f;

    record_edit(a, embedded, r, arena_printf(a, "source_record_no=2026-11-%07u", ++stops));
    record_edit(a, embedded, r, edits);
    record_identify(r);
    findings_clear(&f, a);
    check_record(c, a, r, record_valid_received, &f);
    ck_assert_msg(f.count == 0 || (f.count == 1 && f.list[0].rule == RULE_W062), "found:%s",
                  listed(&f));
    return f.count == 1;
}

START_TEST(a_text_that_the_unit_gave_before_is_boilerplate)
{
    struct checker *const c = checker_in(embedded);

    ck_assert(!boilerplate_after(c, TEXT "Reed zonder licht en zonder gordel over de stoep"));
    ck_assert(boilerplate_after(c, TEXT "reed ZONDER licht, en zonder gordel over de stoep!"));
    ck_assert(!boilerplate_after(c, TEXT "Reed met telefoon in de hand over de busbaan"));
    ck_assert(!boilerplate_after(c, "unit_code=HGL-04;" TEXT
                                    "Reed zonder licht en zonder gordel over de stoep"));
}
END_TEST

START_TEST(a_stop_is_not_like_its_own_later_version)
{
    struct checker *const c = checker_in(embedded);
    static const char same[] = TEXT "Reed zonder licht over de stoep;source_record_no=2026-11-X";

    ck_assert(!boilerplate_after(c, same));
    ck_assert(!boilerplate_after(c, same));
    ck_assert(boilerplate_after(c, TEXT "Reed zonder licht over de stoep"));
}
END_TEST

START_TEST(only_the_latest_texts_of_a_unit_count)
{
    struct checker *const c = checker_in(embedded);

    ck_assert(!boilerplate_after(c, TEXT "Reed zonder licht en zonder gordel over de stoep"));
    for (unsigned i = 0; i < 32; i++)
        ck_assert(!boilerplate_after(
            c, arena_printf(a, TEXT "%c%c liep%c snel%c langs%c alle%c winkels%c daar",
                            'a' + i % 26, 'a' + i / 26, 'a' + i % 26, 'b' + i % 24, 'c' + i % 20,
                            'd' + i % 21, 'e' + i % 19)));
    ck_assert(!boilerplate_after(c, TEXT "Reed zonder licht en zonder gordel over de stoep"));
}
END_TEST

START_TEST(persons_of_one_stop_may_share_their_text)
{
    const struct findings f =
        findings_of(PLAIN, "persons_present=2;persons_registered=2;+person;role=passenger");

    ck_assert_msg(f.count == 0, "found:%s", listed(&f));
}
END_TEST

Suite *
rules_suite(void)
{
    Suite *const s = suite_create("rules");
    TCase *const t = tcase_create("rules");
    const int count = (int)(sizeof pairs / sizeof *pairs);

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_valid_record_has_no_finding);
    tcase_add_loop_test(t, a_record_trips_exactly_this_rule, 0, count);
    tcase_add_loop_test(t, a_record_that_comes_near_does_not_trip_it, 0, count);
    tcase_add_test(t, every_rule_with_a_predicate_has_a_pair);
    tcase_add_test(t, a_clock_time_that_is_none_trips_only_without_an_offset);
    tcase_add_test(t, all_findings_of_a_record_are_given);
    tcase_add_test(t, a_finding_names_the_field_and_the_person);
    tcase_add_test(t, a_withdrawal_needs_the_envelope_only);
    tcase_add_test(t, an_empty_record_does_not_end_the_program);
    tcase_add_test(t, identifiers_in_any_free_text_are_found);
    tcase_add_test(t, references_may_look_like_numbers);
    tcase_add_test(t, rules_that_a_source_does_not_cover_are_counted_as_not_applicable);
    tcase_add_loop_test(t, an_area_of_a_source_without_a_table_is_screened, 0,
                        (int)(sizeof open_areas / sizeof *open_areas));
    tcase_add_test(t, a_canonical_source_covers_every_rule);
    tcase_add_test(t, a_text_that_the_unit_gave_before_is_boilerplate);
    tcase_add_test(t, a_stop_is_not_like_its_own_later_version);
    tcase_add_test(t, only_the_latest_texts_of_a_unit_count);
    tcase_add_test(t, persons_of_one_stop_may_share_their_text);
    suite_add_tcase(s, t);
    return s;
}
