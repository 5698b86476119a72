/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Canonical NDJSON: one good registration and what becomes of it when one thing in it changes. The
 * findings are compared as a whole, so a fault that trips a second rule fails.
 */
#include "tests/unit/decoding.h"

Suite *decode_json_suite(void);

static const char *
json_outcome(const char *text)
{
    return outcome_of(FORM_NDJSON, NULL, span_of(text));
}

/* A registration with one edit, and all that is found. */
struct edit {
    const char *old, *new, *found;
};

static void
check_edit(const struct edit *x)
{
    const char *const text = json_text(edited(json_quoted, x->old, x->new));
    const char *const found = json_outcome(text);
    const char *const wanted = arena_printf(a, "1: %s\n", x->found);

    ck_assert_msg(strcmp(found, wanted) == 0, "%s -> %s\ngives  %swanted %s", x->old, x->new, found,
                  wanted);
}

/* ---- what is good ---------------------------------------------------------------------------- */

START_TEST(a_good_registration_has_all_its_values)
{
    const struct record *const r = record_of(FORM_NDJSON, NULL, span_of(json_text(json_quoted)));
    const struct person *const p = &r->persons[0];
    char id[37];

    ck_assert_uint_eq(r->line, 1);
    ck_assert_uint_eq(r->rows, 1);
    ck_assert(span_is(r->v[STOP_source_record_no].text, "2026-11-0004711"));
    ck_assert_int_eq(r->v[STOP_duration_min].number, 9);
    ck_assert_str_eq(r->v[STOP_tx_type].code->code, "I");
    ck_assert_uint_eq(r->v[STOP_legal_basis].count, 2);
    ck_assert_str_eq(r->v[STOP_legal_basis].codes[1]->code, "RVV");
    ck_assert(r->started_at_has_offset && !r->started_at_ambiguous && !r->started_at_missing);
    ck_assert_int_eq(r->v[STOP_started_at].number / MICROS, 1795207200); /* date -d … +%s */
    ck_assert(span_is(r->officer[OFFICER_officer_pseudonym].text, "0123456789abcdef"));
    ck_assert(!r->v[STOP_late_reason].given);
    ck_assert_uint_eq(r->person_count, 2);
    ck_assert_int_eq(p->seq, 1);
    ck_assert(p->trait[TRAIT_language_barrier].given && !p->trait[TRAIT_language_barrier].flag);
    ck_assert_uint_eq(p->group_count, 2);
    ck_assert_uint_eq(p->groups[1].v[GROUP_codes].count, 2);
    ck_assert_uint_eq(p->action_count, 2);
    ck_assert_str_eq(p->actions[0].v[ACTION_force].codes[1]->code, "cuffs");
    ck_assert(p->finds[0].v[FIND_illegal_in_itself].flag);
    ck_assert(!p->finds[1].v[FIND_illegal_in_itself].given);
    ck_assert_uint_eq(p->result_count, 2);
    ck_assert_int_eq(r->persons[1].seq, 2);
    uuid_text(r->stop_id, id);
    /* python3: uuid.uuid5(uuid.UUID('3cd6c006-6764-4eb3-b9ac-c13d072cb9bf'),
     * 'pol-hgl\x1f2026-11-0004711') */
    ck_assert_str_eq(id, "c3930d76-9c9c-5598-bf1b-45c8cce63f2a");
}
END_TEST

START_TEST(an_empty_list_is_not_given)
{
    const struct record *const r = record_of(FORM_NDJSON, NULL, span_of(json_text(json_quoted)));

    ck_assert(!r->persons[0].v[PERSON_circumstance].given);
    ck_assert(!r->persons[1].v[PERSON_behaviour].given);
}
END_TEST

