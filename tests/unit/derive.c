/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Derived fields: the valid record, edited, and what one field must then be ("-" is not given).
 * Also the similarity of texts against a plain computation of the Jaccard index.
 */
#include "collector/check.h"
#include "collector/rule.h"
#include "collector/similar.h"
#include "common/rng.h"
#include "tests/lib/record_builder.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *derive_suite(void);

static struct arena *a;
static const struct installation *in;

static void
open_all(void)
{
    struct err e;

    a = arena_new();
    in = installation_embedded(a, &e);
    ck_assert_msg(in != NULL, "%s", e.text);
}

static void
close_all(void)
{
    arena_free(a);
}

#define SEARCHED "search_kind=bag;search_basis=OPW9;search_object=drugs;"

static const struct {
    const char *edits, *field, *value;
} cases[] = {
    {"", "state", "ACCEPTED"},
    {"age_band=12-15;" SEARCHED, "state", "ACCEPTED_WITH_WARNINGS"},
    {"duration_min=0", "state", "QUARANTINED"},
    {"tx_type=W", "state", "WITHDRAWN"},
    {"tx_type=N", "state", "NFI"},
    {"", "area_set", "den-haag"},
    {"", "wijk_code", "WK051828"},
    {"buurt_code=BU1", "wijk_code", "-"},
    {"", "area_code", "BU05182811"},
    {"", "unit_code", "HGL-03"},
    {"", "stop_mode", "car"},
    {"legal_basis=RVV|PW3", "legal_basis", "RVV"},
    {"", "discretion", "high"},
    {"initiated_by=operation", "discretion", "medium"},
    {"initiated_by=dispatch_112", "discretion", "low"},
    {"selection_method=everyone", "discretion", "low"},
    {"selection_method=", "discretion", "-"},
    /* sunset of 20 November 2026 in The Hague is 16:45, civil dusk 17:20 local time */
    {"started_at=2026-11-20T16:40:00+01:00", "light_class", "day"},
    {"started_at=2026-11-20T17:00:00+01:00", "light_class", "twilight"},
    {"started_at=2026-11-20T17:30:00+01:00", "light_class", "dark"},
    {"time_precision=hour", "light_class", "-"},
    {"", "reason", "no_lights"},
    {"fact=", "reason", "traffic_offence_seen"},
    {"fact=;behaviour=;circumstance=event|other", "reason", "event"},
    {"fact=;behaviour=", "reason", "-"},
    {"", "text_quality", "good"},
    {"selection_text=", "text_quality", "none"},
    {"selection_text=zie mutatie van vandaag graag", "text_quality", "boilerplate"},
    {"", "selection_sound", "true"},
    {"selection_text=", "selection_sound", "false"},
    {"behaviour=other;fact=other", "selection_sound", "false"},
    {"behaviour=evasive_on_seeing_police;fact=", "selection_sound", "false"},
    {"selection_method=everyone", "selection_sound", "-"},
    {"", "only_weak", "false"},
    {"behaviour=;fact=;circumstance=event", "only_weak", "true"},
    {"behaviour=evasive_on_seeing_police;fact=foreign_plate", "only_weak", "true"},
    {"behaviour=;fact=", "only_weak", "-"},
    {"reason_told=no_lights|traffic_offence_seen", "reason_match", "full"},
    {"reason_told=no_lights", "reason_match", "partial"},
    {"reason_told=no_lights|traffic_offence_seen|event", "reason_match", "partial"},
    {"reason_told=generic_control", "reason_match", "none"},
    {"reason_told=", "reason_match", "-"},
    {"selection_method=everyone;behaviour=;fact=;reason_told=generic_control", "reason_match",
     "full"},
    {"", "searched", "false"},
    {SEARCHED, "searched", "true"},
    {"-action", "searched", "-"},
    {"", "hit_strict", "-"},
    {SEARCHED, "hit_strict", "false"},
    {SEARCHED "+find;found_class=firearm;illegal_in_itself=true;linked_to_reason=yes", "hit_strict",
     "true"},
    {SEARCHED "+find;found_class=firearm;illegal_in_itself=true;linked_to_reason=no", "hit_strict",
     "false"},
    {SEARCHED "+find;found_class=money;illegal_in_itself=false;linked_to_reason=yes", "hit_strict",
     "false"},
    {"result=wahv_fine;offence_code=R602", "hit_broad", "-"},
    {SEARCHED "result=wahv_fine;offence_code=R602", "hit_broad", "true"},
    {SEARCHED, "hit_broad", "false"},
    {"result=wahv_fine;offence_code=R602", "sanctioned", "true"},
    {"", "sanctioned", "false"},
    {"-result", "sanctioned", "-"},
    {"", "treated_plainly", "true"},
    {"force=hands", "treated_plainly", "false"},
    {"treatment_flags=handcuffed", "treated_plainly", "false"},
    {"treatment_flags=interpreter_used", "treated_plainly", "true"},
    {"force=hands;fact=wanted", "treated_plainly", "true"},
    {"force=hands;" SEARCHED, "treated_plainly", "true"},
    {"", "reflected_in_time", "-"},
    {"reflection=done_pair", "reflected_in_time", "true"},
    {"reflection=not_done", "reflected_in_time", "false"},
    {"started_at=2026-11-10T21:40:00+01:00", "reflected_in_time", "false"},
    {"started_at=2026-11-10T21:40:00+01:00;reflection=done_self", "reflected_in_time", "false"},
    {"+group;perspective=self;codes=zwart", "group_class", "zwart"},
    {"+group;perspective=self;codes=zwart|wit_europees", "group_class", "gemengd_onduidelijk"},
};

