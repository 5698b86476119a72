/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the suites of the decoders share: one good registration as JSON and as CSV, edits of it, and
 * everything that decoding says as text.
 */
#ifndef MAATSTAF_TESTS_UNIT_DECODING_H
#define MAATSTAF_TESTS_UNIT_DECODING_H

#include "collector/decode.h"
#include "collector/value.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static struct arena *a;
static const struct installation *installation;

static inline void
decoding_open(void)
{
    struct err e = {0};

    a = arena_new();
    installation = installation_embedded(a, &e);
    ck_assert_msg(installation != NULL, "%s", e.text);
}

static inline void
decoding_close(void)
{
    arena_free(a);
}

/* A profile that is built in. */
static inline const struct profile *
loaded(const char *name)
{
    struct err e = {0};
    const struct profile *const p = profile_load(a, name, &e);

    ck_assert_msg(p != NULL, "%s", e.text);
    return p;
}

static inline struct decoder *
decoder_of(enum decode_form form, const struct profile *profile, struct span text)
{
    struct err e = {0};
    struct decoder *const d =
        decoder_new(a, reader_memory(a, text, 7), form, profile, installation, &e);

    ck_assert_msg(d != NULL, "%s", e.text);
    return d;
}

/* "2: R011 /stop/duration_min" a finding, "2: fine" for a record without, "fatal F001: text"; each
 * ends with a newline. */
static inline const char *
outcome_of(enum decode_form form, const struct profile *profile, struct span text)
{
    struct decoder *const d = decoder_of(form, profile, text);
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e = {0};
    enum decode_status s;

    strbuf_add_text(out, "");
    while ((s = decoder_next(d, a, &r, &f, &fatal, &e)) == DECODE_RECORD) {
        for (unsigned i = 0; i < f.count; i++)
            strbuf_printf(out, "%ju: %s %s%s\n", (uintmax_t)r->line, rules[f.list[i].rule].code,
                          f.list[i].field, f.list[i].person_seq > 1 ? " (2nd)" : "");
        if (f.count == 0)
            strbuf_printf(out, "%ju: fine\n", (uintmax_t)r->line);
    }
    if (s == DECODE_FATAL)
        strbuf_printf(out, "fatal %s: %s\n", rules[fatal].code, e.text);
    return out->data;
}

/* The only record, which has no finding. */
static inline const struct record *
record_of(enum decode_form form, const struct profile *profile, struct span text)
{
    struct decoder *const d = decoder_of(form, profile, text);
    struct findings f = {0}, none = {0};
    struct record *r, *other;
    enum rule_id fatal;
    struct err e = {0};

    ck_assert_msg(decoder_next(d, a, &r, &f, &fatal, &e) == DECODE_RECORD, "%s", e.text);
    ck_assert_msg(f.count == 0, "%s %s", rules[f.list[0].rule].code, f.list[0].field);
    ck_assert(decoder_next(d, a, &other, &none, &fatal, &e) == DECODE_END);
    return r;
}

/* text with the only occurrence of `old` replaced. */
static inline const char *
edited(const char *text, const char *old, const char *new)
{
    const char *const at = strstr(text, old);

    ck_assert_msg(at != NULL, "nothing to replace: %s", old);
    ck_assert_msg(strstr(at + 1, old) == NULL, "there more than once: %s", old);
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

/* Two persons; apostrophes stand for quotation marks. */
static const char json_quoted[] =
    "{'schema_version':'1.0.0','codeset_version':'2026.1','tx_type':'I',"
    "'source_system':'pol-hgl','source_record_no':'2026-11-0004711','source_version':1,"
    "'registered_at':'2026-11-20T21:55:10+01:00',"
    "'stop':{'started_at':'2026-11-20T21:40:00+01:00','time_precision':'exact','duration_min':9,"
    "'initiated_by':'self','selection_method':'individual','stop_mode':'car',"
    "'persons_present':2,'persons_registered':2,'buurt_code':'BU05182811','place_type':'street',"
    "'unit_code':'HGL-03','assignment':'emergency','legal_basis':['WVW160_1','RVV'],"
    "'traffic_docs_checked':true,'in_uniform':true,'officer_identified':'unprompted',"
    "'officer_pseudonym':'0123456789abcdef'},"
    "'persons':[{'person_seq':1,'role':'driver','age_band':'18-24','perceived_gender':'man',"
    "'language_barrier':false,"
    "'selection':{'behaviour':['traffic_offence_seen'],'fact':['no_lights'],'circumstance':[],"
    "'information_source':'none','information_age':'<1h',"
    "'selection_text':'Reed zonder licht door rood, \\'hard\\', op de Hoefkade.'},"
    "'explanation':{'explained':'unprompted','reason_told':['no_lights'],"
    "'receipt_given':'digital'},"
    "'treatment':{'treatment_flags':['none'],'bodycam':'worn_on_full'},"
    "'group':[{'perspective':'before_contact','codes':['zwart']},"
    "{'perspective':'after_contact','codes':['zwart','latijns_overig'],"
    "'perceived_before_decision':'unsure'}],"
    "'outcome':{'actions':[{'id_checked':'shown','search_kind':'clothing','search_basis':'WWM52',"
    "'search_object':'weapons','force':['hands','cuffs']},"
    "{'id_checked':'shown','search_kind':'vehicle','search_basis':'WWM51',"
    "'search_object':'weapons','force':['none']}],"
    "'finds':[{'found_class':'stabbing_weapon_wwm','illegal_in_itself':true,"
    "'linked_to_reason':'yes'},{'found_class':'money'}],"
    "'results':[{'result':'report_pv','offence_code':'WWM 13'},{'result':'information_given'}]},"
    "'reflection':{'reflection':'planned'}},"
    "{'person_seq':2,'role':'passenger','age_band':'25-34','perceived_gender':'woman',"
    "'selection':{'information_source':'none','information_age':'<1h'},"
    "'explanation':{'explained':'not_other','receipt_given':'card'},"
    "'treatment':{'treatment_flags':['none'],'bodycam':'worn_on_full'},"
    "'outcome':{'actions':[{'id_checked':'no','search_kind':'none','force':['none']}],"
    "'results':[{'result':'nothing_sent_on'}]},"
    "'reflection':{'reflection':'planned','reflection_result':['same_choice']}}]}\n";

/* Apostrophes become quotation marks; a backslash keeps its place before them. */
static inline const char *
json_text(const char *quoted)
{
    char *const text = arena_strdup(a, quoted);

    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    return text;
}

#endif