/* What may be left out, and other spellings of the same. */
static const struct edit good_edits[] = {
    {"'source_version':1,", "", "fine"},
    {"'source_version':1,", "'source_version':null,", "fine"},
    {"'language_barrier':false,", "'language_barrier':null,", "fine"},
    {"21:40:00+01:00", "20:40:00Z", "fine"},
    {"2026-11-20T21:40:00+01:00", "2026-11-20 21:40", "fine"},
    {"'schema_version':'1.0.0'", "'schema_version':'1.0.3'", "fine"},
    {"HGL-03", "Zuiderpark-\xc3\xa9", "fine"},
    {"'persons_present':2,", "'persons_present':2,'occupants':0,", "fine"},
    {"op de Hoefkade.", "op de Hoefkade; OR 1=1 -- <b>\xf0\x9f\x9a\xb2</b>.", "fine"},
    {"op de Hoefkade.", "op\\tde\\nHoefkade.", "fine"},
    /* E031 judges a duration, E043 a number of a person: the record must reach them. */
    {"'duration_min':9", "'duration_min':0", "fine"},
    {"'duration_min':9", "'duration_min':1441", "fine"},
    {"'person_seq':2", "'person_seq':7", "fine"},
};

START_TEST(what_may_be_left_out_may_be_left_out)
{
    check_edit(&good_edits[_i]);
}
END_TEST

/* ---- what is wrong --------------------------------------------------------------------------- */

static const struct edit type_edits[] = {
    /* J04: no reading between the lines */
    {"'duration_min':9", "'duration_min':'9'", "R013 /stop/duration_min"},
    {"'duration_min':9", "'duration_min':9.0", "R013 /stop/duration_min"},
    {"'duration_min':9", "'duration_min':true", "R013 /stop/duration_min"},
    {"'duration_min':9", "'duration_min':[9]", "R013 /stop/duration_min"},
    {"'traffic_docs_checked':true", "'traffic_docs_checked':1", "R013 /stop/traffic_docs_checked"},
    {"'traffic_docs_checked':true", "'traffic_docs_checked':'true'",
     "R013 /stop/traffic_docs_checked"},
    {"'stop_mode':'car'", "'stop_mode':7", "R013 /stop/stop_mode"},
    {"'fact':['no_lights']", "'fact':'no_lights'", "R013 /persons/selection/fact"},
    {"'fact':['no_lights']", "'fact':['no_lights',1]", "R013 /persons/selection/fact"},
    {"'fact':['no_lights']", "'fact':['no_lights','no_lights']", "R013 /persons/selection/fact"},
    {"'treatment':{'treatment_flags':['none'],'bodycam':'worn_on_full'},'group'",
     "'treatment':'none','group'", "R013 /persons/treatment"},
    {"'person_seq':2", "'person_seq':'2'", "R013 /persons/person_seq"},
    {"'person_seq':2", "'person_seq':40000", "R013 /persons/person_seq"},
    {"'person_seq':2", "'person_seq':0", "R013 /persons/person_seq"},
    {"'finds':[{'found_class':'stabbing_weapon_wwm','illegal_in_itself':true,"
     "'linked_to_reason':'yes'},{'found_class':'money'}]",
     "'finds':false", "R013 /persons/outcome/finds"},
    {"'persons_present':2", "'persons_present':2147483648", "R013 /stop/persons_present"},
    {"'persons_present':2", "'persons_present':0", "R013 /stop/persons_present"},
    {"'source_version':1,", "'source_version':-1,", "R013 /source_version"},
    /* J13: times that are none */
    {"2026-11-20T21:40:00+01:00", "2026-02-30T21:40:00+01:00", "R013 /stop/started_at"},
    {"2026-11-20T21:40:00+01:00", "2026-11-20T25:00:00+01:00", "R013 /stop/started_at"},
    {"2026-11-20T21:40:00+01:00", "2026-11-20T21:40:60+01:00", "R013 /stop/started_at"},
    {"2026-11-20T21:40:00+01:00", "20 november", "R013 /stop/started_at"},
    /* texts */
    {"HGL-03", "", "R013 /stop/unit_code"},
    {"HGL-03", "HGL\\t03", "R013 /stop/unit_code"},
    {"HGL-03", "onbekend", "R013 /stop/unit_code"},
    {"'HGL-03'", "'HGL-00000000011111111112222222222333333333'", "R013 /stop/unit_code"},
    {"Reed zonder licht door rood, \\'hard\\', op de Hoefkade.", "te kort",
     "R013 /persons/selection/selection_text"},
    {"op de Hoefkade.", "op\\u202e de Hoefkade.", "R013 /persons/selection/selection_text"},
    {"op de Hoefkade.", "op\\u200b de Hoefkade.", "R013 /persons/selection/selection_text"},
    {"op de Hoefkade.", "op\\ue000 de Hoefkade.", "R013 /persons/selection/selection_text"},
    {"op de Hoefkade.", "op\\r\\nlevel=info", "R013 /persons/selection/selection_text"},
    /* groups: each perspective once */
    {"'perspective':'before_contact'", "'perspective':'after_contact'",
     "R013 /persons/group/perspective"},
};