static const char *
shown(const struct field *f, const struct value *v)
{
    if (!v->given)
        return "-";
    return f->type == FIELD_BOOL ? (v->flag ? "true" : "false")
                                 : arena_strndup(a, v->text.data, v->text.length);
}

/* The field where the case means it: of the group, the person, else the stop. */
static const char *
derived(const struct record *r, const char *name)
{
    const struct person *const p = &r->persons[0];

    for (unsigned i = GROUP_RECEIVED + 1; i < GROUP_COUNT; i++)
        if (strcmp(group_fields[i].name, name) == 0)
            return shown(&group_fields[i], &p->groups[0].v[i]);
    for (unsigned i = PERSON_RECEIVED + 1; i < PERSON_COUNT; i++)
        if (strcmp(person_fields[i].name, name) == 0)
            return shown(&person_fields[i], &p->v[i]);
    for (unsigned i = STOP_RECEIVED + 1; i < STOP_COUNT; i++)
        if (strcmp(stop_fields[i].name, name) == 0)
            return shown(&stop_fields[i], &r->v[i]);
    return "no such field";
}

START_TEST(a_derived_field_is_as_defined)
{
    struct err e;
    struct record *const r = record_valid(a, in);
    struct checker *const c = checker_new(a, in, NULL, record_valid_received, &e);
    struct findings f;

    ck_assert(c != NULL);
    record_edit(a, in, r, cases[_i].edits);
    findings_clear(&f, a);
    check_record(c, a, r, record_valid_received, &f);
    ck_assert_msg(strcmp(derived(r, cases[_i].field), cases[_i].value) == 0,
                  "%s of \"%s\" is %s, not %s", cases[_i].field, cases[_i].edits,
                  derived(r, cases[_i].field), cases[_i].value);
    ck_assert_int_eq(r->v[STOP_received_at].number, record_valid_received);
}
END_TEST

/* ---- similarity ----------------------------------------------------------------------------- */

/* The set of trigrams of a folded text, spaces around it, as a list. */
static unsigned
trigrams_of(const char *text, char out[][4])
{
    const char *const padded = arena_printf(a, " %s ", text);
    unsigned n = 0;

    for (size_t i = 0; i + 2 < strlen(padded); i++) {
        bool known = false;

        for (unsigned k = 0; k < n && !known; k++)
            known = memcmp(out[k], padded + i, 3) == 0;
        if (!known)
            memcpy(out[n++], padded + i, 3);
    }
    return n;
}

static bool
plainly_similar(const char *x, const char *y)
{
    static char p[512][4], q[512][4];
    const unsigned m = trigrams_of(x, p), n = trigrams_of(y, q);
    unsigned common = 0;

    for (unsigned i = 0; i < m; i++)
        for (unsigned k = 0; k < n; k++)
            common += memcmp(p[i], q[k], 3) == 0;
    return 10 * common > 9 * (m + n - common);
}

/* A text of words, with some letters changed: near 0.9 both sides of the limit are met often. */
static char *
altered(struct rng *r, const char *text, unsigned changes)
{
    char *const copy = arena_strdup(a, text);

    for (unsigned i = 0; i < changes; i++)
        copy[rng_below(r, strlen(copy))] = (char)('a' + rng_below(r, 26));
    return copy;
}

START_TEST(similarity_is_the_jaccard_index_of_trigrams)
{
    static const char base[] =
        "reed zonder licht door rood op een drukke kruising en belde daarbij met "
        "de telefoon in de hand terwijl iemand overstak bij de school";
    struct rng r = rng_stream(7, 0);
    unsigned similar = 0;

    for (unsigned round = 0; round < 4000; round++) {
        struct arena *const own = arena_child(a);
        struct similar *const s = similar_new(own);
        const char *const x = altered(&r, base, (unsigned)rng_below(&r, 3));
        const char *const y = altered(&r, x, (unsigned)rng_below(&r, 6));
        const bool expected = plainly_similar(x, y);

        ck_assert(!similar_seen(s, SPAN_LITERAL("u"), 1, span_of(x)));
        ck_assert_msg(similar_seen(s, SPAN_LITERAL("u"), 2, span_of(y)) == expected, "%s / %s", x,
                      y);
        similar += expected;
        arena_free(own);
    }
    ck_assert_uint_gt(similar, 1000);
    ck_assert_uint_lt(similar, 3500);
}
END_TEST

START_TEST(memory_of_texts_is_bounded_whatever_units_come)
{
    struct arena *const own = arena_child(a);
    struct similar *const s = similar_new(own);
    size_t half = 0;

    for (unsigned i = 0; i < 60000; i++) {
        char unit[16];
        const int n = snprintf(unit, sizeof unit, "u%u", i);

        if (i == 30000)
            half = arena_bytes(own);
        (void)similar_seen(s, (struct span){unit, (size_t)n}, i, SPAN_LITERAL("een tekst"));
    }
    ck_assert_uint_gt(half, 0);
    ck_assert_uint_lt(arena_bytes(own), 24u << 20);
}
END_TEST

Suite *
derive_suite(void)
{
    Suite *const s = suite_create("derive");
    TCase *const t = tcase_create("derive");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, a_derived_field_is_as_defined, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, similarity_is_the_jaccard_index_of_trigrams);
    tcase_add_test(t, memory_of_texts_is_bounded_whatever_units_come);
    suite_add_tcase(s, t);
    return s;
}