START_TEST(a_wrong_type_is_refused_at_its_field)
{
    check_edit(&type_edits[_i]);
}
END_TEST

static const struct edit code_edits[] = {
    {"'stop_mode':'car'", "'stop_mode':'hovercraft'", "R012 /stop/stop_mode"},
    {"'stop_mode':'car'", "'stop_mode':'Car'", "R012 /stop/stop_mode"},
    {"'stop_mode':'car'", "'stop_mode':' car'", "R012 /stop/stop_mode"},
    {"'stop_mode':'car'", "'stop_mode':''", "R012 /stop/stop_mode"},
    {"'stop_mode':'car'", "'stop_mode':'onbekend'", "R012 /stop/stop_mode"},
    {"'legal_basis':['WVW160_1','RVV']", "'legal_basis':['WVW160_1','RVV2']",
     "R012 /stop/legal_basis"},
    {"'codes':['zwart']", "'codes':['blank']", "R012 /persons/group/codes"},
    /* the lists of an installation begin in 2000 */
    {"'age_band':'25-34'", "'age_band':'35+'", "R012 /persons/age_band (2nd)"},
};

START_TEST(a_code_outside_its_list_is_refused)
{
    check_edit(&code_edits[_i]);
}
END_TEST

static const struct edit missing_edits[] = {
    {"'duration_min':9,", "", "R011 /stop/duration_min"},
    {"'duration_min':9,", "'duration_min':null,", "R011 /stop/duration_min"},
    {"'tx_type':'I',", "", "R011 /tx_type"},
    {"'source_record_no':'2026-11-0004711',", "", "R011 /source_record_no"},
    {"'started_at':'2026-11-20T21:40:00+01:00',", "", "R011 /stop/started_at"},
    {"'legal_basis':['WVW160_1','RVV'],", "'legal_basis':[],", "R011 /stop/legal_basis"},
    {"'role':'passenger',", "", "R011 /persons/role (2nd)"},
    {"'person_seq':2,", "", "R011 /persons/person_seq"},
    {"'outcome':{'actions':[{'id_checked':'no','search_kind':'none','force':['none']}],",
     "'outcome':{", "R011 /persons/outcome/actions (2nd)"},
    {"'outcome':{'actions':[{'id_checked':'no','search_kind':'none','force':['none']}],",
     "'outcome':{'actions':[],", "R011 /persons/outcome/actions (2nd)"},
    {"'id_checked':'no',", "", "R011 /persons/outcome/actions/id_checked (2nd)"},
    {"{'result':'nothing_sent_on'}", "", "R011 /persons/outcome/results (2nd)"},
    {"{'perspective':'before_contact','codes':['zwart']}", "{'perspective':'before_contact'}",
     "R011 /persons/group/codes"},
};

START_TEST(a_missing_field_is_named)
{
    check_edit(&missing_edits[_i]);
}
END_TEST

static const struct edit key_edits[] = {
    /* unknown: by its name when that reads as one, else by the object that holds it */
    {"'tx_type':'I',", "'tx_type':'I','id':7,", "R013 /id"},
    {"'tx_type':'I',", "'tx_type':'I','jan 0612345678':7,", "R013 "},
    {"'tx_type':'I',", "'tx_type':'I','a123':7,", "R013 "},
    {"'duration_min':9,", "'duration_min':9,'received_at':'2026-11-20T21:40:00Z',",
     "R013 /stop/received_at"},
    {"'duration_min':9,", "'duration_min':9,'Duration_min':9,", "R013 /stop"},
    {"'duration_min':9,", "'duration_min':9,'duration_min\\u200b':9,", "R013 /stop"},
    {"'role':'passenger',", "'role':'passenger','state':'FROZEN',", "R013 /persons/state (2nd)"},
    /* forbidden: in any spelling, at any depth */
    {"'role':'passenger',", "'role':'passenger','bsn':'111222333',", "R010 /persons/bsn (2nd)"},
    {"'role':'passenger',", "'role':'passenger','B.S.N.':null,", "R010 /persons/bsn (2nd)"},
    {"'role':'passenger',", "'role':'passenger','Date Of-Birth':1,",
     "R010 /persons/dateofbirth (2nd)"},
    {"'role':'passenger',",
     "'role':'passenger','\xef\xbd\x8e\xef\xbd\x81\xef\xbd\x81\xef\xbd\x8d':1,",
     "R010 /persons/naam (2nd)"},
    {"'role':'passenger',", "'role':'passenger','ken\\u200bteken':1,",
     "R010 /persons/kenteken (2nd)"},
    {"'duration_min':9,", "'duration_min':9,'lat':52.0795123,", "R010 /stop/lat"},
    {"'duration_min':9,", "'duration_min':9,'place':[{'geo':{'lon':4.3}}],",
     "R013 /stop/place\n1: R010 /stop/geo\n1: R010 /stop/lon"},
};

START_TEST(a_key_that_does_not_belong_is_refused)
{
    check_edit(&key_edits[_i]);
}
END_TEST

START_TEST(nothing_is_kept_of_a_record_with_a_forbidden_key)
{
    const char *const text =
        json_text(edited(json_quoted, "'role':'passenger',", "'role':'passenger','bsn':'1',"));
    struct decoder *const d = decoder_of(FORM_NDJSON, NULL, span_of(text));
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e;

    ck_assert_int_eq(decoder_next(d, a, &r, &f, &fatal, &e), DECODE_RECORD);
    ck_assert_uint_eq(r->raw.length, 0);
}
END_TEST

START_TEST(all_faults_of_a_record_are_found)
{
    const char *text = edited(json_quoted, "'duration_min':9,", "");

    text = edited(text, "'stop_mode':'car'", "'stop_mode':'x'");
    text = edited(text, "'person_seq':2,", "'person_seq':2,'language_barrier':0,");
    ck_assert_str_eq(json_outcome(json_text(text)),
                     "1: R012 /stop/stop_mode\n1: R013 /persons/language_barrier (2nd)\n"
                     "1: R011 /stop/duration_min\n");
}
END_TEST

/* ---- time ------------------------------------------------------------------------------------ */

static const struct {
    const char *clock;
    bool offset, ambiguous, missing;
    int64_t seconds; /* TZ=Europe/Amsterdam date -d … +%s; the first of two */
} clocks[] = {
    {"2026-10-25T02:30:00", false, true, false, 1792888200},
    {"2026-10-25T02:30:00+01:00", true, false, false, 1792891800},
    {"2026-10-25T03:00:00", false, false, false, 1792893600},
    {"2026-03-29T02:30:00", false, false, true, 1774747800},
    {"2026-07-01T12:00:00", false, false, false, 1782900000},
};

START_TEST(a_clock_time_without_offset_is_local_and_says_when_it_is_not_unique)
{
    const char *const text =
        json_text(edited(json_quoted, "2026-11-20T21:40:00+01:00", clocks[_i].clock));
    const struct record *const r = record_of(FORM_NDJSON, NULL, span_of(text));

    ck_assert_int_eq(r->started_at_has_offset, clocks[_i].offset);
    ck_assert_int_eq(r->started_at_ambiguous, clocks[_i].ambiguous);
    ck_assert_int_eq(r->started_at_missing, clocks[_i].missing);
    ck_assert_int_eq(r->v[STOP_started_at].number, clocks[_i].seconds * MICROS);
}
END_TEST

/* ---- withdrawals ----------------------------------------------------------------------------- */

#define ENVELOPE                                                                                   \
    "'schema_version':'1.0.0','codeset_version':'2026.1','source_system':'pol-hgl',"               \
    "'source_record_no':'7','source_version':2,'registered_at':'2026-11-21T10:00:00+01:00',"
static const struct {
    const char *text, *found;
} withdrawals[] = {
    {"{" ENVELOPE "'tx_type':'W','withdrawal_reason':'dubbel ingevoerd',"
     "'stop':{'started_at':'2026-11-20T21:40:00+01:00'}}\n",
     "1: fine\n"},
    {"{" ENVELOPE "'tx_type':'W','stop':{'started_at':'2026-11-20T21:40:00+01:00'}}\n",
     "1: R011 /withdrawal_reason\n"},
    {"{" ENVELOPE "'tx_type':'N','stop':{}}\n", "1: R011 /stop/started_at\n"},
    {"{" ENVELOPE "'tx_type':'N','stop':{'started_at':'2026-11-20T21:40:00+01:00',"
     "'stop_mode':'x'}}\n",
     "1: R012 /stop/stop_mode\n"},
};

START_TEST(a_withdrawal_needs_its_envelope_only)
{
    ck_assert_str_eq(json_outcome(json_text(withdrawals[_i].text)), withdrawals[_i].found);
}
END_TEST

/* ---- lines and files ------------------------------------------------------------------------- */

static const struct {
    struct span text;
    const char *found;
} lines[] = {
#define LINE(text, found)                                                                          \
    {                                                                                              \
        {(text), sizeof(text) - 1}, found                                                          \
    }
    LINE("", "fatal F001: the file holds no record\n"),
    LINE("\n\n\n", "fatal F001: the file holds no record\n"),
    LINE("[{}]\n", "fatal F001: line 1: the file is a JSON array, not one record a line\n"),
    LINE("{\"a\":1,\"a\":1}\n", "1: R001 \n"),
    LINE("{\"a\":1,\"\\u0061\":1}\n", "1: R001 \n"),
    LINE("{} {}\n", "1: R001 \n"),
    LINE("{},\n", "1: R001 \n"),
    LINE("7\n", "1: R001 \n"),
    LINE("\"text\"\n", "1: R001 \n"),
    LINE("null\n", "1: R001 \n"),
    LINE("{\"a\":NaN}\n", "1: R001 \n"),
    LINE("{\"a\":01}\n", "1: R001 \n"),
    LINE("{\"a\":1e400}\n", "1: R001 \n"),
    LINE("{\"a\":9223372036854775808}\n", "1: R001 \n"),
    LINE("{\"a\":\"\\u0000\"}\n", "1: R001 \n"),
    LINE("{\"a\":\"\\ud800\"}\n", "1: R001 \n"),
    LINE("{\"a\":\"\0\"}\n", "1: R001 \n"),
    LINE("{\"a\":\"\xed\xa0\x80\"}\n", "1: R001 \n"),
    LINE("{\"a\":\"\xc0\xaf\"}\n", "1: R001 \n"),
    LINE("{\"a\":\"\xe2\x82\"}\n", "1: R001 \n"),
    LINE("\xef\xbb\xbf"
         "7\n\xef\xbb\xbf{}\n",
         "1: R001 \n2: R001 \n"),
    LINE("{\"a\":[[[[[[[[[1]]]]]]]]]}\n", "1: R001 \n"),
    LINE("{/* comment */}\n", "1: R001 \n"),
#undef LINE
};

START_TEST(a_line_that_is_no_json_object_is_refused_alone)
{
    ck_assert_str_eq(outcome_of(FORM_NDJSON, NULL, lines[_i].text), lines[_i].found);
}
END_TEST

START_TEST(a_bad_line_does_not_touch_its_neighbours)
{
    const char *const good = json_text(json_quoted);

    ck_assert_str_eq(json_outcome(arena_printf(a, "%s\n[]\n%s", good, good)),
                     "1: fine\n3: R001 \n4: fine\n");
}
END_TEST

START_TEST(an_array_that_is_longer_than_a_line_is_known_as_an_array)
{
    const size_t n = 100000;
    char *const long_text = arena_alloc(a, n + 1);

    memset(long_text, ' ', n);
    long_text[1] = '[';
    long_text[n - 1] = ']';
    ck_assert_str_eq(json_outcome(long_text),
                     "fatal F001: line 1: the file is a JSON array, not one record a line\n");
}
END_TEST

START_TEST(a_byte_order_mark_is_no_part_of_the_first_line)
{
    const char *const good = json_text(json_quoted);

    ck_assert_str_eq(json_outcome(arena_printf(a, "\xef\xbb\xbf%s", good)), "1: fine\n");
    ck_assert_str_eq(json_outcome(arena_printf(a, "\xef\xbb\xbf\n%s", good)), "2: fine\n");
}
END_TEST

static const struct {
    const char *line, *reason;
} unreadable[] = {
    {"{\"a\":1,\"a\":1}\n", "a name stands twice in one object"},
    {"{\"a\":\xe9}\n", "not valid UTF-8"},
    {"7\n", "not well-formed"},
    {"{\"a\":[[[[[[[[[1]]]]]]]]]}\n", "nested deeper than 8 levels"},
    {"{\"a\":1\n", "ends too early"},
};

START_TEST(an_unreadable_line_says_why)
{
    struct decoder *const d = decoder_of(FORM_NDJSON, NULL, span_of(unreadable[_i].line));
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e;

    ck_assert_int_eq(decoder_next(d, a, &r, &f, &fatal, &e), DECODE_RECORD);
    ck_assert_uint_eq(f.count, 1);
    ck_assert_ptr_nonnull(f.list[0].reason);
    ck_assert_msg(strstr(f.list[0].reason, unreadable[_i].reason), "%s", f.list[0].reason);
}
END_TEST

START_TEST(a_line_that_is_too_long_is_skipped)
{
    const size_t n = 100000;
    char *const long_text = arena_alloc(a, n + 1);

    memset(long_text, '[', n);
    ck_assert_str_eq(json_outcome(arena_printf(a, "%s%s\n%s", json_text(json_quoted), long_text,
                                               json_text(json_quoted))),
                     "1: fine\n2: R001 \n3: fine\n");
}
END_TEST

static const struct {
    const char *old, *new, *what;
} versions[] = {
    {"'1.0.0'", "'2.0.0'", "schema_version is not 1.0.x"},
    {"'1.0.0'", "'1.0.x'", "schema_version is not 1.0.x"},
    {"'2026.1'", "'2019.1'", "codeset_version is not 2026.1"},
};

START_TEST(an_unknown_version_refuses_the_file)
{
    const char *const text = json_text(edited(json_quoted, versions[_i].old, versions[_i].new));

    ck_assert_str_eq(json_outcome(text),
                     arena_printf(a, "fatal F002: line 1: %s\n", versions[_i].what));
}
END_TEST

START_TEST(text_is_brought_to_nfc)
{
    const char *const composed = json_text(edited(json_quoted, "HGL-03", "Gel\xc3\xa9"));
    const char *const decomposed = json_text(edited(json_quoted, "HGL-03", "Gele\xcc\x81"));
    const struct record *const r = record_of(FORM_NDJSON, NULL, span_of(composed));
    const struct record *const s = record_of(FORM_NDJSON, NULL, span_of(decomposed));

    ck_assert(span_equal(r->v[STOP_unit_code].text, s->v[STOP_unit_code].text));
}
END_TEST

START_TEST(a_decoder_takes_one_text_after_another)
{
    struct decoder *const d = decoder_of(FORM_NDJSON, NULL, SPAN_LITERAL(""));
    const char *const good = json_text(json_quoted);
    const char *const spread = edited(good, "\"stop\":", "\n\"stop\"\n:\n");
    const struct span texts[] = {span_of(good), SPAN_LITERAL("[{}]"), span_of(spread),
                                 SPAN_LITERAL("")};
    const unsigned found[] = {0, 1, 0, 1};
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(decoder_text(d, a, texts[i], &r, &f, &fatal, &e), DECODE_RECORD);
        ck_assert_uint_eq(f.count, found[i]);
        ck_assert(found[i] == 0 || f.list[0].rule == RULE_R001);
    }
    ck_assert_int_eq(
        decoder_text(d, a, span_of(edited(good, "1.0.0", "3.0.0")), &r, &f, &fatal, &e),
        DECODE_FATAL);
    ck_assert_int_eq(fatal, RULE_F002);
}
END_TEST

/* ---- detection ------------------------------------------------------------------------------- */

static const struct {
    struct span head;
    int form; /* -1: refused */
} heads[] = {
#define HEAD(text, form)                                                                           \
    {                                                                                              \
        {(text), sizeof(text) - 1}, form                                                           \
    }
    HEAD("{\"a\":1}", FORM_NDJSON),
    HEAD(" \r\n{", FORM_NDJSON),
    HEAD("[{}]", FORM_NDJSON),
    HEAD("\xef\xbb\xbf{", FORM_NDJSON),
    HEAD("a,b\n", FORM_CSV),
    HEAD("\xef\xbb\xbf"
         "a,b",
         FORM_CSV),
    HEAD("", -1),
    HEAD("\x1f\x8b\x08", -1),
    HEAD("PK\x03\x04..", -1),
    HEAD("\xff\xfe{\0", -1),
    HEAD("\xfe\xff\0{", -1),
    HEAD("{\0\"\0", -1),
#undef HEAD
};

START_TEST(the_form_is_seen_from_the_first_bytes)
{
    enum decode_form form;
    struct err e;
    const bool taken = decode_detect(heads[_i].head, &form, &e);

    ck_assert_int_eq(taken, heads[_i].form >= 0);
    if (taken)
        ck_assert_int_eq((int)form, heads[_i].form);
    else
        ck_assert_int_eq(e.code, ERR_INPUT);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

Suite *
decode_json_suite(void)
{
    Suite *const s = suite_create("decode_json");
    TCase *const t = tcase_create("records");

    tcase_add_checked_fixture(t, decoding_open, decoding_close);
    tcase_add_test(t, a_good_registration_has_all_its_values);
    tcase_add_test(t, an_empty_list_is_not_given);
    tcase_add_loop_test(t, what_may_be_left_out_may_be_left_out, 0, COUNT(good_edits));
    tcase_add_loop_test(t, a_wrong_type_is_refused_at_its_field, 0, COUNT(type_edits));
    tcase_add_loop_test(t, a_code_outside_its_list_is_refused, 0, COUNT(code_edits));
    tcase_add_loop_test(t, a_missing_field_is_named, 0, COUNT(missing_edits));
    tcase_add_loop_test(t, a_key_that_does_not_belong_is_refused, 0, COUNT(key_edits));
    tcase_add_test(t, nothing_is_kept_of_a_record_with_a_forbidden_key);
    tcase_add_test(t, all_faults_of_a_record_are_found);
    tcase_add_loop_test(t, a_clock_time_without_offset_is_local_and_says_when_it_is_not_unique, 0,
                        COUNT(clocks));
    tcase_add_loop_test(t, a_withdrawal_needs_its_envelope_only, 0, COUNT(withdrawals));
    tcase_add_loop_test(t, a_line_that_is_no_json_object_is_refused_alone, 0, COUNT(lines));
    tcase_add_test(t, a_bad_line_does_not_touch_its_neighbours);
    tcase_add_test(t, an_array_that_is_longer_than_a_line_is_known_as_an_array);
    tcase_add_test(t, a_byte_order_mark_is_no_part_of_the_first_line);
    tcase_add_loop_test(t, an_unreadable_line_says_why, 0, COUNT(unreadable));
    tcase_add_test(t, a_line_that_is_too_long_is_skipped);
    tcase_add_loop_test(t, an_unknown_version_refuses_the_file, 0, COUNT(versions));
    tcase_add_test(t, a_decoder_takes_one_text_after_another);
    tcase_add_test(t, text_is_brought_to_nfc);
    tcase_add_loop_test(t, the_form_is_seen_from_the_first_bytes, 0, COUNT(heads));
    suite_add_tcase(s, t);
    return s;
}
